"""What `gtpipe compare --new` shows: what came last beside earlier incidents of its codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gtpipe.analysis.comparison import Newest
from gtpipe.analysis.incidents import View
from gtpipe.model.problems import in_shell
from gtpipe.model.records import Interview, Material, one_line
from gtpipe.render import blocks
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.incidents import as_blocks, details, title
from gtpipe.render.tables import Row

HEADER = (
    "interview",
    "turn",
    "participant",
    "coders",
    "words",
    "text",
    "codes",
    "first",
    "earlier-interview",
    "earlier-turn",
    "earlier-participant",
    "earlier-words",
    "earlier-text",
    "same-codes",
    "more",
)


def rows(new: Newest) -> Iterator[Row]:
    """A row under HEADER for each earlier incident; one with
    nothing in its columns where there is none.
    """
    view = new.view
    own = (
        view.interview,
        view.turn,
        view.participant,
        list(view.coders),
        view.words or "",
        view.spoken.text,
        list(new.codes),
        list(new.first),
    )
    if not new.earlier:
        yield (*own, "", "", "", "", "", [], new.more)
    for earlier in new.earlier:
        yield (
            *own,
            earlier.view.interview,
            earlier.view.turn,
            earlier.view.participant,
            earlier.view.words or "",
            earlier.view.spoken.text,
            list(earlier.codes),
            new.more,
        )


def show(interview: Interview, found: Iterable[Newest], attribute: str, material: Material) -> None:
    """Print each new incident beside the earlier ones of its
    codes, or above them on a narrow terminal.
    """
    values = {
        name: dict(participant.attributes).get(attribute, "")
        for name, participant in material.participants.items()
    }
    blocks.show(
        [
            Block(
                interview.name + (f" · {interview.date}" if interview.date else ""), style="bold"
            ),
            Block(
                "Each incident, and earlier ones of its codes: "
                + (f"participants of another {attribute} first, " if attribute else "")
                + "other participants before the same, then in study order.",
                style="dim",
            ),
        ]
    )
    wide = blocks.is_wide()
    for new in found:
        left = list(_new(new, attribute, values))
        right = list(_earlier(new, attribute, values))
        blocks.show([GAP])
        if wide:
            blocks.show_beside([(left, right)])
        else:
            blocks.show(left)
            blocks.show(
                each._replace(indent=each.indent + 4) if each.text else each for each in right
            )


def _new(new: Newest, attribute: str, values: dict[str, str]) -> Iterator[Block]:
    told = details(new.view._replace(beside=(), in_vivo=False))
    told.append(("codes", "; ".join(new.codes)))
    if new.view.beside:
        told.append(("also coded here", "; ".join(new.view.beside)))
    yield from as_blocks(new.view, told, _with_attribute(new.view, attribute, values))


def _earlier(new: Newest, attribute: str, values: dict[str, str]) -> Iterator[Block]:
    """The earlier incidents; what is new here is said first."""
    if new.first and len(new.first) == len(new.codes):
        codes = "this code" if len(new.codes) == 1 else "these codes"
        yield Block(f"First incident of {codes}.", style="dim")
        return
    if new.first:
        yield Block(f"First incident of: {'; '.join(new.first)}", style="dim")
    for number, earlier in enumerate(new.earlier):
        if number:
            yield GAP
        told = [] if earlier.view.words is None else [("words", one_line(earlier.view.words))]
        same = "same code" if len(earlier.codes) == 1 else "same codes"
        told.append((same, "; ".join(earlier.codes)))
        yield from as_blocks(earlier.view, told, _with_attribute(earlier.view, attribute, values))
    if new.more:
        shared = dict.fromkeys(code for code in new.codes if code not in new.first)
        commands = "; ".join(f"gtpipe compare {in_shell(code)}" for code in shared)
        yield GAP
        yield Block(f"{new.more} more: {commands}", style="dim")


def _with_attribute(view: View, attribute: str, values: dict[str, str]) -> str:
    if not (attribute and view.participant):
        return title(view)
    return f"{title(view)} · {attribute}: {values.get(view.participant) or 'not known'}"
