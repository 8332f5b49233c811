"""The plan of a change of codes: the files' texts as they are to be, and what must then be true.

`change_codes`, `change_coding` and `split_code` make such plans, `code_entry_edits` adds the edits
of entries; nothing here writes. `code_change_proof` reads a plan back as a study, before it is
written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from gtpipe.analysis import references
from gtpipe.analysis.labels import old_label
from gtpipe.analysis.references import Mention
from gtpipe.commands.look_up import label_problem
from gtpipe.formats import relabel
from gtpipe.formats.relabel import Relabelled
from gtpipe.model.level import FOCUSED, INITIAL, RELATION, CodeRef, Level, split_level
from gtpipe.model.plural import count
from gtpipe.model.problems import Problem, UserError, error, in_shell
from gtpipe.model.records import (
    Code,
    Coding,
    FocusedCode,
    IncidentKey,
    Named,
    Sheet,
    SheetCode,
    SheetEntry,
    Where,
)
from gtpipe.store.layout import THEORY
from gtpipe.store.log import Facts
from gtpipe.store.transaction import FileChange, encode_keeping_bom
from gtpipe.study import Corpus

WHAT = {INITIAL: "code", FOCUSED: "focused code"}
# Interview, turn, coder, level, stretch (None: the whole turn), label.
CodingKey = tuple[str, str, str, str, tuple[int, int] | None, str]
# Of a sheet's path, an entry and a code of it: the label that is to stand there, None for none.
Decide = Callable[[str, SheetEntry, SheetCode], str | None]


@dataclass
class CodeChangePlan:
    """The files of a change while it is planned: their texts as they are to be, and what is to
    become of each application.
    """

    corpus: Corpus
    coder: str = ""
    why: str = ""
    command: str = ""
    did: Facts | None = None
    texts: dict[str, str] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    prose: list[Where] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    expected: Counter[CodingKey] | None = None
    dropped: int = 0
    together: int = 0
    renamed: dict[tuple[str, str], str] = field(default_factory=dict)
    retired: set[tuple[str, str]] = field(default_factory=set)
    parked: dict[tuple[str, str], str | None] = field(default_factory=dict)
    handed_on: bool = False
    because: str = ""
    mended: set[Where] = field(default_factory=set)
    moved: dict[IncidentKey, IncidentKey] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = self.corpus.names.known
        self.current = {INITIAL: self.corpus.current, FOCUSED: self.corpus.current_focused}

    # --- what there is ---

    def text(self, path: str) -> str:
        return self.texts[path] if path in self.texts else self.corpus.snapshot.text(path) or ""

    def entries(self, level: Level) -> Mapping[str, Code | FocusedCode]:
        return self.corpus.material.codebook if level == INITIAL else self.corpus.material.focused

    def find(self, name: str, command: str = "", lead: bool = True) -> CodeRef:
        """Level and label of the code called `name`, `focused:` or `initial:` in front where both
        have it.

        Raises UserError, also for an old label (unless `lead` is False, which gives it as it is):
        the message names `command`, with the label of today at its `{}`.
        """
        level, label = split_level(name.strip())
        if level not in ("", INITIAL, FOCUSED):
            raise UserError.of(f"a {level} is no code", f"Change its name in {THEORY}")
        levels: tuple[Level, ...] = (level,) if level else (INITIAL, FOCUSED)
        standing = [one for one in levels if label in self.known[one] or label in self.current[one]]
        exact = [one for one in standing if label in self.known[one]] or standing
        if len(exact) > 1:
            raise UserError.of(
                f'"{label}" is an initial and a focused code',
                f"Say which: {in_shell(f'initial: {label}')} or {in_shell(f'focused: {label}')}",
            )
        if not exact:
            raise self.corpus.missing(self.corpus.names.no_code(label, levels))
        now = self.corpus.names.leads_to(label, exact[0])
        if now and lead:
            raise UserError(self.old_label(exact[0], label, command))
        return CodeRef(exact[0], label)

    def old_label(self, level: Level, label: str, command: str) -> Problem:
        """The error for an old label, with what to type instead, and what may be done with what is
        still written so.
        """
        now = self.corpus.names.leads_to(label, level)
        stray = list(
            dict.fromkeys(
                coding.address
                for coding in self.corpus.codings.of_codes(CodeRef(level, now))
                if coding.typed == label
            )
        )
        more = ""
        if stray:
            places = ", ".join(stray[:3]) + (
                f" and {len(stray) - 3} more" if len(stray) > 3 else ""
            )
            typed = in_shell(self.typed(level, label))
            more = (
                f'. {places} {"is" if len(stray) == 1 else "are"} still written "{label}": `gtpipe '
                f"codes rename {typed} {in_shell(now)} "
                f'--why "…"` brings that under "{now}"; `gtpipe codes drop {typed} --at '
                f'{in_shell(stray[0])} --why "…"` takes one out'
            )
        return old_label(label, now, command.replace("{}", in_shell(self.typed(level, now))), more)

    def check_new(self, level: Level, label: str, command: str = "") -> None:
        """Raises UserError unless `label` can be given to a code: one line, and no old label of
        another one.
        """
        self.check_label(label)
        now = self.corpus.names.leads_to(label, level)
        if now:
            raise UserError(
                old_label(
                    label,
                    now,
                    command.replace("{}", in_shell(self.typed(level, now))),
                    "; a code of its own needs another label, as long as `was` or `merged-from` "
                    f'of "{now}" holds this one',
                )
            )

    def is_written(self, level: Level, label: str) -> bool:
        """Whether anything is still written under an old label."""
        return CodeRef(level, label) in self.corpus.codings.typed or any(
            (mention.level, mention.named.label) == (level, label)
            for mention in references.mentions(self.corpus.material, self.corpus.names)
        )

    def meant(self, named: Named) -> tuple[str, str]:
        """Level and label of what a place of the theory names; an old label leads on."""
        level = self.corpus.names.level(named)
        if level:
            return level, named.label
        return next(
            (
                (one, now)
                for one in (INITIAL, FOCUSED)
                if named.level in ("", one)
                and (now := self.corpus.names.leads_to(named.label, one))
            ),
            ("", named.label),
        )

    def typed(self, level: Level, label: str) -> str:
        """The label as a command names it."""
        return label if level == INITIAL and not split_level(label)[0] else f"{level}: {label}"

    def check_label(self, label: str) -> None:
        wrong = label_problem(label)
        if wrong:
            raise UserError(wrong)

    # --- labels, wherever they stand ---

    def relabel(self, level: Level, news: Mapping[str, str | None], through: bool = False) -> None:
        """Each label of `news` becomes the other one in sheets and lists; None takes it out.

        With `through`, so do places that name it by an old label, and what is to be taken out goes
        under its old labels too.
        """

        def decide(path: str, entry: SheetEntry, code: SheetCode) -> str | None:
            if code.level != level:
                return code.label
            if code.label in news:
                return news[code.label]
            now = self.current[level].get(code.label, "")
            return None if through and now in news and news[now] is None else code.label

        self.in_sheets(
            decide, {(level, label): new for label, new in news.items() if new is not None}
        )
        sentences = self._sentences(level, news, through)
        self.name_anew(
            level,
            {label: (new,) if new is not None else () for label, new in news.items()},
            sentences,
            through,
        )
        self._look_through_prose(news)

    def in_sheets(
        self,
        decide: Decide,
        follow: Mapping[tuple[str, str], str] = {},
        reason: Callable[[Where], str] | None = None,
        only: str = "",
    ) -> None:
        """The sheets, or the `only` one concerned, with what `decide(path, entry, code)` says of
        each application, None to take it out, for the `reason` given.

        What is typed under an old label counts, where its line stays, under what `follow` says of
        its code.
        """
        renamed = sheets = kept = 0
        fell: list[str] = []
        concerned = [one for one in self.corpus.material.sheets if only in ("", one.path)]
        for sheet in concerned:
            if not any(
                decide(sheet.path, entry, code) != code.label
                for entry in sheet.entries
                for code in entry.codes
            ):
                continue
            done = self._relabelled(sheet, decide, reason)
            self.texts[sheet.path] = done.text
            renamed, sheets = renamed + done.renamed, sheets + 1
            self.dropped += done.dropped
            kept += done.kept
            self.together += len(done.together)
            fell += [
                f"{sheet.interview} {turn}" + (f" ({sheet.coder})" if sheet.coder else "")
                for turn in done.together
            ]
        if sheets:
            said = [count(renamed, "application") + " renamed"] * bool(renamed) + [
                count(self.dropped, "application") + " taken out"
            ] * bool(self.dropped)
            self.messages.insert(0, f"{', '.join(said)} in {count(sheets, 'sheet')}")
        if kept:
            self.messages.insert(
                1,
                f"{count(kept, 'note')} {'stays' if kept == 1 else 'stay'} there as "
                f"{'a comment' if kept == 1 else 'comments'}",
            )
        if fell:
            self.messages.insert(
                1,
                f"{count(len(fell), 'application')} fell together with one that stood there: "
                f"{', '.join(fell)}",
            )
        self._expect(concerned, decide, follow)

    def _relabelled(
        self, sheet: Sheet, decide: Decide, reason: Callable[[Where], str] | None
    ) -> Relabelled:
        return relabel.in_sheet(
            self.corpus.snapshot.text(sheet.path) or "",
            sheet.path,
            sheet.entries,
            lambda entry, code: decide(sheet.path, entry, code),
            lambda code: reason(Where(sheet.path, code.line)) if reason else self.why,
        )

    def tie(self, coding: Coding, span: tuple[int, int] | None, do: Callable[[str], str]) -> None:
        """`do(text)` on the sheet of one coding, which then means the stretch `span`. Raises
        UserError where it stands so already.
        """
        twin = next(
            (
                one
                for one in self.corpus.codings.of_interview(coding.interview)
                if coding_key(one) == (*coding_key(coding)[:4], span, coding.code)
            ),
            None,
        )
        if twin is not None:
            raise UserError.at(
                *twin.where,
                f'"{twin.typed}" stands here for this stretch already',
                "Take one of the two out",
            )
        self.texts[coding.where.path] = do(self.corpus.snapshot.text(coding.where.path) or "")
        self.expected = Counter(map(coding_key, self.corpus.codings))
        self.expected[coding_key(coding)] -= 1
        self.expected[(*coding_key(coding)[:4], span, coding.code)] += 1
        self.expected = +self.expected
        self.moved[coding.incident] = coding.incident._replace(span=span)

    def _expect(
        self, concerned: Iterable[Sheet], decide: Decide, follow: Mapping[tuple[str, str], str]
    ) -> None:
        """What every application is to count under afterwards."""
        at = {}
        for sheet in concerned:
            for entry in sheet.entries:
                for code in entry.codes:
                    at[sheet.path, code.line] = decide(sheet.path, entry, code)
        self.expected = Counter()
        for coding in self.corpus.codings:
            label = at.get(coding.where, coding.typed)
            if label is not None:
                if label == coding.typed:
                    label = follow.get((coding.level, coding.code), coding.code)
                self.expected[
                    (coding.interview, coding.turn, coding.coder, coding.level, coding.span, label)
                ] += 1

    def name_anew(
        self,
        level: Level,
        news: Mapping[str, tuple[str, ...]],
        sentences: Mapping[str, str] = {},
        through: bool = False,
    ) -> None:
        """Each mention of a label of `news` gets the new ones; a list loses the line where there
        are none, or all stand there.

        With `through`, so does a mention by an old label.
        """
        mentions = references.mentions(self.corpus.material, self.corpus.names)
        after = {
            one: frozenset(
                ({*labels} - {*news}) | {new for made in news.values() for new in made}
                if one == level
                else labels
            )
            for one, labels in self.known.items()
        }
        edits: dict[str, list[tuple[Mention, tuple[str, ...]]]] = {}
        for mention in mentions:
            made = self._made(mention, level, news, sentences, after, through)
            if made is not None and (made or not mention.record):
                edits.setdefault(mention.named.where.path, []).append((mention, made))
        in_the_way = [
            mention
            for found in edits.values()
            for mention, made in found
            if not made and not mention.listed
        ]
        if in_the_way:
            raise UserError(
                *(
                    error(
                        *mention.named.where,
                        f'"{mention.named.label}" is needed here: {mention.place}',
                        "Write something else here, or take the entry out, then try again",
                    )
                    for mention in in_the_way
                )
            )
        for path, found in edits.items():
            self._edit_mentions(path, found)
        if edits:
            for where, named in (("also renamed in", True), ("taken out of", False)):
                places = {
                    path: sum(bool(made) is named for _, made in found)
                    for path, found in edits.items()
                }
                files = ", ".join(sorted(path for path, count in places.items() if count))
                if files:
                    self.messages.append(f"{where} {count(sum(places.values()), 'place')}: {files}")

    def name_each(self, news: Mapping[Where, tuple[str, ...]], level: Level) -> None:
        """Each mention at a place of `news` gets the labels that a person gave for it."""
        edits: dict[str, list[tuple[Mention, tuple[str, ...]]]] = {}
        for mention in references.mentions(self.corpus.material, self.corpus.names):
            if mention.named.where in news and mention.level == level:
                edits.setdefault(mention.named.where.path, []).append(
                    (mention, news[mention.named.where])
                )
        for path, found in edits.items():
            self._edit_mentions(path, found)

    def _made(
        self,
        mention: Mention,
        level: Level,
        news: Mapping[str, tuple[str, ...]],
        sentences: Mapping[str, str],
        after: dict[Level, frozenset[str]],
        through: bool,
    ) -> tuple[str, ...] | None:
        """What is to stand in place of a mention, None where it stays."""
        named = mention.named
        label = (
            self.corpus.names.leads_to(named.label, level) or named.label
            if through and named.label not in news
            else named.label
        )
        if mention.level == RELATION and named.label in sentences:
            return (sentences[named.label],)
        if mention.level == level and label in news:

            def written(new: str) -> str:
                needs = not named.level and references.prefix_needed(
                    new, level, mention.levels, after
                )
                return f"{level}: {new}" if needs else new

            return tuple(written(new) for new in news[label])
        captured = (
            not named.level
            and mention.level
            and mention.level != level
            and level in mention.levels
            and any(named.label == new for made in news.values() for new in made)
        )
        if (
            captured
            and references.prefix_needed(named.label, mention.level, mention.levels, after)
            and not references.prefix_needed(named.label, mention.level, mention.levels, self.known)
        ):
            return (f"{mention.level}: {named.label}",)
        return None

    def _edit_mentions(self, path: str, found: list[tuple[Mention, tuple[str, ...]]]) -> None:
        """From the last line to the first, so that line numbers hold. In one list a label stands
        once.
        """
        standing: dict[object, set[str]] = {}
        touched = {(mention.named.where.line, mention.named.label) for mention, _ in found}
        for mention in references.mentions(self.corpus.material, self.corpus.names):
            if (
                mention.named.where.path == path
                and mention.listed
                and (mention.named.where.line, mention.named.label) not in touched
            ):
                standing.setdefault(mention.in_list, set()).update(
                    (mention.named.label, self.meant(mention.named)[1])
                )
        self.mended |= {
            mention.named.where
            for mention, _ in found
            if not self.corpus.names.levels(mention.named)
        }
        settled = []
        for mention, made in sorted(found, key=lambda pair: pair[0].named.where.line):
            if mention.listed:
                have = standing.setdefault(mention.in_list, set())
                made = tuple(
                    new for new in made if split_level(new)[1] not in have and new not in have
                )
                have.update(split_level(new)[1] for new in made)
            settled.append((mention, made))
        text = self.text(path)
        for mention, made in reversed(settled):
            try:
                text = relabel.at_line(
                    text, path, mention.named.where.line, mention.named.label, made
                )
            except ValueError:
                raise UserError.at(
                    *mention.named.where,
                    f'"{mention.named.label}" cannot be changed here by command',
                    "Change the cells of this row by hand, then try again"
                    if path.endswith(".csv")
                    else "Write it on a line of its own, then try again",
                ) from None
        self.texts[path] = text

    def _sentences(
        self, level: Level, news: Mapping[str, str | None], through: bool
    ) -> dict[str, str]:
        """Relations are named by their sentence: old sentence → new."""
        found = {}
        for relation in self.corpus.material.theory.relations:
            ends = []
            for named in (relation.source, relation.target):
                of, now = self.meant(named)
                label = now if through and named.label not in news else named.label
                ends.append(news[label] if of == level and label in news else named.label)
            if None not in ends:
                sentence = f"{ends[0]} {relation.kind} {ends[1]}"
                if sentence != relation.sentence:
                    found[relation.sentence] = sentence
        return found

    def _look_through_prose(self, labels: Iterable[str]) -> None:
        """Memos whose prose names a label: it is the person's, and is only told."""
        for memo in self.corpus.material.memos:
            lines = (self.corpus.snapshot.text(memo.path) or "").split("\n")
            first = next((n for n in range(1, len(lines)) if lines[n].rstrip() == "---"), 0) + 1
            for number in range(first, len(lines)):
                if any(label.casefold() in lines[number].casefold() for label in labels):
                    self.prose.append(Where(memo.path, number + 1))

    def changes(self) -> list[FileChange]:
        made = [
            FileChange(
                path,
                self.corpus.snapshot.bytes(path),
                encode_keeping_bom(text, self.corpus.snapshot.bytes(path)),
            )
            for path, text in sorted(self.texts.items())
        ]
        return [one for one in made if one.before != one.after] + [
            FileChange(path, self.corpus.snapshot.bytes(path), None) for path in self.removed
        ]


def coding_key(coding: Coding) -> CodingKey:
    """What must hold of a coding after a change: where it is, whose, and under what label."""
    return (coding.interview, coding.turn, coding.coder, coding.level, coding.span, coding.code)
