"""A list that one goes through: rows of one or more lines, of which those on the screen alone are
drawn. Each pane beside the words is one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, ClassVar, NamedTuple, cast, overload

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from gtpipe.desk import keys
from gtpipe.desk.marks import marks
from gtpipe.desk.wrapping import shown, wrapped

if TYPE_CHECKING:
    from gtpipe.desk.app import Desk

PLAIN = Style()
FAINT = Style(dim=True)
STRONG = Style(bold=True)
NOTE = Style(italic=True, dim=True)
_CURSOR = Style(bold=True)


class Part(NamedTuple):
    """Text in a line, and how it looks. What is `at_end` stands at the end of the line, and the
    text before gives way.
    """

    text: str
    style: Style = PLAIN
    at_end: bool = False


Line = tuple[Part, ...]


class Row(NamedTuple):
    """Lines that belong together, those seen under the cursor alone, and what they are about; None
    where the cursor passes over.
    """

    lines: tuple[Line, ...]
    about: object = None
    more: tuple[Line, ...] = ()


GAP = Row(((),))


class ShortRows(Sequence[Row]):
    """Rows of one line each, which are made when they are drawn: there may be thousands."""

    def __init__(self, abouts: Sequence[object], line: Callable[[int], Line]) -> None:
        self.abouts, self._line = abouts, line

    def __len__(self) -> int:
        return len(self.abouts)

    @overload
    def __getitem__(self, number: int) -> Row: ...
    @overload
    def __getitem__(self, number: slice) -> list[Row]: ...
    def __getitem__(self, number: int | slice) -> Row | list[Row]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        return Row((self._line(number),), self.abouts[number])


def said(text: str, width: int, style: Style = FAINT, most: int = 0) -> tuple[Line, ...]:
    """Text in lines of so many columns; `most` of them, where not 0, with a mark for the rest."""
    lines = [text[slice(*line)] for line in wrapped(text, width)]
    if most and len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]} {marks().more}"]
    return tuple((Part(line, style),) for line in lines)


def fitted(text: str, width: int) -> str:
    """`text` as it may be shown, in at most so many columns, with a mark at its end where it is
    cut.
    """
    text = shown(text)
    if cell_len(text) <= width:
        return text
    return f"{set_cell_size(text, max(width - 1, 0)).rstrip()}{marks().more}"[: max(width, 0)]


class Rows(ScrollView, can_focus=True):
    """Rows to go through with the keys or the mouse, below a head that stays in sight."""

    ALLOW_SELECT = False
    DEFAULT_CSS = (
        "Rows { scrollbar-size-vertical: 1; overflow-x: hidden; scrollbar-gutter: stable; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.LIST), *keys.BETWEEN_PANES]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._head: tuple[Line, ...] = ()
        self._rows: Sequence[Row] = ()
        self._starts: Sequence[int] = [0]
        self._at = -1
        self._open: tuple[Line, ...] = ()
        self.seen: object = None  # what stood behind what is shown: nothing new, nothing drawn

    @property
    def desk(self) -> Desk:
        return cast("Desk", self.app)

    def look(self) -> None:
        """Show what the sitting says now."""

    def look_anew(self) -> None:
        """Look, whatever was seen so far."""
        self.seen = None
        self.look()

    def on_resize(self) -> None:
        with self.desk.telling():
            self.look_anew()

    @property
    def has_keys(self) -> bool:
        """Whether keys come here. `has_focus` says so a little later."""
        return self.screen.focused is self

    @property
    def is_seen(self) -> bool:
        """Whether there is anything to draw on."""
        return self.display and self.size.area > 0

    def moved(self) -> None:
        """The cursor stands on another row."""

    def chosen(self, about: object) -> None:
        """Enter, or two clicks, on a row."""

    # --- what is shown ----------------------------------------------------------------------------

    @property
    def columns(self) -> int:
        """The columns that a line may take, beside the cursor."""
        return max(self.scrollable_content_region.width - 2, 8)

    @property
    def about(self) -> object:
        """What the row under the cursor is about; None where there is none."""
        return self._rows[self._at].about if 0 <= self._at < len(self._rows) else None

    def show(self, head: Iterable[Line], rows: Sequence[Row], keeps: bool = True) -> None:
        """Other rows. The cursor stays with what it was on, or goes to the first row."""
        about = self.about if keeps else None
        self._head, self._rows = tuple(head), rows
        if isinstance(rows, ShortRows):
            self._starts, abouts = range(len(rows) + 1), rows.abouts
        else:
            self._starts = list(accumulate((len(row.lines) for row in rows), initial=0))
            abouts = [row.about for row in rows]
        is_there = about is not None and about in abouts
        self._at = abouts.index(about) if is_there else self._next(-1, 1)
        self._into_sight()

    def more(self, row: Row) -> tuple[Line, ...]:
        """What is seen of a row under the cursor alone."""
        return row.more

    def render_line(self, y: int) -> Strip:
        width, base = self.scrollable_content_region.width, self.rich_style
        line, mark = None, " "
        if y < len(self._head):
            line = self._head[y]
        else:
            number, within = self._row_at(y - len(self._head) + self.scroll_offset.y)
            if number < len(self._rows):
                row = self._rows[number]
                lines = row.lines if within < len(row.lines) else self._open
                line = lines[within if within < len(row.lines) else within - len(row.lines)]
                mark = marks().here if number == self._at and self.has_keys else " "
        if line is None:
            return Strip.blank(width, base)
        strength = _CURSOR if mark != " " else PLAIN
        segments = [Segment(f"{mark} ", base + strength)]
        segments += [
            Segment(text, base + style + strength) for text, style in _drawn(line, width - 2)
        ]
        return Strip(segments).adjust_cell_length(width, base)

    def _row_at(self, line: int) -> tuple[int, int]:
        """The row that a line belongs to, and which of its lines it is."""
        behind = self._starts[self._at + 1] if self._at >= 0 else 0
        if self._open and behind <= line < behind + len(self._open):
            return self._at, line - self._starts[self._at]
        if self._open and line >= behind + len(self._open):
            line -= len(self._open)
        if line >= self._starts[-1] or line < 0:
            return len(self._rows), 0
        number = bisect_right(self._starts, line) - 1
        return number, line - self._starts[number]

    # --- going through ----------------------------------------------------------------------------

    def action_row(self, by: int) -> None:
        self._go(self._next(self._at, by))

    def action_page(self, by: int) -> None:
        wanted = self._starts[max(self._at, 0)] + by * max(self._room - 1, 1)
        number = bisect_right(self._starts, min(max(wanted, 0), self._starts[-1] - 1)) - 1
        self._go(self._next(number - by, by))

    def action_end(self, end: int) -> None:
        self._go(self._next(-1, 1) if end == 0 else self._next(len(self._rows), -1))

    def action_choose(self) -> None:
        if self.about is not None:
            self.chosen(self.about)

    def on_focus(self) -> None:
        self._into_sight()
        self.moved()

    def on_blur(self) -> None:
        self._into_sight()

    def on_click(self, event: events.Click) -> None:
        number, _ = self._row_at(event.y - len(self._head) + self.scroll_offset.y)
        if event.y >= len(self._head) and number < len(self._rows):
            if self._rows[number].about is None:
                return
            self._go(number)
            if event.chain == 2:
                self.action_choose()

    def _next(self, number: int, by: int) -> int:
        """The row behind, or before (-1), that is about something; the row itself where there is
        none, -1 where that is none.
        """
        other = number + by
        while 0 <= other < len(self._rows):
            if self._rows[other].about is not None:
                return other
            other += by
        return number if 0 <= number < len(self._rows) else -1

    def _go(self, number: int) -> None:
        if number != self._at and 0 <= number < len(self._rows):
            self._at = number
            self._into_sight()
            self.moved()

    @property
    def _room(self) -> int:
        return self.scrollable_content_region.height - len(self._head)

    def _into_sight(self) -> None:
        """Scroll so far that the row under the cursor is seen, and the head of the list with the
        first one.
        """
        is_open = self._at >= 0 and self.has_keys
        self._open = self.more(self._rows[self._at]) if is_open else ()
        width = self.scrollable_content_region.width
        self.virtual_size = Size(width, self._starts[-1] + len(self._open) + len(self._head))
        top = 0
        if self._at >= 0:
            start = self._starts[self._at]
            stop = self._starts[self._at + 1] + len(self._open)
            top = min(max(int(self.scroll_offset.y), stop - self._room), start)
            if self._next(self._at, -1) == self._at and stop <= self._room:
                top = 0
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)
        self.refresh()


def _drawn(line: Line, width: int) -> list[tuple[str, Style]]:
    """A line in parts of at most so many columns together."""
    end = [(shown(part.text), part.style) for part in line if part.at_end]
    room = width - sum(cell_len(text) for text, _ in end) - (1 if end else 0)
    found = []
    for part in line:
        if not part.at_end:
            text = fitted(part.text, max(room, 0))
            room -= cell_len(text)
            found.append((text, part.style))
    return [*found, (" " * (max(room, 0) + 1), PLAIN), *end] if end else found
