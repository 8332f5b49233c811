"""Where work that is the same for each document is done: here, on all cores, or by Dask.

The results come in the order of the documents, and are the same wherever they come from: what a
worker does not do, or does not live to do, is done here.
"""

from __future__ import annotations

import gc
import logging
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache, partial
from typing import Any, TypeVar

from gtpipe import __version__
from gtpipe.model.problems import UsageError, UserError, refusal
from gtpipe.model.records import Progress

DASK = "dask"
PAYS = 80_000_000  # bytes to be spared this process, from which five seconds are won by it
ANSWERS_WITHIN = 10  # seconds
IN_FLIGHT = 2_000  # documents that Dask is told of at once
RESULTS_DEPEND_ON = (
    *("PyYAML", "spacy", "numpy"),
    *("charset-normalizer", "lxml", "openpyxl", "pypdfium2", "python-docx", "striprtf"),
    "webvtt-py",
)
_dask: ContextVar[str | None] = ContextVar("dask", default=None)

Task = TypeVar("Task")
Result = TypeVar("Result")


@contextmanager
def by(engine: str) -> Iterator[None]:
    """Within, what `engine` says does the work: `dask`, `dask:ADDRESS`, or '' for this computer's
    own cores. Raises UsageError, and UserError where Dask is not installed.
    """
    name, _, address = engine.partition(":")
    if engine and name != DASK:
        raise UsageError(f'no engine is called "{engine}": it is `dask`, or `dask:ADDRESS`')
    if engine:
        _distributed()
    token = _dask.set(address if engine else None)
    try:
        yield
    finally:
        _dask.reset(token)


def is_here() -> bool:
    """Whether the work is done on this computer by workers of our own."""
    return _dask.get() is None


def each(
    function: Callable[[Task], Result | None],
    tasks: Sequence[Task],
    here: Callable[[Task], Result],
    size: int,
    tell: Progress = lambda message: None,
) -> Iterator[Result]:
    """What `function` gives for each task, in order; `here` does in this process what it gives None
    for. `size` are the bytes of them all.
    """
    results: Iterator[Result | None] = iter(())
    if not is_here():
        results = _by_dask(_dask.get() or "", function, tasks)
    elif len(tasks) > 1 and size * (1 - 1 / _cores()) >= PAYS:
        results = _on_all_cores(function, tasks)
    for number, task in enumerate(tasks, 1):
        result = next(results, None)
        yield here(task) if result is None else result
        if number % 10 == 0:
            tell(f"read {number:,} of {len(tasks):,}")


def _cores() -> int:
    """The cores that this process may run on."""
    some = getattr(os, "sched_getaffinity", None)
    return len(some(0)) if some else os.cpu_count() or 1


def _on_all_cores(
    function: Callable[[Task], Result | None], tasks: Sequence[Task]
) -> Iterator[Result | None]:
    """By processes of this computer; ends early where one is killed or none can be had."""
    from joblib import Parallel, delayed

    batch = max(1, min(32, len(tasks) // (4 * _cores())))
    workers = Parallel(n_jobs=-1, return_as="generator", max_nbytes=None, batch_size=batch)
    try:
        yield from workers(delayed(_in_worker)(function, task) for task in tasks)
    except (BrokenExecutor, OSError):
        return


def _in_worker(function: Callable[[Task], Result | None], task: Task) -> Result | None:
    gc.disable()  # what a worker makes it gives away and forgets
    return function(task)


def _distributed() -> Any:
    try:
        import distributed
    except ImportError:
        raise UserError(
            refusal("Dask is not installed", "Install gtpipe with it: pip install 'gtpipe[dask]'")
        ) from None
    return distributed


def _by_dask(
    address: str, function: Callable[[Task], Result | None], tasks: Sequence[Task]
) -> Iterator[Result | None]:
    """By the workers of the scheduler at `address`; '' has processes of this computer begun."""
    distributed = _distributed()
    for name in [*logging.root.manager.loggerDict]:
        if name.partition(".")[0] == distributed.__name__:
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is told below
    try:
        cluster = (
            None
            if address
            else distributed.LocalCluster(
                processes=True,
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0",  # a page that nobody else sees, at any free port
                silence_logs=50,
                memory_limit=0,  # no worker puts what it found among temporary files
            )
        )
        client = distributed.Client(
            cluster or address, timeout=ANSWERS_WITHIN, set_as_default=False
        )
    except (OSError, ValueError, RuntimeError) as exc:
        told = (
            refusal(
                f"No Dask scheduler answers at {address}", "Is it running, and at this address?"
            )
            if address
            else refusal(f"Dask did not start: {exc}", "Run it without --engine")
        )
        raise UserError(told) from None
    try:
        for start in range(0, len(tasks), IN_FLIGHT):
            some = tasks[start : start + IN_FLIGHT]
            futures = client.map(partial(_on_worker, _versions(), function), some, pure=False)
            for future in futures:
                yield _result(distributed, future)
                future.release()
    except CancelledError:  # the scheduler is gone
        return
    finally:
        client.close(timeout=2)
        if cluster is not None:
            cluster.close()


class _OtherVersionsError(Exception):
    """A worker has other versions than the writer of what a result depends on."""


def _on_worker(
    versions: str, function: Callable[[Task], Result | None], task: Task
) -> Result | None:
    if _versions() != versions:
        raise _OtherVersionsError(_versions())
    return function(task)


@cache
def _versions() -> str:
    """What the same result depends on, besides the files."""
    from importlib.metadata import PackageNotFoundError, version

    found = [f"Python {platform.python_version()}", f"gtpipe {__version__}"]
    for package in RESULTS_DEPEND_ON:
        with suppress(PackageNotFoundError):
            found.append(f"{package} {version(package)}")
    return ", ".join(found)


def _result(distributed: Any, future: Any) -> Any:
    """What came of a task, None where its workers died of it. Raises UserError where a worker does
    not see the study, or has other versions.
    """
    try:
        return future.result()
    except FileNotFoundError as exc:
        raise UserError(
            refusal(
                f"A Dask worker does not see the study at {exc}",
                "Have each worker see the study's folder at this very path",
            )
        ) from None
    except _OtherVersionsError as exc:
        raise UserError(
            refusal(f"A Dask worker has {exc}", f"Install there what is here: {_versions()}")
        ) from None
    except (distributed.KilledWorker, OSError):
        return None
