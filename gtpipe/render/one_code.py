"""What `gtpipe compare CODE` shows: a code with its incidents, what does not fit, and memos.

Rows for programs and blocks for people, as in `two_codes` and `newest`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtpipe.analysis import disconfirming, groups
from gtpipe.analysis.annotations import WrittenAbout
from gtpipe.analysis.comparison import Held, Looking, together
from gtpipe.analysis.groups import Group
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.model.approach import spoken
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, CodeRef
from gtpipe.model.persons import COLUMN, Persons
from gtpipe.model.records import Category, Code, FocusedCode, Material, Where, people
from gtpipe.render import pages
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.codes import no_definition
from gtpipe.render.incidents import (
    Annotations,
    Detail,
    annotated,
    as_blocks,
    by_interview,
    details,
    summary,
)
from gtpipe.render.tables import Row
from gtpipe.study import Corpus

Entry = Code | FocusedCode | Category

INCIDENT = tuple(
    "interview turn participant coders words text question beside notes in-vivo after".split()
)


def header(material: Material) -> tuple[str, ...]:
    """INCIDENT, with COLUMN where one person is several participants."""
    return (*INCIDENT, *((COLUMN,) if material.persons else ()))


def row(view: IncidentInContext, persons: Persons) -> Row:
    """The cells of an incident under `header`."""
    return (
        view.interview,
        view.turn,
        view.participant,
        list(view.coders),
        view.words or "",
        view.spoken.text,
        view.question.text if view.question else "",
        list(view.beside),
        [f"{coder}: {note}" if coder else note for coder, note in view.notes],
        "yes" if view.in_vivo else "",
        "\n".join(f"{turn.label}: {turn.text}" for turn in view.after),
        *persons.column(people(view.participant)),
    )


def views_of(thing: CodeRef, looking: Looking) -> tuple[tuple[IncidentInContext, ...], list[Held]]:
    """The incidents of a thing; those of a category also by the focused codes that hold them."""
    if thing.level != CATEGORY:
        return looking.views(thing), []
    held = looking.by_focused(thing.label)
    return together(held, looking.material), held


def page(
    thing: CodeRef,
    views: Sequence[IncidentInContext],
    held: Sequence[Held],
    looking: Looking,
    corpus: Corpus,
) -> Iterator[Block]:
    """A code, focused code or category: its entry, its
    incidents, what does not fit, memos and comments.
    """
    material = corpus.material
    entry, annotations = entry_of(thing, looking), Annotations.of(material)
    yield from head(thing, entry, corpus)
    yield Block(summary(views, material.persons), style="dim")
    yield from not_judged(thing, looking)
    if thing.level != CATEGORY:
        yield from by_interview(views, material, annotations)
    elif not held:
        yield Block(holds_nothing(), style="dim")
    for each in held:
        yield GAP
        part = f" · in the {spoken().part[0]} {each.category}"
        within = "" if each.category == thing.label else part
        yield Block(f"{each.focused}{within}", style="bold reverse")
        yield Block(summary(each.views, material.persons), style="dim")
        yield from by_interview(each.views, material, annotations)
    yield from _does_not_fit(thing, held, looking, corpus, annotations)
    yield from _memos(thing, entry, material)
    yield from _comments(thing, entry, annotations)


def holds_nothing() -> str:
    """What to say of a category without focused codes."""
    return f"It holds no {FOCUSED.noun} yet."


def by_group(
    thing: CodeRef,
    by: str,
    found: Sequence[tuple[Group, Sequence[IncidentInContext]]],
    looking: Looking,
    corpus: Corpus,
) -> Iterator[Block]:
    """The same, its incidents by an attribute; a group without any says what that means."""
    material = corpus.material
    entry, annotations = entry_of(thing, looking), Annotations.of(material)
    yield from head(thing, entry, corpus)
    for group, views in found:
        yield GAP
        yield Block(f"{by}: {group.name}", style="bold reverse")
        nothing = groups.state(group, bool(views)) or "nobody is in this group yet"
        yield Block(summary(views, material.persons) if views else nothing, style="dim")
        yield from by_interview(views, material, annotations)
    yield from _does_not_fit(thing, (), looking, corpus, annotations)


def entry_of(thing: CodeRef, looking: Looking) -> Entry:
    """The entry of a thing in its file, or an empty one."""
    if thing.level == INITIAL:
        return looking.material.codebook.get(thing.label) or Code(thing.label, Where("", 0))
    if thing.level == FOCUSED:
        return looking.focused[thing.label]
    categories = {category.label: category for category in looking.material.theory.categories}
    return categories.get(thing.label) or Category(thing.label, Where("", 0))


def head(thing: CodeRef, entry: Entry, corpus: Corpus) -> Iterator[Block]:
    """The label of a thing and what its entry says."""
    label = entry.title if isinstance(entry, Code) else f"{thing.label} · {thing.kind}"
    yield Block(label, style="bold")
    nothing = no_definition(thing.level, corpus)
    yield Block(entry.definition or nothing, style="" if entry.definition else "dim")
    for name, text in fields(entry):
        if text:
            yield Block(f"{name}: {text}")


def fields(entry: Entry) -> list[Detail]:
    """What an entry says beside its definition: name and text, which may be empty."""
    if isinstance(entry, Code):
        return pages.about(entry)
    if isinstance(entry, Category):
        return [("Part of", entry.part_of.label if entry.part_of else "")]
    because = (entry.because or pages.NO_REASON) + (f" ({entry.by})" if entry.by else "")
    return [
        ("Because", because),
        ("Takes up", "; ".join(named.label for named in entry.takes_up)),
        *pages.lineage(entry),
    ]


def not_judged(thing: CodeRef, looking: Looking) -> Iterator[Block]:
    """How many incidents came since and were not judged, and where; never their words."""
    waiting = looking.holdings.waiting(thing)
    if waiting and thing.level == FOCUSED:
        yield Block(pages.not_judged(waiting, thing.label))
    elif waiting:
        yield Block(f"Since then, not judged: {len(waiting)} ({pages.turns(waiting)}).")


def _does_not_fit(
    thing: CodeRef, held: Sequence[Held], looking: Looking, corpus: Corpus, annotations: Annotations
) -> Iterator[Block]:
    """The incidents that do not fit; of an initial code, only
    where one is recorded or somebody looked.
    """
    parts = dict.fromkeys(
        [CodeRef(CATEGORY, each.category) for each in held]
        + [CodeRef(FOCUSED, each.focused) for each in held]
    )
    unfit, nothing = disconfirming.does_not_fit(
        thing,
        corpus.material,
        looking.focused,
        corpus.names,
        looking.codings,
        tuple(part for part in parts if part != thing),
    )
    if (
        thing.level == INITIAL
        and not unfit
        and not disconfirming.is_named_in_theory(thing.label, corpus.material)
    ):
        return
    yield GAP
    yield Block("Does not fit", style="bold underline")
    if nothing:
        yield Block(nothing, 2)
    for each in unfit:
        yield GAP
        if each.view is None:
            yield Block(each.words, 0, "bold cyan")
            for name, text in each.told:
                yield Block(f"{name}: {text}", 4, "italic")
        else:
            told = [*details(each.view), *annotated([each.view], annotations), *each.told]
            (seen,) = looking.seen_around([each.view])
            yield from as_blocks(seen, told)


def _memos(thing: CodeRef, entry: Entry, material: Material) -> Iterator[Block]:
    memos = WrittenAbout.of_memos(material).about(thing.level, entry)
    if memos:
        yield GAP
        yield Block("Memos", style="bold underline")
    for memo in memos:
        kind = ", ".join(part for part in (memo.kind, memo.by) if part)
        yield Block(f"{memo.title}{f' ({kind})' if kind else ''}: {memo.name}", 2)


def _comments(thing: CodeRef, entry: Entry, annotations: Annotations) -> Iterator[Block]:
    comments = annotations.comments.about(thing.level, entry)
    if comments:
        yield GAP
        yield Block("Comments", style="bold underline")
    for comment in comments:
        yield Block(f"{comment.by or 'somebody'}: {comment.comment}", 2)
        answered = "" if comment.answer else "dim"
        yield Block(f"answer: {comment.answer or 'none yet'}", 4, answered)
        if comment.changed:
            yield Block(f"changed: {comment.changed}", 4)
