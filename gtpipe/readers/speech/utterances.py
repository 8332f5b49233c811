"""The table that every speech format fills: who speaks, what they say, when, and where it stands.

`who_speaks` finds the speakers that the table does not name, `speech_turns` the turns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gtpipe.model.records import TIME
from gtpipe.readers.reading import Aside
from gtpipe.readers.tables.columns import seconds_as_time

# A change of speaker as broadcasters and YouTube mark it: `>> NORA: So?`, or without a name
_CHANGE = re.compile(r"(?:^|(?<=\s))>{2,3}(?:\s+|(?=[^\W\d_])|$)")


class Cue(NamedTuple):
    """When something was said: as written for people, and in seconds.

    `time` matches `gtpipe.model.records.TIME`, or is ''.
    """

    time: str
    start: float
    end: float


class Utterance(NamedTuple):
    """A line of speech, or a stretch of it. Lines of one caption share their cue.

    `speaker` is who speaks, '' where that is not said beside the words. `number` is its place in
    the source. `lead` is what stood before the words, where the reader's second extraction holds it
    too: a speaker as text, `>>`.
    """

    speaker: str
    words: str
    number: int
    cue: Cue
    lead: str = ""

    @property
    def changes(self) -> bool:
        """Whether the source marks a change of speaker here."""
        return self.lead.startswith(">>")

    @property
    def lead_aside(self) -> Aside:
        """What stood before the words, where no turn begins with them."""
        name = "cue name" if self.lead.endswith("\n") else "time within a turn"
        return Aside(self.number, "change of speaker" if self.changes else name, self.lead.strip())


def cue_at(start: float | None, end: float | None = None, time: str = "") -> Cue:
    """The cue that begins after so many seconds, None where that is not known.

    >>> cue_at(65.2)
    Cue(time='00:01:05', start=65.2, end=65.2)
    """
    time = time or ("" if start is None else seconds_as_time(start))
    start = start or 0.0
    return Cue(time if re.fullmatch(TIME, time) else "", start, start if end is None else end)


def by_line(speaker: str, words: str, number: int, cue: Cue, lead: str = "") -> Iterator[Utterance]:
    """An utterance for each line of `words` that is not empty."""
    for line in words.split("\n"):
        if line.strip():
            yield Utterance(speaker, line.strip(), number, cue, lead)
            lead = ""


def begin_cues(utterances: Sequence[Utterance]) -> list[int]:
    """The places of utterances that are the first of their cue."""
    return [
        place
        for place, said in enumerate(utterances)
        if not place or said.cue is not utterances[place - 1].cue
    ]


def cut_at_changes(utterances: Sequence[Utterance]) -> tuple[Sequence[Utterance], list[Aside]]:
    """The same, cut where `>>` marks a change of speaker, and marks that nothing follows.

    Only a file in which a line begins so has such marks.

    >>> said = Utterance("", ">> NORA: So? >> Hmm.", 1, cue_at(0.0))
    >>> [(piece.lead, piece.words) for piece in cut_at_changes([said])[0]]
    [('>> ', 'NORA: So?'), ('>> ', 'Hmm.')]
    """
    if not any(_CHANGE.match(said.words) for said in utterances):
        return utterances, []
    cut: list[Utterance] = []
    mark = ""
    for said in utterances:
        at, speaker, lead = 0, said.speaker, said.lead
        for match in [*_CHANGE.finditer(said.words), None]:
            words = said.words[at : match.start() if match else len(said.words)].strip()
            if words:
                cut.append(said._replace(speaker=speaker, words=words, lead=mark + lead))
                mark, speaker, lead = "", "", ""
            if match:
                mark, at = f"{mark}{match.group().strip()} ", match.end()
    ends = [Aside(utterances[-1].number, "change of speaker", mark.strip())] if mark else []
    return cut, ends


def slices(words: Iterable[str], whole: str) -> list[str] | None:
    """For each of a recogniser's words its stretch of the whole text, white space in front and all;
    None where the words do not add up to it.

    >>> slices(["So", "?", "No", "."], "So? No.")
    ['So', '?', ' No', '.']
    >>> slices(["So"], "So? No.") is None
    True
    """
    found: list[str] = []
    at = 0
    for word in words:
        begin = at
        for part in word.split():
            while at < len(whole) and whole[at].isspace():
                at += 1
            if not whole.startswith(part, at):
                return None
            at += len(part)
        found.append(whole[begin:at])
    return None if whole[at:].strip() else found
