"""Rich text (.rtf): its words by striprtf, after what is no running text was taken out.

striprtf drops notes, comments, headers and text boxes, and hands on tables and line breaks as
characters that might as well be typed. So these are cut out and handed to it one by one, and marks
that no text holds are put where cells and rows end.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from gtpipe.readers import archive
from gtpipe.readers.documents import blocks, rtf_control
from gtpipe.readers.reading import Hints, Reader, Reading

WHAT = "rich text document"
_MOST, _CONTROLS = 64 * 2**20, 2_000_000  # bytes, mostly pictures; control words and groups
_CELL, _ROW, _ASIDE, _ROW_BEGINS, _LINE = (
    "\ufdd0",
    "\ufdd1",
    "\ufdd2",
    "\ufdd3",
    "\ufdd4",
)  # noncharacters: in no text
_MARKS = {
    "cell": _CELL,
    "row": _ROW,
    "trowd": _ROW_BEGINS,
    "intbl": _ROW_BEGINS,
    "line": _LINE,
    "nestcell": _LINE,
    "nestrow": _LINE,
}


# Braces, and what says how words are set; whatever else a backslash begins is passed over.
_SETTING = re.compile(
    r"[{}]|\\(?:(?P<word>b|i|plain|super|sub|nosupersub)(?P<number>-?\d{1,3})?(?![A-Za-z0-9]) ?"
    r"|[^A-Za-z])"
)
# A noncharacter for each way in which words may be set from there on.
_BOLD, _ITALIC, _RAISED = 1, 2, 4
_FLAGS = {"b": _BOLD, "i": _ITALIC}
_LOOKS = {
    chr(0xFDD5 + flags): blocks.Look(
        bool(flags & _BOLD), bool(flags & _ITALIC), bool(flags & _RAISED)
    )
    for flags in range(8)
}


class _Cut(NamedTuple):
    """Rich text without what was cut out of it: asides as (what, rich text),
    and how many deletions.
    """

    body: str
    asides: tuple[tuple[str, str], ...]
    deleted: int
    whole: bool


def _cut(rtf: str) -> _Cut:
    """The running text with marks in it, and what stands aside.

    What is cut ends with the group it is in.
    """
    kept: list[str] = []
    asides: list[tuple[str, str]] = []
    depth = deleted = at = copied = 0
    cut_depth, cut_from, cut_what = 0, 0, ""
    while match := rtf_control.TOKEN.search(rtf, at):
        at = match.end()
        word = match["word"]
        if word is None:
            if match.group() == "{":
                depth += 1
            elif match.group() == "}":
                if depth == cut_depth and cut_depth:
                    if cut_what in rtf_control.ASIDES.values():
                        asides.append((cut_what, rtf[cut_from : match.start()]))
                        kept.append(_control(_ASIDE, str(len(asides) - 1)))
                    copied, cut_depth = match.start(), 0
                depth -= 1
                if depth == 0:
                    break
        elif word == "bin":
            kept.append(rtf[copied : match.start()] if not cut_depth else "")
            at = copied = min(at + max(int(match["number"] or 0), 0), len(rtf))
        elif word == "ftnalt" and cut_what == "footnote":
            cut_what = "endnote"
        elif cut_depth or depth == 0:
            continue
        elif (
            word in rtf_control.ASIDES
            or word in rtf_control.DROPPED
            or (word == "deleted" and match["number"] != "0")
        ):
            deleted += word == "deleted"
            kept.append(
                rtf[copied : match.start()].rstrip().removesuffix("\\*")
            )  # what follows \* is not shown, nor would its mark be
            cut_depth, cut_from, cut_what = depth, at, rtf_control.ASIDES.get(word, "")
        elif word in _MARKS:
            kept += rtf[copied : match.start()], _control(_MARKS[word])
            copied = at
    kept.append(rtf[copied:at] if not cut_depth else "")
    return _Cut("".join(kept), tuple(asides), deleted, depth == 0)


def _control(mark: str, index: str = "") -> str:
    code = f"\\u{ord(mark) - 0x10000} "
    return f"{{\\uc0{code}{index}{code if index else ''}}}"


def _with_looks(rtf: str) -> str:
    """The same with a mark wherever words are set in another way from there on."""
    kept: list[str] = []
    outer: list[int] = []
    flags = marked = copied = 0
    for match in _SETTING.finditer(rtf):
        sign, word = match[0], match["word"]
        if sign == "{":
            outer.append(flags)
        elif sign == "}":
            flags = outer.pop() if outer else 0
        elif word is None:
            continue
        elif word == "plain":
            flags = 0
        else:
            flag = _FLAGS.get(word, _RAISED)
            is_on = match["number"] != "0" and word not in ("sub", "nosupersub")
            flags = flags | flag if is_on else flags & ~flag
        if flags != marked:
            kept += rtf[copied : match.end()], chr(0xFDD5 + flags)
            copied, marked = match.end(), flags
    return "".join([*kept, rtf[copied:]])


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError when the document is damaged, or nothing in it says who speaks."""
    size = f"this {WHAT} is {len(content) / 2**20:,.0f} MB long"
    if len(content) > _MOST or content.count(b"\\") + content.count(b"{") > _CONTROLS:
        raise archive.too_much(path, size)
    rtf = rtf_control.decoded(content)
    cut = _cut(rtf)
    if len(cut.body) + sum(len(rich) for _, rich in cut.asides) > _MOST // 4:  # what is no picture
        raise archive.too_much(path, size)
    if not cut.whole:
        raise archive.broken(path, WHAT)
    head = rtf_control.head(rtf)
    text = _text(f"{head}{{{_with_looks(cut.body)}}}}}", path)
    rich_asides = (f"{{{_with_looks(rich)}}}{_control(_ROW)}" for _, rich in cut.asides)
    apart = _text("".join([head, *rich_asides, "}"]), path).split(_ROW)
    if len(apart) != len(cut.asides) + 1:
        raise archive.broken(path, WHAT)
    asides = [
        (what, "\n".join(line.text for line in _paragraph(words).lines()))
        for (what, _), words in zip(cut.asides, apart[:-1], strict=True)
    ]
    document = _document(text, asides)
    remarks = [*blocks.remarks_on_deletions(cut.deleted)]
    broken = text.count("\ufffd") + sum(words.count("\ufffd") for words in apart)
    if broken:
        remarks.append(
            f"{broken} character{'' if broken == 1 else 's'} cannot be read and show as \ufffd"
        )
    return blocks.reading("rtf", document, path, hints, tuple(remarks))


def _text(rtf: str, path: str) -> str:
    from striprtf.striprtf import rtf_to_text

    try:
        text = rtf_to_text(rtf, encoding=rtf_control.codec_of(rtf[:2000]), errors="replace")
    except (ValueError, TypeError, LookupError, OverflowError):
        raise archive.broken(path, WHAT) from None
    return rtf_control.typed(text)


def _document(text: str, asides: list[tuple[str, str]]) -> blocks.Document:
    building = _Building(asides)
    for piece in re.split("([\ufdd0\ufdd1\ufdd3\n]|\ufdd2\\d+\ufdd2|[\ufdd5-\ufddc])", text):
        building.take(piece)
    return building.finished()


def _paragraph(words: str) -> blocks.ParagraphText:
    """Words with marks of how they are set, as a paragraph."""
    paragraph = blocks.ParagraphText()
    look = blocks.PLAIN
    for piece in re.split("([\ufdd5-\ufddc])", words):
        if piece in _LOOKS:
            look = _LOOKS[piece]
        else:
            paragraph.add(piece.replace(_LINE, "\n"), look)
    return paragraph


class _Building:
    """A document while its text comes in, cut at marks: text, a mark, text, a mark …"""

    def __init__(self, asides: list[tuple[str, str]]) -> None:
        self.document = blocks.Document()
        self.asides = dict(enumerate(asides))  # those whose mark has not come yet
        self.rows: list[blocks.TableRow | None] = []
        self.cells: list[tuple[blocks.TextLine, ...]] = []
        self.in_row, self.look = False, blocks.PLAIN
        self.words = blocks.ParagraphText()

    @property
    def has_words(self) -> bool:
        return any(map(str.strip, self.words.runs))

    def take(self, piece: str) -> None:
        if piece.startswith(_ASIDE) and (
            aside := self.asides.pop(int(piece.strip(_ASIDE) or -1), None)
        ):
            self.document.aside(*aside)
        elif piece in _LOOKS:
            self.look = _LOOKS[piece]
        elif piece == _ROW_BEGINS:
            if not self.in_row and self.has_words:
                self.end_paragraph()
            self.in_row = True
        elif piece == _CELL:
            self.in_row = True
            self.end_cell()
        elif piece == _ROW:
            if self.has_words:
                self.end_cell()
            self.end_row()
        elif piece == "\n" and not self.in_row:
            if self.has_words or not self.rows:
                self.end_paragraph()
            self.words = blocks.ParagraphText()
        else:
            self.words.add(piece.replace(_LINE, "\n"), self.look)

    def lines(self) -> tuple[blocks.TextLine, ...]:
        """Those of the words so far, which are taken away with them."""
        words, self.words = self.words, blocks.ParagraphText()
        return words.lines()

    def end_paragraph(self) -> None:
        self.end_table()
        self.document.paragraph(self.lines())

    def end_cell(self) -> None:
        self.cells.append(self.lines())

    def end_row(self) -> None:
        self.rows.append(self.document.row(self.cells))
        self.cells, self.in_row, self.words = [], False, blocks.ParagraphText()

    def end_table(self) -> None:
        if self.rows:
            self.document.table(self.rows)
            self.rows.clear()

    def finished(self) -> blocks.Document:
        if self.cells:
            self.rows.append(self.document.row(self.cells))
        self.end_table()
        if self.has_words:
            self.document.paragraph(self.lines())
        for what, words in self.asides.values():  # in a shape striprtf shows nothing, nor the mark
            self.document.aside(what, words, max(self.document.number, 1))
        return self.document


def _shows(content: bytes) -> bool:
    return content.removeprefix(codecs.BOM_UTF8)[:200].lstrip().startswith(b"{\\rtf")


READER = Reader("rtf", (".rtf",), _shows, _shows, read, rtf_control.control_text)
