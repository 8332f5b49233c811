"""What a person does by command instead of in an editor: one code more in a sheet, a definition in the code book.

Read, change the lines concerned, write; under the lock, and only into the file that was read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from gtpipe.analysis import memos as memo
from gtpipe.analysis.checks import folded
from gtpipe.analysis.codings import similar_stretch, stretch
from gtpipe.analysis.references import old_label
from gtpipe.formats import codebook, focused, memos, naming, sheets, theory
from gtpipe.model.problems import Problem, UserError, did_you_mean, error, in_shell
from gtpipe.model.records import (
    CATEGORY,
    FOCUSED,
    INITIAL,
    Interview,
    Memo,
    SheetCode,
    Turn,
    Where,
    one_line,
    slug,
    split_level,
)
from gtpipe.model.typography import same
from gtpipe.store import transaction, who
from gtpipe.store.layout import CODEBOOK, FOCUSED_CODES, MEMOS, THEORY, TRANSCRIPTS, Study
from gtpipe.store.transaction import Change, Entry, encoded
from gtpipe.study import Corpus, code_labels, codebook_of, labels_of, load
from gtpipe.text import yamltext

_FILE = {INITIAL: CODEBOOK, FOCUSED: FOCUSED_CODES, CATEGORY: THEORY}


def find_interview(read: Corpus, name: str) -> Interview:
    """The interview called `name`, or so when written as a file name. Raises UserError with the nearest name."""
    found = read.material.interviews.get(name) or read.material.interviews.get(slug(name))
    if found is None:
        broken = [
            p for p in read.unreadable if p.is_error and p.path == f"{TRANSCRIPTS}/{slug(name)}.md"
        ]
        names = [
            path.rpartition("/")[2].removesuffix(".md")
            for path in read.snapshot.files(TRANSCRIPTS, ".md")
        ]
        all_names = (
            f"The interviews are {', '.join(names)}"
            if names
            else "Ingest one with `gtpipe ingest FILE`"
        )
        raise UserError(
            *(
                broken
                or [
                    error(
                        TRANSCRIPTS,
                        None,
                        f'no interview "{name}"',
                        did_you_mean(name, names) or all_names,
                    )
                ]
            )
        )
    return found


def find_turn(interview: Interview, id: str) -> Turn:
    turn = interview.turn(id)
    if turn is None:
        has = (
            f"It has turns {interview.turns[0].id} to {interview.turns[-1].id}"
            if interview.turns
            else "It has none"
        )
        raise UserError(error(interview.path, None, f"no turn {id}", has))
    return turn


def find_coder(read: Corpus, by: str) -> str:
    """Initials of who writes (`gtpipe.whose`).

    Raises UserError where nobody is named so, or nothing says who.
    """
    return who.find(read.study, read.settings.researchers, by)


def label_problem(label: str) -> Problem | None:
    why = sheets.why_not_a_label(label)
    return error("the label", None, why, "Write it on one line") if why else None


@dataclass(frozen=True)
class Edit:
    """What a command made of a file: its content before (None: there was none) and after."""

    path: str
    before: bytes | None
    after: bytes | None
    interviewer: bool = False

    @property
    def changed(self) -> bool:
        return self.before != self.after


def add_code(
    study: Study,
    name: str,
    id: str,
    label: str,
    *,
    words: str | None = None,
    note: str = "",
    by: str = "",
    why: str = "",
) -> Edit:
    """One more line in the sheet of the coder `by`: `label` at turn `id`. No change where it stands already.

    The sheet is made where there is none. Raises UserError, nothing written, when interview, turn, coder, label or words
    do not hold, or the sheet has errors.
    """
    label = label.strip()
    words = one_line(words) if words is not None else None
    wrong = label_problem(label) or _note_problem(note)
    if wrong:
        raise UserError(wrong)
    with transaction.locked(study):
        read = load(study, only={name, slug(name)})
        interview = find_interview(read, name)
        turn = find_turn(interview, id)
        coder = find_coder(read, by)
        if words is not None:
            check_words(words, turn, interview)
        path, before, text = sheet_for(read, interview, coder)
        code = SheetCode(INITIAL, label, words, _note(note), 0)
        if before is not None and _stands(text, path, turn, code):
            return Edit(path, before, before, not interview.participant(turn))
        after = sheets.add_code(text, path, interview, turn, code, read.settings.sheet_text)
        by_whom = f" --by {coder}" if coder != read.settings.default_coder else ""
        command = (
            f"code {interview.name} {turn.id} {in_shell(label)}{' --words …' if words else ''}"
            f"{' --note …' if note else ''}{by_whom}"
        )
        change = Change(path, before, encoded(after, before))
        transaction.commit(study, [change], Entry(command, coder, why))
    return Edit(path, before, change.after, not interview.participant(turn))


def look_alikes(study: Study, label: str) -> list[str]:
    """Codes of the study that differ from the new `label` only in capitals, spacing or hyphens."""
    labels = code_labels(study)
    key = folded(label)
    return (
        []
        if label.strip() in labels
        else [f'"{other}"' for other in labels if folded(other) == key]
    )


def called_now(study: Study, label: str) -> str:
    """What the code is called now that `label` is an old label of; '' where it is none."""
    return naming.current_labels(codebook_of(study)).get(label.strip(), "")


def _note_problem(note: str) -> Problem | None:
    if yamltext.printable(note):
        return None
    return error("the note", None, "it holds a control character", "Remove it")


def _note(note: str) -> str:
    from textwrap import dedent

    return dedent("\n".join(line.rstrip() for line in note.expandtabs(2).split("\n"))).strip("\n")


def check_words(words: str, turn: Turn, interview: Interview) -> None:
    """Raises UserError unless `words` stand in the turn once."""
    places = stretch(turn.text, words)
    if len(places) == 1:
        return
    where = f"turn {turn.id} of {interview.name}"
    if places:
        raise UserError(
            error(
                interview.path,
                turn.line,
                f'"{one_line(words)}" stands {len(places)} times in {where}',
                "Take in more words, so that it is one place",
            )
        )
    meant = similar_stretch(turn.text, words)
    raise UserError(
        error(
            interview.path,
            turn.line,
            f'"{one_line(words)}" does not stand in {where}',
            f'did you mean "{meant}"?' if meant else "Copy the words from the turn",
        )
    )


def _stands(text: str, path: str, turn: Turn, code: SheetCode) -> bool:
    entries, _ = sheets.loads(text, path)
    mine = [c for entry in entries if entry.turn == turn.id for c in entry.codes]
    return any(
        (c.level, c.label, same(c.words or ""), c.words is None, c.note)
        == (code.level, code.label, same(code.words or ""), code.words is None, code.note)
        for c in mine
    )


def sheet_for(read: Corpus, interview: Interview, coder: str) -> tuple[str, bytes | None, str]:
    """The sheet of `interview` by `coder`: path, its bytes (None where there is none), and its text, new if need be."""
    path = sheets.path_of(interview.name, coder, read.settings.default_coder)
    standing = next(
        (s for s in read.material.sheets if (s.interview, s.coder) == (interview.name, coder)), None
    )
    if standing is not None:
        path = standing.path
    before = read.snapshot.bytes(path)
    if before is None:
        return path, None, sheets.new_sheet(interview, read.settings.sheet_text)
    return path, before, read.snapshot.text(path) or ""


def take_back(study: Study, edit: Edit, by: str) -> bool:
    """Put the sheet back as it was before its last code, if nobody changed it since. Returns whether it was."""
    with transaction.locked(study):
        if edit.before is None or study.path(edit.path).read_bytes() != edit.after:
            return False
        transaction.commit(
            study,
            [Change(edit.path, edit.after, edit.before)],
            Entry("code: the last one taken back", by),
        )
    return True


class Defined(NamedTuple):
    """What was defined: the file, the label, whether it is in use nowhere yet, and what its fields
    said before, where they did and
    it was something else."""

    path: str
    label: str
    is_new: bool
    before: dict[str, str]


def define(
    study: Study,
    label: str,
    values: dict[str, str],
    *,
    new: bool = False,
    by: str = "",
    why: str = "",
) -> Defined:
    """Set fields (definition, include, exclude) of a code in the code book; the definition of a
    focused code or a category in its
    own file.

    A code that is not in use yet gets an entry; where its label is nearly another's, only with
    `new`. Raises UserError, nothing
    written, where that is to be asked, or the file has errors.
    """
    level, bare = split_level(label.strip())
    with transaction.locked(study):
        read = load(study)
        coder = find_coder(read, by)
        names = read.names
        known = {**names.known, INITIAL: names.known[INITIAL] | labels_of(read.material)}
        if label.strip() in known[INITIAL]:
            level, bare = INITIAL, label.strip()
        wrong = label_problem(bare)
        if wrong:
            raise UserError(wrong)
        levels = [level] if level else [INITIAL, FOCUSED, CATEGORY]
        standing, is_new = next((one for one in levels if bare in known[one]), ""), False
        now = (
            ""
            if standing
            else next((found for one in levels if (found := names.leads_to(bare, one))), "")
        )
        if now:
            raise UserError(
                old_label(
                    bare, now, f"codes define {in_shell(f'{level}: {now}' if level else now)} …"
                )
            )
        if not standing:
            _check_undefined(
                read, bare, level, [other for one in levels for other in known[one]], new
            )
            standing, is_new = INITIAL, True
        if standing != INITIAL and set(values) - {"definition"}:
            raise UserError(
                error(
                    "the study",
                    None,
                    f'"{bare}" is a {"category" if standing == CATEGORY else "focused code"}',
                    "It has a definition alone; --include and --exclude are for codes",
                )
            )
        path = _FILE[standing]
        before = read.snapshot.bytes(path)
        text = read.snapshot.text(path) or ""
        if standing == INITIAL:
            after = codebook.define(text, bare, values)
        else:
            after = (focused if standing == FOCUSED else theory).define(
                text, bare, values["definition"]
            )
        command = f"codes define {in_shell(bare if standing == INITIAL else f'{standing}: {bare}')}"
        transaction.commit(
            study, [Change(path, before, encoded(after, before))], Entry(command, coder, why)
        )
    material = read.material
    old = {
        INITIAL: material.codebook,
        FOCUSED: material.focused,
        CATEGORY: {one.label: one for one in material.theory.categories},
    }[standing].get(bare)
    said = {name: getattr(old, name, "") for name in values}
    return Defined(
        path,
        bare,
        is_new,
        {name: said[name] for name, value in values.items() if said[name] and said[name] != value},
    )


def _check_undefined(read: Corpus, label: str, level: str, known: Iterable[str], new: bool) -> None:
    """Raises UserError unless a code that stands nowhere may be defined under this label."""
    unread = [problem for problem in read.unreadable if problem.is_error]
    if level not in ("", INITIAL):
        what = "category" if level == CATEGORY else "focused code"
        raise UserError(
            error(
                "the study",
                None,
                f'no {what} "{label}"',
                did_you_mean(label, known) or f"Write it into its file first: {_FILE[level]}",
            )
        )
    if unread and not new:
        raise UserError(
            error(
                "the study",
                None,
                f'no code "{label}"',
                "It may stand in a file that cannot be read, see below",
            ),
            *unread,
        )
    near = "" if new else did_you_mean(label, sorted(known))
    if near:
        raise UserError(
            error(
                "the study",
                None,
                f'no code "{label}"',
                f"{near} If it is a code that is not in use yet, add --new",
            )
        )


def add_focused(
    study: Study,
    label: str,
    *,
    takes_up: tuple[str, ...] = (),
    definition: str = "",
    because: str = "",
    by: str = "",
    why: str = "",
) -> None:
    """A new entry in the focused codes. Raises UserError, nothing written, when it stands already or names no code."""
    wrong = label_problem(label)
    if wrong:
        raise UserError(wrong)
    with transaction.locked(study):
        read = load(study)
        coder = find_coder(read, by)
        now = read.names.leads_to(label, FOCUSED)
        if now:
            raise UserError(
                old_label(
                    label,
                    now,
                    more=f"; a focused code of its own needs another label, as long as `was` or "
                    f'`merged-from` of "{now}" holds this one',
                )
            )
        codes = _initial_codes(
            read, takes_up, f"focused add {in_shell(label)} --takes-up {{}} …", " --takes-up "
        )
        before = read.snapshot.bytes(FOCUSED_CODES)
        after = focused.add(
            read.snapshot.text(FOCUSED_CODES) or "",
            label,
            definition=definition,
            because=because,
            by=coder,
            written_after=read.last_interview,
            takes_up=codes,
        )
        change = Change(FOCUSED_CODES, before, encoded(after, before))
        transaction.commit(
            study, [change], Entry(f"focused add {in_shell(label)}", coder, why or because)
        )


def take_up(
    study: Study, label: str, codes: tuple[str, ...], *, by: str = "", why: str = ""
) -> bool:
    """More initial codes under `takes-up` of a focused code. Returns whether anything changed. Raises UserError."""
    with transaction.locked(study):
        read = load(study)
        coder = find_coder(read, by)
        now = read.names.leads_to(label, FOCUSED)
        if now:
            raise UserError(
                old_label(
                    label, now, f"focused take-up {in_shell(now)} {' '.join(map(in_shell, codes))}"
                )
            )
        if label not in read.material.focused:
            broken = [p for p in read.unreadable if p.is_error and p.path == FOCUSED_CODES]
            raise UserError(
                *(
                    broken
                    or [
                        error(
                            FOCUSED_CODES,
                            None,
                            f'no focused code "{label}"',
                            did_you_mean(label, read.material.focused)
                            or f"`gtpipe focused add {in_shell(label)} --because …` makes it",
                        )
                    ]
                )
            )
        before = read.snapshot.bytes(FOCUSED_CODES)
        standing = {
            read.current.get(named.label, named.label)
            for named in read.material.focused[label].takes_up
        }
        new = tuple(
            code
            for code in _initial_codes(read, codes, f"focused take-up {in_shell(label)} {{}}")
            if code not in standing
        )
        after = focused.take_up(read.snapshot.text(FOCUSED_CODES) or "", label, new)
        command = f"focused take-up {in_shell(label)} {' '.join(map(in_shell, codes))}"
        return bool(
            transaction.commit(
                study,
                [Change(FOCUSED_CODES, before, encoded(after, before))],
                Entry(command, coder, why),
            )
        )


def _initial_codes(
    read: Corpus, codes: tuple[str, ...], command: str, between: str = " "
) -> tuple[str, ...]:
    """The codes, each once. Raises UserError with every one that is not there, or is called
    otherwise now.

    `command` is what to type then, with the codes at its `{}`.
    """
    known = read.names.known[INITIAL]
    labels = tuple(dict.fromkeys(codes))
    typed = between.join(in_shell(read.names.leads_to(label, INITIAL) or label) for label in labels)
    wrong = []
    for label in labels:
        now = read.names.leads_to(label, INITIAL)
        if now:
            wrong.append(old_label(label, now, command.replace("{}", typed)))
        elif label not in known:
            wrong.append(
                error(
                    "the study",
                    None,
                    f'no code "{label}"',
                    did_you_mean(label, sorted(known)) or "`gtpipe codes list` shows them",
                )
            )
    if wrong:
        raise UserError(*wrong)
    return labels


def new_memo(
    study: Study,
    title: str,
    *,
    about: tuple[str, ...] = (),
    kind: str = "",
    date: str,
    by: str = "",
    why: str = "",
) -> str:
    """Make a memo with an empty line for its prose; its path. Whatever the title, no memo that stands is touched.

    Raises UserError when it is about something that is not there, or of no kind.
    """
    title = one_line(title)
    about = tuple(one_line(one) for one in about)
    if not title or not yamltext.printable(title):
        raise UserError(
            error(
                "the title", None, "a title is one line without control characters", "Write it anew"
            )
        )
    if kind and kind not in memos.KINDS:
        raise UserError(
            error(
                "the memo",
                None,
                f'"{kind}" is no kind of memo',
                did_you_mean(kind, memos.KINDS) or f"The kinds are {', '.join(memos.KINDS)}",
            )
        )
    with transaction.locked(study):
        read = load(study)
        coder = find_coder(read, by)
        old = [
            old_label(named.label, now, f"memo new {in_shell(title)} --about {in_shell(now)}")
            for label in about
            if (now := read.names.now(named := naming.named_as(label, Where("", 0))))
            and memo.is_unknown(named, read.material, read.names)
        ]
        if old:
            raise UserError(*old)
        wrong = memo.problems(
            replace(
                read.material,
                memos=(
                    Memo(
                        "",
                        "the memo",
                        title,
                        date,
                        coder,
                        kind,
                        tuple(naming.named_as(label, Where("the memo", 0)) for label in about),
                        "",
                    ),
                ),
            ),
            read.names,
        )
        if wrong:
            raise UserError(
                *(error("the memo", None, problem.what, problem.do) for problem in wrong)
            )
        path = memos.path_for(title, date, read.snapshot.files(MEMOS))
        content = memos.dumps(title, date, coder, kind, about).encode()
        transaction.commit(
            study, [Change(path, None, content)], Entry(f"memo new {in_shell(title)}", coder, why)
        )
    return path
