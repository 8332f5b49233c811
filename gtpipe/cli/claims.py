"""`gtpipe claims`: what a chapter says of how many, beside what the study has on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.chapters import read_chapters, study_of
from gtpipe.cli.options import FormatOption, argument
from gtpipe.cli.reading import say_what_is_hidden
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import out, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gtpipe.model.level import CodeRef
    from gtpipe.quotes.record import Record
    from gtpipe.study import Corpus


def register(app: typer.Typer) -> None:
    app.command()(claims)


def claims(
    files: Annotated[list[str], argument("FILE…", "Chapters: .md .txt .docx .odt .tex .html")],
    format: FormatOption = Format.table,
) -> None:
    """Lay a chapter's claims of number beside who is coded so.

    Found are claims in English, near a theme, code or category: "seven participants", "most", "the
    only one", "23 of 255", "half of the managers". Exit code 1 where one contradicts the record.

    gtpipe claims chapter.md
    """
    from gtpipe.quotes import claims, record
    from gtpipe.quotes.people import People
    from gtpipe.render import blocks
    from gtpipe.render.claims import HEADER, layout, row, summary

    paragraphs = read_chapters(files, "claims")
    corpus = study_of(files[0])
    material = corpus.material
    things = _things(corpus)
    items = dict(
        one
        for procedure in material.procedures.values()
        for one in record.item_records(procedure, material)
    )
    themes, nouns = claims.Themes([*items, *things]), claims.nouns_of(material)
    people = People(material.interviews.values(), material.participants)
    found, others = [], 0
    for path in paragraphs:
        here, apart = claims.claims(path, paragraphs[path], themes, nouns, people)
        found += here
        others += apart
    named = {things[claim.theme] for claim in found if claim.theme in things}
    records = {**items, **_records(named, corpus)}
    laid = list(record.lay(found, records, material))
    if format is not Format.table:
        write_rows(HEADER, [row(each) for each in laid], format)
    else:
        blocks.show(layout(laid, material.persons))
        out(summary(laid, others))
        if laid:
            say("The record says who is coded so, and not who lived through what.")
    say_what_is_hidden(corpus)
    if any(each.verdict == record.CONTRADICTS for each in laid):
        raise typer.Exit(1)


def _things(corpus: Corpus) -> dict[str, CodeRef]:
    """Label → what it is the label of: a category before a focused code before a code."""
    from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, CodeRef
    from gtpipe.model.names import label_order

    known = corpus.names.known
    return {
        label: CodeRef(level, label)
        for level in (INITIAL, FOCUSED, CATEGORY)
        for label in sorted(known[level], key=label_order)
    }


def _records(things: Iterable[CodeRef], corpus: Corpus) -> dict[str, Record]:
    """What is on record of each, by label."""
    from gtpipe.analysis import participation
    from gtpipe.quotes.record import record_of

    answers = participation.who(things, corpus.looking.holdings, corpus.material, corpus.codings)
    coded = corpus.codings.interviews
    return {one.thing.label: record_of(one, corpus.material, coded) for one in answers}
