"""What is pasted stays one paste, whatever stands in it.

Textual takes an escape character in a paste for the beginning of a key, and what follows for keys:
a pasted text could drop codes. So such characters are taken out before it looks.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from textual.message import Message

_BEGIN, _END, _ESCAPE = "\x1b[200~", "\x1b[201~", "\x1b"


class Pastes:
    r"""Goes through what a terminal sends, part by part.

    >>> Pastes().without_escapes("a\x1b[200~b\x1b[31mc\x1b[201~")
    'a\x1b[200~b[31mc\x1b[201~'
    """

    def __init__(self) -> None:
        self._is_inside = False
        self._last = ""  # what a mark may begin with that goes on in the next part

    def without_escapes(self, sent: str) -> str:
        """The same without escape characters in pastes; what may be half the end of a paste comes
        with the next part.
        """
        done: list[str] = []
        while sent:
            if not self._is_inside:
                before, self._last = self._last, ""
                at = (before + sent).find(_BEGIN)
                if at < 0:
                    self._last = (before + sent)[-len(_BEGIN) + 1 :]
                    return "".join((*done, sent))
                end = at + len(_BEGIN) - len(before)
                done.append(sent[:end])
                sent, self._is_inside = sent[end:], True
            else:
                words, end_mark, rest = (self._last + sent).partition(_END)
                half = 0 if end_mark else _half(words)
                self._last = words[len(words) - half :]
                done += [words[: len(words) - half].replace(_ESCAPE, ""), end_mark]
                sent, self._is_inside = rest, not end_mark
        return "".join(done)


def _half(words: str) -> int:
    """How many characters at the end may begin the mark of the end."""
    return next((n for n in range(len(_END) - 1, 0, -1) if words.endswith(_END[:n])), 0)


def keep_whole() -> None:
    """Have Textual look at no escape character in a paste."""
    if sys.platform == "win32":
        return
    from textual._xterm_parser import XTermParser
    from textual.drivers import linux_driver

    class Parser(XTermParser):
        def __init__(self, debug: bool = False) -> None:
            self._pastes = Pastes()
            super().__init__(debug)

        def feed(self, data: str) -> Iterable[Message]:
            sent = self._pastes.without_escapes(data)
            return super().feed(sent) if sent or not data else ()

    vars(linux_driver)["XTermParser"] = Parser
