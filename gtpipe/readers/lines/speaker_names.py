"""Whether words in front of a colon are like a speaker's: a name, a role, a number to call.

A name that begins a line is taken for a label at once; what is only likely (`respondent 1`, `Ben's
mum`, `+44 7700 900123`) is one where it comes again, and a doubt where it comes once.
"""

from __future__ import annotations

import re

from gtpipe.readers.lines import turn_openings

_ROLES = frozenset(
    """interviewer interviewee interviewerin respondent responder participant speaker moderator
facilitator researcher informant subject student teacher pupil client patient carer caller host
guest nurse doctor manager man woman male female boy girl child mother father mum mom mam dad wife
husband partner sister brother son daughter friend voice person unknown unidentified observer
interpreter translator interviewte befragter befragte sprecher sprecherin teilnehmer teilnehmerin
enquêteur enquêtrice intervieweur intervieweuse répondant participante entrevistador entrevistadora
entrevistado""".split()
)
_SPEECH = frozenset(
    """i he she we they you it so and but then that this what who how why when where said says say
like was were is are am thought think because well yes no okay now there here my your his her our
their me him us them if or as""".split()
)
_WHOSE = frozenset("my your his her our their".split())
_PHONE = re.compile(r"\+?[\d][\d ()./-]{5,20}\d$")
_POSSESSIVE = re.compile(r"[^\W\d_][\w.-]*(?: [^\W\d_][\w.-]*)?['’]s? (?:[\w-]+ ?){1,2}$")
_UNKNOWN = re.compile(r"[?¿]{1,4}|\[\?+\]|[Xx]{2,4}|unknown|unclear")
_REMARK = re.compile(r"(?P<name>[^()]*[^()\s])[ \t]*\([^()]{1,60}\)")
# A beginning of a line up to a colon, whatever is in it but the end of a sentence.
_TIME = r"[\[(<]?\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])>]?"
_BEGINNING = re.compile(
    rf"[ \t]*(?:{_TIME}[ \t]+)?[*_]{{0,2}}"
    r"(?P<label>[^\s:：*_](?:[^:：\n!;\[<]{0,98}?[^\s:：!;,\[(<])?)"
    rf"[ \t\u00a0]*(?:[*_]{{0,2}}[ \t]*{_TIME}[ \t]*)?[*_]{{0,2}}[:：](?!//|\d)[*_]{{0,2}}"
)


def is_likely(label: str) -> bool:
    """Whether a label is like a speaker's, name or not.

    >>> [is_likely(label) for label in ("respondent 1", "Ben's mum", "+44 7700 900123", "??")]
    [True, True, True, True]
    >>> [is_likely(label) for label in ("I said", "and the nurse", "my advice to her")]
    [False, False, False]
    """
    name = without_remark(label)
    if not name or _UNKNOWN.fullmatch(name):
        return bool(name)
    if _PHONE.fullmatch(name):
        return True
    words = [word.strip(".,()'’\"").casefold() for word in name.split()]
    if len(words) == 2 and words[0] in _WHOSE and words[1] in _ROLES:
        return True
    if len(words) > 1 and words[0] in _SPEECH and not name[0].isupper():
        return False
    if len(words) > 1 and any(word in _SPEECH for word in words[1:]) and words[0] in _SPEECH:
        return False
    if len(words) <= 4 and any(word in _ROLES for word in words):
        return not any(word in _SPEECH for word in words)
    if _POSSESSIVE.fullmatch(name) and len(words) <= 4:
        return name[0].isupper()
    if turn_openings.is_like_a_name(name, True):
        return True
    return name[0].isupper() and all(
        word[0].isupper() or word[0].isdigit() or word in _SMALL for word in name.split()
    )


_SMALL = frozenset("of the and for at in de la le van von der & to on".split())


def without_remark(label: str) -> str:
    """A label without what stands in brackets behind it: how something was said, or who that is.

    >>> without_remark("F2 (quietly)"), without_remark("(Nora)")
    ('F2', '(Nora)')
    """
    match = _REMARK.fullmatch(label)
    return match["name"] if match else label


def beginning(text: str) -> tuple[str, int, int]:
    """What stands before the first colon of a line, and where it begins and the words behind it do;
    '' where that is no label of any shape.

    >>> beginning("my mother: come in"), beginning("At 10:30 we went")
    (('my mother', 0, 11), ('', 0, 0))
    """
    start = text[:140]
    match = _BEGINNING.match(start) if ":" in start or "：" in start else None
    if match is None:
        return "", 0, 0
    label = match["label"].rstrip("*_")
    if not label or "?" in label.strip("?[]") or len(label.split()) > 12:
        return "", 0, 0
    end = match.end()
    while end < len(text) and text[end] in " \t\u00a0":
        end += 1
    return label, match.start("label"), end
