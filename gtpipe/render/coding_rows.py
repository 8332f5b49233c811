"""Codings as a table, a row each, with what is known of who speaks and of the interview."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gtpipe.analysis import groups
from gtpipe.model.records import Coding, Material, people
from gtpipe.render.tables import Row

SEVERAL = "; "  # between what stands in one cell
_WHERE = ("interview", "turn", "line", "participant")
_CODED = ("coder", "level", "code")
_SAID = ("words", "note")


class Known:
    """The columns of the participants' table, then what the front matter of transcripts says. One
    that is called as a column of its table's `own` has in front what tells it from that.
    """

    def __init__(self, material: Material, own: Iterable[str]) -> None:
        self._material = material
        self._columns = groups.attributes(material)
        self._fields = [name for name in groups.fields(material) if name not in self._columns]
        kinds = ((groups.ATTRIBUTE, self._columns), (groups.INTERVIEW, self._fields))
        self.header = tuple(
            f"{kind}: {name}" if name in own else name for kind, names in kinds for name in names
        )

    def cells(self, coding: Coding) -> Iterator[str | list[str]]:
        """A list of what is known of each who speaks, where there are several."""
        said_of = dict(self._material.interviews[coding.interview].attributes)
        speaking = people(coding.participant)
        for column in self._columns:
            yield [self._attribute(name, column) for name in speaking]
        for name in self._fields:
            yield said_of.get(name, "")

    def _attribute(self, participant: str, column: str) -> str:
        row = self._material.participants.get(participant)
        return dict(row.attributes).get(column, "") if row else ""


def table(
    material: Material, codings: Iterable[Coding], *, words: bool
) -> tuple[tuple[str, ...], list[Row]]:
    """Header and rows. Without `words` no note is in it either, which may quote them."""
    known = Known(material, (*_WHERE, *_CODED, *_SAID))
    header = (*_WHERE, *known.header, *_CODED, *(_SAID if words else ()))
    return header, [_row(coding, material, known, words) for coding in codings]


def _row(coding: Coding, material: Material, known: Known, words: bool) -> Row:
    interview = material.interviews[coding.interview]
    said = (interview.words(coding.turn, coding.span), coding.note) if words else ()
    return (
        coding.interview,
        coding.turn,
        interview.turns_of(coding.turn)[0].line,
        coding.participant,
        *(SEVERAL.join(cell) if isinstance(cell, list) else cell for cell in known.cells(coding)),
        coding.coder,
        coding.level.value,
        coding.code,
        *said,
    )
