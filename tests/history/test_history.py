"""The life of a study, commit by commit: what changed, by whom, when and why; of the whole code
book, or of one code.
"""

from __future__ import annotations

import json
import os
import re
import subprocess

import pytest
from conftest import PIPELINE, ROOT, git

from gtpipe.history import lives, timeline
from gtpipe.history.chart import chart
from gtpipe.history.version_reader import VersionReader
from gtpipe.model.level import FOCUSED as FOCUSED_LEVEL
from gtpipe.model.level import INITIAL
from gtpipe.store import log
from gtpipe.store.layout import Study
from gtpipe.store.repository import Repository

GOLDEN = ROOT / "tests/golden" / "history.txt"
BOOK = "data/codebook.yaml"
FOCUSED = "data/focused-codes.yaml"
HASH = re.compile(r"\b[0-9a-f]{7}\b")

INTERVIEWS = {
    "jim": (
        "2026-03-02",
        "I: How did it start?\n\nP: I met him around the ward and it went from there.\n\n"
        "I: And then?\n\n"
        "P: Awkward. Him being paid and that.\n\nI: Still?\n\n"
        "P: He goes home, I stay. You notice.\n",
    ),
    "eve": (
        "2026-03-09",
        "I: How did you meet?\n\nP: She just sat down. No form, nothing.\n\nI: And now?\n\n"
        "P: She goes home at five. I don't.\n\nI: What helps?\n\n"
        "P: She told me her own diagnosis.\n",
    ),
    "sol": (
        "2026-03-23",
        "I: Who was it?\n\nP: Somebody who had been inside himself.\n\nI: Did you know?\n\n"
        "P: He said so. First thing he said.\n",
    ),
    "ruth": (
        "2026-04-13",
        "I: How was the first week?\n\nP: They sent her to me with a letter.\n\nI: And?\n\n"
        "P: I sent her away again. Twice.\n",
    ),
}
THEORY = """\
categories:
- category: becoming believable
  definition: how a paid stranger comes to be believed
  focused: |
    having lived it

relations:
- from: easy beginnings
  kind: opens the way to
  to: becoming believable
  support: |
    eve 2
"""


class Replay:
    """A study that is worked on day by day, each day a commit with its date and author."""

    def __init__(self, study) -> None:
        self.study = study
        self.number = 0
        study.write("pipeline.yaml", PIPELINE)
        study.write(".gitignore", ".gtpipe/\n/in/\ndata/derived/\n")
        git("init", "-q", "-b", "main", cwd=study.root)

    def commit(self, date: str, author: str, subject: str) -> None:
        self.number += 1
        self.git("add", "-A", date=date, author=author)
        self.git("commit", "-q", "--allow-empty", "-m", subject, date=date, author=author)

    def git(self, *arguments: str, date: str = "2026-06-01", author: str = "Pat Morgan") -> None:
        env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        for who in ("AUTHOR", "COMMITTER"):
            env |= {
                f"GIT_{who}_NAME": author,
                f"GIT_{who}_EMAIL": "a@example.org",
                f"GIT_{who}_DATE": f"{date}T12:00:00+0000",
            }
        subprocess.run(
            ["git", *arguments], cwd=self.study.root, env=env, check=True, capture_output=True
        )

    def ingest(self, name: str) -> None:
        date, words = INTERVIEWS[name]
        self.study.write(f"in/{name}.txt", words)
        self.study.ok("ingest", f"in/{name}.txt", "--date", date)
        self.study.ok("initial-code")

    def code(self, interview: str, **turns: list[str]) -> None:
        for turn, labels in turns.items():
            for label in labels:
                label, _, words = label.partition(" <- ")
                self.study.ok(
                    "code",
                    interview,
                    turn.strip("t"),
                    label,
                    *(["--words", words] if words else []),
                )

    def rewrite(self, path: str, *pairs: tuple[str, str]) -> None:
        text = self.study.read(path)
        for old, new in pairs:
            assert old in text, (path, old)
            text = text.replace(old, new)
        self.study.write(path, text)

    def add(self, path: str, text: str) -> None:
        target = self.study.root / path
        self.study.write(path, (target.read_text() + "\n" if target.exists() else "") + text)

    def in_sheets(self, old: str, new: str) -> None:
        """Another label in every sheet; the line goes where `new` is ''."""
        for sheet in sorted((self.study.root / "data/initial-codes").glob("*.yaml")):
            sheet.write_text(
                re.sub(
                    rf"^    {re.escape(old)}(?= <-|$)(.*\n)",
                    rf"    {new}\1" if new else "",
                    sheet.read_text(),
                    flags=re.M,
                )
            )

    def log(self, command: str, why: str, by: str = "PM") -> None:
        with (self.study.root / "data/log.jsonl").open("a") as file:
            file.write(log.line(command, by, why, []))

    def memo(self, name: str, title: str, *about: str) -> None:
        lines = "".join(f"  {one}\n" for one in about)
        self.study.write(
            f"data/memos/{name}.md",
            f"---\ntitle: {title}\ndate: {name[:10]}\nby: PM\nkind: comparison\nabout: |\n"
            f"{lines}---\n\nThoughts.\n",
        )


def fifty_commits(r: Replay) -> None:
    """A study as it goes: two coders, four interviews, codes that are renamed, merged, split and
    parked, and a theory.
    """
    pat, kit = "Pat Morgan", "Kit Rowe"
    r.commit("2026-03-01", pat, "begin")
    r.ingest("jim")
    r.commit("2026-03-02", pat, "jim")
    r.code("jim", t2=["met on the ward", "it went from there <- it went from there"])
    r.commit("2026-03-03", pat, "first codes")
    r.code("jim", t4=["feeling awkward", "noticing the pay"], t6=["being left behind"])
    r.commit("2026-03-03", pat, "jim coded")
    r.study.ok(
        "codes",
        "define",
        "met on the ward",
        "first contact outside any appointment",
        "--why",
        "three of us read it differently",
    )
    r.commit("2026-03-04", pat, "define")
    r.memo("2026-03-05-who-leaves", "Who leaves", "being left behind", "jim 6")
    r.commit("2026-03-05", pat, "a memo")
    r.ingest("eve")
    r.commit("2026-03-09", pat, "eve")
    r.code("eve", t2=["met on the ward <- She just sat down"])
    r.commit("2026-03-10", pat, "eve 2")
    r.code("eve", t4=["being left behind", "keeping hours <- at five"])
    r.commit("2026-03-10", pat, "eve 4")
    r.code("eve", t6=["telling her own"])
    r.commit("2026-03-11", pat, "eve 6")
    r.in_sheets("met on the ward", "meeting around the ward")
    r.rewrite(
        BOOK,
        (
            "- code: met on the ward",
            "- code: meeting around the ward\n  was: |\n    met on the ward",
        ),
    )
    r.log("codes rename 'met on the ward' 'meeting around the ward'", "Eve never was on the ward")
    r.commit("2026-03-12", pat, "rename")
    r.in_sheets("feeling awkward", "awkwardness of pay")
    r.commit("2026-03-13", pat, "renamed by hand")
    r.study.ok(
        "codes",
        "define",
        "meeting around the ward",
        "first contact that nobody arranged",
        "--why",
        "the appointment was not the point",
    )
    r.commit("2026-03-13", pat, "redefine")
    r.code("jim", t4=["him being paid <- Him being paid"])
    r.commit("2026-03-14", pat, "closer")
    r.rewrite(
        "data/initial-codes/jim.yaml",
        ("    awkwardness of pay\n", ""),
        ("    noticing the pay\n", "    minding the pay\n"),
        ('    him being paid <- "Him being paid"\n', '    minding the pay <- "Him being paid"\n'),
    )
    r.add(
        BOOK,
        "- code: minding the pay\n  merged-from: |\n    awkwardness of pay\n    noticing the pay\n"
        "    him being paid\n",
    )
    r.log(
        "codes merge 'awkwardness of pay' 'noticing the pay' 'him being paid' --into 'minding the "
        "pay'",
        "one and the same worry",
    )
    r.commit("2026-03-16", pat, "merge")
    r.memo("2026-03-17-paid", "Paid to be nice", "minding the pay")
    r.commit("2026-03-17", pat, "memo on pay")
    r.git("tag", "before-sol")
    r.ingest("sol")
    r.commit("2026-03-23", pat, "sol")
    r.code("sol", t2=["telling her own"], t4=["saying it first"])
    r.commit("2026-03-24", pat, "sol coded")
    r.in_sheets("telling her own", "telling one's own")
    r.add(BOOK, "- code: telling one's own\n  was: |\n    telling her own\n")
    r.log('codes rename "telling her own" "telling one\'s own"', "Sol is a man")
    r.commit("2026-03-25", pat, "rename again")
    r.add("data/initial-codes/jim.KR.yaml", "- turn: 2\n  codes: |\n    meeting around the ward\n")
    r.commit("2026-03-26", kit, "Kit reads jim")
    r.add("data/initial-codes/jim.KR.yaml", "- turn: 6\n  codes: |\n    counting hours\n")
    r.commit("2026-03-26", kit, "Kit goes on")
    r.rewrite("data/initial-codes/jim.KR.yaml", ("    counting hours", "    being left behind"))
    r.commit("2026-03-27", kit, "after talking")
    r.study.ok(
        "codes",
        "focused",
        "add",
        "easy beginnings",
        "--takes-up",
        "meeting around the ward",
        "--because",
        "holds in both",
        "--by",
        "PM",
        "--why",
        "first that carries",
    )
    r.commit("2026-03-28", pat, "a focused code")
    r.study.ok(
        "codes",
        "focused",
        "add",
        "living by hours",
        "--takes-up",
        "keeping hours",
        "--because",
        "the clock is everywhere",
        "--by",
        "KR",
    )
    r.commit("2026-03-28", kit, "another")
    r.study.ok(
        "codes",
        "focused",
        "take-up",
        "living by hours",
        "being left behind",
        "--why",
        "left at five",
    )
    r.commit("2026-03-29", kit, "take up")
    r.study.ok("codes", "focused", "take-up", "living by hours", "minding the pay")
    r.commit("2026-03-30", kit, "pay too")
    r.rewrite(FOCUSED, ("    being left behind\n    minding the pay\n", "    being left behind\n"))
    r.add(
        FOCUSED,
        "- focused: paid to be nice\n  because: Jim says so twice\n  by: PM\n  takes-up: |\n"
        "    minding the pay\n",
    )
    r.commit("2026-03-31", pat, "pay is its own")
    r.git("tag", "-a", "v1", "-m", "first framework")
    r.rewrite("data/transcripts/jim.md", ("Awkward. Him being paid", "Awkward, him being paid"))
    r.rewrite(
        "data/initial-codes/jim.yaml",
        ("Awkward. Him being paid", "Awkward, him being paid"),
        ('<- "Him being', '<- "him being'),
    )
    r.commit("2026-04-01", kit, "heard again")
    r.rewrite("data/initial-codes/eve.yaml", ("    being left behind\n", "    she goes, I stay\n"))
    r.rewrite("data/initial-codes/jim.yaml", ("    being left behind\n", "    noticing who goes\n"))
    r.add(
        BOOK,
        "- code: she goes, I stay\n  split-from: |\n    being left behind\n\n"
        "- code: noticing who goes\n  split-from: |\n    being left behind\n",
    )
    r.rewrite("data/initial-codes/jim.KR.yaml", ("    being left behind", "    noticing who goes"))
    r.rewrite(FOCUSED, ("    being left behind\n", "    she goes, I stay\n    noticing who goes\n"))
    r.log("codes split 'being left behind'", "to see it and to suffer it are two things")
    r.commit("2026-04-02", pat, "split")
    r.add(BOOK, "- code: it went from there\n  parked: a turn of speech\n")
    r.log("codes park 'it went from there'", "a turn of speech")
    r.commit("2026-04-03", pat, "park")
    r.add("README.md", "Our study.\n")
    r.commit("2026-04-03", pat, "read me")
    r.study.write("data/theory.yaml", THEORY.replace("having lived it", "easy beginnings"))
    r.commit("2026-04-04", pat, "a first theory")
    r.ingest("ruth")
    r.commit("2026-04-13", pat, "ruth")
    r.code("ruth", t2=["being sent"])
    r.commit("2026-04-14", pat, "ruth 2")
    r.code("ruth", t4=["sending away"])
    r.commit("2026-04-14", pat, "ruth 4")
    r.add(
        "data/theory.yaml",
        "negative-cases:\n- incident: ruth 2\n  contradicts: easy beginnings\n"
        "  led-to: qualified\n  by: PM\n",
    )
    r.commit("2026-04-15", pat, "ruth breaks it")
    r.memo("2026-04-15-sent", "Sent with a letter", "focused: easy beginnings", "ruth 2")
    r.commit("2026-04-15", pat, "memo on ruth")
    r.study.ok(
        "codes",
        "focused",
        "add",
        "having lived it",
        "--takes-up",
        "telling one's own",
        "--because",
        "Eve and Sol",
        "--by",
        "PM",
    )
    r.commit("2026-04-16", pat, "having lived it")
    r.rewrite(
        FOCUSED,
        (
            "- focused: easy beginnings",
            "- focused: beginning unarranged\n  was: |\n    easy beginnings",
        ),
    )
    r.rewrite(
        "data/theory.yaml",
        ("    easy beginnings\n", "    having lived it\n"),
        ("easy beginnings", "beginning unarranged"),
    )
    r.log(
        "codes rename 'focused: easy beginnings' 'focused: beginning unarranged'",
        "Ruth's was not easy, it was arranged",
    )
    r.commit("2026-04-17", pat, "rename a focused code")
    r.git("checkout", "-q", "-b", "kit")
    r.add("data/initial-codes/sol.KR.yaml", "- turn: 4\n  codes: |\n    saying it first\n")
    r.commit("2026-04-20", kit, "Kit reads sol")
    r.git("checkout", "-q", "main")
    r.study.ok("codes", "define", "saying it first", "history told before anything else")
    r.commit("2026-04-21", pat, "define")
    r.git("merge", "-q", "--no-edit", "kit", date="2026-04-22")
    r.rewrite(BOOK, ("  parked: a turn of speech\n", "  definition: how it starts to move\n"))
    r.log("codes unpark 'it went from there'", "Sol says it too")
    r.commit("2026-04-23", pat, "unpark")
    r.in_sheets("sending away", "")
    r.log("codes drop 'sending away'", "not about peers")
    r.commit("2026-04-24", pat, "drop")
    r.study.write(BOOK, r.study.read(BOOK) + "\n- code: [broken\n")
    r.commit("2026-04-25", pat, "a slip")
    r.rewrite(BOOK, ("\n- code: [broken\n", "\n- code: waiting\n"))
    r.commit("2026-04-25", pat, "mended")
    r.add(
        "data/theory.yaml",
        "sufficiency:\n- interview: ruth\n  modified: |\n    beginning unarranged\n"
        "  judgement: not yet\n  by: PM\n",
    )
    r.commit("2026-04-27", pat, "not yet")
    r.rewrite("data/theory.yaml", ("led-to: qualified", "led-to: revised"))
    r.commit("2026-04-28", pat, "revised")
    r.rewrite("data/theory.yaml", ("judgement: not yet", "judgement: nearly"))
    r.commit("2026-04-29", pat, "nearly")
    r.rewrite("data/memos/2026-04-15-sent.md", ("Thoughts.", "Second thoughts."))
    r.commit("2026-04-29", pat, "thought again")
    r.rewrite(
        "data/initial-codes/ruth.yaml",
        ("    being sent\n", "    being sent\n  focused: |\n    beginning unarranged\n"),
    )
    r.commit("2026-04-30", pat, "straight beside the turn")
    r.git("tag", "v2")


@pytest.fixture(scope="module")
def replayed(tmp_path_factory):
    """Where it is made, once; the tests here only look."""
    return tmp_path_factory.mktemp("replay") / "study"


@pytest.fixture
def lived(replayed, empty, capsys, monkeypatch):
    """The study of fifty commits; made by the first test that asks for it."""
    if not replayed.exists():
        made = type(empty)(replayed, capsys, monkeypatch)
        fifty_commits(Replay(made))
    return type(empty)(replayed, capsys, monkeypatch)


def test_fifty_commits_are_told_in_order_with_their_reasons(lived):
    listed = git("rev-list", "--count", "--no-merges", "HEAD", cwd=lived.root).stdout
    assert int(listed) == 50
    told = HASH.sub("·······", lived.ok("history"))
    if os.environ.get("GTPIPE_GOLDEN"):
        GOLDEN.write_text(told)
    assert told == GOLDEN.read_text()


def life(study, *words: str) -> str:
    return HASH.sub("·······", study.ok("history", *words))


def test_the_life_of_a_code_goes_back_through_renames(lived):
    assert (
        life(lived, "meeting around the ward")
        == """\
"meeting around the ward"

2026-03-03  ·······  Pat Morgan: first codes
    new "met on the ward" (1 application)
    added "met on the ward": jim 2

2026-03-04  ·······  Pat Morgan: define
    defined "met on the ward": first contact outside any appointment
    why: three of us read it differently (PM)

2026-03-10  ·······  Pat Morgan: eve 2
    added "met on the ward": eve 2

2026-03-12  ·······  Pat Morgan: rename
    renamed "met on the ward" is now "meeting around the ward" (2 applications)
    why: Eve never was on the ward (PM)

2026-03-13  ·······  Pat Morgan: redefine
    redefined "meeting around the ward": first contact [-outside any appointment-] {+that nobody arranged+}
    why: the appointment was not the point (PM)

2026-03-26  ·······  Kit Rowe: Kit reads jim
    added "meeting around the ward": jim 2 (coded by KR)

2026-03-28  ·······  Pat Morgan: a focused code
    changed "easy beginnings": takes up "meeting around the ward"
"""  # noqa: E501
    )


def test_an_old_label_leads_on(lived):
    assert life(lived, "met on the ward").startswith(
        '"meeting around the ward", once "met on the ward"\n'
    )
    assert life(lived, "noticing the pay").startswith(
        '"minding the pay", once "noticing the pay"\n'
    )


def test_the_life_of_a_merged_code_tells_of_those_it_was_made_of(lived):
    assert (
        life(lived, "minding the pay")
        == """\
"minding the pay"

2026-03-03  ·······  Pat Morgan: jim coded
    new "feeling awkward" (1 application), "noticing the pay" (1 application)
    added "feeling awkward": jim 4
    added "noticing the pay": jim 4

2026-03-13  ·······  Pat Morgan: renamed by hand
    renamed "feeling awkward" is probably now "awkwardness of pay": 1 of 1 applications in common

2026-03-14  ·······  Pat Morgan: closer
    new "him being paid" (1 application)
    added "him being paid": jim 4

2026-03-16  ·······  Pat Morgan: merge
    merged "awkwardness of pay", "him being paid", "noticing the pay" into "minding the pay" (3 applications); 1 application fell together with another at jim 4
    why: one and the same worry (PM)

2026-03-17  ·······  Pat Morgan: memo on pay  [before-sol]
    memo: Paid to be nice

2026-03-30  ·······  Kit Rowe: pay too
    changed "living by hours": takes up "minding the pay"

2026-03-31  ·······  Pat Morgan: pay is its own  [v1]
    moved "minding the pay" from "living by hours" to "paid to be nice"

2026-04-01  ·······  Kit Rowe: heard again
    other words "minding the pay": jim 4 (coded by PM)
"""  # noqa: E501
    )


def test_the_life_of_a_part_begins_with_what_it_was_split_from(lived):
    assert (
        life(lived, "noticing who goes")
        == """\
"noticing who goes"

2026-03-03  ·······  Pat Morgan: jim coded
    new "being left behind" (1 application)
    added "being left behind": jim 6

2026-03-05  ·······  Pat Morgan: a memo
    memo: Who leaves

2026-03-10  ·······  Pat Morgan: eve 4
    added "being left behind": eve 4

2026-03-26  ·······  Kit Rowe: Kit goes on
    new "counting hours" (1 application)
    added "counting hours": jim 6 (coded by KR)

2026-03-27  ·······  Kit Rowe: after talking
    merged "counting hours" was probably merged into "being left behind": 1 of 1 applications in common

2026-03-29  ·······  Kit Rowe: take up
    changed "living by hours": takes up "being left behind"
    why: left at five (PM)

2026-04-02  ·······  Pat Morgan: split
    split "being left behind" (3 applications) into "noticing who goes", "she goes, I stay"
    recoded "being left behind" → "noticing who goes": jim 6 (coded by PM); jim 6 (coded by KR)
    recoded "being left behind" → "she goes, I stay": eve 4 (coded by PM)
    changed "living by hours": takes up "noticing who goes"
    changed "living by hours": no longer takes up "being left behind"
    why: to see it and to suffer it are two things (PM)
"""  # noqa: E501
    )


def test_the_life_of_a_code_that_is_gone_ends_with_why(lived):
    assert (
        life(lived, "sending away")
        == """\
"sending away" (gone)

2026-04-14  ·······  Pat Morgan: ruth 4
    new "sending away" (1 application)
    added "sending away": ruth 4 (coded by PM)

2026-04-24  ·······  Pat Morgan: drop
    gone "sending away" (had 1 application)
    removed "sending away": ruth 4 (coded by PM)
    why: not about peers (PM)
"""
    )


def test_the_life_of_a_focused_code_has_its_memos_and_what_it_takes_up(lived):
    assert (
        life(lived, "focused: easy beginnings")
        == """\
"focused: beginning unarranged", once "focused: easy beginnings"

2026-03-28  ·······  Pat Morgan: a focused code
    new "easy beginnings"; because: holds in both; by: PM; written-after: sol; takes up: meeting around the ward
    why: first that carries (PM)

2026-04-04  ·······  Pat Morgan: a first theory
    changed category "becoming believable": holds "easy beginnings"

2026-04-15  ·······  Pat Morgan: memo on ruth
    memo: Sent with a letter

2026-04-17  ·······  Pat Morgan: rename a focused code
    renamed "easy beginnings" is now "beginning unarranged"
    changed category "becoming believable": no longer holds "beginning unarranged"
    why: Ruth's was not easy, it was arranged (PM)

2026-04-30  ·······  Pat Morgan: straight beside the turn  [v2]
    added "focused: beginning unarranged": ruth 2 (coded by PM)
"""  # noqa: E501
    )


def test_where_there_never_was_such_a_code_the_nearest_is_named(lived):
    ran = lived("history", "noticing who went")
    assert (ran.code, ran.out) == (1, "")
    assert (
        'No code "noticing who went", now or in git\'s history. Did you mean "noticing who goes"?'
        in ran.err
    )


def test_a_commit_whose_file_cannot_be_read_is_told_and_costs_nothing_else(lived):
    ran = lived("history")
    assert HASH.sub("·······", ran.err) == (
        f"{BOOK}: note: at ······· this file cannot be read, and is left out: "
        "this is not readable as YAML: a bracket at the start of a value begins a list in YAML "
        "(line 30).\n"
    )


def test_programs_get_the_same(lived):
    rows = json.loads(lived.ok("history", "--format", "json"))
    assert rows[9] == {
        "commit": rows[9]["commit"],
        "date": "2026-03-12",
        "author": "Pat Morgan",
        "subject": "rename",
        "tags": [],
        "codes": 7,
        "focused-codes": 0,
        "changes": ["1 code renamed (met on the ward → meeting around the ward)"],
        "why": ["Eve never was on the ward"],
        "memos": [],
    }
    assert len(rows[9]["commit"]) == 40
    assert lived.ok("history", "sending away", "--format", "csv").split("\n")[0] == (
        "commit,date,author,subject,tags,codes,focused-codes,changes,why,memos"
    )
    assert len(json.loads(lived.ok("history", "--last", "3", "--format", "json"))) == 3


def test_a_tag_is_a_snapshot_to_compare_with(lived):
    assert lived.ok("diff", "before-sol", "v1").startswith(
        "From before-sol to v1: codes 6 → 7, applications 9 → 13, focused codes 0 → 3\n\n"
        'Codes\n  renamed  "telling her own" is now "telling one\'s own" (2 applications)\n'
    )


def test_a_shallow_clone_says_where_its_history_begins(lived, tmp_path):
    git(
        "clone",
        "-q",
        "--depth",
        "4",
        f"file://{lived.root}",
        str(tmp_path / "shallow"),
        cwd=tmp_path,
    )
    ran = lived("history", cwd=tmp_path / "shallow")
    assert ran.code == 0
    assert HASH.sub("·······", ran.err) == (
        "note: this clone is shallow: history begins at ·······, 2026-04-28. "
        "`git fetch --unshallow` brings the rest.\n"
    )
    assert [
        line.partition(": ")[2]
        for line in ran.out.split("\n")
        if line.startswith("2026-") and ": " in line
    ] == ["revised", "nearly", "thought again", "straight beside the turn  [v2]"]
    assert (
        "This clone is shallow; `git fetch --unshallow` brings the rest"
        in lived("diff", "HEAD~9", cwd=tmp_path / "shallow").err
    )


# --- small histories ------------------------------------------------------------------------------


@pytest.fixture
def small(coded):
    """The coded study in git."""
    coded.write(".gitignore", ".gtpipe/\n/in/\ndata/derived/\n")
    coded.write(".gitattributes", "data/log.jsonl merge=union\n")
    git("init", "-q", "-b", "main", cwd=coded.root)
    save(coded, "begin")
    return coded


def save(study, message: str) -> None:
    git("add", "-A", cwd=study.root)
    assert git("commit", "-q", "-m", message, cwd=study.root).returncode == 0


def titles(study, *words: str) -> list[tuple[str, list[str]]]:
    """Subject and changes of each entry."""
    return [
        (row["subject"], row["changes"])
        for row in json.loads(study.ok("history", *words, "--format", "json"))
    ]


def test_what_is_not_committed_comes_last(small):
    small.ok("code", "jim", "4", "envying")
    assert titles(small)[-1] == ("not committed yet", ["+1 code (envying), 1 application added"])


def test_a_merge_tells_only_what_neither_side_had(small):
    git("checkout", "-q", "-b", "side", cwd=small.root)
    small.ok("code", "eve", "4", "counting hours")
    save(small, "on the side")
    git("checkout", "-q", "main", cwd=small.root)
    small.ok("code", "jim", "4", "envying")
    save(small, "on main")
    assert git("merge", "-q", "--no-edit", "--no-commit", "side", cwd=small.root).returncode == 0
    git("commit", "-q", "-m", "plain merge", cwd=small.root)
    git("checkout", "-q", "-b", "third", "side", cwd=small.root)
    small.ok("code", "eve", "2", "sitting down")
    save(small, "on the third")
    git("checkout", "-q", "main", cwd=small.root)
    small.ok("code", "jim", "2", "walking")
    save(small, "again on main")
    git("merge", "-q", "--no-commit", "--no-ff", "third", cwd=small.root)
    small.ok("code", "eve", "2", "written while merging")
    save(small, "busy merge")
    told = dict(titles(small))
    assert "plain merge" not in told
    assert told["busy merge"] == ["+1 code (written while merging), 1 application added"]
    assert told["on the side"] == ["+1 code (counting hours), 1 application added"]
    assert [subject for subject, _ in titles(small, "counting hours")] == ["on the side"]


def test_a_tag_on_a_commit_that_changed_no_code_stands_at_the_one_before(small):
    small.write("README.md", "ours\n")
    save(small, "read me")
    git("tag", "sent-to-kit", cwd=small.root)
    assert [row["tags"] for row in json.loads(small.ok("history", "--format", "json"))] == [
        ["sent-to-kit"]
    ]


def test_a_study_that_moved_within_its_repository_says_where_it_stood(small):
    for name in ("pipeline.yaml", "data"):
        (small.root / "inner").mkdir(exist_ok=True)
        git("mv", name, f"inner/{name}", cwd=small.root)
    save(small, "moved")
    ran = small("history", cwd=small.root / "inner")
    assert ran.code == 0 and "+3 codes" in ran.out
    assert (
        ran.err.startswith("note: before ") and "the study stood in . of this repository" in ran.err
    )


def test_a_code_that_came_back_has_one_life(small):
    sheet = small.read("data/initial-codes/jim.yaml")
    small.write(
        "data/initial-codes/jim.yaml",
        sheet.replace("    it went from there <-\n      passive? ask again\n", ""),
    )
    save(small, "out")
    small.write("data/initial-codes/jim.yaml", sheet)
    save(small, "in again")
    assert [subject for subject, _ in titles(small, "it went from there")] == [
        "begin",
        "out",
        "in again",
    ]


# --- all lives at once ----------------------------------------------------------------------------


def assert_all_lives_are_those_of_each(study) -> int:
    """Returns how many codes have one."""
    repository = Repository.of(Study(study.root))
    moments = timeline.moments(VersionReader(repository), now=True)

    def told(lived) -> list:
        return [
            (one.commit.hash, one.changes.entry_changes, one.changes.codings, one.reasons)
            for one in lived
        ]

    number = 0
    for level in (INITIAL, FOCUSED_LEVEL):
        together = lives.of_all(moments, level)
        assert together.keys() <= moments[-1].version.labels[level]
        for label in moments[-1].version.labels[level]:
            alone = timeline.of_code(moments, f"{level}: {label}")
            assert told(together.get(label, ())) == told(alone.moments), label
            number += 1
    return number


def test_all_lives_are_those_of_each_code(lived):
    assert assert_all_lives_are_those_of_each(lived) > 10


def test_all_lives_over_branches_where_a_code_is_renamed_on_one(small):
    git("checkout", "-q", "-b", "side", cwd=small.root)
    small.ok("codes", "rename", "noticing the pay", "minding the pay", "--why", "what he does")
    save(small, "renamed on the side")
    git("checkout", "-q", "main", cwd=small.root)
    small.ok("codes", "define", "noticing the pay", "that it is a job")
    save(small, "defined on main")
    git("merge", "-q", "--no-commit", "-X", "theirs", "side", cwd=small.root)
    save(small, "merged")
    small.ok("codes", "rename", "minding the pay", "noticing the pay", "--why", "back again")
    save(small, "and back")
    small.ok("code", "jim", "2", "not saved yet")
    assert assert_all_lives_are_those_of_each(small) == 4


def test_the_chart_fits_its_width():
    points = [(f"2026-03-{day:02}", day * 50) for day in range(1, 31)]
    assert chart(points, 44) == [
        "1,500 |                           ###",
        "      |                      ########",
        "      |                 #############",
        "  750 |            ##################",
        "      |       #######################",
        "      |  ############################",
        "    0 +------------------------------",
        "       2026-03-01          2026-03-30",
    ]
    assert max(map(len, chart(points * 20, 80))) <= 80
    assert chart(points[:1], 80) == [] and chart([], 80) == []
