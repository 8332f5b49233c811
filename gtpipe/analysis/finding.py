"""`find`: a text or a pattern in the words of turns, in codes, in notes and in memos, each with the
words around it.

A text is found whatever its capitals, line breaks and typography: `don't` finds `don’t`, a hyphen a
dash, and letters that look the same one another. A pattern between slashes is Python's (`re`), as
typed. The reflexive diary is private and is not looked into.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from gtpipe.model import typography
from gtpipe.model.codings import Codings
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, Level, MaybeLevel
from gtpipe.model.names import label_order, one_line
from gtpipe.model.problems import UsageError
from gtpipe.model.records import FocusedCode, Interview, Material

WORDS, CODES, NOTES, MEMOS = "words", "codes", "notes", "memos"
EVERYWHERE = (WORDS, CODES, NOTES, MEMOS)
HEADER = (
    "in",
    "interview",
    "turn",
    "participant",
    "coder",
    "level",
    "name",
    "field",
    "before",
    "match",
    "after",
    "codes",
)
TOGETHER = 500  # texts that are looked into at once, to leave out those in which nothing is
AROUND = 60  # characters on each side, to the next end of a word

_ALIKE = (typography.APOSTROPHES, '"“”„‟«»', "-‐‑‒–—―−")


_BREAK = r"\s+"
_SPACE, _SPACES = re.compile(r"\s"), re.compile(r"\s+")


def _flat(text: str) -> str:
    return _SPACES.sub(" ", text) if "\n" in text or "\t" in text else text


class Hit(NamedTuple):
    """One place. `within` is one of `EVERYWHERE`; `name` the label or memo, `field` what of it;
    `start` and `end` where in `text`.

    `codes` are those at the turn, focused ones marked.
    """

    within: str
    text: str
    start: int
    end: int
    interview: str = ""
    turn: str = ""
    participant: str = ""
    coder: str = ""
    level: MaybeLevel = ""
    name: str = ""
    field: str = ""
    codes: tuple[str, ...] = ()

    @property
    def match(self) -> str:
        return self.text[self.start : self.end]

    @property
    def before(self) -> str:
        """What stands before, from the beginning of a word; all of it where it is little."""
        start = self.start - AROUND
        if start <= 0:
            return self.text[: self.start]
        space = _SPACE.search(self.text, start, self.start)
        return self.text[space.end() if space else start : self.start]

    @property
    def after(self) -> str:
        """What stands behind, to the end of a word."""
        found = self.text[self.end : self.end + AROUND]
        if self.end + AROUND >= len(self.text):
            return found
        return (
            found[: max(found.rfind(" "), found.rfind("\n"))]
            if " " in found or "\n" in found
            else found
        )

    @property
    def in_context(self) -> tuple[str, tuple[int, int]]:
        """The match and the words around it in one line, and its place there; `…` for what is left
        out.
        """
        before, match, after = self.before, _flat(self.match), self.after
        shown = ("" if len(before) == self.start else "… ") + _flat(before)
        return (
            shown
            + match
            + _flat(after)
            + ("" if self.end + len(after) == len(self.text) else " …"),
            (len(shown), len(shown) + len(match)),
        )

    @property
    def row(self) -> tuple[object, ...]:
        return (
            self.within,
            self.interview,
            self.turn,
            self.participant,
            self.coder,
            self.level,
            self.name,
            self.field,
            self.before,
            self.match,
            self.after,
            list(self.codes),
        )


class Wanted(NamedTuple):
    """What is looked for. `as_it_looks`: in texts as they look, and not character by character.

    `in_file` finds it in the file of a transcript, where a backslash may begin a line.
    """

    pattern: re.Pattern[str]
    as_it_looks: bool = True
    in_file: re.Pattern[str] | None = None

    def may_stand_in(self, transcript: str) -> bool:
        """False where it stands in no turn of a transcript, whose file has the words `transcript`.

        A turn begins behind a colon or a space and ends before a space: nothing that stands there
        changes how its words look.
        """
        return self.in_file is None or bool(self.in_file.search(typography.visible(transcript)))

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where it stands in `text`."""
        if not self.as_it_looks or typography.is_plain(text):
            if self.pattern.search(text) is None:
                return []
            found = [match.span() for match in self.pattern.finditer(text)]
            return [span for span in found if span[0] < span[1]]
        if not self.pattern.search(typography.same(text)):
            return []
        folded = typography.fold(text)
        spans = [folded.span(*match.span()) for match in self.pattern.finditer(folded.text)]
        return [span for span in spans if span is not None]


def pattern(typed: str, *, apostrophes: bool = True) -> Wanted:
    """What is looked for; without `apostrophes`, one more or less in a word does not matter.

    Raises UsageError for nothing, and for a pattern that is none.
    """
    if len(typed) > 2 and typed.startswith("/") and typed.endswith("/"):
        import warnings

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return Wanted(re.compile(typed[1:-1]), False)
        except (re.error, OverflowError, RecursionError) as exc:
            raise UsageError(
                f"{typed} is not a pattern: {exc}. To look for these very characters, leave the "
                "slashes away"
            ) from None
    words = typography.same(typed)
    if not words:
        raise UsageError("say what to look for: gtpipe find TEXT, or /PATTERN/")
    between = ""
    if not apostrophes:
        inside = rf"(?<=\w)[{typography.APOSTROPHES}](?=\w)"
        words, between = re.sub(inside, "", words), f"(?:{inside})?"
    form = _form(words, between)
    in_file = form.replace(_BREAK, rf"{_BREAK}\\?")
    return Wanted(re.compile(form, re.IGNORECASE), in_file=re.compile(in_file, re.IGNORECASE))


def _form(words: str, between: str = "") -> str:
    """A pattern for words, typography apart, with `between` two of their letters."""
    letters = re.findall(r"\.\.\.|ss|.", words, re.S | re.IGNORECASE)
    return between.join(map(_letter, letters))


def _letter(letter: str) -> str:
    if letter in ("...", "…"):
        return r"(?:…|\.\.\.)"
    if letter == " ":
        return _BREAK
    if letter.casefold() == "ss":
        return "(?:ss|ß)"
    alike = next((letters for letters in _ALIKE if letter in letters), "")
    return f"[{re.escape(alike)}]" if alike else re.escape(letter)


def find(
    wanted: Wanted,
    material: Material,
    codings: Codings,
    within: Iterable[str] = EVERYWHERE,
    transcript: Callable[[Interview], str] | None = None,
) -> Iterator[Hit]:
    """Every place, in the order of `EVERYWHERE`; turns and notes in study order, codes by label,
    memos by name.

    `transcript` gives the words of an interview's file: where what is wanted cannot stand in them,
    its turns are not asked for.
    """
    within = set(within)
    looking = {
        WORDS: lambda: _in_words(wanted, material, codings, transcript),
        CODES: lambda: _in_codes(wanted, material, codings),
        NOTES: lambda: _in_notes(wanted, codings, material),
        MEMOS: lambda: _in_memos(wanted, material),
    }
    for part in EVERYWHERE:
        if part in within:
            yield from looking[part]()


def _in_words(
    wanted: Wanted,
    material: Material,
    codings: Codings,
    transcript: Callable[[Interview], str] | None,
) -> Iterator[Hit]:
    from gtpipe.analysis.incidents import beside

    interviews = {
        interview.name: interview
        for interview in material.interviews.values()
        if transcript is None or wanted.may_stand_in(transcript(interview))
    }
    for interview in interviews.values():
        for turn in interview.turns:
            places = wanted.places(turn.text)
            if not places:
                continue
            codes = beside(codings, interview, turn.id)
            for start, end in places:
                yield Hit(
                    WORDS,
                    turn.text,
                    start,
                    end,
                    interview.name,
                    turn.id,
                    interview.participant(turn),
                    codes=codes,
                )


def _in_codes(wanted: Wanted, material: Material, codings: Codings) -> Iterator[Hit]:
    categories = {category.label: category for category in material.theory.categories}
    entries: tuple[tuple[Level, Mapping[str, object]], ...] = (
        (INITIAL, material.codebook),
        (FOCUSED, material.focused),
        (CATEGORY, categories),
    )
    for level, known in entries:
        texts: list[tuple[str, str, str]] = []  # of what, which field, and its words
        for label in dict.fromkeys((*known, *codings.labels(level))):
            texts.append((label, "label", label))
            texts += [(label, *said) for said in _said_of(known.get(label))]
        found = [
            (label, field, text, places)
            for some in _some_at_a_time(texts)
            if wanted.may_stand_in("\n".join([text for _, _, text in some]))
            for label, field, text in some
            if (places := wanted.places(text))
        ]
        for label, field, text, places in sorted(found, key=lambda one: label_order(one[0])):
            for start, end in places:
                yield Hit(CODES, text, start, end, level=level, name=label, field=field)


def _some_at_a_time(texts: list[tuple[str, str, str]]) -> Iterator[list[tuple[str, str, str]]]:
    return (texts[start : start + TOGETHER] for start in range(0, len(texts), TOGETHER))


def _said_of(entry: object) -> Iterator[tuple[str, str]]:
    if entry is None:
        return
    fields = (
        ("definition", "because")
        if isinstance(entry, FocusedCode)
        else ("definition", "include", "exclude", "notes")
    )
    yield from ((field, getattr(entry, field)) for field in fields if getattr(entry, field, ""))
    yield from (
        ("old label", old)
        for old in (*getattr(entry, "was", ()), *getattr(entry, "merged_from", ()))
    )


def _in_notes(wanted: Wanted, codings: Codings, material: Material) -> Iterator[Hit]:
    for coding in codings.with_notes():
        for start, end in wanted.places(coding.note):
            yield Hit(
                NOTES,
                coding.note,
                start,
                end,
                coding.interview,
                coding.turn,
                coding.participant,
                coding.coder,
                coding.level,
                coding.code,
                "note",
            )
    for case in material.theory.negative_cases:
        interview = material.interviews.get(case.incident.interview)
        turn = interview.turn(case.incident.turn) if interview else None
        for start, end in wanted.places(case.note):
            yield Hit(
                NOTES,
                case.note,
                start,
                end,
                case.incident.interview,
                case.incident.turn,
                interview.participant(turn) if interview and turn else "",
                case.by,
                name=one_line(case.contradicts.label),
                field="negative case",
            )


def _in_memos(wanted: Wanted, material: Material) -> Iterator[Hit]:
    for memo in material.memos:
        for field, text in (("title", memo.title), ("memo", memo.prose)):
            for start, end in wanted.places(text):
                yield Hit(MEMOS, text, start, end, coder=memo.by, name=memo.name, field=field)
