"""PDF transcripts: letters with their places out of the file;
what they make up as lines, `page_layout` thinks out.

Read with PDFium (pypdfium2). Its letters are compared, in the file's own order, with what the
layout made of them, so no word is lost between the two. PDFium mends damaged files in silence;
damage is therefore looked for before it reads.
"""

from __future__ import annotations

import ctypes
import math
import re
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from gtpipe.model.problems import UserError
from gtpipe.readers.lines import speaker_turns
from gtpipe.readers.pages import page_layout
from gtpipe.readers.pages.rows import Page, TextRun
from gtpipe.readers.reading import Aside, Hints, Reader, Reading

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage
    from pypdfium2.raw import FPDF_TEXTPAGE, FS_RECTF

# More than this is no transcript: a 300-page book has about 0.7 million letters.
_MOST_PAGES, _MOST_LETTERS, _MOST_BYTES = 3000, 10_000_000, 150_000_000
_UNREADABLE = "\ufffd"
_SAVE_AGAIN = (
    "Open it in a PDF viewer, check that all pages are there, and print it to a new PDF; "
    "or save its text as .txt (UTF-8)"
)
_RECOGNISE = (
    "Run text recognition first, for example `ocrmypdf {0} recognised.pdf`, "
    "and check the words against the recording"
)
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_BOLD_FONT = re.compile(r"bold|black|heavy|semibd|demi", re.IGNORECASE)
_BOLD_FLAG = 1 << 18
_COMMENT, _FIELD = "comment", "form field"


class _BadPdfError(Exception):
    """What is wrong with the file, and what to do; `read` adds the path."""


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Turns, numbered by page.

    Raises UserError when the file is cut short, damaged, locked, a scan, or nobody speaks in it.
    """
    try:
        pages, asides = _pages(content)
    except _BadPdfError as exc:
        what, do = exc.args
        raise UserError.at(path, None, what, do.format(path)) from None
    try:
        layout = page_layout.lines_of(pages)
    except page_layout.NamesBesideTheMiddleError:
        raise UserError.at(
            path,
            None,
            "the names stand beside the middle of their words, "
            "so who says what cannot be told for certain",
            "Align the table's cells at the top and save the PDF again, "
            "or save it as .docx or .txt",
        ) from None
    turns = speaker_turns.turns_in(layout.lines, path, hints)
    return layout.reading("PDF", turns, tuple(asides), _remarks(pages))


def control_text(content: bytes) -> str | None:
    """The letters in the order of the file, without a look at where they stand."""
    try:
        with _document(content) as document:
            pieces: list[str] = []
            for number in range(len(document)):
                with closing(document[number]) as page, closing(page.get_textpage()) as textpage:
                    pieces += [
                        *_letters(textpage),
                        "\n",
                        *(f"\n{aside.words}\n" for aside in notes_on(page, number + 1)),
                    ]
            return "".join(pieces)
    except _BadPdfError:
        return None


@contextmanager
def _document(content: bytes) -> Iterator[PdfDocument]:
    """The open document. Raises _BadPdfError when it cannot be opened or a page of it cannot."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as exc:
        if exc.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise _BadPdfError(
                "this PDF is protected by a password",
                "Open it with the password and save it without one",
            ) from None
        raise _BadPdfError("this PDF is damaged: it cannot be opened", _SAVE_AGAIN) from None
    with closing(document):
        if len(document) > _MOST_PAGES:
            raise _BadPdfError(
                f"this PDF says it has {len(document)} pages",
                "Split it, or save its text as .txt (UTF-8)",
            )
        try:
            yield document
        except pypdfium2.PdfiumError:
            raise _BadPdfError(
                "this PDF is damaged: not all its pages can be opened", _SAVE_AGAIN
            ) from None


def _pages(content: bytes) -> tuple[list[Page], list[Aside]]:
    """Pages as placed runs of text, and what is pinned to them: comments, filled-in fields."""
    import pypdfium2

    if b"%%EOF" not in content[-2048:]:
        raise _BadPdfError("this PDF is cut short: its end is missing", "Copy or download it again")
    _look_for_damage(content)
    pages: list[Page] = []
    notes: list[Aside] = []
    pictures, letters = 0, 0
    with _document(content) as document:
        if not len(document):
            raise _BadPdfError("this PDF is damaged: it has no pages", _SAVE_AGAIN)
        for number in range(1, len(document) + 1):
            with closing(document[number - 1]) as page, closing(page.get_textpage()) as textpage:
                letters += textpage.count_chars()
                if letters > _MOST_LETTERS:
                    raise _BadPdfError("this PDF holds more text than any transcript", "Split it")
                pages.append(_placed(page, textpage, number))
                notes += notes_on(page, number)
                if not pages[-1].runs:
                    pictures += any(
                        page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
                    )
    if not any(page.runs for page in pages):
        if pictures:
            raise _BadPdfError(
                "this PDF is a scan: its pages are pictures, without text", _RECOGNISE
            )
        raise _BadPdfError(
            "this PDF holds no text",
            "Is it the right file? If letters are drawn in it as lines, "
            "run text recognition first: "
            "`ocrmypdf --force-ocr {0} recognised.pdf`",
        )
    _refuse_unreadable(pages)
    return pages, notes


def _look_for_damage(content: bytes) -> None:
    """Raises _BadPdfError where packed text does not unpack whole,
    or would unpack to more than a transcript can be.
    """
    if b"/Encrypt" in content:
        return
    unpacked = 0
    for match in _STREAM.finditer(content):
        head = content[
            max(content.rfind(b" obj", 0, match.start()), match.start() - 2000) : match.start()
        ]
        if not re.search(rb"/Filter\s*(?:\[\s*)?/FlateDecode\b\s*\]?", head) or re.search(
            rb"/Image\b|/(?:ASCII85|ASCIIHex|LZW)Decode", head
        ):
            continue
        packed, unpacker = match.group(1), zlib.decompressobj()
        try:
            while packed and not unpacker.eof:
                unpacked += len(unpacker.decompress(packed, 1 << 20))
                packed = unpacker.unconsumed_tail
                if unpacked > _MOST_BYTES:
                    raise _BadPdfError(
                        "this PDF unpacks to more than any transcript",
                        "Save its text as .txt (UTF-8)",
                    )
        except zlib.error:
            raise _BadPdfError(
                "this PDF is damaged: a part of it does not unpack", _SAVE_AGAIN
            ) from None
        if match.group(1) and not unpacker.eof:
            raise _BadPdfError("this PDF is damaged: a part of it is cut short", _SAVE_AGAIN)


def _letters(textpage: PdfTextPage) -> Iterator[str]:
    """Each letter in the order of the file; U+FFFD for one the file gives no meaning;
    a hyphen at a line's end is one again.
    """
    from pypdfium2 import raw

    unicode_of, is_hyphen, has_error = (
        raw.FPDFText_GetUnicode,
        raw.FPDFText_IsHyphen,
        raw.FPDFText_HasUnicodeMapError,
    )
    handle = textpage.raw
    for index in range(textpage.count_chars()):
        code = unicode_of(handle, index)
        if code < 32:
            if code in (9, 10, 13):
                yield " "
            else:
                yield "-" if is_hyphen(handle, index) == 1 else _UNREADABLE
        elif (
            has_error(handle, index) == 1
            or 0xD800 <= code < 0xF900
            or code > 0xF0000
            or 0x7F <= code < 0xA0
        ):
            yield "-" if code == 0xFFFE else _UNREADABLE
        else:
            yield "-" if code == 0xFFFE else chr(code)


def _placed(page: PdfPage, textpage: PdfTextPage, number: int) -> Page:
    """The letters of a page put together to runs: what stands on one height without a gap."""
    from pypdfium2 import raw

    handle = textpage.raw
    origin_of, box_of, object_of = (
        raw.FPDFText_GetCharOrigin,
        raw.FPDFText_GetLooseCharBox,
        raw.FPDFText_GetTextObject,
    )
    x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    styles: dict[int, tuple[bool, float, int]] = {}
    runs: list[_GrowingRun] = []
    current: _GrowingRun | None = None
    space = False
    for index, letter in enumerate(_letters(textpage)):
        if letter.isspace():
            space = True
            continue
        origin_of(handle, index, x, y)
        box_of(handle, index, box)
        text_object = object_of(handle, index)
        key = ctypes.addressof(text_object.contents) if text_object else 0
        if key not in styles:
            styles[key] = _style(handle, index)
        bold, size, angle = styles[key]
        left, right, base = _turned(angle, x.value, y.value, box)
        if current is None or not current.takes(left, right, base, size, angle, space):
            current = _GrowingRun(letter, left, right, base, size, angle, space, bold)
            runs.append(current)
        else:
            current.add(letter, left, right, space, bold)
        space = False
    return _page(page, runs, number)


class _GrowingRun:
    """A run while its letters come in."""

    __slots__ = (
        "angle",
        "base",
        "bold",
        "bold_ends",
        "last_left",
        "last_right",
        "left",
        "right",
        "size",
        "space",
        "text",
    )

    def __init__(
        self,
        letter: str,
        left: float,
        right: float,
        base: float,
        size: float,
        angle: int,
        space: bool,
        bold: bool,
    ) -> None:
        self.text, self.left, self.right, self.base, self.size = [letter], left, right, base, size
        self.angle, self.space, self.bold, self.bold_ends = angle, space, int(bold), not bold
        self.last_left, self.last_right = left, right

    def takes(
        self, left: float, right: float, base: float, size: float, angle: int, space: bool
    ) -> bool:
        """Whether the next letter stands beside the last.

        A number in front of words is a run of its own.
        """
        if angle != self.angle or abs(base - self.base) > 0.25 * max(size, self.size):
            return False
        if space and len(self.text) <= 5 and all("0" <= letter <= "9" for letter in self.text):
            return False
        gap = left - self.last_right if left >= self.last_left else self.last_left - right
        return -self.size <= gap <= 0.6 * self.size

    def add(self, letter: str, left: float, right: float, space: bool, bold: bool) -> None:
        if space:
            self.text.append(" ")
        self.text.append(letter)
        if bold and not self.bold_ends:
            self.bold = len(self.text)
        self.bold_ends = self.bold_ends or not bold
        self.left, self.right = min(self.left, left), max(self.right, right)
        self.last_left, self.last_right = left, right


def _style(handle: FPDF_TEXTPAGE, index: int) -> tuple[bool, float, int]:
    """Bold or not, the size in points as printed, and the direction in degrees,
    of one stretch of letters.
    """
    from pypdfium2 import raw

    matrix, flags, name = raw.FS_MATRIX(), ctypes.c_int(), ctypes.create_string_buffer(256)
    size = raw.FPDFText_GetFontSize(handle, index)
    angle = 0
    if raw.FPDFText_GetMatrix(handle, index, matrix):
        size *= math.hypot(matrix.c, matrix.d) or 1.0
        angle = round(math.degrees(math.atan2(matrix.b, matrix.a))) % 360
    raw.FPDFText_GetFontInfo(handle, index, name, 256, flags)
    bold = bool(_BOLD_FONT.search(name.value.decode("utf-8", "replace"))) or bool(
        flags.value & _BOLD_FLAG
    )
    return bold, max(size, 1.0), angle


def _turned(angle: int, x: float, y: float, box: FS_RECTF) -> tuple[float, float, float]:
    """Left and right edge, and height of the base line,
    of a letter as one sees it who reads in its direction.
    """
    if angle == 0:
        return box.left, max(box.right, box.left), y
    turn = math.radians(angle)
    cos, sin = math.cos(turn), math.sin(turn)
    ends = [
        across * cos + up * sin for across in (box.left, box.right) for up in (box.bottom, box.top)
    ]
    return min(ends), max(ends), y * cos - x * sin


def _page(page: PdfPage, growing: list[_GrowingRun], number: int) -> Page:
    """The page read upright: most letters' direction is across.

    What is slanted, or outside the page, is told apart.
    """
    amounts: dict[int, int] = {}
    for run in growing:
        amounts[run.angle] = amounts.get(run.angle, 0) + len(run.text)
    angle = max(sorted(amounts), key=amounts.__getitem__, default=0)
    left, bottom, right, top = page.get_cropbox()
    turn = math.radians(angle)
    corners = [
        (x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn))
        for x in (left, right)
        for y in (bottom, top)
    ]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    bottom, top = min(y for _, y in corners), max(y for _, y in corners)
    runs, slanted, outside = [], [], []
    for run in growing:
        text = "".join(run.text)
        if run.angle != angle:
            slanted.append(f" {text}" if run.space else text)
        elif not (left <= (run.left + run.right) / 2 <= right and bottom <= run.base <= top):
            outside.append(text)
        else:
            runs.append(
                TextRun(
                    text,
                    run.left - left,
                    run.right - left,
                    top - run.base,
                    run.size,
                    run.bold,
                    run.space,
                )
            )
    asides = [
        Aside(number, what, words.strip())
        for what, words in (
            ("slanted passage", "".join(slanted)),
            ("passage beyond the page edge", " ".join(outside)),
        )
        if words
    ]
    return Page(number, top - bottom, tuple(runs), tuple(asides))


def notes_on(page: PdfPage, number: int) -> Iterator[Aside]:
    """Comments pinned to the page and what was filled into its fields: words no page prints."""
    from pypdfium2 import raw

    what = {raw.FPDF_ANNOT_WIDGET: (_FIELD, b"V")}
    for index in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        subtype = raw.FPDFAnnot_GetSubtype(annotation)
        kind, key = what.get(subtype, (_COMMENT, b"Contents"))
        length = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
        buffer = ctypes.create_string_buffer(max(length, 2))
        raw.FPDFAnnot_GetStringValue(
            annotation, key, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length
        )
        raw.FPDFPage_CloseAnnot(annotation)
        words = buffer.raw[: max(length - 2, 0)].decode("utf-16-le", "replace")
        if words.strip() and subtype not in (raw.FPDF_ANNOT_POPUP, raw.FPDF_ANNOT_LINK):
            yield Aside(number, kind, words)


def _refuse_unreadable(pages: list[Page]) -> None:
    text = "".join(run.text for page in pages for run in page.runs)
    unreadable = text.count(_UNREADABLE)
    if unreadable > 20 and unreadable * 20 > len(text):
        raise _BadPdfError(
            f"the letters of this PDF cannot be read: "
            f"for {unreadable} of {len(text)} the file does not say which they are",
            "Save the transcript as .docx or .txt from where it was written; "
            "or run text recognition: "
            "`ocrmypdf --force-ocr {0} recognised.pdf`",
        )


def _remarks(pages: list[Page]) -> tuple[str, ...]:
    remarks = []
    empty = [str(page.number) for page in pages if not page.runs]
    if empty:
        remarks.append(f"without text, perhaps pictures: page {', '.join(empty)}")
    unreadable = {
        page.number: count
        for page in pages
        if (count := sum(run.text.count(_UNREADABLE) for run in page.runs))
    }
    if unreadable:
        remarks.append(
            f"{sum(unreadable.values())} letters cannot be read, "
            "because the file does not say which they are; "
            f"they stand as {_UNREADABLE}: page {', '.join(map(str, unreadable))}"
        )
    return tuple(remarks)


READER = Reader(
    "PDF",
    (".pdf",),
    lambda content: b"%PDF-" in content[:1024],
    lambda content: False,
    read,
    control_text,
)
