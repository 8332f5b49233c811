"""One person who is two participants: `same-person-as` in the table of participants. What counts
counts persons, names every pseudonym, and says so beside the number.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gtpipe.analysis import groups, matrix, participation
from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.incidents import spoken
from gtpipe.model.level import INITIAL, CodeRef
from gtpipe.model.persons import Persons
from gtpipe.render.code_tables import counts
from gtpipe.store.layout import Study
from gtpipe.study import load

ONE = "counted as one person: eve, ray"
TABLE = """\
participant,setting,same-person-as
jim,ward,
eve,home,
ray,ward,eve
"""


@pytest.fixture
def twofold(coded):
    """Eve was heard as a patient; she is Ray, who was heard as a worker."""
    coded.write("in/ray.txt", "I: And?\n\nP: I was paid, I noticed.\n\nI: So?\n\nP: So it went.\n")
    coded.ok("ingest", "in/ray.txt", "--date", "2026-04-01")
    coded.write("data/participants.csv", TABLE)
    coded.ok("code", "ray", "2", "noticing the pay")
    coded.ok("code", "ray", "4", "going on")
    coded.ok("code", "eve", "4", "going home")
    coded.ok("run")
    return coded


def column(text: str) -> list[str]:
    return [row["counted-as-one-person"] for row in csv.DictReader(io.StringIO(text))]


def test_who_counts_persons_and_says_so_beside_the_number(twofold):
    assert f"  2 of 2 people: eve, jim, ray ({ONE})\n" in twofold.ok("who", "noticing the pay")
    assert f"  1 of 2 people: ray ({ONE})\n" in twofold.ok("who", "going on")
    out = twofold.ok("who", "noticing the pay", "--by", "setting")
    assert "    home: 1 of 1 participant: eve\n" in out
    assert "    ward: 2 of 2 participants: jim, ray\n" in out
    assert "    one person in several groups: eve (home), ray (ward)\n" in out
    rows = twofold.ok("who", "noticing the pay", "--format", "csv")
    assert column(rows) == ["eve, ray", "", "eve, ray"]
    rows = json.loads(twofold.ok("who", "noticing the pay", "--format", "json"))
    assert [row["counted-as-one-person"] for row in rows] == [["eve", "ray"], [], ["eve", "ray"]]


def test_who_told_of_one_thing_as_eve_and_of_another_as_ray_told_of_both(twofold):
    out = twofold.ok("who", "going on", "going home")
    assert out.endswith(f"Both: 1 of 2 people: ray, eve ({ONE})\n")


def test_matrix_says_so_in_the_cell_the_group_and_for_programs(twofold):
    twofold.write("data/participants.csv", TABLE.replace("home", "ward"))
    out = twofold.ok("matrix", "noticing the pay", "--by", "setting")
    assert f"3: eve, jim, ray ({ONE})" in out and f"ward: eve, jim, ray ({ONE})" in out
    out = twofold.ok("matrix", "noticing the pay", "--by", "setting", "--format", "md")
    assert f"### ward (3: eve, jim, ray ({ONE}))" in out
    rows = twofold.ok("matrix", "noticing the pay", "--by", "setting", "--format", "csv")
    assert column(rows) == ["", "eve, ray", "eve, ray"]
    found = json.loads(
        twofold.ok("matrix", "noticing the pay", "--by", "setting", "--format", "json")
    )
    (cell,) = found["codes"][0]["cells"]
    assert (cell["participants"], cell["persons"]) == (["eve", "jim", "ray"], 2)
    assert cell["counted-as-one-person"] == [["eve", "ray"]] and found["groups"][0]["persons"] == 2


def test_matrix_tells_who_is_in_two_groups(twofold):
    told = "one person in several groups: eve (home), ray (ward)"
    for more in ([], ["--format", "md"]):
        assert told in twofold.ok("matrix", "noticing the pay", "--by", "setting", *more)
    told = "one person in several groups: eve, ray\n"
    assert told in twofold.ok("matrix", "noticing the pay", "--by", "participant")


def test_compare_says_so_beside_the_names(twofold):
    told = f"3 incidents. Participants: eve, jim, ray ({ONE})."
    assert told in twofold.ok("compare", "noticing the pay")
    out = twofold.ok("compare", "going on", "going home")
    assert f"Participants with both: eve, ray ({ONE})\n" in out
    assert 'coded "going on", not coded "going home": nobody' in out
    for more in ([], ["--by", "setting"]):
        rows = twofold.ok("compare", "noticing the pay", *more, "--format", "csv")
        assert sorted(column(rows)) == ["", "eve, ray", "eve, ray"]
    rows = twofold.ok("compare", "going on", "noticing the pay", "--format", "csv")
    assert "eve, ray" in column(rows)
    new = twofold.ok("compare", "--new", "ray", "--format", "json")
    earlier = [row["earlier-participant"] for row in json.loads(new) if row["earlier-participant"]]
    assert earlier == ["jim", "eve"]  # Eve is nobody other than Ray


def test_derived_files_and_the_pages_count_persons_as_well(twofold):
    rows = {
        row["code"]: row
        for row in csv.DictReader(io.StringIO(twofold.read("data/derived/codebook.csv")))
    }
    pay = rows["noticing the pay"]
    assert (pay["interviews"], pay["participants"]) == ("3", "2")
    assert pay["counted-as-one-person"] == "eve, ray"
    assert rows["going on"]["counted-as-one-person"] == ""
    assert "counted-as-one-person" in twofold.ok("codes", "list", "--format", "csv")
    (page,) = (twofold.root / "data/derived/compare").glob("noticing-the-pay-*")
    assert f"Participants: eve, jim, ray ({ONE})." in page.read_text()
    twofold.write("data/participants.csv", TABLE.replace("ray,ward,eve", "ray,ward,"))
    twofold.ok("run")
    assert ONE not in page.read_text()
    assert "counted-as-one-person" not in twofold.read("data/derived/codebook.csv")
    twofold.write("data/participants.csv", TABLE)
    twofold.ok("report")
    folder = twofold.root / "data/derived/report"
    assert f"2 people ({ONE})" in (folder / "index.html").read_text()
    twofold.ok("evaluation")
    assert f"- 2 people: jim, eve, ray ({ONE})\n" in twofold.read("data/evaluation.md")


def test_it_is_no_attribute_to_lay_accounts_out_by(twofold):
    assert "same-person-as" not in twofold("matrix", "noticing the pay").err


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (
            "participant,same-person-as\njim,evee\neve,\nray,\n",
            'data/participants.csv:2: "jim" is the same person as "evee", whom no row names. '
            'Did you mean "eve"?',
        ),
        (
            "participant,same-person-as\njim,jim\neve,\nray,\n",
            'data/participants.csv:2: "jim" is the same person as itself: jim → jim. '
            "Leave the cell empty in one of these rows.",
        ),
        (
            "participant,same-person-as\njim,eve\neve,ray\nray,jim\n",
            'data/participants.csv:4: "ray" is the same person in a circle: jim → eve → ray → jim. '
            "Leave the cell empty in one of these rows.",
        ),
        (
            "participant,same-person-as\njim,eve\neve,ray\nray,eve\n",
            'data/participants.csv:4: "ray" is the same person in a circle: eve → ray → eve. '
            "Leave the cell empty in one of these rows.",
        ),
    ],
)
def test_a_circle_or_a_name_that_nobody_has_is_an_error_with_its_line(twofold, table, told):
    twofold.write("data/participants.csv", table)
    ran = twofold("check")
    assert ran.code == 1
    assert [line for line in ran.out.split("\n") if line.startswith("data/participants")] == [told]
    assert told in twofold("run").err


def test_a_column_that_is_nearly_called_so_is_told(twofold):
    twofold.write("data/participants.csv", TABLE.replace("same-person-as", "Same_person_as"))
    told = 'participants.csv:1: note: the column "Same_person_as" does not say who is one person'
    assert told in twofold.ok("check")


def test_two_rows_of_one_person_that_a_merge_left_agree_or_are_told(twofold):
    twofold.write("data/participants.csv", TABLE + "ray,ward,eve\n")
    assert twofold("check").code == 0
    twofold.write("data/participants.csv", TABLE + "ray,ward,jim\n")
    assert '"ray" has same-person-as "jim" here and "eve" at line 4' in twofold("check").out


# --- for all --------------------------------------------------------------------------------------

NAMES = ("ada", "bo", "cy", "dot", "p10", "p2")
CODES = ("waiting", "asking")


def persons_by_plain_loops(links: dict[str, str]) -> dict[str, frozenset[str]]:
    """Name → all names of the person, by joining until nothing changes."""
    found = {name: frozenset({name}) for name in NAMES}
    for _ in NAMES:
        for name, other in links.items():
            both = found[name] | found[other]
            found |= dict.fromkeys(both, both)
    return found


links = st.lists(st.sampled_from(range(len(NAMES))), min_size=6, max_size=6).map(
    # Each name leads to an earlier one, or nowhere: no circle.
    lambda chosen: {
        NAMES[number]: NAMES[other] for number, other in enumerate(chosen) if other < number
    }
)


@given(links, st.lists(st.sampled_from(NAMES), max_size=8))
def test_persons_are_those_that_joining_pairs_gives(linked, names):
    persons, plain = Persons(linked), persons_by_plain_loops(linked)
    assert all({*persons.names(name)} == plain[name] for name in NAMES)
    assert persons.number(names) == len({plain[name] for name in names})
    told = {name for group in persons.several(names) for name in group}
    assert told == {name for name in names if len(plain[name] & {*names}) > 1}
    assert bool(persons.told(names)) == (persons.number(names) < len({*names}))
    assert all(name in persons.told(names) for name in told)
    assert persons.counted(names).split()[0] == str(persons.number(names))


def study(folder: Path, linked: dict[str, str], codings: set[tuple[str, int, str]]):
    """Everybody in an interview of their own, and ada and bo in one together."""

    def write(path: str, text: str) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)

    write("pipeline.yaml", "study: made up\nresearchers:\n  PM: Pat\nstages:\n  ingest: {}\n")
    rows = "".join(
        f"{name},{'ward' if number % 2 else 'home'},{linked.get(name, '')}\n"
        for number, name in enumerate(NAMES)
    )
    write("data/participants.csv", f"participant,place,same-person-as\n{rows}")
    for interview, people in [*((name, (name,)) for name in NAMES), ("group", ("ada", "bo"))]:
        labels = ", ".join(f"{name.upper()}: {name}" for name in people)
        turns = "\n\n".join(
            f"[{turn}] {people[turn % len(people)].upper()}: and so on" for turn in (1, 2)
        )
        write(
            f"data/transcripts/{interview}.md",
            f"---\ninterview: {interview}\nspeakers: {{{labels}}}\n---\n\n{turns}\n",
        )
        for turn in (1, 2):
            labels_here = [code for name, at, code in codings if (name, at) == (interview, turn)]
            if labels_here:
                path = folder / f"data/initial-codes/{interview}.yaml"
                path.parent.mkdir(exist_ok=True)
                with path.open("a") as sheet:
                    lines = "".join(f"    {code}\n" for code in sorted(labels_here))
                    sheet.write(f"- turn: {turn}\n  codes: |\n{lines}\n")
    return load(Study(folder))


@settings(max_examples=40)
@given(
    links,
    st.sets(
        st.tuples(st.sampled_from((*NAMES, "group")), st.integers(1, 2), st.sampled_from(CODES))
    ),
)
def test_who_matrix_and_the_tables_count_the_persons_that_plain_loops_find(linked, codings):
    plain = persons_by_plain_loops(linked)
    with tempfile.TemporaryDirectory() as folder:
        corpus = study(Path(folder), linked, codings)
        assert not corpus.errors()
        material, persons = corpus.material, corpus.material.persons
        holdings = Holdings(material, corpus.codings, corpus.current)
        things = [CodeRef(INITIAL, code) for code in CODES if code in {c for _, _, c in codings}]
        answers = participation.who(things, holdings, material, corpus.codings)
        spoke = {
            code: {
                (("ada", "bo")[turn % 2] if name == "group" else name)
                for name, turn, given in codings
                if given == code
            }
            for code in CODES
        }
        for thing, answer in zip(things, answers, strict=True):
            expected = spoke[thing.label]
            assert set(answer.having) == expected
            assert persons.number(answer.having) == len({plain[name] for name in expected})
            places = spoken(thing, corpus.codings, material)
            assert counts(places, persons)[2] == len({plain[name] for name in expected})
        if things:
            both = participation.of_all(answers, persons)
            wanted = {
                plain[name]
                for name in set().union(*spoke.values())
                if all(plain[name] & spoke[thing.label] for thing in things)
            }
            assert {plain[name] for name in both} == wanted
            assert persons.number(both) == len(wanted)
        table = matrix.matrix(
            things, holdings, groups.grouping("place", material, corpus.codings), persons
        )
        for code, group in itertools.product(matrix.nested(table)["codes"], (0, 1)):
            cell = code["cells"][group]
            here = {
                name
                for name in spoke[code["code"]]
                if ("ward" if NAMES.index(name) % 2 else "home") == cell["group"]
            }
            assert cell["participants"] == sorted(here, key=NAMES_IN_ORDER.index)
            if linked:
                assert cell["persons"] == len({plain[name] for name in here})
                assert {name for one in cell["counted-as-one-person"] for name in one} == {
                    name for name in here if len(plain[name] & here) > 1
                }
            else:
                assert "persons" not in cell and "counted-as-one-person" not in cell


NAMES_IN_ORDER = ("ada", "bo", "cy", "dot", "p2", "p10")
