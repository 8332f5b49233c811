"""What a reader wrote beside a Word document of ours, into the comments of the study.

Each comment is taken once, however often the document is read: the log keeps a digest of each that
was taken, so that one that a person edited, answered or took out since does not come back; `undo`
takes both back. One that says the same of the same under the same initials is not added either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gtpipe.analysis import reviewed
from gtpipe.analysis.reviewed import Findings, Placed
from gtpipe.commands.look_up import broken_files, find_coder
from gtpipe.formats import comments, personal, row_edits
from gtpipe.model import limits
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem, UserError, error, in_shell, note
from gtpipe.readers import archive
from gtpipe.readers.documents import reviewed as document
from gtpipe.store import log, transaction, who
from gtpipe.store.layout import COMMENTS, LOG, Study
from gtpipe.store.settings import FILE
from gtpipe.store.transaction import FileChange, Transaction, encode_keeping_bom
from gtpipe.study import Corpus, load

KIND = "take-comments"
_FIRST_WORDS = 60


@dataclass(frozen=True)
class CommentsTaken:
    """What was taken from a document: of each comment its file, its coder and what it is about; how
    many were taken before; what was not placed, or changed, as problems.
    """

    taken: tuple[tuple[str, str, str], ...]
    before: int
    problems: tuple[Problem, ...]
    changes: tuple[FileChange, ...]


def take(study: Study, file: Path, *, by: str = "", dry_run: bool = False) -> CommentsTaken:
    """The comments of `file`, each to the file of who wrote it; `by` where the document's name of
    the reader is none of the study's.

    Raises UserError, nothing written, where the document cannot be read or is none of this study,
    or it is not clear who wrote a comment.
    """
    path = str(file)
    read = document.read(_content(file, path), path)
    if not reviewed.is_ours(read):
        raise UserError.at(
            path,
            None,
            "this document was not made by gtpipe, or has lost its bookmarks",
            "Comments come back from documents that `gtpipe report --format docx` makes; "
            "save it as .docx in Word or LibreOffice",
        )
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot)
        findings = reviewed.find(read, corpus.material, corpus.names)
        if not findings.is_of_study:
            what = "nothing that this document was made of is in this study"
            do = "Is it of another study? Go to the folder of that one"
            raise UserError(error(path, None, what, do), *broken_files(corpus))
        taken = _taken_before(change)
        new = {one.key: one for one in findings.placed if one.key not in taken}
        coders = _coders(corpus, new.values(), by, path)
        standing = {
            (one.by, one.about.typed, one_line(one.comment)) for one in corpus.material.comments
        }
        fresh = [
            one
            for one in new.values()
            if (coders[one.comment.author], one.about, one_line(one.text)) not in standing
        ]
        changes, added = _edits(change, corpus, fresh, coders)
        if changes and not dry_run:
            change.add(*changes)
            signed = {coders[one.comment.author] for one in fresh}
            coder = signed.pop() if len(signed) == 1 else who.known(study, _researchers(corpus))
            command = f"comments --from {in_shell(file.name)}" + f" --by {by}" * bool(by)
            change.log(command, coder, did={"kind": KIND, "taken": [one.key for one in fresh]})
        problems = (
            *_problems(path, findings, new),
            *(broken_files(corpus) if findings.unplaced else ()),
        )
        before = len({one.key for one in findings.placed}) - len(fresh)
        return CommentsTaken(tuple(added), before, problems, tuple(changes))


def _content(file: Path, path: str) -> bytes:
    """Raises UserError for what is no Word document."""
    if not file.is_file():
        raise UserError.at(path, None, "there is no such file", "Name the document")
    if file.stat().st_size > limits.SOURCE_BYTES:
        raise UserError.at(path, None, "this file is too big for a document of gtpipe's")
    content = file.read_bytes()
    kind = archive.kind_of(content)
    if not content.startswith((archive.ZIP, archive.OLE)) or kind not in ("", "docx"):
        do = "Save it as .docx, with its comments" if kind == "odt" else "Name the .docx"
        raise UserError.at(path, None, "this is no Word document (.docx)", do)
    return content


def _researchers(corpus: Corpus) -> dict[str, str]:
    return corpus.settings.researchers


def _taken_before(change: Transaction) -> set[str]:
    """What was taken by changes of the log that stand."""
    logged = change.snapshot.bytes(LOG) or b""
    records = log.records(b"\n".join(_about_comments(logged)))
    return {
        key
        for record in log.standing(records)[0]
        if record.did.get("kind") == KIND
        for key in log.labels(record.did, "taken")
    }


def _about_comments(logged: bytes) -> Iterator[bytes]:
    """The lines of the log that took comments, and those that take lines back."""
    return (line for _, line in log.lines(logged) if KIND.encode() in line or b'"undoes"' in line)


def _coders(corpus: Corpus, new: Iterable[Placed], by: str, path: str) -> dict[str, str]:
    """The initials of each author. Raises UserError where one is nobody whom the study knows."""
    researchers = _researchers(corpus)
    folded = {initials.casefold(): initials for initials in researchers}
    authors = dict.fromkeys(one.comment.author for one in new)
    found = {
        author: who.matching(researchers, author, "") or folded.get(author.strip().casefold(), "")
        for author in authors
    }
    unknown = [author for author in authors if not found[author]]
    if by or not unknown:
        named = find_coder(corpus, by) if by else ""
        if len(unknown) < 2:
            return {author: coder or named for author, coder in found.items()}
    example = "SUP" if "SUP" not in researchers else "XY"
    names = limits.some(f'"{one_line(author)}"' for author in unknown)
    if len(unknown) > 1:
        what = f"{names} commented, and are nobody under `researchers` in {FILE}"
        do = f"Add a line for each there, such as `{example}: {one_line(unknown[0]) or 'Name'}`"
    else:
        what = f"{names} commented, and is nobody under `researchers` in {FILE}"
        do = (
            "Say with --by INITIALS who of them that is, or add a line there, such as "
            f"`{example}: {one_line(unknown[0]) or 'Name'}`"
        )
    raise UserError.at(path, None, what, do)


def _edits(
    change: Transaction, corpus: Corpus, fresh: Sequence[Placed], coders: dict[str, str]
) -> tuple[list[FileChange], list[tuple[str, str, str]]]:
    """What each person's file is to be, and what is new in it."""
    whose: dict[str, list[dict[str, str]]] = defaultdict(list)
    for one in fresh:
        coder = coders[one.comment.author]
        whose[coder].append({"about": one.about, "by": coder, "comment": one.text})
    changes, added = [], []
    for coder, said in whose.items():
        path = personal.path_of(COMMENTS, coder, corpus.settings.default_coder)
        before = change.snapshot.bytes(path)
        after = row_edits.add(change.text(path), path, comments.table(), said)
        changes.append(FileChange(path, before, encode_keeping_bom(after, before)))
        added += [(path, coder, row["about"]) for row in said]
    return changes, added


def _problems(path: str, findings: Findings, new: Mapping[str, Placed]) -> Iterator[Problem]:
    for comment, why in findings.unplaced:
        words = limits.cut(one_line(comment.text), _FIRST_WORDS)
        what = (
            f'the comment of {one_line(comment.author) or "nobody"}, "{words}", has no place: {why}'
        )
        yield error(path, None, what, 'Put it where it belongs: gtpipe comments add X "TEXT"')
    for turn in dict.fromkeys(one.corrected for one in new.values() if one.corrected):
        what = f"{turn} was corrected since this document was made, and a comment is on it"
        yield note(path, None, what, "See that it stands on the words that are meant")
    for turn, wording in findings.changed:
        if wording:
            what = f"the words of {turn} were changed: {limits.cut(wording, limits.SENTENCE)}"
        else:
            what = f"{turn} is not in this document any more, or has lost its bookmark"
        yield note(path, None, what, "The transcript is as it was")
