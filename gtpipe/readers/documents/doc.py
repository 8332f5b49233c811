"""Old Word documents (.doc), through a program that is installed: antiword, catdoc, LibreOffice.

The first one found reads. What a second one makes of the same file must have the same words. The
program sees a copy under a plain name in a folder of its own, in the study, and writes nowhere
else.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import lru_cache

from gtpipe.model import limits
from gtpipe.readers import archive, workplace
from gtpipe.readers.lines import speaker_turns
from gtpipe.readers.reading import Doubt, Hints, Line, Reader, Reading

_SECONDS = 120
_PROGRAMS = {  # what is called, and with what before the file's name; what it prints is the text
    "antiword": ("-m", "UTF-8.txt", "-w", "0"),
    "catdoc": ("-w", "-d", "utf-8"),
    "soffice": (),
}
_TO_TEXT = ("--headless", "--norestore", "--convert-to", "txt:Text (encoded):UTF8")


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError where no program is installed that reads it, or nobody speaks in it."""
    texts = _texts(content)
    if not texts:
        raise archive.describe_ole(content, path)
    name, text = texts[0]
    limits.refuse_many(text.count("\n"), limits.LINES, "lines", path)
    lines = [Line(line, number) for number, line in enumerate(text.split("\n"), 1)]
    found = speaker_turns.turns_in(lines, path, hints)
    doubts = found.doubts
    for other, second in texts[1:]:
        doubts += _differing(name, text, other, second)
    return Reading(
        "doc",
        found.turns,
        found.left_out,
        (
            f"an old Word document (.doc), read by {' and '.join(each for each, _ in texts)}",
            *found.remarks,
        ),
        doubts,
        found.asides,
        shape=found.shape,
    )


def _differing(name: str, text: str, other: str, second: str) -> tuple[Doubt, ...]:
    """The first word in which two programs differ, if any."""
    ours, theirs = (re.findall(r"\w+", each) for each in (text, second))
    if ours == theirs:
        return ()
    at = next(
        (n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b),
        min(len(ours), len(theirs)),
    )
    seen = [" ".join(words[max(0, at - 3) : at + 3]) for words in (ours, theirs)]
    what = f'{name} and {other} read this document differently: "{seen[0]}", "{seen[1]}"'
    return (Doubt(1, what, "Open it in Word or LibreOffice, save it as .docx, and ingest that"),)


@lru_cache(maxsize=2)
def _texts(content: bytes) -> tuple[tuple[str, str], ...]:
    """The names of up to two programs that read the document, and its text by each."""
    found: list[tuple[str, str]] = []
    for name, options in _PROGRAMS.items():
        program = shutil.which(name)
        text = _text_by(program, options, content) if program and len(found) < 2 else ""
        if text.strip():
            found.append((name, re.sub("[\f\v\x85\u2028\u2029]|\r\n?", "\n", text)))
    return tuple(found)


def _text_by(program: str, options: tuple[str, ...], content: bytes) -> str:
    """What a program makes of the document, '' where it fails."""
    with workplace.folder() as folder:
        file = folder / "source.doc"
        file.write_bytes(content)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = (
            [program, *options, str(file)]
            if options
            else [program, profile, *_TO_TEXT, "--outdir", str(folder), str(file)]
        )
        try:
            ran = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                cwd=folder,
                check=True,
            )
            made = folder / "source.txt"
            written = ran.stdout if options else made.read_bytes()
            return written.decode("utf-8-sig")
        except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
            return ""


def control_text(content: bytes) -> str | None:
    texts = _texts(content)
    return texts[0][1] if texts else None


def _shows(content: bytes) -> bool:
    return (
        content.startswith(archive.OLE)
        and "WordDocument".encode("utf-16-le") in content
        and "EncryptedPackage".encode("utf-16-le") not in content
    )


READER = Reader("doc", (".doc",), _shows, _shows, read, control_text)
