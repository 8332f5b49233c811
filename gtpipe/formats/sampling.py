"""`data/sampling.yaml`, `data/sampling.KR.yaml`: who to seek next, why, and for which codes; a
person's file, written by hand or by `gtpipe sampling add`.

An edit touches the lines of its entry and no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gtpipe.formats import edits, naming
from gtpipe.formats.entry import EntryReader, items
from gtpipe.model.problems import Problem, error
from gtpipe.model.records import SamplingDecision, Where
from gtpipe.store.layout import SAMPLING
from gtpipe.text import entry_edits, yamltext
from gtpipe.text.document import Document
from gtpipe.text.yamltext import Node

FIELDS = ("who", "why", "for", "by", "date", "done")


def loads(text: str, path: str = SAMPLING) -> tuple[tuple[SamplingDecision, ...], list[Problem]]:
    """The entries in the order of the file, and what is wrong with it.

    Raises UserError where it is not YAML.
    """
    problems: list[Problem] = []
    entries = items(text, path, "whom to seek next", "Each entry begins with `- who: …`", problems)
    found = (_sought(item, text, path, problems) for item in entries)
    return tuple(sought for sought in found if sought is not None), problems


def _sought(item: Node, text: str, path: str, problems: list[Problem]) -> SamplingDecision | None:
    what = "an entry of the sampling"
    entry = EntryReader(item, FIELDS, what, text=text, path=path, problems=problems)
    who, why, by, done = map(entry.get, ("who", "why", "by", "done"))
    date, codes = entry.date(), entry.labels("for")
    if not who:
        entry.error("who", "this entry does not say who to seek", "Write `who: …`")
        return None
    return SamplingDecision(who, why, codes, by, date, done, entry.where)


def add(
    text: str, who: str, why: str, codes: Sequence[str], by: str, date: str, path: str = SAMPLING
) -> str:
    """`text` with one more entry at its end; `codes` as they are to stand under `for`.

    An entry ends with words of its own, never with what another may end with too: git would take
    the two last lines for one, and whoever keeps both sides of a conflict would lose one of them.
    Raises UserError when the file has errors.
    """
    before = edits.whole(loads(text, path))
    shared = [f"by: {yamltext.field_value(by, '    ')}"] if by else []
    shared.append(f"date: {date}")
    shared += ["\n".join(["for: |", *(f"    {code}" for code in codes)])] if codes else []
    sought = f"who: {yamltext.field_value(who, '    ')}"
    fields = (
        [sought, *shared, f"why: {yamltext.field_value(why, '    ')}"] if why else [*shared, sought]
    )
    edited = entry_edits.append(text, path, "- " + "\n  ".join(fields) + "\n")
    named = tuple(naming.named_as(code, Where(path, 0)) for code in codes)
    return _proved(
        edited, path, [*before, SamplingDecision(who, why, named, by, date, "", Where(path, 0))]
    )


def close(text: str, number: int, done: str, path: str = SAMPLING) -> str:
    """`text` with `done` in entry `number`, counted from 1; only that line is new.

    Raises UserError when the file has errors, or the entry cannot be edited by lines.
    """
    expected = list(edits.whole(loads(text, path)))
    item = Document(text, path).entries[number - 1]
    edited = entry_edits.set_value(text, path, item, "done", done, FIELDS)
    expected[number - 1] = replace(expected[number - 1], done=done)
    return _proved(edited, path, expected)


def _proved(edited: str, path: str, expected: Sequence[SamplingDecision]) -> str:
    what = "this cannot be written without touching other lines"
    refusal = error(path, None, what, "Write it by hand")
    return edits.proved(edited, lambda text: loads(text, path), tuple(expected), refusal)
