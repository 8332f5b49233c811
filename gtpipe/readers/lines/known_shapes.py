"""The forms in which programs write transcripts, as data: what each is called, and how its labels
look. What they have in common with ordinary text (`Ana: words`, `Ana [0:12]: words`, `[0:12] Ana:
words`, a bold name) needs no shape: `turn_openings` reads it.
"""

from __future__ import annotations

from gtpipe.model.shape import Shape

# The more particular before the more general: of two that find as many turns, the first counts.
KNOWN_SHAPES: tuple[Shape, ...] = (
    Shape("teams-2023", "TIME --> TIME⏎NAME⏎WORDS"),  # Teams' .docx until 2023, its .vtt pasted
    Shape("teams", "NAME TIME⏎WORDS"),  # Teams' .docx; Otter; Zoom's own page
    Shape("teams-page", "NAME⏎DURATIONTIME⏎NAME DURATION\nNAME DURATION"),  # copied from its page
    Shape("captions", "TIME --> TIME⏎NAME:⏎WORDS\nTIME --> TIME⏎NAME: WORDS"),
    Shape("zoom-captions", "[NAME] TIME"),  # saved captions
    Shape("google-meet", "**TIME NAME:** WORDS"),
    Shape("happy-scribe", "[TIME] - NAME"),
    Shape("turboscribe", "[NAME] (TIME - TIME)"),
    Shape("rev", "NAME (TIME):⏎WORDS\nNAME (TIME)"),
    Shape("sonix", "[TIME] NAME⏎WORDS"),  # and Trint, Descript
    Shape("name-and-time", "NAME | TIME⏎WORDS\nNAME, TIME⏎WORDS\nNAME - TIME⏎WORDS"),
    Shape("macwhisper", "[TIME --> TIME] NAME: WORDS\n[TIME - TIME] NAME: WORDS"),
    Shape("jitsi", "<TIME> NAME: WORDS"),
    Shape(
        "whatsapp", "DATE, TIME - NAME: WORDS\n[DATE, TIME] NAME: WORDS\n[TIME, DATE] NAME: WORDS"
    ),
    Shape("chat-log", "DATE TIME NAME: WORDS\n[DATE TIME] NAME: WORDS\nDATE TIME <NAME> WORDS"),
    Shape("f4", "#TIME# NAME: WORDS"),
    Shape("chat", "*NAME:⇥WORDS", notices=("@", "%")),
    Shape("time-above", "TIME⏎NAME: WORDS"),  # Amberscript
    Shape("time-and-name", "TIME⇥NAME⇥WORDS\nTIME⇥NAME: WORDS"),
    Shape("arrows", ">> NAME: WORDS"),
    Shape("headings", "### NAME\n## NAME\n#### NAME"),
    Shape("angle-brackets", "<NAME> WORDS"),
    Shape("square-brackets", "[NAME] WORDS"),
    Shape("round-brackets", "(NAME) WORDS"),
    Shape("arrow", "NAME> WORDS"),
    Shape("semicolon", "NAME; WORDS"),
    Shape("tab", "NAME⇥WORDS"),
    Shape("wide-space", "NAME\u3000WORDS"),
    Shape("q-and-a", "INITIAL. WORDS"),
)

# Other programs by name, for `--shape`: they write one of the forms above, or one that needs none
# (a label and a colon, a label on its own line), with time marks of their own.
PROGRAMS: tuple[Shape, ...] = (
    Shape("otter", "NAME TIME⏎WORDS"),
    Shape("zoom", "[NAME] TIME\nTIME NAME⏎WORDS"),
    Shape("meet", "**TIME NAME:** WORDS\n**NAME:** WORDS\nNAME: WORDS"),
    Shape("webex", "NAME TIME⏎WORDS\nNAME (TIME)"),
    Shape("trint", "[TIME] NAME: WORDS\n[TIME] NAME⏎WORDS"),
    Shape("descript", "[TIME] NAME: WORDS\nNAME: [TIME] WORDS\nNAME: WORDS"),
    Shape("amberscript", "TIME⏎NAME: WORDS"),
    Shape("noscribe", "NAME: WORDS"),
    Shape("atrain", time="[00:00:03]"),
    Shape("maxqda", time="#00:00:03-4#"),
    Shape("numbered-lines", line_numbers=True),
    Shape("full-width-colon", "NAME：WORDS"),
)
