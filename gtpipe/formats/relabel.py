"""A label written anew where it stands: in sheets, in lists of other entries, behind a field.

Those lines change, no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gtpipe.formats import code_line, procedure_rows
from gtpipe.formats.sheets import turns_of
from gtpipe.model.level import split_level
from gtpipe.model.names import one_line
from gtpipe.model.records import BETWEEN, SheetCode, SheetEntry
from gtpipe.model.typography import same
from gtpipe.text import yamltext
from gtpipe.text.document import Document
from gtpipe.text.yamltext import Node, Pair, Scalar


@dataclass(frozen=True)
class Relabelled:
    """A sheet after its edit: its text; lines with another label, taken out, and fallen together
    with one that stood there.

    `kept` are the codes taken out that carried a note, which stay as comments.
    """

    text: str
    renamed: int = 0
    dropped: int = 0
    together: tuple[str, ...] = ()
    kept: int = 0


def in_sheet(
    text: str,
    path: str,
    entries: Iterable[SheetEntry],
    decide: Callable[[SheetEntry, SheetCode], str | None],
    reason: Callable[[SheetCode], str] = lambda code: "",
) -> Relabelled:
    """A sheet with the label that `decide` gives for each application; None takes it out, for the
    `reason` given.

    One that carried a note stays below its entry as comments, note and all. Where a turn then
    carries a label twice for the same stretch, one line stays and gets both notes.
    """
    lines = Document(text, path)
    ends = _ends(lines)
    gone: set[int] = set()
    moved: dict[int, list[str]] = {}
    kept: dict[int, list[str]] = {}
    renamed = dropped = noted = 0
    together: list[str] = []
    for entry in entries:
        first: dict[tuple[str, str, str | None], SheetCode] = {}
        decided = [(code, decide(entry, code)) for code in entry.codes]
        touched = {
            (code.level, label)
            for code, label in decided
            if label is not None and label != code.label
        }
        for code, label in decided:
            own = range(code.line, lines.end_of_notes(code.line) + 1)
            if label is None:
                gone.update(own)
                dropped += 1
                if len(own) > 1:
                    noted += 1
                    kept.setdefault(ends[entry.turn], []).extend(
                        _as_comments(lines, own, reason(code))
                    )
                continue
            if label != code.label:
                lines.lines[code.line - 1] = _keeping_return(lines.lines[code.line - 1], label)
                renamed += 1
            key = (code.level, label, None if code.words is None else same(code.words))
            earlier = first.setdefault(key, code)
            if (
                earlier is not code
                and earlier.label != code.label
                and (code.level, label) in touched
            ):
                gone.update(own)
                after = lines.end_of_notes(earlier.line)
                moved.setdefault(after, []).extend(lines.lines[code.line : own[-1]])
                together.append(entry.turn)
    for number in range(len(lines.lines), 0, -1):
        if number in kept:
            lines.insert(number, kept[number])
        if number in moved:
            lines.lines[number:number] = moved[number]
        if number in gone:
            del lines.lines[number - 1]
    return Relabelled(lines.text, renamed, dropped, tuple(together), noted)


def retied(text: str, line: int, words: str | None) -> str:
    """A sheet with the code at `line` tied to the stretch `words` of its turn, or to none."""
    lines = Document(text)
    whole = lines.lines[line - 1]
    bare = whole.removesuffix("\r")
    lines.lines[line - 1] = code_line.retie_line(bare, words) + whole[len(bare) :]
    return lines.text


def _ends(document: Document) -> dict[str, int]:
    """Turn → the last line of its entry; of a turn that stands twice, of the first."""
    found: dict[str, int] = {}
    for entry in document.entries:
        if entry.fields:
            found.setdefault(turns_of(entry), document.end_of_field(entry.fields[-1]))
    return found


def _as_comments(lines: Document, own: range, why: str) -> list[str]:
    """The lines of a code and its note as comments, under a heading."""
    stood = [lines.lines[number - 1].removesuffix("\r") for number in own]
    return [
        "# dropped" + (f": {one_line(why)}" if why else ""),
        *(f"# {line}" if line.strip() else line for line in stood),
    ]


def _keeping_return(line: str, label: str) -> str:
    bare = line.removesuffix("\r")
    return code_line.relabel_line(bare, label) + line[len(bare) :]


def at_line(text: str, path: str, number: int, label: str, news: tuple[str, ...]) -> str:
    """`text` with `news` for the `label` at line `number`: a line of a list, or the value of a
    field there.

    What stands behind the label, as the property in `x / how long`, stays. In a list each of `news`
    gets a line; none takes the line out. A level in front, as in `focused:
    x`, stays, unless the new label brings its own. Raises ValueError where the label does not stand
    there.
    """
    if path.endswith(".csv"):
        return _in_csv(text, path, number, label, news)
    lines = text.split("\n")
    line = lines[number - 1].removesuffix("\r")
    around = _around(line.strip(), label)
    if around is not None:
        front, behind = around
        start, carriage = line[: len(line) - len(line.lstrip())], lines[number - 1][len(line) :]
        lines[number - 1 : number] = [
            f"{start}{'' if split_level(new)[0] else front}{new}{behind}{carriage}" for new in news
        ]
        return "\n".join(lines)
    for key, value in _pairs(yamltext.parse(text, path)):
        if key.line != number or not isinstance(value, Scalar):
            continue
        around = _around(value.value.strip(), label)
        if around is None:
            continue
        if value.style in ("|", ">"):
            below = next(n for n in range(number + 1, len(lines) + 1) if lines[n - 1].strip())
            return at_line(text, path, below, label, news)
        (new,) = news
        front, behind = around
        written = ("" if split_level(new)[0] else front) + new + behind
        return text[: value.start] + yamltext.field_value(written, "") + text[value.end :]
    raise ValueError(f"{path}:{number}: no {label!r} here")


def _in_csv(text: str, path: str, number: int, label: str, news: tuple[str, ...]) -> str:
    """The same in the one cell that the label is a line of, in the row that begins at a line."""
    found = []

    def edit(line: int, cells: list[str]) -> list[str]:
        for column, cell in enumerate(cells) if line == number else ():
            said = cell.split("\n")
            for place, one in enumerate(said):
                if (around := _around(one.strip(), label)) is not None:
                    found.append(column)
                    front, behind = around
                    said[place : place + 1] = [
                        f"{'' if split_level(new)[0] else front}{new}{behind}" for new in news
                    ]
                    break
            cells[column] = "\n".join(said)
        return cells

    after = procedure_rows.edited(text, path, edit)
    if len(found) != 1:
        raise ValueError(f"{path}:{number}: no {label!r} here, or several")
    return after


def _around(typed: str, label: str) -> tuple[str, str] | None:
    """What stands in front of a label (its level) and behind it (a property of it); None where it
    is not what is typed.
    """
    for bare in dict.fromkeys((typed, split_level(typed)[1])):
        if bare == label or bare.startswith(label + BETWEEN):
            return typed[: len(typed) - len(bare)], bare[len(label) :]
    return None


def _pairs(node: Node | None) -> Iterator[Pair]:
    """The fields of a file, those of its entries included."""
    for key, value in yamltext.pairs(node):
        yield key, value
        yield from _pairs(value)
    for item in yamltext.items(node):
        yield from _pairs(item)
