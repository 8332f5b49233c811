"""`gtpipe diff` and `gtpipe history`: what changed in the study, in words, and the life of its codes."""

from __future__ import annotations

import sys
from enum import Enum
from typing import Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, FormatOption
from gtpipe.render.terminal import (
    Format,
    block,
    clean,
    console,
    out,
    say,
    show_problems,
    show_table,
    write,
    write_json,
)

HEADER = (
    "commit",
    "date",
    "author",
    "subject",
    "tags",
    "codes",
    "focused-codes",
    "changes",
    "why",
    "memos",
)
NARROW = 80
_COLOURS = {
    **dict.fromkeys(("new", "added", "written", "defined", "unparked"), "green"),
    **dict.fromkeys(("gone", "removed", "undefined"), "red"),
    **dict.fromkeys(
        ("renamed", "merged", "split", "moved", "recoded", "redefined", "changed"), "cyan"
    ),
    "parked": "yellow",
}


class Told(str, Enum):
    """How `diff` tells."""

    text = "text"
    md = "md"
    json = "json"


def register(app: typer.Typer) -> None:
    app.command()(diff)
    app.command(**TAKES_LABELS)(history)


def diff(
    old: Annotated[
        str | None,
        typer.Argument(
            metavar="[REV]",
            help="A commit, tag or branch; the last commit, if not given.",
            show_default=False,
        ),
    ] = None,
    new: Annotated[
        str | None,
        typer.Argument(
            metavar="[REV]",
            help="Another; your files as they are now, if not given.",
            show_default=False,
        ),
    ] = None,
    extracts: Annotated[
        bool, typer.Option("--extracts", help="With the words of every application.")
    ] = False,
    format: Annotated[
        Told, typer.Option("--format", help="For people, for a memo or a mail, or for programs.")
    ] = Told.text,
) -> None:
    """What changed in the code book, its codings and the analysis, in words: since a commit, or between two."""
    from gtpipe.history import counting, wording
    from gtpipe.history.changes import between
    from gtpipe.history.reading import NOW, Reader
    from gtpipe.store.layout import Study
    from gtpipe.store.repository import Repository

    repository = Repository.of(Study.find())
    reader = Reader(repository)
    if new is None:
        _refuse_conflicts(repository)
    before = reader.at(old or "HEAD")
    after = reader.now(before) if new is None else reader.at(new, before)
    if before.problems:
        before = reader.at(old or "HEAD", after)
    reader.save()
    changes = between(before, after)
    show_problems((*before.problems, *after.problems), repository.study.root)
    if format is Told.json:
        ends = {
            name: {
                "name": version.name,
                "commit": None if version.name == NOW else repository.resolve(version.name),
            }
            for name, version in (("from", before), ("to", after))
        }
        notes = [problem.what for problem in (*before.problems, *after.problems)]
        write_json({**ends, **wording.as_data(changes), "notes": notes})
        return
    totals = counting.totals(changes)
    title = f"From {before.name} to {after.name}" + (f": {totals}" if totals else "")
    if not changes:
        say(f"{title}: nothing changed in codes, codings, analysis, memos and transcripts")
        return
    sections = wording.sections(changes, extracts)
    if format is Told.md:
        write(wording.markdown(title, sections))
        return
    block(title, style="bold")
    for section in sections:
        out()
        block(section.title, style="bold underline")
        width = max(len(point.mark) for point in section.points)
        for point in section.points:
            _point(point.mark, point.text, width)
            for line in point.under:
                _point("", line, width + 2)


def _refuse_conflicts(repository) -> None:
    from gtpipe.model.problems import UserError, error

    conflicted = repository.conflicted()
    if conflicted:
        raise UserError(
            *(
                error(
                    path,
                    None,
                    "a merge left this file in conflict",
                    "Keep what belongs, then `git add` it; `gtpipe diff REV REV` compares two commits meanwhile",
                )
                for path in conflicted
            )
        )


def _point(mark: str, text: str, width: int) -> None:
    """A word in front, and the words beside it, wrapped under themselves."""
    if not sys.stdout.isatty():
        out(f"  {mark:<{width}}  {text}")
        return
    from rich.table import Table
    from rich.text import Text

    shown = Text(clean(text))
    shown.highlight_regex(r"\[-.*?-\]", "red")
    shown.highlight_regex(r"\{\+.*?\+\}", "green")
    grid = Table.grid()
    grid.add_column(width=2)
    grid.add_column(width=width + 2)
    grid.add_column(overflow="fold")
    grid.add_row("", Text(mark, style=_COLOURS.get(mark, "")), shown)
    console().print(grid)


def history(
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="[CODE]",
            help="One code; `focused: LABEL` for a focused one. An old label leads on.",
            show_default=False,
        ),
    ] = None,
    last: Annotated[
        int, typer.Option("--last", metavar="N", min=0, help="Only the last N entries.")
    ] = 0,
    format: FormatOption = Format.table,
) -> None:
    """The life of the code book, or of one code: commit by commit, oldest first, with reasons and memos."""
    from gtpipe.history import timeline
    from gtpipe.history.reading import Reader
    from gtpipe.store.layout import Study
    from gtpipe.store.repository import Repository

    repository = Repository.of(Study.find())
    repository.resolve("HEAD")
    reader = Reader(repository)
    conflicted = repository.conflicted()
    told = timeline.moments(reader, now=not conflicted)
    reader.save()
    show_problems(timeline.problems(told), repository.study.root)
    if repository.is_shallow and told:
        say(
            f"note: this clone is shallow: history begins at {told[0].commit.hash[:7]}, {told[0].commit.date}. "
            "`git fetch --unshallow` brings the rest."
        )
    elif told and told[0].commit.hash:
        _tell_where_it_stood(repository, told[0].commit)
    life = None if code is None else timeline.of_code(told, code.strip())
    shown = (
        [moment for moment in told if moment.says_something] if life is None else list(life.moments)
    )
    shown = shown[-last:] if last else shown
    if format is not Format.table:
        show_table(HEADER, [_row(moment, life is not None) for moment in shown], format)
    elif life is None:
        _whole(told, shown)
    else:
        _one(life, shown, code.strip())
    if conflicted:
        _refuse_conflicts(repository)


def _tell_where_it_stood(repository, first) -> None:
    """Git follows no folder that moves: say where the study stood before, if it did."""
    from gtpipe.store import settings

    place = repository.moved_from(first.hash, settings.FILE)
    if place is not None:
        say(
            f"note: before {first.hash[:7]}, {first.date}, the study stood in {place} of this repository; git follows no folder "
            "that moves, so its history begins anew there."
        )


def _lines(moment, whole_places: bool) -> list[str]:
    """What changed in a moment: counted with names, or, for one code, point by point."""
    from gtpipe.history import counting, wording

    if not whole_places:
        return counting.phrases(moment.changes)
    return [
        f"{point.mark} {point.text}" + "".join(f"; {line}" for line in point.under)
        for section in wording.sections(moment.changes)
        if section.title != "Memos"
        for point in section.points
    ]


def _row(moment, of_one: bool) -> tuple:
    from gtpipe.model.records import FOCUSED, INITIAL

    commit, labels = moment.commit, moment.version.labels
    return (
        commit.hash,
        commit.date,
        commit.author,
        commit.subject,
        list(moment.tags),
        len(labels[INITIAL]),
        len(labels[FOCUSED]),
        _lines(moment, of_one),
        [reason.why for reason in moment.reasons],
        [memo.after for memo in moment.memos],
    )


def _whole(told, shown) -> None:
    import shutil

    from gtpipe.history import chart, timeline
    from gtpipe.history.wording import number

    for moment in shown:
        _moment(moment, _lines(moment, False))
    lines = chart.chart(
        timeline.counts(told),
        min(shutil.get_terminal_size((NARROW, 24)).columns, 120) if sys.stdout.isatty() else NARROW,
    )
    if lines:
        block(f"Codes over time, now {number(timeline.counts(told)[-1][1], 'code')}", style="bold")
        for line in lines:
            out(line)


def _one(life, shown, typed: str) -> None:
    from gtpipe.model.records import FOCUSED

    name = f'"{"focused: " if life.level == FOCUSED else ""}{life.label}"'
    said = f'{name}, once "{typed}"' if life.leads_on else name
    block(said + (" (gone)" if life.is_gone else ""), style="bold")
    out()
    for moment in shown:
        _moment(moment, _lines(moment, True))


def _moment(moment, lines: list[str]) -> None:
    commit = moment.commit
    tags = f"  [{', '.join(moment.tags)}]" if moment.tags else ""
    who = f"{commit.date}  {commit.hash[:7]}  {commit.author}" if commit.hash else ""
    block(f"{who}: {commit.subject}{tags}" if who else commit.subject, style="bold cyan")
    for line in lines:
        block(line, 4)
    for reason in {(reason.why, reason.by): reason for reason in moment.reasons}.values():
        block(f"why: {reason.why}" + (f" ({reason.by})" if reason.by else ""), 4, "italic")
    for memo in moment.memos:
        block(f"memo: {memo.after}", 4, "italic")
    out()
