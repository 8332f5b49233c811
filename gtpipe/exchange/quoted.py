"""Where stretches stand whose words the file quotes in full: what stands elsewhere goes by its
words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gtpipe.exchange import positions
from gtpipe.exchange.positions import CONVENTIONS, Convention, Stretch
from gtpipe.model.problems import UserError

BY_WORDS = (-1, -1)


def spans_of(
    texts: Mapping[str, str],
    stretches: Sequence[Stretch],
    what: str,
    conventions: Iterable[Convention] = CONVENTIONS,
) -> tuple[list[tuple[int, int]], tuple[str, ...]]:
    """The places of stretches in the plain texts, `BY_WORDS` where other words stand there; and
    what is told of it. `what` they are, in the plural.

    Raises UserError where no way of counting brings most of them to their words.
    """
    if not stretches:
        return [], ()
    found = positions.find(texts, stretches, conventions)
    plain = {id: positions.plain(text) for id, text in texts.items()}
    spans = [
        span
        if span and (not one.words or positions.says(plain[one.text][slice(*span)], one.words))
        else BY_WORDS
        for one, span in zip(stretches, found.spans, strict=True)
    ]
    strayed = spans.count(BY_WORDS)
    if 2 * strayed > len(spans):
        raise UserError.of(
            f"no way of counting explains the places in this file: {strayed} of {len(spans)} "
            f"{what} have other words than stand at their places",
            "Were its texts changed after they were coded? Export it again from its program",
        )
    more = f"{strayed} of {len(spans)} {what}: other words stand at the place, so the words decide"
    return spans, (found.told, more) if strayed else (found.told,)
