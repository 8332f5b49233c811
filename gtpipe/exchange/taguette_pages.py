"""Taguette's highlights and code book as web pages (`.html`). Highlights have their words and no
place; whatever language the page is in, it is known by how it is laid out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from gtpipe.exchange import code_paths
from gtpipe.exchange.page_text import page_text
from gtpipe.exchange.records import Coding, Loss, Project, Source
from gtpipe.exchange.registry import ExchangeReader
from gtpipe.exchange.taguette_reader import path_of
from gtpipe.model import limits
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError
from gtpipe.readers.lines.plain import text_of

_TITLE = re.compile(rb"<title>[^<]*Taguette", re.IGNORECASE)
_BODY = re.compile(r"<body[^>]*>(.*?)(?:</body>|\Z)", re.DOTALL | re.IGNORECASE)
_HEADING = re.compile(r"<h1[^>]*>.*?</h1>", re.DOTALL | re.IGNORECASE)
_RULE = re.compile(r"<hr\s*/?>", re.IGNORECASE)
_CODE = re.compile(r"<h2[^>]*>(.*?)</h2>(.*?)(?=<h2[ >]|\Z)", re.DOTALL | re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p(?P<kind>[^>]*)>(?P<text>.*?)</p>", re.DOTALL | re.IGNORECASE)
# The last paragraph of a highlight: its document and its tags, each behind a word in bold.
_LABELS = re.compile(
    r"<p>\s*<strong>[^<]*</strong>(?P<document>[^<]*)<strong>[^<]*</strong>(?P<tags>[^<]*)</p>\s*\Z",
    re.IGNORECASE,
)
_BETWEEN_TAGS = re.compile(r",\s*\n\s*")


def _shows(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return _TITLE.search(file.read(2**14)) is not None


def read(path: Path, columns: Mapping[str, str]) -> Project:
    """Raises UserError where the page is cut off, or laid out otherwise."""
    text, remarks = text_of(path.read_bytes(), str(path), 64 * 2**20)
    body = _BODY.search(text)
    if body is None or "</html>" not in text.casefold():
        raise UserError.at(
            str(path), None, "this page was not saved to its end", "Export it again from Taguette"
        )
    content = _HEADING.sub("", body.group(1), count=1)
    if _CODE.search(content):
        project = Project(path.stem, "Taguette", codes=code_paths.tree(dict(_codes(content))))
    else:
        project = _highlights(content, path)
    return project._replace(told=remarks)


def _codes(content: str) -> Iterator[tuple[code_paths.Path, str]]:
    for found in _CODE.finditer(content):
        said = [p for p in _PARAGRAPH.finditer(found.group(2)) if "number" not in p["kind"]]
        definition = "\n".join(page_text(p["text"]).shown for p in said)
        yield path_of(one_line(page_text(found.group(1)).shown)), definition.strip()


def _highlights(content: str, path: Path) -> Project:
    paths: dict[code_paths.Path, str] = {}
    codings: list[Coding] = []
    losses: list[Loss] = []
    begun = ""  # a rule may stand in a highlight's own words
    for number, part in enumerate(_RULE.split(content), 1):
        piece = begun + part
        labels = _LABELS.search(piece)
        begun = piece if labels is None else ""
        if labels is None:
            continue
        words = page_text(piece[: labels.start()]).shown
        document = one_line(page_text(labels["document"]).shown)
        tags = [page_text(tag).shown for tag in _BETWEEN_TAGS.split(labels["tags"])]
        if not any(tags):
            which = f'{document}: "{limits.cut(one_line(words), 60)}"'
            losses.append(Loss("highlight without a tag", which))
        for tag in filter(None, tags):
            paths.setdefault(path_of(tag), "")
            code = code_paths.id_of(path_of(tag))
            codings.append(Coding(f"{number}/{tag}", document, -1, -1, code, words=words))
    if begun.strip():
        raise UserError.at(
            str(path),
            None,
            "the last highlight of this page does not end with its document and its tags",
            "Export it again from Taguette, or export the highlights as .csv",
        )
    sources = dict.fromkeys(coding.source for coding in codings)
    return Project(
        path.stem,
        "Taguette",
        codes=code_paths.tree(paths),
        sources=tuple(Source(source, source, "") for source in sources),
        codings=tuple(codings),
        losses=tuple(losses),
    )


READER = ExchangeReader("Taguette's pages (.html)", _shows, read)
