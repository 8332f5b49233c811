"""How a source says who speaks: what a person, or a program known to gtpipe, declares of its form.

Shapes stand in `pipeline.yaml` under `shapes:`, in `data/shapes.yaml` where ingest keeps what it
was told, and for programs that many use in `gtpipe.readers.lines.known_shapes`. The shape that an
interview was read by is kept in its record, so that its source is read in the same way again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import Any

ABOVE = "above"  # as `unlabelled`: such words go on with the speaker above
BELOW = "below"
SPLIT, WORDS = "split", "words"


@dataclass(frozen=True)
class Shape:
    """What is declared of a source's form; '' and () where nothing is.

    `label` is an example in which NAME stands for the speaker and, where they belong to it, TIME,
    DATE, NUMBER, DURATION and WORDS for what they say (INITIAL is a NAME of one to three letters);
    `⇥` is a tab and `⏎` the end of a line: `[TIME] - NAME`, `NAME (TIME - TIME)`, `NAME⇥WORDS`; a
    line for each where there are several. `bold` is a name in bold, `cue-name` the name of a
    caption. `time` is an example of a time mark that stands by itself or beside the words, like
    `#00:00:03-4#`; `none` says that such marks are words. `time_applies` says whether a mark is the
    time of the words `above` or `below`; '' for that of the turn it stands in, and below where it
    stands alone.

    `unlabelled` is who says what has no label, a label or `above` for the speaker above; `bold` is
    who says the paragraphs that are bold or italic throughout. `same` are further labels of one
    speaker. `notices` are lines, or their beginnings, that the program wrote and nobody said.
    `within` says what a label inside a line is: `split`, where it begins a turn, or `words`.
    `heading_to` is the last line of the heading of one source, 0 where it has none, -1 where nobody
    said so.
    """

    name: str = ""
    label: str = ""
    time: str = ""
    time_applies: str = ""
    unlabelled: str = ""
    bold: str = ""
    within: str = ""
    same: tuple[tuple[str, tuple[str, ...]], ...] = ()
    notices: tuple[str, ...] = ()
    line_numbers: bool = False
    encoding: str = ""
    heading_to: int = -1

    def with_answers(self, other: Shape) -> Shape:
        """This shape, and over it what `other` says more: the options of a command."""
        return replace(self, **other.declared)

    @property
    def declared(self) -> dict[str, Any]:
        """What it says, by field."""
        given = ((field, getattr(self, field.name)) for field in fields(self))
        return {field.name: value for field, value in given if value != field.default}

    def first_label(self, label: str) -> str:
        """The label under which `same` lists this one; itself where it lists none."""
        return next((first for first, others in self.same if label in others), label)

    def as_text(self) -> str:
        """What is declared, on one line; '' where nothing is."""
        said = self.declared
        return json.dumps(said, ensure_ascii=False, sort_keys=True) if said else ""


def from_text(text: str) -> Shape:
    """What `as_text` wrote; no shape where it is anything else."""
    try:
        said = json.loads(text)
        same = tuple(
            (str(first), tuple(map(str, others))) for first, others in said.pop("same", ())
        )
        notices = tuple(map(str, said.pop("notices", ())))
        shape = replace(NO_SHAPE, same=same, notices=notices, **said)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return NO_SHAPE
    plain = all(
        type(getattr(shape, field.name)) is type(getattr(NO_SHAPE, field.name))
        for field in fields(Shape)
    )
    return shape if plain else NO_SHAPE


NO_SHAPE = Shape()
