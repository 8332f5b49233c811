"""The list of real names: how it is read, and what a text must look like for a name to be found."""

from __future__ import annotations

import pytest

from gtpipe.formats.names_list import loads
from gtpipe.model.problems import Problem

LIST = """\
# our key
Gemma -> (PSW)
Ellie Smith, Ellie -> Faye
Ward 7 → (Ward)
"""


def found(listed: str, text: str) -> list[str]:
    """What is found in a text; with a `?` behind it where it is only a note."""
    names, _ = loads(listed, "key.txt")
    return [
        text[match.start : match.end] + ("" if match.exact else "?")
        for match in names.matches(text)
    ]


def told(problems: list[Problem]) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.what) for problem in problems]


def test_one_person_or_place_a_line():
    names, problems = loads(LIST, "key.txt")
    assert not problems
    assert [(one.spellings, one.stands_for, one.line) for one in names.people] == [
        (("Gemma",), "(PSW)", 2),
        (("Ellie Smith", "Ellie"), "Faye", 3),
        (("Ward 7",), "(Ward)", 4),
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("GEMMA’s shift, gemma-like, (Gemma)", ["GEMMA", "gemma", "Gemma"]),
        ("Ellie Smith, and Ellie\n> Smith, and Ellie.", ["Ellie Smith", "Ellie\n> Smith", "Ellie"]),
        ("Ellie\n\nSmith and Ellie-Smith", ["Ellie", "Ellie-Smith"]),
        ("elliesmith@example.org, ellie_smith.docx", ["elliesmith", "ellie_smith"]),
        ("Ward 7, ward-7, ward7", ["Ward 7", "ward-7", "ward7"]),
        ("Gemmaline, Nellies, Ward 70, Ward 7b, Steward 7, wardrobe 7", []),
        (
            "Éllie and E\u0301llie and El\u00adlie and Ｅｌｌｉｅ",
            ["Éllie", "E\u0301llie", "El\u00adlie", "Ｅｌｌｉｅ"],
        ),
        ("Gema, Gemmas, Elie Smith", ["Gema?", "Gemmas?", "Elie Smith?"]),
        ("Ward 8", []),
        ("Ellie Smyth and Elly Smith", ["Ellie Smyth"]),
    ],
)
def test_whole_words_in_any_shape(text: str, names: list[str]):
    assert found(LIST, text) == names


@pytest.mark.parametrize(
    ("listed", "text", "names"),
    [
        ("Zoë Løvstrøm -> Z", "zoe lovstrom, ZOË LØVSTRØM", ["zoe lovstrom", "ZOË LØVSTRØM"]),
        (
            "Mary-Ann O’Neil -> M",
            "Maryann Oneil, Mary Ann O'Neil",
            ["Maryann Oneil", "Mary Ann O'Neil"],
        ),
        ("Dr. E. Smith -> S", "Dr E Smith; Dr. E. Smith", ["Dr E Smith", "Dr. E. Smith"]),
        ("王芳 -> W", "我说王芳来了", ["王芳"]),
        (
            "C++ (Chris), A+, [x], J.* -> Q",
            "C++ (Chris), A+ and A, C Chris, [x], x",
            ["C++ (Chris)", "A+", "[x]"],
        ),
        ("Lee|Kim, (?:x)+ -> Q", "Lee, Kim, Lee|Kim, xx (?:x)+", ["Lee|Kim", "(?:x)+"]),
    ],
)
def test_names_of_every_kind(listed: str, text: str, names: list[str]):
    assert found(listed, text) == names


def test_a_name_that_is_a_word_is_told_by_its_capital():
    listed = "Will -> Bo\nMay -> Di\nGrant -> Al\n"
    assert told(loads(listed, "key.txt")[1]) == [
        (line, "a name of this line is an everyday word too, and is looked for with a capital only")
        for line in (1, 2, 3)
    ]
    assert found(listed, "I will ask Will. Will you? It may be May.") == ["Will", "Will?", "May"]
    assert found(listed, "**Will:** Yes.\n\nWill’s idea. Grant said so.") == [
        "Will",
        "Will",
        "Grant",
    ]


def test_what_is_wrong_with_a_list_is_told_by_line_and_never_by_name():
    problems = loads(
        "Gemma\nA -> B -> C\n -> D\nEllie ->\n++ -> E\n"
        "Anna Zorn -> Quill\nQuill -> F\nQuill -> G\nOlga -> olga\n",
        "key.txt",
    )[1]
    assert told(problems) == [
        (1, "no `->` on this line"),
        (2, "more than one `->` on this line"),
        (3, "no name before the `->`"),
        (4, "nothing after the `->`: what stands for this name?"),
        (5, "a name without a letter or digit, which cannot be looked for"),
        (6, "what stands for this name is a real name, on line 8"),
        (8, "a name of this line stands on line 7 too"),
        (9, "what stands for this name is the name itself"),
    ]


@pytest.mark.parametrize("listed", ["", "\n\n# only a remark\n"])
def test_an_empty_list_is_an_error(listed: str):
    assert told(loads(listed, "key.txt")[1]) == [(None, "no name stands in this list")]
