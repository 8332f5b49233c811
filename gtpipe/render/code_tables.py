"""What the tables of the code book and of focused codes say of each code: `codebook.csv`,
`focused-codes.csv`, and the workbook of a report.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.incidents import Spoken
from gtpipe.model.level import FOCUSED, CodeRef
from gtpipe.model.persons import COLUMN, Persons
from gtpipe.model.records import Code, FocusedCode, people
from gtpipe.render.pages import NO_REASON

CODEBOOK = (
    *("code", "definition", "in-vivo", "first", "parked"),
    *("incidents", "interviews", "participants"),
)
FRAMEWORK = ("number", "status", "notes")
FOCUSED_CODES = (
    *("focused", "definition", "because", "by", "first-incident-in", "written-after"),
    *("initial-codes", "incidents", "interviews", "participants", "not-judged", "does-not-fit"),
)


def codebook_row(
    code: Code, is_in_vivo: bool, places: Sequence[Spoken], persons: Persons
) -> tuple[object, ...]:
    """An initial code with its incidents, under CODEBOOK."""
    first = f"{places[0].interview} {places[0].turn}" if places else ""
    return (
        *(code.label, code.definition, "yes" if is_in_vivo else "", first, parked(code)),
        *counts(places, persons),
        *persons.cell(_speaking(places)),
    )


def focused_row(code: FocusedCode, holdings: Holdings, persons: Persons) -> tuple[object, ...]:
    """A focused code under FOCUSED_CODES."""
    standing = holdings.standing(CodeRef(FOCUSED, code.label))
    extracts = [
        Spoken(place.interview, place.turn, holdings.participant(place))
        for place in standing.extracts
    ]
    return (
        code.label,
        code.definition,
        code.because,
        code.by,
        extracts[0].interview if extracts else "",
        code.written_after.label if code.written_after else "",
        len(code.takes_up),
        *counts(extracts, persons),
        len(standing.waiting),
        len(standing.unfit),
        *persons.cell(_speaking(extracts)),
    )


def parked(code: Code | FocusedCode) -> str:
    """Why a code is parked; '' where it is not."""
    return "" if code.parked is None else code.parked or NO_REASON


def counts(places: Sequence[Spoken], persons: Persons) -> tuple[int, int, int]:
    """How many incidents there are, in how many interviews, of how many participants; of persons,
    where one is several participants.
    """
    interviews = {place.interview for place in places}
    return len(places), len(interviews), persons.number(_speaking(places))


def header(columns: tuple[str, ...], persons: Persons) -> tuple[str, ...]:
    """CODEBOOK or FOCUSED_CODES, with COLUMN where one person is several participants."""
    return (*columns, *((COLUMN,) if persons else ()))


def said_of_some(codes: Iterable[object]) -> tuple[str, ...]:
    """The fields of a framework that any of these codes has: of a study without one, none."""
    codes = tuple(codes)
    return tuple(name for name in FRAMEWORK if any(getattr(code, name, "") for code in codes))


def _speaking(places: Sequence[Spoken]) -> set[str]:
    speaking = {place.participant for place in places}
    return {name for some in speaking for name in people(some)}
