"""`gtpipe compare`: constant comparison in the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from gtpipe.cli.find import one_attribute
from gtpipe.cli.options import TAKES_LABELS, FormatOption
from gtpipe.model.problems import UsageError
from gtpipe.render import blocks
from gtpipe.render.blocks import GAP, Piece
from gtpipe.render.terminal import Format, count, out, say, show_table

HEADER = (
    "interview",
    "turn",
    "participant",
    "coders",
    "words",
    "text",
    "question",
    "beside",
    "notes",
    "in-vivo",
)


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(compare)


def compare(
    codes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CODE",
            show_default=False,
            help="A code, focused code or category; or two. With --new, an interview.",
        ),
    ] = None,
    new: Annotated[
        bool,
        typer.Option(
            "--new",
            help="What came last, incident by incident, beside earlier incidents of its codes.",
        ),
    ] = False,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="ATTRIBUTE",
            show_default=False,
            help="With --new: participants in whom this differs come first.",
        ),
    ] = None,
    most: Annotated[
        int | None,
        typer.Option(
            "--most",
            metavar="N",
            min=1,
            show_default=False,
            help="With --new: how many earlier ones beside each; 5, if not given.",
        ),
    ] = None,
    incident: Annotated[
        str,
        typer.Option(
            "--incident", metavar="INCIDENT", help="With --new or --note: this one alone, 'jim 12'."
        ),
    ] = "",
    beside: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="INCIDENT", help="With --note: the one to hold it against."),
    ] = None,
    note: Annotated[
        str,
        typer.Option(
            "--note",
            metavar="TITLE",
            help="Make a comparison memo about the two codes or incidents.",
        ),
    ] = "",
    format: FormatOption = Format.table,
) -> None:
    """All incidents of a code side by side; two codes against each other; or what came last against what was there.

    gtpipe compare CODE · gtpipe compare CODE CODE · gtpipe compare --new [INTERVIEW] --by ATTRIBUTE
    """
    named = tuple(codes or ())
    attribute = one_attribute(by)
    if beside and not note:
        raise UsageError(
            '--with belongs to --note: gtpipe compare --new --note "TITLE" --incident INCIDENT --with INCIDENT'
        )
    if not new and (attribute or most is not None):
        raise UsageError("--by and --most go with --new")
    if incident and not (new or note):
        raise UsageError("--incident goes with --new or --note")
    if len(named) > (1 if new else 2):
        raise UsageError(
            "name one interview: gtpipe compare --new INTERVIEW"
            if new
            else "two can stand side by side, not more"
        )
    if note:
        _note(note, () if new else named, tuple(filter(None, (incident, *(beside or ())))), new)
    elif new:
        from gtpipe.cli import newest

        interview = named[0] if named else None
        newest.show(interview, attribute, 5 if most is None else most, incident, format)
    elif len(named) == 2:
        from gtpipe.cli import side_by_side

        side_by_side.show(named, format)
    elif named:
        _one(named[0], format)
    else:
        raise UsageError(
            "name a code: gtpipe compare CODE; or gtpipe compare --new; `gtpipe codes list` shows the codes"
        )


def _note(title: str, codes: tuple[str, ...], incidents: tuple[str, ...], new: bool) -> None:
    from datetime import date

    from gtpipe.commands import compare as comparing
    from gtpipe.store.layout import Study

    if len(codes) + len(incidents) < 2:
        raise UsageError(
            'a comparison memo is about two: gtpipe compare CODE CODE --note "TITLE", or '
            'gtpipe compare --new --note "TITLE" --incident INCIDENT --with INCIDENT'
        )
    path, about = comparing.note(
        Study.find(), title, codes, incidents, date=date.today().isoformat()
    )
    out(path)
    say(
        f"about {'; '.join(about)}. Write in it what you see; their pages lead to it after the next `gtpipe run`."
    )


def row(view) -> tuple:
    """The cells of an incident under HEADER."""
    return (
        view.interview,
        view.turn,
        view.participant,
        list(view.coders),
        view.words or "",
        view.spoken.text,
        view.question.text if view.question else "",
        list(view.beside),
        [f"{coder}: {note}" if coder else note for coder, note in view.notes],
        "yes" if view.in_vivo else "",
    )


def closing(read, asked=()) -> None:
    """Say what `asked` (things as typed) was taken for where that may surprise, and what errors keep from being shown."""
    for thing, typed in asked:
        hint = read.names.remark(thing, typed)
        if hint:
            say(f"note: {hint}")
    if read.hiding():
        say(
            f"note: {count(len(read.hiding()), 'error')} in your files; what they concern is not shown. See `gtpipe check`."
        )


def _one(typed: str, format: Format) -> None:
    from gtpipe.analysis.comparison import Looking, together
    from gtpipe.commands import compare as comparing
    from gtpipe.model.records import CATEGORY
    from gtpipe.store.layout import Study

    read, thing = comparing.read_one(Study.find(), typed)
    looking = Looking(read.material, read.codings, read.current)
    held = looking.by_focused(thing.label) if thing.level == CATEGORY else []
    views = together(held, read.material) if thing.level == CATEGORY else looking.views(thing)
    if format is not Format.table:
        show_table(HEADER, [row(view) for view in views], format)
    else:
        blocks.show(_page(thing, views, held, looking, read))
    closing(read, [(thing, typed)])


def _page(thing, views, held, looking, read):
    from gtpipe.analysis.annotations import COMPARISON, Noted
    from gtpipe.model.records import CATEGORY
    from gtpipe.render.pages import summary

    entry = entry_of(thing, looking)
    memos, comments = Noted.of_memos(read.material, COMPARISON), Noted.of_comments(read.material)
    yield from head(thing, entry)
    yield Piece(summary(views), style="dim")
    if thing.level == CATEGORY:
        for one in held:
            yield GAP
            within = "" if one.category == thing.label else f" · in the subcategory {one.category}"
            yield Piece(f"{one.focused}{within}", style="bold reverse")
            yield Piece(summary(one.views), style="dim")
            yield from by_interview(one.views, read, memos, comments)
        if not held:
            yield Piece("It holds no focused code yet.", style="dim")
    else:
        yield from by_interview(views, read, memos, comments)
    yield from _unfit(thing, held, looking, read, memos, comments)
    yield from _said(thing, entry, read, comments)


def entry_of(thing, looking):
    """The entry of a thing in its file, or an empty one."""
    from gtpipe.model.records import FOCUSED, INITIAL, Category, Code, Where

    if thing.level == INITIAL:
        return looking.material.codebook.get(thing.label) or Code(thing.label, Where("", 0))
    if thing.level == FOCUSED:
        return looking.focused[thing.label]
    categories = {one.label: one for one in looking.material.theory.categories}
    return categories.get(thing.label) or Category(thing.label, Where("", 0))


def head(thing, entry):
    """The label of a thing and what its entry says."""
    from gtpipe.model.records import INITIAL, Category, Code, FocusedCode
    from gtpipe.render import pages

    yield Piece(thing.label + ("" if thing.level == INITIAL else f" · {thing.kind}"), style="bold")
    yield Piece(entry.definition or pages.NOTHING_YET, style="" if entry.definition else "dim")
    if isinstance(entry, FocusedCode):
        yield Piece(
            f"Because: {entry.because or pages.NO_REASON}" + (f" ({entry.by})" if entry.by else "")
        )
        if entry.takes_up:
            yield Piece(f"Takes up: {'; '.join(named.label for named in entry.takes_up)}")
    if isinstance(entry, Category):
        if entry.part_of is not None:
            yield Piece(f"Part of: {entry.part_of.label}")
    said = (
        pages.about(entry)
        if isinstance(entry, Code)
        else pages.lineage(entry)
        if isinstance(entry, FocusedCode)
        else ()
    )
    for name, text in said:
        if text:
            yield Piece(f"{name}: {text}")


def by_interview(views, read, memos, comments):
    """Incidents under the name and day of their interview."""
    last = None
    for view in views:
        yield GAP
        if view.interview != last:
            date = read.material.interviews[view.interview].date
            yield Piece(view.interview + (f" · {date}" if date else ""), style="bold underline")
            last = view.interview
        yield from blocks.incident(view, _told(view, memos, comments))


def _told(view, memos, comments):
    from gtpipe.render import pages

    told = pages.details(view) + [
        ("memo", f"{memo.title} ({memo.name})") for memo in memos.at(view)
    ]
    return told + [
        (f"comment ({comment.by})" if comment.by else "comment", comment.comment)
        for comment in comments.at(view)
    ]


def _unfit(thing, held, looking, read, memos, comments):
    """The incidents that do not fit; of an initial code, only where one is recorded or somebody looked."""
    from gtpipe.analysis import disconfirming
    from gtpipe.model.level import CodeRef
    from gtpipe.model.records import CATEGORY, FOCUSED, INITIAL

    parts = dict.fromkeys(
        [CodeRef(CATEGORY, one.category) for one in held]
        + [CodeRef(FOCUSED, one.focused) for one in held]
    )
    found, nothing = disconfirming.does_not_fit(
        thing,
        read.material,
        looking.focused,
        read.names,
        looking.around,
        tuple(part for part in parts if part != thing),
    )
    if (
        thing.level == INITIAL
        and not found
        and not disconfirming.is_named_in_theory(thing.label, read.material)
    ):
        return
    yield GAP
    yield Piece("Does not fit", style="bold underline")
    if nothing:
        yield Piece(nothing, 2)
    for one in found:
        yield GAP
        if one.view is None:
            yield from (
                Piece(one.words, 0, "bold cyan"),
                *(Piece(f"{name}: {text}", 4, "italic") for name, text in one.told),
            )
        else:
            yield from blocks.incident(one.view, [*_told(one.view, memos, comments), *one.told])


def _said(thing, entry, read, comments):
    """Memos and comments about the thing itself."""
    from gtpipe.analysis.annotations import Noted

    memos = Noted.of_memos(read.material).about(thing.level, entry)
    if memos:
        yield GAP
        yield Piece("Memos", style="bold underline")
        for memo in memos:
            kind = ", ".join(part for part in (memo.kind, memo.by) if part)
            yield Piece(f"{memo.title}{f' ({kind})' if kind else ''}: {memo.name}", 2)
    said = comments.about(thing.level, entry)
    if said:
        yield GAP
        yield Piece("Comments", style="bold underline")
        for comment in said:
            yield Piece(f"{comment.by or 'somebody'}: {comment.comment}", 2)
            yield Piece(
                f"answer: {comment.answer or 'none yet'}", 4, "" if comment.answer else "dim"
            )
            if comment.changed:
                yield Piece(f"changed: {comment.changed}", 4)
