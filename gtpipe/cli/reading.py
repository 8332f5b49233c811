"""What commands that look do first and last: read the
study, find what is named, and say what is not shown.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable
from typing import TYPE_CHECKING

from gtpipe.model.problems import UsageError
from gtpipe.render.terminal import say, show_problems

if TYPE_CHECKING:
    from gtpipe.model.level import CodeRef
    from gtpipe.study import Corpus


held: list[Corpus] = []
"""What this process, which is one command, read: it need not be taken apart at the end."""


def hold(corpus: Corpus) -> Corpus:
    """`corpus`, which stays as it is until a process ends that is one command (`cli.program`).
    Taking a large study apart, record by record, takes a tenth of the time of a look.
    """
    if not gc.isenabled():
        held.append(corpus)
    return corpus


def read_study() -> Corpus:
    """The study around the current folder, as far as its files
    can be read. Raises UserError where there is none.
    """
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    return hold(load(Study.find()))


def read_whole(*paths: str) -> Corpus:
    """The study; where one of `paths` cannot be read whole,
    nothing may be said to be missing in it. Raises UserError.
    """
    from gtpipe.formats import personal
    from gtpipe.model.problems import UserError

    corpus = read_study()
    broken = [
        problem
        for problem in corpus.unreadable
        if problem.is_error
        and any(problem.path == path or personal.is_of(problem.path, path) for path in paths)
    ]
    if broken:
        raise UserError(*broken)
    return corpus


def read_showing_problems(folder: str) -> Corpus:
    """The study; says which files in `folder` (or of this name) cannot be read."""
    from gtpipe.formats import personal

    corpus = read_study()
    show_problems(
        (
            problem
            for problem in corpus.unreadable
            if problem.is_error
            and (problem.path.startswith(folder) or personal.is_of(problem.path, folder))
        ),
        corpus.study.root,
    )
    return corpus


def say_what_is_hidden(corpus: Corpus) -> None:
    """How many errors keep something from being shown."""
    from gtpipe.render.codes import what_is_hidden

    hidden = what_is_hidden(corpus)
    if hidden:
        say(f"note: {hidden}")


def say_what_was_meant(named: Iterable[tuple[CodeRef, str]], corpus: Corpus) -> None:
    """What names as typed were taken for, where that may surprise."""
    for thing, typed in named:
        hint = corpus.names.remark(thing, typed)
        if hint:
            say(f"note: {hint}")


def one_attribute(by: list[str] | None) -> str:
    """The attribute that was given, '' for none. Raises UsageError where one of several would be
    dropped."""
    given = list(dict.fromkeys(name.strip() for name in by or () if name.strip()))
    if len(given) > 1:
        raise UsageError(
            f"one --by at a time: {' or '.join(given)}; `gtpipe matrix` crosses several"
        )
    return given[0] if given else ""


def named_things(typed: Iterable[str], corpus: Corpus) -> tuple[CodeRef, ...]:
    """The things that were named, each once; says what a name
    was taken for where that may surprise. Raises UserError.
    """
    typed = list(typed)
    named = corpus.resolve_all(typed)
    say_what_was_meant(zip(named, typed, strict=True), corpus)
    return tuple(dict.fromkeys(named))
