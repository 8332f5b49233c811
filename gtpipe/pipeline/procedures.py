"""The procedures laid out, `procedures/NAME.md` and `.csv`: beside the cycle, and only those that
the study has switched on.
"""

from __future__ import annotations

from gtpipe.analysis import procedure_layouts
from gtpipe.model.records import Outcome, Table
from gtpipe.pipeline.stages import laid_out_as
from gtpipe.render import procedures
from gtpipe.study import Corpus


def outcome(corpus: Corpus) -> Outcome:
    pages: dict[str, str] = {}
    tables: dict[str, Table] = {}
    for procedure in corpus.material.procedures.values():
        parts = procedure_layouts.laid_out(procedure, corpus.material, corpus.names, corpus.codings)
        page, table = laid_out_as(procedure.name)
        pages[page] = procedures.markdown(procedure, parts)
        header, rows = procedures.table(procedure, parts)
        tables[table] = Table(header, tuple(rows))
    return Outcome(tables, pages.items())
