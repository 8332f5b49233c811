"""Line-exact edits of a file of entries: the code book, the focused codes, the theory, a sheet.

Each takes the file's text and gives it back with the lines concerned changed and no others. Whether
the result says what it should is the caller's to check (`formats.edits`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gtpipe.model.problems import UserError
from gtpipe.text import yamltext
from gtpipe.text.document import Document, indented
from gtpipe.text.entries import Entry, Field, Section
from gtpipe.text.yamltext import Scalar

# --- what is written new ------------------------------------------------------------------------


def fields(values: Iterable[tuple[str, str]]) -> str:
    """The lines of an entry's fields, those without a value left out."""
    return "".join(
        f"  {name}: {yamltext.field_value(value, '    ')}\n" for name, value in values if value
    )


def block(values: Iterable[tuple[str, str]]) -> str:
    """The lines of a new entry; the first field is the one that names it."""
    return f"- {fields(values)[2:]}"


def address(value: str, path: str) -> str:
    """An incident as it stands behind `field: `.

    `jim 2 "words"` needs no quotes around it where YAML reads it so.
    """
    is_plain = '"' in value and reads_plain(value, path)
    return value if is_plain else yamltext.field_value(value, "    ")


def reads_plain(value: str, path: str) -> bool:
    """Whether YAML reads `value` for itself without quotes around it."""
    if not value[:1].isalnum() or not yamltext.printable(value):
        return False
    if "\t" in value or "\n" in value or value != value.strip():
        return False
    try:
        node = yamltext.parse(f"a: {value}\n", path)
    except UserError:
        return False
    return len(yamltext.pairs(node)) == 1 and yamltext.value_of(node, "a") == value


# --- entries -------------------------------------------------------------------------------------


def entry(text: str, path: str, key: str, label: str) -> Entry | None:
    """The entry whose field `key` is `label`."""
    return Document(text, path).entry(key, label)


def in_braces(text: str, item: Entry) -> bool:
    """Whether an entry stands in braces, `- {code: x}`: such a one is not edited by lines."""
    return text[item.node.start : item.node.start + 1] == "{"


def append(text: str, path: str, block: str) -> str:
    """`text` with the entry in `block` (its lines from `- ` on) at its end."""
    document = Document(text, path)
    section = document.section("")
    column = _dash(document, section) if section and section.entries else 0
    document.insert_entry(len(document.lines), True, block, column)
    return document.text


def append_in(text: str, path: str, name: str, block: str, order: Sequence[str]) -> str:
    """`text` with the entry in `block` at the end of the section `name`.

    The file's sections stand in `order`; a section that is missing is made behind those before it.
    """
    document = Document(text, path)
    filled = [section for section in document.sections if _has_lines(section)]
    section = document.section(name)
    if section in filled:
        document.insert_entry(_end(document, section), True, block, _dash(document, section))
        return document.text
    column = next((_dash(document, other) for other in filled), 0)
    added = indented(block, column)
    if section is not None and section.key is not None:
        if isinstance(section.node, yamltext.Sequence) and not section.node.items:  # `[]`
            cut = document.source[: section.node.start].rstrip(" ")
            document = Document(cut + document.source[section.node.end :])
        document.insert(section.key.line, added)
        return document.text
    document.insert_entry(
        *_place(document, order[: order.index(name)]), "\n".join([f"{name}:", *added]), 0
    )
    return document.text


def _place(document: Document, earlier: Sequence[str]) -> tuple[int, bool]:
    """Behind which line a section belongs, after those that are `earlier`; whether one is above."""
    named = [section for section in document.sections if section.key is not None]
    before = [section for section in named if section.name in earlier]
    if before:
        return _end(document, before[-1]), True
    if not named:
        return len(document.lines), True
    above = min(section.line for section in named) - 1
    while above and document.lines[above - 1].startswith("#"):  # remarks right over it are its own
        above -= 1
    return above, False


def _has_lines(section: Section) -> bool:
    node = section.node
    return isinstance(node, yamltext.Sequence) and bool(node.items) and not node.flow


def _end(document: Document, section: Section) -> int:
    """The last line of a section; remarks that stand behind its last entry are not part of it."""
    if not _has_lines(section):
        return section.line
    last = section.entries[-1]
    return document.end_of_field(last.fields[-1]) if last.fields else last.line


def _dash(document: Document, section: Section) -> int:
    """The column of the `- ` of a section's entries."""
    return document.column(section.node.start) if section.node else 0


# --- fields --------------------------------------------------------------------------------------


def set_value(
    text: str, path: str, item: Entry, name: str, value: str, order: Sequence[str]
) -> str:
    """`text` with the field `name` of an entry set to `value`.

    A new field goes behind those that stand before it in `order`.
    """
    document = Document(text, path)
    column = item.column
    written = yamltext.field_value(value, " " * (column + 2))
    field = item.get(name)
    if field is None:
        lines = f"{' ' * column}{name}: {written}".split("\n")
        document.insert(_behind(document, item, name, order), lines)
        return document.text
    return with_value(document, field, written)


def with_value(document: Document, field: Field, written: str) -> str:
    """The text with `written` for the value of a field, as it is to stand behind its name."""
    return document.replace(*value_edit(document, field, written))


def value_edit(document: Document, field: Field, written: str) -> tuple[int, int, str]:
    """The place of a field's value, and what is to stand there for `written`."""
    text = document.source
    start, end = field.node.start, field.node.end
    if field.style in ("|", ">"):
        end = document.end_of(document.block(field)[0])
        head = text[start : (text + "\n").index("\n", start)].rstrip()
        if "#" in head:  # a remark behind the `|` stays behind the new value's first line
            first, newline, rest = written.partition("\n")
            written = f"{first}  {head[head.index('#') :]}{newline}{rest}"
    elif isinstance(field.node, Scalar) and not field.node.value and field.style is None:
        start = end = text.index(":", field.key.end) + 1
    return start, end, written


def add_lines(
    text: str, path: str, item: Entry, name: str, added: Sequence[str], order: Sequence[str]
) -> str:
    """`text` with `added` lines at the end of the block `name` of an entry.

    A new block goes behind those fields that stand before it in `order`.
    """
    if not added:
        return text
    document = Document(text, path)
    after = _behind(document, item, name, order) if item.get(name) is None else 0
    return add_lines_below(document, item, name, added, after)


def add_lines_below(
    document: Document, item: Entry, name: str, added: Sequence[str], after: int
) -> str:
    """The text with `added` lines at the end of the block `name`.

    A new block is made below line `after`.
    """
    column = item.column
    field = item.get(name)
    indent = column + 2
    if field is None:
        document.insert(after, indented(f"{name}: |", column))
        after += 1
    elif field.style == "|":
        after, indent = document.block(field)
    else:  # an empty field
        at = document.source.index(":", field.key.end) + 1
        document = Document(document.replace(at, at, "|"))
        after = field.key.line
    document.insert(after, [f"{' ' * indent}{line}".rstrip() for line in added])
    return document.text


def _behind(document: Document, item: Entry, name: str, order: Sequence[str]) -> int:
    """The last line of those fields of an entry that stand before `name` in `order`."""
    earlier = [field for field in item.fields if field.name in order[: order.index(name)]]
    return document.end_of_field(earlier[-1])


# --- what is taken out stays as comments ----------------------------------------------------------


def retire_field(text: str, item: Entry, name: str) -> str:
    """`text` with the lines of the field `name` as comments: what was written is not lost."""
    document = Document(text)
    field = item.get(name)
    if field is not None:
        _comment(document, field.key.line, document.end_of_field(field))
    return document.text


def comment_out(text: str, item: Entry, heading: str) -> str:
    """`text` with the lines of an entry as comments under `heading`."""
    document = Document(text)
    _comment(document, item.line, document.end_of_entry(item))
    document.insert(item.line - 1, [f"# {heading}"])
    return document.text


def _comment(document: Document, first: int, last: int) -> None:
    for number in range(first, last + 1):
        line = document.lines[number - 1]
        if line.strip() and not line.startswith("#"):
            document.lines[number - 1] = f"# {line}"
