"""Stage 5, the thinking part: the index of memos, by what they are about and by date; codes without
one; labels that changed.

Of the prose only this is asked: which labels it names, those of today and those a code had before.
It is not quoted and not touched. What is named by an old label counts under the new one, and is
told.
"""

from __future__ import annotations

import re

from gtpipe.analysis.annotations import Noted
from gtpipe.analysis.labels import Labels
from gtpipe.model import anchor
from gtpipe.model.level import CodeRef
from gtpipe.model.problems import Kind, Problem, did_you_mean, note
from gtpipe.model.records import (
    CATEGORY,
    FOCUSED,
    INITIAL,
    NOWHERE,
    RELATION,
    UNSAID,
    Material,
    Memo,
    Named,
    Outcome,
    label_order,
    one_line,
    split_into,
    split_level,
)
from gtpipe.text.markdown import plain


def outcome(material: Material, known: Labels) -> Outcome:
    """`memos.md`. Of the diary, only entries that their author marked quotable."""
    memos = sorted(material.memos, key=lambda memo: (memo.date, memo.name))
    prose = _InProse(known)
    parts = ["# Memos"]
    parts += _by_about(memos, material, known, prose)
    parts.append("## By date")
    parts.append("\n".join(f"- {_entry(memo)}" for memo in memos) or "No memo yet.")
    parts.append("## Codes without a memo")
    bare = without_memo(known, material, prose)
    parts.append("\n".join(f"- {plain(label)}" for label in bare) or "Every code has one.")
    parts.append("## Memos that name a label that has changed")
    changed = [
        f"- {memo.name}: {said}"
        for memo in memos
        for said in _changed(memo, material, known, prose)
    ]
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


class _InProse:
    """Which codes and categories a memo's prose names: whole words, capital or not, whatever is
    between."""

    def __init__(self, known: Labels) -> None:
        self._labels: dict[str, list[tuple[tuple[str, ...], str, CodeRef]]] = {}
        self._found: dict[str, dict[CodeRef, str]] = {}
        labels = [
            (label, CodeRef(level, label))
            for level in (CATEGORY, FOCUSED, INITIAL)
            for label in known.known[level]
        ]
        for level, current in ((FOCUSED, known.current_focused), (INITIAL, known.current)):
            labels += [
                (old, CodeRef(level, label))
                for old, label in current.items()
                if old not in known.known[level]
            ]
        for label, meaning in labels:
            words = _words(label)
            if words:
                self._labels.setdefault(words[0], []).append((words, label, meaning))

    def named(self, memo: Memo) -> dict[CodeRef, str]:
        """What the prose of a memo names, and by which label; of labels that lie in one another,
        the longest."""
        if memo.name not in self._found:
            self._found[memo.name] = self._look(_words(memo.prose))
        return self._found[memo.name]

    def _look(self, words: tuple[str, ...]) -> dict[CodeRef, str]:
        found: dict[CodeRef, str] = {}
        at = 0
        while at < len(words):
            here = [
                one
                for one in self._labels.get(words[at], ())
                if words[at : at + len(one[0])] == one[0]
            ]
            longest = max((len(one[0]) for one in here), default=1)
            for label, meaning in sorted(
                (label, meaning) for said, label, meaning in here if len(said) == longest
            ):
                # What is named by the label of today as well is not told as an old one.
                if found.get(meaning) != meaning[1]:
                    found[meaning] = label
            at += longest
        return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))


def _by_about(memos: list[Memo], material: Material, known: Labels, prose: _InProse) -> list[str]:
    parts = []
    for title, level in (
        ("category", CATEGORY),
        ("relation", RELATION),
        ("focused code", FOCUSED),
        ("initial code", INITIAL),
        ("incident", ""),
    ):
        groups: dict[str, dict[str, None]] = {}
        for memo in memos:
            if not level:
                labels = [
                    named.label
                    for named in memo.about
                    if anchor.place(named.label, material.interviews) is not None
                ]
            else:
                labels = [
                    label
                    for named in memo.about
                    for of, label in known.meanings(named)
                    if of == level
                ]
            for label in labels:
                groups.setdefault(label, {})[_entry(memo)] = None
            for of, label in prose.named(memo):
                if of == level and label not in labels:
                    groups.setdefault(label, {})[f"{_entry(memo)}, in its prose"] = None
        if groups:
            parts.append(f"## By {title}")
            for label in sorted(groups, key=label_order):
                parts.append(
                    f"### {plain(label)}\n\n" + "\n".join(f"- {entry}" for entry in groups[label])
                )
    return parts


def is_unknown(named: Named, material: Material, known: Labels) -> bool:
    """Whether a memo names what is no code, category, relation or incident of the study
    (any more).
    """
    return not known.levels(named) and anchor.place(named.label, material.interviews) is None


def _changed(memo: Memo, material: Material, known: Labels, prose: _InProse) -> list[str]:
    """What a memo names by a label that has changed: under `about`, and in its prose."""
    told = [
        _what_became(named, known, material)
        for named in memo.about
        if is_unknown(named, material, known)
    ]
    told += [
        f'"{label}", which is called "{now}" now, in its prose'
        for (_, now), label in sorted(prose.named(memo).items())
        if label != now
    ]
    return list(dict.fromkeys(told))


def _what_became(named: Named, known: Labels, material: Material) -> str:
    if known.now(named):
        return f'"{named.label}", which is called "{known.now(named)}" now'
    parts = [
        *split_into(named.label, material.codebook),
        *split_into(named.label, material.focused),
    ]
    if parts:
        listed = " and ".join(f'"{part}"' for part in parts)
        return f'"{named.label}", which was split into {listed}'
    return f'"{named.label}", which is no code, category or incident of the study'


def without_memo(known: Labels, material: Material, prose: _InProse) -> list[str]:
    """Categories, focused and initial codes that no memo is about or names, by any label; levels in
    label order."""
    about = {
        meaning
        for memo in material.memos
        for named in memo.about
        for meaning in known.meanings(named)
    }
    about |= {meaning for memo in material.memos for meaning in prose.named(memo)}
    return [
        f"{level}: {label}"
        for level in (CATEGORY, FOCUSED, INITIAL)
        for label in sorted(known.known[level], key=label_order)
        if CodeRef(level, label) not in about
    ]


def about(typed: str, material: Material, known: Labels) -> tuple[Memo, ...]:
    """The memos about a code, category or incident, and those that name it in their prose, by any
    label it had.

    What is about an incident is about its turn, or about words of the turn that it shares.
    """
    level, label = split_level(one_line(typed))
    named = Named(label, NOWHERE, level)
    wanted = known.meanings(named)
    prose = _InProse(known)
    here = (
        None
        if wanted or named.level
        else Noted.of_memos(material).at_address(named.label, material)
    )
    return tuple(
        memo
        for memo in material.memos
        if memo in (here or ())
        or wanted & {meaning for one in memo.about for meaning in known.meanings(one)}
        or wanted & prose.named(memo).keys()
        or any(one.label == named.label for one in memo.about)
    )


def problems(material: Material, known: Labels) -> list[Problem]:
    """A note for each memo that names a label that is not there: the prose is the person's, and so
    is the change.
    """
    everything = sorted({label for labels in known.known.values() for label in labels})
    return [
        note(
            *named.where,
            f"this memo is about {_what_became(named, known, material)}",
            f'Write "{known.now(named)}" under `about`'
            if known.now(named)
            else did_you_mean(named.label, everything)
            or "Take the line out, or leave it as a record",
            kind=Kind.NO_SUCH_NAME,
            about=named.label,
        )
        for memo in material.memos
        for named in memo.about
        if is_unknown(named, material, known)
    ]


def diary_problems(material: Material) -> list[Problem]:
    """Tasks of the diary that name no interview, or are closed without a note."""
    found = []
    for entry in material.diary:
        for name in entry.re_read:
            if name not in material.interviews:
                found.append(
                    note(
                        entry.path,
                        1,
                        f'this entry asks to re-read "{name}", which is no interview',
                        did_you_mean(name, material.interviews),
                        kind=Kind.NO_SUCH_NAME,
                        about=name,
                    )
                )
        if entry.closed in UNSAID:
            found.append(
                note(
                    entry.path,
                    1,
                    f'this task is closed by "{entry.closed}", and stays open',
                    "Close it with a note: what did reading again change?",
                )
            )
    return found
