"""oTranscribe (.otr): JSON that holds a page of HTML, with time marks that are tags."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

from gtpipe.model import limits
from gtpipe.model.problems import UserError
from gtpipe.model.records import TIME
from gtpipe.readers import decoding
from gtpipe.readers.lines import plain
from gtpipe.readers.reading import Aside, Hints, Reader, Reading
from gtpipe.readers.speech import speech_turns
from gtpipe.readers.speech.utterances import Utterance, cue_at

_BLOCKS = frozenset("p div br li ul ol h1 h2 h3 h4 h5 h6 blockquote pre hr".split())
_INLINE = frozenset(
    "a b big code em font i img input label mark s small span strike strong sub sup u".split()
)
_ENDS = frozenset(_BLOCKS - {"br", "hr"})


class _Page(HTMLParser):
    """Paragraphs of a page: each the time marks and words in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[list[tuple[str, str]]] = [[]]  # (time in seconds or '', words)
        self.time: str | None = None  # inside a time mark: its seconds

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _BLOCKS:
            self.paragraphs.append([])
        elif tag == "span" and "timestamp" in (given.get("class") or "").split():
            self.time = given.get("data-timestamp") or "?"
            self.paragraphs[-1].append((self.time, ""))
        elif tag not in _INLINE:  # somebody typed it: `<laughs>`
            self.handle_data(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self.time = None
        elif tag in _ENDS:
            self.paragraphs.append([])
            self.time = None

    def handle_data(self, data: str) -> None:
        if self.time is not None:
            seconds, words = self.paragraphs[-1].pop() if self.paragraphs[-1] else (self.time, "")
            self.paragraphs[-1].append((seconds, words + data))
        else:
            self.paragraphs[-1].append(("", data))


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError when this is no oTranscribe file, or nobody is named and it is no
    monologue.
    """
    text, remarks = plain.text_of(content, path)
    page = _page(text, path)
    decoding.refuse_half_references(page, path)
    parser = _Page()
    parser.feed(page)
    parser.close()
    utterances: list[Utterance] = []
    asides: list[Aside] = []
    before = 0.0
    number = 0
    for paragraph in parser.paragraphs:
        words, written, start = "", "", None
        marks: list[str] = []
        for seconds, said in paragraph:
            if not seconds or not re.fullmatch(TIME, said.strip()):
                words += said
            elif not words.strip() and not written:
                written = said.strip()
                is_number = re.fullmatch(r"\d{1,7}(?:\.\d{1,20})?", seconds)
                start = float(seconds) if is_number else None
            else:
                marks.append(said.strip())
                words += " "
        if not words.strip() and not written:
            continue
        number += 1
        asides += [Aside(number, "time within a turn", mark) for mark in marks if mark]
        before = before if start is None else start
        if words.strip():
            cue = cue_at(start, time=written)._replace(start=before, end=before)
            lead = f"{written} " if written else ""
            utterances.append(Utterance("", _one_spaced(words), number, cue, lead))
        elif written:
            asides.append(Aside(number, "time without words", written))
    limits.refuse_many(len(utterances), limits.CUES, "paragraphs", path)
    if not utterances:
        raise UserError.at(path, None, "this file holds no words", "Is it the right file?")
    return speech_turns.reading(
        "otranscribe", utterances, path, hints, asides=asides, remarks=remarks, unit="paragraph"
    )


def _one_spaced(words: str) -> str:
    return re.sub(r"[ \t\n]+", " ", words).strip()


def _page(text: str, path: str) -> str:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    page = data.get("text") if isinstance(data, dict) else None
    if not isinstance(page, str):
        raise UserError.at(
            path,
            None,
            "this is no file of oTranscribe, or it breaks off",
            "Export it again, as an oTranscribe file (.otr) or as plain text",
        )
    return page


def control_text(content: bytes) -> str | None:
    """The page's text, tags apart, by Python's own parser."""
    pieces: list[str] = []

    class Pieces(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag in _BLOCKS or tag == "span":
                pieces.append(" ")
            elif tag not in _INLINE:
                pieces.append(self.get_starttag_text() or "")

        def handle_endtag(self, tag: str) -> None:
            if tag in _BLOCKS or tag == "span":
                pieces.append(" ")

        def handle_data(self, data: str) -> None:
            pieces.append(data)

    parser = Pieces(convert_charrefs=True)
    parser.feed(_page(decoding.decode(content)[0], ""))
    parser.close()
    return "".join(pieces)


def _shows(content: bytes) -> bool:
    return (
        content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"
        and re.search(rb'"media(?:-time|-source)?"\s*:', content) is not None
        and re.search(rb'"text"\s*:\s*"', content) is not None
        and re.search(rb'"(?:segments|transcription|chunks|words)"\s*:\s*\[', content) is None
    )


READER = Reader("otranscribe", (".otr",), _shows, decoding.is_text, read, control_text)
