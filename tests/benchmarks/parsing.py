"""What parsing costs beside a bare `nlp.pipe`.

By hand:

    python tests/benchmarks/parsing.py FILE… [--rounds 3]

FILEs are transcripts with `Name: …` paragraphs; every turn is parsed. Both ways run in this process
one after the other, in turn, with the same components over the same turns; ours leaves out
hesitations, writes the cache and reads it back. The first round warms up. Then: reading everything
from the cache, one changed turn, and whether batches, order and a process with another hash seed
change a parse.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from gtpipe.model.records import Interview, Turn
from gtpipe.store.layout import Study
from gtpipe.suggest import models, parsing
from gtpipe.suggest.from_the_turn import suggest


def read(path: Path) -> Interview:
    turns = []
    for number, block in enumerate(
        re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip()), start=1
    ):
        match = re.match(r"(?:\*\*)?([^:*\n]{1,40}):(?:\*\*)? (.*)", block, re.DOTALL)
        turns.append(
            Turn(str(number), "", match[1] if match else "P", match[2] if match else block, number)
        )
    return Interview(
        path.stem,
        str(path),
        "",
        {turn.label: turn.label.casefold() for turn in turns},
        tuple(turns),
    )


def seconds(work) -> float:
    """The processor time that `work` takes, which other programs on the machine do not change as
    they do the clock's.
    """
    start = time.process_time()
    work()
    return time.process_time() - start


def ours(interviews: list[Interview], model: models.Model) -> None:
    with tempfile.TemporaryDirectory() as folder:
        parsing.parse_all(interviews, model, Study(Path(folder)))


def digest(interviews: list[Interview], model: models.Model, *, backwards: bool = False) -> str:
    """The hash of every parse and every suggestion."""
    parses = parsing.parse_all(interviews[::-1] if backwards else interviews, model)
    offered = [suggest(interview, parses) for interview in interviews]
    return hashlib.sha256(json.dumps([sorted(parses.items()), offered]).encode()).hexdigest()[:16]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--digest", action="store_true", help="print only the hash of all parses and suggestions"
    )
    given = parser.parse_args()
    interviews = [read(path) for path in given.files]
    model = models.find("en").model
    if model is None:
        sys.exit(models.find("en").remark)
    if given.digest:
        print(digest(interviews, model))
        return
    texts = list(
        dict.fromkeys(turn.text for interview in interviews for turn in interview.participant_turns)
    )
    words = sum(len(text.split()) for text in texts)
    print(
        f"{len(interviews)} interviews, {len(texts)} turns, {words} words; {model.name} "
        f"{model.version}"
    )
    bare, own = [], []
    for number in range(given.rounds + 1):
        one = seconds(lambda: [None for _ in model.nlp.pipe(texts)])
        other = seconds(lambda: ours(interviews, model))
        if number:
            bare.append(one)
            own.append(other)
    print(
        f"bare nlp.pipe {min(bare):.2f} s ({len(texts) / min(bare):.0f} turns/s), ours "
        f"{min(own):.2f} s ({len(texts) / min(own):.0f} turns/s): "
        f"{min(own) / min(bare):.2f} times; by round "
        f"{', '.join(f'{b / a:.2f}' for a, b in zip(bare, own, strict=True))}"
    )
    same = seconds(lambda: [None for _ in model.nlp.pipe(texts, batch_size=parsing.BATCH)])
    print(
        f"bare nlp.pipe in batches of {parsing.BATCH}: {same:.2f} s; ours {min(own) / same:.2f} "
        "times"
    )
    with tempfile.TemporaryDirectory() as folder:
        study = Study(Path(folder))
        parses = parsing.parse_all(interviews, model, study)
        print(
            "all from the cache: "
            f"{seconds(lambda: parsing.parse_all(interviews, model, study)):.2f} s; "
            f"cache {(study.path('.gtpipe') / 'parsed.sqlite').stat().st_size / words:.0f} bytes a "
            "word"
        )
        changed = interviews[0].turns[0]
        edited = Interview(
            **{
                **{k: getattr(interviews[0], k) for k in ("name", "path", "date", "speakers")},
                "turns": (
                    changed._replace(text=changed.text + " And that was that."),
                    *interviews[0].turns[1:],
                ),
            }
        )
        print(
            "one changed turn: "
            f"{seconds(lambda: parsing.parse_all([edited, *interviews[1:]], model, study)):.2f} s"
        )
        print(
            "suggestions: "
            f"{seconds(lambda: [suggest(interview, parses) for interview in interviews]):.2f} s"
        )
    found = {
        "here": digest(interviews, model),
        "backwards": digest(interviews, model, backwards=True),
    }
    for seed in ("0", "1", "random"):
        ran = subprocess.run(
            [sys.executable, __file__, "--digest", *map(str, given.files)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        found[f"hash seed {seed}"] = ran.stdout.strip()
    print("the same everywhere" if len(set(found.values())) == 1 else f"DIFFERENT: {found}")


if __name__ == "__main__":
    main()
