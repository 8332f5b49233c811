"""An incident on a page: its turn with the stretch marked, what was said around it, and what is
told of it, as in the terminal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.model.level import INITIAL, CodeRef, split_level
from gtpipe.model.names import one_line
from gtpipe.model.records import Turn
from gtpipe.render.incidents import Detail, details, may_quote
from gtpipe.render.report.places import Link
from gtpipe.render.report.study import ReportedStudy


class Piece(NamedTuple):
    """Words of a turn; `marked` where they are the stretch."""

    text: str
    marked: bool = False


class Speech(NamedTuple):
    """A turn: who speaks, and the words; `is_around` where it is not the incident's own."""

    label: str
    pieces: tuple[Piece, ...]
    is_around: bool = False


class IncidentOnPage(NamedTuple):
    """`told` are name and text. An edition without words has none of the speech, and no text that
    may quote it.
    """

    interview: str
    turn: str
    link: Link
    who: str
    time: str
    coders: tuple[str, ...]
    before: tuple[Speech, ...]
    spoken: tuple[Speech, ...]
    after: tuple[Speech, ...]
    told: tuple[Detail, ...]
    beside: tuple[Link, ...]
    memos: tuple[Link, ...]
    comments: tuple[tuple[str, str], ...]


_BESIDE, _WORDS = "also coded here", "words"


def on_page(
    view: IncidentInContext, reported: ReportedStudy, more: Iterable[Detail] = ()
) -> IncidentOnPage:
    """An incident as it stands on a page; `more` is told of it as well."""
    edition, places = reported.edition, reported.places
    told = [pair for pair in details(view) if pair[0] not in (_BESIDE, _WORDS)]
    if not edition.words or edition.only:
        told = [pair for pair in told if not may_quote(pair[0])]
    interview = reported.material.interviews[view.interview]
    question = (view.question,) if view.question is not None else ()

    def heard(turns: Iterable[Turn]) -> tuple[Speech, ...]:
        """In one participant's edition nobody else is heard but who asks."""
        who = ("", edition.only)
        return tuple(
            Speech(turn.label, (Piece(turn.text),), True)
            for turn in turns
            if edition.words and (not edition.only or interview.participant(turn) in who)
        )

    return IncidentOnPage(
        view.interview,
        view.turn,
        places.turn(view.interview, view.turn),
        "" if view.participant == view.interview else view.participant or "interviewer",
        view.spoken.time,
        view.coders,
        heard((*question, *view.before)),
        (_marked(view),) if edition.words else (),
        heard(view.after),
        (*told, *more),
        tuple(reported.link(_code(typed)) for typed in view.beside),
        tuple(places.memo(memo.name, one_line(memo.title)) for memo in reported.memos.at(view)),
        tuple((one.by, one.comment) for one in reported.comments.at(view)) if edition.words else (),
    )


def _marked(view: IncidentInContext) -> Speech:
    text = view.spoken.text
    if view.span is None:
        return Speech(view.spoken.label, (Piece(text),))
    start, end = view.span
    pieces = (Piece(text[:start]), Piece(text[start:end], True), Piece(text[end:]))
    return Speech(view.spoken.label, tuple(piece for piece in pieces if piece.text))


def _code(typed: str) -> CodeRef:
    """A code as `IncidentInContext.beside` has it."""
    level, label = split_level(typed)
    return CodeRef(level or INITIAL, label)
