"""Whom a chapter may name: participants and interviews, however they are written, and strangers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from gtpipe.model.problems import did_you_mean
from gtpipe.model.records import INTERVIEWER, Interview, Participant
from gtpipe.text import tokens

DETAIL = re.compile(
    r"\b(?:turns?|lines?|ll?\.|interview|zeilen?|lignes?|entretien)\s*(?:no\.?\s*)?\d", re.I
)
_NUMBERED = re.compile(
    r"(?:p|pt|int|r|s|participant|respondent|interviewee|speaker)[-_ ]?0*(\d+)", re.I
)
# What stands behind a quotation in brackets, or before a colon, and is nobody's name; the first
# word tells.
_NO_NAMES = frozenset(
    """
    emphasis italics italic bold my our own his her their author authors author's translation
    translated trans original quoted cited see cf table tab figure fig chapter section appendix note
    notes footnote ibid op sic idem source line lines turn turns page pages p pp eq box part field
    fieldnote fieldnotes memo interview interviews interviewer focus group groups laughter laughs
    laugh laughing pause pauses silence sigh sighs crying cries inaudible unclear redacted
    anonymised anonymized name example question answer code theme category extract excerpt quotation
    quote transcript data respondents participants all both none some emphases hervorhebung
    hervorhebungen betonung übersetzung übers tabelle abbildung abb kapitel siehe vgl ebd feldnotiz
    feldnotizen lachen lacht pause zeile zeilen seite anhang anmerkung herv beispiel frage antwort
    souligné traduction tableau chapitre voir entretien rires rire ligne lignes annexe exemple
    réponse he she they it we i you who one this that these those another others nobody everyone
    someone many most several few what when where why how there here then now and but or so as if
    yet for in on at of the a an
    """.split()
)
_TITLES = frozenset("interview participant with mr mrs ms dr".split())


class Known(NamedTuple):
    """Whom or what a name means: a participant ('' where an interview has several), and the
    interview where it is named by that."""

    participant: str
    interview: str = ""


class People:
    """The names a chapter may use: participants, interviews, whatever way they are written."""

    def __init__(
        self,
        interviews: Iterable[Interview],
        participants: Iterable[str] | Mapping[str, Participant] = (),
    ) -> None:
        self._names: dict[tuple[str, ...], Known] = {}
        self._interviews = interviews = tuple(interviews)
        self.labels = {
            label.casefold(): speaker
            for interview in interviews
            for label, speaker in interview.speakers.items()
            if speaker == INTERVIEWER
        } | {"interviewer": INTERVIEWER}
        self.own_labels = {
            label.casefold() for interview in interviews for label in interview.speakers
        }
        self.bear = tuple(
            dict.fromkeys(
                [
                    *participants,
                    *(name for interview in interviews for name in interview.participants),
                ]
            )
        )
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
        self._said_of_them = {
            value.casefold()
            for row in (participants.values() if isinstance(participants, Mapping) else ())
            for _, value in row.attributes
        }

    def _add(self, written: str, known: Known) -> None:
        key = tuple(plain_words(written))
        if key and not all(part.isdigit() for part in key):  # a number is a turn, a page or a year
            self._names[key] = known

    def known(self, text: str, any_case: bool = False) -> list[Known]:
        """What is named in `text`, in order. In running text a name begins with a capital or has a
        digit."""
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
                if (
                    known is None and length == 1 and keys[at].endswith("s")
                ):  # the genitive of German and the north: Jims
                    known = self._names.get((keys[at][:-1],))
                if known and (
                    any_case
                    or known.participant == INTERVIEWER
                    or _looks_like_a_name(forms[at : at + length])
                ):
                    found[known] = None
                    at += length
                    break
            else:
                left.append(keys[at])
                at += 1
        return list(found), left

    def named(self, text: str, any_case: bool = False) -> list[str]:
        """The people named in `text`, each once."""
        return list(
            dict.fromkeys(
                known.participant for known in self.known(text, any_case) if known.participant
            )
        )

    def unused(self, texts: Iterable[str]) -> list[str]:
        """Participants whom no text names."""
        named = {name for text in texts for name in self.named(text)}
        return [name for name in self.bear if name not in named]

    def stranger(self, text: str) -> str:
        """The name at the head of a by-line that nobody here bears, or ''. What is no name
        (emphasis added, Table 2) is none."""
        head = re.split(
            r"[,;:()\[\]–—]|\s+(?=(?:turns?|lines?|interview|zeile|ligne)\b)",
            text.strip(" \n*_.()[]—–―-"),
            maxsplit=1,
        )[0].strip(" .*_")
        parts = head.split()
        if (
            not 1 <= len(parts) <= 3
            or not any(map(str.isalpha, head))
            or len(head) > 40
            or self.known(head, any_case=True)
        ):
            return ""
        folded = head.casefold()
        if (
            folded in self.own_labels
            or folded in self._said_of_them
            or any(part.casefold().strip(".") in _NO_NAMES for part in parts)
        ):
            return ""
        if head.isupper() and len(head) < 6 and head.isalpha():  # NHS, PSW
            return head if self.nearest(head) else ""
        if all(part[0].isupper() or any(map(str.isdigit, part)) for part in parts):
            return head
        if len(parts) == 1 and head.isalpha() and (DETAIL.search(text) or self.nearest(head, 0.75)):
            return head
        return ""

    def stranger_among(self, text: str) -> str:
        """Of several names in a by-line, Jim and Alexa, one that nobody here bears; or ''."""
        head = re.split(r"[,;:()\[\]–—]", text.strip(" \n*_.()[]—–―-"), maxsplit=1)[0]
        names = re.split(r"\s+(?:and|&|und|et|och|y|e|en)\s+|\s*[/&]\s*", head.strip(" .*_"))
        if len(names) < 2 or any(" " in name for name in names):
            return ""
        strangers = [name for name in names if not self.known(name)]
        are_names = all(name[:1].isupper() and self.stranger(name) for name in strangers)
        return strangers[0] if strangers and are_names else ""

    def is_interview(self, name: str, text: str) -> bool:
        """Whether a by-line means the interview of this name and no second person: the name is
        written as the file's, or a line follows."""
        return (
            any(name == interview.name for interview in self._interviews)
            and "," in text
            and (
                bool(DETAIL.search(text))
                or (
                    name.islower()
                    and re.search(rf"\W{re.escape(name)}\W*\Z", text) is not None
                    and text.strip("([ \n*_")[:1].isupper()
                )
            )
        )

    def is_ordinary(self, word: str) -> bool:
        """Whether a word with a capital is used in the transcripts without one."""
        sought = re.compile(rf"(?<!\w){re.escape(word.casefold())}(?!\w)")
        return any(
            sought.search(turn.text) for interview in self._interviews for turn in interview.turns
        )

    def nearest(self, name: str, least: float = 0.6) -> str:
        """The participant whose name is nearest, or ''; `least` is how alike they must be, 0 to
        1."""
        from difflib import SequenceMatcher

        near = did_you_mean(name, self.bear).partition('"')[2].rpartition('"')[0]
        return (
            near
            if near and SequenceMatcher(None, near.casefold(), name.casefold()).ratio() >= least
            else ""
        )


def _forms(text: str) -> list[str]:
    """Words, the possessive's ending and the article of d'Alice apart."""
    return [
        re.sub("^[dlDL]'(?=[^\\W\\d_]{2})|'s$", "", word.form)
        for word in tokens.words(tokens.clean(text))
    ]


def plain_words(text: str) -> list[str]:
    return [form.casefold() for form in _forms(text)]


def _looks_like_a_name(forms: Sequence[str]) -> bool:
    joined = "".join(forms)
    return len(joined) > 1 and (not forms[0][0].islower() or any(char.isdigit() for char in joined))
