"""What the places of a Word document are called, so that a reader's comments find their way back.

A bookmark's name is all that Word and LibreOffice are sure to keep: at most 40 letters, digits and
underscores. It tells which turn, code or comment this was, and by a digest of the words whether
somebody changed them since.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from gtpipe.model.level import CodeRef
from gtpipe.model.names import one_line

_NO_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_NAME = re.compile(
    r"_gt(?P<kind>[tch])\d*_(?P<of>[0-9a-f]{14})(?:_(?P<words>[0-9a-f]{14}))?(?:_\d+)?"
)


class Bookmark(NamedTuple):
    """What a bookmark of ours marks: `kind` turn, comment or heading, `of` which one, `words`
    what it said.
    """

    kind: str
    of: str
    words: str


TURN, COMMENT, HEADING = "t", "c", "h"


def clean(text: str) -> str:
    """`text` as XML can hold it."""
    return text if text.isprintable() else _NO_XML.sub("\ufffd", text.replace("\r\n", "\n"))


def digest(*parts: str) -> str:
    """White space apart, which programs change when they save."""
    joined = "\n".join(one_line(clean(part)) for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:14]


def of_turn(interview: str, turn: str, words: str) -> str:
    """The name of the place where the words of a turn stand."""
    return f"_gt{TURN}_{digest(interview, turn)}_{digest(words)}"


def of_comment(number: int, author: str, text: str) -> str:
    """The name of the place that one of our own comments is on."""
    return f"_gt{COMMENT}{number}_{digest(author)}_{digest(text)}"


def of_heading(code: CodeRef) -> str:
    """The name of a heading under which a code, category or relation is told of."""
    return f"_gt{HEADING}_{digest(code.level, code.label)}"


def read(name: str) -> Bookmark | None:
    """What a bookmark's name says; None where it is none of ours."""
    match = _NAME.fullmatch(name)
    return Bookmark(match["kind"], match["of"], match["words"] or "") if match else None
