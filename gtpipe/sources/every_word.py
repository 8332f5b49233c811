"""Every word that a file holds, whatever its format: what is looked through for names must leave
nothing out that a reader of transcripts leaves out, such as comments, headers, deletions that a
document remembers, its author, and what stands in the tags of a page.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from gtpipe.model.problems import UserError
from gtpipe.readers import archive, decoding
from gtpipe.readers.pages import pdf

if TYPE_CHECKING:
    from lxml.etree import _Element

    from gtpipe.text.word_runs import WordRuns


class Broken(NamedTuple):
    """A word that a hyphen at the end of a line, or a tag, breaks in two: what stands before and
    behind the break, and its line in the piece, from 0.
    """

    before: str
    behind: str
    line: int


class Piece(NamedTuple):
    """A part of a file. `place` says where it is, `paragraph 12`; where it says nothing, the text
    begins with the file, and its lines are the file's.

    Of what is not `prose`, such as the values of attributes, numbers are measures.
    """

    text: str
    place: str = ""
    prose: bool = True
    broken: tuple[Broken, ...] = ()


def pieces(content: bytes, path: str) -> list[Piece]:
    """Every word of a file. Raises UserError where they are locked away, or the file is damaged."""
    if content.startswith(b"%PDF"):
        return list(_pdf(content, path))
    if content.startswith(archive.ZIP):
        return list(_archive(content, path))
    if content.startswith(archive.OLE) and "EncryptedPackage".encode("utf-16-le") in content:
        raise archive.describe_ole(content, path)
    if content.startswith(b"{\\rtf"):
        return list(_rtf(content))
    if not decoding.is_text(content):
        return list(_binary(content))
    return _text(_decoded(content), path.rpartition(".")[2].lower())


def hold(content: bytes, path: str, runs: WordRuns) -> bool:
    """Whether any of these runs stands in a file. False where it is locked away, or damaged."""
    try:
        return any(runs.stand_in(piece.text) for piece in pieces(content, path))
    except UserError:
        return False


def _decoded(content: bytes) -> str:
    try:
        return decoding.decode(content)[0]
    except UnicodeDecodeError:
        return content.decode("utf-8", "replace")


# --- text -----------------------------------------------------------------------------------------

# What stands before is looked at behind the first sign: a search for that sign is quick.
_HYPHEN = re.compile(r"[-\u00ad\u2010](?<=[^\W\d_].)[ \t]*\r?\n[ \t>]*(?=[^\W\d_])")
_TAG = re.compile(r"<!--|-->|<[/!?]?([A-Za-z][\w:-]*)[^<>]*>")
_INLINE = re.compile(r"<(?<=\w<)/?[A-Za-z][^<>]*>(?:</?[A-Za-z][^<>]*>)*(?=\w)")
_VALUE = re.compile(r"=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)")
_ENTITY = re.compile(r"&(?:#\w{1,8}|\w{2,31});?")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|[nrt])")
_BESIDE = 80  # letters before and behind a break that are looked at
_MARKUP = frozenset(("html", "htm", "xhtml", "xml", "svg", "fodt", "eaf", "exb", "ttml", "dfxp"))
_ESCAPED = frozenset(("json", "jsonl", "yaml", "yml", "ipynb", "js"))


def _text(text: str, ending: str) -> list[Piece]:
    if ending in _MARKUP or (ending not in ("md", "txt") and text.lstrip()[:1] == "<"):
        return _marked_up(text)
    if ending in _ESCAPED:
        text = _ESCAPE.sub(_unescaped, text)
    if ending in ("tex", "ltx"):
        return [Piece(_latex(text), broken=_breaks(text, _HYPHEN))]
    broken = (*_breaks(text, _HYPHEN), *(_breaks(text, _INLINE) if ending == "md" else ()))
    return [Piece(_ENTITY.sub(_shown, text) if ending == "md" else text, broken=broken)]


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    letter = chr(int(code, 16)) if code else " "
    return " " if letter < " " or "\ud800" <= letter <= "\udfff" else letter


def _shown(match: re.Match[str]) -> str:
    return html.unescape(match.group()).replace("\n", " ")


def _breaks(text: str, pattern: re.Pattern[str]) -> tuple[Broken, ...]:
    found, line, at = [], 0, 0
    for match in pattern.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        before = text[max(0, match.start() - _BESIDE) : match.start()]
        behind = text[match.end() : match.end() + _BESIDE]
        found.append(Broken(_TAG.sub(" ", before), _TAG.sub(" ", behind), line))
    return tuple(found)


def _marked_up(text: str) -> list[Piece]:
    """What stands between the tags of a page, and what stands in them, each in its line."""
    words: list[str] = []
    inside: list[str] = []
    at = 0
    for start, end, is_script in _tags(text):
        lines = "\n" * text.count("\n", start, end)
        words += (text[at:start], " ", lines)
        inside.append("\n" * text.count("\n", at, start))
        inside.append(text[start:end] if is_script else _values(text[start:end]))
        at = end
    words.append(text[at:])
    return [
        Piece(_ENTITY.sub(_shown, "".join(words)), broken=_breaks(text, _INLINE)),
        Piece(_ENTITY.sub(_shown, _ESCAPE.sub(_unescaped, "".join(inside))), prose=False),
    ]


def _tags(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where each tag starts and ends; a script or style sheet, with all that is in it, is one."""
    at = 0
    while tag := _TAG.search(text, at):
        name = (tag[1] or "").lower()
        is_script = name in ("script", "style") and tag.group()[1] != "/"
        end = re.compile(f"</{name}|\\Z", re.I).search(text, tag.end()) if is_script else tag
        at = end.start() if end and is_script else tag.end()
        yield tag.start(), at, is_script


def _values(tag: str) -> str:
    """Values of attributes, one behind the other."""
    parts: list[str] = []
    at = 0
    for value in _VALUE.finditer(tag):
        parts += ("\n" * tag.count("\n", at, value.start()), " ; ", value[1])
        at = value.end()
    return "".join(parts) + "\n" * tag.count("\n", at)


_ACCENT = re.compile(r"\{?\\([`'^\"~=.]|[uvHtcdbrk](?![A-Za-z]))\s*\{?\s*\\?([A-Za-z])\}{0,2}")
_ACCENTS = dict(
    zip(
        "`'^\"~=.uvHcdrk",
        "\u0300\u0301\u0302\u0308\u0303\u0304\u0307\u0306\u030c\u030b\u0327\u0323\u030a\u0328",
        strict=True,
    )
)
_LETTERS = dict(
    zip(
        "ss ae AE oe OE aa AA o O l L i j".split(), "ß æ Æ œ Œ å Å ø Ø ł Ł i j".split(), strict=True
    )
)
_LETTER = re.compile(rf"\{{?\\({'|'.join(_LETTERS)})(?![A-Za-z])(?:\{{\}}|\}}|[ \t]+(?=\w))?")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?|[{}]")


def _latex(text: str) -> str:
    """LaTeX with letters for what it writes them by, on as many lines."""
    text = _ACCENT.sub(
        lambda match: unicodedata.normalize("NFC", match[2] + _ACCENTS.get(match[1], "")), text
    )
    text = _LETTER.sub(lambda match: _LETTERS[match[1]], text)
    return _COMMAND.sub(" ", text)


# --- documents ------------------------------------------------------------------------------------

_PARAGRAPHS = frozenset(("p", "h", "si", "is"))
_SPACES = frozenset(("tab", "br", "cr", "s", "line-break", "noBreakHyphen"))
_MAIN = ("word/document.xml", "content.xml")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WHAT = "document"


def _archive(content: bytes, path: str) -> Iterator[Piece]:
    """All XML of an office document, by paragraphs; the rows of a workbook; a picture's remarks."""
    is_workbook = archive.kind_of(content) == "xlsx"
    if is_workbook:
        yield from _rows(content, path)
    with archive.opened(content, path, _WHAT) as package:
        for name in package.namelist():
            inside = archive.member(package, name, path, _WHAT)
            if name.lower().endswith((".xml", ".rels")):
                root = archive.xml_of(inside, path, _WHAT)
                is_known = is_workbook and re.match(r"xl/(sharedStrings|worksheets/)", name)
                yield from _paragraphs(root, name, bool(is_known))
            elif inside:
                yield from (piece._replace(place=name) for piece in _within(inside, name))


def _within(content: bytes, name: str) -> list[Piece]:
    """A file that a document holds: a picture, a page of a book, another document."""
    try:
        return pieces(content, name)
    except (UserError, RecursionError):
        return list(_binary(content))


def _rows(content: bytes, path: str) -> Iterator[Piece]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=False)
    except Exception:  # openpyxl raises whatever a damaged part gives rise to
        raise archive.broken(path, "workbook") from None
    for number, sheet in enumerate(book.worksheets, 1):
        for row in sheet.iter_rows():
            cells = [str(cell.value) for cell in row if cell.value is not None]
            if cells:
                sheet_named = f"sheet {number}, " if len(book.worksheets) > 1 else ""
                yield Piece(" ; ".join(cells), f"{sheet_named}row {row[0].row}")


def _paragraphs(root: _Element, name: str, is_known: bool) -> Iterator[Piece]:
    """The words of each paragraph; those that stand in none; what the attributes say."""
    number = 0
    loose: list[str] = []
    values: list[str] = []
    for element in root.iter():
        if not isinstance(element.tag, str) or any(
            above.tag == _FALLBACK for above in element.iterancestors()
        ):
            continue
        values += map(str, element.attrib.values())
        if is_known:
            continue
        if _local(element) in _PARAGRAPHS:
            words = "".join(_words_of(element)).strip()
            number += bool(words)
            if words:
                yield Piece(words, f"paragraph {number}" if name in _MAIN else name)
        elif not any(_local(above) in _PARAGRAPHS for above in element.iterancestors()):
            loose += [(element.text or "").strip()]
    yield Piece(" ; ".join(filter(None, loose)), name)
    yield Piece(" ; ".join(value for value in values if not value.isdigit()), name, prose=False)


def _local(element: _Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _words_of(element: _Element) -> Iterator[str]:
    """The words of a paragraph, without those of paragraphs within it, as a text box has them."""
    yield element.text or ""
    for child in element:
        if _local(child) in _SPACES:
            yield " "
        elif _local(child) not in _PARAGRAPHS and child.tag != _FALLBACK:
            yield from _words_of(child)
        yield child.tail or ""


def _pdf(content: bytes, path: str) -> Iterator[Piece]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        do = "Look through it yourself, or save a copy without a password"
        raise UserError.at(path, None, "this PDF is locked or damaged", do) from None
    try:
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage().get_text_bounded().replace("\r\n", "\n")
            text = re.sub("[\x02\ufffe]\\s?", "-\n", text)  # a hyphen at the end of a line
            yield Piece(text, f"page {number + 1}", broken=_breaks(text, _HYPHEN))
            for aside in pdf.notes_on(page, number + 1):
                yield Piece(aside.words, f"page {aside.number}, in a {aside.what}")
        yield Piece(" ; ".join(document.get_metadata_dict().values()), "its properties")
    finally:
        document.close()
    links = re.findall(rb"/URI\s*\(((?:[^()\\]|\\.)*)\)", content)
    yield Piece(" ; ".join(link.decode("latin-1") for link in links), "its links", prose=False)


def _rtf(content: bytes) -> Iterator[Piece]:
    """Rich text: the letters, in the lines of the file, whatever group they stand in."""
    text = content.decode("cp1252", "replace")
    text = re.sub(r"\\u(-?\d{1,5})\s?(?:\\'[0-9a-fA-F]{2}|\?)?", _rtf_letter, text)
    text = re.sub(
        r"\\'([0-9a-fA-F]{2})", lambda m: bytes.fromhex(m[1]).decode("cp1252", "replace"), text
    )
    text = re.sub(r"\\(?:par|line|cell|row|tab|sect|page)(?![A-Za-z])", " ; ", text)
    text = re.sub(r"\\[A-Za-z]+-?\d* ?|\\\*|[{}]", "", text)
    yield Piece(text)


def _rtf_letter(match: re.Match[str]) -> str:
    code = int(match[1]) % 0x10000
    return "" if 0xD800 <= code <= 0xDFFF else chr(code)


_RUN = re.compile(rb"[ -~]{8,}")
_WIDE_RUN = re.compile(rb"(?:[ -~\xa0-\xff]\0){6,}")


def _binary(content: bytes) -> Iterator[Piece]:
    """What stands in letters in a picture, a recording, or an old document."""
    runs = [run.decode("ascii") for run in _RUN.findall(content)]
    runs += [run.decode("utf-16-le") for run in _WIDE_RUN.findall(content)]
    yield Piece(" ; ".join(runs), "somewhere in it", prose=False)
