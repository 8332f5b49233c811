"""`sufficiency`, `sampling`, `evaluation`, and `negative` beside them: what a person judges, with the material laid out."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from gtpipe.cli import negative
from gtpipe.cli.find import one_attribute
from gtpipe.cli.options import TAKES_LABELS, By, FormatOption, signed, writer
from gtpipe.cli.reading import not_shown, read_whole
from gtpipe.render.terminal import Format, block, count, out, say, show_table

sampling = typer.Typer(
    help="Who to seek next, and why; codes of one interview only, as prompts and no rule."
)


def register(app: typer.Typer) -> None:
    negative.register(app)
    app.command()(sufficiency)
    app.add_typer(sampling, name="sampling")
    app.command()(evaluation)


# --- sufficiency -----------------------------------------------------------------------------------------------------

JUDGEMENT = "Sufficiency is a judgement with a name under it (Dey 1999), made in words in data/theory.yaml; no number here makes it."


def sufficiency(format: FormatOption = Format.table) -> None:
    """Interview by interview: new codes, what changed, and how far a person judges that the theory copes."""
    from gtpipe.analysis import theory
    from gtpipe.store.layout import FOCUSED_CODES, THEORY

    read = read_whole(FOCUSED_CODES, THEORY)
    table = theory.sufficiency(read.material, read.codings, read.current)
    if format is not Format.table:
        show_table(table.header, table.rows, format)
    elif not table.rows:
        say("no interview yet")
    else:
        _curve([(row[0], row[1]) for row in table.rows])
        coded = {coding.interview for coding in read.codings}
        for row in table.rows:
            _judged(row, row[0] in coded)
        out()
        unsaid = theory.not_said_when(read.material, read.codings)
        if unsaid:
            block(
                f"When these were written is not said: {'; '.join(unsaid)}. "
                "A line `written-after: INTERVIEW` in the entry says so.",
                style="dim",
            )
        block(JUDGEMENT, style="dim")
    not_shown(read)


def _judged(row: tuple, coded: bool) -> None:
    name, new, first, written, modified, judgement, by = row
    out()
    block(name, style="bold")
    block(count(new, "new code") if coded else "not coded yet", 2)
    if first:
        block(f"first incident of: {first}", 2)
    if written:
        block(f"written after it: {written}", 2)
    if modified:
        block(f"modified: {modified}", 2)
    block(f"judgement: {judgement}" + (f" ({by})" if by else ""), 2)


HEIGHT = 8


def _curve(points: list[tuple[str, int]]) -> None:
    """New codes by interview, in study order, in plain characters; interviews side by side share a column where there are many."""
    import shutil

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 80
    room = width - 8
    together = -(-len(points) // room)
    columns = [points[start : start + together] for start in range(0, len(points), together)]
    numbers = [max(number for _, number in column) for column in columns]
    top = max(numbers)
    longest = max(len(name) for name, _ in points) + 2
    wide = longest if longest * len(columns) <= room else max(1, min(4, room // len(columns)))
    block("new codes, interview by interview", style="bold")
    height = min(HEIGHT, top)
    for level in range(height, 0, -1):
        # A bar reaches a level when it comes at least half-way from the one below; a single new code is always to be seen.
        bars = [
            "#" if number and (level == 1 or number * height * 2 >= (2 * level - 1) * top) else ""
            for number in numbers
        ]
        label = str(top) if level == height else ""
        out(
            f"{label:>5} |"
            + "".join(
                f"{' ' * (wide > 2)}{bar * min(3, max(1, wide - 2))}".ljust(wide) for bar in bars
            ).rstrip()
        )
    out(f"{0:>5} +" + "-" * (wide * len(columns)))
    if wide == longest:
        out(" " * 7 + "".join(f" {name}".ljust(wide) for name, _ in points).rstrip())
    elif len(columns) > 1:
        last = f" {points[-1][0]}"
        out(
            " " * 7
            + points[0][0]
            + last.rjust(max(len(last), wide * len(columns) - len(points[0][0])))
        )
    if together > 1:
        out(" " * 7 + f"each column: the highest of {together} interviews")


# --- sampling --------------------------------------------------------------------------------------------------------

NO_RULE = "That is no rule: a single account may carry a theory, and what only one person says may be what the others leave unsaid."


@sampling.callback(invoke_without_command=True)
def list_sampling(
    context: typer.Context,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="ATTRIBUTE",
            show_default=False,
            help="Also codes that participants of one group only hold.",
        ),
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """Who is to be sought next, and codes of one interview only, as prompts and no rule."""
    if context.invoked_subcommand is not None:
        return
    from gtpipe.analysis import holdings, theoretical_sampling
    from gtpipe.store.layout import FOCUSED_CODES, PARTICIPANTS, SAMPLING

    attribute = one_attribute(by)
    read = read_whole(FOCUSED_CODES, PARTICIPANTS, SAMPLING)
    still_open = theoretical_sampling.still_open(read.material)
    prompts = theoretical_sampling.all_prompts(
        read.material, holdings.Holdings(read.material, read.codings, read.current)
    )
    single = theoretical_sampling.one_interview_only(prompts, read.material)
    grouped = (
        theoretical_sampling.one_group_only(attribute, prompts, read.material) if attribute else []
    )
    if format is not Format.table:
        _sampling_rows(still_open, single, grouped, attribute, format)
    else:
        _show_sampling(still_open, single, grouped, attribute)
    not_shown(read)


def _sampling_rows(still_open, single, grouped, by: str, format: Format) -> None:
    header = (
        "kind",
        "number",
        "who",
        "why",
        "for",
        "by",
        "date",
        "level",
        "code",
        "incidents",
        "interviews",
        "participants",
        "group",
    )
    rows: list[tuple] = [
        (
            "to seek",
            number,
            one.who,
            one.why,
            [_typed(named) for named in one.codes],
            one.by,
            one.date,
            "",
            "",
            "",
            [],
            [],
            "",
        )
        for number, one in still_open
    ]
    for kind, prompts in (("one interview only", single), (f"one group only: {by}", grouped)):
        rows += [
            (
                kind,
                "",
                "",
                "",
                [],
                "",
                "",
                one.thing.level,
                one.thing.label,
                one.incidents,
                list(one.interviews),
                list(one.participants),
                one.group,
            )
            for one in prompts
        ]
    show_table(header, rows, format)


def _typed(named) -> str:
    return f"{named.level}: {named.label}" if named.level else named.label


def _show_sampling(still_open, single, grouped, by: str) -> None:
    block("To seek next", style="bold")
    for number, one in still_open:
        block(f"{number}  {one.who}", 2)
        if one.why:
            block(one.why, 5, "italic")
        if one.codes:
            block(f"for: {'; '.join(_typed(named) for named in one.codes)}", 5)
        if one.by or one.date:
            block(", ".join(filter(None, [one.by, one.date])), 5, "dim")
    if not still_open:
        block("nobody noted down: gtpipe sampling add WHO --why … --for CODE", 2, "dim")
    out()
    block("Codes of one interview only", style="bold")
    block(
        f"Who else might speak of them, or speak otherwise? {NO_RULE}" if single else "none",
        2,
        "dim",
    )
    _prompts(single, lambda one: (one.interviews[0], one.participants))
    if by:
        out()
        block(f"Codes of several interviews, of one group only ({by})", style="bold")
        block(f"Who of another group could be asked? {NO_RULE}" if grouped else "none", 2, "dim")
        _prompts(grouped, lambda one: (one.group, one.participants))


def _prompts(prompts, heading) -> None:
    """Codes under a heading each: an interview or group, and the participants' names."""
    under: dict = {}
    for one in prompts:
        under.setdefault(heading(one), []).append(one)
    for (name, people), members in under.items():
        told = ", ".join(people)
        block(name if told in ("", name) else f"{name} · {told}", 2, "cyan")
        for one in members:
            kind = "" if one.thing.level == "initial" else f"{one.thing.kind}, "
            block(f"{one.thing.label} ({kind}{count(one.incidents, 'incident')})", 4)


@sampling.command("add", **TAKES_LABELS)
def add_sampling(
    who: Annotated[
        str, typer.Argument(metavar="WHO", show_default=False, help="Whom to seek: someone who …")
    ],
    why: Annotated[str, typer.Option("--why", help="Why.")] = "",
    codes: Annotated[
        list[str] | None,
        typer.Option("--for", metavar="CODE", help="For which code or category. Again for more."),
    ] = None,
    by: By = "",
) -> None:
    """Note down who to seek next, why, and for which code."""
    from datetime import date

    from gtpipe.commands import sampling
    from gtpipe.store.layout import Study

    study = Study.find()
    coder = writer(study, by)
    path, number, remarks = sampling.seek(
        study, who, why=why, codes=tuple(codes or ()), date=date.today().isoformat(), by=coder
    )
    for remark in remarks:
        say(remark)
    out(
        f"{path}: {number}, {' '.join(who.split())}{signed(coder)}"
        + ("" if why else "; it has no reason yet: `why: …`")
    )


@sampling.command("done", **TAKES_LABELS)
def close_sampling(
    number: Annotated[
        int,
        typer.Argument(metavar="N", show_default=False, help="The number in `gtpipe sampling`."),
    ],
    interview: Annotated[
        str,
        typer.Argument(
            metavar="INTERVIEW",
            show_default=False,
            help="What it led to; or words on what came of it.",
        ),
    ],
    by: By = "",
) -> None:
    """Close an entry with the interview that it led to."""
    from gtpipe.commands import sampling
    from gtpipe.store.layout import Study

    study = Study.find()
    coder = writer(study, by)
    path, who = sampling.found_somebody(study, number, interview, by=coder)
    out(f"{path}: {number} done, {who}: {' '.join(interview.split())}{signed(coder)}")


# --- evaluation ------------------------------------------------------------------------------------------------------


def evaluation(by: By = "", format: FormatOption = Format.table) -> None:
    """Nineteen questions to the study, answered in prose in data/evaluation.md; their pointers to the material laid out anew."""
    from gtpipe.commands import evaluation
    from gtpipe.store import who as whose
    from gtpipe.store.layout import EVALUATION, Study

    study = Study.find()
    if format is not Format.table:
        found = evaluation.answers(study)
        show_table(
            ("criterion", "number", "question", "answered", "line", "answer"),
            [
                (
                    one.question.criterion,
                    one.question.number,
                    one.question.text,
                    "yes" if one.text else "no",
                    f"{EVALUATION}:{one.line}" if one.line else "",
                    one.text,
                )
                for one in found
            ],
            format,
        )
        return
    try:
        changed, found, coder = evaluation.evaluate(study, by)
    except whose.UnknownWriterError:
        changed, found, coder = evaluation.evaluate(study, writer(study, by))
    told = {
        "new": "made; put your answers in it",
        "refreshed": "pointers laid out anew; your answers stand",
        "": "everything stands right",
    }
    out(f"{EVALUATION}: {told[changed]}{signed(coder)}")
    criterion = ""
    for one in found:
        if one.question.criterion != criterion:
            criterion = one.question.criterion
            out()
            block(criterion, style="bold")
        said = "answered" if one.text else "not answered yet" if one.line else "not in the file"
        block(f"{one.question.number}. {one.question.text} — {said}", 2, "" if one.text else "dim")
