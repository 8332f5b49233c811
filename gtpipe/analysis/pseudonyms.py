"""Pseudonyms put into an interview, the thinking part: where names stand in its turns, what stands
there instead, and where every stretch and label is then.

Pure; `commands.put_pseudonyms` writes what is said here. What is shown of a turn has pseudonyms in
place of names, and of what may be a name only the line of the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from gtpipe.model import anchor
from gtpipe.model.names import one_line
from gtpipe.model.real_names import Match, NameList, folded
from gtpipe.model.records import IncidentKey, Interview, Span, beginnings

NAME, WORD = "name", "word"
EVERYWHERE = "*"
Choices = Mapping[str, str]
"""`TURN`, `TURN:NUMBER` or `*` → whether what may be a name there is one."""
_SHOWN = 32  # characters of a turn before and behind what is shown of it
_MOST_DOUBTS = 8  # of a turn whose source is read again
_WORD = re.compile(r"[^\W_]+")


class Edit(NamedTuple):
    """What is to stand from `start` to `end` of a text; `line` is that of the list of names."""

    start: int
    end: int
    new: str
    line: int


@dataclass(frozen=True)
class Edited:
    """A text, and what is to stand in it in place of names, in order.

    >>> faye = Edited("and Ellie Smith's hat", (Edit(4, 15, "Faye", 1),))
    >>> faye.new, faye.moved((0, 9)), faye.moved((10, 21))
    ("and Faye's hat", (0, 8), (4, 14))
    """

    old: str
    edits: tuple[Edit, ...] = ()

    @cached_property
    def new(self) -> str:
        parts, done = [], 0
        for edit in self.edits:
            parts += [self.old[done : edit.start], edit.new]
            done = edit.end
        return "".join([*parts, self.old[done:]])

    def moved(self, span: Span) -> Span:
        """Where a stretch stands then; one with half of a name has all that stands for it."""
        return self._moved(span[0], False), self._moved(span[1], True)

    def _moved(self, at: int, is_end: bool) -> int:
        shift = 0
        for edit in self.edits:
            if at <= edit.start:
                break
            if at < edit.end:
                return edit.start + shift + (len(edit.new) if is_end else 0)
            shift += len(edit.new) - (edit.end - edit.start)
        return at + shift

    def touched(self, span: Span) -> bool:
        """Whether a name stands in a stretch, or half in it."""
        return any(edit.start < span[1] and span[0] < edit.end for edit in self.edits)


class Doubt(NamedTuple):
    """What may be a name: `number` counts these in their turn. `is_slip` where it is a name with a
    letter off, else it is a word too. `shown` are the words around it.
    """

    turn: str
    number: int
    line: int
    is_slip: bool
    shown: str


@dataclass(frozen=True)
class Pseudonyms:
    """What pseudonyms do to an interview, which is `after` it.

    `turns` are those that change; `undecided` places that a person must decide, `slips` those that
    stay unless a person says otherwise. `again` are turns in which a name would stand then, and
    `overlapping` those in which two names share words.
    """

    names: NameList
    choices: Choices
    interview: Interview
    after: Interview
    turns: Mapping[str, Edited]
    labels: Mapping[str, str]
    undecided: tuple[Doubt, ...] = ()
    slips: tuple[Doubt, ...] = ()
    again: tuple[str, ...] = ()
    overlapping: tuple[str, ...] = ()

    def edited(self, turns: str) -> Edited:
        """A turn; or the turns `7-10` as one text."""
        if turns in self.interview.position:
            return self.turns.get(turns) or Edited(self.interview.at(turns).text)
        together = self.interview.turns_of(turns)
        edits: list[Edit] = []
        for number, (turn, begins) in enumerate(zip(together, beginnings(together), strict=True)):
            if number and turn.label in self.labels:
                start = begins - len(turn.label) - 2
                edits.append(Edit(start, begins - 2, self.labels[turn.label], 0))
            edits += [
                edit._replace(start=edit.start + begins, end=edit.end + begins)
                for edit in self.edited(turn.id).edits
            ]
        return Edited(self.interview.at(turns).text, tuple(edits))

    def copied(self, turn: str, words: str) -> Edited:
        """A copy of a turn's words, which may be an older one."""
        here = self.turns.get(turn)
        if here is not None and here.old == words:
            return here
        return Edited(words, tuple(_decided(turn, words, self.names, self.choices)[0]))

    def moved(self, key: IncidentKey) -> IncidentKey:
        if key.interview != self.interview.name or key.span is None:
            return key
        return key._replace(span=self.edited(key.turn).moved(key.span))

    def typed(self, turns: str, words: str, span: Span) -> str:
        """Words that are tied to a stretch, as they are to be typed then."""
        edited = self.edited(turns)
        if not edited.touched(span):
            return words
        for start, end, place in reversed(anchor.pieces(words, edited.old, span)):
            if edited.touched(place):
                new = one_line(edited.new[slice(*edited.moved(place))])
                words = words[:start] + new + words[end:]
        return words

    def in_vivo(self, turns: str, label: str) -> str:
        """A label in the words of a turn, as it is then; itself where it has no whole name (or half
        of one that is a name too), and where its words stand without one as well.
        """
        edited = self.edited(turns)
        if not edited.edits:
            return label
        spoken = [(folded(word.group()), *word.span()) for word in _WORD.finditer(edited.old)]
        own = [(folded(word.group()), *word.span()) for word in _WORD.finditer(label)]
        names = certain(label, self.names).edits
        made: dict[str, None] = {}
        for at in range(len(spoken) - len(own) + 1) if own else ():
            there = spoken[at : at + len(own)]
            if [word for word, *_ in there] == [word for word, *_ in own]:
                made.setdefault(_renamed(label, own, there, edited, names))
        return next(iter(made)) if len(made) == 1 else label


_Words = list[tuple[str, int, int]]  # each folded, with its place


def _renamed(
    label: str, own: _Words, there: _Words, edited: Edited, names: tuple[Edit, ...]
) -> str:
    """A label whose words are those `there` in a turn, with what stands for each name in them;
    `names` are what it holds by itself.
    """
    edits: list[Edit] = []
    for edit in edited.edits:
        before, name, behind = _signs(edited.old[edit.start : edit.end])
        first = edit.start + len(before)
        covered = [
            mine
            for mine, (_, start, end) in zip(own, there, strict=True)
            if start < first + len(name) and first < end
        ]
        if not covered:
            continue
        start, end = covered[0][1], covered[-1][2]
        is_whole = there[0][1] <= first and first + len(name) <= there[-1][2]
        if is_whole or any(one.start < end and start < one.end for one in names):
            start -= len(before) if label.endswith(before, 0, start) else 0
            end += len(behind) if label.startswith(behind, end) else 0
            edits.append(Edit(start, end, edit.new, edit.line))
    return Edited(label, tuple(edits)).new


def _signs(name: str) -> tuple[str, str, str]:
    """A name with the signs that it begins and ends with apart, as the + of Bo+."""
    words = list(_WORD.finditer(name))
    start, end = (words[0].start(), words[-1].end()) if words else (0, len(name))
    return name[:start], name[start:end], name[end:]


def put_in(interview: Interview, names: NameList, choices: Choices) -> Pseudonyms:
    """The pseudonyms of `names` in an interview; `choices` say what a person decided."""
    turns: dict[str, Edited] = {}
    doubts: list[Doubt] = []
    again, overlapping = [], []
    for turn in interview.turns:
        edits, open_here = _decided(turn.id, turn.text, names, choices)
        doubts += open_here
        if edits:
            turns[turn.id] = Edited(turn.text, tuple(edits))
            left = (match for match in names.matches(turns[turn.id].new) if match.exact)
            again += [turn.id] if next(left, None) else []
            overlapping += [turn.id] if _overlap(turn.text, edits, names) else []
    labels = {
        label: new for label in interview.speakers if (new := label_of(label, names)) != label
    }
    after = replace(
        interview,
        speakers={labels.get(label, label): who for label, who in interview.speakers.items()},
        turns=tuple(
            turn._replace(
                label=labels.get(turn.label, turn.label),
                text=turns[turn.id].new if turn.id in turns else turn.text,
            )
            for turn in interview.turns
        ),
    )
    return Pseudonyms(
        names,
        choices,
        interview,
        after,
        turns,
        labels,
        tuple(doubt for doubt in doubts if not doubt.is_slip),
        tuple(doubt for doubt in doubts if doubt.is_slip),
        tuple(again),
        tuple(overlapping),
    )


def label_of(label: str, names: NameList) -> str:
    """The label of a speaker without a name. Before a colon, Will is no word."""
    return certain(f"{label}:", names).new[:-1]


def certain(text: str, names: NameList) -> Edited:
    """A text with what stands for each name that is one beyond doubt."""
    return Edited(text, tuple(map(_edit, filter(lambda match: match.exact, names.matches(text)))))


def readings(text: str, names: NameList) -> Iterator[str]:
    """A text with pseudonyms, as it is where all that may be a name is none; then with what a
    person may have said of some of it.
    """
    matches = list(names.matches(text))
    doubtful = [match for match in matches if not match.exact][:_MOST_DOUBTS]
    for chosen in range(1 << len(doubtful)):
        said = {match: chosen >> number & 1 for number, match in enumerate(doubtful)}
        yield Edited(
            text, tuple(_edit(match) for match in matches if match.exact or said.get(match))
        ).new


def _edit(match: Match) -> Edit:
    return Edit(match.start, match.end, match.person.stands_for, match.person.line)


def _decided(
    turn: str, text: str, names: NameList, choices: Choices
) -> tuple[list[Edit], list[Doubt]]:
    """What stands for the names of a text, and what a person has not decided."""
    matches = list(names.matches(text))
    edits: list[Edit] = []
    doubts: list[Doubt] = []
    number = 0
    for match in matches:
        if match.exact:
            edits.append(_edit(match))
            continue
        number += 1
        is_slip = not names.is_everyday(text[match.start : match.end])
        general = "" if is_slip else choices.get(EVERYWHERE, "")
        choice = choices.get(f"{turn}:{number}", choices.get(turn, general))
        if choice == NAME:
            edits.append(_edit(match))
        elif choice != WORD:
            shown = _shown(text, match, matches)
            doubts.append(Doubt(turn, number, match.person.line, is_slip, shown))
    return edits, doubts


def _shown(text: str, here: Match, matches: Iterable[Match]) -> str:
    """The words around what may be a name, which is shown as the line of the list that has it."""
    edits = [_edit(match) for match in matches]
    masked = tuple(
        edit._replace(new=f"[line {edit.line}?]" if edit[:2] == here[:2] else "[…]")
        if not match.exact
        else edit
        for edit, match in zip(edits, matches, strict=True)
    )
    return around(Edited(text, masked), (here.start, here.end))


def around(edited: Edited, span: Span) -> str:
    """Some words of the new text around a stretch of the old one."""
    start, end = edited.moved(span)
    before, behind = edited.new[:start], edited.new[end:]
    first = before[-_SHOWN:].partition(" ")[2] if len(before) > _SHOWN else before
    last = behind[:_SHOWN].rpartition(" ")[0] if len(behind) > _SHOWN else behind
    opening = "… " if first != before else ""
    closing = " …" if last != behind else ""
    return one_line(f"{opening}{first}{edited.new[start:end]}{last}{closing}")


def _overlap(text: str, edits: Iterable[Edit], names: NameList) -> bool:
    """Whether a name begins within another one and ends behind it: Mary Ann Smith, where both Mary
    Ann and Ann Smith are on the list.
    """
    for edit in edits:
        for word in list(_WORD.finditer(text, edit.start, edit.end))[1:]:
            rest = text[word.start() : edit.end + 2 * (edit.end - edit.start) + 40]
            match = next(names.matches(rest), None)
            inside = edit.end - word.start()
            if match and match.exact and match.start < inside < match.end:
                return True
    return False
