"""`data/ethics.yaml`: approvals, amendments, consents, and what is to be destroyed. A person writes
it, and no command does.
"""

from __future__ import annotations

from gtpipe.formats.entry import EntryReader, items
from gtpipe.model.ethics import Amendment, Approval, Consent, Destruction, Ethics
from gtpipe.model.problems import Problem, did_you_mean, error
from gtpipe.model.records import Named, Where
from gtpipe.store.layout import ETHICS
from gtpipe.text import yamltext

FIELDS = {
    "approved": ("reference",),
    "amendment": ("what", "because"),
    "consent": ("date", "may-withdraw-until", "quotes"),
    "destroy": ("by-date", "done"),
}
"""What an entry begins with → its other fields."""
_IN_WORDS = {
    "approved": "an approval",
    "amendment": "an amendment",
    "consent": "a consent",
    "destroy": "what is to be destroyed",
}
_BEGINS = "Each entry begins with " + " or ".join(f"`- {kind}: `" for kind in FIELDS)
_YES_NO = {"yes": True, "true": True, "no": False, "false": False, "": None}


def loads(text: str) -> tuple[Ethics, list[Problem]]:
    """What the file says, and what is wrong with it. Raises UserError where it is not YAML."""
    problems: list[Problem] = []
    found: dict[str, list[EntryReader]] = {kind: [] for kind in FIELDS}
    for item in items(text, ETHICS, "what was promised", _BEGINS, problems):
        typed = [key.value for key, _ in yamltext.pairs(item)]
        kind = next((kind for kind in FIELDS if kind in typed), "")
        if kind:
            known = (kind, *FIELDS[kind])
            entry = EntryReader(
                item, known, _IN_WORDS[kind], text=text, path=ETHICS, problems=problems
            )
            found[kind].append(entry)
        else:
            near = did_you_mean(typed[0], FIELDS) if typed else ""
            problems.append(
                error(ETHICS, item.line, "this entry does not say what it is", near or _BEGINS)
            )
    return Ethics(
        tuple(
            Approval(_day(one, "approved"), one.get("reference"), one.where)
            for one in found["approved"]
        ),
        tuple(
            Amendment(_day(one, "amendment"), one.get("what"), one.get("because"), one.where)
            for one in found["amendment"]
        ),
        tuple(filter(None, map(_consent, found["consent"]))),
        tuple(filter(None, map(_destruction, found["destroy"]))),
    ), sorted(problems, key=lambda problem: problem.line or 0)


def _day(entry: EntryReader, name: str) -> str:
    """The day that an entry begins with."""
    if not entry.get(name):
        entry.error(name, f'"{name}" names no day', "Write it as 2026-04-02")
    return entry.date(name)


def _consent(entry: EntryReader) -> Consent | None:
    participant = entry.own_label("consent", "participant", "Write `- consent: jim`")
    quotes = entry.get("quotes")
    said = quotes.casefold()
    if said not in _YES_NO:
        entry.error("quotes", f'"quotes" is "{quotes}"', "Write `yes` or `no`")
    date, until = entry.date(), entry.date("may-withdraw-until")
    if date and until and until < date:
        entry.error(
            "may-withdraw-until",
            f"the window to withdraw ends on {until}, before the consent of {date}",
            "Correct one of the days",
        )
    if not participant:
        return None
    name = Named(participant, Where(ETHICS, entry.line("consent")))
    return Consent(name, date, until, _YES_NO.get(said), entry.where)


def _destruction(entry: EntryReader) -> Destruction | None:
    what = entry.get("destroy")
    if not what:
        entry.error("destroy", "this entry does not say what is to be destroyed")
        return None
    return Destruction(what, entry.date("by-date"), entry.get("done"), entry.where)
