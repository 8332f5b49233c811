"""What a clause must not become: the reverse of what was said, somebody else's words, or a filler.

One rule after the other, each a function with a sentence that it refuses as the last line of its
docstring. `UNSAID` are asked of a clause before a code is made of it, `FILLERS` of the code. Where
it is in doubt whether something was done, a rule refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from gtpipe.suggest import grammar
from gtpipe.suggest.inflection import UNCHANGED
from gtpipe.suggest.parsing import Word
from gtpipe.suggest.phrases import Phrases
from gtpipe.suggest.word_frequency import VAGUE

QUESTION = 8  # words behind the verb, within which a question mark is about it


@dataclass(frozen=True)
class Clause:
    """A verb with its subject, in the turn that it stands in."""

    turn: Phrases
    verb: int
    subject: int
    in_quotes: bool

    @property
    def word(self) -> Word:
        return self.turn.words[self.verb]

    @cached_property
    def sentence(self) -> tuple[int, int]:
        """The first word of the sentence, and the one that ends it."""
        words = self.turn.words
        start = stop = self.verb
        while start and words[start - 1].text not in grammar.SENTENCE_ENDS:
            start -= 1
        while stop < len(words) - 1 and words[stop].text not in grammar.SENTENCE_ENDS:
            stop += 1
        return start, stop

    @cached_property
    def spoken(self) -> frozenset[str]:
        """The words of the sentence in small letters."""
        start, stop = self.sentence
        return frozenset(self.turn.lower(index) for index in range(start, stop + 1))

    @cached_property
    def verbs(self) -> tuple[int, ...]:
        """The verb, and those before it that have their subject in common: almost *fell* and
        broke."""
        found = [self.verb]
        while self.turn.words[found[-1]].dep == "conj" and not _has_subject(self.turn, found[-1]):
            found.append(self.turn.words[found[-1]].head)
        return tuple(found)

    @cached_property
    def governors(self) -> tuple[int, ...]:
        """What the clause is the content of, from the nearest up: *thinks* that I hide it."""
        words, found = self.turn.words, []
        at = self.verb
        while (dep := words[at].dep) in grammar.EMBEDDED | {"conj"} and words[at].head not in found:
            at = words[at].head
            if dep != "conj":
                found.append(at)
        return tuple(found)

    @cached_property
    def adverbs(self) -> frozenset[str]:
        """What qualifies the verbs: what hangs on them or their helpers, and the words between
        subject and verb."""
        hanging = {
            self.turn.lower(child)
            for verb in self.verbs
            for one in (verb, *self.helpers(verb))
            for child in self.turn.under[one]
            if self.turn.words[child].pos in ("ADV", "PART", "ADJ", "CCONJ", "SCONJ", "DET", "INTJ")
            or self.turn.words[child].dep in ("neg", "advmod")
        }
        return frozenset(hanging | {self.turn.lower(index) for index in self.between})

    @property
    def between(self) -> range:
        """The words between the subject and its verb; none where another verb stands first."""
        return range(self.subject + 1, self.verb) if len(self.verbs) == 1 else range(0)

    def helpers(self, verb: int) -> list[int]:
        """The auxiliary verbs of a verb."""
        return [
            one for one in self.turn.under[verb] if self.turn.words[one].dep in grammar.AUXILIARIES
        ]

    @cached_property
    def modals(self) -> frozenset[str]:
        return frozenset(
            self.turn.lower(helper)
            for verb in self.verbs
            for helper in self.helpers(verb)
            if self.turn.words[helper].tag == "MD"
        )

    @cached_property
    def is_denied(self) -> bool:
        return any(_is_denied(self.turn, verb) for verb in self.verbs)

    def marks(self, verb: int) -> Iterator[str]:
        """The words that join a clause to another, as "if" or "because"."""
        for child in self.turn.under[verb]:
            if child < verb and self.turn.words[child].dep in ("mark", "advmod"):
                yield self.turn.lower(child)


@dataclass(frozen=True)
class Code:
    """A clause in the words of a code: the verb whose -ing form it begins with, and the words
    behind it."""

    clause: Clause
    verb: int
    places: tuple[int, ...]
    is_passive: bool

    @property
    def lemma(self) -> str:
        return self.clause.turn.words[self.verb].lemma

    @property
    def objects(self) -> list[int]:
        turn = self.clause.turn
        return [one for one in turn.under[self.verb] if one > self.verb and _is_object(turn, one)]

    @cached_property
    def said(self) -> frozenset[str]:
        """All that hangs on the verb of the clause, in small letters."""
        return frozenset(map(self.clause.turn.lower, self.clause.turn.tree(self.clause.verb)))


def _has_subject(turn: Phrases, verb: int) -> bool:
    return any(turn.words[one].dep in grammar.SUBJECTS for one in turn.under[verb])


def _subject_of(turn: Phrases, verb: int) -> str:
    return next(
        (turn.lower(one) for one in turn.under[verb] if turn.words[one].dep in grammar.SUBJECTS), ""
    )


def _is_denied(turn: Phrases, at: int) -> bool:
    return any(
        turn.words[one].dep == "neg" or turn.lower(one) in grammar.NEGATIONS
        for one in turn.under[at]
    )


def _is_object(turn: Phrases, index: int) -> bool:
    return turn.words[index].dep in ("dobj", "attr", "dative")


# --- not a clause of one's own --------------------------------------------------------------------


def is_unknown_form(clause: Clause) -> bool:
    """The parser does not know the verb, nor what its -ing form is.

    Then we covet the gold.
    """
    word = clause.word
    is_past = word.tag in ("VBD", "VBN") and word.lemma == clause.turn.lower(clause.verb)
    is_modal = word.tag == "MD" and word.text[0] not in "'’"  # "I must to clean"
    is_strange = is_modal or not word.lemma.isalpha()
    return (is_past and word.lemma not in UNCHANGED) or is_strange


def is_quoted(clause: Clause) -> bool:
    """Who says "I" between quotation marks may be somebody else.

    On the door stood "I mended the pump".
    """
    return clause.in_quotes


def is_question(clause: Clause) -> bool:
    """Who asks has not said that they act.

    Did you mend the pump?
    """
    turn, verb, subject = clause.turn, clause.verb, clause.subject
    is_inverted = verb < subject or any(one < subject for one in clause.helpers(verb))
    stop = clause.sentence[1]
    is_short = stop - verb < QUESTION or turn.lower(subject) == "you"
    return is_inverted or (is_short and turn.words[stop].text == "?")


def is_clipped(clause: Clause) -> bool:
    """What an apostrophe cut short is not known to be the verb, unless it is "be" or "have".

    We'd a bit of cereal box for that.
    """
    return clause.word.text[0] in "'’" and clause.word.lemma not in ("be", "have")


def is_relative(clause: Clause) -> bool:
    """A clause with "what" or "which" in it lacks what that stands for.

    They came when I mended the pump.
    """
    return any(
        clause.turn.words[one].tag in ("WDT", "WP", "WRB") and one < clause.verb
        for one in clause.turn.under[clause.verb]
    )


# --- not done, or not known to be -----------------------------------------------------------------


def is_supposed(clause: Clause) -> bool:
    """What should, might or would have been done was not.

    I should have mended the pump.
    """
    turn = clause.turn
    has = any(turn.words[one].lemma == "have" for one in clause.helpers(clause.verb))
    rather = any(turn.lower(one) in ("rather", "sooner") for one in turn.under[clause.verb])
    return not clause.modals <= grammar.MODALS_KEPT or bool(clause.modals and (has or rather))


def is_nearly(clause: Clause) -> bool:
    """Who nearly or hardly does something, or no longer, does not do it.

    I almost hit the gate with the trailer.
    """
    first = clause.subject - 1
    before = {clause.turn.lower(first)} if first >= clause.sentence[0] else frozenset()
    is_close = clause.word.lemma in ("be", "come") and any(
        clause.turn.lower(one) == "close" for one in clause.turn.under[clause.verb]
    )
    is_just_about = {"just", "about"} <= clause.adverbs or {"only", "just"} <= clause.adverbs
    return is_close or is_just_about or not grammar.BARELY.isdisjoint(clause.adverbs | before)


def is_intended(clause: Clause) -> bool:
    """What somebody was about to do, or going to, is not done yet, or never was.

    I was going to ring the council office.
    """
    turn, word = clause.turn, clause.word
    if word.text.casefold() in ("gon", "gonna") or word.lemma == "gon":
        return True
    if word.tag == "VBG" and word.lemma == "go":
        return any(
            turn.words[one].dep == "xcomp" and turn.is_infinitive(one)
            for one in turn.under[clause.verb]
        )
    return word.lemma == "be" and any(
        turn.lower(one) == "about" and one + 1 < len(turn.words) and turn.lower(one + 1) == "to"
        for one in range(clause.verb + 1, min(clause.verb + 3, len(turn.words)))
    )


def is_possible(clause: Clause) -> bool:
    """What one could do, or would, is not what one did; "would" is a habit where the sentence says
    how often.

    I would buy a van for the market.
    """
    if not clause.modals:
        return False
    if "could" in clause.modals:
        return not clause.is_denied and clause.turn.lower(clause.subject) not in grammar.NOBODY
    is_had = clause.modals == {"'d"} and clause.word.tag == "VBN"  # "I'd done the motorway"
    return (
        not is_had
        and not clause.modals.isdisjoint(("would", "'d"))
        and (clause.is_denied or grammar.HABIT.isdisjoint(clause.spoken))
    )


def is_conditional(clause: Clause) -> bool:
    """What can or will be done in some case was not done.

    If they sack me I will sue the bakery.
    """
    has_modal = bool(clause.modals) or not clause.spoken.isdisjoint(("would", "could", "'d"))
    return "unless" in clause.spoken or (
        has_modal and not grammar.CONDITIONS.isdisjoint(clause.spoken)
    )


def is_condition(clause: Clause) -> bool:
    """A condition is not what happened, nor is what came too late, or only seemed so.

    I work as if I owned the bakery.
    """
    joined = {mark for verb in (*clause.verbs, *clause.governors) for mark in clause.marks(verb)}
    return not joined.isdisjoint(grammar.UNREAL) or ("though" in joined and "as" in clause.spoken)


def is_not_a_fact(clause: Clause) -> bool:
    """What is wished, doubted, denied or not thought did not happen.

    I wish I lived near the harbour.
    """
    turn = clause.turn
    if any(
        one < clause.verb and (turn.words[one].lemma in grammar.NOT_FACTS or _is_denied(turn, one))
        for one in clause.governors
    ):
        return True
    head = clause.word.head
    return "because" in clause.marks(clause.verb) and _is_denied(turn, head)


def is_unsure(clause: Clause) -> bool:
    """Who says "maybe" or "apparently" does not know it.

    Apparently I insulted the vicar.
    """
    return not grammar.UNSURE.isdisjoint(clause.adverbs)


# --- denied otherwise than "not" says -------------------------------------------------------------


def is_partly_denied(clause: Clause) -> bool:
    """Not only, not just, not always: what is denied is how, and not that.

    I didn't just sit in the van.
    """
    return clause.is_denied and not grammar.PARTLY.isdisjoint(clause.adverbs)


def is_never_again(clause: Clause) -> bool:
    """What is not done again was done.

    I never rode my bicycle to the harbour again.
    """
    return clause.is_denied and not grammar.AGAIN.isdisjoint(clause.spoken)


def is_denied_but_for(clause: Clause) -> bool:
    """Not without, not until, not because: it was done all the same.

    I never leave the house without my inhaler.
    """
    turn = clause.turn
    return clause.is_denied and any(
        index > clause.verb and turn.lower(index) in grammar.ONLY_IF
        for index in turn.tree(clause.verb)
    )


def is_denied_before(clause: Clause) -> bool:
    """What is denied, asked or possible of one verb is so of the next.

    I never complained or made a fuss.
    """
    return any(
        _is_denied(clause.turn, verb) or clause.helpers(verb) for verb in clause.verbs[1:]
    ) and not clause.helpers(clause.verb)


def is_denied_twice(clause: Clause) -> bool:
    """Two denials may be one, or none.

    Nobody never showed me the rota.
    """
    turn = clause.turn
    denials = sum(
        turn.words[one].dep == "neg" or turn.lower(one) in grammar.NEGATIONS
        for one in turn.under[clause.verb]
    )
    return denials + (turn.lower(clause.subject) in grammar.NOBODY) > 1


def is_denied_oddly(clause: Clause) -> bool:
    """A "no" or "not" before the verb that the parser hangs elsewhere still denies it.

    We no take the ferry.
    """
    denials = [
        one for one in clause.between if clause.turn.lower(one) in grammar.NEGATIONS | {"no"}
    ]
    return any(
        clause.turn.words[one].dep != "neg" and clause.turn.lower(one) != "never" for one in denials
    )


def is_few(clause: Clause) -> bool:
    """What few do, or not everybody, is not said of those who do it.

    Not everybody showed me the rota.
    """
    turn = clause.turn
    words = {turn.lower(one) for one in turn.tree(clause.subject)}
    words |= {turn.lower(clause.subject - 1)} if clause.subject > clause.sentence[0] else set()
    return bool(words & (grammar.BARELY | {"not", "only"})) or ("few" in words and "a" not in words)


def is_not_gone_on_with(clause: Clause) -> bool:
    """Who does not keep doing something did it.

    I didn't keep going to the clinic.
    """
    return clause.is_denied and clause.word.lemma in grammar.GOING_ON


def is_stopped_to(clause: Clause) -> bool:
    """Whether "stopped to smoke" is a break for a smoke or an end of smoking, grammar alone knows.

    I stopped to smoke cigarettes.
    """
    turn = clause.turn
    return clause.word.lemma in ("stop", "quit") and any(
        one > clause.verb and turn.is_infinitive(one) for one in turn.under[clause.verb]
    )


# --- what others say ------------------------------------------------------------------------------


def is_reported(clause: Clause) -> bool:
    """What somebody says or thinks is theirs to say, the "I" in it too.

    She thinks I hide the letters.
    """
    turn = clause.turn
    for one in clause.governors:
        lemma = turn.words[one].lemma
        is_own = _subject_of(turn, one) in grammar.FIRST_PERSON
        if lemma in grammar.SAYING or (lemma in grammar.THINKING_THAT and not is_own):
            return True
    return False


def is_spoken_by_others(clause: Clause) -> bool:
    """Talk may begin without a "that" or a mark: he goes, I never; she was like, I can't.

    My boss goes, I sign the papers in the office.
    """
    turn, at = clause.turn, clause.subject - 1
    is_like = False
    while at >= clause.sentence[0]:
        word, lower = turn.words[at], turn.lower(at)
        if word.lemma in grammar.SAYING and word.pos == "VERB":
            return True
        if word.lemma == "go" and turn.lower(at + 1) in (",", ":"):
            return True
        if is_like and (word.lemma == "be" or lower in ("'s", "'m", "'re")):
            return True
        is_like = is_like or lower in ("like", "all")
        is_passed = word.pos in ("PUNCT", "PRON", "INTJ", "PROPN", "ADP", "SCONJ", "DET")
        if not is_passed or word.tag == "PRP$":
            return False
        at -= 1
    return False


# --- fillers --------------------------------------------------------------------------------------


def is_having(code: Code) -> bool:
    """What somebody has is no action.

    I've got a note on my fridge.
    """
    turn = code.clause.turn
    has = code.lemma == "have" or (
        turn.lower(code.verb) == "got"
        and any(turn.words[one].lemma in ("have", "'ve") for one in turn.under[code.verb])
    )
    return has and not code.is_passive and not any(turn.is_infinitive(one) for one in code.places)


def is_doing_some(code: Code) -> bool:
    """Doing some, using any, making more: the verb says nothing, and nor does how much.

    I do some gardening.
    """
    if code.lemma not in ("do", "use", "make", "get", "take", "need", "want", "see"):
        return False
    turn = code.clause.turn
    return any(
        turn.lower(one) in VAGUE
        or any(turn.lower(other) in grammar.SOME for other in turn.tree(one))
        for one in code.objects
    )


def is_filler_like(code: Code) -> bool:
    """A "like" that only fills a gap, or would like.

    I like really the ferry.
    """
    if code.lemma != "like":
        return False
    is_next = bool(code.places) and code.places[0] == code.verb + 1
    return not is_next or bool(code.clause.modals) or bool(code.clause.helpers(code.verb))


def is_hanging_pronoun(code: Code) -> bool:
    """Without the talk around it, nobody knows who "them" are, or what "it" is.

    I put it in the shed.
    """
    turn = code.clause.turn
    return any(
        turn.lower(one) in grammar.THIRD_PERSON
        and turn.words[one].tag != "PRP$"
        and (turn.words[one].dep not in grammar.SUBJECTS or turn.lower(one) not in ("it", "they"))
        for one in code.places
    )


def is_to_the_interviewer(code: Code) -> bool:
    """What is told to "you", or is yours, is talk with who asks.

    I filled in your form.
    """
    if code.clause.turn.lower(code.clause.subject) not in grammar.FIRST_PERSON:
        return False
    return not code.said.isdisjoint(("your", "yours")) or (
        code.lemma in grammar.TELLING and "you" in code.said
    )


def is_about_the_interview(code: Code) -> bool:
    """Looking for words, losing the thread, and what is being recorded are talk about the talk.

    I lost my thread there.
    """
    if code.lemma in grammar.RAMBLING or not grammar.RECORDED.isdisjoint(code.said):
        return True
    lemmas = {code.clause.turn.words[one].lemma for one in code.places}
    is_looking_for_words = code.lemma in ("try", "struggle", "know") and bool(
        lemmas & grammar.RECALLING
    )
    is_said_before = code.lemma in grammar.ABOUT_TALK and not code.said.isdisjoint(
        ("already", "earlier", "before", "just", "interview")
    )
    is_this_one = bool(lemmas & grammar.TOPICS) and not code.said.isdisjoint(
        ("the", "this", "that")
    )
    return bool(lemmas & grammar.THREADS) or is_this_one or is_looking_for_words or is_said_before


UNSAID: tuple[Callable[[Clause], bool], ...] = (
    is_unknown_form,
    is_quoted,
    is_question,
    is_clipped,
    is_relative,
    is_supposed,
    is_nearly,
    is_intended,
    is_possible,
    is_conditional,
    is_condition,
    is_not_a_fact,
    is_unsure,
    is_partly_denied,
    is_never_again,
    is_denied_but_for,
    is_denied_before,
    is_denied_twice,
    is_denied_oddly,
    is_few,
    is_not_gone_on_with,
    is_stopped_to,
    is_reported,
    is_spoken_by_others,
)
FILLERS: tuple[Callable[[Code], bool], ...] = (
    is_having,
    is_doing_some,
    is_filler_like,
    is_hanging_pronoun,
    is_to_the_interviewer,
    is_about_the_interview,
)
