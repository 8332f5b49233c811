"""`gtpipe compare --new`: each incident of what came last, and the earlier ones that it must be held against."""

from __future__ import annotations

from gtpipe.cli.looking import closing
from gtpipe.model.problems import UsageError, UserError, error, in_shell
from gtpipe.render import blocks
from gtpipe.render.blocks import GAP, Piece
from gtpipe.render.terminal import Format, show_table

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


def show(name: str | None, by: str, most: int, wanted: str, format: Format) -> None:
    """Print the incidents of an interview, or of the last one that is coded, each beside earlier ones of its codes."""
    from gtpipe.analysis import comparison
    from gtpipe.commands import compare
    from gtpipe.commands.find import find_incident
    from gtpipe.model.anchor import overlap, stretches
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    read = load(Study.find())
    material, codings = read.material, read.codings
    attribute = compare.attribute(read, by) if by else ""
    one = find_incident(read, wanted, "--incident")[0] if wanted else None
    last = one.interview if one else comparison.last_coded(material, codings)
    interview = compare.interview_to_compare(read, name, last)
    if one is not None and one.interview != interview.name:
        raise UsageError(f"{wanted}: this is not an incident of {interview.name}")
    found = comparison.newest(material, codings, interview.name, attribute=attribute, most=most)
    if one is not None:
        span = None if one.words is None else stretches(interview.turn(one.turn).text, one.words)[0]
        found = [new for new in found if new.view.turn == one.turn and overlap(new.view.span, span)]
        if not found:
            raise UserError(
                error(
                    interview.path,
                    interview.turn(one.turn).line,
                    f"no code stands at {one.address}",
                    f"`gtpipe code {interview.name} {one.turn}` shows the turn",
                )
            )
    if format is not Format.table:
        show_table(HEADER, [row for new in found for row in _rows(new)], format)
    else:
        _show(interview, found, attribute, material)
    closing(read)


def _rows(new):
    """A row for each earlier incident; one with nothing in its columns where there is none."""
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
        seen = earlier.view
        yield (
            *own,
            seen.interview,
            seen.turn,
            seen.participant,
            seen.words or "",
            seen.spoken.text,
            list(earlier.codes),
            new.more,
        )


def _show(interview, found, attribute: str, material) -> None:
    values = {
        name: dict(participant.attributes).get(attribute, "")
        for name, participant in material.participants.items()
    }
    wide = blocks.is_wide()
    blocks.show(
        [
            Piece(
                interview.name + (f" · {interview.date}" if interview.date else ""), style="bold"
            ),
            Piece(
                "Each incident, and earlier ones of its codes: "
                + (f"participants of another {attribute} first, " if attribute else "")
                + "other participants before the same, "
                "then in study order.",
                style="dim",
            ),
        ]
    )
    for new in found:
        left, right = list(_new(new, attribute, values)), list(_earlier(new, attribute, values))
        blocks.show([GAP])
        if wide:
            blocks.show_beside([(left, right)])
        else:
            blocks.show(
                [
                    *left,
                    *(
                        piece._replace(indent=piece.indent + 4) if piece.text else piece
                        for piece in right
                    ),
                ]
            )


def _new(new, attribute: str, values: dict[str, str]):
    from gtpipe.render import pages

    told = [
        *pages.details(new.view._replace(beside=(), in_vivo=False)),
        ("codes", "; ".join(new.codes)),
    ]
    if new.view.beside:
        told.append(("beside it", "; ".join(new.view.beside)))
    yield from blocks.incident(new.view, told, _title(new.view, attribute, values))


def _earlier(new, attribute: str, values: dict[str, str]):
    """The earlier incidents; what is new here is said first."""
    if new.first and len(new.first) == len(new.codes):
        yield Piece(f"The first of its {'code' if len(new.codes) == 1 else 'codes'}.", style="dim")
        return
    if new.first:
        yield Piece(f"The first of: {'; '.join(new.first)}", style="dim")
    for number, earlier in enumerate(new.earlier):
        if number:
            yield GAP
        told = (
            [("words", " ".join(earlier.view.words.split()))]
            if earlier.view.words is not None
            else []
        )
        told.append(
            ("same code" if len(earlier.codes) == 1 else "same codes", "; ".join(earlier.codes))
        )
        yield from blocks.incident(earlier.view, told, _title(earlier.view, attribute, values))
    if new.more:
        shared = dict.fromkeys(code for code in new.codes if code not in new.first)
        yield GAP
        yield Piece(
            f"{new.more} more: " + "; ".join(f"gtpipe compare {in_shell(code)}" for code in shared),
            style="dim",
        )


def _title(view, attribute: str, values: dict[str, str]) -> str:
    from gtpipe.render import pages

    known = attribute and view.participant
    return pages.title(view) + (
        f" · {attribute}: {values.get(view.participant) or 'not known'}" if known else ""
    )
