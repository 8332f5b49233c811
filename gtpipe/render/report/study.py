"""What the pages of a report are made of: the study as it was read, worked out once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from gtpipe.analysis import properties, subjects
from gtpipe.analysis.annotations import WrittenAbout
from gtpipe.analysis.comparison import Looking
from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.history.timeline import Moment
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, CodeRef, Level
from gtpipe.model.names import label_order, name_order
from gtpipe.model.records import Comment, Interview, Material, Memo, Named, Property
from gtpipe.render.palette import Sign, signs
from gtpipe.render.report.places import Link, Places
from gtpipe.render.theory import LaidOut, laid_out
from gtpipe.store import settings
from gtpipe.store.layout import DATA, DIARY, MEMOS, SCHEDULE, digest, fingerprint
from gtpipe.study import Corpus


@dataclass(frozen=True)
class Edition:
    """What a report is for. Without `words` no participant's words are in it, nor what people
    wrote about single incidents, which may quote them; `only` is a participant whose own pages
    alone are wanted.
    """

    words: bool = True
    only: str = ""


@dataclass(frozen=True)
class ReportedStudy:
    """A study on its way to pages. `moments` is its life in git, oldest first; none where it is in
    none.
    """

    corpus: Corpus
    edition: Edition
    moments: tuple[Moment, ...] = ()

    @property
    def material(self) -> Material:
        return self.corpus.material

    @cached_property
    def looking(self) -> Looking:
        return self.corpus.looking

    @cached_property
    def laid(self) -> LaidOut:
        """The theory with what carries it."""
        return laid_out(self.corpus, self.looking)

    @property
    def holdings(self) -> Holdings:
        return self.looking.holdings

    @cached_property
    def interviews(self) -> tuple[Interview, ...]:
        """The interviews of this edition, in study order."""
        only = self.edition.only
        return tuple(
            one for one in self.material.interviews.values() if not only or only in one.participants
        )

    @cached_property
    def labels(self) -> dict[Level, tuple[str, ...]]:
        """The initial codes in label order, focused codes as their file has them, categories as
        theirs has them; of one participant's edition, those of their words."""
        material = self.material
        coded = (thing.label for thing in self.holdings.coded(INITIAL))
        found = {
            INITIAL: tuple(sorted({*coded, *material.codebook}, key=label_order)),
            FOCUSED: tuple(self.looking.focused),
            CATEGORY: tuple(one.label for one in material.theory.categories),
        }
        if not self.edition.only:
            return found
        return {
            INITIAL: tuple(
                label for label in found[INITIAL] if self.views(CodeRef(INITIAL, label))
            ),
            FOCUSED: (),
            CATEGORY: (),
        }

    @cached_property
    def places(self) -> Places:
        whole = not self.edition.only
        return Places(
            (one.name for one in self.interviews),
            self.labels,
            (memo.name for memo in self.material.memos) if whole else (),
            self.heard_again if whole else (),
        )

    @cached_property
    def heard_again(self) -> tuple[str, ...]:
        """The participants of several interviews, by name."""
        speak = (name for one in self.material.interviews.values() for name in one.participants)
        interviews = Counter(speak)
        return tuple(sorted((n for n in interviews if interviews[n] > 1), key=name_order))

    @cached_property
    def signs(self) -> dict[str, Sign]:
        """Focused code → the number and colour it is known by on every page."""
        return signs(self.looking.focused)

    def spoken_by(self, thing: CodeRef) -> list[str]:
        """Who speaks each incident of a thing that is in this edition."""
        only = self.edition.only
        spoken = map(self.holdings.participant, self.holdings.of(thing))
        return [who for who in spoken if only in ("", who)]

    def views(self, thing: CodeRef) -> tuple[IncidentInContext, ...]:
        """The incidents of a thing, in study order; those of the edition's participant."""
        if thing not in self._views:
            found = self.looking.views(thing)
            only = self.edition.only
            self._views[thing] = tuple(view for view in found if only in ("", view.participant))
        return self._views[thing]

    @cached_property
    def _views(self) -> dict[CodeRef, tuple[IncidentInContext, ...]]:
        return {}

    @cached_property
    def memos(self) -> WrittenAbout[Memo]:
        """Memos by the code or incident they are about; none in one participant's edition, where
        they would tell of others."""
        return WrittenAbout.of_memos(self.material if not self.edition.only else Material())

    @cached_property
    def memos_about(self) -> dict[subjects.Subject, list[Memo]]:
        """Memos by the memos, people, interviews, questions and ideas that they are about."""
        return subjects.memos_about(self.material, self.corpus.names)

    @cached_property
    def comments(self) -> WrittenAbout[Comment]:
        """Comments by the code or incident they are about."""
        return WrittenAbout.of_comments(self.material if not self.edition.only else Material())

    def definition(self, label: str) -> str:
        """What the code book says of an initial code; '' where nothing, and in one participant's
        pages, since it may tell of others."""
        if self.edition.only:
            return ""
        code = self.material.codebook.get(label)
        return code.definition if code else ""

    def made_of(self, interviews: Iterable[str]) -> tuple[str, ...]:
        """What a page hangs on that tells of what was said and coded in these interviews alone:
        their transcripts and sheets, and everything in the study that is none.
        """
        return (self._beside_interviews, *(self._prints.get(name, "") for name in interviews))

    def made_of_thing(self, thing: CodeRef) -> tuple[object, ...]:
        """What a page hangs on that tells of a thing where it stands, waits to be judged, was left,
        does not fit, or is placed by a property: the transcripts, and all codings at these turns.
        """
        standing = self.holdings.standing(thing)
        against = self.holdings.against(thing)
        told = chain(standing.extracts, standing.waiting, standing.unfit, standing.left, against)
        places = [(place.interview, place.turn, place.span) for place in told]
        places += [
            (incident.interview, incident.turn, None)
            for each in self._properties.get(thing, ())
            for incident in each.incidents
            if incident.interview in self.material.interviews
        ]
        transcripts = {name: self._transcript_prints[name] for name, *_ in places}
        return (
            self._beside_interviews,
            tuple(sorted(transcripts.items())),
            tuple(len(some) for some in (standing.extracts, *standing[1:], against)),
            tuple((*place, self._at_turns(*place[:2])) for place in places),
        )

    def _at_turns(self, interview: str, turn: str) -> tuple[str, ...]:
        """What is coded at a turn, or at each of several."""
        ids = self.material.interviews[interview].ids_of(turn)
        return tuple(self._turn_prints.get((interview, id), "") for id in ids)

    @cached_property
    def _turn_prints(self) -> dict[tuple[str, str], str]:
        """Interview and turn → a digest of the codings there, whatever lines they stand on."""
        codings = self.corpus.codings
        return {
            (name, turn): digest(
                repr(
                    [coding[:-1] for coding in codings.at_places(codings.at(name, (turn,)))]
                ).encode("utf-8", "replace")
            )
            for name in self.material.interviews
            for turn in codings.turns_coded(name)
        }

    @cached_property
    def _transcript_prints(self) -> dict[str, str | None]:
        snapshot = self.corpus.snapshot
        return {
            name: snapshot.fingerprint(one.path) for name, one in self.material.interviews.items()
        }

    @cached_property
    def _properties(self) -> dict[CodeRef, tuple[Property, ...]]:
        return dict(properties.entries(self.material))

    @cached_property
    def _prints(self) -> dict[str, str]:
        """Interview → the fingerprints of its transcript and its sheets."""
        sheets: dict[str, list[str]] = {}
        for sheet in self.material.sheets:
            print = self.corpus.snapshot.fingerprint(sheet.path)
            sheets.setdefault(sheet.interview, []).append(f"{sheet.coder} {print}")
        return {
            name: f"{name} {self.corpus.snapshot.fingerprint(one.path)} {sheets.get(name)}"
            for name, one in self.material.interviews.items()
        }

    @cached_property
    def _beside_interviews(self) -> str:
        """All that pages hang on beside transcripts and sheets, and what follows from these for the
        whole study: which codes there are that entries name, and how pages are called.
        """
        snapshot, material = self.corpus.snapshot, self.material
        prints = [
            (path, snapshot.fingerprint(path))
            for folder in (DATA, MEMOS, DIARY, SCHEDULE)
            for path in snapshot.files(folder, ".yaml", ".csv", ".md")
        ]
        known = {*self.labels[INITIAL]}
        everything = (
            self.edition,
            snapshot.fingerprint(settings.FILE),
            prints,
            sorted(self.corpus.broken),
            self.signs,
            self.places.longer,
            list(self.places.interviews),
            sorted({one.coder for one in self.corpus.codings.whose}),
            [named.label for named in _named(material) if named.label in known],
        )
        return fingerprint(repr(everything).encode("utf-8", "surrogatepass"))

    def link(self, code: CodeRef) -> Link:
        return self.places.code(code)


def _named(material: Material) -> Iterator[Named]:
    """What entries name, whatever it is."""
    theory = material.theory
    for code in material.focused.values():
        yield from code.takes_up
    for relation in theory.relations:
        yield from (relation.source, relation.target)
    yield from (case.contradicts for case in theory.negative_cases)
    yield from (look.looked_for for look in theory.looks)
    for memo in material.memos:
        yield from memo.about
    yield from (comment.about for comment in material.comments)
