"""Two people work on one study in two clones, and merge: simulated, many times over.

By hand:

    python tests/benchmarks/merges.py

Each round makes up a small study, lets two people code, recode, note, define, rename, take up and
relate at random, and merges what they did, in real git, with `gtpipe git setup` and without. What
must come out is computed from the records gtpipe reads from each version: (base + added by either)
- removed by either. With the driver a merge must be clean and right wherever the two did not change
the same thing; without it, it must be right or git must say that it is not (a conflict, or a
problem that `gtpipe check` shows). Exits 1 when it is not so.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from gtpipe.formats import codebook, focused, sheets, theory
from gtpipe.gitdriver import merge
from gtpipe.model.problems import UserError
from gtpipe.store.layout import CODEBOOK, FOCUSED_CODES, SHEETS, THEORY

Files = dict[str, str]
Facts = dict[tuple, frozenset]

CODES = (
    "meeting around the ward",
    "noticing the pay",
    "why: because",
    "waiting it out",
    "it went from there",
    "# hope",
    "being sent away",
)
FRESH = (
    "asking twice",
    "keeping quiet",
    "leaving early",
    "saying it plainly",
    "'cause nobody came",
    "counting days",
    "no",
)
TEXTS = (
    "first contact outside any appointment",
    "what nobody arranged",
    "holds in most accounts",
    "said by few: not all",
    "when a door stays shut",
    "nobody was asked",
    "as they tell it",
)
NOTES = ("passive? ask again", "see the memo", "who says so?", "compare with the other ward")
WORDS = (
    "well er I met him around the ward and it went from there so we kept on going every week "
    "until they closed it"
).split()
KINDS = ("opens the way to", "slows", "hides")


def begin(chance: random.Random) -> Files:
    """A small study: two sheets, a code book, focused codes, a theory."""
    files = {}
    for name in ("jim", "eve"):
        turns = []
        for turn in range(2, 14, 2):
            said = [chance.choice(WORDS) for _ in range(9)]
            lines = ["  codes: |"]
            for label in chance.sample(CODES, chance.choice((0, 0, 1, 2, 3))):
                lines.append(f"    {_line(chance, label, said)}")
                if chance.random() < 0.3:
                    lines.append(f"      {chance.choice(NOTES)}")
            turns.append(
                f"# [{turn - 1}] I: And then, {turn}?\n\n- turn: {turn}\n  speaker: P\n  text: |-\n"
                f"    {' '.join(said[:5])}\n    "
                f"{' '.join(said[5:])}\n" + "\n".join(lines) + "\n"
            )
        files[f"{SHEETS}/{name}.yaml"] = (
            f"# {name}: write your codes under `codes: |`\n\n" + "\n".join(turns)
        )
    defined = chance.sample(CODES, 5)
    files[CODEBOOK] = "# Our code book\n\n" + "\n".join(
        f"- code: {_quoted(code)}\n  definition: {_quoted(chance.choice(TEXTS))}\n"
        + ("  include: all of it\n" if chance.random() < 0.4 else "")
        for code in defined
    )
    files[FOCUSED_CODES] = "\n".join(
        f"- focused: {label}\n  definition: {_quoted(chance.choice(TEXTS))}\n"
        f"  because: {_quoted(chance.choice(TEXTS))}\n  takes-up: |\n"
        + "".join(f"    {code}\n" for code in chance.sample(CODES, 2))
        for label in ("easy beginnings", "minding the money", "keeping hours")
    )
    files[THEORY] = (
        "categories:\n- category: becoming believable\n  definition: how one comes to be believed\n"
        "  focused: |\n    easy beginnings\n\n"
        "- category: counting\n  focused: |\n    minding the money\n\nrelations:\n"
        "- from: easy beginnings\n  kind: opens the way to\n  to: becoming believable\n"
        "  hypothesis: nobody was sent\n  support: |\n    jim 2\n    eve 4\n\n"
        "- from: counting\n  kind: slows\n  to: becoming believable\n\n"
        "negative-cases:\n- incident: eve 4\n  contradicts: becoming believable\n"
        "  led-to: qualified\n"
    )
    return files


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"' if set(text) & set(":#'") or text == "no" else text


def _line(chance: random.Random, label: str, said: list[str]) -> str:
    start = chance.randrange(len(said) - 2)
    return f'{label} <- "{" ".join(said[start : start + 2])}"' if chance.random() < 0.3 else label


class Person:
    """Somebody at work on a copy of the files, who edits lines as one does in an editor."""

    def __init__(self, chance: random.Random, files: Files, initials: str) -> None:
        self.chance, self.files, self.initials = chance, dict(files), initials
        self.did: list[str] = []

    def work(self, steps: int) -> Files:
        deeds = (
            self.code,
            self.code,
            self.code,
            self.uncode,
            self.note,
            self.recode,
            self.remark,
            self.define,
            self.redefine,
            self.rename,
            self.focus,
            self.take_up,
            self.drop_taken_up,
            self.support,
            self.relate,
            self.hypothesis,
            self.words,
        )
        for _ in range(steps):
            deed = self.chance.choice(deeds)
            self.did.append(deed.__name__)
            deed()
        return self.files

    def _lines(self, path: str) -> list[str]:
        return self.files[path].split("\n")

    def _keep(self, path: str, lines: list[str]) -> None:
        self.files[path] = "\n".join(lines)

    def _sheet(self) -> str:
        return f"{SHEETS}/{self.chance.choice(('jim', 'eve'))}.yaml"

    def _coded(self, lines: list[str]) -> int | None:
        """A line with a code."""
        found, inside = [], False
        for number, line in enumerate(lines):
            if line.startswith("  codes:"):
                inside = True
            elif inside and line.startswith("    ") and not line.startswith("     "):
                found.append(number)
            elif not line.startswith("     "):
                inside = False
        return self.chance.choice(found) if found else None

    def _end(self, lines: list[str], number: int) -> int:
        """Where what belongs to a line of a block ends."""
        number += 1
        while number < len(lines) and lines[number].startswith("      "):
            number += 1
        return number

    def code(self) -> None:
        path = self._sheet()
        lines = self._lines(path)
        number = self.chance.choice([n for n, line in enumerate(lines) if line == "  codes: |"]) + 1
        while (
            number < len(lines) and lines[number].startswith("    ") and self.chance.random() < 0.8
        ):
            number = self._end(lines, number)
        label = self.chance.choice(CODES + FRESH)
        turn = next(line for line in reversed(lines[:number]) if line.startswith("- turn"))
        begun = lines.index(turn)
        standing = {line.strip().partition(" <-")[0] for line in lines[begun : begun + 20]}
        if label not in standing:
            lines.insert(number, f"    {label}")
        self._keep(path, lines)

    def uncode(self) -> None:
        path = self._sheet()
        lines = self._lines(path)
        number = self._coded(lines)
        if number is not None:
            del lines[number : self._end(lines, number)]
        self._keep(path, lines)

    def note(self) -> None:
        path = self._sheet()
        lines = self._lines(path)
        number = self._coded(lines)
        if number is not None:
            lines.insert(
                self._end(lines, number), f"      {self.initials}: {self.chance.choice(NOTES)}"
            )
        self._keep(path, lines)

    def recode(self) -> None:
        path = self._sheet()
        lines = self._lines(path)
        number = self._coded(lines)
        if number is not None:
            lines[number] = f"    {self.chance.choice(FRESH)} {self.initials}"
        self._keep(path, lines)

    def remark(self) -> None:
        path = self.chance.choice(list(self.files))
        lines = self._lines(path)
        number = self.chance.choice([n for n, line in enumerate(lines) if line.startswith("- ")])
        lines[number:number] = [
            f"# {self.initials}: {self.chance.choice(NOTES)} {self.chance.randrange(1000)}"
        ]
        self._keep(path, lines)

    def define(self) -> None:
        known = codebook.loads(self.files[CODEBOOK])[0]
        taken = {*known, *(old for entry in known.values() for old in entry.was)}
        free = [code for code in CODES + FRESH if code not in taken]
        if not free:
            return
        label = self.chance.choice(free)
        definition = f"{_quoted(self.chance.choice(TEXTS))} {self.initials}"
        entry = f"- code: {_quoted(label)}\n  definition: {definition}\n"
        entry = entry.replace(f'" {self.initials}', f' {self.initials}"')
        parts = self.files[CODEBOOK].split("\n\n- ")
        if self.chance.random() < 0.5:
            self.files[CODEBOOK] = self.files[CODEBOOK].rstrip("\n") + "\n\n" + entry
        else:
            parts.insert(self.chance.randrange(1, len(parts)), entry[2:].rstrip("\n"))
            self.files[CODEBOOK] = "\n\n- ".join(parts)

    def _field(self, path: str, name: str, text: str) -> None:
        lines = self._lines(path)
        found = [n for n, line in enumerate(lines) if line.startswith(f"  {name}:")]
        if found:
            lines[self.chance.choice(found)] = f"  {name}: {_quoted(text)}"
        self._keep(path, lines)

    def redefine(self) -> None:
        path = self.chance.choice((CODEBOOK, FOCUSED_CODES))
        self._field(
            path,
            self.chance.choice(("definition", "include", "because")),
            f"{self.chance.choice(TEXTS)} ({self.initials})",
        )

    def hypothesis(self) -> None:
        self._field(THEORY, "hypothesis", f"{self.chance.choice(TEXTS)} ({self.initials})")

    def rename(self) -> None:
        """As `gtpipe codes rename` does it: the entry, with its `was`, and every line with the
        label.
        """
        known = codebook.loads(self.files[CODEBOOK])[0]
        left = sorted(code for code, entry in known.items() if not entry.was)
        if not left:
            return
        old = self.chance.choice(left)
        new = f"{old} {self.initials}"
        lines = self._lines(CODEBOOK)
        number = lines.index(f"- code: {_quoted(old)}")
        lines[number] = f"- code: {_quoted(new)}"
        end = number + 1
        while end < len(lines) and lines[end].startswith("  "):
            end += 1
        lines[end:end] = ["  was: |", f"    {old}"]
        self._keep(CODEBOOK, lines)
        for path in self.files:
            if path not in (CODEBOOK, THEORY):
                self._keep(
                    path,
                    [
                        f"    {new}{line[4 + len(old) :]}"
                        if line == f"    {old}" or line.startswith(f"    {old} <-")
                        else line
                        for line in self._lines(path)
                    ],
                )

    def focus(self) -> None:
        label = f"{self.chance.choice(FRESH[:4])} {self.initials}"
        if label not in focused.loads(self.files[FOCUSED_CODES])[0]:
            self.files[FOCUSED_CODES] += (
                f"\n- focused: {label}\n  because: {_quoted(self.chance.choice(TEXTS))}\n"
                f"  takes-up: |\n    {self.chance.choice(CODES)}\n"
            )

    def take_up(self) -> None:
        self._listed(FOCUSED_CODES, "takes-up", self.chance.choice(CODES + FRESH))

    def support(self) -> None:
        self._listed(
            THEORY,
            "support",
            f"{self.chance.choice(('jim', 'eve'))} {self.chance.randrange(2, 14, 2)}",
        )

    def _listed(self, path: str, name: str, text: str) -> None:
        lines = self._lines(path)
        number = (
            self.chance.choice([n for n, line in enumerate(lines) if line == f"  {name}: |"]) + 1
        )
        standing = []
        while number < len(lines) and lines[number].startswith("    "):
            standing.append(lines[number].strip())
            number += 1
        if text not in standing:
            lines.insert(number, f"    {text}")
        self._keep(path, lines)

    def drop_taken_up(self) -> None:
        lines = self._lines(FOCUSED_CODES)
        found = [n for n, line in enumerate(lines) if line.startswith("    ")]
        del lines[self.chance.choice(found)]
        self._keep(FOCUSED_CODES, lines)

    def relate(self) -> None:
        entry = (
            f"- from: counting\n  kind: {self.chance.choice(KINDS)} ({self.initials})\n"
            f"  to: easy beginnings {self.chance.randrange(100)}\n\n"
        )
        self.files[THEORY] = self.files[THEORY].replace(
            "negative-cases:", f"{entry}negative-cases:", 1
        )

    def words(self) -> None:
        """The sheet's copy of the words follows a correction of the transcript."""
        path = self._sheet()
        lines = self._lines(path)
        found = [n for n, line in enumerate(lines) if line.startswith("  text:")]
        number = self.chance.choice(found) + self.chance.choice((1, 2))
        lines[number] += f" [{self.chance.choice(WORDS)}]"
        self._keep(path, lines)


def facts(path: str, text: str) -> Facts:
    """What a file says, from gtpipe's records: thing → what is said of it. A renamed code is the
    thing it was.

    Raises ValueError where `gtpipe check` would show an error.
    """
    found: dict[tuple, set] = {}

    def say(thing: tuple, *said) -> None:
        found.setdefault(thing, set()).update(said)

    try:
        if path.startswith(SHEETS):
            entries, problems = sheets.loads(text, path)
            words = sheets.copies(text, path)
            for entry in entries:
                say(("turn", entry.turn, "words"), *words[entry.turn].split("\n"))
                say(
                    ("turn", entry.turn, "codes"),
                    *((code.level, code.label, code.words) for code in entry.codes),
                )
                say(
                    ("turn", entry.turn, "notes"),
                    *(line for code in entry.codes for line in code.note.split("\n") if line),
                )
        elif path == THEORY:
            said, problems = theory.loads(text)
            for category in said.categories:
                at = ("category", category.label)
                say((*at, "definition"), category.definition)
                say((*at, "focused"), *(named.label for named in category.focused))
            for relation in said.relations:
                at = ("relation", relation.sentence)
                say((*at, "hypothesis"), relation.hypothesis)
                say((*at, "support"), *(incident[:3] for incident in relation.support))
            for case in said.negative_cases:
                say(("negative", case.incident.address, case.contradicts.label), case.led_to)
        else:
            loads = codebook.loads if path == CODEBOOK else focused.loads
            entries, problems = loads(text)
            for label, entry in entries.items():
                at = ("entry", entry.was[0] if entry.was else label)
                say((*at, "label"), label)
                say((*at, "definition"), entry.definition)
                say((*at, "was"), *entry.was)
                if path == CODEBOOK:
                    say((*at, "include"), entry.include)
                else:
                    say((*at, "because"), entry.because)
                    say((*at, "takes-up"), *(named.label for named in entry.takes_up))
    except UserError as exc:
        raise ValueError(str(exc)) from None
    if any(problem.is_error for problem in problems):
        raise ValueError(problems[0].what)
    say(("remarks",), *(line for line in text.split("\n") if line.startswith("#")))
    return {thing: frozenset(said) for thing, said in found.items()}


LISTS = ("codes", "notes", "was", "takes-up", "focused", "support", "remarks", "words")


def intended(base: Facts, ours: Facts, theirs: Facts) -> tuple[Facts, bool]:
    """(base + added by either) - removed by either, thing by thing; and whether both said different
    things of one.
    """
    found, differ = {}, False
    for thing in {**base, **ours, **theirs}:
        b, o, t = (version.get(thing, frozenset()) for version in (base, ours, theirs))
        found[thing] = (o & t) | (o - b) | (t - b)
        if thing[-1] not in LISTS and len(found[thing]) > 1:
            differ = True
        if (thing not in ours and t != b) or (thing not in theirs and o != b):
            differ = differ or thing in base
    return {
        thing: said for thing, said in found.items() if said or (thing in ours and thing in theirs)
    }, differ


def same(found: Facts, wanted: Facts, ours: Facts, theirs: Facts) -> bool:
    """Whether the one says what the other does. The same note may stand at two codes of a turn:
    none may be missing, or made up.
    """
    for thing in {**found, **wanted}:
        said, must = found.get(thing, frozenset()), wanted.get(thing, frozenset())
        may = (
            ours.get(thing, frozenset()) | theirs.get(thing, frozenset())
            if thing[-1] == "notes"
            else must
        )
        if not must <= said <= may:
            return False
    return True


def rounds(seed: int, steps: int) -> tuple[Files, Files, Files, list[str]]:
    """What two people begin with, and what each makes of it."""
    chance = random.Random(seed)
    base = begin(chance)
    people = [Person(random.Random(f"{seed} {who}"), base, who) for who in ("PM", "KR")]
    ours, theirs = (person.work(chance.randint(1, steps)) for person in people)
    return base, ours, theirs, [f"{person.initials}: {', '.join(person.did)}" for person in people]


def judge(path: str, base: str, ours: str, theirs: str, text: str, conflicts: bool) -> str:
    """`right`, `conflict` (where both said different things of one), or what is wrong with the
    merge of one file.
    """
    versions = [facts(path, version) for version in (base, ours, theirs)]
    wanted, differ = intended(*versions)
    if conflicts:
        return (
            "conflict"
            if differ or changed_by_both(*versions)
            else "a conflict that nobody would expect"
        )
    try:
        found = facts(path, text)
    except ValueError as exc:
        return f"unreadable: {exc}"
    if differ:
        return "no conflict, though both said different things of one"
    return "right" if same(found, wanted, *versions[1:]) else "wrong"


def changed_by_both(base: Facts, ours: Facts, theirs: Facts) -> bool:
    """Whether both changed one line of a turn: took out or recoded the same one, or what the other
    wrote a note to.
    """
    for thing in base:
        if thing[0] == "turn" and thing[-1] == "codes":
            notes, words = (*thing[:2], "notes"), (*thing[:2], "words")
            gone = [base[thing] - version[thing] for version in (ours, theirs)]
            noted = [version.get(notes) != base.get(notes) for version in (ours, theirs)]
            if gone[0] & gone[1] or (gone[0] and noted[1]) or (gone[1] and noted[0]):
                return True
            if base[words] - ours[words] & base[words] - theirs[words]:
                return True
        if (
            thing[-1] in ("takes-up", "support")
            and thing in ours
            and thing in theirs
            and (base[thing] - ours[thing]) & (base[thing] - theirs[thing])
        ):
            return True
    return False


def directly(base: Files, ours: Files, theirs: Files) -> Counter[str]:
    """Merge file by file without git."""
    found: Counter[str] = Counter()
    for path in base:
        if ours[path] != base[path] and theirs[path] != base[path] and ours[path] != theirs[path]:
            try:
                merged = merge.merge_texts(base[path], ours[path], theirs[path])
            except merge.CannotMergeError:
                found["left to git"] += 1
                continue
            found[
                judge(path, base[path], ours[path], theirs[path], merged.text, merged.conflicts > 0)
            ] += 1
    return found


def git(*arguments: str, cwd: Path) -> subprocess.CompletedProcess:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for who in ("AUTHOR", "COMMITTER"):
        env |= {f"GIT_{who}_NAME": "Pat Morgan", f"GIT_{who}_EMAIL": "pat@example.org"}
    return subprocess.run(
        ["git", *arguments], cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8"
    )


def put(folder: Path, files: Files) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())


def in_git(folder: Path, base: Files, ours: Files, theirs: Files, driver: bool) -> Counter[str]:
    """Merge two branches in a new repository in `folder`."""
    from gtpipe.commands import begin_study
    from gtpipe.commands import git_setup as setup
    from gtpipe.store.layout import Study

    begin_study.init(folder)
    git("init", "-q", "-b", "main", cwd=folder)
    if driver:
        setup.setup(Study(folder))
    put(folder, base)
    for branch, files in ((None, base), ("theirs", theirs), ("ours", ours)):
        if branch:
            git("checkout", "-q", "-b", branch, "main", cwd=folder)
        put(folder, files)
        git("add", "-A", cwd=folder)
        git("commit", "-q", "--allow-empty", "-m", branch or "begin", cwd=folder)
    git("merge", "--no-edit", "theirs", cwd=folder)
    unmerged = set(git("diff", "--name-only", "--diff-filter=U", cwd=folder).stdout.split("\n"))
    found: Counter[str] = Counter()
    for path in base:
        if ours[path] != base[path] and theirs[path] != base[path] and ours[path] != theirs[path]:
            text = (folder / path).read_text(encoding="utf-8")
            if not driver and path in unmerged:
                found["conflict"] += 1
            else:
                found[
                    judge(path, base[path], ours[path], theirs[path], text, path in unmerged)
                ] += 1
    return found


GOOD = ("right", "conflict")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--rounds", type=int, default=100)
    arguments.add_argument(
        "--steps", type=int, default=12, help="the most that each person does between two merges"
    )
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument(
        "--directly", action="store_true", help="without git, which is much faster"
    )
    given = arguments.parse_args()
    totals: dict[str, Counter[str]] = {}
    bad = 0
    began = time.perf_counter()
    for seed in range(given.seed, given.seed + given.rounds):
        base, ours, theirs, did = rounds(seed, given.steps)
        if given.directly:
            found = {"directly": directly(base, ours, theirs)}
        else:
            with tempfile.TemporaryDirectory() as folder:
                found = {
                    name: in_git(Path(folder) / name, base, ours, theirs, driver)
                    for name, driver in (("with the driver", True), ("without it", False))
                }
        for name, counted in found.items():
            totals.setdefault(name, Counter()).update(counted)
            wrong = [
                what
                for what in counted
                if what not in GOOD
                and not (name == "without it" and what.startswith(("unreadable", "no conflict")))
            ]
            if wrong:
                bad += 1
                print(f"round {seed}, {name}: {'; '.join(wrong)}\n  " + "\n  ".join(did))
    for name, counted in totals.items():
        print(
            f"{name}: " + ", ".join(f"{what} {number}" for what, number in sorted(counted.items()))
        )
    print(
        f"{given.rounds} rounds in {time.perf_counter() - began:.1f} s; {bad} of them not as they "
        "should be"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
