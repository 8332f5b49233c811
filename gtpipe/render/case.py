"""What `gtpipe case` shows: a participant's interviews as they were told, and each code over them;
as blocks for the terminal, Markdown for a memo, and rows or nested records for programs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gtpipe.analysis.case import NOT_ASKED, Account, Case, InInterview, OverTime, Told
from gtpipe.model.names import one_line
from gtpipe.model.plural import count
from gtpipe.model.records import Memo
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.tables import Row
from gtpipe.text.markdown import block_quote, in_link, plain

HEADER = ("code", "level", "interview", "date", "state", "turn", "words", "question")


def rows(found: Case) -> Iterator[Row]:
    """A row under HEADER for each incident of a code, and for each interview without one."""
    dates = {account.interview.name: account.interview.date for account in found.accounts}
    for over in found.codes:
        for one in over.interviews:
            own = (over.code.label, over.code.level, one.interview, dates[one.interview])
            if not any(places for _, places in one.by_state):
                yield (*own, one.state, "", "", one.question)
            for state, places in one.by_state:
                for told in places:
                    yield (*own, state, told.place.turn, told.words, "")


def nested(found: Case) -> dict[str, object]:
    """For programs."""
    return {
        "participant": found.participant,
        "attributes": dict(found.attributes),
        "memos": [memo.name for memo in found.memos],
        "interviews": [
            {
                "interview": account.interview.name,
                "date": account.interview.date,
                "schedule": account.interview.schedule,
                "attributes": dict(account.interview.attributes),
                "coded": account.is_coded,
                "memos": [memo.name for memo in account.memos],
                "told": [
                    {"turn": told.place.turn, "words": told.words, "codes": list(told.codes)}
                    for told in account.told
                ],
            }
            for account in found.accounts
        ],
        "codes": [
            {
                "code": over.code.label,
                "level": over.code.level,
                "interviews": [
                    {
                        "interview": one.interview,
                        "state": one.state,
                        **({"question": one.question} if one.question else {}),
                        "told": _for_programs(one.told),
                        **({"does-not-fit": _for_programs(one.unfit)} if one.unfit else {}),
                        **({"not-judged": _for_programs(one.waiting)} if one.waiting else {}),
                    }
                    for one in over.interviews
                ],
            }
            for over in found.codes
        ],
    }


def _for_programs(places: Iterable[Told]) -> list[dict[str, str]]:
    return [{"turn": told.place.turn, "words": told.words} for told in places]


def layout(found: Case) -> Iterator[Block]:
    """For people: interview by interview, then code by code."""
    yield Block(found.participant, style="bold")
    yield Block(about(found), style="dim")
    for memo in found.memos:
        yield Block(f"memo: {_memo(memo)}", 2, "italic")
    for account in found.accounts:
        yield GAP
        yield Block(title(account), style="bold underline")
        if not account.told:
            yield Block(nothing(account), 2, "dim")
        for told in account.told:
            yield Block(f"{told.place.turn} · {'; '.join(told.codes)}", 2, "cyan")
            yield Block(told.quoted, 4)
        for memo in account.memos:
            yield Block(f"memo: {_memo(memo)}", 2, "italic")
    if len(found.accounts) < 2:
        return
    for over in found.codes:
        yield GAP
        yield Block(f"{over.code.label} ({over.code.kind})", style="bold")
        for one in over.interviews:
            for number, (state, places) in enumerate(states(one)):
                yield Block(state, 4 if number else 2, "" if places else "dim")
                for told in places:
                    yield Block(f"{told.place.turn} {told.quoted}", 6 if number else 4)


def markdown(found: Case) -> str:
    """The same, to keep or to send."""
    parts = [f"# {plain(found.participant)}", plain(about(found))]
    parts += _bullets(_link(memo) for memo in found.memos)
    for account in found.accounts:
        parts.append(f"## {plain(title(account))}")
        if not account.told:
            parts.append(plain(nothing(account)))
        for told in account.told:
            parts.append(f"{plain(told.place.turn)} · {plain('; '.join(told.codes))}")
            parts.append(block_quote(told.words))
        parts += _bullets(_link(memo) for memo in account.memos)
    if len(found.accounts) > 1 and found.codes:
        parts.append("## Code by code")
        for over in found.codes:
            parts += _over_time(over)
    return "\n\n".join(parts) + "\n"


def _over_time(over: OverTime) -> Iterator[str]:
    yield f"### {plain(over.code.label)} ({over.code.kind})"
    for one in over.interviews:
        for state, places in states(one):
            yield plain(state)
            for told in places:
                yield block_quote(told.words)


def about(found: Case) -> str:
    told = [f"{name}: {value}" for name, value in found.attributes]
    return " · ".join([*told, count(len(found.accounts), "interview")])


def title(account: Account) -> str:
    interview = account.interview
    told = [interview.name, interview.date]
    told += [f"schedule: {interview.schedule}"] * bool(interview.schedule)
    told += [f"{name}: {value}" for name, value in interview.attributes]
    return " · ".join(part for part in told if part)


def nothing(account: Account) -> str:
    return "nothing of theirs is coded" if account.is_coded else "not coded yet"


def states(one: InInterview) -> Iterator[tuple[str, tuple[Told, ...]]]:
    """`jim-2: not asked (no question like "What about money?")`, with what was told; then what
    stands apart.
    """
    first, *apart = one.by_state
    alone = not one.told and any(places for _, places in apart)
    if not alone:
        why = f' (no question like "{one.question}")' if one.state == NOT_ASKED else ""
        yield f"{one.interview}: {one.state}{why}", first[1]
    for state, places in apart:
        if places:
            yield (f"{one.interview}: {state}" if alone else state), places
            alone = False


def _memo(memo: Memo) -> str:
    return f"{memo.title} ({memo.name})"


def _link(memo: Memo) -> str:
    return f"memo [{in_link(one_line(memo.title))}](<data/memos/{memo.name}.md>)"


def _bullets(lines: Iterable[str]) -> list[str]:
    listed = "\n".join(f"- {line}" for line in lines)
    return [listed] if listed else []
