"""`gtpipe ethics`: what was promised to participants."""

from __future__ import annotations

import typer

from gtpipe.cli import options
from gtpipe.cli.options import FormatOption
from gtpipe.cli.reading import read_study
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import out, show_problems

_BEGIN = """\
No data/ethics.yaml: nothing says what was promised. One begins like this:

    - approved: 2026-01-20
      reference: 13/EM/2
    - consent: jim
      date: 2026-03-01
      may-withdraw-until: 2026-04-01
      quotes: yes
    - destroy: data/sources/jim.mp3
      by-date: 2031-03-01
      done:"""


def register(app: typer.Typer) -> None:
    app.command()(ethics)


def ethics(format: FormatOption = Format.table) -> None:
    """See what was promised to participants, and what is due.

    Approvals, consents, and what is to be destroyed, as data/ethics.yaml says. It blocks nothing.
    """
    from gtpipe.render import blocks
    from gtpipe.render.ethics import HEADER, layout, rows

    corpus = read_study()
    written, problems = corpus.ethics
    found = (
        rows(written, corpus.material, corpus.codings, options.today(), corpus.study.is_there)
        if written is not None
        else []
    )
    if format is not Format.table:
        write_rows(HEADER, found, format)
    elif written is not None:
        blocks.show(layout(found))
    elif not problems:
        out(_BEGIN)
    if problems:
        show_problems(problems, corpus.study.root)
        raise typer.Exit(1)
