"""What was promised to participants, held against the study and a day: who was coded without a
consent, who may still withdraw, whose words may not be quoted, what should have been destroyed.

Days are compared as they are written, 2026-04-02. Nothing here knows which day it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from gtpipe.model.codings import Codings
from gtpipe.model.ethics import Consent, Destruction, Ethics
from gtpipe.model.names import name_order
from gtpipe.model.problems import Problem, did_you_mean, note
from gtpipe.model.records import Material, Where


class Agreed(NamedTuple):
    """What holds of a participant's consents: of each thing, what the last one says that says
    anything of it. `refused_at` is where it says that they are not to be quoted.
    """

    date: str
    may_withdraw_until: str
    quotes: bool | None
    refused_at: Where | None = None


def agreed(consents: Iterable[Consent]) -> dict[str, Agreed]:
    """Participant → what holds of their consents, by name. Of one day, the later in the file is
    the last; one without a day goes before all.
    """
    found: dict[str, Agreed] = {}
    for one in sorted(consents, key=lambda consent: consent.date):
        before = found.get(one.participant.label, Agreed("", "", None))
        said = one.quotes is not None
        found[one.participant.label] = Agreed(
            one.date or before.date,
            one.may_withdraw_until or before.may_withdraw_until,
            one.quotes if said else before.quotes,
            (None if one.quotes else one.where) if said else before.refused_at,
        )
    return {name: found[name] for name in sorted(found, key=name_order)}


def refusing(ethics: Ethics) -> dict[str, Where]:
    """Participants whose words are not to be quoted, and where that is said."""
    holding = agreed(ethics.consents).items()
    return {name: one.refused_at for name, one in holding if one.refused_at is not None}


def may_withdraw(ethics: Ethics, today: str) -> dict[str, str]:
    """Participants who may still withdraw, and until when; that day included."""
    return {
        name: one.may_withdraw_until
        for name, one in agreed(ethics.consents).items()
        if one.may_withdraw_until >= today
    }


def without_consent(
    ethics: Ethics, material: Material, codings: Codings
) -> dict[str, tuple[str, ...]]:
    """Participants of whom no consent is written down → those of their interviews that are coded,
    which are some; people by name.
    """
    given = {one.participant.label for one in ethics.consents}
    coded = codings.interviews
    found: dict[str, list[str]] = {}
    for interview in material.interviews.values():
        for name in interview.participants if interview.name in coded else ():
            if name not in given:
                found.setdefault(name, []).append(interview.name)
    return {name: tuple(found[name]) for name in sorted(found, key=name_order)}


def overdue(ethics: Ethics, today: str) -> list[Destruction]:
    """What should have been destroyed before today, and is not said to be."""
    return [one for one in ethics.destructions if not one.is_done and "" < one.by_date < today]


def still_there(ethics: Ethics, is_there: Callable[[str], bool]) -> list[Destruction]:
    """What is said to be destroyed, and is there."""
    return [one for one in ethics.destructions if one.is_done and is_there(one.what)]


def of_nobody(ethics: Ethics, material: Material) -> Iterator[Problem]:
    """Consents of people who are in no interview, and in no row of the participants' table."""
    known = {*material.participants}
    for interview in material.interviews.values():
        known.update(interview.participants)
    for one in ethics.consents:
        name = one.participant.label
        if name not in known:
            yield note(
                *one.participant.where,
                f'a consent of "{name}", and no participant is called so',
                did_you_mean(name, known)
                or "Add them to the participants, or leave it where they withdrew",
            )
