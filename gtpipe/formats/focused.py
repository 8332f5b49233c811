"""`data/focused-codes.yaml`: which codes carry the analysis, decided by a person, with the reason. No stage writes it."""

from __future__ import annotations

from gtpipe.formats import named as naming
from gtpipe.model.problems import Problem, UserError, error
from gtpipe.model.records import FocusedCode, Where
from gtpipe.store.layout import FOCUSED_CODES
from gtpipe.text import entry_edits, yamltext
from gtpipe.text.yamltext import Mapping

FIELDS = (
    "focused",
    "definition",
    "because",
    "by",
    "written-after",
    "takes-up",
    "incidents",
    "does-not-fit",
    *naming.LINEAGE,
    "parked",
)


def loads(text: str) -> tuple[dict[str, FocusedCode], list[Problem]]:
    """Focused codes by label, in the order of the file, and what is wrong with it. Raises UserError where it is not YAML."""
    codes, problems = naming.labelled(
        text, FOCUSED_CODES, "focused code", "- focused: LABEL", _focused
    )
    return codes, problems + naming.clashes(codes, FOCUSED_CODES)


def _focused(item: yamltext.Node, text: str, problems: list[Problem]) -> FocusedCode | None:
    fields = yamltext.fields(item, FIELDS, FOCUSED_CODES, "an entry of the focused codes", problems)

    def get(name: str) -> str:
        return yamltext.text_of(fields.get(name), FOCUSED_CODES, problems)

    label = get("focused")
    if not label or "\n" in label:
        if isinstance(item, Mapping):
            line = fields["focused"][0].line if "focused" in fields else item.line
            problems.append(
                error(
                    FOCUSED_CODES,
                    line,
                    "a label is one line" if label else "this entry names no focused code",
                    "Write `- focused: LABEL`, in quotes if it begins with # or holds a colon",
                )
            )
        return None
    place = (text, FOCUSED_CODES, problems)
    return FocusedCode(
        label=label,
        where=Where(FOCUSED_CODES, fields["focused"][0].line),
        definition=get("definition"),
        because=get("because"),
        by=get("by"),
        written_after=naming.interview(fields.get("written-after"), FOCUSED_CODES, problems),
        takes_up=naming.named(fields.get("takes-up"), *place),
        incidents=naming.incidents(fields.get("incidents"), *place),
        does_not_fit=naming.incidents(fields.get("does-not-fit"), *place),
        **naming.lineage(fields, *place),
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
) -> str:
    """`text` with an entry for the focused code `label` at its end. Raises UserError when the file has errors."""
    before, problems = loads(text)
    if problems:
        raise UserError(*problems)
    if label in before:
        raise UserError(
            error(
                FOCUSED_CODES,
                before[label].where.line,
                f'the focused code "{label}" stands already',
                "`gtpipe focused take-up` gives it more codes",
            )
        )
    fields = [
        ("focused", label),
        ("definition", definition),
        ("because", because),
        ("by", by),
        ("written-after", written_after),
    ]
    block = "".join(
        f"  {name}: {yamltext.field_value(value, '    ')}\n" for name, value in fields if value
    )
    if takes_up:
        block += "  takes-up: |\n" + "".join(f"    {code}\n" for code in takes_up)
    return _checked(
        entry_edits.append(text, FOCUSED_CODES, "- " + block[2:]), before, label, takes_up
    )


def take_up(text: str, label: str, codes: tuple[str, ...]) -> str:
    """`text` with `codes` under `takes-up` of the focused code `label`; those that stand there already stay as they are.

    Raises UserError when there is no such focused code, or the file has errors.
    """
    before, problems = loads(text)
    if problems:
        raise UserError(*problems)
    standing = [named.label for named in before[label].takes_up]
    new = tuple(code for code in codes if code not in standing)
    if not new:
        return text
    item = entry_edits.entry(text, FOCUSED_CODES, "focused", label)
    edited = entry_edits.add_lines(text, FOCUSED_CODES, item, "takes-up", new, FIELDS)
    return _checked(edited, before, label, (*standing, *new))


def define(text: str, label: str, definition: str) -> str:
    """`text` with the definition of the focused code `label`; an entry is added at the end if it
    has none. Raises UserError.
    """
    before, problems = loads(text)
    if problems:
        raise UserError(*problems)
    item = entry_edits.entry(text, FOCUSED_CODES, "focused", label)
    if item is None:
        fields = (("focused", label), ("definition", definition))
        block = "".join(
            f"  {name}: {yamltext.field_value(value, '    ')}\n" for name, value in fields
        )
        edited = entry_edits.append(text, FOCUSED_CODES, "- " + block[2:])
        return _checked(edited, before, label, ())
    edited = entry_edits.set_value(text, FOCUSED_CODES, item, "definition", definition, FIELDS)
    edited = _checked(edited, before, label, tuple(named.label for named in before[label].takes_up))
    after = loads(edited)[0][label]
    if (
        entry_edits.in_braces(text, item)
        or _content(after)[1:] != _content(before[label])[1:]
        or after.definition != definition
    ):
        raise UserError(
            error(
                FOCUSED_CODES,
                item.line,
                f'the entry of "{label}" cannot be written without touching other lines',
                "Write it by hand",
            )
        )
    return edited


def _checked(
    edited: str, before: dict[str, FocusedCode], label: str, takes_up: tuple[str, ...]
) -> str:
    """`edited`, if it says what it should: every other entry as before, and `label` with these codes."""
    try:
        after, problems = loads(edited)
    except UserError as exc:
        after, problems = {}, list(exc.problems)
    same = {name: _content(code) for name, code in after.items() if name != label} == {
        name: _content(code) for name, code in before.items() if name != label
    }
    if problems or not same or [named.label for named in after[label].takes_up] != list(takes_up):
        raise UserError(
            error(
                FOCUSED_CODES,
                None,
                f'the entry of "{label}" cannot be written without touching other lines',
                "Write it by hand",
            )
        )
    return edited


def _content(code: FocusedCode) -> tuple:
    written_after = code.written_after and code.written_after.label
    return (
        code.definition,
        code.because,
        code.by,
        written_after,
        [named.label for named in code.takes_up],
        [incident[:3] for incident in (*code.incidents, *code.does_not_fit)],
        code.parked,
        code.was,
        code.merged_from,
        code.split_from,
    )
