"""`data/diary/`: the reflexive diary, private. What is read of it: tasks to re-read, and entries marked quotable."""

from __future__ import annotations

from gtpipe.errors import Problem, error
from gtpipe.files import frontmatter, yamltext
from gtpipe.model import DiaryEntry

FIELDS = ("title", "date", "by", "quotable", "re-read", "reason", "closed")


def loads(text: str, path: str) -> tuple[DiaryEntry, list[Problem]]:
    """An entry and the problems of its file. Raises UserError where it has no front matter."""
    text = text.replace("\r\n", "\n")
    front, body = frontmatter.split(text, path, FIELDS)
    problems: list[Problem] = []
    fields = frontmatter.read(front, path, FIELDS, problems)

    def get(name: str) -> str:
        return yamltext.text_of(fields.get(name), path, problems)

    quotable = get("quotable")
    if quotable not in ("", "true", "false"):
        problems.append(error(path, fields["quotable"][0].line, f'"quotable" is "{quotable}"', "Write `true` or `false`"))
    names = tuple(name.strip() for name in get("re-read").strip("[]").split(",") if name.strip()) if "re-read" in fields else ()
    prose = text[body:].strip("\n") if quotable == "true" else ""
    return DiaryEntry(path, get("date"), get("by"), names, get("reason"), get("closed"), prose), problems
