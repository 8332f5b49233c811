"""What stands beside the words under the cursor, unlike people first; and where one goes on."""

from __future__ import annotations

import pytest

from gtpipe.desk import compared, reading_on
from gtpipe.model.level import INITIAL, CodeRef
from gtpipe.model.records import IncidentKey
from gtpipe.store.layout import Study
from gtpipe.study import load
from gtpipe.suggest.records import TurnRef

WAITING = CodeRef(INITIAL, "waiting")
PEOPLE = {
    "ann": ("2026-01-01", "ward"),
    "ben": ("2026-01-02", "ward"),
    "cem": ("2026-01-03", "home"),
    "dee": ("2026-01-04", "home"),
}


@pytest.fixture
def waiting(empty):
    """Four participants of two settings; each waits in turn 2, ann in turn 4 too."""
    table = "participant,age,setting\n"
    for number, (name, (date, setting)) in enumerate(PEOPLE.items()):
        text = f"I: And?\n\nP: I waited, said {name}.\n\nI: Then?\n\nP: I waited on.\n"
        empty.write(f"in/{name}.txt", text)
        empty.ok("ingest", f"in/{name}.txt", "--date", date)
        table += f"{name},{number},{setting}\n"
    empty.write("data/participants.csv", table)
    empty.ok("initial-code")
    for name in PEOPLE:
        empty.ok("code", name, "2", "waiting", "--words", f"said {name}")
    empty.ok("code", "ann", "4", "waiting")
    return empty


def beside(corpus, here, attribute):
    unlike = compared.Unlike.by(attribute, corpus.material)
    views = corpus.looking.views(WAITING)
    found = compared.incidents_beside(views, here, unlike, corpus.material)
    return [(str(one.view.place), one.value) for one in found]


def test_an_attribute_that_groups_people_comes_first_and_one_that_names_them_last(waiting):
    assert compared.attributes(load(Study(waiting.root)).material) == ["setting", "", "age"]


def test_earlier_incidents_of_unlike_participants_come_first(waiting):
    corpus = load(Study(waiting.root))
    here = IncidentKey("cem", "2", (10, 18))
    assert beside(corpus, here, "setting") == [
        ("ann 2", "ward"),
        ("ann 4", "ward"),
        ("ben 2", "ward"),
        ("dee 2", "home"),
    ]
    assert beside(corpus, IncidentKey("ann", "4", None), "") == [
        ("ann 2", ""),
        ("ben 2", ""),
        ("cem 2", ""),
        ("dee 2", ""),
    ]


def test_which_come_first_is_said(waiting):
    material = load(Study(waiting.root)).material
    assert compared.Unlike.by("setting", material).told == "unlike first: by setting"
    assert compared.Unlike.by("", material).told == "other participants first"


def test_what_a_suggestion_resembles_comes_first(waiting):
    corpus = load(Study(waiting.root))
    unlike = compared.Unlike.by("", corpus.material)
    like = (TurnRef("dee", "2"), TurnRef("ben", "4"), TurnRef("gone", "1"))
    views, here = corpus.looking.views(WAITING), IncidentKey("cem", "2", None)
    found = compared.resembled(views, like, here, unlike, corpus.material)
    assert [one.view.place for one in found] == [
        "dee 2",
        "ben 4",
        "ann 2",
        "ann 4",
        "ben 2",
        "cem 2",
    ]


def test_what_another_coder_gave_in_the_interview_one_codes_oneself_is_not_seen(waiting):
    waiting.ok("code", "ben", "4", "waiting", "--by", "KR")
    waiting.ok("code", "ann", "2", "waiting", "--words", "said ann", "--by", "KR")
    views = load(Study(waiting.root)).looking.views(WAITING)
    places = [[v.place for v in compared.seen(views, name, "PM")] for name in ("ann", "ben")]
    assert places[0] == ["ann 2", "ann 4", "ben 2", "ben 4", "cem 2", "dee 2"]
    assert places[1] == ["ann 2", "ann 4", "ben 2", "cem 2", "dee 2"]


def test_the_next_turn_of_another_participant_comes_round_to_the_first(waiting):
    corpus = load(Study(waiting.root))
    views = corpus.looking.views(WAITING)
    there = [
        reading_on.of_another(views, IncidentKey(*at, None), corpus.material).place
        for at in (("ann", "2"), ("ben", "2"), ("dee", "4"))
    ]
    assert there == ["ben 2", "cem 2", "ann 2"]


def test_the_next_turn_without_a_code_comes_round_to_the_first(waiting):
    interview = load(Study(waiting.root)).material.interviews["ben"]
    assert reading_on.next_uncoded(interview, {"2"}, "2").id == "4"
    assert reading_on.next_uncoded(interview, {"4"}, "4").id == "2"
    assert reading_on.next_uncoded(interview, {"2", "4"}, "2") is None
