"""`codes split`: one code becomes several. A person says, in a small file, what becomes of each
application and each place.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from gtpipe.analysis import references
from gtpipe.commands import change_codes, code_entry_edits
from gtpipe.commands.change_codes import ChangeRequest, CodesChanged
from gtpipe.commands.code_change_plan import CodeChangePlan
from gtpipe.commands.look_up import find_turn
from gtpipe.formats import splits
from gtpipe.formats.splits import SplitDecision, SplitItem
from gtpipe.model.level import FOCUSED, CodeRef, Level
from gtpipe.model.plural import count
from gtpipe.model.problems import Problem, UserError, error, in_shell
from gtpipe.model.records import Coding, FocusedCode, SheetCode, SheetEntry, Where
from gtpipe.store import transaction
from gtpipe.store.layout import Study, split_of

_HOLDS = {
    "takes-up": "takes up",
    "judged": "judged",
    "incidents": "incident",
    "does-not-fit": "does not fit",
    "left": "left out",
    "properties": "property",
}


@dataclass(frozen=True)
class SplitBegun:
    """The file to fill in: its path, and how many things in it are to be decided."""

    path: str
    count: int
    added: int = 0


def split(study: Study, name: str, request: ChangeRequest) -> SplitBegun | CodesChanged:
    """Write the file to fill in; or, when it is filled in, do what it says and remove it.

    Raises UserError, nothing written but what the file lacked, when something in it is open or
    wrong.
    """
    with transaction.change(study) as change:
        plan = change_codes.open_plan(study, request, change.snapshot)
        level, label = plan.find(name, 'codes split {} --why "…"')
        path = split_of(level, label)
        parts = _parts(plan, level, label)
        command = f"codes split {in_shell(plan.typed(level, label))}"
        if change.snapshot.bytes(path) is None:
            text = splits.dumps(level, label, plan.typed(level, label), parts)
            if not request.dry_run:
                change.write(path, text)
                change.log(f"{command}: begun", plan.coder, request.why)
            return SplitBegun(path, len(parts))
        text = change.text(path)
        missing = _missing(text, path, parts)
        if missing:
            after = splits.add(text, path, missing)
            if not request.dry_run:
                change.write(path, after)
                change.log(f"{command}: more to decide", plan.coder, request.why)
            return SplitBegun(path, len(parts), len(missing))
        decided = splits.loads(text, path)
        _check(decided.assigned, parts, label, path)
        _apply(plan, level, label, decided.assigned)
        plan.removed.append(path)
        plan.command = command
        parts_of = list(dict.fromkeys(to for one in decided.assigned for to in one.to))
        plan.did = {"kind": "split", "level": level, "from": label, "to": parts_of}
        return change_codes.finish(change, plan, request)


def is_begun(study: Study, name: str, by: str = "") -> bool:
    """Whether the file to fill in stands already. Raises UserError where there is no such code."""
    plan = change_codes.open_plan(study, ChangeRequest(by))
    return study.path(split_of(*plan.find(name, 'codes split {} --why "…"'))).exists()


def _parts(plan: CodeChangePlan, level: Level, label: str) -> tuple[SplitItem, ...]:
    """Everything that hangs on the code, in study order; keys that are the same are numbered."""
    parts: list[SplitItem] = []
    for coding in plan.corpus.codings.of_codes(CodeRef(level, label)):
        turn = find_turn(plan.corpus.material.interviews[coding.interview], coding.turn)
        parts.append(
            SplitItem("applications", coding.address, coding.coder, turn.text, coding.note)
        )
    entry = plan.entries(level).get(label)
    if isinstance(entry, FocusedCode):
        for name, lines in code_entry_edits.holds(entry).items():
            parts += [SplitItem("holds", f"{_HOLDS[name]}: {line}") for line in lines]
    parts += [SplitItem("places", mention.place) for mention in _mentions(plan, level, label)]
    seen: Counter[tuple[str, str, str]] = Counter()
    numbered = []
    for part in parts:
        same = (part.section, part.key, part.by)
        seen[same] += 1
        numbered.append(
            part if seen[same] == 1 else part._replace(key=f"{part.key} ({seen[same]})")
        )
    return tuple(numbered)


def _mentions(plan: CodeChangePlan, level: Level, label: str) -> list[references.Mention]:
    return [
        mention
        for mention in references.mentions(plan.corpus.material, plan.corpus.names)
        if mention.level == level and label in (mention.named.label, plan.meant(mention.named)[1])
    ]


def _missing(text: str, path: str, parts: tuple[SplitItem, ...]) -> tuple[SplitItem, ...]:
    """What came after the file was written. A file that cannot be read is told by
    `splits.loads`.
    """
    try:
        have = {(one.section, one.key, one.by) for one in splits.listed(text, path)}
    except UserError:
        return ()
    return tuple(part for part in parts if (part.section, part.key, part.by) not in have)


def _check(
    assigned: tuple[SplitDecision, ...], parts: tuple[SplitItem, ...], label: str, path: str
) -> None:
    known = {(part.section, part.key, part.by) for part in parts}
    problems: list[Problem] = []
    seen: dict[tuple[str, str, str], int] = {}
    for one in assigned:
        key = (one.section, one.key, one.by)
        if key not in known:
            problems.append(
                error(
                    path,
                    one.line,
                    f'"{label}" is no longer at {one.key}' + (f" by {one.by}" if one.by else ""),
                    "Take this entry out",
                )
            )
        elif key in seen:
            problems.append(
                error(
                    path,
                    one.line,
                    f"{one.key} stands twice here",
                    f"The first is at line {seen[key]}; keep one",
                )
            )
        seen.setdefault(key, one.line)
    if (
        not problems
        and all(one.to == (label,) for one in assigned if one.to)
        and not any(one.drop for one in assigned)
    ):
        problems.append(
            error(
                path,
                1,
                f'nothing leaves "{label}"',
                "Write other labels under `to: |`, or remove this file",
            )
        )
    if problems:
        raise UserError(*problems)


def _apply(
    plan: CodeChangePlan, level: Level, label: str, assigned: tuple[SplitDecision, ...]
) -> None:
    parts = _parts(plan, level, label)
    by_key = {(one.section, one.key, one.by): one for one in assigned}
    decided = [by_key[part.section, part.key, part.by] for part in parts]
    news = list(dict.fromkeys(to for one in decided for to in one.to if to != label))
    for new in news:
        if plan.corpus.names.leads_to(new, level) != label:
            plan.check_new(level, new)
    if plan.entries(level).get(label) is not None:
        plan.because = plan.why
    applied = plan.corpus.codings.of_codes(CodeRef(level, label))
    _in_sheets(plan, applied, [one for one in decided if one.section == "applications"])
    mentions = _mentions(plan, level, label)
    places = [one for one in decided if one.section == "places"]
    for mention, one in zip(mentions, places, strict=True):
        if not mention.listed and len(one.to) != 1:
            raise UserError.at(
                split_of(level, label),
                one.line,
                f"{one.key}: one label must stand here",
                "Write one under `to: |`",
            )
    plan.name_each(
        {mention.named.where: one.to for mention, one in zip(mentions, places, strict=True)}, level
    )
    for new in news:
        code_entry_edits.add_to(plan, level, new, "split-from", [label])
        code_entry_edits.say_written_after(plan, level, new)
    _hand_on(plan, level, label, [one for one in decided if one.section == "holds"])
    if any(label in one.to for one in decided):
        plan.messages.append(f'"{label}" stays, with what was left to it')
    else:
        code_entry_edits.retire_entry(
            plan,
            level,
            label,
            f"split into {', '.join(news)}" if news else "split, and nothing left",
        )
    dropped = [one for one in decided if one.drop]
    if dropped:
        plan.messages += [f"dropped {one.key}: {one.drop}" for one in dropped]
        reasons = "; ".join(dict.fromkeys(one.drop for one in dropped))
        kind = "application" if all(one.section == "applications" for one in dropped) else "place"
        summary = f"Dropped {count(len(dropped), kind)}: {reasons}"
        plan.why = ". ".join(filter(None, [plan.why.rstrip("."), summary]))


def _in_sheets(plan: CodeChangePlan, applied: list[Coding], decided: list[SplitDecision]) -> None:
    news = {
        coding.where: (one.to[0] if one.to else None)
        for coding, one in zip(applied, decided, strict=True)
    }
    reasons = {coding.where: one.drop for coding, one in zip(applied, decided, strict=True)}

    def decide(path: str, entry: SheetEntry, code: SheetCode) -> str | None:
        # What stays under the old label keeps the letters that stand there.
        new = news.get(Where(path, code.line), code.label)
        return (
            code.label
            if new is not None and new == plan.current[code.level].get(code.label)
            else new
        )

    plan.in_sheets(decide, reason=lambda where: reasons.get(where, ""))


def _hand_on(plan: CodeChangePlan, level: Level, label: str, decided: list[SplitDecision]) -> None:
    """What a focused code holds goes on to the new ones, each line where it was assigned."""
    entry = plan.entries(level).get(label)
    if level != FOCUSED or not isinstance(entry, FocusedCode):
        return
    lines = [(name, line) for name, held in code_entry_edits.holds(entry).items() for line in held]
    leaving: dict[str, set[str]] = {}
    is_open = {each.label for each in entry.properties if each.is_open}
    for (name, line), one in zip(lines, decided, strict=True):
        if one.drop and name == "properties" and line in is_open:
            what = f'the property "{line}" has an open position, which no command takes away'
            do = "Write a label under `to: |`; or take the `?` out of the focused code by hand"
            raise UserError.at(split_of(level, label), one.line, what, do)
        for new in one.to:
            if new != label and name == "properties":
                code_entry_edits.hand_property_on(plan, level, label, new, line)
            elif new != label:
                code_entry_edits.add_to(plan, level, new, name, [line])
        if label not in one.to:
            leaving.setdefault(name, set()).add(line)
    plan.handed_on = True
    if any(label in one.to for one in decided):
        code_entry_edits.take_from(plan, level, label, leaving)
