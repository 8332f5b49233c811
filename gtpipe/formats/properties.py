"""`properties: |` of a focused code or category: a property a line, below each, set in deeper, its
positions.

    whether it is wanted
      taken as it comes: eve 8, jim 8 "it were a daft number"
      asked for: ?

A `?` stands where nobody has met the position yet. Only a person takes it away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from gtpipe.model import anchor
from gtpipe.model.problems import Problem, error
from gtpipe.model.records import BETWEEN, NOWHERE, Incident, Position, Property, Where

OPEN = "?"
HOW = 'Write it as `few words: jim 4, eve 8 "words of the turn"`, or `few words: ?`'
_COLON = re.compile(r":(?=\s|$)")
_QUOTED = re.compile('["“”]')


def loads(
    lines: Iterable[tuple[int, str]], path: str, problems: list[Problem]
) -> tuple[Property, ...]:
    """The properties in the lines of a block, each with its number; what is wrong goes to
    `problems`.
    """
    found: list[Property] = []
    for number, line in lines:
        where = Where(path, number)
        if not line.strip():
            continue
        if not line[0].isspace():
            found.append(Property(line, (), where))
            _once(found, f'the property "{line}"', problems)
            if _is_position(line, where):
                what = f"`{line}` looks like a position, and stands where a property is named"
                problems.append(error(*where, what, "Set it in deeper, below its property"))
            continue
        position = _position(line.strip(), where)
        if position is None or not found:
            what = f"`{line.strip()}` is no position of a property"
            problems.append(error(*where, what, HOW))
            continue
        positions = (*found[-1].positions, position)
        found[-1] = found[-1]._replace(positions=positions)
        _once(positions, f'the position "{position.label}" of "{found[-1].label}"', problems)
    return tuple(found)


def _position(line: str, where: Where) -> Position | None:
    """The position that a line names, None where it names none. Its label ends at the first colon
    behind which incidents stand, or `?`.
    """
    for colon in _COLON.finditer(line):
        label, said = line[: colon.start()].strip(), line[colon.end() :].strip()
        incidents = () if said == OPEN else incidents_in(said, where)
        if label and incidents is not None:
            return Position(label, incidents, where)
    return None


def _is_position(line: str, where: Where) -> bool:
    """Whether a line that is not set in was surely meant for a position."""
    position = _position(line, where)
    return position is not None and all(one.turn[0].isdigit() for one in position.incidents)


def incidents_in(said: str, where: Where) -> tuple[Incident, ...] | None:
    """The incidents in a list with commas between; None where something in it is none.

    >>> where = Where("", 1)
    >>> [one.address for one in incidents_in('eve 8, jim 4 "Left tap, he says", ray 6', where)]
    ['eve 8', 'jim 4 "Left tap, he says"', 'ray 6']
    """
    parts = said.split(",")

    @cache
    def from_part(first: int) -> tuple[Incident, ...] | None:
        # The first comma behind which all that follows is incidents ends one: words may hold more.
        for last in range(first + 1, len(parts) + 1):
            incident = _incident(",".join(parts[first:last]), where)
            rest = () if last == len(parts) else from_part(last) if incident else None
            if incident is not None and rest is not None:
                return (incident, *rest)
        return None

    return from_part(0)


def _incident(typed: str, where: Where) -> Incident | None:
    incident = anchor.parse(typed, where)
    if incident is None or _QUOTED.search(incident.interview + incident.turn):
        return None
    return incident


def _once(found: list[Property] | tuple[Position, ...], what: str, problems: list[Problem]) -> None:
    """An error where the last of `found` stands there twice."""
    *earlier, last = found
    twin = next((one for one in earlier if one.label == last.label), None)
    if twin is not None:
        first = f"The first is at line {twin.where.line}; keep one"
        problems.append(error(*last.where, f"{what} stands twice", first))


def by_position(lines: Iterable[str]) -> dict[str, str]:
    """The lines below a property by the position each is for; one that is for none, by itself."""
    found = {}
    for line in lines:
        position = _position(line.strip(), NOWHERE)
        found[position.label if position else line] = line
    return found


def facts(properties: Iterable[Property]) -> tuple[str, ...]:
    """What properties say, one by one: `wanted / asked for: ?`, `wanted / taken: eve 8`."""
    said: list[str] = []
    for each in properties:
        said += [] if each.positions else [each.label]
        for position in each.positions:
            front = f"{each.label}{BETWEEN}{position.label}: "
            shown = [incident.address for incident in position.incidents] or [OPEN]
            said += [front + one for one in shown]
    return tuple(said)
