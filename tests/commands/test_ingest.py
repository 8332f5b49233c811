"""Stage 1: transcripts in, not a word lost, all or none, twice as once."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys

import pytest
from conftest import EVE, JIM, PIPELINE, StudyFolder

from gtpipe.commands.ingest import plan
from gtpipe.sources import source_reader
from gtpipe.sources.options import Options
from gtpipe.store.layout import Study
from gtpipe.study import engine


def words(text: str) -> list[str]:
    return text.split()


def test_a_plain_transcript_becomes_numbered_turns(empty):
    empty.write("in/Jim Interview.1.txt", JIM)
    ran = empty(
        "ingest", "in/Jim Interview.1.txt", "--date", "2026-03-02", "--why", "first interview"
    )
    assert ran.code == 0
    assert "jim-interview-1: 4 turns" in ran.out
    assert (
        empty.read("data/transcripts/jim-interview-1.md")
        == """\
---
interview: jim-interview-1
date: 2026-03-02
speakers: {I: interviewer, P: jim-interview-1}
source: Jim Interview.1.txt
---

[1] I: So how did you get started?

[2] P: Well, er, I met him around the ward (laugh)
and it went from there.

[3] I: And then?

[4] P: A bit. It was, like, a *bit* [pause 3s] awkward.

Him being paid and that. <laughs>
"""
    )
    assert empty.read("data/sources/Jim Interview.1.txt") == JIM
    assert empty.read("data/participants.csv") == "participant\njim-interview-1\n"
    assert empty.read("data/ingested/jim-interview-1.csv").startswith("turn,hash\nsource,")
    assert '"why": "first interview"' in empty.read("data/log.jsonl")


def test_time_marks_stand_with_the_turn_and_markdown_stays_as_typed(empty):
    empty.write("in/eve.md", EVE + "\n**I:** [00:01:05] So \\[laughs\\] *really*?\n")
    empty.ok("ingest", "in/eve.md")
    text = empty.read("data/transcripts/eve.md")
    assert "\n[2 00:12] P: She just sat down. No form, nothing.\n" in text
    assert "\n[5 00:01:05] I: So \\[laughs\\] *really*?\n" in text


def test_the_same_content_again_changes_nothing(study):
    before = study.hashes()
    ran = study("ingest", "in/jim.txt", "in/eve.md")
    assert ran.code == 0 and "nothing to do" in ran.out
    assert study("ingest").code == 0
    assert study.hashes() == before


def test_the_same_content_again_is_known_without_the_kept_source(study):
    """Sources may stay out of git: a colleague's clone has the transcripts and the record of what
    was read.
    """
    for source in (study.root / "data/sources").iterdir():
        source.unlink()
    before = study.hashes()
    assert study("ingest", "in/jim.txt").code == 0
    assert study.hashes() == before


def test_new_content_under_a_known_name_is_refused_and_named(study):
    study.write("in/jim.txt", JIM.replace("A bit.", "A lot."))
    before = study.hashes()
    ran = study("ingest", "in/jim.txt")
    assert ran.code == 1 and "--as NAME" in ran.err
    assert study.hashes() == before
    study.ok("ingest", "in/jim.txt", "--as", "jim-2")
    assert "[4] P: A lot." in study.read("data/transcripts/jim-2.md")
    assert study.read("data/sources/jim-2.txt") == study.read("in/jim.txt")


def test_a_copy_under_another_name_is_not_a_second_interview(study):
    study.write("in/jim (1).txt", JIM)
    ran = study("ingest", "in/jim (1).txt")
    assert ran.code == 1 and "the interview jim" in ran.err


def test_a_source_changed_after_ingest_is_told_and_the_transcript_stands(study):
    study.write("data/sources/jim.txt", JIM.replace("A bit.", "A lot."))
    before = study.hashes()
    ran = study("ingest")
    assert (
        ran.code == 0
        and "data/sources/jim.txt: note: this is no longer what was ingested as jim" in ran.err
    )
    assert study.hashes() == before


def test_without_a_file_what_is_new_in_the_sources_is_ingested(study):
    study.write("data/sources/ann.txt", "I: Hello?\nP: Hello.\n")
    assert "ann.txt" in study("status").out
    assert "ann: 2 turns" in study.ok("ingest")
    assert "ann" in study.read("data/participants.csv")


def test_an_unknown_speaker_is_an_error_with_its_line_and_nothing_is_written(empty):
    empty.write("in/a.txt", "I: So?\n\nP: Yes.\n")
    empty.write("in/b.txt", "I: So?\n\nAna: Yes.\n\nI: And?\n\nAna: No.\n")
    before = empty.hashes()
    ran = empty("ingest", "in/a.txt", "in/b.txt")
    assert ran.code == 1
    assert 'in/b.txt:3: unknown speaker "Ana" (2 of 4 turns; labels seen: I 2, Ana 2)' in ran.err
    assert "--interviewer Ana or --participant Ana" in ran.err
    assert empty.hashes() == before


def test_labels_given_once_are_known_from_the_transcript_and_the_settings_stay(empty):
    empty.write("in/a.txt", "Dan: So?\n\nParticipant: Yes.\n")
    empty.write("in/b.txt", "DAN: So what?\n\nParticipant: Yes.\n")
    empty.ok("ingest", "in/a.txt", "--interviewer", "Dan", "--participant", "Participant=ada")
    assert empty.read("pipeline.yaml") == PIPELINE
    empty.ok("ingest", "in/b.txt")
    assert "speakers: {DAN: interviewer, Participant: b}" in empty.read("data/transcripts/b.md")


def test_a_label_of_which_transcripts_disagree_is_asked_for_and_the_settings_decide_it_for_good(
    empty,
):
    empty.write("in/a.txt", "Dan: How is the allotment?\n\nAda: Wet.\n")
    empty.write("in/b.txt", "Sam: And yours?\n\nDan: Drowned.\n")
    empty.write("in/c.txt", "Dan: Anything left?\n\nAda: Leeks.\n")
    empty.ok("ingest", "in/a.txt", "--interviewer", "Dan", "--participant", "Ada")
    empty.ok("ingest", "in/b.txt", "--interviewer", "Sam", "--participant", "Dan")
    asked = (
        'in/c.txt:1: unknown speaker "Dan" (1 of 2 turns; labels seen: Dan 1, Ada 1): the '
        "interviewer in a and a participant in b. "
        "Say who it is with --interviewer Dan or --participant Dan; if it begins a line of "
        "speech, --not-a-speaker Dan.\n"
    )
    assert (empty("ingest", "in/c.txt").code, empty("ingest", "in/c.txt").err) == (1, asked)
    assert empty("ingest", "in/c.txt", "--participant", "*").err == asked
    empty.write("pipeline.yaml", PIPELINE.replace("[I]", "[I, Dan]"))
    empty.ok("ingest", "in/c.txt")
    assert "speakers: {Dan: interviewer, Ada: c}" in empty.read("data/transcripts/c.md")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Speaker 1", "Speaker 2"),
        ("SPEAKER_00", "SPEAKER_01"),
        ("S1", "S2"),
        ("Person 2", "Person 3"),
        ("Unknown Speaker", "Speaker A"),
        ("spk_0", "spk_1"),
        ("Sprecher 2", "Sprecherin 1"),
        ("Intervenant 1", "Locuteur 2"),
        ("Locutor 1", "Hablante 2"),
        ("Unknown", "Speaker B"),
        ("[Unidentified]", "[Speaker 2]"),
        ("Unbekannt", "Person B"),
    ],
)
def test_what_a_machine_calls_somebody_says_nothing_of_the_next_file(empty, first, second):
    for name in ("a", "b"):
        empty.write(
            f"in/{name}.txt",
            f"{first}: How is the {name}?\n\n{second}: Fine.\n\n{first}: Good.\n\n"
            f"{second}: And yours?\n",
        )
    first, second = first.strip("[]"), second.strip("[]")
    empty.ok("ingest", "in/a.txt", "--interviewer", first, "--participant", second)
    ran = empty("ingest", "in/b.txt")
    assert (
        ran.code == 1
        and f'unknown speaker "{first}"' in ran.err
        and f'unknown speaker "{second}"' in ran.err
    )


def test_labels_that_settings_or_transcripts_declare_are_remembered(empty):
    empty.write("pipeline.yaml", PIPELINE.replace("[I]", "[I, Speaker 1]"))
    empty.write("in/a.txt", "Speaker 1: How is the hedge?\n\nP2: Cut.\n")
    empty.write("in/b.txt", "Speaker 1: And the gate?\n\nP2: Shut.\n")
    empty.ok("ingest", "in/a.txt", "--participant", "P2")
    empty.ok("ingest", "in/b.txt")
    assert "speakers: {Speaker 1: interviewer, P2: b}" in empty.read("data/transcripts/b.md")


def test_a_label_that_nobody_has_is_told(empty):
    empty.write("in/a.txt", "Dan: So?\n\nP: Yes.\n")
    ran = empty("ingest", "in/a.txt", "--interviewer", "Dann")
    assert ran.code == 1 and 'no turn is labelled "Dann". Did you mean "Dan"?' in ran.err


def test_a_label_cannot_be_both(empty):
    empty.write("in/a.txt", JIM)
    assert empty("ingest", "in/a.txt", "--interviewer", "P").code == 2
    assert empty("ingest", "in/a.txt", "--interviewer", "X", "--participant", "X").code == 2


def test_in_a_group_every_label_is_somebody_of_their_own(empty):
    empty.write("in/g.md", "**I:** So?\n\n**Ana:** Yes.\n\n**Bo:** No.\n")
    empty.ok("ingest", "in/g.md", "--participant", "Ana=ana", "--participant", "*")
    assert "speakers: {I: interviewer, Ana: ana, Bo: g-bo}" in empty.read("data/transcripts/g.md")
    assert empty.read("data/participants.csv") == "participant\nana\ng-bo\n"


@pytest.mark.parametrize(
    "more",
    [
        ("P10", "Speaker 1=p10"),
        ("Speaker 1=p10", "P10"),
        ("P10=p10", "Speaker 1=P10."),
        ("Speaker 1=p10", "*"),
    ],
)
def test_two_labels_of_one_participant_are_one_person(empty, more):
    empty.write("in/talk.md", "**I:** So?\n\n**Speaker 1:** Yes.\n\n**P10:** I did.\n")
    empty.ok("ingest", "in/talk.md", "--participant", more[0], "--participant", more[1])
    assert "speakers: {I: interviewer, Speaker 1: p10, P10: p10}" in empty.read(
        "data/transcripts/talk.md"
    )
    assert empty.read("data/participants.csv") == "participant\np10\n"


def test_a_participant_who_stands_in_the_table_gets_no_second_row(empty):
    empty.write("data/participants.csv", "participant,age\nP10,44\n")
    empty.write("in/talk.md", "**I:** So?\n\n**Speaker 1:** Yes.\n\n**Speaker 2:** No.\n")
    empty.ok(
        "ingest", "in/talk.md", "--participant", "Speaker 1=p10", "--participant", "Speaker 2=p11"
    )
    assert "speakers: {I: interviewer, Speaker 1: P10, Speaker 2: p11}" in empty.read(
        "data/transcripts/talk.md"
    )
    assert empty.read("data/participants.csv") == "participant,age\nP10,44\np11,\n"


def test_a_participants_table_keeps_every_byte_and_gets_a_row(empty):
    table = '\ufeffage;participant;"place; kind"\r\n\r\n55;jim;"ward"'
    empty.write("data/participants.csv", table)
    empty.write("in/eve.txt", "I: So?\nP: Yes.\n")
    empty.ok("ingest", "in/eve.txt")
    assert empty.read("data/participants.csv") == table + "\r\n;eve;\r\n"


def test_a_slip_in_a_label_is_told_with_the_speaker_it_may_be(empty):
    """What was declared is shown with its role beside what is not known yet; another number is
    another person."""
    empty.write(
        "in/g.txt",
        "Moderator: So?\n\nRespondent 1: Yes.\n\nRespondent 2: No.\n\nModerater: And?\n\n"
        "Respondant 2: Hm.\n\nRespondent 3: Well.\n",
    )
    told = ("ingest", "in/g.txt", "--dry-run", "--interviewer", "Moderator")
    told += ("--participant", "Respondent 1=Ann", "--participant", "Respondent 2=Bo")
    ran = empty(*told)
    assert "Respondent 2: 1 turn, first at line 5: Bo\n" in ran.out
    assert "Respondant 2: 1 turn, first at line 9: unknown\n" in ran.out
    assert "Did you mean \"Respondent 2\"? --participant 'Respondant 2=Bo'; or say who" in ran.err
    assert 'Did you mean "Moderator"? --interviewer Moderater; or say who' in ran.err
    assert "or --participant 'Respondent 3'" in ran.err and ran.err.count("Did you mean") == 2


def test_dry_run_shows_what_is_understood_and_writes_nothing(empty):
    empty.write("in/a.txt", "Interview 3, March\n\nI: So?\n\nAna: Yes.\nAnd no.\n")
    before = empty.hashes()
    ran = empty("ingest", "--dry-run", "in/a.txt")
    assert ran.code == 1
    assert "I: 1 turn, first at line 3: interviewer" in ran.out
    assert "Ana: 1 turn, first at line 5: unknown" in ran.out
    assert "before the first speaker, line 1: Interview 3, March" in ran.out
    assert "[2] Ana: Yes.…" in ran.out
    assert empty.hashes() == before
    ran = empty("ingest", "--dry-run", "--skip-heading", "--participant", "Ana", "in/a.txt")
    assert ran.code == 0 and empty.hashes() == before


def test_a_heading_is_left_out_only_when_asked_and_is_told(empty):
    empty.write("in/a.txt", "Interview 3\n\nI: So?\n\nP: Yes.\n")
    assert "words before the first speaker" in empty("ingest", "in/a.txt").err
    ran = empty("ingest", "in/a.txt", "--skip-heading")
    assert ran.code == 0 and "in/a.txt:1: note: left out: Interview 3" in ran.err
    assert empty("ingest").code == 0 and empty("ingest", "in/a.txt").code == 0


@pytest.mark.parametrize(
    ("content", "remark", "said"),
    [
        ("\ufeffI: So?\nP: Naïve.\n".encode(), "UTF-8 with a byte order mark", "Naïve."),
        ("I: So?\r\nP: Naïve.\r\n".encode(), "Windows line ends", "Naïve."),
        (
            "I: So?\nP: Naïve – “yes”.\n".encode("cp1252"),
            "read as Windows-1252 (Latin-1)",
            "Naïve – “yes”.",
        ),
        ("I: So?\nP: Naïve.\n".encode("utf-16"), "UTF-16 with a byte order mark", "Naïve."),
        (b"I: So?\rP: Yes.\r", "old Macintosh line ends", "Yes."),
    ],
)
def test_files_of_other_machines_are_read_and_reported(empty, content, remark, said):
    empty.write("in/a.txt", content)
    ran = empty("ingest", "in/a.txt")
    assert ran.code == 0 and remark in ran.err
    assert f"[2] P: {said}\n" in empty.read("data/transcripts/a.md")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no words"),
        (b"\n \n", "holds no words"),
        (b"\x89PNG\r\n\x1a\n....", "a picture (PNG)"),
        (b"PK\x03\x04....", "an office document"),
        (b"I: So?\x00\x01\x02", "not text"),
        (b"\xff\xfeI", "not UTF-16"),
        (
            b"I: So?\nP: \x85ffentlich gar\x8don\n",
            "in/a.txt:2: this line is neither UTF-8 nor Windows-1252",
        ),
        (b"just some words\nwithout anybody\n", "no speaker labels seen"),
    ],
)
def test_what_is_no_transcript_is_told_and_nothing_written(empty, content, says):
    empty.write("in/a.txt", content)
    before = empty.hashes()
    ran = empty("ingest", "in/a.txt")
    assert ran.code == 1 and "in/a.txt" in ran.err and says in ran.err
    assert empty.hashes() == before


def test_a_missing_file_and_a_folder_are_told(empty):
    empty.write("in/jim.txt", JIM)
    ran = empty("ingest", "in/jom.txt", "in")
    assert ran.code == 1
    assert 'in/jom.txt: no such file. Did you mean "jim.txt"?' in ran.err
    assert "in: this is a folder" in ran.err


def test_a_paragraph_that_might_begin_with_a_speaker_is_asked_about(empty):
    empty.write("in/a.txt", "I: So?\n\nP: Yes.\n\nFemale voice: It was me.\n")
    before = empty.hashes()
    ran = empty("ingest", "in/a.txt")
    assert ran.code == 1 and empty.hashes() == before
    assert 'in/a.txt:5: this line might begin with a speaker: "Female voice"' in ran.err
    empty.ok("ingest", "in/a.txt", "--participant", "Female voice")
    assert "[3] Female voice: It was me." in empty.read("data/transcripts/a.md")


def test_speech_is_no_heading(empty):
    empty.write("in/a.txt", "~ P: the first answer\n\nI: So?\n\nP: Yes.\n")
    ran = empty("ingest", "in/a.txt", "--skip-heading")
    assert ran.code == 1 and 'in/a.txt:1: this is no heading: "P" speaks here' in ran.err


def test_nobody_is_taken_for_somebody_else(empty):
    empty.write("in/m.txt", "I: So?\nAna B: Yes.\nAna-B: No.\n")
    ran = empty("ingest", "in/m.txt", "--participant", "*")
    assert ran.code == 1 and 'would both be the participant "m-ana-b"' in ran.err
    empty.write("in/interviewer.txt", "I: So?\nP: Yes.\n")
    ran = empty("ingest", "in/interviewer.txt")
    assert ran.code == 1 and 'a participant called "interviewer"' in ran.err
    empty.write("in/jim.txt", "I: So?\nP: Yes.\np: No.\n")
    empty.ok("ingest", "in/jim.txt")
    assert "speakers: {I: interviewer, P: jim, p: jim}" in empty.read("data/transcripts/jim.md")


def test_a_source_under_another_name_than_its_interview_is_known(empty):
    """`--as` names the interview; the source keeps its own name where it can, and is not ingested
    twice.
    """
    empty.write("data/sources/interview-10.txt", JIM)
    empty.ok("ingest", "data/sources/interview-10.txt", "--as", "jim")
    assert "source: interview-10.txt\n" in empty.read("data/transcripts/jim.md")
    before = empty.hashes()
    assert "ingest" in empty.ok("status").split("fresh")[0]
    assert empty.ok("ingest") == "ingest: fresh\n"
    empty.write("in/interview-10.txt", JIM)
    before = empty.hashes()
    assert "nothing to do" in empty.ok("ingest", "in/interview-10.txt")
    assert empty.hashes() == before


def test_the_same_words_by_other_speakers_are_new_content(study):
    study.write("in/jim.txt", JIM.replace("I: And then?", "P: And then?"))
    assert study("ingest", "in/jim.txt").code == 1


def test_labels_learnt_later_do_not_make_an_old_source_new(study):
    study.write("in/a.txt", "I: So?\n\nP: Yes.\n\nNote: no.\n")
    study.ok("ingest", "in/a.txt", "--not-a-speaker", "Note")
    study.write("in/b.txt", "I: So?\n\nNote: Yes.\n")
    study.ok("ingest", "in/b.txt", "--participant", "Note")
    assert "nothing to do" in study.ok("ingest", "in/a.txt")
    ran = study("run")
    assert ran.code == 0 and "no longer" not in ran.err


def test_options_that_do_not_fit_together_are_a_wrong_command_line(empty):
    empty.write("in/jim.txt", JIM)
    empty.write("in/eve.md", EVE)
    assert empty("ingest", "in/jim.txt", "in/eve.md", "--as", "x").code == 2
    assert empty("ingest", "in/jim.txt", "--as", "X y.z").code == 2
    for date in ("March", "20260302", "2026-W10-1", "2026-02-30"):
        assert empty("ingest", "in/jim.txt", "--date", date).code == 2


def test_two_files_of_one_name_are_told(empty):
    empty.write("in/jim.txt", JIM)
    empty.write("in/jim.md", EVE)
    ran = empty("ingest", "in/jim.txt", "in/jim.md")
    assert ran.code == 1 and 'in/jim.txt would be the interview "jim" too' in ran.err
    assert not (empty.root / "data/transcripts").exists()


def test_a_transcript_written_by_hand_is_not_taken_over(empty):
    empty.write("data/transcripts/jim.md", "---\nspeakers: {I: interviewer}\n---\n[1] I: So?\n")
    empty.write("in/jim.txt", JIM)
    ran = empty("ingest", "in/jim.txt")
    assert ran.code == 1 and "was not made by ingest" in ran.err


@pytest.mark.parametrize(
    "table",
    ['participant,role\n"zoe,nurse\n', "participant,role\nzoe,nurse\nzoe,porter\n", "a,b\nc,d\n"],
)
def test_a_broken_table_of_participants_is_told_before_an_interview_comes_in(empty, table):
    empty.write("in/jim.txt", JIM)
    empty.write("data/participants.csv", table)
    before = empty.hashes()
    ran = empty("ingest", "in/jim.txt", "--date", "2026-03-02")
    assert ran.code == 1 and "data/participants.csv" in ran.err
    assert empty.hashes() == before


# --- by Dask --------------------------------------------------------------------------------------


def several(study) -> list[str]:
    """Transcripts, one of them with a speaker that nobody knows, and one that is none."""
    texts = {"jim.txt": JIM, "eve.md": EVE, "ray.txt": JIM.replace("P:", "X:"), "none.txt": "words"}
    for name, text in texts.items():
        study.write(f"in/{name}", text)
    return [f"in/{name}" for name in texts]


@pytest.mark.xdist_group("dask")
def test_ingest_by_dask_writes_and_tells_what_ingest_does(empty, dask, capsys, monkeypatch):
    files = several(empty)
    refused = [empty("ingest", *files, *engine) for engine in ([], ["--engine", dask])]
    assert refused[0].code == 1 and "X" in refused[0].err
    assert refused[0] == refused[1]
    copied = shutil.copytree(empty.root, empty.root.parent / "other")
    other = StudyFolder(copied, capsys, monkeypatch)
    here, there = empty("ingest", *files[:2]), other("ingest", *files[:2], "--engine", dask)
    assert (here.code, here.out) == (there.code, there.out) == (0, here.out)
    made = [study.hashes() for study in (empty, other)]
    assert all(study.pop("data/log.jsonl") for study in made)  # it says when
    assert made[0] == made[1]


@pytest.mark.xdist_group("dask")
def test_a_dask_worker_may_be_killed_while_it_reads_a_source(empty, dask, monkeypatch):
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    study = Study(empty.root)
    files = [empty.root / file for file in several(empty)]
    here = plan(study, files, Options(), {}, lambda message: None)
    of_task, first = source_reader.of_task, empty.root / ".killed"

    def dies_once(*given):
        with contextlib.suppress(FileExistsError):
            os.close(os.open(first, os.O_CREAT | os.O_EXCL))
            os.kill(os.getpid(), signal.SIGKILL)
        return of_task(*given)

    distributed.protocol.pickle.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    monkeypatch.setattr(source_reader, "of_task", dies_once)
    with engine.by(dask):
        assert plan(study, files, Options(), {}, lambda message: None) == here
    assert first.exists()
