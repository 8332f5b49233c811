"""A comparison page: one code, its definition, and every
incident with the words, as Markdown that hides nothing.

Where a code has more incidents than one page holds, others follow, called `NAME-2.md` and on; what
is no incident stands on the first.

Words stand in indented blocks and between backticks, where neither an editor nor a forge changes
them: `<laughs>`, `*really*`, `[pause 3s]`.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from gtpipe.analysis.annotations import WrittenAbout
from gtpipe.analysis.disconfirming import DisconfirmingEvidence
from gtpipe.analysis.holdings import Standing
from gtpipe.analysis.incidents import IncidentInContext, Spoken
from gtpipe.analysis.negative_cases import NONE_RECORDED
from gtpipe.analysis.properties import Laid
from gtpipe.model.level import FOCUSED, INITIAL
from gtpipe.model.names import one_line, slug
from gtpipe.model.problems import in_shell
from gtpipe.model.records import Code, FocusedCode, IncidentKey, Interview, Material, Memo
from gtpipe.render.incidents import as_markdown, details, interview_title, summary
from gtpipe.render.properties import as_table
from gtpipe.text.markdown import in_link, plain

NOTHING_YET = "No definition yet."
UNKNOWN = "Definition unknown: {} cannot be read."
NO_REASON = "no reason given"
AT_ONCE = 2000
"""The incidents that one page holds."""


def names(labels: list[str]) -> dict[str, str]:
    """Label → file name: its slug and four hex digits of its
    SHA-256; eight where four do not tell labels apart.
    """
    short = {label: _name(label, 4) for label in labels}
    taken = Counter(short.values())
    return {label: name if taken[name] == 1 else _name(label, 8) for label, name in short.items()}


def possible_names(label: str) -> tuple[str, str]:
    """The file names that the page of a code may have."""
    return _name(label, 4), _name(label, 8)


def is_page(name: str, beginning: str) -> bool:
    """Whether a file is a page of a code: called after the label in its first line, and where its
    name has a number more, with the incidents of a further page below.
    """
    first, _, rest = beginning.partition("\n")
    if not first.startswith("# "):
        return False
    number = re.search(r"-([1-9][0-9]*)\.md\Z", name)
    possible = possible_names(first[2:])
    return name in possible or (
        number is not None
        and name in [numbered(each, int(number[1])) for each in possible]
        and rest.startswith(f"\n{_INCIDENTS} ")
    )


def numbered(name: str, number: int) -> str:
    """What a further page is called; the first has no number."""
    stem, _, ending = name.rpartition(".")
    return name if number == 1 else f"{stem}-{number}.{ending}"


def incidents_of(number: int, total: int) -> str:
    """Which incidents of how many stand on a page, in words."""
    last = min(number * AT_ONCE, total)
    return f"{_INCIDENTS} {(number - 1) * AT_ONCE + 1:,} to {last:,} of {total:,}"


_INCIDENTS = "Incidents"


def _name(label: str, digits: int) -> str:
    stem = slug(label)
    while len(stem.encode()) > 60:
        stem = stem[:-1].rstrip("-")
    return f"{stem or 'code'}-{hashlib.sha256(label.encode()).hexdigest()[:digits]}.md"


def page(
    code: Code,
    name: str,
    number: int,
    places: Sequence[Spoken | IncidentInContext],
    views: tuple[IncidentInContext, ...],
    material: Material,
    memos_about: WrittenAbout[Memo],
) -> str:
    """Page `number` of `code`, which stands at `places`; the first is called `name`. `views` are
    the incidents on it, with the comparison memos in `memos_about` that are about one of them, and
    on the first about the code.
    """
    memos = "../../memos"
    parts = [f"# {code.label}"]
    if number == 1:
        parts.append(code.definition or NOTHING_YET)
        parts += [f"{field}: {text}" for field, text in about(code)]
        parts.append(summary(places, material.persons))
        parts += _about_the_code(memos_about.about(INITIAL, code), memos)
    return _page(
        name, number, len(places), parts, _by_interview(views, material, memos_about, memos)
    )


def focused_page(
    code: FocusedCode,
    name: str,
    views: tuple[IncidentInContext, ...],
    unfit: Iterable[DisconfirmingEvidence],
    standing: Standing,
    material: Material,
    memos_about: WrittenAbout[Memo],
    properties: tuple[Laid, ...] = (),
) -> dict[str, str]:
    """The page of a focused code, called `name`, and further ones: why it was chosen, what it takes
    up, the incidents judged to belong, what was not judged yet, its properties, and what does not
    fit.
    """
    memos = "../../../memos"
    parts = [
        f"# {code.label}",
        code.definition or NOTHING_YET,
        f"Because: {code.because or NO_REASON}",
    ]
    if code.by:
        parts.append(f"By: {code.by}")
    if code.written_after:
        parts.append(f"Written after: {code.written_after.label}")
    if code.takes_up:
        parts.append("Takes up:\n\n" + "\n".join(f"- {named.label}" for named in code.takes_up))
    parts.append(summary(views, material.persons))
    parts += _about_the_code(memos_about.about(FOCUSED, code), memos)
    after = []
    if standing.waiting:
        after += ["## Since then, not judged", not_judged(standing.waiting, code.label)]
    if standing.left:
        after.append(f"Looked at and left out: {turns(standing.left)}.")
    if properties:
        after.append("## Properties")
    for each in properties:
        after += [f"### {plain(each.label)}", as_table(each)]
    after.append("## Does not fit")
    after += [_unfit(one, memos_about, memos) for one in unfit] or [
        f"{NONE_RECORDED.capitalize()}."
    ]
    found = {}
    for number, some in enumerate(at_once(views), start=1):
        here = _by_interview(some, material, memos_about, memos)
        before, behind = (parts, after) if number == 1 else (parts[:1], [])
        found[numbered(name, number)] = _page(name, number, len(views), before, here + behind)
    return found


Shown = TypeVar("Shown")


def at_once(incidents: Sequence[Shown]) -> Iterator[Sequence[Shown]]:
    """The incidents of each page; of the first also where there are none."""
    for start in range(0, max(len(incidents), 1), AT_ONCE):
        yield incidents[start : start + AT_ONCE]


def _page(name: str, number: int, total: int, before: list[str], here: list[str]) -> str:
    """Page `number` of so many incidents; where there are several, with links to all."""
    names = [numbered(name, page + 1) for page in range(-(-total // AT_ONCE))]
    links = ", ".join(f"[{page}]({target})" for page, target in enumerate(names, start=1))
    place = f"{incidents_of(number, total)}. All pages: {links}."
    parts = [*before, *([place] if len(names) > 1 else ()), *here]
    return "\n\n".join(parts) + "\n"


def not_judged(places: Sequence[IncidentKey], focused: str) -> str:
    """How many incidents came since, where they are, and what to type; never their words."""
    command = f"gtpipe codes focused keep {in_shell(focused)} INCIDENT… --why …"
    return f"Since then, not judged: {len(places)} ({turns(places)}). `{command}`"


def turns(places: Iterable[IncidentKey]) -> str:
    """Incidents by interview and turn, each once, in the order given."""
    return ", ".join(dict.fromkeys(f"{place.interview} {place.turn}" for place in places))


def _unfit(one: DisconfirmingEvidence, memos_about: WrittenAbout[Memo], memos: str) -> str:
    if one.view is None:
        return "\n".join(
            [f"### {one.words}", "", *(f"- {name}: {text}" for name, text in one.told)]
        )
    told = [*details(one.view), *one.told]
    told += [("memo", _link(memo, memos)) for memo in memos_about.at(one.view)]
    return as_markdown(one.view, told)


def _about_the_code(found: tuple[Memo, ...], memos: str) -> list[str]:
    return (
        ["Comparison memos:\n\n" + "\n".join(f"- {_link(memo, memos)}" for memo in found)]
        if found
        else []
    )


def _link(memo: Memo, memos: str) -> str:
    """A memo by day, title and author; `memos` is their folder as seen from the page."""
    target = f"{memos}/{memo.name}.md"
    if set(target) & set(" ()"):
        target = f"<{target}>"
    return f"{memo.date} [{in_link(one_line(memo.title))}]({target})".strip() + (
        f" ({plain(memo.by)})" if memo.by else ""
    )


def _by_interview(
    views: Sequence[IncidentInContext],
    material: Material,
    memos_about: WrittenAbout[Memo],
    memos: str,
) -> list[str]:
    parts = []
    interview: Interview | None = None
    for view in views:
        if interview is None or interview.name != view.interview:
            interview = material.interviews[view.interview]
            parts.append(f"## {interview_title(interview)}")
        parts.append(_incident(view, memos_about, memos))
    return parts


def _incident(view: IncidentInContext, memos_about: WrittenAbout[Memo], memos: str) -> str:
    return as_markdown(
        view, [*details(view), *(("memo", _link(memo, memos)) for memo in memos_about.at(view))]
    )


def about(code: Code) -> list[tuple[str, str]]:
    """What else the code book says of a code, for people: name and text."""
    said = [
        *(("Number", code.number), ("Status", code.status)),
        *(("Include", code.include), ("Exclude", code.exclude), ("Notes", code.notes)),
        *lineage(code),
    ]
    if code.parked is not None:
        said.append(("Parked", code.parked or NO_REASON))
    return [(name, text) for name, text in said if text]


def lineage(code: Code | FocusedCode) -> list[tuple[str, str]]:
    """Where a code comes from: labels it had, codes it took in, the one it was split from."""
    return [
        ("Was", ", ".join(code.was)),
        ("Merged from", ", ".join(code.merged_from)),
        ("Split from", ", ".join(code.split_from)),
    ]
