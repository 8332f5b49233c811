"""One participant over time: a page for each who was interviewed more than once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gtpipe.analysis.case import Account, Case, Cases, OverTime, Told
from gtpipe.model.level import INITIAL, CodeRef, split_level
from gtpipe.model.names import one_line
from gtpipe.model.records import Memo
from gtpipe.render.case import about, nothing, states, title
from gtpipe.render.report.places import ACROSS, Link
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.templating import Page


class ToldOnPage(NamedTuple):
    """An incident with the codes that stand at it, and its words if the edition has any."""

    link: Link
    codes: tuple[Link, ...]
    words: str


class AccountOnPage(NamedTuple):
    interview: Link
    told: tuple[ToldOnPage, ...]
    nothing: str
    memos: tuple[Link, ...]


class CodeOverTime(NamedTuple):
    """A code from interview to interview: in words what that means, with what was told."""

    code: Link
    kind: str
    states: tuple[tuple[str, tuple[ToldOnPage, ...]], ...]


class Participant(NamedTuple):
    about: str
    memos: tuple[Link, ...]
    accounts: tuple[AccountOnPage, ...]
    codes: tuple[CodeOverTime, ...]


def pages(reported: ReportedStudy) -> Iterator[Page]:
    if reported.edition.only or not reported.heard_again:
        return
    corpus = reported.corpus
    cases = Cases(corpus.material, corpus.codings, reported.holdings, corpus.names)
    for name in reported.heard_again:
        content = _participant(cases.of(name), reported)
        path = reported.places.participant(name).path
        yield Page(path, "participant.html", f"{name} over time", ACROSS, content)


def _participant(case: Case, reported: ReportedStudy) -> Participant:
    return Participant(
        about(case),
        _memos(case.memos, reported),
        tuple(_account(account, reported) for account in case.accounts),
        tuple(_over_time(over, reported) for over in case.codes),
    )


def _account(account: Account, reported: ReportedStudy) -> AccountOnPage:
    return AccountOnPage(
        reported.places.interview(account.interview.name)._replace(text=title(account)),
        tuple(_told(told, reported) for told in account.told),
        "" if account.told else nothing(account),
        _memos(account.memos, reported),
    )


def _over_time(over: OverTime, reported: ReportedStudy) -> CodeOverTime:
    return CodeOverTime(
        reported.link(over.code),
        over.code.kind,
        tuple(
            (state, tuple(_told(told, reported) for told in places))
            for one in over.interviews
            for state, places in states(one)
        ),
    )


def _told(told: Told, reported: ReportedStudy) -> ToldOnPage:
    return ToldOnPage(
        reported.places.incident(told.place),
        tuple(_code(typed, reported) for typed in told.codes),
        told.quoted if reported.edition.words else "",
    )


def _code(typed: str, reported: ReportedStudy) -> Link:
    level, label = split_level(typed)
    return reported.link(CodeRef(level or INITIAL, label))._replace(text=typed)


def _memos(memos: Iterable[Memo], reported: ReportedStudy) -> tuple[Link, ...]:
    return tuple(reported.places.memo(memo.name, one_line(memo.title)) for memo in memos)
