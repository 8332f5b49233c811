"""`data/focused-codes.yaml`: which codes carry the analysis, decided by a person, with the reason.

No stage writes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gtpipe.formats import edits, naming
from gtpipe.formats.entry import EntryReader, by_label
from gtpipe.model.problems import Problem, UserError, error, in_shell
from gtpipe.model.records import FocusedCode, Incident, Named, Where
from gtpipe.store.layout import FOCUSED_CODES
from gtpipe.text import entry_edits
from gtpipe.text.yamltext import Node

FIELDS = (
    *(
        "focused definition because by written-after takes-up judged incidents does-not-fit left "
        "properties"
    ).split(),
    *naming.LINEAGE,
    "parked",
)


def loads(text: str) -> tuple[dict[str, FocusedCode], list[Problem]]:
    """Focused codes by label, in the order of the file, and what is wrong with it.

    Raises UserError where it is not YAML.
    """
    return by_label(text, FOCUSED_CODES, "focused code", "- focused: LABEL", _focused)


def _focused(item: Node, text: str, problems: list[Problem]) -> FocusedCode | None:
    what = "an entry of the focused codes"
    entry = EntryReader(item, FIELDS, what, text=text, path=FOCUSED_CODES, problems=problems)
    do = "Write `- focused: LABEL`, in quotes if it begins with # or holds a colon"
    label = entry.own_label("focused", "focused code", do)
    if not label:
        return None
    return FocusedCode(
        label=label,
        where=Where(FOCUSED_CODES, entry.line("focused")),
        definition=entry.get("definition"),
        because=entry.get("because"),
        by=entry.get("by"),
        written_after=entry.interview("written-after"),
        takes_up=entry.labels("takes-up"),
        judged=entry.incidents("judged"),
        incidents=entry.incidents("incidents"),
        does_not_fit=entry.incidents("does-not-fit"),
        left=entry.incidents("left"),
        properties=entry.properties(),
        **entry.lineage(),
    )


def add(
    text: str,
    label: str,
    *,
    definition: str = "",
    because: str = "",
    by: str = "",
    written_after: str = "",
    takes_up: tuple[str, ...] = (),
    judged: tuple[Incident, ...] = (),
) -> str:
    """`text` with an entry for the focused code `label` at its end.

    `judged` are the incidents that its codes hold at that moment. Raises UserError when the file
    has errors.
    """
    before = edits.whole(loads(text))
    if label in before:
        raise UserError.at(
            FOCUSED_CODES,
            before[label].where.line,
            f'the focused code "{label}" is already there',
            "`gtpipe codes focused take-up` gives it more codes"
            + (
                ""
                if before[label].because
                else f"; `gtpipe codes focused add {in_shell(label)} --because …` its reason"
            ),
        )
    fields = {
        "focused": label,
        "definition": definition,
        "because": because,
        "by": by,
        "written-after": written_after,
    }
    block = entry_edits.block(fields.items())
    lists = {"takes-up": takes_up, "judged": [incident.address for incident in judged]}
    for name, lines in lists.items():
        if lines:
            block += f"  {name}: |\n" + "".join(f"    {line}\n" for line in lines)
    where = Where(FOCUSED_CODES, 0)
    added = FocusedCode(
        label,
        where,
        definition=definition.strip(),
        because=because.strip(),
        by=by.strip(),
        written_after=Named(written_after.strip(), where) if written_after.strip() else None,
        takes_up=tuple(Named(code, where) for code in takes_up),
        judged=judged,
    )
    edited = entry_edits.append(text, FOCUSED_CODES, block)
    return _proved(edited, {**before, label: added}, label)


def give_reason(text: str, label: str, because: str) -> str:
    """`text` with the reason of the focused code `label`, which has an entry. Raises UserError."""
    before = edits.whole(loads(text))
    item = entry_edits.entry(text, FOCUSED_CODES, "focused", label)
    if item is None or entry_edits.in_braces(text, item):
        raise UserError(_refusal(label, before[label].where.line))
    edited = entry_edits.set_value(text, FOCUSED_CODES, item, "because", because, FIELDS)
    expected = replace(before[label], because=because.strip())
    return _proved(edited, {**before, label: expected}, label)


def take_up(
    text: str, label: str, codes: tuple[str, ...], judged: tuple[Incident, ...] = ()
) -> str:
    """`text` with `codes` under `takes-up` of the focused code `label`, and what they hold at that
    moment under `judged`.

    Those that stand there already stay as they are. Raises UserError when there is no such focused
    code, or the file has errors.
    """
    before = edits.whole(loads(text))
    code = before[label]
    taken_up = [named.label for named in code.takes_up]
    new = tuple(label for label in codes if label not in taken_up)
    item = entry_edits.entry(text, FOCUSED_CODES, "focused", label)
    if not new or item is None:
        return text
    added = tuple(Named(label, code.where) for label in new)
    edited = entry_edits.add_lines(text, FOCUSED_CODES, item, "takes-up", new, FIELDS)
    expected = {**before, label: replace(code, takes_up=(*code.takes_up, *added))}
    return decide(_proved(edited, expected, label), label, "judged", judged)


def decide(
    text: str,
    label: str,
    name: str,
    incidents: tuple[Incident, ...],
    elsewhere: Iterable[Incident] = (),
) -> str:
    """`text` with `incidents` at the end of the list `name` of the focused code `label`; the lines
    of its lists that `elsewhere` are, as they were read of `text`, go.

    Raises UserError when the file has errors, or the entry cannot be edited by lines.
    """
    before = edits.whole(loads(text))
    code, gone = before[label], {incident.where.line for incident in elsewhere}
    lists = {
        field: tuple(one for one in listed if one.where.line not in gone)
        + (incidents if field == name else ())
        for field, listed in code.lists.items()
    }
    decided = replace(
        code,
        judged=lists["judged"],
        incidents=lists["incidents"],
        does_not_fit=lists["does-not-fit"],
        left=lists["left"],
    )
    lines = text.split("\n")
    edited = "\n".join(line for number, line in enumerate(lines, 1) if number not in gone)
    item = entry_edits.entry(edited, FOCUSED_CODES, "focused", label)
    if item is None or entry_edits.in_braces(edited, item):
        raise UserError(_refusal(label, before[label].where.line))
    added = [incident.address for incident in incidents]
    edited = entry_edits.add_lines(edited, FOCUSED_CODES, item, name, added, FIELDS)
    return _proved(edited, {**before, label: decided}, label)


def define(text: str, label: str, definition: str) -> str:
    """`text` with the definition of the focused code `label`.

    An entry is added at the end if it has none. Raises UserError.
    """
    item = entry_edits.entry(text, FOCUSED_CODES, "focused", label)
    if item is None:
        return add(text, label, definition=definition)
    before = edits.whole(loads(text))
    if entry_edits.in_braces(text, item):
        raise UserError(_refusal(label, item.line))
    edited = entry_edits.set_value(text, FOCUSED_CODES, item, "definition", definition, FIELDS)
    expected = {**before, label: replace(before[label], definition=definition)}
    return _proved(edited, expected, label)


def _proved(edited: str, expected: dict[str, FocusedCode], label: str) -> str:
    return edits.proved(edited, loads, expected, _refusal(label))


def _refusal(label: str, line: int | None = None) -> Problem:
    what = f'the entry of "{label}" cannot be written without touching other lines'
    return error(FOCUSED_CODES, line, what, "Write it by hand")
