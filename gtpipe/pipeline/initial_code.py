"""Stage 2 laid out: the tables of the code book, and a comparison page for each code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, takewhile

from gtpipe.analysis import framework, incidents
from gtpipe.analysis.annotations import COMPARISON, WrittenAbout
from gtpipe.analysis.codings import uncoded
from gtpipe.analysis.incidents import Spoken
from gtpipe.model.level import INITIAL, CodeRef
from gtpipe.model.names import label_order
from gtpipe.model.records import Code, IncidentKey, Later, Outcome, Table, Where
from gtpipe.pipeline.made_of import MadeOf, as_told, digest_of, without_lines
from gtpipe.pipeline.since import NOTHING, Since
from gtpipe.render import lines, pages
from gtpipe.render.code_tables import CODEBOOK, codebook_row, header, said_of_some
from gtpipe.render.framework import page
from gtpipe.store.layout import LINES
from gtpipe.study import Corpus


def outcome(corpus: Corpus, before: Since = NOTHING) -> Outcome:
    """The tables `codebook.csv`, `uncoded.csv`, a page `compare/….md` for each code,
    or several, `framework.md` where codes are numbered, and `lines/….md` where lines are."""
    labels = sorted(
        {*corpus.codings.labels(INITIAL)} | corpus.material.codebook.keys(), key=label_order
    )
    touched = _names_of_touched(before)
    if touched is None:
        before, names, stays = NOTHING, pages.names(labels), []
    else:
        there = {*labels}
        names = {label: name for label, name in touched.items() if label in there}
        stays = _others(before, touched.values())
    laying = _Laying(corpus, before)
    return Outcome(
        {
            "codebook.csv": Table(laying.header, (laying.row(label) for label in labels)),
            "uncoded.csv": Table(
                ("interview", "turn", "participant"),
                tuple(
                    (interview.name, id, interview.participant_of(id))
                    for interview, turns in uncoded(corpus.material, corpus.codings)
                    for id in turns
                ),
            ),
        },
        chain(
            (page for label, name in names.items() for page in laying.pages(label, name)),
            _framework(corpus).items(),
            () if stays else _lines(corpus),
        ),
        stays,
    )


def _names_of_touched(before: Since) -> dict[str, str] | None:
    """What the pages are called of the codes that are touched, those included that are gone; None
    where all pages are to be looked at: nothing is known of before, or two names are the same but
    for their digits.
    """
    if before is NOTHING:
        return None
    names = dict[str, str]()
    for level, label in before.codes:
        if level is INITIAL:
            short, long = pages.possible_names(label)
            is_there = bool(before.made_of(f"compare/{short}"))
            is_new = CodeRef(level, label) in before.new
            if is_there == is_new or before.made_of(f"compare/{long}"):
                return None
            names[label] = short
    return names if len({*names.values()}) == len(names) else None


def _others(before: Since, names: Iterable[str]) -> list[str]:
    """The pages that stand, but for those of codes whose pages are called so."""
    touched = set[str]()
    for name in names:
        number = 1
        while before.made_of(page := f"compare/{pages.numbered(name, number)}"):
            touched.add(page)
            number += 1
    return [page for page in before.pages() if page not in touched]


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


def _lines(corpus: Corpus) -> Iterator[tuple[str, Later]]:
    """`lines/….md` for each interview, where the settings say how long a line may be."""
    width, interviews = corpus.settings.line_width, corpus.material.interviews
    for name, interview in interviews.items() if width else ():
        made_of = digest_of((corpus.snapshot.fingerprint(interview.path), width))
        yield f"{LINES}/{name}.md", Later(made_of, partial(lines.page, interview, width))


class _Laying:
    """The rows and pages of codes; what stands as it is to be is not worked out again. The
    incidents of one code are held at a time, and of those laid out only the row.
    """

    def __init__(self, corpus: Corpus, before: Since) -> None:
        self._material, self._codings = corpus.material, corpus.codings
        self._memos_about = WrittenAbout.of_memos(corpus.material, COMPARISON)
        self._made_of = MadeOf(corpus, self._memos_about)
        self._last: tuple[str | None, list[Spoken]] = None, []
        self._more = said_of_some(corpus.material.codebook.values())
        self.header = (*header(CODEBOOK, corpus.material.persons), *self._more)
        rows = before.rows("codebook.csv", self.header)
        self._rows: dict[str, tuple[object, ...]] = {
            label: row for label, row in rows.items() if (INITIAL, label) not in before.codes
        }

    def row(self, label: str) -> tuple[object, ...]:
        if label in self._rows:
            return self._rows[label]
        is_in_vivo = self._codings.is_in_vivo(CodeRef(INITIAL, label))
        persons, code = self._material.persons, self._code(label)
        row = codebook_row(code, is_in_vivo, self._there(label), persons)
        return (*row, *(getattr(code, name) for name in self._more))

    def pages(self, label: str, name: str) -> Iterator[tuple[str, Later]]:
        code, there = self._code(label), self._there(label)
        self._rows[label] = self.row(label)
        about = [as_told(memo) for memo in self._memos_about.about(INITIAL, code)]
        for number, here in enumerate(pages.at_once(there), start=1):
            told: tuple[object, ...] = (without_lines(code), about) if number == 1 else (label,)
            if len(here) < len(there):
                told = (*told, number, _summed(there) if number == 1 else len(there))
            made_of = self._made_of(here, *told)
            make = partial(self._page, label, name, number)
            yield f"compare/{pages.numbered(name, number)}", Later(made_of, make)

    def _code(self, label: str) -> Code:
        return self._material.codebook.get(label) or Code(label, Where("", 0))

    def _there(self, label: str) -> list[Spoken]:
        if label != self._last[0]:
            code = CodeRef(INITIAL, label)
            self._last = label, incidents.spoken(code, self._codings, self._material)
        return self._last[1]

    def _page(self, label: str, name: str, number: int) -> str:
        """One page of a code; only what stands on it is looked at."""
        code, material, codings = CodeRef(INITIAL, label), self._material, self._codings
        places, start = self._there(label), (number - 1) * pages.AT_ONCE
        here = places[start : start + pages.AT_ONCE]
        turns = {place[:2] for place in here}
        applied = codings.places_of(code)
        if len(here) < len(places):
            interviews = material.interviews
            at = (
                codings.of_code_at(code, interview, interviews[interview].ids_of(turn))
                for interview, turn in turns
            )
            applied = sorted({*chain.from_iterable(at)})
            there = zip(applied, codings.incidents_at(applied), strict=True)
            applied = [place for place, incident in there if incident[:2] in turns]
        views = incidents.views(applied, material, codings)
        before = reversed(places[:start])
        same = takewhile(lambda place: place.interview == here[0].interview, before)
        first = sum(place[:2] in turns for place in same)
        return pages.page(
            self._code(label),
            name,
            number,
            places,
            views[first : first + len(here)],
            material,
            self._memos_about,
        )


def _summed(places: Sequence[Spoken]) -> tuple[int, list[str], list[str]]:
    """What the first of several pages says of all of them."""
    interviews = dict.fromkeys(place.interview for place in places)
    return len(places), list(interviews), sorted({place.participant for place in places})
