"""A chapter's quotations set against the transcripts: which are as spoken, which are not, and what
is to be done about it.

Nothing here is guessed away: where the text names nobody, or more than one, the words alone decide.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from gtpipe.model.names import one_line
from gtpipe.model.records import INTERVIEWER
from gtpipe.quotes.attribution import Quotation
from gtpipe.quotes.marks import FEWEST_WORDS
from gtpipe.quotes.nearest import nearest
from gtpipe.quotes.word_index import Match, WordIndex
from gtpipe.text import tokens
from gtpipe.text.worddiff import difference

EXACT, MARKED = "exact", "exact with marked changes"
ALTERED, JOINED, NOT_FOUND = (
    "altered without a mark",
    "joined across turns without a mark",
    "not found",
)
OTHER_NAME, TWO_NAMES = "under another name", "the same words under two names"
OTHER_TURN, OTHER_INTERVIEW = "another turn", "another interview"
OTHER_LINES = "at other lines"
NOT_TO_QUOTE = "of somebody who is not to be quoted"
SHORT, CITED, LABEL = "short (not checked)", "cited source (not checked)", "a label of the study"
TWICE, UNSURE = "printed twice", "set apart, in no transcript (not checked)"
FINDINGS = (
    *(ALTERED, JOINED, NOT_FOUND, OTHER_NAME, TWO_NAMES, OTHER_TURN, OTHER_INTERVIEW),
    *(OTHER_LINES, NOT_TO_QUOTE),
)
VERDICTS = (EXACT, MARKED, *FINDINGS, TWICE, UNSURE, CITED, LABEL, SHORT)
_IS_ALTERED = 0.5  # what a quotation must share with a turn to be called a change of it
_MOSTLY = 0.8  # of the longer of two quotations that are told to be the same
_TELLING = 5  # words that two people hardly say alike by chance


class CheckedQuotation(NamedTuple):
    """A quotation and one thing that came of it. `place` and `participant` say where its words
    stand, or what is nearest; `detail` how they differ; `do` what to do. Of one quotation there may
    be several."""

    quotation: Quotation
    verdict: str
    place: str = ""
    participant: str = ""
    detail: str = ""
    do: str = ""
    spot: tuple[int, int] = (-1, -1)

    @property
    def is_finding(self) -> bool:
        return self.verdict in FINDINGS

    @property
    def is_note(self) -> bool:
        """Whether it is worth knowing, and no reason to stop."""
        return self.verdict in (TWICE, UNSURE) or (
            self.verdict in (EXACT, MARKED) and bool(self.detail)
        )


def judge_all(
    quotations: Iterable[Quotation],
    word_index: WordIndex,
    labels: Collection[str] = (),
    everything: bool = False,
) -> list[CheckedQuotation]:
    """Every quotation with its verdict, in the order given. `labels` are the study's own, which a
    chapter puts in marks as well.

    Short ones that nobody is named behind are looked for only with `everything`, and are no
    finding either way.
    """
    folded = {" ".join(tokens.keys(tokens.clean(label))) for label in labels}
    judged: list[CheckedQuotation] = []
    for quotation in quotations:
        of_one = _parts_or_whole(quotation, word_index, folded, everything)
        judged += [*of_one, *_of_nobody(quotation, of_one)]
    return _printed_again(_two_names(judged))


def _of_nobody(
    quotation: Quotation, judged: Iterable[CheckedQuotation]
) -> Iterator[CheckedQuotation]:
    """That a name is nobody's, where nothing that was said of the words says so already."""
    if quotation.is_stranger and not any(
        one.verdict in (CITED, LABEL) or _NOBODY in one.detail for one in judged
    ):
        do = "Name the participant; cite the source of what is not from an interview"
        yield CheckedQuotation(quotation, OTHER_NAME, detail=_nobody(quotation), do=do)


_NOBODY = "nobody in this study is called"


def _nobody(quotation: Quotation) -> str:
    near = f", the nearest name is {quotation.near}" if quotation.near else ""
    return f"{_NOBODY} {quotation.speaker}{near}"


def not_to_quote(
    judged: Iterable[CheckedQuotation], refused: Mapping[str, str]
) -> list[CheckedQuotation]:
    """The quotations, and behind each of which the words are of somebody in `refused` that this is
    so. `refused` says of a participant where it stands that they are not to be quoted.
    """
    found: list[CheckedQuotation] = []
    told: set[tuple[int, str]] = set()
    for one in judged:
        found.append(one)
        key = (id(one.quotation), one.participant)
        if one.participant in refused and one.verdict not in _NOT_THEIRS and key not in told:
            told.add(key)
            do = f"Take it out, or ask them again: {refused[one.participant]} says `quotes: no`"
            found.append(one._replace(verdict=NOT_TO_QUOTE, detail="", do=do))
    return found


_NOT_THEIRS = (NOT_FOUND, UNSURE, CITED, LABEL)  # the participant of these is who is nearest


def _parts_or_whole(
    quotation: Quotation, word_index: WordIndex, labels: Collection[str], everything: bool
) -> list[CheckedQuotation]:
    """A block quote of several paragraphs is one quotation, unless each by itself stands in the
    transcripts and the whole does not."""
    whole = judge(quotation, word_index, labels, everything)
    paragraphs = [part for part in quotation.text.split("\n\n") if part.strip()]
    if whole[0].verdict not in (ALTERED, NOT_FOUND) or len(paragraphs) < 2:
        return whole
    parts = [
        judge(replace(quotation, text=part.strip()), word_index, labels, everything)
        for part in paragraphs
    ]
    return (
        [one for part in parts for one in part]
        if any(not part[0].is_finding for part in parts)
        else whole
    )


def judge(
    quotation: Quotation,
    word_index: WordIndex,
    labels: Collection[str] = (),
    everything: bool = False,
) -> list[CheckedQuotation]:
    """What one quotation is: of its words first, then of the name under it."""
    pattern = tokens.pattern(quotation.text)
    keys = [word.key for word in pattern.words]
    if keys and len(keys) < FEWEST_WORDS and not quotation.is_attributed and everything:
        judged = judge(replace(quotation, is_attributed=True), word_index, labels)[0]._replace(
            quotation=quotation
        )
        return [
            (
                judged._replace(verdict=SHORT, detail=judged.verdict, do="")
                if judged.is_finding
                else judged
            )
        ]
    if not keys or (len(keys) < FEWEST_WORDS and not quotation.is_attributed):
        return [CheckedQuotation(quotation, SHORT)]
    matches = word_index.matches(pattern, quotation.speaker)
    best = min(matches, key=lambda match: _rank(match, quotation.speaker), default=None)
    if best is not None and _fault(best, quotation.speaker) == 0:
        return _found(quotation, pattern, best, matches, len(keys), word_index)
    if quotation.cited:
        return [CheckedQuotation(quotation, CITED)]
    if not quotation.is_attributed and " ".join(keys) in labels:
        return [CheckedQuotation(quotation, LABEL)]
    if best is not None:
        return _found(quotation, pattern, best, matches, len(keys), word_index)
    return _altered_or_not_found(quotation, pattern, keys, word_index)


def _fault(match: Match, speaker: str) -> int:
    return (4 if speaker and match.stream.speaker != speaker else 0) + (
        2 if match.is_joined else 1 if match.differs else 0
    )


def _rank(match: Match, speaker: str) -> tuple[int, bool, bool, int, int]:
    return (
        _fault(match, speaker),
        match.stream.speaker == INTERVIEWER,
        match.is_marked,
        match.end - match.start,
        match.start,
    )


def _found(
    quotation: Quotation,
    pattern: tokens.Pattern,
    match: Match,
    matches: Sequence[Match],
    length: int,
    word_index: WordIndex,
) -> list[CheckedQuotation]:
    """All words stand there: as they are, joined, with other punctuation, or said
    by somebody else."""
    place, speaker = _place(match.start, match.end, word_index), match.stream.speaker
    judged = CheckedQuotation(
        quotation,
        MARKED if match.is_marked else EXACT,
        place,
        speaker,
        spot=(match.start, match.end),
    )
    others = list(
        dict.fromkeys(
            other.stream.speaker
            for other in matches
            if other.stream.speaker not in (INTERVIEWER, speaker)
            and (_fault(other, ""), other.is_marked) <= (_fault(match, ""), match.is_marked)
        )
    )
    named = _named_wrongly(judged, [other for other in others if other != quotation.speaker])
    findings = []
    if match.is_joined:
        findings.append(
            judged._replace(
                verdict=JOINED,
                detail=_shown(word_index.text(match.start, match.end, " / ")),
                do="Mark with […] where one turn ends and the next begins, or quote them apart",
            )
        )
    elif match.differs:
        detail = difference(
            tokens.plain(word_index.text(match.start, match.end)), tokens.plain(quotation.text)
        )
        findings.append(
            judged._replace(
                verdict=ALTERED,
                detail=f"{detail} (capitals or punctuation)",
                do="Write them as the transcript does; a changed letter stands in brackets: [s]he",
            )
        )
    if named is not None:
        return [*findings, named]
    if findings:
        return findings
    if quotation.interview and not any(
        other.stream.interview == quotation.interview for other in matches
    ):
        return [
            judged._replace(
                verdict=OTHER_INTERVIEW,
                detail=f"the text says {quotation.interview}",
                do="Name the interview where the words stand",
            )
        ]
    if quotation.turn and not _has_turn(quotation, matches, word_index):
        return [
            judged._replace(
                verdict=OTHER_TURN,
                detail=f"the text says turn {quotation.turn}",
                do="Name the turn where the words stand",
            )
        ]
    if not quotation.speaker and others and length >= _TELLING and speaker != INTERVIEWER:
        return [
            judged._replace(
                verdict=TWO_NAMES,
                detail=f"the words stand in the transcripts of {', '.join([speaker, *others])}",
                do="Say behind the quotation whose they are",
            )
        ]
    put_in = [
        f"{bracket} where the transcript has “{there}”" if there else bracket
        for bracket, there in word_index.insertions(pattern, match)
    ]
    if put_in:
        judged = judged._replace(
            detail=f"put in: {'; '.join(map(one_line, put_in))}",
            do="Leave it where the words in brackets are yours",
        )
    elif speaker == INTERVIEWER and quotation.speaker != INTERVIEWER:
        judged = judged._replace(detail="spoken by the interviewer")
    return [judged]


def _named_wrongly(judged: CheckedQuotation, others: Sequence[str]) -> CheckedQuotation | None:
    """`judged` as a matter of the name; None where the text names whom the words are from, or
    nobody. `others` said them as well."""
    quotation, speaker = judged.quotation, judged.participant
    if not quotation.speaker or speaker == quotation.speaker:
        return None
    whose = _whose(speaker)
    if others and speaker != INTERVIEWER:
        whose += f", and {', '.join(others)}'s"
    if quotation.is_stranger:
        return judged._replace(
            verdict=OTHER_NAME,
            detail=f"{_nobody(quotation)}; the words are {whose}",
            do=f"Name {speaker}",
        )
    return judged._replace(
        verdict=OTHER_NAME,
        detail=f"the text says {quotation.speaker}; the words are {whose}",
        do=f"Name {speaker}",
    )


def _has_turn(quotation: Quotation, matches: Sequence[Match], word_index: WordIndex) -> bool:
    return any(
        turn in interview.turns_of(quotation.turn)
        for match in matches
        if quotation.speaker in ("", match.stream.speaker)
        for interview, turn in word_index.turns_of(match.start, match.end)
    )


def _place(start: int, end: int, word_index: WordIndex) -> str:
    turns = word_index.turns_of(start, end)
    ids = [turn.id for _, turn in turns]
    return f"{turns[0][0].name} {ids[0]}" + (f", {ids[-1]}" if len(ids) > 1 else "")


_DO_ALTERED = (
    "Take the transcript's words, or mark the change: "
    "[…] for what is left out, [ ] for what is put in"
)
_DO_NOT_FOUND = (
    "Is it a participant's? Take the words from the transcript; "
    "cite the source of what is not from an interview"
)


def _altered_or_not_found(
    quotation: Quotation, pattern: tokens.Pattern, keys: list[str], word_index: WordIndex
) -> list[CheckedQuotation]:
    """Some word is not at its place: the part that stands nowhere is laid beside what is
    nearest to it."""
    missing = [run for run in pattern.runs if not word_index.has_run(run)]
    part = max(missing, key=len, default=())
    if len(part) < FEWEST_WORDS:
        part = tuple(pattern.words)
    near = nearest(word_index, [word.key for word in part], quotation.speaker)
    not_found = UNSURE if quotation.is_doubtful else NOT_FOUND
    do = (
        "If it is a quotation, take the words from the transcript"
        if quotation.is_doubtful
        else _DO_NOT_FOUND
    )
    unknown = f"; {_nobody(quotation)}" if quotation.is_stranger else ""
    if near is None:
        return [
            CheckedQuotation(
                quotation, not_found, detail=f"no word of it stands in a transcript{unknown}", do=do
            )
        ]
    interview, turn = word_index.turns[near.turn]
    judged = CheckedQuotation(
        quotation,
        ALTERED,
        f"{interview.name} {turn.id}",
        interview.participant(turn) or INTERVIEWER,
        do=_DO_ALTERED,
    )
    if not missing:
        detail = (
            f"its parts stand in this order in no one's transcript: {_parts(pattern, word_index)}"
        )
        return [judged._replace(detail=detail, do="Quote each part by itself")]
    there = word_index.text(near.start, near.end)
    if near.shared < _IS_ALTERED:
        return [
            judged._replace(verdict=not_found, detail=f"nearest: {_shown(there)}{unknown}", do=do)
        ]
    detail = difference(
        tokens.plain(there), tokens.plain(pattern.text[part[0].start : part[-1].end])
    )
    redacted = _redaction(there, keys)
    if redacted:
        detail += f"; the transcript has {redacted} where the chapter writes it out"
    round_ones = [
        match.group()
        for match in re.finditer(r"\([^()]+\)", quotation.text)
        if not set(tokens.keys(match.group())) <= set(tokens.keys(there))
    ]
    judged = judged._replace(
        detail=detail,
        do=(
            f"Put your own words in square brackets: [{round_ones[0][1:-1]}]"
            if round_ones
            else _DO_ALTERED
        ),
    )
    named = _named_wrongly(judged, ())
    return [judged, named] if named is not None else [judged]


def _whose(speaker: str) -> str:
    return "the interviewer's" if speaker == INTERVIEWER else f"{speaker}'s"


def _parts(pattern: tokens.Pattern, word_index: WordIndex) -> str:
    """Where each longer part of a quotation stands by itself."""
    places = []
    for run in pattern.runs:
        if len(run) >= FEWEST_WORDS:
            match = word_index.matches(tokens.Pattern((run,)))[0]
            words = _shown(pattern.text[run[0].start : run[-1].end], 4)
            places.append(f"{words} ({_place(match.start, match.end, word_index)})")
    return "; ".join(places)


_BRACKET = re.compile(
    r"[(\[](?!pause|laugh|sigh|cough|cries|crying|silence|inaudible|unclear|\d)"
    r"([^()\[\]]{1,40})[)\]]",
    re.I,
)


def _redaction(there: str, keys: Collection[str]) -> str:
    """A bracket of the transcript, such as (PSW) or [name], that the quotation does not have;
    sounds and pauses are none."""
    return next(
        (
            match.group()
            for match in _BRACKET.finditer(there)
            if not set(tokens.keys(match.group(1))) & set(keys)
        ),
        "",
    )


def _shown(text: str, most: int = 40) -> str:
    """Words on one line, no more than `most`."""
    words = text.split()
    return " ".join(words[:most]) + (" …" if len(words) > most else "")


def _words_of(judged: CheckedQuotation) -> range | list[tuple[str, ...]]:
    """What two quotations of the same words share: places in the transcripts; of words that stand
    nowhere, the words."""
    return (
        range(*judged.spot)
        if judged.spot[0] >= 0
        else [tuple(tokens.keys(tokens.clean(judged.quotation.text)))]
    )


def _two_names(judged: list[CheckedQuotation]) -> list[CheckedQuotation]:
    """Words that stand under the wrong name in one place and under another in the other: told
    as one matter."""
    by_words: dict[object, list[CheckedQuotation]] = {}
    for one in judged:
        if one.quotation.speaker and one.verdict not in (SHORT, CITED, LABEL):
            for word in _words_of(one):
                by_words.setdefault(word, []).append(one)
    made = []
    for one in judged:
        if one.verdict == OTHER_NAME:
            others = {
                id(other): other
                for word in _words_of(one)
                for other in by_words.get(word, ())
                if other.quotation.speaker != one.quotation.speaker
            }
            for other in others.values():
                elsewhere = (
                    f"at {other.quotation.place} the same words stand "
                    f"under {other.quotation.speaker}"
                )
                detail = f"{one.detail}; {elsewhere}"
                one = one._replace(verdict=TWO_NAMES, detail=detail)
                break
        made.append(one)
    return made


def _printed_again(judged: list[CheckedQuotation]) -> list[CheckedQuotation]:
    """With a note on each quotation whose words, for the most part, a chapter has printed
    before."""
    two_names = {id(one.quotation) for one in judged if one.verdict == TWO_NAMES}
    before: dict[object, list[CheckedQuotation]] = {}
    made: list[CheckedQuotation] = []
    for number, one in enumerate(judged):
        made.append(one)
        is_last = number + 1 == len(judged) or judged[number + 1].quotation is not one.quotation
        words = _words_of(one)
        length = len(words) if isinstance(words, range) else len(words[0])
        if not is_last or one.verdict in (SHORT, CITED, LABEL, UNSURE) or length < _TELLING:
            continue
        same = next(
            (
                other
                for other in before.get(words[len(words) // 2], ())
                if _overlap(one, other) >= _MOSTLY
            ),
            None,
        )
        if same is not None and id(one.quotation) not in two_names:
            made.append(
                one._replace(
                    verdict=TWICE,
                    detail=f"first at {same.quotation.place}",
                    do="Leave one out, or point back to the first",
                )
            )
        for word in words:
            before.setdefault(word, []).append(one)
    return made


def _overlap(one: CheckedQuotation, other: CheckedQuotation) -> float:
    """The share of the longer quotation that both have."""
    if one.spot[0] < 0 or other.spot[0] < 0:
        return 1.0
    shared = min(one.spot[1], other.spot[1]) - max(one.spot[0], other.spot[0])
    return shared / max(one.spot[1] - one.spot[0], other.spot[1] - other.spot[0])
