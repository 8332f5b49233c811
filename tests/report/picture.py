"""Make the picture of the README: a page of this repository's study, as a browser shows it.

By hand, when the pages look different:

    python tests/report/picture.py

writes `tests/report/interview.png`.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from browsing import chromium, copied_files, opened, url
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
PICTURE = Path(__file__).with_name("interview.png")
PAGE = "interviews/nadia.html"
SIZE = {"width": 1200, "height": 800}


def main() -> None:
    from gtpipe.cli import main as gtpipe

    with tempfile.TemporaryDirectory() as scratch:
        study = copied_files(ROOT, Path(scratch) / "study")
        os.chdir(study)
        gtpipe(["report"])
        report = study / "data/derived/report"
        light = {"viewport": SIZE, "color_scheme": "light"}
        with chromium() as browser, opened(browser, **light) as (page, _):
            page.goto(url(report, PAGE))
            page.screenshot(path=Path(scratch) / "page.png")
            picture = Image.open(Path(scratch) / "page.png").convert("RGB")
    colours = picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    colours.save(PICTURE, optimize=True)
    print(f"{PICTURE}: {PICTURE.stat().st_size / 1000:.0f} KB")


if __name__ == "__main__":
    main()
