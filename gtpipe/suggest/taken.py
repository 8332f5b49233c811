"""Which codings were suggestions that a person took: they say nothing of how well codes are
suggested, as what was offered helped to make them.

`data/answers.csv` says so for what was taken as it was. What an edited suggestion became stands in
the facts of the log alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gtpipe.formats.answers import ACCEPTED, EDITED, Answer
from gtpipe.model.level import INITIAL
from gtpipe.model.records import Coding
from gtpipe.model.spelling import folded
from gtpipe.store.log import Facts


class _Given(NamedTuple):
    """A code that a coder gave to a turn; the label is folded."""

    interview: str
    turn: str
    label: str
    by: str


def taken(
    codings: Iterable[Coding],
    answers: Iterable[Answer],
    current: Mapping[str, str] = {},
    facts: Iterable[Facts] = (),
) -> frozenset[Coding]:
    """Those of `codings` that were suggestions once. `current` leads from old labels to those they
    count under; `facts` are what lines of the log say was done."""

    leads = {folded(old): folded(now) for old, now in current.items()}

    def given(interview: str, turn: str, label: str, by: str) -> _Given:
        key = folded(label)
        return _Given(interview, turn, leads.get(key, key), by)

    answered = list(answers)
    found = {
        given(one.interview, one.turn, one.suggestion, one.by)
        for one in answered
        if one.answer == ACCEPTED
    }
    edited = {(one.interview, one.turn, one.suggestion) for one in answered if one.answer == EDITED}
    for did in facts:
        interview, turn, suggestion, code, by = (
            str(did.get(name, "")) for name in ("interview", "turn", "suggestion", "code", "by")
        )
        if (interview, turn, suggestion) in edited:
            found.add(given(interview, turn, code, by))
    return frozenset(
        coding
        for coding in codings
        if coding.level == INITIAL
        and found
        and given(coding.interview, coding.turn, coding.code, coding.coder) in found
    )
