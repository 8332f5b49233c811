"""`data/evaluation.md`: nineteen questions with pointers to the material, and a person's answers in
prose.

What stands between the markers of a question is laid out anew each time; everything else is the
person's, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from gtpipe.model.evaluation import QUESTIONS, Question
from gtpipe.model.problems import Problem, UserError, did_you_mean, error
from gtpipe.store.layout import EVALUATION

UNANSWERED = "*not answered yet*"
_BY_ID = {question.id: question for question in QUESTIONS}
_MARKER = re.compile(r"[ \t]*<!-- (?:pointers (?P<id>[a-z]+ \d+)|(?P<end>/pointers)) -->[ \t]*\r?")
_NEARLY = re.compile(r"[ \t]*<!-*\s*/?\s*pointers\b")


class EvaluationAnswer(NamedTuple):
    """A question and what stands in the file for it: its line there (None: not in the file), and
    the answer, '' where there is none.
    """

    question: Question
    line: int | None
    text: str


class _Markers(NamedTuple):
    """The markers of a question: the numbers, from 0, of the lines they stand in."""

    question: Question
    begin: int
    end: int


def page(pointers: dict[str, list[str]]) -> str:
    """A new evaluation: every question with its pointers (kind → lines), none answered."""
    parts = [
        "# Evaluation",
        "Four criteria after Charmaz (2014), to be answered in prose; there is no score. "
        "Put your answer in the place of\n"
        f"each line `{UNANSWERED}`. What stands between two `pointers` lines is laid out anew by "
        "`gtpipe evaluation`;\n"
        "nothing else is touched.",
    ]
    criterion = ""
    for question in QUESTIONS:
        if question.criterion != criterion:
            criterion = question.criterion
            parts.append(f"## {criterion.capitalize()}")
        lines = _laid_out(question, pointers)
        parts += [
            f"### {question.number}. {question.text}",
            "\n".join([f"<!-- pointers {question.id} -->", *lines, "<!-- /pointers -->"]),
            UNANSWERED,
        ]
    return "\n\n".join(parts) + "\n"


def refreshed(text: str, pointers: dict[str, list[str]]) -> str:
    """`text` of the file with its pointers laid out anew, everything outside the markers as it was.

    Raises UserError, naming the lines, where a marker is damaged.
    """
    lines = text.split("\n")
    for part in reversed(_markers(lines)):
        carriage = "\r" if lines[part.begin].endswith("\r") else ""
        lines[part.begin + 1 : part.end] = [
            line + carriage for line in _laid_out(part.question, pointers)
        ]
    return "\n".join(lines)


def _laid_out(question: Question, pointers: dict[str, list[str]]) -> list[str]:
    return [line for kind in question.pointers for line in pointers.get(kind, [])]


def answers(text: str) -> list[EvaluationAnswer]:
    """Every question with its answer.

    Where the line that says so stands, it is not answered; nor where nothing stands.

    Raises UserError, naming the lines, where a marker is damaged.
    """
    lines = text.split("\n")
    parts = _markers(lines)
    found: dict[str, EvaluationAnswer] = {}
    begins = [
        _heading_over(lines, part.begin, parts[number - 1].end + 1 if number else 0)
        for number, part in enumerate(parts)
    ]
    for part, begin, end in zip(parts, begins, [*begins[1:], len(lines)], strict=False):
        own = [
            line.rstrip("\r") for line in (*lines[begin : part.begin], *lines[part.end + 1 : end])
        ]
        prose = "\n".join(
            line for line in own if not line.startswith(("# ", "## ", "### "))
        ).strip()
        open_still = any(line.strip() == UNANSWERED for line in own)
        found[part.question.id] = EvaluationAnswer(
            part.question, begin + 1, "" if open_still else prose
        )
    return [found.get(question.id, EvaluationAnswer(question, None, "")) for question in QUESTIONS]


def _heading_over(lines: list[str], begin: int, first: int) -> int:
    """Where a question's part begins: at the last heading over its marker, else at the marker."""
    return next(
        (number for number in range(begin - 1, first - 1, -1) if lines[number].startswith("### ")),
        begin,
    )


def _markers(lines: list[str]) -> list[_Markers]:
    """The questions of the file by their markers, in its order.

    Raises UserError where the markers are not in pairs.
    """
    found: list[_Markers] = []
    problems: list[Problem] = []
    first: dict[str, int] = {}
    begun: tuple[Question | None, int] | None = None
    for number, line in enumerate(lines):
        marker = _MARKER.fullmatch(line)
        if marker is None:
            if _NEARLY.match(line):
                problems.append(
                    _damaged(
                        number,
                        "this marker is damaged",
                        "Write `<!-- pointers credibility 1 -->`, with the question it "
                        "belongs to, or `<!-- /pointers -->`",
                        line,
                    )
                )
            continue
        if marker["end"]:
            if begun is None:
                problems.append(
                    _damaged(
                        number,
                        "this ends pointers that nothing begins",
                        "Bring back the line `<!-- pointers … -->` above it",
                    )
                )
            elif begun[0] is not None:
                found.append(_Markers(begun[0], begun[1], number))
            begun = None
            continue
        if begun is not None:
            problems.append(
                _damaged(
                    begun[1],
                    "these pointers have no end",
                    "Bring back the line `<!-- /pointers -->`",
                )
            )
        id = marker["id"]
        if id not in _BY_ID:
            problems.append(
                _damaged(
                    number,
                    f'no question is called "{id}"',
                    did_you_mean(id, _BY_ID)
                    or f"They go from {QUESTIONS[0].id} to {QUESTIONS[-1].id}",
                )
            )
        elif id in first:
            problems.append(
                _damaged(
                    number,
                    f"the pointers of {id} stand twice",
                    f"The first are at line {first[id]}; keep one",
                )
            )
        first.setdefault(id, number + 1)
        begun = (_BY_ID.get(id), number)
    if begun is not None:
        problems.append(
            _damaged(
                begun[1], "these pointers have no end", "Bring back the line `<!-- /pointers -->`"
            )
        )
    if problems:
        raise UserError(*problems)
    return found


def _damaged(number: int, what: str, do: str, line: str = "") -> Problem:
    return error(EVALUATION, number + 1, what, do, line.strip())


def unanswered(found: Iterable[EvaluationAnswer]) -> list[Question]:
    return [answer.question for answer in found if not answer.text]
