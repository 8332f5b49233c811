"""What `gtpipe ingest` asks where a source alone does not say who speaks: questions made of what is
wrong with its reading, and each answer as the options that say the same on the command line.

Nothing here reads or writes: `cli.ingest_session` shows the questions, and the source is read anew
with each answer.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from gtpipe.model import limits
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem, UsageError
from gtpipe.model.shape import ABOVE, NO_SHAPE, SPLIT, WORDS, Shape
from gtpipe.readers.lines.known_shapes import KNOWN_SHAPES
from gtpipe.readers.reading import Reading
from gtpipe.sources.options import Options, answers_of, columns_of
from gtpipe.sources.source_reader import Taken

TYPED = "…"  # in the options of a choice: what the person typed
EXAMPLES = 3
TURNS = 5  # the first ones, shown before anything is written
_LONGEST = 100  # characters of an example
_SLIP = re.compile(r'Did you mean "(?P<twin>[^"]+)"\? (?P<option>--\w+) ')
_LEFT_OUT = re.compile(r"[Ll]eave --\S+ out")  # an option that answers nothing


@dataclass(frozen=True)
class Choice:
    """An answer: the key to type ('' for words of the person's own), what it means, and the options
    it stands for. With `TYPED` in its options it takes what is typed behind the key.
    """

    key: str
    means: str
    options: tuple[str, ...]

    @property
    def takes_words(self) -> bool:
        return any(TYPED in option for option in self.options)


@dataclass(frozen=True)
class Question:
    """What is asked, of which place or label, with lines of the source to decide by."""

    asks: str
    examples: tuple[str, ...]
    choices: tuple[Choice, ...]
    about: str = ""

    def answer(self, typed: str) -> tuple[str, ...]:
        """The options that an answer stands for. Raises UsageError where it is none.

        >>> question = Question("Who?", (), (Choice("p", "participant", ("--participant", "…")),))
        >>> question.answer("p Ben")
        ('--participant', 'Ben')
        """
        if typed.startswith("--"):
            try:
                return tuple(shlex.split(typed))
            except ValueError as exc:
                raise UsageError(f"{typed}: {exc}") from None
        key, _, words = typed.partition(" ")
        takes_labels = any(not choice.key for choice in self.choices)  # `A` may be one
        for choice in self.choices:
            if not choice.takes_words and choice.key in (
                typed,
                "" if takes_labels else typed.casefold(),
            ):
                return choice.options
        for choice in self.choices:
            if not choice.takes_words:
                continue
            given = words.strip() if choice.key and key.casefold() == choice.key else ""
            given = given or ("" if choice.key else typed)
            if given:
                return tuple(option.replace(TYPED, given) for option in choice.options)
        keys = [f"{choice.key} …" if choice.takes_words else choice.key for choice in self.choices]
        raise UsageError(
            f"Type {limits.some(filter(str.strip, keys))}, or an option of gtpipe ingest"
        )


# --- the questions --------------------------------------------------------------------------------


def questions_of(
    problems: Iterable[Problem], reading: Reading | None, text: str, fits: Sequence[tuple[str, int]]
) -> list[Question]:
    """A question for each error that an option answers: who speaks first, since what else there is
    to ask depends on it.

    `text` is the source as text, '' where there is none; `fits` are shapes to offer.
    """
    found = [
        question
        for problem in problems
        if problem.is_error and (question := _question(problem, reading, text, fits))
    ]
    found = [_with_encodings(question, problems) for question in found]
    return sorted(found, key=lambda question: not question.about)


def _with_encodings(question: Question, problems: Iterable[Problem]) -> Question:
    """Where it is asked for an encoding: those to choose from, each with what it makes of the
    source.
    """
    if not any("--encoding" in choice.options for choice in question.choices):
        return question
    named = [
        (name, problem.excerpt)
        for problem in problems
        for name in options_in(problem.what).get("--encoding", ())
    ]
    return replace(
        question,
        examples=tuple(f"{number}: {excerpt}" for number, (_, excerpt) in enumerate(named, 1)),
        choices=(
            *(
                Choice(str(number), name, ("--encoding", name))
                for number, (name, _) in enumerate(named, 1)
            ),
            *question.choices,
        ),
    )


def can_be_answered(problems: Iterable[Problem]) -> bool:
    """Whether each of the errors names an option that says whose words these are."""
    errors = [problem for problem in problems if problem.is_error]
    return all(options_in(f"{one.what} {one.do}").keys() - {"--as"} for one in errors)


def _question(
    problem: Problem, reading: Reading | None, text: str, fits: Sequence[tuple[str, int]]
) -> Question | None:
    offered = options_in(problem.do)
    if not offered:
        return None
    examples = _examples(problem.about, reading, text) if problem.about else ()
    examples = examples or tuple(filter(None, [one_line(problem.excerpt)]))
    if problem.about and "--interviewer" in offered:
        who = (*_who_else(problem.do, offered), *_who(problem.about, reading))
        slip = _SLIP.match(problem.do)
        asks = _form(problem, reading, text) + (f' Did you mean "{slip["twin"]}"?' if slip else "")
        return Question(asks, examples, who, problem.about)
    choices = _choices(problem, offered, reading, fits)
    asks = f"{problem.what[0].upper()}{problem.what[1:]}."
    if len(choices) < 2 and not any(choice.takes_words for choice in choices):
        asks += f" {problem.do}."  # what else there is to answer is an option, to be typed
    return Question(asks, examples, choices)


def _form(problem: Problem, reading: Reading | None, text: str) -> str:
    """`respondent 1: — 34 times. Speaker, or words?`"""
    label = problem.about
    turns = reading.labels().get(label, (0, 0))[0] if reading else 0
    count = turns or len(_lines_with(label, text)) or 1
    many = "once" if count == 1 else f"{count} times"
    heading = " heading," if reading and _is_first(label, reading) else ""
    return f"{label}: — {many}. Speaker,{heading} or words?"


def _is_first(label: str, reading: Reading) -> bool:
    """Whether a label comes once and before any other that comes again: it may be of a heading."""
    counts = reading.labels()
    again = [line for count, line in counts.values() if count > 1]
    count, line = counts.get(label, (0, 0))
    return count == 1 and line < min(again, default=0)


def _who_else(advice: str, offered: dict[str, list[str]]) -> tuple[Choice, ...]:
    """The known speaker whose label this is but for a slip, where the message says so."""
    if not (found := _SLIP.match(advice)):
        return ()
    option = found["option"]
    return (Choice("s", f'the same as "{found["twin"]}"', (option, offered[option][0])),)


def _who(label: str, reading: Reading | None) -> tuple[Choice, ...]:
    words = ("--not-a-speaker", label)
    heading = [Choice("h", "heading", (*words, "--skip-heading"))]
    return (
        Choice("i", "interviewer", ("--interviewer", label)),
        Choice("p", "participant", ("--participant", label)),
        Choice("p", "participant NAME", ("--participant", f"{label}={TYPED}")),
        Choice("w", "no speaker: words of the one above", words),
        *(heading if reading and _is_first(label, reading) else ()),
    )


def _choices(
    problem: Problem,
    offered: dict[str, list[str]],
    reading: Reading | None,
    fits: Sequence[tuple[str, int]],
) -> tuple[Choice, ...]:
    """What may be answered, by the options that the message offers."""
    if "--labels-within" in offered:
        return (
            Choice("s", "a turn begins there", ("--labels-within", SPLIT)),
            Choice("w", "these are words", ("--labels-within", WORDS)),
        )
    if "--time" in offered:
        return (
            Choice("t", "they are times", ("--time", offered["--time"][0])),
            Choice("w", "they are words", ("--time", "none")),
        )
    if "--skip-heading" in offered:
        return (
            Choice("h", "a heading, to be left out", ("--skip-heading",)),
            Choice("", "or who speaks there", ("--unlabelled", TYPED, "--heading-to", "0")),
        )
    if "--heading-to" in offered:
        last = reading.left_out[-1][0] if reading and reading.left_out else 0
        ends = offered["--heading-to"][-1]
        return (
            Choice("h", f"all of it is a heading, to line {last}", ("--heading-to", str(last))),
            Choice(
                "h", "a heading to line NUMBER, and talk from there on", ("--heading-to", TYPED)
            ),
            Choice("", "or who speaks there", ("--unlabelled", TYPED, "--heading-to", ends)),
        )
    if "--bold-is" in offered:
        return (Choice("", "the label of who says what is bold or italic", ("--bold-is", TYPED)),)
    if "--encoding" in offered:
        return (Choice("", "the name of the encoding", ("--encoding", TYPED)),)
    if "--monologue" in offered:
        alone = ["--monologue", TYPED, "--participant", TYPED]
        alone += ["--unlabelled", ABOVE] if "--unlabelled" in offered else []
        return (*shape_choices(fits), Choice("m", "NAME speaks throughout", tuple(alone)))
    if "--unlabelled" in offered:
        goes_on = Choice("a", "they go on with the speaker above", ("--unlabelled", ABOVE))
        return (
            *([goes_on] if ABOVE in offered["--unlabelled"] else ()),
            Choice("", "or the label of whose words they are", ("--unlabelled", TYPED)),
        )
    if "--not-a-speaker" in offered and problem.about:
        return (
            Choice("w", "no speaker: words of the one above", ("--not-a-speaker", problem.about)),
        )
    if "--participant" in offered and problem.about:
        named = ("--participant", f"{problem.about}={TYPED}")
        return (Choice("", "another name for this participant", named),)
    return ()


def shape_choices(fits: Iterable[tuple[str, int]]) -> tuple[Choice, ...]:
    """Known shapes to choose from, by number."""
    examples = {shape.name: shape.label.split("\n")[0] for shape in KNOWN_SHAPES}
    return tuple(
        Choice(
            str(number),
            f"the form {name} ({examples.get(name, 'of this study')}): {turns} turns",
            ("--shape", name),
        )
        for number, (name, turns) in enumerate(fits, 1)
    )


def is_it_right(fits: Iterable[tuple[str, int]]) -> Question:
    """What is asked once nothing is in doubt, and the answer is no."""
    return Question("What is wrong? Say it with an option.", (), shape_choices(fits))


def options_in(advice: str) -> dict[str, list[str]]:
    """The options that a message names, and the words behind each.

    >>> options_in("If they are times, --time '#0:03#'; if words, --time none")
    {'--time': ['#0:03#', 'none']}
    """
    advice = _LEFT_OUT.sub("", advice)
    try:
        words = shlex.split(advice)
    except ValueError:  # an apostrophe of the message's own
        words = advice.split()
    found: dict[str, list[str]] = {}
    for word, behind in zip(words, [*words[1:], ""], strict=False):
        name = word.strip(";,.")
        if name in OPTIONS:
            values = found.setdefault(name, [])
            if name == word:
                values.append(behind.rstrip(";,."))
    return found


def _lines_with(label: str, text: str) -> list[str]:
    """The lines that begin with a label, and with no longer one, as `F1/F2` is."""
    begins = re.compile(rf"[\s*_>#[(<]*{re.escape(label)}(?![\w/&+])")
    return [line.strip() for line in text.split("\n") if begins.match(line)]


def _examples(label: str, reading: Reading | None, text: str) -> tuple[str, ...]:
    """Three lines that begin with a label."""
    lines = _lines_with(label, text)
    if not any(line.strip("*_: \t") != label for line in lines):  # it stands above its words
        turns = reading.turns if reading else ()
        lines = [f"{label}: {one_line(turn.text)}" for turn in turns if turn.label == label]
    return tuple(limits.cut(line, _LONGEST) for line in lines[:EXAMPLES])


# --- the answers ----------------------------------------------------------------------------------

_OF_COMMAND: dict[str, Callable[[Options, str], Options]] = {
    "--interviewer": lambda told, word: replace(told, interviewers=(*told.interviewers, word)),
    "--participant": lambda told, word: replace(told, participants=(*told.participants, word)),
    "--not-a-speaker": lambda told, word: replace(told, not_speakers=(*told.not_speakers, word)),
    "--monologue": lambda told, word: replace(told, monologue=word),
    "--shape": lambda told, word: replace(told, shape=word),
    "--as": lambda told, word: replace(told, as_name=word),
    "--columns": lambda told, word: replace(told, columns=columns_of(word)),
}
_OF_FORM: dict[str, Callable[[str], Shape]] = {
    "--label": lambda word: answers_of(label=[word]),
    "--time": lambda word: answers_of(time=word),
    "--unlabelled": lambda word: answers_of(unlabelled=word),
    "--bold-is": lambda word: answers_of(bold=word),
    "--labels-within": lambda word: answers_of(within=word),
    "--heading-to": lambda word: answers_of(heading_to=_line(word)),
    "--encoding": lambda word: answers_of(encoding=word),
}
OPTIONS = (*_OF_COMMAND, *_OF_FORM, "--skip-heading", "--line-numbers")


def with_options(options: Options, words: Sequence[str]) -> Options:
    """`options`, and what further ones say as they are typed. Raises UsageError."""
    left = list(words)
    while left:
        name = left.pop(0)
        if name == "--skip-heading":
            options = replace(options, skip_heading=True)
        elif name == "--line-numbers":
            options = _answered(options, answers_of(line_numbers=True))
        elif name not in OPTIONS:
            raise UsageError(f"{name} is no option that answers here: {limits.some(OPTIONS)}")
        elif not left:
            raise UsageError(f"{name} needs something behind it")
        elif name in _OF_COMMAND:
            options = _OF_COMMAND[name](options, left.pop(0))
        else:
            options = _answered(options, _OF_FORM[name](left.pop(0)))
    return options


def _answered(options: Options, form: Shape) -> Options:
    labels = "\n".join(filter(None, (options.answers.label, form.label)))
    return replace(options, answers=replace(options.answers.with_answers(form), label=labels))


def _line(word: str) -> int:
    if not word.isdecimal():
        raise UsageError(f"--heading-to {word}: give the number of a line")
    return int(word)


def learned(taken: Taken, options: Options, own: Iterable[Shape]) -> Shape:
    """What the answers say of the form of a source that the next one may need as well; `NO_SHAPE`
    where it is nothing, or one of the study's `own` forms.
    """
    answered = options.shape or replace(options.answers, heading_to=-1) != NO_SHAPE
    if taken.reading is None or not answered:
        return NO_SHAPE
    form = replace(taken.reading.shape, name="", heading_to=-1)
    return NO_SHAPE if form in [replace(shape, name="") for shape in own] else form
