"""A paste is one event, also with escape characters in it, and however it is cut on its way."""

from __future__ import annotations

from textual import events
from textual.drivers import linux_driver

from gtpipe.desk import pasting

SENT = "j\x1b[200~one\x1b[31m two \x1b]0;ddd\x07\x1b\n\x1b[201~k"


def test_an_escape_character_in_a_paste_is_no_key(monkeypatch):
    monkeypatch.setattr(linux_driver, "XTermParser", linux_driver.XTermParser)
    pasting.keep_whole()
    for cut in range(len(SENT)):
        parser = linux_driver.XTermParser()
        sent = (event for part in (SENT[:cut], SENT[cut:]) if part for event in parser.feed(part))
        got = [e.text if isinstance(e, events.Paste) else e.key for e in sent]
        assert got == ["j", "one[31m two ]0;ddd\x07\n", "k"], cut
