"""`gtpipe codes rename|merge|split|park|unpark|drop`: codes change, wherever they stand;
`recode|tie|loosen`: one coding does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import (
    TAKES_LABELS,
    By,
    Why,
    argument,
    ask_line,
    option,
    signed,
    somebody_can_answer,
    writer,
)
from gtpipe.model.plural import count
from gtpipe.model.problems import UsageError
from gtpipe.render.terminal import out, say

if TYPE_CHECKING:
    from gtpipe.commands.change_codes import ChangeRequest, CodesChanged
    from gtpipe.store.layout import Study

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the edits as a diff; write nothing.")]
Reason = Annotated[
    str, typer.Option("--why", help="The reason, for the log. Asked for, if not given.")
]
Interview = Annotated[str, argument("INTERVIEW")]
Turn = Annotated[str, argument("TURN")]
Words = Annotated[
    str | None,
    typer.Option(
        "--words",
        help="Which one, where it stands there more than once: the words it is tied to; '' for the "
        "whole turn.",
    ),
]
Coder = Annotated[
    str, option("--coder", "INITIALS", "Whose coding, where several people gave this code there.")
]
Name = Annotated[str, argument("CODE")]


def register(app: typer.Typer) -> None:
    for change in (rename, merge, split, park, unpark, drop):
        app.command(rich_help_panel="Change a code, wherever it stands", **TAKES_LABELS)(change)
    for correction in (recode, tie, loosen):
        app.command(rich_help_panel="Change one coding", **TAKES_LABELS)(correction)


def rename(
    old: Annotated[str, argument("OLD")],
    new: Annotated[str, argument("NEW")],
    by: By = "",
    why: Reason = "",
    dry_run: DryRun = False,
) -> None:
    """Give a code another label, wherever it stands.

    In all coders' sheets, the code book, focused codes, theory, and memos' `about`.

    gtpipe codes rename "noticing the clock" "watching the clock" --why "more active"
    """
    from gtpipe.commands import change_codes

    _show(change_codes.rename(_study(), old, new, _asked(by, why, dry_run)), dry_run)


def merge(
    codes: Annotated[list[str], argument("CODE…")],
    into: Annotated[
        str, option("--into", "CODE", "The code they become: one of them, another, or a new one.")
    ],
    by: By = "",
    why: Reason = "",
    dry_run: DryRun = False,
) -> None:
    """Make one code of several.

    What was written of the others stays in the code book as comments.

    gtpipe codes merge "being asked" "not being asked" --into "being asked or not" --why "one thing"
    """
    from gtpipe.commands import change_codes

    _show(change_codes.merge(_study(), tuple(codes), into, _asked(by, why, dry_run)), dry_run)


def split(
    code: Name,
    by: By = "",
    why: Annotated[str, typer.Option("--why", help="The reason, for the log.")] = "",
    dry_run: DryRun = False,
) -> None:
    """Make several codes of one.

    First it writes a small file for you to fill in; run again, it does what that says.
    """
    from gtpipe.commands import split_code
    from gtpipe.model.problems import in_shell

    asked = _split_asked(code, by, why, dry_run)
    done = split_code.split(_study(), code, asked)
    if not isinstance(done, split_code.SplitBegun):
        _show(done, dry_run)
        return
    out(
        f"{done.path}: {count(done.count, 'thing')} to decide"
        + (f", {done.added} of them new" if done.added else "")
        + signed(asked.by)
    )
    say(
        "Next: say in it where each goes, then "
        f"`gtpipe codes split {in_shell(code)} --why …` again."
    )


def park(code: Name, by: By = "", why: Reason = "", dry_run: DryRun = False) -> None:
    """Set a code aside, with the reason.

    Its incidents stay, and it is no longer listed as not taken up.
    """
    from gtpipe.commands import change_codes

    _show(change_codes.park(_study(), code, _asked(by, why, dry_run)), dry_run)


def unpark(code: Name, by: By = "", why: Reason = "", dry_run: DryRun = False) -> None:
    """Take up a code again that was parked."""
    from gtpipe.commands import change_codes

    _show(change_codes.unpark(_study(), code, _asked(by, why, dry_run)), dry_run)


def drop(
    code: Name,
    at: Annotated[
        str,
        option("--at", "INCIDENT", "Only the one coding there: 'jim 12', or 'jim 12 \"words\"'."),
    ] = "",
    coder: Coder = "",
    by: By = "",
    why: Reason = "",
    dry_run: DryRun = False,
) -> None:
    """Take a code out, everywhere or at one place.

    Notes on it stay as comments.

    gtpipe codes drop "noticing the clock" --at "jim 12" --why "he only looks up"
    """
    from gtpipe.commands import change_codes, change_coding

    if coder and not at:
        raise UsageError("--coder says whose coding is meant --at a place")
    asked = _asked(by, why, dry_run)
    _show(
        (
            change_coding.drop(_study(), code, at, coder, asked)
            if at
            else change_codes.drop(_study(), code, asked)
        ),
        dry_run,
    )


def recode(
    interview: Interview,
    turn: Turn,
    old: Annotated[str, argument("OLD")],
    new: Annotated[str, argument("NEW")],
    words: Words = None,
    coder: Coder = "",
    by: By = "",
    why: Why = "",
    dry_run: DryRun = False,
) -> None:
    """Give one coding another code; its note and words stay.

    gtpipe codes recode jim 12 "not being asked" "noticing the clock"
    """
    from gtpipe.commands import change_coding

    which = change_coding.CodingNamed(interview, turn, old, words, coder)
    _change_one(partial(change_coding.recode, which=which, new=new), by, why, dry_run)


def tie(
    interview: Interview,
    turn: Turn,
    code: Name,
    to: Annotated[str, argument("WORDS", "The words of the turn that the code is about.")],
    words: Words = None,
    coder: Coder = "",
    by: By = "",
    why: Why = "",
    dry_run: DryRun = False,
) -> None:
    """Tie one coding to words of its turn, or to other words.

    gtpipe codes tie jim 12 "not being asked" "nobody asked"
    """
    from gtpipe.commands import change_coding

    which = change_coding.CodingNamed(interview, turn, code, words, coder)
    _change_one(partial(change_coding.tie, which=which, words=to), by, why, dry_run)


def loosen(
    interview: Interview,
    turn: Turn,
    code: Name,
    words: Words = None,
    coder: Coder = "",
    by: By = "",
    why: Why = "",
    dry_run: DryRun = False,
) -> None:
    """Untie one coding from its words: it means the whole turn again."""
    from gtpipe.commands import change_coding

    which = change_coding.CodingNamed(interview, turn, code, words, coder)
    _change_one(partial(change_coding.loosen, which=which), by, why, dry_run)


def _change_one(change: Callable[..., CodesChanged], by: str, why: str, dry_run: bool) -> None:
    """One coding changes, so that no reason is asked for."""
    _show(change(_study(), request=_asked(by, why, dry_run, needs_why=False)), dry_run)


def _study() -> Study:
    from gtpipe.store.layout import Study

    return Study.find()


def _asked(by: str, why: str, dry_run: bool, needs_why: bool = True) -> ChangeRequest:
    """Who, why and whether to write. Without --why the reason
    is asked for where somebody can answer.
    """
    from gtpipe.commands.change_codes import ChangeRequest

    coder, why = writer(_study(), by), why.strip()
    if needs_why and not why and not dry_run:
        if somebody_can_answer():
            why = ask_line("Why? ")
        if not why:
            raise UsageError("say why with --why; the log keeps the reason")
    return ChangeRequest(coder, why, dry_run)


def _split_asked(code: str, by: str, why: str, dry_run: bool) -> ChangeRequest:
    """A reason is asked for when the file is filled in, not when it is begun."""
    from gtpipe.commands import split_code

    coder = writer(_study(), by)
    begun = split_code.is_begun(_study(), code, coder)
    return _asked(coder, why, dry_run, needs_why=begun)


def _show(done: CodesChanged, dry_run: bool) -> None:
    if dry_run:
        from gtpipe.render.changes import as_diff

        for line in as_diff(done.changes):
            out(line)
    for message in done.messages:
        (say if dry_run else out)(message)
    for where in done.prose:
        say(
            f"{where.path}:{where.line}: note: its prose names the old label; "
            "memos are yours to change."
        )
    if dry_run:
        say("Nothing was written.")
    elif done.changes:
        by = f"Noted under {done.by}. " if done.by else ""
        say(f"{by}Next: `gtpipe run`, then `gtpipe diff`.")
    else:
        out("Nothing to change.")
