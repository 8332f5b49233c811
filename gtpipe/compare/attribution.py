"""Whose words a chapter says a quotation is: the name behind it, in brackets or after a dash, else the one name in its sentence.

Two names are no name, and what a source is cited for is nobody's of the study.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gtpipe.compare import wording
from gtpipe.model import INTERVIEWER, Interview

_DIRECTLY = re.compile(r"[\s’'*_,.;”\"]*(\((?P<round>[^()]*(?:\([^()]*\)[^()]*)*)\)|\[(?P<square>[^\[\]]*)\])")
_DASHED = re.compile(r"[\s*_,.”’]*[—–―-]{1,3}\s*(?P<who>[^\n\"“”;.!?]{1,60}?)\s*[*_]*[.]?\s*(?=\n|\Z)")
YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d[a-z]?\b|\bn\.d\.|\bin press\b|\bforthcoming\b|\bibid\b", re.I)
CITED = re.compile(r"\[-?@|@cited|(?<!\w)@[\w:-]+|\[\d+(?:\s*[,–-]\s*\d+)*(?:,\s*pp?\.[^\]]*)?\]")
_TURN = re.compile(r"\bturn\s+(\d+[a-z]*)\b", re.I)
_SENTENCE_END = re.compile(r"[.!?…][\"”’)\]]*\s+(?=[\"“„«‘(\[]?[^\W\d_a-zß-öø-ÿ])|\n[ \t]*\n")


@dataclass(frozen=True)
class Quotation:
    """Words that a chapter quotes. `path` and `line` (a paragraph's number where `by_line` is False) say where.

    `speaker` is a participant, `interviewer`, a name that is nobody's in the study, or '' where no name or more than one stands near;
    `is_attributed` whether it stands behind the quotation for that; `turn` the turn the text names; `cited` whether a source
    is cited for it.
    """

    path: str
    line: int
    text: str
    speaker: str = ""
    is_attributed: bool = False
    turn: str = ""
    cited: bool = False
    is_block: bool = False
    by_line: bool = True

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}" if self.by_line else f"{self.path}, paragraph {self.line}"


class People:
    """The names a chapter may use: participants, interviews with one participant, whatever way they are written."""

    def __init__(self, interviews: Iterable[Interview], participants: Iterable[str] = ()) -> None:
        self._names: dict[tuple[str, ...], str] = {}
        interviews = tuple(interviews)
        self.labels = {label.casefold(): speaker for interview in interviews for label, speaker in interview.speakers.items()
                       if speaker == INTERVIEWER} | {"interviewer": INTERVIEWER}
        self.own_labels = {label.casefold() for interview in interviews for label in interview.speakers}
        for interview in interviews:
            if len(interview.participants) == 1:
                self._add(interview.name, interview.participants[0])
        for name in (*participants, *(name for interview in interviews for name in interview.participants)):
            self._add(name, name)
        self._names[("interviewer",)] = INTERVIEWER
        self._longest = max(map(len, self._names), default=0)

    def _add(self, written: str, name: str) -> None:
        key = tuple(plain_words(written))
        if key and not all(part.isdigit() for part in key):  # a number is a turn, a page or a year
            self._names[key] = name

    def named(self, text: str, any_case: bool = False) -> list[str]:
        """The people named in `text`, each once. In running text a name begins with a capital or has a digit."""
        found: dict[str, None] = {}
        forms = _forms(text)
        keys = [form.casefold() for form in forms]
        at = 0
        while at < len(keys):
            for length in range(min(self._longest, len(keys) - at), 0, -1):
                key = tuple(keys[at : at + length])
                name = self._names.get(key)
                if name and (any_case or name == INTERVIEWER or _looks_like_a_name(forms[at : at + length])):
                    found[name] = None
                    at += length - 1
                    break
            at += 1
        return list(found)


def _forms(text: str) -> list[str]:
    """Words, the possessive's ending apart."""
    return [re.sub("'s$", "", word.form) for word in wording.words(wording.clean(text))]


def plain_words(text: str) -> list[str]:
    return [form.casefold() for form in _forms(text)]


def _looks_like_a_name(forms: Sequence[str]) -> bool:
    joined = "".join(forms)
    return len(joined) > 1 and (not forms[0][0].islower() or any(char.isdigit() for char in joined))


def is_attribution(text: str, people: People) -> bool:
    """Whether `text` is nothing but who said it, or the source it is from."""
    text = text.strip().strip("*_")
    if not re.fullmatch(r"[(\[].{1,120}[)\]][.]?|[—–―-]{1,3}.{1,60}", text, re.S):
        return False
    return bool(people.named(text, any_case=True) or YEAR.search(text) or CITED.search(text) or _TURN.search(text)
                or re.match("[—–―-]", text))


def last_sentence(text: str) -> str:
    ends = list(_SENTENCE_END.finditer(text))
    return text[ends[-1].end() :] if ends else text


def with_name(made: Quotation, before: str, behind: str, is_end: bool, people: People) -> Quotation:
    """`made` with the name the text gives. `behind` reaches to the next quotation, or to the paragraph's end (`is_end`)."""
    direct = _DIRECTLY.match(behind)
    rest = behind
    if direct:
        inside = direct.group()
        named = people.named(inside, any_case=True)
        if len(named) == 1:
            return replace(made, speaker=named[0], is_attributed=True, turn=_turn(inside))
        if len(named) > 1:
            return replace(made, turn=_turn(inside))
        if YEAR.search(inside) or CITED.search(inside):
            return replace(made, cited=True)
        stranger = re.match(r"\s*([^\W\d_][\w .'-]*?),\s*turn\s+\d", direct["round"] or direct["square"] or "")
        if stranger:
            return replace(made, speaker=stranger[1], is_attributed=True, turn=_turn(inside))
        rest = behind[direct.end() :]
    elif CITED.match(behind.lstrip(" ,.")):
        return replace(made, cited=True)
    dashed = _DASHED.match(behind) if is_end else None
    if dashed:
        named = people.named(dashed["who"], any_case=True)
        if CITED.search(dashed["who"]) or (YEAR.search(dashed["who"]) and not named):
            return replace(made, cited=True)
        if len(named) == 1:
            return replace(made, speaker=named[0], is_attributed=True, turn=_turn(dashed["who"]))
        if not named and re.fullmatch(r"(?:[A-Z][\w'-]*\s?){1,3}", dashed["who"]):
            return replace(made, speaker=dashed["who"].strip(), is_attributed=True)
    lead = last_sentence(before)
    in_lead = people.named(lead)
    follows = "" if made.is_block or re.search(r"[.!?…]\s*\Z", made.text) else _SENTENCE_END.split(rest, maxsplit=1)[0]
    in_rest = people.named(follows) if is_end or not in_lead else []
    bracketed = [name for inside in re.findall(r"\(([^()]*)\)", follows) for name in people.named(inside, any_case=True)]
    if len(set(bracketed)) == 1 and is_end:
        return replace(made, speaker=bracketed[0], is_attributed=True, turn=_turn(follows))
    around = list(dict.fromkeys((*in_lead, *in_rest)))
    if len(around) == 1:
        return replace(made, speaker=around[0])
    return replace(made, cited=not around and bool(CITED.search(lead) or re.search(r"\([^()]*\b(?:1[5-9]|20)\d\d[a-z]?\b[^()]*\)", lead)))


def _turn(text: str) -> str:
    match = _TURN.search(text)
    return match[1] if match else ""
