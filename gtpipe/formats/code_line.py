"""One line of a sheet's block of codes: `label`, or `label <- "words"`, tied to a stretch."""

from __future__ import annotations

import re

from gtpipe.model.names import one_line

_ARROW = r"<-(?=\s|$|[\"“])"
_MARK = re.compile(rf"(?<!\S){_ARROW}")
_TO_ESCAPE = re.compile(rf"(?<!\S)(?=\\*{_ARROW})")
_ESCAPED = re.compile(rf"(?<!\S)\\(?=\\*{_ARROW})")


def why_not_a_label(label: str) -> str:
    """What stands against `label`, '' where nothing does: labels are one line, trimmed, without
    control characters.
    """
    from gtpipe.text import yamltext  # brings YAML, which Tab can do without

    if not label:
        return "a label needs at least one character"
    if (
        "\n" in label
        or "\r" in label
        or not yamltext.printable(label)
        or "\t" in label
        or "\x7f" in label
    ):
        return "a label is one line without control characters"
    return (
        "" if label == label.strip() else "a label begins and ends with something else than a space"
    )


def write_line(label: str, words: str | None) -> str:
    """The line for `label`, tied to the stretch `words` where given."""
    line = _TO_ESCAPE.sub(r"\\", label)
    if words is None:
        return line
    return f"{line} <-" if words == label else f'{line} <- "{one_line(words)}"'


def read_line(line: str) -> tuple[str, str | None]:
    """Label and stretch of a line; `write_line` backwards.

    Raises ValueError saying what is wrong.
    """
    mark = _MARK.search(line) if "<-" in line else None
    if mark is None and "\\" not in line:
        return line, None
    if mark is None:
        return _ESCAPED.sub("", line), None
    label = _ESCAPED.sub("", line[: mark.start()].rstrip())
    words = line[mark.end() :].strip()
    if not label:
        raise ValueError("no label stands before `<-`")
    if not words:
        return label, label
    if len(words) < 2 or words[0] not in '"“' or words[-1] not in '"”':
        raise ValueError("the words after `<-` must stand in quotation marks")
    if not words[1:-1].strip():
        raise ValueError("no words stand between the quotation marks")
    return label, words[1:-1].strip()


def relabel_line(line: str, new: str) -> str:
    """A line with another label; what stands behind the label stays as it is.

    A bare `<-` gets the words it stood for.
    """
    return rewrite_line(line, new, read_line(line.strip())[1])


def retie_line(line: str, words: str | None) -> str:
    """A line tied to the stretch `words` of its turn, or to none; the label and what stands around
    stay as they are.
    """
    label, _ = read_line(line.strip())
    content = line.strip()
    mark = _MARK.search(content)
    front = content if mark is None else content[: mark.start()].rstrip()
    retied = front + write_line(label, words)[len(write_line(label, None)) :]
    start = len(line) - len(line.lstrip())
    return line[:start] + retied + line[len(line.rstrip()) :]


def rewrite_line(line: str, label: str, words: str | None) -> str:
    """A line with another label, or tied to other words; how it is written stays."""
    old, old_words = read_line(line.strip())
    content = line.strip()
    mark = _MARK.search(content)
    front = content if mark is None else content[: mark.start()].rstrip()
    behind = content[len(front) :]
    quoted = content[mark.end() :].strip() if mark else ""
    if not quoted and words is not None:
        behind = write_line(label, words)[len(write_line(label, None)) :]
    elif words is not None and words != old_words:
        opening = len(behind) - len(quoted) + 1
        behind = f"{behind[:opening]}{one_line(words)}{behind[-1:]}"
    front = front if label == old else write_line(label, None)
    start = len(line) - len(line.lstrip())
    return f"{line[:start]}{front}{behind}{line[len(line.rstrip()) :]}"


def looks_tied(line: str) -> bool:
    """Whether a line ends as a code does that is tied to words."""
    mark = _MARK.search(line)
    return mark is not None and line[mark.end() :].strip()[:1] in ("", '"', "“")
