"""`data/diary/`: the reflexive diary, private.

What is read of it: tasks to re-read, and entries marked quotable.
"""

from __future__ import annotations

from gtpipe.model.problems import Problem, UserError, error
from gtpipe.model.records import DiaryEntry
from gtpipe.text import frontmatter
from gtpipe.text.yamltext import Scalar, Sequence

FIELDS = ("title", "date", "by", "quotable", "re-read", "reason", "due", "closed")


def loads(text: str, path: str) -> tuple[DiaryEntry, list[Problem]]:
    """An entry and the problems of its file, in which no word of it stands.

    Raises UserError where it has no front matter.
    """
    try:
        entry, problems = _loads(text, path)
    except UserError as exc:
        raise UserError(*(_private(problem) for problem in exc.problems)) from None
    return entry, [_private(problem) for problem in problems if problem.is_error]


def _private(problem: Problem) -> Problem:
    return error(
        problem.path,
        problem.line,
        "the front matter of this entry cannot be read",
        f"It begins and ends with `---`; its fields are {', '.join(FIELDS)}; "
        "`quotable` is true or false",
    )


def _loads(text: str, path: str) -> tuple[DiaryEntry, list[Problem]]:
    page = frontmatter.Page(text, path, FIELDS)
    quotable = page.get("quotable")
    if quotable not in ("", "true", "false"):
        page.error("quotable", "neither true nor false", "")
    prose = page.prose if quotable == "true" else ""
    entry = DiaryEntry(
        path,
        page.date(),
        page.get("by"),
        _interviews(page),
        page.get("reason"),
        page.get("due"),
        page.get("closed"),
        prose,
    )
    return entry, page.problems


def _interviews(page: frontmatter.Page) -> tuple[str, ...]:
    """`re-read: jim, eve`, or as a list."""
    value = page.fields["re-read"][1] if "re-read" in page.fields else None
    if isinstance(value, Sequence):
        return tuple(item.value.strip() for item in value.items if isinstance(item, Scalar))
    return tuple(name.strip() for name in page.get("re-read").split(",") if name.strip())
