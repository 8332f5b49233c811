"""What `gtpipe codes list`, `find`, `show` and `notes` show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from gtpipe.analysis import incidents
from gtpipe.model import records
from gtpipe.model.level import FOCUSED, INITIAL, CodeRef, Level
from gtpipe.model.names import label_order, one_line
from gtpipe.model.persons import COLUMN
from gtpipe.model.plural import count
from gtpipe.model.records import split_into
from gtpipe.model.typography import same
from gtpipe.render import pages
from gtpipe.render.incidents import summary
from gtpipe.render.tables import Row
from gtpipe.store.layout import CODEBOOK, FOCUSED_CODES, THEORY
from gtpipe.study import Corpus

HEADER = ("code", "incidents", "participants", "definition")
NOTES = ("interview", "turn", "participant", "coder", "code", "stretch", "note", "place")


class CodeRow(NamedTuple):
    """A code under HEADER."""

    code: str
    incidents: int
    participants: list[str]
    definition: str


def rows(corpus: Corpus) -> list[CodeRow]:
    """Every initial code, in a sheet or in the code book, in label order."""
    codings, codebook = corpus.codings, corpus.material.codebook
    people_of = {each: records.people(each) for each in codings.people}
    everybody = sorted({*chain.from_iterable(people_of.values())}, key=label_order)
    rank = {name: number for number, name in enumerate(everybody)}
    found = []
    for label in sorted({*codings.labels(INITIAL), *codebook}, key=label_order):
        places = codings.incidents_of(CodeRef(INITIAL, label))
        people = {name for each in {*places.values()} for name in people_of[each]}
        definition = codebook[label].definition if label in codebook else ""
        in_order = sorted(people, key=rank.__getitem__)
        found.append(CodeRow(label, len(places), in_order, definition))
    return found


def table(
    rows: Iterable[CodeRow], corpus: Corpus, titled: bool
) -> tuple[tuple[str, ...], list[Row]]:
    """Header and rows; with who was counted as one person, where somebody is several
    participants; where `titled`, with a `?` behind the label of what is provisional.
    """
    persons = corpus.material.persons
    codebook = corpus.material.codebook
    listed: list[Row] = [
        (
            codebook[row.code].title if titled and row.code in codebook else row.code,
            *row[1:],
            *persons.cell(row.participants),
        )
        for row in rows
    ]
    return (*HEADER, *((COLUMN,) if persons else ())), listed


def of_one_interview(corpus: Corpus) -> set[str]:
    """The initial codes whose incidents all stand in one interview."""
    codings = corpus.codings
    labels = codings.labels(INITIAL)
    return {one for one in labels if len(codings.interviews_of(CodeRef(INITIAL, one))) == 1}


def names(label: str, text: str, corpus: Corpus) -> bool:
    """Whether `text` stands in a code's label, definition or old labels; capitals or not."""
    code = corpus.material.codebook.get(label)
    texts = [label]
    if code is not None:
        texts += [code.definition, code.include, code.exclude, code.notes]
        texts += [*code.was, *code.merged_from]
    wanted = same(text).casefold()
    return any(wanted in same(each).casefold() for each in texts)


def no_definition(level: Level, corpus: Corpus) -> str:
    """What to say where a code has no definition: its file may be one that cannot be read."""
    path = {INITIAL: CODEBOOK, FOCUSED: FOCUSED_CODES}.get(level, THEORY)
    return pages.UNKNOWN.format(path) if path in corpus.broken else pages.NOTHING_YET


def what_is_hidden(corpus: Corpus) -> str:
    """How many errors keep something from being shown; '' for none."""
    hiding = corpus.hiding()
    errors = f"{count(len(hiding), 'error')} in your files"
    return f"{errors}; what they concern is not shown. See `gtpipe check`." if hiding else ""


def lines(label: str, corpus: Corpus) -> Iterator[str]:
    """One code: what the code book says of it, what was done by hand, and where it stands."""
    from gtpipe.history import origins  # most looks ask this module only for what is hidden

    entry = corpus.material.codebook.get(label)
    places = corpus.codings.places_of(CodeRef(INITIAL, label))
    codings = tuple(corpus.codings.at_places(places))
    views = incidents.views(places, corpus.material, corpus.codings)
    yield entry.title if entry else label
    if entry and entry.definition:
        yield f"  Definition: {entry.definition}"
    else:
        yield f"  {no_definition(INITIAL, corpus)}"
    for name, text in pages.about(entry) if entry else ():
        yield f"  {name}: {text}"
    parts = split_into(label, corpus.material.codebook)
    if parts:
        yield f"  Split into: {', '.join(parts)}"
    for text, origin in origins.by_hand(corpus, INITIAL, label):
        who = ", ".join(filter(None, (origin.when, origin.by))) or origin.source
        yield f"  By hand: {text} ({who})"
    if any(coding.in_vivo for coding in codings):
        yield "  In vivo: its words stand in a turn it is given to"
    yield f"  {summary(views, corpus.material.persons)}"
    for coding in codings:
        coder = f" ({coding.coder})" if coding.coder else ""
        yield f"  {coding.address}{coder}" + (f": {coding.note}" if coding.note else "")


def note_rows(wanted: CodeRef | None, corpus: Corpus) -> list[Row]:
    """Under NOTES: every note on a coding, or those on one code."""
    return [
        (
            coding.interview,
            coding.turn,
            coding.participant,
            coding.coder,
            coding.code if coding.level == INITIAL else f"{coding.level}: {coding.code}",
            "" if coding.words is None else one_line(coding.words),
            coding.note,
            f"{coding.where.path}:{coding.where.line}",
        )
        for coding in corpus.codings.with_notes()
        if wanted in (None, (coding.level, coding.code))
    ]
