"""The text of a piece of a web page, in two ways: as programs count it, every character between its
tags one after another; and as a person sees it, in lines, with blanks run together.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from html.parser import HTMLParser
from typing import NamedTuple

# Blanks that are not one space between words.
_GAPS = re.compile(r"[ \t\r\n\f]{2,}|[\t\r\n\f]|\A[ ]|[ ]\Z")
_BLANK = " \t\r\n\f"
_BLOCKS = frozenset(
    """address article aside blockquote body br caption dd div dl dt figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr
ul""".split()
)


class PageText(NamedTuple):
    """From each of the places `starts` in `counted` on, words stand so far behind in `shown`."""

    counted: str
    shown: str
    starts: list[int]
    shifts: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where these characters of `counted` stand in `shown`, blanks at their ends left out."""
        words = self.counted[start:end]
        start += len(words) - len(words.lstrip(_BLANK))
        end -= len(words) - len(words.rstrip(_BLANK))
        return (0, 0) if start >= end else (self._place(start), self._place(end - 1) + 1)

    def _place(self, counted: int) -> int:
        return counted + self.shifts[bisect_right(self.starts, counted) - 1]


class _Walk(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.counted: list[str] = []
        self.shown: list[str] = []
        self.starts: list[int] = []
        self.shifts: list[int] = []
        self.at = self.count = 0  # characters that are shown, and counted
        self.gap = ""
        self.unbroken = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.gap = "\n" if tag in _BLOCKS else self.gap
        self.unbroken += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        self.gap = "\n" if tag in _BLOCKS else self.gap
        self.unbroken -= tag == "pre" and self.unbroken > 0

    def handle_data(self, data: str) -> None:
        self.counted.append(data)
        begun = 0
        for blanks in _GAPS.finditer(data):
            self._show(data[begun : blanks.start()], self.count + begun)
            is_line = self.unbroken and "\n" in blanks.group()
            self.gap = "\n" if is_line else self.gap or " "
            begun = blanks.end()
        self._show(data[begun:], self.count + begun)
        self.count += len(data)

    def _show(self, words: str, counted: int) -> None:
        if not words:
            return
        if self.at and self.gap:
            self.shown.append(self.gap)
            self.at += 1
        self.gap = ""
        if not self.shifts or self.shifts[-1] != self.at - counted:
            self.starts.append(counted)
            self.shifts.append(self.at - counted)
        self.shown.append(words)
        self.at += len(words)


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
    return PageText("".join(walk.counted), "".join(walk.shown), walk.starts, walk.shifts)
