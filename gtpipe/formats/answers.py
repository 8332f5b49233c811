"""`data/answers.csv`: what people answered to suggestions, one line an answer, written at its end
and never altered.

Made for git's union merge: every line stands for itself, the header may stand again further down,
and a line that stands twice says nothing more than once. Commas, semicolons or tabs, as the first
line has them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import NamedTuple

from gtpipe.formats.tables import delimiter
from gtpipe.model.problems import Problem, UserError, did_you_mean, error
from gtpipe.model.records import Where
from gtpipe.store.layout import ANSWERS, Snapshot
from gtpipe.text import yamltext

HEADER = ("interview", "turn", "suggestion", "answer", "by")
ACCEPTED, EDITED, REJECTED, IGNORED = "accepted", "edited", "rejected", "ignored"
KINDS = (ACCEPTED, EDITED, REJECTED, IGNORED)


class Answer(NamedTuple):
    """What `by` answered to the label `suggestion`, offered at a turn.

    What an edited one became stands in the sheet.
    """

    interview: str
    turn: str
    suggestion: str
    answer: str
    by: str
    where: Where = Where(ANSWERS, 0)


def loads(text: str) -> tuple[tuple[Answer, ...], list[Problem]]:
    """The answers in the order of the file, each once, and what is wrong, line by line.

    Raises UserError on conflict markers.
    """
    conflict = yamltext.conflict_markers(text, ANSWERS)
    if conflict:
        raise UserError(conflict)
    separator = delimiter(text)
    problems: list[Problem] = []
    found: dict[tuple[str, ...], Answer] = {}
    for number, line in enumerate(text.split("\n"), 1):
        cells = _cells(line.rstrip("\r"), separator, number, problems)
        if cells is None or not any(cells) or tuple(cells[: len(HEADER)]) == HEADER:
            continue
        problem = _wrong(cells, number, line)
        if problem:
            problems.append(problem)
        else:
            interview, turn, suggestion, kind, by = cells[:5]
            answer = Answer(interview, turn, suggestion, kind, by, Where(ANSWERS, number))
            found.setdefault(answer[:5], answer)
    return tuple(found.values()), problems


def _cells(line: str, separator: str, number: int, problems: list[Problem]) -> list[str] | None:
    try:
        row = next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        problems.append(
            error(
                ANSWERS,
                number,
                "this line cannot be read",
                "Look at its quotation marks",
                excerpt=line,
            )
        )
        return None
    return [cell.strip() for cell in row]


def _wrong(cells: list[str], number: int, line: str) -> Problem | None:
    if len(cells) < len(HEADER) or any(cells[len(HEADER) :]):
        return error(
            ANSWERS,
            number,
            f"an answer has {len(HEADER)} cells, this line {len(cells)}",
            f"They are {', '.join(HEADER)}; put a label that holds a comma in double quotes",
            excerpt=line.strip(),
        )
    empty = [name for name, cell in zip(HEADER[:4], cells, strict=False) if not cell]
    if empty:
        return error(
            ANSWERS,
            number,
            f"this answer names no {empty[0]}",
            f"The cells are {', '.join(HEADER)}",
            excerpt=line.strip(),
        )
    if cells[3] not in KINDS:
        return error(
            ANSWERS,
            number,
            f'"{cells[3]}" is no answer',
            did_you_mean(cells[3], KINDS) or f"The answers are {', '.join(KINDS)}",
        )
    return None


def add(text: str, new: Iterable[Answer]) -> str:
    """`text` with those of `new` at its end that do not stand in it yet.

    Raises UserError when the file has errors.
    """
    standing, problems = loads(text)
    if problems:
        raise UserError(*problems)
    have = {answer[:5] for answer in standing}
    lines = list(dict.fromkeys(answer[:5] for answer in new if answer[:5] not in have))
    if not lines:
        return text
    newline = "\r\n" if "\r\n" in text else "\n"
    out = io.StringIO()
    writer = csv.writer(
        out, delimiter=delimiter(text) if text.strip() else ",", lineterminator=newline
    )
    if not text.strip():
        writer.writerow(HEADER)
    writer.writerows(lines)
    return text + ("" if not text or text.endswith("\n") else newline) + out.getvalue()


def reworded(text: str, interview: str, new: Callable[[str], str]) -> str:
    """`text` with other words in the suggestions that were made for an interview, which held a name
    that must not stand there. Other lines stay as they are.
    """
    separator = delimiter(text)
    lines = text.split("\n")
    for number, line in enumerate(lines):
        cells = _cells(line.rstrip("\r"), separator, number, [])
        if cells and len(cells) >= len(HEADER) and cells[0] == interview:
            said = new(cells[2])
            if said != cells[2]:
                out = io.StringIO()
                writer = csv.writer(out, delimiter=separator, lineterminator="")
                writer.writerow([*cells[:2], said, *cells[3:]])
                lines[number] = out.getvalue() + "\r" * line.endswith("\r")
    return "\n".join(lines)


def read(snapshot: Snapshot) -> tuple[Answer, ...]:
    """The answers of a study. Raises UserError with every line that is wrong."""
    found, problems = loads(snapshot.text(ANSWERS) or "")
    if problems:
        raise UserError(*problems)
    return found
