"""The page of an interview: the words as spoken, the codes level with their turn, and what people
wrote about either.

A turn is cut where stretches begin and end; each piece knows the codes that cover it. Every coding
stands in the margin once, at the first turn it stands at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property, partial
from typing import NamedTuple

from gtpipe.analysis import subjects
from gtpipe.analysis.coders import How, side_by_side
from gtpipe.model import anchor
from gtpipe.model.level import FOCUSED, INITIAL, CodeRef
from gtpipe.model.names import one_line
from gtpipe.model.plural import count
from gtpipe.model.records import Coding, Interview, Memo, Span, Turn, in_words
from gtpipe.render import pages as code_pages
from gtpipe.render.report import about, stretches
from gtpipe.render.report.codings import CodingsShown, Remark, Told
from gtpipe.render.report.places import BROUGHT, INTERVIEWS, Link, brought_id, turn_id
from gtpipe.render.report.stretches import Letters, Piece
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.templating import Later, Page


class Given(NamedTuple):
    """A coding in the margin. `numbers` are those of the focused codes it is an extract of,
    `letter` that of its stretch; `at` and `span` say to programs where it is. `aside` is what has
    to be seen at once: its level, that it runs over turns, how other coders coded here.
    """

    link: Link
    level: str
    coder: str
    hue: int
    numbers: tuple[int, ...]
    letter: str
    at: str
    span: str
    aside: tuple[str, ...]
    in_vivo: bool
    note: str
    told: tuple[Told, ...]


class ByCoder(NamedTuple):
    """The codes one coder gave at a turn."""

    coder: str
    given: tuple[Given, ...]


class Running(NamedTuple):
    """A coding that began at a turn before, and where."""

    letter: str
    code: str
    level: str
    coder: str
    link: Link


class TurnOnPage(NamedTuple):
    """A turn. `pieces` are empty where its words are left out, `lanes` counts the lines below them,
    `withheld` is what stands in the place of another's turn; `running` are codes that began at a
    turn before; `nothing` says that nobody coded it.
    """

    id: str
    link: Link
    line: int
    time: str
    label: str = ""
    participant: str = ""
    withheld: str = ""
    pieces: tuple[Piece, ...] = ()
    lanes: int = 0
    by_coder: tuple[ByCoder, ...] = ()
    running: tuple[Running, ...] = ()
    remarks: tuple[Remark, ...] = ()
    nothing: str = ""
    differs: str = ""


class Known(NamedTuple):
    """A focused code in the legend."""

    number: int
    hue: int
    link: Link


class InterviewPage(NamedTuple):
    """`facts` stand in the head; `differing` says where several coders differ."""

    name: str
    facts: tuple[str, ...]
    people: tuple[str, ...]
    memos: tuple[Link, ...]
    brought: Link | None
    coders: tuple[tuple[str, str], ...]
    differing: tuple[tuple[str, tuple[Link, ...]], ...]
    legend: tuple[Known, ...]
    focused: str
    turns: tuple[TurnOnPage, ...]
    before: Link | None
    after: Link | None


def pages(reported: ReportedStudy) -> Iterator[Page]:
    """A page for each interview of the edition."""
    study = CodingsShown(reported)
    links = [reported.places.interview(interview.name) for interview in reported.interviews]
    around = zip([None, *links[:-1]], [*links[1:], None], strict=True) if links else ()
    for interview, link, (before, after) in zip(reported.interviews, links, around, strict=True):
        content = Later(
            reported.made_of([interview.name]), partial(_page, study, interview, before, after)
        )
        yield Page(link.path, "interview.html", interview.name, INTERVIEWS, content)


def _page(
    study: CodingsShown, interview: Interview, before: Link | None, after: Link | None
) -> InterviewPage:
    return _Laid(study, interview).page(before, after)


_BROUGHT = "what this interview brought"
_HOW = {How.CODE: "only {}", How.STRETCH: "on other words"}


_WHOLE = (-1, -1)  # before its stretches


class _Placed(NamedTuple):
    """A coding at a turn, the focused codes it is an extract of, its stretch there, and the first
    turn it stands at.
    """

    coding: Coding
    signs: tuple[str, ...]
    hue: int
    span: Span | None
    first: str


class _Laid:
    """One interview on its way to a page."""

    def __init__(self, study: CodingsShown, interview: Interview) -> None:
        self.study, self.interview = study, interview
        self.reported = study.reported
        self.codings = study.codings.get(interview.name, [])
        self.coders = tuple(dict.fromkeys(coding.coder for coding in self.codings))
        self.at: dict[str, list[_Placed]] = {}
        self.used: set[str] = set()
        for coding in self.codings:
            signs = study.signs_of(coding)
            self.used.update(signs)
            turns = self._stands_at(coding)
            for turn in turns:
                span = self._span(coding, turn)
                placed = _Placed(coding, signs, study.hue(signs), span, turns[0])
                self.at.setdefault(turn, []).append(placed)
        self.compared = side_by_side(interview, self.codings, self.coders)
        self.differing = {turn.turn.id for turn in self.compared.differing}

    def page(self, before: Link | None, after: Link | None) -> InterviewPage:
        study, interview = self.study, self.interview
        turns = tuple(map(self._turn, interview.turns))
        legend = tuple(
            Known(*self.reported.signs[label], self.reported.link(CodeRef(FOCUSED, label)))
            for label in study.focused
            if label in self.used
        )
        return InterviewPage(
            interview.name,
            self._facts(),
            tuple(self._people()),
            self._memos(),
            None if study.only else Link(_BROUGHT, BROUGHT, brought_id(interview.name)),
            tuple((coder, self._coder(coder)) for coder in self.coders),
            tuple(self._differing()),
            legend,
            count(len(legend), FOCUSED.noun, FOCUSED.nouns),
            turns,
            before,
            after,
        )

    @cached_property
    def how(self) -> dict[Coding, str]:
        """How a coding compares with what the other coders of its turn gave, where it differs."""
        return {
            coding: _HOW[given.how].format(" and ".join(given.coders))
            for turn in self.compared.turns
            for given in turn.given
            if given.how in _HOW
            for codings in given.codings.values()
            for coding in codings
        }

    def _differing(self) -> Iterator[tuple[str, tuple[Link, ...]]]:
        """The turns that several coders coded differently, and those that only some coded."""
        if turns := self.compared.differing:
            yield "Coded differently", tuple(self._link(turn.turn) for turn in turns)
        for coders, turns in self.compared.not_by_all.items():
            yield f"Coded by {' and '.join(coders)} only", tuple(self._link(t.turn) for t in turns)

    # --- the head ---------------------------------------------------------------------------------

    def _facts(self) -> tuple[str, ...]:
        interview = self.interview
        given = Counter(coding.coder for coding in self.codings)
        coded = [
            count(given[coder], "coding") + (f" by {self._coder(coder)}" if coder else "")
            for coder in self.coders
        ]
        spoken = sum(map(self._is_heard, interview.participant_turns))
        facts = (
            interview.date,
            f"schedule {interview.schedule}" if interview.schedule else "",
            *(f"{name}: {value}" for name, value in interview.attributes),
            f"{count(spoken, 'turn')} of {', '.join(self._names) or 'participants'}",
            *(coded or ["not coded yet"]),
        )
        return tuple(filter(None, facts))

    def _coder(self, initials: str) -> str:
        name = self.study.coder(initials)
        return name if name == initials else f"{name} ({initials})"

    @cached_property
    def _names(self) -> tuple[str, ...]:
        """The participants of this edition."""
        only = self.study.only
        return tuple(name for name in self.interview.participants if only in ("", name))

    def _people(self) -> Iterator[str]:
        for name in self._names:
            person = self.study.material.participants.get(name)
            told = (
                f"{key} {value}" for key, value in (person.attributes if person else ()) if value
            )
            if said := ", ".join(told):
                yield f"{name}: {said}"

    def _memos(self) -> tuple[Link, ...]:
        if self.study.only:
            return ()
        named = self.reported.memos_about
        meant = [subjects.Subject(subjects.INTERVIEW, self.interview.name)]
        meant += [subjects.Subject(subjects.PARTICIPANT, name) for name in self._names]
        memos = {memo.name: memo for subject in meant for memo in named.get(subject, ())}
        return tuple(map(self._memo, memos.values()))

    def _memo(self, memo: Memo) -> Link:
        return self.reported.places.memo(memo.name, one_line(memo.title))

    def _link(self, turn: Turn) -> Link:
        return self.reported.places.turn(self.interview.name, turn.id)._replace(text=turn.id)

    # --- a turn -----------------------------------------------------------------------------------

    def _is_heard(self, turn: Turn) -> bool:
        """In one participant's edition nobody else is heard but who asks."""
        return not self.study.only or self.interview.participant(turn) in ("", self.study.only)

    def _turn(self, turn: Turn) -> TurnOnPage:
        link = Link(turn.id, "", turn_id(self.interview.name, turn.id))
        if not self._is_heard(turn):
            withheld = "(another participant)"
            return TurnOnPage(turn.id, link, turn.line, turn.time, withheld=withheld)
        participant = self.interview.participant(turn)
        here = self.at.get(turn.id, [])
        here.sort(key=lambda one: one.span or _WHOLE)
        by_hand = self.study.by_hand.get((self.interview.name, turn.id), [])
        self.used.update(label for _, label in by_hand)
        spans = [placed.span for placed in here] + [span for span, _ in by_hand]
        letters = stretches.letters(spans) if self.study.words else {}
        pieces: tuple[Piece, ...] = ()
        if self.study.words:
            marks = [(one.span, one.coding.code, one.coding.level, one.hue) for one in here]
            marks += [(span, label, FOCUSED, self.study.hue((label,))) for span, label in by_hand]
            pieces = stretches.pieces(turn.text, marks, letters)
        remarks = (
            *(self._held(span, label, letters) for span, label in by_hand),
            *self._remarks(turn),
        )
        return TurnOnPage(
            turn.id,
            link,
            turn.line,
            turn.time,
            turn.label,
            participant,
            pieces=pieces,
            lanes=max((mark.lane for piece in pieces for mark in piece.marks), default=0),
            by_coder=self._by_coder(turn, here, letters),
            running=tuple(
                self._running(one, letters.get(one.span, ""))
                for one in here
                if one.first != turn.id
            ),
            remarks=remarks,
            nothing="not coded" if participant and not here else "",
            differs="coded differently" if turn.id in self.differing else "",
        )

    def _span(self, coding: Coding, turn: str) -> Span | None:
        """Where the stretch of a coding stands in a turn; None where it is the turn as a whole."""
        if coding.span is None or coding.turn in self.interview.position:
            return coding.span
        reached = self.interview.spans_of(coding.turn, coding.span)
        if turn not in reached:
            return None
        return reached[turn] or (0, len(self.interview.at(turn).text))

    def _stands_at(self, coding: Coding) -> tuple[str, ...]:
        """The turns a coding stands at; the first of those named, where its words are but the name
        of who speaks between them.
        """
        first = self.interview.position[coding.turn]
        return coding.turns or (self.interview.turns[first].id,)

    def _by_coder(self, turn: Turn, here: list[_Placed], letters: Letters) -> tuple[ByCoder, ...]:
        found: dict[str, list[Given]] = {}
        if len(self.coders) > 1 and here:
            found = {coder: [] for coder in self.coders}
        for one in here:
            if one.first == turn.id:
                found.setdefault(one.coding.coder, []).append(self._given(one, letters))
        return tuple(ByCoder(coder, tuple(given)) for coder, given in found.items())

    def _given(self, placed: _Placed, letters: Letters) -> Given:
        coding, study = placed.coding, self.study
        return Given(
            self.reported.link(CodeRef(coding.level, coding.code)),
            str(coding.level),
            coding.coder,
            placed.hue,
            tuple(map(study.number, placed.signs)),
            letters.get(placed.span, ""),
            coding.turn,
            "" if coding.span is None else f"{coding.span[0]}-{coding.span[1]}",
            self._aside(coding),
            coding.in_vivo,
            coding.note if study.words and not study.only else "",
            tuple(self._told(coding)),
        )

    def _aside(self, coding: Coding) -> tuple[str, ...]:
        found: tuple[str, ...] = () if coding.level == INITIAL else (coding.level.noun,)
        if len(coding.turns) > 1:
            found += (in_words(coding.turn),)
        if len(self.coders) > 1 and coding in self.how:
            found += (self.how[coding],)
        return found

    def _told(self, coding: Coding) -> Iterator[Told]:
        if coding.level == INITIAL and not self.study.only:
            yield Told("", self.reported.definition(coding.code) or code_pages.NOTHING_YET)
        yield from self.study.taken_up(coding)
        if coding.words is not None and self.study.words:
            yield Told("words", f"“{one_line(coding.words)}”")
        if coding.in_vivo:
            yield Told("in vivo", "the participant's own words")
        if coding.typed != coding.code:
            yield Told("in the sheet", coding.typed)
        if coding.coder:
            yield Told("by", self.study.coder(coding.coder))

    # --- what stands beside it --------------------------------------------------------------------

    def _running(self, placed: _Placed, letter: str) -> Running:
        coding, first = placed.coding, self._link(self.interview.at(placed.first))
        link = first._replace(text=f"turn {first.text}")
        return Running(letter, coding.code, str(coding.level), coding.coder, link)

    def _held(self, span: Span | None, label: str, letters: Letters) -> Remark:
        what = f"extract of {self.study.number(label)}"
        link = self.reported.link(CodeRef(FOCUSED, label))
        return Remark(what, link, ("named by hand",), letters.get(span, ""))

    def _remarks(self, turn: Turn) -> Iterator[Remark]:
        name = self.interview.name
        yield from self.study.against.get((name, turn.id), ())
        for memo in self.reported.memos.at_place(name, turn.id, None):
            yield Remark("memo:", self._memo(memo))
        if not self.study.words:
            return
        for comment in self.reported.comments.at_place(name, turn.id, None):
            at = anchor.parse(comment.about.label)
            words = f" on “{about.short(one_line(at.words))}”" if at and at.words else ""
            by = f" ({comment.by})" if comment.by else ""
            texts = [comment.comment, f"answer: {comment.answer or 'none yet'}"]
            texts += [f"changed: {comment.changed}"] if comment.changed else []
            yield Remark(f"comment{by}{words}", None, tuple(texts))
