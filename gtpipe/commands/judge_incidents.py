"""`gtpipe codes focused keep`, `does-not-fit` and `leave`: what a person says of incidents that
came under a focused code.

An incident stands in one list of an entry: what is said of it last takes its other lines out.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.references import place_of
from gtpipe.commands.focused_codes import check_focused
from gtpipe.commands.look_up import (
    broken_files,
    find_coder,
    find_incident,
    find_interview,
    incident_typed,
)
from gtpipe.formats import focused
from gtpipe.model.level import FOCUSED, CodeRef
from gtpipe.model.problems import UserError, error, in_shell
from gtpipe.model.records import FocusedCode, IncidentKey
from gtpipe.store import transaction
from gtpipe.store.layout import FOCUSED_CODES, Study
from gtpipe.study import Corpus, load


class Verdict(StrEnum):
    """What is said of an incident; `field` is the list it goes to."""

    keep = "keep"
    does_not_fit = "does-not-fit"
    leave = "leave"

    @property
    def field(self) -> str:
        return {"keep": "judged", "leave": "left"}.get(self.value, self.value)


class Judged(NamedTuple):
    """What was written: focused codes, each with the incidents as they are named."""

    by_code: dict[str, tuple[str, ...]]
    coder: str


class Which(NamedTuple):
    """The incidents that are meant: those named as typed, or what waits, of one interview or
    everywhere.
    """

    incidents: tuple[str, ...] = ()
    interview: str = ""
    everything: bool = False


def judge(
    study: Study, verdict: Verdict, label: str, which: Which, *, why: str, by: str = ""
) -> Judged:
    """Write what is said of incidents of the focused code `label`, or with '' of what waits under
    any. Raises UserError, nothing written, where one of them is not there.
    """
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot)
        coder = find_coder(corpus, by)
        broken = broken_files(corpus)
        if broken:
            raise UserError(*broken)
        more = " ".join(map(in_shell, which.incidents))
        if label:
            check_focused(corpus, label, f"focused {verdict} {{}} {more}".rstrip())
        interview = find_interview(corpus, which.interview).name if which.interview else ""
        holdings = corpus.looking.holdings
        text = change.text(FOCUSED_CODES)
        written: dict[str, tuple[str, ...]] = {}
        for one in (label,) if label else tuple(corpus.material.focused):
            places = (
                _named(corpus, holdings, verdict, one, which.incidents)
                if which.incidents
                else tuple(
                    place
                    for place in holdings.waiting(CodeRef(FOCUSED, one))
                    if interview in ("", place.interview)
                )
            )
            before, text = text, _written(text, corpus, holdings, verdict, one, places)
            if text != before:
                reached = _reached(holdings, verdict, one, places)
                written[one] = tuple(map(holdings.address, reached))
        change.write(FOCUSED_CODES, text)
        turns = [f"{place.interview} {place.turn}" for place in _places(corpus, written)]
        said = "".join(f" {in_shell(turn)}" for turn in dict.fromkeys(turns))
        said = f" --interview {in_shell(interview)}" if interview else said
        said = " --all" if which.everything else said
        did = {
            "kind": verdict.value,
            "level": FOCUSED,
            "code": tuple(written),
            "incidents": tuple(dict.fromkeys(turns)),
        }
        command = f"focused {verdict}" + (f" {in_shell(label)}" if label else "") + said
        change.log(command, coder, why, did=did)
    return Judged(written, coder)


def _reached(
    holdings: Holdings, verdict: Verdict, label: str, places: tuple[IncidentKey, ...]
) -> tuple[IncidentKey, ...]:
    """The incidents that the verdict on `places` is about: what does not fit takes out with it
    whatever shares words with it.
    """
    if verdict is not Verdict.does_not_fit:
        return places
    thing = CodeRef(FOCUSED, label)
    held = {*holdings.taken_up(label), *holdings.of(thing)}
    beside = {
        other
        for other in held
        if holdings.fits(thing, other) and any(holdings.overlap(other, place) for place in places)
    }
    return tuple(sorted({*places, *beside}, key=holdings.order))


def _places(corpus: Corpus, written: dict[str, tuple[str, ...]]) -> Iterable[IncidentKey]:
    for addresses in written.values():
        for address in addresses:
            place = place_of(incident_typed(address), corpus.material)
            if place is not None:
                yield place


def _named(
    corpus: Corpus, holdings: Holdings, verdict: Verdict, label: str, typed: Iterable[str]
) -> tuple[IncidentKey, ...]:
    """The incidents that are meant. A turn means what is coded in it, where the code holds that."""
    code, found = corpus.material.focused[label], dict[IncidentKey, None]()
    taken = holdings.taken_up(label)
    listed = {
        place_of(incident, corpus.material) for name in code.lists for incident in code.lists[name]
    }
    known = [*taken, *(place for place in listed if place is not None and place not in taken)]
    if verdict is Verdict.leave:
        known += holdings.of(CodeRef(FOCUSED, label))
    for one in typed:
        incident, _ = find_incident(corpus, one)
        place = place_of(incident, corpus.material)
        if place is None:
            continue
        meant = [place] if place in known else []
        if not meant and place.span is None:
            meant = [other for other in known if other[:2] == place[:2]]
        if not meant and verdict is Verdict.does_not_fit:
            meant = [place]
        if not meant:
            raise UserError.of(
                f'"{label}" takes up no code at {incident.address}',
                f"Name it under `incidents: |` in {FOCUSED_CODES}"
                if verdict is Verdict.keep
                else f"`gtpipe compare {in_shell(label)}` shows what it holds",
            )
        found.update(dict.fromkeys(meant))
    return tuple(sorted(found, key=holdings.order))


def _written(
    text: str,
    corpus: Corpus,
    holdings: Holdings,
    verdict: Verdict,
    label: str,
    places: tuple[IncidentKey, ...],
) -> str:
    """The file with the verdict on `places`; each leaves the other lists of the entry."""
    code = focused.loads(text)[0][label]
    if verdict is Verdict.keep:
        _refuse_unfit(corpus, holdings, code, places)
    standing = {
        name: {place_of(incident, corpus.material): incident for incident in incidents}
        for name, incidents in code.lists.items()
    }
    stays = (verdict.field, "incidents") if verdict is Verdict.keep else (verdict.field,)
    gone = [
        incident
        for name in code.lists
        if name not in stays
        for incident in code.lists[name]
        if place_of(incident, corpus.material) in places
    ]
    there = {place for name in stays for place in standing[name]}
    new = tuple(incident_typed(holdings.address(place)) for place in places if place not in there)
    return focused.decide(text, label, verdict.field, new, gone) if new or gone else text


def _refuse_unfit(
    corpus: Corpus, holdings: Holdings, code: FocusedCode, places: tuple[IncidentKey, ...]
) -> None:
    """Raises UserError where something else than a line that goes says that one does not fit."""
    lines = {
        incident.where
        for incident in code.does_not_fit
        if place_of(incident, corpus.material) in places
    }
    thing = CodeRef(FOCUSED, code.label)
    wrong = [
        error(
            *where,
            f'{holdings.address(other)} is on record as not fitting "{code.label}"',
            "Take it out there, then try again",
        )
        for other, where in holdings.against(thing).items()
        if where not in lines and any(holdings.overlap(other, place) for place in places)
    ]
    if wrong:
        raise UserError(*wrong)
