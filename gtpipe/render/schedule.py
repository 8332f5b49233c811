"""What `gtpipe schedule` shows: version by version who was
asked it, what prompted it, and questions in and out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gtpipe.analysis import schedules
from gtpipe.model.records import Material, ScheduleVersion
from gtpipe.render.blocks import Block

HEADER = ("version", "date", "interviews", "prompted-by", "because", "in", "out")


class ScheduleChange(NamedTuple):
    """A version and how it differs from the one before; a row under HEADER."""

    name: str
    date: str
    interviews: list[str]
    prompted_by: list[str]
    because: str
    questions_in: list[str]
    questions_out: list[str]


def change(
    before: ScheduleVersion | None, after: ScheduleVersion, material: Material
) -> ScheduleChange:
    came, went = schedules.between(before, after) if before else (list(after.questions), [])
    return ScheduleChange(
        after.name,
        after.date,
        [interview.name for interview in schedules.interviews(after, material)],
        [named.label for named in after.prompted_by],
        after.because,
        came,
        went,
    )


def layout(changes: Iterable[ScheduleChange]) -> Iterator[Block]:
    for each in changes:
        date = f" · {each.date}" if each.date else ""
        asked = ", ".join(each.interviews) or "nobody yet"
        yield Block(f"{each.name}{date} · asked: {asked}", style="bold")
        if each.prompted_by or each.because:
            prompted = "; ".join(each.prompted_by) or "nothing named"
            because = f": {each.because}" if each.because else ""
            yield Block(f"prompted by {prompted}{because}", 2, "dim")
        for question in each.questions_in:
            yield Block(f"+ {question}", 2, "green")
        for question in each.questions_out:
            yield Block(f"- {question}", 2, "red")
