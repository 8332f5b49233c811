"""`gtpipe codes focused add` and `take-up`: a new focused code, and the codes that one takes up.

Both write down what those codes hold at that moment: it was seen. What comes later is judged in
`judge_incidents`.
"""

from __future__ import annotations

from collections.abc import Iterable

from gtpipe.analysis.labels import no_code, old_label
from gtpipe.analysis.references import place_of
from gtpipe.commands.look_up import broken_files, find_coder, incident_typed, label_problem
from gtpipe.formats import focused
from gtpipe.model.level import FOCUSED, INITIAL, CodeRef
from gtpipe.model.problems import UserError, did_you_mean, error, in_shell
from gtpipe.model.records import Incident
from gtpipe.store import transaction
from gtpipe.store.layout import FOCUSED_CODES, Study
from gtpipe.study import Corpus, load


def add_focused(
    study: Study,
    label: str,
    *,
    takes_up: tuple[str, ...] = (),
    definition: str = "",
    because: str = "",
    by: str = "",
    why: str = "",
) -> bool:
    """A new entry in the focused codes; of one that stands already without a reason, the reason,
    where nothing else is asked for. Returns whether the entry is new. Raises UserError, nothing
    written, when it stands already or names no code.
    """
    wrong = label_problem(label)
    if wrong:
        raise UserError(wrong)
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot)
        coder = find_coder(corpus, by)
        _refuse_old_label(
            corpus,
            label,
            more="; a focused code of its own needs another label, as long as `was` or "
            '`merged-from` of "{}" holds this one',
        )
        codes = _initial_codes(
            corpus,
            takes_up,
            f"codes focused add {in_shell(label)} --takes-up {{}} …",
            " --takes-up ",
        )
        there = corpus.material.focused.get(label)
        if there and because and not there.because:
            standing = {named.label for named in there.takes_up}
            if standing.issuperset(codes) and definition.strip() in ("", there.definition):
                change.write(
                    FOCUSED_CODES, focused.give_reason(change.text(FOCUSED_CODES), label, because)
                )
                command = f"codes focused add {in_shell(label)} --because …"
                change.log(command, coder, why or because)
                return False
        after = focused.add(
            change.text(FOCUSED_CODES),
            label,
            definition=definition,
            because=because,
            by=coder,
            written_after=corpus.last_interview,
            takes_up=codes,
            judged=_seen(corpus, label, codes),
        )
        change.write(FOCUSED_CODES, after)
        did = {"kind": "add", "level": FOCUSED, "code": label, "codes": codes}
        change.log(f"codes focused add {in_shell(label)}", coder, why or because, did=did)
    return True


def take_up(
    study: Study, label: str, codes: tuple[str, ...], *, by: str = "", why: str = ""
) -> bool:
    """More initial codes under `takes-up` of a focused code. Returns whether anything changed.
    Raises UserError.
    """
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot)
        coder = find_coder(corpus, by)
        typed = " ".join(map(in_shell, codes))
        check_focused(corpus, label, f"codes focused take-up {{}} {typed}")
        standing = {
            corpus.current.get(named.label, named.label)
            for named in corpus.material.focused[label].takes_up
        }
        new = tuple(
            code
            for code in _initial_codes(
                corpus, codes, f"codes focused take-up {in_shell(label)} {{}}"
            )
            if code not in standing
        )
        seen = _seen(corpus, label, new)
        after = focused.take_up(change.text(FOCUSED_CODES), label, new, seen)
        command = f"codes focused take-up {in_shell(label)} {typed}"
        change.write(FOCUSED_CODES, after)
        did = {"kind": "take-up", "level": FOCUSED, "code": label, "codes": new}
        change.log(command, coder, why, did=did)
    return bool(change.changed)


def _refuse_old_label(corpus: Corpus, label: str, command: str = "", more: str = "") -> None:
    """Raises UserError for an old label of a focused code; the label of today goes to the `{}`."""
    now = corpus.names.leads_to(label, FOCUSED)
    if now:
        command = command.replace("{}", in_shell(now), 1)
        raise UserError(old_label(label, now, command, more=more.replace("{}", now, 1)))


def check_focused(corpus: Corpus, label: str, command: str) -> None:
    """Raises UserError unless the focused code `label` has an entry; `command` is what to type for
    an old label, with the new one at its `{}`.
    """
    _refuse_old_label(corpus, label, command)
    if label not in corpus.material.focused:
        make = f"`gtpipe codes focused add {in_shell(label)} --because …` makes it"
        raise UserError(
            *(
                broken_files(corpus, FOCUSED_CODES)
                or [
                    error(
                        FOCUSED_CODES,
                        None,
                        f'no {FOCUSED.noun} "{label}"',
                        did_you_mean(label, corpus.material.focused) or make,
                    )
                ]
            )
        )


def _seen(corpus: Corpus, label: str, codes: Iterable[str]) -> tuple[Incident, ...]:
    """What `codes` hold, and is not judged, left, or on record as not fitting already."""
    holdings = corpus.looking.holdings
    thing = CodeRef(FOCUSED, label)
    code = corpus.material.focused.get(label)
    listed = (*code.judged, *code.left) if code else ()
    said = {place_of(incident, corpus.material) for incident in listed}
    found = {place: None for one in codes for place in holdings.of(CodeRef(INITIAL, one))}
    return tuple(
        incident_typed(holdings.address(place))
        for place in sorted(found, key=holdings.order)
        if place not in said and holdings.fits(thing, place)
    )


def _initial_codes(
    corpus: Corpus, codes: tuple[str, ...], command: str, between: str = " "
) -> tuple[str, ...]:
    """The codes, each once. Raises UserError with every one that is not there, or is called
    otherwise now.

    `command` is what to type then, with the codes at its `{}`.
    """
    known = corpus.names.known[INITIAL]
    labels = tuple(dict.fromkeys(codes))
    typed = between.join(
        in_shell(corpus.names.leads_to(label, INITIAL) or label) for label in labels
    )
    wrong = []
    for label in labels:
        now = corpus.names.leads_to(label, INITIAL)
        if now:
            wrong.append(old_label(label, now, command.replace("{}", typed)))
        elif label not in known:
            wrong.append(no_code(label, known))
    if wrong:
        raise UserError(*wrong)
    return labels
