"""How codings stand to focused codes, and what is on record about turns: asked for by the pages of
all interviews, worked out once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from gtpipe.analysis import negative_cases
from gtpipe.analysis.holdings import Standing
from gtpipe.model.level import FOCUSED, INITIAL, CodeRef
from gtpipe.model.names import one_line
from gtpipe.model.records import Coding, IncidentKey, Span
from gtpipe.render.report import negative
from gtpipe.render.report.places import Link
from gtpipe.render.report.stretches import NO_HUE
from gtpipe.render.report.study import ReportedStudy

_NO_STANDING = Standing({}, (), ())


class Told(NamedTuple):
    """What is told of a coding: a name, a text, and a link behind it."""

    name: str
    text: str
    link: Link | None = None


class Remark(NamedTuple):
    """What people wrote about a turn, or about words of it: what it is, a link, texts below; the
    letter of its stretch where that has one.
    """

    what: str
    link: Link | None
    texts: tuple[str, ...] = ()
    letter: str = ""


class CodingsShown:
    """What the pages of all interviews ask for, worked out once."""

    def __init__(self, reported: ReportedStudy) -> None:
        self.reported = reported
        self.only, self.words = reported.edition.only, reported.edition.words
        self.material = reported.material
        self.current = reported.corpus.current
        codings = reported.corpus.codings
        self.codings: dict[str, list[Coding]] = {}
        for coding in codings:
            if self.only in ("", coding.participant):
                self.codings.setdefault(coding.interview, []).append(coding)
        self.focused = () if self.only else tuple(reported.looking.focused)

    def coder(self, initials: str) -> str:
        """A coder by name."""
        return self.reported.corpus.settings.researchers.get(initials, "") or initials

    @cached_property
    def takers(self) -> dict[str, tuple[str, ...]]:
        """Initial code → the focused codes that take it up."""
        found: dict[str, tuple[str, ...]] = {}
        for label in self.focused:
            named = self.reported.looking.focused[label].takes_up
            for taken in dict.fromkeys(self.current.get(one.label, one.label) for one in named):
                found[taken] = (*found.get(taken, ()), label)
        return found

    @cached_property
    def standing(self) -> dict[str, tuple[Standing, frozenset[IncidentKey]]]:
        """Focused code → how incidents stand to it, and those that wait."""
        of = self.reported.holdings.standing
        found = {label: of(CodeRef(FOCUSED, label)) for label in self.focused}
        return {label: (each, frozenset(each.waiting)) for label, each in found.items()}

    @cached_property
    def against(self) -> dict[tuple[str, str], list[Remark]]:
        """Interview and turn → what is on record there as not fitting something."""
        found: dict[tuple[str, str], list[Remark]] = {}
        if self.only:
            return found
        corpus = self.reported.corpus
        for thing in negative_cases.recorded(self.material, corpus.codings, corpus.names):
            link = negative.link(thing, self.reported)
            for case in thing.against:
                if case.place is None:
                    continue
                tied = case.place.span is not None
                told = [
                    f"“{one_line(self.reported.holdings.words(case.place))}”" if tied else "",
                    f"led to: {case.led_to}" if case.led_to else "",
                    f"note{f' ({case.by})' if case.by else ''}: {case.note}" if case.note else "",
                ]
                texts = tuple(filter(None, told)) if self.words else ()
                for place in self.reported.holdings.by_turn(case.place):
                    there = found.setdefault((place.interview, place.turn), [])
                    there.append(Remark(_AGAINST[case.kind], link, texts))
        return found

    def signs_of(self, coding: Coding) -> tuple[str, ...]:
        """The focused codes that hold a coding as an extract because of its code."""
        own = (coding.code,) if coding.level == FOCUSED else ()
        takers = self.takers.get(coding.code, ()) if coding.level == INITIAL else own
        return tuple(label for label in takers if coding.incident in self._extracts(label))

    def _extracts(self, label: str) -> Iterable[IncidentKey]:
        return self.standing.get(label, (_NO_STANDING,))[0].extracts

    @cached_property
    def by_hand(self) -> dict[tuple[str, str], list[tuple[Span | None, str]]]:
        """Interview and turn → stretches there which a focused code holds though none of the codes
        it takes up stands at them, nor itself.
        """
        found: dict[tuple[str, str], list[tuple[Span | None, str]]] = {}
        holdings = self.reported.holdings
        given: dict[str, set[IncidentKey]] = {}
        for coding in self.reported.corpus.codings if self.focused else ():
            if coding.level == FOCUSED:
                given.setdefault(coding.code, set()).add(coding.incident)
        for label, (standing, _) in self.standing.items():
            coded = holdings.taken_up(label).keys() | given.get(label, set())
            for place in standing.extracts:
                for each in holdings.by_turn(place) if place not in coded else ():
                    found.setdefault((each.interview, each.turn), []).append((each.span, label))
        return found

    def taken_up(self, coding: Coding) -> Iterator[Told]:
        """How a coding stands to the focused codes that take up its code, in words."""
        if coding.level != INITIAL or not self.focused:
            return
        takers = self.takers.get(coding.code, ())
        if not takers:
            yield Told(f"taken up by no {FOCUSED.noun}", "")
        for label in takers:
            standing, waiting = self.standing[label]
            how = "does not fit"
            if coding.incident in standing.extracts:
                how = "extract of"
            elif coding.incident in waiting:
                how = "since then, not judged for"
            elif coding.incident in standing.left:
                how = "looked at and left out of"
            yield Told(how, f"{self.number(label)} ", self.reported.link(CodeRef(FOCUSED, label)))

    def number(self, label: str) -> int:
        return self.reported.signs[label].number

    def hue(self, focused: tuple[str, ...]) -> int:
        return self.reported.signs[focused[0]].hue if focused else NO_HUE


_AGAINST = {
    negative_cases.CASE: "negative case of",
    negative_cases.UNFIT: "does not fit",
    negative_cases.CONTRADICTS: "contradicts",
    negative_cases.FOUND: "found by looking for what does not fit",
}
