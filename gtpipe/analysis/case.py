"""One participant over time: their interviews in order, what was coded in the order it was told,
the memos about them, and of each code what became of it from interview to interview.

That a code does not come again says what was coded. Where the schedule of an interview had no
question like those which the code answered before, nobody asked: that is told, and nothing else.
What does not fit a code, and what was not judged since it was decided on, stands apart. An incident
over turns is one of each participant who speaks in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from typing import NamedTuple

from gtpipe.analysis import schedules, subjects
from gtpipe.analysis.annotations import WrittenAbout
from gtpipe.analysis.groups import NOT_SO, NOT_YET
from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.labels import Labels
from gtpipe.analysis.matrix import UNFIT, WAITING
from gtpipe.model.level import FOCUSED, INITIAL, CodeRef
from gtpipe.model.records import (
    Coding,
    IncidentKey,
    Interview,
    Material,
    Memo,
    ScheduleVersion,
    people,
)

TOLD, AGAIN, NOT_AGAIN, ONLY_LATER, NOT_ASKED = (
    "told",
    "again",
    "not again",
    "only later",
    "not asked",
)


class Told(NamedTuple):
    """An incident with its words, and the codes that stand at it; focused ones are marked. In
    `quoted` a stretch stands between quotation marks.
    """

    place: IncidentKey
    words: str
    quoted: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Account:
    """An interview of the participant: what was coded in their turns, in the order told, and the
    memos about it."""

    interview: Interview
    is_coded: bool
    told: tuple[Told, ...]
    memos: tuple[Memo, ...]


class InInterview(NamedTuple):
    """A code in one interview: its incidents, and what that means beside the interviews before.

    `question` is, where nobody asked, what the code answered elsewhere. What does not fit, and what
    was not judged, is not among the incidents.
    """

    interview: str
    state: str
    told: tuple[Told, ...]
    question: str = ""
    unfit: tuple[Told, ...] = ()
    waiting: tuple[Told, ...] = ()

    @property
    def by_state(self) -> tuple[tuple[str, tuple[Told, ...]], ...]:
        """Everything that stands there, with what it is."""
        return (self.state, self.told), (UNFIT, self.unfit), (WAITING, self.waiting)


class OverTime(NamedTuple):
    """A code from interview to interview."""

    code: CodeRef
    interviews: tuple[InInterview, ...]


@dataclass(frozen=True)
class Case:
    """A participant, whole. `memos` are those about the person."""

    participant: str
    attributes: tuple[tuple[str, str], ...]
    accounts: tuple[Account, ...]
    codes: tuple[OverTime, ...]
    memos: tuple[Memo, ...]


def case(
    participant: str,
    material: Material,
    codings: Iterable[Coding],
    holdings: Holdings,
    known: Labels,
    only: Iterable[CodeRef] = (),
) -> Case:
    """The case of a participant of the study; of the codes, `only` those named, if any are."""
    return Cases(material, codings, holdings, known, alone=participant).of(participant, only)


class Cases:
    """The cases of a study; what they are made of is gathered once for all of them, or for the one
    that is asked for `alone`.
    """

    def __init__(
        self,
        material: Material,
        codings: Iterable[Coding],
        holdings: Holdings,
        known: Labels,
        alone: str = "",
    ) -> None:
        self._material, self._holdings = material, holdings
        self._known, self._alone = known, alone
        self._about = subjects.memos_about(material, known)
        self._at_turns = WrittenAbout.of_memos(material)
        self._asked = _Asked(material)
        self._coded: set[str] = set()
        self._codings: dict[tuple[str, str], list[Coding]] = {}
        for coding in codings:
            self._coded.add(coding.interview)
            for name in people(coding.participant):
                self._codings.setdefault((name, coding.interview), []).append(coding)

    def of(self, participant: str, only: Iterable[CodeRef] = ()) -> Case:
        """The case of a participant of the study; of the codes, `only` those named, if any are."""
        accounts = tuple(
            Account(
                interview,
                interview.name in self._coded,
                self._in_order_told(participant, interview.name),
                self._memos(participant, interview),
            )
            for interview in self._material.interviews.values()
            if participant in interview.participants
        )
        row = self._material.participants.get(participant)
        own = {code: self._of_code(participant, code) for code in only}
        own = own or self._in_order(self._own.get(participant, {}))
        return Case(
            participant,
            tuple(pair for pair in row.attributes if pair[1]) if row else (),
            accounts,
            tuple(
                _over_time(code, places, accounts, self._holdings, self._asked)
                for code, places in own.items()
            ),
            tuple(self._about.get(subjects.Subject(subjects.PARTICIPANT, participant), ())),
        )

    @cached_property
    def _own(self) -> dict[str, dict[CodeRef, _Own]]:
        """Participant → focused or initial code → their incidents."""
        focused = (CodeRef(FOCUSED, label) for label in self._material.focused)
        found: dict[str, dict[CodeRef, _Own]] = {}
        codes = [*focused, *self._holdings.coded(FOCUSED), *self._holdings.coded(INITIAL)]
        for code in self._near(dict.fromkeys(codes)) if self._alone else dict.fromkeys(codes):
            for number, places in enumerate(self._standing(code)):
                for place in places:
                    for name in people(self._holdings.participant(place)):
                        of_code = found.setdefault(name, {}).setdefault(code, _Own([], [], []))
                        of_code[number].append(place)
        return found

    def _near(self, codes: Iterable[CodeRef]) -> list[CodeRef]:
        """Of `codes`, those of which something may stand in an interview of who is asked for
        alone.
        """
        theirs = {
            interview.name
            for interview in self._material.interviews.values()
            if self._alone in interview.participants
        }
        coded = {
            CodeRef(coding.level, coding.code)
            for (_, interview), codings in self._codings.items()
            if interview in theirs
            for coding in codings
        }

        def is_near(code: CodeRef) -> bool:
            entry = self._material.focused.get(code.label) if code.level == FOCUSED else None
            takes_up = entry.takes_up if entry else ()
            named = entry.incidents if entry else ()
            current = self._known.current
            return (
                code in coded
                or any(CodeRef(INITIAL, current.get(n.label, n.label)) in coded for n in takes_up)
                or any(place.interview in theirs for place in self._holdings.against(code))
                or any(incident.interview in theirs for incident in named)
            )

        return [code for code in codes if is_near(code)]

    def _standing(self, code: CodeRef) -> tuple[Iterable[IncidentKey], ...]:
        extracts, waiting, unfit, _ = self._holdings.standing(code)
        return extracts, unfit, waiting

    def _of_code(self, participant: str, code: CodeRef) -> _Own:
        speaks = self._holdings.participant
        return _Own(
            *(
                [place for place in places if participant in people(speaks(place))]
                for places in self._standing(code)
            )
        )

    def _in_order(self, own: dict[CodeRef, _Own]) -> dict[CodeRef, _Own]:
        """The focused codes, then the initial ones, in the order in which each first comes up."""

        def order(code: CodeRef) -> tuple[object, ...]:
            first = min(map(self._holdings.order, chain(*own[code])))
            return code.level == INITIAL, first, code

        return {code: own[code] for code in sorted(own, key=order)}

    def _in_order_told(self, participant: str, interview: str) -> tuple[Told, ...]:
        codes: dict[IncidentKey, dict[str, None]] = {}
        for coding in self._codings.get((participant, interview), ()):
            mark = "" if coding.level == INITIAL else f"{coding.level}: "
            codes.setdefault(coding.incident, {})[mark + coding.code] = None
        places = sorted(codes, key=self._holdings.order)
        return tuple(_told(place, self._holdings, tuple(codes[place])) for place in places)

    def _memos(self, participant: str, interview: Interview) -> tuple[Memo, ...]:
        """The memos about an interview, or about a turn of the participant in it; those about the
        person, who may be called like the interview, stand elsewhere."""
        person = self._about.get(subjects.Subject(subjects.PARTICIPANT, participant), [])
        found = list(self._about.get(subjects.Subject(subjects.INTERVIEW, interview.name), []))
        for turn in interview.turns:
            if interview.participant(turn) == participant:
                found += self._at_turns.at_place(interview.name, turn.id, None)
        kept = {memo.name: memo for memo in found if memo not in person}
        return tuple(sorted(kept.values(), key=lambda memo: (memo.date, memo.name)))


class _Own(NamedTuple):
    """A participant's incidents of a code, in study order; what does not fit; what waits."""

    extracts: list[IncidentKey]
    unfit: list[IncidentKey]
    waiting: list[IncidentKey]


def _told(place: IncidentKey, holdings: Holdings, codes: tuple[str, ...] = ()) -> Told:
    return Told(place, holdings.words(place), holdings.words(place, '"'), codes)


def _over_time(
    code: CodeRef, own: _Own, accounts: tuple[Account, ...], holdings: Holdings, asked: _Asked
) -> OverTime:
    questions = asked.about(code, own[0])
    found: list[InInterview] = []
    was_told = was_coded = False
    for account in accounts:
        name = account.interview.name
        told, unfit, waiting = (
            tuple(_told(place, holdings) for place in places if place.interview == name)
            for places in own
        )
        silent = not (told or unfit or waiting)
        question = asked.missing(questions, account.interview) if silent else ""
        if told:
            state = AGAIN if was_told else ONLY_LATER if was_coded else TOLD
        elif not silent:
            state = UNFIT if unfit else WAITING
        elif not account.is_coded:
            state, question = NOT_YET, ""
        else:
            state = NOT_ASKED if question else NOT_AGAIN if was_told else NOT_SO
        found.append(InInterview(name, state, told, question, unfit, waiting))
        was_told, was_coded = was_told or bool(told), was_coded or account.is_coded
    return OverTime(code, tuple(found))


class _Asked:
    """Which questions of the schedule a code answered, and which versions have none like them."""

    def __init__(self, material: Material) -> None:
        self._interviews = material.interviews
        self._versions = {one.name: one for one in material.schedule}
        self._like: dict[tuple[str, str], str] = {}  # what is said, and a version → its question
        self._prompted: dict[str, list[str]] = {}  # label → questions that came in because of it
        versions = schedules.in_order(material.schedule)
        for old, new in pairwise(versions):
            for named in new.prompted_by:
                self._prompted.setdefault(named.label, []).extend(schedules.between(old, new)[0])

    def _version(self, interview: Interview) -> ScheduleVersion | None:
        return self._versions.get(interview.schedule)

    def _likest(self, said: str, version: ScheduleVersion) -> str:
        key = (said, version.name)
        if key not in self._like:
            self._like[key] = schedules.like(said, version)
        return self._like[key]

    def about(self, code: CodeRef, places: Iterable[IncidentKey]) -> list[str]:
        """The questions right before the incidents, as the schedule has them, and those that the
        code prompted."""
        found: dict[str, None] = {}
        for place in places:
            interview = self._interviews[place.interview]
            version, turn = self._version(interview), interview.question_before(place.turn)
            question = self._likest(turn.text, version) if version and turn else ""
            found |= {question: None} if question else {}
        return list(dict.fromkeys([*found, *self._prompted.get(code.label, ())]))

    def missing(self, questions: list[str], interview: Interview) -> str:
        """The first of `questions` where the schedule of an interview has none like any of them;
        '' where it has, or the interview names no schedule."""
        version = self._version(interview)
        if version is None or any(self._likest(one, version) for one in questions):
            return ""
        return next(iter(questions), "")
