"""Where each interview was left: the desk and the line-by-line form go on there."""

from __future__ import annotations

from gtpipe.store import cache
from gtpipe.store.layout import Study

_FILE = "coding.json"


def left(study: Study, interview: str, coder: str) -> str:
    """The turn where it was left, '' where it was not, or was gone through."""
    return _kept(study).get(f"{interview} {coder}", "")


def last(study: Study, coder: str) -> str:
    """The interview that the coder was at last, '' where that is not kept."""
    return _kept(study).get(f" {coder}", "")


def leave(study: Study, interview: str, coder: str, turn: str | None) -> None:
    """Keep where to go on; with None, that it was gone through."""
    kept = _kept(study)
    if turn is None:
        kept.pop(f"{interview} {coder}", None)
    else:
        kept[f"{interview} {coder}"] = turn
    kept[f" {coder}"] = interview
    cache.save_json(study, _FILE, kept)


def _kept(study: Study) -> dict[str, str]:
    return {key: str(value) for key, value in cache.load_json(study, _FILE).items()}
