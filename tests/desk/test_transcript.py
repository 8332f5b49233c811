"""The words at the desk: codes stand level with them, a stretch is selected by key and by mouse."""

from __future__ import annotations

from functools import partialmethod

import pytest
from conftest import StudyFolder
from pilot import at_desk, seen, typed
from textual import events

from gtpipe.desk import app
from gtpipe.desk.app import Desk
from gtpipe.desk.sitting import Sitting
from gtpipe.desk.transcript import Transcript
from gtpipe.store.layout import Study


def line_with(desk: Desk, text: str) -> str:
    return next(line for line in seen(desk) if text in line)


def selected(desk: Desk) -> str | None:
    return desk.turn.text[slice(*desk.selection)] if desk.selection else None


def test_a_code_stands_level_with_the_words_it_is_tied_to(study: StudyFolder):
    study.ok("code", "jim", "4", "him being paid", "--words", "Him being paid and that")
    study.ok("code", "jim", "4", "all of it")

    async def look(pilot, desk):
        await pilot.press("j")
        assert "▶ all of it" in line_with(desk, "A bit. It was")
        assert "┃ him being paid" in line_with(desk, "Him being paid and that")

    at_desk(study.root, "jim", look)


def test_words_selected_by_keys_are_the_stretch_of_the_code(study: StudyFolder):
    async def code(pilot, desk):
        await pilot.press("w", "w", "v", "w", "w")
        assert selected(desk) == "I met him"
        await pilot.press("enter")
        await typed(pilot, "meeting by chance")
        await pilot.press("enter")
        assert "Coded" in "\n".join(seen(desk)[-2:])
        await pilot.press("enter")
        await typed(pilot, "the ward")
        await pilot.press("enter", "w")
        assert selected(desk) is None

    at_desk(study.root, "jim", code)
    codes = '    meeting by chance <- "I met him"\n    the ward <- "I met him"\n'
    assert codes in study.read("data/initial-codes/jim.yaml")


def test_sentences_are_selected_one_by_one(study: StudyFolder):
    async def select(pilot, desk):
        await pilot.press("V")
        assert selected(desk) == "She just sat down"
        await pilot.press("V")
        assert selected(desk) == "She just sat down. No form, nothing"
        await pilot.press("escape")
        assert selected(desk) is None

    at_desk(study.root, "eve", select)


def test_a_stretch_stays_within_its_turn(study: StudyFolder):
    async def cross(pilot, desk):
        await pilot.press("v", "end", "j")
        assert desk.turn.id == "2"
        assert "within its turn" in seen(desk)[-2]
        await pilot.press("escape", "j")
        assert desk.turn.id == "4"

    at_desk(study.root, "eve", cross)


def test_words_are_selected_by_the_mouse(study: StudyFolder):
    async def drag(pilot, desk):
        lines = seen(desk)
        y = next(n for n, line in enumerate(lines) if "She just sat down" in line)
        x, to = lines[y].index("just"), lines[y].index("down")
        below = next(n for n, line in enumerate(lines) if "She goes home" in line)
        await pilot.mouse_down(offset=(x + 1, y))
        await pilot._post_mouse_events([events.MouseMove], offset=(to + 1, y), button=1)
        await pilot._post_mouse_events([events.MouseMove], offset=(to + 1, below), button=1)
        assert "within its turn" in seen(desk)[-2]
        await pilot.mouse_up(offset=(to + 1, below))
        assert selected(desk) == "just sat down"

    at_desk(study.root, "eve", drag)


def test_where_it_is_narrow_one_pane_is_seen_at_a_time(study: StudyFolder):
    async def turn_over(pilot, desk):
        assert "[Words]" in seen(desk)[1]
        await pilot.press("o")
        assert "[Code book]" in seen(desk)[1] and "She just sat" not in "\n".join(seen(desk))
        await pilot.press("escape")
        assert "[Words]" in seen(desk)[1]
        await pilot.click("#tabs", offset=(seen(desk)[1].index("Compare"), 0))
        assert "[Compare]" in seen(desk)[1]
        await pilot.click("#tabs", offset=(2, 0))
        await pilot.resize_terminal(120, 30)
        assert "[Words]" not in seen(desk)[1]
        assert all(len(line) <= 120 for line in seen(desk))

    at_desk(study.root, "eve", turn_over, size=(80, 24))


def test_no_terminal_is_too_small(study: StudyFolder):
    async def shrink(pilot, desk):
        for size in ((40, 10), (12, 5), (3, 2), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.press("j", "k", "w", "down")
        assert "She just sat down" in "\n".join(seen(desk))

    at_desk(study.root, "eve", shrink, size=(80, 24))


def test_a_terminal_without_utf8_gets_ascii_and_one_without_colour_none(study, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.ISO-8859-1")
    monkeypatch.setenv("NO_COLOR", "1")
    study.ok("code", "eve", "2", "élan ▌", "--words", "just sat down")

    async def look(pilot, desk):
        strips = desk.screen._compositor.render_strips()
        assert all(strip.text.isascii() for strip in strips)
        colours = {s.style.color and s.style.color.name for strip in strips for s in strip}
        assert colours <= {None, "default"}
        assert any(s.style.underline for strip in strips for s in strip)
        assert "| ?lan |" in line_with(desk, "She just sat down")

    at_desk(study.root, "eve", look)


def test_what_ends_the_desk_by_mistake_is_told_without_words(study, monkeypatch, capsys):
    """Textual shows what each variable holds; the command line says where it was, and no more."""

    def fails(transcript, row):
        raise ValueError(transcript.desk.turn.text)

    monkeypatch.setattr(Transcript, "_drawn", fails)
    monkeypatch.setattr(Desk, "run", partialmethod(Desk.run, headless=True))
    with pytest.raises(ValueError, match="She just sat down"):
        app.run(Sitting.begin(Study(study.root), "eve"))
    shown = capsys.readouterr()
    assert "sat down" not in shown.out + shown.err
