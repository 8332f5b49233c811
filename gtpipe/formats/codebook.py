"""`data/codebook.yaml`: what a person wrote about their codes.

No stage writes it; `codes define` edits the lines asked for.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from gtpipe.formats import edits, naming
from gtpipe.formats.entry import EntryReader, by_label
from gtpipe.model.problems import Problem, UserError, did_you_mean, error
from gtpipe.model.records import PROVISIONAL, Code, Where
from gtpipe.store.layout import CODEBOOK
from gtpipe.text import entry_edits
from gtpipe.text.document import Document
from gtpipe.text.yamltext import Node

SAID = ("definition", "include", "exclude", "number", "status", "notes")
"""The fields that `codes define` sets."""
FIELDS = ("code", "number", "status", *SAID[:3], "notes", *naming.LINEAGE, "parked")
SETTLED = "settled"
STATUSES = (PROVISIONAL, SETTLED)
_NUMBER = re.compile(r"[0-9]+[a-z]?(?:\.[0-9]+[a-z]?)*")


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
        number=_number(entry),
        status=_status(entry),
        notes=entry.get("notes"),
        **entry.lineage(),
    )


def _number(entry: EntryReader) -> str:
    number = plain_number(entry.get("number"))
    for one in filter(None, number.split(", ")):
        if not _NUMBER.fullmatch(one):
            do = "Write it as 1.5; several, as 1.5, 5.4"
            entry.error("number", f'"{one}" is not a number of a framework', do)
    return number


def plain_number(typed: str) -> str:
    """Numbers as they are kept: `1.5, 5.4`."""
    return ", ".join(filter(None, (one.strip() for one in typed.split(","))))


def _status(entry: EntryReader) -> str:
    status = entry.get("status")
    if status and status not in STATUSES:
        do = did_you_mean(status, STATUSES) or f"Write {PROVISIONAL}; nothing where it is settled"
        entry.error("status", f'"{status}" is not a status of a code', do)
    return PROVISIONAL if status == PROVISIONAL else ""


def define(text: str, label: str, values: dict[str, str]) -> str:
    """`text` of the code book with the fields in `values` of code `label` set.

    An entry is added at the end if it has none. Only the lines of those fields change. Raises
    UserError when the file has errors or cannot be edited by lines.
    """
    return define_all(text, {label: values})


def define_all(text: str, defined: Mapping[str, Mapping[str, str]]) -> str:
    """The same for several codes: label → the fields to be set."""
    before = edits.whole(loads(text))
    expected = {
        **before,
        **{label: _said(before.get(label), label, values) for label, values in defined.items()},
    }
    which = f'the entry of "{next(iter(defined))}"' if len(defined) == 1 else "its entries"
    what = f"{which} cannot be changed without touching other lines"
    refusal = error(CODEBOOK, None, what, "Change it by hand")
    for edit in (_by_entries, _as_a_whole):
        try:
            return edits.proved(edit(text, before, defined), loads, expected, refusal)
        except UserError:
            continue
    raise UserError(refusal)


def _said(code: Code | None, label: str, values: Mapping[str, str]) -> Code:
    code = code or Code(label, Where(CODEBOOK, 0))
    said = {**values}
    if "number" in said:
        said["number"] = plain_number(said["number"])
    if said.get("status") == SETTLED:
        said["status"] = ""
    return replace(code, **said)  # type: ignore[arg-type]


_Fields = Mapping[str, Mapping[str, str]]  # by label


def _by_entries(text: str, before: Mapping[str, Code], defined: _Fields) -> str:
    """Each entry is edited without the others being read again: of hundreds, in a hundredth of the
    time. It is not for entries whose dash has a line of its own.
    """
    pieces = (_with_fields(piece, label, defined.get(label, {})) for label, piece in _pieces(text))
    new = {label: values for label, values in defined.items() if label not in before}
    return _as_a_whole("".join(pieces), before, new)


def _as_a_whole(text: str, _: Mapping[str, Code], defined: _Fields) -> str:
    for label, values in defined.items():
        text = _with_fields(text, label, values)
    return text


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text cut into its entries, each by its label and a list by itself: one is edited without
    the others being read again. What stands above them has no label.
    """
    lines = io.StringIO(text, newline="\n").readlines()
    entries = Document(text, CODEBOOK).entries
    ends = [*(entry.line - 1 for entry in entries), len(lines)]
    if ends[0]:
        yield "", "".join(lines[: ends[0]])
    for entry, (start, end) in zip(entries, pairwise(ends), strict=True):
        yield entry.value("code"), "".join(lines[start:end])


def _with_fields(text: str, label: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = _set(text, label, name, value)
    return text


def add(text: str, entries: Mapping[str, Mapping[str, str]]) -> str:
    """`text` of the code book with an entry at its end for each of these codes (label → its fields:
    SAID, parked), which have none. Raises UserError as `define` does.
    """
    before = edits.whole(loads(text))
    blocks = (
        entry_edits.block([("code", label), *said.items()]) for label, said in entries.items()
    )
    edited = entry_edits.append(text, CODEBOOK, "\n".join(blocks))
    added = {
        label: _said(None, label, {name: value.strip() for name, value in said.items()})
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
