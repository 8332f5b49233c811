"""Properties of focused codes and categories: their positions with the words, and those still open.

Along a property the incidents of a code differ; where one may lie that nobody has told of yet, a
person writes `?`, and theoretical sampling may seek it (Conlon et al. 2020). Nothing here concludes
that a position is missing, or that an open one was met.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gtpipe.analysis.disconfirming import does_not_fit
from gtpipe.analysis.incidents import IncidentInContext, in_order
from gtpipe.analysis.labels import Labels
from gtpipe.analysis.references import resolve_all
from gtpipe.model.codings import Codings
from gtpipe.model.level import CATEGORY, FOCUSED, CodeRef
from gtpipe.model.problems import UserError, did_you_mean, in_shell, refusal
from gtpipe.model.records import BETWEEN, IncidentKey, Material, Position, Property


class Open(NamedTuple):
    """A position of a property of a code that a person marked `?`."""

    code: CodeRef
    along: Property
    position: Position

    @property
    def sought(self) -> str:
        """As `sampling add --seeks` names it."""
        return f"{self.along.label}{BETWEEN}{self.position.label}"


class Met(NamedTuple):
    """A position with its incidents in study order; none where it is open. `unfit` are those on
    record as not fitting the code.
    """

    label: str
    views: tuple[IncidentInContext, ...]
    is_open: bool
    unfit: frozenset[IncidentKey]


class Laid(NamedTuple):
    """A property of a code with its positions side by side."""

    code: CodeRef
    label: str
    positions: tuple[Met, ...]


def entries(material: Material) -> Iterator[tuple[CodeRef, tuple[Property, ...]]]:
    """Focused codes, then categories, that have properties, in the order of their files."""
    for level, coded in (
        (FOCUSED, material.focused.values()),
        (CATEGORY, material.theory.categories),
    ):
        for entry in coded:
            if entry.properties:
                yield CodeRef(level, entry.label), entry.properties


def of(code: CodeRef, material: Material) -> tuple[Property, ...]:
    """The properties of one of them."""
    if code.level == FOCUSED:
        entry = material.focused.get(code.label)
        return entry.properties if entry else ()
    return dict(entries(material)).get(code, ())


def unfit(
    code: CodeRef, material: Material, known: Labels, codings: Codings
) -> frozenset[IncidentKey]:
    """The incidents on record as not fitting a code."""
    against, _ = does_not_fit(code, material, material.focused, known, codings)
    return frozenset(one.view.key for one in against if one.view is not None)


def laid_out(
    code: CodeRef, material: Material, codings: Codings, unfit: frozenset[IncidentKey]
) -> tuple[Laid, ...]:
    """The properties of a code with the words; `unfit` are incidents that do not fit it."""
    return tuple(
        Laid(
            code,
            each.label,
            tuple(
                Met(
                    position.label,
                    in_order(resolve_all(position.incidents, material, codings, []), material),
                    position.is_open,
                    unfit,
                )
                for position in each.positions
            ),
        )
        for each in of(code, material)
    )


def positions(material: Material) -> Iterator[Open]:
    """Every position that somebody wrote down, open or not."""
    for code, properties in entries(material):
        for each in properties:
            for position in each.positions:
                yield Open(code, each, position)


def still_open(material: Material) -> list[Open]:
    """The positions marked `?`."""
    return [one for one in positions(material) if one.position.is_open]


def find(typed: str, codes: Iterable[CodeRef], material: Material) -> Open:
    """The position that `PROPERTY / POSITION` names: of one of `codes`, of any where none is given.

    Raises UserError where there is none, or several codes have one.
    """
    codes = tuple(codes)
    known = [one for one in positions(material) if not codes or one.code in codes]
    found = [one for one in known if one.sought == typed]
    if len(found) == 1:
        return found[0]
    if found:
        named = " or ".join(f"--for {in_shell(one.code.typed)}" for one in found)
        raise UserError(refusal(f'"{typed}" is a position of several codes', f"Say which: {named}"))
    of_these = "".join(f' of "{code.label}"' for code in codes)
    raise UserError(
        refusal(
            f'no position "{typed}"{of_these}',
            did_you_mean(typed, [one.sought for one in known])
            or "Write it under `properties: |` of a focused code or category, with `?` behind it; "
            "a position is named as PROPERTY / POSITION",
        )
    )
