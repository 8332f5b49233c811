"""`gtpipe find`: a text or a pattern in words, codes, notes and memos."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, FormatOption, argument
from gtpipe.cli.reading import read_study, say_what_is_hidden
from gtpipe.model.problems import UsageError
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import say

if TYPE_CHECKING:
    from gtpipe.analysis.finding import Hit, Wanted
    from gtpipe.model.records import Interview
    from gtpipe.study import Corpus

PATIENCE = 20  # seconds that a pattern may keep the processor busy


class In(StrEnum):
    """Where to look."""

    words = "words"
    codes = "codes"
    notes = "notes"
    memos = "memos"


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(find)


def find(
    text: Annotated[
        str,
        argument(
            "TEXT",
            "Capitals, line breaks and typography apart; or a pattern "
            "between slashes, as typed: '/(?i)paid|pay/'.",
        ),
    ],
    where: Annotated[
        list[In] | None,
        typer.Option("--in", help="Only there; may be given several times.", show_default=False),
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """Find a text in turns, codes, notes and memos.

    gtpipe find paid
    gtpipe find '/(?i)paid|pay/' --in words
    """
    from gtpipe.analysis import finding
    from gtpipe.render import blocks
    from gtpipe.render.finding import layout

    wanted = finding.pattern(text)
    corpus = read_study()
    places = where or finding.EVERYWHERE
    if wanted.as_it_looks:
        hits = _texts(wanted, corpus, places)
        if not hits:
            hits = _texts(finding.pattern(text, apostrophes=False), corpus, places)
            if hits:
                say(f'note: nothing with "{text}"; these have an apostrophe more or less.')
    else:
        material, codings = corpus.material, corpus.codings
        for interview in material.interviews.values() if In.words in places else ():
            _ = interview.turns  # reading them does not count as time that the pattern takes
        with _patience(text):
            hits = list(finding.find(wanted, material, codings, places))
    if format is not Format.table:
        write_rows(finding.HEADER, [hit.row for hit in hits], format)
    elif hits:
        blocks.show(layout(hits))
    else:
        say(f"Nothing found for {text}" if text.startswith("/") else f'Nothing found for "{text}".')
    say_what_is_hidden(corpus)


def _texts(wanted: Wanted, corpus: Corpus, places: Collection[str]) -> list[Hit]:
    """Where a text stands; of interviews in whose file it does not, no turns are read."""
    from gtpipe.analysis import finding

    def transcript(interview: Interview) -> str:
        return corpus.snapshot.text(interview.path) or ""

    return list(finding.find(wanted, corpus.material, corpus.codings, places, transcript))


@contextmanager
def _patience(pattern: str) -> Iterator[None]:
    """Stops a pattern that would go on for ever: by the time that the processor spends on it, which
    other programs do not make longer. Where the system has no such timer, Ctrl-C does.
    """
    import signal
    import threading

    if (
        not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        yield
    except TimeoutError:
        raise UsageError(
            f"{pattern} takes longer than {PATIENCE} seconds, as patterns like (a+)+ do: "
            "ask for less in one pattern"
        ) from None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
