"""The tree of a trace: from a code, focused code, category or relation down to the incidents, and
up to the theory.

Records in, records out. Each link knows the fact of a file that it rests on; when that was made is
for `history.origins`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from gtpipe.analysis import subjects
from gtpipe.analysis.annotations import WrittenAbout
from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.analysis.references import place_of
from gtpipe.analysis.subjects import Subject
from gtpipe.analysis.trace_tree import (
    ABOUT,
    APPLIED,
    COMMENT,
    DOWN,
    INCIDENT,
    KINDS,
    LABEL,
    LOOK,
    MEMO,
    OPEN,
    PROPERTY,
    REASON,
    SAID,
    UP,
    Fact,
    Made,
    Node,
    Part,
)
from gtpipe.model.anchor import parse
from gtpipe.model.codings import Codings
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, RELATION, CodeRef, Level
from gtpipe.model.names import one_line
from gtpipe.model.records import (
    NOWHERE,
    Category,
    Code,
    Coding,
    Comment,
    FocusedCode,
    Incident,
    IncidentKey,
    Interview,
    Material,
    Memo,
    Named,
    Position,
    Property,
    Relation,
    Turn,
    split_into,
)
from gtpipe.model.typography import same
from gtpipe.store.layout import ENTRIES

if TYPE_CHECKING:
    from gtpipe.analysis.labels import Labels


@dataclass(frozen=True)
class Traced:
    """What a trace goes through.

    `view` finds an incident that a person named, None where it is not there.
    """

    material: Material
    codings: Codings
    names: Labels
    focused: dict[str, FocusedCode]
    view: Callable[[Incident], IncidentInContext | None]

    def code(self, label: str) -> str:
        """The initial code that a label counts under."""
        return label if label in self.names.known[INITIAL] else self.names.current.get(label, label)

    def is_about(self, named: Named, level: Level, label: str) -> bool:
        """Whether `named` means this thing, by its label of today or an old one."""
        return CodeRef(level, label) in self.names.meanings(named)

    def means(self, named: Named, level: Level, label: str) -> bool:
        """Whether the theory means this thing by `named`: of several levels, the highest."""
        return self.is_about(named, level, label) and self.names.level(named) in ("", level)

    @cached_property
    def holdings(self) -> Holdings:
        """How incidents stand to each code."""
        return Holdings(self.material, self.codings, self.names.current)

    @cached_property
    def memos_in_order(self) -> list[Memo]:
        """Memos by day and name."""
        return sorted(self.material.memos, key=lambda memo: (memo.date, memo.name))

    @cached_property
    def memos_of(self) -> dict[CodeRef, list[Memo]]:
        """The memos about each code, category or relation, in order."""
        found: dict[CodeRef, list[Memo]] = {}
        for memo in self.memos_in_order:
            for code in {code for named in memo.about for code in self.names.meanings(named)}:
                found.setdefault(code, []).append(memo)
        return found

    @cached_property
    def comments_of(self) -> dict[CodeRef, list[Comment]]:
        """The comments on each of them."""
        found: dict[CodeRef, list[Comment]] = {}
        for comment in self.material.comments:
            for code in self.names.meanings(comment.about):
                found.setdefault(code, []).append(comment)
        return found

    @cached_property
    def comments_on(self) -> dict[str, list[Comment]]:
        """The comments on each memo, by its name."""
        found: dict[str, list[Comment]] = {}
        for comment in self.material.comments:
            found.setdefault(comment.about.label.removesuffix(".md"), []).append(comment)
        return found

    @cached_property
    def comments(self) -> WrittenAbout[Comment]:
        """Comments by what they are about."""
        return WrittenAbout.of_comments(self.material)

    @cached_property
    def memos(self) -> WrittenAbout[Memo]:
        """Memos by what they are about."""
        return WrittenAbout.of_memos(self.material)

    @cached_property
    def memos_about(self) -> dict[Subject, list[Memo]]:
        """Memos by the memos, people, interviews, questions and ideas that they are about."""
        return subjects.memos_about(self.material, self.names)


def tree(level: Level, label: str, traced: Traced) -> Node:
    """The tree of one thing of the study, which must be there."""
    return _Grower(traced).root(level, label)


def incident_tree(place: IncidentKey, traced: Traced) -> Node:
    """The tree of an incident: the codes that share words with it, up to the theory, and the memos
    and comments about it."""
    return _Grower(traced).incident_root(place)


def subject_tree(subject: Subject, traced: Traced) -> Node:
    """The tree of a memo, participant, interview, question or idea: the memos about it, and what a
    memo is about."""
    return _Grower(traced).subject(subject)


class _Grower:
    """Grows the tree.

    What is above a thing is told where it first comes up; further down, that it stands above.
    """

    def __init__(self, traced: Traced) -> None:
        self.traced, self.material, self.theory = traced, traced.material, traced.material.theory
        self.told: set[tuple[str, str]] = set()
        self.told_memos: set[str] = set()

    def root(self, level: Level, label: str) -> Node:
        self.told.add((level, label))
        said = tuple(self.said_of(level, label))
        up = tuple(self.up(level, label))
        down = tuple(self.down(level, label, (label,)))
        parts = (
            Part("", tuple(self.past(level, label))),
            Part(UP, up),
            Part(SAID, said),
            Part(DOWN, down),
        )
        return Node(
            KINDS[level],
            label,
            said=self.text(level, label),
            parts=tuple(part for part in parts if part.nodes),
        )

    def incident_root(self, place: IncidentKey) -> Node:
        interview = self.material.interviews[place.interview]
        spoken = interview.at(place.turn)
        root = self.incident(interview, spoken, place.span, "", (), ())
        written = tuple(node for part in root.parts for node in part.nodes)
        holdings, grouped = self.traced.holdings, dict[tuple[str, str, IncidentKey], list[Coding]]()
        for coding in self.traced.codings:
            if holdings.overlap(coding.incident, place):
                one = (coding.level, coding.code, coding.incident)
                grouped.setdefault(one, []).append(coding)
        up: list[Node] = []
        for (level, label, at), group in grouped.items():
            made = tuple(Made(_applied(coding), coding.coder) for coding in group)
            node = self.above(Level(level), label, "coded", made[0])
            on = (("on", holdings.address(at)),) if at != place else ()
            up.append(replace(node, made=made, said=(*on, *node.said)))
        against = tuple(
            Node(LABEL, case.contradicts.label, "contradicts", made=(Made(None, case.by),))
            for case in self.theory.negative_cases
            if (there := place_of(case.incident, self.material)) and holdings.overlap(there, place)
        )
        parts = (Part(UP, (*up, *against)), Part(SAID, written))
        return replace(root, parts=tuple(part for part in parts if part.nodes))

    def subject(self, subject: Subject) -> Node:
        memos = {memo.name: memo for memo in self.material.memos}
        root = memos.get(subject.name) if subject.kind == subjects.MEMO else None
        self.told_memos |= {root.name} if root else set()
        said = (
            *(self.comment(one) for one in self.comments_on(root) if root),
            *map(self.memo, self.traced.memos_about.get(subject, ())),
        )
        about = tuple(self.subject_of(named) for named in root.about) if root else ()
        parts = (Part(SAID, said), Part(ABOUT, about))
        return Node(
            subject.kind,
            subject.name,
            said=(("title", root.title),) if root else (),
            parts=tuple(part for part in parts if part.nodes),
        )

    def subject_of(self, named: Named) -> Node:
        """What a memo is about: an incident with its words, anything else by its name."""
        incident = None if named.level or self.traced.names.levels(named) else parse(named.label)
        if incident is not None and self.traced.view(incident) is not None:
            return self.named(incident, "about", Made(None))
        level = self.traced.names.level(named)
        others = subjects.meanings(named, self.material, self.traced.names)
        kind = KINDS[level] if level else others[0].kind if others else LABEL
        return Node(kind, named.label, "about")

    # --- what the files say of a thing itself

    def entry(self, level: Level, label: str) -> Code | FocusedCode | Category | Relation | None:
        if level == INITIAL:
            return self.material.codebook.get(label)
        if level == FOCUSED:
            return self.traced.focused.get(label)
        if level == CATEGORY:
            return next(
                (category for category in self.theory.categories if category.label == label), None
            )
        return next(
            (relation for relation in self.theory.relations if relation.sentence == label), None
        )

    def text(self, level: Level, label: str) -> tuple[tuple[str, str], ...]:
        """The definition, or hypothesis, and the reason."""
        entry = self.entry(level, label)
        found = [
            ("definition", getattr(entry, "definition", "")),
            ("hypothesis", getattr(entry, "hypothesis", "")),
            ("because", getattr(entry, "because", "")),
        ]
        return tuple((name, text) for name, text in found if text)

    def past(self, level: Level, label: str) -> Iterator[Node]:
        """The labels it had, what it took in, where it came from, and that it is parked."""
        if level not in (INITIAL, FOCUSED):
            return
        entry = self.entry(level, label)
        if not isinstance(entry, Code | FocusedCode):
            entry = Code(label, NOWHERE)
        for kind, link, labels in (
            ("was", "was", entry.was),
            ("merged-from", "took in", entry.merged_from),
            ("split-from", "split from", entry.split_from),
        ):
            for old in labels:
                yield Node(LABEL, old, link, made=(Made(Fact(ENTRIES[level], kind, (label, old))),))
        entries = self.material.codebook if level == INITIAL else self.material.focused
        for part in split_into(label, entries):
            fact = Fact(ENTRIES[level], "split-from", (part, label))
            yield Node(LABEL, part, "split into", made=(Made(fact),))
        if entry.parked is not None:
            yield Node(
                REASON,
                entry.parked or "no reason given",
                "parked",
                made=(Made(Fact(ENTRIES[level], "parked", (label,))),),
            )

    def said_of(self, level: Level, label: str) -> Iterator[Node]:
        """Memos and comments about it."""
        thing, traced = CodeRef(level, label), self.traced
        about = traced.memos_of.get(thing, [])
        linked = (r.memo for r in self.theory.relations if r.sentence == label and r.memo)
        named = next(linked, None) if level == RELATION else None
        if named:
            name = named.label.removesuffix(".md")
            about = [memo for memo in traced.memos_in_order if memo.name == name or memo in about]
        yield from map(self.memo, about)
        yield from map(self.comment, traced.comments_of.get(thing, ()))

    def memo(self, memo: Memo) -> Node:
        """A memo, with the comments on it and, where it first comes up, the memos about it."""
        about_it: Iterable[Memo] = ()
        if memo.name not in self.told_memos:
            self.told_memos.add(memo.name)
            about_it = self.traced.memos_about.get(Subject(subjects.MEMO, memo.name), ())
        nodes = (*map(self.comment, self.comments_on(memo)), *map(self.memo, about_it))
        made = (Made(None, memo.by, when=memo.date),)
        return Node(MEMO, memo.name, "memo", (("title", memo.title),), "", made, self.parts(nodes))

    def not_told(self, memos: Iterable[Memo]) -> list[Memo]:
        """Those that are not in the tree yet: a memo is often about a code and its incidents."""
        return [memo for memo in memos if memo.name not in self.told_memos]

    def comments_on(self, memo: Memo | None) -> Iterable[Comment]:
        return self.traced.comments_on.get(memo.name, ()) if memo else ()

    def comment(self, comment: Comment, address: str = "") -> Node:
        """A comment; on the incident at `address`, and about more or less of its turn, it says on
        what."""
        on = one_line(comment.about.label)
        said = [
            ("on", on if address and on != address else ""),
            ("comment", comment.comment),
            ("answer", comment.answer or "none yet"),
            ("changed", comment.changed),
        ]
        fact = Fact(
            comment.where.path, "comment", (comment.about.label, comment.by, comment.comment)
        )
        return Node(
            COMMENT,
            comment.about.label,
            "comment",
            tuple((name, text) for name, text in said if text),
            made=(Made(fact, comment.by),),
        )

    def parts(self, nodes: Iterable[Node]) -> tuple[Part, ...]:
        nodes = tuple(nodes)
        return (Part("", nodes),) if nodes else ()

    # --- up to the theory

    def up(self, level: Level, label: str) -> Iterator[Node]:
        if level == INITIAL:
            for focused, code in self.traced.focused.items():
                if any(self.traced.code(named.label) == label for named in code.takes_up):
                    fact = Fact(ENTRIES[FOCUSED], "takes-up", (focused, label))
                    yield self.above(
                        FOCUSED, focused, "taken up by", Made(fact, code.by, code.because)
                    )
        if level == FOCUSED:
            for category in self.theory.categories:
                if any(self.traced.is_about(named, FOCUSED, label) for named in category.focused):
                    fact = Fact(ENTRIES[CATEGORY], "focused", (category.label, label))
                    yield self.above(CATEGORY, category.label, "in the category", Made(fact))
        entry = self.entry(level, label)
        if isinstance(entry, Category) and entry.part_of is not None:
            yield self.above(
                CATEGORY,
                entry.part_of.label,
                "part of",
                Made(Fact(ENTRIES[CATEGORY], "part-of", (label, entry.part_of.label))),
            )
        for relation in self.theory.relations:
            if any(
                self.traced.means(end, level, label) for end in (relation.source, relation.target)
            ):
                yield Node(
                    KINDS[RELATION],
                    relation.sentence,
                    "in the relation",
                    self.text(RELATION, relation.sentence),
                    made=(Made(_of_relation(relation)),),
                )
        yield from self.against(level, label)

    def above(self, level: Level, label: str, link: str, made: Made) -> Node:
        if (level, label) in self.told:
            return Node(KINDS[level], label, link, (("see", "above"),), made=(made,))
        self.told.add((level, label))
        said = tuple(self.said_of(level, label))
        nodes = [*self.past(level, label), *self.up(level, label), *said]
        return Node(
            KINDS[level],
            label,
            link,
            self.text(level, label),
            made=(made,),
            parts=self.parts(nodes),
        )

    def against(self, level: Level, label: str) -> Iterator[Node]:
        """Negative cases of it, and who looked for some."""
        for case in self.theory.negative_cases:
            if self.traced.means(case.contradicts, level, label):
                fact = Fact(ENTRIES[CATEGORY], "negative", (label, *_place(case.incident)))
                said = (("led to", case.led_to), ("note", case.note))
                yield self.named(
                    case.incident,
                    "contradicted by",
                    Made(fact, case.by),
                    tuple(one for one in said if one[1]),
                )
        for look in self.theory.looks:
            if self.traced.means(look.looked_for, level, label):
                found = (
                    "none recorded"
                    if look.found is None
                    else look.found.address
                    if isinstance(look.found, Incident)
                    else look.found
                )
                yield Node(
                    LOOK,
                    found,
                    "negative cases looked for",
                    made=(Made(None, look.by, when=look.date),),
                )

    # --- down to the words

    def down(self, level: Level, label: str, above: tuple[str, ...]) -> Iterator[Node]:
        """`above` are the labels on the way here: a circle ends."""
        entry = self.entry(level, label)
        if level == INITIAL:
            yield from self.applications(INITIAL, label, APPLIED, above)
        if isinstance(entry, FocusedCode):
            yield from self.below_focused(entry, above)
        if isinstance(entry, Category):
            for category in self.theory.categories:
                if (
                    category.part_of
                    and category.part_of.label == label
                    and category.label not in above
                ):
                    made = Made(Fact(ENTRIES[CATEGORY], "part-of", (category.label, label)))
                    yield self.below(CATEGORY, category.label, "has the part", made, above)
            for named in entry.focused:
                focused = (
                    named.label
                    if named.label in self.traced.focused
                    else self.traced.names.now(named, (FOCUSED,)) or named.label
                )
                yield self.below(
                    FOCUSED,
                    focused,
                    "holds",
                    Made(Fact(ENTRIES[CATEGORY], "focused", (label, focused))),
                    above,
                )
            yield from self.properties(CATEGORY, label, entry.properties, Made(None))
        if isinstance(entry, Relation):
            yield from self.below_relation(entry)

    def below(
        self, level: Level, label: str, link: str, made: Made, above: tuple[str, ...]
    ) -> Node:
        nodes = [
            *self.past(level, label),
            *self.said_of(level, label),
            *self.down(level, label, (*above, label)),
        ]
        return Node(
            KINDS[level],
            label,
            link,
            self.text(level, label),
            made=(made,),
            parts=self.parts(nodes),
        )

    def below_focused(self, code: FocusedCode, above: tuple[str, ...]) -> Iterator[Node]:
        for named in code.takes_up:
            label = self.traced.code(named.label)
            fact = Fact(ENTRIES[FOCUSED], "takes-up", (code.label, label))
            yield self.below(INITIAL, label, "takes up", Made(fact, code.by, code.because), above)
        for kind, link, incidents in (
            ("incidents", "named by hand", code.incidents),
            ("does-not-fit", "does not fit", code.does_not_fit),
            ("left", "looked at and left out", code.left),
        ):
            if kind == "does-not-fit":
                yield from self.applications(FOCUSED, code.label, "beside the turn")
            for incident in incidents:
                yield self.named(
                    incident,
                    link,
                    Made(
                        Fact(ENTRIES[FOCUSED], kind, (code.label, *_place(incident))),
                        code.by,
                        code.because,
                    ),
                )
        yield from self.properties(FOCUSED, code.label, code.properties, Made(None, code.by))

    def properties(
        self, level: Level, label: str, properties: Iterable[Property], made: Made
    ) -> Iterator[Node]:
        """Each property, with the incidents at its positions; and those nobody has met."""
        for each in properties:
            names = (label, each.label)
            nodes = (
                node
                for position in each.positions
                for node in self.position(level, (*names, position.label), position, made)
            )
            yield Node(PROPERTY, each.label, "property", parts=self.parts(nodes))

    def position(
        self, level: Level, names: tuple[str, ...], position: Position, made: Made
    ) -> Iterator[Node]:
        """The incidents at a position, or that nobody has met it; made by who decided the code."""

        def link(*place: str) -> Made:
            return made._replace(fact=Fact(ENTRIES[level], "properties", (*names, *place)))

        for incident in position.incidents:
            yield self.named(incident, position.label, link(*_place(incident)))
        if position.is_open:
            yield Node(OPEN, "not met yet", position.label, made=(link("", "", ""),))

    def below_relation(self, relation: Relation) -> Iterator[Node]:
        for link, end in (("leads from", relation.source), ("leads to", relation.target)):
            level = self.traced.names.level(end)
            yield Node(
                KINDS[level] if level else LABEL,
                end.label,
                link,
                self.text(level, end.label) if level else (),
                made=(Made(_of_relation(relation)),),
            )
        for kind, link, incidents in (
            ("support", "supported by", relation.support),
            ("contradict", "contradicted by", relation.contradict),
        ):
            for incident in incidents:
                yield self.named(incident, link, Made(_of_relation(relation, kind, incident)))

    def applications(
        self, level: Level, label: str, link: str, above: tuple[str, ...] = ()
    ) -> Iterator[Node]:
        """The incidents of a code, each with who gave it the code there, and how it stands to the
        focused codes `above` where it is no extract of them.
        """
        grouped: dict[IncidentKey, list[Coding]] = {}
        for coding in self.traced.codings.of_codes(CodeRef(level, label)):
            grouped.setdefault(coding.incident, []).append(coding)
        for (name, id, span), group in sorted(
            grouped.items(),
            key=lambda one: (
                self.material.order[one[0].interview],
                *self.material.interviews[one[0].interview].standing(one[0].turn, one[0].span),
            ),
        ):
            interview = self.material.interviews[name]
            made = tuple(Made(_applied(coding), coding.coder) for coding in group)
            notes = self.standing(group[0].incident, above) + tuple(
                (f"note ({coding.coder})" if coding.coder else "note", coding.note)
                for coding in group
                if coding.note
            )
            yield self.incident(interview, interview.at(id), span, link, made, notes)

    def standing(self, place: IncidentKey, above: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """Of the focused codes `above`, those that the incident is no extract of, and why."""
        said = []
        for label in above:
            focused, holdings = CodeRef(FOCUSED, label), self.traced.holdings
            if place not in holdings.taken_up(label) or place in holdings.of(focused):
                continue
            why = (
                "does not fit"
                if not holdings.fits(focused, place)
                else "not judged yet"
                if place in holdings.waiting(focused)
                else "left out"
            )
            said.append((f'under "{label}"', why))
        return tuple(said)

    def named(
        self, incident: Incident, link: str, made: Made, said: tuple[tuple[str, str], ...] = ()
    ) -> Node:
        """An incident as a person names it; without words where it is not there."""
        view = self.traced.view(incident)
        if view is None:
            return Node(INCIDENT, incident.address, link, said, made=(made,))
        return self.incident(
            self.material.interviews[view.interview], view.spoken, view.span, link, (made,), said
        )

    def incident(
        self,
        interview: Interview,
        turn: Turn,
        span: tuple[int, int] | None,
        link: str,
        made: tuple[Made, ...],
        said: tuple[tuple[str, str], ...],
    ) -> Node:
        words = interview.words(turn.id, span)
        stretch = "" if span is None else one_line(words)
        address = f"{interview.name} {turn.id}" + (f' "{stretch}"' if stretch else "")
        place = (interview.name, turn.id, span)
        written = (
            *map(self.memo, self.not_told(self.traced.memos.at_place(*place))),
            *(self.comment(one, address) for one in self.traced.comments.at_place(*place)),
        )
        who = interview.participant(turn) or "interviewer"
        said = said if who == interview.name else (("speaks", who), *said)
        return Node(INCIDENT, address, link, said, words, made, self.parts(written))


def _applied(coding: Coding) -> Fact:
    """That a code was given where a sheet says so."""
    names = (coding.turn, coding.level, coding.code, same(coding.words or ""))
    return Fact(coding.where.path, "applied", names)


def _place(incident: Incident) -> tuple[str, str, str]:
    return (incident.interview, incident.turn, same(incident.words or ""))


def _of_relation(
    relation: Relation, kind: str = "relation", incident: Incident | None = None
) -> Fact:
    ends = (relation.source.label, relation.kind, relation.target.label)
    return Fact(ENTRIES[RELATION], kind, (*ends, *(_place(incident) if incident else ())))
