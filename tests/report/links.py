"""Links of a report: each leads to a page that is there, and to a place that is on it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html


def read(report: Path, path: str) -> lxml.html.HtmlElement:
    """A page of a report."""
    return lxml.html.fromstring((report / path).read_bytes().decode())


def text(element: lxml.html.HtmlElement) -> str:
    """What an element says, white space as single spaces."""
    return " ".join(element.text_content().split())


def broken(report: Path) -> list[str]:
    """The links that lead nowhere, as `page → address`; ids that stand twice on a page."""
    pages = {
        path.relative_to(report).as_posix(): lxml.html.fromstring(path.read_bytes().decode())
        for path in sorted(report.rglob("*.html"))
    }
    ids = {path: page.xpath("//@id") for path, page in pages.items()}
    found = [
        f"{path}: id {id} twice"
        for path, all in ids.items()
        for id in set(all)
        if all.count(id) > 1
    ]
    known = {path: set(all) for path, all in ids.items()}
    for path, page in pages.items():
        for address in page.xpath("//@href | //@src"):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                found.append(f"{path} → {address}")
                continue
            target = _target(path, unquote(parts.path))
            there = target in pages or (report / target).is_file()
            anchor = unquote(parts.fragment)
            if not there or (anchor and anchor not in known.get(target, ())):
                found.append(f"{path} → {address}")
    return found


def _target(path: str, address: str) -> str:
    """Where an address leads, as seen from a page; '' is the page itself."""
    if not address:
        return path
    parts = path.split("/")[:-1]
    for part in address.split("/"):
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
