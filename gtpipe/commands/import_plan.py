"""What a project of another program becomes here, planned without writing: codings at their turns,
sheets, code book, memos, participants; and what is lost, by kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from textwrap import dedent

from gtpipe.analysis.alignment import Alignment, Part, as_one, tied
from gtpipe.analysis.speakers import person
from gtpipe.commands.import_labels import CodeLabels
from gtpipe.commands.import_sources import speakers_said
from gtpipe.exchange.records import (
    ORIGIN,
    Case,
    Coding,
    Loss,
    Memo,
    Person,
    Project,
    Relation,
    Source,
)
from gtpipe.formats import codebook, focused, memos, naming, sheet_edits, sheets, tables, theory
from gtpipe.model import anchor, limits, plural
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, Level, split_level
from gtpipe.model.names import is_date, one_line
from gtpipe.model.problems import Problem, UserError, error, in_shell
from gtpipe.model.records import (
    INTERVIEWER,
    NOWHERE,
    Incident,
    Interview,
    Participant,
    SheetCode,
    Span,
    Turn,
)
from gtpipe.model.typography import places
from gtpipe.store.layout import (
    CODEBOOK,
    FOCUSED_CODES,
    MEMOS,
    PARTICIPANTS,
    SETTINGS,
    THEORY,
    Snapshot,
)
from gtpipe.text import yamltext

TAKES_UP = "also takes up"
"""The name of a link from a code to one that stands elsewhere in the tree."""
HYPOTHESIS = "Hypothesis: "
"""How the title of a memo begins that says what a relation claims."""

Sheets = dict[tuple[str, str], dict[str, list[SheetCode]]]
"""Interview and coder → turn → its codes."""


class ImportPlan:
    """A project against the study of a snapshot. `files` are path → new text; `made` how many of
    what there will be.
    """

    def __init__(
        self,
        project: Project,
        labels: CodeLabels,
        snapshot: Snapshot,
        interviews: Mapping[str, Interview],
        new: frozenset[str],
        shown: str,
    ) -> None:
        self.project, self.labels, self.snapshot, self.shown = project, labels, snapshot, shown
        self.interviews, self.new = interviews, new
        self.settings = snapshot.settings()
        self.files: dict[str, str] = {}
        self.made: dict[str, int] = defaultdict(int)
        self.losses: list[Loss] = []
        self.told: list[str] = []
        self.problems: list[Problem] = []
        self.sources = {source.id: source for source in project.sources}
        self.addresses: dict[str, list[str]] = {}  # coding or passage → its incidents
        self.coders: dict[str, str] = {}
        self._writer = ""
        self.several = self.asked = 0  # codings over several turns; at turns of the interviewer
        self._case_people: dict[str, list[str]] = {}
        self._relations: dict[str, str] = {}  # id → as it is named here
        self._written_elsewhere: set[str] = set()  # memos that are no memos here

    def lose(self, kind: str, which: str = "") -> None:
        self.losses.append(Loss(kind, one_line(which)))

    def text(self, path: str) -> str:
        return self.files.get(path, self.snapshot.text(path) or "")

    # --- who coded --------------------------------------------------------------------------------

    def find_coders(self, given: Mapping[str, str], writer: str) -> None:
        """Initials of everybody who coded or wrote a memo; of nobody named, `writer`. Those that
        are nobody here are problems with the line to add.
        """
        self._writer = writer
        researchers = self.settings.researchers
        folded = {initials.casefold(): initials for initials in researchers}
        said = {name.casefold(): initials for name, initials in given.items()}
        people = {one.id: one for one in self.project.people}
        wrote = dict.fromkeys(coding.by for coding in self.project.codings)
        wrote |= dict.fromkeys(memo.by for memo in self.project.memos)
        for id in wrote:
            who = people.get(id, Person(id, id))
            initials = _researcher(who, said, folded, researchers)
            if initials is None and (not id or (not researchers and len(wrote) == 1)):
                initials = writer
            if initials is None:
                name = who.name or who.initials or "somebody without a name"
                self.problems.append(_unknown_coder(name, researchers, self.shown))
            else:
                self.coders[id] = initials
        for name, initials in given.items():
            if initials.casefold() not in folded:
                self.problems.append(
                    error(
                        SETTINGS,
                        None,
                        f'nobody under `researchers` has the initials "{initials}"',
                        f"Add a line `{initials}: {name}` there",
                    )
                )

    # --- codings ----------------------------------------------------------------------------------

    def place_codings(self) -> None:
        """The sheets: each coding at the turns that it covers. A sheet that stands is not changed:
        where codings are missing in it, that is a problem with what to type.
        """
        of_source: dict[str, list[Coding]] = defaultdict(list)
        for coding in self.project.codings:
            of_source[coding.source].append(coding)
        coded: Sheets = {}
        for id, codings in of_source.items():
            interview = self.interviews.get(id)
            if interview is None:
                for coding in codings:
                    self.lose("coding of a source without words", self._which(coding))
                continue
            self._place(self.sources[id], interview, codings, coded)
        by_name = {interview.name: interview for interview in self.interviews.values()}
        for (name, coder), turns in coded.items():
            self._write_sheet(by_name[name], coder, turns)
        if self.several:
            several = plural.count(self.several, "coding")
            self.told.append(f"{several} over several turns: one for each turn")
        if self.asked:
            asked = plural.count(self.asked, "coding")
            self.told.append(f"{asked} at turns of the interviewer, which count for no participant")

    def _place(
        self, source: Source, interview: Interview, codings: list[Coding], coded: Sheets
    ) -> None:
        finder = _Finder(source, interview)
        if not finder.is_exact and source.id not in self.new:
            self.told.append(
                f"{interview.name} has other words by now than the file: "
                "codings there went to the words that both have"
            )
        for coding in codings:
            parts = finder.parts(coding)
            if not parts:
                self.lose(finder.why(coding), self._which(coding))
                continue
            whole = self._as_one(parts, interview)
            self._tell_of(coding, parts[:1] if whole else parts, interview)
            ties = [whole] if whole else [(part.turn, self._tie(part, coding)) for part in parts]
            for turn, words in ties:
                incident = Incident(interview.name, turn.id, words, NOWHERE)
                self.addresses.setdefault(coding.id, []).append(incident.address)
                if coding.code:
                    sheet = coded.setdefault((interview.name, self.coders[coding.by]), {})
                    self._code(sheet.setdefault(turn.id, []), coding, words)

    def _as_one(self, parts: list[Part], interview: Interview) -> tuple[Turn, str | None] | None:
        """What runs over turns as one incident, where that was meant: another program draws a
        stretch over turns as any other, gtpipe for a person who said so.
        """
        is_ours = self.project.origin == ORIGIN and len(parts) > 1
        return as_one(interview, parts) if is_ours else None

    def _tell_of(self, coding: Coding, parts: list[Part], interview: Interview) -> None:
        if not coding.code:
            return
        self.several += len(parts) > 1
        self.asked += sum(not interview.participant(part.turn) for part in parts)
        if coding.created and self.project.origin != ORIGIN:  # we write a date of no meaning
            self.lose("when a coding was made", self.labels.label[coding.code])

    def _tie(self, part: Part, coding: Coding) -> str | None:
        """The words that a coding is tied to; None for the whole turn."""
        if part.span is None:
            label = self.labels.label.get(coding.code, "")
            return label if label and one_line(part.turn.text) == label else None
        found = tied(part.turn, part.span)
        if found is None or found[1] != part.span:
            words = part.turn.text[slice(*part.span)]
            self.lose("exact stretch of a coding: it was made wider, to be one place", words)
        return found[0] if found else None

    def _code(self, codes: list[SheetCode], coding: Coding, words: str | None) -> None:
        level = self.labels.level[coding.code]
        label = self.labels.label[coding.code]
        if level == CATEGORY:
            level = INITIAL
            self.lose("level of a coding with a category: it is an initial code", label)
        note = self._note(coding)
        for index, code in enumerate(codes):
            if (code.level, code.label, code.words) == (level, label, words):
                both = dict.fromkeys(filter(None, (code.note, note)))
                codes[index] = code._replace(note="\n".join(both))
                return
        codes.append(SheetCode(level, label, words, note, 0))

    def _note(self, coding: Coding) -> str:
        lines = [line.rstrip() for line in coding.note.expandtabs(2).splitlines()]
        note = dedent("\n".join(lines)).strip("\n").strip()
        if note and not yamltext.printable(note):
            self.lose("control characters in a note on a coding", note)
            note = "".join(char for char in note if char == "\n" or yamltext.printable(char))
        return note

    def _write_sheet(
        self, interview: Interview, coder: str, turns: dict[str, list[SheetCode]]
    ) -> None:
        path = sheets.path_of(interview.name, coder, self.settings.default_coder)
        with_text, asked = self.settings.sheet_text, self.settings.sheet_interviewer
        standing = self.snapshot.text(path)
        crowded = next((turn for turn, codes in turns.items() if len(codes) > limits.CODES), None)
        if crowded:
            self.problems.append(
                error(path, None, f"turn {crowded} would have more than {limits.CODES:,} codes")
            )
            return
        if standing is None or standing == sheet_edits.new_sheet(interview, with_text, asked):
            self.files[path] = sheet_edits.coded_sheet(interview, with_text, asked, turns, path)
            self.made["coding"] += sum(map(len, turns.values()))
            self.made["sheet"] += 1
            return
        missing = self._missing(interview, turns, standing, path)
        if missing and not any(entry.codes for entry in sheets.loads(standing, path)[0]):
            for turn, code in missing:  # nobody coded in it
                standing = sheet_edits.add_code(
                    standing, path, interview, interview.at(turn), code, with_text
                )
            self.files[path] = standing
            self.made["coding"] += len(missing)
        elif missing:
            first = Incident(interview.name, missing[0][0], missing[0][1].words, NOWHERE).address
            who = next((p.name for p in self.project.people if self.coders.get(p.id) == coder), "")
            self.problems.append(
                error(
                    path,
                    None,
                    f"this sheet stands already, and lacks {plural.count(len(missing), 'coding')} "
                    f'of the file, the first "{missing[0][1].label}" at {first}',
                    "Sheets are not changed by an import: give them to another coder with "
                    f"--coder {in_shell(f'{who or coder}=INITIALS')}, or add them by `gtpipe code`",
                )
            )

    def _missing(
        self, interview: Interview, turns: dict[str, list[SheetCode]], text: str, path: str
    ) -> list[tuple[str, SheetCode]]:
        entries, wrong = sheets.loads(text, path)
        if wrong:
            raise UserError(*wrong)
        now = {
            INITIAL: naming.current_labels(codebook.loads(self.text(CODEBOOK))[0]),
            FOCUSED: naming.current_labels(focused.loads(self.text(FOCUSED_CODES))[0]),
        }

        def key(turn: Turn, code: SheetCode) -> tuple[str, str, Span | None]:
            label = now[code.level].get(code.label, code.label)
            span = None if code.words is None else anchor.find(code.words, turn, interview, NOWHERE)
            return code.level, label, None if isinstance(span, Problem) else span

        stands = {
            (entry.turn, *key(turn, code))
            for entry in entries
            if (turn := interview.turn(entry.turn)) is not None
            for code in entry.codes
        }
        return [
            (id, code)
            for id, codes in turns.items()
            for code in codes
            if (id, *key(interview.at(id), code)) not in stands
        ]

    def _which(self, coding: Coding) -> str:
        source = self.sources.get(coding.source)
        text = source.text[coding.start : coding.end] if source and coding.start >= 0 else ""
        label = self.labels.label.get(coding.code, "a passage")
        return f'{label}: "{limits.cut(one_line(text or coding.words), 60)}"'

    # --- code book, focused codes, theory ---------------------------------------------------------

    def define_codes(self) -> None:
        text = self.text(CODEBOOK)
        standing = codebook.loads(text)[0]
        now = naming.current_labels(standing)
        new: dict[str, dict[str, str]] = {}
        for code in self.labels.of_level(INITIAL):
            if not self.labels.is_used(code.id):
                continue
            label, fields = self.labels.label[code.id], self.labels.fields(code.id)
            label = now.get(label, label)
            entry = standing.get(label)
            if label in new and new[label] != fields:
                self.lose("definition of a code whose name another one has", label)
            elif entry is not None:
                fields.pop("parked", None)  # what stands is not put aside by an import
                missing = {name: said for name, said in fields.items() if not getattr(entry, name)}
                if missing:
                    text = codebook.define(text, label, missing)
                    self.made["definition"] += 1
                if any(getattr(entry, name) not in ("", said) for name, said in fields.items()):
                    self.lose("definition of a code that is defined otherwise here", label)
            elif fields or code.id not in self.labels.coded:
                new.setdefault(label, fields)
        if new:
            text = codebook.add(text, new)
            self.made["entry in the code book"] += len(new)
        self._keep(CODEBOOK, text)

    def build_levels(self) -> None:
        """Focused codes and categories, those that stand left as they are."""
        text = self.text(FOCUSED_CODES)
        standing = focused.loads(text)[0]
        for code in self.labels.of_level(FOCUSED):
            label = self.labels.label[code.id]
            taken_up = self._taken_up(code.id, INITIAL)
            if label in standing:
                has = {named.label for named in standing[label].takes_up}
                for other in taken_up:
                    if other not in has:
                        self.lose(f'code below the focused code "{label}", which stands', other)
                continue
            definition, because = self.labels.reason(code.id)
            text = focused.add(
                text,
                label,
                definition=definition,
                because=because,
                by=self._writer,
                takes_up=taken_up,
            )
            self.made["focused code"] += 1
        self._keep(FOCUSED_CODES, text)
        text = self.text(THEORY)
        categories = {one.label for one in theory.loads(text)[0].categories}
        for code in self.labels.of_level(CATEGORY):
            label = self.labels.label[code.id]
            if label in categories:
                continue
            part_of = self.labels.above(code.id)
            below = self._taken_up(code.id, FOCUSED)
            text = theory.add_category(text, label, self.labels.definition(code.id), part_of, below)
            self.made["category"] += 1
        self._keep(THEORY, self._with_relations(text))

    def _taken_up(self, id: str, level: Level) -> tuple[str, ...]:
        """What a code takes up: what stands below it, and what it takes up besides."""
        also = (
            self.labels.label[one.target]
            for one in self.project.relations
            if self._is_taking_up(one) and one.source == id
            if self.labels.level.get(one.target) == level
        )
        return tuple(dict.fromkeys((*self.labels.taken_up(id, level), *also)))

    def _is_taking_up(self, relation: Relation) -> bool:
        ends = [self.labels.level.get(end) for end in (relation.source, relation.target)]
        return relation.name == TAKES_UP and ends in ([FOCUSED, INITIAL], [CATEGORY, FOCUSED])

    def _with_relations(self, text: str) -> str:
        level, label = self.labels.level, self.labels.label
        standing = {one.sentence for one in theory.loads(text)[0].relations}
        hypotheses = {
            one.about[0]: one
            for one in self.project.memos
            if one.title.startswith(HYPOTHESIS) and len(one.about) == 1
        }
        for relation in self.project.relations:
            if self._is_taking_up(relation):
                continue
            kind = relation.name or "goes with"
            if any(
                level.get(end, INITIAL) == INITIAL for end in (relation.source, relation.target)
            ):
                self.lose("link between codes that are no focused codes or categories", kind)
                continue
            one, other = label[relation.source], label[relation.target]
            said = hypotheses.get(relation.id)
            if said is not None:
                self._written_elsewhere.add(said.id)
            sentence = f"{one} {kind} {other}"
            self._relations[relation.id] = sentence
            if sentence in standing:
                continue
            if not relation.is_directed:
                self.lose("that a link between codes has no direction", kind)
            text = theory.add_relation(text, one, kind, other, said.text if said else "")
            self.made["relation"] += 1
        return text

    # --- participants -----------------------------------------------------------------------------

    def add_people(self) -> None:
        """Rows for new participants, and the variables of cases; no value that stands changes."""
        before = self.text(PARTICIPANTS)
        table, wrong = tables.loads_participants(before)
        if wrong:
            raise UserError(*wrong)
        ours = dict.fromkeys(
            name
            for source in self.project.sources
            if source.id in self.new
            for name in self.interviews[source.id].participants
        )
        known = {person(name): name for name in (*ours, *table)}
        values: dict[str, dict[str, str]] = {}
        for case in self.project.cases:
            names = self._people_of(case, known)
            if not names:
                ours[case.name] = None
                names = [case.name]
                known[person(case.name)] = case.name
            self._case_people[case.id] = names
            for name in names:
                self._add_values(
                    name,
                    case,
                    _row(table[name]) if name in table else {},
                    values.setdefault(name, {}),
                )
        people = [name for name in ours if name not in table]
        text = tables.add_participants(before, people) if people else before
        text = tables.add_attributes(text, {name: said for name, said in values.items() if said})
        after = tables.loads_participants(text)[0]
        expected = {
            name: {**(_row(table[name]) if name in table else {}), **values.get(name, {})}
            for name in (*table, *people)
        }
        if {n: _said(_row(one)) for n, one in after.items()} != {
            n: _said(one) for n, one in expected.items()
        }:
            raise UserError(
                error(PARTICIPANTS, None, "participants cannot be added here", "Look at its rows")
            )
        self.made["participant"] += len(people)
        self.made["attribute of a participant"] += sum(map(len, values.values()))
        self._keep(PARTICIPANTS, text)

    def _people_of(self, case: Case, known: Mapping[str, str]) -> list[str]:
        """The participants that a case is: by its name, by the sources it has, by a label."""
        if person(case.name) in known:
            return [known[person(case.name)]]
        interviews = [self.interviews[id] for id in case.sources if id in self.interviews]
        people = dict.fromkeys(name for one in interviews for name in one.participants)
        if people:
            return list(people)
        labelled = {
            name
            for one in self.interviews.values()
            for label, name in one.speakers.items()
            if name != INTERVIEWER and person(label) == person(case.name)
        }
        return list(labelled) if len(labelled) == 1 else []

    def _add_values(
        self, name: str, case: Case, standing: Mapping[str, str], values: dict[str, str]
    ) -> None:
        for variable, value in case.variables:
            column, said = one_line(variable), one_line(value)
            if column == "participant" or (
                column == tables.SAME_PERSON
                and said not in {one.name for one in self.project.cases}
            ):
                column = f"{column} (variable)"
            there = standing.get(column) or values.get(column)
            if there and there != said:
                self.lose(f"{column} of a participant, which is another one here", name)
            elif not there and said:
                values[column] = said

    # --- memos ------------------------------------------------------------------------------------

    def write_memos(self, today: str) -> None:
        """A file for each memo that does not stand yet, under its title and with its words."""
        taken = list(self.snapshot.files(MEMOS))
        standing = set()
        for path in self.snapshot.files(MEMOS, ".md"):
            ours = memos.loads(self.snapshot.text(path) or "", path)[0]
            standing.add((ours.title, one_line(ours.prose)))
        described = (
            Memo("", f"About {one.name}", one.description, (one.id,), "", one.created)
            for one in self.project.sources
            if one.description.strip() and one.id in self.interviews and not speakers_said(one)
        )
        for memo in (*self.project.memos, *described):
            title = one_line("".join(c for c in memo.title if yamltext.printable(c))) or "A memo"
            prose = memo.text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
            if (title, one_line(prose)) in standing or memo.id in self._written_elsewhere:
                continue
            standing.add((title, one_line(prose)))
            date = memo.created[:10] if is_date(memo.created[:10]) else today
            about = [line for id in memo.about for line in self._about(id)]
            by = self.coders.get(memo.by, "") if memo.by else ""
            path = memos.path_for(title, date, taken)
            taken.append(path)
            head = memos.dumps(title, date, by, "", dict.fromkeys(about))
            self.files[path] = f"{head.rstrip()}\n\n{prose}\n"
            self.made["memo"] += 1

    def _about(self, id: str) -> Iterable[str]:
        """What a memo is about, as it is named here."""
        if id in self.addresses:
            return self.addresses[id]
        if id in self.interviews:
            return [self.interviews[id].name]
        if id in self._case_people:
            return self._case_people[id]
        if id in self.labels.codes:
            return self._about_code(id)
        if id in self._relations:
            return [f"relation: {self._relations[id]}"]
        titles = {memo.id: memo.title for memo in self.project.memos}
        self.lose("what a memo is about, which has no place here", titles.get(id, ""))
        return []

    def _about_code(self, id: str) -> list[str]:
        label, level = self.labels.label[id], self.labels.level[id]
        if not self.labels.is_used(id):
            self.lose("what a memo is about: a code that is only a path", label)
            return []
        others = {
            self.labels.label[other] for other, one in self.labels.level.items() if one != level
        }
        is_plain = label not in others and not split_level(label)[0] and not anchor.parse(label)
        return [label if is_plain else f"{level}: {label}"]

    def _keep(self, path: str, text: str) -> None:
        if text != (self.snapshot.text(path) or ""):
            self.files[path] = text


class _Finder:
    """Where the codings of one source stand in its interview: by place, or, where the file has
    words alone, by those.
    """

    def __init__(self, source: Source, interview: Interview) -> None:
        text = source.text
        self._by_words = not text.strip()
        if self._by_words:
            text = "\n".join(f"{turn.label}: {turn.text}" for turn in interview.turns)
        self._text = text
        self._alignment = Alignment(text, interview)
        self._interview = interview
        self.is_exact = self._alignment.is_exact

    @cached_property
    def _bare(self) -> Alignment:
        """The turns' words without who speaks."""
        words = "\n".join(turn.text for turn in self._interview.turns)
        return Alignment(words, self._interview)

    def parts(self, coding: Coding) -> list[Part]:
        if coding.start >= 0 and not self._by_words:
            return self._alignment.parts(coding.start, coding.end)
        for alignment in (self._alignment, self._bare):
            found = places(alignment.text, coding.words)
            if found:
                return alignment.parts(*found[0]) if len(found) == 1 else []
        return []

    def why(self, coding: Coding) -> str:
        """Why a coding is lost."""
        if coding.start < 0 or self._by_words:
            if any(places(one.text, coding.words) for one in (self._alignment, self._bare)):
                return "coding of words that stand several times"
            return "coding of words that its interview does not have"
        if not self._text[coding.start : coding.end].strip():
            return "coding of white space"
        return "coding of what is nobody's words here: a label, a heading, a time"


def _researcher(
    who: Person, said: Mapping[str, str], folded: Mapping[str, str], researchers: Mapping[str, str]
) -> str | None:
    """Initials of a person of the file: as said, as their initials or name are here; else None."""
    names = [name.casefold() for name in (who.name, who.initials) if name]
    for name in names:
        if name in said:
            return folded.get(said[name].casefold(), said[name])
    for name in names:
        if name in folded:
            return folded[name]
    full = [initials for initials, name in researchers.items() if _bare(name) in names]
    return full[0] if len(full) == 1 else None


def _bare(name: str) -> str:
    """A researcher's name without the e-mail beside it."""
    return one_line(name.partition("<")[0]).casefold()


def _unknown_coder(name: str, researchers: Mapping[str, str], shown: str) -> Problem:
    initials = "".join(word[0] for word in name.split() if word[0].isalnum()).upper()[:3] or "XX"
    if initials.casefold() in {one.casefold() for one in researchers}:
        initials = f"{initials}2"
    first = next(iter(researchers), "INITIALS")
    return error(
        shown,
        None,
        f'"{name}" coded in it, and is nobody under `researchers` in {SETTINGS}',
        f"Add a line `{initials}: {name}` there, or say who it is: --coder "
        f"{in_shell(f'{name}={first}')}",
    )


def _row(participant: Participant) -> dict[str, str]:
    """What the table says of a participant, and who is the same person."""
    same = participant.same_person_as
    return dict(participant.attributes) | ({tables.SAME_PERSON: same.label} if same else {})


def _said(attributes: Mapping[str, str]) -> dict[str, str]:
    return {column: value for column, value in attributes.items() if value}
