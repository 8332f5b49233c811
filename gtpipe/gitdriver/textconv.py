"""What git's diff shows in place of a sheet or a book: each line with the turn or the entry it
belongs to in front.

Line for line in the order of the file, so that a hunk is where the change is. Comments and blank
lines stand as they are; a file that cannot be read is shown as it is. The form depends on the
content alone, never on the file's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gtpipe.formats import code_line, sheets
from gtpipe.gitdriver import entries
from gtpipe.model.problems import UserError
from gtpipe.model.records import BETWEEN
from gtpipe.text.document import Document
from gtpipe.text.entries import NAMES, Entry, Field, Key, NotByLinesError

_HEADING = re.compile(r"# (\S+): write your codes")
_WORDS = {
    "takes-up": "takes up",
    "does-not-fit": "does not fit",
    "part-of": "part of",
    "led-to": "led to",
    "merged-from": "merged from",
    "split-from": "split from",
}
# The first line of a value that says nothing but that lines follow.
_BARE = re.compile(r"[|>][+-]?")


def shown(content: bytes) -> bytes:
    """The file's `content` as a diff shows it; `content` itself where it is none that gtpipe can
    read. Never fails.
    """
    try:
        text = content.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
        document = entries.read(text if not text or text.endswith("\n") else text + "\n")
        return "".join(f"{line}\n" for line in _all(text, document)).encode()
    except (UnicodeDecodeError, NotByLinesError, UserError):
        return content


def _all(text: str, document: Document) -> Iterator[str]:
    heading = _HEADING.search(text)
    interview = heading[1] if heading else "turn"
    for section in document.sections:
        yield from (*_between(section.lead), *_between(section.header))
        for entry in section.entries:
            yield from _between(entry.lead)
            yield from (
                _turn(entry, interview) if entry.key.kind in ("turn", "turns") else _entry(entry)
            )
    yield from _between(document.tail)


def _between(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n")[:-1]]


def called(key: Key) -> str:
    """An entry as a person would name it: `code "x"`, `relation "a leads to b"`."""
    first = key.name[0]
    if key.kind in ("code", "focused", "category"):
        return f'{key.kind} "{first}"'
    if key.kind == "from":
        return f'relation "{" ".join(key.name)}"'
    named = {
        "looked-for": f'looked for "{first}"',
        "incident": f"negative case {first}",
        "interview": f"sufficiency {first}",
        "turn": f"turn {first}",
        "turns": f"turns {first}",
        "about": f"comment on {first}",
        "who": f"to seek: {first}",
        "seeks": f"to seek: {first}",
        "approved": f"approved {first}",
        "amendment": f"amendment {first}",
        "consent": f"consent of {first}",
        "destroy": f"to destroy: {first}",
    }
    return named[key.kind]


def _turn(entry: Entry, interview: str) -> Iterator[str]:
    at = f"{interview} {entry.key.name[0]}"
    speaker = entry.get("speaker")
    yield f"{at} · {speaker.value}" if speaker and "\n" not in speaker.value else at
    for field in entry.fields:
        yield from _between(field.lead)
        if field.name in sheets.LEVELS and field.block is not None:
            yield from _head(field, at)
            level = "focused: " if field.name == "focused" else ""
            for line in field.block.lines:
                yield f"{at} · {level}{line.says}"
                for note in line.rest:
                    if note.strip():
                        yield f'{at} · note on "{_label(line.says)}": {note.strip()}'
        elif field.name not in ("turn", "turns", "speaker"):
            yield from _value(
                field, f"{at} · {'words' if field.name == 'text' else field.name}: ", at
            )
        elif "#" in field.text:
            yield from _remark(field, at)


def _entry(entry: Entry) -> Iterator[str]:
    at = called(entry.key)
    if entry.key.kind == "about" and not entry.get("comment"):  # a row of a procedure
        at = f"about {entry.key.name[0]}"
    yield at
    for field in entry.fields:
        yield from _between(field.lead)
        if field.name in NAMES[entry.key.kind] and _said_by_name(entry.key, field):
            yield from _remark(field, at)
            continue
        if field.name == "properties" and field.block is not None:
            yield from _head(field, at)
            for line in field.block.lines:
                yield f"{at} · property: {line.says}"
                positions = (position.strip() for position in line.rest if position.strip())
                yield from (f"{at} · {line.says}{BETWEEN}{position}" for position in positions)
            continue
        yield from _value(field, f"{at} · {_WORDS.get(field.name, field.name)}: ", at)


def _said_by_name(key: Key, field: Field) -> bool:
    """Whether the line that names the entry has said this already."""
    return key.kind == "from" or field.name == key.kind


def _label(line: str) -> str:
    try:
        return code_line.read_line(line)[0]
    except ValueError:
        return line


def _value(field: Field, before: str, at: str) -> Iterator[str]:
    """The lines of a value, those of a block without their indentation."""
    lines = field.text.split("\n")[:-1]
    if field.style in ("|", ">"):
        yield from _head(field, at)
        yield from (f"{before}{line.strip()}" for line in lines[1:] if line.strip())
        return
    first = lines[0][field.column :].partition(":")[2].strip()
    yield from (
        f"{before}{line}".rstrip() for line in (first, *(line.strip() for line in lines[1:]))
    )


def _head(field: Field, at: str) -> Iterator[str]:
    """The line of a block's field, where it says more than that lines follow."""
    said = field.text.partition("\n")[0][field.column :]
    value = said.partition(":")[2].strip()
    if value and not _BARE.fullmatch(value):
        yield f"{at} · {said.rstrip()}"


def _remark(field: Field, at: str) -> Iterator[str]:
    """A remark behind the value of a field that is not shown itself."""
    line = field.text.partition("\n")[0]
    if re.search(r"\s#", line):
        yield f"{at} · {line.strip().removeprefix('- ')}"
