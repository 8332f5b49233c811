"""What a search for real names found, laid out: where it stands, and never what."""

from __future__ import annotations

from gtpipe.analysis.identifiers import SLIP
from gtpipe.model.plural import count
from gtpipe.sources.look_for_names import Finding, Search

HEADER = ("path", "line", "place", "what", "list-line", "times")
_KINDS = {
    "e-mail": "e-mail address",
    "telephone": "telephone number",
    "date-of-birth": "date of birth",
    "long-number": "long number",
}


def row(finding: Finding) -> tuple[str | int, ...]:
    """A finding as a row for programs."""
    path, line, place, kind, list_line, times = finding
    return path, line or "", place, kind, list_line or "", times


def line_of(finding: Finding) -> str:
    """`data/memos/x.md:14: list line 3`."""
    place = f"{finding.path}:{finding.line}" if finding.line else finding.path
    if finding.place:
        place += f" {finding.place}" if finding.path.endswith("/") else f", {finding.place}"
    what = (
        f"list line {finding.list_line}"
        if finding.list_line
        else _KINDS.get(finding.kind, finding.kind)
    )
    if finding.kind == SLIP:
        what = f"perhaps {what}"
    note = "" if finding.is_name else "note: "
    return f"{place}: {note}{what}" + (f" ({finding.times} times)" if finding.times > 1 else "")


def summary(search: Search) -> str:
    """How many, and how much was looked through."""
    names, notes = (sum(one.times for one in found) for found in (search.names, search.notes))
    through = f"{count(search.files, 'file')} looked through"
    files = len({finding.path for finding in search.names})
    where = f" in {count(files, 'file')}" if names else ""
    return f"{count(names, 'name')} of the list{where}, {count(notes, 'note')}. {through}."
