"""Two people, two clones, real git, nothing set up: what each adds merges, and is read as what both
meant.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import PIPELINE, StudyFolder, git

from gtpipe.commands import begin_study
from gtpipe.formats import tables
from gtpipe.model.problems import UserError

TABLE = "data/participants.csv"


def commit(folder: Path, message: str = "begin") -> None:
    git("add", "-A", cwd=folder)
    assert git("commit", "-q", "-m", message, cwd=folder).returncode == 0


@pytest.fixture
def clones(analysed, capsys, monkeypatch) -> tuple[StudyFolder, StudyFolder]:
    """The clones of Pat, the first researcher, and Kit; git is told who is who, and nothing of
    gtpipe.
    """
    begin_study.init(analysed.root.parent / "other")
    for name in (".gitignore", ".gitattributes"):
        shutil.copy(analysed.root.parent / "other" / name, analysed.root)
    git("init", "-b", "main", cwd=analysed.root)
    commit(analysed.root)
    git("clone", "-q", str(analysed.root), "../kit", cwd=analysed.root)
    return analysed, StudyFolder(analysed.root.parent / "kit", capsys, monkeypatch)


def merge(into: StudyFolder, other: StudyFolder):
    """Bring the work of one clone into the other, as `git pull` does."""
    return git("pull", "-q", "--no-rebase", "--no-edit", str(other.root), "main", cwd=into.root)


def test_two_coders_bring_an_interview_each_code_it_comment_and_merge_with_no_set_up(clones):
    pat, kit = clones
    for study, by, name, said in (
        (pat, "PM", "ada", "Dan: How is the allotment?\n\nAda: Wet, mostly.\n"),
        (kit, "KR", "bo", "Mia: And the bees?\n\nBo: Gone, er, in March.\n"),
    ):
        asking, telling = said.split(":")[0], name.title()
        study.write(f"../{by}/{name}.txt", said)
        study.ok(
            "ingest",
            f"../{by}/{name}.txt",
            "--interviewer",
            asking,
            "--participant",
            telling,
            "--schedule",
            "v2",
        )
        study.ok("initial-code")
        study.ok("code", name, "2", f"said by {name}", "--by", by)
        study.ok("comments", "add", f"{name} 2", f"who else is {name}?", "--by", by)
        study.ok("comments", "add", "easy beginnings", f"{by} doubts it", "--by", by)
        study.ok("sampling", "add", f"a neighbour of {name}", "--why", f"for {by}", "--by", by)
        study.ok("run")
        commit(study.root, name)
    merged = merge(pat, kit)
    assert merged.returncode == 0, merged.stdout + merged.stderr
    assert merge(kit, pat).returncode == 0
    for study in (pat, kit):
        study.ok("run")
        ran = study("check")
        assert (ran.code, "error" in ran.out, ran.err[:8]) == (0, False, "0 errors"), ran.out
        assert study.read("pipeline.yaml") == PIPELINE
        assert sorted(study.read(TABLE).split()) == ["ada", "bo", "eve", "jim", "participant"]
        assert study.ok("comments", "--format", "csv").splitlines()[1:] == [
            "1,ada 2,PM,who else is ada?,,",
            "2,easy beginnings,PM,PM doubts it,,",
            "3,bo 2,KR,who else is bo?,,",
            "4,easy beginnings,KR,KR doubts it,,",
        ]
        assert {"said by ada", "said by bo"} <= {
            line.split(",")[0] for line in study.read("data/derived/codebook.csv").split("\n")
        }
    assert pat.ok("sampling", "--format", "csv").count("to seek,") == 2
    git("add", "-A", cwd=pat.root)
    # Git united the rest rightly; how many codes have no memo is a number, and counted anew.
    assert git("status", "--porcelain", cwd=pat.root).stdout == "M  data/derived/memos.md\n"


def test_an_answer_goes_to_the_file_where_the_comment_stands_and_merges_with_a_new_one(clones):
    pat, kit = clones
    kit.ok("comments", "add", "jim 2", "passive?", "--by", "KR")
    kit.ok("comments", "add", "jim 4", "and here?", "--by", "KR")
    commit(kit.root, "asked")
    assert merge(pat, kit).returncode == 0
    assert (
        pat.ok("comments", "add", "eve 2", "mine")
        == "data/comments.yaml: comment 1 (PM), on eve 2\n"
    )
    assert (
        pat.ok("comments", "answer", "2", "yes")
        == "data/comments.KR.yaml: comment 2 answered (PM), on jim 2\n"
    )
    commit(pat.root, "answered")
    assert (
        kit.ok("comments", "add", "eve 4", "one more", "--by", "KR")
        == "data/comments.KR.yaml: comment 3 (KR), on eve 4\n"
    )
    commit(kit.root, "asked again")
    assert merge(pat, kit).returncode == 0
    assert pat.ok("comments", "--format", "csv").splitlines()[1:] == [
        "1,eve 2,PM,mine,,",
        "2,jim 2,KR,passive?,yes,",
        "3,jim 4,KR,and here?,,",
        "4,eve 4,KR,one more,,",
    ]


def test_a_file_with_several_peoples_comments_is_read_and_answered_as_ever(analysed):
    both = (
        "- about: jim 2\n  by: KR\n  comment: passive?\n\n"
        "- about: jim 4\n  by: PM\n  comment: pay\n"
    )
    analysed.write("data/comments.yaml", both)
    analysed.ok("comments", "add", "eve 2", "a third", "--by", "KR")
    analysed.ok("comments", "answer", "1", "he is")
    assert analysed.read("data/comments.yaml") == both.replace(
        "passive?\n", "passive?\n  answer: he is\n"
    )
    assert (
        analysed.read("data/comments.KR.yaml") == "- about: eve 2\n  by: KR\n  comment: a third\n"
    )


def test_a_copy_of_a_file_of_comments_is_an_error_and_not_a_second_set_of_comments(analysed):
    analysed.ok("comments", "add", "jim 2", "hm")
    analysed.write("data/comments.old.yaml", analysed.read("data/comments.yaml"))
    analysed.write("data/sampling.KR.yml", "")
    ran = analysed("check")
    assert ran.code == 1
    assert (
        "data/comments.old.yaml: nobody under `researchers` in pipeline.yaml has the initials "
        '"old". Add the person there; '
        "or, if this is a copy, move it away.\n"
    ) in ran.out
    assert (
        "data/sampling.KR.yml: this is not read: the file is called sampling.KR.yaml. Rename it.\n"
        in ran.out
    )


def test_whoever_keeps_both_sides_of_a_conflict_in_the_sampling_keeps_both_dates(clones):
    pat, kit = clones
    for study, who in ((pat, "a nurse"), (kit, "a driver")):
        study.ok("sampling", "add", who, "--why", f"{who} sees it otherwise")
        commit(study.root, who)
    assert merge(pat, kit).returncode == 1
    text = pat.read("data/sampling.yaml")
    pat.write(
        "data/sampling.yaml",
        "".join(
            "\n" if line.startswith("=======") else line
            for line in text.splitlines(keepends=True)
            if not line.startswith(("<<<<<<<", ">>>>>>>"))
        ),
    )
    found = pat.ok("sampling", "--format", "csv").splitlines()
    assert [line.split(",")[2] for line in found if line.startswith("to seek")] == [
        "a nurse",
        "a driver",
    ]
    assert pat.read("data/sampling.yaml").count("  date: ") == 2 and pat("check").code == 0


# --- participants ---------------------------------------------------------------------------------


def united(clones, base: str, ours: str, theirs: str) -> str:
    """The table as git, knowing nothing of gtpipe, makes it of two versions."""
    pat, kit = clones
    for study, text, message in ((pat, base, "base"),):
        study.write(TABLE, text)
        git("add", "-A", cwd=study.root)
        git("commit", "-q", "--allow-empty", "-m", message, cwd=study.root)
    assert merge(kit, pat).returncode == 0
    for study, text in ((pat, ours), (kit, theirs)):
        study.write(TABLE, text)
        commit(study.root, "mine")
    merged = merge(pat, kit)
    assert merged.returncode == 0, merged.stdout + merged.stderr
    return pat.read(TABLE)


def said(text: str) -> dict[str, dict[str, str]]:
    """What a table says of each, where it has no error."""
    found, problems = tables.loads_participants(text)
    assert not problems
    return {
        name: {column: value for column, value in one.attributes if value}
        for name, one in found.items()
    }


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "meant"),
    [
        (
            "participant,age\njim,61\neve,\n",
            "participant,age\njim,61\neve,\nann,\n",
            "participant,age\njim,61\neve,\nbea,\n",
            {"jim": {"age": "61"}, "eve": {}, "ann": {}, "bea": {}},
        ),
        (
            "participant,age\njim,61\neve,\n",
            "participant,age\njim,61\neve,\nann,\n",
            "participant,age\njim,61\neve,34\n",
            {"jim": {"age": "61"}, "eve": {"age": "34"}, "ann": {}},
        ),
        (
            "participant\njim\neve\n",
            "participant\njim\neve\nann\n",
            "participant,age\njim,61\neve,34\n",
            {"jim": {"age": "61"}, "eve": {"age": "34"}, "ann": {}},
        ),
        (
            "participant\njim\neve\n",
            "participant;age\njim;61\neve;34\n",
            "participant\njim\neve\nann\n",
            {"jim": {"age": "61"}, "eve": {"age": "34"}, "ann": {}},
        ),
        (
            "participant\njim\neve\n",
            "participant,age\njim,61\neve,34\n",
            "participant,ward\njim,north\neve,south\n",
            {"jim": {"age": "61", "ward": "north"}, "eve": {"age": "34", "ward": "south"}},
        ),
        (
            "participant\njim\neve",
            "participant\njim\neve\nann\n",
            "participant\njim\neve\nbea",
            {"jim": {}, "eve": {}, "ann": {}, "bea": {}},
        ),
        (
            "participant\njim\neve\n",
            "\ufeffparticipant,age\r\njim,61\r\neve,34\r\n",
            "participant\njim\neve\nann\n",
            {"jim": {"age": "61"}, "eve": {"age": "34"}, "ann": {}},
        ),
        (
            "participant\njim\neve\n",
            "participant\njim\neve\nann\n",
            "\ufeffparticipant,age\njim,61\neve,34\n",
            {"jim": {"age": "61"}, "eve": {"age": "34"}, "ann": {}},
        ),
    ],
    ids=[
        "two rows",
        "a row and a cell",
        "a row and a column",
        "another separator",
        "two columns",
        "no last line end",
        "Windows",
        "a mark in the middle",
    ],
)
def test_two_versions_of_the_table_are_united_and_read_as_both_meant(
    clones, base, ours, theirs, meant
):
    text = united(clones, base, ours, theirs)
    assert said(text) == meant
    assert said(tables.add_participants(text, ["zoe"])) == {**meant, "zoe": {}}
    assert tables.add_participants(text, ["zoe"]).startswith(text)


def test_one_cell_changed_by_both_names_both_lines_and_values(clones):
    base = "participant,age\njim,60\neve,34\n"
    text = united(clones, base, base.replace("60", "61"), base.replace("60", "62"))
    pat, _ = clones
    pat.write(TABLE, text)
    ran = pat("check")
    assert ran.code == 1
    assert (
        'data/participants.csv:3: "jim" has age "62" here and "61" at line 2. '
        "Keep the one that is right.\n" in ran.out
    )


def test_a_value_that_may_stand_in_the_column_of_either_is_asked_for():
    """Both added a column; Eve's row changed on one side alone, and stands once."""
    text = "participant,age\njim\nparticipant,ward\njim,north\neve,41\n"
    assert [(problem.line, problem.what) for problem in tables.loads_participants(text)[1]] == [
        (5, '"41" may be age or ward of "eve": the headers at lines 1 and 3 differ there')
    ]
    with pytest.raises(UserError):
        tables.loads_participants("<<<<<<< a\nparticipant\n=======\nparticipant,x\n>>>>>>> b\n")


# --- what is broken hides nothing -----------------------------------------------------------------


def test_a_conflict_in_the_settings_is_told_once_and_hides_no_other_problem(analysed):
    analysed.write("data/initial-codes/jim.KR.yaml", analysed.read("data/initial-codes/jim.yaml"))
    analysed.write(
        "data/theory.yaml",
        analysed.read("data/theory.yaml").replace("easy beginnings", "easy beginings", 1),
    )
    before = [
        line for line in analysed("check").out.splitlines() if not line.startswith("pipeline")
    ]
    analysed.write(
        "pipeline.yaml",
        PIPELINE.replace(
            "  KR: Kit Rowe\n",
            "<<<<<<< ours\n  KR: Kit Rowe\n=======\n  LM: Lee Moss\n>>>>>>> theirs\n",
        ),
    )
    ran = analysed("check")
    assert ran.code == 1
    told = [line for line in ran.out.splitlines() if line.startswith("pipeline.yaml")]
    assert told == [
        "pipeline.yaml:4: a merge left conflict markers here, at lines 4, 6, 8. "
        "Keep what belongs, remove the marker "
        "lines, then `git add` the file."
    ]
    assert [line for line in ran.out.splitlines() if line not in told] == before
    assert any("easy beginings" in line for line in before)
    assert analysed("codes", "list").code == 1


@pytest.mark.parametrize(
    "path",
    [
        TABLE,
        "data/codebook.yaml",
        "data/focused-codes.yaml",
        "data/theory.yaml",
        "data/comments.yaml",
        "data/sampling.KR.yaml",
        "data/transcripts/jim.md",
        "data/initial-codes/jim.yaml",
        "data/ingested/jim.csv",
        "data/log.jsonl",
        "data/evaluation.md",
        "data/memos/2026-03-21-paid-to-be-nice.md",
        "data/schedule/v1.md",
        "data/answers.csv",
        ".gitattributes",
    ],
)
def test_conflict_markers_in_any_file_are_told_once_as_such(analysed, path):
    text = analysed.read(path) if (analysed.root / path).exists() else ""
    first, _, rest = text.partition("\n")
    analysed.write(path, f"<<<<<<< ours\n{first}\n=======\n{first}\n>>>>>>> theirs\n{rest}")
    ran = analysed("check")
    assert ran.code == 1
    errors = [line for line in ran.out.splitlines() if " note: " not in line]
    assert errors == [
        f"{path}:1: a merge left conflict markers here, at lines 1, 3, 5. "
        "Keep what belongs, remove the marker lines, "
        "then `git add` the file."
    ]


def test_a_deleted_transcript_is_one_error_that_counts_what_hangs_on_it(analysed):
    analysed.ok("comments", "add", "jim 4", "hm")
    analysed.write(
        "data/focused-codes.yaml",
        analysed.read("data/focused-codes.yaml").replace(
            "    noticing the pay\n", "    noticing the pay\n    gone\n"
        ),
    )
    (analysed.root / "data/transcripts/jim.md").unlink()
    ran = analysed("check")
    errors = [line for line in ran.out.splitlines() if " note: " not in line]
    assert errors == [
        'data/focused-codes.yaml:20: "minding the money" takes up "gone", which is not there. '
        "Write a label that stands in the study.",
        "data/transcripts/jim.md: this transcript is gone; on it hang 1 sheet with 3 codes, "
        "and 7 places in data/comments.yaml, "
        "data/diary/2026-03-22.md, data/focused-codes.yaml, data/theory.yaml. "
        "Bring it back from git: `git restore data/transcripts/jim.md`.",
    ]
    assert "jim" not in "".join(line for line in ran.out.splitlines() if " note: " in line)
