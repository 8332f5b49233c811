"""`gtpipe comments`: what a second reader says, and the answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import (
    TAKES_LABELS,
    By,
    FormatOption,
    ListingGroup,
    argument,
    option,
    signed,
    writer,
)
from gtpipe.cli.reading import read_showing_problems
from gtpipe.model.plural import count
from gtpipe.model.problems import UsageError
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import out, say, show_problems

if TYPE_CHECKING:
    from typer._click import Context


class CommentsGroup(ListingGroup):
    """It lists comments where no command is named, unless it is to take those of a document."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        takes = any(word.partition("=")[0] == "--from" for word in args)
        if takes and args[0] not in self.commands:
            return super(ListingGroup, self).parse_args(ctx, args)
        return super().parse_args(ctx, args)


app = typer.Typer(cls=CommentsGroup, invoke_without_command=True)
About = Annotated[
    str, argument("X", "A code, category, relation or memo; or an incident: 'jim 2'.")
]
Number = Annotated[int, argument("N", "Its number in `gtpipe comments`.")]
Changed = Annotated[str, typer.Option("--changed", help="What changed because of it.")]


def register(to: typer.Typer) -> None:
    to.add_typer(app, name="comments")
    to.command(hidden=True, **TAKES_LABELS)(comment)


@app.callback()
def take(
    context: typer.Context,
    file: Annotated[
        Path | None,
        option("--from", "FILE.docx", "Take the comments of a document that came back."),
    ] = None,
    by: Annotated[
        str,
        option(
            "--by", "INITIALS", "Who its reader is, where the document has another name for them."
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the new comments as a diff; write nothing.")
    ] = False,
) -> None:
    """Second readers' comments, and the answers.

    Alone, it lists them, as `gtpipe comments list` does. With --from, it takes those that a reader
    wrote in Word or LibreOffice beside coded interviews, each once:

    gtpipe comments --from coded.docx --by KR
    """
    if file is None:
        return
    if context.invoked_subcommand is not None:
        raise UsageError(f"--from stands alone: leave out {context.invoked_subcommand}")
    from gtpipe.commands import take_comments
    from gtpipe.render.changes import as_diff
    from gtpipe.store.layout import Study

    study = Study.find()
    done = take_comments.take(study, file, by=by, dry_run=dry_run)
    for line in as_diff(done.changes) if dry_run else ():
        out(line)
    for path, coder, about in () if dry_run else done.taken:
        out(f"{path}: a comment{signed(coder)}, on {about}")
    if not done.taken:
        say("No new comment.")
    if done.before:
        say(f"{count(done.before, 'comment')} taken before.")
    show_problems(done.problems, study.root)
    if dry_run:
        say("Nothing was written.")
    if any(problem.is_error for problem in done.problems):
        raise typer.Exit(1)


@app.command(**TAKES_LABELS)
def add(
    about: About, text: Annotated[str, argument("TEXT", "What you want to say.")], by: By = ""
) -> None:
    """Comment on a code, an incident, or anything else.

    gtpipe comments add "jim 12" "Is he proud here, or sorry?"
    """
    from gtpipe.commands import write_comments
    from gtpipe.store.layout import Study

    study = Study.find()
    coder = writer(study, by)
    added = write_comments.add(study, about, text, by=coder)
    out(f"{added.path}: comment {added.number}{signed(coder)}, on {added.about}")


@app.command(**TAKES_LABELS)
def answer(
    number: Number,
    text: Annotated[str, argument("TEXT", "The answer.")],
    changed: Changed = "",
    by: By = "",
) -> None:
    """Answer a comment, and say what changed.

    gtpipe comments answer 3 "Sorry, I think. See eve 6." --changed "split"
    """
    from gtpipe.commands import write_comments
    from gtpipe.store.layout import Study

    study = Study.find()
    coder = writer(study, by)
    answered = write_comments.answer(study, number, text, changed=changed, by=coder)
    about = answered.about.label
    out(f"{answered.where.path}: comment {number} answered{signed(coder)}, on {about}")


@app.command("list", **TAKES_LABELS)
def list_comments(
    about: Annotated[str | None, argument("X", "Only those about this.")] = None,
    unanswered: Annotated[
        bool, typer.Option("--unanswered", help="Only those without an answer.")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """List what second readers said, the answers, and what changed.

    gtpipe comments list --unanswered
    """
    from gtpipe.commands import write_comments
    from gtpipe.render import blocks, comments
    from gtpipe.store.layout import COMMENTS

    corpus = read_showing_problems(COMMENTS)
    listed = write_comments.listed(corpus, about or "", unanswered)
    if format is not Format.table:
        write_rows(comments.HEADER, [comments.row(*each) for each in listed], format)
    elif listed:
        blocks.show(comments.layout(listed))
    else:
        say("No comment without an answer." if unanswered else "No comment.")
    if corpus.settings.approach.no_agreement:
        say(corpus.settings.approach.no_agreement)


def comment(
    about: About,
    text: Annotated[str | None, argument("TEXT")] = None,
    number: Annotated[int | None, option("--answer", "N", "Answer comment N instead.")] = None,
    changed: Changed = "",
    by: By = "",
) -> None:
    """The older name of `comments add` and, with --answer N, of `comments answer`."""
    if number is not None and text is None:
        answer(number, about, changed, by)
    elif number is not None:
        raise UsageError('an answer is one text: gtpipe comments answer 3 "TEXT"')
    elif changed:
        raise UsageError('--changed belongs to an answer: gtpipe comments answer N "TEXT"')
    elif text is None:
        raise UsageError(
            'say what you want to say: gtpipe comments add X "TEXT"; '
            "`gtpipe comments` lists what was said"
        )
    else:
        add(about, text, by)
