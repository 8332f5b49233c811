"""Lines in, turns out: who speaks, when, and their words as they stand; or why that cannot be said.

Taking a speaker for words would put one person's words into another's mouth. So a line that begins
like a name and a colon begins a turn, known label or not, and ingest asks who that is; a paragraph
that only might begin with a speaker is words, and a doubt. What a line may be is in
`turn_openings`, what the lines of a file are in `turn_layout`, the doubts in `doubts`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from gtpipe.model import limits
from gtpipe.model.problems import UserError
from gtpipe.model.shape import ABOVE, NO_SHAPE, SPLIT, Shape
from gtpipe.readers import notices
from gtpipe.readers.lines import labels_within, line_numbers, shapes, time_marks, turn_openings
from gtpipe.readers.lines.doubts import FoundTurns, doubts_of
from gtpipe.readers.lines.known_shapes import KNOWN_SHAPES
from gtpipe.readers.lines.time_marks import Marked
from gtpipe.readers.lines.turn_layout import SourceLines, Starts, turn_starts, without_heading
from gtpipe.readers.lines.turn_openings import Form, Opening
from gtpipe.readers.reading import Aside, Doubt, Hints, Line, SourceTurn


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
    kept, asides, remarks, shape = _prepared(source, hints)
    lines = SourceLines(kept)
    starts, shape = _starts(lines, hints, shape)
    if hints.monologue:
        alone = Hints(frozenset({hints.monologue}), only_known=True)
        _refuse_labels(lines, starts or turn_starts(lines, alone), path, hints.monologue)
    if not starts and hints.only_speaker:
        starts = _paragraphs(lines, hints.only_speaker)
    if not starts:
        _refuse_nameless(lines, path, hints)
    labelled, starts = starts, _with_unlabelled(lines, starts, shape)
    found, times = _cut(lines, starts, shape)
    if not hints.only_known and not hints.shape.name:
        _refuse_idle(hints, found, source, kept, len(starts) > len(labelled), asides, path)
    if shape.name:
        remarks = (*remarks, f"read in the form {shape.name} (`{_example(shape)}`)")
    return replace(
        found,
        doubts=doubts_of(FoundTurns(lines, starts, hints, found.turns, times, shape)),
        asides=tuple(sorted((*asides, *found.asides), key=lambda aside: aside.number)),
        remarks=(*remarks, *found.remarks),
        shape=shape,
    )


def _example(shape: Shape) -> str:
    return shape.label.split("\n")[0]


def _prepared(
    source: Sequence[Line], hints: Hints
) -> tuple[list[Line], list[Aside], tuple[str, ...], Shape]:
    """The lines without what is nobody's speech in them: notices and running numbers; cut at labels
    within them where a person said so.
    """
    shape = hints.shape
    remarks: tuple[str, ...] = ()
    kept, asides = _without_notices(source, shape)
    if shape.line_numbers or (not hints.only_known and line_numbers.are_numbered(kept)):
        kept, numbers = line_numbers.without_numbers(kept)
        asides += numbers
        shape = replace(shape, line_numbers=True)
        remarks = ("running line numbers are left out",)
    if shape.within == SPLIT:
        kept = labels_within.split(kept, hints)
    return kept, asides, remarks, shape


def _without_notices(source: Sequence[Line], shape: Shape) -> tuple[list[Line], list[Aside]]:
    if not shape.notices and not notices.may_be_in("\n".join([line.text for line in source])):
        return list(source), []
    kept: list[Line] = []
    asides: list[Aside] = []
    for line in source:
        text = line.text.strip()
        if text and (notices.notice(text) or text.startswith(shape.notices or "\n")):
            asides.append(Aside(line.number, "notice", text))
            line = line._replace(text="", bold=0)
        kept.append(line)
    return kept, asides


def _starts(lines: SourceLines, hints: Hints, shape: Shape) -> tuple[Starts, Shape]:
    """Where turns begin, and the shape by which: the one declared; else a known one, where it finds
    more turns than what all transcripts have in common, and loses no label that was named.
    """
    if shape.label:
        return _behind_the_heading(_until_they_stay(lines, shape, hints), hints), shape
    starts = turn_starts(lines, hints)
    if hints.only_known or hints.monologue:
        return starts, shape
    named = {opening.label for opening in starts.values() if opening.label in hints.known}
    best = max(
        (
            candidate
            for candidate in shapes.candidates(lines, hints, KNOWN_SHAPES, len(starts))
            if named <= {opening.label for opening in candidate.starts.values()}
        ),
        key=lambda candidate: len(candidate.starts),
        default=None,
    )
    if best is None or (
        len(best.starts) == len(starts) and (_timed(starts) or not _timed(best.starts))
    ):
        return without_heading(lines, starts, hints), shape
    shape = best.shape.with_answers(shape)
    return _until_they_stay(lines, shape, hints), shape


def _behind_the_heading(starts: Starts, hints: Hints) -> Starts:
    """`starts` without lines at the beginning that only look like a declared label: unknown, and
    once in the file, where those below come again.
    """
    counts = Counter(opening.label for opening in starts.values())
    order = sorted(starts)
    while len(order) > 2 and counts[starts[order[0]].label] == 1 and not hints.only_known:
        if starts[order[0]].label in hints or counts[starts[order[1]].label] == 1:
            break
        order.pop(0)
    return {index: starts[index] for index in order}


def _timed(starts: Starts) -> int:
    """How many turns have a time beside their label."""
    return sum(bool(opening.time) for opening in starts.values())


def _until_they_stay(lines: SourceLines, shape: Shape, hints: Hints) -> Starts:
    """The turns by a shape; by nothing but the labels found they must be the same."""
    starts = shapes.starts_by(lines, shape, hints)
    seen = {opening.label for opening in starts.values()}
    while starts and not hints.only_known:
        starts = shapes.starts_by(lines, shape, Hints(frozenset(seen), only_known=True))
        labels = {opening.label for opening in starts.values()}
        if labels == seen:
            break
        seen = labels
    return starts


def _with_unlabelled(lines: SourceLines, starts: Starts, shape: Shape) -> Starts:
    """Paragraphs without a label as turns of whom a person named for them; behind the heading,
    where there is one.
    """
    name = shape.unlabelled
    if not name or name == ABOVE:
        return starts
    first = min(starts)
    found = dict(starts)
    speaker, covered = "", -1
    for index in lines.filled:
        if index in starts:
            speaker, covered = starts[index].label, index + starts[index].below
        is_heading = index < first and not 0 <= shape.heading_to < lines.source[index].number
        if index <= covered or is_heading or not lines.may_open(index) or speaker == name:
            continue
        match = turn_openings.TIME_FIRST.match(lines.texts[index])
        found[index] = Opening(
            Form.ALONE, name, match["time"] if match else "", match.end() if match else 0
        )
        speaker = name
    return found


def _paragraphs(lines: SourceLines, speaker: str) -> Starts:
    """Every paragraph a turn of `speaker`, from the first that is no heading; every line with
    a time mark, where the lines have one.
    """
    starts: Starts = {}
    for index in lines.filled:
        text = lines.texts[index]
        match = turn_openings.TIME_FIRST.match(text)
        if not (lines.opens(index) or match) or (not starts and turn_openings.HEADING.match(text)):
            continue
        starts[index] = Opening(
            Form.ALONE, speaker, match["time"] if match else "", match.end() if match else 0
        )
    return starts


def _cut(lines: SourceLines, starts: Starts, shape: Shape) -> tuple[TurnsInLines, Marked]:
    """The turns that begin at `starts`, and the times that are left among their words. A time mark
    alone above a label is the turn's, one at the beginning or end of a line that of the turn it
    stands in.
    """
    source, texts = lines.source, lines.texts
    turns: list[SourceTurn] = []
    order = sorted(starts)
    left_out = [(line.number, line.text) for line in source[: order[0]] if line.text.strip()]
    is_time = _is_time_above(lines, order)
    time_above = ""
    if left_out and is_time(left_out[-1][1]):
        time_above = left_out.pop()[1]
    for start, end in zip(order, [*order[1:], len(texts)], strict=True):
        opening = starts[start]
        first = start + opening.below
        last = end - 1
        while last > first and lines.blank[last]:
            last -= 1
        is_timed = last > first and end in starts and not starts[end].time
        below = texts[last] if is_timed and is_time(texts[last]) else ""
        body = [texts[first][opening.end :], *texts[first + 1 : last + (not below)]]
        turn = _turn(source[start], opening, body, time_above)
        if above := [text for text in texts[start:first] if text.strip()]:
            lead = "\n".join([*filter(None, [time_above]), *above, texts[first][: opening.end]])
            ends = "" if texts[first][opening.end :].strip() else "\n"
            turn = turn._replace(lead=lead + ends)
        turns.append(turn)
        time_above = below
    asides: list[Aside] = []
    remarks: tuple[str, ...] = ()
    declared = "" if shape.time == "none" else shape.time
    if declared:
        turns, asides = time_marks.without_such_marks(turns, declared, shape.time_applies)
    times = time_marks.marks_in(turns, declared)
    if declared:
        pass
    elif times.marks and shape.time != "none":
        turns, asides = time_marks.without_marks(turns, times.marks, shape.time_applies)
        times = time_marks.marks_in(turns, "")
    elif times.first and shape.time != "none":
        mark = time_marks.example_in(times.first.text)
        stand = "1 time mark stands" if times.total == 1 else f"{times.total} time marks stand"
        remarks = (f"{stand} among the words, like {mark}: --time takes such marks out",)
    found = TurnsInLines(tuple(turns), tuple(left_out), asides=tuple(asides), remarks=remarks)
    return found, times


def _is_time_above(lines: SourceLines, order: Sequence[int]) -> Callable[[str], bool]:
    """Whether a line is nothing but the time of the turn below it; without brackets only where such
    lines come again.
    """
    texts = [lines.texts[index] for index in map(lines.before, order) if index >= 0]
    bare = sum(":" in text and time_marks.ALONE.match(text) is not None for text in texts)
    pattern = time_marks.ALONE if bare > 1 else turn_openings.ONLY_TIME
    return lambda text: pattern.match(text) is not None


def _turn(line: Line, opening: Opening, body: list[str], time_above: str) -> SourceTurn:
    """The turn that begins with `line`; `body` is what is said in it, line by line.

    >>> opening = turn_openings.openings_of(Line("Ana: So,", 3))[0]
    >>> _turn(Line("Ana: So,", 3), opening, ["So,", "well."], "[0:12]")
    SourceTurn(label='Ana', time='0:12', text='So,\\nwell.', line=3, lead='[0:12]\\nAna: ')
    """
    lead = f"{time_above}\n" if time_above else ""
    lead += line.text[: opening.end]
    if opening.end and not body[0].strip():
        lead += "\n"
    time = opening.time or time_marks.clock(time_above)
    words = "\n".join([said.rstrip() for said in body]).strip()
    return SourceTurn(opening.label, time, words, line.number, lead)


def _refuse_floods(source: Sequence[Line], path: str) -> None:
    """Raises UserError where there are more lines, or longer ones, than anybody ever said."""
    # Between the paragraphs of a document stand empty lines of ours.
    limits.refuse_many(len(source), 2 * limits.LINES, "lines", path)
    for line in source:
        if len(line.text) > limits.LINE:
            raise UserError.at(
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
    raise UserError.at(
        path,
        first.number,
        f"--monologue is for a source where nothing says who speaks; these lines do: {seen}",
        do,
        excerpt=first.text.strip()[:100],
    )


def _refuse_idle(
    hints: Hints,
    found: TurnsInLines,
    source: Sequence[Line],
    kept: Sequence[Line],
    has_unlabelled: bool,
    asides: Sequence[Aside],
    path: str,
) -> None:
    """Raises UserError for an answer to a question that this source does not ask: a person who
    gives one takes it for another source.
    """
    shape = hints.shape
    idle = (
        (shape.within == SPLIT and len(kept) == len(source), "--labels-within split", "a label"),
        (
            shape.line_numbers and not any(aside.what == line_numbers.WHAT for aside in asides),
            "--line-numbers",
            "a line with a number",
        ),
        (
            shape.unlabelled not in ("", ABOVE) and not has_unlabelled,
            f"--unlabelled {shape.unlabelled}",
            "a paragraph without a label",
        ),
        (
            shape.time not in ("", "none") and not any(turn.time for turn in found.turns),
            f"--time {shape.time}",
            "such a time mark",
        ),
        (
            shape.heading_to > 0 and not found.left_out,
            f"--heading-to {shape.heading_to}",
            "a line before the first speaker",
        ),
    )
    for is_idle, option, what in idle:
        if is_idle:
            raise UserError.at(
                path,
                None,
                f"{option} finds nothing to do: there is not {what}"
                + (" inside a line" if what == "a label" else ""),
                "Leave it out, or is it the right file?",
            )


def _refuse_nameless(lines: SourceLines, path: str, hints: Hints) -> None:
    seen = [lines.source[index] for index in lines.filled[:3]]
    if not seen:
        raise UserError.at(path, None, "this file holds no words", "Is it the right file?")
    if hints.shape.label:
        raise UserError.at(
            path,
            seen[0].number,
            f"no turn in this file begins like `{_example(hints.shape)}`",
            "Leave --shape out to see what the file looks like, or give --label another EXAMPLE",
            excerpt=" / ".join(line.text.strip()[:60] for line in seen),
        )
    raise UserError.at(
        path,
        seen[0].number,
        "no speaker labels seen in this file",
        "Begin each turn with who speaks, like `I: …` and `P: …`; show how its labels look with "
        "--label, like --label '[TIME] NAME'; or, if one person speaks throughout, say who with "
        "--monologue NAME",
        excerpt=" / ".join(line.text.strip()[:60] for line in seen),
    )
