"""Stage 5 laid out: `memos.md`, the index of memos by date and by what they are about.

Of the prose of memos nothing is quoted; of the diary, only entries that their author marked
quotable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from gtpipe.analysis import memos, subjects
from gtpipe.analysis.memos import MemoIndex
from gtpipe.model.level import CATEGORY, CODE_LEVELS, FOCUSED, INITIAL, RELATION, Level, MaybeLevel
from gtpipe.model.names import label_order, one_line
from gtpipe.model.records import InPieces, Material, Memo, Outcome, Piece
from gtpipe.pipeline.made_of import all_but_sheets
from gtpipe.pipeline.since import NOTHING, Since
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


def outcome(corpus: Corpus, before: Since = NOTHING) -> Outcome:
    """`memos.md`: the index, and how many codes have no memo. Where no memo names a code that is
    new or gone, only their number is another one. How incidents stand is let go: nothing here asks.
    """
    corpus.let_go()
    material, names = corpus.material, corpus.names
    index = cache(lambda: memos.index(material, names))
    was = before.pieces("memos.md")
    changed = (code.label for code in before.new | before.gone)
    if was and not memos.may_name(material.memos, changed):
        made_of = was[0]
        without = dict(zip(CODE_LEVELS, map(int, was[1].split()), strict=True))
    else:
        made_of = all_but_sheets(corpus, MEMO.reads)
        without = dict.fromkeys(CODE_LEVELS, 0)
        for code in index().without_memo:
            without[code.level] += 1
        before = NOTHING
    for codes, more in ((before.new, 1), (before.gone, -1)):
        for code in codes:
            without[code.level] += more
    pieces = (
        Piece(made_of, lambda: _page(material, index())),
        Piece(" ".join(map(str, without.values())), lambda: (_how_many(without),)),
    )
    return Outcome({}, [("memos.md", InPieces(pieces))])


def _page(material: Material, index: MemoIndex) -> Iterator[str]:
    between = ""
    for part in _parts(material, index):
        yield f"{between}{part}"
        between = "\n\n"
    yield "\n"


def _parts(material: Material, index: MemoIndex) -> Iterator[str]:
    """The parts of the page, a title or what stands under it; there are as many as labels."""
    entry = {memo.name: f"- {_entry(memo)}" for memo in index.by_date}
    in_prose = {name: f"{line}, in its prose" for name, line in entry.items()}
    yield "# Memos"
    yield "\n".join(entry.values()) or "No memo yet."
    found = [(_called(level, 1) if level else "incident", index.by_level[level]) for level in _BY]
    found += [(title, index.by_subject[kind]) for kind, title in _SUBJECTS.items()]
    for title, groups in found:
        if groups:
            yield f"## By {title}"
        for label in sorted(groups, key=label_order):
            lines = [(in_prose if prose else entry)[memo.name] for memo, prose in groups[label]]
            yield "\n".join((f"### {plain(label)}\n", *lines))
    quotable = [entry for entry in material.diary if entry.prose]
    if quotable:
        yield "## From the diary (marked quotable)"
        yield from (f"{one.date} {one.by}".strip() + f"\n\n{one.prose}" for one in quotable)
    if index.changed:
        yield "## Memos that name a label that has changed"
        yield _listed([f"{memo.name}: {change}" for memo, change in index.changed])


def _how_many(without: Mapping[Level, int]) -> str:
    """How many categories and codes have no memo, and how to see which."""
    numbers = [f"{number} {_called(level, number)}" for level, number in without.items() if number]
    told = f"Without a memo: {', '.join(numbers)} (`gtpipe memo list --missing`).\n"
    return told if numbers else ""


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
