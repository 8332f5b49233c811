"""The theory as text: `theory.md`, `negative-cases.md`, and the diagram `theory.mmd`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.analysis.negative_cases import NONE_RECORDED, none_recorded
from gtpipe.analysis.properties import Laid
from gtpipe.model.approach import spoken
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, RELATION, CodeRef, MaybeLevel
from gtpipe.model.records import Incident, Look
from gtpipe.render.pages import NO_REASON, NOTHING_YET, turns
from gtpipe.render.properties import in_short
from gtpipe.render.theory import (
    CUT,
    NO_HYPOTHESIS,
    NO_SUPPORT,
    Against,
    CategoryPart,
    Evidence,
    FocusedPart,
    LaidOut,
    RelationPart,
    cases,
    categories,
    contradicting,
    quotation,
    relations,
    supporting,
)
from gtpipe.text.markdown import plain


def theory_page(laid: LaidOut) -> str:
    """`theory.md`: each category, its subcategories under it; then the relations."""
    parts = ["# Theory"]
    if not laid.theory.categories:
        parts.append(f"No {CATEGORY.noun} yet.")
    for category in categories(laid):
        parts += _category(category, 2)
    parts.append("## Relations")
    parts += [part for relation in relations(laid) for part in _relation(relation)] or [
        "No relation yet."
    ]
    return "\n\n".join(parts) + "\n"


def _category(part: CategoryPart, depth: int) -> list[str]:
    category = part.category
    parts = [
        f"{'#' * min(depth, 5)} {plain(category.label)}",
        plain(category.definition) or NOTHING_YET,
    ]
    if category.part_of:
        parts.append(f"Part of: {plain(category.part_of.label)}")
    if part.below:
        below = ", ".join(plain(one.category.label) for one in part.below)
        parts.append(f"{spoken().part[1].capitalize()}: {below}")
    parts += _properties(category.label, part.properties)
    for focused in part.focused:
        parts += _focused(focused)
    parts.append(f"**Does not fit {plain(category.label)}**")
    parts += _against_category(part)
    for other in part.below:
        parts += _category(other, depth + 1)
    return parts


def _focused(part: FocusedPart) -> list[str]:
    code = part.code
    parts = [
        f"**{plain(code.label)}**: {plain(code.definition) or NOTHING_YET}",
        f"Because: {plain(code.because) or NO_REASON}"
        + (f" ({plain(code.by)})" if code.by else ""),
    ]
    parts += [_extract(view) for view in part.extracts]
    if part.also:
        parts.append(f"Also: {', '.join(dict.fromkeys(view.place for view in part.also))}.")
    if part.waiting:
        listed = plain(turns(part.waiting))
        parts.append(f"Since then, not judged: {len(part.waiting)} ({listed}).")
    parts += _properties(code.label, part.properties)
    if part.against.evidence:
        return [
            *parts,
            f"Does not fit {plain(code.label)}:",
            *_evidence(part.against),
            *_none_besides(part.against),
        ]
    return [*parts, _none_recorded(part.against)] if part.against.searches else parts


def _properties(label: str, properties: tuple[Laid, ...]) -> list[str]:
    listed = "\n".join(map(in_short, properties))
    return [f"Properties of {plain(label)}:", listed] if properties else []


def _against_category(part: CategoryPart) -> list[str]:
    """The negative cases of a category; without any, who looked and when, and where to read on."""
    if part.against.evidence:
        return [*_evidence(part.against), *_none_besides(part.against)]
    unfit = ", ".join(map(plain, part.unfit))
    listed = f" What does not fit its {FOCUSED.nouns} is listed under them: {unfit}."
    return [_none_recorded(part.against) + (listed if unfit else "")]


def _evidence(against: Against) -> Iterator[str]:
    for one in against.evidence:
        if one.look:
            yield f"{_who_looked(one.look)} and found:"
        yield from _recorded(one)


def _recorded(one: Evidence) -> Iterator[str]:
    """What does not fit; of a negative case, what it led to as well."""
    yield _extract(one.view) if one.view else plain(one.words)
    if one.case:
        yield (
            f"Led to: {plain(one.case.led_to.rstrip('.'))}."
            + (f" {plain(one.case.note)}" if one.case.note else "")
            + (f" ({plain(one.case.by)})" if one.case.by else "")
        )


def _typed(found: Incident | str) -> str:
    """An incident as a person names it; what is none, in their words."""
    return found if isinstance(found, str) else found.address


def _none_recorded(against: Against) -> str:
    """Who looked for negative cases without finding any, and when."""
    return none_recorded(map(_who_looked, against.searches))


def _none_besides(against: Against) -> list[str]:
    searches = "; ".join(map(_who_looked, against.searches))
    return [f"None found besides: {searches}."] if searches else []


def _who_looked(look: Look) -> str:
    return f"{plain(look.by) or 'somebody'} looked{f' on {look.date}' if look.date else ''}"


def _relation(part: RelationPart) -> list[str]:
    relation, against = part.relation, list(_evidence(part.against))
    parts = [f"### {plain(relation.sentence)}"]
    parts.append(f"Hypothesis: {plain(relation.hypothesis) or NO_HYPOTHESIS}")
    parts += _carried("Support", part.support, NO_SUPPORT)
    empty = "as follows." if against else _none_recorded(part.against)
    parts += _carried("Contradiction", part.contradict, empty) + against
    if against or relation.contradict:
        parts += _none_besides(part.against)
    if relation.memo:
        parts.append(f"Memo: {plain(relation.memo.label)}")
    return parts


def _carried(name: str, views: Iterable[IncidentInContext], empty: str) -> list[str]:
    extracts = [_extract(view) for view in views]
    return [f"{name}:", *extracts] if extracts else [f"{name}: {empty}"]


def negative_page(laid: LaidOut) -> str:
    """`negative-cases.md`: what contradicts what, and what it
    led to; what was looked for and not found.
    """
    parts = ["# Negative cases"]
    for level, label in dict.fromkeys(
        (laid.level_of(c.contradicts), c.contradicts.label) for c in laid.theory.negative_cases
    ):
        parts.append(
            f"## Contradicts the {level}{' code' if level in (INITIAL, FOCUSED) else ''} "
            f"{plain(label)}"
        )
        parts += [part for case in cases(level, label, laid) for part in _recorded(case)]
    for part in relations(laid):
        if part.relation.contradict:
            parts.append(f"## Contradicts the relation {plain(part.relation.sentence)}")
            parts += _carried("By its own entry", part.contradict, "")
    told = {
        (laid.level_of(c.contradicts), c.contradicts.label, v.place, v.span)
        for c in laid.theory.negative_cases
        if (v := laid.views.get(c.incident))
    }
    for label, views in laid.unfit.items():
        more = [view for view in views if (FOCUSED, label, view.place, view.span) not in told]
        if more:
            parts.append(f"## Does not fit the {FOCUSED.noun} {plain(label)}")
            parts += [_extract(view) for view in more]
    parts.append("## Looked for")
    looks = [
        f"- {plain(look.looked_for.label)}: {_who_looked(look)}; "
        f"{NONE_RECORDED if look.found is None else plain(_typed(look.found))}"
        for look in laid.theory.looks
    ]
    parts.append("\n".join(looks) or "Nobody is on record as having looked.")
    return "\n\n".join(parts) + "\n"


def _extract(view: IncidentInContext) -> str:
    """The words as a quotation, as Markdown that renders them as they were said."""
    quoted = quotation(view)
    shown = plain(quoted.words) + (f" {CUT}" if quoted.is_cut else "")
    lines = "\n".join(f"> {line}".rstrip() for line in shown.split("\n"))
    return f"{lines}\n>\n> — {quoted.who}"


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
