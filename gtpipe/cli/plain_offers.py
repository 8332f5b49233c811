"""What the plain form offers at a turn: suggestions with numbers, and what is answered to them.

Nothing is written before a person answers. Numbers keep their meaning as long as a turn is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from gtpipe.cli.turn_shown import print_code
from gtpipe.commands import answer
from gtpipe.commands.answer import Answered
from gtpipe.commands.look_up import find_turn
from gtpipe.desk.typed import entered
from gtpipe.formats import answers, code_line
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError
from gtpipe.model.records import Turn
from gtpipe.render.terminal import block, clean, console, out, progress, say, show_problems
from gtpipe.study import Corpus, load
from gtpipe.suggest.records import GERUND, IN_VIVO, YOURS, Suggestion, TurnRef

if TYPE_CHECKING:
    from gtpipe.cli.plain_form import PlainForm
    from gtpipe.suggest.suggester import Suggester

MARKS = {YOURS: "your code", GERUND: "action", IN_VIVO: "in vivo"}
WIDEST = 44  # labels up to this many columns have their reasons one below the other
NUMBERED = re.compile(r"(?P<before>[erc]?)\s*(?P<numbers>\d(?:[\s,]*\d)*)\s*(?P<after>[erc]?)")


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


class Offers:
    """What is offered to one person at one interview, turn by turn; `model` is the spaCy pipeline
    to parse with, where another one is wanted.
    """

    def __init__(self, form: PlainForm, model: str = "") -> None:
        self.form, self.model = form, model
        self.suggester: Suggester | None = None
        self.begin_turn()

    def begin_turn(self) -> None:
        self.offered: tuple[Suggestion, ...] = ()
        self.settled: set[int] = set()
        self.is_offering = False

    def standing(self, label: str) -> Suggestion | None:
        """The suggestion of this label that is not answered."""
        same = answer.offered(self.offered, label)
        is_open = same is not None and self.offered.index(same) + 1 not in self.settled
        return same if is_open else None

    @property
    def not_yet(self) -> str:
        after = "after a code of yours, or " if self.form.is_review else ""
        return f"Suggestions are shown {after}with s."

    def learn(self, corpus: Corpus) -> Suggester:
        """What suggests, once it has learned from the codes of the whole study."""
        from gtpipe.suggest.suggester import Suggester

        with progress(f"{self.form.command}: learning from your codes"):
            suggester = Suggester(
                self.form.study,
                corpus.material,
                corpus.codings,
                answers.read(corpus.snapshot),
                corpus.settings.language,
                model=self.model,
                only={self.form.interview.name},
                turn_by_turn=True,
            )
        for remark in suggester.remarks:
            say(f"note: {remark}")
        self.suggester = suggester
        return suggester

    def offer(self, corpus: Corpus, turn: Turn) -> None:
        """Show what is offered at the turn, once."""
        suggester = self.suggester or self.learn(load(self.form.study))
        suggester.update(self.form.interview.name, corpus.codings)
        self.offered, self.is_offering = suggester.at(self.form.interview, turn), True
        out()
        self.show()

    def show(self) -> None:
        from rich.cells import cell_len
        from rich.text import Text

        if not self.offered:
            block("nothing to suggest here", 2, "dim")
        widths = [cell_len(clean(one.label)) for one in self.offered]
        column = max((width for width in widths if width <= WIDEST), default=0)
        for number, one in enumerate(self.offered, 1):
            line = Text("  ", no_wrap=True, overflow="ellipsis")
            line.append(f"{number} ", "bold cyan")
            line.append(clean(one.label), "dim" if number in self.settled else "")
            gap = " " * max(column - widths[number - 1], 0)
            line.append(
                clean(f"{gap}  {MARKS[one.source]} · {' '.join(one.reason.split())}"), "dim"
            )
            console().print(line, no_wrap=True, overflow="ellipsis", soft_wrap=False)

    def answer(self, verb: str, numbers: str, with_note: bool) -> None:
        if not self.is_offering:
            self.form.refuse(self.not_yet)
            return
        chosen = dict.fromkeys(int(digit) for digit in numbers if digit.isdigit())
        missing = [number for number in chosen if not 0 < number <= len(self.offered)]
        if missing:
            self.form.refuse(f"No suggestion {missing[0]} here.")
            return
        done = [number for number in chosen if number in self.settled and verb != "c"]
        for number in done:
            say(f"{number} is answered; ^Z takes the last answer back.")
        wanted = [self.offered[number - 1] for number in chosen if number not in done]
        for one in wanted:
            if verb == "c":
                self._compare(one)
            elif verb == "e":
                self._edit(one)
            elif verb == "":
                note = self.form.ask_note() if with_note else ""
                if note is not None:
                    self.take(one, "", None, note)
                    self.form.noted = ""
        if verb == "r":
            self._reject(wanted)

    def take(self, one: Suggestion, label: str, words: str | None, note: str) -> None:
        answered = answer.take(
            self.form.study,
            one,
            label=label,
            words=words,
            note=note,
            by=self.form.coder,
            why=self.form.why,
        )
        self._settle(
            [one],
            answered,
            answered.label if answered.changed_sheet else "",
            note,
            f'"{answered.label}" is taken back.',
            lambda note: self.take(one, label, words, note),
        )
        if answered.changed_sheet:
            self.form.say_if_old(answered.label)
            print_code(answered.label, answered.words, note)
        else:
            say(f'"{answered.label}" stands at this turn already.')

    def _edit(self, one: Suggestion) -> None:
        """The suggestion in a line to be edited; Ctrl-D leaves it."""
        standing = code_line.write_line(one.label, None)
        if one.source == IN_VIVO and one.words is not None:
            standing += f' <- "{" ".join(one.words.split())}"'
        while True:
            foot = "Edit it. Enter: write it · ^D leave it"
            typed = self.form.lines.more("edit> ", standing, foot)
            if typed is None or not typed.strip():
                break
            try:
                label, words = entered(typed)
                self.take(one, label, words, "")
                break
            except UserError as exc:
                if not self.form.lines.keeps:
                    raise
                show_problems(exc.problems, self.form.study.root)
                standing = typed

    def _reject(self, some: list[Suggestion]) -> None:
        if some:
            answered = answer.reject(self.form.study, some, by=self.form.coder, why=self.form.why)
            if self.suggester is not None:
                self.suggester.reject(answered.rows)
            told = "Rejected no more: " + ", ".join(f'"{one.label}"' for one in some) + "."
            self._settle(some, answered, "", "", told, lambda note: None)
            for one in some:
                block(f"× {one.label}", 2, "dim")

    def ignore(self) -> None:
        """Everything not answered at this turn was seen and left alone; go on."""
        if not self.is_offering:
            self.form.refuse(self.not_yet)
            return
        some = [one for number, one in enumerate(self.offered, 1) if number not in self.settled]
        if some:
            answer.ignore(self.form.study, some, by=self.form.coder, why=self.form.why)
        self.form.go_on()

    def _settle(
        self,
        some: list[Suggestion],
        answered: Answered,
        label: str,
        note: str,
        told: str,
        again: Callable[[str], None],
    ) -> None:
        numbers = {number for number, one in enumerate(self.offered, 1) if one in some}
        self.settled |= numbers

        def undo() -> bool:
            if not answer.take_back(self.form.study, answered, self.form.coder):
                return False
            if self.suggester is not None:
                self.suggester.forgive(answered.rows)
            if any(one in self.offered for one in some):
                self.settled -= numbers
            return True

        if answered.changes:
            turn = find_turn(self.form.interview, some[0].at.turn)
            self.form.done.append(Act(turn, told, label, note, undo, again))

    def _compare(self, one: Suggestion) -> None:
        """The incidents that a suggestion resembles, with their words."""
        block(one.label, 2, "bold")
        if not one.like:
            words = one_line(one.words or one.reason)
            block(f"{MARKS[one.source]}, from this turn's own words: {words}", 4, "dim")
        for place in one.like:
            self._incident(place, one.label)

    def _incident(self, place: TurnRef, label: str) -> None:
        assert self.suggester is not None
        interview = self.suggester.material.interviews[place.interview]
        turn = find_turn(interview, place.turn)
        block(f"{place} · {interview.participant(turn)}", 4, "dim")
        for span in self.suggester.stretches(place, label) or (None,):
            block(turn.text, 4) if span is None else block(turn.text, 4, marked=span)
