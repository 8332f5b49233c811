"""Utterances in, a reading out: the one door for captions and all other timed speech.

Until another speaks, all is one turn. Where one person speaks throughout, pauses part the turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from gtpipe.readers.reading import Aside, Doubt, Hints, Reading, SourceTurn
from gtpipe.readers.speech import who_speaks
from gtpipe.readers.speech.utterances import Utterance, cut_at_changes
from gtpipe.readers.speech.who_speaks import NamedLine

_DASHES = ("- ", "– ", "— ")


def reading(
    name: str,
    utterances: Sequence[Utterance],
    path: str,
    hints: Hints,
    *,
    asides: Sequence[Aside] = (),
    remarks: Sequence[str] = (),
    doubts: Sequence[Doubt] = (),
    unit: str = "line",
) -> Reading:
    """What is said in `utterances`, who says it and when.

    Raises UserError when nobody is named and it is no monologue.
    """
    kept, dropped = _unrolled(utterances) if _rolls(utterances) else (utterances, [])
    if dropped:
        remarks = (*remarks, "rolling captions: a line repeated in the next caption is read once")
    kept, ends = cut_at_changes(kept)
    what = "caption" if unit == "line" else unit
    named = (
        who_speaks.by_speaker(kept, hints, what)
        if any(said.speaker for said in kept)
        else who_speaks.by_label(kept, hints, what)
    )
    if named is not None and hints.monologue:
        raise who_speaks.not_alone(named.lines, path)
    named = named or who_speaks.throughout(kept, path, hints)
    turns, again = _joined(named.lines)
    repeated = [Aside(said.number, "repeated caption line", said.words) for said in dropped]
    return Reading(
        name,
        turns,
        tuple(named.left_out),
        (*remarks, *named.remarks),
        () if hints.only_known else (*doubts, *named.doubts),
        tuple(sorted([*asides, *repeated, *ends, *named.asides, *again])),
        unit,
        named.shape,
    )


def _joined(lines: Sequence[NamedLine]) -> tuple[tuple[SourceTurn, ...], list[Aside]]:
    """Turns of whole speeches; a label said again by the same speaker is an aside."""
    turns: list[SourceTurn] = []
    again: list[Aside] = []
    texts: list[str] = []
    for turn, fresh in lines:
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


def _flow(texts: Sequence[str]) -> str:
    """Captions break lines anywhere: a space joins them,
    but a dash that begins a line of dialogue keeps its line.
    """
    filled = [line.strip() for text in texts for line in text.split("\n") if line.strip()]
    return "".join(
        ("" if index == 0 else "\n" if line.startswith(_DASHES) else " ") + line
        for index, line in enumerate(filled)
    )


def _rolls(utterances: Sequence[Utterance]) -> bool:
    """Whether captions roll up the screen: most begin with the last line of the one before,
    and many go on from there.

    One line said again and again is no sign of it: people say No. twice.
    """
    cues: list[list[str]] = []
    for place, said in enumerate(utterances):
        if place and said.cue is utterances[place - 1].cue:
            cues[-1].append(said.words)
        else:
            cues.append([said.words])
    again = [cue for before, cue in pairwise(cues) if cue[0] == before[-1]]
    return (
        len(cues) >= 4
        and 2 * len(again) >= len(cues) - 1
        and 3 * sum(len(cue) > 1 for cue in again) >= len(again)
    )


def _unrolled(utterances: Sequence[Utterance]) -> tuple[list[Utterance], list[Utterance]]:
    """Lines to keep, and those that are the line above said again."""
    kept: list[Utterance] = []
    dropped: list[Utterance] = []
    before: Utterance | None = None
    for said in utterances:
        again = before is not None and said.cue is not before.cue and said.words == before.words
        (dropped if again else kept).append(said)
        before = said
    return kept, dropped
