"""Whose codings another program's are: initials here of everybody who coded there."""

from __future__ import annotations

from collections.abc import Mapping

from gtpipe.commands.import_plan import ImportPlan
from gtpipe.exchange.records import Person
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem, error, in_shell
from gtpipe.store.layout import SETTINGS


def find_coders(plan: ImportPlan, given: Mapping[str, str], writer: str) -> None:
    """Initials of everybody who coded or wrote a memo; of nobody named, `writer`. Those that
    are nobody here are problems with the line to add.
    """
    plan.writer = writer
    researchers = plan.settings.researchers
    folded = {initials.casefold(): initials for initials in researchers}
    said = {name.casefold(): initials for name, initials in given.items()}
    people = {one.id: one for one in plan.project.people}
    wrote = dict.fromkeys(coding.by for coding in plan.project.codings)
    wrote |= dict.fromkeys(memo.by for memo in plan.project.memos)
    for id in wrote:
        who = people.get(id, Person(id, ""))
        who = who._replace(name=who.name or who.initials or "somebody without a name")
        initials = _researcher(who, said, folded, researchers)
        if initials is None and (not id or (not researchers and len(wrote) == 1)):
            initials = writer
        if initials is None:
            plan.problems.append(_unknown_coder(who.name, researchers, plan.shown))
        else:
            plan.coders[id] = initials
    for name, initials in given.items():
        if initials.casefold() not in folded:
            plan.problems.append(
                error(
                    SETTINGS,
                    None,
                    f'nobody under `researchers` has the initials "{initials}"',
                    f"Add a line `{initials}: {name}` there",
                )
            )


def _researcher(
    who: Person, said: Mapping[str, str], folded: Mapping[str, str], researchers: Mapping[str, str]
) -> str | None:
    """Initials of a person of the file: as said, as their initials or name are here; else None."""
    names = [name.casefold() for name in (who.name, who.initials) if name]
    for name in names:
        if name in said:
            return folded.get(said[name].casefold(), said[name])
    for name in names:
        if name in folded:
            return folded[name]
    full = [initials for initials, name in researchers.items() if _bare(name) in names]
    return full[0] if len(full) == 1 else None


def _bare(name: str) -> str:
    """A researcher's name without the e-mail beside it."""
    return one_line(name.partition("<")[0]).casefold()


def _unknown_coder(name: str, researchers: Mapping[str, str], shown: str) -> Problem:
    initials = "".join(word[0] for word in name.split() if word[0].isalnum()).upper()[:3] or "XX"
    if initials.casefold() in {one.casefold() for one in researchers}:
        initials = f"{initials}2"
    first = next(iter(researchers), "INITIALS")
    return error(
        shown,
        None,
        f'"{name}" coded in it, and is nobody under `researchers` in {SETTINGS}',
        f"Add a line `{initials}: {name}` there, or say who it is: --coder "
        f"{in_shell(f'{name}={first}')}",
    )
