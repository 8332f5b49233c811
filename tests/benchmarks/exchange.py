"""How long a REFI-QDA project of 300 sources and 12,000 codings takes on its way in and out.

By hand:

    python tests/benchmarks/exchange.py

The project is made up, as NVivo would write it: a byte order mark, CR and LF, places in UTF-16
units. It is to come in within 20 s and 500 MB, and go out within 10 s, of a processor's time.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from uuid import UUID
from xml.sax.saxutils import quoteattr

SOURCES, CODINGS, CODES = 300, 12_000, 400
TURNS = 60
WORDS = (
    "the ward met him and then it was like nobody asked me about money or home so I went there "
    "again on a bus café naïve 😀 with friends"
).split()
GTPIPE = (sys.executable, "-m", "gtpipe")
MEASURE = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{used.ru_utime + used.ru_stime:.1f} s of processor, {used.ru_maxrss / 1024:,.0f} MB")
sys.exit(code)
"""


def talk(chance: random.Random) -> str:
    """An interview in which every second turn is a participant's."""

    def sentence() -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(6, 25))).capitalize() + "."

    turns = (
        f"{'IP'[turn % 2]}: " + " ".join(sentence() for _ in range(1 + 4 * (turn % 2)))
        for turn in range(TURNS)
    )
    return "".join(f"{turn}\r\n" for turn in turns)


def source(number: int, text: str, chance: random.Random) -> str:
    """The XML of a source with its share of the codings."""
    units = [0]
    for char in text:
        units.append(units[-1] + (2 if char > "\uffff" else 1))
    guid = UUID(int=10**6 + number)
    parts = [
        f'<TextSource guid="{guid}" name="Interview {number + 1}" '
        f'plainTextPath="internal://{guid}.txt">'
    ]
    for coding in range(CODINGS // SOURCES):
        start = text.index(" ", chance.randrange(len(text) - 300)) + 1
        end = text.index(" ", start + chance.randint(10, 120))
        id = 10**9 + number * CODINGS + coding
        parts.append(
            f'<PlainTextSelection guid="{UUID(int=id)}" '
            f"name={quoteattr(' '.join(text[start:end].split()))} "
            f'startPosition="{units[start]}" endPosition="{units[end]}">'
            f'<Coding guid="{UUID(int=10 * id)}" creatingUser="{UUID(int=1)}">'
            f'<CodeRef targetGUID="{UUID(int=100 + chance.randrange(CODES))}"/></Coding>'
            "</PlainTextSelection>"
        )
    return "".join([*parts, "</TextSource>"])


def make(path: Path) -> None:
    chance = random.Random(5)
    codes = "".join(
        f'<Code guid="{UUID(int=100 + n)}" name="code {n}" isCodable="true"/>' for n in range(CODES)
    )
    texts = [talk(chance) for _ in range(SOURCES)]
    sources = "".join(source(number, text, chance) for number, text in enumerate(texts))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, text in enumerate(texts):
            archive.writestr(f"Sources/{UUID(int=10**6 + number)}.txt", f"\ufeff{text}")
        archive.writestr(
            "project.qde",
            '<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" '
            f'name="made up" origin="NVivo"><Users><User guid="{UUID(int=1)}" name="Ana Ruiz"/>'
            f"</Users><CodeBook><Codes>{codes}</Codes></CodeBook><Sources>{sources}</Sources>"
            "</Project>",
        )


def measured(study: Path, *command: str) -> str:
    ran = subprocess.run(
        (sys.executable, "-c", MEASURE, *GTPIPE, *command),
        cwd=study,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file, study = Path(folder) / "made-up.qdpx", Path(folder) / "study"
        make(file)
        study.mkdir()
        subprocess.run((*GTPIPE, "init", "--researcher", "AR: Ana Ruiz"), cwd=study, check=True)
        print("in:", measured(study, "import", str(file)))
        print("in again:", measured(study, "import", str(file)))
        print("out:", measured(study, "export", "qdpx", "--output", f"{folder}/out.qdpx"))


if __name__ == "__main__":
    main()
