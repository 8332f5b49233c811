"""A study → the `Project` that the writers of `exchange` make files of.

Ids are GUIDs made of the study's name and what they stand for.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

from gtpipe.analysis import subjects
from gtpipe.commands.export_request import Request, Tree, applied, codes_of, interviews_of, selected
from gtpipe.commands.exported_text import TextOfTurns, speakers, variables
from gtpipe.exchange import definitions, not_exported
from gtpipe.exchange.records import (
    HYPOTHESIS,
    ORIGIN,
    TAKES_UP,
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
)
from gtpipe.model.records import Coding as Application
from gtpipe.model.records import IncidentKey, Interview, Named
from gtpipe.study import Corpus


def project_of(corpus: Corpus, request: Request) -> Project:
    """The study as other programs hold one. Raises UserError where what is named is not there."""
    return _Made(corpus, request).project()


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
        if not self.request.only:  # of a part of a study nothing is counted
            self.losses += not_exported.losses(self.material)
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
    def texts(self) -> dict[str, TextOfTurns]:
        return {name: TextOfTurns(interview) for name, interview in self.interviews.items()}

    def _sources(self) -> tuple[SourceText, ...]:
        return tuple(
            SourceText(
                self._id("interview", name),
                name,
                self.texts[name].text if self.request.with_words else "",
                speakers(interview),
                interview.date,
                variables(interview),
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
                definitions.PARKED: (entry.parked or "") if self.request.with_words else "",
            }
            return definitions.together(entry.definition, fields)
        if code.level is FOCUSED and (focused := self.material.focused.get(code.label)):
            reasons = {
                definitions.BECAUSE: focused.because,
                definitions.PARKED: focused.parked or "",
            }
            may_quote = reasons if self.request.with_words else {}
            return definitions.together(focused.definition, may_quote)
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
        """Memos; and what relations say, as memos about them. Of some codes or interviews, the
        memos about them: what is about a code may speak of everybody.
        """
        titles = _unique((memo.name, memo.title, "memo") for memo in self.material.memos)
        people = self.corpus.settings.researchers
        wide = {self._id("memo", memo.name) for memo in self.material.memos}
        if self.selection.interviews is not None:
            wide |= self._related | {self._code_id(code) for code in self.labels}
        memos = []
        for memo in self.material.memos:
            about = tuple(dict.fromkeys(id for named in memo.about for id in self._meant(named)))
            if self.request.only and wide.issuperset(about):
                continue
            by = self._id("coder", memo.by) if memo.by in people else ""
            prose = memo.prose.strip("\n") if self.request.with_words else ""
            id = self._id("memo", memo.name)
            memos.append(Memo(id, titles[memo.name], prose, about, by, memo.date))
        if self.request.only:
            kept = {memo.id for memo in memos}
            ids = {self._id("memo", memo.name) for memo in self.material.memos} - kept
            return tuple(m._replace(about=tuple(a for a in m.about if a not in ids)) for m in memos)
        said = {one.sentence: one.hypothesis for one in self.material.theory.relations}
        for sentence, hypothesis in said.items() if self.request.with_words else ():
            about = (self._id("relation", sentence),)
            if hypothesis and about[0] in self._related:
                id, title = self._id("hypothesis", sentence), f"{HYPOTHESIS}{sentence}"
                by = self._id("coder", self.corpus.settings.default_coder) if people else ""
                memos.append(Memo(id, title, hypothesis, about, by))
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
                id = self._id("relation", code.label)
                yield from (id,) if id in self._related else ()
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
                id = self._id(TAKES_UP, under.level, under.label, code.label)
                ends = [self._code_id(under), self._code_id(code)]
                found[id] = Relation(id, ends[0], ends[1], TAKES_UP)
        return tuple(found.values())

    @cached_property
    def _related(self) -> frozenset[str]:
        """The ids of the relations."""
        return frozenset(relation.id for relation in self.relations)

    def _end(self, named: Named) -> str:
        level = self.corpus.names.level(named)
        for code in (CodeRef(one, named.label) for one in CODE_LEVELS if one == level):
            if code in self.labels:
                return self._code_id(code)
        return ""


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
