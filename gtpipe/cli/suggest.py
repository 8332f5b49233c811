"""`gtpipe suggest`: what is offered at a turn, for people and
scripts; and how far it can be trusted. Nothing is written.
"""

from __future__ import annotations

from typing import Annotated

import typer

from gtpipe.cli.options import Engine, FormatOption, argument, option
from gtpipe.cli.reading import read_study, say_what_is_hidden
from gtpipe.model.problems import UsageError
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import progress, say


def register(app: typer.Typer) -> None:
    app.command()(suggest)


def suggest(
    interview: Annotated[str | None, argument("INTERVIEW")] = None,
    turn: Annotated[str | None, argument("TURN", "Without it: every turn.")] = None,
    score: Annotated[
        bool,
        typer.Option(
            "--score", help="Replay your own coding, and count how often a suggestion was right."
        ),
    ] = False,
    model: Annotated[
        str, option("--model", "NAME", "The spaCy pipeline to parse with, by name or path.")
    ] = "",
    engine: Engine = "",
    format: FormatOption = Format.table,
) -> None:
    """See the suggestions for a turn; or how often they are right.

    gtpipe suggest jim 10
    gtpipe suggest --score
    """
    from gtpipe.study import engine as engines

    if score and interview is not None:
        raise UsageError("--score replays the whole study: leave the interview out")
    if interview is None and not score:
        raise UsageError(
            "say what you want to see: gtpipe suggest INTERVIEW TURN, or gtpipe suggest --score"
        )
    with engines.by(engine):
        if interview is not None:
            _offer(interview, turn, model, format)
        else:
            _score(format)


def _offer(name: str, id: str | None, model: str, format: Format) -> None:
    from gtpipe.commands.look_up import find_interview, find_turn
    from gtpipe.formats import answers
    from gtpipe.render.suggestions import SHORT, SUGGESTION, row, short_row
    from gtpipe.suggest.suggester import Suggester

    corpus = read_study()
    interview = find_interview(corpus, name)
    turns = interview.turns if id is None else (find_turn(interview, id),)
    with progress("suggest"):
        suggester = Suggester(
            corpus.study,
            corpus.material,
            corpus.codings,
            answers.read(corpus.snapshot),
            corpus.settings.language,
            model=model,
            only={interview.name},
            turn_by_turn=id is not None,
        )
        suggestions = [each for turn in turns for each in suggester.at(interview, turn)]
    for remark in suggester.remarks:
        say(f"note: {remark}")
    if format is Format.table:
        empty = "Nothing to suggest."
        if id is not None and not interview.participant(turns[0]):
            empty = f"Turn {id} is the interviewer's: nothing is suggested there."
        rows = [short_row(each) for each in suggestions]
        write_rows(SHORT, rows, format, empty=empty)
    else:
        write_rows(SUGGESTION, [row(each) for each in suggestions], format)


def _score(format: Format) -> None:
    from gtpipe.formats import answers
    from gtpipe.render.suggestions import SCORE, score_rows, show_score
    from gtpipe.store import log
    from gtpipe.store.layout import LOG
    from gtpipe.suggest import scoring
    from gtpipe.suggest.taken import taken

    corpus = read_study()
    with progress("replaying your coding") as tell:
        lines = log.records(corpus.snapshot.bytes(LOG) or b"")
        helped = taken(
            corpus.codings,
            answers.read(corpus.snapshot),
            corpus.current,
            ({**line.did, "by": line.by} for line in lines if "suggestion" in line.did),
        )
        score = scoring.score(corpus.material, corpus.codings, corpus.current, tell, helped)
    if format is not Format.table:
        write_rows(SCORE, score_rows(score), format)
    elif score.items:
        show_score(score)
    elif score.taken:
        say("Every code so far was a suggestion you took: there is nothing to replay.")
    else:
        say("No participant's turn is coded yet: there is nothing to replay.")
    say_what_is_hidden(corpus)
