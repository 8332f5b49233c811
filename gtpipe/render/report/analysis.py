"""The pages of the analysis: codes, focused codes, categories, their lists, and the theory."""

from __future__ import annotations

from collections.abc import Iterator

from gtpipe.render.report import category, code, code_lists, theory
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.surroundings import Surroundings
from gtpipe.render.report.templating import Page


def pages(reported: ReportedStudy) -> Iterator[Page]:
    around = Surroundings(reported)
    yield from code_lists.list_pages(reported, around)
    yield from code.code_pages(reported, around)
    yield from category.category_pages(reported, around)
    yield from theory.theory_pages(reported, around)
