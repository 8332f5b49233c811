"""Stage 1, the thinking part: a reading of a source → an interview with numbered turns, and proof
that no word is lost.

Records in, records out. Which labels are the interviewer's comes from the settings and the command;
an unknown one is a problem that names all labels seen. The transcripts that stand say it of the
labels they have.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gtpipe.model import limits
from gtpipe.model.names import slug
from gtpipe.model.problems import Kind, Problem, error, in_shell, note
from gtpipe.model.records import INTERVIEWER, Interview, Turn
from gtpipe.model.typography import same
from gtpipe.readers.reading import Columns, Hints, Reading, SourceTurn

EVERYONE = "*"
# What machines call whom they do not know, in small letters.
_ANONYMOUS = re.compile(
    r"(?:unknown|unidentified)(?:[ _-]*speaker)?(?:[ _-]*\d+)?|speaker(?:[ _-]*(?:\d+|[a-z]))?"
    r"|(?:spk|s|person|voice|sprecher|locuteur|hablante|orador)[ _-]*\d+|\d+"
)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SIGNS = {
    "\x00": "null",
    "\x07": "bell",
    "\x08": "backspace",
    "\x0d": "carriage return",
    "\x1b": "escape",
    "\x7f": "delete",
}


ANY_COLUMNS = Columns()


@dataclass(frozen=True)
class Roles:
    """Who is who: labels of interviewers and participants, names given to participants, lines that
    are words after all.

    A participant label `*` stands for everybody not named otherwise. `unsure` are labels of which
    transcripts say different things: who is the interviewer in one and a participant in another.
    """

    interviewers: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    not_speakers: tuple[str, ...] = ()
    unsure: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def labels(self) -> frozenset[str]:
        """Every label that is known, whoever it is."""
        return frozenset({*self.interviewers, *self.participants, *self.unsure} - {EVERYONE})

    def hints(self, columns: Columns = ANY_COLUMNS, monologue: str = "") -> Hints:
        return Hints(
            self.labels, frozenset(self.not_speakers), columns=columns, monologue=monologue
        )

    def remembering(self, transcripts: Mapping[str, Mapping[str, str]]) -> Roles:
        """The same, and what transcripts say of labels that are not known yet: by interview, who
        each label is.

        Where two say different things of a label, it is nobody's. What a machine calls somebody
        ("Speaker 1") is a number, another person in the next file, and is not remembered.
        """
        known = {_key(label) for label in self.labels}
        said: dict[str, dict[str, str]] = {}  # label → role → the first interview that says so
        spelt: dict[str, str] = {}
        for interview, speakers in transcripts.items():
            for label, speaker in speakers.items():
                folded = _key(label)
                if folded not in known and speaker and not _ANONYMOUS.fullmatch(folded):
                    role = INTERVIEWER if speaker == INTERVIEWER else "participant"
                    said.setdefault(spelt.setdefault(folded, label), {}).setdefault(role, interview)
        sure = {label: next(iter(roles)) for label, roles in said.items() if len(roles) == 1}
        return replace(
            self,
            interviewers=(
                *self.interviewers,
                *(label for label, role in sure.items() if role == INTERVIEWER),
            ),
            participants=(
                *self.participants,
                *(label for label, role in sure.items() if role != INTERVIEWER),
            ),
            unsure={
                label: (roles[INTERVIEWER], roles["participant"])
                for label, roles in said.items()
                if label not in sure
            },
        )

    def with_speakers(self, speakers: dict[str, str]) -> Roles:
        """The same, where a transcript says who its labels are."""
        ours = {_key(label) for label in speakers}
        return Roles(
            (
                *(label for label in self.interviewers if _key(label) not in ours),
                *(label for label, speaker in speakers.items() if speaker == INTERVIEWER),
            ),
            (
                *(label for label in self.participants if _key(label) not in ours),
                *(label for label, speaker in speakers.items() if speaker != INTERVIEWER),
            ),
            {
                **{label: speaker for label, speaker in speakers.items() if speaker != INTERVIEWER},
                **self.names,
            },
            self.not_speakers,
            {label: said for label, said in self.unsure.items() if _key(label) not in ours},
        )

    def role(self, label: str) -> str:
        """`interviewer`, `participant`, or '' for an unknown label; capital letters or not."""
        folded = _key(label)
        if folded in {_key(other) for other in self.interviewers}:
            return INTERVIEWER
        if folded in {_key(other) for other in self.participants}:
            return "participant"
        return "participant" if EVERYONE in self.participants and not self.why_unsure(label) else ""

    def why_unsure(self, label: str) -> str:
        """What transcripts say of a label, where they do not agree; else ''."""
        said = next(
            (said for other, said in self.unsure.items() if _key(other) == _key(label)), None
        )
        return f"the interviewer in {said[0]} and a participant in {said[1]}" if said else ""


def _key(label: str) -> str:
    """What two labels of one speaker have in common: how they look, capital letters apart."""
    return same(label).casefold()


def person(name: str) -> str:
    """What a participant's name is compared by: `P10` is `p10`, and `Ana B.` is `ana-b`."""
    return slug(name) or name.casefold()


def interview_of(
    reading: Reading,
    name: str,
    path: str,
    roles: Roles,
    *,
    date: str = "",
    schedule: str = "",
    source: str = "",
    skip_heading: bool = False,
    source_path: str = "",
) -> tuple[Interview, list[Problem]]:
    """The interview in `reading`, its turns numbered from 1.

    One participant label is the participant called like the interview; of several, each is
    `<interview>-<label>`, so that nobody is taken for somebody else by accident. `roles.names` says
    otherwise; a label that is itself the name given to another label is that person too.
    """
    problems: list[Problem] = []
    seen = reading.labels()
    counts = limits.some(f"{label} {count}" for label, (count, _) in seen.items())
    unknown = [label for label in seen if not roles.role(label)]
    for label, (count, line) in seen.items():
        if label in unknown[: limits.NAMES]:
            unsure = roles.why_unsure(label)
            problems.append(
                error(
                    source_path,
                    line,
                    f'unknown speaker "{label}" ({count} of {len(reading.turns)} turns; labels '
                    f"seen: {counts})" + (f": {unsure}" if unsure else ""),
                    f"Say who it is with --interviewer {in_shell(label)} or --participant "
                    f"{in_shell(label)}; "
                    f"if it begins a line of speech, --not-a-speaker {in_shell(label)}",
                    kind=Kind.SPEAKER,
                    about=label,
                )
            )
    if len(unknown) > limits.NAMES:
        problems.append(
            error(
                source_path,
                seen[unknown[limits.NAMES]][1],
                f"{len(unknown) - limits.NAMES} more unknown speakers, the first of them "
                f'"{unknown[limits.NAMES]}"',
                "Is it the right file?",
            )
        )
    if reading.left_out and not skip_heading:
        line, words = reading.left_out[0]
        more = f" (and {len(reading.left_out) - 1} more lines)" if len(reading.left_out) > 1 else ""
        problems.append(
            error(
                source_path,
                line,
                f"words before the first speaker{more}",
                "If they are a heading, leave them out with --skip-heading",
                excerpt=words.strip()[:100],
            )
        )
    for line, words in reading.left_out if skip_heading else ():
        label = next(
            (label for label in seen if re.match(rf"\W*{re.escape(label)}\W*[:：]", words)), ""
        )
        if label:
            problems.append(
                error(
                    source_path,
                    line,
                    f'this is no heading: "{label}" speaks here',
                    "Give the line the form of the others",
                    excerpt=words.strip()[:100],
                    kind=Kind.SPEAKER,
                    about=label,
                )
            )
    problems += [
        error(
            source_path,
            doubt.number,
            doubt.what,
            doubt.do,
            excerpt=doubt.excerpt,
            kind=Kind.SPEAKER if doubt.about else Kind.OTHER,
            about=doubt.about,
        )
        for doubt in reading.doubts
    ]
    problems += _controls(reading, source_path)
    speakers = _speakers(seen, name, roles, source_path, problems)
    turns = tuple(
        Turn(str(number), turn.time, turn.label, turn.text, 0)
        for number, turn in enumerate(reading.turns, 1)
    )
    return Interview(name, path, date, speakers, turns, schedule, source), problems


def _controls(reading: Reading, path: str) -> list[Problem]:
    """A note on characters that nobody sees and terminals obey, with the first place; words are
    kept with them.
    """
    seen: dict[str, None] = {}
    turns: list[SourceTurn] = []
    for turn in reading.turns:
        signs = [] if turn.text.isprintable() else _CONTROLS.findall(turn.text)
        if signs:
            seen |= dict.fromkeys(signs)
            turns.append(turn)
    if not turns:
        return []
    first = turns[0]
    line = first.line
    if reading.unit == "line":
        line += (first.lead + _CONTROLS.split(first.text, maxsplit=1)[0]).count("\n")
    told = limits.some(
        f"U+{ord(sign):04X} ({_SIGNS.get(sign) or unicodedata.name(sign, 'no name').lower()})"
        for sign in seen
    )
    where = f", in {len(turns)} turns" if len(turns) > 1 else ""
    what = "a control character stands" if len(seen) == 1 else "control characters stand"
    return [
        note(
            path,
            line,
            f"{what} among the words: {told}{where}",
            "They are kept, and shown as \ufffd on a terminal; if they are no words, take them out "
            "of the file first",
        )
    ]


def _speakers(
    seen: dict[str, tuple[int, int]],
    name: str,
    roles: Roles,
    source_path: str,
    problems: list[Problem],
) -> dict[str, str]:
    people = dict.fromkeys(_key(label) for label in seen if roles.role(label) != INTERVIEWER)
    named = {_key(label): participant for label, participant in roles.names.items()}
    given = {person(participant): participant for participant in named.values() if participant}
    named |= {
        _key(label): given[person(label)]
        for label in seen
        if person(label) in given and _key(label) not in named
    }
    speakers = {}
    taken: dict[str, str] = {}
    for label, (_, line) in seen.items():
        folded = _key(label)
        if roles.role(label) == INTERVIEWER:
            speakers[label] = INTERVIEWER
            continue
        who = named.get(folded) or (
            name if len(people) == 1 else f"{name}-{slug(label) or len(speakers) + 1}"
        )
        if who.casefold() == INTERVIEWER:
            problems.append(
                error(
                    source_path,
                    line,
                    f'"{label}" would be a participant called "{who}"',
                    f"Give them another name: --participant {in_shell(label + '=NAME')}",
                    kind=Kind.SPEAKER,
                    about=label,
                )
            )
        elif taken.setdefault(who, folded) != folded and folded not in named:
            problems.append(
                error(
                    source_path,
                    line,
                    f'"{label}" and another label would both be the participant "{who}"',
                    f"Tell them apart: --participant {in_shell(label + '=NAME')}",
                    kind=Kind.SPEAKER,
                    about=label,
                )
            )
        speakers[label] = who
    return speakers


def lost_words(reading: Reading, stored: Interview, plainly: str | None) -> str:
    """'' when the words of the source are those of the stored turns, white space apart; else where
    they part ways.

    `stored` is the transcript as read back from what is to be written; `plainly` the text of the
    same source by a second, simpler way, None where there is none. Labels, time marks and what the
    reading lists as left out are the only other words there may be.
    """
    if len(stored.turns) != len(reading.turns):
        return f"{len(reading.turns)} turns read, {len(stored.turns)} stored"
    for said, turn in zip(reading.turns, stored.turns, strict=True):
        if _not_words(said.lead, said.label):
            lead = limits.cut(said.lead.strip(), limits.EXCERPT)
            return f'turn {turn.id}: "{lead}" holds more than a label and a time'
        if (said.label, said.time) != (turn.label, turn.time):
            return f"turn {turn.id}: the label or time changed"
        if said.text.split() != turn.text.split():
            return f"turn {turn.id}: {_parting(said.text.split(), turn.text.split())}"
    return "" if plainly is None else _lost_in_reading(reading, plainly)


def _lost_in_reading(reading: Reading, plainly: str) -> str:
    """Where the reading and the source's plain text part ways.

    A table's columns may stand in another order there.
    """
    kept = " ".join(
        [
            *(words for _, words in reading.left_out),
            *(turn.lead + turn.text for turn in reading.turns),
        ]
    )
    if not reading.asides and "".join(kept.split()) == "".join(plainly.split()):
        return ""
    kept += " " + " ".join(aside.words for aside in reading.asides)
    source, read = plainly.split(), kept.split()
    if Counter(source) == Counter(read) or Counter("".join(source)) == Counter("".join(read)):
        return ""
    lost, gained = Counter(source) - Counter(read), Counter(read) - Counter(source)
    if not reading.asides:
        return _parting(source, read)
    told = [
        f"{what}: {' '.join(list(words.elements())[:6])}"
        for what, words in (("in the source only", lost), ("read only", gained))
        if words
    ]
    return "; ".join(told)


def _parting(source: list[str], kept: list[str]) -> str:
    at = next(
        (i for i, (a, b) in enumerate(zip(source, kept, strict=False)) if a != b),
        min(len(source), len(kept)),
    )
    theirs, ours = (
        limits.cut(" ".join(words[at : at + 6]), limits.EXCERPT) for words in (source, kept)
    )
    return f'the source has "{theirs}" where the transcript has "{ours}"'


def _not_words(lead: str, label: str) -> str:
    return re.sub(r"[\s\d:：.,*_\\\[\]()>+#–—'\"‘“\u200e\u200f-]", "", lead.replace(label, "", 1))
