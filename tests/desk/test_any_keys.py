"""Whatever is pressed: no exception, the sheets load, what the desk has in memory is what the files
say, codes are as a model has them, and taking everything back gives back every byte.

The suite presses a few dozen keys; GTPIPE_KEYS=3000 presses as many, suggestions among them.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from pathlib import Path

from conftest import copied, hashes
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pilot import at_desk, pasted

from gtpipe.desk import keys
from gtpipe.desk.app import Desk
from gtpipe.store.layout import Study
from gtpipe.study import load

KEYS = int(os.environ.get("GTPIPE_KEYS", "60"))
STEPS = 30  # of an example, each a key or a few
LABELS = (
    "minding the money",
    "noticing the pay",
    "étude é",
    "שלום עולם",
    "a <- b",
    '"',
    "wide 漢字",
)
SLOW = {"s", "ctrl+p"}  # a language's words are read; a palette is opened
ENDS = {"ctrl+q", "ctrl+d"}
SINGLE = sorted({key for one in keys.KEYS for key in one.keys.split(",")} - ENDS - SLOW)
if KEYS > 1000:
    SINGLE += sorted(SLOW)

Steps = list[tuple[str, str]]
typed = st.sampled_from(LABELS) | st.text(max_size=12)
steps: st.SearchStrategy[Steps] = st.lists(
    st.tuples(st.sampled_from(SINGLE), st.just(""))
    | st.tuples(st.sampled_from(("enter", "r", "tab", "/", "m", "a")), typed)
    | st.tuples(st.sampled_from(("code", "drop", "undo", "redo")), st.sampled_from(LABELS[:4])),
    min_size=STEPS,
    max_size=STEPS,
)


def codings(study: Study) -> Counter[tuple[str, ...]]:
    """What the sheets say, read as if nothing had been read before."""
    corpus = load(study)
    assert [one for one in corpus.unreadable if one.is_error] == []
    return Counter((c.interview, c.turn, c.typed, str(c.span), c.note) for c in corpus.codings)


async def back_to_the_words(pilot, desk: Desk) -> None:
    while len(desk.screen_stack) > 1:
        await pilot.press("escape")
        await pilot.pause()
    for _ in range(3):  # a line, what was found, a selection
        await pilot.press("escape")


async def step(pilot, desk: Desk, model: Counter[tuple[str, ...]], key: str, text: str) -> None:
    """Press the keys of one step, and have the model do the same."""
    if key not in ("code", "drop", "undo", "redo"):
        await pilot.press(key)
        if text:
            await pasted(pilot, text)
            await pilot.press("enter")
        return
    await back_to_the_words(pilot, desk)
    sitting = desk.sitting
    place = (sitting.interview.name, desk.turn.id)
    if key == "code":
        new = (*place, text, "None", "")
        if new not in model:
            model[new] += 1
        await pilot.press("enter")
        await pasted(pilot, text)
        await pilot.press("enter")
    elif key == "drop" and (coding := desk.coding) is not None:
        model[*place, coding.typed, str(coding.span), coding.note] -= 1
        await pilot.press("d")
    elif key in ("undo", "redo"):
        await pilot.press("u" if key == "undo" else "U")


@settings(
    max_examples=max(1, KEYS // (2 * STEPS)),
    suppress_health_check=list(HealthCheck),
    deadline=None,
    phases=(Phase.generate,),  # made shorter, a failure would take minutes
)
@given(pressed=steps)
def test_any_keys(built: Path, pressed: Steps):
    with tempfile.TemporaryDirectory() as folder:
        root = copied(built / "coded", Path(folder) / "study")
        study = Study(root)
        (root / "data/log.jsonl").unlink()  # else what was done before would be taken back too
        before = hashes(root, people_only=True)

        async def press(pilot, desk: Desk) -> None:
            for key, text in pressed:
                model = codings(study)
                is_known = key in ("code", "drop")
                await step(pilot, desk, model, key, text)
                await pilot.pause()
                assert desk.failed is None and desk.is_running
                now = codings(study)
                assert not is_known or now == +model, (key, text)
                sitting = desk.sitting
                assert sitting.corpus.codings == load(study).codings
            await back_to_the_words(pilot, desk)
            while hashes(root, people_only=True) != before:
                was = hashes(root, people_only=True)
                await pilot.press("u")
                await pilot.pause()
                assert hashes(root, people_only=True) != was, "what was done cannot be taken back"
            log = "".join(path.read_text() for path in root.glob("data/log.jsonl"))
            words = [turn.text for turn in desk.sitting.interview.turns if len(turn.text) > 20]
            assert not any(text[:20] in log for text in words)

        at_desk(root, "jim", press)
