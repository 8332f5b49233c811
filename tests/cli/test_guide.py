"""`gtpipe guide`: the topics, one topic, and what is offered for a topic that is none."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib

import pexpect
from conftest import ROOT

from gtpipe.cli import app, completion
from gtpipe.cli.guide import FOLDER, TOPICS


def test_the_list_has_a_line_for_each_topic_and_each_page_is_a_topic(empty):
    lines = empty.ok("guide").splitlines()
    assert [line.split()[0] for line in lines] == list(TOPICS)
    assert lines[2] == (
        "coding         Give codes to turns: in your editor, from the shell, "
        "or full screen at the desk."
    )
    assert {path.stem for path in FOLDER.glob("*")} == set(TOPICS)


def test_the_readme_lists_the_topics_with_the_same_lines(empty):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = [line for line in readme.splitlines() if line.startswith("| [")]
    assert table == [
        f"| [{topic}](gtpipe/guide/{topic}.md) | {purpose} |"
        for topic, purpose in (line.split(None, 1) for line in empty.ok("guide").splitlines())
    ]


def test_a_topic_goes_to_a_pipe_as_markdown_without_the_marks_of_the_tests(empty):
    page = empty.ok("guide", "privacy")
    assert page.startswith("# Privacy\n\nKnow where participants' words are, and keep them there.")
    assert "```sh\ngtpipe init ../private-study\n" in page
    assert "<!--" not in page


def test_a_word_of_a_title_finds_its_topic(empty):
    assert empty.ok("guide", "settings") == empty.ok("guide", "files")
    assert empty.ok("guide", "Diary") == empty.ok("guide", "memos")


def test_tab_completes_topics():
    offers = completion.offered(app, ["guide"], "co")
    assert [offer.word for offer in offers] == ["coding", "comparing", "codes-change"]


def test_a_topic_that_is_none_is_answered_with_the_nearest(empty):
    ran = empty("guide", "codng")
    assert ran.code == 2
    assert ran.err == 'gtpipe: no topic "codng" in the guide; did you mean "coding"?\n'
    assert "did you mean codes-change or focused-codes?" in empty("guide", "codes").err
    assert "`gtpipe guide` lists the topics" in empty("guide", "zzz").err


def test_on_a_terminal_a_topic_is_laid_out_and_goes_through_the_pager(program, tmp_path):
    ran, code = pexpect.run(
        f"{program} guide coding",
        env={"PAGER": "sed s/^/paged:/", "TERM": "xterm", "PATH": os.environ["PATH"]},
        cwd=tmp_path,
        encoding="utf-8",
        withexitstatus=True,
    )
    assert code == 0
    assert "paged:" in ran
    assert "At the desk" in ran and "## " not in ran and "```" not in ran


def test_the_guide_imports_nothing_heavy(tmp_path):
    script = (
        "import sys; from gtpipe.cli import main; main(['guide', 'coding']); "
        "heavy = {'spacy', 'numpy', 'yaml', 'rich.markdown', 'prompt_toolkit', 'filelock'}; "
        "print(sorted(heavy & sys.modules.keys()), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path
    )
    assert ran.stderr.strip() == "[]"


def test_the_pages_are_shipped_in_the_package():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "guide/*.md" in settings["tool"]["setuptools"]["package-data"]["gtpipe"]
