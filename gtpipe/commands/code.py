"""`gtpipe code`: one code more in a sheet, and the last one taken back.

Read, change the lines concerned, write; under the lock, and only into the file that was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gtpipe.commands.look_up import (
    by_option,
    check_words,
    find_coder,
    find_interview,
    find_turn,
    label_problem,
)
from gtpipe.formats import naming, sheet_edits, sheets
from gtpipe.model.level import INITIAL
from gtpipe.model.names import label_order, one_line, slug
from gtpipe.model.problems import Problem, UserError, in_shell, refusal
from gtpipe.model.records import Code, Interview, SheetCode, Turn, split_into
from gtpipe.model.spelling import folded
from gtpipe.model.typography import same
from gtpipe.store import transaction
from gtpipe.store.layout import Study
from gtpipe.store.log import Facts
from gtpipe.store.transaction import FileChange
from gtpipe.study import Corpus, labels_there, load_interview
from gtpipe.text import yamltext


@dataclass(frozen=True)
class SheetEdit:
    """What a command made of a file: its content before (None: there was none) and after."""

    path: str
    before: bytes | None
    after: bytes | None
    interviewer: bool = False  # a turn of the interviewer, which the sheets have no entry for

    @property
    def changed(self) -> bool:
        return self.before != self.after


def add_code(
    study: Study,
    name: str,
    id: str,
    label: str,
    *,
    words: str | None = None,
    note: str = "",
    by: str = "",
    why: str = "",
) -> SheetEdit:
    """One more line in the sheet of the coder `by`: `label` at turn `id`. No change where it stands
    already.

    The sheet is made where there is none. Raises UserError, nothing written, when interview, turn,
    coder, label or words do not hold, or the sheet has errors.
    """
    label = label.strip()
    words = one_line(words) if words is not None else None
    wrong = label_problem(label) or note_problem(note)
    if wrong:
        raise UserError(wrong)
    with transaction.change(study) as change:
        corpus = load_interview(study, change.snapshot, {name, slug(name)})
        interview = find_interview(corpus, name)
        turn = find_turn(interview, id)
        coder = find_coder(corpus, by)
        if words is not None:
            check_words(words, turn, interview)
        path, before, text = sheet_for(corpus, interview, coder)
        unasked = not interview.participant(turn) and not corpus.settings.sheet_interviewer
        code = SheetCode(INITIAL, label, words, tidy_note(note), 0)
        standing = codes_at(text, path, turn) if before is not None else []
        if any(is_same(one, code) and one.note == code.note for one in standing):
            return SheetEdit(path, before, before, unasked)
        after = sheet_edits.add_code(text, path, interview, turn, code, corpus.settings.sheet_text)
        command = (
            f"code {interview.name} {turn.id} {in_shell(label)}{' --words …' if words else ''}"
            f"{' --note …' if note else ''}{by_option(corpus, coder)}"
        )
        sheet = change.write(path, after)
        did: Facts = {
            "kind": "code",
            "level": INITIAL,
            "code": label,
            "interview": interview.name,
            "turn": turn.id,
            "tied": bool(words),
        }
        change.log(command, coder, why, did=did)
    return SheetEdit(path, before, sheet.after, unasked)


def look_alikes(study: Study, label: str, codes: Mapping[str, Code]) -> list[str]:
    """Codes of the study that differ from the new `label` only in capitals, spacing or hyphens;
    `codes` is its code book.
    """
    labels, key = labels_there(study, codes), folded(label)
    if label.strip() in labels:
        return []
    found = [other for other in labels if folded(other) == key]
    return [f'"{other}"' for other in sorted(found, key=label_order)]


def called_now(codes: Mapping[str, Code], label: str) -> str:
    """What the code is called now that `label` is an old label of; '' where it is none."""
    return naming.current_labels(codes).get(label.strip(), "")


def split_now(codes: Mapping[str, Code], label: str) -> tuple[str, ...]:
    """The codes that `label` was split into; () where it is a code of today, or never was split."""
    return () if label.strip() in codes else split_into(label.strip(), codes)


def note_problem(note: str) -> Problem | None:
    if yamltext.printable(note):
        return None
    return refusal("the note holds a control character", "Remove it")


def tidy_note(note: str) -> str:
    from textwrap import dedent

    return dedent("\n".join(line.rstrip() for line in note.expandtabs(2).split("\n"))).strip("\n")


def codes_at(text: str, path: str, turn: Turn) -> list[SheetCode]:
    """The codes that a sheet gives a turn."""
    entries, _ = sheets.loads(text, path)
    return [code for entry in entries if entry.turn == turn.id for code in entry.codes]


def is_same(one: SheetCode, other: SheetCode) -> bool:
    """Whether two codes of a turn are one, notes apart."""
    return (one.level, one.label, one.words and same(one.words)) == (
        other.level,
        other.label,
        other.words and same(other.words),
    )


def sheet_for(corpus: Corpus, interview: Interview, coder: str) -> tuple[str, bytes | None, str]:
    """The sheet of `interview` by `coder`: path, its bytes (None where there is none), and its
    text, new if need be.
    """
    path = sheets.path_of(interview.name, coder, corpus.settings.default_coder)
    standing = next(
        (s for s in corpus.material.sheets if (s.interview, s.coder) == (interview.name, coder)),
        None,
    )
    if standing is not None:
        path = standing.path
    before = corpus.snapshot.bytes(path)
    if before is None:
        chosen = corpus.settings
        new = sheet_edits.new_sheet(interview, chosen.sheet_text, chosen.sheet_interviewer)
        return path, None, new
    return path, before, corpus.snapshot.text(path) or ""


def take_back(study: Study, edit: SheetEdit, by: str) -> bool:
    """Put the sheet back as it was before its last code, if nobody changed it since. Returns
    whether it was.
    """
    with transaction.change(study) as change:
        if edit.before is None or study.path(edit.path).read_bytes() != edit.after:
            return False
        change.add(FileChange(edit.path, edit.after, edit.before))
        change.log("code: the last one taken back", by)
    return True
