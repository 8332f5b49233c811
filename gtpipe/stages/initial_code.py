"""Stage 2, the thinking part: sheets read against their transcripts → codings; code book tables and comparison pages.

Records in, records out. Every anchor is checked; labels are taken letter for letter; nothing is repaired.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from gtpipe.compare import incidents, pages
from gtpipe.errors import Problem, did_you_mean, error, in_shell, note
from gtpipe.model import (
    INITIAL, Code, Coding, Interview, Material, Sheet, SheetCode, SheetEntry, Turn, Where, label_order, one_line,
)
from gtpipe.stages import Outcome, Table


def outcome(material: Material, codings: tuple[Coding, ...]) -> Outcome:
    """The tables `codebook.csv`, `usage.csv`, `uncoded.csv` and a page `compare/….md` for each code."""
    by_code = incidents.by_code(codings, INITIAL)
    labels = sorted({*by_code, *material.codebook}, key=label_order)
    around = incidents.at_turns(codings)
    views = {label: incidents.views(by_code.get(label, ()), material, around) for label in labels}
    names = pages.names(labels)
    made = {
        f"compare/{names[label]}": pages.page(material.codebook.get(label) or _unwritten(label), views[label], material)
        for label in labels
    }
    tables = {
        "codebook.csv": Table(
            ("code", "definition", "in-vivo", "first", "parked"),
            tuple(_codebook_row(label, material.codebook.get(label), by_code.get(label, ()), views[label])
                  for label in labels),
        ),
        "usage.csv": Table(
            ("code", "incidents", "interviews", "participants"),
            tuple((label, len(views[label]), len({v.interview for v in views[label]}),
                   len({v.participant for v in views[label] if v.participant})) for label in labels if views[label]),
        ),
        "uncoded.csv": Table(
            ("interview", "turn", "participant"),
            tuple((interview.name, turn.id, interview.participant(turn))
                  for interview, turns in uncoded(material, codings) for turn in turns),
        ),
    }
    return Outcome(tables, made)


def _unwritten(label: str) -> Code:
    return Code(label, Where("", 0))


def _codebook_row(label: str, code: Code | None, applied, views) -> tuple[object, ...]:
    parked = "" if code is None or code.parked is None else code.parked or pages.NO_REASON
    first = f"{views[0].interview} {views[0].turn}" if views else ""
    return (label, code.definition if code else "", "yes" if any(c.in_vivo for c in applied) else "", first, parked)


def uncoded(material: Material, codings: Iterable[Coding]) -> list[tuple[Interview, tuple[Turn, ...]]]:
    """Interviews in study order with those of their participants' turns that carry no code by anyone."""
    coded = {(coding.interview, coding.turn) for coding in codings}
    found = []
    for interview in material.interviews.values():
        turns = tuple(turn for turn in interview.participant_turns if (interview.name, turn.id) not in coded)
        if turns:
            found.append((interview, turns))
    return found


# --- sheets against transcripts --------------------------------------------------------------------------------------


def codings_of(material: Material, current: dict[str, str]) -> tuple[tuple[Coding, ...], list[Problem]]:
    """Every application of a code, in study order, and what does not hold: turns and stretches that are not there.

    `current` maps an old label to the one it counts under. Initial codes only lead on; focused codes stand as typed.
    """
    problems: list[Problem] = []
    found: list[Coding] = []
    order = material.order
    for sheet in material.sheets:
        interview = material.interviews.get(sheet.interview)
        if interview is None:
            continue
        for entry in sheet.entries:
            turn = interview.turn(entry.turn)
            if turn is None:
                problems.append(_no_turn(entry, sheet, interview))
                continue
            found.extend(_applied(entry, turn, sheet, interview, current, problems))
    found.sort(key=lambda c: (order[c.interview], material.interviews[c.interview].position[c.turn]))
    return tuple(found), problems


def _no_turn(entry: SheetEntry, sheet: Sheet, interview: Interview) -> Problem:
    turns = interview.turns
    has = f"it has turns {turns[0].id} to {turns[-1].id}" if turns else "it has none"
    return error(sheet.path, entry.line, f"{interview.path} has no turn {entry.turn}",
                 f"Name the turn it belongs to, or bring `[{entry.turn}] …` back into the transcript; {has}")


def _applied(
    entry: SheetEntry, turn: Turn, sheet: Sheet, interview: Interview, current: dict[str, str], problems: list[Problem]
) -> list[Coding]:
    if not entry.codes:
        return []
    participant = interview.participant(turn)
    spoken = _spoken(turn.text)
    applied = []
    for code in entry.codes:
        span = None
        if code.words is not None:
            places = stretch(turn.text, code.words)
            if len(places) != 1:
                problems.append(_no_stretch(code, places, turn, sheet, interview))
                continue
            span = places[0]
        label = current.get(code.label, code.label) if code.level == INITIAL else code.label
        applied.append(Coding(
            interview.name, turn.id, participant, sheet.coder, code.level, label, code.label,
            None if span is None else turn.text[slice(*span)], span, code.note,
            _stands_in(label, spoken), Where(sheet.path, code.line),
        ))
    same = Counter((c.level, c.typed, c.span) for c in applied) if len(applied) > 1 else {}
    for (level, label, _), count in same.items():
        if count > 1:
            twice = [c for c in applied if (c.level, c.typed) == (level, label)]
            problems.append(note(sheet.path, twice[-1].where.line, f'"{label}" stands twice at turn {turn.id}',
                                 f"The first is at line {twice[0].where.line}; keep one, unless you mean two stretches"))
    return applied


def stretch(text: str, words: str) -> list[tuple[int, int]]:
    """The places of `words` in `text`, white space apart; overlapping ones included."""
    words = one_line(words)
    if not words:
        return []
    if text == one_line(text):  # no need of a pattern, which takes long to make
        places, at = [], text.find(words)
        while at >= 0:
            places.append((at, at + len(words)))
            at = text.find(words, at + 1)
        return places
    pattern = r"\s+".join(map(re.escape, words.split()))
    return [m.span(1) for m in re.finditer(f"(?=({pattern}))", text)]


def _no_stretch(code: SheetCode, places, turn: Turn, sheet: Sheet, interview: Interview) -> Problem:
    words = one_line(code.words or "")
    if places:
        return error(sheet.path, code.line, f'"{words}" stands {len(places)} times in turn {turn.id}',
                     "Take in more words, so that it is one place")
    meant = similar_stretch(turn.text, words)
    if meant:
        do = f'did you mean "{meant}"?'
    else:
        elsewhere = [other.id for other in interview.turns if other.id != turn.id and stretch(other.text, words)]
        do = (f"It stands in turn {', '.join(elsewhere)}" if elsewhere else
              f"Copy the words from the turn; `gtpipe code {interview.name} {turn.id}` shows it")
    return error(sheet.path, code.line, f'"{words}" does not stand in turn {turn.id} of {interview.name}', do)


_ALIKE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def similar_stretch(text: str, words: str) -> str:
    """The stretch of `text` that is `words` but for capitals, curly quotes and dashes; '' where there is none."""
    flat, wanted = one_line(text), one_line(words)
    if len(flat.lower()) != len(flat):
        return ""
    at = flat.lower().translate(_ALIKE).find(wanted.lower().translate(_ALIKE))
    return flat[at : at + len(wanted)] if at >= 0 else ""


_WORD = re.compile(r"\w+(?:['’]\w+)*")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def _spoken(text: str) -> str:
    """The words of `text`, small, a space before, between and behind."""
    return f" {' '.join(_WORD.findall(text.casefold().replace('’', chr(39))))} "


@lru_cache(maxsize=4096)
def _words_of(label: str) -> tuple[str, bool]:
    """The words of a label as `_spoken` gives them, and whether they are of a script without spaces."""
    words = _spoken(label)
    return words, _UNSPACED.search(words) is not None


def _stands_in(label: str, spoken: str) -> bool:
    """In vivo: the label's words stand in the turn, one after the other, capitals and punctuation apart."""
    words, unspaced = _words_of(label)
    if not words.strip():
        return False
    return words in spoken or (unspaced and words.strip() in spoken)


# --- what is worth a note --------------------------------------------------------------------------------------------


def notes(material: Material, codings: tuple[Coding, ...], unread: Iterable[str] = ()) -> list[Problem]:
    """Uncoded turns, codes without definition, look-alikes, old labels.

    Of interviews in `unread`, whose sheet has errors, nobody knows what is uncoded.
    """
    return [*_uncoded_notes(material, codings, unread), *_undefined_note(material, codings),
            *_look_alikes(codings, material), *_old_labels(codings), *_nearly_ties(codings),
            *_nearly_used(material, codings)]


def _uncoded_notes(material: Material, codings: tuple[Coding, ...], unread: Iterable[str]) -> Iterable[Problem]:
    paths = {sheet.interview: sheet.path for sheet in sorted(material.sheets, key=lambda s: -len(s.path))}
    for interview, turns in uncoded(material, codings):
        if interview.name in unread:
            continue
        count = f"{len(turns)} participant turn" + ("s" if len(turns) > 1 else "")
        yield note(paths.get(interview.name, interview.path), None,
                   f"{count} without a code: {_some(turn.id for turn in turns)}",
                   f"`gtpipe code {interview.name}` goes through them")


def undefined(material: Material, codings: Iterable[Coding]) -> list[str]:
    """Labels in use that no definition stands under, in label order."""
    used = {coding.code for coding in codings if coding.level == INITIAL}
    return sorted((label for label in used if not (material.codebook.get(label) or _unwritten(label)).definition),
                  key=label_order)


def _undefined_note(material: Material, codings: tuple[Coding, ...]) -> Iterable[Problem]:
    labels = undefined(material, codings)
    if labels:
        count = f"{len(labels)} codes have" if len(labels) > 1 else "1 code has"
        yield note("data/codebook.yaml", None, f"{count} no definition: {_some(_quote(label) for label in labels)}",
                   f'`gtpipe codes define {in_shell(labels[0])} "…"`; `gtpipe codes list --undefined` names all')


def _quote(label: str) -> str:
    return f'"{label}"'


def _some(names: Iterable[str], most: int = 12) -> str:
    names = list(names)
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


_SAME = re.compile(r"[\s_\-\u2010-\u2015]+")


def folded(label: str) -> str:
    """`label` without what look-alikes differ in: capitals, spacing, hyphens."""
    return _SAME.sub("", label.casefold())


def _look_alikes(codings: tuple[Coding, ...], material: Material) -> Iterable[Problem]:
    """Labels that differ only in capitals, spacing or hyphens: a prompt to compare, never repaired."""
    first: dict[str, Where] = {}
    for coding in codings:
        if coding.level == INITIAL:
            first.setdefault(coding.code, coding.where)
    for code in material.codebook.values():
        first.setdefault(code.label, code.where)
    alike: dict[str, list[str]] = {}
    for label in first:
        alike.setdefault(folded(label), []).append(label)
    for key, labels in alike.items():
        if len(labels) > 1 and key:
            others = ", ".join(f"{_quote(label)} ({first[label].path}:{first[label].line})" for label in labels[1:])
            yield note(*first[labels[0]], f"{_quote(labels[0])} looks like {others}",
                       "Compare their incidents; if they are one code, write one label in all places")


_NEARLY_TIE = re.compile(r"(?:->|< -|<--|<=|←)\s*[\"“].+[\"”]$")


def _nearly_ties(codings: tuple[Coding, ...]) -> Iterable[Problem]:
    for coding in codings:
        if _NEARLY_TIE.search(coding.typed):
            yield note(*coding.where, f'"{coding.typed}" is taken as a label, arrow and all',
                       'To tie a code to words of the turn, write `label <- "words"`')
        elif coding.typed.startswith("focused:") and coding.level == INITIAL:
            yield note(*coding.where, f'"{coding.typed}" is taken as an initial code, `focused:` and all',
                       "A focused code stands under `focused: |`, beside `codes: |`")


def _nearly_used(material: Material, codings: tuple[Coding, ...]) -> Iterable[Problem]:
    """Entries of the code book that stand at no turn, where a code in use is spelt nearly so."""
    used = {coding.code for coding in codings if coding.level == INITIAL}
    bare = [label for label in used if label not in material.codebook]
    for code in material.codebook.values():
        near = did_you_mean(code.label, bare) if code.label not in used else ""
        if near:
            yield note(*code.where, f'"{code.label}" stands at no turn', near)


def _old_labels(codings: tuple[Coding, ...]) -> Iterable[Problem]:
    for coding in codings:
        if coding.typed != coding.code:
            yield note(*coding.where, f'"{coding.typed}" counts under "{coding.code}", by its `was`',
                       f'Write "{coding.code}" here')


def copies(material: Material, hash_of, ingested: dict[str, dict[str, str]]) -> list[Problem]:
    """Notes on sheets whose copy of the words or the speaker is not the transcript's. `hash_of(text)` as in the sheet.

    `ingested` are the hashes of the words as they were read, by interview and turn.
    """
    found = []
    for sheet, entry, turn in other_copies(material, hash_of):
        corrected = entry.words_hash == ingested.get(sheet.interview, {}).get(turn.id)
        what = f"turn {turn.id} was corrected in the transcript; this copy of its words is the old one" if corrected else \
            f"this copy of the words of turn {turn.id} is not what the transcript has"
        found.append(note(sheet.path, entry.line, what,
                          "`gtpipe initial-code --refresh-text` takes the transcript's words"))
    for sheet in material.sheets:
        interview = material.interviews.get(sheet.interview)
        for entry in sheet.entries if interview else ():
            turn = interview.turn(entry.turn)
            if turn is not None and entry.speaker and entry.speaker != turn.label:
                found.append(note(sheet.path, entry.line, f'turn {turn.id} is spoken by "{turn.label}" in the transcript, '
                                                          f'by "{entry.speaker}" here',
                                  "Look which is right; `gtpipe initial-code --refresh-text` takes the transcript's"))
    return found


def other_copies(material: Material, hash_of) -> Iterator[tuple[Sheet, SheetEntry, Turn]]:
    """Entries whose copy of the words is not what the transcript has."""
    for sheet in material.sheets:
        interview = material.interviews.get(sheet.interview)
        for entry in sheet.entries if interview else ():
            turn = interview.turn(entry.turn)
            if turn is not None and entry.words_hash and entry.words_hash != hash_of(turn.text):
                yield sheet, entry, turn


def more_than_the_turn(sheet: Sheet, entry: SheetEntry, turn: Turn, copy: str) -> Problem | None:
    """An error where a copy holds the whole turn and then more: codes that ended up among the words."""
    words, said = copy.split(), turn.text.split()
    if len(words) <= len(said) or words[: len(said)] != said:
        return None
    more = " ".join(words[len(said) :])
    return error(sheet.path, entry.line, f'the words of turn {turn.id} end before "{more[:60]}"',
                 "If these are codes, put `codes: |` on a line above them, two spaces in; if words, correct the transcript")


def belonging(material: Material, researchers: Iterable[str]) -> list[Problem]:
    """What does not belong together: sheets without an interview, coders nobody knows, speakers who are no participant."""
    found: list[Problem] = []
    first: dict[tuple[str, str], Sheet] = {}
    researchers = list(researchers)
    for sheet in sorted(material.sheets, key=lambda sheet: (len(sheet.path), sheet.path)):
        if sheet.interview not in material.interviews:
            found.append(error(sheet.path, None, f'no interview "{sheet.interview}" in data/transcripts/',
                               did_you_mean(sheet.interview, material.interviews) or
                               "Name the sheet after its interview; if the transcript is gone, bring it back from git"))
        other = first.setdefault((sheet.interview, sheet.coder), sheet)
        if other is not sheet:
            found.append(error(sheet.path, None, f"{other.path} is {sheet.coder}'s sheet of {sheet.interview} already",
                               "Bring the codes together in one of them and remove the other"))
        elif sheet.coder and sheet.coder not in researchers:
            found.append(error(sheet.path, None, f'nobody under `researchers` in pipeline.yaml has the initials '
                                                 f'"{sheet.coder}"',
                               did_you_mean(sheet.coder, researchers) or "Add the person there"))
    used: set[str] = set()
    for interview in material.interviews.values():
        for participant in interview.participants:
            used.add(participant)
            if participant not in material.participants:
                found.append(error(interview.path, interview.speakers_line,
                                   f'no participant "{participant}" in data/participants.csv',
                                   did_you_mean(participant, material.participants) or "Add a row with this name there"))
    for participant in material.participants.values():
        if participant.name not in used:
            found.append(note(*participant.where, f'the participant "{participant.name}" speaks in no interview'))
    return found
