"""Codes that other programs write as paths, like `Losing control > Hiding`: the tree they make."""

from __future__ import annotations

from collections.abc import Mapping

from gtpipe.exchange.records import Code

Path = tuple[str, ...]


def id_of(path: Path) -> str:
    """
    >>> id_of(("a", "b")), id_of(("a > b",))
    ('a > b', 'a >> b')
    """
    return " > ".join(part.replace(">", ">>") for part in path)


def tree(paths: Mapping[Path, str]) -> tuple[Code, ...]:
    """The codes of these paths, with their definitions, and a group for each part above that is no
    code of its own; parents first, otherwise in the order given.

    >>> for code in tree({("Hiding",): "", ("Losing", "Head"): "in vivo"}):
    ...     print(code.id, code.is_group, repr(code.parent))
    Hiding False ''
    Losing True ''
    Losing > Head False 'Losing'
    """
    codes: dict[Path, Code] = {}
    for path in paths:
        for end in range(1, len(path) + 1):
            part = path[:end]
            codes.setdefault(
                part,
                Code(
                    id_of(part),
                    part[-1],
                    paths.get(part, ""),
                    id_of(part[:-1]),
                    is_group=part not in paths,
                ),
            )
    return tuple(codes.values())
