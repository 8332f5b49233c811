"""What waits for a person, and what is only unfinished: a sentence and what to type, for `status`.

Not every turn is to be coded, nor every code defined or taken up: what nobody asked to be reminded
of is shown to those who ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from gtpipe.analysis import coding_checks, ethics, focused_codes, procedures, theoretical_sampling
from gtpipe.analysis.codings import uncoded
from gtpipe.formats import evaluation
from gtpipe.model import limits
from gtpipe.model.level import FOCUSED, CodeRef
from gtpipe.model.names import one_line
from gtpipe.model.plural import count
from gtpipe.model.problems import Kind, UserError, in_shell
from gtpipe.model.records import Interview
from gtpipe.pipeline.stages import FOCUSED_CODE, INITIAL_CODE, MEMO, THEORETICAL_CODE
from gtpipe.store.layout import DATA, ETHICS, EVALUATION, FOCUSED_CODES, NOT_TAKEN_UP, SPLIT, THEORY
from gtpipe.study import Corpus


def waiting(corpus: Corpus) -> list[tuple[str, str]]:
    """What a person began, asked to be reminded of or has to judge, and what would be lost unseen:
    a sentence and what to type. Nothing here asks for more codes.
    """
    return [
        *_to_begin(corpus),
        *_lost_anchors(corpus),
        *_to_judge(corpus),
        *_coded_out_of_turn(corpus),
        *_begun(corpus),
        *_reminders(corpus),
    ]


def promised(corpus: Corpus, today: str) -> Iterator[tuple[str, str]]:
    """What is due of what was promised to participants. Nothing of a study that has no such
    file.
    """
    written, problems = corpus.ethics
    if written is None:
        return
    bare = ethics.without_consent(written, corpus.material, corpus.codings)
    if bare and not problems:
        coded = dict.fromkeys(name for of in bare.values() for name in of)
        of = "" if [*coded] == [*bare] else f": {_first([*coded])}"
        yield (
            f"{count(len(coded), 'interview')} coded without a consent of {_first([*bare])}{of}",
            ETHICS,
        )
    windows = [f"{name} until {day}" for name, day in ethics.may_withdraw(written, today).items()]
    if windows:
        yield f"may still withdraw: {_first(windows)}", "gtpipe ethics"
    for one in ethics.overdue(written, today):
        yield (
            f"to be destroyed by {one.by_date}, and not done: {one_line(one.what)}",
            f"when done, write the day behind `done:` at {ETHICS}:{one.where.line}",
        )
    for one in ethics.still_there(written, corpus.study.is_there):
        yield (
            f"said to be destroyed, and still there: {one_line(one.what)}",
            f"{ETHICS}:{one.where.line}",
        )


def unfinished(corpus: Corpus) -> list[tuple[str, str]]:
    """What is not complete and need not be: for who asks, with `status --all`."""
    return [*_uncoded(corpus), *_code_book(corpus), *_analysis(corpus), *_evaluation(corpus)]


def folded(corpus: Corpus) -> str:
    """In one line how many turns and codes are left as they are; '' where none."""
    turns = sum(len(turns) for interview, turns in _uncoded_turns(corpus))
    undefined = _undefined(corpus)
    aside = _not_taken_up(corpus)
    parts = [
        count(turns, "participant turn") + " without a code" if turns else "",
        count(len(undefined), "code") + " without a definition" if undefined else "",
        count(len(aside), "initial code") + " not taken up" if aside else "",
    ]
    return ", ".join(part for part in parts if part)


def _to_begin(corpus: Corpus) -> Iterator[tuple[str, str]]:
    if not corpus.material.interviews and not corpus.unreadable:
        yield "no interview yet", "gtpipe ingest FILE"
    if not corpus.settings.researchers:
        yield (
            "nobody is named as researcher, so the log cannot say who did what",
            "pipeline.yaml: researchers",
        )


def _lost_anchors(corpus: Corpus) -> Iterator[tuple[str, str]]:
    lost = [one.about for one in corpus.told_errors() if one.kind is Kind.LOST_ANCHOR]
    lost = list(dict.fromkeys(lost))  # one incident may be named in several places
    if lost:
        yield (
            f"{count(len(lost), 'incident')} of which the turn or the words are gone: "
            f"{_first(lost)}",
            "gtpipe check",
        )


def _to_judge(corpus: Corpus) -> Iterator[tuple[str, str]]:
    """What came since under codes that were taken up; of a study that says nowhere what was judged,
    the one command for all of it.
    """
    holdings = corpus.looking.holdings
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
            "gtpipe codes focused keep --all --why …",
        )
        return
    listed = "; ".join(held_by[:3]) + (" …" if len(held_by) > 3 else "")
    first = held_by[0]
    place = places[first][0]
    yield (
        f"since then, not judged: {number} ({listed})",
        f"gtpipe codes focused keep|does-not-fit|leave {in_shell(first)} "
        f"{in_shell(f'{place.interview} {place.turn}')} --why …",
    )


def _coded_out_of_turn(corpus: Corpus) -> Iterator[tuple[str, str]]:
    if INITIAL_CODE.name not in corpus.settings.stages:
        return
    coded = corpus.codings.interviews
    known = [one for one in corpus.material.interviews.values() if one.name not in corpus.unread]
    for earlier, later in _came_in_while_uncoded(known, coded):
        yield (
            f"{later} came in while {earlier} was uncoded: code each before the next, "
            "so that the next can follow what was found",
            f"gtpipe code {earlier}",
        )


def _begun(corpus: Corpus) -> Iterator[tuple[str, str]]:
    for path in corpus.snapshot.files(DATA, ".yaml"):
        if path.startswith(SPLIT):
            yield (
                f"a split of a code was begun: {path}",
                "fill it in, then `gtpipe codes split` again",
            )
    try:
        evaluation.answers(corpus.snapshot.text(EVALUATION) or "")
    except UserError as exc:
        yield f"evaluation: {exc.problems[0].what}", f"{EVALUATION}:{exc.problems[0].line}"


def _reminders(corpus: Corpus) -> Iterator[tuple[str, str]]:
    material = corpus.material
    unanswered = [
        f"{comment.by or 'somebody'} on {comment.about.label}"
        for comment in material.comments
        if not comment.answer
    ]
    if unanswered:
        yield (
            f"{count(len(unanswered), 'comment')} without an answer: {_first(unanswered)}",
            "gtpipe comments --unanswered",
        )
    seeking = [one_line(one.sought) for _, one in theoretical_sampling.still_open(material)]
    if seeking:
        yield f"to seek next: {_first(seeking)}", "gtpipe sampling"
    for procedure, table, field, rows in procedures.waiting(material):
        named = [one_line(row.get(table.key)) for row in rows]
        path, line = rows[0].where
        of = f"{procedure.name}: {count(len(rows), table.noun)} without {field.name}"
        yield f"{of}: {_first(named)}", f"{path}:{line}"
    for entry in material.diary:
        if entry.is_open and MEMO.name in corpus.settings.stages:
            until = f" (by {entry.due})" if entry.due else ""
            yield (
                f"re-read {', '.join(entry.re_read)}{until}: {entry.reason or 'no reason given'}",
                f'when done, add "closed: what came of it" to {entry.path}',
            )


def _first(names: list[str], most: int = 3) -> str:
    return "; ".join(names[:most]) + (" …" if len(names) > most else "")


def _uncoded_turns(corpus: Corpus) -> list[tuple[Interview, tuple[str, ...]]]:
    if INITIAL_CODE.name not in corpus.settings.stages:
        return []
    return [
        (interview, turns)
        for interview, turns in uncoded(corpus.material, corpus.codings)
        if interview.name not in corpus.unread
    ]


def _uncoded(corpus: Corpus) -> Iterator[tuple[str, str]]:
    for interview, turns in _uncoded_turns(corpus):
        of = f"{len(turns)} of {len(interview.participant_ids)} participant turns uncoded"
        which = limits.some(turns)
        yield f"{interview.name}: {of}: {which}", f"gtpipe code {interview.name}"


def _undefined(corpus: Corpus) -> list[str]:
    settings = corpus.settings
    if not settings.approach.defines_codes or INITIAL_CODE.name not in settings.stages:
        return []
    return coding_checks.undefined(corpus.material, corpus.codings)


def _code_book(corpus: Corpus) -> Iterator[tuple[str, str]]:
    undefined = _undefined(corpus)
    if undefined:
        yield (
            f"{count(len(undefined), 'code')} without a definition",
            "gtpipe codes list --undefined",
        )


def _not_taken_up(corpus: Corpus) -> list[str]:
    if not corpus.material.focused or FOCUSED_CODE.name not in corpus.settings.stages:
        return []
    return focused_codes.not_taken_up(corpus.material, corpus.codings, corpus.current)


def _analysis(corpus: Corpus) -> Iterator[tuple[str, str]]:
    material = corpus.material
    aside = _not_taken_up(corpus)
    if aside:
        yield f"{count(len(aside), 'initial code')} not taken up", NOT_TAKEN_UP
    bare = [
        label
        for label, code in corpus.looking.focused.items()
        if not code.because and FOCUSED_CODE.name in corpus.settings.stages
    ]
    if bare:
        yield (
            f"{count(len(bare), FOCUSED.noun, FOCUSED.nouns)} without a reason: {', '.join(bare)}",
            FOCUSED_CODES,
        )
    if THEORETICAL_CODE.name not in corpus.settings.stages:
        return
    for relation in material.theory.relations:
        if not relation.support:
            yield f'"{relation.sentence}" has no support yet', f"{THEORY}:{relation.where.line}"
    last = next(reversed(material.interviews), None)
    judged = {
        judgement.interview.label for judgement in material.theory.judgements if judgement.judgement
    }
    if last and (material.theory.categories or judged) and last not in judged:
        yield f"sufficiency not judged for {last}, the last interview", THEORY


def _evaluation(corpus: Corpus) -> Iterator[tuple[str, str]]:
    """Questions of the evaluation without an answer, once there is one."""
    try:
        text = corpus.snapshot.text(EVALUATION)
        answers = [] if text is None else evaluation.answers(text)
    except UserError:
        return  # `_begun` says so
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
