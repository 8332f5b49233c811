"""`gtpipe ingest`: transcripts read, or corrections of them brought in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import Engine, Why, argument, option, somebody_can_answer
from gtpipe.model import limits
from gtpipe.model.problems import UsageError, UserError
from gtpipe.render.terminal import in_one_line, out, progress, say, show_problems

if TYPE_CHECKING:
    from gtpipe.commands.correct import Correction
    from gtpipe.commands.ingest import IngestReport
    from gtpipe.sources.options import Options
    from gtpipe.store.layout import Study


# Headings of the help.
WHO = "Who speaks"
LOOKS = "What the file looks like"
CORRECTED = "A corrected source"


Interviewer = Annotated[
    list[str] | None,
    option("--interviewer", "LABEL", "A label of the interviewer. Again for more.", WHO),
]
Participant = Annotated[
    list[str] | None,
    option(
        "--participant",
        "LABEL[=NAME]",
        "A label of a participant, and who that is; '*' is everybody else. Again for more.",
        WHO,
    ),
]
NotASpeaker = Annotated[
    list[str] | None,
    option(
        "--not-a-speaker",
        "WORDS",
        "What looks like a label and begins a line of speech. Again for more.",
        WHO,
    ),
]
SkipHeading = Annotated[
    bool,
    typer.Option(
        "--skip-heading",
        help="Leave out what stands before the first speaker.",
        rich_help_panel=LOOKS,
    ),
]
Label = Annotated[
    list[str] | None,
    option(
        "--label",
        "EXAMPLE",
        "How a label looks, like '[TIME] - NAME' or 'NAME: WORDS'. Again for more.",
        LOOKS,
    ),
]
Unlabelled = Annotated[
    str,
    option(
        "--unlabelled",
        "LABEL",
        "Who says what has no label; above: it goes on with the speaker above.",
        WHO,
    ),
]


def register(app: typer.Typer) -> None:
    app.command()(ingest)


def ingest(
    files: Annotated[
        list[Path] | None,
        argument("[FILE]…", "Transcripts; without any, what is new in data/sources/."),
    ] = None,
    interviewer: Interviewer = None,
    participant: Participant = None,
    not_a_speaker: NotASpeaker = None,
    as_name: Annotated[
        str, option("--as", "NAME", "What the interview is called; else after its file.")
    ] = "",
    date: Annotated[str, typer.Option(help="When the interview took place, like 2026-03-02.")] = "",
    schedule: Annotated[
        str, option("--schedule", "VERSION", "The version of the schedule that was asked, like v1.")
    ] = "",
    skip_heading: SkipHeading = False,
    columns: Annotated[
        str,
        option(
            "--columns",
            "speaker=…,words=…,time=…",
            "Which columns of a table hold what, by heading or by letter.",
            LOOKS,
        ),
    ] = "",
    monologue: Annotated[
        str,
        option(
            "--monologue",
            "NAME",
            "Nothing says who speaks, because one person speaks throughout: this one.",
            WHO,
        ),
    ] = "",
    shape: Annotated[
        str,
        option(
            "--shape",
            "NAME",
            "The form of FILE: a program's, or one of the study's own `shapes`.",
            LOOKS,
        ),
    ] = "",
    label: Label = None,
    time: Annotated[
        str,
        option(
            "--time",
            "EXAMPLE",
            "A time mark as it stands among the words, like '#00:00:03-4#'; "
            "none: such marks are words.",
            LOOKS,
        ),
    ] = "",
    unlabelled: Unlabelled = "",
    bold_is: Annotated[
        str, option("--bold-is", "LABEL", "Who says what is bold or italic throughout.", WHO)
    ] = "",
    labels_within: Annotated[
        str,
        option(
            "--labels-within",
            "split|words",
            "Whether a label inside a line begins a turn, or is words.",
            LOOKS,
        ),
    ] = "",
    heading_to: Annotated[
        int | None,
        typer.Option(
            metavar="LINE",
            min=0,
            help="The last line of the heading; 0 for none.",
            rich_help_panel=LOOKS,
        ),
    ] = None,
    line_numbers: Annotated[
        bool,
        typer.Option(
            "--line-numbers",
            help="The lines are numbered: leave the numbers out.",
            rich_help_panel=LOOKS,
        ),
    ] = False,
    encoding: Annotated[
        str, option("--encoding", "NAME", "The encoding of a text file, like windows-1250.", LOOKS)
    ] = "",
    correct: Annotated[
        bool,
        typer.Option(
            "--correct",
            help="FILE is a corrected version of what was ingested: bring its corrections in.",
            rich_help_panel=CORRECTED,
        ),
    ] = False,
    remove: Annotated[
        bool,
        typer.Option(
            "--remove",
            help="With --correct: turns that the source has no more go.",
            rich_help_panel=CORRECTED,
        ),
    ] = False,
    take: Annotated[
        list[str] | None,
        option(
            "--take",
            "[TURN=]source|transcript",
            "With --correct: whose words stand where both changed. Again for more.",
            CORRECTED,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what is understood; write nothing.")
    ] = False,
    ask: Annotated[
        bool | None,
        typer.Option(
            "--ask/--no-ask",
            help="Ask who speaks where a file does not say. "
            "On a terminal it is asked anyway, where something is in doubt; --no-ask stops that.",
            show_default=False,
        ),
    ] = None,
    engine: Engine = "",
    why: Why = "",
) -> None:
    """Stage 1: read transcripts, and lose no word.

    Their turns are numbered, and the source is kept.

    gtpipe ingest ann.docx --interviewer Dan --participant Ann --date 2026-03-02
    """
    from gtpipe.sources.options import Options, answers_of, columns_of
    from gtpipe.store.layout import Study
    from gtpipe.study import engine as engines

    study = Study.find()
    options = Options(
        tuple(interviewer or ()),
        tuple(participant or ()),
        tuple(not_a_speaker or ()),
        as_name,
        date,
        schedule,
        skip_heading,
        columns_of(columns),
        monologue.strip(),
        shape.strip(),
        answers_of(
            label=label or (),
            time=time,
            unlabelled=unlabelled,
            bold=bold_is,
            within=labels_within,
            heading_to=-1 if heading_to is None else heading_to,
            line_numbers=line_numbers,
            encoding=encoding,
        ),
        dry_run,
        why,
    )
    if ask and correct:
        raise UsageError("--ask goes without --correct")
    if correct:
        _correct(study, list(files or ()), options, tuple(take or ()), remove)
        return
    if remove or take:
        raise UsageError("--remove and --take go with --correct")
    with engines.by(engine):
        report = _ingested(study, list(files or ()), options, ask)
    if dry_run:
        _show_understood(report, study)
    else:
        show_ingested(report, study, named=bool(files), given=bool(date or schedule))


def _ingested(study: Study, files: list[Path], options: Options, ask: bool | None) -> IngestReport:
    """What came of the files, with the person's answers where there are questions: with `ask`
    always, with None where something is in doubt and somebody can answer.
    """
    from gtpipe.commands.ingest import ingest
    from gtpipe.sources.questions import can_be_answered

    if ask and not somebody_can_answer():
        raise UsageError("--ask needs a terminal; in a script the options of ingest say the same")
    try:
        if not ask:
            with progress("ingest") as tell:
                return ingest(study, files, options, tell)
    except UserError as exc:
        if ask is False or not somebody_can_answer() or not can_be_answered(exc.problems):
            raise
    from gtpipe.cli import ingest_session

    answers = ingest_session.ask(study, files, options, always=bool(ask))
    return ingest(study, files, options, answers=answers)


def show_ingested(
    report: IngestReport, study: Study, named: bool = False, given: bool = False
) -> None:
    """One line an interview that is new; problems on stderr.
    `named` and `given`: files, or a date or schedule, were.
    """
    from gtpipe.render.ingest import show_new

    new = show_new(report.taken)
    show_problems(report.problems, study.root)
    if new:
        if named:
            say(f"Next: `gtpipe initial-code`, then `gtpipe code {new[0]}`.")
        return
    if given:
        say(
            "note: the date and schedule of an interview that was ingested are changed in its "
            "transcript."
        )
    known = limits.some(source.name for source in report.taken)
    out(f"ingest: {known} as before, nothing to do" if named else "ingest: fresh")


def _show_understood(report: IngestReport, study: Study) -> None:
    from gtpipe.render.ingest import understood

    for line in understood(report.taken):
        out(line)
    show_problems(report.problems, study.root)
    say("Nothing was written.")
    if any(problem.is_error for problem in report.problems):
        raise typer.Exit(1)


def _correct(
    study: Study, files: list[Path], options: Options, take: tuple[str, ...], remove: bool
) -> None:
    from gtpipe.commands import correct
    from gtpipe.render.ingest import correction
    from gtpipe.sources import look_for_names

    if len(files) != 1:
        raise UsageError("--correct takes one FILE")
    if options.date or options.schedule:
        raise UsageError(
            "--correct keeps the interview's date and schedule; change them in its transcript"
        )
    with progress("ingest") as tell:
        tell(f"reading {files[0].name}")
        done = correct.apply(study, files[0], options, take=take, remove=remove)
    out(_what_came_of(done, options.dry_run))
    for line in correction(done.made, remove):
        out(line)
    named = [] if options.dry_run else look_for_names.notes_on(study, [done.taken.name])
    show_problems((*done.taken.problems, *done.touched, *named), study.root)
    if options.dry_run:
        say("Nothing was written.")
    elif any(problem.is_error for problem in done.touched):
        say(
            "Next: put the stretches named above right in the sheet; "
            "then `gtpipe initial-code --refresh-text`."
        )
    elif done.touched:
        say("Next: look whether the codes still hold; then `gtpipe initial-code --refresh-text`.")


def _what_came_of(done: Correction, dry_run: bool) -> str:
    name, shown = done.interview.name, in_one_line(done.taken.shown)
    some_turn = done.made.changed or done.made.inserted or done.made.gone
    if done.made.in_form and not some_turn:
        return f"ingest: {name}: no word is corrected in {shown}"
    if dry_run and some_turn:
        return f"{shown}: would correct {name}"
    if done.changed:
        return f"ingest: {name} corrected from {shown}"
    return f"ingest: {name}: nothing to correct"
