"""`data/sampling.yaml`, `data/sampling.KR.yaml`: who or which position to seek next, why, for which
codes, and what came of it; a person's file, written by hand or by `gtpipe sampling add`.

An edit touches the lines of its entry and no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gtpipe.formats import edits, naming
from gtpipe.formats.entry import EntryReader, items
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem, error
from gtpipe.model.records import ByWayOf, SamplingDecision, Where
from gtpipe.store.layout import SAMPLING
from gtpipe.text import entry_edits, yamltext
from gtpipe.text.document import Document
from gtpipe.text.yamltext import Node

FIELDS = ("who", "seeks", "by-way-of", "why", "for", "by", "date", "done", "came-of-it")


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
    seeks, way, came = map(entry.get, ("seeks", "by-way-of", "came-of-it"))
    date, codes = entry.date(), entry.labels("for")
    if way and way not in tuple(ByWayOf):
        *ways, last = ByWayOf
        do = f"Write {', '.join(ways)} or {last}"
        entry.error("by-way-of", f'"by-way-of" is "{way}"', do)
    if not who and not seeks:
        do = "Write `who: …`, or `seeks: PROPERTY / POSITION`"
        entry.error("who", "this entry does not say who to seek", do)
        return None
    return SamplingDecision(
        who, why, codes, by, date, done, entry.where, one_line(seeks), way, came
    )


def add(
    text: str,
    who: str,
    why: str,
    codes: Sequence[str],
    by: str,
    date: str,
    path: str = SAMPLING,
    *,
    seeks: str = "",
    by_way_of: str = "",
) -> str:
    """`text` with one more entry at its end; `codes` as they are to stand under `for`.

    An entry ends with words of its own, never with what another may end with too: git would take
    the two last lines for one, and whoever keeps both sides of a conflict would lose one of them.
    Raises UserError when the file has errors.
    """
    before = edits.whole(loads(text, path))
    shared = [f"by-way-of: {by_way_of}"] if by_way_of else []
    shared += [f"by: {yamltext.field_value(by, '    ')}"] if by else []
    shared.append(f"date: {date}")
    shared += ["\n".join(["for: |", *(f"    {code}" for code in codes)])] if codes else []
    sought = [
        f"{name}: {yamltext.field_value(value, '    ')}"
        for name, value in (("seeks", seeks), ("who", who))
        if value
    ]
    fields = (
        [*sought, *shared, f"why: {yamltext.field_value(why, '    ')}"]
        if why
        else [*shared, *sought]
    )
    edited = entry_edits.append(text, path, "- " + "\n  ".join(fields) + "\n")
    named = tuple(naming.named_as(code, Where(path, 0)) for code in codes)
    where = Where(path, 0)
    added = SamplingDecision(who, why, named, by, date, "", where, seeks, by_way_of)
    return _proved(edited, path, [*before, added])


def close(text: str, number: int, done: str, path: str = SAMPLING, *, came_of_it: str = "") -> str:
    """`text` with `done`, and what `came_of_it`, in entry `number`, counted from 1; only their
    lines are new.

    Raises UserError when the file has errors, or the entry cannot be edited by lines.
    """
    expected = list(edits.whole(loads(text, path)))
    entry, edited = expected[number - 1], text
    expected[number - 1] = replace(
        entry, done=done or entry.done, came_of_it=came_of_it or entry.came_of_it
    )
    for name, value in (("done", done), ("came-of-it", came_of_it)):
        if value:
            item = Document(edited, path).entries[number - 1]
            edited = entry_edits.set_value(edited, path, item, name, value, FIELDS)
    return _proved(edited, path, expected)


def _proved(edited: str, path: str, expected: Sequence[SamplingDecision]) -> str:
    what = "this cannot be written without touching other lines"
    refusal = error(path, None, what, "Write it by hand")
    return edits.proved(edited, lambda text: loads(text, path), tuple(expected), refusal)
