"""The coded words of a study as a document for people: each code with what it means and its words,
then the memos. As Markdown, or in Word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from gtpipe.model.level import CodeRef
from gtpipe.model.names import one_line
from gtpipe.model.plural import count
from gtpipe.model.records import Coding, IncidentKey, Memo
from gtpipe.render.incidents import heading
from gtpipe.render.page_parts import Heading, Paragraph, Part, Points, Quotation, as_markdown
from gtpipe.render.study_part import StudyPart
from gtpipe.text.markdown import plain

_Escaped = Callable[[str], str]


def markdown(part: StudyPart) -> bytes:
    return as_markdown(_parts(part, plain)).encode("utf-8", "replace")


def word(part: StudyPart) -> bytes:
    from gtpipe.render.word.document import Document
    from gtpipe.render.word.page_parts import add_part

    settings = part.corpus.settings
    document = Document(settings.study or "A study", settings.language)
    title, *parts = _parts(part, str)
    depth = 0
    add_part(document, title, depth)
    for one in parts:
        depth = one.depth - 1 if isinstance(one, Heading) else depth
        add_part(document, one, depth)
    return document.content()


def _parts(part: StudyPart, escaped: _Escaped) -> Iterator[Part]:
    yield Heading(1, escaped(part.corpus.settings.study or "A study"))
    interviews = ", ".join(part.interviews)
    codings = count(len(part.codings), "coding")
    yield Paragraph(
        escaped(f"{count(len(part.interviews), 'interview')}, {codings}. Interviews: {interviews}.")
        if interviews
        else "No interview."
    )
    yield from _people(part, escaped)
    coded: dict[CodeRef, dict[IncidentKey, list[Coding]]] = {}
    for coding in part.codings:
        code = CodeRef(coding.level, coding.code)
        coded.setdefault(code, {}).setdefault(coding.incident, []).append(coding)
    for level, entries in groupby(part.entries, key=lambda entry: entry.code.level):
        yield Heading(2, level.nouns.capitalize())
        for entry in entries:
            yield from entry.parts(escaped)
            for incident, codings_there in coded.get(entry.code, {}).items():
                yield _quotation(incident, codings_there, part, escaped)
    memos = [*part.memos]
    if memos:
        yield Heading(2, "Memos")
    for memo in memos:
        yield from _memo(memo, part.words, escaped)


def _people(part: StudyPart, escaped: _Escaped) -> Iterator[Part]:
    """What is known of those who speak."""
    listed = part.corpus.material.participants
    speaking = dict.fromkeys(one for each in part.interviews.values() for one in each.participants)
    points = []
    for name in speaking:
        attributes = listed[name].attributes if name in listed else ()
        told = ", ".join(f"{what}: {value}" for what, value in attributes if value)
        points.append((escaped(f"{name}: {told}" if told else name), ()))
    if points:
        yield Heading(2, "Participants")
        yield Points(tuple(points))


def _quotation(
    incident: IncidentKey, codings: list[Coding], part: StudyPart, escaped: _Escaped
) -> Quotation:
    """The words of an incident; behind them where they stand, who speaks, who coded, and notes."""
    interview = part.interviews[incident.interview]
    coders = ", ".join(dict.fromkeys(coding.coder for coding in codings if coding.coder))
    who = heading(incident.interview, incident.turn, codings[0].participant, "interviewer")
    notes = [one_line(coding.note) for coding in codings] if part.words else []
    told = " · ".join(filter(None, (who, coders, *notes)))
    words = interview.words(incident.turn, incident.span) if part.words else ""
    return Quotation(escaped(words), escaped(told))


def _memo(memo: Memo, words: bool, escaped: _Escaped) -> Iterator[Part]:
    yield Heading(3, escaped(memo.title))
    yield Paragraph(escaped(" · ".join(filter(None, (memo.date, memo.by, memo.kind)))))
    for paragraph in memo.prose.strip("\n").split("\n\n") if words else ():
        yield Paragraph(escaped(paragraph))
