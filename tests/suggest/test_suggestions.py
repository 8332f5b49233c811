"""Suggestions stand apart: they change no other file, count nowhere, come out the same anywhere,
and need no network."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PIPELINE, StudyFolder, command, copied, git, hashes
from hypothesis import given
from hypothesis import strategies as st

from gtpipe.cli import main
from gtpipe.commands import answer as answering
from gtpipe.formats import answers
from gtpipe.formats.answers import ACCEPTED, HEADER, KINDS, REJECTED, Answer
from gtpipe.model.problems import UserError
from gtpipe.store.layout import Snapshot, Study
from gtpipe.study import load
from gtpipe.suggest.records import IN_VIVO, YOURS, Suggestion, TurnRef
from gtpipe.suggest.suggester import MOST, Suggester

SUGGESTIONS = "data/derived/suggestions"
ON = PIPELINE.replace("{sheet-text: true}", "{sheet-text: true, suggest: true}")
# Three conversations about sharing an allotment, so that words and codes come again.
ALLOTMENT = {
    "ada": (
        "2026-04-01",
        [
            "The gate sticks in wet weather and I carry the watering cans from the far tap.",
            "Nobody told me about the committee rules until the letter came.",
            "I swapped my leeks for her tomatoes over the fence.",
        ],
    ),
    "bo": (
        "2026-04-08",
        [
            "I carry the cans from the far tap as well, two in each hand.",
            "A letter from the committee came about my shed.",
            "We swapped seedlings over the fence, leeks mostly.",
        ],
    ),
    "cleo": (
        "2026-04-15",
        [
            "My knees are bad and the far tap is a long walk with the cans.",
            "Then a letter came from the committee, rules and more rules.",
            "She leaves tomatoes for me by the fence.",
        ],
    ),
}
CODES = {
    ("ada", "2"): "carrying water",
    ("ada", "4"): "being governed by letter",
    ("ada", "6"): "swapping over the fence",
    ("bo", "2"): "carrying water",
    ("bo", "4"): "being governed by letter",
    ("bo", "6"): "swapping over the fence",
}


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    """Three interviews, the first two coded, suggestions on."""
    root = tmp_path_factory.mktemp("allotment")
    (root / "pipeline.yaml").write_text(ON)
    here = os.getcwd()
    os.chdir(root)
    try:
        for name, (date, said) in ALLOTMENT.items():
            Path(f"{name}.txt").write_text(
                "".join(
                    f"I: What is it like, part {n}?\n\nP: {words}\n\n"
                    for n, words in enumerate(said, 1)
                )
            )
            assert main(["ingest", f"{name}.txt", "--date", date]) == 0
        assert main(["initial-code"]) == 0
        for (name, turn), label in CODES.items():
            assert main(["code", name, turn, label]) == 0
        assert main(["run"]) == 0
    finally:
        os.chdir(here)
    return root


@pytest.fixture
def allotment(made_once, tmp_path, capsys, monkeypatch):
    return StudyFolder(copied(made_once, tmp_path / "allotment"), capsys, monkeypatch)


def offered(study, name: str, turn: str) -> list[dict]:
    return json.loads(study.ok("suggest", name, turn, "--format", "json"))


def labels(study, name: str, turn: str) -> list[str]:
    return [one["label"] for one in offered(study, name, turn)]


def suggestion(
    name: str, turn: str, label: str, source: str = YOURS, words: str | None = None
) -> Suggestion:
    return Suggestion(TurnRef(name, turn), source, label, 0.5, "like ada 2", words)


# --- apart ----------------------------------------------------------------------------------------


def test_no_other_file_differs_between_suggestions_on_and_off(allotment):
    made = {
        path: hash for path, hash in allotment.hashes().items() if not path.startswith(SUGGESTIONS)
    }
    assert (
        f"{SUGGESTIONS}/initial/ada.yaml" in allotment.hashes()
        and f"{SUGGESTIONS}/focused.yaml" in allotment.hashes()
    )
    off = ON.replace("suggest: true", "suggest: false")
    allotment.write("pipeline.yaml", off)
    shutil.rmtree(allotment.root / "data/derived")
    allotment.ok("run")
    now = allotment.hashes()
    assert not [path for path in now if path.startswith(SUGGESTIONS)]
    assert {path: hash for path, hash in now.items() if path != "pipeline.yaml"} == {
        path: hash for path, hash in made.items() if path != "pipeline.yaml"
    }


def test_switched_off_nothing_is_written_and_what_stood_is_removed(allotment):
    allotment.write(f"{SUGGESTIONS}/initial/mine.yaml", "my own list\n")
    allotment.write("pipeline.yaml", PIPELINE)
    assert "suggest: 4 files changed (`suggest` is false in pipeline.yaml)" in allotment.ok("run")
    assert [path for path in allotment.hashes() if path.startswith(SUGGESTIONS)] == [
        f"{SUGGESTIONS}/initial/mine.yaml"
    ]
    assert "suggest" not in allotment.ok("run") and "suggest" not in allotment.ok("status")


def test_a_study_whose_settings_do_not_ask_has_no_suggestions(coded):
    assert not (coded.root / SUGGESTIONS).exists()
    assert "suggest" not in coded.ok("status")


def test_the_files_name_their_author_their_models_and_one_entry_a_turn(allotment):
    page = allotment.read(f"{SUGGESTIONS}/initial/cleo.yaml")
    assert page.startswith(
        "# Suggestions made by gtpipe, and not codes: none counts anywhere until a person "
        "takes it.\n"
        "# `gtpipe review cleo` goes through them.\nauthor: gtpipe\nmodels:\n- for: yours\n"
        "  name: words and characters\n"
    )
    assert (
        "interview: cleo\nturns:\n- turn: 2\n  suggestions:\n  - label: carrying water\n"
        "    source: yours\n    score: 0." in page
    )
    assert "- turn: 1\n" not in page and "- turn: 3\n" not in page  # the interviewer's
    focused = allotment.read(f"{SUGGESTIONS}/focused.yaml")
    assert "\nauthor: gtpipe\n" in focused and "\nlook-alike:" in focused


def test_they_are_fresh_until_something_they_come_from_changes(allotment):
    assert allotment.ok("run").endswith("memo: fresh\nsuggest: fresh\n")
    assert "  suggest          fresh\n" in allotment.ok("status")
    allotment.write(
        "data/answers.csv",
        "interview,turn,suggestion,answer,by\ncleo,2,carrying water,rejected,PM\n",
    )
    assert "suggest          stale: answers.csv is new\n" in allotment.ok("status")
    ran = allotment.ok("run")
    assert (
        f"suggest: {SUGGESTIONS}/initial/cleo.yaml changed (answers.csv is new)\n" in ran
        and "initial-code: fresh" in ran
    )
    assert (
        "carrying water"
        not in allotment.read(f"{SUGGESTIONS}/initial/cleo.yaml").partition("- turn: 4\n")[0]
    )


def test_the_same_bytes_in_three_runs_two_hash_seeds_and_other_processes(allotment):
    def made(seed: str, forget: str) -> dict[str, str]:
        shutil.rmtree(allotment.root / SUGGESTIONS)
        shutil.rmtree(allotment.root / forget) if forget == ".gtpipe" else (
            allotment.root / forget
        ).unlink()
        done = command("run", cwd=allotment.root, env={"PYTHONHASHSEED": seed})
        assert done.returncode == 0, done.stderr
        return {
            path: hash
            for path, hash in hashes(allotment.root).items()
            if path.startswith(SUGGESTIONS)
        }

    first = {
        path: hash for path, hash in allotment.hashes().items() if path.startswith(SUGGESTIONS)
    }
    assert len(first) == 4 and made("1", ".gtpipe") == made("2", ".gtpipe/state.json") == first


def test_nothing_goes_over_a_network(allotment):
    shutil.rmtree(allotment.root / ".gtpipe")
    script = (
        "import socket, sys\n"
        "def refused(*_): raise AssertionError('a connection was tried')\n"
        "socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = "
        "socket.create_connection = refused\n"
        "from gtpipe.cli import main\n"
        "sys.exit(main(['run']) or main(['suggest', 'cleo', '2', '--format', 'json']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=allotment.root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "suggest: " in done.stdout and '"label": "carrying water"' in done.stdout


def test_without_a_parser_your_codes_are_suggested_still_and_a_line_says_what_to_install(
    allotment, monkeypatch
):
    from gtpipe.suggest import models

    monkeypatch.setattr(
        models,
        "find",
        lambda *_, **__: models.ParserChoice(None, "No parser. `pip install one` brings one"),
    )
    ran = allotment("suggest", "cleo", "2", "--format", "json")
    assert {one["source"] for one in json.loads(ran.out)} == {"yours"}
    assert ran.err == "note: No parser. `pip install one` brings one\n"
    assert "suggest: " in allotment.ok("run")
    assert "for: gerund" not in allotment.read(f"{SUGGESTIONS}/initial/cleo.yaml")


def test_without_scipy_everything_else_works_and_a_line_says_what_to_install(allotment, tmp_path):
    hiding = "import sys\nfor name in ('scipy', 'numpy', 'spacy'):\n    sys.modules[name] = None\n"
    script = (
        hiding
        + "from gtpipe.cli import main\nsys.exit(main(['suggest', 'cleo', '2']) or main(['run']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=allotment.root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "pip install scipy" in done.stderr


# --- what is offered ------------------------------------------------------------------------------


def test_codes_come_from_turns_that_are_like_this_one(allotment):
    first = offered(allotment, "cleo", "2")[0]
    assert (first["label"], first["source"], first["like"]) == (
        "carrying water",
        "yours",
        ["ada 2", "bo 2"],
    )
    assert first["reason"] == "like ada 2, bo 2"
    assert labels(allotment, "cleo", "4")[0] == "being governed by letter"


def test_what_stands_at_a_turn_is_not_offered_there_however_it_is_spelt(allotment):
    assert "carrying water" in labels(allotment, "cleo", "2")
    allotment.ok("code", "cleo", "2", "Carrying-Water", "--by", "KR")
    assert "carrying water" not in labels(
        allotment, "cleo", "2"
    ) and "Carrying-Water" not in labels(allotment, "cleo", "2")


def test_what_was_rejected_is_not_offered_at_that_turn_and_is_elsewhere(allotment):
    before = {turn: labels(allotment, "cleo", turn) for turn in ("2", "6")}
    assert before["2"][0] == "carrying water"
    allotment.write(
        "data/answers.csv",
        f"{','.join(HEADER)}\ncleo,2,Carrying Water,rejected,PM\n"
        "cleo,6,carrying water,ignored,PM\n",
    )
    assert "carrying water" not in labels(allotment, "cleo", "2")
    assert labels(allotment, "cleo", "6") == before["6"]


def test_no_source_gives_more_than_a_few_and_interviewers_have_none(allotment):
    found = offered(allotment, "cleo", "2")
    for source, most in MOST.items():
        assert sum(one["source"] == source for one in found) <= most
    ran = allotment("suggest", "cleo", "1")
    assert (ran.code, ran.out, ran.err) == (
        0,
        "",
        "Turn 1 is the interviewer's: nothing is suggested there.\n",
    )


def test_only_codes_in_sheets_train(allotment):
    before = allotment.read(f"{SUGGESTIONS}/initial/bo.yaml")
    rows = [
        ["cleo", "2", "a machine's idea", "accepted", "PM"],
        ["cleo", "4", "water from far away", "rejected", "PM"],
        ["cleo", "6", "carrying water", "ignored", "PM"],
    ]
    allotment.write("data/answers.csv", "\n".join(",".join(row) for row in [HEADER, *rows]) + "\n")
    allotment.ok("run")
    assert allotment.read(f"{SUGGESTIONS}/initial/bo.yaml") == before
    assert not {"a machine's idea", "water from far away"} & {
        label for turn in "246" for label in labels(allotment, "cleo", turn)
    }
    allotment.ok("code", "cleo", "2", "a machine's idea")
    allotment.ok("run")
    assert allotment.read(f"{SUGGESTIONS}/initial/bo.yaml") != before


def test_a_suggester_told_of_codes_one_by_one_says_what_one_begun_anew_says(allotment):
    study = Study(allotment.root)
    read = load(study)
    told = Suggester(study, read.material, read.codings, (), "en")
    for turn, label in (("2", "walking far"), ("4", "being governed by letter")):
        allotment.ok("code", "cleo", turn, label)
    allotment.ok("code", "cleo", "6", "taken back")
    told.update("cleo", load(study).codings)
    sheet = allotment.read("data/initial-codes/cleo.yaml")
    allotment.write("data/initial-codes/cleo.yaml", sheet.replace("    taken back\n", ""))
    now = load(study)
    told.update("cleo", now.codings)
    anew = Suggester(study, now.material, now.codings, (), "en")
    for interview in now.material.interviews.values():
        for turn in interview.participant_turns:
            assert [one.label for one in told.at(interview, turn)] == [
                one.label for one in anew.at(interview, turn)
            ]
    assert all(
        one.label != "taken back"
        for turn in interview.participant_turns
        for one in told.at(interview, turn)
    )


def test_all_codes_can_be_put_in_the_order_in_which_they_fit_a_turn(allotment):
    read = load(Study(allotment.root))
    suggester = Suggester(Study(allotment.root), read.material, read.codings, (), "en")
    cleo = read.material.interviews["cleo"]
    for turn in cleo.participant_turns:
        fitting = suggester.fitting(cleo, turn)
        offered = [one.label for one in suggester.at(cleo, turn) if one.source == YOURS]
        assert list(fitting[: len(offered)]) == offered
        assert not {c.code for c in read.codings if (c.interview, c.turn) == ("cleo", turn.id)} & {
            *fitting
        }
    assert suggester.fitting(cleo, cleo.turns[0]) == ()  # the interviewer's


# --- answers --------------------------------------------------------------------------------------


def test_taking_a_suggestion_changes_one_line_of_one_sheet_and_adds_one_answer(allotment):
    before = allotment.hashes()
    sheet = allotment.read("data/initial-codes/cleo.yaml").split("\n")
    done = answering.take(Study(allotment.root), suggestion("cleo", "2", "carrying water"))
    after = allotment.read("data/initial-codes/cleo.yaml").split("\n")
    assert len(after) == len(sheet) + 1 and done.label == "carrying water"
    at = next(n for n, (old, new) in enumerate(zip(sheet, after, strict=False)) if old != new)
    assert after[at] == "    carrying water" and after[:at] + after[at + 1 :] == sheet
    assert (
        allotment.read("data/answers.csv")
        == "interview,turn,suggestion,answer,by\ncleo,2,carrying water,accepted,PM\n"
    )
    changed = {path for path, hash in allotment.hashes().items() if before.get(path) != hash}
    assert changed == {"data/initial-codes/cleo.yaml", "data/answers.csv", "data/log.jsonl"}
    assert (
        len(
            [
                line
                for line in allotment.read("data/log.jsonl").splitlines()
                if "data/answers.csv" in line
            ]
        )
        == 1
    )


def test_in_vivo_is_tied_to_its_words_and_an_edited_one_keeps_what_was_offered(allotment):
    study = Study(allotment.root)
    answering.take(study, suggestion("cleo", "2", "My knees are bad", IN_VIVO, "My knees are bad"))
    answering.take(
        study,
        suggestion("cleo", "4", "rules and more rules", IN_VIVO, "rules and more rules"),
        label="rule upon rule",
        words="rules and more rules",
        by="KR",
    )
    assert "    My knees are bad <-\n" in allotment.read("data/initial-codes/cleo.yaml")
    assert '    rule upon rule <- "rules and more rules"\n' in allotment.read(
        "data/initial-codes/cleo.KR.yaml"
    )
    assert allotment.read("data/answers.csv").splitlines()[1:] == [
        "cleo,2,My knees are bad,accepted,PM",
        "cleo,4,rules and more rules,edited,KR",
    ]


def test_an_answer_taken_back_leaves_the_files_as_they_were_unless_somebody_wrote_in_them(
    allotment,
):
    study = Study(allotment.root)
    before = {path: hash for path, hash in allotment.hashes().items() if path != "data/log.jsonl"}
    first = answering.take(study, suggestion("cleo", "2", "carrying water"))
    second = answering.reject(study, [suggestion("cleo", "4", "carrying water")])
    assert answering.take_back(study, second, "PM") and answering.take_back(study, first, "PM")
    assert {
        path: hash for path, hash in allotment.hashes().items() if path != "data/log.jsonl"
    } == before
    third = answering.take(study, suggestion("cleo", "2", "carrying water"))
    allotment.write(
        "data/answers.csv", allotment.read("data/answers.csv") + "cleo,6,x,rejected,KR\n"
    )
    kept = allotment.hashes()
    assert not answering.take_back(study, third, "PM") and allotment.hashes() == kept


def test_a_broken_sheet_or_broken_answers_mean_that_neither_file_is_written(allotment):
    study = Study(allotment.root)
    allotment.write("data/answers.csv", "interview,turn,suggestion,answer,by\ncleo,2,x,maybe,PM\n")
    before = allotment.hashes()
    with pytest.raises(UserError, match="maybe"):
        answering.take(study, suggestion("cleo", "2", "carrying water"))
    allotment.write("data/answers.csv", "")
    allotment.write("data/initial-codes/cleo.yaml", "- turn: 2\n\tcodes: |\n")
    broken = allotment.hashes()
    with pytest.raises(UserError):
        answering.take(study, suggestion("cleo", "2", "carrying water"))
    assert allotment.hashes() == broken and before["data/log.jsonl"] == broken["data/log.jsonl"]


def test_an_answer_cut_off_is_whole_or_not_there(allotment):
    def cut_off(place: str) -> None:
        real = os.replace

        def cut(*paths) -> None:
            real(*paths)
            if place in str(paths[1]):
                os._exit(9)

        os.replace = cut
        answering.take(Study(allotment.root), suggestion("cleo", "2", "carrying water"))

    for place in ("gtpipe-unfinished", "cleo.yaml"):
        process = multiprocessing.get_context("fork").Process(target=cut_off, args=(place,))
        process.start()
        process.join()
        assert process.exitcode == 9
        allotment.ok("memo")  # finishes what was decided on
        assert allotment.read("data/initial-codes/cleo.yaml").count("    carrying water\n") == 1
        assert (
            allotment.read("data/answers.csv")
            == "interview,turn,suggestion,answer,by\ncleo,2,carrying water,accepted,PM\n"
        )
        (allotment.root / "data/answers.csv").unlink()
        sheet = allotment.read("data/initial-codes/cleo.yaml")
        allotment.write("data/initial-codes/cleo.yaml", sheet.replace("    carrying water\n", ""))


# --- the file of answers --------------------------------------------------------------------------


def test_answers_survive_a_union_merge(allotment):
    root = allotment.root
    git("init", "-b", "main", cwd=root)
    allotment.write(".gitattributes", "data/answers.csv merge=union\n")
    allotment.write(".gitignore", "data/derived/\n.gtpipe/\n")
    git("add", "-A", cwd=root)
    git("commit", "-m", "begin", cwd=root)
    for branch, turn in (("kit", "4"), ("pat", "2")):
        git("checkout", "-b", branch, "main", cwd=root)
        answering.reject(
            Study(root),
            [suggestion("cleo", turn, 'one, "two"')],
            by="KR" if branch == "kit" else "PM",
        )
        git("add", "data/answers.csv", cwd=root)
        git("commit", "-m", branch, "data/answers.csv", cwd=root)
        git("checkout", "--", ".", cwd=root)
    done = git("merge", "kit", cwd=root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {answer[:5] for answer in answers.read(Snapshot(Study(root)))} == {
        ("cleo", "4", 'one, "two"', REJECTED, "KR"),
        ("cleo", "2", 'one, "two"', REJECTED, "PM"),
    }


def test_headers_and_lines_that_stand_twice_say_nothing_more():
    header = "interview,turn,suggestion,answer,by\n"
    text = f"{header}a,1,x,rejected,PM\n\n{header}a,1,x,rejected,PM\r\n"
    found, problems = answers.loads(text)
    assert [answer[:5] for answer in found] == [("a", "1", "x", "rejected", "PM")] and not problems
    assert [answer[:5] for answer in answers.loads("a;1;x, y;accepted;\n")[0]] == [
        ("a", "1", "x, y", "accepted", "")
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a,1,x,acepted,PM", 'did you mean "accepted"?'),
        ("a,1,x,,PM", "names no answer"),
        ("a,1,,rejected,PM", "names no suggestion"),
        ("a,1,x, y,rejected,PM", "an answer has 5 cells, this line 6"),
        ("a,1", "an answer has 5 cells, this line 2"),
        ('a,1,"x,rejected,PM', "cannot be read"),
    ],
)
def test_a_line_that_is_no_answer_is_an_error_with_its_line_and_the_others_are_read(line, said):
    found, problems = answers.loads(
        f"interview,turn,suggestion,answer,by\n{line}\na,2,y,rejected,PM\n"
    )
    assert [answer.turn for answer in found] == ["2"]
    assert [problem.line for problem in problems] == [
        2
    ] and said in f"{problems[0].what} {problems[0].do}"


def test_conflict_markers_are_told_and_nothing_is_added_to_a_broken_file():
    with pytest.raises(UserError, match="conflict markers"):
        answers.loads("<<<<<<< a\na,1,x,rejected,PM\n=======\n>>>>>>> b\n")
    with pytest.raises(UserError):
        answers.add("a,1,x,nonsense,PM\n", [Answer("a", "2", "y", REJECTED, "PM")])


CELL = (
    st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1)
    .map(str.strip)
    .filter(bool)
)


@given(
    st.lists(st.builds(Answer, CELL, CELL, CELL, st.sampled_from(KINDS), CELL), max_size=6),
    st.sampled_from(["", "\n", "\r\n"]),
)
def test_whatever_label_was_answered_is_read_back_and_what_stood_there_stays(rows, end):
    before = answers.add("", [Answer("jim", "2", "first", ACCEPTED, "PM")]).rstrip("\n") + end
    after = answers.add(before, rows)
    assert after.startswith(before) or not rows
    found, problems = answers.loads(after)
    assert not problems
    assert {answer[:5] for answer in found} == {
        ("jim", "2", "first", ACCEPTED, "PM"),
        *(row[:5] for row in rows),
    }
    assert answers.add(after, rows) == after
    if end != "\r\n":
        assert len(list(csv.reader(after.splitlines()))) == len(found) + 1


# --- settings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("sugest: true", 'did you mean "suggest"?'),
        ("suggest: yes please", "Write `true` or `false`"),
    ],
)
def test_a_wrong_setting_is_told_with_the_right_one(empty, typed, said):
    empty.write("pipeline.yaml", PIPELINE.replace("sheet-text: true", typed))
    ran = empty("run")
    assert ran.code == 1 and "pipeline.yaml:10" in ran.err and said.casefold() in ran.err.casefold()


def test_a_new_study_begins_without_and_says_how_to_switch_them_on(empty, tmp_path):
    empty.ok("init", str(tmp_path / "new"))
    assert "    suggest: false           # true: " in (tmp_path / "new/pipeline.yaml").read_text()
