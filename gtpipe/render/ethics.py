"""What `gtpipe ethics` shows: approvals and what was changed since, who consented to what, and what
is to be destroyed; what is due stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from gtpipe.analysis import ethics
from gtpipe.model.codings import Codings
from gtpipe.model.ethics import Destruction, Ethics
from gtpipe.model.names import one_line
from gtpipe.model.records import Material, Where
from gtpipe.render.blocks import GAP, Block

HEADER = ("kind", "what", "date", "until", "quotes", "says", "state", "line")
NO_CONSENT = "no consent"


class PromiseRow(NamedTuple):
    """A promise under HEADER; `says` is a reference, a reason, how it was done, or the coded
    interviews of who gave no consent. `state` says what is due.
    """

    kind: str
    what: str
    date: str
    until: str
    quotes: str
    says: str
    state: str
    line: str


def rows(
    written: Ethics,
    material: Material,
    codings: Codings,
    today: str,
    is_there: Callable[[str], bool],
) -> list[PromiseRow]:
    """Every promise by kind, each kind in the order of the file; who gave no consent by name."""
    open_still = ethics.may_withdraw(written, today)
    overdue = {id(one) for one in ethics.overdue(written, today)}
    there = {id(one) for one in ethics.still_there(written, is_there)}

    def state(one: Destruction) -> str:
        if one.is_done:
            return "done, and still there" if id(one) in there else "done"
        return "not done, and the day has passed" if id(one) in overdue else "not done"

    return [
        *(
            PromiseRow("approved", one.reference, one.date, "", "", "", "", _line(one.where))
            for one in written.approvals
        ),
        *(
            PromiseRow("amendment", one.what, one.date, "", "", one.because, "", _line(one.where))
            for one in written.amendments
        ),
        *(
            PromiseRow(
                "consent",
                (name := one.participant.label),
                one.date,
                one.may_withdraw_until,
                {True: "yes", False: "no", None: ""}[one.quotes],
                "",
                "may withdraw" if open_still.get(name) == one.may_withdraw_until else "",
                _line(one.where),
            )
            for one in written.consents
        ),
        *(
            PromiseRow(NO_CONSENT, name, "", "", "", ", ".join(coded), "coded", "")
            for name, coded in ethics.without_consent(written, material, codings).items()
        ),
        *(
            PromiseRow(
                "destroy", one.what, "", one.by_date, "", one.done, state(one), _line(one.where)
            )
            for one in written.destructions
        ),
    ]


def _line(where: Where) -> str:
    return f"{where.path}:{where.line}"


_TITLES = {
    "approved": "Approved",
    "amendment": "Changed since",
    "consent": "Consents",
    NO_CONSENT: "Coded without a consent",
    "destroy": "To be destroyed",
}


def layout(listed: list[PromiseRow]) -> Iterator[Block]:
    """Kind by kind; what is due stands out."""
    kind = ""
    for row in listed:
        if row.kind != kind:
            if kind:
                yield GAP
            kind = row.kind
            yield Block(_TITLES[kind], style="bold")
        yield Block(_told(row), 2, "bold" if _is_due(row) else "")
        if row.kind == "amendment" and row.says:
            yield Block(f"because {one_line(row.says)}", 4, "dim")


def _is_due(row: PromiseRow) -> bool:
    return row.kind == NO_CONSENT or " and " in row.state


def _told(row: PromiseRow) -> str:
    if row.kind == "consent":
        until = "may withdraw until" if row.state else "could withdraw until"
        parts = [
            row.date,
            f"{until} {row.until}" if row.until else "",
            f"quotes: {row.quotes}" if row.quotes else "",
        ]
        return f"{row.what}: " + (", ".join(filter(None, parts)) or "given")
    if row.kind == NO_CONSENT:
        return row.what if row.says == row.what else f"{row.what}: {row.says}"
    if row.kind == "destroy":
        until = f" by {row.until}" if row.until else ""
        said = f" ({one_line(row.says)})" if row.says else ""
        return f"{one_line(row.what)}{until}: {row.state}{said}"
    return " ".join(filter(None, (row.date, one_line(row.what))))
