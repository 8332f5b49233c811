"""A change of a study's files: all of it at the end with one line in the log, or nothing."""

from __future__ import annotations

import json

import pytest

from gtpipe.model.problems import UserError
from gtpipe.store import transaction
from gtpipe.store.layout import Study

BOOK = "data/codebook.yaml"
MEMO = "data/memos/new.md"


def log_of(study) -> list[dict]:
    return [json.loads(line) for line in study.read("data/log.jsonl").splitlines()]


def test_all_files_are_written_at_the_end_with_one_line_in_the_log(coded):
    before, lines = coded.read(BOOK), log_of(coded)
    with transaction.change(Study(coded.root)) as change:
        assert change.text(BOOK) == before and change.text(MEMO) == ""
        change.write(BOOK, before + "\n- code: new\n")
        change.write(MEMO, "words\n")
        change.log("a command", "PM", "a reason", did={"kind": "define", "code": "new"})
        assert coded.read(BOOK) == before
    assert change.changed == (BOOK, MEMO)
    assert (coded.read(BOOK), coded.read(MEMO)) == (before + "\n- code: new\n", "words\n")
    *old, line = log_of(coded)
    assert old == lines and list(line["files"]) == [BOOK, MEMO]
    assert (line["command"], line["by"], line["why"]) == ("a command", "PM", "a reason")
    assert line["did"] == {"kind": "define", "code": "new"}


def test_a_byte_order_mark_stays(coded):
    coded.write(BOOK, b"\xef\xbb\xbf- code: x\n")
    with transaction.change(Study(coded.root)) as change:
        change.write(BOOK, change.text(BOOK) + "\n- code: y\n")
        change.log("a command", "PM")
    assert (coded.root / BOOK).read_bytes() == b"\xef\xbb\xbf- code: x\n\n- code: y\n"


def written(coded, then=lambda: None, command: str = "a command") -> None:
    """A change of the code book, with something that happens before its end."""
    with transaction.change(Study(coded.root)) as change:
        change.write(BOOK, "gtpipe's\n")
        then()
        if command:
            change.log(command, "PM")


def test_what_ends_in_an_error_changes_nothing(coded):
    before, lines = coded.read(BOOK), log_of(coded)
    with pytest.raises(ZeroDivisionError):
        written(coded, lambda: 1 / 0)
    assert (coded.read(BOOK), log_of(coded)) == (before, lines)


def test_what_somebody_saved_meanwhile_is_not_overwritten(coded):
    with pytest.raises(UserError, match="changed while the command ran"):
        written(coded, lambda: coded.write(BOOK, "theirs\n"))
    assert coded.read(BOOK) == "theirs\n"


def test_the_same_content_is_no_change_and_leaves_no_line(coded):
    lines = log_of(coded)
    with transaction.change(Study(coded.root)) as change:
        change.write(BOOK, change.text(BOOK))
        change.log("a command", "PM")
    assert change.changed == () and log_of(coded) == lines


def test_files_that_the_log_says_nothing_of_are_a_mistake_of_the_command(coded):
    before = coded.read(BOOK)
    with pytest.raises(ValueError, match="the log says nothing"):
        written(coded, command="")
    assert coded.read(BOOK) == before
