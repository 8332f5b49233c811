"""What was promised to participants: `data/ethics.yaml`, `gtpipe ethics`, and what `status`,
`check` and `quotes` say of it. Nothing is blocked, and nothing asked of a study that has no such
file.
"""

from __future__ import annotations

import csv
import io
import json

import pytest
from conftest import git, hashes
from hypothesis import given
from hypothesis import strategies as st

from gtpipe.analysis import ethics as analysis
from gtpipe.cli import options
from gtpipe.formats import ethics
from gtpipe.gitdriver.merge import merge_texts
from gtpipe.model.ethics import Consent, Destruction, Ethics
from gtpipe.model.problems import UserError
from gtpipe.model.records import Named, Where

ETHICS = """\
# kept by PM
- approved: 2013-12-20
  reference: 13/EM/0459
- amendment: 2014-07-01
  what: recruit by poster
  because: the workers may choose whom they ask
- consent: jim
  date: 2026-03-01
  may-withdraw-until: 2026-04-01
  quotes: no

- destroy: data/sources/jim.txt
  by-date: 2031-03-01
  done:
"""


@pytest.fixture
def promised(coded, monkeypatch):
    coded.write("data/ethics.yaml", ETHICS)
    coded.day = lambda day: monkeypatch.setattr(options, "today", lambda: day)
    coded.day("2026-03-20")
    return coded


def test_it_is_laid_out_with_what_is_due_beside_it(promised):
    assert promised.ok("ethics") == (
        "Approved\n"
        "  2013-12-20 13/EM/0459\n"
        "\n"
        "Changed since\n"
        "  2014-07-01 recruit by poster\n"
        "    because the workers may choose whom they ask\n"
        "\n"
        "Consents\n"
        "  jim: 2026-03-01, may withdraw until 2026-04-01, quotes: no\n"
        "\n"
        "Coded without a consent\n"
        "  eve\n"
        "\n"
        "To be destroyed\n"
        "  data/sources/jim.txt by 2031-03-01: not done\n"
    )


def test_the_window_is_open_on_its_last_day_and_what_is_due_is_late_on_the_day_after(promised):
    promised.day("2026-04-01")
    assert "may still withdraw: jim until 2026-04-01  (gtpipe ethics)" in promised.ok("status")
    promised.day("2026-04-02")
    assert "withdraw" not in promised.ok("status")
    assert "jim: 2026-03-01, could withdraw until 2026-04-01" in promised.ok("ethics")
    promised.day("2031-03-01")
    assert "destroyed" not in promised.ok("status")
    promised.day("2031-03-02")
    assert (
        "  to be destroyed by 2031-03-01, and not done: data/sources/jim.txt  "
        "(when done, write the day behind `done:` at data/ethics.yaml:12)\n"
    ) in promised.ok("status")
    assert "2031-03-01: not done, and the day has passed" in promised.ok("ethics")


def test_what_is_said_to_be_destroyed_and_is_there_is_told(promised):
    promised.write("data/ethics.yaml", ETHICS.replace("done:", "done: 2030-01-01"))
    told = "said to be destroyed, and still there: data/sources/jim.txt  (data/ethics.yaml:12)"
    assert told in promised.ok("status")
    assert "by 2031-03-01: done, and still there (2030-01-01)" in promised.ok("ethics")
    (promised.root / "data/sources/jim.txt").unlink()
    assert "destroyed" not in promised.ok("status")
    assert "by 2031-03-01: done (2030-01-01)" in promised.ok("ethics")


def test_interviews_that_are_coded_without_a_consent_are_told(promised):
    told = "  1 interview coded without a consent of eve  (data/ethics.yaml)\n"
    assert told in promised.ok("status")
    promised.write("data/ethics.yaml", ETHICS + "- consent: eve\n")
    assert "without a consent" not in promised.ok("status")
    promised.write("in/zoe.txt", "I: And?\n\nP: No.\n")
    promised.ok("ingest", "in/zoe.txt")
    assert "without a consent" not in promised.ok("status")  # nobody has coded it
    promised.ok("code", "zoe", "2", "refusing")
    assert "1 interview coded without a consent of zoe" in promised.ok("status")


def test_programs_are_told_the_same(promised):
    found = json.loads(promised.ok("ethics", "--format", "json"))
    assert [(one["kind"], one["what"], one["state"], one["line"]) for one in found] == [
        ("approved", "13/EM/0459", "", "data/ethics.yaml:2"),
        ("amendment", "recruit by poster", "", "data/ethics.yaml:4"),
        ("consent", "jim", "may withdraw", "data/ethics.yaml:7"),
        ("no consent", "eve", "coded", ""),
        ("destroy", "data/sources/jim.txt", "not done", "data/ethics.yaml:12"),
    ]
    rows = list(csv.DictReader(io.StringIO(promised.ok("ethics", "--format", "csv"))))
    assert rows[2]["quotes"] == "no" and rows[2]["until"] == "2026-04-01"
    status = json.loads(promised.ok("status", "--format", "json"))
    assert ["1 interview coded without a consent of eve"] in [row["why"] for row in status]


def test_an_extract_of_somebody_who_is_not_to_be_quoted_is_a_finding(promised):
    promised.write(
        "chapter.md",
        "“it went from there” (Jim) and “She goes home at five” (Eve), "
        "“it went from here” (Jim).\n",
    )
    ran = promised("quotes", "chapter.md", "--format", "csv")
    found = [(row["quotation"], row["verdict"]) for row in csv.DictReader(io.StringIO(ran.out))]
    assert found == [
        ("it went from there", "exact"),
        ("it went from there", "of somebody who is not to be quoted"),
        ("She goes home at five", "exact"),
        ("it went from here", "altered without a mark"),
        ("it went from here", "of somebody who is not to be quoted"),
    ]
    assert ran.code == 1
    assert "data/ethics.yaml:7 says `quotes: no`" in promised("quotes", "chapter.md").out
    promised.write("data/ethics.yaml", ETHICS.replace("quotes: no", "quotes: yes"))
    promised.write("chapter.md", "“it went from there” (Jim)\n")
    assert promised("quotes", "chapter.md").code == 0


def test_extracts_of_theirs_are_not_given_out_to_paste(promised):
    ran = promised("quotes", "--insert", "noticing the pay")
    assert "jim" not in ran.out and "eve" in ran.out
    assert "1 extract left out: jim said no to being quoted" in ran.err
    ran = promised("quotes", "--insert", "it went from there")
    assert ran.out == "" and "No extract" not in ran.err


def test_what_is_wrong_in_it_has_its_line_and_blocks_nothing(promised):
    promised.write(
        "data/ethics.yaml",
        "- approved: last year\n"
        "- consent: jim\n"
        "  date: 2026-3-1\n"
        "  quotes: perhaps\n"
        "  may-withdraw: 2026-04-01\n"
        "- consent: eve\n"
        "  date: 2026-03-01\n"
        "  may-withdraw-until: 2026-02-01\n"
        "- consents: jim\n"
        "- destroy:\n"
        "- consent: jmi\n",
    )
    ran = promised("check")
    lines = [line for line in ran.out.split("\n") if line.startswith("data/ethics.yaml")]
    assert [line.split(". ")[0].rstrip(".") for line in lines] == [
        'data/ethics.yaml:1: "last year" is not a date',
        'data/ethics.yaml:3: "2026-3-1" is not a date',
        'data/ethics.yaml:4: "quotes" is "perhaps"',
        'data/ethics.yaml:5: a consent has no field "may-withdraw"',
        "data/ethics.yaml:8: the window to withdraw ends on 2026-02-01, before the consent of "
        "2026-03-01",
        "data/ethics.yaml:9: this entry does not say what it is",
        "data/ethics.yaml:10: this entry does not say what is to be destroyed",
        'data/ethics.yaml:11: note: a consent of "jmi", and no participant is called so',
    ]
    assert 'Did you mean "jim"?' in lines[-1] and 'Did you mean "consent"?' in lines[5]
    assert ran.code == 1
    assert promised("ethics").code == 1  # what can be read is shown
    for command in (
        ["run"],
        ["status"],
        ["code", "jim", "4", "x"],
        ["who", "x"],
        ["evaluation"],
        ["report"],
    ):
        promised.ok(*command)


@pytest.mark.parametrize("text", ["- consent: [jim\n", "<<<<<<< a\n=======\n>>>>>>> b\n", "a: b\n"])
def test_a_file_that_cannot_be_read_is_an_error_of_check_and_blocks_nothing(promised, text):
    promised.write("data/ethics.yaml", text)
    assert "data/ethics.yaml:1: " in promised("check").out
    assert promised("ethics").code == 1
    for command in (["run"], ["status"], ["code", "jim", "4", "x"], ["evaluation"]):
        promised.ok(*command)
    assert "without a consent" not in promised.ok("status")


def test_a_file_of_the_wrong_name_is_told(coded):
    coded.write("data/ethics.yml", ETHICS)
    assert "data/ethics.yml: this is not read: the file is called ethics.yaml" in coded("check").out
    coded.ok("run")


def test_nothing_is_asked_of_a_study_without_it(coded):
    before = hashes(coded.root)
    ran = coded("ethics")
    assert ran.code == 0 and ran.out.startswith("No data/ethics.yaml: ")
    assert coded.ok("ethics", "--format", "json") == "[]\n"
    assert "consent" not in coded.ok("status")
    assert hashes(coded.root) == before


def test_derived_files_depend_neither_on_it_nor_on_the_day(analysed, monkeypatch):
    analysed.ok("run")
    before = hashes(analysed.root)
    analysed.write("data/ethics.yaml", ETHICS)
    for day in ("2026-01-01", "2040-01-01"):
        monkeypatch.setattr(options, "today", lambda day=day: day)
        assert "fresh" in analysed.ok("run")
        analysed.ok("status")
    after = hashes(analysed.root)
    assert after.pop("data/ethics.yaml") and after == before


def test_two_people_write_consents_and_git_brings_them_together(promised):
    git("init", "-q", "-b", "main", cwd=promised.root)
    promised.ok("git", "setup")
    git("add", "-A", cwd=promised.root)
    git("commit", "-qm", "first", cwd=promised.root)
    git("checkout", "-qb", "other", cwd=promised.root)
    promised.write("data/ethics.yaml", ETHICS + "- consent: eve\n  date: 2026-03-09\n")
    git("commit", "-qam", "eve", cwd=promised.root)
    git("checkout", "-q", "main", cwd=promised.root)
    done = ETHICS.replace("done:", "done: 2026-05-05") + "- consent: zoe\n  date: 2026-03-10\n"
    promised.write("data/ethics.yaml", done)
    git("commit", "-qam", "zoe", cwd=promised.root)
    git("merge", "-q", "other", "-m", "both", cwd=promised.root)
    text = promised.read("data/ethics.yaml")
    assert text == done + "- consent: eve\n  date: 2026-03-09\n"
    shown = git("diff", "HEAD~1", "--", "data/ethics.yaml", cwd=promised.root).stdout
    assert "consent of" in str(shown)


# --- for all --------------------------------------------------------------------------------------

days = st.sampled_from(["", "2026-01-01", "2026-02-01", "2026-02-02", "2027-01-01"])
consents = st.lists(
    st.builds(
        lambda name, line, date, until, quotes: Consent(
            Named(name, Where("x", line)), date, until, quotes, Where("x", line)
        ),
        st.sampled_from(["jim", "eve", "p2", "p10"]),
        st.integers(1, 99),
        days,
        days,
        st.sampled_from([True, False, None]),
    ),
    max_size=8,
)


@given(consents, days.filter(bool))
def test_of_several_consents_the_last_that_says_something_of_a_thing_holds(written, today):
    """Against the plainest reading: walk backwards until one says it."""
    found = Ethics(consents=tuple(written))
    ordered = [
        one for _, one in sorted(enumerate(written), key=lambda pair: (pair[1].date, pair[0]))
    ]
    for name in ("jim", "eve", "p2", "p10"):
        own = [one for one in reversed(ordered) if one.participant.label == name]
        quotes = next((one.quotes for one in own if one.quotes is not None), None)
        until = next((one.may_withdraw_until for one in own if one.may_withdraw_until), "")
        assert (name in analysis.refusing(found)) == (quotes is False)
        assert (name in analysis.may_withdraw(found, today)) == (until != "" and today <= until)


@given(
    st.lists(
        st.builds(
            Destruction,
            st.just("x"),
            days,
            st.sampled_from(["", "no", "2026-01-05", "yes"]),
            st.just(Where("x", 1)),
        )
    ),
    days.filter(bool),
)
def test_what_is_overdue_has_a_day_before_today_and_is_not_done(written, today):
    found = analysis.overdue(Ethics(destructions=tuple(written)), today)
    assert found == [
        one for one in written if one.by_date and one.by_date < today and one.done in ("", "no")
    ]


values = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
keys = st.sampled_from([*ethics.FIELDS, "date", "quotes", "done", "by-date", "what", "whatever"])


@given(st.lists(st.dictionaries(keys, values, max_size=4), max_size=5))
def test_whatever_stands_in_it_is_read_or_told_with_its_line(entries):
    text = "".join(
        "".join(
            f"{'- ' if not number else '  '}{key}: {json.dumps(value, ensure_ascii=False)}\n"
            for number, (key, value) in enumerate(entry.items())
        )
        for entry in entries
    )
    try:
        found, problems = ethics.loads(text)
    except UserError as exc:
        found, problems = Ethics(), list(exc.problems)
    lines = text.count("\n")
    assert all(1 <= problem.line <= lines for problem in problems)
    number = sum(map(len, (found.approvals, found.amendments, found.consents, found.destructions)))
    assert number <= sum(map(bool, entries))


@given(st.permutations(range(4)), st.integers(0, 4))
def test_what_two_sides_add_is_all_there_after_a_merge(order, cut):
    def entry(number):
        return f"- consent: p{number}\n  date: 2026-01-0{number + 1}\n  quotes: yes\n"

    ours = ETHICS + "".join(entry(number) for number in order[:cut])
    theirs = ETHICS + "".join(entry(number) for number in order[cut:])
    merged = merge_texts(ETHICS, ours, theirs)
    found, problems = ethics.loads(merged.text)
    assert merged.conflicts == 0 and problems == []
    assert {one.participant.label for one in found.consents} == {"jim", "p0", "p1", "p2", "p3"}


@pytest.mark.parametrize("typed", ["no", "No", "NO", "false", "False"])
def test_a_no_is_a_no_however_yaml_writes_it(typed):
    written, problems = ethics.loads(f"- consent: jim\n  quotes: {typed}\n")
    assert not problems and [one.quotes for one in written.consents] == [False]


def test_what_is_wrong_is_told_in_the_order_of_the_file():
    text = "- consent: jim\n  quotes: perhaps\n- approved: soon\n- consent: eve\n  date: soon\n"
    assert [problem.line for problem in ethics.loads(text)[1]] == [2, 3, 5]
