"""CPU time and peak memory of `gtpipe ingest` on 10 MB of text in 100 files, for each format.

By hand:

    python tests/benchmarks/readers.py

Beside it stands what the format's library, or a bare read where there is none, takes for the same
files in the same run. The files are made in another process, and this one stays small, as
`bench.py` says why.
It needs the libraries of the tests.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import GTPIPE, MEGABYTE, Cost, measure, smallest

FILES, LETTERS = 100, 100_000
SETTINGS = """\
study: Readers
researchers:
  PM: Pat Morgan
speakers:
  interviewer: [I]
  participant: [P]
stages:
  ingest: {}
  initial-code: {sheet-text: true}
"""
MAKE = """
import random, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import test_sources as ways
form, folder, files, letters = sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
own_ways = {"txt": lambda turns: ways.lines(turns).encode(), "docx": ways.word_paragraphs}
write = own_ways.get(form) or ways.WAYS[f"a.{form}"]
words = ("well er so you know the rehearsal was cold and we sang anyway because nobody had told "
         "the tenors about it which I thought was funny (laughs) [pause] and then she rang and "
         "said come along there is a place for you café").split()
for number in range(files):
    draw = random.Random(number)
    turns, left = [], letters
    while left > 0:
        said = " ".join(draw.choices(words, k=draw.randint(3, 40 if len(turns) % 2 else 160))) + "."
        turns.append(("P" if len(turns) % 2 else "I", said))
        left -= len(said) + 4
    (folder / f"interview-{number:03d}.{form}").write_bytes(write(turns))
"""
# What the library, or a bare read, takes for the same files: nothing but getting at the words.
EACH = "import glob\nfor path in sorted(glob.glob('in/*')):\n    "
BARE = {
    "txt": "open(path, encoding='utf-8').read().split()",
    "md": "open(path, encoding='utf-8').read().split()",
    "vtt": "import webvtt; [caption.text for caption in webvtt.read(path)]",
    "srt": "import webvtt; [caption.text for caption in webvtt.from_srt(path)]",
    "csv": "import csv; list(csv.reader(open(path, encoding='utf-8', newline='')))",
    "docx": "import docx; [paragraph.text for paragraph in docx.Document(path).paragraphs]",
    "pdf": "import pypdfium2; "
    "[page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)]",
    "odt": "import odfdo; odfdo.Document(path).body.inner_text",
    "html": "from lxml import html; html.parse(path).getroot().text_content()",
    "rtf": "from striprtf.striprtf import rtf_to_text; "
    "rtf_to_text(open(path, encoding='cp1252').read())",
    "xlsx": "import openpyxl; "
    "list(openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True))",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "formats",
        nargs="*",
        metavar="FORMAT",
        help=f"of {', '.join(BARE)}; all, where none is given",
    )
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--letters", type=int, default=LETTERS, help="in each file")
    parser.add_argument("--repeat", type=int, default=1, help="take the smallest of so many runs")
    given = parser.parse_args()
    print(
        f"{'format':8}{'MB of files':>13}{'MB of text':>12}{'CPU s':>8}{'MB of text/s':>14}"
        f"{'peak MB':>9}{'bare CPU s':>12}{'ratio':>7}"
    )
    for form in given.formats or BARE:
        with tempfile.TemporaryDirectory() as folder:
            print(row(form, Path(folder), given.files, given.letters, given.repeat), flush=True)


def row(form: str, folder: Path, files: int, letters: int, repeat: int) -> str:
    (folder / "in").mkdir()
    subprocess.run(
        [
            sys.executable,
            "-c",
            MAKE,
            str(Path(__file__).resolve().parents[1] / "readers"),
            form,
            str(folder / "in"),
            str(files),
            str(letters),
        ],
        check=True,
    )
    sources = sorted(f"../in/{path.name}" for path in (folder / "in").iterdir())

    def once(number: int) -> Cost:
        study = folder / f"study-{number}"
        study.mkdir()
        (study / "pipeline.yaml").write_text(SETTINGS)
        return measure((*GTPIPE, "ingest", *sources), study)

    cost = smallest(repeat, once)
    bare = smallest(
        repeat, lambda number: measure((sys.executable, "-c", EACH + BARE[form]), folder)
    )
    text = (
        sum(path.stat().st_size for path in (folder / "study-0/data/transcripts").iterdir())
        / MEGABYTE
    )
    size = sum(path.stat().st_size for path in (folder / "in").iterdir()) / MEGABYTE
    return (
        f"{form:8}{size:13.1f}{text:12.1f}{cost.cpu:8.2f}{text / cost.cpu:14.2f}"
        f"{cost.memory / MEGABYTE:9.0f}"
        f"{bare.cpu:12.2f}{cost.cpu / bare.cpu:7.1f}"
    )


if __name__ == "__main__":
    main()
