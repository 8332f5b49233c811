"""`gtpipe evaluation`: the page of questions to the theory made, or its links laid out anew."""

from __future__ import annotations

from gtpipe.commands.look_up import find_coder
from gtpipe.formats import evaluation
from gtpipe.formats.evaluation import EvaluationAnswer
from gtpipe.model.problems import UserError
from gtpipe.render.evaluation_pointers import pointers
from gtpipe.store import transaction
from gtpipe.store.layout import EVALUATION, Snapshot, Study
from gtpipe.study import load


def evaluate(study: Study, by: str = "") -> tuple[str, list[EvaluationAnswer], str]:
    """Make `evaluation.md`, or lay its pointers out anew: `new`, `refreshed` or ''.

    Beside it every question with its answer, and who wrote.

    Raises UserError, nothing written, when a marker in it is damaged, or errors in the study hide
    material.
    """
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot)
        text = corpus.snapshot.text(EVALUATION)
        answered = evaluation.answers(text) if text is not None else []
        if corpus.hiding():
            raise UserError(*corpus.hiding())
        found = pointers(corpus.material, corpus.codings, corpus.current, corpus.names)
        after = evaluation.page(found) if text is None else evaluation.refreshed(text, found)
        change.write(EVALUATION, after)
        coder = find_coder(corpus, by) if after != text else ""
        change.log("evaluation", coder)
    done = "" if not change.changed else "new" if text is None else "refreshed"
    return done, answered or evaluation.answers(after), coder


def answers(study: Study) -> list[EvaluationAnswer]:
    """Every question with its answer, as the file stands; nothing is written. Raises UserError
    where a marker is damaged.
    """
    text = Snapshot(study).text(EVALUATION)
    return evaluation.answers(text or "")
