"""CHAT (.cha), as CHILDES and TalkBank have it: `*INV:` lines, `%com:` lines that say something of
them, `@` lines about the whole. A line that begins with a tab goes on with the one above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gtpipe.model import limits
from gtpipe.model.problems import UserError
from gtpipe.readers.lines import plain
from gtpipe.readers.reading import Aside, Hints, Reader, Reading
from gtpipe.readers.speech import speech_turns
from gtpipe.readers.speech.utterances import Utterance, cue_at

# The recording's times, between two signs that nobody sees
_BULLET = re.compile(r"\x15[^\x15\n]{0,200}?(?:(\d{1,9})_(\d{1,9}))?\x15")
_MAIN = re.compile(r"\*(?P<speaker>[^\s:*]{1,40}):[ \t]*")


class _Entry(NamedTuple):
    """A line and those that go on with it, and the number of its first."""

    lines: list[str]
    number: int


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError where a line is none of a CHAT file's, or nobody speaks."""
    text, remarks = plain.text_of(content, path)
    limits.refuse_many(text.count("\n"), limits.LINES, "lines", path)
    utterances: list[Utterance] = []
    asides: list[Aside] = []
    for lines, number in _entries(text):
        whole = "\n".join(lines)
        main = _MAIN.match(whole)
        if whole.startswith(("@", "%")):
            kind = "header" if whole[0] == "@" else f"tier {whole.partition(':')[0]}"
            asides.append(Aside(number, kind, _BULLET.sub("", whole).strip()))
        elif main is None:
            raise UserError.at(
                path,
                number,
                "this line of a CHAT file says not who speaks",
                "Begin it like `*INV:`, or with a tab if it goes on with the line above",
                excerpt=lines[0][:100],
            )
        elif main["speaker"] in hints.not_speakers or (
            hints.only_known and main["speaker"] not in hints
        ):
            asides.append(Aside(number, f"line *{main['speaker']}", _BULLET.sub("", whole)))
        else:
            times = [match for match in _BULLET.finditer(whole) if match[1]]
            start = int(times[0][1]) / 1000 if times else None
            end = int(times[-1][2]) / 1000 if times else None
            words = " ".join(_BULLET.sub("", whole[main.end() :]).split())
            utterances.append(
                Utterance(main["speaker"], words, number, cue_at(start, end), main.group())
            )
    limits.refuse_many(len(utterances), limits.CUES, "utterances", path)
    if not utterances:
        raise UserError.at(
            path, None, "nobody speaks in this CHAT file", "A turn begins like `*INV:` and a tab"
        )
    return speech_turns.reading("chat", utterances, path, hints, asides=asides, remarks=remarks)


def _entries(text: str) -> Iterator[_Entry]:
    entry: _Entry | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("\t") and entry:
            entry.lines.append(line)
        elif line.strip():
            if entry:
                yield entry
            entry = _Entry([line], number)
    if entry:
        yield entry


def control_text(content: bytes) -> str:
    return re.sub("\x15[^\x15\n]{0,220}\x15", "", plain.control_text(content))


def _shows(content: bytes) -> bool:
    head = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    return re.match(rb"@(?:UTF8|Begin|Font:|PID:|Window:)", head) is not None and b"@Begin" in head


READER = Reader(
    "chat", (".cha",), _shows, lambda content: b"\x00" not in content, read, control_text
)
