"""Timed speech in the formats of transcription programs and speech recognisers: each file gives the
turns, speakers and times that are in it, or asks.
"""

from __future__ import annotations

import json
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gtpipe.analysis.coverage import lost_words
from gtpipe.analysis.speakers import Roles, interview_of
from gtpipe.formats import transcripts
from gtpipe.model.problems import UserError
from gtpipe.model.shape import Shape
from gtpipe.readers import registry
from gtpipe.readers.reading import Hints, Reading

NOBODY = Hints()


def read(text: str, path: str, hints: Hints = NOBODY) -> Reading:
    """The reading, after the check that no word is missing and that it reads the same again."""
    content = text.encode()
    reader = registry.reader_of(content, path)
    reading = reader.read(content, path, hints)
    interview, _ = interview_of(reading, "x", "data/transcripts/x.md", Roles((), ("*",)))
    stored, _ = transcripts.loads(transcripts.dumps(interview), "data/transcripts/x.md")
    assert lost_words(reading, stored, reader.control_text(content)) == ""
    known = Hints(frozenset(reading.labels()), only_known=True, shape=reading.shape)
    again = reader.read(content, path, known)
    assert (again.turns, again.doubts) == (reading.turns, ())
    return reading


def turns(reading: Reading) -> list[tuple[str, str, str]]:
    return [(turn.label, turn.time, turn.text) for turn in reading.turns]


def asides(reading: Reading) -> list[tuple[str, str]]:
    return [(aside.what, aside.words) for aside in reading.asides]


def doubts(reading: Reading) -> list[tuple[int, str]]:
    return [(doubt.number, doubt.what) for doubt in reading.doubts]


def unlabelled(name: str, **more: str) -> Hints:
    return Hints(shape=Shape(unlabelled=name), **more)


ELAN = """\
<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" FORMAT="3.0" VERSION="3.0"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<HEADER TIME_UNITS="milliseconds"><PROPERTY NAME="lastUsedAnnotationId">4</PROPERTY></HEADER>
<TIME_ORDER>
 <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="3000"/><TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="6000"/>
 <TIME_SLOT TIME_SLOT_ID="ts3"/><TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="11000"/>
 <TIME_SLOT TIME_SLOT_ID="ts5" TIME_VALUE="3912000"/>
</TIME_ORDER>
<TIER TIER_ID="ben@words" PARTICIPANT="Ben" LINGUISTIC_TYPE_REF="default-lt">
 <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts2" TIME_SLOT_REF2="ts4">
  <ANNOTATION_VALUE>Only somewhere &amp; for the dog &lt;laughs&gt;.</ANNOTATION_VALUE>
 </ALIGNABLE_ANNOTATION></ANNOTATION>
</TIER>
<TIER TIER_ID="Nora" LINGUISTIC_TYPE_REF="default-lt">
 <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
  <ANNOTATION_VALUE>So what did it mean?</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
 <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a3" TIME_SLOT_REF1="ts5" TIME_SLOT_REF2="ts5">
  <ANNOTATION_VALUE>Hmm.</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
</TIER>
<TIER TIER_ID="gloss" PARTICIPANT="Ben" PARENT_REF="ben@words" LINGUISTIC_TYPE_REF="g">
 <ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a4" ANNOTATION_REF="a2">
  <ANNOTATION_VALUE>looks away</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
</TIER>
</ANNOTATION_DOCUMENT>
"""
ALLOTMENT = [
    ("Nora", "00:00:03", "So what did it mean?"),
    ("Ben", "00:00:06", "Only somewhere & for the dog <laughs>."),
    ("Nora", "01:05:12", "Hmm."),
]


def test_tiers_of_elan_are_speakers_in_order_of_time_and_dependent_tiers_are_asides():
    reading = read(ELAN, "talk.eaf")
    assert turns(reading) == ALLOTMENT
    assert asides(reading) == [("tier gloss", "looks away")]
    assert turns(read(ELAN, "talk.txt")) == ALLOTMENT  # by what is in it, whatever its name


def test_two_tiers_of_one_participant_are_asked_for_by_their_own_names():
    reading = read(ELAN.replace(' PARENT_REF="ben@words"', ""), "talk.eaf")
    assert list(reading.labels()) == ["Nora", "ben@words", "gloss"]
    hints = Hints(not_speakers=frozenset({"gloss"}))
    left = read(ELAN.replace(' PARENT_REF="ben@words"', ""), "talk.eaf", hints)
    assert asides(left) == [("tier gloss", "looks away")]
    assert [turn.text for turn in left.turns] == [words for _, _, words in ALLOTMENT]


def test_one_tier_that_holds_everybody_is_read_by_its_labels():
    tier = ELAN[: ELAN.index("<TIER TIER_ID=")] + (
        '<TIER TIER_ID="default"><ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="ts1">'
        "<ANNOTATION_VALUE>Nora: So?</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
        '<ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="ts2"><ANNOTATION_VALUE>Ben: A dog.'
        "</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>"
    )
    assert turns(read(tier, "talk.eaf")) == [
        ("Nora", "00:00:03", "So?"),
        ("Ben", "00:00:06", "A dog."),
    ]
    alone = read(tier.replace("Nora: ", "").replace("Ben: ", ""), "talk.eaf")
    assert turns(alone) == [("default", "00:00:03", "So? A dog.")]


EXMARALDA = """\
<?xml version="1.0" encoding="UTF-8"?>
<!-- (c) exmaralda -->
<basic-transcription><head><meta-information><project-name>Allotment</project-name>
</meta-information><speakertable>
<speaker id="SPK0"><abbreviation>I</abbreviation><sex value="f"/></speaker>
<speaker id="SPK1"><abbreviation>B</abbreviation></speaker></speakertable></head>
<basic-body><common-timeline><tli id="T0" time="3.0"/><tli id="T1" time="6.0"/><tli id="T2"/>
<tli id="T3" time="11.5"/><tli id="T4" time="12.0"/></common-timeline>
<tier id="TIE0" speaker="SPK0" category="v" type="t" display-name="I [v]">
<event start="T0" end="T1">So what did it mean?</event><event start="T2" end="T3">mhm</event></tier>
<tier id="TIE1" speaker="SPK1" category="v" type="t" display-name="B [v]">
<event start="T1" end="T2">Only some</event><event start="T2" end="T3">where for </event>
<event start="T3" end="T4">the dog. </event></tier>
<tier id="TIE2" speaker="SPK1" category="nv" type="d" display-name="B [nv]">
<event start="T1" end="T2">looks away</event></tier>
</basic-body></basic-transcription>
"""


def test_events_of_exmaralda_are_put_together_as_they_are_cut():
    reading = read(EXMARALDA, "talk.exb")
    assert turns(reading) == [
        ("I", "00:00:03", "So what did it mean?"),
        ("B", "00:00:06", "Only somewhere for the dog."),
        ("I", "", "mhm"),
    ]
    assert asides(reading) == [("tier B [nv]", "looks away")]


def test_events_of_exmaralda_without_spaces_are_words_apart():
    text = EXMARALDA.replace("some</event>", "there</event>").replace("where for <", "for<")
    text = text.replace("dog. <", "dog.<")
    assert turns(read(text, "talk.exb"))[1] == ("B", "00:00:06", "Only there for the dog.")


CHAT = """\
@UTF8
@Begin
@Languages:	eng
@Participants:	INV Nora Investigator, BEN Ben Participant
*INV:	so what did
	it mean ? \x153000_6000\x15
*BEN:	somewhere for the dog . \x156000_9500\x15
%com:	laughs
*BEN:	and beans .
*INV:	hmm .
@End
"""


def test_lines_of_chat_are_turns_and_what_is_said_of_them_is_aside():
    reading = read(CHAT, "talk.cha")
    assert turns(reading) == [
        ("INV", "00:00:03", "so what did it mean ?"),
        ("BEN", "00:00:06", "somewhere for the dog . and beans ."),
        ("INV", "", "hmm ."),
    ]
    assert ("tier %com", "%com:\tlaughs") in asides(reading)
    assert [turn.line for turn in reading.turns] == [5, 7, 10]
    with pytest.raises(UserError, match="says not who speaks"):
        read(CHAT.replace("*INV:\thmm", "hmm"), "talk.cha")


def otr(page: str) -> str:
    return json.dumps({"text": page, "media": "int.mp3", "media-time": 12.0})


def stamp(seconds: float, written: str) -> str:
    attributes = f'contenteditable="false" data-timestamp="{seconds}"'
    return f'<span class="timestamp" {attributes}>{written}</span>'


@pytest.mark.parametrize(
    "page",
    [
        f"<p>{stamp(3.1, '00:03')} I: So what did it mean?</p>"
        f"<p>{stamp(7.2, '00:07')}&nbsp;B: A dog &amp; &lt;no&gt; <b>beans</b>.</p>",
        f"{stamp(3.1, '00:03')}I: So what did it mean?<br><br>"
        f"{stamp(7.2, '00:07')} B: A dog &amp; &lt;no&gt;<br />beans.",
        f"<div>{stamp(3.1, '00:03')}<b>I:</b> So what did it mean?</div><div><br></div>"
        f"<div>{stamp(7.2, '00:07')}B: A dog &amp; &lt;no&gt; {stamp(8, '00:08')} beans.</div>",
    ],
)
def test_paragraphs_of_otranscribe_are_turns_and_their_marks_are_times(page):
    reading = read(otr(page), "talk.otr")
    assert turns(reading) == [
        ("I", "00:03", "So what did it mean?"),
        ("B", "00:07", "A dog & <no> beans."),
    ]


def test_marks_of_otranscribe_within_a_turn_are_told():
    page = f"<p>{stamp(3, '00:03')} I: So {stamp(4, '00:04')} what?</p>"
    assert asides(read(otr(page), "talk.otr")) == [("time within a turn", "00:04")]
    monologue = f"<p>{stamp(3, '00:03')} Well.</p><p>{stamp(9, '00:09')} No.</p>"
    assert turns(read(otr(monologue), "talk.otr", Hints(monologue="Ana"))) == [
        ("Ana", "00:03", "Well."),
        ("Ana", "00:09", "No."),
    ]


TTML = """\
<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"
 xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ttp:frameRate="25" ttp:tickRate="10" xml:lang="en">
<head><metadata><ttm:title>The allotment</ttm:title>
<ttm:agent xml:id="n" type="person"><ttm:name type="full">Nora Kell</ttm:name></ttm:agent>
<ttm:agent xml:id="b" type="person"><ttm:name type="alias">Ben</ttm:name></ttm:agent></metadata>
<styling><style xml:id="s1" tts:color="red" xmlns:tts="http://www.w3.org/ns/ttml#styling"/></styling>
</head>
<body><div begin="10s">
<p begin="3s" end="00:00:06.000" ttm:agent="n">So what
 did<br/>it mean?</p>
<p begin="00:00:07:05" ttm:agent="b">Only <span tts:color="red"
 xmlns:tts="http://www.w3.org/ns/ttml#styling">somewhere</span> for the dog.
 <span ttm:agent="n" begin="500ms">Hmm.</span> Yes.</p>
</div></body></tt>
"""


def test_agents_of_ttml_speak_at_the_time_of_their_paragraph():
    reading = read(TTML, "talk.ttml")
    assert turns(reading) == [
        ("Nora Kell", "00:00:13", "So what did it mean?"),
        ("Ben", "00:00:17", "Only somewhere for the dog."),
        ("Nora Kell", "00:00:17", "Hmm."),
        ("Ben", "00:00:17", "Yes."),
    ]
    assert asides(reading) == [("title", "The allotment")]


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("01:00:03", "01:00:03"),
        ("00:00:03.25", "00:00:03"),
        ("00:00:03:24", "00:00:03"),
        ("90.5s", "00:01:30"),
        ("2000ms", "00:00:02"),
        ("1.5m", "00:01:30"),
        ("2h", "02:00:00"),
        ("75f", "00:00:03"),
        ("30t", "00:00:03"),
        ("soon", ""),
    ],
)
def test_all_ways_of_ttml_to_write_a_time(time, expected):
    text = (
        '<tt:tt xmlns:tt="http://www.w3.org/ns/ttml"'
        ' xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ttp:frameRate="25" ttp:tickRate="10">'
        f'<tt:body><tt:div><tt:p begin="{time}">NORA: So?</tt:p></tt:div></tt:body></tt:tt>'
    )
    assert turns(read(text, "talk.dfxp")) == [("NORA", expected, "So?")]


SBV = """\
0:00:03.120,0:00:06.000
Nora: So what did
it mean?

0:00:07.000,0:00:11.000
Ben: Only somewhere[br]for the dog.
"""


def test_captions_of_youtube_by_hand():
    assert turns(read(SBV, "talk.sbv")) == [
        ("Nora", "0:00:03.120", "So what did it mean?"),
        ("Ben", "0:00:07.000", "Only somewhere for the dog."),
    ]
    with pytest.raises(UserError, match="belong to no caption"):
        registry.read(b"Talk\n\n" + SBV.encode(), "talk.sbv", NOBODY)
    with pytest.raises(UserError, match="not the time of a caption"):
        read(SBV.replace("0:00:07", "0:61:07"), "talk.sbv")


def vtt(*cues: str, name: str = "{0}") -> str:
    """A caption a second, the third with the name that it is given."""
    return "WEBVTT\n\n" + "".join(
        f"{name.format(n)}\n00:00:{n:02d}.000 --> 00:00:{n + 1:02d}.000\n{words}\n\n"
        for n, words in enumerate(cues, 1)
    )


def srt(*cues: str) -> str:
    return "".join(
        f"{n}\n00:00:{n:02d},000 --> 00:00:{n + 1:02d},000\n{words}\n\n"
        for n, words in enumerate(cues, 1)
    )


@pytest.mark.parametrize(
    "name",
    [
        "Ben's iPhone",
        "respondent 1",
        "+44 7700 900123",
        "ben.ost@mail.org",
        "Ben (he/him) #2",
        "??",
    ],
)
def test_whatever_begins_most_captions_and_comes_again_is_a_name(name):
    text = vtt("Nora Kell: So?", f"{name}: The dog.", "Nora Kell: Hmm.", f"{name}: Beans: green.")
    reading = read(text, "talk.vtt")
    assert [(turn.label, turn.text) for turn in reading.turns] == [
        ("Nora Kell", "So?"),
        (name, "The dog."),
        ("Nora Kell", "Hmm."),
        (name, "Beans: green."),
    ]
    assert reading.doubts == ()


def test_what_begins_one_caption_like_a_name_is_asked_for():
    text = vtt("Nora: So?", "Ben: No.", "+44 7700 900123: Beans.", "Nora: Hmm.")
    asked = "+44 7700 900123"
    assert (13, f'this line might begin with a speaker: "{asked}"') in doubts(
        read(text, "talk.vtt")
    )
    assert turns(read(text, "talk.vtt", Hints(frozenset({asked}))))[2][0] == asked
    words = Hints(not_speakers=frozenset({asked}), shape=Shape(unlabelled="above"))
    assert turns(read(text, "talk.vtt", words))[1][2] == "No. +44 7700 900123: Beans."


def test_words_before_a_colon_are_words_where_captions_begin_otherwise():
    text = vtt(
        *("Nora: So", "we said", "to them all: no", "and then", "we said", "to them all: yes"),
        *("so", "Ben: Hm.", "Or", "not."),
    )
    reading = read(text, "talk.vtt")
    assert list(reading.labels()) == ["Nora", "Ben"]


def test_names_of_webex_are_speakers():
    text = (
        'WEBVTT\n\n1 "Nora Kell" (3482912)\n00:00:03.000 --> 00:00:06.000\nSo?\n\n'
        '2 "Ben Ost" (1178290)\n00:00:07.000 --> 00:00:11.000\nOnly a dog.\n\n'
        '3 "Ben Ost" (1178290)\n00:00:12.000 --> 00:00:13.000\nHmm.\n'
    )
    reading = read(text, "talk.vtt")
    assert turns(reading) == [
        ("Nora Kell", "00:00:03.000", "So?"),
        ("Ben Ost", "00:00:07.000", "Only a dog. Hmm."),
    ]
    assert asides(reading) == [("repeated label", '3 "Ben Ost" (1178290)')]
    without = read(text.replace('3 "Ben Ost" (1178290)', "3"), "talk.vtt")
    assert doubts(without) == [(13, "1 caption without a speaker")]


def test_names_of_captions_that_come_again_are_speakers_and_others_are_not():
    text = vtt("So?", "A dog.", "Hm.").replace("1\n", "Nora\n", 1).replace("2\n", "Ben\n", 1)
    again = read(text.replace("\n3\n", "\nNora\n"), "talk.vtt")
    assert [turn.label for turn in again.turns] == ["Nora", "Ben", "Nora"]
    once = read(text, "talk.vtt", Hints(monologue="Ana"))
    assert asides(once) == [("cue name", "Nora"), ("cue name", "Ben")]


WHISPERX_SRT = srt(
    "[SPEAKER_00]: So what?", "[SPEAKER_01]: Well, somewhere", "[SPEAKER_01]: for the dog.", "Hmm."
)


def test_a_caption_without_a_speaker_is_asked_for():
    reading = read(WHISPERX_SRT, "talk.srt")
    assert doubts(reading) == [(15, "1 caption without a speaker")]
    assert "--unlabelled above" in reading.doubts[0].do
    given = read(WHISPERX_SRT, "talk.srt", unlabelled("SPEAKER_00"))
    assert turns(given)[2:] == [("SPEAKER_00", "00:00:04,000", "Hmm.")]
    assert given.doubts == () and given.shape.unlabelled == "SPEAKER_00"
    above = read(WHISPERX_SRT, "talk.srt", unlabelled("above"))
    assert turns(above)[1:] == [("SPEAKER_01", "00:00:02,000", "Well, somewhere for the dog. Hmm.")]
    assert above.doubts == () and above.shape.unlabelled == "above"


def test_captions_that_name_whoever_begins_leave_no_doubt():
    text = srt("Nora: So", "what did it", "mean?", "Ben: Well,", "somewhere", "for the dog.")
    assert read(text, "talk.srt").doubts == ()


def test_where_one_side_is_named_the_other_can_be_declared():
    text = srt("Nora: So?", "A dog.", "Beans,", "Nora: Hm?", "peas.")
    assert turns(read(text, "talk.srt", unlabelled("Ben"))) == [
        ("Nora", "00:00:01,000", "So?"),
        ("Ben", "00:00:02,000", "A dog. Beans,"),
        ("Nora", "00:00:04,000", "Hm?"),
        ("Ben", "00:00:05,000", "peas."),
    ]


def test_a_voice_tag_left_out_is_asked_for():
    text = vtt("<v Nora>So?", "<v Ben>A dog.", "Hm.", "<v Ben>Beans")
    assert doubts(read(text, "talk.vtt")) == [(13, "1 caption without a speaker")]
    assert [turn.label for turn in read(text, "talk.vtt", unlabelled("Nora")).turns] == [
        "Nora",
        "Ben",
        "Nora",
        "Ben",
    ]


ARROWS = srt(">> NORA: So?", ">>BEN: Only", "a dog.", ">> Hmm. >> NORA: Well", "then.")


def test_arrows_are_changes_of_speaker():
    reading = read(ARROWS, "talk.srt")
    assert doubts(reading) == [(15, "1 change of speaker (>>) without a name")]
    assert turns(read(ARROWS, "talk.srt", unlabelled("CY"))) == [
        ("NORA", "00:00:01,000", "So?"),
        ("BEN", "00:00:02,000", "Only a dog."),
        ("CY", "00:00:04,000", "Hmm."),
        ("NORA", "00:00:04,000", "Well then."),
    ]
    above = read(ARROWS, "talk.srt", unlabelled("above"))
    assert turns(above)[1] == ("BEN", "00:00:02,000", "Only a dog. Hmm.")
    assert ("change of speaker", ">>") in asides(above)


def test_arrows_in_a_monologue_are_no_words_and_asked_for():
    text = vtt("so what did it mean", "&gt;&gt; only a dog", "&gt;&gt; hmm")
    with pytest.raises(UserError, match=r"2 changes of speaker \(>>\) without a name"):
        read(text, "talk.vtt")
    alone = read(text, "talk.vtt", Hints(monologue="B"))
    assert doubts(alone) == [
        (
            9,
            "2 changes of speaker (>>) without a name, though --monologue says that one person "
            "speaks",
        )
    ]
    told = read(text, "talk.vtt", unlabelled("above", monologue="B"))
    assert told.doubts == () and asides(told) == [("change of speaker", ">>")] * 2
    assert [turn.text for turn in told.turns] == ["so what did it mean", "only a dog", "hmm"]


def test_arrows_in_words_are_words():
    text = srt("Nora: x >> y shifts?", "Ben: Yes.")
    assert turns(read(text, "talk.srt"))[0][2] == "x >> y shifts?"


def words(speaker: str, text: str, start: float, key: str = "word") -> list[dict]:
    return [
        {key: word, "start": start + n, "end": start + n + 0.5, "speaker": speaker}
        for n, word in enumerate(text.split())
    ]


def test_a_segment_of_whisperx_is_cut_where_its_words_change_speaker():
    segment = {
        "start": 3.0,
        "end": 9.0,
        "text": " What did it mean? Only a dog. Hm.",
        "speaker": "B",
        "words": [
            *words("A", "What did it mean?", 3),
            *words("B", "Only a", 8),
            {"word": "dog."},
            *words("A", "Hm.", 12),
        ],
    }
    assert turns(read(json.dumps({"segments": [segment]}), "talk.json")) == [
        ("A", "00:00:03", "What did it mean?"),
        ("B", "00:00:08", "Only a dog."),
        ("A", "00:00:12", "Hm."),
    ]
    segment["text"] = " What did he mean? Only a dog. Hm."
    reading = registry.read(
        json.dumps({"segments": [segment, {**segment, "words": []}]}).encode(), "x.json", NOBODY
    )
    assert doubts(reading)[0] == (
        1,
        "1 segment holds words of several speakers that do not add up to the segment's text",
    )


def test_a_segment_without_a_speaker_is_asked_for():
    segments = [
        {"start": n, "end": n + 1, "text": said, **({"speaker": who} if who else {})}
        for n, (who, said) in enumerate([("A", "So?"), ("B", "A dog."), ("", "Hm."), ("B", "Yes.")])
    ]
    text = json.dumps({"segments": segments})
    assert doubts(read(text, "talk.json")) == [(3, "1 segment without a speaker")]
    assert [turn.label for turn in read(text, "talk.json", unlabelled("A")).turns] == [*"ABAB"]


TALK = [("0", 3.0, "So what did it mean?"), ("1", 7.0, "Well, only a dog."), ("0", 12.0, "Hmm.")]
WHOLE = " ".join(text for _, _, text in TALK)
READ = [(who, f"00:00:{int(start):02d}", text) for who, start, text in TALK]


def aws_items(speakers: bool = True) -> list[dict]:
    items: list[dict] = []
    for who, start, text in TALK:
        for n, word in enumerate(text.split()):
            label = {"speaker_label": who} if speakers else {}
            bare = word.rstrip(",.?")
            times = {"start_time": f"{start + n / 4}", "end_time": f"{start + n / 4 + 0.2}"}
            items.append(
                {**times, "alternatives": [{"content": bare}], "type": "pronunciation", **label}
            )
            if bare != word:
                items.append(
                    {"alternatives": [{"content": word[-1]}], "type": "punctuation", **label}
                )
    return items


def aws(**results: object) -> dict:
    return {"jobName": "x", "results": {"transcripts": [{"transcript": WHOLE}], **results}}


AWS_BY_TIME = aws(
    items=aws_items(speakers=False),
    speaker_labels={
        "segments": [
            {
                "items": [
                    {"start_time": item["start_time"], "speaker_label": item["speaker_label"]}
                    for item in aws_items()
                    if "start_time" in item
                ]
            }
        ]
    },
)
AWS_SEGMENTS = aws(
    audio_segments=[
        {"transcript": text, "start_time": str(start), "end_time": "20", "speaker_label": who}
        for who, start, text in TALK
    ]
)


def deepgram(word_speakers: bool) -> dict:
    by_word = [
        {**word, "word": word["punctuated_word"].lower(), "speaker": int(who)}
        for who, start, text in TALK
        for word in words(who, text, start, "punctuated_word")
    ]
    utterances = [
        {"start": start, "end": start + 1, "transcript": text, "speaker": int(who), "channel": 0}
        for who, start, text in TALK
    ]
    channels = [
        {"alternatives": [{"transcript": WHOLE, "words": by_word if word_speakers else []}]}
    ]
    return {
        "results": {"channels": channels, **({} if word_speakers else {"utterances": utterances})}
    }


ASSEMBLYAI = {
    "id": "x",
    "text": WHOLE,
    "utterances": [
        {"speaker": who, "text": text, "start": int(start * 1000), "end": 20_000, "words": []}
        for who, start, text in TALK
    ],
}
OTTER = {
    "speakers": [{"id": 7, "speaker_name": "0"}],
    "transcripts": [
        {
            "transcript": text,
            "start_offset": int(start * 16_000),
            "speaker_id": 7 if who == "0" else None,
            "speaker_model_label": who,
        }
        for who, start, text in TALK
    ],
}
REV = {
    "speakers": [{"id": 5, "name": "0"}],
    "monologues": [
        {
            "speaker": 5 if who == "0" else 1,
            "elements": [
                element
                for n, word in enumerate(text.split())
                for element in (
                    *([{"type": "punct", "value": " "}] if n else []),
                    {"type": "text", "value": word, "ts": start + n / 4, "end_ts": start + n / 4},
                )
            ],
        }
        for who, start, text in TALK
    ],
}


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (aws(items=aws_items()), "aws"),
        (AWS_BY_TIME, "aws"),
        (AWS_SEGMENTS, "aws"),
        (deepgram(word_speakers=True), "deepgram"),
        (deepgram(word_speakers=False), "deepgram"),
        (ASSEMBLYAI, "assemblyai"),
        (OTTER, "otter"),
        ({"speech": OTTER}, "otter"),
        (REV, "rev"),
    ],
)
def test_what_other_recognisers_write_is_read(data, form):
    text = json.dumps(data)
    reading = read(text, "talk.txt")
    assert (reading.format, turns(reading), reading.doubts) == (form, READ, ())
    assert reading.asides == ()


def test_words_of_aws_that_are_not_its_transcript_stand_beside_it():
    data = aws(items=aws_items())
    data["results"]["transcripts"][0]["transcript"] = "Something else."
    reading = read(json.dumps(data), "talk.json")
    assert turns(reading) == READ
    assert asides(reading) == [("text besides the segments", "Something else.")]


def test_words_without_speakers_are_one_persons_where_told():
    text = json.dumps(aws(items=aws_items(speakers=False)))
    with pytest.raises(UserError, match="no speaker labels seen"):
        read(text, "talk.json")
    assert turns(read(text, "talk.json", Hints(monologue="Ana"))) == [
        ("Ana", time, said) for _, time, said in READ
    ]


def test_channels_of_deepgram_are_speakers_where_nobody_else_is():
    channels = [
        {
            "alternatives": [
                {
                    "transcript": text,
                    "words": [
                        {"word": word, "start": start + n, "end": start + n}
                        for n, word in enumerate(text.split())
                    ],
                }
            ]
        }
        for start, text in ((3.0, "so what"), (1.0, "a dog"))
    ]
    assert turns(read(json.dumps({"results": {"channels": channels}}), "talk.json")) == [
        ("Channel 1", "00:00:01", "a dog"),
        ("Channel 0", "00:00:03", "so what"),
    ]


def test_other_json_is_refused_and_all_makers_are_named():
    for data in ({"name": "x"}, {"results": {}}, {"segments": {}}, [1, 2], {"utterances": [1]}):
        with pytest.raises(UserError, match="no segments of speech") as raised:
            registry.read(json.dumps(data).encode(), "talk.json", NOBODY)
        for maker in ("WhisperX", "whisper.cpp", "AWS", "Deepgram", "AssemblyAI", "Otter", "Rev"):
            assert maker in raised.value.problems[0].do


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("text", "path"), [(ELAN, "talk.eaf"), (EXMARALDA, "talk.exb"), (TTML, "talk.ttml")]
)
def test_xml_that_is_not_to_be_trusted_is_refused(text, path):
    head, _, rest = text.partition("?>")
    with pytest.raises(UserError, match="declares a document type"):
        registry.read(f"{head}?>{BOMB}{rest}".encode(), path, NOBODY)
    with pytest.raises(UserError, match="damaged, nested too deeply"):
        registry.read(text[: len(text) // 2].encode(), path, NOBODY)
    deep = f"{head}?>{rest.rstrip()[:-1].rpartition('<')[0]}{'<x>' * 1000}{'</x>' * 1000}"
    with pytest.raises(UserError, match="damaged, nested too deeply"):
        registry.read(f"{deep}{rest.rstrip()[rest.rstrip().rfind('<') :]}".encode(), path, NOBODY)


SAID = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"),
        exclude_characters="\ufeff:：>[]{}*%@\ufffe\uffff",
    ),
    min_size=1,
    max_size=8,
).filter(lambda word: "-->" not in word)
UTTERANCES = st.lists(
    st.tuples(
        st.sampled_from(["Ana", "Bo", "𝔊eorg", "Dr. Cy Mbeki"]),
        st.integers(1, 900),
        st.lists(SAID, min_size=1, max_size=6).map(" ".join),
    ),
    min_size=1,
    max_size=6,
)
Talk = list[tuple[str, float, str]]


def as_elan(talk: Talk) -> str:
    slots = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="t{n}" TIME_VALUE="{start * 1000}"/>'
        for n, (_, start, _) in enumerate(talk)
    )
    tiers = "".join(
        f"<TIER TIER_ID={quoteattr(name)}>"
        + "".join(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="t{n}" TIME_SLOT_REF2="t{n}">'
            f"<ANNOTATION_VALUE>{escape(said)}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
            for n, (who, _, said) in enumerate(talk)
            if who == name
        )
        + "</TIER>"
        for name in {who: 1 for who, _, _ in talk}
    )
    return f"<ANNOTATION_DOCUMENT><TIME_ORDER>{slots}</TIME_ORDER>{tiers}</ANNOTATION_DOCUMENT>"


def as_exmaralda(talk: Talk) -> str:
    names = list({who: 1 for who, _, _ in talk})
    speakers = "".join(
        f'<speaker id="S{n}"><abbreviation>{escape(name)}</abbreviation></speaker>'
        for n, name in enumerate(names)
    )
    points = "".join(f'<tli id="T{n}" time="{start}"/>' for n, (_, start, _) in enumerate(talk))
    tiers = "".join(
        f'<tier id="TIE{at}" speaker="S{at}" type="t">'
        + "".join(
            f'<event start="T{n}" end="X{n}">{escape(said)}</event>'
            for n, (who, _, said) in enumerate(talk)
            if who == name
        )
        + "</tier>"
        for at, name in enumerate(names)
    )
    return (
        f"<basic-transcription><head><speakertable>{speakers}</speakertable></head><basic-body>"
        f"<common-timeline>{points}</common-timeline>{tiers}</basic-body></basic-transcription>"
    )


def as_ttml(talk: Talk) -> str:
    agents = "".join(
        f'<m:agent xml:id="a{n}"><m:name>{escape(who)}</m:name></m:agent>'
        for n, (who, _, _) in enumerate(talk)
    )
    said = "".join(
        f'<p begin="{start}s" m:agent="a{n}">{escape(said)}</p>'
        for n, (_, start, said) in enumerate(talk)
    )
    return (
        '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:m="http://www.w3.org/ns/ttml#metadata">'
        f"<head><metadata>{agents}</metadata></head><body><div>{said}</div></body></tt>"
    )


def as_otranscribe(talk: Talk) -> str:
    return otr(
        "".join(
            f"<p>{stamp(start, f'{start // 60:02d}:{start % 60:02d}')} {who}: {escape(said)}</p>"
            for who, start, said in talk
        )
    )


def as_chat(talk: Talk) -> str:
    lines = (
        f"*{who.replace(' ', '_')}:\t{said} \x15{start * 1000}_{start * 1000}\x15\n"
        for who, start, said in talk
    )
    return f"@UTF8\n@Begin\n{''.join(lines)}@End\n"


def as_sbv(talk: Talk) -> str:
    def clock(second: int) -> str:
        return f"{second // 3600}:{second // 60 % 60:02d}:{second % 60:02d}.000"

    return "".join(f"{clock(at)},{clock(at)}\n{who}: {said}\n\n" for who, at, said in talk)


def as_rev(talk: Talk) -> str:
    return json.dumps(
        {
            "monologues": [
                {
                    "speaker_name": who,
                    "elements": [{"type": "text", "value": said, "ts": start, "end_ts": start}],
                }
                for who, start, said in talk
            ]
        }
    )


def as_whisperx(talk: Talk) -> str:
    by_word = [
        {"word": word, "start": start, "end": start, "speaker": who}
        for who, start, said in talk
        for word in said.split()
    ]
    text = " ".join(said for _, _, said in talk)
    segment = {"start": talk[0][1], "end": talk[-1][1], "text": text, "words": by_word}
    return json.dumps({"segments": [segment]})


def as_deepgram(talk: Talk) -> str:
    utterances = [
        {"start": start, "end": start, "transcript": said, "speaker": who}
        for who, start, said in talk
    ]
    return json.dumps({"results": {"utterances": utterances}})


def as_assemblyai(talk: Talk) -> str:
    utterances = [
        {"start": start * 1000, "end": start * 1000, "text": said, "speaker": who}
        for who, start, said in talk
    ]
    return json.dumps({"text": " ".join(u["text"] for u in utterances), "utterances": utterances})


def as_aws(talk: Talk) -> str:
    items = [
        {
            "start_time": str(start),
            "end_time": str(start),
            "type": "pronunciation",
            "speaker_label": who,
            "alternatives": [{"content": word}],
        }
        for who, start, said in talk
        for word in said.split()
    ]
    whole = " ".join(said for _, _, said in talk)
    return json.dumps({"results": {"transcripts": [{"transcript": whole}], "items": items}})


@given(
    UTTERANCES,
    st.sampled_from(
        [
            (as_elan, "x.eaf"),
            (as_exmaralda, "x.exb"),
            (as_ttml, "x.ttml"),
            (as_otranscribe, "x.otr"),
            (as_chat, "x.cha"),
            (as_sbv, "x.sbv"),
            (as_rev, "x.json"),
            (as_whisperx, "x.json"),
            (as_deepgram, "x.json"),
            (as_assemblyai, "x.json"),
            (as_aws, "x.json"),
        ]
    ),
)
@settings(max_examples=300, deadline=None)
def test_what_is_printed_in_a_format_is_read_back(spoken, form):
    layout, path = form
    talk = [(who, n * 1000 + start, said) for n, (who, start, said) in enumerate(spoken)]
    reading = read(layout(talk), path)
    expected: list[tuple[str, int, list[str]]] = []
    for who, start, said in talk:
        if expected and expected[-1][0] == who:
            expected[-1][2].extend(said.split())
        else:
            expected.append((who, start, said.split()))
    if layout is as_chat:
        expected = [(who.replace(" ", "_"), start, said) for who, start, said in expected]
    assert [
        (turn.label, seconds(turn.time), turn.text.split()) for turn in reading.turns
    ] == expected
    assert reading.doubts == () and not reading.left_out


def seconds(time: str) -> int:
    whole = 0
    for part in time.partition(".")[0].split(":"):
        whole = whole * 60 + int(part)
    return whole


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_damaged_files_end_in_words_not_in_a_traceback(data):
    text, path = data.draw(
        st.sampled_from(
            [
                (ELAN, "x.eaf"),
                (EXMARALDA, "x.exb"),
                (TTML, "x.ttml"),
                (CHAT, "x.cha"),
                (SBV, "x.sbv"),
                (otr(f"<p>{stamp(3, '00:03')} I: So?</p>"), "x.otr"),
                *((json.dumps(form), "x.json") for form in (AWS_BY_TIME, AWS_SEGMENTS, OTTER, REV)),
                (json.dumps(ASSEMBLYAI), "x.json"),
                (json.dumps(deepgram(word_speakers=True)), "x.json"),
            ]
        )
    )
    content = bytearray(text.encode())
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
        content[at] = data.draw(st.integers(0, 255))
    damaged = bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        reader = registry.reader_of(damaged, path)
        reading = reader.read(damaged, path, NOBODY)
    except UserError:
        return
    reader.control_text(damaged)
    assert reading.turns or reading.left_out
