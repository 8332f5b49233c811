"""Texts in encodings other than UTF-8: read where it is sure which, asked for where it is not, and
read as a person says.
"""

from __future__ import annotations

import json

import pytest

from gtpipe.model.problems import UserError
from gtpipe.model.shape import Shape
from gtpipe.readers import likely_encoding, registry
from gtpipe.readers.reading import Hints, Reading

CZECH = (
    "Badatelka: Co pro vás znamenala zahrádka?\nJiří: Místo pro psa, řekl bych.\n"
    "Badatelka: Hm.\nJiří: Pak přišly fazole.\n"
)
POLISH = "Badaczka: Co znaczyła działka?\nZofia: Miejsce dla psa, później też żółta fasola.\n"
HUNGARIAN = "Kérdező: Mit jelentett a kert?\nJános: Hűvös volt ősszel, a kutya szerette.\n"
RUSSIAN = "Нора: Что для вас значил огород?\nПавел: Только место для собаки. Потом фасоль.\n"
GREEK = "Ερευνητής: Τι ήταν ο κήπος;\nΆννα: Για τον σκύλο.\nΕρευνητής: Ναι.\nΆννα: Φασόλια.\n"
TURKISH = "Ayşe: Bahçe ne anlama geliyordu?\nİbrahim: Köpek için bir yerdi, sonra ağaçlar, ışık.\n"
JAPANESE = (
    "聞き手：畑はどうでしたか。\n語り手：犬を置く場所でした。\n聞き手：はい。\n語り手：豆です。\n"
)
CHINESE = "记者：菜园对您意味着什么？\n王芳：只是放狗的地方。后来有了豆子。\n"
KOREAN = "면접자: 텃밭은 무엇을 뜻했나요?\n민수: 개를 둘 곳이었어요. 그다음에 콩이 났어요.\n"
TALKS = [
    (CZECH, "cp1250"),
    (CZECH, "iso8859_2"),
    (POLISH, "cp1250"),
    (HUNGARIAN, "cp1250"),
    (RUSSIAN, "cp1251"),
    (RUSSIAN, "koi8_r"),
    (RUSSIAN, "cp866"),
    (GREEK, "cp1253"),
    (GREEK, "iso8859_7"),
    (TURKISH, "cp1254"),
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc_jp"),
    (CHINESE, "gb18030"),
    (CHINESE, "gbk"),
    ("記者：菜園對您意味著什麼？\n王芳：只是放狗的地方。後來有了豆子。\n", "big5"),
    (KOREAN, "euc_kr"),
    ("נורה: מה הייתה הגינה בשבילך?\nבן: רק מקום לכלב. אחר כך באו השעועיות.\n", "cp1255"),
    ("نورا: ماذا كانت الحديقة تعني لك؟\nعلي: مكان للكلب فقط. ثم جاءت الفاصوليا.\n", "cp1256"),
    ("Nora: Ką jums reiškė daržas?\nJonas: Tik vieta šuniui, paskui pupelės, žąsys.\n", "cp1257"),
]
WESTERN = [
    "I: So?\nP: Naïve – “yes”, she said… £5.\n",
    "Zoë: Ça va?\nÉlodie: À la maison, c’était bien. Où étiez-vous, là-bas?\n",
    "Nora: Was war für Sie der Garten?\nJörg: Später Bohnen. Schön groß.\n",
    "María: ¿Qué era el huerto?\nIñaki: Un lugar para el perro, después judías. Pingüino.\n",
    "Rui: Não sei, às vezes não há condições. As opiniões são várias. É só o cão.\n",
    "Søren: Hvad betød haven?\nÅse: Bare et sted til hunden, så kom bønnerne.\n",
    "Þóra: Hvað þýddi garðurinn?\nJón: Bara staður fyrir hundinn, svo komu baunir. Íþrótt.\n",
    "Maija: Mitä puutarha merkitsi?\nYrjö: Paikka koiralle, sitten pavut. Šakki. Žanna.\n",
    "Anna: È così, perché no? Città, più, virtù, lì.\n",
]


def speakers(text: str) -> frozenset[str]:
    return frozenset(line.replace("：", ":").partition(":")[0] for line in text.splitlines())


def known(content: bytes, encoding: str = "", path: str = "a.txt", text: str = CZECH) -> Reading:
    return registry.read(content, path, Hints(speakers(text), shape=Shape(encoding=encoding)))


def refused(content: bytes, encoding: str = "", path: str = "a.txt") -> tuple:
    with pytest.raises(UserError) as raised:
        known(content, encoding, path)
    return raised.value.problems


@pytest.mark.parametrize("text", WESTERN)
def test_letters_of_a_western_language_are_read_as_windows_1252(text):
    assert likely_encoding.is_western(text)
    reading = known(text.encode("cp1252"), text=text)
    assert reading.remarks[0] == (
        "not UTF-8, read as Windows-1252 (Latin-1): if letters look wrong, save the file as UTF-8"
    )


@pytest.mark.parametrize(("text", "encoding"), TALKS)
def test_a_short_text_is_asked_about_and_the_right_reading_comes_first(text, encoding):
    content = text.encode(encoding)
    asked, *shown = refused(content)
    assert "--encoding NAME" in asked.do and 1 <= len(shown) <= 2
    first = shown[0].what.split()[2]
    lines = [line[:60] for line in text.splitlines()]
    assert set(shown[0].excerpt.split(" ⏎ ")) <= set(lines)
    assert content.decode(first) == text
    again = known(content, first, text=text)
    assert set(again.labels()) == speakers(text)
    assert again.remarks[0] == f"read as {first}, as --encoding says"
    assert again.shape.encoding == first


@pytest.mark.parametrize(("text", "encoding"), TALKS)
def test_a_long_text_is_read_where_no_other_reading_is_near(text, encoding):
    content = (text * 40).encode(encoding)
    found, is_sure = likely_encoding.candidates(content)
    assert is_sure and found[0].text == text * 40


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850"])
def test_western_letters_of_old_computers_are_asked_about(encoding):
    content = (WESTERN[2] * 40).encode(encoding)
    shown = refused(content)[1:]
    assert shown[0].what.split()[2] == encoding


def test_what_a_person_says_of_the_encoding_holds_in_every_format():
    rows = "speaker,words\nBadatelka,Co?\nJiří,Místo pro psa.\n"
    page = f"<html><head><meta charset=iso-8859-1></head><body><p>{CZECH.replace(chr(10), '<p>')}"
    cues = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Jiří>Místo pro psa, řekl bych.\n"
    segments = {"segments": [{"start": 0, "end": 1, "speaker": "Jiří", "text": "řekl"}]}
    for name, text in (
        ("a.txt", CZECH),
        ("a.csv", rows),
        ("a.html", page + "</body></html>"),
        ("a.vtt", cues),
        ("a.json", json.dumps(segments, ensure_ascii=False)),
    ):
        content = text.encode("cp1250")
        reading = known(content, "Windows-1250", name)
        assert "Jiří" in reading.labels(), name
        assert [remark for remark in reading.remarks if "encod" in remark] == [
            "read as Windows-1250, as --encoding says"
        ]
        hints = Hints(shape=Shape(encoding="cp1250"))
        assert "\u0159" in (registry.control_text(content, name, hints) or "")


def test_doubt_is_told_in_captions_tables_and_json_too():
    for name, text in (
        ("a.csv", "speaker,words\nJiří,Místo pro psa, řekl\n"),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Jiří>řekl bych.\n"),
        ("a.json", '{"segments": [{"start": 0, "speaker": "Jiří", "text": "řekl"}]}'),
        ("a.html", "<html><body><p>Jiří: řekl</p></body></html>"),
    ):
        problems = refused(text.encode("cp1250"), path=name)
        assert "cp1250" in problems[1].what, name


@pytest.mark.parametrize(
    ("content", "encoding", "what", "do"),
    [
        (b"I: So?\n", "windows-1205", 'no encoding "windows-1205"', 'did you mean "windows-125'),
        (b"I: So?\n", "rot13", 'no encoding "rot13"', ""),
        (b"\xef\xbb\xbfI: So?\n", "cp1250", "marked as UTF-8", "Leave --encoding out"),
        (b"I: So?\nP: \x85\xff\n", "utf-8", "not utf-8, as --encoding says", "another encoding"),
        (b"PK\x03\x04", "cp1250", "says itself how it is encoded", "Leave --encoding out"),
    ],
)
def test_an_encoding_that_cannot_be_is_refused(content, encoding, what, do):
    problem = refused(content, encoding)[0]
    assert what in problem.what and do in problem.do


def test_one_line_that_is_not_utf8_is_named():
    content = CZECH.encode() + "Jiří: řekl\n".encode("cp1250") + CZECH.encode()
    assert refused(content)[0].what == "this line is not UTF-8, as the others are"
    assert refused(content)[0].line == 5


def test_utf16_without_a_mark_is_read_where_a_person_says_so():
    assert known(CZECH.encode("utf-16-le"), "utf-16-le").labels() == {
        "Badatelka": (2, 1),
        "Jiří": (2, 2),
    }


@pytest.mark.parametrize("letters", ["café", "donâ€™t", "fÃ¼r", "â€“ so", "Â£5", "Å™ekl"])
def test_letters_saved_twice_are_told(letters):
    twice = letters.encode().decode("cp1252") if letters == "café" else letters
    reading = known(f"I: So?\nP: {twice}\n".encode())
    assert any("saved as UTF-8 twice" in remark for remark in reading.remarks)
    assert reading.turns[1].text == twice


@pytest.mark.parametrize("letters", ["café", "SÃO", "Â so", "ÅSE", "âge – “so”", "Ängel", "Ä – so"])
def test_rare_letters_are_no_letters_saved_twice(letters):
    assert known(f"I: So?\nP: {letters}\n".encode()).remarks == ()
