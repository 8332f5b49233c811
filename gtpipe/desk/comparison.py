"""Constant comparison beside the words: the incidents of the code or suggestion under the cursor,
those of unlike participants first; two marked codes side by side; or what was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len, set_cell_size
from textual.binding import BindingType

from gtpipe.analysis.comparison import side_by_side
from gtpipe.analysis.finding import CODES, WORDS, Hit
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.desk import compared, keys, reading_on
from gtpipe.desk.compared import HeldAgainst, Unlike
from gtpipe.desk.marks import marks
from gtpipe.desk.rows import FAINT, GAP, NOTE, PLAIN, STRONG, Line, Part, Row, Rows, fitted, said
from gtpipe.model.level import FOCUSED, INITIAL, CodeRef
from gtpipe.model.names import one_line
from gtpipe.model.plural import count
from gtpipe.model.records import IncidentKey
from gtpipe.suggest.records import YOURS, Suggestion

MOST = 100  # incidents that are laid out; the report and `gtpipe compare` show them all
LINES = 3  # of an incident's words, where the cursor is not on it
OPEN = 12  # where it is
OWN_WORDS = "From this turn's own words: no earlier incident."
TWO_COLUMNS = 44  # columns of the pane from which two codes stand in two


class Found(NamedTuple):
    """What was looked for, and where it stands."""

    text: str
    hits: tuple[Hit, ...]


class Comparison(Rows):
    """What a row is about is an IncidentKey, or a code that was found."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.COMPARE)]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.marked: list[CodeRef] = []
        self.pinned: CodeRef | Suggestion | None = None
        self.found: Found | None = None
        self._by: list[str] | None = None  # what participants can be told apart by
        self._shown: CodeRef | Suggestion | None = None

    # --- what is compared -------------------------------------------------------------------------

    @property
    def code(self) -> CodeRef | None:
        """The code that is compared: the pinned one, or the one under the cursor."""
        what = self.pinned or self.under_cursor
        return what if isinstance(what, CodeRef) else None

    @property
    def under_cursor(self) -> CodeRef | Suggestion | None:
        """The suggestion or code that is compared where one is in this pane; else the one under the
        cursor of the pane one is in, or of the words.
        """
        desk = self.desk
        if self.has_keys:
            return self._shown
        if desk.offered.has_keys and desk.offered.suggestion:
            return desk.offered.suggestion
        if desk.book.has_keys and desk.book.code:
            return desk.book.code
        coding = desk.coding
        return CodeRef(coding.level, coding.code) if coding else None

    @property
    def _here(self) -> IncidentKey:
        """The incident under the cursor, or its turn."""
        sitting, coding = self.desk.sitting, self.desk.coding
        return coding.incident if coding else IncidentKey(*sitting.place[:2], None)

    @property
    def _unlike(self) -> Unlike:
        material = self.desk.sitting.corpus.material
        if self._by is None:
            self._by = compared.attributes(material)
        return Unlike.by(self._by[0], material)

    def views(self, code: CodeRef) -> tuple[IncidentInContext, ...]:
        """The incidents of a code as far as they are to be seen."""
        sitting = self.desk.sitting
        looking = sitting.corpus.looking
        if code.level == FOCUSED and code.label not in looking.focused:
            return ()  # it was marked, and is gone since
        views = looking.views(code)
        if sitting.shows_others:
            return views
        return compared.seen(views, sitting.interview.name, sitting.coder)

    def look(self) -> None:
        sitting = self.desk.sitting
        what = self.pinned or self.under_cursor
        by = self._by and self._by[0]
        place = sitting.place[:2]
        key = (
            sitting.changed,
            sitting.shows_others,
            what,
            place,
            self._here,
            tuple(self.marked),
            self.found,
            by,
            self.size,
        )
        if self.is_seen and key != self.seen:
            self.seen = key
            if self.found is not None:
                self._show_found(self.found)
            elif len(self.marked) == 2:
                self._show_two(*self.marked)
            else:
                self._show_incidents(what)

    def _show_incidents(self, what: CodeRef | Suggestion | None) -> None:
        self._shown = what
        if what is None:
            self.show(
                [(Part("Compare", STRONG),)], [Row(said("Nothing to compare.", self.columns))]
            )
            return
        here, unlike, material = self._here, self._unlike, self.desk.sitting.corpus.material
        if isinstance(what, CodeRef):
            held = compared.incidents_beside(self.views(what), here, unlike, material)
        else:
            like = what.like if what.source == YOURS else ()
            views = self.views(CodeRef(INITIAL, what.label))
            held = compared.resembled(views, like, here, unlike, material)
        pinned = (Part("pinned", FAINT, True),) if self.pinned else ()
        head: list[Line] = [(Part("Compare ", FAINT), Part(what.label, STRONG), *pinned)]
        head.append((Part(f"{count(len(held), 'other')}, {unlike.told}", FAINT),))
        if not held:
            alone = "First incident of this code." if isinstance(what, CodeRef) else OWN_WORDS
            self.show(head[:1], [Row(said(alone, self.columns))])
            return
        self.show(head, [*self._held(held[:MOST]), *self._rest(len(held))])

    def _held(self, held: Sequence[HeldAgainst]) -> Iterator[Row]:
        """Incidents; above the first that comes later in the study, a word that it does."""
        was_later = False
        for one in held:
            if one.is_later and not was_later:
                yield Row(((Part("Later in the study", FAINT),),))
            was_later = one.is_later
            yield self._incident(one.view, one.value)

    def _incident(self, view: IncidentInContext, value: str = "") -> Row:
        who = view.participant if view.participant != view.interview else ""
        told = " · ".join(filter(None, (who, value)))
        head: Line = (Part(view.place, STRONG), Part(f" · {told}" if told else "", FAINT))
        whole = said(one_line(view.extract), self.columns - 2, PLAIN, OPEN)
        lines, more = whole[:LINES], whole[LINES:]
        if more:
            lines = (*lines[:-1], (*lines[-1], Part(f" {marks().more}", FAINT)))
        notes = tuple(line for _, note in view.notes for line in said(note, self.columns, NOTE, 3))
        return Row((head, *lines), view.key, (*more, *notes))

    def _rest(self, number: int) -> list[Row]:
        if number <= MOST:
            return []
        return [Row(said(f"{number - MOST:,} more: `gtpipe compare` shows all.", self.columns))]

    # --- two codes --------------------------------------------------------------------------------

    def _show_two(self, one: CodeRef, other: CodeRef) -> None:
        interviews = self.desk.sitting.corpus.material.interviews
        sides = side_by_side(self.views(one), self.views(other), interviews)
        shared = [compared.together((*both.ours, *both.theirs)) for both in sides.both]
        alone = (len(sides.ours), len(sides.theirs))
        head: list[Line] = [
            (Part("Side by side", STRONG), Part("alone", FAINT, True)),
            *(
                (Part(code.label), Part(str(number), FAINT, True))
                for code, number in zip((one, other), alone, strict=True)
            ),
        ]
        rows = [Row(((Part(f"Both, in the same words: {len(shared)}", STRONG),),))]
        rows += map(self._incident, shared[:MOST])
        if self.columns >= TWO_COLUMNS:
            rows += [GAP, *self._in_two_columns(one, other, sides.ours, sides.theirs)]
        else:
            for code, views in ((one, sides.ours), (other, sides.theirs)):
                says = f'Only "{code.label}": {len(views)}'
                rows += [GAP, Row(((Part(says, STRONG),),)), *map(self._incident, views[:MOST])]
        self.show(head, rows)

    def _in_two_columns(
        self,
        one: CodeRef,
        other: CodeRef,
        ours: Sequence[IncidentInContext],
        theirs: Sequence[IncidentInContext],
    ) -> Iterator[Row]:
        """What only one of two codes holds: those of the first left, of the second right. A row is
        about the left one, or else the right one.
        """
        width = (self.columns - 3) // 2
        heads = tuple(fitted(f'Only "{code.label}"', width) for code in (one, other))
        yield Row((_two_columns((Part(heads[0], STRONG),), (Part(heads[1], STRONG),), width),))
        for number in range(min(max(len(ours), len(theirs)), MOST)):
            left = self._cell(ours[number], width) if number < len(ours) else ()
            right = self._cell(theirs[number], width) if number < len(theirs) else ()
            lines = []
            for at in range(max(len(left), len(right))):
                lines.append(
                    _two_columns(
                        left[at] if at < len(left) else (),
                        right[at] if at < len(right) else (),
                        width,
                    )
                )
            first = ours[number] if number < len(ours) else theirs[number]
            yield Row(tuple(lines), first.key)

    def _cell(self, view: IncidentInContext, width: int) -> tuple[Line, ...]:
        words = said(one_line(view.extract), width - 2, PLAIN, LINES)
        return ((Part(view.place, STRONG),), *words)

    # --- what was found ---------------------------------------------------------------------------

    def _show_found(self, found: Found) -> None:
        head: list[Line] = [(Part(f'Found "{found.text}" ', STRONG), Part("Esc leaves it", FAINT))]
        rows = []
        for within, name in ((CODES, "In codes"), (WORDS, "In words")):
            hits = [hit for hit in found.hits if hit.within == within]
            says = f"{name}: {len(hits)}"
            if hits:
                rows.append(Row(((Part(says, STRONG),),)))
            rows += [self._hit(hit) for hit in hits[:MOST]] + self._rest_of_found(hits)
        self.show(head, rows or [Row(said("Nothing found.", self.columns))], keeps=False)

    def _hit(self, hit: Hit) -> Row:
        text, _ = hit.in_context
        if hit.within == CODES:
            told = "" if hit.field == "label" else f"{hit.field}: {text}"
            code = CodeRef(hit.level or INITIAL, hit.name)
            lines = said(told, self.columns, FAINT, LINES) if told else ()
            return Row(((Part(code.typed, STRONG),), *lines), code)
        place = IncidentKey(hit.interview, hit.turn, (hit.start, hit.end))
        here = (Part(f"{hit.interview} {hit.turn}", STRONG),)
        return Row((here, *said(text, self.columns, PLAIN, LINES)), place)

    def _rest_of_found(self, hits: Sequence[Hit]) -> list[Row]:
        more = len(hits) - MOST
        told = f"{more:,} more: `gtpipe find` shows all."
        return [Row(said(told, self.columns))] if more > 0 else []

    def show_found(self, text: str, hits: Iterable[Hit]) -> None:
        """What was looked for, in place of the comparison until Escape."""
        self.found = Found(text, tuple(hits))
        self.desk.focus_pane("compare")
        self.look_anew()

    def leave_found(self) -> None:
        """Compare again."""
        if self.found is not None:
            self.found = None
            self.look_anew()

    # --- keys -------------------------------------------------------------------------------------

    def chosen(self, about: object) -> None:
        """Jump to the incident; of a code that was found, compare it."""
        if isinstance(about, CodeRef):
            self.pinned = about
            self.leave_found()
        elif isinstance(about, IncidentKey):
            self.desk.jump_to_incident(about)

    def pin(self) -> None:
        """Keep to the code under the cursor; or follow the cursor again."""
        desk, what = self.desk, self.under_cursor
        was = self.pinned
        self.pinned = None if was is not None else what
        self.found = None
        self._have_seen()
        self.look_anew()
        if was is not None:
            desk.tell("The comparison follows the cursor.")
        elif what is None:
            desk.tell("No code stands at this turn: there is nothing to compare.")
        else:
            desk.tell(f'The comparison keeps to "{what.label}"; c follows the cursor again.')

    def mark(self) -> None:
        """Mark the code under the cursor: two marked ones stand side by side. Of three, the first
        one goes.
        """
        desk, code = self.desk, self.under_cursor
        if not isinstance(code, CodeRef):
            desk.tell("Only a code that was given can be marked.")
            return
        if code in self.marked:
            self.marked.remove(code)
            desk.tell(f'"{code.label}" is marked no more.')
        else:
            self.marked = [*self.marked, code][-2:]
            if len(self.marked) == 2:
                one, other = (f'"{each.label}"' for each in self.marked)
                self._have_seen()
                desk.tell(f"{one} and {other} stand side by side.")
            else:
                desk.tell(f'"{code.label}" is marked: x on another code holds them side by side.')
        self.found = None
        self.look_anew()
        desk.book.look()

    def _have_seen(self) -> None:
        """Show the pane; go to it where one is in another one, or the words stand in its place."""
        desk = self.desk
        if desk.focused is desk.words and not desk.screen.has_class("-narrow"):
            desk.show_pane("compare")
        else:
            desk.focus_pane("compare")

    def next_of_other(self) -> None:
        """To the next turn of another participant with the code under the cursor."""
        desk, code = self.desk, self.code
        if code is None:
            desk.tell("No code stands at this turn.")
            return
        there = reading_on.of_another(self.views(code), self._here, desk.sitting.corpus.material)
        if there is None:
            desk.tell(f'Nobody else has "{code.label}".')
        else:
            desk.jump_to_incident(there.key)
            desk.choose_code(code)

    def action_by(self) -> None:
        """Tell participants apart by the next attribute."""
        told = self._unlike.told
        assert self._by is not None
        self._by = [*self._by[1:], self._by[0]]
        self.desk.tell(f"{self._unlike.told}." if len(self._by) > 1 else f"{told}: no attribute.")
        self.look_anew()


def _two_columns(left: Line, right: Line, width: int) -> Line:
    """Two lines beside each other, each so many columns wide."""
    used = sum(cell_len(part.text) for part in left)
    return (*left, Part(set_cell_size("", max(width - used, 0))), Part(f" {marks().code} "), *right)
