"""Where a code or theme comes from and where it leads: the
tree, with when each link was made, by whom and why.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys

import pytest
from conftest import THEORY, git
from hypothesis import given, settings
from hypothesis import strategies as st

from gtpipe.formats import code_line, sheet_edits
from gtpipe.history import links_in_version
from gtpipe.model.level import INITIAL
from gtpipe.model.names import one_line
from gtpipe.model.records import Interview, SheetCode, Turn

FOCUSED_CODES, BOOK, SHEET = (
    "data/focused-codes.yaml",
    "data/codebook.yaml",
    "data/initial-codes/jim.yaml",
)


def commit(study, subject: str, date: str, author: str = "Pat Morgan") -> None:
    git("add", "-A", cwd=study.root)
    ran = git(
        "commit",
        "-q",
        "-m",
        subject,
        f"--date={date}T12:00:00+0000",
        f"--author={author} <a@example.org>",
        cwd=study.root,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.fixture
def versioned(analysed):
    """The analysed study in git, its log emptied of days, so that git is asked."""
    analysed.write("data/log.jsonl", "")
    git("init", "-b", "main", cwd=analysed.root)
    commit(analysed, "begin", "2026-03-10")
    return analysed


def rows(study, *arguments: str) -> dict[tuple[str, str, str], tuple[str, str, str]]:
    """(from, link, to) → (when, by, why)."""
    found = list(csv.reader(io.StringIO(study.ok("trace", *arguments, "--format", "csv"))))
    assert found[0] == ["from", "link", "to", "when", "by", "why"]
    return {tuple(row[:3]): tuple(row[3:]) for row in found[1:]}


def test_outside_git_the_tree_says_what_the_files_say(analysed):
    analysed.write("data/log.jsonl", "")
    assert (
        analysed.ok("trace", "meeting around the ward")
        == """\
meeting around the ward (initial code)
│   first contact outside any appointment
├─ up to the theory
│  └─ taken up by "easy beginnings" (PM)
│     │   a start that nobody arranged
│     │   because: holds in both accounts
│     ├─ in the category "becoming believable"
│     │  │   how a paid stranger comes to be believed
│     │  ├─ in the relation "easy beginnings opens the way to becoming believable"
│     │  │      hypothesis: nobody was sent
│     │  ├─ in the relation "minding the money slows becoming believable"
│     │  ├─ contradicted by: eve 4 (PM)
│     │  │      led to: qualified
│     │  │      note: belief has hours
│     │  │      "She goes home at five"
│     │  └─ memo 2026-03-21-paid-to-be-nice (2026-03-21, PM)
│     │         Paid to be nice
│     ├─ in the relation "easy beginnings opens the way to becoming believable"
│     │      hypothesis: nobody was sent
│     └─ memo 2026-03-21-paid-to-be-nice (2026-03-21, PM)
│            Paid to be nice
└─ down to the words
   ├─ jim 2 (PM)
   │      Well, er, I met him around the ward (laugh)
   │      and it went from there.
   └─ eve 2 (PM)
          "She just sat down"
"""
    )


def test_a_category_goes_down_to_the_words_through_its_parts(versioned):
    assert (
        versioned.ok("trace", "category: becoming believable")
        .partition("└─ down to the words\n")[2]
        .partition('   └─ holds "easy')[0]
        == """\
   ├─ has the part "keeping hours" (2026-03-10, PM, commit "begin")
   │  └─ holds "minding the money" (2026-03-10, PM, commit "begin")
   │     │   because: it comes back in both
   │     └─ takes up "noticing the pay" (2026-03-10, PM, commit "begin")
   │        ├─ memo 2026-03-21-paid-to-be-nice (2026-03-21, PM)
   │        │      Paid to be nice
   │        ├─ jim 4 (2026-03-10, PM, commit "begin")
   │        │      A bit. It was, like, a *bit* [pause 3s] awkward.
   │        │
   │        │      Him being paid and that. <laughs>
   │        └─ eve 4 (2026-03-10, PM, commit "begin")
   │               She goes home at five. I don't.
"""
    )


def test_a_relation_is_named_by_its_sentence(versioned):
    assert (
        versioned.ok("trace", "easy beginnings opens the way to becoming believable")
        == """\
easy beginnings opens the way to becoming believable (relation)
│   hypothesis: nobody was sent
├─ memos and comments
│  └─ memo 2026-03-21-paid-to-be-nice (2026-03-21, PM)
│         Paid to be nice
└─ down to the words
   ├─ leads from "easy beginnings" (2026-03-10, PM, commit "begin")
   │      a start that nobody arranged
   │      because: holds in both accounts
   ├─ leads to "becoming believable" (2026-03-10, PM, commit "begin")
   │      how a paid stranger comes to be believed
   ├─ supported by: eve 2 (2026-03-10, PM, commit "begin")
   │      "She just sat down"
   └─ contradicted by: jim 4 (2026-03-10, PM, commit "begin")
          "awkward"
"""
    )


def test_looks_that_found_nothing_stand_with_the_category(analysed):
    assert "negative cases looked for: none recorded (2026-04-02, PM)" in analysed.ok(
        "trace", "keeping hours"
    )


def test_each_link_has_the_commit_that_made_it_and_its_author(versioned):
    versioned.write(
        FOCUSED_CODES,
        versioned.read(FOCUSED_CODES).replace("ward\n", "ward\n    it went from there\n"),
    )
    commit(versioned, "it belongs with the beginnings", "2026-03-15", "Robin Ash")
    versioned.write(
        SHEET,
        versioned.read(SHEET).replace(
            "    noticing the pay\n", "    noticing the pay\n    it went from there\n"
        ),
    )
    commit(versioned, "again at 4", "2026-03-20")
    versioned.write(
        FOCUSED_CODES,
        "# a remark\n" + versioned.read(FOCUSED_CODES).replace("in both accounts", "in all"),
    )
    commit(versioned, "nothing of it changed", "2026-03-25")
    versioned.write(
        "data/theory.yaml",
        THEORY.replace("    minding the money", "    minding the money\n    easy beginnings"),
    )
    found = rows(versioned, "it went from there")
    assert found["it went from there", "taken up by", "easy beginnings"] == (
        "2026-03-15",
        "Robin Ash",
        "it belongs with the beginnings",
    )
    assert found["it went from there", "applied at", 'jim 2 "it went from there"'] == (
        "2026-03-10",
        "PM",
        "begin",
    )
    assert found["it went from there", "applied at", "jim 4"] == ("2026-03-20", "PM", "again at 4")
    assert found["easy beginnings", "in the category", "keeping hours"] == ("", "", "")
    assert 'in the category "keeping hours" (not committed yet)' in versioned.ok(
        "trace", "it went from there"
    )


def test_a_link_that_went_and_came_back_was_made_when_it_came_back(versioned):
    whole = versioned.read(FOCUSED_CODES)
    versioned.write(FOCUSED_CODES, whole.replace("    noticing the pay\n", ""))
    commit(versioned, "not this one", "2026-03-12")
    versioned.write(FOCUSED_CODES, f"<<<<<<< one\n{whole}=======\n>>>>>>> two\n")
    commit(versioned, "a conflict, committed in passing", "2026-03-14")
    versioned.write(FOCUSED_CODES, whole)
    commit(versioned, "this one after all", "2026-03-16")
    found = rows(versioned, "minding the money")
    assert found["minding the money", "takes up", "noticing the pay"] == (
        "2026-03-16",
        "PM",
        "this one after all",
    )
    assert found["minding the money", "in the category", "keeping hours"] == (
        "2026-03-10",
        "PM",
        "begin",
    )


def test_what_was_merged_keeps_the_date_of_its_branch(versioned):
    git("checkout", "-q", "-b", "side", cwd=versioned.root)
    versioned.write(
        SHEET,
        versioned.read(SHEET).replace(
            "    noticing the pay\n", "    noticing the pay\n    it went from there\n"
        ),
    )
    commit(versioned, "on the side", "2026-03-11")
    git("checkout", "-q", "main", cwd=versioned.root)
    versioned.write(
        FOCUSED_CODES,
        versioned.read(FOCUSED_CODES).replace("ward\n", "ward\n    it went from there\n"),
    )
    commit(versioned, "on main", "2026-03-12")
    assert git("merge", "-q", "--no-edit", "side", cwd=versioned.root).returncode == 0
    found = rows(versioned, "it went from there")
    assert found["it went from there", "applied at", "jim 4"] == ("2026-03-11", "PM", "on the side")
    assert found["it went from there", "taken up by", "easy beginnings"] == (
        "2026-03-12",
        "PM",
        "on main",
    )


def test_a_renamed_code_keeps_the_dates_of_its_links_and_shows_what_it_was(versioned):
    for path in (SHEET, "data/initial-codes/eve.yaml", FOCUSED_CODES, BOOK):
        versioned.write(
            path, versioned.read(path).replace("meeting around the ward", "meeting by chance")
        )
    versioned.write(BOOK, versioned.read(BOOK) + "  was: |\n    meeting around the ward\n")
    commit(versioned, "a better name", "2026-03-21")
    ran = versioned("trace", "meeting around the ward")
    assert ran.err == '"meeting around the ward" is called "meeting by chance" now\n'
    assert (
        ran.out.splitlines()[2]
        == '├─ was "meeting around the ward" until 2026-03-21 (PM, commit "a better name")'
    )
    assert '   ├─ jim 2 (2026-03-10, PM, commit "begin")' in ran.out
    assert '└─ taken up by "easy beginnings" (2026-03-10, PM, commit "begin")' in ran.out


LOGGED = [
    ("code jim 2 'it went from there' --words …", "PM", "her own words", [SHEET]),
    ("code jim 4 'meeting by chance'", "KR", "", [SHEET]),
    (
        "focused take-up 'easy beginnings' 'meeting by chance'",
        "KR",
        "it starts there",
        [FOCUSED_CODES],
    ),
    ("codes rename 'met on the ward' 'meeting by chance'", "PM", "clearer", [BOOK]),
    (
        "codes merge 'bumping into' 'running into' --into 'meeting by chance'",
        "PM",
        "one thing",
        [BOOK],
    ),
    ("codes split 'meeting'", "KR", "two things", [BOOK]),
    ("codes park 'meeting by chance'", "PM", "rests", [BOOK]),
    (
        "codes rename 'focused: easy starts' 'focused: easy beginnings'",
        "KR",
        "starts are many",
        [FOCUSED_CODES],
    ),
]


def test_the_log_comes_first_with_its_reasons(versioned):
    versioned.write(
        "data/log.jsonl",
        "not a line of a log\n"
        + "".join(
            json.dumps(
                {
                    "when": f"2026-04-0{day}T10:00:00Z",
                    "command": command,
                    "by": by,
                    "why": why,
                    "files": {path: [None, "0"] for path in paths},
                },
                ensure_ascii=False,
            )
            + "\n"
            for day, (command, by, why, paths) in enumerate(LOGGED, 1)
        ),
    )
    versioned.write(
        BOOK,
        versioned.read(BOOK) + "\n- code: meeting by chance\n  was: |\n    met on the ward\n"
        "  merged-from: |\n    bumping into\n    running into\n  split-from: |\n    meeting\n"
        "  parked: rests\n",
    )
    versioned.write(
        FOCUSED_CODES,
        versioned.read(FOCUSED_CODES)
        .replace("    meeting around the ward\n", "    meeting by chance\n")
        .replace("  by: PM\n", "  by: PM\n  was: |\n    easy starts\n"),
    )
    for name in ("jim", "eve"):
        path = f"data/initial-codes/{name}.yaml"
        versioned.write(
            path, versioned.read(path).replace("meeting around the ward", "meeting by chance")
        )
    out = versioned.ok("trace", "meeting by chance")
    assert out.splitlines()[1:6] == [
        '├─ was "met on the ward" until 2026-04-04 (PM: clearer)',
        '├─ took in "bumping into" on 2026-04-05 (PM: one thing)',
        '├─ took in "running into" on 2026-04-05 (PM: one thing)',
        '├─ split from "meeting" on 2026-04-06 (KR: two things)',
        "├─ parked: rests (2026-04-07, PM)",
    ]
    assert '└─ taken up by "easy beginnings" (2026-04-03, KR: it starts there)' in out
    assert '├─ was "easy starts" until 2026-04-08 (KR: starts are many)' in out
    assert "   ├─ jim 2 (PM, not committed yet)\n" in out
    assert "   └─ jim 2 (2026-04-01, PM: her own words)\n" in versioned.ok(
        "trace", "it went from there"
    )


def test_a_code_that_came_with_its_focused_code_has_the_date_and_reason_of_the_command(coded):
    git("init", "-b", "main", cwd=coded.root)
    commit(coded, "begin", "2026-03-10")
    coded.ok(
        "codes",
        "focused",
        "add",
        "minding the money",
        "--takes-up",
        "noticing the pay",
        "--because",
        "it comes back",
        "--why",
        "after Eve",
    )
    commit(coded, "a first theme", "2026-03-11")
    text = coded.read(FOCUSED_CODES)
    text = text.replace("    noticing the pay\n", "    noticing the pay\n    it went from there\n")
    coded.write(FOCUSED_CODES, text)
    commit(coded, "by hand", "2026-03-12")
    when = json.loads(coded.read("data/log.jsonl").splitlines()[-1])["when"][:10]
    found = rows(coded, "minding the money")
    assert found["minding the money", "takes up", "noticing the pay"] == (when, "PM", "after Eve")
    assert found["minding the money", "takes up", "it went from there"] == (
        "2026-03-12",
        "PM",
        "by hand",
    )


def test_two_coders_at_one_incident_each_made_their_own_link(analysed):
    analysed.write("data/log.jsonl", "")
    analysed.ok(
        "code",
        "jim",
        "4",
        "noticing the pay",
        "--by",
        "KR",
        "--note",
        "he says it twice",
        "--why",
        "second coding",
    )
    when = json.loads(analysed.read("data/log.jsonl").splitlines()[-1])["when"][:10]
    told = analysed.ok("trace", "noticing the pay")
    assert (
        f"   ├─ jim 4 ({when}, KR: second coding; PM)\n" in told
        or f"   ├─ jim 4 (PM; {when}, KR: second coding)\n" in told
    )
    assert "note (KR): he says it twice" in told
    assert (
        sum(
            line.startswith("noticing the pay,applied at,jim 4,")
            for line in analysed.ok("trace", "noticing the pay", "--format", "csv").splitlines()
        )
        == 2
    )


def test_comments_stand_with_what_they_are_about(analysed):
    analysed.ok("comments", "add", "meeting around the ward", "one or two?", "--by", "KR")
    analysed.ok("comments", "add", 'eve 2 "She just sat down"', "who first?", "--by", "KR")
    analysed.ok("comments", "answer", "2", "Eve")
    out = analysed.ok("trace", "meeting around the ward")
    assert (
        "├─ memos and comments\n│  └─ comment (KR)\n│         one or two?\n"
        "│         answer: none yet\n" in out
    )
    assert (
        '      │   "She just sat down"\n      └─ comment (KR)\n             who first?\n'
        "             answer: Eve\n" in out
    )


def test_json_is_nested_and_holds_the_words(analysed):
    tree = json.loads(analysed.ok("trace", "noticing the pay", "--format", "json"))
    assert (tree["kind"], tree["name"]) == ("initial code", "noticing the pay")
    up, _, _, eve = tree["children"]
    assert (up["link"], up["kind"], up["name"], up["because"]) == (
        "taken up by",
        "focused code",
        "minding the money",
        "it comes back in both",
    )
    assert [(child["link"], child["name"]) for child in up["children"]] == [
        ("in the category", "keeping hours"),
        ("in the relation", "minding the money slows becoming believable"),
    ]
    assert eve["words"] == "She goes home at five. I don't." and set(eve["made"][0]) == {
        "when",
        "by",
        "why",
        "source",
    }


def test_a_name_on_two_levels_is_told_and_a_prefix_chooses(analysed):
    analysed.ok("code", "eve", "2", "easy beginnings")
    ran = analysed("trace", "easy beginnings")
    assert ran.out.startswith("easy beginnings (focused code)\n")
    assert (
        ran.err
        == '"easy beginnings" is a label of initial and focused; the focused is shown. For the '
        'other: "initial: easy beginnings"\n'
    )
    assert analysed.ok("trace", "initial: easy beginnings").startswith(
        "easy beginnings (initial code)\n"
    )


def test_an_incident_leads_to_its_codes_and_to_what_is_written_about_it(analysed):
    """A code of a stretch says on which words; a memo about the turn stands with it."""
    analysed.ok("comments", "add", "eve 2", "who is she?")
    told = analysed.ok("trace", "eve 4")
    assert told.startswith("eve 4 (incident)\n")
    assert '─ coded "noticing the pay" (' in told
    assert "memo 2026-03-21-paid-to-be-nice (2026-03-21, PM)\n" in told
    assert '─ contradicts "becoming believable"' in told
    told = analysed.ok("trace", "eve 2")
    assert '─ coded "meeting around the ward" (' in told
    assert 'on: eve 2 "She just sat down"\n' in told
    assert 'taken up by "easy beginnings"' in told
    assert "who is she?" in told
    assert json.loads(analysed.ok("trace", "eve 2", "--format", "json"))["kind"] == "incident"
    assert (
        'Turn 2 of eve does not contain "no such words"'
        in analysed("trace", 'eve 2 "no such words"').err
    )


def test_what_is_not_there_is_an_error_with_the_nearest_name(analysed):
    assert (
        analysed("trace", "easy beginings").err
        == "No code, category, relation, memo, participant, interview, question or incident "
        '"easy beginings" in this study. Did you mean "easy beginnings"?\n'
    )
    ran = analysed("trace", "focused: minding money")
    assert (ran.code, ran.err) == (
        1,
        'No focused code "minding money" in this study. Did you mean "minding the money"?\n',
    )


def test_categories_that_are_part_of_each_other_end(analysed):
    analysed.write(
        "data/theory.yaml",
        THEORY.replace(
            "- category: becoming believable\n",
            "- category: becoming believable\n  part-of: keeping hours\n",
        ),
    )
    out = analysed.ok("trace", "keeping hours")
    assert (
        'part of "keeping hours"' in out
        and "see: above" in out
        and out.count('has the part "becoming believable"') == 1
    )


def test_a_folder_of_a_larger_repository_a_shallow_clone_and_no_commit_yet(versioned, tmp_path):
    os.rename(versioned.root / ".git", versioned.root.parent / ".git")
    git("add", "-A", cwd=versioned.root.parent)
    git("commit", "-q", "-m", "moved", cwd=versioned.root.parent)
    versioned.write(
        FOCUSED_CODES,
        versioned.read(FOCUSED_CODES).replace("ward\n", "ward\n    it went from there\n"),
    )
    commit(versioned, "more", "2026-03-15")
    assert rows(versioned, "it went from there")[
        "it went from there", "taken up by", "easy beginnings"
    ] == ("2026-03-15", "PM", "more")
    clone = tmp_path / "clone"
    git("clone", "-q", "--depth", "1", f"file://{versioned.root.parent}", str(clone), cwd=tmp_path)
    ran = versioned("trace", "it went from there", cwd=clone / "study")
    assert (
        ran.code == 0
        and "note: this clone is shallow: what is older than it stands under its first commit"
        in ran.err
    )
    fresh = tmp_path / "fresh"
    subprocess.run(["cp", "-r", str(versioned.root), str(fresh)], check=True)
    git("init", cwd=fresh)
    assert (
        'taken up by "easy beginnings" (PM, not committed yet)'
        in versioned("trace", "it went from there", cwd=fresh).out
    )


def test_a_sheet_written_in_another_way_is_read_all_the_same(versioned):
    versioned.write(
        SHEET, '- "turn": "2"\n  "codes": |\n    it went from there\n- {turn: 4, codes: }\n'
    )
    commit(versioned, "another editor", "2026-03-18")
    assert rows(versioned, "it went from there")["it went from there", "applied at", "jim 2"] == (
        "2026-03-18",
        "PM",
        "another editor",
    )


LABEL = (
    st.text(
        st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="\x85\u2028\u2029"),
        min_size=1,
        max_size=12,
    )
    .map(one_line)
    .filter(lambda label: not code_line.why_not_a_label(label))
)


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1", "2", "2a"]),
            LABEL,
            st.booleans(),
            st.sampled_from(["", "a note\n  and more"]),
        ),
        max_size=8,
    ),
    st.booleans(),
)
def test_a_sheet_read_by_its_lines_says_what_its_yaml_says(codes, with_text):
    words = "codes: |\n    it went from there"
    interview = Interview(
        "jim", "", "", {"P": "jim"}, tuple(Turn(id, "", "P", words, 1) for id in ("1", "2", "2a"))
    )
    text = sheet_edits.new_sheet(interview, with_text)
    for turn, label, tied, said in codes:
        text = sheet_edits.add_code(
            text,
            "",
            interview,
            interview.turn(turn),
            SheetCode(INITIAL, label, "it went" if tied else None, said, 0),
            with_text,
        )
    lead = lambda level, label: label  # noqa: E731
    path = "data/initial-codes/jim.yaml"
    by_lines = links_in_version.facts_in(path, text, lead)
    assert by_lines == links_in_version.facts_in(path, text, lead, whole=True)
    assert len(by_lines) == len({(turn, label, tied) for turn, label, tied, _ in codes})


def test_words_pass_through_untouched_and_wrapped_lines_keep_the_branches(analysed):
    import pty

    told = analysed.ok("trace", "noticing the pay")
    assert "[pause 3s]" in told and "<laughs>" in told
    main, other = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "gtpipe", "trace", "noticing the pay"],
        cwd=analysed.root,
        stdout=other,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "COLUMNS": "44", "TERM": "xterm"},
    )
    os.close(other)
    shown = b""
    while True:
        try:
            piece = os.read(main, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    process.wait()
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).replace("\r\n", "\n")
    assert max(map(len, plain.splitlines())) <= 44
    assert "[pause 3s]" in one_line(plain.replace("│", " "))
    unwrapped = one_line(re.sub(r"[│├└─]", " ", plain))
    assert unwrapped == one_line(re.sub(r"[│├└─]", " ", told))


def test_a_comment_on_other_words_of_the_turn_is_shown_where_the_incident_shares_them(analysed):
    for about in (
        "jim 2",
        'jim 2 "around the ward"',
        'jim  2  "it went\tfrom there"',
        'jim 2 "ward (laugh) and it went"',
    ):
        analysed.ok("comments", "add", about, f"on {' '.join(about.split())}", "--by", "KR")
    told = analysed.ok("trace", "it went from there")
    assert told.count("comment (KR)") == 3 and 'on jim 2 "around the ward"' not in told
    assert '   on: jim 2 "ward (laugh) and it went"\n' in told
    assert (
        analysed.ok("trace", "meeting around the ward").count("comment (KR)") == 4
    )  # the turn as a whole
    listed = analysed.ok("comments", 'jim 2 "it went from there"')
    assert listed.count(" · KR") == 3 and "around the ward" not in listed
