"""What `gtpipe ingest` shows: what was read, or would be;
and which turns a corrected source changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gtpipe.analysis.correction import Corrected
from gtpipe.model import limits
from gtpipe.model.names import one_line
from gtpipe.model.plural import count
from gtpipe.model.records import INTERVIEWER, Interview, Turn
from gtpipe.model.typography import same
from gtpipe.readers.reading import Aside, Reading
from gtpipe.render.terminal import in_one_line, out, say
from gtpipe.sources.questions import TURNS, options_in
from gtpipe.sources.source_reader import Taken, is_of_lines
from gtpipe.text.worddiff import difference

SHOWN = 100  # characters of a line, of those that only show what was understood


def show_new(taken: Iterable[Taken]) -> list[str]:
    """One line an interview that is new, and what was left out
    of it; the names of these interviews.
    """
    names = []
    for source, reading, interview in _new(taken):
        names.append(source.name)
        shown = in_one_line(source.shown)
        turns = count(len(interview.turns), "turn")
        out(f"ingest: {source.name}: {turns} from {shown}: {_speakers(interview, reading)}")
        for remark in reading.remarks:
            say(f"{shown}: note: {remark}.")
        for line, words in _left_out(reading):
            say(f"{shown}:{line}: note: left out: {words}")
        for words in _asides(reading):
            say(f"{shown}: note: left out, as nobody's speech: {words}")
    return names


def _new(taken: Iterable[Taken]) -> Iterator[tuple[Taken, Reading, Interview]]:
    for source in taken:
        if source.reading is not None and source.interview is not None and not source.known:
            yield source, source.reading, source.interview


def _speakers(interview: Interview, reading: Reading) -> str:
    return limits.some(
        f"{label} {turns} ({_role(interview, label)})"
        for label, (turns, _) in reading.labels().items()
    )


def _role(interview: Interview, label: str) -> str:
    """`interviewer`, or the participant a label stands for."""
    speaker = interview.speakers[label]
    return speaker if speaker == INTERVIEWER else f"participant {speaker}"


def understood(taken: Iterable[Taken]) -> Iterator[str]:
    """What a dry run understood of each source, line by line."""
    for source in taken:
        if source.known:
            shown = in_one_line(source.shown)
            yield f"{shown}: ingested before as {source.name}; nothing to do"
        for _, reading, interview in _new([source]):
            yield from _understood(source, reading, interview)


def _understood(source: Taken, reading: Reading, interview: Interview) -> Iterator[str]:
    shown = in_one_line(source.shown)
    yield f"{shown}: read as {reading.format}; would be the interview {source.name}"
    for label, (turns, line) in reading.labels().items():
        asked = any(
            problem.about == label and "--interviewer" in options_in(problem.do)
            for problem in source.problems
        )
        role = "unknown" if asked else interview.speakers[label]
        yield f"  {label}: {count(turns, 'turn')}, first at {reading.unit} {line}: {role}"
    for remark in reading.remarks:
        yield f"  {remark}"
    for line, words in _left_out(reading):
        yield f"  before the first speaker, {reading.unit} {line}: {words}"
    for words in _asides(reading):
        yield f"  left out, as nobody's speech: {words}"
    yield from _account(source)
    yield from first_turns(interview)
    if source.fits:
        names = " or ".join(
            f"--shape {name} ({count(turns, 'turn')})" for name, turns in source.fits
        )
        yield f"  would fit as well: {names}"


def _account(source: Taken) -> Iterator[str]:
    """What each line of the source is, kind by kind: how many, the first, an example."""
    if not source.account or source.reading is None:
        return
    if is_of_lines(source.reading):
        lines = count(sum(share.lines for share in source.account), "line")
        yield f"  {lines} of the source, each accounted for:"
    else:
        yield "  what each part of the source is:"
    width = max(len(share.kind) for share in source.account)
    for share in source.account:
        first = f"first at {source.reading.unit} {share.first}"
        example = limits.cut(share.example, 60)
        yield f"    {share.kind:{width}}  {share.lines:5,}  {first}: {example}"


def first_turns(interview: Interview) -> Iterator[str]:
    """The first turns as they will stand."""
    for turn in interview.turns[:TURNS]:
        time = f" {turn.time}" if turn.time else ""
        first, more, _ = turn.text.partition("\n")
        cut = "…" if more and len(first) <= SHOWN else ""
        yield f"  [{turn.id}{time}] {turn.label}: {limits.cut(first, SHOWN)}{cut}"


def _left_out(reading: Reading) -> Iterator[tuple[int, str]]:
    """What stood before the first speaker, line by line; of much the beginning."""
    for line, words in reading.left_out[: limits.NAMES]:
        yield line, limits.cut(one_line(words), limits.EXCERPT)
    if len(reading.left_out) > limits.NAMES:
        more = len(reading.left_out) - limits.NAMES
        yield reading.left_out[limits.NAMES][0], f"{more:,} more lines before the first speaker"


def _asides(reading: Reading) -> Iterator[str]:
    """What the reading left out, kind by kind: all of it where
    it is short, the beginning where it is long.
    """
    kinds: dict[str, list[Aside]] = {}
    for aside in reading.asides:
        kinds.setdefault(aside.what, []).append(aside)
    for number, (what, asides) in enumerate(kinds.items()):
        if number == limits.NAMES:
            yield f"{len(kinds) - number:,} more kinds of words"
            return
        words = list(dict.fromkeys(one_line(aside.words) for aside in asides))
        quoted = "; ".join(f'"{each[:SHOWN]}"' for each in words[:3])
        many = f"{len(asides)} times, " if len(asides) > 1 else ""
        first = f"first at {reading.unit} {asides[0].number}"
        yield f"{what} ({many}{first}): {quoted}" + (" …" if len(words) > 3 else "")


# --- corrections ----------------------------------------------------------------------------------


def correction(corrected: Corrected, remove: bool) -> Iterator[str]:
    """Turn by turn what a corrected source changes."""
    for old, new in corrected.changed:
        yield f"  {new.id} corrected: {_how(old, new)}"
    for turn in corrected.inserted:
        yield f"  {turn.id} inserted: {turn.label}: {one_line(turn.text)}"
    for id in corrected.by_hand:
        yield f"  {id} kept as corrected by hand"
    for id in corrected.in_form:
        yield (
            f"  {id} has the same words in other characters that look the same; "
            "the transcript keeps its own"
        )
    for id in corrected.gone:
        how = "removed" if remove else "kept; --remove takes it out"
        yield f"  {id} is in the source no more: {how}"


def _how(old: Turn, new: Turn) -> str:
    parts = []
    if old.label != new.label:
        parts.append(f"spoken by {old.label} before, by {new.label} now")
    if old.time != new.time:
        parts.append(f"at {new.time}")
    if same(old.text) != same(new.text):
        parts.append(difference(old.text, new.text))
    return "; ".join(parts)
