"""Pages of a report in a real browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CHROMIUM = "/usr/bin/chromium"
_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator:
    """A browser, for as long as it is needed: while Playwright runs, nothing else in its process
    can have an event loop. Skips where there is no browser.
    """
    if not os.access(CHROMIUM, os.X_OK):
        pytest.skip(f"no {CHROMIUM}: apt-get install chromium")
    driver = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install it")
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_OPTIONS))
        yield browser
        browser.close()


class Heard:
    """What a page complained of, what it asked for, and what it was given."""

    def __init__(self, context) -> None:
        self.console: list[str] = []
        self.requests: list[str] = []
        self.loaded: list[str] = []
        context.on("console", lambda one: self.console.append(f"{one.type}: {one.text}"))
        context.on("weberror", lambda one: self.console.append(f"error: {one.error}"))
        context.on("requestfailed", lambda one: self.console.append(f"failed: {one.url}"))
        context.on("requestfinished", lambda one: self.loaded.append(one.url))
        context.on("request", lambda one: self.requests.append(one.url))

    def assert_quiet(self) -> None:
        """Console empty, and nothing asked for that is no file."""
        elsewhere = [url for url in self.requests if not url.startswith("file://")]
        assert (self.console, elsewhere) == ([], [])


@contextmanager
def opened(browser, **more) -> Iterator[tuple]:
    """A page of a new context of this size, colours, script or not; and what is heard of it."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **more})
    context.set_default_timeout(15_000)
    heard = Heard(context)
    yield context.new_page(), heard
    context.close()


def addresses(report: Path) -> list[str]:
    """The paths of a report's pages."""
    return sorted(path.relative_to(report).as_posix() for path in report.rglob("*.html"))


def url(report: Path, path: str) -> str:
    return (report / path).as_uri()


def copied_files(study: Path, target: Path) -> Path:
    """What people wrote in a study, without what is derived of it."""
    target.mkdir()
    shutil.copy(study / "pipeline.yaml", target)
    ignored = shutil.ignore_patterns("derived", ".gtpipe*")
    shutil.copytree(study / "data", target / "data", ignore=ignored)
    return target
