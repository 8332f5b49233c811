"""Captions: WebVTT (.vtt) and SubRip (.srt), as meeting programs and speech recognisers write them.

`webvtt` reads the cues.

Times are kept as written, and lines counted as in the file, so that a cue is found again. Tags are
taken away; a voice tag (`<v Ana>`) says who speaks. Words in angle brackets that are no tag, like
<laughs>, are words.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from gtpipe.model import limits
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError
from gtpipe.model.records import TIME
from gtpipe.readers import decoding
from gtpipe.readers.lines import plain
from gtpipe.readers.reading import Aside, Hints, Reader, Reading
from gtpipe.readers.speech import speech_turns, who_speaks
from gtpipe.readers.speech.utterances import Cue, Utterance, begin_cues

_CLOCK = r"(?:\d{1,10}:)?\d{1,2}:[0-5]?\d(?:[.,]\d{1,3})?"
_TIMING = re.compile(rf"\s*(?P<start>{_CLOCK})\s*-->\s*(?P<end>{_CLOCK})(?=\s|$)")
_ALMOST_TIMING = re.compile(r"\s*\d{1,2}:\d\d[\d:.,]*\s*(?:[-–—=]+>|→)\s*(?:\d|$)")
_TAG = re.compile(
    r"</?(?:c|i|b|u|ruby|rt|lang|font|v)(?:[. \t][^<>\n]*)?>|<[\d:.]+>|\{\\an?\d+\}", re.I
)
_A_TIME = re.compile(TIME)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t](?P<name>[^<>\n]*)>", re.I)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_MACHINE_NAME = re.compile(r"[0-9a-fA-F-]{16,}(?:/[\d-]+)?")  # what Teams calls a cue
_CUE_NAME = re.compile(
    r'(?:\d+\s+)?(?P<quoted>")?(?P<name>(?=[^"]*\w)[^"]{1,200}?)(?(quoted)")(?:\s{1,5}\(\d+\))?'
)
_NOTE = re.compile(r"NOTE(?:[ \t]|$)")
_NO_WORDS = re.compile(r"(?:STYLE|REGION)[ \t]*")


def read_vtt(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError where a cue cannot be read, words belong to no cue,
    or nobody is named and it is no monologue.
    """
    text, remarks = plain.text_of(content, path)
    limits.refuse_many(text.count("\n"), 5 * limits.CUES, "lines", path)
    decoding.refuse_half_references(text, path)
    lines = text.lstrip("\n").split("\n")
    skipped = text.count("\n") - len(lines) + 1
    if not lines[0].startswith("WEBVTT"):
        raise UserError.at(
            path,
            skipped + 1,
            "this file does not begin like captions (WEBVTT)",
            "Is it the right file?",
            excerpt=lines[0][:100],
        )
    times = _times(lines, skipped, path)
    outside = tuple(_outside(lines, skipped, path))
    spoken, asides = _by_cue_name(
        _cues(lines, times, skipped, path, numbered=False), outside, hints
    )
    return speech_turns.reading("vtt", spoken, path, hints, asides=asides, remarks=remarks)


def read_srt(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError where a cue cannot be read, or nobody is named and it is no monologue."""
    text, remarks = plain.text_of(content, path)
    limits.refuse_many(text.count("\n"), 5 * limits.CUES, "lines", path)
    decoding.refuse_half_references(text, path)
    lines = text.split("\n")
    times = _times(lines, 0, path)
    first = min(times)
    before = [
        index
        for index in range(first)
        if lines[index].strip() and not (index == first - 1 and _is_number(lines[index]))
    ]
    if before:
        raise UserError.at(
            path,
            before[0] + 1,
            "words before the first caption",
            "Remove them, or is it the right file?",
            excerpt=lines[before[0]].strip()[:100],
        )
    spoken = _cues(lines, times, 0, path, numbered=True)
    return speech_turns.reading("srt", spoken, path, hints, remarks=remarks)


def _times(lines: list[str], skipped: int, path: str) -> dict[int, re.Match[str]]:
    """The lines that are the time of a cue, by index.

    Raises UserError for one that was meant to be and is none.
    """
    times = {}
    for index, line in enumerate(lines):
        if "-->" in line or _ALMOST_TIMING.match(line):
            match = _TIMING.match(line)
            if match is None or max(_minutes(match["start"]), _minutes(match["end"])) > 59:
                raise UserError.at(
                    path,
                    index + 1 + skipped,
                    "this line is not the time of a caption",
                    "Write it like 00:01:05.000 --> 00:01:07.500",
                    excerpt=line.strip()[:100],
                )
            times[index] = match
    limits.refuse_many(len(times), limits.CUES, "captions", path)
    if not times:
        raise UserError.at(
            path,
            None,
            "there are no captions in this file",
            "One begins with a line like 00:01:05.000 --> 00:01:07.500",
        )
    return times


def _minutes(clock: str) -> int:
    return int(clock.split(":")[-2])


def _regular(clock: str) -> str:
    """1:05,2 → 00:01:05.200, as both formats can be read."""
    if len(clock) == 12 and clock[2] == clock[5] == ":" and clock[8] in ".,":
        return clock[:8] + "." + clock[9:]
    whole, _, rest = clock.replace(",", ".").partition(".")
    hours, minutes, seconds = ["0", *whole.split(":")][-3:]
    return f"{int(hours):02d}:{int(minutes):02d}:{int(seconds):02d}.{rest.ljust(3, '0')}"


def _fields(clock: str) -> tuple[int, int, int, int]:
    """Hours, minutes, seconds, milliseconds."""
    regular = _regular(clock)
    return int(regular[:-10]), int(regular[-9:-7]), int(regular[-6:-4]), int(regular[-3:])


def _seconds(fields: tuple[int, int, int, int]) -> float:
    hours, minutes, seconds, milliseconds = fields
    return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000


def _cues(
    lines: list[str], times: dict[int, re.Match[str]], skipped: int, path: str, *, numbered: bool
) -> list[Utterance]:
    """What is said in the cues, in the order of the file."""
    import io

    import webvtt

    try:
        captions = webvtt.WebVTT.from_buffer(
            io.StringIO(_tidy(lines, times, numbered)), format="srt" if numbered else "vtt"
        ).captions
    except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError):
        captions = []
    speech: list[Utterance] = []
    given = iter(captions)
    order = sorted(times)
    for index, end in zip(order, [*order[1:], len(lines)], strict=True):
        match = times[index]
        below = _below(lines, index, end, numbered)
        if numbered and not below:
            continue  # the library passes over a caption without words
        caption = next(given, None)
        start = _fields(match["start"])
        if caption is None or caption.start_time.to_tuple() != start:
            raise UserError.at(
                path,
                index + 1 + skipped,
                "this caption cannot be read",
                "Look at its time and the lines around it",
                excerpt=lines[index].strip()[:100],
            )
        time = (
            match["start"] if _A_TIME.fullmatch(match["start"]) else _regular(match["start"])[-12:]
        )
        cue = Cue(time, _seconds(start), _seconds(_fields(match["end"])))
        numbers = iter(below)
        for words in caption.raw_text.split("\n"):
            if words.strip():
                speech += _speech_lines(
                    words, next(numbers, index) + 1 + skipped, cue, entities=not numbered
                )
    spoken = _with_voices(speech)
    if not spoken:
        raise UserError.at(path, None, "these captions hold no words", "Is it the right file?")
    return spoken


def _below(lines: list[str], index: int, end: int, numbered: bool) -> list[int]:
    """The lines of a cue's text, without the name of the next cue."""
    below = [at for at in range(index + 1, end) if lines[at].strip()]
    if below and end < len(lines) and below[-1] == end - 1 and _is_name(lines[end - 1], numbered):
        below.pop()
    return below


def _is_number(line: str) -> bool:
    return line.strip().isascii() and line.strip().isdigit()


def _is_name(line: str, numbered: bool) -> bool:
    """Whether a line right above a time is the name a program gave the cue;
    in WebVTT not always a number.
    """
    return _is_number(line) or (not numbered and _MACHINE_NAME.fullmatch(line.strip()) is not None)


def _tidy(lines: list[str], times: dict[int, re.Match[str]], numbered: bool) -> str:
    """Every cue after an empty line, SubRip's with its number, times in full:
    programs leave this out, players do not mind.
    """
    tidy: list[str] = []
    for index, line in enumerate(lines):
        match = times.get(index)
        if match is None:
            tidy.append(line)
            continue
        named = index and (
            _is_name(lines[index - 1], numbered)
            or (not numbered and index > 1 and not lines[index - 2])
        )
        name = tidy.pop() if named else ""
        name = name or ("0" if numbered else "")
        tidy += [
            "",
            *([name] if name else []),
            f"{_regular(match['start'])} --> {_regular(match['end'])}",
        ]
    return "\n".join(tidy).strip("\n") + "\n"


def _speech_lines(text: str, number: int, cue: Cue, entities: bool) -> Iterator[Utterance]:
    """A line of a cue without tags, cut where another voice begins;
    a voice tag without words gives a line without words.
    """
    if "<" not in text and "{" not in text:
        words = (_decoded(text) if entities else text).strip()
        if words:
            yield Utterance("", words, number, cue)
        return
    voice, at = "", 0
    for match in [*_VOICE.finditer(text), None]:
        words = _TAG.sub("", text[at : match.start() if match else len(text)])
        words = (_decoded(words) if entities else words).strip()
        if words or voice:
            yield Utterance(voice, words, number, cue)
        if match:
            voice, at = one_line(_decoded(match["name"])), match.end()


def _with_voices(speech: list[Utterance]) -> list[Utterance]:
    """Lines with words. The voice of a tag at a line's end is that of the line below."""
    kept: list[Utterance] = []
    waiting, cue = "", None
    for spoken in speech:
        speaker = spoken.speaker or (waiting if spoken.cue is cue else "")
        waiting, cue = "", spoken.cue
        if spoken.words:
            kept.append(spoken._replace(speaker=speaker))
        else:
            waiting = speaker
    return kept


def _by_cue_name(
    speech: list[Utterance], asides: tuple[Aside, ...], hints: Hints
) -> tuple[list[Utterance], tuple[Aside, ...]]:
    """The same with the names of cues as speakers, where that is what they are: Webex's
    `1 "Nora Kell" (3482912)`, or names that most cues have and that come again, where nothing in
    the cues says who speaks.
    """
    names = {
        aside.number: (match, aside)
        for aside in asides
        if aside.what == "cue name" and (match := _CUE_NAME.fullmatch(aside.words))
    }
    begin = begin_cues(speech)
    cue_names = {}
    for place in begin:
        above = speech[place - 1].number if place else 0
        for number in range(speech[place].number - 1, above, -1):
            if number in names:
                cue_names[place] = names[number]
                break
    seen = [match["name"] for match, _ in cue_names.values()]
    is_webex = all(match["quoted"] for match, _ in cue_names.values())
    are_speakers = (
        2 * len(seen) > len(begin)
        and not any(said.speaker for said in speech)
        and (is_webex or len(set(seen)) < len(seen) or hints.shape.label == "cue-name")
    )
    if not are_speakers or (not is_webex and who_speaks.by_label(speech, hints, "caption")):
        return speech, asides
    for place, (match, aside) in cue_names.items():
        speech[place] = speech[place]._replace(
            speaker=one_line(match["name"]), lead=aside.words + "\n"
        )
    used = {aside for _, aside in cue_names.values()}
    return speech, tuple(aside for aside in asides if aside not in used)


def _decoded(text: str) -> str:
    return _ENTITY.sub(lambda match: html.unescape(match.group()), text) if "&" in text else text


def _outside(lines: list[str], skipped: int, path: str) -> Iterator[Aside]:
    """Words of a WebVTT file that are in no cue: its heading, notes, names of cues.

    Raises UserError for any others.
    """
    for start, end in _blocks(lines):
        arrow = next((index for index in range(start, end) if "-->" in lines[index]), end)
        before, number = lines[start:arrow], start + 1 + skipped
        if arrow < end and before and _is_name(before[-1], False):
            before.pop()
        elif arrow < end and start and len(before) == 1 and not _NOTE.match(before[0]):
            named = before.pop().strip()
            if named:
                yield Aside(arrow + skipped, "cue name", named)
        if start == 0:
            before[0] = before[0].removeprefix("WEBVTT")
        words = _decoded(_TAG.sub("", _VOICE.sub(" ", "\n".join(before)))).strip()
        if not words:
            continue
        if start == 0:
            yield Aside(number, "heading of the captions", words)
        elif _NOTE.match(before[0]):
            if note := words.removeprefix("NOTE").strip():
                yield Aside(number, "note", note)
        elif arrow < end or not _NO_WORDS.fullmatch(before[0]):
            raise UserError.at(
                path,
                number,
                "these words belong to no caption",
                "Remove the empty line above them, or the words",
                excerpt=before[0].strip()[:100],
            )


def _blocks(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Where stretches between empty lines begin and end; between two empty lines is one, too."""
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and lines[end]:
            end += 1
        yield start, end
        start = end + 1


def _control_text(content: bytes, numbered: bool) -> str:
    """Line by line: times, numbers above them and tags away, what is left is words."""
    lines = decoding.decode(content)[0].strip("\n").split("\n")
    kept: list[str] = []
    styles = False
    for index, line in enumerate(lines):
        fresh = not numbered and (index == 0 or not lines[index - 1])
        styles = not numbered and bool((line and styles) or (fresh and _NO_WORDS.fullmatch(line)))
        if "-->" in line:
            if kept and _is_name(lines[index - 1], numbered):
                kept.pop()
            kept.append("")
        elif not styles:
            kept.append(_without_mark(line, index) if fresh else line)
    words = _TAG.sub("", _VOICE.sub(" ", "\n".join(kept)))
    return words if numbered else _decoded(words)


def _without_mark(line: str, index: int) -> str:
    """The first line of a WebVTT file or of one of its blocks, without what says what it is."""
    if index == 0:
        return line.removeprefix("WEBVTT")
    note = _NOTE.match(line)
    return line[note.end() :] if note else line


def _shows_vtt(content: bytes) -> bool:
    return re.match(rb"(?:\xef\xbb\xbf)?\s*WEBVTT(?:\s|$)", content) is not None


def _shows_srt(content: bytes) -> bool:
    return (
        re.match(rb"(?:\xef\xbb\xbf)?\s*\d+[ \t]*\r?\n\s*\d+:\d+:\d+[.,]\d+[ \t]*-->", content)
        is not None
    )


def _may_be(content: bytes) -> bool:
    return decoding.is_text(content)


VTT_READER = Reader(
    "vtt",
    (".vtt",),
    _shows_vtt,
    _may_be,
    read_vtt,
    lambda content: _control_text(content, numbered=False),
)
SRT_READER = Reader(
    "srt",
    (".srt",),
    _shows_srt,
    _may_be,
    read_srt,
    lambda content: _control_text(content, numbered=True),
)
