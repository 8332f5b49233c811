"""Codes change by command: every application, every line a person wrote and every name elsewhere
comes through.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gtpipe.commands import change_codes, split_code
from gtpipe.commands.change_codes import ChangeRequest
from gtpipe.model.problems import UserError
from gtpipe.store.layout import Study
from gtpipe.study import load


def changed_lines(study, before: dict[str, str]) -> dict[str, list[str]]:
    """Path → lines that came (`+`) and went (`-`) since `before`, the log left out."""
    from difflib import ndiff

    found = {}
    for path in sorted({*before, *texts(study)}):
        old, new = before.get(path, "").split("\n"), texts(study).get(path, "").split("\n")
        lines = [line.rstrip() for line in ndiff(old, new) if line[0] in "+-" and line[1:].strip()]
        if lines:
            found[path] = lines
    return found


def texts(study) -> dict[str, str]:
    root = study.root
    return {
        path.relative_to(root).as_posix(): path.read_bytes().decode()
        for path in sorted(root.rglob("*"))
        if path.is_file()
        and path.suffix in (".yaml", ".md")
        and "derived" not in path.parts
        and ".gtpipe" not in path.parts
    }


def test_rename_changes_the_lines_with_the_label_and_nothing_else(analysed):
    before = texts(analysed)
    out = analysed.ok(
        "codes",
        "rename",
        "meeting around the ward",
        "meeting by chance",
        "--why",
        "nobody arranged it",
    )
    assert changed_lines(analysed, before) == {
        "data/codebook.yaml": [
            "- - code: meeting around the ward",
            "+ - code: meeting by chance",
            "+   was: |",
            "+     meeting around the ward",
        ],
        "data/focused-codes.yaml": ["-     meeting around the ward", "+     meeting by chance"],
        "data/initial-codes/eve.yaml": [
            '-     meeting around the ward <- "She just sat down"',
            '+     meeting by chance <- "She just sat down"',
        ],
        "data/initial-codes/jim.yaml": ["-     meeting around the ward", "+     meeting by chance"],
    }
    assert "2 applications renamed in 2 sheets" in out
    logged = json.loads(analysed.read("data/log.jsonl").splitlines()[-1])
    assert (logged["command"], logged["why"]) == (
        "codes rename 'meeting around the ward' 'meeting by chance'",
        "nobody arranged it",
    )
    assert analysed("check").code == 0


def test_a_code_in_vivo_keeps_its_stretch(analysed):
    analysed.write(
        "data/initial-codes/jim.yaml",
        analysed.read("data/initial-codes/jim.yaml").replace(
            "it went from there\n", "it went from there <-\n"
        ),
    )
    analysed.ok("codes", "rename", "it went from there", "letting it happen", "--why", "x")
    assert (
        '    letting it happen <- "it went from there"\n      passive? ask again\n'
        in analysed.read("data/initial-codes/jim.yaml")
    )


def test_a_focused_code_is_renamed_in_theory_and_memos_and_prose_is_told(analysed):
    analysed.write(
        "data/memos/2026-03-22-x.md",
        "---\ntitle: x\nabout: |\n  easy beginnings opens the way to becoming believable\n"
        "---\n\nEasy beginnings again.\n",
    )
    before = texts(analysed)
    ran = analysed("codes", "rename", "easy beginnings", "unarranged beginnings", "--why", "x")
    assert (
        ran.code == 0
        and "data/memos/2026-03-22-x.md:7: note: its prose names the old label" in ran.err
    )
    changed = changed_lines(analysed, before)
    assert changed["data/theory.yaml"] == [
        "-     easy beginnings",
        "+     unarranged beginnings",
        "- - from: easy beginnings",
        "+ - from: unarranged beginnings",
        "-     easy beginnings",
        "+     unarranged beginnings",
    ]
    assert changed["data/memos/2026-03-21-paid-to-be-nice.md"] == [
        "-   focused: easy beginnings",
        "+   focused: unarranged beginnings",
    ]
    assert changed["data/memos/2026-03-22-x.md"] == [
        "-   easy beginnings opens the way to becoming believable",
        "+   unarranged beginnings opens the way to becoming believable",
    ]
    assert analysed("check").code == 0


def test_a_label_on_two_levels_stays_the_one_that_was_meant(analysed):
    analysed.ok("codes", "rename", "noticing the pay", "minding the money", "--why", "x")
    memo = analysed.read("data/memos/2026-03-21-paid-to-be-nice.md")
    assert "  initial: minding the money\n" in memo
    ran = analysed("codes", "rename", "minding the money", "y", "--why", "x")
    assert (
        ran.code == 1 and "'initial: minding the money' or 'focused: minding the money'" in ran.err
    )
    analysed.ok("codes", "rename", "focused: minding the money", "keeping accounts", "--why", "x")
    assert "initial: minding the money" in analysed.read("data/memos/2026-03-21-paid-to-be-nice.md")
    assert analysed("check").code == 0


def test_renaming_to_a_label_in_use_is_refused_and_there_and_back_is_as_before(analysed):
    before = analysed.hashes()
    ran = analysed("codes", "rename", "noticing the pay", "meeting around the ward", "--why", "x")
    assert (
        ran.code == 1
        and "gtpipe codes merge 'noticing the pay' --into 'meeting around the ward'" in ran.err
    )
    ran = analysed("codes", "rename", "noticing the pai", "x", "--why", "x")
    assert ran.code == 1 and 'did you mean "noticing the pay"?' in ran.err.replace("Did", "did")
    assert analysed.hashes() == before
    analysed.ok("codes", "rename", "noticing the pay", "counting", "--why", "x")
    analysed.ok("codes", "rename", "counting", "noticing the pay", "--why", "x")
    assert "- code: noticing the pay\n  was: |\n    counting\n" in analysed.read(
        "data/codebook.yaml"
    )


def test_an_old_label_from_a_colleagues_branch_is_renamed_by_the_command_that_check_prints(
    analysed,
):
    analysed.ok("codes", "rename", "noticing the pay", "counting", "--why", "x")
    sheet = analysed.read("data/initial-codes/eve.yaml").replace(
        "    counting\n", "    noticing the pay\n"
    )
    analysed.write("data/initial-codes/eve.yaml", sheet)
    assert (
        "`gtpipe codes rename 'noticing the pay' counting --why \"…\"` writes"
        in analysed("check").out
    )
    before = texts(analysed)
    analysed.ok("codes", "rename", "noticing the pay", "counting", "--why", "x")
    assert changed_lines(analysed, before) == {
        "data/initial-codes/eve.yaml": ["-     noticing the pay", "+     counting"]
    }


def test_merge_brings_codes_of_all_coders_together_and_keeps_notes_and_definitions(analysed):
    analysed.ok("code", "jim", "4", "minding the hours", "--note", "the money?")
    analysed.ok("code", "jim", "4", "noticing the pay", "--by", "KR")
    analysed.ok("codes", "define", "minding the hours", "when it ends # not the last week")
    book = analysed.read("data/codebook.yaml").replace(
        "- code: minding the hours", "- code: minding the hours # mine"
    )
    analysed.write("data/codebook.yaml", book)
    ran = analysed(
        "codes",
        "merge",
        "noticing the pay",
        "minding the hours",
        "--into",
        "minding what it costs",
        "--why",
        "one thing",
    )
    assert (
        ran.code == 0
        and "1 application fell together with one that stood there: jim 4 (PM)" in ran.out
    )
    assert "    minding what it costs\n      the money?\n" in analysed.read(
        "data/initial-codes/jim.yaml"
    )
    assert "minding what it costs" in analysed.read("data/initial-codes/jim.KR.yaml")
    book = analysed.read("data/codebook.yaml")
    assert (
        '# merged into "minding what it costs"\n# - code: minding the hours # mine\n'
        "#   definition: " in book
    )
    assert (
        "- code: minding what it costs\n  merged-from: |\n    noticing the pay\n"
        "    minding the hours\n" in book
    )
    assert "    minding what it costs\n" in analysed.read("data/focused-codes.yaml")
    assert analysed("check").code == 0
    analysed.ok("code", "eve", "2", "noticing the pay")
    assert '"noticing the pay" counts under "minding what it costs"' in analysed("check").out


def test_a_list_that_holds_two_merged_codes_holds_the_one_they_became_once(analysed):
    pay, ward = "noticing the pay", "meeting around the ward"
    focused = analysed.read("data/focused-codes.yaml")
    both = focused.replace(f"    {ward}\n", f"    {ward}\n    it went from there\n    {pay}\n")
    analysed.write("data/focused-codes.yaml", both)
    analysed.ok("codes", "merge", pay, ward, "--into", ward, "--why", "one thing")
    assert analysed.read("data/focused-codes.yaml") == both.replace(f"    {pay}\n", "", 1).replace(
        f"    {pay}\n", f"    {ward}\n"
    )
    assert analysed("check").code == 0


def test_merging_focused_codes_brings_what_they_hold_together(analysed):
    analysed.ok("codes", "merge", "easy beginnings", "--into", "minding the money", "--why", "x")
    focused = analysed.read("data/focused-codes.yaml")
    assert '# merged into "minding the money"\n# - focused: easy beginnings\n' in focused
    assert (
        "  takes-up: |\n    noticing the pay\n    meeting around the ward\n"
        '  judged: |\n    jim 4\n    eve 4\n    jim 2\n    eve 2 "She just sat down"\n'
        '  incidents: |\n    eve 2 "She just sat down"\n' in focused
    )
    assert "  merged-from: |\n    easy beginnings\n" in focused
    assert analysed("check").code == 0


def test_merging_what_two_relations_say_in_one_sentence_is_refused(analysed):
    theory = analysed.read("data/theory.yaml").replace(
        "  kind: slows\n", "  kind: opens the way to\n"
    )
    analysed.write("data/theory.yaml", theory)
    before = analysed.hashes()
    ran = analysed("codes", "merge", "easy beginnings", "--into", "minding the money", "--why", "x")
    assert ran.code == 1 and "stands twice" in ran.err and "was not made" in ran.err
    assert analysed.hashes() == before


def test_drop_takes_the_code_out_and_what_needs_it_is_in_the_way(analysed):
    ran = analysed("codes", "drop", "focused: minding the money", "--why", "x")
    assert (
        ran.code == 1
        and '"minding the money" is needed here: "minding the money slows becoming believable" '
        "comes from it"
        in ran.err
    )
    before = texts(analysed)
    analysed.ok("codes", "drop", "noticing the pay", "--why", "my word, not theirs")
    changed = changed_lines(analysed, before)
    assert changed["data/initial-codes/jim.yaml"] == ["-     noticing the pay"]
    assert changed["data/focused-codes.yaml"] == [
        "-     noticing the pay",
        "-     jim 4",
        "-     eve 4",
    ]
    assert "noticing the pay" not in analysed.ok("codes", "list")
    assert analysed("check").code == 0


def test_park_and_unpark(analysed):
    analysed.ok("codes", "park", "it went from there", "--why", "one of Jim's phrases")
    assert "- code: it went from there\n  parked: one of Jim's phrases\n" in analysed.read(
        "data/codebook.yaml"
    )
    analysed.ok("run")
    assert "it went from there,1,one of Jim's phrases" in analysed.read(
        "data/derived/not-taken-up.csv"
    )
    ran = analysed("codes", "unpark", "it went from there", "--why", "it comes back")
    assert "the reason was: one of Jim's phrases" in ran.out
    assert "- code: it went from there\n#   parked: one of Jim's phrases\n" in analysed.read(
        "data/codebook.yaml"
    )
    assert analysed("codes", "unpark", "it went from there", "--why", "x").code == 1
    analysed.ok("codes", "park", "focused: easy beginnings", "--why", "too thin")
    assert "  parked: too thin\n" in analysed.read("data/focused-codes.yaml")


def test_split_waits_until_everything_is_said(analysed):
    analysed.ok("code", "jim", "2", "meeting around the ward", "--by", "KR", "--note", "his ward")
    out = analysed.ok("codes", "split", "meeting around the ward")
    path = out.partition(":")[0]
    text = analysed.read(path)
    assert (
        text
        == """\
# Splitting the code "meeting around the ward".
# Below each `to: |` write the label that this goes to; the old label keeps it where it is.
# `drop: reason` instead takes it out. `holds` and `places` may go to several labels, one a line.
# When all is said: gtpipe codes split 'meeting around the ward' --why "…"

split: meeting around the ward
level: initial

applications:
- incident: jim 2
  by: KR
  said: |-
    Well, er, I met him around the ward (laugh)
    and it went from there.
  note: his ward
  to: |

- incident: jim 2
  by: PM
  said: |-
    Well, er, I met him around the ward (laugh)
    and it went from there.
  to: |

- incident: "eve 2 \\"She just sat down\\""
  by: PM
  said: |-
    She just sat down. No form, nothing.
  to: |

places:
- place: "\\"easy beginnings\\" takes it up"
  to: |
"""
    )
    before = analysed.hashes()
    ran = analysed("codes", "split", "meeting around the ward", "--why", "two things")
    assert (
        ran.code == 1
        and ran.err.count("nothing is said of") == 4
        and f"{path}:16: nothing is said of jim 2 yet" in ran.err
    )
    assert analysed.hashes() == before
    parts = text.split("  to: |\n")
    filled = (
        parts[0]
        + "  drop: he means the corridor\n"
        + parts[1]
        + "  to: |\n    passing by\n"
        + parts[2]
        + "  to: |\n    sitting down\n"
        + parts[3]
        + "  to: |\n    passing by\n    sitting down\n"
    )
    analysed.write(path, filled)
    ran = analysed("codes", "split", "meeting around the ward", "--why", "two things")
    assert ran.code == 0, ran.err
    assert not (analysed.root / path).exists()
    assert "dropped jim 2: he means the corridor" in ran.out
    assert "    passing by\n    it went from there" in analysed.read("data/initial-codes/jim.yaml")
    assert '    sitting down <- "She just sat down"\n' in analysed.read(
        "data/initial-codes/eve.yaml"
    )
    assert "    passing by\n    sitting down\n" in analysed.read("data/focused-codes.yaml")
    book = analysed.read("data/codebook.yaml")
    assert "# split into passing by, sitting down\n# - code: meeting around the ward\n" in book
    assert "- code: passing by\n  split-from: |\n    meeting around the ward\n" in book
    assert analysed("check").code == 0
    assert (
        json.loads(analysed.read("data/log.jsonl").splitlines()[-1])["why"]
        == "two things. Dropped 1 application: he means the corridor"
    )


def test_what_came_after_the_split_was_begun_is_added_to_its_file(analysed):
    path = analysed.ok("codes", "split", "noticing the pay").partition(":")[0]
    analysed.write(path, analysed.read(path).replace("  to: |\n", "  to: |\n    wages\n", 1))
    analysed.ok("code", "eve", "2", "noticing the pay")
    out = analysed.ok("codes", "split", "noticing the pay", "--why", "x")
    assert "1 of them new" in out
    text = analysed.read(path)
    assert "    wages\n" in text and "- incident: eve 2\n" in text
    sheet = analysed.read("data/initial-codes/eve.yaml").replace("    noticing the pay\n", "", 1)
    analysed.write("data/initial-codes/eve.yaml", sheet)
    analysed.write(
        path,
        text.replace("  to: |\n    wages\n", "  to: |\n").replace(
            "  to: |\n", "  to: |\n    wages\n"
        ),
    )
    ran = analysed("codes", "split", "noticing the pay", "--why", "x")
    assert ran.code == 1 and '"noticing the pay" is no longer at eve 2 by PM' in ran.err


def test_a_focused_code_is_split_with_what_it_holds(analysed):
    path = analysed.ok("codes", "split", "easy beginnings").partition(":")[0]
    text = analysed.read(path)
    assert '- item: "takes up: meeting around the ward"' in text
    head, *rest = text.split("  to: |\n")
    labels = [*["by chance"] * 4, "by design", *["by chance"] * 9]
    analysed.write(
        path,
        head
        + "".join(
            f"  to: |\n    {label}\n{part}" for label, part in zip(labels, rest, strict=False)
        ),
    )
    ran = analysed("codes", "split", "easy beginnings", "--why", "two ways in")
    assert ran.code == 0, ran.err
    focused = analysed.read("data/focused-codes.yaml")
    assert (
        "- focused: by design\n  because: two ways in\n  by: PM\n  written-after: eve\n"
        "  does-not-fit: |\n    jim 4\n  split-from: |\n    easy beginnings\n" in focused
    )
    assert analysed("check").code == 0


def test_dry_run_shows_the_edits_and_writes_nothing(analysed):
    before = analysed.hashes()
    out = analysed.ok("codes", "rename", "noticing the pay", "counting", "--dry-run")
    assert (
        "-    noticing the pay\n+    counting\n" in out
        and "--- data/initial-codes/jim.yaml\n" in out
    )
    assert analysed.hashes() == before


def test_a_reason_is_needed_and_errors_are_in_the_way(analysed):
    assert analysed("codes", "rename", "noticing the pay", "counting").code == 2
    assert analysed("codes", "drop", "noticing the pay").code == 2
    analysed.write(
        "data/initial-codes/eve.yaml",
        analysed.read("data/initial-codes/eve.yaml") + "\n- turn: 4\n  codes: x\n",
    )
    before = analysed.hashes()
    ran = analysed("codes", "rename", "noticing the pay", "counting", "--why", "x")
    assert ran.code == 1 and "data/initial-codes/eve.yaml:" in ran.err
    assert analysed.hashes() == before


def test_comments_spacing_quotes_and_windows_line_ends_survive(coded):
    coded.write(
        "data/codebook.yaml",
        '# mine\n\n-   code: "noticing the pay"   # first\n    definition: >\n'
        "      about money\n\n\n# end\n".replace("\n", "\r\n"),
    )
    sheet = coded.read("data/initial-codes/jim.yaml").replace(
        "    noticing the pay\n", '    noticing the pay   <-   "awkward"  \n      note\n'
    )
    coded.write("data/initial-codes/jim.yaml", sheet.replace("\n", "\r\n"))
    before = coded.read("data/initial-codes/jim.yaml")
    coded.ok("codes", "rename", "noticing the pay", "why: because", "--why", "x")
    assert coded.read("data/initial-codes/jim.yaml") == before.replace(
        "noticing the pay ", "why: because "
    )
    assert coded.read("data/codebook.yaml") == (
        '# mine\n\n-   code: "why: because"   # first\n    definition: >\n      about money\n'
        "    was: |\n      noticing the pay\n\n\n# end\n"
    ).replace("\n", "\r\n")


def test_an_entry_in_braces_and_a_reason_given_before_are_not_touched(coded):
    book = (
        "- {code: noticing the pay, definition: my words, parked: later}\n\n"
        "- code: meeting around the ward\n  parked: |  # rem\n    my reason\n\n    second\n"
    )
    coded.write("data/codebook.yaml", book)
    for arguments in (
        ["unpark", "noticing the pay"],
        ["park", "noticing the pay"],
        ["park", "meeting around the ward"],
    ):
        assert coded("codes", *arguments, "--why", "a, exclude").code == 1
        assert coded.read("data/codebook.yaml") == book
    coded.ok("codes", "unpark", "meeting around the ward", "--why", "x")
    assert "#   parked: |  # rem\n#     my reason\n\n#     second\n" in coded.read(
        "data/codebook.yaml"
    )


def test_the_note_on_a_code_taken_out_stays_as_a_comment_however_it_is_set_in(coded):
    sheet = coded.read("data/initial-codes/jim.yaml").replace(
        "      passive? ask again\n", "    \tpassive? ask again\n\n      or not\n"
    )
    coded.write("data/initial-codes/jim.yaml", sheet)
    out = coded.ok("codes", "drop", "it went from there", "--why", "his, not mine")
    assert "1 application taken out in 1 sheet\n1 note stays there as a comment\n" in out
    assert coded.read("data/initial-codes/jim.yaml") == sheet.replace(
        "    it went from there <-\n    \tpassive? ask again\n\n      or not\n",
        "# dropped: his, not mine\n#     it went from there <-\n#     \tpassive? ask again\n\n#    "
        "   or not\n",
    )
    coded.ok("code", "jim", "2", "starting without a plan")
    assert "    meeting around the ward\n    starting without a plan\n# dropped: his" in coded.read(
        "data/initial-codes/jim.yaml"
    )
    assert coded("check").code == 0


def test_notes_that_a_split_drops_stay_as_comments_with_the_reason_given_for_each(analysed):
    analysed.ok("code", "jim", "4", "minding the hours", "--note", "whose hours?")
    analysed.ok("code", "eve", "4", "minding the hours", "--note", "five sharp")
    path = analysed.ok("codes", "split", "minding the hours").partition(":")[0]
    head, first, last = analysed.read(path).split("  to: |\n")
    analysed.write(
        path, f"{head}  drop: he never says hours\n{first}  to: |\n    leaving at five\n{last}"
    )
    out = analysed.ok("codes", "split", "minding the hours", "--why", "two things")
    assert "1 note stays there as a comment" in out
    assert (
        "# dropped: he never says hours\n#     minding the hours\n#       whose hours?\n"
        in analysed.read("data/initial-codes/jim.yaml")
    )
    assert "    leaving at five\n      five sharp\n" in analysed.read("data/initial-codes/eve.yaml")


def test_two_codings_that_fall_together_keep_both_notes(analysed):
    analysed.ok("code", "jim", "4", "counting the hours", "--note", "his word: hours")
    analysed.ok("code", "jim", "4", "watching the time", "--note", "a watch, twice")
    analysed.ok(
        "codes",
        "merge",
        "counting the hours",
        "watching the time",
        "--into",
        "minding the clock",
        "--why",
        "one thing",
    )
    assert "    minding the clock\n      his word: hours\n      a watch, twice\n" in analysed.read(
        "data/initial-codes/jim.yaml"
    )


def test_a_focused_code_renamed_or_parked_gets_no_reason_that_nobody_gave(analysed):
    sheet = analysed.read("data/initial-codes/eve.yaml").replace(
        "  codes: |\n", "  focused: |\n    belief by the hour\n  codes: |\n", 1
    )
    analysed.write("data/initial-codes/eve.yaml", sheet)
    analysed.ok(
        "codes",
        "rename",
        "belief by the hour",
        "believing in office hours",
        "--why",
        "a typing slip",
    )
    assert (
        "- focused: believing in office hours\n  by: PM\n  was: |\n    belief by the hour\n"
        in analysed.read("data/focused-codes.yaml")
    )
    assert 'the focused code "believing in office hours" has no reason' in analysed("check").out
    sheet = analysed.read("data/initial-codes/eve.yaml").replace(
        "believing in office hours", "clocking off"
    )
    analysed.write("data/initial-codes/eve.yaml", sheet)
    path = analysed.ok("codes", "split", "clocking off").partition(":")[0]
    analysed.write(
        path, analysed.read(path).replace("  to: |\n", "  to: |\n    ending on the dot\n")
    )
    analysed.ok("codes", "split", "clocking off", "--why", "hers is about the end")
    assert (
        "- focused: ending on the dot\n  by: PM\n  written-after: eve\n  split-from: |\n"
        "    clocking off\n" in analysed.read("data/focused-codes.yaml")
    )
    analysed.ok("codes", "park", "focused: ending on the dot", "--why", "thin so far")
    assert (
        "because"
        not in analysed.read("data/focused-codes.yaml").partition("- focused: ending on the dot")[2]
    )


def test_a_split_finds_what_a_focused_code_holds_however_it_is_typed(analysed):
    text = (
        analysed.read("data/focused-codes.yaml")
        .replace('    eve 2 "She just sat down"\n', "    eve  2 “She just sat down”\n")
        .replace("    meeting around the ward\n", "    initial: meeting around the ward\n")
    )
    analysed.write("data/focused-codes.yaml", text)
    path = analysed.ok("codes", "split", "focused: easy beginnings").partition(":")[0]
    head, *rest = analysed.read(path).split("  to: |\n")
    said = [
        "  to: |\n    elsewhere\n",
        *["  drop: not about it\n"] * 3,  # what was judged, and the incident named
        *["  to: |\n    easy beginnings\n"] * 20,
    ]
    analysed.write(
        path, head + "".join(f"{one}{part}" for one, part in zip(said, rest, strict=False))
    )
    ran = analysed("codes", "split", "focused: easy beginnings", "--why", "x")
    assert ran.code == 0, ran.err
    after = analysed.read("data/focused-codes.yaml")
    assert "initial: meeting" not in after and "She just sat down" not in after
    assert "- focused: elsewhere\n" in after and "    meeting around the ward\n" in after


def test_merging_into_a_label_of_the_other_level_is_asked_about(analysed):
    ran = analysed(
        "codes", "merge", "it went from there", "--into", "easy beginnings", "--why", "x"
    )
    assert ran.code == 1 and '"easy beginnings" is a focused code, and these are codes' in ran.err


# --- random studies, random sequences -------------------------------------------------------------

LABELS = [
    "noticing the pay",
    "why: because",
    "# hope",
    "it's fine <- or not",
    "PSW/Psw",
    "no",
    "- dash",
    "naïve",
    "1.5",
    '"quoted"',
]
JIM = "---\nspeakers: {I: interviewer, P: jim}\ndate: 2026-03-02\n---\n\n" + "".join(
    f"[{n}] P: words number {n} here\n\n" for n in range(1, 6)
)


class Changes(RuleBasedStateMachine):
    """Codes are renamed, merged, split, parked, dropped and edited by hand, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.study = Study(self.root)
        self.dropped = 0
        self.together = 0
        self.comments: list[tuple[str, str]] = []

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    @initialize(data=st.data())
    def begin(self, data) -> None:
        self.write("pipeline.yaml", "study: x\nresearchers:\n  PM: Pat\n  KR: Kit\n")
        self.write("data/participants.csv", "participant\njim\n")
        self.write("data/transcripts/jim.md", JIM)
        from gtpipe.formats.code_line import write_line

        for coder, name in (("PM", "jim"), ("KR", "jim.KR")):
            text = f"# sheet of {coder}\n"
            for turn in range(1, 6):
                chosen = data.draw(st.lists(st.sampled_from(LABELS), unique=True, max_size=4))
                text += f"\n# before {turn}\n- turn: {turn}\n  codes: |\n"
                for label in chosen:
                    words = data.draw(st.sampled_from([None, "words", f"number {turn}"]))
                    text += f"    {write_line(label, words)}\n" + data.draw(
                        st.sampled_from(["", "      a note\n", "\n"])
                    )
            self.write(f"data/initial-codes/{name}.yaml", text)
        self.write(
            "data/codebook.yaml",
            "# the code book\n\n- code: noticing the pay\n  definition: x # not a comment?\n"
            '  # inside\n\n- code: "no"\n  include: y\n',
        )
        self.write("data/focused-codes.yaml", "# focused\n- focused: f\n  because: b\n")
        self.count = len(load(self.study).codings)
        self.noted = self.notes()

    def notes(self) -> int:
        """How many notes stand in the sheets, on codes or as comments."""
        return sum(
            line.lstrip("# ") == "a note"
            for name in ("jim", "jim.KR")
            for line in self.lines(f"data/initial-codes/{name}.yaml")
        )

    def codes(self) -> list[str]:
        read = load(self.study)
        return sorted({*read.names.known["initial"]})

    def run(self, do) -> change_codes.CodesChanged | None:
        before = load(self.study)
        hand = {
            path: self.lines(path)
            for path in (
                "data/codebook.yaml",
                "data/initial-codes/jim.yaml",
                "data/initial-codes/jim.KR.yaml",
            )
        }
        try:
            done = do()
        except UserError:
            after = load(self.study)
            assert [c[:-1] for c in after.codings] == [c[:-1] for c in before.codings]
            return None
        self.together += getattr(done, "together", 0)
        assert self.notes() == self.noted
        for path, lines in hand.items():
            gone = Counter(lines) - Counter(self.lines(path))
            assert not [
                line
                for line in gone
                if (line.startswith("#") and not line.startswith("# split")) or not line
            ], (path, gone)
        return done

    def lines(self, path: str) -> list[str]:
        return (self.root / path).read_text(encoding="utf-8").split("\n")

    @rule(data=st.data())
    def rename(self, data) -> None:
        old = data.draw(st.sampled_from(self.codes() or LABELS))
        new = data.draw(st.sampled_from([*LABELS, "fresh one", "fresh two"]))
        self.run(
            lambda: change_codes.rename(
                self.study, f"initial: {old}", f"initial: {new}", ChangeRequest(why="w")
            )
        )

    @rule(data=st.data())
    def merge(self, data) -> None:
        olds = data.draw(
            st.lists(st.sampled_from(self.codes() or LABELS), min_size=1, max_size=3, unique=True)
        )
        into = data.draw(st.sampled_from([*LABELS, "merged"]))
        self.run(
            lambda: change_codes.merge(
                self.study,
                tuple(f"initial: {old}" for old in olds),
                f"initial: {into}",
                ChangeRequest(why="w"),
            )
        )

    @rule(data=st.data())
    def park(self, data) -> None:
        code = data.draw(st.sampled_from(self.codes() or LABELS))
        self.run(
            lambda: change_codes.park(
                self.study, f"initial: {code}", ChangeRequest(why="later: maybe # so")
            )
        )

    @rule(data=st.data())
    def drop(self, data) -> None:
        code = data.draw(st.sampled_from(self.codes() or LABELS))
        before = len(load(self.study).codings)
        if self.run(
            lambda: change_codes.drop(self.study, f"initial: {code}", ChangeRequest(why="w"))
        ):
            self.dropped += before - len(load(self.study).codings)
            assert code not in {coding.code for coding in load(self.study).codings}

    @rule(data=st.data())
    def split(self, data) -> None:
        code = data.draw(st.sampled_from(self.codes() or LABELS))
        begun = self.run(
            lambda: split_code.split(self.study, f"initial: {code}", ChangeRequest(why="w"))
        )
        if begun is None:
            return
        text = (self.root / begun.path).read_text(encoding="utf-8")
        head, *rest = text.split("  to: |\n")
        for part in rest:
            choice = data.draw(st.sampled_from(["part one", "part two", code, None]))
            self.dropped += choice is None
            head += ("  drop: not this\n" if choice is None else f"  to: |\n    {choice}\n") + part
        (self.root / begun.path).write_text(head, encoding="utf-8")
        if (
            self.run(
                lambda: split_code.split(self.study, f"initial: {code}", ChangeRequest(why="w"))
            )
            is None
        ):
            self.dropped -= head.count("  drop: not this\n")
            (self.root / begun.path).unlink()

    @precondition(lambda self: self.codes())
    @rule(data=st.data())
    def edit_by_hand(self, data) -> None:
        """A colleague's branch still codes with whatever label."""
        from gtpipe.formats.code_line import write_line

        label = data.draw(st.sampled_from(LABELS))
        path = "data/initial-codes/jim.KR.yaml"
        text = (self.root / path).read_text(encoding="utf-8")
        if f"    {write_line(label, None)}\n" not in text:
            before = len(load(self.study).codings)
            self.write(
                path,
                text.replace(
                    "- turn: 3\n  codes: |\n",
                    f"- turn: 3\n  codes: |\n    {write_line(label, None)}\n",
                ),
            )
            self.count += len(load(self.study).codings) - before

    @invariant()
    def every_application_is_accounted_for_and_every_label_resolves(self) -> None:
        if not (self.root / "pipeline.yaml").exists():
            return
        read = load(self.study)
        assert not read.errors(), read.errors()
        assert len(read.codings) + self.dropped + self.together == self.count
        assert all(coding.code in read.names.known["initial"] for coding in read.codings)

    def teardown(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)


TestChanges = Changes.TestCase
TestChanges.settings = settings(
    max_examples=8,
    stateful_step_count=12,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


@pytest.mark.parametrize("coder", ["KR", "km"])
def test_who_asks_is_somebody_of_the_study(analysed, coder):
    ran = analysed("codes", "rename", "noticing the pay", "counting", "--why", "x", "--by", coder)
    assert ran.code == (0 if coder == "KR" else 1)
