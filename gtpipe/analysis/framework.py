"""The numbers of a framework: which codes stand under which domain, and in what order.

A code has the numbers that a person gave it, `1.5, 5.4`, and stands under each. What stands before
the first dot is its domain; a code whose number has no dot names the domain itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gtpipe.model.names import natural
from gtpipe.model.problems import Problem, note
from gtpipe.model.records import Code, Material


class Domain(NamedTuple):
    """`names` are the codes that bear its number, `codes` those below it by their numbers."""

    number: str
    names: tuple[Code, ...]
    codes: tuple[tuple[str, Code], ...]

    @property
    def all(self) -> dict[str, Code]:
        """Its codes by label, each once."""
        return {code.label: code for code in (*self.names, *(code for _, code in self.codes))}


def domains(codebook: Mapping[str, Code]) -> tuple[Domain, ...]:
    """The domains by number, `01` being `1`; none where no code has one."""
    within: dict[object, tuple[str, list[tuple[str, Code]]]] = {}
    for code in codebook.values():
        for number in code.numbers:
            domain = number.partition(".")[0]
            within.setdefault(natural(domain), (domain, []))[1].append((number, code))
    return tuple(
        Domain(
            domain,
            tuple(code for number, code in numbered if natural(number) == natural(domain)),
            tuple(
                sorted((one for one in numbered if natural(one[0]) != natural(domain)), key=_order)
            ),
        )
        for domain, numbered in sorted(within.values(), key=lambda one: natural(one[0]))
    )


def _order(numbered: tuple[str, Code]) -> tuple[tuple[tuple[int, int | str], ...], str]:
    number, code = numbered
    return natural(number), code.label


def numbers_tell_apart(material: Material) -> Iterator[Problem]:
    """Notes on codes that have a number which another has before them; `01.5` is `1.5`."""
    first: dict[object, tuple[Code, str]] = {}
    for code in material.codebook.values():
        for number in code.numbers:
            other, before = first.setdefault(natural(number), (code, number))
            if other is not code:
                what = f'"{code.label}" and "{other.label}" have the same number, {number}'
                what += f" and {before}" if before != number else ""
                do = f"If that is not meant, change one: the other is at line {other.where.line}"
                yield note(*code.where, what, do)
