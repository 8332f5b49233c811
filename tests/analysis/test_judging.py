"""Sufficiency, sampling and evaluation: the program lays out what there is, and a person judges."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import tempfile
from datetime import date
from pathlib import Path

import pytest
from conftest import PIPELINE, hashes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gtpipe.cli import main
from gtpipe.formats import evaluation, row_edits, sampling
from gtpipe.model.evaluation import QUESTIONS
from gtpipe.model.problems import UserError

SAMPLING = "data/sampling.yaml"
KITS = "data/sampling.KR.yaml"
EVALUATION = "data/evaluation.md"
TODAY = date.today().isoformat()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# --- sufficiency ----------------------------------------------------------------------------------


def test_sufficiency_opens_with_each_judgement_and_then_says_what_was_new(analysed):
    before = hashes(analysed.root)
    assert (
        analysed.ok("sufficiency")
        == """\
How far the theory copes, as judged after each interview
  jim: too early (PM)
  eve: not judged (PM)

jim
  first incident of: easy beginnings; minding the money

eve
  modified: easy beginnings

When these were written is not said: easy beginnings; minding the money; category: becoming \
believable; category: keeping hours. \
A line `written-after: INTERVIEW` in the entry says so.
Sufficiency is a judgement with a name under it (Dey 1999), made in words in data/theory.yaml; no \
number here makes it.
"""
    )
    assert analysed.ok("sufficiency", "--format", "csv") == analysed.read(
        "data/derived/sufficiency.csv"
    )
    assert (
        json.loads(analysed.ok("sufficiency", "--format", "json"))[0]["first-incident-of"]
        == "easy beginnings; minding the money"
    )
    assert hashes(analysed.root) == before


def test_how_many_codes_were_new_is_counted_on_request_after_the_judgements(analysed):
    told = analysed.ok("sufficiency", "--counts")
    assert told.startswith("""\
How far the theory copes, as judged after each interview
  jim: too early (PM)
  eve: not judged (PM)

new codes, interview by interview
    3 | ###
      | ###
      | ###
    0 +----------
        jim  eve

jim
  3 new codes
  first incident of: easy beginnings; minding the money

eve
  0 new codes
  modified: easy beginnings

""")


FOCUSED_CODES = "data/focused-codes.yaml"


def test_a_focused_code_keeps_after_which_interview_it_was_written(analysed):
    analysed.ok(
        "codes",
        "focused",
        "add",
        "going with it",
        "--takes-up",
        "it went from there",
        "--because",
        "Eve made me see it in Jim",
    )
    assert analysed.read(FOCUSED_CODES).endswith("""\
- focused: going with it
  because: Eve made me see it in Jim
  by: PM
  written-after: eve
  takes-up: |
    it went from there
  judged: |
    jim 2 "it went from there"
""")
    analysed.ok("run")
    assert (
        analysed.read("data/derived/sufficiency.csv")
        == """\
interview,new-initial-codes,first-incident-of,written-after-it,modified,judgement,by,not-judged
jim,3,easy beginnings; going with it; minding the money,,,too early,PM,0
eve,0,,going with it,easy beginnings,not judged,PM,0
"""
    )
    assert "eve\n  written after it: going with it\n  modified: easy beginnings\n" in analysed.ok(
        "sufficiency"
    )
    assert "going with it,,Eve made me see it in Jim,PM,jim,eve,1,1,1,1,0,0\n" in analysed.read(
        "data/derived/focused-codes.csv"
    )


def test_when_it_was_written_may_be_said_by_hand_of_focused_codes_and_categories(analysed):
    analysed.write(
        FOCUSED_CODES,
        analysed.read(FOCUSED_CODES).replace(
            "  because: it comes back", "  written-after: jim\n  because: it comes back"
        ),
    )
    analysed.write(
        "data/theory.yaml",
        analysed.read("data/theory.yaml").replace(
            "- category: keeping hours", "- category: keeping hours\n  written-after: eve"
        ),
    )
    analysed.ok("run")
    found = rows(analysed.read("data/derived/sufficiency.csv"))
    assert [row["written-after-it"] for row in found] == [
        "minding the money",
        "category: keeping hours",
    ]
    told = analysed.ok("sufficiency")
    assert (
        "When these were written is not said: easy beginnings; category: becoming believable. A "
        "line" in told
    )


def test_an_interview_that_is_not_there_is_told_with_the_nearest(analysed):
    analysed.write(
        FOCUSED_CODES,
        analysed.read(FOCUSED_CODES).replace(
            "  because: it comes back", "  written-after: jin\n  because: it comes back"
        ),
    )
    analysed.write(
        "data/theory.yaml",
        analysed.read("data/theory.yaml").replace(
            "- category: keeping hours", "- category: keeping hours\n  written-after: zzz"
        ),
    )
    told = analysed("check").out
    assert (
        'data/focused-codes.yaml:17: this was written after "jin", which is no interview of the '
        'study. Did you mean "jim"?' in told
    )
    assert (
        'data/theory.yaml:8: this was written after "zzz", which is no interview of the study. '
        "The interviews are jim, eve; or take the line out" in told
    )


def test_a_focused_code_made_by_merging_says_when_and_one_that_takes_one_in_stays_as_early(
    analysed,
):
    analysed.ok(
        "codes",
        "merge",
        "focused: easy beginnings",
        "focused: minding the money",
        "--into",
        "focused: minding it",
        "--why",
        "one thing",
    )
    assert (
        "- focused: minding it\n  because: one thing\n  by: PM\n  written-after: eve\n"
        in analysed.read(FOCUSED_CODES)
    )


def test_what_an_unreadable_transcript_leaves_open_is_not_guessed(analysed):
    analysed.write("data/transcripts/eve.md", b"\xff\xfe")
    analysed.ok(
        "codes",
        "focused",
        "add",
        "going with it",
        "--takes-up",
        "it went from there",
        "--because",
        "b",
    )
    assert "written-after" not in analysed.read(FOCUSED_CODES)


def test_an_interview_without_a_code_is_not_coded_yet_and_nothing_is_ever_said_to_be_saturated(
    study,
):
    out = study.ok("sufficiency")
    assert out.count("  Not coded yet.\n") == 2
    for command in (
        ["sufficiency"],
        ["sampling"],
        ["evaluation"],
        ["sufficiency", "--help"],
        ["negative"],
    ):
        assert "saturat" not in study.ok(*command).lower()
    assert "saturat" not in study.read(EVALUATION).lower()


@pytest.mark.parametrize(
    ("number", "columns", "together"), [(4, 4, 1), (40, 40, 1), (72, 72, 1), (500, 72, 7)]
)
def test_the_curve_fits_eighty_columns_whatever_the_number_of_interviews(number, columns, together):
    from gtpipe.render.sufficiency import curve

    lines = list(curve([(f"interview-{n}", number - n) for n in range(number)], 80))
    assert max(map(len, lines)) <= 80
    drawn = [line.partition("|")[2] for line in lines if "|" in line]
    assert len(drawn) == min(8, number) and drawn[0].count("#") <= drawn[-1].count("#")
    assert ("each column: the highest of" in lines[-1]) == (together > 1)


TURNS = 3
CODES = ["late", "early", "tea", "why: because"]
CODED = st.dictionaries(
    st.tuples(st.integers(0, 3), st.sampled_from(["", ".KR"]), st.integers(1, TURNS)),
    st.tuples(
        st.lists(st.sampled_from(CODES), max_size=3, unique=True),
        st.lists(st.sampled_from(["F", "G"]), max_size=1),
    ),
    max_size=12,
)
TAKEN = st.dictionaries(
    st.sampled_from(["F", "G", "H"]),
    st.tuples(
        st.lists(st.sampled_from(CODES), max_size=2, unique=True),
        st.lists(st.integers(0, 3), max_size=2, unique=True),
    ),
)


def in_study(files: dict[str, str], *arguments: str) -> str:
    """Run a command in a study made of `files`; its stdout."""
    here = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        for path, text in {"pipeline.yaml": PIPELINE, **files}.items():
            (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / path).write_text(text, encoding="utf-8")
        os.chdir(folder)
        try:
            with contextlib.redirect_stdout(io.StringIO()) as out:
                assert main(list(arguments)) == 0
        finally:
            os.chdir(here)
    return out.getvalue()


def made(coded: dict, taken: dict) -> dict[str, str]:
    """Four interviews `a` to `d`, in an order of their own, coded by two; and focused codes."""
    files = {
        "data/participants.csv": "participant,ward\n"
        + "".join(f"{name},{'north' if name in 'ab' else 'south'}\n" for name in "abcd")
    }
    for number, name in enumerate("abcd"):
        files[f"data/transcripts/{name}.md"] = (
            f"---\ninterview: {name}\ndate: 2026-03-0{4 - number}\nspeakers: {{P: {name}}}\n---\n\n"
            + "".join(f"[{turn}] P: word{turn} of {name}\n\n" for turn in range(1, TURNS + 1))
        )
    sheets: dict[str, str] = {}
    for (number, coder, turn), (codes, focused) in sorted(coded.items()):
        block = "".join(f"    {code}\n" for code in codes)
        beside = "  focused: |\n" + "".join(f"    {code}\n" for code in focused) if focused else ""
        path = f"data/initial-codes/{'abcd'[number]}{coder}.yaml"
        sheets[path] = sheets.get(path, "") + f"- turn: {turn}\n  codes: |\n{block}{beside}\n"
    focused_codes = "".join(
        f"- focused: {label}\n  because: x\n  takes-up: |\n"
        + "".join(f"    {code}\n" for code in codes)
        + "  judged: |\n"
        + "".join(
            f"    {address}\n"
            for address in sorted(
                {
                    f"{'abcd'[number]} {turn}"
                    for (number, _, turn), (applied, _) in coded.items()
                    if set(applied) & set(codes)
                }
            )
        )
        + "  incidents: |\n"
        + "".join(f"    {'abcd'[number]} 1\n" for number in incidents)
        + "\n"
        for label, (codes, incidents) in taken.items()
    )
    return files | sheets | ({"data/focused-codes.yaml": focused_codes} if focused_codes else {})


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(CODED, TAKEN)
def test_new_codes_are_those_of_plain_loops(coded, taken):
    used = {code for codes, _ in coded.values() for code in codes}
    taken = {
        label: ([code for code in codes if code in used], incidents)
        for label, (codes, incidents) in taken.items()
    }
    found = json.loads(in_study(made(coded, taken), "sufficiency", "--format", "json"))
    assert [row["interview"] for row in found] == ["d", "c", "b", "a"]  # by date
    known: set[str] = set()
    known_focused: set[str] = set()
    for row in found:
        number = "abcd".index(row["interview"])
        here, here_focused = set(), set()
        for (interview, _, _), (codes, focused) in coded.items():
            if interview == number:
                here.update(codes)
                here_focused.update(focused)
        for label, (codes, incidents) in taken.items():
            if number in incidents or any(code in here for code in codes):
                here_focused.add(label)
        assert row["new-initial-codes"] == len(here - known)
        assert (row["first-incident-of"], row["written-after-it"]) == (
            "; ".join(sorted(here_focused - known_focused)),
            "",
        )
        assert row["judgement"] == "not judged"
        known |= here
        known_focused |= here_focused


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(CODED)
def test_codes_of_one_interview_or_one_group_are_those_of_plain_loops(coded):
    where: dict[str, set[str]] = {}
    for (number, _, _), (codes, _) in coded.items():
        for code in codes:
            where.setdefault(code, set()).add("abcd"[number])
    files = made({key: (codes, []) for key, (codes, _) in coded.items()}, {})
    single = json.loads(in_study(files, "codes", "list", "--one-interview", "--format", "json"))
    assert {(row["code"], *row["participants"]) for row in single} == {
        (code, *names) for code, names in where.items() if len(names) == 1
    }
    found = json.loads(in_study(files, "sampling", "--by", "ward", "--format", "json"))
    assert {
        (row["code"], row["group"]) for row in found if row["kind"] == "one group only: ward"
    } == {
        (code, "north" if names == set("ab") else "south")
        for code, names in where.items()
        if names in (set("ab"), set("cd"))
    }


def test_a_file_that_cannot_be_read_is_never_said_to_record_nothing(analysed):
    for path, commands in (
        ("data/theory.yaml", ("negative", "sufficiency")),
        (SAMPLING, ("sampling", "evaluation")),
    ):
        analysed.write(path, "nonsense: [\n")
        for command in commands:
            ran = analysed(command)
            assert ran.code == 1 and not ran.out and path in ran.err
        (analysed.root / path).unlink()


# --- sampling -------------------------------------------------------------------------------------


def test_what_came_of_one_decision_is_noted_there_and_nowhere_else(analysed):
    ran = analysed("sampling", "done", "1", "jim")
    assert ran.code == 1 and "no decision 1. There is none yet" in ran.err
    for who in ("a newcomer", "a leaver"):
        analysed.ok("sampling", "add", who, "--why", "w")
    analysed.ok("sampling", "done", "1", " jim ")
    first, second = analysed.read(SAMPLING).split("\n\n")
    assert "a newcomer" in first and "done: jim" in first and "done" not in second
    for number in ("0", "3"):
        ran = analysed("sampling", "done", number, "jim")
        assert ran.code == 1 and f"no decision {number}. They go from 1 to 2" in ran.err
    assert (
        'decision 1 says already under "done": jim' in analysed("sampling", "done", "1", "eve").err
    )


def test_who_to_seek_is_written_listed_and_closed_by_the_interview_it_led_to(analysed):
    out = analysed.ok(
        "sampling",
        "add",
        "someone who said no",
        "--why",
        "both took it: why?",
        "--for",
        "noticing the pay",
        "--for",
        "becoming believable",
        "--by",
        "KR",
    )
    assert out == "data/sampling.KR.yaml: 1, someone who said no (KR)\n"
    written = f"""\
- who: someone who said no
  by: KR
  date: {TODAY}
  for: |
    noticing the pay
    becoming believable
  why: "both took it: why?"
"""
    assert analysed.read(KITS) == written
    assert f"""\
To seek next
  1  someone who said no
     both took it: why?
     for: noticing the pay; becoming believable
     KR, {TODAY}
""" in analysed.ok("sampling")
    assert "  to seek next: someone who said no  (gtpipe sampling)\n" in analysed.ok("status")
    assert (
        analysed.ok("sampling", "done", "1", "eve")
        == "data/sampling.KR.yaml: 1 done, someone who said no: eve (PM)\n"
    )
    assert analysed.read(KITS) == written + "  done: eve\n"
    assert "Nobody noted down" in analysed.ok("sampling") and "to seek next" not in analysed.ok(
        "status"
    )
    logged = [
        json.loads(line)["command"] for line in analysed.read("data/log.jsonl").splitlines()[-2:]
    ]
    assert logged == [
        "sampling add … --why … --for 'noticing the pay' --for 'becoming believable' --by KR",
        "sampling done 1 eve",
    ]
    assert "said no" not in analysed.read("data/log.jsonl")


def test_no_list_of_codes_stands_in_the_sampling_unless_it_is_asked_for(analysed):
    before = hashes(analysed.root)
    assert (
        analysed.ok("sampling")
        == """\
To seek next
  Nobody noted down: gtpipe sampling add WHO --why … --for CODE

Open positions
  None is marked `?` under `properties` of a focused code or category.
"""
    )
    assert analysed.ok("codes", "list", "--one-interview", "--format", "csv").splitlines() == [
        "code,incidents,participants,definition",
        "it went from there,1,jim,",
    ]
    analysed.write("data/participants.csv", "participant,age\njim,60\neve,60\n")
    assert analysed.ok("sampling", "--by", "age").endswith("""\
Codes of several interviews, of one group only (age)
  Who of another group could be asked? That is no rule: a single account may carry a theory, and \
what only one person says may be what the others leave unsaid.
  60 · eve, jim
    easy beginnings (focused code, 2 incidents)
    minding the money (focused code, 2 incidents)
    meeting around the ward (2 incidents)
    noticing the pay (2 incidents)
""")
    ran = analysed("sampling", "--by", "agee")
    assert (ran.code, ran.err) == (
        1,
        'No attribute "agee". Did you mean "age"? There is age. For another, add a '
        "column to data/participants.csv.\n",
    )
    analysed.write("data/participants.csv", "participant\njim\neve\n")
    assert hashes(analysed.root) == before


def test_what_is_wrong_is_refused_and_nothing_is_written(analysed):
    ran = analysed("sampling", "add", "someone", "--for", "noticing the play", "--for", "becoming")
    assert (
        ran.code == 1
        and 'No code or category "noticing the play" in this study. Did you mean' in ran.err
    )
    assert not (analysed.root / SAMPLING).exists()
    analysed.ok("sampling", "add", "someone")
    assert (
        analysed("sampling", "add", "someone").err
        == "data/sampling.yaml:1: an open entry seeks this already. Add to that entry by hand.\n"
    )
    assert analysed("sampling", "done", "2", "eve").code == 1
    assert (
        'No interview "eva" in this study. Did you mean "eve"?'
        in analysed("sampling", "done", "1", "eva").err
    )
    analysed.ok("sampling", "done", "1", "moved away before we met")
    assert (
        'decision 1 says already under "done": moved away before we met'
        in analysed("sampling", "done", "1", "eve").err
    )


def test_a_file_by_hand_is_read_with_lines_and_notes(analysed):
    analysed.write(
        SAMPLING, "- who: a nurse\n  for: |\n    noticing the pey\n  done: evie\n  by: XX\n"
    )
    out = analysed.ok("check")
    assert (
        'data/sampling.yaml:3: note: this is sought for "noticing the pey", which is not there. '
        'Did you mean "noticing the pay"?\n' in out
    )
    assert (
        'data/sampling.yaml:1: note: this led to "evie", which is no interview of the study. Did '
        'you mean "eve"?\n' in out
    )
    assert (
        "data/sampling.yaml:1: note: nobody under `researchers` in pipeline.yaml has the "
        'initials "XX"' in out
    )
    for text, problem in (
        ("- why: x\n", ':1: a decision without "who" or "seeks". Write `who: …`.'),
        ("- who: x\n  wy: y\n", ':2: a decision has no field "wy". Did you mean "why"?'),
        ("- who: x\n  date: May\n", ':2: "May" is not a date.'),
        ("who: x\n", ":1: this is a list of decisions. Each begins with `- who: …`."),
        ("- who: x\n  for: noticing the pay\n", ':2: "for" must be a block'),
    ):
        analysed.write(SAMPLING, text)
        ran = analysed("check")
        assert ran.code == 1 and f"data/sampling.yaml{problem}" in ran.out
        assert analysed("sampling", "add", "another").code == 1
        assert analysed.read(SAMPLING) == text


TYPED = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
    .map(str.strip)
    .filter(bool)
)


@settings(max_examples=100)
@given(st.lists(st.tuples(TYPED, TYPED), min_size=1, max_size=3), st.booleans())
def test_whatever_is_typed_is_read_again_and_the_lines_before_stay(pairs, windows):
    by_hand = "# mine\n- who: a nurse   # or two\n  for: |\n\n\n# end\n".replace(
        "\n", "\r\n" if windows else "\n"
    )
    text = by_hand
    for who, why in pairs:
        row = {"who": who, "date": "2026-04-02", "for": "a code\nfocused: b", "why": why}
        text = row_edits.add(text, SAMPLING, sampling.table(), [row])
    for number in range(2, len(pairs) + 2):
        done = {"done": pairs[number - 2][0]}
        text = row_edits.fill_in(text, SAMPLING, sampling.table(), number, done)
    found, problems = sampling.loads(text)
    assert not problems and text.startswith(by_hand)
    assert [(one.who, one.why, one.done) for one in found[1:]] == [
        (who, why, who) for who, why in pairs
    ]


# --- evaluation -----------------------------------------------------------------------------------


def test_the_evaluation_is_made_with_nineteen_questions_and_pointers_and_no_score(analysed):
    out = analysed.ok("evaluation")
    assert (
        out.startswith(
            "data/evaluation.md: made; put your answers in it (PM)\n\ncredibility\n  1. How well"
        )
        and out.count("— not answered yet\n") == 19
    )
    text = analysed.read(EVALUATION)
    assert [
        sum(question.criterion == name for question in QUESTIONS)
        for name in ("credibility", "originality", "resonance", "usefulness")
    ] == [6, 4, 4, 5]
    assert text.count(evaluation.UNANSWERED + "\n") == 19
    assert (
        """\
### 4. How much of all that you were told do the categories take in, and what stays outside?

<!-- pointers credibility 4 -->
- becoming believable (category): 3 extracts, of eve, jim. Does not fit: eve 4.
- keeping hours (category): 2 extracts, of eve, jim.
- 1 initial code that no focused code takes up: it went from there
<!-- /pointers -->

*not answered yet*
"""
        in text
    )
    assert (
        "- memo [Paid to be nice](<memos/2026-03-21-paid-to-be-nice.md>), 2026-03-21\n"
        "- against becoming believable (category): eve 4 (qualified)\n"
        "- against keeping hours (category): No negative case recorded (PM looked on 2026-04-02).\n"
        in text
    )
    assert "liked Jim" not in text and "Private" not in text, "the diary is in no output"
    assert json.loads(analysed.read("data/log.jsonl").splitlines()[-1])["command"] == "evaluation"
    before = hashes(analysed.root)
    assert analysed.ok("evaluation").startswith("data/evaluation.md: everything stands right\n")
    assert hashes(analysed.root) == before


def test_pointers_are_refreshed_and_answers_stand(analysed):
    analysed.ok("evaluation")
    text = analysed.read(EVALUATION).replace(
        "\n" + evaluation.UNANSWERED, "\nWe went there for a year.\n\n#### Later\n\nAnd again.  ", 1
    )
    text = text.replace("## Originality", "## Is it new?")
    analysed.write(EVALUATION, text)
    analysed.ok("code", "eve", "4", "keeping count", "--words", "I don't")
    assert analysed.ok("evaluation").startswith(
        "data/evaluation.md: links to your material refreshed; your answers are as they were (PM)"
        "\n\ncredibility\n"
        "  1. How well do you know the place and the matter you write about, and what do you "
        "know it from? — answered\n"
    )
    again = analysed.read(EVALUATION)
    assert "incidents coded in each: jim 3, eve 3" in again and "jim 3, eve 2" not in again
    outside = [line for line in again.split("\n") if not line.startswith("- ")]
    assert outside == [line for line in text.split("\n") if not line.startswith("- ")]
    assert (
        "We went there for a year.\n\n#### Later\n\nAnd again.  \n" in again
        and "## Is it new?" in again
    )
    listed = rows(analysed.ok("evaluation", "--format", "csv"))
    assert [row["answered"] for row in listed] == ["yes"] + ["no"] * 18
    assert listed[0]["answer"] == "We went there for a year.\n\n#### Later\n\nAnd again."
    assert "  evaluation: 18 of 19 questions not answered  (data/evaluation.md)\n" in analysed.ok(
        "status", "--all"
    )


def test_listing_writes_nothing_and_status_is_silent_before_there_is_one(analysed):
    before = hashes(analysed.root)
    found = json.loads(analysed.ok("evaluation", "--format", "json"))
    assert len(found) == 19 and {row["answered"] for row in found} == {"no"}
    assert "evaluation" not in analysed.ok("status")
    assert hashes(analysed.root) == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "<!-- pointers credibility 2 -->",
            "<!-- pointer credibility 2 -->",
            "this ends pointers that nothing begins",
        ),
        (
            "<!-- pointers credibility 2 -->",
            "<!-- pointers credibility 2",
            "this marker is damaged",
        ),
        (
            "<!-- pointers credibility 2 -->",
            "<!-- pointers credibilty 2 -->",
            'no question is called "credibilty 2". Did you mean "credibility 2"?',
        ),
        (
            "<!-- pointers credibility 2 -->",
            "<!-- pointers credibility 1 -->",
            "the pointers of credibility 1 stand twice. The first are at line",
        ),
        (
            "<!-- /pointers -->",
            "",
            "these pointers have no end. Bring back the line `<!-- /pointers -->`",
        ),
    ],
)
def test_a_damaged_marker_is_named_with_its_line_and_nothing_is_written(study, old, new, said):
    study.ok("evaluation")
    good = study.read(EVALUATION)
    at = good.index(old) if new else good.rindex(old)
    bad = good[:at] + new + good[at + len(old) :]
    study.write(EVALUATION, bad)
    ran = study("evaluation")
    line = bad[: bad.rindex("<!-- pointers") if not new else at].count("\n") + 1
    if "nothing begins" in said:
        line = bad[: bad.index("<!-- /pointers", at)].count("\n") + 1
    assert ran.code == 1 and f"data/evaluation.md:{line}: {said}" in ran.err
    assert study.read(EVALUATION) == bad
    assert f"(data/evaluation.md:{line})" in study.ok("status")


PROSE = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\n#<!->* "), max_size=40
).filter(lambda text: not any(evaluation._NEARLY.match(line) for line in ("x" + text).split("\n")))
POINTERS = st.dictionaries(
    st.sampled_from(["accounts", "categories", "against", "memos"]),
    st.lists(st.sampled_from(["- a", "- b: 3", "- c"])),
)


@settings(max_examples=150)
@given(
    st.lists(PROSE, min_size=20, max_size=20),
    st.lists(POINTERS, min_size=1, max_size=4),
    st.booleans(),
)
def test_answers_survive_any_number_of_refreshes_byte_for_byte(prose, refreshes, windows):
    pieces = evaluation.page({}).split(evaluation.UNANSWERED)
    text = "".join(piece + said for piece, said in zip(pieces, prose, strict=False))
    text = text.replace("\n", "\r\n") if windows else text

    def outside(text: str) -> list[str]:
        kept, inside = [], False
        for line in text.split("\n"):
            if line.strip() == "<!-- /pointers -->":
                inside = False
            if not inside:
                kept.append(line)
            if line.startswith("<!-- pointers "):
                inside = True
        return kept

    now = text
    for pointers in refreshes:
        now = evaluation.refreshed(now, pointers)
        assert outside(now) == outside(text)
        assert evaluation.refreshed(now, pointers) == now
    assert [answer.text for answer in evaluation.answers(now)] == [
        answer.text for answer in evaluation.answers(text)
    ]
    last = evaluation.refreshed(text, refreshes[-1])
    assert now == last, "what was laid out before leaves no trace"


def test_a_line_that_is_nearly_a_marker_raises():
    with pytest.raises(UserError):
        evaluation.answers("<!--pointers-->")
