"""`gtpipe memo new`: a memo with its heading, and an empty line for what the person writes."""

from __future__ import annotations

from gtpipe.analysis import subjects
from gtpipe.analysis.labels import old_label
from gtpipe.analysis.memos import is_unknown
from gtpipe.commands.look_up import find_coder, nothing_called
from gtpipe.formats import memos, naming
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError, in_shell
from gtpipe.model.records import NOWHERE
from gtpipe.store import transaction
from gtpipe.store.layout import MEMOS, Study
from gtpipe.study import load
from gtpipe.text import yamltext

_OTHERS = "relation, memo, participant, interview, question"


def new_memo(
    study: Study,
    title: str,
    *,
    about: tuple[str, ...] = (),
    kind: str = "",
    date: str,
    by: str = "",
    why: str = "",
    prose: str = "",
) -> str:
    """Make a memo with its prose, or an empty line for it; its path. Whatever the title, no memo
    that stands is touched.

    Raises UserError when it is about something that is not there.
    """
    title = one_line(title)
    about = tuple(one_line(one) for one in about)
    kind = one_line(kind)
    if not title or not yamltext.printable(title):
        raise UserError.of("a title is one line without control characters", "Write it again")
    if not yamltext.printable(kind):
        raise UserError.of("a kind is a word without control characters", "Write it again")
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
        everything = subjects.everything(material, names)
        wrong = [
            problem
            for named in unknown
            for problem in nothing_called(corpus, named, _OTHERS, everything)
        ]
        if wrong:
            raise UserError(*dict.fromkeys(wrong))
        path = memos.path_for(title, date, corpus.snapshot.files(MEMOS))
        words = f"{prose.strip()}\n" if prose.strip() else ""
        change.write(path, memos.dumps(title, date, coder, kind, about) + words)
        change.log(f"memo new {in_shell(title)}", coder, why)
    return path
