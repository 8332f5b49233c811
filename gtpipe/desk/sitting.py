"""One person at one study: where they are, what they do, and what the files say after it.

Each act is that of a command, one change of the files and one line of the log, and gives a sentence
to tell. What was changed is read again, and nothing else. Raises UserError where an act cannot be
done; nothing is written then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from functools import cached_property
from typing import NamedTuple, TypeVar

from gtpipe.analysis.labels import was_split
from gtpipe.commands import answer, change_coding, focused_codes, undo_changes, write_comments
from gtpipe.commands.change_codes import ChangeRequest
from gtpipe.commands.change_coding import CodingNamed
from gtpipe.commands.code import add_code
from gtpipe.commands.define import define
from gtpipe.commands.look_up import (
    check_words,
    find_coder,
    find_incident,
    find_interview,
    find_turn,
)
from gtpipe.commands.memo import new_memo
from gtpipe.commands.negative import add_negative_case
from gtpipe.commands.note_on_coding import put_note
from gtpipe.desk import places
from gtpipe.desk.watching import Watch
from gtpipe.formats import sheets
from gtpipe.model.level import INITIAL
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem, UserError, refusal
from gtpipe.model.records import Coding, Comment, IncidentKey, Interview, Span, Turn, split_into
from gtpipe.store import log, transaction
from gtpipe.store.layout import (
    ANSWERS,
    CODEBOOK,
    INGESTED,
    SHEETS,
    SOURCES,
    TRANSCRIPTS,
    Study,
    digest,
    named_in,
)
from gtpipe.store.settings import FILE
from gtpipe.study import Corpus, load, reread
from gtpipe.suggest.records import Suggestion

Done = TypeVar("Done")


class Place(NamedTuple):
    """Where the cursor is: interview, turn, and letter of the turn's words (from 0)."""

    interview: str
    turn: str
    at: int = 0


class Sitting:
    """One person at a study. `changed` counts what was read anew: who shows something looks whether
    it is still what it was.

    `broken` is what makes it read-only until it is mended. `shows_others` says whether second
    coders' codes are seen. `own` is what was written here last: path → digest, None of a file that
    is gone.
    """

    model = ""  # the spaCy pipeline to parse with, where another one is wanted

    def __init__(
        self,
        corpus: Corpus,
        interview: Interview,
        coder: str,
        why: str = "",
        *,
        uncoded: bool = False,
        watch: Watch | None = None,
    ) -> None:
        self.watch = watch or Watch(corpus.study)
        self.study, self.corpus, self.interview = corpus.study, corpus, interview
        self.coder, self.why = coder, why
        self.shows_others = False
        self.changed = 0
        self.broken: Problem | None = None
        turns = self.turns
        if not turns:
            do = "Look at `speakers` in its front matter"
            raise UserError.of(f"no turn of a participant in {interview.name}", do)
        self._found_in: Corpus | None = None
        self._found_of, self._found = "", tuple[Coding, ...]()
        self.place = self._begin(interview, uncoded)
        self._back: list[Place] = []
        self._forward: list[Place] = []
        self.broken = self._find_broken(corpus)
        self.own: dict[str, str | None] = {}
        self._held: dict[str, bytes] = {}

    @classmethod
    def begin(
        cls, study: Study, name: str = "", by: str = "", why: str = "", *, uncoded: bool = False
    ) -> Sitting:
        """At the interview `name`; else at the one left last, the first with turns that the coder
        gave no code, or the first. With `uncoded`, at the first such turn, wherever it was left.
        Raises UserError where there is none.
        """
        watch = Watch(study)  # before it is read: what changes meanwhile is read again
        corpus = load(study)
        coder = find_coder(corpus, by)
        interviews = corpus.material.interviews
        last = "" if uncoded else places.last(study, coder)
        name = name or last
        if name and (name in interviews or name != last):
            first = find_interview(corpus, name)
            return cls(corpus, first, coder, why, uncoded=uncoded, watch=watch)
        coded = {
            (c.interview, id) for c in corpus.codings if c.coder == coder for id in c.stands_at
        }
        waiting = (
            one
            for one in interviews.values()
            if any((one.name, id) not in coded for id in one.participant_ids)
        )
        first = next(waiting, next(iter(interviews.values()), None)) or find_interview(corpus, "")
        return cls(corpus, first, coder, why, uncoded=uncoded, watch=watch)

    # --- where one is -----------------------------------------------------------------------------

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns that one may code: of participants, or all where the study has it so."""
        if self.corpus.settings.sheet_interviewer:
            return tuple(self.interview.turns)
        return self.interview.participant_turns

    @property
    def turn(self) -> Turn:
        """The turn under the cursor."""
        return self.interview.at(self.place.turn)

    def move(self, turn: str, at: int = 0) -> None:
        """The cursor to a place in this interview; the way back does not know it."""
        self.place = Place(self.interview.name, turn, at)

    def go(self, place: Place) -> None:
        """Jump to a place of any interview. `back` leads here again. Raises UserError where there
        is no such place.
        """
        if place != self.place:
            came_from = self.place
            self._go(place)
            self._back.append(came_from)
            self._forward.clear()

    def go_to_incident(self, key: IncidentKey) -> None:
        """Jump to where an incident begins."""
        interview = find_interview(self.corpus, key.interview)
        reached = interview.spans_of(key.turn, key.span)
        turn, span = next(iter(reached.items()))
        self.go(Place(interview.name, turn, span[0] if span else 0))

    def find(self, typed: str) -> Place:
        """Where an interview or an incident begins, as it is typed: `jim`, `jim 12`, `jim 12
        "words"`. Raises UserError where there is none.
        """
        if typed in self.corpus.material.interviews:
            return self._begin(self.corpus.material.interviews[typed])
        incident, interview = find_incident(self.corpus, typed)
        turn = find_turn(interview, incident.turn)
        span = None if incident.words is None else check_words(incident.words, turn, interview)
        first, at = next(iter(interview.spans_of(turn.id, span).items()))
        return Place(interview.name, first, at[0] if at else 0)

    def next_question(self) -> tuple[Place, Comment] | None:
        """The next place, in study order and round again, that a comment without an answer is
        about; and the comment.
        """
        found: list[tuple[Place, Comment]] = []
        for comment in self.corpus.material.comments:
            if not comment.answer:
                with suppress(UserError):
                    found.append((self.find(comment.about.label), comment))
        order = self.corpus.material.order

        def rank(place: Place) -> tuple[int, int, int]:
            interview = self.corpus.material.interviews[place.interview]
            return order[place.interview], interview.position[place.turn], place.at

        found.sort(key=lambda one: rank(one[0]))
        after = (one for one in found if rank(one[0]) > rank(self.place))
        return next(after, found[0] if found else None)

    def back(self) -> bool:
        """To where one jumped from; whether there was such a place."""
        return self._along(self._back, self._forward)

    def forward(self) -> bool:
        """To where one went back from; whether there was such a place."""
        return self._along(self._forward, self._back)

    def _along(self, way: list[Place], behind: list[Place]) -> bool:
        while way:
            here, place = self.place, way.pop()
            try:
                self._go(place)
            except UserError:
                continue  # it is gone by now
            behind.append(here)
            return True
        return False

    def _go(self, place: Place) -> None:
        interview = find_interview(self.corpus, place.interview)
        if interview.turn(place.turn) is None:
            raise UserError.of(f"no turn {place.turn} in {interview.name}")
        if interview is not self.interview:
            self.leave()
            self.interview = interview
            self.broken = self._find_broken(self.corpus)
            self.changed += 1
        self.place = place

    def leave(self) -> None:
        """Keep where to go on the next time."""
        places.leave(self.study, self.interview.name, self.coder, self.place.turn)

    def _begin(self, interview: Interview, uncoded: bool = False) -> Place:
        """Where it was left, unless `uncoded`; else the first turn without a code; else the
        first.
        """
        left = "" if uncoded else places.left(self.study, interview.name, self.coder)
        coded = {id for coding in self.mine for id in coding.stands_at}
        open_turns = (turn.id for turn in self.turns if turn.id not in coded)
        turn = left if left in interview.position else next(open_turns, self.turns[0].id)
        return Place(interview.name, turn)

    # --- what the files say -----------------------------------------------------------------------

    @property
    def codings(self) -> list[Coding]:
        """The codings of this interview that are seen, in the order of their turns."""
        return [c for c in self._here if self.shows_others or c.coder == self.coder]

    @property
    def mine(self) -> list[Coding]:
        """Those of this person."""
        return [c for c in self._here if c.coder == self.coder]

    @property
    def _here(self) -> tuple[Coding, ...]:
        name = self.interview.name
        if self._found_in is not self.corpus or self._found_of != name:
            self._found_in, self._found_of = self.corpus, name
            self._found = self.corpus.codings.of_interview(name)
        return self._found

    def codings_at(self, turn: str) -> list[Coding]:
        """Those seen at a turn, in the order of their words, the whole turn first."""
        here = [c for c in self.codings if turn in c.stands_at]
        return sorted(here, key=lambda c: (self.span_at(c, turn) or (-1, -1), c.where.line))

    def span_at(self, coding: Coding, turn: str) -> Span | None:
        """The words of a coding in one turn; None where that is all of it."""
        return self.interview.spans_of(coding.turn, coding.span).get(turn)

    @property
    def counts(self) -> Counter[str]:
        """Initial code → its incidents, those of the code book that stand nowhere with 0."""
        if self.__dict__.get("_counted") is not self.corpus:
            self._counted = self.corpus
            found = {
                (c.code, c.interview, c.turn, c.span)
                for c in self.corpus.codings
                if c.level == INITIAL
            }
            self._counts = Counter(code for code, *_ in found)
            for label in self.corpus.material.codebook:
                self._counts.setdefault(label, 0)
        return self._counts

    @property
    def recent(self) -> tuple[str, ...]:
        """Codes given in this sitting, the last one first."""
        return tuple(reversed(self._recent))

    @cached_property
    def _recent(self) -> dict[str, None]:
        return {}

    def look_around(self) -> list[str]:
        """Take in what other programs changed since the last time; the paths."""
        found = [path for path in self.watch.changed() if not self._is_own(path)]
        for path in found:
            self.own.pop(path, None)
        if found:
            self.take_in(found)
        return found

    def _is_own(self, path: str) -> bool:
        """Whether a file is what was written here last."""
        if path not in self.own:
            return False
        try:
            return digest(self.study.path(path).read_bytes()) == self.own[path]
        except OSError:
            return self.own[path] is None

    def take_in(self, paths: Iterable[str]) -> None:
        """Read again what was changed in these files, here or by another program: sheets alone, or
        the whole study. What cannot be read makes this read-only, and is shown as it was.
        """
        paths = set(paths) - {ANSWERS}
        names = {named_in(path) for path in paths}
        if not (names <= self.corpus.material.interviews.keys() and all(map(_is_sheet, paths))):
            return self.refresh()
        corpus = self.corpus
        for name in sorted(names):
            corpus = reread(corpus, name)
        return self._take(corpus)

    def refresh(self) -> None:
        """Read everything again."""
        try:
            corpus = load(self.study)
        except UserError as exc:
            self.broken = exc.problems[0]
            self.changed += 1
        else:
            self._take(corpus)

    def _take(self, corpus: Corpus) -> None:
        self.changed += 1
        self.broken = self._find_broken(corpus)
        if self.broken is None:
            self.corpus = corpus
            self.interview = corpus.material.interviews[self.interview.name]
            if self.interview.turn(self.place.turn) is None:
                self.place = self._begin(self.interview)

    def _find_broken(self, corpus: Corpus) -> Problem | None:
        """What keeps the files that this interview is coded in from being read."""
        name = self.interview.name
        sheet = sheets.path_of(name, self.coder, corpus.settings.default_coder)
        here = {self.interview.path, sheet, CODEBOOK, FILE}
        errors = (p for p in corpus.unreadable if p.is_error and p.path in here)
        gone = refusal(f"the transcript of {name} is gone", "Bring it back, or leave with Ctrl-Q")
        return next(errors, None if name in corpus.material.interviews else gone)

    # --- what is done -----------------------------------------------------------------------------

    def code(self, turn: Turn, label: str, words: str | None = None, note: str = "") -> str:
        """One more code at a turn, tied to words of it where given."""
        edit = self._do(
            lambda: add_code(
                self.study,
                self.interview.name,
                turn.id,
                label,
                words=words,
                note=note,
                by=self.coder,
                why=self.why,
            )
        )
        label = label.strip()
        if not edit.changed:
            return f'"{label}" stands at this turn already.'
        self._used(label)
        if edit.interviewer:
            return (
                f'Coded "{label}"; the turn is the interviewer\'s, and counts for no participant.'
            )
        return self._if_old(label) or f'Coded "{label}".'

    def recode(self, coding: Coding, label: str) -> str:
        """Another code in place of this one, with its note and words."""
        named = self._named(coding)
        self._do(lambda: change_coding.recode(self.study, named, label, self._request))
        self._used(label.strip())
        return self._if_old(label.strip()) or f'"{coding.typed}" is "{label.strip()}" now.'

    def drop(self, coding: Coding) -> str:
        """Take a coding out."""
        named, at = self._named(coding), coding.address
        self._do(
            lambda: change_coding.drop(self.study, named.code, at, coding.coder, self._request)
        )
        return f'Took "{coding.typed}" out.'

    def tie(self, coding: Coding, words: str) -> str:
        """Tie a coding to words of its turn."""
        named = self._named(coding)
        self._do(lambda: change_coding.tie(self.study, named, words, self._request))
        return f'Tied "{coding.typed}" to "{one_line(words)}".'

    def loosen(self, coding: Coding) -> str:
        """Let a coding mean its whole turn."""
        named = self._named(coding)
        self._do(lambda: change_coding.loosen(self.study, named, self._request))
        return f'"{coding.typed}" means the whole turn now.'

    def note(self, coding: Coding, note: str) -> str:
        """A note on a coding, in place of the one it had; '' for none."""
        self._named(coding)
        if not self._do(lambda: put_note(self.study, coding, note, by=self.coder, why=self.why)):
            return f'The note on "{coding.typed}" is as it was.'
        done = "Wrote a note on" if note.strip() else "Took out the note on"
        return f'{done} "{coding.typed}".'

    def define(self, label: str, definition: str) -> str:
        """What a code means, written into the code book."""
        values = {"definition": definition}
        self._do(lambda: define(self.study, label, values, by=self.coder, why=self.why))
        return f'Defined "{label}".'

    def take(
        self, suggestion: Suggestion, label: str = "", words: str | None = None, note: str = ""
    ) -> str:
        """Take a suggestion, as it is or edited."""
        taken = self._do(
            lambda: answer.take(
                self.study,
                suggestion,
                label=label,
                words=words,
                note=note,
                by=self.coder,
                why=self.why,
            )
        )
        if not taken.changed_sheet:
            return f'"{taken.label}" stands at this turn already.'
        self._used(taken.label)
        return f'Took "{taken.label}".'

    def reject(self, suggestions: Iterable[Suggestion]) -> str:
        """These are not offered at their turns again."""
        some = list(suggestions)
        self._do(lambda: answer.reject(self.study, some, by=self.coder, why=self.why))
        return f"Rejected {', '.join(one.label for one in some)}."

    def memo(self, title: str, about: tuple[str, ...], prose: str) -> str:
        """A memo with its words; its path."""
        return self._do(
            lambda: new_memo(
                self.study,
                title,
                about=about,
                prose=prose,
                date=date.today().isoformat(),
                by=self.coder,
                why=self.why,
            )
        )

    def take_up(self, label: str, code: str, because: str = "") -> str:
        """An initial code taken up under a focused code, which is made where there is none."""
        if label in self.corpus.material.focused:
            is_new = self._do(
                lambda: focused_codes.take_up(
                    self.study, label, (code,), by=self.coder, why=self.why
                )
            )
            stands = "" if is_new else " already"
            return f'"{label}" takes up "{code}"{stands}.'
        self._do(
            lambda: focused_codes.add_focused(
                self.study, label, takes_up=(code,), because=because, by=self.coder, why=self.why
            )
        )
        return f'"{label}" is new, and takes up "{code}".'

    def negative(self, incident: str, contradicts: str, led_to: str) -> str:
        """An incident that does not fit a code, a category or a relation."""
        found = self._do(
            lambda: add_negative_case(
                self.study, incident, contradicts, one_line(led_to), by=self.coder
            )
        )
        return f"{found.incident} contradicts {found.about}. {found.remark}".rstrip()

    def comment(self, about: str, text: str) -> str:
        """A comment on a code or an incident; a question about a place is one too, until it is
        answered.
        """
        found = self._do(lambda: write_comments.add(self.study, about, text, by=self.coder))
        return f"Comment {found.number}, on {found.about}."

    def undo(self) -> str:
        """Take one's last change back, by the log; also one of before this sitting, where the files
        still stand as it left them.
        """
        return f"Took back: {self._undo(redo=False)}"

    def redo(self) -> str:
        """Bring back what one took back last."""
        return f"Brought back: {self._undo(redo=True)}"

    def _undo(self, redo: bool) -> str:
        undone = self._do(
            lambda: undo_changes.undo(
                self.study,
                redo=redo,
                by=self.coder,
                why=self.why,
                only=self._is_mine,
                held=self._held,
            )
        )
        logged = undone.logged
        is_of_now = all(
            before in self._held if before else path in self.own
            for path, (before, _) in logged.files.items()
        )
        self._go_where(logged.did)
        return logged.command + ("" if is_of_now else " (of before this sitting)")

    def _is_mine(self, line: log.LogRecord) -> bool:
        """Whether this person did it, and to no interview as such: that is not the desk's."""
        return line.by == self.coder and not any(
            path == FILE or path.startswith((f"{TRANSCRIPTS}/", f"{SOURCES}/", f"{INGESTED}/"))
            for path in line.files
        )

    def _go_where(self, did: log.Facts) -> None:
        """To the turn that a change was about, where it is there."""
        interview = self.corpus.material.interviews.get(str(did.get("interview")))
        turn = str(did.get("turn")).partition("-")[0]
        if interview is not None and interview.turn(turn) is not None:
            if interview is not self.interview:
                self.go(Place(interview.name, turn))
            elif turn != self.place.turn:
                self.move(turn)

    def words(self, turn: Turn, span: Span) -> str:
        """The words of a stretch as a sheet names them. Raises UserError unless they stand in the
        turn once.
        """
        words = turn.text[slice(*span)].strip()
        check_words(words, turn, self.interview)
        return one_line(words)

    def _do(self, change: Callable[[], Done]) -> Done:
        """Change files, and read what was changed again; what they held is remembered, for
        `undo`.
        """
        if self.broken is not None:
            raise UserError(self.broken)
        with transaction.gathered() as changes:
            done = change()
        for one in changes:
            self.own[one.path] = None if one.after is None else digest(one.after)
            if one.before is not None:
                self._held[digest(one.before)] = one.before
        if changes:
            self.take_in(one.path for one in changes)
            self.leave()  # for when the line is cut
        return done

    @property
    def _request(self) -> ChangeRequest:
        return ChangeRequest(by=self.coder, why=self.why)

    def _named(self, coding: Coding) -> CodingNamed:
        if coding.coder != self.coder:
            raise UserError.of(f'"{coding.typed}" is a code of {coding.coder}')
        level = "" if coding.level == INITIAL else f"{coding.level}: "
        words = one_line(coding.words or "")
        return CodingNamed(
            coding.interview, coding.turn, f"{level}{coding.typed}", words, coding.coder
        )

    def _used(self, label: str) -> None:
        self._recent.pop(label, None)
        self._recent[label] = None

    def _if_old(self, label: str) -> str:
        """A word where a label that was written is called otherwise now, or was split."""
        codes = self.corpus.material.codebook
        if now := self.corpus.current.get(label):
            return f'"{label}" is called "{now}" now, and counts so. u takes it back.'
        if label not in codes and (parts := split_into(label, codes)):
            return f"{was_split(label, parts).what}. u takes it back, to give one of these."
        return ""


def _is_sheet(path: str) -> bool:
    return path.startswith(f"{SHEETS}/")
