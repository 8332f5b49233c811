"""What the README and the guide say works as written; every command is in them and has help."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer
from conftest import ROOT, command, git, hashes

from gtpipe.cli import app
from gtpipe.cli.guide import FOLDER, TOPICS
from gtpipe.render.word import interviews
from gtpipe.store.layout import Study
from gtpipe.study import load

README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = {topic: (FOLDER / f"{topic}.md").read_text(encoding="utf-8") for topic in TOPICS}
PAGES = {"README": README, **GUIDE}
MANUAL = "\n".join(PAGES.values())


def blocks(name: str, page: str = README) -> list[str]:
    """The shell scripts on a page that are marked with `name` in a comment above."""
    return re.findall(rf"^<!-- {name} -->\n```sh\n(.*?)```", page, re.S | re.M)


@pytest.fixture
def shell(program, tmp_path):
    """Run a script by bash, with a `gtpipe` on its path and a home of its own."""
    (tmp_path / "home").mkdir()
    who = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Pat"), ("EMAIL", "p@example.org"))
    }
    env = {
        **os.environ,
        **who,
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path / "home"),
        "PYTHONPATH": str(ROOT),
    }

    def run(script: str, cwd: Path) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=cwd,
            env=env,
            capture_output=True,
            text=True,
        )

    return run


def test_the_tutorial_works_as_typed(shell, tmp_path):
    first, ask, *rest = blocks("tutorial")
    (tmp_path / "empty").mkdir()
    ran = shell(first, tmp_path / "empty")
    assert ran.returncode == 0, ran.stderr
    study = tmp_path / "empty/peer-support"
    ran = shell(ask, study)
    assert ran.returncode == 1
    assert (
        '../ann.txt:1: unknown speaker "Dan" (2 of 4 turns; labels seen: Dan 2, Ann 2). '
        "Say who it is with" in ran.stderr
    )
    ran = shell("".join(rest), study)
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"data/initial-codes/ann.yaml +\| 1 \+\n", ran.stdout)
    assert "1 incident. Participants: ann." in ran.stdout
    assert (
        '    meeting outside any appointment <- "at the bus stop"\n      by chance? ask again\n'
        in (study / "data/initial-codes/ann.yaml").read_text()
    )


def test_the_cycle_works_as_typed_on_the_study_here(shell, root_study):
    shutil.copy(ROOT / ".gitattributes", root_study)
    assert (
        shell(
            "git init -q && printf '.gtpipe/\\ndata/derived/compare/\\n' > .gitignore && "
            "gtpipe run && git add -A && git commit -qm x",
            root_study,
        ).returncode
        == 0
    )
    ran = shell("".join(blocks("cycle", GUIDE["cycle"])), root_study)
    assert ran.returncode == 0, ran.stderr
    assert "focused-code: " in ran.stdout and "(codes define" not in ran.stdout
    assert "+letting the bus say it,managing the end by not naming it" in ran.stdout
    assert "omar,1," in (root_study / "data/derived/sufficiency.csv").read_text()
    assert "sufficiency not judged" not in ran.stdout


def test_codes_change_as_typed_on_the_study_here(shell, clone):
    ran = shell("".join(blocks("changing", GUIDE["codes-change"])), clone)
    assert ran.returncode == 0, ran.stderr
    assert 'renamed  "noticing the clock" is now "watching the clock"' in ran.stdout
    assert "codes split" not in ran.stdout and not list((clone / "data").glob("split-*"))
    assert 'merged   "small-talk that counts" into "small talk that counts"' in ran.stdout


def test_the_files_shown_are_files_that_are_read():
    """The guide's examples of focused codes, theory and memo are what those files look like."""
    from gtpipe.formats import focused, memos, theory

    def shown(topic: str, first: str, last: str) -> str:
        text = GUIDE[topic][GUIDE[topic].index(f"    {first}\n") :]
        text = text[: text.index(f"    {last}\n") + len(f"    {last}\n")]
        return "\n".join(line[4:] for line in text.split("\n"))

    codes, problems = focused.loads(
        shown(
            "focused-codes",
            "- focused: being given something of theirs",
            '    nadia 7 "I don\'t want it"',
        )
    )
    assert not problems and len(codes["being given something of theirs"].takes_up) == 2
    last = '  judgement: not yet, because …      # a judgement in words; empty reads "not judged"'
    read, problems = theory.loads(shown("theory", "categories:", last))
    assert (
        not problems
        and len(read.relations)
        == len(read.negative_cases)
        == len(read.looks)
        == len(read.judgements)
        == 1
    )
    memo, problems = memos.loads(
        shown("memos", "---\n    title: Paid to be nice", "  jim 6") + "---\n", "data/memos/x.md"
    )
    assert not problems and len(memo.about) == 2


@pytest.mark.parametrize("page", ["README", "coding"])
def test_the_sheet_shown_is_a_sheet_that_is_read(shell, tmp_path, page):
    shown = re.search(r"^    - turn: 2\n(?:    .*\n|\n(?=    ))+", PAGES[page], re.M).group()
    sheet = "\n".join(line[4:] for line in shown.split("\n"))
    first, _, *rest = blocks("tutorial")
    script = (
        first
        + "cat > ../ann.txt"
        + blocks("tutorial")[1].split("cat > ../ann.txt")[1].split("gtpipe ingest")[0]
        + rest[0]
    )
    assert shell(script, tmp_path).returncode == 0
    (tmp_path / "peer-support/data/initial-codes/ann.yaml").write_text(sheet)
    ran = shell("gtpipe check && gtpipe codes list --format csv", tmp_path / "peer-support")
    assert ran.returncode == 0, ran.stdout
    assert "late an' all,1,ann," in ran.stdout and "joking about lateness,1,ann," in ran.stdout


@pytest.fixture
def root_study(tmp_path) -> Path:
    """A copy of the study in the repository, as a clone would have it."""
    copy = tmp_path / "clone"
    copy.mkdir()
    shutil.copy(ROOT / "pipeline.yaml", copy)
    shutil.copytree(
        ROOT / "data", copy / "data", ignore=shutil.ignore_patterns("compare", "report", ".*")
    )
    return copy


@pytest.fixture(scope="session")
def ready(tmp_path_factory) -> Path:
    """The study in the repository, run once and in git with two commits, to be copied."""
    folder = tmp_path_factory.mktemp("ready") / "clone"
    folder.mkdir()
    for name in ("pipeline.yaml", ".gitattributes"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(
        ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("compare", "report", ".*")
    )
    (folder / ".gitignore").write_text(".gtpipe/\ndata/derived/compare/\n")
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Four interviews, coded"]):
        assert git(*arguments, cwd=folder).returncode == 0
    assert command("run", cwd=folder).returncode == 0
    assert git("tag", "four-interviews", cwd=folder).returncode == 0
    assert (
        command(
            "codes", "park", "doing roundabouts", "--why", "a phrase of Ray's alone", cwd=folder
        ).returncode
        == 0
    )
    assert git("commit", "-qam", "A code set aside", cwd=folder).returncode == 0
    return folder


@pytest.fixture
def clone(ready, tmp_path) -> Path:
    return Path(shutil.copytree(ready, tmp_path / "clone"))


COMMANDS = dict.fromkeys("".join(blocks("commands", MANUAL)).splitlines())


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_shown_works_on_the_study_here(shell, clone, line):
    """Each line of these blocks stands for itself."""
    ran = shell(line, clone)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip()


@pytest.mark.parametrize(
    ("topic", "script"),
    [(topic, script) for topic, page in GUIDE.items() for script in blocks("script", page)],
)
def test_every_script_shown_works_on_the_study_here(shell, clone, topic, script):
    """These blocks are typed from the first line to the last."""
    ran = shell(script, clone)
    assert ran.returncode == 0, ran.stderr


def test_a_document_goes_out_and_comes_back_as_typed(shell, clone):
    script = blocks("word", GUIDE["two-coders"])[0]
    if "report" not in typer.main.get_command(app).commands:
        content = interviews.content(load(Study(clone)), ["jim"])
        (clone / "jim.docx").write_bytes(content)
        script = script.partition("\n")[2]
    ran = shell(script, clone)
    assert ran.returncode == 0, ran.stderr
    assert "No new comment." in ran.stderr


@pytest.mark.parametrize("name", PAGES)
def test_no_shell_script_is_shown_that_no_test_runs(name):
    run_in = {
        "README": ("the main job", "the tests", "tutorial", "commands"),
        "cycle": ("cycle", "commands"),
        "codes-change": ("changing", "commands"),
        "two-coders": ("commands", "script", "word"),
    }.get(name, ("commands", "script"))
    tested = sum(len(blocks(mark, PAGES[name])) for mark in run_in)
    assert tested == PAGES[name].count("```sh\n")


def inline_commands() -> list[tuple[str, str]]:
    """Every `gtpipe …` inside a sentence or a table: (page, command line)."""
    prose = {name: re.sub(r"(?ms)^```.*?^```$", "", page) for name, page in PAGES.items()}
    return [
        (name, line)
        for name, text in prose.items()
        for line in dict.fromkeys(re.findall(r"`(gtpipe [^`]+)`", " ".join(text.split("\n"))))
    ]


@pytest.mark.parametrize(("name", "line"), inline_commands())
def test_a_command_named_in_a_sentence_exists_with_its_options(name, line):
    group, words = typer.main.get_command(app), line.split()[1:]
    if words[0] in ("COMMAND", "--install-completion", "--help"):
        return
    while words and words[0] in getattr(group, "commands", {}):
        group = group.get_command(None, words.pop(0))
    # A group may do something alone, and has no parameters then.
    runs = group.params or not getattr(group, "no_args_is_help", True)
    assert runs and not (words and hasattr(group, "commands") and words[0][0] != "-"), line
    options = {option for parameter in group.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_a_pointer_into_the_guide_leads_to_a_topic():
    for topic in re.findall(r"`gtpipe guide ([a-z-]+)`", MANUAL):
        assert topic in TOPICS
    for path in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / path).exists(), path


def test_the_main_job_works_on_a_clone_and_changes_no_file_in_git(shell, root_study):
    line = blocks("the main job")[0].replace(
        "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt . && ", ""
    )
    before = hashes(root_study)
    ran = shell(line.replace(".venv/bin/", ""), root_study)
    assert ran.returncode == 0, ran.stderr
    assert "He give me a number" in ran.stdout
    after = hashes(root_study)
    assert {name: after[name] for name in before} == before
    assert all(name.startswith("data/derived/compare/") for name in after.keys() - before.keys())


@pytest.mark.parametrize("example", sorted(p.name for p in (ROOT / "examples").iterdir()))
def test_every_example_runs_clean(shell, tmp_path, example):
    copy = tmp_path / example
    shutil.copytree(
        ROOT / "examples" / example, copy, ignore=shutil.ignore_patterns("compare", "report", ".*")
    )
    before = hashes(copy)
    ran = shell("gtpipe run && gtpipe check", copy)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    after = hashes(copy)
    assert {name: after[name] for name in before} == before


def commands(group=None, prefix: str = "gtpipe"):
    group = group or typer.main.get_command(app)
    for name in group.commands:
        one = group.get_command(None, name)
        if one.hidden:
            continue
        yield f"{prefix} {name}", one
        if hasattr(one, "commands"):
            yield from commands(one, f"{prefix} {name}")


@pytest.mark.parametrize(
    ("name", "shown"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_has_help_and_stands_in_the_manual(name, shown):
    assert shown.help
    assert re.search(rf"{name}\b", MANUAL) or hasattr(shown, "commands")
    for parameter in shown.params:
        if parameter.name != "help" and parameter.opts[0].startswith("--"):
            assert getattr(parameter, "help", None), (name, parameter.name)


def test_the_packages_are_gtpipe_alone():
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert settings["tool"]["setuptools"]["packages"]["find"]["include"] == ["gtpipe*"]
