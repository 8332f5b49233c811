"""A participant withdraws: nothing of theirs is left but what is told, and nobody else's file is
touched. What is left is searched for here with a few lines of its own, not with gtpipe's.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pexpect
import pytest
from conftest import ROOT, StudyFolder, git, hashes
from six_words import runs_of, said_by, still_there

WHY = ["--why", "asked to, by letter", "--yes"]


def own_copy(place: Path, tmp_path: Path, capsys, monkeypatch, coder: str) -> StudyFolder:
    """A copy of a study that comes with gtpipe, laid out."""
    root = tmp_path / "study"
    root.mkdir()
    shutil.copytree(place / "data", root / "data")
    for name in ("pipeline.yaml", ".gitignore", ".gitattributes"):
        if (place / name).exists():
            shutil.copy(place / name, root / name)
    monkeypatch.setenv("GTPIPE_CODER", coder)
    study = StudyFolder(root, capsys, monkeypatch)
    study.ok("run")
    return study


@pytest.fixture
def root_study(tmp_path, capsys, monkeypatch) -> StudyFolder:
    return own_copy(ROOT, tmp_path, capsys, monkeypatch, "PM")


@pytest.fixture
def group(tmp_path, capsys, monkeypatch) -> StudyFolder:
    return own_copy(ROOT / "examples/tea-round", tmp_path, capsys, monkeypatch, "AL")


# --- the study of four, and a group ---------------------------------------------------------------


def test_of_one_of_four_nothing_is_left_but_what_is_told(root_study):
    runs = said_by(root_study.root, "P", "ray")
    runs -= set().union(*(said_by(root_study.root, "P", name) for name in ("jim", "eve", "nadia")))
    assert len(runs) > 800 and "data/derived/theory.md" in still_there(root_study.root, runs)
    before = root_study.hashes()
    ran = root_study("withdraw", "ray", *WHY)
    told = re.findall(r"^  (\S+):(\d+)$", ran.out, re.M)
    assert ran.code == 1 and told == [("data/memos/2026-03-21-paid-to-be-nice.md", "19")]
    memo = root_study.read(told[0][0])
    kept = {".gtpipe/parsed.sqlite"}  # what stands in the memo, as long as it stands there
    assert still_there(root_study.root, runs) - kept == {path for path, _ in told}
    assert still_there(root_study.root, runs - runs_of(memo)) == set()
    line = memo.split("\n")[18]
    assert "I thought he was after a tip" in line  # the place is the right one
    after = root_study.hashes()
    touched = {path for path in before | after if before.get(path) != after.get(path)}
    people = {path for path in touched if not path.startswith("data/derived")}
    assert people == {
        "data/focused-codes.yaml",
        "data/ingested/ray.csv",
        "data/initial-codes/ray.yaml",
        "data/log.jsonl",
        "data/memos/2026-03-21-paid-to-be-nice.md",
        "data/memos/2026-03-23-why-the-schedule-changed.md",
        "data/memos/2026-03-30-pens-zips-and-red-lights.md",
        "data/participants.csv",
        "data/sources/ray.txt",
        "data/theory.yaml",
        "data/transcripts/ray.md",
        "data/withdrawn.csv",
    }
    assert "judgement of sufficiency after ray" in ran.out
    assert "position open again: what is let be had / what they can't do" in ran.out
    assert root_study("check").code == 0 and "fresh" in root_study.ok("status")
    root_study.write(told[0][0], memo.replace(line, "He thought otherwise."))
    root_study.ok("run")
    assert still_there(root_study.root, runs) == set()


def test_prose_and_other_lines_of_the_same_files_stand_as_they_were(root_study):
    before = root_study.read("data/theory.yaml"), root_study.read("data/focused-codes.yaml")
    root_study("withdraw", "ray", *WHY)
    after = root_study.read("data/theory.yaml"), root_study.read("data/focused-codes.yaml")
    for old, new in zip(before, after, strict=True):
        kept = [line for line in old.split("\n") if line in new.split("\n")]
        added = {*new.split("\n")} - {*old.split("\n")}
        assert len(kept) > 60
        assert added <= {
            "      what they can't do: ?",
            '      begun like a speech: nadia 7 "I don\'t want it"',
        }
    assert "written-after: ray" not in after[1] and after[1].count("written-after: eve") == 3


def test_of_one_of_a_group_the_turns_stay_empty_and_others_stand(group):
    before = group.read("data/transcripts/tea-round.md")
    runs = said_by(group.root, "Ana", "tea-round")
    others = said_by(group.root, "Bo", "tea-round") | said_by(group.root, "Chi", "tea-round")
    ran = group("withdraw", "ana", *WHY)
    assert ran.code == 0, ran.out
    assert not still_there(group.root, runs - others)
    after = group.read("data/transcripts/tea-round.md")
    assert "speakers: {Moderator: interviewer, Withdrawn: withdrawn, Bo: bo, Chi: chi}" in after
    assert "\n[10 00:04:10] Withdrawn: (withdrawn)\n" in after and "Ana:" not in after
    theirs = [line for line in before.split("\n") if re.match(r"\[\d+[^\]]*\] (?!Ana)", line)]
    assert theirs and all(line in after.split("\n") for line in theirs)
    assert re.findall(r"^\[(\d+)", before, re.M) == re.findall(r"^\[(\d+)", after, re.M)
    for sheet in ("tea-round.yaml", "tea-round.KR.yaml"):
        text = group.read(f"data/initial-codes/{sheet}")
        assert "# [10] Withdrawn: (withdrawn)\n" in text and "speaker: Ana" not in text
        assert "telling too soon" in text
    assert not (group.root / "data/sources/tea-round.md").exists()
    assert group.read("data/participants.csv") == "participant\nbo\nchi\n"
    assert "\n10," not in group.read("data/ingested/tea-round.csv")
    assert group("check").err == "no errors, no notes\n"


def test_all_of_a_group_may_go_one_after_the_other(group):
    runs = [said_by(group.root, label, "tea-round") for label in ("Ana", "Bo", "Chi")]
    for name in ("ana", "bo", "chi"):
        group("withdraw", name, *WHY)
    assert not still_there(group.root, set().union(*runs))
    assert not (group.root / "data/transcripts/tea-round.md").exists()
    assert group.ok("run") and "no interview yet" in group.ok("status")


def test_codes_over_turns_stay_where_somebody_else_is_left_in_them(group):
    sheet = group.read("data/initial-codes/tea-round.yaml")
    sheet += (
        "\n- turns: 10-13\n  codes: |\n    the two of them\n"
        '    from hers <- "There\'s a man who has the scone … moves his bishop"\n'
        '    between <- "Why did it take a year … He\'s the one"\n'
    )
    group.write("data/initial-codes/tea-round.yaml", sheet.rsplit("    between", 1)[0])
    group.ok("check")
    group("withdraw", "ana", *WHY)
    after = group.read("data/initial-codes/tea-round.yaml")
    assert "- turns: 10-13\n  codes: |\n    the two of them\n" in after and "from hers" not in after
    assert group("check").code == 0


# --- everything that may name them ----------------------------------------------------------------


def test_every_line_that_names_them_goes_and_no_other(analysed):
    analysed.write(
        "data/comments.yaml",
        '- about: jim 4 "awkward"\n  by: KR\n  comment: is it?\n\n'
        "- about: noticing the pay\n  by: KR\n  comment: hours or pay?\n",
    )
    analysed.write(
        "data/sampling.yaml", "- who: somebody unpaid\n  date: 2026-03-04\n  done: jim\n"
    )
    analysed.write(
        "data/answers.csv",
        "interview,turn,suggestion,answer,by\njim,2,going from there,rejected,PM\n"
        "eve,2,sitting down,rejected,PM\n",
    )
    analysed.write(
        "data/split-noticing-the-pay-0000.yaml",
        "split: noticing the pay\nlevel: initial\n\napplications:\n"
        "- incident: jim 4\n  said: |-\n    A bit. It was, like, a *bit* awkward.\n  to: |\n\n"
        "- incident: eve 4\n  to: |\n",
    )
    analysed.write("data/initial-codes/jim.KR.yaml", "- turn: 2\n  codes: |\n    a start\n")
    analysed.write("data/diary/2026-03-23.md", "---\ndate: 2026-03-23\nre-read:\n  - jim\n---\n")
    memo = analysed.read("data/memos/2026-03-21-paid-to-be-nice.md")
    analysed.write(
        "data/memos/2026-03-21-paid-to-be-nice.md",
        memo.replace("  eve 4\n", "  eve 4\n  jim 4\n  jim\n"),
    )
    shutil.rmtree(analysed.root / "in")
    analysed.ok("check")
    ran = analysed("withdraw", "jim", *WHY)
    assert ran.code == 0, ran.out + ran.err
    for path in hashes(analysed.root):
        if path not in ("data/log.jsonl", "data/withdrawn.csv"):
            text = analysed.read(path)
            assert not re.search(r"\bjim\b", text), path
    assert analysed.read("data/comments.yaml").startswith("- about: noticing the pay")
    assert "done: withdrawn" in analysed.read("data/sampling.yaml")
    assert analysed.read("data/answers.csv").count("\n") == 2
    assert "incident: eve 4" in analysed.read("data/split-noticing-the-pay-0000.yaml")
    assert "re-read: eve\n" in analysed.read("data/diary/2026-03-22.md")
    assert analysed.read("data/diary/2026-03-23.md") == "---\ndate: 2026-03-23\n---\n"
    assert analysed.read("data/memos/2026-03-21-paid-to-be-nice.md") == memo
    assert analysed("check").code == 0


def test_labels_and_the_log_lose_what_they_took_from_their_words(coded):
    label = "a bit it was like a bit"
    shutil.rmtree(coded.root / "in")
    coded.ok("code", "jim", "4", label)
    coded.ok("codes", "define", label, "said of the pay")
    log = coded.read("data/log.jsonl")
    assert label in log
    ran = coded("withdraw", "jim", *WHY)
    assert ran.code == 1 and "  data/codebook.yaml:" in ran.out  # a label a person chose is told
    after = coded.read("data/log.jsonl")
    assert label not in after and "(withdrawn)" in after
    lines = [json.loads(line) for line in after.splitlines()]
    assert len(lines) == log.count("\n") + 1 and "jim" not in lines[-1]["command"]
    assert lines[-1]["did"] == {"kind": "withdraw", "interviews": ["jim"]}


def test_pages_made_elsewhere_are_told_and_those_of_the_study_go(coded, tmp_path):
    coded.ok("report")
    coded.ok("report", "--output", str(tmp_path / "pages"))
    ran = coded("withdraw", "jim", *WHY)
    assert ran.code == 1 and f"  {tmp_path / 'pages'} (pages made by `gtpipe report`" in ran.out
    assert not list((coded.root / "data/derived/report").rglob("*.html"))


def test_words_in_a_chapter_of_any_kind_are_told(coded):
    docx = pytest.importorskip("docx")
    chapter = docx.Document()
    chapter.add_paragraph("Nothing yet.")
    chapter.add_paragraph("Jim says: “I met him around the ward (laugh) and it went from there”.")
    chapter.save(str(coded.root / "chapter.docx"))
    coded.write("chapter.tex", "``I met him around the\nward (laugh) and it went from there''\n")
    coded.write("talk.pdf", b"%PDF-1.4")
    coded.write(
        "notes.md", "I met him around the ward (laugh), or I met him around the ward (laugh)\n"
    )
    ran = coded("withdraw", "jim", *WHY)
    assert "  chapter.docx, paragraph 2\n" in ran.out and "  chapter.tex:1\n" in ran.out
    assert ran.code == 1 and ran.out.count("  notes.md:1\n") == 1
    assert "Not looked through, or not in full; look yourself:\n  talk.pdf\n" in ran.out


def test_words_out_of_sight_in_a_document_and_in_any_encoding_are_told(coded):
    docx = pytest.importorskip("docx")
    chapter = docx.Document()
    chapter.sections[0].header.paragraphs[0].text = "I met him around the ward (laugh)"
    chapter.core_properties.comments = "I met him around the ward (laugh)"
    chapter.save(str(coded.root / "chapter.docx"))
    coded.write("wide.txt", "x\nI met him around the ward (laugh)\n".encode("utf-16"))
    coded.write("old.rtf", b"{\\rtf1 I met {\\i him} around the ward (laugh)}")
    coded.write("page.html", "<p>x\n<p>I <b>met</b> him around the ward&nbsp;(laugh)")
    coded.write(".trash/memo.md", "I met him around the ward (laugh)\n")
    before = coded.hashes()
    ran = coded("withdraw", "jim", *WHY)
    told = re.findall(r"^  (\S+?)(?::|, )(\S+)", ran.out, re.M)
    assert {*told} >= {
        ("chapter.docx", "word/header1.xml"),
        ("chapter.docx", "docProps/core.xml"),
        ("wide.txt", "2"),
        ("old.rtf", "1"),
        ("page.html", "2"),
        (".trash/memo.md", "1"),
    }
    assert ran.code == 1 and "Not looked through" not in ran.out
    after = coded.hashes()
    assert {path for path in before if "/" not in path} - {*after} == set()


# --- the only one ---------------------------------------------------------------------------------


def test_the_only_participant_leaves_a_valid_empty_study(empty):
    empty.write("in/ann.txt", "I: And you?\n\nP: Nobody asked me that before you did today.\n")
    empty.ok("ingest", "in/ann.txt", "--date", "2026-03-02")
    empty.ok("initial-code")
    empty.ok("code", "ann", "2", "being asked")
    empty.write(
        "data/focused-codes.yaml",
        "- focused: asking\n  because: x\n  by: PM\n  written-after: ann\n  takes-up: |\n"
        "    being asked\n  incidents: |\n    ann 2\n",
    )
    empty.write("data/theory.yaml", "sufficiency:\n- interview: ann\n  judgement: no\n  by: PM\n")
    empty.ok("run")
    ran = empty("withdraw", "ann", *WHY)
    told = re.findall(r"^  (\S+):(\d+)$", ran.out, re.M)
    assert told == [("in/ann.txt", "3")]  # the file they came in lies in the study's own folder
    assert "focused code without incident now: asking" in ran.out
    (empty.root / "in/ann.txt").unlink()
    assert empty("check").code == 0 and empty.ok("run") and empty.ok("status")
    assert empty.read("data/theory.yaml") == "sufficiency:\n"
    assert "written-after" not in empty.read("data/focused-codes.yaml")
    assert empty.read("data/participants.csv") == "participant\n"


# --- never again ----------------------------------------------------------------------------------


def test_the_same_source_is_not_ingested_again(study):
    source = study.read("in/jim.txt")
    study("withdraw", "jim", *WHY)
    assert study.read("data/withdrawn.csv").startswith("interview,date,by,why,source\njim,")
    (row,) = study.read("data/withdrawn.csv").splitlines()[1:]
    assert re.fullmatch(r'jim,\d{4}-\d\d-\d\d,PM,"asked to, by letter",[0-9a-f]{12}', row)
    before = study.hashes()
    for arguments in (["in/jim.txt"], ["in/jim.txt", "--as", "somebody"]):
        ran = study("ingest", *arguments)
        assert ran.code == 1 and "withdrew, and it is not ingested again" in ran.err
    study.write("data/sources/jim.txt", source)
    assert study("run").code == 1
    (study.root / "data/sources/jim.txt").unlink()
    study.write("in/jim.txt", "I: And?\n\nP: I am another Jim.\n")
    assert "the participant of an interview jim withdrew" in study("ingest", "in/jim.txt").err
    study.write("in/jim.txt", source)
    assert study.hashes() == before
    study.write("in/jim.txt", "I: And?\n\nP: I am another Jim.\n")
    study.ok("ingest", "in/jim.txt", "--as", "jim")


def test_a_group_takes_no_corrected_source_any_more(group):
    source = group.read("data/sources/tea-round.md")
    group("withdraw", "ana", *WHY)
    group.write("tea-round.md", source.replace("I was gutted", "I was so gutted"))
    ran = group("ingest", "--correct", "tea-round.md")
    assert ran.code == 1 and "no source of it is read again" in ran.err


def test_undo_brings_nothing_back_and_the_cache_keeps_nothing(coded):
    git("init", "-q", cwd=coded.root)
    git("add", "-A", cwd=coded.root)
    git("commit", "-qm", "first", cwd=coded.root)
    runs = said_by(coded.root, "P", "jim")
    coded.ok("code", "jim", "4", "x")
    coded.ok("undo")
    coded("withdraw", "jim", *WHY)
    assert still_there(coded.root, runs) == {"in/jim.txt"}
    assert not [*(coded.root / ".gtpipe").glob("before/*")]
    before = coded.hashes()
    for arguments in (["undo"], ["undo", "--redo"]):
        assert coded(*arguments).code == 1
    assert "a participant withdrew, and that is not taken back" in coded("undo").err
    assert coded.hashes() == before
    coded.ok("code", "eve", "2", "settled")
    coded.ok("undo")
    assert coded("undo").code == 1  # and no further
    for command in (["status"], ["check"], ["history"], ["compare", "noticing the pay"]):
        coded(*command)
    assert not still_there(coded.root / ".gtpipe", runs)


def test_a_change_taken_back_before_is_not_brought_back_after(coded):
    """What was undone may name them where the withdrawal has nothing to change."""
    coded.write("data/focused-codes.yaml", "- focused: pay\n  because: x\n  by: PM\n")
    coded.ok("codes", "focused", "take-up", "pay", "noticing the pay")
    coded.ok("undo")
    assert "jim" not in coded.read("data/focused-codes.yaml")
    coded("withdraw", "jim", *WHY)
    assert coded("undo", "--redo").code == 1
    assert "jim" not in coded.read("data/focused-codes.yaml")


# --- asked, refused, killed -----------------------------------------------------------------------


def test_a_dry_run_writes_nothing_and_shows_all(analysed):
    before = analysed.hashes()
    shown = analysed("withdraw", "jim", "--dry-run")
    assert analysed.hashes() == before and "Nothing was written." in shown.err
    done = analysed("withdraw", "jim", *WHY)
    assert done.out == shown.out and done.code == shown.code


def test_it_is_not_done_without_a_reason_or_a_yes(study):
    before = study.hashes()
    assert study("withdraw", "jim", "--yes").code == 2
    assert study("withdraw", "jim", "--why", "x").code == 2
    assert study("withdraw", "jim", "--rewrite-history").code == 2
    ran = study("withdraw", "jmi", *WHY)
    assert ran.code == 1 and 'did you mean "jim"?' in ran.err.lower().replace("nobody", "")
    assert study.hashes() == before


def test_a_reason_of_several_lines_is_one_row(study):
    study("withdraw", "jim", "--why", "asked to,\nby letter", "--yes")
    rows = study.read("data/withdrawn.csv").splitlines()
    assert len(rows) == 2 and ',"asked to, by letter",' in rows[1]


def test_a_file_that_cannot_be_read_is_mended_first(coded):
    coded.write("data/theory.yaml", "relations:\n- from: [\n")
    before = coded.hashes()
    ran = coded("withdraw", "jim", *WHY)
    assert ran.code == 1 and "what cannot be read may hold their words" in ran.err.lower()
    assert coded.hashes() == before


def test_at_a_terminal_the_name_is_typed(study, terminal):
    def answered(line: str) -> int:
        desk = terminal(study, "withdraw", "jim", "--why", "asked", size=(60, 200))
        desk.expect_exact("Type jim to go on: ")
        desk.send(line + "\r")
        desk.expect(pexpect.EOF)
        desk.wait()
        return desk.exitstatus

    before = study.hashes()
    assert answered("yes") == 2 and study.hashes() == before
    shutil.rmtree(study.root / "in")
    assert answered("jim") in (0, 1) and "data/transcripts/jim.md" not in study.hashes()


@pytest.mark.parametrize("settings", ["{sheet-text: false}", "{sheet-interviewer: true}"])
def test_a_group_whatever_its_sheets_carry(group, settings):
    text = group.read("pipeline.yaml")
    head, tail = text.split("  initial-code:\n")
    rest = [line for line in tail.split("\n") if not line.startswith("    ")]
    group.write("pipeline.yaml", f"{head}  initial-code: {settings}\n" + "\n".join(rest))
    for sheet in ("tea-round.yaml", "tea-round.KR.yaml"):
        (group.root / "data/initial-codes" / sheet).unlink()
    log = [
        line for line in group.read("data/log.jsonl").splitlines() if "initial-codes" not in line
    ]
    group.write("data/log.jsonl", "\n".join(log) + "\n")
    group.ok("run")
    group.ok("code", "tea-round", "10", "not asking")
    group.ok("code", "tea-round", "13", "telling too soon")
    runs = said_by(group.root, "Ana", "tea-round")
    bo = {
        line for line in group.read("data/initial-codes/tea-round.yaml").split("\n") if "Bo" in line
    }
    assert group("withdraw", "ana", *WHY).code == 0
    assert not still_there(group.root, runs) and group("check").code == 0
    after = group.read("data/initial-codes/tea-round.yaml")
    assert "telling too soon" in after and "not asking" not in after
    assert bo <= {*after.split("\n")}
    assert after.count("speaker: Moderator") == 4 * ("interviewer" in settings)


def test_a_remark_behind_a_field_stays_and_what_a_merge_brings_back_is_told(analysed):
    focused = analysed.read("data/focused-codes.yaml")
    analysed.write(
        "data/focused-codes.yaml",
        focused.replace("  by: PM\n", "  by: PM\n  written-after: eve  # late\n"),
    )
    sheet = analysed.read("data/initial-codes/eve.yaml")
    analysed("withdraw", "eve", *WHY)
    assert "  written-after: jim  # late\n" in analysed.read("data/focused-codes.yaml")
    analysed.write("data/initial-codes/eve.yaml", sheet)  # from somebody's branch
    ran = analysed("check")
    assert "data/initial-codes/eve.yaml: a participant withdrew from eve, and here hang" in ran.out


def test_their_consent_goes_and_who_is_the_same_person_is_told(analysed):
    shutil.rmtree(analysed.root / "in")
    analysed.write("data/participants.csv", "participant,same-person-as,age\njim,,60\neve,jim,30\n")
    consents = (
        "- consent: jim\n  date: 2026-03-01\n  quotes: yes\n\n- consent: eve\n  date: 2026-03-02\n"
    )
    analysed.write("data/ethics.yaml", "- approved: 2026-01-01\n  reference: R1\n\n" + consents)
    analysed.ok("check")
    ran = analysed("withdraw", "jim", *WHY)
    assert (
        "  consent of 2026-03-01\n" in ran.out and "eve is the same person, and speaks" in ran.out
    )
    assert analysed.read("data/participants.csv") == "participant,same-person-as,age\neve,,30\n"
    assert "consent: eve" in analysed.read("data/ethics.yaml")
    assert "jim" not in analysed.read("data/ethics.yaml") and analysed("check").code == 0
