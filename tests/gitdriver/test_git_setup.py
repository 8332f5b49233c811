"""Git's own diff and merge, once `gtpipe git setup` has taught them the files of a study."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from benchmarks import merges
from conftest import FOCUSED, THEORY, git
from hypothesis import given, settings
from hypothesis import strategies as st

from gtpipe.commands import git_setup as setup
from gtpipe.formats import codebook, shapes
from gtpipe.gitdriver import entries, facts, plumbing, textconv
from gtpipe.gitdriver.merge import CannotMergeError, merge_texts
from gtpipe.store.layout import CODEBOOK, FOCUSED_CODES

NAMES = tuple(setup.settings())
BOOK = """\
# What we mean by our codes.
- code: meeting around the ward
  definition: first contact outside any appointment

# Kit: is this one code or two?
- code: noticing the pay
  definition: money comes up, said or hinted
  include: |-
    wages
    bus fares
"""
SHEET = """\
# jim: write your codes under `codes: |`, one a line, four spaces in.

# [1] I: So how did you get started?

- turn: 2
  speaker: P
  text: |-
    Well, er, I met him around the ward (laugh)
    and it went from there.
  codes: |
    meeting around the ward
    it went from there <-
      passive? ask again

# [3] I: And then?

- turn: 4
  speaker: P
  text: |-
    A bit.
  codes: |
"""


@pytest.fixture
def repository(coded):
    """The coded study in git, with the attributes of a new study, everything committed."""
    coded.ok("init", "../other")
    for name in (".gitignore", ".gitattributes"):
        coded.write(name, (coded.root.parent / "other" / name).read_text())
    git("init", "-b", "main", cwd=coded.root)
    commit(coded.root)
    return coded


def commit(folder: Path, message: str = "begin") -> None:
    git("add", "-A", cwd=folder)
    assert git("commit", "-q", "-m", message, cwd=folder).returncode == 0


def config(folder: Path) -> dict[str, str]:
    listed = git("config", "--local", "--list", "-z", cwd=folder).stdout
    return dict(one.split("\n", 1) for one in listed.split("\0") if "\n" in one)


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    """`text` with each first part, which must be there, made the second."""
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


# --- setup ----------------------------------------------------------------------------------------


def test_setup_writes_to_this_repository_once_and_undo_takes_it_out(repository):
    before = (repository.root / ".git/config").read_text()
    repository.ok("git", "setup")
    assert {name: config(repository.root)[name] for name in NAMES} == setup.settings()
    after = (repository.root / ".git/config").read_text()
    assert after.startswith(before)
    assert repository.ok("git", "setup") == "Git is set up already; nothing changed.\n"
    assert (repository.root / ".git/config").read_text() == after
    assert git("status", "--porcelain", cwd=repository.root).stdout == ""
    repository.ok("git", "setup", "--undo")
    assert (repository.root / ".git/config").read_text() == before


def test_a_study_older_than_this_gets_the_attributes_and_keeps_its_own(empty):
    empty.write(".gitattributes", "data/** text eol=lf\n*.docx binary")
    git("init", cwd=empty.root)
    ran = empty("git", "setup")
    assert ".gitattributes: 14 lines added\n" in ran.out and "Commit .gitattributes" in ran.err
    text = empty.read(".gitattributes")
    assert text.startswith(
        "data/** text eol=lf\n*.docx binary\n\ndata/initial-codes/*.yaml diff=gtpipe merge=gtpipe\n"
    )
    told = git(
        "check-attr", "eol", "diff", "merge", "--", "data/initial-codes/jim.KR.yaml", cwd=empty.root
    ).stdout
    assert [line.rpartition(" ")[2] for line in told.splitlines()] == ["lf", "gtpipe", "gtpipe"]
    empty.ok("git", "setup")
    assert empty.read(".gitattributes") == text


def test_a_new_study_has_the_attributes_and_is_told_of_the_setup(empty, tmp_path):
    ran = empty("init", str(tmp_path / "new"))
    assert "`gtpipe git setup` makes git's own diff and merge understand these files" in ran.err
    assert (
        "data/theory.yaml diff=gtpipe merge=gtpipe\n"
        in (tmp_path / "new/.gitattributes").read_text()
    )


def test_outside_a_repository_setup_says_how_to_begin(empty):
    ran = empty("git", "setup")
    assert ran.code == 1 and "git init" in ran.err
    assert not (empty.root / ".gitattributes").exists()


def test_settings_of_others_stay_and_a_changed_one_is_told(repository):
    git("config", "diff.gtpipe.command", "mine", cwd=repository.root)
    git("config", "merge.gtpipe.name", "old", cwd=repository.root)
    assert "merge.gtpipe.name changed in this repository's git settings\n" in repository.ok(
        "git", "setup"
    )
    repository.ok("git", "setup", "--undo")
    assert {name: value for name, value in config(repository.root).items() if "gtpipe" in name} == {
        "diff.gtpipe.command": "mine"
    }


def test_a_study_in_a_folder_of_a_repository_and_in_a_linked_worktree(empty):
    top = empty.root.parent
    git("init", "-b", "main", cwd=top)
    empty.write("data/initial-codes/jim.yaml", SHEET)
    assert f"{empty.root.name}/.gitattributes: 14 lines added" in empty.ok("git", "setup")
    commit(top)
    place = top.parent / f"{top.name}-linked"
    git("worktree", "add", "-q", "-b", "other", str(place), cwd=top)
    linked = place / empty.root.name
    assert empty("git", "setup", cwd=linked).out == "Git is set up already; nothing changed.\n"
    sheet = linked / "data/initial-codes/jim.yaml"
    sheet.write_text(SHEET + "    one more\n")
    assert "\n+jim 4 · one more\n" in git("diff", cwd=linked).stdout


# --- what a diff shows ----------------------------------------------------------------------------


def test_each_line_of_a_sheet_names_its_turn():
    assert (
        textconv.shown(SHEET.encode()).decode()
        == """\
# jim: write your codes under `codes: |`, one a line, four spaces in.

# [1] I: So how did you get started?

jim 2 · P
jim 2 · words: Well, er, I met him around the ward (laugh)
jim 2 · words: and it went from there.
jim 2 · meeting around the ward
jim 2 · it went from there <-
jim 2 · note on "it went from there": passive? ask again

# [3] I: And then?

jim 4 · P
jim 4 · words: A bit.
"""
    )


def test_each_line_of_a_book_names_its_entry():
    assert (
        textconv.shown(BOOK.encode()).decode()
        == """\
# What we mean by our codes.
code "meeting around the ward"
code "meeting around the ward" · definition: first contact outside any appointment

# Kit: is this one code or two?
code "noticing the pay"
code "noticing the pay" · definition: money comes up, said or hinted
code "noticing the pay" · include: wages
code "noticing the pay" · include: bus fares
"""
    )
    shown = textconv.shown(FOCUSED.encode()).decode() + textconv.shown(THEORY.encode()).decode()
    for line in (
        'focused "easy beginnings" · takes up: meeting around the ward',
        'focused "easy beginnings" · does not fit: jim 4',
        'category "keeping hours" · part of: becoming believable',
        'relation "easy beginnings opens the way to becoming believable" · support: '
        'eve 2 "She just sat down"',
        'negative case eve 4 "She goes home at five" · led to: qualified',
        'looked for "keeping hours" · found: none',
        "sufficiency jim · judgement: too early",
    ):
        assert f"\n{line}\n" in shown


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            "  codes: |\n    meeting",
            "  # later\n  codes: |  # PM\n    meeting",
            "# later\njim 2 · codes: |  # PM",
        ),
        ("speaker: P\n", "speaker: P  # tired\n", "jim 2 · speaker: P  # tired"),
        ("    it went from there <-\n", '    # hope <- "met him"\n', 'jim 2 · # hope <- "met him"'),
        (
            "  codes: |\n    meeting",
            "  focused: |\n    easy\n  codes: |\n    meeting",
            "jim 2 · focused: easy",
        ),
        ("# jim: write your codes", "# mine", "turn 2 · meeting around the ward"),
    ],
)
def test_remarks_and_odd_lines_are_shown(old, new, line):
    assert f"\n{line}\n" in textconv.shown(replaced(SHEET, (old, new)).encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        "- turn: 2\n  codes: |\n<<<<<<< ours\n    a\n=======\n    b\n>>>>>>> theirs\n",
        "- turn: 2\n codes: [",
        "just words\n",
        "",
        "# comments only\n",
        "- {turn: 2}\n",
        "a: b\n",
        "- turn: 2\n  codes:\n  - a\n",
        "\x00\x01",
    ],
)
def test_what_cannot_be_read_is_shown_as_it_is(text):
    assert textconv.shown(text.encode()) == text.encode()


@given(
    st.one_of(
        st.binary(max_size=80),
        st.text(alphabet="-:|# \n\tturncodes<\"'[]{}&*!é\r\u2028", max_size=120).map(str.encode),
    )
)
@settings(deadline=None, max_examples=150)
def test_no_bytes_make_a_diff_fail(content):
    assert isinstance(textconv.shown(content), bytes)


def test_git_diff_and_git_log_name_turn_and_code(repository):
    repository.ok("git", "setup")
    repository.ok("code", "jim", "4", "one more", "--words", "awkward")
    repository.ok("codes", "define", "noticing the pay", "money comes up")
    diff = git(
        "diff", "-U0", "data/initial-codes", "data/codebook.yaml", cwd=repository.root
    ).stdout
    assert [line for line in diff.split("\n") if line[:1] == "+" and line[:3] != "+++"] == [
        "+",
        '+code "noticing the pay"',
        '+code "noticing the pay" · definition: money comes up',
        '+jim 4 · one more <- "awkward"',
    ]
    commit(repository.root, "more")
    assert (
        '+jim 4 · one more <- "awkward"\n'
        in git("log", "-p", "-1", "--", "data/initial-codes", cwd=repository.root).stdout
    )
    raw = git(
        "show", "--no-textconv", "-U0", "--", "data/initial-codes/jim.yaml", cwd=repository.root
    ).stdout
    assert "@@ turn: 4\n" in raw and '\n+    one more <- "awkward"\n' in raw


def test_a_sheet_of_5000_lines_is_shown_in_less_than_a_second(tmp_path):
    head, _, entry = SHEET.partition("- turn: 2\n")
    entry = entry.partition("\n# [3]")[0]
    text = head + "".join(f"- turn: {turn}\n{entry}\n" for turn in range(500))
    assert text.count("\n") > 4500
    (tmp_path / "sheet.yaml").write_text(text)
    began = time.process_time()
    shown = plumbing.shown(str(tmp_path / "sheet.yaml"))
    assert time.process_time() - began < 0.7
    assert shown.count(b"met him around") == 500


@pytest.mark.parametrize("what", ["the interpreter", "gtpipe"])
def test_where_gtpipe_is_gone_git_shows_and_merges_as_ever(repository, what):
    repository.ok("git", "setup")
    for name in ("diff.gtpipe.textconv", "merge.gtpipe.driver"):
        old, new = (
            (sys.executable, "/nowhere/python")
            if what == "the interpreter"
            else ("gtpipe.gitdriver.plumbing", "gtpipe_is_gone")
        )
        git("config", name, config(repository.root)[name].replace(old, new), cwd=repository.root)
    git("checkout", "-q", "-b", "theirs", cwd=repository.root)
    repository.ok("code", "jim", "4", "two's")
    repository.ok("code", "eve", "2", "two's")
    assert (
        "\n+    two's\n" in git("diff", "data/initial-codes/jim.yaml", cwd=repository.root).stdout
    )
    commit(repository.root)
    git("checkout", "-q", "-b", "ours", "main", cwd=repository.root)
    repository.ok("code", "jim", "4", "one's")
    repository.ok("code", "eve", "4", "one's")
    commit(repository.root)
    assert git("merge", "--no-edit", "theirs", cwd=repository.root).returncode == 1
    assert "<<<<<<< ours\n    one's\n=======\n    two's\n>>>>>>> theirs\n" in repository.read(
        "data/initial-codes/jim.yaml"
    )
    assert "one's" in repository.read("data/initial-codes/eve.yaml") and "two's" in repository.read(
        "data/initial-codes/eve.yaml"
    )
    assert (
        "UU data/initial-codes/jim.yaml" in git("status", "--porcelain", cwd=repository.root).stdout
    )


def test_modules_lying_in_a_study_are_not_run(repository):
    repository.ok("git", "setup")
    repository.write("yaml.py", "raise SystemExit(print('taken from the study'))")
    repository.ok("code", "jim", "4", "one more")
    assert "+jim 4 · one more" in git("diff", "data/initial-codes", cwd=repository.root).stdout


# --- merging one file -----------------------------------------------------------------------------


def test_codes_of_both_at_one_turn_are_kept_ours_first_and_none_twice():
    def coded(*labels: str) -> str:
        return SHEET + "".join(f"    {label}\n" for label in labels)

    assert merge_texts(SHEET, coded("a", "same", "b"), coded("same", "c")) == (
        coded("a", "same", "b", "c"),
        0,
    )


def test_a_line_that_one_took_out_goes_and_notes_of_both_stay():
    ours = replaced(
        SHEET,
        ("    meeting around the ward\n", ""),
        ("      passive? ask again\n", "      passive? ask again\n      PM: asked\n"),
    )
    theirs = replaced(
        SHEET,
        ("      passive? ask again\n", "      passive? ask again\n      KR: no\n"),
        ("    A bit.\n", "    A bit. [pause]\n"),
    )
    merged = replaced(
        SHEET,
        ("    meeting around the ward\n", ""),
        ("    A bit.\n", "    A bit. [pause]\n"),
        ("      passive? ask again\n", "      passive? ask again\n      PM: asked\n      KR: no\n"),
    )
    assert merge_texts(SHEET, ours, theirs) == (merged, 0)


def test_a_label_renamed_and_a_note_written_to_it():
    ours = replaced(SHEET, ("    meeting around the ward\n", "    being met\n"))
    theirs = replaced(
        SHEET, ("    meeting around the ward\n", "    meeting around the ward\n      where?\n")
    )
    assert merge_texts(SHEET, ours, theirs) == (
        replaced(SHEET, ("    meeting around the ward\n", "    being met\n      where?\n")),
        0,
    )


def test_a_code_that_one_took_out_and_the_other_recoded_is_for_a_person_to_decide():
    ours = replaced(SHEET, ("    meeting around the ward\n", "    being met\n"))
    theirs = replaced(SHEET, ("    meeting around the ward\n", ""))
    marked = "<<<<<<< ours\n    being met\n=======\n>>>>>>> theirs\n"
    assert merge_texts(SHEET, ours, theirs) == (
        replaced(SHEET, ("    meeting around the ward\n", marked)),
        1,
    )


def test_a_code_that_both_recoded_otherwise_is_for_a_person_to_decide():
    ours = replaced(SHEET, ("    meeting around the ward\n", "    being met\n    first steps\n"))
    theirs = replaced(SHEET, ("    meeting around the ward\n", "    by chance\n"))
    marked = (
        "<<<<<<< ours\n    being met\n=======\n    by chance\n>>>>>>> theirs\n    first steps\n"
    )
    assert merge_texts(SHEET, ours, theirs) == (
        replaced(SHEET, ("    meeting around the ward\n", marked)),
        1,
    )


def test_a_note_that_both_reworded_is_marked_with_its_code():
    ours, theirs = (
        replaced(SHEET, ("passive? ask again", note)) for note in ("passive: asked", "not passive")
    )
    marked = (
        "".join(
            f"{mark}    it went from there <-\n      {note}\n"
            for mark, note in (("<<<<<<< ours\n", "passive: asked"), ("=======\n", "not passive"))
        )
        + ">>>>>>> theirs\n"
    )
    assert merge_texts(SHEET, ours, theirs) == (
        replaced(SHEET, ("    it went from there <-\n      passive? ask again\n", marked)),
        1,
    )


def test_indentation_of_the_one_and_quotation_marks_of_the_other_give_way_to_words():
    ours = replaced(
        SHEET,
        (
            "    meeting around the ward\n    it went from there <-\n      passive? ask again\n",
            "      meeting around the ward\n      it went from there <-\n"
            "        passive? ask again\n",
        ),
    )
    theirs = replaced(
        SHEET, ("    meeting around the ward\n", "    meeting around the ward\n    one more\n")
    )
    assert merge_texts(SHEET, ours, theirs) == (
        replaced(
            ours,
            ("      meeting around the ward\n", "      meeting around the ward\n      one more\n"),
        ),
        0,
    )
    quoted = replaced(
        BOOK, ("first contact outside any appointment", '"first contact outside any appointment"')
    )
    changed = replaced(BOOK, ("first contact", "a first contact"))
    assert merge_texts(BOOK, quoted, changed) == merge_texts(BOOK, changed, quoted) == (changed, 0)


def test_two_codes_brought_together_by_one_while_the_other_defines_and_moves():
    """`gtpipe codes merge` leaves the entries it takes out as comments."""
    book = BOOK + "\n- code: keeping quiet\n  definition: nothing is said\n"
    ours = replaced(
        book,
        (
            "- code: noticing the pay\n  definition: money comes up, said or hinted\n"
            "  include: |-\n    wages\n    bus fares\n",
            "# - code: noticing the pay\n#   definition: money comes up, said or hinted\n",
        ),
        ("nothing is said\n", "nothing is said\n  merged-from: |\n    noticing the pay\n"),
    )
    moved, _, _ = book.partition("- code: meeting around the ward")[2].partition("\n\n")
    theirs = (
        book.replace(f"- code: meeting around the ward{moved}\n\n", "")
        + f"\n- code: meeting around the ward{moved}\n  exclude: phone calls\n"
    )
    text, conflicts = merge_texts(book, ours, theirs)
    assert not conflicts
    codes = codebook.loads(text)[0]
    assert list(codes) == ["keeping quiet", "meeting around the ward"]
    assert (
        codes["keeping quiet"].merged_from == ("noticing the pay",)
        and codes["meeting around the ward"].exclude == "phone calls"
    )
    assert (
        "# - code: noticing the pay\n#   definition: money comes up, said or hinted\n" in text
        and "# Kit: is this" in text
    )


def test_a_definition_that_both_changed_is_marked_and_nothing_else():
    ours = (
        replaced(
            BOOK, ("first contact outside any appointment", "a first contact"), ("wages", "pay")
        )
        + "\n- code: mine\n  definition: x\n"
    )
    theirs = (
        replaced(
            BOOK, ("first contact outside any appointment", "contact by chance"), ("money", "cash")
        )
        + "\n- code: theirs\n  definition: y\n"
    )
    assert merge_texts(BOOK, ours, theirs) == (
        """\
# What we mean by our codes.
- code: meeting around the ward
<<<<<<< ours
  definition: a first contact
=======
  definition: contact by chance
>>>>>>> theirs

# Kit: is this one code or two?
- code: noticing the pay
  definition: cash comes up, said or hinted
  include: |-
    pay
    bus fares

- code: mine
  definition: x

- code: theirs
  definition: y
""",
        1,
    )


def test_a_code_renamed_by_one_and_redefined_by_the_other():
    ours = replaced(
        BOOK,
        ("- code: meeting around the ward\n", "- code: being met\n"),
        ("any appointment\n", "any appointment\n  was: |\n    meeting around the ward\n"),
    )
    theirs = replaced(BOOK, ("outside any", "before any"))
    assert merge_texts(BOOK, ours, theirs) == (replaced(ours, ("outside any", "before any")), 0)


def test_a_code_without_entry_renamed_by_one_and_defined_by_the_other():
    ours = BOOK + "\n- code: being met\n  was: |\n    met on the ward\n"
    theirs = BOOK + "\n- code: met on the ward\n  definition: by chance\n"
    text, conflicts = merge_texts(BOOK, ours, theirs)
    assert not conflicts
    code = codebook.loads(text)[0]["being met"]
    assert (code.definition, code.was, len(codebook.loads(text)[0])) == (
        "by chance",
        ("met on the ward",),
        3,
    )


def test_a_code_taken_out_by_one_and_redefined_by_the_other_is_marked_whole():
    ours = BOOK[: BOOK.index("\n# Kit")]
    theirs = replaced(BOOK, ("bus fares", "bus passes"))
    text, conflicts = merge_texts(BOOK, ours, theirs)
    assert conflicts == 1
    assert text.endswith(
        "<<<<<<< ours\n=======\n" + theirs[theirs.index("- code: noticing") :] + ">>>>>>> theirs\n"
    )


def test_both_write_their_first_entry_into_a_book_of_comments():
    begun = "# Your code book.\n"
    assert merge_texts(
        begun, begun + "\n- code: a\n  definition: x\n", begun + "\n- code: b\n  definition: y\n"
    ) == (begun + "\n- code: a\n  definition: x\n\n- code: b\n  definition: y\n", 0)


def test_both_began_the_same_sheet_and_each_coded_in_it():
    ours, theirs = (
        SHEET + "    mine\n",
        replaced(SHEET, ("    meeting around", "    theirs\n    meeting around")),
    )
    text, conflicts = merge_texts("", ours, theirs)
    assert not conflicts
    assert facts.of(text) == facts.of(ours) | facts.of(theirs)


def test_a_theory_of_both():
    ours = replaced(
        THEORY,
        ("kind: slows", "kind: slows down"),
        ("categories:\n", "categories:\n- category: first\n\n"),
    )
    theirs = replaced(
        THEORY,
        (
            "  to: becoming believable\n\nneg",
            "  to: becoming believable\n  hypothesis: money stands between\n\nneg",
        ),
        ("categories:\n", "# ours to keep\ncategories:\n"),
        ('    jim 4 "awkward"\n', '    jim 4 "awkward"\n    jim 2\n'),
    )
    merged = replaced(
        theirs,
        ("kind: slows", "kind: slows down"),
        ("categories:\n", "categories:\n- category: first\n\n"),
    )
    assert merge_texts(THEORY, ours, theirs) == (merged, 0)


@pytest.mark.parametrize(
    "broken", ["- turn: 2\n  codes: [\n", "words\n", SHEET.replace("- turn: 4", "- turn: 2")]
)
def test_what_is_not_laid_out_in_entries_is_left_to_git(tmp_path, broken):
    with pytest.raises(CannotMergeError):
        merge_texts(SHEET, SHEET + "    a\n", broken)
    paths = [tmp_path / name for name in ("base", "ours", "theirs")]
    for path, text in zip(paths, (SHEET, SHEET + "    a\n", broken), strict=True):
        path.write_text(text)
    ran = subprocess.run(
        [
            "git",
            "merge-file",
            "-p",
            "-L",
            "ours",
            "-L",
            "base",
            "-L",
            "theirs",
            *(str(paths[n]) for n in (1, 0, 2)),
        ],
        capture_output=True,
    )
    assert plumbing.merge(*map(str, paths)) is (ran.returncode > 0)
    assert paths[1].read_bytes() == ran.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base", "ours", "theirs"]


SEEDS = st.integers(0, 10**6)


@given(SEEDS)
@settings(deadline=None, max_examples=25)
def test_what_one_side_did_not_touch_is_what_the_other_made_of_it_byte_for_byte(seed):
    base, ours, _, _ = merges.rounds(seed, 8)
    for path in base:
        b, o = base[path], ours[path]
        assert entries.read(o).printed == o
        assert merge_texts(b, o, b) == merge_texts(b, b, o) == merge_texts(b, o, o) == (o, 0)


@given(SEEDS)
@settings(deadline=None, max_examples=25)
def test_whoever_merges_the_same_is_said(seed):
    base, ours, theirs, _ = merges.rounds(seed, 8)
    for path in base:
        one, other = (
            merge_texts(base[path], ours[path], theirs[path]),
            merge_texts(base[path], theirs[path], ours[path]),
        )
        assert one.conflicts == other.conflicts
        if not one.conflicts:
            assert merges.facts(path, one.text) == merges.facts(path, other.text)
            assert set(one.text.split("\n")) <= set((ours[path] + "\n" + theirs[path]).split("\n"))


def test_100_simulated_merges_hold_what_both_did():
    found = sum((merges.directly(*merges.rounds(seed, 12)[:3]) for seed in range(100)), Counter())
    assert set(found) <= set(merges.GOOD), found
    assert found["right"] > 4 * found["conflict"] > 0


# --- in git ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [3, 27])
def test_two_clones_merge_with_the_driver_and_without(tmp_path, seed):
    base, ours, theirs, _ = merges.rounds(seed, 12)
    with_driver = merges.in_git(tmp_path / "with", base, ours, theirs, True)
    assert set(with_driver) <= set(merges.GOOD), with_driver
    without = merges.in_git(tmp_path / "without", base, ours, theirs, False)
    assert not without["wrong"] and without["conflict"] > with_driver["conflict"]


def test_two_people_code_the_same_turn_define_and_rename_and_the_merge_is_clean(repository):
    repository.ok("git", "setup")
    git("checkout", "-q", "-b", "theirs", cwd=repository.root)
    repository.ok("code", "jim", "4", "theirs")
    repository.ok("codes", "define", "theirs", "what Kit sees")
    commit(repository.root, "theirs")
    git("checkout", "-q", "-b", "ours", "main", cwd=repository.root)
    repository.ok("code", "jim", "4", "ours")
    repository.ok("codes", "define", "ours", "what Pat sees")
    for path in ("data/initial-codes/jim.yaml", "data/initial-codes/eve.yaml"):
        repository.write(
            path, repository.read(path).replace("    noticing the pay\n", "    minding the pay\n")
        )
    repository.write(
        CODEBOOK,
        repository.read(CODEBOOK) + "\n- code: minding the pay\n  was: |\n    noticing the pay\n",
    )
    commit(repository.root, "ours")
    merged = git("merge", "--no-edit", "theirs", cwd=repository.root)
    assert merged.returncode == 0, merged.stdout
    assert "    minding the pay\n    ours\n    theirs\n" in repository.read(
        "data/initial-codes/jim.yaml"
    )
    assert {"ours", "theirs", "minding the pay"} <= codebook.loads(repository.read(CODEBOOK))[
        0
    ].keys()
    assert repository("check").code == 0


def test_two_people_begin_the_same_sheet_in_two_clones(repository):
    repository.ok("git", "setup")
    git("rm", "-q", "data/initial-codes/eve.yaml", cwd=repository.root)
    commit(repository.root)
    git("branch", "theirs", cwd=repository.root)
    for branch in ("theirs", "main"):
        git("checkout", "-q", branch, cwd=repository.root)
        repository.write("data/initial-codes/eve.yaml", "")
        repository.ok("initial-code", "--refresh-text")
        repository.ok("code", "eve", "2", f"{branch}'s")
        commit(repository.root, branch)
    merged = git("merge", "--no-edit", "theirs", cwd=repository.root)
    assert merged.returncode == 0, merged.stdout
    assert "    main's\n    theirs's\n" in repository.read("data/initial-codes/eve.yaml")


def test_a_conflict_is_told_by_check_with_its_lines(repository):
    repository.ok("git", "setup")
    repository.write(FOCUSED_CODES, FOCUSED)
    commit(repository.root)
    for branch, word in (("theirs", "account"), ("ours", "case")):
        git("checkout", "-q", "-b", branch, "main", cwd=repository.root)
        repository.write(
            FOCUSED_CODES, FOCUSED.replace("holds in both accounts", f"holds in every {word}")
        )
        commit(repository.root, branch)
    merged = git("merge", "--no-edit", "theirs", cwd=repository.root)
    assert merged.returncode == 1
    assert repository.read(FOCUSED_CODES) == replaced(
        FOCUSED,
        (
            "  because: holds in both accounts\n",
            "<<<<<<< ours\n  because: holds in every case\n=======\n"
            "  because: holds in every account\n>>>>>>> theirs\n",
        ),
    )
    assert "a merge left conflict markers here, at lines 4, 6, 8" in repository("check").out


def test_a_clone_without_the_setup_has_gits_ordinary_merge_texts(repository):
    clone = repository.root.parent / "clone"
    git("clone", "-q", str(repository.root), str(clone), cwd=repository.root)
    assert not [name for name in config(clone) if "gtpipe" in name]
    for branch, label in (("theirs", "theirs"), ("ours", "ours")):
        git("checkout", "-q", "-b", branch, "origin/main", cwd=clone)
        sheet = clone / "data/initial-codes/jim.yaml"
        sheet.write_text(
            sheet.read_text().replace(
                "    noticing the pay\n", f"    noticing the pay\n    {label}\n"
            )
        )
        commit(clone, branch)
    assert "+    ours\n" in git("show", cwd=clone).stdout
    assert git("merge", "--no-edit", "theirs", cwd=clone).returncode == 1
    assert "<<<<<<< HEAD\n    ours\n=======\n    theirs\n>>>>>>> theirs\n" in sheet.read_text()


def test_a_merge_that_cannot_write_leaves_the_file_whole(tmp_path, monkeypatch):
    paths = [tmp_path / name for name in ("base", "ours", "theirs")]
    for path, text in zip(paths, (SHEET, SHEET + "    a\n", SHEET + "    b\n"), strict=True):
        path.write_text(text)
    monkeypatch.setattr(
        os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with pytest.raises(OSError, match="No space left"):
        plumbing.merge(*map(str, paths))
    assert paths[1].read_text() == SHEET + "    a\n"
    assert len(list(tmp_path.iterdir())) == 3


COMMENTS = """\
# from the meeting in May
- about: jim 2 "it went from there"
  by: KR
  comment: who is passive here?

- about: noticing the pay
  by: KR
  comment: money, or being counted?
"""
SOUGHT = """\
- who: a nurse
  by: PM
  date: 2026-04-02
  for: |
    noticing the pay
  why: she signs the sheet
"""
SETTINGS = """\
study: Nights
question: ""

researchers:
  PM: Pat Morgan

stages:
  initial-code:
    suggest: false   # not yet
"""


def test_an_answer_on_one_side_and_a_comment_on_the_other_stay_apart():
    ours = COMMENTS + "  answer: being counted\n"
    theirs = COMMENTS + "\n- about: jim 4\n  by: KR\n  comment: and here?\n"
    assert merge_texts(COMMENTS, ours, theirs) == (
        ours + "\n- about: jim 4\n  by: KR\n  comment: and here?\n",
        0,
    )
    text, conflicts = merge_texts(COMMENTS, ours, COMMENTS + "  answer: money\n")
    assert conflicts == 1 and text.endswith(
        "<<<<<<< ours\n  answer: being counted\n=======\n  answer: money\n>>>>>>> theirs\n"
    )


def test_two_people_seek_somebody_and_a_third_is_found():
    more = "\n- who: {}\n  by: PM\n  date: 2026-04-02\n  why: {}\n"
    ours = SOUGHT + "  done: eve\n" + more.format("a driver", "drives them")
    theirs = replaced(
        SOUGHT, ("    noticing the pay\n", "    noticing the pay\n    keeping hours\n")
    ) + more.format("a cook", "sees them eat")
    assert merge_texts(SOUGHT, ours, theirs) == (
        replaced(ours, ("    noticing the pay\n", "    noticing the pay\n    keeping hours\n"))
        + more.format("a cook", "sees them eat"),
        0,
    )


def test_settings_of_both_and_the_same_one_set_otherwise_is_left_to_git():
    ours = replaced(
        SETTINGS,
        ("  PM: Pat Morgan\n", "  PM: Pat Morgan\n  KR: Kit Rowe\n"),
        ("suggest: false", "suggest: true"),
    )
    theirs = replaced(
        SETTINGS,
        ("  PM: Pat Morgan\n", "  PM: Pat Morgan\n  LM: Lee Moss\n"),
        ('question: ""', "question: Who sleeps?"),
    )
    assert merge_texts(SETTINGS, ours, theirs) == (
        replaced(
            ours,
            ("  KR: Kit Rowe\n", "  KR: Kit Rowe\n  LM: Lee Moss\n"),
            ('question: ""', "question: Who sleeps?"),
        ),
        0,
    )
    with pytest.raises(CannotMergeError):
        merge_texts(
            SETTINGS,
            replaced(SETTINGS, ("Nights", "Days")),
            replaced(SETTINGS, ("Nights", "Dawns")),
        )


def test_every_file_of_entries_is_merged_by_entry_and_the_table_and_the_log_by_lines(repository):
    files = (
        "data/initial-codes/jim.KR.yaml",
        "data/codebook.yaml",
        "data/focused-codes.yaml",
        "data/theory.yaml",
        "data/comments.yaml",
        "data/comments.KR.yaml",
        "data/sampling.yaml",
        "data/sampling.KR.yaml",
        "pipeline.yaml",
    )
    lines = (
        "data/participants.csv",
        "data/log.jsonl",
        "data/answers.csv",
        "data/derived/codebook.csv",
    )
    others = (
        "data/evaluation.md",
        "data/memos/a.md",
        "data/schedule/v1.md",
        "data/transcripts/jim.md",
        "data/ingested/jim.csv",
    )
    told = git(
        "check-attr", "merge", "--", *files, *lines, *others, cwd=repository.root
    ).stdout.splitlines()
    assert [line.rpartition(" ")[2] for line in told] == ["gtpipe"] * len(files) + ["union"] * len(
        lines
    ) + ["unspecified"] * len(others)


def test_a_diff_of_comments_and_sampling_names_the_entry():
    shown = textconv.shown((COMMENTS + "  answer: counted\n").encode()).decode()
    assert '\ncomment on jim 2 "it went from there" · comment: who is passive here?\n' in shown
    assert shown.endswith("comment on noticing the pay · answer: counted\n")
    row = textconv.shown(b"- about: jim 2\n  response: agrees\n").decode()
    assert row == "about jim 2\nabout jim 2 \u00b7 response: agrees\n"
    assert "to seek: a nurse · for: noticing the pay\n" in textconv.shown(SOUGHT.encode()).decode()


def test_forms_of_sources_that_two_clones_learned_merge():
    """Both named one; a person's comment stays where it was."""
    base = '# of our lab\n- shape: phone\n  time: "#0:03#"\n'
    ours = base + "\n- shape: one-side\n  unlabelled: P\n"
    theirs = base + "\n- shape: czech\n  encoding: cp1250\n"
    text, conflicts = merge_texts(base, ours, theirs)
    assert not conflicts and text.startswith(base)
    assert [shape.name for shape in shapes.loads(text)[0]] == ["phone", "one-side", "czech"]
