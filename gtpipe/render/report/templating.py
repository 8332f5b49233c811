"""Records → HTML: the templates, in which everything that anybody wrote is escaped."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple
from urllib.parse import quote

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup, escape

from gtpipe.render.report.places import Link

_NO_HTML = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
ASSETS = ("report.css", "report.js")


class Later(NamedTuple):
    """Content that is laid out only where the page is made: `made_of` says all that it hangs on."""

    made_of: object
    make: Callable[[], object]


class Page(NamedTuple):
    """A page of the report: where it is, its template, what `<title>` says, the entry of the
    navigation it belongs to, and its content, which is records all through: what a page says is
    known by their `repr`. Of content that comes later it is known by what this is made of.
    """

    path: str
    template: str
    title: str
    section: str
    content: object


class File(NamedTuple):
    """A file beside the pages that no template makes: data that a script reads."""

    path: str
    text: str


class Site(NamedTuple):
    """What every page says: the study, its navigation (name of a section and its page), the
    language of its words, and a remark on what is not in this edition.
    """

    study: str
    sections: tuple[tuple[str, str], ...]
    language: str
    remark: str = ""


def render(page: Page, site: Site) -> bytes:
    """A page, its content laid out, as HTML, UTF-8."""
    root = "../" * page.path.count("/")
    template = _environment().get_template(page.template)
    return template.render(page=page, content=page.content, site=site, root=root).encode()


def asset(name: str) -> bytes:
    """A file that pages lean on, as it is."""
    return _files()[name].encode()


@cache
def version() -> str:
    """A digest of the templates: with others, every page is made anew."""
    return hashlib.sha256(repr(sorted(_files().items())).encode()).hexdigest()


@cache
def _files() -> dict[str, str]:
    folder = resources.files("gtpipe.render.report") / "templates"
    return {
        file.name: file.read_text("utf-8")
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.is_file()
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader(_files()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
        cache_size=-1,
    )
    environment.filters |= {"href": href, "lines": _lines}
    return environment


def _clean(value: object) -> object:
    """A value as a page may hold it: no character that HTML has none of."""
    if type(value) is str and not value.isprintable():
        return _NO_HTML.sub("\ufffd", value)
    return value


@lru_cache(maxsize=1 << 15)
def href(link: Link, root: str) -> str:
    """The address of a link, seen from a page `root` below the report's folder."""
    anchor = f"#{_quoted(link.anchor)}" if link.anchor else ""
    return f"{root}{_quoted(link.path)}{anchor}" if link.path else anchor


@lru_cache(maxsize=8192)
def _quoted(part: str) -> str:
    return quote(part)


def _lines(text: str) -> Markup:
    """Prose: an empty line parts paragraphs, and a line break stays one."""
    paragraphs = (
        part.strip("\n") for part in re.split(r"\n[ \t]*\n", _NO_HTML.sub("\ufffd", text))
    )
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(map(escape, part.split("\n"))))
        for part in paragraphs
        if part
    )
