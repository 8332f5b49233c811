"""`data/sampling.yaml`: who to seek next, why, and for which codes; a person's file, written by hand or by `gtpipe sampling add`.

An edit touches the lines of its entry and no others.
"""

from __future__ import annotations

from collections.abc import Sequence as ListOf

from gtpipe.errors import Problem, UserError, error
from gtpipe.files import entry_edits, naming, yamltext
from gtpipe.files.yamltext import Mapping, Sequence
from gtpipe.model import Sought, Where, is_date
from gtpipe.study import SAMPLING

FIELDS = ("who", "why", "for", "by", "date", "done")


def loads(text: str) -> tuple[tuple[Sought, ...], list[Problem]]:
    """The entries in the order of the file, and what is wrong with it. Raises UserError where it is not YAML."""
    node = yamltext.parse(text, SAMPLING)
    problems: list[Problem] = []
    if node is not None and not isinstance(node, Sequence):
        problems.append(error(SAMPLING, node.line, "this file is a list of whom to seek next", "Each entry begins with `- who: …`"))
    items = node.items if isinstance(node, Sequence) else ()
    found = (_sought(item, text, problems) for item in items)
    return tuple(sought for sought in found if sought is not None), problems


def _sought(item: yamltext.Node, text: str, problems: list[Problem]) -> Sought | None:
    fields = yamltext.fields(item, FIELDS, SAMPLING, "an entry of the sampling", problems)
    if not isinstance(item, Mapping):
        return None
    who, why, by, date, done = (yamltext.text_of(fields.get(name), SAMPLING, problems) for name in ("who", "why", "by", "date", "done"))
    codes = naming.named(fields.get("for"), text, SAMPLING, problems)
    if date and not is_date(date):
        problems.append(error(SAMPLING, fields["date"][0].line, f'"{date}" is not a date', "Write it as 2026-04-02"))
    if not who:
        line = fields["who"][0].line if "who" in fields else item.line
        problems.append(error(SAMPLING, line, "this entry does not say who to seek", "Write `who: …`"))
        return None
    return Sought(who, why, codes, by, date, done, Where(SAMPLING, item.line))


def add(text: str, who: str, why: str, codes: ListOf[str], by: str, date: str) -> str:
    """`text` with one more entry at its end; `codes` as they are to stand under `for`. Raises UserError when the file has errors."""
    before = _whole(text)
    block = f"- who: {yamltext.field_value(who, '    ')}\n"
    block += f"  why: {yamltext.field_value(why, '    ')}\n" if why else ""
    block += "".join(["  for: |\n", *(f"    {code}\n" for code in codes)]) if codes else ""
    block += f"  by: {yamltext.field_value(by, '    ')}\n" if by else ""
    block += f"  date: {date}\n"
    edited = entry_edits.append(text, SAMPLING, block)
    named = tuple(naming.named_as(code, Where(SAMPLING, 0)) for code in codes)
    return _checked(edited, [*before, Sought(who, why, named, by, date, "", Where(SAMPLING, 0))])


def close(text: str, number: int, done: str) -> str:
    """`text` with `done` in entry `number`, counted from 1; only that line is new.

    Raises UserError when the file has errors, or the entry cannot be edited by lines.
    """
    expected = list(_whole(text))
    sought = expected[number - 1]
    item = entry_edits.entries(text, SAMPLING)[number - 1]
    edited = entry_edits.set_value(text, SAMPLING, item, "done", done, FIELDS)
    expected[number - 1] = Sought(*(sought.who, sought.why, sought.codes, sought.by, sought.date, done, sought.where))
    return _checked(edited, expected)


def _whole(text: str) -> tuple[Sought, ...]:
    found, problems = loads(text)
    if problems:
        raise UserError(*problems)
    return found


def _checked(edited: str, expected: ListOf[Sought]) -> str:
    """`edited`, if it says what it should."""
    try:
        after, problems = loads(edited)
    except UserError as exc:
        after, problems = (), list(exc.problems)
    if problems or list(map(entry_edits.said, after)) != list(map(entry_edits.said, expected)):
        raise UserError(error(SAMPLING, None, "this cannot be written without touching other lines", "Write it by hand"))
    return edited
