"""Suggestions laid out beside the study, when its settings ask for it. Nothing else reads what
is made here."""

from __future__ import annotations

from collections.abc import Iterable

from gtpipe import __version__
from gtpipe.model.level import INITIAL
from gtpipe.model.records import Coding, Outcome
from gtpipe.store.layout import fingerprint
from gtpipe.suggest import pages
from gtpipe.suggest.pages import Maker
from gtpipe.suggest.records import GERUND, IN_VIVO, YOURS, CodeGroup, Fit, LookAlikes
from gtpipe.suggest.suggester import Suggester

NAME = "words and characters"


def outcome(
    suggester: Suggester,
    codings: Iterable[Coding],
    fits: Iterable[Fit] = (),
    groups: Iterable[CodeGroup] = (),
    alike: Iterable[LookAlikes] = (),
) -> Outcome:
    """A page `suggestions/initial/<interview>.yaml` for each interview with a
    participant, and `suggestions/focused.yaml`."""
    learner = Maker(YOURS, NAME, __version__, learned_from(codings))
    makers = [learner]
    if suggester.model is not None:
        model = suggester.model
        makers += [
            Maker(source, model.name, model.version, model.digest) for source in (GERUND, IN_VIVO)
        ]
    made = {}
    for interview in suggester.material.interviews.values():
        turns = interview.participant_turns
        if turns:
            made[f"{pages.INITIAL}/{interview.name}.yaml"] = pages.initial(
                interview, ((turn.id, suggester.at(interview, turn)) for turn in turns), makers
            )
    taken = [
        f"{label}\t{named.label}\n"
        for label, code in suggester.material.focused.items()
        for named in code.takes_up
    ]
    grouper = Maker(
        "focused codes",
        NAME,
        __version__,
        fingerprint("".join([learner.digest, *sorted(taken)]).encode()),
    )
    made[pages.FOCUSED] = pages.focused(fits, groups, alike, [grouper])
    return Outcome({}, made.items())


def learned_from(codings: Iterable[Coding]) -> str:
    """A hash of the codings that were learned from: which they were, and by whom
    does not matter."""
    lines = sorted(
        {
            f"{c.interview}\t{c.turn}\t{c.span}\t{c.code}\n"
            for c in codings
            if c.level == INITIAL and c.participant
        }
    )
    return fingerprint("".join(lines).encode())
