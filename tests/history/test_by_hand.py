"""What was renamed, merged and split in the sheets alone is told as what it probably was: by
`diff`, `history` and `trace`.
"""

from __future__ import annotations

import json

import pytest
from conftest import git

TRANSCRIPT = """\
---
interview: ada
date: 2026-05-04
speakers: {I: interviewer, A: ada}
---

[1] I: How was the bakery at night?

[2] A: Quiet, till the lorry came.

[3] A: I counted the trays twice.

[4] A: He never said good morning.

[5] A: You learn to read his back.

[6] A: I went home the long way.

[7] A: My sister left the light on.

[8] A: She thinks I sleep.
"""


def write(study, turns: dict[int, str]) -> None:
    """The sheet of ada: turn → its codes, with a comma between."""
    study.write(
        "data/initial-codes/ada.yaml",
        "\n".join(
            f"- turn: {turn}\n  codes: |\n" + "".join(f"    {code}\n" for code in codes.split(", "))
            for turn, codes in turns.items()
        ),
    )


def commit(study, subject: str) -> None:
    git("add", "-A", cwd=study.root)
    assert git("commit", "-q", "-m", subject, cwd=study.root).returncode == 0


@pytest.fixture
def night(empty):
    """A study of one interview in git, with no sheet yet."""
    empty.write(".gitignore", ".gtpipe/\ndata/derived/\n")
    empty.write("data/transcripts/ada.md", TRANSCRIPT)
    git("init", "-q", "-b", "main", cwd=empty.root)
    return empty


def codes(study, before: dict[int, str], after: dict[int, str]) -> str:
    """What `diff` says of the codes when the sheet goes from one state to the other."""
    write(study, before)
    commit(study, "coded")
    write(study, after)
    return study.ok("diff").partition("\n\n")[2]


BOTH = {2: "counting trays", 3: "counting trays", 4: "reading his back", 5: "reading his back"}


def test_two_codes_whose_applications_land_in_a_new_one_were_probably_merged(night):
    assert (
        codes(night, BOTH, dict.fromkeys((2, 3, 4, 5), "watching"))
        == """\
Codes
  merged  "counting trays", "reading his back" were probably merged into "watching": 4 of 4 applications in common
"""  # noqa: E501
    )


def test_a_code_whose_applications_land_in_one_that_stands_was_probably_merged_into_it(night):
    assert (
        codes(night, BOTH, {**BOTH, 2: "reading his back", 3: "reading his back"})
        == """\
Codes
  merged  "counting trays" was probably merged into "reading his back": 2 of 2 applications in common
"""  # noqa: E501
    )


def test_applications_that_fall_together_are_told(night):
    assert (
        codes(
            night,
            {**BOTH, 4: "counting trays, reading his back"},
            dict.fromkeys((2, 3, 4, 5), "watching"),
        )
        == """\
Codes
  merged  "counting trays", "reading his back" were probably merged into "watching": 5 of 5 applications in common
            1 application fell together with another at ada 4
"""  # noqa: E501
    )


def test_a_code_whose_applications_land_in_two_new_ones_was_probably_split(night):
    assert (
        codes(night, dict.fromkeys((2, 3, 4, 5), "watching"), BOTH)
        == """\
Codes
  split  "watching" was probably split into "counting trays", "reading his back": 4 of 4 applications in common

Applications
  recoded  "watching" → "counting trays": ada 2, 3
  recoded  "watching" → "reading his back": ada 4, 5
"""  # noqa: E501
    )


def test_what_is_taken_out_of_a_code_that_stays_was_probably_split_off(night):
    before = dict.fromkeys((2, 3, 4, 5, 6), "watching")
    assert (
        codes(night, before, {**before, 5: "reading his back", 6: "reading his back"})
        == """\
Codes
  split  "reading his back" was probably split off from "watching": 2 of 2 applications in common

Applications
  recoded  "watching" → "reading his back": ada 5, 6
"""
    )


def test_four_codes_become_one_though_none_is_half_of_it(night):
    before = {
        turn: f"{word} by night"
        for turn, word in enumerate(("lorry", "tray", "back", "road"), start=2)
    }
    assert codes(night, before, dict.fromkeys(before, "nights")).startswith(
        "Codes\n"
        '  merged  "back by night", "lorry by night", "road by night", "tray by night" were '
        'probably merged into "nights": 4 of 4'
    )


def test_a_tie_goes_to_the_label_that_contains_the_other(night):
    before = {2: "night, sister", 3: "night, sister"}
    after = {
        2: "a light for my sister, working at night",
        3: "a light for my sister, working at night",
    }
    assert (
        codes(night, before, after)
        == """\
Codes
  renamed  "sister" is probably now "a light for my sister": 2 of 2 applications in common
  renamed  "night" is probably now "working at night": 2 of 2 applications in common
"""
    )


def test_a_code_dropped_beside_one_that_always_stood_there_is_gone_and_not_merged(night):
    assert (
        codes(night, {2: "night, sister", 3: "night, sister"}, {2: "night", 3: "night"})
        == """\
Codes
  gone  "sister" (had 2 applications)

Applications
  removed  "sister": ada 2, 3
"""
    )


def test_a_new_code_beside_one_that_stays_is_new_and_not_split_off(night):
    assert codes(
        night, {2: "night", 3: "night"}, {2: "night, sister", 3: "night, sister"}
    ).startswith('Codes\n  new  "sister" (2 applications)\n')


def test_a_code_that_scatters_over_several_is_gone(night):
    before = {2: "night", 3: "night", 4: "sister", 5: "light"}
    assert codes(night, before, {**before, 2: "sister", 3: "light"}).startswith(
        'Codes\n  gone  "night" (had 2 applications)\n'
    )


def test_what_is_recorded_goes_before_what_is_probable(night):
    night.write("data/codebook.yaml", "- code: night\n")
    write(night, {2: "night", 3: "night", 4: "lorry"})
    commit(night, "coded")
    night.write("data/codebook.yaml", "- code: nights\n  was: |\n    night\n")
    write(night, dict.fromkeys((2, 3, 4), "nights"))
    assert (
        night.ok("diff").partition("\n\n")[2]
        == """\
Codes
  renamed  "night" is now "nights" (3 applications)
  merged   "lorry" was probably merged into "nights": 1 of 1 applications in common
"""
    )


def test_two_focused_codes_made_one_by_hand_were_probably_merged(night):
    write(night, BOTH)
    night.write(
        "data/focused-codes.yaml",
        "- focused: eyes\n  takes-up: |\n    counting trays\n\n- focused: ears\n  takes-up: |\n"
        "    reading his back\n",
    )
    commit(night, "focused")
    night.write(
        "data/focused-codes.yaml",
        "- focused: senses\n  takes-up: |\n    counting trays\n    reading his back\n",
    )
    assert (
        '  merged  "ears", "eyes" were probably merged into "senses": 2 of 2 codes, incidents and '
        "applications in common\n" in night.ok("diff")
    )


@pytest.fixture
def lived(night):
    """Two codes merged by hand, later split by hand."""
    write(night, BOTH)
    commit(night, "coded")
    write(night, dict.fromkeys((2, 3, 4, 5), "watching"))
    commit(night, "one thing")
    write(night, {2: "watching", 3: "watching", 4: "being ignored", 5: "being ignored"})
    commit(night, "two things after all")
    return night


def test_history_counts_and_json_names_them(lived):
    told = lived.ok("history")
    assert "1 code probably merged (counting trays, reading his back → watching)\n" in told
    assert "1 code probably split (watching → being ignored)" in told
    things = json.loads(lived.ok("diff", "HEAD~2", "HEAD~1", "--format", "json"))["things"]
    assert [(one["kind"], one["label"], one["others"], one["shared"]) for one in things] == [
        ("probably merged", "watching", ["counting trays", "reading his back"], [4, 4])
    ]
    assert (
        '- **merged** "counting trays", "reading his back" were probably merged into "watching"'
        in lived.ok("diff", "HEAD~2", "HEAD~1", "--format", "md")
    )


def test_the_life_of_a_code_tells_what_it_was_made_of_and_what_left_it(lived):
    for name in ("watching", "reading his back", "being ignored"):
        told = lived.ok("history", name)
        assert (
            '    new "counting trays" (2 applications), "reading his back" (2 applications)\n'
            in told
        )
        assert (
            '    merged "counting trays", "reading his back" were probably merged into "watching"'
            in told
        )
        if name != "reading his back":
            assert (
                '    split "being ignored" was probably split off from "watching": 2 of 2 '
                "applications in common\n" in told
            )


def test_a_trace_tells_what_was_done_by_hand_and_in_which_commit(lived):
    told = lived.ok("trace", "watching")
    assert (
        '├─ by hand: "counting trays", "reading his back" were probably merged into "watching": 4 '
        "of 4 applications in common (" in told
    )
    assert 'PM, commit "one thing")\n' in told
    assert (
        '├─ by hand: "being ignored" was probably split off from "watching": 2 of 2 applications '
        "in common (" in told
    )
    made = json.loads(lived.ok("trace", "being ignored", "--format", "json"))["children"][:2]
    assert [(one["link"], one["kind"], one["made"][0]["why"]) for one in made] == [
        ("by hand", "change by hand", "one thing"),
        ("by hand", "change by hand", "two things after all"),
    ]
    write(lived, dict.fromkeys((2, 3, 4, 5), "watching"))
    assert (
        '"being ignored" was probably merged into "watching": 2 of 2 applications in common (not '
        "committed yet)\n" in lived.ok("trace", "watching")
    )


def test_a_trace_without_git_tells_what_the_lineage_says(empty):
    empty.write("data/transcripts/ada.md", TRANSCRIPT)
    write(empty, BOTH)
    empty.write(
        "data/codebook.yaml",
        "- code: counting trays\n  split-from: |\n    watching\n\n- code: reading his back\n"
        "  split-from: |\n    watching\n",
    )
    assert 'split from "watching"' in empty.ok("trace", "counting trays")
    for command in ("trace", "codes show"):
        ran = empty(*command.split(), "watching")
        assert (
            ran.code == 1
            and 'was split into "counting trays" and "reading his back"'
            in ran.err.replace("It was", "was")
        )
    write(empty, {**BOTH, 6: "watching"})
    assert "  Split into: counting trays, reading his back\n" in empty.ok(
        "codes", "show", "watching"
    )
    assert '├─ split into "counting trays"\n├─ split into "reading his back"\n' in empty.ok(
        "trace", "watching"
    )


def test_a_code_that_is_shown_tells_it_too(lived):
    told = lived.ok("codes", "show", "watching")
    merged = '"counting trays", "reading his back" were probably merged into "watching"'
    assert f"  By hand: {merged}: 4 of 4 applications in common (" in told
    assert '  By hand: "being ignored" was probably split off from "watching": 2 of 2' in told
