"""`.gtpipe/`: what need not be worked out twice. Git-ignored, safe to delete, data only (never executed).

Parsed files are kept by the hash of their content in a small SQLite file; the freshness of stages in a JSON file.
Whatever is wrong with either is treated as an empty cache.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import suppress

from gtpipe.study import CACHE, Study

STATE = f"{CACHE}/state.json"
FORMAT = 1


class ParsedFiles:
    """Parsed content by kind and hash of the file. Reads what is asked for at once; writes at the end, if it can."""

    def __init__(self, study: Study, kind: str, version: int) -> None:
        self.path = study.path(CACHE) / "parsed.sqlite"
        self.kind = f"{kind}-{FORMAT}.{version}"
        self.new: dict[str, object] = {}
        self._connection: sqlite3.Connection | None = None

    def get(self, fingerprints: list[str]) -> dict[str, object]:
        """What is kept for each of `fingerprints`; those not kept are missing."""
        if not self.path.exists():
            return {}
        found: dict[str, object] = {}
        with suppress(sqlite3.Error, ValueError):
            if self._connection is None:
                self._connection = sqlite3.connect(f"file:{_quote(self.path)}?mode=ro", uri=True, timeout=1)
            for start in range(0, len(fingerprints), 500):
                some = fingerprints[start : start + 500]
                rows = self._connection.execute(
                    f"select hash, content from parsed where kind = ? and hash in ({','.join('?' * len(some))})",
                    [self.kind, *some],
                )
                found.update((hash, json.loads(content)) for hash, content in rows)
        return found

    def put(self, fingerprint: str, content: object) -> None:
        self.new[fingerprint] = content

    def save(self) -> None:
        """Write what is new. A cache that cannot be written is no error; one that is damaged is begun anew."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if not self.new:
            return
        with suppress(OSError):
            self.path.parent.mkdir(exist_ok=True)
            try:
                self._write()
            except sqlite3.DatabaseError as exc:
                if not isinstance(exc, sqlite3.OperationalError):
                    self.path.unlink(missing_ok=True)
                    with suppress(sqlite3.Error):
                        self._write()

    def _write(self) -> None:
        connection = sqlite3.connect(self.path, timeout=1)
        try:
            with connection:
                connection.execute("create table if not exists parsed"
                                   " (kind text, hash text, content text, primary key (kind, hash)) without rowid")
                connection.executemany(
                    "insert or replace into parsed values (?, ?, ?)",
                    [(self.kind, hash, json.dumps(content, ensure_ascii=False, separators=(",", ":")))
                     for hash, content in self.new.items()],
                )
        finally:
            connection.close()


def _quote(path) -> str:
    from urllib.parse import quote

    return quote(str(path))


def load_state(study: Study) -> dict:
    """The freshness records: stage → {version, inputs, outputs}, each path → 12 hex digits. Empty where unknown."""
    try:
        state = json.loads(study.path(STATE).read_bytes())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) and all(isinstance(v, dict) for v in state.values()) else {}


def save_state(study: Study, state: dict) -> None:
    """Keep the freshness records. A record that cannot be written only means that a stage runs once more."""
    target = study.path(STATE)
    beside = target.with_name(f".{target.name}.gtpipe-tmp")
    try:
        target.parent.mkdir(exist_ok=True)
        beside.write_text(json.dumps(state, sort_keys=True, ensure_ascii=False), encoding="utf-8")
        os.replace(beside, target)
    except OSError:
        with suppress(OSError):
            beside.unlink()
