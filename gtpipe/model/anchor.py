"""How an incident is named, and where its words stand in a turn: the one rule for stretches.

An incident is named as `jim 2` or `jim 2 "words of the turn"`; over turns, `jim 7-10`, or from
words to words: `jim 8 "I did check" - 10 "told four"`. Its words must stand in the turn once; a
start and an end suffice, with `…` or `...` between them. What a person is told where they do not is
said here too.
"""

from __future__ import annotations

import re

from gtpipe.model import typography
from gtpipe.model.names import one_line
from gtpipe.model.problems import Kind, Problem, did_you_mean, error
from gtpipe.model.records import (
    NOWHERE,
    TURN_ID,
    Incident,
    IncidentKey,
    Interview,
    Span,
    Turn,
    Where,
    beginnings,
    first_and_last,
    in_words,
)

_QUOTED = r"(?:\s+[\"“](?P<{}>.*\S.*)[\"”])?"
_ADDRESS = re.compile(rf"(?P<interview>\S+)\s+(?P<turn>\S+){_QUOTED.format('words')}", re.DOTALL)
_OVER_TURNS = re.compile(
    rf"(?P<interview>\S+)\s+(?P<first>{TURN_ID}){_QUOTED.format('start')}\s*[-–]\s*"
    rf"(?P<last>{TURN_ID}){_QUOTED.format('end')}",
    re.DOTALL,
)
_GAP = re.compile(r"…|\.\.\.")


def parse(typed: str, where: Where = NOWHERE) -> Incident | None:
    """The incident that `typed` names; None where it names none.

    >>> parse("jim 2").address
    'jim 2'
    >>> parse("jim 2 “it went from there”").words
    'it went from there'
    >>> parse("jim 7 – 10").turn
    '7-10'
    >>> parse('jim 8 "I did check" - 10 "told four"').address
    'jim 8 "I did check" - 10 "told four"'
    >>> parse("waiting")
    """
    match = _OVER_TURNS.fullmatch(typed.strip())
    if match and (match["start"] or match["end"]):
        if match["start"] is None and (whole := _ADDRESS.fullmatch(typed.strip())):
            return Incident(whole["interview"], turns(whole["turn"]), whole["words"], where)
        words = f"{match['start'] or ''} … {match['end'] or ''}".strip()
        return Incident(match["interview"], f"{match['first']}-{match['last']}", words, where)
    if match:
        return Incident(match["interview"], f"{match['first']}-{match['last']}", None, where)
    match = _ADDRESS.fullmatch(typed.strip())
    if match is None:
        return None
    return Incident(match["interview"], turns(match["turn"]), match["words"], where)


def turns(typed: str) -> str:
    """A turn as typed; several as `7-10`, however the dash was typed."""
    named = first_and_last(typed)
    return "-".join(named) if named else typed.strip()


def rewritten(typed: str, incident: Incident, words: str) -> str | None:
    """A line in which an incident is tied to other words, nothing else of it changed; None where it
    does not stand there so.

    >>> jim = parse('jim 2 "it went"')
    >>> rewritten('begun: jim 2 “it went”, eve 2', jim, "he went")
    'begun: jim 2 “he went”, eve 2'
    >>> jim = parse('jim 8 "I did check" - 10 "told four"')
    >>> rewritten('jim 8 "I did check" - 10 "told four"', jim, "I did … told five")
    'jim 8 "I did" - 10 "told five"'
    """
    old = incident.words or ""
    first, last = first_and_last(incident.turn) or (incident.turn, "")
    named = rf"(?<!\w)({re.escape(incident.interview)}\s+{first}"
    to = rf"\s*[-–]\s*{last}" if last else ""
    whole = re.search(rf"{named}{to}\s+[\"“]\s*){re.escape(old)}(?=\s*[\"”])", typed)
    if whole:
        return typed[: whole.end(1)] + words + typed[whole.end() :]
    if not to or not (_GAP.search(old) and _GAP.search(words)):
        return None
    opening, closing = ([part.strip() for part in _GAP.split(said, 1)] for said in (old, words))
    marked = [rf"\s+[\"“]\s*({re.escape(part)})\s*[\"”]" if part else "()" for part in opening]
    parts = re.search(rf"{named}){marked[0]}{to}{marked[1]}", typed)
    if parts is None:
        return None
    start, end = parts.span(2), parts.span(3)
    middle = typed[start[1] : end[0]]
    return typed[: start[0]] + closing[0] + middle + closing[1] + typed[end[1] :]


def start_and_end(words: str) -> str:
    """Words typed as a start and an end, with `…` between them however it was typed.

    >>> start_and_end("at the bus ... late")
    'at the bus … late'
    """
    return _GAP.sub("…", one_line(words))


def stretches(text: str, words: str) -> list[Span]:
    """The places of `words` in `text`, as they look; overlapping ones included.

    >>> stretches("ha ha ha", "ha ha")
    [(0, 5), (3, 8)]
    """
    return typography.places(text, words)


_SENTENCE = re.compile(r"[^.!?…]+(?:[.!?…]+|$)")
_CLAUSE = re.compile(r"[^,;:.!?…—–]+(?:[.!?…]+|$)?")


def clauses(text: str) -> list[str]:
    """The sentences of a turn and the clauses in them, as far as each stands there once: words that
    a code may be tied to, in their order.

    >>> clauses("I did check, then I told four. I did.")
    ['I did check, then I told four.', 'I did check', 'then I told four.', 'I did.']
    """
    found: dict[str, None] = {}
    for sentence in _SENTENCE.findall(text):
        for words in (sentence, *_CLAUSE.findall(sentence)):
            if (said := one_line(words)) and any(map(str.isalnum, said)):
                found[said] = None
    return [
        words for words in found if words != one_line(text) and len(stretches(text, words)) == 1
    ]


def similar_stretch(text: str, words: str) -> str:
    """The stretch of `text` that is `words` but for typography, capitals and accents; or ''.

    >>> similar_stretch("It went from there.", "IT WENT")
    'It went'
    """
    place = typography.nearest_place(text, words)
    return one_line(text[slice(*place)]) if place else ""


def overlap(one: Span | None, other: Span | None) -> bool:
    """Whether two stretches of one turn share words; the whole turn (None) does with each."""
    return one is None or other is None or max(one[0], other[0]) < min(one[1], other[1])


def reaches(
    interview: Interview, one: tuple[str, Span | None], other: tuple[str, Span | None]
) -> bool:
    """Whether two incidents of an interview, each its turns and stretch, share words."""
    if one[0] == other[0]:
        return overlap(one[1], other[1])
    if not (first_and_last(one[0]) or first_and_last(other[0])):
        return False
    ours, theirs = interview.spans_of(*one), interview.spans_of(*other)
    return any(turn in theirs and overlap(span, theirs[turn]) for turn, span in ours.items())


def find_turn(
    incident: Incident, interviews: dict[str, Interview]
) -> tuple[Interview, Turn] | Problem:
    """The interview and the turn of an incident, or that one of them is not there."""
    interview = interviews.get(incident.interview)
    if interview is None:
        return error(
            *incident.where,
            f'no interview "{incident.interview}"',
            did_you_mean(incident.interview, interviews)
            or f"The interviews are {', '.join(interviews)}",
            kind=Kind.NO_SUCH_NAME,
            about=incident.interview,
        )
    turn = interview.turn(incident.turn)
    if turn is None:
        return error(
            *incident.where,
            *no_turn(incident.turn, interview),
            kind=Kind.LOST_ANCHOR,
            about=f"{interview.name} {incident.turn}",
        )
    return interview, turn


def no_turn(named: str, interview: Interview) -> tuple[str, str]:
    """That a turn, or an end of an incident over turns, is not there; and what to do."""
    standing = interview.turns
    has = f"It has turns {standing[0].id} to {standing[-1].id}" if standing else "It has none"
    ends = first_and_last(named)
    gone = [id for id in ends or () if id not in interview.position]
    if ends is None:
        return f"no turn {named} in {interview.name}", has
    if gone:
        what = f"no turn {' and no turn '.join(gone)} in {interview.name}"
        return f"{what}, and {named} runs there", f"Write where it begins and ends now. {has}"
    if ends[0] == ends[1]:
        return f"{named} is one turn", f"Write {ends[0]}"
    return f"turn {ends[0]} comes after turn {ends[1]}", f"Write {ends[1]}-{ends[0]}"


def find(
    words: str, turn: Turn, interview: Interview, where: Where, *, in_sheet: bool = False
) -> Span | Problem:
    """The one place of `words` in a turn; or why there is none, and what to write instead.

    Words of the turn are shown at a command, and for a sheet, which copies them; what is told of
    another file lands in logs, and leads to them.
    """
    spans = stretches(turn.text, words) or _from_to(words, turn, interview)
    if len(spans) == 1:
        return spans[0]
    quoted, here = f'"{one_line(words)}"', f"{in_words(turn.id)} of {interview.name}"
    several = first_and_last(turn.id) is not None
    if spans:
        return error(
            *where,
            f"{here} contain{'' if several else 's'} {quoted} {len(spans)} times",
            "Add words around it, so that it is one place",
        )
    return error(
        *where,
        f"{here} {'do' if several else 'does'} not contain {quoted}",
        _what_to_write(words, turn, interview, shows=in_sheet or not where.path),
        kind=Kind.LOST_ANCHOR,
        about=f"{interview.name} {turn.id} {quoted}",
    )


def place(typed: str, interviews: dict[str, Interview]) -> IncidentKey | None:
    """Interview, turn and stretch of an incident as typed; None where it is none of the study."""
    incident = parse(typed)
    if incident is None or incident.interview not in interviews:
        return None  # at once: a label may look like an incident
    found = placed(incident, interviews)
    return None if isinstance(found, Problem) else found


def placed(incident: Incident, interviews: dict[str, Interview]) -> IncidentKey | Problem:
    """Where an incident stands; or that its interview, turn or stretch is not there."""
    interview = interviews.get(incident.interview)
    words, standing = incident.words, (incident.turn, incident.words or "")
    if interview is not None and words is None and (ids := interview.ids_of(incident.turn)):
        id = ids[0] if len(ids) == 1 else f"{ids[0]}-{ids[-1]}"
        return IncidentKey(interview.name, id, None)
    if interview is not None and standing in interview.places:
        return IncidentKey(interview.name, incident.turn, interview.places[standing])
    there = find_turn(incident, interviews)
    if isinstance(there, Problem):
        return there
    interview, turn = there
    if words is None:
        return IncidentKey(interview.name, turn.id, None)
    span = find(words, turn, interview, incident.where)
    if isinstance(span, Problem):
        return span
    if turn.id == incident.turn:
        interview.places[standing] = span
    return IncidentKey(interview.name, turn.id, span)


def _from_to(words: str, turn: Turn, interview: Interview) -> list[Span]:
    """The places from a start to an end that are given with `…` between them.

    Over turns the start stands in the first and the end in the last one; where one of the two is
    left out, it is that of the turns.
    """
    parts = interview.turns_of(turn.id)
    several = len(parts) > 1
    behind = beginnings(parts)[-1] if several else 0
    found: dict[Span, None] = {}
    for gap in _GAP.finditer(words):
        start, end = words[: gap.start()].strip(), words[gap.end() :].strip()
        if not (start and end) and not (several and (start or end)):
            continue
        opening = stretches(parts[0].text if several else turn.text, start) if start else [(0, 0)]
        if len(opening) != 1:
            found |= dict.fromkeys(opening)
            continue
        last = parts[-1].text if several else turn.text
        ending = stretches(last, end) if end else [(0, len(last))]
        closing = [(a + behind, b + behind) for a, b in ending if a + behind >= opening[0][1]]
        found |= dict.fromkeys((opening[0][0], b) for _, b in closing)
    return list(found)


def pieces(words: str, text: str, span: Span) -> list[tuple[int, int, Span]]:
    """The parts of `words` as typed, each with where it begins and ends in them and its place in
    the text: one; or, where a start and an end are given with `…` between them, these.

    >>> pieces("I … late", "I was at the bus, late", (0, 22))
    [(0, 1, (0, 1)), (4, 8, (18, 22))]
    """
    if span in stretches(text, words):
        return [(0, len(words), span)]
    for gap in _GAP.finditer(words):
        start, end = words[: gap.start()].strip(), words[gap.end() :].strip()
        opening = [place for place in stretches(text, start) if place[0] == span[0]]
        closing = [place for place in stretches(text, end) if place[1] == span[1]]
        if bool(opening) == bool(start) and bool(closing) == bool(end):
            first, last = words.index(start), words.rindex(end)
            return [(first, first + len(start), place) for place in opening[:1]] + [
                (last, last + len(end), place) for place in closing[-1:]
            ]
    return []


def _what_to_write(words: str, turn: Turn, interview: Interview, shows: bool) -> str:
    """The stretch that was perhaps meant, or the turns in which the words do stand."""
    gap = _GAP.search(words)
    look = f"`gtpipe code {interview.name} {turn.id}` shows it"
    for end in (words[: gap.start()], words[gap.end() :]) if gap else ():
        if end.strip() and not stretches(turn.text, end.strip()):
            near = similar_stretch(turn.text, end.strip())
            what = f'"{one_line(end)}" is not there'
            nearly = f'did you mean "{near}"?' if shows else f"the turn has it nearly so; {look}"
            return f"{what}; {nearly if near else 'copy it from the turn'}"
    if gap and first_and_last(turn.id):
        return "The start stands in the first turn, and the end in the last"
    meant = similar_stretch(turn.text, words)
    if meant:
        return f'did you mean "{meant}"?' if shows else f"the turn has it nearly so; {look}"
    elsewhere = [other.id for other in interview.turns if stretches(other.text, words)]
    if elsewhere:
        return f"It is in turn{'s' * (len(elsewhere) > 1)} {', '.join(elsewhere)}"
    return f"Copy the words from the turn; {look}"
