"""Stage 4, the thinking part: categories, relations, negative cases and sufficiency as a person
wrote them, with the words.

Records in, records out. What is empty is said to be empty, and who looked; nothing is concluded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from gtpipe.analysis.comparison import Looking
from gtpipe.analysis.focused_codes import focused_codes
from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.labels import Labels
from gtpipe.analysis.references import check, check_places, check_written_after, placed
from gtpipe.model.codings import Codings
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, RELATION, CodeRef, Level
from gtpipe.model.problems import Kind, Problem, error, note
from gtpipe.model.records import (
    NOWHERE,
    Category,
    FocusedCode,
    Incident,
    Judgement,
    Material,
    Named,
    Relation,
    Table,
)
from gtpipe.store.layout import MEMOS

NOT_JUDGED = "not judged"
DEEPEST = 20  # levels of categories


class Brought(NamedTuple):
    """What was new in an interview, what the person says it changed, and their judgement.

    `first_of` are the focused codes whose first extract stands in it, `written` the entries that
    say they were written after it; `waiting` counts what came since under a focused code.
    """

    interview: str
    new: tuple[CodeRef, ...]
    first_of: tuple[CodeRef, ...]
    written: tuple[CodeRef, ...]
    judgement: Judgement
    waiting: int


def brought(material: Material, codings: Codings, holdings: Holdings) -> tuple[Brought, ...]:
    """Interview by interview in study order: what was new in it, what the person says it changed,
    and their judgement.

    An initial code is new in the interview of its first incident. Of focused codes two things are
    told: whose first extract stands in the interview; and which were written after it, as their
    entries say, where they do. A theory made late has early incidents too, and is not sufficient
    early. Categories only say when they were written. What came since under a code that was taken
    up, and waits to be judged, is counted apart.
    """
    judged = {judgement.interview.label: judgement for judgement in material.theory.judgements}
    new: dict[str, list[CodeRef]] = {}
    first_of: dict[str, list[CodeRef]] = {}
    for code in codings.used:
        if code.level is INITIAL:
            new.setdefault(codings.first_interview(code), []).append(code)
    waiting = Counter[str]()
    for label in focused_codes(material, codings):
        thing = CodeRef(FOCUSED, label)
        standing = holdings.standing(thing)
        waiting.update(place.interview for place in standing.waiting)
        for place in standing.extracts:
            first_of.setdefault(place.interview, []).append(thing)
            break
    written = _written_after(FOCUSED, material.focused.values())
    themes = _written_after(CATEGORY, material.theory.categories)
    return tuple(
        Brought(
            name,
            tuple(new.get(name, ())),
            tuple(sorted(first_of.get(name, ()))),
            (*written.get(name, ()), *themes.get(name, ())),
            judged.get(name, Judgement(Named(name, NOWHERE), (), "", "", NOWHERE)),
            waiting[name],
        )
        for name in material.interviews
    )


def sufficiency(material: Material, codings: Codings, holdings: Holdings) -> Table:
    """What each interview brought, as a table.

    Theoretical sufficiency is a judgement with a name under it (Dey 1999); an empty one reads "not
    judged".
    """
    rows = [
        (
            one.interview,
            len(one.new),
            "; ".join(code.label for code in one.first_of),
            "; ".join(map(_named_above, one.written)),
            "; ".join(named.label for named in one.judgement.modified),
            one.judgement.judgement or NOT_JUDGED,
            one.judgement.by,
            one.waiting,
        )
        for one in brought(material, codings, holdings)
    ]
    return Table(SUFFICIENCY, tuple(rows))


SUFFICIENCY = (
    "interview",
    "new-initial-codes",
    "first-incident-of",
    "written-after-it",
    "modified",
    "judgement",
    "by",
    "not-judged",
)
_BETWEEN = "; "


def sufficiency_since(
    rows: Mapping[str, tuple[str, ...]],
    touched: Collection[str],
    interviews: Collection[str],
    looking: Looking,
) -> Table:
    """The same out of the `rows` of before, by interview, where nothing but codings of these
    `interviews` changed; `touched` are the focused codes that it may concern, those included that
    are gone.
    """
    material, codings = looking.material, looking.codings
    is_apart = not any(_BETWEEN in label for label in (*looking.focused, *touched))
    if not is_apart or rows.keys() != material.interviews.keys():
        return sufficiency(material, codings, looking.holdings)
    new = Counter(codings.first_interview(code) for code in codings.used if code.level is INITIAL)
    first_of: dict[str, list[str]] = {}
    for label in touched:
        for place in looking.holdings.of(CodeRef(FOCUSED, label)):
            first_of.setdefault(place.interview, []).append(label)
            break

    def row(name: str, was: tuple[str, ...]) -> tuple[object, ...]:
        stays = [label for label in was[2].split(_BETWEEN) if label and label not in touched]
        first = _BETWEEN.join(sorted([*stays, *first_of.get(name, ())]))
        waiting = _waiting_in(name, looking) if name in interviews else was[7]
        return (name, new[name], first, *was[3:7], waiting)

    return Table(SUFFICIENCY, tuple(row(name, rows[name]) for name in material.interviews))


def _waiting_in(interview: str, looking: Looking) -> int:
    """How many incidents of an interview wait to be judged under focused codes."""
    turns = looking.material.interviews[interview].position
    places = sorted({*looking.codings.at(interview, turns)})
    here = Codings.of([*looking.codings.at_places(places)])
    holdings = Holdings(looking.material, here, looking.current)
    used, current = {*here.used}, looking.current
    return sum(
        len(holdings.waiting(CodeRef(FOCUSED, label)))
        for label, code in looking.focused.items()
        if any((INITIAL, current.get(one.label, one.label)) in used for one in code.takes_up)
    )


def _named_above(code: CodeRef) -> str:
    return f"{CATEGORY}: {code.label}" if code.level == CATEGORY else code.label


def _written_after(
    level: Level, entries: Iterable[FocusedCode | Category]
) -> dict[str, list[CodeRef]]:
    """Interview → the entries that say they were written after it, by label."""
    found: dict[str, list[CodeRef]] = {}
    for one in sorted(entries, key=lambda entry: entry.label):
        if one.written_after:
            found.setdefault(one.written_after.label, []).append(CodeRef(level, one.label))
    return found


def not_said_when(material: Material, codings: Codings) -> list[str]:
    """The focused codes and categories that do not say after which interview they were written."""
    everything = focused_codes(material, codings).values()
    codes = [code for code in everything if code.written_after is None]
    themes = [one for one in material.theory.categories if one.written_after is None]
    return [*(code.label for code in codes), *(f"{CATEGORY}: {one.label}" for one in themes)]


# --- what is named and not there ------------------------------------------------------------------


def problems(material: Material, known: Labels) -> list[Problem]:
    """What `theory.yaml` names and is not there, cycles, things that stand twice; and what is worth
    a note.
    """
    found: list[Problem] = []
    theory = material.theory
    found += _categories(theory.categories, material, known)
    things = (CATEGORY, FOCUSED, INITIAL)
    sentences: dict[str, Relation] = {}
    for relation in theory.relations:
        if relation.sentence in sentences:
            found.append(
                error(
                    *relation.where,
                    f'"{relation.sentence}" stands twice',
                    f"The first is at line {sentences[relation.sentence].where.line}; keep one",
                )
            )
        sentences.setdefault(relation.sentence, relation)
        check(relation.source, known, things, "this relation comes from", found, listed=False)
        check(relation.target, known, things, "this relation leads to", found, listed=False)
        for incident in (*relation.support, *relation.contradict):
            place = placed(incident, material, found)
            if place and not material.interviews[place.interview].participant_of(place.turn):
                found.append(
                    note(
                        *incident.where,
                        f"{incident.address} is the interviewer's",
                        "Name a participant's turn",
                    )
                )
        if relation.memo and relation.memo.label.removesuffix(".md") not in {
            memo.name for memo in material.memos
        }:
            found.append(
                error(
                    *relation.memo.where,
                    f'no memo "{relation.memo.label}" in {MEMOS}/',
                    "Write the file's name without .md",
                    kind=Kind.NO_MEMO,
                    about=relation.memo.label,
                )
            )
        if not relation.support:
            found.append(
                note(
                    *relation.where,
                    f'"{relation.sentence}" has no support yet',
                    "Name incidents under `support: |`",
                )
            )
    for case in theory.negative_cases:
        placed(case.incident, material, found)
        check(case.contradicts, known, (*things, RELATION), "this contradicts", found, listed=False)
    for look in theory.looks:
        check(
            look.looked_for, known, (*things, RELATION), "somebody looked for", found, listed=False
        )
        if isinstance(look.found, Incident):
            placed(look.found, material, found)
        if not (look.by and look.date):
            found.append(
                note(
                    *look.where,
                    "this does not say who looked, and when",
                    "Write `by: …` and `date: …`",
                )
            )
    seen: dict[str, Judgement] = {}
    for judgement in theory.judgements:
        name = judgement.interview.label
        if name not in material.interviews:
            found.append(
                error(
                    *judgement.interview.where,
                    f'no interview "{name}"',
                    f"The interviews are {', '.join(material.interviews)}",
                    kind=Kind.NO_SUCH_NAME,
                    about=name,
                )
            )
        elif name in seen:
            found.append(
                error(
                    *judgement.interview.where,
                    f'the interview "{name}" is judged twice',
                    f"The first is at line {seen[name].where.line}; keep one",
                )
            )
        seen.setdefault(name, judgement)
        for named in judgement.modified:
            check(named, known, (FOCUSED, CATEGORY), "this interview modified", found)
    return found


def _categories(categories: Iterable[Category], material: Material, known: Labels) -> list[Problem]:
    found: list[Problem] = []
    first: dict[str, Category] = {}
    for category in categories:
        if category.label in first:
            found.append(
                error(
                    *category.where,
                    f'the {CATEGORY.noun} "{category.label}" stands twice',
                    f"The first is at line {first[category.label].where.line}; keep one",
                )
            )
        first.setdefault(category.label, category)
        for named in category.focused:
            check(named, known, (FOCUSED,), f"this {CATEGORY.noun} holds", found)
        for each in category.properties:
            check_places(each.incidents, material, found)
        if category.part_of:
            check(category.part_of, known, (CATEGORY,), "this is part of", found, listed=False)
        check_written_after(category.written_after, material, found)
    for category in first.values():
        way = way_up(category, first)
        if category.part_of and way[-1] == category.label and len(way) > 1:
            found.append(
                error(
                    *category.part_of.where,
                    f'"{category.label}" is part of itself: {" → ".join(way)}',
                    "Remove one `part-of`",
                )
            )
        elif category.part_of and len(way) > DEEPEST:
            found.append(
                error(
                    *category.part_of.where,
                    f'"{category.label}" has more than {DEEPEST} levels above it',
                    "Nobody can read so deep a theory; bring some categories together",
                )
            )
    return found


def way_up(category: Category, categories: dict[str, Category]) -> list[str]:
    """The categories above this one, it first, as far as can be read; where the way leads back, it
    ends there.
    """
    way = [category.label]
    while category.part_of and category.part_of.label in categories and len(way) <= DEEPEST + 1:
        category = categories[category.part_of.label]
        way.append(category.label)
        if category.label in way[:-1]:
            break
    return way
