"""What `gtpipe sampling` shows: who is to be sought next,
then codes of one interview or group only, as prompts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from gtpipe.analysis.theoretical_sampling import Prompt
from gtpipe.model.level import INITIAL
from gtpipe.model.plural import count
from gtpipe.model.records import Named, SamplingDecision
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.tables import Row

HEADER = (
    "kind",
    "number",
    "who",
    "why",
    "for",
    "by",
    "date",
    "level",
    "code",
    "incidents",
    "interviews",
    "participants",
    "group",
)
NO_RULE = (
    "That is no rule: a single account may carry a theory, and what only one person says may be "
    "what the others leave unsaid."
)
Decisions = Sequence[tuple[int, SamplingDecision]]


def rows(
    still_open: Decisions, single: Sequence[Prompt], grouped: Sequence[Prompt], by: str
) -> list[Row]:
    """Under HEADER: what is decided, then the prompts."""
    decided: list[Row] = [
        (
            "to seek",
            number,
            sought.who,
            sought.why,
            [_typed(named) for named in sought.codes],
            sought.by,
            sought.date,
            *("", "", "", [], [], ""),
        )
        for number, sought in still_open
    ]
    prompts: list[Row] = [
        (
            kind,
            *("", "", "", [], "", ""),
            prompt.thing.level,
            prompt.thing.label,
            prompt.incidents,
            list(prompt.interviews),
            list(prompt.participants),
            prompt.group,
        )
        for kind, prompts in (("one interview only", single), (f"one group only: {by}", grouped))
        for prompt in prompts
    ]
    return [*decided, *prompts]


def _typed(named: Named) -> str:
    return f"{named.level}: {named.label}" if named.level else named.label


def layout(
    still_open: Decisions,
    single: Sequence[Prompt],
    grouped: Sequence[Prompt],
    by: str,
    show_single: bool,
) -> Iterator[Block]:
    """What is decided; then the prompts, codes of one interview only as a count or one by one."""
    yield Block("To seek next", style="bold")
    for number, sought in still_open:
        yield from _decision(number, sought)
    if not still_open:
        yield Block("Nobody noted down: gtpipe sampling add WHO --why … --for CODE", 2, "dim")
    yield GAP
    yield Block("Codes of one interview only", style="bold")
    other = f"Who else might speak of them, or speak otherwise? {NO_RULE}"
    yield Block(other if single else "none", 2, "dim")
    if show_single:
        yield from _prompts(single, lambda prompt: prompt.interviews[0])
    elif single:
        yield Block(_counted(single), 2)
    if by:
        yield GAP
        yield Block(f"Codes of several interviews, of one group only ({by})", style="bold")
        other = f"Who of another group could be asked? {NO_RULE}"
        yield Block(other if grouped else "none", 2, "dim")
        yield from _prompts(grouped, lambda prompt: prompt.group)


def _decision(number: int, sought: SamplingDecision) -> Iterator[Block]:
    yield Block(f"{number}  {sought.who}", 2)
    if sought.why:
        yield Block(sought.why, 5, "italic")
    if sought.codes:
        yield Block(f"for: {'; '.join(_typed(named) for named in sought.codes)}", 5)
    if sought.by or sought.date:
        yield Block(", ".join(filter(None, (sought.by, sought.date))), 5, "dim")


def _counted(single: Sequence[Prompt]) -> str:
    """How many codes stand in one interview only, and in which."""
    numbers = Counter(prompt.interviews[0] for prompt in single)
    where = ", ".join(f"{number} in {interview}" for interview, number in numbers.items())
    return f"{count(len(single), 'code')}: {where} (`gtpipe sampling --all` lists them)"


def _prompts(prompts: Iterable[Prompt], heading: Callable[[Prompt], str]) -> Iterator[Block]:
    """Codes under a heading each: an interview or group, and the participants' names."""
    under: dict[tuple[str, tuple[str, ...]], list[Prompt]] = {}
    for prompt in prompts:
        under.setdefault((heading(prompt), prompt.participants), []).append(prompt)
    for (name, people), members in under.items():
        named = ", ".join(people)
        yield Block(name if named in ("", name) else f"{name} · {named}", 2, "cyan")
        for prompt in members:
            kind = "" if prompt.thing.level == INITIAL else f"{prompt.thing.kind}, "
            incidents = count(prompt.incidents, "incident")
            if prompt.waiting:
                incidents += f"; since then, not judged: {prompt.waiting}"
            yield Block(f"{prompt.thing.label} ({kind}{incidents})", 4)
