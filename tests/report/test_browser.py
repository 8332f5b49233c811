"""Every page of real studies in a real browser, from the file system: nothing runs that is not
ours, nothing is asked for, everything can be reached and read.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import unquote, urlsplit

import links
import lxml.html
import poison
import pytest
from benchmarks import pdpilot
from browsing import addresses, chromium, copied_files, opened, url
from conftest import ROOT, SHARED, command, git

pytestmark = pytest.mark.xdist_group("browser")
AXE = "wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
STUDIES = "root", "tea-round", "pdpilot", "poisoned"


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def reports(browser, tmp_path_factory) -> dict[str, Path]:
    """The reports of four studies: this repository's, its example's, of real interviews that other
    people coded, and of one in which every word tries to run or to be an address.
    """
    folder = tmp_path_factory.mktemp("reports")
    _copied(ROOT, folder / "root")
    _copied(ROOT / "examples/tea-round", folder / "tea-round")
    poison.write(folder / "poisoned")
    if (SHARED / "data/pdpilot").is_dir():
        pdpilot.build(SHARED / "data/pdpilot", folder / "pdpilot", in_pieces=False)
    return {study.name: _reported(study) for study in sorted(folder.iterdir())}


def _copied(study: Path, target: Path) -> None:
    """What people wrote in a study, in a repository of two commits."""
    copied_files(study, target)
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
    pages = addresses(report)
    with opened(browser, viewport=PHONE) as (page, heard):
        for path in pages if study == "poisoned" else {*_of_each_kind(report), *pages[::4]}:
            page.goto(url(report, path))
            width, hit = page.evaluate("[document.documentElement.scrollWidth, 'hit' in window]")
            assert not hit, path
            if width > PHONE["width"]:
                wide[path] = width
        heard.assert_quiet()
    assert wide == {}


@pytest.mark.parametrize("study", STUDIES)
def test_every_link_leads_to_a_page_and_a_place_on_it(reports, study):
    assert links.broken(_report(reports, study)) == []


@pytest.mark.parametrize("study", STUDIES)
def test_no_page_has_script_or_style_of_its_own(reports, study):
    """Nothing that the Content-Security-Policy would have to stop."""
    report = _report(reports, study)
    for path in addresses(report):
        page = lxml.html.parse(report / path).getroot()
        handlers = page.xpath("//@*[starts-with(name(), 'on')] | //@style")
        assert (
            handlers == [] and page.xpath("//script[not(@src)] | //style | //iframe | //img") == []
        )
        assert page.xpath("count(//h1)") == 1 and page.xpath("count(//main)") == 1, path


def test_every_page_has_a_name_of_its_own_on_every_computer(reports):
    """Where capitals make no difference, nor how an accent is put to its letter."""
    paths = addresses(reports["poisoned"])
    folded = {unicodedata.normalize("NFC", path).casefold() for path in paths}
    assert len(folded) == len(paths)
    assert not [path for path in paths if re.search(r'[<>:"|?*\\]|[. ](/|$)', path)]


def test_what_people_wrote_stands_there_letter_for_letter(reports):
    """But for what HTML has no character for."""
    report = reports["poisoned"]
    headings = {
        lxml.html.parse(report / path).getroot().findtext(".//h1")
        for path in addresses(report)
        if path.startswith("codes/")
    }
    assert set(poison.LABELS) - {"\u200b\u200b"} <= headings
    page = lxml.html.parse(report / "interviews/con-1.html").getroot()
    words = page.xpath("string((//*[@data-words])[2])")
    assert words == poison.TURN.replace("\a", "\ufffd").replace("\x85", "\ufffd").replace(
        "\ufffe", "\ufffd"
    )


def test_what_a_page_should_not_have_is_stopped(browser, reports, tmp_path):
    """Even if something escaped us: the Content-Security-Policy lets no script of a page's own run,
    and nothing be asked for.
    """
    shutil.copytree(reports["root"], tmp_path / "pages")
    index = tmp_path / "pages/index.html"
    bad = (
        f"{poison.HIT}{poison.IMAGE}<svg onload='window.hit = 1'></svg><a id=a href='javascript:"
        "window.hit=1'>x</a><iframe src='https://example.org'></iframe><link rel=stylesheet "
        "href='https://example.org/x.css'><script src='https://example.org/x.js'></script>"
        "<form action='https://example.org'><button id=b>x</button></form>"
        "<object data='https://example.org'></object><base href='https://example.org'>"
    )
    index.write_text(index.read_text().replace("</main>", bad + "</main>"))
    with opened(browser) as (page, heard):
        page.goto(index.as_uri())
        page.evaluate("document.getElementById('a').click(); document.getElementById('b').click()")
        page.wait_for_timeout(300)
        assert page.evaluate("'hit' in window") is False and page.url == index.as_uri()
        assert len([one for one in heard.console if "Content Security Policy" in one]) >= 5
        assert [one for one in heard.loaded if not one.startswith("file:")] == []


def _of_each_kind(report: Path) -> list[str]:
    """The pages at the top, and of each folder the one of middle length; groups are of one kind."""
    folders: dict[str, list[str]] = {}
    for path in addresses(report):
        folders.setdefault(re.sub(r"/by-.*|/?[^/]*$", "", path), []).append(path)
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
    ("study", "colours", "size"), [("root", "light", DESK), ("root", "dark", PHONE)]
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


def test_without_script_the_same_text_stands(browser, reports):
    """What a page says with script, its forms apart, it says without; and the other way round. The
    search alone needs script, and says so.
    """
    report = reports["root"]
    with ExitStack() as stack:
        plain, _ = stack.enter_context(opened(browser, java_script_enabled=False))
        scripted, _ = stack.enter_context(opened(browser))
        for path in set(_of_each_kind(report)) - {"search.html"}:
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
