"""The evaluation: nineteen questions on four criteria, and pointers to the material of the study
for each. No score.

The criteria are Charmaz's (2014: credibility, originality, resonance, usefulness); the questions
are worded anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from gtpipe.analysis import negative_cases, schedules, theoretical_sampling
from gtpipe.analysis.focused_codes import focused_codes, not_taken_up
from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.labels import Labels
from gtpipe.analysis.references import place_of
from gtpipe.analysis.theory import NOT_JUDGED
from gtpipe.model.codings import Codings
from gtpipe.model.evaluation import (
    ACCOUNTS,
    AGAINST,
    CATEGORIES,
    COMMENTS,
    COMPARISONS,
    FEW,
    FOCUSED_CODES,
    IDEAS,
    MEMOS,
    NOT_TAKEN_UP,
    RELATIONS,
    SAMPLING,
    SCHEDULE,
    SUFFICIENCY,
)
from gtpipe.model.level import CATEGORY, FOCUSED, RELATION, CodeRef
from gtpipe.model.names import natural, one_line
from gtpipe.model.plural import count
from gtpipe.model.records import Coding, Incident, Material, Memo, Relation, ScheduleVersion
from gtpipe.render.pages import turns
from gtpipe.store import layout
from gtpipe.text.markdown import in_link, plain

NAMED = 10  # how many names a pointer gives before it says where the rest stands


def pointers(
    material: Material, codings: Codings, current: dict[str, str], known: Labels
) -> dict[str, list[str]]:
    """Where to look for each kind of pointer, as lines of a Markdown list; counts stand beside
    names.
    """
    holdings = Holdings(material, codings, current)
    prompts = {
        prompt.thing: prompt for prompt in theoretical_sampling.all_prompts(material, holdings)
    }
    codes = focused_codes(material, codings)
    speaking: theoretical_sampling.Speaking = {}
    memos = sorted(material.memos, key=lambda memo: (memo.date, natural(memo.name), memo.name))
    return {
        ACCOUNTS: _accounts(material, codings),
        CATEGORIES: [
            _held(
                theoretical_sampling.prompt(CodeRef(CATEGORY, category.label), holdings, speaking)
            )
            for category in material.theory.categories
        ]
        or [f"- no {CATEGORY.noun} yet: `{layout.THEORY}`"],
        FOCUSED_CODES: [
            _held(
                prompts.get(CodeRef(FOCUSED, label))
                or theoretical_sampling.prompt(CodeRef(FOCUSED, label), holdings, speaking)
            )
            + ("" if code.because else " No reason written yet.")
            for label, code in codes.items()
        ]
        or [f"- no {FOCUSED.noun} yet"],
        RELATIONS: [
            _relation(relation, _supporting(relation, holdings, material))
            for relation in material.theory.relations
        ]
        or [f"- no relation yet: `{layout.THEORY}`"],
        AGAINST: [
            line
            for one in negative_cases.recorded(material, codings, known)
            if (line := _against(one))
        ]
        or ["- no negative case recorded, nor anything it could contradict"],
        COMPARISONS: _memos(
            [memo for memo in memos if memo.kind == "comparison"], "comparison memo"
        ),
        MEMOS: _memos(memos, "memo"),
        IDEAS: _memos(
            [memo for memo in memos if memo.kind in ("focused", "theoretical")],
            "focused or theoretical memo",
        ),
        NOT_TAKEN_UP: _names(
            f"initial code that no {FOCUSED.noun} takes up",
            not_taken_up(material, codings, current),
            layout.NOT_TAKEN_UP,
        ),
        SUFFICIENCY: _judged(material),
        FEW: _few(theoretical_sampling.one_interview_only(prompts.values(), material)),
        SAMPLING: [
            f"- still to seek: {plain(one_line(one.sought))}"
            + (f" ({plain(one_line(one.why))})" if one.why else "")
            for _, one in theoretical_sampling.still_open(material)
        ]
        or ["- nobody is noted down to be sought next: `gtpipe sampling`"],
        SCHEDULE: [_version(version, material) for version in schedules.in_order(material.schedule)]
        or [f"- no version of the interview schedule: `{layout.SCHEDULE}/`"],
        COMMENTS: _comments(material),
    }


def _accounts(material: Material, codings: Iterable[Coding]) -> list[str]:
    coded = Counter(interview for interview, _, _ in {coding.incident for coding in codings})
    people = dict.fromkeys(
        name for interview in material.interviews.values() for name in interview.participants
    )
    persons = material.persons
    told = ", ".join(f"{plain(name)} {coded[name]}" for name in material.interviews)
    return [
        f"- {persons.counted(people)}: {', '.join(map(plain, people)) or 'none yet'}"
        + plain(persons.aside(people)),
        f"- {count(len(material.interviews), 'interview')}, incidents coded in each: "
        f"{told or 'none yet'}",
    ]


def _held(prompt: theoretical_sampling.Prompt) -> str:
    who = ", ".join(map(plain, prompt.participants))
    return (
        f"- {plain(prompt.thing.label)} ({prompt.thing.kind}): "
        f"{count(prompt.incidents, 'extract')}"
        + (f", of {who}." if who else ".")
        + (f" Since then, not judged: {prompt.waiting}." if prompt.waiting else "")
        + (f" Does not fit: {plain(turns(prompt.unfit))}." if prompt.unfit else "")
    )


def _supporting(relation: Relation, holdings: Holdings, material: Material) -> tuple[Incident, ...]:
    """The support of a relation, without what is on record as contradicting it."""
    thing = CodeRef(RELATION, relation.sentence)
    places = ((incident, place_of(incident, material)) for incident in relation.support)
    return tuple(
        incident for incident, place in places if place is None or holdings.fits(thing, place)
    )


def _relation(relation: Relation, support: tuple[Incident, ...]) -> str:
    def told(incidents: tuple[Incident, ...], what: str) -> str:
        return (
            f"{what} by {', '.join(plain(f'{i.interview} {i.turn}') for i in incidents)}"
            if incidents
            else f"not {what} by any incident yet"
        )

    memo = f"; memo {plain(relation.memo.label)}" if relation.memo else ""
    return (
        f"- {plain(relation.sentence)}: {told(support, 'supported')}, "
        f"{told(relation.contradict, 'contradicted')}{memo}"
    )


def _against(one: negative_cases.Recorded) -> str:
    """What is recorded against a thing; of relations without anything and with nobody looking,
    their own pointer says so.
    """
    kind = f"{plain(one.label)} ({one.kind})"
    if one.against:
        told = [
            plain(
                f"{case.place.interview} {case.place.turn}"
                if case.place
                else one_line(case.address)
            )
            + (f" ({case.led_to})" if case.led_to else "")
            for case in one.against
        ]
        return f"- against {kind}: {', '.join(told)}"
    return (
        f"- against {kind}: {plain(one.none_recorded)}"
        if one.looks or one.level in (CATEGORY, FOCUSED)
        else ""
    )


def _memos(memos: list[Memo], what: str) -> list[str]:
    found = [
        f"- memo [{in_link(memo.title)}](<memos/{memo.name}.md>)"
        + (f", {memo.date}" if memo.date else "")
        for memo in memos
    ]
    return found or [f"- no {what} yet"]


def _names(what: str, labels: list[str], rest: str) -> list[str]:
    if not labels:
        return [f"- no {what}"]
    more = f"; … the rest in `{rest}`" if len(labels) > NAMED else ""
    heading = what if len(labels) == 1 else what.replace("code", "codes", 1)
    return [f"- {len(labels)} {heading}: {'; '.join(map(plain, labels[:NAMED]))}{more}"]


def _judged(material: Material) -> list[str]:
    judged = {one.interview.label: one for one in material.theory.judgements}
    found = []
    for name in material.interviews:
        one = judged.get(name)
        said = plain(one_line(one.judgement)) if one and one.judgement else NOT_JUDGED
        found.append(
            f"- sufficiency after {plain(name)}: {said}"
            + (f" ({plain(one.by)})" if one and one.judgement and one.by else "")
        )
    return found


def _few(prompts: list[theoretical_sampling.Prompt]) -> list[str]:
    if not prompts:
        return ["- no code of one interview only"]
    per = Counter(prompt.interviews[0] for prompt in prompts)
    told = ", ".join(f"{plain(name)} {number}" for name, number in per.items())
    return [
        f"- {count(len(prompts), 'code')} of one interview only, which is no fault of theirs: "
        f"{told} (`gtpipe codes list --one-interview`)"
    ]


def _version(version: ScheduleVersion, material: Material) -> str:
    asked = (
        ", ".join(plain(interview.name) for interview in schedules.interviews(version, material))
        or "nobody yet"
    )
    return (
        f"- schedule {plain(version.name)}"
        + (f" of {version.date}" if version.date else "")
        + f", {count(len(version.questions), 'question')}, asked: {asked}"
    )


def _comments(material: Material) -> list[str]:
    if not material.comments:
        return ["- no second reader has commented yet"]
    waiting = sum(not comment.answer for comment in material.comments)
    who = dict.fromkeys(comment.by for comment in material.comments if comment.by)
    return [
        f"- {count(len(material.comments), 'comment')} of "
        f"{', '.join(map(plain, who)) or 'a second reader'}, "
        f"{waiting} without an answer (`gtpipe comments`)"
    ]
