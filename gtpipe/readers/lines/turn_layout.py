"""Which lines of a file begin a turn, decided from the whole file.

`turn_openings` says what each line may be, this module what it is.

Labels without a colon (alone on a line, with a time mark, in bold, before a dash) count where they
are the file's way of saying who speaks. Forms and numbers are judged from the file alone, speakers
by what is known of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from gtpipe.readers.lines import speaker_names, turn_openings
from gtpipe.readers.lines.turn_openings import Form, Opening
from gtpipe.readers.reading import Hints, Line

WITH_COLON = frozenset({Form.BOLD, Form.COLON, Form.TIGHT})
Starts = dict[int, Opening]  # where turns begin: index of the line → how


class SourceLines:
    """The lines of a source, and how each may begin a turn: by index, the surest first."""

    def __init__(self, source: Sequence[Line]) -> None:
        self.source = source
        self.texts = [line.text for line in source]
        self.blank = [not text or text.isspace() for text in self.texts]
        self.filled = filled = [index for index, blank in enumerate(self.blank) if not blank]
        self._last = filled[-1] if filled else -1
        self.dense = bool(filled) and filled[-1] - filled[0] + 1 == len(filled)
        self._anywhere: tuple[Starts, bool] | None = None
        self.openings = _openings(source, filled)
        self.by_form: dict[Form, Starts] = {form: {} for form in Form}
        for index, openings in self.openings.items():
            for opening in reversed(openings):
                self.by_form[opening.form][index] = opening
        self.colons = self.by_form[Form.TIGHT] | self.by_form[Form.COLON] | self.by_form[Form.BOLD]
        # What stands before a colon and is not shaped like a name at all.
        self.loose: Starts = {}
        for index in filled:
            if index not in self.colons and (":" in self.texts[index] or "：" in self.texts[index]):
                label, _, end = speaker_names.beginning(self.texts[index])
                if label:
                    self.loose[index] = Opening(Form.COLON, label, "", end)

    def opens(self, index: int) -> bool:
        """Whether a paragraph begins here."""
        return index == 0 or self.blank[index - 1]

    def may_open(self, index: int) -> bool:
        """The same, where a file without any empty line has a paragraph on each."""
        return self.dense or self.opens(index)

    def may_begin(self, index: int, starts: Starts) -> bool:
        """Whether a turn may begin here as others begin: with a paragraph, or with any line where
        most of `starts` do.
        """
        return self.may_open(index) or self.begin_anywhere(starts)

    def begin_anywhere(self, starts: Starts) -> bool:
        """Whether no more than half of the turns begin with a paragraph, the first line apart."""
        if self._anywhere is None or self._anywhere[0] is not starts:
            others = [start for start in starts if start != self.filled[0]]
            self._anywhere = starts, 2 * sum(map(self.opens, others)) <= len(others)
        return self._anywhere[1]

    def followed(self, index: int) -> str:
        """What comes under a line: `words` at once, words after an `empty` line, or ''."""
        if index >= self._last:
            return ""
        return "empty" if self.blank[index + 1] else "words"

    def after(self, index: int) -> int:
        """The line with words after this one, -1 where there is none."""
        index += 1
        while index < len(self.blank) and self.blank[index]:
            index += 1
        return index if index < len(self.blank) else -1

    def before(self, index: int) -> int:
        """The line with words before this one, -1 where there is none."""
        index -= 1
        while index >= 0 and self.blank[index]:
            index -= 1
        return index


def _openings(source: Sequence[Line], filled: Sequence[int]) -> dict[int, list[Opening]]:
    """How each line may begin a turn: behind a number where numbers count turns, else without."""
    openings: dict[int, list[Opening]] = {}
    with_number: dict[int, list[Opening]] = {}
    for index in filled:
        found = turn_openings.openings_of(source[index])
        if found and found[-1].number >= 0:  # those with a number are at the end
            with_number[index] = [opening for opening in found if opening.number >= 0]
            found = found[: -len(with_number[index])]
        if found or index in with_number:
            openings[index] = found
    if _numbers_rise(opening for each in with_number.values() for opening in each):
        return openings | with_number
    return {index: each for index, each in openings.items() if each}


def _numbers_rise(openings: Iterable[Opening]) -> bool:
    """Whether numbers in front of labels are those of turns, and no part of the labels.

    They rise, and look like numbers in a list or stand before different labels: `1 P`, `2 P` may
    be two people.

    >>> def rise(*texts):
    ...     return _numbers_rise(
    ...         way for text in texts for way in turn_openings.openings_of(Line(text, 1))
    ...     )
    >>> rise("1. Ana: So?", "2. Ana: Well?"), rise("1 P: So?", "2 P: No.")
    (True, False)
    """
    turns = [
        opening
        for opening in openings
        if opening.number >= 0
        and opening.form in WITH_COLON
        and turn_openings.is_like_a_name(opening.label, True)
    ]
    rising = sum(a.number < b.number for a, b in pairwise(turns))
    if len(turns) < 2 or rising < 0.8 * (len(turns) - 1):
        return False
    return (
        sum(opening.listed for opening in turns) * 2 > len(turns)
        or len({opening.label for opening in turns}) > 1
    )


def turn_starts(lines: SourceLines, hints: Hints) -> Starts:
    """Where turns begin. What one line shows to be a label is one on every line.

    A file is read again later by nothing but the labels found in it, and must then give the same
    turns: so they are looked for in that way until they stay.

    >>> def starts(*texts):
    ...     lines = SourceLines([Line(text, n) for n, text in enumerate(texts, 1)])
    ...     return {at: way.label for at, way in turn_starts(lines, Hints()).items()}
    >>> starts("Ana: So?", "Bo: No.")
    {0: 'Ana', 1: 'Bo'}
    >>> starts("**Ana:** So?", "**Bo:** No.", "Note: it rained.")
    {0: 'Ana', 1: 'Bo'}
    >>> starts("Ana  0:12", "So?", "", "Bo  0:15", "No.")
    {0: 'Ana', 3: 'Bo'}
    >>> starts("Ana - So?", "", "Bo - No.")
    {0: 'Ana', 2: 'Bo'}
    """
    starts = _look(lines, hints)
    if hints.only_known:
        return starts
    seen = _labels(starts)
    while starts:
        starts = _look(lines, Hints(seen, only_known=True))
        if _labels(starts) == seen:
            break
        seen = _labels(starts)
    return starts


def without_heading(lines: SourceLines, starts: Starts, hints: Hints) -> Starts:
    """`starts` without the `Date: 2 March` and `Place: kitchen` that stand above an interview:
    lines right below one another, each such label once in the file, no sentence behind it.

    >>> lines = SourceLines([Line(text, n) for n, text in enumerate(
    ...     ("Date: 2 March", "Place: kitchen", "", "I: So?", "P: No.", "I: Hm."), 1)])
    >>> sorted(without_heading(lines, turn_starts(lines, Hints()), Hints()))
    [3, 4, 5]
    """
    counts = Counter(opening.label for opening in starts.values())
    order = sorted(starts)
    if max(counts.values(), default=0) < 2 or counts[starts[order[0]].label] > 1:
        return starts
    heading: list[int] = []
    for index in order:
        opening = starts[index]
        words = lines.texts[index][opening.end :].strip()
        if (
            counts[opening.label] > 1
            or opening.label in hints
            or opening.form not in WITH_COLON
            or len(words) > 80
            or words[-1:] in tuple(".?!…")
            or (heading and index != heading[-1] + 1)
        ):
            break
        heading.append(index)
    ends = heading and lines.followed(heading[-1]) != "words"
    if len(heading) < 2 or not ends or len(heading) == len(order):
        return starts
    return {index: opening for index, opening in starts.items() if index > heading[-1]}


def _labels(starts: Starts) -> frozenset[str]:
    return frozenset({opening.label for opening in starts.values()})


def _look(lines: SourceLines, hints: Hints) -> Starts:
    """Labels with a colon, and those of the other form that the file uses most;
    where there are colons, only if it is surely used.
    """
    colons = _colons(lines, hints)
    timed = _timed(lines, hints)
    if not colons:
        others = (
            {**_alone(lines, hints, timed), **timed},
            _heads(lines, hints),
            _dashes(lines, hints),
        )
        return max(others, key=len)
    if len(timed) > len(colons):  # in a file of `Name 0:12` turns, a `Note: …` is speech
        return {**timed, **_known(colons, hints)}
    known = Hints(hints.known, hints.not_speakers, only_known=True)
    others = (_alone(lines, known, {}), _heads(lines, known), _dashes(lines, known))
    surer = max(others, key=len)
    timed = {
        index: opening
        for index, opening in timed.items()
        if opening.form is Form.TIMED and opening.label in hints and lines.opens(index)
    }
    return {**(surer if len(surer) > len(colons) else {}), **timed, **colons}


def _known(starts: Starts, hints: Hints) -> Starts:
    return {index: opening for index, opening in starts.items() if opening.label in hints}


def _may_be(label: str, hints: Hints) -> bool:
    return label not in hints.not_speakers and (not hints.only_known or label in hints)


def _colons(lines: SourceLines, hints: Hints) -> Starts:
    bold: Starts = {}
    plain: Starts = {}
    loose = lines.loose | lines.colons
    is_known = {label: label in hints for label in _labels(loose)}
    for index, opening in loose.items():
        known = is_known[opening.label]
        if opening.label in hints.not_speakers or (hints.only_known and not known):
            continue
        if opening.form is Form.BOLD:
            bold[index] = opening
        elif known or (index in lines.colons and _shows(lines, index, opening)):
            (bold if opening.emphasised else plain)[index] = opening
    if plain and not hints.only_known:
        plain |= _again_with_colon(lines, plain, bold, hints)
    if len(bold) > len(plain):  # in a file of **Name:** turns, a plain `Note: …` is speech
        plain = {
            index: opening
            for index, opening in plain.items()
            if opening.label in hints
            or (lines.opens(index) and _is_whole_name(lines.texts[index], opening))
        }
    return {**plain, **bold}


def _is_whole_name(text: str, opening: Opening) -> bool:
    """Whether a label whose bold was forgotten is one all the same: a first and a last name, or
    with nothing but times behind it.
    """
    words = opening.label.split()
    whole = len(words) > 1 and all(word[0].isupper() and len(word) > 1 for word in words)
    return whole or not any(
        character.isalpha() for character in text[opening.end :].replace("to", "")
    )


def _again_with_colon(lines: SourceLines, plain: Starts, bold: Starts, hints: Hints) -> Starts:
    """Of what stands before a colon and is not shaped like a name: what is likely a speaker's and
    begins more than one line where turns begin.
    """
    likely = {
        index: opening
        for index, opening in (lines.loose | lines.colons).items()
        if index not in plain
        and index not in bold
        and opening.form is Form.COLON
        and opening.label not in hints.not_speakers
        and lines.may_begin(index, plain)
        and speaker_names.is_likely(opening.label)
    }
    counts = Counter(opening.label for opening in likely.values())
    return {index: opening for index, opening in likely.items() if counts[opening.label] > 1}


def _shows(lines: SourceLines, index: int, opening: Opening) -> bool:
    """Whether the line itself shows that what stands before its colon is a label."""
    if opening.form is Form.COLON:
        return turn_openings.is_like_a_name(opening.label, lines.may_open(index))
    behind = lines.texts[index][opening.end : opening.end + 1]
    return (
        lines.opens(index)
        and opening.label.replace(" ", "").isalpha()
        and all(word[0].isupper() for word in opening.label.split())
        and (behind.isalpha() or behind in "\"'“…")
    )


def _timed(lines: SourceLines, hints: Hints) -> Starts:
    """`Ana  0:12` alone on a line above the words; with a known label,
    the words may follow on the line.
    """
    timed = {}
    for index, opening in (lines.by_form[Form.TIME] | lines.by_form[Form.TIMED]).items():
        if _may_be(opening.label, hints) and (
            opening.label in hints
            or (
                opening.form is Form.TIMED
                and lines.may_open(index)
                and lines.followed(index)
                and turn_openings.looks_alone(opening.label)
            )
        ):
            timed[index] = opening
    return timed


def _alone(lines: SourceLines, hints: Hints, timed: Starts) -> Starts:
    """Labels alone on a line.

    An unknown one counts right above words; above an empty line, only if it comes again.
    """
    known: Starts = {}
    above: Starts = {}
    apart: Starts = {}
    for index, opening in lines.by_form[Form.ALONE].items():
        if not _may_be(opening.label, hints):
            continue
        if opening.label in hints:
            known[index] = opening
        elif (
            lines.opens(index)
            and lines.followed(index)
            and turn_openings.looks_alone(opening.label)
        ):
            (above if lines.followed(index) == "words" else apart)[index] = opening
    if len(timed) > 1 and len(timed) > len(above):
        return {index: opening for index, opening in known.items() if lines.opens(index)}
    return {**_again(lines, apart, {**timed, **known, **above}), **above, **known}


def _again(lines: SourceLines, apart: Starts, sure: Starts) -> Starts:
    """Of paragraphs that are a name and no more: those that come again,
    and are not mostly what somebody says.

    In bold counts for more: where such paragraphs are in bold, others are words.
    """
    if any(opening.emphasised for opening in apart.values()):
        apart = {index: opening for index, opening in apart.items() if opening.emphasised}
    places: dict[str, list[int]] = {}
    for index, opening in apart.items():
        places.setdefault(opening.label, []).append(index)
    starts = dict(sure)
    for indexes in sorted(places.values(), key=len, reverse=True):
        behind_a_label = sum(lines.before(index) in starts for index in indexes)
        if len(indexes) > 1 and 2 * behind_a_label < len(indexes):
            starts |= {index: apart[index] for index in indexes}
    # Where names stand in bold, one that comes once is asked for too.
    if any(opening.emphasised for opening in starts.values()):
        starts |= {
            index: opening
            for index, opening in apart.items()
            if opening.emphasised and lines.before(index) not in starts
        }
    return {index: opening for index, opening in starts.items() if index in apart}


def _heads(lines: SourceLines, hints: Hints) -> Starts:
    """Labels in bold before words that are not. A single unknown one is an emphasis."""
    heads = {
        index: opening
        for index, opening in lines.by_form[Form.HEAD].items()
        if _may_be(opening.label, hints)
        and (
            opening.label in hints
            or (lines.may_open(index) and turn_openings.looks_alone(opening.label))
        )
    }
    if len(heads) < 2:
        heads = _known(heads, hints)
    labels = _labels(heads)
    alone = (
        {
            index: opening
            for index, opening in lines.by_form[Form.ALONE].items()
            if opening.emphasised and opening.label in labels
        }
        if heads
        else {}
    )
    return {**alone, **heads}


def _dashes(lines: SourceLines, hints: Hints) -> Starts:
    """Labels before a dash.

    Unknown ones count where such paragraphs repeat, of two people or with a known one.
    """
    dashes = {
        index: opening
        for index, opening in lines.by_form[Form.DASH].items()
        if _may_be(opening.label, hints)
        and (
            opening.label in hints
            or (lines.may_open(index) and turn_openings.looks_dashed(opening.label))
        )
    }
    if len(dashes) < 2 or (len(_labels(dashes)) < 2 and not _known(dashes, hints)):
        return _known(dashes, hints)
    return dashes
