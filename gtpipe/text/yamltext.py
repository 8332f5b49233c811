"""YAML read as text that knows its lines: no types, no surprises, and every value with its place in
the file.

PyYAML's event stream (libyaml) is turned into small tuples. Nothing is converted: `no`, `1.5` and
`null` stay words. Used by every YAML file of a study; editing works on the lines of the file, so
comments and order survive.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol, TypeAlias

import yaml

from gtpipe.model.problems import Problem, UserError, did_you_mean, error

Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
HAS_LIBYAML = Loader is not yaml.BaseLoader
DEEPEST = 50  # lists in lists: files of a study have four


class Scalar(NamedTuple):
    """A value: `start` and `end` are offsets in characters.

    `style` is None (plain), `'`, `"`, `|` or `>`.
    """

    value: str
    line: int
    start: int
    end: int
    style: str | None


class Sequence(NamedTuple):
    items: tuple[Node, ...]
    line: int
    start: int
    end: int
    flow: bool


class Mapping(NamedTuple):
    pairs: tuple[tuple[Scalar, Node], ...]
    line: int
    start: int
    end: int


Node: TypeAlias = Scalar | Sequence | Mapping
Pair: TypeAlias = tuple[Scalar, Node]  # a field's name and its value


def items(node: Node | None) -> tuple[Node, ...]:
    """The items of a list; none of anything else."""
    return node.items if isinstance(node, Sequence) else ()


def pairs(node: Node | None) -> tuple[Pair, ...]:
    """The fields of a mapping; none of anything else."""
    return node.pairs if isinstance(node, Mapping) else ()


def mappings(node: Node | None) -> Iterator[Mapping]:
    """Those items of a list that are mappings."""
    return (item for item in items(node) if isinstance(item, Mapping))


def pair_of(node: Node | None, name: str) -> Pair | None:
    """The field `name` of a mapping, the first where there are several."""
    return next((pair for pair in pairs(node) if pair[0].value == name), None)


def value_of(node: Node | None, name: str) -> str:
    """The text of the field `name` of a mapping, trimmed; '' where it is missing or no text."""
    pair = pair_of(node, name)
    return pair[1].value.strip() if pair and isinstance(pair[1], Scalar) else ""


CONFLICT = re.compile(r"^(<{7}|={7}|>{7})(?: .*)?$", re.M)


def words_of(node: Node) -> str:
    """A value on one line, the items of a list with commas between; '' for fields of fields."""
    parts = [node, *items(node)]
    return ", ".join(" ".join(part.value.split()) for part in parts if isinstance(part, Scalar))


def conflict_markers(text: str, path: str) -> Problem | None:
    """The error for git's conflict markers left in `text`, naming their lines; None where there are
    none.
    """
    if "<<<<<<<" not in text or ">>>>>>>" not in text:
        return None
    text = text.replace("\r\n", "\n")
    marks = [(m.group(1)[0], text.count("\n", 0, m.start()) + 1) for m in CONFLICT.finditer(text)]
    if not {"<", "=", ">"} <= {mark for mark, _ in marks}:
        return None
    lines = [line for _, line in marks]
    return error(
        path,
        lines[0],
        f"a merge left conflict markers here, at lines {', '.join(map(str, lines))}",
        "Keep what belongs, remove the marker lines, then `git add` the file",
    )


def parse(text: str, path: str) -> Node | None:
    """The one document in `text` as nodes, or None where there is nothing but comments.

    Raises UserError with the line itself when this is not YAML, holds conflict markers, an alias or
    a second document.
    """
    conflict = conflict_markers(text, path)
    if conflict:
        raise UserError(conflict)
    builder = _Builder(text, path)
    try:
        return builder.document(yaml.parse(text, Loader=Loader))
    except yaml.YAMLError as exc:
        raise UserError(_broken(exc, text, path)) from None


class _Mark(Protocol):
    """Where an event stands; libyaml's marks and PyYAML's own are unrelated classes."""

    @property
    def line(self) -> int: ...

    @property
    def index(self) -> int: ...


def _marks(event: yaml.Event) -> tuple[_Mark, _Mark]:
    """Where an event begins and ends, which the parser always says."""
    assert event.start_mark is not None and event.end_mark is not None
    return event.start_mark, event.end_mark


class _Builder:
    """Events in, nodes out. Lines are counted at line feeds alone, as editors and git do."""

    def __init__(self, text: str, path: str) -> None:
        self.text, self.path = text, path
        exotic = any(c in text for c in "\x85\u2028\u2029") or re.search(r"\r(?!\n)", text)
        self.starts = [0] + [m.end() for m in re.finditer("\n", text)] if exotic else None

    def line(self, mark: _Mark) -> int:
        return mark.line + 1 if self.starts is None else bisect_right(self.starts, mark.index)

    def document(self, events: Iterator[yaml.Event]) -> Node | None:
        root = None
        seen = False
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if seen:
                    raise UserError.at(
                        self.path,
                        self.line(_marks(event)[0]),
                        "a second document starts here",
                        "Remove the line `---`",
                    )
                seen = True
                root = self.node(next(events), events)
        if isinstance(root, Scalar) and root.value == "" and root.style is None:
            return None
        return root

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int = 0) -> Node:
        start, end = _marks(event)
        if depth > DEEPEST:
            raise UserError(_too_deep(self.path, self.line(start)))
        # `!important` would be gone without a word
        if getattr(event, "tag", None) or getattr(event, "anchor", None):
            sign = self.text[start.index : start.index + 1] or "*"
            raise UserError.at(
                self.path,
                self.line(start),
                _means_something_else(sign),
                'Write the value in quotes: "*really*"',
            )
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(
                event.value,
                self.line(start),
                start.index,
                end.index,
                event.style if event.style and event.style in "|>'\"" else None,
            )
        if isinstance(event, yaml.SequenceStartEvent):
            flow = self.text[start.index : start.index + 1] == "["
            items = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                items.append(self.node(event, events, depth + 1))
            end = _marks(event)[1]
            return Sequence(tuple(items), self.line(start), start.index, end.index, flow)
        if isinstance(event, yaml.MappingStartEvent):
            pairs = []
            while not isinstance(event := next(events), yaml.MappingEndEvent):
                key = self.node(event, events, depth + 1)
                if not isinstance(key, Scalar):
                    raise UserError.at(self.path, key.line, "a field's name must be a word")
                pairs.append((key, self.node(next(events), events, depth + 1)))
            end = _marks(event)[1]
            return Mapping(tuple(pairs), self.line(start), start.index, end.index)
        raise UserError.at(
            self.path,
            self.line(start),
            _means_something_else("*"),
            'Write the value in quotes: "*really*"',
        )


_BLOCK_FIELD = re.compile(
    r"[ ]*(codes|focused|was|takes-up|judged|incidents|does-not-fit|left|support|contradict"
    r"|modified|about|prompted-by|properties):[ \t]+[^|\s]"
)
_FIELD = re.compile(r"[ ]*(?:-[ \t]+)*[^\s:#'\"\[{][^:#]*:(?:[ \t]+(?P<value>\S.*)|[ \t]*)$")
_ITEM = re.compile(r"[ ]*(?:-[ \t]+)+(?P<value>\S.*)$")
_OPENING = "'\"[{"


def _broken(exc: yaml.YAMLError, text: str, path: str) -> Problem:
    """What is wrong, said by the lines themselves: the library tells where it stopped, in words
    that change with its version.
    """
    mark = getattr(exc, "problem_mark", None)
    if mark is None:  # a character YAML does not allow
        position = getattr(exc, "position", 0) or 0
        bad = next((i for i, c in enumerate(text) if not printable(c)), min(position, len(text)))
        line = text.count("\n", 0, bad) + 1
        return error(
            path,
            line,
            f"a control character (U+{ord(text[bad]) if text else 0:04X}) stands here",
            "Remove it: it cannot be seen, but your editor's search finds it",
        )
    context = getattr(exc, "context_mark", None)
    lines = text.split("\n")

    def line_of(mark: _Mark) -> int:
        return text.count("\n", 0, min(mark.index, len(text))) + 1

    line = line_of(mark)
    before = text[: mark.index + 1]
    if sum(map(before.count, "[{")) - sum(map(before.count, "]}")) > DEEPEST:
        return _too_deep(path, line)
    if context is not None and line_of(context) < line:
        begun = lines[line_of(context) - 1].rstrip("\r")
        opened = text[context.index : context.index + 1] in _OPENING
        if opened or (
            not (_FIELD.match(begun) or _ITEM.match(begun))
            and begun.strip()
            and not begun.lstrip().startswith("#")
        ):
            line = line_of(context)  # where it began, not the one where that is noticed
    # libyaml notices some mistakes only where the next token starts: show the line before when this
    # one is blank.
    while line > 1 and (line > len(lines) or not lines[line - 1].strip()):
        line -= 1
    shown = lines[line - 1].rstrip("\r") if line <= len(lines) else ""
    what, do = _wrong_in(shown)
    return error(path, line, f"this is not readable as YAML: {what}", do, excerpt=shown)


def _too_deep(path: str, line: int) -> Problem:
    return error(path, line, "brackets are nested too deeply here", "Write plain lines")


def _wrong_in(shown: str) -> tuple[str, str]:
    """What is wrong in the line at which reading stopped, and what to do."""
    if "\t" in shown[: len(shown) - len(shown.lstrip())]:
        return "a tab stands where YAML wants spaces", "Replace the tab with spaces"
    block = _BLOCK_FIELD.match(shown)
    if block:
        return (
            f'"{block[1]}" must be a block',
            f"Write `{block[1]}: |` and below it one a line, indented",
        )
    found = _FIELD.match(shown) or _ITEM.match(shown)
    value = (found["value"] or "") if found else shown.strip()
    if value[:1] in tuple("*&!%@`"):
        return _means_something_else(value[0]), 'Write the value in quotes: "*really*"'
    if value[:1] in ("'", '"') and value.count(value[0]) % 2:
        return (
            "a quotation mark is opened here and not closed",
            'Close it; or put the whole value in quotes of the other kind: "it\'s"',
        )
    if value[:1] in ("'", '"'):
        return (
            "words stand behind the closing quotation mark",
            "Put the whole value in quotation marks of the other kind, or under `|`",
        )
    if value[:1] in ("[", "{"):
        return (
            "a bracket at the start of a value begins a list in YAML",
            'Write the value in quotes: "[laughs]"',
        )
    if found and re.search(r":(?:[ \t]|$)", value):
        return (
            "a colon followed by a space inside a value",
            'Put the value in quotes ("why: because"), or under `|` on a line of its own',
        )
    return (
        "this line is neither `field: value` nor part of the block above it",
        "Indent it like its neighbours; lines of a `|` block stand deeper than the field's name",
    )


def _means_something_else(sign: str) -> str:
    shown = "a backtick" if sign == "`" else f"`{sign}`"
    return f"{shown} at the start of a value means something else in YAML"


def fields(
    node: Node, known: Iterable[str], path: str, what: str, problems: list[Problem]
) -> dict[str, tuple[Scalar, Node]]:
    """The fields of a mapping by name.

    An unknown or repeated one is an error with its line, and is left out.
    """
    known = list(known)
    found: dict[str, tuple[Scalar, Node]] = {}
    if not isinstance(node, Mapping):
        problems.append(
            error(
                path,
                node.line,
                f"{what} must be lines of `field: value`",
                f"The fields are {', '.join(known)}",
            )
        )
        return found
    for key, value in node.pairs:
        if key.value in found:
            problems.append(
                error(
                    path,
                    key.line,
                    f'"{key.value}" stands twice in {what}',
                    f"The first is at line {found[key.value][0].line}. "
                    "Keep one; or, if a new entry begins here, give it back its first line, "
                    "the one with the `- `",
                )
            )
        elif key.value not in known:
            problems.append(
                error(
                    path,
                    key.line,
                    f'{what} has no field "{key.value}"',
                    did_you_mean(key.value, known) or f"The fields are {', '.join(known)}",
                )
            )
        else:
            found[key.value] = (key, value)
    return found


def text_of(pair: tuple[Scalar, Node] | None, path: str, problems: list[Problem]) -> str:
    """A field's text, trimmed; '' where it is missing.

    A list or mapping in its place is an error.
    """
    if pair is None:
        return ""
    key, value = pair
    if not isinstance(value, Scalar):
        problems.append(
            error(
                path,
                value.line,
                f'"{key.value}" must be text',
                "Put it in quotes if it starts with [ or {, or holds a colon",
            )
        )
        return ""
    return value.value.strip()


def block_lines(
    pair: tuple[Scalar, Node] | None, text: str, path: str, problems: list[Problem]
) -> list[tuple[int, str]]:
    """The lines of a `|` block, each with its line number, right-trimmed; blank lines included.

    An empty field is an empty block. Anything else than `|` would let YAML change what was typed,
    and is an error.
    """
    if pair is None:
        return []
    key, value = pair
    if isinstance(value, Scalar) and value.style is None and value.value == "":
        rest = text[value.start : (text + "\n").find("\n", value.start)].strip()
        if rest.startswith("#"):
            problems.append(
                error(
                    path,
                    value.line,
                    f'"{key.value}" holds only `{rest}`, which YAML reads as a comment',
                    f"Write `{key.value}: |` and the line below it, indented",
                )
            )
        return []
    if not isinstance(value, Scalar) or value.style != "|":
        problems.append(
            error(
                path,
                key.line,
                f'"{key.value}" must be a block, so that everything stands as typed',
                f"Write `{key.value}: |` and below it one a line, indented",
            )
        )
        return []
    return [(value.line + 1 + i, line.rstrip()) for i, line in enumerate(value.value.split("\n"))]


_PRINTABLE = "[\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*"
_PLAIN = re.compile(r"[^\W\d_](?:[\w .,;?!'’()/&+-]*[\w.?!)’])?")


def printable(text: str) -> bool:
    """Whether YAML allows every character of `text` as it is, and none of them ends a line but the
    line feed.
    """
    if text.isascii() and text.isprintable():
        return True  # as nearly all is: the pattern takes long to make
    return re.fullmatch(_PRINTABLE, text) is not None and not any(
        c in text for c in "\x85\u2028\u2029\ufeff"
    )


def inline(value: str) -> str:
    """`value` as it may stand behind `field: ` or inside `[…]` and `{…}`: plain where that is safe,
    else quoted.
    """
    return value if _plain(value) and not set(value) & set(",?") else quoted(value)


def field_value(value: str, indent: str) -> str:
    """`value` as it may stand behind `field: ` on lines of its own: plain, quoted, or a block with
    lines at `indent`.
    """
    if "\n" in value:
        return literal(value, indent)
    return value if _plain(value) else quoted(value)


def _plain(value: str) -> bool:
    """Whether every YAML reader, typed ones included, takes the bare `value` for this very text."""
    if not _PLAIN.fullmatch(value) or not printable(value):
        return False
    tag: str = yaml.resolver.Resolver().resolve(  # type: ignore[no-untyped-call]
        yaml.ScalarNode, value, (True, False)
    )
    return tag == "tag:yaml.org,2002:str"


def quoted(value: str) -> str:
    """`value` in double quotes, everything YAML would not allow or would change written as an
    escape.
    """
    import json

    text = json.dumps(value, ensure_ascii=False)
    if not printable(text) or "\x7f" in text:
        text = "".join(c if printable(c) and c != "\x7f" else _escape(c) for c in text)
    return text


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"


def literal(value: str, indent: str) -> str:
    """`value` as a block scalar `|-` with its lines at `indent`; in double quotes where a block
    would change it.
    """
    if (
        not printable(value)
        or "\r" in value
        or value[:1] in (" ", "\t", "\n")
        or value.endswith("\n")
    ):
        return quoted(value)
    lines = value.split("\n") if value else []
    return "|-" + "".join(f"\n{indent}{line}" if line else "\n" for line in lines)
