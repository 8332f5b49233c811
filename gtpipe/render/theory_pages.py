"""The theory as text: `theory.md`, `negative-cases.md`, and the diagram `theory.mmd`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.analysis.negative_cases import NONE_RECORDED, none_recorded
from gtpipe.analysis.procedure_layouts import Part as Responses
from gtpipe.analysis.properties import Laid
from gtpipe.model.approach import spoken
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, RELATION, CodeRef, MaybeLevel
from gtpipe.model.records import Category, Incident, Look, Theory
from gtpipe.render.page_parts import Heading, Paragraph, Part, Points, Quotation, as_markdown
from gtpipe.render.pages import NO_REASON, NOTHING_YET, turns
from gtpipe.render.properties import in_short
from gtpipe.render.theory import (
    CUT,
    NO_HYPOTHESIS,
    NO_SUPPORT,
    NOT_SHOWN,
    Against,
    CategoryPart,
    Evidence,
    FocusedPart,
    LaidOut,
    RelationPart,
    cases,
    category_part,
    contradicting,
    of_no_other,
    quotation,
    relations,
    supporting,
)
from gtpipe.text.markdown import plain


class Section(NamedTuple):
    """A piece of `theory.md`, with the focused codes that it tells of."""

    tells_of: tuple[str, ...]
    make: Callable[[LaidOut], str]


def theory_sections(theory: Theory) -> list[Section]:
    """The pieces of `theory.md`, one behind the other."""
    below: dict[str, list[Category]] = {}
    for category in theory.categories:
        if category.part_of:
            below.setdefault(category.part_of.label, []).append(category)

    def held(category: Category) -> Iterator[str]:
        yield from (named.label for named in category.focused)
        for other in below.get(category.label, ()):
            yield from held(other)

    def section(of: Callable[[_Writing, LaidOut], list[Part]], *tells_of: str) -> Section:
        def make(laid: LaidOut) -> str:
            parts = of(_Writing(responses=laid.responses), laid)
            return as_markdown(parts) if parts else ""

        return Section(tells_of, make)

    of_categories = (
        section(partial(_Writing.category, category=category), *held(category))
        for category in of_no_other(theory)
    )
    others = (section(_Writing.relations), section(_Writing.others))
    return [section(_Writing.opening), *of_categories, *others]


def negative_page(laid: LaidOut) -> str:
    """`negative-cases.md`."""
    return as_markdown(_Writing().negative(laid))


def theory_parts(
    laid: LaidOut, typed: Callable[[str], str] = plain, words: bool = True
) -> list[Part]:
    """Each category, its subcategories under it; then the relations. `typed` makes what a person
    wrote text of the page; without `words` there are no extracts, and no notes, which may quote.
    """
    return _Writing(typed, words, laid.responses if words else ()).theory(laid)


@dataclass(frozen=True)
class _Writing:
    """How pages of the theory are written."""

    typed: Callable[[str], str] = plain
    words: bool = True
    responses: tuple[tuple[CodeRef | None, Responses], ...] = ()

    def theory(self, laid: LaidOut) -> list[Part]:
        return [
            *self.opening(laid),
            *(part for one in of_no_other(laid.theory) for part in self.category(laid, one)),
            *self.relations(laid),
            *self.others(laid),
        ]

    def opening(self, laid: LaidOut) -> list[Part]:
        none = [] if laid.theory.categories else [Paragraph(f"No {CATEGORY.noun} yet.")]
        return [Heading(1, "Theory"), *none]

    def category(self, laid: LaidOut, category: Category) -> list[Part]:
        return self._category(category_part(category, laid), 2)

    def relations(self, laid: LaidOut) -> list[Part]:
        found = [part for relation in relations(laid) for part in self._relation(relation)]
        return [Heading(2, "Relations"), *(found or [Paragraph("No relation yet.")])]

    def others(self, laid: LaidOut) -> list[Part]:
        """Answers to readings of what the theory does not tell of."""
        told = {CodeRef(CATEGORY, one.label) for one in laid.theory.categories}
        told |= {CodeRef(RELATION, one.sentence) for one in laid.theory.relations}
        told |= {
            CodeRef(FOCUSED, named.label) for one in laid.theory.categories for named in one.focused
        }
        others = [part for code, part in self.responses if code not in told]
        parts: list[Part] = [Heading(2, "Responses to other readings")] if others else []
        for part in others:
            parts.append(Heading(3, self.typed(part.title)))
            parts += self._each_response(part)
        return parts

    def _category(self, part: CategoryPart, depth: int) -> list[Part]:
        category, typed = part.category, self.typed
        label = typed(category.label)
        parts: list[Part] = [
            Heading(depth, label, CodeRef(CATEGORY, category.label)),
            Paragraph(typed(category.definition) or NOTHING_YET),
        ]
        if category.part_of:
            parts.append(Paragraph(f"Part of: {typed(category.part_of.label)}"))
        if part.below:
            below = ", ".join(typed(one.category.label) for one in part.below)
            parts.append(Paragraph(f"{spoken().part[1].capitalize()}: {below}"))
        parts += self._properties(category.label, part.properties)
        for focused in part.focused:
            parts += self._focused(focused)
        parts += self._responses(CodeRef(CATEGORY, category.label))
        parts.append(Paragraph("", f"Does not fit {label}"))
        parts += self._against_category(part)
        for other in part.below:
            parts += self._category(other, depth + 1)
        return parts

    def _focused(self, part: FocusedPart) -> list[Part]:
        code, typed = part.code, self.typed
        label, by = typed(code.label), f" ({typed(code.by)})" if code.by else ""
        parts: list[Part] = [
            Paragraph(typed(code.definition) or NOTHING_YET, label, CodeRef(FOCUSED, code.label)),
            Paragraph(f"Because: {typed(code.because) or NO_REASON}{by}"),
        ]
        parts += [self._extract(view) for view in part.extracts]
        if part.also:
            also = ", ".join(dict.fromkeys(" ".join(place[:2]) for place in part.also))
            parts.append(Paragraph(f"Also: {also}."))
        if part.waiting:
            listed = typed(turns(part.waiting))
            since = f"Since then, not judged: {len(part.waiting)} ({listed})."
            parts.append(Paragraph(since))
        parts += self._properties(code.label, part.properties)
        parts += self._responses(CodeRef(FOCUSED, code.label))
        if part.against.evidence:
            return [
                *parts,
                Paragraph(f"Does not fit {label}:"),
                *self._evidence(part.against),
                *self._none_besides(part.against),
            ]
        if part.against.searches:
            parts.append(Paragraph(self._none_recorded(part.against)))
        return parts

    def _responses(self, code: CodeRef) -> list[Part]:
        """What was answered to the reading of a code, in full."""
        found = [part for about, part in self.responses if about == code]
        said = [one for part in found for one in self._each_response(part)]
        return [Paragraph(f"Responses to {self.typed(code.label)}:"), *said] if said else []

    def _each_response(self, part: Responses) -> list[Part]:
        """Field by field, both sides in full."""
        found: list[Part] = []
        for row in part.rows:
            points = []
            for name, value in zip(part.header, map(str, row), strict=True):
                first, *more = map(self.typed, value.split("\n"))
                if first and more:
                    points.append((f"{name}:", (first, *more)))
                elif first:
                    points.append((f"{name}: {first}", ()))
            found.append(Points(tuple(points)))
        return found

    def _properties(self, label: str, properties: tuple[Laid, ...]) -> list[Part]:
        listed = tuple(in_short(each, self.typed, self.words) for each in properties)
        named = Paragraph(f"Properties of {self.typed(label)}:")
        return [named, Points(listed)] if properties else []

    def _against_category(self, part: CategoryPart) -> list[Part]:
        """The negative cases of a category; without any, who looked and when, and where to read
        on.
        """
        if part.against.evidence:
            return [*self._evidence(part.against), *self._none_besides(part.against)]
        unfit = ", ".join(map(self.typed, part.unfit))
        listed = f" What does not fit its {FOCUSED.nouns} is listed under them: {unfit}."
        return [Paragraph(self._none_recorded(part.against) + (listed if unfit else ""))]

    def _evidence(self, against: Against) -> Iterator[Part]:
        for one in against.evidence:
            if one.look:
                yield Paragraph(f"{self._who_looked(one.look)} and found:")
            yield from self._recorded(one)

    def _recorded(self, one: Evidence) -> Iterator[Part]:
        """What does not fit; of a negative case, what it led to as well."""
        typed = self.typed
        if one.view:
            yield self._extract(one.view)
        elif one.look and one.look.found is not None:
            yield Paragraph(typed(self._named(one.look.found)))
        else:
            yield Paragraph(typed(self._named(one.case.incident) if one.case else one.words))
        if one.case and self.words:
            yield Paragraph(
                f"Led to: {typed(one.case.led_to.rstrip('.'))}."
                + (f" {typed(one.case.note)}" if one.case.note else "")
                + (f" ({typed(one.case.by)})" if one.case.by else "")
            )

    def _named(self, found: Incident | str) -> str:
        """An incident as a person names it; what is none, in their words."""
        if isinstance(found, str):
            return found if self.words else NOT_SHOWN
        return found.address if self.words else f"{found.interview} {found.turn}"

    def _none_recorded(self, against: Against) -> str:
        """Who looked for negative cases without finding any, and when."""
        return none_recorded(map(self._who_looked, against.searches))

    def _none_besides(self, against: Against) -> list[Part]:
        searches = "; ".join(map(self._who_looked, against.searches))
        return [Paragraph(f"None found besides: {searches}.")] if searches else []

    def _who_looked(self, look: Look) -> str:
        return (
            f"{self.typed(look.by) or 'somebody'} looked{f' on {look.date}' if look.date else ''}"
        )

    def _relation(self, part: RelationPart) -> list[Part]:
        relation, against, typed = part.relation, list(self._evidence(part.against)), self.typed
        parts: list[Part] = [
            Heading(3, typed(relation.sentence), CodeRef(RELATION, relation.sentence)),
            Paragraph(f"Hypothesis: {typed(relation.hypothesis) or NO_HYPOTHESIS}"),
        ]
        parts += self._carried("Support", part.support, NO_SUPPORT)
        empty = "as follows." if against else self._none_recorded(part.against)
        parts += [*self._carried("Contradiction", part.contradict, empty), *against]
        if against or relation.contradict:
            parts += self._none_besides(part.against)
        if relation.memo:
            parts.append(Paragraph(f"Memo: {typed(relation.memo.label)}"))
        return parts + self._responses(CodeRef(RELATION, relation.sentence))

    def _carried(self, name: str, views: Iterable[IncidentInContext], empty: str) -> list[Part]:
        extracts = [self._extract(view) for view in views]
        return [Paragraph(f"{name}:"), *extracts] if extracts else [Paragraph(f"{name}: {empty}")]

    def negative(self, laid: LaidOut) -> list[Part]:
        """What contradicts what, and what it led to; what was looked for and not found."""
        typed = self.typed
        parts: list[Part] = [Heading(1, "Negative cases")]
        for level, label in dict.fromkeys(
            (laid.level_of(c.contradicts), c.contradicts.label) for c in laid.theory.negative_cases
        ):
            code = " code" if level in (INITIAL, FOCUSED) else ""
            parts.append(Heading(2, f"Contradicts the {level}{code} {typed(label)}"))
            parts += [part for case in cases(level, label, laid) for part in self._recorded(case)]
        for part in relations(laid):
            if part.relation.contradict:
                sentence = typed(part.relation.sentence)
                parts.append(Heading(2, f"Contradicts the relation {sentence}"))
                parts += self._carried("By its own entry", part.contradict, "")
        told = {
            (laid.level_of(c.contradicts), c.contradicts.label, v.place, v.span)
            for c in laid.theory.negative_cases
            if (v := laid.view(c.incident))
        }
        for label in laid.focused:
            views = laid.unfit(label)
            more = [view for view in views if (FOCUSED, label, view.place, view.span) not in told]
            if more:
                parts.append(Heading(2, f"Does not fit the {FOCUSED.noun} {typed(label)}"))
                parts += [self._extract(view) for view in more]
        parts.append(Heading(2, "Looked for"))
        looks = [
            f"{typed(look.looked_for.label)}: {self._who_looked(look)}; "
            f"{NONE_RECORDED if look.found is None else typed(self._named(look.found))}"
            for look in laid.theory.looks
        ]
        nobody = Paragraph("Nobody is on record as having looked.")
        parts.append(Points(tuple((look, ()) for look in looks)) if looks else nobody)
        return parts

    def _extract(self, view: IncidentInContext) -> Quotation:
        """The words as a quotation, with participant and turn. A long turn is cut, and says so."""
        quoted = quotation(view, self.words)
        cut = f" {CUT}" if quoted.is_cut else ""
        return Quotation(self.typed(quoted.words) + cut, quoted.who)


# --- the diagram ----------------------------------------------------------------------------------


def diagram(laid: LaidOut) -> str:
    """`theory.mmd`: the categories, their focused codes and the relations as a Mermaid flowchart. A
    relation without support is dashed; what does not fit has a flag of its own.

    The id of a box is made of its level and label, so that a new entry adds lines and changes no
    other.
    """
    boxes: dict[str, str] = {}
    edges = []

    def box(level: MaybeLevel, label: str) -> str:
        id = f"n{hashlib.sha256(f'{level}: {label}'.encode()).hexdigest()[:8]}"
        opening, closing = (
            ('["', '"]')
            if level == CATEGORY
            else ('(["', '"])')
            if level == FOCUSED
            else ('("', '")')
        )
        boxes.setdefault(id, f"  {id}{opening}{_mermaid(label)}{closing}")
        return id

    for category in laid.theory.categories:
        box(CATEGORY, category.label)
    for category in laid.theory.categories:
        here = box(CATEGORY, category.label)
        if category.part_of:
            edges.append(f"  {here} -. part of .-> {box(CATEGORY, category.part_of.label)}")
        edges += [f"  {box(FOCUSED, named.label)} --- {here}" for named in category.focused]
    for relation in laid.theory.relations:
        source, target = (
            box(laid.level_of(end), end.label) for end in (relation.source, relation.target)
        )
        arrow = "-->" if supporting(relation, laid) else "-.->"
        edges.append(f'  {source} {arrow}|"{_mermaid(relation.kind)}"| {target}')
    for places, thing, said in _contradictions(laid):
        to = box(thing.level, thing.label)
        id = f"n{hashlib.sha256(f'{to} {said}'.encode()).hexdigest()[:8]}"
        boxes[id] = f'  {id}>"{_mermaid(places)}"]'
        edges.append(f'  {id} -.-x|"{_mermaid(said)}"| {to}')
    return "\n".join(["flowchart LR", *boxes.values(), *edges]) + "\n"


def _contradictions(laid: LaidOut) -> Iterator[tuple[str, CodeRef, str]]:
    """What does not fit, each time as interviews and turns, the box it is led to, and what it says
    there. A relation has no box: what contradicts it is led to where the relation begins.
    """

    categories = laid.theory.categories
    things = [CodeRef(CATEGORY, category.label) for category in categories]
    held = (named.label for category in categories for named in category.focused)
    things += [CodeRef(FOCUSED, label) for label in dict.fromkeys(held)]
    for thing in things:
        if places := turns(contradicting(thing, laid)):
            yield places, thing, "does not fit"
    for relation in laid.theory.relations:
        level = laid.level_of(relation.source)
        places = turns(contradicting(CodeRef(RELATION, relation.sentence), laid))
        if level and places:
            said = f"contradicts: {relation.kind} {relation.target.label}"
            yield places, CodeRef(level, relation.source.label), said


def _mermaid(text: str) -> str:
    """`text` for a quoted Mermaid label: what could mean
    something there becomes a character entity.
    """
    return re.sub(r"[^\w ,'’()-]|^-", lambda match: f"#{ord(match.group())};", text)
