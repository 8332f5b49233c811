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
from gtpipe.render.page_parts import Heading, Paragraph, Part, Points, Quotation, as_markdown
from gtpipe.render.pages import NO_REASON, NOTHING_YET, turns
from gtpipe.render.properties import in_short
from gtpipe.study import Corpus
from gtpipe.text.markdown import plain

NO_SUPPORT = "no support yet."
ABOUT, AT_LEAST, AT_MOST = 80, 40, 120  # words of an extract where a whole turn is meant
CUT = "[…]"
NOT_SHOWN = "something that is not shown here"
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\Z")


@dataclass(frozen=True)
class LaidOut:
    """What the pages need: the theory, and the incidents behind it as views.

    `typed` writes what a person typed, such that the page shows it so. Without `words` no
    participant's words are on it, nor what somebody wrote about single incidents.
    """

    theory: Theory
    focused: dict[str, FocusedCode]
    carried: dict[str, tuple[IncidentInContext, ...]]
    unfit: dict[str, tuple[IncidentInContext, ...]]
    views: dict[Incident, IncidentInContext]
    level_of: Callable[[Named], MaybeLevel]
    properties: dict[CodeRef, tuple[Laid, ...]]
    holdings: Holdings
    typed: Callable[[str], str] = plain
    words: bool = True

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
    """`theory.md`."""
    return as_markdown(theory_parts(laid))


def theory_parts(laid: LaidOut) -> list[Part]:
    """Each category, its subcategories under it; then the relations."""
    parts: list[Part] = [Heading(1, "Theory")]
    categories = laid.theory.categories
    if not categories:
        parts.append(Paragraph(f"No {CATEGORY.noun} yet."))
    labels = {category.label for category in categories}
    for category in categories:
        if category.part_of is None or category.part_of.label not in labels:
            parts += _category(category, laid, 2)
    parts.append(Heading(2, "Relations"))
    parts += [part for relation in laid.theory.relations for part in _relation(relation, laid)] or [
        Paragraph("No relation yet.")
    ]
    return parts


def _category(category: Category, laid: LaidOut, depth: int) -> list[Part]:
    below = [c for c in laid.theory.categories if c.part_of and c.part_of.label == category.label]
    label, typed = laid.typed(category.label), laid.typed
    parts: list[Part] = [
        Heading(depth, label, CodeRef(CATEGORY, category.label)),
        Paragraph(typed(category.definition) or NOTHING_YET),
    ]
    if category.part_of:
        parts.append(Paragraph(f"Part of: {typed(category.part_of.label)}"))
    if below:
        named = ", ".join(typed(c.label) for c in below)
        parts.append(Paragraph(f"{spoken().part[1].capitalize()}: {named}"))
    parts += _properties(CodeRef(CATEGORY, category.label), laid)
    for each in category.focused:
        parts += _focused(each.label, category.label, laid)
    parts.append(Paragraph("", f"Does not fit {label}"))
    parts += _unfit(category, laid)
    for other in below:
        parts += _category(other, laid, depth + 1)
    return parts


def _focused(label: str, category: str, laid: LaidOut) -> list[Part]:
    code, thing, typed = laid.focused[label], CodeRef(FOCUSED, label), laid.typed
    of_both = laid.holdings.of(CodeRef(CATEGORY, category))
    carried = [view for view in laid.carried[label] if view.key in of_both]
    parts: list[Part] = [
        Paragraph(typed(code.definition) or NOTHING_YET, typed(label), thing),
        Paragraph(
            f"Because: {typed(code.because) or NO_REASON}"
            + (f" ({typed(code.by)})" if code.by else "")
        ),
    ]
    there = {view.key for view in carried}
    chosen = [
        view
        for incident in code.incidents
        if (view := laid.views.get(incident)) and view.key in there
    ]
    whole = {view.place for view in carried if view.words is None}
    shown = chosen or [view for view in carried if view.words is None or view.place not in whole]
    parts += [_extract(view, laid) for view in shown]
    places = {view.place for view in shown}
    rest = dict.fromkeys(view.place for view in carried if view.place not in places)
    if rest:
        parts.append(Paragraph(f"Also: {', '.join(rest)}."))
    waiting = laid.holdings.waiting(thing)
    if waiting:
        since = f"Since then, not judged: {len(waiting)} ({typed(turns(waiting))})."
        parts.append(Paragraph(since))
    parts += _properties(CodeRef(FOCUSED, label), laid)
    unfit = _unfit_of_focused(label, laid)
    if unfit:
        return [
            *parts,
            Paragraph(f"Does not fit {typed(label)}:"),
            *unfit,
            *_none_besides(FOCUSED, label, laid),
        ]
    searches = _searches(FOCUSED, label, laid)
    return [*parts, Paragraph(none_recorded(searches))] if searches else parts


def _properties(code: CodeRef, laid: LaidOut) -> list[Part]:
    properties = laid.properties.get(code, ())
    if not properties:
        return []
    listed = tuple(in_short(each, laid.typed, laid.words) for each in properties)
    return [Paragraph(f"Properties of {laid.typed(code.label)}:"), Points(listed)]


def _unfit_of_focused(label: str, laid: LaidOut) -> list[Part]:
    """Negative cases of a focused code, then what its own entry says does not fit."""
    cases = _cases(FOCUSED, label, laid)
    told = {(view.place, view.span) for case in cases if (view := laid.views.get(case.incident))}
    parts = [part for case in cases for part in _case(case, laid)] + _found(FOCUSED, label, laid)
    parts += [
        _extract(view, laid) for view in laid.unfit[label] if (view.place, view.span) not in told
    ]
    return parts


def _cases(level: MaybeLevel, label: str, laid: LaidOut) -> list[NegativeCase]:
    return [
        case for case in laid.theory.negative_cases if laid.means(case.contradicts, level, label)
    ]


def _unfit(category: Category, laid: LaidOut) -> list[Part]:
    """The negative cases of a category; without any, who looked and when, and where to read on."""
    cases = [part for case in _cases(CATEGORY, category.label, laid) for part in _case(case, laid)]
    cases += _found(CATEGORY, category.label, laid)
    if cases:
        return cases + _none_besides(CATEGORY, category.label, laid)
    focused = [named.label for named in category.focused]
    unfit = [laid.typed(label) for label in focused if _unfit_of_focused(label, laid)]
    said = _none_recorded(CATEGORY, category.label, laid)
    return [
        Paragraph(
            said
            + (
                f" What does not fit its {FOCUSED.nouns} is listed under them: {', '.join(unfit)}."
                if unfit
                else ""
            )
        )
    ]


def _searches(level: MaybeLevel, label: str, laid: LaidOut) -> list[str]:
    """Who looked for negative cases without finding any, and when."""
    return [
        _who_looked(look, laid)
        for look in laid.theory.looks
        if laid.means(look.looked_for, level, label) and look.found is None
    ]


def _none_recorded(level: MaybeLevel, label: str, laid: LaidOut) -> str:
    return none_recorded(_searches(level, label, laid))


def _none_besides(level: MaybeLevel, label: str, laid: LaidOut) -> list[Part]:
    searches = "; ".join(_searches(level, label, laid))
    return [Paragraph(f"None found besides: {searches}.")] if searches else []


def _who_looked(look: Look, laid: LaidOut) -> str:
    return f"{laid.typed(look.by) or 'somebody'} looked{f' on {look.date}' if look.date else ''}"


def _found(level: MaybeLevel, label: str, laid: LaidOut) -> list[Part]:
    """What was found by looking for cases that do not fit `label`."""
    parts: list[Part] = []
    for look in laid.theory.looks:
        if laid.means(look.looked_for, level, label) and look.found is not None:
            parts += [
                Paragraph(f"{_who_looked(look, laid)} and found:"),
                _extract(laid.views[look.found], laid)
                if look.found in laid.views
                else Paragraph(laid.typed(_named(look.found, laid))),
            ]
    return parts


def _named(found: Incident | str, laid: LaidOut) -> str:
    """An incident as a person names it; what is none, in their words."""
    if isinstance(found, str):
        return found if laid.words else NOT_SHOWN
    return found.address if laid.words else f"{found.interview} {found.turn}"


def _case(case: NegativeCase, laid: LaidOut) -> list[Part]:
    typed = laid.typed
    said = (
        f"Led to: {typed(case.led_to.rstrip('.'))}."
        + (f" {typed(case.note)}" if case.note and laid.words else "")
        + (f" ({typed(case.by)})" if case.by else "")
    )
    if case.incident in laid.views:
        return [_extract(laid.views[case.incident], laid), Paragraph(said)]
    return [Paragraph(typed(_named(case.incident, laid))), Paragraph(said)]


def _relation(relation: Relation, laid: LaidOut) -> list[Part]:
    typed = laid.typed
    parts: list[Part] = [
        Heading(3, typed(relation.sentence), CodeRef(RELATION, relation.sentence)),
        Paragraph(f"Hypothesis: {typed(relation.hypothesis) or 'not written yet'}"),
    ]
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
        parts.append(Paragraph(f"Memo: {typed(relation.memo.label)}"))
    return parts


def supporting(relation: Relation, laid: LaidOut) -> list[Incident]:
    """The support of a relation, without what is on record as contradicting it."""
    thing = CodeRef(RELATION, relation.sentence)
    return [
        incident
        for incident in relation.support
        if (view := laid.views.get(incident)) and laid.holdings.fits(thing, view.key)
    ]


def _carried(name: str, named: Iterable[Incident], laid: LaidOut, empty: str) -> list[Part]:
    views = [laid.views[incident] for incident in named if incident in laid.views]
    if not views:
        return [Paragraph(f"{name}: {empty}")]
    return [Paragraph(f"{name}:"), *(_extract(view, laid) for view in views)]


def negative_page(laid: LaidOut) -> str:
    """`negative-cases.md`: what contradicts what, and what it
    led to; what was looked for and not found.
    """
    typed = laid.typed
    parts: list[Part] = [Heading(1, "Negative cases")]
    for level, label in dict.fromkeys(
        (laid.level_of(c.contradicts), c.contradicts.label) for c in laid.theory.negative_cases
    ):
        code = " code" if level in (INITIAL, FOCUSED) else ""
        parts.append(Heading(2, f"Contradicts the {level}{code} {typed(label)}"))
        parts += [part for case in _cases(level, label, laid) for part in _case(case, laid)]
    for relation in laid.theory.relations:
        if relation.contradict:
            parts.append(Heading(2, f"Contradicts the relation {typed(relation.sentence)}"))
            parts += _carried("By its own entry", relation.contradict, laid, "")
    told = {
        (laid.level_of(c.contradicts), c.contradicts.label, v.place, v.span)
        for c in laid.theory.negative_cases
        if (v := laid.views.get(c.incident))
    }
    for label, views in laid.unfit.items():
        more = [view for view in views if (FOCUSED, label, view.place, view.span) not in told]
        if more:
            parts.append(Heading(2, f"Does not fit the {FOCUSED.noun} {typed(label)}"))
            parts += [_extract(view, laid) for view in more]
    parts.append(Heading(2, "Looked for"))
    looks = [
        f"{typed(look.looked_for.label)}: {_who_looked(look, laid)}; "
        f"{NONE_RECORDED if look.found is None else typed(_named(look.found, laid))}"
        for look in laid.theory.looks
    ]
    nobody = Paragraph("Nobody is on record as having looked.")
    parts.append(Points(tuple((look, ()) for look in looks)) if looks else nobody)
    return as_markdown(parts)


def _extract(view: IncidentInContext, laid: LaidOut) -> Quotation:
    """The words as a quotation, with participant and turn. A long turn is cut, and says so."""
    who = (
        view.place
        if view.participant == view.interview
        else f"{view.participant or 'interviewer'}, {view.place}"
    )
    if not laid.words:
        return Quotation("", who)
    words = view.extract
    end = _end_of_extract(words) if view.words is None else len(words)
    shown = laid.typed(words[:end])
    if end < len(words):
        shown += f" {CUT}"
        number, of = len(words[:end].split()), len(words.split())
        who += f" (the first {number} of {of} words)"
    return Quotation(shown, who)


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
