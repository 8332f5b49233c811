"""A study as programs exchange it: sources, codes, codings, memos, cases; and what was lost on the
way.

Everything has an id that is unique in its project. Places in a text are counted in code points from
0, the end exclusive, lines ending in a line feed, without a byte order mark: readers bring every
other convention to this one (`positions`).
"""

from __future__ import annotations

from typing import NamedTuple

ORIGIN = "gtpipe"
"""The origin of what gtpipe itself exports."""
TAKES_UP = "also takes up"
"""The name of a link from a code to one that stands elsewhere in the tree."""
HYPOTHESIS = "Hypothesis: "
"""How the title of a memo begins that says what a relation claims."""


class Loss(NamedTuple):
    """Something that the other side cannot hold: its kind, in words, and which one it was."""

    kind: str
    which: str


class Person(NamedTuple):
    """Somebody who coded."""

    id: str
    name: str
    initials: str = ""


class Code(NamedTuple):
    """A code; `parent` is the id of the code or group that it stands under, '' at the top."""

    id: str
    name: str
    definition: str = ""
    parent: str = ""
    colour: str = ""
    is_group: bool = False
    """Whether it only holds others, and nothing can be coded so."""


class Source(NamedTuple):
    """A document, with its whole text; '' where the file has its codings alone, by their words."""

    id: str
    name: str
    text: str
    description: str = ""
    created: str = ""
    variables: tuple[tuple[str, str], ...] = ()


class Coding(NamedTuple):
    """An application of a code to `text[start:end]` of a source, by a person ('' nobody is named).

    `words` are what the file itself says the words are, '' where it does not; `start` and `end` are
    -1 where it has the words alone. With no code it is a passage that a memo is about.
    """

    id: str
    source: str
    start: int
    end: int
    code: str
    by: str = ""
    note: str = ""
    words: str = ""
    created: str = ""


class Memo(NamedTuple):
    """A note with a title; `about` are ids of codes, sources, codings, cases."""

    id: str
    title: str
    text: str
    about: tuple[str, ...] = ()
    by: str = ""
    created: str = ""


class Case(NamedTuple):
    """A person, or another unit: its sources by id, and its variables in order."""

    id: str
    name: str
    sources: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()


class Relation(NamedTuple):
    """Two codes, by id, and what leads from one to the other."""

    id: str
    source: str
    target: str
    name: str
    is_directed: bool = True


class Project(NamedTuple):
    """All of it. `origin` is the program as the file names it; `told` are remarks for a person:
    how places were counted, for one.
    """

    name: str
    origin: str
    people: tuple[Person, ...] = ()
    codes: tuple[Code, ...] = ()
    sources: tuple[Source, ...] = ()
    codings: tuple[Coding, ...] = ()
    memos: tuple[Memo, ...] = ()
    cases: tuple[Case, ...] = ()
    relations: tuple[Relation, ...] = ()
    losses: tuple[Loss, ...] = ()
    told: tuple[str, ...] = ()
