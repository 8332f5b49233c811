"""What `names apply` asks at a terminal: whether a word is a name, and where the source goes."""

from __future__ import annotations

import pexpect

TEXT = "P: Well. Will you come? I asked Will. May I?\n"


def test_each_word_in_doubt_is_asked_and_then_where_the_source_goes(empty, terminal):
    (empty.root.parent / "key.txt").write_text("Will -> (Son)\nMay -> (Aunt)\n")
    empty.write("pipeline.yaml", empty.read("pipeline.yaml") + "privacy: {names: ../key.txt}\n")
    empty.write("in/a.txt", TEXT)
    empty.ok("ingest", "in/a.txt", "--date", "2026-03-02")
    desk = terminal(empty, "names", "apply", "a", size=(40, 200))
    desk.expect_exact("line 1 of the list, or a word? Well. [line 1?] you come? I asked (Son).")
    desk.expect_exact("[n]ame or [w]ord? ")
    desk.send("w\r")
    desk.expect_exact("[line 2?] I?")
    desk.expect_exact("[n]ame or [w]ord? ")
    desk.send("perhaps\r")
    desk.expect_exact("[n]ame or [w]ord? ")
    desk.send("word\r")
    desk.expect_exact("data/sources/a.txt: the names stand there as they came.")
    desk.expect_exact("(Enter: it stays): ")
    desk.send("../kept\r")
    desk.expect_exact("kept/a.txt")
    desk.expect(pexpect.EOF)
    assert "Well. Will you come? I asked (Son). May I?" in empty.read("data/transcripts/a.md")
    assert (empty.root.parent / "kept/a.txt").read_text() == TEXT
