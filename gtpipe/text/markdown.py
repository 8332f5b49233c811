"""What people wrote, so that Markdown shows it as they typed it.

Only what would be read as markup is escaped, by CommonMark, GitHub or Pandoc: a page is also read
as it is.
"""

from __future__ import annotations

import re

_ALWAYS = r"[\\`|]"
_BRACKETS = (
    r"\[(?=[\[^@]|-@|[ xX]\])"  # a footnote, a citation, a task; not [laughs]
    r"|\](?=[\[({:]|\Z)"  # a link or its target; at the end nobody knows what follows
)
_MARKUP = (
    r"(?<!\s)\*|\*(?!\s)"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|<(?=[A-Za-z/!?])|&(?=#?\w+;)"
    r"|(?<!\s)~|(?<!\s)\$(?!\d)"  # what ends a stretch; what begins one alone does nothing
)
_PLAIN = re.compile(f"{_ALWAYS}|{_BRACKETS}|{_MARKUP}")
_IN_LINK = re.compile(rf"{_ALWAYS}|[\[\]]|{_MARKUP}")
_OPENING = re.compile(r"^(\s*)(#+|[+*-]|>|\d+[.)])(?=\s|$|(?<=>))", re.M)
_UNDERLINE = re.compile(r"^(\s*)(?==+\s*$|--+\s*$)", re.M)


def plain(text: str) -> str:
    """`text` with a backslash before what Markdown would take for its own."""
    return _escaped(text, _PLAIN)


def in_link(text: str) -> str:
    """`text` for the words of a link, `[…](…)`."""
    return _escaped(text, _IN_LINK)


def block_quote(words: str) -> str:
    """What was said as a block quote, its lines and paragraphs as they are."""
    paragraphs = [
        [plain(line.strip()) for line in part.split("\n")] for part in words.split("\n\n")
    ]
    return "\n>\n".join("> " + "\\\n> ".join(part) for part in paragraphs)


_MAY_BE_MARKUP = re.compile(r"[\\`|\[\]*_<&~$\n]")
_MAY_BEGIN_MARKUP = re.compile(r"\s*[-+#>=\d]")


def _escaped(text: str, markup: re.Pattern[str]) -> str:
    if not _MAY_BE_MARKUP.search(text) and not _MAY_BEGIN_MARKUP.match(text):
        return text  # nearly every line
    return _escaped_somewhere(text, markup)


def _escaped_somewhere(text: str, markup: re.Pattern[str]) -> str:
    escaped = _UNDERLINE.sub(r"\1\\", markup.sub(r"\\\g<0>", text))
    return _OPENING.sub(lambda m: f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", escaped)
