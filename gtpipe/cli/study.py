"""`init`, `run`, `status`, `check`: the study as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli import options
from gtpipe.cli.options import Engine, FormatOption, Strict, Why
from gtpipe.cli.reading import hold
from gtpipe.model import limits
from gtpipe.model.approach import APPROACHES, GROUNDED_THEORY
from gtpipe.model.plural import count
from gtpipe.model.problems import UserError
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import out, progress, say, show_problems

MOST_WAITING = 25

if TYPE_CHECKING:
    from gtpipe.store.layout import Study


def register(app: typer.Typer) -> None:
    app.command()(init)
    app.command()(run)
    app.command()(status)
    app.command()(check)


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The study's folder; made where it is missing.")
    ] = Path("."),
    git: Annotated[
        str, typer.Option(help="What git is to hold: no-sources or everything.")
    ] = "no-sources",
    name: Annotated[str, typer.Option(help="The study's name; the folder's, if not given.")] = "",
    approach: Annotated[
        str, typer.Option(help=f"How you work: {', '.join(APPROACHES)}.")
    ] = GROUNDED_THEORY.name,
    researcher: Annotated[
        list[str] | None,
        typer.Option(
            help='Who codes, like "PM: Full Name". Again for each person; the first is the default.'
        ),
    ] = None,
) -> None:
    """Begin a study: settings, folders, and what git is to hold.

    gtpipe init peer-support --researcher "PM: Pat Morgan"
    """
    from gtpipe.commands import begin_study

    written = begin_study.init(
        folder, git=git, name=name, researchers=tuple(researcher or ()), approach=approach
    )
    for path in written:
        out(str(folder / path))
    say()
    say(begin_study.what_git_holds(git))
    say()
    place = "" if folder == Path(".") else f"cd {folder}, then "
    say(
        f"Next: {place}look through pipeline.yaml, and `gtpipe ingest FILE…` for your first "
        "transcripts."
    )


def run(why: Why = "", strict: Strict = False, engine: Engine = "") -> None:
    """Read new sources, and run every stage that needs it."""
    from gtpipe.pipeline import freshness
    from gtpipe.store import seen
    from gtpipe.store.layout import Study
    from gtpipe.study import engine as engines
    from gtpipe.study import load

    study = Study.find()
    with engines.by(engine), seen.doubted(strict):
        try:
            noted = _run(study, why)
            _take_away_the_gone(study)
        except UserError:
            _take_away_the_gone(study, turns=True)
            raise
        finally:
            freshness.forget(study)
        if strict and (noted or any(not problem.is_error for problem in load(study).told())):
            raise typer.Exit(1)


def _take_away_the_gone(study: Study, *, turns: bool = False) -> None:
    """What is laid out of people who are gone goes, also where a stage could not run."""
    from gtpipe.pipeline.run import take_away_the_gone

    paths = take_away_the_gone(study, turns=turns)
    if paths:
        say(f"Taken away, as it quotes what is gone from the study: {limits.some(paths, 3)}")


def _run(study: Study, why: str) -> bool:
    """Run what needs it; whether anything was noted of sources."""
    from gtpipe.cli.ingest import show_ingested
    from gtpipe.cli.stages import show_notes, show_result
    from gtpipe.commands import ingest
    from gtpipe.pipeline.run import run_stale, take_away
    from gtpipe.pipeline.stages import INGEST
    from gtpipe.sources.options import Options
    from gtpipe.store.layout import Snapshot

    noted = False
    if INGEST in Snapshot(study).settings().stages:
        with progress("ingest") as tell:
            report = ingest.ingest(study, [], Options(why=why), tell)
        show_ingested(report, study)
        noted = bool(report.problems)
    gone = take_away(study)
    if gone:
        say(f"Taken away, as their stage is off: {limits.some(gone, 3)}")
    last = None
    told: list[str] = []
    with progress("run") as tell:
        for result in run_stale(study, why, tell):
            if isinstance(result, str):
                out(f"{result}: fresh")
            else:
                show_result(result, told)
                last = result
                told += result.because
    if last is not None:
        show_notes(last.problems)
    return noted


def status(
    all: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Also turns without a code, codes without a definition or not taken up, and what "
            "else is not complete: nothing has to be.",
        ),
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """See what is up to date, and what waits for you."""
    from gtpipe.cli.stages import some
    from gtpipe.pipeline.freshness import states
    from gtpipe.pipeline.stages import INGEST
    from gtpipe.pipeline.waiting import promised, unfinished, waiting
    from gtpipe.store.layout import Snapshot, Study
    from gtpipe.study import load

    study = Study.find()
    snapshot = Snapshot(study)
    corpus = hold(load(study, snapshot))
    stages = states(study, snapshot)
    errors = corpus.told_errors()
    waits = [*waiting(corpus), *promised(corpus, options.today())]
    left = unfinished(corpus) if all else []
    if format is not Format.table:
        rows = [("stage", name, state, list(why)) for name, state, why in stages]
        rows += [("waits", "", command, [what]) for what, command in waits]
        rows += [("unfinished", "", command, [what]) for what, command in left]
        rows += [("problem", p.path, p.severity, [p.what]) for p in errors]
        write_rows(("kind", "name", "state", "why"), rows, format)
        return
    out(corpus.settings.study)
    for name, state, why in stages:
        out(f"  {name:<16} {state}" + (f": {some(tuple(why))}" if why else ""))
    if errors:
        out(
            f"\n{count(len(errors), 'error')} in your files: "
            "`gtpipe check` shows where, and what to do."
        )
    begun = bool(corpus.material.interviews)
    if begun and any(state != "fresh" and name != INGEST for name, state, _ in stages):
        out("\n`gtpipe run` brings the stages up to date.")
    out("\nWaiting for you:" if waits else "\nNothing waits for you.")
    for what, command in waits[:MOST_WAITING]:
        out(f"  {what}  ({command})")
    if len(waits) > MOST_WAITING:
        out(f"  and {len(waits) - MOST_WAITING} more (--format csv lists all)")
    if left:
        out("\nNot complete, and need not be:")
    for what, command in left:
        out(f"  {what}  ({command})")


def check(strict: Strict = False, format: FormatOption = Format.table) -> None:
    """List every problem in your files, and what to do."""
    from gtpipe.model.problems import in_file_order
    from gtpipe.pipeline.waiting import folded
    from gtpipe.sources import look_for_names
    from gtpipe.store import seen
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    study = Study.find()
    with seen.doubted(strict):
        corpus = hold(load(study, lenient=True))
        problems = corpus.told()
    if corpus.settings.names:
        problems = in_file_order((*problems, *look_for_names.problems_of(study)))
    errors = sum(problem.is_error for problem in problems)
    if format is not Format.table:
        write_rows(
            ("severity", "path", "line", "what", "do"),
            [(p.severity, p.path, p.line or "", p.what, p.do) for p in problems],
            format,
        )
    else:
        show_problems(problems, study.root, out)
        left = "" if errors else folded(corpus)  # what cannot be read is not counted
        if left:
            out(
                f"Left as it is: {left}. `gtpipe status --all` says which; "
                "nothing has to be complete."
            )
        say(
            f"{count(errors, 'error')}, {count(len(problems) - errors, 'note')}"
            if problems
            else "no errors, no notes"
        )
    if errors or (strict and problems):
        raise typer.Exit(1)
