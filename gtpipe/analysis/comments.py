"""What a second reader's comments are about: found among everything that can be named, or told
where it is gone.

Nothing is computed from a comment, and none stands in a derived file.
"""

from __future__ import annotations

from gtpipe.analysis import memos, subjects
from gtpipe.analysis.labels import Labels
from gtpipe.model.problems import Kind, Problem, did_you_mean, note
from gtpipe.model.records import Material, Named
from gtpipe.text.yamltext import field_value


def is_memo(named: Named, material: Material) -> bool:
    return not named.level and any(
        memo.name == named.label.removesuffix(".md") for memo in material.memos
    )


def is_unknown(named: Named, material: Material, known: Labels) -> bool:
    """Whether a comment is about what is no code, category, relation, memo or incident of the study
    (any more).
    """
    return memos.is_unknown(named, material, known) and not is_memo(named, material)


def everything(material: Material, known: Labels) -> list[str]:
    """Every label, memo and other subject that a comment can be about."""
    return subjects.everything(material, known)


def problems(material: Material, known: Labels) -> list[Problem]:
    """A note for each comment about something that is gone: the comment stands, and what to do is
    the person's decision.
    """
    found = []
    for comment in material.comments:
        if not is_unknown(comment.about, material, known):
            continue
        now = known.now(comment.about)
        what = (
            f'which is called "{now}" now'
            if now
            else "which is no code, category, relation, memo or incident of the study"
        )
        found.append(
            note(
                *comment.about.where,
                f'this comment is about "{comment.about.label}", {what}',
                (
                    f"Write `about: {field_value(now, '')}`"
                    if now
                    else did_you_mean(comment.about.label, everything(material, known))
                    or "Leave it as a record, or name what it means now"
                ),
                kind=Kind.NO_SUCH_NAME,
                about=comment.about.label,
            )
        )
    return found
