"""The panes at the desk: what is typed at the bottom lands in the sheet; what stands beside the
words follows the cursor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from gtpipe.desk.app import Desk
from gtpipe.desk.sitting import Place, Sitting
from gtpipe.store.layout import Study

JIM, EVE = "data/initial-codes/jim.yaml", "data/initial-codes/eve.yaml"


class Seat:
    """A desk with somebody at it."""

    def __init__(self, desk: Desk, pilot: Pilot) -> None:
        self.desk, self._pilot = desk, pilot

    async def press(self, *keys: str) -> None:
        await self._pilot.press(*keys)
        await self._pilot.pause()

    async def type(self, text: str) -> None:
        """Type the last letter by key; those before stand there at once, which is faster."""
        self.desk.prompt.line.insert_text_at_cursor(text[:-1])
        await self.press(_character_to_key(text[-1]))

    async def click(self, id: str, line: int, times: int = 1) -> None:
        await self._pilot.click(f"#{id}", offset=(6, line), times=times)
        await self._pilot.pause()

    async def learnt(self) -> None:
        await self.desk.workers.wait_for_complete()
        await self._pilot.pause()

    @property
    def told(self) -> str:
        return str(self.desk.query_one("#told").content)

    def seen(self, id: str) -> str:
        """What a pane shows, line by line."""
        pane = self.desk.query_one(f"#{id}")
        if hasattr(pane, "content"):
            return str(pane.content)
        lines = [pane.render_line(y).text.rstrip() for y in range(pane.size.height)]
        return "\n".join(lines).rstrip()


@pytest.fixture
def sit():
    """Sit down at a study, go through a script, and leave."""

    def sit(study, script: Callable[[Seat], Awaitable[None]], name="jim", size=(120, 40), **more):
        async def run() -> None:
            desk = Desk(Sitting.begin(Study(study.root), name, "PM"), **more)
            async with desk.run_test(size=size) as pilot:
                await pilot.pause()
                await script(Seat(desk, pilot))

        asyncio.run(run())

    return sit


def added(study, path, line):
    """Whether a line stands in a sheet."""
    return f"    {line}\n" in study.read(path)


# --- the line at the bottom -----------------------------------------------------------------------


def test_a_code_is_typed_or_chosen_by_any_word_of_its_label(coded, sit):
    async def script(seat):
        seat.desk.sitting.move("4")
        await seat.press("enter")
        await seat.type("ward")
        assert "meeting around the ward · 2" in seat.seen("offers")
        assert "new: Enter" in seat.seen("offers")
        await seat.press("down", "enter")
        assert seat.told == 'Coded "meeting around the ward".'
        await seat.press("enter")
        await seat.type("being awkward")
        await seat.press("enter")
        await seat.press("enter", "escape")
        assert seat.desk.words.has_focus

    sit(coded, script)
    assert coded.read(JIM).endswith(
        "    noticing the pay\n    meeting around the ward\n    being awkward\n"
    )


def test_tab_goes_on_to_the_note_and_back_to_the_code(coded, sit):
    async def script(seat):
        await seat.press("enter")
        await seat.type("starting")
        await seat.press("tab")
        await seat.type("by chance?")
        await seat.press("shift+tab")
        await seat.type(" somewhere")
        await seat.press("tab", "enter")

    sit(coded, script, name="eve")
    assert "    starting somewhere\n      by chance?\n" in coded.read(EVE)


def test_what_is_wrong_is_said_and_stands_there_to_be_mended(coded, sit):
    before = coded.read(JIM)

    async def script(seat):
        await seat.press("enter")
        await seat.type('going <- "it never went"')
        await seat.press("enter")
        assert "does not contain" in seat.seen("offers")
        assert seat.desk.prompt.line.value == 'going <- "it never went"'
        assert coded.read(JIM) == before
        seat.desk.prompt.line.value = "going <- it we"
        await seat.press("escape")

    sit(coded, script)
    assert coded.read(JIM) == before


def test_behind_an_arrow_the_clauses_of_the_turn_are_offered(coded, sit):
    async def script(seat):
        await seat.press("enter")
        await seat.type("going <- i met")
        await seat.press("down", "enter")

    sit(coded, script)
    clause = "I met him around the ward (laugh) and it went from there."
    assert added(coded, JIM, f'going <- "{clause}"')


def test_the_selected_words_are_what_a_code_is_tied_to(coded, sit):
    async def script(seat):
        await seat.press("w", "w", "v", "w", "enter")
        await seat.type("meeting")
        await seat.press("enter")

    sit(coded, script)
    assert added(coded, JIM, 'meeting <- "I met"')


def test_what_is_pasted_becomes_one_line_and_that_is_said(coded, sit):
    async def script(seat):
        await seat.press("enter")
        line = seat.desk.prompt.line
        line.post_message(events.Paste("met\non the\n\nward"))
        await seat.press()
        assert line.value == "met on the  ward"
        assert seat.seen("offers") == "Pasted as one line: 3 line breaks are spaces."
        line.value = ""
        line.post_message(events.Paste("x" * 10_000))
        await seat.press("enter")
        assert seat.told == f'Coded "{"x" * 10_000}".'

    sit(coded, script)
    assert added(coded, JIM, "x" * 10_000)


def test_a_note_is_written_on_the_code_under_the_cursor_and_changed(coded, sit):
    async def script(seat):
        await seat.press("full_stop", "n")
        assert seat.desk.prompt.line.value == "passive? ask again"
        seat.desk.prompt.line.value = "passive"
        await seat.press("enter")
        assert seat.told == 'Wrote a note on "it went from there".'
        await seat.press("u")

    sit(coded, script)
    assert "      passive? ask again\n" in coded.read(JIM)


def test_a_code_is_defined_where_it_stands(coded, sit):
    async def script(seat):
        await seat.press("D")
        assert seat.desk.prompt.line.value == "first contact outside any appointment"
        seat.desk.prompt.line.value = "met, not sent"
        await seat.press("enter", "o", "j")
        assert "met, not sent" in seat.seen("book")

    sit(coded, script)
    assert "  definition: met, not sent\n" in coded.read("data/codebook.yaml")


def test_words_and_codes_are_found_and_enter_goes_there(coded, sit):
    async def script(seat):
        await seat.press("slash")
        await seat.type("the ward")
        await seat.press("enter")
        found = seat.seen("compare")
        assert 'Found "the ward"' in found
        assert "In codes: 1" in found
        assert "In words: 1" in found
        await seat.press("enter")  # the code that was found is compared
        assert "Compare meeting" in seat.seen("compare")
        assert "pinned" in seat.seen("compare")
        await seat.press("escape", "slash")
        await seat.type("five")
        await seat.press("enter", "enter")
        assert seat.desk.sitting.place[:2] == ("eve", "4")
        assert seat.desk.words.has_focus
        await seat.press("slash")
        await seat.type("/fi.e/")
        await seat.press("enter")
        assert "gtpipe find /PATTERN/" in seat.told

    sit(coded, script)


def test_keys_that_come_at_once_land_where_they_were_meant(coded, sit):
    async def script(seat):
        seat.desk.sitting.move("4")
        driver = seat.desk._driver
        for key in ("enter", *"done", "enter", "enter", *"next", "tab", *"drat", "enter"):
            driver.send_message(events.Key(key, key if len(key) == 1 else None))
        await seat.press("f12")
        assert seat.told == 'Coded "next".'

    sit(coded, script)
    assert coded.read(JIM).endswith("    noticing the pay\n    done\n    next\n      drat\n")


# --- the code book --------------------------------------------------------------------------------


def test_the_code_book_is_filtered_as_one_types_and_enter_gives_the_code(coded, sit):
    async def script(seat):
        seat.desk.sitting.move("4")
        await seat.press("o", "slash")
        await seat.type("wen")
        assert '"wen": 1 of 3' in seat.seen("book")
        await seat.press("enter", "enter")
        assert seat.told == 'Coded "it went from there".'
        await seat.press("escape")
        assert "3 codes, recent first" in seat.seen("book")

    sit(coded, script, size=(200, 50))
    assert added(coded, JIM, "it went from there")


def test_the_code_book_sorts_by_recent_by_fit_and_by_name(coded, sit):
    def order(seat):
        return [row.about.label for row in seat.desk.book._rows]

    async def script(seat):
        seat.desk.sitting.move("4")
        await seat.press("enter")
        await seat.type("zero")
        await seat.press("enter")
        await seat.press("o")
        assert order(seat)[:2] == ["zero", "noticing the pay"]
        await seat.press("O")
        await seat.learnt()
        assert "by fit here" in seat.seen("book")
        labels = order(seat)
        assert labels[0] in ("meeting around the ward", "it went from there")
        await seat.press("O")
        labels = order(seat)
        assert labels == sorted(labels)
        await seat.press("home", "j")
        assert "first contact outside any" in seat.seen("book")  # the definition, beside

    sit(coded, script)


# --- comparison -----------------------------------------------------------------------------------


def test_the_comparison_follows_the_cursor_until_it_is_pinned(coded, sit):
    async def script(seat):
        assert "meeting around the ward" in seat.seen("compare")
        assert "1 other, other participants first" in seat.seen("compare")
        assert "She just sat down" in seat.seen("compare")
        await seat.press("c")
        await seat.press("j")
        assert "pinned" in seat.seen("compare")
        assert "She just sat down" in seat.seen("compare")
        await seat.press("c")
        assert "noticing the pay" in seat.seen("compare")

    sit(coded, script)


def test_enter_jumps_to_an_incident_and_back_leads_here(coded, sit):
    async def script(seat):
        await seat.press("c", "tab", "tab", "enter")
        assert seat.desk.sitting.place == Place("eve", "2", 0)
        await seat.press("backspace")
        assert seat.desk.sitting.place == Place("jim", "2", 0)
        await seat.press("greater_than_sign")
        assert seat.desk.sitting.place[:2] == ("eve", "2")

    sit(coded, script)


def test_a_click_goes_to_a_row_and_two_choose_it(coded, sit):
    async def script(seat):
        line = seat.seen("compare").splitlines().index("  eve 2") + 1  # below the rule
        await seat.click("compare", line)
        assert seat.desk.focused is seat.desk.compare
        await seat.click("compare", line, times=2)
        assert seat.desk.sitting.place[:2] == ("eve", "2")

    sit(coded, script)


@pytest.mark.parametrize("size", [(120, 40), (240, 40)])
def test_two_marked_codes_stand_side_by_side(coded, sit, size):
    coded.ok("code", "eve", "2", "noticing the pay", "--words", "sat down")

    async def script(seat):
        await seat.press("x", "j", "x")
        shown = seat.seen("compare")
        assert "Side by side" in shown
        assert "Both, in the same words: 1" in shown
        beside = [line for line in shown.splitlines() if "jim 2" in line and "jim 4" in line]
        assert bool(beside) == (size[0] == 240)
        await seat.press("x")
        assert "Side by side" not in seat.seen("compare")

    sit(coded, script, size=size)


def test_participants_unlike_by_an_attribute_come_first_and_b_asks_by_another(coded, sit):
    coded.write("data/participants.csv", "participant,setting\njim,ward\neve,team\n")

    async def script(seat):
        await seat.press("c", "tab", "tab")
        assert "other participants first" in seat.seen("compare")
        await seat.press("b")
        assert "unlike first: by setting" in seat.seen("compare")
        assert "eve 2 · team" in seat.seen("compare")

    sit(coded, script)


def test_the_second_coders_codes_are_hidden_until_they_are_asked_for(coded, sit):
    coded.ok("code", "jim", "2", "seen by another", "--by", "KR")

    async def script(seat):
        assert "seen by another" not in seat.seen("here")
        await seat.press("y")
        assert "seen by another (KR)" in seat.seen("here")
        assert seat.told == "All coders' codes are shown."
        await seat.press("y")
        coded.ok("codes", "drop", "seen by another", "--at", "jim 2", "--why", "no")
        seat.desk.sitting.refresh()
        await seat.press("y")
        assert seat.told == "All coders' codes are shown: nobody else coded jim."

    sit(coded, script)


def test_the_next_turn_without_a_code_of_ones_own(study, sit):
    async def script(seat):
        await seat.press("space")
        assert seat.desk.sitting.place.turn == "4"
        await seat.press("enter")
        await seat.type("a")
        await seat.press("enter")
        await seat.press("space", "enter")
        await seat.type("b")
        await seat.press("enter")
        await seat.press("space")
        assert seat.told == "Every turn of jim carries a code of yours."

    sit(study, script)


# --- suggestions ----------------------------------------------------------------------------------


def test_suggestions_are_shown_when_asked_taken_edited_rejected_and_brought_back(coded, sit):
    async def script(seat):
        await seat.press("j", "s")
        await seat.learnt()
        first, second = seat.desk.offered.suggestions[:2]
        assert "your code · like jim 2, eve 2" in seat.seen("offered")
        await seat.press("r")
        assert first not in seat.desk.offered.suggestions
        assert seat.desk.offered.suggestions[0] == second  # the next moved up at once
        assert f"Compare {second.label}" in seat.seen("compare")
        await seat.press("u")
        assert seat.desk.offered.suggestions[0] == first
        await seat.press("e")
        seat.desk.prompt.line.value = "being ill at ease"
        await seat.press("enter")
        assert seat.told == 'Took "being ill at ease".'
        await seat.press("s")
        assert seat.desk.words.has_focus

    sit(coded, script)
    assert added(coded, JIM, "being ill at ease")
    assert "edited,PM" in coded.read("data/answers.csv")


def test_where_they_were_wanted_they_wait_for_a_code_of_ones_own(study, sit):
    async def script(seat):
        assert "wait until you have coded in another interview" in " ".join(
            seat.seen("offered").split()
        )

    sit(study, script, offers=True)
    study.ok("code", "eve", "2", "sitting down")

    async def later(seat):
        assert "after a code of yours" in " ".join(seat.seen("offered").split())
        await seat.press("enter")
        await seat.type("met")
        await seat.press("enter")
        await seat.learnt()
        assert seat.desk.offered.suggestions

    sit(study, later, offers=True)


def test_a_typed_code_that_is_a_suggestion_is_that_suggestion(coded, sit):
    async def script(seat):
        await seat.press("j", "s")
        await seat.learnt()
        label = seat.desk.offered.suggestions[0].label
        await seat.press("escape", "enter")
        await seat.type(label)
        await seat.press("enter")

    sit(coded, script)
    assert ",accepted,PM" in coded.read("data/answers.csv")


def test_what_fails_beside_the_screen_is_known_by_where_it_failed(coded, sit, monkeypatch):
    def fails(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("gtpipe.formats.answers.read", fails)

    async def script(seat):
        await seat.press("s")
        await seat.learnt()

    with pytest.raises(ZeroDivisionError):
        sit(coded, script)
