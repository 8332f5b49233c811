"""What `gtpipe properties` shows: the positions of each property side by side, with the words;
those that nobody has met are named.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.analysis.properties import Laid, Met
from gtpipe.model.names import one_line
from gtpipe.render import blocks
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.incidents import heading
from gtpipe.render.tables import Row
from gtpipe.render.terminal import clean, console, out
from gtpipe.text.markdown import plain

HEADER = tuple(
    "level code property position state interview turn participant words does-not-fit".split()
)
MET, OPEN = "met", "open"
NOT_MET = "not met yet"
NO_POSITION = "no position yet"
WIDEST = 24  # columns that a position needs at the least, to stand beside others


def rows(laid: Sequence[Laid]) -> list[Row]:
    """Under HEADER: each incident at its position, and each open position."""
    found: list[Row] = []
    for each in laid:
        front = (each.code.level, each.code.label, each.label)
        if not each.positions:
            found.append((*front, *[""] * 7))
        for position in each.positions:
            if position.is_open:
                found.append((*front, position.label, OPEN, *[""] * 5))
            for view in position.views:
                place = (view.interview, view.turn, view.participant, view.extract)
                unfit = "yes" if view.key in position.unfit else ""
                found.append((*front, position.label, MET, *place, unfit))
    return found


def show(laid: Sequence[Laid]) -> None:
    """Property by property; positions beside each other where the terminal has room for them."""
    last = None
    for each in laid:
        if last not in (None, each.code):
            out()
        if each.code != last:
            last = each.code
            blocks.show([Block(f"{each.code.label} · {each.code.kind}", style="bold")])
        room = console().width // max(len(each.positions), 1)
        if sys.stdout.isatty() and room >= WIDEST and each.positions:
            blocks.show([GAP, Block(each.label, 2, "bold cyan")])
            _beside(each.positions)
        else:
            blocks.show(_listed(each))
    open_positions = [
        f"{each.label} / {position.label}"
        for each in laid
        for position in each.positions
        if position.is_open
    ]
    if open_positions:
        blocks.show([GAP, Block(f"Open: {'; '.join(open_positions)}")])


def _beside(positions: Sequence[Met]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, header_style="bold")
    for position in positions:
        table.add_column(Text(clean(position.label)), ratio=1, overflow="fold")
    columns = [_cells(position) for position in positions]
    for cells in zip_longest(*columns, fillvalue=""):
        table.add_row(*(Text(clean(cell)) for cell in cells))
    console().print(table)


def _cells(position: Met) -> list[str]:
    if position.is_open:
        return [NOT_MET]
    return [f"{who(view, position)}\n{view.extract}" for view in position.views]


def who(view: IncidentInContext, position: Met) -> str:
    """Where an incident stands, who speaks, and whether it is on record as not fitting."""
    who = heading(view.interview, view.turn, view.participant, "interviewer")
    return who + (" (does not fit)" if view.key in position.unfit else "")


def _listed(each: Laid) -> Iterator[Block]:
    """A property as lines, where there is no room for a table."""
    yield GAP
    yield Block(each.label, 2, "bold cyan")
    if not each.positions:
        yield Block(NO_POSITION, 4, "dim")
    for position in each.positions:
        yield Block(position.label + (f": {NOT_MET}" if position.is_open else ""), 4, "bold")
        for view in position.views:
            yield Block(who(view, position), 6, "cyan")
            yield Block(view.extract, 8)


def markdown(laid: Sequence[Laid]) -> str:
    """Each property as a table, a column a position."""
    parts: list[str] = []
    last = None
    for each in laid:
        if each.code != last:
            last = each.code
            parts.append(f"# {plain(each.code.label)}")
        parts.append(f"## {plain(each.label)}")
        parts.append(as_table(each))
    return "\n\n".join(parts) + "\n"


def as_table(each: Laid) -> str:
    """A property as a Markdown table, a column a position."""
    if not each.positions:
        return f"{NO_POSITION.capitalize()}."
    columns = [
        [NOT_MET] if position.is_open else [_cell(view, position) for view in position.views]
        for position in each.positions
    ]
    lines = [[plain(position.label) for position in each.positions], ["---"] * len(columns)]
    lines += [list(cells) for cells in zip_longest(*columns, fillvalue="")]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cell(view: IncidentInContext, position: Met) -> str:
    return f"{plain(one_line(view.extract))} — {plain(who(view, position))}"


def in_short(each: Laid, typed: Callable[[str], str], words: bool) -> tuple[str, tuple[str, ...]]:
    """A property as a point of a list, and its positions by address as those below it; `typed`
    writes what a person typed.
    """
    below = []
    for position in each.positions:
        addresses = [_address(view, position, typed, words) for view in position.views]
        said = NOT_MET if position.is_open else ", ".join(addresses)
        below.append(f"{typed(position.label)}: {said}")
    label = typed(each.label)
    return (label, tuple(below)) if below else (f"{label}: {NO_POSITION}", ())


def _address(
    view: IncidentInContext, position: Met, typed: Callable[[str], str], words: bool
) -> str:
    said = "" if view.words is None or not words else f' "{one_line(view.words)}"'
    unfit = " (does not fit)" if view.key in position.unfit else ""
    return typed(f"{view.place}{said}") + unfit
