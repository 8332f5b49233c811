"""The whole of a study as it was read at one moment (`Corpus`), and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from gtpipe.analysis import codings
from gtpipe.analysis.comparison import Looking
from gtpipe.analysis.labels import Labels, labels_of
from gtpipe.formats import ethics, naming, sheets, tables
from gtpipe.model.codings import Codings
from gtpipe.model.ethics import Ethics
from gtpipe.model.level import CODE_LEVELS, CodeRef, Level
from gtpipe.model.problems import Problem, UserError, did_you_mean, error
from gtpipe.model.records import Material, Sheet, SheetEntry
from gtpipe.store import cache
from gtpipe.store.layout import (
    ANSWERS,
    ETHICS,
    EVALUATION,
    INGESTED,
    LOG,
    SHEETS,
    TRANSCRIPTS,
    Snapshot,
    Study,
    decode,
    named_in,
)
from gtpipe.store.settings import Settings
from gtpipe.study import kept

_NO_TURN_IS_LOST = "no turn is lost, 1"
BESIDE = (EVALUATION, ANSWERS, ".gitattributes", ".gitignore")
"""What no entry of another file names: a merge may leave its markers there as well."""


@dataclass(frozen=True)
class StudyRecords:
    """What a study's files say at one moment.

    `unreadable` are the errors that keep a file from being read.
    """

    study: Study
    snapshot: Snapshot
    settings: Settings
    material: Material
    unreadable: tuple[Problem, ...]

    @cached_property
    def coded(self) -> tuple[Codings, list[Problem]]:
        """The codings whose words stand where they should, and what is wrong with the others."""
        return codings.codings_of(
            self.material, self.current, self.current_focused, kept.known_codings
        )

    @property
    def codings(self) -> Codings:
        """Every application whose anchor holds, in study order."""
        return self.coded[0]

    @cached_property
    def looking(self) -> Looking:
        """The codings by turn and by code, and how incidents stand to each: worked out once."""
        return Looking(self.material, self.codings, self.current)

    def let_go(self) -> None:
        """Forget `looking` and the words of interviews, large in a large study; they are worked out
        and read again for who asks.
        """
        self.__dict__.pop("looking", None)
        for interview in self.material.interviews.values():
            if isinstance(interview, kept.KeptInterview):
                interview.let_go()

    @cached_property
    def current(self) -> dict[str, str]:
        """Old labels of initial codes and the ones they count under."""
        return naming.current_labels(self.material.codebook)

    @cached_property
    def current_focused(self) -> dict[str, str]:
        """Old labels of focused codes and the ones they count under."""
        return naming.current_labels(self.material.focused)

    @property
    def last_interview(self) -> str:
        """The last interview in study order; '' where there is none, or one cannot be read that may
        be it."""
        broken = (problem.path for problem in self.unreadable if problem.is_error)
        if any(path.startswith(f"{TRANSCRIPTS}/") for path in broken):
            return ""
        return next(reversed(self.material.interviews), "")

    @cached_property
    def ethics(self) -> tuple[Ethics | None, list[Problem]]:
        """What was promised to participants, None where that is not written down or cannot be
        read; and what is wrong with the file.
        """
        text = self.snapshot.bytes(ETHICS)
        try:
            return ethics.loads(decode(text, ETHICS)) if text is not None else (None, [])
        except UserError as exc:
            return None, list(exc.problems)

    @cached_property
    def names(self) -> Labels:
        """Everything that can be named."""
        return labels_of(self.material, self.codings.used, self.current, self.current_focused)

    def resolve(self, typed: str, levels: Iterable[Level] = CODE_LEVELS) -> CodeRef:
        """The code called `typed`. Raises UserError, with files that it may stand in unread."""
        return self.resolve_all((typed,), levels)[0]

    def resolve_all(
        self, typed: Iterable[str], levels: Iterable[Level] = CODE_LEVELS
    ) -> tuple[CodeRef, ...]:
        """All that are named, in order. Raises UserError with every one that is not there."""
        try:
            return self.names.resolve_all(typed, levels)
        except UserError as exc:
            raise self.missing(*exc.problems) from None

    def missing(self, *problems: Problem) -> UserError:
        """What is not there may stand in a file that cannot be read: then that is what to mend."""
        unread = [problem for problem in self.unreadable if problem.is_error]
        if unread:
            do = "It may stand in a file that cannot be read, see below"
            problems = tuple(replace(problem, do=do) for problem in problems)
        return UserError(*problems, *unread)

    @cached_property
    def broken(self) -> frozenset[str]:
        """The files that cannot be read."""
        return frozenset(problem.path for problem in self.unreadable if problem.is_error)

    @cached_property
    def gone(self) -> tuple[str, ...]:
        """Interviews that have a sheet, and whose transcript is not there any more."""
        there = {named_in(path) for path in self.snapshot.files(TRANSCRIPTS, ".md")}
        read = {named_in(path) for path in self.snapshot.files(INGESTED, ".csv")}
        # Named nearly like a transcript, and never read from a source: the name is wrong.
        return tuple(
            sorted(
                name
                for name in {sheet.interview for sheet in self.material.sheets} - there
                if name in read or not did_you_mean(name, there)
            )
        )

    @cached_property
    def recorded(self) -> Mapping[str, tables.Ingested]:
        """Interview → what was read, as it is on record; each is looked up when it is asked for."""
        return _Recorded(self.snapshot)

    @cached_property
    def turns_hang_on(self) -> str:
        """What it hangs on whether every turn that was read is there."""
        files = self.snapshot.files
        return self.snapshot.state_of([*files(INGESTED, ".csv"), *files(TRANSCRIPTS, ".md")])

    @cached_property
    def no_turn_is_lost(self) -> bool:
        """Whether it is known that every interview and turn that was read is there."""
        with suppress(UserError):
            return cache.is_concluded(self.study, _NO_TURN_IS_LOST, self.turns_hang_on)
        return False

    def keep_that_no_turn_is_lost(self) -> None:
        """It was looked for, and is known from now on."""
        cache.conclude(self.study, _NO_TURN_IS_LOST, self.turns_hang_on)
        self.__dict__["no_turn_is_lost"] = True

    def ingested(self, name: str) -> tables.Ingested | None:
        """What was read of an interview, by hashes as they are made today; None where that is not
        on record.
        """
        record = self.recorded.get(name)
        if record is None or name in self._hashed_now:
            return self._hashed_now.get(name)
        interview = self.material.interviews.get(name)
        texts = {turn.id: turn.text for turn in interview.turns} if interview else {}
        turns = {
            id: sheets.hashed_now(hash, texts.get(id, "")) for id, hash in record.turns.items()
        }
        self._hashed_now[name] = replace(record, turns=turns)
        return self._hashed_now[name]

    @cached_property
    def _hashed_now(self) -> dict[str, tables.Ingested]:
        return {}

    def copy(self, sheet: Sheet, entry: SheetEntry) -> str:
        """The words as an entry of a sheet copies them."""
        if sheet.path not in self._copies:
            self._copies[sheet.path] = sheets.copies(
                self.snapshot.text(sheet.path) or "", sheet.path
            )
        return self._copies[sheet.path].get(entry.turn, "")

    @cached_property
    def _copies(self) -> dict[str, dict[str, str]]:
        return {}

    @cached_property
    def names_and_of_gone(self) -> Labels:
        """Everything that can be named, codes included that only sheets without a
        transcript hold.
        """
        known = dict(self.names.known)
        for sheet in self.material.sheets:
            for entry in sheet.entries if sheet.interview in self.gone else ():
                for code in entry.codes:
                    known[code.level] |= {code.label}
        return replace(self.names, known=known)

    @property
    def unread(self) -> set[str]:
        """Interviews with a sheet that could not be read."""
        return {
            named_in(p.path) for p in self.unreadable if p.is_error and p.path.startswith(SHEETS)
        }

    @cached_property
    def sheets_gone(self) -> tuple[Problem, ...]:
        """Sheets of the first researcher that the log knows and that are not there."""
        coder = self.settings.default_coder
        have = {(sheet.interview, sheet.coder) for sheet in self.material.sheets}
        logged = self.snapshot.bytes(LOG) or b""
        paths = (
            sheets.path_of(name, coder, coder)
            for name in self.material.interviews
            if (name, coder) not in have
        )
        broken = {problem.path for problem in self.unreadable}
        return tuple(
            error(
                path,
                None,
                "this sheet was here before and is gone",
                "Bring it back from git; to begin it anew, make an empty file of this name, "
                "then `gtpipe initial-code --refresh-text`",
            )
            for path in paths
            if f'"{path}": ['.encode() in logged and path not in broken
        )


class _Recorded(Mapping[str, tables.Ingested]):
    """Only the one that was asked for last is held."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._paths = {named_in(path): path for path in snapshot.files(INGESTED, ".csv")}
        self._last: tuple[str, tables.Ingested] | None = None

    def __getitem__(self, name: str) -> tables.Ingested:
        if self._last is None or self._last[0] != name:
            text = self._snapshot.text(self._paths[name]) or ""
            self._last = name, tables.loads_ingested(text)
        return self._last[1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)
