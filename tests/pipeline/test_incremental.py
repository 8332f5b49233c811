"""Whatever is done to a study, in whatever order: what `run` and `report` lay out after it is what
they lay out from the beginning, byte for byte.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from conftest import ROOT, hashes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gtpipe.cli import main

pytestmark = pytest.mark.xdist_group("incremental")
INTERVIEWS = ("jim", "eve", "ray", "nadia")
LABELS = ("suspecting paid kindness", "not being asked", "getting something back", "a new one")
FOCUSED = ("being given something of theirs", "living with the record")


def incident(interview: str, number: int, more: int) -> tuple[str, str]:
    """One turn of a participant, or what runs on over `more`."""
    first = 2 * number - (interview == "nadia")
    return interview, f"{first}-{first + more}" if more else str(first)


incidents = st.builds(
    incident, st.sampled_from(INTERVIEWS), st.integers(2, 12), st.sampled_from((0, 0, 2))
)
labels, focused = st.sampled_from(LABELS), st.sampled_from(FOCUSED)


def at(incident: tuple[str, str]) -> str:
    return " ".join(incident)


COMMANDS = st.one_of(
    st.builds(
        lambda place, label, by: ["code", *place, label, "--by", by],
        incidents,
        labels,
        st.sampled_from(("PM", "KR")),
    ),
    st.builds(lambda label: ["codes", "drop", label, "--why", "w"], labels),
    st.builds(lambda a, b: ["codes", "rename", a, f"{b} anew", "--why", "w"], labels, labels),
    st.builds(lambda label, said: ["codes", "define", label, said], labels, st.sampled_from("ab")),
    st.builds(
        lambda code, label: ["codes", "focused", "take-up", code, label, "--why", "w"],
        focused,
        labels,
    ),
    st.builds(
        lambda code, place: ["codes", "focused", "does-not-fit", code, at(place), "--why", "w"],
        focused,
        incidents,
    ),
    st.builds(
        lambda place, code: [
            *("negative", "--incident", at(place), "--contradicts", code),
            *("--led-to", "revised"),
        ],
        incidents,
        focused,
    ),
    st.builds(lambda label: ["comments", "add", label, "why?", "--by", "PM"], labels),
    st.just(["undo"]),
)
BY_HAND = {  # what a person makes of the sheet of jim: before, and after
    "other order": (
        "    going off him\n    suspecting paid kindness\n",
        "    suspecting paid kindness\n    going off him\n",
    ),
    "over turns": ("# [5] I:", "- turns: 4-8\n  codes: |\n    not being asked\n\n# [5] I:"),
    "gone": ("    putting them to the test\n", ""),
}
CHANGES = st.sampled_from(
    ["touch", "older", "correct", "checkout", "memo", "cache", "page", "pieces", *BY_HAND]
)


def run(*arguments: str) -> None:
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        main(list(arguments))


def change(study: Path, what: str) -> None:
    """What happens to files by other hands than gtpipe's."""
    transcript = study / "data/transcripts/eve.md"
    if what == "touch":
        os.utime(transcript)
    elif what == "older":  # a clock that went back
        os.utime(study / "data/initial-codes/jim.yaml", (10**9, 10**9))
    elif what == "correct":
        transcript.write_text(transcript.read_text().replace(" waiting list", " waiting-list"))
    elif what == "checkout":
        subprocess.run(["git", "checkout", "-q", "--", "data"], cwd=study, check=True)
    elif what == "memo":
        memo = study / "data/memos/2026-03-21-paid-to-be-nice.md"
        memo.write_text(memo.read_text().replace("title: Paid", "title: Hired"))
    elif what in BY_HAND:
        sheet = study / "data/initial-codes/jim.yaml"
        before, after = BY_HAND[what]
        is_there = "- turns: 4-8" if what == "over turns" else after  # its codes may be others now
        if not is_there or is_there not in sheet.read_text():
            sheet.write_text(sheet.read_text().replace(before, after, 1))
    elif what == "cache":
        shutil.rmtree(study / ".gtpipe", ignore_errors=True)
    elif what == "page":
        page = next((study / "data/derived/compare").glob("*.md"))
        page.write_text(page.read_text() + "\nmore\n")
    elif what == "pieces":
        for name in ("theory.md", "memos.md"):
            page = study / "data/derived" / name
            page.write_text(page.read_text().replace("\n\n", "\n", 1))


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.one_of(COMMANDS, CHANGES), min_size=3, max_size=6))
def test_whatever_was_done_the_derived_files_are_those_of_a_first_run(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("incremental")
    study, fresh = folder / "study", folder / "fresh"
    shutil.copytree(ROOT / "data", study / "data", ignore=shutil.ignore_patterns("derived"))
    told = (ROOT / "pipeline.yaml").read_text()
    two = told.replace("  PM: Pat Morgan\n", "  PM: Pat Morgan\n  KR: Kit Rowe\n")
    (study / "pipeline.yaml").write_text(two)
    (study / ".gitignore").write_text(".gtpipe/\ndata/derived/\n")
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "begun"]):
        subprocess.run(["git", *arguments], cwd=study, check=True)
    with chdir(study):
        run("run")
        run("report")
        for step in steps:
            change(study, step) if isinstance(step, str) else run(*step)
            run("run")
        run("report")
    shutil.copytree(study, fresh, ignore=shutil.ignore_patterns("derived", ".gtpipe"))
    with chdir(fresh):
        run("run")
        run("report")
    assert hashes(study / "data/derived") == hashes(fresh / "data/derived")
