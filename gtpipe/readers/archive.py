"""Zip archives (docx, odt, xlsx …) and the containers of old office documents,
opened without trusting them.

What an archive says of its sizes is checked before anything is inflated, what is inflated is
bounded, and XML is parsed without entities and without network.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from gtpipe.model.problems import UserError

if TYPE_CHECKING:
    from lxml.etree import _Element

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
_WHOLE = 200 * 2**20  # bytes of all files inside together
_XML = 64 * 2**20  # bytes of all XML together
_TAGS = 1_500_000  # in one XML file: a tag takes a hundred times its bytes when parsed
_RATIO, _SMALL = (
    200,
    10 * 2**20,
)  # how far a file may shrink when zipped, and what may shrink further
DAMAGED = (  # zipfile lets all of these out
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    OSError,
    EOFError,
    KeyError,
    RuntimeError,  # NotImplementedError too
)
_KINDS = (
    (r"word/document\d*\.xml", "docx"),
    (r"xl/workbook\d*\.xml", "xlsx"),
    (r"xl/workbook\d*\.bin", "xlsb"),
    (r"ppt/presentation\d*\.xml", "pptx"),
)
_MIME_TYPES = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.text-template": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
    b"application/epub+zip": "epub",
}
DECLARATIONS = tuple(
    start.encode(codec)
    for start in ("<!DOCTYPE", "<!ENTITY")
    for codec in ("utf-8", "utf-16-le", "utf-16-be")
)


def kind_of(content: bytes) -> str:
    """docx, xlsx, xlsb, pptx, odt, ods, odp, epub or zip by the names inside;
    '' where `content` is no whole archive.
    """
    if not content.startswith(ZIP):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
            if "mimetype" in names:
                with package.open("mimetype") as file:
                    kind = _MIME_TYPES.get(file.read(200).strip(), "")
                if kind:
                    return kind
    except DAMAGED:
        return ""
    return next(
        (kind for pattern, kind in _KINDS if any(re.fullmatch(pattern, name) for name in names)),
        "zip",
    )


def shows(content: bytes, kind: str) -> bool:
    """Whether `content` is an archive of this kind,
    or one that broke off and whose first kilobytes tell it was one.
    """
    if not content.startswith(ZIP):
        return False
    return (kind_of(content) or _kind_of_start(content[: 2**16])) == kind


def _kind_of_start(start: bytes) -> str:
    """What an archive that broke off was: names stand before each file,
    the mime type stands uncompressed in front.
    """
    by_mime_type = next(
        (kind for mime, kind in _MIME_TYPES.items() if start[38:].startswith(mime + ZIP[:2])), ""
    )
    return by_mime_type or next(
        (
            kind
            for folder, kind in ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx"))
            if folder in start
        ),
        "",
    )


def opened(content: bytes, path: str, what: str) -> zipfile.ZipFile:
    """The archive, its directory checked: whole, not encrypted, and of a sensible size.

    `what` names it: "Word document".

    Raises UserError.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
        files = package.infolist()
    except DAMAGED:
        raise broken(path, what) from None
    if any(file.flag_bits & 1 for file in files):
        raise UserError.at(
            path,
            None,
            f"this {what} is protected with a password",
            "Save a copy without a password",
        )
    whole = sum(file.file_size for file in files)
    xml = sum(file.file_size for file in files if _is_xml(file.filename))
    swollen = any(
        file.file_size > _SMALL and file.file_size > _RATIO * max(file.compress_size, 1)
        for file in files
    )
    if whole > _WHOLE or xml > _XML or swollen or len(files) > 10_000:
        raise too_much(
            path, f"this {what} would unpack to {whole / 2**20:,.0f} MB in {len(files):,} files"
        )
    return package


def member(package: zipfile.ZipFile, name: str, path: str, what: str) -> bytes:
    """One file of the archive, b"" where it has none of that name.

    Raises UserError where it is damaged.
    """
    try:
        with package.open(name) as file:
            inflated = file.read(_WHOLE + 1)
    except KeyError:
        return b""
    except DAMAGED:
        raise broken(path, what) from None
    if len(inflated) > _WHOLE:
        raise broken(path, what)
    return inflated


def xml_member(package: zipfile.ZipFile, name: str, path: str, what: str) -> bytes:
    """One XML file of the archive, b"" where it has none of that name.

    Raises UserError where it is damaged or hostile.
    """
    xml = member(package, name, path, what)
    if xml.count(b"<") > _TAGS:
        raise too_much(path, f"this {what} consists of millions of pieces")
    if any(start in xml for start in DECLARATIONS):
        raise UserError.at(
            path,
            None,
            f"this {what} declares a document type or entities of its own, "
            "which office programs never do",
            "Do not trust it; ask for it again, or copy its words into a new document",
        )
    return xml


def check_xml(package: zipfile.ZipFile, path: str, what: str) -> None:
    """Read every XML file of the archive once.

    Raises UserError where one is damaged or declares entities.
    """
    for name in package.namelist():
        if _is_xml(name):
            xml_member(package, name, path, what)


def too_much(path: str, what: str) -> UserError:
    return UserError.at(
        path,
        None,
        f"{what}, too much for a transcript",
        "Take out pictures and recordings, or save the words in a new document",
    )


def xml_of(content: bytes, path: str, what: str) -> _Element:
    """The root element of an XML file, entities left alone. Raises UserError."""
    root = parsed(content)
    if root is None:
        raise broken(path, what)
    docinfo = root.getroottree().docinfo
    if docinfo.doctype:  # type: ignore[attr-defined]  # not in lxml-stubs
        raise broken(path, what)
    return root


def parsed(content: bytes) -> _Element | None:
    """The same; None where it is damaged."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def broken(path: str, what: str) -> UserError:
    return UserError.at(
        path,
        None,
        f"this {what} is damaged or was not saved to its end",
        "Open it in Word or LibreOffice, save it again, or ask for it again",
    )


def describe_ole(content: bytes, path: str) -> UserError:
    """What to say of a file that begins with `OLE`: it has a password, or is from before 2007."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return UserError.at(
            path,
            None,
            "this document is protected with a password",
            "Open it with its password and save a copy without one",
        )
    if "WordDocument".encode("utf-16-le") in content:
        what, ending = "an old Word document (.doc)", "docx"
    elif "Workbook".encode("utf-16-le") in content:
        what, ending = "an old Excel workbook (.xls)", "xlsx"
    else:
        what, ending = "an old office document", "docx"
    return UserError.at(
        path,
        None,
        f"this is {what}, whatever its name says",
        f"Open it in Word, Excel or LibreOffice and save it as .{ending}, "
        f"or: soffice --headless --convert-to {ending} FILE",
    )


_NAMES = {
    "pptx": "a presentation",
    "odp": "a presentation",
    "epub": "an e-book",
    "ods": "a LibreOffice spreadsheet",
    "xlsb": "a binary Excel workbook",
    "zip": "a zip archive",
}
_DO = {
    "ods": "Save it as .xlsx or .csv",
    "xlsb": "Save it as .xlsx or .csv",
    "zip": "Unpack it, and ingest the transcripts in it",
}


def foreign(content: bytes, path: str) -> UserError:
    """What to say of an archive that no reader takes."""
    kind = kind_of(content)
    if not kind:
        return UserError.at(
            path,
            None,
            "this is an office document or a zip archive that is damaged, "
            "or was not saved to its end",
            "Open it in the program it came from, save it again, or ask for it again",
        )
    return UserError.at(
        path,
        None,
        f"this file is {_NAMES.get(kind, 'an office document')}, whatever its name says",
        _DO.get(kind, "Ingest the transcript itself"),
    )


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))
