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
    """What is named as it is typed, and the page of what it means; words alone where it means
    nothing that has a page. An incident is named without its words in an edition that has none.
    """
    typed = one_line(f"{named.level}: {named.label}" if named.level else named.label)
    codes = reported.corpus.names.meanings(named)
    for code in sorted(codes, key=lambda code: ALL_LEVELS.index(code.level)):
        if (page := reported.link(code)).path:
            return page._replace(text=typed)
    incident = None if named.level or codes else anchor.parse(named.label)
    if incident and not reported.edition.words:
        typed = f"{incident.interview} {incident.turn}"
    return _no_code(named, reported)._replace(text=typed)


def _no_code(named: Named, reported: ReportedStudy) -> Link:
    places, material = reported.places, reported.material
    incident = None if named.level else anchor.place(named.label, material.interviews)
    if incident:
        return places.incident(incident)
    memo = places.memo(named.label.removesuffix(".md"), "")
    if memo.path and not named.level:
        return memo
    of = {
        subjects.MEMO: lambda name: places.memo(name, ""),
        subjects.INTERVIEW: places.interview,
        subjects.PARTICIPANT: places.participant,
    }
    for one in subjects.meanings(named, material, reported.corpus.names):
        if one.kind in of and (page := of[one.kind](one.name)).path:
            return page
    return Link("")
