"""Where things stand in a table: the header row, and the columns for who speaks,
the words and the time.

Columns are named by the person (`--columns`), known by their headings, or told by what stands in
them. `columns` makes turns of what is found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from gtpipe.model.problems import UserError, did_you_mean, error
from gtpipe.model.records import TIME, one_line
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
    "speaker",
    "speakers",
    "speaker name",
    "speaker label",
    "speaker id",
    "who",
    "who speaks",
    "sprecher",
    "sprecherin",
    "sprecher in",
    "sprechende",
    "wer",
    "locuteur",
    "locutrice",
    "intervenant",
    "qui",
    "hablante",
    "orador",
    "quién",
    "quien",
    "falante",
    "parlante",
    "spreker",
    "talare",
    "taler",
    "puhuja",
    "говорящий",
    "спикер",
    "konuşmacı",
    "发言人",
    "說話者",
    "话者",
    "話者",
    "発言者",
)
_PERHAPS_SPEAKER = (
    "name",
    "participant",
    "person",
    "role",
    "interviewee",
    "respondent",
    "user",
    "author",
    "from",
    "nom",
    "nombre",
    "nome",
    "teilnehmer",
    "rolle",
)
_WORDS = (
    "words",
    "text",
    "transcript",
    "transcription",
    "utterance",
    "content",
    "speech",
    "what was said",
    "said",
    "turn",
    "sentence",
    "message",
    "subtitle",
    "caption",
    "worte",
    "transkript",
    "gesagtes",
    "äußerung",
    "inhalt",
    "texte",
    "paroles",
    "propos",
    "contenu",
    "texto",
    "palabras",
    "contenido",
    "transcripción",
    "transcrição",
    "conteúdo",
    "testo",
    "parole",
    "tekst",
    "teksti",
    "текст",
    "реплика",
    "metin",
    "文本",
    "内容",
    "テキスト",
    "発言",
)
_TIME = (
    "start",
    "start time",
    "starttime",
    "time",
    "timestamp",
    "time stamp",
    "timecode",
    "time code",
    "timespan",
    "time span",
    "begin",
    "begin time",
    "start timestamp",
    "start s",
    "start seconds",
    "in",
    "from time",
    "zeit",
    "zeitstempel",
    "beginn",
    "anfang",
    "temps",
    "heure",
    "début",
    "tiempo",
    "hora",
    "inicio",
    "tempo",
    "início",
    "inizio",
    "tijd",
    "tid",
    "aika",
    "время",
    "начало",
    "时间",
    "時間",
    "開始",
)

_LABEL_WITH_TIME = re.compile(
    rf"(?P<label>.*?[^\s\[(])\s*[\[(]?(?P<time>{TIME})[\])]?|[\[(]?(?P<before>{TIME})[\])]?\s+(?P<name>.+)"
)
_HEADER_DEPTH = 20  # rows in which a header is looked for
A_TIME = re.compile(rf"[\s\[(]*(?P<time>{TIME})(?![^\W\d_])")
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
    return any(name in (*_SPEAKER, *_PERHAPS_SPEAKER) for name in names) and any(
        name in _WORDS for name in names
    )


def plain_heading(heading: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", heading.casefold()).split())


def _bare(cell: str) -> str:
    """A speaker's cell without its colon."""
    return one_line(cell).rstrip(":： ").strip()


def layout_of(table: list[Row], path: str, hints: Hints) -> Layout:
    header = _named_header(table, hints.columns)
    if header < 0:
        header = _header(table, hints)
    headings = [plain_heading(cell) for cell in table[header].cells] if header >= 0 else []
    body = [row for row in table[header + 1 :] if header < 0 or row.cells != table[header].cells]
    named = _NamedColumns(
        *(_find(name, table, header, path) if name else -1 for name in hints.columns)
    )
    if (
        header < 0
        and min(named.speaker, named.words) >= 0
        and _is_unlike(table, named.speaker, hints)
    ):
        header, body = 0, table[1:]
    taken = {index for index in named if index >= 0}
    time = named.time if named.time >= 0 else _by_heading(headings, _TIME, taken)
    if time < 0:
        time = _time_by_content(body, taken)
    taken.add(time)
    speaker = named.speaker if named.speaker >= 0 else _speaker(body, headings, taken, hints)
    taken.add(speaker)
    words = named.words if named.words >= 0 else _words(body, headings, taken)
    if (
        words >= 0
        and speaker >= 0
        and header < 0
        and named.speaker < 0
        and not _is_speech(body, speaker, words, hints)
    ):
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
    """
    for index, row in enumerate(table[:_HEADER_DEPTH]):
        names = [plain_heading(cell) for cell in row.cells]
        roles = sum(
            any(name in known for name in names)
            for known in ((*_SPEAKER, *_PERHAPS_SPEAKER), _WORDS, _TIME)
        )
        alone = (
            index == 0
            and len(table) > 1
            and any(name in (*_SPEAKER, *_WORDS) for name in names)
            and all(
                len(cell) <= 30 and cell[-1:] not in ".?!…:" and cell not in hints
                for cell in row.cells
            )
        )
        if (roles >= 2 or alone) and not _speaks_again(table, index):
            return index
    return -1


def _speaks_again(table: list[Row], index: int) -> bool:
    row = table[index]
    columns = [
        at
        for at, cell in enumerate(row.cells)
        if plain_heading(cell) in (*_SPEAKER, *_PERHAPS_SPEAKER)
    ]
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
    width = len(table[0].cells)
    headings = [one_line(cell) for cell in table[header].cells] if header >= 0 else []
    heads = headings or [one_line(cell) for cell in table[0].cells]
    for index, heading in enumerate(heads):
        if (
            plain_heading(heading) == plain_heading(name)
            and heading
            and (header >= 0 or not name.isdecimal())
        ):
            return index
    for index in range(width):
        if name.upper() == letter(index) or name == str(index + 1):
            return index
    known = [heading for heading in heads if heading]
    columns = ", ".join(f'"{heading[:30]}"' for heading in known[:12])
    raise UserError(
        error(
            path,
            table[max(header, 0)].number,
            f'this table has no column "{name}"; its first row is {columns}',
            did_you_mean(name, known) or DO,
        )
    )


def _by_heading(headings: list[str], known: Sequence[str], taken: set[int]) -> int:
    found = [
        (known.index(heading), index)
        for index, heading in enumerate(headings)
        if heading in known and index not in taken
    ]
    return min(found)[1] if found else -1


def _cells(body: list[Row], index: int) -> list[str]:
    return [row.cells[index] for row in body if row.cells[index]]


def _time_by_content(body: list[Row], taken: set[int]) -> int:
    for index in range(len(body[0].cells) if body else 0):
        cells = _cells(body, index)
        if (
            index not in taken
            and cells
            and all(A_TIME.match(cell) and ONLY_MARKS.fullmatch(cell) for cell in cells)
        ):
            return index
    return -1


def _speaker(body: list[Row], headings: list[str], taken: set[int], hints: Hints) -> int:
    """By what is known of the labels, then by heading, then by content:
    few short labels, said again and again.
    """
    if hints.only_known and hints.known:
        shares = [
            (_share(body, index, hints), -index)
            for index in range(len(body[0].cells) if body else 0)
            if index not in taken
        ]
        share, index = max(shares, default=(0.0, 0))
        return -index if share >= 0.5 else -1
    found = _by_heading(headings, _SPEAKER, taken)
    if found >= 0:
        return found
    candidates = [
        index
        for index in range(len(body[0].cells) if body else 0)
        if index not in taken
        and not (headings and headings[index] in _WORDS)
        and _are_labels(_cells(body, index), hints)
    ]
    perhaps = _by_heading(headings, _PERHAPS_SPEAKER, taken)
    beside_words = any(heading in _WORDS for heading in headings)
    if perhaps in candidates or (
        perhaps >= 0
        and beside_words
        and all(_is_like_a_label(split_label(cell)[0]) for cell in _cells(body, perhaps))
    ):
        return perhaps
    if hints.monologue and not any(_share(body, index, hints) == 1.0 for index in candidates):
        return -1  # labels that nobody has heard of are no reason to doubt it
    return max(
        candidates,
        key=lambda index: (_share(body, index, hints), _colons(_cells(body, index)), -index),
        default=-1,
    )


def _share(body: list[Row], index: int, hints: Hints) -> float:
    """How many of a column's cells are labels that are known."""
    cells = [split_label(cell)[0] for cell in _cells(body, index)]
    return sum(cell in hints for cell in cells) / len(cells) if cells else 0.0


def _colons(cells: list[str]) -> float:
    return sum(cell.endswith((":", "：")) for cell in cells) / len(cells) if cells else 0.0


def _are_labels(cells: list[str], hints: Hints) -> bool:
    labels = [split_label(cell)[0] for cell in cells]
    if not labels:
        return False
    if all(label in hints for label in labels):
        return True
    if not all(_is_like_a_label(label) or label in hints for label in labels):
        return False
    return (
        _colons(cells) == 1.0
        or any(label in hints for label in labels)
        or (
            len(labels) >= 3
            and len({label.casefold() for label in labels})
            <= max(2, 0.6 * len(labels))
            < len(labels)
        )
    )


def _is_like_a_label(label: str) -> bool:
    return (
        len(label) <= 40
        and len(label.split()) <= 5
        and label[:1].isalnum()
        and label[-1] not in "?!…,;"
        and any(c.isalpha() for c in label)
        and not A_TIME.match(label)
    )


def _words(body: list[Row], headings: list[str], taken: set[int]) -> int:
    """By heading, of several the fullest; else the column with most letters."""
    if not body:
        return -1
    size = {
        index: sum(len(cell) for cell in _cells(body, index) if any(c.isalpha() for c in cell))
        for index in range(len(body[0].cells))
        if index not in taken
    }
    named = [index for index in size if headings and headings[index] in _WORDS]
    best = max(named or size, key=lambda index: (size[index], -index), default=-1)
    return best if named or size.get(best) else -1


def _is_speech(body: list[Row], speaker: int, words: int, hints: Hints) -> bool:
    """Whether a table without headings is talk: `Age: 34` and the like in a document is not."""
    labels = {split_label(cell)[0] for cell in _cells(body, speaker)}
    said = [len(cell.split()) for cell in _cells(body, words)]
    return (
        any(label in hints for label in labels)
        or len(labels) < len(_cells(body, speaker))
        or sum(said) >= 4 * len(said) > 0
    )


def split_label(cell: str) -> tuple[str, str]:
    """A speaker's cell → label and time: `Ana [00:01:05]:`, `00:01:05 Ana`, `Ana:`."""
    bare = _bare(cell)
    found = _LABEL_WITH_TIME.fullmatch(bare)
    if not found:
        return bare, ""
    return _bare(found["label"] or found["name"]), found["time"] or found["before"]
