"""One coding changed by command: moved to another code, taken out, tied to a stretch or loosened;
its note goes with it.

Planned, proved and written as every change of codes is (`code_changes`, `refactoring`): one line of
one sheet changes, no other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gtpipe.analysis.codings import stretch
from gtpipe.commands import change_codes
from gtpipe.commands.change_codes import Asked, Done
from gtpipe.commands.code_change_plan import WHAT, Work
from gtpipe.commands.edit import check_words, find_coder, find_interview, find_turn
from gtpipe.formats import naming, relabel
from gtpipe.model.problems import UserError, did_you_mean, error, in_shell
from gtpipe.model.records import (
    FOCUSED,
    INITIAL,
    Coding,
    SheetCode,
    SheetEntry,
    Where,
    one_line,
    split_level,
)
from gtpipe.model.spelling import folded
from gtpipe.store.layout import Study


@dataclass(frozen=True)
class Which:
    """The coding that is meant, as a person names it. `words` is the stretch it is tied to ("": the
    whole turn; None: not said).
    """

    interview: str
    turn: str
    code: str
    words: str | None = None
    coder: str = ""


def recode(study: Study, which: Which, new: str, asked: Asked) -> Done:
    """Move one coding to the code `new`, with its note and stretch.

    Raises UserError, nothing written, when there is no such coding, or several, or the new label is
    an old one.
    """

    def plan(work: Work) -> None:
        coding = _find(
            work,
            which,
            f"codes recode {in_shell(which.interview)} {in_shell(which.turn)} {{}} {in_shell(new)}",
        )
        level, label = split_level(new.strip())
        if level not in ("", coding.level):
            label = new.strip()
            if level in WHAT:
                raise UserError(
                    error(
                        *coding.where,
                        f'"{coding.typed}" is a {WHAT[coding.level]} here, and '
                        f'"{split_level(label)[1]}" would be a '
                        f"{WHAT[level]}",
                        "Move it to its own field of the sheet by hand",
                    )
                )
        if label == coding.typed:
            raise UserError(error(*coding.where, f'it is coded "{label}" already'))
        work.check_new(coding.level, label, f"codes recode {_typed(which)} {{}}")
        is_new = label not in work.known[coding.level]
        alike = (
            [
                f'"{other}"'
                for other in sorted(work.known[coding.level])
                if folded(other) == folded(label)
            ]
            if is_new
            else []
        )
        _decide(work, coding, label)
        work.told[0] = f'{_place(coding)}: "{coding.typed}" is "{label}" now'
        if is_new:
            work.told.append(
                f'"{label}" is a new {WHAT[coding.level]}'
                + (f"; it looks like {', '.join(alike)}" if alike else "")
            )
        work.command = f"codes recode {_logged(coding, which)} {in_shell(label)}{_more(which)}"

    return change_codes.change(study, plan, asked)


def drop(study: Study, code: str, at: str, coder: str, asked: Asked) -> Done:
    """Take one coding out: `at` is its incident, as `jim 12` or `jim 12 "words"`. Its note stays as
    a comment; the code stays.

    Raises UserError, nothing written, when there is no such coding, or several.
    """
    problems: list = []
    incident = naming.incident(at.strip(), Where("--at", 0), problems)
    if incident is None:
        raise UserError(*(error("--at", None, problem.what, problem.do) for problem in problems))
    which = Which(incident.interview, incident.turn, code, incident.words, coder)

    def plan(work: Work) -> None:
        coding = _find(work, which, f'codes drop {{}} --at {in_shell(at)} --why "…"', "--at")
        _decide(work, coding, None)
        work.told[0] = f'{_place(coding)}: "{coding.typed}" taken out'
        work.command = (
            f"codes drop {in_shell(work.typed(coding.level, coding.typed))} --at "
            f"{in_shell(f'{coding.interview} {coding.turn}')}"
            + " …" * (incident.words is not None)
            + _more(replace(which, words=None))
        )

    return change_codes.change(study, plan, asked)


def tie(study: Study, which: Which, words: str, asked: Asked) -> Done:
    """Tie one coding to `words` of its turn. Raises UserError, nothing written, unless they stand
    there once.
    """

    def plan(work: Work) -> None:
        coding = _find(
            work,
            which,
            f"codes tie {in_shell(which.interview)} {in_shell(which.turn)} {{}} {in_shell(words)}",
        )
        interview = work.read.material.interviews[coding.interview]
        turn = interview.turn(coding.turn)
        check_words(words, turn, interview)
        span = stretch(turn.text, words)[0]
        _tie(work, coding, one_line(words), span)
        work.told.append(f'{_place(coding)}: "{coding.typed}" is tied to "{one_line(words)}"')
        work.command = f"codes tie {_logged(coding, which)} …{_more(which)}"

    return change_codes.change(study, plan, asked)


def loosen(study: Study, which: Which, asked: Asked) -> Done:
    """Let one coding mean its whole turn. Raises UserError, nothing written, when it is tied to no
    words of it.
    """

    def plan(work: Work) -> None:
        coding = _find(
            work, which, f"codes loosen {in_shell(which.interview)} {in_shell(which.turn)} {{}}"
        )
        _tie(work, coding, None, None)
        work.told.append(f'{_place(coding)}: "{coding.typed}" means the whole turn now')
        work.command = f"codes loosen {_logged(coding, which)}{_more(which)}"

    return change_codes.change(study, plan, asked)


def _decide(work: Work, coding: Coding, label: str | None) -> None:
    """One coding gets another label, or goes."""

    def decide(path: str, entry: SheetEntry, code: SheetCode) -> str | None:
        return label if (path, code.line) == coding.where else code.label

    work.in_sheets(decide)


def _tie(work: Work, coding: Coding, words: str | None, span: tuple[int, int] | None) -> None:
    if span == coding.span:
        raise UserError(
            error(
                *coding.where,
                f'"{coding.typed}" '
                + ("is tied to no words" if span is None else "is tied to these words already"),
            )
        )
    work.tie(coding, span, lambda text: relabel.retied(text, coding.where.line, words))


def _find(work: Work, which: Which, command: str, option: str = "--words") -> Coding:
    """The one coding that is meant: as it is written there, else by what it counts under.

    Raises UserError when there is none, or several, each with what tells it apart; `command` is
    what to type where an old label stands
    for another one there.
    """
    read = work.read
    interview = find_interview(read, which.interview)
    turn = find_turn(interview, which.turn)
    coder = find_coder(read, which.coder) if which.coder else ""
    here = [
        one
        for one in read.codings
        if (one.interview, one.turn) == (interview.name, turn.id) and coder in ("", one.coder)
    ]
    level, label = split_level(which.code.strip())
    found = (
        [one for one in here if one.typed == which.code.strip()]
        or [one for one in here if one.typed == label and level in ("", one.level)]
        or [one for one in here if one.code == label and level in ("", one.level)]
    )
    place = f"turn {turn.id} of {interview.name}" + (f" by {coder}" if coder else "")
    if not found:
        now = next(
            (
                (one, label)
                for one in ((level,) if level else (INITIAL, FOCUSED))
                if read.names.leads_to(label, one)
            ),
            None,
        )
        if now is not None:
            raise UserError(work.old_label(*now, command))
        raise UserError(
            error(
                "the study",
                None,
                f'"{label}" does not stand at {place}',
                did_you_mean(label, [one.typed for one in here])
                or f"`gtpipe code {in_shell(interview.name)} {in_shell(turn.id)}` shows what does",
            )
        )
    if which.words is not None:
        if which.words.strip():
            check_words(which.words, turn, interview)
        span = stretch(turn.text, which.words)[0] if which.words.strip() else None
        meant = [one for one in found if one.span == span]
        if not meant:
            raise UserError(
                *(
                    error(
                        *one.where,
                        f'"{one.typed}" stands here for {_said(one)}',
                        "Say that, or leave the words out",
                    )
                    for one in found
                )
            )
        found = meant
    whole = [one for one in found if one.span is None]
    if option == "--at" and which.words is None and len(whole) == 1:
        found = whole  # `jim 2` is the incident of the whole turn
    if len(found) > 1:
        raise UserError(*_several(found, which, place, option))
    return found[0]


def _several(found: list[Coding], which: Which, place: str, option: str) -> list:
    """An error for each coding that may be meant, with what says which."""
    problems = []
    for one in found:
        others = [other for other in found if other is not one]
        if any(other.level != one.level for other in others):
            do = f"If it is this one: {in_shell(f'{one.level}: {one.typed}')}"
        elif any(other.coder != one.coder and other.span == one.span for other in others):
            do = f"If it is this one: --coder {one.coder}"
        elif all(other.span != one.span for other in others):
            named = one.address if option == "--at" else one_line(one.words or "")
            do = f"If it is this one: {option} {in_shell(named)}"
        else:
            do = "Two lines say the same: take one out by hand"
        problems.append(
            error(
                *one.where,
                f'"{one.typed}" stands {len(found)} times at {place}, here for {_said(one)}',
                do,
            )
        )
    return problems


def _said(coding: Coding) -> str:
    return "the whole turn" if coding.words is None else f'"{one_line(coding.words)}"'


def _place(coding: Coding) -> str:
    """Where a coding stands, as results tell it: file, line, turn, and whose it is."""
    return f"{coding.where.path}:{coding.where.line}: turn {coding.turn}" + (
        f" ({coding.coder})" if coding.coder else ""
    )


def _typed(which: Which) -> str:
    return " ".join(map(in_shell, (which.interview, which.turn, which.code)))


def _logged(coding: Coding, which: Which) -> str:
    """The coding as the log names it: participants' words stay out of it."""
    code = (
        coding.typed
        if not split_level(which.code.strip())[0]
        else f"{coding.level}: {coding.typed}"
    )
    return " ".join(map(in_shell, (coding.interview, coding.turn, code)))


def _more(which: Which) -> str:
    """The options that said which coding, for the log."""
    return " --words …" * (which.words is not None) + (
        f" --coder {which.coder}" if which.coder else ""
    )
