"""What Tab offers in a shell: quickly, quoted, and nothing of a foreign study is run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT

AWKWARD = [
    "$(touch pwned)",
    "`touch pwned`",
    'it\'s "so" far',
    "50% *off*",
    "why: because",
    "semi; touch pwned",
    "back\\slash \\$(touch pwned)",
    "über die Brücke",
    "x = y",
    "[a-z]? {b,c}",
    "- dash",
    "two  spaces",
    "!bang",
]


@pytest.fixture
def tab(capsys, monkeypatch):
    """What bash is offered for a command line that ends at the cursor; each word as bash has it."""

    def press(study, *words: str) -> list[str]:
        monkeypatch.setenv("_GTPIPE_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", "\n".join(("gtpipe", *words)))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        ran = study()
        assert (ran.code, ran.err) == (0, "")
        return ran.out.splitlines()

    return press


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["ini"], ["init", "initial-code"]),
        (["codes", "r"], ["rename", "recode"]),
        (["code", "j"], ["jim"]),
        (["code", "jim", ""], ["1", "2", "3", "4"]),
        (["code", "jim", "2", "Mee"], ["meeting\\ around\\ the\\ ward"]),
        (["code", "jim", "2", '"mee'], ["meeting around the ward"]),
        (["code", "--by", "KR", "jim", "2", "not"], ["noticing\\ the\\ pay"]),
        (["code", "jim", "2", "x", "--by", ""], ["PM", "KR"]),
        (["code", "jim", "2", "x", "--by", "=", "K"], ["KR"]),
        (["code", "jim", "2", "x", "--wo"], ["--words"]),
        (["codes", "merge", "noticing the pay", "--into", "ea"], ["easy\\ beginnings"]),
        (["codes", "focused", "take-up", "min"], ["minding\\ the\\ money"]),
        (["codes", "focused", "take-up", "easy\\ beginnings", "not"], ["noticing\\ the\\ pay"]),
        (["focused", "take-up", "min"], ["minding\\ the\\ money"]),
        (["foc"], ["focused-code"]),
        (["comm"], ["comments"]),
        (["comments", ""], ["add", "answer", "list"]),
        (["comments", "add", "becom"], ["becoming\\ believable"]),
        (["compare", "becom"], ["becoming\\ believable"]),
        (["who", "becom"], ["becoming\\ believable"]),
        (["memo", "show", ""], ["2026-03-21-paid-to-be-nice"]),
        (["memo", "new", "x", "--about", "keep"], ["keeping\\ hours"]),
        (["memo", "new", "x", "--about", "2026"], ["2026-03-21-paid-to-be-nice"]),
        (["memo", "new", "x", "--about", "What"], ["What\\ about\\ money\\?"]),
        (
            ["memo", "list", "--about", "minding\\ the\\ money\\ s"],
            ["minding\\ the\\ money\\ slows\\ becoming\\ believable"],
        ),
        (["memo", "new", "x", "--kind", "comp"], ["comparison"]),
        (["case", "j"], ["jim"]),
        (["negative", "eve", ""], ["1", "2", "3", "4"]),
        (["ingest", "--participant", "Speaker\\ 1", "=", "e"], ["eve"]),
        (["schedule", "v"], ["v1", "v2"]),
        (["matrix", "--format", "x"], ["xlsx"]),
        (["quotes", ""], []),
        (["nonsense", ""], []),
    ],
)
def test_what_can_stand_there_is_offered(analysed, tab, words, offered):
    assert tab(analysed, *words) == offered


def test_an_old_label_is_not_offered_and_outside_a_study_only_commands_are(
    analysed, tab, tmp_path, monkeypatch
):
    analysed.ok("codes", "rename", "noticing the pay", "minding the pay", "--why", "plainer")
    sheet = analysed.read("data/initial-codes/jim.yaml")
    analysed.write(
        "data/initial-codes/jim.yaml", sheet.replace("minding the pay", "noticing the pay")
    )
    assert tab(analysed, "codes", "show", "not") == []
    assert tab(analysed, "codes", "show", "mind") == [
        "minding\\ the\\ pay",
        "minding\\ the\\ money",
    ]
    analysed.root = tmp_path
    assert tab(analysed, "codes", "show", "") == [] and tab(analysed, "histo") == ["history"]


def test_a_study_that_is_broken_or_hostile_is_looked_at_in_silence_and_left_as_it_is(coded, tab):
    before = coded.hashes()
    shutil.rmtree(coded.root / ".gtpipe")
    assert tab(coded, "codes", "show", "me") == ["meeting\\ around\\ the\\ ward"]
    assert coded.hashes() == before and not (coded.root / ".gtpipe").exists()
    coded.write(
        "data/codebook.yaml",
        b'- code: \xff\n- code: {x: [\n- code: \'open\n- code: "\x1b[31mred"\n'
        b"- code: mending nets\n",
    )
    os.mkfifo(coded.root / "data/initial-codes/pipe.yaml")
    (coded.root / "data/initial-codes/zero.yaml").symlink_to("/dev/zero")
    (coded.root / "data/initial-codes/loop.yaml").symlink_to("loop.yaml")
    coded.write(
        "data/initial-codes/big.yaml", b"- turn: 1\n  codes: |\n    melting\n" + b" " * 6 * 2**20
    )
    coded.write(
        "data/initial-codes/odd.yaml", b"- turn: 1\n  codes: |\n    me\x1b]0;x\x07\n    x <- no\n"
    )
    assert tab(coded, "codes", "show", "me") == ["meeting\\ around\\ the\\ ward", "mending\\ nets"]
    (coded.root / "pipeline.yaml").write_bytes(b"\x00")
    assert tab(coded, "code", "jim", "2", "x", "--by", "") == []


@pytest.fixture
def awkward(study, tmp_path):
    """A study whose labels a shell would take for something else; and what such a shell needs."""
    study.ok("code", "jim", "2", "waiting years")
    sheet = study.read("data/initial-codes/jim.yaml")
    study.write(
        "data/initial-codes/jim.yaml",
        sheet.replace(
            "    waiting years\n",
            "    waiting years\n" + "".join(f"    {label}\n" for label in AWKWARD),
        ),
    )
    home = tmp_path / "home"
    (home / "bin").mkdir(parents=True)
    (home / "bin/gtpipe").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m gtpipe "$@"\n')
    (home / "bin/gtpipe").chmod(0o755)
    return study, {
        **os.environ,
        "HOME": str(home),
        "PATH": f"{home / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8",
    }


def typed_in(shell: str, awkward, script: str) -> str:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    study, env = awkward
    ran = subprocess.run(
        [shell, "-c", script],
        cwd=study.root,
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert not (study.root / "pwned").exists()
    return ran.stdout


def test_bash_completes_labels_to_words_that_mean_them(awkward):
    out = typed_in(
        "bash",
        awkward,
        """
        gtpipe --install-completion >&2; source ~/.bashrc
        COMP_WORDS=(gtpipe codes show ''); COMP_CWORD=3; _gtpipe_completion gtpipe
        for word in "${COMPREPLY[@]}"; do eval "printf '%s\\n' $word"; done""",
    )
    assert sorted(out.splitlines()) == sorted([*AWKWARD, "waiting years"])


def test_zsh_completes_labels_to_words_that_mean_them(awkward):
    out = typed_in(
        "zsh",
        awkward,
        """
        gtpipe --install-completion >&2
        compadd() { shift; print -rl -- "$@" }
        compdef() {}
        words=(gtpipe codes show ''); CURRENT=4; source ~/.zfunc/_gtpipe; _gtpipe_completion""",
    )
    assert sorted(out.splitlines()) == sorted([*AWKWARD, "waiting years"])


def test_fish_completes_labels_to_words_that_mean_them(awkward):
    out = typed_in(
        "fish",
        awkward,
        """
        gtpipe --install-completion >&2; source ~/.config/fish/completions/gtpipe.fish
        for word in (complete -C 'gtpipe codes show ')
            eval printf "'%s\\n'" (string escape -- $word)
        end""",
    )
    assert sorted(out.splitlines()) == sorted([*AWKWARD, "waiting years"])


def test_an_answer_imports_nothing_slow(awkward):
    study, env = awkward
    script = "import sys; from gtpipe.cli import main; main(); print(*sys.modules)"
    ask = {
        "_GTPIPE_COMPLETE": "complete_fish",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_ARGS": "gtpipe code jim 2 wai",
    }
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=study.root,
        env=env | ask,
        capture_output=True,
        text=True,
    )
    offered, _, modules = ran.stdout.partition("\n")
    assert offered == "waiting years"
    assert not {
        "rich",
        "spacy",
        "numpy",
        "pydantic",
        "prompt_toolkit",
        "sqlite3",
        "yaml",
        "gtpipe.study",
    } & set(modules.split())


def test_help_names_completion_in_two_lines(study):
    out = study.ok("--help")
    assert (
        out.count("completion") == 4
        and "--install-completion" in out
        and "--show-completion" in out
    )
