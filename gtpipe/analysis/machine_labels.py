"""What machines call whom they do not know: `Speaker 1`, `spk_0`, `Intervenant 2`, `[Unknown]`.

Such a label is a number: another person in the next file.
"""

from __future__ import annotations

import re

from gtpipe.model.typography import same

# Words for somebody who speaks; without a number only those of the first line say nobody.
_SPEAKERS = (
    "speaker sprecher sprecherin spreker locuteur locutrice hablante falante parlante mówca mluvčí "
    "talare taler puhuja konuşmacı beszélő спикер говорящий 話者 发言人 發言人 说话人 화자 المتحدث"
).split()
_NUMBERED = (
    "spk spkr person voice guest attendee caller user channel track "
    "stimme intervenant intervenante orateur oratrice personne voix locutor locutora interlocutor "
    "interlocutora orador oradora persona pessoa voz oratore interlocutore relatore voce persoon "
    "stem röst osoba rozmówca диктор голос スピーカー 発言者 讲话者 발화자 참석자"
).split()
_UNKNOWN = (
    "unknown unidentified unnamed unbekannt unbekannte unbekannter inconnu inconnue desconocido "
    "desconocida desconhecido desconhecida sconosciuto sconosciuta onbekend onbekende okänd ukjent "
    "ukendt nieznany neznámý неизвестный 不明 未知"
).split()
_COUNT = r"(?:[ _#.-]*\d+|[ _-]+(?:[a-z]|one|two|three|four|five|six))"
_SPEAKER, _ANY = "|".join(_SPEAKERS), "|".join((*_SPEAKERS, *_NUMBERED))
_UNKNOWN_ONE = "|".join(_UNKNOWN)
_MACHINES = (
    rf"(?:{_UNKNOWN_ONE})(?:[ _-]*(?:{_ANY}|male|female|man|woman))?{_COUNT}?"
    rf"|(?:{_ANY})[ _-]+(?:{_UNKNOWN_ONE}){_COUNT}?"
    rf"|(?:{_SPEAKER}){_COUNT}?|(?:{_ANY}){_COUNT}|s[ _-]*\d+|\d+"
)


def is_a_machines(label: str) -> bool:
    """Whether a label says a number, or nothing, and no name.

    >>> [is_a_machines(label) for label in ("SPEAKER_00", "[Unidentified]", "Person 2", "P2", "I")]
    [True, True, True, False, False]
    """
    bare = same(label).casefold().strip("[](){}<>* ")
    return re.fullmatch(_MACHINES, bare) is not None
