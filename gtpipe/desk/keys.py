"""The one table of keys. The key line, the page behind `?` and the palette are made from it.

Keys of the words hold while the words have the focus; a pane may give a key a meaning of its own.
Where the line-by-line form has the same act, it has the same key.
"""

from __future__ import annotations

import textwrap
from itertools import zip_longest
from typing import NamedTuple

WORDS, DESK = "In the words", "Anywhere but in the line at the bottom"
LIST = "In the panes"
BOOK, COMPARE, OFFERED = "In the code book", "In the comparison", "In the suggestions"
LINE = "In the line at the bottom"


_KEYS, _COLUMN = 20, 54  # columns of the keys themselves, and of keys with what they do


class Key(NamedTuple):
    """`keys` as Textual names them, with commas between; `act` is `action_…` of the desk or the
    words. `short` stands in the key line.
    """

    keys: str
    act: str
    says: str
    where: str = DESK
    short: str = ""


KEYS = (
    Key("j", "turn(1)", "Next turn", WORDS, "turn"),
    Key("k", "turn(-1)", "Turn before", WORDS),
    Key("down", "line(1)", "Next line", WORDS),
    Key("up", "line(-1)", "Line before", WORDS),
    Key("w,right", "word(1)", "Next word", WORDS, "word"),
    Key("b,left", "word(-1)", "Word before", WORDS),
    Key("right_parenthesis", "sentence(1)", "Next sentence", WORDS),
    Key("left_parenthesis", "sentence(-1)", "Sentence before", WORDS),
    Key("v", "select", "Select words, from here to where you go", WORDS, "select"),
    Key("V", "select_sentence", "Select this sentence; again: the next one too", WORDS),
    Key("shift+right", "word(1, True)", "Select a word more", WORDS),
    Key("shift+left", "word(-1, True)", "Select a word less", WORDS),
    Key("shift+down", "line(1, True)", "Select a line more", WORDS),
    Key("shift+up", "line(-1, True)", "Select a line less", WORDS),
    Key("home", "end_of_turn(-1)", "Beginning of the turn", WORDS),
    Key("end", "end_of_turn(1)", "End of the turn", WORDS),
    Key("pagedown", "page(1)", "Next page", WORDS),
    Key("pageup", "page(-1)", "Page before", WORDS),
    Key("g,ctrl+home", "end_of_interview(-1)", "First turn", WORDS),
    Key("G,ctrl+end", "end_of_interview(1)", "Last turn", WORDS),
    Key("full_stop", "code_here(1)", "Next code of this turn"),
    Key("comma", "code_here(-1)", "Code before, of this turn"),
    Key("enter", "code", "Give a code: to the selected words, or the turn", DESK, "code"),
    Key("n,ctrl+t", "note", "A note on the code under the cursor", DESK, "note"),
    Key("r", "recode", "Another code in place of this one"),
    Key("d", "drop", "Take this code out"),
    Key("t", "tie", "Tie this code to the selected words"),
    Key("l", "loosen", "Let this code mean the whole turn"),
    Key("D", "define", "Define this code"),
    Key("u,ctrl+z", "undo", "Take the last act back", DESK, "undo"),
    Key("U,ctrl+y", "redo", "Bring it back"),
    Key(
        "c",
        "compare",
        "Hold this code's incidents beside; again: follow the cursor",
        DESK,
        "compare",
    ),
    Key("x", "mark", "Mark this code; two marked ones stand side by side"),
    Key("o", "code_book", "The code book", DESK, "code book"),
    Key("s", "suggest", "Suggestions for this turn", DESK, "suggest"),
    Key("y", "others", "Show or hide the second coder's codes"),
    Key("slash", "find", "Find in words and codes", DESK, "find"),
    Key("space", "next_uncoded", "Next turn without a code of yours"),
    Key("greater_than_sign", "next_of_other", "Next turn of another participant with this code"),
    Key("ctrl+g", "go_to", "Go to a turn or an incident"),
    Key("backspace,ctrl+b", "place_back", "Back to where you jumped from"),
    Key("ctrl+f", "place_forward", "Forward again"),
    Key("m", "memo", "A memo on what is under the cursor", DESK, "memo"),
    Key("f", "take_up", "Take this code up under a focused code"),
    Key("N", "negative", "Write down that this does not fit"),
    Key("a", "comment", "A comment for another reader"),
    Key("B", "bookmark", "Bookmark this place with a question"),
    Key("apostrophe", "next_question", "Next place with an open question or comment"),
    Key("tab", "next_pane(1)", "Next pane"),
    Key("shift+tab", "next_pane(-1)", "Pane before"),
    Key("escape", "words", "Back to the words; drop the selection"),
    Key("ctrl+p", "command_palette", "Any of these by name"),
    Key("question_mark,f1", "keys", "All keys", DESK, "keys"),
    Key("down,j", "row(1)", "Next", LIST),
    Key("up,k", "row(-1)", "Before", LIST),
    Key("pagedown", "page(1)", "Next page", LIST),
    Key("pageup", "page(-1)", "Page before", LIST),
    Key("home,g", "end(0)", "First", LIST),
    Key("end,G", "end(-1)", "Last", LIST),
    Key(
        "enter",
        "choose",
        "Give the code; jump to the incident; take the suggestion",
        LIST,
        "choose",
    ),
    Key("escape", "app.words", "Back to the words", LIST, "words"),
    Key("slash", "filter", "Look for a code by any word", BOOK, "look for"),
    Key("O", "order", "Sort by recent, by fit to this turn, by name", BOOK, "sort"),
    Key("b", "by", "By which attribute participants are unlike", COMPARE),
    Key("e", "edit", "Edit it, then take it", OFFERED, "edit"),
    Key("r", "reject", "Reject it: it is not offered here again", OFFERED, "reject"),
    Key("down,ctrl+n", "offer(1)", "Choose what is offered", LINE),
    Key("up,ctrl+p", "offer(-1)", "Choose the one before", LINE),
    Key("right", "right", "At the end: take what is offered into the line", LINE),
    Key("tab", "note", "From the code on to its note", LINE),
    Key("shift+tab", "label", "From the note back to the code", LINE),
    Key("escape", "leave_line", "Leave the line", LINE),
    Key("ctrl+q,ctrl+d", "leave", "Leave; it goes on here the next time", DESK, "leave"),
)

# Textual's screen would take these, and go to what is seen alone.
BETWEEN_PANES = (("tab", "app.next_pane(1)", ""), ("shift+tab", "app.next_pane(-1)", ""))
_NAMES = {
    "right_parenthesis": ")",
    "left_parenthesis": "(",
    "full_stop": ".",
    "comma": ",",
    "greater_than_sign": ">",
    "question_mark": "?",
    "slash": "/",
    "apostrophe": "'",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "f1": "F1",
    "escape": "Esc",
}


def bindings(where: str) -> list[tuple[str, str, str]]:
    """Keys of one place, as Textual binds them."""
    return [(key.keys, key.act, key.says) for key in KEYS if key.where == where]


def shown(keys: str) -> str:
    """Keys as a person reads them: `Ctrl-Q, Ctrl-D`.

    >>> shown("question_mark,f1")
    '?, F1'
    >>> shown("ctrl+home")
    'Ctrl-Home'
    """
    return ", ".join(_shown(key) for key in keys.split(","))


def _shown(key: str) -> str:
    *held, last = key.split("+")
    last = _NAMES.get(last) or (last if len(last) == 1 and not held else last.capitalize())
    return "-".join([*map(str.capitalize, held), last])


def key_line(width: int, where: str = WORDS) -> str:
    """The most needed keys of a place, as many as there is room for; `?` and Ctrl-Q always."""
    short: dict[str, str] = {}
    for place in (WORDS, DESK) if where == WORDS else (where, LIST, DESK):
        for key in KEYS:
            if key.where == place and key.short:
                short.setdefault(shown(key.keys).partition(",")[0], key.short)
    *first, help, leave = (f"{key} {says}" for key, says in short.items())
    while first and len(" · ".join((*first, help, leave))) > width:
        first.pop()
    return " · ".join((*first, help, leave))


def page(width: int) -> str:
    """All keys by place, in as many columns as there is room for."""
    columns = max(width // _COLUMN, 1)
    room = width // columns - 2
    lines: list[str] = []
    for where in dict.fromkeys(key.where for key in KEYS):
        lines += ["", where] if lines else [where]
        for key in KEYS:
            if key.where == where:
                says = textwrap.wrap(key.says, max(room - _KEYS, 10))
                for number, part in enumerate(says):
                    lines.append(f"  {'' if number else shown(key.keys):<{_KEYS - 2}}{part}")
    height = -(-len(lines) // columns)
    parts = [lines[start : start + height] for start in range(0, len(lines), height)]
    rows = zip_longest(*parts, fillvalue="")
    return "\n".join("".join(f"{line:<{room + 2}}" for line in row).rstrip() for row in rows)
