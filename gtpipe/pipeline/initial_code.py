"""Stage 2 laid out: the tables of the code book, and a comparison page for each code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from gtpipe.analysis import framework, incidents
from gtpipe.analysis.annotations import COMPARISON, WrittenAbout
from gtpipe.analysis.codings import uncoded
from gtpipe.analysis.incidents import IncidentInContext, Spoken
from gtpipe.model.level import INITIAL, CodeRef
from gtpipe.model.names import label_order
from gtpipe.model.records import Code, IncidentKey, Later, Outcome, Table, Where
from gtpipe.pipeline.made_of import MadeOf, as_told, without_lines
from gtpipe.pipeline.since import NOTHING, Since
from gtpipe.render import lines, pages
from gtpipe.render.code_tables import CODEBOOK, codebook_row, header, said_of_some
from gtpipe.render.framework import page
from gtpipe.store.layout import LINES
from gtpipe.study import Corpus


def outcome(corpus: Corpus, before: Since = NOTHING) -> Outcome:
    """The tables `codebook.csv`, `uncoded.csv`, a page `compare/….md` for each code,
    or several, `framework.md` where codes are numbered, and `lines/….md` where lines are."""
    laying = _Laying(corpus, before)
    labels = sorted(
        {*corpus.codings.labels(INITIAL)} | corpus.material.codebook.keys(), key=label_order
    )
    names = pages.names(labels)
    rows: list[tuple[object, ...]] = []
    of_codes: dict[str, str | Later] = {}
    for label in labels:
        rows.append(laying.row(label))
        of_codes.update(laying.pages(label, names[label]))
    return Outcome(
        {
            "codebook.csv": Table(laying.header, tuple(rows)),
            "uncoded.csv": Table(
                ("interview", "turn", "participant"),
                tuple(
                    (interview.name, id, interview.participant_of(id))
                    for interview, turns in uncoded(corpus.material, corpus.codings)
                    for id in turns
                ),
            ),
        },
        {**of_codes, **_framework(corpus), **_lines(corpus)},
    )


def _framework(corpus: Corpus) -> dict[str, str]:
    """`framework.md`, where a code has a number."""
    codebook, codings = corpus.material.codebook, corpus.codings

    def places(label: str) -> dict[IncidentKey, str]:
        return codings.incidents_of(CodeRef(INITIAL, label))

    domains = framework.domains(codebook)
    rest = [codebook[label] for label in sorted(codebook, key=label_order)]
    rest = [code for code in rest if not code.numbers]
    persons = corpus.material.persons
    return {"framework.md": page(domains, rest, places, persons)} if domains else {}


def _lines(corpus: Corpus) -> dict[str, Later]:
    """`lines/….md` for each interview, where the settings say how long a line may be."""
    width, interviews = corpus.settings.line_width, corpus.material.interviews
    return {
        f"{LINES}/{name}.md": Later(
            f"{corpus.snapshot.fingerprint(interview.path)} {width}",
            partial(lines.page, interview, width),
        )
        for name, interview in (interviews.items() if width else ())
    }


class _Laying:
    """The rows and pages of codes; what stands as it is to be is not worked out again."""

    def __init__(self, corpus: Corpus, before: Since) -> None:
        self._material, self._codings = corpus.material, corpus.codings
        self._memos_about = WrittenAbout.of_memos(corpus.material, COMPARISON)
        self._made_of = MadeOf(corpus, self._memos_about)
        self._places: tuple[str, list[Spoken]] = "", []  # of the code that was asked for last
        self._more = said_of_some(corpus.material.codebook.values())
        self.header = (*header(CODEBOOK, corpus.material.persons), *self._more)
        self._before = before
        self._rows = before.rows("codebook.csv", self.header)

    def row(self, label: str) -> tuple[object, ...]:
        if label in self._rows and not self._is_touched(label):
            return self._rows[label]
        is_in_vivo = self._codings.is_in_vivo(CodeRef(INITIAL, label))
        persons, code = self._material.persons, self._code(label)
        row = codebook_row(code, is_in_vivo, self._there(label), persons)
        return (*row, *(getattr(code, name) for name in self._more))

    def pages(self, label: str, name: str) -> Iterator[tuple[str, Later]]:
        path = f"compare/{name}"
        if path in self._before.made_of and not self._is_touched(label):
            number = 1
            while path in self._before.made_of:
                make = partial(self._page, label, name, number)
                yield path, Later(self._before.made_of[path], make)
                number += 1
                path = f"compare/{pages.numbered(name, number)}"
            return
        code, there = self._code(label), self._there(label)
        about = [as_told(memo) for memo in self._memos_about.about(INITIAL, code)]
        for number, here in enumerate(pages.at_once(there), start=1):
            told: tuple[object, ...] = (without_lines(code), about) if number == 1 else (label,)
            if len(here) < len(there):
                told = (*told, number, _summed(there) if number == 1 else len(there))
            made_of = self._made_of(here, *told)
            make = partial(self._page, label, name, number)
            yield f"compare/{pages.numbered(name, number)}", Later(made_of, make)

    def _is_touched(self, label: str) -> bool:
        return (INITIAL, label) in self._before.codes

    def _code(self, label: str) -> Code:
        return self._material.codebook.get(label) or Code(label, Where("", 0))

    def _there(self, label: str) -> list[Spoken]:
        if label != self._places[0]:
            code = CodeRef(INITIAL, label)
            self._places = label, incidents.spoken(code, self._codings, self._material)
        return self._places[1]

    def _page(self, label: str, name: str, number: int) -> str:
        """One page of a code; only what stands on it is looked at."""
        entry, material, codings = self._code(label), self._material, self._codings
        applied = codings.places_of(CodeRef(INITIAL, label))
        places: Sequence[Spoken | IncidentInContext]
        if len(applied) <= pages.AT_ONCE:
            places = views = incidents.views(applied, material, codings)
        else:
            places, start = self._there(label), (number - 1) * pages.AT_ONCE
            here = places[start : start + pages.AT_ONCE]
            turns = {place[:2] for place in here}
            there = zip(applied, codings.incidents_at(applied), strict=True)
            some = [place for place, incident in there if incident[:2] in turns]
            first = sum(place[:2] in turns for place in places[:start])
            views = incidents.views(some, material, codings)[first : first + len(here)]
        return pages.page(entry, name, number, places, views, material, self._memos_about)


def _summed(places: Sequence[Spoken]) -> tuple[int, list[str], list[str]]:
    """What the first of several pages says of all of them."""
    interviews = dict.fromkeys(place.interview for place in places)
    return len(places), list(interviews), sorted({place.participant for place in places})
