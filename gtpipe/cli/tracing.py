"""`trace`: where a code or theme comes from, and where it leads; `comment`, `comments`: the second reader."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, By, FormatOption, signed, writer
from gtpipe.model.level import ALL_LEVELS, CodeRef, Level
from gtpipe.model.problems import UsageError
from gtpipe.render.terminal import (
    Format,
    block,
    clean,
    count,
    out,
    say,
    show_problems,
    show_table,
    write_json,
)


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(trace)
    app.command(**TAKES_LABELS)(comment)
    app.command(**TAKES_LABELS)(comments)


def trace(
    name: Annotated[
        str,
        typer.Argument(
            metavar="X",
            help="A code, focused code, category, or relation: A kind B.",
            show_default=False,
        ),
    ],
    format: FormatOption = Format.table,
) -> None:
    """Where a code or theme comes from, down to the words, and where it leads, up to the theory; when, by whom, why."""
    from gtpipe.analysis import trace as tracing
    from gtpipe.history import origins as links
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    read = load(Study.find())
    level, label = _meant(read, name)
    tree = tracing.tree(level, label, _traced(read))
    history = links.origins(read, tracing.facts(tree))
    tree, history = _with_what_was_done_by_hand(tree, history, read, level, label)
    if format is Format.json:
        write_json(_nested(tree, history))
    elif format is Format.csv:
        show_table(("from", "link", "to", "when", "by", "why"), list(_rows(tree, history)), format)
    else:
        _show(tree, history)
    if history.remark:
        say(f"note: {history.remark}")
    if read.hiding():
        say(
            f"note: {count(len(read.hiding()), 'error')} in your files; what they concern is not shown. See `gtpipe check`."
        )


def _with_what_was_done_by_hand(tree, history, read, level: Level, label: str):
    from dataclasses import replace

    from gtpipe.analysis import trace as tracing
    from gtpipe.history import origins as links
    from gtpipe.model.records import FOCUSED, INITIAL

    done = links.by_hand(read, level, label) if level in (INITIAL, FOCUSED) else []
    facts = [
        tracing.Fact("", tracing.BY_HAND, (str(number), text))
        for number, (text, _) in enumerate(done)
    ]
    found = {fact: origin for fact, (_, origin) in zip(facts, done)}
    return (
        tracing.with_changes(tree, [(text, fact) for fact, (text, _) in zip(facts, done)]),
        replace(history, found={**history.found, **found}),
    )


def _meant(read, typed: str) -> CodeRef:
    """Level and label of what was typed. Raises UserError with the nearest name."""
    from gtpipe.formats.naming import named_as
    from gtpipe.model.records import Where, one_line

    named = named_as(one_line(typed), Where("", 0))
    levels = read.names.levels(named)
    if not levels:
        now = read.names.now(named)
        if now:
            say(f'"{named.label}" is called "{now}" now')
            return _meant(read, f"{named.level}: {now}" if named.level else now)
        _refuse_if_split(read, named)
        wanted = (level for level in ALL_LEVELS if named.level in ("", level))
        raise read.missing(read.names.no_code(named.label, wanted))
    level = read.names.level(named)
    others = [other for other in levels if other != level]
    if others:
        say(
            f'"{named.label}" is a label of {" and ".join(levels)}; the {level} is shown. For the other: "{others[0]}: {named.label}"'
        )
    return CodeRef(level, named.label)


def _refuse_if_split(read, named) -> None:
    """Raises UserError where a code is no more because it was split: into what."""
    from gtpipe.model.problems import UserError, error
    from gtpipe.model.records import FOCUSED, INITIAL, split_into

    for level, entries in ((INITIAL, read.material.codebook), (FOCUSED, read.material.focused)):
        parts = split_into(named.label, entries) if named.level in ("", level) else ()
        if parts:
            listed = " and ".join(f'"{part}"' for part in parts)
            what = f'"{named.label}" was split into {listed}'
            raise UserError(error("the study", None, what, "Trace one of these"))


def _traced(read):
    from gtpipe.analysis import focused_codes, incidents
    from gtpipe.analysis import trace as tracing
    from gtpipe.analysis.references import resolve

    around = incidents.at_turns(read.codings)
    return tracing.Traced(
        material=read.material,
        codings=read.codings,
        names=read.names,
        focused=focused_codes.focused_codes(read.material, read.codings),
        view=lambda incident: resolve(incident, read.material, around, []),
    )


# --- the tree, laid out ----------------------------------------------------------------------------------------------


def _nested(node, history) -> dict:
    told = {"kind": node.kind, "name": node.name}
    if node.link:
        told = {"link": node.link, **told}
    if node.made:
        told["made"] = [history.of(made)._asdict() for made in node.made]
    told |= dict(node.said)
    if node.words:
        told["words"] = node.words
    children = [_nested(child, history) for part in node.parts for child in part.nodes]
    return {**told, "children": children} if children else told


def _rows(node, history):
    for part in node.parts:
        for child in part.nodes:
            for origin in [history.of(made) for made in child.made] or [None]:
                yield (
                    node.name,
                    child.link,
                    child.name,
                    *((origin.when, origin.by, origin.why) if origin else ("", "", "")),
                )
            yield from _rows(child, history)


def _show(tree, history) -> None:
    for prefix, rest, text, style in _lines(tree, history, "", ""):
        _line(prefix, rest, text, style)


_PLAIN = ("definition", "title", "comment")  # what these are can be seen without their name


def _title(node, history) -> str:
    """A node in one line: its link, its name, and when the link was made, by whom and why."""
    from gtpipe.analysis import trace as tracing

    if not node.link:
        return f"{node.name} ({node.kind})"
    origins = [history.of(made) for made in node.made]
    if node.kind == tracing.LABEL and node.link in ("was", "took in", "split from", "split into"):
        origin = origins[0]
        dated = f" {'until' if node.link == 'was' else 'on'} {origin.when}" if origin.when else ""
        told = _told(origin._replace(when=""), set())
        return f'{node.link} "{node.name}"{dated}' + (f" ({told})" if told else "")
    said = {node.name, *(text for _, text in node.said)}
    told = [text for origin in origins if (text := _told(origin, said))]
    name = (
        node.name
        if node.kind
        in (tracing.INCIDENT, tracing.MEMO, tracing.REASON, tracing.LOOK, tracing.BY_HAND)
        else f'"{node.name}"'
    )
    if node.kind == tracing.INCIDENT and node.words:
        name = name.partition(' "')[0]  # the words stand below
    head = (
        "comment"
        if node.kind == tracing.COMMENT
        else name
        if node.link == tracing.APPLIED
        else f"{node.link}: {name}"
        if node.kind in (tracing.INCIDENT, tracing.REASON, tracing.LOOK, tracing.BY_HAND)
        else f"{node.link} {name}"
    )
    return head + (f" ({'; '.join(told)})" if told else "")


def _told(origin, said: set[str]) -> str:
    """`2026-03-21, PM: why`; of a commit, its subject."""
    from gtpipe.history import origins as links

    why = "" if origin.why in said else origin.why
    parts = [part for part in (origin.when, origin.by) if part]
    if origin.source == links.COMMITTED and why:
        return ", ".join([*parts, f'commit "{why}"'])
    if origin.source == links.UNCOMMITTED:
        parts.append(links.UNCOMMITTED)
    return ", ".join(parts) + (f": {why}" if why and parts else why)


def _lines(node, history, first: str, below: str):
    """The lines of a node and what hangs on it: what stands before the first, before its continuation, text, style."""
    yield first, below, _title(node, history), "" if node.link else "bold"
    parts = [part for part in node.parts if part.nodes]
    hanging = "│ " if parts else "  "
    for name, text in node.said:
        for number, line in enumerate(text.split("\n")):
            head = "" if number or name in _PLAIN else f"{name}: "
            yield f"{below}{hanging}  ", f"{below}{hanging}    ", head + line, "dim"
    # Words that are a stretch of the turn stand in quotes; without, they are the whole turn.
    words = f'"{node.words}"' if node.words and node.name.endswith('"') else node.words
    for line in words.split("\n") if words else ():
        yield f"{below}{hanging}  ", f"{below}{hanging}  ", line, "italic"
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if not part.title:
            yield from _branches(part.nodes, history, below, last)
            continue
        yield (
            f"{below}{'└─ ' if last else '├─ '}",
            f"{below}{'   ' if last else '│  '}",
            part.title,
            "bold",
        )
        yield from _branches(part.nodes, history, below + ("   " if last else "│  "), True)


def _branches(nodes, history, below: str, last_part: bool):
    for number, child in enumerate(nodes):
        last = last_part and number == len(nodes) - 1
        yield from _lines(
            child, history, below + ("└─ " if last else "├─ "), below + ("   " if last else "│  ")
        )


def _line(prefix: str, rest: str, text: str, style: str) -> None:
    """One line of the tree; wrapped on a terminal, with the branches beside it going on."""
    if not sys.stdout.isatty():
        out(f"{prefix}{text}".rstrip())
        return
    from rich.text import Text

    from gtpipe.render.terminal import console

    screen = _screen.setdefault("console", console())
    width = max(20, screen.width - len(rest))
    for number, piece in enumerate(Text(clean(text)).wrap(screen, width) or [Text("")]):
        piece.rstrip()
        screen.print(
            Text.assemble((rest if number else prefix, "dim"), (piece.plain, style)), soft_wrap=True
        )


_screen: dict = {}


# --- the second reader -----------------------------------------------------------------------------------------------


def comment(
    about: Annotated[
        str,
        typer.Argument(
            metavar="X",
            show_default=False,
            help="A code, category, relation, memo, or an incident: "
            "'jim 2'. With --answer, the answer.",
        ),
    ],
    text: Annotated[
        str | None,
        typer.Argument(metavar="TEXT", help="What you want to say of it.", show_default=False),
    ] = None,
    answer: Annotated[
        int | None,
        typer.Option(
            "--answer", metavar="N", help="Answer comment N of `gtpipe comments` instead."
        ),
    ] = None,
    changed: Annotated[
        str, typer.Option("--changed", help="With --answer: what changed because of it.")
    ] = "",
    by: By = "",
) -> None:
    """Comment on anything as a second reader; or answer a comment: gtpipe comment --answer 3 "TEXT"."""
    from gtpipe.commands import comment as commenting
    from gtpipe.store.layout import Study

    if answer is not None:
        if text is not None:
            raise UsageError('an answer is one text: gtpipe comment --answer 3 "TEXT"')
        study = Study.find()
        coder = writer(study, by)
        answered = commenting.answer(study, answer, about, changed=changed, by=coder)
        out(
            f"{answered.where.path}: comment {answer} answered{signed(coder)}, on {answered.about.label}"
        )
        return
    if changed:
        raise UsageError("--changed belongs to an answer: give --answer N as well")
    if text is None:
        raise UsageError(
            'say what you want to say: gtpipe comment X "TEXT"; `gtpipe comments` lists what was said'
        )
    study = Study.find()
    coder = writer(study, by)
    added = commenting.add(study, about, text, by=coder)
    out(f"{added.path}: comment {added.number}{signed(coder)}, on {added.about}")


def comments(
    about: Annotated[
        str | None, typer.Argument(metavar="[X]", help="Only those about this.", show_default=False)
    ] = None,
    unanswered: Annotated[
        bool, typer.Option("--unanswered", help="Only those without an answer.")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """What second readers said, the answers, and what changed."""
    from gtpipe.commands import comment as commenting
    from gtpipe.formats import personal
    from gtpipe.formats.comments import named_in
    from gtpipe.store.layout import COMMENTS, Study
    from gtpipe.study import load

    read = load(Study.find())
    show_problems(
        (p for p in read.unreadable if p.is_error and personal.is_of(p.path, COMMENTS)),
        read.study.root,
    )
    found = commenting.listed(read, about or "", unanswered)
    if format is not Format.table:
        rows = [
            (number, named_in(one.about), one.by, one.comment, one.answer, one.changed)
            for number, one in found
        ]
        show_table(("number", "about", "by", "comment", "answer", "changed"), rows, format)
        return
    for number, one in found:
        block(
            f"{number} · {named_in(one.about)}" + (f" · {one.by}" if one.by else ""), style="bold"
        )
        block(one.comment, 2)
        block(
            f"answer: {one.answer}"
            if one.answer
            else f'no answer yet: gtpipe comment --answer {number} "…"',
            4,
            "" if one.answer else "dim",
        )
        if one.changed:
            block(f"changed: {one.changed}", 4)
    if not found:
        say("no comment without an answer" if unanswered else "no comment")
