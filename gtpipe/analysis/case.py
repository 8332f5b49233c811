"""One participant over time: their interviews in order, what was coded in the order it was told,
the memos about them, and of each code what became of it from interview to interview.

That a code does not come again says what was coded. Where the schedule of an interview had no
question like those which the code answered before, nobody asked: that is told, and nothing else.
What does not fit a code, and what was not judged since it was decided on, stands apart. An incident
over turns is one of each participant who speaks in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
    codings = tuple(codings)
    interviews = [one for one in material.interviews.values() if participant in one.participants]
    coded = {coding.interview for coding in codings}
    about = subjects.memos_about(material, known)
    accounts = tuple(
        Account(
            interview,
            interview.name in coded,
            _in_order_told(participant, interview.name, codings, holdings),
            _memos(participant, interview.name, material, about),
        )
        for interview in interviews
    )
    row = material.participants.get(participant)
    asked = _Asked(material)
    return Case(
        participant,
        tuple(pair for pair in row.attributes if pair[1]) if row else (),
        accounts,
        tuple(
            _over_time(code, participant, accounts, holdings, asked)
            for code in tuple(only) or _codes_of(participant, holdings, material)
        ),
        tuple(about.get(subjects.Subject(subjects.PARTICIPANT, participant), ())),
    )


def _in_order_told(
    participant: str, interview: str, codings: tuple[Coding, ...], holdings: Holdings
) -> tuple[Told, ...]:
    codes: dict[IncidentKey, dict[str, None]] = {}
    for coding in codings:
        if coding.interview == interview and participant in people(coding.participant):
            mark = "" if coding.level == INITIAL else f"{coding.level}: "
            codes.setdefault(coding.incident, {})[mark + coding.code] = None
    places = sorted(codes, key=holdings.order)
    return tuple(_told(place, holdings, tuple(codes[place])) for place in places)


def _told(place: IncidentKey, holdings: Holdings, codes: tuple[str, ...] = ()) -> Told:
    return Told(place, holdings.words(place), holdings.words(place, '"'), codes)


def _codes_of(participant: str, holdings: Holdings, material: Material) -> list[CodeRef]:
    """The focused codes, then the initial ones, that the participant has an incident under, or one
    that does not fit or was not judged, in the order in which each first comes up."""
    focused = dict.fromkeys(
        [*(CodeRef(FOCUSED, label) for label in material.focused), *holdings.coded(FOCUSED)]
    )
    found: list[CodeRef] = []
    for codes in (focused, holdings.coded(INITIAL)):
        own = {code: chain(*_own(participant, code, holdings)) for code in codes}
        first = {
            code: min(map(holdings.order, places), default=None) for code, places in own.items()
        }
        heard = [(order, code) for code, order in first.items() if order]
        found += [code for _, code in sorted(heard)]
    return found


def _own(participant: str, code: CodeRef, holdings: Holdings) -> tuple[list[IncidentKey], ...]:
    """The participant's incidents of a code, in study order; what does not fit; what waits."""
    extracts, waiting, unfit, _ = holdings.standing(code)
    return tuple(
        [place for place in places if participant in people(holdings.participant(place))]
        for places in (extracts, unfit, waiting)
    )


def _over_time(
    code: CodeRef,
    participant: str,
    accounts: tuple[Account, ...],
    holdings: Holdings,
    asked: _Asked,
) -> OverTime:
    own = _own(participant, code, holdings)
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
        self._prompted: dict[str, list[str]] = {}  # label → questions that came in because of it
        versions = schedules.in_order(material.schedule)
        for old, new in pairwise(versions):
            for named in new.prompted_by:
                self._prompted.setdefault(named.label, []).extend(schedules.between(old, new)[0])

    def _version(self, interview: Interview) -> ScheduleVersion | None:
        return self._versions.get(interview.schedule)

    def about(self, code: CodeRef, places: Iterable[IncidentKey]) -> list[str]:
        """The questions right before the incidents, as the schedule has them, and those that the
        code prompted."""
        found: dict[str, None] = {}
        for place in places:
            interview = self._interviews[place.interview]
            version, turn = self._version(interview), interview.question_before(place.turn)
            question = schedules.like(turn.text, version) if version and turn else ""
            found |= {question: None} if question else {}
        return list(dict.fromkeys([*found, *self._prompted.get(code.label, ())]))

    def missing(self, questions: list[str], interview: Interview) -> str:
        """The first of `questions` where the schedule of an interview has none like any of them;
        '' where it has, or the interview names no schedule."""
        version = self._version(interview)
        if version is None or any(schedules.like(one, version) for one in questions):
            return ""
        return next(iter(questions), "")


def _memos(
    participant: str,
    interview: str,
    material: Material,
    about: Mapping[subjects.Subject, list[Memo]],
) -> tuple[Memo, ...]:
    """The memos about an interview, or about a turn of the participant in it; those about the
    person, who may be called like the interview, stand elsewhere."""
    person = about.get(subjects.Subject(subjects.PARTICIPANT, participant), [])
    found = list(about.get(subjects.Subject(subjects.INTERVIEW, interview), []))
    at_turns = WrittenAbout.of_memos(material)
    own = material.interviews[interview]
    for turn in own.turns:
        if own.participant(turn) == participant:
            found += at_turns.at_place(interview, turn.id, None)
    kept = {memo.name: memo for memo in found if memo not in person}
    return tuple(sorted(kept.values(), key=lambda memo: (memo.date, memo.name)))
