"""How many small faults in a room the tests see: mutation testing, by hand.

    python tests/benchmarks/mutation.py --room store --sample 200 --seed 1

A mutant is the room's source with one small fault: a comparison, a condition, a number, a bound of
a slice or an operator changed, or a statement left out. Texts are left alone (a message is compared
letter for letter where it matters), and so are annotations and decorators. Each mutant of the
sample meets the tests that run its lines, quickest first, until one of them fails; a mutant that
none sees "survives", and is shown.

The first time, the suite runs once under coverage, which notes the lines that each test runs
(`--cover` does it anew). A test that is newer than that meets every mutant. Everything happens in a
copy of the tree: the fault stands in the copy's file, for tests that start a gtpipe, and in the
functions of this process, which has imported everything and forks for each mutant. Where a fault
is no function's (a constant, a default), an interpreter of its own looks for it.

`--again` meets the survivors of the last run of this room alone, and names who sees them now.
`--patience` is how many seconds of tests a mutant meets at most, as long as they took under
coverage: what survives a short run is met again with more.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import collections
import functools
import gc
import importlib
import io
import itertools
import json
import os
import pkgutil
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import types
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import coverage
import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("model", "text", "store", "formats", "commands")
SWAPPED: dict[type, tuple[str, str]] = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: (r"not\s+in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: (r"is\s+not", "is"),
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Add: (r"\+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: (r"\*", "//"),
    ast.BitOr: (r"\|", "&"),
    ast.BitAnd: ("&", "|"),
    ast.And: (r"\band\b", "or"),
    ast.Or: (r"\bor\b", "and"),
}
TRIMMED = {"strip", "rstrip", "lstrip", "lower", "casefold", "removeprefix", "removesuffix"}
SKIPPED = {"annotation", "returns", "decorator_list"}
NO_FAULT = {"strict", "frozen", "ensure_ascii", "parents", "exist_ok"}  # keywords of True or False
GRACE = 60.0  # seconds more than expected before a mutant is said to hang
UNKNOWN = 0.01  # seconds of a test that nobody has timed


class Mutant(NamedTuple):
    """A fault: bytes `start` to `end` of the file become `text`. `lines` are those of its code."""

    path: str
    lines: tuple[int, int]
    start: int
    end: int
    text: str

    def apply(self, source: bytes) -> bytes:
        """The source with the fault, on as many lines."""
        gone = source[self.start : self.end].count(b"\n") - self.text.count("\n")
        text = (
            self.text[:-1] + "\n" * gone + self.text[-1:]
            if self.text.endswith(")")
            else (self.text + "\n" * gone)
        )
        return source[: self.start] + text.encode() + source[self.end :]

    def told(self, source: bytes) -> str:
        """Place, and what becomes of what."""
        was = b" ".join(source[self.start : self.end].split()).decode()
        line = source.split(b"\n")[self.lines[0] - 1].strip().decode()
        short = was if len(was) < 60 else was[:57] + "..."
        return f"{self.path}:{self.lines[0]}: {short or 'nothing'} -> {self.text}   in   {line}"


Fault = tuple[int, int, str]  # from byte, to byte, what stands there instead


class Source:
    """A file of the room, and every fault that it can have."""

    def __init__(self, path: str, source: bytes) -> None:
        self.path, self.source = path, source
        self._starts = [0]
        for line in source.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def mutants(self) -> Iterator[Mutant]:
        for node in _nodes(ast.parse(self.source)):
            for of in (self._operators, self._values, self._conditions, self._statements):
                for start, end, text in of(node):
                    first, last = (self.source[:i].count(b"\n") + 1 for i in (start, end))
                    yield Mutant(self.path, (first, last), start, end, text)

    def _place(self, node: ast.AST) -> tuple[int, int]:
        return (
            self._starts[node.lineno - 1] + node.col_offset,
            self._starts[node.end_lineno - 1] + node.end_col_offset,
        )

    def _operators(self, node: ast.AST) -> Iterator[Fault]:
        """One operator for another, between two operands."""
        match node:
            case ast.Compare(left=left, ops=operators, comparators=others):
                between = [*zip((left, *others), operators, others, strict=False)]
            case ast.BoolOp(op=operator, values=values):
                between = [(one, operator, other) for one, other in itertools.pairwise(values)]
            case ast.BinOp(left=left, op=operator, right=right):
                of_types = isinstance(operator, ast.BitOr) and (_type(left) or _type(right))
                between = [] if of_types else [(left, operator, right)]
            case _:
                return
        for one, operator, other in between:
            if type(operator) in SWAPPED:
                pattern, instead = SWAPPED[type(operator)]
                start, end = self._place(one)[1], self._place(other)[0]
                if found := re.search(pattern.encode(), self.source[start:end]):
                    yield start + found.start(), start + found.end(), instead

    def _values(self, node: ast.AST) -> Iterator[Fault]:
        """A value for another; a bound or a trimming left out."""
        match node:
            case ast.Constant(value=bool(value)):
                yield *self._place(node), str(not value)
            case ast.Constant(value=int(value)):
                yield *self._place(node), str(value + 1)
            case ast.Slice(lower=lower, upper=upper):
                for bound in (lower, upper):
                    if bound is not None:
                        yield *self._place(bound), ""
            case ast.Call(func=ast.Attribute(attr=name) as function) if name in TRIMMED:
                dot = self.source.rfind(b".", 0, self._place(function)[1])
                yield dot, self._place(node)[1], ""

    def _conditions(self, node: ast.AST) -> Iterator[Fault]:
        """A condition that always holds, or never; one turned round."""
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield self._place(node)[0], self._place(operand)[0], ""
            case ast.While(test=test):
                yield *self._place(test), "(False)"
            case ast.If(test=test) | ast.IfExp(test=test):
                yield *self._place(test), "(False)"
                yield *self._place(test), "(True)"

    def _statements(self, node: ast.AST) -> Iterator[Fault]:
        """A statement left out."""
        match node:
            case ast.Expr(value=ast.Call() | ast.YieldFrom()) | ast.AugAssign() | ast.Raise():
                yield *self._place(node), "pass"
            case ast.Break():
                yield *self._place(node), "continue"
            case ast.Continue():
                yield *self._place(node), "break"


def _type(node: ast.AST) -> bool:
    """Whether an operand of `|` is a type, or None."""
    if isinstance(node, ast.Constant):
        return True
    name = getattr(node, "id", getattr(node, "attr", ""))
    return bool(name) and (hasattr(builtins, name) or name[0].isupper())


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes in which a fault can be."""
    if isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
    ):
        return
    yield node
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            silent = isinstance(child, ast.keyword) and child.arg in NO_FAULT
            if isinstance(child, ast.AST) and name not in SKIPPED and not silent:
                yield from _nodes(child)


# Which tests a mutant meets


class Record:
    """Seconds of each test, and which failed, as the suite runs."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            self.failed.add(report.nodeid)


def cover(folder: Path) -> None:
    """Run the suite once in a copy of the tree; what each test runs goes to `folder`."""
    with tempfile.TemporaryDirectory() as scratch:
        tree = _copy(Path(scratch))
        os.chdir(tree)
        record = Record()
        options = ("--cov", "--cov-context=test", "--cov-report=", "-q", "-p", "no:cacheprovider")
        pytest.main([*options], plugins=[record])
        kept = {
            "tree": str(tree),
            "seconds": record.seconds,
            "failed": sorted(record.failed),
            "percent": {room: _percent(tree, room) for room in ROOMS},
        }
        shutil.copy(tree / ".coverage", folder / "coverage")
    (folder / "tests.json").write_text(json.dumps(kept))


def _percent(tree: Path, room: str) -> float:
    """Lines and branches of a room that the suite runs."""
    run = coverage.Coverage(data_file=tree / ".coverage", branch=True)
    run.load()
    return run.report(include=[f"{tree}/gtpipe/{room}/*"], file=io.StringIO())


class Covered:
    """What the suite ran: which tests run a line, how long they take, which cannot be relied on."""

    def __init__(self, folder: Path) -> None:
        kept = json.loads((folder / "tests.json").read_text())
        self.tree, self.seconds, self.failed = kept["tree"], kept["seconds"], set(kept["failed"])
        self.percent: dict[str, float] = kept["percent"]
        self.data = coverage.CoverageData(str(folder / "coverage"))
        self.data.read()
        self.contexts = functools.cache(
            lambda path: self.data.contexts_by_lineno(f"{self.tree}/{path}")
        )

    def _names(self, mutant: Mutant) -> set[str]:
        contexts = self.contexts(mutant.path)
        first, last = mutant.lines
        return {name for line in range(first, last + 1) for name in contexts.get(line, ())}

    def on_setup_alone(self, mutant: Mutant) -> bool:
        """Whether its lines are run only as fixtures are made, which are made already."""
        names = self._names(mutant) - {""}
        return bool(names) and all(name.endswith("|setup") for name in names)

    def tests(self, mutant: Mutant, patience: float) -> list[str]:
        """The tests that run the lines of a mutant, those of its room first, the quickest first;
        behind them those that run others of its file: a line may have been run for an earlier test,
        and its result kept.
        """
        own = f"tests/{mutant.path.split('/')[1]}/"
        contexts = self.contexts(mutant.path)
        names = self._names(mutant)
        of_file = {name for line in contexts for name in contexts[line]}
        chosen: dict[str, None] = {}
        total = 0.0
        for some in (names, of_file):
            tests = {name.rsplit("|", 1)[0] for name in some} - self.failed - {""} - {*chosen}
            for _, seconds, test in sorted(
                (not test.startswith(own), self.seconds.get(test, UNKNOWN), test) for test in tests
            ):
                total += seconds
                if total > patience and chosen:
                    break
                chosen[test] = None
        return list(chosen)


# Meeting them


class Meeting:
    """Instead of a run of what was collected: each mutant against the tests that may see it."""

    def __init__(
        self, mutants: list[Mutant], covered: Covered, tree: Path, patience: float, tell: bool
    ) -> None:
        self.tell = tell  # which test sees a mutant, too
        self.mutants, self.covered, self.tree, self.patience = mutants, covered, tree, patience
        self.survivors: list[Mutant] = []
        self.killers: collections.Counter[str] = collections.Counter()
        self.failed_without: str = ""
        self.functions: dict[str, list[types.FunctionType]] = {}
        self.caches: list[functools._lru_cache_wrapper] = []
        self._failures: io.TextIOBase | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and self._failures:
            self._failures.write(f"{report.nodeid}\n")
            self._failures.flush()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for module in pkgutil.walk_packages(importlib.import_module("gtpipe").__path__, "gtpipe."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
        _build_once(session)
        for one in gc.get_objects():
            if isinstance(one, functools._lru_cache_wrapper):
                self.caches.append(one)
            elif isinstance(one, types.FunctionType):
                self.functions.setdefault(one.__code__.co_filename, []).append(one)
        gc.freeze()
        items = {item.nodeid: item for item in session.items}
        new = [test for test in items if test not in self.covered.seconds]
        show = sys.__stdout__
        for number, mutant in enumerate(self.mutants, 1):
            path = self.tree / mutant.path
            source = path.read_bytes()
            modified = path.stat().st_mtime
            tests = [t for t in self.covered.tests(mutant, self.patience) if t in items]
            path.write_bytes(mutant.apply(source))
            os.utime(path, (modified + number, modified + number))  # no cache fits it
            try:
                killer = self._meet(session, [*new, *tests], items, mutant, source)
            finally:
                path.write_bytes(source)
                os.utime(path, (modified, modified))
            if killer:
                self.killers[killer] += 1
                if self.tell:
                    print(f"{killer} sees {mutant.told(source)}", file=show, flush=True)
            else:
                self.survivors.append(mutant)
                print(f"{len(tests)} tests do not see {mutant.told(source)}", file=show, flush=True)
            if number % 10 == 0:
                print(f"... {number}", file=show, flush=True)
        known = [test for test in sorted(self.killers) if test in items]
        self.failed_without = self._meet(session, known, items, None, b"") if known else ""
        return True

    def _meet(self, session, tests, items, mutant: Mutant | None, source: bytes) -> str:
        """The test that saw the mutant, or how else it ended; nothing where it survived."""
        if not tests:
            return ""
        seconds = GRACE + 5 * sum(self.covered.seconds.get(test, UNKNOWN) for test in tests)
        with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
            child = os.fork()
            if child == 0:
                _end(lambda: self._run(session, tests, items, mutant, source, Path(folder)))
            until = time.monotonic() + seconds
            while (ended := os.waitpid(child, os.WNOHANG))[0] == 0:
                if time.monotonic() > until:
                    os.killpg(child, signal.SIGKILL)
                    os.waitpid(child, 0)
                    return "it hangs"
                time.sleep(0.01)
            failures = Path(folder, "failures")
            named = failures.read_text().split("\n")[0] if failures.exists() else ""
            return named or ("it crashes" if ended[1] else "")

    def _run(self, session, tests, items, mutant, source: bytes, folder: Path) -> int:
        """In the fork: the tests, until one fails."""
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nowhere, number)
        os.environ |= {"GTPIPE_STATE_HOME": f"{folder}/state", "TMPDIR": str(folder)}
        os.environ["PYTEST_DEBUG_TEMPROOT"] = tempfile.tempdir = str(folder)
        if mutant and (
            self.covered.on_setup_alone(mutant)
            or not self._swap(str(self.tree / mutant.path), source, mutant.apply(source))
        ):
            options = ("-x", "-q", "-n", "0", "-p", "no:cacheprovider")
            with open(folder / "tests", "w") as listed:
                listed.write("\n".join(tests))
            ran = subprocess.run([sys.executable, "-m", "pytest", *options, f"@{folder}/tests"])
            return int(ran.returncode not in (0, 4, 5))  # 4 and 5: no test was run
        self._failures = open(folder / "failures", "w")  # noqa: SIM115
        session.items[:] = [items[test] for test in tests]
        session.config.option.maxfail = 1
        from _pytest.main import pytest_runtestloop

        pytest_runtestloop(session)
        return int(session.testsfailed > 0)

    def _swap(self, path: str, source: bytes, mutated: bytes) -> bool:
        """Give the functions of this process the mutant's code; False where the fault is in no
        function.
        """
        try:
            old, new = compile(source, path, "exec"), compile(mutated, path, "exec")
        except SyntaxError:
            return True  # whatever reads the file sees it
        pairs: dict[tuple[str, int], types.CodeType] = {}
        changed: set[tuple[str, int]] = set()

        def walk(old: types.CodeType, new: types.CodeType) -> bool:
            inner = [
                [c for c in code.co_consts if isinstance(c, types.CodeType)] for code in (old, new)
            ]
            if len(inner[0]) != len(inner[1]):
                return False
            if old.co_flags & 0x1:  # optimized: a function's, with all that stands in it
                key = old.co_qualname, old.co_firstlineno
                if key in pairs:  # two lambdas of a line
                    return False
                pairs[key] = new
                if old != new:
                    changed.add(key)
                return True
            plain = [
                [c for c in code.co_consts if not isinstance(c, types.CodeType)]
                for code in (old, new)
            ]
            same = (old.co_code, old.co_names, repr(plain[0])) == (
                new.co_code,
                new.co_names,
                repr(plain[1]),
            )
            return same and all(walk(*pair) for pair in zip(*inner, strict=True))

        if not walk(old, new):
            return False
        for cache in self.caches:
            cache.cache_clear()
        functions = self.functions.get(path)
        try:
            for function in functions or ():
                key = function.__code__.co_qualname, function.__code__.co_firstlineno
                if key in pairs:
                    function.__code__ = pairs[key]
                    changed.discard(key)
        except ValueError:  # it has other names of an outer function
            return False
        return not changed or functions is None


def _build_once(session: pytest.Session) -> None:
    """Make the studies that tests copy, for all forks: run one test that has them."""
    from _pytest.runner import runtestprotocol

    user = next((item for item in session.items if "built" in item.fixturenames), None)
    if user:  # all but the session is torn down behind it, as if a test stood next to no folder
        nobody = types.SimpleNamespace(listchain=lambda: [session])
        runtestprotocol(user, log=False, nextitem=nobody)


def _end(run) -> None:
    """Be this fork's last act."""
    code = 1
    try:
        code = run()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _copy(scratch: Path) -> Path:
    """A copy of the tree to break, and what the tests read beside it."""
    tree = scratch / "gtpipe"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".git", ".gtpipe", ".venv"))
    if (ROOT.parent / "shared").exists():
        (scratch / "shared").symlink_to(ROOT.parent / "shared")
    os.environ["PYTHONPATH"] = str(tree)
    sys.path.insert(0, str(tree))
    return tree


def main(arguments: Iterable[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--room", choices=ROOMS, action="append", help="all five, unless named")
    parser.add_argument("--sample", type=int, default=200, help="mutants a room")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=20.0, help="seconds of tests a mutant")
    parser.add_argument("--cover", action="store_true", help="run the suite under coverage anew")
    parser.add_argument("--again", action="store_true", help="only what survived the last time")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir(), "gtpipe-mutation"))
    given = parser.parse_args(arguments)
    given.keep = given.keep.resolve()
    given.keep.mkdir(exist_ok=True)
    os.environ["CI"] = "1"  # hypothesis shows the same examples each time
    if given.cover or not (given.keep / "tests.json").exists():
        if os.fork() == 0:
            _end(lambda: cover(given.keep) or 0)
        os.wait()
    for room in given.room or ROOMS:  # each in a process of its own
        if (child := os.fork()) == 0:
            _end(lambda room=room: meet(room, given))
        os.waitpid(child, 0)
    return 0


def meet(room: str, given: argparse.Namespace) -> int:
    """The mutants of a room, and what becomes of them."""
    covered = Covered(given.keep)
    survived = given.keep / f"{room}.json"
    with tempfile.TemporaryDirectory() as scratch:
        tree = _copy(Path(scratch))
        os.chdir(tree)
        subprocess.run([sys.executable, "-m", "compileall", "-q", "gtpipe"], check=True)
        sys.dont_write_bytecode = True
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        paths = sorted(path.relative_to(tree) for path in tree.glob(f"gtpipe/{room}/*.py"))
        sources = {str(path): path.read_bytes() for path in paths}
        every = [m for path, source in sources.items() for m in Source(path, source).mutants()]
        if given.again:
            known = set(json.loads(survived.read_text()))
            every = [m for m in every if _key(m, sources) in known]
        chosen = random.Random(given.seed).sample(every, min(given.sample, len(every)))
        meeting = Meeting(chosen, covered, tree, given.patience, given.again)
        known = {test.split("::")[0] for test in covered.seconds}
        since = (given.keep / "tests.json").stat().st_mtime
        new = {
            str(path.relative_to(tree))
            for path in tree.glob("tests/*/test_*.py")
            if path.stat().st_mtime > since
        }
        used = {t.split("::")[0] for m in chosen for t in covered.tests(m, given.patience)}
        own = {path for path in known | new if path.startswith(f"tests/{room}/")}
        options = ("-q", "-n", "0", "-p", "no:cacheprovider", "-s", "--no-header")
        pytest.main([*options, *sorted(used | new | own)], plugins=[meeting])
    left = meeting.survivors
    survived.write_text(json.dumps([_key(mutant, sources) for mutant in left]))
    if meeting.failed_without:
        print(f"a test fails without a mutant: {meeting.failed_without}")
    killed = len(chosen) - len(left)
    print(
        f"{room}: coverage {covered.percent[room]:.1f} %,"
        f" mutants {len(chosen)} of {len(every)}, killed {killed}"
        f" ({100 * killed / max(1, len(chosen)):.1f} %; {meeting.killers['it hangs']} hung,"
        f" {meeting.killers['it crashes']} crashed)",
        flush=True,
    )
    return 0


def _key(mutant: Mutant, sources: dict[str, bytes]) -> str:
    """What names a mutant as long as its line stands."""
    return re.sub(r":\d+:", "", mutant.told(sources[mutant.path]), count=1)


if __name__ == "__main__":
    sys.exit(main())
