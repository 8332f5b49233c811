"""Every command: the module that has it, and its help in one line.

From this table come `gtpipe --help`, what Tab offers, and which module is imported when a command
is called; no other is. A test holds each line against the help of the command itself.
"""

from __future__ import annotations

from typing import NamedTuple


class Listed(NamedTuple):
    """A command as it is listed. An older name of another one is hidden."""

    module: str
    help: str
    hidden: bool = False


COMMANDS = {
    "init": Listed("study", "Begin a study: settings, folders, and what git is to hold."),
    "run": Listed("study", "Read new sources, and run every stage that needs it."),
    "status": Listed("study", "See what is up to date, and what waits for you."),
    "check": Listed("study", "List every problem in your files, and what to do."),
    "ingest": Listed("ingest", "Stage 1: read transcripts, and lose no word."),
    "initial-code": Listed("stages", "Stage 2: make coding sheets, and a page for each code."),
    "focused-code": Listed("stages", "Stage 3: lay out focused codes with their incidents."),
    "theoretical-code": Listed("stages", "Stage 4: lay out the theory with participants' words."),
    "code": Listed("coding", "Give a turn a code; or code an interview at the desk."),
    "desk": Listed("desk", "Code and compare, full screen: words, codes and earlier incidents."),
    "review": Listed("review", "Code with suggestions beside the words."),
    "compare": Listed("compare", "See a code's incidents side by side; or two codes, or coders."),
    "suggest": Listed("suggest", "See the suggestions for a turn; or how often they are right."),
    "matrix": Listed("matrix", "Set codes against groups: whose incidents, what words."),
    "cooccur": Listed(
        "cooccur", "See which codes stand together: on one turn, or near each other."
    ),
    "who": Listed("who", "See who has an incident under a code, by name, and who is not coded so."),
    "case": Listed("case", "Go through a participant's interviews in order."),
    "find": Listed("find", "Find a text in turns, codes, notes and memos."),
    "claims": Listed("claims", "Lay a chapter's claims of number beside who is coded so."),
    "quotes": Listed("quotes", "Check a chapter's quotations against the transcripts."),
    "names": Listed("names", "Find real names that the study promised to keep out."),
    "negative": Listed("negative", "See what does not fit; write it down; or look for it."),
    "properties": Listed(
        "properties", "Lay the positions of a code's properties side by side, with the words."
    ),
    "sufficiency": Listed(
        "sufficiency", "See how far the theory copes, interview by interview, as you judge it."
    ),
    "sampling": Listed("sampling", "Whom, or what position of a property, to seek next."),
    "evaluation": Listed("evaluation", "Answer nineteen questions about your study, in prose."),
    "ethics": Listed("ethics", "See what was promised to participants, and what is due."),
    "procedures": Listed(
        "procedures", "What else a study may ask for: responses, items, rankings, reviews."
    ),
    "figure": Listed("figure", "Draw the theory or the codes for a paper: SVG, PDF or PNG."),
    "diff": Listed("history", "See in words what changed since a commit."),
    "history": Listed(
        "history", "See the life of the code book, or of one code, commit by commit."
    ),
    "trace": Listed("trace", "See where a code comes from, and where it leads."),
    "comment": Listed(
        "comments",
        "The older name of `comments add` and, with --answer N, of `comments answer`.",
        hidden=True,
    ),
    "comments": Listed("comments", "Second readers' comments, and the answers."),
    "focused": Listed("focused", "Make focused codes, and say what they take up.", hidden=True),
    "memo": Listed("memo", "Stage 5: make the index of your memos."),
    "import": Listed("exchange", "Bring in a study of another program."),
    "report": Listed("report", "Make the study readable: as pages, in Word, as a workbook."),
    "export": Listed("export", "Hand the study to another program, or to people who use one."),
    "schedule": Listed(
        "schedule", "See the versions of the interview schedule, and what prompted each."
    ),
    "withdraw": Listed("withdraw", "Take a participant's words out of the study."),
    "codes": Listed("codes", "See, define and change codes; make focused codes."),
    "git": Listed("git", "Teach git's own diff and merge to read the files of a study."),
    "undo": Listed("undo", "Take back the last change that a command made."),
    "guide": Listed("guide", "Read the manual: its topics, or one of them."),
}
