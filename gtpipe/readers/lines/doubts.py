"""What the lines of a source leave in doubt once its turns are found: a list of rules, each a
question that an option answers. Nothing is written while one is open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from gtpipe.model import limits
from gtpipe.model.problems import in_shell
from gtpipe.model.shape import Shape
from gtpipe.readers.lines import labels_within, shapes, speaker_names, time_marks, turn_openings
from gtpipe.readers.lines.time_marks import Marked
from gtpipe.readers.lines.turn_layout import WITH_COLON, SourceLines, Starts
from gtpipe.readers.lines.turn_openings import Form, Opening
from gtpipe.readers.reading import Doubt, Hints, SourceTurn

FEW = 5  # of so many turns one has a time mark, at least, where they are a doubt


@dataclass(frozen=True)
class FoundTurns:
    """The lines of a source, where turns begin in them, what was known beforehand; the turns cut
    there, the times left among their words, and the shape they were read by.
    """

    lines: SourceLines
    starts: Starts
    hints: Hints
    turns: tuple[SourceTurn, ...]
    times: Marked
    shape: Shape

    @cached_property
    def first(self) -> int:
        """The line of the first turn."""
        return min(self.starts)

    @cached_property
    def forms(self) -> frozenset[Form]:
        """The forms in which turns begin."""
        return frozenset({opening.form for opening in self.starts.values()})

    @cached_property
    def labels(self) -> frozenset[str]:
        """The labels with which turns begin."""
        return frozenset({opening.label for opening in self.starts.values()})

    @cached_property
    def known(self) -> frozenset[str]:
        """Every label that is known or begins a turn, in small letters."""
        return self.hints.folded | {label.casefold() for label in self.labels}

    @cached_property
    def mistyped(self) -> re.Pattern[str] | None:
        """Labels of turns with a colon, at the beginning of a line, with any other sign."""
        labels = {way.label for way in self.starts.values() if way.form in WITH_COLON}
        if not labels:
            return None
        either = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
        return re.compile(rf"[ \t]*(?P<label>{either})(?P<sign>[;>|.,]?)[ \t]+(?=\w)")

    @cached_property
    def is_alone(self) -> bool:
        """Whether a known label stands on a line of its own."""
        return any(
            way.form is Form.ALONE and way.label in self.hints for way in self.starts.values()
        )

    @cached_property
    def label_lines(self) -> frozenset[int]:
        """The lines, by index, that a label takes up, all of them where it has several."""
        return frozenset(self.starts).union(
            start + below
            for start, opening in self.starts.items()
            if opening.below
            for below in range(1, opening.below + 1)
        )


def doubts_of(found: FoundTurns) -> tuple[Doubt, ...]:
    """Every doubt, in the order of the lines; () for a source that is read again."""
    if found.hints.only_known:
        return ()
    return tuple(
        sorted(
            (doubt for rule in RULES for doubt in rule(found)),
            key=lambda doubt: (doubt.number, doubt.what),
        )
    )


def might_begin_with_a_speaker(found: FoundTurns) -> Iterator[Doubt]:
    """Lines that might begin with a speaker and were taken for words; one doubt for all that begin
    alike.
    """
    lines, starts, hints = found.lines, found.starts, found.hints
    if "*" in hints.not_speakers or hints.monologue:
        return
    places: dict[str, list[int]] = {}
    alike: set[str] = set()  # what stands where a label stands on other lines
    for index in lines.filled:
        if index <= found.first or index in found.label_lines or _is_excused(found, index):
            continue
        label = _in_the_form_of_others(found, index) or _with_another_sign(found, index)
        alike |= {label} - {""}
        if label := label or _beginning(found, index):
            places.setdefault(label, []).append(index)
    colons = bool(found.forms & WITH_COLON)
    for label, indexes in places.items():
        again = len(indexes) > 1
        if not any(lines.may_begin(index, starts) for index in indexes) and not (
            label in alike or (colons and (again or speaker_names.is_likely(label)))
        ):
            continue
        if not again and not _might_be_once(label):
            continue
        line = lines.source[indexes[0]]
        more = f" ({len(indexes)} lines begin so)" if again else ""
        known = label in hints or label in found.labels
        do = (
            f"If {label} speaks here, {_how_to_show(line.text, label)}"
            if known
            else f"Say who it is with --interviewer {in_shell(label)} or --participant "
            f"{in_shell(label)}"
        )
        # A known label is a speaker elsewhere: what is none is the line.
        words = " ".join(line.text.split()[: len(label.split()) + 1]) if known else label
        yield Doubt(
            line.number,
            f'this line might begin with a speaker: "{label}"{more}',
            f"{do}; if it begins a line of speech, --not-a-speaker {in_shell(words)}",
            line.text.strip()[:60],
            label,
        )


def _how_to_show(text: str, label: str) -> str:
    """How a person says that a known label speaks in a line of another form."""
    behind = text.strip().removeprefix(label).lstrip()[:1]
    colon = "put a colon behind it in the file"
    if not behind or behind.isalnum() or behind in "\"'“‘":
        return colon
    sign = f" {behind}" if behind in "-–—" else behind
    other = in_shell(f"NAME{sign} WORDS")
    return f"{colon}, or show both forms of its labels: --label 'NAME: WORDS' --label {other}"


def _is_excused(found: FoundTurns, index: int) -> bool:
    """Whether a person said that the words with which a line begins are no speaker."""
    if not found.hints.not_speakers:
        return False
    text = " ".join(found.lines.texts[index].split())
    return text.startswith(tuple(found.hints.not_speakers))


def _might_be_once(label: str) -> bool:
    """Whether a beginning that comes once might be a speaker: `my mother`, and not `4` or `There
    are three kinds of things we ask`.
    """
    is_short = len(label.split()) <= 4 and any(map(str.isalpha, label))
    return is_short or (speaker_names.is_likely(label) and not label.isdecimal())


def _beginning(found: FoundTurns, index: int) -> str:
    """What a line that begins no turn begins with, where it might be a speaker; else ''."""
    lines, hints = found.lines, found.hints
    openings = [
        opening
        for opening in lines.openings.get(index, ())
        if opening.label not in hints.not_speakers
    ]
    start = lines.texts[index][:140]
    if not openings and ":" not in start and "：" not in start:
        return ""
    almost = [way.label for way in openings if _is_almost_alone(lines, index, way)]
    if found.is_alone and almost and not found.shape.unlabelled:
        return almost[0]
    text = lines.texts[index]
    words = turn_openings.maybe_speaker(text) if lines.opens(index) else ""
    words = words or speaker_names.beginning(text)[0]
    if words and words not in hints.not_speakers:
        return words
    return next(
        (
            opening.label
            for opening in openings
            if opening.label.casefold() in found.known and opening.form not in WITH_COLON
        ),
        "",
    )


def _with_another_sign(found: FoundTurns, index: int) -> str:
    """The known label with which a line begins that has another sign behind it than a colon, or,
    where it has a number in it, none: `R2; She did`, `R2 She did`.
    """
    match = found.mistyped.match(found.lines.texts[index]) if found.mistyped else None
    if match is None:
        return ""
    label = str(match["label"])
    by_number = any(map(str.isdigit, label))
    if match["sign"] in (";", ">", "|") or (by_number and match["sign"] in (".", ",", "")):
        return label
    return ""


def _in_the_form_of_others(found: FoundTurns, index: int) -> str:
    """The label of a line that has the form in which other turns begin, and begins none; or ''."""
    text, lines = found.lines.texts[index], found.lines
    if found.shape.label:
        return shapes.label_like(lines, index, found.shape, found.hints)
    forms = found.forms - WITH_COLON
    if not forms:
        return ""
    if Form.TIMED in forms and (label := time_marks.beside_a_time(text)):
        return label
    if Form.ALONE in forms and lines.followed(index):
        label = text.strip(" \t*_:")
        whole = len(label.split()) > 1 and all(word[0].isupper() for word in label.split())
        begins = whole or lines.may_begin(index, found.starts) or any(map(str.isdigit, label))
        is_name = len(label) <= 60 and label[-1:] not in tuple(".?!…,") and _is_likely(label)
        if begins and is_name and not label.isdecimal():
            return label
    for form, pattern in _LOOSE.items():
        match = pattern.match(text) if form in forms else None
        if match and (form is Form.HEAD or _is_likely(match["label"])):
            return match["label"]
    return next(
        (
            opening.label
            for opening in lines.openings.get(index, ())
            if opening.form in forms
            and opening.label not in found.hints.not_speakers
            and len(opening.label.split()) <= 4
            and opening.label[-1] not in ".,?!…"
            and lines.may_begin(index, found.starts)
        ),
        "",
    )


def _is_likely(label: str) -> bool:
    return bool(label) and speaker_names.is_likely(label)


# Labels of any shape in the forms that have no colon.
_LOOSE = {
    Form.DASH: re.compile(r"[ \t]*(?P<label>\S.{0,60}?)[ \t]+[-–—][ \t]"),
    Form.HEAD: re.compile(r"[ \t]*(?:\*\*|__)(?P<label>[^*]{1,60}?)(?:\*\*|__)"),
}


def only_one_is_labelled(found: FoundTurns) -> Iterator[Doubt]:
    """Paragraphs without a label, where only one speaker has any: they may be the other's."""
    labels = dict.fromkeys(opening.label for opening in found.starts.values())
    if found.shape.unlabelled or found.hints.monologue or len(labels) > 1:
        return
    first = found.first
    apart = [
        index
        for index in found.lines.filled
        if index > first
        and index not in found.starts
        and found.lines.may_open(index)
        and not _beginning(found, index)  # asked about by its own name
    ]
    if not apart:
        return
    label = next(iter(labels))
    line = found.lines.source[apart[0]]
    count = "1 paragraph has" if len(apart) == 1 else f"{len(apart)} paragraphs have"
    yield Doubt(
        line.number,
        f'{count} no label, and nobody but "{label}" has one',
        "Say whose words they are with --unlabelled NAME; or --unlabelled above, if they go on "
        f"with what {label} says",
        line.text.strip()[:60],
    )


def labels_stand_below_each_other(found: FoundTurns) -> Iterator[Doubt]:
    """Two labels alone on lines right below each other: one of them may be what the other says."""
    for index, way in found.starts.items():
        below = found.starts.get(index + 1)
        if below is None or {way.form, below.form} != {Form.ALONE}:
            continue
        if way.label != below.label and not found.lines.texts[index][way.end :].strip():
            yield Doubt(
                found.lines.source[index + 1].number,
                f'two labels stand one below the other: "{way.label}" and "{below.label}"',
                "Take out of the file the one that does not speak; or put what is said on the "
                f"line of its label, like `{way.label}: …`",
                found.lines.texts[index + 1].strip()[:60],
            )


def a_time_stands_alone(found: FoundTurns) -> Iterator[Doubt]:
    """A line that is a time and no more, and stands above no label: where others do, something came
    between it and its label; elsewhere it would be a word.
    """
    lines = found.lines
    if found.shape.time == "none":
        return
    alone = [
        index
        for index in lines.filled
        if index > found.first
        and index not in found.label_lines
        and shapes.is_part_of_a_label(lines.texts[index], found.shape)
    ]
    if alone:
        above = {lines.before(start) for start, way in found.starts.items() if not way.time}
        alone = [index for index in alone if index not in above]
    if alone:
        line = lines.source[alone[0]]
        many = "" if len(alone) == 1 else f" ({len(alone)} such lines)"
        yield Doubt(
            line.number,
            f"a line with a time and no words stands above no label{many}",
            "Take out of the file what stands between it and its label; if it is what somebody "
            "says, --time none",
            line.text.strip()[:60],
        )


def labels_are_within_lines(found: FoundTurns) -> Iterator[Doubt]:
    """Labels inside lines: several turns may stand on one."""
    if found.shape.within:
        return
    labels = found.labels | found.hints.known
    within = [
        (index, label, at)
        for index, label, at in labels_within.labels_within(
            found.lines.source, labels, found.hints.not_speakers
        )
        if index not in found.starts or at >= found.starts[index].end
    ]
    if not within or found.hints.monologue:
        return
    names = dict.fromkeys(label for _, label, _ in within)
    index, label, at = within[0]
    many = "once" if len(within) == 1 else f"{len(within)} times"
    yield Doubt(
        found.lines.source[index].number,
        f"labels inside a line, {many}: {limits.some(names)}",
        "If a turn begins there, --labels-within split; if these are words, --labels-within words",
        found.lines.texts[index][max(0, at - 20) : at + 40].strip(),
        label,
    )


def times_are_among_words(found: FoundTurns) -> Iterator[Doubt]:
    """Time marks at the beginning or end of lines that would stay among the words of many turns; a
    few are only remarked on.
    """
    left, place = found.times.total, found.times.first
    if found.shape.time == "none" or left < 2 or left * FEW < len(found.turns) or place is None:
        return
    mark = time_marks.example_in(place.text)
    yield Doubt(
        place.line,
        f"{left} time marks stand among the words, the first of them {mark}",
        f"If they are times, show one with --time {in_shell(mark)}; if they are words, --time none",
        place.text.strip()[:60],
    )


def _is_almost_alone(lines: SourceLines, index: int, opening: Opening) -> bool:
    return (
        opening.form in (Form.ALONE, Form.TIMED)
        and turn_openings.looks_alone(opening.label)
        and (not lines.opens(index) or index + 1 < len(lines.texts))
    )


RULES: tuple[Callable[[FoundTurns], Iterable[Doubt]], ...] = (
    might_begin_with_a_speaker,
    only_one_is_labelled,
    a_time_stands_alone,
    labels_stand_below_each_other,
    labels_are_within_lines,
    times_are_among_words,
)
