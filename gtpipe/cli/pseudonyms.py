"""`gtpipe names apply`: pseudonyms put into an interview; `gtpipe names suggest`: likely names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import (
    By,
    FormatOption,
    Why,
    argument,
    ask_line,
    option,
    somebody_can_answer,
    writer,
)
from gtpipe.cli.reading import read_study
from gtpipe.model.plural import count
from gtpipe.model.problems import Kind, UserError
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import in_one_line, out, progress, say, show_problems

if TYPE_CHECKING:
    from gtpipe.commands.put_pseudonyms import PseudonymsPut
    from gtpipe.store.layout import Study


def add_to(app: typer.Typer) -> None:
    app.command()(suggest)
    app.command()(apply)


def suggest(
    interview: Annotated[str | None, argument("INTERVIEW", "Without it: in all.")] = None,
    format: FormatOption = Format.table,
) -> None:
    """See likely names that your list does not hold, to judge for yourself.

    What a language model takes for a person or place, what follows a form of address, and words
    with a capital within a sentence. It shows them: mind where its output goes.

    gtpipe names suggest jim
    """
    from gtpipe.commands.look_up import find_interview, find_names
    from gtpipe.model.real_names import NameList
    from gtpipe.render.pseudonyms import LIKELY, likely_row
    from gtpipe.suggest import models
    from gtpipe.suggest.likely_names import likely_names

    corpus = read_study()
    material = corpus.material
    found = [find_interview(corpus, interview)] if interview else material.interviews.values()
    names = find_names(corpus) if corpus.settings.names else NameList(())
    model = models.find(corpus.settings.language).model
    with progress("names"):
        likely = likely_names(found, names, material.participants, corpus.settings.language, model)
    if model is None or model.recogniser is None:
        say("note: no language model that finds names is here; capitals and address alone tell.")
    rows = [likely_row(one, is_short=format is Format.table) for one in likely]
    write_rows(LIKELY, rows, format, empty="No likely name that the list does not hold.")
    if rows and format is Format.table:
        say("Judge each; what is a name goes to the list, with what stands for it.")


def apply(
    interview: Annotated[str, argument("INTERVIEW")],
    take: Annotated[
        list[str] | None,
        option(
            "--take",
            "[TURN[:NUMBER]=]name|word",
            "Whether what may be a name is one, as Will at the beginning of a sentence. "
            "Again for more.",
        ),
    ] = None,
    labels: Annotated[
        bool,
        typer.Option("--labels", help="Labels with a name follow too that are nobody's own words."),
    ] = False,
    in_log: Annotated[
        bool,
        typer.Option("--log", help="Lines of the log with a name follow too, as of codes given."),
    ] = False,
    source_to: Annotated[
        Path | None,
        option(
            "--source-to",
            "FOLDER",
            "Where the source as it came goes: outside of the study, and of git.",
        ),
    ] = None,
    by: By = "",
    why: Why = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what it would do; write nothing.")
    ] = False,
) -> None:
    """Put pseudonyms into an interview, in place of the names of your list.

    Turns keep their ids. The transcript, all coders' sheets, stretches, labels in the participant's
    own words, and whatever names an incident follow. No name is shown.

    gtpipe names apply jim --dry-run
    """
    from gtpipe.commands import put_pseudonyms
    from gtpipe.commands.change_codes import ChangeRequest
    from gtpipe.store.layout import Study

    study = Study.find()
    request = ChangeRequest(writer(study, by), why, dry_run)
    taken = list(take or ())
    while True:
        try:
            if source_to is None and not dry_run and somebody_can_answer():
                source_to = _ask_where(study, interview, tuple(taken), labels)
            done = put_pseudonyms.apply(
                study,
                interview,
                request,
                take=tuple(taken),
                labels=labels,
                in_log=in_log,
                source_to=source_to,
            )
            break
        except UserError as exc:
            answers = _ask(exc) if somebody_can_answer() else []
            if not answers:
                raise
            taken += answers
    _show(done, study, dry_run, in_log)


def _ask_where(study: Study, interview: str, take: tuple[str, ...], labels: bool) -> Path | None:
    """The folder that the source is to go to, as a person types it; None for an empty line."""
    from gtpipe.commands import put_pseudonyms
    from gtpipe.commands.change_codes import ChangeRequest

    planned = put_pseudonyms.apply(
        study, interview, ChangeRequest(dry_run=True), take=take, labels=labels
    )
    if not planned.sources or not (planned.put.turns or planned.put.labels):
        return None
    say(f"{', '.join(planned.sources)}: the names stand there as they came.")
    typed = ask_line("Folder outside the study to move it to (Enter: it stays): ")
    return Path(typed) if typed else None


def _ask(refused: UserError) -> list[str]:
    """What a person says of each place that may hold a name, as --take has it; nothing where
    something else is in the way, or somebody gives no answer.
    """
    answers = []
    for problem in refused.problems:
        place = problem.about if problem.kind is Kind.MAYBE_A_NAME else ""
        while place:
            typed = ask_line(f"{problem.what}\n  [n]ame or [w]ord? ").casefold()
            if not typed:
                return []
            if typed in ("n", "name", "w", "word"):
                answers.append(f"{place}={'name' if typed[0] == 'n' else 'word'}")
                break
        if not place:
            return []
    return answers


def _show(done: PseudonymsPut, study: Study, dry_run: bool, in_log: bool) -> None:
    from gtpipe.render.pseudonyms import lines

    for line in lines(done.put, done.follows, done.messages):
        out(line)
    show_problems(done.notes, study.root)
    for target in done.moved:
        shown = in_one_line(str(target))
        out(f"  the source {'would go' if dry_run else 'went'} to {shown}")
    if not done.moved:
        for path in done.sources:
            say(
                f"note: {path} holds the names as they came; --source-to FOLDER moves it out of "
                "the study."
            )
    if done.logged:
        lines_of_log = count(done.logged, "line")
        if in_log:
            out(f"  {lines_of_log} of data/log.jsonl")
        else:
            say(
                f"note: {lines_of_log} of data/log.jsonl with a name; --log has the log follow too."
            )
    if dry_run:
        say("Nothing was written.")
    elif done.changed:
        by = f"Noted under {done.by}. " if done.by else ""
        say(
            f"{by}What stood in {count(len(done.changed), 'file')} is kept in .gtpipe for "
            "`gtpipe undo`, and in git if it was committed."
        )
        say("Next: `gtpipe run`, then `gtpipe names`.")
