"""The data structure: initial codes → focused codes → categories, in three columns (Gioia, Corley &
Hamilton 2013), with what does not fit beside each.

What stands in no category, takes up nothing, or holds nothing is drawn too. A line runs straight
from its label to the edge of the column, and bends only between columns: it crosses no words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gtpipe.analysis.focused_codes import not_taken_up
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, CodeRef
from gtpipe.model.plural import count
from gtpipe.model.problems import Problem, refusal
from gtpipe.model.records import Category
from gtpipe.render.figures.drawing import Curve, Drawing, Part, Point, Words
from gtpipe.render.figures.labels import (
    MARGIN,
    SIZE,
    SMALL,
    SMALL_STEP,
    Entry,
    Link,
    does_not_fit,
    in_words,
    note_on,
    shortened,
)
from gtpipe.render.figures.letters import broken, width
from gtpipe.render.palette import signs
from gtpipe.render.theory import LaidOut
from gtpipe.study import Corpus

TITLE = "Data structure"
MOST_CODES = 1000
"""Of initial and focused codes: what one picture still holds."""
_ROOMS, _GAPS = (220, 200, 180), (52, 48)
_LEAD = 10  # what a line goes straight at least, behind the widest label
_BETWEEN_CODES, _BETWEEN_CATEGORIES = 12, 26
_TEXT = 12  # the size of initial codes
_HEAD = 30  # the room for what the columns are called


def draw(laid: LaidOut, corpus: Corpus, link: Link | None = None) -> Drawing:
    """The three columns; where there is no focused code, or too many, a drawing that says so."""
    problem = cannot_be_drawn(laid)
    if problem:
        return in_words(TITLE, problem)
    return _Columns(laid, corpus, link or (lambda code: "")).drawing()


def cannot_be_drawn(laid: LaidOut) -> Problem | None:
    """Why there is no picture of this data structure."""
    if not laid.focused and not laid.theory.categories:
        do = "`gtpipe guide focused-codes` shows how to write one"
        return refusal(f"No {FOCUSED.noun} yet", do)
    number = len(laid.focused) + sum(len(code.takes_up) for code in laid.focused.values())
    if number > MOST_CODES:
        return refusal(
            f"Too much for one picture: {count(number, 'code')} on two levels",
            f"At most {MOST_CODES:,} are drawn; lineage.csv has them all",
        )
    return None


@dataclass
class _Row:
    """A focused code with the initial codes that are drawn at it."""

    code: CodeRef
    entry: Entry
    initial: list[tuple[CodeRef, Entry]]

    @property
    def colour(self) -> str:
        return self.entry.colour

    @property
    def left(self) -> float:
        """The height of its initial codes."""
        return sum(entry.height for _, entry in self.initial)

    @property
    def height(self) -> float:
        return max(self.left, self.entry.height)


@dataclass
class _Group:
    """A category with its focused codes; or those of none, with a word for that."""

    code: CodeRef | None
    entry: Entry
    rows: list[_Row]

    @property
    def inner(self) -> float:
        """The height of its focused codes."""
        return sum(row.height for row in self.rows) + _BETWEEN_CODES * max(len(self.rows) - 1, 0)

    @property
    def height(self) -> float:
        return max(self.inner, self.entry.height)


class _Columns:
    """The columns: what stands in each, and from where to where lines lead."""

    def __init__(self, laid: LaidOut, corpus: Corpus, link: Link) -> None:
        self.laid, self.link = laid, link
        self.current = corpus.current
        material, codings = corpus.material, corpus.codings
        self.left_out = len(not_taken_up(material, codings, corpus.current))
        with_parked = not_taken_up(material, codings, corpus.current, parked=True)
        self.parked = len(with_parked) - self.left_out
        self.signs = signs(laid.focused)
        self.rows: dict[CodeRef, _Row] = {}
        self.groups: list[_Group] = []
        self.drawn: set[str] = set()  # initial codes
        for category in _parts_behind(laid.theory.categories):
            rows = [
                self._row(named.label) for named in category.focused if self._is_due(named.label)
            ]
            code = CodeRef(CATEGORY, category.label)
            self.groups.append(_Group(code, self._category(category), rows))
        if rows := [self._row(label) for label in laid.focused if self._is_due(label)]:
            words = f"in no {CATEGORY.noun} yet"
            self.groups.append(_Group(None, _aside(words), rows))

    def _is_due(self, label: str) -> bool:
        """Whether a focused code is there, and has no row yet."""
        return label in self.laid.focused and CodeRef(FOCUSED, label) not in self.rows

    def _category(self, category: Category) -> Entry:
        code = CodeRef(CATEGORY, category.label)
        below = f"part of {category.part_of.label}" if category.part_of else ""
        if not category.focused:
            below += f"{', ' if below else ''}holds no {FOCUSED.noun} itself"
        return Entry(
            f"{CATEGORY.noun}: {category.label}",
            broken(category.label, _ROOMS[2], SIZE + 1, bold=True),
            SIZE + 1,
            bold=True,
            below=broken(below, _ROOMS[2], SMALL),
            note=note_on(code, self.laid, _ROOMS[2]),
            link=self.link(code),
        )

    def _row(self, label: str) -> _Row:
        """A focused code, with the initial codes that no other one before it has."""
        code, sign = CodeRef(FOCUSED, label), self.signs[label]
        mark = f"{sign.number}"
        entry = Entry(
            f"{FOCUSED.noun} {mark}: {label}",
            broken(label, _ROOMS[1], SIZE, bold=True),
            SIZE,
            f"hue-{sign.hue}",
            bold=True,
            mark=mark,
            note=note_on(code, self.laid, _ROOMS[1]),
            link=self.link(code),
        )
        taken_up = self._taken_up(label)
        initial = [(each, self._initial(each)) for each in taken_up if each.label not in self.drawn]
        self.drawn |= {each.label for each in taken_up}
        if not taken_up:
            initial.append((code, _aside("takes up no code")))
        self.rows[code] = row = _Row(code, entry, initial)
        return row

    def _taken_up(self, label: str) -> list[CodeRef]:
        named = (self.current.get(n.label, n.label) for n in self.laid.focused[label].takes_up)
        return [CodeRef(INITIAL, each) for each in dict.fromkeys(named)]

    def _incidents(self, code: CodeRef) -> int:
        return len(self.laid.holdings.of(code))

    def _initial(self, code: CodeRef) -> Entry:
        number = self._incidents(code)
        return Entry(
            f"{code.label}: {count(number, 'incident')}",
            broken(code.label, _ROOMS[0], _TEXT),
            _TEXT,
            behind=f"{number}",
            link=self.link(code),
        )

    def drawing(self) -> Drawing:
        columns = (
            [entry for row in self.rows.values() for _, entry in row.initial],
            [row.entry for row in self.rows.values()],
            [group.entry for group in self.groups],
        )
        heads = ("initial codes", FOCUSED.nouns, CATEGORY.nouns)
        wide = [
            max([width(head, SMALL), *(entry.width for entry in column)])
            for head, column in zip(heads, columns, strict=True)
        ]
        first = MARGIN + wide[0] + _LEAD
        edges = (first, first + _GAPS[0] + wide[1] + _LEAD)
        left = (MARGIN, edges[0] + _GAPS[0], edges[1] + _GAPS[1])
        labels: list[Part] = [
            Words(x, MARGIN + SMALL, head[0].upper() + head[1:], SMALL, "soft")
            for x, head in zip(left, heads, strict=True)
        ]
        placed, below = self._placed(left)
        labels += [entry.drawn(*corner) for entry, corner in placed.values()]
        lines = [
            _line(placed[start], edges[level], placed[end], self.rows[code].colour)
            for level, code, start, end in self._lines()
        ]
        total = left[2] + wide[2] + MARGIN
        foot, below = _foot(self._said(), below + 14, max(total, 420) - 2 * MARGIN)
        total = max([total, *(words.x + width(words.text, SMALL) + MARGIN for words in foot)])
        description = " ".join(self._description())
        return Drawing(total, below + MARGIN / 2, TITLE, description, (*lines, *labels, *foot))

    def _placed(
        self, left: tuple[float, float, float]
    ) -> tuple[dict[CodeRef | str, _Placed], float]:
        """Each entry with its upper left corner, and where all end; words that are no code go by
        their place.
        """
        placed: dict[CodeRef | str, _Placed] = {}
        y: float = MARGIN + _HEAD
        for number, group in enumerate(self.groups):
            top = y + (group.height - group.entry.height) / 2
            placed[group.code or f"group {number}"] = group.entry, (left[2], top)
            at = y + (group.height - group.inner) / 2
            for row in group.rows:
                placed[row.code] = row.entry, (left[1], at + (row.height - row.entry.height) / 2)
                down = at + (row.height - row.left) / 2
                for code, entry in row.initial:
                    key = code if code.level == INITIAL else f"{code.label} takes up nothing"
                    placed[key] = entry, (left[0], down)
                    down += entry.height
                at += row.height + _BETWEEN_CODES
            y += group.height + _BETWEEN_CATEGORIES
        return placed, y - _BETWEEN_CATEGORIES

    def _lines(self) -> Iterator[tuple[int, CodeRef, CodeRef, CodeRef]]:
        """Lines: behind which column, whose colour, from where, to where."""
        for code in self.rows:
            for initial in self._taken_up(code.label):
                yield 0, code, initial, code
        for category in self.laid.theory.categories:
            for named in category.focused:
                code = CodeRef(FOCUSED, named.label)
                if code not in self.rows:
                    continue  # an error of the file, which others tell
                yield 1, code, code, CodeRef(CATEGORY, category.label)

    def _said(self) -> list[str]:
        """What stands under the columns."""
        said = []
        if self.drawn:
            said.append(
                "A number behind an initial code: its incidents. It does not say how much the code "
                "matters."
            )
        if self.left_out:
            are = "is" if self.left_out == 1 else "are"
            said.append(
                f"Not drawn: {count(self.left_out, 'initial code')} that {are} not taken up"
                + (f", and {self.parked} parked." if self.parked else ".")
            )
        elif self.parked:
            said.append(f"Not drawn: {count(self.parked, 'initial code')}, parked.")
        return said

    def _description(self) -> Iterator[str]:
        held: dict[str, list[str]] = {}
        for category in self.laid.theory.categories:
            for named in category.focused:
                held.setdefault(named.label, []).append(shortened(category.label))
        for code in self.rows:
            taken = ", ".join(
                f"{shortened(each.label)} ({self._incidents(each)})"
                for each in self._taken_up(code.label)
            )
            into = " and ".join(held.get(code.label, [])) or f"no {CATEGORY.noun} yet"
            yield (
                f"{FOCUSED.noun.capitalize()} {shortened(code.label)}, in {into}, takes up "
                f"{taken or 'no code'}."
            )
        for category in self.laid.theory.categories:
            if not category.focused:
                label = shortened(category.label)
                yield f"{CATEGORY.noun.capitalize()} {label} holds no {FOCUSED.noun} itself."
        things = [*self.rows, *(group.code for group in self.groups if group.code)]
        yield from does_not_fit(things, self.laid)
        yield from self._said()


_Placed = tuple[Entry, Point]


def _aside(words: str) -> Entry:
    """Words where a label would stand, and there is none."""
    return Entry(words, broken(words, 200, SMALL), SMALL, "soft", italic=True)


def _line(start: _Placed, edge: float, end: _Placed, colour: str) -> Part:
    """From the end of a label straight to the edge of its column, then in a bend to another."""
    (entry, corner), (other, to) = start, end
    x, y = entry.end(*corner)
    arrives = (to[0] - 6, to[1] + other.own / 2)
    turn, middle = (edge, y), (edge + arrives[0]) / 2
    bend = ((middle, y), (middle, arrives[1]), arrives)
    return Curve(((x, y), (x, y), turn, turn, *bend), colour)


def _parts_behind(categories: Iterable[Category]) -> list[Category]:
    """In the order of the file, but each subcategory behind what it is part of."""
    categories = list(categories)
    labels = {category.label for category in categories}
    found: dict[str, Category] = {}

    def add(category: Category) -> None:
        if category.label not in found:
            found[category.label] = category
            for other in categories:
                if other.part_of and other.part_of.label == category.label:
                    add(other)

    for category in categories:
        if category.part_of is None or category.part_of.label not in labels:
            add(category)
    for category in categories:  # those that are parts of each other
        add(category)
    return list(found.values())


def _foot(said: list[str], y: float, room: float) -> tuple[list[Words], float]:
    found = []
    for text in said:
        for line in broken(text, room, SMALL).lines:
            y += SMALL_STEP
            found.append(Words(MARGIN, y, line, SMALL, "soft"))
    return found, y + 8
