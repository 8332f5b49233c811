"""Stage 5, the thinking part: the index of memos, by what they are about and by date; codes without one; labels that changed.

Nothing is computed from a memo. Prose is not quoted and not touched.
"""

from __future__ import annotations

import re

from gtpipe.errors import Problem, did_you_mean, note
from gtpipe.model import FOCUSED, INITIAL, UNSAID, Coding, Material, Memo, Named, label_order
from gtpipe.stages import Outcome
from gtpipe.stages.initial_code import stretch
from gtpipe.stages.references import CATEGORY, Names, split

_INCIDENT = re.compile(r"(\S+)\s+(\S+)(?:\s+[\"“](.+)[\"”])?")


def outcome(material: Material, codings: tuple[Coding, ...], known: Names) -> Outcome:
    """`memos.md`. Of the diary, only entries that their author marked quotable."""
    memos = sorted(material.memos, key=lambda memo: (memo.date, memo.name))
    parts = ["# Memos"]
    parts += _by_about(memos, material, known)
    parts.append("## By date")
    parts.append("\n".join(f"- {_entry(memo)}" for memo in memos) or "No memo yet.")
    parts.append("## Codes without a memo")
    bare = without_memo(material, codings)
    parts.append("\n".join(f"- {label}" for label in bare) or "Every code has one.")
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
    return f"{memo.date} [{memo.title}](../memos/{memo.name}.md)" + (f" ({told})" if told else "")


def _by_about(memos: list[Memo], material: Material, known: Names) -> list[str]:
    parts = []
    for title, level in (("category", CATEGORY), ("focused code", FOCUSED), ("initial code", INITIAL), ("incident", "")):
        groups: dict[str, list[Memo]] = {}
        for memo in memos:
            for named in memo.about:
                if level in known.levels(named.label) or (not level and _is_incident(named, material)):
                    groups.setdefault(split(named.label)[1], []).append(memo)
        if groups:
            parts.append(f"## By {title}")
            for label in sorted(groups, key=label_order):
                parts.append(f"### {label}\n\n" + "\n".join(f"- {_entry(memo)}" for memo in groups[label]))
    return parts


def _is_incident(named: Named, material: Material) -> bool:
    match = _INCIDENT.fullmatch(named.label)
    interview = material.interviews.get(match[1]) if match else None
    turn = interview.turn(match[2]) if interview else None
    return turn is not None and (match[3] is None or len(stretch(turn.text, match[3])) == 1)


def is_unknown(named: Named, material: Material, known: Names) -> bool:
    """Whether a memo names what is no code, category, relation or incident of the study (any more)."""
    return not known.levels(named.label) and not _is_incident(named, material)


def _what_became(named: Named, known: Names) -> str:
    label = split(named.label)[1]
    if label in known.current:
        return f'"{label}" is called "{known.current[label]}" now'
    return f'"{label}" is no code, category or incident of the study'


def without_memo(material: Material, codings: tuple[Coding, ...]) -> list[str]:
    """Focused codes and categories that no memo is about, then initial codes; each in label order, marked by level."""
    about = {split(named.label)[1] for memo in material.memos for named in memo.about}
    levels = {
        CATEGORY: {category.label for category in material.theory.categories},
        FOCUSED: {*material.focused, *(c.code for c in codings if c.level == FOCUSED)},
        INITIAL: {*material.codebook, *(c.code for c in codings if c.level == INITIAL)},
    }
    return [f"{level}: {label}" for level, labels in levels.items() for label in sorted(labels - about, key=label_order)]


def problems(material: Material, known: Names) -> list[Problem]:
    """A note for each memo that names a label that is not there: the prose is the person's, and so is the change."""
    everything = sorted({label for labels in known.known.values() for label in labels})
    return [
        note(*named.where, f"this memo is about {_what_became(named, known)}",
             f'Write "{known.current[split(named.label)[1]]}" under `about`' if split(named.label)[1] in known.current else
             did_you_mean(split(named.label)[1], everything) or "Take the line out, or leave it as a record")
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
