"""The search: a page, and beside it an index of codes, memos and every turn as script files.

A browser lets no page read a file beside it but as a script. Each index file calls nothing and
hands over plain data; large studies have several, so that none is too long to be read at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from gtpipe.analysis.matrix import INTERVIEWER
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, CodeRef
from gtpipe.model.names import one_line
from gtpipe.model.records import Interview
from gtpipe.render.report.places import SEARCH, Link, turn_id
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.templating import File, Page, href

MOST = 4_000_000  # characters of an index file, but for a last interview
_NOT_IN_SCRIPT = re.compile("[<\u2028\u2029\ud800-\udfff]")


class Search(NamedTuple):
    """`scripts` are the files of the index; `holds` says what can be found."""

    scripts: tuple[str, ...]
    holds: str


def pages(reported: ReportedStudy) -> Iterator[Page | File]:
    """The page, then the files of its index."""
    named = {"codes": list(_codes(reported)), "memos": list(_memos(reported))}
    files = [File("search-index.js", _script(named))]
    for number, turns in enumerate(_turns(reported), 1):
        files.append(File(f"search-index-{number}.js", _script({"turns": turns})))
    holds = ["codes" if reported.edition.only else "codes with their definitions"]
    holds += ["titles of memos" if not reported.edition.words else "memos"] * bool(named["memos"])
    holds += ["what was said, turn by turn"] * (len(files) > 1)
    content = Search(tuple(file.path for file in files), ", ".join(holds))
    yield Page(SEARCH, "search.html", "Search", SEARCH, content)
    yield from files


def _codes(reported: ReportedStudy) -> Iterator[list[str]]:
    """What it is, label, address, definition and labels it had."""
    material = reported.material
    categories = {one.label: one for one in material.theory.categories}
    for level in (CATEGORY, FOCUSED, INITIAL):
        for label in reported.labels[level]:
            has_text = level == INITIAL and not reported.edition.only
            text = [reported.definition(label)] if has_text else []
            if level == FOCUSED:
                code = reported.looking.focused[label]
                text = [code.definition, *([code.because] * reported.edition.words), *code.was]
            elif level == CATEGORY:
                text = [categories[label].definition]
            elif has_text and label in material.codebook:
                text += material.codebook[label].was
            link = reported.link(CodeRef(level, label))
            yield [level.noun, one_line(label), href(link, ""), _body(*text)]


def _memos(reported: ReportedStudy) -> Iterator[list[str]]:
    if reported.edition.only:
        return
    for memo in sorted(reported.material.memos, key=lambda memo: (memo.date, memo.name)):
        address = href(reported.places.memo(memo.name, memo.title), "")
        prose = memo.prose if reported.edition.words else ""
        yield [memo.date, one_line(memo.title or memo.name), address, _body(prose)]


Turns = list[tuple[str, str, list[tuple[str, str, str]]]]
"""Of each interview its name, the address of its page with `#` and how ids begin there; and of each
turn its id, who speaks, and the words.
"""


def _turns(reported: ReportedStudy) -> Iterator[Turns]:
    if not reported.edition.words:
        return
    turns: Turns = []
    size = 0
    for interview in reported.interviews:
        heard = _heard(interview, reported.edition.only)
        page = reported.places.interview(interview.name).path
        address = href(Link("", page, turn_id(interview.name, "")), "")
        turns.append((interview.name, address, heard))
        size += sum(len(words) for _, _, words in heard)
        if size > MOST:
            yield turns
            turns, size = [], 0
    if turns:
        yield turns


def _heard(interview: Interview, only: str) -> list[tuple[str, str, str]]:
    """The turns; in one participant's edition theirs, and those of who asks."""
    found = []
    for turn in interview.turns:
        who = interview.participant(turn)
        if not only or who in ("", only):
            named = "" if who == interview.name else who or INTERVIEWER
            found.append((turn.id, named, one_line(turn.text)))
    return found


def _body(*text: str) -> str:
    return " · ".join(filter(None, map(one_line, text)))


def _script(data: object) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    safe = _NOT_IN_SCRIPT.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
    return f"(window.gtpipeIndex = window.gtpipeIndex || []).push({safe});\n"
