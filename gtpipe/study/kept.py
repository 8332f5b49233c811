"""What was concluded of each interview, kept by the content it was concluded from: who speaks at
which turn, and where each code of a sheet stands. Words of turns are read when they are asked for.

Only what nothing is wrong with is kept. The key is made of the bytes of the transcript and the
sheet, so that nothing kept can be of another version of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import is_dataclass
from functools import cached_property, lru_cache, partial
from typing import NamedTuple

from gtpipe.model.codings import Lead, SheetColumns
from gtpipe.model.level import Level
from gtpipe.model.problems import UserError
from gtpipe.model.records import (
    Code,
    FocusedCode,
    Interview,
    Memo,
    Named,
    Sheet,
    SheetEntry,
    Span,
    Theory,
    Turn,
    Where,
    positions,
)
from gtpipe.store.cache import ParsedFiles
from gtpipe.store.layout import Snapshot, Study, fingerprint, named_in, transcript_of

MEMO_FORMAT = 1
PLACES_FORMAT = 1
SHEET_FORMAT = 5
INTERVIEW_FORMAT = 4
CODED_FORMAT = 4
CODEBOOK_FORMAT = 2
LABELS_FORMAT = 1
FOCUSED_FORMAT = 1
THEORY_FORMAT = 1

Entries = tuple[SheetEntry, ...]


class AllButWords(NamedTuple):
    """What is kept of an interview. `ids` are those of its turns, `labels` who speaks them, by the
    number in `speakers`: in one text each, which is the same for many interviews.
    """

    date: str
    speakers: dict[str, str]
    schedule: str
    source: str
    speakers_line: int
    attributes: tuple[tuple[str, str], ...]
    ids: str
    labels: str
    taken_out: tuple[str, ...]


class CodedSheet(NamedTuple):
    """What is kept of a sheet: its codings in the order of their turns, and whether it is plain."""

    codings: SheetColumns
    is_plain: bool


class Place(NamedTuple):
    """Where words stand in a turn, or in several."""

    turn: str
    words: str
    span: Span


class KeptName(NamedTuple):
    """What a memo is about: a label with its line; `level` where one stands in front."""

    label: str
    line: int
    level: Level | None


class KeptMemo(NamedTuple):
    """What is kept of a memo that nothing is wrong with: all but its place."""

    title: str
    date: str
    by: str
    kind: str
    about: tuple[KeptName, ...]
    prose: str


class KeptInterview(Interview):
    """An interview of which all but the words of its turns is known; `places_kept` is how many
    places of words are kept of it.
    """

    read: Callable[[], Sequence[Turn]]
    places_kept: int

    @cached_property
    def turns(self) -> Sequence[Turn]:
        return self.read()

    def let_go(self) -> None:
        """Forget the words; they are read again for who asks."""
        self.__dict__.pop("turns", None)


class KeptSheet(Sheet):
    """A sheet whose codings are kept, until a study has taken them in; its entries are read when
    they are asked for.
    """

    codings: SheetColumns | None
    read: Callable[[], Entries]

    @cached_property
    def entries(self) -> Entries:
        return self.read()


def sheets(study: Study) -> ParsedFiles[Entries]:
    return ParsedFiles(study, "sheet", SHEET_FORMAT, Entries)


def interviews(study: Study) -> ParsedFiles[AllButWords | None]:
    """None of one that a person has to be told something about."""
    return ParsedFiles(study, "interview", INTERVIEW_FORMAT, AllButWords | None)


def places(study: Study) -> ParsedFiles[tuple[Place, ...]]:
    """Where words stand in an interview that somebody named."""
    return ParsedFiles(study, "places", PLACES_FORMAT, tuple[Place, ...])


def memos(study: Study) -> ParsedFiles[KeptMemo]:
    return ParsedFiles(study, "memo", MEMO_FORMAT, KeptMemo)


def codebooks(study: Study) -> ParsedFiles[dict[str, Code]]:
    return ParsedFiles(study, "codebook", CODEBOOK_FORMAT, dict[str, Code])


def labels(study: Study) -> ParsedFiles[tuple[str, ...]]:
    """The initial codes that stand in a sheet, by the fingerprint of that alone."""
    return ParsedFiles(study, "labels", LABELS_FORMAT, tuple[str, ...])


def focused_codes(study: Study) -> ParsedFiles[dict[str, FocusedCode]]:
    return ParsedFiles(study, "focused", FOCUSED_FORMAT, dict[str, FocusedCode])


def theories(study: Study) -> ParsedFiles[Theory]:
    return ParsedFiles(study, "theory", THEORY_FORMAT, Theory)


def has_levels(record: object) -> bool:
    """Whether somewhere in a record a label has its level in front, which would be kept as text."""
    to_look_at = [record]
    while to_look_at:
        one = to_look_at.pop()
        if isinstance(one, str | int | None):
            continue
        if isinstance(one, Named):
            if one.level:
                return True
        elif isinstance(one, Mapping):
            to_look_at += one.values()
        elif isinstance(one, tuple):
            to_look_at += one
        elif is_dataclass(one):
            to_look_at += vars(one).values()
    return False


def codings(study: Study) -> ParsedFiles[CodedSheet | None]:
    """None of a sheet that a person has to be told something about."""
    return ParsedFiles(study, "coded", CODED_FORMAT, CodedSheet | None)


def key_of_page(path: str, print: str) -> str:
    """By what an interview or a memo is kept: its path, which has its name, and its fingerprint."""
    return fingerprint(f"{print} {path}".encode())


def key_of_sheet(path: str, snapshot: Snapshot) -> str:
    """By what the codings of a sheet are kept: the fingerprints of its transcript and of itself; ''
    where one of them cannot be read.
    """
    interview = named_in(path)
    try:
        transcript = snapshot.fingerprint(transcript_of(interview))
        sheet = snapshot.fingerprint(path)
    except UserError:
        return ""
    return fingerprint(f"{transcript} {sheet}".encode()) if transcript and sheet else ""


def all_but_words(interview: Interview) -> AllButWords:
    """What is kept of an interview."""
    numbers = {label: str(number) for number, label in enumerate(interview.speakers)}
    return AllButWords(
        interview.date,
        interview.speakers,
        interview.schedule,
        interview.source,
        interview.speakers_line,
        interview.attributes,
        " ".join(interview.position),
        " ".join([numbers[label] for label in interview.labels]),
        interview.taken_out,
    )


def interview_of(
    kept: AllButWords,
    places: tuple[Place, ...],
    name: str,
    path: str,
    read: Callable[[tuple[str, ...], tuple[str, ...]], Sequence[Turn]],
) -> Interview:
    """An interview as it was kept; `read` gives its turns by their ids and labels."""
    found = KeptInterview.__new__(KeptInterview)
    ids, position = _by_ids(kept.ids)
    labels = _labels(kept.labels, tuple(kept.speakers))
    rest = kept._asdict()
    del rest["ids"]
    found.__dict__.update(rest, name=name, path=path, position=position, labels=labels)
    found.__dict__["read"] = partial(read, ids, labels)
    found.__dict__["places"] = {(one.turn, one.words): one.span for one in places}
    found.__dict__["places_kept"] = len(places)
    return found


@lru_cache(maxsize=1024)  # held once for all interviews with as many turns
def _by_ids(ids: str) -> tuple[tuple[str, ...], dict[str, int]]:
    each = tuple(ids.split())
    return each, positions(each)


@lru_cache(maxsize=1024)
def _labels(numbers: str, labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([labels[int(number)] for number in numbers.split()])


def kept_memo(memo: Memo) -> KeptMemo:
    """What is kept of a memo."""
    about = (KeptName(named.label, named.where.line, named.level or None) for named in memo.about)
    return KeptMemo(memo.title, memo.date, memo.by, memo.kind, tuple(about), memo.prose)


def memo_of(kept: KeptMemo, path: str) -> Memo:
    """A memo as it was kept."""
    about = tuple(Named(label, Where(path, line), level or "") for label, line, level in kept.about)
    name = path.rpartition("/")[2].removesuffix(".md")
    return Memo(name, path, *kept[:4], about, kept.prose)


def keep_places(study: Study, snapshot: Snapshot, interviews: Iterable[Interview]) -> None:
    """Keep where words stand that were looked up since."""
    cache = places(study)
    for interview in interviews:
        if isinstance(interview, KeptInterview) and len(interview.places) > interview.places_kept:
            key = key_of_page(interview.path, snapshot.fingerprint(interview.path) or "")
            found = ((*looked_up, span) for looked_up, span in interview.places.items())
            cache.put(key, tuple(map(Place._make, found)), key)
    cache.save()


def sheet_of(
    kept: CodedSheet, interview: str, coder: str, path: str, read: Callable[[], Entries]
) -> Sheet:
    """A sheet whose codings were kept."""
    found = KeptSheet.__new__(KeptSheet)
    found.__dict__.update(
        interview=interview,
        coder=coder,
        path=path,
        holds=True,
        is_plain=kept.is_plain,
        codings=kept.codings,
        read=read,
    )
    return found


def labels_on(level: Level, sheet: Sheet) -> Sequence[str]:
    """The labels of codes on a level in a sheet, as typed; one may come several times."""
    if isinstance(sheet, KeptSheet) and sheet.codings is not None:
        return sheet.codings.labels(level)
    codes = (code for entry in sheet.entries for code in entry.codes)
    return [code.label for code in codes if code.level is level]


def known_codings(sheet: Sheet, lead: Lead) -> SheetColumns | None:
    """The codings of a sheet as they were kept, in the order of their turns; None where one of its
    labels leads on to another by now: whether that is in vivo has to be looked up. They are let go.
    """
    if not isinstance(sheet, KeptSheet) or sheet.codings is None:
        return None
    found = sheet.codings
    sheet.__dict__["codings"] = None
    leads_on = any(lead[level].keys() & found.labels(level) for level in lead if lead[level])
    return None if leads_on else found
