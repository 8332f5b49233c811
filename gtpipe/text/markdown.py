"""What people wrote, so that Markdown shows it as they typed it."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"[\\`*_<>|~\[\]&$]")
_OPENING = re.compile(r"^(\s*)([#+-]|\d+[.)])(?=\s|$)", re.M)
_UNDERLINE = re.compile(r"^(\s*)(?==+\s*$|--+\s*$)", re.M)


def plain(text: str) -> str:
    """`text` with a backslash before what Markdown would take for its own."""
    escaped = _UNDERLINE.sub(r"\1\\", _MARKUP.sub(r"\\\g<0>", text))
    return _OPENING.sub(lambda m: f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", escaped)
