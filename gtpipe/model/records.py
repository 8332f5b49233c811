"""The records of a study: frozen, and each knows the file and line it came from.

Names are the field's own. A *turn* is one person's speech until another speaks. A *coding* (an
application of a code) is coder × turn × stretch × code. An *incident* is an interview, a turn and a
stretch; its counts are distinct over coders.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gtpipe.model.level import Level, MaybeLevel
from gtpipe.model.names import label_order, natural, one_line
from gtpipe.model.persons import Persons

if TYPE_CHECKING:
    from gtpipe.model.procedures import Procedure

INTERVIEWER = "interviewer"
WITHDRAWN = "withdrawn"
"""Who spoke a turn whose speaker withdrew: no participant."""
GONE = f"({WITHDRAWN})"
"""What stands in the place of words that were taken out."""
_NO_PARTICIPANTS = (INTERVIEWER, WITHDRAWN)
TIME = r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
PROVISIONAL = "provisional"
"""The status of a code that is not settled yet."""
BETWEEN = " / "  # between a code, its property, and a position of that
_ELISION = "…"
UNSAID = ("true", "yes", "x", "done")  # closes a task without saying what came of it


class ByWayOf(StrEnum):
    """How a position is sought (theoretical sampling)."""

    PERSON = "person"
    QUESTION = "question"
    RE_READING = "re-reading"
    DOCUMENT = "document"


class Where(NamedTuple):
    """A line (from 1) of a file, its path relative to the study."""

    path: str
    line: int


NOWHERE = Where("", 0)
"""Of what was typed at a command."""


Span = tuple[int, int]
"""From where to where a stretch stands in the text of its turn."""


class IncidentKey(NamedTuple):
    """Which incident: interview, turn and stretch (None: the whole turn).

    Of an incident over turns, `turn` is its first and last one, `7-10`, and the stretch stands in
    the words of them all (`Interview.turn`).
    """

    interview: str
    turn: str
    span: Span | None


TURN_ID = r"\d+[a-z]*"
_RANGE = re.compile(rf"\s*({TURN_ID})\s*[-–]\s*({TURN_ID})\s*")


@lru_cache(maxsize=4096)
def first_and_last(turns: str) -> tuple[str, str] | None:
    """The first and the last of several turns as named, `7-10`; None where one turn is named."""
    match = _RANGE.fullmatch(turns)
    return (match[1], match[2]) if match else None


def in_words(turns: str) -> str:
    """`turn 7`, or `turns 7-10`."""
    return f"turns {turns}" if first_and_last(turns) else f"turn {turns}"


def ends(turns: str) -> tuple[str, ...]:
    """The turns without which what was named is not there: `7-10` hangs on 7 and on 10."""
    return first_and_last(turns) or (turns,)


class _Positions(dict[str, int]):
    """Turn id → index in file order; of turns named together, `7-10`, that of the first."""

    def __missing__(self, id: str) -> int:
        named = first_and_last(id)
        if named is None:
            raise KeyError(id)
        return self[named[0]]


def positions(ids: Iterable[str]) -> dict[str, int]:
    """Turn id → index in file order; `7-10` is where its first turn is."""
    return _Positions({id: index for index, id in enumerate(ids)})


class Turn(NamedTuple):
    """One turn of a transcript; or several in a row, their words laid out as in a transcript.

    `id` is opaque; `time` is the mark as the source wrote it, or ''.
    """

    id: str
    time: str
    label: str
    text: str
    line: int


@dataclass(frozen=True)
class Interview:
    """A transcript as it stands in `data/transcripts`.

    `speakers` maps a label to `interviewer`, a participant, or `withdrawn`; `attributes` are the
    other fields of the front matter, in its order: `wave: 2`, `mode: phone`.
    """

    name: str
    path: str
    date: str
    speakers: dict[str, str]
    turns: Sequence[Turn]
    schedule: str = ""
    source: str = ""
    speakers_line: int = 1
    attributes: tuple[tuple[str, str], ...] = ()

    @cached_property
    def position(self) -> dict[str, int]:
        """Turn id → index in file order; `7-10` is where its first turn is."""
        return positions(turn.id for turn in self.turns)

    def turn(self, id: str) -> Turn | None:
        """The turn called so; or the turns `7-10` as one, with the words of all of them."""
        index = self.position.get(id)
        if index is not None:
            return self.turns[index]
        if id not in self._several:
            self._several[id] = _together(self.turns_of(id))
        return self._several[id]

    @cached_property
    def _several(self) -> dict[str, Turn | None]:
        return {}

    @cached_property
    def places(self) -> dict[tuple[str, str], Span]:
        """Where words stand, as far as it was looked up: turn and words as typed → the stretch."""
        return {}

    def turns_of(self, id: str) -> tuple[Turn, ...]:
        """The turn called so, or each turn from 7 to 10; () where the first or last is not there,
        or they do not follow each other.
        """
        ids = self.ids_of(id)
        start = self.position[ids[0]] if ids else 0
        return tuple(self.turns[start : start + len(ids)])

    def at(self, id: str) -> Turn:
        """The turn, which must be there."""
        turn = self.turn(id)
        if turn is None:
            raise KeyError(id)
        return turn

    def spans_of(self, id: str, span: Span | None) -> dict[str, Span | None]:
        """Turn id → where a stretch of the turns `7-10` stands in it (None: all of it); turns that
        it does not reach are left out.
        """
        turns = self.turns_of(id)
        if span is None or len(turns) < 2:
            return dict.fromkeys((turn.id for turn in turns), span)
        found: dict[str, Span | None] = {}
        for turn, begins in zip(turns, beginnings(turns), strict=True):
            start, end = max(span[0] - begins, 0), min(span[1] - begins, len(turn.text))
            if start < end:
                found[turn.id] = None if end - start == len(turn.text) else (start, end)
        return found

    def words(self, id: str, span: Span | None, marks: str = "", spoken: Turn | None = None) -> str:
        """The words of a stretch, or all (None); over turns, each with who speaks before it. Words
        of a stretch stand between `marks`. `spoken` is the turn, where that was asked for already.
        """
        if id in self.position:
            text = (spoken or self.at(id)).text
            return text if span is None else f"{marks}{text[slice(*span)]}{marks}"
        marks = "" if span is None else marks
        reached = self.spans_of(id, span)
        parts = [
            (
                turn.label,
                turn.text if (part := reached[turn.id]) is None else turn.text[slice(*part)],
            )
            for turn in self.turns_of(id)
            if turn.id in reached
        ]
        if len(parts) == 1:
            return f"{marks}{parts[0][1]}{marks}"
        return _BETWEEN.join(f"{label}: {marks}{words}{marks}" for label, words in parts)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The label of each turn, in file order."""
        return tuple(turn.label for turn in self.turns)

    @cached_property
    def taken_out(self) -> tuple[str, ...]:
        """The ids of the turns whose words were taken out."""
        return tuple(turn.id for turn in self.turns if turn.text == GONE)

    def ids_of(self, id: str) -> tuple[str, ...]:
        """As `turns_of`, without their words."""
        if id in self.position:
            return (id,)
        first, last = first_and_last(id) or (id, id)
        start, end = self.position.get(first), self.position.get(last)
        if start is None or end is None or (start >= end and (first, last) != (id, id)):
            return ()
        return tuple(self.position)[start : end + 1] if start < end else (first,)

    def participant(self, turn: Turn) -> str:
        """The participant who speaks this turn, or '' for an interviewer; of several turns, the
        participants who speak in them (`people`).
        """
        if turn.id in self.position:
            return self._who(turn.label)
        return self.participant_of(turn.id)

    def _who(self, label: str) -> str:
        speaker = self.speakers.get(label, "")
        return "" if speaker in _NO_PARTICIPANTS else speaker

    def participant_of(self, id: str) -> str:
        """As `participant`, of a turn by its id."""
        at = self.position.get(id)
        if at is not None:
            return self._who(self.labels[at])
        names = (self.participant_of(one) for one in self.ids_of(id))
        return together(dict.fromkeys(filter(None, names)))

    def standing(self, id: str, span: Span | None) -> tuple[int, Span, int]:
        """A sort key of an incident in its interview, which tells it from every other; a whole turn
        goes before its stretches, and both before what runs on over turns.
        """
        at = self.position[id]
        last = at if id in self.position else self.position[ends(id)[-1]]
        return at, span or (-1, -1), last

    def question_before(self, id: str) -> Turn | None:
        """The interviewer's turn nearest before turn `id`, or None."""
        return self._question(self.position[id])

    def _question(self, before: int) -> Turn | None:
        labels, speakers = self.labels, self.speakers
        for index in range(before - 1, -1, -1):
            if speakers.get(labels[index]) == INTERVIEWER:
                return self.turns[index]
        return None

    def around(self, id: str) -> tuple[Turn, Turn | None, tuple[Turn, ...]]:
        """The turn, which must be there, the question before it, and at most one turn behind it."""
        at = self.position.get(id)
        if at is None:
            return self.at(id), self.question_before(id), self.after(id)
        turns = self.turns
        after = (turns[at + 1],) if at + 1 < len(self.position) else ()
        return turns[at], self._question(at), after

    def after(self, id: str, most: int = 1) -> tuple[Turn, ...]:
        """At most so many turns behind turn `id`."""
        end = self.position[self.ids_of(id)[-1]] + 1
        return self._from(end, end + most)

    def before(self, id: str, most: int = 1) -> tuple[Turn, ...]:
        """At most so many turns in front of turn `id`."""
        start = self.position[id]
        return self._from(max(start - most, 0), start)

    def _from(self, start: int, end: int) -> tuple[Turn, ...]:
        turns = self.turns
        return tuple([turns[at] for at in range(start, min(end, len(turns)))])

    @property
    def participant_turns(self) -> tuple[Turn, ...]:
        return tuple(turn for turn in self.turns if self.participant(turn))

    @property
    def participant_ids(self) -> tuple[str, ...]:
        """The ids of the turns that participants speak, in file order."""
        spoken = {label for label, who in self.speakers.items() if who not in _NO_PARTICIPANTS}
        ids = zip(self.position, self.labels, strict=True)
        return tuple(id for id, label in ids if label in spoken)

    @property
    def participants(self) -> tuple[str, ...]:
        """The participants of this interview, in the order of the `speakers` line."""
        names = (name for name in self.speakers.values() if name not in _NO_PARTICIPANTS)
        return tuple(dict.fromkeys(names))


_AND = " and "
_BETWEEN = "\n\n"  # turns that stand together


def people(participant: str) -> tuple[str, ...]:
    """Who speaks an incident, each by name; () for an interviewer."""
    return tuple(participant.split(_AND)) if participant else ()


def together(names: Iterable[str]) -> str:
    """`people` backwards."""
    return _AND.join(names)


def beginnings(turns: tuple[Turn, ...]) -> list[int]:
    """Where each of several turns begins in the words of them all."""
    found, at = [], 0
    for index, turn in enumerate(turns):
        at += len(turn.label) + 2 if index else 0
        found.append(at)
        at += len(turn.text) + len(_BETWEEN)
    return found


def _together(turns: tuple[Turn, ...]) -> Turn | None:
    """Several turns as one: who speaks stands before the words of each but the first."""
    if not turns:
        return None
    first, *others = turns
    text = _BETWEEN.join([first.text, *(f"{turn.label}: {turn.text}" for turn in others)])
    return first._replace(id=f"{first.id}-{turns[-1].id}", text=text)


@dataclass(frozen=True)
class Participant:
    """A row of `data/participants.csv`; attributes in the order of its columns.

    `same_person_as` is another participant, where the study counts both as one person.
    """

    name: str
    attributes: tuple[tuple[str, str], ...]
    where: Where
    same_person_as: Named | None = None


class SheetCode(NamedTuple):
    """A label as it stands in a sheet.

    `words` is the stretch as typed; with a bare `<-` it is the label itself.
    """

    level: Level
    label: str
    words: str | None
    note: str
    line: int


class SheetEntry(NamedTuple):
    """One turn of a coding sheet, or the turns `7-10` together.

    `words_hash` is that of the sheet's copy of the words, '' where it keeps none.
    """

    turn: str
    line: int
    speaker: str
    words_hash: str
    codes: tuple[SheetCode, ...]


@dataclass(frozen=True)
class Sheet:
    """A coding sheet: one interview, one coder (initials; '' where the study names no
    researcher).

    `holds` where it is known that each of its codes stands where its words are; `is_plain` where it
    is known besides that no check has anything to say of it.
    """

    interview: str
    coder: str
    path: str
    entries: tuple[SheetEntry, ...]
    holds: bool = False
    is_plain: bool = False


class Coding(NamedTuple):
    """An application of a code. `span` is the stretch's place in the turn's text, None where the
    turn as a whole is meant; `turns` are all turns of an incident over turns, () of any other.

    `code` is the label it counts under; `typed` the label in the sheet, which differs only where a
    `was:` leads on.
    """

    interview: str
    turn: str
    participant: str
    coder: str
    level: Level
    code: str
    typed: str
    words: str | None
    span: Span | None
    note: str
    in_vivo: bool
    turns: tuple[str, ...] = ()
    where: Where = NOWHERE

    @property
    def stands_at(self) -> tuple[str, ...]:
        """Every turn that it stands at."""
        return self.turns or (self.turn,)

    @property
    def incident(self) -> IncidentKey:
        return IncidentKey(self.interview, self.turn, self.span)

    @property
    def address(self) -> str:
        """`jim 2`, or `jim 2 "it went from there"`."""
        return _address(self.interview, self.turn, self.words)


def _address(interview: str, turn: str, words: str | None) -> str:
    named = first_and_last(turn)
    if named and words is not None and _ELISION in words:
        start, end = (one_line(part) for part in words.split(_ELISION, 1))
        opening, ending = (f' "{part}"' if part else "" for part in (start, end))
        return f"{interview} {named[0]}{opening} - {named[1]}{ending}"
    return f"{interview} {turn}" + ("" if words is None else f' "{one_line(words)}"')


@dataclass(frozen=True)
class Code:
    """An entry of `data/codebook.yaml`, as a person wrote it.

    `was` are labels it had before, `merged_from` codes that it took in: both lead here.
    `split_from` is where it came from. `number` is its place in a framework, `1.5, 5.4` where it
    has several; `status` is PROVISIONAL, or '' where it is settled.
    """

    label: str
    where: Where
    definition: str = ""
    include: str = ""
    exclude: str = ""
    number: str = ""
    status: str = ""
    notes: str = ""
    parked: str | None = None
    was: tuple[str, ...] = ()
    merged_from: tuple[str, ...] = ()
    split_from: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(filter(None, self.number.split(", ")))

    @property
    def title(self) -> str:
        """Its label as it is shown: a `?` behind one that is provisional."""
        return f"{self.label} ?" if self.status else self.label


class Named(NamedTuple):
    """A label, or the name of a memo, where another entry names it; `level` only where `focused:`
    or the like stood in front.
    """

    label: str
    where: Where
    level: MaybeLevel = ""

    @property
    def typed(self) -> str:
        """As a person types it."""
        return f"{self.level}: {self.label}" if self.level else self.label


class Incident(NamedTuple):
    """An incident as a person names it: `jim 2`, or `jim 2 "it went from there"`; over turns,
    `jim 2-5`.

    `words` is the stretch as typed; with `…` where a person gave its start and its end.
    """

    interview: str
    turn: str
    words: str | None
    where: Where

    @property
    def address(self) -> str:
        return _address(self.interview, self.turn, self.words)


class Position(NamedTuple):
    """A position that a property may take, with the incidents that show it; none where it is open,
    which a person writes as `?`.
    """

    label: str
    incidents: tuple[Incident, ...]
    where: Where

    @property
    def is_open(self) -> bool:
        return not self.incidents


class Property(NamedTuple):
    """A property of a focused code or category: along what its incidents differ (dimensions)."""

    label: str
    positions: tuple[Position, ...]
    where: Where

    @property
    def is_open(self) -> bool:
        """Whether one of its positions was not met yet."""
        return any(each.is_open for each in self.positions)

    @property
    def incidents(self) -> tuple[Incident, ...]:
        return tuple(incident for each in self.positions for incident in each.incidents)


@dataclass(frozen=True)
class FocusedCode:
    """An entry of `data/focused-codes.yaml`: a person's decision, with its reason.

    `written_after` is the last interview there was when it was written, None where the entry does
    not say. `judged` are the incidents of the codes it takes up that a person has looked at and
    kept, `left` those that were looked at and left out.
    """

    label: str
    where: Where
    definition: str = ""
    because: str = ""
    by: str = ""
    written_after: Named | None = None
    takes_up: tuple[Named, ...] = ()
    judged: tuple[Incident, ...] = ()
    incidents: tuple[Incident, ...] = ()
    does_not_fit: tuple[Incident, ...] = ()
    properties: tuple[Property, ...] = ()
    left: tuple[Incident, ...] = ()
    parked: str | None = None
    was: tuple[str, ...] = ()
    merged_from: tuple[str, ...] = ()
    split_from: tuple[str, ...] = ()

    @property
    def lists(self) -> dict[str, tuple[Incident, ...]]:
        """Its lists of incidents, by the field they stand in."""
        return {
            "judged": self.judged,
            "incidents": self.incidents,
            "does-not-fit": self.does_not_fit,
            "left": self.left,
        }


@dataclass(frozen=True)
class Category:
    """A category of `data/theory.yaml`; a subcategory where it is part of another.

    `written_after` is as in a focused code.
    """

    label: str
    where: Where
    definition: str = ""
    part_of: Named | None = None
    focused: tuple[Named, ...] = ()
    written_after: Named | None = None
    properties: tuple[Property, ...] = ()


@dataclass(frozen=True)
class Relation:
    """How one thing of the theory relates to another, as a hypothesis carried by incidents."""

    source: Named
    kind: str
    target: Named
    where: Where
    hypothesis: str = ""
    support: tuple[Incident, ...] = ()
    contradict: tuple[Incident, ...] = ()
    memo: Named | None = None

    @property
    def sentence(self) -> str:
        return f"{self.source.label} {self.kind} {self.target.label}"


@dataclass(frozen=True)
class NegativeCase:
    """An incident that contradicts a code, category or relation, and what it led to, in words:
    qualified, revised, left, or others.
    """

    incident: Incident
    contradicts: Named
    led_to: str
    where: Where
    note: str = ""
    by: str = ""


@dataclass(frozen=True)
class Look:
    """Somebody looked for negative cases; `found` is None for none, else the incident, or in words
    where it is no incident.
    """

    looked_for: Named
    found: Incident | str | None
    by: str
    date: str
    where: Where


@dataclass(frozen=True)
class Judgement:
    """What an interview changed, and how far a person thinks the themes cope with it (theoretical
    sufficiency, Dey 1999).
    """

    interview: Named
    modified: tuple[Named, ...]
    judgement: str
    by: str
    where: Where


@dataclass(frozen=True)
class Theory:
    """`data/theory.yaml`."""

    categories: tuple[Category, ...] = ()
    relations: tuple[Relation, ...] = ()
    negative_cases: tuple[NegativeCase, ...] = ()
    looks: tuple[Look, ...] = ()
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True)
class Memo:
    """A memo: `data/memos/<date>-<slug>.md`.

    `name` is the file's stem; `about` codes, incidents, categories as typed.
    """

    name: str
    path: str
    title: str
    date: str
    by: str
    kind: str
    about: tuple[Named, ...]
    prose: str


@dataclass(frozen=True)
class Comment:
    """What a second reader says of `about`, as typed; `answer` is '' until answered, `changed` what
    changed because of it.
    """

    about: Named
    by: str
    comment: str
    answer: str
    changed: str
    where: Where


@dataclass(frozen=True)
class SamplingDecision:
    """Who to seek next, `codes` for the sake of which, and `why` (theoretical sampling); `done`
    the interview it led to, `came_of_it` what was learnt; both '' while it is open.

    `seeks` is an open position, as `PROPERTY / POSITION`, `by_way_of` a ByWayOf; such a
    decision may be for nobody in particular.
    """

    who: str
    why: str
    codes: tuple[Named, ...]
    by: str
    date: str
    done: str
    where: Where
    seeks: str = ""
    by_way_of: str = ""
    came_of_it: str = ""

    @property
    def sought(self) -> str:
        """Who or what is sought, in a few words."""
        return self.who or self.seeks

    @property
    def is_open(self) -> bool:
        return not (self.done or self.came_of_it)


@dataclass(frozen=True)
class DiaryEntry:
    """An entry of the reflexive diary.

    `re_read` are the interviews of its task; `due` the day it is due, as typed; `closed` the note
    that ended it; `prose` '' unless quotable.
    """

    path: str
    date: str
    by: str
    re_read: tuple[str, ...]
    reason: str
    due: str
    closed: str
    prose: str

    @property
    def is_open(self) -> bool:
        return bool(self.re_read) and (not self.closed or self.closed in UNSAID)


@dataclass(frozen=True)
class ScheduleVersion:
    """A version of the interview schedule, with what prompted it and its questions in order."""

    name: str
    path: str
    date: str
    prompted_by: tuple[Named, ...]
    because: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Material:
    """What a study's files say: interviews in study order, sheets by interview and coder, the rest
    as written.
    """

    interviews: dict[str, Interview] = field(default_factory=dict)
    participants: dict[str, Participant] = field(default_factory=dict)
    sheets: tuple[Sheet, ...] = ()
    codebook: dict[str, Code] = field(default_factory=dict)
    focused: dict[str, FocusedCode] = field(default_factory=dict)
    theory: Theory = field(default_factory=Theory)
    memos: tuple[Memo, ...] = ()
    diary: tuple[DiaryEntry, ...] = ()
    schedule: tuple[ScheduleVersion, ...] = ()
    comments: tuple[Comment, ...] = ()
    sampling: tuple[SamplingDecision, ...] = ()
    procedures: dict[str, Procedure] = field(default_factory=dict)

    @cached_property
    def order(self) -> dict[str, int]:
        """Interview → its place in study order."""
        return {name: index for index, name in enumerate(self.interviews)}

    @cached_property
    def persons(self) -> Persons:
        """Which participants are one person."""
        return Persons(
            {
                one.name: one.same_person_as.label
                for one in self.participants.values()
                if one.same_person_as and one.same_person_as.label in self.participants
            }
        )


def split_into(
    label: str, entries: Mapping[str, Code] | Mapping[str, FocusedCode]
) -> tuple[str, ...]:
    """The codes that say they were split from `label`, in label order."""
    parts = (one.label for one in entries.values() if label in one.split_from)
    return tuple(sorted(parts, key=label_order))


def study_order(interview: Interview) -> tuple[bool, str, tuple[tuple[int, int | str], ...], str]:
    """Interviews go by date, then name; undated ones come last."""
    return (not interview.date, interview.date, natural(interview.name), interview.name)


@dataclass(frozen=True)
class Table:
    """A table to be written as CSV."""

    header: tuple[str, ...]
    rows: Iterable[tuple[object, ...]]


class Later(NamedTuple):
    """A page that is laid out only where something changed: `made_of` says all it hangs on."""

    made_of: str
    make: Callable[[], str]


class Piece(NamedTuple):
    """A piece of a page, which is laid out in parts only where it changed."""

    made_of: str
    parts: Callable[[], Iterable[str]]


class InPieces(NamedTuple):
    """A page in pieces, with an empty line between: those that did not change are taken from what
    stands. Each ends with a line end, or is empty and left out.
    """

    pieces: tuple[Piece, ...]

    def make(self) -> str:
        return "\n".join(filter(None, ("".join(piece.parts()) for piece in self.pieces)))


@dataclass(frozen=True)
class Outcome:
    """What a stage lays out by its path under `data/derived`: pages, worked out one after the other
    as they are asked for, and then tables. Of what stands, `stays` stays as it is.
    """

    tables: dict[str, Table]
    pages: Iterable[tuple[str, str | Later | InPieces]]
    stays: Collection[str] = ()


Progress = Callable[[str], None]
"""Told what long work is at, a few words at a time."""
