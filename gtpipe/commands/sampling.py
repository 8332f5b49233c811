"""`gtpipe sampling add` and `done`: whom to seek next, and what came of it."""

from __future__ import annotations

from gtpipe.analysis.references import THINGS
from gtpipe.commands.find import as_typed, by_option, find_coder, find_named
from gtpipe.formats import personal, sampling
from gtpipe.model.problems import UserError, did_you_mean, error, in_shell
from gtpipe.model.records import one_line
from gtpipe.store import transaction
from gtpipe.store.layout import SAMPLING, TRANSCRIPTS, Study
from gtpipe.store.transaction import FileChange, LogEntry, encode_keeping_bom
from gtpipe.study import each_file, load


def seek(
    study: Study, who: str, *, why: str = "", codes: tuple[str, ...] = (), date: str, by: str = ""
) -> tuple[str, int, list[str]]:
    """One more entry of the sampling: whom to seek next. Its file, its number among all, and words on labels typed.

    Raises UserError, nothing written, when a code is not there, or an open entry for this person stands already.
    """
    who, why = who.strip(), why.strip()
    if not who:
        raise UserError(
            error("the sampling", None, "it does not say who to seek", "Write it in quotes")
        )
    with transaction.locked(study):
        read = load(study)
        coder = find_coder(read, by)
        named, remarks, problems = [], [], []
        for code in codes:
            try:
                one, remark = find_named(read, code, THINGS, "sampling add … --for {}")
            except UserError as exc:
                problems += exc.problems
            else:
                named.append(as_typed(one))
                remarks += [remark] if remark else []
        if problems:
            raise UserError(*dict.fromkeys(problems))
        path = personal.path_of(SAMPLING, coder, read.settings.default_coder)
        before = read.snapshot.bytes(path)
        after = sampling.add(
            read.snapshot.text(path) or "", who, why, list(dict.fromkeys(named)), coder, date, path
        )
        for one in read.material.sampling:
            if one.who == who and not one.done:
                raise UserError(
                    error(*one.where, "this is sought already", "Add to that entry by hand")
                )
        command = f"sampling add …{' --why …' if why else ''}{''.join(f' --for {in_shell(one)}' for one in named)}"
        transaction.commit(
            study,
            [FileChange(path, before, encode_keeping_bom(after, before))],
            LogEntry(command + by_option(read, coder), coder),
        )
    return (
        path,
        personal.number_after(path, (one.where.path for one in read.material.sampling), SAMPLING),
        remarks,
    )


def found_somebody(study: Study, number: int, done: str, *, by: str = "") -> tuple[str, str]:
    """Close entry `number` of the sampling with the interview it led to, or with words; its file, and who was sought.

    Raises UserError, nothing written, when there is no such entry, or it is closed already.
    """
    done = done.strip()
    if not done:
        raise UserError(
            error("the sampling", None, "it does not say what came of it", "Name the interview")
        )
    with transaction.locked(study):
        read = load(study, only=())
        coder = find_coder(read, by)
        standing, problems = each_file(read.snapshot, SAMPLING, sampling.loads)
        if problems:
            raise UserError(*problems)
        if not 1 <= number <= len(standing):
            has = (
                f"They go from 1 to {len(standing)}; `gtpipe sampling` shows those that are open"
                if standing
                else "There is none yet"
            )
            raise UserError(error(SAMPLING, None, f"no entry {number}", has))
        entry = standing[number - 1]
        if entry.done:
            raise UserError(
                error(
                    *entry.where,
                    f"entry {number} is done already: {one_line(entry.done)}",
                    "Change it there by hand",
                )
            )
        names = [
            path.rpartition("/")[2].removesuffix(".md")
            for path in read.snapshot.files(TRANSCRIPTS, ".md")
        ]
        if " " not in done and done not in names:
            raise UserError(
                error(
                    TRANSCRIPTS,
                    None,
                    f'no interview "{done}"',
                    did_you_mean(done, names)
                    or "Ingest it first; or say in several words what came of it",
                )
            )
        path, place = (
            entry.where.path,
            personal.place_in_file(number, [one.where.path for one in standing]),
        )
        before = read.snapshot.bytes(path)
        after = sampling.close(read.snapshot.text(path) or "", place, done, path)
        told = done if done in names else "…"
        transaction.commit(
            study,
            [FileChange(path, before, encode_keeping_bom(after, before))],
            LogEntry(f"sampling done {number} {told}" + by_option(read, coder), coder),
        )
    return path, one_line(entry.who)
