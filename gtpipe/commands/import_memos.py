"""The memos of another program, each about what it was about there."""

from __future__ import annotations

from collections.abc import Iterable

from gtpipe.commands.import_plan import ImportPlan
from gtpipe.commands.import_sources import speakers_said
from gtpipe.exchange.records import Memo
from gtpipe.formats import memos
from gtpipe.model import anchor
from gtpipe.model.level import split_level
from gtpipe.model.names import is_date, one_line
from gtpipe.store.layout import MEMOS
from gtpipe.text import yamltext


def write_memos(plan: ImportPlan, today: str) -> None:
    """A file for each memo that does not stand yet, under its title and with its words."""
    taken = list(plan.snapshot.files(MEMOS))
    standing = set()
    for path in plan.snapshot.files(MEMOS, ".md"):
        ours = memos.loads(plan.snapshot.text(path) or "", path)[0]
        standing.add((ours.title, one_line(ours.prose)))
    described = (
        Memo("", f"About {one.name}", one.description, (one.id,), "", one.created)
        for one in plan.project.sources
        if one.description.strip() and one.id in plan.interviews and not speakers_said(one)
    )
    for memo in (*plan.project.memos, *described):
        title = one_line("".join(c for c in memo.title if yamltext.printable(c))) or "A memo"
        prose = memo.text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
        if (title, one_line(prose)) in standing or memo.id in plan.written_elsewhere:
            continue
        standing.add((title, one_line(prose)))
        date = memo.created[:10] if is_date(memo.created[:10]) else today
        about = [line for id in memo.about for line in _about(plan, id)]
        by = plan.coders.get(memo.by, "") if memo.by else ""
        path = memos.path_for(title, date, taken)
        taken.append(path)
        head = memos.dumps(title, date, by, "", dict.fromkeys(about))
        plan.files[path] = f"{head.rstrip()}\n\n{prose}\n"
        plan.made["memo"] += 1


def _about(plan: ImportPlan, id: str) -> Iterable[str]:
    """What a memo is about, as it is named here."""
    if id in plan.addresses:
        return plan.addresses[id]
    if id in plan.interviews:
        return [plan.interviews[id].name]
    if id in plan.case_people:
        return plan.case_people[id]
    if id in plan.labels.codes:
        return _about_code(plan, id)
    if id in plan.relations:
        return [f"relation: {plan.relations[id]}"]
    titles = {memo.id: memo.title for memo in plan.project.memos}
    plan.lose("what a memo is about, which has no place here", titles.get(id, ""))
    return []


def _about_code(plan: ImportPlan, id: str) -> list[str]:
    label, level = plan.labels.label[id], plan.labels.level[id]
    if not plan.labels.is_used(id):
        plan.lose("what a memo is about: a code that is only a path", label)
        return []
    others = {plan.labels.label[other] for other, one in plan.labels.level.items() if one != level}
    is_plain = label not in others and not split_level(label)[0] and not anchor.parse(label)
    return [label if is_plain else f"{level}: {label}"]
