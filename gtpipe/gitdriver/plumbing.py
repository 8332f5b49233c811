"""What git calls, with names of files: what a diff shows, and the merge of one file.

`gtpipe git setup` tells git so.

Bytes in, bytes out. Neither fails because of what a file holds: a diff then shows the file, and
git's ordinary merge merges it. Git starts this once for every version of every file in a `git log
-p`, so it runs without the command line of gtpipe, which takes longer to load than all that is to
be done here; `gtpipe git textconv` does the same for people.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from gtpipe.gitdriver import textconv
from gtpipe.model.problems import UserError
from gtpipe.store import placing


def shown(file: str) -> bytes:
    """The content of `file` as a diff shows it. Raises OSError where it cannot be read."""
    content = Path(file).read_bytes()
    try:
        return textconv.shown(content)
    except Exception:  # a diff that fails hides the change altogether
        return content


def merge(base: str, ours: str, theirs: str, marker_size: int = 7) -> bool:
    """Merge the three files and put the result in the place of `ours`, whole.

    Whether conflicts are left in it.
    """
    contents = [Path(path).read_bytes() for path in (base, ours, theirs)]
    merged = _by_entry(contents, marker_size)
    if merged is None:
        merged = _ordinary(base, ours, theirs, marker_size)
    content, conflicts = merged
    placing.replace(Path(ours), content, placing.mode_of(Path(ours)))
    return conflicts


def _by_entry(contents: list[bytes], marker_size: int) -> tuple[bytes, bool] | None:
    """None where the files cannot be merged by entry."""
    from gtpipe.gitdriver.merge import CannotMergeError, merge_texts
    from gtpipe.store.layout import decode

    try:
        texts = [decode(content, "") for content in contents]
        merged = merge_texts(*texts, marker_size=marker_size)
    except (UserError, CannotMergeError):
        return None
    except Exception:  # whatever it is, git can merge lines
        return None
    marked = contents[1].startswith(b"\xef\xbb\xbf")
    return (b"\xef\xbb\xbf" if marked else b"") + merged.text.encode(), merged.conflicts > 0


def _ordinary(base: str, ours: str, theirs: str, marker_size: int) -> tuple[bytes, bool]:
    """Git's own merge of lines.

    Raises OSError where git refuses, which is when one of them is not text.
    """
    from gtpipe.store.repository import git

    ran = git(
        os.getcwd(),
        "merge-file",
        "-p",
        f"--marker-size={marker_size}",
        "-L",
        "ours",
        "-L",
        "base",
        "-L",
        "theirs",
        ours,
        base,
        theirs,
    )
    if not 0 <= ran.returncode <= 127:
        raise OSError(0, ran.stderr.decode("utf-8", "replace").strip(), ours)
    return ran.stdout, ran.returncode > 0


def main(arguments: list[str]) -> int:
    """`textconv FILE` or `merge BASE OURS THEIRS MARKER-SIZE`, as git is told to call it: the exit
    code.
    """
    gc.disable()
    if arguments[0] == "textconv":
        sys.stdout.buffer.write(shown(arguments[1]))
        return 0
    base, ours, theirs, marker_size = arguments[1:5]
    return 1 if merge(base, ours, theirs, int(marker_size)) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
