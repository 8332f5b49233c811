"""Studies that hypothesis makes, written as files: two interviews, two coders, what is hard to
count (astral characters, marks that join, lines and line ends of every kind), stretches that
overlap or run over turns, definitions, memos, participants.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

from gtpipe.text import entry_edits

SETTINGS = """\
study: Generated
researchers:
  PM: Pat Morgan
  KR: Kit Rowe
speakers:
  interviewer: [I]
  participant: [P]
stages:
  initial-code: {sheet-text: false, sheet-interviewer: true}
"""
LABELS = ("going on", "going round", "a & <b>", "l'été", "😀 smiling", "= sums")
_ALPHABET = "abcdefg éßα漢字😀👩‍👩‍👧e\u0301"
_word = st.text(_ALPHABET, min_size=1, max_size=5).map(lambda word: "".join(word.split()) or "x")


class Applied(NamedTuple):
    """A code at words first to last (both counted from 0) of a turn; None: at all of it."""

    turn: int
    words: tuple[int, int] | None
    label: str
    coder: str
    note: str


class Interview(NamedTuple):
    """Turns as lists of words with what stands behind each; the odd ones are the interviewer's."""

    turns: tuple[tuple[tuple[str, str], ...], ...]
    applied: tuple[Applied, ...]
    line_end: str


@st.composite
def interviews(draw: st.DrawFn) -> Interview:
    turns = []
    number = 0
    for _ in range(draw(st.integers(2, 4)) * 2):
        words = []
        for word in draw(st.lists(_word, min_size=1, max_size=6)):
            number += 1  # every word stands once, so that a sheet can name it
            words.append((f"{word}{number}z", draw(st.sampled_from((" ", " ", "\n", "\n\n")))))
        turns.append(tuple(words))
    applied: list[Applied] = []
    for _ in range(draw(st.integers(1, 8))):
        turn = draw(st.integers(0, len(turns) - 1))
        ends = sorted(draw(st.lists(st.integers(0, len(turns[turn]) - 1), min_size=2, max_size=2)))
        words = draw(st.sampled_from((None, tuple(ends))))
        if words == (0, len(turns[turn]) - 1):
            words = None  # the same words, named twice
        label, coder = draw(st.sampled_from(LABELS)), draw(st.sampled_from(("PM", "KR")))
        note = draw(st.sampled_from(("", "why?", "one\ntwo 😀")))
        one = Applied(turn, words, label, coder, note)
        if not any(one[:4] == other[:4] for other in applied):
            applied.append(one)
    return Interview(tuple(turns), tuple(applied), draw(st.sampled_from(("\n", "\r\n"))))


class Generated(NamedTuple):
    interviews: tuple[Interview, ...]
    entries: dict[str, dict[str, str]]
    about: tuple[str, ...]
    attributes: tuple[str, str]


@st.composite
def studies(draw: st.DrawFn) -> Generated:
    made = tuple(draw(st.lists(interviews(), min_size=1, max_size=2)))
    fields = st.fixed_dictionaries(
        {},
        optional={
            "definition": st.sampled_from(("when 😀 < so", "one\ntwo", "= 1")),
            "include": st.just("what is & was"),
            "exclude": st.just("Include: that"),
            "parked": st.just("seldom"),
        },
    )
    defined = draw(st.dictionaries(st.sampled_from(LABELS), fields, max_size=3))
    used = sorted({one.label for interview in made for one in interview.applied} | {*defined})
    first = made[0].turns[1]
    subjects = [*used, "p1", "interview: p1", f'p1 2 "{first[0][0]}"', "p1 2"]
    about = tuple(draw(st.lists(st.sampled_from(subjects), unique=True, max_size=4)))
    attributes = draw(st.tuples(st.sampled_from(("", "34", "<40")), st.sampled_from(("", "a, b"))))
    return Generated(made, defined, about, attributes)


def text_of(words: tuple[tuple[str, str], ...]) -> str:
    return "".join(f"{word}{gap}" for word, gap in words).rstrip()


def stretch(words: tuple[tuple[str, str], ...], first: int, last: int) -> str:
    """The words of a stretch as a sheet names them, in one line."""
    return " ".join(word for word, _ in words[first : last + 1])


def write(study: Generated, root: Path) -> None:
    """The study's files."""

    def put(path: str, text: str, line_end: str = "\n") -> None:
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.replace("\n", line_end).encode())

    put("pipeline.yaml", SETTINGS)
    for number, interview in enumerate(study.interviews, 1):
        name = f"p{number}"
        head = f"---\ninterview: {name}\ndate: 2026-03-0{number}\n"
        head += f"speakers: {{I: interviewer, P: {name}}}\n"
        turns = "".join(
            f"\n[{at}] {'IP'[(at + 1) % 2]}: {text_of(words)}\n"
            for at, words in enumerate(interview.turns, 1)
        )
        put(f"data/transcripts/{name}.md", f"{head}---\n{turns}", interview.line_end)
        for coder, path in (("PM", name), ("KR", f"{name}.KR")):
            put(f"data/initial-codes/{path}.yaml", _sheet(interview, coder))
    book = "\n".join(
        entry_edits.block([("code", label), *said.items()]) for label, said in study.entries.items()
    )
    put("data/codebook.yaml", book)
    age, town = study.attributes
    put("data/participants.csv", f'participant,age,town\np1,{age},"{town}"\np2,,\n')
    about = "".join(f"  {one}\n" for one in study.about)
    put(
        "data/memos/2026-03-05-a-memo.md",
        f"---\ntitle: A memo\ndate: 2026-03-05\nby: KR\nkind:\nabout: |\n{about}---\n"
        "\nIt says 😀.\n\nMore.\n",
    )


def _sheet(interview: Interview, coder: str) -> str:
    entries = []
    for at, words in enumerate(interview.turns):
        lines = []
        for one in interview.applied:
            if one.turn == at and one.coder == coder:
                tied = "" if one.words is None else f' <- "{stretch(words, *one.words)}"'
                lines.append(f"    {one.label}{tied}\n")
                lines += [f"      {line}\n" for line in one.note.split("\n") if line]
        entries.append(f"- turn: {at + 1}\n  codes: |\n{''.join(lines)}")
    return "\n".join(entries)
