"""What documents share, whatever program wrote them: paragraphs and tables in order → turns.

A format's module walks its file and hands paragraphs, tables and asides to a `Document`; `reading`
finds who speaks. A table whose columns say who speaks is read by its columns; the cells of any
other are paragraphs like the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from gtpipe.model.problems import UserError
from gtpipe.readers import notices
from gtpipe.readers.lines import emphasis, speaker_turns
from gtpipe.readers.reading import NO_COLUMNS, Aside, Hints, Line, Reading

# Characters that end a line like "\n" does, and those that a text file cannot hold.
_LINE_ENDS = re.compile("\r\n|[\r\f\v\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f\ufffe\uffff]")
_OUTSIDE = "paragraph outside the tables"


def clean(words: str) -> str:
    """`words` as a text file can hold them: line feeds as line ends,
    white space for control characters.
    """
    if words.isascii() and words.isprintable():
        return words
    return _CONTROLS.sub(" ", _LINE_ENDS.sub("\n", words)).encode("utf-8", "replace").decode()


class TextLine(NamedTuple):
    """A line inside a paragraph, and how many characters at its beginning are bold, and italic."""

    text: str
    bold: int = 0
    italic: int = 0


class Look(NamedTuple):
    """How words are set. `raised` are superscripts."""

    bold: bool = False
    italic: bool = False
    raised: bool = False


PLAIN = Look()
_POWER = re.compile("[+\u2212–-]?[0-9]+[+\u2212–-]?|[+\u2212–-]")


def with_powers(runs: Sequence[str], raised: Sequence[bool]) -> list[str]:
    """The same runs, none of them empty, with the sign for a power before a number or a sign that
    is raised behind a letter or digit.

    >>> "".join(with_powers(["10", "40", "0", ", I said"], [False, True, True, False]))
    '10^400, I said'
    >>> "".join(with_powers(["the 1", "st"], [False, True]))
    'the 1st'
    """
    told = list(runs)
    for is_raised, group in groupby(range(len(runs)), key=raised.__getitem__):
        places = list(group)
        first = places[0]
        if (
            is_raised
            and first
            and runs[first - 1][-1].isalnum()
            and _POWER.fullmatch("".join(runs[place] for place in places))
        ):
            told[first] = f"^{runs[first]}"
    return told


def _marked_beginnings(runs: Sequence[str], marked: Sequence[bool]) -> list[int]:
    """For each line in `runs`, how many characters at its beginning are marked."""
    counts = [0]
    length, leading = 0, True  # of this line so far, and whether all of it is marked
    for words, is_marked in zip(runs, marked, strict=True):
        if not (leading or "\n" in words):
            continue
        for index, part in enumerate(words.split("\n")):
            if index:
                counts.append(0)
                length, leading = 0, True
            length += len(part)
            leading = leading and (is_marked or not part.strip())
            if leading and is_marked:
                counts[-1] = length
    return counts


class Paragraph(NamedTuple):
    """`number` counts paragraphs with words, and rows of tables;
    an empty one has its predecessor's.
    """

    number: int
    lines: tuple[TextLine, ...]


class TableRow(NamedTuple):
    """A row with words. A cell is its lines."""

    number: int
    cells: tuple[tuple[TextLine, ...], ...]


class Table(NamedTuple):
    rows: tuple[TableRow, ...]

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


class ParagraphText:
    """The words of a paragraph as they are met, piece by piece, and how each is set."""

    def __init__(self) -> None:
        self.runs: list[str] = []
        self.looks: list[Look] = []

    def add(self, words: str, look: Look = PLAIN) -> None:
        if words:
            self.runs.append(words)
            self.looks.append(look)

    def lines(self) -> tuple[TextLine, ...]:
        """Line by line; () where there are no words."""
        runs = self.runs
        raised = [look.raised for look in self.looks]
        if any(raised):
            runs = with_powers(runs, raised)
        text = clean("".join(runs))
        if not text.strip():
            return ()
        in_bold, in_italic = (
            [look.bold for look in self.looks],
            [look.italic for look in self.looks],
        )
        if not (any(in_bold) or any(in_italic)):
            return tuple([TextLine(line.rstrip()) for line in text.split("\n")])
        runs = [clean(words) for words in runs]
        texts = [line.rstrip() for line in "".join(runs).split("\n")]
        bold = italic = [0] * len(texts)
        if any(in_bold):
            bold = _marked_beginnings(runs, in_bold)
        if any(in_italic):
            italic = _marked_beginnings(runs, in_italic)
        return tuple(
            [
                TextLine(line, min(to_bold, len(line)), min(to_italic, len(line)))
                for line, to_bold, to_italic in zip(texts, bold, italic, strict=True)
            ]
        )


@dataclass
class Document:
    """Paragraphs, tables and asides as a format's module meets them.

    `headings` are the numbers of paragraphs that a style makes headings.
    """

    blocks: list[Paragraph | Table] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    headings: set[int] = field(default_factory=set)
    number: int = 0

    def paragraph(self, lines: tuple[TextLine, ...], is_heading: bool = False) -> None:
        self.number += bool(lines)
        if is_heading and lines:
            self.headings.add(self.number)
        self.blocks.append(Paragraph(self.number, lines))

    def row(self, cells: Sequence[tuple[TextLine, ...]]) -> TableRow | None:
        """A row's cells, counted; None where they are empty."""
        if not any(cells):
            return None
        self.number += 1
        return TableRow(self.number, tuple(cells))

    def table(self, rows: Iterable[TableRow | None]) -> None:
        self.blocks.append(Table(tuple(row for row in rows if row)))

    def aside(self, what: str, words: str, number: int | None = None) -> None:
        """`number` None: they stand with the paragraph that is being read."""
        words = " ".join(clean(words).split())
        if words:
            self.asides.append(Aside(self.number + 1 if number is None else number, what, words))


def reading(
    form: str, document: Document, path: str, hints: Hints, remarks: tuple[str, ...] = ()
) -> Reading:
    """The turns in a document.

    Raises UserError when neither a table's columns nor its lines say who speaks.
    """
    asides = tuple(sorted(document.asides, key=lambda aside: aside.number))
    wanted, used = _turns_in_tables(document.blocks, path, hints)
    if wanted is not None:
        taken = {id(table) for table in used}
        outside = [block for block in document.blocks if id(block) not in taken]
        if _is_the_transcript(wanted, used, outside, path, hints):
            first = min(row.number for table in used for row in table.rows)
            lines = [line for line in lines_of(outside) if line.text.strip()]
            left_out = [(line.number, line.text) for line in lines if line.number < first]
            others = [
                Aside(line.number, _OUTSIDE, line.text.strip())
                for line in lines
                if line.number >= first
            ]
            asides = tuple(
                sorted((*asides, *others, *wanted.asides), key=lambda aside: aside.number)
            )
            return Reading(
                form,
                tuple(wanted.turns),
                (*left_out, *wanted.left_out),
                (*remarks, *wanted.remarks),
                (),
                asides,
                "paragraph",
            )
    lines, noticed = _without_notices(lines_of(document.blocks))
    found = emphasis.turns_in(lines, frozenset(document.headings), path, hints)
    return Reading(
        form,
        found.turns,
        found.left_out,
        (*remarks, *found.remarks),
        found.doubts,
        tuple(sorted((*asides, *noticed, *found.asides), key=lambda aside: aside.number)),
        "paragraph",
        found.shape,
    )


def styles_set_so(own: dict[str, bool | None], parents: dict[str, str]) -> frozenset[str]:
    """Styles that are bold, or italic, by themselves (None: they do not say) or by their
    parents.
    """

    def is_so(name: str) -> bool:
        seen: set[str] = set()
        while name in own and name not in seen:
            seen.add(name)
            if own[name] is not None:
                return bool(own[name])
            name = parents[name]
        return False

    return frozenset(filter(is_so, own))


def remarks_on_deletions(count: int) -> tuple[str, ...]:
    """What a reading says of tracked deletions; nothing where there are none."""
    plural = "" if count == 1 else "s"
    accepted = "accepted: the deleted words are left out"
    return (f"{count} tracked deletion{plural} {accepted}",) if count else ()


def lines_of(blocks: Sequence[Paragraph | Table]) -> list[Line]:
    """Every line, cells of tables as paragraphs.

    An empty line ends a paragraph; where empty paragraphs do that already, they do.
    """
    empty = sum(1 for block in blocks if isinstance(block, Paragraph) and not block.lines)
    set_apart = empty * 4 >= len(blocks) - empty
    lines: list[Line] = []

    def end(number: int) -> None:
        if lines and lines[-1].text:
            lines.append(Line("", number))

    for block in blocks:
        if isinstance(block, Paragraph):
            lines += [Line(text, block.number, bold, italic) for text, bold, italic in block.lines]
            if not (set_apart and block.lines):
                end(block.number)
            continue
        for row in block.rows:
            end(row.number)
            for cell in row.cells:
                lines += (Line(text, row.number, bold, italic) for text, bold, italic in cell)
                end(row.number)
    return lines


def _without_notices(lines: Sequence[Line]) -> tuple[list[Line], list[Aside]]:
    """The lines with empty ones for what a transcription program says in them, and what it says."""
    if not notices.may_be_in("\n".join([line.text for line in lines])):
        return list(lines), []
    kept: list[Line] = []
    noticed: list[Aside] = []
    for line in lines:
        if notices.notice(line.text):
            noticed.append(Aside(line.number, "notice", line.text.strip()))
            line = Line("", line.number)
        kept.append(line)
    return kept, noticed


def _turns_in_tables(
    blocks: Sequence[Paragraph | Table], path: str, hints: Hints
) -> tuple[Any, list[Table]]:
    """What the columns of the tables with most turns say, and these tables;
    (None, []) where no columns say who speaks.
    """
    from gtpipe.readers.tables import columns
    from gtpipe.readers.tables.column_headers import Row

    best, used, refused = None, [], None
    for tables in _alike(blocks):
        rows = [Row(row.number, _cells(row)) for table in tables for row in table.rows]
        try:
            found = columns.turns_in_table(rows, path, hints)
        except UserError as exc:
            refused = exc
            continue
        if (
            found is not None
            and found.turns
            and (best is None or len(found.turns) > len(best.turns))
        ):
            best, used = found, tables
    if best is None and refused is not None:
        raise refused
    return best, used


def _alike(blocks: Sequence[Paragraph | Table]) -> Iterator[list[Table]]:
    """Tables of one width that follow one another, and the same without the first ones,
    which may be about the interview.
    """
    tables = [block for block in blocks if isinstance(block, Table) and block.width > 1]
    for _, group in groupby(tables, key=lambda table: table.width):
        same = list(group)
        for start in range(min(len(same), 4)):
            yield same[start:]


def _cells(row: TableRow) -> tuple[str, ...]:
    return tuple("\n".join(line.text for line in cell) for cell in row.cells)


def _is_the_transcript(
    wanted: Any,
    used: Sequence[Table],
    outside: Sequence[Paragraph | Table],
    path: str,
    hints: Hints,
) -> bool:
    """Whether the tables hold the turns, or tell about an interview whose turns are the other
    paragraphs.
    """
    if hints.columns != NO_COLUMNS:
        return True
    if any(turn.label in turn.lead for turn in wanted.turns):
        return len(wanted.turns) >= _count_turns(outside, path, hints)
    length = [sum(len(line.text) for line in lines_of(blocks)) for blocks in (used, outside)]
    return length[0] >= length[1]  # a monologue: nothing says who speaks, here or there


def _count_turns(blocks: Sequence[Paragraph | Table], path: str, hints: Hints) -> int:
    """How many turns the lines hold that begin with a label."""
    try:
        return len(speaker_turns.turns_in(lines_of(blocks), path, hints.without_monologue()).turns)
    except UserError:
        return 0
