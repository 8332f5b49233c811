"""`data/memos/<date>-<slug>.md`: front matter and prose.

The prose is a person's, and is never touched.
"""

from __future__ import annotations

from collections.abc import Collection

from gtpipe.formats import naming
from gtpipe.model.names import slug
from gtpipe.model.problems import Problem
from gtpipe.model.records import Memo
from gtpipe.store.layout import MEMOS
from gtpipe.text import frontmatter, yamltext

FIELDS = ("title", "date", "by", "kind", "about")
KINDS = ("initial", "focused", "theoretical", "comparison", "method")  # offered; any word goes


def loads(text: str, path: str) -> tuple[Memo, list[Problem]]:
    """A memo and the problems of its file. Raises UserError where it has no front matter."""
    page = frontmatter.Page(text, path, FIELDS)
    about = naming.labels(page.fields.get("about"), page.front, path, page.problems)
    memo = Memo(
        page.name,
        path,
        page.get("title") or page.name,
        page.date(),
        page.get("by"),
        page.get("kind"),
        about,
        page.prose,
    )
    return memo, page.problems


def path_for(title: str, date: str, taken: Collection[str]) -> str:
    """A path for a memo of this title and day that is not in `taken`."""
    stem = slug(title)
    while len(stem.encode()) > 60:
        stem = stem[:-1].rstrip("-")
    base = f"{MEMOS}/{date}-{stem or 'memo'}"
    # Many disks take capitals and small letters for the same.
    folded = {path.casefold() for path in taken}
    number = 1
    while (path := f"{base}{f'-{number}' if number > 1 else ''}.md").casefold() in folded:
        number += 1
    return path


def dumps(title: str, date: str, by: str, kind: str, about: Collection[str]) -> str:
    """A new memo with an empty line for its prose."""
    lines = [
        "---",
        f"title: {yamltext.field_value(title, '  ')}",
        f"date: {date}",
        f"by: {by}".rstrip(),
        f"kind: {yamltext.field_value(kind, '  ') if kind else ''}".rstrip(),
        "about: |",
        *(f"  {line}" for line in about),
        "---",
        "",
        "",
    ]
    return "\n".join(lines)
