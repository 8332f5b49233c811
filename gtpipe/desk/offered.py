"""Suggestions for the turn under the cursor, with where each comes from and why: taken, edited or
rejected. They are shown when they are asked for.
"""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from gtpipe.desk import keys
from gtpipe.desk.rows import FAINT, STRONG, Line, Part, Row, Rows, said
from gtpipe.suggest.records import GERUND, IN_VIVO, YOURS, Suggestion

SOURCES = {YOURS: "your code", GERUND: "action", IN_VIVO: "in vivo"}
WAIT = "Suggestions are shown after a code of yours; s shows them now."
NOT_YET = "Suggestions wait until you have coded in another interview; s shows them now."
LEARNING = "Learning from your codes …"


class Offered(Rows):
    """What a row is about is a Suggestion."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings(keys.OFFERED),
        *(Binding(f"{n}", f"take({n})", f"Take suggestion {n}") for n in range(1, 10)),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._asked_at: tuple[str, str] | None = None  # the turn where `s` was pressed
        self._wanted = False

    @property
    def is_wanted(self) -> bool:
        """Whether the pane is there."""
        return self._wanted or self.desk.offers

    @property
    def suggestion(self) -> Suggestion | None:
        """The suggestion under the cursor."""
        about = self.about
        return about if isinstance(about, Suggestion) else None

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """Those that are shown."""
        return tuple(row.about for row in self._rows if isinstance(row.about, Suggestion))

    def same(self, label: str) -> Suggestion | None:
        """The shown suggestion that a typed label says."""
        from gtpipe.commands import answer

        return answer.offered(self.suggestions, label)

    def look(self) -> None:
        if not (self.is_wanted and self.is_seen):
            return
        sitting, suggesting = self.desk.sitting, self.desk.suggesting
        waits = self._waits()
        if not waits:
            suggesting.begin()
        found = suggesting.at() if not waits and suggesting.is_ready else ()
        key = (sitting.place[:2], waits, suggesting.is_ready, found, self.size)
        if key == self.seen:
            return
        is_elsewhere = not isinstance(self.seen, tuple) or self.seen[0] != sitting.place[:2]
        self.seen = key
        rows = [self._row(number, one) for number, one in enumerate(found, 1)]
        if waits or not suggesting.is_ready:
            rows = [Row(said(waits or LEARNING, self.columns))]
        elif not rows:
            rows = [Row(said("Nothing to suggest here.", self.columns))]
        rows += [Row(said(remark, self.columns)) for remark in suggesting.remarks]
        head: list[Line] = [(Part("Suggestions", STRONG),)]
        if found:
            head.append((Part("Enter takes · e edits · r rejects", FAINT),))
        self.show(head, rows, keeps=not is_elsewhere)
        self.moved()

    def _row(self, number: int, one: Suggestion) -> Row:
        told = f"{SOURCES[one.source]} · {' '.join(one.reason.split())}"
        label: Line = (Part(f"{number} ", STRONG), Part(one.label))
        lines = said(told, self.columns - 2, FAINT, 3)
        return Row((label, *((Part("  "), *line) for line in lines)), one)

    def _waits(self) -> str:
        """Why nothing is shown at this turn; '' where something is."""
        sitting = self.desk.sitting
        if self._asked_at == sitting.place[:2]:
            return ""
        if not sitting.corpus.codings.interviews - {sitting.interview.name}:
            return NOT_YET
        return "" if any(sitting.place.turn in c.stands_at for c in sitting.mine) else WAIT

    def suggest(self) -> None:
        """Show suggestions for the turn under the cursor, or hide them."""
        desk = self.desk
        here = desk.sitting.place[:2]
        if self.has_keys and self._asked_at == here:
            self._wanted, self._asked_at, desk.offers = False, None, False
            desk.show_pane("compare")
            desk.focus_pane("words")
            return
        self._wanted, self._asked_at = True, here
        desk.focus_pane("offered")
        self.look_anew()

    def moved(self) -> None:
        with self.desk.telling():
            self.desk.compare.look()

    def chosen(self, about: object) -> None:
        if isinstance(about, Suggestion):
            self._take(about)

    def action_take(self, number: int) -> None:
        found = self.suggestions
        if number <= len(found):
            self._take(found[number - 1])
        else:
            self.desk.tell(f"No suggestion {number} here.")

    def _take(self, one: Suggestion) -> None:
        desk = self.desk
        desk.act(lambda: desk.sitting.take(one))

    def action_edit(self) -> None:
        if one := self.suggestion:
            self.desk.prompt.edit(one)

    def action_reject(self) -> None:
        desk = self.desk
        if one := self.suggestion:
            desk.act(lambda: desk.sitting.reject([one]))
