"""Codings as columns are the codings that they were made of, however they are asked for."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from gtpipe.model.codings import Codings, Gathering, SheetColumns, SheetOf
from gtpipe.model.level import FOCUSED, INITIAL, CodeRef
from gtpipe.model.records import Coding, Where

TURNS = ("1", "2", "3", "1-3")
ROWS = st.tuples(
    st.sampled_from(("ann", "bea")),
    st.sampled_from(("AB", "CD")),
    st.sampled_from(TURNS),
    st.sampled_from((INITIAL, FOCUSED)),
    st.sampled_from("xyz"),
    st.sampled_from((None, (0, 4), (2, 9))),
    st.sampled_from(("", "a note", "another")),
    st.booleans(),
)


def coding(row, line: int) -> Coding:
    interview, coder, turn, level, label, span, note, in_vivo = row
    words = None if span is None else f"words {span}"
    over = ("1", "2", "3") if turn == "1-3" else ()
    now = "x" if label == "z" else label  # `z` is an old label
    where = Where(f"{interview}.{coder}.yaml", line)
    return Coding(
        *(interview, turn, interview, coder, level, now, label, words, span, note, in_vivo),
        *(over, where),
    )


@given(st.lists(ROWS, max_size=30))
def test_columns_hold_what_they_were_made_of(rows) -> None:
    rows.sort(key=lambda row: row[:2])
    made = [coding(row, line) for line, row in enumerate(rows)]
    columns = Codings.of(made)
    assert [*columns] == made and columns[1:] == tuple(made[1:])
    for level in (INITIAL, FOCUSED):
        for label in "xyz":
            expected = [one for one in made if (one.level, one.code) == (level, label)]
            assert columns.of_codes(CodeRef(level, label)) == expected
    for name in ("ann", "bea"):
        assert [*columns.of_interview(name)] == [one for one in made if one.interview == name]
        coded = {id for one in made if one.interview == name for id in one.stands_at}
        assert columns.turns_coded(name) == coded
        for turn in ("1", "2", "3", "4"):
            here = columns.at_places(columns.at(name, (turn,)))
            expected = [one for one in made if one.interview == name and turn in one.stands_at]
            assert [*here] == expected
    assert [*columns.with_notes()] == [one for one in made if one.note]


@given(st.lists(ROWS, max_size=30))
def test_columns_taken_apart_come_together_again(rows) -> None:
    """As where the sheets of one interview are read again."""
    rows.sort(key=lambda row: row[:2])
    columns = Codings.of([coding(row, line) for line, row in enumerate(rows)])
    at = sum(row[0] == "ann" for row in rows)
    gathering = Gathering()
    for part in ((0, at), (at, len(rows)), (len(rows), len(rows))):
        gathering.add_all(columns, *part)
    again = gathering.done({level: {"z": "x"} for level in (INITIAL, FOCUSED)})
    assert again == columns
    assert len(again.texts) == len(columns.texts) and len(again.sheets) == len(columns.sheets)


WHOLE = SheetColumns.of([coding(("ann", "AB", "2", INITIAL, "x", (0, 4), "a note", True), 7)])


@pytest.mark.parametrize(
    "damaged",
    [
        {"columns": WHOLE.columns[:-1]},
        {"columns": WHOLE.columns[:-4]},
        {"columns": WHOLE.columns[:-4] + b"\xff\xff\xff\x7f"},
        {"texts": ()},
        {"turns": ()},
        {"initial": ()},
    ],
)
def test_columns_that_are_not_whole_are_not_taken(damaged) -> None:
    gathering = Gathering()
    assert not gathering.add(SheetOf("ann", "AB", "ann.yaml"), WHOLE._replace(**damaged))
    assert len(gathering) == 0
    assert gathering.add(SheetOf("ann", "AB", "ann.yaml"), WHOLE)
