"""Books that each person keeps in a file of their own, so that what two people add merges.

`comments.yaml` is the first researcher's, `comments.KR.yaml` another's, as with sheets. All are
read together, in one order. Used for comments and sampling.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def path_of(book: str, coder: str, default_coder: str) -> str:
    """The file of `book` (`data/comments.yaml`) that `coder` adds to."""
    return book if coder == default_coder else f"{book.removesuffix('.yaml')}.{coder}.yaml"


def is_of(path: str, book: str) -> bool:
    """Whether `path` is `book` or one person's file of it."""
    return path == book or bool(initials_of(path, book))


def initials_of(path: str, book: str) -> str:
    """Whose file of `book` this is by its name; '' for `book` itself, and for any other file."""
    stem = book.removesuffix("yaml")
    initials = path.removeprefix(stem).removesuffix(".yaml")
    return initials if path == f"{stem}{initials}.yaml" and initials.isalnum() else ""


def paths(files: Iterable[str], book: str) -> list[str]:
    """Those of `files` that are of `book`: its first file, then the others by initials."""
    found = (path for path in files if is_of(path, book))
    return sorted(found, key=lambda path: (path != book, path.casefold(), path))


def number_after(path: str, standing: Iterable[str], book: str) -> int:
    """The number, among all entries, of one more at the end of `path`; `standing`: where each of
    them stands.
    """
    standing = list(standing)
    before = paths({path, *standing}, book)
    before = before[: before.index(path) + 1]
    return sum(other in before for other in standing) + 1


def place_in_file(number: int, standing: Sequence[str]) -> int:
    """Which one of its own file the entry `number` of all is, both counted from 1; `standing` as
    above.
    """
    return standing[:number].count(standing[number - 1])
