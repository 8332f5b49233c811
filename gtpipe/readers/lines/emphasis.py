"""Whose words are the paragraphs that are bold or italic throughout: questions, in documents that
have no labels for them, or not for all.

`Hints.shape.bold` says whose. Others are those of `shape.unlabelled`, or of who is labelled in
them. So that there is one way only in which lines become turns, each run of such paragraphs gets a
label for the time of reading, and loses it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from gtpipe.model.problems import UserError, in_shell
from gtpipe.model.shape import ABOVE
from gtpipe.readers.lines import speaker_turns
from gtpipe.readers.lines.speaker_turns import TurnsInLines
from gtpipe.readers.reading import Aside, Doubt, Hints, Line, SourceTurn

_BOLD, _OTHERS = "Qzbold", "Qzplain"  # labels for the time of reading, in no document
_COLON = re.compile(r"[:：](?!\d\d)")  # not that of a time
_SENTENCE = re.compile(r"[.?!…][\"'”’»)\]]*$")
_OPTIONS = "--bold-is LABEL --unlabelled LABEL"
_EXCERPT = 60
_LONGEST_HEADING = 10


def turns_in(
    lines: Sequence[Line], headings: frozenset[int], path: str, hints: Hints
) -> TurnsInLines:
    """The turns in the lines of a document; `headings` are numbers of paragraphs that its styles
    call so.

    Raises UserError where nothing says who speaks, naming the options that do where paragraphs in
    bold or italics alternate with others.
    """
    if hints.shape.bold:
        return _with_bold(lines, headings, path, hints)
    try:
        found = speaker_turns.turns_in(lines, path, hints)
    except UserError:
        if not hints.monologue:
            refuse_alternating(lines, headings, path)
        raise
    if hints.monologue and (firsts := _alternating(lines, headings)[1]):
        emphasised = f"paragraph {firsts[True].number} and others are bold or italic throughout"
        remark = f"{emphasised}: taken as {hints.monologue}'s like the rest"
        return replace(found, remarks=(*found.remarks, remark))
    return found


def is_emphasised(line: Line) -> bool:
    """Whether all words of a line are bold, or all of them italic.

    >>> is_emphasised(Line("And then?", 1, bold=8)), is_emphasised(Line("And then?", 1, italic=3))
    (True, False)
    """
    return any(
        _has_words(line.text[:marked]) and not _has_words(line.text[marked:])
        for marked in (line.bold, line.italic)
    )


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))


def _heading_end(lines: Sequence[Line], headings: frozenset[int]) -> int:
    """The number of the last paragraph of the heading, 0 where there is none: lines at the
    beginning that a style calls so, or that are no sentences and stand above an emphasised one.
    """
    filled = [line for line in lines if line.text.strip()][: _LONGEST_HEADING + 1]
    count = 0
    for line in filled:
        text = line.text.strip()
        if text.endswith("?") or (line.number not in headings and _SENTENCE.search(text)):
            break
        count += 1
    styled = next((n for n, line in enumerate(filled) if line.number not in headings), len(filled))
    if count == len(filled):
        count = styled  # no sentence anywhere: only styles tell
    elif not is_emphasised(filled[count]):
        # What stands in bold above a sentence that does not is a question.
        bold = (n for n in reversed(range(count)) if is_emphasised(filled[n]))
        count = max(next(bold, count), styled)
    return filled[count - 1].number if count else 0


def _alternating(lines: Sequence[Line], headings: frozenset[int]) -> tuple[int, dict[bool, Line]]:
    """How many runs of emphasised lines stand between others, and the first line of both; (0, {})
    for less than two.
    """
    end = _heading_end(lines, headings)
    talk = [line for line in lines if line.text.strip() and line.number > end]
    runs = [(is_bold, next(group)) for is_bold, group in groupby(talk, key=is_emphasised)]
    firsts = dict(reversed(runs))
    count = sum(is_bold for is_bold, _ in runs)
    return (count, firsts) if count > 1 and False in firsts else (0, {})


def refuse_alternating(lines: Sequence[Line], headings: frozenset[int], path: str) -> None:
    """Raises UserError where two runs of emphasised paragraphs or more stand between others."""
    count, firsts = _alternating(lines, headings)
    if not count:
        return
    raise UserError.at(
        path,
        firsts[True].number,
        "nothing here says who speaks, but paragraphs in bold or italics throughout stand in "
        f"{count} places between others",
        f"Say whose words both are with {_OPTIONS}: mostly those in bold are the interviewer's",
        excerpt=" / ".join(
            f"{'bold' if is_bold else 'not bold'}: {firsts[is_bold].text.strip()[:_EXCERPT]}"
            for is_bold in (True, False)
        ),
    )


def _with_bold(
    lines: Sequence[Line], headings: frozenset[int], path: str, hints: Hints
) -> TurnsInLines:
    """The turns where `hints.shape.bold` says what is emphasised throughout."""
    shape = hints.shape
    begins = _labelled(lines, path, hints)
    lines, aside = _without_headings(lines, headings)
    end = shape.heading_to if shape.heading_to >= 0 else _heading_end(lines, headings)
    relabelled: list[Line] = []
    before = ""  # who spoke last: _BOLD, _OTHERS, or who is labelled
    number = 0
    for line in lines:
        if line.text.strip() and line.number > end:
            now = begins.get((line.number, line.text), "")
            if not now:
                now = _BOLD if is_emphasised(line) else _OTHERS
                goes_on = now == before or (
                    now == _OTHERS
                    and before not in ("", _BOLD)
                    and (shape.unlabelled in ("", ABOVE) or line.number == number)
                )
                if goes_on:
                    now = before
                elif now == _OTHERS and shape.unlabelled in ("", ABOVE):
                    raise _nobody(line, path, shape.bold)
                elif line.text.lstrip()[0] in "[(":  # it may be a time mark
                    line = Line(f"{now}: {line.text}", line.number)
                else:
                    relabelled += Line(f"{now}:", line.number), Line("", line.number)
            before, number = now, line.number
        relabelled.append(line)
    found = speaker_turns.turns_in(
        relabelled,
        path,
        replace(
            hints,
            known=frozenset({_BOLD, _OTHERS, *begins.values()}),
            shape=replace(shape, bold="", unlabelled=ABOVE),
            monologue="",
        ),
    )
    if not any(turn.label == _BOLD for turn in found.turns):
        raise UserError.at(
            path,
            None,
            f"no paragraph of this document is bold or italic throughout, but --bold-is "
            f"{in_shell(shape.bold)} says whose they are",
            "Leave --bold-is out, or see whether this is the right file",
        )
    names = {_BOLD: shape.bold, _OTHERS: shape.unlabelled}
    doubts = () if hints.only_known else tuple(_both_kinds(lines, end, shape.bold))
    return replace(
        found,
        turns=tuple(_named(turn, names) for turn in found.turns),
        asides=(*found.asides, *aside),
        doubts=(*found.doubts, *doubts),
        shape=replace(found.shape, bold=shape.bold, unlabelled=shape.unlabelled),
    )


def _labelled(lines: Sequence[Line], path: str, hints: Hints) -> dict[tuple[int, str], str]:
    """The lines that begin with a label of their own and a colon, by number and text → label."""
    shape = replace(hints.shape, bold="", unlabelled="")
    try:
        found = speaker_turns.turns_in(lines, path, replace(hints.without_monologue(), shape=shape))
    except UserError:  # nothing is labelled; what else is wrong is said when all of it is read
        return {}
    texts: dict[int, list[str]] = {}
    for line in lines:
        texts.setdefault(line.number, []).append(line.text)
    begins = {}
    for turn in found.turns:
        start = turn.lead.rstrip().rpartition("\n")[2]
        if _COLON.search(start.partition(turn.label)[2]):
            for text in texts[turn.line]:
                if text.startswith(start):
                    begins[turn.line, text] = turn.label
    return begins


def _without_headings(
    lines: Sequence[Line], headings: frozenset[int]
) -> tuple[Sequence[Line], tuple[Aside, ...]]:
    """The lines without headings inside the talk, where questions are emphasised in another way."""
    emphasised = [line for line in lines if is_emphasised(line)]
    if not headings or all(line.number in headings for line in emphasised):
        return lines, ()
    first = next(line.number for line in emphasised if line.number not in headings)
    inside = {number for number in headings if number > first}
    asides = [
        Aside(line.number, "heading", line.text.strip())
        for line in lines
        if line.number in inside and line.text.strip()
    ]
    return [Line("", line.number) if line.number in inside else line for line in lines], tuple(
        asides
    )


def _nobody(line: Line, path: str, bold: str) -> UserError:
    return UserError.at(
        path,
        line.number,
        f"this paragraph is not bold or italic throughout, as {bold}'s are, and nothing says whose "
        "it is",
        "Say whose words the others are with --unlabelled LABEL",
        excerpt=line.text.strip()[:_EXCERPT],
    )


def _both_kinds(lines: Sequence[Line], end: int, bold: str) -> Iterator[Doubt]:
    """Italics beside bold may be another's, or somebody's remarks."""
    kinds: dict[bool, list[Line]] = {True: [], False: []}
    for line in lines:
        if line.number > end and is_emphasised(line):
            kinds[_has_words(line.text[: line.bold])].append(line)
    if all(kinds.values()):
        first = kinds[False][0]
        yield Doubt(
            first.number,
            f"{len(kinds[False])} of the lines that would be {bold}'s are in italics throughout, "
            f"the other {len(kinds[True])} in bold",
            f"In the document, set them in bold too if they are {bold}'s; "
            "if not, take the italics away",
            first.text.strip()[:_EXCERPT],
        )


def _named(turn: SourceTurn, names: dict[str, str]) -> SourceTurn:
    """The turn without the label that it had for the time of reading."""
    label = names.get(turn.label)
    if label is None:
        return turn
    above, _, behind = turn.lead.partition(f"{turn.label}:")
    return turn._replace(label=label, lead=above + behind.lstrip())
