"""Coding turn by turn in the terminal: the question, the words, the codes so far; type codes, with completion.

Each code is written into the sheet as it is typed, one line; whatever an editor saved in between is kept.
"""

from __future__ import annotations

import gc
import json
from contextlib import suppress

from gtpipe import books, editing
from gtpipe.books import Books
from gtpipe.cli.output import block, console, out, say, show_problems
from gtpipe.editing import Edit
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
    _print_turn(read, interview, editing.find_turn(interview, id))


def _print_turn(read: Books, interview: Interview, turn: Turn) -> None:
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
    if not interview.participant_turns:
        raise UserError(error(interview.path, None, "no turn of a participant here", "Look at `speakers` in its front matter"))
    sitting = _Sitting(study, interview, editing.find_coder(read, by), why)
    at = sitting.go_through(_begin(study, read, interview, sitting.coder))
    if at is None:
        say(f"That was the last turn of {interview.name}.")
    else:
        say(f"Stopped at {interview.name} {at.id}; `gtpipe code {interview.name}` goes on there.")
    _leave(study, interview, sitting.coder, at)


class _Sitting:
    """One person at one interview's sheet."""

    def __init__(self, study: Study, interview: Interview, coder: str, why: str) -> None:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.key_binding import KeyBindings

        self.study, self.interview, self.coder, self.why = study, interview, coder, why
        self.added: list[tuple[Edit, Turn, str, str | None]] = []
        self.typed = self.noted = ""
        keys = KeyBindings()
        for key, command in (("c-b", "back"), ("c-t", "note"), ("c-z", "take back")):
            keys.add(key, eager=True)(
                lambda event, command=command: event.app.exit(result=(command, event.app.current_buffer.text)))
        self.codes: PromptSession = PromptSession(key_bindings=keys, complete_while_typing=True, reserve_space_for_menu=5)
        self.notes: PromptSession = PromptSession(bottom_toolbar="A note on this code. Enter: write it · ^D leave it")

    def go_through(self, at: int) -> Turn | None:
        """From turn number `at` of the participants' to the end; the turn where it was stopped, None at the end."""
        turns = self.interview.participant_turns
        shown = None
        while at < len(turns):
            turn = turns[at]
            read = books.read(self.study, only={self.interview.name})
            if shown != turn.id:
                console().rule()
                _print_turn(read, self.interview, turn)
                shown = turn.id
            _leave(self.study, self.interview, self.coder, turn)
            try:
                command, typed = self._ask(books.labels(self.study), f"{turn.id} · {at + 1}/{len(turns)}")
            except (EOFError, KeyboardInterrupt):
                return turn
            if command == "back":
                self.typed = typed
                at, shown = max(at - 1, 0), None
            elif command == "" and not typed.strip():
                at += 1
            else:
                self._answer(command, typed, turn)
        return None

    def _ask(self, labels: list[str], place: str) -> tuple[str, str]:
        """What was typed, and the key that ended it ('' for Enter). What a key left unwritten stands there again."""
        from prompt_toolkit.completion import WordCompleter

        completer = WordCompleter(labels, ignore_case=True, sentence=True, match_middle=True)
        typed, self.typed = self.typed, ""
        answer = self.codes.prompt("code> ", completer=completer, default=typed,
                                   bottom_toolbar=f"{self.interview.name} {place} · {HELP}")
        return ("", answer) if isinstance(answer, str) else answer

    def _answer(self, command: str, typed: str, turn: Turn) -> None:
        try:
            if command == "take back":
                self.typed = typed
                self._take_back()
            elif command == "note" and not typed.strip():
                self._note_the_last()
            else:
                label, words = _read(typed)
                if words is not None:
                    editing.check_words(words, turn, self.interview)
                note = self._ask_note() if command == "note" else ""
                if note is None:
                    self.typed = typed
                else:
                    self._add(turn, label, words, note)
                    self.noted = ""
        except UserError as exc:
            self.typed = typed
            show_problems(exc.problems, self.study.root)
            if self.noted:
                say("Your note is kept: ^T brings it back.")

    def _ask_note(self) -> str | None:
        try:
            self.noted = self.notes.prompt("note> ", default=self.noted)
        except (EOFError, KeyboardInterrupt):
            return None
        return self.noted

    def _note_the_last(self) -> None:
        """A note on the code that was added last: it is taken back and written again with the note."""
        if not self.added:
            say("Type a code first: ^T writes a note with it, or on the last one you added.")
            return
        edit, turn, label, words = self.added[-1]
        note = self._ask_note()
        if note and self._take_back():
            self._add(turn, label, words, note)
            self.noted = ""

    def _take_back(self) -> bool:
        if not self.added:
            say("Nothing of this sitting is left to take back.")
            return False
        edit, _, label, _ = self.added[-1]
        if not editing.take_back(self.study, edit, self.coder):
            say("The sheet was changed elsewhere since: take the code out in your editor.")
            return False
        self.added.pop()
        say(f'"{label}" is taken back.')
        return True

    def _add(self, turn: Turn, label: str, words: str | None, note: str) -> None:
        edit = editing.add_code(self.study, self.interview.name, turn.id, label, words=words, note=note, by=self.coder,
                                why=self.why)
        if not edit.changed:
            say(f'"{label}" stands at this turn already.')
            return
        self.added.append((edit, turn, label, words))
        block(f"· {sheets.write_line(label, words)}", 2, "green")
        if note:
            block(note, 6, "italic dim")


def _read(typed: str) -> tuple[str, str | None]:
    """A typed line in the grammar of the sheets. Raises UserError."""
    try:
        return sheets.read_line(typed.strip())
    except ValueError as exc:
        raise UserError(error("the code", None, str(exc), 'Type it as in a sheet: label <- "words"')) from None


def _begin(study: Study, read: Books, interview: Interview, coder: str) -> int:
    """Where it was left; else the first turn without a code; else the first."""
    turns = interview.participant_turns
    left = _places(study).get(f"{interview.name} {coder}")
    for index, turn in enumerate(turns):
        if turn.id == left:
            return index
    coded = {c.turn for c in read.codings if (c.interview, c.coder) == (interview.name, coder)}
    return next((index for index, turn in enumerate(turns) if turn.id not in coded), 0)


def _places(study: Study) -> dict:
    try:
        places = json.loads(study.path(PLACES).read_bytes())
    except (OSError, ValueError):
        return {}
    return places if isinstance(places, dict) else {}


def _leave(study: Study, interview: Interview, coder: str, turn: Turn | None) -> None:
    places = _places(study)
    key = f"{interview.name} {coder}"
    if turn is None:
        places.pop(key, None)
    else:
        places[key] = turn.id
    with suppress(OSError):
        study.path(CACHE).mkdir(exist_ok=True)
        study.path(PLACES).write_text(json.dumps(places, ensure_ascii=False), encoding="utf-8")
