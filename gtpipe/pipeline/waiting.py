"""What waits for a person, in the order of the cycle: a sentence and what to type, for `status`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from gtpipe.analysis import coding_checks, focused_codes, theoretical_sampling
from gtpipe.analysis.codings import uncoded
from gtpipe.analysis.holdings import Holdings
from gtpipe.formats import evaluation
from gtpipe.model.level import FOCUSED, CodeRef
from gtpipe.model.names import one_line
from gtpipe.model.plural import count
from gtpipe.model.problems import UserError, in_shell
from gtpipe.model.records import Interview
from gtpipe.store.layout import (
    DATA,
    EVALUATION,
    FOCUSED_CODES,
    NOT_TAKEN_UP,
    SPLIT,
    THEORY,
    Snapshot,
)
from gtpipe.study import Corpus


def waiting(corpus: Corpus) -> list[tuple[str, str]]:
    """What waits for a person: a sentence and what to type, in the order of the cycle."""
    found: list[tuple[str, str]] = []
    material, codings = corpus.material, corpus.codings
    coded = {coding.interview for coding in codings}
    if not material.interviews and not corpus.unreadable:
        found.append(("no interview yet", "gtpipe ingest FILE"))
    if not corpus.settings.researchers:
        found.append(
            (
                "nobody is named as researcher, so the log cannot say who did what",
                "pipeline.yaml: researchers",
            )
        )
    for interview, turns in uncoded(material, codings):
        if interview.name in corpus.unread:
            continue
        of = f"{len(turns)} of {len(interview.participant_turns)} participant turns uncoded"
        found.append((f"{interview.name}: {of}", f"gtpipe code {interview.name}"))
    known = [one for one in material.interviews.values() if one.name not in corpus.unread]
    for earlier, later in _came_in_while_uncoded(known, coded):
        found.append(
            (
                f"{later} came in while {earlier} was uncoded: code each before the next, "
                "so that the next can follow what was found",
                f"gtpipe code {earlier}",
            )
        )
    undefined = coding_checks.undefined(material, codings)
    if undefined:
        found.append(
            (
                f"{count(len(undefined), 'code')} without a definition",
                "gtpipe codes list --undefined",
            )
        )
    found += [
        (f"a split of a code was begun: {path}", "fill it in, then `gtpipe codes split` again")
        for path in corpus.snapshot.files(DATA, ".yaml")
        if path.startswith(SPLIT)
    ]
    found += _waiting_analysis(corpus)
    return found


def _waiting_analysis(corpus: Corpus) -> Iterator[tuple[str, str]]:
    material, codings = corpus.material, corpus.codings
    if material.focused:
        aside = focused_codes.not_taken_up(material, codings, corpus.current)
        if aside:
            yield f"{count(len(aside), 'initial code')} not taken up", NOT_TAKEN_UP
    yield from _not_judged(corpus)
    bare = [
        label
        for label, code in focused_codes.focused_codes(material, codings).items()
        if not code.because
    ]
    if bare:
        yield (
            f"{count(len(bare), 'focused code')} without a reason: {', '.join(bare)}",
            FOCUSED_CODES,
        )
    for relation in material.theory.relations:
        if not relation.support:
            yield f'"{relation.sentence}" has no support yet', f"{THEORY}:{relation.where.line}"
    last = next(reversed(material.interviews), None)
    judged = {
        judgement.interview.label for judgement in material.theory.judgements if judgement.judgement
    }
    if last and (material.theory.categories or judged) and last not in judged:
        yield f"sufficiency not judged for {last}, the last interview", THEORY
    unanswered = [
        f"{comment.by or 'somebody'} on {comment.about.label}"
        for comment in material.comments
        if not comment.answer
    ]
    if unanswered:
        on = "; ".join(unanswered[:3]) + (" …" if len(unanswered) > 3 else "")
        yield (
            f"{count(len(unanswered), 'comment')} without an answer: {on}",
            "gtpipe comments --unanswered",
        )
    seeking = [one_line(one.who) for _, one in theoretical_sampling.still_open(material)]
    if seeking:
        yield (
            f"to seek next: {'; '.join(seeking[:3])}{' …' if len(seeking) > 3 else ''}",
            "gtpipe sampling",
        )
    yield from _waiting_evaluation(corpus.snapshot)
    for entry in material.diary:
        if entry.is_open:
            yield (
                f"re-read {', '.join(entry.re_read)}: {entry.reason or 'no reason given'}",
                f'when done, add "closed: what came of it" to {entry.path}',
            )


def _not_judged(corpus: Corpus) -> Iterator[tuple[str, str]]:
    """What came since under codes that were taken up; of a study that says nowhere what was judged,
    the one command for all of it.
    """
    holdings = Holdings(corpus.material, corpus.codings, corpus.current)
    codes = corpus.material.focused
    places = {label: holdings.waiting(CodeRef(FOCUSED, label)) for label in codes}
    held_by = [label for label in codes if places[label]]
    if not held_by:
        return
    number = count(sum(map(len, places.values())), "incident")
    if not any(code.judged for code in codes.values()):
        yield (
            f"{number} of focused codes not judged: nothing says yet what was seen when they were "
            "written",
            "gtpipe focused keep --all --why …",
        )
        return
    listed = "; ".join(held_by[:3]) + (" …" if len(held_by) > 3 else "")
    first = held_by[0]
    place = places[first][0]
    yield (
        f"since then, not judged: {number} ({listed})",
        f"gtpipe focused keep|does-not-fit|leave {in_shell(first)} "
        f"{in_shell(f'{place.interview} {place.turn}')} --why …",
    )


def _waiting_evaluation(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Questions of the evaluation without an answer, once there is one."""
    try:
        text = snapshot.text(EVALUATION)
        answers = [] if text is None else evaluation.answers(text)
    except UserError as exc:
        yield f"evaluation: {exc.problems[0].what}", f"{EVALUATION}:{exc.problems[0].line}"
        return
    bare = evaluation.unanswered(answers)
    if bare:
        yield f"evaluation: {len(bare)} of {len(answers)} questions not answered", EVALUATION


def _came_in_while_uncoded(
    interviews: Iterable[Interview], coded: set[str]
) -> Iterator[tuple[str, str]]:
    """Neighbours of which the earlier carries no code. Where a date is missing nobody knows the
    order: both must be bare.
    """
    for earlier, later in pairwise(interviews):
        if earlier.name not in coded and ((earlier.date and later.date) or later.name not in coded):
            yield earlier.name, later.name
