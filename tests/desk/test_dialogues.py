"""What is written beside coding without leaving the desk: the same lines as by command."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from conftest import StudyFolder
from pilot import at_desk, pasted, seen

from gtpipe.desk import dialogues, watching
from gtpipe.desk.sitting import Sitting
from gtpipe.store.layout import Study


async def answered(pilot, key: str, *lines: str) -> None:
    """Press a key, and answer what it asks."""
    await pilot.press(key)
    for line in lines:
        await pasted(pilot, line)
        await pilot.press("enter")
    await pilot.pause()


def told(desk) -> str:
    return "\n".join(seen(desk))


def test_a_memo_is_written_in_a_page_about_the_incident_and_its_code(coded: StudyFolder):
    async def write(pilot, desk):
        await pilot.press("j")
        await answered(pilot, "m", "Whose money?")
        assert "about jim 4; noticing the pay" in told(desk)
        await pasted(pilot, "He minds it.\n\nDoes she?")
        await pilot.press("escape")
        await pilot.pause()
        assert "Esc again drops these words" in told(desk)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "Wrote data/memos/" in told(desk)
        assert "Whose money?" in [memo.title for memo in desk.sitting.corpus.material.memos]

    at_desk(coded.root, "jim", write)
    (memo,) = (coded.root / "data/memos").iterdir()
    _, front, prose = memo.read_text().split("---\n")
    assert "title: Whose money?\n" in front
    assert "about: |\n  jim 4\n  noticing the pay\n" in front
    assert prose == "\nHe minds it.\n\nDoes she?\n"
    coded.ok("undo")
    assert not memo.exists()


def test_leaving_the_desk_asks_before_the_words_of_a_memo_are_lost(study: StudyFolder):
    async def leave(pilot, desk):
        await answered(pilot, "m", "Half a thought")
        await pasted(pilot, "words")
        await pilot.press("ctrl+q")
        await pilot.pause()
        assert "Esc again drops these words" in told(desk) and desk.is_running
        await pilot.press("escape")
        await pilot.pause()
        assert "Half a thought" not in told(desk)

    at_desk(study.root, "jim", leave)
    assert not (study.root / "data/memos").exists()


def test_a_memo_that_cannot_be_written_stays_on_its_page_which_says_why(study: StudyFolder):
    async def write(pilot, desk):
        await answered(pilot, "m", "Later")
        await pasted(pilot, "words")
        sheet = study.read("data/initial-codes/jim.yaml")
        study.write("data/initial-codes/jim.yaml", sheet + "- broken:\n\tx\n")
        watching.look(desk)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "this is not readable as YAML" in told(desk) and "words" in told(desk)
        study.write("data/initial-codes/jim.yaml", sheet)
        watching.look(desk)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "Wrote data/memos/" in told(desk)

    at_desk(study.root, "jim", write)


def test_a_code_is_taken_up_under_a_focused_code_that_stands_or_is_new(analysed: StudyFolder):
    async def take_up(pilot, desk):
        desk.sitting.code(desk.turn, "by chance")
        desk.look()
        await pilot.press("full_stop")
        while desk.coding.code != "by chance":
            await pilot.press("full_stop")
        await answered(pilot, "f", "easy beginnings")
        assert '"easy beginnings" takes up "by chance".' in told(desk)
        await answered(pilot, "f", "chances taken", "nobody was sent")
        assert '"chances taken" is new, and takes up "by chance".' in told(desk)

    at_desk(analysed.root, "jim", take_up)
    written = analysed.read("data/focused-codes.yaml")
    assert "  takes-up: |\n    meeting around the ward\n    by chance\n" in written
    assert "- focused: chances taken\n" in written and "nobody was sent" in written


def test_what_does_not_fit_is_written_down_with_what_came_of_it(analysed: StudyFolder):
    async def write(pilot, desk):
        await pilot.press("j")
        await answered(pilot, "N", "easy beginnings", "qualified")
        assert "jim 4 contradicts easy beginnings." in told(desk)

    at_desk(analysed.root, "jim", write)
    assert (
        "- incident: jim 4\n  contradicts: easy beginnings\n  led-to: qualified\n  by: PM\n"
        in analysed.read("data/theory.yaml")
    )


def test_a_question_about_a_place_is_a_comment_that_one_is_led_back_to(study: StudyFolder):
    """`gtpipe status` tells of it until it is answered: there is no file of bookmarks beside."""

    async def ask(pilot, desk):
        await pilot.press("j", "v", "w")
        await answered(pilot, "B", "What is a bit?")
        await answered(pilot, "ctrl+g", "eve 4")
        assert desk.sitting.place[:2] == ("eve", "4")
        await answered(pilot, "a", "she goes first")
        await pilot.press("apostrophe")
        assert desk.sitting.place[:2] == ("jim", "4") and "What is a bit?" in told(desk)
        await pilot.press("apostrophe")
        assert desk.sitting.place[:2] == ("eve", "4") and "PM: she goes first" in told(desk)
        await pilot.press("ctrl+b", "ctrl+b")
        assert desk.sitting.place[:2] == ("eve", "4")
        await pilot.press("ctrl+b")
        assert desk.sitting.place[:2] == ("jim", "4")
        await pilot.press("ctrl+f")
        assert desk.sitting.place[:2] == ("eve", "4")

    at_desk(study.root, "jim", ask)
    assert study.read("data/comments.yaml").startswith(
        '- about: jim 4 "A bit"\n  by: PM\n  comment: What is a bit?\n'
    )
    assert "2 comments without an answer" in study.ok("status")
    study.ok("comments", "answer", "1", "no idea")
    study.ok("comments", "answer", "2", "she does")
    assert Sitting.begin(Study(study.root), "jim").next_question() is None


def test_one_goes_to_a_turn_an_interview_an_incident_and_is_told_where_there_is_none(
    study: StudyFolder,
):
    async def go(pilot, desk):
        for line, place in (
            ("4", ("jim", "4", 0)),
            ("eve", ("eve", "2", 0)),
            ("jim 4 'awkward'", ("jim", "4", 40)),
            ("jim 2-4", ("jim", "2", 0)),
        ):
            await answered(pilot, "ctrl+g", line.replace("'", '"'))
            assert desk.sitting.place == place
        await answered(pilot, "ctrl+g", "jim 99")
        assert "No turn 99 in jim" in told(desk)
        assert desk.sitting.place == ("jim", "2", 0)
        await pilot.press("escape")

    at_desk(study.root, "jim", go)


def test_every_key_stands_behind_the_question_mark(study: StudyFolder):
    async def look(pilot, desk):
        await pilot.press("question_mark")
        await pilot.pause()
        assert "Next turn" in told(desk)
        await pilot.press("escape")
        await pilot.pause()
        assert "met him around the ward" in told(desk)

    at_desk(study.root, "jim", look, (100, 60))


def test_a_terminal_that_becomes_small_meanwhile_keeps_what_is_written(study: StudyFolder):
    async def shrink(pilot, desk):
        await pilot.press("v", "w", "enter")
        await pasted(pilot, "half a code")
        await pilot.resize_terminal(40, 10)
        await pilot.pause()
        await pilot.press("enter")
        await answered(pilot, "m", "A memo")
        await pasted(pilot, "words " * 20)
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "Wrote data/memos/" in told(desk)

    at_desk(study.root, "jim", shrink)
    assert "    half a code <-" in study.read("data/initial-codes/jim.yaml")


def test_what_could_not_be_done_is_told_whole_in_a_narrow_terminal(study: StudyFolder):
    async def fail(pilot, desk):
        await pilot.press("enter")
        await pasted(pilot, "a code <- words that stand nowhere, and without quotation marks")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()
        assert "label <-" in "\n".join(seen(desk)[-4:])
        await pilot.press("escape")
        desk.tell(f"{'much to say, ' * 12}and the end", wrong=True)
        await pilot.pause()
        await pilot.pause()
        assert "and the end" in " ".join(seen(desk)) and "leave" in seen(desk)[-1]

    at_desk(study.root, "jim", fail, size=(60, 20))


def test_the_screen_comes_back_where_there_is_no_such_editor(monkeypatch):
    class WithoutScreen:
        """As Textual has it: what is raised while the editor is open leaves the screen away."""

        has_screen, told = True, ""
        sitting = SimpleNamespace(study=Study(Path("study")))

        @contextmanager
        def suspend(self):
            self.has_screen = False
            yield
            self.has_screen = True

        def tell(self, text: str, *, wrong: bool = False):
            self.told = text

    for editor in ("no-such-editor-here", "'"):
        monkeypatch.setenv("VISUAL", editor)
        desk = WithoutScreen()
        dialogues.open_in_editor(desk, "data/memos/one.md")
        assert desk.has_screen
        assert desk.told.endswith("The memo stands in data/memos/one.md.")
