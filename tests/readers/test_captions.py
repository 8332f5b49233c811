"""Captions and recognisers' files: whose words they are, when they were said, and that
none is lost."""

from __future__ import annotations

import html
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gtpipe.analysis.coverage import lost_words
from gtpipe.analysis.speakers import Roles, interview_of
from gtpipe.formats import transcripts
from gtpipe.model.problems import UserError
from gtpipe.readers.reading import Hints, Reader, Reading
from gtpipe.readers.speech.captions import SRT_READER, VTT_READER
from gtpipe.readers.speech.recognisers import READER as WHISPER

NOBODY = Hints()
ANA = Hints(monologue="Ana")
TEAMS = """\
WEBVTT

5b1c9b2e-0f4f-4a8e-9d3b-1f0a7c1f7a11/12-0
00:00:03.120 --> 00:00:05.000
<v Ana Lee>So the ferry <i>left</i>
without you?</v>

5b1c9b2e-0f4f-4a8e-9d3b-1f0a7c1f7a11/13-0
00:00:05.400 --> 00:00:07.000
<v Bo>It did. R&amp;D, er, &lt;laughs&gt; waited.</v>
"""
ZOOM = """\
WEBVTT

1
00:00:03.120 --> 00:00:05.000
Ana Lee: So the ferry left

2
00:00:05.000 --> 00:00:06.500
without you?

3
00:00:07.000 --> 00:00:09.000
Bo: It did.

4
00:00:09.000 --> 00:00:10.000
Bo: Twice.
"""
SRT = """\
1
00:00:03,120 --> 00:00:05,000
Ana Lee: So the ferry left
without you?

2
00:00:07,000 --> 00:00:09,000
<font color="#fff">Bo: It did.</font>
- Twice?
- Twice.
"""


def read(reader: Reader, text: str, hints: Hints = NOBODY) -> Reading:
    """The reading, after the check that no word of the file is missing in it."""
    reading = reader.read(text.encode(), "x", hints)
    assert lost(reader, reading, text) == ""
    return reading


def lost(reader: Reader, reading: Reading, text: str) -> str:
    interview, _ = interview_of(reading, "x", "data/transcripts/x.md", Roles((), ("*",)))
    stored, _ = transcripts.loads(transcripts.dumps(interview), "data/transcripts/x.md")
    return lost_words(reading, stored, reader.control_text(text.encode()))


def turns(reading: Reading) -> list[tuple[str, str, str]]:
    return [(turn.label, turn.time, turn.text) for turn in reading.turns]


def asides(reading: Reading) -> list[tuple[int, str, str]]:
    return [tuple(aside) for aside in reading.asides]


@pytest.mark.parametrize(
    ("reader", "text", "expected"),
    [
        (
            VTT_READER,
            TEAMS,
            [
                ("Ana Lee", "00:00:03.120", "So the ferry left without you?"),
                ("Bo", "00:00:05.400", "It did. R&D, er, <laughs> waited."),
            ],
        ),
        (
            VTT_READER,
            ZOOM,
            [
                ("Ana Lee", "00:00:03.120", "So the ferry left without you?"),
                ("Bo", "00:00:07.000", "It did. Twice."),
            ],
        ),
        (
            VTT_READER,
            "WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud Ana>So? <v Bo>No.\n<v Ana>\nOh.\n\n"
            "00:03.000 --> 00:04.000\nWell.\n",
            [
                ("Ana", "00:01.000", "So?"),
                ("Bo", "00:01.000", "No."),
                ("Ana", "00:01.000", "Oh. Well."),
            ],
        ),
        (
            VTT_READER,
            "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>He said: no.\n\n00:03.000 --> 00:04.000\n"
            "Bo: Really?\n\n00:05.000 --> 00:06.000\n<v Bo>Yes.\n",
            [("Ana", "00:01.000", "He said: no."), ("Bo", "00:03.000", "Really? Yes.")],
        ),
        (
            SRT_READER,
            SRT,
            [
                ("Ana Lee", "00:00:03,120", "So the ferry left without you?"),
                ("Bo", "00:00:07,000", "It did.\n- Twice?\n- Twice."),
            ],
        ),
        (
            SRT_READER,
            "\ufeff" + SRT.replace("\n", "\r\n"),
            [
                ("Ana Lee", "00:00:03,120", "So the ferry left without you?"),
                ("Bo", "00:00:07,000", "It did.\n- Twice?\n- Twice."),
            ],
        ),
        (
            SRT_READER,
            "1\n00:00:01,000 --> 00:00:02,000\nAna: In\n1999\n2\n00:00:02,000 --> 00:00:03,000\n\n"
            "00:05,5 --> 00:06\nBo: Hm.\n\nLater.\n",
            [("Ana", "00:00:01,000", "In 1999"), ("Bo", "00:05,5", "Hm. Later.")],
        ),
    ],
)
def test_whose_words_captions_are_and_when(reader, text, expected):
    assert turns(read(reader, text)) == expected


def test_a_label_said_again_is_one_turn_and_the_label_is_told():
    assert asides(read(VTT_READER, ZOOM)) == [(17, "repeated label", "Bo:")]


def test_a_turn_is_found_again_by_the_line_of_its_first_words():
    assert [turn.line for turn in read(VTT_READER, "\n\n" + ZOOM).turns] == [7, 15]
    assert [turn.line for turn in read(SRT_READER, SRT).turns] == [3, 8]


def test_words_outside_the_cues_are_told():
    text = (
        "WEBVTT - Ferry talk\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE checked\n"
        "by PM\n\nthe harbour\n00:01.000 --> 00:02.000\nAna: So?\n"
    )
    assert asides(read(VTT_READER, text)) == [
        (1, "heading of the captions", "- Ferry talk\nKind: captions"),
        (7, "note", "checked\nby PM"),
        (10, "cue name", "the harbour"),
    ]


def test_a_name_alone_on_a_caption_line_is_speech():
    """Captions break lines anywhere: `Right` is no speaker because a line ends there."""
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nRight\nso I went.\n"
    with pytest.raises(UserError, match="no speaker labels seen"):
        VTT_READER.read(text.encode(), "x", NOBODY)
    assert turns(read(VTT_READER, text, ANA)) == [("Ana", "00:01.000", "Right so I went.")]


def test_rolling_captions_are_taken_once_and_the_repetition_is_told():
    text = """\
WEBVTT

00:00:01.000 --> 00:00:02.000
 \nit<00:00:01.500><c> rained</c><c> all</c>

00:00:02.000 --> 00:00:02.010
it rained all
 \n
00:00:02.010 --> 00:00:03.000
it rained all
day and

00:00:03.000 --> 00:00:03.010
day and
 \n
00:00:03.010 --> 00:00:04.000
day and
night
"""
    reading = read(VTT_READER, text, ANA)
    assert turns(reading) == [("Ana", "00:00:01.000", "it rained all day and night")]
    assert [aside.words for aside in reading.asides] == ["it rained all"] * 2 + ["day and"] * 2


def test_a_person_who_says_the_same_twice_said_it_twice():
    text = "WEBVTT\n\n" + "".join(f"00:0{n}.000 --> 00:0{n + 1}.000\nNo.\n\n" for n in range(6))
    assert read(VTT_READER, text, ANA).turns[0].text == "No. No. No. No. No. No."


def test_one_person_alone_has_a_new_turn_after_a_pause_and_after_much_speech():
    long = "This is one of many sentences about the harbour and the men who worked there."
    cues = [
        "00:00:01,000 --> 00:00:02,000\nWell,",
        "00:00:03,900 --> 00:00:05,000\nno.",
        "00:00:07,000 --> 00:00:08,000\nThen",
    ]
    cues += [f"00:00:{8 + n:02d},000 --> 00:00:{9 + n:02d},000\n{long}" for n in range(8)]
    reading = read(SRT_READER, "\n\n".join(cues), ANA)
    assert [turn.time for turn in reading.turns] == ["00:00:01,000", "00:00:07,000", "00:00:14,000"]
    assert reading.turns[0].text == "Well, no."


def test_what_a_person_says_is_no_speaker_is_words():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nAna: So?\nWell: no.\n"
    assert [label for label, _, _ in turns(read(VTT_READER, text))] == ["Ana", "Well"]
    assert turns(read(VTT_READER, text, Hints(not_speakers=frozenset({"Well"})))) == [
        ("Ana", "00:01.000", "So? Well: no.")
    ]


def test_words_before_the_first_speaker_are_listed():
    assert read(VTT_READER, "WEBVTT\n\n00:01.000 --> 00:02.000\n(music)\nAna: So?\n").left_out == (
        (4, "(music)"),
    )


SEGMENTS = [
    {"id": 0, "start": 0.0, "end": 2.5, "text": " So the ferry left?"},
    {"id": 1, "start": 65.2, "end": 67, "text": " It did."},
]


@pytest.mark.parametrize(
    ("data", "hints", "expected"),
    [
        (
            {"text": " So the ferry left? It did.", "segments": SEGMENTS, "language": "en"},
            ANA,
            [("Ana", "00:00:00", "So the ferry left?"), ("Ana", "00:01:05", "It did.")],
        ),
        (
            {"segments": [{**s, "speaker": f"SPEAKER_0{s['id']}"} for s in SEGMENTS]},
            NOBODY,
            [
                ("SPEAKER_00", "00:00:00", "So the ferry left?"),
                ("SPEAKER_01", "00:01:05", "It did."),
            ],
        ),
        (
            {
                "segments": [
                    {**SEGMENTS[0], "words": [{"word": "So", "speaker": "A"}]},
                    {**SEGMENTS[1], "speaker": "B"},
                ]
            },
            NOBODY,
            [("A", "00:00:00", "So the ferry left?"), ("B", "00:01:05", "It did.")],
        ),
        (
            {
                "transcription": [
                    {
                        "timestamps": {"from": "00:01:05,200", "to": "00:01:07,000"},
                        "offsets": {"from": 65200, "to": 67000},
                        "text": " I: So?",
                    }
                ]
            },
            NOBODY,
            [("I", "00:01:05,200", "So?")],
        ),
        (
            {
                "text": "So? No.",
                "chunks": [
                    {"timestamp": [0.0, 1.5], "text": "So?"},
                    {"timestamp": [1.5, None], "text": " No."},
                ],
            },
            ANA,
            [("Ana", "00:00:00", "So? No.")],
        ),
        (
            SEGMENTS,
            ANA,
            [("Ana", "00:00:00", "So the ferry left?"), ("Ana", "00:01:05", "It did.")],
        ),
    ],
)
def test_what_recognisers_write_is_read(data, hints, expected):
    text = json.dumps(data)
    assert WHISPER.shows(text.encode())
    assert turns(read(WHISPER, text, hints)) == expected


def test_a_whole_text_that_is_not_the_segments_is_told():
    reading = read(
        WHISPER, json.dumps({"text": "So the ferry left? It sank.", "segments": SEGMENTS}), ANA
    )
    assert asides(reading) == [(1, "text besides the segments", "So the ferry left? It sank.")]


@pytest.mark.parametrize(
    ("reader", "text", "line", "says"),
    [
        (VTT_READER, "WEBVTT\n\nno times\n", None, "no captions in this file"),
        (
            VTT_READER,
            "WEBVTT\n\nstray words\n\n00:01.000 --> 00:02.000\nAna: So?\n",
            3,
            "belong to no caption",
        ),
        (VTT_READER, "WEBVTT\n\n00:01.000 --> later\nAna: So?\n", 3, "not the time of a caption"),
        (
            VTT_READER,
            "WEBVTT\n\n00:61:00.000 --> 01:02:00.000\nAna: So?\n",
            3,
            "not the time of a caption",
        ),
        (VTT_READER, "WEBVTT\n\n00:01.000 --> 00:02.000\n\n", None, "hold no words"),
        (VTT_READER, "Ana: So?\n", 1, "does not begin like captions"),
        (SRT_READER, "Ana: So?\n\n" + SRT, 1, "words before the first caption"),
        (SRT_READER, SRT.replace("00:00:07,000", "00;07"), 7, "not the time of a caption"),
        (SRT_READER, "", None, "no captions"),
        (WHISPER, '{"segments": [{"text": "So', 1, "breaks off"),
        (WHISPER, '{"segments": []}', None, "no segments"),
        (WHISPER, '{"results": {"transcripts": []}}', None, "no segments"),
        (WHISPER, '{"segments": [{"start": 1}]}', None, "segment 1 has no text"),
        (WHISPER, "[" * 100_000, None, "nested too deeply in this JSON"),
        (WHISPER, json.dumps(SEGMENTS), 1, "no speaker labels seen"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(reader, text, line, says):
    with pytest.raises(UserError, match=says) as raised:
        reader.read(text.encode(), "x", NOBODY)
    assert raised.value.problems[0].line == line and raised.value.problems[0].do


@given(st.data())
@settings(max_examples=150)
def test_damaged_files_end_in_words_not_in_a_traceback(data):
    reader, text, hints = data.draw(
        st.sampled_from(
            [
                (VTT_READER, TEAMS, NOBODY),
                (VTT_READER, ZOOM, NOBODY),
                (SRT_READER, SRT, NOBODY),
                (WHISPER, json.dumps({"segments": SEGMENTS}), ANA),
            ]
        )
    )
    content = bytearray(text.encode())
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
        content[at] = data.draw(st.integers(0, 255))
    damaged = bytes(content[: data.draw(st.integers(0, len(content)))])
    reader.shows(damaged)
    refusal = None
    try:
        reading = reader.read(damaged, "x", hints)
    except UserError as exc:
        refusal = exc
    if refusal:
        assert refusal.problems[0].what
    else:
        assert isinstance(reader.control_text(damaged), str) and (reading.turns or reading.left_out)


WORDS = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"),
        exclude_characters="\ufeff:：",
    ),
    min_size=1,
    max_size=12,
)
LINE = (
    st.lists(WORDS, min_size=1, max_size=6)
    .map(" ".join)
    .filter(lambda line: "--" not in line and not line.isdigit())
)
SPEECH = st.lists(
    st.tuples(
        st.sampled_from(["Ana", "Bo", "Dr. Cy Mbeki"]), st.lists(LINE, min_size=1, max_size=3)
    ),
    min_size=1,
    max_size=6,
)


def _clock(second: int, mark: str) -> str:
    return f"00:{second // 60:02d}:{second % 60:02d}{mark}000"


def vtt_by_voice(spoken) -> str:
    return "WEBVTT\n\n" + "".join(
        f"{_clock(n, '.')} --> {_clock(n + 1, '.')}\n"
        f"<v {who}>{html.escape(chr(10).join(said), quote=False)}</v>\n\n"
        for n, (who, said) in enumerate(spoken)
    )


def vtt_by_label(spoken) -> str:
    return "WEBVTT\n\n" + "".join(
        f"{_clock(n, '.')} --> {_clock(n + 1, '.')}\n"
        f"{who}: {html.escape(chr(10).join(said), quote=False)}\n\n"
        for n, (who, said) in enumerate(spoken)
    )


def srt(spoken) -> str:
    return "".join(
        f"{n + 1}\n{_clock(n, ',')} --> {_clock(n + 1, ',')}\n{who}: {chr(10).join(said)}\n\n"
        for n, (who, said) in enumerate(spoken)
    )


def whisper(spoken) -> str:
    return json.dumps(
        {
            "segments": [
                {"start": n, "end": n + 1, "speaker": who, "text": "\n".join(said)}
                for n, (who, said) in enumerate(spoken)
            ]
        }
    )


@given(
    SPEECH,
    st.sampled_from(
        [
            (VTT_READER, vtt_by_voice),
            (VTT_READER, vtt_by_label),
            (SRT_READER, srt),
            (WHISPER, whisper),
        ]
    ),
)
@settings(max_examples=200)
def test_words_in_are_words_out_and_speakers_in_are_speakers_out(spoken, layout):
    reader, written = layout
    text = written(spoken)
    reading = read(reader, text)
    expected: list[tuple[str, list[str]]] = []
    for who, said in spoken:
        if expected and expected[-1][0] == who:
            expected[-1][1].extend(" ".join(said).split())
        else:
            expected.append((who, " ".join(said).split()))
    if any(aside.what == "repeated caption line" for aside in reading.asides):
        return  # by chance the captions roll; the check in `read` has seen that no word is lost
    assert [(turn.label, turn.text.split()) for turn in reading.turns] == expected
    again = reader.read(text.encode(), "x", Hints(frozenset(reading.labels()), only_known=True))
    assert again.turns == reading.turns


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (VTT_READER, ZOOM.replace("Ana Lee: ", "").replace("Bo: ", "")),
        (WHISPER, json.dumps(SEGMENTS)),
    ],
)
def test_a_monologue_is_known_again_by_its_only_label(reader, text):
    first = read(reader, text, ANA)
    assert (
        reader.read(text.encode(), "x", Hints(frozenset({"Ana"}), only_known=True)).turns
        == first.turns
    )


@pytest.mark.parametrize(
    ("reader", "text"), [(VTT_READER, TEAMS), (VTT_READER, ZOOM), (SRT_READER, SRT)]
)
def test_a_monologue_in_which_others_are_named_is_refused(reader, text):
    with pytest.raises(UserError, match="here speak: Ana Lee, Bo"):
        reader.read(text.encode(), "x", ANA)


def test_a_lost_word_is_noticed():
    """The second extraction sees what the first would lose."""
    reading = read(VTT_READER, TEAMS)
    assert "ferry" in lost(VTT_READER, reading, TEAMS.replace("So the ferry", "So the big ferry"))
    assert lost(SRT_READER, read(SRT_READER, SRT), SRT.replace("Twice?", "Thrice?")) != ""


def test_a_file_shows_what_it_is():
    assert (
        VTT_READER.shows(b"\xef\xbb\xbfWEBVTT\n")
        and not VTT_READER.shows(b"WEBVTTX\n")
        and not VTT_READER.shows(SRT.encode())
    )
    assert SRT_READER.shows(SRT.encode()) and not SRT_READER.shows(b"1\nI: So?\n")
    assert not WHISPER.shows(b'{"name": "x"}') and not WHISPER.shows(b"[00:01] I: So?\n")
