"""Where a command's output goes: a reader that left, a closed or full one, a terminal; and no
module of the study's folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from conftest import command

ESCAPES = "red \x1b]52;c;ZXZpbA==\x07 \u202ewords\u202c"


def bash(script: str, cwd) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["bash", "-c", script.replace("gtpipe", f'"{sys.executable}" -m gtpipe')],
        cwd=cwd,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def long(coded):
    """A study whose list of codes is longer than a pipe holds."""
    sheet = "data/initial-codes/jim.yaml"
    head, codes, rest = coded.read(sheet).partition("codes: |\n")
    many = "".join(f"    one of a great many codes, number {number}\n" for number in range(3000))
    coded.write(sheet, head + codes + many + rest)
    return coded


def test_a_reader_that_stops_early_stops_no_command(long):
    ran = bash('gtpipe codes list --format csv | head -1; echo "${PIPESTATUS[0]}"', long.root)
    assert ran.stdout == "code,incidents,participants,definition\n0\n" and ran.stderr == ""
    long.write("data/codebook.yaml", "code: x\n")
    ran = bash('gtpipe check | head -1 >/dev/null; echo "${PIPESTATUS[0]}"', long.root)
    assert ran.stdout == "1\n" and "Traceback" not in ran.stderr


def test_closed_streams_are_no_matter(coded):
    before = coded.hashes()
    for closed, code in ((">&-", 0), ("2>&-", 0), ("<&- >&- 2>&-", 0)):
        ran = bash(f"gtpipe codes list {closed}", coded.root)
        assert (ran.returncode, ran.stderr) == (code, ""), closed
    assert bash("gtpipe nonsense >&-", coded.root).returncode == 2
    assert coded.hashes() == before


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this machine")
def test_a_full_output_is_told_by_its_name(long):
    told = (
        "standard output: No space left on device. "
        "What the command shows is cut off there; your files are as it left them.\n"
    )
    for arguments in ("codes list", "--version"):
        ran = bash(f"gtpipe {arguments} >/dev/full", long.root)
        assert (ran.returncode, ran.stderr) == (1, told), arguments
    assert bash("gtpipe codes list 2>/dev/full", long.root).returncode == 0


@pytest.mark.parametrize(
    "env",
    [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {}],
    ids=["not-utf-8", "utf-8"],
)
def test_files_of_the_study_are_no_modules(coded, tmp_path, env):
    """A study from elsewhere may hold gtpipe/, yaml.py: `python -m` alone would run them."""
    touched = tmp_path / "ran"
    coded.write("yaml.py", f"open({str(touched)!r}, 'w')")
    if env:
        coded.write("gtpipe/__init__.py", f"open({str(touched)!r}, 'w')")
        coded.write("gtpipe/__main__.py", "")
    env |= {
        "PYTHONPATH": os.pathsep.join(
            [os.path.dirname(os.path.dirname(sys.modules["gtpipe"].__file__))]
        )
    }
    if env.get("LC_ALL"):  # as the installed command begins
        start = "import sys; sys.argv[0] = 'gtpipe'; from gtpipe.cli import main; sys.exit(main())"
        ran = subprocess.run(
            [sys.executable, "-P", "-c", start, "codes", "list"],
            cwd=coded.root,
            env={**os.environ, **env},
            capture_output=True,
            text=True,
        )
    else:
        ran = command("codes", "list", cwd=coded.root, env=env)
    assert ran.returncode == 0 and "noticing the pay" in ran.stdout, ran.stderr
    assert not touched.exists()


@pytest.fixture
def coloured(empty):
    """A study whose participant's words hold what a terminal would obey."""
    empty.write("in/e.txt", f"I: So?\n\nP: {ESCAPES}\n")
    ran = empty("ingest", "in/e.txt")
    assert ran.err.startswith(
        "in/e.txt:3: note: control characters stand among the words: U+001B (escape), U+0007 "
        "(bell), U+202E (right-to-left override), "
        "U+202C (pop directional formatting). They are kept, and shown as \ufffd on a terminal; "
    ), ran.err
    empty.ok("initial-code")
    empty.ok("code", "e", "2", "hue")
    return empty


@pytest.mark.parametrize(
    "arguments",
    [
        ("find", "red", "--format", "csv"),
        ("find", "red", "--format", "json"),
        ("find", "red"),
        ("compare", "hue"),
        ("trace", "hue"),
        ("matrix", "hue", "--by", "interview", "--format", "md"),
        ("code", "e", "2"),
    ],
    ids=" ".join,
)
def test_a_terminal_gets_no_control_characters_and_a_program_what_was_typed(
    coloured, monkeypatch, arguments
):
    piped = coloured.ok(*arguments)
    if "--format" in arguments:
        assert "\x07 \u202ewords\u202c" in (
            json.loads(piped)[0]["after"] if "json" in arguments else piped
        )
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    on_screen = coloured.ok(*arguments)
    assert "\ufffdwords\ufffd" in on_screen
    assert not set("\x1b\x07\u202e\u202c") & set(on_screen)


def test_cells_that_a_spreadsheet_takes_for_formulas_are_as_typed_and_told(coded):
    coded.ok("code", "jim", "4", "=1+1")
    coded.ok("code", "eve", "4", "- dash")
    ran = coded("codes", "list", "--format", "csv")
    assert ran.code == 0 and "\n=1+1,1,jim,\n" in ran.out
    assert (
        ran.err == "note: 1 cell as typed that a spreadsheet takes for a formula: "
        "import the columns as text.\n"
    )
    assert coded("codes", "list", "--format", "json").err == ""
