"""ELAN (.eaf): annotations in tiers.

A tier that depends on another says something of its words (glosses, gestures) and is an aside.
"""

from __future__ import annotations

from gtpipe.model.names import one_line
from gtpipe.readers import decoding
from gtpipe.readers.reading import Hints, Reader, Reading
from gtpipe.readers.speech import speech_turns, xml_speech
from gtpipe.readers.speech.xml_speech import Tier, TierText, below, children


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError where the file cannot be read, or no tier holds words."""
    text, remarks = xml_speech.text_of(content, path)
    root = xml_speech.root_of(text, path, "ELAN file")
    slots = {
        slot.get("TIME_SLOT_ID", ""): (order, _seconds(slot.get("TIME_VALUE", "")))
        for order, slot in enumerate(below(root, "TIME_SLOT"))
    }
    tiers: list[Tier] = []
    names: set[str] = set()
    number = 0
    for tier in children(root, "TIER"):
        texts = []
        for annotation in children(tier, "ANNOTATION"):
            number += 1
            given = next(iter(annotation), annotation)
            words = "\n".join(
                "".join(map(str, value.itertext())) for value in children(given, "ANNOTATION_VALUE")
            )
            order, start = slots.get(given.get("TIME_SLOT_REF1", ""), (len(slots), None))
            _, end = slots.get(given.get("TIME_SLOT_REF2", ""), (0, None))
            if words.strip():
                texts.append(TierText(words.strip(), number, start, end, order))
        name = xml_speech.free_name(one_line(tier.get("TIER_ID", "")), names)
        names.add(name)
        speaker = one_line(tier.get("PARTICIPANT", "")) or name
        tiers.append(Tier(name, speaker, not tier.get("PARENT_REF"), texts))
    utterances, asides = xml_speech.from_tiers(tiers, path, hints, "annotation")
    return speech_turns.reading(
        "elan", utterances, path, hints, asides=asides, remarks=remarks, unit="annotation"
    )


def _seconds(milliseconds: str) -> float | None:
    return int(milliseconds) / 1000 if milliseconds.isdecimal() and len(milliseconds) < 10 else None


READER = Reader(
    "elan",
    (".eaf",),
    xml_speech.shows("ANNOTATION_DOCUMENT"),
    decoding.is_text,
    read,
    lambda content: xml_speech.control_text_of(content, "ANNOTATION_VALUE"),
)
