"""The report: a folder of pages made anew where the study changed; or a document or workbook."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from gtpipe.commands.look_up import find_interview
from gtpipe.history import timeline
from gtpipe.history.version_reader import VersionReader
from gtpipe.model.problems import UserError, did_you_mean, refusal
from gtpipe.model.records import Progress
from gtpipe.render import report_workbook, workbooks
from gtpipe.render.report import site
from gtpipe.render.report.places import OVERVIEW
from gtpipe.render.report.study import Edition, ReportedStudy
from gtpipe.render.word import chapters
from gtpipe.render.word import interviews as coded_interviews
from gtpipe.render.word.document import Document
from gtpipe.store import cache, own_files, transaction
from gtpipe.store.layout import PAGES, Study
from gtpipe.store.page_folder import PageFolder
from gtpipe.store.repository import Repository
from gtpipe.study import Corpus, load

FOLDER = PAGES
KEYS = "report.json"
_MOST = 5  # folders whose keys are kept


class Made(NamedTuple):
    """The first page to open, how many pages there are, and the paths that changed."""

    first: Path
    pages: int
    changed: tuple[str, ...]
    corpus: Corpus


def pages(
    study: Study, edition: Edition, output: Path | None, progress: Progress = lambda message: None
) -> Made:
    """Write the pages. Raises UserError where the folder is somebody's own, or the participant is
    not there; OSError where the disk refuses: then the old pages stand.
    """
    if output is None:
        own_files.check_folder(study, FOLDER)
    else:
        own_files.check_not_own(study, output)
    folder = study.path(FOLDER) if output is None else output
    with transaction.locked(study, cached=True):
        progress("reading")
        corpus = load(study)
        _check_participant(edition.only, corpus)
        there = PageFolder(folder, FOLDER if output is None else str(output))
        reported = ReportedStudy(corpus, edition, _moments(study))
        name = os.path.abspath(folder)
        known = cache.load_json(study, KEYS)
        before = known.pop(name, None)
        standing = _still_right(before if isinstance(before, dict) else {}, there)
        progress("laying out")
        made_of: dict[str, str] = {}

        def files() -> Iterator[tuple[str, bytes | None]]:
            for path, key, content in site.files(reported, standing):
                made_of[path] = key
                yield path, content

        changed = there.write(files())
        keys = {path: [key, there.standing[path]] for path, key in made_of.items()}
        cache.save_json(study, KEYS, {**dict(list(known.items())[-_MOST:]), name: keys})
    return Made(folder / OVERVIEW, sum(path.endswith(".html") for path in keys), changed, corpus)


def document(study: Study, interviews: Sequence[str], words: bool) -> tuple[bytes, Corpus]:
    """A Word document: the interviews named, coded; of none named, all of them, with the code book,
    the theory and each focused code's incidents as chapters. Without words, these chapters alone.

    Raises UserError for an interview that is not there.
    """
    corpus = load(study)
    for name in interviews:
        find_interview(corpus, name)
    made = Document(corpus.settings.study or "A study", corpus.settings.language)
    if not interviews:
        made.heading(0, made.title)
        chapters.add(made, corpus, words=words)
    if words:
        if not interviews:
            made.page_break()
        coded_interviews.add(made, corpus, tuple(dict.fromkeys(interviews)))
    return made.content(), corpus


def workbook(study: Study, output: Path, words: bool) -> tuple[int, Corpus]:
    """Write the workbook; how many texts were too long for a cell, and cut off."""
    corpus = load(study)
    return workbooks.save(output, report_workbook.sheets(corpus, words=words)), corpus


def _still_right(before: dict[str, object], there: PageFolder) -> dict[str, str]:
    """Path → key of the pages that stand as they were written."""
    return {
        path: str(kept[0])
        for path, kept in before.items()
        if isinstance(kept, list) and len(kept) == 2 and there.standing.get(path) == kept[1]
    }


def _check_participant(name: str, corpus: Corpus) -> None:
    if not name:
        return
    known = {
        one for interview in corpus.material.interviews.values() for one in interview.participants
    }
    if name not in known:
        do = did_you_mean(name, known) or f"There are {', '.join(sorted(known)) or 'none yet'}"
        raise corpus.missing(refusal(f'nobody called "{name}" speaks in this study', do))


def _moments(study: Study) -> tuple[timeline.Moment, ...]:
    """The study's life in git; none where it is in none, or has no commit yet."""
    try:
        repository = Repository.of(study)
        if not repository.has_commits:
            return ()
    except UserError:
        return ()
    reader = VersionReader(repository)
    found = timeline.moments(reader, now=not repository.conflicted())
    reader.save()
    return tuple(found)
