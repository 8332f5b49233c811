"""What does not fit: written into theory.yaml line by line, listed
with who looked, and looked for by questions, never verdicts.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from conftest import THEORY, hashes
from hypothesis import given, settings
from hypothesis import strategies as st

from gtpipe.analysis import negative_case_search
from gtpipe.analysis.holdings import Holdings
from gtpipe.formats import edits, theory
from gtpipe.model.problems import UserError
from gtpipe.model.records import Incident, Look, Named, NegativeCase, Where

FILE = "data/theory.yaml"
TODAY = date.today().isoformat()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# --- writing --------------------------------------------------------------------------------------


def test_a_negative_case_is_one_entry_more_at_the_end_of_its_section(analysed):
    out = analysed.ok(
        "negative",
        'jim 4 "a *bit* [pause 3s] awkward"',
        "--contradicts",
        "keeping hours",
        "--led-to",
        "revised",
        "--note",
        "hours: not what\nhe minds",
        "--by",
        "KR",
    )
    assert (
        out == 'data/theory.yaml: jim 4 "a *bit* [pause 3s] awkward" contradicts keeping hours; '
        "revised (KR)\n"
    )
    assert analysed.read(FILE) == THEORY.replace(
        """\
  date: 2026-04-02
""",
        """\
  date: 2026-04-02

- incident: jim 4 "a *bit* [pause 3s] awkward"
  contradicts: keeping hours
  led-to: revised
  note: |-
    hours: not what
    he minds
  by: KR
""",
    )
    logged = json.loads(analysed.read("data/log.jsonl").splitlines()[-1])
    assert (logged["command"], logged["by"], list(logged["files"])) == (
        "negative 'jim 4' … --contradicts 'keeping hours' --led-to revised --note … --by KR",
        "KR",
        [FILE],
    )
    assert "awkward" not in analysed.read("data/log.jsonl")
    analysed.ok("theoretical-code")
    assert "Led to: revised. hours: not what\nhe minds (KR)" in analysed.read(
        "data/derived/theory.md"
    )


def test_an_incident_is_one_word_or_two_or_three(analysed):
    for typed in (
        ["jim 4"],
        ["jim", "4"],
        ['jim 4 "awkward"'],
        ["jim", '4 "awkward"'],
        ["jim", "4", "awkward"],
        ["Jim", "4"],
    ):
        analysed.write(FILE, THEORY)
        analysed.ok("negative", *typed, "--contradicts", "keeping hours", "--led-to", "left")
        last = analysed.read(FILE).split("- incident: ")[-1].splitlines()[0]
        assert last == ('jim 4 "awkward"' if "awkward" in " ".join(typed) else "jim 4")


def test_it_contradicts_a_category_a_code_or_a_relation(analysed):
    for typed, written in (
        ("keeping hours", "keeping hours"),
        ("easy beginnings", "easy beginnings"),
        ("noticing the pay", "noticing the pay"),
        ("initial: noticing the pay", '"initial: noticing the pay"'),
        ("easy beginnings opens the way to becoming believable",) * 2,
    ):
        analysed.write(FILE, THEORY)
        analysed.ok("negative", "jim", "2", "--contradicts", typed, "--led-to", "left")
        assert f"- incident: jim 2\n  contradicts: {written}\n  led-to: left\n" in analysed.read(
            FILE
        )
        assert analysed("check").code == 0


def test_an_old_label_is_refused_and_a_label_on_two_levels_is_written_with_its_level(analysed):
    analysed.write(
        "data/codebook.yaml",
        "- code: noticing the pay\n  was: |\n    seeing the pay\n\n- code: keeping hours\n",
    )
    before = analysed.hashes()
    for typed in (
        ["jim 4", "--contradicts", "seeing the pay", "--led-to", "left"],
        ["--looked-for", "seeing the pay", "--found", "none"],
    ):
        ran = analysed("negative", *typed)
        assert (
            ran.code == 1
            and '"seeing the pay" is called "noticing the pay" now. Name "noticing the '
            'pay": `gtpipe negative '
            in ran.err
        )
    assert analysed.hashes() == before
    ran = analysed("negative", "jim 4", "--contradicts", "keeping hours", "--led-to", "left")
    assert ran.err == '"keeping hours" is also an initial code; the category is meant\n'
    assert 'contradicts: "category: keeping hours"\n' in analysed.read(FILE)


def test_an_incident_that_is_not_there_is_an_error_and_nothing_is_written(analysed):
    before = hashes(analysed.root)
    for arguments, said in NOT_THERE:
        ran = analysed("negative", *arguments, "--contradicts", "keeping hours", "--led-to", "left")
        assert ran.code == 1 and said in ran.err
        assert hashes(analysed.root) == before


NOT_THERE = [
    (["eva 4"], 'No interview "eva" in this study. Did you mean "eve"?'),
    (["eve 7"], "No turn 7 in eve. It has turns 1 to 4."),
    (['eve 4 "five o clock"'], 'Turn 4 of eve does not contain "five o clock".'),
    (['jim 4 "a"'], 'Turn 4 of jim contains "a" 9 times. Add words around it'),
    (["eve"], "`eve` names no incident. Write it as `jim 2`"),
]


def test_what_is_contradicted_must_be_there(analysed):
    ran = analysed("negative", "eve 4", "--contradicts", "keeping ours", "--led-to", "left")
    assert (ran.code, ran.err) == (
        1,
        'No code, category or relation "keeping ours" in this study. '
        'Did you mean "keeping hours"?\n',
    )
    assert analysed.read(FILE) == THEORY


def test_a_case_or_a_look_that_stands_already_is_refused_with_its_line(analysed):
    ran = analysed(
        "negative",
        'eve 4  "She goes  home at five"',
        "--contradicts",
        "becoming believable",
        "--led-to",
        "left",
    )
    assert ran.code == 1 and ran.err.startswith(
        "data/theory.yaml:28: this negative case is already recorded: "
    )
    analysed.ok("negative", "--looked-for", "keeping hours", "--found", "none")
    ran = analysed("negative", "--looked-for", "keeping hours", "--found", "None.")
    assert (
        ran.code == 1
        and f'this look for cases against "keeping hours" is already recorded, on {TODAY}'
        in ran.err
    )
    analysed.ok("negative", "--looked-for", "keeping hours", "--found", "none", "--by", "KR")


HALF = [
    ["eve 4", "--contradicts", "keeping hours"],
    ["eve 4", "--led-to", "left"],
    ["eve 4", "--contradicts", "keeping hours", "--led-to", " "],
    ["--contradicts", "keeping hours"],
    ["--looked-for", "keeping hours"],
    ["--found", "none"],
    ["eve 4", "--look", "keeping hours"],
    ["a", "b", "c", "d", "--contradicts", "keeping hours", "--led-to", "left"],
]


def test_half_a_command_is_a_wrong_command(empty):
    for arguments in HALF:
        ran = empty("negative", *arguments)
        assert ran.code == 2, (arguments, ran.err)
    assert not (empty.root / FILE).exists()


def test_a_look_says_what_was_found_by_whom_and_when(analysed):
    for found, written in (
        ("none", "none"),
        ('eve 4 "I don\'t"', 'eve 4 "I don\'t"'),
        ("only hearsay: hers", '"only hearsay: hers"'),
    ):
        analysed.ok("negative", "--looked-for", "easy beginnings", "--found", found)
        assert (
            f"\n- looked-for: easy beginnings\n  found: {written}\n  by: PM\n  date: {TODAY}\n"
            in analysed.read(FILE)
        )
    assert analysed("check").code == 0


def test_the_section_is_made_where_it_is_missing_before_what_comes_after_it(coded):
    coded.write(
        FILE,
        "# the theory\ncategories:\n- category: a start   # for now\n\n# how far\nsufficiency:\n"
        "- interview: jim\n",
    )
    coded.ok("negative", "jim", "2", "--contradicts", "a start", "--led-to", "left")
    assert (
        coded.read(FILE)
        == """\
# the theory
categories:
- category: a start   # for now

negative-cases:
- incident: jim 2
  contradicts: a start
  led-to: left
  by: PM

# how far
sufficiency:
- interview: jim
"""
    )


def test_a_file_is_made_where_there_is_none(coded):
    coded.ok("negative", "--looked-for", "noticing the pay", "--found", "none")
    assert (
        coded.read(FILE)
        == "negative-cases:\n- looked-for: noticing the pay\n  found: none\n  by: PM\n"
        f"  date: {TODAY}\n"
    )


def test_a_file_with_errors_is_not_written_to(analysed):
    analysed.write(FILE, THEORY + "nonsense: here\n")
    ran = analysed("negative", "jim 2", "--contradicts", "easy beginnings", "--led-to", "left")
    assert ran.code == 1 and 'data/theory.yaml:46: the theory has no field "nonsense"' in ran.err
    assert analysed.read(FILE) == THEORY + "nonsense: here\n"


WORDS = st.tuples(st.sampled_from("abé"), st.text("abc é'\"#:-|,[]{}", max_size=12)).map(
    lambda parts: "".join(parts).strip()
)
NOTES = st.lists(WORDS, max_size=3).map("\n".join)
SECTIONS = st.sampled_from(
    [
        "categories:\n- category: a start   # for now\n  focused: |\n    b\n\n    # not a remark\n",
        "categories:\n  - category: a start\n    definition: >\n      folded\n"
        "      on two lines\n\n  # a remark\n",
        "relations:\n",
        "relations: []   # none yet\n",
        "negative-cases:\n- incident: jim 2 \"awk\"\n  # inside\n  contradicts: 'a start'\n"
        "  led-to: left\n\n\n# between\n- looked-for: a start\n  found: none\n",
        "negative-cases: # nothing\n",
        "negative-cases: []\n",
        "sufficiency:\n- interview: jim\n  judgement: not yet\n\n# the end",
        "# a remark only\n",
    ]
)


@settings(max_examples=150)
@given(
    st.lists(SECTIONS, max_size=4, unique_by=lambda text: text.partition(":")[0]),
    st.lists(st.tuples(WORDS, NOTES, st.booleans()), min_size=1, max_size=3),
    st.booleans(),
    st.booleans(),
)
def test_every_other_byte_of_the_theory_stays(sections, added, windows, blank):
    text = ("\n" if blank else "").join(
        section if section.endswith("\n") or section is sections[-1] else section + "\n"
        for section in sections
    )
    text = text.replace("\n", "\r\n") if windows else text
    before, problems = theory.loads(text)
    assert not problems
    edited = text
    for label, note, is_look in added:
        named, where = Named(label, Where("", 0)), Where("", 0)
        incident = Incident("eve", "4", "I don't", where)
        if is_look:
            edited = theory.add_look(edited, Look(named, None, "PM", "2026-04-02", where))
        else:
            edited = theory.add_negative_case(
                edited, NegativeCase(incident, named, "left", where, note, "PM")
            )
    after, problems = theory.loads(edited)
    assert not problems
    assert edits.content(after.categories) == edits.content(before.categories)
    assert edits.content(after.judgements) == edits.content(before.judgements)
    new = after.negative_cases[len(before.negative_cases) :]
    assert [(case.contradicts.label, case.note, case.incident.address) for case in new] == [
        (label, note, 'eve 4 "I don\'t"') for label, note, is_look in added if not is_look
    ]
    # What was there is there, line for line and in order: an empty list alone may have lost its
    # `[]`, and a last line its missing end.
    lines = iter(edited.split("\n"))
    for line in text.replace("negative-cases: []", "negative-cases:").split("\n"):
        assert any(line.rstrip("\r") == other.rstrip("\r") for other in lines), (line, text, edited)
    assert "\r\n" not in text or edited.count("\n") == edited.count("\r\n")


# --- listing --------------------------------------------------------------------------------------


def test_everything_is_listed_with_the_words_and_what_is_not_recorded_says_who_looked(analysed):
    analysed.ok("negative", "--looked-for", "easy beginnings", "--found", "hearsay", "--by", "KR")
    before = hashes(analysed.root)
    assert (
        analysed.ok("negative")
        == f"""\
becoming believable (category)
  eve 4 · negative case: qualified
    She goes home at five
    belief has hours (PM)

keeping hours (category)
  No negative case recorded (PM looked on 2026-04-02).

easy beginnings (focused code)
  jim 4 · does not fit
    A bit. It was, like, a *bit* [pause 3s] awkward.

    Him being paid and that. <laughs>
  hearsay · found by looking
    (KR, {TODAY})

minding the money (focused code)
  No negative case recorded, and no search for one.

easy beginnings opens the way to becoming believable (relation)
  jim 4 · contradicts
    awkward

minding the money slows becoming believable (relation)
  No negative case recorded, and no search for one.
"""
    )
    found = json.loads(analysed.ok("negative", "--format", "json"))
    assert [
        (one["label"], one["recorded"], one["incident"], one["by"], one["line"]) for one in found
    ][:3] == [
        (
            "becoming believable",
            "negative case",
            'eve 4 "She goes home at five"',
            "PM",
            "data/theory.yaml:28",
        ),
        ("keeping hours", "none recorded", "", "PM", "data/theory.yaml:33"),
        ("easy beginnings", "does not fit", "jim 4", "", "data/focused-codes.yaml:11"),
    ]
    assert [one["words"] for one in rows(analysed.ok("negative", "--format", "csv"))] == [
        one["words"] for one in found
    ]
    assert hashes(analysed.root) == before


# --- a second look --------------------------------------------------------------------------------


def told(*turns: str) -> str:
    return "".join(f"I: And?\n\nP: {turn}\n\n" for turn in turns)


ANA = told(
    "We shared the kettle every morning",
    "Sharing the kettle, every single morning",
    "The kettle again, shared of course",
    "The kettle, but never on Fridays, she wouldn't",
    "Grandmother mended umbrellas for sailors",
    "Mm.",
)


@pytest.fixture
def kettle(empty):
    """One code at six turns of an interview and one of another; a companion at all but one."""
    empty.write("in/ana.txt", ANA)
    empty.write("in/bo.txt", told("Nobody had a kettle"))
    empty.ok("ingest", "in/ana.txt", "--date", "2026-03-02")
    empty.ok("ingest", "in/bo.txt", "--date", "2026-03-03")
    empty.ok("initial-code")
    for turn in ("2", "4", "6", "8", "10"):
        empty.ok("code", "ana", turn, "sharing the kettle")
    empty.ok("code", "bo", "2", "sharing the kettle")
    for turn in ("2", "4", "8", "10"):
        empty.ok("code", "ana", turn, "being at home")
    empty.ok("code", "bo", "2", "being at home")
    return empty


def test_a_second_look_asks_and_gives_its_reasons(kettle):
    before = hashes(kettle.root)
    assert (
        kettle.ok("negative", "--look", "sharing the kettle")
        == """\
sharing the kettle (code), 6 incidents

ana 8
  The kettle, but never on Fridays, she wouldn't
    Is this told as an exception? (contrast in the words: "but"; such words in 0 of the other 5)
    Is this told as something that does not hold? (negation in the words: "never" and "wouldn't"; \
such words in 1 of the other 5)

ana 6
  The kettle again, shared of course
    Is "being at home" missing here because this is another case? ("being at home" stands at 5 of \
the other 5 turns (ana, bo), and not here)

ana 10
  Grandmother mended umbrellas for sailors
    Is this still the same thing? (it has no distinctive word in common with the other 5 incidents)

bo 2
  Nobody had a kettle
    Is this told as something that does not hold? (negation in the words: "nobody"; such words in \
1 of the other 5)

These are questions. Whether an incident fits is yours to say; gtpipe compare shows the rest.
a case that does not fit: gtpipe negative 'ana 8' --contradicts 'sharing the kettle' --led-to \
qualified --note …
looked and found none: gtpipe negative --looked-for 'sharing the kettle' --found none
"""
    )
    assert hashes(kettle.root) == before


def test_most_limits_them_and_says_how_many_more(kettle):
    ran = kettle("negative", "--look", "sharing the kettle", "--most", "1", "--format", "csv")
    assert [(row["turn"], row["kind"]) for row in rows(ran.out)] == [
        ("8", "contrast"),
        ("8", "negation"),
    ]
    assert ran.err == "… and 3 incidents more: --most 4\n"


def test_other_languages_are_told_that_words_of_contrast_are_english(kettle):
    kettle.write("pipeline.yaml", kettle.read("pipeline.yaml") + "language: de\n")
    ran = kettle("negative", "--look", "sharing the kettle", "--format", "json")
    assert [one["kind"] for one in json.loads(ran.out)] == ["companion missing", "unlike the rest"]
    assert (
        "contrast and negation are looked for in English only: skipped (language: de)\n" in ran.err
    )


def test_an_incident_on_record_as_not_fitting_is_not_offered_again(kettle):
    kettle.ok(
        "negative", "ana", "8", "--contradicts", "sharing the kettle", "--led-to", "qualified"
    )
    ran = kettle("negative", "--look", "sharing the kettle", "--format", "csv")
    assert {row["turn"] for row in rows(ran.out) if row["interview"] == "ana"} == {"6", "10"}
    assert "1 incident left out: on record as not fitting already\n" in ran.err


def test_where_nothing_stands_out_that_says_nothing_about_the_code(kettle):
    kettle.ok("code", "ana", "12", "saying little")
    out = kettle.ok("negative", "--look", "saying little")
    assert out.startswith(
        "saying little (code), 1 incident\n\n"
        "Nothing stands out; that says nothing about the code.\n"
    )
    assert json.loads(kettle.ok("negative", "--look", "saying little", "--format", "json")) == []
    ran = kettle("negative", "--look", "sharing a kettle")
    assert ran.code == 1 and 'did you mean "sharing the kettle"?' in ran.err.replace("Did", "did")


def test_words_that_most_incidents_hold_are_not_asked_about(empty):
    empty.write("in/ana.txt", told("I never went", "She never came", "We never asked", "They sat"))
    empty.ok("ingest", "in/ana.txt", "--date", "2026-03-02")
    empty.ok("initial-code")
    for turn in ("2", "4", "6", "8"):
        empty.ok("code", "ana", turn, "keeping away")
    ran = empty("negative", "--look", "keeping away")
    assert "Nothing stands out" in ran.out
    assert (
        ran.err == "negation stands in most incidents of this code: that alone is not asked about\n"
    )


def test_what_a_code_is_made_of_is_no_companion_of_it(kettle):
    kettle.write(
        "data/focused-codes.yaml",
        "- focused: making a home\n  because: x\n  takes-up: |\n    sharing the kettle\n"
        "    being at home\n",
    )
    kettle.write(FILE, "categories:\n- category: belonging\n  focused: |\n    making a home\n")
    for label in ("making a home", "belonging"):
        assert "companion missing" not in kettle.ok("negative", "--look", label, "--format", "csv")


def test_a_label_on_no_level_raises(analysed):
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    read = load(Study(analysed.root))
    with pytest.raises(UserError):
        read.resolve("nothing like it")
    holdings = Holdings(read.material, read.codings, read.current)
    thing = read.resolve("easy beginnings")
    looked = negative_case_search.look(
        thing, holdings, read.material, read.codings, read.current, english=True
    )
    assert looked.incidents == len(holdings.of(thing))
