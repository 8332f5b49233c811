"""`gtpipe compare`: one code, two against each other, what
came last beside what was there, and comparison memos.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys

import hypothesis.strategies as st
import pytest
from conftest import MEMO, StudyFolder, copied, hashes
from hypothesis import given

from gtpipe.analysis import comparison, groups
from gtpipe.analysis.incidents import views as views_of
from gtpipe.model.codings import Codings
from gtpipe.model.level import INITIAL, CodeRef
from gtpipe.model.records import Coding, IncidentKey, Interview, Material, Participant, Turn, Where

ANN = """\
I: How did it begin?

P: By letter. Then he rang, and it went from there.

I: And the money?

P: I never asked. None of my business, the pay.
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A place for what is made once and copied for each test."""
    return tmp_path_factory.mktemp("kept") / "study"


@pytest.fixture
def three(request, kept, tmp_path, capsys, monkeypatch):
    """A third interview, coded by two; who comes from where."""
    if kept.exists():
        return StudyFolder(copied(kept, tmp_path / "study"), capsys, monkeypatch)
    study = request.getfixturevalue("analysed")
    study.write("in/ann.txt", ANN)
    study.ok("ingest", "in/ann.txt", "--date", "2026-03-16")
    study.write(
        "data/participants.csv", "participant,age,setting\njim,61,ward\neve,34,home\nann,60,ward\n"
    )
    study.ok("initial-code")
    study.ok("code", "ann", "2", "it went from there", "--words", "it went from there")
    study.ok("code", "ann", "2", "meeting around the ward")
    study.ok("code", "ann", "4", "noticing the pay", "--words", "the pay")
    study.ok("code", "ann", "4", "keeping out of it", "--words", "None of my business, the pay")
    study.ok(
        "code",
        "ann",
        "4",
        "noticing the pay",
        "--words",
        "the pay",
        "--by",
        "KR",
        "--note",
        "or not noticing",
    )
    study.ok("focused", "keep", "--all", "--why", "read beside the others")
    study.ok("run")
    copied(study.root, kept)
    return study


# --- one thing ------------------------------------------------------------------------------------


def test_a_code_shows_its_incidents_and_at_the_end_the_memos_and_comments_about_it(three):
    three.ok("comments", "add", "noticing the pay", "Is silence noticing?", "--by", "KR")
    three.ok("comments", "add", 'eve 4 "She goes home at five"', "This is about time.")
    assert (
        three.ok("compare", "noticing the pay")
        == """\
noticing the pay
No definition yet.
3 incidents. Participants: ann, eve, jim. Interviews: jim, eve, ann.

jim · 2026-03-02
jim 4 · PM
  I: And then?
  P: A bit. It was, like, a *bit* [pause 3s] awkward.

  Him being paid and that. <laughs>

eve · 2026-03-09
eve 4 · PM
  I: And now?
  P: She goes home at five. I don't.
    memo: Paid to be nice (2026-03-21-paid-to-be-nice)
    comment (PM): This is about time.

ann · 2026-03-16
ann 4 · KR, PM
  I: And the money?
  P: I never asked. None of my business, the pay.
    words: the pay
    also coded here: keeping out of it
    note (KR): or not noticing

Memos
  Paid to be nice (comparison, PM): 2026-03-21-paid-to-be-nice

Comments
  KR: Is silence noticing?
    answer: none yet
"""
    )


def test_a_category_shows_its_incidents_by_focused_code_and_what_does_not_fit(three):
    assert (
        three.ok("compare", "becoming believable")
        == """\
becoming believable · category
how a paid stranger comes to be believed
5 incidents. Participants: ann, eve, jim. Interviews: jim, eve, ann.

easy beginnings
3 incidents. Participants: ann, eve, jim. Interviews: jim, eve, ann.

jim · 2026-03-02
jim 2 · PM
  I: So how did you get started?
  P: Well, er, I met him around the ward (laugh)
  and it went from there.
  I: And then?
    through: "meeting around the ward"
    also coded here: it went from there

eve · 2026-03-09
eve 2 · 00:12 · PM
  I: How did you meet?
  P: She just sat down. No form, nothing.
  I: And now?
    words: She just sat down
    through: "meeting around the ward", named by hand

ann · 2026-03-16
ann 2 · PM
  I: How did it begin?
  P: By letter. Then he rang, and it went from there.
  I: And the money?
    through: "meeting around the ward"
    also coded here: it went from there

minding the money · in the subcategory keeping hours
2 incidents. Participants: ann, jim. Interviews: jim, ann.

jim · 2026-03-02
jim 4 · PM
  I: And then?
  P: A bit. It was, like, a *bit* [pause 3s] awkward.

  Him being paid and that. <laughs>
    through: "noticing the pay"

ann · 2026-03-16
ann 4 · KR, PM
  I: And the money?
  P: I never asked. None of my business, the pay.
    words: the pay
    through: "noticing the pay"
    also coded here: keeping out of it
    note (KR): or not noticing

Does not fit

eve 4
  I: And now?
  P: She goes home at five. I don't.
    words: She goes home at five
    also coded here: noticing the pay
    memo: Paid to be nice (2026-03-21-paid-to-be-nice)
    led to: qualified
    note (PM): belief has hours

jim 4
  I: And then?
  P: A bit. It was, like, a *bit* [pause 3s] awkward.

  Him being paid and that. <laughs>
    also coded here: noticing the pay
    does not fit: "easy beginnings"

Memos
  Paid to be nice (comparison, PM): 2026-03-21-paid-to-be-nice
"""
    )


def test_where_nothing_is_recorded_it_says_who_looked_and_never_none(three):
    assert "Does not fit\n  No negative case recorded (PM looked on 2026-04-02).\n" in three.ok(
        "compare", "keeping hours"
    )
    assert "Does not fit\n  No negative case recorded, and no search for one.\n" in three.ok(
        "compare", "minding the money"
    )
    assert "Does not fit" not in three.ok("compare", "noticing the pay")


def test_a_negative_case_of_an_initial_code_is_shown_wherever_it_stands(three):
    theory = three.read("data/theory.yaml")
    case = "- incident: jim 4\n  contradicts: it went from there\n  led-to: left\n"
    three.write("data/theory.yaml", theory.replace("negative-cases:\n", "negative-cases:\n" + case))
    assert "Does not fit\n\njim 4\n" in three.ok("compare", "it went from there")


def test_a_label_on_two_levels_means_the_higher_and_says_so(three):
    three.ok("code", "eve", "4", "minding the money")
    ran = three("compare", "minding the money")
    assert ran.out.startswith("minding the money · focused code\n")
    assert (
        ran.err
        == "note: \"minding the money\" is also a code: 'initial: minding the money' means that "
        "one\n"
    )
    lower = three("compare", "initial: minding the money")
    assert (lower.out.splitlines()[0], lower.err) == ("minding the money", "")


def test_a_focused_code_that_stands_beside_a_turn_of_another_interview_goes_before_the_initial_code(
    three,
):
    sheet = three.read("data/initial-codes/eve.yaml")
    three.write(
        "data/initial-codes/eve.yaml",
        sheet.replace(
            "    noticing the pay\n", "    noticing the pay\n  focused: |\n    it went from there\n"
        ),
    )
    assert three.ok("compare", "it went from there").startswith(
        "it went from there · focused code\n"
    )


def test_an_old_label_leads_on_and_is_told(three):
    three.ok(
        "codes", "rename", "noticing the pay", "minding the pay", "--why", "it is more than seeing"
    )
    ran = three("compare", "noticing the pay")
    assert (
        ran.out.startswith("minding the pay\n")
        and ran.err == 'note: "noticing the pay" is called "minding the pay" now\n'
    )


def test_looking_writes_nothing(three):
    before = hashes(three.root)
    for arguments in (("easy beginnings",), ("noticing the pay", "keeping out of it"), ("--new",)):
        three.ok("compare", *arguments)
    assert hashes(three.root) == before


# --- two ------------------------------------------------------------------------------------------


def test_two_codes_show_what_they_share_and_what_only_one_holds(three):
    assert (
        three.ok("compare", "noticing the pay", "keeping out of it")
        == """\
noticing the pay
No definition yet.
3 incidents. Participants: ann, eve, jim. Interviews: jim, eve, ann.

keeping out of it
No definition yet.
1 incident. Participants: ann. Interviews: ann.

Participants with both: ann
coded "noticing the pay", not coded "keeping out of it": eve, jim
coded "keeping out of it", not coded "noticing the pay": nobody

Both
Shared is where both stand in one turn and their words overlap; a whole turn overlaps each of its \
stretches.
1 turn: 1 incident of "noticing the pay", 1 of "keeping out of it". Participants: ann.

ann · 2026-03-16
ann 4 · KR, PM
  I: And the money?
  P: I never asked. None of my business, the pay.
    "noticing the pay": the pay
    note (KR): or not noticing
    "keeping out of it": None of my business, the pay

Only "noticing the pay"
2 incidents. Participants: eve, jim. Interviews: jim, eve.

jim · 2026-03-02
jim 4 · PM
  I: And then?
  P: A bit. It was, like, a *bit* [pause 3s] awkward.

  Him being paid and that. <laughs>

eve · 2026-03-09
eve 4 · PM
  I: And now?
  P: She goes home at five. I don't.
    memo: Paid to be nice (2026-03-21-paid-to-be-nice)

Only "keeping out of it"
No incident yet.
"""
    )


def test_side_by_side_as_csv_names_each_incident_once_with_where_it_stands(three):
    rows = list(
        csv.DictReader(
            io.StringIO(
                three.ok(
                    "compare", "it went from there", "meeting around the ward", "--format", "csv"
                )
            )
        )
    )
    assert [
        (row["where"], row["codes"], row["interview"], row["turn"], row["words"], row["beside"])
        for row in rows
    ] == [
        ("both", "it went from there", "jim", "2", "it went from there", ""),
        ("both", "meeting around the ward", "jim", "2", "", ""),
        ("both", "it went from there", "ann", "2", "it went from there", ""),
        ("both", "meeting around the ward", "ann", "2", "", ""),
        ("meeting around the ward", "meeting around the ward", "eve", "2", "She just sat down", ""),
    ]
    same = json.loads(
        three.ok("compare", "noticing the pay", "minding the money", "--format", "json")
    )
    assert [(row["where"], row["codes"], row["interview"]) for row in same] == [
        ("both", ["noticing the pay", "minding the money"], name) for name in ("jim", "eve", "ann")
    ]


def test_what_cannot_be_set_side_by_side_is_refused_in_words(three):
    three.ok("codes", "rename", "keeping out of it", "none of my business", "--why", "hers")
    assert three("compare", "none of my business", "keeping out of it").err == (
        'gtpipe: none of my business and keeping out of it: both are the code "none of my '
        'business"; name two\n'
    )
    assert three("compare", "a", "b", "c").code == 2
    assert (
        three("compare", "noticing the pay", "keeping out of it", "--by", "age").err
        == "gtpipe: --by goes with one code, or with --new\n"
    )
    assert three("compare").code == 2
    ran = three("compare", "noticing the day", "kepin hours")
    assert (
        ran.code == 1
        and ran.out == ""
        and ran.err
        == (
            'No code or category "noticing the day" in this study. Did you mean '
            '"noticing the pay"?\n'
            'No code or category "kepin hours" in this study. Did you mean "keeping '
            'hours"?\n'
        )
    )


def _on_terminal(study, columns: int, *arguments: str) -> list[str]:
    """What a terminal of so many columns is shown, without its colours."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    env = {**os.environ, "COLUMNS": str(columns), "LINES": "50", "TERM": "xterm"}
    with subprocess.Popen(
        [sys.executable, "-m", "gtpipe", *arguments],
        cwd=study.root,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:  # how Linux says that the other side is closed
            pass
    os.close(ours)
    assert process.returncode == 0
    return [line.rstrip() for line in re.sub("\x1b\\[[0-9;]*m", "", shown.decode()).splitlines()]


def test_a_wide_terminal_has_two_columns_and_a_narrow_one_has_one_and_words_come_out_as_typed(
    three,
):
    wide = _on_terminal(three, 100, "compare", "noticing the pay", "meeting around the ward")
    two = wide[
        wide.index('Only "noticing the pay"' + " " * 27 + 'Only "meeting around the ward"') :
    ]
    assert two[4:9] == [
        "jim · 2026-03-02                                  jim · 2026-03-02",
        "jim 4 · PM                                        jim 2 · PM",
        "  I: And then?                                      I: So how did you get started?",
        "  P: A bit. It was, like, a *bit* [pause 3s]        P: Well, er, I met him around the "
        "ward (laugh)",
        "  awkward.                                          and it went from there.",
    ]
    narrow = _on_terminal(three, 80, "compare", "noticing the pay", "meeting around the ward")
    assert (
        "  P: A bit. It was, like, a *bit* [pause 3s] awkward." in narrow
        and 'Only "noticing the pay"' in narrow
    )


SPAN = st.one_of(
    st.none(),
    st.tuples(st.integers(0, 8), st.integers(1, 4)).map(lambda one: (one[0], one[0] + one[1])),
)
CODING = st.tuples(
    st.sampled_from(["one", "two"]),
    st.integers(0, 3),
    SPAN,
    st.sampled_from("ab"),
    st.sampled_from(["AB", "KR"]),
)


def _study(given_codes):
    """Two interviews of four turns by two participants each, and the codings in study order."""
    turns = tuple(
        Turn(str(number), "", "PQ"[number % 2], "one two three", number) for number in range(4)
    )
    interviews = {
        name: Interview(name, f"{name}.md", day, {"P": "pia", "Q": name}, turns)
        for name, day in (("one", "2026-01-01"), ("two", "2026-01-02"))
    }
    people = {
        name: Participant(name, (("age", age),), Where("", 1))
        for name, age in (("pia", "30"), ("one", "40"), ("two", ""))
    }
    codings = [
        Coding(
            name,
            str(turn),
            interviews[name].participant(turns[turn]),
            coder,
            INITIAL,
            code,
            code,
            None if span is None else "one two three"[slice(*span)],
            span,
            "",
            False,
            where=Where("", 1),
        )
        for name, turn, span, code, coder in given_codes
    ]
    material = Material(interviews=interviews, participants=people)
    codings.sort(key=lambda one: (material.order[one.interview], int(one.turn)))
    return material, tuple(codings)


@given(st.lists(CODING, max_size=25))
def test_shared_and_not_shared_incidents_are_those_a_plain_loop_finds(given_codes):
    material, codings = _study(given_codes)
    columns = Codings.of(codings)
    sides = {
        code: views_of(columns.places_of(CodeRef(INITIAL, code)), material, columns)
        for code in "ab"
    }
    found = comparison.side_by_side(sides["a"], sides["b"], material.interviews)
    shared: dict[str, set] = {"a": set(), "b": set()}
    everything: dict[str, set] = {"a": set(), "b": set()}
    letters = lambda one: set(range(13)) if one.span is None else set(range(*one.span))  # noqa: E731
    for one in codings:
        everything[one.code].add(one.incident)
        for other in codings:
            if (
                one.code != other.code
                and one.incident[:2] == other.incident[:2]
                and letters(one) & letters(other)
            ):
                shared[one.code].add(one.incident)
    place = lambda view: IncidentKey(view.interview, view.turn, view.span)  # noqa: E731
    for code, of_both, alone in (
        ("a", [v for t in found.both for v in t.ours], found.ours),
        ("b", [v for t in found.both for v in t.theirs], found.theirs),
    ):
        assert sorted(map(repr, map(place, of_both))) == sorted(map(repr, shared[code]))
        assert sorted(map(repr, map(place, alone))) == sorted(
            map(repr, everything[code] - shared[code])
        )
    turns = [(turn.ours[0].interview, turn.ours[0].turn) for turn in found.both]
    assert turns == sorted(set(turns))


# --- what came last -------------------------------------------------------------------------------


def test_what_came_last_stands_turn_by_turn_beside_earlier_incidents(three):
    """The words of a turn are printed once, whatever number of codes it has."""
    assert (
        three.ok("compare", "--new")
        == """\
ann · 2026-03-16
Each turn with its codes, and earlier incidents of them: other participants before the same, then \
in study order.

ann 2 · PM
  I: How did it begin?
  P: By letter. Then he rang, and it went from there.
    the whole turn: meeting around the ward
    "it went from there": it went from there
    jim 2
      I: So how did you get started?
      P: Well, er, I met him around the ward (laugh)
      and it went from there.
        the whole turn: meeting around the ward
        "it went from there": it went from there

    eve 2 · 00:12
      I: How did you meet?
      P: She just sat down. No form, nothing.
        "She just sat down": meeting around the ward

ann 4 · KR, PM
  I: And the money?
  P: I never asked. None of my business, the pay.
    "None of my business, the pay" (PM): keeping out of it
    "the pay" (KR, PM): noticing the pay
      note (KR): or not noticing
    First incident of: keeping out of it
    jim 4
      I: And then?
      P: A bit. It was, like, a *bit* [pause 3s] awkward.

      Him being paid and that. <laughs>
        the whole turn: noticing the pay

    eve 4
      I: And now?
      P: She goes home at five. I don't.
        the whole turn: noticing the pay
"""
    )


def test_an_earlier_turn_that_is_printed_already_is_named_alone(three):
    three.ok("code", "ann", "4", "meeting around the ward", "--words", "I never asked")
    out = three.ok("compare", "--new")
    assert out.count("I met him around the ward") == out.count("By letter.") == 1
    assert "    jim 2 · words above\n        the whole turn: meeting around the ward\n" in out
    assert "    ann 2 · words above\n        the whole turn: meeting around the ward\n" in out


def test_participants_in_whom_the_attribute_differs_come_first_and_the_rest_is_counted(three):
    out = three.ok(
        "compare", "--new", "ann", "--by", "Setting", "--most", "1", "--incident", "ann 4"
    )
    assert out.splitlines()[1].startswith(
        "Each turn with its codes, and earlier incidents of them: participants of another setting "
    )
    assert re.findall(r"^ *(?:jim|eve|ann) \d.*$", out, re.M) == [
        "ann 4 · KR, PM · setting: ward",
        "    eve 4 · setting: home",
    ]
    assert out.endswith("    1 more: gtpipe compare 'noticing the pay'\n")


def test_earlier_ones_as_csv_have_a_row_each_and_a_new_code_one_row_without(three):
    rows = list(
        csv.DictReader(
            io.StringIO(three.ok("compare", "--new", "--by", "setting", "--format", "csv"))
        )
    )
    assert [
        (
            row["turn"],
            row["words"],
            row["codes"],
            row["first"],
            row["earlier-interview"],
            row["earlier-turn"],
            row["same-codes"],
        )
        for row in rows
    ] == [
        ("2", "", "meeting around the ward", "", "eve", "2", "meeting around the ward"),
        ("2", "", "meeting around the ward", "", "jim", "2", "meeting around the ward"),
        ("2", "it went from there", "it went from there", "", "jim", "2", "it went from there"),
        ("4", "None of my business, the pay", "keeping out of it", "keeping out of it", "", "", ""),
        ("4", "the pay", "noticing the pay", "", "eve", "4", "noticing the pay"),
        ("4", "the pay", "noticing the pay", "", "jim", "4", "noticing the pay"),
    ]


def test_what_is_new_asks_for_an_interview_and_an_attribute_that_are_there(three):
    assert (
        three("compare", "--new", "anne").err
        == 'No interview "anne" in this study. Did you mean "ann"?\n'
    )
    assert (
        three("compare", "--new", "--by", "aeg").err
        == 'No attribute "aeg". Did you mean "age"? There are age, setting. For another, add a '
        "column to data/participants.csv.\n"
    )
    assert three("compare", "--new", "--incident", "ann 3").err == (
        "data/transcripts/ann.md:12: no code stands at ann 3. `gtpipe code ann 3` shows the turn.\n"
    )
    assert (
        three("compare", "--new", "jim", "ann").code
        == three("compare", "--new", "jim", "--incident", "ann 2").code
        == 2
    )


def test_a_study_without_a_code_has_nothing_new(study):
    assert (
        study("compare", "--new").err
        == "data/initial-codes: nothing is coded yet. Code an interview first: `gtpipe code "
        "INTERVIEW`.\n"
    )
    assert (
        study("compare", "--new", "jim").err
        == "data/initial-codes: jim carries no code yet. `gtpipe code jim`.\n"
    )


@given(st.lists(CODING, max_size=25), st.sampled_from(["", "age"]), st.integers(1, 4))
def test_earlier_incidents_and_their_order_are_those_a_plain_loop_finds(
    given_codes, attribute, most
):
    material, codings = _study(given_codes)
    age = {"pia": "30", "one": "40", "two": ""} if attribute else {}
    value = groups.values(attribute, material)[1] if attribute else None
    order = lambda one: (one.interview, int(one.turn), one.span or (-1, -1))  # noqa: E731
    for name in ("one", "two"):
        expected = []
        for here in sorted(
            {one.incident for one in codings if one.interview == name},
            key=lambda i: (i[0], int(i[1]), i[2] or (-1, -1)),
        ):
            mine = [one for one in codings if one.incident == here]
            codes = list(dict.fromkeys(one.code for one in mine))
            earlier = {
                one.incident: one
                for one in codings
                if one.code in codes and order(one) < order(mine[0])
            }

            def unlike(one, who=mine[0].participant):
                if one.participant == who:
                    return 2
                return (
                    0
                    if age.get(who)
                    and age.get(one.participant)
                    and age[who] != age[one.participant]
                    else 1
                )

            ranked = sorted(earlier.values(), key=lambda one: (unlike(one), order(one)))
            shown = [
                (
                    one.incident,
                    sorted(
                        {other.code for other in codings if other.incident == one.incident}
                        & set(codes)
                    ),
                )
                for one in ranked[:most]
            ]
            first = [
                code
                for code in codes
                if not any(one.code == code for one in codings if order(one) < order(mine[0]))
            ]
            expected.append((here, sorted(codes), sorted(first), shown, max(0, len(ranked) - most)))
        found = [
            (
                (new.view.interview, new.view.turn, new.view.span),
                sorted(new.codes),
                sorted(new.first),
                [
                    ((one.view.interview, one.view.turn, one.view.span), sorted(one.codes))
                    for one in new.earlier
                ],
                new.more,
            )
            for new in comparison.newest(
                material, Codings.of(codings), name, value=value, most=most
            )
        ]
        assert found == expected


# --- comparison memos -----------------------------------------------------------------------------


def _made(study) -> str:
    ran = study(
        "compare",
        "--new",
        "ann",
        "--note",
        "Not asking",
        "--incident",
        'ann 4 "the pay"',
        "--with",
        "jim 4",
    )
    assert ran.code == 0 and ran.err == (
        'about ann 4 "the pay"; jim 4. Write in it what you see; their pages lead to it after '
        "the next `gtpipe run`.\n"
    )
    return ran.out.strip()


def test_a_comparison_memo_names_both_incidents(three):
    path = _made(three)
    assert re.sub(r"date: \S+", "date: DAY", three.read(path)) == (
        "---\ntitle: Not asking\ndate: DAY\nby: PM\nkind: comparison\nabout: |\n"
        '  ann 4 "the pay"\n  jim 4\n---\n\n'
    )
    assert three("check").code == 0


def test_the_pages_concerned_lead_to_a_comparison_memo_and_no_other_changes(three):
    before = dict(hashes(three.root / "data/derived"))
    name = _made(three).removeprefix("data/memos/").removesuffix(".md")
    assert f"  initial-code     stale: the memo {name} is new\n" in three.ok("status")
    three.ok("run")
    changed = {
        path for path, text in hashes(three.root / "data/derived").items() if before[path] != text
    }
    assert {re.sub("-[0-9a-f]{4}.md", "", path) for path in changed} == {
        "compare/noticing-the-pay",
        "compare/keeping-out-of-it",
        "compare/focused/minding-the-money",
        "compare/focused/easy-beginnings",
        "memos.md",
    }  # jim 4 does not fit easy beginnings
    page = next(
        three.read(f"data/derived/{path}")
        for path in changed
        if path.startswith("compare/noticing")
    )
    day = name[:10]
    assert page.count(f"- memo: {day} [Not asking](../../memos/{name}.md) (PM)\n") == 2
    assert (three.root / "data/derived/compare" / f"../../memos/{name}.md").exists()


def test_a_person_s_comparison_notes_survive_runs_and_change_no_page(three):
    path = _made(three)
    three.ok("run")
    three.write(path, three.read(path) + "Jim says it, Ann will not have it said.\n")
    before = hashes(three.root)
    assert "the memo " + path.removeprefix("data/memos/").removesuffix(
        ".md"
    ) + " changed" in three.ok("status")
    three.ok("run")
    assert hashes(three.root) == before


def test_a_memo_of_another_kind_is_on_no_page(three):
    three.write("data/memos/2026-03-21-paid-to-be-nice.md", MEMO.replace("comparison", "focused"))
    three.ok("run")
    assert not [
        path
        for path in (three.root / "data/derived/compare").rglob("*.md")
        if "Paid to be nice" in path.read_text()
    ]


def test_a_memo_about_two_codes_stands_at_the_top_of_both_pages(three):
    path = three.ok(
        "compare", "noticing the pay", "easy beginnings", "--note", "Pay [and] ease"
    ).strip()
    assert "about: |\n  noticing the pay\n  easy beginnings\n" in three.read(path)
    three.ok("run")
    link = f"[Pay \\[and\\] ease]({{}}memos/{path.removeprefix('data/memos/')}) (PM)\n"
    pages = {
        page.name[:-8]: page.read_text()
        for page in (three.root / "data/derived/compare").rglob("*.md")
    }
    assert (
        link.format("../../") in pages["noticing-the-pay"]
        and link.format("../../../") in pages["easy-beginnings"]
    )
    assert (
        "Memos that compare them\n  Paid to be nice (PM): 2026-03-21-paid-to-be-nice\n"
        "  Pay [and] ease (PM): " in three.ok("compare", "noticing the pay", "easy beginnings")
    )


def test_a_page_lists_a_memo_by_a_label_the_code_had(three):
    three.write(
        "data/memos/2026-03-21-paid-to-be-nice.md",
        MEMO.replace("  focused: easy beginnings\n  becoming believable\n", ""),
    )
    three.ok(
        "codes", "rename", "noticing the pay", "minding the pay", "--why", "it is more than seeing"
    )
    three.ok("run")
    page = next((three.root / "data/derived/compare").glob("minding-the-pay-*.md")).read_text()
    assert (
        "Comparison memos:\n\n- 2026-03-21 [Paid to be "
        "nice](../../memos/2026-03-21-paid-to-be-nice.md) (PM)\n" in page
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--new", "--note", "x", "--incident", "ann 2"), 2, "a comparison memo is about two"),
        (("noticing the pay", "--note", "x"), 2, "a comparison memo is about two"),
        (("--new", "--with", "jim 2"), 2, "--with belongs to --note"),
        (("noticing the pay", "--incident", "jim 2"), 2, "--incident goes with --new or --note"),
        (
            ("--new", "--note", "x", "--incident", "ann 2", "--with", "jim"),
            1,
            "`jim` names no incident",
        ),
        (("--new", "--note", "x", "--incident", "ann 2", "--with", "jim 9"), 1, "No turn 9 in jim"),
        (
            ("--new", "--note", "x", "--incident", "ann 2", "--with", 'jim 2 "It went"'),
            1,
            'Did you mean "it went"?',
        ),
        (("--new", "--note", "x", "--incident", "ann 2", "--with", "ann 2"), 1, "these are one"),
        (
            ("noticing the pay", "noticing the day", "--note", "x"),
            1,
            'Did you mean "noticing the pay"?',
        ),
    ],
)
def test_a_memo_that_cannot_be_made_is_refused_and_nothing_is_written(three, arguments, code, said):
    before = hashes(three.root)
    ran = three("compare", *arguments)
    assert (ran.code, ran.out) == (code, "") and said in ran.err
    assert hashes(three.root) == before
