"""`gtpipe sampling add` and `done`: who or which position to seek next, and what came of it."""

from __future__ import annotations

from gtpipe.analysis import properties
from gtpipe.commands.look_up import (
    Book,
    by_option,
    fill_in,
    find_coder,
    find_named,
    interview_names,
)
from gtpipe.formats import personal, row_edits, sampling
from gtpipe.model.level import CODE_LEVELS
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem, UserError, did_you_mean, in_shell
from gtpipe.store import transaction
from gtpipe.store.layout import SAMPLING, Study
from gtpipe.study import Corpus, load


def seek(
    study: Study,
    who: str,
    *,
    why: str = "",
    codes: tuple[str, ...] = (),
    seeks: str = "",
    by_way_of: str = "",
    date: str,
    by: str = "",
) -> tuple[str, int, list[str]]:
    """One more entry of the sampling: who to seek next, or which position of a property (`seeks`,
    as `PROPERTY / POSITION`). Its file, its number among all, and words on what was typed.

    Raises UserError, nothing written, when a code or position is not there, or an open entry seeks
    the same already.
    """
    who, why, seeks = who.strip(), why.strip(), one_line(seeks)
    if not who and not seeks:
        do = "Write it in quotes; or name a position: --seeks 'PROPERTY / POSITION'"
        raise UserError.of("no word of who to seek", do)
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot)
        coder = find_coder(corpus, by)
        labels: list[str] = []
        remarks: list[str] = []
        problems: list[Problem] = []
        for code in codes:
            try:
                named, remark = find_named(corpus, code, CODE_LEVELS, "sampling add … --for {}")
            except UserError as exc:
                problems += exc.problems
            else:
                labels.append(named.typed)
                remarks += [remark] if remark else []
        if problems:
            raise UserError(*dict.fromkeys(problems))
        if seeks:
            code, remark = _position(corpus, seeks, labels)
            labels = labels or [code]
            remarks += [remark] if remark else []
        path = personal.path_of(SAMPLING, coder, corpus.settings.default_coder)
        codes = tuple(dict.fromkeys(labels))
        # An entry ends with words of its own, never with what another may end with too: git would
        # take the two last lines for one, and who keeps both sides of a conflict lose one of them.
        sought = {"seeks": seeks, "who": who}
        shared = {"by-way-of": by_way_of, "by": coder, "date": date, "for": "\n".join(codes)}
        row = {**sought, **shared, "why": why} if why else {**shared, **sought}
        after = row_edits.add(change.text(path), path, sampling.table(), [row])
        for decision in corpus.material.sampling:
            same = (decision.who, decision.seeks, decision.by_way_of) == (who, seeks, by_way_of)
            for_the_same = not seeks or codes == tuple(one.typed for one in decision.codes)
            if decision.is_open and same and for_the_same:
                raise UserError.at(
                    *decision.where, "an open entry seeks this already", "Add to that entry by hand"
                )
        command = "sampling add …" + (" --why …" if why else "")
        command += f" --seeks {in_shell(seeks)}" if seeks else ""
        command += f" --by-way-of {by_way_of}" if by_way_of else ""
        command += "".join(f" --for {in_shell(label)}" for label in labels)
        change.write(path, after)
        change.log(command + by_option(corpus, coder), coder)
    return (
        path,
        personal.number_after(path, (one.where.path for one in corpus.material.sampling), SAMPLING),
        remarks,
    )


def _position(corpus: Corpus, seeks: str, labels: list[str]) -> tuple[str, str]:
    """The code whose position is sought, as typed, and a word where it was met already."""
    codes = [corpus.resolve(label) for label in labels]
    found = properties.find(seeks, codes, corpus.material)
    met = ", ".join(incident.address for incident in found.position.incidents)
    return found.code.typed, f'"{seeks}" is not open: {met} stands there' if met else ""


def found_somebody(
    study: Study, number: int, done: str, *, came_of_it: str = "", by: str = ""
) -> tuple[str, str]:
    """Close entry `number` of the sampling with the interview it led to, or with words, and with
    what came of it; its file, and what was sought.

    Raises UserError, nothing written, when there is no such entry, or this is said of it already.
    """
    done, came_of_it = done.strip(), came_of_it.strip()
    if not done and not came_of_it:
        do = "Name the interview, or say it: --came-of-it WORDS"
        raise UserError.of("no word of what came of it", do)
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot, only=())
        coder = find_coder(corpus, by)
        shown = "`gtpipe sampling` shows those that are open"
        book = Book(SAMPLING, sampling.table(), sampling.loads, shown)
        values = {"done": done, "came-of-it": came_of_it}
        entry = fill_in(change, corpus, book, number, values)
        names = interview_names(corpus)
        if done and " " not in done and done not in names:
            raise UserError.of(
                f'no interview "{done}" in this study',
                did_you_mean(done, names)
                or "Ingest it first; or say in several words what came of it",
            )
        outcome = f" {done if done in names else '…'}" if done else ""
        outcome += " --came-of-it …" if came_of_it else ""
        change.log(f"sampling done {number}{outcome}{by_option(corpus, coder)}", coder)
    return entry.where.path, one_line(entry.sought)
