"""`gtpipe memo new`: a memo with its heading, and an empty line for what the person writes."""

from __future__ import annotations

from gtpipe.analysis.labels import old_label
from gtpipe.analysis.memos import is_unknown
from gtpipe.commands.look_up import find_coder, nothing_called
from gtpipe.formats import memos, naming
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError, did_you_mean, in_shell, refusal
from gtpipe.model.records import NOWHERE
from gtpipe.store import transaction
from gtpipe.store.layout import MEMOS, Study
from gtpipe.study import load
from gtpipe.text import yamltext


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
    """Make a memo with an empty line for its prose; its path. Whatever the title, no memo that
    stands is touched.

    Raises UserError when it is about something that is not there, or of no kind.
    """
    title = one_line(title)
    about = tuple(one_line(one) for one in about)
    if not title or not yamltext.printable(title):
        raise UserError(refusal("a title is one line without control characters", "Write it again"))
    if kind and kind not in memos.KINDS:
        raise UserError(
            refusal(
                f'"{kind}" is no kind of memo',
                did_you_mean(kind, memos.KINDS) or f"The kinds are {', '.join(memos.KINDS)}",
            )
        )
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot)
        coder = find_coder(corpus, by)
        material, names = corpus.material, corpus.names
        unknown = [
            named
            for label in about
            if is_unknown(named := naming.named_as(label, NOWHERE), material, names)
        ]
        old = [
            old_label(named.label, now, f"memo new {in_shell(title)} --about {in_shell(now)}")
            for named in unknown
            if (now := names.now(named))
        ]
        if old:
            raise UserError(*old)
        everything = sorted({label for labels in names.known.values() for label in labels})
        wrong = [
            problem
            for named in unknown
            for problem in nothing_called(corpus, named, "relation", everything)
        ]
        if wrong:
            raise UserError(*dict.fromkeys(wrong))
        path = memos.path_for(title, date, corpus.snapshot.files(MEMOS))
        change.write(path, memos.dumps(title, date, coder, kind, about))
        change.log(f"memo new {in_shell(title)}", coder, why)
    return path
