"""`gtpipe schedule`: versions of the interview schedule, and what changed between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import FormatOption, argument
from gtpipe.cli.reading import read_showing_problems
from gtpipe.model.problems import UsageError
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gtpipe.model.records import ScheduleVersion


def register(app: typer.Typer) -> None:
    app.command()(schedule)


def schedule(
    old: Annotated[str | None, argument("OLD", "Compare this version …")] = None,
    new: Annotated[str | None, argument("NEW", "… with this one.")] = None,
    format: FormatOption = Format.table,
) -> None:
    """See the versions of the interview schedule, and what prompted each.

    Who was asked which, and which questions came and went.

    gtpipe schedule v1 v2
    """
    from gtpipe.analysis import schedules
    from gtpipe.render import blocks
    from gtpipe.render.schedule import HEADER, change, layout
    from gtpipe.store.layout import SCHEDULE

    corpus = read_showing_problems(SCHEDULE)
    versions = schedules.in_order(corpus.material.schedule)
    by_name = {version.name: version for version in versions}
    pairs: list[tuple[ScheduleVersion | None, ScheduleVersion]]
    if old is None:
        pairs = list(zip([None, *versions], versions, strict=False))
    elif new is None:
        raise UsageError("name two versions: gtpipe schedule OLD NEW")
    else:
        pairs = [(_called(old, by_name), _called(new, by_name))]
    changes = [change(before, after, corpus.material) for before, after in pairs]
    if format is not Format.table:
        write_rows(HEADER, changes, format)
    elif changes:
        blocks.show(layout(changes))
    else:
        say("No schedule yet: data/schedule/v1.md begins one.")


def _called(name: str, versions: Mapping[str, ScheduleVersion]) -> ScheduleVersion:
    from gtpipe.model.problems import UserError, did_you_mean

    if name not in versions:
        near = did_you_mean(name, versions)
        do = near or f"The versions are {', '.join(versions) or 'none yet'}"
        raise UserError.at("data/schedule", None, f'no version "{name}"', do)
    return versions[name]
