"""`data/log.jsonl`: the audit trail. One line a change of a person's file: when, command, by, why, hashes; append-only.

Nothing is computed from it. Codes stand in it, so words that a person made a code of do; stretches and notes do not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timezone


def line(command: str, by: str, why: str, files: Iterable[tuple[str, str | None, str | None]]) -> str:
    """One line of the log. `files` holds path, and 12 hex digits of the content before and after (None: no such file)."""
    record = {
        "when": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "command": command,
        "by": by,
        "why": why,
        "files": {path: [before, after] for path, before, after in files},
    }
    return json.dumps(record, ensure_ascii=False) + "\n"
