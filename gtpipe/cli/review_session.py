"""Reviewing turn by turn in the terminal: below a participant's words, what gtpipe offers,
numbered; one line typed answers it.

One's own reading comes first: suggestions are shown once the turn carries a code of one's own, or
when asked for. Nothing is written before a person answers. Numbers keep their meaning as long as a
turn is shown.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from gtpipe.cli.coding_session import Act, CodingSession, coded_by, in_sheet, print_code
from gtpipe.commands import answer
from gtpipe.commands.answer import Answered
from gtpipe.commands.look_up import check_words, find_coder, find_interview, find_turn
from gtpipe.formats import answers, code_line
from gtpipe.model.level import INITIAL
from gtpipe.model.names import label_order, one_line
from gtpipe.model.problems import UserError, refusal
from gtpipe.model.records import Coding, Interview, Turn
from gtpipe.render.terminal import block, clean, console, out, progress, say
from gtpipe.store.layout import Study
from gtpipe.study import Corpus, load
from gtpipe.suggest.records import GERUND, IN_VIVO, YOURS, Suggestion, TurnRef

if TYPE_CHECKING:
    from prompt_toolkit.completion import Completer

    from gtpipe.suggest.suggester import Suggester

MARKS = {YOURS: "your code", GERUND: "action", IN_VIVO: "in vivo"}
KEYS = "code first, or s suggestions · ^G go to · ? help · ^D stop"
FEWER_KEYS = "s suggestions · ? help · ^D stop"
KEYS_TO_ANSWER = "1 take · e1 edit · r1 reject · c1 compare · ? help · ^D stop"
WIDEST = 44  # labels up to this many columns have their reasons one below the other
NOT_YET = "Suggestions are shown after a code of yours, or with s."
NUMBERED = re.compile(r"(?P<before>[erc]?)\s*(?P<numbers>\d(?:[\s,]*\d)*)\s*(?P<after>[erc]?)")
PLAIN = ("s", "i", "m", "?", "-n")
HELP = """\
s         show the suggestions; they come by themselves after a code of yours
1         take suggestion 1 as it is; 1 3 takes two
e 2       edit suggestion 2, then take it
r 3       reject it: it is not offered at this turn again
c 1       compare: the incidents it resembles
letters   a code of yours or a new one; Tab completes, Enter adds it;
          label <- "words" ties it to those words
-n, ^T    a note on the last code
m         a memo about this turn
i         leave the others alone, said so in data/answers.csv, and go on
Enter     go on                    ^B   back
^G        go to a turn, by its number
^Z        take the last answer back, and go where it stood
^D, ^C    stop; what you entered is kept, and it goes on there the next time
A code that is really a number or one letter: a space before it, or "7"."""


def sit_down(study: Study, name: str, uncoded: bool, model: str, by: str, why: str) -> None:
    """Review an interview; without a name, the first in study
    order with turns that the coder gave no code. Raises UserError.
    """
    from gtpipe.suggest.suggester import Suggester

    gc.enable()
    with progress("review") as tell:
        tell("reading")
        corpus = load(study)
        coder = find_coder(corpus, by)
        interview = find_interview(corpus, name) if name else _next(corpus, coder)
        coded = coded_by(corpus, interview, coder) if uncoded else set()
        turns = [turn for turn in interview.participant_turns if turn.id not in coded]
        if uncoded and not turns:
            say(f"Every turn of {interview.name} carries a code of yours.")
            return
        tell("learning from your codes")
        suggester = Suggester(
            study,
            corpus.material,
            corpus.codings,
            answers.read(corpus.snapshot),
            corpus.settings.language,
            model=model,
            only={interview.name},
            turn_by_turn=True,
        )
    for remark in suggester.remarks:
        say(f"note: {remark}")
    ReviewSession(study, interview, coder, why, turns, suggester, corpus.codings).sit(corpus)


def _next(corpus: Corpus, coder: str) -> Interview:
    for interview in corpus.material.interviews.values():
        coded = coded_by(corpus, interview, coder)
        if any(turn.id not in coded for turn in interview.participant_turns):
            return interview
    raise UserError(
        refusal(
            "no turn without a code of yours",
            "`gtpipe review INTERVIEW` goes through one all the same",
        )
    )


class ReviewSession(CodingSession):
    """One person at one interview, with suggestions."""

    prompt = "review> "
    command = "review"
    fewer_keys = FEWER_KEYS
    help = HELP

    def __init__(
        self,
        study: Study,
        interview: Interview,
        coder: str,
        why: str,
        turns: Sequence[Turn],
        suggester: Suggester,
        codings: Sequence[Coding],
    ) -> None:
        super().__init__(study, interview, coder, why, turns)
        self.suggester = suggester
        self.offered: tuple[Suggestion, ...] = ()
        self.settled: set[int] = set()
        self.is_offering = False
        self._labels = {c.code for c in codings if c.level == INITIAL} | set(
            suggester.material.codebook
        )

    # --- what is shown ----------------------------------------------------------------------------

    def show(self, corpus: Corpus, turn: Turn) -> None:
        super().show(corpus, turn)
        self.offered, self.settled, self.is_offering = (), set(), False
        if turn.id in coded_by(corpus, self.interview, self.coder):
            self._offer(corpus, turn)
        else:
            block(f"({NOT_YET})", 2, "dim")

    @property
    def keys(self) -> str:
        """The keys that mean something now, for the foot of the screen."""
        return KEYS_TO_ANSWER if self.is_offering else KEYS

    def _offer(self, corpus: Corpus, turn: Turn) -> None:
        """Show what is offered at the turn, once."""
        if self.is_offering:
            return
        self.suggester.update(self.interview.name, corpus.codings)
        self.offered, self.is_offering = self.suggester.at(self.interview, turn), True
        out()
        self._show_offered()

    def _show_offered(self) -> None:
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

    def labels(self, corpus: Corpus) -> list[str]:
        self.suggester.update(self.interview.name, corpus.codings)
        self._labels |= {c.code for c in corpus.codings if c.level == INITIAL}
        return sorted(self._labels, key=label_order)

    def completer(self, labels: list[str]) -> Completer:
        from prompt_toolkit.application import get_app
        from prompt_toolkit.completion import ConditionalCompleter
        from prompt_toolkit.filters import Condition

        def is_a_label() -> bool:
            typed = get_app().current_buffer.text
            return (
                len(typed.strip()) > 1 and NUMBERED.fullmatch(typed) is None and typed not in PLAIN
            )

        return ConditionalCompleter(super().completer(labels), Condition(is_a_label))

    # --- what is answered -------------------------------------------------------------------------

    def answer(self, typed: str, turn: Turn, with_note: bool) -> bool:
        bare = typed.strip()
        numbered = NUMBERED.fullmatch(bare)
        if typed[:1].isspace() or (with_note and not numbered):
            return self._own(bare, turn, with_note)
        if len(bare) > 2 and bare[0] == bare[-1] == '"' and _is_a_key(bare[1:-1]):
            return self._own(bare[1:-1], turn, with_note)
        if numbered and not (numbered["before"] and numbered["after"]):
            return self._numbered(
                numbered["before"] or numbered["after"], numbered["numbers"], with_note
            )
        if bare == "s":
            self._show_or_offer(turn)
            return False
        if bare == "i":
            return self._ignore()
        if bare == "m":
            self._memo(turn)
        elif bare == "-n":
            self.note_the_last()
        elif bare == "?":
            block(self.help, 2)
            if self.is_offering:
                out()
                self._show_offered()
        elif len(bare) == 1 and bare.isalpha():
            say(f'No key "{bare}": ? shows the keys. If it is a code, put a space before it.')
        else:
            return self._own(bare, turn, with_note)
        return False

    def _own(self, typed: str, turn: Turn, with_note: bool) -> bool:
        """A code that was typed. Where it is what a suggestion says, that suggestion is taken."""
        label, words = in_sheet(typed)
        same = answer.offered(self.offered, label)
        if same is None or self.offered.index(same) + 1 in self.settled:
            goes_on = self.write(typed, turn, with_note)
            corpus = load(self.study, only={self.interview.name})
            if turn.id in coded_by(corpus, self.interview, self.coder):
                self._offer(corpus, turn)
            return goes_on
        if words is not None:
            check_words(words, turn, self.interview)
        note = self.ask_note() if with_note else ""
        if note is None:
            self.typed = typed
        else:
            self._take(same, label, words, note)
            self.noted = ""
        return False

    def _show_or_offer(self, turn: Turn) -> None:
        if self.is_offering:
            self._show_offered()
        else:
            self._offer(load(self.study, only={self.interview.name}), turn)

    def _numbered(self, verb: str, numbers: str, with_note: bool) -> bool:
        if not self.is_offering:
            say(f"{NOT_YET} If it is a code, put a space before it.")
            return False
        chosen = dict.fromkeys(int(digit) for digit in numbers if digit.isdigit())
        missing = [number for number in chosen if not 0 < number <= len(self.offered)]
        if missing:
            say(f"No suggestion {missing[0]} here. If it is a code, put a space before it.")
            return False
        done = [number for number in chosen if number in self.settled and verb != "c"]
        for number in done:
            say(f"{number} is answered; ^Z takes the last answer back.")
        for number in chosen:
            one = self.offered[number - 1]
            if number in done:
                continue
            if verb == "c":
                self._compare(one)
            elif verb == "e":
                self._edit(one)
            elif verb == "":
                note = self.ask_note() if with_note else ""
                if note is not None:
                    self._take(one, "", None, note)
                    self.noted = ""
        if verb == "r":
            self._reject([self.offered[number - 1] for number in chosen if number not in done])
        return False

    def _take(self, one: Suggestion, label: str, words: str | None, note: str) -> None:
        answered = answer.take(
            self.study, one, label=label, words=words, note=note, by=self.coder, why=self.why
        )
        self._settle(
            [one],
            answered,
            answered.label if answered.changed_sheet else "",
            note,
            f'"{answered.label}" is taken back.',
            lambda note: self._take(one, label, words, note),
        )
        if answered.changed_sheet:
            self.say_if_old(answered.label)
            print_code(answered.label, answered.words, note)
        else:
            say(f'"{answered.label}" stands at this turn already.')

    def _edit(self, one: Suggestion) -> None:
        """The suggestion in a line to be edited; Ctrl-D leaves it."""
        line = code_line.write_line(one.label, None)
        if one.source == IN_VIVO and one.words is not None:
            line += f' <- "{" ".join(one.words.split())}"'
        typed = self.ask("edit> ", "Edit it. Enter: write it · ^D leave it", line)
        while typed is not None and typed.strip():
            try:
                label, words = in_sheet(typed)
                self._take(one, label, words, "")
                return
            except UserError as exc:
                from gtpipe.render.terminal import show_problems

                show_problems(exc.problems, self.study.root)
                typed = self.ask("edit> ", "Edit it. Enter: write it · ^D leave it", typed)

    def _reject(self, some: list[Suggestion]) -> None:
        if some:
            answered = answer.reject(self.study, some, by=self.coder, why=self.why)
            self.suggester.reject(answered.rows)
            told = "Rejected no more: " + ", ".join(f'"{one.label}"' for one in some) + "."
            self._settle(some, answered, "", "", told, lambda note: None)
            for one in some:
                block(f"× {one.label}", 2, "dim")

    def _ignore(self) -> bool:
        """Everything not answered at this turn was seen and left alone; go on."""
        if not self.is_offering:
            say(NOT_YET)
            return False
        some = [one for number, one in enumerate(self.offered, 1) if number not in self.settled]
        if some:
            answer.ignore(self.study, some, by=self.coder, why=self.why)
        return True

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
            if not answer.take_back(self.study, answered, self.coder):
                return False
            self.suggester.forgive(answered.rows)
            if any(one in self.offered for one in some):
                self.settled -= numbers
            return True

        if answered.changes:
            turn = find_turn(self.interview, some[0].at.turn)
            self.done.append(Act(turn, told, label, note, undo, again))

    # --- looking and writing beside ---------------------------------------------------------------

    def _compare(self, one: Suggestion) -> None:
        """The incidents that a suggestion resembles, with their words."""
        block(one.label, 2, "bold")
        if not one.like:
            words = one_line(one.words or one.reason)
            block(f"{MARKS[one.source]}, from this turn's own words: {words}", 4, "dim")
        for place in one.like:
            self._incident(place, one.label)

    def _incident(self, place: TurnRef, label: str) -> None:
        interview = self.suggester.material.interviews[place.interview]
        turn = find_turn(interview, place.turn)
        block(f"{place} · {interview.participant(turn)}", 4, "dim")
        for span in self.suggester.stretches(place, label) or (None,):
            block(turn.text, 4) if span is None else block(turn.text, 4, marked=span)

    def _memo(self, turn: Turn) -> None:
        from gtpipe.cli.memo import new_memo

        title = self.ask(
            "title> ", f"A memo about {self.interview.name} {turn.id}. Enter: make it · ^D leave it"
        )
        if title and title.strip():
            new_memo(title, about=[f"{self.interview.name} {turn.id}"], by=self.coder)


def _is_a_key(text: str) -> bool:
    return text in PLAIN or NUMBERED.fullmatch(text) is not None or len(text) == 1
