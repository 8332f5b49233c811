"""The archive and the XML of another program's project, opened without trusting them.

Nothing is unpacked to the disk. Only what is read counts: a project may hold hours of video beside
its texts. Of that, sizes are checked before and while it is inflated; XML is parsed without
entities and without network.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from gtpipe.model.problems import UserError
from gtpipe.readers.archive import DAMAGED, DECLARATIONS, parsed

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST = 256 * 2**20  # bytes that are read of an archive together
_RATIO, _SMALL = 200, 10 * 2**20  # how far a file may shrink when zipped, and what may shrink more
_FILES = 100_000
_AGAIN = "Export it again from its program"


def names_in(path: Path) -> list[str] | None:
    """The names in an archive; None where it is none, or broke off."""
    try:
        with zipfile.ZipFile(path) as package:
            return package.namelist()
    except DAMAGED:
        return None


class SafeZip:
    """An archive. Names are found without regard to case. Raises UserError where it is damaged,
    protected with a password, or hostile.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._left = _MOST
        try:
            self._archive = zipfile.ZipFile(path)
            files = self._archive.infolist()
        except DAMAGED:
            raise self._broken() from None
        if len(files) > _FILES:
            raise self._refusal(f"holds {len(files):,} files", "Do not trust it")
        for file in files:
            parts = file.filename.replace("\\", "/").split("/")
            if ".." in parts or not parts[0] or ":" in parts[0]:
                raise self._refusal(
                    f'names a place outside itself, "{file.filename}"', "Do not trust it"
                )
        self._members: dict[str, zipfile.ZipInfo] = {}
        for file in files:
            self._members.setdefault(file.filename.replace("\\", "/").casefold(), file)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its files, in small letters."""
        return tuple(self._members)

    def read(self, name: str) -> bytes:
        """What is in one of its files."""
        file = self._members[name.casefold()]
        if file.flag_bits & 1:
            raise self._refusal("is protected with a password", "Save it without one")
        swollen = file.file_size > _SMALL and file.file_size > _RATIO * max(file.compress_size, 1)
        if swollen or file.file_size > self._left:
            raise self._refusal(
                f'would unpack to {file.file_size / 2**20:,.0f} MB at "{file.filename}"',
                "That is no text; do not trust it",
            )
        try:
            with self._archive.open(file) as opened:
                content = opened.read(self._left + 1)
        except DAMAGED:
            raise self._broken() from None
        self._left -= len(content)
        if self._left < 0:
            raise self._refusal("unpacks to more than it says", "Do not trust it")
        return content

    def _refusal(self, what: str, do: str) -> UserError:
        return UserError.of(f"{self.path}: this archive {what}", do)

    def _broken(self) -> UserError:
        return self._refusal("is damaged, or was not saved to its end", _AGAIN)


def xml_of(content: bytes, path: Path) -> _Element:
    """The root of an XML file. Raises UserError where it is damaged, or declares entities."""
    if any(start in content for start in DECLARATIONS):
        raise UserError.of(
            f"{path}: its XML declares a document type or entities of its own",
            "No program for coding does so: do not trust it",
        )
    root = parsed(content)
    if root is None:
        raise UserError.of(f"{path}: its XML is damaged or was not saved to its end", _AGAIN)
    return root
