"""The folder of a report: gtpipe fills it alone, loses nothing of anybody's, and writes only what
changed.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import json
import os
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from browsing import addresses
from conftest import ROOT, command, copied, limited, start

from gtpipe.cli import main
from gtpipe.render.report import site
from gtpipe.render.report.study import Edition, ReportedStudy
from gtpipe.render.report.templating import Later, Page
from gtpipe.store import cache, placing
from gtpipe.store.layout import Study
from gtpipe.store.page_folder import LISTED, PageFolder
from gtpipe.study import load

REPORT = "data/derived/report"
CALLS = "mkdir", "open", "write", "replace", "unlink", "rmdir"


@pytest.fixture
def reported(analysed):
    """A study with a report."""
    analysed.ok("report")
    return analysed


def held(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def times(folder: Path) -> dict[str, int]:
    return {path.as_posix(): path.lstat().st_mtime_ns for path in [folder, *folder.rglob("*")]}


def quietly(*arguments: str) -> int:
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        return main(list(arguments))


# --- where a person has files ---------------------------------------------------------------------

OWN = {
    "a file": lambda folder: (folder / "thesis.docx").write_text("mine"),
    "a hidden file": lambda folder: (folder / ".notes").write_text("mine"),
    "a file in a folder of its own": lambda folder: (
        (folder / "mine/deep").mkdir(parents=True),
        (folder / "mine/deep/notes.txt").write_text("mine"),
    ),
    "a file beside pages": lambda folder: (
        (folder / "interviews").mkdir(exist_ok=True),
        (folder / "interviews/jim.html.bak").write_text("mine"),
    ),
    "a copied page": lambda folder: (folder / "copy.html").write_bytes(
        (folder / "index.html").read_bytes()
    ),
    "a changed page": lambda folder: (folder / "index.html").write_text("mine"),
    "a link to a file": lambda folder: (folder / "link.html").symlink_to(folder.parent / "own.txt"),
    "a link to a folder": lambda folder: (folder / "link").symlink_to(folder.parent),
    "a link that leads nowhere": lambda folder: (folder / "link").symlink_to("nowhere"),
    "a page that is a link": lambda folder: (
        (folder / "index.html").rename(folder.parent / "index.html"),
        (folder / "index.html").symlink_to(folder.parent / "index.html"),
    ),
    "a pipe": lambda folder: os.mkfifo(folder / "index.fifo"),
    "what git is told": lambda folder: (folder / ".gitignore").write_text("*.html\n"),
    "a repository": lambda folder: subprocess.run(["git", "init", "-q", folder], check=True),
}


@pytest.mark.parametrize("own", OWN.values(), ids=OWN)
def test_a_folder_with_something_of_a_persons_is_refused(analysed, tmp_path, own):
    folder = tmp_path / "pages"
    (tmp_path / "own.txt").write_text("mine")
    analysed.ok("report", "--output", str(folder))
    own(folder)
    analysed.write("data/memos/2026-04-01-new.md", "---\ntitle: New\n---\n\nA thought.\n")
    before, stood = times(tmp_path), set(os.listdir(folder))
    ran = analysed("report", "--output", str(folder))
    assert ran.code == 1 and "nothing was written" in ran.err and str(folder) in ran.err
    assert not ran.out and set(os.listdir(folder)) == stood
    assert {path: before[path] for path in before if "/study" not in path} == {
        path: found for path, found in times(tmp_path).items() if "/study" not in path
    }
    assert (tmp_path / "own.txt").read_text() == "mine"


def test_a_folder_that_was_never_gtpipes_is_refused(analysed, tmp_path):
    (tmp_path / "home/deep").mkdir(parents=True)
    (tmp_path / "home/deep/own.txt").write_text("mine")
    ran = analysed("report", "--output", str(tmp_path / "home"))
    assert ran.code == 1 and ran.err == (
        f"{tmp_path}/home/deep/own.txt: this was not written by gtpipe, or changed since. Move it "
        "away, or choose another folder with --output DIR; nothing was written.\n"
    )
    assert os.listdir(tmp_path / "home") == ["deep"]


def test_a_big_file_of_a_persons_is_not_read(analysed, tmp_path):
    """A recording may be there that no memory holds."""
    (tmp_path / "home").mkdir()
    with open(tmp_path / "home/recording.wav", "wb") as recording:
        recording.truncate(2**40)
    ran = analysed("report", "--output", str(tmp_path / "home"))
    assert ran.code == 1 and "recording.wav: this was not written by gtpipe" in ran.err


def test_new_and_empty_folders_are_filled_and_know_themselves_again(analysed, tmp_path):
    (tmp_path / "empty").mkdir()
    for folder in ("empty", "new/and/deep"):
        analysed.ok("report", "--output", str(tmp_path / folder))
        assert (tmp_path / folder / ".gitignore").read_text() == "*\n"
        assert analysed.ok("report", "--output", str(tmp_path / folder)) == (
            "report: nothing changed\n"
        )


def test_a_file_where_the_folder_should_be(analysed, tmp_path):
    (tmp_path / "file").write_text("mine")
    for place in ("file", "file/pages"):
        ran = analysed("report", "--output", str(tmp_path / place))
        assert ran.code == 1 and "Traceback" not in ran.err
    assert (tmp_path / "file").read_text() == "mine"


def test_a_link_to_a_folder_is_followed_where_it_was_asked_for(analysed, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    analysed.ok("report", "--output", str(tmp_path / "link"))
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real/index.html").is_file()
    (tmp_path / "nowhere").symlink_to("missing")
    ran = analysed("report", "--output", str(tmp_path / "nowhere"))
    assert ran.code == 1 and "Traceback" not in ran.err
    (analysed.root / REPORT).symlink_to(tmp_path / "real")
    ran = analysed("report")
    assert ran.code == 1 and "is a link" in ran.err


@pytest.mark.parametrize(
    "place", [".", "data", "data/transcripts", "data/new", "data/derived", ".gtpipe/x", ".git/x"]
)
def test_nothing_is_laid_among_the_studys_own_files(analysed, place):
    before = analysed.hashes()
    ran = analysed("report", "--output", place)
    assert ran.code == 1, ran.out
    assert analysed.hashes() == before and not (analysed.root / place / "index.html").exists()


def test_what_systems_leave_in_every_folder_stays(reported):
    folder = reported.root / REPORT
    for name in ("Thumbs.db", ".DS_Store", "interviews/.DS_Store"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"\0")
    reported.write("data/memos/2026-04-01-new.md", "---\ntitle: New\n---\n\nA thought.\n")
    reported.ok("report")
    assert (folder / "Thumbs.db").exists() and (folder / "interviews/.DS_Store").exists()


# --- what was poisoned ----------------------------------------------------------------------------

POISON = (
    "",
    "[]",
    "null",
    '{"index.html": "x", "a": {}, "b": [[]], "c": [null]}',
    '{"\\ud800": ["x"]}',
    "[" * 100_000,
    "{" + ",".join(f'"{number}.html": ["0"]' for number in range(100_000)) + "}",
    json.dumps({"../../../own.txt": ["x"], "/etc/hostname": ["x"], "C:\\x": ["x"], "": ["x"]}),
)


@pytest.mark.parametrize("poison", POISON, ids=range(len(POISON)))
def test_a_poisoned_list_of_pages_loses_nothing(analysed, tmp_path, poison):
    """Only what lies in the folder, and is what the list says it is, can be replaced."""
    folder = tmp_path / "pages"
    (tmp_path / "own.txt").write_text("mine")
    folder.mkdir()
    (folder / LISTED).write_text(poison)
    analysed.ok("report", "--output", str(folder))
    right = held(folder)
    (folder / LISTED).write_text(poison)
    ran = analysed("report", "--output", str(folder))
    assert ran.code == 1 and held(folder) == {**right, LISTED: poison.encode()}
    assert (tmp_path / "own.txt").read_text() == "mine"


def test_a_list_that_names_what_lies_outside_removes_nothing_there(analysed, tmp_path):
    """Even with the right digest: what is removed was found in the folder first."""
    folder, own = tmp_path / "pages", tmp_path / "own.html"
    own.write_text("mine")
    analysed.ok("report", "--output", str(folder))
    listed = json.loads((folder / LISTED).read_text())
    digest = PageFolder(folder, "").standing["index.html"]
    (folder / "copy.html").write_bytes((folder / "index.html").read_bytes())
    own.write_bytes((folder / "index.html").read_bytes())
    for path in ("../own.html", str(own), "x/../../own.html", "copy.html"):
        listed[path] = [digest]
    (folder / LISTED).write_text(json.dumps(listed))
    analysed.ok("report", "--output", str(folder))
    assert own.exists() and set(json.loads((folder / LISTED).read_text())) == {*held(folder)} - {
        LISTED,
        ".gitignore",
    }


def test_a_list_that_is_a_link_or_a_folder(reported, tmp_path):
    folder = reported.root / REPORT
    right = (folder / LISTED).read_bytes()
    (folder / LISTED).rename(tmp_path / "list")
    (folder / LISTED).symlink_to(tmp_path / "list")
    assert reported("report").code == 1 and (tmp_path / "list").read_bytes() == right
    (folder / LISTED).unlink()
    os.mkfifo(folder / LISTED)
    ran = reported("report")
    assert ran.code == 1 and f"{LISTED}: this is no plain file" in ran.err
    (folder / LISTED).unlink()
    (folder / LISTED).mkdir()
    ran = reported("report")
    assert ran.code == 1 and "Traceback" not in ran.err


@pytest.mark.parametrize("keys", ["", "[]", '{"x": 1}', "[" * 100_000, None])
def test_damaged_keys_make_pages_anew_and_right(reported, keys):
    right = held(reported.root / REPORT)
    place = reported.root / ".gtpipe/report.json"
    folder = os.path.abspath(reported.root / REPORT)
    for bad in (1, [], {"index.html": 1, "report.css": [], "report.js": [None, None]}):
        place.write_text(json.dumps({folder: bad}) if keys is None else keys)
        assert reported.ok("report") == "report: nothing changed\n"
        assert held(reported.root / REPORT) == right


def test_keys_that_came_with_a_study_are_not_believed(reported, tmp_path, capsys, monkeypatch):
    """An archive may hold pages, their list, and keys that say that these are right."""
    right = held(reported.root / REPORT)
    folder = reported.root / REPORT
    listed = json.loads((folder / LISTED).read_text())
    (folder / "index.html").write_text("forged")
    listed["index.html"] = [cache.digest(b"forged")]
    (folder / LISTED).write_text(json.dumps(listed))
    keys = reported.root / ".gtpipe/report.json"
    known = json.loads(keys.read_text())
    known[os.path.abspath(folder)]["index.html"][1] = cache.digest(b"forged")
    keys.write_text(json.dumps(known))
    (reported.root / ".gtpipe/id").write_text("0" * 32 + "\n")
    reported.ok("report")
    assert held(folder) == right


# --- killed, full, two at once --------------------------------------------------------------------


class Killed(BaseException):
    """The process is no more."""


class Failing:
    """Counts the calls that change a disk; the n-th and all after it raise."""

    def __init__(self, monkeypatch, at: int, failure: BaseException, calls=CALLS) -> None:
        self.at, self.count, self.failure = at, 0, failure
        for name in calls:
            monkeypatch.setattr(os, name, self._watched(name, getattr(os, name)))

    @property
    def failed(self) -> bool:
        return self.count >= self.at

    def _watched(self, name: str, call):
        def watched(*arguments, **more):
            if name == "open" and not arguments[1] & os.O_CREAT:
                return call(*arguments, **more)
            self.count += 1
            if self.failed:
                if name == "write" and self.count == self.at:
                    call(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
                raise self.failure
            return call(*arguments, **more)

        return watched


def changed_in_many_ways(study) -> None:
    """Pages that change, one that is new, and pages that go."""
    study.write("data/memos/2026-04-01-new.md", "---\ntitle: New\nabout: |\n  jim 2\n---\n\nSo.\n")
    for path in ("transcripts/eve.md", "initial-codes/eve.yaml", "ingested/eve.csv"):
        (study.root / "data" / path).unlink()
    for path in ("theory.yaml", "focused-codes.yaml"):
        (study.root / "data" / path).unlink()


def moments(total: int) -> list[int]:
    """A few of so many, the first and last ones among them."""
    return sorted({1, 2, 3, *range(4, total, max(1, total // 12)), *range(total - 6, total + 1)})


def put_back(folder: Path, files: dict[str, bytes]) -> None:
    for path in held(folder).keys() - files.keys():
        (folder / path).unlink()
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def test_killed_at_any_step_the_next_run_is_right(reported, monkeypatch):
    """Each page is the old one or the new one at any time, and gtpipe knows both for its own."""
    folder = reported.root / REPORT
    monkeypatch.chdir(reported.root)
    old = held(folder)
    changed_in_many_ways(reported)
    with monkeypatch.context() as patched:
        whole = Failing(patched, sys.maxsize, Killed())
        assert quietly("report") == 0
    new = held(folder)
    assert new.keys() != old.keys()
    for at in moments(whole.count):
        put_back(folder, old)
        (reported.root / ".gtpipe/report.json").unlink(missing_ok=True)
        with monkeypatch.context() as patched:
            Failing(patched, at, Killed())
            with contextlib.suppress(Killed):
                quietly("report")
        for path, content in held(folder).items():
            if path != LISTED and ".gtpipe-tmp" not in path:
                assert content in (old.get(path), new.get(path)), (at, path)
        assert quietly("report") == 0
        assert held(folder) == new, at


def test_a_full_disk_leaves_the_old_pages(reported, monkeypatch):
    """Wherever it is full first while new pages are made; to replace a page takes no room."""
    folder = reported.root / REPORT
    monkeypatch.chdir(reported.root)
    old = held(folder)
    changed_in_many_ways(reported)
    for at in itertools.count(1):
        with monkeypatch.context() as patched:
            full = Failing(patched, at, OSError(errno.ENOSPC, "No space left"), ("write", "mkdir"))
            code = quietly("report")
        if code == 0:
            break
        now = held(folder)
        pages = {path: content for path, content in now.items() if path in old and path != LISTED}
        if pages != {path: content for path, content in old.items() if path != LISTED}:
            assert full.count > len(now)  # only the last of all: what is listed is told anew
            break
        assert not [path for path in now if placing.is_temporary(Path(path).parts[0])], at
    assert at > 5
    assert quietly("report") == 0


@pytest.mark.parametrize("size", [0, 100, 2000])
def test_with_no_room_the_old_pages_stand_byte_for_byte(reported, size):
    folder = reported.root / REPORT
    old = held(folder)
    changed_in_many_ways(reported)
    ran = command("report", cwd=reported.root, before=limited(size))
    assert ran.returncode == 1 and "Traceback" not in ran.stderr, ran.stderr
    assert held(folder) == old


def test_killed_with_sigkill_the_next_run_is_right(reported):
    """At moments of chance, as the system kills."""
    folder = reported.root / REPORT
    old = held(folder)
    changed_in_many_ways(reported)
    began = time.monotonic()
    reported.ok("report")
    usual, new = time.monotonic() - began, held(folder)
    for round in range(3):
        put_back(folder, old)
        (reported.root / ".gtpipe/report.json").unlink(missing_ok=True)
        process = start("report", cwd=reported.root)
        while not list(folder.glob(".*.gtpipe-tmp")) and process.is_alive():
            pass
        time.sleep(usual / 50 * round)
        process.kill()
        process.join()
        reported.ok("report")
        assert held(folder) == new


def test_two_at_once(reported):
    changed_in_many_ways(reported)
    both = [start("report", cwd=reported.root) for _ in range(2)]
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    assert reported.ok("report") == "report: nothing changed\n"


def test_a_page_changed_while_the_report_is_made_is_kept(reported, monkeypatch):
    index = reported.root / REPORT / "index.html"
    changed_in_many_ways(reported)
    make = placing.make

    def make_and_save(path, *arguments, **more):
        make(path, *arguments, **more)
        index.write_text("mine")

    monkeypatch.setattr(placing, "make", make_and_save)
    ran = reported("report")
    assert ran.code == 1 and "changed since" in ran.err
    assert index.read_text() == "mine"


# --- only what changed ----------------------------------------------------------------------------


def test_a_second_run_writes_nothing(reported):
    before = times(reported.root / REPORT)
    assert reported.ok("report") == "report: nothing changed\n"
    assert times(reported.root / REPORT) == before
    (reported.root / ".gtpipe/report.json").unlink()
    assert reported.ok("report") == "report: nothing changed\n"
    assert times(reported.root / REPORT) == before


def test_the_same_study_gives_the_same_bytes(analysed, tmp_path):
    reports = []
    for number, (seed, language) in enumerate((("1", "C"), ("77", "de_DE.UTF-8"))):
        folder = tmp_path / f"pages-{number}"
        env = {"PYTHONHASHSEED": seed, "LANG": language, "LC_ALL": language, "TZ": "Asia/Tokyo"}
        ran = command("report", "--output", str(folder), cwd=analysed.root, env=env)
        assert ran.returncode == 0, ran.stderr
        reports.append(held(folder))
    assert reports[0] == reports[1]


def test_a_copy_of_the_study_gives_the_same_bytes(reported, tmp_path, capsys):
    """No path of this computer, and nothing of the order in which files lie."""
    copy = copied(reported.root, tmp_path / "elsewhere/copy")
    ran = command("report", "--output", str(tmp_path / "pages"), cwd=copy)
    assert ran.returncode == 0, ran.stderr
    assert held(tmp_path / "pages") == held(reported.root / REPORT)


def test_pages_of_what_is_gone_go(reported):
    before = addresses(reported.root / REPORT)
    changed_in_many_ways(reported)
    reported.ok("report")
    after = addresses(reported.root / REPORT)
    assert not [path for path in after if "eve" in path]
    assert set(after) < set(before) | {"memos/2026-04-01-new.html"} or before == after


def test_a_changed_note_changes_only_the_pages_that_show_it(reported):
    folder = reported.root / REPORT
    old, before = held(folder), times(folder)
    sheet = "data/initial-codes/jim.yaml"
    reported.write(sheet, reported.read(sheet).replace("passive? ask again", "or was he pushed"))
    reported.ok("report")
    new, after = held(folder), times(folder)
    changed = {path for path in new if new[path] != old.get(path)} - {LISTED}
    shown = {path for path in new if b"or was he pushed" in new[path]}
    assert changed == shown and "interviews/jim.html" in shown and len(shown) < len(new) / 2
    touched = {path for path, time in after.items() if before.get(path) != time}
    assert {path for path in touched if not Path(path).is_dir()} == {
        f"{folder}/{path}" for path in {*changed, LISTED}
    }


EDITS = (
    ("data/initial-codes/jim.yaml", "passive? ask again", "or pushed"),
    ("data/initial-codes/eve.yaml", "noticing the pay", "noticing the hours"),
    ("data/codebook.yaml", "first contact", "first meeting"),
    ("data/focused-codes.yaml", "a start that nobody arranged", "a start by chance"),
    ("data/focused-codes.yaml", "eve 2 ", "eve 4 "),
    ("data/theory.yaml", "becoming believable", "being believed"),
    ("data/theory.yaml", "belief has hours", "it has its hours"),
    ("data/memos/2026-03-21-paid-to-be-nice.md", "Is it one thing?", "Two things."),
    ("data/memos/2026-03-21-paid-to-be-nice.md", "title: Paid", "title: Hired"),
    ("data/transcripts/eve.md", "No form, nothing", "No forms"),
    ("data/participants.csv", "eve", "eve"),
    ("pipeline.yaml", "Peer support at work", "Peers"),
    ("pipeline.yaml", "Pat Morgan", "Pat M."),
)


def test_after_any_change_the_pages_are_those_of_a_fresh_report(reported, tmp_path):
    """What was kept from earlier is never a page that is out of date."""
    for number, (path, old, new) in enumerate(EDITS):
        text = reported.read(path)
        assert old in text, path
        reported.write(path, text.replace(old, new))
        reported("report")
        fresh = tmp_path / f"fresh-{number}"
        reported("report", "--output", str(fresh))
        assert held(reported.root / REPORT) == held(fresh), path


def test_what_pages_say_changes_only_together_with_its_version(analysed):
    """Pages are known by what they are made of: where gtpipe says something else of the same files,
    LAYOUT in gtpipe/render/report/site.py tells that they are to be made anew.
    """
    corpus = load(Study(analysed.root))
    reported = ReportedStudy(corpus, Edition())
    said = [
        page._replace(content=page.content.make())
        if isinstance(page, Page) and isinstance(page.content, Later)
        else page
        for page in site.pages(reported)
    ]
    line = f"{site.LAYOUT} {hashlib.sha256(repr(said).encode()).hexdigest()}\n"
    kept = ROOT / "tests/golden/report.txt"
    assert kept.read_text() == line, f"raise LAYOUT, and {kept.name} holds: {line}"
