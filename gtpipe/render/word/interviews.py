"""Coded interviews as a Word document: the words as spoken, each code a comment on exactly its
words, under the name of who gave it.

`commands.take_comments` reads it back: the place of each turn has a bookmark, as has each comment,
so that what a reader adds is told from what stood there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from gtpipe.model import bookmarks
from gtpipe.model.level import FOCUSED, INITIAL
from gtpipe.model.names import one_line
from gtpipe.model.records import INTERVIEWER, Coding, Interview, Material, Turn
from gtpipe.render.incidents import interview_title
from gtpipe.render.word.document import Document, Piece, Run, Xml
from gtpipe.study import Corpus

ABOUT = (
    "Each comment is a code, on the words that it was given to and under the name of who gave it. "
    "Comments that you add, and replies, find their way into the study; the words of the "
    "interviews are better left as they are."
)


def content(corpus: Corpus, names: Sequence[str] = ()) -> bytes:
    """The coded transcripts of these interviews, or of all, as a document by itself."""
    document = Document(corpus.settings.study, corpus.settings.language)
    document.heading(0, corpus.settings.study or "Coded interviews")
    add(document, corpus, names)
    return document.content()


def add(document: Document, corpus: Corpus, names: Sequence[str] = ()) -> None:
    """The coded transcripts, in study order, each from a new page on."""
    document.paragraph(ABOUT, "Details")
    codings: dict[str, list[Coding]] = defaultdict(list)
    for coding in corpus.codings:
        codings[coding.interview].append(coding)
    taken_up = _taken_up(corpus)
    first = True
    for interview in corpus.material.interviews.values():
        if names and interview.name not in names:
            continue
        if not first:
            document.page_break()
        first = False
        document.heading(1, interview_title(interview))
        for line in _people(interview, corpus.material):
            document.paragraph(line, "Details")
        comments = _Comments(document, corpus, taken_up)
        _interview(document, interview, comments.marks(interview, codings[interview.name]))


def author(coder: str, researchers: dict[str, str]) -> str:
    """Under which name a coder's comments stand: the name without its e-mail, else the initials."""
    return one_line(re.sub(r"<[^<>]*>", "", researchers.get(coder, ""))) or coder or "coder"


def _people(interview: Interview, material: Material) -> Iterator[str]:
    for name in interview.participants:
        row = material.participants.get(name)
        told = [f"{what}: {value}" for what, value in (row.attributes if row else ()) if value]
        if told:
            yield f"{name} · {' · '.join(told)}"


def _taken_up(corpus: Corpus) -> dict[str, list[str]]:
    """Initial code → the focused codes that take it up."""
    found: dict[str, list[str]] = defaultdict(list)
    for focused in corpus.material.focused.values():
        taken = (corpus.current.get(named.label, named.label) for named in focused.takes_up)
        for label in dict.fromkeys(taken):
            found[label].append(focused.label)
    return found


Marks = dict[str, list[tuple[int, bool, int, Xml]]]
"""Turn → where in its words a mark stands: the place, whether something begins there, how long it
is (the longest begins first), and the mark.
"""


class _Comments:
    """The comments that codings become."""

    def __init__(self, document: Document, corpus: Corpus, taken_up: dict[str, list[str]]) -> None:
        self.document = document
        self.researchers = corpus.settings.researchers
        self.taken_up = taken_up

    def marks(self, interview: Interview, codings: Sequence[Coding]) -> Marks:
        found: Marks = defaultdict(list)
        for coding in sorted(codings, key=lambda c: interview.standing(c.turn, c.span)):
            reached = interview.spans_of(coding.turn, coding.span)
            first, *_, last = (*reached, *reached)
            text = self.text(coding)
            begin, end = self.document.comment(
                author(coding.coder, self.researchers), coding.coder, text
            )
            start, stop = reached[first], reached[last]
            at = start[0] if start else 0
            until = stop[1] if stop else len(interview.at(last).text)
            length = until - at if first == last else len(interview.at(first).text)
            found[first].append((at, True, -length, begin))
            found[last].append((until, False, 0, end))
        return found

    def text(self, coding: Coding) -> str:
        """The label, what it was taken up by, and the note."""
        lines = [coding.code]
        if coding.level == INITIAL and self.taken_up.get(coding.code):
            labels = self.taken_up[coding.code]
            what = FOCUSED.noun if len(labels) == 1 else FOCUSED.nouns
            lines.append(f"{what}: {'; '.join(labels)}")
        elif coding.level == FOCUSED:
            lines.append(f"({FOCUSED.noun})")
        if coding.note:
            lines.append(coding.note)
        return "\n".join(lines)


def _interview(document: Document, interview: Interview, marks: Marks) -> None:
    for turn in interview.turns:
        is_interviewer = interview.speakers.get(turn.label) == INTERVIEWER
        begin, end = document.bookmark(bookmarks.of_turn(interview.name, turn.id, turn.text))
        pieces = (
            Run(f"{turn.id}\tline {turn.line}\t", style="Aside"),
            Run(f"{turn.label}: ", bold=True),
            begin,
            *_words(turn, marks.get(turn.id, [])),
            end,
        )
        document.paragraph(pieces, "Interviewer" if is_interviewer else "Turn")


def _words(turn: Turn, marks: list[tuple[int, bool, int, Xml]]) -> Iterator[Piece]:
    """The words, cut where a comment begins or ends; what ends goes before what begins."""
    done = 0
    for at, _, _, mark in sorted(marks, key=lambda mark: mark[:3]) if turn.text else marks:
        yield turn.text[done:at]
        yield mark
        done = at
    yield turn.text[done:]
