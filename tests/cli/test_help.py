"""What `--help` shows to somebody who opens gtpipe for the first time; names that were others
before go on working.
"""

from __future__ import annotations

import re
import shlex
from importlib import import_module

import pytest
import typer
from conftest import ROOT
from test_docs import commands

from gtpipe.cli import app, help_page, main
from gtpipe.cli.command_table import COMMANDS

ROOT_COMMAND = typer.main.get_command(app)
SHOWN = {name: one for name, one in ROOT_COMMAND.commands.items() if not one.hidden}
ALL = list(commands())
OLD_NAMES = {"focused", "comment"}


@pytest.fixture
def page(capsys, monkeypatch):
    """What a command line prints on a terminal of 80 columns, where it succeeds."""
    monkeypatch.setenv("COLUMNS", "80")

    def run(*words: str) -> str:
        assert main(list(words)) == 0
        return capsys.readouterr().out

    return run


def listed(text: str) -> list[str]:
    """The commands under the headings of a help page, in order."""
    return re.findall(r"^  ([a-z][a-z-]+)  ", text, re.M)


def test_help_shows_at_most_24_commands_and_first_what_one_does_daily(page):
    text = page("--help")
    names = listed(text)
    assert len(set(names)) <= 24 and set(names) <= set(SHOWN)
    assert names[:6] == ["run", "status", "check", "code", "compare", "memo"]
    stages = text.split("The five stages:")[1].split("\n\n")[0]
    assert listed(stages) == ["ingest", "initial-code", "focused-code", "theoretical-code", "memo"]
    for heading in help_page.LISTED:
        assert f"\n{heading}:\n" in text
    assert page("-h") == text


def test_each_line_of_help_fits_on_one_line_of_a_terminal(page):
    text = page("--help").split("Every day")[1]
    assert not re.search(r"^ {5}", text, re.M)


def test_every_other_command_stands_in_the_help_of_one_that_is_shown(page):
    """A new command fails here until LISTED or RELATED in cli/help_page.py says where it is."""
    shown = {name for names in help_page.LISTED.values() for name in names}
    related = {name for names in help_page.RELATED.values() for name in names}
    assert shown.isdisjoint(related) and shown | related == set(SHOWN)
    for home, names in help_page.RELATED.items():
        assert home in shown
        text = page(home, "--help")
        for name in names:
            assert f"gtpipe {name}: " in text


@pytest.mark.parametrize("words", [("--help", "--all"), ("--all", "--help"), ("-h", "--all")])
def test_help_all_shows_every_command_that_has_a_name_of_today(page, words):
    assert set(listed(page(*words))) == set(SHOWN) == ROOT_COMMAND.commands.keys() - OLD_NAMES


def test_a_command_that_nobody_has_placed_yet_stands_under_more(page, monkeypatch):
    monkeypatch.setitem(COMMANDS, "new", COMMANDS["run"])
    assert listed(page("--help", "--all").split("\nMore:\n")[1]) == ["new"]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_of_a_command_what_its_own_help_says_first(name):
    command = help_page.made(name)
    assert (COMMANDS[name].help, COMMANDS[name].hidden) == (
        command.help.partition("\n")[0],
        command.hidden,
    )


def test_the_table_has_the_commands_that_the_modules_of_cli_register():
    registered = {}
    for path in (ROOT / "gtpipe/cli").glob("*.py"):
        module = import_module(f"gtpipe.cli.{path.stem}")
        if hasattr(module, "register") and path.stem != "change_codes":  # it adds to `codes`
            part = typer.Typer()
            module.register(part)
            registered |= dict.fromkeys(typer.main.get_group(part).commands, path.stem)
    assert registered == {name: listed.module for name, listed in COMMANDS.items()}


def test_a_command_that_is_none_is_answered_with_the_nearest(empty):
    ran = empty("cmpare")
    assert ran.code == 2 and not ran.out
    assert "'cmpare'" in ran.err and "'compare'" in ran.err


def test_the_usage_says_where_several_words_can_stand(page):
    assert "Usage: gtpipe who [OPTIONS] X…\n" in page("who", "-h")
    assert "Usage: gtpipe compare [OPTIONS] [CODE]…\n" in page("compare", "-h")


@pytest.mark.parametrize(("name", "shown"), ALL, ids=[name for name, _ in ALL])
def test_help_is_a_short_line_and_examples_that_can_be_typed(page, name, shown):
    words = name.split()[1:]
    text = page(*words, "-h")
    assert text == page(*words, "--help") and text.count("Usage: ") == 1
    first, *more = shown.help.split("\n")
    assert len(first) <= 76 and first.endswith(".") and (not more or more[0] == "")
    for line in more:
        if not line.startswith("gtpipe "):
            continue
        group, rest = ROOT_COMMAND, shlex.split(line)[1:]
        while rest and rest[0] in getattr(group, "commands", {}):
            group = group.get_command(None, rest.pop(0))
        assert group.help == shown.help
        options = {option for parameter in group.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= options


def test_focused_is_the_older_name_of_codes_focused(analysed):
    added = analysed.ok("focused", "add", "going with it", "--because", "b")
    assert added == 'data/focused-codes.yaml: "going with it" added (PM)\n'
    analysed.ok("focused", "take-up", "going with it", "it went from there")
    before = analysed.read("data/focused-codes.yaml")
    again = analysed("codes", "focused", "take-up", "going with it", "it went from there")
    assert again.out.endswith('takes up "it went from there" already\n') and not again.err
    assert analysed.read("data/focused-codes.yaml") == before


def test_comment_is_the_older_name_of_comments_add_and_answer(analysed):
    ran = analysed("comment", "jim 2", "passive?")
    assert (ran.out, ran.err) == ("data/comments.yaml: comment 1 (PM), on jim 2\n", "")
    ran = analysed("comment", "--answer", "1", "he is", "--changed", "nothing")
    assert (ran.out, ran.err) == ("data/comments.yaml: comment 1 answered (PM), on jim 2\n", "")
    assert analysed.ok("comments", "jim 2") == analysed.ok("comments", "list", "jim 2")
    assert analysed.ok("comments") == analysed.ok("comments", "list")
    assert analysed.ok("comments", "--unanswered", "--format", "csv").count("\n") == 1
    for wrong in (("jim 2",), ("jim 2", "x", "--changed", "y"), ("--answer", "1", "x", "y")):
        assert analysed("comment", *wrong).code == 2
