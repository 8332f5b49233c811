"""What is learned from in a large study: the turns around, for steady work at each."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_suggestions import allotment, made_once  # noqa: F401

from gtpipe.model.records import Interview, Material, Turn
from gtpipe.store.layout import Study
from gtpipe.study import load
from gtpipe.suggest import neighbourhood
from gtpipe.suggest.neighbourhood import neighbourhoods
from gtpipe.suggest.scoring import score
from gtpipe.suggest.suggester import Suggester


def of_sizes(*sizes: int) -> Material:
    """A study of interviews with so many turns."""
    return Material(
        {
            f"i{number}": Interview(
                f"i{number}",
                f"data/transcripts/i{number}.md",
                "",
                {"P": "p"},
                tuple(Turn(str(id), "", "P", "Words.", 0) for id in range(size)),
            )
            for number, size in enumerate(sizes)
        }
    )


@given(st.lists(st.integers(0, 9), max_size=30), st.integers(1, 60), st.integers(1, 20))
def test_each_interview_has_one_group_and_no_more_around_it_than_may_be(sizes, most, together):
    material = of_sizes(*sizes)
    names = list(material.interviews)
    with (
        patch.object(neighbourhood, "MOST_TURNS", most),
        patch.object(neighbourhood, "TOGETHER", together),
    ):
        found = neighbourhoods(material)
    groups = dict.fromkeys(found.values())
    assert [name for one in groups for name in one.group] == names
    for one in groups:
        start = names.index(one.around[0])
        assert list(one.around) == names[start : start + len(one.around)]
        assert set(one.group) <= set(one.around)
        turns = {name: len(material.interviews[name].turns) for name in names}
        assert sum(map(turns.get, one.around)) <= max(most, sum(map(turns.get, one.group)))
        assert sum(map(turns.get, one.group[:-1])) < together or sum(sizes) <= most
    if sum(sizes) <= most:
        assert len(groups) <= 1


def test_as_much_before_as_behind_and_more_where_the_other_side_has_less():
    material = of_sizes(*[5] * 10)
    with patch.object(neighbourhood, "MOST_TURNS", 25), patch.object(neighbourhood, "TOGETHER", 5):
        found = neighbourhoods(material)
    assert found["i0"].around == ("i0", "i1", "i2", "i3", "i4")
    assert found["i5"].around == ("i3", "i4", "i5", "i6", "i7")
    assert found["i9"].around == ("i5", "i6", "i7", "i8", "i9")
    whole = neighbourhoods(material)
    assert whole["i5"].around == tuple(material.interviews)


@pytest.mark.parametrize("name", ["ada", "bo", "cleo"])
def test_suggestions_are_those_of_a_study_of_the_turns_around(allotment, name, monkeypatch):  # noqa: F811
    read = load(Study(allotment.root))
    turns = len(read.material.interviews["ada"].turns)
    everything = Suggester(None, read.material, read.codings, (), "en")
    monkeypatch.setattr(neighbourhood, "MOST_TURNS", 2 * turns)
    monkeypatch.setattr(neighbourhood, "TOGETHER", turns)
    near = neighbourhoods(read.material)[name]
    assert len(near.around) == 2 and near.group == (name,)
    large = Suggester(read.study, read.material, read.codings, (), "en")
    part = near.part_of(read.material)
    codings = [coding for coding in read.codings if coding.interview in near.around]
    small = Suggester(None, part, codings, (), "en", only={name})
    interview = read.material.interviews[name]
    for other in ("cleo", "ada", name):  # from one neighbourhood to another and back
        large.at(read.material.interviews[other], read.material.interviews[other].turns[1])
    for turn in interview.participant_turns:
        assert large.at(interview, turn) == small.at(interview, turn)
    assert any(
        large.at(interview, turn) != everything.at(interview, turn)
        for interview in read.material.interviews.values()
        for turn in interview.participant_turns
    )


def test_a_large_study_is_scored_by_what_was_said_and_coded_around(allotment, monkeypatch):  # noqa: F811
    read = load(Study(allotment.root))
    names = list(read.material.interviews)
    whole = score(read.material, read.codings).items
    turns = len(read.material.interviews[names[0]].turns)
    monkeypatch.setattr(neighbourhood, "MOST_TURNS", 2 * turns)
    monkeypatch.setattr(neighbourhood, "TOGETHER", turns)
    groups = neighbourhoods(read.material)
    large = score(read.material, read.codings).items
    assert [item.at for item in large] == [item.at for item in whole]
    for name in names:
        around = groups[name].around[: groups[name].around.index(name) + 1]
        part = groups[name]._replace(around=around).part_of(read.material)
        codings = [coding for coding in read.codings if coding.interview in around]
        monkeypatch.setattr(neighbourhood, "MOST_TURNS", 20 * turns)
        small = [item for item in score(part, codings).items if item.at.interview == name]
        here = [item for item in large if item.at.interview == name]
        assert [item.ranks for item in here] == [item.ranks for item in small]
        assert [item.new for item in here] == [item.new for item in small]
    assert len({item.at.interview for item in large}) > 1
