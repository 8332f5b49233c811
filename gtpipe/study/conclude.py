"""What is concluded of one interview and its sheets, out of their bytes alone.

No other file, no clock, and nothing is written: it may be done in any order, by any process, and on
any machine that sees the study's folder. One writer puts together what comes of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from gtpipe.analysis import coding_checks, codings
from gtpipe.formats import sheets, transcripts
from gtpipe.model.problems import Problem, UserError
from gtpipe.model.records import Interview, Material, Sheet, SheetEntry
from gtpipe.store.layout import SETTINGS, decode, fingerprint
from gtpipe.study import kept
from gtpipe.study.kept import AllButWords, CodedSheet, Entries

Record = TypeVar("Record")
File = tuple[str, bytes]  # its path in the study, and what is in it
Print = tuple[str, str]  # its path in the study, and its fingerprint


class Concluded(NamedTuple):
    """What is to be kept of an interview and, in order, its sheets; None of what a person has to be
    told something about.
    """

    interview: AllButWords | None
    sheets: tuple[SheetConcluded, ...]


class SheetConcluded(NamedTuple):
    """The entries of a sheet, and its codings in their turns."""

    entries: Entries | None
    coded: CodedSheet | None


class Task(NamedTuple):
    """What a worker is to conclude: the study's folder, an interview and its sheets as the writer
    saw them.
    """

    root: str
    transcript: Print | None
    sheets: tuple[Print, ...]


def of_task(task: Task) -> Concluded | None:
    """What a worker concludes; None where a file is not, or not any more, what the writer saw.

    Raises FileNotFoundError where the study is not there.
    """
    read = read_files(task.root, [*([task.transcript] if task.transcript else []), *task.sheets])
    if read is None:
        return None
    return conclude(read[0] if task.transcript else None, read[bool(task.transcript) :])


def read_files(root: str, prints: Iterable[Print]) -> list[File] | None:
    """The files of a study, if all are what the writer saw. Raises FileNotFoundError where the
    study is not there.
    """
    found = []
    try:
        for path, print in prints:
            with open(os.path.join(root, path), "rb") as file:
                content = file.read()
            if fingerprint(content) != print:
                return None
            found.append((path, content))
    except OSError:
        if not os.path.isfile(os.path.join(root, SETTINGS)):
            raise FileNotFoundError(root) from None
        return None
    return found


def conclude(transcript: File | None, of_sheets: Iterable[File]) -> Concluded:
    """What is to be kept of a transcript, None where there is none, and of its sheets."""
    interview = None if transcript is None else _if_nothing_wrong(transcripts.loads, transcript)
    return Concluded(
        None if interview is None else kept.all_but_words(interview),
        tuple([_sheet(file, interview) for file in of_sheets]),
    )


def _if_nothing_wrong(
    loads: Callable[[str, str], tuple[Record, list[Problem]]], file: File
) -> Record | None:
    path, content = file
    try:
        record, wrong = loads(decode(content, path), path)
    except UserError:
        return None
    return None if wrong else record


def _sheet(file: File, interview: Interview | None) -> SheetConcluded:
    entries = _if_nothing_wrong(sheets.loads, file)
    if entries is None:
        return SheetConcluded(None, None)
    if interview is None:
        return SheetConcluded(entries, None)
    sheet = Sheet(interview.name, "", file[0], entries)
    alone = Material(interviews={interview.name: interview}, sheets=(sheet,))
    wrong: list[Problem] = []
    columns = codings.of_sheet(sheet, interview, {}, wrong)
    if wrong:
        return SheetConcluded(entries, None)
    return SheetConcluded(entries, CodedSheet(columns, _is_plain(alone, entries, file)))


def _is_plain(alone: Material, entries: tuple[SheetEntry, ...], file: File) -> bool:
    """Whether no check of single sheets has anything to say of one."""
    path, content = file
    return all(entry.words_hash for entry in entries if entry.codes) and not any(
        (
            *coding_checks.copies(alone, sheets.hash_words, lambda _: {}, lambda *_: ""),
            *coding_checks.turns_and_entries(alone),
            *sheets.remarks(decode(content, path), path, entries),
        )
    )
