"""Three versions of `pipeline.yaml` become one, line by line, where its settings then say what both
sides meant.

Pure: text in, text out. Used by `merge` for a file that is laid out in no entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from gtpipe.gitdriver.threeway import chosen, merged_lines
from gtpipe.model.problems import UserError
from gtpipe.store import settings


def merge(base: str, ours: str, theirs: str) -> str | None:
    """The three versions as one; None where both set the same thing differently, or one is no
    settings.
    """
    try:
        wanted = _intended(*(asdict(settings.loads(text)) for text in (base, ours, theirs)))
        lines = merged_lines(*(text.splitlines(keepends=True) for text in (base, ours, theirs)))
        if wanted is None or lines is None:
            return None
        text = "".join(lines)
        return text if _said(asdict(settings.loads(text))) == wanted else None
    except UserError:
        return None


def _intended(
    base: dict[str, object], ours: dict[str, object], theirs: dict[str, object]
) -> dict[str, object] | None:
    """Each setting as the side has it that changed it; of lists, what both added less what one took
    out.
    """
    b, o, t = map(_said, (base, ours, theirs))
    found: dict[str, object] = {}
    for name in {**b, **o, **t}:
        old, mine, other = b.get(name), o.get(name), t.get(name)
        if isinstance(old, frozenset) and isinstance(mine, frozenset):
            assert isinstance(other, frozenset)  # a list of labels is one in every version
            found[name] = (mine & other) | (mine - old) | (other - old)
        elif (one := chosen(old, mine, other)) is not None:
            found[name] = one
        elif mine != other:
            return None
    return found


def _said(read: dict[str, object]) -> dict[str, object]:
    """Settings by name, whatever their order.

    Each researcher stands by the initials, each procedure by its name, labels as sets, and who is
    first.
    """
    people, procedures = read.pop("researchers"), read.pop("procedures")
    assert isinstance(people, Mapping) and isinstance(procedures, Mapping)
    named = {f"researchers {initials}": name for initials, name in people.items()}
    named |= {f"procedures {name}": because for name, because in procedures.items()}
    labels = {
        name: frozenset(value) if isinstance(value, (tuple, list)) else value
        for name, value in read.items()
    }
    return {**labels, **named, "first": next(iter(people), "")}
