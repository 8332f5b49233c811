"""Incidents of a code that may be worth a second look, as questions with the reason for each. Never
a verdict.

Three plain reasons, no model: words unlike those of the rest; contrast or negation in the words; a
usual companion code missing. Negative cases are for a person to find (Charmaz 2014): where nothing
stands out, that says nothing about the code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from gtpipe.analysis.holdings import Holdings
from gtpipe.model.anchor import reaches
from gtpipe.model.codings import Codings
from gtpipe.model.level import FOCUSED, INITIAL, CodeRef
from gtpipe.model.names import label_order
from gtpipe.model.records import IncidentKey, Material

UNLIKE, CONTRAST, NEGATION, COMPANION = (
    "unlike the rest",
    "contrast",
    "negation",
    "companion missing",
)
LANGUAGE = "en"  # what CONTRASTS and NEGATIONS are words of
CONTRASTS = frozenset("although but despite except however instead though unless whereas".split())
NEGATIONS = frozenset("cannot neither never no nobody none nor not nothing nowhere without".split())
OTHERS = 3  # with fewer other incidents, "the rest" and "usual" mean nothing
DISTINCTIVE = 3  # an incident with fewer distinctive words has nothing to be compared by
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


class Question(NamedTuple):
    """What to ask of an incident, of which kind, and why it is asked."""

    kind: str
    question: str
    reason: str


class Asked(NamedTuple):
    """An incident with the questions that it raises."""

    place: IncidentKey
    participant: str
    words: str
    questions: tuple[Question, ...]


class Looked(NamedTuple):
    """What looking at a code's incidents came to. `common` are the kinds of word that most of them
    hold: not asked about.

    `recorded` is the number of incidents that stand in the files as not fitting already.
    """

    incidents: int
    asked: tuple[Asked, ...]
    common: tuple[str, ...]
    recorded: int


def look(
    thing: CodeRef,
    holdings: Holdings,
    material: Material,
    codings: Codings,
    current: dict[str, str],
    *,
    english: bool,
    recorded: Iterable[IncidentKey] = (),
) -> Looked:
    """The incidents of `thing` that raise a question: those that raise most kinds first, then in
    study order.
    """
    places = list(holdings.of(thing))
    words = {place: holdings.words(place) for place in places}
    questions: dict[IncidentKey, list[Question]] = {place: [] for place in places}
    for place, question in _unlike(words, material):
        questions[place].append(question)
    common = []
    if english:
        for kind, among in ((CONTRAST, CONTRASTS), (NEGATION, NEGATIONS)):
            found = {place: said for place in places if (said := _among(words[place], among))}
            if len(places) > OTHERS and len(found) * 2 > len(places):
                common.append(kind)
                continue
            for place, said in found.items():
                questions[place].append(_spoken(kind, said, len(found) - 1, len(places) - 1))
    for place, question in _companions(thing, places, holdings, material, codings, current):
        questions[place].append(question)
    known = set(recorded)
    known.update(holdings.unfit(thing))
    left = [place for place in places if not any(_same(place, other, material) for other in known)]
    asked = [
        Asked(place, holdings.participant(place), words[place], tuple(questions[place]))
        for place in left
        if questions[place]
    ]
    asked.sort(key=lambda one: (-len(one.questions), holdings.order(one.place)))
    return Looked(len(places), tuple(asked), tuple(common), len(known))


def is_english(language: str) -> bool:
    return language.casefold().replace("_", "-").partition("-")[0] in (LANGUAGE, "eng", "english")


def _same(one: IncidentKey, other: IncidentKey, material: Material) -> bool:
    """Whether two incidents share words of a turn."""
    interview = material.interviews[one.interview]
    return one.interview == other.interview and reaches(interview, one[1:], other[1:])


# --- words unlike those of the rest ---------------------------------------------------------------


def _unlike(
    words: dict[IncidentKey, str], material: Material
) -> Iterable[tuple[IncidentKey, Question]]:
    """Incidents that share no distinctive word with any other, where at least half of the code's
    incidents do share one.

    A word is distinctive if it has at least three letters and is not what the participants say all
    the time: of their other turns, in the interviews that the code stands in, no more than one in
    ten holds it.
    """
    if len(words) <= OTHERS:
        return
    coded = {
        (place.interview, id)
        for place in words
        for id in material.interviews[place.interview].ids_of(place.turn)
    }
    spoken = [
        set(_split(turn.text))
        for name in dict.fromkeys(place.interview for place in words)
        for turn in material.interviews[name].participant_turns
        if (name, turn.id) not in coded
    ]
    held = Counter(word for turn in spoken for word in turn)
    distinctive = {
        place: {word for word in _split(text) if len(word) >= 3 and held[word] * 10 <= len(spoken)}
        for place, text in words.items()
    }
    shared = Counter(word for found in distinctive.values() for word in found)
    alone = {
        place for place, found in distinctive.items() if not any(shared[word] > 1 for word in found)
    }
    if len(alone) * 2 > len(words):
        return
    for place in words:
        if place in alone and len(distinctive[place]) >= DISTINCTIVE:
            yield (
                place,
                Question(
                    UNLIKE,
                    "Is this still the same thing?",
                    "it has no distinctive word in common with the other "
                    f"{len(words) - 1} incidents",
                ),
            )


def _split(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]


# --- contrast and negation ------------------------------------------------------------------------


def _among(text: str, among: frozenset[str]) -> list[str]:
    """The words of `text` that are in `among`, each once, in order; `don't` is a `not`."""
    return list(
        dict.fromkeys(
            word
            for word in _split(text)
            if word in among or (among is NEGATIONS and word.endswith("n't"))
        )
    )


def _spoken(kind: str, said: list[str], others: int, rest: int) -> Question:
    quoted = " and ".join(
        [", ".join(f'"{word}"' for word in said[:-1]), f'"{said[-1]}"']
        if len(said) > 1
        else [f'"{said[0]}"']
    )
    what = (
        "Is this told as an exception?"
        if kind == CONTRAST
        else "Is this told as something that does not hold?"
    )
    beside = f"such words in {others} of the other {rest}" if rest else "it is the only incident"
    return Question(kind, what, f"{kind} in the words: {quoted}; {beside}")


# --- companions -----------------------------------------------------------------------------------


def _companions(
    thing: CodeRef,
    places: list[IncidentKey],
    holdings: Holdings,
    material: Material,
    codings: Codings,
    current: dict[str, str],
) -> Iterable[tuple[IncidentKey, Question]]:
    """Turns without a code that stands at three others with this one, and at two thirds or more of
    the others.
    """
    turns = dict.fromkeys(place[:2] for place in places)
    if len(turns) <= OTHERS:
        return
    own = _own(thing, material, current)
    beside = {
        turn: codings.codes_at(turn[0], material.interviews[turn[0]].ids_of(turn[1])) - own
        for turn in turns
    }
    counts = Counter(other for found in beside.values() for other in found)
    others = len(turns) - 1
    usual = [
        other for other, number in counts.items() if number >= OTHERS and number * 3 >= others * 2
    ]
    usual.sort(key=lambda other: (other.level != FOCUSED, label_order(other.label)))
    for place in places:
        for other in usual:
            if other not in beside[place[:2]]:
                who = dict.fromkeys(
                    holdings.participant(IncidentKey(*turn, None))
                    for turn, found in beside.items()
                    if other in found
                )
                names = ", ".join(sorted((name for name in who if name), key=label_order))
                yield (
                    place,
                    Question(
                        COMPANION,
                        f'Is "{other.label}" missing here because this is another case?',
                        f'"{other.label}" stands at {counts[other]} of the other {others} turns '
                        f"({names}), and not here",
                    ),
                )


def _own(thing: CodeRef, material: Material, current: dict[str, str]) -> set[CodeRef]:
    """`thing` and what it is made of: no companions of it."""
    found, new = set(), [thing]
    while new:
        one = new.pop()
        if one in found:
            continue
        found.add(one)
        if one.level == FOCUSED and one.label in material.focused:
            new += [
                CodeRef(INITIAL, current.get(named.label, named.label))
                for named in material.focused[one.label].takes_up
            ]
        for category in material.theory.categories if one.level not in (FOCUSED, INITIAL) else ():
            if category.label == one.label:
                new += [CodeRef(FOCUSED, named.label) for named in category.focused]
            elif category.part_of and category.part_of.label == one.label:
                new.append(CodeRef(one.level, category.label))
    return found
