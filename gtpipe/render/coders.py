"""What `gtpipe compare --coders` shows: an interview by its coders, turn by turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gtpipe.analysis.coders import CodedTurn, CodersSideBySide, Given, How
from gtpipe.model.names import one_line
from gtpipe.model.records import Coding, Turn, first_and_last, in_words
from gtpipe.render import blocks
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.incidents import heading, interview_title
from gtpipe.render.tables import Row

HEADER = (
    *("interview", "turn", "participant", "coder", "level", "code", "words", "note"),
    *("how", "given-by"),
)
NO_OTHER = "no other code"


def rows(sides: CodersSideBySide) -> list[Row]:
    """One row for each coding, under `HEADER`."""
    return [
        (
            *(coding.interview, coding.turn, coding.participant, coding.coder),
            *(coding.level, coding.code, coding.words or "", coding.note),
            *(given.how, list(given.coders)),
        )
        for turn in sides.turns
        for given in turn.given
        for codings in given.codings.values()
        for coding in codings
    ]


def not_coded(compared: Iterable[CodersSideBySide]) -> list[str]:
    """Whoever has not coded an interview that the others have: `KR has not coded eve, jim.`"""
    gone: dict[str, list[str]] = {}
    for sides in compared:
        for coder in sides.without:
            gone.setdefault(coder, []).append(sides.interview.name)
    return [f"{coder} has not coded {', '.join(names)}." for coder, names in gone.items()]


def show(sides: CodersSideBySide) -> None:
    """Print who coded which turns, the turns where they differ with what each gave, and what stands
    at turns that only some of them coded.
    """
    blocks.show(_head(sides))
    if sides.differing:
        blocks.show([GAP, Block("Where they differ", style="bold reverse")])
    for turn in sides.differing:
        blocks.show([GAP, *_words(turn, sides)])
        _show_codes(turn, sides.coders)
    blocks.show(_not_by_all(sides))


def _head(sides: CodersSideBySide) -> Iterator[Block]:
    yield Block(interview_title(sides.interview), style="bold underline")
    everybody = " and ".join(sides.coders)
    same = [turn for turn in sides.by_all if not turn.differs]
    yield Block(f"{everybody} coded: {_turns(sides.by_all)}")
    yield Block(f"the same codes on the same words: {_turns(same)}", 2)
    yield Block(f"not the same: {_turns(turn for turn in sides.by_all if turn.differs)}", 2)
    for coders, turns in sides.not_by_all.items():
        yield Block(f"Only {' and '.join(coders)} coded: {_turns(turns)}")
    if sides.by_nobody:
        yield Block(f"Participants' turns that nobody of them coded: {_ids(sides.by_nobody)}")


def _words(turn: CodedTurn, sides: CodersSideBySide) -> Iterator[Block]:
    who = [_title(turn, sides)]
    if turn.without:
        who.append(f"not coded by {' and '.join(turn.without)}")
    yield Block(" · ".join(who), style="bold cyan")
    yield Block(f"{turn.turn.label}: {turn.turn.text}", 2)


def _title(turn: CodedTurn, sides: CodersSideBySide) -> str:
    return heading(sides.interview.name, turn.turn.id, turn.participant, "interviewer")


def _show_codes(turn: CodedTurn, coders: Sequence[str]) -> None:
    """What each gave at a turn: what is the same, the same code on other words, other codes."""
    for given in turn.given:
        if given.how is How.SAME:
            blocks.show(_same(given))
    for given in turn.given:
        if given.how is How.STRETCH:
            blocks.show([Block(f"the same code on other words: {given.code.typed}", 4)])
            _beside({coder: list(_places(given, coder)) for coder in given.coders})
    other = [given for given in turn.given if given.how in (How.CODE, How.ALONE)]
    if other:
        _beside({coder: list(_others(other, coder)) for coder in coders if coder in turn.coders})
    for given in turn.running:
        blocks.show([Block(_from_above(given, turn), 4, "dim")])


def _beside(cells: dict[str, list[Block]]) -> None:
    """What each coder gave: in columns where they fit, else one under the other."""
    if blocks.is_wide(len(cells)):
        blocks.show_beside([[[Block(coder, 4, "bold"), *cells[coder]] for coder in cells]])
        return
    for coder, cell in cells.items():
        blocks.show(
            each if each.style == "italic" else each._replace(text=f"{coder}: {each.text}")
            for each in cell
        )


def _same(given: Given) -> Iterator[Block]:
    first, *_ = given.codings.values()
    for coding in first:
        yield Block(f"the same: {as_given(coding, given)}", 4)
    yield from _notes(coding for codings in given.codings.values() for coding in codings)


def _places(given: Given, coder: str) -> Iterator[Block]:
    for coding in given.codings[coder]:
        yield Block(place(coding), 6)
        yield from _notes([coding], signed=False)


def _others(given: Iterable[Given], coder: str) -> Iterator[Block]:
    mine = [(each, coding) for each in given for coding in each.codings.get(coder, ())]
    if not mine:
        yield Block(NO_OTHER, 6, "dim")
    for each, coding in mine:
        yield Block(as_given(coding, each), 6)
        yield from _notes([coding], signed=False)


def _notes(codings: Iterable[Coding], signed: bool = True) -> Iterator[Block]:
    for coding in codings:
        if coding.note:
            by = f" ({coding.coder})" if signed and coding.coder else ""
            yield Block(f"note{by}: {coding.note}", 8, "italic")


def as_given(coding: Coding, given: Given) -> str:
    """A code as a sheet has it, `label <- "words"`; over turns, with these."""
    several = f" ({in_words(coding.turn)})" if first_and_last(coding.turn) else ""
    words = "" if coding.words is None else f' <- "{one_line(coding.words)}"'
    return f"{given.code.typed}{several}{words}"


def place(coding: Coding) -> str:
    """Which words a code was given to: `"the pay"`, `the whole turn`, `turns 7-10`."""
    several = in_words(coding.turn) if first_and_last(coding.turn) else ""
    if coding.words is None:
        return several or "the whole turn"
    return f'{several}{": " if several else ""}"{one_line(coding.words)}"'


def _from_above(given: Given, turn: CodedTurn) -> str:
    """A code that began at a turn before, with whoever's reaches into this one."""
    reaching = [
        coding
        for codings in given.codings.values()
        for coding in codings
        if turn.turn.id in coding.stands_at
    ]
    told = (f"{coding.coder} {in_words(coding.turn)}" for coding in reaching)
    return f"from above: {given.code.typed} ({', '.join(told)})"


def _not_by_all(sides: CodersSideBySide) -> Iterator[Block]:
    for coders, turns in sides.not_by_all.items():
        yield GAP
        yield Block(f"Only {' and '.join(coders)} coded", style="bold reverse")
        for turn in turns:
            yield Block(_title(turn, sides), style="cyan")
            for given in turn.given:
                for coder, codings in given.codings.items():
                    by = f"{coder}: " if len(coders) > 1 else ""
                    for coding in codings:
                        yield Block(by + as_given(coding, given), 4)
                        yield from _notes([coding], signed=False)
            for given in turn.running:
                yield Block(_from_above(given, turn), 4, "dim")


def _turns(turns: Iterable[CodedTurn]) -> str:
    return _ids(each.turn for each in turns)


def _ids(turns: Iterable[Turn]) -> str:
    return ", ".join(turn.id for turn in turns) or "no turn"
