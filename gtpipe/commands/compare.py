"""What `gtpipe compare` reads and, for a comparison memo, writes: of a code in few interviews, those interviews alone.

Looking writes nothing; a memo is a new file, and no other is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple, TypeVar

from gtpipe.analysis import comparison, disconfirming, holdings
from gtpipe.analysis.annotations import COMPARISON
from gtpipe.analysis.holdings import Thing
from gtpipe.analysis.incidents import share_words, stretch
from gtpipe.analysis.references import old_label
from gtpipe.commands import edit
from gtpipe.formats import comments, focused, memos, named, theory
from gtpipe.model.problems import Problem, UsageError, UserError, did_you_mean, error, in_shell
from gtpipe.model.records import INITIAL, Interview, Memo, Named, Where, one_line, split_level
from gtpipe.store.layout import COMMENTS, FOCUSED_CODES, MEMOS, SHEETS, THEORY, Study
from gtpipe.study import Corpus, each_file, load, load_code

Read = TypeVar("Read")


def read_one(study: Study, typed: str) -> tuple[Corpus, Thing]:
    """The thing called `typed`, and books that hold all there is to show of it.

    Raises UserError with the nearest label where there is none.
    """
    level, label = split_level(typed.strip())
    if level in ("", INITIAL):
        try:
            read, current = load_code(study, label)
        except UserError:
            pass
        else:
            read = _with_what_is_said(read)
            if (level or not _may_be_higher(read, label)) and not disconfirming.is_named_in_theory(
                current, read.material
            ):
                return read, Thing(INITIAL, current)
    read = load(study)
    return read, find(read, [typed])[0]


def find(read: Corpus, typed: Iterable[str]) -> tuple[Thing, ...]:
    """The things that are named, in order, one given twice included. Raises UserError with every one that is not there."""
    found: list[Thing] = []
    problems: list[Problem] = []
    for one in typed:
        try:
            found.append(holdings.find(one, read.names))
        except UserError as exc:
            problems += exc.problems
    if problems:
        unread = [problem for problem in read.unreadable if problem.is_error]
        if unread:
            problems = [
                replace(problem, do="It may stand in a file that cannot be read:")
                for problem in problems
            ]
        raise UserError(*problems, *unread)
    return tuple(found)


def _with_what_is_said(read: Corpus) -> Corpus:
    """The books of a few interviews with focused codes, theory, memos and comments, which such a reading leaves out."""
    snapshot, problems = read.snapshot, list(read.unreadable)
    paths = snapshot.files(MEMOS, ".md")
    found: list[Memo | None] = [
        _loaded(lambda: memos.loads(snapshot.text(path) or "", path), None, problems)
        for path in paths
    ]
    material = replace(
        read.material,
        focused=_loaded(lambda: focused.loads(snapshot.text(FOCUSED_CODES) or ""), {}, problems),
        theory=_loaded(
            lambda: theory.loads(snapshot.text(THEORY) or ""), read.material.theory, problems
        ),
        comments=_loaded(lambda: each_file(snapshot, COMMENTS, comments.loads), (), problems),
        memos=tuple(memo for memo in found if memo is not None),
    )
    return replace(read, material=material, unreadable=tuple(problems))


def _loaded(
    load: Callable[[], tuple[Read, list[Problem]]], otherwise: Read, problems: list[Problem]
) -> Read:
    try:
        found, more = load()
    except UserError as exc:
        problems += exc.problems
        return otherwise
    problems += more
    return found


def _may_be_higher(read: Corpus, label: str) -> bool:
    """Whether `label` may mean a focused code or a category, which go before an initial code."""
    material = read.material
    if label in {
        *material.focused,
        *named.current_labels(material.focused),
        *(one.label for one in material.theory.categories),
    }:
        return True
    # A focused code may stand beside a turn alone, in any interview: the bytes of the sheets, read for their hashes, show it.
    typed = label.encode()
    return any(
        b"focused:" in content and typed in content
        for path in read.snapshot.files(SHEETS, ".yaml")
        if (content := read.snapshot.bytes(path))
    )


# --- what came last ----------------------------------------------------------------------------------------------------


class Wanted(NamedTuple):
    """One incident that was asked for, by interview, turn and words (None: whatever is coded at the turn)."""

    interview: str
    turn: str
    words: str | None

    @property
    def address(self) -> str:
        return f"{self.interview} {self.turn}" + (
            f' "{one_line(self.words)}"' if self.words is not None else ""
        )


def incident(read: Corpus, typed: str) -> Wanted:
    """The incident called `typed`. Raises UserError, with what was perhaps meant, where it is not there."""
    problems: list[Problem] = []
    found = named.incident(typed.strip(), Where("--incident", 0), problems)
    if found is None:
        raise UserError(
            *(error("--incident", None, problem.what, problem.do) for problem in problems)
        )
    interview = edit.find_interview(read, found.interview)
    turn = edit.find_turn(interview, found.turn)
    if found.words is not None:
        edit.check_words(found.words, turn, interview)
    return Wanted(interview.name, turn.id, found.words)


def interview_to_compare(read: Corpus, name: str | None, last: str) -> Interview:
    """The interview called `name`, or the last that is coded. Raises UserError where there is none, or it carries no code."""
    if name is None and not last:
        raise UserError(
            error(
                SHEETS,
                None,
                "nothing is coded yet",
                "Code an interview first: `gtpipe code INTERVIEW`",
            )
        )
    found = edit.find_interview(read, last if name is None else name)
    if not any(coding.interview == found.name for coding in read.codings):
        raise UserError(
            error(SHEETS, None, f"{found.name} carries no code yet", f"`gtpipe code {found.name}`")
        )
    return found


def attribute(read: Corpus, typed: str) -> str:
    """The column of the participants' table called `typed`. Raises UserError with the nearest."""
    names = list(
        dict.fromkeys(
            name for one in read.material.participants.values() for name, _ in one.attributes
        )
    )
    found = (
        typed
        if typed in names
        else next((name for name in names if name.casefold() == typed.casefold()), None)
    )
    if found is None:
        raise UserError(
            error(
                "data/participants.csv",
                None,
                f'no attribute "{typed}"',
                did_you_mean(typed, names)
                or f"The attributes are {', '.join(names) or 'none yet'}",
            )
        )
    return found


def newest(
    read: Corpus, name: str | None, *, by: str, most: int, incident_typed: str
) -> tuple[Interview, str, list[comparison.Newest]]:
    """An interview (else the last that is coded), the attribute called `by`, and its incidents beside earlier ones.

    Of one incident alone where that is named. Raises UserError where something named is not there.
    """
    column = attribute(read, by) if by else ""
    wanted = incident(read, incident_typed) if incident_typed else None
    last = wanted.interview if wanted else comparison.last_coded(read.material, read.codings)
    interview = interview_to_compare(read, name, last)
    if wanted is not None and wanted.interview != interview.name:
        raise UsageError(f"{incident_typed}: this is not an incident of {interview.name}")
    found = list(
        comparison.newest(read.material, read.codings, interview.name, attribute=column, most=most)
    )
    return interview, column, found if wanted is None else _at(wanted, interview, found)


def _at(
    wanted: Wanted, interview: Interview, found: Iterable[comparison.Newest]
) -> list[comparison.Newest]:
    turn = edit.find_turn(interview, wanted.turn)
    span = None if wanted.words is None else stretch(turn.text, wanted.words)[0]
    here = [new for new in found if new.view.turn == turn.id and share_words(new.view.span, span)]
    if not here:
        raise UserError(
            error(
                interview.path,
                turn.line,
                f"no code stands at {wanted.address}",
                f"`gtpipe code {interview.name} {turn.id}` shows the turn",
            )
        )
    return here


# --- a comparison memo -------------------------------------------------------------------------------------------------


def note(
    study: Study,
    title: str,
    codes: tuple[str, ...],
    incidents: tuple[str, ...],
    *,
    date: str,
    by: str = "",
) -> tuple[str, tuple[str, ...]]:
    """Make a comparison memo about codes and incidents: its path, and what stands under `about`.

    Raises UserError, nothing written, when one of them is not there, or called otherwise now.
    """
    read = load(study)
    found = find(read, codes)
    now = f"compare {' '.join(in_shell(thing.typed) for thing in found)} --note {in_shell(title)}"
    old = [
        old_label(split_level(typed.strip())[1], thing.label, now)
        for thing, typed in zip(found, codes)
        if thing.label not in (split_level(typed.strip())[1], typed.strip())
    ]
    if old:
        raise UserError(*old)
    about = [_as_named(thing, read) for thing in found] + [
        incident(read, one).address for one in incidents
    ]
    about = list(dict.fromkeys(about))
    if len(about) < 2:
        raise UserError(
            error(
                "the memo",
                None,
                "a comparison memo is about two at least, and these are one",
                "Name another",
            )
        )
    return edit.new_memo(
        study, title, about=tuple(about), kind=COMPARISON, date=date, by=by
    ), tuple(about)


def _as_named(thing: Thing, read: Corpus) -> str:
    """The label, its level in front only where it stands on others too."""
    several = len(read.names.levels(Named(thing.label, Where("", 0)))) > 1
    return (
        f"{thing.level}: {thing.label}" if several or split_level(thing.label)[0] else thing.label
    )
