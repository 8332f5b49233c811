"""Codes change: rename, merge, park, drop, for initial and focused codes alike. (`split` splits
one.)

Each makes a plan of edits in memory (`code_change_plan`), which is proved (`code_change_proof`);
only then are the files written, all or none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gtpipe.commands import code_entry_edits, judged_lines
from gtpipe.commands.code_change_plan import WHAT, CodeChangePlan
from gtpipe.commands.code_change_proof import prove
from gtpipe.commands.look_up import broken_files, find_coder
from gtpipe.model.level import FOCUSED, INITIAL, Level, split_level
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError, in_shell
from gtpipe.model.records import Where
from gtpipe.store import transaction
from gtpipe.store.layout import ENTRIES, Snapshot, Study
from gtpipe.store.transaction import FileChange, Transaction
from gtpipe.study import load
from gtpipe.text import entry_edits


@dataclass(frozen=True)
class CodesChanged:
    """What a command did, or with `dry_run` would do. `messages` are sentences; `prose` memos whose
    prose names the old label.

    `together` counts applications that fell together with one that stood at the same place under
    the same label. `by` are the initials it goes under.
    """

    messages: tuple[str, ...]
    changes: tuple[FileChange, ...]
    prose: tuple[Where, ...] = ()
    together: int = 0
    by: str = ""


@dataclass(frozen=True)
class ChangeRequest:
    """Who asks for a change of codes, why, and whether it is only to be shown."""

    by: str = ""
    why: str = ""
    dry_run: bool = False


def rename(study: Study, old: str, new: str, request: ChangeRequest) -> CodesChanged:
    """Give a code another label wherever it stands; its entry keeps the old one under `was`.

    Raises UserError, nothing written, when there is no such code, the new label is another code's,
    or files have errors.
    """

    def steps(plan: CodeChangePlan) -> None:
        level, label = plan.find(old, lead=False)
        wanted = split_level(new)[1] if split_level(new)[0] == level else new.strip()
        plan.check_label(wanted)
        now = plan.corpus.names.leads_to(label, level)
        leads = bool(now) and now == wanted
        if now and not leads:
            raise UserError(
                plan.old_label(level, label, f'codes rename {{}} {in_shell(wanted)} --why "…"')
            )
        if wanted == label:
            raise UserError.of(f'it is called "{label}" already')
        if wanted in plan.known[level] and not leads:
            raise UserError.of(
                f'"{wanted}" is a {WHAT[level]} already',
                "If both are one, `gtpipe codes merge "
                f"{in_shell(plan.typed(level, label))} --into {in_shell(wanted)}`",
            )
        if (
            not leads
            and plan.corpus.names.leads_to(wanted, level) != label
            and plan.is_written(level, wanted)
        ):
            plan.check_new(level, wanted)
        plan.relabel(level, {label: wanted})
        if plan.current[level].get(wanted, label) not in (label, wanted):
            plan.messages.append(
                f'"{wanted}" was a label of "{plan.current[level][wanted]}" before: what is still '
                "written so counts under the new one now"
            )
        if not leads:
            code_entry_edits.rename_entry(plan, level, label, wanted)
        plan.command = f"codes rename {in_shell(plan.typed(level, label))} {in_shell(wanted)}"
        plan.did = {"kind": "rename", "level": level, "from": label, "to": wanted}

    return carry_out(study, steps, request)


def merge(study: Study, olds: tuple[str, ...], into: str, request: ChangeRequest) -> CodesChanged:
    """Bring several codes together under one, which may be one of them, or new. Its entry says so
    under `merged-from`.

    Definitions of the others stay in their file as comments. Raises UserError, nothing written.
    """

    def steps(plan: CodeChangePlan) -> None:
        named = [plan.find(old, lead=False) for old in olds]
        if len({level for level, _ in named}) != 1:
            raise UserError.of(
                "an initial and a focused code cannot be merged",
                "A focused code takes initial codes up: `gtpipe codes focused take-up`",
            )
        level = named[0][0]
        target = split_level(into)[1] if split_level(into)[0] == level else into.strip()
        command = _merge_command(plan, level, [label for _, label in named], target)
        old_labels = [
            plan.old_label(level, label, command)
            for _, label in dict.fromkeys(named)
            if plan.corpus.names.leads_to(label, level)
        ]
        if old_labels:
            raise UserError(*old_labels)
        plan.check_new(level, target, command)
        other = FOCUSED if level == INITIAL else INITIAL
        if (
            target in plan.known[other]
            and target not in plan.known[level]
            and not split_level(into)[0]
        ):
            raise UserError.of(
                f'"{target}" is a {WHAT[other]}, and these are {WHAT[level]}s',
                f"`gtpipe codes focused take-up {in_shell(target)} …` takes codes up; "
                f"to have a {WHAT[level]} of that name, "
                f"--into {in_shell(f'{level}: {target}')}",
            )
        labels = [label for label in dict.fromkeys(label for _, label in named) if label != target]
        if not labels:
            raise UserError.of("there is nothing to merge: it is one code", "Name others")
        plan.relabel(level, dict.fromkeys(labels, target), through=True)
        if any(label in plan.entries(level) for label in labels):
            plan.because = plan.why
        code_entry_edits.merge_entries(plan, level, labels, target)
        typed = " ".join(in_shell(plan.typed(level, label)) for label in labels)
        plan.command = f"codes merge {typed} --into {in_shell(target)}"
        plan.did = {"kind": "merge", "level": level, "from": labels, "to": target}

    return carry_out(study, steps, request)


def _merge_command(plan: CodeChangePlan, level: Level, olds: list[str], target: str) -> str:
    """The command that merges what these labels are called now."""
    now = [plan.corpus.names.leads_to(label, level) or label for label in (*olds, target)]
    typed = " ".join(
        in_shell(plan.typed(level, label)) for label in dict.fromkeys(now[:-1]) if label != now[-1]
    )
    return f'codes merge {typed} --into {in_shell(now[-1])} --why "…"' if typed else ""


def drop(study: Study, name: str, request: ChangeRequest) -> CodesChanged:
    """Take a code out wherever it stands. What the code book said of it stays there as comments;
    the reason is in the log.

    Raises UserError, nothing written, when a relation, negative case or the like needs it.
    """

    def steps(plan: CodeChangePlan) -> None:
        level, label = plan.find(name, 'codes drop {} --why "…"')
        plan.relabel(level, {label: None}, through=True)
        code_entry_edits.retire_entry(
            plan, level, label, "dropped" + (f": {one_line(request.why)}" if request.why else "")
        )
        plan.command = f"codes drop {in_shell(plan.typed(level, label))}"
        plan.did = {"kind": "drop", "level": level, "code": label}

    return carry_out(study, steps, request)


def park(study: Study, name: str, request: ChangeRequest) -> CodesChanged:
    """Set a code aside, with the reason; its applications stay. Raises UserError when there is no
    such code.
    """

    def steps(plan: CodeChangePlan) -> None:
        level, label = plan.find(name, 'codes park {} --why "…"')
        entry = plan.entries(level).get(label)
        if entry is not None and entry.parked:
            raise UserError.at(
                *entry.where,
                f'"{label}" is parked already: {one_line(entry.parked)}',
                "To give another reason, change it there; `gtpipe codes unpark "
                f"{in_shell(plan.typed(level, label))}` ends it",
            )
        code_entry_edits.set_field(plan, level, label, "parked", request.why)
        plan.messages.append(f'parked "{label}": {request.why}')
        plan.command = f"codes park {in_shell(plan.typed(level, label))}"
        plan.did = {"kind": "park", "level": level, "code": label}

    return carry_out(study, steps, request)


def unpark(study: Study, name: str, request: ChangeRequest) -> CodesChanged:
    """Take a code up again that was set aside. Raises UserError when it is not parked."""

    def steps(plan: CodeChangePlan) -> None:
        level, label = plan.find(name, 'codes unpark {} --why "…"')
        entry = plan.entries(level).get(label)
        if entry is None or entry.parked is None:
            raise UserError.at(ENTRIES[level], None, f'"{label}" is not parked')
        code_entry_edits.edit(
            plan,
            level,
            label,
            lambda text, path, item: entry_edits.retire_field(text, item, "parked"),
        )
        plan.parked[level, label] = None
        plan.messages.append(
            f'"{label}" is no longer parked'
            + (f"; the reason was: {entry.parked}" if entry.parked else "")
        )
        plan.command = f"codes unpark {in_shell(plan.typed(level, label))}"
        plan.did = {"kind": "unpark", "level": level, "code": label}

    return carry_out(study, steps, request)


def carry_out(
    study: Study,
    steps: Callable[[CodeChangePlan], None],
    request: ChangeRequest,
    *,
    cached: bool = False,
) -> CodesChanged:
    """Make a plan, check it, and write it unless it is only to be shown; `cached` as in
    `transaction.change`.
    """
    with transaction.change(study, cached=cached) as change:
        plan = open_plan(study, request, change.snapshot)
        steps(plan)
        return finish(change, plan, request)


def open_plan(
    study: Study, request: ChangeRequest, snapshot: Snapshot | None = None
) -> CodeChangePlan:
    """The study, to plan a change of its codes; under the lock, where the plan is then carried out.

    Raises UserError when a file of it cannot be read.
    """
    corpus = load(study, snapshot)
    broken = broken_files(corpus)
    if broken:
        raise UserError(*broken)
    return CodeChangePlan(corpus, find_coder(corpus, request.by), request.why)


def finish(change: Transaction, plan: CodeChangePlan, request: ChangeRequest) -> CodesChanged:
    """Prove a plan, and write it unless it is only to be shown. Raises UserError."""
    wrong = [
        problem
        for problem in plan.corpus.errors()
        if problem.path in plan.texts and (problem.path, problem.line) not in plan.mended
    ]
    if wrong:
        raise UserError(*wrong)
    judged_lines.follow(plan)
    prove(plan)
    changes = plan.changes()
    if not request.dry_run:
        change.add(*changes)
        change.log(plan.command, plan.coder, plan.why, did=plan.did)
    return CodesChanged(
        tuple(plan.messages), tuple(changes), tuple(plan.prose), plan.together, plan.coder
    )
