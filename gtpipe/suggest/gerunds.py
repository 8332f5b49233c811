"""Actions as gerunds: what a participant does, or what is done to them, in their own words and two
to six of them.

"I met him around the ward" → "meeting around the ward"; "they introduced me on the ward" → "being
introduced on the ward". The clause must say who acts: I, we or you, or somebody who acts on "me" or
"us". Its verb comes first, then what it cannot do without, then what fits. What a clause leaves
unsaid is never added; where grammar does not make it safe, nothing is suggested.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import exp

from gtpipe.model.names import one_line
from gtpipe.suggest import grammar
from gtpipe.suggest.inflection import base, ing, participle
from gtpipe.suggest.parsing import Parse
from gtpipe.suggest.phrases import Phrases
from gtpipe.suggest.refusals import FILLERS, UNSAID, Clause, Code
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


@dataclass(frozen=True)
class Action:
    """What a clause says somebody does, or has done to them, before its words are chosen.

    `first` is what stands before the main verb of a passive; `acted` the "me" or "us" that somebody
    else's action falls on; `taken` the words it was read from.
    """

    verb: int
    negation: str
    modals: frozenset[str]
    first: tuple[str, ...]
    taken: tuple[int, ...]
    acted: int | None = None
    is_you: bool = False
    is_unable: bool = False

    @property
    def is_passive(self) -> bool:
        return bool(self.first)


class _Clauses(Phrases):
    """The clauses of one turn, and the codes that can be made of them."""

    def __init__(self, text: str, words: Parse, people: frozenset[str]) -> None:
        super().__init__(text, words, people)
        self.quoted = in_quotes(words)

    def all(self) -> Iterator[Gerund]:
        for index, word in enumerate(self.words):
            if word.pos in ("VERB", "AUX") and word.dep not in grammar.NO_CLAUSE:
                gerund = self._code(index)
                if gerund:
                    yield gerund

    def _code(self, verb: int) -> Gerund | None:
        subject = self._subject(verb)
        action = None if subject is None else self._action(verb, subject)
        if subject is None or action is None:
            return None
        clause = Clause(self, verb, subject, self.quoted[verb])
        if any(refuses(clause) for refuses in UNSAID):
            return None
        action = self._innermost(action)
        if not self._is_sayable(action):
            return None
        head = self._head(action)
        parts = self.parts(action.verb, action.acted)
        if parts is None:
            return None
        chosen = self.choose(parts, LONGEST - len(head), len(head))
        if chosen is None:
            return None
        label = " ".join([*head, *self.joined(chosen)])
        places = [index for index, _ in chosen]
        if not self._is_sound(action, label, places):
            return None
        code = Code(clause, action.verb, tuple(places), action.is_passive)
        if any(refuses(code) for refuses in FILLERS):
            return None
        return self._scored(action, label, places)

    # --- who acts ---------------------------------------------------------------------------------

    def _subject(self, verb: int, deep: int = 0) -> int | None:
        own = [child for child in self.under[verb] if self.words[child].dep in grammar.SUBJECTS]
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

    def helpers(self, verb: int) -> list[int]:
        """The auxiliary verbs of a verb."""
        return [child for child in self.under[verb] if self.words[child].dep in grammar.AUXILIARIES]

    def modals(self, verb: int) -> frozenset[str]:
        return frozenset(
            self.lower(helper) for helper in self.helpers(verb) if self.words[helper].tag == "MD"
        )

    def _action(self, verb: int, subject: int) -> Action | None:
        """What I, we or you do, or what somebody does to "me" or "us"; None for anything else."""
        word, who = self.words[verb], self.lower(subject)
        helpers = [self.words[helper] for helper in self.helpers(verb)]
        passive = [helper for helper in helpers if helper.dep == "auxpass"]
        is_passive = bool(passive) or self.words[subject].dep == "nsubjpass"
        is_bare = word.tag == "VB" and not helpers
        negation, modals = self._negation(verb), self.modals(verb)
        if who in grammar.SELF and not self._is_joined(subject):
            is_talk = who == "you" and (word.lemma in grammar.TALK or is_bare)
            if is_talk or (is_passive and word.tag != "VBN"):
                return None
            is_got = any(helper.lemma == "get" for helper in passive)
            return Action(
                verb,
                negation,
                modals,
                (("getting",) if is_got else ("being",)) if is_passive else (),
                (verb,),
                is_you=who == "you",
                is_unable=bool(modals & grammar.UNABLE) and negation == "not",
            )
        acted = None if is_passive or is_bare else self._acted_on(verb, subject)
        if acted is None:
            return None
        if who in grammar.NOBODY or self._is_no_one(subject):
            negation = negation or "not"
        return Action(
            verb,
            negation,
            modals,
            ("being",),
            (*self._whole(subject), verb, acted),
            acted=acted,
            is_unable=bool(modals & grammar.UNABLE) and negation == "not",
        )

    def _is_joined(self, subject: int) -> bool:
        """Whether somebody else acts too: "he and I"."""
        return any(self.words[child].dep in ("conj", "cc") for child in self.under[subject])

    def _is_no_one(self, subject: int) -> bool:
        """Whether a subject is "no one"."""
        return self.lower(subject) == "one" and any(
            self.lower(child) == "no" for child in self.under[subject]
        )

    def _acted_on(self, verb: int, subject: int) -> int | None:
        """The "me" or "us" that somebody's action falls on.

        None where there is none, or where it would not make good English.
        """
        word, someone = self.words[verb], self.words[subject]
        who = self.lower(subject)
        if word.lemma in grammar.NOT_DONE_TO or word.pos != "VERB" or someone.dep != "nsubj":
            return None
        if someone.pos == "PRON" and who not in grammar.OTHERS and not self._is_no_one(subject):
            return None
        for child in self.under[verb]:
            other = self.words[child]
            is_me = self.lower(child) in grammar.ACTED_ON
            is_anybody = self.lower(child) == "you" and who in grammar.EVERYBODY
            if child > verb and other.dep in ("dobj", "dative") and (is_me or is_anybody):
                return child
            is_asked = word.lemma in grammar.ASKING and other.dep in ("ccomp", "xcomp")
            if is_asked and self.is_infinitive(child):  # "asked me to wait"
                for inner in self.under[child]:
                    if self.words[inner].dep == "nsubj" and self.lower(inner) in grammar.ACTED_ON:
                        return inner
        return None

    def _whole(self, head: int) -> list[int]:
        """A short subject with its article."""
        tree = self.tree(head)
        return tree if len(tree) < 4 and tree == list(range(tree[0], head + 1)) else [head]

    def _negation(self, verb: int) -> str:
        for child in self.under[verb]:
            text = self.lower(child)
            if (self.words[child].dep == "neg" and child < verb) or text == "never":
                return "never" if text == "never" else "not"
            if self.words[verb].lemma == "be" and text in ("not", "n't"):
                return "not"
        return ""

    # --- the words of the code --------------------------------------------------------------------

    def _innermost(self, action: Action) -> Action:
        """The action itself where a verb only begins or goes on with it: "I started packing"."""
        while not action.is_passive and not action.is_unable:
            inner = self._inner(action.verb)
            if inner is None:
                break
            is_passive = any(self.words[child].dep == "auxpass" for child in self.under[inner])
            action = replace(
                action,
                verb=inner,
                negation=action.negation or self._negation(inner),
                first=("being",) if is_passive else (),
                taken=(action.verb, inner),
            )
        return action

    def _inner(self, verb: int) -> int | None:
        word = self.words[verb]
        if word.lemma not in grammar.ASPECTS:
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

    def _is_sayable(self, action: Action) -> bool:
        """Whether a verb says something, and can be said in the form it has."""
        lemma = self.words[action.verb].lemma
        if action.is_passive:
            return lemma not in grammar.EMPTY_VERBS and not action.is_unable
        return lemma not in grammar.EMPTY_VERBS or lemma == "be"

    def _head(self, action: Action) -> list[str]:
        """The verb in the form of a code, with what stands before it."""
        word, lower = self.words[action.verb], self.lower(action.verb)
        if action.is_unable:
            return ["not", "being", "able", "to", word.lemma]
        if action.is_passive:
            main = lower if word.tag == "VBN" else participle(word.lemma)
        elif word.tag == "VBG":
            main = lower
        else:
            main = ing(base(word.lemma, lower))
        return [*action.negation.split(), *action.first, main]

    # --- whether it stands by itself --------------------------------------------------------------

    def _is_sound(self, action: Action, label: str, places: list[int]) -> bool:
        """Whether a label is of the right length, names nobody, and does not end in the air."""
        words = label.split()
        if not SHORTEST <= len(words) <= LONGEST:
            return False
        if any(is_name(self.words, index, self.people) for index in places):
            return False
        if any(not (word.replace("'", "").replace("-", "").isalnum()) for word in words):
            return False
        if self._placeholder([action.verb, *places]):
            return False
        if not places:
            return True
        is_two_actions = (
            self.words[places[0]].tag == "VBG"
            and places[0] == action.verb + 1
            and self.words[action.verb].lemma != "be"
        )  # "stopping smoking"
        only_pronoun = len(places) == 1 and self.lower(places[0]) in grammar.OBJECT_PRONOUNS
        return not (
            is_two_actions or self._hangs(places[-1]) or (only_pronoun and not action.is_passive)
        )

    def _hangs(self, index: int) -> bool:
        """Whether a code that ends in this word would end in the air."""
        word = self.words[index]
        if word.pos == "ADP":
            return word.dep != "prt" and self.lower(index) not in grammar.DIRECTIONS
        return word.tag in grammar.HANGING and word.dep not in ("prt", "advmod")

    def _placeholder(self, indexes: Iterable[int]) -> bool:
        """Whether one of the words stands for something left out on purpose, as (ward) does."""
        around = [
            (self.text[max(0, word.start - 1) : word.start], self.text[word.end : word.end + 1])
            for word in map(self.words.__getitem__, indexes)
        ]
        return any(before in ("(", "[") or behind in (")", "]") for before, behind in around)

    # --- what it is worth -------------------------------------------------------------------------

    def _scored(self, action: Action, label: str, places: list[int]) -> Gerund | None:
        """The code with its score; None where it says too little."""
        word = self.words[action.verb]
        is_phrasal = any(
            self.words[index].dep == "prt"
            or (
                self.words[index].lemma in grammar.TOWARDS and self.words[index].head == action.verb
            )
            for index in places
        )
        own = self._own_weight(action, is_phrasal, len(places))
        behind = self._weight_behind(action, places)
        is_light = word.lemma in grammar.THINKING or word.lemma == "be"
        is_telling = is_phrasal or action.is_unable
        worth = behind + own
        if worth < WORTH - (0.1 if is_telling else 0) or (is_light and max(behind, own) < PHRASAL):
            return None
        if not action.is_passive and behind < 0.15 and own < (0.4 if is_telling else 0.7):
            return None
        for holds, times in (
            (action.is_you, 0.8),
            (action.modals, 0.85),
            (is_light and not (action.is_passive and word.lemma == "be"), 0.7),
            (action.negation or action.is_passive, 1.1),
            (len(label.split()) == 2 and not action.is_passive, 0.7),
        ):
            worth *= times if holds else 1.0
        score = round(1 - exp(-worth / 1.5), 4)
        if score < LEAST:
            return None
        with_helpers = action.negation or action.is_passive
        used = sorted(
            {*action.taken, *places, *(self._around(action.verb) if with_helpers else ())}
        )
        start, end = self.words[used[0]].start, self.words[used[-1]].end
        return Gerund(label, self._reason(used), score, start, end)

    def _own_weight(self, action: Action, is_phrasal: bool, length: int) -> float:
        """What the verb itself says, with its particle, and that it was not given or possible."""
        word = self.words[action.verb]
        own = weight_of(word) if word.lemma not in grammar.THINKING else 0.0
        if is_phrasal and (
            action.negation or length > 1 or word.lemma not in grammar.THINKING | grammar.ASPECTS
        ):
            own += PHRASAL
        if action.is_unable or (action.negation and action.is_passive and word.tag != "VBN"):
            own += UNGIVEN
        return own

    def _weight_behind(self, action: Action, places: list[int]) -> float:
        """What the words behind the verb say."""
        word = self.words[action.verb]
        behind = sum(
            [weight_of(self.words[index]) for index in places if self.words[index].pos != "ADV"]
        ) + 0.5 * sum(
            weight_of(self.words[index]) for index in places if self.words[index].pos == "ADV"
        )
        if any(self.words[index].dep == "acomp" for index in places) and len(places) > 1:
            behind += PHRASAL
        has_object = any(
            self.words[index].dep in ("dobj", "attr") and self.words[index].head == action.verb
            for index in places
        )
        if word.lemma in grammar.POSSESSING and has_object and not action.is_passive:
            behind -= 0.25
        return behind

    def _around(self, verb: int) -> list[int]:
        """Auxiliaries and "not" before a verb."""
        return [
            child
            for child in self.under[verb]
            if child < verb and self.words[child].dep in grammar.AUXILIARIES | {"neg"}
        ]

    def _reason(self, used: list[int]) -> str:
        """The words a code was made from, as the turn has them: "met … around the ward"."""
        if used[0] and self.words[used[0]].text.startswith("'"):  # "I've", not "'ve"
            used = [used[0] - 1, *used]
        runs: list[list[int]] = []
        for index in used:
            if runs and index == runs[-1][-1] + 1:
                runs[-1].append(index)
            else:
                runs.append([index])
        return " … ".join(
            one_line(self.text[self.words[run[0]].start : self.words[run[-1]].end]) for run in runs
        )
