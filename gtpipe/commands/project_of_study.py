"""A study → the `Project` that the writers of `exchange` make files of.

A transcript is exported as it is read: `P: words`, an empty line between turns; so a coding of
several turns is one stretch there. Ids are GUIDs made of the study's name and what they stand for.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from gtpipe.analysis import subjects
from gtpipe.exchange import definitions
from gtpipe.exchange.records import (
    ORIGIN,
    Case,
    Code,
    Coding,
    Loss,
    Memo,
    Person,
    Project,
    Relation,
)
from gtpipe.exchange.records import Source as SourceText
from gtpipe.model import anchor
from gtpipe.model.level import (
    ALL_LEVELS,
    CATEGORY,
    CODE_LEVELS,
    FOCUSED,
    INITIAL,
    RELATION,
    CodeRef,
    Level,
)
from gtpipe.model.names import label_order
from gtpipe.model.records import Coding as Application
from gtpipe.model.records import IncidentKey, Interview, Named, Property, Span, Turn
from gtpipe.study import Corpus
from gtpipe.text import yamltext

_BETWEEN = "\n\n"  # turns of a transcript


class Request(NamedTuple):
    """What is asked for: codings of these codes and interviews alone (all, where none is named),
    with the participants' words or without, codes under those that take them up or side by side.
    """

    only: tuple[str, ...] = ()
    with_words: bool = True
    is_flat: bool = False


class Selection(NamedTuple):
    """The interviews and codes that were asked for; None where none was named."""

    interviews: frozenset[str] | None = None
    codes: frozenset[CodeRef] | None = None

    def has(self, coding: Application) -> bool:
        return (self.interviews is None or coding.interview in self.interviews) and (
            self.codes is None or CodeRef(coding.level, coding.code) in self.codes
        )


def selected(corpus: Corpus, only: Iterable[str]) -> Selection:
    """What `only` names, each an interview, else a code; a focused code stands for those it takes
    up as well. Raises UserError.
    """
    interviews, labels = set(), []
    for typed in only:
        if typed.strip() in corpus.material.interviews:
            interviews.add(typed.strip())
        else:
            labels.append(typed)
    codes = Tree(corpus).below(corpus.resolve_all(labels))
    return Selection(frozenset(interviews) or None, codes or None)


class Tree:
    """Which code stands under which: an initial code under the first focused code that takes it up,
    that under the first category that holds it, that under the one it is part of.
    """

    def __init__(self, corpus: Corpus) -> None:
        material, names = corpus.material, corpus.names
        self.parents: dict[CodeRef, CodeRef] = {}
        self.further: list[tuple[CodeRef, CodeRef]] = []
        """What is taken up once more, from where it is to what it is."""
        categories = {category.label for category in material.theory.categories}
        for category in material.theory.categories:
            code = CodeRef(CATEGORY, category.label)
            if category.part_of and category.part_of.label in categories:
                self._put(code, CodeRef(CATEGORY, category.part_of.label))
            for named in category.focused:
                if named.label in material.focused:
                    self._put(CodeRef(FOCUSED, named.label), code)
        for label, focused in material.focused.items():
            for named in focused.takes_up:
                for taken in names.meanings(named):
                    if taken.level is INITIAL:
                        self._put(taken, CodeRef(FOCUSED, label))

    def _put(self, code: CodeRef, under: CodeRef) -> None:
        if code in self.parents:
            self.further.append((under, code))
        elif code not in self.way_up(under):
            self.parents[code] = under

    def way_up(self, code: CodeRef) -> list[CodeRef]:
        """A code and all that it stands under."""
        way = [code]
        while way[-1] in self.parents:
            way.append(self.parents[way[-1]])
        return way

    def above(self, code: CodeRef) -> list[CodeRef]:
        """What a code stands under, and what takes it up once more."""
        first = [self.parents[code]] if code in self.parents else []
        return [*first, *(under for under, one in self.further if one == code)]

    def below(self, codes: Iterable[CodeRef]) -> frozenset[CodeRef]:
        """These codes, and all that stand under them."""
        found = {*codes}
        pairs = [*((under, one) for one, under in self.parents.items()), *self.further]
        while more := {one for under, one in pairs if under in found} - found:
            found |= more
        return frozenset(found)


def codes_of(corpus: Corpus, selection: Selection, tree: Tree) -> dict[CodeRef, None]:
    """Every code that was asked for, with those above it: categories and focused codes as their
    files have them, initial codes as the code book has them, then those that stand in sheets alone.
    """
    material = corpus.material
    coded = {CodeRef(coding.level, coding.code) for coding in corpus.codings}
    everything = [
        *(CodeRef(CATEGORY, one.label) for one in material.theory.categories),
        *(CodeRef(FOCUSED, label) for label in material.focused),
        *(CodeRef(INITIAL, label) for label in material.codebook),
    ]
    everything += sorted(coded - {*everything}, key=lambda code: label_order(code.label))
    asked = selection.codes
    if asked is None:
        return dict.fromkeys(everything)
    kept = {above for code in asked for above in tree.way_up(code)}
    return dict.fromkeys(code for code in everything if code in kept)


def applied(corpus: Corpus, selection: Selection) -> tuple[Application, ...]:
    """The applications that were asked for; and the incidents that focused codes have of their own,
    as applications of these.
    """
    material = corpus.material
    own = (
        Application(
            place.interview,
            place.turn,
            material.interviews[place.interview].participant_of(place.turn),
            focused.by or corpus.settings.default_coder,
            FOCUSED,
            label,
            label,
            incident.words,
            place.span,
            "",
            False,
        )
        for label, focused in material.focused.items()
        for incident in focused.incidents
        if (place := anchor.place(incident.address, material.interviews))
    )
    return tuple(one for one in (*corpus.codings, *own) if selection.has(one))


def interviews_of(
    corpus: Corpus, selection: Selection, applied: Iterable[Application]
) -> dict[str, Interview]:
    """Those that were asked for; of codes alone, the ones where they stand."""
    there = {coding.interview for coding in applied}
    return {
        name: interview
        for name, interview in corpus.material.interviews.items()
        if (selection.interviews is None or name in selection.interviews)
        and (selection.codes is None or name in there)
    }


def project_of(corpus: Corpus, request: Request) -> Project:
    """The study as other programs hold one. Raises UserError where what is named is not there."""
    return _Made(corpus, request).project()


class _Text:
    """The text of an interview, and where its turns' words begin in it."""

    def __init__(self, interview: Interview) -> None:
        self.interview = interview
        self.begins: dict[str, int] = {}
        parts: list[str] = []
        at = 0
        for turn in interview.turns:
            before = _before(turn)
            self.begins[turn.id] = at + len(before)
            parts.append(f"{before}{turn.text}")
            at += len(parts[-1]) + len(_BETWEEN)
        self.text = _BETWEEN.join(parts) + "\n" * bool(parts)

    def place(self, turn: str, span: Span | None) -> Span:
        """Where an incident stands in the text; one of several turns from its first to its last
        word, with who speaks in between.
        """
        places = [
            (self.begins[id] + start, self.begins[id] + end)
            for id, reached in self.interview.spans_of(turn, span).items()
            for start, end in [reached or (0, len(self.interview.at(id).text))]
        ]
        return places[0][0], places[-1][1]


def _before(turn: Turn) -> str:
    """What stands before a turn's words: who speaks, and when where that is known."""
    return f"{turn.label}:" + (f" [{turn.time}]" if turn.time else "") + " " * bool(turn.text)


class _Made:
    """A study on its way to a project."""

    def __init__(self, corpus: Corpus, request: Request) -> None:
        self.corpus, self.material = corpus, corpus.material
        self.request = request
        self.selection = selected(corpus, request.only)
        self.tree = Tree(corpus)
        self.losses: list[Loss] = []
        self._guids = uuid.uuid5(uuid.NAMESPACE_URL, f"gtpipe {corpus.settings.study}")

    def project(self) -> Project:
        memos = self._memos()  # which finds stretches that are not coded
        self._count_losses()
        settings = self.corpus.settings
        return Project(
            name=settings.study or "A study",
            origin=ORIGIN,
            people=tuple(
                Person(self._id("coder", initials), _without_address(name) or initials, initials)
                for initials, name in settings.researchers.items()
            ),
            codes=self._codes(),
            sources=self._sources(),
            codings=(*self.codings, *self._bare.values()),
            memos=memos,
            cases=self._cases(),
            relations=self.relations,
            losses=tuple(self.losses),
        )

    def _id(self, kind: str, *name: str) -> str:
        return str(uuid.uuid5(self._guids, "\n".join((kind, *name))))

    def _code_id(self, code: CodeRef) -> str:
        return self._id(code.level, code.label)

    # --- sources ----------------------------------------------------------------------------------

    @cached_property
    def interviews(self) -> dict[str, Interview]:
        return interviews_of(self.corpus, self.selection, self.applied)

    @cached_property
    def texts(self) -> dict[str, _Text]:
        return {name: _Text(interview) for name, interview in self.interviews.items()}

    def _sources(self) -> tuple[SourceText, ...]:
        return tuple(
            SourceText(
                self._id("interview", name),
                name,
                self.texts[name].text if self.request.with_words else "",
                _speakers(interview),
                interview.date,
                _variables(interview),
            )
            for name, interview in self.interviews.items()
        )

    # --- codes ------------------------------------------------------------------------------------

    @cached_property
    def labels(self) -> dict[CodeRef, None]:
        return codes_of(self.corpus, self.selection, self.tree)

    def _codes(self) -> tuple[Code, ...]:
        coded = {coding.code for coding in self.codings}
        holds = {self.tree.parents[code] for code in self.labels if code in self.tree.parents}
        by_level = sorted(self.labels, key=lambda code: -ALL_LEVELS.index(code.level))
        names = _unique((code, code.label, code.level.noun) for code in by_level)
        return tuple(
            Code(
                self._code_id(code),
                names[code],
                self._definition(code),
                self._code_id(self.tree.parents[code])
                if code in self.tree.parents and not self.request.is_flat
                else "",
                is_group=code.level is CATEGORY
                or (code in holds and self._code_id(code) not in coded),
            )
            for code in self.labels
        )

    def _definition(self, code: CodeRef) -> str:
        if code.level is INITIAL and (entry := self.material.codebook.get(code.label)):
            fields = {
                definitions.INCLUDE: entry.include,
                definitions.EXCLUDE: entry.exclude,
                definitions.PARKED: entry.parked or "",
            }
            return definitions.together(entry.definition, fields)
        if code.level is FOCUSED and (focused := self.material.focused.get(code.label)):
            # The reason is told where it stands in words of participants.
            because = focused.because if self.request.with_words else ""
            fields = {definitions.BECAUSE: because, definitions.PARKED: focused.parked or ""}
            return definitions.together(focused.definition, fields)
        for category in self.material.theory.categories if code.level is CATEGORY else ():
            if category.label == code.label:
                return category.definition
        return ""

    # --- codings ----------------------------------------------------------------------------------

    @cached_property
    def applied(self) -> tuple[Application, ...]:
        return applied(self.corpus, self.selection)

    @cached_property
    def codings(self) -> tuple[Coding, ...]:
        if not self.request.with_words:
            self.losses += (
                Loss("codings, which stand on words", one.address) for one in self.applied
            )
            return ()
        found: list[Coding] = []
        times: Counter[tuple[str, ...]] = Counter()
        researchers = self.corpus.settings.researchers
        for one in self.applied:
            source = self.texts[one.interview]
            start, end = source.place(one.turn, one.span)
            if start == end:
                self.losses.append(Loss("codings of turns without words", one.address))
                continue
            key = (one.interview, str(start), str(end), one.coder, one.level, one.code)
            times[key] += 1
            found.append(
                Coding(
                    self._id("coding", *key, *([str(times[key])] if times[key] > 1 else [])),
                    self._id("interview", one.interview),
                    start,
                    end,
                    self._code_id(CodeRef(one.level, one.code)),
                    self._id("coder", one.coder) if one.coder in researchers else "",
                    one.note,
                    source.text[start:end],
                )
            )
        return tuple(found)

    @cached_property
    def _at_place(self) -> dict[tuple[str, int, int], Coding]:
        """Source, start and end → the first coding there."""
        found: dict[tuple[str, int, int], Coding] = {}
        for coding in self.codings:
            found.setdefault((coding.source, coding.start, coding.end), coding)
        return found

    @cached_property
    def _bare(self) -> dict[tuple[str, int, int], Coding]:
        """Stretches that a memo is about and nobody coded."""
        return {}

    # --- memos ------------------------------------------------------------------------------------

    def _memos(self) -> tuple[Memo, ...]:
        """Memos; and what relations say, as memos about them. Of some interviews or codes, those
        about them.
        """
        titles = _unique((memo.name, memo.title, "memo") for memo in self.material.memos)
        people = self.corpus.settings.researchers
        memos = []
        for memo in self.material.memos:
            about = tuple(dict.fromkeys(id for named in memo.about for id in self._meant(named)))
            if self.request.only and not about:
                continue
            by = self._id("coder", memo.by) if memo.by in people else ""
            prose = memo.prose.strip("\n") if self.request.with_words else ""
            id = self._id("memo", memo.name)
            memos.append(Memo(id, titles[memo.name], prose, about, by, memo.date))
        if self.request.only:
            kept = {memo.id for memo in memos}
            ids = {self._id("memo", memo.name) for memo in self.material.memos} - kept
            return tuple(m._replace(about=tuple(a for a in m.about if a not in ids)) for m in memos)
        linked = {relation.id for relation in self.relations}
        for relation in self.material.theory.relations:
            about = (self._id("relation", relation.sentence),)
            if relation.hypothesis and self.request.with_words and about[0] in linked:
                id = self._id("hypothesis", relation.sentence)
                title = f"Hypothesis: {relation.sentence}"
                by = self._id("coder", self.corpus.settings.default_coder) if people else ""
                memos.append(Memo(id, title, relation.hypothesis, about, by))
        return tuple(memos)

    def _meant(self, named: Named) -> Iterator[str]:
        """The ids of what a memo is about."""
        ids = [*self._ids_of_codes(named)]
        place = None if named.level else anchor.place(named.label, self.material.interviews)
        if place is not None:
            ids += self._ids_at(place)
        for subject in subjects.meanings(named, self.material, self.corpus.names):
            if subject.kind == subjects.INTERVIEW and subject.name in self.interviews:
                ids.append(self._id("interview", subject.name))
            elif subject.kind == subjects.PARTICIPANT and subject.name in self.participants:
                ids.append(self._id("participant", subject.name))
            elif subject.kind == subjects.MEMO:
                ids.append(self._id("memo", subject.name))
        if not ids and not self.request.only:
            self.losses.append(Loss("what memos are about", named.label))
        yield from ids

    def _ids_of_codes(self, named: Named) -> Iterator[str]:
        for code in sorted(self.corpus.names.meanings(named), key=lambda code: code.level):
            if code.level is RELATION:
                yield self._id("relation", code.label)
            elif code in self.labels:
                yield self._code_id(code)

    def _ids_at(self, place: IncidentKey) -> Iterator[str]:
        """The coding that stands exactly there; where there is none, a stretch without a code."""
        if place.interview not in self.interviews or not self.request.with_words:
            return
        text = self.texts[place.interview]
        start, end = text.place(place.turn, place.span)
        source = self._id("interview", place.interview)
        key = (source, start, end)
        if key in self._at_place:
            yield self._at_place[key].id
        elif start < end:
            id = self._id("stretch", place.interview, str(start), str(end))
            words = text.text[start:end]
            yield self._bare.setdefault(key, Coding(id, source, start, end, "", words=words)).id

    # --- cases, relations -------------------------------------------------------------------------

    @cached_property
    def participants(self) -> dict[str, list[str]]:
        """Participant → the interviews they speak in."""
        found: dict[str, list[str]] = {}
        if not self.request.only:
            found = {name: [] for name in self.material.participants}
        for name, interview in self.interviews.items():
            for participant in interview.participants:
                found.setdefault(participant, []).append(name)
        return found

    def _cases(self) -> tuple[Case, ...]:
        found = []
        for name, interviews in self.participants.items():
            row = self.material.participants.get(name)
            variables = tuple(one for one in row.attributes if one[1]) if row else ()
            if row and row.same_person_as:
                variables = (*variables, ("same-person-as", row.same_person_as.label))
            sources = tuple(self._id("interview", one) for one in interviews)
            found.append(Case(self._id("participant", name), name, sources, variables))
        return tuple(found)

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """The theory's relations; and what is taken up once more than a tree can hold."""
        found: dict[str, Relation] = {}
        for relation in self.material.theory.relations:
            ends = [self._end(relation.source), self._end(relation.target)]
            id = self._id("relation", relation.sentence)
            if all(ends):
                found.setdefault(id, Relation(id, ends[0], ends[1], relation.kind))
        for under, code in self.tree.further:
            if under in self.labels and code in self.labels:
                id = self._id("also takes up", under.level, under.label, code.label)
                ends = [self._code_id(under), self._code_id(code)]
                found[id] = Relation(id, ends[0], ends[1], "also takes up")
        return tuple(found.values())

    def _end(self, named: Named) -> str:
        level = self.corpus.names.level(named)
        for code in (CodeRef(one, named.label) for one in CODE_LEVELS if one == level):
            if code in self.labels:
                return self._code_id(code)
        return ""

    # --- what cannot be held ----------------------------------------------------------------------

    def _properties(self) -> Iterator[Property]:
        for focused in self.material.focused.values():
            yield from focused.properties
        for category in self.material.theory.categories:
            yield from category.properties

    def _count_losses(self) -> None:
        """What no other program has a place for; of a part of a study nothing is counted."""
        if self.request.only:
            return
        material, theory = self.material, self.material.theory
        codes: Collection[tuple[Level, str, int]] = [
            *((INITIAL, one.label, len(one.was)) for one in material.codebook.values()),
            *((FOCUSED, one.label, len(one.was)) for one in material.focused.values()),
        ]
        self.losses += [
            *(Loss("former labels", label) for _, label, times in codes for _ in range(times)),
            *(
                Loss("incidents that do not fit", incident.address)
                for one in material.focused.values()
                for incident in one.does_not_fit
            ),
            *(Loss("properties", each.label) for each in self._properties()),
            *(
                Loss("interviews whose turns are not numbered from 1", name)
                for name, interview in material.interviews.items()
                if any(turn.id != str(at) for at, turn in enumerate(interview.turns, 1))
            ),
            *(
                Loss("incidents for or against relations", incident.address)
                for one in theory.relations
                for incident in (*one.support, *one.contradict)
            ),
            *(Loss("kinds of memos", one.title) for one in material.memos if one.kind),
            *(Loss("negative cases", one.incident.address) for one in theory.negative_cases),
            *(Loss("searches for negative cases", one.looked_for.label) for one in theory.looks),
            *(Loss("judgements of sufficiency", one.interview.label) for one in theory.judgements),
            *(Loss("comments of second readers", one.about.label) for one in material.comments),
            *(Loss("sampling decisions", one.sought) for one in material.sampling),
            *(Loss("diary entries", one.path) for one in material.diary),
            *(Loss("versions of the schedule", one.name) for one in material.schedule),
        ]


def _speakers(interview: Interview) -> str:
    """Who speaks in it, as the front matter of a transcript says it."""
    speakers = ", ".join(
        f"{yamltext.inline(label)}: {yamltext.inline(who)}"
        for label, who in interview.speakers.items()
    )
    return f"speakers: {{{speakers}}}"


def _variables(interview: Interview) -> tuple[tuple[str, str], ...]:
    """What else the front matter says."""
    fields = (("date", interview.date), ("schedule", interview.schedule), *interview.attributes)
    return tuple((name, value) for name, value in fields if value)


def _unique(named: Iterable[tuple[object, str, str]]) -> dict[object, str]:
    """Thing → its name, that of a later thing of the same name told apart by its kind, and by a
    number.
    """
    found: dict[object, str] = {}
    taken: set[str] = set()
    for thing, name, kind in named:
        unique, number = name, 1
        while unique in taken:
            unique = f"{name} ({kind}{f' {number}' if number > 1 else ''})"
            number += 1
        taken.add(unique)
        found[thing] = unique
    return found


def _without_address(name: str) -> str:
    """A researcher's name without the e-mail that may stand behind it."""
    return name.partition("<")[0].strip()
