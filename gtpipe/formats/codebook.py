"""`data/codebook.yaml`: what a person wrote about their codes.

No stage writes it; `codes define` edits the lines asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gtpipe.formats import edits, naming
from gtpipe.formats.entry import EntryReader, by_label
from gtpipe.model.problems import Problem, UserError, error
from gtpipe.model.records import Code, Where
from gtpipe.store.layout import CODEBOOK
from gtpipe.text import entry_edits
from gtpipe.text.yamltext import Node

FIELDS = ("code", "definition", "include", "exclude", *naming.LINEAGE, "parked")


def loads(text: str) -> tuple[dict[str, Code], list[Problem]]:
    """Codes by label, in the order of the file, and what is wrong with it.

    Raises UserError where it is not YAML.
    """
    return by_label(text, CODEBOOK, "code", "- code: LABEL", _code)


def _code(item: Node, text: str, problems: list[Problem]) -> Code | None:
    what = "an entry of the code book"
    entry = EntryReader(item, FIELDS, what, text=text, path=CODEBOOK, problems=problems)
    do = 'Write `- code: LABEL`, in quotes if it begins with # or holds a colon: "why: because"'
    label = entry.own_label("code", "code", do)
    if not label:
        return None
    return Code(
        label=label,
        where=Where(CODEBOOK, entry.line("code")),
        definition=entry.get("definition"),
        include=entry.get("include"),
        exclude=entry.get("exclude"),
        **entry.lineage(),
    )


def define(text: str, label: str, values: dict[str, str]) -> str:
    """`text` of the code book with the fields in `values` of code `label` set.

    An entry is added at the end if it has none. Only the lines of those fields change. Raises
    UserError when the file has errors or cannot be edited by lines.
    """
    before = edits.whole(loads(text))
    code = before.get(label, Code(label, Where(CODEBOOK, 0)))
    code = replace(
        code,
        definition=values.get("definition", code.definition),
        include=values.get("include", code.include),
        exclude=values.get("exclude", code.exclude),
    )
    what = f'the entry of "{label}" cannot be changed without touching other lines'
    refusal = error(CODEBOOK, None, what, "Change it by hand")
    edited = text
    try:
        for name, value in values.items():
            edited = _set(edited, label, name, value)
    except UserError:
        raise UserError(refusal) from None
    return edits.proved(edited, loads, {**before, label: code}, refusal)


def add(text: str, entries: Mapping[str, Mapping[str, str]]) -> str:
    """`text` of the code book with an entry at its end for each of these codes (label → its fields:
    definition, include, exclude, parked), which have none. Raises UserError as `define` does.
    """
    before = edits.whole(loads(text))
    edited = text
    for label, said in entries.items():
        block = entry_edits.block([("code", label), *said.items()])
        edited = f"{edited.rstrip()}\n\n{block}" if edited.strip() else block
    added = {
        label: Code(
            label,
            Where(CODEBOOK, 0),
            said.get("definition", "").strip(),
            said.get("include", "").strip(),
            said.get("exclude", "").strip(),
            said["parked"].strip() if "parked" in said else None,
        )
        for label, said in entries.items()
    }
    refusal = error(CODEBOOK, None, "codes cannot be added here", "Look at the end of this file")
    return edits.proved(edited, loads, before | added, refusal)


def _set(text: str, label: str, name: str, value: str) -> str:
    item = entry_edits.entry(text, CODEBOOK, "code", label)
    if item is None:
        fields = (("code", label), (name, value))
        block = entry_edits.block(fields)
        return entry_edits.append(text, CODEBOOK, block)
    return entry_edits.set_value(text, CODEBOOK, item, name, value, FIELDS)
