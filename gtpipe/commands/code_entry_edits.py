"""The entries of changed codes in the code book and the focused codes, edited within a plan.

Each function takes a `CodeChangePlan` and leaves in it the file's text as it is to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from gtpipe.commands.code_change_plan import CodeChangePlan
from gtpipe.formats import codebook, focused, relabel
from gtpipe.model.level import FOCUSED, INITIAL, Level
from gtpipe.model.problems import UserError
from gtpipe.model.records import FocusedCode, Property
from gtpipe.store.layout import ENTRIES
from gtpipe.text import entry_edits, yamltext
from gtpipe.text.document import Document
from gtpipe.text.entries import Entry

KEY = {INITIAL: "code", FOCUSED: "focused"}
FIELDS = {INITIAL: codebook.FIELDS, FOCUSED: focused.FIELDS}


def edit(
    plan: CodeChangePlan, level: Level, label: str, do: Callable[[str, str, Entry], str]
) -> None:
    """`do(text, path, entry)` on the entry of a code; one is made where it has none."""
    path = ENTRIES[level]
    item = entry_edits.entry(plan.text(path), path, KEY[level], label)
    if item is None:
        block = f"- {KEY[level]}: {yamltext.field_value(label, '    ')}\n"
        if level == FOCUSED:
            block += (
                f"  because: {yamltext.field_value(plan.because, '    ')}\n" if plan.because else ""
            )
            block += f"  by: {plan.coder}\n" if plan.coder else ""
        plan.texts[path] = entry_edits.append(plan.text(path), path, block)
        item = _entry_of(plan, level, label)
    if entry_edits.in_braces(plan.text(path), item):
        raise UserError.at(
            path,
            item.line,
            f'the entry of "{label}" stands in braces, which a command does not edit',
            "Write its fields one a line, then try again",
        )
    plan.texts[path] = do(plan.text(path), path, item)


def _entry_of(plan: CodeChangePlan, level: Level, label: str) -> Entry:
    """The entry of a code, which is there."""
    path = ENTRIES[level]
    item = entry_edits.entry(plan.text(path), path, KEY[level], label)
    if item is None:
        raise ValueError(f"no entry of {label!r} in {path}")
    return item


def set_field(plan: CodeChangePlan, level: Level, label: str, name: str, value: str) -> None:
    if name == "parked":
        plan.parked[level, label] = value
    edit(
        plan,
        level,
        label,
        lambda text, path, item: entry_edits.set_value(
            text, path, item, name, value, FIELDS[level]
        ),
    )


def add_to(plan: CodeChangePlan, level: Level, label: str, name: str, lines: Iterable[str]) -> None:
    """More lines in a list of an entry; those that stand there already stay as they are."""

    def do(text: str, path: str, item: Entry) -> str:
        have = {line.strip() for line in item.value(name).split("\n")}
        return entry_edits.add_lines(
            text,
            path,
            item,
            name,
            [line for line in dict.fromkeys(lines) if line not in have],
            FIELDS[level],
        )

    edit(plan, level, label, do)


def holds(entry: FocusedCode) -> dict[str, list[str]]:
    """The lists of a focused code as lines, by field: codes that it takes up, incidents, and its
    properties by name.
    """
    held = {"takes-up": [named.label for named in entry.takes_up]}
    for name, incidents in entry.lists.items():
        held[name] = [incident.address for incident in incidents]
    held["properties"] = [each.label for each in entry.properties]
    return held


def say_written_after(plan: CodeChangePlan, level: Level, label: str) -> None:
    """A focused code that this change makes keeps after which interview it was written."""
    last = plan.corpus.last_interview
    if level == FOCUSED and label not in plan.known[FOCUSED] and last:
        set_field(plan, level, label, "written-after", last)


def take_from(
    plan: CodeChangePlan, level: Level, label: str, leaving: Mapping[str, set[str]]
) -> None:
    """An entry's lists without what is `leaving` them; a property goes with its positions."""
    path = ENTRIES[level]
    entry = focused.loads(plan.text(path))[0][label]
    held = {
        "takes-up": [(named.label, {named.where.line}) for named in entry.takes_up],
        "properties": [
            (each.label, {each.where.line, *(one.where.line for one in each.positions)})
            for each in entry.properties
        ],
    }
    for name, incidents in entry.lists.items():
        held[name] = [(one.address, {one.where.line}) for one in incidents]
    going = [lines for name, said in leaving.items() for what, lines in held[name] if what in said]
    gone = set[int]().union(*going)
    if len(going) != sum(len(said) for said in leaving.values()):
        raise UserError.at(
            path,
            entry.where.line,
            f'not all that leaves "{label}" can be found in its lists',
            "Split it by hand",
        )
    plan.texts[path] = "\n".join(
        line for number, line in enumerate(plan.text(path).split("\n"), 1) if number not in gone
    )


def properties_of(plan: CodeChangePlan, level: Level, label: str) -> tuple[Property, ...]:
    """The properties of a code, where they stand in the plan."""
    if level == INITIAL:
        return ()
    entry = focused.loads(plan.text(ENTRIES[level]))[0].get(label)
    return entry.properties if entry else ()


def hand_property_on(
    plan: CodeChangePlan, level: Level, source: str, target: str, label: str
) -> None:
    """The property `label` of one focused code for another one too, its lines as they stand.

    Where the other has one of that name, positions it lacks go there. One that both have, and not
    with the same incidents, is for a person to bring together: then the property goes by another
    name, so that no `?` and no incident is lost.
    """
    text = plan.text(ENTRIES[level]).split("\n")
    property = next(one for one in properties_of(plan, level, source) if one.label == label)
    lines = {one.label: text[one.where.line - 1].strip() for one in property.positions}
    standing = {one.label: one for one in properties_of(plan, level, target)}
    name = label
    while name in standing:
        have = {one.label: text[one.where.line - 1] for one in standing[name].positions}
        if all(have.get(one, line).strip() == line for one, line in lines.items()):
            new = [line for one, line in lines.items() if one not in have]
            _add_positions(plan, level, standing[name], new)
            return
        name += f' (of "{source}")'
    if name != label:
        plan.messages.append(
            f'"{target}" has other incidents, or none, at a position of "{label}": that of '
            f'"{source}" stands beside it as "{name}"'
        )
    added = [name, *(f"  {line}" for line in lines.values())]
    edit(
        plan,
        level,
        target,
        lambda text, path, item: entry_edits.add_lines(
            text, path, item, "properties", added, FIELDS[level]
        ),
    )


def _add_positions(
    plan: CodeChangePlan, level: Level, property: Property, positions: list[str]
) -> None:
    """More lines below those of a property."""
    document = Document(plan.text(ENTRIES[level]), ENTRIES[level])
    last = max((property.where.line, *(one.where.line for one in property.positions)))
    indent = document.indent(last) + (0 if property.positions else 2)
    document.insert(last, [" " * indent + line for line in positions])
    plan.texts[ENTRIES[level]] = document.text


def rename_entry(plan: CodeChangePlan, level: Level, old: str, new: str) -> None:
    entry = plan.entries(level).get(old)
    if entry is None:
        add_to(plan, level, new, "was", [old])
        return
    set_field(plan, level, old, KEY[level], new)
    plan.renamed[level, old] = new
    path = ENTRIES[level]
    if new in entry.was:  # it is called as it was before
        was = _entry_of(plan, level, new).get("was")
        number = (
            next(
                was.node.line + 1 + n
                for n, line in enumerate(was.node.value.split("\n"))
                if line.strip() == new
            )
            if was and isinstance(was.node, yamltext.Scalar)
            else 0
        )
        news = (old,) if old not in entry.was else ()
        plan.texts[path] = relabel.at_line(plan.text(path), path, number, new, news)
    elif old not in entry.was:
        add_to(plan, level, new, "was", [old])


def merge_entries(plan: CodeChangePlan, level: Level, labels: list[str], target: str) -> None:
    past: list[str] = []
    held: dict[str, list[str]] = {}
    for label in labels:
        entry = plan.entries(level).get(label)
        past += [label, *((*entry.was, *entry.merged_from) if entry else ())]
        if isinstance(entry, FocusedCode):
            for name, lines in holds(entry).items():
                held.setdefault(name, []).extend(lines)
    standing = plan.entries(level).get(target)
    known = {target, *((*standing.was, *standing.merged_from) if standing else ())}
    add_to(plan, level, target, "merged-from", [label for label in past if label not in known])
    say_written_after(plan, level, target)
    for name, lines in held.items():
        if lines:
            add_to(plan, level, target, name, lines)
    for label in labels:
        for each in properties_of(plan, level, label):
            hand_property_on(plan, level, label, target, each.label)
    for label in labels:
        retire_entry(plan, level, label, f'merged into "{target}"')


def retire_entry(plan: CodeChangePlan, level: Level, label: str, heading: str) -> None:
    """The entry of a code that is no more stays in its file as comments."""
    path = ENTRIES[level]
    item = entry_edits.entry(plan.text(path), path, KEY[level], label)
    if item is not None:
        plan.texts[path] = entry_edits.comment_out(plan.text(path), item, heading)
        plan.retired.add((level, label))
        plan.messages.append(f'the entry of "{label}" stays in {path} as comments')
