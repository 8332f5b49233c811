"""How long a study's coded interviews take to go out as a Word document, and a reader's comments to
be found in it: CPU seconds and the most memory, each in a process of its own.

`python tests/benchmarks/word.py --interviews 100 --codings 12000`
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generate import generate

from gtpipe.analysis import reviewed
from gtpipe.readers.documents import reviewed as reader
from gtpipe.render.word import interviews
from gtpipe.store.layout import Study
from gtpipe.study import Corpus, load


def write(corpus: Corpus, document: Path) -> None:
    document.write_bytes(interviews.content(corpus))


def read(corpus: Corpus, document: Path) -> None:
    """With one comment in a hundred as if a reader had written it."""
    found = reader.read(document.read_bytes(), document.name)
    found.comments[::100] = [one._replace(text=f"{one.text}?") for one in found.comments[::100]]
    reviewed.find(found, corpus.material, corpus.names)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interviews", type=int, default=100)
    parser.add_argument("--turns", type=int, default=100, help="of an interview")
    parser.add_argument("--codings", type=int, default=12_000)
    parser.add_argument("--codes", type=int, default=1_500)
    parser.add_argument("--only", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.only:
        what, folder, document = asked.only
        corpus = load(Study(Path(folder)))
        begun = time.process_time()
        {"write": write, "read": read}[what](corpus, Path(document))
        took = time.process_time() - begun
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{what:6}{took:6.2f} s of CPU {most:6.0f} MB", flush=True)
        return
    with tempfile.TemporaryDirectory() as folder:
        size = {name: getattr(asked, name) for name in ("interviews", "turns", "codings", "codes")}
        generate(Path(folder), **size)
        load(Study(Path(folder)))
        for what in ("write", "read"):
            one = [sys.executable, __file__, "--only", what, folder, f"{folder}/coded.docx"]
            subprocess.run(one, check=True)


if __name__ == "__main__":
    main()
