"""Timed lines of speech in, turns out: the cues of captions, the segments of a speech recogniser.

Who speaks stands beside a line (its voice) or at the beginning of a line (`Ana: …`). Until another
speaks, all is one turn. Where nobody is named, the speech is one person's if the command says so,
and pauses part its turns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from gtpipe.model import limits
from gtpipe.model.problems import UserError
from gtpipe.model.records import TIME
from gtpipe.readers.lines import speaker_turns
from gtpipe.readers.reading import Aside, Doubt, Hints, Line, Reading, SourceTurn, refusal

PAUSE = 2.0  # seconds of silence that end a turn of one who speaks throughout
LONG = 400  # characters after which such a turn ends with its sentence
_SENTENCE_END = re.compile(r"[.?!…。？！][\"'”’»)\]]*$")
_DASHES = ("- ", "– ", "— ")


class Cue(NamedTuple):
    """When something was said: as written for people, and in seconds.

    `time` matches `gtpipe.model.records.TIME`, or is ''.
    """

    time: str
    start: float
    end: float


class SpeechLine(NamedTuple):
    """A line of speech.

    `voice` is who speaks, '' where that is not said beside it; `cue` the index of its cue.

    `lead` is the voice as text, where the reader's second extraction holds it too.
    """

    voice: str
    line: Line
    cue: int
    lead: str = ""


class _LabelledLine(NamedTuple):
    """A line with a label decided: a turn, unless the one before has the same label.

    `fresh` begins one all the same.
    """

    turn: SourceTurn
    fresh: bool = False


class _LabelledSpeech(NamedTuple):
    """Lines with their speakers; those before the first speaker; and doubts."""

    lines: list[_LabelledLine]
    left_out: list[tuple[int, str]]
    doubts: list[Doubt]


def reading(
    name: str,
    cues: Sequence[Cue],
    speech: Sequence[SpeechLine],
    path: str,
    hints: Hints,
    *,
    asides: Sequence[Aside] = (),
    remarks: Sequence[str] = (),
    unit: str = "line",
) -> Reading:
    """What is said in `speech`, who says it and when.

    Raises UserError when nobody is named and it is no monologue.
    """
    kept, dropped = _unrolled(speech) if _rolls(speech) else (speech, [])
    asides = [
        *asides,
        *(
            Aside(spoken.line.number, "repeated caption line", spoken.line.text)
            for spoken in dropped
        ),
    ]
    if dropped:
        remarks = (*remarks, "rolling captions: a line repeated in the next caption is read once")
    named = (
        _by_voice(kept, cues, hints)
        if any(spoken.voice for spoken in kept)
        else _by_label(kept, cues, hints)
    )
    if named is not None and hints.monologue:
        raise _not_alone(named.lines, path)
    labelled = named or _throughout(kept, cues, path, hints)
    turns, again = _joined(labelled.lines)
    all_asides = tuple(sorted([*asides, *again]))
    return Reading(
        name,
        turns,
        tuple(labelled.left_out),
        tuple(remarks),
        tuple(labelled.doubts),
        all_asides,
        unit,
    )


def _by_voice(speech: Sequence[SpeechLine], cues: Sequence[Cue], hints: Hints) -> _LabelledSpeech:
    """Turns by voices.

    A line without one goes on, unless it begins with a label that is a voice's or known.
    """
    voices = {spoken.voice for spoken in speech}
    labelled = _LabelledSpeech([], [], [])
    for voice, (text, number, *_), cue, lead in speech:
        label, colon, words = text.partition(":")
        if not voice and colon and words[:1] in ("", " ") and (label in voices or label in hints):
            voice, lead, text = label, label + ": ", words.strip()
        may_speak = voice not in hints.not_speakers and (voice in hints or not hints.only_known)
        if voice and may_speak:
            labelled.lines.append(
                _LabelledLine(SourceTurn(voice, cues[cue].time, text, number, lead))
            )
            continue
        text = lead + text
        if labelled.lines:
            labelled.lines.append(
                _LabelledLine(SourceTurn(labelled.lines[-1].turn.label, "", text, number, ""))
            )
        else:
            labelled.left_out.append((number, text))
    return labelled


def _by_label(
    speech: Sequence[SpeechLine], cues: Sequence[Cue], hints: Hints
) -> _LabelledSpeech | None:
    """Turns by `Ana: …` at the beginning of a line, None for none.

    A name alone is no label: captions break anywhere.
    """
    lines: list[Line] = []
    for place, spoken in enumerate(speech):
        if place and spoken.cue != speech[place - 1].cue:
            lines.append(Line("", -1))
        lines.append(Line(spoken.line.text, place))
    try:
        found = speaker_turns.turns_in(lines, "", hints.without_monologue())
    except UserError:
        return None
    if not any(re.search("[:：]", re.sub(TIME, "", turn.lead)) for turn in found.turns):
        return None

    left_out = [(speech[place].line.number, words) for place, words in found.left_out]
    doubts = [doubt._replace(number=speech[doubt.number].line.number) for doubt in found.doubts]

    labelled_lines = []
    for turn in found.turns:
        spoken = speech[turn.line]
        text = _flow(turn.text.split("\n"))
        labelled_lines.append(
            _LabelledLine(
                turn._replace(
                    time=turn.time or cues[spoken.cue].time, text=text, line=spoken.line.number
                )
            )
        )
    return _LabelledSpeech(labelled_lines, left_out, doubts)


def _not_alone(labelled_lines: Sequence[_LabelledLine], path: str) -> UserError:
    seen = list(dict.fromkeys(labelled.turn.label for labelled in labelled_lines))
    first = labelled_lines[0].turn if labelled_lines else SourceTurn("", "", "", 1, "")
    return refusal(
        path,
        first.line,
        "--monologue is for a source where nothing says who speaks; here speak: "
        f"{limits.some(seen)}",
        "Leave --monologue out; or, for each that begins a line of speech, add --not-a-speaker "
        "LABEL",
        excerpt=first.text[:100],
    )


def _throughout(
    speech: Sequence[SpeechLine], cues: Sequence[Cue], path: str, hints: Hints
) -> _LabelledSpeech:
    """One person's speech: a new turn after a pause,
    or at a sentence's end where it has grown long.
    """
    name = hints.only_speaker
    if not name:
        seen = speech[0].line
        raise refusal(
            path,
            seen.number,
            "no speaker labels seen in this file",
            "Begin each turn with who speaks, like `I: …` and `P: …`; "
            "or --monologue NAME if one person speaks throughout",
            excerpt=seen.text[:100],
        )
    labelled = _LabelledSpeech([], [], [])
    length, ended, before, cue = 0, 0.0, "", -1
    for spoken in speech:
        fresh = False
        if spoken.cue != cue:
            cue = spoken.cue
            fresh = cues[cue].start - ended >= PAUSE or (
                length >= LONG and _SENTENCE_END.search(before) is not None
            )
            ended = max(ended, cues[cue].end)
        length = len(spoken.line.text) + (0 if fresh else length + 1)
        before = spoken.line.text
        labelled.lines.append(
            _LabelledLine(
                SourceTurn(name, cues[cue].time, spoken.line.text, spoken.line.number, ""), fresh
            )
        )
    return labelled


def _joined(labelled_lines: Sequence[_LabelledLine]) -> tuple[tuple[SourceTurn, ...], list[Aside]]:
    """Turns of whole speeches; a label said again by the same speaker is an aside."""
    turns: list[SourceTurn] = []
    again: list[Aside] = []
    texts: list[str] = []
    for turn, fresh in labelled_lines:
        if turns and not fresh and turn.label == turns[-1].label:
            if turn.lead.strip():
                again.append(Aside(turn.line, "repeated label", turn.lead.strip()))
            texts.append(turn.text)
            continue
        if turns:
            turns[-1] = turns[-1]._replace(text=_flow(texts))
        turns.append(turn)
        texts = [turn.text]
    if turns:
        turns[-1] = turns[-1]._replace(text=_flow(texts))
    return tuple(turns), again


def _flow(lines: Sequence[str]) -> str:
    """Captions break lines anywhere: a space joins them,
    but a dash that begins a line of dialogue keeps its line.
    """
    filled = [line.strip() for line in lines if line.strip()]
    return "".join(
        ("" if index == 0 else "\n" if line.startswith(_DASHES) else " ") + line
        for index, line in enumerate(filled)
    )


def _rolls(speech: Sequence[SpeechLine]) -> bool:
    """Whether captions roll up the screen: most begin with the last line of the one before,
    and many go on from there.

    One line said again and again is no sign of it: people say No. twice.
    """
    lines: dict[int, list[str]] = {}
    for spoken in speech:
        lines.setdefault(spoken.cue, []).append(spoken.line.text)
    cues = list(lines.values())
    again = [cue for before, cue in pairwise(cues) if cue[0] == before[-1]]
    return (
        len(cues) >= 4
        and 2 * len(again) >= len(cues) - 1
        and 3 * sum(len(cue) > 1 for cue in again) >= len(again)
    )


def _unrolled(speech: Sequence[SpeechLine]) -> tuple[list[SpeechLine], list[SpeechLine]]:
    """Lines to keep, and those that are the line above said again."""
    kept: list[SpeechLine] = []
    dropped: list[SpeechLine] = []
    last, cue = "", -1
    for spoken in speech:
        again = spoken.cue != cue and spoken.line.text == last
        (dropped if again else kept).append(spoken)
        last, cue = spoken.line.text, spoken.cue
    return kept, [spoken._replace(lead="") for spoken in dropped]
