"""Stage 4: the theory as a person wrote it, with the participants' words; what is empty says so."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, THEORY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gtpipe.pipeline import run
from gtpipe.pipeline.since import NOTHING
from gtpipe.store.layout import FOCUSED_CODES, Study
from gtpipe.study import load

BOOK = "data/theory.yaml"


def test_the_theory_reads_as_a_supervisor_would_read_it(analysed):
    assert (
        analysed.read("data/derived/theory.md")
        == """\
# Theory

## becoming believable

how a paid stranger comes to be believed

Subcategories: keeping hours

**easy beginnings**: a start that nobody arranged

Because: holds in both accounts (PM)

> She just sat down
>
> — eve 2

Also: jim 2.

Does not fit easy beginnings:

> A bit. It was, like, a \\*bit\\* [pause 3s] awkward.
>
> Him being paid and that. \\<laughs>
>
> — jim 4

**Does not fit becoming believable**

> She goes home at five
>
> — eve 4

Led to: qualified. belief has hours (PM)

### keeping hours

No definition yet.

Part of: becoming believable

**minding the money**: No definition yet.

Because: it comes back in both

> A bit. It was, like, a \\*bit\\* [pause 3s] awkward.
>
> Him being paid and that. \\<laughs>
>
> — jim 4

> She goes home at five. I don't.
>
> — eve 4

**Does not fit keeping hours**

No negative case recorded (PM looked on 2026-04-02).

## Relations

### easy beginnings opens the way to becoming believable

Hypothesis: nobody was sent

Support:

> She just sat down
>
> — eve 2

Contradiction:

> awkward
>
> — jim 4

Memo: 2026-03-21-paid-to-be-nice

### minding the money slows becoming believable

Hypothesis: not written yet

Support: no support yet.

Contradiction: No negative case recorded, and no search for one.
"""
    )


def test_sufficiency_is_a_judgement_and_an_empty_one_says_so(analysed):
    assert (
        analysed.read("data/derived/sufficiency.csv")
        == """\
interview,new-initial-codes,first-incident-of,written-after-it,modified,judgement,by,not-judged
jim,3,easy beginnings; minding the money,,,too early,PM,0
eve,0,,,easy beginnings,not judged,PM,0
"""
    )
    assert "sufficiency not judged for eve, the last interview" in analysed.ok("status", "--all")


def test_the_word_saturated_is_in_no_output(analysed):
    for path in (analysed.root / "data/derived").rglob("*.*"):
        assert "saturat" not in path.read_text().casefold()
    for path in (ROOT / "gtpipe").rglob("*.py"):
        assert "saturat" not in path.read_text().casefold()


def test_negative_cases_are_never_none(analysed):
    text = analysed.read("data/derived/negative-cases.md")
    assert (
        "## Contradicts the category becoming believable\n\n> She goes home at five\n>\n> — eve "
        "4\n\nLed to: qualified." in text
    )
    assert "- keeping hours: PM looked on 2026-04-02; none recorded" in text
    assert "## Does not fit the focused code easy beginnings" in text


def test_what_was_found_by_looking_is_shown_and_not_denied(analysed):
    analysed.write(BOOK, THEORY.replace("found: none", 'found: eve 4 "She goes home at five"'))
    analysed.ok("run")
    text = analysed.read("data/derived/theory.md")
    assert (
        "**Does not fit keeping hours**\n\nPM looked on 2026-04-02 and found:\n\n> She goes home "
        "at five\n" in text
    )
    assert (
        '- keeping hours: PM looked on 2026-04-02; eve 4 "She goes home at five"'
        in analysed.read("data/derived/negative-cases.md")
    )


def test_an_empty_theory_says_so(coded):
    assert (
        coded.read("data/derived/theory.md")
        == "# Theory\n\nNo category yet.\n\n## Relations\n\nNo relation yet.\n"
    )
    assert "Nobody is on record as having looked." in coded.read("data/derived/negative-cases.md")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (
            "  definition: how a paid stranger comes to be believed\n",
            "  part-of: keeping hours\n",
            3,
            "is part of itself: becoming believable → keeping hours → becoming believable",
        ),
        (
            "- category: keeping hours",
            "- category: becoming believable",
            7,
            'the category "becoming believable" stands twice',
        ),
        (
            "- from: easy beginnings",
            "- from: easy begginings",
            13,
            'Did you mean "easy beginnings"?',
        ),
        (
            "  to: becoming believable\n  hyp",
            "  to: trusting\n  hyp",
            15,
            'this relation leads to "trusting", which is not there',
        ),
        ("  led-to: qualified\n", "", 28, 'this negative case has no "led-to"'),
        (
            "  memo: 2026-03-21-paid",
            "  memo: 2026-03-22-paid",
            21,
            'no memo "2026-03-22-paid-to-be-nice"',
        ),
        ("    minding the money\n", "    minding money\n", 10, 'Did you mean "minding the money"?'),
        ('eve 4 "She goes', 'eve 4 "They go', 28, "turn 4 of eve does not contain"),
        (
            "  contradicts: becoming believable",
            "  contradicts: being believed",
            29,
            'this contradicts "being believed", which is not there',
        ),
        ("- interview: eve", "- interview: eva", 42, 'no interview "eva"'),
        ("- interview: eve", "- interview: jim", 42, "judged twice"),
        (
            "    easy beginnings\n  by: PM\n",
            "    easy starts\n  by: PM\n",
            44,
            "this interview modified",
        ),
        ("  kind: slows\n", "", 23, 'this relation has no "kind"'),
        ("  found: none\n", "", 33, 'this look has no "found"'),
        ("  found: none\n", '  found: jim 9 "x"\n', 34, "no turn 9 in jim"),
        ("categories:\n", "catgories:\n", 1, 'Did you mean "categories"?'),
        ("  date: 2026-04-02", "  date: April", 36, '"April" is not a date'),
        (
            "- looked-for: keeping hours",
            "- looked-for: keeping the hours",
            33,
            'Did you mean "keeping hours"?',
        ),
    ],
)
def test_what_does_not_hold_is_told_with_its_row_and_nothing_is_written(
    analysed, old, new, line, says
):
    assert old in THEORY
    analysed.write(BOOK, THEORY.replace(old, new))
    before = analysed.hashes()
    for name in ("check", "theoretical-code"):
        ran = analysed(name)
        told = ran.out + ran.err
        assert ran.code == 1 and any(
            f"{BOOK}:{line}: " in text and says in text for text in told.split("\n")
        ), told
    assert analysed.hashes() == before
    assert analysed("focused-code").code == 0


def test_status_tells_the_change_in_words(analysed):
    def stage(name: str) -> str:
        return next(
            line for line in analysed.ok("status").split("\n") if line.split()[:1] == [name]
        )

    analysed.write(
        "data/focused-codes.yaml",
        analysed.read("data/focused-codes.yaml").replace("a start that", "any start that"),
    )
    assert 'stale: focused code "easy beginnings" redefined' in stage("focused-code")
    assert "fresh" in stage("initial-code")
    analysed.write(
        BOOK, THEORY.replace("hypothesis: nobody was sent", "hypothesis: no one was sent")
    )
    assert (
        'relation "easy beginnings opens the way to becoming believable": hypothesis changed'
        in stage("theoretical-code")
    )
    analysed.ok("run")
    analysed.write(BOOK, THEORY + "# a remark\n")
    analysed.write(BOOK, analysed.read(BOOK).replace("no one", "nobody"))
    assert '"minding the money slows becoming believable" has no support yet' in analysed.ok(
        "status", "--all"
    )


def test_a_long_turn_is_cut_at_a_sentence_and_says_so(analysed):
    """Of the words that are shown none is altered; where they end, and how many follow, is said."""
    path = "data/transcripts/jim.md"
    sentences = " ".join(f"This is the sentence {number}, er, of mine." for number in range(1, 31))
    analysed.write(
        path, analysed.read(path).replace("Him being paid and that. <laughs>", sentences)
    )
    analysed.ok("theoretical-code")
    quoted = analysed.read("data/derived/theory.md").partition("> This is the sentence 1,")[2]
    assert quoted.partition("\n\n")[0].endswith(
        "This is the sentence 9, er, of mine. […]\n>\n> — jim 4 (the first 82 of 250 words)"
    )


def test_a_search_that_found_none_is_on_the_page_beside_the_cases_that_are_known(analysed):
    looks = "".join(
        f"- looked-for: '{label}'\n  found: none\n  by: KR\n  date: 2026-04-03\n"
        for label in (
            "becoming believable",
            "focused: easy beginnings",
            "focused: minding the money",
            "easy beginnings opens the way to becoming believable",
        )
    )
    analysed.write(BOOK, THEORY.replace("\nsufficiency:", f"{looks}\nsufficiency:"))
    analysed.ok("theoretical-code")
    page = analysed.read("data/derived/theory.md")
    assert page.count("None found besides: KR looked on 2026-04-03.") == 3
    assert page.count("No negative case recorded (KR looked on 2026-04-03).") == 1


@pytest.mark.parametrize("name", ["focused-codes.yaml", "theory.yaml"])
def test_a_line_less_is_a_smaller_study_or_a_problem_at_the_right_line(tmp_path, name):
    """Every line of the study in the repository, one after the other."""
    root = tmp_path / "study"
    root.mkdir()
    shutil.copy(ROOT / "pipeline.yaml", root)
    shutil.copytree(
        ROOT / "data", root / "data", ignore=shutil.ignore_patterns("derived", "sources", ".*")
    )
    target = root / "data" / name
    lines = target.read_text().split("\n")
    starts = [
        n
        for n, line in enumerate(lines, 1)
        if line.startswith("- ") or (line and not line[0].isspace())
    ] + [len(lines)]
    for number in range(1, len(lines)):
        target.write_text("\n".join(lines[: number - 1] + lines[number:]))
        read = load(Study(root))
        first = max((start for start in starts if start <= number), default=1)
        before = max((start for start in starts if start < first), default=1)
        last = min((start for start in starts if start > number), default=len(lines))
        last = min((start for start in starts if start > last), default=last)
        if (
            lines[number - 1].endswith(":") and not lines[number - 1][0].isspace()
        ):  # a whole part hangs on it
            last = len(lines)
        words = (
            lines[number - 1].strip().removeprefix("- ").partition(": ")[2]
            or lines[number - 1].strip()
        )
        for problem in read.errors():
            assert problem.line, (number, lines[number - 1], problem)
            near = problem.path.endswith(name) and before - 1 <= problem.line <= last
            assert near or (words and words in problem.what), (number, lines[number - 1], problem)


@pytest.fixture(scope="module")
def a_study(tmp_path_factory) -> Path:
    """A copy of the study in the repository, for what only reads it."""
    root = tmp_path_factory.mktemp("mutated") / "study"
    root.mkdir()
    shutil.copy(ROOT / "pipeline.yaml", root)
    shutil.copytree(
        ROOT / "data", root / "data", ignore=shutil.ignore_patterns("derived", "sources", ".*")
    )
    return root


@given(st.sampled_from([FOCUSED_CODES, BOOK]), st.data())
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_mutation_of_the_analysis_is_a_traceback(a_study, path, data):
    """One character other in the real files: problems with their lines, or everything is laid out;
    nothing else.
    """
    text = (ROOT / path).read_text()
    at = data.draw(st.integers(0, len(text) - 1))
    char = data.draw(
        st.one_of(
            st.sampled_from(list("\t\n:#|>-[]{}\"'*&! ")),
            st.characters(codec="utf-8", exclude_categories=("Cs",)),
        )
    )
    (a_study / path).write_bytes((text[:at] + char + text[at + 1 :]).encode())
    try:
        read = load(Study(a_study))
        assert all(problem.what for problem in (*read.problems, *read.all_notes()))
        if not read.errors():
            for think in run.outcomes().values():
                think(read, NOTHING)
    finally:
        (a_study / path).write_text(text)


def test_the_diagram_names_what_it_shows_and_hides_nothing(analysed):
    text = analysed.read("data/derived/theory.mmd")
    assert text.startswith("flowchart LR\n  n")
    assert '["becoming believable"]' in text and '(["easy beginnings"])' in text
    assert '-->|"opens the way to"|' in text and "-. part of .->" in text
    analysed.write(
        BOOK,
        THEORY.replace("becoming believable", '"how: \\"so\\" #1 <b>"').replace(
            '"how: \\"so\\" #1 <b>"\n  definition', '"how: \\"so\\" #1 <b>"\n  definition'
        ),
    )
    assert analysed("theoretical-code").code == 0
    assert '["how#58; #34;so#34; #35;1 #60;b#62;"]' in analysed.read("data/derived/theory.mmd")


def test_the_diagram_renders(tmp_path):
    """With mermaid-cli, where it is installed: `GTPIPE_MMDC` names it, with its own options behind
    it.
    """
    program = os.environ.get("GTPIPE_MMDC") or shutil.which("mmdc")
    if not program:
        pytest.skip("no mermaid-cli (mmdc) on this machine")
    ran = subprocess.run(
        [
            *program.split(),
            "-i",
            str(ROOT / "data/derived/theory.mmd"),
            "-o",
            str(tmp_path / "theory.svg"),
        ],
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert "becoming believable" in (tmp_path / "theory.svg").read_text()


def test_a_level_in_front_means_the_same_thing(analysed):
    """`focused: easy beginnings` is easy beginnings, wherever it is named."""
    before = analysed.hashes()
    analysed.write(
        BOOK,
        THEORY.replace("    easy beginnings\n", "    focused: easy beginnings\n")
        .replace("part-of: becoming", 'part-of: "category: becoming')
        .replace("believable\n  focused", 'believable"\n  focused')
        .replace("- from: easy", '- from: "focused: easy')
        .replace("beginnings\n  kind", 'beginnings"\n  kind')
        .replace("looked-for: keeping hours", 'looked-for: "category: keeping hours"'),
    )
    book = analysed.read("data/focused-codes.yaml")
    analysed.write(
        "data/focused-codes.yaml",
        book.replace("    noticing the pay\n", "    initial: noticing the pay\n"),
    )
    analysed.ok("run")
    after = analysed.hashes()
    assert {name for name in before if before[name] != after.get(name)} == {
        BOOK,
        "data/focused-codes.yaml",
    }


def test_one_label_on_two_levels_stays_two_things(analysed):
    both = THEORY.replace("- from: easy beginnings", '- from: "focused: easy beginnings"').replace(
        "becoming believable", "easy beginnings"
    )
    analysed.write(BOOK, both)
    ran = analysed("check")
    assert (
        ran.code == 0
        and '"easy beginnings" is a label of focused and category; the category is meant' in ran.out
    )
    analysed.ok("theoretical-code")
    diagram = analysed.read("data/derived/theory.mmd")
    assert '["easy beginnings"]' in diagram and '(["easy beginnings"])' in diagram
    for line in diagram.split("\n"):
        ends = [word for word in line.split() if word.startswith("n") and len(word) == 9]
        assert len(ends) < 2 or ends[0] != ends[-1]


def test_a_negative_case_of_a_relation_is_its_contradiction(analysed):
    analysed.write(
        BOOK,
        THEORY.replace(
            "  contradicts: becoming believable",
            "  contradicts: minding the money slows becoming believable",
        ),
    )
    analysed.ok("run")
    text = analysed.read("data/derived/theory.md")
    assert "Contradiction: as follows.\n\n> She goes home at five" in text


def test_a_deep_chain_of_categories_is_told(analysed):
    chain = "categories:\n- category: c0\n" + "".join(
        f"- category: c{n}\n  part-of: c{n - 1}\n" for n in range(1, 1500)
    )
    analysed.write(BOOK, chain)
    ran = analysed("theoretical-code")
    assert ran.code == 1 and "more than 20 levels" in ran.err


def test_a_relation_written_twice_is_told(analysed):
    analysed.write(
        BOOK,
        THEORY.replace(
            "- from: minding the money\n  kind: slows",
            "- from: easy beginnings\n  kind: opens the way to",
        ),
    )
    assert "stands twice. The first is at line 13" in analysed("check").out
