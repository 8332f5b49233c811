"""Numbers, statuses and notes of codes: a code book that becomes a framework."""

from __future__ import annotations

import json

import pytest
from conftest import StudyFolder, git

BOOK = """\
# the framework

- code: money
  number: 1

- code: noticing the pay
  number: 1.10, 2.1
  status: provisional
  definition: the wage is named
  notes: |
    from the team: pay, and who is asked

- code: meeting around the ward
  number: 1.9

- code: it went from there
"""


def book(study: StudyFolder) -> str:
    return study.read("data/codebook.yaml")


def test_a_framework_is_laid_out_by_number_with_its_sizes(coded):
    coded.write("data/codebook.yaml", BOOK)
    coded.ok("run")
    assert coded.read("data/derived/framework.md") == (
        "# Framework\n\n"
        "3 codes in 2 domains, 1 of them provisional (?).\n\n"
        "## 1 money\n\n"
        "3 codes, 4 incidents: eve, jim.\n\n"
        "- 1.9 meeting around the ward: 2 incidents: eve, jim\n"
        "- 1.10 noticing the pay ?: 2 incidents: eve, jim\n"
        "  - Also: 2.1\n"
        "  - Definition: the wage is named\n"
        "  - Notes: from the team: pay, and who is asked\n\n"
        "## 2\n\n"
        "1 code, 2 incidents: eve, jim.\n\n"
        "- 2.1 noticing the pay ?: 2 incidents: eve, jim\n"
        "  - Also: 1.10\n"
        "  - Definition: the wage is named\n"
        "  - Notes: from the team: pay, and who is asked\n\n"
        "## Without a number\n\n"
        "In the code book: 1.\n\n- it went from there\n"
    )
    assert coded.read("data/derived/codebook.csv").splitlines()[4] == (
        "noticing the pay,the wage is named,,jim 4,,2,2,2,"
        '"1.10, 2.1",provisional,"from the team: pay, and who is asked"'
    )
    assert "noticing the pay ?" in coded.ok("codes", "list")
    listed = json.loads(coded.ok("codes", "list", "--format", "json"))
    assert "noticing the pay" in [row["code"] for row in listed]
    assert "Status: provisional\n" in coded.ok("codes", "show", "noticing the pay")


def test_a_study_without_numbers_has_no_framework(coded):
    before = coded.hashes()
    assert "data/derived/framework.md" not in before
    numbered = book(coded).replace(
        "- code: meeting", "- code: money\n  number: 1\n\n- code: meeting"
    )
    coded.write("data/codebook.yaml", numbered)
    coded.ok("run")
    assert coded.read("data/derived/framework.md").startswith("# Framework\n")
    coded.write("data/codebook.yaml", numbered.replace("- code: money\n  number: 1\n\n", ""))
    coded.ok("run")
    assert coded.hashes() == before


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "number: one",
            '"one" is not a number of a framework. Write it as 1.5; several, as 1.5, 5.4.',
        ),
        ("number: 1.5, 5..4", '"5..4" is not a number of a framework. Write it as 1.5'),
        (
            "status: provisonal",
            '"provisonal" is not a status of a code. Did you mean "provisional"',
        ),
        ("status: yes", "Write provisional; nothing where it is settled."),
    ],
)
def test_what_is_no_number_or_status_is_told_with_its_line(coded, line, told):
    coded.write("data/codebook.yaml", f"- code: noticing the pay\n  {line}\n")
    ran = coded("check")
    assert ran.code == 1 and "data/codebook.yaml:2: " in ran.out and told in ran.out


def test_a_nought_in_front_makes_no_other_domain(coded):
    coded.write("data/codebook.yaml", BOOK.replace("1.9", "01.9"))
    coded.ok("run")
    assert "3 codes in 2 domains" in coded.read("data/derived/framework.md")


def test_one_number_of_two_codes_is_noted(coded):
    coded.write("data/codebook.yaml", BOOK.replace("1.9", "2.01"))
    assert (
        '"meeting around the ward" and "noticing the pay" have the same number, 2.01 and 2.1. If '
        "that is not meant, change one: the other is at line 6."
    ) in coded.ok("check")


def test_define_writes_numbers_and_a_code_that_is_not_in_use_yet(coded):
    coded.ok("codes", "define", "being asked", "--new")
    coded.ok("codes", "define", "money", "--new", "--number", "1.5,5.4", "--status", "provisional")
    assert book(coded).endswith(
        '- code: being asked\n\n- code: money\n  number: "1.5,5.4"\n  status: provisional\n'
    )
    coded.ok("codes", "define", "money", "--status", "settled", "--notes", "from the team\npay")
    assert book(coded).endswith("  status: settled\n  notes: |-\n    from the team\n    pay\n")
    before = book(coded)
    for refused, told in (
        (("money", "--number", "x"), '"x" is not a number of a framework'),
        (("being asked", "--new"), '"being asked" stands in data/codebook.yaml already'),
        (("money",), "say what to write: a DEFINITION, --include, --exclude, --number"),
    ):
        ran = coded("codes", "define", *refused)
        assert ran.code in (1, 2) and told in ran.err
    assert book(coded) == before


def test_a_rename_keeps_them_and_a_merge_keeps_those_of_its_target(coded):
    coded.write("data/codebook.yaml", BOOK)
    coded.ok("codes", "rename", "noticing the pay", "minding the pay", "--why", "stronger")
    assert "- code: minding the pay\n  number: 1.10, 2.1\n  status: provisional\n" in book(coded)
    coded.ok("codes", "merge", "minding the pay", "--into", "money", "--why", "one thing")
    assert "- code: money\n  number: 1\n" in book(coded)
    assert "#   number: 1.10, 2.1\n" in book(coded)


def test_diff_tells_numbered_renumbered_settled_and_noted(coded):
    coded.write("data/codebook.yaml", BOOK)
    git("init", "-q", cwd=coded.root)
    git("add", "-A", cwd=coded.root)
    git("commit", "-qm", "34", cwd=coded.root)
    later = BOOK.replace("1.9", "1.3").replace("  status: provisional\n", "")
    later = later.replace("number: 1\n", "notes: a domain once\n")
    coded.write("data/codebook.yaml", f"{later}  number: 3.1\n")
    assert coded.ok("diff") == (
        "From HEAD to your files\n\nCodes\n"
        '  numbered          "it went from there": 3.1\n'
        '  renumbered        "meeting around the ward": 1.9 → 1.3\n'
        '  without a number  "money": 1\n'
        '  noted             "money": a domain once\n'
        '  settled           "noticing the pay"\n'
    )
    coded.write("data/codebook.yaml", BOOK + "  number: 3.1\n")
    assert coded.ok("diff").startswith("From HEAD to your files: codes with a number 3 → 4\n")
    git("commit", "-qam", "65", cwd=coded.root)
    assert "1 code numbered (it went from there)" in coded.ok("history")


def test_they_go_out_and_come_back(coded):
    coded.write("data/codebook.yaml", BOOK)
    coded.ok("codes", "export", "--output", "book.yaml")
    assert '  number: "1.10, 2.1"\n  status: provisional\n' in coded.read("book.yaml")
    coded.write("data/codebook.yaml", "")
    coded.ok("codes", "import", "book.yaml")
    assert '  number: "1.10, 2.1"\n' in book(coded) and '  notes: "from the team: pay' in book(
        coded
    )
