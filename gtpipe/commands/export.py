"""The study as a file of another program's: what `gtpipe export` writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from gtpipe.commands.export_request import Request, Tree, applied, codes_of, interviews_of, selected
from gtpipe.commands.project_of_study import project_of
from gtpipe.exchange.records import Loss, Project
from gtpipe.model.level import INITIAL
from gtpipe.model.plural import count
from gtpipe.model.problems import Problem, UserError, refusal
from gtpipe.render import code_entries, coding_rows
from gtpipe.render.code_entries import Entry
from gtpipe.render.study_part import StudyPart
from gtpipe.study import Corpus

__all__ = [
    "Exported",
    "Request",
    "code_book",
    "part_of",
    "refi_codebook",
    "refi_project",
    "taguette",
]


class Exported(NamedTuple):
    """A file's bytes, in words what it holds (`4 interviews, 120 codings`), and what of the study
    it cannot hold; the kind of a loss is a noun in the plural, `negative cases`.
    """

    content: bytes
    holds: str
    losses: tuple[Loss, ...] = ()


def refi_project(corpus: Corpus, request: Request) -> Exported:
    """A REFI-QDA project, `.qdpx`."""
    from gtpipe.exchange import refi_writer

    project = project_of(corpus, request)
    return Exported(refi_writer.project(project), _holds(project), project.losses)


def refi_codebook(corpus: Corpus, request: Request) -> Exported:
    """A REFI-QDA code book, `.qdc`. Raises UserError where the study has no code."""
    from gtpipe.exchange import refi_writer

    project = project_of(corpus, request)
    if not project.codes:
        raise UserError(_no_code())
    return Exported(refi_writer.codebook(project), count(len(project.codes), "code"))


def taguette(corpus: Corpus, request: Request) -> Exported:
    """A Taguette database."""
    from gtpipe.exchange import taguette_writer

    project = project_of(corpus, request)
    content, losses = taguette_writer.database(project)
    return Exported(content, _holds(project), (*losses, *project.losses))


def part_of(corpus: Corpus, request: Request) -> StudyPart:
    """What is asked for of a study. Raises UserError where what is named is not there."""
    selection, tree = selected(corpus, request.only), Tree(corpus)
    codings = applied(corpus, selection)
    codes = codes_of(corpus, selection, tree)
    return StudyPart(
        corpus,
        interviews_of(corpus, selection, codings),
        code_entries.entries(corpus, codes, tree.above, words=request.with_words),
        codings,
        request.with_words,
        not request.only,
    )


def csv(corpus: Corpus, request: Request) -> Exported:
    """A table of the codings, one row each."""
    from gtpipe.render import tables

    part = part_of(corpus, request)
    header, rows = coding_rows.table(corpus.material, part.codings, words=part.words)
    return Exported(tables.csv_for_spreadsheets(header, rows), _holds_of(part))


def xlsx(corpus: Corpus, request: Request) -> Exported:
    """A workbook: the same table, and the codes."""
    from gtpipe.render import workbooks

    part = part_of(corpus, request)
    header, rows = coding_rows.table(corpus.material, part.codings, words=part.words)
    content, cut = workbooks.content_of(
        [("codings", header, rows), ("code book", *code_entries.table(part.entries))]
    )
    kind = f"the rest of texts longer than {workbooks.LONGEST:,} characters"
    return Exported(content, _holds_of(part), tuple(Loss(kind, "") for _ in range(cut)))


def json(corpus: Corpus, request: Request) -> Exported:
    """The study for programs."""
    from gtpipe.render import study_json

    part = part_of(corpus, request)
    content, losses = study_json.content(part)
    return Exported(content, _holds_of(part), losses)


def schema(corpus: Corpus, request: Request) -> Exported:
    """What that JSON holds."""
    from gtpipe.render import study_json

    return Exported(study_json.schema(), "a JSON Schema of what `gtpipe export json` writes")


def markdown(corpus: Corpus, request: Request) -> Exported:
    """The codes with their words, for people."""
    from gtpipe.render import coded_words

    part = part_of(corpus, request)
    return Exported(coded_words.markdown(part), _holds_of(part))


def word(corpus: Corpus, request: Request) -> Exported:
    """The same in Word."""
    from gtpipe.render import coded_words

    part = part_of(corpus, request)
    return Exported(coded_words.word(part), _holds_of(part))


MAKERS: dict[str, Callable[[Corpus, Request], Exported]] = {
    "qdpx": refi_project,
    "qdc": refi_codebook,
    "taguette": taguette,
    "csv": csv,
    "xlsx": xlsx,
    "json": json,
    "schema": schema,
    "md": markdown,
    "docx": word,
}
"""What makes the bytes of each kind."""


def code_book(corpus: Corpus, kind: str, *, words: bool = True) -> Exported:
    """The codes and what they mean: as `csv`, `xlsx`, `yaml`, `md` or `qdc`. Without `words` no
    reasons are in it, which may quote them. Raises UserError where the study has no code.
    """
    from gtpipe.render import tables, workbooks

    if kind == "qdc":
        return refi_codebook(corpus, Request(with_words=words))
    entries = part_of(corpus, Request(with_words=words)).entries
    if not entries:
        raise UserError(_no_code())
    header, rows = code_entries.table(entries)
    losses: tuple[Loss, ...] = ()
    if kind == "csv":
        content = tables.csv_for_spreadsheets(header, rows)
    elif kind == "xlsx":
        content, _ = workbooks.content_of([("code book", header, rows)])
    elif kind == "md":
        title = f"{corpus.settings.study or 'A study'}: code book"
        content = code_entries.as_document(entries, title).encode("utf-8", "replace")
    else:
        content = code_entries.as_code_book(entries).encode("utf-8", "replace")
        losses = _not_in_a_code_book(entries)
        entries = tuple(one for one in entries if one.code.level is INITIAL)
    return Exported(content, count(len(entries), "code"), losses)


def _not_in_a_code_book(entries: Iterable[Entry]) -> tuple[Loss, ...]:
    higher = (
        Loss(one.code.level.nouns, one.code.label)
        for one in entries
        if one.code.level is not INITIAL
    )
    initial = [one for one in entries if one.code.level is INITIAL]
    return (
        *higher,
        *(Loss("former labels", label) for one in initial for label in one.was),
        *(
            Loss("parked codes as parked", one.code.label)
            for one in initial
            if one.parked is not None
        ),
    )


def _no_code() -> Problem:
    return refusal("no code yet", "`gtpipe guide coding` shows how to begin")


def _holds_of(part: StudyPart) -> str:
    return ", ".join(
        (
            count(len(part.interviews), "interview"),
            count(len(part.entries), "code"),
            count(len(part.codings), "coding"),
        )
    )


def _holds(project: Project) -> str:
    coded = sum(bool(coding.code) for coding in project.codings)
    return ", ".join(
        (
            count(len(project.sources), "interview"),
            count(len(project.codes), "code"),
            count(coded, "coding"),
            count(len(project.memos), "memo"),
        )
    )
