"""How far a word stands out against everyday English, and which words say next to nothing.

A word weighs nothing among the first 150 of `text.everyday`, and 1 where it is not listed.
"""

from __future__ import annotations

from functools import cache
from math import log

from gtpipe.suggest.parsing import Parse, Word
from gtpipe.text.everyday import ranks

ORDINARY = 150
DAYS = frozenset(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mondays Tuesdays Wednesdays "
    "Thursdays Fridays Saturdays Sundays January February March April June July August "
    "September October November December Christmas Easter English".split()
)
CONTENT = frozenset(("NOUN", "VERB", "ADJ", "ADV", "PROPN", "NUM"))
VAGUE = frozenset(
    "thing things something anything everything nothing stuff one ones way ways someone "
    "somebody anyone anybody everyone everybody lot lots bit kind kinds sort sorts people "
    "person guy guys fella time times part parts point case cases place example idea reason "
    "fact question questions word words place end mean couple number amount side day today "
    "rest look look chance order issue thought moment while".split()
)
EMPTY = frozenset(
    "be have do get go make take put give come say tell know think mean see look want need "
    "like use let try keep feel just really very quite pretty actually basically literally "
    "definitely probably maybe perhaps totally absolutely obviously honestly certainly "
    "simply only also too even still again then now here there so well anyway though always "
    "already almost exactly good great nice bad big little much many more most other same "
    "different new able sure right okay fine".split()
)


@cache
def weight(form: str) -> float:
    """0 for the words everybody says, 1 for a word that is rare in everyday talk."""
    known = ranks()
    parts = [part for part in form.casefold().split("-") if part]
    if len(parts) > 1:
        return max(weight(part) for part in parts)
    rank = min(known.get(form.casefold(), len(known)), len(known))
    return max(0.0, log((rank + 1) / ORDINARY) / log((len(known) + 1) / ORDINARY))


def weight_of(word: Word) -> float:
    """What a word of a turn weighs: 0 for words of grammar, of little content, and for what
    has no letters."""
    if word.pos not in CONTENT or word.lemma in EMPTY or word.lemma in VAGUE:
        return 0.0
    if (
        len(word.text) < 2
        or not word.text.replace("-", "").replace("'", "").isalpha()
        or word.text.startswith("'")
    ):
        return 0.0
    return min(weight(word.text), weight(word.lemma))


def is_name(
    words: Parse, index: int, people: frozenset[str], *, nouns_are_capital: bool = False
) -> bool:
    """Whether a word names somebody or something: by its capital, by its tag, or because `people`
    (small letters) says so.

    Days, months, "I" and words all in capitals (NHS, ICE) are no names of people. Where a language
    writes every noun with a capital, only the tag tells.
    """
    word = words[index]
    text = word.text
    if text.casefold() in people:
        return True
    if (
        text in DAYS
        or text == "I"
        or text.startswith("I'")
        or (text.isupper() and 1 < len(text) < 6)
    ):
        return False
    if any(map(str.isupper, text)) and not nouns_are_capital:
        return (
            word.pos == "PROPN"
            or not begins_sentence(words, index)
            or any(map(str.isupper, text[1:]))
        )
    return word.pos == "PROPN" and (nouns_are_capital or weight(text) >= 1)


def begins_sentence(words: Parse, index: int) -> bool:
    """Whether a word is the first of a sentence, or of speech in quotation marks."""
    while (
        index
        and words[index - 1].pos == "PUNCT"
        and words[index - 1].text not in (".", "?", "!", "...", "…", ":", '"')
    ):
        index -= 1
        if words[index].text in (",", ";", ")"):
            return False
    return index == 0 or words[index - 1].pos == "PUNCT"
