"""Coding turn by turn in the terminal: the question, the words, the codes so far; type codes, with completion.

Each code is written into the sheet as it is typed, one line; whatever an editor saved in between is kept.
`gtpipe review` sits at the same desk, with suggestions below the words.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

from gtpipe import books, editing
from gtpipe.books import Books
from gtpipe.cli.output import block, console, out, say, show_problems
from gtpipe.errors import UserError, error
from gtpipe.files import sheets
from gtpipe.model import INITIAL, Interview, Turn, slug
from gtpipe.study import CACHE, Study

PLACES = f"{CACHE}/coding.json"
HELP = "Enter add, go on · ^B back · ^T note · ^Z take back · ^D stop"


def show(study: Study, name: str, id: str) -> None:
    """Print one turn: the question before it, its words, and every code at it, on stdout."""
    read = books.read(study, only={name, slug(name)})
    interview = editing.find_interview(read, name)
    print_turn(read, interview, editing.find_turn(interview, id))


def print_turn(read: Books, interview: Interview, turn: Turn) -> None:
    place = f"turn {interview.position[turn.id] + 1} of {len(interview.turns)}"
    block(f"{interview.name} {turn.id} ({place})", style="bold")
    question = interview.question_before(turn.id)
    if question is not None:
        block(f"{question.label}: {question.text}", 2, "dim")
        out()
    block(f"{turn.label}: {turn.text}", 2)
    out()
    codes = [c for c in read.codings if (c.interview, c.turn) == (interview.name, turn.id)]
    for coding in codes:
        who = f" ({coding.coder})" if coding.coder and len(read.settings.researchers) > 1 else ""
        level = "" if coding.level == INITIAL else f"{coding.level}: "
        block(f"· {level}{sheets.write_line(coding.typed, coding.words)}{who}", 2, "green")
        if coding.note:
            block(coding.note, 6, "italic dim")
    if not codes:
        block("no code yet", 2, "dim")


def sit_down(study: Study, name: str, by: str, why: str) -> None:
    """Go through an interview's participant turns. Begins where it was left; ends at the last turn, or with Ctrl-D."""
    gc.enable()
    read = books.read(study, only={name, slug(name)})
    interview = editing.find_interview(read, name)
    Sitting(study, interview, editing.find_coder(read, by), why).sit(read)


class Act(NamedTuple):
    """Something done at the desk: what to call it, the code it wrote ('' for none), how to undo it, and how to do it with a note."""

    told: str
    label: str
    undo: Callable[[], bool]
    again: Callable[[str], None]


class Sitting:
    """One person at one interview's sheet. `turns` are gone through, those of participants where None."""

    prompt = "code> "
    command = "code"
    help = HELP

    def __init__(self, study: Study, interview: Interview, coder: str, why: str, turns: Sequence[Turn] | None = None) -> None:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.key_binding import KeyBindings

        self.study, self.interview, self.coder, self.why = study, interview, coder, why
        self.turns = interview.participant_turns if turns is None else turns
        if not self.turns:
            raise UserError(error(interview.path, None, "no turn of a participant here", "Look at `speakers` in its front matter"))
        self.done: list[Act] = []
        self.typed = self.noted = ""
        keys = KeyBindings()
        for key, command in (("c-b", "back"), ("c-t", "note"), ("c-z", "take back")):
            keys.add(key, eager=True)(
                lambda event, command=command: event.app.exit(result=(command, event.app.current_buffer.text)))
        self.codes: PromptSession = PromptSession(key_bindings=keys, complete_while_typing=True, reserve_space_for_menu=5)
        self.asked: PromptSession = PromptSession()

    def sit(self, read: Books) -> None:
        """From where it was left to the last turn, or until stopped; and say which."""
        at = self.go_through(self.begin(read))
        if at is None:
            say(f"That was the last turn of {self.interview.name}.")
        else:
            say(f"Stopped at {self.interview.name} {at.id}; `gtpipe {self.command} {self.interview.name}` goes on there.")
        self._leave(at)

    def begin(self, read: Books) -> int:
        """Where it was left; else the first turn without a code; else the first."""
        left = _places(self.study).get(f"{self.interview.name} {self.coder}")
        for index, turn in enumerate(self.turns):
            if turn.id == left:
                return index
        coded = coded_by(read, self.interview, self.coder)
        return next((index for index, turn in enumerate(self.turns) if turn.id not in coded), 0)

    def go_through(self, at: int) -> Turn | None:
        """From turn number `at` to the end; the turn where it was stopped, None at the end."""
        shown = None
        while at < len(self.turns):
            turn = self.turns[at]
            read = books.read(self.study, only={self.interview.name})
            if shown != turn.id:
                console().rule()
                self.show(read, turn)
                shown = turn.id
            self._leave(turn)
            try:
                command, typed = self._ask(self.labels(read), f"{turn.id} · {at + 1}/{len(self.turns)}")
            except EOFError:
                return turn
            if command == "back":
                self.typed = typed
                at, shown = max(at - 1, 0), None
            elif command == "" and not typed.strip():
                at += 1
            elif self._answered(command, typed, turn):
                at += 1
        return None

    def show(self, read: Books, turn: Turn) -> None:
        print_turn(read, self.interview, turn)

    def labels(self, read: Books) -> list[str]:
        """What can be completed."""
        return books.labels(self.study)

    def completer(self, labels: list[str]):
        from prompt_toolkit.completion import WordCompleter

        return WordCompleter(labels, ignore_case=True, sentence=True, match_middle=True)

    def _ask(self, labels: list[str], place: str) -> tuple[str, str]:
        """What was typed, and the key that ended it ('' for Enter). What a key left unwritten stands there again."""
        typed, self.typed = self.typed, ""
        answer = self.codes.prompt(self.prompt, completer=self.completer(labels), default=typed,
                                   bottom_toolbar=f"{self.interview.name} {place} · {self.help}")
        return ("", answer) if isinstance(answer, str) else answer

    def _answered(self, command: str, typed: str, turn: Turn) -> bool:
        """Do what was typed; whether to go on to the next turn. What could not be done stands there again."""
        try:
            if command == "take back":
                self.typed = typed
                self.take_back()
            elif command == "note" and not typed.strip():
                self.note_the_last()
            else:
                return self.answer(typed, turn, with_note=command == "note")
        except UserError as exc:
            self.typed = typed
            show_problems(exc.problems, self.study.root)
            if self.noted:
                say("Your note is kept: ^T brings it back.")
        return False

    def answer(self, typed: str, turn: Turn, with_note: bool) -> bool:
        """A line that was typed; whether to go on. Raises UserError."""
        label, words = in_sheet(typed)
        if words is not None:
            editing.check_words(words, turn, self.interview)
        note = self.ask_note() if with_note else ""
        if note is None:
            self.typed = typed
        else:
            self.add(turn, label, words, note)
            self.noted = ""
        return False

    def ask(self, what: str, toolbar: str, default: str = "") -> str | None:
        """A line of text, None where it was left with Ctrl-D."""
        try:
            return self.asked.prompt(what, default=default, bottom_toolbar=toolbar)
        except EOFError:
            return None

    def ask_note(self) -> str | None:
        note = self.ask("note> ", "A note on this code. Enter: write it · ^D leave it", self.noted)
        self.noted = self.noted if note is None else note
        return note

    def note_the_last(self) -> None:
        """A note on the code that was added last: it is taken back and written again with the note."""
        if not self.done or not self.done[-1].label:
            say("Type a code first: ^T writes a note with it, or on the last one you added.")
            return
        act = self.done[-1]
        note = self.ask_note()
        if note and self.take_back(told=False):
            act.again(note)
            self.noted = ""

    def take_back(self, told: bool = True) -> bool:
        if not self.done:
            say("Nothing of this sitting is left to take back.")
            return False
        act = self.done[-1]
        if not act.undo():
            say("The sheet was changed elsewhere since: take the code out in your editor.")
            return False
        self.done.pop()
        if told:
            say(act.told)
        return True

    def add(self, turn: Turn, label: str, words: str | None, note: str) -> None:
        """A code of the person's own, written into the sheet. Raises UserError."""
        edit = editing.add_code(self.study, self.interview.name, turn.id, label, words=words, note=note, by=self.coder,
                                why=self.why)
        if not edit.changed:
            say(f'"{label}" stands at this turn already.')
            return
        self.done.append(Act(f'"{label}" is taken back.', label, lambda: editing.take_back(self.study, edit, self.coder),
                             lambda note: self.add(turn, label, words, note)))
        print_code(label, words, note)

    def _leave(self, turn: Turn | None) -> None:
        """Keep where to go on."""
        places = _places(self.study)
        key = f"{self.interview.name} {self.coder}"
        if turn is None:
            places.pop(key, None)
        else:
            places[key] = turn.id
        with suppress(OSError):
            self.study.path(CACHE).mkdir(exist_ok=True)
            self.study.path(PLACES).write_text(json.dumps(places, ensure_ascii=False), encoding="utf-8")


def print_code(label: str, words: str | None, note: str) -> None:
    """A code that stands in the sheet now."""
    block(f"· {sheets.write_line(label, words)}", 2, "green")
    if note:
        block(note, 6, "italic dim")


def coded_by(read: Books, interview: Interview, coder: str) -> set[str]:
    """The turns of an interview that a coder gave a code."""
    return {c.turn for c in read.codings if (c.interview, c.coder) == (interview.name, coder)}


def in_sheet(typed: str) -> tuple[str, str | None]:
    """A typed line in the grammar of the sheets. Raises UserError."""
    try:
        return sheets.read_line(typed.strip())
    except ValueError as exc:
        raise UserError(error("the code", None, str(exc), 'Type it as in a sheet: label <- "words"')) from None


def _places(study: Study) -> dict:
    try:
        places = json.loads(study.path(PLACES).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return places if isinstance(places, dict) else {}
