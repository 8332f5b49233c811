"""What `gtpipe diff` and `gtpipe history` show: what
changed point by point, and the life of all codes or of one.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence

from gtpipe.history import chart, coding_wording, counting, timeline, wording
from gtpipe.history.changes import Changes
from gtpipe.history.timeline import Life, Moment
from gtpipe.history.version_reader import NOW
from gtpipe.history.versions import Version
from gtpipe.history.wording import Section
from gtpipe.model.level import FOCUSED, INITIAL
from gtpipe.model.plural import count
from gtpipe.render import blocks
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.tables import Row
from gtpipe.render.terminal import block, clean, console, out
from gtpipe.text.markdown import plain

HEADER = tuple("commit date author subject tags codes focused-codes changes why memos".split())
NARROW, WIDEST = 80, 120  # columns of the chart
_COLOURS = {
    **dict.fromkeys(("new", "added", "written", "defined", "unparked"), "green"),
    **dict.fromkeys(("gone", "removed", "undefined"), "red"),
    **dict.fromkeys(
        ("renamed", "merged", "split", "moved", "recoded", "redefined", "changed", "renumbered"),
        "cyan",
    ),
    "parked": "yellow",
}

# --- what changed ---------------------------------------------------------------------------------


def diff_data(
    changes: Changes, before: Version, after: Version, resolve: Callable[[str], str]
) -> dict[str, object]:
    """For programs: both ends with their commits, every change,
    and notes on what could not be read.
    """

    def end(version: Version) -> dict[str, str | None]:
        commit = None if version.name == NOW else resolve(version.name)
        return {"name": version.name, "commit": commit}

    notes = [problem.what for problem in (*before.problems, *after.problems)]
    return {"from": end(before), "to": end(after), **as_data(changes), "notes": notes}


def show_diff(title: str, sections: Sequence[Section]) -> None:
    block(title, style="bold")
    for section in sections:
        out()
        block(section.title, style="bold underline")
        width = max(len(point.mark) for point in section.points)
        for point in section.points:
            _show_point(point.mark, point.text, width)
            for line in point.under:
                _show_point("", line, width + 2)


def _show_point(mark: str, text: str, width: int) -> None:
    """A word in front, and the words beside it, wrapped under themselves."""
    if not sys.stdout.isatty():
        out(f"  {mark:<{width}}  {text}")
        return
    from rich.table import Table
    from rich.text import Text

    shown = Text(clean(text))
    shown.highlight_regex(r"\[-.*?-\]", "red")
    shown.highlight_regex(r"\{\+.*?\+\}", "green")
    grid = Table.grid()
    grid.add_column(width=2)
    grid.add_column(width=width + 2)
    grid.add_column(overflow="fold")
    grid.add_row("", Text(mark, style=_COLOURS.get(mark, "")), shown)
    console().print(grid)


# --- the life of codes ----------------------------------------------------------------------------


def row(moment: Moment, of_one: bool) -> Row:
    commit, labels = moment.commit, moment.version.labels
    return (
        commit.hash,
        commit.date,
        commit.author,
        commit.subject,
        list(moment.tags),
        len(labels[INITIAL]),
        len(labels[FOCUSED]),
        points(moment) if of_one else counting.phrases(moment.changes),
        [reason.why for reason in moment.reasons],
        [memo.after for memo in moment.memos],
    )


def points(moment: Moment) -> list[str]:
    """What a moment tells, point by point."""
    return [
        "; ".join((f"{point.mark} {point.text}", *point.under))
        for section in wording.sections(moment.changes)
        if section.title != "Memos"
        for point in section.points
    ]


def life_of_all(moments: list[Moment], shown: Sequence[Moment]) -> Iterator[Block]:
    """Moment by moment, with counts; then how many codes there were over time."""
    yield from blocks.between(_moment(one, counting.phrases(one.changes)) for one in shown)
    width = NARROW
    if sys.stdout.isatty():
        width = min(shutil.get_terminal_size((NARROW, 24)).columns, WIDEST)
    counts = timeline.counts(moments)
    lines = chart.chart(counts, width)
    if lines:
        if shown:
            yield GAP
        yield Block(f"Codes over time, now {count(counts[-1][1], 'code')}", style="bold")
        yield from map(Block, lines)


def life_of_one(life: Life, shown: Sequence[Moment], typed: str) -> Iterator[Block]:
    """One code, moment by moment and point by point; `typed` where an old label led on to it."""
    name = f'"{"focused: " if life.level == FOCUSED else ""}{life.label}"'
    once = f', once "{typed}"' if life.leads_on else ""
    yield Block(name + once + (" (gone)" if life.is_gone else ""), style="bold")
    yield GAP
    yield from blocks.between(_moment(one, points(one)) for one in shown)


def _moment(moment: Moment, lines: Sequence[str]) -> Iterator[Block]:
    commit = moment.commit
    tags = f"  [{', '.join(moment.tags)}]" if moment.tags else ""
    who = f"{commit.date}  {commit.hash[:7]}  {commit.author}" if commit.hash else ""
    yield Block(f"{who}: {commit.subject}{tags}" if who else commit.subject, style="bold cyan")
    for line in lines:
        yield Block(line, 4)
    for why in reasons(moment):
        yield Block(f"why: {why}", 4, "italic")
    for memo in moment.memos:
        yield Block(f"memo: {memo.after}", 4, "italic")


def reasons(moment: Moment) -> list[str]:
    """The reasons given at a moment, each once, with who gave it."""
    given = dict.fromkeys((reason.why, reason.by) for reason in moment.reasons)
    return [f"{why} ({by})" if by else why for why, by in given]


def markdown(title: str, sections: list[Section]) -> str:
    """The sections as Markdown; what people wrote is shown as they typed it."""
    lines = [f"## {plain(title)}", ""]
    for section in sections:
        lines += [f"### {section.title}", ""]
        for point in section.points:
            lines.append(f"- **{point.mark}** {plain(point.text)}")
            lines += [f"  - {plain(line)}" for line in point.under]
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def as_data(changes: Changes) -> dict[str, object]:
    """Everything, as JSON holds it: `things` are changes of entries, `applications` changes of
    codings.
    """
    return {
        "things": [
            {
                "what": change.what,
                "kind": change.kind,
                "label": change.label,
                "others": list(change.others),
                "field": change.field,
                "before": change.before,
                "after": change.after,
                "shared": list(change.shared) if change.shared else None,
                "count": change.applications,
            }
            for change in changes.entry_changes
        ],
        "applications": [
            {
                "kind": one.kind,
                "interview": one.at.interview,
                "turn": one.at.turn,
                "participant": coding_wording.participant(one.at, changes),
                "coder": ((changes.new.first and changes.new) or changes.old).coder(one.at.coder),
                "level": one.at.level,
                "before": None
                if one.before is None
                else {"label": one.before.label, "words": one.before.words},
                "after": None
                if one.after is None
                else {"label": one.after.label, "words": one.after.words},
                "note": one.note,
            }
            for one in changes.codings
        ],
        "transcripts": [
            {
                "interview": one.interview,
                "kind": one.kind,
                "corrected": list(one.corrected),
                "added": list(one.added),
                "gone": list(one.gone),
            }
            for one in changes.transcripts
        ],
    }
