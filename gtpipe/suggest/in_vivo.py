"""In vivo codes: a participant's own words that stand out, two to six of them, verbatim and
with their place.

What makes a stretch stand out, all of it cheap to see and named in the reason: words that are rare
in everyday English, a stretch the participant comes back to, a likeness ("like a parking space"),
words in quotation marks, a sentence that is nothing but it. Words that the interviewer brought, or
that the whole interview is about, count little. A stretch is cut where the parse cuts, stands once
in its turn so that it can be tied to its words, and is offered where it is first said.

In other languages than English nothing tells what is rare: there, only what is come back to or put
in quotation marks is offered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import exp

from gtpipe.model import anchor
from gtpipe.model.names import one_line
from gtpipe.model.records import Interview
from gtpipe.suggest.grammar import (
    BARELY,
    EMBEDDED,
    NEGATIONS,
    NOT_FACTS,
    SAYING,
    SENTENCE_ENDS,
    THINKING_THAT,
    UNREAL,
)
from gtpipe.suggest.parsing import Parse, Parses, Word
from gtpipe.suggest.stretches import SUBJECTS, bounds_by_part_of_speech, in_quotes, stretch_bounds
from gtpipe.suggest.word_frequency import DAYS, VAGUE, is_name, weight_of

MOST, SHORTEST, LONGEST = 2, 2, 6
WORTH = 1.3  # of what stands out: a rare word alone is not enough
LIKENESS, QUOTED, ALONE, AGAIN, CLAUSE = 0.8, 0.5, 0.6, 0.45, 0.2
REMARK = 0.28  # what a sentence loses that only remarks on something: "that's horrific"
RAREST = 1.4  # of what rare words add up to, however many they are

EVERY = 80  # words: who says "like" more often than once in so many does not liken
TOPIC = 4  # turns that a word may come back in before it is what the interview is about
NUMBERS = frozenset(
    "o'clock per cent hundred thousand million dozen half year month week minute hour day "
    "fifteenth first second third".split()
)

ENGLISH = "en"
CAPITAL_NOUNS = frozenset(("de", "lb"))
RARE = 0.6  # what a word weighs that is called rare
UNKNOWN = 0.85  # what a noun, verb or adjective weighs where no list says how common it is
GRAMMAR = frozenset(
    ("ADP", "DET", "CCONJ", "SCONJ", "AUX", "PART", "PRON", "PUNCT", "SPACE", "INTJ")
)

POINTING = frozenset(("that", "this", "these", "those", "it", "which", "there", "what"))
NOT_LAST = frozenset(("DT", "TO", "CC", "MD", "PRP$", "WDT", "WP", "WRB", "IN", "PDT", "POS", "EX"))
NOT_LAST_LABELS = frozenset(("aux", "auxpass", "det"))
DEPENDENT = frozenset(("WDT", "WP", "WRB", "IN", "VB"))  # tags of what hangs on words before it
NOT_FIRST = frozenset(("CC", "TO", "POS", "MD", "RP"))
PLAIN = re.compile(r"[\w'’ -]+(?:, [\w'’ -]+)*")


class _Talk:
    """How one participant talks in an interview: what they come back to, what is only the topic,
    and whether "like" likens."""

    def __init__(self, interview: Interview, label: str, turns: list[Parse], language: str) -> None:
        self.is_english = language == ENGLISH
        self.nouns_are_capital = language in CAPITAL_NOUNS
        self.runs: Counter[tuple[str, ...]] = Counter()
        self.turns: Counter[str] = Counter()
        likes = total = 0
        for words in turns:
            self.runs.update(_runs(words, self.is_english))
            self.turns.update({word.lemma.casefold() for word in words})
            likes += sum(word.text.casefold() == "like" and word.pos != "VERB" for word in words)
            total += len(words)
        self.likens = likes * EVERY < total or likes < 4
        others = (turn.text.casefold() for turn in interview.turns if turn.label != label)
        self.brought = frozenset(one for text in others for one in re.findall(r"[\w'-]+", text))

    def weight(self, word: Word) -> float:
        """What a word weighs in this interview."""
        if word.pos in ("NUM", "PROPN") or word.text in DAYS or word.lemma in NUMBERS:
            return 0.0
        own = (
            weight_of(word)
            if self.is_english
            else UNKNOWN
            if word.pos in ("NOUN", "ADJ", "VERB")
            else 0.0
        )
        if word.text.casefold() in self.brought or word.lemma.casefold() in self.brought:
            own *= 0.3
        return own * min(1.0, TOPIC / max(1, self.turns[word.lemma.casefold()]))


@dataclass(frozen=True)
class StrikingStretch:
    """A stretch of a turn from `start` to `end`, why it stands out, and how far (0 to 1)."""

    words: str
    start: int
    end: int
    reason: str
    score: float
    striking: bool  # by more than rare words in a sentence


def striking_stretches(
    interview: Interview,
    parses: Parses,
    people: frozenset[str] = frozenset(),
    *,
    language: str = ENGLISH,
) -> dict[str, tuple[StrikingStretch, ...]]:
    """Turn id → what stands out in it, the most striking first; a turn in which nothing
    does is missing."""
    turns = [(turn, parses.get(turn.text, ())) for turn in interview.participant_turns]
    labels = dict.fromkeys(turn.label for turn, _ in turns)
    talk = {
        label: _Talk(
            interview, label, [words for turn, words in turns if turn.label == label], language
        )
        for label in labels
    }
    offered: set[tuple[str, str]] = set()
    found = {}
    for turn, words in turns:
        chosen: list[StrikingStretch] = []
        for one in sorted(
            _all(turn.text, words, talk[turn.label], people),
            key=lambda one: (-one.score, one.start, one.end),
        ):
            if len(chosen) == MOST:
                break
            apart = all(one.end <= other.start or other.end <= one.start for other in chosen)
            if (
                apart
                and (turn.label, one.words.casefold()) not in offered
                and len(anchor.stretches(turn.text, one.words)) == 1
            ):
                chosen.append(one)
                offered.add((turn.label, one.words.casefold()))
        if chosen:
            found[turn.id] = tuple(chosen)
    return found


def _runs(words: Parse, is_english: bool) -> set[tuple[str, ...]]:
    """The runs of two to six words that stand in a turn, in small letters, that hold something
    worth coming back to."""
    texts = [word.text.casefold() for word in words]
    heavy = [weight_of(word) >= 0.3 if is_english else word.pos == "NOUN" for word in words]
    found = set()
    for start in range(len(words)):
        for end in range(start + 2, min(start + LONGEST, len(words)) + 1):
            if words[end - 1].pos in ("PUNCT", "SPACE"):
                break
            if any(heavy[start:end]):
                found.add(tuple(texts[start:end]))
    return found


def _all(text: str, words: Parse, talk: _Talk, people: frozenset[str]) -> Iterator[StrikingStretch]:
    quoted = in_quotes(words)
    bounds = stretch_bounds if talk.is_english else bounds_by_part_of_speech
    seen = set()
    for first, last, kind in bounds(words, quoted):
        if (first, last) not in seen:
            seen.add((first, last))
            is_quoted = all(quoted[first : last + 1])
            stretch = _judged(_Candidate(text, words, first, last, kind, is_quoted), talk, people)
            if stretch:
                yield stretch


@dataclass(frozen=True)
class _Candidate:
    """A stretch of a turn, by its first and last word, and what it was cut as."""

    text: str
    words: Parse
    first: int
    last: int
    kind: str
    is_quoted: bool

    @property
    def inside(self) -> Parse:
        return self.words[self.first : self.last + 1]

    @property
    def begins(self) -> Word:
        return self.words[self.first]

    @property
    def ends(self) -> Word:
        return self.words[self.last]

    @property
    def verbatim(self) -> str:
        return self.text[self.begins.start : self.ends.end]

    @property
    def lowered(self) -> tuple[str, ...]:
        return tuple(word.text.casefold() for word in self.inside)


# --- what is not offered, whatever it is worth ----------------------------------------------------


def _is_no_plain_run(stretch: _Candidate, talk: _Talk, people: frozenset[str]) -> bool:
    """Too short or long, with other than words and commas, or with what the parser did not read."""
    verbatim, shown = stretch.verbatim, one_line(stretch.verbatim)
    return (
        not SHORTEST <= len(shown.split()) <= LONGEST
        or not PLAIN.fullmatch(shown)
        or shown != verbatim.replace("\n", " ")
        or any(
            stretch.text[word.end : following.start].strip()
            for word, following in pairwise(stretch.inside)
        )
    )


def _is_placeholder(stretch: _Candidate, talk: _Talk, people: frozenset[str]) -> bool:
    """What stands for something left out on purpose: (ward manager)."""
    before, behind = stretch.begins.start - 1, stretch.ends.end
    return stretch.text[before : before + 1] == "(" or stretch.text[behind : behind + 1] == ")"


def _is_fragment(stretch: _Candidate, talk: _Talk, people: frozenset[str]) -> bool:
    """What begins or ends with a word of grammar: "and the goats", "bath water the"."""
    if not talk.is_english:
        return bool({stretch.begins.pos, stretch.ends.pos} & GRAMMAR)
    return (
        stretch.begins.tag in NOT_FIRST
        or (stretch.ends.tag in NOT_LAST and stretch.ends.dep != "prt")
        or stretch.ends.dep in NOT_LAST_LABELS
    )


def _names_somebody(stretch: _Candidate, talk: _Talk, people: frozenset[str]) -> bool:
    """A code names nobody: "old Mrs Hale"."""
    return any(
        is_name(stretch.words, index, people, nouns_are_capital=talk.nouns_are_capital)
        for index in range(stretch.first, stretch.last + 1)
    )


def _is_filler_like(stretch: _Candidate, talk: _Talk, people: frozenset[str]) -> bool:
    """Who says "like" all the time does not liken: "like a, like a meeting"."""
    return stretch.kind == "likeness" and not talk.likens


def _depends(stretch: _Candidate, talk: _Talk, people: frozenset[str]) -> bool:
    """What needs the words before it: "which fell over", "because it rained", "go home"."""
    begins = stretch.begins
    is_whole = stretch.kind in ("alone", "clause", "quoted")
    if is_whole and begins.tag in DEPENDENT and begins.text[0].islower():
        return True
    if stretch.kind == "clause" and begins.text.casefold() in POINTING:
        return True
    return stretch.kind != "quoted" and begins.pos in ("AUX", "VERB") and begins.tag != "VBG"


def _is_bare(stretch: _Candidate, talk: _Talk, people: frozenset[str]) -> bool:
    """What says hardly more than a number or a verb: "30 modules", "it leaks"."""
    if stretch.kind == "noun" and stretch.begins.pos == "NUM":
        return True
    return len(stretch.inside) < 3 and stretch.begins.dep in SUBJECTS


def _is_reversed(stretch: _Candidate, talk: _Talk, people: frozenset[str]) -> bool:
    """A clause that the words before it deny, doubt or report: "I'm not sure I locked the shed"."""
    if stretch.kind != "clause" or not talk.is_english:
        return False
    words, start = stretch.words, stretch.first
    while start and words[start - 1].text not in SENTENCE_ENDS:
        start -= 1
    before = words[start : stretch.first]
    if before and before[-1].text.casefold() in UNREAL | BARELY | NEGATIONS:
        return True
    inside = range(stretch.first, stretch.last + 1)
    root = next((one for one in inside if words[one].head not in inside), stretch.first)
    return words[root].dep in EMBEDDED and any(
        word.text.casefold() in BARELY | NEGATIONS
        or word.lemma in NOT_FACTS | SAYING | THINKING_THAT
        for word in before
    )


REFUSALS = (
    _is_no_plain_run,
    _is_placeholder,
    _is_fragment,
    _names_somebody,
    _is_filler_like,
    _depends,
    _is_bare,
    _is_reversed,
)


# --- what makes it stand out ----------------------------------------------------------------------


def _judged(stretch: _Candidate, talk: _Talk, people: frozenset[str]) -> StrikingStretch | None:
    if any(refuses(stretch, talk, people) for refuses in REFUSALS):
        return None
    weights = [talk.weight(word) for word in stretch.inside]
    rare = {word for word, weight in zip(stretch.lowered, weights, strict=True) if weight > RARE}
    times = talk.runs.get(stretch.lowered, 0)
    if times > TOPIC:
        times = 1
    if not _may_stand_out(stretch, talk, weights, len(rare), times):
        return None
    worth = min(RAREST, sum(weights))
    if stretch.kind == "noun" and len(stretch.inside) == 1:
        worth *= 0.8
    reasons = []
    for adds, reason in _cues(stretch, times):
        worth += adds
        if reason:
            reasons.append(reason)
    if rare and talk.is_english:
        reasons.append(f"rare: {', '.join(sorted(rare, key=stretch.lowered.index))}")
    if worth < WORTH or not reasons:
        return None
    return StrikingStretch(
        stretch.verbatim,
        stretch.begins.start,
        stretch.ends.end,
        "; ".join(reasons),
        round(1 - exp(-worth / 1.6), 4),
        times > 1 or stretch.kind in ("likeness", "quoted") or stretch.is_quoted,
    )


def _may_stand_out(
    stretch: _Candidate, talk: _Talk, weights: list[float], rare: int, times: int
) -> bool:
    """Whether the words themselves say enough for what was cut: of a noun, each part must."""
    is_cut_apart = stretch.kind in ("alone", "quoted", "likeness")
    if max(weights) < (0.3 if is_cut_apart else RARE):
        return False
    if stretch.kind == "noun":
        parts = [word for word in stretch.inside if word.pos in ("NOUN", "ADJ")]
        is_vague = all(word.lemma in VAGUE for word in parts if word.pos == "NOUN")
        if is_vague or any(talk.weight(word) < 0.35 for word in parts):
            return False
    return is_cut_apart or times > 1 or (stretch.kind == "clause" and rare >= 2)


def _cues(stretch: _Candidate, times: int) -> Iterator[tuple[float, str]]:
    """What a stretch has besides its words: what that adds, and how a reason names it."""
    if stretch.kind == "likeness":
        yield LIKENESS, "a likeness"
    if stretch.kind == "quoted" or (stretch.kind == "alone" and stretch.is_quoted):
        yield QUOTED, "in quotation marks"
    if stretch.kind == "alone":
        yield ALONE, "a sentence of its own"
        if stretch.begins.text.casefold() in POINTING - {"there"}:
            yield -REMARK, ""
    if stretch.kind == "clause":
        yield CLAUSE, ""
    if times > 1:
        yield AGAIN * min(times - 1, 3), f"in {times} turns"
