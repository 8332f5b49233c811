"""One coding changed by command: its line changes, its note and every other byte stay."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gtpipe.commands import change_codes, change_coding
from gtpipe.commands.change_codes import ChangeRequest
from gtpipe.commands.change_coding import CodingNamed
from gtpipe.formats.code_line import write_line
from gtpipe.model.problems import UserError
from gtpipe.store import transaction
from gtpipe.store.layout import Study
from gtpipe.study import load

JIM = "data/initial-codes/jim.yaml"


def test_one_coding_is_moved_to_another_code_with_its_note_and_nothing_else_changes(analysed):
    analysed.ok(
        "code",
        "jim",
        "2",
        "noticing the pay",
        "--words",
        "around the ward",
        "--note",
        "paid to walk?",
    )
    before = {
        path: analysed.read(path)
        for path in (
            "data/codebook.yaml",
            "data/focused-codes.yaml",
            JIM,
            "data/initial-codes/eve.yaml",
        )
    }
    out = analysed.ok(
        "codes",
        "recode",
        "jim",
        "2",
        "noticing the pay",
        "minding the walk",
        "--why",
        "no money here",
    )
    assert out == (
        f'{JIM}:15: turn 2 (PM): "noticing the pay" is "minding the walk" now\n"minding the walk" '
        "is a new code\n"
    )
    after = before[JIM].replace(
        '    noticing the pay <- "around the ward"\n', '    minding the walk <- "around the ward"\n'
    )
    assert after != before[JIM] and {path: analysed.read(path) for path in before} == {
        **before,
        JIM: after,
    }
    logged = json.loads(analysed.read("data/log.jsonl").splitlines()[-1])
    assert (logged["command"], logged["why"]) == (
        "codes recode jim 2 'noticing the pay' 'minding the walk'",
        "no money here",
    )


def test_a_coding_moved_to_a_code_that_stands_there_keeps_both_notes(coded):
    coded.ok("code", "jim", "4", "minding the hours", "--note", "four on the dot")
    coded.ok("code", "jim", "4", "watching the door", "--note", "he looks up")
    out = coded.ok("codes", "recode", "jim", "4", "watching the door", "minding the hours")
    assert "1 application fell together with one that stood there: jim 4 (PM)" in out
    assert "    minding the hours\n      four on the dot\n      he looks up\n" in coded.read(JIM)


def test_which_coding_is_asked_where_several_may_be_meant(coded):
    coded.ok("code", "jim", "2", "drifting", "--words", "around the ward")
    coded.ok("code", "jim", "2", "drifting")
    coded.ok("code", "jim", "2", "drifting", "--by", "KR")
    before = coded.hashes()
    ran = coded("codes", "recode", "jim", "2", "drifting", "wandering", "--coder", "PM")
    assert ran.code == 1 and ran.err == (
        f'{JIM}:15: "drifting" stands 2 times at turn 2 of jim by PM, here for "around the ward". '
        "If it is this one: --words 'around the ward'.\n"
        f'{JIM}:16: "drifting" stands 2 times at turn 2 of jim by PM, here for the whole turn. If '
        "it is this one: --words ''.\n"
    )
    ran = coded("codes", "recode", "jim", "2", "drifting", "wandering", "--words", "")
    assert "If it is this one: --coder PM" in ran.err and "If it is this one: --coder KR" in ran.err
    assert (
        'Turn 4 of jim is not coded "noticing pay". Did you mean "noticing the pay"?'
        in coded("codes", "loosen", "jim", "4", "noticing pay").err
    )
    assert coded.hashes() == before
    coded.ok("codes", "recode", "jim", "2", "drifting", "wandering", "--words", "", "--coder", "KR")
    coded.ok("codes", "recode", "jim", "2", "drifting", "wandering", "--words", "around  the ward")
    assert "    wandering\n" in coded.read("data/initial-codes/jim.KR.yaml")
    assert '    wandering <- "around the ward"\n    drifting\n' in coded.read(JIM)
    assert "around the ward" not in coded.read("data/log.jsonl").splitlines()[-1].replace(
        "meeting around the ward", ""
    )


def test_two_coders_who_tied_a_code_to_other_words_are_told_apart_by_the_words(coded):
    coded.ok("code", "jim", "2", "drifting", "--words", "around the ward")
    coded.ok("code", "jim", "2", "drifting", "--words", "I met him", "--by", "KR")
    ran = coded("codes", "recode", "jim", "2", "drifting", "wandering")
    assert ran.code == 1 and [line.partition("If ")[2] for line in ran.err.splitlines()] == [
        "it is this one: --words 'I met him'.",
        "it is this one: --words 'around the ward'.",
    ]


def test_a_turn_named_without_words_is_the_incident_of_the_whole_turn(coded):
    before = coded.read(JIM)
    coded.ok("code", "jim", "2", "drifting", "--words", "around the ward")
    tied = coded.read(JIM)
    coded.ok("code", "jim", "2", "drifting")
    coded.ok("codes", "drop", "drifting", "--at", "jim 2", "--why", "twice")
    assert '    drifting <- "around the ward"\n' in coded.read(JIM) and tied != before
    assert "\n    drifting\n" not in coded.read(JIM)


def test_a_coding_is_tied_to_words_and_loosened(coded):
    before = coded.read(JIM)
    out = coded.ok("codes", "tie", "jim", "2", "meeting around the ward", "I met  him")
    assert out == f'{JIM}:12: turn 2 (PM): "meeting around the ward" is tied to "I met him"\n'
    assert coded.read(JIM) == before.replace(
        "    meeting around the ward\n", '    meeting around the ward <- "I met him"\n'
    )
    assert "I met" not in coded.read("data/log.jsonl").splitlines()[-1]
    coded.ok("codes", "tie", "jim", "2", "meeting around the ward", "around the ward")
    assert '    meeting around the ward <- "around the ward"\n' in coded.read(JIM)
    coded.ok("codes", "loosen", "jim", "2", "meeting around the ward")
    assert coded.read(JIM) == before
    coded.ok("codes", "loosen", "jim", "2", "it went from there")
    assert "    it went from there\n      passive? ask again\n" in coded.read(JIM)
    coded.ok("codes", "tie", "jim", "2", "it went from there", "it went from there")
    assert coded.read(JIM) == before
    for typed, told in (
        (["tie", "jim", "2", "it went from there", "went home"], "Turn 2 of jim does not contain"),
        (
            ["tie", "jim", "2", "it went from there", "it went from there"],
            "is tied to these words already",
        ),
        (["loosen", "jim", "4", "noticing the pay"], "is tied to no words"),
    ):
        ran = coded("codes", *typed)
        assert ran.code == 1 and told in ran.err
    assert coded.read(JIM) == before


def test_one_coding_is_taken_out_and_the_code_stays(analysed):
    analysed.ok(
        "code",
        "jim",
        "2",
        "noticing the pay",
        "--words",
        "around the ward",
        "--note",
        "paid to walk?",
    )
    before = analysed.read(JIM)
    out = analysed.ok(
        "codes",
        "drop",
        "noticing the pay",
        "--at",
        'jim 2 "around the ward"',
        "--why",
        "it is the walk",
    )
    assert (
        out
        == f'{JIM}:15: turn 2 (PM): "noticing the pay" taken out\n1 note stays there as a comment\n'
    )
    assert analysed.read(JIM) == before.replace(
        '    noticing the pay <- "around the ward"\n      paid to walk?\n',
        '# dropped: it is the walk\n#     noticing the pay <- "around the ward"\n#       paid to '
        "walk?\n",
    )
    assert analysed("codes", "drop", "noticing the pay", "--at", "jim 4").code == 2
    assert analysed("codes", "drop", "noticing the pay", "--coder", "PM", "--why", "x").code == 2
    assert (
        "names no incident"
        in analysed("codes", "drop", "noticing the pay", "--at", "jim", "--why", "x").err
    )
    assert analysed("check").code == 0


def test_a_focused_code_beside_a_turn_is_moved_to_a_focused_code(analysed):
    sheet = analysed.read(JIM).replace(
        "  codes: |\n", "  focused: |\n    easy beginnings\n      on foot\n  codes: |\n", 1
    )
    analysed.write(JIM, sheet)
    analysed.ok("codes", "recode", "jim", "2", "easy beginnings", "minding the money")
    assert analysed.read(JIM) == sheet.replace("    easy beginnings\n", "    minding the money\n")
    ran = analysed("codes", "recode", "jim", "2", "minding the money", "initial: noticing the pay")
    assert (
        ran.code == 1
        and 'is a focused code here, and "noticing the pay" would be a code' in ran.err
    )


def test_all_notes_stand_in_one_table(analysed):
    analysed.ok(
        "code",
        "jim",
        "4",
        "minding the hours",
        "--by",
        "KR",
        "--note",
        "four on the dot\nask again",
    )
    rows = list(csv.reader(io.StringIO(analysed.ok("codes", "notes", "--format", "csv"))))
    assert rows == [
        ["interview", "turn", "participant", "coder", "code", "stretch", "note", "place"],
        [
            "jim",
            "2",
            "jim",
            "PM",
            "it went from there",
            "it went from there",
            "passive? ask again",
            f"{JIM}:13",
        ],
        [
            "jim",
            "4",
            "jim",
            "KR",
            "minding the hours",
            "",
            "four on the dot\nask again",
            "data/initial-codes/jim.KR.yaml:22",
        ],
    ]
    assert [
        row["code"]
        for row in json.loads(
            analysed.ok("codes", "notes", "minding the hours", "--format", "json")
        )
    ] == ["minding the hours"]
    assert (
        "passive? ask again" in analysed.ok("codes", "notes")
        and analysed("codes", "notes", "noticing the pay").err == 'No note on "noticing the pay".\n'
    )


LABELS = [
    "noticing the pay",
    "why: because",
    "# hope",
    "it's fine <- or not",
    "- dash",
    "naïve",
    '"quoted"',
    "words",
    "number 2",
]
NOTES = [
    "",
    "      one thought\n",
    "      one thought\n\n        - set in\n      # no comment\n",
    "    \ttabbed <- hm\n",
]


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_any_coding_is_moved_tied_loosened_or_taken_out_alone(data):
    """In a sheet with any labels, notes, comments and blank lines, one line changes, or goes with
    its note into comments.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "data/initial-codes").mkdir(parents=True)
        (root / "data/transcripts").mkdir()
        (root / "pipeline.yaml").write_text("study: x\nresearchers:\n  PM: Pat\n")
        (root / "data/participants.csv").write_text("participant\njim\n")
        (root / "data/transcripts/jim.md").write_text(
            "---\nspeakers: {I: interviewer, P: jim}\ndate: 2026-03-02\n---\n\n"
            + "".join(f"[{n}] P: words number {n} here\n\n" for n in (1, 2, 3))
        )
        newline = data.draw(st.sampled_from(["\n", "\r\n"]))
        text = "# mine\n"
        for turn in (1, 2, 3):
            text += f"\n# before {turn}\n- turn: {turn}\n  codes: |\n"
            for label in data.draw(
                st.lists(st.sampled_from(LABELS), unique=True, min_size=turn == 2, max_size=3)
            ):
                words = data.draw(st.sampled_from([None, "words", "here"]))
                text += (
                    f"    {write_line(label, words)}{data.draw(st.sampled_from(['', '  ']))}\n"
                    + data.draw(st.sampled_from(NOTES))
                )
        text = text.rstrip("\n") + data.draw(
            st.sampled_from(["", "\n", "\n\n\n", "\n# the end\n", "\n# the end"])
        )
        sheet = root / JIM
        sheet.write_bytes(text.replace("\n", newline).encode())
        study = Study(root)
        read = load(study)
        assert not read.errors()
        coding = data.draw(st.sampled_from([one for one in read.codings if one.turn == "2"]))
        which = CodingNamed("jim", "2", coding.typed)
        lines = sheet.read_bytes().split(b"\n")
        act = data.draw(st.sampled_from(["recode", "drop", "tie", "loosen"]))
        if act == "recode":
            change_coding.recode(study, which, "another: one", ChangeRequest())
            expected = coding._replace(code="another: one", typed="another: one", in_vivo=False)
        elif act == "drop":
            change_coding.drop(study, coding.typed, "jim 2", "", ChangeRequest(why="w"))
            expected = None
        elif act == "tie":
            change_coding.tie(study, which, "number 2", ChangeRequest())
            expected = coding._replace(words="number 2", span=(6, 14))
        elif coding.span is not None:
            change_coding.loosen(study, which, ChangeRequest())
            expected = coding._replace(words=None, span=None)
        else:
            return
        after = sheet.read_bytes().split(b"\n")
        now = [one[:-1] for one in load(study).codings]
        assert now == [
            (expected if one == coding else one)[:-1]
            for one in read.codings
            if one != coding or expected
        ]
        at = coding.where.line - 1
        if expected is not None:
            assert len(after) == len(lines) and [
                n for n in range(len(lines)) if after[n] != lines[n]
            ] == [at]
            return
        kept = [line for line in after if line not in lines]
        came = {line.decode().removeprefix("# ").strip() for line in kept}
        gone = [line for line in lines if line not in after]
        assert (
            all(line.decode().strip() in came for line in gone)
            if coding.note
            else gone in ([], [lines[at]])
        )
        assert all(line.startswith(b"#") for line in kept)
        assert sum(not line.strip() for line in after) == sum(not line.strip() for line in lines)


@pytest.mark.parametrize("lost", ["      passive? ask again\n", "# [3] I: And then?\n"])
def test_a_plan_in_which_a_note_or_a_comment_is_lost_is_not_made(coded, lost):
    """Whatever an edit does, its result is read back and held against what stood there."""
    study = Study(coded.root)
    plan = change_codes.open_plan(study, ChangeRequest())
    plan.texts[JIM] = coded.read(JIM).replace(lost, "")
    with (
        pytest.raises(UserError, match=r"notes and comments cannot be kept: `.*` would be gone"),
        transaction.change(study) as change,
    ):
        change_codes.finish(change, plan, ChangeRequest())


@pytest.mark.parametrize(
    ("path", "old", "new", "wrong"),
    [
        (JIM, "    noticing the pay\n", "", "the applications cannot be changed"),
        (JIM, "noticing the pay\n", "noticing the money\n", "the applications cannot be changed"),
        (
            "data/codebook.yaml",
            "outside any appointment",
            "by appointment",
            'the entry of "meeting around the ward" cannot be changed',
        ),
        (
            "data/focused-codes.yaml",
            '    eve 2 "She just sat down"\n',
            "",
            'the entry of "easy beginnings" cannot be changed',
        ),
    ],
)
def test_a_plan_that_changes_more_than_it_says_is_not_made(analysed, path, old, new, wrong):
    """Every coding and all that was written of a code is held against what stood there."""
    study, before = Study(analysed.root), analysed.read(path)
    assert old in before
    plan = change_codes.open_plan(study, ChangeRequest())
    plan.texts[path] = before.replace(old, new, 1)
    with pytest.raises(UserError, match=wrong), transaction.change(study) as change:
        change_codes.finish(change, plan, ChangeRequest())
    assert analysed.read(path) == before


def test_a_plan_in_which_one_of_two_equal_codings_is_lost_is_not_made(coded):
    """The code stands at the turn all the same, but what a person wrote twice is there once."""
    sheet = coded.read(JIM)
    coded.write(JIM, sheet.replace("    noticing the pay\n", "    noticing the pay\n" * 2))
    study = Study(coded.root)
    plan = change_codes.open_plan(study, ChangeRequest())
    plan.texts[JIM] = sheet
    with (
        pytest.raises(UserError, match="the applications cannot be changed"),
        transaction.change(study) as change,
    ):
        change_codes.finish(change, plan, ChangeRequest())


def test_a_code_whose_words_are_lost_is_still_a_code_and_a_command_says_where_to_mend_it(analysed):
    path, lost = "data/initial-codes/jim.yaml", '    lost one <- "no such words"'
    sheet = analysed.read(path).replace("    meeting around the ward\n", f"{lost}\n")
    analysed.write(path, sheet)
    number = sheet.split("\n").index(lost) + 1
    ran = analysed("codes", "tie", "jim", "2", "lost one", "it went from there")
    assert ran.code == 1 and ran.err == (
        f'{path}:{number}: "lost one" is tied to "no such words", which does not stand in turn 2 '
        "of jim. Write words of the turn in this line, or take the tie out.\n"
    )
    analysed.write(
        "data/focused-codes.yaml", "- focused: f\n  because: b\n  takes-up: |\n    lost one\n"
    )
    assert 'takes up "lost one"' not in analysed("check").out


def test_an_interview_whose_sheet_cannot_be_read_is_not_called_uncoded(coded):
    coded.write("data/initial-codes/jim.yaml", "- turn: 2\n\tcodes: |\n")
    assert "came in while jim was uncoded" not in coded("status").out


def test_a_code_that_another_coder_gave_is_not_said_to_have_lost_its_words(analysed):
    ran = analysed("codes", "loosen", "jim", "2", "it went from there", "--coder", "KR")
    assert ran.code == 1 and 'Turn 2 of jim is not coded "it went from there" by KR' in ran.err
