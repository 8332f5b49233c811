"""The theory laid out for reading: categories with their extracts,
relations as sentences, what does not fit; and a diagram.

Everything here is what a person wrote, with the participants' words pulled by anchor. What is empty
says so, and who looked.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gtpipe.analysis import incidents, properties
from gtpipe.analysis.focused_codes import carried_by, focused_codes
from gtpipe.analysis.holdings import Holdings, Places
from gtpipe.analysis.incidents import AtTurns, CodingsOfCodes, IncidentInContext
from gtpipe.analysis.negative_cases import NONE_RECORDED, none_recorded
from gtpipe.analysis.properties import Laid
from gtpipe.analysis.references import resolve, resolve_all
from gtpipe.model.approach import spoken
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, RELATION, CodeRef, MaybeLevel
from gtpipe.model.records import (
    Category,
    FocusedCode,
    Incident,
    Look,
    Material,
    Named,
    NegativeCase,
    Relation,
    Theory,
)
from gtpipe.render.pages import NO_REASON, NOTHING_YET, turns
from gtpipe.render.properties import in_short
from gtpipe.study import Corpus
from gtpipe.text.markdown import plain

NO_SUPPORT = "no support yet."
ABOUT, AT_LEAST, AT_MOST = 80, 40, 120  # words of an extract where a whole turn is meant
CUT = "[…]"
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\Z")


@dataclass(frozen=True)
class LaidOut:
    """What the pages need: the theory, and the incidents behind it as views."""

    theory: Theory
    focused: dict[str, FocusedCode]
    carried: dict[str, tuple[IncidentInContext, ...]]
    unfit: dict[str, tuple[IncidentInContext, ...]]
    views: dict[Incident, IncidentInContext]
    level_of: Callable[[Named], MaybeLevel]
    properties: dict[CodeRef, tuple[Laid, ...]]
    holdings: Holdings

    def means(self, named: Named, level: MaybeLevel, label: str) -> bool:
        """Whether `named` means this label on this level."""
        return named.label == label and self.level_of(named) == level


def laid_out(corpus: Corpus) -> LaidOut:
    """The theory of a study, with the incidents behind it."""
    material, codings, current = corpus.material, corpus.codings, corpus.current
    around = incidents.at_turns(codings)
    codes = focused_codes(material, codings)
    holdings, of_codes = Holdings(material, codings, current), CodingsOfCodes(codings)
    in_theory = {
        named.label for category in material.theory.categories for named in category.focused
    }
    return LaidOut(
        theory=material.theory,
        focused=codes,
        carried={
            label: carried_by(code, material, of_codes, around, current, holdings)
            for label, code in codes.items()
            if label in in_theory
        },
        unfit={
            label: resolve_all(code.does_not_fit, material, around, [])
            for label, code in codes.items()
        },
        views=_views(material, around),
        level_of=corpus.names.level,
        properties={
            code: properties.laid_out(
                code, material, around, properties.unfit(code, material, corpus.names, around)
            )
            for code, _ in properties.entries(material)
        },
        holdings=holdings,
    )


def _views(material: Material, around: AtTurns) -> dict[Incident, IncidentInContext]:
    named: list[Incident] = [case.incident for case in material.theory.negative_cases]
    for relation in material.theory.relations:
        named += [*relation.support, *relation.contradict]
    named += [look.found for look in material.theory.looks if isinstance(look.found, Incident)]
    for code in material.focused.values():
        named += code.incidents
    found = {incident: resolve(incident, material, around, []) for incident in named}
    return {incident: view for incident, view in found.items() if view is not None}


def theory_page(laid: LaidOut) -> str:
    """`theory.md`: each category, its subcategories under it; then the relations."""
    parts = ["# Theory"]
    categories = laid.theory.categories
    if not categories:
        parts.append(f"No {CATEGORY.noun} yet.")
    labels = {category.label for category in categories}
    for category in categories:
        if category.part_of is None or category.part_of.label not in labels:
            parts += _category(category, laid, 2)
    parts.append("## Relations")
    parts += [part for relation in laid.theory.relations for part in _relation(relation, laid)] or [
        "No relation yet."
    ]
    return "\n\n".join(parts) + "\n"


def _category(category: Category, laid: LaidOut, depth: int) -> list[str]:
    below = [c for c in laid.theory.categories if c.part_of and c.part_of.label == category.label]
    parts = [
        f"{'#' * min(depth, 5)} {plain(category.label)}",
        plain(category.definition) or NOTHING_YET,
    ]
    if category.part_of:
        parts.append(f"Part of: {plain(category.part_of.label)}")
    if below:
        parts.append(f"{spoken().part[1].capitalize()}: {', '.join(plain(c.label) for c in below)}")
    parts += _properties(CodeRef(CATEGORY, category.label), laid)
    for named in category.focused:
        parts += _focused(named.label, category.label, laid)
    parts.append(f"**Does not fit {plain(category.label)}**")
    parts += _unfit(category, laid)
    for other in below:
        parts += _category(other, laid, depth + 1)
    return parts


def _focused(label: str, category: str, laid: LaidOut) -> list[str]:
    code, thing = laid.focused[label], CodeRef(FOCUSED, label)
    of_both = laid.holdings.of(CodeRef(CATEGORY, category))
    carried = [view for view in laid.carried[label] if view.key in of_both]
    parts = [
        f"**{plain(label)}**: {plain(code.definition) or NOTHING_YET}",
        f"Because: {plain(code.because) or NO_REASON}"
        + (f" ({plain(code.by)})" if code.by else ""),
    ]
    there = {view.key for view in carried}
    chosen = [
        view
        for incident in code.incidents
        if (view := laid.views.get(incident)) and view.key in there
    ]
    whole = {view.place for view in carried if view.words is None}
    shown = chosen or [view for view in carried if view.words is None or view.place not in whole]
    parts += [_extract(view) for view in shown]
    places = {view.place for view in shown}
    rest = dict.fromkeys(view.place for view in carried if view.place not in places)
    if rest:
        parts.append(f"Also: {', '.join(rest)}.")
    waiting = laid.holdings.waiting(thing)
    if waiting:
        parts.append(f"Since then, not judged: {len(waiting)} ({plain(turns(waiting))}).")
    parts += _properties(CodeRef(FOCUSED, label), laid)
    unfit = _unfit_of_focused(label, laid)
    if unfit:
        return [
            *parts,
            f"Does not fit {plain(label)}:",
            *unfit,
            *_none_besides(FOCUSED, label, laid),
        ]
    searches = _searches(FOCUSED, label, laid)
    return [*parts, none_recorded(searches)] if searches else parts


def _properties(code: CodeRef, laid: LaidOut) -> list[str]:
    laid_out = laid.properties.get(code, ())
    listed = "\n".join(map(in_short, laid_out))
    return [f"Properties of {plain(code.label)}:", listed] if laid_out else []


def _unfit_of_focused(label: str, laid: LaidOut) -> list[str]:
    """Negative cases of a focused code, then what its own entry says does not fit."""
    cases = _cases(FOCUSED, label, laid)
    told = {(view.place, view.span) for case in cases if (view := laid.views.get(case.incident))}
    parts = [part for case in cases for part in _case(case, laid)] + _found(FOCUSED, label, laid)
    parts += [_extract(view) for view in laid.unfit[label] if (view.place, view.span) not in told]
    return parts


def _cases(level: MaybeLevel, label: str, laid: LaidOut) -> list[NegativeCase]:
    return [
        case for case in laid.theory.negative_cases if laid.means(case.contradicts, level, label)
    ]


def _unfit(category: Category, laid: LaidOut) -> list[str]:
    """The negative cases of a category; without any, who looked and when, and where to read on."""
    cases = [part for case in _cases(CATEGORY, category.label, laid) for part in _case(case, laid)]
    cases += _found(CATEGORY, category.label, laid)
    if cases:
        return cases + _none_besides(CATEGORY, category.label, laid)
    focused = [named.label for named in category.focused]
    unfit = [plain(label) for label in focused if _unfit_of_focused(label, laid)]
    said = _none_recorded(CATEGORY, category.label, laid)
    return [
        said
        + (
            f" What does not fit its {FOCUSED.nouns} is listed under them: {', '.join(unfit)}."
            if unfit
            else ""
        )
    ]


def _searches(level: MaybeLevel, label: str, laid: LaidOut) -> list[str]:
    """Who looked for negative cases without finding any, and when."""
    return [
        _who_looked(look)
        for look in laid.theory.looks
        if laid.means(look.looked_for, level, label) and look.found is None
    ]


def _none_recorded(level: MaybeLevel, label: str, laid: LaidOut) -> str:
    return none_recorded(_searches(level, label, laid))


def _none_besides(level: MaybeLevel, label: str, laid: LaidOut) -> list[str]:
    searches = "; ".join(_searches(level, label, laid))
    return [f"None found besides: {searches}."] if searches else []


def _who_looked(look: Look) -> str:
    return f"{plain(look.by) or 'somebody'} looked{f' on {look.date}' if look.date else ''}"


def _found(level: MaybeLevel, label: str, laid: LaidOut) -> list[str]:
    """What was found by looking for cases that do not fit `label`."""
    parts = []
    for look in laid.theory.looks:
        if laid.means(look.looked_for, level, label) and look.found is not None:
            parts += [
                f"{_who_looked(look)} and found:",
                _extract(laid.views[look.found])
                if look.found in laid.views
                else plain(_typed(look.found)),
            ]
    return parts


def _typed(found: Incident | str) -> str:
    """An incident as a person names it; what is none, in their words."""
    return found if isinstance(found, str) else found.address


def _case(case: NegativeCase, laid: LaidOut) -> list[str]:
    parts = (
        [_extract(laid.views[case.incident])]
        if case.incident in laid.views
        else [plain(case.incident.address)]
    )
    said = (
        f"Led to: {plain(case.led_to.rstrip('.'))}."
        + (f" {plain(case.note)}" if case.note else "")
        + (f" ({plain(case.by)})" if case.by else "")
    )
    return [*parts, said]


def _relation(relation: Relation, laid: LaidOut) -> list[str]:
    parts = [f"### {plain(relation.sentence)}"]
    parts.append(f"Hypothesis: {plain(relation.hypothesis) or 'not written yet'}")
    parts += _carried("Support", supporting(relation, laid), laid, NO_SUPPORT)
    against = [
        part for case in _cases(RELATION, relation.sentence, laid) for part in _case(case, laid)
    ]
    against += _found(RELATION, relation.sentence, laid)
    empty = "as follows." if against else _none_recorded(RELATION, relation.sentence, laid)
    parts += _carried("Contradiction", relation.contradict, laid, empty) + against
    if against or relation.contradict:
        parts += _none_besides(RELATION, relation.sentence, laid)
    if relation.memo:
        parts.append(f"Memo: {plain(relation.memo.label)}")
    return parts


def supporting(relation: Relation, laid: LaidOut) -> list[Incident]:
    """The support of a relation, without what is on record as contradicting it."""
    thing = CodeRef(RELATION, relation.sentence)
    return [
        incident
        for incident in relation.support
        if (view := laid.views.get(incident)) and laid.holdings.fits(thing, view.key)
    ]


def _carried(name: str, named: Iterable[Incident], laid: LaidOut, empty: str) -> list[str]:
    views = [laid.views[incident] for incident in named if incident in laid.views]
    return [f"{name}:", *(_extract(view) for view in views)] if views else [f"{name}: {empty}"]


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
        parts += [part for case in _cases(level, label, laid) for part in _case(case, laid)]
    for relation in laid.theory.relations:
        if relation.contradict:
            parts.append(f"## Contradicts the relation {plain(relation.sentence)}")
            parts += _carried("By its own entry", relation.contradict, laid, "")
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
    """The words as a quotation, with participant and turn, as
    Markdown that renders them as they were said. A long turn is cut, and says so.
    """
    who = (
        view.place
        if view.participant == view.interview
        else f"{view.participant or 'interviewer'}, {view.place}"
    )
    words = view.extract
    end = _end_of_extract(words) if view.words is None else len(words)
    shown = plain(words[:end])
    if end < len(words):
        shown += f" {CUT}"
        number, of = len(words[:end].split()), len(words.split())
        who += f" (the first {number} of {of} words)"
    quoted = "\n".join(f"> {line}".rstrip() for line in shown.split("\n"))
    return f"{quoted}\n>\n> — {who}"


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


def contradicting(thing: CodeRef, laid: LaidOut) -> Places:
    """What is on record as not fitting `thing`, in study order."""
    return tuple(sorted(laid.holdings.against(thing), key=laid.holdings.order))


def _mermaid(text: str) -> str:
    """`text` for a quoted Mermaid label: what could mean
    something there becomes a character entity.
    """
    return re.sub(r"[^\w ,'’()-]|^-", lambda match: f"#{ord(match.group())};", text)
