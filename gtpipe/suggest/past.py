"""How right the learner was, turn by turn, so that live suggestions can be given a score.

What it would have suggested at the coded turns of an interview hangs on what was said and coded up
to there, and on nothing behind it. So it is kept for each interview, by a hash of all of that, and
only what comes behind a change is replayed. No words are kept: strengths, and whether each was
right.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from importlib.metadata import version

from gtpipe import __version__
from gtpipe.model.records import INTERVIEWER, Coding, Interview, Material
from gtpipe.store.cache import ParsedFiles
from gtpipe.store.layout import Study, fingerprint
from gtpipe.suggest.calibration import RECENT, Calibration
from gtpipe.suggest.code_neighbours import MOST, WEIGHTS, Learner
from gtpipe.suggest.records import TurnRef
from gtpipe.suggest.scoring import AGAIN, coded_turns, replay_turns

KIND = "past"
FORMAT = 1  # of what is kept, and of the learner: raise it where suggestions change

Suggested = list[tuple[float, bool]]  # at a turn: strengths, and whether a person gave that code


class Past:
    """A learner that knows all codings, and how right it was, turn by turn.

    Scores at a turn come from the coded turns before it in study order, `RECENT` of them at most,
    and from none behind it. `only` are the interviews that scores are wanted in (all, where None).
    With `study`, what was replayed before is taken from its cache.
    """

    def __init__(
        self,
        material: Material,
        codings: Sequence[Coding],
        taken: Collection[Coding] = frozenset(),
        only: Collection[str] | None = None,
        study: Study | None = None,
    ) -> None:
        self.learner = Learner(material)
        rows = self.learner.similarity.rows
        turns = coded_turns(material, codings)
        wanted = _wanted(material, turns, only)
        interviews = dict.fromkeys(turns[number][0].interview for number in wanted)
        of_interview: dict[str, list[int]] = {}
        for number, applied in enumerate(turns):
            of_interview.setdefault(applied[0].interview, []).append(number)
        numbers = {name: of_interview[name] for name in interviews}
        found: dict[int, Suggested] = {}
        if study is None:
            found = self._replayed(turns, taken, wanted)
        else:
            keys = _keys(material, turns, taken)
            first = next(iter(material.interviews), "")
            cache: ParsedFiles[object] = ParsedFiles(study, KIND, FORMAT, object)
            places = {
                name: (fingerprint(f"{first}\n{name}".encode()), material.interviews[name].path)
                for name in numbers
            }
            kept = cache.get(dict(places.values()))
            missing = []
            for name, theirs in numbers.items():
                thawed = _thaw(kept.get(places[name][0]), keys[name], len(theirs))
                if thawed is None:
                    missing.append(name)
                else:
                    found |= {theirs[index]: suggested for index, suggested in thawed.items()}
            found |= self._replayed(
                turns, taken, {number for name in missing for number in numbers[name]}
            )
            for name in missing:
                hash, path = places[name]
                at_turns = [found.get(number) for number in numbers[name]]
                cache.put(hash, [keys[name], at_turns], path)
            cache.save()
        self._items = [
            (rows[TurnRef(turns[number][0].interview, turns[number][0].turn)], found[number])
            for number in sorted(wanted)
            if number in found
        ]
        self._kept: tuple[int, Calibration] = (-1, Calibration())

    def _replayed(
        self, turns: Sequence[Sequence[Coding]], taken: Collection[Coding], wanted: Collection[int]
    ) -> dict[int, Suggested]:
        """What would have been suggested at some of the coded turns. The learner learns all."""
        if not wanted:
            self.learner.learn(coding for applied in turns for coding in applied)
            return {}
        return {
            number: [(strength, right) for strength, _, right in item.suggested]
            for number, item in replay_turns(turns, self.learner, taken, wanted)
        }

    def calibration(self, row: int) -> Calibration:
        """Strength → score, as the coded turns before a turn tell."""
        before = bisect_left(self._items, (row,))
        before -= before % max(1, before // AGAIN)  # a few turns more or less change little
        if self._kept[0] != before:
            recent = self._items[max(0, before - RECENT) : before]
            self._kept = before, Calibration([one for _, some in recent for one in some])
        return self._kept[1]


def _wanted(
    material: Material, turns: Sequence[Sequence[Coding]], only: Collection[str] | None
) -> Collection[int]:
    """The numbers of the coded turns of some interviews, and of the `RECENT` before each."""
    if only is None:
        return range(len(turns))
    found: set[int] = set()
    order = [material.order[applied[0].interview] for applied in turns]
    for name in only:
        if name in material.order:
            start, stop = (
                side(order, material.order[name]) for side in (bisect_left, bisect_right)
            )
            found.update(range(max(0, start - RECENT), stop))
    return found


# --- what is kept ---------------------------------------------------------------------------------


def _keys(
    material: Material, turns: Iterable[Sequence[Coding]], taken: Collection[Coding]
) -> dict[str, str]:
    """For each interview, a hash of all that its replay hangs on: what was said and coded up to its
    end, the learner, and the libraries it reckons with."""
    coded: dict[str, list[Sequence[Coding]]] = {}
    for applied in turns:
        coded.setdefault(applied[0].interview, []).append(applied)
    sum_ = hashlib.sha256(repr((__version__, WEIGHTS, *_versions())).encode())
    found = {}
    for interview in material.interviews.values():
        for part in _of_interview(interview, coded.get(interview.name, ()), taken):
            sum_.update(part)
        found[interview.name] = sum_.hexdigest()
    return found


def _versions() -> list[str]:
    return [version(name) for name in ("numpy", "scipy")]


def _of_interview(
    interview: Interview, coded: Iterable[Sequence[Coding]], taken: Collection[Coding]
) -> Iterable[bytes]:
    speakers = interview.speakers
    said = [
        (turn.id, speakers.get(turn.label) == INTERVIEWER, turn.text) for turn in interview.turns
    ]
    given = [
        (coding.turn, coding.span, coding.code, coding in taken)
        for applied in coded
        for coding in applied
    ]
    yield repr((interview.name, said, given)).encode("utf-8", "surrogatepass")


def _thaw(kept: object, key: str, turns: int) -> dict[int, Suggested] | None:
    """What was kept of an interview with so many coded turns, by the place of the turn; None where
    that is nothing of the kind, or of another state of the study."""
    if not (isinstance(kept, list) and len(kept) == 2 and kept[0] == key):
        return None
    if not (isinstance(kept[1], list) and len(kept[1]) == turns):
        return None
    found: dict[int, Suggested] = {}
    for place, suggested in enumerate(kept[1]):
        if suggested is None:
            continue
        if not (isinstance(suggested, list) and len(suggested) <= MOST):
            return None
        if not all(map(_is_one, suggested)):
            return None
        found[place] = [(strength, right) for strength, right in suggested]
    return found


def _is_one(one: object) -> bool:
    return (
        isinstance(one, list)
        and len(one) == 2
        and isinstance(one[0], float)
        and math.isfinite(one[0])
        and isinstance(one[1], bool)
    )
