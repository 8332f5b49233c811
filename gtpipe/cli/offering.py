"""`gtpipe suggest INTERVIEW [TURN]`: what is offered at a turn, for people and for scripts. Nothing is written."""

from __future__ import annotations

from gtpipe.render.terminal import Format, clean, progress, say, show_table

HEADER = ("interview", "turn", "label", "source", "score", "reason", "words", "like")


def show(name: str, id: str | None, model: str, format: Format) -> None:
    """The suggestions at a turn, or at every turn of an interview. Raises UserError."""
    from gtpipe.commands.find import find_interview, find_turn
    from gtpipe.formats import answers
    from gtpipe.store.layout import Study
    from gtpipe.study import load
    from gtpipe.suggest.suggester import Suggester

    study = Study.find()
    read = load(study)
    interview = find_interview(read, name)
    turns = interview.turns if id is None else (find_turn(interview, id),)
    with progress("suggest"):
        suggester = Suggester(
            study,
            read.material,
            read.codings,
            answers.read(read.snapshot),
            read.settings.language,
            model=model,
            only={interview.name},
        )
        found = [one for turn in turns for one in suggester.at(interview, turn)]
    for remark in suggester.remarks:
        say(f"note: {remark}")
    if format is Format.table:
        rows = [
            (one.at.turn, one.label, one.source, f"{one.score:.2f}", clean(one.reason))
            for one in found
        ]
        show_table(
            ("turn", "label", "source", "score", "reason"), rows, format, empty=_none(interview, id)
        )
    else:
        show_table(
            HEADER,
            [
                (
                    *one.at,
                    one.label,
                    one.source,
                    round(one.score, 2),
                    one.reason,
                    one.words or "",
                    [str(place) for place in one.like],
                )
                for one in found
            ],
            format,
        )


def _none(interview, id: str | None) -> str:
    turn = None if id is None else interview.turn(id)
    if turn is not None and not interview.participant(turn):
        return f"turn {id} is the interviewer's: nothing is suggested there"
    return "nothing to suggest"
