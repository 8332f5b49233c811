"""`gtpipe sampling add` and `done`: whom to seek next, and what came of it."""

from __future__ import annotations

from gtpipe.commands.look_up import (
    as_typed,
    by_option,
    find_coder,
    find_entry,
    find_named,
    interview_names,
)
from gtpipe.formats import personal, sampling
from gtpipe.model.level import CODE_LEVELS
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem, UserError, did_you_mean, error, in_shell, refusal
from gtpipe.store import transaction
from gtpipe.store.layout import SAMPLING, Study
from gtpipe.study import load


def seek(
    study: Study, who: str, *, why: str = "", codes: tuple[str, ...] = (), date: str, by: str = ""
) -> tuple[str, int, list[str]]:
    """One more entry of the sampling: whom to seek next. Its file, its number among all, and words
    on labels typed.

    Raises UserError, nothing written, when a code is not there, or an open entry for this person
    stands already.
    """
    who, why = who.strip(), why.strip()
    if not who:
        raise UserError(refusal("no word of who to seek", "Write it in quotes"))
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot)
        coder = find_coder(corpus, by)
        labels: list[str] = []
        remarks: list[str] = []
        problems: list[Problem] = []
        for code in codes:
            try:
                named, remark = find_named(corpus, code, CODE_LEVELS, "sampling add … --for {}")
            except UserError as exc:
                problems += exc.problems
            else:
                labels.append(as_typed(named))
                remarks += [remark] if remark else []
        if problems:
            raise UserError(*dict.fromkeys(problems))
        path = personal.path_of(SAMPLING, coder, corpus.settings.default_coder)
        after = sampling.add(
            change.text(path), who, why, list(dict.fromkeys(labels)), coder, date, path
        )
        for decision in corpus.material.sampling:
            if decision.who == who and not decision.done:
                raise UserError(
                    error(
                        *decision.where,
                        "an open entry seeks this already",
                        "Add to that entry by hand",
                    )
                )
        command = "sampling add …" + (" --why …" if why else "")
        command += "".join(f" --for {in_shell(label)}" for label in labels)
        change.write(path, after)
        change.log(command + by_option(corpus, coder), coder)
    return (
        path,
        personal.number_after(path, (one.where.path for one in corpus.material.sampling), SAMPLING),
        remarks,
    )


def found_somebody(study: Study, number: int, done: str, *, by: str = "") -> tuple[str, str]:
    """Close entry `number` of the sampling with the interview it led to, or with words; its file,
    and who was sought.

    Raises UserError, nothing written, when there is no such entry, or it is closed already.
    """
    done = done.strip()
    if not done:
        raise UserError(refusal("no word of what came of it", "Name the interview"))
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot, only=())
        coder = find_coder(corpus, by)
        shown = "`gtpipe sampling` shows those that are open"
        entry, place = find_entry(corpus, SAMPLING, sampling.loads, number, "entry", shown)
        if entry.done:
            raise UserError(
                error(
                    *entry.where,
                    f"entry {number} is done already: {one_line(entry.done)}",
                    "Change it there by hand",
                )
            )
        names = interview_names(corpus)
        if " " not in done and done not in names:
            raise UserError(
                refusal(
                    f'no interview "{done}" in this study',
                    did_you_mean(done, names)
                    or "Ingest it first; or say in several words what came of it",
                )
            )
        path = entry.where.path
        after = sampling.close(change.text(path), place, done, path)
        outcome = done if done in names else "…"
        change.write(path, after)
        change.log(f"sampling done {number} {outcome}{by_option(corpus, coder)}", coder)
    return path, one_line(entry.who)
