"""The screens of the desk that the README and the golden files show, at the study of this
repository; and, by hand, made anew when the desk looks different:

    python tests/desk/screens.py

writes `tests/golden/desk/*.txt`, and `tests/desk/desk.svg`, the picture of the README.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from pilot import at_desk, pasted, seen

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests/golden/desk"
PICTURE = Path(__file__).with_name("desk.svg")
TO_TURN_9 = ("j",) * 4
SELECT = ("v", "w", "w", "w", "enter")
FONTS_FROM_ELSEWHERE = re.compile(r"@font-face *\{.*?\}\s*", re.S)
SCREENS: dict[str, tuple[tuple[int, int], tuple[str, ...], str]] = {
    # size, keys, and what is typed then
    "80x24": ((80, 24), (*TO_TURN_9, *SELECT), "notic"),
    "120x40": ((120, 40), TO_TURN_9, ""),
    "200x50": ((200, 50), TO_TURN_9, ""),
}
OF_README = (112, 32), ("j",) * 6 + ("full_stop",) * 2, ""


def copy_of_the_study(folder: Path) -> Path:
    """This repository's study without what is derived, and without a cache."""
    shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("derived"))
    shutil.copy(ROOT / "pipeline.yaml", folder)
    return folder


def screen(root: Path, size: tuple[int, int], keys: Iterable[str], text: str) -> tuple[str, str]:
    """A screen as text, and as a picture."""
    found = []

    async def look(pilot, desk) -> None:
        await pilot.press(*keys)
        if text:
            await pasted(pilot, text)
        await pilot.pause()
        found.append(("\n".join(seen(desk)).rstrip() + "\n", desk.export_screenshot()))

    at_desk(root, "nadia", look, size)
    return found[0]


def main() -> None:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name, what in {**SCREENS, "": OF_README}.items():
        with tempfile.TemporaryDirectory() as folder:
            text, picture = screen(copy_of_the_study(Path(folder)), *what)
        if name:
            (GOLDEN / f"{name}.txt").write_text(text)
        else:
            PICTURE.write_text(FONTS_FROM_ELSEWHERE.sub("", picture))


if __name__ == "__main__":
    main()
