"""The codings of another program at their turns, in sheets that are new or that nobody coded in."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from textwrap import dedent

from gtpipe.analysis.alignment import Alignment, Part, as_one, tied
from gtpipe.commands.import_plan import ImportPlan
from gtpipe.exchange.records import ORIGIN, Coding, Source
from gtpipe.formats import codebook, focused, naming, sheet_edits, sheets
from gtpipe.model import anchor, limits, plural
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem, UserError, error, in_shell
from gtpipe.model.records import NOWHERE, Incident, Interview, SheetCode, Span, Turn
from gtpipe.model.typography import places
from gtpipe.store.layout import CODEBOOK, FOCUSED_CODES
from gtpipe.text import yamltext

Sheets = dict[tuple[str, str], dict[str, list[SheetCode]]]
"""Interview and coder → turn → its codes."""


def place_codings(plan: ImportPlan) -> None:
    """The sheets: each coding at the turns that it covers. A sheet that stands is not changed:
    where codings are missing in it, that is a problem with what to type.
    """
    of_source: dict[str, list[Coding]] = defaultdict(list)
    for coding in plan.project.codings:
        of_source[coding.source].append(coding)
    coded: Sheets = {}
    for id, codings in of_source.items():
        interview = plan.interviews.get(id)
        if interview is None:
            for coding in codings:
                plan.lose("coding of a source without words", _which(plan, coding))
            continue
        _place(plan, plan.sources[id], interview, codings, coded)
    by_name = {interview.name: interview for interview in plan.interviews.values()}
    for (name, coder), turns in coded.items():
        _write_sheet(plan, by_name[name], coder, turns)
    if plan.several:
        several = plural.count(plan.several, "coding")
        plan.told.append(f"{several} over several turns: one for each turn")
    if plan.asked:
        asked = plural.count(plan.asked, "coding")
        plan.told.append(f"{asked} at turns of the interviewer, which count for no participant")


def _place(
    plan: ImportPlan, source: Source, interview: Interview, codings: list[Coding], coded: Sheets
) -> None:
    finder = _Finder(source, interview)
    if not finder.is_exact and source.id not in plan.new:
        plan.told.append(
            f"{interview.name} has other words by now than the file: "
            "codings there went to the words that both have"
        )
    for coding in codings:
        parts = finder.parts(coding)
        if not parts:
            plan.lose(finder.why(coding), _which(plan, coding))
            continue
        whole = _as_one(plan, parts, interview)
        _tell_of(plan, coding, parts[:1] if whole else parts, interview)
        ties = [whole] if whole else [(part.turn, _tie(plan, part, coding)) for part in parts]
        for turn, words in ties:
            incident = Incident(interview.name, turn.id, words, NOWHERE)
            plan.addresses.setdefault(coding.id, []).append(incident.address)
            if coding.code:
                sheet = coded.setdefault((interview.name, plan.coders[coding.by]), {})
                _code(plan, sheet.setdefault(turn.id, []), coding, words)


def _as_one(
    plan: ImportPlan, parts: list[Part], interview: Interview
) -> tuple[Turn, str | None] | None:
    """What runs over turns as one incident, where that was meant: another program draws a
    stretch over turns as any other, gtpipe for a person who said so.
    """
    is_ours = plan.project.origin == ORIGIN and len(parts) > 1
    return as_one(interview, parts) if is_ours else None


def _tell_of(plan: ImportPlan, coding: Coding, parts: list[Part], interview: Interview) -> None:
    if not coding.code:
        return
    plan.several += len(parts) > 1
    plan.asked += sum(not interview.participant(part.turn) for part in parts)
    if coding.created and plan.project.origin != ORIGIN:  # we write a date of no meaning
        plan.lose("when a coding was made", plan.labels.label[coding.code])


def _tie(plan: ImportPlan, part: Part, coding: Coding) -> str | None:
    """The words that a coding is tied to; None for the whole turn."""
    if part.span is None:
        label = plan.labels.label.get(coding.code, "")
        return label if label and one_line(part.turn.text) == label else None
    found = tied(part.turn, part.span)
    if found is None or found[1] != part.span:
        words = part.turn.text[slice(*part.span)]
        plan.lose("exact stretch of a coding: it was made wider, to be one place", words)
    return found[0] if found else None


def _code(plan: ImportPlan, codes: list[SheetCode], coding: Coding, words: str | None) -> None:
    level = plan.labels.level[coding.code]
    label = plan.labels.label[coding.code]
    if level == CATEGORY:
        level = INITIAL
        plan.lose("level of a coding with a category: it is an initial code", label)
    note = _note(plan, coding)
    for index, code in enumerate(codes):
        if (code.level, code.label, code.words) == (level, label, words):
            both = dict.fromkeys(filter(None, (code.note, note)))
            codes[index] = code._replace(note="\n".join(both))
            return
    codes.append(SheetCode(level, label, words, note, 0))


def _note(plan: ImportPlan, coding: Coding) -> str:
    lines = [line.rstrip() for line in coding.note.expandtabs(2).splitlines()]
    note = dedent("\n".join(lines)).strip("\n").strip()
    if note and not yamltext.printable(note):
        plan.lose("control characters in a note on a coding", note)
        note = "".join(char for char in note if char == "\n" or yamltext.printable(char))
    return note


def _write_sheet(
    plan: ImportPlan, interview: Interview, coder: str, turns: dict[str, list[SheetCode]]
) -> None:
    path = sheets.path_of(interview.name, coder, plan.settings.default_coder)
    with_text, asked = plan.settings.sheet_text, plan.settings.sheet_interviewer
    standing = plan.snapshot.text(path)
    crowded = next((turn for turn, codes in turns.items() if len(codes) > limits.CODES), None)
    if crowded:
        plan.problems.append(
            error(path, None, f"turn {crowded} would have more than {limits.CODES:,} codes")
        )
        return
    if standing is None or standing == sheet_edits.new_sheet(interview, with_text, asked):
        plan.files[path] = sheet_edits.coded_sheet(interview, with_text, asked, turns, path)
        plan.made["coding"] += sum(map(len, turns.values()))
        plan.made["sheet"] += 1
        return
    missing = _missing(plan, interview, turns, standing, path)
    if missing and not any(entry.codes for entry in sheets.loads(standing, path)[0]):
        for turn, code in missing:  # nobody coded in it
            standing = sheet_edits.add_code(
                standing, path, interview, interview.at(turn), code, with_text
            )
        plan.files[path] = standing
        plan.made["coding"] += len(missing)
    elif missing:
        first = Incident(interview.name, missing[0][0], missing[0][1].words, NOWHERE).address
        who = next((p.name for p in plan.project.people if plan.coders.get(p.id) == coder), "")
        plan.problems.append(
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
    plan: ImportPlan, interview: Interview, turns: dict[str, list[SheetCode]], text: str, path: str
) -> list[tuple[str, SheetCode]]:
    entries, wrong = sheets.loads(text, path)
    if wrong:
        raise UserError(*wrong)
    now = {
        INITIAL: naming.current_labels(codebook.loads(plan.text(CODEBOOK))[0]),
        FOCUSED: naming.current_labels(focused.loads(plan.text(FOCUSED_CODES))[0]),
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


def _which(plan: ImportPlan, coding: Coding) -> str:
    source = plan.sources.get(coding.source)
    text = source.text[coding.start : coding.end] if source and coding.start >= 0 else ""
    label = plan.labels.label.get(coding.code, "a passage")
    return f'{label}: "{limits.cut(one_line(text or coding.words), 60)}"'


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
