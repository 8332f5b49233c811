"""The workbook of a report: what people send to a statistician or an examiner.

One sheet each for the code book, the codings (a row each, with what is known of who speaks), the
matrix of focused codes and participants, focused codes, the theory, memos, comments and sampling.
Without `words` no participant's words are in it, nor what people wrote about single incidents,
which may quote them, nor the prose of memos: places and codes alone. Labels stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from gtpipe.analysis import groups, incidents, properties
from gtpipe.analysis.comparison import Held, Looking, together
from gtpipe.analysis.focused_codes import BESIDE, NAMED
from gtpipe.analysis.groups import PARTICIPANT
from gtpipe.analysis.incidents import IncidentInContext, Spoken
from gtpipe.analysis.matrix import matrix, overview
from gtpipe.model import anchor
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, CodeRef
from gtpipe.model.names import label_order
from gtpipe.model.records import (
    Code,
    Coding,
    FocusedCode,
    Incident,
    IncidentKey,
    Named,
    Where,
    people,
    split_into,
)
from gtpipe.render import comments, memos, sampling, workbooks
from gtpipe.render.code_tables import (
    CODEBOOK,
    FOCUSED_CODES,
    codebook_row,
    counts,
    focused_row,
    parked,
    said_of_some,
)
from gtpipe.render.code_tables import header as table_header
from gtpipe.render.coding_rows import SEVERAL, Known
from gtpipe.render.pages import turns
from gtpipe.render.tables import Row
from gtpipe.study import Corpus

_CODING = ("interview", "date", "turn", "line", "participant")
_CODED = ("coder", "level", "code", "in-vivo", "extract-of", "categories", "whole-turn")
_SAID = ("words", "note")
_LINEAGE = ("was", "merged-from", "split-from", "split-into")


def sheets(corpus: Corpus, *, words: bool = True) -> Iterator[workbooks.Sheet]:
    """Title, header and rows of each sheet, in order."""
    workbook = _Workbook(corpus, words)
    for title, (header, rows) in {
        "code book": workbook.code_book(),
        "codings": workbook.codings(),
        "matrix": workbook.matrix(),
        "focused codes": workbook.focused_codes(),
        CATEGORY.nouns: workbook.categories(),
        "relations": workbook.relations(),
        "negative cases": workbook.negative_cases(),
        "memos": workbook.memos(),
        "comments": workbook.comments(),
        "sampling": workbook.sampling(),
    }.items():
        yield title, header, ([_cell(value) for value in row] for row in rows)


_Table = tuple[Sequence[str], Iterable[Row]]


@dataclass(frozen=True)
class _Workbook:
    corpus: Corpus
    words: bool

    @cached_property
    def looking(self) -> Looking:
        return Looking(self.corpus.material, self.corpus.codings, self.corpus.current)

    def code_book(self) -> _Table:
        material = self.corpus.material
        codings = self.corpus.codings
        taken: dict[str, list[str]] = {}
        for focused in material.focused.values():
            for named in focused.takes_up:
                label = self.corpus.current.get(named.label, named.label)
                taken.setdefault(label, []).append(focused.label)
        rows = []
        more = said_of_some(material.codebook.values())
        more = more if self.words else tuple(name for name in more if name != "notes")
        for label in sorted({*codings.labels(INITIAL), *material.codebook}, key=label_order):
            code = material.codebook.get(label) or Code(label, Where("", 0))
            thing = CodeRef(INITIAL, label)
            places = incidents.spoken(thing, codings, material)
            rows.append(
                (
                    *codebook_row(code, codings.is_in_vivo(thing), places, material.persons),
                    len(codings.places_of(thing)),
                    taken.get(label, ()),
                    code.include,
                    code.exclude,
                    *(getattr(code, name) for name in more),
                    *self._lineage(code),
                )
            )
        columns = table_header(CODEBOOK, material.persons)
        return (*columns, "codings", "taken-up-by", "include", "exclude", *more, *_LINEAGE), rows

    def codings(self) -> _Table:
        material = self.corpus.material
        known = Known(material, (*_CODING, *_CODED, *_SAID))
        header = (*_CODING, *known.header, *_CODED, *(_SAID if self.words else ()))
        return header, (self._coding(each, known) for each in self.corpus.codings)

    def _coding(self, coding: Coding, known: Known) -> Row:
        interview = self.corpus.material.interviews[coding.interview]
        extract_of = self._extract_of(coding)
        return (
            coding.interview,
            interview.date,
            coding.turn,
            interview.turns_of(coding.turn)[0].line,
            coding.participant,
            *known.cells(coding),
            *(coding.coder, coding.level, coding.code, "yes" if coding.in_vivo else ""),
            *(extract_of, self._categories(coding.incident, extract_of)),
            "yes" if coding.span is None else "",
            *((interview.words(coding.turn, coding.span), coding.note) if self.words else ()),
        )

    def _extract_of(self, coding: Coding) -> list[str]:
        """The focused codes whose extract this coding is: by its code, or by hand."""
        through = f'"{coding.code}"' if coding.level == INITIAL else BESIDE
        return [
            focused
            for focused, came in self._extracts.get(coding.incident, {}).items()
            if NAMED in came
            or (through in came and (coding.level == INITIAL or focused == coding.code))
        ]

    @cached_property
    def _of_focused(self) -> dict[str, tuple[IncidentInContext, ...]]:
        looking = self.looking
        return {label: looking.views(CodeRef(FOCUSED, label)) for label in looking.focused}

    @cached_property
    def _of_categories(self) -> dict[str, list[Held]]:
        categories = self.corpus.material.theory.categories
        return {one.label: self.looking.by_focused(one.label) for one in categories}

    @cached_property
    def _extracts(self) -> dict[IncidentKey, dict[str, tuple[str, ...]]]:
        """Incident → the focused codes that it is an extract of, and through what."""
        found: dict[IncidentKey, dict[str, tuple[str, ...]]] = {}
        for label, views in self._of_focused.items():
            for view in views:
                found.setdefault(view.key, {})[label] = view.through
        return found

    def _categories(self, place: IncidentKey, focused: Iterable[str]) -> list[str]:
        held = (each for label in focused for each in self._held.get((label, place), ()))
        return list(dict.fromkeys(held))

    @cached_property
    def _held(self) -> dict[tuple[str, IncidentKey], list[str]]:
        """Focused code and incident → the categories that hold it by that code."""
        found: dict[tuple[str, IncidentKey], list[str]] = {}
        for label, helds in self._of_categories.items():
            for held in helds:
                for view in held.views:
                    found.setdefault((held.focused, view.key), []).append(label)
        return found

    def matrix(self) -> _Table:
        """How many incidents of each focused code are each participant's; what stands beside them,
        and what an empty cell means, in words."""
        corpus = self.corpus
        grouping = groups.grouping(PARTICIPANT, corpus.material, corpus.codings)
        things = [CodeRef(FOCUSED, label) for label in self.looking.focused]
        header, rows = overview(
            matrix(things, self.looking.holdings, grouping, corpus.material.persons)
        )
        return header, (
            [name, *(int(said) if said.isdecimal() else said for said in cells)]
            for name, *cells in rows
        )

    def focused_codes(self) -> _Table:
        rows, persons = [], self.corpus.material.persons
        for label, code in self.looking.focused.items():
            thing = CodeRef(FOCUSED, label)
            standing = self.looking.holdings.standing(thing)
            categories = [
                category.label
                for category in self.corpus.material.theory.categories
                if any(named.label == label for named in category.focused)
            ]
            rows.append(
                (
                    *focused_row(code, self.looking.holdings, persons),
                    *(turns(standing.waiting), turns(standing.unfit), turns(standing.left)),
                    *([named.label for named in code.takes_up], categories, parked(code)),
                    *self._lineage(code),
                )
            )
        places = ("not-judged-at", "does-not-fit-at", "left-out-at")
        columns = table_header(FOCUSED_CODES, persons)
        return (*columns, *places, "takes-up", "categories", "parked", *_LINEAGE), rows

    def categories(self) -> _Table:
        rows, persons = [], self.corpus.material.persons
        for category in self.corpus.material.theory.categories:
            thing = CodeRef(CATEGORY, category.label)
            standing = self.looking.holdings.standing(thing)
            held = together(self._of_categories[category.label], self.corpus.material)
            rows.append(
                (
                    category.label,
                    category.definition,
                    category.part_of.label if category.part_of else "",
                    category.written_after.label if category.written_after else "",
                    [named.label for named in category.focused],
                    *counts(_spoken(held), persons),
                    len(standing.waiting),
                    turns(standing.unfit),
                    *persons.cell(name for view in held for name in people(view.participant)),
                )
            )
        header = (
            *(CATEGORY.noun, "definition", "part-of", "written-after", "focused-codes"),
            *("incidents", "interviews", "participants", "not-judged", "does-not-fit-at"),
        )
        return table_header(header, persons), rows

    def relations(self) -> _Table:
        header = ("from", "kind", "to", "hypothesis", "support", "contradicted-by", "memo")
        return header, (
            (
                *(relation.source.label, relation.kind, relation.target.label),
                relation.hypothesis,
                self._addresses(relation.support),
                self._addresses(relation.contradict),
                relation.memo.label if relation.memo else "",
            )
            for relation in self.corpus.material.theory.relations
        )

    def negative_cases(self) -> _Table:
        """What contradicts what; then who looked for such cases, and found what."""
        theory, known = self.corpus.material.theory, self.corpus.names
        note = ("note",) if self.words else ()
        rows: list[Row] = [
            (
                *("negative case", known.level(case.contradicts), case.contradicts.label),
                *(self._address(case.incident), case.led_to if self.words else "", case.by, ""),
                *((case.note,) if self.words else ()),
            )
            for case in theory.negative_cases
        ]
        for look in theory.looks:
            found = look.found or "nothing"
            if isinstance(found, Incident):
                found = self._address(found)
            elif look.found and not self.words:
                found = "something"
            looked_for = (known.level(look.looked_for), look.looked_for.label)
            rows.append(
                ("looked for", *looked_for, found, "", look.by, look.date, *("" for _ in note))
            )
        return ("kind", "level", "code", "incident", "led-to", "by", "date", *note), rows

    def memos(self) -> _Table:
        found = sorted(self.corpus.material.memos, key=lambda memo: (memo.date, memo.name))
        prose = ("prose",) if self.words else ()
        return (*memos.HEADER, *prose), (
            (
                *memos.row(memo)[:-1],
                [self._about(named) for named in memo.about],
                *((memo.prose,) if self.words else ()),
            )
            for memo in found
        )

    def comments(self) -> _Table:
        rows = []
        for number, comment in enumerate(self.corpus.material.comments, 1):
            _, _, by, *said = comments.row(number, comment)
            about = self._about(comment.about)
            is_shown = self.words or self._incident(comment.about) is None
            rows.append((number, about, by, *(said if is_shown else ("" for _ in said))))
        return comments.HEADER, rows

    def sampling(self) -> _Table:
        material = self.corpus.material
        decisions = list(enumerate(material.sampling, 1))
        rows = sampling.rows(decisions, properties.still_open(material), (), "")
        # What stands behind are the prompts of one group, which nobody asked for here.
        end = sampling.HEADER.index("incidents")
        return sampling.HEADER[:end], (row[:end] for row in rows)

    def _lineage(self, code: Code | FocusedCode) -> tuple[Iterable[str], ...]:
        material = self.corpus.material
        parts = split_into(
            code.label, material.codebook if isinstance(code, Code) else material.focused
        )
        return code.was, code.merged_from, code.split_from, parts

    def _about(self, named: Named) -> str:
        """What somebody wrote about, as typed; of an incident, its words only where words may be
        shown."""
        incident = self._incident(named)
        return named.typed if self.words or incident is None else self._address(incident)

    def _incident(self, named: Named) -> Incident | None:
        """The incident that is named, None where it is something else."""
        found = None if named.level else anchor.parse(named.label)
        return found if found and found.interview in self.corpus.material.interviews else None

    def _address(self, incident: Incident) -> str:
        return incident.address if self.words else f"{incident.interview} {incident.turn}"

    def _addresses(self, named: Iterable[Incident]) -> list[str]:
        return list(dict.fromkeys(map(self._address, named)))


def _cell(value: object) -> object:
    return SEVERAL.join(map(str, value)) if isinstance(value, (list, tuple)) else value


def _spoken(views: Iterable[IncidentInContext]) -> list[Spoken]:
    return [Spoken(view.interview, view.turn, view.participant) for view in views]
