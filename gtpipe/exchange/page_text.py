"""The text of a piece of a web page, in two ways: as programs count it, every character between its
tags one after another; and as a person sees it, in lines, with blanks run together.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import NamedTuple

_RUNS = re.compile(r"[ \t\r\n\f]+|[^ \t\r\n\f]+")
_BLANK = " \t\r\n\f"
_BLOCKS = frozenset(
    """address article aside blockquote body br caption dd div dl dt figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr
ul""".split()
)


class PageText(NamedTuple):
    """`places` has for each character of `counted` where it stands in `shown`."""

    counted: str
    shown: str
    places: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where these characters of `counted` stand in `shown`, blanks at their ends left out."""
        words = self.counted[start:end]
        start += len(words) - len(words.lstrip(_BLANK))
        end -= len(words) - len(words.rstrip(_BLANK))
        if start >= end:
            return (0, 0)
        return self.places[start], self.places[end - 1] + 1


class _Walk(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.counted: list[str] = []
        self.shown: list[str] = []
        self.places: list[int] = []
        self.at = 0
        self.is_new_line = False
        self.is_blank = False
        self.unbroken = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.is_new_line |= tag in _BLOCKS
        self.unbroken += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        self.is_new_line |= tag in _BLOCKS
        self.unbroken -= tag == "pre" and self.unbroken > 0

    def handle_data(self, data: str) -> None:
        self.counted.append(data)
        for found in _RUNS.finditer(data):
            run = found.group()
            if run[0] in _BLANK and not (self.unbroken and "\n" in run):
                self.is_blank = True
                self.places += [self.at] * len(run)
            elif run[0] in _BLANK:
                self.is_new_line = True
                self.places += [self.at] * len(run)
            else:
                self._show(run)

    def _show(self, run: str) -> None:
        gap = "\n" if self.is_new_line else " " if self.is_blank else ""
        if self.at and gap:
            self.shown.append(gap)
            self.at += 1
        self.shown.append(run)
        self.places += range(self.at, self.at + len(run))
        self.at += len(run)
        self.is_new_line = self.is_blank = False


def page_text(html: str) -> PageText:
    """
    >>> page = page_text("<p>Ana: <b>So</b>?</p><p>Bo:\\n No &amp; no.</p>")
    >>> page.counted
    'Ana: So?Bo:\\n No & no.'
    >>> page.shown
    'Ana: So?\\nBo: No & no.'
    >>> page.shown[slice(*page.span(8, 15))]
    'Bo: No'
    """
    walk = _Walk()
    walk.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    walk.close()
    return PageText("".join(walk.counted), "".join(walk.shown), walk.places)
