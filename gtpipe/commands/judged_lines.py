"""What was judged follows the codings: a change of codes takes out the lines of `judged` and `left`
whose coding it moved away, and ties those to the new stretch whose coding it tied.

Nothing is judged by that: a coding that comes under another focused code waits there.
"""

from __future__ import annotations

from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.references import place_of
from gtpipe.commands.code_change_plan import CodeChangePlan
from gtpipe.commands.code_change_proof import PlannedSnapshot
from gtpipe.formats import focused
from gtpipe.model import anchor
from gtpipe.model.records import NOWHERE, Incident
from gtpipe.store.layout import FOCUSED_CODES
from gtpipe.study import Corpus, load

FOLLOWING = ("judged", "left")


def follow(plan: CodeChangePlan) -> None:
    """The focused codes of a plan with what they judged as it is to be after the plan."""
    entries = plan.corpus.material.focused.values()
    if not any(code.lists[name] for code in entries for name in FOLLOWING):
        return
    after = load(plan.corpus.study, PlannedSnapshot(plan.corpus.snapshot, plan.texts))
    before, now = _holdings(plan.corpus), _holdings(after)
    held = {place for label in plan.corpus.material.focused for place in before.taken_up(label)}
    text = plan.text(FOCUSED_CODES)
    out: dict[str, None] = {}
    for label in after.material.focused:
        taken = now.taken_up(label)
        for name in FOLLOWING:
            code = focused.loads(text)[0][label]
            gone: list[Incident] = []
            tied: list[Incident] = []
            for incident in code.lists[name]:
                place = place_of(incident, after.material)
                if place is None or place not in held:
                    continue
                new = plan.moved.get(place)
                if new in taken:
                    there = anchor.parse(now.address(new), NOWHERE)
                    tied += [there] if there else []
                if place not in taken:
                    gone.append(incident)
                    if new not in taken:
                        out.setdefault(incident.address)
            if gone or tied:
                text = focused.decide(text, label, name, tuple(tied), gone)
    if text != plan.text(FOCUSED_CODES):
        plan.texts[FOCUSED_CODES] = text
    if out:
        plan.messages.append(f"no longer judged under a focused code: {', '.join(out)}")


def _holdings(corpus: Corpus) -> Holdings:
    return corpus.looking.holdings
