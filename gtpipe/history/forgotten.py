"""Earlier versions as they are read once somebody withdrew: git may hold their words still, and no
command shows them again, nor keeps them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar, cast

from gtpipe.formats import transcripts, withdrawn
from gtpipe.history.versions import CoderSheet, SheetLine
from gtpipe.model.problems import UserError
from gtpipe.model.records import GONE, TURN_ID, WITHDRAWN, Interview, ends
from gtpipe.store.layout import SHEETS, Snapshot, named_in, transcript_of

Content = TypeVar("Content")
_QUOTED = r'["“][^"“”\n]*["”]'


def stretches(whole: Collection[str], turns: Mapping[str, Collection[str]]) -> re.Pattern[str]:
    """An incident of these interviews, or of these turns of others, as it is named:
    `jim 2 "words"`, `jim 8 "from" - 10 "to"`.
    """
    named = [rf"{re.escape(name)} +{TURN_ID}" for name in sorted(whole)]
    for name, ids in sorted(turns.items()):
        named.append(rf"{re.escape(name)} +(?:{'|'.join(map(re.escape, sorted(ids)))})")
    return re.compile(
        rf"(?<![\w-])(?P<where>(?:{'|'.join(named) or '(?!)'})(?:[-–]{TURN_ID})?)(?![\w-])"
        rf"(?P<said> +{_QUOTED})?(?P<to> *[-–] *{TURN_ID}(?= +[\"“]))?(?P<end>(?(to) +{_QUOTED}|))"
    )


def without_words(match: re.Match[str]) -> str:
    """Such an incident without its words."""
    parts = [match["where"], f' "{GONE}"' if match["said"] else ""]
    parts += [match["to"] or "", f' "{GONE}"' if match["end"] else ""]
    return "".join(parts)


@dataclass(frozen=True)
class Forgotten:
    """The interviews that went when somebody withdrew, and the turns of others that did."""

    whole: frozenset[str]
    turns: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, snapshot: Snapshot) -> Forgotten:
        whole, turns = set[str](), dict[str, frozenset[str]]()
        for name in {row.interview for row in withdrawn.read(snapshot)}:
            try:
                text = snapshot.text(transcript_of(name))
                interview = transcripts.loads(text, transcript_of(name))[0] if text else None
            except UserError:
                interview = None
            if interview is None:
                whole.add(name)
                continue
            labels = {label for label, who in interview.speakers.items() if who == WITHDRAWN}
            turns[name] = frozenset(turn.id for turn in interview.turns if turn.label in labels)
        return cls(frozenset(whole), turns)

    @cached_property
    def _stretches(self) -> re.Pattern[str]:
        return stretches(self.whole, self.turns)

    def text(self, text: str) -> str:
        """A file that names incidents, without the words of theirs."""
        if not (self.whole or self.turns):
            return text
        return self._stretches.sub(without_words, text)

    def content(self, content: Content, path: str) -> Content:
        """What a file says, without what they said; of a sheet, without what was noted of it."""
        if isinstance(content, CoderSheet) and path.startswith(f"{SHEETS}/"):
            interview = named_in(path)
            if interview in self.whole or interview in self.turns:
                lines = tuple(self._line(line, interview) for line in content.lines)
                return cast("Content", CoderSheet(lines))
        if isinstance(content, Interview):
            return cast("Content", self._interview(content))
        return content

    def _line(self, line: SheetLine, interview: str) -> SheetLine:
        if not (interview in self.whole or self.turns[interview] & {*ends(line.turn)}):
            return line
        return line._replace(words=None if line.words is None else GONE, note="")

    def _interview(self, interview: Interview) -> Interview:
        is_whole, ids = interview.name in self.whole, self.turns.get(interview.name, frozenset())
        if not (is_whole or ids):
            return interview
        turns = tuple(
            turn._replace(text=GONE) if is_whole or turn.id in ids else turn
            for turn in interview.turns
        )
        return replace(interview, turns=turns)
