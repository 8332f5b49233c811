"""What an entry of the code book says of a code, as the one text that other programs have for it.

The definition stands first; then what else is said, each in a line of its own: `Include: …`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from gtpipe.model.names import one_line

INCLUDE, EXCLUDE, BECAUSE, PARKED = FIELDS = ("Include", "Exclude", "Because", "Parked")
_FIELD = re.compile(rf"(?:\A|\n)({'|'.join(FIELDS)}): ?")


def together(definition: str, fields: Mapping[str, str]) -> str:
    """The definition, and below it the fields that say something."""
    lines = [f"{name}: {one_line(said)}" for name, said in fields.items() if said]
    return "\n".join([definition.strip(), *lines] if definition.strip() else lines)


def apart(text: str, fields: Iterable[str] = FIELDS) -> tuple[str, dict[str, str]]:
    """`together` backwards: the definition, and what the fields say. Other lines belong to what
    stands before them.
    """
    wanted, parts = {*fields}, _FIELD.split(text)
    definition, found = parts[0], {}
    for name, said in zip(parts[1::2], parts[2::2], strict=True):
        if name in wanted and name not in found:
            found[name] = said.strip()
        else:
            definition += f"\n{name}: {said}"
    return definition.strip(), found
