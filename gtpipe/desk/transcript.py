"""The transcript as continuous text, the codes in a margin level with their words.

Only the lines in sight are drawn. Words that carry a code are underlined; selected words and the
word under the cursor are shown reversed; the turn under the cursor has a bar before it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, NamedTuple, cast

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from gtpipe.desk import keys, word_places
from gtpipe.desk.marks import marks
from gtpipe.desk.wrapping import Line, column_of, letter_at, line_of, shown, wrapped
from gtpipe.model.records import Coding, Interview, Span, Turn

if TYPE_CHECKING:
    from gtpipe.desk.app import Desk

_WIDEST = 92  # columns of words: longer lines are hard to read
_MARGIN = (18, 40)
_LABEL = 8  # columns of a speaker's label
_NOT_OVER_TURNS = "A stretch stays within its turn: code the turns one by one."

_PLAIN, _DIM, _BOLD = Style(), Style(dim=True), Style(bold=True)
_CODED = Style(underline=True)
_CURSOR, _SELECTED = Style(reverse=True), Style(reverse=True, bold=True)
_CODE, _OTHERS = Style(color="green"), Style(color="yellow", italic=True)
_CHOSEN = Style(bold=True, color="green")


class Row(NamedTuple):
    """A line of the screen: which turn (its index), which line of its words (None: below them, for
    codes alone), and the code beside it with the part of its label that stands here. The line
    between turns has the turn before it.
    """

    turn: int
    line: Line | None
    is_first: bool = False
    code: Coding | None = None
    label: str = ""
    goes_on: bool = False


class Transcript(ScrollView, can_focus=True):
    """One interview. The cursor is the place of the sitting."""

    ALLOW_SELECT = False  # the mouse selects a stretch
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.WORDS), *keys.BETWEEN_PANES]
    DEFAULT_CSS = "Transcript { overflow-x: hidden; overflow-y: scroll; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: list[Row] = []
        self._first: list[int] = []  # the first row of each turn
        self._coded: dict[str, list[Coding]] = {}  # by turn
        self._anchor: int | None = None  # the letter where the selection began
        self._is_selecting = False
        self._drags = False
        self._laid_out: object = None
        self._of: Interview | None = None  # what the rows are of

    @property
    def desk(self) -> Desk:
        return cast("Desk", self.app)

    # --- the lines --------------------------------------------------------------------------------

    def look(self) -> None:
        """Lay out what the sitting says now, where it changed; and have the cursor in sight."""
        sitting = self.desk.sitting
        key = (sitting.changed, sitting.shows_others, self.size, sitting.interview.name)
        if key != self._laid_out and self.size.width:
            if isinstance(self._laid_out, tuple) and self._laid_out[-1] != key[-1]:
                self.unselect()
            self._lay_out()
            self._laid_out = key
        self.refresh()
        self._into_sight()

    def on_resize(self, event: events.Resize) -> None:
        with self.desk.telling():
            self.look()

    @property
    def _gutter(self) -> int:
        """Columns before the words: the bar, the number of the turn, and who speaks."""
        return 1 + self._ids + 1 + self._labels + 1

    def _lay_out(self) -> None:
        sitting = self.desk.sitting
        interview = self._of = sitting.interview
        self._ids = max((len(turn.id) for turn in interview.turns), default=1) + 1
        self._labels = min(max(map(cell_len, {*interview.labels, ""})), _LABEL)
        width = self.scrollable_content_region.width
        least, most = _MARGIN
        room = width - self._gutter - 4
        self.rows, self._first, self._coded = [], [], {}
        for coding in sitting.codings:
            for id in coding.stands_at:
                self._coded.setdefault(id, []).append(coding)
        longest = max((cell_len(self._named(c)) + 2 for c in sitting.codings), default=0)
        most = max(min(longest, most), least)
        self.margin = min(max(room // 3, least), most) if room > 2 * least else 0
        self.measure = max(min(room - self.margin, _WIDEST), 8)
        for number, turn in enumerate(interview.turns):
            self._first.append(len(self.rows))
            self.rows += self._of_turn(number, turn)
        self.virtual_size = Size(width, len(self.rows))

    def _of_turn(self, number: int, turn: Turn) -> list[Row]:
        """The rows of a turn: each code begins level with its words, or below the code before it,
        and its label goes on below as far as there is room.
        """
        sitting = self.desk.sitting
        lines = wrapped(turn.text, self.measure)
        codings = sitting.codings_at(turn.id) if turn.id in self._coded and self.margin else []
        spans = [sitting.span_at(coding, turn.id) for coding in codings]
        wanted = [line_of(lines, span[0]) if span else 0 for span in spans]
        beside: list[tuple[Coding, str, bool] | None] = [None] * len(lines)
        row = 0
        for index, coding in enumerate(codings):
            row = max(row, wanted[index])
            ends = [*wanted[index + 1 :], len(lines) + 1]
            end = min((p - n for n, p in enumerate(ends) if p > row), default=row + 1)
            parts = self._parts_of_label(coding, max(end - row, 1))
            beside += [None] * (row + len(parts) - len(beside))
            for part in parts:
                beside[row] = coding, part, part is not parts[0]
                row += 1
        rows = [
            Row(number, lines[n] if n < len(lines) else None, n == 0, *(beside[n] or ()))
            for n in range(len(beside))
        ]
        return [*rows, Row(number, None)]

    def _named(self, coding: Coding) -> str:
        """A code as the margin has it, with whose it is where it is another's."""
        who = "" if coding.coder == self.desk.sitting.coder else f" ({coding.coder})"
        return shown(coding.typed) + who

    def _parts_of_label(self, coding: Coding, most: int) -> list[str]:
        """The label of a code in at most so many lines of the margin."""
        label, room = self._named(coding), self.margin - 2
        parts = [label[slice(*line)] for line in wrapped(label, room)]
        if len(parts) > most:
            rest = label[wrapped(label, room)[most - 1].start :]
            parts = [*parts[: most - 1], set_cell_size(rest, room - 1) + marks().more]
        return parts

    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        base = self.rich_style
        if at >= len(self.rows) or self._of is not self.desk.sitting.interview:
            return Strip.blank(width, base)  # out of sight it is not laid out anew
        segments = [Segment(text, base + style) for text, style in self._drawn(self.rows[at])]
        return Strip(segments).adjust_cell_length(width, base)

    def _drawn(self, row: Row) -> list[tuple[str, Style]]:
        """A row in parts: the bar, number and speaker, the words, the code."""
        sitting = self.desk.sitting
        turn = sitting.interview.turns[row.turn]
        is_here = turn.id == sitting.place.turn
        is_between = row.line is None and row.code is None
        bar = marks().here if is_here and not is_between else " "
        number, label = (turn.id, shown(turn.label)) if row.is_first else ("", "")
        if cell_len(label) > self._labels:
            label = set_cell_size(label, self._labels - 1) + marks().more
        style = _PLAIN if sitting.interview.participant(turn) else _DIM
        parts = [
            (bar, _BOLD),
            (f"{number:>{self._ids}} ", _BOLD if is_here else _DIM),
            (f"{set_cell_size(label, self._labels)} ", _DIM),
        ]
        used = 0
        if row.line is not None:
            words = self._words(turn, row.line, style, is_here)
            used = sum(cell_len(text) for text, _ in words)
            parts += words
        if row.code is not None:
            parts.append((" " * (self.measure - used + 2), _PLAIN))
            parts += self._code(row, row.code, is_here)
        return parts

    def _words(self, turn: Turn, line: Line, base: Style, is_here: bool) -> list[tuple[str, Style]]:
        """The words of a line, in parts of one look each."""
        sitting = self.desk.sitting
        looks: list[tuple[Span, Style]] = []
        chosen = self.desk.coding if is_here else None
        for coding in self._coded.get(turn.id, ()):
            span = sitting.span_at(coding, turn.id)
            if span is not None:
                looks.append((span, _CODED + _BOLD if coding == chosen else _CODED))
        if is_here:
            selected = self.selection
            looks.append((selected or self._word_here, _SELECTED if selected else _CURSOR))
        cuts = {line.start, line.end}
        for span, _ in looks:
            cuts |= {place for place in span if line.start < place < line.end}
        places = sorted(cuts)
        found = []
        for start, end in pairwise(places):
            style = base
            for (first, last), look in looks:
                if first <= start and end <= last:
                    style += look
            found.append((shown(turn.text[start:end]), style))
        return found

    def _code(self, row: Row, coding: Coding, is_here: bool) -> list[tuple[str, Style]]:
        """A code in the margin, or a part of it."""
        chosen = is_here and coding == self.desk.coding
        mine = coding.coder == self.desk.sitting.coder
        style = _CHOSEN if chosen else _CODE if mine else _OTHERS
        mark = marks().chosen if chosen and not row.goes_on else marks().code
        return [(f"{mark} {row.label}", style)]

    # --- cursor and selection ---------------------------------------------------------------------

    @property
    def selection(self) -> Span | None:
        """The selected letters of the turn, whole words; None where none are selected."""
        if self._anchor is None:
            return None
        spans = word_places.words(self.desk.turn.text)
        place = self.desk.sitting.place.at
        first, last = sorted((word_places.at(spans, self._anchor), word_places.at(spans, place)))
        return spans[first][0], spans[last][1]

    def select(self, span: Span) -> None:
        """Select these letters of the turn under the cursor; the cursor goes to their end."""
        place = self.desk.sitting.place
        self._anchor, self._is_selecting = span[0], False
        spans = word_places.words(self.desk.turn.text)
        self.desk.sitting.move(place.turn, spans[word_places.at(spans, max(span[1] - 1, 0))][0])

    def end_selecting(self) -> None:
        """What is selected stays so, for one code more, until the cursor goes on."""
        self._is_selecting = False

    def unselect(self) -> None:
        self._anchor, self._is_selecting = None, False
        self.refresh()

    @property
    def _word_here(self) -> Span:
        spans = word_places.words(self.desk.turn.text)
        return spans[word_places.at(spans, self.desk.sitting.place.at)]

    def _move(self, turn: int, at: int, select: bool = False) -> None:
        """The cursor to a letter of a turn, by its index; where words are selected, only within
        the turn.
        """
        sitting = self.desk.sitting
        turns = sitting.interview.turns
        turn = min(max(turn, 0), len(turns) - 1)
        is_here = turns[turn].id == sitting.place.turn
        if (select or self._is_selecting) and not is_here:
            self.desk.tell(_NOT_OVER_TURNS)
            return
        if select and self._anchor is None:
            self._anchor = sitting.place.at
        elif not (select or self._is_selecting):
            self._anchor = None
        sitting.move(turns[turn].id, at)
        self.desk.look()

    @property
    def _turn(self) -> int:
        """The index of the turn under the cursor."""
        sitting = self.desk.sitting
        return sitting.interview.position[sitting.place.turn]

    def _row_of_cursor(self) -> int:
        turn = self._turn
        lines = wrapped(self.desk.turn.text, self.measure)
        return self._first[turn] + line_of(lines, self.desk.sitting.place.at)

    def _into_sight(self) -> None:
        """Scroll where the turn under the cursor is not seen whole: below what was said before it,
        as far as there is room for both; the line of the cursor always.
        """
        if not self.rows:
            return
        height = self.scrollable_content_region.height
        top, turn = self.scroll_offset.y, self._turn
        first, row = self._first[turn], self._row_of_cursor()
        after = self._first[turn + 1] if turn + 1 < len(self._first) else len(self.rows)
        wanted = top
        if first < top or after - 1 > top + height:
            before = self._first[max(turn - 1, 0)]
            wanted = before if after - 1 - before <= height else first
        wanted = min(max(wanted, row - height + 2), row)
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, force=True)

    # --- keys -------------------------------------------------------------------------------------

    def action_turn(self, step: int) -> None:
        sitting = self.desk.sitting
        position = sitting.interview.position
        here = self._turn
        ways = [position[turn.id] for turn in sitting.turns]
        onward = [n for n in ways if n > here] if step > 0 else [n for n in ways[::-1] if n < here]
        if onward:
            self._move(onward[0], 0)
        else:
            self.desk.tell("That was the last turn." if step > 0 else "That was the first turn.")

    def action_word(self, step: int, select: bool = False) -> None:
        spans = word_places.words(self.desk.turn.text)
        self._step(spans, step, select)

    def action_sentence(self, step: int) -> None:
        self._step(word_places.sentences(self.desk.turn.text), step)

    def _step(self, spans: tuple[Span, ...], step: int, select: bool = False) -> None:
        """A word or a sentence on or back; over the end of a turn into the next."""
        place = self.desk.sitting.place.at
        here = word_places.at(spans, place)
        to = here + step
        if step < 0 and place > spans[here][0]:
            to = here
        if 0 <= to < len(spans):
            self._move(self._turn, spans[to][0], select)
        elif to < 0 and self._turn > 0:
            before = self.desk.sitting.interview.turns[self._turn - 1]
            self._move(self._turn - 1, word_places.words(before.text)[-1][0], select)
        elif to >= len(spans) and self._turn + 1 < len(self._first):
            self._move(self._turn + 1, 0, select)

    def action_line(self, step: int, select: bool = False) -> None:
        if not self.rows:
            return
        line = wrapped(self.desk.turn.text, self.measure)
        at = self.desk.sitting.place.at
        column = column_of(self.desk.turn.text, line[line_of(line, at)], at)
        row = self._row_of_cursor() + step
        while 0 <= row < len(self.rows) and self.rows[row].line is None:
            row += step
        if 0 <= row < len(self.rows):
            self._move_to(row, column, select)

    def action_page(self, step: int) -> None:
        if not self.rows:
            return
        row = self._row_of_cursor() + step * max(self.scrollable_content_region.height - 2, 1)
        row = min(max(row, 0), len(self.rows) - 1)
        while row > 0 and self.rows[row].line is None:
            row -= 1
        self._move_to(row, 0)

    def _move_to(self, row: int, column: int, select: bool = False) -> None:
        """The cursor to the word at a column of a row with words."""
        line, turn = self.rows[row].line, self.rows[row].turn
        if line is not None:
            text = self.desk.sitting.interview.turns[turn].text
            self._move(turn, letter_at(text, line, column), select)

    def action_end_of_turn(self, step: int) -> None:
        spans = word_places.words(self.desk.turn.text)
        self._move(self._turn, spans[-1 if step > 0 else 0][0])

    def action_end_of_interview(self, step: int) -> None:
        turns = self.desk.sitting.turns or self.desk.sitting.interview.turns
        position = self.desk.sitting.interview.position
        self._move(position[turns[-1 if step > 0 else 0].id], 0)

    def action_select(self) -> None:
        if self._is_selecting:
            self._is_selecting = False
        else:
            self._is_selecting, self._anchor = True, self.desk.sitting.place.at
        self.desk.look()

    def action_select_sentence(self) -> None:
        text, place = self.desk.turn.text, self.desk.sitting.place.at
        sentences = word_places.sentences(text)
        selected = self.selection
        number = word_places.at(sentences, selected[1] - 1 if selected else place)
        if selected and selected[0] <= sentences[number][0] and number + 1 < len(sentences):
            spans = word_places.words(text)
            ends = spans[word_places.at(spans, sentences[number][1])][1]
            number += selected[1] >= ends
        begin = min(selected[0], sentences[number][0]) if selected else sentences[number][0]
        self.select((begin, sentences[number][1]))
        self.desk.look()

    # --- mouse ------------------------------------------------------------------------------------

    def _under(self, event: events.MouseEvent) -> tuple[int, int] | None:
        """The row and the column of the words under the mouse."""
        row = event.y + self.scroll_offset.y
        return (row, event.x - self._gutter) if 0 <= row < len(self.rows) else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        under = self._under(event)
        if under is None or event.button != 1:
            return
        row, column = self.rows[under[0]], under[1]
        self._drags = False
        self.unselect()
        if row.code is not None and column > self.measure:
            turn = self.desk.sitting.interview.turns[row.turn]
            span = self.desk.sitting.span_at(row.code, turn.id)
            self._move(row.turn, span[0] if span else 0)
            self.desk.choose(row.code)
            self.desk.look()
        elif row.line is not None:
            self._move_to(under[0], max(column, 0))
            self._drags = True
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if not self._drags:
            return
        if not event.button:
            self._end_drag()
            return
        under = self._under(event)
        if under is not None and self.rows[under[0]].line is not None:
            self._move_to(under[0], max(under[1], 0), select=True)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        self._end_drag()

    def _end_drag(self) -> None:
        if self._drags:
            self._drags = False
            self.release_mouse()
