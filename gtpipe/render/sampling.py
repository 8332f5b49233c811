"""What `gtpipe sampling` shows: who, or which position, is to be sought next; positions that nobody
has met; what came of decisions; and on request codes of one group only, as prompts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gtpipe.analysis.properties import Open
from gtpipe.analysis.theoretical_sampling import Prompt
from gtpipe.model import plural
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL
from gtpipe.model.plural import count
from gtpipe.model.records import SamplingDecision
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.tables import Row

HEADER = tuple(
    "kind number who seeks by-way-of why for by date done came-of-it level code property position "
    "incidents interviews participants group".split()
)
NO_RULE = (
    "That is no rule: a single account may carry a theory, and what only one person says may be "
    "what the others leave unsaid."
)
Decisions = Sequence[tuple[int, SamplingDecision]]


def rows(
    decisions: Decisions, positions: Sequence[Open], grouped: Sequence[Prompt], by: str
) -> list[Row]:
    """Under HEADER: decisions, open positions, then the prompts."""
    decided: list[Row] = [
        (
            "to seek" if sought.is_open else "done",
            number,
            sought.who,
            sought.seeks,
            sought.by_way_of,
            sought.why,
            [named.typed for named in sought.codes],
            sought.by,
            sought.date,
            sought.done,
            sought.came_of_it,
            *("", "", "", "", "", [], [], ""),
        )
        for number, sought in decisions
    ]
    nobody: Row = ("", "", "", "", "", [], "", "", "", "")
    open_positions: list[Row] = [
        (
            "open position",
            *nobody,
            one.code.level,
            one.code.label,
            one.along.label,
            one.position.label,
            *("", [], [], ""),
        )
        for one in positions
    ]
    prompts: list[Row] = [
        (
            f"one group only: {by}",
            *nobody,
            prompt.thing.level,
            prompt.thing.label,
            *("", ""),
            prompt.incidents,
            list(prompt.interviews),
            list(prompt.participants),
            prompt.group,
        )
        for prompt in grouped
    ]
    return [*decided, *open_positions, *prompts]


def layout(
    decisions: Decisions, positions: Sequence[Open], grouped: Sequence[Prompt], by: str
) -> Iterator[Block]:
    """What is decided, and what came of it; open positions; then the prompts."""
    still_open = [pair for pair in decisions if pair[1].is_open]
    done = [pair for pair in decisions if not pair[1].is_open]
    yield Block("To seek next", style="bold")
    for number, sought in still_open:
        yield from _decision(number, sought)
    if not still_open:
        yield Block("Nobody noted down: gtpipe sampling add WHO --why … --for CODE", 2, "dim")
    yield GAP
    yield Block("Open positions", style="bold")
    yield from _positions(positions, still_open)
    if done:
        yield GAP
        yield Block("Done", style="bold")
    for number, sought in done:
        yield from _decision(number, sought)
    if by:
        yield GAP
        yield Block(f"Codes of several interviews, of one group only ({by})", style="bold")
        other = f"Who of another group could be asked? {NO_RULE}"
        yield Block(other if grouped else "none", 2, "dim")
        yield from _prompts(grouped)


def _decision(number: int, sought: SamplingDecision) -> Iterator[Block]:
    way = f" (by way of: {sought.by_way_of})" if sought.by_way_of else ""
    yield Block(f"{number}  {sought.sought}{way}", 2)
    if sought.who and sought.seeks:
        yield Block(f"seeks: {sought.seeks}", 5)
    if sought.why:
        yield Block(sought.why, 5, "italic")
    if sought.codes:
        yield Block(f"for: {'; '.join(named.typed for named in sought.codes)}", 5)
    if sought.done:
        yield Block(f"done: {sought.done}", 5)
    if sought.came_of_it:
        yield Block(f"came of it: {sought.came_of_it}", 5)
    if sought.by or sought.date:
        yield Block(", ".join(filter(None, (sought.by, sought.date))), 5, "dim")


def _positions(positions: Sequence[Open], still_open: Decisions) -> Iterator[Block]:
    """Positions marked `?`, under their code, with the decisions that seek them."""
    if not positions:
        yield Block(no_open_position(), 2, "dim")
    last = None
    for one in positions:
        if one.code != last:
            last = one.code
            yield Block(one.code.label, 2, "cyan")
        numbers = seeking(one, still_open)
        sought_by = f"  (sought by {numbers})" if numbers else ""
        yield Block(f"{one.sought}{sought_by}", 4)


def no_open_position() -> str:
    of = f"{plural.one(FOCUSED.noun)} or {CATEGORY.noun}"
    return f"None is marked `?` under `properties` of {of}."


def seeking(position: Open, still_open: Decisions) -> str:
    """The numbers of the decisions that seek a position."""
    return ", ".join(
        str(number)
        for number, sought in still_open
        if sought.seeks == position.sought
        and (not sought.codes or position.code.label in {named.label for named in sought.codes})
    )


def _prompts(prompts: Iterable[Prompt]) -> Iterator[Block]:
    """Codes under their group and the participants' names."""
    under: dict[tuple[str, tuple[str, ...]], list[Prompt]] = {}
    for prompt in prompts:
        under.setdefault((prompt.group, prompt.participants), []).append(prompt)
    for (name, people), members in under.items():
        named = ", ".join(people)
        yield Block(name if named in ("", name) else f"{name} · {named}", 2, "cyan")
        for prompt in members:
            kind = "" if prompt.thing.level == INITIAL else f"{prompt.thing.kind}, "
            incidents = count(prompt.incidents, "incident")
            if prompt.waiting:
                incidents += f"; since then, not judged: {prompt.waiting}"
            yield Block(f"{prompt.thing.label} ({kind}{incidents})", 4)
