"""Real transcripts, where they are at hand: the main job, from text files to a compared study, and
not a word lost.
"""

from __future__ import annotations

import re

import pytest
from conftest import SHARED, hashes

from gtpipe.formats import transcripts

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="no ../shared folder with real transcripts beside the repository"
)
PDPILOT = SHARED / "data/pdpilot/txt"


@pytest.fixture
def pdpilot(empty):
    files = sorted(map(str, PDPILOT.glob("*.txt")))
    empty.ok("ingest", *files, "--interviewer", "Dan", "--participant", "Participant")
    return empty


def test_seven_interviews_come_in_word_for_word(pdpilot):
    total = 0
    for number in range(1, 8):
        text = pdpilot.read(f"data/transcripts/p{number}.md")
        interview, problems = transcripts.loads(text, f"data/transcripts/p{number}.md")
        assert not [p for p in problems if p.is_error]
        source = (PDPILOT / f"P{number}.txt").read_text(encoding="utf-8")
        words = [
            word
            for line in source.split("\n")
            for word in re.sub(r"^(Dan|Participant): ?", "", line).split()
        ]
        assert [word for turn in interview.turns for word in turn.text.split()] == words
        total += len(interview.turns)
    assert total == 833


def test_a_second_ingest_changes_no_byte(pdpilot):
    before = pdpilot.hashes()
    pdpilot.ok("ingest", *sorted(map(str, PDPILOT.glob("*.txt"))))
    pdpilot.ok("ingest")
    assert pdpilot.hashes() == before


def test_the_main_job_on_real_interviews(pdpilot):
    pdpilot.ok("run")
    for number in range(1, 8):
        pdpilot.ok("code", f"p{number}", "2", "answering shortly")
    pdpilot.ok("code", "P1", "4", "exploring first")
    pdpilot.ok("run")
    assert "7 incidents. Participants: p1, p2, p3, p4, p5, p6, p7." in pdpilot.ok(
        "compare", "answering shortly"
    )
    before = hashes(pdpilot.root)
    pdpilot.ok("run")
    assert hashes(pdpilot.root) == before


def test_sixty_conversations_of_many_speakers_are_read(empty):
    files = sorted(map(str, (SHARED / "data/podcasts/md").glob("*.md")))
    ran = empty("ingest", *files, "--interviewer", "Mat Ryer", "--participant", "*")
    assert ran.code == 0, ran.err[:2000]
    assert len(list((empty.root / "data/transcripts").iterdir())) == 60
