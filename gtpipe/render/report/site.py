"""Which pages a report has, and which of them are made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping

from gtpipe import __version__
from gtpipe.model.level import FOCUSED, INITIAL
from gtpipe.render.report import (
    across,
    analysis,
    comments,
    cooccurrence,
    evaluation,
    history,
    interview,
    matrix,
    memo,
    negative,
    overview,
    participants,
    sampling,
    schedule,
    search,
    sufficiency,
    templating,
)
from gtpipe.render.report.places import (
    ACROSS,
    HISTORY,
    INTERVIEWS,
    LISTS,
    MEMOS,
    OVERVIEW,
    SEARCH,
    THEORY,
)
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.templating import File, Later, Page, Site

LAYOUT = 3
"""To be raised with each change of what pages say of the same files: every page is made anew."""

_KINDS: tuple[Callable[[ReportedStudy], Iterable[Page | File]], ...] = (
    overview.pages,
    interview.pages,
    analysis.pages,
    across.pages,
    matrix.pages,
    cooccurrence.pages,
    sufficiency.pages,
    memo.pages,
    participants.pages,
    negative.pages,
    sampling.pages,
    schedule.pages,
    comments.pages,
    evaluation.pages,
    history.pages,
    search.pages,
)


def _sections() -> tuple[tuple[str, str], ...]:
    """The parts of a report in the order of the navigation, called as the study's approach does."""
    return (
        ("Overview", OVERVIEW),
        ("Interviews", INTERVIEWS),
        (INITIAL.nouns.capitalize(), LISTS[INITIAL]),
        (FOCUSED.nouns.capitalize(), LISTS[FOCUSED]),
        ("Theory", THEORY),
        ("Across", ACROSS),
        ("Memos", MEMOS),
        ("History", HISTORY),
        ("Search", SEARCH),
    )


def pages(reported: ReportedStudy) -> Iterator[Page | File]:
    """Every page of the report, and the data beside them, one after the other."""
    for kind in _KINDS:
        yield from kind(reported)


def site(reported: ReportedStudy, paths: Iterable[str]) -> Site:
    """What every page says, of a report that has these pages."""
    there = set(paths)
    edition, settings = reported.edition, reported.corpus.settings
    remark = "" if edition.words else "Without the participants' words: places and codes only."
    if edition.only:
        remark = f"Of {edition.only} only. {remark}".strip()
    return Site(
        settings.study or "A study",
        tuple((name, path) for name, path in _sections() if path in there),
        settings.language,
        remark,
    )


def files(
    reported: ReportedStudy, standing: Mapping[str, str]
) -> Iterator[tuple[str, str, bytes | None]]:
    """Path, key and content of each file. Where the `standing` key says the same there is nothing
    to make, and the content is None.

    A key has two parts: what the file is made of, and what it says. Where the first is the same,
    the file is not laid out; where the second is, it is not written.
    """
    found = list(pages(reported))
    on_all = site(reported, (page.path for page in found))
    version = f"{__version__} {LAYOUT} {templating.version()} {on_all}"
    for page in found:
        made_of, _, said = standing.get(page.path, " ").rpartition(" ")
        later = page.content if isinstance(page, Page) else None
        now_of = _key(version, later.made_of) if isinstance(later, Later) else ""
        if now_of and now_of == made_of:
            yield page.path, standing[page.path], None
            continue
        if isinstance(page, Page) and isinstance(later, Later):
            page = page._replace(content=later.make())
        says = _key(version, page)
        if says == said:
            made = None
        elif isinstance(page, File):
            made = page.text.encode()
        else:
            made = templating.render(page, on_all)
        yield page.path, f"{now_of} {says}", made
    for name in templating.ASSETS:
        key = _key(templating.version(), name)
        yield name, key, None if standing.get(name) == key else templating.asset(name)


def _key(*what: object) -> str:
    return hashlib.sha256(repr(what).encode("utf-8", "surrogatepass")).hexdigest()
