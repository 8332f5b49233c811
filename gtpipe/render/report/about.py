"""Where what somebody named in a file leads: to a code, a memo, an incident, an interview."""

from __future__ import annotations

from gtpipe.analysis import subjects
from gtpipe.model import anchor
from gtpipe.model.level import ALL_LEVELS
from gtpipe.model.names import one_line
from gtpipe.model.records import Named
from gtpipe.render.report.places import Link
from gtpipe.render.report.study import ReportedStudy


def link(named: Named, reported: ReportedStudy) -> Link:
    """What is named as it is typed, a memo by its title, and the page of what it means; words alone
    where it means nothing that has a page. An edition without words names an incident by its turn.
    """
    typed = one_line(f"{named.level}: {named.label}" if named.level else named.label)
    codes = reported.corpus.names.meanings(named)
    for code in sorted(codes, key=lambda code: ALL_LEVELS.index(code.level)):
        if (page := reported.link(code)).path:
            return page._replace(text=typed)
    place = None if named.level else anchor.place(named.label, reported.material.interviews)
    if place:
        there = reported.places.incident(place)
        return there._replace(text=typed) if reported.edition.words else there
    found = _neither(named, reported)
    return found if found.path.startswith("memos/") else found._replace(text=typed)


def _neither(named: Named, reported: ReportedStudy) -> Link:
    """Of what is neither a code nor an incident."""
    places, material = reported.places, reported.material
    titles = {one.name: one_line(one.title) for one in material.memos}

    def memo(name: str) -> Link:
        return places.memo(name, titles.get(name, ""))

    found = memo(named.label.removesuffix(".md"))
    if found.path and not named.level:
        return found
    of = {
        subjects.MEMO: memo,
        subjects.INTERVIEW: places.interview,
        subjects.PARTICIPANT: places.participant,
    }
    for one in subjects.meanings(named, material, reported.corpus.names):
        if one.kind in of and (page := of[one.kind](one.name)).path:
            return page
    return Link("")


MOST = 80


def short(text: str) -> str:
    """Words that say which stretch is meant, where the whole of it stands elsewhere."""
    return text if len(text) <= MOST else f"{text[:MOST].rstrip()} …"
