"""What `gtpipe compare` shows: a code with its incidents, two codes
against each other, and what came last beside earlier incidents.

Each view has rows for programs and blocks for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gtpipe.analysis import disconfirming
from gtpipe.analysis.annotations import WrittenAbout
from gtpipe.analysis.comparison import (
    BOTH,
    Held,
    Looking,
    Newest,
    Shared,
    SideBySide,
    merged,
    people,
    together,
)
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, CodeRef
from gtpipe.model.names import label_order, one_line
from gtpipe.model.plural import count
from gtpipe.model.problems import in_shell
from gtpipe.model.records import Category, Code, FocusedCode, Interview, Material, Where
from gtpipe.render import blocks, pages
from gtpipe.render.blocks import GAP, Block, Pair
from gtpipe.render.codes import no_definition
from gtpipe.render.incidents import (
    Annotations,
    Detail,
    annotated,
    as_blocks,
    by_interview,
    details,
    of_interview,
    summary,
    title,
)
from gtpipe.render.tables import Row
from gtpipe.study import Corpus

Entry = Code | FocusedCode | Category

INCIDENT = (
    "interview",
    "turn",
    "participant",
    "coders",
    "words",
    "text",
    "question",
    "beside",
    "notes",
    "in-vivo",
)
SHARED = (
    "Shared is where both stand in one turn and their words overlap; a whole turn overlaps each "
    "of its stretches."
)


def row(view: IncidentInContext) -> Row:
    """The cells of an incident under INCIDENT."""
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
    )


# --- one code -------------------------------------------------------------------------------------


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
    yield Block(summary(views), style="dim")
    if thing.level != CATEGORY:
        yield from by_interview(views, material, annotations)
    elif not held:
        yield Block("It holds no focused code yet.", style="dim")
    for each in held:
        yield GAP
        within = "" if each.category == thing.label else f" · in the subcategory {each.category}"
        yield Block(f"{each.focused}{within}", style="bold reverse")
        yield Block(summary(each.views), style="dim")
        yield from by_interview(each.views, material, annotations)
    yield from _does_not_fit(thing, held, looking, corpus, annotations)
    yield from _memos(thing, entry, material)
    yield from _comments(thing, entry, annotations)


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
    yield Block(thing.label + ("" if thing.level == INITIAL else f" · {thing.kind}"), style="bold")
    nothing = no_definition(thing.level, corpus)
    yield Block(entry.definition or nothing, style="" if entry.definition else "dim")
    for name, text in _fields(entry):
        if text:
            yield Block(f"{name}: {text}")


def _fields(entry: Entry) -> list[Detail]:
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
        looking.around,
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
            yield from as_blocks(each.view, told)


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


# --- two codes ------------------------------------------------------------------------------------


class TwoCodes:
    """Two codes, focused codes or categories against each other."""

    def __init__(
        self, one: CodeRef, other: CodeRef, looking: Looking, sides: SideBySide, corpus: Corpus
    ) -> None:
        self.things, self.looking, self.sides = (one, other), looking, sides
        self.corpus = corpus
        same = one.label == other.label
        self.names = tuple(
            f"{thing.level}: {thing.label}" if same else thing.label for thing in self.things
        )
        # The two as they are told beside a turn.
        self._own = {
            thing.label if thing.level == INITIAL else f"{thing.level}: {thing.label}"
            for thing in self.things
        }

    def rows(self) -> list[Row]:
        """Each incident once: where it is held, under which codes, and the cells of INCIDENT."""
        one, other = self.names
        rows: list[tuple[str, list[str], IncidentInContext]] = []
        for turn in self.sides.both:
            theirs = {view.span: view for view in turn.theirs}
            for view in turn.ours:
                also = theirs.pop(view.span, None)
                if also is None:
                    rows.append((BOTH, [one], view))
                else:
                    rows.append((BOTH, [one, other], merged(view, also)))
            rows += [(BOTH, [other], view) for view in theirs.values()]
        for name, views in zip(self.names, (self.sides.ours, self.sides.theirs), strict=True):
            rows += [(name, [name], view) for view in views]
        return [(where, codes, *row(self._without_them(view))) for where, codes, view in rows]

    def _without_them(self, view: IncidentInContext) -> IncidentInContext:
        """The view without the two among the codes beside it: both are known to stand there."""
        return view._replace(beside=tuple(code for code in view.beside if code not in self._own))

    def show(self, views: Sequence[Sequence[IncidentInContext]], material: Material) -> None:
        """Print both entries, what they share, what only one holds,
        and the memos that compare them.
        """
        annotations = Annotations.of(material)
        wide = blocks.is_wide()
        entries = [entry_of(thing, self.looking) for thing in self.things]
        heads = [
            [*head(thing, entry, self.corpus), Block(summary(held), style="dim")]
            for thing, entry, held in zip(self.things, entries, views, strict=True)
        ]
        if wide:
            blocks.show_beside([(heads[0], heads[1])])
        else:
            blocks.show([*heads[0], GAP, *heads[1]])
        blocks.show(self._participants(views))
        blocks.show([GAP, Block("Both", style="bold reverse"), *self._shared_head()])
        for turn, opening in _openings(self.sides.both, material):
            blocks.show([*opening, *self._shared_turn(turn, annotations)])
        blocks.show([GAP])
        self._show_alone(material, annotations, wide)
        blocks.show(self._memos(entries, annotations))

    def _participants(self, views: Sequence[Sequence[IncidentInContext]]) -> Iterator[Block]:
        one, other = (set(people(held)) for held in views)
        yield GAP
        yield Block(f"Participants with both: {_list(one & other)}")
        a, b = self.names
        yield Block(f'coded "{a}", not coded "{b}": {_list(one - other)}')
        yield Block(f'coded "{b}", not coded "{a}": {_list(other - one)}')

    def _shared_head(self) -> Iterator[Block]:
        both = self.sides.both
        yield Block(SHARED, style="dim")
        if not both:
            yield Block("No incident is shared.", style="dim")
            return
        ours, theirs = (sum(len(turn[side]) for turn in both) for side in (0, 1))
        who = ", ".join(people(view for turn in both for view in turn.ours)) or "none"
        yield Block(
            f'{count(len(both), "turn")}: {count(ours, "incident")} of "{self.names[0]}", '
            f'{theirs} of "{self.names[1]}". Participants: {who}.',
            style="dim",
        )

    def _shared_turn(self, turn: Shared, annotations: Annotations) -> Iterator[Block]:
        """A turn once, with the words of either code in it."""
        views = (*turn.ours, *turn.theirs)
        whole = views[0]
        for view in views[1:]:
            whole = merged(whole, view)
        whole = self._without_them(
            whole._replace(
                span=views[0].span if len({view.span for view in views}) == 1 else None,
                words=None,
                notes=(),
                through=(),
                in_vivo=False,
            )
        )
        told: list[Detail] = []
        for name, held in zip(self.names, turn, strict=True):
            for view in held:
                words = "the whole turn" if view.words is None else one_line(view.words)
                told.append((f'"{name}"', words))
                told += details(view._replace(words=None, beside=(), in_vivo=False))
        yield from as_blocks(whole, [*told, *details(whole), *annotated(views, annotations)])

    def _show_alone(self, material: Material, annotations: Annotations, wide: bool) -> None:
        """What only one of them holds: beside each other interview
        by interview, or one after the other.
        """
        sides = (self.sides.ours, self.sides.theirs)
        tops = [
            [Block(f'Only "{name}"', style="bold reverse"), Block(summary(held), style="dim")]
            for name, held in zip(self.names, sides, strict=True)
        ]
        if not wide:
            for top, held in zip(tops, sides, strict=True):
                blocks.show([*top, *by_interview(held, material, annotations), GAP])
            return
        pairs: list[Pair] = [(tops[0], tops[1])]
        for interview in material.interviews:
            ours, theirs = (
                list(
                    by_interview(
                        [view for view in held if view.interview == interview],
                        material,
                        annotations,
                    )
                )
                for held in sides
            )
            if ours or theirs:
                pairs.append((ours, theirs))
        blocks.show_beside(pairs)
        blocks.show([GAP])

    def _memos(self, entries: Sequence[Entry], annotations: Annotations) -> Iterator[Block]:
        of_one, of_other = (
            annotations.memos.about(thing.level, entry)
            for thing, entry in zip(self.things, entries, strict=True)
        )
        memos = [memo for memo in of_one if memo in of_other]
        if memos:
            yield Block("Memos that compare them", style="bold underline")
        for memo in memos:
            yield Block(f"{memo.title}{f' ({memo.by})' if memo.by else ''}: {memo.name}", 2)


def _openings(turns: Iterable[Shared], material: Material) -> Iterator[tuple[Shared, list[Block]]]:
    """Each turn with what stands above it: a gap, and its interview where that is another."""
    last = None
    for turn in turns:
        interview = turn.ours[0].interview
        yield turn, [GAP] + ([of_interview(interview, material)] if interview != last else [])
        last = interview


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names, key=label_order)) or "nobody"


# --- what came last -------------------------------------------------------------------------------

NEWEST = (
    "interview",
    "turn",
    "participant",
    "coders",
    "words",
    "text",
    "codes",
    "first",
    "earlier-interview",
    "earlier-turn",
    "earlier-participant",
    "earlier-words",
    "earlier-text",
    "same-codes",
    "more",
)


def newest_rows(new: Newest) -> Iterator[Row]:
    """A row under NEWEST for each earlier incident; one with
    nothing in its columns where there is none.
    """
    view = new.view
    own = (
        view.interview,
        view.turn,
        view.participant,
        list(view.coders),
        view.words or "",
        view.spoken.text,
        list(new.codes),
        list(new.first),
    )
    if not new.earlier:
        yield (*own, "", "", "", "", "", [], new.more)
    for earlier in new.earlier:
        yield (
            *own,
            earlier.view.interview,
            earlier.view.turn,
            earlier.view.participant,
            earlier.view.words or "",
            earlier.view.spoken.text,
            list(earlier.codes),
            new.more,
        )


def show_newest(
    interview: Interview, found: Iterable[Newest], attribute: str, material: Material
) -> None:
    """Print each new incident beside the earlier ones of its
    codes, or above them on a narrow terminal.
    """
    values = {
        name: dict(participant.attributes).get(attribute, "")
        for name, participant in material.participants.items()
    }
    blocks.show(
        [
            Block(
                interview.name + (f" · {interview.date}" if interview.date else ""), style="bold"
            ),
            Block(
                "Each incident, and earlier ones of its codes: "
                + (f"participants of another {attribute} first, " if attribute else "")
                + "other participants before the same, then in study order.",
                style="dim",
            ),
        ]
    )
    wide = blocks.is_wide()
    for new in found:
        left = list(_new(new, attribute, values))
        right = list(_earlier(new, attribute, values))
        blocks.show([GAP])
        if wide:
            blocks.show_beside([(left, right)])
        else:
            blocks.show(left)
            blocks.show(
                each._replace(indent=each.indent + 4) if each.text else each for each in right
            )


def _new(new: Newest, attribute: str, values: dict[str, str]) -> Iterator[Block]:
    told = details(new.view._replace(beside=(), in_vivo=False))
    told.append(("codes", "; ".join(new.codes)))
    if new.view.beside:
        told.append(("also coded here", "; ".join(new.view.beside)))
    yield from as_blocks(new.view, told, _with_attribute(new.view, attribute, values))


def _earlier(new: Newest, attribute: str, values: dict[str, str]) -> Iterator[Block]:
    """The earlier incidents; what is new here is said first."""
    if new.first and len(new.first) == len(new.codes):
        codes = "this code" if len(new.codes) == 1 else "these codes"
        yield Block(f"First incident of {codes}.", style="dim")
        return
    if new.first:
        yield Block(f"First incident of: {'; '.join(new.first)}", style="dim")
    for number, earlier in enumerate(new.earlier):
        if number:
            yield GAP
        told = [] if earlier.view.words is None else [("words", one_line(earlier.view.words))]
        same = "same code" if len(earlier.codes) == 1 else "same codes"
        told.append((same, "; ".join(earlier.codes)))
        yield from as_blocks(earlier.view, told, _with_attribute(earlier.view, attribute, values))
    if new.more:
        shared = dict.fromkeys(code for code in new.codes if code not in new.first)
        commands = "; ".join(f"gtpipe compare {in_shell(code)}" for code in shared)
        yield GAP
        yield Block(f"{new.more} more: {commands}", style="dim")


def _with_attribute(view: IncidentInContext, attribute: str, values: dict[str, str]) -> str:
    if not (attribute and view.participant):
        return title(view)
    return f"{title(view)} · {attribute}: {values.get(view.participant) or 'not known'}"
