"""Likely names that no list holds: by capitals and address, and by a model where one is there."""

from __future__ import annotations

import csv
import io

import pytest

from gtpipe.model.real_names import NamedPerson, NameList
from gtpipe.model.records import Interview, Turn
from gtpipe.suggest import models
from gtpipe.suggest.likely_names import ADDRESSED, CAPITAL, LikelyName, likely_names

FOUND = models.find("en")
LISTED = NameList((NamedPerson(("Gemma",), "Faye", 1),))


def likely(*turns: str, names: NameList = LISTED, language: str = "en", model=None):
    interview = Interview(
        "jim",
        "data/transcripts/jim.md",
        "",
        {"P": "Ann"},
        tuple(Turn(str(n), "", "P", text, n) for n, text in enumerate(turns, 1)),
    )
    return likely_names([interview], names, ("Ann",), language, model)


def found(*turns: str, **more) -> dict[str, int]:
    return {one.name: one.times for one in likely(*turns, **more)}


def test_a_capital_within_a_sentence_is_told_with_its_places():
    assert likely("And then Ellie Smith came.", "I saw Ellie Smith's hat, and Bo.") == (
        LikelyName("Ellie Smith", 2, (CAPITAL,), ("jim 1", "jim 2")),
        LikelyName("Bo", 1, (CAPITAL,), ("jim 2",)),
    )


def test_the_first_word_of_a_sentence_counts_where_nothing_else_is_written_so():
    assert found("Zelda came. Then she went.", "We had tea. Dominoes, we played dominoes.") == {
        "Zelda": 1
    }
    assert found('He said, "No, Zelda." (laugh) Nothing more.') == {"Zelda": 1}


def test_forms_of_address_and_naming():
    assert [(one.name, one.why) for one in likely("Dr. Quill saw me. My name is May Fern.")] == [
        ("May Fern", (ADDRESSED, CAPITAL)),
        ("Quill", (ADDRESSED, CAPITAL)),
    ]


def test_what_is_listed_stands_for_a_name_or_is_no_name_is_left_out():
    assert found("I met Gemma and Faye and Ann on Monday at the NHS, I'm told.") == {}


def test_where_nouns_have_capitals_address_alone_tells():
    assert found("Da kam Dr. Quill mit dem Hund.", language="de-CH") == {"Quill": 1}


@pytest.mark.skipif(FOUND.model is None, reason=FOUND.remark)
def test_a_model_tells_more():
    one = next(
        one
        for one in likely("She moved to Sheffield with Tom Baker in May.", model=FOUND.model)
        if one.name == "Tom Baker"
    )
    assert one.why == ("person", CAPITAL)


def test_the_command_shows_and_writes_nothing(study):
    text = study.read("data/transcripts/jim.md").replace("I met him", "I met Zelda, him,")
    study.write("data/transcripts/jim.md", text)
    rows = csv.DictReader(io.StringIO(study.ok("names", "suggest", "jim", "--format", "csv")))
    assert [row["where"] for row in rows if row["name"] == "Zelda"] == ["jim 2"]
    assert "No likely name" in study("names", "suggest", "eve").err
    assert study("names", "suggest", "nobody").code == 1
