"""`quotes`: the quotations of a chapter against the transcripts; `quotes --insert`: extracts to
paste.

`gtpipe quotes chapter.md` ends with exit code 1 on a finding, so that it serves in a paper's
continuous integration, or with pre-commit: the hook `gtpipe-quotes` stands in
`.pre-commit-hooks.yaml`; give it `files: ^chapters/` or the like.

Looked at is every quotation of three words or more, and a shorter one where a name stands behind it
in brackets or after a dash; of what stands without marks, block quotes, and paragraphs that say who
spoke them or whose words were said. Exact means: the words, capitals and punctuation of the
transcript. Free are the shape of quotation marks, apostrophes, dashes and ellipses, white space,
emphasis (say "emphasis added" yourself), a mark that ends the quotation, and whether it begins with
a capital. Square brackets hold what the author puts in, […] and … say that something is left out;
round brackets are the transcript's. What is followed by a citation is another author's, and is not
looked for.

Notes, which leave the exit code at 0: what brackets put in; words printed twice; a paragraph that
looks like an extract and is in no transcript.
"""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS
from gtpipe.model.problems import UsageError
from gtpipe.render.terminal import Format, block, count, out, say, show_table

HEADER = ("file", "line", "quotation", "verdict", "said-by", "place", "participant", "detail", "do")


class Printed(str, Enum):
    """How findings are printed (table, csv, json), or extracts (md, tex, text, csv, json)."""

    table = "table"
    csv = "csv"
    json = "json"
    md = "md"
    tex = "tex"
    text = "text"


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(quotes)


def quotes(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE…", help="Chapters: .md .txt .docx .odt .tex .html", show_default=False
        ),
    ] = None,
    insert: Annotated[
        str,
        typer.Option(
            "--insert",
            metavar="CODE",
            help="Print the extracts of a code, focused code or category, to paste.",
        ),
    ] = "",
    everything: Annotated[
        bool,
        typer.Option(
            "--all", help="Show every quotation, those that are exact and one or two words too."
        ),
    ] = False,
    format: Annotated[
        Printed | None,
        typer.Option(
            "--format",
            help="For people, or for programs; with --insert, what the chapter is written in.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Set every quotation of a chapter against the transcripts. Exit code 1 where one is not as spoken, or under another name."""
    if insert:
        if files:
            raise UsageError(
                "--insert prints extracts and reads no chapter: give one or the other; put a label of several words in quotes"
            )
        _insert(insert, format or Printed.md)
        return
    if not files:
        raise UsageError(
            "name a chapter: gtpipe quotes FILE; or print extracts to paste: gtpipe quotes --insert CODE"
        )
    if format in (Printed.md, Printed.tex, Printed.text):
        raise UsageError(
            f"--format {format.value} is for --insert; findings are printed as table, csv or json"
        )
    _check(files, everything, Format((format or Printed.table).value))


def _check(files: list[str], everything: bool, format: Format) -> None:
    from gtpipe.quotes import chapters, quotations
    from gtpipe.quotes.people import People
    from gtpipe.quotes.word_index import WordIndex

    pieces = _read_chapters(files)
    read = _study(files)
    material = read.material
    people = People(material.interviews.values(), material.participants)
    word_index = WordIndex(material.interviews.values())
    found = [
        quotation
        for path in pieces
        for quotation in chapters.quotations(path, pieces[path], people, word_index)
    ]
    judged = quotations.judge_all(found, word_index, _labels(material), everything)
    if format is not Format.table:
        show_table(HEADER, [_row(one) for one in judged], format)
    else:
        for one in judged:
            if one.is_finding or everything or one.is_note:
                _show(one)
        out(_summary(judged))
    unread = [
        problem
        for problem in read.unreadable
        if problem.is_error and problem.path.startswith("data/transcripts")
    ]
    if unread:
        say(
            f"note: {count(len(unread), 'error')} in transcripts; words of theirs may be missed. See `gtpipe check`."
        )
    if any(one.is_finding for one in judged):
        raise typer.Exit(1)


def _read_chapters(files: list[str]) -> dict:
    """File as typed → its paragraphs. Raises UserError with every one that cannot be read."""
    from gtpipe.model.problems import UserError, error
    from gtpipe.quotes import documents

    pieces, problems = {}, []
    for path in files:
        try:
            pieces[path] = documents.paragraphs(Path(path).read_bytes(), path)
        except UserError as exc:
            problems += exc.problems
        except OSError as exc:
            problems.append(
                error(
                    path,
                    None,
                    (exc.strerror or "this cannot be read")[0].lower()
                    + (exc.strerror or "this cannot be read")[1:],
                    "Name a chapter: gtpipe quotes FILE",
                )
            )
    if problems:
        raise UserError(*problems)
    return pieces


def _study(files: list[str]):
    """The study around this folder; else the one around the chapter."""
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    around = Study.around(Path.cwd()) or Study.around(Path(os.path.abspath(files[0])).parent)
    return load(Study.find() if around is None or Study.around(Path.cwd()) else around)


def _labels(material) -> set[str]:
    """What a chapter puts in quotation marks because the study calls it so."""
    from gtpipe.model.records import split_level

    used = {
        split_level(code.label)[1]
        for sheet in material.sheets
        for entry in sheet.entries
        for code in entry.codes
    }
    theory = {category.label for category in material.theory.categories} | {
        relation.sentence for relation in material.theory.relations
    }
    return (
        used
        | theory
        | set(material.codebook)
        | set(material.focused)
        | {memo.title for memo in material.memos}
    )


def _row(one) -> tuple:
    quotation = one.quotation
    return (
        quotation.path,
        quotation.line,
        quotation.text,
        one.verdict,
        quotation.speaker,
        one.place,
        one.participant,
        one.detail,
        one.do,
    )


def _show(one) -> None:
    kind = "note: " if one.is_note else ""
    block(f"{one.quotation.place}: {kind}{one.verdict}", style="bold")
    block(f"“{' '.join(one.quotation.text.split())}”", 4)
    if one.place:
        where = (
            one.place
            if one.participant == one.place.partition(" ")[0]
            else f"{one.place} ({one.participant})"
        )
        block(f"{where}: {one.detail}" if one.detail else where, 4, "dim")
    elif one.detail:
        block(one.detail, 4, "dim")
    if one.do:
        block(f"{one.do}.", 4, "italic")
    out()


def _summary(judged) -> str:
    from gtpipe.quotes import quotations

    told = [
        (sum(1 for one in judged if one.verdict == verdict), verdict)
        for verdict in quotations.VERDICTS
    ]
    parts = ", ".join(f"{number} {verdict}" for number, verdict in told if number)
    return count(len({id(one.quotation) for one in judged}), "quotation") + (
        f": {parts}" if parts else ""
    )


def _insert(typed: str, format: Printed) -> None:
    from gtpipe.analysis import holdings
    from gtpipe.quotes import pasting
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    read = load(Study.find())
    thing = read.resolve(typed)
    held = holdings.Holdings(read.material, read.codings, read.current)
    form = format.value if format in (Printed.tex, Printed.text) else "md"
    found = pasting.extracts(thing, held, form)
    if format in (Printed.csv, Printed.json):
        show_table(pasting.Extract._fields, found, Format(format.value))
    elif found:
        out("\n\n".join(extract.pasted for extract in found))
    if not found:
        say(f'no extract of "{thing.label}" yet')
    told = read.names.remark(thing, typed)
    if told:
        say(f"note: {told}")
    if read.hiding():
        say(
            f"note: {count(len(read.hiding()), 'error')} in your files; what they concern is not shown. See `gtpipe check`."
        )
