"""Coding turn by turn, line by line: the question, the words, the codes so far; one line typed
codes the turn, or answers what is offered there.

It is what the desk is where there is no screen, for readers that speak the lines, and for pipes.
Each code is written into the sheet as it is typed, one line; whatever an editor saved in between is
kept. One's own reading comes first: suggestions are shown when asked for, and in `gtpipe review`
once the turn carries a code of one's own. Nothing is written before a person answers. Numbers keep
their meaning as long as a turn is shown.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from gtpipe.analysis.labels import was_split
from gtpipe.cli.lines import Lines, PlainLines, TerminalLines, is_full_terminal
from gtpipe.cli.options import signed
from gtpipe.cli.plain_offers import NUMBERED, Act, Offers
from gtpipe.cli.turn_shown import print_code, print_turn
from gtpipe.commands.code import add_code, called_now, sheet_for, split_now, take_back
from gtpipe.commands.look_up import check_words, find_coder, find_interview, find_turn
from gtpipe.desk import places
from gtpipe.desk.typed import entered
from gtpipe.model import anchor
from gtpipe.model.names import slug
from gtpipe.model.problems import UserError
from gtpipe.model.records import Interview, Turn
from gtpipe.render.terminal import block, console, out, progress, say, show_problems
from gtpipe.store.layout import Study
from gtpipe.study import Corpus, code_labels, codebook_of, load

if TYPE_CHECKING:
    from prompt_toolkit.completion import CompleteEvent, Completer
    from prompt_toolkit.document import Document

KEYS = "? help · s suggest · ^G go to · ^T note · ^Z undo · ^D stop"
KEYS_TO_ANSWER = "? help · 1 take · e1 edit · r1 reject · c1 compare · ^D stop"
FEWER_KEYS = "? help · ^D stop"
SPACE_BEFORE = "If it is a code, put a space before it."
GO_TO = re.compile(r"g\s*(?P<turn>\d+(?:\s*-\s*\d+)?)?")
HELP = """\
letters   a code of yours or a new one; Tab completes, Enter adds it;
          label <- "words" ties it to those words of the turn: behind <- the
          turn's clauses are offered; a start and an end do, "at … late"
Enter     on an empty line: go on         b, ^B   back
g 7, ^G   go to a turn, by its number; over turns: g 7-10
n, ^T     a note on the last code; ^T behind a code: a note with it
u, ^Z     take the last code or answer back, and go where it stood
s         show suggestions, numbered
1         take suggestion 1 as it is; 1 3 takes two
e 2       edit suggestion 2, then take it
r 3       reject it: it is not offered at this turn again
c 1       compare: the incidents it resembles
i         leave the others alone, said so in data/answers.csv, and go on
m         a memo about this turn
q, ^D     stop; what you entered is kept, and it goes on there the next time
A code that is really a key: a space before it, or "7"."""


def code(study: Study, name: str, by: str, why: str) -> bool:
    """Go through an interview's participant turns. Begins where it was left; ends at the last turn,
    or when stopped. Returns whether every line could be done.
    """
    gc.enable()
    corpus = load(study, only={name, slug(name)})
    interview = find_interview(corpus, name)
    turns = interview.turns if corpus.settings.sheet_interviewer else interview.participant_turns
    return PlainForm(study, interview, find_coder(corpus, by), why, turns).sit(corpus)


def review(study: Study, name: str, uncoded: bool, model: str, by: str, why: str) -> bool:
    """The same, with suggestions after each own code; without a name, through the first interview
    in study order with turns that the coder gave no code. Raises UserError.
    """
    gc.enable()
    with progress("review: reading"):
        corpus = load(study)
    coder = find_coder(corpus, by)
    interview = find_interview(corpus, name) if name else next_uncoded(corpus, coder)
    coded = coded_by(corpus, interview, coder) if uncoded else set()
    turns = [turn for turn in interview.participant_turns if turn.id not in coded]
    if uncoded and not turns:
        say(f"Every turn of {interview.name} carries a code of yours.")
        return True
    form = PlainForm(study, interview, coder, why, turns, is_review=True, model=model)
    form.offers.learn(corpus)
    return form.sit(corpus)


def next_uncoded(corpus: Corpus, coder: str) -> Interview:
    """The first interview with a turn that the coder gave no code. Raises UserError."""
    for interview in corpus.material.interviews.values():
        coded = coded_by(corpus, interview, coder)
        if any(turn.id not in coded for turn in interview.participant_turns):
            return interview
    raise UserError.of(
        "no turn without a code of yours", "`gtpipe review INTERVIEW` goes through one all the same"
    )


class PlainForm:
    """One person at one interview's sheet. With `is_review`, suggestions come by themselves once a
    turn carries a code of theirs.
    """

    def __init__(
        self,
        study: Study,
        interview: Interview,
        coder: str,
        why: str,
        turns: Sequence[Turn],
        is_review: bool = False,
        model: str = "",
    ) -> None:
        self.study, self.interview, self.coder, self.why = study, interview, coder, why
        self.is_review = is_review
        self.command = "review" if is_review else "code"
        self.turns = list(turns)
        if not self.turns:
            raise UserError.at(
                interview.path,
                None,
                "no turn of a participant here",
                "Look at `speakers` in its front matter",
            )
        self.at, self.is_shown = 0, False
        self.done: list[Act] = []
        self.typed = self.noted = ""
        self.refused = False
        self.offers = Offers(self, model)
        self.lines: Lines = TerminalLines() if is_full_terminal() else PlainLines()

    @property
    def turn(self) -> Turn:
        return self.turns[self.at]

    # --- from turn to turn ------------------------------------------------------------------------

    def sit(self, corpus: Corpus) -> bool:
        """From where it was left to the last turn, or until stopped; and say which. Returns whether
        every line could be done.

        Raises KeyboardInterrupt on Ctrl-C, with what was entered in the sheet.
        """
        self.at = self._begin(corpus)
        say(f"{sheet_for(corpus, self.interview, self.coder)[0]}{signed(self.coder)}")
        name = self.interview.name
        goes_on = f"`gtpipe {self.command} {name}` goes on there."
        try:
            while self.at < len(self.turns):
                self._one_line()
        except KeyboardInterrupt:
            say(f"Stopped at {name} {self.turn.id}; what you entered is kept. {goes_on}")
            raise
        except EOFError:
            say(f"Stopped at {name} {self.turn.id}; {goes_on}")
        else:
            say(f"That was the last turn of {name}.")
            places.leave(self.study, self.interview.name, self.coder, None)
        return not self.refused

    def _begin(self, corpus: Corpus) -> int:
        """Where it was left; else the first turn without a code; else the first."""
        left = places.left(self.study, self.interview.name, self.coder)
        coded = coded_by(corpus, self.interview, self.coder)
        numbered = list(enumerate(self.turns))
        uncoded = next((index for index, turn in numbered if turn.id not in coded), 0)
        return next((index for index, turn in numbered if turn.id == left), uncoded)

    def _one_line(self) -> None:
        """Show the turn, where it is another one; then do what is typed. Raises EOFError to stop.

        What could not be done stands there again.
        """
        turn = self.turn
        if not self.is_shown:
            self._show(self._corpus(), turn)
        places.leave(self.study, self.interview.name, self.coder, turn.id)
        typed, self.typed = self.typed, ""
        typed, key = self.lines.code(
            f"{self.command}> ", typed, self._foot(turn), lambda: self._completer(turn)
        )
        try:
            if key and not (key == "n" and typed.strip()):
                self.typed = "" if key == "n" else typed
                self._key(key)
            else:
                self._answer(typed, turn, with_note=key == "n")
        except UserError as exc:
            self.typed = typed if self.lines.keeps else ""
            self.refused = self.refused or not self.lines.keeps
            show_problems(exc.problems, self.study.root)
            if self.noted:
                say("Your note is kept: ^T brings it back.")

    def _corpus(self) -> Corpus:
        return load(self.study, only={self.interview.name})

    def go_on(self) -> None:
        self._go(self.at + 1)

    def _go(self, at: int) -> None:
        self.at, self.is_shown = at, False

    def _show(self, corpus: Corpus, turn: Turn) -> None:
        if console().is_terminal:
            console().rule()
        else:
            out("")
        print_turn(corpus, self.interview, turn)
        self.is_shown = True
        self.offers.begin_turn()
        if not self.is_review:
            return
        if turn.id in coded_by(corpus, self.interview, self.coder):
            self.offers.offer(corpus, turn)
        else:
            block(f"({self.offers.not_yet})", 2, "dim")

    def _foot(self, turn: Turn) -> str:
        """Where one is and the keys that mean something now, in one line of the terminal."""
        import shutil

        place = f"{self.interview.name} {turn.id} · {self.at + 1}/{len(self.turns)}"
        line = f"{place} · {KEYS_TO_ANSWER if self.offers.is_offering else KEYS}"
        fits = len(line) < shutil.get_terminal_size().columns
        return line if fits else f"{place} · {FEWER_KEYS}"

    def _completer(self, turn: Turn) -> Completer:
        """Codes; behind `<-`, the sentences and clauses of the turn."""
        from prompt_toolkit.completion import Completer, Completion, WordCompleter

        codes = WordCompleter(
            code_labels(self.study), ignore_case=True, sentence=True, match_middle=True
        )
        clauses = anchor.clauses(turn.text)

        class CodesAndClauses(Completer):
            def get_completions(
                self, document: Document, complete_event: CompleteEvent
            ) -> Iterable[Completion]:
                _, arrow, typed = document.text_before_cursor.partition("<-")
                if not arrow and len(typed := document.text.strip()) > 1 and not _is_key(typed):
                    yield from codes.get_completions(document, complete_event)
                for clause in clauses if arrow else ():
                    if typed.strip(' "').casefold() in clause.casefold():
                        yield Completion(f' "{clause}"', -len(typed), clause)

        return CodesAndClauses()

    # --- what is typed ----------------------------------------------------------------------------

    def _answer(self, typed: str, turn: Turn, with_note: bool) -> None:
        """A line that was typed. Raises UserError, EOFError to stop."""
        bare = typed.strip()
        numbered = NUMBERED.fullmatch(bare)
        if not bare:
            self.go_on()
        elif typed[:1].isspace() or (with_note and not numbered):
            self._own(bare, turn, with_note)
        elif len(bare) > 2 and bare[0] == bare[-1] == '"' and _is_key(bare[1:-1]):
            self._own(bare[1:-1], turn, with_note)
        elif numbered and not (numbered["before"] and numbered["after"]):
            self.offers.answer(
                numbered["before"] or numbered["after"], numbered["numbers"], with_note
            )
        elif _is_key(bare):
            self._key(bare)
        else:
            self._own(bare, turn, with_note)

    def _key(self, key: str) -> None:
        """What a letter on a line of its own does, or the same key with Ctrl."""
        turn = self.turn
        if (to := GO_TO.fullmatch(key)) is not None:
            self._go_to(to["turn"] or "")
        elif key == "b":
            self._go(max(self.at - 1, 0))
        elif key == "n":
            self._note_the_last()
        elif key == "u":
            self._take_back()
        elif key == "s" and self.offers.is_offering:
            self.offers.show()
        elif key == "s":
            self.offers.offer(self._corpus(), turn)
        elif key == "i":
            self.offers.ignore()
        elif key == "m":
            self._memo(turn)
        elif key == "q":
            raise EOFError
        elif key == "?":
            block(HELP, 2)
            if self.offers.is_offering:
                out()
                self.offers.show()
        else:
            self.refuse(f'No key "{key}": ? shows the keys.')

    def refuse(self, told: str) -> None:
        """No code and no key that does something here."""
        say(f"{told} {SPACE_BEFORE}")
        self.refused = self.refused or not self.lines.keeps

    def _go_to(self, id: str) -> None:
        """Go to a turn; `id` is asked for where it is "". Raises UserError where there is none."""
        turns = self.interview.turns
        typed = id or self.lines.more(
            "turn> ", "", f"A turn, {turns[0].id} to {turns[-1].id}. Enter: go there · ^D stay here"
        )
        id = "".join((typed or "").strip().removeprefix(f"{self.interview.name} ").split())
        if not id:
            return
        turn = find_turn(self.interview, id)
        if not self.interview.participant(turn) and turn not in self.turns:
            raise UserError.of(
                f"turn {id} is the interviewer's",
                f"To code it: gtpipe code {self.interview.name} {id} LABEL",
            )
        if turn not in self.turns:
            position = self.interview.position
            self.turns = sorted([*self.turns, turn], key=lambda one: position[one.id])
        self._go(self.turns.index(turn))

    def _own(self, typed: str, turn: Turn, with_note: bool) -> None:
        """A code that was typed. Where it is what a suggestion says, that suggestion is taken."""
        label, words = entered(typed)
        if words is not None:
            check_words(words, turn, self.interview)
        same = self.offers.standing(label)
        note = self.ask_note() if with_note else ""
        if note is None:
            self.typed = typed
            return
        if same is not None:
            self.offers.take(same, label, words, note)
        else:
            self._add(turn, label, words, note)
        self.noted = ""
        if self.is_review and not self.offers.is_offering:
            corpus = self._corpus()
            if turn.id in coded_by(corpus, self.interview, self.coder):
                self.offers.offer(corpus, turn)

    def _add(self, turn: Turn, label: str, words: str | None, note: str) -> None:
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
                lambda note: self._add(turn, label, words, note),
            )
        )
        print_code(label, words, note)

    def ask_note(self, standing: str = "") -> str | None:
        note = self.lines.more(
            "note> ", self.noted or standing, "A note on this code. Enter: write it · ^D leave it"
        )
        self.noted = self.noted if note is None else note
        return note

    def _note_the_last(self) -> None:
        """A note on the code added last: it is taken back and written again with the note."""
        if not self.done or not self.done[-1].label:
            say("Type a code first: ^T writes a note with it, or on the last one you added.")
            return
        act = self.done[-1]
        note = self.ask_note(act.note)
        if note is None or note == act.note or not self._take_back(told=False):
            return
        try:
            act.again(note)
        except BaseException:
            act.again(act.note)
            raise
        self.noted = ""

    def _take_back(self, told: bool = True) -> bool:
        if not self.done:
            say("Nothing of this sitting is left to take back. `gtpipe undo` goes further back.")
            return False
        act = self.done[-1]
        if not act.undo():
            say("The sheet was changed elsewhere since: take the code out in your editor.")
            return False
        self.done.pop()
        if told:
            say(act.told)
            self._go(self.turns.index(act.turn))
        return True

    def say_if_old(self, label: str) -> None:
        """A word where a label that was written is called otherwise now, or was split."""
        codes = codebook_of(self.study)
        now = called_now(codes, label)
        if now:
            say(f'"{label}" is called "{now}" now, and counts so: ^Z takes it back.')
        elif parts := split_now(codes, label):
            say(f"{was_split(label, parts).what}: ^Z takes it back, to give one of these.")

    def _memo(self, turn: Turn) -> None:
        from gtpipe.cli.memo import new_memo

        place = f"{self.interview.name} {turn.id}"
        title = self.lines.more(
            "title> ", "", f"A memo about {place}. Enter: make it · ^D leave it"
        )
        if title and title.strip():
            new_memo(title, about=[place], by=self.coder)


def _is_key(text: str) -> bool:
    return bool(len(text) == 1 or NUMBERED.fullmatch(text) or GO_TO.fullmatch(text))


def coded_by(corpus: Corpus, interview: Interview, coder: str) -> set[str]:
    """The turns of an interview that a coder gave a code."""
    here = corpus.codings.of_interview(interview.name)
    return {id for coding in here if coding.coder == coder for id in coding.stands_at}
