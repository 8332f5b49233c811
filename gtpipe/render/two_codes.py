"""What `gtpipe compare CODE CODE` shows: two codes against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gtpipe.analysis.comparison import BOTH, Looking, Shared, SideBySide, merged, people
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.model.level import INITIAL, CodeRef
from gtpipe.model.names import label_order, one_line
from gtpipe.model.plural import count
from gtpipe.model.records import Material, first_and_last
from gtpipe.render import blocks
from gtpipe.render.blocks import GAP, Block, Pair
from gtpipe.render.incidents import (
    Annotations,
    Detail,
    annotated,
    as_blocks,
    by_interview,
    details,
    of_interview,
    summary,
    whole,
)
from gtpipe.render.one_code import Entry, entry_of, head, not_judged, row
from gtpipe.render.tables import Row
from gtpipe.study import Corpus

SHARED = (
    "Shared is where both stand in one turn and their words overlap; a whole turn overlaps each "
    "of its stretches."
)


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
            theirs = {view.key: view for view in turn.theirs}
            for view in turn.ours:
                also = theirs.pop(view.key, None)
                if also is None:
                    rows.append((BOTH, [one], view))
                else:
                    rows.append((BOTH, [one, other], merged(view, also)))
            rows += [(BOTH, [other], view) for view in theirs.values()]
        for name, views in zip(self.names, (self.sides.ours, self.sides.theirs), strict=True):
            rows += [(name, [name], view) for view in views]
        persons = self.looking.material.persons
        return [
            (where, codes, *row(self._without_them(view), persons)) for where, codes, view in rows
        ]

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
            [
                *head(thing, entry, self.corpus),
                Block(summary(held, material.persons), style="dim"),
                *not_judged(thing, self.looking),
            ]
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
        persons = self.looking.material.persons
        both = {
            name
            for name in one | other
            if one.intersection(persons.names(name)) and other.intersection(persons.names(name))
        }
        yield GAP
        yield Block(f"Participants with both: {_list(both)}{persons.aside(both)}")
        a, b = self.names
        yield Block(f'coded "{a}", not coded "{b}": {_list(one - both)}')
        yield Block(f'coded "{b}", not coded "{a}": {_list(other - both)}')

    def _shared_head(self) -> Iterator[Block]:
        both = self.sides.both
        yield Block(SHARED, style="dim")
        if not both:
            yield Block("No incident is shared.", style="dim")
            return
        ours, theirs = (sum(len(turn[side]) for turn in both) for side in (0, 1))
        names = people(view for turn in both for view in turn.ours)
        who = (", ".join(names) or "none") + self.looking.material.persons.aside(names)
        yield Block(
            f'{count(len(both), "turn")}: {count(ours, "incident")} of "{self.names[0]}", '
            f'{theirs} of "{self.names[1]}". Participants: {who}.',
            style="dim",
        )

    def _shared_turn(self, turn: Shared, annotations: Annotations) -> Iterator[Block]:
        """A turn once, with the words of either code in it; of incidents over turns, the one that
        runs over most words."""
        views = sorted((*turn.ours, *turn.theirs), key=lambda view: -len(view.spoken.text))
        shown = views[0]
        for view in views[1:]:
            shown = merged(shown, view)
        shown = self._without_them(
            shown._replace(
                span=shown.span if len({view.key for view in views}) == 1 else None,
                words=None,
                notes=(),
                through=(),
                in_vivo=False,
            )
        )
        told: list[Detail] = []
        for name, held in zip(self.names, turn, strict=True):
            for view in held:
                words = whole(view) if view.words is None else one_line(view.words)
                if view.turn != shown.turn and not first_and_last(view.turn):
                    words = f"turn {view.turn}: {words}"
                told.append((f'"{name}"', words))
                told += details(view._replace(words=None, beside=(), in_vivo=False))
        yield from as_blocks(shown, [*told, *details(shown), *annotated(views, annotations)])

    def _show_alone(self, material: Material, annotations: Annotations, wide: bool) -> None:
        """What only one of them holds: beside each other interview
        by interview, or one after the other.
        """
        sides = (self.sides.ours, self.sides.theirs)
        tops = [
            [
                Block(f'Only "{name}"', style="bold reverse"),
                Block(summary(held, material.persons), style="dim"),
            ]
            for name, held in zip(self.names, sides, strict=True)
        ]
        if not wide:
            alone = zip(tops, sides, strict=True)
            blocks.show(
                blocks.between(
                    [*top, *by_interview(held, material, annotations)] for top, held in alone
                )
            )
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

    def _memos(self, entries: Sequence[Entry], annotations: Annotations) -> Iterator[Block]:
        of_one, of_other = (
            annotations.memos.about(thing.level, entry)
            for thing, entry in zip(self.things, entries, strict=True)
        )
        memos = [memo for memo in of_one if memo in of_other]
        if memos:
            yield GAP
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
