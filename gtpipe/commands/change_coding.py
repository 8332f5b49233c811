"""One coding changed by command: moved to another code, taken out, tied to a stretch or loosened;
its note goes with it.

Planned, proved and written as every change of codes is (`change_codes`): one line of
one sheet changes, no other. So other files are not read again that stand as they were seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gtpipe.commands import change_codes
from gtpipe.commands.change_codes import ChangeRequest, CodesChanged
from gtpipe.commands.code_change_plan import WHAT, CodeChangePlan
from gtpipe.commands.look_up import (
    check_words,
    find_coder,
    find_interview,
    find_turn,
    incident_typed,
)
from gtpipe.formats import relabel
from gtpipe.model.level import FOCUSED, INITIAL, split_level
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem, UserError, did_you_mean, error, in_shell
from gtpipe.model.records import Coding, SheetCode, SheetEntry, Where, in_words
from gtpipe.model.spelling import folded
from gtpipe.store.layout import Study
from gtpipe.store.log import Facts


@dataclass(frozen=True)
class CodingNamed:
    """The coding that is meant, as a person names it. `words` is the stretch it is tied to ("": the
    whole turn; None: not said).
    """

    interview: str
    turn: str
    code: str
    words: str | None = None
    coder: str = ""


def recode(study: Study, which: CodingNamed, new: str, request: ChangeRequest) -> CodesChanged:
    """Move one coding to the code `new`, with its note and stretch.

    Raises UserError, nothing written, when there is no such coding, or several, or the new label is
    an old one.
    """

    def steps(plan: CodeChangePlan) -> None:
        coding = _find(
            plan,
            which,
            f"codes recode {in_shell(which.interview)} {in_shell(which.turn)} {{}} {in_shell(new)}",
        )
        level, label = split_level(new.strip())
        if level not in ("", coding.level):
            label = new.strip()
            if level and level in WHAT:
                raise UserError.at(
                    *coding.where,
                    f'"{coding.typed}" is a {WHAT[coding.level]} here, and '
                    f'"{split_level(label)[1]}" would be a '
                    f"{WHAT[level]}",
                    "Move it to its own field of the sheet by hand",
                )
        if label == coding.typed:
            raise UserError.at(*coding.where, f'it is coded "{label}" already')
        plan.check_new(coding.level, label, f"codes recode {_typed(which)} {{}}")
        is_new = label not in plan.known[coding.level]
        alike = (
            [
                f'"{other}"'
                for other in sorted(plan.known[coding.level])
                if folded(other) == folded(label)
            ]
            if is_new
            else []
        )
        _decide(plan, coding, label)
        plan.messages[0] = f'{_place(coding)}: "{coding.typed}" is "{label}" now'
        if is_new:
            plan.messages.append(
                f'"{label}" is a new {WHAT[coding.level]}'
                + (f"; it looks like {', '.join(alike)}" if alike else "")
            )
        plan.command = f"codes recode {_logged(coding, which)} {in_shell(label)}{_more(which)}"
        plan.did = {"kind": "recode", "from": coding.typed, "to": label, **_facts(coding)}

    return change_codes.carry_out(study, steps, request, cached=True)


def drop(study: Study, code: str, at: str, coder: str, request: ChangeRequest) -> CodesChanged:
    """Take one coding out: `at` is its incident, as `jim 12` or `jim 12 "words"`. Its note stays as
    a comment; the code stays.

    Raises UserError, nothing written, when there is no such coding, or several.
    """
    incident = incident_typed(at)
    which = CodingNamed(incident.interview, incident.turn, code, incident.words, coder)

    def steps(plan: CodeChangePlan) -> None:
        coding = _find(plan, which, f'codes drop {{}} --at {in_shell(at)} --why "…"', "--at")
        _decide(plan, coding, None)
        plan.messages[0] = f'{_place(coding)}: "{coding.typed}" taken out'
        plan.command = (
            f"codes drop {in_shell(plan.typed(coding.level, coding.typed))} --at "
            f"{in_shell(f'{coding.interview} {coding.turn}')}"
            + " …" * (incident.words is not None)
            + _more(replace(which, words=None))
        )
        plan.did = {"kind": "drop", "code": coding.typed, **_facts(coding)}

    return change_codes.carry_out(study, steps, request, cached=True)


def tie(study: Study, which: CodingNamed, words: str, request: ChangeRequest) -> CodesChanged:
    """Tie one coding to `words` of its turn. Raises UserError, nothing written, unless they stand
    there once.
    """

    def steps(plan: CodeChangePlan) -> None:
        coding = _find(
            plan,
            which,
            f"codes tie {in_shell(which.interview)} {in_shell(which.turn)} {{}} {in_shell(words)}",
        )
        interview = plan.corpus.material.interviews[coding.interview]
        turn = find_turn(interview, coding.turn)
        span = check_words(words, turn, interview)
        _tie(plan, coding, one_line(words), span)
        plan.messages.append(f'{_place(coding)}: "{coding.typed}" is tied to "{one_line(words)}"')
        plan.command = f"codes tie {_logged(coding, which)} …{_more(which)}"
        plan.did = {"kind": "tie", "code": coding.typed, **_facts(coding)}

    return change_codes.carry_out(study, steps, request, cached=True)


def loosen(study: Study, which: CodingNamed, request: ChangeRequest) -> CodesChanged:
    """Let one coding mean its whole turn. Raises UserError, nothing written, when it is tied to no
    words of it.
    """

    def steps(plan: CodeChangePlan) -> None:
        coding = _find(
            plan, which, f"codes loosen {in_shell(which.interview)} {in_shell(which.turn)} {{}}"
        )
        _tie(plan, coding, None, None)
        plan.messages.append(f'{_place(coding)}: "{coding.typed}" means {_whole(coding)} now')
        plan.command = f"codes loosen {_logged(coding, which)}{_more(which)}"
        plan.did = {"kind": "loosen", "code": coding.typed, **_facts(coding)}

    return change_codes.carry_out(study, steps, request, cached=True)


def _decide(plan: CodeChangePlan, coding: Coding, label: str | None) -> None:
    """One coding gets another label, or goes."""

    def decide(path: str, entry: SheetEntry, code: SheetCode) -> str | None:
        return label if (path, code.line) == coding.where else code.label

    plan.in_sheets(decide, only=coding.where.path)


def _tie(
    plan: CodeChangePlan, coding: Coding, words: str | None, span: tuple[int, int] | None
) -> None:
    if span == coding.span:
        raise UserError.at(
            *coding.where,
            f'"{coding.typed}" '
            + ("is tied to no words" if span is None else "is tied to these words already"),
        )
    plan.tie(coding, span, lambda text: relabel.retied(text, coding.where.line, words))


def _find(
    plan: CodeChangePlan, which: CodingNamed, command: str, option: str = "--words"
) -> Coding:
    """The one coding that is meant: as it is written there, else by what it counts under.

    Raises UserError when there is none, or several, each with what tells it apart; `command` is
    what to type where an old label stands
    for another one there.
    """
    corpus = plan.corpus
    interview = find_interview(corpus, which.interview)
    turn = find_turn(interview, which.turn)
    coder = find_coder(corpus, which.coder) if which.coder else ""
    here = [
        one
        for one in corpus.codings.of_interview(interview.name)
        if one.turn == turn.id and coder in ("", one.coder)
    ]
    level, label = split_level(which.code.strip())
    found = (
        [one for one in here if one.typed == which.code.strip()]
        or [one for one in here if one.typed == label and level in ("", one.level)]
        or [one for one in here if one.code == label and level in ("", one.level)]
    )
    place, signed = f"{in_words(turn.id)} of {interview.name}", f" by {coder}" if coder else ""
    if not found:
        now = next(
            (
                (one, label)
                for one in ((level,) if level else (INITIAL, FOCUSED))
                if corpus.names.leads_to(label, one)
            ),
            None,
        )
        if now is not None:
            raise UserError(plan.old_label(*now, command))
        _refuse_lost(plan, interview.name, turn.id, label, coder)
        raise UserError.of(
            f'{place} is not coded "{label}"{signed}',
            did_you_mean(label, [one.typed for one in here])
            or f"`gtpipe code {in_shell(interview.name)} {in_shell(turn.id)}` shows what does",
        )
    if which.words is not None:
        span = check_words(which.words, turn, interview) if which.words.strip() else None
        meant = [one for one in found if one.span == span]
        if not meant:
            raise UserError(
                *(
                    error(
                        *one.where,
                        f'"{one.typed}" stands here for {_stretch_in_words(one)}',
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
        raise UserError(*_several(found, which, f"{place}{signed}", option))
    return found[0]


def _refuse_lost(plan: CodeChangePlan, interview: str, turn: str, label: str, coder: str) -> None:
    """Raises UserError where the code stands at the turn, tied to words that are not there."""
    held = {coding.where for coding in plan.corpus.codings.of_interview(interview)}
    for sheet in plan.corpus.material.sheets:
        if sheet.interview != interview or coder not in ("", sheet.coder):
            continue
        for entry in (entry for entry in sheet.entries if entry.turn == turn):
            for code in (code for code in entry.codes if code.label == label):
                if code.words is None or Where(sheet.path, code.line) in held:
                    continue
                raise UserError.at(
                    sheet.path,
                    code.line,
                    f'"{label}" is tied to "{one_line(code.words or label)}", which does not '
                    f"stand in turn {turn} of {interview}",
                    "Write words of the turn in this line, or take the tie out",
                )


def _several(found: list[Coding], which: CodingNamed, place: str, option: str) -> list[Problem]:
    """An error for each coding that may be meant, with what says which."""
    problems: list[Problem] = []
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
                f'"{one.typed}" stands {len(found)} times at {place}, '
                f"here for {_stretch_in_words(one)}",
                do,
            )
        )
    return problems


def _stretch_in_words(coding: Coding) -> str:
    return _whole(coding) if coding.words is None else f'"{one_line(coding.words)}"'


def _whole(coding: Coding) -> str:
    return f"all of {in_words(coding.turn)}" if coding.turns else "the whole turn"


def _place(coding: Coding) -> str:
    """Where a coding stands, as results tell it: file, line, turn, and whose it is."""
    return f"{coding.where.path}:{coding.where.line}: {in_words(coding.turn)}" + (
        f" ({coding.coder})" if coding.coder else ""
    )


def _typed(which: CodingNamed) -> str:
    return " ".join(map(in_shell, (which.interview, which.turn, which.code)))


def _logged(coding: Coding, which: CodingNamed) -> str:
    """The coding as the log names it: participants' words stay out of it."""
    code = (
        coding.typed
        if not split_level(which.code.strip())[0]
        else f"{coding.level}: {coding.typed}"
    )
    return " ".join(map(in_shell, (coding.interview, coding.turn, code)))


def _facts(coding: Coding) -> Facts:
    """Where one coding stands, as the log has it as data."""
    return {
        "level": coding.level,
        "interview": coding.interview,
        "turn": coding.turn,
        "coder": coding.coder,
    }


def _more(which: CodingNamed) -> str:
    """The options that said which coding, for the log."""
    return " --words …" * (which.words is not None) + (
        f" --coder {which.coder}" if which.coder else ""
    )
