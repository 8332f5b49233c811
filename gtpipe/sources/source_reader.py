"""One source read, out of its bytes, with what is known of who speaks: proved to have lost no word.

Nothing else is read, and nothing written: any process may do it, on any machine (`of_task`).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from gtpipe.analysis import coverage, speakers
from gtpipe.formats import transcripts
from gtpipe.model.problems import Problem, UserError, error, note
from gtpipe.model.records import Interview
from gtpipe.model.shape import Shape
from gtpipe.readers.lines.known_shapes import KNOWN_SHAPES
from gtpipe.readers.reading import Hints, Line, Reading
from gtpipe.sources.options import Options, shape_of
from gtpipe.store.layout import SETTINGS, fingerprint, transcript_of


@dataclass(frozen=True)
class Taken:
    """What became of one source: `known` when it stood already; else its reading and the interview
    made of it.

    `most` is what the file is open to, and so the most that its copy and its transcript may be.
    In a dry run, `text` is the source as text where it can be had, `account` says what each line of
    it is, and `fits` which known shapes find as many turns in it, each with how many.
    """

    shown: str
    name: str
    known: bool
    reading: Reading | None = None
    interview: Interview | None = None
    content: bytes = b""
    source: str = ""
    problems: tuple[Problem, ...] = ()
    most: int = 0o666
    text: str = ""
    account: tuple[coverage.Share, ...] = ()
    fits: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class SourceReader:
    """What sources are read by: the options of a command, who is who, and the forms that the study
    knows by name.
    """

    options: Options
    roles: speakers.Roles
    shapes: tuple[Shape, ...]

    @cached_property
    def shape(self) -> Shape:
        """What is declared of the sources. Raises UserError, UsageError."""
        return shape_of(self.options, self.shapes)

    def read(self, content: bytes, shown: str, name: str, target: str) -> Taken:
        """What a source says, called `shown`, as the interview `name`; it is kept at `target`.

        Raises UserError.
        """
        refused: UserError | None = None
        try:
            taken = self._read_as(self.shape, content, shown, name, target)
        except UserError as exc:
            refused, taken = exc, Taken(shown, name, False, problems=exc.problems)
        if _has_errors(taken) and not self.options.shape:
            told = self._by_a_form_of_the_study(content, shown, name, target)
            refused, taken = (None, told) if told else (refused, taken)
        if refused is not None:
            fits = self.fits(content, shown, None) if self.options.dry_run else ()
            begin = (
                (f"{turns} turns begin as in the form {form}", f"--shape {form} reads it so")
                for form, turns in fits
            )
            raise UserError(*refused.problems, *(note(shown, None, *words) for words in begin))
        if self.options.dry_run and taken.reading is not None:
            return self._with_account(taken, taken.reading)
        return taken

    def _with_account(self, taken: Taken, reading: Reading) -> Taken:
        from gtpipe.readers import registry

        hints = self._hints(reading.shape)
        text = registry.control_text(taken.content, taken.shown, hints)
        lines = text if is_of_lines(reading) else None
        return replace(
            taken,
            text=text or "",
            account=coverage.account(reading, lines, self.options.skip_heading),
            fits=() if self.options.shape else self.fits(taken.content, taken.shown, reading),
        )

    def _by_a_form_of_the_study(
        self, content: bytes, shown: str, name: str, target: str
    ) -> Taken | None:
        """A source by the first of the study's forms that leaves nothing in doubt, with a remark
        that says so. (Those with a label are tried where the lines are read.)
        """
        for form in (form for form in self.shapes if not form.label):
            try:
                taken = self._read_as(form.with_answers(self.shape), content, shown, name, target)
            except UserError:
                continue
            if taken.reading is not None and not _has_errors(taken):
                remarks = (*taken.reading.remarks, f"read in the form {form.name}")
                return replace(taken, reading=replace(taken.reading, remarks=remarks))
        return None

    def fits(
        self, content: bytes, shown: str, reading: Reading | None
    ) -> tuple[tuple[str, int], ...]:
        """The two known shapes that find most turns in a text, if not fewer than `reading` has, and
        how many.
        """
        from gtpipe.readers import registry
        from gtpipe.readers.lines import plain
        from gtpipe.readers.lines.shapes import scores
        from gtpipe.readers.lines.turn_layout import SourceLines

        hints = self._hints(reading.shape if reading else self.shape)
        try:
            if registry.reader_of(content, shown) is not plain.READER:
                return ()
            text = registry.control_text(content, shown, hints) or ""
        except (UserError, UnicodeDecodeError):
            return ()
        lines = SourceLines([Line(line, n) for n, line in enumerate(text.split("\n"), 1)])
        least = len(reading.turns) if reading else 0
        found = scores(lines, hints, KNOWN_SHAPES, least, sure=reading is not None)
        read_by = reading.shape.name if reading else ""
        return tuple((shape.name, turns) for shape, turns in found if shape.name != read_by)[:2]

    def _hints(self, shape: Shape) -> Hints:
        return self.roles.hints(self.options.columns, self.options.monologue, shape, self.shapes)

    def _read_as(self, shape: Shape, content: bytes, shown: str, name: str, target: str) -> Taken:
        from gtpipe.readers import registry

        hints = self._hints(shape)
        reading = registry.read(content, shown, hints)
        path = transcript_of(name)
        interview, problems = speakers.interview_of(
            reading,
            name,
            path,
            self.roles,
            date=self.options.date,
            schedule=self.options.schedule,
            source=target.rpartition("/")[2],
            skip_heading=self.options.skip_heading,
            source_path=shown,
        )
        if not any(problem.is_error for problem in problems):
            stored, wrong = transcripts.loads(transcripts.dumps(interview), path)
            plainly = registry.control_text(content, shown, hints)
            lost = coverage.lost_words(reading, stored, plainly) or next(
                (p.what for p in wrong if p.is_error), ""
            )
            if lost:
                problems.append(
                    error(
                        shown,
                        None,
                        f"refused, because words would be lost: {lost}",
                        "Save the file as plain UTF-8 text, one label a turn, and try again",
                    )
                )
        return Taken(shown, name, False, reading, interview, content, target, tuple(problems))


class Task(NamedTuple):
    """A source that a worker is to read: the study's folder, the file with its fingerprint as the
    writer saw it, and what `SourceReader.read` is told.
    """

    root: str
    file: str
    print: str
    shown: str
    name: str
    target: str


def of_task(reader: SourceReader, task: Task) -> Taken | tuple[Problem, ...] | None:
    """What a worker reads, without the bytes, or the problems that it ends with; None where the
    file is not what the writer saw.

    Raises FileNotFoundError where the study is not there.
    """
    try:
        with open(task.file, "rb") as file:
            content = file.read()
    except OSError:
        if not os.path.isfile(os.path.join(task.root, SETTINGS)):
            raise FileNotFoundError(task.root) from None
        return None
    if fingerprint(content) != task.print:
        return None
    return read_of(reader, content, task)


def read_of(reader: SourceReader, content: bytes, task: Task) -> Taken | tuple[Problem, ...]:
    """The same, of the bytes of its file."""
    try:
        return replace(reader.read(content, *task[3:]), content=b"")
    except UserError as exc:
        return exc.problems


def is_of_lines(reading: Reading) -> bool:
    """Whether what the reading counts are the lines of a text."""
    from gtpipe.readers.lines import plain

    return reading.format == plain.READER.name


def _has_errors(taken: Taken) -> bool:
    return any(problem.is_error for problem in taken.problems)
