"""`ingest --correct`: a source that was corrected after its ingest; what was coded meanwhile stays,
and is told where it is touched.

One interview at a time. The transcript takes what only the source changed, the record says what was
read now, the source takes the place of the old one, which is kept under `data/sources/earlier/`. No
sheet is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from gtpipe.analysis import coding_checks, codings, correction, coverage, references, speakers
from gtpipe.analysis.correction import SOURCE, TRANSCRIPT, AsRead, Both, Corrected
from gtpipe.analysis.pseudonyms import label_of, readings
from gtpipe.analysis.speakers import Roles
from gtpipe.commands.ingest import idle_options, people_changes
from gtpipe.commands.look_up import find_names
from gtpipe.formats import tables, transcripts
from gtpipe.formats.sheets import hash_words, hashed_now
from gtpipe.model.names import slug
from gtpipe.model.problems import Problem, UsageError, UserError, did_you_mean, error, note
from gtpipe.model.real_names import NameList
from gtpipe.model.records import Interview, Turn, ends, first_and_last
from gtpipe.model.shape import NO_SHAPE, Shape
from gtpipe.model.typography import same
from gtpipe.readers import registry
from gtpipe.readers.reading import Columns, Hints, Reading, SourceTurn
from gtpipe.sources.catalogue import SourceCatalogue
from gtpipe.sources.options import Options
from gtpipe.sources.source_reader import Taken
from gtpipe.store import transaction, who
from gtpipe.store.layout import EARLIER, INGESTED, SOURCES, Study, digest, transcript_of
from gtpipe.store.transaction import FileChange, encode_keeping_bom
from gtpipe.study import Corpus, load

ANSWERS = ("heading_to", "unlabelled", "within", "time", "line_numbers")  # of a shape


@dataclass(frozen=True)
class Correction:
    """What a correction did, or would do: the turns, what is coded there, and problems."""

    interview: Interview
    taken: Taken
    made: Corrected
    touched: tuple[Problem, ...]
    changed: tuple[str, ...] = ()


def apply(
    study: Study, file: Path, options: Options, *, take: tuple[str, ...] = (), remove: bool = False
) -> Correction:
    """Bring the transcript that `file` was ingested as up to date with what `file` says now.

    `take` says whose words stand where source and hand both changed a turn: `source` or
    `transcript` for all, or `TURN=source`. Raises UserError, with nothing written, when something
    is to be decided first; UsageError.
    """
    choices = _choices(take)
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot)
        catalogue = SourceCatalogue(study, options, corpus.snapshot)
        name = _interview_of(catalogue, file, options)
        if any(one.interview == name for one in catalogue.withdrawn):
            raise UserError.at(
                str(file),
                None,
                f"a participant of {name} withdrew: no source of it is read again",
                f"Correct {transcript_of(name)} by hand",
            )
        if any(problem.path == transcript_of(name) for problem in corpus.errors()):
            raise UserError(*(p for p in corpus.errors() if p.path == transcript_of(name)))
        interview = corpus.material.interviews.get(name)
        record = corpus.snapshot.text(f"{INGESTED}/{name}.csv")
        if interview is None or record is None:
            raise UserError.at(
                str(file),
                None,
                f'no interview "{name}" was ingested',
                did_you_mean(name, corpus.material.interviews)
                or "Say which interview it corrects with --as NAME",
            )
        ingested = tables.loads_ingested(record)
        names = find_names(corpus) if ingested.has_pseudonyms else NameList(())
        with_names = pseudonyms_by(names, interview, ingested)
        taken, problems = _read(catalogue, file, interview, options, names)
        assert taken.reading is not None
        turns = tuple(map(with_names, taken.reading.turns))
        taken = replace(taken, reading=replace(taken.reading, turns=turns))
        before = as_read(catalogue, interview, ingested, options.columns, with_names)
        used = {
            entry.turn
            for sheet in corpus.material.sheets
            if sheet.interview == name
            for entry in sheet.entries
        }
        _check_choices(choices, interview, before)
        made = correction.correct(
            interview, before, turns, hash_words, choices, remove=remove, used=used
        )
        problems += list(_undecided(made, interview)) + (
            list(_in_the_way(corpus, interview, made)) if remove else []
        )
        touched = tuple(_touched(corpus, interview, made))
        if any(problem.is_error for problem in problems):
            raise UserError(*(problem for problem in problems if problem.is_error), *touched)
        taken = Taken(**{**taken.__dict__, "problems": tuple(problems)})
        if options.dry_run:
            return Correction(interview, taken, made, touched)
        change.add(*_changes(corpus, catalogue, interview, taken, made, file))
        change.log(
            f"ingest --correct {taken.shown.rpartition('/')[2]}",
            who.known(study, corpus.settings.researchers),
            options.why,
        )
    return Correction(interview, taken, made, touched, change.changed)


def _choices(take: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for given in take:
        turn, equals, whose = given.rpartition("=")
        if whose not in (SOURCE, TRANSCRIPT) or (equals and not turn):
            raise UsageError(
                f"--take {given}: say `{SOURCE}` or `{TRANSCRIPT}`, or `TURN={SOURCE}` for one turn"
            )
        found[turn or "*"] = whose
    return found


def _check_choices(choices: dict[str, str], interview: Interview, before: list[AsRead]) -> None:
    known = [*(turn.id for turn in interview.turns), *(read.id for read in before)]
    for id in choices:
        if id != "*" and id not in known:
            raise UserError.at(
                interview.path, None, f"no turn {id} to take", did_you_mean(id, known)
            )


def _interview_of(catalogue: SourceCatalogue, file: Path, options: Options) -> str:
    return options.as_name or catalogue.interview_at(file) or slug(file.stem)


def pseudonyms_by(
    names: NameList, interview: Interview, record: tables.Ingested
) -> Callable[[SourceTurn], SourceTurn]:
    """What makes of a turn as its source has it the turn with pseudonyms, where they were put into
    the interview: what was read before is known again, whatever a person said was a name.
    """
    recorded = frozenset(record.turns.values())

    def with_pseudonyms(said: SourceTurn) -> SourceTurn:
        first, *others = readings(said.text, names)
        known = (text for text in (first, *others) if hash_words(text) in recorded)
        label = label_of(said.label, names)
        return said._replace(
            text=next(known, first), label=label if label in interview.speakers else said.label
        )

    return with_pseudonyms if record.has_pseudonyms else lambda said: said


def _read(
    catalogue: SourceCatalogue, file: Path, interview: Interview, options: Options, names: NameList
) -> tuple[Taken, list[Problem]]:
    """The corrected source, read with the labels of its transcript known. An unknown speaker is
    asked for, as at the first time.
    """
    content, shown = catalogue.content(file)
    named = {
        spelling: interview.speakers[person.stands_for]
        for person in names.people
        for spelling in person.spellings
        if person.stands_for in interview.speakers
    }
    roles = catalogue.roles.with_speakers({**named, **interview.speakers})
    record = tables.loads_ingested(catalogue.record(interview.name))
    kept = catalogue.kept(interview.name)
    old = _again(kept, interview, options.columns, record.shape) if kept is not None else None

    def read(shape: Shape, roles: Roles) -> Reading:
        shape = shape.with_answers(catalogue.reader.shape)
        hints = roles.hints(options.columns, options.monologue, shape)
        return _read_with(content, shown, hints, interview)

    shape, reading = _first_that_reads(record.shape, lambda shape: read(shape, roles))
    if not _heading_holds(reading, old, shape.heading_to):
        shape = replace(shape, heading_to=NO_SHAPE.heading_to)
        reading = read(shape, roles)
    words = _known_as_words(reading, roles, interview)
    if words:
        roles = replace(roles, not_speakers=(*roles.not_speakers, *words))
        reading = read(shape, roles)
    in_source, problems = speakers.interview_of(
        reading,
        interview.name,
        interview.path,
        roles,
        date=interview.date,
        schedule=interview.schedule,
        skip_heading=options.skip_heading or old is None or bool(old.left_out),
        source_path=shown,
    )
    problems += idle_options(options, shown, reading)
    stored = transcripts.loads(transcripts.dumps(in_source), interview.path)[0]
    hints = roles.hints(options.columns, options.monologue, reading.shape)
    lost = (
        ""
        if problems and any(p.is_error for p in problems)
        else coverage.lost_words(reading, stored, registry.control_text(content, shown, hints))
    )
    if lost:
        problems.append(error(shown, None, f"refused, because words would be lost: {lost}"))
    return Taken(shown, interview.name, False, reading, in_source, content), problems


def _first_that_reads(shape: Shape, read: Callable[[Shape], Reading]) -> tuple[Shape, Reading]:
    """The source by the answers that its first version was read by, less those that it does not ask
    for any more; and by which it was read. Raises UserError.
    """
    given = [name for name in ANSWERS if getattr(shape, name) != getattr(NO_SHAPE, name)]
    first: UserError | None = None
    for count in range(len(given) + 1):
        for names in combinations(given, count):
            without = {name: getattr(NO_SHAPE, name) for name in names}
            try:
                return (less := replace(shape, **without)), read(less)
            except UserError as exc:
                first = first or exc
    assert first is not None  # nothing was read, so there is why
    raise first


def _heading_holds(reading: Reading, old: Reading | None, to: int) -> bool:
    """Whether the heading that ended at line `to` of the source as it was is the heading still."""
    heading = [words for line, words in reading.left_out if line <= to]
    if old is not None and heading == [words for line, words in old.left_out if line <= to]:
        return True
    return not heading


def _known_as_words(reading: Reading, roles: Roles, interview: Interview) -> list[str]:
    """Labels of nobody with which lines of the transcript begin: they were said to be words."""
    lines = [same(line).casefold() for turn in interview.turns for line in turn.text.split("\n")]
    return [
        label
        for label in reading.labels()
        if not roles.role(label)
        and any(
            re.match(rf"\W*{re.escape(same(label).casefold())}\W*[:：]", line) for line in lines
        )
    ]


def _read_with(content: bytes, shown: str, hints: Hints, interview: Interview) -> Reading:
    try:
        return registry.read(content, shown, hints)
    except UserError:
        if len(interview.speakers) != 1 or hints.monologue:
            raise
        return registry.read(
            content, shown, replace(hints, monologue=next(iter(interview.speakers)))
        )


def as_read(
    catalogue: SourceCatalogue,
    interview: Interview,
    record: tables.Ingested,
    columns: Columns,
    with_names: Callable[[SourceTurn], SourceTurn],
) -> list[AsRead]:
    """The turns as they were read before, with their words where the old source, or the transcript,
    still has them; with pseudonyms where they were put in (`pseudonyms_by`).
    """
    said = {}
    kept = catalogue.kept(interview.name)
    if kept is not None and (not record.source or digest(kept) == record.source):
        reading = _again(kept, interview, columns, record.shape)
        turns = [with_names(turn) for turn in reading.turns] if reading else []
        if len(turns) == len(record.turns) and all(
            hash_words(turn.text) == hashed_now(hash, turn.text)
            for hash, turn in zip(record.turns.values(), turns, strict=True)
        ):
            said = dict(zip(record.turns, turns, strict=True))
    texts = {turn.id: turn.text for turn in interview.turns}
    texts |= {id: turn.text for id, turn in said.items()}
    return [
        AsRead(id, hashed_now(hash, texts.get(id, "")), said.get(id))
        for id, hash in record.turns.items()
    ]


def _again(content: bytes, interview: Interview, columns: Columns, shape: Shape) -> Reading | None:
    try:
        return registry.read(
            content,
            interview.source,
            Hints(frozenset(interview.speakers), only_known=True, columns=columns, shape=shape),
        )
    except UserError:
        return None


def _undecided(made: Corrected, interview: Interview) -> Iterator[Problem]:
    for both in made.undecided:
        id = next(turn.id for turn in (both.there, both.here) if turn is not None)
        line = both.here.line if both.here else None
        do = f"Choose: --take {id}=source or --take {id}=transcript"
        yield error(interview.path, line, _what_is_undecided(id, both), do)


def _what_is_undecided(id: str, both: Both) -> str:
    here, there = both.here, both.there
    if here is None or there is None:
        if here is not None:
            return (
                f"turn {id} was changed by hand, and is in the source no more: "
                f"{_in_one_line(here)}\n    Does it go?"
            )
        taken_out = f"turn {id} was taken out of the transcript by hand, and the source changed it"
        return taken_out + (f": {_in_one_line(there)}" if there is not None else "")
    if here.label != there.label and same(here.text) == same(there.text):
        return (
            f'turn {id} is spoken by "{here.label}" in the transcript, '
            f'by "{there.label}" in the source'
        )
    before = both.read
    return (
        f"turn {id} was changed by hand and in the source.\n"
        f"    transcript: {_in_one_line(here)}\n"
        f"    source: {_in_one_line(there)}\n"
        + (f"    as read before: {' '.join(before.split())}\n" if before is not None else "")
        + "    Which is right?"
    )


def _in_one_line(turn: Turn) -> str:
    return f"{turn.label}: {' '.join(turn.text.split())}"


def _touched(corpus: Corpus, interview: Interview, made: Corrected) -> Iterator[Problem]:
    """Every coding whose turn's words changed, with old and new words; and a stretch that is lost,
    with where it stands now.
    """
    changed = {old.id: (old, new) for old, new in made.changed if same(old.text) != same(new.text)}
    after = Interview(
        interview.name, interview.path, interview.date, interview.speakers, made.turns
    )
    for sheet in corpus.material.sheets:
        for entry in sheet.entries if sheet.interview == interview.name else ():
            here = [turn.id for turn in interview.turns_of(entry.turn) if turn.id in changed]
            for id in here if entry.codes else ():
                old, new = changed[id]
                yield coding_checks.touched(sheet, entry, old.text, new.text)
            if here and entry.codes and (spoken := after.turn(entry.turn)):
                yield from codings.anchors_lost(entry, spoken, sheet, after)
    for id in made.gone:
        codes = [
            code for code in corpus.codings.of_interview(interview.name) if id in ends(code.turn)
        ]
        if codes:
            yield note(
                codes[0].where.path,
                codes[0].where.line,
                f"turn {id} is in the source no more, and carries "
                + ", ".join(f'"{coding.typed}"' for coding in codes),
                "The transcript keeps it, and the codes, until --remove",
            )


def _in_the_way(corpus: Corpus, interview: Interview, made: Corrected) -> Iterator[Problem]:
    """What hangs on turns that are to be removed."""
    for id in made.gone:
        for sheet in corpus.material.sheets:
            for entry in sheet.entries if sheet.interview == interview.name else ():
                for code in entry.codes if id in ends(entry.turn) else ():
                    yield error(
                        sheet.path,
                        code.line,
                        f'turn {id} is to be removed, and carries "{code.label}"'
                        + (f" over turns {entry.turn}" if first_and_last(entry.turn) else ""),
                        "Move the code to another turn, or take it out, then try again",
                    )
        for where in references.naming(corpus.material, interview.name, id):
            yield error(
                *where,
                f"turn {id} of {interview.name} is to be removed, and is named here",
                "Name another incident, or take it out, then try again",
            )


def _changes(
    corpus: Corpus,
    catalogue: SourceCatalogue,
    interview: Interview,
    taken: Taken,
    made: Corrected,
    file: Path,
) -> list[FileChange]:
    snapshot = corpus.snapshot
    reading, in_source = taken.reading, taken.interview
    assert reading is not None and in_source is not None  # `_read` made both
    before = snapshot.bytes(interview.path)
    moved, source = _source_changes(catalogue, interview, taken, file)
    fresh = {
        label: in_source.speakers[label]
        for label in {turn.label for turn in made.turns} - set(interview.speakers)
    }
    text = transcripts.rewrite(
        snapshot.text(interview.path) or "",
        interview.path,
        made.turns,
        fresh,
        source.rpartition("/")[2],
    )
    stored, wrong = transcripts.loads(text, interview.path)
    if [turn._replace(line=0, text=turn.text.strip()) for turn in stored.turns] != [
        turn._replace(line=0, text=turn.text.strip()) for turn in made.turns
    ] or any(p.is_error for p in wrong):
        raise UserError.at(
            interview.path,
            None,
            "the corrections cannot be written here without touching other lines",
            "Look at the transcript's front matter and heads of turns",
        )
    hashes = {
        id: hash_words(turn.text) for id, turn in zip(made.recorded, reading.turns, strict=True)
    }
    ingested = tables.loads_ingested(snapshot.text(f"{INGESTED}/{interview.name}.csv") or "")
    old = ingested.turns
    kept = {id: old[id] for id in made.gone if any(turn.id == id for turn in made.turns)}
    lost = tuple((id, hash) for id, hash in old.items() if hashes.get(id, hash) != hash)
    record = replace(
        ingested,
        turns=_in_order(hashes, kept, list(old)),
        source=digest(taken.content),
        earlier=(*ingested.earlier, *lost),
        shape=reading.shape,
    )
    return [
        *moved,
        FileChange(
            interview.path, before, encode_keeping_bom(text, before), file.stat().st_mode & 0o777
        ),
        FileChange(
            f"{INGESTED}/{interview.name}.csv",
            snapshot.bytes(f"{INGESTED}/{interview.name}.csv"),
            record.dumps().encode(),
        ),
        *people_changes(snapshot, [name for name in fresh.values() if name != "interviewer"]),
    ]


def _in_order(hashes: dict[str, str], kept: dict[str, str], old: list[str]) -> dict[str, str]:
    """The turns of the source, and those it has no more that still stand, each behind the one it
    followed.
    """
    order = list(hashes)
    for id in kept:
        earlier = [other for other in old[: old.index(id)] if other in order]
        order.insert(order.index(earlier[-1]) + 1 if earlier else 0, id)
    return {id: hashes.get(id, kept.get(id, "")) for id in order}


def _source_changes(
    catalogue: SourceCatalogue, interview: Interview, taken: Taken, file: Path
) -> tuple[list[FileChange], str]:
    """The new source in its place, the old one under `data/sources/earlier/`; and where the new one
    lies.
    """
    old_path = catalogue.kept_at(interview.name)
    inside = catalogue.inside(file)
    if inside:
        target = inside
        if old_path in ("", inside):
            return [], inside
    else:
        # Under the old one's name: git may not know sources, and a new name would be taken for a
        # new interview on going back.
        stem = Path(old_path or interview.source or interview.name).stem
        target = f"{SOURCES}/{stem}{file.suffix}"
        if target != old_path and catalogue.snapshot.bytes(target) not in (None, taken.content):
            raise UserError.at(
                taken.shown,
                None,
                f"{target} is already there, with other content",
                "Move it away, then try again",
            )
    old = catalogue.snapshot.bytes(old_path) if old_path else None
    changes = [
        FileChange(
            target, catalogue.snapshot.bytes(target), taken.content, file.stat().st_mode & 0o777
        )
    ]
    if old is not None and old != taken.content:
        stem, dot, ending = old_path.rpartition("/")[2].rpartition(".")
        while (
            len(f"{stem}.{digest(old)}{dot}{ending}".encode()) > 255
        ):  # no disk takes a longer name
            stem = stem[:-1]
        earlier = (
            f"{EARLIER}/{stem}.{digest(old)}{dot}{ending}"
            if dot
            else f"{EARLIER}/{ending}.{digest(old)}"
        )
        changes.append(
            FileChange(
                earlier,
                catalogue.snapshot.bytes(earlier),
                old,
                catalogue.study.path(old_path).stat().st_mode & 0o777,
            )
        )
        if old_path != target:
            changes.append(FileChange(old_path, old, None))
    return changes, target
