"""The records of a study: frozen, and each knows the file and line it came from.

Names are the field's own. A *turn* is one person's speech until another speaks. A *coding* (an
application of a code) is coder × turn × stretch × code. An *incident* is an interview, a turn and a
stretch; its counts are distinct over coders.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from gtpipe.model.level import Level, MaybeLevel
from gtpipe.model.names import label_order, natural, one_line

INTERVIEWER = "interviewer"
TIME = r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
UNSAID = ("true", "yes", "x", "done")  # closes a task without saying what came of it


class Where(NamedTuple):
    """A line (from 1) of a file, its path relative to the study."""

    path: str
    line: int


NOWHERE = Where("", 0)
"""Of what was typed at a command."""


Span = tuple[int, int]
"""From where to where a stretch stands in the text of its turn."""


class IncidentKey(NamedTuple):
    """Which incident: interview, turn and stretch (None: the whole turn)."""

    interview: str
    turn: str
    span: Span | None


class Turn(NamedTuple):
    """One turn of a transcript.

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

    `speakers` maps a label to `interviewer` or a participant.
    """

    name: str
    path: str
    date: str
    speakers: dict[str, str]
    turns: tuple[Turn, ...]
    schedule: str = ""
    source: str = ""
    speakers_line: int = 1

    @cached_property
    def position(self) -> dict[str, int]:
        """Turn id → index in file order."""
        return {turn.id: index for index, turn in enumerate(self.turns)}

    def turn(self, id: str) -> Turn | None:
        index = self.position.get(id)
        return None if index is None else self.turns[index]

    def at(self, id: str) -> Turn:
        """The turn, which must be there."""
        return self.turns[self.position[id]]

    def participant(self, turn: Turn) -> str:
        """The participant who speaks this turn, or '' for an interviewer."""
        speaker = self.speakers.get(turn.label, "")
        return "" if speaker == INTERVIEWER else speaker

    def question_before(self, id: str) -> Turn | None:
        """The interviewer's turn nearest before turn `id`, or None."""
        for index in range(self.position[id] - 1, -1, -1):
            if self.speakers.get(self.turns[index].label) == INTERVIEWER:
                return self.turns[index]
        return None

    @property
    def participant_turns(self) -> tuple[Turn, ...]:
        return tuple(turn for turn in self.turns if self.participant(turn))

    @property
    def participants(self) -> tuple[str, ...]:
        """The participants of this interview, in the order of the `speakers` line."""
        return tuple(dict.fromkeys(name for name in self.speakers.values() if name != INTERVIEWER))


@dataclass(frozen=True)
class Participant:
    """A row of `data/participants.csv`; attributes in the order of its columns."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    where: Where


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
    """One turn of a coding sheet.

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
    """

    interview: str
    coder: str
    path: str
    entries: tuple[SheetEntry, ...]


class Coding(NamedTuple):
    """An application of a code. `span` is the stretch's place in the turn's text, None where the
    turn as a whole is meant.

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
    where: Where

    @property
    def incident(self) -> IncidentKey:
        return IncidentKey(self.interview, self.turn, self.span)

    @property
    def address(self) -> str:
        """`jim 2`, or `jim 2 "it went from there"`."""
        return _address(self.interview, self.turn, self.words)


def _address(interview: str, turn: str, words: str | None) -> str:
    return f"{interview} {turn}" + ("" if words is None else f' "{one_line(words)}"')


@dataclass(frozen=True)
class Code:
    """An entry of `data/codebook.yaml`, as a person wrote it.

    `was` are labels it had before, `merged_from` codes that it took in: both lead here.
    `split_from` is where it came from.
    """

    label: str
    where: Where
    definition: str = ""
    include: str = ""
    exclude: str = ""
    parked: str | None = None
    was: tuple[str, ...] = ()
    merged_from: tuple[str, ...] = ()
    split_from: tuple[str, ...] = ()


class Named(NamedTuple):
    """A label, or the name of a memo, where another entry names it; `level` only where `focused:`
    or the like stood in front.
    """

    label: str
    where: Where
    level: MaybeLevel = ""


class Incident(NamedTuple):
    """An incident as a person names it: `jim 2`, or `jim 2 "it went from there"`.

    `words` is the stretch as typed.
    """

    interview: str
    turn: str
    words: str | None
    where: Where

    @property
    def address(self) -> str:
        return _address(self.interview, self.turn, self.words)


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
    what it led to, '' while open.
    """

    who: str
    why: str
    codes: tuple[Named, ...]
    by: str
    date: str
    done: str
    where: Where


@dataclass(frozen=True)
class DiaryEntry:
    """An entry of the reflexive diary.

    `re_read` are the interviews of its task; `closed` the note that ended it; `prose` '' unless
    quotable.
    """

    path: str
    date: str
    by: str
    re_read: tuple[str, ...]
    reason: str
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

    @cached_property
    def order(self) -> dict[str, int]:
        """Interview → its place in study order."""
        return {name: index for index, name in enumerate(self.interviews)}


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
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Outcome:
    """What a stage lays out: tables and pages by their path under `data/derived`."""

    tables: dict[str, Table]
    pages: dict[str, str]


Progress = Callable[[str], None]
"""Told what long work is at, a few words at a time."""
