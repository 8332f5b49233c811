"""JSON of gtpipe's own files, read so that nothing in it ends in a traceback."""

from __future__ import annotations

import json


def loads(content: bytes | str) -> object:
    """What the JSON says. Raises ValueError for whatever is no JSON, nested too deeply, or no text
    (half a character).
    """
    try:
        text = content.decode("utf-8") if isinstance(content, bytes) else content
        found = json.loads(text)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return found
