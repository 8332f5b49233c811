"""`gtpipe withdraw`: a participant withdraws from the study."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import By, Why, argument, ask_line, option, somebody_can_answer, writer
from gtpipe.model import limits
from gtpipe.model.plural import count
from gtpipe.model.problems import UsageError
from gtpipe.render.terminal import in_one_line, out, progress, say

if TYPE_CHECKING:
    from gtpipe.commands.withdraw import AfterWithdrawal, Standing, WithdrawalDone
    from gtpipe.store.layout import Study

_MOST_COMMITS = 20


def register(app: typer.Typer) -> None:
    app.command()(withdraw)


def withdraw(
    participant: Annotated[str, argument("PARTICIPANT", "Who withdraws.")],
    why: Why = "",
    by: By = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show all that would change; write nothing.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask, though it cannot be taken back.")
    ] = False,
    rewrite_history: Annotated[
        bool,
        typer.Option(
            "--rewrite-history",
            help="Afterwards: take the words out of every commit, too. All commits get new names.",
        ),
    ] = False,
    backup: Annotated[
        Path | None,
        option(
            "--backup",
            "FILE.bundle",
            "With --rewrite-history: where all that git held goes first; destroy it in the end.",
        ),
    ] = None,
) -> None:
    """Take a participant's words out of the study.

    Sources, transcript, sheets, row and every line that names an incident of theirs go,
    and what is laid out is laid out anew. It cannot be taken back.
    What you wrote in prose is not edited: where six of their words in a row still stand is
    listed, and the exit code is 1 until none is left. Call it again to look once more,
    and to see what git still holds.
    """
    from gtpipe.commands import withdraw as command
    from gtpipe.commands.withdraw_plan import speaks
    from gtpipe.pipeline import freshness
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    study = Study.find()
    if rewrite_history != (backup is not None):
        raise UsageError("--rewrite-history and --backup FILE.bundle go together")
    is_there = speaks(load(study), participant)
    if backup is not None:
        if is_there:
            raise UsageError("--rewrite-history comes after the withdrawal, once it is committed")
        _rewrite(study, participant, backup, dry_run, yes)
        return
    if not is_there:
        _look_again(study, participant)
        return
    if not dry_run and not why:
        raise UsageError('say why, for the record: --why "…"')
    act = partial(
        command.withdraw,
        study,
        participant,
        why=why,
        by=writer(study, by),
        date=date.today().isoformat(),
        laid_out=freshness.everything_owned(study),
    )
    planned = act(dry_run=True)
    if dry_run or not yes:
        _show(planned)
    if dry_run:
        _show_git(participant, command.in_git(study, planned))
        say("Nothing was written.")
        raise typer.Exit(1 if planned.standing.is_left else 0)
    _confirm(participant, yes)
    done = act()
    if yes:
        _show(done)
    say(f"{count(len(done.changed), 'file')} changed or gone, noted in data/withdrawn.csv.")
    say("Recordings, and the files they came in, are yours to destroy.")
    _show_git(participant, command.in_git(study, done))
    is_laid_out = _run(study)
    if done.standing.is_left or not is_laid_out:
        raise typer.Exit(1)


def _confirm(name: str, yes: bool) -> None:
    """Raises UsageError unless a person says that it is meant."""
    if yes:
        return
    if not somebody_can_answer():
        raise UsageError("this cannot be taken back: say --yes where nobody can be asked")
    if ask_line(f"This cannot be taken back. Type {in_one_line(name)} to go on: ") != name:
        raise UsageError("nothing was done")


def _show(done: WithdrawalDone) -> None:
    texts = done.plan.texts
    before = done.plan.corpus.snapshot
    _list("Gone:", [path for path, text in texts.items() if text is None])
    changed = [p for p, text in texts.items() if text is not None and text != before.text(p)]
    _list("Lines taken out:", changed)
    _list("What falls away:", done.plan.told)
    if done.derived:
        out(f"Laid out anew: {count(len(done.derived), 'file')} under data/derived/")
    _show_standing(done.standing)


def _show_standing(standing: Standing) -> None:
    places = [
        f"{at.path}, {at.inside}" if at.inside else f"{at.path}:{at.line}" for at in standing.places
    ]
    _list("Six of their words in a row still stand here; edit it yourself:", places)
    again = "pages made by `gtpipe report`; delete the folder, or make it anew"
    _list(
        "Six of their words in a row still stand here:",
        [f"{p} ({again})" for p in standing.reports],
    )
    _list("Not looked through, or not in full; look yourself:", standing.unread)


def _list(heading: str, lines: Iterable[str]) -> None:
    lines = list(lines)
    if lines:
        out(heading)
        for line in lines:
            out(f"  {in_one_line(line)}")


def _run(study: Study) -> bool:
    """Lay out what can be laid out; whether all could be."""
    from gtpipe.model.problems import UserError
    from gtpipe.pipeline.run import run_stale
    from gtpipe.render.terminal import show_problems

    try:
        with progress("run") as tell:
            for _ in run_stale(study, "", tell):
                pass
    except UserError as exc:
        show_problems(exc.problems, study.root)
        say("What was laid out of their words is gone; `gtpipe run` brings the rest back.")
        return False
    return True


# --- git ------------------------------------------------------------------------------------------


def _look_again(study: Study, participant: str) -> None:
    from gtpipe.commands import withdraw as command

    found = command.look_again(study, participant)
    _show_standing(found.standing)
    _show_git(participant, found)
    if not found.standing.is_left:
        out("None of their words are left in the study's files.")
    if found.standing.is_left or found.in_git:
        raise typer.Exit(1)


def _show_git(participant: str, found: AfterWithdrawal | None) -> None:
    """Where git still holds the words, and what takes them out."""
    if found is None or not found.in_git:
        return
    held = found.in_git
    commits = [f"{one.hash[:10]} {one.date} {one.subject}" for one in held.commits]
    more = [f"and {len(commits) - _MOST_COMMITS} more"] if len(commits) > _MOST_COMMITS else []
    _list("git still holds their words in these commits:", [*commits[:_MOST_COMMITS], *more])
    for kind, noun in (("heads", "branch"), ("tags", "tag"), ("remotes", "branch of a remote")):
        names = [ref.split("/", 2)[2] for ref in held.refs if ref.startswith(f"refs/{kind}/")]
        if names:
            out(f"  {count(len(names), noun, _several(noun))}: {limits.some(names)}")
    others = [
        ref
        for ref in held.refs
        if not ref.startswith(("refs/heads/", "refs/tags/", "refs/remotes/"))
    ]
    if others:
        out(f"  also: {limits.some(others)}")
    for name, place in found.remotes.items():
        out(f"  the remote {name} ({in_one_line(place)}), and every clone, may hold them as well")
    _list("In versions of files that stay:", held.files)
    if held.paths:
        out("This takes the files that are theirs alone out of every commit:")
        out(f"  {filter_line(held.paths)}")
    out("This takes out the words in other files too, once all is committed:")
    out(f"  gtpipe withdraw {shlex.quote(participant)} --rewrite-history --backup FILE.bundle")


def _several(noun: str) -> str:
    return {"branch": "branches", "branch of a remote": "branches of remotes"}.get(noun, f"{noun}s")


def filter_line(paths: Sequence[str]) -> str:
    """The command of git-filter-repo for exactly these paths."""
    chosen = " ".join(f"--path {shlex.quote(path)}" for path in paths)
    return f"git filter-repo --invert-paths {chosen}"


def _rewrite(study: Study, participant: str, backup: Path, dry_run: bool, yes: bool) -> None:
    from gtpipe.commands import withdraw as command

    if dry_run:
        _look_again(study, participant)
        return
    _confirm(participant, yes)
    found = command.rewrite_history(study, participant, backup)
    if not found.in_git:
        out("git holds none of their words.")
        return
    out(
        f"Rewritten: {count(len(found.in_git.commits), 'commit')} held their words, and do no more."
    )
    out(f"All that git held is in {backup}: destroy it when you are sure.")
    for name, place in found.remotes.items():
        where = in_one_line(place)
        out(f"The remote {name} ({where}) still holds them: `git remote add {name} {where}`, then")
        out("  `git push --force --all` and `git push --force --tags`, and ask its host to forget.")
    out("Every other clone holds them too: have them deleted and cloned anew.")
