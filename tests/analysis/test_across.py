"""Looking across: `matrix`, `cooccur`, `who`, `find`; their
counts against plain loops over studies made up by Hypothesis.
"""

from __future__ import annotations

import io
import json
import tempfile
import time
from itertools import product
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from gtpipe.analysis import cooccurrence, finding, groups, participation
from gtpipe.analysis import holdings as things
from gtpipe.analysis import matrix as matrices
from gtpipe.analysis.cooccurrence import Sense
from gtpipe.cli import find
from gtpipe.formats import transcripts
from gtpipe.model import typography
from gtpipe.model.codings import Codings
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, CodeRef
from gtpipe.model.records import Code, Material, Where
from gtpipe.render import workbooks
from gtpipe.render.report_workbook import sheets as sheets_of
from gtpipe.store.layout import Study
from gtpipe.study import load

NONE = Codings.of(())

# --- made-up studies, and what is true of them by plain loops -------------------------------------

PEOPLE = {"ada": ("9", "ward"), "bo": ("10", ""), "cy": ("10", "ward"), "dot": ("", "day room")}
CODES = ("waiting", "asking", "leaving")
CODERS = ("PM", "KR")
WORDS = ("one", "two", "three", "four")


@st.composite
def studies(draw):
    """Interviews: (participants, schedule, speakers of the turns);
    codings: (interview, turn, coder, code, first and last word).
    """
    interviews = draw(
        st.lists(
            st.tuples(
                st.lists(st.sampled_from(sorted(PEOPLE)), min_size=1, max_size=2, unique=True),
                st.sampled_from(("", "v1", "v2")),
                st.lists(st.integers(0, 2), min_size=2, max_size=7),
            ),
            min_size=1,
            max_size=3,
        )
    )
    span = st.none() | st.tuples(st.integers(0, 3), st.integers(0, 3)).map(
        lambda pair: tuple(sorted(pair))
    )
    codings = set()
    for number, (_, _, speakers) in enumerate(interviews):
        codings |= draw(
            st.sets(
                st.tuples(
                    st.just(number),
                    st.integers(0, len(speakers) - 1),
                    st.sampled_from(CODERS),
                    st.sampled_from(CODES),
                    span,
                ),
                max_size=9,
            )
        )
    named = draw(st.none() | st.just((0, 1, (1, 2))) | st.just((0, 0, None)))
    return interviews, codings, named


def speaker(interview, turn: int) -> str:
    """The participant of a turn, '' for the interviewer."""
    people, _, speakers = interview
    return "" if speakers[turn] == 0 else people[(speakers[turn] - 1) % len(people)]


def written(folder: Path, interviews, codings, named) -> None:
    """The study as files."""

    def write(path: str, text: str) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)

    write(
        "pipeline.yaml",
        "study: made up\nresearchers:\n  PM: Pat Morgan\n  KR: Kit Rowe\nstages:\n  ingest: {}\n",
    )
    write(
        "data/participants.csv",
        "participant,age,place\n"
        + "".join(f"{name},{','.join(row)}\n" for name, row in PEOPLE.items()),
    )
    write("data/codebook.yaml", "\n".join(f"- code: {code}\n" for code in CODES))
    write("data/schedule/v1.md", "---\ndate: 2026-01-01\n---\n\n- How was it?\n")
    write("data/schedule/v3.md", "---\ndate: 2026-03-01\n---\n\n- How was it then?\n")
    for number, (people, schedule, speakers) in enumerate(interviews):
        labels = ", ".join(["I: interviewer", *(f"{name.upper()}: {name}" for name in people)])
        turns = [
            f"[{turn + 1}] {(speaker(interviews[number], turn) or 'I').upper()}: {' '.join(WORDS)}"
            for turn in range(len(speakers))
        ]
        version = f"schedule: {schedule}\n" if schedule else ""
        write(
            f"data/transcripts/i{number}.md",
            f"---\ninterview: i{number}\ndate: 2026-02-{9 - number:02}\nspeakers: {{{labels}}}\n"
            f"{version}---\n\n" + "\n\n".join(turns) + "\n",
        )
        for coder in CODERS:
            text = ""
            for turn in range(len(speakers)):
                lines = [
                    code + (f' <- "{" ".join(WORDS[span[0] : span[1] + 1])}"' if span else "")
                    for at, where, who, code, span in sorted(codings, key=str)
                    if (at, where, who) == (number, turn, coder)
                ]
                if lines:
                    text += (
                        f"- turn: {turn + 1}\n  codes: |\n"
                        + "".join(f"    {line}\n" for line in lines)
                        + "\n"
                    )
            if text:
                write(f"data/initial-codes/i{number}{'' if coder == 'PM' else '.KR'}.yaml", text)
    judged = sorted(
        {
            f"i{number} {turn + 1}"
            + (f' "{" ".join(WORDS[span[0] : span[1] + 1])}"' if span else "")
            for number, turn, _, code, span in codings
            if code != "leaving"
        }
    )
    incidents = "  judged: |\n" + "".join(f"    {one}\n" for one in judged)
    if named:
        stretch = f' "{" ".join(WORDS[named[2][0] : named[2][1] + 1])}"' if named[2] else ""
        incidents += f"  incidents: |\n    i{named[0]} {named[1] + 1}{stretch}\n"
    write(
        "data/focused-codes.yaml",
        f"- focused: staying\n  takes-up: |\n    waiting\n    asking\n{incidents}",
    )
    write(
        "data/theory.yaml",
        "categories:\n- category: belonging\n\n- category: rooms\n  part-of: belonging\n"
        "  focused: |\n    staying\n",
    )


def true_incidents(codings, named) -> dict[str, dict]:
    """Label → {(interview, turn, span): coders}, gathered one by one."""
    found = {label: {} for label in (*CODES, "staying", "belonging")}
    for number, turn, coder, code, span in codings:
        for label in (code, *(("staying", "belonging") if code != "leaving" else ())):
            found[label].setdefault((number, turn, span), set()).add(coder)
    if named:
        for label in ("staying", "belonging"):
            found[label].setdefault(named, set())
    return found


ALL = [
    *(CodeRef(INITIAL, code) for code in CODES),
    CodeRef(FOCUSED, "staying"),
    CodeRef(CATEGORY, "belonging"),
]


def read(folder: Path):
    found = load(Study(folder))
    assert not found.errors(), found.errors()
    return found, things.Holdings(found.material, found.codings, found.current)


@settings(max_examples=20)
@given(studies())
def test_each_coding_is_one_row_of_the_workbook_of_a_report(made):
    interviews, codings, named = made
    truth = true_incidents(codings, named)
    with tempfile.TemporaryDirectory() as folder:
        written(Path(folder), *made)
        found, _ = read(Path(folder))
        sheets = {title: (header, list(rows)) for title, header, rows in sheets_of(found)}
    header, rows = sheets["codings"]
    got = [dict(zip(header, row, strict=True)) for row in rows]
    assert sorted(
        (row["interview"], row["turn"], row["coder"], row["code"], row["words"]) for row in got
    ) == sorted(
        (
            f"i{n}",
            str(turn + 1),
            coder,
            code,
            " ".join(WORDS[span[0] : span[1] + 1] if span else WORDS),
        )
        for n, turn, coder, code, span in codings
    )
    for row in got:
        person = row["participant"]
        assert (row["age"], row["place"]) == PEOPLE.get(person, ("", ""))
        assert person == speaker(interviews[int(row["interview"][1:])], int(row["turn"]) - 1)
        hand = named and (f"i{named[0]}", str(named[1] + 1)) == (row["interview"], row["turn"])
        if row["code"] != "leaving":
            assert row["extract-of"] == "staying" and row["categories"] == "belonging; rooms"
        elif not hand:
            assert row["extract-of"] == row["categories"] == ""
    header, rows = sheets["code book"]
    for label, incidents, applied in ((row[0], row[5], row[8]) for row in rows):
        assert incidents == len(truth[label])
        assert applied == sum(code == label for *_, code, _ in codings)


@settings(max_examples=40)
@given(studies(), st.integers(0, 3))
def test_codes_stand_together_as_often_as_plain_loops_say(made, apart):
    interviews, codings, named = made
    truth = true_incidents(codings, named)
    with tempfile.TemporaryDirectory() as folder:
        written(Path(folder), *made)
        found, holdings = read(Path(folder))
    for sense in (Sense(), Sense(overlap=True), Sense(window=apart)):
        got = {
            (pair.a.label, pair.b.label): pair
            for pair in cooccurrence.pairs(ALL, holdings, found.material, sense)
        }
        for a, b in product(ALL, ALL):
            if ALL.index(a) >= ALL.index(b):
                continue
            counted, people, first = set(), set(), [0, 0, 0]
            for one, other in product(truth[a.label], truth[b.label]):
                (i, t, s), (j, u, r) = one, other
                if i != j or abs(t - u) > (sense.window or 0):
                    continue
                if (
                    sense.overlap
                    and s
                    and r
                    and not set(range(s[0], s[1] + 1)) & set(range(r[0], r[1] + 1))
                ):
                    continue
                counted.add((one, other) if sense.overlap or sense.window is not None else (i, t))
                people |= {speaker(interviews[i], t), speaker(interviews[i], u)} - {""}
                begins = (t, u) if t != u else (s[0], r[0]) if s and r else (0, 0)
                first[0 if begins[0] < begins[1] else 1 if begins[0] > begins[1] else 2] += 1
            pair = got.pop((a.label, b.label), None)
            assert (pair.together if pair else 0) == len(counted), (sense, a, b)
            if pair:
                assert pair.participants == tuple(sorted(people))
                if sense.window is not None:
                    assert [pair.a_first, pair.b_first, pair.at_once] == first
            placed = cooccurrence.meetings(a, b, holdings, found.material, sense)
            assert cooccurrence.counted(placed, sense) == len(counted)
            assert [sum(one.first == which for one in placed) for which in (-1, 1, 0)] == first
        assert not got


@settings(max_examples=30)
@given(studies())
def test_cells_and_participants_are_those_that_plain_loops_find(made):
    interviews, codings, named = made
    truth = true_incidents(codings, named)
    with tempfile.TemporaryDirectory() as folder:
        written(Path(folder), *made)
        found, holdings = read(Path(folder))
    spoke = {
        name: {n for n, (people, _, _) in enumerate(interviews) if name in people}
        for name in PEOPLE
    }
    coded = {number for number, *_ in codings}
    # An interview's `speakers` line may name somebody who says nothing: they were there all the
    # same.
    for by in ("age", "place", "participant", "interview", "coder", "schedule"):
        table = matrices.matrix(
            ALL,
            holdings,
            groups.grouping(by, found.material, found.codings, found.settings.researchers),
            found.material.persons,
        )
        expected: dict[tuple[str, str], tuple[int, set]] = {}
        left_out: dict[str, int] = {}
        for label, places in truth.items():
            for (number, turn, _), coders in places.items():
                who = speaker(interviews[number], turn)
                of = {
                    "interview": [f"i{number}"],
                    "coder": sorted(coders) or ["(no coder named)"],
                    "schedule": [interviews[number][1] or "(not said)"],
                    "participant": [who] if who else [],
                }.get(by)
                if of is None:
                    of = (
                        [(PEOPLE[who]["age place".split().index(by)] or "(not said)")]
                        if who
                        else []
                    )
                if not of:
                    left_out[label] = left_out.get(label, 0) + 1
                for group in of:
                    count, names = expected.get((label, group), (0, set()))
                    expected[label, group] = (count + 1, names | {who or "interviewer"})
        got = {
            (cell.thing.label, cell.group.name): (len(cell.extracts), set(cell.people))
            for thing in table.things
            for cell in table.filled(thing)
            if cell.extracts
        }
        assert got == expected, by
        assert {thing.label: len(places) for thing, places in table.left_out.items()} == left_out
        for cell in (cell for thing in table.things for cell in table.row(thing)):
            if not cell.extracts and by in ("age", "place"):
                people = [
                    name
                    for name, row in PEOPLE.items()
                    if (row["age place".split().index(by)] or "(not said)") == cell.group.name
                    and spoke[name]
                ]
                heard = any(spoke[name] & coded for name in people)
                assert cell.state == (
                    "" if not people else "not coded so" if heard else "not coded yet"
                )
    material, applied = found.material, found.codings
    of = [groups.crossed(by, material, applied) for by in (("place",), ("place", "age"))]
    ten = groups.restricted(of[0], [("age", "10")], material, applied)
    alone, crossed = (
        {
            (thing, name.removesuffix(" × 10")): cell.extracts
            for thing, cells in matrices.matrix(ALL, holdings, one, material.persons).cells.items()
            for name, cell in cells.items()
            if cell.extracts and (one is ten or name.endswith(" × 10"))
        }
        for one in (ten, of[1])
    )
    assert alone == crossed
    for answer in participation.who(ALL, holdings, found.material, found.codings):
        for name in PEOPLE:
            mine = [
                place
                for place in truth[answer.thing.label]
                if speaker(interviews[place[0]], place[1]) == name
            ]
            state = (
                "coded so"
                if mine
                else "not interviewed yet"
                if not spoke[name]
                else "not coded so"
                if spoke[name] & coded
                else "interview not coded yet"
            )
            assert answer.state(name) == state
            assert len(answer.having.get(name, ())) == len(mine)
        assert len(answer.of_interviewers) == sum(
            not speaker(interviews[n], t) for n, t, _ in truth[answer.thing.label]
        )


# --- matrix ---------------------------------------------------------------------------------------


@pytest.fixture
def told(analysed):
    """The analysed study with attributes, and a third participant who is not interviewed yet."""
    analysed.write(
        "data/participants.csv",
        "participant,age,setting\njim,41,ward\neve,9,day room\nkim,12,ward\nlee,,garden\n",
    )
    return analysed


def test_a_matrix_has_counts_beside_names_and_says_why_a_cell_is_empty(told):
    ran = told("matrix", "noticing the pay", "it went from there", "--by", "setting")
    assert (
        ran.out
        == """\
code                day room      garden  ward
noticing the pay    1: eve                1: jim
it went from there  not coded so          1: jim

day room: eve
garden: not interviewed yet: lee
ward: jim; not interviewed yet: kim
"""
    )
    assert ran.err == "empty, because no participant is in it: garden\n"


def test_groups_are_in_order_of_their_numbers_and_what_is_not_said_comes_last(told):
    assert told.ok("matrix", "noticing the pay", "--by", "age").split("\n")[0].split() == [
        "code",
        "9",
        "12",
        "41",
        "(not",
        "said)",
    ]


def test_without_codes_all_focused_ones_are_taken_and_their_words_shown_below(told):
    ran = told("matrix", "--by", "participant", "--extracts")
    assert (
        ran.err == "All focused codes (2); to choose, name codes.\n"
        "empty, because no participant is in it: kim, lee\n"
    )
    assert (
        ran.out
        == """\
code               eve  jim                     kim  lee
easy beginnings    1    1; does not fit: jim 4
minding the money  1    1

easy beginnings (focused code)
  eve: 1
    eve 2 · PM
      "She just sat down"
  jim: 1; does not fit: jim 4
    jim 2 · PM
      Well, er, I met him around the ward (laugh)
      and it went from there.
    does not fit
      jim 4
        A bit. It was, like, a *bit* [pause 3s] awkward.

        Him being paid and that. <laughs>

minding the money (focused code)
  eve: 1
    eve 4 · PM
      She goes home at five. I don't.
  jim: 1
    jim 4 · PM
      A bit. It was, like, a *bit* [pause 3s] awkward.

      Him being paid and that. <laughs>
"""
    )


def test_a_matrix_as_csv_has_a_row_for_each_extract(told):
    assert (
        told.ok("matrix", "becoming believable", "--by", "interview", "--format", "csv")
        == """\
code,level,group,interview,turn,participant,coders,words,standing
becoming believable,category,jim,jim,2,jim,PM,"Well, er, I met him around the ward (laugh)
and it went from there.",extract
becoming believable,category,jim,jim,4,jim,PM,"A bit. It was, like, a *bit* [pause 3s] awkward.

Him being paid and that. <laughs>",extract
becoming believable,category,eve,eve,2,eve,PM,She just sat down,extract
becoming believable,category,eve,eve,4,eve,,She goes home at five,does not fit
"""
    )


def test_a_matrix_as_markdown_shows_the_words_as_they_were_said(told):
    made = told.ok(
        "matrix", "noticing the pay", "it went from there", "--by", "setting", "--format", "md"
    )
    assert (
        made
        == """\
# By setting

| code | day room | garden | ward |
| --- | --- | --- | --- |
| noticing the pay | 1: eve |  | 1: jim |
| it went from there | not coded so |  | 1: jim |

- day room: eve
- garden: not interviewed yet: lee
- ward: jim; not interviewed yet: kim

## noticing the pay

### day room (1: eve)

> She goes home at five. I don't.
>
> eve 4

### ward (1: jim)

> A bit. It was, like, a \\*bit\\* [pause 3s] awkward.
>
> Him being paid and that. \\<laughs>
>
> jim 4

## it went from there

### ward (1: jim)

> it went from there
>
> jim 2
"""
    )


def test_a_matrix_as_markdown_quotes_an_extract_once(told):
    made = told.ok(
        "matrix", "noticing the pay", "minding the money", "--by", "setting", "--format", "md"
    )
    assert made.count("> She goes home at five.") == made.count("> Him being paid and that.") == 1
    assert made.count("\nQuoted above: eve 4.\n") == made.count("\nQuoted above: jim 4.\n") == 1


def test_a_matrix_as_json_says_what_empty_means(told):
    made = json.loads(
        told.ok("matrix", "it went from there", "--by", "setting", "--format", "json")
    )
    cells = made["codes"][0]["cells"]
    assert [
        (cell["group"], cell["incidents"], cell["participants"], cell.get("empty"))
        for cell in cells
    ] == [
        ("day room", 0, [], "not coded so"),
        ("garden", 0, [], "nobody in this group"),
        ("ward", 1, ["jim"], None),
    ]
    assert made["groups"][1] == {"group": "garden", "participants": [], "not-interviewed": ["lee"]}


def test_a_matrix_becomes_a_workbook_once_and_again_only_when_asked(told):
    from openpyxl import load_workbook

    ask = (
        "matrix",
        "it went from there",
        "becoming believable",
        "--by",
        "setting",
        "--format",
        "xlsx",
        "--output",
        "m.xlsx",
    )
    assert told.ok(*ask) == "m.xlsx: overview, extracts, does not fit\n"
    first = (told.root / "m.xlsx").read_bytes()
    book = load_workbook(io.BytesIO(first))
    assert book.sheetnames == ["overview", "extracts", "does not fit"]
    assert [[cell or "" for cell in row] for row in book["overview"].values][1] == [
        "it went from there",
        "not coded so",
        "",
        "1: jim",
    ]
    assert [row[4:] for row in book["extracts"].values][2][3] == "She just sat down"
    ran = told(*ask)
    assert (ran.code, ran.err) == (
        1,
        "m.xlsx: this file is there already. Name another, or add --replace.\n",
    )
    told.ok(*ask, "--replace")
    assert (told.root / "m.xlsx").read_bytes() == first
    assert told(*ask[:-2]).code == 2
    assert told("matrix", "--by", "setting", "--output", "m.xlsx").code == 2


TURNING = "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # never shown
TYPED = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters=f"\ufffe\uffff{TURNING}")
    | st.sampled_from("\n\t"),
    min_size=1,
)


@given(st.lists(st.lists(TYPED, min_size=2, max_size=2), max_size=5))
def test_a_workbook_gives_back_what_went_in(rows):
    from openpyxl import load_workbook

    content, cut = workbooks.content_of([("words", ("a", "b"), rows)])
    back = [
        [cell if cell is not None else "" for cell in row]
        for row in load_workbook(io.BytesIO(content))["words"].values
    ]
    assert (back, cut) == ([["a", "b"], *rows], 0)
    assert workbooks.content_of([("words", ("a", "b"), rows)]) == (content, 0)


def test_no_words_become_a_formula_and_a_text_too_long_for_a_cell_is_told():
    from openpyxl import load_workbook

    content, cut = workbooks.content_of(
        [("a & b", ("words", "count"), [("=1+1", 7), ("x" * 40_000, 27), ("<r>ha</r>", 1)])]
    )
    sheet = load_workbook(io.BytesIO(content))["a & b"]
    assert (
        sheet["A2"].value,
        sheet["A2"].data_type,
        sheet["B2"].value,
        len(sheet["A3"].value),
        cut,
    ) == ("=1+1", "s", 7, 32_767, 1)
    assert sheet["A4"].value == "<r>ha</r>"


def test_what_an_interviewer_says_is_in_no_group_of_participants_and_is_told(told):
    told.ok("code", "jim", "3", "asking on")
    ran = told("matrix", "asking on", "--by", "setting")
    assert "note: 1 incident left out, because an interviewer speaks there: jim 3\n" in ran.err
    assert (
        told("matrix", "asking on", "--by", "interview").out.split("\n")[1].split("  ")[1].strip()
        == "1: interviewer"
    )
    assert "in interviewers' turns: jim 3" in told.ok("who", "asking on")


def test_an_attribute_that_is_not_there_is_told_with_the_nearest_and_the_list(told):
    assert told("matrix", "--by", "agee") == told("who", "noticing the pay", "--by", "agee")
    ran = told("matrix", "--by", "agee")
    assert (ran.code, ran.err) == (
        1,
        'No attribute "agee". Did you mean "age"? There are age, setting, '
        "participant, interview, coder, schedule. For another, add a column to "
        "data/participants.csv or a field to the front matter of transcripts.\n",
    )
    ran = told("matrix", "noticing the pay")
    assert (ran.code, ran.err) == (
        2,
        "gtpipe: say by what: --by age; there are age, setting, participant, interview, coder, "
        "schedule\n",
    )


def test_a_column_called_like_a_group_can_still_be_meant(told):
    told.write("data/participants.csv", "participant,schedule\njim,night\neve,day\n")
    ran = told("matrix", "noticing the pay", "--by", "schedule")
    assert ran.out.split("\n")[0].split("  ")[-1].strip() == "(not said)"
    assert (
        'participants.csv has a column "schedule" too: --by "attribute: schedule" means that one'
        in ran.err
    )
    assert told.ok("matrix", "noticing the pay", "--by", "attribute: schedule").split("\n")[
        0
    ].split() == ["code", "day", "night"]


def test_many_groups_are_listed_and_not_laid_out_beyond_the_page(told):
    rows = "".join(f"p{number},a setting with a long name {number}\n" for number in range(9))
    told.write("data/participants.csv", f"participant,setting\njim,ward\neve,ward\n{rows}")
    assert told.ok("matrix", "noticing the pay", "--by", "setting").startswith(
        "noticing the pay\n  ward: 2: eve, jim\n\n"
    )


# --- cooccur --------------------------------------------------------------------------------------


def test_the_whole_table_counts_turns_where_two_codes_stand(told):
    ran = told("cooccur", "--all")
    assert (
        ran.out
        == """\
code-a              code-b                   together  participants
it went from there  meeting around the ward         1  jim
"""
    )
    assert ran.err == "counted: turns where both stand, whoever coded them\n"


def test_the_whole_table_leaves_pairs_that_stand_together_once_to_who_asks_for_them(told):
    ran = told("cooccur")
    assert ran.out == ""
    assert ran.err.endswith(
        "No two of them stand together more than once.\n1 pair together once; --all shows it\n"
    )
    ran = told("cooccur", "--window", "2")
    assert ran.out.count("meeting around the ward") == 1
    assert ran.err.endswith("2 pairs together once; --all shows them\n")
    assert told.ok("cooccur", "--window", "2", "--format", "csv").count("\n") == 4


def test_two_codes_are_shown_place_by_place_with_the_words_of_both(told):
    assert (
        told.ok("cooccur", "it went from there", "meeting around the ward")
        == """\
it went from there × meeting around the ward
1 turn where both stand: jim

jim 2
  it went from there (PM): "it went from there"
  meeting around the ward (PM): the whole turn
    both: "it went from there"
"""
    )


def test_which_comes_first_within_a_window(told):
    assert told.ok(
        "cooccur", "meeting around the ward", "noticing the pay", "--window", "2", "--order"
    ).startswith("""\
meeting around the ward × noticing the pay
2 pairs of incidents at most 2 turns apart: eve, jim
"meeting around the ward" first: 2; "noticing the pay" first: 0; neither first: 0

jim 2 and 4
  meeting around the ward (PM): Well, er, I met him around the ward (laugh)
""")
    assert (
        told.ok("cooccur", "noticing the pay", "--window", "2", "--order", "--format", "csv")
        == """\
code-a,code-b,together,a-first,b-first,neither-first,participants
noticing the pay,meeting around the ward,2,0,2,0,"eve, jim"
noticing the pay,it went from there,1,0,1,0,jim
"""
    )


def test_focused_codes_stand_together_by_what_they_hold(told):
    told.ok("code", "jim", "2", "noticing the pay", "--words", "I met him")
    told.ok("focused", "keep", "minding the money", "jim 2", "--why", "he is paid to be there")
    assert (
        told.ok("cooccur", "--level", "focused", "--overlap", "--format", "csv")
        == """\
code-a,code-b,together,participants
easy beginnings,minding the money,1,jim
"""
    )
    assert (
        told.ok("cooccur", "--matrix", "--format", "csv")
        == """\
code,it went from there,meeting around the ward,noticing the pay
it went from there,,1,1
meeting around the ward,1,,1
noticing the pay,1,1,
"""
    )
    assert (
        told.ok("cooccur", "it went from there", "noticing the pay", "--format", "csv").split("\n")[
            1
        ]
        == "it went from there,jim,2,jim,PM,it went from there,noticing the pay,2,jim,PM,I met "
        "him,,b"
    )
    assert "    no words under both\n" in told.ok(
        "cooccur", "it went from there", "noticing the pay"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("--overlap", "--window", "2"),
        ("--overlap", "--order"),
        ("--matrix",),
        ("--matrix", "--order", "--format", "csv"),
    ],
)
def test_questions_that_do_not_go_together_are_refused(told, words):
    assert told("cooccur", *words).code == 2


# --- who ------------------------------------------------------------------------------------------


def test_who_names_those_coded_so_and_tells_the_others_apart(told):
    told.write("in/lee.txt", "I: And you?\n\nP: I keep out of it.\n")
    told.ok("ingest", "in/lee.txt", "--date", "2026-03-16")
    assert (
        told.ok("who", "it went from there")
        == """\
it went from there (code)
  1 of 2 participants: jim
    jim: 1 incident: jim 2
  not coded so: eve
  interview not coded yet: lee
  not interviewed yet: kim
"""
    )
    assert (
        told.ok("who", "it went from there", "--by", "setting", "--format", "csv")
        == """\
code,level,setting,participant,state,incidents,places,does-not-fit,not-judged
it went from there,initial,ward,jim,coded so,1,jim 2,,
it went from there,initial,day room,eve,not coded so,0,,,
it went from there,initial,garden,lee,interview not coded yet,0,,,
it went from there,initial,ward,kim,not interviewed yet,0,,,
"""
    )


def test_of_several_codes_who_says_each_and_all(told):
    out = told.ok("who", "it went from there", "minding the money", "--by", "setting")
    assert out.endswith("Both: 1 of 2 participants: jim\n")
    assert (
        "  by setting:\n    day room: 0 of 1 participant\n"
        "    garden: nobody whose interview is coded\n    ward: 1 of 1 participant: jim\n" in out
    )


def test_an_unknown_code_is_told_with_the_nearest_for_each(told):
    for command in (("who",), ("matrix", "--by", "age"), ("cooccur",)):
        ran = told(*command, "noticing the pya", "esy beginnings")
        assert ran.code == 1
        assert (
            'did you mean "noticing the pay"?' in ran.err.lower()
            and 'did you mean "easy beginnings"?' in ran.err.lower()
        )


# --- find -----------------------------------------------------------------------------------------


def test_find_looks_in_words_codes_notes_and_memos_and_not_in_the_diary(told):
    told.write(
        "data/theory.yaml",
        told.read("data/theory.yaml").replace("note: belief has hours", "note: the pay again"),
    )
    assert (
        told.ok("find", "the pay")
        == """\
In codes: 1 place
  noticing the pay (code)
    noticing the pay

In notes: 1 place
  eve 4 · PM · contradicts "becoming believable"
    the pay again

In memos: 1 place
  2026-03-21-paid-to-be-nice · PM
    Jim minds the pay, Eve the hours. Is it one thing?
"""
    )
    assert told("find", "liked Jim too much").err == 'Nothing found for "liked Jim too much".\n'


def test_words_are_found_across_lines_and_typography_with_the_codes_of_the_turn(told):
    path = "data/transcripts/eve.md"
    told.write(path, told.read(path).replace("I don't.", "I don’t – not\n\nme…"))
    ran = told("find", "don't - NOT me...")
    assert (
        ran.out
        == """\
In the words: 1 place
  eve 4
    She goes home at five. I don’t – not me…
    codes: noticing the pay
"""
    )
    assert (
        told("find", "ward (laugh) and IT", "--format", "csv").out
        == """\
in,interview,turn,participant,coder,level,name,field,before,match,after,codes
words,jim,2,jim,,,,,"Well, er, I met him around the ","ward (laugh)
and it", went from there.,"meeting around the ward, it went from there"
"""
    )


def test_a_pattern_is_pythons_and_one_that_is_none_says_why(told):
    assert "\n    codes: noticing the pay\n" in told.ok(
        "find", r"/\bhome\b.*five/", "--in", "words"
    )
    assert told("find", r"/HOME/", "--in", "words").out == ""
    assert told("find", r"/(?i)HOME/", "--in", "words", "--in", "codes").out
    ran = told("find", "/(home/")
    assert (ran.code, ran.err) == (
        2,
        "gtpipe: /(home/ is not a pattern: missing ), unterminated subpattern at position 0. "
        "To look for these very characters, leave the slashes away\n",
    )
    assert told("find", "  ").code == 2


def test_a_pattern_that_never_ends_is_stopped(told, monkeypatch):
    monkeypatch.setattr(find, "PATIENCE", 0.3)
    told.write(
        "data/memos/2026-04-01-long.md",
        "---\ntitle: Long\ndate: 2026-04-01\nby: PM\nkind: method\n---\n\n" + "a" * 60 + "!\n",
    )
    ran = told("find", "/(a+)+$x/")
    assert ran.code == 2 and "takes longer than" in ran.err


def test_only_the_processors_time_with_a_pattern_counts(told, monkeypatch):
    monkeypatch.setattr(find, "PATIENCE", 0.05)
    with find._patience("/x/"):
        time.sleep(0.2)
    monkeypatch.setattr(find, "_patience", None)
    assert "In memos: 1 place" in told.ok("find", "paid")


def test_turns_are_read_only_where_a_text_may_stand(told):
    told.ok("find", "no such words")
    read = load(Study(told.root))
    wanted = finding.pattern("no form, NOTHING")
    (hit,) = finding.find(
        wanted, read.material, NONE, (finding.WORDS,), lambda one: read.snapshot.text(one.path)
    )
    have_turns = [name for name, one in read.material.interviews.items() if "turns" in vars(one)]
    assert have_turns == [hit.interview] == ["eve"]


LOOKS = st.text(
    "abKſ ßsS'’\"“-–…. \n\r\t\\[]12:Ié\u0301\u0327\xad\xa0\u200b\u200d\ufb01fi\u05d0\u034fक\u0937👩"
)


@given(LOOKS, LOOKS, LOOKS, st.sampled_from(("\n", "\r\n")), st.booleans(), st.booleans())
@example("", "", "a [4] I", "\n", True, False)
@example("e\u0301 1", "", "é 1", "\r\n", True, False)
@example("a\n'S", "", "as", "\n", False, False)
def test_looking_in_a_file_first_misses_nothing(
    first, second, words, newline, apostrophes, it_stands
):
    """Turns are read only where the file of a transcript may have the words."""
    said = [f"[1] I: {first}{words * it_stands}", f"[2] I:{second}", "[3] I: a\n\\[4] I: b", ""]
    head = "---\ninterview: a\ndate: 2026-03-02\nspeakers: {I: interviewer}\n---\n"
    file = (head + "\n".join(said)).replace("\n", newline)
    interview, _ = transcripts.loads(file, "data/transcripts/a.md")
    material = Material(interviews={"a": interview})
    for some in filter(typography.same, (words, words[:2].swapcase())):
        wanted = finding.pattern(some, apostrophes=apostrophes)
        hits = list(finding.find(wanted, material, NONE, (finding.WORDS,)))
        assert hits == list(finding.find(wanted, material, NONE, (finding.WORDS,), lambda _: file))


@given(st.lists(LOOKS, max_size=5), LOOKS, st.booleans(), st.integers(1, 3))
def test_looking_into_several_codes_at_once_misses_nothing(said, words, apostrophes, at_once):
    """Codes are looked into one by one only where several may have the words."""
    assume(typography.same(words))
    codebook = {
        f"c{number}": Code(f"c{number}", Where("codebook.yaml", 1), definition=text)
        for number, text in enumerate([*said, words])
    }
    wanted = finding.pattern(words, apostrophes=apostrophes)
    material = Material(interviews={}, codebook=codebook)
    with patch.object(finding, "TOGETHER", at_once):
        hits = [(hit.name, hit.start, hit.end) for hit in finding.find(wanted, material, NONE)]
    assert hits == [
        (name, *place)
        for name, code in codebook.items()
        for text in (name, code.definition)
        for place in wanted.places(text)
    ]


def test_looking_across_writes_nothing(told):
    before = told.hashes()
    for line in (
        ("matrix", "--by", "age"),
        ("cooccur", "--window", "3"),
        ("who", "easy beginnings"),
        ("find", "paid"),
    ):
        told.ok(*line)
    assert told.hashes() == before


# --- crossed --------------------------------------------------------------------------------------

CROSSED = ("matrix", "noticing the pay", "it went from there", "--by", "setting", "--by", "age")


def test_two_attributes_are_crossed_and_a_combination_of_nobody_is_no_group(told):
    ran = told(*CROSSED)
    assert (
        ran.out
        == """\
code, by setting × age  day room × 9  garden × (not said)  ward × 12  ward × 41
noticing the pay        1: eve                                        1: jim
it went from there      not coded so                                  1: jim

day room × 9: eve
garden × (not said): not interviewed yet: lee
ward × 12: not interviewed yet: kim
ward × 41: jim
"""
    )
    assert ran.err == "empty, because no participant is in it: garden × (not said), ward × 12\n"


def test_both_are_named_in_every_format(told):
    from openpyxl import load_workbook

    assert told.ok(*CROSSED, "--format", "csv").splitlines()[:2] == [
        "code,level,setting × age,interview,turn,participant,coders,words,standing",
        "noticing the pay,initial,day room × 9,eve,4,eve,PM,She goes home at five. I don't.,"
        "extract",
    ]
    made = json.loads(told.ok(*CROSSED, "--format", "json"))
    assert made["by"] == "setting × age"
    assert made["groups"][2] == {
        "group": "ward × 12",
        "values": {"setting": "ward", "age": "12"},
        "participants": [],
        "not-interviewed": ["kim"],
    }
    assert (
        made["codes"][1]["cells"][0]["empty"] == "not coded so"
        and made["codes"][1]["cells"][1]["empty"] == "nobody in this group"
    )
    page = told.ok(*CROSSED, "--format", "md")
    assert page.startswith(
        "# By setting × age\n\n| code, by setting × age | day room × 9 | garden × (not said) |"
    )
    assert "### ward × 41 (1: jim)" in page
    told.ok(*CROSSED, "--format", "xlsx", "--output", "m.xlsx")
    book = load_workbook(told.root / "m.xlsx")
    assert [cell.value for cell in book["overview"][1]][:2] == [
        "code, by setting × age",
        "day room × 9",
    ]
    assert book["extracts"][1][2].value == "setting × age"


def test_interviews_coders_and_three_at_once_are_crossed_too(told):
    head = told.ok(
        "matrix", "noticing the pay", "--by", "coder", "--by", "interview", "--by", "setting"
    ).splitlines()[0]
    assert head.split("  ") == [
        "code, by coder × interview × setting",
        "PM × jim × ward",
        "PM × eve × day room",
    ]
    assert told.ok("matrix", "noticing the pay", "--by", "setting", "--by", "setting") == told.ok(
        "matrix", "noticing the pay", "--by", "setting"
    )


def test_an_attribute_that_is_not_there_is_told_each_with_the_nearest(told):
    ran = told("matrix", "noticing the pay", "--by", "agee", "--by", "setting", "--by", "seting")
    assert (
        ran.code == 1
        and 'No attribute "agee". Did you mean "age"?' in ran.err
        and 'No attribute "seting". Did you mean "setting"?' in ran.err
    )


@pytest.mark.parametrize("line", [("who", "noticing the pay"), ("sampling",), ("compare", "--new")])
def test_where_one_attribute_is_asked_for_a_second_is_not_dropped(told, line):
    ran = told(*line, "--by", "setting", "--by", "age")
    assert (ran.code, ran.out) == (
        2,
        "",
    ) and "one --by at a time: setting or age; `gtpipe matrix` crosses several" in ran.err


def test_a_matrix_is_of_those_alone_who_are_asked_for(told):
    ran = told("matrix", "noticing the pay", "--by", "age", "--where", "Setting=ward")
    assert ran.out == (
        "code, by age, where setting=ward  12  41\n"
        "noticing the pay                      1: jim\n\n"
        "12: not interviewed yet: kim\n41: jim\n"
    )
    made = json.loads(
        told.ok(*CROSSED, "--where", "setting=ward", "--where", "age=41", "--format", "json")
    )
    assert made["where"] == {"setting": "ward", "age": "41"}
    assert [group["group"] for group in made["groups"]] == ["ward × 41"]
    page = told.ok(
        *("matrix", "noticing the pay", "--by", "interview", "--where", "age=41"),
        *("--format", "md"),
    )
    assert page.startswith("# By interview, where age=41\n") and "eve" not in page


@pytest.mark.parametrize(
    ("where", "code", "told_so"),
    [
        ("setting=wart", 1, '"wart" stands nowhere under setting. Did you mean "ward"?'),
        ("setting=x", 1, "There is day room, garden, ward."),
        ("seting=ward", 1, 'No attribute "seting". Did you mean "setting"?'),
        ("setting", 2, '--where "setting": write it as ATTRIBUTE=VALUE'),
    ],
)
def test_whom_nobody_can_be_is_told(told, where, code, told_so):
    ran = told("matrix", "noticing the pay", "--by", "age", "--where", where)
    assert (ran.code, ran.out) == (code, "") and told_so in ran.err
