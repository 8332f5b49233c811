"""Sources in every shape, each from a program or a habit that people have: whose words are these?

`cases/` holds them; their words are invented. Each is ingested by the real command line in a new
study. It gives the right turns, or asks before anything is written, and then the option that the
question names gives the right turns. What is not right yet is marked with its kind; whoever mends
it takes the mark away.
"""

from __future__ import annotations

import contextlib
import io
import re
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import StudyFolder, copied

from gtpipe.cli import main
from gtpipe.formats import transcripts
from gtpipe.model.records import INTERVIEWER

CASES = Path(__file__).parent / "cases"
Turns = tuple[tuple[str, str, str], ...]  # label, time, words; "?" is a time that may be any


@dataclass(frozen=True)
class Case:
    """A source, the options it is ingested with, and whose words it holds.

    `asks` is what an error must name before anything is written, and `answer` the options that
    answer it then, in place of `options`; () where the file itself must be put right. With
    `may_know` the right turns at once are right too. `interviewers` are who asks.
    """

    file: str
    options: tuple[str, ...]
    interviewers: tuple[str, ...]
    turns: Turns = ()
    asks: str = ""
    answer: tuple[str, ...] = ()
    may_know: bool = False


SO, DOG, HMM, BEANS = (
    "So what did the allotment mean to you?",
    "Only somewhere to put the dog.",
    "Hmm.",
    "And then the beans came.",
)
WELL = "Well, at first it was only somewhere to put the dog."
WELL_FULL = "Well. At first it was only somewhere to put the dog."
NORA_AND_BEN = ("--interviewer", "Nora Kell", "--participant", "Ben Ost")
NORA_AND_ALL = ("--interviewer", "Nora Kell", "--participant", "*")
ALL = ("--participant", "*")


def talk(first: str, second: str, *turns: tuple[str, str]) -> Turns:
    """Turns as (time, words) of two people who take turns."""
    return tuple((second if at % 2 else first, *turn) for at, turn in enumerate(turns))


K1 = (
    Case(
        "iboth.txt",
        (),
        ("I",),
        talk("I", "P", ("", SO), ("", WELL), ("", "Hmm. And your wife?"), ("", "She was cross.")),
        asks="--unlabelled",
        answer=("--unlabelled", "P"),
    ),
    Case(
        "oneside-thinkaloud.txt",
        ("--interviewer", "MODERATOR", "--skip-heading"),
        ("MODERATOR",),
        talk(
            "P",
            "MODERATOR",
            ("", "Right, I am reading it."),
            ("", "Take your time."),
            ("", "Okay. So this is about beans. It looks nice."),
            ("", "Could you go on?"),
            ("", "Sure, sorry."),
        ),
        asks="--unlabelled",
        answer=("--interviewer", "MODERATOR", "--unlabelled", "P", "--heading-to", "1"),
    ),
)
K2 = (
    Case(
        "repeat-label-lowercase.txt",
        ("--interviewer", "INTERVIEWER", *ALL),
        ("INTERVIEWER",),
        talk(
            "INTERVIEWER",
            "respondent 1",
            ("", "So what did it mean?"),
            ("", "Somewhere for the dog."),
            ("", HMM),
            ("", "And beans."),
        ),
        asks="respondent 1",
        answer=("--interviewer", "INTERVIEWER", "--participant", "respondent 1"),
        may_know=True,
    ),
    Case(
        "label-role-lower-paras.txt",
        ("--interviewer", "Interviewer", *ALL),
        ("Interviewer",),
        talk(
            "Interviewer",
            "Participant two",
            ("", "So what did it mean?"),
            ("", "Somewhere for the dog."),
            ("", HMM),
            ("", "And beans."),
        ),
        asks="Participant two",
        answer=("--interviewer", "Interviewer", "--participant", "Participant two"),
        may_know=True,
    ),
    Case(
        "fg-lower.txt",
        ("--interviewer", "Moderator", *ALL),
        ("Moderator",),
        (
            ("Moderator", "", "Who goes there in winter?"),
            ("Female participant", "", "I do, mostly."),
            ("Unknown male", "", "Nobody does."),
            ("Moderator", "", "And you?"),
            ("Second woman", "", "She does. Every week."),
            ("Speaker one", "", "Only for the leeks."),
            ("Moderator", "", "Thanks."),
        ),
        asks="Female participant",
        answer=(
            *("--interviewer", "Moderator", "--participant", "Female participant"),
            *("--participant", "Unknown male", "--participant", "Second woman"),
            *("--participant", "Speaker one"),
        ),
        may_know=True,
    ),
    Case(
        "label-apostrophe.txt",
        ("--interviewer", "Sinéad O'Brien", *ALL),
        ("Sinéad O'Brien",),
        talk(
            "Sinéad O'Brien",
            "Ben's mum",
            ("", "So what?"),
            ("", "Somewhere for the dog."),
            ("", HMM),
            ("", "Beans."),
        ),
    ),
    Case(
        "label-phone.txt",
        ("--interviewer", "Nora", *ALL),
        ("Nora",),
        talk(
            "Nora",
            "+44 7700 900123",
            ("", "So what?"),
            ("", "Somewhere for the dog."),
            ("", HMM),
            ("", "Beans."),
        ),
        asks="+44 7700 900123",
        answer=("--interviewer", "Nora", "--participant", "+44 7700 900123"),
        may_know=True,
    ),
    Case(
        "label-long.txt",
        ("--interviewer", "Nora", *ALL),
        ("Nora",),
        talk(
            "Representative of the Allotment Holders' Association North",
            "Nora",
            ("", "Welcome."),
            ("", "Thanks. What did it mean?"),
            ("", "Somewhere for the dog."),
            ("", HMM),
        ),
    ),
    Case(
        "overlap.txt",
        ("--interviewer", "Mod", *ALL),
        ("Mod",),
        (
            ("Mod", "", "Who goes there in winter?"),
            ("F1", "", "I do, when [it's dry"),
            ("F2", "", "[Nobody does"),
            ("M1", "", "She does, she does. (laughs)"),
            ("F1/F2", "", "(both) Only for the leeks."),
            ("All", "", "(laughter)"),
            ("??", "", "Leeks, yes."),
            ("Mod", "", "And you, F2?"),
            ("F2 (quietly)", "", "No."),
            ("Unknown female", "", "I would."),
        ),
        asks="??",
        answer=(
            *("--interviewer", "Mod", "--participant", "F1", "--participant", "F2"),
            *("--participant", "M1", "--participant", "F1/F2", "--participant", "All"),
            *("--participant", "??", "--participant", "F2 (quietly)=F2"),
            *("--participant", "Unknown female"),
        ),
    ),
    Case(
        "zoom-device.vtt",
        NORA_AND_ALL,
        ("Nora Kell",),
        talk(
            "Nora Kell",
            "Ben's iPhone",
            ("00:00:02", "So what did it mean?"),
            ("00:00:05", "Somewhere for the dog."),
            ("00:00:09", HMM),
            ("00:00:13", "Beans."),
            ("00:00:16", "In May?"),
        ),
    ),
)
K3 = (
    Case(
        "oneline-all.txt",
        ("--interviewer", "Interviewer", *ALL),
        ("Interviewer",),
        talk(
            "Interviewer",
            "Respondent",
            ("", "So what did it mean?"),
            ("", "Somewhere for the dog."),
            ("", HMM),
            ("", "And beans."),
        ),
        asks="--labels-within",
        answer=(
            *("--interviewer", "Interviewer", "--participant", "Respondent"),
            *("--labels-within", "split"),
        ),
        may_know=True,
    ),
)
K4 = (
    Case(
        "whisperx.srt",
        ("--interviewer", "SPEAKER_00", *ALL),
        ("SPEAKER_00",),
        talk("SPEAKER_00", "SPEAKER_01", ("00:00:03", SO), ("00:00:07", WELL), ("00:00:13", HMM)),
        asks="--unlabelled",
        answer=("--interviewer", "SPEAKER_00", *ALL, "--unlabelled", "SPEAKER_00"),
    ),
    Case(
        "whisperx-words.json",
        ("--interviewer", "SPEAKER_00", *ALL),
        ("SPEAKER_00",),
        talk("SPEAKER_00", "SPEAKER_01", ("?", "What did it mean?"), ("?", DOG), ("?", HMM)),
    ),
)
K5 = (
    Case(
        "spill.csv",
        ("--interviewer", "Nora", "--participant", "Ben"),
        ("Nora",),
        talk(
            "Nora",
            "Ben",
            ("0:03", SO),
            ("0:07", "It was a place. My dog, and I, we went there."),
            ("0:12", HMM),
            ("0:15", BEANS),
        ),
        asks=":3: this row has words",
    ),
)
K6 = (
    Case(
        "otranscribe.otr",
        ("--participant", "B"),
        ("I",),
        talk("I", "B", ("00:03", SO), ("00:07", DOG)),
        asks="oTranscribe",
        may_know=True,
    ),
    Case(
        "exmaralda.exb",
        ("--participant", "B"),
        ("I",),
        talk("I", "B", ("?", SO), ("?", DOG)),
        asks="XML",
        may_know=True,
    ),
    Case(
        "elan.txt",
        ("--participant", "B"),
        ("I",),
        talk(
            "I",
            "B",
            ("00:00:03", SO),
            ("00:00:07", "Well, only somewhere to put the dog."),
            ("00:00:12", HMM),
        ),
        asks="--columns",
        answer=("--participant", "B", "--columns", "speaker=A,words=I,time=C"),
        may_know=True,
    ),
    Case(
        "jitsi.txt",
        (*NORA_AND_BEN, "--skip-heading"),
        ("Nora Kell",),
        talk("Nora Kell", "Ben Ost", ("10:02:13", SO), ("10:02:17", DOG), ("10:02:22", HMM)),
    ),
)
K7 = (
    Case(
        "latin2.txt",
        ALL,
        (),
        talk(
            "Badatelka",
            "Jiří",
            ("", "Co pro vás znamenala zahrádka?"),
            ("", "Místo pro psa, řekl bych."),
            ("", "Hm."),
            ("", "Pak přišly fazole."),
        ),
        asks="--encoding",
        answer=(*ALL, "--encoding", "cp1250"),
        may_know=True,
    ),
    Case(
        "cp1253.txt",
        ALL,
        (),
        talk(
            "Ερευνητής",
            "Άννα",
            ("", "Τι ήταν ο κήπος;"),
            ("", "Για τον σκύλο."),
            ("", "Ναι."),
            ("", "Φασόλια."),
        ),
        asks="--encoding",
        answer=(*ALL, "--encoding", "cp1253"),
        may_know=True,
    ),
    Case(
        "sjis.txt",
        ALL,
        (),
        talk(
            "聞き手",
            "語り手",
            ("", "畑はどうでしたか。"),
            ("", "犬を置く場所でした。"),
            ("", "はい。"),
            ("", "豆です。"),
        ),
        asks="--encoding",
        answer=(*ALL, "--encoding", "shift_jis"),
        may_know=True,
    ),
)
K8 = (
    Case(
        "heading-labels.md",
        ("--interviewer", "Interviewer", "--participant", "Ben", "--skip-heading"),
        ("Interviewer",),
        talk("Interviewer", "Ben", ("", SO), ("", f"{WELL} {BEANS}"), ("", HMM)),
    ),
    Case(
        "tabs.txt",
        ("--interviewer", "Nora", "--participant", "Ben"),
        ("Nora",),
        talk("Nora", "Ben", ("", SO), ("", WELL), ("", HMM), ("", BEANS)),
    ),
    Case(
        "qa.txt",
        ("--interviewer", "Q", "--participant", "A"),
        ("Q",),
        talk("Q", "A", ("", SO), ("", WELL), ("", HMM), ("", BEANS)),
    ),
    Case(
        "bold-questions.docx",
        ("--interviewer", "I", "--participant", "P"),
        ("I",),
        talk(
            "I", "P", ("", SO), ("", WELL), ("", "And then?"), ("", f"{BEANS} My wife was cross.")
        ),
        asks="--bold-is",
        answer=("--bold-is", "I", "--unlabelled", "P"),
    ),
    Case(
        "happyscribe.txt",
        NORA_AND_BEN,
        ("Nora Kell",),
        talk("Nora Kell", "Ben Ost", ("00:00:03", SO), ("00:00:07", WELL_FULL), ("00:00:12", HMM)),
    ),
    Case(
        "turboscribe-sp.txt",
        ("--interviewer", "Speaker 1", "--participant", "Speaker 2"),
        ("Speaker 1",),
        talk("Speaker 1", "Speaker 2", ("0:03", SO), ("0:07", WELL_FULL), ("0:12", HMM)),
    ),
    Case(
        "zoom-saved-captions.txt",
        NORA_AND_BEN,
        ("Nora Kell",),
        talk(
            "Nora Kell",
            "Ben Ost",
            ("10:02:11", SO),
            ("10:02:15", WELL_FULL),
            ("10:02:19", HMM),
            ("10:02:22", BEANS),
        ),
    ),
    Case(
        "arrows.srt",
        ("--interviewer", "NORA", "--participant", "BEN"),
        ("NORA",),
        talk("NORA", "BEN", ("00:00:03", SO), ("00:00:07", DOG), ("00:00:12", HMM)),
        asks="--unlabelled",
        answer=("--interviewer", "NORA", "--participant", "BEN", "--unlabelled", "NORA"),
    ),
    Case(
        "webex.vtt",
        NORA_AND_BEN,
        ("Nora Kell",),
        talk("Nora Kell", "Ben Ost", ("00:00:03", SO), ("00:00:07", DOG), ("00:00:12", HMM)),
    ),
    Case(
        "whatsapp.txt",
        ("--interviewer", "Nora", "--participant", "Ben"),
        ("Nora",),
        talk(
            "Nora",
            "Ben",
            ("10:02", SO),
            ("10:04", f"{DOG} And the cat."),
            ("10:05", "<Media omitted>"),
        ),
    ),
    Case(
        "parenspeaker.txt",
        ("--interviewer", "Nora", "--participant", "Ben"),
        ("Nora",),
        talk("Nora", "Ben", ("", SO), ("", DOG), ("", HMM)),
    ),
    Case(
        "japanese-names.txt",
        ("--interviewer", "田中", "--participant", "鈴木"),
        ("田中",),
        talk(
            "田中",
            "鈴木",
            ("", "畑はどんな意味がありましたか。"),
            ("", "最初は犬を置く場所でした。"),
            ("", "はい。"),
            ("", "豆ができました。"),
        ),
    ),
    Case(
        "meet-bold-time.md",
        ("--interviewer", "Nora", *ALL),
        ("Nora",),
        talk("Nora", "Ben", ("11:00", SO), ("11:02", DOG), ("11:02", HMM), ("11:03", "And beans.")),
    ),
    Case(
        "chat-cha.cha",
        ("--interviewer", "INV", *ALL),
        ("INV",),
        talk(
            "INV",
            "BEN",
            ("", "so what did it mean ?"),
            ("", "somewhere for the dog ."),
            ("", "hmm ."),
        ),
    ),
    Case(
        "teams-old.docx",
        NORA_AND_BEN,
        ("Nora Kell",),
        talk(
            "Nora Kell",
            "Ben Ost",
            ("0:00:00", SO),
            ("0:00:03", WELL_FULL),
            ("0:00:09", HMM),
            ("0:00:10", BEANS),
        ),
    ),
    Case(
        "rezonator.txt",
        ("--interviewer", "NORA", *ALL),
        ("NORA",),
        talk("NORA", "BEN", ("?", SO), ("?", "Well, only somewhere to put the dog."), ("?", HMM)),
        asks="--columns",
        answer=("--interviewer", "NORA", *ALL, "--columns", "speaker=D,words=E,time=B"),
        may_know=True,
    ),
)
GARDEN = "Was hat Ihnen der Garten bedeutet?"
PLACE = "Na ja, erst war das nur (.) ein Platz für den Hund."
K9 = (
    Case(
        "f4.rtf",
        ALL,
        ("I",),
        talk(
            "I",
            "B",
            ("00:00:03", GARDEN),
            ("00:00:11", PLACE),
            ("00:00:12", "Mhm."),
            ("00:00:19", "Und dann kamen die Bohnen."),
        ),
    ),
    Case(
        "f4-start.rtf",
        ALL,
        ("I",),
        talk("I", "B", ("00:00:03", GARDEN), ("00:00:11", PLACE), ("00:00:12", "Mhm.")),
    ),
    Case(
        "atrain.txt",
        ("--interviewer", "SPEAKER_00", *ALL),
        ("SPEAKER_00",),
        talk("SPEAKER_00", "SPEAKER_01", ("00:00:03", SO), ("00:00:07", WELL), ("00:00:12", HMM)),
    ),
    Case(
        "amberscript.txt",
        ("--interviewer", "Speaker 1", *ALL, "--skip-heading"),
        ("Speaker 1",),
        talk(
            "Speaker 1", "Speaker 2", ("00:00:03", SO), ("00:00:07", WELL_FULL), ("00:00:12", HMM)
        ),
    ),
    Case(
        "timerange.txt",
        (*NORA_AND_ALL, "--skip-heading"),
        ("Nora Kell",),
        talk("Nora Kell", "Ben Ost", ("00:00:03", SO), ("00:00:07", DOG), ("00:00:12", HMM)),
    ),
    Case(
        "teams-new.docx",
        (*NORA_AND_ALL, "--skip-heading"),
        ("Nora Kell",),
        talk(
            "Nora Kell",
            "Ben Ost",
            ("0:03", SO),
            ("0:07", WELL_FULL),
            ("0:12", HMM),
            ("1:02:16", BEANS),
        ),
    ),
    Case(
        "ampm.txt",
        NORA_AND_BEN,
        ("Nora Kell",),
        talk("Nora Kell", "Ben Ost", ("10:02", SO), ("10:04", DOG), ("10:05", HMM)),
    ),
    Case(
        "meet.docx",
        (*NORA_AND_ALL, "--skip-heading"),
        ("Nora Kell",),
        talk(
            "Nora Kell",
            "Ben Ost",
            ("00:00:00", SO),
            ("", WELL_FULL),
            ("00:05:00", HMM),
            ("", BEANS),
        ),
    ),
    Case(
        "para-times.txt",
        ("--monologue", "B", "--participant", "B"),
        (),
        talk("B", "B", ("00:00:03", SO), ("00:00:07", DOG), ("00:00:12", HMM)),
    ),
)
K10 = (
    Case(
        "linenumbers.txt",
        ALL,
        ("I",),
        talk(
            "I",
            "B",
            ("", SO),
            ("", "Well, only somewhere to put the dog. And then the beans came."),
            ("", HMM),
            ("", "In May."),
        ),
        asks="--line-numbers",
        answer=(*ALL, "--line-numbers"),
        may_know=True,
    ),
    Case(
        "jefferson.txt",
        ("--interviewer", "A", "--participant", "B"),
        ("A",),
        (
            ("A", "", "so what did the allotment [mean to you?]"),
            ("B", "", "[well it w's] (0.4)"),
            ("B", "", ">at first< it was only:: (.) somewhere to put the DO:G="),
            ("A", "", "=mhm"),
            ("B", "", ".hhh hh and then the beans- (1.2) ((coughs)) ca::me"),
        ),
        asks="--line-numbers",
        answer=("--interviewer", "A", "--participant", "B", "--line-numbers"),
        may_know=True,
    ),
)
K11 = (
    Case(
        "dresing-page.txt",
        (*ALL, "--skip-heading"),
        ("I",),
        talk(
            "I", "B3", ("", GARDEN), ("", "Na ja, erst nur ein Platz für den Hund."), ("", "Mhm.")
        ),
    ),
)
K12 = (
    Case(
        "short-labels-dup.txt",
        ("--interviewer", "INT", *ALL),
        ("INT", "Int"),
        talk(
            "INT",
            "RES",
            ("", "So what did it mean?"),
            ("", "Somewhere for the dog."),
            ("", HMM),
            ("", "And beans."),
            ("", "In May?"),
            ("", "Yes."),
        ),
        asks="Int.",
        answer=(
            *("--interviewer", "INT", "--interviewer", "Int.", *ALL),
            *("--label", "NAME: WORDS", "--label", "NAME - WORDS"),
        ),
    ),
    Case(
        "teams-webcopy.txt",
        ("--interviewer", "Nora Kell"),
        ("Nora Kell",),
        (
            ("Nora Kell", "?", SO),
            ("Ben Ost", "?", WELL_FULL),
            ("Ben Ost", "?", BEANS),
            ("Nora Kell", "?", HMM),
        ),
        asks="Ben Ost",
        answer=NORA_AND_BEN,
    ),
)
K13 = (
    Case(
        "sup.html",
        ALL,
        ("I",),
        talk(
            "I",
            "B",
            ("", "How many stars?"),
            ("", "10^400, I said. And H2O."),
            ("", HMM),
            ("", "Yes."),
        ),
    ),
    Case(
        "youtube.vtt",
        ("--monologue", "B", "--participant", "B"),
        (),
        talk("B", "B", ("?", "so what did the allotment mean to you"), ("?", DOG.lower()[:-1])),
        asks=">>",
        may_know=True,
    ),
)
K14 = (
    Case(
        "aws.json",
        (),
        ("spk_0",),
        talk(
            "spk_0", "spk_1", ("?", SO), ("?", "Well, only somewhere to put the dog."), ("?", HMM)
        ),
        asks="spk_0",
        answer=("--interviewer", "spk_0", "--participant", "spk_1"),
    ),
    Case(
        "deepgram.json",
        (),
        ("0",),
        talk("0", "1", ("?", SO), ("?", "Well, only somewhere to put the dog.")),
        asks='"0"',
        answer=("--interviewer", "0", "--participant", "1"),
    ),
)

EVERY = (*K1, *K2, *K3, *K4, *K5, *K6, *K7, *K8, *K9, *K10, *K11, *K12, *K13, *K14)


@pytest.fixture(scope="session")
def begun(tmp_path_factory) -> Path:
    """A study as `gtpipe init` begins it, to be copied."""
    root = tmp_path_factory.mktemp("begun")
    told = io.StringIO()
    with contextlib.chdir(root), redirect_stdout(told), redirect_stderr(told):
        assert main(["init", "s", "--researcher", "PM: Pat"]) == 0, told.getvalue()
    return root / "s"


@pytest.fixture
def new(begun, tmp_path, capsys, monkeypatch) -> StudyFolder:
    return StudyFolder(copied(begun, tmp_path / "s"), capsys, monkeypatch)


def _who(label: str) -> str:
    """A label without the signs that set it off."""
    return label.rstrip(".:").casefold()


def _clock(time: str) -> str:
    """Hours, minutes and seconds of a time mark, without parts of seconds or a date."""
    found = re.search(r"\d+(?::\d+)+(?: ?[AP]M)?", time)
    return found[0] if found else ""


def _check_turns(study: StudyFolder, case: Case) -> None:
    path = "data/transcripts/x.md"
    interview, _ = transcripts.loads(study.read(path), path)
    expected = [(_who(label), time, words.split()) for label, time, words in case.turns]
    found = [(_who(turn.label), _clock(turn.time), turn.text.split()) for turn in interview.turns]
    any_time = [
        (who, "?" if theirs[1] == "?" else time, words)
        for (who, time, words), theirs in zip(found, expected, strict=False)
    ]
    assert any_time + found[len(any_time) :] == expected
    askers = {_who(label) for label, who in interview.speakers.items() if who == INTERVIEWER}
    assert askers == {_who(label) for label in case.interviewers}
    assert set(interview.speakers.values()) - {INTERVIEWER}, "nobody is a participant"


@pytest.mark.parametrize("case", EVERY, ids=[case.file for case in EVERY])
def test_whose_words_these_are(new, case):
    before = new.hashes()
    ran = new("ingest", str(CASES / case.file), *case.options, "--as", "x")
    if case.asks and (ran.code or not case.may_know):
        assert ran.code == 1 and case.asks in ran.err, ran.out + ran.err
        assert new.hashes() == before, "something was written all the same"
        if not case.answer:
            return
        ran = new("ingest", str(CASES / case.file), *case.answer, "--as", "x")
    assert ran.code == 0, ran.out + ran.err
    _check_turns(new, case)


def test_every_case_is_tried():
    assert {case.file for case in EVERY} == {path.name for path in CASES.iterdir()}
