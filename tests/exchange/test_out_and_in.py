"""A study goes out as REFI-QDA and comes in again: every coding, definition, memo link and
attribute is there.
"""

from __future__ import annotations

import io
import tempfile
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from studies import SETTINGS, studies, write

from gtpipe.cli import main
from gtpipe.model import anchor
from gtpipe.model.records import Named
from gtpipe.store.layout import Study
from gtpipe.study import Corpus, load


def run(root: Path, *arguments: str) -> str:
    """What a command says that must succeed."""
    told = io.StringIO()
    with chdir(root), redirect_stdout(told), redirect_stderr(told):
        assert main([*arguments]) == 0, told.getvalue()
    return told.getvalue()


def out_and_in(study: Path, other: Path, *more: str) -> str:
    """Export a study and import it into an empty one with the same settings; what import said."""
    other.mkdir(parents=True)
    (other / "pipeline.yaml").write_bytes((study / "pipeline.yaml").read_bytes())
    file = other.parent / "out.qdpx"
    run(study, "export", "qdpx", "--output", str(file), "--replace")
    return run(other, "import", str(file), *more)


def codings(corpus: Corpus) -> list[tuple[object, ...]]:
    """Who gave which code to which characters, with what note; a whole turn is its characters."""
    found = []
    for one in corpus.codings:
        turn = corpus.material.interviews[one.interview].at(one.turn)
        span = one.span or (0, len(turn.text))
        words = turn.text[slice(*span)]
        found.append(
            (one.interview, one.turn, span, words, one.coder, one.level, one.code, one.note)
        )
    return sorted(found, key=str)


def about(corpus: Corpus) -> dict[str, set[object]]:
    """Memo → what it is about: codes, characters of a turn, or the name of another thing."""

    def meant(named: Named) -> object:
        codes = corpus.names.meanings(named)
        place = anchor.place(named.label, corpus.material.interviews)
        if codes or place is None:
            return codes or named.label.rpartition(": ")[2]
        turn = corpus.material.interviews[place.interview].at(place.turn)
        return place._replace(span=place.span or (0, len(turn.text)))

    return {memo.title: {*map(meant, memo.about)} for memo in corpus.material.memos}


def defined(corpus: Corpus) -> dict[str, tuple[object, ...]]:
    return {
        label: (code.definition, code.include, code.exclude, code.parked)
        for label, code in corpus.material.codebook.items()
        if code.definition or code.include or code.exclude or code.parked
    }


def attributes(corpus: Corpus) -> dict[str, dict[str, str]]:
    return {
        name: {column: said for column, said in one.attributes if said}
        for name, one in corpus.material.participants.items()
    }


def said(corpus: Corpus) -> list[tuple[object, ...]]:
    return [
        (one.name, one.date, one.schedule, one.speakers, one.attributes, [t[:4] for t in one.turns])
        for one in corpus.material.interviews.values()
    ]


def same(before: Corpus, after: Corpus) -> None:
    assert said(after) == said(before)
    assert codings(after) == codings(before)
    assert defined(after) == defined(before)
    assert about(after) == about(before)
    assert attributes(after) == attributes(before)
    prose = [
        {memo.title: (memo.date, memo.by, memo.prose.strip("\n")) for memo in of.material.memos}
        for of in (before, after)
    ]
    assert prose[0] == prose[1]


@given(study=studies())
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_generated_studies_come_back_whole(study):
    with tempfile.TemporaryDirectory() as folder:
        root, other = Path(folder) / "study", Path(folder) / "other"
        root.mkdir()
        write(study, root)
        out_and_in(root, other)
        after = load(Study(other))
        assert not [one for one in after.problems if one.is_error]
        same(load(Study(root)), after)


def test_the_root_study_has_the_same_code_book_byte_for_byte(tmp_path):
    """What is coded, how often, in whose words, first where: codebook.csv says it of each code."""
    out_and_in(ROOT, tmp_path / "other", "--parents", "category")
    run(tmp_path / "other", "run")
    for table in ("codebook.csv", "uncoded.csv"):
        path = f"data/derived/{table}"
        assert (tmp_path / "other" / path).read_bytes() == (ROOT / path).read_bytes()
    before, after = load(Study(ROOT)), load(Study(tmp_path / "other"))
    assert said(after) == said(before)
    assert defined(after) == defined(before) and attributes(after) == attributes(before)
    links = about(after)
    assert {title: links[title] for title in about(before)} == about(before)
    own = [one for one in codings(before) if one[5] == "initial"]
    assert [one for one in codings(after) if one[5] == "initial"] == own


TURNS = """\

[1 00:01] I: How?

[2 00:05] P: Well: so.
Dan: he said
- one

Note: fine

[3 00:09] I: And then, how?

[4 00:12] P: Yes   two  spaces, *so* \\[x\\] & <b>.

[5 00:15] P: Again me.
"""
CODES = """\
- turns: 2-4
  codes: |
    all of it
    over turns <- "so. … two spaces"
      why so long?

- turn: 4
  codes: |
    a word <- "so"
    being believed
"""


def test_what_runs_over_turns_times_and_lines_that_look_like_labels_come_back(tmp_path):
    root = tmp_path / "study"
    (root / "data/transcripts").mkdir(parents=True)
    (root / "data/initial-codes").mkdir()
    (root / "pipeline.yaml").write_text(SETTINGS)
    (root / "data/participants.csv").write_text("participant,same-person-as\nann,\nann2,ann\n")
    head = "---\ninterview: ann\ndate: 2026-03-02\nspeakers: {I: interviewer, P: ann2}\n"
    (root / "data/transcripts/ann.md").write_text(f"{head}schedule: v1\nwave: '2'\n---\n{TURNS}")
    (root / "data/initial-codes/ann.yaml").write_text(CODES)
    before = load(Study(root))
    assert len(before.codings) == 4 and not before.errors()
    out_and_in(root, tmp_path / "other")
    after = load(Study(tmp_path / "other"))
    same(before, after)
    assert after.material.participants["ann2"].same_person_as.label == "ann"


def test_a_study_that_names_no_researcher_comes_back(tmp_path):
    root = tmp_path / "study"
    (root / "data/transcripts").mkdir(parents=True)
    (root / "data/initial-codes").mkdir()
    (root / "pipeline.yaml").write_text("study: Alone\nspeakers: {interviewer: [I]}\n")
    (root / "data/participants.csv").write_text("participant\nann\n")
    head = "---\ninterview: ann\ndate: 2026-03-02\nspeakers: {I: interviewer, P: ann}\n---\n"
    (root / "data/transcripts/ann.md").write_text(f"{head}{TURNS}")
    (root / "data/initial-codes/ann.yaml").write_text(CODES)
    out_and_in(root, tmp_path / "other")
    same(load(Study(root)), load(Study(tmp_path / "other")))
