"""The line at the bottom: the only place where one types. Codes with completion over labels by any
word, notes, definitions, what to find, and whatever else is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from gtpipe.analysis import finding
from gtpipe.desk import keys, typed
from gtpipe.desk.marks import marks
from gtpipe.desk.rows import fitted
from gtpipe.formats import code_line
from gtpipe.model.level import FOCUSED, CodeRef
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError
from gtpipe.model.records import Interview, Turn
from gtpipe.suggest.records import IN_VIVO, Suggestion

if TYPE_CHECKING:
    from gtpipe.desk.app import Desk

OFFERED = 30  # labels that the arrows go through
ASKED = 40  # columns of what is asked, at most
_GAP = "   "


@dataclass(frozen=True)
class Question:
    """What is asked. `then` gets the line and the note; what gives False leaves the line as it is,
    to be mended.

    `labels`: codes are offered for it; `among`: these are. `turn`: it is coded, and its words are
    offered behind `<-`. `takes_note`: Tab goes on to a note. `may_be_empty`: Enter on an empty line
    is an answer. `filters`: the code book shows what the line may mean.
    """

    what: str
    then: Callable[[str, str], object]
    labels: bool = False
    among: tuple[str, ...] = ()
    turn: Turn | None = None
    takes_note: bool = False
    may_be_empty: bool = False
    filters: bool = False


class TypedLine(Input):
    """One line to type; what is pasted is made one line, and that is said."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.LINE)]

    @property
    def prompt(self) -> Prompt:
        return self.screen.query_one(Prompt)

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        text, told = typed.pasted(event.text)
        start, end = sorted(self.selection)
        self.replace(text, start, end)
        if told:
            self.prompt.desk.tell(told)

    def action_offer(self, step: int) -> None:
        self.prompt.choose(step)

    def action_note(self) -> None:
        self.prompt.go_on_to_note()

    def action_label(self) -> None:
        self.prompt.back_to_label()

    def action_leave_line(self) -> None:
        self.prompt.close()

    def action_right(self) -> None:
        if not (self.cursor_at_end and self.prompt.complete()):
            self.action_cursor_right()


class Prompt(Vertical):
    """Hidden until something is asked; then what is asked, the line, and below what is offered."""

    DEFAULT_CSS = """
    Prompt { height: auto; display: none; padding: 0 1; }
    Prompt Horizontal { height: 1; }
    Prompt #asked { width: auto; max-width: 60%; text-style: bold; }
    Prompt #line { border: none; height: 1; padding: 0; width: 1fr; background: transparent; }
    Prompt #offers { height: 1; }
    Prompt #offers.-told { height: auto; max-height: 4; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._question: Question | None = None
        self._label: str | None = None  # what was typed before Tab, while a note is
        self._note = ""
        self._offers: tuple[tuple[str, str], ...] = ()  # lines as they would be, and how told
        self._chosen = -1
        self._told: tuple[str, str] | None = None  # what is said, while the line is this one
        self._from: Widget | None = None

    @property
    def desk(self) -> Desk:
        return cast("Desk", self.app)

    @property
    def line(self) -> TypedLine:
        return self.query_one("#line", TypedLine)

    @property
    def is_open(self) -> bool:
        return self._question is not None

    def on_resize(self) -> None:
        self._show_offers()

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(id="asked", markup=False)
            line = TypedLine(id="line", select_on_focus=False)
            line.cursor_blink = False
            yield line
        yield Static(id="offers", markup=False)

    # --- asking -----------------------------------------------------------------------------------

    def ask(
        self,
        what: str,
        then: Callable[[str], object],
        default: str = "",
        *,
        labels: bool = False,
        among: tuple[str, ...] = (),
    ) -> None:
        """Ask for a line at the bottom, with completion over labels or `among` these where wanted;
        `then` gets it, and may give False to have it mended. Escape leaves it.
        """
        self._ask(Question(what, lambda line, note: then(line), labels, among), default)

    def _ask(self, question: Question, default: str = "") -> None:
        if self._question is None:
            self._from = self.screen.focused
        self._question, self._label, self._note, self._told = question, None, "", None
        self._set(default)
        self._open(True)
        self.screen.set_focus(self.line)

    def close(self) -> None:
        """Ask no more; one is where one was before."""
        if self._question is None:
            return
        self._question = None
        self.screen.set_focus(self._from or self.desk.words)
        self._open(False)
        self.desk.book.filter("")

    def _open(self, is_open: bool) -> None:
        """Stand in place of the two lines below the panes, or give way to them."""
        self.display = is_open
        for line in ("#told", "#keys"):
            self.screen.query_one(line).display = not is_open

    def _set(self, text: str) -> None:
        """The line anew: what is asked, with `text` in it."""
        question = self._question
        if question is None:
            return
        what = question.what if self._label is None else f'note on "{self._label}"'
        self.query_one("#asked", Static).update(f"{fitted(what, ASKED)} {marks().chosen} ")
        self.line.value = text
        self.line.cursor_position = len(text)
        self._offer()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        with self.desk.telling():
            self._offer()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        with self.desk.telling():
            self._answer()

    def _answer(self) -> None:
        question = self._question
        if question is None:
            return
        if self._chosen >= 0 and self._label is None:
            self._set(self._offers[self._chosen][0])
        text = self.line.value
        line, note = (text, self._note) if self._label is None else (self._label, text)
        if not (line.strip() or question.may_be_empty):
            self.close()
            return
        self._note = note
        if question.then(line, note) is not False and self._question is question:
            self.close()

    # --- what is offered --------------------------------------------------------------------------

    def _offer(self) -> None:
        """Labels that what is typed may mean; behind `<-` words of the turn."""
        question, text = self._question, self.line.value
        self._chosen, self._offers = -1, ()
        if question is None:
            return
        label, has_arrow = typed.label_part(text)
        if self._label is None and question.filters:
            self.desk.book.filter(label)
        if self._label is None and question.labels:
            if has_arrow and question.turn is not None:
                lines = typed.clauses(text, question.turn.text)
                self._offers = tuple((line, line.partition("<-")[2].strip()) for line in lines)
            else:
                self._offers = self._labels(label)
        elif self._label is None and question.among:
            part = text.strip().casefold()
            found = [one for one in question.among if part in one.casefold() and one != text]
            self._offers = tuple((one, one) for one in found[:OFFERED])
        self._show_offers()

    def _labels(self, label: str) -> tuple[tuple[str, str], ...]:
        book = self.desk.book
        found = book.known.matching(label) if label else book.lately
        return tuple(
            (code_line.write_line(code.label, None), f"{code.label} · {code.incidents}")
            for code in found[:OFFERED]
        )

    def _show_offers(self) -> None:
        question = self._question
        if question is None:
            return
        offers = self.query_one("#offers", Static)
        is_told = self._told is not None and self._told[1] == self.line.value
        offers.set_class(is_told, "-told")
        if self._told is not None and is_told:
            offers.update(Text(self._told[0], "bold"))
            return
        told = self._enter(question)
        width = self.size.width - 2 - cell_len(told) - len(_GAP)
        shown = Text(no_wrap=True, overflow="ellipsis")
        for number, (_, says) in enumerate(self._offers):
            if number < self._chosen:
                continue  # the chosen one comes first
            says = fitted(says, max(width - cell_len(shown.plain), 12))
            is_chosen = number == self._chosen
            if cell_len(shown.plain) + cell_len(says) > width:
                break
            if is_chosen:
                shown.append(f"{marks().chosen} {says}", "bold")
            else:
                shown.append(says)
            shown.append(_GAP)
        shown.append(told, "dim")
        offers.update(shown, layout=False)

    def _enter(self, question: Question) -> str:
        """What Enter does now, and the other keys."""
        if self._label is not None:
            return "Enter writes code and note · Shift-Tab back to the code · Esc leaves it"
        label, _ = typed.label_part(self.line.value)
        keys = " · Tab note" if question.takes_note else ""
        if self._chosen >= 0:
            return f"Enter: this one{keys}"
        if not question.labels or not label:
            return f"Enter{keys} · Esc leaves it" if label else f"Esc leaves it{keys}"
        known = self.desk.book.known.alike(label)
        if known is None:
            return f"new: Enter{keys}"
        if known.label != label:
            return f'looks like "{known.label}"'
        return f"Enter{keys}"

    def tell(self, text: str) -> None:
        """Say something in place of what is offered, until something is typed."""
        if self.is_open:
            self._told = text, self.line.value
            self._show_offers()

    def choose(self, step: int) -> None:
        """Another one of the offered; before the first what was typed."""
        if self._offers:
            self._told = None
            self._chosen = min(max(self._chosen + step, -1), len(self._offers) - 1)
            self._show_offers()

    def complete(self) -> bool:
        """Take what is offered first into the line; whether there was anything."""
        if not self._offers:
            return False
        line = self._offers[max(self._chosen, 0)][0]
        if line == self.line.value:
            return False
        self._set(line)
        return True

    def go_on_to_note(self) -> None:
        """From the code to its note; where no note is asked for, take what is offered."""
        question = self._question
        if question is None or self._label is not None:
            return
        if self._chosen >= 0 or not question.takes_note:
            self.complete()
        if question.takes_note and self.line.value.strip():
            self._label = self.line.value
            self._set(self._note)

    def back_to_label(self) -> None:
        if self._label is not None:
            label, self._note, self._label = self._label, self.line.value, None
            self._set(label)

    # --- what is asked by keys --------------------------------------------------------------------

    def code(self) -> None:
        """Ask for a code for the selected words, or the turn."""
        desk = self.desk
        try:
            words = desk.selected_words
        except UserError as exc:
            desk.tell_problems(exc.problems)
            return
        turn, interview = desk.turn, desk.sitting.interview
        what = f'code "{words}"' if words else "code"
        self._ask(
            Question(
                what,
                lambda line, note: self._code(interview, turn, line, words, note),
                labels=True,
                turn=turn,
                takes_note=True,
                filters=True,
            )
        )

    def give(self, label: str) -> None:
        """A code that was chosen, for the selected words, or the turn."""
        desk = self.desk
        line = code_line.write_line(label, None)
        try:
            self._code(desk.sitting.interview, desk.turn, line, desk.selected_words, "")
        except UserError as exc:
            desk.tell_problems(exc.problems)

    def _code(
        self, interview: Interview, turn: Turn, line: str, words: str | None, note: str
    ) -> bool:
        """Write a code; where it is what a suggestion says, that suggestion is taken."""
        desk = self.desk

        def does() -> str:
            if desk.sitting.interview.name != interview.name:
                raise UserError.of(f"this was typed at {interview.name}", "Go back there")
            label, own = typed.entered(line)
            meant = words if own is None else own
            same = desk.offered.same(label)
            if same is not None and same.at == (interview.name, turn.id):
                return desk.sitting.take(same, label, meant, note)
            return desk.sitting.code(turn, label, meant, note)

        is_done = desk.act(does)
        if is_done:
            desk.words.end_selecting()
        return is_done

    def edit(self, suggestion: Suggestion) -> None:
        """Ask for what a suggestion is taken as."""
        desk = self.desk
        words = suggestion.words if suggestion.source == IN_VIVO else None

        def take(line: str, note: str) -> bool:
            def does() -> str:
                label, own = typed.entered(line)
                return desk.sitting.take(suggestion, label, own, note)

            return desk.act(does)

        turn = desk.turn
        question = Question("take it as", take, labels=True, turn=turn, takes_note=True)
        self._ask(question, code_line.write_line(suggestion.label, words and one_line(words)))

    def note(self) -> None:
        """Ask for a note on the code under the cursor; one of several lines gets one more."""
        desk, coding = self.desk, self.desk.coding
        if coding is None:
            desk.tell("No code stands at this turn: Enter gives one, and Tab goes on to its note.")
            return
        standing = coding.note
        more = "\n" in standing
        what = f'{"one more line on" if more else "note on"} "{coding.typed}"'

        def then(line: str, _: str) -> bool:
            note = f"{standing}\n{line}" if more else line
            return desk.act(lambda: desk.sitting.note(coding, note))

        self._ask(Question(what, then, may_be_empty=not more), "" if more else standing)

    def define(self) -> None:
        """Ask for a definition of the code under the cursor."""
        desk, code = self.desk, self.desk.compare.under_cursor
        if not isinstance(code, CodeRef):
            desk.tell("No code stands at this turn: there is nothing to define.")
            return
        material = desk.sitting.corpus.material
        book = material.focused if code.level == FOCUSED else material.codebook
        standing = book[code.label].definition if code.label in book else ""

        def then(line: str) -> bool:
            return desk.act(lambda: desk.sitting.define(code.typed, one_line(line)))

        self.ask(f'"{code.label}" means', then, one_line(standing))

    def look_for_code(self) -> None:
        """Filter the code book by what is typed; Enter goes on in the book."""
        book = self.desk.book

        def then(line: str, _: str) -> None:
            self._question = None
            self.screen.set_focus(book)
            self._open(False)

        self._ask(Question("look for a code", then, filters=True))

    def find(self) -> None:
        """Ask what to find in words and codes."""
        self.ask("find in words and codes", self._find)

    def _find(self, text: str) -> bool:
        desk = self.desk
        corpus = desk.sitting.corpus
        if len(text) > 2 and text.startswith("/") and text.endswith("/"):
            desk.tell(
                "Patterns are looked for by `gtpipe find /PATTERN/`; here, words.", wrong=True
            )
            return False
        try:
            hits = finding.find(
                finding.pattern(text),
                corpus.material,
                corpus.codings,
                (finding.WORDS, finding.CODES),
                lambda interview: corpus.snapshot.text(interview.path) or "",
            )
            self.close()
            desk.compare.show_found(text, hits)
        except UserError as exc:
            desk.tell_problems(exc.problems)
            return False
        return True
