"""`lines/NAME.md`: a transcript in numbered lines; beside each turn stands how an incident there is
named.
"""

from __future__ import annotations

import re

from gtpipe.analysis.lines import Lines
from gtpipe.model.records import Interview

_TITLE = "# {}, line by line"


def page(interview: Interview, width: int) -> str:
    """The page; its lines stand between fences, so that they are shown as they are."""
    lines = Lines(interview, width).all
    margin = max((len(f"{interview.name} {line.turn}") for line in lines), default=0)
    digits = len(str(len(lines)))
    shown: list[str] = []
    turn = ""
    for line in lines:
        begins = line.turn != turn
        if begins and shown:
            shown.append("")
        named = f"{interview.name} {line.turn}" if begins else ""
        shown.append(f"{named:<{margin}}  {line.number:>{digits}}  {line.text}")
        turn = line.turn
    ticks = max(map(len, re.findall("`+", "".join(shown))), default=0)
    fence = "`" * max(3, ticks + 1)
    told = (
        f"Lines of {width} characters, numbered for citation; what is coded hangs on the turns. "
        "Numbers change where the transcript is corrected."
    )
    return "\n".join(
        [_TITLE.format(interview.name), "", told, "", f"{fence}text", *shown, fence, ""]
    )


def is_page(name: str, beginning: str) -> bool:
    """Whether a file is a page of lines: called after the interview in its first line."""
    return beginning.startswith(f"{_TITLE.format(name.removesuffix('.md'))}\n")
