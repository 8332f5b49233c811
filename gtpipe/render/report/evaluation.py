"""The evaluation: nineteen questions, a person's answers in prose, and where to look for each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from gtpipe.formats.evaluation import EvaluationAnswer, answers
from gtpipe.model.problems import UserError
from gtpipe.render.evaluation import state
from gtpipe.render.evaluation_pointers import pointers
from gtpipe.render.report.places import ACROSS, Link
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.templating import Page
from gtpipe.store.layout import EVALUATION

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

TITLE = "Evaluation"
PAGE = Link("nineteen questions", "across/evaluation.html")


class Asked(NamedTuple):
    """A question with its answer; `look_at` are lines of words and links."""

    number: int
    text: str
    state: str
    answer: str
    look_at: tuple[tuple[Link, ...], ...]


class Evaluation(NamedTuple):
    """`problem` where the file cannot be read; then there are no questions."""

    criteria: tuple[tuple[str, tuple[Asked, ...]], ...]
    problem: str = ""


def pages(reported: ReportedStudy) -> Iterator[Page]:
    text = reported.corpus.snapshot.text(EVALUATION)
    if text is None or reported.edition.only:
        return
    try:
        content = _evaluation(answers(text), reported)
    except UserError as exc:
        content = Evaluation((), "; ".join(problem.what for problem in exc.problems))
    yield Page(PAGE.path, "evaluation.html", TITLE, ACROSS, content)


def _evaluation(found: list[EvaluationAnswer], reported: ReportedStudy) -> Evaluation:
    corpus, words = reported.corpus, reported.edition.words
    lines = pointers(corpus.material, corpus.codings, corpus.current, corpus.names) if words else {}
    look_at = {kind: tuple(_pieces(one, reported) for one in of) for kind, of in lines.items()}
    criteria: dict[str, list[Asked]] = {}
    for one in found:
        criteria.setdefault(one.question.criterion, []).append(
            Asked(
                one.question.number,
                one.question.text,
                state(one),
                one.text if words else "",
                tuple(line for kind in one.question.pointers for line in look_at.get(kind, ())),
            )
        )
    return Evaluation(tuple((name, tuple(asked)) for name, asked in criteria.items()))


def _pieces(line: str, reported: ReportedStudy) -> tuple[Link, ...]:
    """A line of a Markdown list as words, and links to memos."""
    found: list[Link] = []
    to = ""
    for token in _markdown().parseInline(line.removeprefix("- "))[0].children or ():
        if token.type == "link_open":
            to = str(token.attrs["href"])
        elif token.type == "link_close":
            to = ""
        elif token.content:
            memo = unquote(to).rpartition("/")[2].removesuffix(".md")
            found.append(reported.places.memo(memo, token.content) if to else Link(token.content))
    return tuple(found)


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")
