"""The layout of an incident: its title, the question before
it, its turn, and the details beside the words.

One layout for the terminal (`as_blocks`) and for the pages under `data/derived` (`as_markdown`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from gtpipe.analysis.annotations import COMPARISON, WrittenAbout
from gtpipe.analysis.incidents import IncidentInContext, Spoken
from gtpipe.model.names import label_order, one_line
from gtpipe.model.persons import Persons
from gtpipe.model.plural import count
from gtpipe.model.records import Comment, Interview, Material, Memo, Turn, first_and_last, people
from gtpipe.render.blocks import GAP, Block

Detail = tuple[str, str]  # name and text


class Annotations(NamedTuple):
    """Comparison memos and comments, to be shown with what they are about."""

    memos: WrittenAbout[Memo]
    comments: WrittenAbout[Comment]

    @classmethod
    def of(cls, material: Material) -> Annotations:
        return cls(WrittenAbout.of_memos(material, COMPARISON), WrittenAbout.of_comments(material))


def summary(views: Sequence[Spoken | IncidentInContext], persons: Persons) -> str:
    """How many incidents, with the names of participants and interviews beside the count, and which
    of them are counted as one person.
    """
    if not views:
        return "No incident yet."
    names = {name for view in views for name in people(view.participant)}
    interviews = ", ".join(dict.fromkeys(view.interview for view in views))
    incidents = count(len(views), "incident")
    speaking = (", ".join(sorted(names, key=label_order)) or "none") + persons.aside(names)
    return f"{incidents}. Participants: {speaking}. Interviews: {interviews}."


def heading(interview: str, turn: str, participant: str, unnamed: str = "") -> str:
    """`jim 12`, with the participant where the interview is not
    called so; `unnamed` for an interviewer.
    """
    who = participant or unnamed
    return f"{interview} {turn}" + (f" · {who}" if who not in ("", interview) else "")


def title(view: IncidentInContext) -> str:
    """An incident in one line: address, participant, time, and who coded it."""
    found = heading(view.interview, view.turn, view.participant, "interviewer")
    if view.spoken.time:
        found += f" · {view.spoken.time}"
    if view.coders:
        found += f" · {', '.join(view.coders)}"
    return found


def whole(view: IncidentInContext) -> str:
    """What an incident is that is tied to no words."""
    return f"turns {view.turn}" if first_and_last(view.turn) else "the whole turn"


def details(view: IncidentInContext) -> list[Detail]:
    """What is told of an incident beside its words."""
    told: list[Detail] = []
    if view.words is not None:
        told.append(("words", one_line(view.words)))
    if view.through:
        told.append(("through", ", ".join(view.through)))
    if view.in_vivo:
        told.append(("in vivo", "yes"))
    if view.beside:
        told.append(("also coded here", "; ".join(view.beside)))
    told += [(f"note ({coder})" if coder else "note", text) for coder, text in view.notes]
    return told


def may_quote(name: str) -> bool:
    """Whether what is told of an incident under this name is a person's own text about it, which
    may hold what was said: it is left out where words may not go.
    """
    return name == "led to" or name.startswith("note")


def annotated(views: Iterable[IncidentInContext], annotations: Annotations) -> list[Detail]:
    """The memos and comments about incidents, each once."""
    views = tuple(views)
    memos = dict.fromkeys(chain.from_iterable(map(annotations.memos.at, views)))
    comments = dict.fromkeys(chain.from_iterable(map(annotations.comments.at, views)))
    return [("memo", f"{memo.title} ({memo.name})") for memo in memos] + [
        (f"comment ({comment.by})" if comment.by else "comment", comment.comment)
        for comment in comments
    ]


# --- for the terminal -----------------------------------------------------------------------------


def as_blocks(
    view: IncidentInContext, told: Iterable[Detail] = (), heading: str = ""
) -> Iterator[Block]:
    """An incident with its question, its turn (the stretch marked) and what is told of it."""
    yield Block(heading or title(view), 0, "bold cyan")
    for turn in _in_front(view):
        yield Block(f"{turn.label}: {turn.text}", 2, "dim")
    start = len(view.spoken.label) + 2
    marked = None if view.span is None else (start + view.span[0], start + view.span[1])
    yield Block(f"{view.spoken.label}: {view.spoken.text}", 2, marked=marked)
    for turn in view.after:
        yield Block(f"{turn.label}: {turn.text}", 2, "dim")
    for name, text in told:
        yield Block(f"{name}: {text}", 4, "italic")


def _in_front(view: IncidentInContext) -> tuple[Turn, ...]:
    """The question, where it is farther off, and the turns before an incident."""
    return (*((view.question,) if view.question is not None else ()), *view.before)


def interview_title(interview: Interview) -> str:
    """The name and day of an interview; where, how and with whom it took place, as its front matter
    says.
    """
    date = [interview.date] if interview.date else []
    said = [f"{name}: {value}" for name, value in interview.attributes]
    return " · ".join([interview.name, *date, *said])


def of_interview(interview: str, material: Material) -> Block:
    """An interview, above its incidents."""
    return Block(interview_title(material.interviews[interview]), style="bold underline")


def by_interview(
    views: Iterable[IncidentInContext], material: Material, annotations: Annotations
) -> Iterator[Block]:
    """Incidents under their interview."""
    last = None
    for view in views:
        yield GAP
        if view.interview != last:
            last = view.interview
            yield of_interview(last, material)
        yield from as_blocks(view, [*details(view), *annotated([view], annotations)])


# --- for a page -----------------------------------------------------------------------------------


def as_markdown(view: IncidentInContext, told: Iterable[Detail]) -> str:
    """The same as Markdown. Words stand in indented blocks and
    between backticks, where nothing changes them.
    """
    parts = [f"### {title(view)}"]
    parts += [_speech(turn) for turn in (*_in_front(view), view.spoken, *view.after)]
    points = [f"- {name}: " + _verbatim(name, text).replace("\n", "\n  ") for name, text in told]
    if points:
        parts.append("\n".join(points))
    return "\n\n".join(parts)


def _speech(turn: Turn) -> str:
    _, _, label, text, _ = turn
    if "\n" not in text:
        return f"    {label}: {text}".rstrip()
    lines = f"{label}: {text}".split("\n")
    return "\n".join([f"    {line}".rstrip() for line in lines])


def _verbatim(name: str, text: str) -> str:
    """The participant's words between as many backticks as keep
    Markdown from changing them; other text as it is.
    """
    if name != "words":
        return text
    if "`" not in text:
        return f"`{text}`"
    ticks = "`" * (1 + max(map(len, re.findall("`+", text))))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"
