"""Line-exact edits of a file that is a list of entries: the code book, the focused codes.

Each takes the file's text and gives it back with the lines concerned changed and no others. Whether the result says what
it should is the caller's to check: `codebook` and `focused` compare every entry before and after.
"""

from __future__ import annotations

from collections.abc import Sequence as ListOf

from gtpipe.files import yamltext
from gtpipe.files.lines import Lines
from gtpipe.files.yamltext import Mapping, Node, Scalar, Sequence


def entries(text: str, path: str) -> tuple[Node, ...]:
    node = yamltext.parse(text, path)
    return node.items if isinstance(node, Sequence) else ()


def entry(text: str, path: str, key: str, label: str) -> Mapping | None:
    """The entry whose field `key` is `label`."""
    return next((item for item in entries(text, path) if isinstance(item, Mapping) and any(
        k.value == key and isinstance(v, Scalar) and v.value.strip() == label for k, v in item.pairs)), None)


def append(text: str, path: str, block: str) -> str:
    """`text` with the entry in `block` (its lines from `- ` on) at its end."""
    lines = Lines(text)
    node = yamltext.parse(text, path)
    lines.insert_entry(len(lines.lines), True, block, lines.column(node.start) if isinstance(node, Sequence) else 0)
    return lines.text


def set_value(text: str, path: str, item: Mapping, name: str, value: str, order: ListOf[str]) -> str:
    """`text` with the field `name` of an entry set to `value`; a new field goes behind those before it in `order`."""
    lines = Lines(text)
    column = lines.column(item.pairs[0][0].start)
    written = yamltext.field_value(value, " " * (column + 2))
    pair = next(((k, v) for k, v in item.pairs if k.value == name), None)
    if pair is None:
        lines.insert(_behind(item, name, order, lines, column), f"{' ' * column}{name}: {written}".split("\n"))
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


def add_lines(text: str, path: str, item: Mapping, name: str, added: ListOf[str], order: ListOf[str]) -> str:
    """`text` with `added` lines at the end of the block `name` of an entry; a new block goes behind those before it in `order`."""
    if not added:
        return text
    lines = Lines(text)
    column = lines.column(item.pairs[0][0].start)
    pair = next(((k, v) for k, v in item.pairs if k.value == name), None)
    if pair is None:
        after = _behind(item, name, order, lines, column)
        lines.insert(after, [f"{' ' * column}{name}: |", *(f"{' ' * (column + 2)}{line}" for line in added)])
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


def remove_field(text: str, item: Mapping, name: str) -> str:
    """`text` without the lines of the field `name` of an entry; comments among them stay."""
    lines = Lines(text)
    column = lines.column(item.pairs[0][0].start)
    key = next(key for key, _ in item.pairs if key.value == name)
    last = lines.last_of_entry(key.line, column + 1)
    kept = [line for line in lines.lines[key.line : last] if line.lstrip().startswith("#") and lines.newline and
            len(line) - len(line.lstrip(" ")) <= column]
    lines.lines[key.line - 1 : last] = kept
    return lines.text


def comment_out(text: str, item: Mapping, heading: str) -> str:
    """`text` with the lines of an entry as comments under `heading`: nothing that was written in it is lost."""
    lines = Lines(text)
    column = lines.column(item.pairs[0][0].start)
    last = lines.last_of_entry(item.line, column)
    for number in range(item.line, last + 1):
        line = lines.lines[number - 1]
        if line.strip() and not line.startswith("#"):
            lines.lines[number - 1] = f"# {line}"
    lines.insert(item.line - 1, [f"# {heading}"])
    return lines.text
