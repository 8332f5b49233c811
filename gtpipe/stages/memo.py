"""Stage 5, the thinking part: the index of memos, by what they are about and by date; codes without one; labels that changed.

Nothing is computed from a memo. Prose is not quoted and not touched.
"""

from __future__ import annotations

import re

from gtpipe.compare.markdown import plain
from gtpipe.errors import Problem, did_you_mean, note
from gtpipe.model import CATEGORY, FOCUSED, INITIAL, RELATION, UNSAID, Material, Memo, Named, label_order, one_line
from gtpipe.stages import Outcome
from gtpipe.stages.initial_code import stretch
from gtpipe.stages.references import Names

_INCIDENT = re.compile(r"(\S+)\s+(\S+)(?:\s+[\"“](.+)[\"”])?")


def outcome(material: Material, known: Names) -> Outcome:
    """`memos.md`. Of the diary, only entries that their author marked quotable."""
    memos = sorted(material.memos, key=lambda memo: (memo.date, memo.name))
    parts = ["# Memos"]
    parts += _by_about(memos, material, known)
    parts.append("## By date")
    parts.append("\n".join(f"- {_entry(memo)}" for memo in memos) or "No memo yet.")
    parts.append("## Codes without a memo")
    bare = without_memo(known, material)
    parts.append("\n".join(f"- {plain(label)}" for label in bare) or "Every code has one.")
    parts.append("## Memos that name a label that has changed")
    changed = [f"- {memo.name}: {_what_became(named, known)}" for memo in memos for named in memo.about
               if is_unknown(named, material, known)]
    parts.append("\n".join(changed) or "No memo does.")
    quotable = [entry for entry in material.diary if entry.prose]
    if quotable:
        parts.append("## From the diary (marked quotable)")
        parts += [f"{entry.date} {entry.by}".strip() + f"\n\n{entry.prose}" for entry in quotable]
    return Outcome({}, {"memos.md": "\n\n".join(parts) + "\n"})


def _entry(memo: Memo) -> str:
    told = ", ".join(part for part in (memo.kind, memo.by) if part)
    target = f"../memos/{memo.name}.md"
    if set(target) & set(" ()"):
        target = f"<{target}>"
    return f"{memo.date} [{plain(one_line(memo.title))}]({target})" + (f" ({told})" if told else "")


def _by_about(memos: list[Memo], material: Material, known: Names) -> list[str]:
    parts = []
    for title, level in (("category", CATEGORY), ("relation", RELATION), ("focused code", FOCUSED), ("initial code", INITIAL),
                         ("incident", "")):
        groups: dict[str, list[Memo]] = {}
        for memo in memos:
            for named in memo.about:
                if level in known.levels(named) or (not level and _is_incident(named, material)):
                    groups.setdefault(named.label, []).append(memo)
        if groups:
            parts.append(f"## By {title}")
            for label in sorted(groups, key=label_order):
                parts.append(f"### {plain(label)}\n\n" + "\n".join(f"- {_entry(memo)}" for memo in groups[label]))
    return parts


def _is_incident(named: Named, material: Material) -> bool:
    match = _INCIDENT.fullmatch(named.label)
    interview = material.interviews.get(match[1]) if match else None
    turn = interview.turn(match[2]) if interview else None
    return turn is not None and (match[3] is None or len(stretch(turn.text, match[3])) == 1)


def is_unknown(named: Named, material: Material, known: Names) -> bool:
    """Whether a memo names what is no code, category, relation or incident of the study (any more)."""
    return not known.levels(named) and not _is_incident(named, material)


def _what_became(named: Named, known: Names) -> str:
    if known.now(named):
        return f'"{named.label}", which is called "{known.now(named)}" now'
    return f'"{named.label}", which is no code, category or incident of the study'


def without_memo(known: Names, material: Material) -> list[str]:
    """Categories, focused codes and initial codes that no memo is about, marked by level; each level in label order."""
    about = {(level, named.label) for memo in material.memos for named in memo.about for level in known.levels(named)}
    return [f"{level}: {label}" for level in (CATEGORY, FOCUSED, INITIAL)
            for label in sorted(known.known[level], key=label_order) if (level, label) not in about]


def problems(material: Material, known: Names) -> list[Problem]:
    """A note for each memo that names a label that is not there: the prose is the person's, and so is the change."""
    everything = sorted({label for labels in known.known.values() for label in labels})
    return [
        note(*named.where, f"this memo is about {_what_became(named, known)}",
             f'Write "{known.now(named)}" under `about`' if known.now(named) else
             did_you_mean(named.label, everything) or "Take the line out, or leave it as a record")
        for memo in material.memos for named in memo.about if is_unknown(named, material, known)
    ]


def diary_problems(material: Material) -> list[Problem]:
    """Tasks of the diary that name no interview, or are closed without a note."""
    found = []
    for entry in material.diary:
        for name in entry.re_read:
            if name not in material.interviews:
                found.append(note(entry.path, 1, f'this entry asks to re-read "{name}", which is no interview',
                                  did_you_mean(name, material.interviews)))
        if entry.closed in UNSAID:
            found.append(note(entry.path, 1, f'this task is closed by "{entry.closed}", and stays open',
                              "Close it with a note: what did reading again change?"))
    return found
