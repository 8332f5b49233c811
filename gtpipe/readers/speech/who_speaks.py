"""Utterances in, out come the same with their speakers, and what stays in doubt.

Who speaks stands beside an utterance, or at the beginning of its words (`Ana: …`), or nowhere: then
the speech is one person's, if the command says so. Most captions say it where the speaker changes;
where they say it of nearly every one, one without a speaker is a doubt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

from gtpipe.model import limits
from gtpipe.model.problems import UserError, in_shell
from gtpipe.model.records import TIME
from gtpipe.model.shape import ABOVE, NO_SHAPE, Shape
from gtpipe.model.typography import same
from gtpipe.readers.lines import speaker_turns
from gtpipe.readers.lines.speaker_turns import TurnsInLines
from gtpipe.readers.reading import Aside, Doubt, Hints, Line, SourceTurn
from gtpipe.readers.speech.utterances import Utterance, begin_cues

PAUSE = 2.0  # seconds of silence that end a turn of one who speaks throughout
LONG = 400  # characters after which such a turn ends with its sentence
_SENTENCE_END = re.compile(r"[.?!…。？！][\"'”’»)\]]*$")
# Whatever stands before the first colon of a caption: Zoom writes the name of a device there
_NAME = re.compile(r"(?P<name>[^\s:：][^:：]{0,79}?)[ \t]*(?::[ \t]+|：[ \t]*)(?=\S)")
_NEARLY_ALL = 0.8


class NamedLine(NamedTuple):
    """A line with its speaker: a turn, unless the one before has the same label.

    `fresh` begins one all the same.
    """

    turn: SourceTurn
    fresh: bool = False


@dataclass
class NamedSpeech:
    """Lines with their speakers; those before the first speaker; what else there is to say."""

    lines: list[NamedLine] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    remarks: tuple[str, ...] = ()
    shape: Shape = NO_SHAPE


def by_speaker(utterances: Sequence[Utterance], hints: Hints, what: str) -> NamedSpeech:
    """Speakers that stand beside the words.

    An utterance without one goes on, unless it begins with a label that is a speaker's or known.
    `what` is what the source has: captions, segments.
    """
    speakers = {said.speaker for said in utterances}
    named = NamedSpeech()
    begin = set(begin_cues(utterances))
    marked = any(said.changes for said in utterances)
    without: list[int] = []
    for place, said in enumerate(utterances):
        speaker, words, number, cue, lead = said
        label, colon, rest = words.partition(":")
        is_label = colon and rest[:1] in ("", " ") and (label in speakers or label in hints)
        if not speaker and is_label:
            speaker, lead, words = label, f"{lead}{label}: ", rest.strip()
        may_speak = speaker not in hints.not_speakers and (speaker in hints or not hints.only_known)
        if not speaker and (said.changes or (place in begin and not marked)):
            without.append(place)
            speaker = _declared(hints)
            may_speak = bool(speaker)
        if speaker and may_speak:
            named.lines.append(NamedLine(SourceTurn(speaker, cue.time, words, number, lead)))
            continue
        if said.changes or lead.endswith("\n"):
            named.asides.append(said.lead_aside)
            lead = ""
        words = lead + words
        if named.lines:
            above = named.lines[-1].turn.label
            named.lines.append(NamedLine(SourceTurn(above, "", words, number, "")))
        else:
            named.left_out.append((number, words))
    _question(named, [utterances[place] for place in without], hints, what)
    return named


def by_label(utterances: Sequence[Utterance], hints: Hints, what: str) -> NamedSpeech | None:
    """Speakers that stand before a colon at the beginning of a line, None for none.

    A name alone is no label: captions break anywhere.
    """
    begin = begin_cues(utterances)
    labelled = _Labelled(utterances, hints)
    names = _names_of_any_shape(labelled, begin)
    if names:
        labelled = _Labelled(utterances, hints, names)
    found = labelled.found
    if found is None or not any(re.search("[:：]", re.sub(TIME, "", t.lead)) for t in found.turns):
        return None
    starts = labelled.starts
    bare = [place for place, said in enumerate(utterances) if said.changes and place not in starts]
    marked = any(said.changes for said in utterances)
    without = bare if marked else [place for place in begin if place not in starts]
    in_doubt = bare if marked or not _nearly_all(labelled, begin) else without
    doubts = [] if hints.only_known else _might_be_names(labelled, begin)
    if without and (speaker := _declared(hints)):
        more = {
            place: (speaker, utterances[place].lead, utterances[place].words) for place in without
        }
        labelled = _Labelled(utterances, hints, names | more)
    named = labelled.named()
    named.doubts += doubts
    asked = {doubt.number for doubt in named.doubts}
    _question(
        named,
        [
            said
            for place in (without if hints.shape.unlabelled else in_doubt)
            if (said := utterances[place]).number not in asked
        ],
        hints,
        what,
    )
    return named


def _declared(hints: Hints) -> str:
    """Whose the words without a speaker are, '' where nobody said so or they go on."""
    return "" if hints.shape.unlabelled == ABOVE else hints.shape.unlabelled


def _question(named: NamedSpeech, without: Sequence[Utterance], hints: Hints, what: str) -> None:
    """Adds the doubt whose words these are, or the answer to the shape."""
    if not without:
        return
    if hints.shape.unlabelled:
        named.shape = replace(named.shape, unlabelled=hints.shape.unlabelled)
    elif not hints.only_known:
        first, is_change = without[0], without[0].changes
        thing = "change of speaker (>>)" if is_change else what
        plural = "changes of speaker (>>)" if is_change else f"{what}s"
        count = f"1 {thing}" if len(without) == 1 else f"{len(without)} {plural}"
        named.doubts.append(
            Doubt(
                first.number,
                f"{count} without a {'name' if is_change else 'speaker'}",
                "Say whose words they are with --unlabelled NAME, "
                "or with --unlabelled above where the speaker above goes on",
                limits.cut(first.words, 60),
            )
        )


class _Labelled:
    """Utterances as lines of text, and the turns in them.

    `names` are utterances of which the speaker is known already: by place, the speaker, what stood
    before the words, and the words. A name that no text has stands in for them, so that one rule
    finds all turns.
    """

    def __init__(
        self,
        utterances: Sequence[Utterance],
        hints: Hints,
        names: dict[int, tuple[str, str, str]] | None = None,
    ) -> None:
        self.utterances, self.hints, self.names = utterances, hints, names or {}
        self.stand_ins = self._stand_ins()
        self.found = self._turns()
        turns = self.found.turns if self.found else ()
        # A time mark on a line of its own stands above the label.
        self.starts = {turn.line - turn.lead.rstrip("\n").count("\n"): turn for turn in turns}

    def _stand_ins(self) -> dict[str, str]:
        if not self.names:
            return {}
        texts = "\n".join(said.words for said in self.utterances)
        stem = "Voice"
        while stem in texts:
            stem += "x"
        speakers = dict.fromkeys(speaker for speaker, _, _ in self.names.values())
        return {speaker: f"{stem}{number:04d}" for number, speaker in enumerate(speakers)}

    def _turns(self) -> TurnsInLines | None:
        lines: list[Line] = []
        begin = set(begin_cues(self.utterances))
        for place, said in enumerate(self.utterances):
            if place and place in begin:
                lines.append(Line("", -1))
            speaker, _, words = self.names.get(place, ("", "", ""))
            text = f"{self.stand_ins[speaker]}: {words}" if speaker else said.words
            lines.append(Line(text, place))
        hints = replace(
            self.hints.without_monologue(),
            # Captions break anywhere: a line without a label goes on, unless we say otherwise.
            shape=replace(self.hints.shape, unlabelled=ABOVE),
        )
        hints = replace(hints, known=hints.known | frozenset(self.stand_ins.values()))
        try:
            return speaker_turns.turns_in(lines, "", hints)
        except UserError:
            return None

    def named(self) -> NamedSpeech:
        assert self.found is not None
        found, said = self.found, self.utterances
        shape = replace(found.shape, unlabelled="")
        named = NamedSpeech(remarks=found.remarks, shape=shape)
        named.left_out += [(said[place].number, words) for place, words in found.left_out]
        named.asides += [
            Aside(said[aside.number].number, aside.what, aside.words) for aside in found.asides
        ]
        real = {stand_in: speaker for speaker, stand_in in self.stand_ins.items()}
        named.doubts += [
            doubt._replace(number=said[doubt.number].number)
            for doubt in found.doubts
            if doubt.about not in real
        ]
        for turn in found.turns:
            spoken = said[turn.line]
            label = real.get(turn.label, turn.label)
            lead = self.names[turn.line][1] if turn.label in real else spoken.lead + turn.lead
            named.lines.append(
                NamedLine(
                    SourceTurn(label, turn.time or spoken.cue.time, turn.text, spoken.number, lead)
                )
            )
        named.asides += [
            spoken.lead_aside
            for place, spoken in enumerate(said)
            if spoken.lead and place not in self.starts
        ]
        return named


def _names_of_any_shape(labelled: _Labelled, begin: list[int]) -> dict[int, tuple[str, str, str]]:
    """Beginnings of captions that are names although they are not shaped like one: known, or said
    again where most captions begin with a name. By place, the name, the name with its colon, and
    the words.
    """
    hints = labelled.hints
    before_colon = _before_colons(labelled, range(len(labelled.utterances)))
    counts = Counter(_key(before_colon[place]["name"]) for place in begin if place in before_colon)
    many = _most_begin_with_a_name(labelled, begin) and not hints.only_known
    return {
        place: (match["name"], match.group(), match.string[match.end() :])
        for place, match in before_colon.items()
        if match["name"] in hints or (many and counts[_key(match["name"])] > 1)
    }


def _key(name: str) -> str:
    return same(name).casefold()


def _before_colons(labelled: _Labelled, places: Sequence[int]) -> dict[int, re.Match[str]]:
    """What might be a name before a colon, of utterances whose speaker was not found."""
    return {
        place: match
        for place in places
        if place not in labelled.starts
        and (":" in (words := labelled.utterances[place].words) or "：" in words)
        and (match := _NAME.match(words))
        and match["name"] not in labelled.hints.not_speakers
        and not re.fullmatch(TIME, match["name"])
    }


def _most_begin_with_a_name(labelled: _Labelled, begin: list[int]) -> bool:
    found = sum(place in labelled.starts for place in begin)
    return 2 * (found + len(_before_colons(labelled, begin))) > len(begin)


def _might_be_names(labelled: _Labelled, begin: list[int]) -> list[Doubt]:
    """Where most captions begin with a name: what stands before a colon once."""
    if "*" in labelled.hints.not_speakers or not _most_begin_with_a_name(labelled, begin):
        return []
    told = {doubt.about for doubt in labelled.found.doubts} if labelled.found else set()
    return [
        Doubt(
            labelled.utterances[place].number,
            f'this caption might begin with a speaker: "{name}"',
            f"Say who it is with --interviewer {in_shell(name)} or --participant "
            f"{in_shell(name)}; if it begins a line of speech, --not-a-speaker {in_shell(name)}",
            limits.cut(labelled.utterances[place].words, 60),
            name,
        )
        for place, match in _before_colons(labelled, begin).items()
        if (name := match["name"]) not in told
    ]


def _nearly_all(labelled: _Labelled, begin: list[int]) -> bool:
    """Whether captions name the speaker each time, and not only where another begins: nearly all
    do, or most, and somebody is named again who goes on.
    """
    labels = [turn.label if (turn := labelled.starts.get(place)) else "" for place in begin]
    count = sum(map(bool, labels))
    again = any(label and label == before for before, label in pairwise(labels))
    return count >= _NEARLY_ALL * len(labels) or (again and 2 * count > len(labels))


def not_alone(lines: Sequence[NamedLine], path: str) -> UserError:
    seen = list(dict.fromkeys(line.turn.label for line in lines))
    first = lines[0].turn if lines else SourceTurn("", "", "", 1, "")
    return UserError.at(
        path,
        first.line,
        "--monologue is for a source where nothing says who speaks; here speak: "
        f"{limits.some(seen)}",
        "Leave --monologue out; or, for each that begins a line of speech, add --not-a-speaker "
        "LABEL",
        excerpt=first.text[:100],
    )


def throughout(utterances: Sequence[Utterance], path: str, hints: Hints) -> NamedSpeech:
    """One person's speech: a new turn after a pause,
    or at a sentence's end where it has grown long.

    Raises UserError where nobody said whose it is.
    """
    changes = [said for said in utterances if said.changes]
    name = hints.only_speaker or _declared(hints)
    if not name:
        raise _nobody_named(utterances[0], len(changes), path)
    named = NamedSpeech()
    length, ended, before, cue = 0, 0.0, "", None
    for said in utterances:
        fresh = said.changes
        if said.cue is not cue:
            cue = said.cue
            fresh = (
                fresh
                or cue.start - ended >= PAUSE
                or (length >= LONG and _SENTENCE_END.search(before) is not None)
            )
            ended = max(ended, cue.end)
        length = len(said.words) + (0 if fresh else length + 1)
        before = said.words
        turn = SourceTurn(name, said.cue.time, said.words, said.number, "")
        named.lines.append(NamedLine(turn, fresh))
    named.asides += [said.lead_aside for said in utterances if said.lead]
    if hints.shape.unlabelled and (changes or not hints.only_speaker or hints.only_known):
        named.shape = replace(named.shape, unlabelled=hints.shape.unlabelled)
    elif changes and not hints.only_known:
        named.doubts.append(
            Doubt(
                changes[0].number,
                f"{_changes(len(changes))} without a name, though --monologue says that one person "
                "speaks",
                "Write who speaks behind each >>, like `>> ANA: …`; "
                "if one person speaks all the same, add --unlabelled above",
                limits.cut(changes[0].words, 60),
            )
        )
    return named


def _nobody_named(first: Utterance, changes: int, path: str) -> UserError:
    if changes:
        return UserError.at(
            path,
            first.number,
            f"no speaker labels seen in this file, and {_changes(changes)} without a name",
            "Write who speaks behind each >>, like `>> ANA: …`; or, if one person speaks "
            "throughout all the same, --monologue NAME --unlabelled above",
            excerpt=first.words[:100],
        )
    return UserError.at(
        path,
        first.number,
        "no speaker labels seen in this file",
        "Begin each turn with who speaks, like `I: …` and `P: …`; "
        "or --monologue NAME if one person speaks throughout",
        excerpt=first.words[:100],
    )


def _changes(count: int) -> str:
    return "1 change of speaker (>>)" if count == 1 else f"{count} changes of speaker (>>)"
