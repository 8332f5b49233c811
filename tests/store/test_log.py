"""The log: what a command did to codes stands in its line as data, and is read from there."""

from __future__ import annotations

import hashlib
import json

import pytest

from gtpipe.store import log

BOOK = "data/codebook.yaml"
AT = {"interview": "jim", "turn": "2", "coder": "PM"}
PAY = "noticing the pay"
WARD = "meeting around the ward"


def last_line(study) -> dict:
    return json.loads(study.read("data/log.jsonl").splitlines()[-1])


@pytest.mark.parametrize(
    ("command", "did"),
    [
        (
            ["code", "jim", "2", "just: asking", "--words", "around the ward"],
            {
                "kind": "code",
                "level": "initial",
                "code": "just: asking",
                "interview": "jim",
                "turn": "2",
                "tied": True,
            },
        ),
        (
            ["codes", "rename", PAY, "minding # money", "--why", "w"],
            {"kind": "rename", "level": "initial", "from": PAY, "to": "minding # money"},
        ),
        (
            ["codes", "rename", "focused: easy beginnings", "easy starts", "--why", "w"],
            {"kind": "rename", "level": "focused", "from": "easy beginnings", "to": "easy starts"},
        ),
        (
            ["codes", "merge", PAY, "--into", WARD, "--why", "w"],
            {"kind": "merge", "level": "initial", "from": [PAY], "to": WARD},
        ),
        (["codes", "park", PAY, "--why", "w"], {"kind": "park", "level": "initial", "code": PAY}),
        (
            ["codes", "recode", "jim", "2", WARD, "meeting", "--why", "w"],
            {"kind": "recode", "level": "initial", "from": WARD, "to": "meeting", **AT},
        ),
        (
            ["codes", "tie", "jim", "2", WARD, "around the ward"],
            {"kind": "tie", "level": "initial", "code": WARD, **AT},
        ),
        (
            ["codes", "drop", WARD, "--at", "jim 2", "--why", "w"],
            {"kind": "drop", "level": "initial", "code": WARD, **AT},
        ),
        (
            ["codes", "define", PAY, "money is spoken of", "--include", "wages"],
            {
                "kind": "define",
                "level": "initial",
                "code": PAY,
                "fields": ["definition", "include"],
            },
        ),
        (
            ["codes", "focused", "add", "being paid", "--takes-up", PAY, "--because", "b"],
            {"kind": "add", "level": "focused", "code": "being paid", "codes": [PAY]},
        ),
        (
            ["codes", "focused", "take-up", "easy beginnings", WARD, PAY],
            {"kind": "take-up", "level": "focused", "code": "easy beginnings", "codes": [PAY]},
        ),
    ],
    ids=lambda given: " ".join(given[:2]) if isinstance(given, list) else "",
)
def test_what_a_command_did_to_codes_stands_in_the_log_as_data(analysed, command, did):
    """Labels stand there as they are, with no quoting to undo; words of participants do not."""
    analysed.ok(*command)
    assert last_line(analysed)["did"] == did


def test_a_split_names_what_the_code_became(analysed):
    analysed.ok("codes", "split", WARD)
    (path,) = analysed.root.glob("data/**/*split*")
    assert "did" not in last_line(analysed)
    name = path.relative_to(analysed.root).as_posix()
    analysed.write(name, analysed.read(name).replace("to: |\n", "to: |\n    chance\n"))
    analysed.ok("codes", "split", WARD, "--why", "w")
    assert last_line(analysed)["did"] == {
        "kind": "split",
        "level": "initial",
        "from": WARD,
        "to": ["chance"],
    }


def test_a_line_is_read_by_its_data_and_not_by_its_command(analysed):
    """A command that no shell could read is told by what it did."""
    analysed.write(
        "data/log.jsonl",
        json.dumps(
            {
                "when": "2026-04-04T10:00:00Z",
                "command": f"codes rename 'counting the pay' it's {PAY}",
                "by": "PM",
                "why": "clearer",
                "files": {BOOK: [None, "0"]},
                "did": {
                    "kind": "rename",
                    "level": "initial",
                    "from": "counting the pay",
                    "to": PAY,
                },
            }
        )
        + "\n",
    )
    entry = f"\n- code: {PAY}\n  was: |\n    counting the pay\n"
    book = analysed.read(BOOK)
    analysed.write(BOOK, "\n".join([book.rstrip(), entry]) if PAY not in book else book)
    assert '├─ was "counting the pay" until 2026-04-04 (PM: clearer)' in analysed.ok("trace", PAY)


@pytest.mark.parametrize("did", ["rename", {}, {"kind": 1}, {"kind": "rename", "from": {"a": 1}}])
def test_data_that_is_not_as_it_should_be_damages_no_line(analysed, did):
    line = {"when": "", "command": f"codes rename x '{PAY}'", "by": "", "why": "", "files": {}}
    analysed.write("data/log.jsonl", json.dumps({**line, "did": did}) + "\n")
    assert "damaged" not in analysed("check").out
    analysed.ok("trace", PAY)


def test_a_line_has_the_digest_of_each_file_before_and_after(analysed):
    """Twelve digits of the SHA-256, which `sha256sum` shows as well."""

    def digest() -> str:
        return hashlib.sha256((analysed.root / BOOK).read_bytes()).hexdigest()[:12]

    before = digest()
    analysed.ok("codes", "define", PAY, "money is spoken of")
    assert last_line(analysed)["files"] == {BOOK: [before, digest()]}
    assert before != digest()


def test_labels_are_one_or_several_and_a_yes_or_no_is_none():
    did = {"from": "a", "to": ["b", "c"], "tied": True}
    assert [log.labels(did, name) for name in ("from", "to", "tied", "code")] == [
        ("a",),
        ("b", "c"),
        (),
        (),
    ]


def test_the_last_lines_of_the_log_are_its_last_records_oldest_first():
    """Damaged lines count for nothing."""
    lines = [log.line(f"command {n}", "PM", "", []) for n in range(5)]
    content = "".join([lines[0], lines[1], "[]\n", lines[2], "\n", '{"broken\n', *lines[3:]])
    last = log.last(content.encode(), 3)
    assert [record.command for record in last] == ["command 2", "command 3", "command 4"]
    assert log.last(content.encode(), 9) == log.records(content.encode())
    assert len(log.records(content.encode())) == 5


def test_a_line_of_the_log_is_read_as_it_was_written():
    did = {"kind": "rename", "from": "a", "to": "b"}
    files = [("data/a.md", None, "aa"), ("data/b.md", "bb", None), ("data/c.md", "c1", "c2")]
    record = log.loads(log.line("a command", "PM", "a reason", files, "0123", did))
    assert record is not None and record.did == did
    assert record.files == {"data/a.md": (None, "aa"), "data/b.md": ("bb", None)} | {
        "data/c.md": ("c1", "c2")
    }
    assert (record.command, record.by, record.why, record.undoes) == (
        ("a command", "PM", "a reason", "0123")
    )
