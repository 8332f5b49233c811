"""Lines in, turns out: who speaks, when, and their words as they stand; or why that cannot be said.

Taking a speaker for words would put one person's words into another's mouth. So a line that begins
like a name and a colon begins a turn, known label or not, and ingest asks who that is; a paragraph
that only might begin with a speaker is words, and a doubt. What a line may be is in
`turn_openings`, what the lines of a file are in `turn_layout`, the doubts in `doubts`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gtpipe.model import limits
from gtpipe.model.shape import NO_SHAPE, Shape
from gtpipe.readers.lines import turn_openings
from gtpipe.readers.lines.doubts import FoundStarts, doubts_of
from gtpipe.readers.lines.turn_layout import SourceLines, Starts, turn_starts
from gtpipe.readers.lines.turn_openings import Form, Opening
from gtpipe.readers.reading import Aside, Doubt, Hints, Line, SourceTurn, refusal


@dataclass(frozen=True)
class TurnsInLines:
    """The turns in a source's lines; lines before the first speaker; what the lines leave in doubt;
    and what in them is nobody's speech.
    """

    turns: tuple[SourceTurn, ...]
    left_out: tuple[tuple[int, str], ...] = ()
    doubts: tuple[Doubt, ...] = ()
    asides: tuple[Aside, ...] = ()
    remarks: tuple[str, ...] = ()
    shape: Shape = NO_SHAPE


def turns_in(source: Sequence[Line], path: str, hints: Hints) -> TurnsInLines:
    """Who says what in `source`. Between two paragraphs stands an empty line.

    With `hints.monologue`, each paragraph is a turn of that speaker. Raises UserError when nothing
    in it is a label, or when something is though nothing should be.

    >>> lines = [Line("Kitchen, 3 May", 1), Line("Ana: So?", 2), Line("Bo: No.", 3)]
    >>> found = turns_in(lines, "talk.txt", Hints())
    >>> [(turn.label, turn.text) for turn in found.turns], found.left_out
    ([('Ana', 'So?'), ('Bo', 'No.')], ((1, 'Kitchen, 3 May'),))
    """
    _refuse_floods(source, path)
    lines = SourceLines(source)
    starts = turn_starts(lines, hints)
    if hints.monologue:
        alone = Hints(frozenset({hints.monologue}), only_known=True)
        _refuse_labels(lines, starts or turn_starts(lines, alone), path, hints.monologue)
    if not starts and hints.only_speaker:
        starts = _paragraphs(lines, hints.only_speaker)
    if not starts:
        _refuse_nameless(source, path)
    turns = _cut(lines, starts)
    return replace(turns, doubts=doubts_of(FoundStarts(lines, starts, hints)))


def _paragraphs(lines: SourceLines, speaker: str) -> Starts:
    """Every paragraph a turn of `speaker`, from the first that is no heading."""
    starts: Starts = {}
    for index, text in enumerate(lines.texts):
        if (
            lines.blank[index]
            or not lines.opens(index)
            or (not starts and turn_openings.HEADING.match(text))
        ):
            continue
        match = turn_openings.TIME_FIRST.match(text)
        starts[index] = Opening(
            Form.ALONE, speaker, match["time"] if match else "", match.end() if match else 0
        )
    return starts


def _cut(lines: SourceLines, starts: Starts) -> TurnsInLines:
    """The turns that begin at `starts`. A time mark alone above a label is the turn's."""
    source, texts = lines.source, lines.texts
    turns: list[SourceTurn] = []
    order = sorted(starts)
    left_out = [(line.number, line.text) for line in source[: order[0]] if line.text.strip()]
    time_above = ""
    if left_out and turn_openings.ONLY_TIME.match(left_out[-1][1]):
        time_above = left_out.pop()[1]
    for start, end in zip(order, [*order[1:], len(texts)], strict=True):
        body = [texts[start][starts[start].end :], *texts[start + 1 : end]]
        while len(body) > 1 and not body[-1].strip():
            body.pop()
        is_timed = end in starts and not starts[end].time and len(body) > 1
        below = body.pop() if is_timed and turn_openings.ONLY_TIME.match(body[-1]) else ""
        turns.append(_turn(source[start], starts[start], body, time_above))
        time_above = below
    return TurnsInLines(tuple(turns), tuple(left_out))


def _turn(line: Line, opening: Opening, body: list[str], time_above: str) -> SourceTurn:
    """The turn that begins with `line`; `body` is what is said in it, line by line.

    >>> opening = turn_openings.openings_of(Line("Ana: So,", 3))[0]
    >>> _turn(Line("Ana: So,", 3), opening, ["So,", "well."], "[0:12]")
    SourceTurn(label='Ana', time='0:12', text='So,\\nwell.', line=3, lead='[0:12]\\nAna: ')
    """
    above = turn_openings.ONLY_TIME.match(time_above) if time_above else None
    lead = f"{time_above}\n" if time_above else ""
    lead += line.text[: opening.end]
    if opening.end and not line.text[opening.end :].strip():
        lead += "\n"
    time = opening.time or (above["time"] if above else "")
    words = "\n".join(said.rstrip() for said in body).strip()
    return SourceTurn(opening.label, time, words, line.number, lead)


def _refuse_floods(source: Sequence[Line], path: str) -> None:
    """Raises UserError where there are more lines, or longer ones, than anybody ever said."""
    # Between the paragraphs of a document stand empty lines of ours.
    limits.refuse_many(len(source), 2 * limits.LINES, "lines", path)
    for line in source:
        if len(line.text) > limits.LINE:
            raise refusal(
                path,
                line.number,
                f"this line is {len(line.text):,} characters long, and no turn is",
                "Is it the right file? If it is a whole interview, begin each turn on a line "
                "of its own",
                excerpt=line.text[:100],
            )


def _refuse_labels(lines: SourceLines, starts: Starts, path: str, name: str) -> None:
    """Raises UserError where somebody is labelled in what should be `name`'s throughout."""
    if not starts:
        return
    counts = Counter(starts[index].label for index in sorted(starts))
    first = lines.source[min(starts)]
    seen = limits.some(f"{label} {count}" for label, count in counts.items())
    do = (
        "Leave --monologue out; or, for each that begins a line of speech, "
        "add --not-a-speaker LABEL"
        if name.casefold() not in {label.casefold() for label in counts}
        else "Leave --monologue out, or give it another NAME"
    )
    raise refusal(
        path,
        first.number,
        f"--monologue is for a source where nothing says who speaks; these lines do: {seen}",
        do,
        excerpt=first.text.strip()[:100],
    )


def _refuse_nameless(source: Sequence[Line], path: str) -> None:
    seen = [line for line in source if line.text.strip()][:3]
    if not seen:
        raise refusal(path, None, "this file holds no words", "Is it the right file?")
    raise refusal(
        path,
        seen[0].number,
        "no speaker labels seen in this file",
        "Begin each turn with who speaks, like `I: …` and `P: …`; "
        "or, if one person speaks throughout, say who with --monologue NAME",
        excerpt=" / ".join(line.text.strip()[:60] for line in seen),
    )
