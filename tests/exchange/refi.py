"""Small REFI-QDA projects, written by hand for a test."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "urn:QDA-XML:project:1.0"
ANA = '<User guid="u1" name="Pat Morgan"/>'


def selection(start: int, end: int, *codes: str, name: str = "", more: str = "", by: str = "u1"):
    """A stretch with its codings."""
    said = f" name={quoteattr(name)}" if name else ""
    codings = "".join(
        f'<Coding guid="k{start}-{end}-{code}" creatingUser="{by}">'
        f'<CodeRef targetGUID="{code}"/></Coding>'
        for code in codes
    )
    return (
        f'<PlainTextSelection guid="s{start}-{end}"{said} startPosition="{start}" '
        f'endPosition="{end}" creatingUser="{by}">{more}{codings}</PlainTextSelection>'
    )


def text_source(id: str, name: str, *inside: str, path: str | None = None) -> str:
    file = f"internal://{id}.txt" if path is None else path
    return (
        f'<TextSource guid="{id}" name={quoteattr(name)} plainTextPath="{file}">'
        f"{''.join(inside)}</TextSource>"
    )


def code(id: str, name: str, *below: str, definition: str = "", codable: bool = True) -> str:
    said = f"<Description>{escape(definition)}</Description>" if definition else ""
    return (
        f'<Code guid="{id}" name={quoteattr(name)} isCodable="{str(codable).lower()}">{said}'
        f"{''.join(below)}</Code>"
    )


def project(
    codes: str = "",
    sources: str = "",
    rest: str = "",
    *,
    users: str = ANA,
    before: str = "",
    namespace: str = NAMESPACE,
    origin: str = "a test",
) -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Project xmlns="{namespace}" name="demo" '
        f'origin="{origin}"><Users>{users}</Users><CodeBook><Codes>{codes}</Codes></CodeBook>'
        f"{before}<Sources>{sources}</Sources>{rest}</Project>"
    )


def archive(path: Path, xml: str, texts: dict[str, str | bytes]) -> Path:
    """A `.qdpx` with these texts, id → what its file holds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("project.qde", xml)
        for id, text in texts.items():
            content = text.encode() if isinstance(text, str) else text
            file.writestr(f"Sources/{id.upper()}.TXT", content)
    return path
