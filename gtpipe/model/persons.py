"""One person who is several participants, as a study decides it: `same-person-as` in the table of
participants. Counts are of persons then, name every pseudonym, and say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gtpipe.model.names import name_order
from gtpipe.model.plural import count

COLUMN = "counted-as-one-person"
"""What tables for programs call the pseudonyms of one person."""


class Persons:
    """Which names are of one person. `same` says of a name another one of the same person; whoever
    is not in it is one person alone.
    """

    def __init__(self, same: Mapping[str, str] | None = None) -> None:
        groups: dict[str, set[str]] = {}
        for name, other in (same or {}).items():
            both = groups.get(name, {name}) | groups.get(other, {other})
            groups.update(dict.fromkeys(both, both))
        self._names = {
            name: tuple(sorted(group, key=name_order))
            for name, group in groups.items()
            if len(group) > 1
        }

    def __bool__(self) -> bool:
        """Whether anybody here is several participants."""
        return bool(self._names)

    @property
    def everybody(self) -> tuple[tuple[str, ...], ...]:
        """The names of each person who is several participants, by name."""
        return tuple(dict.fromkeys(self._names[name] for name in sorted(self._names)))

    def names(self, name: str) -> tuple[str, ...]:
        """Every name of the person who bears this one."""
        return self._names.get(name, (name,))

    def column(self, names: Iterable[str]) -> tuple[list[str], ...]:
        """A cell under COLUMN for whoever bears one of `names`: all pseudonyms of theirs. No cell
        where nobody here is several participants.
        """
        if not self:
            return ()
        several = dict.fromkeys(other for name in names for other in self._names.get(name, ()))
        return ([*several],)

    def cell(self, names: Iterable[str]) -> tuple[str, ...]:
        """A cell under COLUMN beside a number of these names: those of them that were counted as
        one. No cell where nobody here is several participants.
        """
        return ("; ".join(map(", ".join, self.several(names))),) if self else ()

    def number(self, names: Iterable[str]) -> int:
        """How many persons bear these names."""
        return len({self.names(name) for name in names})

    def several(self, names: Iterable[str]) -> list[tuple[str, ...]]:
        """Those of `names` that are of one person, for each person who bears more than one of
        them.
        """
        if not self:
            return []
        given = set(names)
        found = dict.fromkeys(
            self._names[name] for name in sorted(given, key=name_order) if name in self._names
        )
        together = (tuple(name for name in group if name in given) for group in found)
        return [group for group in together if len(group) > 1]

    def told(self, names: Iterable[str]) -> str:
        """`counted as one person: eve, ray`, of those of `names` that are; '' where none are."""
        return "; ".join(f"counted as one person: {', '.join(one)}" for one in self.several(names))

    def aside(self, names: Iterable[str]) -> str:
        """The same in brackets, behind a space."""
        told = self.told(names)
        return f" ({told})" if told else ""

    def in_several_groups(self, groups: Mapping[str, list[str]]) -> list[str]:
        """Of each person who is counted in more than one group, by this name here and by that one
        there, which names are in which; `groups` says it of every name.
        """
        return [
            "one person in several groups: "
            + ", ".join(
                name if groups[name] == [name] else f"{name} ({', '.join(groups[name])})"
                for name in one
            )
            for one in self.several(groups)
            if len({tuple(groups[name]) for name in one}) > 1
        ]

    def counted(self, names: Iterable[str]) -> str:
        """`3 participants`; `2 people` where some of them are one person."""
        names = [*names]
        if self.told(names):
            return count(self.number(names), "person", "people")
        return count(len({*names}), "participant")
