"""`data/initial-codes/<interview>[.<initials>].yaml`: the coding sheet, made once by gtpipe and
then a person's.

Read back letter for letter; edited by lines, so that one code more is one line more and nothing
else changes. Grammar of a line under `codes: |`: a label; `label <- "words"` ties it to a stretch
of the turn; with a bare `<-` the label is the stretch; a deeper line is a note on the code above
it. `\\<-` is a `<-` that belongs to the label. `- turns: 7-10` is an entry of what runs over turns.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from textwrap import dedent

from gtpipe.formats import plain_sheet
from gtpipe.formats.code_line import looks_tied, read_line
from gtpipe.model import anchor, limits, typography
from gtpipe.model.level import FOCUSED, INITIAL, Level
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem, UserError, error, note
from gtpipe.model.records import SheetCode, SheetEntry
from gtpipe.store.layout import SHEETS
from gtpipe.text import yamltext
from gtpipe.text.document import Document
from gtpipe.text.entries import Entry
from gtpipe.text.yamltext import Mapping, Scalar, Sequence

FIELDS = ("turn", "turns", "speaker", "text", "codes", "focused")
LEVELS = {"codes": INITIAL, "focused": FOCUSED}


TURNS = ("turn", "turns")


def turns_of(entry: Entry) -> str:
    """The turn that an entry is about, or the turns, as `7-10`."""
    return anchor.turns(entry.value("turn") or entry.value("turns"))


def entry_of(document: Document, turn: str) -> Entry | None:
    """The first entry about a turn, or about these turns together."""
    return next((entry for entry in document.entries if turns_of(entry) == turn), None)


def path_of(interview: str, coder: str, default_coder: str) -> str:
    """The sheet of `interview` by `coder`; the first researcher's carries no initials."""
    return (
        f"{SHEETS}/{interview}.yaml"
        if coder == default_coder
        else f"{SHEETS}/{interview}.{coder}.yaml"
    )


@lru_cache(maxsize=256)  # a sheet copies the words of its transcript
def hash_words(text: str) -> str:
    """12 hex digits of the SHA-256 of the words of `text`, as they look."""
    return _digest(typography.same(text))


def hashed_now(recorded: str, text: str) -> str:
    """A hash that was `recorded`; that of `hash_words` where it is of the letters of `text`."""
    is_of_letters = not text.isascii() and recorded == _digest(one_line(text))
    return hash_words(text) if is_of_letters else recorded


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def loads(text: str, path: str) -> tuple[tuple[SheetEntry, ...], list[Problem]]:
    """The entries of a sheet and the problems of its file.

    Raises UserError where it is not YAML at all.
    """
    plain = plain_sheet.read(text)
    return _loads(text, path) if plain is None else (tuple(_hashed(plain)), [])


def _hashed(plain: Iterable[plain_sheet.Read]) -> Iterator[SheetEntry]:
    """The entries, each with the hash of its copy of the words."""
    for turn, line, speaker, words, codes in plain:
        hash = "" if words is None else hash_words(words.strip())
        yield SheetEntry(turn, line, speaker, hash, codes)


def _loads(text: str, path: str) -> tuple[tuple[SheetEntry, ...], list[Problem]]:
    """The same, by YAML."""
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
    named = found.get("turn") or found.get("turns")
    turn = anchor.turns(yamltext.text_of(named, path, problems))
    if not turn or named is None:
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
        named[0].line,
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
        if field and field["name"] in TURNS:
            turn = (field["value"] or "").strip("\"'")
        elif field and field["block"]:
            column, name = len(field["front"]), field["name"]
    return found


def remarks(text: str, path: str, entries: tuple[SheetEntry, ...]) -> list[Problem]:
    """Notes on lines that may have been meant as codes: notes that look like one or stand unlike
    their neighbours, and comments.
    """
    with_notes = [code for entry in entries for code in entry.codes if code.note]
    lines = Document(text if with_notes else "")
    noted = [(code, _depths(lines, code.line)) for code in with_notes]
    first = Counter(depths[0][1] for _, depths in noted if depths)
    usual = min(first, key=lambda depth: (-first[depth], depth != 2, depth)) if first else 2
    found = []
    for code, depths in noted:
        for place, (line, depth) in enumerate(depths):
            said = lines.lines[line - 1].strip()
            if looks_tied(said):
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
    if " #" in text and re.search(r"^ +#", text, re.M):
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
            found.setdefault(turns_of(entry), field.node.value)
    return found
