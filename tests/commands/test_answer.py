"""An answer to a suggestion: one line in the sheet, one row in the answers, and nothing twice."""

from __future__ import annotations

from gtpipe.commands import answer
from gtpipe.store.layout import Study
from gtpipe.suggest.records import IN_VIVO, Suggestion, TurnRef

JIM = "data/initial-codes/jim.yaml"
ANSWERS = "data/answers.csv"
OFFERED = Suggestion(
    TurnRef("jim", "2"), IN_VIVO, "met him around the ward", 1.0, "", "met him around the ward"
)


def rows(study) -> list[str]:
    (path,) = study.root.glob("data/**/*answers*.csv")
    return path.read_text().splitlines()[1:]


def test_a_code_in_vivo_taken_as_it_is_is_tied_to_its_words(coded):
    taken = answer.take(Study(coded.root), OFFERED)
    assert (taken.label, taken.words) == (OFFERED.label, OFFERED.words)
    assert "    met him around the ward <-\n" in coded.read(JIM)
    assert rows(coded) == ["jim,2,met him around the ward,accepted,PM"]
    assert len(taken.rows) == 1 and taken.changed_sheet


def test_a_suggestion_in_other_words_is_an_edited_one(coded):
    taken = answer.take(Study(coded.root), OFFERED, label=" drifting ", words=" around  the ward ")
    assert (taken.label, taken.words) == ("drifting", "around the ward")
    assert '    drifting <- "around the ward"\n' in coded.read(JIM)
    assert rows(coded) == ["jim,2,met him around the ward,edited,PM"]


def test_one_in_other_words_is_tied_to_none_unless_they_are_said(coded):
    assert answer.take(Study(coded.root), OFFERED, label="drifting").words is None
    assert "\n    drifting\n" in coded.read(JIM)


def test_what_was_answered_already_makes_no_row_again(coded):
    assert len(answer.reject(Study(coded.root), [OFFERED]).rows) == 1
    again = answer.reject(Study(coded.root), [OFFERED])
    assert again.rows == () and not again.changes
    assert rows(coded) == ["jim,2,met him around the ward,rejected,PM"]
