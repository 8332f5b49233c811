"""Every page of real studies in a real browser, from the file system: nothing runs that is not
ours, nothing is asked for, everything can be reached and read.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest
from benchmarks import pdpilot
from browsing import addresses, chromium, opened, url
from conftest import ROOT, SHARED, command, git

pytestmark = pytest.mark.xdist_group("browser")
AXE = "wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
STUDIES = "root", "tea-round", "pdpilot"


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def reports(browser, tmp_path_factory) -> dict[str, Path]:
    """The reports of three studies: this repository's, its example's, and of real interviews that
    other people coded.
    """
    folder = tmp_path_factory.mktemp("reports")
    _copied(ROOT, folder / "root")
    _copied(ROOT / "examples/tea-round", folder / "tea-round")
    if (SHARED / "data/pdpilot").is_dir():
        pdpilot.build(SHARED / "data/pdpilot", folder / "pdpilot")
    return {study.name: _reported(study) for study in sorted(folder.iterdir())}


def _copied(study: Path, target: Path) -> None:
    """What people wrote in a study, in a repository of two commits."""
    target.mkdir()
    shutil.copy(study / "pipeline.yaml", target)
    ignored = shutil.ignore_patterns("derived", ".gtpipe*")
    shutil.copytree(study / "data", target / "data", ignore=ignored)
    git("init", "-q", cwd=target)
    git("add", "pipeline.yaml", "data/transcripts", "data/initial-codes", cwd=target)
    git("commit", "-qm", "Codes", cwd=target)
    git("add", ".", cwd=target)
    git("commit", "-qm", "Theory", cwd=target)


def _reported(study: Path) -> Path:
    ran = command("report", cwd=study)
    assert ran.returncode == 0, ran.stderr
    return study / "data/derived/report"


def _report(reports: dict[str, Path], study: str) -> Path:
    if study not in reports:
        pytest.skip("no ../shared/data/pdpilot beside the repository")
    return reports[study]


@pytest.mark.parametrize("study", STUDIES)
def test_every_page_is_quiet_and_no_wider_than_a_phone(browser, reports, study):
    """Console empty, no request but for files; nothing to scroll sideways to at 390 pixels."""
    report = _report(reports, study)
    wide = {}
    with opened(browser, viewport=PHONE) as (page, heard):
        for path in addresses(report):
            page.goto(url(report, path))
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > PHONE["width"]:
                wide[path] = width
        heard.assert_quiet()
    assert wide == {}


@pytest.mark.parametrize("study", STUDIES)
def test_every_link_leads_to_a_page_and_a_place_on_it(reports, study):
    report = _report(reports, study)
    pages = {path: lxml.html.parse(report / path).getroot() for path in addresses(report)}
    ids = {path: page.xpath("//@id") for path, page in pages.items()}
    assert not [path for path, found in ids.items() if len(found) != len(set(found))]
    broken = []
    for path, page in pages.items():
        for address in page.xpath("//@href | //@src | //@action"):
            scheme, _, place, _, anchor = urlsplit(address)
            target = (report / path).parent / unquote(place) if place else report / path
            target = target.resolve()
            assert not scheme and target.is_relative_to(report.resolve()), (path, address)
            wanted = unquote(anchor)
            known = ids.get(target.relative_to(report.resolve()).as_posix(), ())
            if not target.is_file() or (wanted and wanted not in known):
                broken.append((path, address))
    assert broken[:20] == []


def _of_each_kind(report: Path) -> list[str]:
    """The pages at the top, and of each folder the one of middle length."""
    folders: dict[str, list[str]] = {}
    for path in addresses(report):
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    chosen = folders.pop("", [])
    for paths in folders.values():
        paths.sort(key=lambda path: (report / path).stat().st_size)
        chosen.append(paths[len(paths) // 2])
    return chosen


def _violations(page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA, and on which element."""
    found = page.evaluate(
        "tags => axe.run({runOnly: tags, resultTypes: ['violations'],"
        " rules: {'target-size': {enabled: true}}})",
        list(AXE),
    )
    return [
        f"{one['id']}: {node['html'][:200]} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"][:3]
    ]


@pytest.fixture(scope="module")
def axe() -> str:
    from axe_playwright_python.base import AXE_SCRIPT

    return AXE_SCRIPT


@pytest.mark.parametrize(
    ("study", "colours", "size"),
    [
        ("root", "light", DESK),
        ("root", "dark", PHONE),
        ("tea-round", "dark", DESK),
        ("pdpilot", "light", PHONE),
    ],
)
def test_pages_of_each_kind_are_accessible(browser, reports, axe, study, colours, size):
    report = _report(reports, study)
    found = {}
    with opened(browser, color_scheme=colours, viewport=size) as (page, _):
        for path in _of_each_kind(report):
            page.goto(url(report, path))
            page.evaluate(axe)
            found[path] = _violations(page)
    assert {path: told for path, told in found.items() if told} == {}


def test_the_checker_sees_what_is_wrong(browser, tmp_path, axe):
    (tmp_path / "bad.html").write_text(
        "<!doctype html><title>Bad</title><style>a {color: #ccc; font-size: 9px}</style>"
        '<main><h1>Bad</h1><img src="x.png"><a href="#1">pale words</a> <a href="#2">y</a></main>'
    )
    with opened(browser) as (page, _):
        page.goto((tmp_path / "bad.html").as_uri())
        page.evaluate(axe)
        found = {told.partition(":")[0] for told in _violations(page)}
    assert {"html-has-lang", "image-alt", "color-contrast"} <= found


@pytest.mark.parametrize("study", ["root", "tea-round"])
def test_without_script_the_same_text_stands(browser, reports, study):
    """What a page says with script, its forms apart, it says without; and the other way round."""
    report = _report(reports, study)
    with ExitStack() as stack:
        plain, _ = stack.enter_context(opened(browser, java_script_enabled=False))
        scripted, _ = stack.enter_context(opened(browser))
        for path in _of_each_kind(report):
            if path == "search.html":  # what it says in the place of a search: test_search
                continue
            plain.goto(url(report, path))
            scripted.goto(url(report, path))
            scripted.evaluate("document.querySelectorAll('main form').forEach(one => one.remove())")
            texts = [page.locator("main").inner_text().split() for page in (plain, scripted)]
            assert texts[0] == texts[1], path


def _follow(page, wanted: str) -> str:
    """Press Tab until a link whose address holds `wanted` has the focus, then Enter; where that
    led, seen from the folder.
    """
    for _ in range(400):
        page.keyboard.press("Tab")
        address = page.evaluate(
            "wanted => { const at = document.activeElement; at.scrollIntoView();"
            " return at.matches('a[href]') && at.href.includes(wanted) && at.checkVisibility()"
            " ? at.href : null }",
            wanted,
        )
        if address:
            page.keyboard.press("Enter")
            page.wait_for_url(address)
            return page.url
    raise AssertionError(f"no key leads to {wanted}")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_keys_alone_lead_from_an_interview_to_the_incidents_of_a_code_and_back(
    browser, reports, script
):
    report = _report(reports, "root")
    with opened(browser, java_script_enabled=script) as (page, heard):
        page.goto(url(report, "index.html"))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "To the content"
        _follow(page, "/interviews/jim.html")
        at = _follow(page, "/codes/")
        label = page.locator("h1").inner_text()
        incidents = page.locator("article.incident")
        assert incidents.count() and incidents.first.locator("mark, .said").count(), at
        back = _follow(page, "#jim-")
        turn = page.locator(f"[id='{unquote(urlsplit(back).fragment)}']")
        assert turn.is_visible() and turn.get_attribute("data-turn")
        assert label in turn.inner_text() or turn.locator(f'[data-code="{label}"]').count()
        heard.assert_quiet()
