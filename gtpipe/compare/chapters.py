"""The quotations of a chapter: where each begins and ends, in prose between marks or set apart as a block."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from gtpipe.compare import wording
from gtpipe.compare.attribution import CITED, YEAR, People, Quotation, is_attribution, last_sentence, plain_words, with_name
from gtpipe.model import INTERVIEWER
from gtpipe.readers.chapter import Paragraph

FEWEST_WORDS = 3  # a shorter quotation is looked at only where a name stands behind it

_CLOSING = {"“": "”", "„": "“”", "«": "»", "»": "«", "‹": "›"}
_OPENERS = re.compile(r"[“„«»‹\"]|(?<![\w.,!?…’”\"'])[‘'](?=[\[\w…(])(?!\d)")
_SINGLE_CLOSING = re.compile(r"(?<=[\w.,!?…)\]*_—–-])[’'](?!\w)")
_BEHIND_SINGLE = re.compile(r"\s*[(\[]|[.,;:!?]|\s*\Z")
_LONGEST_SINGLE = 4000  # characters; what seems to go on for longer is an apostrophe
_LONGEST_TAIL = 300  # characters of a paragraph's end in which it may say who spoke
_SPEECH = re.compile(r"^[ \t]*(?:\[\d+[a-z]*(?: [\d:.,]+)?\][ \t]*)?[*_]{0,2}([^\W_][\w .'-]{0,30}?)[*_]{0,2}:[*_]{0,2}[ \t]+(?=\S)", re.M)


def quotations(path: str, pieces: Iterable[Paragraph], people: People) -> list[Quotation]:
    """Every quotation of a chapter, in order."""
    pieces = list(pieces)
    found: list[Quotation] = []
    for index, piece in enumerate(pieces):
        if piece.is_block:
            before = pieces[index - 1].text if index else ""
            after = pieces[index + 1].text if index + 1 < len(pieces) and not pieces[index + 1].is_block else ""
            if index and pieces[index - 1].is_block:  # who is named before the first of them is named before all
                before = next((p.text for p in reversed(pieces[:index]) if not p.is_block), "")
            found += _block(path, piece, before, after, people, found)
        else:
            found += _in_prose(path, piece, people)
    return found


def _in_prose(path: str, piece: Paragraph, people: People) -> Iterator[Quotation]:
    text = piece.text
    spans = list(_spans(text))
    for number, (start, begin, end, stop) in enumerate(spans):
        if not any(char.isalnum() for char in text[begin:end]):
            continue
        floor = spans[number - 1][3] if number else 0
        ceiling = spans[number + 1][0] if number + 1 < len(spans) else len(text)
        made = Quotation(path, piece.line(begin), text[begin:end].strip(), by_line=piece.by_line)
        before = text[floor:start]
        if re.search(r"[.!?…][\"”’)\]]*\s+[*_(]*\Z", before):  # the quotation begins a sentence of its own
            before = ""
        yield with_name(made, before, text[stop:ceiling], ceiling == len(text), people)


def _spans(text: str) -> Iterator[tuple[int, int, int, int]]:
    """Quotations: place of the opening mark, of the first and behind the last character, behind the closing mark."""
    at = 0
    while True:
        match = _OPENERS.search(text, at)
        if match is None:
            return
        mark, start = match.group(), match.start()
        at = match.end()
        if mark in "‘'":
            end = _single_end(text, at)
            if end > at and len(wording.keys(wording.clean(text[at:end]))) >= FEWEST_WORDS:
                yield start, at, end, end + 1
                at = end + 1
            continue
        if (mark == '"' and not _opens(text, start)) or (mark == "»" and "«" not in text[at:]):
            continue
        width = 1
        end = _straight_end(text, at) if mark == '"' else _curly_end(text, at, mark)
        if end < 0:  # never closed: it goes on to the end of the paragraph, as in a quotation of several
            if mark == "»":
                continue
            end, width = len(text), 0
        yield start, at, end, end + width
        at = end + width


def _opens(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return (not before or before.isspace() or before in "([{—–-/*_“‘'>") and bool(after) and not after.isspace()


def _straight_end(text: str, at: int) -> int:
    """The straight mark that closes a quotation; straight ones inside it are counted."""
    depth, first = 1, -1
    for place in range(at, len(text)):
        if text[place] != '"':
            continue
        if _opens(text, place):
            depth += 1
            continue
        first = place if first < 0 else first
        depth -= 1
        if not depth:
            return place
    return first


def _curly_end(text: str, at: int, mark: str) -> int:
    closing = _CLOSING[mark]
    depth, first = 1, -1
    for place in range(at, len(text)):
        char = text[place]
        if char in closing:
            first = place if first < 0 else first
            depth -= 1
            if not depth:
                return place
        elif char == mark:
            depth += 1
    if first < 0 and mark == "“":  # “ … “ and “ … ", as typed in haste
        first = next((place for place in range(at, len(text)) if text[place] in "“\"" and not _opens(text, place)), -1)
    return first


def _single_end(text: str, at: int) -> int:
    """The single mark that closes; apostrophes at the end of words are passed over where something surer follows."""
    ahead = text[at : at + _LONGEST_SINGLE]
    opening = re.search(r"(?<![\w.,!?…])‘", ahead)
    limit = at + (opening.start() if opening else len(ahead))
    found = [match.start() for match in _SINGLE_CLOSING.finditer(text, at, limit)]
    sure = [place for place in found if text[place - 1] in ".,!?…)]" or _BEHIND_SINGLE.match(text, place + 1)]
    return (sure or found or [-1])[0]


# --- block quotes ----------------------------------------------------------------------------------------------------


def _block(path: str, piece: Paragraph, before: str, after: str, people: People, found: list[Quotation]) -> Iterator[Quotation]:
    """The quotations of a block: one, or one for each speaker where lines begin with who speaks."""
    heads = [head for head in _SPEECH.finditer(piece.text) if _speaker(head[1], people) is not None]
    if heads and not piece.text[: heads[0].start()].strip():
        for head, following in zip(heads, [*heads[1:], None]):
            text = piece.text[head.end() : following.start() if following else len(piece.text)]
            words, tail = _without_attribution(text, people)
            name = _speaker(head[1], people) or ""
            made = Quotation(path, piece.line(head.end()), words, is_block=True, by_line=piece.by_line)
            made = with_name(made, "" if name else last_sentence(before), tail, True, people)
            yield replace(made, speaker=name, is_attributed=True) if name else made
        return
    if _holds_quotations(piece.text, people):
        yield from _in_prose(path, piece, people)
        return
    start = 0
    for end in _ends_of_parts(piece.text, people):
        part = piece.text[start:end]
        lead = len(part) - len(part.lstrip())
        words, tail = _without_attribution(part, people)
        if words:
            made = Quotation(path, piece.line(start + lead), words, is_block=True, by_line=piece.by_line)
            is_last = end == len(piece.text)
            behind = tail or (after if is_last and is_attribution(after, people) else "")
            yield with_name(made, last_sentence(before), behind, True, people)
        elif tail and found and found[-1].is_block and not found[-1].is_attributed:
            found[-1] = with_name(found[-1], "", tail, True, people)
        start = end


def _holds_quotations(text: str, people: People) -> bool:
    """Whether a block is nothing but several quotations in marks, with who said each."""
    spans = list(_spans(text))
    if len(spans) < 2 or text[: spans[0][0]].strip():
        return False
    between = [text[span[3] : following] for span, following in zip(spans, [*(span[0] for span in spans[1:]), len(text)])]
    return all(not part.strip() or is_attribution(part, people) for part in between)


def _speaker(label: str, people: People) -> str | None:
    """Who a label before a speech means; '' for a participant's label that several share, None where it is no label."""
    folded = label.strip().casefold()
    if folded in people.labels or folded in ("interviewer", "researcher"):
        return INTERVIEWER
    named = people.named(label, any_case=True)
    if named and len(plain_words(label)) <= 4:
        return named[0] if len(named) == 1 else ""
    return "" if folded in people.own_labels else None


def _ends_of_parts(text: str, people: People) -> list[int]:
    """Where the parts of a block quote end: behind each paragraph that names who said it, and at the end."""
    ends = [match.end() for match in re.finditer(r"\n[ \t]*\n", text)
            if _without_attribution(text[max(0, match.start() - _LONGEST_TAIL) : match.start()], people)[1]
            and not is_attribution(text[match.end() : match.end() + _LONGEST_TAIL].split("\n\n")[0], people)]
    return [*ends, len(text)]


def _without_attribution(text: str, people: People) -> tuple[str, str]:
    """The words of a block quote, marks around them off, and who or what is named at its end."""
    text = text.strip()
    tail = ""
    match = re.search(r"\s*((?:\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\])[\s*_.]*)\Z", text)
    if match and is_attribution(match[1], people):
        text, tail = text[: match.start()], match[1]
    else:
        dashed = re.search(r"(?:(?<=\s)|(?<=[.!?…\"”’]))[*_]*[—–―-]{1,3}\s*[^\n.!?\"“”—–―]{1,60}[*_.]*\Z", text)
        if dashed and (people.named(dashed.group(), any_case=True) or "\n" in text[max(0, dashed.start() - 2) : dashed.start()]
                       or CITED.search(dashed.group()) or YEAR.search(dashed.group())):
            text, tail = text[: dashed.start()], dashed.group()
    text = text.strip()
    spans = list(_spans(text))
    if len(spans) == 1 and spans[0][0] == 0 and not text[spans[0][3] :].strip(" .,*_"):
        text = text[spans[0][1] : spans[0][2]].strip()
    return text, tail
