"""Random lives of a small study, and a reader of sheets that shares no code with gtpipe.

A history is a row of steps drawn by a seed: codes given, renamed, merged, dropped, recoded and
written by hand; sources corrected; changes taken back; branches of two coders that part and merge
in git. After each step the files are read again by a plain loop over lines, and set against what
the step should have done: no coding, note, comment or blank line is gone that no person took out,
and a command that is refused changes no byte. Used by `test_histories.py` and
`benchmarks/histories.py`.
"""

from __future__ import annotations

import io
import os
import random
import re
import shutil
import subprocess
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from gtpipe.cli import main

CODERS = ("PM", "KR")
LABELS = (
    "noticing the kettle",
    "why: because",
    "# hope",
    "no",
    "1.5",
    "- dash",
    "it's fine",
    "PSW/Psw",
    "naïve café",
    "keeping quiet",
    "being late together",
    "'cause",
)
FRESH = ("coming round to it", "minding the clock", "one label for both", "going off him")
WORDS = {
    "ann": (
        "Er, the bus was late",
        "She had a flask and two cups",
        "I don't do groups, me",
        "There'll be a bus",
    ),
    "ben": (
        "I was going off him by then",
        "He give me half a sandwich",
        "Nobody said a word",
        "So I stopped at home",
    ),
}
FOCUSED = "data/focused-codes.yaml"
VERDICTS = {"keep": "judged", "does-not-fit": "does-not-fit", "leave": "left"}
PROPERTIES = """\
- focused: holding on
  because: it is told as work
  properties: |
    how long
      until the bus came: ann 2

- focused: letting go
  because: it is told as a relief
  properties: |
    how long
      from then on: ?
"""
PIPELINE = """\
study: Waiting rooms
researchers:
  PM: Pat Morgan
  KR: Kit Rowe
speakers:
  interviewer: [I]
  participant: [P]
"""


class Applied(NamedTuple):
    """A code at a turn of a sheet, as the lines say it."""

    interview: str
    coder: str
    turn: str
    label: str
    words: str


@dataclass
class State:
    """What the sheets hold, by plain reading."""

    codings: Counter = field(default_factory=Counter)
    notes: set[str] = field(default_factory=set)
    comments: set[str] = field(default_factory=set)
    blanks: int = 0


def read_sheets(root: Path) -> State:
    """Every sheet, line by line."""
    state = State()
    for path in sorted((root / "data/initial-codes").glob("*.yaml")):
        interview, _, coder = path.stem.partition(".")
        turn, block = "", ""
        for line in path.read_text(encoding="utf-8").split("\n"):
            state.blanks += not line.strip()
            if line.startswith("#"):
                if line.startswith("# mine"):
                    state.comments.add(line)
            elif begins := re.match(r"- turns?: (.+)", line):
                turn, block = begins[1].strip(), ""
            elif opened := re.match(r"  (\w+):", line):
                block = opened[1]
            elif block == "codes" and line.startswith("      "):
                state.notes.add(line.strip())
            elif block == "codes" and line.strip():
                label, _, words = line.strip().partition(" <- ")
                state.codings[Applied(interview, coder or "PM", turn, label, words.strip('"'))] += 1
    return state


Lists = dict[str, dict[str, list[str]]]
"""Focused code → name of a list → its lines."""


def read_lists(root: Path) -> Lists:
    """The lists of incidents and labels in the file of focused codes, line by line."""
    found: Lists = {}
    block: list[str] = []
    for line in (root / FOCUSED).read_text(encoding="utf-8").split("\n"):
        if line.startswith("- focused: "):
            lists = found.setdefault(line.removeprefix("- focused: "), {})
        elif named := re.match(r"  ([a-z-]+):", line):
            block = lists.setdefault(named[1], [])
        elif line.startswith("    ") and line.strip():
            block.append(line.strip())
    return found


def decided(lists: dict[str, list[str]]) -> set[str]:
    """The incidents of a focused code that somebody said something of."""
    return {line for name in VERDICTS.values() for line in lists.get(name, ())}


def is_of(line: str, coding: Applied) -> bool:
    """Whether a line of a list names a coding; of one over turns, start and end are enough."""
    name, turn, *words = line.split(" ", 2)
    start, _, end = coding.words.partition(" … ")
    inside = "".join(words).strip('"').removeprefix("P: ")
    return (name, turn) == (coding.interview, coding.turn) and (
        inside.startswith(start) and inside.endswith(end) if start else not inside
    )


def lineage(root: Path) -> dict[str, str]:
    """Old label → the one it counts under, by plain reading of the code book. What has an entry
    leads nowhere.
    """
    found: dict[str, str] = {}
    entries: set[str] = set()
    label, block = "", ""
    path = root / "data/codebook.yaml"
    for line in path.read_text(encoding="utf-8").split("\n") if path.exists() else ():
        if line.startswith("- code: "):
            label, block = line.removeprefix("- code: ").strip(), ""
            if label[:1] in "'\"":
                quote, label = label[0], label[1:-1]
                label = label.replace("''", "'") if quote == "'" else label.replace('\\"', '"')
            entries.add(label)
        elif line.startswith("    ") and block in ("was", "merged-from"):
            found[line.strip()] = label
        elif named := re.match(r"  ([a-z-]+):", line):
            block = named[1]
    return {old: label for old, label in found.items() if old not in entries}


def now(label: str, lead: dict[str, str]) -> str:
    """The label that one counts under."""
    seen: set[str] = set()
    while label in lead and label not in seen:
        seen.add(label)
        label = lead[label]
    return label


class BrokenLawError(AssertionError):
    """What a history lost, with the steps that led there."""


class History:
    """One study and its life.

    `play` takes the steps; it raises BrokenLawError with all of them where something is lost.
    """

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.random, self.seed = root, random.Random(seed), seed
        self.steps: list[str] = []
        self.written_notes: set[str] = set()
        self.number = 0
        self.positions: set[str] = {"until the bus came: ann 2", "from then on: ?"}
        self.before_last: dict[str, bytes] | None = None

    # --- the study ---

    def begin(self, base: Path) -> None:
        """A copy of the study of `make`, with a code or two of each person's at most turns."""
        shutil.copytree(base, self.root)
        for name, coder in zip(WORDS, CODERS, strict=True):
            path = self.root / f"data/initial-codes/{name}{'' if coder == 'PM' else '.KR'}.yaml"
            text = path.read_text(encoding="utf-8")
            for turn in range(len(WORDS[name])):
                for label in self.random.sample(LABELS, self.random.randint(0, 2)):
                    self.number += 1
                    note = f"thought {self.number}"
                    self.written_notes.add(note)
                    at = text.index("  codes: |\n", text.index(f"- turn: {2 * turn + 2}\n")) + len(
                        "  codes: |\n"
                    )
                    text = f"{text[:at]}    {label}\n      {note}\n{text[at:]}"
            path.write_text(text, encoding="utf-8")

    def make(self) -> None:
        """Two interviews, with an empty sheet for a coder each, in git."""
        self.root.mkdir(parents=True)
        (self.root / "pipeline.yaml").write_text(PIPELINE, encoding="utf-8")
        (self.root / ".gitattributes").write_text(
            "data/derived/** merge=union\ndata/log.jsonl merge=union\n"
            "data/participants.csv merge=union\n",
            encoding="utf-8",
        )
        (self.root / ".gitignore").write_text(
            ".gtpipe/\n.*.gtpipe-tmp\n.gtpipe-*\nin/\ndata/derived/\n", encoding="utf-8"
        )
        for day, name in enumerate(WORDS, 2):
            self.source(name, WORDS[name])
            self.must("ingest", f"in/{name}.txt", "--date", f"2026-03-0{day}")
        self.must("initial-code")
        self.must("code", "ben", "2", "keeping quiet", coder="KR")
        (self.root / "data/initial-codes/ben.yaml").unlink()
        text = (self.root / "data/initial-codes/ben.KR.yaml").read_text(encoding="utf-8")
        (self.root / "data/initial-codes/ben.KR.yaml").write_text(
            text.replace("    keeping quiet\n", ""), encoding="utf-8"
        )
        (self.root / "data/initial-codes/ben.yaml").write_text("", encoding="utf-8")
        (self.root / FOCUSED).write_text(PROPERTIES, encoding="utf-8")
        self.git("init", "-q", "-b", "main")
        self.commit("begun")

    def source(self, name: str, words: tuple[str, ...]) -> None:
        target = self.root / f"in/{name}.txt"
        target.parent.mkdir(exist_ok=True)
        target.write_text(
            "".join(f"I: And then?\n\nP: {one}.\n\n" for one in words), encoding="utf-8"
        )

    def gtpipe(self, *arguments: str, coder: str = "PM") -> tuple[int, str]:
        """Run a command here, as one of the two coders; its exit code and all it said."""
        told = io.StringIO()
        here = Path.cwd()
        os.chdir(self.root)
        os.environ["GTPIPE_CODER"] = coder
        try:
            with redirect_stdout(told), redirect_stderr(told):
                code = main(list(arguments))
        finally:
            os.chdir(here)
        self.steps.append(f"{coder}: gtpipe {' '.join(map(repr, arguments))} -> {code}")
        return code, told.getvalue()

    def must(self, *arguments: str, coder: str = "PM") -> None:
        code, told = self.gtpipe(*arguments, coder=coder)
        self.expect(code == 0, told)

    def git(self, *arguments: str) -> subprocess.CompletedProcess:
        env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        for who in ("AUTHOR", "COMMITTER"):
            env |= {f"GIT_{who}_NAME": "Pat", f"GIT_{who}_EMAIL": "pat@example.org"}
        return subprocess.run(
            ["git", *arguments], cwd=self.root, env=env, capture_output=True, text=True, check=False
        )

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", message)

    def people(self) -> dict[str, bytes]:
        """Every file of a person but the log."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted((self.root / "data").rglob("*"))
            if path.is_file() and "derived" not in path.parts and path.name != "log.jsonl"
        }

    def expect(self, holds: bool, what: object = "") -> None:
        if not holds:
            raise BrokenLawError(f"seed {self.seed}: {what}\n" + "\n".join(self.steps))

    # --- the steps ---

    def play(self, base: Path, steps: int) -> None:
        """Take so many steps from the study at `base`; `check` at the end finds no error."""
        self.begin(base)
        for _ in range(steps):
            step = self.random.choice(
                (
                    self.give_a_code,
                    self.code_over_turns,
                    self.write_by_hand,
                    self.rename,
                    self.merge,
                    self.drop,
                    self.recode,
                    self.park,
                    self.through_an_old_label,
                    self.write_a_position,
                    self.change_a_focused_code,
                    self.take_up,
                    self.judge,
                    self.judge,
                    self.correct,
                    self.undo,
                    self.part_and_merge,
                    self.run,
                )
            )
            self.steps.append(f"- {step.__name__}")
            step()
            text = self.sheets_text()
            for note in self.written_notes:
                self.expect(note in text, f"the note {note!r} is gone")
            gone = self.positions - self.standing_positions()
            self.expect(not gone, f"the positions {gone} are gone")
        self.must("check")

    def standing_positions(self) -> set[str]:
        """The lines of the focused codes that stand there, without what was merged."""
        text = (self.root / FOCUSED).read_text(encoding="utf-8")
        return {line.strip() for line in text.split("\n") if not line.startswith("#")}

    def sheets_text(self) -> str:
        return "\n".join(
            path.read_text(encoding="utf-8")
            for path in sorted((self.root / "data/initial-codes").glob("*.yaml"))
        )

    def labels(self) -> list[str]:
        return sorted({one.label for one in read_sheets(self.root).codings}) or list(LABELS)

    def change(self, *arguments: str, expected, coder: str | None = None) -> bool:
        """Run a command that changes codes: refused, it changes nothing; done, the codings are as
        `expected(before)` says.
        """
        before, bytes_before = read_sheets(self.root), self.people()
        lists_before = read_lists(self.root)
        code, told = self.gtpipe(*arguments, coder=coder or self.random.choice(CODERS))
        if code:
            self.expect(code == 1, told)
            self.expect(self.people() == bytes_before, "a refused command changed a file: " + told)
            return False
        after = read_sheets(self.root)
        wanted = Counter(dict.fromkeys(expected(before.codings), 1))
        self.expect(
            Counter(dict.fromkeys(after.codings, 1)) == wanted,
            f"{told}\n{wanted - after.codings}\n{after.codings - wanted}",
        )
        self.expect(before.comments <= after.comments, "a comment is gone")
        self.expect(before.blanks <= after.blanks, "a blank line is gone")
        self.nothing_undecided(lists_before, read_lists(self.root), after.codings)
        if self.people() != bytes_before:
            self.before_last = bytes_before
        return True

    def nothing_undecided(self, before: Lists, after: Lists, codings: Counter) -> None:
        """What was said of an incident stands, perhaps in another list. Only what was judged or
        left goes, with its coding; of focused codes that get another label, nothing does.
        """
        if before.keys() != after.keys():
            before = {"": {"left": [line for one in before.values() for line in decided(one)]}}
            now_decided = {line for lists in after.values() for line in decided(lists)}
            self.expect(decided(before[""]) <= now_decided, "a focused code lost what was decided")
            return
        lead = lineage(self.root)
        for label, lists in before.items():
            taken = {now(one, lead) for one in after[label].get("takes-up", ())}
            coded = [one for one in codings if now(one.label, lead) in taken]
            for line in decided(lists) - decided(after[label]):
                self.expect(line not in lists.get("does-not-fit", ()), f"{label} lost {line}")
                self.expect(
                    not any(is_of(line, one) for one in coded),
                    f"{label} lost {line}, which is coded",
                )

    def take_up(self) -> None:
        """A focused code takes a code up, with what it holds now."""
        label = self.random.choice(sorted(read_lists(self.root)))
        taken = self.random.choice(self.labels())
        words = ("codes", "focused", "take-up", "--why", "w", "--", label, taken)
        self.change(*words, expected=list)

    def judge(self) -> None:
        """Something is said of one incident, or of what waits of an interview; codings stand."""
        label = self.random.choice(sorted(read_lists(self.root)))
        verdict = self.random.choice(sorted(VERDICTS))
        codings = sorted(read_sheets(self.root).codings)
        if not codings or self.random.random() < 0.3:
            which = ["--interview", self.random.choice(list(WORDS))]
            address = ""
        else:
            one = self.random.choice(codings)
            which = [address := f"{one.interview} {one.turn}"]
        words = ("codes", "focused", verdict, label, *which, "--why", "w")
        if self.change(*words, expected=list) and address:
            lines = read_lists(self.root)[label].get(VERDICTS[verdict], [])
            there = any(f"{line} ".startswith(f"{address} ") for line in lines)
            self.expect(there, f"{address} is not under {VERDICTS[verdict]}")

    def code(self, name: str, turn: int, label: str, coder: str) -> None:
        self.number += 1
        note = f"thought {self.number}" if self.random.random() < 0.4 else ""
        words = self.random.choice(WORDS[name][turn].split()) if self.random.random() < 0.4 else ""
        id = str(2 * turn + 2)
        extra = [*(["--words", words] if words else []), *(["--note", note] if note else [])]
        applied = Applied(name, coder, id, label, words)
        ran = self.change(
            "code", name, id, label, *extra, coder=coder, expected=lambda had: [*had, applied]
        )
        if ran and note:
            self.written_notes.add(note)

    def code_over_turns(self) -> None:
        """One incident from a turn to a later one, all of it or from a word to a word."""
        name, coder = self.random.choice(list(WORDS)), self.random.choice(CODERS)
        first, last = sorted(self.random.sample(range(len(WORDS[name])), 2))
        start, end = WORDS[name][first].split()[0], WORDS[name][last].split()[-1]
        words = f"{start} … {end}" if self.random.random() < 0.5 else ""
        turns = f"{2 * first + 2}-{2 * last + 2}"
        applied = Applied(name, coder, turns, self.random.choice(LABELS), words)
        self.change(
            "code",
            name,
            turns,
            applied.label,
            *(["--words", words] if words else []),
            coder=coder,
            expected=lambda had: [*had, applied],
        )

    def give_a_code(self) -> None:
        name = self.random.choice(list(WORDS))
        self.code(
            name,
            self.random.randrange(len(WORDS[name])),
            self.random.choice(LABELS + FRESH),
            self.random.choice(CODERS),
        )

    def write_by_hand(self) -> None:
        """A person types into a sheet: a code with a note, a comment, a blank line."""
        sheets = sorted((self.root / "data/initial-codes").glob("*.yaml"))
        path = self.random.choice(sheets)
        lines = path.read_text(encoding="utf-8").split("\n")
        places = [n for n, line in enumerate(lines) if line.startswith("  codes: |")]
        if not places:
            return
        at = self.random.choice(places) + 1
        self.number += 1
        note = f"by hand {self.number}"
        lines[at:at] = [f"    {self.random.choice(LABELS)}", f"      {note}"]
        lines[0:0] = [f"# mine {self.number}", ""]
        path.write_text("\n".join(lines), encoding="utf-8")
        self.written_notes.add(note)
        self.before_last = None
        self.steps.append(f"  in {path.name}: {note}")

    def write_a_position(self) -> None:
        """A person writes below a property what was met, or `?`."""
        path = self.root / FOCUSED
        lines = path.read_text(encoding="utf-8").split("\n")
        places = [n for n, line in enumerate(lines) if line == "    how long"]
        self.number += 1
        said = self.random.choice(("?", "ann 4", "ben 2, ann 6", "ben 8"))
        position = f"position {self.number}: {said}"
        lines.insert(self.random.choice(places) + 1, f"      {position}")
        path.write_text("\n".join(lines), encoding="utf-8")
        self.positions.add(position)
        self.before_last = None

    def change_a_focused_code(self) -> None:
        """One is renamed, or taken into another; its positions stand."""
        text = (self.root / FOCUSED).read_text(encoding="utf-8")
        labels = re.findall(r"^- focused: (.+)$", text, re.M)
        one, other = self.random.sample(labels, 2) if len(labels) > 1 else (labels[0], "")
        if other and self.random.random() < 0.5:
            words = ("merge", f"focused: {one}", "--into", f"focused: {other}")
        else:
            self.number += 1
            words = ("rename", f"focused: {one}", f"staying {self.number}")
        self.change("codes", *words, "--why", "w", expected=list)

    def rename(self) -> None:
        old, new = self.random.choice(self.labels()), self.random.choice(LABELS + FRESH)
        self.change(
            "codes",
            "rename",
            f"initial: {old}",
            f"initial: {new}",
            "--why",
            "w",
            expected=lambda had: [
                one._replace(label=new) if one.label == old else one for one in had
            ],
        )

    def merge(self) -> None:
        olds = self.random.sample(self.labels(), min(2, len(self.labels())))
        into = self.random.choice((*olds, *FRESH))
        self.change(
            "codes",
            "merge",
            *(f"initial: {old}" for old in olds),
            "--into",
            f"initial: {into}",
            "--why",
            "w",
            expected=lambda had: [
                one._replace(label=into) if one.label in olds else one for one in had
            ],
        )

    def drop(self) -> None:
        """What still stands under an old label of a code goes with it, as it counts under it."""
        gone, lead = self.random.choice(self.labels()), lineage(self.root)
        self.change(
            "codes",
            "drop",
            f"initial: {gone}",
            "--why",
            "w",
            expected=lambda had: [one for one in had if now(one.label, lead) != gone],
        )

    def park(self) -> None:
        self.change(
            "codes",
            "park",
            f"initial: {self.random.choice(self.labels())}",
            "--why",
            "one event",
            expected=list,
        )

    def recode(self) -> None:
        state = read_sheets(self.root)
        if not state.codings:
            return
        one = self.random.choice(sorted(state.codings))
        new = self.random.choice(LABELS)
        words = ["--words", one.words] if one.words else []
        self.change(
            "codes",
            "recode",
            one.interview,
            one.turn,
            one.label,
            new,
            *words,
            "--by",
            one.coder,
            "--why",
            "w",
            expected=lambda had: [
                other._replace(label=new) if other == one else other for other in had
            ],
        )

    def through_an_old_label(self) -> None:
        """A label that only leads on is refused by what changes codes, and changes nothing."""
        lead = lineage(self.root)
        standing = {one.label for one in read_sheets(self.root).codings}
        olds = sorted(old for old in lead if old not in standing)
        if not olds:
            return
        old = self.random.choice(olds)
        command = self.random.choice((["drop"], ["park"]))
        self.change("codes", *command, f"initial: {old}", "--why", "w", expected=list)

    def correct(self) -> None:
        """The source comes again with a word more, which touches no coding."""
        name = self.random.choice(list(WORDS))
        self.number += 1
        words = list(WORDS[name])
        words[self.random.randrange(len(words))] += f" … {self.number}"
        self.source(name, tuple(words))
        self.change("ingest", "--correct", f"in/{name}.txt", "--as", name, expected=list)

    def undo(self) -> None:
        """The last change is taken back: every file stands as it stood before."""
        if self.before_last is None:
            return
        wanted = self.before_last
        gone = self.written_notes - {
            note
            for note in self.written_notes
            if any(note.encode() in one for one in wanted.values())
        }
        code, told = self.gtpipe("undo", "--why", "w")
        self.expect(code == 0, told)
        self.expect(self.people() == wanted, "undo left something else")
        self.positions &= self.standing_positions()
        self.written_notes -= gone
        self.before_last = None

    def run(self) -> None:
        before = self.people()
        self.must("run")
        self.expect(self.people() == before, "run changed a person's file")

    def part_and_merge(self) -> None:
        """Two branches part, each changes codes; git merges them, or refuses and is taken back."""
        self.commit("before they part")
        base, base_lists = read_sheets(self.root).codings, read_lists(self.root)
        sides, lists = [], []
        for branch in ("one", "two"):
            self.git("checkout", "-q", "main")
            self.git("checkout", "-qB", branch)
            for _ in range(self.random.randint(1, 2)):
                self.random.choice(
                    (
                        self.give_a_code,
                        self.code_over_turns,
                        self.write_by_hand,
                        self.rename,
                        self.drop,
                        self.judge,
                    )
                )()
            sides.append((read_sheets(self.root), set(self.written_notes)))
            lists.append(read_lists(self.root))
            self.commit(branch)
            self.written_notes = set(self.written_notes)
        self.before_last = None
        notes_one, notes_two = sides[0][1] - (sides[1][1] - sides[0][1]), sides[1][1]
        merged = self.git("merge", "-q", "--no-edit", "one")
        self.steps.append(f"  git merge -> {merged.returncode}")
        if merged.returncode:
            self.git("merge", "--abort")
            text = self.sheets_text()
            self.written_notes = {note for note in notes_two if note in text}
        else:
            after = read_sheets(self.root).codings
            ours, theirs = (side.codings for side, _ in sides)
            kept = {
                one
                for one in {*ours, *theirs}
                if (one in ours and one in theirs) or one not in base
            }
            self.expect(kept <= {*after}, f"the merge lost {kept - {*after}}")
            for label, merged_lists in read_lists(self.root).items():
                one, other, old = (decided(of[label]) for of in (*lists, base_lists))
                lost = (one & other | (one | other) - old) - decided(merged_lists)
                self.expect(not lost, f"the merge lost {lost} of {label}")
            self.written_notes = notes_one | notes_two
            if self.gtpipe("check")[0]:
                # Both gave another code one label: told, for a person to decide.
                self.git("reset", "-q", "--hard", "HEAD^1")
                text = self.sheets_text()
                self.written_notes = {note for note in notes_two if note in text}
        head = self.git("rev-parse", "HEAD").stdout.strip()
        self.git("checkout", "-q", "main")
        self.git("reset", "-q", "--hard", head)
