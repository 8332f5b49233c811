"""A second interview with Jim, by telephone and with his sister in the room: what belongs to an
interview and not to a person, and one participant over time.
"""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtpipe.analysis import memos, subjects
from gtpipe.analysis.case import case
from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.labels import labels_of
from gtpipe.formats import transcripts
from gtpipe.formats.naming import named_as
from gtpipe.model.level import INITIAL
from gtpipe.model.records import NOWHERE, Coding, Interview, Material, Memo, ScheduleVersion, Turn
from gtpipe.text import yamltext

PEOPLE = "participant,setting\njim,ward\neve,day room\nlee,garden\n"
V1 = """\
---
date: 2026-02-23
---

- What has your worker shared with you about themselves?
- Has there been anything that has not gone so well?
"""
V2 = """\
---
date: 2026-03-24
prompted-by: |
  getting in first
because: Nobody was asked about the end.
---

1. Has there been anything that has not gone so well?
2. How did it end, or how will it end?
"""
JIM = """\
---
interview: jim
date: 2026-03-02
speakers: {I: interviewer, P: jim}
schedule: v1
wave: 1
mode: in person   # the day room, after dinner
---

[1] I: What has your worker shared with you about themselves?

[2] P: He give me a number. To the pound. So I told him about the gutters.

[3] I: Has there been anything that's not gone so well?

[4] P: He went off sick. Six week. And nobody said.
"""
JIM_2 = """\
---
interview: jim-2
date: 2026-04-09
speakers: {I: interviewer, P: jim, S: interviewer}
schedule: v2
wave: 2
mode: phone
present: ["his sister", the dog]
---

[1] I: And has there been anything that has not gone so well, since?

[2] P: Not since. He rings now. We're still on the gutters.

[3] I: How did it end, then?

[4] P: I said ta-ra before he could. Shook his hand at the bus.
"""
EVE = """\
---
interview: eve
date: 2026-03-09
speakers: {I: interviewer, P: eve}
schedule: v1
mode: phone
---

[1] I: What has she shared with you about herself?

[2] P: She give me a date. I never asked for it.
"""
SHEETS = {
    "jim": """\
- turn: 2
  codes: |
    being given a number <- "He give me a number"
    talking gutters <- "the gutters"

- turn: 4
  codes: |
    being left not knowing
""",
    "jim-2": """\
- turn: 2
  codes: |
    talking gutters <- "on the gutters"
    getting a ring <- "He rings now"

- turn: 4
  codes: |
    getting in first <- "I said ta-ra before he could"
    shaking hands
""",
    "eve": """\
- turn: 2
  codes: |
    being given a number <- "She give me a date"
""",
}
FOCUSED = """\
- focused: having something of theirs
  because: a wage and a date are both their own
  by: PM
  takes-up: |
    being given a number
    talking gutters
  judged: |
    jim 2 "He give me a number"
    jim 2 "the gutters"
    jim-2 2 "on the gutters"
    eve 2 "She give me a date"
"""
MEMO = """\
---
title: Gutters, twice
date: 2026-04-10
by: PM
kind: a thing that stays
about: |
  {}
---

He has them still.
"""


@pytest.fixture
def twice(empty):
    """Jim, Eve, and Jim again."""
    empty.write("data/participants.csv", PEOPLE)
    empty.write("data/schedule/v1.md", V1)
    empty.write("data/schedule/v2.md", V2)
    for name, text in (("jim", JIM), ("jim-2", JIM_2), ("eve", EVE)):
        empty.write(f"data/transcripts/{name}.md", text)
        empty.write(f"data/initial-codes/{name}.yaml", SHEETS[name])
    empty.write("data/focused-codes.yaml", FOCUSED)
    return empty


def memo_about(study, *lines: str) -> None:
    study.write("data/memos/2026-04-10-gutters-twice.md", MEMO.format("\n  ".join(lines)))


# --- attributes of interviews ---------------------------------------------------------------------


def test_a_matrix_goes_by_what_the_front_matter_of_transcripts_says(twice):
    ran = twice("matrix", "talking gutters", "being given a number", "--by", "wave")
    assert (
        ran.out
        == """\
code                  1       2             (not said)
talking gutters       1: jim  1: jim        not coded so
being given a number  1: jim  not coded so  1: eve

1: jim
2: jim
(not said): eve
"""
    )
    assert ran.err == ""


def test_waves_are_crossed_with_what_is_known_of_people(twice):
    rows = twice.ok(
        *("matrix", "talking gutters", "being given a number", "--by", "wave", "--by", "setting"),
        *("--format", "csv"),
    )
    assert [(row["wave × setting"], row["words"]) for row in csv.DictReader(io.StringIO(rows))] == [
        ("1 × ward", "the gutters"),
        ("2 × ward", "on the gutters"),
        ("1 × ward", "He give me a number"),
        ("(not said) × day room", "She give me a date"),
    ]


def test_a_code_is_compared_by_how_it_was_told(twice):
    out = twice.ok("compare", "being given a number", "--by", "mode")
    assert out.index("mode: in person") < out.index("He give me a number")
    assert out.index("He give me a number") < out.index("mode: phone") < out.index("me a date")
    rows = json.loads(twice.ok("compare", "talking gutters", "--by", "wave", "--format", "json"))
    assert [(row["wave"], row["words"]) for row in rows] == [
        ("1", "the gutters"),
        ("2", "on the gutters"),
    ]
    assert "present: his sister, the dog" in twice.ok("compare", "shaking hands", "--by", "present")
    out = twice.ok("compare", "shaking hands", "--by", "wave")
    assert "wave: 1\nnot coded so\n" in out


def test_what_came_last_stands_beside_the_other_wave_first(twice):
    ran = twice.ok("compare", "--new", "jim-2", "--by", "wave")
    assert "interviews of another wave first" in ran
    assert "jim 2 · wave: 1" in ran


def test_an_attribute_that_is_nowhere_is_told_with_those_there_are(twice):
    assert twice("matrix", "talking gutters", "--by", "waves").err == (
        'No attribute "waves". Did you mean "wave"? There are setting, wave, mode, present, '
        "participant, interview, coder, schedule. For another, add a column to "
        "data/participants.csv or a field to the front matter of transcripts.\n"
    )
    assert twice("compare", "talking gutters", "--by", "waves").code == 1
    assert twice("matrix", "talking gutters", "--by", "interview: setting").err == (
        'No interview has an attribute "setting". There are wave, mode, present.\n'
    )
    assert twice("who", "talking gutters", "--by", "wave").err == (
        '"wave" is an attribute of interviews, not of participants. `gtpipe matrix CODE --by '
        "wave` and `gtpipe compare CODE --by wave` lay it out.\n"
    )


def test_a_field_that_is_called_like_a_column_can_still_be_meant(twice):
    twice.write("data/participants.csv", "participant,mode\njim,talks\neve,writes\n")
    ran = twice("matrix", "talking gutters", "--by", "mode")
    assert ran.out.split("\n")[0].split() == ["code", "talks", "writes"]
    assert ran.err == (
        'note: transcripts have a field "mode" too: --by "interview: mode" means that one\n'
    )
    out = twice.ok("matrix", "talking gutters", "--by", "interview: mode")
    assert out.split("\n")[0].split("  ")[-1].strip() == "phone"


def test_a_field_like_a_known_one_that_stands_there_is_no_slip_of_the_pen(twice):
    twice.write("data/transcripts/jim.md", JIM.replace("wave: 1", "interviewer: KR"))
    assert "interviewer" not in twice("check").out
    twice.write("data/transcripts/jim.md", JIM.replace("schedule:", "shedule:"))
    assert 'has no field "shedule". Did you mean "schedule"?' in twice("check").out


def test_a_corrected_source_leaves_such_fields_as_they_were_typed(empty):
    empty.write("in/jim.txt", "I: So?\n\nP: He give me a number.\n")
    empty.ok("ingest", "in/jim.txt", "--date", "2026-03-02")
    path = "data/transcripts/jim.md"
    typed = "mode:   'in person' # after dinner\npresent:\n  - his sister\n  - \"the dog\"\n"
    empty.write(path, empty.read(path).replace("source:", f"{typed}source:"))
    empty.write("in/jim.txt", "I: So?\n\nP: He give me the number.\n")
    empty.ok("ingest", "--correct", "in/jim.txt")
    assert typed in empty.read(path) and "the number" in empty.read(path)


@given(st.dictionaries(st.from_regex(r"[a-z]{4,9}x", fullmatch=True), st.text(max_size=9)))
def test_whatever_is_written_there_is_read_and_no_byte_of_it_changes(fields):
    typed = "".join(f"{name}: {yamltext.quoted(value)}\n" for name, value in fields.items())
    text = JIM.replace("wave: 1\n", typed)
    interview, _ = transcripts.loads(text, "data/transcripts/jim.md")
    assert dict(interview.attributes) == {
        **{name: " ".join(value.split()) for name, value in fields.items() if value.split()},
        "mode": "in person",
    }
    new = transcripts.rewrite(text, "data/transcripts/jim.md", interview.turns, {}, "x.txt")
    assert new.replace("source: x.txt\n", "") == text


# --- a participant over time ----------------------------------------------------------------------


def test_over_turns_quotation_marks_stand_around_the_words_alone(study):
    """A participant is found whatever the capitals."""
    study.ok("code", "jim", "2-4", "warming", "--words", "it went from there … A bit")
    told = study.ok("case", "JIM")
    assert '    P: "it went from there."\n' in told
    assert '    I: "And then?"\n' in told and '    P: "A bit"\n' in told


def test_a_case_goes_from_interview_to_interview_and_calls_nothing_gone(twice):
    memo_about(twice, "jim-2 2")
    assert (
        twice.ok("case", "jim")
        == """\
jim
setting: ward · 2 interviews

jim · 2026-03-02 · schedule: v1 · wave: 1 · mode: in person
  2 · being given a number
    "He give me a number"
  2 · talking gutters
    "the gutters"
  4 · being left not knowing
    He went off sick. Six week. And nobody said.

jim-2 · 2026-04-09 · schedule: v2 · wave: 2 · mode: phone · present: his sister, the dog
  2 · getting a ring
    "He rings now"
  2 · talking gutters
    "on the gutters"
  4 · shaking hands
    I said ta-ra before he could. Shook his hand at the bus.
  4 · getting in first
    "I said ta-ra before he could"
  memo: Gutters, twice (2026-04-10-gutters-twice)

having something of theirs (focused code)
  jim: told
    2 "He give me a number"
    2 "the gutters"
  jim-2: again
    2 "on the gutters"

being given a number (code)
  jim: told
    2 "He give me a number"
  jim-2: not asked (no question like "What has your worker shared with you about themselves?")

talking gutters (code)
  jim: told
    2 "the gutters"
  jim-2: again
    2 "on the gutters"

being left not knowing (code)
  jim: told
    4 He went off sick. Six week. And nobody said.
  jim-2: not again

getting a ring (code)
  jim: not coded so
  jim-2: only later
    2 "He rings now"

shaking hands (code)
  jim: not asked (no question like "How did it end, or how will it end?")
  jim-2: only later
    4 I said ta-ra before he could. Shook his hand at the bus.

getting in first (code)
  jim: not asked (no question like "How did it end, or how will it end?")
  jim-2: only later
    4 "I said ta-ra before he could"
"""
    )


def test_a_question_that_the_schedule_does_not_have_is_not_held_against_anybody(twice):
    """Without a version nothing is known of what was asked; an interview without codes is read
    first."""
    twice.write("data/transcripts/jim-2.md", JIM_2.replace("schedule: v2\n", ""))
    states = {(row["code"], row["interview"]): row["state"] for row in _rows(twice)}
    assert states["being given a number", "jim-2"] == "not again"
    twice.write("data/initial-codes/jim-2.yaml", "")
    rows = _rows(twice)
    assert {row["state"] for row in rows if row["interview"] == "jim-2"} == {"not coded yet"}
    assert "  jim-2: not coded yet" in twice.ok("case", "jim", "talking gutters")


def _rows(study) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(study.ok("case", "jim", "--format", "csv"))))


def test_a_case_is_for_programs_and_for_a_memo_too(twice):
    memo_about(twice, "participant: jim", "interview: jim-2")
    found = json.loads(twice.ok("case", "jim", "being given a number", "--format", "json"))
    assert found["attributes"] == {"setting": "ward"}
    assert found["memos"] == ["2026-04-10-gutters-twice"]
    assert [one["attributes"]["wave"] for one in found["interviews"]] == ["1", "2"]
    assert found["codes"] == [
        {
            "code": "being given a number",
            "level": "initial",
            "interviews": [
                {
                    "interview": "jim",
                    "state": "told",
                    "told": [{"turn": "2", "words": "He give me a number"}],
                },
                {
                    "interview": "jim-2",
                    "state": "not asked",
                    "question": "What has your worker shared with you about themselves?",
                    "told": [],
                },
            ],
        }
    ]
    page = twice.ok("case", "jim", "talking gutters", "--format", "md")
    assert page.startswith(
        "# jim\n\nsetting: ward · 2 interviews\n\n- memo [Gutters, twice](<data/"
    )
    assert "### talking gutters (code)\n\njim: told\n\n> the gutters\n\njim-2: again\n\n" in page


def test_one_interview_has_nothing_to_be_held_against(twice):
    assert "again" not in twice.ok("case", "eve") and "told" not in twice.ok("case", "eve")
    assert twice("case", "lee").err == "lee is not interviewed yet.\n"
    assert twice("case", "jin").err == 'No participant "jin" in this study. Did you mean "jim"?\n'


CODED = st.sets(
    st.tuples(st.integers(0, 2), st.sampled_from("246"), st.sampled_from(["waiting", "going"]))
)


@given(CODED, st.lists(st.sampled_from(["", "v1", "v2"]), min_size=3, max_size=3))
def test_every_incident_is_told_once_and_every_silence_has_its_reason(coded, schedules):
    """What a plain loop over three interviews says."""
    asked = {"2": "What did you do?", "4": "How did it end?", "6": "Where is he now?"}
    versions = {"v1": [asked["2"], asked["4"]], "v2": [asked["2"], asked["6"]]}
    turns = [turn for id in "135" for turn in _asked_and_answered(id, asked[str(int(id) + 1)])]
    interviews = {
        name: Interview(name, name, f"2026-03-0{number + 1}", SPEAKERS, tuple(turns), schedule)
        for number, (name, schedule) in enumerate(zip(("a", "b", "c"), schedules, strict=True))
    }
    material = Material(
        interviews=interviews,
        schedule=tuple(
            ScheduleVersion(name, name, "2026-01-01", (), "", tuple(questions))
            for name, questions in versions.items()
        ),
    )
    codings = tuple(
        Coding("abc"[n], turn, "jim", "PM", INITIAL, code, code, None, None, "", False, NOWHERE)
        for n, turn, code in sorted(coded)
    )
    holdings = Holdings(material, codings, {})
    names = labels_of(material, {coding[4:6] for coding in codings}, {})
    found = case("jim", material, codings, holdings, names)
    assert sorted(
        ("abc".index(told.place.interview), told.place.turn, over.code.label)
        for over in found.codes
        for one in over.interviews
        for told in one.told
    ) == sorted(coded)
    for over in found.codes:
        here = [(n, turn) for n, turn, code in coded if code == over.code.label]
        at = [{turn for n, turn in here if n == number} for number in (0, 1, 2)]
        answered = {
            asked[turn]
            for n in (0, 1, 2)
            for turn in at[n]
            if asked[turn] in versions.get(schedules[n], ())
        }
        for n, one in enumerate(over.interviews):
            before = any(at[:n])
            version = versions.get(schedules[n])
            if at[n]:
                was_coded = any(m < n for m, *_ in coded)
                expected = "again" if before else "only later" if was_coded else "told"
            elif not any(m == n for m, *_ in coded):
                expected = "not coded yet"
            elif version and answered and not answered & set(version):
                expected = "not asked"
            else:
                expected = "not again" if before else "not coded so"
            assert one.state == expected


SPEAKERS = {"I": "interviewer", "P": "jim"}


def _asked_and_answered(id: str, question: str) -> tuple[Turn, Turn]:
    return (
        Turn(id, "", "I", f"So. {question}", 1),
        Turn(str(int(id) + 1), "", "P", "Nowt, mostly.", 1),
    )


@given(st.sampled_from([*subjects.KINDS, "focused", ""]), st.text(max_size=12))
def test_whatever_a_memo_is_said_to_be_about_is_one_thing_or_told(kind, words):
    typed = f"{kind}: {words}".strip() if kind else words
    material = Material(
        interviews={"jim": Interview("jim", "jim", "", SPEAKERS, ())},
        memos=(Memo("m", "m", "M", "", "", "", (named_as(typed, NOWHERE),), ""),),
    )
    names = labels_of(material, (), {})
    meant = subjects.meanings(material.memos[0].about[0], material, names)
    assert bool(meant) != bool(memos.problems(material, names))
    assert {one.kind for one in meant} <= ({kind} if kind else {"memo", "participant", "interview"})
    if kind == "idea" and words.strip():
        assert meant == (subjects.Subject("idea", " ".join(words.split())),)


BOTH = """\
---
interview: eve-and-lee
date: 2026-04-12
speakers: {I: interviewer, E: eve, L: lee}
---

[1] I: How did it go on?

[2] E: She rang me of a Sunday.

[3] L: And me, she never.
"""


def test_an_incident_over_turns_is_of_each_who_speaks_in_it(twice):
    twice.write("data/transcripts/eve-and-lee.md", BOTH)
    twice.write(
        "data/initial-codes/eve-and-lee.yaml", "- turns: 2-3\n  codes: |\n    getting a ring\n"
    )
    assert twice.ok("check")
    for name in ("eve", "lee"):
        told = json.loads(twice.ok("case", name, "getting a ring", "--format", "json"))
        assert told["interviews"][-1]["told"] == [
            {
                "turn": "2-3",
                "words": "E: She rang me of a Sunday.\n\nL: And me, she never.",
                "codes": ["getting a ring"],
            }
        ]
        assert told["codes"][0]["interviews"][-1]["told"][0]["turn"] == "2-3"
    assert "2-3" not in twice.ok("case", "jim")
