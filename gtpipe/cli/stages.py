"""`ingest`, `initial-code`, `focused-code`, `theoretical-code`: the stages, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from gtpipe.cli.options import Strict, Why
from gtpipe.model import limits
from gtpipe.model.problems import Kind, UsageError
from gtpipe.model.records import one_line
from gtpipe.render.terminal import count, in_one_line, out, progress, say, show_problems


def register(app: typer.Typer) -> None:
    app.command()(ingest)
    app.command("initial-code")(initial_code)
    app.command("focused-code")(focused_code)
    app.command("theoretical-code")(theoretical_code)


def ingest(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE…]", help="Transcripts; without any, what is new in data/sources/."
        ),
    ] = None,
    interviewer: Annotated[
        list[str] | None,
        typer.Option(metavar="LABEL", help="A label of the interviewer. Again for more."),
    ] = None,
    participant: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LABEL[=NAME]",
            help="A label of a participant, and who that is; '*' is everybody else. Again for more.",
        ),
    ] = None,
    not_a_speaker: Annotated[
        list[str] | None,
        typer.Option(metavar="WORDS", help="What looks like a label and begins a line of speech."),
    ] = None,
    as_name: Annotated[
        str,
        typer.Option(
            "--as", metavar="NAME", help="What the interview is called; else after its file."
        ),
    ] = "",
    date: Annotated[str, typer.Option(help="When the interview took place, like 2026-03-02.")] = "",
    schedule: Annotated[
        str,
        typer.Option(
            metavar="VERSION", help="The version of the schedule that was asked, like v1."
        ),
    ] = "",
    skip_heading: Annotated[
        bool, typer.Option(help="Leave out what stands before the first speaker.")
    ] = False,
    columns: Annotated[
        str,
        typer.Option(
            metavar="speaker=…,words=…,time=…",
            help="Which columns of a table hold what, by heading or by letter.",
        ),
    ] = "",
    monologue: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Nothing says who speaks, because one person speaks throughout: this one.",
        ),
    ] = "",
    correct: Annotated[
        bool,
        typer.Option(
            "--correct",
            help="FILE is a corrected version of what was ingested: bring its corrections in.",
        ),
    ] = False,
    remove: Annotated[
        bool, typer.Option("--remove", help="With --correct: turns that the source has no more go.")
    ] = False,
    take: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[TURN=]source|transcript",
            help="With --correct: whose words stand where both changed. Again for more.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what is understood; write nothing.")
    ] = False,
    why: Why = "",
) -> None:
    """Stage 1: read transcripts without losing a word, number their turns, keep the source."""
    from gtpipe import sources
    from gtpipe.commands import ingest as ingesting
    from gtpipe.store.layout import Study

    study = Study.find()
    options = sources.Options(
        tuple(interviewer or ()),
        tuple(participant or ()),
        tuple(not_a_speaker or ()),
        as_name,
        date,
        schedule,
        skip_heading,
        sources.columns_of(columns),
        monologue.strip(),
        dry_run,
        why,
    )
    if correct:
        _correct(study, list(files or ()), options, tuple(take or ()), remove)
        return
    if remove or take:
        raise UsageError("--remove and --take go with --correct")
    with progress("ingest") as tell:
        report = ingesting.ingest(study, list(files or ()), options, tell)
    if dry_run:
        _show_understood(report, study)
        return
    show_ingested(report, study, named=bool(files), given=bool(date or schedule))


def _correct(study, files: list[Path], options, take: tuple[str, ...], remove: bool) -> None:
    from gtpipe.commands import correct as correcting

    if len(files) != 1:
        raise UsageError("--correct takes one FILE")
    if options.date or options.schedule or options.not_speakers:
        raise UsageError(
            "--correct keeps the interview's date and schedule; change them in its transcript"
        )
    with progress("ingest") as tell:
        tell(f"reading {files[0].name}")
        done = correcting.apply(study, files[0], options, take=take, remove=remove)
    made = done.made
    if made.in_form and not (made.changed or made.inserted or made.gone):
        out(
            f"ingest: {done.interview.name}: no word is corrected in {in_one_line(done.taken.shown)}"
        )
    elif options.dry_run and (made.changed or made.inserted or made.gone):
        out(f"{in_one_line(done.taken.shown)}: would correct {done.interview.name}")
    else:
        out(
            f"ingest: {done.interview.name} corrected from {in_one_line(done.taken.shown)}"
            if done.changed
            else f"ingest: {done.interview.name}: nothing to correct"
        )
    for old, new in made.changed:
        out(f"  {new.id} corrected: {_how(old, new)}")
    for turn in made.inserted:
        out(f"  {turn.id} inserted: {turn.label}: {one_line(turn.text)}")
    for id in made.by_hand:
        out(f"  {id} kept as corrected by hand")
    for id in made.in_form:
        out(
            f"  {id} has the same words in other characters that look the same; "
            "the transcript keeps its own"
        )
    for id in made.gone:
        out(
            f"  {id} is in the source no more: {'removed' if remove else 'kept; --remove takes it out'}"
        )
    show_problems((*done.taken.problems, *done.touched), study.root)
    if options.dry_run:
        say("Nothing was written.")
    elif done.touched:
        lost = any(problem.is_error for problem in done.touched)
        say(
            "Next: "
            + (
                "put the stretches named above right in the sheet"
                if lost
                else "look whether the codes still hold"
            )
            + "; then `gtpipe initial-code --refresh-text`."
        )


def _how(old, new) -> str:
    from gtpipe.model.typography import same
    from gtpipe.text.worddiff import difference

    told = [f"spoken by {old.label} before, by {new.label} now"] if old.label != new.label else []
    told += [f"at {new.time}"] if old.time != new.time else []
    told += [difference(old.text, new.text)] if same(old.text) != same(new.text) else []
    return "; ".join(told)


def show_ingested(report, study, named: bool = False, given: bool = False) -> None:
    """One line an interview that is new; problems on stderr."""
    new = [taken for taken in report.taken if not taken.known]
    for taken in new:
        shown = in_one_line(taken.shown)
        out(f"ingest: {_summary(taken)}")
        for remark in taken.reading.remarks:
            say(f"{shown}: note: {remark}.")
        for line, told in _left_out(taken.reading):
            say(f"{shown}:{line}: note: left out: {told}")
        for told in _asides(taken.reading):
            say(f"{shown}: note: left out, as nobody's speech: {told}")
    show_problems(report.problems, study.root)
    if not new and given:
        say(
            "note: the date and schedule of an interview that was ingested are changed in its transcript."
        )
    if not new:
        known = limits.some(taken.name for taken in report.taken)
        out(f"ingest: {known} as before, nothing to do" if named else "ingest: fresh")
    elif named:
        say(f"Next: `gtpipe initial-code`, then `gtpipe code {new[0].name}`.")


def _summary(taken) -> str:
    from gtpipe.commands.ingest import role_of

    interview = taken.interview
    speakers = limits.some(
        f"{label} {turns} ({role_of(interview, label)})"
        for label, (turns, _) in taken.reading.labels().items()
    )
    turns = count(len(interview.turns), "turn")
    return f"{taken.name}: {turns} from {in_one_line(taken.shown)}: {speakers}"


def _left_out(reading) -> Iterator[tuple[int, str]]:
    """What stood before the first speaker, line by line; of much the beginning."""
    for line, words in reading.left_out[: limits.NAMES]:
        yield line, limits.cut(one_line(words), limits.EXCERPT)
    if len(reading.left_out) > limits.NAMES:
        yield (
            reading.left_out[limits.NAMES][0],
            f"{len(reading.left_out) - limits.NAMES:,} more lines before the first speaker",
        )


def _asides(reading) -> Iterator[str]:
    """What the reading left out, kind by kind: all of it where it is short, the beginning where it is long."""
    kinds: dict[str, list] = {}
    for aside in reading.asides:
        kinds.setdefault(aside.what, []).append(aside)
    for number, (what, asides) in enumerate(kinds.items()):
        if number == limits.NAMES:
            yield f"{len(kinds) - number:,} more kinds of words"
            return
        words = list(dict.fromkeys(one_line(aside.words) for aside in asides))
        places = f"first at {reading.unit} {asides[0].number}"
        told = "; ".join(f'"{one[:100]}"' for one in words[:3]) + (" …" if len(words) > 3 else "")
        many = f"{len(asides)} times, " if len(asides) > 1 else ""
        yield f"{what} ({many}{places}): {told}"


def _show_understood(report, study) -> None:
    for taken in report.taken:
        if taken.known:
            out(f"{in_one_line(taken.shown)}: ingested before as {taken.name}; nothing to do")
            continue
        out(
            f"{in_one_line(taken.shown)}: read as {taken.reading.format}; would be the interview "
            f"{taken.name}"
        )
        for label, (turns, line) in taken.reading.labels().items():
            role = (
                taken.interview.speakers[label]
                if not any(p.kind is Kind.SPEAKER and p.about == label for p in taken.problems)
                else "unknown"
            )
            out(f"  {label}: {count(turns, 'turn')}, first at {taken.reading.unit} {line}: {role}")
        for remark in taken.reading.remarks:
            out(f"  {remark}")
        for line, told in _left_out(taken.reading):
            out(f"  before the first speaker, {taken.reading.unit} {line}: {told}")
        for told in _asides(taken.reading):
            out(f"  left out, as nobody's speech: {told}")
        for turn in taken.interview.turns[:3]:
            time = f" {turn.time}" if turn.time else ""
            first = turn.text.partition("\n")[0]
            out(
                f"  [{turn.id}{time}] {turn.label}: {first[:100]}{'…' if len(first) > 100 or chr(10) in turn.text else ''}"
            )
    show_problems(report.problems, study.root)
    say("Nothing was written.")
    if any(problem.is_error for problem in report.problems):
        raise typer.Exit(1)


def initial_code(
    refresh_text: Annotated[
        bool,
        typer.Option(
            "--refresh-text",
            help="Take the transcripts' words into the sheets, where they were corrected.",
        ),
    ] = False,
    why: Why = "",
    strict: Strict = False,
) -> None:
    """Stage 2: make coding sheets, read them back, lay out codes and their incidents side by side."""
    from gtpipe.pipeline import run
    from gtpipe.pipeline.stages import INITIAL_CODE
    from gtpipe.store.layout import Study

    with progress("initial-code") as tell:
        result = run.run_stage(Study.find(), INITIAL_CODE, why, refresh_text, tell)
    show_result(result)
    show_notes(result.problems)
    if strict and result.problems:
        raise typer.Exit(1)


def focused_code(strict: Strict = False) -> None:
    """Stage 3: lay out the focused codes you decided on, with their incidents, and the initial codes not taken up."""
    from gtpipe.pipeline.stages import FOCUSED_CODE

    run_derived(FOCUSED_CODE, strict)


def theoretical_code(strict: Strict = False) -> None:
    """Stage 4: lay out your theory with the participants' words, what does not fit, and sufficiency by interview."""
    from gtpipe.pipeline.stages import THEORETICAL_CODE

    run_derived(THEORETICAL_CODE, strict)


def run_derived(stage, strict: bool) -> None:
    """Run a stage that writes derived files alone, and show what changed."""
    from gtpipe.pipeline import run
    from gtpipe.store.layout import Study

    with progress(stage.name) as tell:
        result = run.run_stage(Study.find(), stage, progress=tell)
    show_result(result)
    show_notes(result.problems)
    if strict and result.problems:
        raise typer.Exit(1)


def show_result(result, already: tuple[str, ...] = ()) -> None:
    """What changed, and why. `already` are the reasons that the stage before gave."""
    for remark in getattr(result, "remarks", ()):
        say(f"{result.stage}: {remark}")
    sheets = [path for path in result.changed if not path.startswith("data/derived/")]
    for path in sheets:
        out(f"{result.stage}: wrote {path}")
    derived = [path for path in result.changed if path not in sheets]
    if derived:
        how = "made" if result.is_first else "changed"
        what = ", ".join(derived) if len(derived) <= 3 else count(len(derived), "file")
        why = "first run on this computer" if result.is_first else some(result.because)
        why = "for the same reasons" if result.because == already else why
        out(f"{result.stage}: {what} {how}" + (f" ({why})" if result.because else ""))
    if not result.changed:
        out(f"{result.stage}: nothing changed")


def some(reasons: tuple[str, ...], most: int = 3) -> str:
    """The first reasons, and how many there are more."""
    more = f"; {count(len(reasons) - most, 'other change')}" if len(reasons) > most else ""
    return "; ".join(reasons[:most]) + more


def show_notes(problems) -> None:
    """How many notes there are; `check` shows them."""
    if problems:
        say(f"{count(len(problems), 'note')}: `gtpipe check` shows them")
