"""The index of memos: what they are about, codes without one, labels that changed. The page laid
out from it is `pipeline.memo`.

Of the prose only this is asked: which labels it names, those of today and those a code had before.
It is not quoted and not touched. What is named by an old label counts under the new one, and is
told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from sys import intern
from typing import NamedTuple

from gtpipe.analysis import subjects
from gtpipe.analysis.annotations import WrittenAbout
from gtpipe.analysis.labels import Labels
from gtpipe.model import anchor
from gtpipe.model.level import (
    CATEGORY,
    FOCUSED,
    INITIAL,
    RELATION,
    CodeRef,
    MaybeLevel,
    split_level,
)
from gtpipe.model.names import label_order, one_line
from gtpipe.model.problems import Kind, Problem, did_you_mean, note
from gtpipe.model.records import NOWHERE, UNSAID, Material, Memo, Named, split_into
from gtpipe.text.yamltext import field_value


class Listed(NamedTuple):
    """A memo under a label: it is about it, or only its prose names it."""

    memo: Memo
    in_prose: bool


class MemoIndex(NamedTuple):
    """What the memos of a study are about.

    `by_level` holds, by level ('' for incidents) and label, the memos about it, `by_subject` the
    same by the kinds of `subjects`; `without_memo` the codes and categories that have none;
    `changed` what a memo says by a label that has changed.
    """

    by_date: tuple[Memo, ...]
    by_subject: dict[str, dict[str, list[Listed]]]
    by_level: dict[str, dict[str, list[Listed]]]
    without_memo: list[CodeRef]
    changed: list[tuple[Memo, str]]


def index(material: Material, known: Labels) -> MemoIndex:
    """The memos by what they are about and by date, and what is to be looked at."""
    memos = tuple(sorted(material.memos, key=lambda memo: (memo.date, memo.name)))
    prose, meant = _InProse(known), _Meanings(material, known)
    return MemoIndex(
        memos,
        _by_subject(memos, meant),
        _by_label(memos, meant, prose),
        _without_memo(known, memos, meant, prose),
        [(memo, change) for memo in memos for change in _changed(memo, meant, prose)],
    )


class _Meant(NamedTuple):
    """What a name under `about` stands for: codes and categories, an incident, other subjects."""

    codes: frozenset[CodeRef]
    incident: bool
    subjects: tuple[subjects.Subject, ...]


class _Meanings(dict[tuple[str, MaybeLevel], _Meant]):
    """What is meant by a name with the level in front of it, looked up once."""

    def __init__(self, material: Material, known: Labels) -> None:
        super().__init__()
        self.material, self.known = material, known

    def of(self, named: Named) -> _Meant:
        return self[named.label, named.level]

    def __missing__(self, name: tuple[str, MaybeLevel]) -> _Meant:
        named = Named(name[0], NOWHERE, name[1])
        codes = self.known.meanings(named)
        incident = anchor.place(named.label, self.material.interviews) is not None
        others = () if codes or incident else subjects.meanings(named, self.material, self.known)
        self[name] = found = _Meant(codes, incident, others)
        return found


class _InProse:
    """Which codes and categories a memo's prose names: whole words, capital or not, whatever is
    between."""

    def __init__(self, known: Labels) -> None:
        self._labels: dict[str, dict[tuple[str, ...], list[tuple[str, CodeRef]]]] = {}
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
            words = tuple(map(intern, _words(label)))  # labels share most of their words
            if words:
                behind = self._labels.setdefault(words[0], {})
                behind.setdefault(words, []).append((label, meaning))
        self._lengths = {
            word: sorted({len(words) for words in behind}, reverse=True)
            for word, behind in self._labels.items()
        }

    def named(self, memo: Memo) -> dict[CodeRef, str]:
        """What the prose of a memo names, and by which label; of labels that lie in one another,
        the longest."""
        if memo.name not in self._found:
            self._found[memo.name] = self._look(_words(memo.prose))
        return self._found[memo.name]

    def _look(self, words: tuple[str, ...]) -> dict[CodeRef, str]:
        found: dict[CodeRef, str] = {}
        lengths, behind = self._lengths, 0
        for at in [at for at, word in enumerate(words) if word in lengths]:
            if at < behind:
                continue
            of_word = self._labels[words[at]]
            for length in lengths[words[at]]:
                here = of_word.get(words[at : at + length])
                if here:
                    for label, meaning in sorted(here) if len(here) > 1 else here:
                        # What is named by the label of today as well is not told as an old one.
                        if found.get(meaning) != meaning[1]:
                            found[meaning] = label
                    behind = at + length
                    break
        return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))


def _by_label(
    memos: Iterable[Memo], meanings: _Meanings, prose: _InProse
) -> dict[str, dict[str, list[Listed]]]:
    """Level and label → the memos about it, and those that name it in their prose alone."""
    found: dict[str, dict[str, list[Listed]]] = {
        level: {} for level in (CATEGORY, RELATION, FOCUSED, INITIAL, "")
    }
    for memo in memos:
        about: dict[tuple[str, str], None] = {}
        for named in memo.about:
            meant = meanings.of(named)
            about |= dict.fromkeys(meant.codes)
            if meant.incident:  # it has no level
                about["", named.label] = None
        for level, label in about:
            found[level].setdefault(label, []).append(Listed(memo, in_prose=False))
        listed = Listed(memo, in_prose=True)
        for level, label in prose.named(memo):
            if (level, label) not in about:
                found[level].setdefault(label, []).append(listed)
    return found


def _by_subject(memos: Iterable[Memo], meanings: _Meanings) -> dict[str, dict[str, list[Listed]]]:
    """Kind and name → the memos about it; what may be meant by one name stands under its first."""
    found: dict[str, dict[str, list[Listed]]] = {kind: {} for kind in subjects.KINDS}
    for memo in memos:
        meant = (meanings.of(named).subjects[:1] for named in memo.about)
        for kind, name in dict.fromkeys(one for first in meant for one in first):
            found[kind].setdefault(name, []).append(Listed(memo, in_prose=False))
    return found


def is_unknown(named: Named, material: Material, known: Labels) -> bool:
    """Whether a memo names what is no code, category, property, relation, incident or other subject
    of the study (any more).
    """
    return (
        not known.levels(named)
        and known.property_of(named) is None
        and anchor.place(named.label, material.interviews) is None
        and not subjects.meanings(named, material, known)
    )


def is_memo(named: Named, material: Material) -> bool:
    return not named.level and any(
        memo.name == named.label.removesuffix(".md") for memo in material.memos
    )


def _changed(memo: Memo, meanings: _Meanings, prose: _InProse) -> list[str]:
    """What a memo names by a label that has changed: under `about`, and in its prose."""
    material, known = meanings.material, meanings.known
    told = [
        _what_became(named, known, material)
        for named in memo.about
        if not (meant := meanings.of(named)).incident
        and not meant.subjects
        and is_unknown(named, material, known)
    ]
    told += [
        f'"{label}", which is called "{now}" now, in its prose'
        for (_, now), label in sorted(
            named for named in prose.named(memo).items() if named[1] != named[0].label
        )
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
    return f'"{named.label}", which is nothing that this study has'


def may_name(memos: Iterable[Memo], labels: Iterable[str]) -> bool:
    """Whether a memo may be about one of the labels, or name it in its prose: the words stand in
    it.
    """
    sought = [(label, _words(label)) for label in labels]
    for memo in memos if sought else ():
        text = "\n".join([memo.prose, *(named.label for named in memo.about)])
        small = text.casefold()
        there = [
            words for label, words in sought if all(word in small for word in words or (label,))
        ]
        if there:
            words_there = f" {' '.join(_words(text))} "
            if (
                any(f" {' '.join(words)} " in words_there for words in there if words)
                or () in there
            ):
                return True
    return False


def without_memo(known: Labels, material: Material) -> list[CodeRef]:
    """Categories, focused and initial codes that no memo is about or names."""
    return _without_memo(known, material.memos, _Meanings(material, known), _InProse(known))


def _without_memo(
    known: Labels, memos: Iterable[Memo], meanings: _Meanings, prose: _InProse
) -> list[CodeRef]:
    """Categories, focused and initial codes that no memo is about or names, by any label; levels in
    label order."""
    about = {code for memo in memos for named in memo.about for code in meanings.of(named).codes}
    about |= {code for memo in memos for code in prose.named(memo)}
    return [
        CodeRef(level, label)
        for level in (CATEGORY, FOCUSED, INITIAL)
        for label in sorted(known.known[level], key=label_order)
        if CodeRef(level, label) not in about
    ]


def about(typed: str, material: Material, known: Labels) -> tuple[Memo, ...]:
    """The memos about a code, category, incident or other subject, and those that name it in their
    prose, by any label it had.

    What is about an incident is about its turn, or about words of the turn that it shares.
    """
    level, label = split_level(one_line(typed))
    named = Named(label, NOWHERE, level)
    wanted = known.meanings(named)
    others = {*subjects.meanings(named, material, known)}
    prose = _InProse(known)
    here = (
        None
        if wanted or named.level
        else WrittenAbout.of_memos(material).at_address(named.label, material)
    )
    return tuple(
        memo
        for memo in material.memos
        if memo in (here or ())
        or wanted & {meaning for one in memo.about for meaning in known.meanings(one)}
        or others & {one for of in memo.about for one in subjects.meanings(of, material, known)}
        or wanted & prose.named(memo).keys()
        or any(one.label == named.label for one in memo.about)
    )


def problems(material: Material, known: Labels) -> list[Problem]:
    """A note for each memo and comment that names a label that is not there: the prose is the
    person's, and so is the change.
    """
    about = [(named, "this memo") for memo in material.memos for named in memo.about]
    about += [(comment.about, "this comment") for comment in material.comments]
    unknown = [one for one in about if is_unknown(one[0], material, known)]
    everything = subjects.everything(material, known) if unknown else []
    found = []
    for named, what in unknown:
        do = did_you_mean(named.label, everything)
        if now := known.now(named):
            is_line = what == "this memo"
            do = (
                f'Write "{now}" under `about`'
                if is_line
                else f"Write `about: {field_value(now, '')}`"
            )
        do = do or "Take the line out, leave it as a record, or write `idea:` in front of it"
        what = f"{what} is about {_what_became(named, known, material)}"
        found.append(note(*named.where, what, do, kind=Kind.NO_SUCH_NAME, about=named.label))
    return found


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
