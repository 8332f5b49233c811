"""`data/transcripts/<interview>.md`: front matter, then one `[id time] LABEL: words` a turn.

Made by ingest, then a person's to correct. A turn runs to the next `[id]`; a line of speech that
looks like one is stored with a leading backslash.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import accumulate
from operator import add
from typing import NamedTuple, overload

from gtpipe.model.names import is_date
from gtpipe.model.problems import Problem, UserError, did_you_mean, error, note
from gtpipe.model.records import GONE, TIME, TURN_ID, WITHDRAWN, Interview, Turn
from gtpipe.store.layout import PARTICIPANTS, decode
from gtpipe.text import frontmatter, yamltext
from gtpipe.text.yamltext import Mapping, Scalar

FIELDS = ("interview", "date", "speakers", "schedule", "source")
_HEADER = rf"\[({TURN_ID})(?: ({TIME}))?\](?=[ \n]|\Z)"
HEADER = re.compile(rf"(?<=\n){_HEADER}")
_BREAK = re.compile(rf"\n{_HEADER}")  # as HEADER, and sooner found, but the line end is not left


class _Escapes(NamedTuple):
    """Where a line of speech gets a backslash and loses it, and what was meant as the head of a
    turn and is none.
    """

    add: re.Pattern[str]
    remove: re.Pattern[str]
    damaged: re.Pattern[str]


@lru_cache(maxsize=64)
def _escapes(labels: tuple[str, ...]) -> _Escapes:
    """A head, or what would be taken for a damaged one because a label follows: `[5]I:`, ` [5] I:`,
    `[5 0:1] I:`.
    """
    head = rf"\[{TURN_ID}(?: {TIME})?\](?=[ \n]|\Z)"
    label = "|".join(map(re.escape, labels)) or "(?!)"
    damaged = rf"\[[ \t]*\d+[a-z]*\b[^\]\n]*\][ \t]*(?:{label})[ \t]*:"
    return _Escapes(
        re.compile(rf"^(?=\\*{head})|^[ \t]*(?=\\*{damaged})", re.M),
        re.compile(rf"^()\\(?=\\*{head})|^([ \t]*)\\(?=\\*{damaged})", re.M),
        re.compile(rf"^[ \t]*{damaged}", re.M),
    )


def dumps(interview: Interview) -> str:
    """The transcript file of `interview`."""
    speakers = ", ".join(
        f"{yamltext.inline(k)}: {yamltext.inline(v)}" for k, v in interview.speakers.items()
    )
    head = [
        "---",
        f"interview: {interview.name}",
        f"date: {interview.date}".rstrip(),
        f"speakers: {{{speakers}}}",
    ]
    if interview.schedule:
        head.append(f"schedule: {yamltext.inline(interview.schedule)}")
    if interview.source:
        head.append(f"source: {yamltext.inline(interview.source)}")
    head += [f"{field}: {yamltext.inline(value)}" for field, value in interview.attributes]
    head.append("---")
    labels = tuple(interview.speakers)
    turns = (f"\n{header(turn)}{_escape(turn.text, labels)}\n" for turn in interview.turns)
    return "\n".join(head) + "\n" + "".join(turns)


def with_line_feeds(text: str, path: str) -> tuple[str, bool]:
    """A file's text with line feeds alone, and whether it had Windows' line ends. Raises UserError
    where it has both.
    """
    windows = "\r\n" in text
    if windows and text.count("\r\n") != text.count("\n"):
        raise UserError(
            error(
                path,
                None,
                "this file has line ends of two kinds",
                "Save it with one kind in your editor, then try again",
            )
        )
    return text.replace("\r\n", "\n"), windows


def rewrite(
    text: str, path: str, turns: Sequence[Turn], speakers: dict[str, str], source: str
) -> str:
    """`text` of a transcript with `turns` for its turns; of those that stand there as they are, no
    byte changes.

    `speakers` are labels to be added, `source` the file it now comes from. Raises UserError where
    the front matter cannot take them.
    """
    text, windows = with_line_feeds(text, path)
    before, _ = loads(text, path)
    labels = tuple({**before.speakers, **speakers})
    _, body = frontmatter.split(text, path, FIELDS)
    heads = list(HEADER.finditer(text, body))
    chunks = {
        head.group(1): text[head.start() : following.start() if following else len(text)]
        for head, following in zip(heads, [*heads[1:], None], strict=False)
    }
    parts = [text[: heads[0].start()] if heads else text.rstrip("\n") + "\n\n"]
    fresh: set[int] = set()
    for turn in turns:
        chunk = chunks.get(turn.id, "")
        old = before.turn(turn.id)
        if old is not None and old._replace(line=0) == turn._replace(line=0):
            parts.append(chunk)
            continue
        tail = chunk[len(chunk.rstrip()) :] or "\n\n"
        if old is None:
            fresh.add(len(parts))
        parts.append(f"{header(turn)}{_escape(turn.text, labels)}{tail}")
    for index, chunk in enumerate(parts[:-1]):
        if (
            not chunk.endswith("\n\n")
            and index
            and (fresh & {index, index + 1} or not chunk.endswith("\n"))
        ):
            parts[index] = chunk.rstrip("\n") + "\n\n"
    parts[-1] = parts[-1].rstrip("\n") + text[len(text.rstrip("\n")) :]
    text = _front_with(
        "".join(parts),
        path,
        {k: v for k, v in speakers.items() if k not in before.speakers},
        source,
    )
    return text.replace("\n", "\r\n") if windows else text


def withdrawn(text: str, path: str, participant: str) -> str:
    """`text` of a transcript in which the turns of `participant` say `(withdrawn)`, and their label
    and name are no more; of other turns no byte changes.

    Raises UserError where that cannot be done by lines.
    """
    windows = "\r\n" in text
    text = text.replace("\r\n", "\n")
    interview, _ = loads(text, path)
    new = _labels_withdrawn(interview, participant)
    if not new:
        return text.replace("\n", "\r\n") if windows else text
    front, body = frontmatter.split(text, path, FIELDS)
    heads = list(HEADER.finditer(text, body))
    parts = []
    for head, following in zip(heads, [*heads[1:], None], strict=False):
        chunk = text[head.start() : following.start() if following else len(text)]
        turn = interview.turn(head.group(1))
        if turn is not None and turn.label in new:
            gone = turn._replace(label=new[turn.label], text=GONE)
            chunk = f"{header(gone)}{GONE}{chunk[len(chunk.rstrip()) :]}"
        parts.append(chunk)
    first = text.index("\n") + 1
    speakers = next(
        value
        for key, value in yamltext.pairs(yamltext.parse(front, path))
        if key.value == "speakers"
    )
    edits = [
        (node.start, node.end, written)
        for label, who in yamltext.pairs(speakers)
        if label.value in new
        for node, written in ((label, new[label.value]), (who, WITHDRAWN))
    ]
    for start, end, written in sorted(edits, reverse=True):
        front = front[:start] + yamltext.inline(written) + front[end:]
    behind = text[first + len(frontmatter.split(text, path, FIELDS)[0]) - 1 : body]
    start = heads[0].start() if heads else len(text)
    edited = text[:first] + front[1:] + behind + text[body:start] + "".join(parts)
    expected = [
        turn._replace(label=new[turn.label], text=GONE, line=0)
        if turn.label in new
        else turn._replace(line=0)
        for turn in interview.turns
    ]
    after, problems = loads(edited, path)
    if [turn._replace(line=0) for turn in after.turns] != expected or any(
        problem.is_error for problem in problems
    ):
        what = "the turns cannot be taken out of this transcript without touching other lines"
        raise UserError(error(path, None, what, "Write `(withdrawn)` for them by hand"))
    return edited.replace("\n", "\r\n") if windows else edited


def _labels_withdrawn(interview: Interview, participant: str) -> dict[str, str]:
    """Label of the participant → what it is from now on: a label that nobody else has."""
    new: dict[str, str] = {}
    for label, who in interview.speakers.items():
        if who == participant:
            taken = {*interview.speakers, *new.values()}
            names = (f"Withdrawn{number}" for number in ("", *range(2, len(taken) + 3)))
            new[label] = next(name for name in names if name not in taken)
    return new


def _front_with(text: str, path: str, speakers: dict[str, str], source: str) -> str:
    """`text` with labels more in its `speakers`, and its `source` naming `source`; remarks behind
    them stay.
    """
    front, _ = frontmatter.split(text, path, FIELDS)
    first = text.index("\n") + 1  # where the front matter begins; `front` has a line end before it
    found = {key.value: (key, value) for key, value in yamltext.pairs(yamltext.parse(front, path))}
    edits: list[tuple[int, int, str]] = []
    if speakers:
        more = ", ".join(
            f"{yamltext.inline(label)}: {yamltext.inline(name)}" for label, name in speakers.items()
        )
        value = found["speakers"][1] if "speakers" in found else None
        close = (
            front.find("}", value.pairs[-1][1].end)
            if isinstance(value, Mapping) and front[value.start] == "{" and value.pairs
            else -1
        )
        if close < 0:
            raise UserError(
                error(
                    path,
                    1,
                    f"the new speaker {', '.join(speakers)} cannot be added to this front matter",
                    f"Add `{more}` to its `speakers`, then try again",
                )
            )
        edits.append((len(front[:close].rstrip()), close, f", {more}"))
    written = yamltext.inline(source)
    if source and "source" in found:
        key, value = found["source"]
        if isinstance(value, Scalar) and not value.value:
            edits.append((key.end + 1, key.end + 1, f" {written}"))
        elif isinstance(value, Scalar) and value.value.strip() != source:
            edits.append((value.start, value.end, written))
    elif source:
        edits.append((len(front), len(front), f"source: {written}\n"))
    for start, end, new in sorted(edits, reverse=True):
        front = front[:start] + new + front[end:]
    return (
        text[:first] + front[1:] + text[first + len(frontmatter.split(text, path, FIELDS)[0]) - 1 :]
    )


def header(turn: Turn) -> str:
    time = f" {turn.time}" if turn.time else ""
    return f"[{turn.id}{time}] {turn.label}:" + (" " if turn.text else "")


def _escape(text: str, labels: tuple[str, ...]) -> str:
    """Every line but the first that looks like the head of a turn gets one more backslash."""
    first, newline, rest = text.partition("\n")
    return first + newline + _escapes(labels).add.sub(r"\g<0>\\", rest) if "[" in rest else text


def _unescape(text: str, labels: tuple[str, ...]) -> str:
    first, newline, rest = text.partition("\n")
    return first + newline + _escapes(labels).remove.sub(r"\1\2", rest)


def head_of(text: str) -> tuple[str, dict[str, str]]:
    """The `source` and the `speakers` (label → who that is) in a transcript's front matter; its
    turns are not looked at.

    Empty where the front matter cannot be read, which `loads` tells.
    """
    head = re.match(r"---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", text, re.S | re.M)
    try:
        node = yamltext.parse(head.group(1), "") if head else None
    except UserError:
        return "", {}
    speakers = yamltext.pair_of(node, "speakers")
    return yamltext.value_of(node, "source"), {
        label.value: who.value.strip() if isinstance(who, Scalar) else ""
        for label, who in yamltext.pairs(speakers and speakers[1])
    }


def loads(text: str, path: str) -> tuple[Interview, list[Problem]]:
    """An interview and the problems of its file.

    The file's name decides what the interview is called.

    Raises UserError where nothing can be made of the file: no front matter, merge conflict markers.
    """
    name = path.rpartition("/")[2].removesuffix(".md")
    text = text.replace("\r\n", "\n")
    front, body = frontmatter.split(text, path, FIELDS)
    problems: list[Problem] = []
    head = _front_matter(front, name, path, problems)
    return replace(head, turns=_turns(text, body, head.speakers, path, problems)), problems


class Turns(Sequence[Turn]):
    """What `loads` gives as the turns of a transcript that nothing is wrong with, and of whose
    turns the ids and labels are known. Its words are held once, and a turn is made of them when it
    is asked for.
    """

    def __init__(
        self, content: bytes, ids: tuple[str, ...], labels: tuple[str, ...], speakers: Iterable[str]
    ) -> None:
        """Raises ValueError where the content has not as many heads as ids."""
        # Each head of a turn is a line that begins with a bracket: where there are as many such
        # lines as turns, those are the heads.
        before, *pieces = content.split(b"\n[")
        if len(pieces) != len(ids):
            raise ValueError
        self._content, self._ids, self._labels, self._speakers = content, ids, labels, speakers
        starts = [*accumulate([len(piece) + 2 for piece in pieces], initial=len(before) + 2)]
        self._ends = array("I", [start - 2 for start in starts[1:]])
        lines = [piece.count(b"\n") + 1 for piece in pieces[:-1]]
        self._lines = array("I", accumulate(lines, initial=before.count(b"\n") + 2))
        heads = _heads(ids, labels)
        # Where that is so of all, the heads need not be looked at again.
        self._is_plain = b"\\[" not in content and all(map(bytes.startswith, pieces, heads))
        begins = map(add, starts, map(len, heads)) if self._is_plain else starts[:-1]
        self._starts = array("I", begins)

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, index: int) -> Turn: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Turn, ...]: ...
    def __getitem__(self, index: int | slice) -> Turn | tuple[Turn, ...]:
        if isinstance(index, slice):
            return tuple([self[at] for at in range(*index.indices(len(self)))])
        id, label, time = self._ids[index], self._labels[index], ""
        words = self._content[self._starts[index] : self._ends[index]].decode()
        if not self._is_plain:
            head, _, speech = words.partition("]")
            words, time = speech.strip(" ")[len(label) + 1 :], head[len(id) + 1 :]
            if "\\[" in words:
                words = _unescape(words, tuple(self._speakers))
        return _TURN((id, time, label, words.strip(), self._lines[index]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)


_TURN: Callable[[tuple[object, ...]], Turn] = partial(tuple.__new__, Turn)  # as `_make`, but faster


@lru_cache(maxsize=256)
def _heads(ids: tuple[str, ...], labels: tuple[str, ...]) -> list[bytes]:
    """How turns begin, behind the bracket, that have no time."""
    return [f"{id}] {label}:".encode() for id, label in zip(ids, labels, strict=True)]


def turns_as_known(
    content: bytes,
    path: str,
    ids: tuple[str, ...],
    labels: tuple[str, ...],
    speakers: Iterable[str],
) -> Sequence[Turn]:
    """The turns of a transcript out of its bytes, where their ids and labels are known."""
    try:
        return Turns(content.replace(b"\r\n", b"\n"), ids, labels, speakers)
    except ValueError:
        return loads(decode(content, path), path)[0].turns


def _front_matter(text: str, name: str, path: str, problems: list[Problem]) -> Interview:
    """An interview as its front matter has it, without turns."""
    found = frontmatter.read(text, path, FIELDS, problems)

    def get(field: str) -> str:
        return yamltext.text_of(found.get(field), path, problems)

    if get("interview") not in ("", name):
        problems.append(
            error(
                path,
                found["interview"][0].line,
                f'the file is called "{name}" and its interview "{get("interview")}"',
                "Give both the same name",
            )
        )
    date = get("date")
    if date:
        if not is_date(date):
            problems.append(
                error(
                    path, found["date"][0].line, f'"{date}" is not a date', "Write it as 2026-03-02"
                )
            )
            date = ""
    else:
        line = found["date"][0].line if "date" in found else 1
        problems.append(
            note(
                path,
                line,
                "this interview has no date, and stands last in the order of interviews",
                "Write `date: YYYY-MM-DD` in its front matter",
            )
        )
    speakers: dict[str, str] = {}
    pair = found.get("speakers")
    if pair is None or not isinstance(pair[1], Mapping) or not pair[1].pairs:
        problems.append(
            error(
                path,
                pair[0].line if pair else 1,
                "the front matter does not say who speaks",
                "Write `speakers: {I: interviewer, P: NAME}`",
            )
        )
    else:
        for label, speaker in pair[1].pairs:
            value = speaker.value.strip() if isinstance(speaker, Scalar) else ""
            if label.value in speakers:
                problems.append(
                    error(path, label.line, f'the speaker "{label.value}" stands twice', "Keep one")
                )
            elif not value:
                problems.append(
                    error(
                        path,
                        label.line,
                        f'the speaker "{label.value}" is nobody',
                        f"Write `interviewer` or a participant of {PARTICIPANTS}",
                    )
                )
            else:
                speakers[label.value] = value
    return Interview(
        name=name,
        path=path,
        date=date,
        speakers=speakers,
        schedule=get("schedule"),
        source=get("source"),
        speakers_line=pair[0].line if pair else 1,
        attributes=tuple(
            (field, yamltext.words_of(value))
            for field, (_, value) in found.items()
            if field not in FIELDS and yamltext.words_of(value)
        ),
        turns=(),
    )


def _turns(
    text: str, start: int, speakers: dict[str, str], path: str, problems: list[Problem]
) -> tuple[Turn, ...]:
    before, *parts = _BREAK.split(text[start - 1 :])  # a head wants a line end in front
    said, line = before[1:], text.count("\n", 0, start) + 1
    if said.strip():
        ahead = said[: len(said) - len(said.lstrip())]
        problems.append(
            error(
                path,
                line + ahead.count("\n"),
                "words before the first turn",
                "A turn begins with its id: `[1] I: …`",
            )
        )
    line += before.count("\n")
    # Longest label first, so that `Ana B` is not read as `Ana`.
    labels = [f"{label}:" for label in sorted(speakers, key=len, reverse=True)]
    hold_no_colon = not any(":" in label for label in speakers)
    turns: list[Turn] = []
    first_line: dict[str, int] = {}
    for id, time, speech in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        here, line = line, line + speech.count("\n") + 1
        speech = speech.strip(" ")
        label, colon, words = speech.partition(":")
        if not (hold_no_colon and colon and label in speakers):
            found = next(filter(speech.startswith, labels), None)
            if found is None:
                problems.append(_unknown_speaker(speech, id, speakers, path, here))
                continue
            label, words = found[:-1], speech[len(found) :]
        if id in first_line:
            problems.append(
                error(
                    path,
                    here,
                    f"turn {id} stands twice; the first is at line {first_line[id]}",
                    f"Give an inserted turn a letter: {id}a",
                )
            )
            continue
        first_line[id] = here
        if "\\[" in words:
            words = _unescape(words, tuple(speakers))
        turns.append(Turn(id, time or "", label, words.strip(), here))
    if text.count("[", start) > len(parts) // 3:
        problems += _damaged_heads(text, start, speakers, path)
    if not parts and not said.strip():
        problems.append(note(path, 1, "this transcript has no turns"))
    return tuple(turns)


def _damaged_heads(text: str, start: int, speakers: dict[str, str], path: str) -> list[Problem]:
    """Lines that were meant to begin a turn and do not."""
    heads = {head.start() for head in HEADER.finditer(text, start)}
    return [
        error(
            path,
            text.count("\n", 0, match.start()) + 1,
            f'"{match.group().strip()}" is not the head of a turn',
            "Write it as `[5] LABEL:` or `[5 00:01:05] LABEL:`; "
            r"if it is speech, put a backslash before it: `\[`",
        )
        for match in _escapes(tuple(speakers)).damaged.finditer(text, start)
        if match.start() not in heads
    ]


def _unknown_speaker(said: str, id: str, speakers: dict[str, str], path: str, line: int) -> Problem:
    first = said.partition("\n")[0]
    label = first.partition(":")[0].strip() if ":" in first[:60] else ""
    known = ", ".join(speakers) or "none"
    if not label:
        return error(
            path,
            line,
            f"turn {id} does not say who speaks",
            f"Write `[{id}] LABEL: words`; the labels are {known}. "
            "If this is speech that begins with a bracket, put a backslash before it",
        )
    return error(
        path,
        line,
        f'turn {id}: unknown speaker "{label}"',
        did_you_mean(label, speakers) or f"The labels in `speakers` are {known}",
    )
