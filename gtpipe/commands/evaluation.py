"""`gtpipe evaluation`: the page of questions to the theory made, or its links laid out anew."""

from __future__ import annotations

from gtpipe.analysis import evaluation as criteria
from gtpipe.commands.find import find_coder
from gtpipe.formats import evaluation
from gtpipe.formats.evaluation import Answer
from gtpipe.model.problems import UserError
from gtpipe.store import transaction
from gtpipe.store.layout import EVALUATION, Snapshot, Study
from gtpipe.store.transaction import FileChange, LogEntry, encode_keeping_bom
from gtpipe.study import load


def evaluate(study: Study, by: str = "") -> tuple[str, list[Answer], str]:
    """Make `evaluation.md`, or lay its pointers out anew: `new`, `refreshed` or ''.

    Beside it every question with its answer, and who wrote.

    Raises UserError, nothing written, when a marker in it is damaged, or errors in the study hide material.
    """
    with transaction.locked(study):
        read = load(study)
        before = read.snapshot.bytes(EVALUATION)
        text = read.snapshot.text(EVALUATION)
        answered = evaluation.answers(text) if text is not None else []
        if read.hiding():
            raise UserError(*read.hiding())
        pointers = criteria.pointers(read.material, read.codings, read.current, read.names)
        after = evaluation.page(pointers) if text is None else evaluation.refreshed(text, pointers)
        change = FileChange(EVALUATION, before, encode_keeping_bom(after, before))
        coder = find_coder(read, by) if after != text else ""
        changed = transaction.commit(study, [change], LogEntry("evaluation", coder))
    done = "" if not changed else "new" if before is None else "refreshed"
    return done, answered or evaluation.answers(after), coder


def answers(study: Study) -> list[Answer]:
    """Every question with its answer, as the file stands; nothing is written. Raises UserError where a marker is damaged."""
    text = Snapshot(study).text(EVALUATION)
    return evaluation.answers(text or "")
