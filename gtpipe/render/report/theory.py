"""The page of the theory: the model and the data structure drawn, then the theory in words as
`theory.md` has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from markupsafe import Markup

from gtpipe.analysis.disconfirming import who_looked
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.analysis.negative_cases import NONE_RECORDED, none_recorded
from gtpipe.model.approach import spoken
from gtpipe.model.level import CATEGORY, FOCUSED, RELATION, CodeRef
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem
from gtpipe.model.records import Incident, Named
from gtpipe.render import pages as words_of_pages
from gtpipe.render import theory
from gtpipe.render.figures import data_structure, svg
from gtpipe.render.figures import theory as model
from gtpipe.render.figures.drawing import Drawing
from gtpipe.render.report import code
from gtpipe.render.report.code import PropertyOnPage
from gtpipe.render.report.places import THEORY, Link
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.surroundings import Signed, Surroundings, relation_id
from gtpipe.render.report.templating import Page, href


class Figure(NamedTuple):
    """A picture with what it shows in words; no picture where `why_not` says why."""

    title: str
    picture: Markup
    in_words: str
    why_not: str


class Extract(NamedTuple):
    """The words of an incident, none in an edition without them."""

    link: Link
    who: str
    words: str


class EvidenceOnPage(NamedTuple):
    """What does not fit; `looked` who found it by looking, `said` what a negative case led to."""

    extracts: tuple[Extract, ...]
    words: str
    looked: str
    said: tuple[tuple[str, str], ...]


class AgainstOnPage(NamedTuple):
    """What does not fit, then who found nothing besides; or `nothing`, which says who looked."""

    evidence: tuple[EvidenceOnPage, ...]
    besides: str
    nothing: str


class FocusedInTheory(NamedTuple):
    code: Signed
    definition: str
    because: str
    extracts: tuple[Extract, ...]
    also: tuple[Link, ...]
    waiting: tuple[Link, ...]
    waiting_count: int
    properties: tuple[PropertyOnPage, ...]
    against: AgainstOnPage


class CategoryInTheory(NamedTuple):
    """A category; `unfit` are its focused codes that something is recorded against."""

    link: Link
    definition: str
    part_of: tuple[Link, ...]
    below: tuple[Link, ...]
    properties: tuple[PropertyOnPage, ...]
    focused: tuple[FocusedInTheory, ...]
    against: AgainstOnPage
    unfit: tuple[Link, ...]
    parts: tuple[CategoryInTheory, ...]


class RelationInTheory(NamedTuple):
    id: str
    source: Signed
    kind: str
    target: Signed
    hypothesis: str
    support: tuple[Extract, ...]
    contradict: tuple[Extract, ...]
    against: AgainstOnPage
    memos: tuple[Link, ...]


class LookedFor(NamedTuple):
    """A search for negative cases."""

    thing: Signed
    looked: str
    found: tuple[Link, ...]
    words: str


class TheoryPage(NamedTuple):
    figures: tuple[Figure, ...]
    noun: str
    nouns: str
    focused_nouns: str
    parts: str
    categories: tuple[CategoryInTheory, ...]
    relations: tuple[RelationInTheory, ...]
    looks: tuple[LookedFor, ...]


def theory_pages(reported: ReportedStudy, around: Surroundings) -> Iterator[Page]:
    if not reported.edition.only:
        laid_out = _LaidOut(reported, around)
        yield Page(THEORY, "theory.html", "Theory", THEORY, laid_out.page())


class _LaidOut:
    """The theory as its page has it."""

    def __init__(self, reported: ReportedStudy, around: Surroundings) -> None:
        self._reported, self._around = reported, around
        self._words = reported.edition.words

    def page(self) -> TheoryPage:
        laid = self._reported.laid
        return TheoryPage(
            tuple(self._figures()),
            CATEGORY.noun,
            CATEGORY.nouns,
            FOCUSED.nouns,
            spoken().part[1],
            tuple(map(self._category, theory.categories(laid))),
            tuple(
                self._relation(part, number)
                for number, part in enumerate(theory.relations(laid), 1)
            ),
            tuple(self._looks()),
        )

    def _figures(self) -> Iterator[Figure]:
        laid, corpus = self._reported.laid, self._reported.corpus
        yield _figure(
            "The model", model.cannot_be_drawn(laid), model.draw(laid, self._leads), "model"
        )
        yield _figure(
            data_structure.TITLE,
            data_structure.cannot_be_drawn(laid),
            data_structure.draw(laid, corpus, self._leads),
            "data-structure",
        )

    def _leads(self, thing: CodeRef) -> str:
        """Where a node of a figure leads."""
        if thing.level != RELATION:
            return href(self._reported.link(thing), "")
        sentences = (relation.sentence for relation in self._reported.laid.theory.relations)
        number = next((n for n, one in enumerate(sentences, 1) if one == thing.label), 0)
        return f"#{relation_id(number)}" if number else ""

    def _category(self, part: theory.CategoryPart) -> CategoryInTheory:
        link, category = self._reported.link, part.category
        return CategoryInTheory(
            link(CodeRef(CATEGORY, category.label)),
            category.definition or words_of_pages.NOTHING_YET,
            (link(CodeRef(CATEGORY, category.part_of.label)),) if category.part_of else (),
            tuple(link(CodeRef(CATEGORY, one.category.label)) for one in part.below),
            self._properties(CodeRef(CATEGORY, category.label)),
            tuple(map(self._focused, part.focused)),
            self._against(part.against),
            tuple(link(CodeRef(FOCUSED, label)) for label in part.unfit),
            tuple(map(self._category, part.below)),
        )

    def _focused(self, part: theory.FocusedPart) -> FocusedInTheory:
        focused, reported = part.code, self._reported
        because = (focused.because or words_of_pages.NO_REASON) + (
            f" ({focused.by})" if focused.by else ""
        )
        also = (reported.places.turn(*place[:2]) for place in part.also)
        return FocusedInTheory(
            self._around.signed(CodeRef(FOCUSED, focused.label)),
            focused.definition or words_of_pages.NOTHING_YET,
            because if self._words else "",
            self._extracts(part.extracts),
            tuple(dict.fromkeys(also)),
            code.places(part.waiting, reported),
            len(part.waiting),
            self._properties(CodeRef(FOCUSED, focused.label)),
            self._against(part.against, says_nothing=bool(part.against.searches)),
        )

    def _properties(self, thing: CodeRef) -> tuple[PropertyOnPage, ...]:
        found = self._around.properties_of(thing)
        return tuple(code.property_on_page(each, self._reported) for each in found)

    def _relation(self, part: theory.RelationPart, number: int) -> RelationInTheory:
        relation = part.relation
        memos = (
            self._around.memo(memo).link
            for memo in self._reported.material.memos
            if relation.memo and memo.name == relation.memo.label.removesuffix(".md")
        )
        return RelationInTheory(
            relation_id(number),
            self._named(relation.source),
            relation.kind,
            self._named(relation.target),
            (relation.hypothesis or theory.NO_HYPOTHESIS) if self._words else "",
            self._extracts(part.support),
            self._extracts(part.contradict),
            self._against(part.against),
            tuple(memos),
        )

    def _named(self, named: Named) -> Signed:
        level = self._reported.corpus.names.level(named)
        if not level:
            return Signed(Link(named.label), 0, 0)
        return self._around.signed(CodeRef(level, named.label))

    def _extracts(self, views: Iterable[IncidentInContext]) -> tuple[Extract, ...]:
        return tuple(map(self._extract, views))

    def _extract(self, view: IncidentInContext) -> Extract:
        quoted = theory.quotation(view)
        words = quoted.words + (f" {theory.CUT}" if quoted.is_cut else "")
        link = self._reported.places.turn(view.interview, view.turn)
        return Extract(link, quoted.who, words if self._words else "")

    def _against(self, against: theory.Against, says_nothing: bool = True) -> AgainstOnPage:
        """`says_nothing`: whether it is told where nothing is recorded."""
        looked = [who_looked(look) for look in against.searches]
        evidence = tuple(map(self._evidence, against.evidence))
        if evidence:
            return AgainstOnPage(evidence, "; ".join(looked), "")
        return AgainstOnPage((), "", none_recorded(looked) if says_nothing else "")

    def _evidence(self, one: theory.Evidence) -> EvidenceOnPage:
        said = []
        if one.case and self._words:
            note = f"note ({one.case.by})" if one.case.by else "note"
            said = [("led to", one.case.led_to), (note, one.case.note)]
        return EvidenceOnPage(
            self._extracts([one.view] if one.view else []),
            one.words if self._words and not one.view else "",
            f"{who_looked(one.look)} and found" if one.look else "",
            tuple(pair for pair in said if pair[1]),
        )

    def _looks(self) -> Iterator[LookedFor]:
        for look in self._reported.laid.theory.looks:
            found, places = look.found, self._reported.places
            words = NONE_RECORDED if found is None else ""
            if isinstance(found, str) and self._words:
                words = one_line(found)
            links = (
                (places.turn(found.interview, found.turn),) if isinstance(found, Incident) else ()
            )
            yield LookedFor(self._named(look.looked_for), who_looked(look), links, words)


def _figure(title: str, problem: Problem | None, drawing: Drawing, prefix: str) -> Figure:
    why_not = drawing.description if problem else ""
    picture = Markup("") if why_not else Markup(svg.inline(drawing, prefix))
    return Figure(title, picture, drawing.description, why_not)
