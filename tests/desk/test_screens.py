"""What the desk looks like at three sizes: text that git can diff. `tests/desk/screens.py` makes it
anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from screens import GOLDEN, SCREENS, copy_of_the_study, screen


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen(name: str, tmp_path: Path):
    text, _ = screen(copy_of_the_study(tmp_path), *SCREENS[name])
    width, height = SCREENS[name][0]
    lines = text.splitlines()
    assert len(lines) <= height and max(map(len, lines)) <= width
    assert text == (GOLDEN / f"{name}.txt").read_text()
