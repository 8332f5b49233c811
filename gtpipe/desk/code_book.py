"""The code book beside the words: filtered by what is typed, in the order wanted; the definition of
the code under the cursor below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from textual.binding import BindingType

from gtpipe.desk import keys
from gtpipe.desk.known_codes import FIT, NAME, ORDERS, RECENT, KnownCode, KnownCodes, given_lately
from gtpipe.desk.marks import marks
from gtpipe.desk.rows import FAINT, NOTE, PLAIN, STRONG, Line, Part, Row, Rows, ShortRows, said
from gtpipe.model.level import INITIAL, CodeRef
from gtpipe.model.plural import count
from gtpipe.store.layout import LOG

_HELD = Style(bold=True)


class CodeBook(Rows):
    """The initial codes of the study. What a row is about is a CodeRef."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.BOOK)]

    order = RECENT
    _typed = ""
    _sorted_by: object = None
    _known: tuple[object, KnownCodes] | None = None
    _lately: tuple[int, list[KnownCode]] | None = None

    @property
    def known(self) -> KnownCodes:
        """The codes as they are counted now."""
        sitting = self.desk.sitting
        if self._known is None or self._known[0] is not sitting.corpus:
            self._known = (
                sitting.corpus,
                KnownCodes.of(sitting.counts, sitting.corpus.material.codebook),
            )
        return self._known[1]

    @property
    def code(self) -> CodeRef | None:
        """The code under the cursor."""
        about = self.about
        return about if isinstance(about, CodeRef) else None

    def look(self) -> None:
        sitting = self.desk.sitting
        here = {c.code for c in sitting.codings_at(sitting.place.turn) if c.level == INITIAL}
        fit = self.desk.suggesting.fitting() if self.order == FIT and not self._typed else ()
        marked = tuple(self.desk.compare.marked)
        key = (sitting.changed, self._typed, self.order, fit, here, marked, self.size)
        if self.is_seen and key != self.seen:
            self.seen = key
            self._show(here, marked, fit)

    def filter(self, typed: str) -> None:
        """Show the codes that what is typed may mean; all where nothing is."""
        if typed != self._typed:
            self._typed = typed
            self.look()

    def _show(self, here: set[str], marked: Sequence[CodeRef], fit: Sequence[str]) -> None:
        codes = self.known.matching(self._typed) if self._typed else self._ordered(fit)
        of_marked = {code.label for code in marked if code.level == INITIAL}

        def line(number: int) -> Line:
            code = codes[number]
            return (*self._mark(code, here, of_marked), Part(f"{code.incidents}", FAINT, True))

        rows = ShortRows([CodeRef(INITIAL, code.label) for code in codes], line)
        sorted_by = (self.order, self._typed, tuple(fit[:1]))
        self.show([self._says(len(codes))], rows, keeps=sorted_by == self._sorted_by)
        self._sorted_by = sorted_by

    def _mark(self, code: KnownCode, here: set[str], marked: set[str]) -> tuple[Part, ...]:
        """The label; what stands at this turn, or is marked, has a mark before it."""
        if code.label in marked:
            return (Part("x ", STRONG), Part(code.label))
        if code.label in here:
            return (Part(f"{marks().code} "), Part(code.label, _HELD))
        return (Part("  "), Part(code.label))

    def _says(self, number: int) -> Line:
        if self._typed:
            return (
                Part("Code book ", STRONG),
                Part(f'"{self._typed}": {number} of {len(self.known):,}', FAINT),
            )
        how = {RECENT: "recent first", NAME: "by name", FIT: "by fit here"}[self.order]
        if self.order == FIT and not self.desk.suggesting.is_ready:
            how = "by fit (learning)"
        return (Part("Code book ", STRONG), Part(f"{count(number, 'code')}, {how}", FAINT))

    def _ordered(self, fit: Sequence[str]) -> list[KnownCode]:
        """All codes, in the order that is wanted."""
        if self.order == NAME:
            return list(self.known)
        return self.known.beginning_with(fit) if self.order == FIT else self.lately

    @property
    def lately(self) -> list[KnownCode]:
        """All codes, first those given of late: in this sitting, then those the log names, then
        from the last turn coded on.
        """
        sitting = self.desk.sitting
        if self._lately is not None and self._lately[0] == sitting.changed:
            return self._lately[1]
        last = dict.fromkeys(c.code for c in reversed(sitting.corpus.codings) if c.level == INITIAL)
        log = sitting.corpus.snapshot.bytes(LOG) or b""
        found = self.known.beginning_with([*sitting.recent, *given_lately(log), *last])
        self._lately = sitting.changed, found
        return found

    def more(self, row: Row) -> tuple[Line, ...]:
        """What the code means."""
        about = row.about
        known = self.known.get(about.label) if isinstance(about, CodeRef) else None
        if known is None:
            return ()
        text = known.definition or "No definition yet: D writes one."
        lines = said(text, self.columns - 4, NOTE if known.definition else FAINT, 6)
        return tuple((Part("    ", PLAIN), *line) for line in lines)

    def moved(self) -> None:
        with self.desk.telling():
            self.desk.compare.look()

    def chosen(self, about: object) -> None:
        """Give the code to the selected words, or the turn."""
        if isinstance(about, CodeRef):
            self.desk.prompt.give(about.label)

    def action_order(self) -> None:
        self.order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        if self.order == FIT:
            self.desk.suggesting.begin()
        self.look()

    def action_filter(self) -> None:
        self.desk.prompt.look_for_code()
