"""The plan of a change of codes: the files' texts as they are to be, and proof that they then say what they should.

`refactoring` and `splitting` make such plans; nothing here writes. A plan is read back as a study: every application must be
there, under the label meant, what people wrote of each code must stand, and no error may be new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from gtpipe.analysis import references
from gtpipe.analysis.references import Mention, old_label
from gtpipe.commands.edit import label_problem
from gtpipe.formats import codebook, focused, relabel
from gtpipe.model.problems import Problem, UserError, did_you_mean, error, in_shell
from gtpipe.model.records import (
    FOCUSED,
    INITIAL,
    RELATION,
    Code,
    Coding,
    FocusedCode,
    Named,
    SheetCode,
    SheetEntry,
    Where,
    split_level,
)
from gtpipe.store.layout import CODEBOOK, FOCUSED_CODES, Snapshot
from gtpipe.store.transaction import Change, encoded
from gtpipe.study import Corpus, load
from gtpipe.text import entry_edits, yamltext
from gtpipe.text.entries import Entry

PATH = {INITIAL: CODEBOOK, FOCUSED: FOCUSED_CODES}
KEY = {INITIAL: "code", FOCUSED: "focused"}
FIELDS = {INITIAL: codebook.FIELDS, FOCUSED: focused.FIELDS}
WHAT = {INITIAL: "code", FOCUSED: "focused code"}
_HELD = ("takes-up", "incidents", "does-not-fit")


class Edited(Snapshot):
    """A study as it would be with some files' content changed."""

    def __init__(self, before: Snapshot, texts: Mapping[str, str]) -> None:
        super().__init__(before.study)
        self._before, self._texts = before, texts

    def files(self, folder: str, *endings: str) -> list[str]:
        listed = {
            *self._before.files(folder, *endings),
            *(
                path
                for path in self._texts
                if path.rpartition("/")[0] == folder and (not endings or path.endswith(endings))
            ),
        }
        return sorted(listed)

    def bytes(self, path: str) -> bytes | None:
        if path in self._texts:
            return self._texts[path].encode()
        return self._before.bytes(path)

    def fingerprint(self, path: str) -> str | None:
        return super().fingerprint(path) if path in self._texts else self._before.fingerprint(path)


@dataclass
class Work:
    """The files of a change while it is planned: their texts as they are to be, and what is to become of each application."""

    read: Corpus
    coder: str = ""
    why: str = ""
    command: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    prose: list[Where] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    expected: Counter | None = None
    dropped: int = 0
    together: int = 0
    renamed: dict[tuple[str, str], str] = field(default_factory=dict)
    retired: set[tuple[str, str]] = field(default_factory=set)
    parked: dict[tuple[str, str], str | None] = field(default_factory=dict)
    handed_on: bool = False
    because: str = ""
    mended: set[Where] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.known = self.read.names.known
        self.current = {INITIAL: self.read.current, FOCUSED: self.read.current_focused}

    # --- what there is ---

    def text(self, path: str) -> str:
        return self.texts[path] if path in self.texts else self.read.snapshot.text(path) or ""

    def entries(self, level: str) -> Mapping[str, Code | FocusedCode]:
        return self.read.material.codebook if level == INITIAL else self.read.material.focused

    def find(self, name: str, command: str = "", lead: bool = True) -> tuple[str, str]:
        """Level and label of the code called `name`, `focused:` or `initial:` in front where both have it.

        Raises UserError, also for an old label (unless `lead` is False, which gives it as it is):
        the message names `command`, with
        the label of today at its `{}`.
        """
        level, label = split_level(name.strip())
        levels = [level] if level in (INITIAL, FOCUSED) else [INITIAL, FOCUSED]
        if level not in ("", INITIAL, FOCUSED):
            raise UserError(
                error(
                    "the study",
                    None,
                    f"a {level} is no code",
                    "Change its name in data/theory.yaml",
                )
            )
        standing = [one for one in levels if label in self.known[one] or label in self.current[one]]
        exact = [one for one in standing if label in self.known[one]] or standing
        if len(exact) > 1:
            raise UserError(
                error(
                    "the study",
                    None,
                    f'"{label}" is an initial and a focused code',
                    f"Say which: {in_shell('initial: ' + label)} or {in_shell('focused: ' + label)}",
                )
            )
        if not exact:
            names = sorted({other for one in levels for other in self.known[one]})
            raise UserError(
                error(
                    "the study",
                    None,
                    f'no code "{label}"',
                    did_you_mean(label, names) or "`gtpipe codes list` shows them",
                )
            )
        now = self.read.names.leads_to(label, exact[0])
        if now and lead:
            raise UserError(self.old_label(exact[0], label, command))
        return exact[0], label

    def old_label(self, level: str, label: str, command: str) -> Problem:
        """The error for an old label, with what to type instead, and what may be done with what is
        still written so.
        """
        now = self.read.names.leads_to(label, level)
        stray = list(
            dict.fromkeys(
                coding.address
                for coding in self.read.codings
                if (coding.level, coding.typed, coding.code) == (level, label, now)
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

    def check_new(self, level: str, label: str, command: str = "") -> None:
        """Raises UserError unless `label` can be given to a code: one line, and no old label of
        another one.
        """
        self.check_label(label)
        now = self.read.names.leads_to(label, level)
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

    def is_written(self, level: str, label: str) -> bool:
        """Whether anything is still written under an old label."""
        return any(
            (coding.level, coding.typed) == (level, label) for coding in self.read.codings
        ) or any(
            (mention.level, mention.named.label) == (level, label)
            for mention in references.mentions(self.read.material, self.read.names)
        )

    def meant(self, named: Named) -> tuple[str, str]:
        """Level and label of what a place of the theory names; an old label leads on."""
        level = self.read.names.level(named)
        if level:
            return level, named.label
        return next(
            (
                (one, now)
                for one in (INITIAL, FOCUSED)
                if named.level in ("", one) and (now := self.read.names.leads_to(named.label, one))
            ),
            ("", named.label),
        )

    def typed(self, level: str, label: str) -> str:
        """The label as a command names it."""
        return label if level == INITIAL and not split_level(label)[0] else f"{level}: {label}"

    def check_label(self, label: str) -> None:
        wrong = label_problem(label)
        if wrong:
            raise UserError(wrong)

    # --- labels, wherever they stand ---

    def relabel(self, level: str, news: Mapping[str, str | None], through: bool = False) -> None:
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
        decide: Callable[[str, SheetEntry, SheetCode], str | None],
        follow: Mapping[tuple[str, str], str] = {},
        reason: Callable[[Where], str] | None = None,
    ) -> None:
        """The sheets with what `decide(path, entry, code)` says of each application, None to take
        it out, for the `reason` given.

        What is typed under an old label counts, where its line stays, under what `follow` says of its code.
        """
        renamed = sheets = kept = 0
        fell: list[str] = []
        for sheet in self.read.material.sheets:
            if not any(
                decide(sheet.path, entry, code) != code.label
                for entry in sheet.entries
                for code in entry.codes
            ):
                continue
            text = self.read.snapshot.text(sheet.path) or ""
            done = relabel.in_sheet(
                text,
                sheet.path,
                sheet.entries,
                lambda entry, code: decide(sheet.path, entry, code),
                lambda code: reason(Where(sheet.path, code.line)) if reason else self.why,
            )
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
            said = [_count(renamed, "application") + " renamed"] * bool(renamed) + [
                _count(self.dropped, "application") + " taken out"
            ] * bool(self.dropped)
            self.told.insert(0, f"{', '.join(said)} in {_count(sheets, 'sheet')}")
        if kept:
            self.told.insert(
                1,
                f"{_count(kept, 'note')} {'stays' if kept == 1 else 'stay'} there as "
                f"{'a comment' if kept == 1 else 'comments'}",
            )
        if fell:
            self.told.insert(
                1,
                f"{_count(len(fell), 'application')} fell together with one that stood there: {', '.join(fell)}",
            )
        self._expect(decide, follow)

    def tie(self, coding: Coding, span: tuple[int, int] | None, do: Callable[[str], str]) -> None:
        """`do(text)` on the sheet of one coding, which then means the stretch `span`. Raises
        UserError where it stands so already.
        """
        twin = next(
            (
                one
                for one in self.read.codings
                if _key(one) == (*_key(coding)[:4], span, coding.code)
            ),
            None,
        )
        if twin is not None:
            raise UserError(
                error(
                    *twin.where,
                    f'"{twin.typed}" stands here for this stretch already',
                    "Take one of the two out",
                )
            )
        self.texts[coding.where.path] = do(self.read.snapshot.text(coding.where.path) or "")
        self.expected = Counter(map(_key, self.read.codings))
        self.expected[_key(coding)] -= 1
        self.expected[(*_key(coding)[:4], span, coding.code)] += 1
        self.expected = +self.expected

    def _expect(self, decide, follow: Mapping[tuple[str, str], str]) -> None:
        """What every application is to count under afterwards."""
        at = {}
        for sheet in self.read.material.sheets:
            for entry in sheet.entries:
                for code in entry.codes:
                    at[sheet.path, code.line] = decide(sheet.path, entry, code)
        self.expected = Counter()
        for coding in self.read.codings:
            label = at[coding.where.path, coding.where.line]
            if label is not None:
                if label == coding.typed:
                    label = follow.get((coding.level, coding.code), coding.code)
                self.expected[
                    (coding.interview, coding.turn, coding.coder, coding.level, coding.span, label)
                ] += 1

    def name_anew(
        self,
        level: str,
        news: Mapping[str, tuple[str, ...]],
        sentences: Mapping[str, str] = {},
        through: bool = False,
    ) -> None:
        """Each mention of a label of `news` gets the new ones; a list loses the line where there
        are none, or all stand there.

        With `through`, so does a mention by an old label.
        """
        mentions = references.mentions(self.read.material, self.read.names)
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
            for told, wanted in (("named anew in", True), ("taken out of", False)):
                places = {
                    path: sum(bool(made) is wanted for _, made in found)
                    for path, found in edits.items()
                }
                if any(places.values()):
                    self.told.append(
                        f"{told} {_count(sum(places.values()), 'place')}: {', '.join(sorted(p for p, n in places.items() if n))}"
                    )

    def name_each(self, news: Mapping[Where, tuple[str, ...]], level: str) -> None:
        """Each mention at a place of `news` gets the labels that a person gave for it."""
        edits: dict[str, list[tuple[Mention, tuple[str, ...]]]] = {}
        for mention in references.mentions(self.read.material, self.read.names):
            if mention.named.where in news and mention.level == level:
                edits.setdefault(mention.named.where.path, []).append(
                    (mention, news[mention.named.where])
                )
        for path, found in edits.items():
            self._edit_mentions(path, found)

    def _made(
        self, mention: Mention, level: str, news, sentences, after, through: bool
    ) -> tuple[str, ...] | None:
        """What is to stand in place of a mention, None where it stays."""
        named = mention.named
        label = (
            self.read.names.leads_to(named.label, level) or named.label
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
        """From the last line to the first, so that line numbers hold. In one list a label stands once."""
        standing: dict[str, set[str]] = {}
        touched = {mention.named.where.line for mention, _ in found}
        for mention in references.mentions(self.read.material, self.read.names):
            if (
                mention.named.where.path == path
                and mention.listed
                and mention.named.where.line not in touched
            ):
                standing.setdefault(mention.place, set()).update(
                    (mention.named.label, self.meant(mention.named)[1])
                )
        self.mended |= {
            mention.named.where for mention, _ in found if not self.read.names.levels(mention.named)
        }
        settled = []
        for mention, made in sorted(found, key=lambda pair: pair[0].named.where.line):
            if mention.listed:
                have = standing.setdefault(mention.place, set())
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
                raise UserError(
                    error(
                        *mention.named.where,
                        f'"{mention.named.label}" cannot be changed here by command',
                        "Write it on a line of its own, then try again",
                    )
                ) from None
        self.texts[path] = text

    def _sentences(
        self, level: str, news: Mapping[str, str | None], through: bool
    ) -> dict[str, str]:
        """Relations are named by their sentence: old sentence → new."""
        found = {}
        for relation in self.read.material.theory.relations:
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
        for memo in self.read.material.memos:
            lines = (self.read.snapshot.text(memo.path) or "").split("\n")
            first = next((n for n in range(1, len(lines)) if lines[n].rstrip() == "---"), 0) + 1
            for number in range(first, len(lines)):
                if any(label.casefold() in lines[number].casefold() for label in labels):
                    self.prose.append(Where(memo.path, number + 1))

    # --- entries of the code book and the focused codes ---

    def edit(self, level: str, label: str, do: Callable[[str, str, Entry], str]) -> None:
        """`do(text, path, entry)` on the entry of a code; one is made where it has none."""
        path = PATH[level]
        item = entry_edits.entry(self.text(path), path, KEY[level], label)
        if item is None:
            block = f"- {KEY[level]}: {yamltext.field_value(label, '    ')}\n"
            if level == FOCUSED:
                block += (
                    f"  because: {yamltext.field_value(self.because, '    ')}\n"
                    if self.because
                    else ""
                )
                block += f"  by: {self.coder}\n" if self.coder else ""
            self.texts[path] = entry_edits.append(self.text(path), path, block)
            item = entry_edits.entry(self.text(path), path, KEY[level], label)
        if entry_edits.in_braces(self.text(path), item):
            raise UserError(
                error(
                    path,
                    item.line,
                    f'the entry of "{label}" stands in braces, which a command does not edit',
                    "Write its fields one a line, then try again",
                )
            )
        self.texts[path] = do(self.text(path), path, item)

    def set_field(self, level: str, label: str, name: str, value: str) -> None:
        if name == "parked":
            self.parked[level, label] = value
        self.edit(
            level,
            label,
            lambda text, path, item: entry_edits.set_value(
                text, path, item, name, value, FIELDS[level]
            ),
        )

    def add_to(self, level: str, label: str, name: str, lines: Iterable[str]) -> None:
        """More lines in a list of an entry; those that stand there already stay as they are."""

        def do(text: str, path: str, item: Entry) -> str:
            have = {line.strip() for line in item.value(name).split("\n")}
            return entry_edits.add_lines(
                text,
                path,
                item,
                name,
                [line for line in dict.fromkeys(lines) if line not in have],
                FIELDS[level],
            )

        self.edit(level, label, do)

    def say_written_after(self, level: str, label: str) -> None:
        """A focused code that this change makes keeps after which interview it was written."""
        last = self.read.last_interview
        if level == FOCUSED and label not in self.known[FOCUSED] and last:
            self.set_field(level, label, "written-after", last)

    def take_from(self, level: str, label: str, leaving: Mapping[str, set[str]]) -> None:
        """An entry's lists without the lines in `leaving`."""
        path = PATH[level]
        entry = focused.loads(self.text(path))[0][label]
        held = {
            "takes-up": [(named.label, named.where.line) for named in entry.takes_up],
            "incidents": [(one.address, one.where.line) for one in entry.incidents],
            "does-not-fit": [(one.address, one.where.line) for one in entry.does_not_fit],
        }
        gone = {line for name, said in leaving.items() for what, line in held[name] if what in said}
        if len(gone) != sum(len(said) for said in leaving.values()):
            raise UserError(
                error(
                    path,
                    entry.where.line,
                    f'not all that leaves "{label}" can be found in its lists',
                    "Split it by hand",
                )
            )
        self.texts[path] = "\n".join(
            line for number, line in enumerate(self.text(path).split("\n"), 1) if number not in gone
        )

    def rename_entry(self, level: str, old: str, new: str) -> None:
        entry = self.entries(level).get(old)
        if entry is None:
            self.add_to(level, new, "was", [old])
            return
        self.set_field(level, old, KEY[level], new)
        self.renamed[level, old] = new
        path = PATH[level]
        if new in entry.was:  # it is called as it was before
            item = entry_edits.entry(self.text(path), path, KEY[level], new)
            value = item.get("was").node
            number = next(
                value.line + 1 + n
                for n, line in enumerate(value.value.split("\n"))
                if line.strip() == new
            )
            news = (old,) if old not in entry.was else ()
            self.texts[path] = relabel.at_line(self.text(path), path, number, new, news)
        elif old not in entry.was:
            self.add_to(level, new, "was", [old])

    def merge_entries(self, level: str, labels: list[str], target: str) -> None:
        past: list[str] = []
        held: dict[str, list[str]] = {name: [] for name in _HELD}
        for label in labels:
            entry = self.entries(level).get(label)
            past += [label, *((*entry.was, *entry.merged_from) if entry else ())]
            if isinstance(entry, FocusedCode):
                held["takes-up"] += [named.label for named in entry.takes_up]
                held["incidents"] += [incident.address for incident in entry.incidents]
                held["does-not-fit"] += [incident.address for incident in entry.does_not_fit]
        standing = self.entries(level).get(target)
        known = {target, *((*standing.was, *standing.merged_from) if standing else ())}
        self.add_to(level, target, "merged-from", [label for label in past if label not in known])
        self.say_written_after(level, target)
        for name, lines in held.items():
            if lines:
                self.add_to(level, target, name, lines)
        for label in labels:
            self.retire_entry(level, label, f'merged into "{target}"')

    def retire_entry(self, level: str, label: str, heading: str) -> None:
        """The entry of a code that is no more stays in its file as comments."""
        path = PATH[level]
        item = entry_edits.entry(self.text(path), path, KEY[level], label)
        if item is not None:
            self.texts[path] = entry_edits.comment_out(self.text(path), item, heading)
            self.retired.add((level, label))
            self.told.append(f'the entry of "{label}" stays in {path} as comments')

    # --- is it right? ---

    def check(self) -> None:
        """Raises UserError unless the study with these texts says what it should, and has no error that it had not before."""
        after = load(self.read.study, Edited(self.read.snapshot, self.texts))
        had = Counter((problem.path, problem.what) for problem in self.read.errors())
        new = [problem for problem in after.errors() if (problem.path, problem.what) not in had]
        if new:
            raise UserError(
                *new,
                error(
                    "the study", None, "this change would leave the errors above, and was not made"
                ),
            )
        self._check_entries(after)
        self._check_notes(after)
        if self.expected is None:
            self.expected = Counter(map(_key, self.read.codings))
        found = Counter(map(_key, after.codings))
        if (
            set(found) != set(self.expected)
            or found.total() != self.expected.total() - self.together
        ):
            odd = next(iter({*found} ^ {*self.expected}), None)
            raise UserError(
                error(
                    next(iter(self.texts), "the study"),
                    None,
                    "the applications cannot be changed without touching other lines"
                    + (f": {odd}" if odd else ""),
                    "Change the files by hand",
                )
            )

    def _check_notes(self, after: Corpus) -> None:
        """No note on a coding and no comment is gone: what does not stand on a coding any more
        stands as a comment.
        """
        notes = {True: Counter(), False: Counter()}
        for is_after, read in ((False, self.read), (True, after)):
            notes[is_after].update(
                (sheet.path, line.strip())
                for sheet in read.material.sheets
                if sheet.path in self.texts
                for entry in sheet.entries
                for code in entry.codes
                for line in code.note.split("\n")
                if line.strip()
            )
        for path in self.texts:
            before, now = (
                Counter(line.rstrip() for line in (text or "").split("\n") if line.startswith("#"))
                for text in (self.read.snapshot.text(path), self.texts[path])
            )
            new = Counter((path, line[1:].strip()) for line in (now - before).elements())
            gone = [line for place, line in notes[False] - notes[True] - new if place == path] + [
                *(before - now)
            ]
            if gone:
                raise UserError(
                    error(
                        path,
                        None,
                        f"the notes and comments cannot be kept: `{gone[0]}` would be gone",
                        "Change the file by hand",
                    )
                )

    def _check_entries(self, after: Corpus) -> None:
        """What people wrote of each code is still said of it; only what this change is about may differ."""
        now = {INITIAL: after.material.codebook, FOCUSED: after.material.focused}
        for level in (INITIAL, FOCUSED):
            for label, entry in self.entries(level).items():
                if (level, label) in self.retired:
                    continue
                standing = now[level].get(self.renamed.get((level, label), label))
                parked = self.parked.get((level, label), entry.parked)
                held = not self.handed_on and isinstance(entry, FocusedCode)
                if (
                    standing is None
                    or _said(standing) != _said(entry)
                    or (standing.parked or None) != (parked or None)
                    or (held and not {*_held(entry)} <= {*_held(standing)})
                ):
                    raise UserError(
                        error(
                            *entry.where,
                            f'the entry of "{label}" cannot be changed without touching other lines',
                            "Change it by hand",
                        )
                    )

    def changes(self) -> list[Change]:
        made = [
            Change(
                path, self.read.snapshot.bytes(path), encoded(text, self.read.snapshot.bytes(path))
            )
            for path, text in sorted(self.texts.items())
        ]
        return [one for one in made if one.before != one.after] + [
            Change(path, self.read.snapshot.bytes(path), None) for path in self.removed
        ]


def _said(entry: Code | FocusedCode) -> tuple[str, ...]:
    return tuple(
        getattr(entry, name, "") for name in ("definition", "include", "exclude", "because", "by")
    )


def _held(entry: FocusedCode) -> tuple[str, ...]:
    return (
        *(f"incidents {one.address}" for one in entry.incidents),
        *(f"unfit {one.address}" for one in entry.does_not_fit),
    )


def _key(coding) -> tuple:
    return (coding.interview, coding.turn, coding.coder, coding.level, coding.span, coding.code)


def _count(number: int, one: str) -> str:
    return f"{number} {one}" + ("" if number == 1 else "s")
