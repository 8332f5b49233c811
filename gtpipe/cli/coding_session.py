"""Coding turn by turn in the terminal: the question, the
words, the codes so far; type codes, with completion.

Each code is written into the sheet as it is typed, one line; whatever an editor saved in between is
kept. `gtpipe review` is the same with suggestions below the words.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gtpipe.analysis.labels import was_split
from gtpipe.cli.options import signed
from gtpipe.commands.code import add_code, called_now, sheet_for, split_now, take_back
from gtpipe.commands.look_up import check_words, find_coder, find_interview, find_turn
from gtpipe.formats import code_line
from gtpipe.model import anchor
from gtpipe.model.level import INITIAL
from gtpipe.model.names import slug
from gtpipe.model.problems import UserError, error, refusal
from gtpipe.model.records import Interview, Turn
from gtpipe.render.terminal import block, console, out, say, show_problems
from gtpipe.store import cache
from gtpipe.store.layout import Study
from gtpipe.study import Corpus, code_labels, load

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import CompleteEvent, Completer
    from prompt_toolkit.document import Document

PLACES = "coding.json"
KEYS = "? help · ^B back · ^G go to · ^T note · ^Z undo · ^D stop"
FEWER_KEYS = "? help · ^D stop"
HELP = """\
letters   a code of yours or a new one; Tab completes, Enter adds it;
          label <- "words" ties it to those words of the turn: behind <- the
          turn's clauses are offered; a start and an end do, "at … late"
Enter     on an empty line: go on        ^B   back
^G        go to a turn, by its number; over turns: 7-10
^T        a note with this code; on an empty line: on the last code
^Z        take the last code back, and go where it stood
^D, ^C    stop; what you entered is kept, and it goes on there the next time
A code that is really a question mark: a space before it."""


def show(study: Study, name: str, id: str) -> None:
    """Print one turn: the question before it, its words, and every code at it, on stdout."""
    corpus = load(study, only={name, slug(name)})
    interview = find_interview(corpus, name)
    print_turn(corpus, interview, find_turn(interview, id))


def print_turn(corpus: Corpus, interview: Interview, turn: Turn) -> None:
    place = f"turn {interview.position[turn.id] + 1} of {len(interview.turns)}"
    block(f"{interview.name} {turn.id} ({place})", style="bold")
    question = interview.question_before(turn.id)
    if question is not None:
        block(f"{question.label}: {question.text}", 2, "dim")
        out()
    block(f"{turn.label}: {turn.text}", 2)
    out()
    ids = {one.id for one in interview.turns_of(turn.id)}
    codes = [c for c in corpus.codings if c.interview == interview.name and ids & {*c.stands_at}]
    for coding in codes:
        who = f" ({coding.coder})" if coding.coder and len(corpus.settings.researchers) > 1 else ""
        who += f" (turns {coding.turn})" if coding.turn not in (turn.id, *ids) else ""
        level = "" if coding.level == INITIAL else f"{coding.level}: "
        block(f"· {level}{code_line.write_line(coding.typed, coding.words)}{who}", 2, "green")
        if coding.note:
            block(coding.note, 6, "italic dim")
    if not codes:
        block("No code yet.", 2, "dim")


def sit_down(study: Study, name: str, by: str, why: str) -> None:
    """Go through an interview's participant turns. Begins where
    it was left; ends at the last turn, or with Ctrl-D.
    """
    gc.enable()
    corpus = load(study, only={name, slug(name)})
    interview = find_interview(corpus, name)
    turns = interview.turns if corpus.settings.sheet_interviewer else None
    CodingSession(study, interview, find_coder(corpus, by), why, turns).sit(corpus)


class Act(NamedTuple):
    """Something done at a turn: what to call it, the code it wrote ('' for none) and its note.

    `undo` takes it back; `again` does it with another note.
    """

    turn: Turn
    told: str
    label: str
    note: str
    undo: Callable[[], bool]
    again: Callable[[str], None]


class CodingSession:
    """One person at one interview's sheet. `turns` are gone
    through, those of participants where None.
    """

    prompt = "code> "
    command = "code"
    fewer_keys = FEWER_KEYS
    help = HELP

    def __init__(
        self,
        study: Study,
        interview: Interview,
        coder: str,
        why: str,
        turns: Sequence[Turn] | None = None,
    ) -> None:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.key_binding import KeyBindings

        self.study, self.interview, self.coder, self.why = study, interview, coder, why
        self.turns = list(interview.participant_turns if turns is None else turns)
        self.to: Turn | None = None
        if not self.turns:
            raise UserError(
                error(
                    interview.path,
                    None,
                    "no turn of a participant here",
                    "Look at `speakers` in its front matter",
                )
            )
        self.done: list[Act] = []
        self.typed = self.noted = ""
        keys = KeyBindings()
        for key, command in (
            ("c-b", "back"),
            ("c-g", "go to"),
            ("c-t", "note"),
            ("c-z", "take back"),
        ):
            keys.add(key, eager=True)(
                lambda event, command=command: event.app.exit(
                    result=(command, event.app.current_buffer.text)
                )
            )
        self.codes: PromptSession[str | tuple[str, str]] = PromptSession(
            key_bindings=keys, complete_while_typing=True, reserve_space_for_menu=5
        )
        self.asked: PromptSession[str] = PromptSession()

    def sit(self, corpus: Corpus) -> None:
        """From where it was left to the last turn, or until stopped; and say which.

        Raises KeyboardInterrupt on Ctrl-C, with what was entered in the sheet.
        """
        at = self.begin(corpus)
        self.at = self.turns[at]
        say(f"{sheet_for(corpus, self.interview, self.coder)[0]}{signed(self.coder)}")
        name = self.interview.name
        goes_on = f"`gtpipe {self.command} {name}` goes on there."
        try:
            done = self.go_through(at)
        except KeyboardInterrupt:
            say(f"Stopped at {name} {self.at.id}; what you entered is kept. {goes_on}")
            raise
        say(
            f"That was the last turn of {name}."
            if done
            else f"Stopped at {name} {self.at.id}; {goes_on}"
        )
        self._leave(None if done else self.at)

    @property
    def keys(self) -> str:
        """The keys for the foot of the screen."""
        return KEYS

    def begin(self, corpus: Corpus) -> int:
        """Where it was left; else the first turn without a code; else the first."""
        left = _places(self.study).get(f"{self.interview.name} {self.coder}")
        for index, turn in enumerate(self.turns):
            if turn.id == left:
                return index
        coded = coded_by(corpus, self.interview, self.coder)
        return next((index for index, turn in enumerate(self.turns) if turn.id not in coded), 0)

    def go_through(self, at: int) -> bool:
        """From turn number `at` to the end, or until stopped; whether it came to the end."""
        shown = None
        while at < len(self.turns):
            turn = self.at = self.turns[at]
            corpus = load(self.study, only={self.interview.name})
            if shown != turn.id:
                console().rule()
                self.show(corpus, turn)
                shown = turn.id
            self._leave(turn)
            try:
                command, typed = self._ask(
                    self.labels(corpus), f"{turn.id} · {at + 1}/{len(self.turns)}"
                )
            except EOFError:
                return False
            if command == "back":
                self.typed = typed
                at, shown = max(at - 1, 0), None
            elif (command == "" and not typed.strip()) or self._answered(command, typed, turn):
                at += 1
            if self.to is not None:
                at, shown, self.to = self.turns.index(self.to), None, None
        return True

    def show(self, corpus: Corpus, turn: Turn) -> None:
        print_turn(corpus, self.interview, turn)

    def labels(self, corpus: Corpus) -> list[str]:
        """What can be completed."""
        return code_labels(self.study)

    def completer(self, labels: list[str]) -> Completer:
        """Codes; behind `<-`, the sentences and clauses of the turn."""
        from prompt_toolkit.completion import Completer, Completion, WordCompleter

        codes = WordCompleter(labels, ignore_case=True, sentence=True, match_middle=True)
        clauses = anchor.clauses(self.at.text)

        class CodesAndClauses(Completer):
            def get_completions(
                self, document: Document, complete_event: CompleteEvent
            ) -> Iterable[Completion]:
                _, arrow, typed = document.text_before_cursor.partition("<-")
                if not arrow:
                    yield from codes.get_completions(document, complete_event)
                for clause in clauses if arrow else ():
                    if typed.strip(' "').casefold() in clause.casefold():
                        yield Completion(f' "{clause}"', -len(typed), clause)

        return CodesAndClauses()

    def _ask(self, labels: list[str], place: str) -> tuple[str, str]:
        """What was typed, and the key that ended it ('' for Enter).
        What a key left unwritten stands there again.
        """
        typed, self.typed = self.typed, ""
        answer = self.codes.prompt(
            self.prompt,
            completer=self.completer(labels),
            default=typed,
            bottom_toolbar=self._key_line(f"{self.interview.name} {place}"),
        )
        return ("", answer) if isinstance(answer, str) else answer

    def _key_line(self, place: str) -> str:
        """Where one is and the keys, in one line of the terminal."""
        import shutil

        line = f"{place} · {self.keys}"
        fits = len(line) < shutil.get_terminal_size().columns
        return line if fits else f"{place} · {self.fewer_keys}"

    def _answered(self, command: str, typed: str, turn: Turn) -> bool:
        """Do what was typed; whether to go on to the next turn.
        What could not be done stands there again.
        """
        try:
            if command == "take back":
                self.typed = typed
                self.take_back()
            elif command == "go to":
                self.typed = typed
                self.go_to()
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
        if typed.rstrip() == "?" and not with_note:
            block(self.help, 2)
            return False
        return self.write(typed, turn, with_note)

    def write(self, typed: str, turn: Turn, with_note: bool) -> bool:
        """A code as it was typed; whether to go on. Raises UserError."""
        label, words = in_sheet(typed)
        if words is not None:
            check_words(words, turn, self.interview)
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

    def go_to(self) -> None:
        """Ask for a turn and go there. Raises UserError where there is none."""
        turns = self.interview.turns
        typed = self.ask(
            "turn> ", f"A turn, {turns[0].id} to {turns[-1].id}. Enter: go there · ^D stay here"
        )
        id = (typed or "").strip().rpartition(" ")[2]
        if not id:
            return
        turn = find_turn(self.interview, id)
        if not self.interview.participant(turn) and turn not in self.turns:
            say(
                f"Turn {id} is the interviewer's; to code it: "
                f"gtpipe code {self.interview.name} {id} LABEL"
            )
            return
        if turn not in self.turns:
            position = self.interview.position
            self.turns = sorted([*self.turns, turn], key=lambda one: position[one.id])
        self.to = turn

    def ask_note(self, standing: str = "") -> str | None:
        note = self.ask(
            "note> ", "A note on this code. Enter: write it · ^D leave it", self.noted or standing
        )
        self.noted = self.noted if note is None else note
        return note

    def note_the_last(self) -> None:
        """A note on the code added last: it is taken back and written again with the note."""
        if not self.done or not self.done[-1].label:
            say("Type a code first: ^T writes a note with it, or on the last one you added.")
            return
        act = self.done[-1]
        note = self.ask_note(act.note)
        if note is None or note == act.note or not self.take_back(told=False):
            return
        try:
            act.again(note)
        except BaseException:
            act.again(act.note)
            raise
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
            self.to = act.turn
        return True

    def add(self, turn: Turn, label: str, words: str | None, note: str) -> None:
        """A code of the person's own, written into the sheet. Raises UserError."""
        edit = add_code(
            self.study,
            self.interview.name,
            turn.id,
            label,
            words=words,
            note=note,
            by=self.coder,
            why=self.why,
        )
        if not edit.changed:
            say(f'"{label}" stands at this turn already.')
            return
        self.say_if_old(label)
        self.done.append(
            Act(
                turn,
                f'"{label}" is taken back.',
                label,
                note,
                lambda: take_back(self.study, edit, self.coder),
                lambda note: self.add(turn, label, words, note),
            )
        )
        print_code(label, words, note)

    def say_if_old(self, label: str) -> None:
        """A word where a label that was written is called otherwise now, or was split."""
        now = called_now(self.study, label)
        if now:
            say(f'"{label}" is called "{now}" now, and counts so: ^Z takes it back.')
        elif parts := split_now(self.study, label):
            say(f"{was_split(label, parts).what}: ^Z takes it back, to give one of these.")

    def _leave(self, turn: Turn | None) -> None:
        """Keep where to go on."""
        places = _places(self.study)
        key = f"{self.interview.name} {self.coder}"
        if turn is None:
            places.pop(key, None)
        else:
            places[key] = turn.id
        cache.save_json(self.study, PLACES, places)


def print_code(label: str, words: str | None, note: str) -> None:
    """A code that stands in the sheet now."""
    block(f"· {code_line.write_line(label, words)}", 2, "green")
    if note:
        block(note, 6, "italic dim")


def coded_by(corpus: Corpus, interview: Interview, coder: str) -> set[str]:
    """The turns of an interview that a coder gave a code."""
    return {c.turn for c in corpus.codings if (c.interview, c.coder) == (interview.name, coder)}


def in_sheet(typed: str) -> tuple[str, str | None]:
    """A typed line in the grammar of the sheets. Raises UserError."""
    try:
        return code_line.read_line(typed.strip())
    except ValueError as exc:
        raise UserError(refusal(str(exc), 'Type it as in a sheet: label <- "words"')) from None


def _places(study: Study) -> dict[str, str]:
    """`INTERVIEW CODER` → the turn where it was left."""
    return {key: str(value) for key, value in cache.load_json(study, PLACES).items()}
