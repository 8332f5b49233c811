"""Extracts ready to paste into a chapter: the words verbatim, with participant and turn, as
`quotes` finds them again."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from gtpipe.analysis import groups
from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.lines import Lines, cited
from gtpipe.model import limits
from gtpipe.model.level import CodeRef
from gtpipe.model.problems import Problem, UserError, did_you_mean, refusal
from gtpipe.model.records import INTERVIEWER, IncidentKey, Material
from gtpipe.text import markdown

SHORT = 40  # words; longer extracts are block quotes (APA 7, 8.26-8.27)
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "…": r"\ldots{}",
    "`": r"\textasciigrave{}",
}
_EMPHASIS = re.compile(r"\*(\S(?:[^*\n]*\S)?)\*")


class Extract(NamedTuple):
    """An incident's words and, in `pasted`, how they stand in a chapter."""

    interview: str
    turn: str
    participant: str
    coders: list[str]
    words: str
    pasted: str


Named = Callable[[IncidentKey], str]
"""What stands behind an extract: whose it is, and where."""


def extracts(
    thing: CodeRef, held: Holdings, form: str, named: Named | None = None
) -> list[Extract]:
    """The extracts of `thing` in study order; `form` is md, tex or text; `named` as `source`, if
    not given.
    """
    found = []
    for place, coders in held.of(thing).items():
        participant = held.participant(place)
        parts = []
        for part in held.by_turn(place):  # each turn is quoted by itself, under who speaks it
            said = whole_words(held.words(part._replace(span=None)), part.span)
            who = (
                named(part) if named else source(part.interview, part.turn, held.participant(part))
            )
            parts.append((said, paste(said, who, form)))
        words = parts[0][0] if len(parts) == 1 else held.words(place)
        pasted = "\n\n".join(pasted for _, pasted in parts)
        found.append(Extract(place.interview, place.turn, participant, list(coders), words, pasted))
    return found


_FIELD = re.compile(r"\{([^{}]*)\}")
_OWN = ("participant", "interview", "turn", "time", "lines")
_NO_TIME = "(no time)"


def citing(template: str, material: Material, width: int) -> Named:
    """`template` filled in for each extract: `{participant}, {profession}. Lines {lines}`, in round
    brackets where it has none. Fields are `_OWN` and attributes of participants and interviews.

    Raises UserError where a field is none of these, or lines have no numbers.
    """
    attributes: dict[str, groups.ValueAt] = {}
    problems: list[Problem] = []
    for field in dict.fromkeys(_FIELD.findall(template)):
        if field == "lines" and not width:
            do = "Write `line-width: 72` into pipeline.yaml"
            problems.append(refusal("the lines of this study have no numbers", do))
        elif field not in _OWN:
            known = [*_OWN, *groups.attributes(material), *groups.fields(material)]
            if field in known:
                attributes[field] = groups.values(field, material)[1]
            else:
                do = did_you_mean(field, known) or f"There is {limits.some(known)}"
                problems.append(refusal(f'"{{{field}}}" names nothing of an extract', do))
    if problems:
        raise UserError(*problems)
    lines = cache(lambda name: Lines(material.interviews[name], width))

    def filled(part: IncidentKey, field: str) -> str:
        interview = material.interviews[part.interview]
        participant = interview.participant_of(part.turn)
        if field in attributes:
            return attributes[field](part.interview, participant) or groups.NOT_SAID
        own = {
            "participant": participant or INTERVIEWER,
            "interview": part.interview,
            "turn": part.turn,
            "time": interview.at(part.turn).time or _NO_TIME,
        }
        return own[field] if field in own else cited(*lines(part.interview).of(*part[1:]))

    def named(part: IncidentKey) -> str:
        text = _FIELD.sub(lambda match: filled(part, match[1]), template)
        return text if template.startswith(("(", "[", "—", "–")) else f"({text})"

    return named


def source(interview: str, turn: str, participant: str) -> str:
    """`(jim, turn 12)`; the interview's name too where it is another."""
    if not participant:
        return f"(interviewer, {interview}, turn {turn})"
    return (
        f"({participant}, turn {turn})"
        if participant == interview
        else f"({participant}, {interview}, turn {turn})"
    )


def whole_words(text: str, span: tuple[int, int] | None) -> str:
    """The stretch, and the whole of a word that it cuts."""
    if span is None:
        return text.strip()
    start, end = span
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return text[start:end].strip()


def paste(words: str, named: str, form: str) -> str:
    """`words` in quotation marks, or as a block where they are many or in paragraphs; `form` is md,
    tex or text."""
    is_block = (
        len(words.split()) >= SHORT or "\n\n" in words or words.count("“") != words.count("”")
    )
    if form == "text":
        one_line = " ".join(words.split())
        return (
            f"“{one_line}” {named}"
            if one_line.count("“") == one_line.count("”")
            else f"> {one_line}\n> {named}"
        )
    if form == "tex":
        shown, named = _tex(words), _tex(named)
        return (
            f"\\begin{{quote}}\n{shown}\n\n{named}\n\\end{{quote}}"
            if is_block
            else f"``{_inside(shown)}'' {named}"
        )
    shown = _markdown(words)
    if not is_block:
        return f"“{shown}” {markdown.plain(named)}"
    return "\n".join(
        f"> {line}".rstrip() for line in f"{shown}\n\n{markdown.plain(named)}".split("\n")
    )


def _markdown(words: str) -> str:
    """Markdown that shows the words as typed; *emphasis* stays emphasis."""
    escaped = markdown.plain(words)
    return (
        _EMPHASIS.sub(r"*\1*", escaped.replace(r"\*", "*"))
        if words.count("*") == 2 * len(_EMPHASIS.findall(words))
        else escaped
    )


def _tex(words: str) -> str:
    """LaTeX that shows the words as typed, quotation marks inside as single ones."""
    emphasised = _EMPHASIS.split(words)
    parts = ["".join(_TEX.get(char, char) for char in part) for part in emphasised]
    text = "".join(rf"\emph{{{part}}}" if index % 2 else part for index, part in enumerate(parts))
    return re.sub(r'(?<![\w.,!?])"(?=\S)', "`", text).replace('"', "'")


def _inside(shown: str) -> str:
    """Thin space between the marks of a quotation that begins or ends with another."""
    shown = rf"\,{shown}" if shown.startswith("`") else shown
    return rf"{shown}\," if shown.endswith("'") else shown
