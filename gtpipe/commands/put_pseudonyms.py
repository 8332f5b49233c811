"""`names apply`: pseudonyms put into an interview as a correction. Turn ids stay; all that hung on
words with a name in them hangs on the same words with what stands for it.

That is the transcript, every coder's sheet, labels that are a participant's own words, and whatever
names an incident. What is to be written is read back as a study first and must say what was meant
(`pseudonym_proof`). No message says a name, and neither does the log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from operator import ne
from pathlib import Path

from gtpipe.analysis import pseudonyms
from gtpipe.analysis.pseudonyms import NAME, WORD, Doubt, Pseudonyms
from gtpipe.commands import correct, pseudonym_proof
from gtpipe.commands.change_codes import ChangeRequest
from gtpipe.commands.code_change_plan import CodeChangePlan
from gtpipe.commands.look_up import broken_files, find_coder, find_interview, find_names
from gtpipe.commands.move_sources import moved_out, sources_of
from gtpipe.commands.pseudonym_plan import PseudonymPlan
from gtpipe.formats import tables
from gtpipe.formats.sheets import hash_words
from gtpipe.model import anchor
from gtpipe.model.problems import Kind, Problem, UsageError, UserError, error, note
from gtpipe.model.real_names import NameList
from gtpipe.model.records import Interview, Where
from gtpipe.sources.catalogue import SourceCatalogue
from gtpipe.sources.options import Options
from gtpipe.store import journal, log, placing, transaction
from gtpipe.store.layout import INGESTED, LOG, Snapshot, Study, digest
from gtpipe.store.transaction import FileChange, encode_keeping_bom
from gtpipe.study import Corpus, load


@dataclass(frozen=True)
class PseudonymsPut:
    """What was put into an interview, or would be: `follows` are stretches, labels and incidents as
    they are then, each where it stands. `sources` are files that hold the names still, `moved`
    where they went, `logged` how many lines of the log have a name.
    """

    put: Pseudonyms
    follows: tuple[tuple[Where, str], ...] = ()
    messages: tuple[str, ...] = ()
    notes: tuple[Problem, ...] = ()
    sources: tuple[str, ...] = ()
    moved: tuple[Path, ...] = ()
    changed: tuple[str, ...] = ()
    logged: int = 0
    by: str = ""


def apply(
    study: Study,
    name: str,
    request: ChangeRequest,
    *,
    take: tuple[str, ...] = (),
    labels: bool = False,
    in_log: bool = False,
    source_to: Path | None = None,
) -> PseudonymsPut:
    """Put the pseudonyms of the study's list into an interview.

    `take` says what is a name and what a word: `name` or `word` for all, `TURN=name`,
    `TURN:NUMBER=name`. With `labels`, labels follow too that are nobody's own words, with `in_log`
    lines of the log. The source as it came goes to the folder `source_to`. Raises UserError, with
    nothing written, where something is to be decided first; UsageError.
    """
    choices = _choices(take)
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot)
        names = find_names(corpus)
        with _no_name_in_messages(names):
            broken = broken_files(corpus)
            if broken:
                raise UserError(*broken)
            interview = find_interview(corpus, name)
            _check_choices(choices, interview)
            put = pseudonyms.put_in(interview, names, choices)
            undecided = list(_undecided(put))
            if undecided:
                raise UserError(*undecided)
            why = pseudonyms.certain(request.why, names).new
            plan = CodeChangePlan(corpus, find_coder(corpus, request.by), why)
            work = PseudonymPlan(corpus, put, plan, labels)
            work.plan_all()
            if work.problems:
                raise UserError(*work.problems)
            _refuse_wrong_files(corpus, plan)
            pseudonym_proof.prove(plan, put, work.news, work.mended)
            files = _changes(corpus, work)
            sources = sources_of(study, change.snapshot, interview.name)
            leaving = moved_out(study, change.snapshot, sources, source_to)
            notes = tuple(_notes(work, interview))
        logged, log_then = _log(change.snapshot, names)
        lines = sum(map(ne, logged.split(b"\n"), log_then.split(b"\n")))
        if not request.dry_run and in_log and lines:
            journal.check_log(study)
            placing.replace(study.path(LOG), log_then, placing.mode_of(study.path(LOG)))
        if not request.dry_run and (files or leaving.files):
            leaving.copy()
            change.add(*files, *leaving.removed)
            change.log(f"names apply {interview.name}", plan.coder, why)
    return PseudonymsPut(
        put,
        tuple(work.follows),
        tuple(plan.messages),
        notes,
        tuple(sources),
        tuple(leaving.files),
        change.changed,
        lines,
        plan.coder,
    )


@contextmanager
def _no_name_in_messages(names: NameList) -> Iterator[None]:
    """What is refused is told with pseudonyms, where a message quotes a file."""
    try:
        yield
    except UserError as exc:

        def told(text: str) -> str:
            return pseudonyms.certain(text, names).new

        raise UserError(
            *(
                replace(one, what=told(one.what), do=told(one.do), excerpt=told(one.excerpt))
                for one in exc.problems
            )
        ) from None


def _log(snapshot: Snapshot, names: NameList) -> tuple[bytes, bytes]:
    """The log as it is, and with pseudonyms."""
    logged = snapshot.bytes(LOG) or b""
    return logged, log.reworded(logged, lambda said: pseudonyms.certain(said, names).new)


# --- what a person decides ------------------------------------------------------------------------


def _choices(take: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for given in take:
        place, equals, choice = given.rpartition("=")
        if choice not in (NAME, WORD) or (equals and not place):
            raise UsageError(f"--take {given}: say `{NAME}` or `{WORD}`, or `TURN={NAME}`")
        found[place or pseudonyms.EVERYWHERE] = choice
    return found


def _check_choices(choices: Mapping[str, str], interview: Interview) -> None:
    for place in choices:
        id = place.partition(":")[0]
        if place != pseudonyms.EVERYWHERE and id not in interview.position:
            raise UserError.of(*anchor.no_turn(id, interview))


def _undecided(put: Pseudonyms) -> Iterator[Problem]:
    path, interview = put.interview.path, put.interview
    for doubt in put.undecided:
        place = place_of(doubt)
        yield error(
            path,
            interview.at(doubt.turn).line,
            f"turn {doubt.turn}: line {doubt.line} of the list, or a word? {doubt.shown}",
            f"--take {place}={NAME} or --take {place}={WORD}; --take {WORD} for all others",
            kind=Kind.MAYBE_A_NAME,
            about=place,
        )
    for id in put.again:
        yield error(
            path,
            interview.at(id).line,
            f"turn {id} would hold a name of the list again: what stands for one makes another",
            "Choose another pseudonym, or put this one in by hand",
        )
    for id in put.overlapping:
        yield error(
            path,
            interview.at(id).line,
            f"two names of the list share words in turn {id}",
            "Put in by hand what is to stand there, or add the whole name to the list",
        )
    whose: dict[str, set[str]] = {}
    for label, who in interview.speakers.items():
        whose.setdefault(put.labels.get(label, label), set()).add(who)
    for label, people in whose.items():
        if len(people) > 1:
            yield error(
                path,
                interview.speakers_line,
                f'{len(people)} speakers would be labelled "{label}"',
                "Give them pseudonyms that differ, or rename one in the transcript",
            )


def place_of(doubt: Doubt) -> str:
    """How `--take` names the place: the turn, and which one in it."""
    return f"{doubt.turn}:{doubt.number}"


# --- what is written ------------------------------------------------------------------------------


def _refuse_wrong_files(corpus: Corpus, plan: CodeChangePlan) -> None:
    """Raises UserError where something is wrong with a file that is to change; but for words that
    are not found, which this may mend.
    """
    wrong = [
        problem
        for problem in corpus.errors()
        if problem.path in plan.texts and problem.kind is not Kind.LOST_ANCHOR
    ]
    if wrong:
        raise UserError(*wrong)


def _changes(corpus: Corpus, work: PseudonymPlan) -> list[FileChange]:
    snapshot, put = corpus.snapshot, work.put
    record = f"{INGESTED}/{put.interview.name}.csv"
    texts = dict(work.plan.texts)
    if (put.turns or put.labels) and (recorded := snapshot.text(record)) is not None:
        texts[record] = _recorded(corpus, put, tables.loads_ingested(recorded)).dumps()
    found = []
    for path, text in sorted(texts.items()):
        before = snapshot.bytes(path)
        after = encode_keeping_bom(text, before)
        if before != after:
            found.append(FileChange(path, before, after))
    return found


def _recorded(corpus: Corpus, put: Pseudonyms, record: tables.Ingested) -> tables.Ingested:
    """What was read, by hashes of the words with pseudonyms in place: so a source that is corrected
    later, and has the names still, is told from one with other words (`correct`).
    """
    catalogue = SourceCatalogue(corpus.study, Options(), corpus.snapshot)
    with_names = correct.pseudonyms_by(put.names, put.interview, record)
    read = correct.as_read(catalogue, put.interview, record, Options().columns, with_names)
    turns = {}
    for turn in read:
        text = turn.said.text if turn.said else None
        here = put.interview.turn(turn.id)
        if text is None and here is not None and hash_words(here.text) == turn.hash:
            text = here.text
        hash = record.turns[turn.id] if text is None else hash_words(put.copied(turn.id, text).new)
        turns[turn.id] = hash
    source = record.source or _source_as_read(catalogue, put.interview.name)
    return replace(record, turns=turns, source=source, has_pseudonyms=True)


def _source_as_read(catalogue: SourceCatalogue, name: str) -> str:
    """The digest of the source that an interview was read from, where an old record has none: by
    its turns, which have pseudonyms from now on, it would not be known again.
    """
    for path, interview in catalogue.interview_of.items():
        content = catalogue.snapshot.bytes(path)
        if interview == name and content is not None:
            known = catalogue.known(content, path, name, explicit=False)
            return "" if known.problems else digest(content)
    return ""


def _notes(work: PseudonymPlan, interview: Interview) -> Iterator[Problem]:
    """What still holds a name, or may, and is a person's to change."""
    for doubt in work.put.slips:
        yield note(
            interview.path,
            interview.at(doubt.turn).line,
            f"turn {doubt.turn}: a letter off line {doubt.line} of the list, and left: "
            f"{doubt.shown}",
            f"If it is the name, --take {place_of(doubt)}={NAME}, or add this spelling to the list",
        )
    for level, label, where in work.with_names():
        if (level, label) not in work.news:
            yield note(
                *where,
                f"a label here holds a name of the list, and is no words of {interview.name}",
                "--labels has such labels follow too",
            )
    for where in work.plan.prose:
        yield note(*where, "its prose has a label that changes", "Memos are yours to change")
    for label, who in interview.speakers.items():
        if pseudonyms.label_of(who, work.put.names) != who:
            yield note(
                interview.path,
                interview.speakers_line,
                f'the participant behind "{work.put.labels.get(label, label)}" goes by a name of '
                "the list",
                "Give the participant a pseudonym here, in data/participants.csv, and wherever "
                "else it stands",
            )
