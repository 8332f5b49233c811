"""What commands that look do first and last: read the study, and say what of it is not shown."""

from __future__ import annotations

from gtpipe.render.terminal import count, say


def read_whole(*paths: str):
    """The study; where one of `paths` cannot be read whole, nothing may be said to be missing in it. Raises UserError."""
    from gtpipe.formats import personal
    from gtpipe.model.problems import UserError
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    read = load(Study.find())
    broken = [
        problem
        for problem in read.unreadable
        if problem.is_error
        and any(problem.path == path or personal.is_of(problem.path, path) for path in paths)
    ]
    if broken:
        raise UserError(*broken)
    return read


def not_shown(read) -> None:
    if read.hiding():
        say(
            f"note: {count(len(read.hiding()), 'error')} in your files; what they concern is not shown. See `gtpipe check`."
        )
