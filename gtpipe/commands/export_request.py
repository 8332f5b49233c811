"""What `gtpipe export` is asked for, and which part of a study that is: interviews, codes with
those above them, codings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from gtpipe.model import anchor
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, CodeRef
from gtpipe.model.names import label_order
from gtpipe.model.problems import Problem, UserError, did_you_mean
from gtpipe.model.records import Coding, Interview
from gtpipe.study import Corpus


class Request(NamedTuple):
    """What is asked for: codings of these codes and interviews alone (all, where none is named),
    with the participants' words or without, codes under those that take them up or side by side.
    """

    only: tuple[str, ...] = ()
    with_words: bool = True
    is_flat: bool = False


class Selection(NamedTuple):
    """The interviews and codes that were asked for; None where none was named."""

    interviews: frozenset[str] | None = None
    codes: frozenset[CodeRef] | None = None

    def has(self, coding: Coding) -> bool:
        return (self.interviews is None or coding.interview in self.interviews) and (
            self.codes is None or CodeRef(coding.level, coding.code) in self.codes
        )


def selected(corpus: Corpus, only: Iterable[str]) -> Selection:
    """What `only` names, each an interview, else a code; a focused code stands for those it takes
    up as well. Raises UserError.
    """
    interviews, labels = set(), []
    for typed in only:
        if typed.strip() in corpus.material.interviews:
            interviews.add(typed.strip())
        else:
            labels.append(typed)
    try:
        codes = Tree(corpus).below(corpus.resolve_all(labels))
    except UserError as exc:
        raise UserError(*(_or_interview(one, corpus) for one in exc.problems)) from None
    return Selection(frozenset(interviews) or None, codes or None)


def _or_interview(problem: Problem, corpus: Corpus) -> Problem:
    """That there is no such code, with the interview that may have been meant."""
    near = did_you_mean(problem.about, corpus.material.interviews) if problem.about else ""
    what = f'no code and no interview "{problem.about}" in this study'
    return replace(problem, what=what, do=near) if near else problem


class Tree:
    """Which code stands under which: an initial code under the first focused code that takes it up,
    that under the first category that holds it, that under the one it is part of.
    """

    def __init__(self, corpus: Corpus) -> None:
        material, names = corpus.material, corpus.names
        self.parents: dict[CodeRef, CodeRef] = {}
        self.further: list[tuple[CodeRef, CodeRef]] = []
        """What is taken up once more, from where it is to what it is."""
        categories = {category.label for category in material.theory.categories}
        for category in material.theory.categories:
            code = CodeRef(CATEGORY, category.label)
            if category.part_of and category.part_of.label in categories:
                self._put(code, CodeRef(CATEGORY, category.part_of.label))
            for named in category.focused:
                if named.label in material.focused:
                    self._put(CodeRef(FOCUSED, named.label), code)
        for label, focused in material.focused.items():
            for named in focused.takes_up:
                for taken in names.meanings(named):
                    if taken.level is INITIAL:
                        self._put(taken, CodeRef(FOCUSED, label))

    def _put(self, code: CodeRef, under: CodeRef) -> None:
        if code in self.parents:
            self.further.append((under, code))
        elif code not in self.way_up(under):
            self.parents[code] = under

    def way_up(self, code: CodeRef) -> list[CodeRef]:
        """A code and all that it stands under."""
        way = [code]
        while way[-1] in self.parents:
            way.append(self.parents[way[-1]])
        return way

    def above(self, code: CodeRef) -> list[CodeRef]:
        """What a code stands under, and what takes it up once more."""
        first = [self.parents[code]] if code in self.parents else []
        return [*first, *(under for under, one in self.further if one == code)]

    def below(self, codes: Iterable[CodeRef]) -> frozenset[CodeRef]:
        """These codes, and all that stand under them."""
        found = {*codes}
        pairs = [*((under, one) for one, under in self.parents.items()), *self.further]
        while more := {one for under, one in pairs if under in found} - found:
            found |= more
        return frozenset(found)


def codes_of(corpus: Corpus, selection: Selection, tree: Tree) -> dict[CodeRef, None]:
    """Every code that was asked for, of interviews alone those that stand there, with those above:
    categories and focused codes as their files have them, initial codes as the code book has them,
    then those that stand in sheets alone.
    """
    material = corpus.material
    coded = {*corpus.codings.used}
    everything = [
        *(CodeRef(CATEGORY, one.label) for one in material.theory.categories),
        *(CodeRef(FOCUSED, label) for label in material.focused),
        *(CodeRef(INITIAL, label) for label in material.codebook),
    ]
    everything += sorted(coded - {*everything}, key=lambda code: label_order(code.label))
    asked = selection.codes
    if asked is None and selection.interviews is None:
        return dict.fromkeys(everything)
    if asked is None:
        asked = frozenset(CodeRef(one.level, one.code) for one in applied(corpus, selection))
    kept = {above for code in asked for above in tree.way_up(code)}
    return dict.fromkeys(code for code in everything if code in kept)


def applied(corpus: Corpus, selection: Selection) -> tuple[Coding, ...]:
    """The applications that were asked for; and the incidents that focused codes have of their own,
    as applications of these.
    """
    material = corpus.material
    own = (
        Coding(
            place.interview,
            place.turn,
            material.interviews[place.interview].participant_of(place.turn),
            focused.by or corpus.settings.default_coder,
            FOCUSED,
            label,
            label,
            incident.words,
            place.span,
            "",
            False,
        )
        for label, focused in material.focused.items()
        for incident in focused.incidents
        if (place := anchor.place(incident.address, material.interviews))
    )
    return tuple(one for one in (*corpus.codings, *own) if selection.has(one))


def interviews_of(
    corpus: Corpus, selection: Selection, applied: Iterable[Coding]
) -> dict[str, Interview]:
    """Those that were asked for; of codes alone, the ones where they stand."""
    there = {coding.interview for coding in applied}
    return {
        name: interview
        for name, interview in corpus.material.interviews.items()
        if (selection.interviews is None or name in selection.interviews)
        and (selection.codes is None or name in there)
    }
