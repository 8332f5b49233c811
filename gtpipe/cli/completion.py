"""What a shell offers when Tab is pressed: commands, options, and interviews, codes, memos, people.

Typer's `--install-completion` writes the shell's part, which calls gtpipe with `_GTPIPE_COMPLETE`
set; this is the answer. Typer's own would import pydantic, does not quote for bash, and has zsh
evaluate what it is told. What can stand in a place is known by what the command's help calls it
(INTERVIEW, CODE, X …). The study is only looked at, never believed: no shell runs a word of its
labels. Whatever goes wrong, nothing is offered and nothing said.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import redirect_stderr
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import typer
    from typer._click import Command, Parameter

    from gtpipe.cli.offered import Holdings

VARIABLE = "_GTPIPE_COMPLETE"
SECONDS = 1.0


class Offer(NamedTuple):
    """A word to complete to, and what it is."""

    word: str
    told: str = ""


class _TooLongError(Exception):
    """Nobody waits for an offer."""


class Asked(NamedTuple):
    """The words typed, unquoted, and the one under the cursor as far as it goes.

    `quote` is the quotation mark left open in that one, or '', and `quoted_from` where it opened.
    """

    words: Sequence[str]
    begun: str
    quote: str = ""
    quoted_from: int = 0


def answers(environment: Mapping[str, str]) -> bool:
    """Whether a shell asks, one of those that are answered here."""
    return environment.get(VARIABLE, "") in _SHELLS


def answer(app: typer.Typer) -> int:
    """Print what is offered, as the shell that asks reads it; never raises or takes long."""
    with open(os.devnull, "w") as nowhere, redirect_stderr(nowhere):
        try:
            _stop_after(SECONDS)
            read, written = _SHELLS[os.environ[VARIABLE]]
            asked = read()
            offers = offered(app, asked.words, asked.begun)
            sys.stdout.write(written(offers, asked))
            if os.environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
                return 0 if offers else 1
        except Exception:
            pass
        finally:
            _stop_after(0)
    return 0


def _stop_after(seconds: float) -> None:
    import signal

    def stop(*_: object) -> None:
        raise _TooLongError

    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, seconds)


# --- what is offered ------------------------------------------------------------------------------


class _Typed:
    """What the words typed so far are: the command, what is
    placed behind it, and the option that still wants its value.
    """

    def __init__(self, command: Command, words: Sequence[str]) -> None:
        self.command, self.path = command, list[str]()
        self.placed: list[str] = []
        self.wants: Parameter | None = None
        self.options: dict[str, Parameter] = {}
        self.only_words = False
        for word in words:
            self._take(word)

    def _take(self, word: str) -> None:
        commands = commands_of(self.command)
        if self.wants is not None:
            self.wants = None
        elif self.only_words:
            self.placed.append(word)
        elif word == "--":
            self.only_words = True
        elif word.startswith("--"):
            option = self.options.get(word)  # one with `=` has its value
            self.wants = None if getattr(option, "is_flag", False) else option
        elif word in commands and not self.placed:
            self.command = _made(self.command, word)
            self.path.append(word)
            self.options = {
                name: parameter
                for parameter in self.command.params
                for name in parameter.opts
                if name.startswith("--")
            }
        else:
            self.placed.append(word)

    def values(self, parameter: Parameter, begun: str) -> list[Offer]:
        return _values(parameter, self.command, self.path, self.placed, begun)

    def options_and_help(self) -> list[Offer]:
        offers = [
            Offer(name, getattr(parameter, "help", "") or "")
            for parameter in self.command.params
            if not getattr(parameter, "hidden", False)
            for name in parameter.opts
            if name.startswith("--")
        ]
        return [*offers, Offer("--help", "Show this message and exit.")]

    def commands(self) -> list[Offer]:
        return [
            Offer(name, command.get_short_help_str())
            for name, command in commands_of(self.command).items()
            if not command.hidden and not self.placed
        ]

    def arguments(self, begun: str) -> list[Offer]:
        arguments = [each for each in self.command.params if each.param_type_name == "argument"]
        if not arguments or (len(self.placed) >= len(arguments) and arguments[-1].nargs != -1):
            return []
        return self.values(arguments[min(len(self.placed), len(arguments) - 1)], begun)


def _made(group: Command, name: str) -> Command:
    """A command of a group, imported where it was not yet."""
    from gtpipe.cli.help_page import Commands, made

    return made(name) if isinstance(group, Commands) else commands_of(group)[name]


def commands_of(command: Command) -> dict[str, Command]:
    """The commands of a group; of a command none."""
    return getattr(command, "commands", {})


def offered(app: typer.Typer, words: Sequence[str], begun: str) -> list[Offer]:
    """What can stand behind `words`, beginning as `begun` does; capitals apart."""
    from typer.main import get_command

    typed = _Typed(get_command(app), words)
    name, equals, value = begun.partition("=")
    if typed.wants is not None:
        return _beginning(typed.values(typed.wants, begun), begun)
    if equals and name in typed.options:
        offers = _beginning(typed.values(typed.options[name], value), value)
        return [Offer(f"{name}={each.word}", each.told) for each in offers]
    offers = []
    if begun.startswith("-") and not typed.only_words:
        offers += typed.options_and_help()
    if commands_of(typed.command):
        offers += typed.commands()
    elif not begun.startswith("--") or typed.only_words:
        offers += typed.arguments(begun)
    return _beginning(offers, begun)


def _beginning(offers: Iterable[Offer], begun: str) -> list[Offer]:
    folded = begun.casefold()
    return [
        one
        for one in dict.fromkeys(offers)
        if one.word.isprintable() and one.word.casefold().startswith(folded)
    ]


def _values(
    parameter: Parameter, command: Command, path: Sequence[str], placed: Sequence[str], begun: str
) -> list[Offer]:
    """What an argument or option can be."""
    kind = re.sub(r"[\[\]….]", "", parameter.metavar or "")
    names = " ".join(path).removeprefix("codes ")  # `focused add` has both names
    find = _KINDS.get((names, parameter.name or "")) or _KINDS.get(("", kind))
    if find is None:
        from typer import Context

        choices = parameter.shell_complete(Context(command), begun)
        return [Offer(choice.value) for choice in choices if choice.type == "plain"]
    from gtpipe.cli.offered import Holdings

    holdings = Holdings.here()
    return [] if holdings is None else [Offer(word) for word in find(holdings, placed, begun)]


def _turns(study: Holdings, placed: Sequence[str], begun: str) -> list[str]:
    return study.turns(placed[0]) if placed else []


def _incident(study: Holdings, placed: Sequence[str], begun: str) -> list[str]:
    return study.turns(placed[0]) if placed else study.interviews()


def _things(study: Holdings, placed: Sequence[str], begun: str) -> list[str]:
    return [*study.codes(), *study.focused(), *study.categories()]


def _things_and_memos(study: Holdings, placed: Sequence[str], begun: str) -> list[str]:
    return [*_things(study, placed, begun), *study.memos()]


def _subjects(study: Holdings, placed: Sequence[str], begun: str) -> list[str]:
    return [*_things(study, placed, begun), *study.subjects()]


def _named(study: Holdings, placed: Sequence[str], begun: str) -> list[str]:
    """`LABEL=NAME`, once the label is typed."""
    label, equals, _ = begun.rpartition("=")
    return [f"{label}={name}" for name in study.participants()] if equals else []


_Find = Callable[["Holdings", Sequence[str], str], list[str]]
# By command and parameter, or, with '', by what the help calls it.
_KINDS: dict[tuple[str, str], _Find] = {
    ("", "INTERVIEW"): lambda study, placed, begun: study.interviews(),
    ("", "TURN"): _turns,
    ("", "INCIDENT"): _incident,
    ("", "CODE"): lambda study, placed, begun: [*study.codes(), *study.focused()],
    ("", "CODES"): _things,
    ("", "OLD"): lambda study, placed, begun: [*study.codes(), *study.focused()],
    ("", "NEW"): lambda study, placed, begun: [*study.codes(), *study.focused()],
    ("", "FOCUSED"): lambda study, placed, begun: study.focused(),
    ("", "X"): _things,
    ("compare", "codes"): _things,
    ("cooccur", "codes"): _things,
    ("", "MEMO"): lambda study, placed, begun: study.memos(),
    ("", "INITIALS"): lambda study, placed, begun: study.researchers(),
    ("", "ATTRIBUTE"): lambda study, placed, begun: [*study.attributes(), *study.fields()],
    ("who", "by"): lambda study, placed, begun: study.attributes(),
    ("sampling", "by"): lambda study, placed, begun: study.attributes(),
    ("", "PARTICIPANT"): lambda study, placed, begun: study.participants(),
    ("", "KIND"): lambda study, placed, begun: study.kinds(),
    ("", "LABEL=NAME"): _named,
    ("code", "label"): lambda study, placed, begun: study.codes(),
    ("focused add", "takes_up"): lambda study, placed, begun: study.codes(),
    ("focused take-up", "codes"): lambda study, placed, begun: study.codes(),
    ("memo new", "about"): _subjects,
    ("memo list", "about"): _subjects,
    ("memo show", "about"): _subjects,
    ("comment", "about"): _things_and_memos,
    ("comments add", "about"): _things_and_memos,
    ("comments list", "about"): _things_and_memos,
    ("procedures add", "name"): lambda study, placed, begun: study.procedures(),
    ("procedures show", "name"): lambda study, placed, begun: study.procedures(),
    ("negative", "led_to"): lambda study, placed, begun: ["qualified", "revised", "left"],
    ("ingest", "monologue"): lambda study, placed, begun: study.participants(),
    ("schedule", "old"): lambda study, placed, begun: study.versions(),
    ("schedule", "new"): lambda study, placed, begun: study.versions(),
}


# --- what shells ask, and how they are answered ---------------------------------------------------


def _asked(line: str) -> Asked:
    """The words of a command line up to the cursor, the command's own name left out."""
    words, quote, quoted_from = _split(line)
    return Asked(words[1:-1], words[-1] if len(words) > 1 else "", quote, quoted_from)


def _split(line: str) -> tuple[list[str], str, int]:
    """Words without their quotation marks and backslashes; the last is '' behind a space.

    And the mark left open in the last, or '', and where it was opened.
    """
    words: list[str] = []
    word: str | None = None
    quote, quoted_from, at = "", 0, 0
    while at < len(line):
        char = line[at]
        if char == "\\" and quote != "'" and at + 1 < len(line):
            at += 1
            kept = "\\" if quote and line[at] not in '"\\$`' else ""
            word = (word or "") + kept + line[at]
        elif quote:
            quote, word = ("", word) if char == quote else (quote, (word or "") + char)
        elif char in "\"'":
            quote, word = char, word or ""
            quoted_from = len(word)
        elif char.isspace():
            words += [word] if word is not None else []
            word = None
        else:
            word = (word or "") + char
        at += 1
    return [*words, word or ""], quote, quoted_from


def _bash_asks() -> Asked:
    """Bash gives its own words, of which `--by=KR` makes three."""
    cut = os.environ["COMP_WORDS"].split("\n")[: int(os.environ["COMP_CWORD"]) + 1]
    joined: list[str] = []
    for raw in cut[1:]:
        if joined and (raw == "=" or (joined[-1].endswith("=") and not joined[-1].endswith("\\="))):
            joined[-1] += raw
        else:
            joined.append(raw)
    if len(cut) <= int(os.environ["COMP_CWORD"]):
        joined.append("")
    read = [_split(raw) for raw in joined]
    return Asked(["".join(words) for words, *_ in read[:-1]], "".join(read[-1][0]), *read[-1][1:])


def _line_asks() -> Asked:
    return _asked(os.environ["_TYPER_COMPLETE_ARGS"])


def _for_bash(offers: list[Offer], asked: Asked) -> str:
    """One word a line, quoted as it is to stand there: bash takes it as it comes."""
    kept = asked.quoted_from if asked.quote else asked.begun.rfind("=") + 1
    return "".join(_in_bash(one.word[kept:], asked.quote) + "\n" for one in offers)


_SPECIAL = re.compile(r"([^\w@%+,./-])")


def _in_bash(word: str, quote: str) -> str:
    if quote == "'":
        # Bash takes a mark at the beginning for the one that is open.
        return ("'" if word.startswith("'") else "") + word.replace("'", "'\\''")
    if quote == '"':
        return re.sub(r'(["\\$`])', r"\\\1", word)
    return _SPECIAL.sub(r"\\\1", word)


def _for_zsh(offers: list[Offer], asked: Asked) -> str:
    """A command for zsh, which evaluates it: in its words are letters, digits and numbers only."""
    if not offers:
        return "_files"
    if any(one.told for one in offers):
        words = " ".join(
            _in_zsh(
                one.word.replace("\\", "\\\\").replace(":", "\\:")
                + (f":{one.told}" if one.told else "")
            )
            for one in offers
        )
        return f"local -a offered; offered=({words}); _describe gtpipe offered"
    return f"compadd -- {' '.join(_in_zsh(one.word) for one in offers)}"


def _in_zsh(word: str) -> str:
    return (
        "$'"
        + re.sub(
            rb"[^A-Za-z0-9_.,-]", lambda byte: b"\\x%02x" % byte.group()[0], word.encode()
        ).decode()
        + "'"
    )


def _for_fish(offers: list[Offer], asked: Asked) -> str:
    """One word a line, and what it is behind a tab; fish quotes it."""
    return "".join(
        f"{one.word}\t{' '.join(one.told.split())}".rstrip("\t") + "\n" for one in offers
    )


_SHELLS = {
    "complete_bash": (_bash_asks, _for_bash),
    "complete_zsh": (_line_asks, _for_zsh),
    "complete_fish": (_line_asks, _for_fish),
}
