"""What `gtpipe compare` reads and, for a comparison memo, writes: of a code in few interviews,
those interviews alone.

Looking writes nothing; a memo is a new file, and no other is touched.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gtpipe.analysis import agreement, comparison, disconfirming
from gtpipe.analysis.agreement import Figure, Measure
from gtpipe.analysis.annotations import COMPARISON
from gtpipe.analysis.coders import CodersSideBySide, side_by_side
from gtpipe.analysis.groups import ValueAt
from gtpipe.analysis.labels import old_label
from gtpipe.commands import procedures
from gtpipe.commands.look_up import (
    check_words,
    find_incident,
    find_interview,
    find_turn,
    interview_names,
)
from gtpipe.commands.memo import new_memo
from gtpipe.formats import comments, naming
from gtpipe.model.anchor import reaches
from gtpipe.model.level import INITIAL, CodeRef, split_level
from gtpipe.model.problems import UsageError, UserError, did_you_mean, error, in_shell, refusal
from gtpipe.model.records import Incident, Interview, Named, Where
from gtpipe.store.layout import COMMENTS, SHEETS, Study
from gtpipe.study import Corpus, each_file, each_memo, focused_of, load, load_code, theory_of


def read_one(study: Study, typed: str) -> tuple[Corpus, CodeRef]:
    """The code called `typed`, and as much of the study as there is to show of it.

    Raises UserError with the nearest label where there is none.
    """
    level, label = split_level(typed.strip())
    if level in ("", INITIAL):
        try:
            corpus, current, beside_turns = load_code(study, label)
        except UserError:
            pass
        else:
            corpus = _with_what_is_said(corpus)
            if (
                level or label not in beside_turns | _higher(corpus)
            ) and not disconfirming.is_named_in_theory(current, corpus.material):
                return corpus, CodeRef(INITIAL, current)
    corpus = load(study)
    return corpus, corpus.resolve(typed)


def _with_what_is_said(corpus: Corpus) -> Corpus:
    """The study of a few interviews with focused codes, theory, memos and comments, which such a
    reading leaves out.
    """
    snapshot, problems = corpus.snapshot, list(corpus.unreadable)
    focused, theory = focused_of(snapshot, problems), theory_of(snapshot, problems)
    commented, wrong = each_file(snapshot, COMMENTS, comments.loads)
    problems += wrong
    memos = each_memo(snapshot, problems)
    material = replace(
        corpus.material, focused=focused, theory=theory, comments=commented, memos=memos
    )
    return replace(corpus, material=material, unreadable=tuple(problems))


def _higher(corpus: Corpus) -> set[str]:
    """The labels of focused codes and categories, which go before an initial code."""
    material = corpus.material
    return {
        *material.focused,
        *naming.current_labels(material.focused),
        *(one.label for one in material.theory.categories),
    }


# --- what came last -------------------------------------------------------------------------------


def interview_to_compare(corpus: Corpus, name: str | None, last: str) -> Interview:
    """The interview called `name`, or the last that is coded. Raises UserError where there is none,
    or it carries no code.
    """
    if name is None and not last:
        raise UserError(
            error(
                SHEETS,
                None,
                "nothing is coded yet",
                "Code an interview first: `gtpipe code INTERVIEW`",
            )
        )
    found = find_interview(corpus, last if name is None else name)
    if found.name not in corpus.codings.interviews:
        raise UserError(
            error(SHEETS, None, f"{found.name} carries no code yet", f"`gtpipe code {found.name}`")
        )
    return found


def newest(
    corpus: Corpus, name: str | None, *, value: ValueAt | None, most: int, incident_typed: str
) -> tuple[Interview, list[comparison.Newest]]:
    """An interview (else the last that is coded), and its incidents beside earlier ones.

    Of one incident alone where that is named. Raises UserError where something named is not there.
    """
    wanted = find_incident(corpus, incident_typed)[0] if incident_typed else None
    last = wanted.interview if wanted else comparison.last_coded(corpus.material, corpus.codings)
    interview = interview_to_compare(corpus, name, last)
    if wanted is not None and wanted.interview != interview.name:
        raise UsageError(f"{incident_typed}: this is not an incident of {interview.name}")
    found = list(
        comparison.newest(corpus.material, corpus.codings, interview.name, value=value, most=most)
    )
    return interview, found if wanted is None else _at(wanted, interview, found)


def _at(
    wanted: Incident, interview: Interview, found: Iterable[comparison.Newest]
) -> list[comparison.Newest]:
    turn = find_turn(interview, wanted.turn)
    span = None if wanted.words is None else check_words(wanted.words, turn, interview)
    here = [
        new for new in found if reaches(interview, (new.view.turn, new.view.span), (turn.id, span))
    ]
    if not here:
        raise UserError(
            error(
                interview.path,
                turn.line,
                f"no code stands at {wanted.address}",
                f"`gtpipe code {interview.name} {turn.id}` shows the turn",
            )
        )
    return here


# --- several coders -------------------------------------------------------------------------------


def by_coders(corpus: Corpus, named: tuple[str, ...]) -> list[CodersSideBySide]:
    """Interviews by several coders: `named` are initials and interviews; all coders where nobody
    is named, all interviews that one of them coded where none is.

    Raises UserError with each name that is neither, UsageError where one coder alone is named.
    """
    coded = {one.coder for one in corpus.codings.whose if one.coder}
    initials = tuple(dict.fromkeys([*corpus.settings.researchers, *sorted(coded)]))
    folded = {name.casefold(): name for name in initials}
    chosen: list[str] = []
    names: list[str] = []
    for name in named:
        meant = folded.get(name.casefold())
        # Who is named a second time may be an interview of that name.
        if meant and not (meant in chosen and name in corpus.material.interviews):
            chosen.append(meant)
        else:
            names.append(name)
    interviews = _interviews(corpus, names, initials)
    if len(set(chosen)) == 1:
        other = next((name for name in initials if name != chosen[0]), "INITIALS")
        raise UsageError(f"one coder alone; name two: --coders {chosen[0]} {other}")
    everybody = [name for name in initials if name in coded]
    compared = [side_by_side(each, corpus.codings, chosen or everybody) for each in interviews]
    return [sides for sides in compared if sides.coders or names]


def how_far_they_agree(
    corpus: Corpus, compared: Iterable[CodersSideBySide], measure: Measure
) -> tuple[Figure, ...]:
    """Figures of agreement. Raises UserError where the study's approach has none, or the study has
    not switched them on.
    """
    if corpus.settings.approach.no_agreement:
        raise UserError(refusal(corpus.settings.approach.no_agreement))
    procedures.find_on(corpus, "agreement")
    return agreement.figures(measure, compared)


def _interviews(corpus: Corpus, names: Iterable[str], initials: Iterable[str]) -> list[Interview]:
    if not names:
        return list(corpus.material.interviews.values())
    found, problems = [], []
    for name in dict.fromkeys(names):
        try:
            found.append(find_interview(corpus, name))
        except UserError as exc:
            there = interview_names(corpus)
            all_names = f"The initials are {', '.join(initials)}; the interviews {', '.join(there)}"
            do = did_you_mean(name, [*initials, *there]) or all_names
            what = f'no coder and no interview "{name}" in this study'
            problems += [p if p.path else refusal(what, do) for p in exc.problems]
    if problems:
        raise UserError(*problems)
    return found


# --- a comparison memo ----------------------------------------------------------------------------


def note(
    study: Study,
    title: str,
    codes: tuple[str, ...],
    incidents: tuple[str, ...],
    *,
    date: str,
    by: str = "",
) -> tuple[str, tuple[str, ...]]:
    """Make a comparison memo about codes and incidents: its path, and what stands under `about`.

    Raises UserError, nothing written, when one of them is not there, or called otherwise now.
    """
    corpus = load(study)
    found = corpus.resolve_all(codes)
    now = f"compare {' '.join(in_shell(thing.typed) for thing in found)} --note {in_shell(title)}"
    old = [
        old_label(split_level(typed.strip())[1], thing.label, now)
        for thing, typed in zip(found, codes, strict=True)
        if thing.label not in (split_level(typed.strip())[1], typed.strip())
    ]
    if old:
        raise UserError(*old)
    about = [_as_named(thing, corpus) for thing in found] + [
        find_incident(corpus, one)[0].address for one in incidents
    ]
    about = list(dict.fromkeys(about))
    if len(about) < 2:
        raise UserError(
            refusal("a comparison memo is about two at least, and these are one", "Name another")
        )
    return new_memo(study, title, about=tuple(about), kind=COMPARISON, date=date, by=by), tuple(
        about
    )


def _as_named(thing: CodeRef, corpus: Corpus) -> str:
    """The label, its level in front only where it stands on others too."""
    several = len(corpus.names.levels(Named(thing.label, Where("", 0)))) > 1
    return (
        f"{thing.level}: {thing.label}" if several or split_level(thing.label)[0] else thing.label
    )
