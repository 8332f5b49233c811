"""What a withdrawal changes, file by file, worked out before anything is written: pure but for the
reading. Used by `withdraw`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from gtpipe.analysis import procedures, references
from gtpipe.analysis.withdrawal import Withdrawal, said_by, said_by_others, turns_of
from gtpipe.commands.code_change_proof import PlannedSnapshot
from gtpipe.formats import answers, procedure_rows, sheet_withdrawn, tables, transcripts
from gtpipe.formats.taken_out import LinesOut
from gtpipe.model import anchor
from gtpipe.model.level import FOCUSED, CodeRef
from gtpipe.model.plural import count
from gtpipe.model.problems import UserError, did_you_mean, error, refusal
from gtpipe.model.records import (
    NOWHERE,
    Incident,
    Interview,
    Property,
    SheetCode,
    SheetEntry,
    Where,
)
from gtpipe.sources.catalogue import SourceCatalogue
from gtpipe.sources.options import Options
from gtpipe.store.layout import (
    ANSWERS,
    DATA,
    EARLIER,
    ETHICS,
    FOCUSED_CODES,
    INGESTED,
    PARTICIPANTS,
    SHEETS,
    SPLIT,
    THEORY,
    digest,
    earlier_versions,
    transcript_of,
)
from gtpipe.study import Corpus, load
from gtpipe.text.word_runs import WordRuns


@dataclass
class WithdrawalPlan:
    """`texts` is what each file is to say (None: it goes), `told` what falls away, in words;
    `sources` the interviews with the digests of the files that held them.
    """

    corpus: Corpus
    withdrawal: Withdrawal
    runs: WordRuns
    texts: dict[str, str | None] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    sources: list[tuple[str, str]] = field(default_factory=list)
    _out: dict[str, LinesOut] = field(default_factory=dict)

    def text(self, path: str) -> str | None:
        """What a file is to say."""
        return self.texts[path] if path in self.texts else self.corpus.snapshot.text(path)

    def lines_of(self, path: str) -> LinesOut:
        """The lines of a file that are to go."""
        if path not in self._out:
            self._out[path] = LinesOut(self.text(path) or "", path)
        return self._out[path]

    def write_lines(self) -> None:
        """Have the files lack the lines that go."""
        for path, out in self._out.items():
            if out.gone or out.new:
                self.texts[path] = out.text
        self._out.clear()


def speaks(corpus: Corpus, participant: str) -> bool:
    """Whether somebody of that name speaks, or has a row."""
    return participant in _people(corpus)


def _people(corpus: Corpus) -> list[str]:
    speaking = [p for one in corpus.material.interviews.values() for p in one.participants]
    return list(dict.fromkeys([*corpus.material.participants, *speaking]))


def nobody(corpus: Corpus, participant: str) -> UserError:
    """That nobody is called so."""
    people = _people(corpus)
    do = did_you_mean(participant, people) or f"There are {', '.join(people) or 'none yet'}"
    return corpus.missing(refusal(f'nobody called "{participant}" speaks in this study', do))


def plan(corpus: Corpus, participant: str) -> WithdrawalPlan:
    """All that changes when `participant` withdraws. Raises UserError where a file cannot be read,
    or not be edited by lines.
    """
    if not speaks(corpus, participant):
        raise nobody(corpus, participant)
    unread = [problem for problem in corpus.unreadable if problem.is_error]
    if unread:
        raise UserError(*unread, refusal("what cannot be read may hold their words: mend it first"))
    there = [one for one in corpus.material.interviews.values() if participant in one.participants]
    shared: dict[str, tuple[Interview, Interview]] = {}
    texts: dict[str, str | None] = {}
    for interview in there:
        if set(interview.participants) != {participant}:
            text = corpus.snapshot.text(interview.path) or ""
            texts[interview.path] = transcripts.withdrawn(text, interview.path, participant)
            after = transcripts.loads(texts[interview.path] or "", interview.path)[0]
            shared[interview.name] = interview, after
    whole = frozenset(one.name for one in there) - shared.keys()
    everybody = corpus.material.interviews.values()
    runs = WordRuns(
        [*said_by(participant, there), *_copies(corpus, there, participant)],
        said_by_others(participant, everybody),
    )
    made = WithdrawalPlan(corpus, Withdrawal(participant, whole, shared), runs, texts)
    for interview in there:
        _files_of(made, interview)
    for name in shared:
        _records_of(made, name)
    _lists(made)
    _theory(made)
    _pages(made)
    _tables(made)
    _promised(made)
    made.write_lines()
    _gone_labels(made)
    made.write_lines()
    _tell(made)
    return made


def _copies(corpus: Corpus, there: Iterable[Interview], participant: str) -> Iterator[str]:
    """The words of theirs as sheets copy them, which may be those of before a correction."""
    theirs = {one.name: turns_of(one, participant) for one in there}
    for sheet in corpus.material.sheets:
        for entry in sheet.entries:
            if entry.turn in theirs.get(sheet.interview, ()):
                yield corpus.copy(sheet, entry)


def _files_of(made: WithdrawalPlan, interview: Interview) -> None:
    """The source and its earlier versions go; of an interview of theirs alone, every file."""
    snapshot, name = made.corpus.snapshot, interview.name
    catalogue = SourceCatalogue(made.corpus.study, Options(), snapshot)
    kept = [path for path, other in catalogue.interview_of.items() if other == name]
    stems = {path.rpartition("/")[2].rpartition(".")[0] for path in kept} | {name}
    form = earlier_versions(stems)
    kept += [path for path in snapshot.files(EARLIER) if form.fullmatch(path) or _holds(made, path)]
    recorded = made.corpus.recorded.get(name)
    digests = {recorded.source} if recorded and recorded.source else set()
    for path in kept:
        content = snapshot.bytes(path)
        if content is not None:
            made.texts[path] = None
            digests.add(digest(content))
    made.sources += [(name, one) for one in sorted(digests) or [""]]
    if name not in made.withdrawal.whole:
        return
    own = [transcript_of(name), f"{INGESTED}/{name}.csv"]
    own += [
        path for path in snapshot.files(SHEETS) if path.rpartition("/")[2].partition(".")[0] == name
    ]
    made.texts |= {path: None for path in own if snapshot.bytes(path) is not None}


def _holds(made: WithdrawalPlan, path: str) -> bool:
    content = made.corpus.snapshot.bytes(path) or b""
    return made.runs.stand_in(content.decode("utf-8", "replace"))


def _records_of(made: WithdrawalPlan, name: str) -> None:
    """Sheets and record of an interview that stays, without what is of their turns."""
    snapshot, (_, after) = made.corpus.snapshot, made.withdrawal.shared[name]
    turns = made.withdrawal.turns(name)
    path = f"{INGESTED}/{name}.csv"
    recorded = made.corpus.recorded.get(name)
    if recorded is not None:
        left = {id: hash for id, hash in recorded.turns.items() if id not in turns}
        earlier = tuple((id, hash) for id, hash in recorded.earlier if id not in turns)
        made.texts[path] = replace(recorded, turns=left, earlier=earlier).dumps()

    def falls(entry: SheetEntry, code: SheetCode) -> bool:
        return made.withdrawal.falls(_incident(name, entry, code))

    for sheet in made.corpus.material.sheets:
        if sheet.interview == name:
            text, chosen = snapshot.text(sheet.path) or "", made.corpus.settings
            edited = sheet_withdrawn.without(
                text, sheet.path, after, turns, falls, chosen.sheet_text, chosen.sheet_interviewer
            )
            if edited != text:
                made.texts[sheet.path] = edited


def _incident(name: str, entry: SheetEntry, code: SheetCode) -> Incident:
    return Incident(name, entry.turn, code.words, NOWHERE)


def _lists(made: WithdrawalPlan) -> None:
    """Incidents in the lists and properties of focused codes; when they were written."""
    for code in made.corpus.material.focused.values():
        out = made.lines_of(FOCUSED_CODES)
        for incidents in code.lists.values():
            _out_of_list(made, out, incidents)
        _out_of_properties(made, out, code.properties)
        if code.written_after and code.written_after.label in made.withdrawal.whole:
            out.value(code.written_after.where.line, _before(made, code.written_after.label))


def _out_of_list(made: WithdrawalPlan, out: LinesOut, incidents: Iterable[Incident]) -> int:
    gone = [one for one in incidents if made.withdrawal.falls(one)]
    for incident in gone:
        out.line(incident.where.line)
    return len(gone)


def _out_of_properties(made: WithdrawalPlan, out: LinesOut, properties: Iterable[Property]) -> None:
    """A position keeps those of its incidents that stay; one that has none left is open again."""
    for each in properties:
        for position in each.positions:
            stay = [one for one in position.incidents if not made.withdrawal.falls(one)]
            if len(stay) == len(position.incidents):
                continue
            number = position.where.line
            bare = out.document.lines[number - 1].rstrip()
            front = bare[: bare.index(position.label) + len(position.label)]
            said = ", ".join(one.address for one in stay) or "?"
            out.new[number] = f"{front}: {said}" + "\r" * out.document.lines[number - 1].endswith(
                "\r"
            )
            if not stay:
                made.told.append(f"position open again: {each.label} / {position.label}")


def _before(made: WithdrawalPlan, interview: str) -> str:
    """The interview before one that goes, among those that stay; '' where there is none."""
    names = list(made.corpus.material.interviews)
    earlier = names[: names.index(interview)] if interview in names else []
    return next((one for one in reversed(earlier) if one not in made.withdrawal.whole), "")


def _theory(made: WithdrawalPlan) -> None:
    theory, falls = made.corpus.material.theory, made.withdrawal.falls
    out = made.lines_of(THEORY)
    for category in theory.categories:
        _out_of_properties(made, out, category.properties)
        if category.written_after and category.written_after.label in made.withdrawal.whole:
            out.value(
                category.written_after.where.line, _before(made, category.written_after.label)
            )
    for relation in theory.relations:
        _out_of_list(made, out, relation.contradict)
        gone = _out_of_list(made, out, relation.support)
        if gone and gone == len(relation.support):
            made.told.append(f"relation without support now: {relation.sentence}")
    for case in theory.negative_cases:
        if falls(case.incident) or made.withdrawal.is_about(case.contradicts, ()):
            out.entry(case.where.line)
            where = f"{case.incident.interview} {case.incident.turn}"
            made.told.append(f'negative case: {where}, against "{case.contradicts.label}"')
    for look in theory.looks:
        if isinstance(look.found, Incident) and falls(look.found):
            out.value(look.found.where.line, "withdrawn")
    for judgement in theory.judgements:
        if judgement.interview.label in made.withdrawal.whole:
            out.entry(judgement.where.line)
            made.told.append(f"judgement of sufficiency after {judgement.interview.label}")


def _pages(made: WithdrawalPlan) -> None:
    """What memos and schedules are about, what is to be re-read, comments, whom sampling led to."""
    material, labels = made.corpus.material, _labels(made.corpus)
    about = [(memo.path, memo.about) for memo in material.memos]
    about += [(version.path, version.prompted_by) for version in material.schedule]
    for path, names in about:
        for named in names:
            if made.withdrawal.is_about(named, labels):
                made.lines_of(path).line(named.where.line)
    for entry in material.diary:
        if not made.withdrawal.whole.isdisjoint(entry.re_read):
            _re_read(made, entry.path, [n for n in entry.re_read if n not in made.withdrawal.whole])
    for comment in material.comments:
        if made.withdrawal.is_about(comment.about, labels):
            made.lines_of(comment.where.path).entry(comment.where.line)
            made.told.append(f"comment{f' of {comment.by}' if comment.by else ''} on their words")
    for sought in material.sampling:
        if sought.done in made.withdrawal.whole:
            out = made.lines_of(sought.where.path)
            for found in out.document.entries:
                done = found.get("done") if found.line == sought.where.line else None
                if done is not None:
                    out.value(done.key.line, "withdrawn")
    _rows(made, labels)
    for path in made.corpus.snapshot.files(DATA, ".yaml"):
        if path.startswith(SPLIT):
            out = made.lines_of(path)
            listed = {one.value("incident") for one in out.document.entries}
            out.entries("incident", {typed for typed in listed if _falls(made, typed)})


def _rows(made: WithdrawalPlan, labels: frozenset[str]) -> None:
    """Rows of procedures that are of theirs, or about their words; of a list, the lines alone."""
    rows: dict[Where, str] = {}
    listed: list[Where] = []
    for said in procedures.values(made.corpus.material):
        names = {"incident", "participant", "interview"} & {*said.field.kinds}
        if not names or not made.withdrawal.is_about(said.value, labels):
            continue
        if said.field.is_list and not said.field.needed and not said.row.where.path.endswith("csv"):
            listed.append(said.value.where)
        else:
            rows[said.row.where] = f"{said.table.noun} of {said.procedure.name}"
    for path in {where.path for where in (*rows, *listed)}:
        gone = {where.line for where in rows if where.path == path}
        if path.endswith(".csv"):
            text = made.text(path) or ""
            made.texts[path] = procedure_rows.without(text, path, gone)
        elif path.endswith(".md") and gone:
            made.texts[path] = None
        else:
            out = made.lines_of(path)
            for line in sorted(gone):
                out.entry(line)
            for where in listed:
                if where.path == path:
                    out.line(where.line)
    made.told += rows.values()


def _falls(made: WithdrawalPlan, typed: str) -> bool:
    incident = anchor.parse(typed)
    return incident is not None and made.withdrawal.falls(incident)


def _labels(corpus: Corpus) -> frozenset[str]:
    return frozenset(label for labels in corpus.names.known.values() for label in labels)


_RE_READ = re.compile(r"re-read:[ \t]*(?P<value>.*)")
_ITEM = re.compile(r"[ \t]*-[ \t]+(?P<name>.*\S)")


def _re_read(made: WithdrawalPlan, path: str, left: list[str]) -> None:
    """A diary entry's task without the interviews that go."""
    out = made.lines_of(path)
    lines = out.document.lines
    for number, line in enumerate(lines, 1):
        match = _RE_READ.match(line.removesuffix("\r"))
        if match is None:
            continue
        if match["value"]:
            out.value(number, ", ".join(left))
        for below, item in enumerate(lines[number:], number + 1):
            named = _ITEM.fullmatch(item.rstrip())
            if named is None:
                break
            if named["name"].strip("\"'") in made.withdrawal.whole:
                out.line(below)
        if not match["value"] and not left:
            out.line(number)
        return


def _tables(made: WithdrawalPlan) -> None:
    """The rows of theirs: in the table of participants, among answers to suggestions."""
    snapshot, withdrawal = made.corpus.snapshot, made.withdrawal
    text = snapshot.text(PARTICIPANTS)
    if text:
        made.texts[PARTICIPANTS] = tables.without_participant(text, withdrawal.participant)
    text = snapshot.text(ANSWERS)
    if text:

        def gone(interview: str, turn: str) -> bool:
            if interview in withdrawal.whole:
                return True
            return interview in withdrawal.shared and turn in withdrawal.turns(interview)

        made.texts[ANSWERS] = answers.without(text, gone)


def _promised(made: WithdrawalPlan) -> None:
    """Their consents go; whoever is the same person by another name is told."""
    name, written = made.withdrawal.participant, made.corpus.ethics[0]
    for consent in written.consents if written else ():
        if consent.participant.label == name:
            made.lines_of(ETHICS).entry(consent.where.line)
            made.told.append(f"consent{f' of {consent.date}' if consent.date else ''}")
    for other in made.corpus.material.participants.values():
        if other.same_person_as is not None and other.same_person_as.label == name:
            made.told.append(f"{other.name} is the same person, and speaks in the study still")


def _after(made: WithdrawalPlan) -> Corpus:
    """The study as it will be."""
    return load(made.corpus.study, PlannedSnapshot(made.corpus.snapshot, made.texts))


def _gone_labels(made: WithdrawalPlan) -> None:
    """Lines of lists that name a code which only their turns carried, and which nobody wrote
    down.
    """
    after = _after(made)
    before = made.corpus.names
    for mention in references.mentions(after.material, before):
        if (
            mention.record
            or not mention.level
            or mention.named.label in after.names.known.get(mention.level, ())
        ):
            continue
        if after.names.now(mention.named, mention.levels):
            continue
        named = mention.named
        if mention.listed:
            made.lines_of(named.where.path).line(named.where.line)
            made.told.append(f'"{named.label}", which only their words carried: {mention.place}')
        else:
            made.told.append(
                f'still named, and carried by nobody now: "{named.label}" '
                f"({named.where.path}:{named.where.line}: {mention.place})"
            )


def _tell(made: WithdrawalPlan) -> None:
    """What the study lacks then; and that it can still be read."""
    after = _after(made)
    broken = sorted(after.broken - made.corpus.broken)
    if broken:
        what = "this file cannot be edited by lines"
        raise UserError(*(error(path, None, what, "Take their incidents out") for path in broken))
    before = made.corpus.looking.holdings
    now = after.looking.holdings
    for label in made.corpus.material.focused:
        code = CodeRef(FOCUSED, label)
        if before.of(code) and not now.of(code):
            made.told.append(f"focused code without incident now: {label}")
    codings = count(len(made.corpus.codings) - len(after.codings), "application")
    made.told.insert(0, f"{codings} of codes")
