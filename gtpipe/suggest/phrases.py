"""The parts of a clause that stand behind its verb, each in as few or as many words as there
is room for.

A part is taken from the parse and keeps the turn's order and words; what only points, such as
"that" or "there", makes none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gtpipe.suggest import grammar
from gtpipe.suggest.parsing import Parse
from gtpipe.suggest.word_frequency import VAGUE, is_name, weight_of

COMFORTABLE = 5  # words of a code

Way = tuple[tuple[int, str], ...]  # (index of a word, as it is written in a code)


@dataclass(frozen=True)
class PhrasePart:
    """Words that go together behind a verb, from the whole to the least that can stand for it. `at`
    is the word they hang on."""

    ways: tuple[Way, ...]
    needed: bool
    at: int


class UnsayableError(Exception):
    """Something that cannot be said in few words, and cannot be left out: there is no code."""


@dataclass
class Behind:
    """What stands behind a verb, as far as it was taken up."""

    verb: int
    acted: int | None
    has_object: bool
    parts: list[PhrasePart] = field(default_factory=list)
    has_state: bool = False
    only_pronoun: bool = False


class Rule(NamedTuple):
    """How what hangs on a verb by one of some labels becomes a part of a code; and an example."""

    labels: frozenset[str]
    part: Callable[[Phrases, Behind, int], PhrasePart | None]
    said: str
    label: str


class Phrases:
    """The words of one turn, and what hangs on each. `people` are names in small letters."""

    def __init__(self, text: str, words: Parse, people: frozenset[str]) -> None:
        self.text, self.words, self.people = text, words, people
        self.under: list[list[int]] = [[] for _ in words]
        for index, word in enumerate(words):
            if word.head != index:
                self.under[word.head].append(index)

    def lower(self, index: int) -> str:
        """A word in small letters."""
        return self.words[index].text.casefold()

    def is_infinitive(self, verb: int) -> bool:
        return any(self.words[one].tag == "TO" for one in self.under[verb])

    def parts(self, verb: int, acted: int | None) -> list[PhrasePart] | None:
        """What follows a verb, in order, each by the rule for its label.

        None where something that cannot be said in few words cannot be left out either. `acted` is
        the "me" or "us" that an action falls on; it becomes no part.
        """
        behind = Behind(verb, acted, has_object=acted is not None)
        for child in sorted(self.under[verb]):
            label = self.words[child].dep
            if child < verb and label in grammar.FRONTED and child != acted:
                return None
            if child < verb or child == acted:
                continue
            for rule in RULES:
                if label in rule.labels:
                    try:
                        part = rule.part(self, behind, child)
                    except UnsayableError:
                        return None
                    if part:
                        behind.parts.append(part)
        return None if self._lacks_something(behind) else behind.parts

    def _lacks_something(self, behind: Behind) -> bool:
        """Whether a verb says nothing without what it has no part for, as "having" or "knowing"."""
        verb = self.words[behind.verb]
        labels = {self.words[part.at].dep for part in behind.parts}
        if (
            verb.lemma in grammar.WITH_OBJECT
            and not behind.has_object
            and not labels & (grammar.PARTICLES | grammar.COMPLEMENTS | grammar.STATES | {"oprd"})
            and verb.tag != "VBN"
        ):
            return True
        if verb.lemma == "think" and behind.has_object:
            return True
        if (
            verb.lemma not in grammar.ABOUT
            or behind.has_object
            or behind.has_state
            or labels & grammar.COMPLEMENTS
        ):
            return False
        heads = {self.lower(part.at) for part in behind.parts}
        return heads.isdisjoint(("about", "of", "for", "to"))

    # --- one rule for each kind of what may follow ------------------------------------------------

    def _word(self, index: int, needed: bool = True) -> PhrasePart:
        return PhrasePart((((index, self.lower(index)),),), needed, index)

    def particle(self, behind: Behind, child: int) -> PhrasePart | None:
        """A particle goes with its verb, unless something but an object stands between them."""
        is_apart = any(self.words[part.at].dep not in ("dobj", "dative") for part in behind.parts)
        return None if is_apart else self._word(child)

    def object(self, behind: Behind, child: int) -> PhrasePart | None:
        """An object is needed; "him" or "her" may go where the verb says enough."""
        word, text = self.words[child], self.lower(child)
        if word.pos == "ADP":
            return self.preposition(behind, child) if word.dep == "dative" else None
        behind.has_object, behind.only_pronoun = True, word.pos == "PRON"
        if word.pos == "PRON" and text in grammar.OBJECT_PRONOUNS:
            if text == "you":
                raise UnsayableError
            may_go = self.words[behind.verb].lemma in grammar.BARE and text not in grammar.REFLEXIVE
            return None if may_go else self._word(child)
        return PhrasePart(_sayable(self._noun(child)), True, child)

    def state(self, behind: Behind, child: int) -> PhrasePart | None:
        """How somebody or something is: needed, and one alone."""
        if behind.has_state:
            raise UnsayableError
        behind.has_state = True
        return PhrasePart(_sayable(self._state(child)), True, child)

    def preposition(self, behind: Behind, child: int) -> PhrasePart | None:
        """A preposition with its noun is needed where no object, and no other part, says enough."""
        ways = self._prepositional(child)
        is_next = child == behind.verb + 1 and not self.under[child]
        if ways:
            stands_alone = not behind.has_object or behind.only_pronoun
            needed = stands_alone and not any(self._is_full(part) for part in behind.parts)
            return PhrasePart(tuple(ways), needed, child)
        if is_next and (self.lower(child) in grammar.DIRECTIONS or self._is_passive(behind.verb)):
            return self._word(child)  # "shouted at"
        if (
            not behind.has_object
            and child - behind.verb < 3
            and self.words[behind.verb].lemma != "go"
            and self.lower(child) not in grammar.NOT_BEHIND
        ):
            raise UnsayableError
        return None

    def adverbial(self, behind: Behind, child: int) -> PhrasePart | None:
        """A direction is needed where it stands by its verb; other adverbs where there is room."""
        word, text = self.words[child], self.lower(child)
        if text in grammar.HEDGES or word.tag == "WRB":
            return None
        if text in grammar.DIRECTIONS:
            return self._word(child) if child - behind.verb <= 2 else None
        if word.dep == "npadvmod" and not self._has_article(child):
            ways = self._noun(child)
            return PhrasePart(tuple(ways), False, child) if ways else None
        is_plain = not self.under[child] and text.isalpha()
        return self._word(child, needed=False) if is_plain else None

    def complement(self, behind: Behind, child: int) -> PhrasePart | None:
        """An infinitive or -ing form that the verb asks for, with what it needs itself."""
        return PhrasePart(_sayable(self._infinitive(child, behind.acted)), True, child)

    def clause(self, behind: Behind, child: int) -> PhrasePart | None:
        """A clause is too long for a code, unless it is about the "me" that was acted on."""
        is_told_to = behind.acted is not None and behind.acted in self.under[child]
        if is_told_to and self.words[child].dep == "ccomp":
            return self.complement(behind, child)
        if not behind.has_object:
            raise UnsayableError
        return None

    def circumstance(self, behind: Behind, child: int) -> PhrasePart | None:
        """What for, when, or in which case: where there is room."""
        if self.is_infinitive(child):
            ways = self._infinitive(child, None)
        else:
            when = self._circumstance(child)
            ways = [tuple((index, self._written(index)) for index in when)] if when else []
        return PhrasePart(tuple(ways), False, child) if ways else None

    # --- words around a verb ----------------------------------------------------------------------

    def _is_passive(self, verb: int) -> bool:
        return any(self.words[one].dep == "auxpass" for one in self.under[verb])

    def _has_article(self, head: int) -> bool:
        return any(self.lower(one) in ("the", "a") for one in self.under[head])

    def _circumstance(self, head: int) -> list[int]:
        """A short clause that says when or in which case, as "if the electric went"."""
        tree = self.tree(head)
        if self.lower(tree[0]) not in ("if", "when", "before", "after", "until", "while") or tree[
            -1
        ] - tree[0] >= min(4, len(tree)):
            return []
        return (
            []
            if self.unclear(tree) or self.lower(tree[-1]) in grammar.POINTING or len(tree) < 3
            else tree
        )

    def _is_full(self, part: PhrasePart) -> bool:
        return any(weight_of(self.words[index]) > 0 for index, _ in part.ways[0])

    def choose(self, parts: list[PhrasePart], room: int, head: int) -> list[tuple[int, str]] | None:
        """One way of saying each part that is needed, the fullest that fits; then what
        else fits comfortably."""
        needed = [part for part in parts if part.needed]
        if sum(len(part.ways[-1]) for part in needed) > room:
            return None
        chosen = {part.at: part.ways[-1] for part in needed}

        def used() -> int:
            return sum(map(len, chosen.values()))

        for part in needed:
            for way in part.ways:
                if used() - len(chosen[part.at]) + len(way) <= room:
                    chosen[part.at] = way
                    break
        for part in (part for part in parts if not part.needed):
            for way in part.ways:
                most = room if used() + head < 3 else min(room, COMFORTABLE - head + 1)
                if used() + len(way) <= most:
                    chosen[part.at] = way
                    break
            else:
                break
        return [one for at in sorted(chosen) for one in chosen[at]]

    def _written(self, index: int) -> str:
        word = self.words[index]
        if (
            word.text == "I"
            or (word.text.isupper() and len(word.text) > 1)
            or any(map(str.isupper, word.text[1:]))
        ):
            return word.text
        is_proper = word.pos == "PROPN" or (
            word.text[0].isupper() and is_name(self.words, index, self.people)
        )
        return word.text if is_proper else self.lower(index)

    def joined(self, chosen: Sequence[tuple[int, str]]) -> list[str]:
        """Words as they are written: what stands without a space before it in the turn, as "'s" or
        a hyphen, has none here."""
        written: list[str] = []
        for position, (index, text) in enumerate(chosen):
            if (
                position
                and chosen[position - 1][0] == index - 1
                and self.words[index - 1].end == self.words[index].start
            ):
                written[-1] += text
            else:
                written.append(text)
        return written

    def _noun(self, head: int) -> list[Way]:
        """A noun with what stands around it, from the whole to the shortest that still says the
        same; nothing where none does."""
        word = self.words[head]
        text = word.text.casefold()
        if (
            text in grammar.POINTING
            or word.tag in ("WP", "WDT", "DT", "EX")
            or word.pos not in ("NOUN", "PROPN", "NUM", "PRON", "ADJ")
        ):
            return []
        before = [
            child
            for child in sorted(self.under[head])
            if child < head and self.words[child].dep in grammar.BEFORE_NOUN
        ]
        left = sorted({one for child in before for one in self.tree(child)} | {head})
        if sum(self.words[one].dep == "det" for one in left) > 1:
            return []
        broken = any(
            self.words[one].pos in ("PUNCT", "SPACE") and self.words[one].text != "-"
            for one in left
        )
        if broken or left != list(range(left[0], head + 1)):
            left = [head]
        if any(
            self.lower(one) in ("this", "that", "these", "those", "what", "which", "such")
            for one in left
        ):
            return []
        left = [one for one in left if self.lower(one) not in grammar.STRENGTH]
        ways: list[list[int]] = []
        after = [child for child in sorted(self.under[head]) if child > head]
        whole = list(left)
        for child in after:
            if self.words[child].dep == "prep":
                tail = self._prepositional(child)
                if not tail:
                    break
                whole = whole + [index for index, _ in tail[-1]]
                ways.insert(0, whole)
            elif self.words[child].dep in ("relcl", "acl"):
                tree = self.tree(child)
                if (
                    tree == list(range(head + 1, tree[-1] + 1))
                    and len(tree) < 5
                    and not self.unclear(tree)
                ):
                    ways.insert(0, [*left, *tree])
                break
            else:
                break
        vague = text in VAGUE or word.pos in ("PRON", "NUM", "ADJ")
        if text in grammar.RELATIONAL and any(
            self.lower(child) == "of" for child in after
        ):  # "the top" of what?
            return [tuple((one, self._written(one)) for one in way) for way in ways]
        if not vague or any(weight_of(self.words[one]) > 0.45 for one in left):
            ways.append(left)
        return [tuple((one, self._written(one)) for one in way) for way in ways]

    def unclear(self, tree: Sequence[int]) -> bool:
        """Whether a clause behind a noun ends in the air or points at something that
        is not there."""
        last = self.words[tree[-1]]
        return (
            last.tag in ("DT", "IN", "TO", "MD", "PRP$", "CC")
            or last.pos == "AUX"
            or any(
                self.words[one].pos == "PUNCT" or self.words[one].dep in ("cc", "conj")
                for one in tree
            )
        )

    def tree(self, head: int) -> list[int]:
        found, waiting = [], [head]
        while waiting:
            index = waiting.pop()
            found.append(index)
            waiting += self.under[index]
        return sorted(found)

    def _prepositional(self, head: int) -> list[Way]:
        start = ((head, self.lower(head)),)
        if start[0][1] in grammar.NOT_BEHIND and self.words[self.words[head].head].pos not in (
            "NOUN",
            "ADJ",
            "PRON",
            "NUM",
        ):
            return []
        if start[0][1] in grammar.NOT_BEHIND - {"of"}:
            return []
        behind = [child for child in sorted(self.under[head]) if child > head]
        for child in behind:
            other = self.words[child]
            if other.dep == "pobj":
                if other.pos == "PRON" and other.text.casefold() in grammar.OBJECT_PRONOUNS - {
                    "it"
                }:
                    return [(*start, (child, other.text.casefold()))]
                return [(*start, *way) for way in self._noun(child)]
            if other.dep in ("prep", "prt", "advmod") and child == head + 1:
                inner = self._prepositional(child) if other.dep == "prep" else []
                return [(*start, *way) for way in inner]
            if other.dep == "pcomp" and other.tag == "VBG" and start[0][1] != "on":
                return [(*start, *way) for way in self._infinitive(child, None)]
        return []

    def _state(self, head: int) -> list[Way]:
        word = self.words[head]
        if word.pos not in ("ADJ", "VERB", "ADV") or not word.text.isalpha():
            return []
        own: Way = ((head, word.text.casefold()),)
        own = (
            *(
                (one, "too")
                for one in self.under[head]
                if self.lower(one) == "too" and one == head - 1
            ),
            *own,
        )
        ways = []
        for child in sorted(self.under[head]):
            if child > head and self.words[child].dep == "prep":
                ways += [(*own, *way) for way in self._prepositional(child)]
                break
            if (
                child > head
                and self.words[child].dep in ("xcomp", "advcl")
                and self.is_infinitive(child)
            ):
                ways += [(*own, *way) for way in self._infinitive(child, None)]
                break
            if child > head and self.words[child].dep in ("ccomp", "advcl", "conj"):
                break
        return (
            ways
            if word.lemma in grammar.FILLER_STATES or word.text.casefold() in grammar.FILLER_STATES
            else [*ways, own]
        )

    def _infinitive(self, head: int, acted: int | None) -> list[Way]:
        """`to hear the message`, or `packing my bag`, with what it needs."""
        word = self.words[head]
        if word.pos == "ADJ":
            return self._state(head)
        to = [child for child in self.under[head] if child < head and self.words[child].tag == "TO"]
        if (
            word.pos not in ("VERB", "AUX")
            or not (to or word.tag == "VBG")
            or not word.text.isalpha()
            or any(self.words[one].tag in ("WRB", "WP", "WDT") for one in self.under[head])
        ):
            return []
        start = [*((one, "to") for one in to)]
        if not to:  # "looking out for him coming"
            start += [
                (one, self.lower(one))
                for one in self.under[head]
                if one < head
                and self.words[one].dep == "nsubj"
                and self.lower(one) in ("him", "her", "them", "it")
            ]
        start += [
            (one, self.lower(one))
            for one in self.under[head]
            if one < head
            and self.words[one].dep in ("auxpass", "neg")
            and self.words[one].text.isalpha()
        ]
        start.append((head, word.text.casefold()))
        parts = self.parts(head, acted)
        if parts is None or word.lemma in grammar.EMPTY_VERBS - {"be"}:
            return []
        needed = [part for part in parts if part.needed]
        ways = []
        for way in (
            [part.ways[0] for part in parts],
            [part.ways[0] for part in needed],
            [part.ways[-1] for part in needed],
        ):
            whole = (*sorted(start), *(one for some in way for one in some))
            if whole not in ways:
                ways.append(whole)
        return ways


def _sayable(ways: list[Way]) -> tuple[Way, ...]:
    if not ways:
        raise UnsayableError
    return tuple(ways)


RULES = (
    Rule(
        grammar.PARTICLES, Phrases.particle, "I locked up the workshop.", "locking up the workshop"
    ),
    Rule(grammar.OBJECTS, Phrases.object, "I mended the pump.", "mending the pump"),
    Rule(
        grammar.STATES, Phrases.state, "I got fed up with lessons.", "getting fed up with lessons"
    ),
    Rule(grammar.PREPOSITIONS, Phrases.preposition, "I slept in the barn.", "sleeping in the barn"),
    Rule(grammar.ADVERBIALS, Phrases.adverbial, "I walked home in snow.", "walking home in snow"),
    Rule(
        grammar.COMPLEMENTS,
        Phrases.complement,
        "I tried to mend the pump.",
        "trying to mend the pump",
    ),
    Rule(grammar.CLAUSES, Phrases.clause, "They allowed me to sleep.", "being allowed to sleep"),
    Rule(
        grammar.CIRCUMSTANCES,
        Phrases.circumstance,
        "I prayed if it rained.",
        "praying if it rained",
    ),
)
