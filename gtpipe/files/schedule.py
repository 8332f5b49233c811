"""`data/schedule/<version>.md`: the interview schedule, version by version; front matter says what prompted the change."""

from __future__ import annotations

import re

from gtpipe.errors import Problem, error
from gtpipe.files import frontmatter, naming, yamltext
from gtpipe.model import ScheduleVersion, is_date, one_line

FIELDS = ("version", "date", "prompted-by", "because")
_QUESTION = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)])[ \t]+(.*\S(?:\n[ \t]+(?![-*+][ \t]|\d+[.)][ \t])\S.*)*)", re.M)


def loads(text: str, path: str) -> tuple[ScheduleVersion, list[Problem]]:
    """A version and the problems of its file. Its questions are the items of its lists. Raises UserError without front matter."""
    text = text.replace("\r\n", "\n")
    front, body = frontmatter.split(text, path, FIELDS)
    problems: list[Problem] = []
    fields = frontmatter.read(front, path, FIELDS, problems)

    def get(name: str) -> str:
        return yamltext.text_of(fields.get(name), path, problems)

    name = path.rpartition("/")[2].removesuffix(".md")
    if get("version") not in ("", name):
        problems.append(error(path, fields["version"][0].line,
                              f'the file is called "{name}" and its version "{get("version")}"', "Give both the same name"))
    if get("date") and not is_date(get("date")):
        problems.append(error(path, fields["date"][0].line, f'"{get("date")}" is not a date', "Write it as 2026-03-02"))
    prompted = naming.named(fields.get("prompted-by"), front, path, problems)
    questions = tuple(one_line(match.group(1)) for match in _QUESTION.finditer(text, body))
    return ScheduleVersion(name, path, get("date"), prompted, get("because"), questions), problems
