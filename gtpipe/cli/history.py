"""`gtpipe diff` and `gtpipe history`: what changed in the
study, in words, and the life of its codes.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, FormatOption, argument
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import say, show_problems, write, write_json

if TYPE_CHECKING:
    from gtpipe.history.changes import Changes
    from gtpipe.history.timeline import Moment
    from gtpipe.history.versions import Version
    from gtpipe.store.repository import Repository


class DiffFormat(StrEnum):
    """How `diff` is printed."""

    text = "text"
    md = "md"
    json = "json"


def register(app: typer.Typer) -> None:
    app.command()(diff)
    app.command(**TAKES_LABELS)(history)


def diff(
    old: Annotated[
        str | None, argument("REV", "A commit, tag or branch; the last commit, if not given.")
    ] = None,
    new: Annotated[
        str | None, argument("REV", "Another; your files as they are now, if not given.")
    ] = None,
    extracts: Annotated[
        bool, typer.Option("--extracts", help="With the words of every application.")
    ] = False,
    format: Annotated[
        DiffFormat,
        typer.Option("--format", help="For people, for a memo or a mail, or for programs."),
    ] = DiffFormat.text,
) -> None:
    """See in words what changed since a commit.

    gtpipe diff
    gtpipe diff HEAD --extracts
    """
    from gtpipe.history.changes import between
    from gtpipe.history.version_reader import VersionReader
    from gtpipe.store.layout import Study
    from gtpipe.store.repository import Repository

    repository = Repository.of(Study.find())
    reader = VersionReader(repository)
    if new is None:
        _refuse_conflicts(repository)
    before = reader.at(old or "HEAD")
    after = reader.now(before) if new is None else reader.at(new, before)
    if before.problems:
        before = reader.at(old or "HEAD", after)
    reader.save()
    changes = between(before, after)
    show_problems((*before.problems, *after.problems), repository.study.root)
    _write(changes, before, after, repository, extracts, format)


def _write(
    changes: Changes,
    before: Version,
    after: Version,
    repository: Repository,
    extracts: bool,
    format: DiffFormat,
) -> None:
    from gtpipe.history import counting, wording
    from gtpipe.render.history import diff_data, markdown, show_diff

    if format is DiffFormat.json:
        write_json(diff_data(changes, before, after, repository.resolve))
        return
    totals = counting.totals(changes)
    title = f"From {before.name} to {after.name}" + (f": {totals}" if totals else "")
    if not changes:
        say(f"{title}: nothing changed in codes, codings, analysis, memos and transcripts")
        return
    sections = wording.sections(changes, extracts)
    if format is DiffFormat.md:
        write(markdown(title, sections))
    else:
        show_diff(title, sections)


def _refuse_conflicts(repository: Repository) -> None:
    from gtpipe.model.problems import UserError, error

    do = (
        "Keep what belongs, then `git add` it; `gtpipe diff REV REV` compares two commits meanwhile"
    )
    conflicts = [
        error(path, None, "a merge left this file in conflict", do)
        for path in repository.conflicted()
    ]
    if conflicts:
        raise UserError(*conflicts)


def history(
    code: Annotated[
        str | None,
        argument("CODE", "One code; `focused: LABEL` for a focused one. An old label leads on."),
    ] = None,
    last: Annotated[
        int, typer.Option("--last", metavar="N", min=0, help="Only the last N entries.")
    ] = 0,
    format: FormatOption = Format.table,
) -> None:
    """See the life of the code book, or of one code, commit by commit.

    Oldest first, with reasons and memos.

    gtpipe history "noticing the clock"
    """
    from gtpipe.history import timeline
    from gtpipe.history.version_reader import VersionReader
    from gtpipe.render import blocks
    from gtpipe.render.history import HEADER, life_of_all, life_of_one, row
    from gtpipe.store.layout import Study
    from gtpipe.store.repository import Repository

    repository = Repository.of(Study.find())
    repository.resolve("HEAD")
    reader = VersionReader(repository)
    moments = timeline.moments(reader, now=not repository.conflicted())
    reader.save()
    show_problems(timeline.problems(moments), repository.study.root)
    if moments:
        _say_where_history_begins(repository, moments[0])
    life = None if code is None else timeline.of_code(moments, code.strip())
    some = [moment for moment in moments if moment.says_something] if life is None else life.moments
    some = some[-last:] if last else some
    if format is not Format.table:
        rows = [row(moment, of_one=life is not None) for moment in some]
        write_rows(HEADER, rows, format)
    elif life is None:
        blocks.show(life_of_all(moments, some))
    else:
        blocks.show(life_of_one(life, some, (code or "").strip()))
    _refuse_conflicts(repository)


def _say_where_history_begins(repository: Repository, first: Moment) -> None:
    """In a shallow clone; or where the study stood in another
    folder before, since git follows no folder that moves.
    """
    from gtpipe.store import settings

    commit = first.commit
    begins = f"{commit.hash[:7]}, {commit.date}"
    if repository.is_shallow:
        say(
            f"note: this clone is shallow: history begins at {begins}. "
            "`git fetch --unshallow` brings the rest."
        )
        return
    place = repository.moved_from(commit.hash, settings.FILE) if commit.hash else None
    if place is not None:
        say(
            f"note: before {begins}, the study stood in {place} of this repository; git follows "
            "no folder that moves, so its history begins anew there."
        )
