"""Timed pieces of speech in, turns out: the cues of captions, the segments of a speech recogniser.

Who speaks stands beside a piece (its voice) or at the beginning of a line (`Ana: …`). Until another speaks, all is one turn.
Where nobody is named, the speech is one person's if the command says so, and pauses part its turns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from gtpipe.model import limits
from gtpipe.model.problems import UserError, error
from gtpipe.model.records import TIME
from gtpipe.readers.lines import speaker_turns
from gtpipe.readers.reading import Aside, Hints, Line, Reading, SourceTurn
from gtpipe.readers.tables import columns

PAUSE = 2.0  # seconds of silence that end a turn of one who speaks throughout
LONG = 400  # characters after which such a turn ends with its sentence
_SENTENCE_END = re.compile(r"[.?!…。？！][\"'”’»)\]]*$")
_DASHES = ("- ", "– ", "— ")


class Cue(NamedTuple):
    """When something was said: as written for people, and in seconds. `time` matches `gtpipe.model.records.TIME`, or is ''."""

    time: str
    start: float
    end: float


class Piece(NamedTuple):
    """A line of speech. `voice` is who speaks, '' where that is not said beside it; `cue` the index of its cue.

    `lead` is the voice as text, where the reader's second extraction holds it too.
    """

    voice: str
    line: Line
    cue: int
    lead: str = ""


class _Part(NamedTuple):
    """A piece with a label decided: a turn, unless the one before has the same label. `fresh` begins one all the same."""

    turn: SourceTurn
    fresh: bool = False


class _Parts(NamedTuple):
    parts: list[_Part]
    left_out: list[tuple[int, str]]
    doubtful: list[tuple[int, str]]


def reading(
    name: str,
    cues: Sequence[Cue],
    pieces: Sequence[Piece],
    path: str,
    hints: Hints,
    *,
    asides: Sequence[Aside] = (),
    remarks: Sequence[str] = (),
    unit: str = "line",
) -> Reading:
    """What is said in `pieces`, who says it and when. Raises UserError when nobody is named and it is no monologue."""
    kept, dropped = _unrolled(pieces) if _rolls(pieces) else (pieces, [])
    asides = [
        *asides,
        *(Aside(piece.line.number, "repeated caption line", piece.line.text) for piece in dropped),
    ]
    if dropped:
        remarks = (
            *remarks,
            "rolling captions: a line that stands again in the next caption is taken once",
        )
    named = (
        _by_voice(kept, cues, hints)
        if any(piece.voice for piece in kept)
        else _by_label(kept, cues, hints)
    )
    if named is not None and hints.monologue:
        raise _not_alone(named.parts, path)
    found = named or _throughout(kept, cues, path, hints)
    turns, again = _joined(found.parts)
    told = tuple(sorted([*asides, *again]))
    return Reading(
        name, turns, tuple(found.left_out), tuple(remarks), tuple(found.doubtful), told, unit
    )


def _by_voice(pieces: Sequence[Piece], cues: Sequence[Cue], hints: Hints) -> _Parts:
    """Turns by voices. A line without one goes on, unless it begins with a label that is a voice's or known."""
    voices = {piece.voice for piece in pieces}
    found = _Parts([], [], [])
    for voice, (text, number, _), cue, lead in pieces:
        label, colon, words = text.partition(":")
        if not voice and colon and words[:1] in ("", " ") and (label in voices or label in hints):
            voice, lead, text = label, label + ": ", words.strip()
        may_speak = voice not in hints.not_speakers and (voice in hints or not hints.only_known)
        if voice and may_speak:
            found.parts.append(_Part(SourceTurn(voice, cues[cue].time, text, number, lead)))
            continue
        text = lead + text
        if found.parts:
            found.parts.append(_Part(SourceTurn(found.parts[-1].turn.label, "", text, number, "")))
        else:
            found.left_out.append((number, text))
    return found


def _by_label(pieces: Sequence[Piece], cues: Sequence[Cue], hints: Hints) -> _Parts | None:
    """Turns by `Ana: …` at the beginning of a line, None for none. A name alone is no label: captions break anywhere."""
    lines: list[Line] = []
    for place, piece in enumerate(pieces):
        if place and piece.cue != pieces[place - 1].cue:
            lines.append(Line("", -1))
        lines.append(Line(piece.line.text, place))
    labelled = replace(
        hints, monologue="", known=hints.known | {"\n"}
    )  # a second label, so that nothing is a monologue
    try:
        found = speaker_turns.turns_in(lines, "", labelled)
    except UserError:
        return None
    if not any(re.search("[:：]", re.sub(TIME, "", turn.lead)) for turn in found.turns):
        return None

    def place_of(numbered: tuple[tuple[int, str], ...]) -> list[tuple[int, str]]:
        return [(pieces[place].line.number, words) for place, words in numbered]

    parts = []
    for turn in found.turns:
        piece = pieces[turn.line]
        text = _flow(turn.text.split("\n"))
        parts.append(
            _Part(
                turn._replace(
                    time=turn.time or cues[piece.cue].time, text=text, line=piece.line.number
                )
            )
        )
    return _Parts(parts, place_of(found.left_out), place_of(found.doubtful))


def _not_alone(parts: Sequence[_Part], path: str) -> UserError:
    seen = list(dict.fromkeys(part.turn.label for part in parts))
    first = parts[0].turn if parts else SourceTurn("", "", "", 1, "")
    return UserError(
        error(
            path,
            first.line,
            "--monologue is for a source where nothing says who speaks; here speak: "
            f"{limits.some(seen)}",
            "Leave --monologue out; or, for each that begins a line of speech, add --not-a-speaker "
            "LABEL",
            excerpt=first.text[:100],
        )
    )


def _throughout(pieces: Sequence[Piece], cues: Sequence[Cue], path: str, hints: Hints) -> _Parts:
    """One person's speech: a new turn after a pause, or at a sentence's end where it has grown long."""
    name = columns.monologue_of(hints)
    if not name:
        seen = pieces[0].line
        raise UserError(
            error(
                path,
                seen.number,
                "no speaker labels seen in this file",
                "Begin each turn with who speaks, like `I: …` and `P: …`; "
                "or --monologue NAME if one person speaks throughout",
                excerpt=seen.text[:100],
            )
        )
    found = _Parts([], [], [])
    length, ended, before, cue = 0, 0.0, "", -1
    for piece in pieces:
        fresh = False
        if piece.cue != cue:
            cue = piece.cue
            fresh = cues[cue].start - ended >= PAUSE or (
                length >= LONG and _SENTENCE_END.search(before) is not None
            )
            ended = max(ended, cues[cue].end)
        length = len(piece.line.text) + (0 if fresh else length + 1)
        before = piece.line.text
        found.parts.append(
            _Part(SourceTurn(name, cues[cue].time, piece.line.text, piece.line.number, ""), fresh)
        )
    return found


def _joined(parts: Sequence[_Part]) -> tuple[tuple[SourceTurn, ...], list[Aside]]:
    """Turns of whole speeches; a label said again by the same speaker is an aside."""
    turns: list[SourceTurn] = []
    again: list[Aside] = []
    said: list[str] = []
    for turn, fresh in parts:
        if turns and not fresh and turn.label == turns[-1].label:
            if turn.lead.strip():
                again.append(Aside(turn.line, "repeated label", turn.lead.strip()))
            said.append(turn.text)
            continue
        if turns:
            turns[-1] = turns[-1]._replace(text=_flow(said))
        turns.append(turn)
        said = [turn.text]
    if turns:
        turns[-1] = turns[-1]._replace(text=_flow(said))
    return tuple(turns), again


def _flow(lines: Sequence[str]) -> str:
    """Captions break lines anywhere: a space joins them, but a dash that begins a line of dialogue keeps its line."""
    filled = [line.strip() for line in lines if line.strip()]
    return "".join(
        ("" if index == 0 else "\n" if line.startswith(_DASHES) else " ") + line
        for index, line in enumerate(filled)
    )


def _rolls(pieces: Sequence[Piece]) -> bool:
    """Whether captions roll up the screen: most begin with the last line of the one before, and many go on from there.

    One line said again and again is no sign of it: people say No. twice.
    """
    lines: dict[int, list[str]] = {}
    for piece in pieces:
        lines.setdefault(piece.cue, []).append(piece.line.text)
    cues = list(lines.values())
    again = [cue for before, cue in zip(cues, cues[1:]) if cue[0] == before[-1]]
    return (
        len(cues) >= 4
        and 2 * len(again) >= len(cues) - 1
        and 3 * sum(len(cue) > 1 for cue in again) >= len(again)
    )


def _unrolled(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Pieces to keep, and those that are the line above said again."""
    kept: list[Piece] = []
    dropped: list[Piece] = []
    last, cue = "", -1
    for piece in pieces:
        again = piece.cue != cue and piece.line.text == last
        (dropped if again else kept).append(piece)
        last, cue = piece.line.text, piece.cue
    return kept, [piece._replace(lead="") for piece in dropped]
