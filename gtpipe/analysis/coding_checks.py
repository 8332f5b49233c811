"""What is worth telling of transcripts, sheets and code book: notes across files, and what does not
belong together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from gtpipe.analysis.procedures import values
from gtpipe.model import typography
from gtpipe.model.codings import Codings
from gtpipe.model.level import INITIAL
from gtpipe.model.names import label_order, slug
from gtpipe.model.problems import Kind, Problem, did_you_mean, error, in_shell, note
from gtpipe.model.records import Coding, Interview, Material, Sheet, SheetEntry, Turn
from gtpipe.model.spelling import folded, looks_like, unseen
from gtpipe.store.layout import PARTICIPANTS, TRANSCRIPTS
from gtpipe.store.settings import no_researcher
from gtpipe.text.worddiff import difference


def undefined(material: Material, codings: Codings) -> list[str]:
    """Labels in use that no definition stands under, in label order."""
    used = {*codings.labels(INITIAL)}
    return sorted((label for label in used if not _definition(material, label)), key=label_order)


def _definition(material: Material, label: str) -> str:
    code = material.codebook.get(label)
    return code.definition if code else ""


def _quote(label: str) -> str:
    return f'"{label}"'


def _some(names: Iterable[str], most: int = 12) -> str:
    names = list(names)
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _look_alikes(material: Material, codings: Codings) -> Iterable[Problem]:
    """Labels that differ only in what `folded` leaves out: a prompt to compare, never repaired."""
    used = {code.label: code for code in codings.used if code.level is INITIAL}
    alike: dict[str, list[str]] = {}
    for label in dict.fromkeys((*used, *material.codebook)):
        alike.setdefault(folded(label), []).append(label)
    for key, labels in alike.items():
        if len(labels) > 1 and key:
            first = {
                label: codings.first(used[label]).where
                if label in used
                else material.codebook[label].where
                for label in labels
            }
            others = ", ".join(
                f"{_quote(label)} "
                f"({first[label].path}:{first[label].line}{_unseen(label, labels[0])})"
                for label in labels[1:]
            )
            yield note(
                *first[labels[0]],
                f"{_quote(labels[0])} looks like {others}",
                "Compare their incidents; if they are one code, write one label in all places",
            )


def _unseen(label: str, other: str) -> str:
    return f"; it {unseen(label, other)}" if looks_like(label, other) else ""


_NEARLY_TIE = re.compile(r"(?:->|< -|<--|<=|←)\s*[\"“].+[\"”]$")


def _nearly_ties(_: Material, codings: Codings) -> Iterable[Problem]:
    tied = {label for _, label in codings.typed if _NEARLY_TIE.search(label)}
    focused = {label for _, label in codings.typed if label.startswith("focused:")}
    for coding in codings if tied or focused else ():
        if coding.typed in tied:
            yield note(
                *coding.where,
                f'"{coding.typed}" is taken as a label, arrow and all',
                'To tie a code to words of the turn, write `label <- "words"`',
            )
        elif coding.typed in focused and coding.level is INITIAL:
            yield note(
                *coding.where,
                f'"{coding.typed}" is taken as an initial code, `focused:` and all',
                "A focused code stands under `focused: |`, beside `codes: |`",
            )


def _nearly_used(material: Material, codings: Codings) -> Iterable[Problem]:
    """Entries of the code book that stand at no turn, where a code in use is spelt nearly so."""
    used = {*codings.labels(INITIAL)}
    bare = [label for label in used if label not in material.codebook]
    for code in material.codebook.values():
        near = did_you_mean(code.label, bare) if code.label not in used else ""
        if near:
            yield note(*code.where, f'"{code.label}" stands at no turn', near)


def _old_labels(_: Material, codings: Codings) -> Iterable[Problem]:
    leads_on = not codings.typed <= {*codings.used}
    for coding in codings if leads_on else ():
        if coding.typed != coding.code:
            yield note(
                *coding.where,
                f'"{coding.typed}" counts under "{coding.code}", by its lineage',
                f"`gtpipe codes rename {_leveled(coding, coding.typed)} {in_shell(coding.code)} "
                '--why "…"` writes '
                f'"{coding.code}" everywhere',
            )


OF_LABELS = (_look_alikes, _old_labels, _nearly_ties, _nearly_used)
"""What is worth a note on labels: `(material, codings) -> problems` each."""


def _leveled(coding: Coding, label: str) -> str:
    return in_shell(label if coding.level == INITIAL else f"{coding.level}: {label}")


def copies(
    material: Material,
    hash_of: Callable[[str], str],
    ingested: Callable[[str], dict[str, str]],
    copy_of: Callable[[Sheet, SheetEntry], str],
) -> list[Problem]:
    """Notes on sheets whose copy of the words or the speaker is not the transcript's.
    `hash_of(text)` as in the sheet.

    `ingested` gives the hashes of the words of an interview as they were read, by turn; `copy_of`
    gives a sheet's copy.
    """
    found = []
    for sheet, entry, turn in other_copies(material, hash_of):
        if entry.codes:
            found.append(touched(sheet, entry, copy_of(sheet, entry), turn.text))
            continue
        corrected = entry.words_hash == ingested(sheet.interview).get(turn.id)
        what = (
            f"turn {turn.id} was corrected in the transcript; this copy of its words is the old one"
            if corrected
            else f"this copy of the words of turn {turn.id} is not what the transcript has"
        )
        found.append(note(sheet.path, entry.line, what, _REFRESH))
    found += _corrected_unseen(material, hash_of, ingested)
    for sheet, entry, turn in _entries_with_turns(material):
        shown = entry.codes or material.interviews[sheet.interview].participant(turn)
        if entry.speaker and entry.speaker != turn.label and shown:
            found.append(
                note(
                    sheet.path,
                    entry.line,
                    f'turn {turn.id} is spoken by "{turn.label}" in the transcript, '
                    f'by "{entry.speaker}" here',
                    "Look which is right; `gtpipe initial-code --refresh-text` takes the "
                    "transcript's",
                )
            )
    return found


def turns_and_entries(
    material: Material, unread: Iterable[str] = (), interviewer: bool = False
) -> Iterator[Problem]:
    """Notes on sheets that do not have an entry for each turn of a participant, or have one for
    another's, unless the `interviewer` is to be coded too. Of interviews in `unread`, whose sheet
    has errors, nobody knows.
    """
    for sheet in material.sheets:
        interview = material.interviews.get(sheet.interview)
        if interview is not None and interview.name not in unread and not sheet.is_plain:
            if not interviewer:
                yield from _not_a_participants(sheet, interview)
            yield from _without_an_entry(sheet, interview)


def _not_a_participants(sheet: Sheet, interview: Interview) -> Iterator[Problem]:
    found = [
        (entry, turn)
        for entry in sheet.entries
        if (turn := interview.turn(entry.turn)) and not interview.participant(turn)
    ]
    for coded in (True, False):
        some = [(entry, turn) for entry, turn in found if bool(entry.codes) == coded]
        if not some:
            continue
        one = len(some) == 1
        turns = _some(f"{entry.turn} (line {entry.line})" for entry, _ in some)
        labels = _some(dict.fromkeys(_quote(turn.label) for _, turn in some))
        what = f"{'turn' if one else 'turns'} {turns} {'is' if one else 'are'} the interviewer's "
        what += f"({labels}), and " + ("carries" if one else "carry")
        if coded:
            codes = dict.fromkeys(_quote(code.label) for entry, _ in some for code in entry.codes)
            what += f" {_some(codes)}; codes there count for no participant"
            do = "Move them to a turn of the participant, or leave them, if they are meant; if it "
            do += f"is not the interviewer who speaks, correct `speakers` in {interview.path}"
        else:
            what += " no code"
            do = "`gtpipe initial-code --refresh-text` takes the " + (
                "entry out" if one else "entries out"
            )
        yield note(sheet.path, some[0][0].line, what, do)


def _without_an_entry(sheet: Sheet, interview: Interview) -> Iterator[Problem]:
    lines = {entry.turn: entry.line for entry in sheet.entries}
    missing = [turn for turn in interview.participant_turns if turn.id not in lines]
    if not missing:
        return
    above = interview.turns[: interview.position[missing[0].id]]
    line = next((lines[turn.id] for turn in reversed(above) if turn.id in lines), 1)
    yield note(
        sheet.path,
        line,
        f"{'turn' if len(missing) == 1 else 'turns'} {_some(turn.id for turn in missing)} of "
        f"{_some(dict.fromkeys(interview.participant(turn) for turn in missing))} "
        f"{'has' if len(missing) == 1 else 'have'} no entry here",
        "`gtpipe initial-code --refresh-text` adds " + ("it" if len(missing) == 1 else "them"),
    )


def _entries_with_turns(material: Material) -> Iterator[tuple[Sheet, SheetEntry, Turn]]:
    """The entries of all sheets whose turn is there, plain ones apart."""
    for sheet in material.sheets:
        interview = material.interviews.get(sheet.interview)
        if interview is not None and not sheet.is_plain:
            for entry in sheet.entries:
                turn = interview.turn(entry.turn)
                if turn is not None:
                    yield sheet, entry, turn


_REFRESH = "`gtpipe initial-code --refresh-text` takes the transcript's words"


def touched(
    sheet: Sheet,
    entry: SheetEntry,
    old: str,
    new: str,
    do: str = f"Look whether the codes still hold; then {_REFRESH}",
) -> Problem:
    """A note on the codes of a turn whose words changed, with the old and the new ones."""
    codes = ", ".join(_quote(code.label) for code in entry.codes)
    return note(
        sheet.path,
        entry.line,
        f"turn {entry.turn}, which carries {codes}, was corrected: {difference(old, new)}",
        do,
    )


def _corrected_unseen(
    material: Material, hash_of: Callable[[str], str], ingested: Callable[[str], dict[str, str]]
) -> Iterator[Problem]:
    """Coded turns that are not as they were read, in sheets that keep no copy of the words."""
    for sheet, entry, turn in _entries_with_turns(material):
        read = ingested(sheet.interview).get(turn.id)
        if read is None or not entry.codes or entry.words_hash or read == hash_of(turn.text):
            continue
        codes = ", ".join(_quote(code.label) for code in entry.codes)
        yield note(
            sheet.path,
            entry.line,
            f"turn {turn.id} is not as it was read, and carries {codes}; "
            "the sheet keeps no copy of the old words",
            f"git has them: `git log -p {material.interviews[sheet.interview].path}`",
        )


def other_copies(
    material: Material, hash_of: Callable[[str], str]
) -> Iterator[tuple[Sheet, SheetEntry, Turn]]:
    """Entries whose copy of the words is not what the transcript has."""
    for sheet, entry, turn in _entries_with_turns(material):
        if entry.words_hash and entry.words_hash != hash_of(turn.text):
            yield sheet, entry, turn


def more_than_the_turn(sheet: Sheet, entry: SheetEntry, turn: Turn, copy: str) -> Problem | None:
    """An error where a copy holds the whole turn and then more: codes that ended up among the
    words.
    """
    words, said = typography.same(copy).split(), typography.same(turn.text).split()
    if len(words) <= len(said) or words[: len(said)] != said:
        return None
    more = " ".join(words[len(said) :])
    return error(
        sheet.path,
        entry.line,
        f'the words of turn {turn.id} end before "{more[:60]}"',
        "If these are codes, put `codes: |` on a line above them, two spaces in; if words, "
        "correct the transcript",
    )


def sheets_are_of_interviews(material: Material, researchers: Iterable[str]) -> list[Problem]:
    """Sheets without an interview, two of one interview by one coder, coders nobody knows."""
    found: list[Problem] = []
    first: dict[tuple[str, str], Sheet] = {}
    researchers = list(researchers)
    for sheet in sorted(material.sheets, key=lambda sheet: (len(sheet.path), sheet.path)):
        if sheet.interview not in material.interviews:
            found.append(
                error(
                    sheet.path,
                    None,
                    f'no interview "{sheet.interview}" in {TRANSCRIPTS}/',
                    did_you_mean(sheet.interview, material.interviews)
                    or "Name the sheet after its interview; if the transcript is gone, bring it "
                    "back from git",
                )
            )
        other = first.setdefault((sheet.interview, sheet.coder), sheet)
        if other is not sheet:
            found.append(
                error(
                    sheet.path,
                    None,
                    f"{other.path} is {sheet.coder}'s sheet of {sheet.interview} already",
                    "Bring the codes together in one of them and remove the other",
                )
            )
        elif sheet.coder and sheet.coder not in researchers:
            found.append(
                no_researcher(sheet.path, None, sheet.coder, researchers, "Add the person there")
            )
    return found


def speakers_are_participants(material: Material) -> Iterator[Problem]:
    """Speakers who have no row in the table of participants."""
    for interview in material.interviews.values():
        for participant in interview.participants:
            if participant not in material.participants:
                yield error(
                    interview.path,
                    interview.speakers_line,
                    f'no participant "{participant}" in {PARTICIPANTS}',
                    did_you_mean(participant, material.participants)
                    or "Add a row with this name there",
                    kind=Kind.NO_PARTICIPANT,
                    about=participant,
                )


def one_person_is_several_participants(material: Material) -> Iterator[Problem]:
    """Who is the same person as a name that nobody has; names that lead back to themselves; and a
    column that is nearly called so, and says nothing.
    """
    columns = dict.fromkeys(
        name for one in material.participants.values() for name, _ in one.attributes
    )
    for column in columns:
        if slug(column) in ("same-person-as", "same-person"):
            what = f'the column "{column}" does not say who is one person'
            yield note(PARTICIPANTS, 1, what, "Call it same-person-as")
    links = {
        one.name: one.same_person_as
        for one in material.participants.values()
        if one.same_person_as is not None
    }
    done: set[str] = set()
    for name, link in links.items():
        if link.label not in material.participants:
            yield error(
                *link.where,
                f'"{name}" is the same person as "{link.label}", whom no row names',
                did_you_mean(link.label, [one for one in material.participants if one != name])
                or "Add a row with this name, or leave the cell empty",
            )
        way = [name]
        while way[-1] in links and way[-1] not in done and way[-1] not in way[:-1]:
            way.append(links[way[-1]].label)
        if way[-1] not in done and way[-1] in way[:-1]:
            circle = way[way.index(way[-1]) :]
            last = max(circle, key=lambda one: links[one].where.line)
            told = (
                "the same person as itself" if len(circle) == 2 else "the same person in a circle"
            )
            yield error(
                *links[last].where,
                f'"{last}" is {told}: {" → ".join(circle)}',
                "Leave the cell empty in one of these rows",
            )
        done.update(way)


def participants_speak(material: Material) -> Iterator[Problem]:
    """Rows of people who speak in no interview, and whom no row of a procedure names."""
    speaking = {name for one in material.interviews.values() for name in one.participants}
    speaking |= {one.value.label for one in values(material) if "participant" in one.field.kinds}
    for participant in material.participants.values():
        if participant.name not in speaking:
            yield note(
                *participant.where, f'the participant "{participant.name}" speaks in no interview'
            )
