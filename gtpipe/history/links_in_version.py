"""The links that one version of a file holds, as facts: what a trace asks of git, commit by commit.

The facts are those that `analysis.trace` rests its links on. Old labels are led on to those of
today, so that a link stays the same one when a code is renamed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from gtpipe.analysis.trace_tree import Fact
from gtpipe.formats import code_line, codebook, comments, focused, personal, sheets, theory
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, Level, MaybeLevel
from gtpipe.model.problems import UserError
from gtpipe.model.records import Code, FocusedCode, Incident, Named, Property, Relation
from gtpipe.model.typography import same
from gtpipe.store.layout import CODEBOOK, COMMENTS, FOCUSED_CODES, SHEETS, THEORY

Lead = Callable[[MaybeLevel, str], str]
"""A level ('' for any) and a label of any time → the label it counts under now."""


def facts_in(path: str, text: str, lead: Lead, whole: bool = False) -> frozenset[Fact]:
    """Every link that the version `text` of the file at `path` holds; none where it cannot be read,
    or holds no links.

    A sheet is read by its lines where it is laid out as gtpipe does it, which is many times
    quicker; with `whole` it is read as YAML whatever it looks like.
    """
    try:
        if path.startswith(f"{SHEETS}/"):
            found = None if whole else _by_lines(path, text, lead)
            return frozenset(_of_sheet(path, text, lead)) if found is None else found
        if personal.is_of(path, COMMENTS):
            return frozenset(_of_comments(path, text, lead))
        links = _LINKS.get(path)
        return frozenset(links(text, lead)) if links else frozenset()
    except UserError:
        return frozenset()


# --- sheets ---------------------------------------------------------------------------------------


def _of_sheet(path: str, text: str, lead: Lead) -> Iterator[Fact]:
    entries, _ = sheets.loads(text, path)
    for entry in entries:
        for code in entry.codes:
            yield _applied(path, entry.turn, code.level, code.label, code.words, lead)


def _applied(path: str, turn: str, level: Level, label: str, words: str | None, lead: Lead) -> Fact:
    return Fact(path, "applied", (turn, level, lead(level, label), same(words or "")))


def _by_lines(path: str, text: str, lead: Lead) -> frozenset[Fact] | None:
    """The applications in a sheet; None where it is laid out in another way than gtpipe does it,
    and must be read whole.
    """
    head, *entries = f"\n{text}\n".split("\n- turn: ")
    turns = {entry.partition("\n")[0].strip() for entry in entries}
    if not entries or len(turns) < len(entries) or _is_odd(head):
        return None
    found: set[Fact] = set()
    for entry in entries:
        facts = _in_entry(path, entry, lead)
        if facts is None:
            return None
        found |= facts
    return frozenset(found)


def _is_odd(piece: str) -> bool:
    """Whether another entry, or a merge's conflict, stands in a piece of a sheet."""
    return "\n- " in piece or "\n<<<<<<<" in piece


@lru_cache(
    maxsize=1 << 15
)  # from one version of a sheet to the next, nearly all of its entries stay the same
def _in_entry(path: str, entry: str, lead: Lead) -> frozenset[Fact] | None:
    """The applications in an entry that begins with its turn; None where it is laid out in another
    way.
    """
    turn, _, fields = entry.partition("\n")
    turn = turn.rstrip()
    if _is_odd(entry) or "\n  codes: |" not in entry or not turn.isalnum() or fields[:3].isspace():
        return None
    found = []
    for field, level in sheets.LEVELS.items():
        start = entry.find(f"\n  {field}:")
        if start < 0:
            continue
        mark, _, block = entry[start + len(field) + 4 :].partition("\n")
        if mark.rstrip() != " |":
            return None
        for line in _codes(block):
            try:
                label, words = code_line.read_line(line) if "<-" in line else (line, None)
            except ValueError:
                continue  # `check` tells of it; no code stands there
            found.append(_applied(path, turn, level, label, words, lead))
    return frozenset(found)


def _codes(block: str) -> Iterator[str]:
    """The lines of a block that are codes, without indentation; what stands deeper is a note."""
    indent = 0
    for line in block.split("\n"):
        line = line.rstrip()
        if not line:
            continue
        deep = len(line) - len(line.lstrip(" "))
        indent = indent or deep
        if deep < max(indent, 3):  # the block ends
            return
        if deep == indent and not line[indent].isspace():
            yield line[indent:]


# --- code book, focused codes, theory, comments ---------------------------------------------------


def _of_codebook(text: str, lead: Lead) -> Iterator[Fact]:
    entries, _ = codebook.loads(text)
    for code in entries.values():
        yield from _past(CODEBOOK, lead(INITIAL, code.label), code)


def _of_focused(text: str, lead: Lead) -> Iterator[Fact]:
    entries, _ = focused.loads(text)
    for code in entries.values():
        label = lead(FOCUSED, code.label)
        yield Fact(FOCUSED_CODES, "entry", (label,))
        yield from _past(FOCUSED_CODES, label, code)
        for named in code.takes_up:
            yield Fact(FOCUSED_CODES, "takes-up", (label, lead(INITIAL, named.label)))
        for kind, incidents in code.lists.items():
            for incident in incidents:
                yield Fact(FOCUSED_CODES, kind, (label, *_place(incident)))
        yield from _of_properties(FOCUSED_CODES, label, code.properties)


def _of_properties(path: str, label: str, properties: tuple[Property, ...]) -> Iterator[Fact]:
    for each in properties:
        for position in each.positions:
            places = [_place(incident) for incident in position.incidents] or [("", "", "")]
            for place in places:
                yield Fact(path, "properties", (label, each.label, position.label, *place))


def _past(path: str, label: str, entry: Code | FocusedCode) -> Iterator[Fact]:
    """What an entry says of its past. The labels it had are told as they were: they lead nowhere
    else.
    """
    for kind, labels in (
        ("was", entry.was),
        ("merged-from", entry.merged_from),
        ("split-from", entry.split_from),
    ):
        for old in labels:
            yield Fact(path, kind, (label, old))
    if entry.parked is not None:
        yield Fact(path, "parked", (label,))


def _of_theory(text: str, lead: Lead) -> Iterator[Fact]:
    found, _ = theory.loads(text)
    for category in found.categories:
        label = lead(CATEGORY, category.label)
        for named in category.focused:
            yield Fact(THEORY, "focused", (label, lead(FOCUSED, named.label)))
        if category.part_of is not None:
            yield Fact(THEORY, "part-of", (label, lead(CATEGORY, category.part_of.label)))
        yield from _of_properties(THEORY, label, category.properties)
    sentences = {}
    for relation in found.relations:
        now = _now(relation.source, lead), relation.kind, _now(relation.target, lead)
        sentences[relation.sentence] = " ".join(now)
        # A trace names the ends of a relation as its file does, which may still be by an old label.
        for ends in {now, (relation.source.label, relation.kind, relation.target.label)}:
            yield from _of_relation(relation, ends)
    for case in found.negative_cases:
        label = sentences.get(case.contradicts.label) or _now(case.contradicts, lead)
        yield Fact(THEORY, "negative", (label, *_place(case.incident)))


def _of_relation(relation: Relation, ends: tuple[str, str, str]) -> Iterator[Fact]:
    yield Fact(THEORY, "relation", ends)
    for kind, incidents in (("support", relation.support), ("contradict", relation.contradict)):
        for incident in incidents:
            yield Fact(THEORY, kind, (*ends, *_place(incident)))


def _of_comments(path: str, text: str, lead: Lead) -> Iterator[Fact]:
    found, _ = comments.loads(text, path)
    for comment in found:
        # A comment may keep the label that a code had when it was made.
        for about in {comment.about.label, _now(comment.about, lead)}:
            yield Fact(path, "comment", (about, comment.by, comment.comment))


def _now(named: Named, lead: Lead) -> str:
    return lead(named.level, named.label)


def _place(incident: Incident) -> tuple[str, str, str]:
    return (incident.interview, incident.turn, same(incident.words or ""))


_LINKS: dict[str, Callable[[str, Lead], Iterator[Fact]]] = {
    CODEBOOK: _of_codebook,
    FOCUSED_CODES: _of_focused,
    THEORY: _of_theory,
}
