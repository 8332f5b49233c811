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

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.chapters import read_chapters, study_of
from gtpipe.cli.options import TAKES_LABELS, argument, option
from gtpipe.cli.reading import read_study, say_what_is_hidden, say_what_was_meant
from gtpipe.model import limits
from gtpipe.model.plural import count
from gtpipe.model.problems import UsageError
from gtpipe.render.tables import write_rows
from gtpipe.render.terminal import out, say

if TYPE_CHECKING:
    from gtpipe.model.records import Material
    from gtpipe.study import Corpus


class Printed(StrEnum):
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
        list[str] | None, argument("[FILE]…", "Chapters: .md .txt .docx .odt .tex .html")
    ] = None,
    insert: Annotated[
        str,
        option(
            "--insert", "CODE", "Print the extracts of a code, focused code or category, to paste."
        ),
    ] = "",
    cite: Annotated[
        str,
        option(
            "--cite",
            "TEXT",
            "With --insert, what stands behind each: {participant}, {interview}, {turn}, "
            "{time}, {lines}, or an attribute.",
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
    """Check a chapter's quotations against the transcripts.

    Exit code 1 where one is not as spoken, or under another name.

    gtpipe quotes chapter.docx
    gtpipe quotes --insert "noticing the clock"
    gtpipe quotes --insert "noticing the clock" --cite "{participant}, {setting}, turn {turn}"
    """
    if insert:
        if files:
            raise UsageError(
                "--insert prints extracts and reads no chapter: give one or the other; "
                "put a label of several words in quotes"
            )
        _insert(insert, cite, format or Printed.md)
        return
    if cite:
        raise UsageError("--cite is for --insert: gtpipe quotes --insert CODE --cite TEXT")
    if not files:
        raise UsageError(
            "name a chapter: gtpipe quotes FILE; or print extracts to paste: "
            "gtpipe quotes --insert CODE"
        )
    if format in (Printed.md, Printed.tex, Printed.text):
        raise UsageError(
            f"--format {format.value} is for --insert; findings are printed as table, csv or json"
        )
    _check(files, everything, format or Printed.table)


def _check(files: list[str], everything: bool, format: Printed) -> None:
    from gtpipe.quotes import chapters, quotations
    from gtpipe.quotes.people import People
    from gtpipe.quotes.printed_lines import other_lines
    from gtpipe.quotes.word_index import WordIndex
    from gtpipe.render import blocks
    from gtpipe.render.quotations import HEADER, layout, row, summary

    paragraphs = read_chapters(files, "quotes")
    corpus = study_of(files[0])
    material = corpus.material
    people = People(material.interviews.values(), material.participants)
    spoken = WordIndex(material.interviews.values())
    found = [
        quotation
        for path in paragraphs
        for quotation in chapters.quotations(path, paragraphs[path], people, spoken)
    ]
    judged = quotations.judge_all(found, spoken, _labels(material), everything)
    if width := corpus.settings.line_width:
        judged = [*other_lines(judged, spoken, width)]
    judged = quotations.not_to_quote(judged, _refused(corpus))
    if format is not Printed.table:
        write_rows(HEADER, [row(each) for each in judged], format)
    else:
        blocks.show(layout(judged, everything))
        out(summary(judged))
    unused = people.unused(one.text for path in paragraphs for one in paragraphs[path])
    cited = {quotation.speaker for quotation in found}  # as `(ray, turn 6)`
    if unused := [name for name in unused if name not in cited]:
        say(f"note: no chapter here names {limits.some(unused)}")
    unread = [
        problem
        for problem in corpus.unreadable
        if problem.is_error and problem.path.startswith("data/transcripts")
    ]
    if unread:
        say(
            f"note: {count(len(unread), 'error')} in transcripts; words of theirs may be missed. "
            "See `gtpipe check`."
        )
    if any(each.is_finding for each in judged):
        raise typer.Exit(1)


def _refused(corpus: Corpus) -> dict[str, str]:
    """Participants who are not to be quoted, and where that is said."""
    from gtpipe.analysis.ethics import refusing

    written, _ = corpus.ethics
    if written is None:
        return {}
    return {name: f"{where.path}:{where.line}" for name, where in refusing(written).items()}


def _labels(material: Material) -> set[str]:
    """What a chapter puts in quotation marks because the study calls it so."""
    from gtpipe.model.level import FOCUSED, INITIAL, split_level
    from gtpipe.study.kept import labels_on

    sheets, levels = material.sheets, (INITIAL, FOCUSED)
    typed = {one for sheet in sheets for level in levels for one in labels_on(level, sheet)}
    return {
        *(split_level(label)[1] for label in typed),
        *(category.label for category in material.theory.categories),
        *(relation.sentence for relation in material.theory.relations),
        *material.codebook,
        *material.focused,
        *(memo.title for memo in material.memos),
    }


def _insert(typed: str, cite: str, format: Printed) -> None:
    from gtpipe.model.records import people
    from gtpipe.quotes import pasting

    corpus = read_study()
    thing = corpus.resolve(typed)
    form = format.value if format in (Printed.tex, Printed.text) else "md"
    holdings = corpus.looking.holdings
    named = pasting.citing(cite, corpus.material, corpus.settings.line_width) if cite else None
    found = pasting.extracts(thing, holdings, form, named)
    refused = _refused(corpus)
    left_out = [one for one in found if refused.keys() & people(one.participant)]
    found = [one for one in found if one not in left_out]
    if format in (Printed.csv, Printed.json):
        write_rows(pasting.Extract._fields, found, format)
    elif found:
        out("\n\n".join(extract.pasted for extract in found))
    if not found and not left_out:
        say(f'No extract of "{thing.label}" yet.')
    if left_out:
        names = dict.fromkeys(name for one in left_out for name in people(one.participant))
        whose = ", ".join(name for name in names if name in refused)
        say(f"{count(len(left_out), 'extract')} left out: {whose} said no to being quoted")
    if waiting := holdings.waiting(thing):
        say(f'"{thing.label}": {len(waiting)} since then, not judged, and left out')
    say_what_was_meant([(thing, typed)], corpus)
    say_what_is_hidden(corpus)
