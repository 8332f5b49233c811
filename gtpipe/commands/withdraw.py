"""`gtpipe withdraw`: a participant withdraws. Their sources, transcripts, sheets and records go, as
does every line that names an incident of theirs; what a person wrote in prose is not edited: where
their words still stand in it is told.

What is laid out under `data/derived/` and quotes them, and all that the cache keeps, goes first;
then the files change, all of them or none. Nothing of it can be taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gtpipe.commands.report import KEYS
from gtpipe.commands.withdraw_plan import WithdrawalPlan, nobody, plan
from gtpipe.formats import withdrawn
from gtpipe.history.withdrawn import StillInGit, WithdrawnInHistory
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError, error, refusal
from gtpipe.sources import every_word
from gtpipe.store import cache, derived, every_file, log, placing, rewriting, transaction
from gtpipe.store.layout import LOG, PAGES, SOURCES, WITHDRAWN, Snapshot, Study
from gtpipe.store.page_folder import PageFolder
from gtpipe.store.repository import Repository
from gtpipe.store.transaction import FileChange, Transaction, encode_keeping_bom
from gtpipe.study import load
from gtpipe.text.word_runs import WordRuns

_MOST_BYTES = 50_000_000
# Looked through for letters alone, if at all.
_UNREAD = (".doc", ".xls", ".ppt", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".bundle")


class Place(NamedTuple):
    """A line of a file; of a document, `inside` says where, and the line is 0."""

    path: str
    line: int
    inside: str = ""


@dataclass(frozen=True)
class Standing:
    """Where words of somebody who withdrew still stand: lines of files, folders of pages outside
    `data/derived/`; and files that could not be looked through.
    """

    places: tuple[Place, ...]
    reports: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def is_left(self) -> bool:
        return bool(self.places or self.reports)


@dataclass(frozen=True)
class WithdrawalDone:
    """What a withdrawal changed, or would: the plan, derived files that went, and what still
    stands.
    """

    plan: WithdrawalPlan
    derived: tuple[str, ...]
    standing: Standing
    changed: tuple[str, ...] = ()


def withdraw(
    study: Study,
    participant: str,
    *,
    why: str,
    by: str,
    date: str,
    laid_out: Iterable[str],
    dry_run: bool = False,
) -> WithdrawalDone:
    """Have `participant` withdraw; `laid_out` are the derived files that gtpipe wrote and can make
    again.

    Raises UserError, nothing written, where nobody is called so, a file cannot be read, or cannot
    be edited by lines.
    """
    laid_out = tuple(laid_out)
    if dry_run:
        made = plan(load(study), participant)
        return WithdrawalDone(made, tuple(_quoting(made, laid_out)), _standing(made, laid_out))
    with transaction.change(study) as change:
        made = plan(load(study, change.snapshot), participant)
        standing = _standing(made, laid_out)
        quoting = tuple(_quoting(made, laid_out))
        change.add(*_changes(made))
        _add_record(change, made, date, by, why)
        interviews = tuple(dict.fromkeys(name for name, _ in made.sources))
        did = {"kind": log.WITHDRAW, "interviews": interviews}
        change.log("withdraw", by, why, did=did)
        _clean_log(made)
        derived.write_derived(study, {}, quoting)
        _clear_report(study)
        cache.empty(study, but=(KEYS,))
    return WithdrawalDone(made, quoting, standing, change.changed)


def _changes(made: WithdrawalPlan) -> Iterator[FileChange]:
    for path, text in made.texts.items():
        before = made.corpus.snapshot.bytes(path)
        after = None if text is None else encode_keeping_bom(text, before)
        if before != after:
            yield FileChange(path, before, after)


def _add_record(change: Transaction, made: WithdrawalPlan, date: str, by: str, why: str) -> None:
    why = one_line(why)
    rows = [withdrawn.Withdrawn(name, date, by, why, source) for name, source in made.sources]
    if rows:
        change.write(WITHDRAWN, withdrawn.add(change.text(WITHDRAWN), rows))


def _clean_log(made: WithdrawalPlan) -> None:
    """Words of theirs that are a code's label, or a reason, stand in the log."""
    study = made.corpus.study
    before = Snapshot(study).bytes(LOG) or b""
    lines = [_blanked(made.runs, line) for line in before.split(b"\n")]
    if b"\n".join(lines) != before:
        target = study.path(LOG)
        placing.replace(target, b"\n".join(lines), placing.mode_of(target))


def _blanked(runs: WordRuns, line: bytes) -> bytes:
    text = line.decode("utf-8", "surrogateescape")
    edited = runs.blanked(text).encode("utf-8", "surrogateescape")
    return edited if log.loads(line) is None or log.loads(edited) is not None else b""


def _quoting(made: WithdrawalPlan, laid_out: Iterable[str]) -> Iterator[str]:
    """The derived files that hold words of theirs, or name an incident of theirs."""
    names = {name for name, _ in made.sources}
    named = re.compile(
        rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(names))) or '(?!)'})(?![\w-])"
    )
    for path in laid_out:
        with suppress(OSError):
            text = made.corpus.study.path(path).read_bytes().decode("utf-8", "replace")
            if named.search(text) or named.search(path) or made.runs.stand_in(text):
                yield path


def _clear_report(study: Study) -> None:
    """The pages below `data/derived/` go; where a person has files of their own they are told."""
    with suppress(UserError):
        folder = PageFolder(study.path(PAGES), PAGES)
        if folder.standing:
            folder.write(())


# --- afterwards: what git holds -------------------------------------------------------------------


@dataclass(frozen=True)
class AfterWithdrawal:
    """What the study and git still hold of somebody who withdrew before."""

    standing: Standing
    in_git: StillInGit
    remotes: dict[str, str]


def look_again(study: Study, participant: str) -> AfterWithdrawal:
    """What is left of a participant who is in the study no more, as far as git knows what they
    said. Raises UserError where nobody was ever called so, or a rewriting of history was stopped.
    """
    if rewriting.was_stopped(study):
        do = "`--rewrite-history --backup FILE.bundle` brings it to its end"
        raise UserError.of("git's history was being rewritten, and that was stopped", do)
    known = _in_history(study, participant)
    remotes = known.repository.remotes()
    return AfterWithdrawal(standing(study, known.runs), known.still_there(), remotes)


def in_git(study: Study, done: WithdrawalDone) -> AfterWithdrawal | None:
    """What git holds; None where there is no repository, or it never knew them."""
    gone = frozenset(path for path, text in done.plan.texts.items() if text is None)
    here = done.plan.corpus.material.interviews.values()
    participant = done.plan.withdrawal.participant
    try:
        known = WithdrawnInHistory(Repository.of(study), participant, here, gone)
    except UserError:
        return None
    still = known.still_there()
    return AfterWithdrawal(Standing(()), still, known.repository.remotes()) if still else None


def _in_history(study: Study, participant: str) -> WithdrawnInHistory:
    corpus = load(study)
    try:
        here = corpus.material.interviews.values()
        known = WithdrawnInHistory(Repository.of(study), participant, here)
    except UserError:
        raise nobody(corpus, participant) from None
    if not known.interviews:
        raise nobody(corpus, participant)
    recorded = {row.interview for row in withdrawn.read(corpus.snapshot)}
    for interview in known.interviews:
        if interview.name in corpus.material.interviews and interview.name not in recorded:
            what = f'"{participant}" speaks here in earlier commits, and did not withdraw'
            do = "Name the participant as the transcript does now"
            raise UserError.at(interview.path, None, what, do)
    return known


def rewrite_history(study: Study, participant: str, bundle: Path) -> AfterWithdrawal:
    """Take all that git holds of a participant who withdrew out of every commit; what was there is
    in `bundle` from then on. Returns what had been there.

    Raises UserError, nothing changed, while words of theirs still stand in files.
    """
    with transaction.locked(study):
        if rewriting.was_stopped(study):
            rewriting.finish(Repository.of(study))
            known = WithdrawnInHistory(Repository.of(study), participant, ())
            if not known.interviews:
                return AfterWithdrawal(Standing(()), known.still_there(), {})
        known = _in_history(study, participant)
        rewriting.check(known.repository, bundle)
        found = AfterWithdrawal(
            standing(study, known.runs), known.still_there(), known.repository.remotes()
        )
        still = [
            error(
                place.path,
                place.line or None,
                f"six of their words still stand here{place.inside and f', {place.inside}'}",
            )
            for place in found.standing.places
        ]
        still += [
            error(path, None, "this still holds words of theirs as it was committed last")
            for path in found.in_git.now
        ]
        if still:
            raise UserError(
                *still, refusal("edit these first, and commit: history is rewritten once")
            )
        if found.in_git:
            rewriting.rewrite(
                known.repository,
                found.in_git.paths,
                found.in_git.versions,
                found.in_git.messages,
                bundle,
            )
        cache.empty(study)
        left = known.left()
        if left:
            what = "git still holds words of theirs in versions of this file"
            raise UserError(*(error(path, None, what) for path in left))
    return found


# --- what still stands ----------------------------------------------------------------------------


def _standing(made: WithdrawalPlan, laid_out: Iterable[str]) -> Standing:
    """What will still stand once the plan is carried out."""
    gone = {*laid_out, LOG, *(path for path, text in made.texts.items() if text is None)}
    gone |= {path for path in every_file.paths(made.corpus.study.root) if _is_page(path)}
    return standing(made.corpus.study, made.runs, gone, made.texts)


def _is_page(path: str) -> bool:
    return path.startswith(f"{PAGES}/")


def standing(
    study: Study,
    runs: WordRuns,
    without: Iterable[str] = (),
    texts: dict[str, str | None] | None = None,
) -> Standing:
    """Where runs of words stand in the study's folder, as `texts` has its files, but for those
    `without`.
    """
    places: list[Place] = []
    unread: list[str] = []
    left_out, texts = {*without}, texts or {}
    for path in every_file.paths(study.root):
        if path in left_out:
            continue
        text = texts.get(path)
        try:
            places += (
                _in_file(runs, path, study.path(path))
                if text is None
                else _in_text(runs, path, text)
            )
        except (UserError, OSError):
            unread.append(path)
            continue
        # A source of somebody else's has been read, and its transcript is looked through.
        if path.lower().endswith(_UNREAD) and not path.startswith(f"{SOURCES}/"):
            unread.append(path)
    return Standing(tuple(dict.fromkeys(places)), tuple(_reports(study, runs)), tuple(unread))


def _in_text(runs: WordRuns, path: str, text: str) -> list[Place]:
    return [Place(path, run.line) for run in runs.found(text)]


def _in_file(runs: WordRuns, path: str, file: Path) -> list[Place]:
    """Where a run begins in a file of any kind."""
    if file.stat().st_size > _MOST_BYTES:
        raise OSError(f"{path} is too large")
    return [
        Place(path, 0 if piece.place else run.line, piece.place)
        for piece in every_word.pieces(file.read_bytes(), path)
        for run in runs.found(piece.text)
    ]


def _reports(study: Study, runs: WordRuns) -> Iterator[str]:
    """The folders elsewhere in which pages of this study hold words of theirs."""
    default = study.path(PAGES).absolute()
    for name in cache.load_json(study, KEYS):
        folder = Path(name)
        if folder == default or default in folder.parents or not folder.is_dir():
            continue
        for path in every_file.paths(folder):
            is_page = path.endswith((".html", ".js", ".json", ".md"))
            if is_page and every_word.hold((folder / path).read_bytes(), path, runs):
                yield name
                break
