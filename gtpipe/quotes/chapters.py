"""The quotations of a chapter, in prose between marks or set apart as a block, and who is named.

What was said decides where the chapter leaves it open: whether a paragraph without marks is an
extract, whether "(PSW)" at the end of one is a name or a word of the transcript.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from gtpipe.model.records import INTERVIEWER
from gtpipe.quotes import marks
from gtpipe.quotes.attribution import (
    CITED,
    IN_DASHED,
    YEAR,
    Quotation,
    by_line,
    is_attribution,
    is_plain,
    last_sentence,
    with_name,
)
from gtpipe.quotes.documents import Paragraph
from gtpipe.quotes.marks import FEWEST_WORDS, OPENERS, is_in_transcripts
from gtpipe.quotes.people import People, plain_words
from gtpipe.quotes.word_index import WordIndex
from gtpipe.text import tokens

_FEWEST_APART = 8  # words of a paragraph without marks that is an extract, for they were said
_MOST_OF_IT = 0.5
_LONGEST_TAIL = 300  # characters of a paragraph's end in which it may say who spoke
_SPEECH = re.compile(
    r"^[ \t]*(?:\[\d+[a-z]*(?: [\d:.,]+)?\][ \t]*)?[*_]{0,2}([^\W_][\w .'-]{0,30}?)[*_]{0,2}:"
    r"[*_]{0,2}[ \t]+(?=\S)",
    re.M,
)


def quotations(
    path: str, pieces: Iterable[Paragraph], people: People, word_index: WordIndex
) -> list[Quotation]:
    """Every quotation of a chapter, in order."""
    pieces = [piece for piece in pieces if piece.text.strip()]
    by_lines = [by_line(piece.text, people) for piece in pieces]
    found: list[Quotation] = []
    beside = False  # whether the paragraph before was taken for an extract without marks
    for index, piece in enumerate(pieces):
        if by_lines[index] == piece.text.strip() and not is_in_transcripts(piece.text, word_index):
            beside = False
            continue
        before = pieces[index - 1].text if index else ""
        if piece.is_block and index and (pieces[index - 1].is_block or by_lines[index - 1]):
            before = next(
                (
                    pieces[earlier].text
                    for earlier in range(index - 1, -1, -1)
                    if not pieces[earlier].is_block and not by_lines[earlier]
                ),
                "",
            )
        after = by_lines[index + 1] if index + 1 < len(pieces) else ""
        apart = None
        if not piece.is_block:
            is_beside = beside or (
                not after and _leads_to_by_line(pieces, by_lines, index + 1, people)
            )
            apart = _set_apart(path, piece, before, after, is_beside, people, word_index)
        beside = apart is not None
        if piece.is_block:
            found += _block(path, piece, before, after, people, word_index)
        else:
            found += (
                apart
                if apart is not None
                else _in_prose(path, piece, before, after, people, word_index)
            )
    return [
        (
            replace(one, speaker="", is_stranger=False, near="")
            if one.is_stranger
            and not one.is_attributed
            and (_is_written_small(one.speaker, pieces) or _is_cited(one.speaker, pieces))
            else one
        )
        for one in found
    ]


def _is_cited(name: str, pieces: list[Paragraph]) -> bool:
    """Whether a name is an author's, whom the chapter cites with a year."""
    with_year = re.compile(rf"(?<!\w){re.escape(name)}\b[^.;\n]{{0,60}}?{YEAR.pattern}", re.I)
    return any(with_year.search(piece.text) for piece in pieces)


def _is_written_small(word: str, pieces: list[Paragraph]) -> bool:
    """Whether a word that looked like a name, by its capital, stands in the chapter without one."""
    sought = re.compile(rf"(?<!\w){re.escape(word.casefold())}(?!\w)")
    return any(sought.search(piece.text) for piece in pieces)


def _leads_to_by_line(
    pieces: list[Paragraph], by_lines: list[str], index: int, people: People
) -> bool:
    """Whether a paragraph without marks ends with who said it, or is followed by that."""
    if index >= len(pieces) or pieces[index].is_block or OPENERS.search(pieces[index].text):
        return False
    following = pieces[index].text
    if index + 1 < len(pieces) and by_lines[index + 1]:
        return True
    return bool(_BY_LINE_AT_END.search(following)) and bool(_tail(following, people)[1])


def _in_prose(
    path: str,
    piece: Paragraph,
    introduction: str,
    after: str,
    people: People,
    word_index: WordIndex,
) -> Iterator[Quotation]:
    text = piece.text
    spans = list(marks.spans(text, word_index))
    for number, (start, begin, end, stop) in enumerate(spans):
        if not any(char.isalnum() for char in text[begin:end]):
            continue
        floor = spans[number - 1][3] if number else 0
        ceiling = spans[number + 1][0] if number + 1 < len(spans) else len(text)
        made = Quotation(path, piece.line(begin), text[begin:end].strip(), by_line=piece.by_line)
        before, behind = text[floor:start], text[stop:ceiling]
        if not start and introduction.rstrip().endswith(":"):
            before = introduction
        if re.search(
            r"[.!?…][\"”’)\]]*\s+[*_(]*\Z", before
        ):  # the quotation begins a sentence of its own
            before = ""
        if ceiling == len(text) and after and not behind.strip(" \n\t.,*_"):
            behind = f"\n{after}"
        yield with_name(made, before, behind, ceiling == len(text), people)


# --- blocks ---------------------------------------------------------------------------------------


def _set_apart(
    path: str,
    piece: Paragraph,
    before: str,
    after: str,
    is_beside: bool,
    people: People,
    word_index: WordIndex,
) -> list[Quotation] | None:
    """The quotations of a paragraph that is an extract without being marked as one; None where it
    is prose.

    It is one where a by-line of its own follows, or its words were said, for the most part in this
    order. A by-line behind its last sentence, and nothing like it in the transcripts, leave it in
    doubt. One with quotation marks in it may be one where something announces it, names who said
    it, or stands beside it (`is_beside`): else the marks are the chapter's.
    """
    text = piece.text.strip()
    spans = list(marks.spans(text, word_index))
    if (
        len(spans) == 1
        and not text[: spans[0][0]].strip(" *_")
        and not text[spans[0][3] :].strip(" .,*_")
    ):
        return None
    introduced = before.rstrip().endswith(":")
    words, tail = (
        _without_attribution(text, people, word_index)
        if not spans or text[-1:] in ")]" or "\n" in text or after or introduced or is_beside
        else ("", "")
    )
    if (
        not words
        or words.endswith(":")
        or (spans and not (tail or after or introduced or is_beside))
    ):
        return None
    is_ended_by_marks = bool(spans) and spans[-1][3] >= len(
        words.rstrip(" .,*_")
    )  # who is named is named for them
    own_line = bool(after) or (bool(tail) and "\n" in text[len(words) : text.rfind(tail) + 1])
    if is_ended_by_marks and not (own_line or introduced or is_beside):
        return None
    heads = [head for head in _SPEECH.finditer(text) if _speaker(head[1], people) is not None]
    outside = _words_outside(words, spans)
    if own_line and outside and not is_ended_by_marks:
        return list(_block(path, piece, before, after, people, word_index))
    is_told = bool(tail) and (
        tail[-1:] != "." or words.rstrip(' *_"”’')[-1:] in (".", "!", "?", "…")
    )  # prose: … (Jim, turn 6).
    fewest = FEWEST_WORDS if is_told or introduced else _FEWEST_APART
    if len(outside) >= fewest and (
        any(map(word_index.contains, _speeches(text, heads)))
        if heads
        else len(outside & word_index.words_in_a_row(words)) >= _MOST_OF_IT * len(outside)
    ):
        return list(_block(path, piece, before, after, people, word_index))
    is_announced = introduced and bool(people.named(last_sentence(before)))
    if (is_told or is_announced) and not spans and len(outside) >= FEWEST_WORDS:
        return [
            replace(made, is_doubtful=True)
            for made in _block(path, piece, before, after, people, word_index)
        ]
    return None


def _words_outside(text: str, spans: list[tuple[int, int, int, int]]) -> set[int]:
    """Which words of a text stand outside of quotation marks."""
    outside: set[int] = set()
    at = count = 0
    for start, _, _, stop in [*spans, (len(text), 0, 0, len(text))]:
        length = len(tokens.keys(tokens.clean(text[at:start])))
        outside.update(range(count, count + length))
        count += length + len(tokens.keys(tokens.clean(text[start:stop])))
        at = stop
    return outside


def _speeches(text: str, heads: list[re.Match[str]]) -> list[str]:
    return [
        text[head.end() : following.start() if following else len(text)]
        for head, following in zip(heads, [*heads[1:], None], strict=True)
    ]


def _block(
    path: str, piece: Paragraph, before: str, after: str, people: People, word_index: WordIndex
) -> Iterator[Quotation]:
    """The quotations of a block: one, or one for each speaker where lines begin with who speaks."""
    heads = [head for head in _SPEECH.finditer(piece.text) if _speaker(head[1], people) is not None]
    if heads and not piece.text[: heads[0].start()].strip():
        for head, text in zip(heads, _speeches(piece.text, heads), strict=True):
            words, tail = _without_attribution(text, people, word_index)
            name = _speaker(head[1], people) or ""
            made = Quotation(
                path, piece.line(head.end()), words, is_block=True, by_line=piece.by_line
            )
            made = with_name(made, "" if name else last_sentence(before), tail, True, people)
            yield (
                replace(made, speaker=name, is_attributed=True, is_stranger=False) if name else made
            )
        return
    if _holds_quotations(piece.text, people, word_index):
        yield from _in_prose(path, piece, "", after, people, word_index)
        return
    start = 0
    for end in _ends_of_parts(piece.text, people, word_index):
        part = piece.text[start:end]
        lead = len(part) - len(part.lstrip())
        words, tail = _without_attribution(part, people, word_index)
        if words:
            made = Quotation(
                path, piece.line(start + lead), words, is_block=True, by_line=piece.by_line
            )
            yield with_name(
                made,
                last_sentence(before),
                tail or (f"\n{after}" if end == len(piece.text) else ""),
                True,
                people,
            )
        start = end


def _holds_quotations(text: str, people: People, word_index: WordIndex) -> bool:
    """Whether a block is nothing but several quotations in marks, with who said each."""
    spans = list(marks.spans(text, word_index))
    if len(spans) < 2 or text[: spans[0][0]].strip():
        return False
    between = [
        text[span[3] : following]
        for span, following in zip(
            spans, [*(span[0] for span in spans[1:]), len(text)], strict=True
        )
    ]
    return all(not part.strip() or is_attribution(part, people) for part in between)


def _speaker(label: str, people: People) -> str | None:
    """Who a label before a speech means; '' for a participant's label that several share, None
    where it is no label."""
    folded = label.strip().casefold()
    if folded in people.labels or folded in ("interviewer", "researcher"):
        return INTERVIEWER
    named = people.named(label, any_case=True)
    if named and len(plain_words(label)) <= 4:
        return named[0] if len(named) == 1 else ""
    return "" if folded in people.own_labels else None


def _ends_of_parts(text: str, people: People, word_index: WordIndex) -> list[int]:
    """Where the parts of a block quote end: behind each paragraph that names who said it, and
    at the end."""
    ends = [
        match.end()
        for match in re.finditer(r"\n[ \t]*\n", text)
        if _without_attribution(
            text[max(0, match.start() - _LONGEST_TAIL) : match.start()], people, word_index
        )[1]
        and not is_attribution(
            text[match.end() : match.end() + _LONGEST_TAIL].split("\n\n")[0], people
        )
    ]
    return [*ends, len(text)]


_BRACKET_AT_END = re.compile(r"\s*((?:\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\])[\s*_.]*)\Z")
_BY_LINE_AT_END = re.compile(r"[)\]][.*_]*\Z|[—–―-]+[^\n]{1,80}\Z")
_TURN_OR_LINE = re.compile(r"\b(?:turn|line)s?\s+\d", re.I)
_DASH_AT_END = re.compile(
    rf"(?:\A|(?<=\s)|(?<=[.!?…\"”’»«›‹“]))[*_]*[—–―-]{{1,3}}\s*"
    rf"(?:{IN_DASHED}|(?<=,)\n){{1,80}}[*_.]*\Z"
)


def _without_attribution(text: str, people: People, word_index: WordIndex) -> tuple[str, str]:
    """The words of a block quote, marks around them off, and who or what is named at its end."""
    text = text.strip()
    words, tail = _tail(text, people)
    if tail and words and _is_speech(words, tail, word_index):
        words, tail = text, ""
    words = words.strip()
    spans = list(marks.spans(words, word_index))
    if (
        len(spans) == 1
        and not words[: spans[0][0]].strip(" *_")
        and not words[spans[0][3] :].strip(" .,*_")
    ):
        words = words[spans[0][1] : spans[0][2]].strip()
    return words, tail


def _tail(text: str, people: People) -> tuple[str, str]:
    bracket = _BRACKET_AT_END.search(text)
    if bracket and is_attribution(bracket[1], people):
        dashed = _DASH_AT_END.search(text)  # — Jim (turn 12)
        is_dashed = (
            dashed
            and dashed.start() < bracket.start()
            and people.named(text[dashed.start() : bracket.start()], any_case=True)
        )
        start = dashed.start() if dashed and is_dashed else bracket.start()
        line = text.rfind("\n", 0, start) + 1  # Jim (turn 12), on a line of its own
        start = line if line and is_plain(text[line:], people) else start
        return text[:start], text[start:]
    dashed = _DASH_AT_END.search(text)
    if dashed and (
        people.named(dashed.group(), any_case=True)
        or "\n" in text[max(0, dashed.start() - 2) : dashed.start()]
        or not dashed.start()
        or CITED.search(dashed.group())
        or YEAR.search(dashed.group())
        or (
            people.stranger(dashed.group())
            and text[: dashed.start()].rstrip()[-1:] in '.!?…"”’»«›‹“'
        )
    ):
        return text[: dashed.start()], dashed.group()
    line = text.rfind("\n") + 1
    ahead = text[:line].rstrip()[-1:]
    is_over = (
        text[:line].endswith("\n\n")
        or ahead in tuple('.!?…"”’»«›‹“)]*_')
        or (ahead != "," and _TURN_OR_LINE.search(text[line:]))
    )
    if line and is_over and is_plain(text[line:], people):
        return text[:line], text[line:]
    return text, ""


def _is_speech(words: str, tail: str, word_index: WordIndex) -> bool:
    """Whether what looks like a by-line was said itself, behind the words before it: … by the
    (Ward)."""
    last = tokens.keys(tokens.clean(words))[-FEWEST_WORDS:]
    own = tokens.keys(tokens.clean(tail))
    return (
        bool(own) and word_index.contains(" ".join([*last, *own])) if "turn" not in own else False
    )
