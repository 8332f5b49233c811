"""EXMARaLDA (.exb): events in tiers along one timeline.

A transcription tier (`type="t"`) is speech, any other an aside. Events that follow
each other without a gap are one utterance: EXMARaLDA cuts them wherever another tier needs a point
in time, within a word even, and then the spaces stand in the events.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from gtpipe.model.names import one_line
from gtpipe.readers import decoding
from gtpipe.readers.reading import Hints, Reader, Reading
from gtpipe.readers.speech import speech_turns, xml_speech
from gtpipe.readers.speech.xml_speech import Tier, TierText, below, children

if TYPE_CHECKING:
    from lxml.etree import _Element

_Event = tuple[str, str, str, int]  # words, start, end, number


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError where the file cannot be read, or no tier holds words."""
    text, remarks = xml_speech.text_of(content, path)
    root = xml_speech.root_of(text, path, "EXMARaLDA file")
    timeline = {
        point.get("id", ""): (order, _seconds(point.get("time", "")))
        for order, point in enumerate(below(root, "tli"))
    }
    speakers = {}
    for given in below(root, "speaker"):
        short = "".join("".join(map(str, a.itertext())) for a in children(given, "abbreviation"))
        speakers[given.get("id", "")] = one_line(short) or given.get("id", "")
    by_tier: list[tuple[_Element, list[_Event]]] = []
    number = 0
    for element in (
        tier for body in children(root, "basic-body") for tier in children(body, "tier")
    ):
        events = []
        for event in children(element, "event"):
            number += 1
            words = "".join(map(str, event.itertext()))
            events.append((words, event.get("start", ""), event.get("end", ""), number))
        by_tier.append((element, events))
    spaced = any(
        before[2] == event[1] and (before[0][-1:].isspace() or event[0][:1].isspace())
        for _, events in by_tier
        for before, event in pairwise(events)
    )
    tiers: list[Tier] = []
    names: set[str] = set()
    for element, events in by_tier:
        speaks = element.get("type", "t") == "t"
        speaker = speakers.get(element.get("speaker", ""), element.get("speaker", ""))
        name = one_line(element.get("display-name", "")) or element.get("id", "")
        name = xml_speech.free_name(name, names)
        names.add(name)
        joined = _joined(events, spaced) if speaks else events
        texts = []
        for words, start, end, number in joined:
            order, begins = timeline.get(start, (len(timeline), None))
            if words.strip():
                ends = timeline.get(end, (0, None))[1]
                texts.append(TierText(words.strip(), number, begins, ends, order))
        tiers.append(Tier(name, speaker, speaks, texts))
    utterances, asides = xml_speech.from_tiers(tiers, path, hints, "event")
    return speech_turns.reading(
        "exmaralda", utterances, path, hints, asides=asides, remarks=remarks, unit="event"
    )


def _joined(events: list[_Event], spaced: bool) -> list[_Event]:
    """Events that follow each other without a gap as one; `spaced` where the file's events hold the
    spaces between them.
    """
    joined: list[_Event] = []
    for words, start, end, number in events:
        if joined and joined[-1][2] == start and start:
            before = joined[-1]
            gap = "" if spaced else " "
            joined[-1] = (before[0] + gap + words, before[1], end, before[3])
        else:
            joined.append((words, start, end, number))
    return joined


def _seconds(value: str) -> float | None:
    return float(value) if re.fullmatch(r"\d{1,7}(?:\.\d{1,20})?", value) else None


READER = Reader(
    "exmaralda",
    (".exb",),
    xml_speech.shows("basic-transcription"),
    decoding.is_text,
    read,
    lambda content: xml_speech.control_text_of(content, "event"),
)
