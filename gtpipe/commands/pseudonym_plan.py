"""The plan of pseudonyms put in: each file's text as it is to be, and what follows where.

`put_pseudonyms` carries it out, once `pseudonym_proof` has read it back as a study; nothing here
writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gtpipe.analysis import pseudonyms, references
from gtpipe.analysis.pseudonyms import Edited, Pseudonyms
from gtpipe.commands import code_entry_edits
from gtpipe.commands.code_change_plan import CodeChangePlan
from gtpipe.commands.code_entry_edits import KEY
from gtpipe.formats import answers, naming, pseudonym_edits, relabel
from gtpipe.model import anchor
from gtpipe.model.level import FOCUSED, INITIAL, Level
from gtpipe.model.problems import Problem, error
from gtpipe.model.records import Coding, Incident, Sheet, SheetCode, SheetEntry, Where
from gtpipe.store.layout import ANSWERS, DATA, ENTRIES, SPLIT
from gtpipe.study import Corpus
from gtpipe.text import entry_edits
from gtpipe.text.document import Document
from gtpipe.text.yamltext import Scalar


@dataclass
class PseudonymPlan:
    """All that is to change, while it is planned."""

    corpus: Corpus
    put: Pseudonyms
    plan: CodeChangePlan
    all_labels: bool
    news: dict[tuple[Level, str], str] = field(default_factory=dict)
    follows: list[tuple[Where, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    mended: int = 0

    def plan_all(self) -> None:
        put, path = self.put, self.put.interview.path
        self.news = self._new_labels()
        if self.problems:
            return
        if put.turns or put.labels:
            self.plan.texts[path] = pseudonym_edits.in_transcript(
                self.plan.text(path),
                path,
                {id: edited.edits for id, edited in put.turns.items()},
                put.labels,
            )
        self._split_files()
        self._incidents()
        self._rename()
        answered = self.corpus.snapshot.text(ANSWERS)
        if answered is not None:
            self.plan.texts[ANSWERS] = answers.reworded(
                answered, put.interview.name, lambda said: self._certain(said).new
            )
        for sheet in self.corpus.material.sheets:
            self._in_sheet(sheet)

    def _certain(self, text: str) -> Edited:
        return pseudonyms.certain(text, self.put.names)

    def _split_files(self) -> None:
        """A code that is being split has its incidents in a file of its own, with their words."""
        for path in self.corpus.snapshot.files(DATA, ".yaml"):
            text = (self.corpus.snapshot.text(path) or "") if path.startswith(SPLIT) else ""
            if self._certain(text).edits:
                what = "a split was begun here, and its incidents have names of the list"
                do = "Finish it, or remove the file, then try again"
                self.problems.append(error(path, None, what, do))

    # --- labels ---

    def _new_labels(self) -> dict[tuple[Level, str], str]:
        """The labels that hold a name and follow, those in the participant's words from there."""
        found: dict[tuple[Level, str], str] = {}
        for coding in self.corpus.codings:
            key = (coding.level, coding.typed)
            if coding.interview == self.put.interview.name and self._is_own(coding):
                new = self.put.in_vivo(coding.turn, coding.typed)
                if new == coding.typed:
                    new = self._certain(coding.typed).new
                if new != coding.typed and found.setdefault(key, new) != new:
                    self._refuse(coding.where, "this label would be two, one for each turn")
        for level, label, _ in self.with_names() if self.all_labels else ():
            found.setdefault((level, label), self._certain(label).new)
        where = self._first_places()
        made: dict[tuple[Level, str], str] = {}
        for (level, label), new in found.items():
            twin = made.setdefault((level, new), label)
            taken = new in self.plan.known[level] or new in self.plan.current[level]
            if twin != label or taken:
                self._refuse(
                    where.get((level, label), Where(ENTRIES[level], 1)),
                    f'this code would be called "{new}", and so is another one',
                )
        return found

    def _is_own(self, coding: Coding) -> bool:
        """Whether a label is the participant's words, its own as typed."""
        return coding.in_vivo or self.put.in_vivo(coding.turn, coding.typed) != coding.typed

    def _refuse(self, where: Where, what: str) -> None:
        do = "Give one of them another label in the sheets and the code book, then try again"
        self.problems.append(error(*where, what, do))

    def with_names(self) -> Iterator[tuple[Level, str, Where]]:
        """The labels of codes that hold a name for sure, and where each stands first."""
        for (level, label), where in self._first_places().items():
            if self._certain(label).edits:
                yield level, label, where

    def _first_places(self) -> dict[tuple[Level, str], Where]:
        found: dict[tuple[Level, str], Where] = {}
        for coding in self.corpus.codings:
            found.setdefault((coding.level, coding.typed), coding.where)
        for level in (INITIAL, FOCUSED):
            for label, entry in self.plan.entries(level).items():
                found.setdefault((level, label), entry.where)
        return found

    def _rename(self) -> None:
        for level in (INITIAL, FOCUSED):
            news: dict[str, str | None] = {
                label: new for (of, label), new in self.news.items() if of == level
            }
            if not news:
                continue
            self.plan.relabel(level, news)
            for label, new in news.items():
                if new is not None and label in self.plan.entries(level):
                    code_entry_edits.set_field(self.plan, level, label, KEY[level], new)
            self._in_lineage(level, news)

    def _in_lineage(self, level: Level, news: Mapping[str, str | None]) -> None:
        """Old labels under which codes still stand: they lead to the same code."""
        path = ENTRIES[level]
        for entry in Document(self.plan.text(path), path).entries:
            for name in naming.LINEAGE:
                listed = entry.get(name)
                if listed is None or not isinstance(listed.node, Scalar):
                    continue
                block = listed.style in ("|", ">")
                for number, line in enumerate(
                    listed.node.value.split("\n"), listed.node.line + block
                ):
                    new = news.get(line.strip())
                    if new is not None:
                        self.plan.texts[path] = relabel.at_line(
                            self.plan.text(path), path, number, line.strip(), (new,)
                        )

    # --- incidents named elsewhere ---

    def _incidents(self) -> None:
        for incident in references.named_incidents(self.corpus.material):
            if incident.interview != self.put.interview.name or incident.words is None:
                continue
            place = references.place_of(incident, self.corpus.material)
            if place is None or place.span is None:
                continue
            words = self.put.typed(place.turn, incident.words, place.span)
            self._check(place.turn, words, place.span, incident.where)
            if words == incident.words:
                continue
            path, line = incident.where
            text = self.plan.text(path)
            new = _with_incident(text, path, line, incident, words)
            if new is None:
                what = "the words of this incident cannot be changed by command"
                self.problems.append(error(path, line, what, "Write it on a line of its own"))
                continue
            self.plan.texts[path] = new
            self.follows.append((incident.where, incident._replace(words=words).address))

    def _check(self, turns: str, words: str, span: tuple[int, int], where: Where) -> None:
        """What is tied to these words stands where it stood."""
        turn = self.put.after.turn(turns)
        assert turn is not None  # every turn stays
        place = anchor.find(words, turn, self.put.after, where)
        if isinstance(place, Problem):
            first = self.put.edited(turns).moved(span)
            what = (
                place.what
                if anchor.stretches(turn.text, words)
                else (
                    f'turn {turns} would not have "{turn.text[slice(*first)]}" as it is typed here'
                )
            )
            self.problems.append(
                error(*where, f"with pseudonyms, {what}", f"{place.do}; then try again")
            )
        elif place != self.put.edited(turns).moved(span):
            self.problems.append(
                error(
                    *where,
                    f'with pseudonyms, "{words}" would stand elsewhere in turn {turns}',
                    "Add words around it, then try again",
                )
            )

    # --- sheets ---

    def _in_sheet(self, sheet: Sheet) -> None:
        is_own = sheet.interview == self.put.interview.name
        lines: dict[int, tuple[str, str | None]] = {}
        for entry in sheet.entries:
            for code in entry.codes:
                label = self.news.get((code.level, code.label), code.label)
                words = self._words(sheet, entry, code) if is_own else code.words
                if (label, words) != (code.label, code.words):
                    lines[code.line] = (label, words)
                    shown = "(a label with a name)" if self._certain(label).edits else label
                    shown += "" if words is None else f' <- "{words}"'
                    self.follows.append((Where(sheet.path, code.line), f"{entry.turn}: {shown}"))
        if not is_own and not lines:
            return
        before = self.corpus.snapshot.text(sheet.path) or ""
        text = pseudonym_edits.in_sheet(
            before,
            sheet.path,
            self.put.interview,
            (lambda turn, words: self.put.copied(turn, words).edits) if is_own else lambda *_: (),
            self.put.labels if is_own else {},
            lines,
        )
        if text != before:
            self.plan.texts[sheet.path] = text

    def _words(self, sheet: Sheet, entry: SheetEntry, code: SheetCode) -> str | None:
        """The words that a code is tied to then. What was lost before because the sheet still has
        a name is found again.
        """
        turn = self.put.interview.turn(entry.turn)
        if code.words is None or turn is None:
            return code.words
        where = Where(sheet.path, code.line)
        span = anchor.find(code.words, turn, self.put.interview, where)
        if isinstance(span, Problem):
            words = self._certain(code.words).new
            after = self.put.after.turn(entry.turn)
            if after is None or isinstance(
                anchor.find(words, after, self.put.after, where), Problem
            ):
                return code.words
            self.mended += words != code.words
            return words
        words = self.put.typed(entry.turn, code.words, span)
        self._check(entry.turn, words, span, where)
        return words


def _with_incident(text: str, path: str, line: int, incident: Incident, words: str) -> str | None:
    """A file with an incident at `line` tied to other words; None where it cannot be told which
    words these are.
    """
    for key, value in _fields(text, path):
        behind = anchor.rewritten(value.value, incident, words) if key.line == line else None
        if behind is not None and value.style not in ("|", ">"):
            if value.style is None and entry_edits.reads_plain(behind, path):
                break
            return text[: value.start] + entry_edits.address(behind, path) + text[value.end :]
    lines = text.split("\n")
    new = anchor.rewritten(lines[line - 1], incident, words)
    return None if new is None else "\n".join([*lines[: line - 1], new, *lines[line:]])


def _fields(text: str, path: str) -> Iterator[tuple[Scalar, Scalar]]:
    """The fields of a file of entries that are text, with their names."""
    for entry in Document(text, path).entries if path.endswith(".yaml") else ():
        yield from ((one.key, one.node) for one in entry.fields if isinstance(one.node, Scalar))
