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
from math import exp

from gtpipe.analysis.incidents import stretch
from gtpipe.model.records import Interview, one_line
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
UNKNOWN = 0.85  # what a noun, verb or adjective weighs where no list says how common it is
GRAMMAR = frozenset(
    ("ADP", "DET", "CCONJ", "SCONJ", "AUX", "PART", "PRON", "PUNCT", "SPACE", "INTJ")
)

POINTING = frozenset(("that", "this", "these", "those", "it", "which", "there", "what"))
NOT_LAST = frozenset(("DT", "TO", "CC", "MD", "PRP$", "WDT", "WP", "WRB", "IN", "PDT", "POS", "EX"))
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
                and len(stretch(turn.text, one.words)) == 1
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
    seen = set()
    for first, last, kind in (
        stretch_bounds(words, quoted)
        if talk.is_english
        else bounds_by_part_of_speech(words, quoted)
    ):
        if (first, last) not in seen:
            seen.add((first, last))
            made = _judged(text, words, first, last, kind, talk, people, quoted)
            if made:
                yield made


def _judged(
    text: str,
    words: Parse,
    first: int,
    last: int,
    kind: str,
    talk: _Talk,
    people: frozenset[str],
    quoted: list[bool],
) -> StrikingStretch | None:
    start, end = words[first].start, words[last].end
    here = one_line(text[start:end])
    inside = words[first : last + 1]
    if (
        not SHORTEST <= len(here.split()) <= LONGEST
        or not PLAIN.fullmatch(here)
        or here != text[start:end].replace("\n", " ")
    ):
        return None
    if any(text[one.end : two.start].strip() for one, two in zip(inside, inside[1:])):
        return None  # something was left out for the parser
    if text[start - 1 : start] == "(" or text[end : end + 1] == ")":
        return None
    if not talk.is_english and {words[first].pos, words[last].pos} & GRAMMAR:
        return None
    if words[first].tag in NOT_FIRST or (words[last].tag in NOT_LAST and words[last].dep != "prt"):
        return None
    if words[last].dep in ("aux", "auxpass", "det"):
        return None
    if any(
        is_name(words, index, people, nouns_are_capital=talk.nouns_are_capital)
        for index in range(first, last + 1)
    ):
        return None
    if kind == "likeness" and not talk.likens:
        return None
    if kind == "alone" and inside[0].text == "Like":
        kind = "likeness"
    if (
        kind in ("alone", "clause", "quoted")
        and inside[0].tag in ("WDT", "WP", "WRB", "IN", "VB")
        and inside[0].text[0].islower()
    ):
        return None
    if (kind == "clause" and inside[0].text.casefold() in POINTING) or (
        kind == "noun" and inside[0].pos == "NUM"
    ):
        return None
    if kind != "quoted" and inside[0].pos in ("AUX", "VERB") and inside[0].tag != "VBG":
        return None
    if len(inside) < 3 and inside[0].dep in SUBJECTS:
        return None
    heavy = [(talk.weight(word), word.text.casefold()) for word in inside]
    rare = sorted(
        {one for weight, one in heavy if weight > 0.6}, key=[one for _, one in heavy].index
    )
    most = max(weight for weight, _ in heavy)
    if most < (0.3 if kind in ("alone", "quoted", "likeness") else 0.6):
        return None
    worth = min(RAREST, sum(weight for weight, _ in heavy)) * (
        1.0 if kind != "noun" or len(inside) > 1 else 0.8
    )
    reasons = []
    times = talk.runs.get(tuple(word.text.casefold() for word in inside), 0)
    if times > TOPIC:
        times = 1
    cues = (kind != "clause" and kind != "noun") or times > 1
    if kind == "noun" and any(
        talk.weight(word) < 0.35 for word in inside if word.pos in ("NOUN", "ADJ")
    ):
        return None
    if not cues and (kind == "noun" or len(rare) < 2):
        return None
    if kind == "likeness":
        worth += LIKENESS
        reasons.append("a likeness")
    if kind == "quoted" or (all(quoted[first : last + 1]) and kind == "alone"):
        worth += QUOTED
        reasons.append("in quotation marks")
    if kind == "alone":
        worth += ALONE
        reasons.append("a sentence of its own")
    if inside[0].text.casefold() in POINTING - {"there"} and kind == "alone":
        worth -= REMARK
    if kind == "clause":
        worth += CLAUSE
    if times > 1:
        worth += AGAIN * min(times - 1, 3)
        reasons.append(f"in {times} turns")
    if rare and talk.is_english:
        reasons.append(f"rare: {', '.join(rare)}")
    if (
        worth < WORTH
        or not reasons
        or (all(word.lemma in VAGUE for word in inside if word.pos == "NOUN") and kind == "noun")
    ):
        return None
    striking = times > 1 or kind in ("likeness", "quoted") or all(quoted[first : last + 1])
    return StrikingStretch(
        text[start:end], start, end, "; ".join(reasons), round(1 - exp(-worth / 1.6), 4), striking
    )
