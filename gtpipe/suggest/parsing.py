"""Participants' turns as parsed words, each with its place in the turn; what was parsed once is
kept by its content.

Talk is not written English: before parsing, marks such as (laugh) and [pause 3s], hesitations,
hedges between commas and stuttered words are left out, and only for the parser. Every word keeps
its place in the turn's own text, which is never altered. A word's parse does not depend on what is
parsed beside it, nor does the cache's.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple, cast

from gtpipe.formats import transcripts
from gtpipe.model.problems import UserError
from gtpipe.model.records import Interview
from gtpipe.store.cache import ParsedFiles
from gtpipe.store.layout import Snapshot, Study, decode
from gtpipe.study import engine
from gtpipe.study.conclude import read_files
from gtpipe.suggest import models
from gtpipe.suggest.models import Model

KIND = "parse"
FORMAT = 1  # of the kept parses and of what is left out before parsing: raise it with either
BATCH = 32  # fastest of 1 to 1000; the parses are the same


class Word(NamedTuple):
    """A word of a turn: from `start` to `end` in its text. `head` is the index of the word it hangs
    on, its own for a root."""

    start: int
    end: int
    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int


Parse = tuple[Word, ...]
Parses = dict[str, Parse]  # the text of a turn → its words
# Starts, ends and heads of words; their lemmas, parts of speech, tags and dependencies.
Frozen = tuple[list[int], list[int], list[int], str, str, str, str]

NONVERBAL = (
    r"laugh\w*|chuckl\w*|giggl\w*|paus\w*|silen\w*|sigh\w*|cough\w*|cr(?:y|ies|ied|ying)|sniff\w*"
    r"|sob\w*|smil\w*|nod\w*|snort\w*|crosstalk|overlap\w*|inaudible|unintelligible|unclear"
    r"|indistinct|noise|music|phone rings|beat|long pause|short pause"
)
LEFT_OUT = re.compile(
    "|".join(
        (
            r"\\?\[(?:[^\[\]]*)\\?\](?!\()",  # [pause 3s], [sighs], \[04:05\]
            r"</?[a-z][^<>\n]{0,40}>",  # <laughs>
            rf"\((?:{NONVERBAL})[^()]{{0,20}}\)",
            # The brackets and the address of a Markdown link.
            r"(?<=\S)\]\([^()\s]*\)|\\?\[(?=[^\[\]]+\]\()",
            # Emphasis; the brackets around (ward), whose word stays.
            r"(?<![*_`\\])[*_`\\]+(?=\w)|(?<=[^\W_])[*_`\\]+|(?<=[.,?!])[*_`\\]+|[()]",
        )
    ),
    re.IGNORECASE,
)
HESITATIONS = re.compile(
    r"(?:(?<=^)|(?<=[\s–—-]))(?:e+r+m*|u+h*m+|u+h+|e+h+m*|m+h*m+|h+m+|mhm)\b[,.…]*\s*",
    re.IGNORECASE,
)
HEDGES = re.compile(
    # ", you know,"
    r",\s*(?:you know|you see|I mean|like|sort of|kind of|I guess|I suppose|I think|basically"
    r"|actually|obviously|honestly|well|right)(?=\s*,)"
    # "Well, so, …" at the head of a sentence
    r"|(?:(?<=^)|(?<=[.?!]\s))(?:(?:well|so|oh|okay|ok|yeah|yes|no|right|aye|now|and|but|you know"
    r"|I mean|like|anyway|honestly|basically),\s+)+"
    # "sort of", but not "what sort of"
    r"|(?<!\bwhat )(?<!\bthis )(?<!\bthat )(?<!\ba )(?<!\bthe )(?<!\bsome )(?<!\bany )(?<!\bsame )"
    r"(?<!\bof )(?<!\bother )(?<!\bone )(?<!\bdifferent )(?<!\bwhich )(?<!\bno )(?<!\bevery )"
    r"(?<!\bright )(?<!\bmy )(?<!\bnew )(?<!\bcertain )\b(?:(?:kind|sort) of )+",
    re.IGNORECASE,
)
CURLY = str.maketrans("’‘“”", "''\"\"")
STUTTER = re.compile(r"\b(\w+(?:[ '’]\w+){0,3})(?:,? )(?=\1\b(?!['’]))", re.IGNORECASE)
SPACE = re.compile(r"\s+")


def parse_all(interviews: Iterable[Interview], model: Model, study: Study | None = None) -> Parses:
    """The words of every turn of a participant. With `study`, turns parsed before are taken from
    its cache, new ones are kept."""
    interviews = list(interviews)
    texts = dict.fromkeys(
        turn.text for interview in interviews for turn in interview.participant_turns
    )
    if study is None:
        return {
            text: _words(text, frozen)
            for text, frozen in zip(texts, parse(texts, model), strict=True)
        }
    cache: ParsedFiles[object] = ParsedFiles(study, KIND, FORMAT, object)
    prints = {text: fingerprint(text, model) for text in texts}
    snapshot = Snapshot(study)
    of = {
        turn.text: snapshot.fingerprint(interview.path) or ""
        for interview in interviews
        for turn in interview.participant_turns
    }
    kept = cache.get({print: of[text] for text, print in prints.items()})
    found: Parses = {}
    missing = []
    for text, print in prints.items():
        words = thaw(text, kept.get(print))
        if words is None:
            missing.append(text)
        else:
            found[text] = words
    for text, frozen in _parsed(missing, interviews, study, snapshot, model):
        cache.put(prints[text], frozen, of[text])
        found[text] = _words(text, frozen)
    cache.save()
    return found


class Task(NamedTuple):
    """What a worker is to parse: the turns of one interview of the study at `root`, as the writer
    saw it, with the pipeline whose files have the `digest`.
    """

    root: str
    transcript: tuple[str, str]
    language: str
    folder: str
    digest: str


def of_task(task: Task) -> list[Frozen] | None:
    """The words of each turn of a participant; None where the transcript or the pipeline is not
    what the writer has. Raises FileNotFoundError where the study is not there.
    """
    files = read_files(task.root, [task.transcript])
    if files is None:
        return None
    ((path, content),) = files
    try:
        model = _model_of(task.language, task.folder)
        interview, _ = transcripts.loads(decode(content, path), path)
        if model is None or model.digest != task.digest:
            return None
        return [*parse([turn.text for turn in interview.participant_turns], model)]
    except UserError:
        return None


@cache
def _model_of(language: str, folder: str) -> Model | None:
    return models.find(language, folder).model


def _parsed(
    missing: Iterable[str],
    interviews: Iterable[Interview],
    study: Study,
    snapshot: Snapshot,
    model: Model,
) -> Iterator[tuple[str, Frozen]]:
    """The texts that were not parsed before, with their words: parsed here, or by Dask."""
    missing = dict.fromkeys(missing)
    if engine.is_here():
        yield from zip(missing, parse(missing, model) if missing else (), strict=True)
        return
    tasks = {}
    for interview in interviews:
        texts = [turn.text for turn in interview.participant_turns]
        if any(text in missing for text in texts):
            print = snapshot.fingerprint(interview.path) or ""
            folder = str(model.folder)
            of = (interview.path, print)
            tasks[Task(str(study.root), of, model.language, folder, model.digest)] = texts
    results = engine.each(of_task, [*tasks], lambda task: [*parse(tasks[task], model)], 0)
    for texts, parses in zip(tasks.values(), results, strict=True):
        for text, frozen in zip(texts, parses, strict=True):
            if missing.pop(text, True) is None:
                yield text, frozen


def fingerprint(text: str, model: Model) -> str:
    return hashlib.sha256(f"{model.digest}\n{text}".encode()).hexdigest()


def prepared(text: str, language: str = "en") -> tuple[str, list[int]]:
    """`text` as the parser reads it, and for each of its characters the place in `text`.

    Hesitations and stutters are those of English: German "er" is a word, and French "nous
    nous" no stutter.
    """
    places, text = list(range(len(text))), text.translate(CURLY)
    for pattern in (LEFT_OUT, HESITATIONS, HEDGES, STUTTER) if language == "en" else (LEFT_OUT,):
        text, places = _without(pattern, text, places)
    kept: list[str] = []
    where: list[int] = []
    at = 0
    for gap in SPACE.finditer(text):
        kept.append(text[at : gap.start()])
        where += places[at : gap.start()]
        if kept[0] or len(kept) > 1:
            kept.append(" ")
            where.append(places[gap.start()])
        at = gap.end()
    return "".join([*kept, text[at:]]), where + places[at:]


def _without(pattern: re.Pattern[str], text: str, places: list[int]) -> tuple[str, list[int]]:
    kept: list[str] = []
    where: list[int] = []
    at = 0
    for match in pattern.finditer(text):
        kept.append(text[at : match.start()])
        where += places[at : match.start()]
        at = match.end()
    return ("".join([*kept, text[at:]]), where + places[at:]) if at else (text, places)


def parse(texts: Iterable[str], model: Model) -> Iterator[Frozen]:
    """The words of each text as plain lists and strings, for the cache; `thaw` reads them."""
    ready = [prepared(text, model.language) for text in texts]
    strings = model.nlp.vocab.strings
    for (_, places), doc in zip(
        ready, model.nlp.pipe([text for text, _ in ready], batch_size=BATCH), strict=True
    ):
        table = doc.to_array(["IDX", "LENGTH", "HEAD", "LEMMA", "POS", "TAG", "DEP"])
        starts, lengths = table[:, 0].tolist(), table[:, 1].tolist()
        heads = table[:, 2].astype("int64").tolist()
        lemmas, pos, tags, deps = (
            [strings[label] or "_" for label in column.tolist()] for column in table[:, 3:].T
        )
        yield (
            [places[start] for start in starts],
            [places[start + length - 1] + 1 for start, length in zip(starts, lengths, strict=True)],
            [index + head for index, head in enumerate(heads)],
            "\t".join(lemmas),
            " ".join(pos),
            " ".join(tags),
            " ".join(deps),
        )


def thaw(text: str, frozen: object) -> Parse | None:
    """The words of `text` out of what `parse` gave; None for anything else."""
    try:
        return _words(text, cast(Frozen, frozen))
    except (TypeError, ValueError, AttributeError):
        return None


def _words(text: str, frozen: Frozen) -> Parse:
    starts, ends, heads, lemmas, pos, tags, deps = frozen
    if not starts:
        return ()
    spans = zip(starts, ends, heads, strict=True)
    labels = zip(
        map(sys.intern, lemmas.split("\t")),
        map(sys.intern, pos.split(" ")),
        map(sys.intern, tags.split(" ")),
        map(sys.intern, deps.split(" ")),
        strict=True,
    )
    return tuple(
        [
            Word(start, end, text[start:end], *labels_of, head)
            for (start, end, head), labels_of in zip(spans, labels, strict=True)
        ]
    )
