"""What is kept of a study is of today's gtpipe: who changes what is concluded raises a version."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, StudyFolder

from gtpipe.model.level import Level
from gtpipe.model.records import Category, FocusedCode, Named, Theory, Where
from gtpipe.store import cache
from gtpipe.store.cache import ParsedFiles
from gtpipe.store.layout import Study, fingerprint
from gtpipe.study import code_labels, kept

KEPT = ROOT / "tests/golden" / "kept.txt"


def rows(study: StudyFolder) -> list[tuple[str, str]]:
    """Kind and content of all that is kept, in an order that no name of a file has a part in."""
    with sqlite3.connect(study.root / ".gtpipe" / "parsed.sqlite") as kept:
        return sorted(kept.execute("select kind, content from parsed"))


def test_a_change_of_what_is_kept_raises_its_version(analysed: StudyFolder) -> None:
    """`kept.txt` has each kind with its version, and a hash of what it holds of the study of the
    tests. Where this fails, raise the version of the kind, such as `MEMO_FORMAT`, and write down
    what it is now.
    """
    analysed("run")
    analysed("check")
    code_labels(Study(analysed.root))
    found: dict[str, list[str]] = {}
    for kind, content in rows(analysed):
        found.setdefault(kind, []).append(content)
    now = [f"{kind} {fingerprint(''.join(held).encode())[:12]}" for kind, held in found.items()]
    assert "\n".join(now) + "\n" == KEPT.read_text("utf-8")


def test_what_an_older_version_kept_goes(analysed: StudyFolder) -> None:
    with sqlite3.connect(analysed.root / ".gtpipe" / "parsed.sqlite") as kept:
        kept.execute("insert into parsed values ('memo-0.1', 'abc', 'abc', '[]')")
    memo = next((analysed.root / "data" / "memos").glob("*.md"))
    memo.write_text(memo.read_text("utf-8") + "\nOne thought more.\n", encoding="utf-8")
    analysed("run")
    assert "memo-0.1" not in dict(rows(analysed))


def lay_out_as_before(place: Path) -> None:
    with sqlite3.connect(place) as kept:
        kept.execute("alter table parsed rename to other")
        kept.execute(
            "create table parsed (kind text, hash text, of text, content text,"
            " primary key (kind, hash)) without rowid"
        )
        kept.execute("insert into parsed select * from other")
        kept.execute("drop table other")


def test_a_table_of_before_is_read_and_begun_anew_with_the_first_change(
    analysed: StudyFolder,
) -> None:
    """Its rows hung on their whole content, so that whoever looked for one read those around it."""
    analysed("run")
    place = analysed.root / ".gtpipe" / "parsed.sqlite"
    now = rows(analysed)
    lay_out_as_before(place)
    analysed.ok("run")
    assert rows(analysed) == now
    memo = next((analysed.root / "data" / "memos").glob("*.md"))
    memo.write_text(memo.read_text("utf-8") + "\nOne thought more.\n", encoding="utf-8")
    analysed.ok("run")
    with sqlite3.connect(place) as kept:
        (laid_out,) = kept.execute("select sql from sqlite_master where name = 'parsed'")
        assert "rowid" not in laid_out[0]
    analysed.ok("run")
    analysed.ok("check")
    kept = rows(analysed)
    shutil.rmtree(analysed.root / ".gtpipe")
    analysed.ok("run")
    analysed.ok("check")
    assert {*kept} <= {*rows(analysed)}


def test_a_table_of_before_stays_where_what_is_new_cannot_be_written(
    analysed: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    analysed("run")
    now = rows(analysed)
    lay_out_as_before(analysed.root / ".gtpipe" / "parsed.sqlite")
    lay_out = cache._lay_out

    def disk_is_full_after(connection: sqlite3.Connection) -> None:
        lay_out(connection)
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(cache, "_lay_out", disk_is_full_after)
    parsed: ParsedFiles[object] = ParsedFiles(Study(analysed.root), "memo", 1, object)
    parsed.put("abc", "a thought", "abc")
    parsed.save()
    assert rows(analysed) == now


def test_no_words_stay_in_the_journal_of_a_change_that_was_killed(analysed: StudyFolder) -> None:
    analysed("run")
    place = analysed.root / ".gtpipe" / "parsed.sqlite"
    killed = (
        f"import os, sqlite3; kept = sqlite3.connect({str(place)!r});"
        "kept.execute('pragma cache_size = 1');"  # in pages, so that some are written at once
        "kept.execute('delete from parsed'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", killed], check=True)
    assert place.with_name("parsed.sqlite-journal").stat().st_size > 0
    cache.prune(Study(analysed.root), (), ())
    assert not [*place.parent.glob("parsed.sqlite*")]


def test_a_level_in_front_of_a_label_is_found_however_deep_it_stands() -> None:
    """A theory or a code book with one is not kept: read back, the level would be text."""
    where = Where("data/theory.yaml", 1)
    plain, led = Named("waiting", where), Named("waiting", where, Level.FOCUSED)
    for named, has_one in ((plain, False), (led, True)):
        category = Category("time", where, focused=(plain,), part_of=named)
        theory = Theory(categories=(category,))
        assert kept.has_levels(theory) is has_one
        assert kept.has_levels({"a": theory, "b": None}) is has_one
        assert kept.has_levels({"a": FocusedCode("tea", where, takes_up=(plain, named))}) is has_one
