"""Correcting, the thinking part: what was read before, what stands now and what the source says
today → what is to stand.

Three ways: a turn that only the source changed takes its words; one that only a hand changed keeps
them; one that both changed is a person's to decide. Turns keep their ids, whatever comes in or
goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

from gtpipe.model.names import one_line
from gtpipe.model.records import Interview, Turn
from gtpipe.model.typography import same
from gtpipe.readers.reading import SourceTurn
from gtpipe.text.worddiff import alike

SOURCE = "source"
TRANSCRIPT = "transcript"
_ALIKE_ENOUGH = 0.4


class AsRead(NamedTuple):
    """A turn as it was read before.

    `said` is None where its words are not known any more, and only their hash is.
    """

    id: str
    hash: str
    said: SourceTurn | None


class Both(NamedTuple):
    """A turn that source and hand both changed; None where it was taken out.

    `read` are the words as read before, if known.
    """

    here: Turn | None
    there: Turn | None
    read: str | None


@dataclass(frozen=True)
class Corrected:
    """What came of it. `turns` are those that are to stand, `recorded` the ids of the source's
    turns in its order.

    `changed` are turns with new words, label or time: as they stood, as they are to stand. `gone`
    are turns that the source has no more; `by_hand` those that keep what a hand wrote; `undecided`
    those that a person must choose for. `in_form` are turns that the source writes with other
    characters that look the same.
    """

    turns: tuple[Turn, ...]
    recorded: tuple[str, ...]
    changed: tuple[tuple[Turn, Turn], ...] = ()
    inserted: tuple[Turn, ...] = ()
    gone: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()
    undecided: tuple[Both, ...] = ()
    in_form: tuple[str, ...] = ()


def correct(
    interview: Interview,
    before: Sequence[AsRead],
    source: Sequence[SourceTurn],
    hash_of: Callable[[str], str],
    choices: Mapping[str, str] = {},
    *,
    remove: bool = False,
    used: Collection[str] = (),
) -> Corrected:
    """`interview` as it is to stand. `hash_of(text)` is that of `before`; `choices` says per turn
    id whose words to take where both changed, `*` for all; `used` are ids that no new turn may
    have.
    """
    own = {same(label): label for label in interview.speakers}
    source = [_labelled(said, own) for said in source]
    before = [read._replace(said=read.said and _labelled(read.said, own)) for read in before]
    standing = {turn.id: turn for turn in interview.turns}
    texts = {
        read.id: read.said.text if read.said else getattr(standing.get(read.id), "text", "")
        for read in before
    }
    pairs = align(
        [read.hash for read in before],
        [texts[read.id] for read in before],
        [hash_of(said.text) for said in source],
        [said.text for said in source],
        [said.label for said in source],
        [_label(read, standing) for read in before],
    )
    work = _Work(dict(standing), [turn.id for turn in interview.turns], {*standing, *texts, *used})
    last = ""
    for read_index, said_index in pairs:
        said = None if said_index is None else source[said_index]
        read = None if read_index is None else before[read_index]
        if said is None:
            if read is not None and read.id in standing:
                work.leave(read, hash_of, choices.get(read.id, choices.get("*", "")), remove)
            continue
        if read is None:
            last = work.insert(said, last)
        else:
            last = read.id
            work.bring(read, said, hash_of, choices.get(last, choices.get("*", "")))
        work.recorded.append(last)
    if remove:
        work.order = [id for id in work.order if id not in work.gone or id in work.kept]
    return Corrected(
        tuple(work.turns[id] for id in work.order),
        tuple(work.recorded),
        tuple(work.changed),
        tuple(work.inserted),
        tuple(work.gone),
        tuple(work.by_hand),
        tuple(work.undecided),
        tuple(work.in_form),
    )


def _labelled(said: SourceTurn, own: Mapping[str, str]) -> SourceTurn:
    """A turn of the source under the transcript's own label, where that looks the same."""
    return said._replace(label=own.get(same(said.label), said.label))


def _label(read: AsRead, standing: Mapping[str, Turn]) -> str:
    if read.said:
        return read.said.label
    return standing[read.id].label if read.id in standing else ""


@dataclass
class _Work:
    """Turns by id, and their order, while they are brought up to date."""

    turns: dict[str, Turn]
    order: list[str]
    used: set[str]
    recorded: list[str] = field(default_factory=list)
    changed: list[tuple[Turn, Turn]] = field(default_factory=list)
    inserted: list[Turn] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    undecided: list[Both] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    in_form: list[str] = field(default_factory=list)

    def leave(self, read: AsRead, hash_of: Callable[[str], str], choice: str, remove: bool) -> None:
        """A turn that the source has no more.

        One that a hand changed goes only where a person says so.
        """
        here = self.turns[read.id]
        self.gone.append(read.id)
        if remove and hash_of(here.text) != read.hash and choice != SOURCE:
            self.kept.add(read.id)
            if choice != TRANSCRIPT:
                self.undecided.append(Both(here, None, read.said.text if read.said else None))

    def insert(self, said: SourceTurn, after: str) -> str:
        id = new_id(after, self.used)
        self.used.add(id)
        turn = Turn(id, said.time, said.label, said.text, 0)
        self.turns[id] = turn
        self.order.insert(self._place(after), id)
        self.inserted.append(turn)
        return id

    def _place(self, after: str) -> int:
        """Behind turn `after`; behind the nearest one read before it, where a hand took that one
        out.
        """
        for id in (after, *reversed(self.recorded)):
            if id in self.order:
                return self.order.index(id) + 1
        return 0

    def bring(
        self, read: AsRead, said: SourceTurn, hash_of: Callable[[str], str], choice: str
    ) -> None:
        here = self.turns.get(read.id)
        there = Turn(read.id, said.time, said.label, said.text, here.line if here else 0)
        new_words = hash_of(said.text) != read.hash
        if here is None:  # a hand took it out
            if new_words:
                self._decide(None, there, read, choice)
            return
        hand_words = hash_of(here.text) != read.hash
        was = read.said
        new_label = said.label != was.label if was else said.label != here.label
        hand_label = was is not None and here.label != was.label
        if not new_words and one_line(said.text) != one_line(was.text if was else here.text):
            self.in_form.append(read.id)
        if _same(here, there):
            self._take_time(here, there, was)
        elif (new_words and hand_words and hash_of(here.text) != hash_of(said.text)) or (
            new_label and (hand_label or was is None) and here.label != said.label
        ):
            self._decide(here, there, read, choice)
        elif (new_words and hand_words) or not (new_words or new_label):
            if hand_words or hand_label:
                self.by_hand.append(read.id)
            self._take_time(here, there, was)
        else:
            taken = there
            if hand_words or read.id in self.in_form:
                taken = taken._replace(text=here.text)
            elif (
                was is not None and here.text.strip() != was.text.strip()
            ):  # only the layout is a hand's
                taken = taken._replace(text=laid_out_as(here.text, there.text))
            if hand_label:
                taken = taken._replace(label=here.label)
            if hand_words or hand_label:
                self.by_hand.append(read.id)
            self._change(here, taken._replace(time=_time(here, there, was)))

    def _take_time(self, here: Turn, there: Turn, was: SourceTurn | None) -> None:
        time = _time(here, there, was)
        if time != here.time:
            self._change(here, here._replace(time=time))

    def _change(self, here: Turn, taken: Turn) -> None:
        self.turns[here.id] = taken
        self.changed.append((here, taken))

    def _decide(self, here: Turn | None, there: Turn, read: AsRead, choice: str) -> None:
        if choice == TRANSCRIPT:
            self.by_hand.append(read.id)
        elif choice != SOURCE:
            self.undecided.append(Both(here, there, read.said.text if read.said else None))
        elif here is None:
            self.turns[read.id] = there
            self.order.insert(self._place(self.recorded[-1] if self.recorded else ""), read.id)
            self.inserted.append(there)
        else:
            self._change(here, there)


def laid_out_as(here: str, there: str) -> str:
    """The words of `there` with the line ends and spaces of `here`, where words stayed."""
    old, new = re.findall(r"\s*\S+", here), re.findall(r"\s*\S+", there)
    made: list[str] = []
    looks = ([same(one) for one in old], [same(one) for one in new])
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, *looks, autojunk=False).get_opcodes():
        made += old[i1:i2] if kind == "equal" else new[j1:j2]
    text = made[0].lstrip() if made else ""
    for one in made[1:]:
        text += one if one[:1].isspace() else f" {one}"
    return text


def _same(here: Turn, there: Turn) -> bool:
    return here.label == there.label and same(here.text) == same(there.text)


def _time(here: Turn, there: Turn, was: SourceTurn | None) -> str:
    """The source's time mark, unless a hand wrote one."""
    by_hand = here.time != was.time if was else here.time != ""
    return here.time if by_hand or not there.time else there.time


def new_id(after: str, used: Collection[str]) -> str:
    """An id that nothing has, for a turn inserted behind `after` ('': before the first): 2a behind
    2, 2aa behind 2a where 2b stands.
    """
    after = after or "0"
    letters = after.lstrip("0123456789")
    number = after.removesuffix(letters)
    if letters and letters[-1] != "z":
        following = f"{number}{letters[:-1]}{chr(ord(letters[-1]) + 1)}"
        if following not in used:
            return following
    while True:
        for letter in "abcdefghijklmnopqrstuvwxyz":
            if f"{number}{letters}{letter}" not in used:
                return f"{number}{letters}{letter}"
        letters += "a"


def align(
    old: Sequence[str],
    old_texts: Sequence[str],
    new: Sequence[str],
    new_texts: Sequence[str],
    new_labels: Sequence[str],
    old_labels: Sequence[str],
) -> list[tuple[int | None, int | None]]:
    """Which old turn is which new one, in the order of both: pairs of places, None where a turn has
    no fellow.

    `old` and `new` are hashes: equal ones are the same turn. Between these, turns are paired so
    that they share the most words, and left over ones by their number and speakers, where these
    agree.
    """
    pairs: list[tuple[int | None, int | None]] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pairs += zip(range(i1, i2), range(j1, j2), strict=True)
        else:
            pairs += _pair(
                range(i1, i2), range(j1, j2), old_texts, new_texts, old_labels, new_labels
            )
    return pairs


def _pair(
    old: range,
    new: range,
    old_texts: Sequence[str],
    new_texts: Sequence[str],
    old_labels: Sequence[str],
    new_labels: Sequence[str],
) -> list[tuple[int | None, int | None]]:
    """The pairing, in order, with the greatest sum of shared words (dynamic programming, as in
    Needleman and Wunsch 1970).
    """
    if not old or not new:
        return [*((i, None) for i in old), *((None, j) for j in new)]
    if len(old) * len(new) > 250_000:  # a source that is another interview: by place
        return _by_place(list(old), list(new), old_labels, new_labels)
    score = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    pair = [[0.0] * len(new) for _ in old]
    for a in range(len(old) - 1, -1, -1):
        for b in range(len(new) - 1, -1, -1):
            shared = alike(old_texts[old[a]], new_texts[new[b]])
            same = old_labels[old[a]] == new_labels[new[b]]
            pair[a][b] = shared + 0.1 * same if shared >= _ALIKE_ENOUGH else -1.0
            score[a][b] = max(score[a + 1][b], score[a][b + 1], score[a + 1][b + 1] + pair[a][b])
    found: list[tuple[int | None, int | None]] = []
    a = b = 0
    left: tuple[list[int], list[int]] = ([], [])
    while a < len(old) and b < len(new):
        if pair[a][b] > 0 and score[a][b] == score[a + 1][b + 1] + pair[a][b]:
            found += [*_by_place(*left, old_labels, new_labels), (old[a], new[b])]
            left = ([], [])
            a, b = a + 1, b + 1
        elif score[a][b] == score[a + 1][b]:
            left[0].append(old[a])
            a += 1
        else:
            left[1].append(new[b])
            b += 1
    left = ([*left[0], *old[a:]], [*left[1], *new[b:]])
    return [*found, *_by_place(*left, old_labels, new_labels)]


def _by_place(
    old: list[int], new: list[int], old_labels: Sequence[str], new_labels: Sequence[str]
) -> list[tuple[int | None, int | None]]:
    """Turns that share few words are one another's fellows where as many stand here as there, said
    by the same speakers.
    """
    if [old_labels[i] for i in old] == [new_labels[j] for j in new]:
        return list(zip(old, new, strict=True))
    return [*((i, None) for i in old), *((None, j) for j in new)]
