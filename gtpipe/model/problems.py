"""What can be wrong with a study's files: values to gather, and one exception to stop with.

A `Problem` says where, what, and what to do next. Problems are gathered and shown all at once.
`UserError` carries them when a command cannot go on; only `gtpipe.cli` turns it into text and an
exit code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

ERROR = "error"
NOTE = "note"


class Kind(StrEnum):
    """What a problem is, where something depends on it: nothing reads it out of the words."""

    OTHER = "other"
    NO_SUCH_NAME = "no such name"
    """An entry names a code, interview or incident that is not there: `about` is how it
    is typed.
    """
    NO_MEMO = "no memo"
    NO_PARTICIPANT = "no participant"
    NO_RESEARCHER = "no researcher"
    LOST_ANCHOR = "lost anchor"
    """What was tied to a turn or to words of it, and these are not there any more: `about` is the
    incident.
    """
    MAYBE_A_NAME = "maybe a name"
    """What stands in a turn may be a name of the list: `about` is the turn and which one in it."""
    SPEAKER = "speaker"
    """It is not clear who a speaker of a source is: `about` is the label."""
    TWIN = "twin"
    """A source has the very content of another one: `about` is the interview of that."""
    UNSEEN_LABEL = "unseen label"
    """A command names a label that no source has: `about` is the label."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong (`error`) or worth knowing (`note`) in a file.

    `path` is relative to the study (or as the person typed it, for a file outside it; '' where it
    stands in no file), `line` counts from 1. `what` is a sentence without its full stop, `do` what
    to type next, `excerpt` the line itself where seeing it helps. `kind` and `about` say the same
    to a program, where one asks.
    """

    severity: str
    path: str
    line: int | None
    what: str
    do: str = ""
    excerpt: str = ""
    kind: Kind = Kind.OTHER
    about: str = ""

    @property
    def is_error(self) -> bool:
        return self.severity == ERROR


def error(
    path: str,
    line: int | None,
    what: str,
    do: str = "",
    excerpt: str = "",
    *,
    kind: Kind = Kind.OTHER,
    about: str = "",
) -> Problem:
    return Problem(ERROR, path, line, what, do, excerpt, kind, about)


def refusal(what: str, do: str = "", *, kind: Kind = Kind.OTHER, about: str = "") -> Problem:
    """The error of a command that was asked for what cannot be: it stands in no file."""
    return error("", None, what, do, kind=kind, about=about)


def note(
    path: str,
    line: int | None,
    what: str,
    do: str = "",
    *,
    kind: Kind = Kind.OTHER,
    about: str = "",
) -> Problem:
    return Problem(NOTE, path, line, what, do, "", kind, about)


def in_file_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Errors before notes, then by file and line; the order of equals is kept."""
    return tuple(sorted(problems, key=lambda p: (p.severity != ERROR, p.path, p.line or 0)))


class UserError(Exception):
    """The command cannot go on until a person has looked at these problems. Nothing was written."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(p.what for p in problems))
        self.problems = problems

    @classmethod
    def at(
        cls,
        path: str,
        line: int | None,
        what: str,
        do: str = "",
        excerpt: str = "",
        *,
        kind: Kind = Kind.OTHER,
        about: str = "",
    ) -> UserError:
        """One problem in a file: an `error`."""
        return cls(error(path, line, what, do, excerpt, kind=kind, about=about))

    @classmethod
    def of(cls, what: str, do: str = "", *, kind: Kind = Kind.OTHER, about: str = "") -> UserError:
        """One problem that stands in no file: a `refusal`."""
        return cls(refusal(what, do, kind=kind, about=about))


class UsageError(Exception):
    """The words of the command do not fit together (exit code 2)."""


def in_shell(words: str) -> str:
    """`words` as they are typed in a shell, for commands that messages name."""
    import shlex

    return shlex.quote(words)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`did you mean "x"?` with the known name nearest to `name`, or an empty string.

    One that looks the same comes first, with what cannot be seen in it; then one that differs in
    capitals, spacing and the like; then the one with most letters in common.
    """
    from gtpipe.model.spelling import Spellings, unseen

    spellings = Spellings.of(tuple(known))
    twin = spellings.twin(name)
    if twin:
        return f'did you mean "{twin}"? It {unseen(twin, name)}'
    near = spellings.alike(name) or spellings.nearest(name)
    return f'did you mean "{near}"?' if near else ""
