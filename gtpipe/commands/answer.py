"""Answers to suggestions, on disk: the line in the sheet and the row in `data/answers.csv`, both or
neither.

One change under the lock for each answer, so that a killed command leaves the study as it was or
the answer whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gtpipe.commands.code import codes_at, is_same, sheet_for
from gtpipe.commands.look_up import (
    check_words,
    find_coder,
    find_interview,
    find_turn,
    label_problem,
)
from gtpipe.formats import answers, sheet_edits
from gtpipe.formats.answers import ACCEPTED, EDITED, IGNORED, REJECTED, Answer
from gtpipe.model.level import INITIAL
from gtpipe.model.names import one_line, slug
from gtpipe.model.problems import UserError
from gtpipe.model.records import Interview, SheetCode, Turn
from gtpipe.model.spelling import folded
from gtpipe.store import transaction
from gtpipe.store.layout import ANSWERS, Snapshot, Study
from gtpipe.store.log import Facts
from gtpipe.store.transaction import FileChange, encode_keeping_bom
from gtpipe.study import Corpus, load
from gtpipe.suggest.records import IN_VIVO, Suggestion


@dataclass(frozen=True)
class Answered:
    """What an answer wrote: file by file, and the rows of answers.csv that are new. `label` and
    `words` stand in the sheet now.

    `empty` is a sheet that was made for it, as it was without a code.
    """

    changes: tuple[FileChange, ...]
    rows: tuple[Answer, ...]
    label: str = ""
    words: str | None = None
    empty: bytes | None = None

    @property
    def changed_sheet(self) -> bool:
        return any(change.path != ANSWERS for change in self.changes)


def take(
    study: Study,
    suggestion: Suggestion,
    *,
    label: str = "",
    words: str | None = None,
    note: str = "",
    by: str = "",
    why: str = "",
) -> Answered:
    """Take a suggestion, as it is or as `label` (tied to `words`, where given): one line in the
    sheet, one row in the answers.

    In vivo codes taken as they are are tied to their words. Raises UserError, nothing written,
    where the code cannot be written, or the sheet or the answers have errors.
    """
    as_it_is = not label or label == suggestion.label
    label = (label or suggestion.label).strip()
    if as_it_is and words is None and suggestion.source == IN_VIVO:
        words = suggestion.words
    words = one_line(words) if words is not None else None
    wrong = label_problem(label)
    if wrong:
        raise UserError(wrong)
    name = suggestion.at.interview
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot, only={name, slug(name)})
        interview = find_interview(corpus, name)
        turn = find_turn(interview, suggestion.at.turn)
        coder = find_coder(corpus, by)
        if words is not None:
            check_words(words, turn, interview)
        code = SheetCode(INITIAL, label, words, note, 0)
        row = Answer(name, turn.id, suggestion.label, ACCEPTED if as_it_is else EDITED, coder)
        empty = sheet_for(corpus, interview, coder)[2].encode()
        changes = _sheet(corpus, interview, turn, coder, code) + _rows(corpus.snapshot, [row])
        command = f"review {name} {turn.id}: a suggestion {row.answer}"
        change.add(*changes)
        did: Facts = {
            "kind": "code",
            "level": INITIAL,
            "code": label,
            "interview": name,
            "turn": turn.id,
            "tied": words is not None,
            "suggestion": suggestion.label,
            "answer": row.answer,
        }
        change.log(command, coder, why, did=did)
    return Answered(changes, _new_rows(changes, [row]), label, words, empty)


def reject(
    study: Study, suggestions: Iterable[Suggestion], *, by: str = "", why: str = ""
) -> Answered:
    """These are not offered at their turns again. Raises UserError."""
    return _answer(study, suggestions, REJECTED, by, why)


def ignore(
    study: Study, suggestions: Iterable[Suggestion], *, by: str = "", why: str = ""
) -> Answered:
    """These were seen and left alone; they may be offered again. Raises UserError."""
    return _answer(study, suggestions, IGNORED, by, why)


def take_back(study: Study, answered: Answered, by: str) -> bool:
    """Put the files back as they were before an answer, if nobody changed them since; a sheet that
    it made stays, without the code.

    Returns whether they were.
    """
    back = [
        FileChange(
            change.path,
            change.after,
            answered.empty if change.before is None and change.path != ANSWERS else change.before,
        )
        for change in answered.changes
    ]
    with transaction.change(study) as change:
        if not back or not transaction.as_read(study, back):
            return False
        change.add(*back)
        change.log("review: the last answer taken back", by)
    return True


def offered(found: Iterable[Suggestion], label: str) -> Suggestion | None:
    """The suggestion with this label among those found, capitals, spacing and hyphens apart."""
    return next((one for one in found if folded(one.label) == folded(label)), None)


def _answer(
    study: Study, suggestions: Iterable[Suggestion], kind: str, by: str, why: str
) -> Answered:
    suggestions = list(suggestions)
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot, only=())
        coder = find_coder(corpus, by)
        rows = [
            Answer(one.at.interview, one.at.turn, one.label, kind, coder) for one in suggestions
        ]
        changes = _rows(corpus.snapshot, rows)
        at = "; ".join(dict.fromkeys(str(one.at) for one in suggestions))
        change.add(*changes)
        change.log(f"review {at}: {len(rows)} {kind}", coder, why)
    return Answered(changes, _new_rows(changes, rows))


def _sheet(
    corpus: Corpus, interview: Interview, turn: Turn, coder: str, code: SheetCode
) -> tuple[FileChange, ...]:
    """The coder's sheet with one line more; nothing where that code stands at the turn already."""
    path, before, text = sheet_for(corpus, interview, coder)
    if before is not None and any(is_same(one, code) for one in codes_at(text, path, turn)):
        return ()
    after = sheet_edits.add_code(text, path, interview, turn, code, corpus.settings.sheet_text)
    return (FileChange(path, before, encode_keeping_bom(after, before)),)


def _rows(snapshot: Snapshot, rows: list[Answer]) -> tuple[FileChange, ...]:
    before, text = snapshot.bytes(ANSWERS), snapshot.text(ANSWERS) or ""
    after = answers.add(text, rows)
    return (
        (FileChange(ANSWERS, before, encode_keeping_bom(after, before)),) if after != text else ()
    )


def _new_rows(changes: tuple[FileChange, ...], rows: list[Answer]) -> tuple[Answer, ...]:
    return tuple(rows) if any(change.path == ANSWERS for change in changes) else ()
