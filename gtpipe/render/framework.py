"""`framework.md`: the codes that have a number, domain by domain, each with its size and who is
in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from gtpipe.analysis.framework import Domain
from gtpipe.model.names import name_order, one_line
from gtpipe.model.persons import Persons
from gtpipe.model.plural import count
from gtpipe.model.records import Code, IncidentKey, people
from gtpipe.text.markdown import plain

TITLE = "# Framework"
Places = Callable[[str], Mapping[IncidentKey, str]]
"""The incidents of a code, by its label, and who speaks there."""


def page(domains: tuple[Domain, ...], rest: list[Code], places: Places, persons: Persons) -> str:
    """The page; `rest` are the codes of the code book without a number."""
    codes = {label: code for domain in domains for label, code in domain.all.items()}
    provisional = sum(bool(code.status) for code in codes.values())
    marked = f", {provisional} of them provisional (?)" if provisional else ""
    parts = [TITLE, f"{count(len(codes), 'code')} in {count(len(domains), 'domain')}{marked}."]
    for domain in domains:
        parts += _domain(domain, places, persons)
    if rest:
        listed = "\n".join(f"- {plain(code.title)}" for code in rest)
        parts += ["## Without a number", f"In the code book: {len(rest)}.\n\n{listed}"]
    return "\n\n".join(parts) + "\n"


def _domain(domain: Domain, places: Places, persons: Persons) -> Iterator[str]:
    titles = " / ".join(plain(code.title) for code in domain.names)
    yield f"## {domain.number} {titles}".rstrip()
    every = {place: who for label in domain.all for place, who in places(label).items()}
    yield f"{count(len(domain.all), 'code')}, {_size(every, persons)}."
    for code in domain.names:
        if said := _said(code, domain.number):
            yield "\n".join(said)
    rows = (
        f"- {number} {plain(code.title)}: {_size(places(code.label), persons)}"
        + "".join(f"\n  {line}" for line in _said(code, number))
        for number, code in domain.codes
    )
    if listed := "\n".join(rows):
        yield listed


def _said(code: Code, number: str) -> list[str]:
    others = [other for other in code.numbers if other != number]
    told = {
        "Also": ", ".join(others),
        "Definition": code.definition,
        "Include": code.include,
        "Exclude": code.exclude,
        "Notes": code.notes,
    }
    return [f"- {name}: {plain(one_line(text))}" for name, text in told.items() if text]


def _size(places: Mapping[IncidentKey, str], persons: Persons) -> str:
    """`3 incidents: eve, jim`"""
    names = {name for who in places.values() for name in people(who)}
    by_name = sorted(names, key=name_order)
    told = f": {plain(', '.join(by_name))}{persons.aside(by_name)}" if names else ""
    return count(len(places), "incident") + told
