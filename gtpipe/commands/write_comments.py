"""A second reader's comments by command: one entry more in their own file, or an answer to one.

Read, change the lines concerned, write; under the lock. The log says what a comment is about, never
its words.
"""

from __future__ import annotations

from typing import NamedTuple

from gtpipe.analysis.annotations import WrittenAbout
from gtpipe.analysis.labels import old_label
from gtpipe.analysis.memos import is_memo, is_unknown
from gtpipe.analysis.subjects import everything
from gtpipe.commands.look_up import Book, by_option, fill_in, find_coder, nothing_called
from gtpipe.formats import comments, naming, personal, row_edits
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError, in_shell
from gtpipe.model.records import NOWHERE, Comment, Named
from gtpipe.model.typography import same
from gtpipe.store import transaction
from gtpipe.store.layout import COMMENTS, Study
from gtpipe.study import Corpus, load


class CommentAdded(NamedTuple):
    """A comment that was written: its file, its number among all, and what it is about."""

    path: str
    number: int
    about: str


def add(study: Study, about: str, text: str, *, by: str = "") -> CommentAdded:
    """One more comment on `about`, by `by`.

    Raises UserError, nothing written, when there is no such thing, it is called otherwise now, or
    the file has errors.
    """
    text = text.strip()
    if not text:
        raise UserError.of("the comment says nothing", "Write what you want to say in quotes")
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot)
        coder = find_coder(corpus, by)
        typed = one_line(about)
        found = find(corpus, typed)
        named = naming.named_as(typed, NOWHERE)
        if (
            found != typed
            and corpus.names.now(named)
            and not is_memo(_stem(named), corpus.material)
        ):
            raise UserError(
                old_label(
                    named.label,
                    naming.named_as(found, NOWHERE).label,
                    f"comments add {in_shell(found)} …",
                )
            )
        path = personal.path_of(COMMENTS, coder, corpus.settings.default_coder)
        row = {"about": found, "by": coder, "comment": text}
        after = row_edits.add(change.text(path), path, comments.table(), [row])
        command = f"comments add {_without_words(corpus, found)} …{by_option(corpus, coder)}"
        change.write(path, after)
        change.log(command, coder)
    number = personal.number_after(
        path, (comment.where.path for comment in corpus.material.comments), COMMENTS
    )
    return CommentAdded(path, number, found)


def answer(study: Study, number: int, text: str, *, changed: str = "", by: str = "") -> Comment:
    """Answer comment `number`, and say what changed because of it. Returns the comment as it was.

    Raises UserError, nothing written, when there is none of that number, or it has what is to be
    written already.
    """
    given = {"answer": text.strip(), "changed": changed.strip()}
    values = {name: value for name, value in given.items() if value}
    if not values:
        raise UserError.of("the answer says nothing", "Write what you want to say in quotes")
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot, only=())
        coder = find_coder(corpus, by)
        book = Book(COMMENTS, comments.table(), comments.loads, "`gtpipe comments` shows them")
        comment = fill_in(change, corpus, book, number, values)
        words = " …" * ("answer" in values) + " --changed …" * ("changed" in values)
        # The number is a place in the file and moves with it, so the log names what the comment is
        # about as well.
        about = _without_words(None, comment.about.typed)
        command = f"comments answer {number}{words} (about {about})"
        change.log(command, coder)
    return comment


def find(corpus: Corpus, typed: str) -> str:
    """What `typed` names, as a comment writes it: a code, category, relation, memo or incident; an
    old label leads on.

    Raises UserError with the nearest name where there is none, or where the words do not stand in
    the turn.
    """
    named = naming.named_as(typed, NOWHERE)
    if is_memo(_stem(named), corpus.material):
        return _stem(named).label
    if not is_unknown(named, corpus.material, corpus.names):
        return typed
    now = corpus.names.now(named)
    if now:
        return f"{named.level}: {now}" if named.level else now
    named_so = everything(corpus.material, corpus.names)
    raise UserError(*nothing_called(corpus, named, "relation, memo", named_so))


def _stem(named: Named) -> Named:
    """A memo may be named by its file."""
    return named._replace(label=named.label.rpartition("/")[2].removesuffix(".md"))


def _without_words(corpus: Corpus | None, about: str) -> str:
    """What a comment is about, for the log: a participant's words stay out of it, those of a label
    stay in.
    """
    incident = naming.incident(about, NOWHERE, [])
    if incident is None or incident.words is None:
        return in_shell(about)
    if corpus is not None and corpus.names.levels(naming.named_as(about, NOWHERE)):
        return in_shell(about)
    return f"{in_shell(f'{incident.interview} {incident.turn}')} --words …"


def listed(corpus: Corpus, about: str = "", unanswered: bool = False) -> list[tuple[int, Comment]]:
    """Comments with their numbers, in the order of the files: all, or those about one thing, under
    whichever of its labels.

    Comments on an incident are those on its turn, or on words of it that it shares. Raises
    UserError where there is neither such a thing nor a comment about it.
    """
    wanted = None
    here: tuple[Comment, ...] = ()
    if about:
        named = naming.named_as(one_line(about), NOWHERE)
        if not any(comment.about.label == named.label for comment in corpus.material.comments):
            named = naming.named_as(find(corpus, one_line(about)), NOWHERE)
        wanted = _meaning(corpus, named)
        if not named.level and not corpus.names.levels(named):
            here = (
                WrittenAbout.of_comments(corpus.material).at_address(named.label, corpus.material)
                or ()
            )
    return [
        (number, comment)
        for number, comment in enumerate(corpus.material.comments, 1)
        if (wanted is None or _meaning(corpus, comment.about) & wanted or comment in here)
        and not (unanswered and comment.answer)
    ]


def _meaning(corpus: Corpus, named: Named) -> set[tuple[str, str]]:
    """The things that a name means: labels by level, an old one under the new; or a memo, an
    incident, by its own name.
    """
    levels = corpus.names.levels(named)
    if levels:
        return {(level, named.label) for level in levels}
    now = corpus.names.now(named)
    if now:
        return _meaning(corpus, named._replace(label=now))
    memo = _stem(named)
    return {("", memo.label if is_memo(memo, corpus.material) else same(named.label))}
