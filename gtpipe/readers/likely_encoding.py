"""In which encoding bytes may be that are neither UTF-8 nor marked, and whether that is sure.

`charset-normalizer` says which encodings fit, `_unlikely` how many letters are not those of one
language: in a wrong encoding, a text soon has letters that no language has side by side. A file of
few letters beyond ASCII says too little, and a person is asked.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from gtpipe.model.problems import did_you_mean

# Python's name of an encoding → what people and programs call it; likelier ones first.
NAMES = {
    "cp1252": "Windows-1252, Western Europe",
    "cp1250": "Windows-1250, Central Europe",
    "cp1251": "Windows-1251, Cyrillic",
    "cp1253": "Windows-1253, Greek",
    "cp1254": "Windows-1254, Turkish",
    "cp1255": "Windows-1255, Hebrew",
    "cp1256": "Windows-1256, Arabic",
    "cp1257": "Windows-1257, Baltic",
    "cp932": "Shift-JIS, Japanese",
    "gb18030": "GB 18030, Chinese",
    "big5": "Big5, Chinese",
    "cp949": "EUC-KR, Korean",
    "euc_jp": "EUC-JP, Japanese",
    "koi8_r": "KOI8-R, Cyrillic",
    "koi8_u": "KOI8-U, Cyrillic",
    "cp874": "Windows-874, Thai",
    "iso8859_2": "ISO 8859-2, Central Europe",
    "iso8859_5": "ISO 8859-5, Cyrillic",
    "iso8859_7": "ISO 8859-7, Greek",
    "iso8859_9": "ISO 8859-9, Turkish",
    "mac_roman": "old Macintosh, Western Europe",
    "mac_latin2": "old Macintosh, Central Europe",
    "mac_cyrillic": "old Macintosh, Cyrillic",
    "mac_greek": "old Macintosh, Greek",
    "cp850": "DOS, Western Europe",
    "cp852": "DOS, Central Europe",
    "cp866": "DOS, Cyrillic",
}
_OF_SEVERAL_BYTES = ("cp932", "gb18030", "big5", "cp949", "euc_jp")
_NO_TEXT = ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined")
_ENOUGH = 100  # letters beyond ASCII: a text of fewer says too little
_NEAR = 0.1  # in what charset-normalizer calls chaos

_WESTERN = (
    "àâæäçéèêëîïìôöœòùûüÿß",  # French, German, Italian, Dutch
    "áàâãçéèêíïóòôúüñ",  # Spanish, Portuguese, Catalan, Irish
    "æøåäöüßéà",  # Danish, Norwegian, Swedish, German
    "äöüõåšžé",  # Finnish, Estonian
    "áðéíóúýþæö",  # Icelandic
)
_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_OTHERS = (
    "áčďéěíňóřšťúůýž",
    "áäčďéíĺľňóôŕšťúýž",
    "ąćęłńóśźż",
    "áéíóöőúüű",
    "ăâîșşțţ",
    "čćđšž",
    "çğıöşüâîûi̇",
    "ąčęėįšųūž",
    "āčēģīķļņšūž",
    _RUSSIAN,
    _RUSSIAN + "ґєіїў",
    "абвгдђѓежзѕијќклљмнњопрстћуфхцчџш",
    "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
    "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگ",
    "".join(map(chr, range(0x0E01, 0x0E5C))),
)
_LETTER = r"[^\W\d_]"
# What no language writes: marks, capitals or letters of two scripts within a word, Thai vowels that
# stand alone, and what letters of Central Europe become as Windows-1252.
_ODD = re.compile(
    rf"(?<={_LETTER})[¡-©«-´¶¸-¿×÷ˆ˜†‡‰‹›€ƒ‚„•™](?={_LETTER})"
    r"|(?<=[a-zß-öø-ÿα-ωά-ώа-яё])[À-ÖØ-ÞŠŒŽŸΑ-ΩА-ЯЁ]|è(?=[aeiou])|[ìù](?=\w)|ã(?=[b-mp-rt-z])"
    rf"|[¢¤¦¬¶‡‰](?={_LETTER})|(?<!\w)’(?=[α-ωά-ώ])|[A-Za-z][Ͱ-῿]|[Ͱ-῿][A-Za-z]"
    r"|(?<![ก-๎])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
)
_WORD = re.compile(rf"{_LETTER}+")


class Candidate(NamedTuple):
    """A text that the bytes may be; `codec` is Python's name of the encoding."""

    codec: str
    text: str

    @property
    def name(self) -> str:
        return NAMES.get(self.codec, self.codec)


def codec_of(name: str) -> str:
    """Python's name of an encoding that a person named, '' for none of text.

    >>> codec_of("Windows-1250"), codec_of("shift_jis"), codec_of("rot13")
    ('cp1250', 'shift_jis', '')
    """
    import codecs

    try:
        "".encode(name)
        codec = codecs.lookup(name).name.replace("-", "_")
    except (LookupError, ValueError):
        return ""
    return "" if codec in _NO_TEXT else codec


def nearest(name: str) -> str:
    """`did you mean …?` for a name that is no encoding, '' where none is near."""
    from encodings.aliases import aliases

    known = ("utf-8", "utf-16", "windows-1250", "windows-1251", "windows-1252", "windows-1253")
    return did_you_mean(name, (*known, *NAMES, *aliases.values(), *aliases))


def is_western(text: str) -> bool:
    """Whether bytes that were read as Windows-1252 have the letters of a language that is written
    in it, or none beyond ASCII.

    >>> is_western("Zoë: Ça va – “oui”."), is_western("Jiøí: øekl"), is_western("donÕt")
    (True, False, False)
    """
    unlikely, allowed = _unlikely("cp1252", text)
    return unlikely <= allowed


def candidates(content: bytes) -> tuple[tuple[Candidate, ...], bool]:
    """What the bytes may be, the likeliest first, each text once; and whether the first is sure."""
    import charset_normalizer

    fitting = []
    for match in charset_normalizer.from_bytes(content, cp_isolation=list(NAMES)):
        for codec in match.could_be_from_charset:
            text = _decoded(content, codec)
            if text:
                fit = _Fit(match.chaos, match.coherence, *_unlikely(codec, text))
                fitting.append((fit, Candidate(codec, text)))
    fitting.sort(key=lambda each: (each[0].order, _rank(each[1].codec)))
    texts: dict[str, Candidate] = {}
    for _, candidate in fitting:
        texts.setdefault(candidate.text, candidate)
    western = _decoded(content, "cp1252")
    if western:
        texts.setdefault(western, Candidate("cp1252", western))
    if not fitting:
        return tuple(texts.values()), False
    fit, first = fitting[0]
    others = (
        other
        for other, candidate in fitting
        if candidate.text != first.text
        and (other.coherence or candidate.codec in _OF_SEVERAL_BYTES)
    )
    enough = sum(not char.isascii() and char.isalpha() for char in first.text) >= _ENOUGH
    return tuple(texts.values()), enough and fit.fits and not any(map(fit.is_near, others))


class _Fit(NamedTuple):
    """How well an encoding fits: what charset-normalizer says, and how much in the text is in no
    language, and how much may be.
    """

    chaos: float
    coherence: float
    unlikely: int
    allowed: float

    @property
    def fits(self) -> bool:
        return self.unlikely <= self.allowed

    @property
    def order(self) -> tuple[bool, float, float]:
        share = self.unlikely / self.allowed if self.allowed else self.unlikely
        return not self.fits, self.chaos + share * _NEAR, -self.coherence

    def is_near(self, other: _Fit) -> bool:
        return (
            other.fits
            and other.unlikely < self.unlikely + 3
            and other.chaos < self.chaos + _NEAR
            and other.coherence > self.coherence - 1.5 * _NEAR
        )


def _rank(codec: str) -> int:
    return list(NAMES).index(codec) if codec in NAMES else len(NAMES)


def _decoded(content: bytes, codec: str) -> str:
    """The text, '' where the bytes are none in this encoding."""
    try:
        text = content.decode(codec) if codec in NAMES else ""
    except UnicodeDecodeError:
        return ""
    strange = (char for char in set(text) if unicodedata.category(char) in ("Cc", "Co", "Cn"))
    return "" if any(char not in "\t\n\r\f\v" for char in strange) else text


def _unlikely(codec: str, text: str) -> tuple[int, float]:
    """How many of its letters beyond ASCII are not those of one language, and how many may be: of
    few none.
    """
    if codec in _OF_SEVERAL_BYTES:
        signs = [char for char in text if not char.isascii() and char.isalpha()]
        return sum(_is_rare(char, codec) for char in signs), len(signs) / 10
    is_western = codec == "cp1252"
    if is_western:
        text = text.replace("õe", "oe").replace("Õe", "Oe")
    foreign = [char for char in text.lower() if not char.isascii() and char.isalpha()]
    alphabets = _WESTERN if is_western else _OTHERS
    unlikely = len(_ODD.findall(text)) + min(
        sum(char not in letters for char in foreign) for letters in alphabets
    )
    if is_western:
        unlikely += sum(
            len(word) >= 3 and not any(map(str.isascii, word)) for word in _WORD.findall(text)
        )
    return unlikely, len(foreign) / 10 if len(foreign) >= 10 else 0


def _is_rare(char: str, codec: str) -> bool:
    """Whether a sign is one of thousands that are seldom written: those of another encoding become
    such. In Japanese, katakana of half width.
    """
    if codec in ("cp932", "euc_jp"):
        return "\uff61" <= char <= "\uff9f"
    if codec == "big5":
        return char.encode(codec) >= b"\xc9"
    try:  # `euc_kr` spells rare syllables out in eight bytes
        return len(char.encode({"gb18030": "gb2312", "cp949": "euc_kr"}[codec])) > 2
    except UnicodeEncodeError:
        return True
