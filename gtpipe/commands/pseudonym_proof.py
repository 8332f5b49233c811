"""Proof of pseudonyms put in: the study is read as it would be, and must say what was meant.

The turns have the words meant; every coding stands at the same turn, under its label, for its
stretch with what stands for names; every incident that something names is the one it was; no error
is new. `put_pseudonyms` asks it before anything is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from gtpipe.analysis import references
from gtpipe.analysis.pseudonyms import Pseudonyms
from gtpipe.commands.code_change_plan import CodeChangePlan, CodingKey, coding_key
from gtpipe.commands.code_change_proof import PlannedSnapshot
from gtpipe.formats import sheets
from gtpipe.model.level import Level
from gtpipe.model.problems import UserError, refusal
from gtpipe.model.records import Coding, Incident
from gtpipe.study import Corpus, load


def prove(
    plan: CodeChangePlan, put: Pseudonyms, news: Mapping[tuple[Level, str], str], mended: int
) -> None:
    """Raises UserError unless the study with the texts of `plan` says what it should; `mended` are
    codings whose words were not found before.
    """
    if not plan.texts:
        return
    before, after = (
        plan.corpus,
        load(plan.corpus.study, PlannedSnapshot(plan.corpus.snapshot, plan.texts)),
    )
    had = Counter(problem.path for problem in before.errors())
    new = [p for p in after.errors() if had[p.path] < sum(p.path == q.path for q in after.errors())]
    if new:
        raise UserError(*new, refusal("this would leave the errors above, and was not done"))
    name = put.interview.name
    there = after.material.interviews[name]
    if (there.speakers, [turn[:4] for turn in there.turns]) != (
        put.after.speakers,
        [turn[:4] for turn in put.after.turns],
    ):
        raise _refused(put.interview.path)
    expected = Counter(_moved(coding, put, news) for coding in before.codings)
    found = Counter(map(coding_key, after.codings))
    if expected - found or found.total() != expected.total() + mended:
        raise _refused(next(iter(plan.texts)))
    places = [references.place_of(one, before.material) for one in _named(before)]
    if [place and put.moved(place) for place in places] != [
        references.place_of(one, after.material) for one in _named(after)
    ]:
        raise _refused(next(iter(plan.texts)))
    for path in (sheet.path for sheet in before.material.sheets if sheet.path in plan.texts):
        copies = sheets.copies(before.snapshot.text(path) or "", path)
        if path.rpartition("/")[2].partition(".")[0] == name:
            copies = {turn: put.copied(turn, words).new for turn, words in copies.items()}
        if copies != sheets.copies(plan.texts[path], path):
            raise _refused(path)


def _named(corpus: Corpus) -> list[Incident]:
    return list(references.named_incidents(corpus.material))


def _moved(coding: Coding, put: Pseudonyms, news: Mapping[tuple[Level, str], str]) -> CodingKey:
    place = put.moved(coding.incident)
    label = news.get((coding.level, coding.code), coding.code)
    return (*place[:2], coding.coder, coding.level, place.span, label)


def _refused(path: str) -> UserError:
    what = "pseudonyms cannot be put in here without touching other lines"
    return UserError.at(path, None, what, "Put them in by hand")
