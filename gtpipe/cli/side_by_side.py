"""`gtpipe compare A B`: two codes against each other; in two columns where the terminal is wide enough."""

from __future__ import annotations

from gtpipe.cli.looking import HEADER, by_interview, closing, entry_of, head, row
from gtpipe.model.problems import UsageError
from gtpipe.render import blocks
from gtpipe.render.blocks import GAP, Piece
from gtpipe.render.terminal import Format, count, show_table

SHARED = "Shared is where both stand in one turn and their words overlap; a whole turn overlaps each of its stretches."


def show(named: tuple[str, ...], format: Format) -> None:
    """Print what two codes, focused codes or categories share, and what only one holds."""
    from gtpipe.analysis.comparison import Looking, side_by_side
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    read = load(Study.find())
    things = read.resolve_all(named)
    if things[0] == things[1]:
        raise UsageError(
            f'{named[0]} and {named[1]}: both are the {things[0].kind} "{things[0].label}"; name two'
        )
    names = _names(things)
    looking = Looking(read.material, read.codings, read.current)
    views = [looking.views(thing) for thing in things]
    found = side_by_side(*views)
    if format is not Format.table:
        show_table(("where", "codes", *HEADER), _rows(found, things, names), format)
    else:
        _show(things, names, views, found, looking, read)
    closing(read, zip(things, named))


def _names(things) -> tuple[str, str]:
    """The two labels; with their levels where they are one label."""
    one, other = things
    if one.label == other.label:
        return f"{one.level}: {one.label}", f"{other.level}: {other.label}"
    return one.label, other.label


def _rows(found, things, names):
    """Each incident once: where it is held, under which codes, and the incident."""
    from gtpipe.analysis.comparison import BOTH, merged

    rows = []
    own = _own(things)
    for turn in found.both:
        theirs = {view.span: view for view in turn.theirs}
        rows += [
            (BOTH, list(names), merged(view, theirs.pop(view.span)))
            if view.span in theirs
            else (BOTH, [names[0]], view)
            for view in turn.ours
        ]
        rows += [(BOTH, [names[1]], view) for view in theirs.values()]
    for name, views in zip(names, (found.ours, found.theirs)):
        rows += [(name, [name], view) for view in views]
    return [(where, codes, *row(_without(view, own))) for where, codes, view in rows]


def _own(things) -> set[str]:
    """The two as they are told beside a turn."""
    from gtpipe.model.records import INITIAL

    return {
        thing.label if thing.level == INITIAL else f"{thing.level}: {thing.label}"
        for thing in things
    }


def _without(view, own: set[str]):
    """The view without the two among the codes beside it, where both are known to stand there."""
    return view._replace(beside=tuple(code for code in view.beside if code not in own))


def _show(things, names, views, found, looking, read) -> None:
    from gtpipe.analysis.annotations import COMPARISON, Noted
    from gtpipe.analysis.comparison import people
    from gtpipe.render.pages import summary

    memos, comments = Noted.of_memos(read.material, COMPARISON), Noted.of_comments(read.material)
    wide = blocks.is_wide()
    entries = [entry_of(thing, looking) for thing in things]
    heads = [
        [*head(thing, entry), Piece(summary(held), style="dim")]
        for thing, entry, held in zip(things, entries, views)
    ]
    _columns([(heads[0], heads[1])], wide)
    one, other = (set(people(held)) for held in views)
    blocks.show(
        [
            GAP,
            Piece(f"Participants with both: {_list(one & other)}"),
            Piece(f'coded "{names[0]}", not coded "{names[1]}": {_list(one - other)}'),
            Piece(f'coded "{names[1]}", not coded "{names[0]}": {_list(other - one)}'),
        ]
    )
    blocks.show([GAP, Piece("Both", style="bold reverse"), *_shared_head(found, names)])
    blocks.show(_shared(found, things, names, read, memos, comments))
    blocks.show([GAP])
    alone = [
        [Piece(f'Only "{name}"', style="bold reverse"), Piece(summary(held), style="dim")]
        for name, held in zip(names, (found.ours, found.theirs))
    ]
    if not wide:
        for top, held in zip(alone, (found.ours, found.theirs)):
            blocks.show([*top, *by_interview(held, read, memos, comments), GAP])
    else:
        pairs = [(alone[0], alone[1])]
        for interview in read.material.interviews:
            mine, theirs = (
                [view for view in held if view.interview == interview]
                for held in (found.ours, found.theirs)
            )
            if mine or theirs:
                pairs.append(
                    tuple(
                        list(by_interview(held, read, memos, comments)) for held in (mine, theirs)
                    )
                )
        blocks.show_beside(pairs)
        blocks.show([GAP])
    told = [
        memo
        for memo in memos.about(things[0].level, entries[0])
        if memo in memos.about(things[1].level, entries[1])
    ]
    if told:
        blocks.show(
            [
                Piece("Memos that compare them", style="bold underline"),
                *(
                    Piece(f"{memo.title}{f' ({memo.by})' if memo.by else ''}: {memo.name}", 2)
                    for memo in told
                ),
            ]
        )


def _columns(pairs, wide: bool) -> None:
    if wide:
        blocks.show_beside(pairs)
        return
    for left, right in pairs:
        blocks.show([*left, GAP, *right])


def _list(names) -> str:
    from gtpipe.model.records import label_order

    return ", ".join(sorted(names, key=label_order)) or "nobody"


def _shared_head(found, names):
    from gtpipe.analysis.comparison import people

    yield Piece(SHARED, style="dim")
    if not found.both:
        yield Piece("No incident is shared.", style="dim")
        return
    mine, theirs = (sum(len(turn[side]) for turn in found.both) for side in (0, 1))
    who = ", ".join(people(view for turn in found.both for view in turn.ours)) or "none"
    yield Piece(
        f'{count(len(found.both), "turn")}: {count(mine, "incident")} of "{names[0]}", {theirs} of "{names[1]}". '
        f"Participants: {who}.",
        style="dim",
    )


def _shared(found, things, names, read, memos, comments):
    """Each turn once, with the words of either code in it."""
    from gtpipe.analysis.comparison import merged
    from gtpipe.model.records import one_line
    from gtpipe.render import pages

    own, last = _own(things), None
    for turn in found.both:
        views = (*turn.ours, *turn.theirs)
        first = views[0]
        yield GAP
        if first.interview != last:
            date = read.material.interviews[first.interview].date
            yield Piece(first.interview + (f" · {date}" if date else ""), style="bold underline")
            last = first.interview
        whole = first
        for view in views[1:]:
            whole = merged(whole, view)
        same = len({view.span for view in views}) == 1
        whole = _without(
            whole._replace(
                span=first.span if same else None, words=None, notes=(), through=(), in_vivo=False
            ),
            own,
        )
        told = []
        for name, held in zip(names, (turn.ours, turn.theirs)):
            for view in held:
                told.append(
                    (f'"{name}"', "the whole turn" if view.words is None else one_line(view.words))
                )
                told += [
                    (kind, text)
                    for kind, text in pages.details(
                        view._replace(words=None, beside=(), in_vivo=False)
                    )
                ]
        told += pages.details(whole)
        noted = dict.fromkeys(memo for view in views for memo in memos.at(view))
        told += [("memo", f"{memo.title} ({memo.name})") for memo in noted]
        said = dict.fromkeys(comment for view in views for comment in comments.at(view))
        told += [
            (f"comment ({comment.by})" if comment.by else "comment", comment.comment)
            for comment in said
        ]
        yield from blocks.incident(whole, told)
