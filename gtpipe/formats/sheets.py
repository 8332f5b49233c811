"""`data/initial-codes/<interview>[.<initials>].yaml`: the coding sheet, made once by gtpipe and
then a person's.

Read back letter for letter; edited by lines, so that one code more is one line more and nothing
else changes. Grammar of a line under `codes: |`: a label; `label <- "words"` ties it to a stretch
of the turn; with a bare `<-` the label is the stretch; a deeper line is a note on the code above
it. `\\<-` is a `<-` that belongs to the label.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from textwrap import dedent

from gtpipe.formats import edits
from gtpipe.model import limits, typography
from gtpipe.model.level import Level
from gtpipe.model.problems import Problem, UserError, error, note
from gtpipe.model.records import FOCUSED, INITIAL, Interview, SheetCode, SheetEntry, Turn, one_line
from gtpipe.store.layout import SHEETS
from gtpipe.text import entry_edits, yamltext
from gtpipe.text.document import Document
from gtpipe.text.entries import Entry
from gtpipe.text.yamltext import Mapping, Scalar, Sequence

FIELDS = ("turn", "speaker", "text", "codes", "focused")
LEVELS = {"codes": INITIAL, "focused": FOCUSED}

_ARROW = r"<-(?=\s|$|[\"“])"
_MARK = re.compile(rf"(?<!\S){_ARROW}")
_TO_ESCAPE = re.compile(rf"(?<!\S)(?=\\*{_ARROW})")
_ESCAPED = re.compile(rf"(?<!\S)\\(?=\\*{_ARROW})")


def path_of(interview: str, coder: str, default_coder: str) -> str:
    """The sheet of `interview` by `coder`; the first researcher's carries no initials."""
    return (
        f"{SHEETS}/{interview}.yaml"
        if coder == default_coder
        else f"{SHEETS}/{interview}.{coder}.yaml"
    )


def hash_words(text: str) -> str:
    """12 hex digits of the SHA-256 of the words of `text`, as they look."""
    return _digest(typography.same(text))


def hashed_now(recorded: str, text: str) -> str:
    """A hash that was `recorded`; that of `hash_words` where it is of the letters of `text`."""
    is_of_letters = not text.isascii() and recorded == _digest(one_line(text))
    return hash_words(text) if is_of_letters else recorded


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:12]


# --- one line of a block --------------------------------------------------------------------------


def why_not_a_label(label: str) -> str:
    """What stands against `label`, '' where nothing does: labels are one line, trimmed, without
    control characters.
    """
    if not label:
        return "a label needs at least one character"
    if (
        "\n" in label
        or "\r" in label
        or not yamltext.printable(label)
        or "\t" in label
        or "\x7f" in label
    ):
        return "a label is one line without control characters"
    return (
        "" if label == label.strip() else "a label begins and ends with something else than a space"
    )


def write_line(label: str, words: str | None) -> str:
    """The line for `label`, tied to the stretch `words` where given."""
    line = _TO_ESCAPE.sub(r"\\", label)
    if words is None:
        return line
    return f"{line} <-" if words == label else f'{line} <- "{one_line(words)}"'


def read_line(line: str) -> tuple[str, str | None]:
    """Label and stretch of a line; `write_line` backwards.

    Raises ValueError saying what is wrong.
    """
    mark = _MARK.search(line)
    if mark is None:
        return _ESCAPED.sub("", line), None
    label = _ESCAPED.sub("", line[: mark.start()].rstrip())
    words = line[mark.end() :].strip()
    if not label:
        raise ValueError("no label stands before `<-`")
    if not words:
        return label, label
    if len(words) < 2 or words[0] not in '"“' or words[-1] not in '"”':
        raise ValueError("the words after `<-` must stand in quotation marks")
    if not words[1:-1].strip():
        raise ValueError("no words stand between the quotation marks")
    return label, words[1:-1].strip()


def relabel_line(line: str, new: str) -> str:
    """A line with another label; what stands behind the label stays as it is.

    A bare `<-` gets the words it stood for.
    """
    _, words = read_line(line.strip())
    content = line.strip()
    mark = _MARK.search(content)
    if mark is None or not content[mark.end() :].strip():
        relabelled = write_line(new, words)
    else:
        relabelled = write_line(new, None) + content[len(content[: mark.start()].rstrip()) :]
    start = len(line) - len(line.lstrip())
    return line[:start] + relabelled + line[len(line.rstrip()) :]


def retie_line(line: str, words: str | None) -> str:
    """A line tied to the stretch `words` of its turn, or to none; the label and what stands around
    stay as they are.
    """
    label, _ = read_line(line.strip())
    content = line.strip()
    mark = _MARK.search(content)
    front = content if mark is None else content[: mark.start()].rstrip()
    retied = front + write_line(label, words)[len(write_line(label, None)) :]
    start = len(line) - len(line.lstrip())
    return line[:start] + retied + line[len(line.rstrip()) :]


# --- reading --------------------------------------------------------------------------------------


def loads(text: str, path: str) -> tuple[tuple[SheetEntry, ...], list[Problem]]:
    """The entries of a sheet and the problems of its file.

    Raises UserError where it is not YAML at all.
    """
    try:
        node = yamltext.parse(text, path)
    except UserError:
        below = (
            []
            if yamltext.conflict_markers(text, path)
            else [
                error(
                    path,
                    line,
                    f"a comment at the margin (line {comment}) ended the codes of turn {turn}, and "
                    "this line stands below it",
                    f"If it is a code, put it above line {comment}, indented like the codes of "
                    f"turn {turn}",
                    excerpt=shown.strip(),
                )
                for line, comment, turn, shown in _below_comments(text)
                if not shown.lstrip().startswith("#")
            ]
        )
        if not below:
            raise
        raise UserError(*below) from None
    problems: list[Problem] = []
    if node is None:
        return (), problems
    if not isinstance(node, Sequence):
        problems.append(
            error(path, node.line, "a sheet is a list of turns", "Each begins with `- turn: ID`")
        )
        return (), problems
    entries: list[SheetEntry] = []
    first_line: dict[str, int] = {}
    for item in node.items:
        entry = _entry(item, text, path, problems)
        if entry is None:
            continue
        if entry.turn in first_line:
            problems.append(
                error(
                    path,
                    entry.line,
                    f"turn {entry.turn} stands twice in this sheet; "
                    f"the first is at line {first_line[entry.turn]}",
                    "Bring the codes together under one of them and remove the other",
                )
            )
            continue
        first_line[entry.turn] = entry.line
        entries.append(entry)
    return tuple(entries), problems


def _entry(item: yamltext.Node, text: str, path: str, problems: list[Problem]) -> SheetEntry | None:
    found = yamltext.fields(item, FIELDS, path, "an entry of a sheet", problems)
    turn = yamltext.text_of(found.get("turn"), path, problems)
    if not turn:
        if isinstance(item, Mapping):
            problems.append(
                error(path, item.line, "this entry names no turn", "Begin it with `- turn: ID`")
            )
        return None
    words = yamltext.text_of(found.get("text"), path, problems) if "text" in found else None
    codes = [
        code
        for field, level in LEVELS.items()
        for code in _codes(
            yamltext.block_lines(found.get(field), text, path, problems), level, path, problems
        )
    ]
    if len(codes) > limits.CODES:
        problems.append(
            error(
                path,
                codes[limits.CODES].line,
                f"turn {turn} has {len(codes):,} codes, and no turn has more than {limits.CODES:,}",
                "Look whether they belong to it",
            )
        )
        codes = codes[: limits.CODES]
    return SheetEntry(
        turn,
        found["turn"][0].line,
        yamltext.text_of(found.get("speaker"), path, problems),
        "" if words is None else hash_words(words),
        tuple(codes),
    )


def _codes(
    lines: list[tuple[int, str]], level: Level, path: str, problems: list[Problem]
) -> list[SheetCode]:
    read: list[tuple[int, str, list[str]]] = []
    for number, line in lines:
        if line and not line[0].isspace():
            read.append((number, line, []))
        elif read:
            read[-1][2].append(line)
        elif line:
            problems.append(
                error(
                    path,
                    number,
                    "a note stands before any code",
                    "Notes stand below their code, deeper",
                )
            )
    codes = []
    for number, line, notes in read:
        try:
            label, words = read_line(line)
        except ValueError as exc:
            problems.append(
                error(
                    path,
                    number,
                    str(exc),
                    'Write `label <- "words of the turn"`; '
                    r"if `<-` belongs to the label, write `\<-`",
                    excerpt=line,
                )
            )
            continue
        codes.append(SheetCode(level, label, words, dedent("\n".join(notes)).strip("\n"), number))
    return codes


_FIELD = re.compile(
    r"(?P<front> *(?:- +)?)(?P<name>[\w-]+):(?: +(?P<block>[|>])\S*(?: +#.*)?| +(?P<value>.*))?$"
)


def _below_comments(text: str) -> list[tuple[int, int, str, str]]:
    """Lines that stand below a comment which ended a block of codes: their number, the comment's,
    the turn, and what stands there.
    """
    found = []
    turn = name = ""
    column, comment = -1, 0  # of the block that was begun last, and the comment that ended it
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip()
        indent = len(line) - len(line.lstrip(" "))
        if not line or (column >= 0 and not comment and indent > column):
            continue
        if line.startswith("#", indent):
            if comment and indent > column:
                found.append((number, comment, turn, line))
            comment = comment or number * (column >= 0)
            continue
        field = _FIELD.match(line)
        if comment and name in LEVELS and (indent > column or not field):
            found.append((number, comment, turn, line))
            continue
        column, comment, name = -1, 0, ""
        if field and field["name"] == "turn":
            turn = (field["value"] or "").strip("\"'")
        elif field and field["block"]:
            column, name = len(field["front"]), field["name"]
    return found


def remarks(text: str, path: str, entries: tuple[SheetEntry, ...]) -> list[Problem]:
    """Notes on lines that may have been meant as codes: notes that look like one or stand unlike
    their neighbours, and comments.
    """
    lines = Document(text)
    noted = [
        (code, _depths(lines, code.line)) for entry in entries for code in entry.codes if code.note
    ]
    first = Counter(depths[0][1] for _, depths in noted if depths)
    usual = min(first, key=lambda depth: (-first[depth], depth != 2, depth)) if first else 2
    found = []
    for code, depths in noted:
        for place, (line, depth) in enumerate(depths):
            said = lines.lines[line - 1].strip()
            if _looks_tied(said):
                what = f'`{said}` is read as a note on "{code.label}", since it stands deeper'
            elif depth == 1 or (
                depth < depths[0][1] if place else first[usual] > 1 and depth != usual
            ):
                spaces = "1 space" if depth == 1 else f"{depth} spaces"
                what = f'this line is read as a note on "{code.label}": it stands {spaces} deeper'
            else:
                continue
            found.append(
                note(
                    path,
                    line,
                    what,
                    f'If it is a code, indent it like the line of "{code.label}" ({code.line}); '
                    "if it is a note, "
                    f"{max(usual, 2)} spaces deeper than that",
                )
            )
    if re.search(r"^ +#", text, re.M):
        found += [
            note(
                path,
                line,
                f"this line is a comment and no code: the comment at line {comment} ended the "
                f"codes of turn {turn}",
                f"If it is a code, put it above line {comment}, indented like the codes there",
            )
            for line, comment, turn, shown in _below_comments(text)
            if shown.lstrip().startswith("#")
        ]
    return found


def _looks_tied(line: str) -> bool:
    """Whether a line ends as a code does that is tied to words."""
    mark = _MARK.search(line)
    return mark is not None and line[mark.end() :].strip()[:1] in ("", '"', "“")


def _depths(lines: Document, line: int) -> list[tuple[int, int]]:
    """The lines of the note below a code's line that are set in by spaces: number, and how much
    deeper they stand.
    """
    last, base = lines.end_of_notes(line), lines.indent(line)
    return [
        (number, lines.indent(number) - base)
        for number in range(line + 1, last + 1)
        if not lines.is_blank(number) and not lines.lines[number - 1].lstrip(" ").startswith("\t")
    ]


def copies(text: str, path: str) -> dict[str, str]:
    """Turn → the sheet's own copy of its words."""
    found: dict[str, str] = {}
    for entry in Document(text, path).entries:
        field = entry.get("text")
        if field and isinstance(field.node, Scalar):
            found.setdefault(entry.value("turn"), field.node.value)
    return found


# --- writing --------------------------------------------------------------------------------------


def new_sheet(interview: Interview, with_text: bool) -> str:
    """An empty sheet: every turn of a participant, the interviewer's turns as comments between
    them.
    """
    parts = [
        f"# {interview.name}: write your codes under `codes: |`, one a line, four spaces in.\n"
        '# `label <- "words"` ties a code to those words of the turn; '
        "a deeper line is a note on the code above it.\n"
    ]
    for turn in interview.turns:
        if interview.participant(turn):
            parts.append(entry_text(turn, with_text))
        elif with_text:
            parts.append(_comment(turn))
    return "\n".join(parts)


def entry_text(turn: Turn, with_text: bool) -> str:
    text = f"  text: {yamltext.literal(turn.text, '    ')}\n" if with_text else ""
    return f"- turn: {turn.id}\n  speaker: {yamltext.inline(turn.label)}\n{text}  codes: |\n"


def _comment(turn: Turn) -> str:
    shown = f"[{turn.id}] {turn.label}: {turn.text}".rstrip()
    shown = "".join(c if c == "\n" or yamltext.printable(c) else "\ufffd" for c in shown)
    return "".join(f"# {line}".rstrip() + "\n" for line in shown.split("\n"))


def add_code(
    text: str, path: str, interview: Interview, turn: Turn, code: SheetCode, with_text: bool
) -> str:
    """`text` of a sheet with `code` (its line is not looked at) as the last one of `turn`.

    Every line that stood there stands there still. An entry for the turn is added where there is
    none. Raises UserError when the file has errors, or is laid out in a way that cannot be added to
    line by line.
    """
    before, problems = loads(text, path)
    if problems:
        raise UserError(*problems)
    what = f"a code cannot be added to turn {turn.id} without touching other lines"
    refusal = error(path, None, what, "Write it into the sheet by hand")
    edited = _with_code(text, path, interview, turn, code, with_text)
    return _proved(edited, path, _content(before, turn.id, code), refusal)


# Turn → what its codes say, without the lines they stand at.
_Codes = dict[str, list[tuple[Level, str, str | None, str]]]


def _content(
    entries: tuple[SheetEntry, ...], turn: str = "", code: SheetCode | None = None
) -> _Codes:
    found = {entry.turn: [c[:-1] for c in entry.codes] for entry in entries}
    if code is not None:
        found.setdefault(turn, []).append(code[:-1])
        found[turn].sort(key=lambda c: list(LEVELS.values()).index(c[0]))
    return {turn: codes for turn, codes in found.items() if codes}


def _proved(edited: str, path: str, expected: _Codes, refusal: Problem) -> str:
    """`edited`, if its codes are those `expected`."""

    def codes(text: str) -> tuple[_Codes, list[Problem]]:
        entries, problems = loads(text, path)
        return _content(entries), problems

    return edits.proved(edited, codes, expected, refusal)


def _with_code(
    text: str, path: str, interview: Interview, turn: Turn, code: SheetCode, with_text: bool
) -> str:
    field = next(name for name, level in LEVELS.items() if level == code.level)
    written = [write_line(code.label, code.words)]
    written += [f"  {line}" for line in code.note.split("\n")] if code.note else []
    document = Document(text, path)
    entry = document.entry("turn", turn.id)
    if entry is not None:
        last = document.end_of_entry(entry)
        return entry_edits.add_lines_below(document, entry, field, written, last)
    block = entry_text(turn, with_text)
    if field != "codes":
        block += f"  {field}: |\n"
    block += "".join(f"    {line}\n" for line in written)
    return _with_entry(document, interview, turn, block)


def _with_entry(document: Document, interview: Interview, turn: Turn, block: str) -> str:
    """The text with an entry for `turn` where the interview has it."""
    place = _place(document, interview, turn)
    document.insert_entry(
        *place, block, document.column(document.node.start) if document.node else 0
    )
    return document.text


def _place(document: Document, interview: Interview, turn: Turn) -> tuple[int, bool]:
    """After which line an entry for `turn` belongs, below the words of an interviewer's turn; and
    whether another entry stands before it.
    """
    position = interview.position
    earlier = {
        position[entry.value("turn")]: entry
        for entry in reversed(document.entries)
        if position.get(entry.value("turn"), len(position)) < position[turn.id]
    }
    if earlier:
        after = document.end_of_entry(earlier[max(earlier)])
        shown = _comment(turn).split("\n")[:-1]
        for line in range(after, len(document.lines)):
            if document.lines[line : line + len(shown)] == shown:
                return line + len(shown), True
        return after, True
    if document.entries:
        return document.entries[0].line - 1, False
    return len(document.lines), True


def refresh(text: str, path: str, interview: Interview, with_text: bool) -> str:
    """`text` of a sheet with the transcript's words and speakers, and entries for turns it lacked.

    Codes, notes, comments and every other line stay. Raises UserError when the file has errors.
    """
    before, problems = loads(text, path)
    if problems:
        raise UserError(*problems)
    for entry in reversed(Document(text, path).entries):
        turn = interview.turn(entry.value("turn"))
        if turn is not None:
            text = _refresh_entry(text, entry, turn)
    have = {entry.turn for entry in before}
    for turn in interview.participant_turns:
        if turn.id not in have:
            text = _with_entry(Document(text, path), interview, turn, entry_text(turn, with_text))
    what = "the words cannot be refreshed without touching other lines"
    refusal = error(path, None, what, "Correct `text` in the sheet by hand")
    return _proved(text, path, _content(before), refusal)


def _refresh_entry(text: str, entry: Entry, turn: Turn) -> str:
    for field in reversed(entry.fields):
        value = field.node
        if not isinstance(value, Scalar):
            continue
        if field.name == "text" and typography.same(value.value) != typography.same(turn.text):
            document = Document(text)
            words = yamltext.literal(turn.text, " " * (field.column + 2))
            text = entry_edits.with_value(document, field, words)
        elif field.name == "speaker" and field.value != turn.label and value.value:
            text = text[: value.start] + yamltext.inline(turn.label) + text[value.end :]
    return text
