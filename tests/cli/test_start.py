"""What a command imports: nothing that it does not need, so that it is there at once."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from conftest import ROOT

HEAVY = {
    "charset_normalizer",
    "docx",
    "jinja2",
    "lxml",
    "numpy",
    "openpyxl",
    "prompt_toolkit",
    "pydantic",
    "pygments",
    "rich.markdown",
    "scipy",
    "sklearn",
    "spacy",
}
TO_CHECK = {"gtpipe.study.checks", "gtpipe.sources"}
OF_A_STUDY = {"filelock", "gtpipe.study", "rich", "sqlite3", "yaml"}


@pytest.mark.parametrize(
    ("words", "heavy"),
    [
        (["--help"], HEAVY | OF_A_STUDY),
        (["--help", "--all"], HEAVY | OF_A_STUDY),
        (["codes", "--help"], HEAVY | OF_A_STUDY),
        (["cmpare"], HEAVY | OF_A_STUDY),
        (["status"], HEAVY),
        (["who", "meeting around the ward"], HEAVY | TO_CHECK),
        (["compare", "meeting around the ward", "--format", "csv"], HEAVY | TO_CHECK),
        (["codes", "list"], HEAVY),
        (["find", "ward"], HEAVY | TO_CHECK),
        (["code", "jim", "2", "waiting"], HEAVY),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_only_what_it_needs_is_imported(analysed, words, heavy):
    script = (
        "import sys; from gtpipe.cli import main; code = main(); "
        f"print(sorted({heavy} & sys.modules.keys()), code, file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, *words],
        cwd=analysed.root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert ran.stderr.splitlines()[-1] == f"[] {2 if words == ['cmpare'] else 0}"
