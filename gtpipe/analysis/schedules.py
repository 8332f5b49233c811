"""Versions of the interview schedule: in order, questions in and out between two, and who was asked
which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from gtpipe.analysis.labels import Labels
from gtpipe.model.names import natural
from gtpipe.model.problems import Kind, Problem, did_you_mean, note
from gtpipe.model.records import Interview, Material, ScheduleVersion
from gtpipe.store import layout


def in_order(versions: tuple[ScheduleVersion, ...]) -> tuple[ScheduleVersion, ...]:
    """By date, then name (v2 before v10); undated ones last."""
    return tuple(
        sorted(
            versions, key=lambda version: (not version.date, version.date, natural(version.name))
        )
    )


def between(old: ScheduleVersion, new: ScheduleVersion) -> tuple[list[str], list[str]]:
    """Questions that came in and that went out; one that was reworded is both, one only moved
    neither."""
    before, after = ([_words(question) for question in version.questions] for version in (old, new))
    came = [
        question
        for question, words in zip(new.questions, after, strict=True)
        if words not in before
    ]
    went = [
        question
        for question, words in zip(old.questions, before, strict=True)
        if words not in after
    ]
    return came, went


_NUMBER = r"(?:(?:q(?:uestion)?|p(?:rompt)?)?\s*\d+(?:\.\d+)*\w?|[a-z]|[ivx]+)"
_MARK = re.compile(rf"\W*{_NUMBER}(?:[.):](?=\s)|\t)", re.I)


def _words(question: str) -> tuple[str, ...] | str:
    """What is asked, whatever number, letter or bullet stands in front, and whatever its
    punctuation."""
    asked = question
    while mark := _MARK.match(asked):
        asked = asked[mark.end() :]
    return tuple(re.findall(r"\w+", asked.casefold())) or question


def question(typed: str, versions: tuple[ScheduleVersion, ...]) -> str:
    """The question with the words `typed`, as the first version has it; '' where there is none."""
    words = _words(typed)
    questions = (one for version in in_order(versions) for one in version.questions)
    return next((one for one in questions if _words(one) == words), "")


LIKE = 0.5
"""The share of words, in order, that a question has in common with one that is no other: people ask
in the words of the moment.
"""


def like(said: str, version: ScheduleVersion) -> str:
    """The question of a version that is likest to what is said, sentence by sentence; '' where none
    is like it.
    """
    sentences = [words for one in re.split(r"[.?!]+", said) if (words := _words(one))]
    found = [
        (_share(words, _words(question)), -number)
        for number, question in enumerate(version.questions)
        for words in sentences
    ]
    share, number = max(found, default=(0.0, 0))
    return version.questions[-number] if share >= LIKE else ""


def _share(one: Sequence[str], other: Sequence[str]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def interviews(version: ScheduleVersion, material: Material) -> list[Interview]:
    return [
        interview
        for interview in material.interviews.values()
        if interview.schedule == version.name
    ]


def problems(material: Material, known: Labels) -> list[Problem]:
    """Interviews without a version or with one that is not there; changes that nothing is named
    for.
    """
    found: list[Problem] = []
    versions = in_order(material.schedule)
    names = [version.name for version in versions]
    memos = {memo.name for memo in material.memos}
    for interview in material.interviews.values() if versions else ():
        if not interview.schedule:
            found.append(
                note(
                    interview.path,
                    None,
                    "this interview names no version of the schedule",
                    f"Write `schedule: …` in its front matter; the versions are {', '.join(names)}",
                )
            )
        elif interview.schedule not in names:
            found.append(
                note(
                    interview.path,
                    None,
                    f'no version "{interview.schedule}" in {layout.SCHEDULE}/',
                    did_you_mean(interview.schedule, names)
                    or f"The versions are {', '.join(names)}",
                )
            )
    for version in versions[1:]:
        if not version.prompted_by:
            found.append(
                note(
                    version.path,
                    1,
                    f"{version.name} does not say what prompted the change",
                    "Name the memo or the codes under `prompted-by: |`",
                )
            )
    for version in versions:
        for named in version.prompted_by:
            if named.label.removesuffix(".md") not in memos and not known.levels(named):
                found.append(
                    note(
                        *named.where,
                        f'"{named.label}" is no memo and no code of the study',
                        did_you_mean(named.label, sorted(memos)),
                        kind=Kind.NO_SUCH_NAME,
                        about=named.label,
                    )
                )
    return found
