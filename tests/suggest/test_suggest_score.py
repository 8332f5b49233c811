"""`gtpipe suggest --score`: the study's own coding replayed, each turn knowing only what was
coded before it."""

from __future__ import annotations

import csv
import io
import json

import pytest
from conftest import command

from gtpipe.commands import answer as answering
from gtpipe.store.layout import Study
from gtpipe.study import load
from gtpipe.suggest import scoring
from gtpipe.suggest.records import Suggestion, TurnRef
from gtpipe.suggest.scoring import Bin, Hits, Item

RUTH = """\
I: How did the allotment begin?

P: My dad had it before me. I dug his potatoes as a boy.

I: And the neighbours there?

P: Sheila next plot gives me beans, I give her rhubarb.

I: What does it cost you?

P: My knees, mostly. You can't dig with these knees.

I: Would you stop?

P: I'd stop tomorrow if the council asked. No I wouldn't.
"""
OMAR = """\
I: How did the allotment begin?

P: My dad's friend had it, he had dug there forty years.

I: And the neighbours there?

P: They give you beans whether you want beans or not.

I: What does it cost you?

P: Saturdays. And my knees, I can't dig like I did.
"""
RUTH_CODED = """\
- turn: 2
  codes: |
    taking over from dad
    digging as a boy

- turn: 4
  codes: |
    giving and getting

- turn: 6
  codes: |
    paying with the body

- turn: 8
  codes: |
    not stopping
"""
OMAR_CODED = """\
- turn: 2
  codes: |
    taking over from dad

- turn: 4
  codes: |
    giving and getting
    not asked for

- turn: 6
  codes: |
    paying with the body
"""


@pytest.fixture
def plots(empty):
    """Two interviews on allotments, both coded."""
    for name, text, day, sheet in (
        ("ruth", RUTH, "2026-04-01", RUTH_CODED),
        ("omar", OMAR, "2026-04-08", OMAR_CODED),
    ):
        empty.write(f"in/{name}.txt", text)
        empty.ok("ingest", f"in/{name}.txt", "--date", day)
        empty.write(f"data/initial-codes/{name}.yaml", sheet)
    return empty


def rows(study, *arguments: str) -> list[dict[str, str]]:
    return list(
        csv.DictReader(io.StringIO(study.ok("suggest", "--score", "--format", "csv", *arguments)))
    )


def replayed(study) -> list[Item]:
    found = load(Study(study.root))
    return list(scoring.score(found.material, found.codings).items)


TABLE = """\
Your codes, replayed: 7 coded turns; at 4 of them all codes were new, which nothing can suggest.

               turns  all new  hit@1  hit@3  hit@5  MRR
suggested          7        4  0.429  0.429  0.429  0.429
most frequent      7        4  0.000  0.143  0.286  0.100
turn before        7        4  0.000  0.000  0.429  0.100

By interview
interview                 turns  all new  hit@1  hit@3  hit@5  MRR
ruth       suggested          4        4  0.000  0.000  0.000  0.000
ruth       most frequent      4        4  0.000  0.000  0.000  0.000
ruth       turn before        4        4  0.000  0.000  0.000  0.000
omar       suggested          3        0  1.000  1.000  1.000  1.000
omar       most frequent      3        0  0.000  0.333  0.667  0.233
omar       turn before        3        0  0.000  0.000  1.000  0.233

Over the course of coding, in tenths
tenth  turns  all new  hit@1  hit@3  hit@5  MRR
1          1        1  0.000  0.000  0.000  0.000
2          1        1  0.000  0.000  0.000  0.000
3          1        1  0.000  0.000  0.000  0.000
4          1        1  0.000  0.000  0.000  0.000
5          1        0  1.000  1.000  1.000  1.000
6          1        0  1.000  1.000  1.000  1.000
7          1        0  1.000  1.000  1.000  1.000

Of suggestions with this score, so many were codes that a person gave
score    suggestions  given  share
0.1-0.2           24      3  0.12
"""


def test_figures_for_people(plots):
    """Omar's three turns are suggested rightly at once; Ruth's come first, and nothing was
    there to suggest.

    Of the guesses, worked out by hand: most frequent puts Omar's codes at 5, 3 and 6; turn before
    at 4, 4 and 5.
    """
    ran = plots("suggest", "--score")
    assert (ran.code, ran.out) == (0, TABLE)
    assert ran.err == (
        "hit@3: at how many of the turns one of the codes that a person wrote was among the "
        "first three. MRR: the mean of 1/rank. They say how well your own codes can be foretold "
        "from your own coding so far, not whether the coding is good.\n"
    )


def test_figures_for_programs(plots):
    plots.write(
        "data/focused-codes.yaml",
        "- focused: bodies\n  takes-up: |\n    paying with the body\n    digging as a boy\n\n"
        "- focused: exchange\n  takes-up: |\n    giving and getting\n    not asked for\n",
    )
    found = rows(plots)
    assert list(found[0]) == [
        "part",
        "of",
        "ranking",
        "items",
        "all-new",
        "hit@1",
        "hit@3",
        "hit@5",
        "mrr",
        "suggestions",
        "given",
    ]
    assert [tuple(row.values()) for row in found if row["part"] in ("pooled", "score")] == [
        ("pooled", "", "suggested", "7", "4", "0.429", "0.429", "0.429", "0.429", "", ""),
        ("pooled", "", "most frequent", "7", "4", "0.0", "0.143", "0.286", "0.1", "", ""),
        ("pooled", "", "turn before", "7", "4", "0.0", "0.0", "0.429", "0.1", "", ""),
        ("score", "0.1-0.2", "suggested", "", "", "", "", "", "", "24", "3"),
    ]
    assert [(row["part"], row["of"]) for row in found[::3]] == [
        ("pooled", ""),
        ("interview", "ruth"),
        ("interview", "omar"),
        *(("tenth", str(tenth)) for tenth in range(1, 8)),
        ("score", "0.1-0.2"),
    ]
    assert [
        (row["ranking"], row["items"], row["hit@1"], row["hit@3"])
        for row in found
        if row["part"] == "focused"
    ] == [("suggested", "4", "1.0", "1.0"), ("largest first", "4", "0.0", "1.0")]
    as_json = json.loads(plots.ok("suggest", "--score", "--format", "json"))
    assert [
        {key: "" if value is None else str(value) for key, value in row.items()} for row in as_json
    ] == found


def test_nothing_that_came_later_changes_the_figures_of_what_was_coded_before(plots):
    """A third interview, transcribed and coded, in which the words of labels are spoken for the
    first time: the first two stand."""
    before = [row for row in rows(plots) if row["part"] == "interview"]
    items = replayed(plots)
    plots.write(
        "in/zoe.txt",
        RUTH.replace("Sheila", "Ines")
        + "\nP: "
        + "My dad, my knees, my beans, a body taking, giving, getting, stopping. " * 40
        + "\n",
    )
    plots.ok("ingest", "in/zoe.txt", "--date", "2026-04-15")
    transcribed = [row for row in rows(plots) if row["part"] == "interview"]
    plots.ok("code", "zoe", "2", "giving and getting")
    plots.ok("code", "zoe", "6", "digging into it")
    coded = [row for row in rows(plots) if row["part"] == "interview"]
    assert (
        transcribed == before and replayed(plots)[:7] == items
    )  # to the last figure of each suggestion's strength
    assert coded[:6] == before and [row["of"] for row in coded[6:]] == ["zoe"] * 3


def test_what_was_a_suggestion_once_is_left_out_and_counted(plots):
    """Omar's second turn was coded from a suggestion, his third from one that was edited: of his
    three turns one is left; both go on being learned from."""
    plots.write("data/initial-codes/omar.yaml", OMAR_CODED.partition("- turn: 6")[0])
    study, at = Study(plots.root), TurnRef("omar", "6")
    answering.take(study, Suggestion(at, "yours", "paying for it", 0.5, ""), label="paying in body")
    plots.write(
        "data/answers.csv",
        plots.read("data/answers.csv") + "omar,2,Taking over from Dad,accepted,PM\n",
    )
    ran = plots("suggest", "--score")
    assert ran.out.startswith("Your codes, replayed: 5 coded turns")
    assert "\nLeft out: 2 codings that were suggestions you took.\n" in ran.out
    (left,) = [row for row in rows(plots) if row["part"] == "left out"]
    assert (left["of"], left["items"]) == ("suggestions taken", "2")
    fact = json.loads(plots.read("data/log.jsonl").splitlines()[-1])["did"]
    assert fact["suggestion"] == "paying for it" and fact["code"] == "paying in body"
    assert fact["answer"] == "edited"
    plots.ok("codes", "rename", "taking over from dad", "inheriting", "--why", "shorter")
    assert "\nLeft out: 2 codings" in plots.ok("suggest", "--score")


def test_where_all_codes_were_suggestions_there_is_nothing_to_replay(plots):
    for name in ("ruth", "omar"):
        plots.write(f"data/initial-codes/{name}.yaml", "")
    answering.take(
        Study(plots.root), Suggestion(TurnRef("ruth", "2"), "gerund", "digging as a boy", 0.5, "")
    )
    assert plots("suggest", "--score").err == (
        "Every code so far was a suggestion you took: there is nothing to replay.\n"
    )


def test_a_turn_with_several_codes_is_one_item_and_a_hit_if_one_of_them_is(plots):
    plots.ok("code", "omar", "2", "never heard of before")
    omar = next(row for row in rows(plots) if (row["of"], row["ranking"]) == ("omar", "suggested"))
    assert (omar["items"], omar["all-new"], omar["hit@1"]) == ("3", "0", "1.0")


def test_codes_at_the_interviewers_turns_and_focused_codes_beside_a_turn_are_not_replayed(plots):
    before = plots.ok("suggest", "--score")
    plots.ok("code", "ruth", "3", "asking about neighbours")
    sheet = plots.read("data/initial-codes/ruth.yaml").replace(
        "    giving and getting\n", "    giving and getting\n  focused: |\n    exchange\n"
    )
    plots.write("data/initial-codes/ruth.yaml", sheet)
    assert "exchange" in plots.ok("compare", "focused: exchange")
    assert plots.ok("suggest", "--score") == before


def test_looking_writes_nothing(plots):
    before = plots.hashes()
    plots.ok("suggest", "--score")
    assert plots.hashes() == before


def test_a_study_without_codes_is_told_so(study):
    ran = study("suggest", "--score")
    assert (ran.code, ran.out, ran.err) == (
        0,
        "",
        "No participant's turn is coded yet: there is nothing to replay.\n",
    )
    assert study.ok("suggest", "--score", "--format", "json") == "[]\n"


def test_what_errors_hide_is_told(plots):
    plots.write("data/initial-codes/ruth.yaml", "- turn: 2\n  codes: [\n")
    ran = plots("suggest", "--score")
    assert ran.code == 0 and ran.out.startswith("Your codes, replayed: 3 coded turns")
    assert (
        "note: 1 error in your files; what they concern is not shown. See `gtpipe check`."
        in ran.err
    )


def test_the_same_bytes_in_any_process(plots):
    outs = {
        command("suggest", "--score", "--format", "json", cwd=plots.root, env=env).stdout
        for env in (
            {"PYTHONHASHSEED": "1"},
            {"PYTHONHASHSEED": "2", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
    }
    assert len(outs) == 1 and json.loads(outs.pop())


def test_where_suggestions_are_not_above_the_guesses_it_is_said(empty):
    """One code all the way: there is nothing to be better at."""
    empty.write("in/ruth.txt", RUTH)
    empty.ok("ingest", "in/ruth.txt", "--date", "2026-04-01")
    for turn in ("2", "4", "6"):
        empty.ok("code", "ruth", turn, "going on")
    assert (
        "note: in this study suggestions of your codes are not above both guesses"
        in empty("suggest", "--score").err
    )


def test_scores_are_calibrated_on_the_turns_before_and_on_none_after(empty):
    """The same words and the same code again and again: the twenty-first turn is the first to
    profit from it."""
    empty.write(
        "in/ruth.txt", "I: What did you hear?\n\n" + "P: The kettle again.\n\nI: And then?\n\n" * 25
    )
    empty.ok("ingest", "in/ruth.txt", "--date", "2026-04-01")
    turns = [
        turn.id for turn in load(Study(empty.root)).material.interviews["ruth"].participant_turns
    ]
    empty.write(
        "data/initial-codes/ruth.yaml",
        "\n".join(f"- turn: {turn}\n  codes: |\n    hearing it boil\n" for turn in turns),
    )
    scores = [[score for _, score, _ in item.suggested] for item in replayed(empty)]
    assert (
        scores == [[]] + [[0.1]] * 19 + [[0.84]] * 5
    )  # 19 of 19, held back by four guesses of a tenth


def item(ranks: tuple[int, ...], *suggested: tuple[float, float, bool]) -> Item:
    return Item(TurnRef("ruth", "2"), not any(ranks), ranks, suggested)


def test_hits_count_misses_and_new_codes_among_all_items():
    items = [item((1, 2, 0)), item((4, 1, 0)), item((6, 3, 0)), item((0, 0, 0))]
    assert scoring.hits(items, "suggested") == Hits(
        4, 1, 0.25, 0.25, 0.5, 0.354
    )  # (1 + 1/4 + 1/6) / 4
    assert scoring.hits(items, "turn before") == Hits(4, 1, 0, 0, 0, 0)
    assert scoring.hits([], "suggested") == Hits(0, 0, 0, 0, 0, 0)


def test_suggestions_are_counted_by_what_their_score_promised():
    """0.3 is the beginning of a bin and 1.0 belongs to the last one."""
    items = [
        item((1,), (1.2, 0.3, True), (1.1, 0.29, False)),
        item((2,), (2.0, 1.0, True), (1.3, 0.35, False)),
    ]
    assert scoring.bins(items) == [Bin(0.2, 0.3, 1, 0), Bin(0.3, 0.4, 2, 1), Bin(0.9, 1.0, 1, 1)]


@pytest.mark.parametrize("number", [0, 1, 9, 10, 11, 25, 140])
def test_the_course_of_coding_is_cut_in_ten_parts_that_miss_nothing(number):
    items = [item((rank,)) for rank in range(number)]
    parts = scoring.tenths(items)
    assert [one for part in parts for one in part] == items and len(parts) == min(number, 10)
    assert not parts or max(map(len, parts)) - min(map(len, parts)) <= 1
