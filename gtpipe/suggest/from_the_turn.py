"""What an interview's own words suggest: actions as gerunds, and stretches that
stand out, verbatim.

Nothing is looked up but the parse and the transcript, so the same interview gives the same
suggestions wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterable

from gtpipe.model.names import one_line
from gtpipe.model.records import Interview
from gtpipe.suggest.gerunds import Gerund, gerunds
from gtpipe.suggest.in_vivo import ENGLISH, StrikingStretch, striking_stretches
from gtpipe.suggest.models import language_code
from gtpipe.suggest.parsing import Parses
from gtpipe.suggest.records import GERUND, IN_VIVO, Suggestion, TurnRef


def suggest(
    interview: Interview, parses: Parses, *, language: str = "en", people: Iterable[str] = ()
) -> tuple[Suggestion, ...]:
    """Codes for the participants' turns in order of turns, gerunds before stretches, the best
    of each first.

    Gerunds are made in English only. `parses` may hold more than this interview, or less: a turn
    without a parse has no suggestions.
    `people` are names that no code may hold, besides those of the interview's own participants.
    """
    code = language_code(language)
    names = frozenset(name.casefold() for name in (*people, *interview.participants))
    striking = striking_stretches(interview, parses, names, language=code)
    found: list[Suggestion] = []
    for turn in interview.participant_turns:
        at = TurnRef(interview.name, turn.id)
        actions = gerunds(turn.text, parses.get(turn.text, ()), names) if code == ENGLISH else []
        found += [Suggestion(at, GERUND, one.label, one.score, one.reason) for one in actions]
        for one in striking.get(turn.id, ()):
            if not any(_says_the_same(one, action) for action in actions):
                words = one_line(one.words)
                found.append(
                    Suggestion(
                        at, IN_VIVO, words, one.score, one.reason, words, (one.start, one.end)
                    )
                )
    return tuple(found)


def _says_the_same(one: StrikingStretch, action: Gerund) -> bool:
    """Whether a stretch is only the clause that an action was made of: "I talked about gravel"
    beside "talking about gravel"."""
    return not one.striking and one.start < action.end and action.start < one.end
