"""The quotations of a chapter: where each begins and ends, in prose between marks or set apart as a block.

What was said decides where marks leave it open: whether 'goin' down' ends at an apostrophe, whether a paragraph without marks is an
extract, whether "(PSW)" at the end of one is a name or a word of the transcript.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from gtpipe.compare import wording
from gtpipe.compare.attribution import CITED, YEAR, People, Quotation, by_line, is_attribution, is_plain, last_sentence, plain_words, with_name
from gtpipe.compare.spoken import Spoken
from gtpipe.model import INTERVIEWER
from gtpipe.readers.chapter import Paragraph

FEWEST_WORDS = 3  # a shorter quotation is looked at only where a name stands behind it
_FEWEST_APART = 8  # words of a paragraph without marks, to be taken for an extract because they were said
_MOST_OF_IT = 0.5

_CLOSING = {"“": "”", "„": "“”", "«": "»", "»": "«»", "‹": "›", "›": "‹›", "”": "”", "‚": "‘’", "「": "」", "『": "』"}
_BOTH_WAYS = "»›”"  # marks that open and close: »ja« and »ja», ”ja”
_GOES_ON = "“«„"  # marks that stand at the beginning of each paragraph of a long quotation, and close the last
_BEFORE_SINGLE = r"(?<![^\W_])(?<![.,!?…’”\"'])"
_OPENERS = re.compile(rf"[“„«»‹›”‚「『\"]|{_BEFORE_SINGLE}[‘'’](?=[^\W_]|[\[_…(])(?!\d)")
_ANOTHER_SINGLE = re.compile(rf"{_BEFORE_SINGLE}['’](?=[^\W\d_])")
_SINGLE_CLOSING = re.compile(r"(?<=[^\s'‘’(\[])[’'](?![^\W_])")
# Words that begin with an apostrophe, and ends of words that an apostrophe stands for: no marks, where nothing else says so.
_ELIDED = re.compile(r"(?:cause|cos|coz|em|im|er|ere|e|ave|ad|as|is|appen|til|till|tis|twas|twere|twould|n|round|bout|neath|nuff|kay|scuse|spect|"
                     r"course|tude|fraid|cept|specially|owt|ello|ome|ouse|alf|ow|t|s|ll|ve|re|d|m|o)(?![^\W_])", re.I)
_DROPPED_END = re.compile(r"(?:s|in|\b[^\W\d_]{1,2}|\bwit|\bthan)\Z", re.I)
_SPEAKS_OF_IT = re.compile(r"\s*[(\[]|[\s.,]*[—–]|\s*\Z")
_LONGEST_SINGLE = 4000  # characters; what seems to go on for longer is an apostrophe
_MOST_ENDS = 8
_LONGEST_TAIL = 300  # characters of a paragraph's end in which it may say who spoke
_SPEECH = re.compile(r"^[ \t]*(?:\[\d+[a-z]*(?: [\d:.,]+)?\][ \t]*)?[*_]{0,2}([^\W_][\w .'-]{0,30}?)[*_]{0,2}:[*_]{0,2}[ \t]+(?=\S)", re.M)


def quotations(path: str, pieces: Iterable[Paragraph], people: People, spoken: Spoken) -> list[Quotation]:
    """Every quotation of a chapter, in order."""
    pieces = [piece for piece in pieces if piece.text.strip()]
    by_lines = [by_line(piece.text, people) for piece in pieces]
    found: list[Quotation] = []
    for index, piece in enumerate(pieces):
        if by_lines[index] == piece.text.strip() and not _was_said(piece.text, spoken):
            continue
        before = pieces[index - 1].text if index else ""
        if piece.is_block and index and (pieces[index - 1].is_block or by_lines[index - 1]):
            before = next((p.text for p, who in zip(reversed(pieces[:index]), reversed(by_lines[:index])) if not p.is_block and not who), "")
        after = by_lines[index + 1] if index + 1 < len(pieces) else ""
        if piece.is_block:
            found += _block(path, piece, before, after, people, spoken)
        else:
            apart = _set_apart(path, piece, before, after, people, spoken)
            found += apart if apart is not None else _in_prose(path, piece, after, people, spoken)
    return found


def _was_said(text: str, spoken: Spoken) -> bool:
    return len(wording.keys(wording.clean(text))) >= FEWEST_WORDS and spoken.said(text)


def _in_prose(path: str, piece: Paragraph, after: str, people: People, spoken: Spoken) -> Iterator[Quotation]:
    text = piece.text
    spans = list(_spans(text, spoken))
    for number, (start, begin, end, stop) in enumerate(spans):
        if not any(char.isalnum() for char in text[begin:end]):
            continue
        floor = spans[number - 1][3] if number else 0
        ceiling = spans[number + 1][0] if number + 1 < len(spans) else len(text)
        made = Quotation(path, piece.line(begin), text[begin:end].strip(), by_line=piece.by_line)
        before, behind = text[floor:start], text[stop:ceiling]
        if re.search(r"[.!?…][\"”’)\]]*\s+[*_(]*\Z", before):  # the quotation begins a sentence of its own
            before = ""
        if ceiling == len(text) and after and not behind.strip(" \n\t.,*_"):
            behind = f"\n{after}"
        yield with_name(made, before, behind, ceiling == len(text), people)


# --- marks -----------------------------------------------------------------------------------------------------------


def _spans(text: str, spoken: Spoken) -> Iterator[tuple[int, int, int, int]]:
    """Quotations: place of the opening mark, of the first and behind the last character, behind the closing mark."""
    at = 0
    while True:
        match = _OPENERS.search(text, at)
        if match is None:
            return
        mark, start = match.group(), match.start()
        at = match.end()
        if mark in "‘'’":
            end = _single_end(text, at, spoken)
            long_enough = end > at and (len(wording.keys(wording.clean(text[at:end]))) >= FEWEST_WORDS or bool(_SPEAKS_OF_IT.match(text, end + 1)))
            if long_enough:
                yield start, at, end, end + 1
                at = end + 1
            continue
        if (mark == '"' or mark in _BOTH_WAYS) and not _opens(text, start):
            continue
        width = 1
        end = _straight_end(text, at) if mark == '"' else _curly_end(text, at, mark)
        if end < 0:  # never closed: it goes on to the end of the paragraph, as in a quotation of several
            if mark != '"' and mark not in _GOES_ON:
                continue
            end, width = len(text), 0
        yield start, at, end, end + width
        at = end + width


def _opens(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return (not before or before.isspace() or before in "([{—–-/*_“‘'>|") and bool(after) and not after.isspace()


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
        if char in closing and not (char in _BOTH_WAYS and char == mark and _opens(text, place)):
            if char == "’" and text[place + 1 : place + 2].isalnum():
                continue
            first = place if first < 0 else first
            depth -= 1
            if not depth:
                return place
        elif char == mark:
            if mark in _BOTH_WAYS and mark != "»":
                break
            depth += 1
    if first < 0 and mark in "“„":  # “ … “ and “ … ", as typed in haste
        first = next((place for place in range(at, len(text)) if text[place] in "“\"" and not _opens(text, place)), -1)
    return first


def _single_end(text: str, at: int, spoken: Spoken) -> int:
    """The single mark that closes, or -1. Of several that may, the last up to which the words were said; else the first that is
    hardly an apostrophe, before another quotation opens."""
    ahead = text[at : at + _LONGEST_SINGLE]
    opening = re.search(r"(?<![^\W_])(?<![.,!?…])‘", ahead)
    found = [match.start() for match in _SINGLE_CLOSING.finditer(text, at, at + (opening.start() if opening else len(ahead)))]
    if not found:
        return -1
    is_elided = bool(_ELIDED.match(text, at)) or text[at - 1] == "’"
    if len(found) > 1 or is_elided:
        for place in reversed(found[:_MOST_ENDS]):
            if _was_said(text[at:place], spoken):
                return place
    another = next((match.start() for match in _ANOTHER_SINGLE.finditer(text, at, found[-1]) if not _ELIDED.match(text, match.end())), len(text))
    before = [place for place in found if place < another] or found
    sure = [place for place in before if not _is_apostrophe(text, at, place)]
    if is_elided:
        sure = [place for place in sure if text[place - 1] in ".,!?…" or _SPEAKS_OF_IT.match(text, place + 1)]
        return sure[0] if sure else -1
    return (sure or before)[0]


def _is_apostrophe(text: str, at: int, place: int) -> bool:
    """Whether a mark behind a word may stand for letters, as in the boys' room and goin' home."""
    return bool(re.match(r"\s+[^\W\d_]", text[place + 1 : place + 4])) and bool(_DROPPED_END.search(text, max(at, place - 4), place))


# --- blocks ----------------------------------------------------------------------------------------------------------


def _set_apart(path: str, piece: Paragraph, before: str, after: str, people: People, spoken: Spoken) -> list[Quotation] | None:
    """The quotations of a paragraph that is an extract without being marked as one; None where it is prose.

    It is one where a by-line of its own follows, or its words were said, for the most part in this order. A by-line behind its last
    sentence, and nothing like it in the transcripts, leave it in doubt.
    """
    text = piece.text.strip()
    spans = list(_spans(text, spoken))
    if spans and (not text[: spans[0][0]].strip(" *_") and not text[spans[-1][3] :].strip(" .,*_") and len(spans) == 1):
        return None
    words, tail = _without_attribution(text, people, spoken)
    if not words or words.endswith(":"):
        return None
    if spans and (not (tail or after) or spans[-1][3] >= len(words.rstrip(" .,*_"))):
        return None  # who is named is named for the last of the quotations in marks
    heads = [head for head in _SPEECH.finditer(text) if _speaker(head[1], people) is not None]
    outside = "".join(text[begin:end] for begin, end in zip([0, *(span[3] for span in spans)], [*(span[0] for span in spans), len(words)]))
    own_line = bool(after) or bool(tail) and "\n" in text[len(words) : text.rfind(tail) + 1]
    is_told = bool(tail) and words.rstrip(" *_\"”’")[-1:] in (".", "!", "?", "…")
    count = len(wording.keys(wording.clean(outside)))
    if own_line and not spans and count:
        return list(_block(path, piece, before, after, people, spoken))
    fewest = FEWEST_WORDS if is_told or before.rstrip().endswith(":") else _FEWEST_APART
    if count >= fewest and (spoken.covered(outside) >= _MOST_OF_IT if not heads else any(map(spoken.said, _speeches(text, heads)))):
        return list(_block(path, piece, before, after, people, spoken))
    if is_told and not spans and count >= FEWEST_WORDS:
        return [replace(made, is_doubtful=True) for made in _block(path, piece, before, after, people, spoken)]
    return None


def _speeches(text: str, heads: list[re.Match]) -> list[str]:
    return [text[head.end() : following.start() if following else len(text)] for head, following in zip(heads, [*heads[1:], None])]


def _block(path: str, piece: Paragraph, before: str, after: str, people: People, spoken: Spoken) -> Iterator[Quotation]:
    """The quotations of a block: one, or one for each speaker where lines begin with who speaks."""
    heads = [head for head in _SPEECH.finditer(piece.text) if _speaker(head[1], people) is not None]
    if heads and not piece.text[: heads[0].start()].strip():
        for head, text in zip(heads, _speeches(piece.text, heads)):
            words, tail = _without_attribution(text, people, spoken)
            name = _speaker(head[1], people) or ""
            made = Quotation(path, piece.line(head.end()), words, is_block=True, by_line=piece.by_line)
            made = with_name(made, "" if name else last_sentence(before), tail, True, people)
            yield replace(made, speaker=name, is_attributed=True, is_stranger=False) if name else made
        return
    if _holds_quotations(piece.text, people, spoken):
        yield from _in_prose(path, piece, after, people, spoken)
        return
    start = 0
    for end in _ends_of_parts(piece.text, people, spoken):
        part = piece.text[start:end]
        lead = len(part) - len(part.lstrip())
        words, tail = _without_attribution(part, people, spoken)
        if words:
            made = Quotation(path, piece.line(start + lead), words, is_block=True, by_line=piece.by_line)
            yield with_name(made, last_sentence(before), tail or (f"\n{after}" if end == len(piece.text) else ""), True, people)
        start = end


def _holds_quotations(text: str, people: People, spoken: Spoken) -> bool:
    """Whether a block is nothing but several quotations in marks, with who said each."""
    spans = list(_spans(text, spoken))
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


def _ends_of_parts(text: str, people: People, spoken: Spoken) -> list[int]:
    """Where the parts of a block quote end: behind each paragraph that names who said it, and at the end."""
    ends = [match.end() for match in re.finditer(r"\n[ \t]*\n", text)
            if _without_attribution(text[max(0, match.start() - _LONGEST_TAIL) : match.start()], people, spoken)[1]
            and not is_attribution(text[match.end() : match.end() + _LONGEST_TAIL].split("\n\n")[0], people)]
    return [*ends, len(text)]


_BRACKET_AT_END = re.compile(r"\s*((?:\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\])[\s*_.]*)\Z")
_DASH_AT_END = re.compile(r"(?:\A|(?<=\s)|(?<=[.!?…\"”’»«›‹“]))[*_]*[—–―-]{1,3}\s*[^\n!?\"“”—–―]{1,80}[*_.]*\Z")


def _without_attribution(text: str, people: People, spoken: Spoken) -> tuple[str, str]:
    """The words of a block quote, marks around them off, and who or what is named at its end."""
    text = text.strip()
    words, tail = _tail(text, people)
    if tail and words and _is_speech(words, tail, spoken):
        words, tail = text, ""
    words = words.strip()
    spans = list(_spans(words, spoken))
    if len(spans) == 1 and not words[: spans[0][0]].strip(" *_") and not words[spans[0][3] :].strip(" .,*_"):
        words = words[spans[0][1] : spans[0][2]].strip()
    return words, tail


def _tail(text: str, people: People) -> tuple[str, str]:
    bracket = _BRACKET_AT_END.search(text)
    if bracket and is_attribution(bracket[1], people):
        dashed = _DASH_AT_END.search(text)  # — Jim (turn 12)
        start = dashed.start() if dashed and people.named(dashed.group(), any_case=True) else bracket.start()
        line = text.rfind("\n", 0, start) + 1  # Jim (turn 12), on a line of its own
        start = line if line and is_plain(text[line:], people) else start
        return text[:start], text[start:]
    dashed = _DASH_AT_END.search(text)
    if dashed and (people.named(dashed.group(), any_case=True) or "\n" in text[max(0, dashed.start() - 2) : dashed.start()] or not dashed.start()
                   or CITED.search(dashed.group()) or YEAR.search(dashed.group())
                   or (people.stranger(dashed.group()) and text[: dashed.start()].rstrip()[-1:] in ".!?…\"”’»«›‹“")):
        return text[: dashed.start()], dashed.group()
    line = text.rfind("\n") + 1
    if line and text[:line].rstrip()[-1:] in tuple(".!?…\"”’»«›‹“)]*_") and is_plain(text[line:], people):
        return text[:line], text[line:]
    return text, ""


def _is_speech(words: str, tail: str, spoken: Spoken) -> bool:
    """Whether what looks like a by-line was said itself, behind the words before it: … by the (Ward)."""
    last = wording.keys(wording.clean(words))[-FEWEST_WORDS:]
    own = wording.keys(wording.clean(tail))
    return bool(own) and spoken.said(" ".join([*last, *own])) if "turn" not in own else False
