"""Quotations made up in every style, shape and format, exact or altered, against transcripts made
up from a small vocabulary.

`python tests/benchmarks/quoting.py [COUNT] [SEED]` writes chapters (.md .txt .docx .odt .tex .html)
with COUNT exact and COUNT altered quotations (1,000 of each, if not said), runs `gtpipe quotes`
once on each, and prints what was accused though exact, what was passed over, and what was missed.
`--study TXT…` takes real interviews instead of made-up ones (paragraphs "Label: words"). Exits 1
where anything is. `tests/quotes/test_quoting.py` runs a sample of the same.
"""

from __future__ import annotations

import html
import io
import json
import random
import re
import subprocess
import sys
import tempfile
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

FORMATS = ("md", "txt", "docx", "odt", "tex", "html")
PIPELINE = """\
study: Made up
researchers:
  PM: Pat Morgan
speakers:
  interviewer: [I]
  participant: [P]
"""
PEOPLE = (
    ("alice", "p1", "en"),
    ("jim", "jim", "en"),
    ("Marie-Lou", "p3", "fr"),
    ("nadia", "visit-4", "en"),
    ("Jürgen", "p5", "de"),
    ("p06", "int-6", "en"),
    ("théo", "p7", "fr"),
    ("eve", "eve", "en"),
    ("Änne", "p9", "de"),
    ("sven", "p10", "en"),
)
STRANGERS = ("Alexa", "Robert", "P44", "Maryam")

# who, did what, with what, and how it went on; what people say between
_PARTS = {
    "en": (
        (
            "the driver",
            "my sister",
            "nobody",
            "this fella from the depot",
            "she",
            "the boys' coach",
            "I",
            "our Danny",
            "the nurse, er, the night one",
            "they",
        ),
        (
            "left the keys",
            "wouldn't sit down",
            "was goin' on about gutters",
            "gave 'em the wrong form",
            "kept the kettle on",
            "didn't ask",
            "walked out 'cause of the smell",
            "owed me two quid",
            'said "come back Thursday"',
            "took it to (PSW)",
            "paid for the blinds",
        ),
        (
            "at the bus stop",
            "by the back gate",
            "in the dogs' yard",
            "before the clocks changed",
            "on a wet Monday",
            "for the whole of Lent",
            "with a torch between his teeth",
            "in front of the Wednesday lot",
            "near Mrs Okoro's shop",
        ),
        (
            "and that was that",
            "so I let it go",
            "but you don't say so",
            "which is mad",
            "and I laughed, I did",
            "so then it's my fault",
            "and nowt came of it",
        ),
        (
            "Well, er,",
            "No.",
            "(laugh)",
            "[pause 3s]",
            "I mean –",
            "Honestly?",
            "You know…",
            "Right.",
        ),
    ),
    "fr": (
        (
            "ma voisine",
            "le chauffeur",
            "personne",
            "mon frère, l'aîné,",
            "elle",
            "la dame d'en face",
            "on",
            "l'infirmière",
        ),
        (
            "a laissé les clés",
            "n'a rien demandé",
            "m'a rendu la monnaie",
            "parlait toujours des volets",
            "a fermé l'épicerie",
            "voulait qu'on s'en aille",
        ),
        (
            "devant la gare",
            "avant la Toussaint",
            "sous l'auvent",
            "à côté du marché",
            "pendant la grève",
            "chez Mme Lefèvre",
        ),
        (
            "et voilà",
            "donc j'ai laissé faire",
            "mais ça ne se dit pas",
            "c'est drôle, quand même",
            "et j'ai ri, oui",
        ),
        ("Enfin, euh,", "Non.", "(rire)", "Bon.", "Tu vois…"),
    ),
    "de": (
        (
            "meine Schwester",
            "der Fahrer",
            "niemand",
            "sie",
            "der Bub vom Nachbarn",
            "die Frau an der Pforte",
            "ich",
            "unser Förster",
        ),
        (
            "hat die Schlüssel liegen lassen",
            "wollte sich nicht setzen",
            "hat's halt nicht gesagt",
            "redete über Dachrinnen",
            "zahlte die Jalousien",
            "ging weg wegen dem Geruch",
        ),
        (
            "an der Haltestelle",
            "vor Allerheiligen",
            "beim hinteren Tor",
            "im Regen",
            "während der Spätschicht",
            "neben dem Kühlhaus",
        ),
        (
            "und das war's",
            "also ließ ich's gut sein",
            "aber so was sagt man nicht",
            "was soll ich sagen",
            "und ich hab gelacht",
        ),
        ("Na ja, äh,", "Nein.", "(lacht)", "Gut.", "Weißt du …"),
    ),
}
_FOREIGN = {
    "en": "orchard violin seventeen lantern velvet".split(),
    "fr": "verger violon velours lanterne".split(),
    "de": "Geige Laterne Samt siebzehn".split(),
}


class Turn(NamedTuple):
    """What one person says at once; `language` that of the vocabulary, `line` its line in the
    transcript."""

    interview: str
    participant: str
    id: str
    text: str
    language: str
    line: int


class Study(NamedTuple):
    """Transcripts by path, and the participants' turns in them."""

    files: dict[str, str]
    turns: list[Turn]

    def write(self, folder: Path) -> None:
        for path, text in self.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text.encode())


def made_up(seed: int, turns: int = 12) -> Study:
    chance = random.Random(seed)
    spoken = {}
    for participant, interview, language in PEOPLE:
        texts = []
        for _ in range(turns):
            sentences = [_sentence(chance, language) for _ in range(chance.randint(2, 7))]
            cut = chance.randint(1, len(sentences))
            texts.append(
                " ".join(sentences[:cut])
                + (
                    "\n\n" + " ".join(sentences[cut:])
                    if sentences[cut:] and chance.random() < 0.3
                    else " " + " ".join(sentences[cut:])
                ).rstrip(" ")
            )
        spoken[interview] = (participant, language, texts)
    return _study(spoken)


def _sentence(chance: random.Random, language: str) -> str:
    who, did, where, then, filler = (chance.choice(part) for part in _PARTS[language])
    words = (
        f"{who} {did} {where}{chance.choice((',', ' –', ';'))} {then}"
        if chance.random() < 0.7
        else f"{who} {did} {where}"
    )
    if chance.random() < 0.35:
        return f"{filler} {words[0].upper() if filler[-1] in '.?])' else words[0]}{words[1:]}."
    return f"{words[0].upper()}{words[1:]}{chance.choice('...!?')}"


def _study(spoken: dict[str, tuple[str, str, list[str]]]) -> Study:
    files = {
        "pipeline.yaml": PIPELINE,
        "data/participants.csv": "participant,age,setting\n"
        + "".join(f"{name},40,home\n" for name in dict.fromkeys(one[0] for one in spoken.values())),
    }
    turns = []
    for day, (interview, (participant, language, texts)) in enumerate(spoken.items(), 1):
        lines = f"---\ninterview: {interview}\ndate: 2026-03-{day:02}\n"
        lines += f"speakers: {{I: interviewer, P: {participant}}}\n---\n"
        for number, text in enumerate(texts, 1):
            lines += f"\n[{2 * number - 1}] I: So {number}, what then?\n"
            turns.append(
                Turn(interview, participant, str(2 * number), text, language, lines.count("\n") + 2)
            )
            lines += f"\n[{2 * number}] P: {text}\n"
        files[f"data/transcripts/{interview}.md"] = lines
    return Study(files, turns)


def of_files(paths: list[str]) -> Study:
    """A study of real interviews: paragraphs `Label: words`; the first label asks."""
    spoken = {}
    for path in paths:
        found = [
            line.partition(": ") for line in Path(path).read_text().split("\n") if ": " in line
        ]
        texts = [
            re.sub(r"\s+", " ", words).strip() for label, _, words in found if label != found[0][0]
        ]
        name = Path(path).stem.lower()
        spoken[name] = (name, "en", [text for text in texts if not text.startswith(("[", "\\"))])
    return _study(spoken)


# --- quotations -----------------------------------------------------------------------------------

ALTERATIONS = ("change", "drop", "add", "move", "another's name", "a stranger's name")
NARROW, HARD = "\u202f", "\u00a0"
MARKS: dict[
    str, tuple[tuple[str, str, str, str], ...]
] = {  # opening, closing, and those for speech inside
    "en": (("“", "”", "‘", "’"), ('"', '"', "'", "'"), ("‘", "’", "“", "”"), ("'", "'", '"', '"')),
    "fr": (
        (f"«{HARD}", f"{HARD}»", "“", "”"),
        (f"«{NARROW}", f"{NARROW}»", "“", "”"),
        ("« ", " »", "“", "”"),
        ("‹", "›", "“", "”"),
        ("“", "”", "‘", "’"),
    ),
    "de": (
        ("„", "“", "‚", "‘"),
        ("»", "«", "›", "‹"),
        ("‚", "‘", "„", "“"),
        ("”", "”", "’", "’"),
        ("»", "»", "’", "’"),
    ),
}


class Quoted(NamedTuple):
    """Words as a chapter prints them, and under whose name; `alteration` is '' where they are
    exact."""

    turn: Turn
    words: str
    name: str
    alteration: str


def quoted(
    study: Study, chance: random.Random, alteration: str, is_block: bool, is_free: bool = True
) -> Quoted:
    """An extract of a turn, in one of the ways in which exact is exact; or altered, so that it
    stands nowhere."""
    everything = [" ".join(_bare(turn.text)) for turn in study.turns]
    while True:
        turn = chance.choice(study.turns)
        words = (
            " ".join(turn.text.split()).split()
            if not is_block
            else turn.text.replace("\n\n", " \n\n ").split(" ")
        )
        if len(words) < 8:
            continue
        start = 0 if is_block and chance.random() < 0.5 else chance.randrange(len(words) - 6)
        length = len(words) if is_block and chance.random() < 0.6 else chance.randint(6, 24)
        part = list(words[start : start + length])
        text = " ".join(part).replace(" \n\n ", "\n\n").strip(" \n–,;")
        if (
            len(_bare(text)) < 6
            or text.count('"') % 2
            or text.count("(") != text.count(")")
            or text.count("[") != text.count("]")
            or ":" in text
        ):
            continue
        if alteration and "…" in text:  # beside an ellipsis, what is left out is marked
            continue
        if any(
            text.startswith(filler) or text.endswith(filler)
            for filler in ("(", "[", ")", "]", "…", "'")
        ):
            continue
        if any(len(_bare(part)) < 6 for part in text.split("\n\n")):
            continue
        name = turn.participant
        said_by = {
            own.participant
            for said, own in zip(everything, study.turns, strict=True)
            if any(" ".join(_bare(part)) in said for part in text.split("\n\n"))
        }
        if said_by != {name} and not alteration:
            continue
        if not alteration:
            return Quoted(turn, _free(text, chance) if is_free else text, _spelt(name, chance), "")
        if alteration == "another's name":
            others = [
                other
                for other in study.turns
                if other.participant != name
                and not any(
                    " ".join(_bare(text)) in said
                    for said, own in zip(everything, study.turns, strict=True)
                    if own.participant == other.participant
                )
            ]
            return Quoted(turn, text, chance.choice(others).participant.capitalize(), alteration)
        if alteration == "a stranger's name":
            return Quoted(turn, text, chance.choice(STRANGERS), alteration)
        changed = _altered(text, alteration, chance, turn.language)
        if not any(" ".join(_bare(changed)) in said for said in everything):
            return Quoted(turn, changed, _spelt(name, chance), alteration)


def _bare(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.casefold().replace("’", "'"))


def _spelt(name: str, chance: random.Random) -> str:
    return chance.choice((name, name[0].upper() + name[1:]))


def _free(text: str, chance: random.Random) -> str:
    """What leaves an extract exact: a part left out under a mark, a bracket put in, the first
    letter, typography."""
    words = text.split(" ")
    way = chance.randrange(8)
    inside = [
        at
        for at in range(2, len(words) - 3)
        if all(re.fullmatch(r"[^\W\d_]+", word) for word in words[at - 1 : at + 3])
    ]
    if way == 0 and inside:
        at = chance.choice(inside)
        return " ".join(
            [
                *words[:at],
                chance.choice(("[…]", "[...]", "…", "...", "(…)", "[. . .]")),
                *words[at + 2 :],
            ]
        )
    if way == 1 and inside:
        at = chance.choice(inside)
        return " ".join(
            [
                *words[:at],
                chance.choice(("[the ward]", "[sic]", "[sa mère]", "[Frau M.]")),
                *words[at + chance.randint(0, 1) :],
            ]
        )
    if way == 2:
        return text[0].swapcase() + text[1:]
    if way == 3:
        return (
            f"[{text[0].swapcase()}]{text[1:]}"
            if text[0].isalpha() and text[1:2].isalpha()
            else text
        )
    if way == 4:
        return text.replace("'", "’").replace(" – ", " — ").replace("…", "...")
    return text


def _altered(text: str, alteration: str, chance: random.Random, language: str) -> str:
    words = text.split(" ")
    plain = [at for at in range(1, len(words) - 1) if re.fullmatch(r"[^\W\d_]+", words[at])]
    at = chance.choice(plain or [1])
    if alteration == "drop":
        return " ".join([*words[:at], *words[at + 1 :]])
    if alteration == "move":
        rest = [*words[:at], *words[at + 1 :]]
        to = chance.choice([place for place in range(1, len(rest)) if place != at] or [1])
        return " ".join([*rest[:to], words[at], *rest[to:]])
    return " ".join(
        [*words[:at], chance.choice(_FOREIGN[language]), *words[at + (alteration == "change") :]]
    )


# --- how it stands in a chapter -------------------------------------------------------------------


class Piece(NamedTuple):
    """A paragraph, or the paragraphs of a block."""

    texts: tuple[str, ...]
    is_block: bool = False


def marked(one: Quoted, style: tuple[str, str, str, str]) -> str:
    opening, closing, inner, outer = style
    words = " ".join(one.words.split())
    if inner.strip() not in ('"',):
        words = re.sub(r'"([^"]*)"', rf"{inner}\1{outer}", words)
    return f"{opening}{words}{closing}"


def by_line(one: Quoted, chance: random.Random) -> str:
    """Name and, in some shapes, where; where only with the true name, that the name alone is
    wrong."""
    turn = one.turn
    return chance.choice(
        (
            one.name,
            f"{one.name}, turn {turn.id}",
            f"{one.name}, {turn.interview}",
            f"{one.name}, {turn.interview}, line {turn.line}",
            f"{one.name}, {turn.interview}, turn {turn.id}",
        )
    )


def lead(one: Quoted, chance: random.Random) -> str:
    name = one.name[0].upper() + one.name[1:]
    return {
        "en": chance.choice(
            (f"{name} put it so:", f"As {name} said:", f"{name} (turn {one.turn.id}):")
        ),
        "fr": f"{name} l'a dit ainsi{NARROW}:",
        "de": f"{name} sagt es so:",
    }[one.turn.language]


def inline(one: Quoted, chance: random.Random) -> list[Piece]:
    q, shape = marked(one, chance.choice(MARKS[one.turn.language])), chance.randrange(8)
    where, name = by_line(one, chance), one.name[0].upper() + one.name[1:]
    text = (
        f"{lead(one, chance)} {q}, and went on about the weather.",
        f"It came up early, as in {q} ({where}).",
        f"{q} ({where})",
        f"This is how it was told: {q} — {where}",
        f"{q}, {name} said, and left it there.",
        f"Some never did: {q} [{where}]. Others held back.",
        f"There it is: _{q}_ ({where}).",
        f"One spoke of this at length. {q} – {where}.",
    )[shape]
    return [Piece((text,))]


def block(one: Quoted, chance: random.Random) -> list[Piece]:
    parts, where = tuple(one.words.split("\n\n")), by_line(one, chance)
    shape = chance.randrange(9)
    detailed = f"{one.name}, turn {one.turn.id}"
    before = Piece(("What follows was told without being asked.",))
    return (
        [Piece((lead(one, chance),)), Piece(parts, True)],
        [before, Piece((*parts, f"— {where}"), True)],
        [before, Piece(parts, True), Piece((f"— {where}",), True)],
        [before, Piece(parts, True), Piece((f"({where})",))],
        [before, Piece((*parts[:-1], f"{parts[-1]} ({where})"), True)],
        [before, Piece((*parts, f"({where})"), True)],
        [before, Piece(parts, True), Piece((f"— {where}",))],
        [before, Piece((*parts, detailed), True)],
        [
            Piece((lead(one, chance),)),
            Piece((*parts[:-1], f"“{parts[-1]}”") if len(parts) == 1 else parts, True),
        ],
    )[shape]


def two(one: Quoted, other: Quoted, chance: random.Random) -> list[Piece]:
    """Two quotations in one sentence, of one person: 'a' and 'b'."""
    style = chance.choice(MARKS[one.turn.language])
    return [Piece((f"There is {marked(one, style)} and {marked(other, style)} in it.",))]


# --- formats --------------------------------------------------------------------------------------


class Chapter(NamedTuple):
    """A file, and for each line or paragraph number the item that begins there (rising)."""

    content: bytes
    begins: list[int]

    def item(self, number: int) -> int:
        return sum(start <= number for start in self.begins) - 1


def render(items: list[list[Piece]], ending: str, chance: random.Random) -> Chapter:
    """Items under headings of their own, so that a line says whose it is."""
    if ending in ("docx", "odt"):
        return _document(items, ending, chance)
    show: Callable[[Piece, random.Random], str] = {
        "md": _md,
        "txt": _txt,
        "tex": _tex,
        "html": _html,
    }[ending]
    text, begins = (
        {"tex": "\\documentclass{article}\n\\begin{document}\n", "html": "<html><body>\n"}.get(
            ending, ""
        ),
        [],
    )
    for number, pieces in enumerate(items):
        begins.append(text.count("\n") + 1)
        head = f"Part {number}"
        text += {
            "md": f"## {head}\n\n",
            "txt": f"{head}\n\n",
            "tex": f"\\section{{{head}}}\n\n",
            "html": f"<h2>{head}</h2>\n",
        }[ending]
        text += "".join(show(piece, chance) for piece in pieces)
    return Chapter(
        (text + {"tex": "\\end{document}\n", "html": "</body></html>\n"}.get(ending, "")).encode(),
        begins,
    )


def _wrapped(text: str, chance: random.Random, width: int = 70) -> str:
    """Some writers break lines. Not behind what would be a sign of its own at the beginning of
    one."""
    if chance.random() < 0.5:
        return text
    lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    return (
        text
        if any(re.match(r"[-+*>#(—–\[]|\d+[.)]", line) for line in lines[1:])
        else "\n".join(lines)
    )


def _md(piece: Piece, chance: random.Random) -> str:
    texts = [_wrapped(text.replace("<", "\\<"), chance) for text in piece.texts]
    if not piece.is_block:
        return "\n\n".join(texts) + "\n\n"
    return (
        "\n>\n".join("\n".join(f"> {line}" for line in text.split("\n")) for text in texts) + "\n\n"
    )


def _txt(piece: Piece, chance: random.Random) -> str:
    texts = [_wrapped(text, chance) for text in piece.texts]
    if piece.is_block and (way := chance.randrange(5)):
        indent = ("", "    ", "\t", "> ", "  ")[way]
        texts = ["\n".join(indent + line for line in text.split("\n")) for text in texts]
    return "\n\n".join(texts) + "\n\n"


def _tex(piece: Piece, chance: random.Random) -> str:
    shown = [
        re.sub(r"([&%#$_{}])", r"\\\1", text.replace("\\", ""))
        .replace("…", "\\ldots{}")
        .replace(HARD, "~")
        for text in piece.texts
    ]
    texts = [_wrapped(text, chance) for text in shown]
    if chance.random() < 0.5:
        texts = [
            (
                text.replace("“", "``").replace("”", "''")
                if text.count("“") == text.count("”") and "„" not in text
                else text
            )
            for text in texts
        ]
        texts = [
            text.replace("« ", "\\og ").replace(" »", " \\fg{}") if "« " in text else text
            for text in texts
        ]
    joined = "\n\n".join(texts)
    return f"\\begin{{quote}}\n{joined}\n\\end{{quote}}\n\n" if piece.is_block else joined + "\n\n"


def _html(piece: Piece, chance: random.Random) -> str:
    texts = [html.escape(text, quote=False) for text in piece.texts]
    if not piece.is_block:
        return "".join(f"<p>{text}</p>\n" for text in texts)
    way = chance.randrange(3)
    inside = "<br>".join(texts) if way == 0 else "".join(f"<p>{text}</p>" for text in texts)
    return (
        f'<p class="blockquote">{"<br>".join(texts)}</p>\n'
        if way == 2
        else f"<blockquote>{inside}</blockquote>\n"
    )


def _document(items: list[list[Piece]], ending: str, chance: random.Random) -> Chapter:
    lines: list[tuple[str, str]] = []  # text, style
    begins = []
    for number, pieces in enumerate(items):
        begins.append(len(lines) + 1)
        lines.append((f"Part {number}", ""))
        for piece in pieces:
            style = chance.choice(("quote", "indent", "")) if piece.is_block else ""
            lines += [(text, style) for text in piece.texts]
    return Chapter(_docx(lines) if ending == "docx" else _odt(lines), begins)


def _docx(lines: list[tuple[str, str]]) -> bytes:
    import docx
    from docx.shared import Cm

    document = docx.Document()
    for text, style in lines:
        paragraph = document.add_paragraph(text, style="Quote" if style == "quote" else None)
        if style == "indent":
            paragraph.paragraph_format.left_indent = Cm(1.2)
    return _saved(document)


def _odt(lines: list[tuple[str, str]]) -> bytes:
    import odfdo

    document = odfdo.Document("text")
    document.body.clear()
    document.insert_style(
        odfdo.Style("paragraph", name="set-apart", area="paragraph", **{"fo:margin-left": "1.2cm"}),
        automatic=True,
    )
    for text, style in lines:
        document.body.append(
            odfdo.Paragraph(text, style={"quote": "Quotations", "indent": "set-apart"}.get(style))
        )
    return _saved(document)


def _saved(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


# --- all of it ------------------------------------------------------------------------------------


class Written(NamedTuple):
    """A chapter, its quotations in order, and how each stands in it."""

    name: str
    chapter: Chapter
    quotations: list[list[Quoted]]
    items: list[list[Piece]]


def chapters(study: Study, count: int, seed: int, *, altered: bool) -> Iterator[Written]:
    """A chapter for each format, `count` quotations among them."""
    for index, ending in enumerate(FORMATS):
        chance = random.Random(f"{seed} {ending} {altered}")
        quotations, items = [], []
        for number in range(count // len(FORMATS) + (index < count % len(FORMATS))):
            is_block = number % 2 == 1
            alteration = ALTERATIONS[number // 2 % len(ALTERATIONS)] if altered else ""
            is_two = not altered and number % 10 == 8
            one = quoted(study, chance, alteration, is_block, not is_two)
            if is_two:
                other = quoted(study, chance, "", False, False)
                while other.turn.language != one.turn.language:
                    other = quoted(study, chance, "", False, False)
                quotations.append([one, other])
                items.append(two(one, other, chance))
                continue
            quotations.append([one])
            items.append(block(one, chance) if is_block else inline(one, chance))
        name = f"{'altered' if altered else 'exact'}.{ending}"
        yield Written(name, render(items, ending, chance), quotations, items)


def wrong(written: Written, rows: list[dict[str, object]], altered: bool) -> list[str]:
    """What the command said that is not so: each with the item's pieces and its rows."""
    by_item: dict[int, list[dict[str, object]]] = {}
    for row in rows:
        by_item.setdefault(written.chapter.item(int(str(row["line"]))), []).append(row)
    found = []
    for number, quotations in enumerate(written.quotations):
        told = by_item.get(number, [])
        verdicts = [str(row["verdict"]) for row in told]
        accused = [verdict for verdict in verdicts if verdict not in FINE]
        looked_at = sum(verdict in ("exact", "exact with marked changes") for verdict in verdicts)
        fault = ""
        if altered:
            names = quotations[0].alteration.endswith("name")
            if not accused:
                fault = "missed"
            elif names and not {"under another name", "the same words under two names"} & set(
                accused
            ):
                fault = "name missed"
        elif accused:
            fault = "accused"
        elif looked_at < len(quotations):
            fault = "passed over"
        if fault:
            shown = "\n      ".join(
                f"{row['verdict']}: {row['quotation']} [{row['said-by']}] {row['detail']}"
                for row in told
            )
            found.append(
                f"{written.name} {fault} ({quotations[0].alteration})\n"
                f"    {written.items[number]}\n      {shown}"
            )
    return found


FINE = ("exact", "exact with marked changes", "printed twice", "short (not checked)")


def main() -> None:
    arguments = sys.argv[1:]
    files = arguments[arguments.index("--study") + 1 :] if "--study" in arguments else []
    numbers = [int(one) for one in arguments if one.isdigit()]
    count, seed = (numbers + [1000, 1][len(numbers) :])[:2]
    study = of_files(files) if files else made_up(seed)
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        study.write(Path(folder))
        for altered in (False, True):
            told: Counter[str] = Counter()
            for written in chapters(study, count, seed, altered=altered):
                (Path(folder) / written.name).write_bytes(written.chapter.content)
                ran = subprocess.run(
                    [
                        sys.executable,
                        "-m",
                        "gtpipe",
                        "quotes",
                        written.name,
                        "--all",
                        "--format",
                        "json",
                    ],
                    cwd=folder,
                    capture_output=True,
                    text=True,
                )
                if not ran.stdout:
                    sys.exit(ran.stderr)
                here = wrong(written, json.loads(ran.stdout), altered)
                told[written.name] = len(here)
                faults += here
            print(
                f"{count} {'altered' if altered else 'exact'}: "
                f"{sum(told.values())} told wrongly  {dict(told)}"
            )
    print("\n".join(faults[:40]))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
