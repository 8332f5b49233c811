"""The theory laid out for reading: categories with their extracts, relations as sentences, and what
does not fit.

Everything here is what a person wrote, with the participants' words pulled by anchor. What is empty
says so, and who looked. `theory_pages` and the report make text of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import NamedTuple

from gtpipe.analysis import properties
from gtpipe.analysis.comparison import Looking
from gtpipe.analysis.holdings import Holdings, Places
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.analysis.procedure_layouts import Part as Responses
from gtpipe.analysis.procedure_layouts import laid_out as laid_out_rows
from gtpipe.analysis.procedures import as_code
from gtpipe.analysis.properties import Laid
from gtpipe.analysis.references import place_of, resolve, resolve_all
from gtpipe.model.level import CATEGORY, FOCUSED, RELATION, CodeRef, MaybeLevel
from gtpipe.model.records import (
    NOWHERE,
    Category,
    FocusedCode,
    Incident,
    IncidentKey,
    Look,
    Named,
    NegativeCase,
    Relation,
    Theory,
)
from gtpipe.study import Corpus

NO_SUPPORT, NO_HYPOTHESIS = "no support yet.", "not written yet"
NOT_SHOWN = "something that is not shown here"
ABOUT, AT_LEAST, AT_MOST = 80, 40, 120  # words of an extract where a whole turn is meant
CUT = "[…]"
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\Z")


@dataclass(frozen=True)
class LaidOut:
    """What the pages need: the theory, and the incidents behind it as views, looked up when they
    are asked for.

    `place` tells where an incident stands and `view` how it reads, None where it is not there;
    `unfit` what the entry of a focused code says does not fit it.
    """

    theory: Theory
    focused: dict[str, FocusedCode]
    carried_at: Callable[[str, Collection[IncidentKey]], tuple[IncidentInContext, ...]]
    unfit: Callable[[str], tuple[IncidentInContext, ...]]
    place: Callable[[Incident], IncidentKey | None]
    view: Callable[[Incident], IncidentInContext | None]
    level_of: Callable[[Named], MaybeLevel]
    properties: Callable[[CodeRef], tuple[Laid, ...]]
    holdings: Holdings
    responses: tuple[tuple[CodeRef | None, Responses], ...]

    def looks(self, level: MaybeLevel, label: str) -> list[Look]:
        """The searches for what does not fit a thing."""
        looks = self._looks.get(label, ())
        return [look for look in looks if self.level_of(look.looked_for) == level]

    def cases(self, level: MaybeLevel, label: str) -> list[NegativeCase]:
        """The negative cases that contradict a thing."""
        cases = self._cases.get(label, ())
        return [case for case in cases if self.level_of(case.contradicts) == level]

    def below(self, category: Category) -> Sequence[Category]:
        """The categories that are part of one."""
        return self._below.get(category.label, ())

    @cached_property
    def _below(self) -> dict[str, list[Category]]:
        found: dict[str, list[Category]] = {}
        for category in self.theory.categories:
            if category.part_of:
                found.setdefault(category.part_of.label, []).append(category)
        return found

    @cached_property
    def _looks(self) -> dict[str, list[Look]]:
        found: dict[str, list[Look]] = {}
        for look in self.theory.looks:
            found.setdefault(look.looked_for.label, []).append(look)
        return found

    @cached_property
    def _cases(self) -> dict[str, list[NegativeCase]]:
        found: dict[str, list[NegativeCase]] = {}
        for case in self.theory.negative_cases:
            found.setdefault(case.contradicts.label, []).append(case)
        return found


def laid_out(corpus: Corpus, looking: Looking | None = None) -> LaidOut:
    """The theory of a study with what carries it; `looking` where its codings are at hand."""
    material = corpus.material
    looking = looking or corpus.looking
    codings = looking.codings
    has_properties = {code for code, _ in properties.entries(material)}

    @cache
    def laid_properties(code: CodeRef) -> tuple[Laid, ...]:
        if code not in has_properties:
            return ()
        unfit = properties.unfit(code, material, corpus.names, codings)
        return properties.laid_out(code, material, codings, unfit)

    return LaidOut(
        theory=_of_what_is_there(material.theory, looking.focused),
        focused=looking.focused,
        carried_at=looking.carried_at,
        unfit=lambda label: resolve_all(looking.focused[label].does_not_fit, material, codings, []),
        place=lambda incident: place_of(incident, material),
        view=cache(lambda incident: resolve(incident, material, codings, [])),
        level_of=corpus.names.level,
        properties=laid_properties,
        holdings=looking.holdings,
        responses=_responses(corpus),
    )


def _responses(corpus: Corpus) -> tuple[tuple[CodeRef | None, Responses], ...]:
    """Rows of procedures that stand in the theory, each with the code, category or relation that
    they are about; None where they are about something else.
    """
    return tuple(
        (next(iter(meant), None), part)
        for procedure in corpus.material.procedures.values()
        if procedure.schema.in_theory
        for part in laid_out_rows(procedure, corpus.material, corpus.names, corpus.codings)
        for meant in [corpus.names.meanings(as_code(Named(part.title, NOWHERE)))]
    )


def _of_what_is_there(theory: Theory, focused: Collection[str]) -> Theory:
    """The theory without focused codes that are named and not there: their file may be one that
    cannot be read.
    """

    def there(category: Category) -> Category:
        kept = tuple(named for named in category.focused if named.label in focused)
        return replace(category, focused=kept)

    return replace(theory, categories=tuple(map(there, theory.categories)))


@dataclass(frozen=True)
class Evidence:
    """An incident that does not fit; where none is there, what was recorded, in words.

    `case` is the negative case that says so, `look` the search that found it; neither, where an
    entry says so itself.
    """

    view: IncidentInContext | None
    words: str = ""
    case: NegativeCase | None = None
    look: Look | None = None


@dataclass(frozen=True)
class Against:
    """What does not fit a thing, and the searches that found nothing."""

    evidence: tuple[Evidence, ...]
    searches: tuple[Look, ...]


@dataclass(frozen=True)
class FocusedPart:
    """A focused code in a category: the extracts that are shown, others `also`, and what waits to
    be judged.
    """

    code: FocusedCode
    extracts: tuple[IncidentInContext, ...]
    also: Places
    waiting: Places
    properties: tuple[Laid, ...]
    against: Against


@dataclass(frozen=True)
class CategoryPart:
    """A category, with its subcategories below it. `unfit` are its focused codes that something is
    recorded against.
    """

    category: Category
    below: tuple[CategoryPart, ...]
    properties: tuple[Laid, ...]
    focused: tuple[FocusedPart, ...]
    against: Against
    unfit: tuple[str, ...]


@dataclass(frozen=True)
class RelationPart:
    """A relation with what carries it, what its own entry says contradicts it, and what is recorded
    against it elsewhere.
    """

    relation: Relation
    support: tuple[IncidentInContext, ...]
    contradict: tuple[IncidentInContext, ...]
    against: Against


def of_no_other(theory: Theory) -> list[Category]:
    """The categories that are part of no other."""
    labels = {category.label for category in theory.categories}
    return [
        category
        for category in theory.categories
        if category.part_of is None or category.part_of.label not in labels
    ]


def categories(laid: LaidOut) -> tuple[CategoryPart, ...]:
    """The categories that are part of no other, with those that are."""
    return tuple(category_part(category, laid) for category in of_no_other(laid.theory))


def relations(laid: LaidOut) -> tuple[RelationPart, ...]:
    return tuple(relation_part(relation, laid) for relation in laid.theory.relations)


def relation_part(relation: Relation, laid: LaidOut) -> RelationPart:
    return RelationPart(
        relation,
        _seen(supporting(relation, laid), laid),
        _seen(relation.contradict, laid),
        against(RELATION, relation.sentence, laid),
    )


def category_part(category: Category, laid: LaidOut) -> CategoryPart:
    focused = tuple(_focused(named.label, category.label, laid) for named in category.focused)
    return CategoryPart(
        category,
        tuple(category_part(other, laid) for other in laid.below(category)),
        laid.properties(CodeRef(CATEGORY, category.label)),
        focused,
        against(CATEGORY, category.label, laid),
        tuple(part.code.label for part in focused if part.against.evidence),
    )


def _focused(label: str, category: str, laid: LaidOut) -> FocusedPart:
    code, thing = laid.focused[label], CodeRef(FOCUSED, label)
    of_both = laid.holdings.of(CodeRef(CATEGORY, category))
    carried = [place for place in laid.holdings.of(thing) if place in of_both]
    there = {*carried}
    shown = tuple(view for view in _seen(code.incidents, laid) if view.key in there)
    if carried and not shown:
        whole = {place[:2] for place in carried if place.span is None}
        there = {place for place in carried if place.span is None or place[:2] not in whole}
        shown = laid.carried_at(label, there)
    turns = {view.key[:2] for view in shown}
    return FocusedPart(
        code,
        shown,
        tuple(place for place in carried if place[:2] not in turns),
        laid.holdings.waiting(thing),
        laid.properties(thing),
        against(FOCUSED, label, laid),
    )


def _seen(named: Iterable[Incident], laid: LaidOut) -> tuple[IncidentInContext, ...]:
    return tuple(view for incident in named if (view := laid.view(incident)) is not None)


def against(level: MaybeLevel, label: str, laid: LaidOut) -> Against:
    """The negative cases of a thing, what was found by looking, then what the entry of a focused
    code says itself.
    """
    looks = laid.looks(level, label)
    recorded = cases(level, label, laid)
    found = (
        Evidence(laid.view(look.found), look.found.address, look=look)
        if isinstance(look.found, Incident)
        else Evidence(None, look.found, look=look)
        for look in looks
        if look.found is not None
    )
    told = {(one.view.place, one.view.span) for one in recorded if one.view}
    own = laid.unfit(label) if level == FOCUSED and label in laid.focused else ()
    return Against(
        (*recorded, *found, *(Evidence(v) for v in own if (v.place, v.span) not in told)),
        tuple(look for look in looks if look.found is None),
    )


def cases(level: MaybeLevel, label: str, laid: LaidOut) -> tuple[Evidence, ...]:
    """The negative cases that contradict a thing."""
    return tuple(
        Evidence(laid.view(case.incident), case.incident.address, case=case)
        for case in laid.cases(level, label)
    )


def supporting(relation: Relation, laid: LaidOut) -> list[Incident]:
    """The support of a relation, without what is on record as contradicting it."""
    thing = CodeRef(RELATION, relation.sentence)
    return [
        incident
        for incident in relation.support
        if (place := laid.place(incident)) and laid.holdings.fits(thing, place)
    ]


def contradicting(thing: CodeRef, laid: LaidOut) -> Places:
    """What is on record as not fitting `thing`, in study order."""
    return tuple(sorted(laid.holdings.against(thing), key=laid.holdings.order))


class Quotation(NamedTuple):
    """The words of an incident, with participant and turn; a long turn `is_cut`, and `who` says
    so.
    """

    words: str
    is_cut: bool
    who: str


def quotation(view: IncidentInContext, with_words: bool = True) -> Quotation:
    """An incident as it is quoted; without its words, only whose it is and where."""
    who = (
        view.place
        if view.participant == view.interview
        else f"{view.participant or 'interviewer'}, {view.place}"
    )
    if not with_words:
        return Quotation("", False, who)
    words = view.extract
    end = _end_of_extract(words) if view.words is None else len(words)
    if end < len(words):
        number, of = len(words[:end].split()), len(words.split())
        who += f" (the first {number} of {of} words)"
    return Quotation(words[:end], end < len(words), who)


def _end_of_extract(turn: str) -> int:
    """Where to end a turn: the end of the sentence nearest to `ABOUT` words, and of a short turn,
    its own end; where no sentence ends near, the end of a word.
    """
    ends = [word.end() for word in re.finditer(r"\S+", turn)]
    if len(ends) <= AT_MOST:
        return len(turn)
    near = [
        number
        for number, end in enumerate(ends[:AT_MOST], 1)
        if number >= AT_LEAST and _SENTENCE_END.search(turn, 0, end)
    ]
    return ends[min(near, key=lambda number: abs(number - ABOUT), default=ABOUT) - 1]
