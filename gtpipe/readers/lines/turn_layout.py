"""Which lines of a file begin a turn, decided from the whole file: `forms` says what each may be, this what it is.

Labels without a colon (alone on a line, with a time mark, in bold, before a dash) count where they are the file's way of
saying who speaks. Forms and numbers are judged from the file alone, speakers by what is known of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gtpipe.readers.lines import turn_openings
from gtpipe.readers.lines.turn_openings import Form, Opening
from gtpipe.readers.reading import Hints, Line

WITH_COLON = frozenset({Form.BOLD, Form.COLON, Form.TIGHT})
Starts = dict[int, Opening]  # where turns begin: index of the line → how


class Page:
    """The lines of a source, and how each may begin a turn: by index, the surest first."""

    def __init__(self, source: Sequence[Line]) -> None:
        self.source = source
        self.lines = [line.text for line in source]
        self.blank = [not text or text.isspace() for text in self.lines]
        found = {
            index: ways
            for index, line in enumerate(source)
            if not self.blank[index] and (ways := turn_openings.openings(line))
        }
        numbered = _numbers_rise(way for ways in found.values() for way in ways)
        self.ways = {
            index: kept for index, ways in found.items() if (kept := _ways(ways, numbered))
        }
        self.by_form: dict[Form, Starts] = {form: {} for form in Form}
        for index, ways in self.ways.items():
            for way in reversed(ways):
                self.by_form[way.form][index] = way
        self.colons = self.by_form[Form.TIGHT] | self.by_form[Form.COLON] | self.by_form[Form.BOLD]
        filled = [index for index, blank in enumerate(self.blank) if not blank]
        self._last = filled[-1] if filled else -1
        self.dense = bool(filled) and filled[-1] - filled[0] + 1 == len(filled)

    def opens(self, index: int) -> bool:
        """Whether a paragraph begins here."""
        return index == 0 or self.blank[index - 1]

    def may_open(self, index: int) -> bool:
        """The same, where a file without any empty line has a paragraph on each."""
        return self.dense or self.opens(index)

    def followed(self, index: int) -> str:
        """What comes under a line: `words` at once, words after an `empty` line, or '' for nothing."""
        if index >= self._last:
            return ""
        return "empty" if self.blank[index + 1] else "words"

    def before(self, index: int) -> int:
        """The line with words before this one, -1 where there is none."""
        index -= 1
        while index >= 0 and self.blank[index]:
            index -= 1
        return index


def _ways(ways: list[Opening], numbered: bool) -> list[Opening]:
    if len(ways) == 1 and ways[0].number < 0:
        return ways
    with_number = [way for way in ways if way.number >= 0] if numbered else []
    return with_number or [way for way in ways if way.number < 0]


def _numbers_rise(ways: Iterable[Opening]) -> bool:
    """Whether numbers in front of labels are those of turns, and no part of the labels.

    They rise, and look like numbers in a list or stand before different labels: `1 P`, `2 P` may be two people.
    """
    turns = [
        way
        for way in ways
        if way.number >= 0
        and way.form in WITH_COLON
        and turn_openings.is_like_a_name(way.label, True)
    ]
    rising = sum(a.number < b.number for a, b in zip(turns, turns[1:]))
    if len(turns) < 2 or rising < 0.8 * (len(turns) - 1):
        return False
    return (
        sum(way.listed for way in turns) * 2 > len(turns) or len({way.label for way in turns}) > 1
    )


def settled(page: Page, hints: Hints) -> Starts:
    """Where turns begin. What one line shows to be a label is one on every line.

    A file is read again later by nothing but the labels found in it, and must then give the same turns: so they are looked
    for in that way until they stay.
    """
    starts = _look(page, hints)
    if hints.only_known:
        return starts
    seen = _labels(starts)
    while starts:
        starts = _look(page, Hints(seen, only_known=True))
        if _labels(starts) == seen:
            break
        seen = _labels(starts)
    return starts


def _labels(starts: Starts) -> frozenset[str]:
    return frozenset({way.label for way in starts.values()})


def _look(page: Page, hints: Hints) -> Starts:
    """Labels with a colon, and those of the other form that the file uses most; where there are colons, only if it is surely used."""
    colons = _colons(page, hints)
    timed = _timed(page, hints)
    if not colons:
        others = (
            {**_alone(page, hints, timed), **timed},
            _heads(page, hints),
            _dashes(page, hints),
        )
        return max(others, key=len)
    if len(timed) > len(colons):  # in a file of `Name 0:12` turns, a `Note: …` is speech
        return {**timed, **_known(colons, hints)}
    known = Hints(hints.known, hints.not_speakers, only_known=True)
    others = (_alone(page, known, {}), _heads(page, known), _dashes(page, known))
    surer = max(others, key=len)
    timed = {
        index: way
        for index, way in timed.items()
        if way.form is Form.TIMED and way.label in hints and page.opens(index)
    }
    return {**(surer if len(surer) > len(colons) else {}), **timed, **colons}


def _known(starts: Starts, hints: Hints) -> Starts:
    return {index: way for index, way in starts.items() if way.label in hints}


def _may_be(label: str, hints: Hints) -> bool:
    return label not in hints.not_speakers and (not hints.only_known or label in hints)


def _colons(page: Page, hints: Hints) -> Starts:
    bold: Starts = {}
    plain: Starts = {}
    is_known = {label: label in hints for label in _labels(page.colons)}
    for index, way in page.colons.items():
        known = is_known[way.label]
        if way.label in hints.not_speakers or (hints.only_known and not known):
            continue
        if way.form is Form.BOLD:
            bold[index] = way
        elif known or _shows(page, index, way):
            (bold if way.emphasised else plain)[index] = way
    if len(bold) > len(plain):  # in a file of **Name:** turns, a plain `Note: …` is speech
        plain = _known(plain, hints)
    return {**plain, **bold}


def _shows(page: Page, index: int, way: Opening) -> bool:
    """Whether the line itself shows that what stands before its colon is a label."""
    if way.form is Form.COLON:
        return turn_openings.is_like_a_name(way.label, page.may_open(index))
    behind = page.lines[index][way.end : way.end + 1]
    return (
        page.opens(index)
        and way.label.isalpha()
        and way.label[0].isupper()
        and (behind.isalpha() or behind in "\"'“")
    )


def _timed(page: Page, hints: Hints) -> Starts:
    """`Ana  0:12` alone on a line above the words; with a known label, the words may follow on the line."""
    found = {}
    for index, way in (page.by_form[Form.TIME] | page.by_form[Form.TIMED]).items():
        if _may_be(way.label, hints) and (
            way.label in hints
            or (
                way.form is Form.TIMED
                and page.may_open(index)
                and page.followed(index)
                and turn_openings.looks_alone(way.label)
            )
        ):
            found[index] = way
    return found


def _alone(page: Page, hints: Hints, timed: Starts) -> Starts:
    """Labels alone on a line. An unknown one counts right above words; above an empty line, only if it comes again."""
    known: Starts = {}
    above: Starts = {}
    apart: Starts = {}
    for index, way in page.by_form[Form.ALONE].items():
        if not _may_be(way.label, hints):
            continue
        if way.label in hints:
            known[index] = way
        elif page.opens(index) and page.followed(index) and turn_openings.looks_alone(way.label):
            (above if page.followed(index) == "words" else apart)[index] = way
    if len(timed) > 1 and len(timed) > len(above):
        return known
    return {**_again(page, apart, {**timed, **known, **above}), **above, **known}


def _again(page: Page, apart: Starts, sure: Starts) -> Starts:
    """Of paragraphs that are a name and no more: those that come again, and are not mostly what somebody says.

    In bold counts for more: where such paragraphs are in bold, others are words.
    """
    if any(way.emphasised for way in apart.values()):
        apart = {index: way for index, way in apart.items() if way.emphasised}
    found = dict(sure)
    places: dict[str, list[int]] = {}
    for index, way in apart.items():
        places.setdefault(way.label, []).append(index)
    for indexes in sorted(places.values(), key=len, reverse=True):
        if len(indexes) > 1 and 2 * sum(page.before(index) in found for index in indexes) < len(
            indexes
        ):
            found |= {index: apart[index] for index in indexes}
    if any(
        way.emphasised for way in found.values()
    ):  # names stand in bold here: one that comes once is asked for too
        found |= {
            index: way
            for index, way in apart.items()
            if way.emphasised and page.before(index) not in found
        }
    return {index: way for index, way in found.items() if index in apart}


def _heads(page: Page, hints: Hints) -> Starts:
    """Labels in bold before words that are not. A single unknown one is an emphasis."""
    found = {
        index: way
        for index, way in page.by_form[Form.HEAD].items()
        if _may_be(way.label, hints)
        and (way.label in hints or (page.may_open(index) and turn_openings.looks_alone(way.label)))
    }
    if len(found) < 2:
        found = _known(found, hints)
    labels = _labels(found)
    alone = (
        {
            index: way
            for index, way in page.by_form[Form.ALONE].items()
            if way.emphasised and way.label in labels
        }
        if found
        else {}
    )
    return {**alone, **found}


def _dashes(page: Page, hints: Hints) -> Starts:
    """Labels before a dash. Unknown ones count where such paragraphs repeat, of two people or with a known one."""
    found = {
        index: way
        for index, way in page.by_form[Form.DASH].items()
        if _may_be(way.label, hints)
        and (way.label in hints or (page.may_open(index) and turn_openings.looks_dashed(way.label)))
    }
    if len(found) < 2 or (len(_labels(found)) < 2 and not _known(found, hints)):
        return _known(found, hints)
    return found
