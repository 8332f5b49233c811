"""`gtpipe codes define`: what a code means, written into the file where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gtpipe.analysis.labels import old_label
from gtpipe.commands.look_up import broken_files, find_coder, label_problem
from gtpipe.formats import codebook, focused, theory
from gtpipe.model import plural
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, Level, split_level
from gtpipe.model.problems import UserError, did_you_mean, in_shell, refusal
from gtpipe.model.records import Category, Code, FocusedCode
from gtpipe.store import transaction
from gtpipe.store.layout import ENTRIES, Study
from gtpipe.study import Corpus, load
from gtpipe.text import entry_edits


class Defined(NamedTuple):
    """What was defined: the file, the label, whether it is in use nowhere yet, and what its fields
    said before, where they did and
    it was something else."""

    path: str
    label: str
    is_new: bool
    before: dict[str, str]


def define(
    study: Study,
    label: str,
    values: dict[str, str],
    *,
    new: bool = False,
    by: str = "",
    why: str = "",
) -> Defined:
    """Set fields (`codebook.SAID`) of a code in the code book; the definition of a focused code or
    a category in its own file.

    A code that is not in use yet gets an entry; where its label is nearly another's, only with
    `new`. Raises UserError, nothing written, where that is to be asked, or the file has errors.
    """
    level, bare = split_level(label.strip())
    with transaction.change(study, cached=True) as change:
        corpus = load(study, change.snapshot)
        coder = find_coder(corpus, by)
        names = corpus.names
        if label.strip() in names.known[INITIAL]:
            level, bare = INITIAL, label.strip()
        wrong = label_problem(bare)
        if wrong:
            raise UserError(wrong)
        levels = [level] if level else [INITIAL, FOCUSED, CATEGORY]
        standing, is_new = next((one for one in levels if bare in names.known[one]), ""), False
        now = (
            ""
            if standing
            else next((found for one in levels if (found := names.leads_to(bare, one))), "")
        )
        if now:
            raise UserError(
                old_label(
                    bare, now, f"codes define {in_shell(f'{level}: {now}' if level else now)} …"
                )
            )
        if not standing:
            _check_undefined(
                corpus,
                bare,
                level or INITIAL,
                [other for one in levels for other in names.known[one]],
                new,
            )
            standing, is_new = INITIAL, True
        if standing != INITIAL and set(values) - {"definition"}:
            raise UserError.of(
                f'"{bare}" is {plural.one(Level(standing).noun)}',
                "It has a definition alone; what else is said is for codes",
            )
        path = ENTRIES[Level(standing)]
        text = change.text(path)
        if standing == INITIAL and not values:
            if bare in corpus.material.codebook:
                raise UserError.of(f'"{bare}" stands in {path} already', "Say what to write")
            after = codebook.add(text, {bare: {}})
        elif standing == INITIAL:
            after = codebook.define(text, bare, _checked(values))
        else:
            after = (focused if standing == FOCUSED else theory).define(
                text, bare, values["definition"]
            )
        command = f"codes define {in_shell(bare if standing == INITIAL else f'{standing}: {bare}')}"
        change.write(path, after)
        did = {"kind": "define", "level": standing, "code": bare, "fields": [*values]}
        change.log(command, coder, why, did=did)
    categories = {category.label: category for category in corpus.material.theory.categories}
    entry: Code | FocusedCode | Category | None
    if standing == INITIAL:
        entry = corpus.material.codebook.get(bare)
    else:
        entry = corpus.material.focused.get(bare) if standing == FOCUSED else categories.get(bare)
    written = {name: getattr(entry, name, "") for name in values}
    return Defined(
        path,
        bare,
        is_new,
        {name: old for name, old in written.items() if old and old != values[name]},
    )


def _checked(values: dict[str, str]) -> dict[str, str]:
    """Raises UserError where a number or a status is none."""
    _, problems = codebook.loads(entry_edits.block([("code", "a code"), *values.items()]))
    if problems:
        raise UserError(*(refusal(one.what, one.do) for one in problems))
    return values


def _check_undefined(
    corpus: Corpus, label: str, level: Level, known: Iterable[str], new: bool
) -> None:
    """Raises UserError unless a code that stands nowhere may be defined under this label."""
    unread = broken_files(corpus)
    if level not in ("", INITIAL):
        raise UserError.of(
            f'no {level.noun} "{label}" in this study',
            did_you_mean(label, known) or f"Write it into its file first: {ENTRIES[level]}",
        )
    if unread and not new:
        raise UserError(
            refusal(
                f'no code "{label}" in this study',
                "It may stand in a file that cannot be read, see below",
            ),
            *unread,
        )
    near = "" if new else did_you_mean(label, sorted(known))
    if near:
        raise UserError.of(
            f'no code "{label}" in this study',
            f"{near} If it is a code that is not in use yet, add --new",
        )
