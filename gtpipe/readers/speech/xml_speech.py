"""XML of transcription programs, opened without trusting it; and utterances that lie in tiers.

A tier is one speaker's line of a score: utterances of several are put in order by their times.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gtpipe.model import limits
from gtpipe.model.problems import UserError
from gtpipe.readers import archive, decoding
from gtpipe.readers.lines import plain
from gtpipe.readers.reading import Aside, Hints
from gtpipe.readers.speech import who_speaks
from gtpipe.readers.speech.utterances import Utterance, by_line, cue_at

if TYPE_CHECKING:
    from lxml.etree import _Element

_TAGS = 600_000  # which take many times theirs when parsed
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})[\"']")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_IN_A_TAG = """(?:[^<>"']|"[^"]*"|'[^']*')*+"""  # an attribute's value may hold a >
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)


class TierText(NamedTuple):
    """Words in a tier: their place in the file, and when they begin and end in seconds, None where
    that is not said; `order` is the place of the beginning among all others.
    """

    words: str
    number: int
    start: float | None
    end: float | None
    order: int


class Tier(NamedTuple):
    """A tier, of a name that no other has.

    `speaks` is False for one that says something of another's words.
    """

    name: str
    speaker: str
    speaks: bool
    texts: Sequence[TierText]


def text_of(content: bytes, path: str) -> tuple[str, tuple[str, ...]]:
    """The file as text, in the encoding it names. Raises UserError."""
    named = _ENCODING.search(content[:200])
    name = named[1].decode("ascii").lower() if named else ""
    is_other = name and not name.startswith(("utf", "us-ascii"))
    if is_other and len(content) <= limits.TEXT_BYTES:
        try:
            return content.decode(name).replace("\r\n", "\n").replace("\r", "\n"), ()
        except (UnicodeError, LookupError):
            pass
    return plain.text_of(content, path)


def root_of(text: str, path: str, what: str) -> _Element:
    """The root element, without entities, network or deep nesting. Raises UserError."""
    from lxml import etree

    if text.count("<") > _TAGS:
        raise archive.too_much(path, f"this {what} consists of millions of pieces")
    if re.search("<!(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise UserError.at(
            path,
            None,
            f"this {what} declares a document type or entities of its own",
            "Do not trust it; export it again, or save the transcript as plain text (.txt, UTF-8)",
        )
    decoding.refuse_half_references(text, path)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(_DECLARATION.sub("", text, count=1).encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UserError.at(
            path,
            None,
            f"this {what} is damaged, nested too deeply, or was not saved to its end",
            "Open it in the program it came from and save it again, or ask for it again",
        ) from None


def name_of(element: _Element) -> str:
    """An element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def below(element: _Element, name: str) -> list[_Element]:
    """All elements of a name below `element`, whatever their namespace."""
    return [found for found in element.iter() if name_of(found) == name]


def children(element: _Element, name: str) -> list[_Element]:
    """The elements of a name right below `element`, whatever their namespace."""
    return [found for found in element if name_of(found) == name]


def free_name(name: str, taken: Collection[str]) -> str:
    """A tier's name, with a number where another tier has it; `tier 3` where it has none."""
    number = len(taken) + 1
    name = name or f"tier {number}"
    while name in taken:
        name = f"{name} {number}"
    return name


def attribute(element: _Element, name: str) -> str:
    """An attribute's value, whatever its namespace; '' for none."""
    values = (value for key, value in element.items() if str(key).rpartition("}")[2] == name)
    return str(next(values, ""))


def control_text_of(content: bytes, words: str) -> str | None:
    """What stands between the tags that the pattern `words` names, tags inside it apart."""
    text = text_of(content, "")[0]
    text = _CDATA.sub(lambda match: html.escape(match[1], quote=False), _COMMENT.sub("", text))
    pieces = re.findall(
        rf"<(?:\w+:)?({words})(?:\s{_IN_A_TAG})?(?<!/)>(.*?)</(?:\w+:)?\1\s*>", text, re.DOTALL
    )
    breaks = (re.sub(rf"<(?:\w+:)?br\b{_IN_A_TAG}>", "\n", piece) for _, piece in pieces)
    return "\n".join(html.unescape(re.sub(f"<{_IN_A_TAG}>", "", piece)) for piece in breaks)


def shows(root: str) -> Callable[[bytes], bool]:
    """Whether a file's first element has this name."""
    start = re.compile(
        r"\s*(?:<\?xml[^>]*>\s*)?(?:(?><!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>)\s*)*+"
        rf"<(?:\w+:)?{root}[\s>]",
        re.DOTALL,
    )

    def does(content: bytes) -> bool:
        head = content[:4096]
        codec = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1"
        return start.match(head.decode(codec, "replace").removeprefix("ï»¿")) is not None

    return does


def from_tiers(
    tiers: Sequence[Tier], path: str, hints: Hints, what: str
) -> tuple[list[Utterance], list[Aside]]:
    """Utterances of all tiers by time; tiers that are nobody's speech are asides.

    Where a speaker has two tiers that could be speech, each is asked for by its own name. Where one
    tier holds everybody, as `Nora: So?`, the labels in it say who speaks.
    """
    spoken = [tier for tier in tiers if tier.speaks and tier.texts]
    if len(spoken) == 1:
        utterances = _by_time(tiers, {spoken[0].name: ""}, path, what)
        if who_speaks.by_label(utterances, hints, what):
            return utterances, _asides(tiers, {spoken[0].name})
    counts = Counter(tier.speaker for tier in spoken)
    speakers = {
        tier.name: (tier.speaker if counts[tier.speaker] == 1 else "") or tier.name
        for tier in spoken
    }
    speakers = {
        tier: speaker
        for tier, speaker in speakers.items()
        if speaker not in hints.not_speakers and (speaker in hints or not hints.only_known)
    }
    return _by_time(tiers, speakers, path, what), _asides(tiers, speakers)


def _asides(tiers: Sequence[Tier], spoken: Collection[str]) -> list[Aside]:
    return [
        Aside(said.number, f"tier {tier.name}", said.words)
        for tier in tiers
        if tier.name not in spoken
        for said in tier.texts
    ]


def _by_time(
    tiers: Sequence[Tier], speakers: dict[str, str], path: str, what: str
) -> list[Utterance]:
    """What is said in the tiers that `speakers` names. Without a time of its own, it comes behind
    what begins before it.
    """
    starts: dict[int, float] = {}
    last = 0.0
    for said in sorted((said for tier in tiers for said in tier.texts), key=lambda s: s.order):
        last = last if said.start is None else said.start
        starts.setdefault(said.order, last)
    timed = [
        (said, speakers[tier.name])
        for tier in tiers
        if tier.name in speakers
        for said in tier.texts
    ]
    limits.refuse_many(len(timed), limits.CUES, f"{what}s", path)
    timed.sort(key=lambda entry: (starts[entry[0].order], entry[0].order))
    utterances: list[Utterance] = []
    for said, speaker in timed:
        cue = cue_at(said.start, said.end)._replace(start=starts[said.order])
        utterances += by_line(speaker, said.words, said.number, cue)
    if not utterances:
        raise UserError.at(path, None, "no tier in this file holds words", "Is it the right file?")
    return utterances
