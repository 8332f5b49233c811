"""A search for six words in a row that is not gtpipe's: for tests of what is to be gone."""

from __future__ import annotations

import re
from pathlib import Path


def words_of(text: str) -> list[str]:
    return [re.sub(r"[^\w]|_", "", word).casefold() for word in re.findall(r"[\w'’]+", text)]


def runs_of(text: str) -> set[tuple[str, ...]]:
    """Every six words in a row."""
    words = words_of(text)
    return {tuple(words[at : at + 6]) for at in range(len(words) - 5)}


def said_by(root: Path, label: str, interview: str) -> set[tuple[str, ...]]:
    text = (root / f"data/transcripts/{interview}.md").read_text()
    turns = re.split(r"(?m)^(?=\[\d+[^\]]*\] )", text.split("---\n", 2)[2])
    return set().union(
        *(
            runs_of(turn.split(": ", 1)[1])
            for turn in turns
            if re.match(rf"\[[^\]]+\] {label}:", turn)
        )
    )


def still_there(root: Path, runs: set[tuple[str, ...]]) -> set[str]:
    """The files of a study, cache and all, in which a run stands; names of folders that git alone
    has are left out.
    """
    files = [path for path in root.rglob("*") if path.is_file()]
    return {
        path.relative_to(root).as_posix()
        for path in files
        if ".git" not in path.relative_to(root).parts
        and runs & runs_of(path.read_bytes().decode("utf-8", "replace"))
    }
