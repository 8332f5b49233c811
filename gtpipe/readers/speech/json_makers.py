"""The JSON of each maker of speech recognition → the table of utterances.

A maker's function takes the data and gives None where it is not that maker's. Where words have
speakers of their own, a stretch of speech is cut where the speaker changes: into stretches of its
text as it stands, if the words add up to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gtpipe.model.names import one_line
from gtpipe.readers.speech.utterances import Utterance, by_line, cue_at, slices

_PAUSE = 2.0  # seconds of silence that part words of one speaker
_SENTENCE_END = (".", "?", "!", "…", "。", "？", "！")


class UnreadableError(Exception):
    """A maker's JSON with a part that is not as that maker writes it; says which."""


class Word(NamedTuple):
    """A recognised word, '' as its speaker where none is given; `joins` to the one before without
    a space, as a comma does.
    """

    text: str
    speaker: str
    start: float | None
    end: float | None
    joins: bool = False


@dataclass
class Recognised:
    """What a maker's JSON holds: utterances, whole texts beside them, and the numbers of segments
    whose words belong to several speakers and cannot be told apart.
    """

    maker: str
    utterances: list[Utterance] = field(default_factory=list)
    wholes: list[str] = field(default_factory=list)
    mixed: list[int] = field(default_factory=list)

    def add(
        self,
        text: object,
        speaker: str,
        span: tuple[float | None, float | None],
        words: Sequence[Word] = (),
        time: str = "",
    ) -> None:
        """One segment more, cut where its words' speaker changes."""
        number = self._number = getattr(self, "_number", 0) + 1
        if not isinstance(text, str):
            raise UnreadableError(f"segment {number} has no text")
        named = {word.speaker for word in words if word.speaker}
        speaker = speaker or (next(iter(named)) if len(named) == 1 else "")
        pieces = [(speaker, text, *span)]
        if named - {speaker}:
            found = slices([word.text for word in words], text)
            if found is None:
                self.mixed.append(number)
                pieces = [("", text, *span)]
            else:
                pieces = list(_runs(words, found, speaker))
        for who, said, start, end in pieces:
            cue = cue_at(start, end, time if len(pieces) == 1 else "")
            self.utterances += by_line(who, said, number, cue)

    def add_words(self, words: Sequence[Word], whole: str) -> None:
        """Words that stand in no segment, cut into some: at a change of speaker, a sentence's end
        and a pause. White space is that of the whole text where they add up to it.
        """
        found = slices([word.text for word in words], whole) or [
            word.text if word.joins else " " + word.text for word in words
        ]
        start = 0
        for place in range(1, len(words) + 1):
            if place == len(words) or _parts(words[place - 1], words[place]):
                run = words[start:place]
                self.add("".join(found[start:place]), run[0].speaker, (run[0].start, run[-1].end))
                start = place


def _runs(
    words: Sequence[Word], found: list[str], speaker: str
) -> Iterator[tuple[str, str, float | None, float | None]]:
    """Stretches of one speaker; a word without one is the one's before it."""
    who = next((word.speaker for word in words if word.speaker), speaker)
    run: list[int] = []
    for place, word in enumerate(words):
        if word.speaker not in ("", who) and run:
            yield _run(words, found, run, who)
            run = []
        who = word.speaker or who
        run.append(place)
    yield _run(words, found, run, who)


def _run(
    words: Sequence[Word], found: list[str], run: list[int], who: str
) -> tuple[str, str, float | None, float | None]:
    starts = [words[place].start for place in run if words[place].start is not None]
    ends = [words[place].end for place in run if words[place].end is not None]
    text = "".join(found[place] for place in run)
    return who, text, starts[0] if starts else None, ends[-1] if ends else None


def _parts(before: Word, word: Word) -> bool:
    if word.speaker != before.speaker:
        return True
    if word.joins:
        return False
    if before.text.endswith(_SENTENCE_END):
        return True
    return None not in (before.end, word.start) and word.start - before.end >= _PAUSE  # type: ignore[operator]


def recognised(data: object) -> Recognised | None:
    """What `data` holds, by the first maker whose it is. Raises UnreadableError."""
    for maker in MAKERS:
        found = maker.read(data)
        if found is not None:
            return found
    return None


def _whisper(data: object) -> Recognised | None:
    """Whisper, WhisperX (with speakers), whisper.cpp, Hugging Face's pipeline: a list of segments,
    or a plain list of them.
    """
    segments = data if isinstance(data, list) else None
    if isinstance(data, dict):
        lists = (data.get(key) for key in ("segments", "transcription", "chunks"))
        segments = next((listed for listed in lists if isinstance(listed, list)), None)
    if not segments or not isinstance(segments[0], dict):
        return None
    found = Recognised("whisper", wholes=_whole(_get(data, "text")))
    for segment in segments:
        pair, offsets = _get(segment, "timestamp"), _get(segment, "offsets")
        if isinstance(pair, list) and len(pair) == 2:
            span = _seconds(pair[0]), _seconds(pair[1])
        elif isinstance(offsets, dict):
            span = _seconds(offsets.get("from"), 1000), _seconds(offsets.get("to"), 1000)
        else:
            span = _span(segment)
        written = _get(segment, "timestamps", "from")
        found.add(
            _get(segment, "text"),
            _name(_get(segment, "speaker")),
            span,
            [_word(word, "word") for word in _dicts(_get(segment, "words"))],
            written if isinstance(written, str) else "",
        )
    return found


def _aws(data: object) -> Recognised | None:
    """Amazon Transcribe: words in `results.items`, with speakers, or with those of
    `speaker_labels` by their times; else `results.audio_segments`.
    """
    results = _get(data, "results")
    items, stretches = _dicts(_get(results, "items")), _dicts(_get(results, "audio_segments"))
    if not items and not stretches:
        return None
    wholes = [_get(given, "transcript") for given in _dicts(_get(results, "transcripts"))]
    whole = " ".join(text for text in wholes if isinstance(text, str))
    found = Recognised("aws", wholes=_whole(whole))
    by_time = {
        item.get("start_time"): _name(item.get("speaker_label"))
        for segment in _dicts(_get(results, "speaker_labels", "segments"))
        for item in _dicts(segment.get("items"))
    }
    words: list[Word] = []
    for item in items:
        content = _get(next(iter(_dicts(item.get("alternatives"))), None), "content")
        if not isinstance(content, str):
            raise UnreadableError(f"item {len(words) + 1} of the results has no content")
        joins = item.get("type") == "punctuation"
        speaker = (
            _name(item.get("speaker_label"))
            or by_time.get(item.get("start_time"), "")
            or _name(item.get("channel_label"))
            or (words[-1].speaker if joins and words else "")
        )
        start, end = _seconds(item.get("start_time")), _seconds(item.get("end_time"))
        words.append(Word(content, speaker, start, end, joins))
    if items and (any(word.speaker for word in words) or not stretches):
        found.add_words(words, whole)
        return found
    for stretch in stretches:
        span = _seconds(stretch.get("start_time")), _seconds(stretch.get("end_time"))
        speaker = _name(stretch.get("speaker_label")) or _name(stretch.get("channel_label"))
        found.add(stretch.get("transcript"), speaker, span)
    return found


def _deepgram(data: object) -> Recognised | None:
    """Deepgram: `results.utterances`, or the words of `results.channels`."""
    results = _get(data, "results")
    utterances, channels = _dicts(_get(results, "utterances")), _dicts(_get(results, "channels"))
    if not utterances and not channels:
        return None
    first = [next(iter(_dicts(given.get("alternatives"))), {}) for given in channels]
    wholes = [text if isinstance(text := given.get("transcript"), str) else "" for given in first]
    found = Recognised("deepgram", wholes=_whole(" ".join(wholes)))
    many = len(channels) > 1
    for utterance in utterances:
        speaker = _name(utterance.get("speaker")) or (_channel(utterance) if many else "")
        words = [_word(word, "punctuated_word") for word in _dicts(utterance.get("words"))]
        found.add(utterance.get("transcript"), speaker, _span(utterance), words)
    if utterances:
        return found
    for number, (given, whole) in enumerate(zip(first, wholes, strict=True)):
        words = [_word(word, "punctuated_word") for word in _dicts(given.get("words"))]
        if many:
            words = [word._replace(speaker=word.speaker or f"Channel {number}") for word in words]
        found.add_words(words, whole)
    if many:  # by time, as everywhere; the channels' texts stand one behind the other
        found.utterances.sort(key=lambda said: said.cue.start)
        found.wholes = []
    return found


def _channel(utterance: dict[str, Any]) -> str:
    channel = _name(utterance.get("channel"))
    return f"Channel {channel}" if channel else ""


def _assemblyai(data: object) -> Recognised | None:
    """AssemblyAI: `utterances`, or words without speakers; times in milliseconds."""
    utterances, words = _dicts(_get(data, "utterances")), _dicts(_get(data, "words"))
    if not utterances and not words:
        return None
    whole = _get(data, "text")
    found = Recognised("assemblyai", wholes=_whole(whole))
    for utterance in utterances:
        found.add(
            utterance.get("text"),
            _name(utterance.get("speaker")),
            _span(utterance, 1000),
            [_word(word, "text", 1000) for word in _dicts(utterance.get("words"))],
        )
    if not utterances:
        by_word = [_word(word, "text", 1000) for word in words]
        found.add_words(by_word, whole if isinstance(whole, str) else "")
    return found


def _otter(data: object) -> Recognised | None:
    """Otter: `transcripts`, in an export or below `speech`; offsets count 16,000 to a second."""
    speech = _get(data, "speech") if isinstance(_get(data, "speech"), dict) else data
    transcripts = _dicts(_get(speech, "transcripts"))
    if not transcripts:
        return None
    names = {
        _name(given.get("id") or given.get("speaker_id")): _name(given.get("speaker_name"))
        for given in _dicts(_get(speech, "speakers"))
    }
    found = Recognised("otter")
    for given in transcripts:
        speaker = (
            _name(given.get("speaker_name"))
            or names.get(_name(given.get("speaker_id")), "")
            or _name(given.get("speaker_model_label"))
            or _name(given.get("label"))
            or _name(given.get("speaker"))
            or _name(given.get("speaker_id"))
        )
        start = _seconds(given.get("start_offset"), 16_000)
        end = _seconds(given.get("end_offset"), 16_000)
        found.add(given.get("transcript"), speaker, (start, end))
    return found


def _rev(data: object) -> Recognised | None:
    """Rev and Rev AI: `monologues` of `elements`, which hold their own spaces."""
    monologues = _dicts(_get(data, "monologues"))
    if not monologues:
        return None
    names = {
        _name(given.get("id")): _name(given.get("name")) for given in _dicts(_get(data, "speakers"))
    }
    found = Recognised("rev")
    for given in monologues:
        elements = _dicts(given.get("elements"))
        values = [element.get("value") for element in elements]
        if not all(isinstance(value, str) for value in values):
            raise UnreadableError(
                f"monologue {len(found.utterances) + 1} has an element without value"
            )
        number = given.get("speaker")
        number = number if not isinstance(number, dict) else number.get("id")
        speaker = (
            _name(given.get("speaker_name"))
            or _name(_get(given, "speaker", "name"))
            or names.get(_name(number), "")
            or _name(number)
        )
        timed = [element for element in elements if {"ts", "timestamp"} & element.keys()]
        first, last = (timed[0], timed[-1]) if timed else ({}, {})
        start, end = _seconds(first.get("ts")), _seconds(last.get("end_ts"))
        written = first.get("timestamp")
        time = re.sub("[.,](\\d{3})\\d*$", ".\\1", written) if isinstance(written, str) else ""
        found.add("".join(map(str, values)), speaker, (start, end), time=time)
    return found


class _Maker(NamedTuple):
    title: str
    read: Callable[[object], Recognised | None]


MAKERS = (
    _Maker("Whisper, WhisperX, whisper.cpp", _whisper),
    _Maker("AWS Transcribe", _aws),
    _Maker("Deepgram", _deepgram),
    _Maker("AssemblyAI", _assemblyai),
    _Maker("Otter", _otter),
    _Maker("Rev", _rev),
)


def _get(data: object, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _dicts(listed: object) -> list[dict[str, Any]]:
    """The records of a list; [] where it is none, or holds anything else."""
    are_records = isinstance(listed, list) and all(isinstance(given, dict) for given in listed)
    return list(listed) if are_records else []  # type: ignore[call-overload]


def _whole(text: object) -> list[str]:
    return [text] if isinstance(text, str) else []


def _word(given: dict[str, Any], key: str, per_second: int = 1) -> Word:
    text = given.get(key) if isinstance(given.get(key), str) else given.get("word")
    text = text if isinstance(text, str) else ""
    return Word(text, _name(given.get("speaker")), *_span(given, per_second))


def _name(speaker: object) -> str:
    is_name = isinstance(speaker, (str, int)) and not isinstance(speaker, bool)
    return one_line(str(speaker)) if is_name else ""


def _span(given: object, per_second: int = 1) -> tuple[float | None, float | None]:
    return _seconds(_get(given, "start"), per_second), _seconds(_get(given, "end"), per_second)


def _seconds(value: object, per_second: int = 1) -> float | None:
    """Seconds up to a thousand hours, from a number or a number in quotation marks."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,11}(?:\.\d{1,9})?", value):
        value = float(value)
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    return float(value) / per_second if 0 <= value < 3_600_000 * per_second else None
