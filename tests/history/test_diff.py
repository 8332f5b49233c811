"""What changed between two versions of a study is told in words: the net change, no more and no
less.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter

import pytest
from conftest import FOCUSED, THEORY, git
from hypothesis import given
from hypothesis import strategies as st

from gtpipe.history.changes import (
    ADDED,
    NOTED,
    RECODED,
    REMOVED,
    RETIED,
    TOGETHER,
    ComparedCoding,
    between,
)
from gtpipe.history.versions import CoderSheet, SheetLine, Version
from gtpipe.model.level import FOCUSED as FOCUSED_LEVEL
from gtpipe.model.level import INITIAL
from gtpipe.model.records import Code, FocusedCode, Where

JIM, EVE = "data/initial-codes/jim.yaml", "data/initial-codes/eve.yaml"
BOOK = "data/codebook.yaml"
PANEL = """\
---
interview: panel
date: 2026-03-12
speakers: {I: interviewer, A: ana, B: ben}
---

[1] I: How is it, the two of you?

[2] A: I never ask him.

[3] B: She never asks.
"""
PANEL_SHEET = """\
- turn: 2
  codes: |
    keeping quiet

- turn: 3
  codes: |
    keeping quiet
"""


def commit(study, message: str = "work") -> None:
    git("add", "-A", cwd=study.root)
    done = git("commit", "-q", "-m", message, cwd=study.root)
    assert done.returncode == 0, done.stdout + done.stderr


def in_git(study):
    study.write(".gitignore", ".gtpipe/\n/in/\ndata/derived/\n")
    git("init", "-q", "-b", "main", cwd=study.root)
    commit(study, "begin")
    return study


@pytest.fixture
def versioned(coded):
    """The coded study in git."""
    return in_git(coded)


def swap(study, path: str, *pairs: tuple[str, str]) -> None:
    text = study.read(path)
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    study.write(path, text)


def renamed_in_sheets(study, old: str, new: str) -> None:
    for path in (JIM, EVE):
        if old in study.read(path):
            swap(study, path, (f"    {old}", f"    {new}"))


def at_work(study) -> None:
    """A day's work on the analysed study."""
    renamed_in_sheets(study, "meeting around the ward", "meeting on the ward")
    renamed_in_sheets(study, "noticing the pay", "seeing the pay")
    swap(
        study,
        EVE,
        ("    seeing the pay\n", '    seeing the pay\n    going home at five <- "She goes home"\n'),
    )
    study.write(
        BOOK,
        """\
- code: meeting on the ward
  definition: first contact that nobody arranged, outside any appointment
  was: |
    meeting around the ward

- code: it went from there
  parked: a turn of speech
""",
    )
    focused = FOCUSED.replace(
        "    meeting around the ward\n", "    meeting on the ward\n    seeing the pay\n"
    )
    focused = focused.replace(
        "  takes-up: |\n    noticing the pay\n", "  definition: who is paid and when\n"
    )
    study.write(
        "data/focused-codes.yaml",
        focused
        + "\n- focused: keeping time\n  because: hours\n  takes-up: |\n    going home at five\n",
    )
    study.write(
        "data/theory.yaml",
        THEORY.replace("slows", "holds up")
        .replace("led-to: qualified", "led-to: revised")
        .replace("judgement: too early", "judgement: nearly there"),
    )
    study.write(
        "data/memos/2026-04-01-hours.md",
        "---\ntitle: Hours\ndate: 2026-04-01\nby: PM\nkind: focused\nabout: |\n"
        "  going home at five\n---\n\nFive.\n",
    )
    swap(study, "data/transcripts/eve.md", ("No form, nothing", "No form, no nothing"))


def test_a_days_work_is_told_as_to_a_supervisor(analysed):
    in_git(analysed)
    at_work(analysed)
    assert (
        analysed.ok("diff")
        == """\
From HEAD to your files: codes 3 → 4, applications 5 → 6, focused codes 2 → 3

Codes
  renamed    "meeting around the ward" is now "meeting on the ward" (2 applications)
  renamed    "noticing the pay" is probably now "seeing the pay": 2 of 2 applications in common
  new        "going home at five" (1 application)
  redefined  "meeting on the ward": first contact {+that nobody arranged,+} outside any appointment
  parked     "it went from there": a turn of speech

Applications
  added  "going home at five": eve 4

Focused codes
  new      "keeping time"
             because: hours
             takes up: going home at five
  defined  "minding the money": who is paid and when
  moved    "seeing the pay" from "minding the money" to "easy beginnings"

Theory
  changed  relation: minding the money holds up becoming believable, kind: [-slows-] {+holds up+}
  changed  negative case: eve 4 "She goes home at five" contradicts becoming believable, led-to: [-qualified-] {+revised+}
  changed  judgement: jim, judgement: [-too early-] {+nearly there+}

Memos
  written  "Hours", about going home at five

Transcripts
  changed  1 turn of eve corrected: 2
"""  # noqa: E501
    )


def test_the_way_back_is_told_as_well(analysed):
    in_git(analysed)
    at_work(analysed)
    git("checkout", "-q", "-b", "later", cwd=analysed.root)
    commit(analysed)
    told = analysed.ok("diff", "later", "main")
    assert told.startswith(
        "From later to main: codes 4 → 3, applications 6 → 5, focused codes 3 → 2\n"
    )
    assert (
        '  renamed    "meeting on the ward" is probably now "meeting around the ward": 2 of 2 '
        "applications in common\n" in told
    )
    assert '  gone       "going home at five" (had 1 application)\n' in told
    assert '  unparked   "it went from there" (was parked: a turn of speech)\n' in told
    assert '  removed  "going home at five": eve 4\n' in told
    assert '  moved      "noticing the pay" from "easy beginnings" to "minding the money"\n' in told


def test_extracts_show_the_words(analysed):
    in_git(analysed)
    at_work(analysed)
    assert '  added  "going home at five"\n           eve 4: "She goes home"\n' in analysed.ok(
        "diff", "--extracts"
    )


def test_markdown_is_ready_for_a_memo(analysed):
    in_git(analysed)
    at_work(analysed)
    told = analysed.ok("diff", "--format", "md")
    assert told.startswith("""\
## From HEAD to your files: codes 3 → 4, applications 5 → 6, focused codes 2 → 3

### Codes

- **renamed** "meeting around the ward" is now "meeting on the ward" (2 applications)
""")
    assert (
        '- **new** "keeping time"\n  - because: hours\n  - takes up: going home at five\n' in told
    )
    assert "kind: [-slows-] {+holds up+}" in told


def test_json_has_every_application_with_its_place(analysed):
    in_git(analysed)
    at_work(analysed)
    told = json.loads(analysed.ok("diff", "--format", "json"))
    assert (
        told["from"]["name"] == "HEAD"
        and len(told["from"]["commit"]) == 40
        and told["to"] == {"name": "your files", "commit": None}
    )
    assert told["applications"] == [
        {
            "kind": "added",
            "interview": "eve",
            "turn": "4",
            "participant": "eve",
            "coder": "PM",
            "level": "initial",
            "before": None,
            "after": {"label": "going home at five", "words": "She goes home"},
            "note": "",
        }
    ]
    assert told["transcripts"] == [
        {"interview": "eve", "kind": "changed", "corrected": ["2"], "added": [], "gone": []}
    ]
    assert {
        "what": "code",
        "kind": "probably renamed",
        "label": "seeing the pay",
        "others": ["noticing the pay"],
        "field": "",
        "before": "",
        "after": "",
        "shared": [2, 2],
        "count": 2,
    } in told["things"]


def test_nothing_changed_says_so(versioned):
    ran = versioned("diff")
    assert (ran.code, ran.out) == (0, "")
    assert (
        ran.err
        == "From HEAD to your files: nothing changed in codes, codings, analysis, memos and "
        "transcripts\n"
    )


def test_comments_order_and_blank_lines_are_no_change(versioned):
    swap(versioned, JIM, ("- turn: 2", "# read again\n\n- turn: 2"))
    swap(versioned, BOOK, ("- code: meeting", "# mine\n- code: meeting"))
    assert versioned.ok("diff") == ""


# --- renamed, merged, split -----------------------------------------------------------------------


def codes(study) -> str:
    """The part of `diff` about codes and applications."""
    return (
        study.ok("diff").partition("\n\n")[2].rpartition("\n\nTranscripts")[0]
        or study.ok("diff").partition("\n\n")[2]
    )


def test_a_rename_in_the_code_book_alone_is_one_change(versioned):
    swap(
        versioned,
        BOOK,
        (
            "- code: meeting around the ward",
            "- code: coming together\n  was: |\n    meeting around the ward",
        ),
    )
    assert (
        versioned.ok("diff")
        == """\
From HEAD to your files

Codes
  renamed  "meeting around the ward" is now "coming together" (2 applications)
"""
    )


def test_a_chain_of_renames_is_one_rename(versioned):
    renamed_in_sheets(versioned, "meeting around the ward", "coming together")
    swap(
        versioned,
        BOOK,
        (
            "- code: meeting around the ward",
            "- code: coming together\n  was: |\n    meeting on the ward\n"
            "    meeting around the ward",
        ),
    )
    assert (
        codes(versioned)
        == 'Codes\n  renamed  "meeting around the ward" is now "coming together" (2 applications)\n'
    )


def test_an_old_label_given_to_a_new_code_is_a_rename_and_a_new_code(versioned):
    renamed_in_sheets(versioned, "meeting around the ward", "coming together")
    versioned.write(
        BOOK,
        """\
- code: coming together
  definition: first contact outside any appointment
  was: |
    meeting around the ward

- code: meeting around the ward
  definition: only in the corridor
""",
    )
    swap(
        versioned,
        JIM,
        ("    noticing the pay", "    noticing the pay\n    meeting around the ward"),
    )
    assert (
        codes(versioned)
        == """\
Codes
  renamed  "meeting around the ward" is now "coming together" (2 applications)
  new      "meeting around the ward" (1 application): only in the corridor

Applications
  added  "meeting around the ward": jim 4
"""
    )


def test_an_old_label_claimed_by_mistake_is_no_rename(versioned):
    versioned.write(
        BOOK, versioned.read(BOOK) + "\n- code: warming up\n  was: |\n    meeting around the ward\n"
    )
    assert codes(versioned) == 'Codes\n  new  "warming up"\n'


def test_two_labels_that_change_places_are_two_renames(versioned):
    for path in (JIM, EVE):
        swap(
            versioned,
            path,
            ("    noticing the pay", "    @"),
            ("    meeting around the ward", "    noticing the pay"),
            ("    @", "    meeting around the ward"),
        )
    versioned.write(
        BOOK,
        """\
- code: noticing the pay
  definition: first contact outside any appointment
  was: |
    meeting around the ward

- code: meeting around the ward
  was: |
    noticing the pay
""",
    )
    assert (
        codes(versioned)
        == """\
Codes
  renamed  "noticing the pay" is now "meeting around the ward" (2 applications)
  renamed  "meeting around the ward" is now "noticing the pay" (2 applications)
"""
    )


def test_a_merge_tells_what_fell_together(versioned):
    swap(
        versioned,
        JIM,
        ("    meeting around the ward\n", ""),
        ("    it went from there <-", '    starting <- "it went from there"'),
    )
    swap(versioned, JIM, ('    starting <- "it', '    starting\n    starting <- "it'))
    swap(versioned, JIM, ("    noticing the pay", "    starting"))
    swap(
        versioned,
        EVE,
        ("    meeting around the ward", "    starting"),
        ("    noticing the pay", "    starting"),
    )
    versioned.write(
        BOOK,
        "- code: starting\n  merged-from: |\n    meeting around the ward\n    noticing the pay\n"
        "    it went from there\n",
    )
    commit(versioned)
    assert (
        codes_between(versioned, "HEAD~1", "HEAD")
        == """\
Codes
  merged  "it went from there", "meeting around the ward", "noticing the pay" into "starting" (5 applications)
"""  # noqa: E501
    )
    swap(
        versioned,
        EVE,
        (
            '    starting <- "She just sat down"',
            '    starting <- "She just sat down"\n    sitting <- "She just sat down"',
        ),
    )
    versioned.write(BOOK, versioned.read(BOOK) + "\n- code: sitting\n")
    commit(versioned)
    swap(versioned, EVE, ('    sitting <- "She just sat down"\n', ""))
    versioned.write(
        BOOK,
        versioned.read(BOOK)
        .replace("\n- code: sitting\n", "")
        .replace("    it went", "    sitting\n    it went"),
    )
    assert (
        codes(versioned)
        == """\
Codes
  merged  "sitting" into "starting" (1 application)
            1 application fell together with another at eve 2
"""
    )


def codes_between(study, old: str, new: str) -> str:
    return study.ok("diff", old, new).partition("\n\n")[2]


def test_a_split_names_its_parts_and_where_each_application_went(versioned):
    swap(versioned, JIM, ("    noticing the pay", "    envying the pay"))
    swap(versioned, EVE, ("    noticing the pay", "    counting hours"))
    versioned.write(
        BOOK,
        versioned.read(BOOK)
        + """
- code: envying the pay
  definition: wanting it
  split-from: |
    noticing the pay

- code: counting hours
  split-from: |
    noticing the pay
""",
    )
    assert (
        codes(versioned)
        == """\
Codes
  split    "noticing the pay" (2 applications) into "counting hours", "envying the pay"
  defined  "envying the pay": wanting it

Applications
  recoded  "noticing the pay" → "counting hours": eve 4
  recoded  "noticing the pay" → "envying the pay": jim 4
"""
    )


def test_recoding_one_place_is_told_with_both_labels(versioned):
    swap(versioned, JIM, ("    noticing the pay", "    meeting around the ward"))
    assert (
        codes(versioned)
        == 'Applications\n  recoded  "noticing the pay" → "meeting around the ward": jim 4\n'
    )


def test_other_words_and_another_note_are_told(versioned):
    swap(versioned, EVE, ('ward <- "She just sat down"', 'ward <- "just sat down"'))
    swap(versioned, JIM, ("passive? ask again", "passive; asked"))
    assert (
        codes(versioned)
        == """\
Applications
  other words   "meeting around the ward": eve 2
  note changed  "it went from there": jim 2
"""
    )
    assert versioned.ok("diff", "--extracts").endswith("""\
Applications
  other words   "meeting around the ward"
                  eve 2: "She just sat down" → "just sat down"
  note changed  "it went from there"
                  jim 2: passive; asked
""")


def test_a_renamed_focused_code_leaves_what_it_takes_up_untold(analysed):
    in_git(analysed)
    analysed.write(
        "data/focused-codes.yaml",
        FOCUSED.replace(
            "- focused: easy beginnings",
            "- focused: nobody arranged it\n  was: |\n    easy beginnings",
        ),
    )
    analysed.write("data/theory.yaml", THEORY.replace("easy beginnings", "nobody arranged it"))
    assert (
        analysed.ok("diff")
        == """\
From HEAD to your files

Focused codes
  renamed  "easy beginnings" is now "nobody arranged it"
"""
    )


def test_what_still_names_a_code_renamed_by_hand_has_not_changed(analysed):
    in_git(analysed)
    renamed_in_sheets(analysed, "noticing the pay", "seeing the pay")
    swap(analysed, "data/focused-codes.yaml", ("  by: PM\n", "  by: KR\n"))
    told = analysed.ok("diff")
    assert (
        "taken" not in told
        and "takes up" not in told
        and '"easy beginnings", by: [-PM-] {+KR+}' in told
    )


def test_the_theory_is_told_by_what_it_says(analysed):
    in_git(analysed)
    analysed.write(
        "data/theory.yaml",
        THEORY.replace("category: keeping hours", "category: the clock")
        .replace('    jim 4 "awkward"\n', '    jim 4 "awkward"\n    eve 4\n')
        .replace("looked-for: keeping hours", "looked-for: the clock")
        .replace("hypothesis: nobody was sent", "hypothesis: nobody was sent for")
        .replace("  found: none\n", "  found: jim 4\n")
        .replace("- interview: eve\n  modified: |\n    easy beginnings\n  by: PM\n", ""),
    )
    assert (
        analysed.ok("diff").partition("\n\n")[2]
        == """\
Theory
  renamed  "keeping hours" is probably now category "the clock"
  changed  relation: easy beginnings opens the way to becoming believable, hypothesis: nobody was sent {+for+}
  changed  relation: easy beginnings opens the way to becoming believable: contradicting, added eve 4
  changed  look for negative cases: the clock, PM, 2026-04-02, found: [-none-] {+jim 4+}
  gone     judgement: eve
"""  # noqa: E501
    )


def test_what_the_commands_did_is_told_as_one_change_each(analysed):
    in_git(analysed)
    analysed.ok(
        "codes",
        "rename",
        "meeting around the ward",
        "coming together",
        "--why",
        "wider than the ward",
    )
    assert (
        analysed.ok("diff")
        == """\
From HEAD to your files

Codes
  renamed  "meeting around the ward" is now "coming together" (2 applications)
"""
    )
    commit(analysed, "rename")
    analysed.ok(
        "codes",
        "merge",
        "noticing the pay",
        "it went from there",
        "--into",
        "the pay",
        "--why",
        "one worry",
    )
    assert (
        analysed.ok("diff")
        == """\
From HEAD to your files: codes 3 → 2

Codes
  merged  "it went from there", "noticing the pay" into "the pay" (3 applications)
"""
    )
    analysed.ok("codes", "park", "coming together", "--why", "settled")
    analysed.ok("codes", "drop", "the pay", "--why", "not ours to say")
    assert (
        analysed.ok("diff", "HEAD").partition("\n\nFocused codes")[0]
        == """\
From HEAD to your files: codes 3 → 1, applications 5 → 2

Codes
  gone    "it went from there" (had 1 application), "noticing the pay" (had 2 applications)
  parked  "coming together": settled

Applications
  removed  "it went from there": jim 2
  removed  "noticing the pay": eve 4; jim 4"""
    )


# --- who ------------------------------------------------------------------------------------------


def test_a_participant_is_named_where_the_interview_does_not_say_it_and_a_second_coder_always(
    versioned,
):
    versioned.write("data/transcripts/panel.md", PANEL)
    commit(versioned)
    versioned.write("data/initial-codes/panel.yaml", PANEL_SHEET)
    versioned.write("data/initial-codes/jim.KR.yaml", "- turn: 4\n  codes: |\n    envying\n")
    swap(versioned, JIM, ("    noticing the pay\n", ""))
    assert (
        codes(versioned)
        == """\
Codes
  new  "envying" (1 application), "keeping quiet" (2 applications)

Applications
  added    "envying": jim 4 (coded by KR)
  added    "keeping quiet": panel 2 (ana, coded by PM); panel 3 (ben, coded by PM)
  removed  "noticing the pay": jim 4 (coded by PM)
"""
    )


def test_sheets_keep_their_coder_when_the_researchers_are_named_later(versioned):
    swap(versioned, "pipeline.yaml", ("  PM: Pat Morgan\n  KR: Kit Rowe\n", "  JD: Jo Dane\n"))
    assert versioned.ok("diff") == ""


# --- git ------------------------------------------------------------------------------------------


def test_outside_git_it_says_how_to_begin(coded):
    ran = coded("diff")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        ".: this study is not in a git repository, which keeps its history. Begin with `git init`, "
        "`git add -A` and "
        "`git commit`; from then on git remembers.\n"
    )
    git("init", "-q", cwd=coded.root)
    assert "this repository has no commit yet. Begin with" in coded("diff").err
    assert "this repository has no commit yet. Begin with" in coded("history").err


def test_an_unknown_revision_is_named(versioned):
    ran = versioned("diff", "v9")
    assert (ran.code, ran.err) == (
        1,
        '.: git knows no commit "v9". `git log --oneline` and `git tag` name what there is.\n',
    )


def test_a_merge_in_progress_names_the_files_in_conflict(versioned):
    for name, label in (("one", "wanting pay"), ("two", "hating pay")):
        git("checkout", "-q", "-b", name, "main", cwd=versioned.root)
        swap(versioned, JIM, ("    noticing the pay", f"    {label}"))
        commit(versioned, name)
    assert git("merge", "one", cwd=versioned.root).returncode == 1
    ran = versioned("diff")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"{JIM}: a merge left this file in conflict.")
    ran = versioned("history")
    assert (
        ran.code == 1
        and "two" in ran.out
        and ran.err.startswith(f"{JIM}: a merge left this file in conflict.")
    )
    assert '  recoded  "noticing the pay" → "hating pay": jim 4\n' in versioned.ok(
        "diff", "main", "two"
    )


def test_a_study_in_a_folder_of_a_bigger_repository_and_a_linked_worktree(coded):
    root = coded.root.parent
    (root / ".gitignore").write_text(".gtpipe/\n")
    git("init", "-q", "-b", "main", cwd=root)
    commit(coded)
    (root / "other.txt").write_text("not the study's")
    git("add", "-A", cwd=root)
    git("commit", "-q", "-m", "elsewhere", cwd=root)
    swap(coded, JIM, ("    noticing the pay", "    envying"))
    assert '  recoded  "noticing the pay" → "envying": jim 4\n' in coded.ok("diff")
    assert "elsewhere" not in coded.ok("history")
    place = root.parent / f"{root.name}-linked"
    git("worktree", "add", "-q", str(place), cwd=root)
    linked = place / "study"
    assert (linked / "pipeline.yaml").exists()
    ran = coded("diff", cwd=linked)
    assert (ran.code, ran.out) == (0, "")
    shutil.rmtree(place)


def test_a_file_that_cannot_be_read_is_told_and_left_out(versioned):
    good = versioned.read(JIM)
    versioned.write(JIM, "- turn: [2\n  codes: |\n    starting\n")
    commit(versioned, "broken")
    versioned.write(JIM, good.replace("    noticing the pay", "    envying").encode("utf-8"))
    ran = versioned("diff", "HEAD")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith(
        f"{JIM}: note: at HEAD this file cannot be read, and is left out: this is not readable as "
        "YAML"
    )
    versioned.write(BOOK, b"- code: caf\xe9\n")
    ran = versioned("diff", "HEAD~1")
    assert (
        ran.err
        == f"{BOOK}: note: this file cannot be read, and is left out: this line is not UTF-8 (line "
        "1).\n"
    )
    assert '"envying"' in ran.out and "gone" not in ran.out


def test_a_deleted_sheet_takes_its_applications_with_it(versioned):
    (versioned.root / EVE).unlink()
    assert (
        codes(versioned)
        == """\
Applications
  removed  "meeting around the ward": eve 2
  removed  "noticing the pay": eve 4
"""
    )


def test_before_there_was_a_study_it_says_so(empty):
    git("init", "-q", "-b", "main", cwd=empty.root)
    git("commit", "-q", "--allow-empty", "-m", "nothing", cwd=empty.root)
    assert 'at "HEAD" this folder holds no study' in empty("diff").err


def test_looking_changes_nothing(versioned):
    before = versioned.hashes()
    status = git("status", "--porcelain", cwd=versioned.root).stdout
    versioned.ok("diff")
    versioned.ok("history")
    assert (
        versioned.hashes() == before
        and git("status", "--porcelain", cwd=versioned.root).stdout == status
    )


# --- no more and no less --------------------------------------------------------------------------

LABELS = st.sampled_from("abcdefg")
LINES = st.builds(
    SheetLine,
    st.sampled_from("1234"),
    st.sampled_from((INITIAL, FOCUSED_LEVEL)),
    LABELS,
    st.sampled_from((None, "her words")),
    st.sampled_from(("", "ask")),
)
SHEETS = st.dictionaries(
    st.tuples(st.sampled_from(("jim", "eve")), st.sampled_from(("", "KR"))),
    st.lists(LINES, max_size=7).map(tuple).map(CoderSheet),
)
PAST = st.lists(LABELS, max_size=2, unique=True).map(tuple)


def entries(of: type) -> st.SearchStrategy:
    entry = st.tuples(
        LABELS,
        PAST,
        PAST,
        PAST,
        st.sampled_from((None, "later")),
        st.sampled_from(("", "same", "other")),
    )
    return st.lists(entry, max_size=5, unique_by=lambda one: one[0]).map(
        lambda all: {
            label: of(
                label,
                Where("", 1),
                definition=definition,
                was=was,
                merged_from=merged,
                split_from=split,
                parked=parked,
            )
            for label, was, merged, split, parked, definition in all
        }
    )


VERSIONS = st.builds(
    Version, st.just("x"), sheets=SHEETS, codebook=entries(Code), focused=entries(FocusedCode)
)


def applications(version: Version, leads: dict[str, dict[str, str]] | None = None) -> Counter:
    found: Counter = Counter()
    for key, sheet in version.sheets.items():
        for line in sheet.lines:
            label = version.current[line.level].get(line.label, line.label)
            label = leads[line.level].get(label, label) if leads else label
            found[ComparedCoding(*key, line.turn, line.words, line.level, label)] += 1
    return found


@given(VERSIONS, VERSIONS)
def test_the_changes_lead_from_the_old_applications_to_the_new_ones(old, new):
    changes = between(old, new)
    now = applications(old, changes.leads)
    for one in changes.codings:
        if one.kind != NOTED:
            now.subtract([end for end in (one.before,) if end])
            now.update([end for end in (one.after,) if end])
    assert min(now.values(), default=0) >= 0
    assert +now == applications(new)


@given(VERSIONS, VERSIONS)
def test_nothing_is_told_twice(old, new):
    told = between(old, new)
    went, came = (
        [end for one in told.codings if one.kind != NOTED for end in [getattr(one, side)] if end]
        for side in ("before", "after")
    )
    assert not set(went) & set(came)
    assert {one.kind for one in told.codings} <= {ADDED, REMOVED, RECODED, RETIED, TOGETHER, NOTED}
    kinds = [
        (change.what, name)
        for change in told.entry_changes
        if change.kind in ("new", "renamed", "probably renamed", "merged")
        for name in [change.label]
    ]
    assert len(kinds) == len(set(kinds))
    assert len(set(told.entry_changes)) == len(told.entry_changes)


@given(VERSIONS, VERSIONS)
def test_every_code_that_came_or_went_is_told(old, new):
    told = between(old, new)
    for level, what in ((INITIAL, "code"), (FOCUSED_LEVEL, "focused code")):
        entry_changes = [change for change in told.entry_changes if change.what == what]
        explained = {change.label for change in entry_changes} | {
            other for change in entry_changes for other in change.others
        }
        assert old.labels[level] ^ new.labels[level] <= explained


@given(VERSIONS)
def test_a_version_does_not_differ_from_itself(version):
    assert not between(version, version)
