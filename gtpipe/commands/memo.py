"""`gtpipe memo new`: a memo with its heading, and an empty line for what the person writes."""

from __future__ import annotations

from dataclasses import replace

from gtpipe.analysis.labels import old_label
from gtpipe.analysis.memos import is_unknown, problems
from gtpipe.commands.find import find_coder
from gtpipe.formats import memos, naming
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError, did_you_mean, error, in_shell
from gtpipe.model.records import Memo, Where
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
    with transaction.change(study) as change:
        corpus = load(study, change.snapshot)
        coder = find_coder(corpus, by)
        old = [
            old_label(named.label, now, f"memo new {in_shell(title)} --about {in_shell(now)}")
            for label in about
            if (now := corpus.names.now(named := naming.named_as(label, Where("", 0))))
            and is_unknown(named, corpus.material, corpus.names)
        ]
        if old:
            raise UserError(*old)
        wrong = problems(
            replace(
                corpus.material,
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
            corpus.names,
        )
        if wrong:
            raise UserError(
                *(error("the memo", None, problem.what, problem.do) for problem in wrong)
            )
        path = memos.path_for(title, date, corpus.snapshot.files(MEMOS))
        change.write(path, memos.dumps(title, date, coder, kind, about))
        change.log(f"memo new {in_shell(title)}", coder, why)
    return path
