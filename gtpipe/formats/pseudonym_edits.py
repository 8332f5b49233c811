"""Pseudonyms put into a transcript and into coding sheets: the words concerned change, and no other
byte does.

What is to stand where is thought in `analysis.pseudonyms`; the whole is proved by the command.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from gtpipe.formats import code_line, transcripts
from gtpipe.formats.sheet_edits import comment_text
from gtpipe.formats.sheets import turns_of
from gtpipe.model.records import Interview
from gtpipe.text import entry_edits, frontmatter, yamltext
from gtpipe.text.document import Document
from gtpipe.text.entries import Field
from gtpipe.text.yamltext import Scalar

Edits = Iterable[tuple[int, int, str, int]]
"""From where to where in some words, what is to stand there, and the line of the list."""
EditsOf = Callable[[str, str], Edits]
"""Of a turn and a copy of its words, which may be an older one."""


def in_transcript(
    text: str, path: str, turns: Mapping[str, Edits], labels: Mapping[str, str]
) -> str:
    """A transcript with the edits of each of `turns`, and `labels` of speakers under other ones."""
    text, windows = transcripts.with_line_feeds(text, path)
    interview, _ = transcripts.loads(text, path)
    edits = list(_labels_in_front(text, path, labels))
    _, body = frontmatter.split(text, path, transcripts.FIELDS)
    for head in transcripts.HEADER.finditer(text, body):
        turn = interview.turn(head.group(1))
        if turn is None:
            continue
        speaks = head.end() + len(text[head.end() :]) - len(text[head.end() :].lstrip(" "))
        if turn.label in labels:
            edits.append((speaks, speaks + len(turn.label), labels[turn.label]))
        if turn.id in turns:
            places = _places(text, speaks + len(turn.label) + 1, turn.text)
            edits += _placed(places, turns[turn.id])
    text = _with(text, edits)
    return text.replace("\n", "\r\n") if windows else text


def _labels_in_front(
    text: str, path: str, labels: Mapping[str, str]
) -> Iterator[tuple[int, int, str]]:
    """Labels under other ones; of two that become one, the second goes."""
    front, _ = frontmatter.split(text, path, transcripts.FIELDS)
    before = text.index("\n")  # `front` begins with this line end
    speakers = yamltext.pair_of(yamltext.parse(front, path), "speakers")
    stood: set[str] = set()
    behind = 0  # the last speaker
    for label, who in yamltext.pairs(speakers[1] if speakers else None):
        new = labels.get(label.value, label.value)
        if new in stood:
            yield before + behind, before + who.end, ""
        elif new != label.value:
            yield before + label.start, before + label.end, yamltext.inline(new)
        stood.add(new)
        behind = who.end


def _places(text: str, start: int, words: str) -> list[int]:
    """Where each character of a turn's words stands: backslashes that keep speech from being taken
    for the head of a turn are none of them.
    """
    at = start + len(text[start:]) - len(text[start:].lstrip())
    found = []
    for char in words:
        while text[at] != char:
            at += 1
        found.append(at)
        at += 1
    return found


# --- sheets ---------------------------------------------------------------------------------------


def in_sheet(
    text: str,
    path: str,
    interview: Interview,
    edits_of: EditsOf,
    labels: Mapping[str, str],
    codes: Mapping[int, tuple[str, str | None]],
) -> str:
    """A sheet with pseudonyms in its copies of the words, and the speakers' `labels`; `codes` are
    the lines that get another label, or other words that they are tied to.

    Where `interview` is another one than the sheet's, only codes change.
    """
    document = Document(text, path)
    edits: list[tuple[int, int, str]] = []
    inside: set[int] = set()
    for entry in document.entries:
        inside.update(range(entry.line, document.end_of_entry(entry) + 1))
        for field in entry.fields:
            node = field.node
            if not isinstance(node, Scalar):
                continue
            if field.name == "text":
                edits += _in_copy(
                    document, field, node, list(edits_of(turns_of(entry), node.value))
                )
            elif field.name == "speaker" and node.value.strip() in labels:
                edits.append((node.start, node.end, yamltext.inline(labels[node.value.strip()])))
    edits += _in_comments(document, interview, inside, edits_of, labels)
    for line, (label, words) in codes.items():
        start, end = document.start_of(line), document.end_of(line)
        edits.append((start, end, code_line.rewrite_line(text[start:end], label, words)))
    return _with(text, edits)


def _in_copy(
    document: Document, field: Field, node: Scalar, edits: Sequence[tuple[int, int, str, int]]
) -> list[tuple[int, int, str]]:
    """The edits of a copy of the words where it stands; what is no block is written anew."""
    if not edits:
        return []
    places = _places_in_block(document, field, node)
    if places is not None:
        return list(_placed(places, edits))
    new = yamltext.literal(
        _with(node.value, (edit[:3] for edit in edits)), " " * (field.column + 2)
    )
    start, end, new = entry_edits.value_edit(document, field, new)
    return [(start, end, document.value_at(start, new))]


def _places_in_block(document: Document, field: Field, node: Scalar) -> list[int] | None:
    """Where each character of a block `|` stands; None for any other value."""
    if node.style != "|":
        return None
    text = document.source
    below = text.index("\n", node.start) + 1
    explicit = re.match(r"\|[+-]?([1-9])", text[node.start :])
    filled = re.compile(r"^( *)[^ \r\n]", re.M).search(text, below)
    indent = field.column + int(explicit[1]) if explicit else len(filled[1]) if filled else 0
    found: list[int] = []
    at, begins = below, True
    for char in node.value:
        if begins:
            at += min(indent, len(text[at : at + indent]) - len(text[at : at + indent].lstrip(" ")))
        at += text[at] == "\r" != char
        if text[at] != char:
            return None
        found.append(at)
        at += 1
        begins = char == "\n"
    return found


def _in_comments(
    document: Document,
    interview: Interview,
    inside: set[int],
    edits_of: EditsOf,
    labels: Mapping[str, str],
) -> Iterator[tuple[int, int, str]]:
    """The edits of the comments that show turns, `# [3] I: …`."""
    for number, line in enumerate(document.lines, 1):
        turn = interview.turn(line[3:].partition("] ")[0]) if line.startswith("# [") else None
        if turn is None or number in inside:
            continue
        shown = comment_text(turn).split("\n")[:-1]
        below = [one.rstrip() for one in document.lines[number - 1 : number - 1 + len(shown)]]
        if below != shown:  # an older copy: as far as the comment goes
            behind = document.lines[number - 1 :]
            below = behind[: next((n for n, one in enumerate(behind) if one[:1] != "#"), None)]
        chars, places = _uncommented(document, number, len(below))
        head = re.match(r"\[[^\]]*\] ", chars)
        speaker = next(
            (
                label
                for label in sorted(interview.speakers, key=len, reverse=True)
                if head and chars.startswith(f"{label}:", head.end())
            ),
            None,
        )
        if head is None or speaker is None:
            continue
        start = head.end()
        if speaker in labels:
            yield from _placed(places, [(start, start + len(speaker), labels[speaker], 0)])
        start += len(speaker) + 1
        start += chars[start : start + 1] == " "
        yield from _placed(places[start:], edits_of(turn.id, chars[start:]))


def _uncommented(document: Document, first: int, lines: int) -> tuple[str, list[int]]:
    """What comment lines say, and where each character of it stands."""
    chars: list[str] = []
    places: list[int] = []
    for number in range(first, first + lines):
        start, end = document.start_of(number), document.end_of(number)
        start += 2 if document.source.startswith("# ", start) else 1
        for at in range(start, end):
            chars.append(document.source[at])
            places.append(at)
        if number < first + lines - 1:
            chars.append("\n")
            places.append(end)
    return "".join(chars), places


def _placed(places: Sequence[int], edits: Edits) -> Iterator[tuple[int, int, str]]:
    for start, end, new, _ in edits:
        yield places[start], places[end - 1] + 1, new


def _with(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    parts, done = [], 0
    for start, end, new in sorted(edits):
        parts += [text[done:start], new]
        done = end
    return "".join([*parts, text[done:]])
