"""The records of a study with the problems that the checks find in them.

The checks bring in most of the analysis: they are imported when problems are asked for.
"""

from __future__ import annotations

from functools import cached_property

from gtpipe.model.problems import Problem, error, in_file_order
from gtpipe.store.layout import (
    CODEBOOK,
    DIARY,
    FOCUSED_CODES,
    INGESTED,
    MEMOS,
    SHEETS,
    SOURCES,
    THEORY,
    transcript_of,
)
from gtpipe.study import kept
from gtpipe.study.records import StudyRecords

# What is told of a file concerns the stages that build on it, and nobody where all are off.
_BUILD_ON = (
    ((SOURCES, INGESTED), ("ingest",)),
    ((SHEETS, CODEBOOK), ("initial-code", "focused-code", "theoretical-code")),
    ((FOCUSED_CODES,), ("focused-code", "theoretical-code")),
    ((THEORY,), ("theoretical-code",)),
    ((MEMOS, DIARY), ("memo",)),
)


class Corpus(StudyRecords):
    """What a study's files say at one moment, and what is wrong with it."""

    def told(self) -> tuple[Problem, ...]:
        """Errors and notes for a person to see: those of files that no stage builds on are not."""
        return self._built_on((*self.errors(), *self.all_notes()))

    def told_errors(self) -> tuple[Problem, ...]:
        """The errors among them; notes across files take longer to find."""
        return self._built_on(self.errors())

    def _built_on(self, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
        off = tuple(
            path
            for paths, stages in _BUILD_ON
            if not {*stages} & {*self.settings.stages}
            for path in paths
        )
        return tuple(p for p in problems if not p.path.startswith(off)) if off else problems

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """All errors, and the notes a file gives rise to by itself, in order."""
        from gtpipe.study import checks

        found = checks.problems(self)
        kept.keep_places(self.study, self.snapshot, self.material.interviews.values())
        return found

    @cached_property
    def notes(self) -> tuple[Problem, ...]:
        """What is worth knowing across files."""
        from gtpipe.study import checks

        return checks.notes(self)

    def errors(self, reads: tuple[str, ...] = ("",)) -> tuple[Problem, ...]:
        """The errors; with `reads`, those of files whose paths begin so."""
        return tuple(p for p in self.problems if p.is_error and p.path.startswith(reads))

    def hiding(self) -> tuple[Problem, ...]:
        """Errors that keep a code or its words from being shown."""
        gone = (
            error(
                transcript_of(name),
                None,
                "this transcript is gone",
                "`gtpipe check` says what hangs on it",
            )
            for name in self.gone
        )
        return tuple(
            problem for problem in (*self.unreadable, *self.coded[1], *gone) if problem.is_error
        )

    def all_notes(self) -> tuple[Problem, ...]:
        """Notes of single files and those across files."""
        return in_file_order([*(p for p in self.problems if not p.is_error), *self.notes])
