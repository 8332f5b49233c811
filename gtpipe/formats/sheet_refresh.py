"""A sheet brought into line with its transcript of today: words, speakers, and which turns have an
entry. No code, note or comment of a person is touched.

The file is read once; all edits are collected, and written at once.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from gtpipe.formats.sheet_edits import codes_by_turn, comment_text, entry_text, proved
from gtpipe.formats.sheets import loads, turns_of
from gtpipe.model import typography
from gtpipe.model.problems import UserError, error
from gtpipe.model.records import Interview, Turn, first_and_last
from gtpipe.text import entry_edits, yamltext
from gtpipe.text.document import Document, indented
from gtpipe.text.entries import Entry, Field
from gtpipe.text.yamltext import Scalar


class _Lines(NamedTuple):
    """First and last line of what a sheet has of a turn."""

    first: int
    last: int


def refresh(
    text: str, path: str, interview: Interview, with_text: bool, interviewer: bool = False
) -> str:
    """`text` of a sheet with the transcript's words and speakers, and entries for turns it lacked.

    An entry without a code, of a turn that is no participant's any more, becomes a comment, as a
    new sheet shows such turns; one with codes stays. With `interviewer`, the interviewer's turns
    have entries too. Raises UserError when the file has errors.
    """
    before, problems = loads(text, path)
    if problems:
        raise UserError(*problems)
    coded = {entry.turn for entry in before if entry.codes}
    labels = {*interview.speakers, *(entry.speaker for entry in before)}
    edited = _Refresh(Document(text, path), interview, with_text, coded, labels, interviewer).text()
    what = "the words cannot be refreshed without touching other lines"
    refusal = error(path, None, what, "Correct `text` in the sheet by hand")
    return proved(edited, path, codes_by_turn(before), refusal)


class _Refresh:
    """The edits of one sheet: its text between two offsets → what is to stand there."""

    def __init__(
        self,
        document: Document,
        interview: Interview,
        with_text: bool,
        coded: set[str],
        labels: set[str],
        interviewer: bool,
    ) -> None:
        self.document, self.interview, self.with_text = document, interview, with_text
        self.coded, self.labels, self.interviewer = coded, labels, interviewer
        self.edits: list[tuple[int, int, str]] = []
        self.entries = {turns_of(entry): entry for entry in reversed(document.entries)}
        self.at_entry = {id: self._lines_of(entry) for id, entry in self.entries.items()}
        self.at_comment = self._comments()

    def text(self) -> str:
        """The sheet, in line with its transcript."""
        shown = bool(self.at_comment)
        for id, entry in self.entries.items():
            turn = self.interview.turn(id)
            if turn is None or first_and_last(id):
                continue
            if id in self.coded or self._has_entry(turn) or entry.whole is not None:
                self._bring_up_to_date(entry, turn)
            else:
                self._take_out(entry, turn)
        missing: list[tuple[Turn, str]] = []
        for turn in self.interview.turns:
            if turn.id in self.entries:
                continue
            if self._has_entry(turn):
                block = entry_text(turn, self.with_text)
                if not self._replace_comment(turn, block):
                    missing.append((turn, block))
            elif shown and self.with_text and turn.id not in self.at_comment:
                missing.append((turn, comment_text(turn)))
        self._insert(missing)
        return self._edited()

    def _has_entry(self, turn: Turn) -> bool:
        return self.interviewer or bool(self.interview.participant(turn))

    # --- what the sheet has ---

    def _lines_of(self, entry: Entry) -> _Lines:
        document = self.document
        ends = [document.end_of_field(entry.fields[-1])] if entry.fields else []
        return _Lines(entry.line, max(document.end_of_entry(entry), *ends, entry.line))

    def _comments(self) -> dict[str, _Lines]:
        """The comments that show a turn, `# [3] I: …`, each with the comment lines below it."""
        inside = {line for at in self.at_entry.values() for line in range(at.first, at.last + 1)}
        found: dict[str, _Lines] = {}
        current = ""
        for number, line in enumerate(self.document.lines, 1):
            if number in inside or not line.startswith("#"):
                current = ""
                continue
            id = line[3:].partition("] ")[0] if line.startswith("# [") else ""
            if id in self.interview.position and id not in found:
                current = id
                found[id] = _Lines(number, number)
            elif current:
                found[current] = _Lines(found[current].first, number)
        return found

    # --- what becomes of it ---

    def _bring_up_to_date(self, entry: Entry, turn: Turn) -> None:
        document = self.document
        for field in entry.fields:
            value = field.node
            if not isinstance(value, Scalar):
                continue
            if field.name == "text" and typography.same(value.value) != typography.same(turn.text):
                words = yamltext.literal(turn.text, " " * (field.column + 2))
                start, end, words = entry_edits.value_edit(document, field, words)
                self.edits.append((start, end, document.value_at(start, words)))
            elif field.name == "speaker" and field.value != turn.label and value.value:
                self.edits.append((value.start, value.end, yamltext.inline(turn.label)))

    def _take_out(self, entry: Entry, turn: Turn) -> None:
        """An entry becomes the comment that shows its turn; remarks in it stand below that."""
        shown = self.with_text and turn.id not in self.at_comment
        parts = [comment_text(turn)] if shown else []
        remarks = self._remarks(entry)
        parts += ["".join(f"{remark}\n" for remark in remarks)] if remarks else []
        first, last = self.at_entry[turn.id]
        if parts:
            self._put(_Lines(first, last), "\n".join(parts).removesuffix("\n"))
            self.at_comment.setdefault(turn.id, _Lines(first, last))
            return
        del self.at_entry[turn.id]
        document = self.document
        if first > 1:
            above = first > 2 and document.is_blank(first - 1)
            self.edits.append((document.end_of(first - 1 - above), document.end_of(last), ""))
        else:
            below = last < len(document.lines) and document.is_blank(last + 1)
            self.edits.append((0, document.start_of(last + 1 + below), ""))

    def _remarks(self, entry: Entry) -> list[str]:
        """The comments inside an entry, as they stand at the margin."""
        document, (_, last) = self.document, self.at_entry[turns_of(entry)]
        found: list[str] = []
        for field in entry.fields:
            found += field.lead.split("\n")
            found.append(self._behind(field))
        found += document.lines[document.end_of_field(entry.fields[-1]) : last]
        found += self._deeper(entry.fields[-1])
        return [line.strip() for line in found if line.strip().startswith("#")]

    def _deeper(self, field: Field) -> list[str]:
        """What stands below a field, set in deeper than it, and is no part of its value."""
        document = self.document
        own = field.key.line + field.text.removesuffix("\n").count("\n")
        return document.lines[own : document.end_of_field(field)]

    def _behind(self, field: Field) -> str:
        """The comment behind a value, on its line."""
        document, node = self.document, field.node
        if field.style in ("|", ">") or not field.value:
            head = document.source[field.key.end : document.end_of(field.key.line)]
            return head[head.index(" #") :] if " #" in head else ""
        end = document.source.find("\n", node.end)
        return document.source[node.end : end if end >= 0 else None]

    def _replace_comment(self, turn: Turn, block: str) -> bool:
        """The comment that shows a turn becomes its entry, where nobody changed the comment."""
        at = self.at_comment.get(turn.id)
        if at is None:
            return False
        lines = [line.rstrip() for line in self.document.lines[at.first - 1 : at.last]]
        for label in sorted({turn.label, *self.labels}):
            shown = comment_text(turn._replace(label=label)).split("\n")[:-1]
            if lines[: len(shown)] == shown:
                last = at.first + len(shown) - 1
                apart = "\n" if last < at.last else ""
                self._put(_Lines(at.first, last), self._indented(block) + apart)
                return True
        return False

    def _insert(self, missing: list[tuple[Turn, str]]) -> None:
        """Each of `missing` behind what the sheet has of the nearest turn before it."""
        position, document = self.interview.position, self.document
        last = {id: at.last for id, at in self.at_comment.items()}
        for named, at in self.at_entry.items():
            _, id = first_and_last(named) or (named, named)
            if id in position:
                last[id] = max(at.last, last.get(id, 0))
        above: dict[int, list[str]] = defaultdict(list)
        near = 0
        lacking = {turn.id: block for turn, block in missing}
        for turn in self.interview.turns:
            if turn.id in last:
                near = last[turn.id]
            if turn.id in lacking:
                above[near].append(lacking[turn.id].removesuffix("\n"))
        lines = len(document.lines)
        for after, blocks in above.items():
            written = [self._indented(block) for block in blocks]
            if after == 0 and (self.at_comment or self.at_entry):
                firsts = [at.first for at in (*self.at_comment.values(), *self.at_entry.values())]
                start = document.start_of(min(firsts))
                new = "".join(f"{block}\n\n" for block in written)
            elif after == 0 and not lines:
                start, new = 0, "\n\n".join(written) + "\n"
            else:
                after = after or lines
                start = document.end_of(after)
                new = "".join(f"\n\n{block}" for block in written)
                new += "\n" if after < lines and not document.is_blank(after + 1) else ""
            self.edits.append((start, start, new.replace("\n", document.newline)))

    # --- writing ---

    def _indented(self, block: str) -> str:
        if block.startswith("#"):
            return block
        node = self.document.node
        column = self.document.column(node.start) if node else 0
        return "\n".join(indented(block, column))

    def _put(self, at: _Lines, block: str) -> None:
        """`block` in place of whole lines."""
        document = self.document
        new = block.replace("\n", document.newline)
        self.edits.append((document.start_of(at.first), document.end_of(at.last), new))

    def _edited(self) -> str:
        parts, done = [], 0
        for start, end, new in sorted(self.edits, key=lambda edit: edit[:2]):
            parts += [self.document.source[done:start], new]
            done = max(done, end)
        return "".join([*parts, self.document.source[done:]])
