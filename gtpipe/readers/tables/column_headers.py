"""Where things stand in a table: the header row, and the columns for who speaks,
the words and the time.

Columns are named by the person (`--columns`), known by their headings, or told by what stands in
them. `columns` makes turns of what is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError, did_you_mean
from gtpipe.model.records import TIME
from gtpipe.readers.reading import Columns, Hints


class Row(NamedTuple):
    """A row of a table.

    `number` is its place in what the reader counts; rows may have fewer cells than others.
    """

    number: int
    cells: tuple[str, ...]


class Layout(NamedTuple):
    """Where things stand: the header row's index or -1; columns by index, -1 for none."""

    header: int
    speaker: int
    words: int
    time: int


class _NamedColumns(NamedTuple):
    """The columns that a person named, by index; -1 for none."""

    speaker: int
    words: int
    time: int


# Headings as transcription programs and people write them, without capitals and punctuation.
_SPEAKER = (
    "speaker, speakers, speaker name, speaker label, speaker id, who, who speaks, sprecher, "
    "sprecherin, sprecher in, sprechende, wer, locuteur, locutrice, intervenant, qui, hablante, "
    "orador, quién, quien, falante, parlante, spreker, talare, taler, puhuja, говорящий, спикер, "
    "konuşmacı, 发言人, 說話者, 话者, 話者, 発言者"
).split(", ")
_PERHAPS_SPEAKER = (
    "name, participant, person, role, interviewee, respondent, user, author, from, nom, nombre, "
    "nome, teilnehmer, rolle, tier"
).split(", ")
_WORDS = (
    "words, text, transcript, transcription, utterance, content, speech, what was said, said, "
    "turn, sentence, message, subtitle, caption, worte, transkript, gesagtes, äußerung, inhalt, "
    "texte, paroles, propos, contenu, texto, palabras, contenido, transcripción, transcrição, "
    "conteúdo, testo, parole, tekst, teksti, текст, реплика, metin, 文本, 内容, テキスト, 発言"
).split(", ")
_TIME = (
    "start, start time, starttime, time, timestamp, time stamp, timecode, time code, timespan, "
    "time span, begin, begin time, start timestamp, start s, start seconds, in, from time, zeit, "
    "zeitstempel, beginn, anfang, temps, heure, début, tiempo, hora, inicio, tempo, início, "
    "inizio, tijd, tid, aika, время, начало, 时间, 時間, 開始, begin time hh mm ss ms, "
    "begin time ss msec, begin time msec, start ms, begin ms, start milliseconds"
).split(", ")

_ANY_SPEAKER = (*_SPEAKER, *_PERHAPS_SPEAKER)
_LABEL_WITH_TIME = re.compile(
    rf"(?P<label>.*?[^\s\[(])\s*[\[(]?(?P<time>{TIME})[\])]?|[\[(]?(?P<before>{TIME})[\])]?\s+(?P<name>.+)"
)
_HEADER_DEPTH = 20  # rows in which a header is looked for
A_TIME = re.compile(rf"[\s\[(]*(?P<time>{TIME})(?![^\W\d_])")
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?")
ONLY_MARKS = re.compile(r"[\s\d:.,\[\]()>-]*")
DO = (
    "Say which columns they are with --columns speaker=NAME,words=NAME,time=NAME "
    "(or letters: A, B, C)"
)


def letter(index: int) -> str:
    """A column as spreadsheets call it: 0 → A, 26 → AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def has_known_headings(cells: Sequence[str]) -> bool:
    """Whether a row is evidently the header of a transcript:
    a speaker's and a words' column by name.
    """
    names = [plain_heading(cell) for cell in cells]
    return any(name in _ANY_SPEAKER for name in names) and any(name in _WORDS for name in names)


def plain_heading(heading: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", heading.casefold()).split())


def _bare(cell: str) -> str:
    """A speaker's cell without its colon."""
    return one_line(cell).rstrip(":： ").strip()


def layout_of(table: list[Row], path: str, hints: Hints) -> Layout:
    """Where things stand in `table`, whose rows are all of one width.

    Raises UserError for a column that a person named and that is not there.

    >>> rows = [("Who", "Words", "At"), ("Ana", "So?", "0:05"), ("Bo", "No, not at all.", "0:09")]
    >>> layout_of([Row(n, cells) for n, cells in enumerate(rows, 1)], "talk.csv", Hints())
    Layout(header=0, speaker=0, words=1, time=2)
    """
    header = _named_header(table, hints.columns)
    if header < 0:
        header = _header(table, hints)
    body = [row for row in table[header + 1 :] if header < 0 or row.cells != table[header].cells]
    headings = [plain_heading(cell) for cell in table[header].cells] if header >= 0 else []
    named = _NamedColumns(
        *(_find(name, table, header, path) if name else -1 for name in hints.columns)
    )
    both_named = min(named.speaker, named.words) >= 0
    if header < 0 and both_named and _is_unlike(table, named.speaker, hints):
        header, body = 0, table[1:]
    columns = _ColumnSearch(body, headings, hints, {index for index in named if index >= 0})
    time = columns.taking(named.time, columns.time)
    speaker = columns.taking(named.speaker, columns.speaker)
    words = columns.taking(named.words, columns.words)
    is_guess = header < 0 and named.speaker < 0
    if is_guess and min(speaker, words) >= 0 and not columns.are_speech(speaker, words):
        speaker = -1
    return Layout(header, speaker, words, time)


def _named_header(table: list[Row], columns: Columns) -> int:
    """The first row with all columns that a person named by their headings; -1 for none."""
    wanted = {
        plain_heading(name)
        for name in columns
        if name and not re.fullmatch(r"[A-Za-z]{1,2}|\d{1,3}", name)
    }
    for index, row in enumerate(table[:_HEADER_DEPTH] if wanted else ()):
        if wanted <= {plain_heading(cell) for cell in row.cells}:
            return index
    return -1


def _header(table: list[Row], hints: Hints) -> int:
    """The row that names the columns: two headings known, or one on top of short ones;
    never one whose label speaks again.

    >>> def header(*rows):
    ...     return _header([Row(n, cells) for n, cells in enumerate(rows)], Hints())
    >>> header(("Interview 3", ""), ("Who", "Words"), ("Ana", "So?"))
    1
    >>> header(("Name", "Text"), ("Ana", "So?"), ("Name", "Well."))
    -1
    """
    for index, row in enumerate(table[:_HEADER_DEPTH]):
        names = {plain_heading(cell) for cell in row.cells}
        roles = sum(not names.isdisjoint(known) for known in (_ANY_SPEAKER, _WORDS, _TIME))
        is_on_top = index == 0 and len(table) > 1 and not names.isdisjoint((*_SPEAKER, *_WORDS))
        if roles < 2 and not (is_on_top and _are_short(row.cells, hints)):
            continue
        if not _speaks_again(table, index):
            return index
    return -1


def _are_short(cells: Sequence[str], hints: Hints) -> bool:
    return all(len(cell) <= 30 and cell[-1:] not in ".?!…:" and cell not in hints for cell in cells)


def _speaks_again(table: list[Row], index: int) -> bool:
    row = table[index]
    columns = [at for at, cell in enumerate(row.cells) if plain_heading(cell) in _ANY_SPEAKER]
    below = [other for other in table[index + 1 :] if other.cells != row.cells]
    return any(
        plain_heading(other.cells[at]) == plain_heading(row.cells[at])
        for other in below
        for at in columns
    )


def _is_unlike(table: list[Row], speaker: int, hints: Hints) -> bool:
    """Whether the first row's label is nobody's:
    known neither to the person nor to the rest of a table of few labels.
    """
    labels = [_bare(row.cells[speaker]) for row in table]
    rest = [label for label in labels[1:] if label]
    return (
        len(rest) >= 4
        and labels[0] not in rest
        and labels[0] not in hints
        and 2 * len(set(rest)) <= len(rest)
    )


def _find(name: str, table: list[Row], header: int, path: str) -> int:
    """The column a person named: by its heading, its letter, or its number from 1."""
    headings = [one_line(cell) for cell in table[max(header, 0)].cells]
    if header >= 0 or not name.isdecimal():
        for index, heading in enumerate(headings):
            if heading and plain_heading(heading) == plain_heading(name):
                return index
    for index in range(len(headings)):
        if name.upper() == letter(index) or name == str(index + 1):
            return index
    known = [heading for heading in headings if heading]
    columns = ", ".join(f'"{heading[:30]}"' for heading in known[:12])
    raise UserError.at(
        path,
        table[max(header, 0)].number,
        f'this table has no column "{name}"; its first row is {columns}',
        did_you_mean(name, known) or DO,
    )


class _ColumnSearch:
    """Looks for columns that nobody named, among those that are not `taken` for something else."""

    def __init__(self, body: list[Row], headings: list[str], hints: Hints, taken: set[int]) -> None:
        self.body, self.headings, self.hints, self.taken = body, headings, hints, taken

    def taking(self, named: int, search: Callable[[], int]) -> int:
        index = named if named >= 0 else search()
        self.taken.add(index)
        return index

    def time(self) -> int:
        """By heading, else the first in which every cell is a time, or the seconds in which rows
        begin.
        """
        named = self.by_heading(_TIME)
        if named >= 0:
            return named
        for index in self.free():
            cells = self.cells(index)
            if cells and all(A_TIME.match(cell) and ONLY_MARKS.fullmatch(cell) for cell in cells):
                return index
        seconds = {} if self.headings else begins_and_ends(self.body)
        return next((index for index in self.free() if index in seconds), -1)

    def speaker(self) -> int:
        """By what is known of the labels, then by heading, then by content:
        few short labels, said again and again.
        """
        if self.hints.only_known and self.hints.known:
            share, index = max(
                ((self.share(index), -index) for index in self.free()), default=(0, 0)
            )
            return -index if share >= 0.5 else -1
        named = self.by_heading(_SPEAKER)
        if named >= 0:
            return named
        candidates = [index for index in self.free() if self.may_be_labels(index)]
        perhaps = self.by_heading(_PERHAPS_SPEAKER)
        if perhaps in candidates or (perhaps >= 0 and self.is_beside_words(perhaps)):
            return perhaps
        if self.hints.monologue and not any(self.share(index) == 1.0 for index in candidates):
            return -1  # labels that nobody has heard of are no reason to doubt it
        return max(
            candidates,
            key=lambda index: (self.share(index), _colons(self.cells(index)), -index),
            default=-1,
        )

    def words(self) -> int:
        """By heading, of several the fullest; else the column with most letters."""
        size = {
            index: sum(len(cell) for cell in self.cells(index) if any(map(str.isalpha, cell)))
            for index in self.free()
        }
        named = [index for index in size if self.headings and self.headings[index] in _WORDS]
        best = max(named or size, key=lambda index: (size[index], -index), default=-1)
        return best if named or size.get(best) else -1

    def are_speech(self, speaker: int, words: int) -> bool:
        """Whether a table without headings is talk: `Age: 34` and the like in a document is not."""
        labels = self.labels(speaker)
        lengths = [len(cell.split()) for cell in self.cells(words)]
        return (
            any(label in self.hints for label in labels)
            or len(set(labels)) < len(labels)
            or sum(lengths) >= 4 * len(lengths) > 0
        )

    def free(self) -> list[int]:
        width = len(self.body[0].cells) if self.body else 0
        return [index for index in range(width) if index not in self.taken]

    def cells(self, index: int) -> list[str]:
        return [row.cells[index] for row in self.body if row.cells[index]]

    def labels(self, index: int) -> list[str]:
        return [split_label(cell)[0] for cell in self.cells(index)]

    def by_heading(self, known: Sequence[str]) -> int:
        """The free column whose heading comes first in `known`, -1 for none."""
        by_rank = [
            (known.index(heading), index)
            for index, heading in enumerate(self.headings)
            if heading in known and index not in self.taken
        ]
        return min(by_rank)[1] if by_rank else -1

    def is_beside_words(self, index: int) -> bool:
        """Whether a column with a heading like `name` is the speaker's, beside one of words."""
        return any(heading in _WORDS for heading in self.headings) and all(
            map(_is_like_a_label, self.labels(index))
        )

    def may_be_labels(self, index: int) -> bool:
        if self.headings and self.headings[index] in _WORDS:
            return False
        return _are_labels(self.cells(index), self.hints)

    def share(self, index: int) -> float:
        """How many of a column's cells are labels that are known."""
        labels = self.labels(index)
        return sum(label in self.hints for label in labels) / len(labels) if labels else 0.0


def _colons(cells: list[str]) -> float:
    return sum(cell.endswith((":", "：")) for cell in cells) / len(cells) if cells else 0.0


def _are_labels(cells: list[str], hints: Hints) -> bool:
    """Whether a column's cells are labels: known ones, with colons, or few that come again.

    >>> _are_labels(["Ana", "Bo", "Ana"], Hints()), _are_labels(["34", "late", "Ana"], Hints())
    (True, False)
    """
    labels = [split_label(cell)[0] for cell in cells]
    known = sum(label in hints for label in labels)
    if not labels or known == len(labels):
        return bool(labels)
    if not all(_is_like_a_label(label) or label in hints for label in labels):
        return False
    if known or _colons(cells) == 1.0:
        return True
    different = len({label.casefold() for label in labels})
    return len(labels) >= 3 and different <= max(2, 0.6 * len(labels)) < len(labels)


def _is_like_a_label(label: str) -> bool:
    return (
        len(label) <= 40
        and len(label.split()) <= 5
        and label[:1].isalnum()
        and label[-1] not in "?!…,;"
        and any(c.isalpha() for c in label)
        and not A_TIME.match(label)
    )


def split_label(cell: str) -> tuple[str, str]:
    """A speaker's cell → label and time: `Ana [00:01:05]:`, `00:01:05 Ana`, `Ana:`.

    >>> split_label("Ana [00:01:05]:"), split_label("00:01:05 Ana"), split_label("Ana:")
    (('Ana', '00:01:05'), ('Ana', '00:01:05'), ('Ana', ''))
    """
    bare = _bare(cell)
    match = _LABEL_WITH_TIME.fullmatch(bare)
    if not match:
        return bare, ""
    return _bare(match["label"] or match["name"]), match["time"] or match["before"]


def begins_and_ends(table: Sequence[Row]) -> dict[int, int]:
    """Columns of a table without headings that say in numbers when its rows begin, because another
    says when they end; and what to divide them by to have seconds.

    >>> rows = [("1", "3.0", "6.0", "So?"), ("2", "7.0", "8.5", "No."), ("3", "8.5", "11.0", "Hm.")]
    >>> begins_and_ends([Row(n, cells) for n, cells in enumerate(rows, 1)])
    {1: 1}
    """
    columns: dict[int, list[float]] = {}
    for index in range(len(table[0].cells) if table else 0):
        cells = [row.cells[index] for row in table]
        if len(cells) >= 2 and all(map(_NUMBER.fullmatch, cells)):
            columns[index] = [float(cell.replace(",", ".")) for cell in cells]
    found = {}
    for begin, starts in columns.items():
        steps = {later - sooner for sooner, later in pairwise(starts)}
        ends = [
            stops
            for other, stops in columns.items()
            if other > begin and all(map(float.__le__, starts, stops)) and stops != starts
        ]
        if steps == {1.0} or sorted(starts) != starts or not ends:
            continue  # a running number, or no time
        spoken = sum(stop - start for start, stop in zip(starts, ends[0], strict=True))
        is_whole = all(map(float.is_integer, (*starts, *ends[0])))
        found[begin] = 1000 if is_whole and spoken >= 300 * len(starts) else 1
    return found
