"""What was promised to the people of a study, as `data/ethics.yaml` says it: frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from gtpipe.model.records import Named, Where

NOT_DONE = ("", "no", "false")


class Approval(NamedTuple):
    """A committee approved the study, on a day, under a reference."""

    date: str
    reference: str
    where: Where


class Amendment(NamedTuple):
    """What was changed since, and why."""

    date: str
    what: str
    because: str
    where: Where


class Consent(NamedTuple):
    """What a participant agreed to. `quotes` is None where it does not say whether they may be
    quoted.
    """

    participant: Named
    date: str
    may_withdraw_until: str
    quotes: bool | None
    where: Where


class Destruction(NamedTuple):
    """What is to be destroyed, by which day; `done` as typed."""

    what: str
    by_date: str
    done: str
    where: Where

    @property
    def is_done(self) -> bool:
        return self.done.casefold() not in NOT_DONE


@dataclass(frozen=True)
class Ethics:
    """`data/ethics.yaml`, each kind of entry in the order of the file."""

    approvals: tuple[Approval, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    consents: tuple[Consent, ...] = ()
    destructions: tuple[Destruction, ...] = ()
