"""SubViewer captions (.sbv), as YouTube has them: a line of two times, and what is said."""

from __future__ import annotations

import re

from gtpipe.model import limits
from gtpipe.model.problems import UserError
from gtpipe.readers import decoding
from gtpipe.readers.lines import plain
from gtpipe.readers.reading import Hints, Reader, Reading
from gtpipe.readers.speech import speech_turns
from gtpipe.readers.speech.utterances import Cue, Utterance, by_line, cue_at

_TIMES = re.compile(
    r"(\d{1,3}):([0-5]\d):([0-5]\d)\.(\d{3}),(\d{1,3}):([0-5]\d):([0-5]\d)\.(\d{3})"
)
_ALMOST_TIMES = re.compile(r"\d{1,3}:\d\d[\d:.]*\s*,\s*\d{1,3}:\d\d[\d:.]*")


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError where words belong to no caption, or nobody is named and it is no
    monologue.
    """
    text, remarks = plain.text_of(content, path)
    limits.refuse_many(text.count("\n"), 5 * limits.CUES, "lines", path)
    utterances: list[Utterance] = []
    cue: Cue | None = None
    count = 0
    for number, line in enumerate(text.split("\n"), 1):
        if times := _TIMES.fullmatch(line.strip()):
            start, end = _seconds(*times.groups()[:4]), _seconds(*times.groups()[4:])
            cue = cue_at(start, end, line.strip().partition(",")[0])
            count += 1
        elif (is_almost := _ALMOST_TIMES.fullmatch(line.strip())) or (line.strip() and cue is None):
            raise UserError.at(
                path,
                number,
                "this line is not the time of a caption"
                if is_almost
                else "these words belong to no caption",
                "A caption begins with a line like 0:01:05.000,0:01:07.500",
                excerpt=line.strip()[:100],
            )
        elif cue is not None:
            utterances += by_line("", line.replace("[br]", "\n"), number, cue)
    limits.refuse_many(count, limits.CUES, "captions", path)
    if not utterances:
        raise UserError.at(path, None, "these captions hold no words", "Is it the right file?")
    return speech_turns.reading("sbv", utterances, path, hints, remarks=remarks)


def _seconds(hours: str, minutes: str, seconds: str, thousandths: str) -> float:
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths) / 1000


def control_text(content: bytes) -> str:
    lines = decoding.decode(content)[0].replace("[br]", "\n").split("\n")
    return "\n".join(line for line in lines if not _TIMES.fullmatch(line.strip()))


def _shows(content: bytes) -> bool:
    head = content[:200].removeprefix(b"\xef\xbb\xbf")
    return re.match(rb"\s*\d{1,3}:\d\d:\d\d\.\d{3},\d{1,3}:\d\d:\d\d\.\d{3}\s*\n", head) is not None


READER = Reader("sbv", (".sbv",), _shows, decoding.is_text, read, control_text)
