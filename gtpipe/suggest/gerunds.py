"""Actions as gerunds: what a participant does, or what is done to them, in their own words and two
to six of them.

"I met him around the ward" → "meeting around the ward"; "they introduced me on the ward" → "being
introduced on the ward". The clause must say who acts: I, we or you, or somebody who acts on "me" or
"us". Its verb comes first, then what it cannot do without, then what fits. What a clause leaves
unsaid is never added; where grammar does not make it safe, nothing is suggested.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import exp

from gtpipe.model.records import one_line
from gtpipe.suggest.grammar import (
    ACTED_ON,
    ASKING,
    ASPECTS,
    DIRECTIONS,
    EMPTY_VERBS,
    EVERYBODY,
    MODALS_KEPT,
    NO_CLAUSE,
    NOBODY,
    NOT_DONE_TO,
    OBJECT_PRONOUNS,
    OTHERS,
    POSSESSING,
    SELF,
    SUBJECTS,
    TALK,
    THINKING,
    TOWARDS,
)
from gtpipe.suggest.inflection import UNCHANGED, ing, participle
from gtpipe.suggest.parsing import Parse
from gtpipe.suggest.phrases import Phrases
from gtpipe.suggest.stretches import in_quotes
from gtpipe.suggest.word_frequency import is_name, weight_of

MOST, SHORTEST, LONGEST = 3, 2, 6
WORTH = 0.5  # of content that a code must carry: about one uncommon word
PHRASAL = 0.45  # what a particle adds: "going off him" says more than "going"
UNGIVEN = 0.6  # what it adds that somebody cannot, or is not given
LEAST = 0.24  # of a score


@dataclass(frozen=True)
class Gerund:
    """A code that a clause gives: its label, the words it was made from, how much it says (0 to 1),
    its verb's place in the turn."""

    label: str
    reason: str
    score: float
    start: int
    end: int


def gerunds(text: str, words: Parse, people: frozenset[str] = frozenset()) -> list[Gerund]:
    """The best few codes of a turn, those that say most first. `people` are names in small letters
    that no code may hold."""
    clauses = _Clauses(text, words, people)
    found = sorted(clauses.all(), key=lambda one: (-one.score, one.start, one.label))
    chosen: list[Gerund] = []
    for one in found:
        if len(chosen) < MOST and not any(_alike(one, other) for other in chosen):
            chosen.append(one)
    return chosen


def _alike(one: Gerund, other: Gerund) -> bool:
    """Whether two codes of a turn come from the same words, or have most words in common."""
    mine, theirs = set(one.label.split()), set(other.label.split())
    return (one.start < other.end and other.start < one.end) or len(mine & theirs) * 2 > min(
        len(mine), len(theirs)
    )


class _Clauses(Phrases):
    """The clauses of one turn, and the codes that can be made of them."""

    def __init__(self, text: str, words: Parse, people: frozenset[str]) -> None:
        super().__init__(text, words, people)
        self.quoted = in_quotes(words)  # who says "I" there may be somebody else

    def all(self) -> Iterator[Gerund]:
        for index, word in enumerate(self.words):
            if word.pos in ("VERB", "AUX") and word.dep not in NO_CLAUSE:
                made = self._code(index)
                if made:
                    yield made

    # --- who acts ---------------------------------------------------------------------------------

    def _subject(self, verb: int, deep: int = 0) -> int | None:
        own = [child for child in self.under[verb] if self.words[child].dep in SUBJECTS]
        if own:
            return own[0]
        word = self.words[verb]
        if (
            word.dep == "conj"
            and deep < 4
            and (word.tag != "VB" or self.words[word.head].tag == "VB")
        ):
            return self._subject(word.head, deep + 1)
        return None

    def _code(self, verb: int) -> Gerund | None:
        word = self.words[verb]
        subject = self._subject(verb)
        if (
            word.tag in ("VBD", "VBN")
            and word.lemma == word.text.casefold()
            and word.lemma not in UNCHANGED
        ):
            return None  # the parser does not know the verb: nor what its -ing form is
        if (
            subject is None
            or self.quoted[verb]
            or self._asks(verb, subject)
            or not word.lemma.isalpha()
        ):
            return None
        if word.text[0] in "'’" and word.lemma not in ("be", "have"):
            return None
        who = self.lower(subject)
        helpers = [
            self.words[child]
            for child in self.under[verb]
            if self.words[child].dep in ("aux", "auxpass")
        ]
        modals = {helper.text.casefold() for helper in helpers if helper.tag == "MD"}
        if not modals <= MODALS_KEPT or (
            modals and any(helper.lemma == "have" for helper in helpers)
        ):
            return None
        if any(
            self.words[child].tag in ("WDT", "WP", "WRB") and child < verb
            for child in self.under[verb]
        ):
            return None
        if modals and any(self.lower(child) in ("rather", "sooner") for child in self.under[verb]):
            return None
        passive = self.words[subject].dep == "nsubjpass" or any(
            helper.dep == "auxpass" for helper in helpers
        )
        first = ["being"] if passive else []
        if passive and any(helper.dep == "auxpass" and helper.lemma == "get" for helper in helpers):
            first = ["getting"]
        negation = self._negation(verb)
        taken: list[int] = [verb]
        if who in SELF and not any(
            self.words[child].dep in ("conj", "cc") for child in self.under[subject]
        ):
            if who == "you" and (word.lemma in TALK or (word.tag == "VB" and not helpers)):
                return None
            if passive and word.tag != "VBN":
                return None
        elif not passive and not (word.tag == "VB" and not helpers):
            acted = self._acted_on(verb, subject)
            if acted is None:
                return None
            if who in NOBODY or (
                who == "one" and any(self.lower(child) == "no" for child in self.under[subject])
            ):
                negation = negation or "not"
            taken = [*self._whole(subject), verb, acted]
            return self._finish(
                verb, ["being"], negation, taken, passive=True, acted=acted, modals=modals
            )
        else:
            return None
        return self._finish(
            verb,
            first,
            negation,
            taken,
            passive=passive,
            acted=None,
            modals=modals,
            you=who == "you",
        )

    def _acted_on(self, verb: int, subject: int) -> int | None:
        """The "me" or "us" that somebody's action falls on, None where there is none or it would
        not make good English."""
        word = self.words[verb]
        someone = self.words[subject]
        if word.lemma in NOT_DONE_TO or word.pos != "VERB" or someone.dep != "nsubj":
            return None
        if someone.pos == "PRON" and someone.text.casefold() not in OTHERS:
            if not (
                someone.text.casefold() == "one"
                and any(self.lower(c) == "no" for c in self.under[subject])
            ):
                return None
        for child in self.under[verb]:
            other = self.words[child]
            generic = other.text.casefold() == "you" and someone.text.casefold() in EVERYBODY
            if (
                child > verb
                and other.dep in ("dobj", "dative")
                and (other.text.casefold() in ACTED_ON or generic)
            ):
                return child
            if word.lemma in ASKING and other.dep in ("ccomp", "xcomp"):
                if self.is_infinitive(child):
                    for one in self.under[child]:
                        if self.words[one].dep == "nsubj" and self.lower(one) in ACTED_ON:
                            return one
        return None

    def _whole(self, head: int) -> list[int]:
        """A short subject with its article."""
        tree = self.tree(head)
        return tree if len(tree) < 4 and tree == list(range(tree[0], head + 1)) else [head]

    def _asks(self, verb: int, subject: int) -> bool:
        """Whether a clause is a question: who asks has not said that they act."""
        if verb < subject or any(
            child < subject
            for child in self.under[verb]
            if self.words[child].dep in ("aux", "auxpass")
        ):
            return True
        for index in range(verb, min(len(self.words), verb + 60)):
            if self.words[index].text in (".", "!", "…", "...", "?"):
                return self.words[index].text == "?" and self.lower(subject) == "you"
        return False

    def _negation(self, verb: int) -> str:
        for child in self.under[verb]:
            text = self.lower(child)
            if (self.words[child].dep == "neg" and child < verb) or text == "never":
                return "never" if text == "never" else "not"
            if self.words[verb].lemma == "be" and text in ("not", "n't"):
                return "not"
        return ""

    # --- the words of the code --------------------------------------------------------------------

    def _finish(
        self,
        verb: int,
        first: list[str],
        negation: str,
        taken: list[int],
        *,
        passive: bool,
        acted: int | None,
        modals: set[str],
        you: bool = False,
    ) -> Gerund | None:
        word = self.words[verb]
        unable = bool(modals & {"can", "could", "ca"}) and negation == "not"
        while (
            not passive and not unable
        ):  # "I started packing", "I'm going to": the action is what follows
            inner = self._inner(verb)
            if inner is None:
                break
            negation = negation or self._negation(inner)
            taken, verb = [verb, inner], inner
            word = self.words[verb]
            helpers = [
                self.words[child]
                for child in self.under[verb]
                if self.words[child].dep == "auxpass"
            ]
            if helpers:
                passive, first = True, ["being"]
                break
        if word.lemma in EMPTY_VERBS and not (word.lemma == "be" and not passive):
            return None
        head = [*negation.split(), *first]
        if unable:
            if passive:
                return None
            head, main = ["not", "being", "able", "to"], word.lemma
        elif passive:
            main = word.text.casefold() if word.tag == "VBN" else participle(word.lemma)
        else:
            main = (
                word.text.casefold()
                if word.tag == "VBG"
                else ing("have" if self._has_got(verb) else word.lemma)
            )
        parts = self.parts(verb, acted)
        if parts is None:
            return None
        room = LONGEST - len(head) - 1
        chosen = self.choose(parts, room, len(head) + 1)
        if chosen is None:
            return None
        label = " ".join([*head, main, *self.joined(chosen)])
        places = [index for index, _ in chosen]
        return self._judged(
            verb,
            label,
            places,
            taken,
            passive=passive,
            you=you,
            modals=modals,
            negation=negation,
            unable=unable,
        )

    def _has_got(self, verb: int) -> bool:
        """Whether "got" only says "has", as in "I've got a note"."""
        word = self.words[verb]
        has = any(
            self.words[one].lemma in ("have", "'ve", "'s", "'d") for one in self._around(verb)
        )
        return (
            has
            and word.text.casefold() == "got"
            and any(self.words[one].dep == "dobj" for one in self.under[verb])
        )

    def _inner(self, verb: int) -> int | None:
        word = self.words[verb]
        if word.lemma not in ASPECTS:
            return None
        for child in self.under[verb]:
            other = self.words[child]
            if other.dep != "xcomp" or child < verb or other.pos not in ("VERB", "AUX"):
                continue
            to = self.is_infinitive(child)
            if word.lemma == "get" or (word.lemma == "use" and word.tag != "VBD"):
                return None
            if word.lemma in ("go", "come") and to and word.tag != "VBG":
                return None
            return child if to or other.tag == "VBG" else None
        return None

    # --- what it is worth -------------------------------------------------------------------------

    def _judged(
        self,
        verb: int,
        label: str,
        places: list[int],
        taken: list[int],
        *,
        passive: bool,
        you: bool,
        modals: set[str],
        negation: str,
        unable: bool,
    ) -> Gerund | None:
        words = label.split()
        if not SHORTEST <= len(words) <= LONGEST or any(
            is_name(self.words, index, self.people) for index in places
        ):
            return None
        if any(
            not (one.replace("'", "").replace("-", "").isalnum()) for one in words
        ) or self._placeholder([verb, *places]):
            return None
        if (
            places
            and self.words[places[0]].tag == "VBG"
            and places[0] == verb + 1
            and self.words[verb].lemma != "be"
        ):
            return None  # "stopping smoking"
        if places and self._hangs(places[-1]):
            return None
        if not passive and len(places) == 1 and self.lower(places[0]) in OBJECT_PRONOUNS:
            return None
        word = self.words[verb]
        carried = [
            weight_of(self.words[index]) for index in places if self.words[index].pos != "ADV"
        ]
        behind = sum(carried) + 0.5 * sum(
            weight_of(self.words[index]) for index in places if self.words[index].pos == "ADV"
        )
        own = weight_of(word) if word.lemma not in THINKING else 0.0
        phrasal = any(
            one.dep == "prt" or (one.lemma in TOWARDS and one.head == verb)
            for one in map(self.words.__getitem__, places)
        )
        if phrasal and (negation or len(places) > 1 or word.lemma not in THINKING | ASPECTS):
            own += PHRASAL
        if unable or (
            negation and passive and word.tag != "VBN"
        ):  # what somebody is not given says much, whatever the verb
            own += UNGIVEN
        if any(self.words[index].dep == "acomp" for index in places) and len(places) > 1:
            behind += PHRASAL
        objects = [
            index
            for index in places
            if self.words[index].dep in ("dobj", "attr") and self.words[index].head == verb
        ]
        if word.lemma in POSSESSING and objects and not passive:
            behind -= 0.25
        worth = behind + own
        light = word.lemma in THINKING or word.lemma == "be"
        if worth < WORTH - (0.1 if phrasal or unable else 0) or (
            light and max(behind, own) < PHRASAL
        ):
            return None
        if not passive and behind < 0.15 and own < (0.4 if phrasal or unable else 0.7):
            return None
        supposed = word.dep in ("advcl", "ccomp") and any(
            self.lower(one) in ("if", "unless", "whether") for one in self.under[verb]
        )
        for holds, times in (
            (supposed, 0.6),
            (you, 0.8),
            (modals, 0.85),
            (light and not (passive and word.lemma == "be"), 0.7),
            (negation or passive, 1.1),
            (len(words) == 2 and not passive, 0.7),
        ):
            worth *= times if holds else 1.0
        score = round(1 - exp(-worth / 1.5), 4)
        if score < LEAST:
            return None
        used = sorted({*taken, *places, *(self._around(verb) if negation or passive else ())})
        return Gerund(
            label, self._reason(used), score, self.words[used[0]].start, self.words[used[-1]].end
        )

    def _hangs(self, index: int) -> bool:
        """Whether a code that ends in this word would end in the air."""
        word = self.words[index]
        if word.pos == "ADP":
            return word.dep != "prt" and word.text.casefold() not in DIRECTIONS
        return word.tag in ("DT", "TO", "IN", "CC", "MD", "PRP$", "WDT") and word.dep not in (
            "prt",
            "advmod",
        )

    def _around(self, verb: int) -> list[int]:
        return [
            child
            for child in self.under[verb]
            if child < verb and self.words[child].dep in ("aux", "auxpass", "neg")
        ]

    def _placeholder(self, indexes: Iterable[int]) -> bool:
        """Whether one of the words stands for something left out on purpose, as (ward) does."""
        around = [
            (self.text[max(0, word.start - 1) : word.start], self.text[word.end : word.end + 1])
            for word in map(self.words.__getitem__, indexes)
        ]
        return any(before in ("(", "[") or behind in (")", "]") for before, behind in around)

    def _reason(self, used: list[int]) -> str:
        used = [
            *({used[0] - 1} if used[0] and self.words[used[0]].text.startswith("'") else ()),
            *used,
        ]  # "I've", not "'ve"
        pieces: list[list[int]] = []
        for index in used:
            if pieces and index == pieces[-1][-1] + 1:
                pieces[-1].append(index)
            else:
                pieces.append([index])
        return " … ".join(
            one_line(self.text[self.words[piece[0]].start : self.words[piece[-1]].end])
            for piece in pieces
        )
