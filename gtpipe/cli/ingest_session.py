"""The questions of `gtpipe ingest --ask`, asked at the terminal: who speaks, whose words are these.

Each answer stands for options of the command, and the source is read anew with them. Nothing is
written before the last question is answered; `q`, Ctrl-D and Ctrl-C leave everything as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import typer

from gtpipe.cli.options import ask_line_or_end
from gtpipe.commands.ingest import Answered, take_answered
from gtpipe.model import limits
from gtpipe.model.problems import Problem, UsageError, UserError, in_shell
from gtpipe.model.shape import NO_SHAPE, Shape
from gtpipe.render.ingest import understood
from gtpipe.render.terminal import in_one_line, say, show_problems
from gtpipe.sources.catalogue import SourceCatalogue
from gtpipe.sources.options import Options
from gtpipe.sources.questions import Question, is_it_right, learned, questions_of, with_options
from gtpipe.sources.source_reader import Taken
from gtpipe.store.layout import Study


def ask(
    study: Study, files: Sequence[Path], options: Options, always: bool
) -> dict[Path, Answered]:
    """What a person answers of each file; `always`, of those too that leave nothing in doubt.

    Raises UserError for what no answer mends, typer.Exit where the person leaves.
    """
    return IngestSession(study, options, always).through(files)


class IngestSession:
    """One command's questions; what is learned of a file holds for the next."""

    def __init__(self, study: Study, options: Options, always: bool) -> None:
        self.study, self.options = study, replace(options, dry_run=True)
        self.dry_run, self.always = options.dry_run, always
        self.catalogue = SourceCatalogue(study, self.options)
        self.taken: list[Taken] = []
        self.forms: list[Shape] = []

    def through(self, files: Sequence[Path]) -> dict[Path, Answered]:
        inside = [self.study.path(path) for path in self.catalogue.sources]
        answers = {}
        for file in files or inside:
            taken, options = self._asked(file)
            if taken.known:
                continue
            options = replace(options, dry_run=self.dry_run)
            answers[file] = Answered(options, self._kept(taken, options))
            self.taken.append(taken)
        return answers

    # --- one file -----------------------------------------------------------------------------

    def _asked(self, file: Path) -> tuple[Taken, Options]:
        """A source read with nothing left in doubt, and the options for it."""
        options, words = self.options, tuple[str, ...]()
        before: list[tuple[Options, tuple[str, ...]]] = []
        taken, problems, fits = self._read(file, options)
        if taken and (taken.known or not (self.always or _in_doubt(problems))):
            return taken, options
        say(f"{in_one_line(file.name)}: q stops, back takes the last answer back.")
        while True:
            questions = self._questions(taken, problems, fits)
            more: tuple[str, ...] = ()
            if not questions and _in_doubt(problems):
                if not before:
                    raise UserError(*problems)
                show_problems(problems, self.study.root)  # and the answer is taken back
            elif not questions and taken and self._is_right(taken):
                break
            else:
                more = self._answer(questions[0] if questions else is_it_right(fits), options)
            if more:
                before.append((options, words))
                options, words = with_options(options, more), (*words, *more)
            elif before:
                options, words = before.pop()
            taken, problems, fits = self._read(file, options)
        if words:
            say(f"Without questions, these options say the same: {' '.join(map(in_shell, words))}")
        return taken, options

    def _read(
        self, file: Path, options: Options
    ) -> tuple[Taken | None, Sequence[Problem], Sequence[tuple[str, int]]]:
        """What came of a source, what is wrong with it, and the known shapes that may fit."""
        try:
            taken = take_answered(self.catalogue, file, options, self.taken, self.forms)
        except UserError as exc:
            try:
                return (
                    None,
                    exc.problems,
                    self.catalogue.reader.fits(file.read_bytes(), str(file), None),
                )
            except (UserError, OSError):
                return None, exc.problems, ()
        return taken, taken.problems, taken.fits

    def _questions(
        self, taken: Taken | None, problems: Sequence[Problem], fits: Sequence[tuple[str, int]]
    ) -> list[Question]:
        if taken is None:
            return questions_of(problems, None, "", fits)
        return questions_of(problems, taken.reading, taken.text, fits)

    def _answer(self, question: Question, options: Options) -> tuple[str, ...]:
        """The options that the person's answer stands for, asked again until it is one; none to
        take the last answer back.
        """
        say()
        say(question.asks)
        for example in question.examples:
            say(f"    | {in_one_line(example)}")
        for choice in question.choices:
            key = f"{choice.key} …" if choice.key and choice.takes_words else choice.key
            say(f"  {key:4} {choice.means}")
        while True:
            typed = _typed("> ")
            if typed == "back":
                return ()
            if not typed:
                continue
            try:
                words = question.answer(typed)
                told = with_options(options, words)
                # What does not go with the settings or with other answers is told at once.
                _ = SourceCatalogue(self.study, told, self.catalogue.snapshot).reader.shape
            except UsageError as exc:
                say(str(exc))
                continue
            return words

    def _is_right(self, taken: Taken) -> bool:
        say()
        for line in understood([taken]):
            say(line)
        show_problems(taken.problems, self.study.root)
        while (typed := _typed("Is that right? [y/n] ").casefold()) not in ("", "y", "yes"):
            if typed in ("n", "no"):
                return False
        return True

    def _kept(self, taken: Taken, options: Options) -> Shape:
        """The form of a source under the name that the person gives it for the study; NO_SHAPE
        where there is nothing to keep, or it is not to be kept.
        """
        known = (*self.catalogue.reader.shapes, *self.forms)
        form = learned(taken, options, known)
        if form == NO_SHAPE:
            return NO_SHAPE
        say("This form can be kept in data/shapes.yaml, for the study's next files.")
        names = {shape.name for shape in known}
        while name := _typed("A name for it (Enter: do not keep it): "):
            if name not in names:
                self.forms.append(replace(form, name=name))
                return self.forms[-1]
            say(f'There is a form "{name}" already: {limits.some(sorted(names))}')
        return NO_SHAPE


def _in_doubt(problems: Sequence[Problem]) -> bool:
    return any(problem.is_error for problem in problems)


def _typed(question: str) -> str:
    """A line that the person types. Raises typer.Exit where they leave."""
    typed = ask_line_or_end(question)
    if typed is None or typed == "q":  # `Q` may be a label
        say("Nothing was written.")
        raise typer.Exit(1)
    return typed
