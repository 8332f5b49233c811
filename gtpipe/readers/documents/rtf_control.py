"""What rich text is made of, and its words by a small reader of our own:
the second reading that the first is compared with.
"""

from __future__ import annotations

import re

from gtpipe.readers.documents import blocks

ASIDES = {
    "footnote": "footnote",
    "annotation": "comment",
    "header": "header",
    "headerl": "header",
    "headerr": "header",
    "headerf": "header",
    "footer": "footer",
    "footerl": "footer",
    "footerr": "footer",
    "footerf": "footer",
    "shptxt": "text box",
    "dptxbxtext": "text box",
}
# What is no word: instructions of fields, numbers of lists, bytes of pictures, second copies of
# shapes for old programs.
DROPPED = frozenset(
    "fonttbl fldinst listtext pntext pict objdata shprslt datafield themedata datastore "
    "colorschememapping".split()
)
TOKEN = re.compile(
    r"\\(?:(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})? ?|'[0-9A-Fa-f]{2}|[\s\S])|[{}]"
)


def decoded(content: bytes) -> str:
    """Bytes as characters: nearly all are ASCII, the rest in the code page the document names."""
    codec = codec_of(content[:2000].decode("latin-1"))
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return content.decode("latin-1")


def codec_of(start: str) -> str:
    named = re.search(r"\\ansicpg(\d{3,5})", start)
    codec = (
        f"cp{named[1]}"
        if named
        else "mac_roman"
        if re.match(r"\{\\rtf1?\s*\\mac\b", start)
        else "cp1252"
    )
    try:
        "é".encode(codec, "replace")
    except LookupError:
        return "cp1252"
    return codec


def head(rtf: str) -> str:
    """What every piece needs of the document: its code page, and which fonts have another,
    a line each.
    """
    fonts = "\n".join(
        f"{{\\f{number}\\fcharset{charset} x;}}" for number, charset in fonts_of(rtf).items()
    )
    codec = codec_of(rtf[:2000])
    code_page = codec[2:] if codec.startswith("cp") else 10000
    return f"{{\\rtf1\\ansi\\ansicpg{code_page}{{\\fonttbl{fonts}}}"


def fonts_of(rtf: str) -> dict[str, str]:
    """Number of a font → number of its character set."""
    from striprtf.striprtf import font_table_group

    fonts: dict[str, str] = {}
    font = ""
    for match in TOKEN.finditer(font_table_group(rtf)):
        if match["word"] == "f":
            font = match["number"] or ""
        elif match["word"] == "fcharset" and font and match["number"]:
            fonts.setdefault(font, match["number"].lstrip("-")[:3])
    return fonts


def typed(text: str) -> str:
    """Characters above U+FFFF stand in rich text as two halves; hyphens as in the other formats."""
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\u2011", "-").replace("\xad", "")


_HEX = re.compile(
    r"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})? ?|(?P<bytes>(?:\\'[0-9A-Fa-f]{2})+)|"
    r"\\(?P<sign>[\s\S])|(?P<brace>[{}])|"
    r"[\r\n]+|(?P<text>[^\\{}\r\n]+)"
)
_SIGNS = {
    "par": "\n",
    "line": "\n",
    "sect": "\n",
    "page": "\n",
    "row": "\n",
    "cell": "\n",
    "nestcell": "\n",
    "nestrow": "\n",
    "tab": "\t",
    "emdash": "\u2014",
    "endash": "\u2013",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
    "bullet": "\u2022",
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "\u201c",
    "rdblquote": "\u201d",
    "~": "\xa0",
    "_": "-",
    "{": "{",
    "}": "}",
    "\\": "\\",
    "\n": "\n",
    "\r": "\n",
}


def control_text(content: bytes) -> str:
    """The text between control words, by a small reader of our own that leaves out what striprtf
    calls destinations.
    """
    from striprtf.striprtf import charset_map

    rtf = decoded(content)
    page = codec_of(rtf[:2000])
    fonts = {
        number: charset_map.get(int(charset), page) for number, charset in fonts_of(rtf).items()
    }
    reader = _ControlReader(page, fonts)
    at = 0
    while not reader.at_end and (match := _HEX.match(rtf, at)):
        at = match.end()
        if match["word"] == "bin":
            at += max(int(match["number"] or 0), 0)
        reader.take(match)
    told = [(words, up) for words, up in reader.pieces if words]
    runs = blocks.with_powers([words for words, _ in told], [up for _, up in told])
    return blocks.clean(typed("".join(runs)))


class _ControlReader:
    """Takes rich text piece by piece: a brace, a control word or sign, text, bytes."""

    def __init__(self, page: str, fonts: dict[str, str]) -> None:
        from striprtf.striprtf import destinations

        self.page, self.fonts = page, fonts
        self.silencing = DROPPED.union(destinations) - ASIDES.keys()
        self.pieces: list[tuple[str, bool]] = []  # and whether they are raised
        self.outer: list[tuple[bool, int, str, bool]] = []  # groups around this one
        self.silent, self.width, self.codec, self.raised = False, 1, page, False
        self.owed = 0  # characters to pass over, which stand for one in Unicode
        self.at_end = False

    def take(self, match: re.Match[str]) -> None:
        if match["text"] or match["bytes"]:
            self.text(match["text"] or bytes.fromhex(match["bytes"].replace("\\'", "")))
            return
        word, sign = match["word"], match["sign"]
        if match["brace"]:
            self.group(match["brace"])
        elif word:
            self.word(word, match["number"])
        self.owed = self.width if word == "u" else 0
        if not self.silent:
            self.pieces.append((_SIGNS.get(word or sign or "", ""), self.raised))
        self.silent = self.silent or sign == "*"

    def group(self, brace: str) -> None:
        if brace == "{":
            self.outer.append((self.silent, self.width, self.codec, self.raised))
        elif self.outer:
            self.silent, self.width, self.codec, self.raised = self.outer.pop()
            self.at_end = not self.outer
        else:
            self.silent, self.at_end = True, True

    def word(self, word: str, number: str | None) -> None:
        if word in ASIDES:
            self.silent = False
        elif word in self.silencing or (word == "deleted" and number != "0"):
            self.silent = True
        elif word == "f":
            self.codec = self.fonts.get(number or "", self.page)
        elif word in ("super", "sub", "nosupersub", "plain"):
            self.raised = word == "super" and number != "0"
        elif word == "uc":
            self.width = max(int(number or 1), 0)
        elif word == "u" and number and not self.silent:
            self.pieces.append((chr(int(number) % 0x10000), self.raised))

    def text(self, units: str | bytes) -> None:
        kept = units[self.owed :]
        self.owed = max(self.owed - len(units), 0)
        if not self.silent:
            words = kept if isinstance(kept, str) else kept.decode(self.codec, "replace")
            self.pieces.append((words, self.raised))
