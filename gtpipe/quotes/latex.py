"""LaTeX as its reader sees it: paragraphs without commands, quotation marks as characters, lines
counted as in the file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%.*")
_UNSHOWN = re.compile(
    r"\\begin\{(verbatim|lstlisting|comment|equation|align|tabular|thebibliography)\*?\}"
    r".*?\\end\{\1\*?\}",
    re.S,
)
_BLOCK = re.compile(
    r"\\(begin|end)\{(quote|quotation|displayquote|displaycquote|quoting|"
    r"blockquote|extract|verse)\*?\}((?:\[[^\]]*\]|\{[^{}]*\})*)"
)
_CITED = re.compile(r"~?\\(?:[A-Za-z]*[cC]ite[A-Za-z]*|footcite[a-z]*)\*?(?:\[[^\]]*\])*\{[^{}]*\}")
_DROPPED = re.compile(
    r"\\(?:label|[a-zA-Z]*ref|includegraphics|usepackage|documentclass|bibliography\w*|input"
    r"|include|[vh]space|index|begin|end|fontsize|selectlanguage|setcounter|addtocounter)\*?"
    r"(?:\[[^\]]*\])*(?:\{[^{}]*\})*"
)
_ACCENT = re.compile(r"\\([`'^\"~=.]|[uvHtcdbrk](?![A-Za-z]))\s*\{?\s*(\\i|\\j|[A-Za-z])\}?")
_ACCENTS = dict(
    zip(
        "`'^\"~=.uvHcdbrk",
        "\u0300\u0301\u0302\u0308\u0303\u0304\u0307\u0306"
        "\u030c\u030b\u0327\u0323\u0331\u030a\u0328",
        strict=True,
    )
)
_LETTERS = {
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "o": "ø",
    "O": "Ø",
    "aa": "å",
    "AA": "Å",
    "l": "ł",
    "L": "Ł",
    "i": "ı",
    "dots": "…",
    "ldots": "…",
    "textellipsis": "…",
    "textless": "<",
    "textgreater": ">",
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textquoteleft": "‘",
    "textquoteright": "’",
    "textquotedblleft": "“",
    "textquotedblright": "”",
    "textendash": "–",
    "textemdash": "—",
    "lq": "‘",
    "rq": "’",
    "glqq": "„",
    "grqq": "“",
    "flqq": "«",
    "frqq": "»",
    "par": "\n",
    "og": "«",
    "fg": "»",
    "guillemotleft": "«",
    "guillemotright": "»",
    "guillemetleft": "«",
    "guillemetright": "»",
    "guilsinglleft": "‹",
    "guilsinglright": "›",
    "quotedblbase": "„",
    "quotesinglbase": "‚",
    "glq": "‚",
    "grq": "‘",
    "flq": "‹",
    "frq": "›",
    "textquotedbl": '"',
    "quad": " ",
    "qquad": " ",
    "item": "\n",
    "newline": "\n",
    "linebreak": "\n",
    "textquotesingle": "'",
    "pounds": "£",
    "texteuro": "€",
}
_LETTER = re.compile(r"\\([A-Za-z]+)(?:\{\}|[ \t]+(?=\S)|(?![A-Za-z]))")
_QUOTING = re.compile(
    r"\\(enquote|textquote|blockquote|textcquote|blockcquote|foreignquote|hyphenquote)"
    r"(\*?)((?:\[[^\]]*\])*)"
)
_WITH_KEY = ("textcquote", "blockcquote", "foreignquote", "hyphenquote")


def paragraphs(text: str) -> Iterator[tuple[int, str, bool]]:
    """Line of the first word, words, whether it is a block quote."""
    text = _COMMENT.sub(r"\1", text)
    begin, end = text.find(r"\begin{document}"), text.find(r"\end{document}")
    if begin >= 0:
        text = "\n" * text.count("\n", 0, begin) + text[begin + 16 : end if end > begin else None]
    text = _UNSHOWN.sub(lambda match: "\n" * match.group().count("\n"), text)
    line, at, depth, note = 1, 0, 0, ""
    for match in [*_BLOCK.finditer(text), None]:
        chunk = text[at : match.start() if match else len(text)]
        shown = _shown(chunk)
        if depth:
            lead = len(shown) - len(shown.lstrip())
            if shown.strip():
                yield line + shown.count("\n", 0, lead), shown.strip() + note, True
                note = ""
        else:
            for part in re.finditer(r"\S(?:(?!\n[ \t]*\n).)*", shown, re.S):
                yield line + shown.count("\n", 0, part.start()), part.group().rstrip(), False
        line += chunk.count("\n")
        if match:
            line += match.group().count("\n")
            at = match.end()
            depth = max(0, depth + (1 if match[1] == "begin" else -1))
            if match[1] == "begin" and match[2].startswith("display"):  # csquotes: [who said it]
                note = _source(match[3]) if match[2] == "displayquote" else " [@cited]"


def _shown(text: str) -> str:
    """The words of `text`, on as many lines."""
    text = _quoted(text)
    text = _CITED.sub(lambda match: " [@cited]" + "\n" * match.group().count("\n"), text)
    text = _DROPPED.sub(lambda match: "\n" * match.group().count("\n"), text)
    text = _ACCENT.sub(_accented, text)
    text = re.sub(r"\\(?:footnote|thanks)(?:\[[^\]]*\])?\{([^{}]*)\}", r" (\1)", text)
    text = re.sub(r"``|\"`", "“", re.sub(r"''|\"'" if '"`' in text else "''", "”", text))
    text = re.sub(r",,", "„", text).replace('"<', "«").replace('">', "»")
    text = text.replace("<<", "«").replace(">>", "»").replace("`", "‘")
    text = re.sub(r"\\\\(?:\[[^\]]*\])?", " ", text)
    text = re.sub(r"\\[,;:! /@-]", lambda match: "" if match.group()[1] in "/@-!" else " ", text)
    text = (
        text.replace("~", " ")
        .replace("$<$", "<")
        .replace("$>$", ">")
        .replace("$", "")
        .replace(r"\textdollar", "$")
    )
    text = _LETTER.sub(lambda match: _LETTERS.get(match[1], "").replace("\n", " "), text)
    text = re.sub(r"(?<!\\)[{}]", "", text)
    return re.sub(r"\\([%&_#{}$])", r"\1", text)


def _accented(match: re.Match[str]) -> str:
    letter = match[2].lstrip("\\")
    return unicodedata.normalize("NFC", letter + _ACCENTS.get(match[1], ""))


def _quoted(text: str) -> str:
    r"""`\enquote{…}` and its like in quotation marks; braces inside are counted."""
    made: list[str] = []
    at = 0
    while True:
        match = _QUOTING.search(text, at)
        if match is None:
            return "".join([*made, text[at:]])
        made.append(text[at : match.start()])
        begin = match.end()
        if match[1] in _WITH_KEY:
            begin = _closing(text, begin) + 1
        end = _closing(text, begin)
        opening, closing = ("‘", "’") if match[2] else ("“", "”")
        cited = (
            " [@cited]" if match[1] in ("textcquote", "blockcquote") or "cite" in match[3] else ""
        )
        note = "" if cited else _source(match[3])
        made.append(f"{opening}{_quoted(text[begin + 1 : end])}{closing}{cited}{note}")
        at = end + 1


def _source(options: str) -> str:
    return "".join(f" ({part})" for part in re.findall(r"\[([^\]]*)\]", options) if part)


def _closing(text: str, begin: int) -> int:
    """The place of the brace that closes the one at `begin`; the end where there is none."""
    depth = 0
    for at in range(begin, len(text)):
        if text[at] in "{}" and text[at - 1] != "\\":
            depth += 1 if text[at] == "{" else -1
            if depth <= 0:
                return at
    return len(text)
