"""The theory as a model: categories, their parts, focused codes and relations, with what speaks for
and against them; what does not fit stands at what it contradicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from gtpipe.analysis.theory import DEEPEST, way_up
from gtpipe.model.approach import spoken
from gtpipe.model.level import CATEGORY, FOCUSED, RELATION, CodeRef, MaybeLevel
from gtpipe.model.plural import count
from gtpipe.model.problems import Problem, refusal
from gtpipe.model.records import Relation, Theory
from gtpipe.render.figures import graph
from gtpipe.render.figures.drawing import (
    Box,
    Curve,
    Drawing,
    Flag,
    Part,
    Point,
    Together,
    Words,
    stacked,
)
from gtpipe.render.figures.labels import (
    MARGIN,
    SIZE,
    SMALL,
    SMALL_STEP,
    STEP,
    Link,
    Note,
    does_not_fit,
    in_words,
    note_on,
    shortened,
    titled,
)
from gtpipe.render.figures.letters import NO_LABEL, Label, broken, width
from gtpipe.render.palette import Sign, signs
from gtpipe.render.theory import LaidOut, contradicting, supporting

TITLE = "The theory"
MOST_BOXES, MOST_RELATIONS, MOST_LINES = 120, 60, 200
"""More than that nobody reads in a picture, and it would take minutes to lay out."""
MOST_LENGTH = 1_000
DOTTED = "0.1 4.5"
_ROOM, _PAD = 170, 10


def draw(laid: LaidOut, link: Link | None = None) -> Drawing:
    """The model; where it has nothing to show, or too much, a drawing that says so."""
    problem = cannot_be_drawn(laid)
    if problem:
        return in_words(TITLE, problem)
    model = _Model(laid, link or (lambda code: ""))
    at = graph.lay_out(
        [box.size for box in model.boxes.values()], [line.asked for line in model.lines], MARGIN
    )
    lines = [line.drawn(laid_line) for line, laid_line in zip(model.lines, at.lines, strict=True)]
    boxes = [box.drawn(corner) for box, corner in zip(model.boxes.values(), at.boxes, strict=True)]
    legend, wide, high = _legend(model, at.size[1])
    return Drawing(max(at.size[0], wide), high, TITLE, description(laid), (*lines, *boxes, *legend))


def cannot_be_drawn(laid: LaidOut) -> Problem | None:
    """Why there is no picture of this theory."""
    theory = laid.theory
    if not theory.categories and not theory.relations:
        return refusal(f"No {CATEGORY.noun} yet", "`gtpipe guide theory` shows how to write one")
    by_label = {category.label: category for category in theory.categories}
    if any(len(way_up(category, by_label)) > DEEPEST for category in theory.categories):
        return refusal(
            f"Too deep for a picture: a {CATEGORY.noun} with more than {DEEPEST} levels above it",
            "All of it is in theory.md",
        )
    held = {named.label for category in theory.categories for named in category.focused}
    boxes = len(theory.categories) + len(held)
    relations = len(theory.relations)
    lines = relations + sum(len(category.focused) for category in theory.categories)
    if boxes > MOST_BOXES or relations > MOST_RELATIONS or lines > MOST_LINES:
        return refusal(
            f"Too much for one picture: {count(len(theory.categories), *_both(CATEGORY))}, "
            f"{count(len(held), *_both(FOCUSED))}, {count(relations, 'relation')}",
            f"At most {MOST_BOXES} boxes, {MOST_RELATIONS} relations and {MOST_LINES} lines are "
            "drawn; theory.md has them all",
        )
    if _length(theory) > MOST_LENGTH:
        return refusal(
            "Too long for a picture: lines that lead past many others", "All of it is in theory.md"
        )
    return None


def _length(theory: Theory) -> int:
    """By how many rows the lines of a picture lead on, all together: what laying it out hangs on.
    Things that lead round in a circle stand in no more rows than there are things.
    """
    lines = [(one.source.label, one.target.label) for one in theory.relations]
    for category in theory.categories:
        lines += [(named.label, category.label) for named in category.focused]
        lines += [(category.label, category.part_of.label)] if category.part_of else []
    row = dict.fromkeys((end for line in lines for end in line), 0)
    for _ in row:
        moved = False
        for start, end in lines:
            if row[end] <= row[start] < len(row):
                row[end], moved = row[start] + 1, True
        if not moved:
            break
    return sum(abs(row[end] - row[start]) for start, end in lines)


def _both(level: MaybeLevel) -> tuple[str, str]:
    return spoken().noun(level), spoken().noun(level, 2)


# --- boxes ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Thing:
    """A box of the model."""

    code: CodeRef
    title: str
    label: Label
    sign: Sign | None
    note: Note | None
    link: str

    @property
    def _is_bold(self) -> bool:
        return self.code.level == CATEGORY

    @property
    def _number(self) -> float:
        """The room for its number."""
        return width(f"{self.sign.number}", SIZE, True) + 7 if self.sign else 0

    @property
    def _own(self) -> float:
        """The height of the box without its note."""
        return STEP * len(self.label.lines) + 14

    @property
    def size(self) -> graph.Size:
        wide = self.label.width + self._number
        noted = self.note.height + 9 if self.note else 0
        return max(wide, self.note.width if self.note else 0, 60) + 2 * _PAD, self._own + noted

    def drawn(self, corner: Point) -> Part:
        x, y = corner
        wide, high = self.size
        is_category, hue = self.code.level == CATEGORY, f"hue-{self.sign.hue}" if self.sign else ""
        line = "ink" if is_category else hue or "soft"
        parts: list[Part] = []
        if self.note:
            left, right, top = x + 6, x + wide - 6, y + self._own
            around = ((left, top), (left, y + high), (right, y + high), (right, top))
            parts.append(Curve(around, line, 0.8, "3 2", straight=True))
            parts += self.note.drawn(x + _PAD, y + self._own + 3)
        rounded = 3 if is_category else 9
        parts.append(
            Box(x, y, wide, self._own, line=line, thick=2 if is_category else 1.4, round=rounded)
        )
        inner = self.label.width + self._number
        start, base = x + (wide - inner) / 2, y + 7 + SIZE - 1
        if self.sign:
            parts.append(Words(start, base, f"{self.sign.number}", SIZE, hue, bold=True))
        first = Words(start + self._number, base, "", SIZE, bold=self._is_bold)
        parts += stacked(first, self.label.lines, STEP)
        return Together(titled(self.title, self.note), tuple(parts), self.link)


# --- lines ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Line:
    """A line of the model, its label in the middle: what it is, then in small type how it stands,
    then what contradicts it.
    """

    start: int
    end: int
    colour: str
    thick: float = 1
    arrow: bool = False
    dash: str = ""
    title: str = ""
    link: str = ""
    kind: Label = NO_LABEL
    support: str = ""
    note: Note | None = None
    back: bool = False

    @property
    def _label(self) -> graph.Size:
        if not self.kind.lines:
            return 0, 0
        wide = max(self.kind.width, width(self.support, SMALL), self.note.width if self.note else 0)
        high = STEP * len(self.kind.lines) + (SMALL_STEP if self.support else 0)
        return wide, high + (self.note.height if self.note else 0)

    @property
    def asked(self) -> graph.Line:
        """What is asked of the layout."""
        wide, high = self._label
        room = (wide + 12, high + 6) if wide else (0.0, 0.0)
        return graph.Line(self.start, self.end, room, self.arrow, self.back)

    def drawn(self, at: graph.LaidLine) -> Part:
        parts: list[Part] = [Curve(at.points, self.colour, self.thick, self.dash, at.tip)]
        if at.label:
            high = self._label[1]
            x, y = at.label[0], at.label[1] - high / 2
            first = Words(x, y + SIZE - 1, "", SIZE, bold=bool(self.support), anchor="middle")
            if not self.support:
                first = Words(x, y + SIZE - 1, "", SMALL, "soft", italic=True, anchor="middle")
            parts += stacked(first, self.kind.lines, STEP)
            y += STEP * len(self.kind.lines)
            if self.support:
                parts.append(Words(x, y + SMALL, self.support, SMALL, anchor="middle"))
                y += SMALL_STEP
            if self.note:
                parts += self.note.drawn(x - self.note.width / 2, y)
        return Together(titled(self.title, self.note), tuple(parts), self.link)


@dataclass
class _Model:
    """Boxes and lines, in the order of the files."""

    laid: LaidOut
    link: Link
    boxes: dict[CodeRef, _Thing] = field(default_factory=dict)
    lines: list[_Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.signs = signs(self.laid.focused)
        categories = self.laid.theory.categories
        for category in categories:
            self._box(CATEGORY, category.label)
            for named in category.focused:
                self._box(FOCUSED, named.label)
        for category in categories:
            for named in category.focused:
                self._held(named.label, category.label)
            if category.part_of:
                self._part(category.label, category.part_of.label)
        for relation in self.laid.theory.relations:
            self._relation(relation)

    def _box(self, level: MaybeLevel, label: str) -> int:
        """The number of a box, which is added where it is not there."""
        code = CodeRef(level, label)  # type: ignore[arg-type]
        if code not in self.boxes:
            sign = self.signs.get(label) if level == FOCUSED else None
            bold = level == CATEGORY
            noun = spoken().noun(level) if level else ""
            named = f"{noun} {sign.number}" if sign else noun
            self.boxes[code] = _Thing(
                code,
                f"{named}: {label}",
                broken(label, _ROOM, SIZE, bold=bold),
                sign,
                note_on(code, self.laid, _ROOM),
                self.link(code) if level else "",
            )
        return list(self.boxes).index(code)

    def _held(self, focused: str, category: str) -> None:
        sign = self.signs.get(focused)
        colour = f"hue-{sign.hue}" if sign else "soft"
        start, end = self._box(FOCUSED, focused), self._box(CATEGORY, category)
        self.lines.append(_Line(start, end, colour))

    def _part(self, part: str, whole: str) -> None:
        start, end = self._box(CATEGORY, part), self._box(CATEGORY, whole)
        kind = broken("part of", _ROOM, SMALL)
        self.lines.append(_Line(start, end, "soft", arrow=True, kind=kind))

    def _relation(self, relation: Relation) -> None:
        ends = [(self.laid.level_of(end), end.label) for end in (relation.source, relation.target)]
        start, end = (self._box(*end) for end in ends)
        first, second = (self._height(*end) for end in ends)
        code = CodeRef(RELATION, relation.sentence)
        supported = supports(relation, self.laid)
        self.lines.append(
            _Line(
                start,
                end,
                "ink",
                1.7,
                arrow=True,
                dash="" if supported else DOTTED,
                title=f"{relation.sentence}: {balance(relation, self.laid)}",
                link=self.link(code),
                kind=broken(relation.kind or "related to", _ROOM, SIZE, bold=True),
                support=balance(relation, self.laid),
                note=note_on(code, self.laid, _ROOM, "against: "),
                back=first > second,
            )
        )

    def _height(self, level: MaybeLevel, label: str, seen: frozenset[str] = frozenset()) -> int:
        """How many levels of the theory stand below a box."""
        if level != CATEGORY or label in seen:
            return 0
        parts = (c for c in self.laid.theory.categories if c.part_of and c.part_of.label == label)
        return 1 + max((self._height(CATEGORY, c.label, seen | {label}) for c in parts), default=0)


def supports(relation: Relation, laid: LaidOut) -> int:
    """How many incidents support a relation, those left out that contradict it."""
    return len({laid.place(incident) for incident in supporting(relation, laid)})


def balance(relation: Relation, laid: LaidOut) -> str:
    """`3 for, 2 against`."""
    against = len(contradicting(CodeRef(RELATION, relation.sentence), laid))
    return f"{supports(relation, laid)} for, {against} against"


# --- what it says, in words -----------------------------------------------------------------------


def _legend(model: _Model, y: float) -> tuple[tuple[Part, ...], float, float]:
    """What the signs mean, those that are there; how wide it stands, and where it ends."""
    entries: list[tuple[Part, str]] = []
    x = float(MARGIN)
    focused, category = (noun for noun, _ in map(_both, (FOCUSED, CATEGORY)))

    def line(at: float, dash: str = "", tip: bool = True, colour: str = "ink") -> Curve:
        end = (at + 24, y + 8)
        points = ((at, y + 8), (at + 15 if tip else at + 24, y + 8))
        return Curve(points, colour, 1.7, dash, end if tip else None, straight=True)

    def signs_shown() -> Iterator[tuple[Callable[[float], Part], str]]:
        levels = {code.level for code in model.boxes}
        if CATEGORY in levels:
            yield lambda at: Box(at, y + 2, 24, 12, thick=2, round=3), category
        if FOCUSED in levels:
            yield lambda at: Box(at, y + 2, 24, 12, line="soft", thick=1.4, round=6), focused
        relations = [one for one in model.lines if one.support]
        if any(not one.dash for one in relations):
            yield line, "relation"
        if any(one.dash for one in relations):
            yield lambda at: line(at, DOTTED), "relation that nothing supports yet"
        if any(box.note for box in model.boxes.values()) or any(one.note for one in relations):
            yield lambda at: Flag(at + 9, y + 14), "what does not fit, or speaks against it"

    for sign, text in signs_shown():
        entries += [(sign(x), ""), (Words(x + 30, y + 12, text, SMALL, "soft"), "")]
        x += 30 + width(text, SMALL) + 18
    return tuple(part for part, _ in entries), x - 18 + MARGIN, y + 22 + MARGIN / 2


def description(laid: LaidOut) -> str:
    """What the model shows, sentence by sentence."""
    theory, said = laid.theory, []
    for category in theory.categories:
        part = f", part of {shortened(category.part_of.label)}" if category.part_of else ""
        held = ", ".join(shortened(named.label) for named in category.focused)
        said.append(
            f"{CATEGORY.noun.capitalize()} {shortened(category.label)}{part}: "
            + (f"{FOCUSED.nouns} {held}." if held else f"no {FOCUSED.noun}.")
        )
    for relation in theory.relations:
        said.append(f"{shortened(relation.sentence)}: {balance(relation, laid)}.")
    held_labels = [named.label for category in theory.categories for named in category.focused]
    things = [CodeRef(CATEGORY, category.label) for category in theory.categories]
    things += [CodeRef(FOCUSED, label) for label in dict.fromkeys(held_labels)]
    things += [CodeRef(RELATION, relation.sentence) for relation in theory.relations]
    said += does_not_fit(things, laid)
    return " ".join(said)
