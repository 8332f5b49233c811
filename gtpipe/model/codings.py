"""The codings of a study as columns: each label, turn, speaker and text stands once, and a coding
is a row of small numbers. A `Coding` is made when it is asked for: by its place, code or turn.

A place is the number of a coding in study order.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, chain, groupby, repeat
from typing import NamedTuple, TypeVar, overload

from gtpipe.model.level import FOCUSED, INITIAL, CodeRef, Level
from gtpipe.model.records import Coding, IncidentKey, Where

Lead = Mapping[Level, Mapping[str, str]]
"""On each level, old labels and those they count under."""
Key = TypeVar("Key", bound=Hashable)
Places = Sequence[int]


class SheetColumns(NamedTuple):
    """The codings of one sheet, as they are kept: what stands in them, each once, and the numbers
    of these, column by column (`_OF_SHEET`), four bytes each, the low one first.

    Initial codes are numbered before focused ones; `over` are the turns of a coding over turns.
    """

    initial: tuple[str, ...]
    focused: tuple[str, ...]
    turns: tuple[str, ...]
    people: tuple[str, ...]
    texts: tuple[str | None, ...]
    over: dict[int, tuple[str, ...]]
    columns: bytes

    @classmethod
    def of(cls, codings: Sequence[Coding]) -> SheetColumns:
        """Those of the codings of one sheet."""
        turns, people, texts = _Numbers[str](), _Numbers[str](), _Numbers[str | None]()
        typed = dict.fromkeys([(one.level, one.typed) for one in codings])
        codes = {code: number for number, code in enumerate(sorted(typed, key=_is_focused))}
        rows = [
            (
                turns[one.turn],
                people[one.participant],
                codes[one.level, one.typed],
                texts[one.words],
                texts[one.note],
                *(one.span or (-1, -1)),
                one.where.line,
                one.in_vivo,
            )
            for one in codings
        ]
        columns = array("i", chain.from_iterable(zip(*rows, strict=True)))
        over = {row: one.turns for row, one in enumerate(codings) if one.turns}
        return cls(
            tuple([label for level, label in codes if level is INITIAL]),
            tuple([label for level, label in codes if level is FOCUSED]),
            tuple(turns),
            tuple(people),
            tuple(texts),
            over,
            _low_first(columns).tobytes(),
        )

    def labels(self, level: Level) -> tuple[str, ...]:
        """The labels of a level that stand in the sheet."""
        return {INITIAL: self.initial, FOCUSED: self.focused}[level]

    def in_columns(self) -> list[array[int]]:
        """The numbers, column by column. Raises ValueError where they are not such."""
        numbers = array("i")
        numbers.frombytes(self.columns)
        size, rest = divmod(len(_low_first(numbers)), _OF_SHEET)
        if rest:
            raise ValueError(len(numbers))
        columns = [numbers[at * size : (at + 1) * size] for at in range(_OF_SHEET)]
        if size and max(map(max, columns[_TEXTS])) >= len(self.texts):
            raise ValueError(len(self.texts))
        return columns


def _is_focused(code: tuple[Level, str]) -> bool:
    return code[0] is FOCUSED


def _low_first(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


class _Numbers(dict[Key, int]):
    """Numbers what it is asked for, in the order in which it comes."""

    def __missing__(self, key: Key) -> int:
        self[key] = number = len(self)
        return number


class _Labels(dict[str, int]):
    """The labels of a level, numbered among the codes of all levels."""

    def __init__(self, level: Level, codes: list[CodeRef]) -> None:
        self._level, self._codes = level, codes

    def __missing__(self, label: str) -> int:
        self[label] = number = len(self._codes)
        self._codes.append(CodeRef(self._level, label))
        return number


class SheetOf(NamedTuple):
    """Whose codings of which interview, and in which file; `texts` is where theirs begin."""

    interview: str
    coder: str
    path: str
    texts: int = 0


class _Columns(NamedTuple):
    """A number for each coding, of what stands in the tables; `start` is -1 where a whole turn is
    meant.
    """

    sheet: array[int]
    turn: array[int]
    participant: array[int]
    typed: array[int]
    words: array[int]
    note: array[int]
    start: array[int]
    end: array[int]
    line: array[int]
    in_vivo: array[int]


_OF_SHEET = len(_Columns._fields) - 1
_TEXTS = slice(3, 5)  # of those of a sheet, `words` and `note`


def _led(numbers: Sequence[int], column: array[int]) -> array[int]:
    """A column with other numbers in place of its own."""
    if len(numbers) == 1:
        return array("i", numbers) * len(column)
    return array("i", map(numbers.__getitem__, column))


class Gathering:
    """Puts the codings of a study together, sheet by sheet in study order."""

    def __init__(self) -> None:
        self.sheets: list[SheetOf] = []
        self.codes: list[CodeRef] = []
        self._labels = {level: _Labels(level, self.codes) for level in (INITIAL, FOCUSED)}
        self._turns, self._people = _Numbers[str](), _Numbers[str]()
        self._texts: list[str | None] = []
        self._columns = _Columns._make(
            [array("b" if name == "in_vivo" else "i") for name in _Columns._fields]
        )
        self._over: dict[int, tuple[str, ...]] = {}

    def __len__(self) -> int:
        return len(self._columns.sheet)

    def add(self, sheet: SheetOf, of: SheetColumns) -> bool:
        """Put the codings of a sheet behind the others; whether its columns are whole."""
        initial, focused = (labels.__getitem__ for labels in self._labels.values())
        codes = [*map(initial, of.initial), *map(focused, of.focused)]
        try:
            columns = of.in_columns()
            columns.insert(0, array("i", [0]) * len(columns[0]))
            self._put([sheet], columns, of.turns, of.people, codes, of.texts, of.over)
        except (ValueError, IndexError, OverflowError):
            return False
        return True

    def add_all(self, codings: Codings, start: int, stop: int) -> None:
        """Put some that were gathered before behind the others."""
        columns = [column[start:stop] for column in codings.columns]
        if start == stop:
            return
        first, last = min(columns[0]), max(columns[0])
        columns[0] = array("i", [number - first for number in columns[0]])
        begin, behind = codings.sheets[first].texts, codings.sheets[last + 1 :][:1]
        texts = codings.texts[begin : behind[0].texts if behind else None]
        sheets = [one._replace(texts=one.texts - begin) for one in codings.sheets[first : last + 1]]
        codes = [self._labels[level][label] for level, label in codings.codes]
        over = {at - start: turns for at, turns in codings.over.items() if start <= at < stop}
        self._put(sheets, columns, codings.turns, codings.people, codes, texts, over)

    def _put(
        self,
        sheets: Sequence[SheetOf],
        columns: list[array[int]],
        turns: Iterable[str],
        people: Iterable[str],
        codes: list[int],
        texts: Iterable[str | None],
        over: Mapping[int, tuple[str, ...]],
    ) -> None:
        numbers = (
            range(len(self.sheets), len(self.sheets) + len(sheets)),
            [*map(self._turns.__getitem__, turns)],
            [*map(self._people.__getitem__, people)],
            codes,
        )
        led = [*map(_led, numbers, columns)]
        columns = [*led, *columns[len(led) : -1], array("b", columns[-1])]
        self._over.update((len(self) + row, turns) for row, turns in over.items())
        here = len(self._texts)
        self.sheets += [sheet._replace(texts=here + sheet.texts) for sheet in sheets]
        self._texts += texts
        for column, more in zip(self._columns, columns, strict=True):
            column.extend(more)

    def sort(self, start: int, position: Mapping[str, int]) -> None:
        """Have those from a place on, all of one interview, in the order of their turns."""
        turns, of = self._columns.turn, tuple(self._turns)
        order = sorted(range(start, len(self)), key=lambda place: position[of[turns[place]]])
        for column in self._columns:
            column[start:] = array(column.typecode, map(column.__getitem__, order))
        moved = [(now, self._over.pop(was, ())) for now, was in enumerate(order, start)]
        self._over.update((now, turns) for now, turns in moved if turns)

    def done(self, lead: Lead) -> Codings:
        """All of them; by `lead` labels lead on to those they count under."""
        now = [
            self._labels[level][lead.get(level, {}).get(label, label)]
            for level, label in tuple(self.codes)
        ]
        for turn in chain.from_iterable(self._over.values()):
            self._turns[turn]  # is numbered, though no coding may stand at it alone
        typed = self._columns.typed
        code = array("i", map(now.__getitem__, typed)) if now != [*range(len(now))] else typed
        tables = tuple(self._turns), tuple(self._people), self._texts
        return Codings(self._columns, code, self.sheets, self.codes, *tables, self._over)


class _ByTurn(NamedTuple):
    """The places of the codings at each coded turn: those of `keys[n]` begin at `starts[n]`. A key
    is the number of an interview and that of a turn; `begins` is where those of an interview do;
    `numbers` says of each coding at which of the keys it is, -1 where it is over several turns.
    """

    keys: array[int]
    starts: array[int]
    places: array[int]
    begins: list[int]
    numbers: array[int]


def _sheet_of(coding: Coding) -> SheetOf:
    return SheetOf(coding.interview, coding.coder, coding.where.path)


class Codings(Sequence[Coding]):
    """The codings of a study, in study order."""

    def __init__(
        self,
        columns: _Columns,
        code: array[int],
        sheets: Sequence[SheetOf],
        codes: Sequence[CodeRef],
        turns: tuple[str, ...],
        people: tuple[str, ...],
        texts: Sequence[str | None],
        over: dict[int, tuple[str, ...]],
    ) -> None:
        self.columns, self._code = columns, code
        self.sheets, self.codes, self.turns, self.people = sheets, codes, turns, people
        self.texts, self.over = texts, over

    @classmethod
    def of(cls, codings: Iterable[Coding]) -> Codings:
        """The same codings, in this order."""
        if isinstance(codings, Codings):
            return codings
        gathering, lead = Gathering(), dict[Level, dict[str, str]]()
        for sheet, of_sheet in groupby(codings, key=_sheet_of):
            here = tuple(of_sheet)
            for one in here:
                lead.setdefault(one.level, {})[one.typed] = one.code
            gathering.add(sheet, SheetColumns.of(here))
        return gathering.done(lead)

    # --- as a sequence ----------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._code)

    @overload
    def __getitem__(self, at: int) -> Coding: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Coding, ...]: ...
    def __getitem__(self, at: int | slice) -> Coding | tuple[Coding, ...]:
        if isinstance(at, slice):
            return tuple(self.at_places(range(*at.indices(len(self)))))
        (found,) = self.at_places([range(len(self))[at]])
        return found

    def __iter__(self) -> Iterator[Coding]:
        return self.at_places(range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Codings) and [*self] == [*other]

    __hash__ = None  # type: ignore[assignment]

    def at_places(self, places: Places) -> Iterator[Coding]:
        """The codings at these places."""
        sheet, turn, participant, typed, words, note, start, end, line, in_vivo = self.columns
        code, codes, turns, people = self._code, self.codes, self.turns, self.people
        texts, over, sheets, make = self.texts, self.over, self.sheets, tuple.__new__
        for place in places:
            interview, coder, path, text = sheets[sheet[place]]
            level, label = codes[code[place]]
            span = (start[place], end[place])
            yield make(
                Coding,
                (
                    interview,
                    turns[turn[place]],
                    people[participant[place]],
                    coder,
                    level,
                    label,
                    codes[typed[place]][1],
                    texts[text + words[place]],
                    None if span[0] < 0 else span,
                    texts[text + note[place]],
                    in_vivo[place] > 0,
                    over.get(place, ()),
                    make(Where, (path, line[place])),
                ),
            )

    @cached_property
    def _interviews(self) -> list[str]:
        return [sheet.interview for sheet in self.sheets]

    @cached_property
    def _coders(self) -> list[str]:
        return [sheet.coder for sheet in self.sheets]

    @cached_property
    def whose(self) -> tuple[SheetOf, ...]:
        """The sheets that codings stand in."""
        return tuple([self.sheets[number] for number in sorted({*self.columns.sheet})])

    @cached_property
    def interviews(self) -> set[str]:
        """The interviews that are coded."""
        return {sheet.interview for sheet in self.whose}

    def of_interview(self, name: str) -> tuple[Coding, ...]:
        """The codings of an interview."""
        mine = {number for number, sheet in enumerate(self.sheets) if sheet.interview == name}
        places = [place for place, sheet in enumerate(self.columns.sheet) if sheet in mine]
        return tuple(self.at_places(places))

    def with_notes(self) -> Iterator[Coding]:
        """The codings that somebody wrote a note on."""
        texts, sheets, notes = self.texts, self.sheets, enumerate(self.columns.note)
        of = self.columns.sheet
        return self.at_places([at for at, note in notes if texts[sheets[of[at]].texts + note]])

    # --- by code ----------------------------------------------------------------------------------

    @cached_property
    def used(self) -> tuple[CodeRef, ...]:
        """The codes that codings count under, each as it comes first."""
        return tuple([self.codes[number] for number in dict.fromkeys(self._code)])

    def labels(self, level: Level) -> list[str]:
        """The labels of those on a level."""
        return [code.label for code in self.used if code.level is level]

    @cached_property
    def typed(self) -> frozenset[CodeRef]:
        """The labels as they stand in the sheets, each with its level."""
        return frozenset([self.codes[number] for number in {*self.columns.typed}])

    @cached_property
    def _number(self) -> dict[CodeRef, int]:
        return {code: number for number, code in enumerate(self.codes)}

    @cached_property
    def _by_code(self) -> tuple[array[int], array[int]]:
        """The places of the codings, code by code, and where those of each begin."""
        found: list[list[int]] = [[] for _ in self.codes]
        for place, number in enumerate(self._code):
            found[number].append(place)
        begins = array("i", accumulate(map(len, found), initial=0))
        return array("i", chain.from_iterable(found)), begins

    def places_of(self, *codes: CodeRef) -> Places:
        """The places of the codings of any of these codes."""
        found = [self._places_of(code) for code in dict.fromkeys(codes)]
        return found[0] if len(found) == 1 else sorted(chain.from_iterable(found))

    def _places_of(self, code: CodeRef) -> Places:
        number = self._number.get(code)
        if number is None:
            return ()
        places, begins = self._by_code
        return places[begins[number] : begins[number + 1]]

    def of_codes(self, *codes: CodeRef) -> list[Coding]:
        """The codings of any of these codes."""
        return [*self.at_places(self.places_of(*codes))]

    def first(self, code: CodeRef) -> Coding:
        """The first coding of a code, which must be there."""
        return self[self.places_of(code)[0]]

    def first_interview(self, code: CodeRef) -> str:
        """The interview of its first coding."""
        return self._interviews[self.columns.sheet[self.places_of(code)[0]]]

    def codes_at(self, interview: str, turns: Iterable[str]) -> set[CodeRef]:
        """The codes at a turn, or at any of several."""
        return {self.codes[self._code[place]] for place in self.at(interview, turns)}

    def said_at(self, places: Places) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...], bool]:
        """Who coded one incident so, each once; their notes; and whether the code is in vivo."""
        sheet_of, _, _, _, _, note_of, _, _, _, in_vivo = self.columns
        sheets, texts = self.sheets, self.texts
        if len(places) == 1:
            _, coder, _, first = sheets[sheet_of[places[0]]]
            note = texts[first + note_of[places[0]]]
            notes = ((coder, note),) if note else ()
            return ((coder,) if coder else ()), notes, in_vivo[places[0]] > 0
        said = [(sheets[sheet_of[place]], note_of[place]) for place in places]
        coders = dict.fromkeys([sheet.coder for sheet, _ in said if sheet.coder])
        all_notes = [(sheet.coder, texts[sheet.texts + at]) for sheet, at in said]
        is_in_vivo = any(in_vivo[place] > 0 for place in places)
        return tuple(coders), tuple([(by, note) for by, note in all_notes if note]), is_in_vivo

    def told_at(self, places: Places) -> list[tuple[object, ...]]:
        """What can be told of these codings, wherever they stand in their sheets: the code, the
        coder, the note; the stretch, the turns where there are several, whether it is in vivo.
        """
        sheet_of, _, _, _, _, note_of, start, end, _, in_vivo = self.columns
        code, codes, sheets, texts = self._code, self.codes, self.sheets, self.texts
        found: list[tuple[object, ...]] = []
        for place in places:
            _, coder, _, first = sheets[sheet_of[place]]
            note = texts[first + note_of[place]]
            at = (start[place], end[place], self.over.get(place), in_vivo[place])
            found.append((codes[code[place]], coder, note, at))
        return found

    def coded(self) -> Iterator[tuple[CodeRef, IncidentKey]]:
        """The code and the incident of each coding."""
        codes = map(self.codes.__getitem__, self._code)
        return zip(codes, self.incidents_at(range(len(self))), strict=True)

    def coders_of(self, code: CodeRef) -> Iterator[tuple[IncidentKey, str]]:
        """The incident of each coding of a code, and the coder."""
        places, sheets = self.places_of(code), self.columns.sheet
        coders = (self._coders[sheets[place]] for place in places)
        return zip(self.incidents_at(places), coders, strict=True)

    def spoken_at(self, places: Places) -> Iterator[tuple[str, str, str]]:
        """Of each of these codings the interview, the turn and who speaks it."""
        sheet, turn, participant, *_ = self.columns
        interviews, turns, people = self._interviews, self.turns, self.people
        for place in places:
            yield interviews[sheet[place]], turns[turn[place]], people[participant[place]]

    def incidents_of(self, code: CodeRef) -> dict[IncidentKey, str]:
        """The incidents of a code, each with who speaks there."""
        places, people = self.places_of(code), self.columns.participant
        speakers = (self.people[people[place]] for place in places)
        return dict(zip(self.incidents_at(places), speakers, strict=True))

    def runs_over_turns(self, places: Places) -> bool:
        """Whether an incident of one of these codings does."""
        return bool(self.over) and not self.over.keys().isdisjoint(places)

    def is_in_vivo(self, code: CodeRef) -> bool:
        """Whether one of its codings is."""
        return any(map(self.columns.in_vivo.__getitem__, self.places_of(code)))

    def interviews_of(self, code: CodeRef) -> set[str]:
        """The interviews in which codings of a code stand."""
        sheets = map(self.columns.sheet.__getitem__, self.places_of(code))
        return {*map(self._interviews.__getitem__, sheets)}

    def incidents_at(self, places: Places) -> Iterator[IncidentKey]:
        """The incident of each of these codings."""
        sheet, turn, _, _, _, _, start, end, *_ = self.columns
        interviews, turns, make = self._interviews, self.turns, tuple.__new__
        for place in places:
            span = None if start[place] < 0 else (start[place], end[place])
            yield make(IncidentKey, (interviews[sheet[place]], turns[turn[place]], span))

    # --- by turn ----------------------------------------------------------------------------------

    @cached_property
    def _interview_number(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(dict.fromkeys(self._interviews))}

    @cached_property
    def _turn_number(self) -> dict[str, int]:
        return {turn: number for number, turn in enumerate(self.turns)}

    @cached_property
    def _by_turn(self) -> _ByTurn:
        size, turns, of = len(self), len(self.turns), self.columns
        rows = [self._interview_number[name] * turns for name in self._interviews]
        pairs = enumerate(zip(of.sheet, of.turn, strict=True))
        found = [(rows[sheet] + turn) * size + place for place, (sheet, turn) in pairs]
        for place, stands_at in self.over.items():
            row = rows[of.sheet[place]]
            here = [(row + self._turn_number[turn]) * size + place for turn in stands_at]
            found[place] = here[0]
            found += here[1:]
        found.sort()
        keys, starts, places = array("q"), array("i"), array("i")
        numbers, last = array("i", [-1]) * size, -1
        for at, (key, place) in enumerate(map(divmod, found, repeat(size))):
            if key != last:
                keys.append(key)
                starts.append(at)
                last = key
            places.append(place)
            numbers[place] = len(starts) - 1
        starts.append(len(found))
        for place in self.over:
            numbers[place] = -1
        begins = [bisect_left(keys, row * turns) for row in range(len(self._interview_number) + 1)]
        return _ByTurn(keys, starts, places, begins, numbers)

    def stand_apart(self, places: Places) -> bool:
        """Whether no two of these codings are at the same turn, and none over several."""
        found = {*map(self._by_turn.numbers.__getitem__, places)}
        return len(found) == len(places) and -1 not in found

    def beside(self, place: int) -> tuple[str, ...]:
        """As `labels_at`, of the turn of a coding, without its own code."""
        _, starts, places, _, numbers = self._by_turn
        number, code = numbers[place], self._code
        if number < 0:
            interview = self._interviews[self.columns.sheet[place]]
            return self.labels_at(interview, self.over[place], self.codes[code[place]])
        here = places[starts[number] : starts[number + 1]]
        if len(here) == 1:
            return ()
        codes, shown, own = dict.fromkeys(map(code.__getitem__, here)), self._shown, code[place]
        return tuple([shown[number] for number in codes if number != own])

    def at(self, interview: str, turns: Iterable[str]) -> Places:
        """The places of the codings at a turn, or at any of several; those of an incident over
        turns are at each of them.
        """
        found = [self._at(interview, turn) for turn in turns]
        return found[0] if len(found) == 1 else [*dict.fromkeys(chain.from_iterable(found))]

    def of_code_at(self, code: CodeRef, interview: str, turns: Iterable[str]) -> list[int]:
        """The places of the codings of one code at a turn, or at any of several."""
        number = self._number.get(code)
        return [place for place in self.at(interview, turns) if self._code[place] == number]

    def _at(self, interview: str, turn: str) -> Places:
        row, column = self._interview_number.get(interview), self._turn_number.get(turn)
        if row is None or column is None:
            return ()
        keys, starts, places, begins, _ = self._by_turn
        key, end = row * len(self.turns) + column, begins[row + 1]
        at = bisect_left(keys, key, begins[row], end)
        return places[starts[at] : starts[at + 1]] if at < end and keys[at] == key else ()

    @cached_property
    def _shown(self) -> list[str]:
        return [code.label if code.level is INITIAL else ": ".join(code) for code in self.codes]

    def labels_at(
        self, interview: str, turns: Iterable[str], but: CodeRef | None = None
    ) -> tuple[str, ...]:
        """The codes at a turn, or at any of several, each once, except the one `but`; a label of a
        focused one with its level.
        """
        code, codes, shown = self._code, self.codes, self._shown
        numbers = dict.fromkeys([code[place] for place in self.at(interview, turns)])
        return tuple([shown[number] for number in numbers if codes[number] != but])

    def turns_coded(self, interview: str) -> set[str]:
        """The turns of an interview that a coding stands at."""
        row = self._interview_number.get(interview)
        if row is None:
            return set()
        keys, _, _, begins, _ = self._by_turn
        first = row * len(self.turns)
        return {self.turns[key - first] for key in keys[begins[row] : begins[row + 1]]}
