"""What stands in a focused code stands there because somebody judged it; what does not fit stands
as visibly, and counts nowhere.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

import pytest
from conftest import PIPELINE, git
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gtpipe.analysis import cooccurrence, theoretical_sampling
from gtpipe.analysis.comparison import Looking
from gtpipe.analysis.cooccurrence import Sense
from gtpipe.analysis.groups import grouping
from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.matrix import matrix
from gtpipe.analysis.participation import who
from gtpipe.analysis.references import place_of
from gtpipe.gitdriver.merge import merge_texts
from gtpipe.model.evaluation import CATEGORIES, RELATIONS
from gtpipe.model.evaluation import FOCUSED_CODES as FOCUSED_POINTERS
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, RELATION, CodeRef
from gtpipe.model.records import Later
from gtpipe.pipeline import focused_code, theoretical_code
from gtpipe.quotes.pasting import extracts
from gtpipe.render.evaluation_pointers import pointers
from gtpipe.store.layout import Study
from gtpipe.study import Corpus, load

BOOK, THEORY, SHEET = "data/focused-codes.yaml", "data/theory.yaml", "data/initial-codes/jim-2.yaml"
CODE = "being given something of theirs"
JIM = """\
I: What did she give you?

P: She give me a number, a daft number, but it were hers.
"""
JIM_2 = """\
I: And since then?

P: She had it back off me. Changed her phone and never said.

I: And the flask?

P: She left me the flask, mind. It's on the side.
"""


@pytest.fixture
def gift(empty):
    """Jim is given a number; a focused code is made of it; in the second interview it is taken
    back, and something else is given.
    """
    empty.write("in/jim.txt", JIM)
    empty.ok("ingest", "in/jim.txt", "--date", "2026-03-02")
    empty.ok("initial-code")
    empty.ok("code", "jim", "2", "being given a thing")
    empty.ok(
        *("focused", "add", "being given something of theirs", "--because", "it was hers"),
        *("--takes-up", "being given a thing"),
    )
    empty.write(
        THEORY,
        "categories:\n- category: becoming believable\n  focused: |\n"
        "    being given something of theirs\n",
    )
    empty.write("in/jim-2.txt", JIM_2)
    empty.ok("ingest", "in/jim-2.txt", "--date", "2026-06-02", "--participant", "P=jim")
    empty.ok("initial-code")
    empty.ok("code", "jim-2", "2", "being given a thing", "--words", "She had it back off me")
    empty.ok("code", "jim-2", "4", "being given a thing")
    empty.ok("run")
    return empty


def page(study) -> str:
    (path,) = (study.root / "data/derived/compare/focused").glob("*.md")
    return path.read_text()


def test_a_gift_that_is_taken_back_in_the_second_interview_waits_and_is_no_extract(gift):
    assert "  judged: |\n    jim 2\n" in gift.read(BOOK)
    assert "it back off me" not in page(gift)
    assert "Since then, not judged: 2 (jim-2 2, jim-2 4)" in page(gift)
    theory = gift.read("data/derived/theory.md")
    assert "back off me" not in theory
    assert "Since then, not judged: 2 (jim-2 2, jim-2 4)." in theory
    assert "since then, not judged: 2 (jim-2 2, jim-2 4)\n" in gift.ok("who", "becoming believable")
    cells = gift.ok("matrix", "--by", "interview")
    assert cells.split("\n")[1].split() == [*CODE.split(), "1", "not", "judged:", "2"]
    rows = csv.DictReader(io.StringIO(gift.ok("matrix", "--by", "interview", "--format", "csv")))
    assert [(row["interview"], row["turn"], row["standing"]) for row in rows] == [
        ("jim", "2", "extract"),
        ("jim-2", "2", "not judged"),
        ("jim-2", "4", "not judged"),
    ]
    (row,) = csv.DictReader(io.StringIO(gift.read("data/derived/focused-codes.csv")))
    assert (row["incidents"], row["interviews"], row["not-judged"]) == ("1", "1", "2")
    assert gift.read("data/derived/sufficiency.csv").endswith("not judged,,2\n")
    inserted = gift("quotes", "--insert", "becoming believable")
    assert "daft number" in inserted.out and "back off me" not in inserted.out
    assert "2 since then, not judged, and left out" in inserted.err
    assert (
        "  since then, not judged: 2 incidents (being given something of theirs)  "
        "(gtpipe codes focused keep|does-not-fit|leave 'being given something of theirs' "
        "'jim-2 2' --why …)\n" in gift.ok("status")
    )
    trace = gift.ok("trace", "being given something of theirs")
    assert 'under "being given something of theirs": not judged yet' in trace


def test_what_does_not_fit_is_told_with_all_that_it_takes_out(gift):
    """A whole turn that does not fit takes the stretches of it out as well: both are named."""
    gift.ok("code", "jim-2", "4", "being given a thing", "--words", "She left me the flask")
    told = gift.ok("focused", "does-not-fit", CODE, "jim-2 4", "--why", "not hers")
    listed = 'jim-2 4; jim-2 4 "She left me the flask"'
    assert told == f'{BOOK}: "{CODE}": 2 incidents, do not fit: {listed} (PM)\n'


def test_each_is_judged_and_stands_where_it_was_put(gift):
    code = "being given something of theirs"
    gift.ok("focused", "keep", code, "jim-2 4", "--why", "the flask is hers, too")
    gift.ok("focused", "does-not-fit", code, "jim-2 2", "--why", "she had it back")
    text = gift.read(BOOK)
    assert "  judged: |\n    jim 2\n    jim-2 4\n" in text
    assert '  does-not-fit: |\n    jim-2 2 "She had it back off me"\n' in text
    assert gift("check").code == 0 and "then, not judged" not in gift.ok("status")
    gift.ok("run")
    fits, _, does_not = page(gift).partition("## Does not fit")
    assert "jim-2 4" in fits and "back off me" not in fits
    assert "words: `She had it back off me`" in does_not
    assert "  does not fit: jim-2 2\n" in gift.ok("who", code)
    cells = gift.ok("matrix", code, "--by", "interview")
    assert "1: jim; does not fit: jim-2 2" in cells and "not judged" not in cells
    found = json.loads(gift.ok("matrix", code, "--by", "interview", "--format", "json"))
    (_, second) = found["codes"][0]["cells"]
    assert [one["turn"] for one in second["extracts"]] == ["4"]
    assert [one["turn"] for one in second["does-not-fit"]] == ["2"]
    assert second["does-not-fit"][0]["standing"] == "does not fit"
    rows = gift.ok("matrix", code, "--by", "interview", "--format", "csv")
    assert rows.endswith("2,jim,,She had it back off me,does not fit\n")
    assert '>"jim-2 2"]' in gift.read("data/derived/theory.mmd")
    gift.ok("undo")
    assert "does-not-fit" not in gift.read(BOOK)
    gift.ok("focused", "leave", code, "jim-2 2", "--why", "not about giving")
    assert '  left: |\n    jim-2 2 "She had it back off me"\n' in gift.read(BOOK)
    gift.ok("run")
    assert "Looked at and left out: jim-2 2." in page(gift)
    gift.ok("focused", "keep", code, "jim-2 2", "--why", "it was given first, though")
    assert '    jim-2 4\n    jim-2 2 "She had it back off me"\n' in gift.read(BOOK)
    assert "She had it" not in gift.read(BOOK).partition("left: |")[2]
    assert json.loads(gift.read("data/log.jsonl").splitlines()[-1])["did"] == {
        "kind": "keep",
        "level": "focused",
        "code": [code],
        "incidents": ["jim-2 2"],
    }


def test_an_interview_is_kept_whole_after_reading_it_and_an_older_study_by_one_command(gift):
    gift.ok("focused", "keep", "--interview", "jim-2", "--why", "read twice")
    assert '    jim 2\n    jim-2 2 "She had it back off me"\n    jim-2 4\n' in gift.read(BOOK)
    older = gift.read(BOOK).partition("  judged: |\n")[0]
    gift.write(BOOK, older)
    assert "nothing says yet what was seen when they were written" in gift.ok("status")
    assert "gtpipe codes focused keep --all --why …" in gift.ok("status")
    gift.ok("focused", "keep", "--all", "--why", "what was seen then")
    assert gift.read(BOOK).count("    jim") == 3
    before = gift.hashes()
    assert gift.ok("focused", "keep", "--all", "--why", "again") == "Nothing waits there.\n"
    assert gift.hashes() == before


def test_in_a_case_what_waits_and_what_does_not_fit_stands_apart(gift):
    over = gift.ok("case", "jim", CODE).partition(f"{CODE} (focused code)\n")[2]
    assert (
        over
        == """\
  jim: told
    2 She give me a number, a daft number, but it were hers.
  jim-2: not judged
    2 "She had it back off me"
    4 She left me the flask, mind. It's on the side.
"""
    )
    gift.ok("focused", "does-not-fit", CODE, "jim-2 2", "--why", "she had it back")
    gift.ok("focused", "keep", CODE, "jim-2 4", "--why", "the flask is hers, too")
    over = gift.ok("case", "jim", CODE).partition("  jim-2: again\n")[2]
    assert (
        over
        == """\
    4 She left me the flask, mind. It's on the side.
    does not fit
      2 "She had it back off me"
"""
    )
    rows = csv.DictReader(io.StringIO(gift.ok("case", "jim", CODE, "--format", "csv")))
    assert [(row["interview"], row["state"], row["turn"]) for row in rows] == [
        ("jim", "told", "2"),
        ("jim-2", "again", "4"),
        ("jim-2", "does not fit", "2"),
    ]
    found = json.loads(gift.ok("case", "jim", CODE, "--format", "json"))
    assert found["codes"][0]["interviews"][1]["does-not-fit"] == [
        {"turn": "2", "words": "She had it back off me"}
    ]
    assert "\n\njim-2: again\n\n> She left me" in gift.ok("case", "jim", CODE, "--format", "md")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("keep", "being given something of theirs", "jim-2 4"), 2, "say why with --why"),
        (("keep", "--why", "x"), 2, "say which"),
        (("leave", "--all", "--why", "x"), 2, "name the focused code"),
        (("keep", "being given somthing of theirs", "jim 2", "--why", "x"), 1, "Did you mean"),
        (("keep", "being given something of theirs", "jim 1", "--why", "x"), 1, "takes up no code"),
        (("keep", "being given something of theirs", "jim 9", "--why", "x"), 1, "No turn 9"),
        (("keep", "--interview", "jim-3", "--why", "x"), 1, 'No interview "jim-3"'),
    ],
)
def test_what_cannot_be_judged_is_refused_and_nothing_is_written(gift, arguments, code, says):
    before = gift.hashes()
    ran = gift("focused", *arguments)
    assert ran.code == code and says in ran.err, ran.err
    assert gift.hashes() == before


def test_a_negative_case_leaves_the_list_of_what_it_contradicts_in_any_words(gift):
    code = "being given something of theirs"
    gift.ok("focused", "keep", "--all", "--why", "read")
    gift.ok(
        *("negative", 'jim-2 2 "She had it back"', "--contradicts", code),
        *("--led-to", "a second code, of what is lent"),
    )
    assert "  led-to: a second code, of what is lent\n" in gift.read(THEORY)
    gift.ok("run")
    fits, _, does_not = page(gift).partition("## Does not fit")
    assert "back off me" not in fits.partition("# Takes up")[0].partition("jim-2 4")[0]
    assert "led to: a second code, of what is lent" in does_not
    assert "Led to: a second code, of what is lent." in gift.read("data/derived/theory.md")
    ran = gift("focused", "keep", code, "jim-2 2", "--why", "x")
    assert ran.code == 1 and "is on record as not fitting" in ran.err and THEORY in ran.err
    assert "is on record as not fitting, which counts" in gift("check").out


def test_changes_of_codings_take_what_was_judged_along(gift):
    code = "being given something of theirs"
    gift.ok("focused", "keep", "--all", "--why", "read")
    gift.ok("codes", "rename", "being given a thing", "getting a thing", "--why", "hers")
    assert gift.read(BOOK).count("    jim") == 3 and "then, not judged" not in gift.ok("status")
    gift.ok("codes", "tie", "jim-2", "4", "getting a thing", "the flask", "--why", "more exactly")
    assert '    jim-2 4 "the flask"\n' in gift.read(BOOK) and "    jim-2 4\n" not in gift.read(BOOK)
    ran = gift.ok("codes", "recode", "jim-2", "4", "getting a thing", "keeping it", "--why", "x")
    assert 'no longer judged under a focused code: jim-2 4 "the flask"' in ran
    assert "flask" not in gift.read(BOOK)
    gift.ok("codes", "merge", "keeping it", "--into", "getting a thing", "--why", "one thing")
    assert "since then, not judged: 1 incident" in gift.ok("status")
    gift.ok("codes", "drop", "getting a thing", "--at", "jim-2 2", "--why", "x")
    assert gift.read(BOOK).count("    jim") == 1
    gift.ok("focused", "add", "giving", "--because", "x", "--takes-up", "getting a thing")
    gift.ok("codes", "merge", code, "giving", "--into", "giving", "--why", "one code")
    assert '  judged: |\n    jim 2\n    jim-2 4 "the flask"\n' in gift.read(BOOK)
    assert gift("check").code == 0


def test_a_line_that_says_nothing_is_told(gift):
    gift.write(BOOK, gift.read(BOOK).replace("    jim 2\n", "    jim 2\n    jim-2 1\n"))
    assert f"{BOOK}:9: note: jim-2 1 is judged, and carries no code that " in gift("check").out


def test_two_branches_that_judge_merge_line_by_line(gift):
    base = gift.read(BOOK)
    gift.ok("focused", "keep", CODE, "jim-2 4", "--why", "hers, too")
    ours = gift.read(BOOK)
    gift.write(BOOK, base)
    gift.ok("focused", "keep", CODE, "jim-2 2", "--why", "it was given first")
    merged = merge_texts(base, ours, gift.read(BOOK))
    assert not merged.conflicts
    assert '    jim 2\n    jim-2 4\n    jim-2 2 "She had it back off me"\n' in merged.text
    gift.write(BOOK, base)
    gift.ok("focused", "does-not-fit", CODE, "jim-2 4", "--why", "not hers")
    gift.write(BOOK, merge_texts(base, ours, gift.read(BOOK)).text)
    assert "jim-2 4 is judged to belong to" in gift("check").out  # the two do not agree
    assert "does not fit: jim-2 4\n" in gift.ok("who", CODE)


def test_diff_tells_what_was_judged(gift):
    git("init", "-b", "main", cwd=gift.root)
    git("add", "-A", cwd=gift.root)
    git("commit", "-m", "two interviews", cwd=gift.root)
    gift.ok("focused", "keep", CODE, "jim-2 4", "--why", "hers, too")
    gift.ok("focused", "leave", CODE, "jim-2 2", "--why", "not about giving")
    told = gift.ok("diff")
    assert f'"{CODE}": judged to belong jim-2 4\n' in told
    assert f'"{CODE}": looked at and left out jim-2 2 "She had it back off me"\n' in told


# --- any study ------------------------------------------------------------------------------------

WORDS = ("the bus was late", "she had a flask", "nobody asked me")
CODES, FOCUSED_CODES = ("waiting", "asking", "leaving"), ("staying", "going")
PLACES = st.tuples(
    st.sampled_from("abc"),
    st.integers(1, 3),
    st.sampled_from((None, *range(3), "the bus was late she")),
)
SUBSET = st.lists(PLACES, max_size=4, unique=True)


def address(place) -> str:
    name, turn, part = place
    words = part if isinstance(part, str) else None if part is None else WORDS[part]
    return f"{name} {turn}" + (f' "{words}"' if words else "")


@st.composite
def files(draw) -> dict[str, str]:
    """Three interviews, two focused codes with their lists, a category of them, negative cases."""
    made = {"data/participants.csv": "participant\na\nb\nc\n"}
    for name in "abc":
        made[f"data/transcripts/{name}.md"] = (
            f"---\ninterview: {name}\nspeakers: {{P: {name}}}\n---\n\n"
            + "".join(f"[{turn}] P: {' '.join(WORDS)}\n\n" for turn in (1, 2, 3))
        )
    sheets: dict[str, dict[int, list[str]]] = {}
    codings = draw(
        st.lists(st.tuples(PLACES, st.sampled_from(CODES)), min_size=1, max_size=9, unique=True)
    )
    for (name, turn, part), code in codings:
        _, quote, words = address((name, turn, part)).partition(' "')
        line = f"{code} <- {quote.strip()}{words}" if words else code
        sheets.setdefault(name, {}).setdefault(turn, []).append(line)
    for name, turns in sheets.items():
        made[f"data/initial-codes/{name}.yaml"] = "\n".join(
            f"- turn: {turn}\n  codes: |\n" + "".join(f"    {line}\n" for line in lines)
            for turn, lines in sorted(turns.items())
        )
    made["data/codebook.yaml"] = "\n".join(f"- code: {code}\n" for code in CODES)
    entries = []
    for label in FOCUSED_CODES:
        entry = f"- focused: {label}\n  because: x\n"
        lists = {
            "takes-up": draw(st.lists(st.sampled_from(CODES), max_size=3, unique=True)),
            "judged": [address(place) for place, _ in codings if draw(st.booleans())],
            **{
                name: [address(place) for place in draw(SUBSET)]
                for name in ("incidents", "does-not-fit", "left")
            },
        }
        for name, lines in lists.items():
            entry += f"  {name}: |\n" + "".join(f"    {line}\n" for line in lines)
        entries.append(entry)
    made[BOOK] = "\n".join(entries)
    cases = draw(
        st.lists(
            st.tuples(PLACES, st.sampled_from((*FOCUSED_CODES, "becoming", "waiting"))), max_size=3
        )
    )
    made[THEORY] = (
        "categories:\n- category: becoming\n  focused: |\n    staying\n    going\n\n"
        "relations:\n- from: staying\n  kind: eases\n  to: going\n  support: |\n"
        + "".join(f"    {address(place)}\n" for place in draw(SUBSET))
        + "  contradict: |\n"
        + "".join(f"    {address(place)}\n" for place in draw(SUBSET))
        + "\nnegative-cases:\n"
        + "\n".join(
            f"- incident: '{address(place)}'\n  contradicts: {thing}\n  led-to: left, for now\n"
            for place, thing in cases
        )
    )
    return made


def overlap(one, other) -> bool:
    return one[:2] == other[:2] and (
        one.span is None
        or other.span is None
        or max(one.span[0], other.span[0]) < min(one.span[1], other.span[1])
    )


@settings(max_examples=120, suppress_health_check=list(HealthCheck))
@given(files())
def test_no_incident_is_an_extract_and_does_not_fit_and_all_codings_are_accounted_for(made):
    with tempfile.TemporaryDirectory() as folder:
        for path, text in {"pipeline.yaml": PIPELINE, **made}.items():
            (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / path).write_text(text)
        corpus = load(Study(Path(folder)))
        assert not corpus.errors(), corpus.errors()
        holdings = Holdings(corpus.material, corpus.codings, corpus.current)
        for label in FOCUSED_CODES:
            held, waiting, unfit, left = holdings.standing(CodeRef(FOCUSED, label))
            taken = set(holdings.taken_up(label))
            out = {
                place
                for place in taken
                if place in left or any(overlap(place, other) for other in unfit)
            }
            parts = (taken & held.keys(), set(waiting), out)
            assert set.union(*parts) == taken and sum(map(len, parts)) == len(taken)
            assert not any(overlap(one, other) for one in (*held, *waiting) for other in unfit)
        _lists_agree(corpus, holdings)
        _pages_agree(corpus, holdings)
        _pairs_agree(corpus, holdings)
        _prompts_and_pointers_agree(corpus, holdings)


THINGS = (
    *(CodeRef(FOCUSED, label) for label in FOCUSED_CODES),
    CodeRef(CATEGORY, "becoming"),
    CodeRef(INITIAL, "waiting"),
)


def _lists_agree(corpus: Corpus, holdings: Holdings) -> None:
    """What each command lists as an extract is one, and is not what it lists as not fitting."""
    material, codings = corpus.material, corpus.codings
    looking = Looking(material, codings, corpus.current)
    table = matrix(THINGS, holdings, grouping("interview", material, codings, {}), material.persons)
    answers = who(THINGS, holdings, material, codings)
    for thing, answer in zip(THINGS, answers, strict=True):
        places = holdings.of(thing).keys()
        own = holdings.against(thing)
        assert not any(overlap(place, other) for place in places for other in own)
        cells = table.row(thing)
        assert {one.place for cell in cells for one in cell.extracts} == places
        assert not {one.place for cell in cells for one in cell.unfit} & places
        assert {place for of in answer.having.values() for place in of} == places
        assert not {place for of in answer.unfit.values() for place in of} & places
        assert {view.key for view in looking.views(thing)} == places
        assert len(extracts(thing, holdings, "md")) == len(places)


def _pairs_agree(corpus: Corpus, holdings: Holdings) -> None:
    """Codes stand together where extracts of both do, and nowhere else, in each of the senses."""
    for sense in (Sense(), Sense(overlap=True), Sense(window=1)):
        found = {
            (pair.a, pair.b): pair
            for pair in cooccurrence.pairs(THINGS, holdings, corpus.material, sense)
        }
        for a, b in combinations(THINGS, 2):
            both = [
                (one, other)
                for one, other in product(holdings.of(a), holdings.of(b))
                if one.interview == other.interview
                and abs(int(one.turn) - int(other.turn)) <= (sense.window or 0)
                and (not sense.overlap or overlap(one, other))
            ]
            by_turn = not sense.overlap and sense.window is None
            number = len({one[:2] for one, _ in both}) if by_turn else len(both)
            pair = found.get((a, b)) or found.get((b, a))
            assert (pair.together if pair else 0) == number
            assert {*(pair.participants if pair else ())} == {one.interview for one, _ in both}
            met = cooccurrence.meetings(a, b, holdings, corpus.material, sense)
            assert Counter((one.a, one.b) for one in met) == Counter(both)


def _prompts_and_pointers_agree(corpus: Corpus, holdings: Holdings) -> None:
    """What sampling and the evaluation say of a code counts its extracts, and names what does not
    fit apart.
    """
    prompts = {
        one.thing: one for one in theoretical_sampling.all_prompts(corpus.material, holdings)
    }
    found = pointers(corpus.material, corpus.codings, corpus.current, corpus.names)
    lines = dict(zip(THINGS, [*found[FOCUSED_POINTERS], *found[CATEGORIES]], strict=False))
    for thing in THINGS:
        extracts, waiting, unfit, _ = holdings.standing(thing)
        names = list(dict.fromkeys(place.interview for place in extracts))
        if thing.level != CATEGORY:
            assert (thing in prompts) == bool(extracts)
        if prompt := prompts.get(thing):
            assert (prompt.incidents, prompt.waiting) == (len(extracts), len(waiting))
            assert (prompt.interviews, prompt.participants) == (tuple(names), tuple(names))
            assert prompt.unfit == unfit
        if line := lines.get(thing):
            held, _, does_not = line.partition(" Does not fit: ")
            held, _, not_judged = held.partition(" Since then, not judged: ")
            number = f"{len(extracts)} extract{'s' * (len(extracts) != 1)}"
            told = f"{number}, of {', '.join(names)}." if names else f"{number}."
            assert held == f"- {thing.label} ({thing.kind}): {told}"
            assert not_judged == (f"{len(waiting)}." if waiting else "")
            assert [one for one in "abc" if f"{one} " in does_not] == sorted(
                {place.interview for place in unfit}
            )
    (relation,) = corpus.material.theory.relations
    against = holdings.against(CodeRef(RELATION, relation.sentence))
    places = [(one, place_of(one, corpus.material)) for one in relation.support]
    support = [
        f"{one.interview} {one.turn}"
        for one, place in places
        if not any(overlap(place, other) for other in against)
    ]
    told = f"supported by {', '.join(support)}," if support else "not supported by any incident yet"
    assert f": {told}" in found[RELATIONS][0]


def _pages_agree(corpus: Corpus, holdings: Holdings) -> None:
    laid_out = focused_code.outcome(corpus)
    header, rows = (
        laid_out.tables["focused-codes.csv"].header,
        laid_out.tables["focused-codes.csv"].rows,
    )
    for row in rows:
        told = dict(zip(header, row, strict=True))
        standing = holdings.standing(CodeRef(FOCUSED, str(told["focused"])))
        assert told["incidents"] == len(standing.extracts)
        assert told["not-judged"] == len(standing.waiting)
        assert told["does-not-fit"] == len(standing.unfit)
    for _, later in laid_out.pages:
        assert isinstance(later, Later)
        page = later.make()
        fits, _, does_not = page.partition("## Does not fit")
        assert not {*_incidents(fits)} & {*_incidents(does_not)}, page
    theory = dict(theoretical_code.outcome(corpus).pages)["theory.md"].make()
    support, _, against = theory.partition("Support:")[2].partition("Contradiction:")
    assert not {*_quoted(support)} & {*_quoted(against)}, theory
    for label in FOCUSED_CODES:
        part = theory.partition(f"**{label}**")[2].partition("\n**")[0]
        fits, _, does_not = part.partition(f"Does not fit {label}:")
        assert not {*_quoted(fits)} & {*_quoted(does_not)}, theory


def _incidents(text: str) -> Iterator[tuple[str, str]]:
    """Title without coders, and words, of each incident of a page."""
    for part in text.split("\n### ")[1:]:
        words = next((line for line in part.split("\n") if line.startswith("- words: ")), "")
        yield part.split("\n")[0].split(" · ")[0], words


def _quoted(text: str) -> Iterator[str]:
    """The quotations of a part of `theory.md`, with their places."""
    return (part for part in text.split("\n\n") if part.startswith("> "))
