"""A turn as the terminal shows it: the question before it, its words, and every code at it."""

from __future__ import annotations

from gtpipe.commands.look_up import find_interview, find_turn
from gtpipe.formats import code_line
from gtpipe.model.level import INITIAL
from gtpipe.model.names import slug
from gtpipe.model.records import Interview, Turn
from gtpipe.render.terminal import block, out
from gtpipe.store.layout import Study
from gtpipe.study import Corpus, load


def show(study: Study, name: str, id: str) -> None:
    """Print one turn: the question before it, its words, and every code at it, on stdout."""
    corpus = load(study, only={name, slug(name)})
    interview = find_interview(corpus, name)
    print_turn(corpus, interview, find_turn(interview, id))


def print_turn(corpus: Corpus, interview: Interview, turn: Turn) -> None:
    place = f"turn {interview.position[turn.id] + 1} of {len(interview.turns)}"
    block(f"{interview.name} {turn.id} ({place})", style="bold")
    question = interview.question_before(turn.id)
    if question is not None:
        block(f"{question.label}: {question.text}", 2, "dim")
        out()
    block(f"{turn.label}: {turn.text}", 2)
    out()
    ids = {one.id for one in interview.turns_of(turn.id)}
    codes = [c for c in corpus.codings.of_interview(interview.name) if ids & {*c.stands_at}]
    for coding in codes:
        who = f" ({coding.coder})" if coding.coder and len(corpus.settings.researchers) > 1 else ""
        who += f" (turns {coding.turn})" if coding.turn not in (turn.id, *ids) else ""
        level = "" if coding.level == INITIAL else f"{coding.level}: "
        block(f"· {level}{code_line.write_line(coding.typed, coding.words)}{who}", 2, "green")
        if coding.note:
            block(coding.note, 6, "italic dim")
    if not codes:
        block("No code yet.", 2, "dim")


def print_code(label: str, words: str | None, note: str) -> None:
    """A code that stands in the sheet now."""
    block(f"· {code_line.write_line(label, words)}", 2, "green")
    if note:
        block(note, 6, "italic dim")
