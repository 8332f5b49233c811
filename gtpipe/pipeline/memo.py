"""Stage 5 laid out: `memos.md`, the index of memos by date and by what they are about.

Of the prose of memos nothing is quoted; of the diary, only entries that their author marked
quotable.
"""

from __future__ import annotations

from functools import partial

from gtpipe.analysis import memos, subjects
from gtpipe.model.level import (
    CATEGORY,
    CODE_LEVELS,
    FOCUSED,
    INITIAL,
    RELATION,
    CodeRef,
    Level,
    MaybeLevel,
)
from gtpipe.model.names import label_order, one_line
from gtpipe.model.records import Later, Memo, Outcome
from gtpipe.pipeline.made_of import all_but_sheets
from gtpipe.pipeline.stages import MEMO
from gtpipe.study import Corpus
from gtpipe.text.markdown import in_link, plain

_BY: tuple[MaybeLevel, ...] = (CATEGORY, RELATION, FOCUSED, INITIAL, "")

_SUBJECTS = {
    subjects.PARTICIPANT: "participant",
    subjects.INTERVIEW: "interview",
    subjects.QUESTION: "question of the schedule",
    subjects.MEMO: "memo",
    subjects.IDEA: "idea",
}


def outcome(corpus: Corpus) -> Outcome:
    """`memos.md`."""
    page = Later(all_but_sheets(corpus, MEMO.reads), partial(_page, corpus))
    return Outcome({}, {"memos.md": page})


def _page(corpus: Corpus) -> str:
    material, names = corpus.material, corpus.names
    index = memos.index(material, names)
    entry = {memo.name: f"- {_entry(memo)}" for memo in index.by_date}
    in_prose = {name: f"{line}, in its prose" for name, line in entry.items()}
    parts = ["# Memos", "\n".join(entry.values()) or "No memo yet."]
    found = [(_called(level, 1) if level else "incident", index.by_level[level]) for level in _BY]
    found += [(title, index.by_subject[kind]) for kind, title in _SUBJECTS.items()]
    for title, groups in found:
        if groups:
            parts.append(f"## By {title}")
        for label in sorted(groups, key=label_order):
            lines = [(in_prose if prose else entry)[memo.name] for memo, prose in groups[label]]
            parts.append("\n".join((f"### {plain(label)}\n", *lines)))
    quotable = [entry for entry in material.diary if entry.prose]
    if quotable:
        parts.append("## From the diary (marked quotable)")
        parts += [f"{entry.date} {entry.by}".strip() + f"\n\n{entry.prose}" for entry in quotable]
    if index.changed:
        parts += [
            "## Memos that name a label that has changed",
            _listed([f"{memo.name}: {change}" for memo, change in index.changed]),
        ]
    if index.without_memo:
        parts.append(_how_many(index.without_memo))
    return "\n\n".join(parts) + "\n"


def _how_many(without: list[CodeRef]) -> str:
    """How many categories and codes have no memo, and how to see which."""
    numbers = [
        f"{number} {_called(level, number)}"
        for level in CODE_LEVELS
        if (number := sum(thing.level == level for thing in without))
    ]
    return f"Without a memo: {', '.join(numbers)} (`gtpipe memo list --missing`)."


def _called(level: Level, number: int) -> str:
    """Initial codes by their whole name: the page has focused ones too."""
    return ("initial " if level is INITIAL else "") + (level.noun if number == 1 else level.nouns)


def _listed(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _entry(memo: Memo) -> str:
    """A memo's date, its title as a link, its kind and who wrote it."""
    kind_and_author = ", ".join(part for part in (memo.kind, memo.by) if part)
    target = f"../memos/{memo.name}.md"
    if set(target) & set(" ()"):
        target = f"<{target}>"
    link = f"{memo.date} [{in_link(one_line(memo.title))}]({target})"
    return link + (f" ({kind_and_author})" if kind_and_author else "")
