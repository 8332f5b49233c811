"""Speech recognisers' JSON: Whisper, WhisperX (with speakers) and whisper.cpp;
or a plain list of segments.

A recogniser's words are a first draft: the transcript made of them is a person's to listen through
and correct.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from gtpipe.model import limits
from gtpipe.model.names import one_line
from gtpipe.model.records import TIME
from gtpipe.readers import decoding
from gtpipe.readers.lines import plain
from gtpipe.readers.reading import Aside, Hints, Line, Reader, Reading, refusal, refuse_halves
from gtpipe.readers.speech import cues
from gtpipe.readers.speech.cues import Cue, SpeechLine
from gtpipe.readers.tables.columns import seconds_as_time

_LISTS = ("segments", "transcription", "chunks")
_DO = (
    "This needs the JSON of Whisper, WhisperX or whisper.cpp, with its segments; "
    "or save the transcript as .txt, .srt or .vtt"
)


class _Segment(NamedTuple):
    """A stretch of recognised speech; `others` is how many of its words have another speaker."""

    cue: Cue
    speaker: str
    text: str
    others: int


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError when this is no JSON, holds no segments,
    or names nobody and is no monologue.
    """
    text, remarks = plain.text_of(content, path, limits.JSON_BYTES)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as exc:
        raise refusal(
            path, exc.lineno, "this file breaks off or is no JSON", "Export it again"
        ) from None
    except RecursionError:
        raise refusal(path, None, "lists are nested too deeply in this JSON", _DO) from None
    except ValueError:
        raise refusal(path, None, "this JSON is not a transcript", _DO) from None
    listed = _segments(data, path)
    limits.refuse_many(len(listed), limits.CUES, "segments", path)
    segments = [_segment(given, number, path) for number, given in enumerate(listed, 1)]
    refuse_halves(
        ((number, segment.speaker + segment.text) for number, segment in enumerate(segments, 1)),
        "segment",
        path,
    )
    speech = [
        SpeechLine(segment.speaker, Line(line.strip(), index + 1), index)
        for index, segment in enumerate(segments)
        for line in segment.text.split("\n")
        if line.strip()
    ]
    if not speech:
        raise refusal(path, None, "these segments hold no words", "Is it the right file?")
    asides = [
        Aside(1, "text besides the segments", words)
        for words in _besides(data, [segment.text for segment in segments])
    ]
    others = sum(segment.others > 0 for segment in segments)
    if others:
        remarks += (
            f"{others} segment{' has' if others == 1 else 's have'} words of another speaker; "
            "the segment's speaker counts",
        )
    stretches = [segment.cue for segment in segments]
    return cues.reading(
        "whisper", stretches, speech, path, hints, asides=asides, remarks=remarks, unit="segment"
    )


def _segments(data: object, path: str) -> list[object]:
    segments = data if isinstance(data, list) else None
    if isinstance(data, dict):
        segments = next((data[key] for key in _LISTS if isinstance(data.get(key), list)), None)
    if not segments:
        raise refusal(path, None, "this JSON holds no segments of speech", _DO)
    return segments


def _segment(given: object, number: int, path: str) -> _Segment:
    if not isinstance(given, dict) or not isinstance(text := given.get("text"), str):
        raise refusal(path, None, f"segment {number} has no text", _DO)
    start, end = _stretch(given)
    time = _written(given.get("timestamps")) or ("" if start is None else seconds_as_time(start))
    start = start or 0.0
    cue = Cue(time if re.fullmatch(TIME, time) else "", start, start if end is None else end)
    words = given.get("words")
    by_word = [
        _name(word.get("speaker"))
        for word in (words if isinstance(words, list) else ())
        if isinstance(word, dict)
    ]
    speaker = _name(given.get("speaker")) or next(filter(None, by_word), "")
    return _Segment(cue, speaker, text, sum(name not in ("", speaker) for name in by_word))


def _name(speaker: object) -> str:
    return (
        one_line(str(speaker))
        if isinstance(speaker, (str, int)) and not isinstance(speaker, bool)
        else ""
    )


def _stretch(given: dict[str, object]) -> tuple[float | None, float | None]:
    """Beginning and end in seconds, as Whisper, Hugging Face's pipeline and whisper.cpp say them;
    None where they do not.
    """
    pair = given.get("timestamp")
    if isinstance(pair, list) and len(pair) == 2:
        return _number(pair[0]), _number(pair[1])
    offsets = given.get("offsets")
    if isinstance(offsets, dict):
        start, end = _number(offsets.get("from")), _number(offsets.get("to"))
        return start and start / 1000, end and end / 1000
    return _number(given.get("start")), _number(given.get("end"))


def _number(value: object) -> float | None:
    """Seconds up to a thousand hours, from a number or a number in quotation marks."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,7}(?:\.\d{1,9})?", value):
        value = float(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 3_600_000:
        return float(value)
    return None


def _written(timestamps: object) -> str:
    start = timestamps.get("from") if isinstance(timestamps, dict) else None
    return start if isinstance(start, str) else ""


def _besides(data: object, texts: list[str]) -> Iterator[str]:
    """The whole text that Whisper writes beside the segments, where it is not theirs."""
    whole = data.get("text") if isinstance(data, dict) else None
    if isinstance(whole, str) and "".join(whole.split()) != "".join("".join(texts).split()):
        yield whole


def control_text(content: bytes) -> str:
    """Whisper says everything twice: the segments' texts where there is no whole text,
    or where it is another.
    """
    data = json.loads(decoding.decode(content)[0])
    listed = (
        data
        if isinstance(data, list)
        else next(data[key] for key in _LISTS if isinstance(data.get(key), list))
    )
    texts = "\n".join(segment["text"] for segment in listed)
    whole = data.get("text") if isinstance(data, dict) else None
    if not isinstance(whole, str):
        return texts
    if whole.split() == texts.split():
        return whole
    return texts if "".join(whole.split()) == "".join(texts.split()) else f"{texts}\n{whole}"


def _shows(content: bytes) -> bool:
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"{":
        return re.search(rb'"(?:segments|transcription|chunks)"\s*:\s*\[', content) is not None
    return (
        start == b"["
        and re.match(rb"(?:\xef\xbb\xbf)?\s*\[\s*\{", content) is not None
        and b'"text"' in content[:20_000]
    )


READER = Reader("whisper", (".json",), _shows, decoding.is_text, read, control_text)
