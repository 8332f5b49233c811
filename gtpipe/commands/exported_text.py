"""A transcript as other programs get it: a text that ingest reads again, and beside it what its
front matter says.

`P: words`, an empty line between turns: so a coding of several turns is one stretch. A time mark
stands behind the label.
"""

from __future__ import annotations

from gtpipe.model.records import Interview, Span, Turn
from gtpipe.text import yamltext

_BETWEEN = "\n\n"


class TextOfTurns:
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
        self.text = (_BETWEEN.join(parts) + "\n" * bool(parts)).replace("\r", "\n")

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


def speakers(interview: Interview) -> str:
    """Who speaks in it, as the front matter of a transcript says it."""
    labels = ", ".join(
        f"{yamltext.inline(label)}: {yamltext.inline(who)}"
        for label, who in interview.speakers.items()
    )
    return f"speakers: {{{labels}}}"


def variables(interview: Interview) -> tuple[tuple[str, str], ...]:
    """What else the front matter says."""
    fields = (("date", interview.date), ("schedule", interview.schedule), *interview.attributes)
    return tuple((name, value) for name, value in fields if value)
