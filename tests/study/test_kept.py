"""What is kept of a study is of today's gtpipe: who changes what is concluded raises a version."""

from __future__ import annotations

import shutil
import sqlite3

from conftest import ROOT, StudyFolder

from gtpipe.model.level import Level
from gtpipe.model.records import Category, FocusedCode, Named, Theory, Where
from gtpipe.store.layout import Study, fingerprint
from gtpipe.study import code_labels, kept

KEPT = ROOT / "tests/golden" / "kept.txt"


def rows(study: StudyFolder) -> list[tuple[str, str]]:
    """Kind and content of all that is kept, in an order that no name of a file has a part in."""
    with sqlite3.connect(study.root / ".gtpipe" / "parsed.sqlite") as cache:
        return sorted(cache.execute("select kind, content from parsed"))


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
    with sqlite3.connect(analysed.root / ".gtpipe" / "parsed.sqlite") as cache:
        cache.execute("insert into parsed values ('memo-0.1', 'abc', 'abc', '[]')")
    memo = next((analysed.root / "data" / "memos").glob("*.md"))
    memo.write_text(memo.read_text("utf-8") + "\nOne thought more.\n", encoding="utf-8")
    analysed("run")
    assert "memo-0.1" not in dict(rows(analysed))


def test_a_table_of_before_is_read_and_begun_anew_with_the_first_change(
    analysed: StudyFolder,
) -> None:
    """Its rows hung on their whole content, so that whoever looked for one read those around it."""
    analysed("run")
    place = analysed.root / ".gtpipe" / "parsed.sqlite"
    now = rows(analysed)
    with sqlite3.connect(place) as cache:
        cache.execute("alter table parsed rename to other")
        cache.execute(
            "create table parsed (kind text, hash text, of text, content text,"
            " primary key (kind, hash)) without rowid"
        )
        cache.execute("insert into parsed select * from other")
        cache.execute("drop table other")
    analysed.ok("run")
    assert rows(analysed) == now
    memo = next((analysed.root / "data" / "memos").glob("*.md"))
    memo.write_text(memo.read_text("utf-8") + "\nOne thought more.\n", encoding="utf-8")
    analysed.ok("run")
    with sqlite3.connect(place) as cache:
        (laid_out,) = cache.execute("select sql from sqlite_master where name = 'parsed'")
        assert "rowid" not in laid_out[0]
    analysed.ok("run")
    analysed.ok("check")
    kept = rows(analysed)
    shutil.rmtree(analysed.root / ".gtpipe")
    analysed.ok("run")
    analysed.ok("check")
    assert {*kept} <= {*rows(analysed)}


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
