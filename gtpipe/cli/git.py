"""`gtpipe git setup`: git's own diff and merge taught to read
the files of a study; and the two commands git then calls.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gtpipe.cli.options import argument
from gtpipe.render.terminal import out, say, write_bytes

app = typer.Typer(
    help="Teach git's own diff and merge to read the files of a study.", no_args_is_help=True
)


def register(to: typer.Typer) -> None:
    to.add_typer(app, name="git")


@app.command()
def setup(
    undo: Annotated[
        bool, typer.Option("--undo", help="Take the settings out of this repository again.")
    ] = False,
) -> None:
    """Let git diff and git merge understand the files of a study.

    It writes to the settings of this repository (each clone has its own) and to .gitattributes.
    """
    from gtpipe.commands import git_setup
    from gtpipe.store.layout import Study

    study = Study.find()
    done = git_setup.undo(study) if undo else git_setup.setup(study)
    for line in done.done:
        out(line)
    if undo:
        say(
            "Git's ordinary diff and merge are back. The lines in .gitattributes stay: "
            "without these settings they do nothing."
        )
        return
    if not done.done:
        out("Git is set up already; nothing changed.")
    say(
        "`git diff` and `git log -p` now name turn and code (as the files stand: add "
        "--no-textconv), and `git merge` merges by turn and entry.\n"
        "The settings are this clone's alone: everybody runs `gtpipe git setup` once in theirs. "
        "Where gtpipe is missing, git does what it always did."
    )
    if done.attributes_changed:
        say("Commit .gitattributes, so that other clones have it.")


@app.command(hidden=True)
def textconv(file: Annotated[Path, argument("FILE")]) -> None:
    """What `git diff` shows in place of FILE."""
    from gtpipe.gitdriver import plumbing

    write_bytes(plumbing.shown(str(file)))


@app.command(hidden=True)
def merge(
    base: Annotated[Path, argument("BASE")],
    ours: Annotated[Path, argument("OURS")],
    theirs: Annotated[Path, argument("THEIRS")],
    path: Annotated[str, argument("PATH", "Its name in the repository; not looked at.")] = "",
    marker_size: Annotated[
        int, typer.Option("--marker-size", min=1, help="How long conflict markers are.")
    ] = 7,
) -> None:
    """Merge THEIRS into OURS, which both came from BASE; exit 1 where conflicts are left in it."""
    from gtpipe.gitdriver import plumbing

    if plumbing.merge(str(base), str(ours), str(theirs), marker_size):
        raise typer.Exit(1)
