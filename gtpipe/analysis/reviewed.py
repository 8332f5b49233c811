"""What a reader wrote beside a document of ours, at its place in the study: pure thinking.

A comment is the reader's unless it says what one of ours said in the document. It is about the
words that it stands on: of one turn or of several in a row, the whole turn where no words or all
were chosen. Words that stand in the turn more than once get as many of their neighbours as tell
them apart. Under a heading that names a code it is about the code. An answer to one of our comments
is about the incident that the comment stood on, and says first which code it answers: the place is
what it was written at, and the code would be lost in a turn that has several.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from gtpipe.analysis.labels import Labels
from gtpipe.model import anchor, bookmarks
from gtpipe.model.bookmarks import Bookmark
from gtpipe.model.level import FOCUSED, INITIAL, CodeRef, split_level
from gtpipe.model.names import one_line
from gtpipe.model.records import NOWHERE, Interview, Material, Named, Span, Turn
from gtpipe.readers.documents.reviewed import Comment, Place, Reviewed
from gtpipe.text.worddiff import difference


class Placed(NamedTuple):
    """A reader's comment and what it is about, as it is typed. `key` is the same however often the
    document is saved and read. `corrected` is a turn that it stands on and that was corrected since
    the document was made.
    """

    comment: Comment
    about: str
    text: str
    key: str
    corrected: str = ""


class Unplaced(NamedTuple):
    """A reader's comment that has no place in the study, and why."""

    comment: Comment
    why: str


class Changed(NamedTuple):
    """A turn whose words the reader changed, and how: what the study says, and what the document
    does, as one line. '' where the turn is gone from the document.
    """

    turn: str
    wording: str


class Findings(NamedTuple):
    """`is_of_study`: whether any turn that the document marks is in the study, with the same words;
    of a document without turns of the study, any code.
    """

    is_of_study: bool
    placed: tuple[Placed, ...]
    unplaced: tuple[Unplaced, ...]
    changed: tuple[Changed, ...]


class _Region(NamedTuple):
    """The words of a turn in the document, from `start` to `end`, in a paragraph from `opening` on;
    `turn` is None where the study has none such (any more).
    """

    place: Place
    opening: int
    start: int
    end: int
    interview: Interview | None
    turn: Turn | None

    @property
    def name(self) -> str:
        return f"{self.interview.name} {self.turn.id}" if self.interview and self.turn else ""


class _CannotPlaceError(Exception):
    """Why a comment has no place."""


def is_ours(document: Reviewed) -> bool:
    """Whether anything in the document shows that it was made here."""
    return bool(document.places)


def find(document: Reviewed, material: Material, names: Labels) -> Findings:
    return _Document(document, material, names).findings()


class _Document:
    def __init__(self, document: Reviewed, material: Material, names: Labels) -> None:
        self.document = document
        self.material = material
        self.names = names
        self.regions = list(_regions(document, material))
        self.starts = [region.opening for region in self.regions]
        self.by_id = {one.id: one for one in document.comments}
        self.by_end: dict[int, list[tuple[str, Comment]]] = defaultdict(list)
        for one in document.comments:
            if one.text and one.end >= 0:
                self.by_end[one.end].append(("".join(one.text.split()), one))
        self.tops: dict[str, tuple[Comment, str]] = {}
        self.named = {
            place.start: place.bookmark.of
            for place in document.places
            if place.bookmark.kind == bookmarks.HEADING
        }
        self.codes = {
            **_old_codes(names),
            **{
                bookmarks.digest(level, label): CodeRef(level, label)
                for level, labels in names.known.items()
                for label in labels
            },
        }
        self.ours, self.gone = self._ours()

    def _ours(self) -> tuple[dict[str, Comment], dict[Span, list[Bookmark]]]:
        """Comments that say what one of ours said, by id; and the marks that no comment is left of,
        by place. Each mark stands for one comment: where several say the same, for that at its
        place. A program that takes the authors' names out leaves the words.
        """
        marks = [one for one in self.document.places if one.bookmark.kind == bookmarks.COMMENT]
        authors = {mark.bookmark.of for mark in marks}
        said = [
            (one, bookmarks.digest(one.author), bookmarks.digest(one.text))
            for one in self.document.comments
        ]
        is_named = any(author in authors for _, author, _ in said)
        left: dict[tuple[str, str], list[Span]] = defaultdict(list)
        for mark in marks:
            of = mark.bookmark.of if is_named else ""
            left[of, mark.bookmark.words].append((mark.start, mark.end))
        ours: dict[str, Comment] = {}
        for is_there in (True, False):
            for comment, author, words in said:
                spans = left.get((author if is_named else "", words))
                if not spans or comment.id in ours:
                    continue
                span = (comment.start, comment.end) if is_there else spans[0]
                if span in spans:
                    spans.remove(span)
                    ours[comment.id] = comment
        gone: dict[Span, list[Bookmark]] = defaultdict(list)
        for (of, words), spans in left.items():
            for span in spans:
                gone[span].append(Bookmark(bookmarks.COMMENT, of, words))
        return ours, gone

    def findings(self) -> Findings:
        placed, unplaced = [], []
        for comment in self.document.comments:
            if comment.id in self.ours:
                continue
            try:
                placed.append(self.placed(comment))
            except _CannotPlaceError as why:
                unplaced.append(Unplaced(comment, str(why)))
        known = [region for region in self.regions if region.turn]
        is_of_study = (
            not all(map(_is_corrected, known))  # another study may call its interviews the same
            if known
            else any(of in self.codes for of in self.named.values())
        )
        return Findings(is_of_study, tuple(placed), tuple(unplaced), tuple(self.changed()))

    # --- comments ---------------------------------------------------------------------------------

    def placed(self, comment: Comment) -> Placed:
        """Raises _CannotPlaceError."""
        first, text = self.answered(comment)
        if not text:
            raise _CannotPlaceError("it says nothing")
        if first is comment and self.is_reworded(comment):
            raise _CannotPlaceError("it is one of the study's own, with other words")
        if first.start < 0:
            raise _CannotPlaceError("it stands on no text of the interviews or chapters")
        about, at, corrected = self.place(first.start, first.end)
        key = bookmarks.digest(comment.author, text, at)
        if first.id in self.ours:
            label = one_line(first.text.partition("\n")[0])
            text = f'To "{label}":\n{text}'
        return Placed(comment, about, text, key, corrected)

    def answered(self, comment: Comment) -> tuple[Comment, str]:
        """The comment that stands on top of an answer, itself where it answers none; and the words
        without those that LibreOffice quotes.
        """
        if comment.id not in self.tops:
            self.tops[comment.id] = self._answered(comment)
        return self.tops[comment.id]

    def _answered(self, comment: Comment) -> tuple[Comment, str]:
        top, seen = comment, {comment.id}
        while top.answers in self.by_id and top.answers not in seen:
            top = self.by_id[top.answers]
            seen.add(top.id)
        if top is not comment:
            return top, comment.text
        opening = re.match(r'[^\n"“]*["“]', comment.text)
        at = opening.end() if opening else 0
        letters = "".join(comment.text[at:].split())
        for said, other in self.by_end[comment.start] if opening else ():
            if other is comment or not letters.startswith(said):
                continue
            quoted = re.escape(one_line(other.text)).replace(r"\ ", r"\s*")
            match = re.compile(rf'{quoted}["”]\s*').match(comment.text, at)
            if match:
                return self.answered(other)[0], comment.text[match.end() :].strip()
        return comment, comment.text

    def is_reworded(self, comment: Comment) -> bool:
        """Whether the reader typed into a comment of ours: one that stood just here is gone."""
        gone = self.gone.get((comment.start, comment.end), ())
        author, lines = bookmarks.digest(comment.author), comment.text.split("\n")
        # A program may put it under the reader's name: then the first lines are still ours.
        openings = (lines[:number] for number in range(1, len(lines) + 1) if gone)
        said = {bookmarks.digest("\n".join(opening)) for opening in openings}
        return any(mark.of == author or mark.words in said for mark in gone)

    # --- places -----------------------------------------------------------------------------------

    def place(self, start: int, end: int) -> tuple[str, str, str]:
        """What stands from `start` to `end` in the document: as it is typed, for telling whether it
        was taken, and which turn of it was corrected since. Raises _CannotPlaceError.
        """
        regions = self.regions_at(start, end)
        if not regions:
            code, digest = self.code_at(start)
            return self.typed(code), digest, ""
        at = " ".join(region.place.bookmark.of for region in regions)
        if any(region.turn is None for region in regions):
            raise _CannotPlaceError("the turn that it stands on is not in the study (any more)")
        if len({region.interview.name for region in regions if region.interview}) > 1:
            raise _CannotPlaceError("it runs from one interview into another")
        words = self.document.text[max(start, regions[0].start) : min(end, regions[-1].end)]
        corrected = next((one.name for one in regions if _is_corrected(one)), "")
        about = (
            self.in_turn(regions[0], start, end)
            if len(regions) == 1
            else self.over_turns(regions[0], regions[-1], start, end)
        )
        return about, f"{at} {words}", corrected

    def regions_at(self, start: int, end: int) -> list[_Region]:
        """The turns whose words are reached; else the one whose id or speaker is."""
        reached, beside = [], []
        for region in islice(self.regions, max(bisect_left(self.starts, start) - 1, 0), None):
            if region.opening > end:
                break
            if max(start, region.start) < min(end, region.end):
                reached.append(region)
            elif region.opening <= start <= region.end:
                beside.append(region)
        return reached or beside[-1:]

    def in_turn(self, region: _Region, start: int, end: int) -> str:
        assert region.interview and region.turn  # `place` looked
        whole = region.name
        text = self.document.text[region.start : region.end]
        first, last = (max(at, region.start) - region.start for at in (start, end))
        span = _stripped(text, first, last)
        if span is None or span == _stripped(text, 0, len(text)):
            return whole
        if text != bookmarks.clean(region.turn.text):
            words = one_line(text[slice(*span)])
            found = anchor.find(words, region.turn, region.interview, NOWHERE)
            if not isinstance(found, tuple):
                raise _CannotPlaceError(f'{whole} says no more, or not only once, "{words}"')
            span = found
        words = _once(span, region.turn, region.interview)
        about = f'{whole} "{words}"' if words else whole
        return about if anchor.place(about, self.material.interviews) else whole

    def over_turns(self, first: _Region, last: _Region, start: int, end: int) -> str:
        assert first.interview and first.turn and last.turn
        interview, name = first.interview, first.interview.name
        whole = f"{name} {first.turn.id}-{last.turn.id}"
        if interview.turn(f"{first.turn.id}-{last.turn.id}") is None:
            raise _CannotPlaceError(f"{whole} are no turns in a row in the study (any more)")
        opening = ending = ""
        if _is_same(first, self.document) and start > first.start:
            opening = _from(first.turn.text, start - first.start)
        if _is_same(last, self.document) and end < last.end:
            ending = _until(last.turn.text, end - last.start)
        quoted = [f' "{words}"' if words else "" for words in (opening, ending)]
        about = f"{name} {first.turn.id}{quoted[0]} - {last.turn.id}{quoted[1]}"
        if not any(quoted) or anchor.place(about, self.material.interviews) is None:
            return whole
        return about

    def code_at(self, at: int) -> tuple[CodeRef, str]:
        """The code that the heading above names, or the one above that."""
        end = _paragraph_end(self.document, at)
        above: list[tuple[int, str]] = []
        for begins, level in self.document.headings:
            if begins > end:
                break
            above = [(higher, of) for higher, of in above if higher < level]
            above.append((level, self.named.get(begins, "")))
        of = next((of for _, of in reversed(above) if of), "")
        if not of:
            raise _CannotPlaceError("it stands on no turn, and under no code")
        if of not in self.codes:
            raise _CannotPlaceError("the code that it stands under is not in the study (any more)")
        return self.codes[of], of

    def typed(self, code: CodeRef) -> str:
        """Its label, with the level in front where several have it."""
        named = Named(code.label, NOWHERE)
        is_clear = self.names.levels(named) == (code.level,) and not split_level(code.label)[0]
        return code.label if is_clear else f"{code.level}: {code.label}"

    # --- the words --------------------------------------------------------------------------------

    def changed(self) -> Iterator[Changed]:
        """Turns whose words are not those that the document was made with, in its order."""
        for region in self.regions:
            if region.turn is None:
                continue
            after = self.wanted(region, region.turn)
            wording = difference(one_line(bookmarks.clean(region.turn.text)), one_line(after))
            changed = bookmarks.digest(after) != region.place.bookmark.words
            if changed and bookmarks.digest(after) != bookmarks.digest(region.turn.text):
                yield Changed(region.name, wording)
        there = {region.place.bookmark.of for region in self.regions}
        for interview in {
            r.interview.name: r.interview for r in self.regions if r.interview
        }.values():
            for turn in interview.turns:
                if bookmarks.digest(interview.name, turn.id) not in there:
                    yield Changed(f"{interview.name} {turn.id}", "")

    def wanted(self, region: _Region, turn: Turn) -> str:
        """The words of a turn as its reader would have them."""
        text, paragraphs = self.document.text, self.document.paragraphs
        first, last = bisect_left(paragraphs, region.opening), bisect_left(paragraphs, region.end)
        ends = paragraphs[first : last + 1]
        begins = [region.opening, *(end + 1 for end in ends)]
        whole = "\n".join(
            self.document.accepted.get(end, text[begin:end])
            for begin, end in zip(begins, ends, strict=False)
        )
        _, label, words = whole.partition(f"\t{bookmarks.clean(turn.label)}: ")
        return words if label else text[region.start : region.end]


def _regions(document: Reviewed, material: Material) -> Iterator[_Region]:
    turns = {
        bookmarks.digest(interview.name, turn.id): (interview, turn)
        for interview in material.interviews.values()
        for turn in interview.turns
    }
    places = [one for one in document.places if one.bookmark.kind == bookmarks.TURN]
    for number, place in enumerate(places):
        index = bisect_left(document.paragraphs, place.start)
        opening = document.paragraphs[index - 1] + 1 if index else 0
        # A program may set the end of a bookmark behind the paragraph.
        is_behind = place.end > place.start and document.text[place.end - 1 : place.end] == "\n"
        end = _paragraph_end(document, place.end - is_behind)
        if number + 1 < len(places):
            end = min(end, max(places[number + 1].start, place.end - is_behind))
        interview, turn = turns.get(place.bookmark.of, (None, None))
        yield _Region(place, opening, place.start, end, interview, turn)


def _paragraph_end(document: Reviewed, at: int) -> int:
    ends = document.paragraphs
    return ends[min(bisect_left(ends, at), len(ends) - 1)] if ends else at


def _old_codes(names: Labels) -> dict[str, CodeRef]:
    """Labels of before, which lead on."""
    return {
        bookmarks.digest(level, old): CodeRef(level, now)
        for level, current in ((INITIAL, names.current), (FOCUSED, names.current_focused))
        for old, now in current.items()
    }


def _is_corrected(region: _Region) -> bool:
    return region.turn is not None and (
        bookmarks.digest(region.turn.text) != region.place.bookmark.words
    )


def _is_same(region: _Region, document: Reviewed) -> bool:
    text = document.text[region.start : region.end]
    return region.turn is not None and text == bookmarks.clean(region.turn.text)


def _stripped(text: str, start: int, end: int) -> Span | None:
    """A stretch without white space at its ends; None where nothing is left."""
    words = text[start:end]
    if not words.strip():
        return None
    start += len(words) - len(words.lstrip())
    return start, start + len(words.strip())


_MOST_NEIGHBOURS = 50


def _once(span: Span, turn: Turn, interview: Interview) -> str:
    """The words of a stretch, with as many of their neighbours as tell the place from others; ''
    where that takes the whole turn, or so many that nobody would count them.
    """
    start, end = span
    words = [match.span() for match in re.finditer(r"\S+", turn.text)]
    for _ in range(_MOST_NEIGHBOURS):
        if (start, end) == (words[0][0], words[-1][1]):
            break
        said = one_line(turn.text[start:end])
        if anchor.find(said, turn, interview, NOWHERE) == (start, end):
            return said
        before = [a for a, _ in words if a < start]
        behind = [b for _, b in words if b > end]
        start, end = (before[-1] if before else start), (behind[0] if behind else end)
    return ""


_ENOUGH = 3  # words at an end, so that a person sees what is meant


def _from(text: str, at: int) -> str:
    """A few words from `at` on that begin nowhere else in the text; '' where it is all."""
    if not text[:at].strip():
        return ""
    at += len(text[at:]) - len(text[at:].lstrip())
    ends = [at + match.end() for match in re.finditer(r"\S+", text[at:])]
    for end in [*ends[_ENOUGH - 1 : _MOST_NEIGHBOURS], *ends[-1:]]:
        words = one_line(text[at:end])
        if [place[0] for place in anchor.stretches(text, words)] == [at]:
            return words
    return ""


def _until(text: str, at: int) -> str:
    """A few words up to `at` that end nowhere else in the text; '' where it is all."""
    if not text[at:].strip():
        return ""
    at = len(text[:at].rstrip())
    starts = [match.start() for match in re.finditer(r"\S+", text[:at])][::-1]
    for start in [*starts[_ENOUGH - 1 : _MOST_NEIGHBOURS], *starts[-1:]]:
        words = one_line(text[start:at])
        if [place[1] for place in anchor.stretches(text, words)] == [at]:
            return words
    return ""
