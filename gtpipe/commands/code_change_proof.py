"""Proof of a plan for codes: the study is read as it would be, and must say what the plan says.

Every coding is there, under the label meant; what people wrote of each code stands; no note and no
comment is gone; no error is new. `change_codes`, `change_coding` and `split_code` ask it before
anything is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from gtpipe.commands.code_change_plan import CodeChangePlan, coding_key
from gtpipe.formats import codebook, properties
from gtpipe.model.level import FOCUSED, INITIAL
from gtpipe.model.problems import UserError, refusal
from gtpipe.model.records import Code, FocusedCode
from gtpipe.store.layout import Snapshot, fingerprint
from gtpipe.study import Corpus, load


class PlannedSnapshot(Snapshot):
    """A study as it would be with some files' content changed, or files gone (None)."""

    def __init__(self, before: Snapshot, texts: Mapping[str, str | None]) -> None:
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
        return sorted(path for path in listed if self._texts.get(path, "") is not None)

    def bytes(self, path: str) -> bytes | None:
        if path in self._texts:
            text = self._texts[path]
            return None if text is None else text.encode()
        return self._before.bytes(path)

    def fingerprint(self, path: str) -> str | None:
        if path not in self._texts:
            return self._before.fingerprint(path)
        content = self.bytes(path)  # whatever the file was when it was seen
        return None if content is None else fingerprint(content)


def prove(plan: CodeChangePlan) -> None:
    """Raises UserError unless the study with these texts says what it should, and has no error that
    it had not before.
    """
    after = load(plan.corpus.study, PlannedSnapshot(plan.corpus.snapshot, plan.texts))
    had = Counter((problem.path, problem.what) for problem in plan.corpus.errors())
    new = [problem for problem in after.errors() if (problem.path, problem.what) not in had]
    if new:
        raise UserError(*new, refusal("this change would leave the errors above, and was not made"))
    _check_entries(plan, after)
    _check_notes(plan, after)
    if plan.expected is None:
        plan.expected = Counter(map(coding_key, plan.corpus.codings))
    found = Counter(map(coding_key, after.codings))
    if set(found) != set(plan.expected) or found.total() != plan.expected.total() - plan.together:
        odd = next(iter({*found} ^ {*plan.expected}), None)
        raise UserError.at(
            next(iter(plan.texts), "the study"),
            None,
            "the applications cannot be changed without touching other lines"
            + (f": {odd}" if odd else ""),
            "Change the files by hand",
        )


def _check_notes(plan: CodeChangePlan, after: Corpus) -> None:
    """No note on a coding and no comment is gone: what does not stand on a coding any more
    stands as a comment.
    """
    notes: dict[bool, Counter[tuple[str, str]]] = {True: Counter(), False: Counter()}
    for is_after, corpus in ((False, plan.corpus), (True, after)):
        notes[is_after].update(
            (sheet.path, line.strip())
            for sheet in corpus.material.sheets
            if sheet.path in plan.texts
            for entry in sheet.entries
            for code in entry.codes
            for line in code.note.split("\n")
            if line.strip()
        )
    for path in plan.texts:
        before, now = (
            Counter(line.rstrip() for line in (text or "").split("\n") if line.startswith("#"))
            for text in (plan.corpus.snapshot.text(path), plan.texts[path])
        )
        new = Counter((path, line[1:].strip()) for line in (now - before).elements())
        gone = [line for place, line in notes[False] - notes[True] - new if place == path] + [
            *(before - now)
        ]
        if gone:
            raise UserError.at(
                path,
                None,
                f"the notes and comments cannot be kept: `{gone[0]}` would be gone",
                "Change the file by hand",
            )


def _check_entries(plan: CodeChangePlan, after: Corpus) -> None:
    """What people wrote of each code is still said of it; only what this change is about may
    differ.
    """
    material = after.material
    for level in (INITIAL, FOCUSED):
        entries: Mapping[str, Code | FocusedCode] = (
            material.codebook if level == INITIAL else material.focused
        )
        for label, entry in plan.entries(level).items():
            if (level, label) in plan.retired:
                continue
            parked = plan.parked.get((level, label), entry.parked)
            now = entries.get(plan.renamed.get((level, label), label))
            if (
                now is None
                or _written(now) != _written(entry)
                or (now.parked or None) != (parked or None)
                or not (plan.handed_on or _held(entry) <= _held(now))
            ):
                raise UserError.at(
                    *entry.where,
                    f'the entry of "{label}" cannot be changed without touching other lines',
                    "Change it by hand",
                )


def _written(entry: Code | FocusedCode) -> tuple[str, ...]:
    """What people wrote about a code."""
    return tuple(getattr(entry, name, "") for name in (*codebook.SAID, "because", "by"))


def _held(entry: Code | FocusedCode) -> set[str]:
    """The incidents that a focused code holds, and what stands at the positions of its
    properties.
    """
    if not isinstance(entry, FocusedCode):
        return set()
    # What is `judged` follows the codings: `code_entry_edits.follow` takes lines out that say
    # nothing any more.
    return {
        f"{name} {incident.address}"
        for name, incidents in entry.lists.items()
        if name not in ("judged", "left")
        for incident in incidents
    } | {f"property {fact}" for fact in properties.facts(entry.properties)}
