"""Words that look the same are the same wherever they are written; a place is of whole letters."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import pytest
from conftest import git
from hypothesis import given
from hypothesis import strategies as st

from gtpipe.analysis import finding
from gtpipe.formats.sheets import hash_words, hashed_now
from gtpipe.model.anchor import similar_stretch
from gtpipe.model.typography import fold, nearest_place, places, same
from gtpipe.text import tokens
from gtpipe.text.worddiff import difference

NFC, NFD = "caf\u00e9", "cafe\u0301"
IN_FORM = (
    "  2 has the same words in other characters that look the same; the transcript keeps its own\n"
)
PEOPLE = "Nous \u00e9tions au caf\u00e9, \u00e0 la gare."
# One text: its letters, marks, spaces and what is not seen between them.
LETTERS = [
    "a",
    "e",
    "o",
    "s",
    "ß",
    "i",
    "İ",
    "ı",
    "x",
    "ﬁ",
    "ñ",
    "ạ",
    "б",
    "й",
    "日",
    "한",
    "\u1112\u1161\u11ab",
    "ب",
    "\u0643\u064e",
    "क",
    "क्षि",
    "מ\u05b0\u05bc",
    "👩‍💻",
    "❤\ufe0f",
    "🇩🇪",
    "👍🏽",
    ".",
    "-",
    "’",
]
MARKS = ["\u0301", "\u0302", "\u0323", "\u030a", "\u0308"]
SPACES = [" ", "\n", "\u00a0", "\u202f", "\u2007", "\u2028", "\u3000", "  "]
UNSEEN = ["\u00ad", "\u200b", "\u2060", "\ufeff", "\u200e", "\u200f", "\u2066", "\u2069", "\u061c"]

letter = st.tuples(st.sampled_from(LETTERS), st.lists(st.sampled_from(MARKS), max_size=2)).map(
    lambda one: one[0] + ("".join(one[1]) if one[0].isascii() and one[0].isalpha() else "")
)
text_of_letters = st.lists(
    st.one_of(letter, letter, letter, st.sampled_from(SPACES)), min_size=1, max_size=14
)


def otherwise(draw, letters: list[str]) -> str:
    """The same letters as somebody else's keyboard, or a PDF, gives them."""
    made = []
    for one in letters:
        if one in SPACES:
            one = draw(st.sampled_from(SPACES))
        elif draw(st.booleans()):
            one = unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), one)
        made += [one, *draw(st.lists(st.sampled_from(UNSEEN), max_size=1))]
    return "".join(made)


@given(st.data())
def test_a_stretch_in_any_form_finds_the_letters_that_stand_there(data):
    letters = data.draw(text_of_letters)
    start = data.draw(st.integers(0, len(letters) - 1))
    end = data.draw(st.integers(start + 1, len(letters)))
    stretch = letters[start:end]
    text = "".join(letters)
    words = otherwise(data.draw, stretch)
    found = places(text, words)
    if "".join(stretch).strip():
        at = len("".join(letters[:start]))
        whole = "".join(stretch)
        at += len(whole) - len(whole.lstrip())
        assert (at, at + len(whole.strip())) in found
    for span in found:
        assert same(text[slice(*span)]) == same(words)


@given(st.data())
def test_what_is_found_looks_like_what_was_asked_for_and_cuts_no_character(data):
    text = otherwise(data.draw, data.draw(text_of_letters))
    words = otherwise(data.draw, data.draw(st.lists(letter, min_size=1, max_size=3)))
    inside = {place for start, end, _ in fold(text).characters() for place in range(start + 1, end)}
    for start, end in places(text, words):
        assert same(text[start:end]) == same(words)
        assert not inside & {start, end}
        assert end == len(text) or not unicodedata.combining(text[end])


@given(
    st.text(
        st.one_of(
            st.characters(),
            st.sampled_from("".join([*LETTERS, *MARKS, *UNSEEN, *SPACES, "\u200c\u200d\u034f"])),
        )
    )
)
def test_the_way_back_is_that_of_the_same_words(text):
    folded = fold(text)
    assert folded.text == same(text) == same(same(text))
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    spans = [(start, end) for start, end, _ in folded.characters()]
    assert spans == sorted(spans) and all(start < end for start, end in spans)
    assert "".join(shown for _, _, shown in folded.characters()) == folded.text


@given(
    st.text(st.characters(max_codepoint=0x17F)),
    st.text(st.characters(max_codepoint=0x17F), min_size=1, max_size=4),
)
def test_in_ordinary_letters_a_stretch_is_found_where_it_stands_letter_for_letter(text, words):
    text, words = text.replace("\u00ad", ""), " ".join(words.replace("\u00ad", "").split())
    pattern = r"\s+".join(map(re.escape, words.split()))
    assert places(text, words) == (
        [one.span(1) for one in re.finditer(f"(?=({pattern}))", text)] if words else []
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NFC, NFD),
        ("long day", "long\u200b day"),
        ("long day", "long\u00a0day"),
        ("long day", "lo\u00adng day"),
        ("two lines", "two\u2028lines"),
        ("12 000", "12\u202f000"),
        ("12 000", "12\u2007000"),
        ("office", "o\ufb03ce"),
        ("Auflage", "Auf\u200clage"),
        ("❤", "❤\ufe0f"),
        ("\u212bngstr\u00f6m", "A\u030angstro\u0308m"),
        ("שלום", "ש\u200fלום"),
        ("한국", unicodedata.normalize("NFD", "한국")),
        ("e\u0323\u0301", "e\u0301\u0323"),
    ],
)
def test_these_look_the_same(one, other):
    assert same(one) == same(other) and hash_words(one) == hash_words(other)
    assert places(f"so, {other}, then", one) == [(4, 4 + len(other))] and places(
        f"so, {one}, then", other
    ) == [(4, 4 + len(one))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cafe", NFD),
        ("cafe", NFC),
        ("resume", "résumé"),
        ("می‌روم", "میروم"),
        ("क्‍ष", "क्ष"),
        ("👩", "👩‍💻"),
        ("👍", "👍🏽"),
        ("🇪🇺", "🇩🇪🇺🇸"),
        ("하", unicodedata.normalize("NFD", "한국")),
        ("ＡＢ", "AB"),
        ("x²", "x2"),
        ("of", "o\ufb01"),
        ("don't", "don’t"),
        ("a-b", "a–b"),
        ("a", "а"),
        ("כתב", "כָּתַב"),
    ],
)
def test_these_do_not(one, other):
    assert same(one) != same(other)
    assert places(other, one) == []


def test_letter_for_letter_comes_before_what_looks_the_same():
    text = f"{NFC} {NFD}"
    assert places(text, NFC) == [(0, 4)] and places(text, NFD) == [(5, 10)]
    assert places(text, "ca\u200bfé") == [(0, 4), (5, 10)]


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("Well - you know...", "Well – you know…"),
        ("well--you know", "Well – you know"),
        ("dont you", "don’t you"),
        ("don't you", "dont you"),
        ('"so be it"', "“so be it”"),
        ("the cafe", f"the {NFD}"),
        ("STRASSE", "Straße"),
        ("istanbul", "İstanbul"),
        ("non-stop", "non\u2011stop"),
        ("'til noon", "’til noon"),
        ("half-way", "half—way"),
    ],
)
def test_words_that_are_nearly_there_are_shown_as_they_stand(typed, stands):
    assert places(f"And {stands}, then", typed) == []
    assert similar_stretch(f"And {stands}, then", typed) == stands


# --- the commands ------------------------------------------------------------------------------


def interview(study, words: str, name: str = "ann", **more):
    study.write(f"in/{name}.txt", f"I: How?\n\nP: {words}\n")
    study.ok("ingest", f"in/{name}.txt", "--date", "2026-03-02")
    study.ok("initial-code")
    return study


@pytest.fixture
def ann(empty):
    """One turn, in composed letters, with three codes on its words."""
    interview(empty, PEOPLE)
    empty.ok("code", "ann", "2", "meeting in public", "--words", "au café")
    empty.ok("code", "ann", "2", "étions au café", "--words", "étions au café")
    empty.ok("code", "ann", "2", "waiting")
    empty.ok("run")
    return empty


def test_a_code_is_tied_to_words_typed_in_another_form_and_both_keep_their_letters(empty):
    interview(empty, f"Au {NFD}, a\u0300 la gare. Il a neige\u0301.")
    assert (
        empty.ok("code", "ann", "2", "meeting in public", "--words", f"Au {NFC}")
        == 'data/initial-codes/ann.yaml: turn 2: "meeting in public" (PM)\n'
    )
    assert f'meeting in public <- "Au {NFC}"' in empty.read("data/initial-codes/ann.yaml")
    assert empty.ok("code", "ann", "2", "meeting in public", "--words", f"Au {NFD}").endswith(
        "stands there already (PM)\n"
    )
    assert f"Au {NFD}, a\u0300" in empty.read("data/transcripts/ann.md")
    empty.ok("code", "ann", "2", "il a neigé", "--words", "Il a neigé")
    empty.ok("run")
    assert "il a neigé,,yes," in empty.read("data/derived/codebook.csv")
    assert empty("check").err == "no errors, no notes\n"


def test_part_of_a_letter_is_no_stretch(empty):
    interview(empty, f"Au {NFD}.")
    ran = empty("code", "ann", "2", "x", "--words", "Au cafe")
    assert ran.code == 1
    assert ran.err == f'Turn 2 of ann does not contain "Au cafe". Did you mean "Au {NFD}"?\n'


def test_bare_arrows_incidents_memos_and_comments_are_found_in_any_form(ann):
    text = ann.read("data/transcripts/ann.md")
    ann.write("data/transcripts/ann.md", unicodedata.normalize("NFD", text))
    sheet = ann.read("data/initial-codes/ann.yaml")
    ann.write("data/initial-codes/ann.yaml", sheet + "    au caf\u00e9 <-\n")
    ann.write(
        "data/focused-codes.yaml",
        "- focused: gathering\n  because: it holds\n  by: PM\n"
        '  incidents: |\n    ann 2 "au ca\u200bfé"\n',
    )
    ann.write(
        "data/theory.yaml",
        "relations:\n- from: gathering\n  kind: leads to\n  to: gathering\n"
        '  support: |\n    ann 2 "à la gare"\n',
    )
    ann.write(
        "data/memos/2026-04-01-place.md",
        "---\ntitle: Place\ndate: 2026-04-01\nby: PM\n"
        'about: |\n  ann 2 "à la gare"\n---\n\nWhere?\n',
    )
    ann.write("data/comments.yaml", '- about: ann 2 "au café"\n  by: PM\n  comment: Which one?\n')
    ran = ann("check")
    assert (ran.out.count("\n"), ran.err) == (
        1,
        "no errors, no notes\n",
    ) and "4 codes without a definition" in ran.out
    ann.ok("run")
    page = ann.ok("compare", "meeting in public")
    assert "cafe\u0301" in page and "Which one?" in page
    assert "gare" in ann.read("data/derived/theory.md")
    assert "Which one?" in ann.ok("comments", 'ann 2 "au cafe\u0301"')


def test_words_that_stand_twice_to_the_eye_are_asked_for(empty):
    interview(empty, f"Un {NFD}, deux {NFD}.")
    ran = empty("code", "ann", "2", "x", "--words", NFC)
    assert (ran.code, ran.err) == (
        1,
        f'Turn 2 of ann contains "{NFC}" 2 times. Add words around it, so that it is one place.\n',
    )


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("He said ha ha ha", "ha ha"),  # letter for letter
        ("He said ha\nha ha", "ha ha"),  # over a line end
        (f"Un {NFD} {NFD} {NFD}", f"{NFC} {NFC}"),  # as it looks
    ],
)
def test_a_stretch_that_overlaps_itself_stands_twice(empty, said, typed):
    """A code on one of them would be tied to nobody knows which."""
    first, second = places(said, typed)
    assert first[0] < second[0] < first[1] < second[1]
    interview(empty, said)
    ran = empty("code", "ann", "2", "x", "--words", typed)
    assert ran.code == 1 and f'Turn 2 of ann contains "{typed}" 2 times' in ran.err


def test_a_correction_in_form_alone_is_none_of_words_and_no_anchor_is_lost(ann):
    before = ann.read("data/transcripts/ann.md")
    ann.write(
        "in/new.txt",
        unicodedata.normalize("NFD", f"I: How?\n\nP: {PEOPLE}\n").replace(
            "la gare", "la\u00a0ga\u00adre"
        ),
    )
    dry = ann("ingest", "--correct", "in/new.txt", "--as", "ann", "--dry-run")
    ran = ann("ingest", "--correct", "in/new.txt", "--as", "ann")
    assert ran.out == dry.out == ("ingest: ann: no word is corrected in in/new.txt\n" + IN_FORM)
    assert (ran.code, ran.err) == (0, "")
    assert ann.read("data/transcripts/ann.md") == before
    assert (ann.root / "data/sources/ann.txt").read_bytes() == (
        ann.root / "in/new.txt"
    ).read_bytes()
    assert "no longer what was ingested" not in ann("check").err
    assert ann.ok("run").count("fresh") == 5
    assert (
        ann.ok("ingest", "--correct", "in/new.txt", "--as", "ann")
        == "ingest: ann: nothing to correct\n"
    )


def test_a_source_in_another_form_with_one_word_corrected_corrects_one_word(ann):
    ann.write(
        "in/new.txt",
        unicodedata.normalize("NFD", f"I: How?\n\nP: {PEOPLE}\n").replace("la gare", "la plage"),
    )
    ran = ann("ingest", "--correct", "in/new.txt", "--as", "ann")
    assert (
        unicodedata.normalize("NFC", ran.out.split("\n", 1)[1])
        == "  2 corrected: Nous étions au café, à la [-gare.-] {+plage.+}\n"
    )
    assert ran.code == 0 and "does not contain" not in ran.err
    assert ann("check").err == "0 errors, 1 note\n"


def test_a_source_in_another_form_is_what_was_ingested(ann):
    ann.write("in/ann.txt", unicodedata.normalize("NFD", f"I: How?\n\nP: {PEOPLE}\n"))
    assert ann.ok("ingest", "in/ann.txt") == "ingest: ann as before, nothing to do\n"
    ann.write("data/sources/ann.txt", unicodedata.normalize("NFD", f"I: How?\n\nP: {PEOPLE}\n"))
    assert "ingest: fresh" in ann.ok("run")


def test_a_speaker_in_another_form_is_the_same_speaker(empty):
    empty.write("in/z.txt", "Zoë: How?\n\nRené: At noon on the pier.\n")
    decomposed = unicodedata.normalize("NFD", "Zoë")
    empty.ok(
        "ingest",
        "in/z.txt",
        "--date",
        "2026-03-02",
        "--interviewer",
        decomposed,
        "--participant",
        "René",
    )
    empty.write(
        "in/new.txt",
        unicodedata.normalize("NFD", "Zoë: How?\n\nRené: At noon under the pier.\n\nZoë: Yes?\n"),
    )
    assert (
        empty.ok("ingest", "--correct", "in/new.txt", "--as", "z")
        == """\
ingest: z corrected from in/new.txt
  2 corrected: At noon [-on-] {+under+} the pier.
  2a inserted: Zoë: Yes?
"""
    )
    assert "speakers: {Zoë: interviewer, René: z}" in empty.read("data/transcripts/z.md")


def test_a_turn_given_to_somebody_else_keeps_its_letters(ann):
    ann.write("in/new.txt", unicodedata.normalize("NFD", f"I: How?\n\nQ: {PEOPLE}\n"))
    ran = ann("ingest", "--correct", "in/new.txt", "--as", "ann", "--participant", "Q")
    assert ran.out == (
        "ingest: ann corrected from in/new.txt\n  2 corrected: spoken by P before, by Q now\n"
        + IN_FORM
    )
    assert f"[2] Q: {PEOPLE}" in ann.read("data/transcripts/ann.md")


def test_codes_on_the_same_words_in_two_forms_fall_together(ann):
    ann.write(
        "data/initial-codes/ann.yaml",
        ann.read("data/initial-codes/ann.yaml") + '    being out <- "au cafe\u0301"\n',
    )
    ann.ok("codes", "merge", "being out", "--into", "meeting in public", "--why", "one thing")
    sheet = ann.read("data/initial-codes/ann.yaml")
    assert sheet.count("meeting in public") == 1 and "being out" not in sheet


def test_a_suggestion_that_stands_in_another_form_is_not_written_again(ann):
    from gtpipe.commands import answer
    from gtpipe.store.layout import Study
    from gtpipe.suggest.records import YOURS, Suggestion, TurnRef

    offered = Suggestion(TurnRef("ann", "2"), YOURS, "meeting in public", 0.5, "like ann 2")
    before = ann.read("data/initial-codes/ann.yaml")
    answer.take(Study(ann.root), offered, words="au cafe\u0301")
    assert ann.read("data/initial-codes/ann.yaml") == before


def test_trace_knows_who_gave_a_code_to_words_typed_in_another_form(empty):
    interview(empty, f"Au {NFD}.")
    git("init", "-q", cwd=empty.root)
    empty.ok(
        "code", "ann", "2", "meeting in public", "--words", "Au ca\u200bfé", "--why", "two cups"
    )
    git("add", "-A", cwd=empty.root)
    git("commit", "-qm", "coded", cwd=empty.root)
    assert "PM: two cups)" in empty.ok("trace", "meeting in public")


def test_the_copy_in_a_sheet_is_not_changed_by_another_form(ann):
    sheet = ann.read("data/initial-codes/ann.yaml")
    ann.write(
        "data/initial-codes/ann.yaml",
        sheet.replace(
            f"    {PEOPLE}",
            f"    {unicodedata.normalize('NFD', PEOPLE)}".replace("gare", "ga\u00adre"),
        ),
    )
    assert ann.read("data/initial-codes/ann.yaml") != sheet
    before = ann.hashes()
    ran = ann("check")
    assert "copy" not in ran.out and "corrected" not in ran.out
    ann.ok("initial-code", "--refresh-text")
    assert ann.hashes() == before


def test_a_record_of_letters_as_they_were_read_still_holds():
    letters = f"au {NFD}"
    recorded, other = hashlib.sha256(letters.encode()).hexdigest()[:12], "9f86d081884c"
    assert recorded != hash_words(letters)
    assert (hashed_now(recorded, letters), hashed_now(other, letters)) == (
        hash_words(letters),
        other,
    )
    assert hash_words("plain  words") == hashlib.sha256(b"plain words").hexdigest()[:12]


def test_a_study_whose_record_is_one_of_letters_has_no_correction_to_tell(empty):
    empty.write(
        "pipeline.yaml",
        empty.read("pipeline.yaml").replace("sheet-text: true", "sheet-text: false"),
    )
    interview(empty, f"Au {NFD}, un soir.")
    empty.ok("code", "ann", "2", "waiting")
    record = empty.read("data/ingested/ann.csv").replace(
        hash_words(f"Au {NFD}, un soir."),
        hashlib.sha256(f"Au {NFD}, un soir.".encode()).hexdigest()[:12],
    )
    empty.write("data/ingested/ann.csv", record)
    assert "as it was read" not in empty("check").out
    empty.write("in/new.txt", f"I: How?\n\nP: Au {NFD}, un jour.\n")
    assert empty.ok("ingest", "--correct", "in/new.txt", "--as", "ann").endswith(
        "  2 corrected: Au café, un [-soir.-] {+jour.+}\n".replace("café", NFD)
    )


def test_find_reads_over_what_is_not_seen_and_gives_the_letters_that_stand_there(empty):
    interview(
        empty, f"It was a lo\u00adng\u200b\u00a0day in {NFD}, STRASSE, İzmir, I\u0307stanbul."
    )
    for typed, stands in (
        ("long day", "lo\u00adng\u200b\u00a0day"),
        ("CAFÉ", NFD),
        ("straße", "STRASSE"),
        ("izmir", "İzmir"),
        ("istanbul", "I\u0307stanbul"),
        ("day\u200b in", "day in"),
    ):
        (hit,) = finding.pattern(typed).places(empty.read("data/transcripts/ann.md"))
        assert empty.read("data/transcripts/ann.md")[slice(*hit)] == stands
        assert stands.replace("\u00a0", " ") in empty.ok("find", typed).replace("\u00a0", " ")
    assert empty("find", "cafe").err == 'Nothing found for "cafe".\n'
    assert empty("find", "/cafe/").out  # a pattern is looked for as typed


def test_find_reads_over_an_apostrophe_where_nothing_is_written_as_typed(empty):
    interview(empty, "I don’t know. Ill, she said; I'll stay.")
    ran = empty("find", "i dont know")
    assert (
        ran.err == 'note: nothing with "i dont know"; these have an apostrophe more or less.\n'
        and "I don’t know" in ran.out
    )
    assert "In the words: 1 place" in empty.ok("find", "ill")


def test_a_quotation_in_another_form_is_exact(ann):
    ann.write(
        "c.md",
        f"“{unicodedata.normalize('NFD', 'Nous étions au café')}\u200b, à\u00a0la ga\u00adre.”\n",
    )
    assert ann.ok("quotes", "c.md") == "1 quotation: 1 exact\n"
    assert [word.key for word in tokens.words(tokens.clean(NFD))] == [NFC]


def test_in_vivo_is_told_by_whole_letters(empty):
    interview(empty, "मैं काम करती थी।")
    empty.ok("code", "ann", "2", "काम करती")
    empty.ok("code", "ann", "2", "कीम करती")
    empty.ok("run")
    book = empty.read("data/derived/codebook.csv")
    assert "काम करती,,yes," in book and "कीम करती,,,ann 2" in book


def test_a_difference_is_one_of_words():
    assert difference(f"au {NFC} noir", f"au {NFD}  brun") == f"au {NFC} [-noir-] {{+brun+}}"


def test_letters_printed_as_one_are_the_letters_that_were_typed():
    """A PDF sets `fi` as one sign; the stretch is what stands in the text."""
    text = "She \ufb01lled the o\ufb03ce, and went."
    ((start, end),) = places(text, "filled the office")
    assert text[start:end] == "\ufb01lled the o\ufb03ce"
    assert nearest_place(text, "Filled the office, AND") == (4, text.index(" went"))
    assert not places(text, "illed") and not places(text, "off")


def test_a_stretch_at_either_end_of_a_turn_is_found_in_another_form():
    text = f"{NFD} or no {NFD}"
    assert places(text, f"{NFC} or") == [(0, 8)]
    assert places(text, f"no {NFC}") == [(9, 17)]
    assert nearest_place(f"{NFC}!", "CAFE") == (0, 4)


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("He said \u201cyes\u201d", '"yes"', "\u201cyes\u201d"),
        ("He said \u201cyes\u201d, and", '"yes"', "\u201cyes\u201d"),
        ("He said \u2018yes\u2019, and", "'yes'", "\u2018yes\u2019"),
        ("He said \u2018yes\u2019, and", "yes", "yes"),
        ("He said \u201cyes\u201d.", "yes", "yes"),
        ("\u201cYes\u201d he said", '"yes"', "\u201cYes\u201d"),
    ],
)
def test_quotation_marks_that_were_typed_belong_to_the_place_where_they_stand(text, words, found):
    start, end = nearest_place(text, words)
    assert text[start:end] == found
