"""What a memo may be about beside codes and incidents: another memo, a participant, an interview, a
question of the schedule, an idea.

A name without its kind in front means a code first, then an incident, then these in their order; a
participant and an interview that are called the same are both meant. An idea is whatever stands
behind `idea:`: it is nowhere else, and memos about it belong together.
"""

from __future__ import annotations

from typing import NamedTuple

from gtpipe.analysis import schedules
from gtpipe.analysis.labels import Labels
from gtpipe.model import anchor
from gtpipe.model.records import Material, Memo, Named

MEMO, PARTICIPANT, INTERVIEW, QUESTION, IDEA = KINDS = (
    "memo",
    "participant",
    "interview",
    "question",
    "idea",
)


class Subject(NamedTuple):
    """One of `KINDS`, by its name: of a memo its file's, of a question its words in the schedule
    that asked it first.
    """

    kind: str
    name: str


def meanings(named: Named, material: Material, known: Labels) -> tuple[Subject, ...]:
    """What `named` means beside codes and incidents; nothing where it is one of those."""
    if named.level or known.meanings(named) or anchor.place(named.label, material.interviews):
        return ()
    for kind in KINDS:
        behind = named.label.removeprefix(f"{kind}:").strip()
        if behind and named.label.startswith(f"{kind}:"):
            return _called(behind, kind, material)
    return tuple(one for kind in KINDS[:-1] for one in _called(named.label, kind, material))


def _called(name: str, kind: str, material: Material) -> tuple[Subject, ...]:
    if kind == IDEA:
        return (Subject(IDEA, " ".join(name.split())),)
    if kind == QUESTION:
        asked = schedules.question(name, material.schedule)
        return (Subject(QUESTION, asked),) if asked else ()
    if kind == MEMO:
        name = name.rpartition("/")[2].removesuffix(".md")
    return (Subject(kind, name),) if name in names(kind, material) else ()


def memos_about(material: Material, known: Labels) -> dict[Subject, list[Memo]]:
    """The memos about each subject that any is about, by day and name."""
    found: dict[Subject, list[Memo]] = {}
    for memo in sorted(material.memos, key=lambda memo: (memo.date, memo.name)):
        meant = (one for named in memo.about for one in meanings(named, material, known))
        for subject in dict.fromkeys(meant):
            found.setdefault(subject, []).append(memo)
    return found


def names(kind: str, material: Material) -> list[str]:
    """The names of a kind; ideas are those that memos are about."""
    if kind == MEMO:
        return [memo.name for memo in material.memos]
    if kind == PARTICIPANT:
        speak = (name for one in material.interviews.values() for name in one.participants)
        return list(dict.fromkeys([*material.participants, *speak]))
    if kind == INTERVIEW:
        return list(material.interviews)
    if kind == QUESTION:
        versions = schedules.in_order(material.schedule)
        return list(dict.fromkeys(one for version in versions for one in version.questions))
    return [
        named.label
        for memo in material.memos
        for named in memo.about
        if named.label.startswith(f"{IDEA}:")
    ]


def everything(material: Material, known: Labels) -> list[str]:
    """All that a memo can be about, incidents left out."""
    labels = {label for of in known.known.values() for label in of}
    return sorted({*labels, *(name for kind in KINDS for name in names(kind, material))})
