"""Whose words a chapter says a quotation is: the name behind it, in brackets or after a dash, else the one name in its sentence.

Two names are no name, and what a source is cited for is nobody's of the study. A name in such a place that nobody of the study
bears is a stranger's, and is kept to be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from gtpipe.compare import wording
from gtpipe.errors import did_you_mean
from gtpipe.model import INTERVIEWER, Interview, Participant

_ROUND, _SQUARE = r"\([^()]*(?:\([^()]*\)[^()]*)*\)", r"\[[^\[\]]*\]"
_DIRECTLY = re.compile(rf"[\s’'*_,.;”\"“»«›‹‘]*({_ROUND}|{_SQUARE})")
IN_DASHED = r"(?:[^\n\"“”;.!?…—–―]|(?<=\d)[–—](?=\d)|\b(?:pp?|ll?|nos?|Mrs?|Ms|Dr|int|vol)\.)"
_DASHED = re.compile(rf"[\s*_,.”’»«‹›]*[—–―-]{{1,3}}\s*(?P<who>{IN_DASHED}{{1,80}}?)\s*[*_]*[.]?\s*(?=\n|\Z)")
_DASHED_WITHIN = re.compile(rf"[\s*_,.”’»«‹›]*[—–―-]{{1,3}}\s*(?P<who>{IN_DASHED}{{1,60}}?)\s*[*_]*(?:\n|[.;]\s)")
YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d[a-z]?\b|\bn\.d\.|\bin press\b|\bforthcoming\b|\bibid\b", re.I)
CITED = re.compile(r"\[-?@|@cited|(?<!\w)@[\w:-]+|\[\d+(?:\s*[,–-]\s*\d+)*(?:,\s*pp?\.[^\]]*)?\]")
_TURN = re.compile(r"\bturns?\s+(\d+[a-z]*)\b", re.I)
_DETAIL = re.compile(r"\b(?:turns?|lines?|ll?\.|interview|zeilen?|lignes?|entretien)\s*(?:no\.?\s*)?\d", re.I)
_SENTENCE_END = re.compile(r"[.!?…][\"”’)\]]*\s+(?=[\"“„«‘(\[]?[^\W\d_a-zß-öø-ÿ])|\n[ \t]*\n")
_LONGEST_BY_LINE = 120
_NUMBERED = re.compile(r"(?:p|pt|int|r|s|participant|respondent|interviewee|speaker)[-_ ]?0*(\d+)", re.I)

# What stands behind a quotation in brackets, or before a colon, and is nobody's name; the first word tells.
_NO_NAMES = frozenset("""
    emphasis italics italic bold my our own his her their author authors author's translation translated trans original quoted cited
    see cf table tab figure fig chapter section appendix note notes footnote ibid op sic idem source line lines turn turns page pages
    p pp eq box part field fieldnote fieldnotes memo interview interviews interviewer focus group groups laughter laughs laugh
    laughing pause pauses silence sigh sighs crying cries inaudible unclear redacted anonymised anonymized name example question
    answer code theme category extract excerpt quotation quote transcript data respondents participants all both none some emphases
    hervorhebung hervorhebungen betonung übersetzung übers tabelle abbildung abb kapitel siehe vgl ebd feldnotiz feldnotizen lachen
    lacht pause zeile zeilen seite anhang anmerkung herv beispiel frage antwort
    souligné traduction tableau chapitre voir entretien rires rire ligne lignes annexe exemple réponse
    he she they it we i you who one this that these those another others nobody everyone someone many most several few what when
    where why how there here then now and but or so as if yet for in on at of the a an""".split())
_TITLES = frozenset("interview participant with mr mrs ms dr".split())
_SAYING = (r"(?:said|says|say|told|tells|recalled|recalls|explained|explains|described|describes|noted|notes|remarked|added|adds|put|puts|"
           r"asked|replied|answered|commented|observed|felt|stated|reflected|admitted|insisted|remembered|"
           r"(?:(?:l['’]|nous |m['’])?a )?(?:dit|raconté|expliqué|ajouté)|disait|explique|raconte|ajoute|sagt|sagte|meint|meinte|erzählt|erzählte|erklärt|beschreibt|säger|sade|sa|berättar)")
_BEFORE = re.compile(rf"(?<!\w)(?P<who>[^\W\d_][\w'’-]+)(?:\s*\([^()]*\))?(?:\s*:\s*[*_]*|,?\s+{_SAYING}\b[^.!?]{{0,60}})\Z")
_AFTER = re.compile(rf"\A[\s,.*_]*(?:{_SAYING}\s+(?P<who>[^\W\d_][\w'’-]+)|(?P<other>[^\W\d_][\w'’-]+)\s+{_SAYING}\b)")


@dataclass(frozen=True)
class Quotation:
    """Words that a chapter quotes. `path` and `line` (a paragraph's number where `by_line` is False) say where.

    `speaker` is a participant, `interviewer`, a name that is nobody's in the study (`is_stranger`; `near` is then the nearest one), or '' where no name or more than one stands near; `is_attributed` whether it stands behind the quotation for that; `turn` and
    `interview` those the text names; `cited` whether a source is cited for it; `is_doubtful` whether words are set apart like a
    quotation that are perhaps none.
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
    interview: str = ""
    is_stranger: bool = False
    near: str = ""
    is_doubtful: bool = False

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}" if self.by_line else f"{self.path}, paragraph {self.line}"


class Known(NamedTuple):
    """Whom or what a name means: a participant ('' where an interview has several), and the interview where it is named by that."""

    participant: str
    interview: str = ""


class People:
    """The names a chapter may use: participants, interviews with one participant, whatever way they are written."""

    def __init__(self, interviews: Iterable[Interview], participants: Iterable[str] | Mapping[str, Participant] = ()) -> None:
        self._names: dict[tuple[str, ...], Known] = {}
        self._interviews = interviews = tuple(interviews)
        self.labels = {label.casefold(): speaker for interview in interviews for label, speaker in interview.speakers.items()
                       if speaker == INTERVIEWER} | {"interviewer": INTERVIEWER}
        self.own_labels = {label.casefold() for interview in interviews for label in interview.speakers}
        self.bear = tuple(dict.fromkeys([*participants, *(name for interview in interviews for name in interview.participants)]))
        for interview in interviews:
            alone = interview.participants[0] if len(interview.participants) == 1 else ""
            self._add(interview.name, Known(alone, interview.name))
        for name in self.bear:
            self._add(name, Known(name))
        for name in self.bear:  # p03, P3 and Participant 3 are one
            number = _NUMBERED.fullmatch(name)
            for written in (f"p{number[1]}", f"participant {number[1]}") if number else ():
                self._names.setdefault(tuple(plain_words(written)), Known(name))
        self._names[("interviewer",)] = Known(INTERVIEWER)
        self._longest = max(map(len, self._names), default=0)
        self._said_of_them = {value.casefold() for row in (participants.values() if isinstance(participants, Mapping) else ())
                              for _, value in row.attributes}

    def _add(self, written: str, known: Known) -> None:
        key = tuple(plain_words(written))
        if key and not all(part.isdigit() for part in key):  # a number is a turn, a page or a year
            self._names[key] = known

    def known(self, text: str, any_case: bool = False) -> list[Known]:
        """What is named in `text`, in order. In running text a name begins with a capital or has a digit."""
        return self._split(text, any_case)[0]

    def is_only_names(self, text: str, any_case: bool = False) -> bool:
        """Whether every word of `text` belongs to a name, titles apart."""
        return not [key for key in self._split(text, any_case)[1] if key not in _TITLES]

    def _split(self, text: str, any_case: bool) -> tuple[list[Known], list[str]]:
        """What is named, each once, and the words that are of no name."""
        found: dict[Known, None] = {}
        left: list[str] = []
        forms = _forms(text)
        keys = [form.casefold() for form in forms]
        at = 0
        while at < len(keys):
            for length in range(min(self._longest, len(keys) - at), 0, -1):
                known = self._names.get(tuple(keys[at : at + length]))
                if known is None and length == 1 and keys[at].endswith("s"):  # the genitive of German and the north: Jims
                    known = self._names.get((keys[at][:-1],))
                if known and (any_case or known.participant == INTERVIEWER or _looks_like_a_name(forms[at : at + length])):
                    found[known] = None
                    at += length
                    break
            else:
                left.append(keys[at])
                at += 1
        return list(found), left

    def named(self, text: str, any_case: bool = False) -> list[str]:
        """The people named in `text`, each once."""
        return list(dict.fromkeys(known.participant for known in self.known(text, any_case) if known.participant))

    def stranger(self, text: str) -> str:
        """The name at the head of a by-line that nobody here bears, or ''. What is no name (emphasis added, Table 2) is none."""
        head = re.split(r"[,;:()\[\]–—]|\s+(?=(?:turns?|lines?|interview|zeile|ligne)\b)", text.strip(" \n*_.()[]—–―-"), maxsplit=1)[0].strip(" .*_")
        parts = head.split()
        if not 1 <= len(parts) <= 3 or not any(map(str.isalpha, head)) or len(head) > 40 or self.known(head, any_case=True):
            return ""
        folded = head.casefold()
        if folded in self.own_labels or folded in self._said_of_them or any(part.casefold().strip(".") in _NO_NAMES for part in parts):
            return ""
        if head.isupper() and len(head) < 6 and head.isalpha():  # NHS, PSW
            return head if self.nearest(head) else ""
        if all(part[0].isupper() or any(map(str.isdigit, part)) for part in parts):
            return head
        if len(parts) == 1 and head.isalpha() and (_DETAIL.search(text) or self.nearest(head, 0.75)):
            return head
        return ""

    def is_interview(self, name: str, text: str) -> bool:
        """Whether a by-line means the interview of this name and no second person: the name is written as the file's, or a line follows."""
        return any(name == interview.name for interview in self._interviews) and "," in text and (
            bool(_DETAIL.search(text)) or (name.islower() and re.search(rf"\W{re.escape(name)}\W*\Z", text) is not None and text.strip("([ \n*_")[:1].isupper()))

    def is_ordinary(self, word: str) -> bool:
        """Whether a word with a capital is used in the transcripts without one."""
        sought = re.compile(rf"(?<!\w){re.escape(word.casefold())}(?!\w)")
        return any(sought.search(turn.text) for interview in self._interviews for turn in interview.turns)

    def nearest(self, name: str, least: float = 0.6) -> str:
        """The participant whose name is nearest, or ''; `least` is how alike they must be, 0 to 1."""
        from difflib import SequenceMatcher

        near = did_you_mean(name, self.bear).partition('"')[2].rpartition('"')[0]
        return near if near and SequenceMatcher(None, near.casefold(), name.casefold()).ratio() >= least else ""


def _forms(text: str) -> list[str]:
    """Words, the possessive's ending and the article of d'Alice apart."""
    return [re.sub("^[dlDL]'(?=[^\\W\\d_]{2})|'s$", "", word.form) for word in wording.words(wording.clean(text))]


def plain_words(text: str) -> list[str]:
    return [form.casefold() for form in _forms(text)]


def _looks_like_a_name(forms: Sequence[str]) -> bool:
    joined = "".join(forms)
    return len(joined) > 1 and (not forms[0][0].islower() or any(char.isdigit() for char in joined))


# --- by-lines --------------------------------------------------------------------------------------------------------


def by_line(text: str, people: People) -> str:
    """`text` where it is nothing but who said it, or the source it is from; else its first line where that is; else ''."""
    text = text.strip()
    first = text.partition("\n")[0]
    return text if is_attribution(text, people) else first if first != text and is_attribution(first, people) else ""


def is_attribution(text: str, people: People) -> bool:
    """Whether `text` is nothing but who said it, or the source it is from: in brackets, behind a dash, or a name and where."""
    text = text.strip().strip("*_").strip()
    if len(text) > _LONGEST_BY_LINE:
        return False
    if re.fullmatch(rf"(?:{_ROUND}|{_SQUARE})[.]?", text, re.S):
        return bool(people.known(text, any_case=True) or YEAR.search(text) or CITED.search(text) or _TURN.search(text) or people.stranger(text))
    dashed = re.fullmatch(r"[—–―-]{1,3}\s*(.{1,80})", text, re.S)
    if dashed:
        return "\n" not in dashed[1] and not re.search(r"[!?…]\Z|[.]\s+\S+\s", dashed[1])
    return is_plain(text, people)


def is_plain(text: str, people: People) -> bool:
    """Whether a line is a name and where the words stand, without brackets or dash: Jim, turn 12; Jim (interview 1, line 40)."""
    text = text.strip(" \t*_")
    if "\n" in text or len(text) > 80 or re.search(r"[:!?…]\Z|[.]\s", text) or not text[:1].isalnum():
        return False
    head, *details = re.split(r"[,;()–—]+|\s+(?=turns?\s+\d)", text.rstrip("."))
    is_detailed = bool(_DETAIL.search(text))
    if people.known(head, any_case=is_detailed):
        is_name = people.is_only_names(head, any_case=is_detailed)
    else:
        is_name = bool(people.stranger(text)) and not head.islower() and is_detailed and all(
            _DETAIL.search(part) or people.is_only_names(part, any_case=True) for part in details)
    return is_name and all(len(part.split()) <= 4 for part in details) and len(details) <= 4


def _source(made: Quotation, text: str, people: People) -> Quotation | None:
    """`made` with what a by-line says, None where it says nothing."""
    known = people.known(text, any_case=True)
    own = list(dict.fromkeys(one.participant for one in known if one.participant and not one.interview))
    if len(own) == 2 and people.is_interview(own[1], text):  # (Jim, eve, line 3)
        return replace(made, speaker=own[0], is_attributed=True, turn=_turn(text), interview=own[1])
    stranger = people.stranger(text) if not own or people.is_interview(own[0], text) else ""
    if stranger and not (YEAR.search(text) or CITED.search(text)):
        return replace(made, speaker=stranger, is_attributed=True, turn=_turn(text), is_stranger=True, near=people.nearest(stranger))
    speakers = own or list(dict.fromkeys(one.participant for one in known if one.participant))
    interviews = [one.interview for one in known if one.interview and _stands(one.interview, text)]
    interview = interviews[0] if len(interviews) == 1 else ""
    if len(speakers) == 1:
        return replace(made, speaker=speakers[0], is_attributed=True, turn=_turn(text), interview=interview)
    if known:
        return replace(made, turn=_turn(text), interview=interview if len(speakers) == 0 else "")
    if YEAR.search(text) or CITED.search(text):
        return replace(made, cited=True)
    return None


def _stands(name: str, text: str) -> bool:
    """Whether an interview's name stands in `text` as one: `jim-2`, `Jim 2`, but not `Jim, 2`."""
    return bool(re.search(r"(?<!\w)" + r"[\s_-]*".join(map(re.escape, plain_words(name))) + r"(?!\w)", wording.clean(text), re.I))


def last_sentence(text: str) -> str:
    ends = list(_SENTENCE_END.finditer(text))
    return text[ends[-1].end() :] if ends else text


def with_name(made: Quotation, before: str, behind: str, is_end: bool, people: People) -> Quotation:
    """`made` with the name the text gives. `behind` reaches to the next quotation, or to the paragraph's end (`is_end`)."""
    rest = behind
    while direct := _DIRECTLY.match(rest):
        told = _source(made, direct[1], people)
        if told:
            return told
        rest = rest[direct.end() :]
    if CITED.match(rest.lstrip(" ,.")):
        return replace(made, cited=True)
    dashed = (_DASHED.match(rest) if is_end else None) or _DASHED_WITHIN.match(rest)
    if dashed:
        told = _source(made, dashed["who"], people)
        if told and not (told.cited and people.named(dashed["who"])):
            return told
    if is_end and is_plain(rest.strip(" \n\t*_,."), people):
        told = _source(made, rest, people)
        if told:
            return told
    lead = last_sentence(before)
    in_lead = people.named(lead)
    goes_on = _AFTER.match(rest) or re.match(r"\s*[,;a-zß-öø-ÿ]", rest) or not re.search(r"[.!?…]\s*\Z", made.text)
    follows = _SENTENCE_END.split(rest, maxsplit=1)[0] if goes_on and not made.is_block else ""
    in_rest = people.named(follows) if is_end or not in_lead else []
    bracketed = [inside for inside in re.findall(r"\(([^()]*)\)", follows) if people.named(inside, any_case=True)]
    if len(bracketed) == 1 and is_end:
        told = _source(made, bracketed[0], people)
        if told and told.speaker:
            return told
    around = list(dict.fromkeys((*in_lead, *in_rest)))
    if len(around) == 1:
        in_brackets = re.search(r"\(([^()]*)\)\s*[:,]?\s*\Z", lead)
        return replace(made, speaker=around[0], turn=_turn(in_brackets[1]) if in_brackets else "")
    cited = not around and bool(CITED.search(lead) or re.search(r"\([^()]*\b(?:1[5-9]|20)\d\d[a-z]?\b[^()]*\)", lead))
    stranger = "" if around or cited else _in_sentence(lead, follows, people)
    if stranger:
        return replace(made, speaker=stranger, is_stranger=True, near=people.nearest(stranger))
    return replace(made, cited=cited)


def _in_sentence(lead: str, follows: str, people: People) -> str:
    """A name that nobody here bears and that a sentence makes the speaker: Bob said, “…”; Bob: “…”; “…”, said Bob."""
    before, after = _BEFORE.search(lead), _AFTER.match(follows)
    for name in (before and before["who"], after and (after["who"] or after["other"])):
        if name and name[0].isupper() and people.stranger(name) and not people.is_ordinary(name):
            return name
    return ""


def _turn(text: str) -> str:
    match = _TURN.search(text)
    return match[1] if match else ""
