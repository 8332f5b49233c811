"""`gtpipe codes import`: what a code book from elsewhere says, added where nothing stands.

A definition that stands is never changed: where the file says something else, both are shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from gtpipe.commands.import_labels import CodeLabels
from gtpipe.exchange import code_tables, definitions, registry, table_files
from gtpipe.exchange.code_tables import CodeTable, DefinedCode
from gtpipe.exchange.records import ORIGIN, Loss, Project
from gtpipe.formats import code_line, codebook, focused, theory
from gtpipe.model.level import CATEGORY, CODE_LEVELS, FOCUSED, INITIAL, CodeRef, Level
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem, UserError, did_you_mean, error, in_shell
from gtpipe.model.spelling import Spellings
from gtpipe.readers.lines.plain import text_of
from gtpipe.store import transaction, who
from gtpipe.store.layout import CODEBOOK, ENTRIES, Study
from gtpipe.study import Corpus, load
from gtpipe.text import yamltext

_LOWEST_FIRST = tuple(reversed(CODE_LEVELS))


class Difference(NamedTuple):
    """A field that says one thing here and another in the file."""

    code: CodeRef
    name: str
    here: str
    there: str


@dataclass
class CodesImported:
    """What an import of codes did, or in a dry run would do: the codes that got an entry in the
    code book, those that were defined, how many say the same already, and what differs.
    """

    added: list[str] = field(default_factory=list)
    defined: list[CodeRef] = field(default_factory=list)
    same: int = 0
    differences: list[Difference] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def import_codes(
    study: Study, path: Path, *, by: str = "", why: str = "", dry_run: bool = False
) -> CodesImported:
    """Raises UserError, nothing written, where the file or the study's own cannot be read."""
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot)
        plan = _Plan(corpus, str(path))
        for code in _read(path, corpus, plan.done):
            plan.take(code)
        if plan.problems:
            raise UserError(*plan.problems)
        files = plan.files({one: change.text(one) for one in ENTRIES.values()})
        if files and not dry_run:
            for name, text in files.items():
                change.write(name, text)
            coder = by or who.known(study, corpus.settings.researchers)
            change.log(f"codes import {in_shell(path.name)}", coder, why)
    return plan.done


# --- what the file says ---------------------------------------------------------------------------


def _read(path: Path, corpus: Corpus, done: CodesImported) -> tuple[DefinedCode, ...]:
    if path.is_file() and path.suffix.lower() in (".yaml", ".yml"):
        return _code_book(path, done)
    table = code_tables.read(path) if path.is_file() and table_files.is_table(path) else None
    if table is None:
        table = _codes_of(registry.read(path), corpus, done)
    done.told += table.told
    if not table.codes:
        raise UserError.at(str(path), None, "there is no code in this file")
    return table.codes


def _code_book(path: Path, done: CodesImported) -> tuple[DefinedCode, ...]:
    """The code book of a study of gtpipe."""
    text, _ = text_of(path.read_bytes(), str(path))
    try:
        codes, problems = codebook.loads(text)
    except UserError as exc:
        raise UserError(*(replace(one, path=str(path)) for one in exc.problems)) from None
    if problems:
        raise UserError(*(replace(one, path=str(path)) for one in problems))
    for code in codes.values():
        done.losses += (Loss("former labels", label) for label in code.was)
        if code.parked is not None:
            done.losses.append(Loss("that a code is parked", code.label))
    return tuple(
        DefinedCode(
            code.label,
            {name: said for name in codebook.SAID if (said := getattr(code, name))},
            INITIAL,
            code.where.line,
        )
        for code in codes.values()
    )


def _codes_of(project: Project, corpus: Corpus, done: CodesImported) -> CodeTable:
    """The codes of another program's file. What holds others is a code where it says something of
    its own; of others, the path to a code stands in its definition unless the study has what it is
    made of.
    """
    labels = CodeLabels(project)
    known = corpus.names.known
    found = []
    for id, code in labels.codes.items():
        path = labels.path(id)
        is_higher = labels.label[id] in known[FOCUSED] | known[CATEGORY]
        if not labels.is_used(id) and not is_higher:
            continue
        fields = labels.fields(id)
        if is_higher or all(name in known[FOCUSED] | known[CATEGORY] for name in path):
            said = code.definition.replace("\r\n", "\n").strip()
            names = dict.fromkeys(definitions.FIELDS)
            if project.origin != ORIGIN:
                del names[definitions.BECAUSE]
            definition, more = definitions.apart(said, names)
            fields = {"definition": definition}
            fields |= {name.lower(): said for name, said in more.items()}
            fields.pop(definitions.BECAUSE.lower(), None)
        if fields.pop("parked", ""):
            done.losses.append(Loss("that a code is parked", labels.label[id]))
        found.append(DefinedCode(labels.label[id], {k: v for k, v in fields.items() if v}))
    done.losses += labels.losses
    return CodeTable(tuple(found), (*project.told, *labels.told))


# --- what it comes to here ------------------------------------------------------------------------


class _Plan:
    """The codes of a file against those of the study, which stay as they are."""

    def __init__(self, corpus: Corpus, shown: str) -> None:
        self.corpus, self.shown = corpus, shown
        self.done = CodesImported()
        self.problems: list[Problem] = []
        self._labels = corpus.names.known
        self._categories = {one.label: one for one in corpus.material.theory.categories}
        self._spellings = Spellings.of(tuple(self._labels[INITIAL]))
        self._taken: dict[CodeRef, DefinedCode] = {}
        self._new: dict[str, dict[str, str]] = {}
        self._missing: dict[CodeRef, dict[str, str]] = {}

    def take(self, code: DefinedCode) -> None:
        wrong = _what_is_wrong(code)
        level = self._level(code)
        if wrong or level is None:
            self._refuse(code, *(wrong or _unknown_level(code.level)))
            return
        ref = self._here(code.label, level)
        first = self._taken.setdefault(ref, code)
        if first is not code:
            if first.fields != code.fields:
                where = f"The first is at line {first.line}; keep one" if first.line else "Keep one"
                self._refuse(code, f'"{code.label}" stands twice, and means two things', where)
            return
        if ref.level is INITIAL:
            self._take(ref, code.fields)
            return
        if ref.label not in self._labels[ref.level]:
            self.done.losses.append(Loss(f"{ref.level.nouns} that this study has not", ref.label))
            return
        criteria = code.fields.keys() - {"definition"}
        if criteria:
            kind = f"what belongs under {FOCUSED.nouns} and {CATEGORY.nouns}, and what not"
            self.done.losses.append(Loss(kind, ref.label))
        self._take(ref, {name: said for name, said in code.fields.items() if name == "definition"})

    def _refuse(self, code: DefinedCode, what: str, do: str) -> None:
        self.problems.append(error(self.shown, code.line or None, what, do))

    def _level(self, code: DefinedCode) -> Level | None:
        """As the file says it; otherwise where the label stands here, the lowest first."""
        if code.level:
            typed = one_line(code.level).casefold()
            return next((one for one in CODE_LEVELS if typed in (one.value, one.noun)), None)
        for level in _LOWEST_FIRST:
            if code.label in self._labels[level]:
                return level
        leads = (one for one in _LOWEST_FIRST if self.corpus.names.leads_to(code.label, one))
        return next(leads, INITIAL)

    def _here(self, label: str, level: Level) -> CodeRef:
        """The code that a label means here: an old one, what it is called now."""
        if label in self._labels[level]:
            return CodeRef(level, label)
        now = self.corpus.names.leads_to(label, level)
        if now:
            self.done.told.append(f'"{label}" is called "{now}" here')
        elif level is INITIAL and (alike := self._spellings.alike(label)):
            self.done.told.append(f'"{label}" is taken for another code than "{alike}"')
        return CodeRef(level, now or label)

    def _take(self, ref: CodeRef, fields: dict[str, str]) -> None:
        material = self.corpus.material
        if ref.level is INITIAL and ref.label not in material.codebook:
            is_coded = ref.label in self._labels[INITIAL]
            if fields or not is_coded:
                self._new[ref.label] = fields
                if is_coded:
                    self.done.defined.append(ref)
                else:
                    self.done.added.append(ref.label)
            else:
                self.done.same += 1
            return
        entry = (
            material.codebook.get(ref.label)
            if ref.level is INITIAL
            else material.focused.get(ref.label)
            if ref.level is FOCUSED
            else self._categories.get(ref.label)
        )
        here = {name: getattr(entry, name, "") for name in fields}
        missing = {name: said for name, said in fields.items() if not here[name]}
        differing = [
            Difference(ref, name, here[name], said)
            for name, said in fields.items()
            if here[name] and one_line(here[name]) != one_line(said)
        ]
        if missing:
            self._missing[ref] = missing
            self.done.defined.append(ref)
        self.done.differences += differing
        self.done.same += not missing and not differing

    def files(self, texts: dict[str, str]) -> dict[str, str]:
        """Path → new text of the files that change. Raises UserError where one has errors."""
        after = dict(texts)
        initial = {ref.label: some for ref, some in self._missing.items() if ref.level is INITIAL}
        if initial:
            after[CODEBOOK] = codebook.define_all(after[CODEBOOK], initial)
        for ref, fields in self._missing.items():
            if ref.level is not INITIAL:
                path = ENTRIES[ref.level]
                define = focused.define if ref.level is FOCUSED else theory.define
                after[path] = define(after[path], ref.label, fields["definition"])
        if self._new:
            after[CODEBOOK] = codebook.add(after[CODEBOOK], self._new)
        return {path: text for path, text in after.items() if text != texts[path]}


def _unknown_level(typed: str) -> tuple[str, str]:
    levels = [one.value for one in _LOWEST_FIRST]
    return f'"{typed}" is no level', did_you_mean(typed, levels) or f"Write {', '.join(levels)}"


def _what_is_wrong(code: DefinedCode) -> tuple[str, str] | None:
    """What stands against a code of the file, and what to do; None where nothing does."""
    if not code.label:
        return "this row says what a code means, and not which", "Name the code in its column"
    why = code_line.why_not_a_label(code.label)
    if why:
        return why, "Write it on one line"
    for name, said in code.fields.items():
        if not all(map(yamltext.printable, said.split("\n"))):
            return f"there are control characters in its {name}", "Take them out"
    return None
