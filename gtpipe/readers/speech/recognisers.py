"""Speech recognisers' JSON: which maker's it is, and the reader of them all.

A recogniser's words are a first draft: the transcript made of them is a person's to listen through
and correct. Each maker's form is a function in `json_makers`, which fills one table.
"""

from __future__ import annotations

import json
import re

from gtpipe.model import limits
from gtpipe.model.problems import UserError
from gtpipe.readers import decoding
from gtpipe.readers.lines import plain
from gtpipe.readers.reading import Aside, Doubt, Hints, Reader, Reading, refuse_halves
from gtpipe.readers.speech import json_makers, speech_turns
from gtpipe.readers.speech.json_makers import MAKERS, Recognised

_DO = (
    "This needs the JSON of "
    + ", ".join(maker.title for maker in MAKERS[:-1])
    + f" or {MAKERS[-1].title}, with its segments; or save the transcript as .txt, .srt or .vtt"
)
_KEYS = "segments transcription chunks results utterances monologues transcripts words".split()


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError when this is no JSON, holds no segments,
    or names nobody and is no monologue.
    """
    text, remarks = plain.text_of(content, path, limits.JSON_BYTES)
    found = _recognised(text, path)
    limits.refuse_many(len(found.utterances), limits.CUES, "segments", path)
    refuse_halves(
        ((said.number, said.speaker + said.words) for said in found.utterances), "segment", path
    )
    if not found.utterances:
        raise UserError.at(path, None, "these segments hold no words", "Is it the right file?")
    return speech_turns.reading(
        found.maker,
        found.utterances,
        path,
        hints,
        asides=[Aside(1, "text besides the segments", words) for words in _besides(found)],
        remarks=remarks,
        doubts=_mixed(found),
        unit="segment",
    )


def _recognised(text: str, path: str) -> Recognised:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as exc:
        raise UserError.at(
            path, exc.lineno, "this file breaks off or is no JSON", "Export it again"
        ) from None
    except RecursionError:
        raise UserError.at(path, None, "lists are nested too deeply in this JSON", _DO) from None
    except ValueError:
        raise UserError.at(path, None, "this JSON is not a transcript", _DO) from None
    try:
        found = json_makers.recognised(data)
    except json_makers.UnreadableError as exc:
        raise UserError.at(path, None, str(exc), _DO) from None
    if found is None:
        raise UserError.at(path, None, "this JSON holds no segments of speech", _DO)
    return found


def _mixed(found: Recognised) -> list[Doubt]:
    """A doubt where words of several speakers stand in one segment and cannot be told apart."""
    if not found.mixed:
        return []
    count = len(found.mixed)
    which = "1 segment holds" if count == 1 else f"{count} segments hold"
    return [
        Doubt(
            found.mixed[0],
            f"{which} words of several speakers that do not add up to the segment's text",
            "Part the segment in the file: each speaker's words in a segment of their own",
        )
    ]


def _packed(texts: list[str]) -> str:
    return "".join("".join(texts).split())


def _besides(found: Recognised) -> list[str]:
    """The whole texts that recognisers write beside the segments, where they are not theirs."""
    said = _packed([utterance.words for utterance in found.utterances])
    return [whole for whole in found.wholes if whole.strip() and _packed([whole]) != said]


def control_text(content: bytes) -> str | None:
    """Recognisers say everything twice: the segments' texts where there is no whole text,
    or where it is another.
    """
    found = json_makers.recognised(json.loads(decoding.decode(content)[0]))
    if found is None:
        return None
    texts = [utterance.words for utterance in found.utterances]
    wholes = [whole for whole in found.wholes if whole.strip()]
    same = [whole for whole in wholes if _packed([whole]) == _packed(texts)]
    others = [whole for whole in wholes if whole not in same]
    joined = "\n".join(texts)
    return "\n".join([same[0] if same and same[0].split() == joined.split() else joined, *others])


def _shows(content: bytes) -> bool:
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"{":
        keys = "|".join(_KEYS).encode()
        return re.search(rb'"(?:' + keys + rb')"\s*:\s*[\[{]', content) is not None
    return (
        start == b"["
        and re.match(rb"(?:\xef\xbb\xbf)?\s*\[\s*\{", content) is not None
        and b'"text"' in content[:20_000]
    )


READER = Reader("json", (".json",), _shows, decoding.is_text, read, control_text)
