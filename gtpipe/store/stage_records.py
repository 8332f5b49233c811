"""What each stage read and made when it last ran, kept in `.gtpipe/state.json`: by which gtpipe, of
which files, and what it wrote. Only whole records are read.

Of the files that a stage wrote, tens of thousands in a large study, nothing is held but a path and
a row of numbers: its digest, that of what a page is made of, and what the file was when it was last
seen, as `seen` keeps it of files that people wrote.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from gtpipe.store import cache, seen
from gtpipe.store.layout import CACHE, Study, digest

FILE = "state.json"
_DIGEST, _MADE_OF, _SIZE, _WRITTEN, _CHANGED, _INODE = range(6)
_NUMBERS, _BYTES = 6, 48  # of a row


def number(digest: str) -> int:
    """A digest as it stands in a row."""
    return int(digest, 16)


@dataclass(frozen=True)
class Made:
    """The files that a stage made: their paths, sorted, and their rows one behind the other. What a
    page is made of is 0 where it does not say.
    """

    paths: list[str] = field(default_factory=list)
    rows: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        if len(self.rows) != len(self.paths) * _BYTES:
            raise ValueError("a row for each path")

    @property
    def numbers(self) -> memoryview[int]:
        return memoryview(self.rows).cast("Q")

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def _at(self, path: str) -> int | None:
        at = bisect_left(self.paths, path)
        return at if at < len(self.paths) and self.paths[at] == path else None

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and self._at(path) is not None

    def digest(self, path: str) -> str:
        """That of a file; '' where it is none of these."""
        at = self._at(path)
        return "" if at is None else f"{self.numbers[at * _NUMBERS + _DIGEST]:012x}"

    def made_of(self, path: str) -> str:
        """What a page is made of; '' where it does not say, or is none of these."""
        at = self._at(path)
        of = 0 if at is None else self.numbers[at * _NUMBERS + _MADE_OF]
        return f"{of:012x}" if of else ""

    def each(self) -> Iterator[tuple[str, int, int, int, int, int, int]]:
        """Each path with its row."""
        number = iter(self.numbers)
        return zip(self.paths, *[number] * _NUMBERS, strict=True)

    def pages(self) -> Iterator[str]:
        """Those that say what they are made of."""
        return (path for path, _, made_of, *_ in self.each() if made_of)

    def changed_to(self, gone: Collection[str], new: Iterable[tuple[str, int, int]]) -> Made:
        """These without those that are `gone`, and with new ones: path, digest, and what each is
        made of, as numbers. A new one that is the same keeps how it was seen.
        """
        paths, rows = list[str](), bytearray()
        for at, path in enumerate(self.paths):
            if path not in gone:
                paths.append(path)
                rows += self._row(at)
        for path, content, made_of in new:
            was = self._at(path)
            row = bytearray(_BYTES) if was is None else self._row(was)
            numbers = memoryview(row).cast("Q")
            if numbers[_DIGEST] != content:
                numbers[_SIZE:] = memoryview(bytes(_BYTES)).cast("Q")[_SIZE:]
            numbers[_DIGEST], numbers[_MADE_OF] = content, made_of
            paths.append(path)
            rows += row
        made = Made(paths, rows)
        order = sorted(range(len(paths)), key=paths.__getitem__)
        return Made([paths[at] for at in order], bytearray().join(map(made._row, order)))

    def _row(self, at: int) -> bytearray:
        return self.rows[at * _BYTES : (at + 1) * _BYTES]

    def saw(self, path: str, found: os.stat_result) -> None:
        """How a file was when it was what its row says."""
        at = self._at(path)
        if at is not None:
            start = at * _NUMBERS + _SIZE
            for column, value in enumerate(_looks(found), start):
                self.numbers[column] = value


@dataclass(frozen=True)
class StageRecord:
    """What a stage read and made: its version, the fingerprint of each file that it read, where
    labels led, its files, and of each piece of a page what it was made of and its bytes.
    """

    version: str
    inputs: dict[str, str]
    leads: str
    made: Made
    pieces: dict[str, list[tuple[str, int]]]


NOTHING = StageRecord("", {}, "", Made(), {})


def load(study: Study) -> dict[str, StageRecord]:
    """The records by stage. Read again only where the file is another one."""
    place = study.path(CACHE) / FILE
    try:
        found = os.stat(place)
    except OSError:
        return {}
    which = _which(study, found)
    if _read.get(FILE, ((), {}))[0] != which:
        records = _whole_records(study)
        for record in records.values():
            _doubt(record.made, found.st_mtime_ns)
        _read[FILE] = (which, records)
    return dict(_read[FILE][1]) if cache.believed(study) else {}


_read: dict[str, tuple[tuple[object, ...], dict[str, StageRecord]]] = {}


def _which(study: Study, found: os.stat_result) -> tuple[object, ...]:
    return str(study.root), found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _whole_records(study: Study) -> dict[str, StageRecord]:
    import msgspec

    whole: dict[str, StageRecord] = {}
    with suppress(OSError, ValueError, RecursionError):
        content = (study.path(CACHE) / FILE).read_bytes()
        for stage, record in msgspec.json.decode(content, type=dict[str, msgspec.Raw]).items():
            with suppress(ValueError, RecursionError):
                whole[stage] = msgspec.json.decode(record, type=StageRecord)
    return whole


def _doubt(made: Made, kept_at: int) -> None:
    """Take back how files were seen that were written shortly before it was kept."""
    for at, (_, _, _, _, written, changed, _) in enumerate(made.each()):
        if not seen.is_settled(written, changed, kept_at):
            start = at * _BYTES + _BYTES // _NUMBERS * _SIZE
            made.rows[start : (at + 1) * _BYTES] = bytes((at + 1) * _BYTES - start)


def save(study: Study, records: dict[str, StageRecord]) -> None:
    """Keep the records. One that cannot be written only means that a stage runs once more."""
    cache.save_bytes(study, FILE, _in_parts(records))
    with suppress(OSError):
        _read[FILE] = (_which(study, os.stat(study.path(CACHE) / FILE)), records)


def _in_parts(record: object) -> Iterator[bytes]:
    """JSON of records, field by field: it may be large, and is never held as a whole."""
    import msgspec

    fields = record if isinstance(record, dict) else vars(record)
    between = b"{"
    for name, value in sorted(fields.items()):
        yield between + msgspec.json.encode(name) + b":"
        if isinstance(value, StageRecord | Made):
            yield from _in_parts(value)
        else:
            yield msgspec.json.encode(value, order="sorted")
        between = b","
    yield b"}" if fields else b"{}"


class Standing:
    """What stands of the files that the stages made; each is looked at once."""

    def __init__(self, study: Study) -> None:
        self._study, self._root = study, f"{study.root}/"
        self._believed = seen.are_believed()
        self._changed: dict[str, dict[str, str]] = {}
        self._is_to_be_kept = False

    def changed(self, stage: str) -> dict[str, str]:
        """The digests of those of its files that are not as the stage made them, '' of one that is
        gone.
        """
        if stage not in self._changed:
            record = load(self._study).get(stage)
            self._changed[stage] = self._look(record.made) if record else {}
        return self._changed[stage]

    def _look(self, made: Made) -> dict[str, str]:
        found: dict[str, str] = {}
        root = self._root
        for path, is_to_be, _, *looked in made.each():
            try:
                stat = os.stat(root + path)
                if not self._believed or looked != _looks(stat):
                    with open(root + path, "rb", buffering=0) as file:
                        now = digest(file.readall())
                    if number(now) != is_to_be:
                        found[path] = now
                    elif seen.is_settled_now(stat):
                        made.saw(path, stat)
                        self._is_to_be_kept = True
            except OSError:
                found[path] = ""
        return found

    def keep(self, stage: str, record: StageRecord, written: Iterable[str]) -> None:
        """The record of a stage that has just `written` some of its files."""
        for path in written:
            with suppress(OSError):
                record.made.saw(path, os.stat(self._root + path))
        save(self._study, load(self._study) | {stage: record})
        self._changed[stage] = {}
        self._is_to_be_kept = False

    def save(self) -> None:
        """Keep how files were seen."""
        if self._is_to_be_kept:
            save(self._study, load(self._study))
            self._is_to_be_kept = False


def _looks(found: os.stat_result) -> list[int]:
    times = (found.st_mtime_ns, found.st_ctime_ns)
    return [number % 2**64 for number in (found.st_size, *times, found.st_ino)]
