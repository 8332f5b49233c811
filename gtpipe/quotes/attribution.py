"""Whose words a chapter says a quotation is: the name behind it, in brackets or after a dash, else
the one name in its sentence.

Two names are no name, and what a source is cited for is nobody's of the study. A name in such a
place that nobody of the study bears is a stranger's, and is kept to be told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gtpipe.model import anchor
from gtpipe.model.records import TURN_ID
from gtpipe.quotes.people import DETAIL, People, plain_words
from gtpipe.text import tokens

_ROUND, _SQUARE = r"\([^()]*(?:\([^()]*\)[^()]*)*\)", r"\[[^\[\]]*\]"
_DIRECTLY = re.compile(rf"[\s’'*_,.;”\"“»«›‹‘]*({_ROUND}|{_SQUARE})")
IN_DASHED = r"(?:[^\n\"“”;.!?…—–―]|(?<=\d)[–—](?=\d)|\b(?:pp?|ll?|nos?|Mrs?|Ms|Dr|int|vol)\.)"
_DASHED = re.compile(
    rf"[\s*_,.”’»«‹›]*[—–―-]{{1,3}}\s*(?P<who>{IN_DASHED}{{1,80}}?)\s*[*_]*[.]?\s*(?=\n|\Z)"
)
_DASHED_WITHIN = re.compile(
    rf"[\s*_,.”’»«‹›]*[—–―-]{{1,3}}\s*(?P<who>{IN_DASHED}{{1,60}}?)\s*[*_]*(?:\n|[.;]\s)"
)
YEAR = re.compile(
    r"\b(?:1[5-9]|20)\d\d[a-z]?\b|\bn\.d\.|\bin press\b|\bforthcoming\b|\bibid\b", re.I
)
CITED = re.compile(r"\[-?@|@cited|(?<!\w)@[\w:-]+|\[\d+(?:\s*[,–-]\s*\d+)*(?:,\s*pp?\.[^\]]*)?\]")
_TURN = re.compile(rf"\bturns?\s+({TURN_ID}(?:\s*[-–]\s*{TURN_ID})?)\b", re.I)
_LINES = re.compile(
    r"\b(?:lines?|ll?\.|zeilen?|lignes?)\s*(\d{1,6})(?:\s*[-–—]\s*(\d{1,6}))?", re.I
)
_SENTENCE_END = re.compile(r"[.!?…][\"”’)\]]*\s+(?=[\"“„«‘(\[]?[^\W\d_a-zß-öø-ÿ])|\n[ \t]*\n")
_LONGEST_BY_LINE = 120

_SAYING = (
    r"(?:said|says|say|told|tells|recalled|recalls|explained|explains|described|describes|"
    r"noted|notes|remarked|added|adds|put|puts|asked|replied|answered|commented|observed|felt|"
    r"stated|reflected|admitted|insisted|remembered|"
    r"(?:(?:l['’]|nous |m['’])?a )?(?:dit|raconté|expliqué|ajouté)|disait|explique|raconte|"
    r"ajoute|sagt|sagte|meint|meinte|erzählt|erzählte|erklärt|beschreibt|säger|sade|sa|"
    r"berättar)"
)
_BEFORE = re.compile(
    rf"(?<!\w)(?P<who>[^\W\d_][\w'’-]+)(?:\s*\([^()]*\))?"
    rf"(?:\s*:\s*[*_]*|,?\s+{_SAYING}\b[^.!?]{{0,60}})\Z"
)
_IN_THEIR_WORDS = re.compile(
    r"(?<!\w)(?:(?:[Aa]ccording to|[Ii]n the words of|[Ll]aut|[Ss]elon|[Ee]nligt) "
    r"(?P<who>[^\W\d_][\w-]+)"
    r"|(?P<other>[^\W\d_][\w-]+)['’]s? (?:own )?(?:words?|phrase|account|answer|view))"
    r"[^.!?]{0,20}\Z"
)
_AFTER = re.compile(
    rf"\A[\s,.*_]*(?:{_SAYING}\s+(?P<who>[^\W\d_][\w'’-]+)"
    rf"|(?P<other>[^\W\d_][\w'’-]+)\s+{_SAYING}\b)"
)


@dataclass(frozen=True)
class Quotation:
    """Words that a chapter quotes. `path` and `line` (a paragraph's number where `by_line` is
    False) say where.

    `speaker` is a participant, `interviewer`, a name that is nobody's in the study (`is_stranger`;
    `near` is then the nearest one), or '' where no name or more than one stands near;
    `is_attributed` whether it stands behind the quotation for that; `turn`, `lines` and `interview`
    those the text names; `cited` whether a source is cited for it; `is_doubtful` whether words are
    set apart like a quotation that are perhaps none.
    """

    path: str
    line: int
    text: str
    speaker: str = ""
    is_attributed: bool = False
    turn: str = ""
    lines: tuple[int, int] | None = None
    cited: bool = False
    is_block: bool = False
    by_line: bool = True
    interview: str = ""
    is_stranger: bool = False
    near: str = ""
    is_doubtful: bool = False

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}" if self.by_line else f"{self.path}, paragraph {self.line}"


# --- by-lines -------------------------------------------------------------------------------------


def by_line(text: str, people: People) -> str:
    """`text` where it is nothing but who said it, or the source it is from; else its first line
    where that is; else ''."""
    text = text.strip()
    first = text.partition("\n")[0]
    return (
        text
        if is_attribution(text, people)
        else first
        if first != text and is_attribution(first, people)
        else ""
    )


def is_attribution(text: str, people: People) -> bool:
    """Whether `text` is nothing but who said it, or the source it is from: in brackets, behind a
    dash, or a name and where."""
    text = text.strip().strip("*_").strip()
    if len(text) > _LONGEST_BY_LINE:
        return False
    if re.fullmatch(rf"(?:{_ROUND}|{_SQUARE})[.]?", text, re.S):
        return bool(
            people.known(text, any_case=True)
            or YEAR.search(text)
            or CITED.search(text)
            or _TURN.search(text)
            or people.stranger(text)
            or people.stranger_among(text)
        )
    dashed = re.fullmatch(r"[—–―-]{1,3}\s*(.{1,80})", text, re.S)
    if dashed:
        return "\n" not in dashed[1] and not re.search(r"[!?…]\Z|[.]\s+\S+\s", dashed[1])
    return is_plain(text, people)


def is_plain(text: str, people: People) -> bool:
    """Whether a line is a name and where the words stand, without brackets or dash: Jim, turn 12;
    Jim (interview 1, line 40)."""
    text = text.strip(" \t*_")
    if (
        "\n" in text
        or len(text) > 80
        or re.search(r"[:!?…]\Z|[.]\s", text)
        or not text[:1].isalnum()
    ):
        return False
    head, *details = re.split(r"[,;()–—]+|\s+(?=turns?\s+\d)", text.rstrip("."))
    is_detailed = bool(DETAIL.search(text))
    if people.known(head, any_case=is_detailed):
        is_name = people.is_only_names(head, any_case=is_detailed)
    else:
        is_name = (
            bool(people.stranger(text))
            and not head.islower()
            and is_detailed
            and all(
                DETAIL.search(part) or people.is_only_names(part, any_case=True) for part in details
            )
        )
    return is_name and all(len(part.split()) <= 4 for part in details) and len(details) <= 4


def _source(made: Quotation, text: str, people: People) -> Quotation | None:
    """`made` with what a by-line says, None where it says nothing."""
    attributed = _whose(made, text, people)
    return replace(attributed, lines=_lines(text)) if attributed else None


def _whose(made: Quotation, text: str, people: People) -> Quotation | None:
    known = people.known(text, any_case=True)
    own = list(
        dict.fromkeys(one.participant for one in known if one.participant and not one.interview)
    )
    if len(own) == 2 and people.is_interview(own[1], text):  # (Jim, eve, line 3)
        return replace(made, speaker=own[0], is_attributed=True, turn=_turn(text), interview=own[1])
    alone = people.stranger(text) if not own or people.is_interview(own[0], text) else ""
    stranger = alone or people.stranger_among(text)
    if stranger and not (YEAR.search(text) or CITED.search(text)):
        return replace(
            made,
            speaker=stranger,
            is_attributed=True,
            turn=_turn(text),
            is_stranger=True,
            near=people.nearest(stranger),
        )
    speakers = own or list(dict.fromkeys(one.participant for one in known if one.participant))
    interviews = [one.interview for one in known if one.interview and _stands(one.interview, text)]
    interview = interviews[0] if len(interviews) == 1 else ""
    if len(speakers) == 1:
        return replace(
            made, speaker=speakers[0], is_attributed=True, turn=_turn(text), interview=interview
        )
    if known:
        return replace(made, turn=_turn(text), interview=interview if len(speakers) == 0 else "")
    if YEAR.search(text) or CITED.search(text):
        return replace(made, cited=True)
    return None


def _stands(name: str, text: str) -> bool:
    """Whether an interview's name stands in `text` as one: `jim-2`, `Jim 2`, but not `Jim, 2`."""
    return bool(
        re.search(
            r"(?<!\w)" + r"[\s_-]*".join(map(re.escape, plain_words(name))) + r"(?!\w)",
            tokens.clean(text),
            re.I,
        )
    )


def last_sentence(text: str) -> str:
    ends = list(_SENTENCE_END.finditer(text))
    return text[ends[-1].end() :] if ends else text


def with_name(made: Quotation, before: str, behind: str, is_end: bool, people: People) -> Quotation:
    """`made` with the name the text gives. `behind` reaches to the next quotation, or to the
    paragraph's end (`is_end`)."""
    while direct := _DIRECTLY.match(behind):
        attributed = _source(made, direct[1], people)
        if attributed:
            return attributed
        made = replace(made, lines=_lines(direct[1]))  # (lines 3-4), and whose stands in front
        behind = behind[direct.end() :]
    if CITED.match(behind.lstrip(" ,.")):
        return replace(made, cited=True)
    return _by_dash_or_line(made, behind, is_end, people) or _by_sentence(
        made, last_sentence(before), behind, is_end, people
    )


def _by_dash_or_line(
    made: Quotation, behind: str, is_end: bool, people: People
) -> Quotation | None:
    """By a name behind a dash, “…” — Jim; or by what is nothing but a name: “…” Jim, turn 12."""
    dashed = (_DASHED.match(behind) if is_end else None) or _DASHED_WITHIN.match(behind)
    if dashed:
        attributed = _source(made, dashed["who"], people)
        if attributed and not (attributed.cited and people.named(dashed["who"])):
            return attributed
    if is_end and is_plain(behind.strip(" \n\t*_,."), people):
        return _source(made, behind, people)
    return None


def _by_sentence(
    made: Quotation, lead: str, behind: str, is_end: bool, people: People
) -> Quotation:
    """By the one name in the sentence that a quotation is part of."""
    in_lead = people.named(lead)
    goes_on = (
        _AFTER.match(behind)
        or re.match(r"\s*[,;a-zß-öø-ÿ]", behind)
        or not re.search(r"[.!?…]\s*\Z", made.text)
    )
    follows = _SENTENCE_END.split(behind, maxsplit=1)[0] if goes_on and not made.is_block else ""
    in_rest = people.named(follows) if is_end or not in_lead else []
    bracketed = [
        inside
        for inside in re.findall(r"\(([^()]*)\)", follows)
        if people.named(inside, any_case=True)
    ]
    if len(bracketed) == 1 and is_end:
        attributed = _source(made, bracketed[0], people)
        if attributed and attributed.speaker:
            return attributed
    around = list(dict.fromkeys((*in_lead, *in_rest)))
    if len(around) == 1:
        in_brackets = re.search(r"\(([^()]*)\)\s*[:,]?\s*\Z", lead)
        return replace(made, speaker=around[0], turn=_turn(in_brackets[1]) if in_brackets else "")
    cited = not around and bool(
        CITED.search(lead) or re.search(r"\([^()]*\b(?:1[5-9]|20)\d\d[a-z]?\b[^()]*\)", lead)
    )
    stranger = "" if around or cited else _in_sentence(lead, follows, people)
    if stranger:
        return replace(made, speaker=stranger, is_stranger=True, near=people.nearest(stranger))
    return replace(made, cited=cited)


def _in_sentence(lead: str, follows: str, people: People) -> str:
    """A name that nobody here bears and that a sentence makes the speaker: Bob said, “…”; Bob: “…”;
    “…”, said Bob."""
    before, after = _BEFORE.search(lead), _AFTER.match(follows)
    words = _IN_THEIR_WORDS.search(lead)
    either = [match and (match["who"] or match["other"]) for match in (words, after)]
    for name in (before and before["who"], *either):
        if name and name[0].isupper() and people.stranger(name) and not people.is_ordinary(name):
            return name
    return ""


def _lines(text: str) -> tuple[int, int] | None:
    match = _LINES.search(text)
    return (int(match[1]), int(match[2] or match[1])) if match else None


def _turn(text: str) -> str:
    match = _TURN.search(text)
    return anchor.turns(match[1]) if match else ""
