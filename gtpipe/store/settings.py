"""`pipeline.yaml`: read once, frozen and strict. A person writes it; after `init` only
`procedures add` does, and only below `procedures:`.

A wrong setting is an error with its line and the nearest right name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from gtpipe.model.approach import APPROACHES, GROUNDED_THEORY, STAGES, Approach
from gtpipe.model.problems import Kind, Problem, UserError, did_you_mean, error
from gtpipe.model.shape import Shape
from gtpipe.store import shapes
from gtpipe.store.layout import SETTINGS
from gtpipe.text import yamltext
from gtpipe.text.yamltext import Mapping, Node, Scalar, Sequence

Pair = tuple[Scalar, Node]

FILE = SETTINGS
FIELDS = (
    *("study", "question", "approach", "stance", "language"),
    *("researchers", "speakers", "shapes", "stages"),
    *("procedures", "line-width", "privacy"),
)
IDENTIFIERS = ("e-mail", "telephone", "postcode", "date-of-birth", "long-number")
"""What tells who somebody is by its form, and needs no list of names."""
LINE_WIDTHS = range(20, 201)
STAGE_SETTINGS: dict[str, tuple[str, ...]] = {
    "ingest": (),
    "initial-code": ("sheet-text", "sheet-interviewer", "suggest"),
    "focused-code": (),
    "theoretical-code": (),
    "memo": (),
}


@dataclass(frozen=True)
class Settings:
    """The settings of a study. `researchers` maps initials to a name; the first is the default.
    `shapes` are the forms in which its sources come.
    """

    study: str = ""
    question: str = ""
    stance: str = ""
    language: str = "en"
    researchers: dict[str, str] = field(default_factory=dict)
    interviewer_labels: tuple[str, ...] = ()
    participant_labels: tuple[str, ...] = ()
    shapes: tuple[Shape, ...] = ()
    names: str = ""
    """Where the list of real names is, as it was typed: `~/keys/peer.txt`; '' where none is."""
    look_for: tuple[str, ...] = IDENTIFIERS
    private: bool = False
    """Whether what gtpipe writes may be read by its owner alone."""
    sheet_text: bool = True
    sheet_interviewer: bool = False
    suggest: bool = False
    procedures: dict[str, str] = field(default_factory=dict)
    """The procedures that are on, each with the reason for it."""
    line_width: int = 0
    """How many characters a numbered line of a transcript may have; 0 where lines have no
    numbers.
    """
    approach: Approach = GROUNDED_THEORY
    stages: tuple[str, ...] = STAGES
    """The stages that are on, in the order of the cycle."""

    @property
    def default_coder(self) -> str:
        """Initials of the first researcher, '' where none is named."""
        return next(iter(self.researchers), "")


def no_researcher(
    path: str, line: int | None, initials: str, researchers: Iterable[str], do: str = ""
) -> Problem:
    """The error for `initials` that nobody in the settings has; `do` where no name is near."""
    there = "" if path == FILE else f" in {FILE}"
    return error(
        path,
        line,
        f'nobody under `researchers`{there} has the initials "{initials}"',
        did_you_mean(initials, researchers) or do,
        kind=Kind.NO_RESEARCHER,
        about=initials,
    )


def loads(text: str) -> Settings:
    """Raises UserError with every wrong setting at once."""
    node = yamltext.parse(text, FILE)
    problems: list[Problem] = []
    if node is None:
        raise UserError.at(
            FILE,
            1,
            "no settings here",
            "At least `study: …`; `gtpipe init` in an empty folder shows a whole file",
        )
    top = yamltext.fields(node, FIELDS, FILE, FILE, problems)
    speakers = _fields_of(top.get("speakers"), ("interviewer", "participant"), problems)
    stages = _fields_of(top.get("stages"), STAGE_SETTINGS, problems)
    chosen = {
        name: _fields_of(pair, STAGE_SETTINGS[name], problems) for name, pair in stages.items()
    }
    coding = chosen.get("initial-code", {})
    privacy = _fields_of(top.get("privacy"), ("names", "look-for", "private"), problems)
    interviewer = _labels(speakers.get("interviewer"), problems)
    participant = _labels(speakers.get("participant"), problems)
    for label in interviewer:
        if label.casefold() in {other.casefold() for other in participant}:
            problems.append(
                error(
                    FILE,
                    speakers["participant"][0].line,
                    f'"{label}" is given as interviewer and as participant',
                    "Keep it in one list",
                )
            )
    settings = Settings(
        study=yamltext.text_of(top.get("study"), FILE, problems),
        question=yamltext.text_of(top.get("question"), FILE, problems),
        stance=yamltext.text_of(top.get("stance"), FILE, problems),
        language=yamltext.text_of(top.get("language"), FILE, problems) or "en",
        researchers=_researchers(top.get("researchers"), problems),
        interviewer_labels=interviewer,
        participant_labels=participant,
        shapes=_shapes(top.get("shapes"), problems),
        names=yamltext.text_of(privacy.get("names"), FILE, problems),
        look_for=_look_for(privacy.get("look-for"), problems),
        private=_yes_no(privacy.get("private"), False, problems),
        sheet_text=_yes_no(coding.get("sheet-text"), True, problems),
        sheet_interviewer=_yes_no(coding.get("sheet-interviewer"), False, problems),
        suggest=_yes_no(coding.get("suggest"), False, problems),
        procedures=_procedures(top.get("procedures"), problems),
        line_width=_line_width(top.get("line-width"), problems),
        approach=(approach := _approach(top.get("approach"), problems)),
        stages=_stages_on(stages, approach),
    )
    if problems:
        raise UserError(*problems)
    return settings


def _approach(pair: Pair | None, problems: list[Problem]) -> Approach:
    name = yamltext.text_of(pair, FILE, problems)
    if pair is not None and name and name not in APPROACHES:
        problems.append(
            error(
                FILE,
                pair[1].line,
                f'"{name}" is no approach that gtpipe knows',
                did_you_mean(name, APPROACHES) or f"Write {' or '.join(APPROACHES)}",
            )
        )
    return APPROACHES.get(name, GROUNDED_THEORY)


def _stages_on(listed: Iterable[str], approach: Approach) -> tuple[str, ...]:
    """Those that have a line. Studies that were begun when only the first two had one name none of
    the others: theirs are those of the approach.
    """
    listed = {*listed}
    if not listed - {*STAGES[:2]}:
        return approach.stages
    return tuple(stage for stage in STAGES if stage in listed)


def _fields_of(pair: Pair | None, known: Iterable[str], problems: list[Problem]) -> dict[str, Pair]:
    if pair is None or _is_empty(pair):
        return {}
    return (
        yamltext.fields(pair[1], known, FILE, f'"{pair[0].value}"', problems)
        if known
        else _nothing(pair, problems)
    )


def _shapes(pair: Pair | None, problems: list[Problem]) -> tuple[Shape, ...]:
    if pair is None or _is_empty(pair):
        return ()
    if not isinstance(pair[1], Mapping):
        problems.append(
            error(FILE, pair[1].line, '"shapes" must be lines of `NAME:` with fields below each')
        )
        return ()
    return tuple(
        shapes.shape_of(
            key.value,
            yamltext.fields(value, shapes.FIELDS, FILE, f'"{key.value}"', problems),
            FILE,
            problems,
        )
        for key, value in pair[1].pairs
    )


def _procedures(pair: Pair | None, problems: list[Problem]) -> dict[str, str]:
    if pair is None or _is_empty(pair):
        return {}
    if not isinstance(pair[1], Mapping):
        what = '"procedures" must be lines of `NAME: why`'
        problems.append(error(FILE, pair[1].line, what))
        return {}
    found: dict[str, str] = {}
    for key, value in pair[1].pairs:
        because = yamltext.text_of((key, value), FILE, problems)
        if not because or key.value in found:
            what = "stands twice" if key.value in found else "is switched on without a reason"
            do = (
                "Keep one" if key.value in found else f"Write `{key.value}: why the study needs it`"
            )
            problems.append(error(FILE, key.line, f'the procedure "{key.value}" {what}', do))
        found[key.value] = because
    return found


def _is_empty(pair: Pair) -> bool:
    return isinstance(pair[1], Scalar) and pair[1].value == ""


def _nothing(pair: Pair, problems: list[Problem]) -> dict[str, Pair]:
    if not isinstance(pair[1], Mapping) or pair[1].pairs:
        problems.append(
            error(
                FILE,
                pair[1].line,
                f'"{pair[0].value}" has no settings',
                f"Write `{pair[0].value}: {{}}`",
            )
        )
    return {}


def _researchers(pair: Pair | None, problems: list[Problem]) -> dict[str, str]:
    if pair is None or _is_empty(pair):
        return {}
    node = pair[1]
    if not isinstance(node, Mapping):
        problems.append(
            error(FILE, node.line, '"researchers" must be lines of `INITIALS: Full Name`')
        )
        return {}
    found: dict[str, str] = {}
    for key, value in node.pairs:
        if not re.fullmatch(r"[^\W_]+", key.value):
            problems.append(
                error(
                    FILE,
                    key.line,
                    f'"{key.value}" cannot be initials',
                    "Letters and digits only: `PM`",
                )
            )
        elif key.value.casefold() in {initials.casefold() for initials in found}:
            problems.append(
                error(
                    FILE,
                    key.line,
                    f'the initials "{key.value}" stand twice',
                    "Give each person their own",
                )
            )
        else:
            found[key.value] = yamltext.text_of((key, value), FILE, problems)
    return found


def _labels(pair: Pair | None, problems: list[Problem]) -> tuple[str, ...]:
    if pair is None or _is_empty(pair):
        return ()
    node = pair[1]
    labels: list[str] = []
    for item in node.items if isinstance(node, Sequence) else (node,):
        if not isinstance(item, Scalar):
            what = f'"{pair[0].value}" must be a list of labels'
            problems.append(error(FILE, item.line, what, "Like `[I, Interviewer]`"))
            return ()
        labels.append(item.value.strip())
    return tuple(labels)


def _look_for(pair: Pair | None, problems: list[Problem]) -> tuple[str, ...]:
    """The identifiers to look for, in the order of `IDENTIFIERS`: all where nothing is said, and
    none of an empty list.
    """
    if pair is None:
        return IDENTIFIERS
    chosen = _labels(pair, problems)
    problems += [
        error(
            FILE,
            pair[1].line,
            f'"{name}" is nothing that gtpipe looks for',
            did_you_mean(name, IDENTIFIERS) or f"Write some of {', '.join(IDENTIFIERS)}",
        )
        for name in chosen
        if name not in IDENTIFIERS
    ]
    return tuple(name for name in IDENTIFIERS if name in chosen)


def _line_width(pair: Pair | None, problems: list[Problem]) -> int:
    if pair is None or _is_empty(pair):
        return 0
    typed = yamltext.text_of(pair, FILE, problems)
    if typed.isdecimal() and int(typed) in LINE_WIDTHS:
        return int(typed)
    do = f"Write a number of characters from {LINE_WIDTHS[0]} to {LINE_WIDTHS[-1]}, as 72"
    problems.append(error(FILE, pair[1].line, f'"line-width" is "{typed}"', do))
    return 0


def _yes_no(pair: Pair | None, default: bool, problems: list[Problem]) -> bool:
    if pair is None:
        return default
    value = yamltext.text_of(pair, FILE, problems)
    if value not in ("true", "false"):
        problems.append(
            error(FILE, pair[1].line, f'"{pair[0].value}" is "{value}"', "Write `true` or `false`")
        )
    return value == "true"
