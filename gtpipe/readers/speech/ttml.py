"""TTML and its older form DFXP (.ttml, .dfxp): paragraphs with times, and agents who speak them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gtpipe.model import limits
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError
from gtpipe.readers import decoding
from gtpipe.readers.reading import Aside, Hints, Reader, Reading
from gtpipe.readers.speech import speech_turns, xml_speech
from gtpipe.readers.speech.utterances import Cue, Utterance, by_line, cue_at
from gtpipe.readers.speech.xml_speech import attribute, below, children, name_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_CLOCK = re.compile(r"(\d{2,3}):([0-5]\d):([0-5]\d|60)(?:(\.\d{1,9})|:(\d{2,3})(?:\.\d+)?)?")
_OFFSET = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(h|ms|m|s|f|t)")
_NO_SPEECH = frozenset("metadata title desc copyright".split())


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError where the file cannot be read, or no paragraph holds words."""
    text, remarks = xml_speech.text_of(content, path)
    root = xml_speech.root_of(text, path, "TTML file")
    agents = {
        attribute(agent, "id"): one_line(
            " ".join("".join(map(str, name.itertext())) for name in children(agent, "name"))
        )
        for agent in below(root, "agent")
    }
    walk = _Walk(agents, _per_second(root))
    walk.element(root, "", 0.0)
    limits.refuse_many(walk.number, limits.CUES, "captions", path)
    if not walk.utterances:
        raise UserError.at(path, None, "these captions hold no words", "Is it the right file?")
    return speech_turns.reading(
        "ttml", walk.utterances, path, hints, asides=walk.asides, remarks=remarks, unit="caption"
    )


def _per_second(root: _Element) -> dict[str, float]:
    """How many frames and ticks a second has."""

    def number(name: str, otherwise: float) -> float:
        value = attribute(root, name)
        return float(value) if re.fullmatch(r"\d{1,9}", value) and int(value) else otherwise

    frames = number("frameRate", 30.0)
    multiplier = re.fullmatch(r"(\d{1,6})[ :](\d{1,6})", attribute(root, "frameRateMultiplier"))
    if multiplier and int(multiplier[1]) and int(multiplier[2]):
        frames *= int(multiplier[1]) / int(multiplier[2])
    return {
        "f": frames,
        "t": number("tickRate", 1.0),
        "s": 1,
        "ms": 1000,
        "m": 1 / 60,
        "h": 1 / 3600,
    }


def seconds_of(time: str, per_second: dict[str, float]) -> float | None:
    """Seconds in a time as TTML writes it, None for none.

    >>> rates = {"f": 25.0, "t": 10.0, "s": 1, "ms": 1000, "m": 1 / 60, "h": 1 / 3600}
    >>> [seconds_of(time, rates) for time in ("00:01:05.5", "00:00:02:05", "250ms", "50t")]
    [65.5, 2.2, 0.25, 5.0]
    """
    if clock := _CLOCK.fullmatch(time.strip()):
        hours, minutes, seconds, fraction, frames = clock.groups()
        whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
        return whole + float(fraction or 0) + int(frames or 0) / per_second["f"]
    if offset := _OFFSET.fullmatch(time.strip()):
        seconds_ = float(offset[1]) / per_second[offset[2]]
        return seconds_ if seconds_ < 3_600_000 else None
    return None


@dataclass
class _Place:
    """Where in a paragraph a walk is: whose words, and when."""

    speaker: str
    cue: Cue


class _Walk:
    """One walk through the file: its paragraphs into `utterances`."""

    def __init__(self, agents: dict[str, str], per_second: dict[str, float]) -> None:
        self.agents, self.per_second = agents, per_second
        self.utterances: list[Utterance] = []
        self.asides: list[Aside] = []
        self.number = 0

    def element(self, element: _Element, speaker: str, base: float) -> None:
        name = name_of(element)
        if name == "agent":
            return
        if name in _NO_SPEECH and name != "metadata":
            self.aside(element, name)
            return
        speaker = self.speaker(element) or speaker
        begin = seconds_of(attribute(element, "begin"), self.per_second)
        if name == "p":
            self.paragraph(element, speaker, base, begin)
            return
        for child in element:
            self.element(child, speaker, base + (begin or 0.0))

    def aside(self, element: _Element, name: str) -> None:
        words = " ".join("".join(map(str, element.itertext())).split())
        if words:
            self.asides.append(Aside(max(self.number, 1), name, words))

    def speaker(self, element: _Element) -> str:
        given = attribute(element, "agent").split()
        return " + ".join(self.agents.get(agent) or agent for agent in given)

    def paragraph(self, element: _Element, speaker: str, base: float, begin: float | None) -> None:
        self.number += 1
        end = seconds_of(attribute(element, "end"), self.per_second)
        start = None if begin is None and not base else base + (begin or 0.0)
        place = _Place(speaker, cue_at(start, None if end is None else base + end))
        keep = attribute(element, "space") == "preserve"
        runs: list[tuple[_Place, str]] = []
        for where, words in self.runs(element, place, start or 0.0):
            words = words if keep or words == "\n" else re.sub(r"\s+", " ", words)
            if runs and runs[-1][0] is where:
                runs[-1] = (where, runs[-1][1] + words)
            else:
                runs.append((where, words))
        for where, words in runs:
            self.utterances += by_line(where.speaker, words, self.number, where.cue)

    def runs(self, element: _Element, place: _Place, base: float) -> Iterator[tuple[_Place, str]]:
        """Its words piece by piece, `\\n` for a break; a span of another agent is another's."""
        yield place, element.text or ""
        for child in element:
            name = name_of(child)
            if name == "br":
                yield place, "\n"
            elif name in _NO_SPEECH:
                self.aside(child, name)
            else:
                speaker = self.speaker(child)
                inner = place
                begin = seconds_of(attribute(child, "begin"), self.per_second)
                if speaker and speaker != place.speaker:
                    cue = place.cue if begin is None else cue_at(base + begin)
                    inner = _Place(speaker, cue)
                yield from self.runs(child, inner, base + (begin or 0.0))
            yield place, child.tail or ""


def control_text(content: bytes) -> str | None:
    return xml_speech.control_text_of(content, "p|title|desc|copyright")


READER = Reader(
    "ttml", (".ttml", ".dfxp"), xml_speech.shows("tt"), decoding.is_text, read, control_text
)
