"""The screen of the desk: its panes, what a key does, and what is told below.

A pane shows what the sitting says (`look`), and is asked to look again after each act and move. An
act goes through `act`: what it raises is told, and nothing of it is written.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import ClassVar, cast

from rich.cells import cell_len
from textual import events
from textual.actions import ActionParseResult
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import WorkerFailed

from gtpipe.desk import dialogues, keys, pasting, watching
from gtpipe.desk.code_book import CodeBook
from gtpipe.desk.comparison import Comparison
from gtpipe.desk.here import Here
from gtpipe.desk.keys_in_turn import KeysInTurn
from gtpipe.desk.marks import InAscii, has_utf8, is_light, marks
from gtpipe.desk.offered import Offered
from gtpipe.desk.prompt import Prompt
from gtpipe.desk.reading_on import next_uncoded
from gtpipe.desk.sitting import Place, Sitting
from gtpipe.desk.suggesting import Suggesting
from gtpipe.desk.transcript import Transcript
from gtpipe.model.level import CodeRef
from gtpipe.model.problems import Problem, UserError
from gtpipe.model.records import Coding, IncidentKey, Span, Turn
from gtpipe.render.terminal import in_one_line, problem_text

WORDS = "words"
PANES = (WORDS, "book", "compare", "offered")
_SAYS = dict(zip(PANES, ("Words", "Code book", "Compare", "Suggestions"), strict=True))
_ROOM_FOR_STUDY = 100
_FILES_LOOKED_AT = 1.0  # seconds
_TIME_TO_LEAVE = 10  # seconds


class Tabs(Static):
    """The panes by name, where there is room for one alone; a click goes to one."""

    def show(self, seen: str) -> None:
        """The one that is seen stands in brackets."""
        names = (f"[{says}]" if name == seen else f" {says} " for name, says in _SAYS.items())
        self.update("  ".join(names), layout=False)

    def on_click(self, event: events.Click) -> None:
        at = event.x - self.styles.padding.left
        for name, says in _SAYS.items():
            if 0 <= at < len(says) + 2:
                cast("Desk", self.app).focus_pane(name)
            at -= len(says) + 4


class Desk(KeysInTurn):
    """One person at one study, full screen."""

    TITLE = "gtpipe desk"
    CSS_PATH = "desk.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-middle"), (160, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]  # noqa: RUF012
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key.keys, key.act, key.says) for key in keys.KEYS if key.where == keys.DESK
    ]

    def __init__(self, sitting: Sitting, *, offers: bool = False) -> None:
        """`offers`: suggestions are shown from the start, as `gtpipe review` has it."""
        super().__init__(ansi_color=True)  # the terminal's own colours
        self.sitting = sitting
        self.offers = offers
        self.suggesting = Suggesting(self)
        self.failed: Exception | None = None
        self.ended_by: signal.Signals | None = None
        self._chosen = 0
        self._chosen_at: tuple[str, str, int] | None = None

    # --- the screen -------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield Static(id="top", markup=False)
        yield Static(id="banner", markup=False)
        yield Tabs(id="tabs", markup=False)
        with Horizontal(id="panes"):
            yield Transcript(id=WORDS)
            with Vertical(id="side"):
                with Vertical(id="near"):
                    yield Here(id="here")
                    yield Comparison(id="compare")
                with Vertical(id="far"):
                    yield CodeBook(id="book")
                    yield Offered(id="offered")
        yield Prompt(id="prompt")
        yield Static(id="told", markup=False)
        yield Static(id="keys", markup=False)

    def on_mount(self) -> None:
        self.theme = "ansi-light" if is_light() else "ansi-dark"
        self.show_pane("offered" if self.offers else "compare")
        self.words.focus()
        self.look()
        self.set_interval(_FILES_LOOKED_AT, lambda: watching.look(self))

    def get_line_filters(self) -> Sequence[LineFilter]:
        ascii = () if has_utf8() else (InAscii(),)
        return (*super().get_line_filters(), *ascii)

    def _handle_exception(self, error: Exception) -> None:
        if isinstance(error, WorkerFailed) and isinstance(error.error, Exception):
            error = error.error  # which says where it was
        self.failed = self.failed or error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End without Textual's own account of it, which would show words of participants."""
        self._close_messages_no_wait()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_bars)

    def look(self) -> None:
        """Every pane shows what the sitting says now."""
        for pane in (self.words, self.here, self.book, self.offered, self.compare):
            with self.telling():
                pane.look()
        self._show_bars()

    def _show_bars(self) -> None:
        sitting = self.sitting
        interview, turns = sitting.interview, sitting.turns
        coded = {id for c in sitting.mine for id in c.stands_at}
        done = sum(turn.id in coded for turn in turns)
        study = sitting.corpus.settings.study if self.size.width >= _ROOM_FOR_STUDY else ""
        left = " · ".join(filter(None, (study, interview.name, interview.date, sitting.coder)))
        right = f"{done} of {len(turns)} turns coded · turn {sitting.place.turn}"
        left = in_one_line(left)
        gap = max(self.size.width - cell_len(left) - len(right) - 2, 2)
        self.query_one("#top", Static).update(f"{left}{' ' * gap}{right}", layout=False)
        self.query_one("#tabs", Tabs).show(self._seen_alone)
        broken = sitting.broken
        banner = self.query_one("#banner", Static)
        if broken is not None or banner.display:
            banner.display = broken is not None
            banner.update(f"Read-only: {problem_text(broken)}" if broken else "")
        line = keys.key_line(self.size.width - 2, self._place_of_keys())
        self.query_one("#keys", Static).update(line, layout=False)

    def _place_of_keys(self) -> str:
        """Whose keys the key line shows: those of the pane that has the focus."""
        places = {"book": keys.BOOK, "compare": keys.COMPARE, "offered": keys.OFFERED}
        focused = self.focused.id if self.focused else None
        return places.get(focused or "", keys.WORDS)

    @property
    def _seen_alone(self) -> str:
        """The pane that is seen where there is room for one alone."""
        beside = (name for name in PANES[1:] if self._panes.has_class(f"-shows-{name}"))
        return next(beside, WORDS) if self._panes.has_class("-aside") else WORDS

    @property
    def _panes(self) -> Horizontal:
        return self.query_one("#panes", Horizontal)

    @property
    def words(self) -> Transcript:
        return self.query_one(f"#{WORDS}", Transcript)

    @property
    def here(self) -> Here:
        return self.query_one("#here", Here)

    @property
    def book(self) -> CodeBook:
        return self.query_one("#book", CodeBook)

    @property
    def compare(self) -> Comparison:
        return self.query_one("#compare", Comparison)

    @property
    def offered(self) -> Offered:
        return self.query_one("#offered", Offered)

    @property
    def prompt(self) -> Prompt:
        return self.query_one("#prompt", Prompt)

    def show_pane(self, name: str) -> None:
        """Have a pane seen: beside the words where there is room, else in their place."""
        for pane in PANES[1:]:
            self._panes.set_class(pane == name, f"-shows-{pane}")

    def focus_pane(self, name: str) -> None:
        """Have a pane seen, and its keys hold."""
        if name != WORDS:
            self.show_pane(name)
        self._panes.set_class(name != WORDS, "-aside")
        self.screen.set_focus(self.query_one(f"#{name}"))
        self._show_bars()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """What has the focus is in sight, however it came by it."""
        ancestors = {widget.id for widget in event.widget.ancestors_with_self}
        name = next((name for name in PANES if name in ancestors), None)
        if name is not None:
            self._panes.set_class(name != WORDS, "-aside")
            self._show_bars()

    # --- what is under the cursor -----------------------------------------------------------------

    @property
    def turn(self) -> Turn:
        return self.sitting.turn

    @property
    def selection(self) -> Span | None:
        """The selected letters of the turn; None where none are."""
        return self.words.selection

    @property
    def selected_words(self) -> str | None:
        """The selected words, as a code is tied to them. Raises UserError where they stand in the
        turn several times.
        """
        return self.sitting.words(self.turn, self.selection) if self.selection else None

    @property
    def coding(self) -> Coding | None:
        """The code under the cursor: the one chosen at this turn, else the one whose words the
        cursor is in, the shortest first; else the first of the turn.
        """
        here = self.sitting.codings_at(self.turn.id)
        if not here:
            return None
        place = self.sitting.place
        if self._chosen_at == place:
            return here[self._chosen % len(here)]
        spans = [(self.sitting.span_at(coding, place.turn), coding) for coding in here]
        around = [
            (s[1] - s[0], n) for n, (s, _) in enumerate(spans) if s and s[0] <= place.at < s[1]
        ]
        return here[min(around)[1]] if around else here[0]

    def choose(self, coding: Coding) -> None:
        """Have this code of the turn be the one under the cursor."""
        here = self.sitting.codings_at(self.turn.id)
        if coding in here:
            self._chosen, self._chosen_at = here.index(coding), self.sitting.place

    def choose_code(self, code: CodeRef) -> None:
        """Have this code be the one under the cursor, where the turn has it."""
        here = self.sitting.codings_at(self.turn.id)
        for coding in here:
            if (coding.level, coding.code) == code:
                self.choose(coding)
                self.look()
                return

    # --- acts -------------------------------------------------------------------------------------

    def act(self, does: Callable[[], str]) -> bool:
        """Do something, tell what it says, and look again; whether it was done."""
        try:
            told = does()
        except UserError as exc:
            self.tell_problems(exc.problems)
        except OSError as exc:
            told = f"Nothing was written: {exc.strerror or exc}"
            if isinstance(exc.filename, str):
                told += f" ({os.path.relpath(exc.filename, self.sitting.study.root)})"
            self.tell(told, wrong=True)
        else:
            self.look()
            self.tell(told)
            return True
        self.look()
        return False

    @contextmanager
    def telling(self) -> Iterator[None]:
        """What cannot be read is told: a file may change, break or go before it is looked into."""
        try:
            yield
        except UserError as exc:
            self.tell_problems(exc.problems)
        except OSError as exc:
            self.tell(f"{exc.filename or 'a file'}: {exc.strerror or exc}", wrong=True)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        with self.telling():
            return await super().run_action(action, default_namespace, namespaces)
        return True

    def before_key(self) -> None:
        """What is told is of the last key; while one types, it may be what is to be mended."""
        if not self.prompt.is_open:
            self.tell("")

    def tell(self, text: str, *, wrong: bool = False) -> None:
        """A line below the panes."""
        told = self.query_one("#told", Static)
        told.set_class(wrong, "-wrong")
        text = in_one_line(f"{marks().wrong} {text}" if wrong else text)
        told.update(text, layout=wrong)
        self.prompt.tell(text)

    def tell_problems(self, problems: Iterable[Problem]) -> None:
        problems = tuple(problems)
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        says, *_ = problem_text(problems[0]).splitlines()  # without the line of the file
        self.tell(says + more, wrong=True)

    def jump(self, place: Place) -> None:
        """To a place of any interview; `back` leads here again."""
        self._jump(lambda: self.sitting.go(place))

    def jump_to_incident(self, key: IncidentKey) -> None:
        """To where an incident begins; `back` leads here again."""
        self._jump(lambda: self.sitting.go_to_incident(key))

    def _jump(self, goes: Callable[[], None]) -> None:
        try:
            goes()
        except UserError as exc:
            self.tell_problems(exc.problems)
        self.words.unselect()
        self.look()
        self.focus_pane(WORDS)

    # --- keys: the table in `keys` names these ----------------------------------------------------

    def action_code(self) -> None:
        self.prompt.code()

    def action_note(self) -> None:
        self.prompt.note()

    def action_recode(self) -> None:
        if coding := self._need_coding():
            self.prompt.ask(
                f'in place of "{coding.typed}"',
                lambda typed: self.act(lambda: self.sitting.recode(coding, typed)),
                labels=True,
            )

    def action_drop(self) -> None:
        if coding := self._need_coding():
            self.act(lambda: self.sitting.drop(coding))

    def action_tie(self) -> None:
        coding = self._need_coding()
        if coding and self.selection is None:
            self.tell("Select words first: v, then w; t ties the code to them.")
        elif coding and self.act(lambda: self.sitting.tie(coding, self.selected_words or "")):
            self.words.unselect()

    def action_loosen(self) -> None:
        if coding := self._need_coding():
            self.act(lambda: self.sitting.loosen(coding))

    def action_define(self) -> None:
        self.prompt.define()

    def action_undo(self) -> None:
        self.act(self.sitting.undo)

    def action_redo(self) -> None:
        self.act(self.sitting.redo)

    def action_code_here(self, step: int) -> None:
        here = self.sitting.codings_at(self.turn.id)
        if coding := self._need_coding():
            self.choose(here[(here.index(coding) + step) % len(here)])
            self.look()

    def action_compare(self) -> None:
        self.compare.pin()

    def action_mark(self) -> None:
        self.compare.mark()

    def action_code_book(self) -> None:
        self.focus_pane("book")

    def action_suggest(self) -> None:
        self.offered.suggest()

    def action_others(self) -> None:
        sitting = self.sitting
        sitting.shows_others = not sitting.shows_others
        self.look()
        if not sitting.shows_others:
            self.tell("Your codes are shown.")
        elif sitting.codings == sitting.mine:
            self.tell(f"All coders' codes are shown: nobody else coded {sitting.interview.name}.")
        else:
            self.tell("All coders' codes are shown.")

    def action_find(self) -> None:
        self.prompt.find()

    def action_next_uncoded(self) -> None:
        sitting = self.sitting
        coded = {id for coding in sitting.mine for id in coding.stands_at}
        turn = next_uncoded(sitting.interview, coded, sitting.place.turn)
        if turn is None:
            self.tell(f"Every turn of {sitting.interview.name} carries a code of yours.")
        else:
            self.jump(Place(sitting.interview.name, turn.id))

    def action_next_of_other(self) -> None:
        self.compare.next_of_other()

    action_go_to = dialogues.go_to

    def action_place_back(self) -> None:
        self._along(self.sitting.back, "There is no place to go back to.")

    def action_place_forward(self) -> None:
        self._along(self.sitting.forward, "There is no place to go forward to.")

    action_memo = dialogues.memo
    action_take_up = dialogues.take_up
    action_negative = dialogues.negative
    action_comment = dialogues.comment
    action_bookmark = dialogues.bookmark
    action_next_question = dialogues.next_question

    def action_next_pane(self, step: int) -> None:
        there = [name for name in PANES if name != "offered" or self.offered.is_wanted]
        here = self.focused.id if self.focused else None
        at = there.index(here) if here in there else 0
        self.focus_pane(there[(at + step) % len(there)])

    def action_words(self) -> None:
        self.prompt.close()
        self.compare.leave_found()
        self.book.filter("")
        self.words.unselect()
        self.focus_pane(WORDS)

    action_keys = dialogues.show_keys

    def action_leave(self) -> None:
        self.sitting.leave()
        self.exit()

    def end_by(self, ending: signal.Signals) -> None:
        """Leave because of a signal, within seconds also where the terminal is gone for good."""
        self.ended_by = ending
        if sys.platform != "win32":
            signal.alarm(_TIME_TO_LEAVE)
        self.action_leave()

    async def action_quit(self) -> None:
        self.action_leave()

    def action_help_quit(self) -> None:
        self.tell("Ctrl-Q leaves.")

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        for key in keys.KEYS:
            if key.where == keys.DESK:
                yield SystemCommand(
                    key.says, keys.shown(key.keys), lambda act=key.act: self.run_action(act)
                )

    def _need_coding(self) -> Coding | None:
        coding = self.coding
        if coding is None:
            self.tell("No code stands at this turn: Enter gives one.")
        return coding

    def _along(self, goes: Callable[[], bool], otherwise: str) -> None:
        if goes():
            self.words.unselect()
            self.look()
        else:
            self.tell(otherwise)


def run(sitting: Sitting, *, offers: bool = False) -> None:
    """Sit at the desk until it is left. Raises what ended it otherwise; a signal ends the process,
    once the terminal is what it was.
    """
    pasting.keep_whole()
    desk = Desk(sitting, offers=offers)

    async def sit() -> None:
        if sys.platform != "win32":  # there a loop handles no signals
            for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(one, desk.end_by, one)
        await desk.run_async()

    asyncio.run(sit())
    if desk.ended_by is not None:
        signal.raise_signal(desk.ended_by)
    if desk.failed is not None:
        raise desk.failed
