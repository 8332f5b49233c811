"""`data/comments.yaml`, `data/comments.KR.yaml`: what a second reader says of a code, a theme or an
incident, what was answered, and what changed.

People write it by hand or by `gtpipe comments`; an edit touches the lines of its entry and no
others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from gtpipe.formats import edits, naming
from gtpipe.formats.entry import EntryReader, items
from gtpipe.model.problems import Problem, error
from gtpipe.model.records import Comment, Named, Where
from gtpipe.store.layout import COMMENTS
from gtpipe.text import entry_edits
from gtpipe.text.document import Document
from gtpipe.text.yamltext import Node

_MEMO = re.compile(r"\d{4}-\d\d-\d\d-[\w-]+")

FIELDS = ("about", "by", "comment", "answer", "changed")


def loads(text: str, path: str = COMMENTS) -> tuple[tuple[Comment, ...], list[Problem]]:
    """The comments in the order of the file, and what is wrong with it.

    Raises UserError where it is not YAML.
    """
    problems: list[Problem] = []
    entries = items(text, path, "comments", "Each begins with `- about: X`", problems)
    found = (_comment(item, text, path, problems) for item in entries)
    return tuple(comment for comment in found if comment is not None), problems


def _comment(item: Node, text: str, path: str, problems: list[Problem]) -> Comment | None:
    entry = EntryReader(item, FIELDS, "a comment", text=text, path=path, problems=problems)
    about = entry.label("about")
    by, comment, answer, changed = map(entry.get, FIELDS[1:])
    if about is None or "\n" in about.label:
        entry.error(
            "about",
            "what a comment is about is one line" if about else "this comment is about nothing",
            "Write `about: X`: a code, a category, a relation, a memo, or an incident such as "
            "`jim 2`",
        )
        return None
    if not comment:
        entry.error("about", "this comment says nothing", "Write `comment: …`")
        return None
    return Comment(about, by, comment, answer, changed, entry.where)


def add(text: str, about: str, by: str, comment: str, path: str = COMMENTS) -> str:
    """`text` with one more comment at its end. Raises UserError when the file has errors."""
    return add_all(text, [(about, comment)], by, path)


def add_all(text: str, said: Sequence[tuple[str, str]], by: str, path: str = COMMENTS) -> str:
    """The same for several: what each is about, and what it says."""
    expected = [*edits.whole(loads(text, path))]
    blocks = []
    for about, comment in said:
        block = f"- about: {_address(about)}\n"
        blocks.append(block + entry_edits.fields([("by", by), ("comment", comment)]))
        where = Where(path, 0)
        expected.append(Comment(naming.named_as(about, where), by, comment, "", "", where))
    return _proved(entry_edits.append(text, path, "\n".join(blocks)), path, tuple(expected))


def fill_in(text: str, number: int, values: dict[str, str], path: str = COMMENTS) -> str:
    """`text` with `values` (answer, changed) in comment `number`, counted from 1.

    Only those lines are new. Raises UserError when the file has errors, or the entry cannot be
    edited by lines.
    """
    expected = list(edits.whole(loads(text, path)))
    comment = expected[number - 1]
    expected[number - 1] = replace(
        comment,
        answer=values.get("answer", comment.answer),
        changed=values.get("changed", comment.changed),
    )
    edited = text
    for name, value in values.items():
        item = Document(edited, path).entries[number - 1]
        edited = entry_edits.set_value(edited, path, item, name, value, FIELDS)
    return _proved(edited, path, tuple(expected))


def _proved(edited: str, path: str, expected: tuple[Comment, ...]) -> str:
    what = "this cannot be written without touching other lines"
    refusal = error(path, None, what, "Write it by hand")
    return edits.proved(edited, lambda text: loads(text, path), expected, refusal)


def _address(about: str) -> str:
    """What a comment is about as it stands behind `about: `; `jim 2 "words"` and a memo's name need
    no quotes around them.
    """
    if _MEMO.fullmatch(about) and entry_edits.reads_plain(about, COMMENTS):
        return about
    return entry_edits.address(about, COMMENTS)


def named_in(about: Named) -> str:
    """What a comment is about, as it is typed."""
    return f"{about.level}: {about.label}" if about.level else about.label
