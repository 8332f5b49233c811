"""What is written beside coding: memo, focused code, negative case, comment, bookmark; where to go;
and the page of all keys.

Each is about what is under the cursor: the selected words, else the code there with its words, else
the turn. A bookmark is a comment of one's own: a question about a place, open until it is answered,
and told by `gtpipe status` until then.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from gtpipe.desk import keys
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, RELATION
from gtpipe.model.names import label_order
from gtpipe.model.problems import UserError
from gtpipe.render.terminal import in_one_line

if TYPE_CHECKING:
    from gtpipe.desk.app import Desk


def subject(desk: Desk) -> str:
    """What is under the cursor, as a memo or a comment names it. Raises UserError where selected
    words stand in the turn several times.
    """
    place = f"{desk.sitting.interview.name} {desk.turn.id}"
    if words := desk.selected_words:
        return f'{place} "{words}"'
    coding = desk.coding
    return coding.address if coding else place


def _about(desk: Desk) -> str:
    """The same, or "" where it cannot be named, which is told."""
    try:
        return subject(desk)
    except UserError as exc:
        desk.tell_problems(exc.problems)
        return ""


# --- where to go ----------------------------------------------------------------------------------


def go_to(desk: Desk) -> None:
    """Ask for a turn or an incident, and go there."""
    interview = desk.sitting.interview
    what = f"go to 12, {interview.name} or {interview.name} 12"
    among = tuple(desk.sitting.corpus.material.interviews)
    desk.prompt.ask(what, lambda line: _go(desk, line.strip()), among=among)


def _go(desk: Desk, line: str) -> bool:
    sitting = desk.sitting
    interview = sitting.interview
    is_turn = interview.turn(line.partition("-")[0]) is not None
    try:
        place = sitting.find(f"{interview.name} {line}" if is_turn else line)
    except UserError as exc:
        desk.tell_problems(exc.problems)
        return False
    desk.jump(place)
    return True


def next_question(desk: Desk) -> None:
    """To the next place with a question or a comment that has no answer."""
    found = desk.sitting.next_question()
    if found is None:
        desk.tell("No question and no comment about a place is open.")
        return
    place, comment = found
    desk.jump(place)
    signed = f"{comment.by}: " if comment.by else ""
    desk.tell(f"{signed}{comment.comment}")


# --- what is written ------------------------------------------------------------------------------


def comment(desk: Desk) -> None:
    """A comment on what is under the cursor."""
    _comment(desk, "comment")


def bookmark(desk: Desk) -> None:
    """Bookmark this place with a question."""
    _comment(desk, "question")


def _comment(desk: Desk, what: str) -> None:
    if about := _about(desk):
        desk.prompt.ask(what, lambda line: desk.act(lambda: desk.sitting.comment(about, line)))


def negative(desk: Desk) -> None:
    """Write down that the incident under the cursor does not fit."""
    about = _about(desk)
    if not about:
        return

    def led_to(contradicts: str) -> None:
        desk.prompt.ask(
            "it led to",
            lambda line: desk.act(lambda: desk.sitting.negative(about, contradicts, line)),
            among=("qualified", "revised", "left"),
        )

    known = desk.sitting.corpus.names.known
    levels = (FOCUSED, CATEGORY, INITIAL, RELATION)
    labels = (label for level in levels for label in sorted(known[level], key=label_order))
    desk.prompt.ask("contradicts", led_to, among=tuple(dict.fromkeys(labels)))


def take_up(desk: Desk) -> None:
    """The code under the cursor taken up under a focused code."""
    coding = desk.coding
    if coding is None or coding.level != INITIAL:
        desk.tell("No initial code stands here that a focused code could take up.")
        return
    code = coding.code
    standing = desk.sitting.corpus.material.focused

    def under(line: str) -> object:
        label = line.strip()
        if label in standing:
            return desk.act(lambda: desk.sitting.take_up(label, code))
        desk.prompt.ask(
            f'new: why "{label}"',
            lambda because: desk.act(lambda: desk.sitting.take_up(label, code, because)),
        )
        return None

    desk.prompt.ask(f"under which {FOCUSED.noun}", under, among=tuple(standing))


# --- a memo ---------------------------------------------------------------------------------------


def memo(desk: Desk) -> None:
    """A memo on what is under the cursor: its title in the line, then a page for the words."""
    about = [_about(desk)]
    if not about[0]:
        return
    if desk.coding is not None and desk.selection is None:
        about.append(desk.coding.code)
    desk.prompt.ask("title of the memo", lambda title: desk.push_screen(MemoPage(title, about)))


_MEMO_KEYS = "Ctrl-S write it · Ctrl-O write it and go on in $EDITOR · Esc leave it"


class MemoPage(ModalScreen[None]):
    """The words of a memo, written into its file with Ctrl-S."""

    DEFAULT_CSS = """
    MemoPage { background: $background; }
    MemoPage Static { height: auto; padding: 0 1; }
    MemoPage #called { text-style: bold; }
    MemoPage #says { text-style: dim; }
    MemoPage TextArea { height: 1fr; border: none; padding: 1; background: $background; }
    MemoPage TextArea:focus { border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "write", "Write the memo", priority=True),
        Binding("ctrl+o", "edit", "Write it, and go on in your editor", priority=True),
        Binding("escape,ctrl+q", "leave", "Leave without a memo", priority=True),
    ]

    def __init__(self, title: str, about: list[str]) -> None:
        super().__init__()
        self.called, self.about = title.strip(), tuple(about)
        self._is_sure = False

    def compose(self) -> ComposeResult:
        about = f"about {'; '.join(self.about)}"
        yield Static(in_one_line(self.called), markup=False, id="called")
        yield Static(in_one_line(about), markup=False)
        yield TextArea(soft_wrap=True, theme="css")
        yield Static(_MEMO_KEYS, markup=False, id="says")

    def on_mount(self) -> None:
        self.query_one(TextArea).focus()

    @property
    def desk(self) -> Desk:
        return cast("Desk", self.app)

    @property
    def prose(self) -> str:
        return self.query_one(TextArea).text

    def on_text_area_changed(self) -> None:
        self._is_sure = False

    def action_write(self) -> None:
        """What could not be written stays on the page."""
        self._write()

    def action_edit(self) -> None:
        if path := self._write():
            open_in_editor(self.desk, path)

    def action_leave(self) -> None:
        """Asks once where words would be lost."""
        if self.prose.strip() and not self._is_sure:
            self._is_sure = True
            self.query_one("#says", Static).update(
                "Esc again drops these words; Ctrl-S keeps them."
            )
            return
        self.dismiss()

    def _write(self) -> str:
        """The path of the memo, "" where it could not be written."""
        desk, paths = self.desk, list[str]()

        def write() -> str:
            paths.append(desk.sitting.memo(self.called, self.about, self.prose))
            return f"Wrote {paths[0]}"

        if not desk.act(write):
            told = desk.screen_stack[0].query_one("#told", Static)
            self.query_one("#says", Static).update(told.content)
            return ""
        self.dismiss()
        return paths[0]


def open_in_editor(desk: Desk, path: str) -> None:
    """A file in the editor that the environment names; the desk waits."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        desk.tell(f"{path}: $EDITOR names no editor to open it in.")
        return
    import shlex
    import subprocess

    failed: Exception | None = None
    try:
        with desk.suspend():
            try:
                command = [*shlex.split(editor), str(desk.sitting.study.path(path))]
                subprocess.run(command, check=False)
            except (OSError, ValueError) as exc:  # out of `suspend` the screen would not come back
                failed = exc
    except SuspendNotSupported:
        desk.tell(f"{path}: no editor can be opened over this terminal.")
    if failed:
        desk.tell(f"{editor}: {failed}. The memo stands in {path}.", wrong=True)


# --- all keys -------------------------------------------------------------------------------------


class AllKeys(ModalScreen[None]):
    """Every key, from the one table."""

    DEFAULT_CSS = """
    AllKeys { background: $background; }
    AllKeys VerticalScroll { padding: 0 1; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+q,q,question_mark,f1,enter", "dismiss", "Back", priority=True)
    ]

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Static(id="page", markup=False)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def on_resize(self) -> None:
        self.query_one("#page", Static).update(keys.page(self.size.width - 3))


def show_keys(desk: Desk) -> None:
    """All keys, on a page of their own."""
    desk.push_screen(AllKeys())
