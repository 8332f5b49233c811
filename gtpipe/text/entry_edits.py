"""Line-exact edits of a file that is a list of entries: the code book, the focused codes.

Each takes the file's text and gives it back with the lines concerned changed and no others. Whether
the result says what it should is the caller's to check: `codebook` and `focused` compare every
entry before and after.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as ListOf

from gtpipe.model.problems import UserError
from gtpipe.text import yamltext
from gtpipe.text.blocks import Lines
from gtpipe.text.yamltext import Mapping, Node, Scalar, Sequence


def entries(text: str, path: str) -> tuple[Mapping, ...]:
    """The entries of a file that is a list of them."""
    return tuple(yamltext.mappings(yamltext.parse(text, path)))


def entry(text: str, path: str, key: str, label: str) -> Mapping | None:
    """The entry whose field `key` is `label`."""
    items = yamltext.mappings(yamltext.parse(text, path))
    return next((item for item in items if yamltext.value_of(item, key) == label), None)


def fields(values: Iterable[tuple[str, str]]) -> str:
    """The lines of an entry's fields, those without a value left out."""
    return "".join(
        f"  {name}: {yamltext.field_value(value, '    ')}\n" for name, value in values if value
    )


def block(values: Iterable[tuple[str, str]]) -> str:
    """The lines of a new entry; the first field is the one that names it."""
    return f"- {fields(values)[2:]}"


def append(text: str, path: str, block: str) -> str:
    """`text` with the entry in `block` (its lines from `- ` on) at its end."""
    lines = Lines(text)
    node = yamltext.parse(text, path)
    lines.insert_entry(
        len(lines.lines), True, block, lines.column(node.start) if isinstance(node, Sequence) else 0
    )
    return lines.text


def append_in(text: str, path: str, name: str, block: str, order: ListOf[str]) -> str:
    """`text` with the entry in `block` at the end of the section `name`, in a file whose sections
    stand in `order`.

    A section that is missing is made behind those before it in `order`. The caller checks that the
    result says what it should.
    """
    lines = Lines(text)
    node = yamltext.parse(text, path)
    sections = node.pairs if isinstance(node, Mapping) else ()
    lists = {
        key.value: value
        for key, value in sections
        if isinstance(value, Sequence) and value.items and not value.flow
    }
    pair = next(((key, value) for key, value in sections if key.value == name), None)
    if pair is not None and name in lists:
        items = lists[name]
        lines.insert_entry(_end_of(items.items[-1], lines), True, block, _dash(items, lines))
        return lines.text
    column = next((_dash(items, lines) for items in lists.values()), 0)
    if pair is not None:
        key, value = pair
        if isinstance(value, Sequence) and not value.items:  # `[]`
            lines = Lines(text[: value.start].rstrip(" ") + text[value.end :])
        indented = [
            f"{' ' * column}{line}" if line else line
            for line in block.removesuffix("\n").split("\n")
        ]
        lines.insert(key.line, indented)
        return lines.text
    added = f"{name}:\n" + "\n".join(
        f"{' ' * column}{line}" if line else line for line in block.removesuffix("\n").split("\n")
    )
    earlier = [pair for pair in sections if pair[0].value in order[: order.index(name)]]
    later = [key for key, _ in sections if key.value in order[order.index(name) :]]
    if earlier:
        key, value = max(earlier, key=lambda pair: pair[0].line)
        lines.insert_entry(
            _end_of(lists[key.value].items[-1], lines) if key.value in lists else key.line,
            True,
            added,
            0,
        )
    elif later:
        lines.insert_entry(_above(min(key.line for key in later), lines), False, added, 0)
    else:
        lines.insert_entry(len(lines.lines), True, added, 0)
    return lines.text


def _end_of(item: Node, lines: Lines) -> int:
    """The last line of an entry of a list; remarks that stand behind it are not part of it."""
    if not isinstance(item, Mapping):
        return item.line
    last = item.pairs[-1][0]
    return lines.last_of_entry(last.line, lines.column(last.start) + 1)


def _dash(items: Sequence, lines: Lines) -> int:
    """The column of the `- ` of a list's entries."""
    return lines.column(items.start)


def _above(line: int, lines: Lines) -> int:
    """The line behind which to insert so that it comes above `line` and the remarks that stand
    right over it.
    """
    above = line - 1
    while above and lines.lines[above - 1].startswith("#"):
        above -= 1
    return above


def address(value: str, path: str) -> str:
    """An incident as it stands behind `field: `; `jim 2 "words"` needs no quotes around it where
    YAML reads it so.
    """
    written = yamltext.field_value(value, "    ")
    if (
        not written.startswith('"')
        or not value[:1].isalnum()
        or not yamltext.printable(value)
        or "\t" in value
        or value != value.strip()
    ):
        return written
    try:
        node = yamltext.parse(f"a: {value}\n", path)
    except UserError:
        return written
    read = node.pairs[0][1] if isinstance(node, Mapping) and len(node.pairs) == 1 else None
    return value if isinstance(read, Scalar) and read.value == value and '"' in value else written


def set_value(
    text: str, path: str, item: Mapping, name: str, value: str, order: ListOf[str]
) -> str:
    """`text` with the field `name` of an entry set to `value`; a new field goes behind those before
    it in `order`.
    """
    lines = Lines(text)
    column = lines.column(item.pairs[0][0].start)
    written = yamltext.field_value(value, " " * (column + 2))
    pair = next(((k, v) for k, v in item.pairs if k.value == name), None)
    if pair is None:
        lines.insert(
            _behind(item, name, order, lines, column),
            f"{' ' * column}{name}: {written}".split("\n"),
        )
        return lines.text
    key, old = pair
    start, end = old.start, old.end
    if isinstance(old, Scalar) and old.style in ("|", ">"):
        end = lines.end_of(lines.block(old, column)[0])
        head = text[start : (text + "\n").index("\n", start)].rstrip()
        if "#" in head:  # a remark behind the `|` stays behind the new value's first line
            first, newline, rest = written.partition("\n")
            written = f"{first}  {head[head.index('#') :]}{newline}{rest}"
    elif isinstance(old, Scalar) and not old.value and old.style is None:
        start = end = text.index(":", key.end) + 1
    gap = "" if text[start - 1] == " " else " "
    return text[:start] + gap + written.replace("\n", lines.newline) + text[end:]


def add_lines(
    text: str, path: str, item: Mapping, name: str, added: ListOf[str], order: ListOf[str]
) -> str:
    """`text` with `added` lines at the end of the block `name` of an entry; a new block goes behind
    those before it in `order`.
    """
    if not added:
        return text
    lines = Lines(text)
    column = lines.column(item.pairs[0][0].start)
    pair = next(((k, v) for k, v in item.pairs if k.value == name), None)
    if pair is None:
        after = _behind(item, name, order, lines, column)
        lines.insert(
            after, [f"{' ' * column}{name}: |", *(f"{' ' * (column + 2)}{line}" for line in added)]
        )
    elif isinstance(pair[1], Scalar) and pair[1].style == "|":
        after, indent = lines.block(pair[1], column)
        lines.insert(after, [f"{' ' * indent}{line}" for line in added])
    else:
        at = text.index(":", pair[0].end) + 1
        lines = Lines(f"{text[:at]} |{text[at:]}")
        lines.insert(pair[0].line, [f"{' ' * (column + 2)}{line}" for line in added])
    return lines.text


def _behind(item: Mapping, name: str, order: ListOf[str], lines: Lines, column: int) -> int:
    """The last line of those fields of an entry that stand before `name` in `order`."""
    earlier = [key for key, _ in item.pairs if key.value in order[: order.index(name)]]
    return lines.last_of_entry(max(earlier, key=lambda key: key.line).line, column + 1)


def in_braces(text: str, item: Mapping) -> bool:
    """Whether an entry stands in braces, `- {code: x, definition: y}`: such a one is not edited by
    lines.
    """
    return text[item.start : item.start + 1] == "{"


def retire_field(text: str, item: Mapping, name: str) -> str:
    """`text` with the lines of the field `name` of an entry as comments: what was written there is
    not lost.
    """
    lines = Lines(text)
    column = lines.column(item.pairs[0][0].start)
    key = next(key for key, _ in item.pairs if key.value == name)
    for number in range(key.line, lines.last_of_entry(key.line, column + 1) + 1):
        if lines.lines[number - 1].strip():
            lines.lines[number - 1] = f"# {lines.lines[number - 1]}"
    return lines.text


def comment_out(text: str, item: Mapping, heading: str) -> str:
    """`text` with the lines of an entry as comments under `heading`: nothing that was written in it
    is lost.
    """
    lines = Lines(text)
    column = lines.column(item.pairs[0][0].start)
    last = lines.last_of_entry(item.line, column)
    for number in range(item.line, last + 1):
        line = lines.lines[number - 1]
        if line.strip() and not line.startswith("#"):
            lines.lines[number - 1] = f"# {line}"
    lines.insert(item.line - 1, [f"# {heading}"])
    return lines.text
