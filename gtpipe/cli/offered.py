"""What a study holds, looked at lightly: names and labels for a shell to offer.

The files are not read as YAML: a label in a form that gtpipe does not write may be missing here,
and no command takes this for what the study says. Nothing is written, and only ordinary files of
ordinary size are opened.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from functools import cached_property
from itertools import chain
from pathlib import Path

from gtpipe.store.layout import (
    CODEBOOK,
    FOCUSED_CODES,
    MEMOS,
    PARTICIPANTS,
    PROCEDURES,
    SCHEDULE,
    SHEETS,
    THEORY,
    TRANSCRIPTS,
    Study,
    transcript_of,
)

MOST_BYTES = 5 * 2**20  # of one file
MOST_IN_ALL = 20 * 2**20
_OF_TRANSCRIPTS = ("interview", "date", "speakers", "schedule", "source")

# It begins with a line feed, and not with `^`, which takes more than twice as long to find.
_BLOCK = re.compile(r"\n( *)(codes|focused|was): *\|[^\n]*((?:\n\1 +[^\n]*|\n[ \r\t]*(?=\n))*)")
_TURN = re.compile(r"^\[([0-9]+[a-z]*)(?: [0-9:.,]+)?\]", re.M)


class Holdings:
    """The study around the current folder."""

    def __init__(self, study: Study) -> None:
        self.root = study.root
        self._left = MOST_IN_ALL

    @classmethod
    def here(cls) -> Holdings | None:
        study = Study.around(Path.cwd())
        return None if study is None else cls(study)

    def interviews(self) -> list[str]:
        return self._stems(TRANSCRIPTS, ".md")

    def turns(self, interview: str) -> list[str]:
        return (
            _TURN.findall(self._text(transcript_of(interview)))
            if interview in self.interviews()
            else []
        )

    def memos(self) -> list[str]:
        return self._stems(MEMOS, ".md")

    def subjects(self) -> list[str]:
        """What a memo can be about beside codes and incidents: memos, participants, interviews,
        relations, questions of the schedule, and the ideas of other memos.
        """
        theory = self._text(THEORY)
        relations = re.findall(
            r"^ *- +from:[ \t]+([^\n]+)\n +kind:[ \t]+([^\n]+)\n +to:[ \t]+([^\n]+)$", theory, re.M
        )
        sentences = [" ".join(map(_scalar, map(str.strip, parts))) for parts in relations]
        questions = [
            question
            for version in self.versions()
            for question in re.findall(
                r"^[-*][ \t]+(\S[^\n]*?)[ \t]*$", self._text(f"{SCHEDULE}/{version}.md"), re.M
            )
        ]
        ideas = [
            line
            for front in self._of_memos
            for line in re.findall(r"^[ \t]+(idea:[ \t]*\S[^\n]*?)[ \t]*$", front, re.M)
        ]
        names = [*self.memos(), *self.participants(), *self.interviews()]
        return list(dict.fromkeys([*names, *sentences, *questions, *ideas]))

    def procedures(self) -> list[str]:
        """Those that are shipped, and the study's own."""
        shipped = (Path(__file__).parent.parent / "procedures").glob("*.yaml")
        return sorted({*(path.stem for path in shipped), *self._stems(PROCEDURES, ".yaml")})

    def kinds(self) -> list[str]:
        """The usual kinds of memos, and those that memos of this study are of."""
        from gtpipe.formats.memos import KINDS

        used = [
            kind
            for front in self._of_memos
            for kind in re.findall(r"^kind:[ \t]+(\S[^\n]*?)[ \t]*$", front, re.M)
        ]
        return list(dict.fromkeys([*KINDS, *map(_scalar, used)]))

    @cached_property
    def _of_memos(self) -> list[str]:
        """The front matter of each memo."""
        return [self._front(f"{MEMOS}/{name}.md") for name in self.memos()]

    def _front(self, path: str) -> str:
        front = re.match(r"---[ \t]*\n(.*?)^---", self._text(path), re.S | re.M)
        return front[1] if front else ""

    def fields(self) -> list[str]:
        """The attributes of interviews."""
        fronts = [self._front(transcript_of(name)) for name in self.interviews()]
        found = (name for front in fronts for name in re.findall(r"^(\w[\w -]*):", front, re.M))
        return [name for name in dict.fromkeys(found) if name not in _OF_TRANSCRIPTS]

    def versions(self) -> list[str]:
        return self._stems(SCHEDULE, ".md")

    def codes(self) -> list[str]:
        """Initial codes, in a sheet or in the code book; old labels of others left out."""
        text = self._text(CODEBOOK)
        defined = _entries(text, "code")
        old = {line for field, line in _lines(text) if field == "was"} - set(defined)
        return _in_order(
            {*defined, *(label for field, label in self._coded if field == "codes")} - old
        )

    def focused(self) -> list[str]:
        text = self._text(FOCUSED_CODES)
        defined = _entries(text, "focused")
        old = {line for field, line in _lines(text) if field == "was"} - set(defined)
        return _in_order(
            {*defined, *(label for field, label in self._coded if field == "focused")} - old
        )

    def categories(self) -> list[str]:
        return _in_order(_entries(self._text(THEORY), "category"))

    def participants(self) -> list[str]:
        rows = self._participants
        at = [cell.casefold() for cell in rows[0]].index("participant") if rows else 0
        return _in_order(row[at] for row in rows[1:] if len(row) > at and row[at])

    def attributes(self) -> list[str]:
        return [
            cell
            for cell in (self._participants or [[]])[0]
            if cell and cell.casefold() != "participant"
        ]

    def researchers(self) -> list[str]:
        block = re.search(
            r"^researchers:[^\n]*\n((?:[ \t]+[^\n]*\n?|#[^\n]*\n|\r?\n)*)",
            self._text("pipeline.yaml"),
            re.M,
        )
        return re.findall(r"^[ \t]+([^\W_]+):", block[1], re.M) if block else []

    @cached_property
    def _coded(self) -> list[tuple[str, str]]:
        """Field and label of every line of the sheets."""
        from gtpipe.formats.code_line import read_line

        texts = (self._text(f"{SHEETS}/{name}.yaml") for name in self._stems(SHEETS, ".yaml"))
        found: dict[tuple[str, str], None] = {}
        for field, line in dict.fromkeys(chain.from_iterable(map(_lines, texts))):
            try:
                found[field, read_line(line)[0]] = None
            except ValueError:
                continue
        return list(found)

    @cached_property
    def _participants(self) -> list[list[str]]:
        import csv

        text = self._text(PARTICIPANTS)
        first = text.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
        return [
            [cell.strip() for cell in row]
            for row in csv.reader(text.splitlines(), delimiter=delimiter)
            if any(row)
        ]

    def _stems(self, folder: str, ending: str) -> list[str]:
        try:
            names = os.listdir(self.root / folder)
        except OSError:
            return []
        return sorted(
            name.removesuffix(ending)
            for name in names
            if name.endswith(ending) and not name.startswith(".")
        )

    def _text(self, path: str) -> str:
        """The text of an ordinary file, '' for any other."""
        try:
            file = os.open(
                self.root / path,
                os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0),
            )
        except OSError:
            return ""
        with os.fdopen(file, "rb") as opened:
            about = os.fstat(file)
            if not stat.S_ISREG(about.st_mode) or about.st_size > min(MOST_BYTES, self._left):
                return ""
            self._left -= about.st_size
            return opened.read(about.st_size).decode("utf-8-sig", "replace").replace("\r\n", "\n")


def _lines(text: str) -> Iterable[tuple[str, str]]:
    """Field and line, of the lines of blocks like `codes: |`; what is deeper is a note."""
    for _, field, block in _BLOCK.findall(f"\n{text}\n"):
        margin = block[: len(block) - len(block.lstrip())].rpartition("\n")[2]
        for line in block.split("\n"):
            label = line[len(margin) :].rstrip()
            if label and line.startswith(margin) and not label[0].isspace():
                yield field, label


def _entries(text: str, field: str) -> list[str]:
    """What stands behind `- code: ` at the beginning of entries."""
    return [
        label
        for value in re.findall(rf"^ *- +{field}:[ \t]+([^\n]+)$", text, re.M)
        if (label := _scalar(value.strip()))
    ]


def _scalar(value: str) -> str:
    """A YAML scalar on one line; '' where it is of some other form."""
    if value[0] == "'":
        quoted = re.match(r"'((?:[^']|'')*)'", value)
        return quoted[1].replace("''", "'") if quoted else ""
    if value[0] == '"':
        import json

        quoted = re.match(r'"(?:[^"\\]|\\.)*"', value)
        try:
            return str(json.loads(quoted[0])) if quoted else ""
        except ValueError:
            return ""
    return "" if value[0] in "|>&*!{[" else re.sub(r"\s+#.*", "", value)


def _in_order(labels: Iterable[str]) -> list[str]:
    return sorted(dict.fromkeys(labels), key=lambda label: (label.casefold(), label))
