"""A sheet without what stands at turns of somebody who withdrew: their entries, with codes, notes
and comments, and the codes of others' entries that were tied to their words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from gtpipe.formats import sheet_edits, sheet_refresh, sheets
from gtpipe.model.problems import UserError
from gtpipe.model.records import Interview, SheetCode, SheetEntry, first_and_last
from gtpipe.text.document import Document


def without(
    text: str,
    path: str,
    after: Interview,
    turns: Collection[str],
    falls: Callable[[SheetEntry, SheetCode], bool],
    with_text: bool,
    interviewer: bool = False,
) -> str:
    """`text` of a sheet without the entries of `turns`, and without the codes over several turns of
    which `falls` says so; the transcript is as it is `after`. `with_text` and `interviewer` are
    what sheets of the study carry.

    Raises UserError where the file has errors, or cannot be edited by lines.
    """
    entries, problems = sheets.loads(text, path)
    if problems:
        raise UserError(*problems)
    document = Document(text, path)
    if not document.is_laid_out_by_lines:
        what = "entries cannot be taken out of this sheet, which is not laid out by lines"
        raise UserError.at(path, None, what, "Lay it out as gtpipe does, or edit it by hand")
    gone = _comments(document, turns)
    for entry in document.entries:
        if sheets.turns_of(entry) in turns:
            last = max(document.end_of_entry(entry), document.end_of_field(entry.fields[-1]))
            below = last < len(document.lines) and document.is_blank(last + 1)
            gone.update(range(entry.line, last + 1 + below))
    kept: dict[str, list[tuple[object, ...]]] = {}
    for sheet_entry in entries:
        if sheet_entry.turn in turns:
            continue
        for code in sheet_entry.codes:
            if first_and_last(sheet_entry.turn) and falls(sheet_entry, code):
                gone.update(range(code.line, document.end_of_notes(code.line) + 1))
            else:
                kept.setdefault(sheet_entry.turn, []).append(code[:-1])
    lines = [line for number, line in enumerate(document.lines, 1) if number not in gone]
    while lines and not lines[-1].strip() and len(document.lines) in gone:
        del lines[-1]  # the blank line above what was the last entry
    edited = "\n".join(lines) + ("\n" if lines and text.endswith("\n") else "")
    if sheet_edits.codes_by_turn(sheets.loads(edited, path)[0]) != kept:
        what = "entries cannot be taken out of this sheet without touching other lines"
        raise UserError.at(path, None, what, "Take them out by hand")
    return (
        sheet_refresh.refresh(edited, path, after, with_text, interviewer) if with_text else edited
    )


def _comments(document: Document, turns: Collection[str]) -> set[int]:
    """The lines of the comments that show such turns, as `# [3] Ana: …`."""
    inside = {
        number
        for entry in document.entries
        for number in range(entry.line, document.end_of_entry(entry) + 1)
    }
    found: set[int] = set()
    shown = False
    for number, line in enumerate(document.lines, 1):
        if shown and not line.strip():
            found.add(number)
        if number in inside or not line.startswith("#"):
            shown = False
            continue
        if line.startswith("# ["):
            shown = line[3:].partition("]")[0].split(" ")[0] in turns
        if shown:
            found.add(number)
    return found
