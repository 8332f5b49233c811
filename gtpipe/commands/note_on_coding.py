"""A note on a coding that stands in a sheet, written, changed or taken out."""

from __future__ import annotations

from gtpipe.commands.code import note_problem, tidy_note
from gtpipe.commands.look_up import find_coder
from gtpipe.formats import sheet_edits
from gtpipe.model.names import slug
from gtpipe.model.problems import UserError, in_shell
from gtpipe.model.records import Coding
from gtpipe.store import transaction
from gtpipe.store.layout import Study
from gtpipe.store.log import Facts
from gtpipe.study import Corpus, load


def put_note(study: Study, coding: Coding, note: str, *, by: str = "", why: str = "") -> bool:
    """Have `note` be what stands below a coding; '' for nothing. Whether that changed anything.

    Raises UserError, nothing written, where the coding does not stand there any more, or the sheet
    has errors.
    """
    if wrong := note_problem(note):
        raise UserError(wrong)
    note = tidy_note(note)
    with transaction.change(study) as change:
        name = coding.interview
        corpus = load(study, change.snapshot, only={name, slug(name)})
        coder = find_coder(corpus, by)
        standing = _standing(corpus, coding)
        if standing.note == note:
            return False
        path, line = standing.where
        code = next(
            code
            for sheet in corpus.material.sheets
            if sheet.path == path
            for entry in sheet.entries
            for code in entry.codes
            if code.line == line
        )
        text = corpus.snapshot.text(path) or ""
        change.write(path, sheet_edits.with_note(text, path, coding.turn, code, note))
        command = f"a note on {in_shell(coding.typed)} at {coding.interview} {coding.turn}"
        did: Facts = {
            "kind": "note",
            "level": coding.level,
            "code": coding.typed,
            "interview": coding.interview,
            "turn": coding.turn,
            "coder": coding.coder,
        }
        change.log(command, coder, why, did=did)
    return True


def _standing(corpus: Corpus, coding: Coding) -> Coding:
    """The coding as it stands now. Raises UserError where it does not."""
    alike = [
        one
        for one in corpus.codings.of_interview(coding.interview)
        if one[:7] == coding[:7] and (one.span, one.coder) == (coding.span, coding.coder)
    ]
    found = next((one for one in alike if one.note == coding.note), alike[0] if alike else None)
    if found is None:
        here = f"{coding.interview} {coding.turn}"
        raise UserError.of(f'"{coding.typed}" does not stand at {here} any more')
    return found
