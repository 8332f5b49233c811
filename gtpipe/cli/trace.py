"""`gtpipe trace`: where a code or theme comes from, down to
the words, and where it leads, up to the theory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, FormatOption, argument
from gtpipe.cli.reading import read_study, say_what_is_hidden
from gtpipe.model.level import ALL_LEVELS, CodeRef, Level
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import say, write_json

if TYPE_CHECKING:
    from gtpipe.analysis.subjects import Subject
    from gtpipe.analysis.trace_tree import Node
    from gtpipe.history.origins import History
    from gtpipe.model.records import IncidentKey
    from gtpipe.study import Corpus


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(trace)


def trace(
    name: Annotated[
        str,
        argument(
            "X",
            "A code, focused code, category, or relation (A kind B); or a memo, participant, "
            "interview, question, idea or incident ('jim 4'), with the memos about it.",
        ),
    ],
    format: FormatOption = Format.table,
) -> None:
    """See where a code comes from, and where it leads.

    Down to the words and up to the theory, with when, by whom and why.

    gtpipe trace "noticing the clock"
    """
    from gtpipe.render.trace import HEADER, nested, rows, show

    corpus = read_study()
    meant = _subject(corpus, name) or _incident(corpus, name) or _meant(corpus, name)
    tree, history = _traced(corpus, meant)
    if format is Format.json:
        write_json(nested(tree, history))
    elif format is Format.csv:
        write_rows(HEADER, list(rows(tree, history)), format)
    else:
        show(tree, history)
    if history.remark:
        say(f"note: {history.remark}")
    say_what_is_hidden(corpus)


def _subject(corpus: Corpus, typed: str) -> Subject | None:
    """The memo, participant, interview, question or idea that was typed; None for a code."""
    from gtpipe.analysis import subjects
    from gtpipe.formats.naming import named_as
    from gtpipe.model.names import one_line
    from gtpipe.model.records import NOWHERE

    named = named_as(one_line(typed), NOWHERE)
    return next(iter(subjects.meanings(named, corpus.material, corpus.names)), None)


def _incident(corpus: Corpus, typed: str) -> IncidentKey | None:
    """The incident that was typed; None where it is a code, or there is none."""
    from gtpipe.formats.naming import named_as
    from gtpipe.model import anchor
    from gtpipe.model.names import one_line
    from gtpipe.model.records import NOWHERE

    named = named_as(one_line(typed), NOWHERE)
    if named.level or corpus.names.meanings(named):
        return None
    return anchor.place(named.label, corpus.material.interviews)


def _traced(corpus: Corpus, meant: CodeRef | Subject | IncidentKey) -> tuple[Node, History]:
    """The tree of a thing, with when, by whom and why each link was made."""
    from dataclasses import replace

    from gtpipe.analysis import trace_tree
    from gtpipe.analysis.references import resolve
    from gtpipe.analysis.trace import Traced, incident_tree, subject_tree, tree
    from gtpipe.history import origins
    from gtpipe.model.level import FOCUSED, INITIAL
    from gtpipe.model.records import IncidentKey

    traced = Traced(
        material=corpus.material,
        codings=corpus.codings,
        names=corpus.names,
        focused=corpus.looking.focused,
        view=lambda incident: resolve(incident, corpus.material, corpus.codings, []),
    )
    if not isinstance(meant, CodeRef):
        grown = (
            incident_tree(meant, traced)
            if isinstance(meant, IncidentKey)
            else subject_tree(meant, traced)
        )
        return grown, origins.origins(corpus, trace_tree.facts(grown))
    level, label = meant
    grown = tree(level, label, traced)
    history = origins.origins(corpus, trace_tree.facts(grown))
    by_hand = origins.by_hand(corpus, level, label) if level in (INITIAL, FOCUSED) else []
    facts = {
        trace_tree.Fact("", trace_tree.BY_HAND, (str(number), text)): (text, origin)
        for number, (text, origin) in enumerate(by_hand)
    }
    changes = [(text, fact) for fact, (text, _) in facts.items()]
    made = {fact: origin for fact, (_, origin) in facts.items()}
    return (
        trace_tree.with_changes(grown, changes),
        replace(history, found={**history.found, **made}),
    )


def _meant(corpus: Corpus, typed: str) -> CodeRef:
    """Level and label of what was typed; an old label leads on.
    Raises UserError with the nearest name.
    """
    from gtpipe.analysis import subjects
    from gtpipe.commands.look_up import nothing_called
    from gtpipe.formats.naming import named_as
    from gtpipe.model.names import one_line
    from gtpipe.model.problems import UserError
    from gtpipe.model.records import Where

    named = named_as(one_line(typed), Where("", 0))
    levels = corpus.names.levels(named)
    if not levels:
        now = corpus.names.now(named)
        if not now:
            if named.level or any(named.label in split for split in corpus.names.parts.values()):
                wanted = (level for level in ALL_LEVELS if named.level in ("", level))
                raise corpus.missing(corpus.names.no_code(named.label, wanted))
            kinds = f"relation, {', '.join(subjects.KINDS[:-1])}"
            everything = subjects.everything(corpus.material, corpus.names)
            raise UserError(*nothing_called(corpus, named, kinds, everything))
        say(f'"{named.label}" is called "{now}" now')
        return _meant(corpus, f"{named.level}: {now}" if named.level else now)
    level = corpus.names.level(named)
    others = [other for other in levels if other != level]
    if others:
        say(
            f'"{named.label}" is a label of {" and ".join(levels)}; the {level} is shown. '
            f'For the other: "{others[0]}: {named.label}"'
        )
    return CodeRef(Level(level), named.label)
