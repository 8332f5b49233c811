"""Codes change: rename, merge, park, drop, for initial and focused codes alike. (`splitting` splits one.)

Each makes a plan of edits in memory (`code_changes`), which is checked; only then are the files written, all or none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gtpipe.commands.code_change_plan import PATH, WHAT, Work
from gtpipe.commands.edit import find_coder
from gtpipe.model.level import Level
from gtpipe.model.problems import UserError, error, in_shell
from gtpipe.model.records import FOCUSED, INITIAL, Where, one_line, split_level
from gtpipe.store import transaction
from gtpipe.store.layout import Study
from gtpipe.store.transaction import Change, Entry
from gtpipe.study import load
from gtpipe.text import entry_edits


@dataclass(frozen=True)
class Done:
    """What a command did, or with `dry_run` would do. `told` are sentences; `prose` memos whose prose names the old label.

    `together` counts applications that fell together with one that stood at the same place under the same label.
    `by` are the initials it goes under.
    """

    told: tuple[str, ...]
    changes: tuple[Change, ...]
    prose: tuple[Where, ...] = ()
    together: int = 0
    by: str = ""


@dataclass(frozen=True)
class Asked:
    """Who asks for a change of codes, why, and whether it is only to be shown."""

    by: str = ""
    why: str = ""
    dry_run: bool = False


def rename(study: Study, old: str, new: str, asked: Asked) -> Done:
    """Give a code another label wherever it stands; its entry keeps the old one under `was`.

    Raises UserError, nothing written, when there is no such code, the new label is another code's, or files have errors.
    """

    def plan(work: Work) -> None:
        level, label = work.find(old, lead=False)
        wanted = split_level(new)[1] if split_level(new)[0] == level else new.strip()
        work.check_label(wanted)
        now = work.read.names.leads_to(label, level)
        leads = bool(now) and now == wanted
        if now and not leads:
            raise UserError(
                work.old_label(level, label, f'codes rename {{}} {in_shell(wanted)} --why "…"')
            )
        if wanted == label:
            raise UserError(error("the study", None, f'it is called "{label}" already'))
        if wanted in work.known[level] and not leads:
            raise UserError(
                error(
                    "the study",
                    None,
                    f'"{wanted}" is a {WHAT[level]} already',
                    f"If both are one, `gtpipe codes merge {in_shell(work.typed(level, label))} --into {in_shell(wanted)}`",
                )
            )
        if (
            not leads
            and work.read.names.leads_to(wanted, level) != label
            and work.is_written(level, wanted)
        ):
            work.check_new(level, wanted)
        work.relabel(level, {label: wanted})
        if work.current[level].get(wanted, label) not in (label, wanted):
            work.told.append(
                f'"{wanted}" was a label of "{work.current[level][wanted]}" before: what is still written so counts under the new one now'
            )
        if not leads:
            work.rename_entry(level, label, wanted)
        work.command = f"codes rename {in_shell(work.typed(level, label))} {in_shell(wanted)}"

    return change(study, plan, asked)


def merge(study: Study, olds: tuple[str, ...], into: str, asked: Asked) -> Done:
    """Bring several codes together under one, which may be one of them, or new. Its entry says so under `merged-from`.

    Definitions of the others stay in their file as comments. Raises UserError, nothing written.
    """

    def plan(work: Work) -> None:
        given = [work.find(old, lead=False) for old in olds]
        if len({level for level, _ in given}) != 1:
            raise UserError(
                error(
                    "the study",
                    None,
                    "an initial and a focused code cannot be merged",
                    "A focused code takes initial codes up: `gtpipe focused take-up`",
                )
            )
        level = given[0][0]
        target = split_level(into)[1] if split_level(into)[0] == level else into.strip()
        command = _merge_command(work, level, [label for _, label in given], target)
        old_labels = [
            work.old_label(level, label, command)
            for _, label in dict.fromkeys(given)
            if work.read.names.leads_to(label, level)
        ]
        if old_labels:
            raise UserError(*old_labels)
        work.check_new(level, target, command)
        other = FOCUSED if level == INITIAL else INITIAL
        if (
            target in work.known[other]
            and target not in work.known[level]
            and not split_level(into)[0]
        ):
            raise UserError(
                error(
                    "the study",
                    None,
                    f'"{target}" is a {WHAT[other]}, and these are {WHAT[level]}s',
                    f"`gtpipe focused take-up {in_shell(target)} …` takes codes up; to have a {WHAT[level]} of that name, "
                    f"--into {in_shell(f'{level}: {target}')}",
                )
            )
        labels = [label for label in dict.fromkeys(label for _, label in given) if label != target]
        if not labels:
            raise UserError(
                error("the study", None, "there is nothing to merge: it is one code", "Name others")
            )
        work.relabel(level, dict.fromkeys(labels, target), through=True)
        if any(label in work.entries(level) for label in labels):
            work.because = work.why
        work.merge_entries(level, labels, target)
        typed = " ".join(in_shell(work.typed(level, label)) for label in labels)
        work.command = f"codes merge {typed} --into {in_shell(target)}"

    return change(study, plan, asked)


def _merge_command(work: Work, level: Level, olds: list[str], target: str) -> str:
    """The command that merges what these labels are called now."""
    now = [work.read.names.leads_to(label, level) or label for label in (*olds, target)]
    typed = " ".join(
        in_shell(work.typed(level, label)) for label in dict.fromkeys(now[:-1]) if label != now[-1]
    )
    return f'codes merge {typed} --into {in_shell(now[-1])} --why "…"' if typed else ""


def drop(study: Study, name: str, asked: Asked) -> Done:
    """Take a code out wherever it stands. What the code book said of it stays there as comments; the reason is in the log.

    Raises UserError, nothing written, when a relation, negative case or the like needs it.
    """

    def plan(work: Work) -> None:
        level, label = work.find(name, 'codes drop {} --why "…"')
        work.relabel(level, {label: None}, through=True)
        work.retire_entry(
            level, label, "dropped" + (f": {one_line(asked.why)}" if asked.why else "")
        )
        work.command = f"codes drop {in_shell(work.typed(level, label))}"

    return change(study, plan, asked)


def park(study: Study, name: str, asked: Asked) -> Done:
    """Set a code aside, with the reason; its applications stay. Raises UserError when there is no such code."""

    def plan(work: Work) -> None:
        level, label = work.find(name, 'codes park {} --why "…"')
        entry = work.entries(level).get(label)
        if entry is not None and entry.parked:
            raise UserError(
                error(
                    *entry.where,
                    f'"{label}" is parked already: {one_line(entry.parked)}',
                    f"To give another reason, change it there; `gtpipe codes unpark {in_shell(work.typed(level, label))}` ends it",
                )
            )
        work.set_field(level, label, "parked", asked.why)
        work.told.append(f'parked "{label}": {asked.why}')
        work.command = f"codes park {in_shell(work.typed(level, label))}"

    return change(study, plan, asked)


def unpark(study: Study, name: str, asked: Asked) -> Done:
    """Take a code up again that was set aside. Raises UserError when it is not parked."""

    def plan(work: Work) -> None:
        level, label = work.find(name, 'codes unpark {} --why "…"')
        entry = work.entries(level).get(label)
        if entry is None or entry.parked is None:
            raise UserError(error(PATH[level], None, f'"{label}" is not parked'))
        work.edit(
            level, label, lambda text, path, item: entry_edits.retire_field(text, item, "parked")
        )
        work.parked[level, label] = None
        work.told.append(
            f'"{label}" is parked no more'
            + (f"; the reason was: {entry.parked}" if entry.parked else "")
        )
        work.command = f"codes unpark {in_shell(work.typed(level, label))}"

    return change(study, plan, asked)


def change(study: Study, plan: Callable[[Work], None], asked: Asked) -> Done:
    """Make a plan, check it, and unless it is only to be shown, write it with one line in the log."""
    with transaction.locked(study):
        work = open_work(study, asked)
        plan(work)
        return finish(study, work, asked)


def open_work(study: Study, asked: Asked) -> Work:
    """The study, to plan a change of its codes. Raises UserError when a file of it cannot be read. Call it under `locked`."""
    read = load(study)
    unreadable = [problem for problem in read.unreadable if problem.is_error]
    if unreadable:
        raise UserError(*unreadable)
    return Work(read, find_coder(read, asked.by), asked.why)


def finish(study: Study, work: Work, asked: Asked) -> Done:
    """Check a plan, and write it unless it is only to be shown. Raises UserError, nothing written."""
    wrong = [
        problem
        for problem in work.read.errors()
        if problem.path in work.texts and (problem.path, problem.line) not in work.mended
    ]
    if wrong:
        raise UserError(*wrong)
    work.check()
    changes = work.changes()
    if not asked.dry_run:
        transaction.commit(study, changes, Entry(work.command, work.coder, work.why))
    return Done(tuple(work.told), tuple(changes), tuple(work.prose), work.together, work.coder)
