"""What `gtpipe evaluation` shows: which of the questions are answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gtpipe.formats.evaluation import EvaluationAnswer
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.tables import Row
from gtpipe.store.layout import EVALUATION

HEADER = ("criterion", "number", "question", "answered", "line", "answer")


def row(answer: EvaluationAnswer) -> Row:
    return (
        answer.question.criterion,
        answer.question.number,
        answer.question.text,
        "yes" if answer.text else "no",
        f"{EVALUATION}:{answer.line}" if answer.line else "",
        answer.text,
    )


def layout(answers: Iterable[EvaluationAnswer]) -> Iterator[Block]:
    """Criterion by criterion."""
    criterion = ""
    for answer in answers:
        question = answer.question
        if question.criterion != criterion:
            criterion = question.criterion
            yield GAP
            yield Block(criterion, style="bold")
        yield Block(
            f"{question.number}. {question.text} — {state(answer)}", 2, "" if answer.text else "dim"
        )


def state(answer: EvaluationAnswer) -> str:
    return "answered" if answer.text else "not answered yet" if answer.line else "not in the file"
