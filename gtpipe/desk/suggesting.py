"""What learns from the codes given, for the suggestions and for the order by fit: made when it is
first wanted, beside the screen, and told of each code that came or went.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gtpipe.formats import answers
from gtpipe.model.problems import UserError
from gtpipe.model.records import Coding
from gtpipe.store.layout import Snapshot
from gtpipe.suggest.records import Suggestion

if TYPE_CHECKING:
    from gtpipe.desk.app import Desk
    from gtpipe.formats.answers import Answer
    from gtpipe.suggest.suggester import Suggester


class Suggesting:
    """Suggestions at the desk. `is_ready` where there are some for the interview at hand."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._of: tuple[str, tuple[str, ...]] | None = None  # the interview, and its words
        self._suggester: Suggester | None = None
        self._learns: tuple[str, tuple[str, ...]] | None = None
        self._told_of = -1  # what was read anew by then, as the sitting counts it
        self._answers: tuple[Answer, ...] = ()
        self._said_at: object = None
        self._offered: tuple[Suggestion, ...] | None = None
        self._fitting: tuple[str, ...] | None = None
        self.remarks: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        return self._suggester is not None and self._of == self._wanted

    @property
    def _wanted(self) -> tuple[str, tuple[str, ...]]:
        interview = self._desk.sitting.interview
        return interview.name, tuple(turn.text for turn in interview.turns)

    @property
    def _seen(self) -> list[Coding]:
        """What is learnt from: of the interview at hand one's own codes alone."""
        sitting = self._desk.sitting
        here, coder = sitting.interview.name, sitting.coder
        return [c for c in sitting.corpus.codings if c.interview != here or c.coder == coder]

    def begin(self) -> None:
        """Learn, beside the screen; the panes look again when that is done."""
        if self.is_ready or self._learns == self._wanted:
            return
        self._learns = self._wanted
        self._desk.run_worker(self._learn, thread=True, group="suggest", exclusive=True)

    def _learn(self) -> None:
        from gtpipe.suggest.suggester import Suggester

        wanted, corpus = self._learns, self._desk.sitting.corpus
        if wanted is None:
            return
        try:
            given = answers.read(Snapshot(corpus.study))
        except UserError as exc:
            self._desk.call_from_thread(self._desk.tell_problems, exc.problems)
            given = ()
        try:
            suggester = Suggester(
                corpus.study,
                corpus.material,
                self._seen,
                given,
                corpus.settings.language,
                model=self._desk.sitting.model,
                only={wanted[0]},
                turn_by_turn=True,
            )
        except UserError as exc:
            self._desk.call_from_thread(self._desk.tell_problems, exc.problems)
            return

        def learnt() -> None:
            self._suggester, self._of, self._learns = suggester, wanted, None
            self._told_of, self._answers, self._said_at = -1, given, None
            self.remarks = tuple(suggester.remarks)
            self._desk.look()

        self._desk.call_from_thread(learnt)

    def at(self) -> tuple[Suggestion, ...]:
        """What is offered at the turn under the cursor; nothing where it was not learnt yet."""
        suggester, sitting = self._now(), self._desk.sitting
        if suggester is not None and self._offered is None:
            self._offered = suggester.at(sitting.interview, sitting.turn)
        return self._offered or ()

    def fitting(self) -> tuple[str, ...]:
        """The codes that fit the turn under the cursor, the best first."""
        suggester, sitting = self._now(), self._desk.sitting
        if suggester is not None and self._fitting is None:
            self._fitting = suggester.fitting(sitting.interview, sitting.turn)
        return self._fitting or ()

    def _now(self) -> Suggester | None:
        """What has learnt, told of all that came and went; what it said holds for one turn."""
        sitting = self._desk.sitting
        key = (sitting.changed, sitting.place[:2])
        if self._said_at != key:
            self._said_at, self._offered, self._fitting = key, None, None
        if self._suggester is None or not self.is_ready:
            return None
        self._tell(self._suggester)
        return self._suggester

    def _tell(self, suggester: Suggester) -> None:
        """What was coded, answered and taken back since."""
        sitting = self._desk.sitting
        if self._told_of == sitting.changed:
            return
        self._told_of = sitting.changed
        suggester.update(sitting.interview.name, self._seen)
        try:
            given = answers.read(Snapshot(sitting.study))
        except UserError:
            return
        suggester.forgive(one for one in self._answers if one not in given)
        suggester.reject(one for one in given if one not in self._answers)
        self._answers = given
