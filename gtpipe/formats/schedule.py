"""`data/schedule/<version>.md`: the interview schedule, version by version; front matter says what
prompted the change.
"""

from __future__ import annotations

import re

from gtpipe.formats import naming
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem
from gtpipe.model.records import ScheduleVersion
from gtpipe.text import frontmatter

FIELDS = ("version", "date", "prompted-by", "because")
# What stands in front of a question, or of a prompt below it.
_MARK = r"(?:[-*+•–]|\d+(?:\.\d+)*[.)]|\(?[a-z]\)|[a-z]\.|\(?[ivx]+\))"
_QUESTION = re.compile(rf"^[ \t]*{_MARK}[ \t]+(.*\S(?:\n[ \t]+(?!{_MARK}[ \t])\S.*)*)", re.M)


def loads(text: str, path: str) -> tuple[ScheduleVersion, list[Problem]]:
    """A version and the problems of its file.

    Its questions are the items of its lists. Raises UserError without front matter.
    """
    page = frontmatter.Page(text, path, FIELDS)
    version = page.get("version")
    if version not in ("", page.name):
        page.error(
            "version",
            f'the file is called "{page.name}" and its version "{version}"',
            "Give both the same name",
        )
    prompted = naming.labels(page.fields.get("prompted-by"), page.front, path, page.problems)
    questions = tuple(
        one_line(match.group(1)) for match in _QUESTION.finditer(page.text, page.body)
    )
    return ScheduleVersion(
        page.name, path, page.date(), prompted, page.get("because"), questions
    ), page.problems
