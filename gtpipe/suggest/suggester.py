"""What is offered at a turn: a person's own codes, actions and striking words brought together, a
few good ones, best first.

Left out is what stands at the turn already, what was rejected there, and what says the same as a
better one. Nothing is learned from the codes of later turns of the interview. Interviewers' turns
have none. The learner is built once and then told of every code that came or went.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from gtpipe.formats.answers import REJECTED, Answer
from gtpipe.model.level import INITIAL
from gtpipe.model.records import Coding, Interview, Material, Turn
from gtpipe.model.spelling import folded
from gtpipe.suggest.neighbourhood import Neighbourhood, neighbourhoods
from gtpipe.suggest.records import (
    GERUND,
    IN_VIVO,
    YOURS,
    CodeGroup,
    Fit,
    LookAlikes,
    Suggestion,
    TurnRef,
)
from gtpipe.suggest.taken import taken

if TYPE_CHECKING:
    from gtpipe.store.layout import Study
    from gtpipe.suggest.models import Model
    from gtpipe.suggest.parsing import Parses
    from gtpipe.suggest.past import Past

Key = tuple[str, str, str, tuple[int, int] | None]  # turn, level, code and span of a coding
MOST = {YOURS: 3, GERUND: 2, IN_VIVO: 2}
TOGETHER = 6
NO_LEARNER = "Your own codes are not suggested: `pip install scipy` brings what it takes."


class Suggester:
    """Suggestions at the turns of a study. `remarks` are lines for a person: what is missing here,
    and how to get it.

    `only` are the interviews that suggestions are wanted in (all, where None); learning takes the
    whole study, or of a large one the neighbourhood of the interview. `turn_by_turn` where one turn
    after the other is asked for, as a person reads, and not all at once.
    """

    def __init__(
        self,
        study: Study | None,
        material: Material,
        codings: Sequence[Coding],
        answers: Iterable[Answer],
        language: str,
        *,
        model: str = "",
        only: Iterable[str] | None = None,
        turn_by_turn: bool = False,
    ) -> None:
        from gtpipe.suggest import models

        self.material = material
        self.remarks: list[str] = []
        found = models.find(language, model)
        self.model: Model | None = found.model
        if found.remark:
            self.remarks.append(found.remark)
        answered = list(answers)
        self._study = study
        self._only = None if only is None else frozenset(only)
        self._turn_by_turn = turn_by_turn
        self._taught: dict[str, list[Coding]] = {}
        for coding in codings:
            self._taught.setdefault(coding.interview, []).append(coding)
        self._taken = taken(codings, answered)
        self._near = neighbourhoods(material)
        self._past: tuple[Neighbourhood, Past] | None = None
        self._learns = True
        self._learn()
        self._codings: dict[str, dict[Key, Coding]] = {}
        for coding in codings:
            self._codings.setdefault(coding.interview, {}).setdefault(_key(coding), coding)
        self._spelled: dict[str, dict[tuple[TurnRef, str], None]] = {}
        self._spell(codings)
        self._rejected: dict[TurnRef, set[str]] = {}
        self.reject(answered)
        self._begin_to_parse()

    def _learn(self) -> None:
        """Learn what is asked for first, at once: what is missing for it is a remark."""
        wanted = (name for name in self._near if self._only is None or name in self._only)
        try:
            self._past_of(next(wanted, ""))
        except ModuleNotFoundError as exc:
            if not _learns_with(exc):
                raise
            self._learns = False
            self.remarks.append(NO_LEARNER)

    def _past_of(self, interview: str) -> Past | None:
        """What is known around an interview; of one neighbourhood at a time."""
        near = self._near.get(interview)
        if near is None or not self._learns:
            return None
        if self._past is None or self._past[0] is not near:
            from gtpipe.suggest.past import Past

            only = self._only
            if len(near.group) < len(self._near):
                only = frozenset(near.group) if only is None else only & frozenset(near.group)
            codings = [coding for name in near.around for coding in self._taught.get(name, ())]
            self._past = None
            past = Past(near.part_of(self.material), codings, self._taken, only, self._study)
            past.learner.similarity.turn_by_turn = self._turn_by_turn
            self._past = near, past
        return self._past[1]

    def _begin_to_parse(self) -> None:
        """Parse what is asked for alone; where all is, an interview is parsed when it comes."""
        self._by_turn: dict[str, dict[str, list[Suggestion]]] = {}
        if self.model is None:
            return
        if self.model.language != "en":
            self.remarks.append(
                "Actions are suggested for English alone; "
                "your own codes, and words said again, for any language."
            )
        self._people = people(self.material)
        self._parses = self._parse(self._only or ())

    def _parse(self, names: Iterable[str]) -> Parses:
        """The words of interviews; turns parsed before come from the cache."""
        from gtpipe.suggest import parsing

        assert self.model is not None
        interviews = self.material.interviews
        wanted = [interviews[name] for name in interviews if name in names]
        return parsing.parse_all(wanted, self.model, self._study) if wanted else {}

    # --- what came and went -----------------------------------------------------------------------

    def reject(self, answers: Iterable[Answer]) -> None:
        """From now on, what these reject is not offered at their turns."""
        for answer in answers:
            if answer.answer == REJECTED:
                self._rejected.setdefault(TurnRef(answer.interview, answer.turn), set()).add(
                    folded(answer.suggestion)
                )

    def forgive(self, answers: Iterable[Answer]) -> None:
        """Rejections that were taken back."""
        for answer in answers:
            self._rejected.get(TurnRef(answer.interview, answer.turn), set()).discard(
                folded(answer.suggestion)
            )

    def update(self, interview: str, codings: Iterable[Coding]) -> None:
        """`codings` are those of an interview now: learn what is new, forget what is gone."""
        now: dict[Key, Coding] = {}
        for coding in codings:
            if coding.interview == interview and self._known(coding):
                now.setdefault(_key(coding), coding)
        before = self._codings.get(interview, {})
        if self._past is not None and interview in self._past[0].around:
            learner = self._past[1].learner
            for key in before.keys() - now.keys():
                learner.forget(before[key])
            learner.learn(now[key] for key in now if key not in before)
        self._taught[interview] = list(now.values())
        self._spell(now.values())
        self._codings[interview] = now

    def _spell(self, codings: Iterable[Coding]) -> None:
        """Take note of how the study spells its codes, and where."""
        for coding in codings:
            if coding.level == INITIAL:
                at = TurnRef(coding.interview, coding.turn)
                self._spelled.setdefault(folded(coding.code), {})[at, coding.code] = None

    def _spelled_at(self, interview: Interview, turn: Turn, label: str) -> str:
        """A label as the study spells it, later turns of the interview apart."""
        for at, spelled in self._spelled.get(folded(label), ()):
            is_here = at.interview == interview.name
            position = interview.position.get(at.turn, 0) if is_here else 0
            if not is_here or position <= interview.position[turn.id]:
                return spelled
        return label

    def stretches(self, at: TurnRef, label: str) -> tuple[tuple[int, int] | None, ...]:
        """The places in a turn that carry a code, each once and in order; None where the turn as
        a whole does."""
        spans = {
            key[3]
            for key in self._codings.get(at.interview, ())
            if key[:3] == (at.turn, INITIAL, label)
        }
        return tuple(sorted(spans, key=lambda span: span or (-1, -1)))

    def _known(self, coding: Coding) -> bool:
        found = self.material.interviews.get(coding.interview)
        return found is not None and found.turn(coding.turn) is not None

    # --- a turn -----------------------------------------------------------------------------------

    def at(self, interview: Interview, turn: Turn) -> tuple[Suggestion, ...]:
        """What is offered at a turn: the person's own codes first, then actions, then
        words in vivo."""
        if not interview.participant(turn):
            return ()
        here = TurnRef(interview.name, turn.id)
        taken = {
            folded(key[2])
            for key in self._codings.get(interview.name, ())
            if key[0] == turn.id and key[1] == INITIAL
        }
        taken |= self._rejected.get(here, set())
        chosen: list[Suggestion] = []
        room = dict(MOST)
        for one in (*self._yours(here), *self._from_the_turn(here)):
            key = folded(one.label)
            if room[one.source] and len(chosen) < TOGETHER and key and key not in taken:
                taken.add(key)
                room[one.source] -= 1
                # Where the study has this code, spelt a little otherwise, it is that code that is
                # offered.
                chosen.append(one._replace(label=self._spelled_at(interview, turn, one.label)))
        return tuple(chosen)

    def fitting(self, interview: Interview, turn: Turn) -> tuple[str, ...]:
        """Every code that was given so far and not at this turn, the one that fits best first."""
        past = self._past_of(interview.name) if interview.participant(turn) else None
        if past is None:
            return ()
        ranked = past.learner.rank(TurnRef(interview.name, turn.id))
        return tuple(past.learner.labels[code] for code in ranked.codes.tolist())

    def _yours(self, here: TurnRef) -> Iterable[Suggestion]:
        past = self._past_of(here.interview)
        if past is None:
            return ()
        # More than are shown: those rejected here fall out, and the next ones move up.
        most = MOST[YOURS] + len(self._rejected.get(here, ()))
        calibration = past.calibration(past.learner.similarity.rows[here])
        return past.learner.suggest(here, calibration, most=most)

    def _from_the_turn(self, here: TurnRef) -> tuple[Suggestion, ...]:
        """What a turn's own words suggest; an interview is looked through once."""
        if self.model is None or (self._only is not None and here.interview not in self._only):
            return ()
        if here.interview not in self._by_turn:
            from gtpipe.suggest import from_the_turn

            by_turn: dict[str, list[Suggestion]] = {}
            for one in from_the_turn.suggest(
                self.material.interviews[here.interview],
                self._parses if self._only else self._parse((here.interview,)),
                language=self.model.language,
                people=self._people,
            ):
                by_turn.setdefault(one.at.turn, []).append(one)
            self._by_turn[here.interview] = by_turn
        return tuple(self._by_turn[here.interview].get(here.turn, ()))


def _key(coding: Coding) -> Key:
    """What tells codings of an interview apart, whoever made them."""
    return (coding.turn, coding.level, coding.code, coding.span)


def people(material: Material) -> frozenset[str]:
    """Names in small letters that no suggestion may hold: participants, and speakers' labels of
    more than two letters."""
    names = {
        *material.participants,
        *(name for interview in material.interviews.values() for name in interview.participants),
    }
    names |= {
        label
        for interview in material.interviews.values()
        for label in interview.speakers
        if len(label) > 2
    }
    return frozenset(
        word.casefold()
        for name in names
        for word in name.replace("-", " ").split()
        if not word.isdigit() and len(word) > 1
    )


def of_focused_codes(
    material: Material, codings: Sequence[Coding], current: Mapping[str, str]
) -> tuple[tuple[Fit, ...], tuple[CodeGroup, ...], tuple[LookAlikes, ...]]:
    """For focused codes: where initial codes not taken up yet may belong, which may belong
    together, and labels that look alike."""
    try:
        from gtpipe.suggest.grouping import Codes, not_taken_up

        codes = Codes(material, codings, current)
    except ModuleNotFoundError as exc:
        if not _learns_with(exc):
            raise
        return (), (), ()
    if not codes.labels:
        return (), (), ()
    aside = not_taken_up(codes.labels, material.focused.values(), current)
    fits = codes.fits(aside, codes.strengths()) if codes.focused else ()
    return fits, codes.groups(aside), codes.look_alikes()


def _learns_with(exc: ModuleNotFoundError) -> bool:
    """Whether what is missing is a library that learning takes."""
    return (exc.name or "").partition(".")[0] in ("scipy", "numpy")
