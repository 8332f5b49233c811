"""`gtpipe focused add` and `take-up`: a new focused code, and the codes that one takes up."""

from __future__ import annotations

from gtpipe.analysis.references import old_label
from gtpipe.commands.find import find_coder, label_problem
from gtpipe.formats import focused
from gtpipe.model.problems import UserError, did_you_mean, error, in_shell
from gtpipe.model.records import FOCUSED, INITIAL
from gtpipe.store import transaction
from gtpipe.store.layout import FOCUSED_CODES, Study
from gtpipe.store.transaction import FileChange, LogEntry, encode_keeping_bom
from gtpipe.study import Corpus, load


def add_focused(
    study: Study,
    label: str,
    *,
    takes_up: tuple[str, ...] = (),
    definition: str = "",
    because: str = "",
    by: str = "",
    why: str = "",
) -> None:
    """A new entry in the focused codes. Raises UserError, nothing written, when it stands already or names no code."""
    wrong = label_problem(label)
    if wrong:
        raise UserError(wrong)
    with transaction.locked(study):
        read = load(study)
        coder = find_coder(read, by)
        now = read.names.leads_to(label, FOCUSED)
        if now:
            raise UserError(
                old_label(
                    label,
                    now,
                    more=f"; a focused code of its own needs another label, as long as `was` or "
                    f'`merged-from` of "{now}" holds this one',
                )
            )
        codes = _initial_codes(
            read, takes_up, f"focused add {in_shell(label)} --takes-up {{}} …", " --takes-up "
        )
        before = read.snapshot.bytes(FOCUSED_CODES)
        after = focused.add(
            read.snapshot.text(FOCUSED_CODES) or "",
            label,
            definition=definition,
            because=because,
            by=coder,
            written_after=read.last_interview,
            takes_up=codes,
        )
        change = FileChange(FOCUSED_CODES, before, encode_keeping_bom(after, before))
        transaction.commit(
            study, [change], LogEntry(f"focused add {in_shell(label)}", coder, why or because)
        )


def take_up(
    study: Study, label: str, codes: tuple[str, ...], *, by: str = "", why: str = ""
) -> bool:
    """More initial codes under `takes-up` of a focused code. Returns whether anything changed. Raises UserError."""
    with transaction.locked(study):
        read = load(study)
        coder = find_coder(read, by)
        now = read.names.leads_to(label, FOCUSED)
        if now:
            raise UserError(
                old_label(
                    label, now, f"focused take-up {in_shell(now)} {' '.join(map(in_shell, codes))}"
                )
            )
        if label not in read.material.focused:
            broken = [p for p in read.unreadable if p.is_error and p.path == FOCUSED_CODES]
            raise UserError(
                *(
                    broken
                    or [
                        error(
                            FOCUSED_CODES,
                            None,
                            f'no focused code "{label}"',
                            did_you_mean(label, read.material.focused)
                            or f"`gtpipe focused add {in_shell(label)} --because …` makes it",
                        )
                    ]
                )
            )
        before = read.snapshot.bytes(FOCUSED_CODES)
        standing = {
            read.current.get(named.label, named.label)
            for named in read.material.focused[label].takes_up
        }
        new = tuple(
            code
            for code in _initial_codes(read, codes, f"focused take-up {in_shell(label)} {{}}")
            if code not in standing
        )
        after = focused.take_up(read.snapshot.text(FOCUSED_CODES) or "", label, new)
        command = f"focused take-up {in_shell(label)} {' '.join(map(in_shell, codes))}"
        return bool(
            transaction.commit(
                study,
                [FileChange(FOCUSED_CODES, before, encode_keeping_bom(after, before))],
                LogEntry(command, coder, why),
            )
        )


def _initial_codes(
    read: Corpus, codes: tuple[str, ...], command: str, between: str = " "
) -> tuple[str, ...]:
    """The codes, each once. Raises UserError with every one that is not there, or is called
    otherwise now.

    `command` is what to type then, with the codes at its `{}`.
    """
    known = read.names.known[INITIAL]
    labels = tuple(dict.fromkeys(codes))
    typed = between.join(in_shell(read.names.leads_to(label, INITIAL) or label) for label in labels)
    wrong = []
    for label in labels:
        now = read.names.leads_to(label, INITIAL)
        if now:
            wrong.append(old_label(label, now, command.replace("{}", typed)))
        elif label not in known:
            wrong.append(
                error(
                    "the study",
                    None,
                    f'no code "{label}"',
                    did_you_mean(label, sorted(known)) or "`gtpipe codes list` shows them",
                )
            )
    if wrong:
        raise UserError(*wrong)
    return labels
