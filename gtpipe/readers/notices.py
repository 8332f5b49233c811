"""Lines that transcription programs write into a transcript, and nobody said."""

from __future__ import annotations

import re

# Each fits a whole line; Markdown's signs around it are allowed.
NOTICES = {
    "Microsoft Teams": (
        r"(?!(?:I|We|You|He|She|They|It|And|So)\b)[^\W\d_][^:.!?\t]{0,80} "
        r"(?:started|stopped) transcription",
    ),
    "Google Meet": (
        r"Transcript|Attendees|Invited Guests",
        r"(?:Transcription|Meeting) ended after \d{1,2}:\d{2}:\d{2}(?: \W{1,3})?",
        r"This editable transcript was computer generated and might contain errors\. "
        r"People can also change the text after it was created\.",
    ),
    "Jitsi": (r"End of transcript at \d{1,2}:\d{2}:\d{2}(?: ?[AaPp][Mm])?",),
    "WhatsApp": (r".{4,24} - Messages and calls are end-to-end encrypted\..{0,120}",),
    "Otter": (r"Transcribed by https://otter\.ai/?",),
    "TurboScribe": (
        r"\(Transcribed by TurboScribe\.ai\. Go Unlimited to remove this message\.\)",
        r"\(This file is longer than 30 minutes\. Go Unlimited at TurboScribe\.ai to transcribe "
        r"files up to 10 hours long\.\)",
    ),
    "Rev": (r"This transcript was exported on .{6,40} - view latest version here\.",),
    "Sonix": (
        r"(?:.{1,200}: )?[Tt]his \w{2,5} (?:audio|video) file was automatically transcribed by "
        r"Sonix with the best speech-to-text algorithms\. This transcript may contain errors\.",
    ),
    "noScribe": (r"Transcribed with noScribe(?: vers\. [\d.a-z]+)?",),
}
_LINE = re.compile(
    r"[\s#*_]*(?:"
    + "|".join(f"(?P<p{number}>{'|'.join(lines)})" for number, lines in enumerate(NOTICES.values()))
    + r")[\s*_]*"
)
_PROGRAMS = tuple(NOTICES)
# Each notice has one of these in it.
_SIGNS = ("ranscri", "Attendees", "Invited Guests", "Meeting ended", "end-to-end encrypted")


def may_be_in(text: str) -> bool:
    """Whether a text may have a notice in it; quick, for a line and for many."""
    return any(sign in text for sign in _SIGNS)


def notice(line: str) -> str:
    """The program that writes such a line by itself; '' where somebody may have said it.

    >>> notice("Nora Kell started transcription"), notice("Nora: I started transcription")
    ('Microsoft Teams', '')
    >>> notice("### Transcription ended after 01:02:59"), notice("Transcript of a talk")
    ('Google Meet', '')
    """
    match = _LINE.fullmatch(line) if may_be_in(line) else None
    return _PROGRAMS[int((match.lastgroup or "p0")[1:])] if match else ""
