"""What is run again and again: `nox -s lint`, `types`, `test`, `docs`, `coverage`, `bench`,
`mutation`.

Without -s: lint, types, test.
"""

from __future__ import annotations

import nox

nox.options.default_venv_backend = "none"  # in the environment that CONTRIBUTING sets up
nox.options.sessions = ["lint", "types", "test"]


@nox.session
def test(session: nox.Session) -> None:
    """The suite; words behind -- go to pytest."""
    session.run("python", "-m", "pytest", "-q", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Layout, habits, spelling, and which room may import which."""
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    session.run("codespell")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Every call against the types of what it calls."""
    session.run("mypy")


@nox.session
def docs(session: nox.Session) -> None:
    """The README's and the guide's commands, as typed; and the pages of `gtpipe guide`."""
    session.run("python", "-m", "pytest", "-q", "tests/cli/test_docs.py", "tests/cli/test_guide.py")


@nox.session
def coverage(session: nox.Session) -> None:
    """Lines and branches of each room that the suite runs."""
    session.run("python", "-m", "pytest", "-q", "--cov", "--cov-report=term:skip-covered")


@nox.session
def bench(session: nox.Session) -> None:
    """CPU time and memory of each stage, against a bare parse in the same run."""
    session.run("python", "tests/benchmarks/bench.py", *session.posargs)


@nox.session
def mutation(session: nox.Session) -> None:
    """Small faults put into a room, and how many of them the tests see; by hand, not in CI."""
    session.run("python", "tests/benchmarks/mutation.py", *session.posargs)
