"""After a withdrawal git still holds the words: where is told, and its history rewritten
where that is asked for.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from conftest import StudyFolder, git
from six_words import runs_of, said_by, still_there

WITHDRAW = ("withdraw", "jim", "--why", "asked to", "--yes")
REWRITE = ("withdraw", "jim", "--rewrite-history", "--yes", "--backup")
QUOTED = "I met him around the ward and it went from there"


def reachable(root: Path) -> list[tuple[str, str]]:
    """Everything that a ref leads to, or that lies in the object store at all: type and text."""
    listed = git(
        "cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname)", cwd=root
    ).stdout.split("\n")
    return [
        (kind, git("cat-file", "-p", name, cwd=root).stdout)
        for kind, name in (line.split() for line in listed if line)
        if kind in ("blob", "commit", "tag")
    ]


def commit(study: StudyFolder, message: str) -> None:
    git("add", "-A", cwd=study.root)
    assert git("commit", "-qm", message, cwd=study.root).returncode == 0


@pytest.fixture
def versioned(analysed) -> StudyFolder:
    """Two branches and a tag, each with a version of its own; the source in git as well."""
    study = analysed
    for path in (study.root / "in").iterdir():
        path.unlink()
    git("init", "-q", "-b", "main", cwd=study.root)
    git("config", "commit.gpgsign", "false", cwd=study.root)
    study.write(".gitignore", ".gtpipe/\n")
    commit(study, "begin")
    git("checkout", "-qb", "other", cwd=study.root)
    study.write("chapter.md", f"Jim said: {QUOTED.replace(' and', ' (laugh) and')}.\n")
    study.ok("code", "jim", "2", "a start", "--by", "KR")
    commit(study, "a chapter")
    git("tag", "-a", "v1", "-m", "sent to the office", cwd=study.root)
    git("checkout", "-q", "main", cwd=study.root)
    sheet = study.read("data/initial-codes/eve.yaml")
    study.write("data/initial-codes/eve.yaml", sheet.replace("noticing the pay", "minding hours"))
    commit(study, "recode eve")
    return study


def test_it_names_what_holds_the_words_and_prints_the_line_for_exactly_these_paths(versioned):
    git("remote", "add", "origin", "https://pat:word@example.org/study.git", cwd=versioned.root)
    ran = versioned(*WITHDRAW)
    assert re.search(r"^  [0-9a-f]{10} \d{4}-\d\d-\d\d begin$", ran.out, re.M)
    assert "a chapter\n" in ran.out and "recode eve" not in ran.out
    assert "  2 branches: main, other\n" in ran.out and "  1 tag: v1\n" in ran.out
    assert "the remote origin (https://example.org/study.git)" in ran.out
    line = next(one for one in ran.out.split("\n") if "git filter-repo" in one)
    assert line.strip() == (
        "git filter-repo --invert-paths --path data/ingested/jim.csv "
        "--path data/initial-codes/jim.KR.yaml --path data/initial-codes/jim.yaml "
        "--path data/sources/jim.txt --path data/transcripts/jim.md"
    )
    assert "  chapter.md\n" in ran.out and "  data/derived/theory.md\n" in ran.out


def test_what_it_names_holds_none_of_the_words(versioned):
    words = QUOTED.replace(" and", " (laugh) and")
    versioned.write("chapter.md", words)
    commit(versioned, f"On {words}")
    git("notes", "add", "-m", words, cwd=versioned.root)
    ran = versioned(*WITHDRAW)
    assert " On (withdrawn)\n" in ran.out and "  also: refs/notes/commits\n" in ran.out
    assert not runs_of(words) & runs_of(ran.out + ran.err)
    assert not re.search(r"^  [0-9a-f]{40}$", ran.out, re.M)


ANSWERS = """\
- about: noticing the pay
  put-to: jim
  response: adds
  words: |
    jim 4 "awkward"
    Not on a Tuesday.
- about: jim 2
  put-to: eve
  response: adds
  words: |
    He never said so on a Wednesday.
- about: noticing the pay
  put-to: eve
  response: adds
"""


def test_rewritten_nothing_reachable_holds_the_words_and_all_commits_stay(versioned, tmp_path):
    versioned.ok("procedures", "add", "member-responses", "--because", "they answer")
    versioned.write("data/responses.KR.yaml", ANSWERS)
    versioned.ok("run")
    commit(versioned, "rows")
    runs = said_by(versioned.root, "P", "jim")
    before = git("log", "--all", "--format=%an %ad %s", cwd=versioned.root).stdout
    versioned(*WITHDRAW)
    commit(versioned, "jim withdrew")
    tree = git("rev-parse", "HEAD^{tree}", cwd=versioned.root).stdout
    versioned.write("data/notes.txt", "mine")  # unknown to git: it stays
    bundle = tmp_path / "all.bundle"
    assert versioned(*REWRITE, str(bundle)).code == 0
    held = reachable(versioned.root)
    assert len(held) > 20 and not [text for _, text in held if runs & runs_of(text)]
    assert not [text for _, text in held if "awkward" in text or "I met him" in text]
    assert not [text for _, text in held if "Tuesday" in text or "Wednesday" in text]
    answers = git("show", "main~1:data/responses.KR.yaml", cwd=versioned.root).stdout
    assert answers == ANSWERS[ANSWERS.rindex("- about") :]
    after = git("log", "--all", "--format=%an %ad %s", cwd=versioned.root).stdout
    assert {*before.split("\n")} <= {*after.split("\n")} and after.count("\n") == 5
    assert git("rev-parse", "HEAD^{tree}", cwd=versioned.root).stdout == tree
    assert git("cat-file", "-p", "v1", cwd=versioned.root).stdout.endswith("sent to the office\n")
    assert (
        "minding hours"
        in git("show", "main:data/initial-codes/eve.yaml", cwd=versioned.root).stdout
    )
    early = git("show", "main~3:data/focused-codes.yaml", cwd=versioned.root).stdout
    assert 'eve 2 "She just sat down"' in early and "jim 4\n" in early
    theory = git("show", "main~3:data/theory.yaml", cwd=versioned.root).stdout
    assert 'jim 4 "(withdrawn)"' in theory
    assert git("show", "other:chapter.md", cwd=versioned.root).stdout == "Jim said: (withdrawn).\n"
    assert versioned.read("data/notes.txt") == "mine" and versioned("check").code == 0
    assert bundle.stat().st_mode & 0o777 == 0o600
    assert git("bundle", "verify", str(bundle), cwd=versioned.root).returncode == 0
    assert 'obody called "jim"' in versioned(*REWRITE, str(tmp_path / "b.bundle")).err


def test_documents_pages_and_wide_text_lose_the_words_in_every_commit(versioned, tmp_path):
    docx = pytest.importorskip("docx")
    words = QUOTED.replace(" and", " (laugh) and")
    for name, said in (("theirs.docx", words), ("mine.docx", "Something else that nobody said.")):
        chapter = docx.Document()
        chapter.add_paragraph(said)
        chapter.save(str(versioned.root / name))
    versioned.write("wide.txt", words.encode("utf-16"))
    versioned.write("copy.txt", versioned.read("data/sources/jim.txt"))
    versioned.write("page.html", words.replace("him", "<b>him</b>"))
    commit(versioned, "chapters")
    ran = versioned(*WITHDRAW)
    assert "  theirs.docx\n" in ran.out and "  mine.docx\n" not in ran.out
    commit(versioned, "jim withdrew")
    refused = versioned(*REWRITE, str(tmp_path / "a.bundle"))
    assert refused.code == 1 and "theirs.docx: six of their words" in refused.err
    assert "copy.txt: this still holds" in refused.err and "sources/jim.txt" not in refused.err
    for name in ("theirs.docx", "wide.txt", "page.html", "copy.txt"):
        (versioned.root / name).unlink()
    commit(versioned, "chapters taken back")
    mine = git("rev-parse", "HEAD:mine.docx", cwd=versioned.root).stdout
    assert versioned(*REWRITE, str(tmp_path / "a.bundle")).code == 0
    page = git("show", "HEAD~2:page.html", cwd=versioned.root).stdout
    assert page == "I met <b>him</b> (withdrawn)"
    for name in ("theirs.docx", "wide.txt"):
        left = git("show", f"HEAD~2:{name}", cwd=versioned.root).stdout
        assert left == "(withdrawn: this version held words of somebody who withdrew)\n"
    assert git("rev-parse", "HEAD~2:mine.docx", cwd=versioned.root).stdout == mine


def test_what_a_rewriting_that_was_stopped_left_in_git_goes_the_next_time(versioned, tmp_path):
    runs = said_by(versioned.root, "P", "jim")
    versioned(*WITHDRAW)
    commit(versioned, "jim withdrew")
    (versioned.root / ".gtpipe/rewriting").mkdir()  # as a kill leaves it: refs new, objects there
    git("checkout", "-q", "--orphan", "new", cwd=versioned.root)
    commit(versioned, "all that is left")
    git("branch", "-qD", "main", "other", cwd=versioned.root)
    git("tag", "-d", "v1", cwd=versioned.root)
    assert [text for _, text in reachable(versioned.root) if runs & runs_of(text)]
    assert "being rewritten, and that was stopped" in versioned("withdraw", "jim").err
    ran = versioned(*REWRITE, str(tmp_path / "a.bundle"))
    assert ran.code == 0 and "git holds none of their words." in ran.out
    assert not [text for _, text in reachable(versioned.root) if runs & runs_of(text)]
    assert not (versioned.root / ".gtpipe/rewriting").exists()


def test_a_group_keeps_what_the_others_said_in_every_commit(empty, tmp_path):
    empty.write(
        "in/talk.txt",
        "I: And you all?\n\nAna: I came in for the warm and nobody asked me to leave it.\n\n"
        "Bo: I did the two days in the hotel on the ring road.\n\nAna: Me too.\n",
    )
    who = ["--interviewer", "I", "--participant", "Ana=ana", "--participant", "Bo=bo"]
    empty.ok("ingest", "in/talk.txt", *who, "--date", "2026-03-02")
    (empty.root / "in/talk.txt").unlink()
    empty.ok("initial-code")
    empty.ok("code", "talk", "2", "coming in for the warm", "--note", "or for the tea?")
    empty.ok("code", "talk", "3", "being trained")
    empty.write(".gitignore", ".gtpipe/\n")
    git("init", "-q", cwd=empty.root)
    commit(empty, "begin")
    sheet = empty.read("data/initial-codes/talk.yaml")
    runs = said_by(empty.root, "Ana", "talk")
    assert empty("withdraw", "ana", "--why", "asked", "--yes").code == 0
    commit(empty, "ana withdrew")
    ran = empty("withdraw", "ana", "--rewrite-history", "--yes", "--backup", str(tmp_path / "b"))
    assert ran.code == 0, ran.err
    assert not [
        text for _, text in reachable(empty.root) if runs & runs_of(text) or "Me too" in text
    ]
    early = git("show", "HEAD~1:data/transcripts/talk.md", cwd=empty.root).stdout
    assert "[2] Withdrawn: (withdrawn)\n\n[3] Bo: I did the two days in the hotel" in early
    early = git("show", "HEAD~1:data/initial-codes/talk.yaml", cwd=empty.root).stdout
    assert "being trained" in early and "or for the tea" in sheet and "for the tea" not in early


def test_a_history_is_rewritten_once_all_is_clean(versioned, tmp_path):
    bundle = str(tmp_path / "all.bundle")
    head = git("rev-parse", "HEAD", cwd=versioned.root).stdout

    def refused(words: str, *arguments: str) -> None:
        ran = versioned(*(arguments or (*REWRITE, bundle)))
        assert ran.code in (1, 2) and words in ran.err, ran.err
        assert git("rev-parse", "HEAD", cwd=versioned.root).stdout == head
        assert not Path(bundle).exists()

    refused("comes after the withdrawal")
    assert versioned(*WITHDRAW).code == 0
    refused("files are not as they were committed".capitalize())
    versioned.write(
        "data/memos/2026-04-01-jim.md",
        "---\ndate: 2026-04-01\n---\n\nWell, er, I met him around the ward, he says.\n",
    )
    ran = versioned("withdraw", "jim")
    assert ran.code == 1 and "  data/memos/2026-04-01-jim.md:5\n" in ran.out
    commit(versioned, "jim withdrew")
    head = git("rev-parse", "HEAD", cwd=versioned.root).stdout
    refused("six of their words still stand here")
    versioned.write("data/memos/2026-04-01-jim.md", "---\ndate: 2026-04-01\n---\n\nHe met him.\n")
    commit(versioned, "in my words")
    head = git("rev-parse", "HEAD", cwd=versioned.root).stdout
    refused("would lie in the repository", *REWRITE, str(versioned.root / "b.bundle"))
    versioned.write("chapter.md", "x")
    git("add", "-A", cwd=versioned.root)
    git("stash", cwd=versioned.root)
    refused("there is a stash".capitalize())
    git("stash", "drop", cwd=versioned.root)
    git("worktree", "add", "-q", str(tmp_path / "second"), "other", cwd=versioned.root)
    refused("checked out in")


def test_nothing_that_lies_in_the_study_is_run(versioned, tmp_path):
    versioned(*WITHDRAW)
    commit(versioned, "jim withdrew")
    for name in ("git_filter_repo.py", "json.py", "subprocess.py", "git"):
        versioned.write(name, f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    hook = versioned.write(".git/hooks/post-checkout", f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n")
    hook.chmod(0o755)
    git("config", "core.fsmonitor", f"touch {tmp_path / 'ran'}", cwd=versioned.root)
    ran = versioned(*REWRITE, str(tmp_path / "all.bundle"))
    assert ran.code == 0, ran.err
    assert not (tmp_path / "ran").exists()


def test_somebody_who_did_not_withdraw_is_not_taken_out_of_history(versioned, tmp_path):
    """Who is called otherwise by now spoke under that name in earlier commits, and is here."""
    for path in ("data/transcripts/jim.md", "data/participants.csv"):
        versioned.write(
            path, versioned.read(path).replace("jim", "james", 3 if "csv" in path else 9)
        )
    text = versioned.read("data/transcripts/jim.md").replace("interview: james", "interview: jim")
    versioned.write("data/transcripts/jim.md", text.replace("source: james", "source: jim"))
    versioned.ok("check")
    commit(versioned, "another pseudonym")
    ran = versioned(*REWRITE, str(tmp_path / "all.bundle"))
    assert ran.code == 1 and "speaks here in earlier commits, and did not withdraw" in ran.err


def test_without_git_filter_repo_it_says_what_to_install(versioned, tmp_path, monkeypatch):
    versioned(*WITHDRAW)
    commit(versioned, "jim withdrew")
    monkeypatch.setattr("gtpipe.store.rewriting.MODULE", "no_such_module_here")
    ran = versioned(*REWRITE, str(tmp_path / "all.bundle"))
    assert ran.code == 1 and "pip install 'gtpipe[history]'" in ran.err


def test_what_is_printed_does_what_it_says(versioned, tmp_path):
    """The line for git-filter-repo, typed as it stands, in a clone."""
    ran = versioned(*WITHDRAW)
    commit(versioned, "jim withdrew")
    line = next(one for one in ran.out.split("\n") if "git filter-repo" in one).split()
    clone = tmp_path / "clone"
    git("clone", "-q", "--no-local", str(versioned.root), str(clone), cwd=tmp_path)
    import sys

    command = [sys.executable, "-P", "-m", "git_filter_repo", *line[2:]]
    assert subprocess.run(command, cwd=clone, capture_output=True).returncode == 0
    listed = git("log", "--all", "--name-only", "--format=", cwd=clone).stdout
    assert "data/transcripts/eve.md" in listed and "/jim." not in listed


def test_until_then_no_command_shows_or_keeps_what_git_still_holds(versioned):
    runs = said_by(versioned.root, "P", "jim")
    stretch = "it went from there"
    assert stretch in versioned.ok("diff", "HEAD~1", "--extracts") + versioned.read(
        "data/initial-codes/jim.yaml"
    )
    versioned(*WITHDRAW)
    commit(versioned, "jim withdrew")
    versioned.ok("report")
    for command in (["diff", "HEAD~1", "--extracts"], ["history"], ["history", "noticing the pay"]):
        shown = versioned(*command)
        assert shown.code == 0 and not runs & runs_of(shown.out) and "awkward" not in shown.out
    assert not still_there(versioned.root, runs)
    report = (versioned.root / "data/derived/report").rglob("*.html")
    pages = "".join(path.read_text() for path in report)
    assert "awkward" not in pages and "jim 4" in pages


def test_an_earlier_pseudonym_hides_nothing(empty, tmp_path):
    """The same person spoke as Ellie in earlier commits, in an interview of their own and in a
    group.
    """
    empty.write("in/one.txt", "I: And?\n\nP: I took the long way round so as not to be early.\n")
    empty.write(
        "in/talk.txt",
        "I: And you all?\n\nElla: I had the whole bench to myself that winter.\n\nBo: Not me.\n\n"
        "Ella: Well then.\n",
    )
    who = ["--interviewer", "I", "--participant", "Ella=ella", "--participant", "Bo=bo"]
    empty.ok("ingest", "in/one.txt", "--participant", "P=ella")
    empty.ok("ingest", "in/talk.txt", *who)
    for path in (empty.root / "in").iterdir():
        path.unlink()
    empty.write(".gitignore", ".gtpipe/\n")
    git("init", "-q", cwd=empty.root)
    commit(empty, "begin")
    runs = said_by(empty.root, "P", "one") | said_by(empty.root, "Ella", "talk")
    for path in ("data/transcripts/one.md", "data/transcripts/talk.md", "data/participants.csv"):
        empty.write(path, empty.read(path).replace("ella", "faye").replace("Ella", "Faye"))
    commit(empty, "another pseudonym")
    assert empty("withdraw", "faye", "--why", "asked", "--yes").code == 0
    commit(empty, "faye withdrew")
    ran = empty("withdraw", "faye", "--rewrite-history", "--yes", "--backup", str(tmp_path / "b"))
    assert ran.code == 0, ran.err
    held = [text for _, text in reachable(empty.root)]
    assert not [text for text in held if runs & runs_of(text) or "Well then" in text]
    assert any("Bo: Not me." in text for text in held)


def test_a_clone_that_pulls_a_withdrawal_forgets_it_too(empty, tmp_path, capsys, monkeypatch):
    empty.write(
        "in/talk.txt",
        "I: And you?\n\nAna: I came in for the warm and nobody asked me to leave it.\n\nBo: No.\n",
    )
    who = ["--interviewer", "I", "--participant", "Ana=ana", "--participant", "Bo=bo"]
    empty.ok("ingest", "in/talk.txt", *who)
    (empty.root / "in/talk.txt").unlink()
    empty.ok("initial-code")
    empty.ok("code", "talk", "2", "coming in", "--words", "for the warm and nobody asked me")
    empty.ok("run")
    runs = said_by(empty.root, "Ana", "talk")
    empty.write(".gitignore", ".gtpipe/\n")
    git("init", "-q", cwd=empty.root)
    commit(empty, "begin")
    git("clone", "-q", str(empty.root), str(tmp_path / "clone"), cwd=tmp_path)
    clone = StudyFolder(tmp_path / "clone", capsys, monkeypatch)
    clone.ok("run")
    clone.ok("code", "talk", "3", "saying no")
    clone.ok("undo")
    clone.ok("history")
    assert still_there(clone.root / ".gtpipe", runs)
    empty("withdraw", "ana", "--why", "asked", "--yes")
    commit(empty, "ana withdrew")
    git("checkout", "-q", "--", ".", cwd=clone.root)
    assert git("pull", "-q", cwd=clone.root).returncode == 0
    shown = clone.ok("diff", "HEAD~1", "--extracts")
    assert not runs & runs_of(shown) and "for the warm" not in shown
    clone.ok("run")
    assert not still_there(clone.root, runs)
