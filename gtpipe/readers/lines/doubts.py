"""What the lines of a source leave in doubt once its turns are found: a list of rules, each a
question that an option answers. Nothing is written while one is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gtpipe.model.problems import in_shell
from gtpipe.readers.lines import turn_openings
from gtpipe.readers.lines.turn_layout import WITH_COLON, SourceLines, Starts
from gtpipe.readers.lines.turn_openings import Form, Opening
from gtpipe.readers.reading import Doubt, Hints


@dataclass(frozen=True)
class FoundStarts:
    """The lines of a source, where turns begin in them, and what was known beforehand."""

    lines: SourceLines
    starts: Starts
    hints: Hints


def doubts_of(found: FoundStarts) -> tuple[Doubt, ...]:
    """Every doubt, in the order of the lines; () for a source that is read again."""
    if found.hints.only_known:
        return ()
    return tuple(
        sorted(
            (doubt for rule in RULES for doubt in rule(found)),
            key=lambda doubt: (doubt.number, doubt.what),
        )
    )


def might_begin_with_a_speaker(found: FoundStarts) -> Iterator[Doubt]:
    """Lines that might begin with a speaker and were taken for words; one doubt for all that begin
    alike.
    """
    lines, starts, hints = found.lines, found.starts, found.hints
    if "*" in hints.not_speakers:
        return
    labels = hints.folded | {opening.label.casefold() for opening in starts.values()}
    by_alone = any(
        opening.form is Form.ALONE and opening.label in hints for opening in starts.values()
    )

    def beginning(index: int) -> str:
        openings = [
            opening
            for opening in lines.openings.get(index, ())
            if opening.label not in hints.not_speakers
        ]
        almost = [way.label for way in openings if _is_almost_alone(lines, index, way)]
        if by_alone and almost:
            return almost[0]
        if not lines.opens(index):
            return ""
        words = turn_openings.maybe_speaker(lines.texts[index])
        if words and words not in hints.not_speakers:
            return words
        return next(
            (
                opening.label
                for opening in openings
                if opening.label.casefold() in labels and opening.form not in WITH_COLON
            ),
            "",
        )

    places: dict[str, list[int]] = {}
    for index in range(min(starts), len(lines.texts)):
        if index not in starts and not lines.blank[index] and (label := beginning(index)):
            places.setdefault(label, []).append(index)
    for label, indexes in places.items():
        line = lines.source[indexes[0]]
        more = f" ({len(indexes)} lines begin so)" if len(indexes) > 1 else ""
        yield Doubt(
            line.number,
            f'this line might begin with a speaker: "{label}"{more}',
            f"Say who it is with --interviewer {in_shell(label)} or --participant "
            f"{in_shell(label)}; if it begins a line of speech, --not-a-speaker {in_shell(label)}",
            line.text.strip()[:60],
            label,
        )


def _is_almost_alone(lines: SourceLines, index: int, opening: Opening) -> bool:
    return (
        opening.form in (Form.ALONE, Form.TIMED)
        and turn_openings.looks_alone(opening.label)
        and (not lines.opens(index) or index + 1 < len(lines.texts))
    )


RULES: tuple[Callable[[FoundStarts], Iterable[Doubt]], ...] = (might_begin_with_a_speaker,)
