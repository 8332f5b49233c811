"""The code book, the theory and the comparison of incidents as chapters of a Word document.

A heading names the code that is told of below it, so that a comment which a reader writes there
finds its way back. Without `words` no participant's words are in it, nor what people wrote about
single incidents, which may quote them, nor the prose of memos.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from gtpipe.analysis import disconfirming, incidents
from gtpipe.analysis.annotations import WrittenAbout
from gtpipe.analysis.comparison import Looking
from gtpipe.analysis.disconfirming import DisconfirmingEvidence
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.model.level import FOCUSED, INITIAL, CodeRef
from gtpipe.model.names import label_order, one_line
from gtpipe.model.records import Code, FocusedCode, Memo, Turn, Where
from gtpipe.render import theory, theory_pages
from gtpipe.render.figures import printing
from gtpipe.render.figures.theory import cannot_be_drawn, draw
from gtpipe.render.incidents import Detail, details, heading, may_quote, summary
from gtpipe.render.page_parts import Heading
from gtpipe.render.pages import NO_REASON, NOTHING_YET, about, lineage, turns
from gtpipe.render.word.document import Document, Piece, Run
from gtpipe.render.word.page_parts import add_part
from gtpipe.study import Corpus

_WIDTHS = (2.8, 9.2, 4.4)  # of the table of incidents, in centimetres
SAME_TURN, WHOLE = "The same turn:", "the whole of it"
_CM = 2.54 / 96  # of a picture's unit


def add(document: Document, corpus: Corpus, *, words: bool) -> None:
    """The three chapters, each on a page of its own; what stands before them ends its page."""
    chapters = _Chapters(document, corpus, words)
    chapters.code_book()
    document.page_break()
    chapters.theory()
    document.page_break()
    chapters.comparison()


@dataclass(frozen=True)
class _Chapters:
    document: Document
    corpus: Corpus
    words: bool

    @cached_property
    def looking(self) -> Looking:
        return Looking(self.corpus.material, self.corpus.codings, self.corpus.current)

    @cached_property
    def memos(self) -> WrittenAbout[Memo]:
        return WrittenAbout.of_memos(self.corpus.material)

    # --- the code book ----------------------------------------------------------------------------

    def code_book(self) -> None:
        document, material = self.document, self.corpus.material
        document.heading(1, "Code book")
        if self.looking.focused:
            document.heading(2, FOCUSED.nouns.capitalize())
        for code in self.looking.focused.values():
            thing = CodeRef(FOCUSED, code.label)
            document.heading(3, code.label, thing)
            self._entry(code.definition, _lineage(code), self.looking.views(thing))
        codings = self.corpus.codings
        taken_up = self._taken_up()
        document.heading(2, INITIAL.nouns.capitalize())
        labels = sorted({*codings.labels(INITIAL), *material.codebook}, key=label_order)
        if not labels:
            document.paragraph(f"No {INITIAL.noun} yet.")
        for label in labels:
            thing = CodeRef(INITIAL, label)
            document.heading(3, label, thing)
            entry = material.codebook.get(label) or Code(label, Where("", 0))
            views = incidents.views(codings.places_of(thing), material, codings)
            taken = [("Taken up by", "; ".join(taken_up.get(label, ())))]
            self._entry(entry.definition, [*about(entry), *taken], views)

    def _taken_up(self) -> dict[str, list[str]]:
        """Initial code → the focused codes that take it up."""
        found: dict[str, list[str]] = {}
        for code in self.looking.focused.values():
            for named in code.takes_up:
                label = self.corpus.current.get(named.label, named.label)
                found.setdefault(label, []).append(code.label)
        return found

    def _entry(
        self, definition: str, told: Iterable[Detail], views: Sequence[IncidentInContext]
    ) -> None:
        if definition:
            self.document.paragraph(definition)
        lines = [f"{name}: {text}" for name, text in told if text]
        lines = [
            *([] if definition else [NOTHING_YET]),
            *lines,
            summary(views, self.corpus.material.persons),
        ]
        self.document.paragraph("\n".join(lines), "Details")

    # --- the theory -------------------------------------------------------------------------------

    def theory(self) -> None:
        """The figure, then each category with its extracts, and the relations."""
        laid = theory.laid_out(self.corpus)
        title, *parts = theory_pages.theory_parts(laid, str, self.words)
        add_part(self.document, title, 1)
        hindrance = cannot_be_drawn(laid)
        if hindrance is None:
            drawing = draw(laid)
            self.document.picture(
                printing.png(drawing), drawing.width * _CM, alt=drawing.description
            )
            self.document.paragraph(drawing.title, "Caption")
        elif laid.theory.categories:
            self.document.paragraph(Run(f"{hindrance.what}.", style="Aside"))
        depth = 1
        for part in parts:
            depth = part.depth if isinstance(part, Heading) else depth
            add_part(self.document, part, depth)

    # --- the comparison ---------------------------------------------------------------------------

    def comparison(self) -> None:
        """Each focused code with its incidents beside each other, what was not judged since, what
        does not fit, and memos."""
        self.document.heading(1, "Comparison")
        if not self.looking.focused:
            self.document.paragraph(f"No {FOCUSED.noun} yet.")
        written: dict[Memo, str] = {}
        for code in self.looking.focused.values():
            self._compared(code, written)

    def _compared(self, code: FocusedCode, written: dict[Memo, str]) -> None:
        document, thing = self.document, CodeRef(FOCUSED, code.label)
        standing = self.looking.holdings.standing(thing)
        views = self.looking.views(thing)
        document.heading(2, code.label, thing)
        because = (code.because or NO_REASON) + (f" ({code.by})" if code.by else "")
        self._entry(code.definition, [("Because", because), *_lineage(code)], views)
        self._incidents((view, ()) for view in views)
        if standing.waiting:
            places = f"{len(standing.waiting)} ({turns(standing.waiting)})"
            document.paragraph(f"Since then, not judged: {places}.")
        if standing.left:
            document.paragraph(f"Looked at and left out: {turns(standing.left)}.")
        document.heading(3, "Does not fit")
        unfit, nothing = disconfirming.does_not_fit(
            thing,
            self.corpus.material,
            self.looking.focused,
            self.corpus.names,
            self.looking.codings,
        )
        if nothing:
            document.paragraph(nothing)
        self._does_not_fit(unfit)
        self._memos(self.memos.about(FOCUSED, code), code.label, written)

    def _does_not_fit(self, unfit: Sequence[DisconfirmingEvidence]) -> None:
        with_words = [one for one in unfit if one.view is not None]
        seen = self.looking.seen_around(one.view for one in with_words if one.view is not None)
        self._incidents((view, one.told) for view, one in zip(seen, with_words, strict=True))
        for one in unfit:
            if one.view is None:
                found = one.words if self.words else theory.NOT_SHOWN
                told = "; ".join(f"{name}: {text}" for name, text in self._shown(one.told))
                self.document.list_item(f"{found} ({told})" if told else found)

    def _incidents(self, views: Iterable[tuple[IncidentInContext, Sequence[Detail]]]) -> None:
        """Incidents in a table, in study order; a turn that stands in the row above is not repeated
        but for its stretch.
        """
        rows, last = [], ""
        for view, more in views:
            said = _stretch(view) if view.place == last else _spoken(view)
            rows.append((_who(view), list(said), list(_told(self._beside(view, more)))))
            last = view.place
        if rows and self.words:
            self.document.table(("Who, where", "Words", "Beside them"), rows, _WIDTHS)
        elif rows:
            without = [(who, told) for who, _, told in rows]
            self.document.table(("Who, where", "Beside it"), without, (5.4, 11.0))

    def _beside(self, view: IncidentInContext, more: Sequence[Detail]) -> list[Detail]:
        """What is told of an incident, without its words."""
        memos = [("memo", _titled(memo)) for memo in self.memos.at(view)]
        told = [one for one in details(view) if one[0] != "words"]
        return [*self._shown([*told, *more]), *memos]

    def _shown(self, told: Iterable[Detail]) -> list[Detail]:
        """Without words, no note on a single incident."""
        return [one for one in told if self.words or not may_quote(one[0])]

    def _memos(self, memos: Sequence[Memo], label: str, written: dict[Memo, str]) -> None:
        """Memos about a code; their prose where they come first."""
        if memos:
            self.document.heading(3, "Memos")
        for memo in memos:
            above = f" (above, under {written[memo]})" if self.words and memo in written else ""
            self.document.paragraph((Run(_titled(memo), bold=True), above))
            if self.words and memo not in written:
                written[memo] = label
                for paragraph in memo.prose.split("\n\n"):
                    self.document.paragraph(one_line(paragraph))


def _lineage(code: FocusedCode) -> list[Detail]:
    parked = [] if code.parked is None else [("Parked", code.parked or NO_REASON)]
    taken = ("Takes up", "; ".join(named.label for named in code.takes_up))
    return [taken, *lineage(code), *parked]


def _who(view: IncidentInContext) -> list[Piece]:
    name = heading(view.interview, view.turn, view.participant, "interviewer")
    beside = [line for line in (view.spoken.time, ", ".join(view.coders)) if line]
    return [Run(name, bold=True), *(Run(f"\n{line}", style="Aside") for line in beside)]


def _titled(memo: Memo) -> str:
    return f"{memo.date} {one_line(memo.title)}".strip() + (f" ({memo.by})" if memo.by else "")


def _spoken(view: IncidentInContext) -> Iterator[Piece]:
    """The question, the turn with its stretch in bold, and what was said after it."""
    question = (view.question,) if view.question is not None else ()
    for turn in (*question, *view.before):
        yield Run(f"{_line(turn)}\n", style="Aside")
    text = view.spoken.text
    start, end = view.span or (0, 0)
    yield from (f"{view.spoken.label}: {text[:start]}", Run(text[start:end], bold=True), text[end:])
    for turn in view.after:
        yield Run(f"\n{_line(turn)}", style="Aside")


def _stretch(view: IncidentInContext) -> Iterator[Piece]:
    yield Run(f"{SAME_TURN} ", style="Aside")
    yield Run(view.words, bold=True) if view.words is not None else WHOLE


def _line(turn: Turn) -> str:
    return f"{turn.label}: {turn.text}"


def _told(told: Iterable[Detail]) -> Iterator[Piece]:
    for number, (name, text) in enumerate(told):
        yield Run(f"{'' if number == 0 else chr(10)}{name}: ", style="Aside")
        yield text
