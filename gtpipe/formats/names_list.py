"""The list of real names, which is also the key to a study's pseudonyms, and lies outside of it.

One person or place a line, all spellings of the name, and what stands for it:

    # what follows a hash is a remark
    Ellie Smith, Ellie -> Faye
    Ward 7 -> (Ward)

No message about it says a name: they tell lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem, UserError, error, note
from gtpipe.model.real_names import NamedPerson, NameList, words_of
from gtpipe.store.layout import Study, decode
from gtpipe.text import everyday

FORM = "Write a person or place a line, all spellings and what stands for it: `NAME, NAME -> (PSW)`"
_ARROW = re.compile(r"\s*(?:->|→)\s*")


def place(study: Study, typed: str) -> Path:
    """Where the list is that `pipeline.yaml` names; a relative path is one in the study."""
    return study.root / Path(typed).expanduser()


def read(study: Study, typed: str) -> tuple[NameList, list[Problem]]:
    """The list that `pipeline.yaml` names, and what is wrong with it.

    Raises UserError where it cannot be read.
    """
    try:
        content = place(study, typed).read_bytes()
    except (OSError, RuntimeError) as exc:  # RuntimeError: ~ of a user who is not there
        why = getattr(exc, "strerror", None) or "no such file"
        what = f"the list of names cannot be read: {why}"
        do = "`privacy: names:` in pipeline.yaml says where it is"
        raise UserError.at(typed, None, what, do) from None
    return loads(decode(content, typed), typed)


def loads(text: str, path: str) -> tuple[NameList, list[Problem]]:
    """The names of a list, and what is wrong with it, line by line."""
    problems: list[Problem] = []
    people: list[NamedPerson] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            person = _person(line, number, path, problems)
            people += [person] if person else []
    names = NameList(tuple(people), everyday.ranks())
    if not people:
        problems.append(error(path, None, "no name stands in this list", FORM))
    problems += [*_repeated(people, path), *_pseudonyms(people, path), *_words(names, path)]
    return names, sorted(problems, key=lambda problem: problem.line or 0)


def _person(line: str, number: int, path: str, problems: list[Problem]) -> NamedPerson | None:
    spelled, *stand = _ARROW.split(line)
    spellings = tuple(dict.fromkeys(filter(None, map(one_line, spelled.split(",")))))
    what = ""
    if not stand:
        what = "no `->` on this line"
    elif len(stand) > 1:
        what = "more than one `->` on this line"
    elif not spellings:
        what = "no name before the `->`"
    elif not stand[0].strip():
        what = "nothing after the `->`: what stands for this name?"
    elif not all(map(words_of, spellings)):
        what = "a name without a letter or digit, which cannot be looked for"
    if what:
        problems.append(error(path, number, what, FORM))
        return None
    return NamedPerson(spellings, one_line(stand[0]), number)


def _repeated(people: Iterable[NamedPerson], path: str) -> list[Problem]:
    seen: dict[tuple[str, ...], int] = {}
    problems = []
    for person in people:
        for words in {words_of(spelling) for spelling in person.spellings}:
            first = seen.setdefault(words, person.line)
            if first != person.line:
                what = f"a name of this line stands on line {first} too"
                do = "Keep it with the one whom it means; give both a longer spelling"
                problems.append(error(path, person.line, what, do))
    return problems


def _pseudonyms(people: Iterable[NamedPerson], path: str) -> list[Problem]:
    named = {words_of(spelling): person.line for person in people for spelling in person.spellings}
    problems = []
    for person in people:
        line = named.get(words_of(person.stands_for))
        if line == person.line:
            what = "what stands for this name is the name itself"
            problems.append(error(path, person.line, what, "Choose another pseudonym"))
        elif line:
            what = f"what stands for this name is a real name, on line {line}"
            problems.append(error(path, person.line, what, "Choose another pseudonym"))
    return problems


def _words(names: NameList, path: str) -> list[Problem]:
    return [
        note(
            path,
            person.line,
            "a name of this line is an everyday word too, and is looked for with a capital only",
            "Look yourself where a transcript has no capitals",
        )
        for person in names.people
        if any(map(names.is_everyday, person.spellings))
    ]
