"""Stage 1, the thinking part: a reading of a source → an interview with numbered turns.

Records in, records out. Which labels are the interviewer's comes from the settings and the command;
an unknown one is a problem that names all labels seen. The transcripts that stand say it of the
labels they have.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from gtpipe.analysis.machine_labels import is_a_machines
from gtpipe.model import limits
from gtpipe.model.names import slug
from gtpipe.model.problems import Kind, Problem, error, in_shell, note
from gtpipe.model.records import INTERVIEWER, Interview, Turn
from gtpipe.model.shape import ABOVE, NO_SHAPE, Shape
from gtpipe.model.spelling import one_apart
from gtpipe.model.typography import same
from gtpipe.readers.reading import Columns, Hints, Reading, SourceTurn
from gtpipe.store import settings

EVERYONE = "*"
# Labels under which several people speak at once, in small letters.
_LETTERS_OF_A_SLIP = 4  # shorter labels are initials and short names: "Ana" is not "Ann"
_SEVERAL = re.compile(
    r"all|both|everyone|everybody|several|many|group|audience|multiple(?: speakers| voices)?"
    r"|alle|beide|mehrere|tous|toutes|plusieurs|todos|todas|varios"
)
_REMARK = re.compile(r"(?<=\S)[ \t]*\([^()]{1,60}\)$")
_BRACKETED = re.compile(r"\\?[\[(][^\])]*[\])]")  # what happened, not what was said
_FEW = 10  # of so many questions one may be followed by a paragraph, where others go on too
_LONGEST_HEADING = 10  # lines
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

    def hints(
        self,
        columns: Columns = ANY_COLUMNS,
        monologue: str = "",
        shape: Shape = NO_SHAPE,
        shapes: tuple[Shape, ...] = (),
    ) -> Hints:
        others = {shape.unlabelled, shape.bold} - {"", ABOVE}
        return Hints(
            self.labels | others,
            frozenset(self.not_speakers),
            columns=columns,
            monologue=monologue,
            shape=shape,
            shapes=shapes,
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
                if folded not in known and speaker and not is_a_machines(label):
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
    seen = reading.labels()
    first = _first_labels(reading, roles)
    problems = [
        *_unknown(reading, roles, first, source_path),
        *_heading(reading, skip_heading, source_path),
        *(
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
        ),
    ]
    if not problems:
        problems += _nobody_answers(reading, roles, first, source_path)
    problems += _controls(reading, source_path)
    speakers = _speakers(seen, first, name, roles, source_path, problems)
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


def _first_labels(reading: Reading, roles: Roles) -> dict[str, str]:
    """Each label → the one under which its speaker is known: itself, unless the shape says that it
    is another's, or it is another's with a remark behind it, as `F2 (quietly)`.
    """
    known = {_key(label) for label in (*reading.labels(), *roles.labels)}
    first = {}
    for label in reading.labels():
        other = reading.shape.first_label(label)
        plain = _REMARK.sub("", label)
        if other == label and plain != label and _key(plain) in known:
            other = plain
        first[label] = other
    return first


def _unknown(
    reading: Reading, roles: Roles, first: Mapping[str, str], path: str
) -> Iterator[Problem]:
    """An error for each label of which nobody said who it is."""
    seen = reading.labels()
    counts = limits.some(f"{label} {count}" for label, (count, _) in seen.items())
    named = {_key(label) for label in (*roles.interviewers, *roles.participants)}

    def is_known(label: str) -> bool:
        if _key(label) in named or _key(first[label]) in named:
            return True
        return bool(roles.role(first[label])) and not _why_not_everyone(label, seen, roles)

    unknown = [label for label in seen if not is_known(label)]
    for label in unknown[: limits.NAMES]:
        count, line = seen[label]
        why = roles.why_unsure(label) or _why_not_everyone(label, seen, roles)
        twin = _slip_of(label, dict.fromkeys([*filter(is_known, seen), *roles.labels]))
        yield error(
            path,
            line,
            f'unknown speaker "{label}" ({count} of {len(reading.turns)} turns; labels '
            f"seen: {counts})" + (f": {why}" if why else ""),
            (f"{_same_as(twin, label, roles)}; or say" if twin else "Say")
            + f" who it is with --interviewer {in_shell(label)} or --participant "
            f"{in_shell(label + '=NAME' if _is_several(label, seen) else label)}; "
            f"if it begins a line of speech, --not-a-speaker {in_shell(label)}",
            kind=Kind.SPEAKER,
            about=label,
        )
    if len(unknown) > limits.NAMES:
        yield error(
            path,
            seen[unknown[limits.NAMES]][1],
            f"{len(unknown) - limits.NAMES} more unknown speakers, the first of them "
            f'"{unknown[limits.NAMES]}"',
            "Is it the right file?",
        )


def _slip_of(label: str, known: Iterable[str]) -> str:
    """The known label that `label` is a slip of the pen for, a letter of a word off; else ''. Other
    numbers, and initials, are other people.
    """
    ours = _key(label)
    for other in known:
        theirs = _key(other)
        if (
            min(sum(map(str.isalpha, each)) for each in (ours, theirs)) >= _LETTERS_OF_A_SLIP
            and re.findall(r"\d", ours) == re.findall(r"\d", theirs)
            and ours != theirs
            and one_apart(ours, theirs)
        ):
            return other
    return ""


def _same_as(twin: str, label: str, roles: Roles) -> str:
    """What to type where `label` is the known speaker `twin`."""
    if roles.role(twin) == INTERVIEWER:
        return f'Did you mean "{twin}"? --interviewer {in_shell(label)}'
    named = {_key(other): name for other, name in roles.names.items()}
    who = named.get(_key(twin), twin)
    return f'Did you mean "{twin}"? --participant {in_shell(f"{label}={who}")}'


def _why_not_everyone(label: str, seen: Iterable[str], roles: Roles) -> str:
    """Why a label is not one of `everybody else`, '' where it may be: several speak, nobody knows
    who does, or it looks like another label that is somebody already.
    """
    if EVERYONE not in roles.participants:
        return ""
    if _is_several(label, seen):
        return "several people speak"
    if not any(character.isalnum() for character in label):
        return "nobody knows who speaks"
    letters = _letters(label)
    twin = next(
        (
            other
            for other in (*roles.interviewers, *(o for o in roles.participants if o != EVERYONE))
            if _key(other) != _key(label) and _letters(other) == letters
        ),
        "",
    )
    return f'is it the same as "{twin}"?' if twin else ""


def _letters(label: str) -> str:
    return "".join(filter(str.isalnum, _key(label)))


def _is_several(label: str, seen: Iterable[str]) -> bool:
    """Whether a label stands for more than one person: `All`, or two labels at once."""
    if _SEVERAL.fullmatch(_key(label)):
        return True
    known = {_key(other) for other in seen}
    parts = [part.strip() for part in re.split(r"/|&|\+|,|\band\b|\bund\b|\bet\b", _key(label))]
    return len(parts) > 1 and any(part in known for part in parts) and all(parts)


def _heading(reading: Reading, skip_heading: bool, path: str) -> Iterator[Problem]:
    """What stands before the first speaker is left out only by a person's word, and is no talk."""
    to = reading.shape.heading_to
    above = [(line, words) for line, words in reading.left_out if line > to]
    if not above:
        return
    first, words = above[0]
    more = f" (and {len(above) - 1} more lines)" if len(above) > 1 else ""
    talk = _talk_in(reading, above)
    if talk is None and skip_heading:
        return
    if talk is None:
        yield error(
            path,
            first,
            f"words before the first speaker{more}",
            "If they are a heading, leave them out with --skip-heading",
            excerpt=words.strip()[:100],
        )
        return
    line, why, label = talk
    excerpt = next(words for number, words in above if number == line).strip()[:100]
    if label:
        yield error(
            path,
            line,
            f'this is no heading: "{label}" speaks here',
            "Give the line the form of the others",
            excerpt=excerpt,
            kind=Kind.SPEAKER,
            about=label,
        )
        return
    yield error(
        path,
        line,
        f"words before the first speaker{more}, and {why}",
        f"If all of it is a heading, --heading-to {reading.left_out[-1][0]}; if somebody speaks "
        f"there, --unlabelled NAME --heading-to {max(0, first - 1)} says who, and where the "
        "heading ends",
        excerpt=excerpt,
    )


def _talk_in(reading: Reading, above: list[tuple[int, str]]) -> tuple[int, str, str] | None:
    """The first line of a heading that is none: its number, why, and the label in it; else None."""
    for line, words in above:
        label = next(
            (
                label
                for label in reading.labels()
                if re.match(rf"\W*{re.escape(label)}\W*[:：]", words)
            ),
            "",
        )
        if label:
            return line, "", label
    if reading.shape.heading_to >= 0:
        return above[0][0], "the heading ends above them", ""
    for line, words in above:
        if _is_sentence(words):
            return line, "this may be talk", ""
    if len(above) > _LONGEST_HEADING:
        return above[0][0], "that is much for a heading", ""
    return None


def _is_sentence(words: str) -> bool:
    """Whether a line above an interview may be speech: a sentence with its stop, or a long line.

    >>> _is_sentence("Right, I am reading it."), _is_sentence("Interview 3, Kitchen, 2 March")
    (True, False)
    """
    words = words.strip().lstrip("#*_> ").rstrip("*_\"'”’) ")
    count = len(words.split())
    return count > 30 or (count >= 4 and words.endswith((".", "?", "!", "…", "。", "？")))


def _nobody_answers(
    reading: Reading, roles: Roles, first: Mapping[str, str], path: str
) -> Iterator[Problem]:
    """An interview in which no participant speaks; or in which what follows a question, in a
    paragraph of its own, stands in the interviewer's mouth.
    """
    asking = {label for label in reading.labels() if roles.role(first[label]) == INTERVIEWER}
    turns = reading.turns
    if all(turn.label in asking for turn in turns):
        yield error(
            path,
            turns[0].line if turns else None,
            "no participant speaks in this interview",
            "If somebody answers without a label, say who with --unlabelled NAME; if "
            f"{limits.some(asking)} is a participant, put that right in {settings.FILE}",
        )
        return
    if reading.shape.unlabelled:
        return
    apart = {turn.line: _paragraphs(turn.text) for turn in turns if "\n\n" in turn.text}
    long = [turn for turn in turns if len(apart.get(turn.line, ())) > 1]
    asked = [
        turn for turn in long if turn.label in asking and apart[turn.line][0].endswith(("?", "？"))
    ]
    others_go_on = any(turn.label not in asking for turn in long)
    if not asked or (others_go_on and len(asked) * _FEW < sum(t.label in asking for t in turns)):
        return
    many = "" if len(asked) == 1 else f" ({len(asked)} times)"
    yield error(
        path,
        asked[0].line,
        f'a paragraph without a label follows a question of "{asked[0].label}"{many}',
        "Say whose words such paragraphs are with --unlabelled NAME; or --unlabelled "
        "above, if they go on with the speaker above",
        excerpt=apart[asked[0].line][1][:100],
    )


def _paragraphs(text: str) -> list[str]:
    """The paragraphs in which something is said, and not only something happens in brackets."""
    return [part.strip() for part in text.split("\n\n") if _BRACKETED.sub("", part).strip()]


def _speakers(
    seen: dict[str, tuple[int, int]],
    first: Mapping[str, str],
    name: str,
    roles: Roles,
    source_path: str,
    problems: list[Problem],
) -> dict[str, str]:
    people = dict.fromkeys(
        _key(first[label]) for label in seen if roles.role(first[label]) != INTERVIEWER
    )
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
        known = first[label]
        folded = _key(label) if _key(label) in named else _key(known)
        if roles.role(label) == INTERVIEWER or roles.role(known) == INTERVIEWER:
            speakers[label] = INTERVIEWER
            continue
        who = named.get(folded) or (
            name if len(people) == 1 else f"{name}-{slug(known) or len(speakers) + 1}"
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
