"""What `gtpipe names apply` shows: turns and what hangs on them, pseudonyms in place of names; and
the rows of `gtpipe names suggest`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gtpipe.analysis.pseudonyms import Pseudonyms, around
from gtpipe.model.plural import count
from gtpipe.model.records import Where
from gtpipe.suggest.likely_names import LikelyName

LIKELY = ("name", "times", "why", "where")
_PLACES = 4  # named of a likely name, in a table


def likely_row(likely: LikelyName, *, is_short: bool) -> tuple[str, int, str, str]:
    """A row of `LIKELY`."""
    shown = likely.places[:_PLACES] if is_short else likely.places
    more = f" and {len(likely.places) - len(shown)} more" * (len(shown) < len(likely.places))
    return likely.name, likely.times, ", ".join(likely.why), ", ".join(shown) + more


def lines(
    put: Pseudonyms, follows: Iterable[tuple[Where, str]], messages: Iterable[str]
) -> Iterator[str]:
    edits = [edit for edited in put.turns.values() for edit in edited.edits]
    follows = tuple(follows)
    if not edits and not put.labels and not follows:
        yield f"names: {put.interview.name}: nothing to put in"
        return
    of_list = ", ".join(map(str, sorted({edit.line for edit in edits})))
    listed = f", line{'s' if ',' in of_list else ''} {of_list} of the list" if of_list else ""
    where = count(len(put.turns), "turn")
    yield f"names: {put.interview.name}: {count(len(edits), 'name')} in {where}{listed}"
    for label in dict.fromkeys(put.labels.values()):
        yield f"  a speaker is labelled {label}"
    for id, edited in put.turns.items():
        for edit in edited.edits:
            yield f"  {id}: {around(edited, (edit.start, edit.end))}"
    if follows:
        yield "What hangs on these words follows:"
    for where_from, shown in follows:
        yield f"  {where_from.path}:{where_from.line}: {shown}"
    for message in messages:
        yield f"  {message}"
