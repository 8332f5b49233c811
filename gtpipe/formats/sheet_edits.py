"""A sheet written: a new one, one code more. What a person wrote there stands there still."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from gtpipe.formats import edits
from gtpipe.formats.code_line import write_line
from gtpipe.formats.sheets import LEVELS, entry_of, loads, turns_of
from gtpipe.model.level import Level
from gtpipe.model.problems import Problem, UserError, error
from gtpipe.model.records import Interview, SheetCode, SheetEntry, Turn, first_and_last
from gtpipe.text import entry_edits, yamltext
from gtpipe.text.document import Document, indented


def new_sheet(
    interview: Interview,
    with_text: bool,
    interviewer: bool = False,
    codes: Mapping[str, Sequence[SheetCode]] = MappingProxyType({}),
) -> str:
    """A sheet: every turn of a participant, the interviewer's turns as comments between them; with
    `interviewer`, or where they have `codes`, as entries too.
    """
    parts = [
        f"# {interview.name}: write your codes under `codes: |`, one a line, four spaces in.\n"
        '# `label <- "words"` ties a code to those words of the turn; '
        "a deeper line is a note on the code above it.\n"
    ]
    over_turns: dict[str, list[str]] = {}  # by the last of them
    for id in sorted(codes, key=lambda id: interview.position[id]):
        if ends := first_and_last(id):
            over_turns.setdefault(ends[1], []).append(id)
    for turn in interview.turns:
        if interviewer or interview.participant(turn) or turn.id in codes:
            parts.append(entry_text(turn, with_text) + _written(codes.get(turn.id, ())))
        elif with_text:
            parts.append(comment_text(turn))
        parts += (
            entry_text(interview.at(id), with_text) + _written(codes[id])
            for id in over_turns.get(turn.id, ())
        )
    return "\n".join(parts)


def coded_sheet(
    interview: Interview,
    with_text: bool,
    interviewer: bool,
    codes: Mapping[str, Sequence[SheetCode]],
    path: str,
) -> str:
    """A new sheet with `codes` (their lines are not looked at) at their turns. Raises UserError
    where they cannot be written so that they are read again as they are.
    """
    expected = {
        turn: sorted(
            (code[:-1] for code in coded), key=lambda code: list(LEVELS.values()).index(code[0])
        )
        for turn, coded in codes.items()
    }
    refusal = error(
        path, None, "these codes cannot be written into a sheet", "Look at their labels"
    )
    return proved(new_sheet(interview, with_text, interviewer, codes), path, expected, refusal)


def _written(codes: Sequence[SheetCode]) -> str:
    """The lines of the codes of a new entry."""
    lines = []
    for field, level in LEVELS.items():
        coded = [code for code in codes if code.level == level]
        if coded and field != "codes":
            lines.append(f"  {field}: |")
        for code in coded:
            lines += [f"    {line}".rstrip() for line in _code_lines(code)]
    return "".join(f"{line}\n" for line in lines)


def _code_lines(code: SheetCode) -> list[str]:
    written = [write_line(code.label, code.words)]
    return written + ([f"  {line}" for line in code.note.split("\n")] if code.note else [])


def entry_text(turn: Turn, with_text: bool) -> str:
    if first_and_last(turn.id):
        return f"- turns: {turn.id}\n  codes: |\n"
    text = f"  text: {yamltext.literal(turn.text, '    ')}\n" if with_text else ""
    return f"- turn: {turn.id}\n  speaker: {yamltext.inline(turn.label)}\n{text}  codes: |\n"


def comment_text(turn: Turn) -> str:
    """A turn of the interviewer, as a sheet shows it."""
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
    return proved(edited, path, codes_by_turn(before, turn.id, code), refusal)


# Turn → what its codes say, without the lines they stand at.
CodesByTurn = dict[str, list[tuple[Level, str, str | None, str]]]


def with_note(text: str, path: str, turn: str, code: SheetCode, note: str) -> str:
    """`text` of a sheet with `note` on the code at its line, in place of the one it had; '' for
    none. Raises UserError when the file has errors, or cannot be changed so.
    """
    before, problems = loads(text, path)
    if problems:
        raise UserError(*problems)
    expected = codes_by_turn(before)
    codes = next(entry.codes for entry in before if entry.turn == turn)
    expected[turn] = [(one._replace(note=note) if one == code else one)[:-1] for one in codes]
    document = Document(text, path)
    last, within = document.end_of_notes(code.line), " " * (document.indent(code.line) + 2)
    document.insert(last, [f"{within}{line}".rstrip() for line in note.split("\n") if note])
    del document.lines[code.line : last]
    what = f'the note on "{code.label}" cannot be changed without touching other lines'
    refusal = error(path, code.line, what, "Write it into the sheet by hand")
    return proved(document.text, path, expected, refusal)


def codes_by_turn(
    entries: tuple[SheetEntry, ...], turn: str = "", code: SheetCode | None = None
) -> CodesByTurn:
    found = {entry.turn: [c[:-1] for c in entry.codes] for entry in entries}
    if code is not None:
        found.setdefault(turn, []).append(code[:-1])
        found[turn].sort(key=lambda c: list(LEVELS.values()).index(c[0]))
    return {turn: codes for turn, codes in found.items() if codes}


def proved(edited: str, path: str, expected: CodesByTurn, refusal: Problem) -> str:
    """`edited`, if its codes are those `expected`."""

    def codes(text: str) -> tuple[CodesByTurn, list[Problem]]:
        entries, problems = loads(text, path)
        return codes_by_turn(entries), problems

    return edits.proved(edited, codes, expected, refusal)


def _with_code(
    text: str, path: str, interview: Interview, turn: Turn, code: SheetCode, with_text: bool
) -> str:
    field = next(name for name, level in LEVELS.items() if level == code.level)
    written = _code_lines(code)
    document = Document(text, path)
    entry = entry_of(document, turn.id)
    if entry is not None:
        last = document.end_of_entry(entry)
        return entry_edits.add_lines_below(document, entry, field, written, last)
    block = entry_text(turn, with_text)
    if field != "codes":
        block += f"  {field}: |\n"
    block += "".join(f"    {line}\n" for line in written)
    return _with_entry(document, interview, turn, block)


def _with_entry(document: Document, interview: Interview, turn: Turn, block: str) -> str:
    """The text with an entry for `turn` where the interview has it; with the turn's words, in
    place of the comment that showed them.
    """
    column = document.column(document.node.start) if document.node else 0
    shown = _shown_by_comment(document, turn) if "\n  text: " in block else None
    if shown is not None:
        document.lines[shown] = indented(block, column)
    else:
        document.insert_entry(*_place(document, interview, turn), block, column)
    return document.text


def _shown_by_comment(document: Document, turn: Turn) -> slice | None:
    """The lines between entries that show a turn, as long as nobody changed them."""
    shown = comment_text(turn).split("\n")[:-1]
    lines = [line.rstrip() for line in document.lines]
    inside = {
        line
        for entry in document.entries
        for line in range(entry.line - 1, document.end_of_entry(entry))
    }
    for first in range(len(lines) - len(shown) + 1):
        end = first + len(shown)
        around = (*lines[first - 1 : first], *lines[end : end + 1])  # a remark joined to it
        if first in inside or any(line.startswith("#") for line in around):
            continue
        if lines[first:end] == shown:
            return slice(first, end)
    return None


def _place(document: Document, interview: Interview, turn: Turn) -> tuple[int, bool]:
    """After which line an entry for `turn` belongs, below the words of an interviewer's turn; and
    whether another entry stands before it.
    """
    here = _standing(interview, turn.id)
    earlier = {
        standing: entry
        for entry in reversed(document.entries)
        if (standing := _standing(interview, turns_of(entry))) < here
    }
    if earlier:
        after = document.end_of_entry(earlier[max(earlier)])
        last = interview.turns_of(turn.id)[-1]
        shown = comment_text(last).split("\n")[:-1]
        for line in range(after, len(document.lines)):
            if document.lines[line : line + len(shown)] == shown:
                return line + len(shown), True
        return after, True
    if document.entries:
        return document.entries[0].line - 1, False
    return len(document.lines), True


def _standing(interview: Interview, id: str) -> tuple[int, int]:
    """Where an entry stands in a sheet: that of several turns below that of the last of them."""
    first, last = first_and_last(id) or (id, id)
    position = interview.position.get(last, len(interview.position))
    return position, 0 if first == last else 1 + interview.position.get(first, 0)
