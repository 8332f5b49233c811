"""Coding turn by turn in the terminal: the question, the words, the codes so far; type codes, with completion.

Each code is written into the sheet as it is typed, one line; whatever an editor saved in between is kept.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass

from gtpipe import books, cache, editing
from gtpipe.books import Books
from gtpipe.cli.output import block, console, out, say, show_problems
from gtpipe.errors import UserError, error
from gtpipe.files import sheets
from gtpipe.model import INITIAL, Interview, Turn
from gtpipe.study import CACHE, Study

PLACES = f"{CACHE}/coding.json"
HELP = "Enter: add the code, or go on · ^B back · ^T note · ^X take back · ^D stop"


def show(study: Study, name: str, id: str) -> None:
    """Print one turn: the question before it, its words, and every code at it, on stdout."""
    read = books.read(study)
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


@dataclass
class _Added:
    """The last code of this sitting, so that it can be taken back."""

    path: str
    before: bytes | None
    after: bytes


def sit_down(study: Study, name: str, by: str, why: str) -> None:
    """Go through an interview's participant turns. Begins where it was left; ends at the last turn, or with Ctrl-D."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.key_binding import KeyBindings

    read = books.read(study)
    interview = editing.find_interview(read, name)
    coder = editing.find_coder(read, by)
    turns = interview.participant_turns
    if not turns:
        raise UserError(error(interview.path, None, "no turn of a participant here", "Look at `speakers` in its front matter"))
    keys = KeyBindings()
    for key, answer in (("c-b", "back"), ("c-t", "note"), ("c-x", "take back")):
        keys.add(key)(lambda event, answer=answer: event.app.exit(result=(answer, event.app.current_buffer.text)))
    session: PromptSession = PromptSession(key_bindings=keys, bottom_toolbar=HELP, complete_while_typing=True)
    at = _begin(study, read, interview, coder)
    last: _Added | None = None
    shown = None
    while at < len(turns):
        turn = turns[at]
        if shown != turn.id:
            read = books.read(study)
            console().rule()
            _print_turn(read, interview, turn)
            shown = turn.id
        _leave(study, interview, coder, turn)
        labels = WordCompleter(editing.known_labels(read), ignore_case=True, sentence=True, match_middle=True)
        try:
            answer = session.prompt("code> ", completer=labels)
        except (EOFError, KeyboardInterrupt):
            break
        typed = answer if isinstance(answer, str) else answer[1]
        command = None if isinstance(answer, str) else answer[0]
        try:
            if command == "back":
                at, shown = max(at - 1, 0), None
            elif command == "note":
                note = session.prompt("note> ", completer=None, bottom_toolbar="A note on the code just typed. Enter: write it")
                session.bottom_toolbar = HELP
                label, stretch = _read(typed) if typed.strip() else ("", None)
                if not label:
                    say("Type the code first, then ^T: the note is written with it.")
                elif isinstance(note, str):
                    last = _add(study, interview, turn, label, stretch, note, coder, why)
            elif command == "take back":
                if last is not None and editing.take_back(study, last.path, last.after, last.before, coder):
                    say("The last code is taken back.")
                else:
                    say("Nothing to take back: the sheet is not as this sitting left it. Edit it in your editor.")
                last, shown = None, None
            elif typed.strip():
                label, stretch = _read(typed)
                last = _add(study, interview, turn, label, stretch, "", coder, why) or last
                read = books.read(study)
            else:
                at += 1
        except UserError as exc:
            show_problems(exc.problems, study.root)
    if at >= len(turns):
        say(f"That was the last turn of {interview.name}.")
        _leave(study, interview, coder, None)
    else:
        say(f"Stopped at {interview.name} {turns[at].id}; `gtpipe code {interview.name}` goes on there.")


def _read(typed: str) -> tuple[str, str | None]:
    """A typed line in the grammar of the sheets. Raises UserError."""
    try:
        return sheets.read_line(typed.strip())
    except ValueError as exc:
        raise UserError(error("the code", None, str(exc), 'Type it as in a sheet: label <- "words"')) from None


def _add(
    study: Study, interview: Interview, turn: Turn, label: str, words: str | None, note: str, coder: str, why: str
) -> _Added | None:
    read = books.read(study)
    path, before, _ = editing.sheet_for(read, interview, coder)
    path, changed = editing.add_code(study, interview.name, turn.id, label, words=words, note=note, by=coder, why=why)
    if not changed:
        say(f'"{label}" stands at this turn already.')
        return None
    block(f"· {sheets.write_line(label, words)}", 2, "green")
    return _Added(path, before, study.path(path).read_bytes())


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
