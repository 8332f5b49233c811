"""Suggestions of a person's own codes, and what may belong together: from codings alone, in one
order on every machine."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gtpipe.cli import main
from gtpipe.model.records import Coding
from gtpipe.store.layout import Study
from gtpipe.study import Corpus, load
from gtpipe.suggest import grouping
from gtpipe.suggest.calibration import Calibration
from gtpipe.suggest.code_neighbours import Learner
from gtpipe.suggest.grouping import Codes, not_taken_up
from gtpipe.suggest.records import Suggestion, TurnRef
from gtpipe.suggest.tfidf import TurnTexts, cosines
from gtpipe.suggest.turn_similarity import TurnSimilarity

OLA = """\
I: What is the night shift like?

P: Quiet until two, then the ovens come on and you can't hear yourself.

I: Who do you talk to?

P: Marek, on the ovens. We shout about football over the noise of the ovens.

I: And the money?

P: The money is the only reason. Nights pay a third more.

I: Anything else?

P: No.
"""
BEN = """\
I: What is the night shift like?

P: Loud. Once the ovens come on nobody hears anything.

I: Why nights?

P: Money. Nights pay a third more, and my girl starts college.

I: Who do you talk to?

P: Nobody, I keep my head down.

P: Well. Football, with Marek.
"""
CODES = (
    ("ola", "2", "not hearing yourself", "then the ovens come on and you can't hear yourself"),
    ("ola", "2", "waiting for the noise", None),
    ("ola", "4", "shouting over the noise", None),
    ("ola", "4", "talking football", "shout about football"),
    ("ola", "6", "doing it for the money", None),
)


LATER = (
    ("ben", "2", "not hearing a thing", None),
    ("ben", "4", "paying for college", None),
    ("ben", "4", "doing it for the money", None),
    ("ben", "7", "talking foot-ball", None),
)


def written(root: Path, codes, focused: str = "") -> Corpus:
    """Two interviews on night work, coded by command, read back."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        Path("pipeline.yaml").write_text(
            "study: Nights\nresearchers: {PM: Pat Morgan}\n"
            "speakers: {interviewer: [I], participant: [P]}\n"
        )
        for name, text, day in (("ola", OLA, "2026-02-02"), ("ben", BEN, "2026-02-09")):
            Path(f"{name}.txt").write_text(text)
            assert main(["ingest", f"{name}.txt", "--date", day]) == 0
        for interview, turn, code, words in codes:
            assert (
                main(["code", interview, turn, code, *(("--words", words) if words else ())]) == 0
            )
        if focused:
            Path("data/focused-codes.yaml").write_text(focused)
        assert main(["check"]) == 0
    return load(Study(root))


@pytest.fixture(scope="module")
def bakery(tmp_path_factory) -> Corpus:
    """The first interview is coded."""
    return written(tmp_path_factory.mktemp("bakery"), CODES)


def learner(found: Corpus, *more: Coding) -> Learner:
    made = Learner(found.material)
    made.learn([*found.codings, *more])
    return made


def coding(found: Corpus, label: str) -> Coding:
    return next(coding for coding in found.codings if coding.code == label)


def labels(made: Learner, interview: str, turn: str) -> list[str]:
    return [made.labels[code] for code in made.rank(TurnRef(interview, turn)).codes]


def test_a_turn_is_offered_the_codes_of_the_turns_it_resembles_and_told_which(bakery):
    first = learner(bakery).suggest(TurnRef("ben", "2"), Calibration(), most=1)
    assert first == (
        Suggestion(
            TurnRef("ben", "2"),
            "yours",
            "not hearing yourself",
            0.1,
            "like ola 2",
            like=(TurnRef("ola", "2"),),
        ),
    )
    assert labels(learner(bakery), "ben", "4")[0] == "doing it for the money"
    assert labels(learner(bakery), "ben", "7")[0] == "talking football"


def test_a_code_that_stands_at_the_turn_is_not_offered_there_and_the_turn_is_not_like_itself(
    bakery,
):
    made = learner(
        bakery,
        coding(bakery, "doing it for the money")._replace(
            interview="ben", turn="4", participant="ben"
        ),
    )
    assert "doing it for the money" not in labels(made, "ben", "4")
    assert made.like(made.numbers["doing it for the money"], TurnRef("ben", "4")) == (
        TurnRef("ola", "6"),
    )
    assert made.like(made.numbers["doing it for the money"], TurnRef("ola", "6")) == (
        TurnRef("ben", "4"),
    )


def test_nothing_is_offered_where_nothing_is_worth_saying(bakery):
    made = learner(bakery)
    strength = float(made.rank(TurnRef("ola", "8")).strengths[0])
    never_right = Calibration([(strength, False)] * 100)
    assert made.suggest(TurnRef("ola", "8"), never_right) == ()
    assert Learner(bakery.material).suggest(TurnRef("ola", "8"), Calibration()) == ()


def test_only_initial_codes_that_people_gave_to_participants_train(bakery):
    """Not what gtpipe made, not focused codes beside a turn, not what stands at
    the interviewer's turns."""
    one = bakery.codings[0]
    made = Learner(bakery.material)
    made.learn(
        [
            one._replace(coder="gtpipe"),
            one._replace(level="focused"),
            one._replace(turn="1", participant="", span=None),
        ]
    )
    assert made.rank(TurnRef("ben", "2")).codes.size == 0 and made.labels == []
    made.learn([one])
    assert labels(made, "ben", "2") == [one.code]


@given(st.lists(st.sampled_from([("4", one) for one in CODES] + [("8", CODES[4])]), max_size=6))
def test_nothing_is_learned_from_later_turns_of_the_interview_one_is_in(bakery, later):
    """Whatever its later turns are given, the first turn of ola is offered the same, as strongly;
    what other interviews are given counts."""
    here = TurnRef("ola", "2")
    ben = coding(bakery, "doing it for the money")._replace(interview="ben", turn="4")
    before = [one for one in bakery.codings if (one.interview, one.turn) == here]
    behind = [
        coding(bakery, code[2])._replace(turn=turn, words=None, span=None) for turn, code in later
    ]
    made = Learner(bakery.material)
    made.learn([*before, ben])
    bare = made.rank(here).first(9)
    made.learn(behind)
    ranked = [(made.labels[code], strength) for code, strength in made.rank(here).first(9)]
    assert ranked == [(made.labels[code], strength) for code, strength in bare]
    assert [label for label, _ in ranked] == ["doing it for the money"]


def test_two_coders_who_agree_are_one_incident(bakery):
    alone, both = (
        learner(bakery),
        learner(bakery, *(coding._replace(coder="KR") for coding in bakery.codings)),
    )
    assert (
        alone.rank(TurnRef("ben", "2")).strengths.tolist()
        == both.rank(TurnRef("ben", "2")).strengths.tolist()
    )


@settings(max_examples=30)
@given(
    order=st.permutations(range(len(CODES) + len(LATER))),
    forgotten=st.integers(0, len(CODES) + len(LATER) - 1),
)
def test_it_does_not_matter_in_which_order_codings_are_taught_or_that_one_was_taken_back(
    grouped, order, forgotten
):
    codings, similarity = grouped.codings, TurnSimilarity(grouped.material)
    straight, mixed, without = (Learner(grouped.material, similarity=similarity) for _ in range(3))
    straight.learn(codings)
    mixed.learn(codings[number] for number in order)
    for turn in ("2", "4", "6", "7"):
        assert ranked(mixed, turn) == ranked(straight, turn)
    mixed.forget(codings[forgotten])
    without.learn(coding for coding in codings if coding != codings[forgotten])
    for turn in ("2", "4", "6", "7"):
        assert ranked(mixed, turn) == ranked(without, turn)


def ranked(made: Learner, turn: str) -> list[tuple[str, float]]:
    found = made.rank(TurnRef("ben", turn))
    return [
        (made.labels[code], strength)
        for code, strength in zip(found.codes, found.strengths.tolist(), strict=True)
    ]


def test_equals_come_in_label_order(bakery):
    made = Learner(bakery.material)
    made.learn(
        coding(bakery, "doing it for the money")._replace(code=code)
        for code in ("zzz", "Yyy", "xxx")
    )
    assert labels(made, "ben", "2") == ["xxx", "Yyy", "zzz"]


def test_the_codes_of_the_turn_before_count_as_much_as_codes_came_again_in_this_study(bakery):
    """Whoever codes passages sees the code of the turn before move up; whoever codes line by
    line does not."""
    one = bakery.codings[0]._replace(span=None, words=None)
    passages, lines = Learner(bakery.material), Learner(bakery.material)
    passages.learn(one._replace(turn=turn, code="being worn down") for turn in ("2", "4", "6"))
    lines.learn(
        one._replace(turn=turn, code=code)
        for turn, code in (("2", "being worn down"), ("4", "xyz"), ("6", "being worn down"))
    )
    here = TurnRef("ola", "8")

    def strengths(made: Learner) -> dict[str, float]:
        ranked = made.rank(here)
        return {made.labels[code]: strength for code, strength in ranked.first(99)}

    def rise(made: Learner) -> float:
        with_before = strengths(made)
        made._weights = made._weights._replace(before=0)
        without = strengths(made)
        return round(with_before["being worn down"] - without["being worn down"], 4)

    assert rise(passages) == round(
        0.5 * 3 / 12, 4
    )  # twice of two came again, and one of ten is assumed
    assert rise(lines) == round(0.5 * 1 / 12, 4)


def test_a_yes_is_like_the_yes_to_the_same_question(empty):
    """A turn is seen with the question that it answers."""
    empty.write(
        "in/mum.txt",
        "I: Did you sleep at all?\n\nP: Yes.\n\nI: Was your brother there?\n\nP: Yes.\n\n"
        "I: And your brother's wife, was she there?\n\nP: Yes.\n\nI: And how did you sleep?\n\n"
        "P: Yes.\n",
    )
    empty.ok("ingest", "in/mum.txt", "--date", "2026-02-02")
    empty.ok("code", "mum", "2", "resting")
    empty.ok("code", "mum", "4", "kin")
    made = learner(load(Study(empty.root)))
    assert (labels(made, "mum", "6"), labels(made, "mum", "8")) == (
        ["kin", "resting"],
        ["resting", "kin"],
    )


def test_turns_without_a_word_do_no_harm(empty):
    empty.write("in/mum.txt", "I: …\n\nP: …\n\nI: ?\n\nP: – –\n")
    empty.ok("ingest", "in/mum.txt", "--date", "2026-02-02")
    empty.ok("code", "mum", "2", "…")
    assert labels(learner(load(Study(empty.root))), "mum", "4") == ["…"]


WORDS = st.lists(
    st.sampled_from("ovens oven's noise money a football très 火".split()), max_size=6
).map(" ".join)


@given(
    texts=st.lists(WORDS, min_size=1, max_size=6).filter(lambda texts: any(map(str.strip, texts))),
    end=st.integers(1, 6),
)
def test_words_are_as_alike_as_scikit_learn_says_and_later_texts_do_not_matter(texts, end):
    from sklearn.feature_extraction.text import TfidfVectorizer

    from gtpipe.suggest.tfidf import WORD

    end = min(end, len(texts))
    made = TurnTexts(texts)
    ours = cosines(made.words[:end], made.words[:end], made.weights("words", end))
    if not any(map(str.strip, texts[:end])):
        assert not ours.any()
        return
    rows = TfidfVectorizer(token_pattern=WORD.pattern, sublinear_tf=True).fit_transform(texts[:end])
    assert abs(ours - (rows @ rows.T).toarray()).max() < 1e-12


@given(
    texts=st.lists(WORDS | st.text("aéßİ'’_1 .火\n", max_size=12), min_size=1, max_size=5),
    label=WORDS,
)
def test_words_and_characters_are_counted_as_scikit_learn_counts_them(texts, label):
    from sklearn.feature_extraction.text import CountVectorizer

    from gtpipe.suggest.tfidf import CHARACTERS, WORD

    words = CountVectorizer(token_pattern=WORD.pattern)
    analysed = words.build_analyzer()
    known = sorted({word for text in texts for word in analysed(text)}) or ["nothing"]
    words.set_params(vocabulary=known)
    characters = CountVectorizer(analyzer="char_wb", ngram_range=CHARACTERS)
    spelled = characters.fit_transform(known).toarray()
    made = TurnTexts(texts)
    damped = words.transform(texts).toarray().astype(float)
    damped[damped > 0] = 1 + np.log(damped[damped > 0])
    assert (made.words.rows.toarray() == damped).all()
    found = damped @ spelled
    found[found > 0] = 1 + np.log(found[found > 0])
    assert abs(made.characters.rows.toarray() - found).max() < 1e-12
    in_label = characters.transform([" ".join(analysed(label))]).toarray().astype(float)
    in_label[in_label > 0] = 1 + np.log(in_label[in_label > 0])
    assert (made.labels([label]).rows.toarray() == in_label).all()


@pytest.mark.parametrize("until", ["", "ben"])
def test_a_turn_by_itself_is_as_near_as_among_the_turns_of_its_interview(bakery, until):
    one, all_ = (learner(bakery) for _ in "ab")
    one.similarity.turn_by_turn = True
    for at in one.similarity.rows:
        ours, theirs = one.rank(at, until), all_.rank(at, until)
        assert (ours.codes == theirs.codes).all() and (ours.strengths == theirs.strengths).all()
        row = one.similarity.rows[at]
        for mine, other in zip(
            one.similarity.turns(row, until), all_.similarity.turns(row, until), strict=True
        ):
            assert (mine == other).all()


@given(
    past=st.lists(st.tuples(st.floats(0, 3), st.booleans()), max_size=300),
    strengths=st.lists(st.floats(0, 3), min_size=2, max_size=9),
)
def test_a_score_is_0_to_1_and_never_falls_as_strength_rises(past, strengths):
    scores = [Calibration(past).score(strength) for strength in sorted(strengths)]
    assert scores == sorted(scores) and scores[0] >= 0 and scores[-1] <= 1


def test_a_score_is_the_share_that_was_right_among_past_suggestions_as_strong():
    past = [(0.2, number % 10 == 0) for number in range(100)] + [
        (0.9, number % 2 == 0) for number in range(100)
    ]
    made = Calibration(past)
    assert (made.score(0.2), made.score(0.9), made.score(5)) == (
        0.1,
        0.48,
        0.48,
    )  # 50 of 100, held back by four guesses
    assert Calibration().score(1.0) == 0.1


# --- focused codes --------------------------------------------------------------------------------


FOCUSED = """\
- focused: living with noise
  takes-up: |
    not hearing yourself
    shouting over the noise

- focused: nights for a reason
  takes-up: |
    doing it for the money
    paying for college

- focused: parked one
  parked: too thin
  takes-up: |
    talking football
"""


@pytest.fixture(scope="module")
def grouped(tmp_path_factory) -> Corpus:
    """Both interviews are coded, and there are focused codes."""
    return written(tmp_path_factory.mktemp("grouped"), (*CODES, *LATER), FOCUSED)


def codes(found: Corpus, focused: dict | None = None) -> Codes:
    material = found.material if focused is None else replace(found.material, focused=focused)
    return Codes(material, found.codings, found.current)


def test_of_very_many_codes_those_with_most_incidents_are_compared(grouped, monkeypatch):
    every = codes(grouped).labels
    monkeypatch.setattr(grouping, "MOST_CODES", 2)
    made = codes(grouped)
    assert made.labels == ["doing it for the money", "not hearing a thing"]
    assert len(every) > 2 and made.strengths().shape[0] == 2 and made.alike.shape == (2, 2)
    assert isinstance(made.ranks(), list) and made.groups(made.labels) == ()


def test_a_new_code_is_laid_beside_the_nearest_code_of_each_focused_code_with_their_incidents(
    grouped,
):
    made = codes(grouped)
    first, *_ = made.fits(["not hearing a thing"], made.strengths())
    assert first._replace(score=0) == (
        "not hearing a thing",
        "living with noise",
        0,
        "not hearing yourself",
        (TurnRef("ben", "2"),),
        (TurnRef("ola", "2"),),
    )
    assert 0 < first.score <= 1


def test_a_code_is_looked_for_without_knowing_which_focused_code_takes_it_up(grouped):
    """Each of the four stands nearest to the fellow that it was taken up with, though its own part
    in the focused code is left out."""
    made = codes(grouped)
    assert list(made.focused) == ["living with noise", "nights for a reason"]
    assert made.ranks() == [1, 1, 1, 1]
    assert made.ranks_by_size() == [2, 2, 2, 2]  # one fellow left in its own, two in the other


def test_how_near_a_code_is_to_a_focused_code_is_the_cosine_with_the_sum_of_the_others(grouped):
    """Worked out pair by pair: of labels and of incidents, the mean of both; the code itself is
    left out of its own."""
    made = codes(grouped)

    def near(row: int, members: list[int]) -> float:
        others = [number for number in members if number != row]
        cosine = [
            sum(pairs[row, other] for other in others)
            / sum(pairs[one, other] for one in others for other in others) ** 0.5
            for pairs in (made.alike, made.shared)
        ]
        return sum(cosine) / 2

    expected = [
        [near(row, members) for members in made.focused.values()] for row in range(len(made.labels))
    ]
    assert made.strengths().tolist() == [pytest.approx(row, abs=1e-4) for row in expected]


def test_a_code_that_is_alone_in_its_focused_code_is_near_to_nothing_there(grouped):
    focused = dict(grouped.material.focused)
    noise = focused["living with noise"]
    focused["living with noise"] = replace(noise, takes_up=noise.takes_up[:1])
    made = codes(grouped, focused)
    assert made.strengths()[made.number["not hearing yourself"], 0] == 0
    assert "living with noise" not in [
        fit.focused for fit in made.fits(["not hearing yourself"], made.strengths())
    ]


def test_labels_that_look_alike_are_pairs_and_nothing_else(grouped):
    assert [(pair.one, pair.other) for pair in codes(grouped).look_alikes()] == [
        ("talking foot-ball", "talking football"),
        ("shouting over the noise", "waiting for the noise"),
    ]


def test_groups_are_of_codes_not_yet_taken_up_and_no_code_is_in_two(grouped):
    made = codes(grouped)
    free = not_taken_up(made.labels, grouped.material.focused.values())
    assert free == ["not hearing a thing", "talking foot-ball", "waiting for the noise"]
    everything = made.groups(made.labels)
    inside = [label for group in everything for label in group.codes]
    assert len(inside) == len(set(inside)) and all(
        2 <= len(group.codes) <= 7 for group in everything
    )
    assert ("talking foot-ball", "talking football") in [group.codes for group in everything]
    assert made.groups(["talking football"]) == () == made.groups([])


def test_a_study_without_codes_has_nothing_to_group(study):
    made = codes(load(Study(study.root)))
    assert (
        made.labels == []
        and made.look_alikes() == ()
        and made.ranks() == []
        and made.groups([]) == ()
    )


def test_nothing_heavy_is_imported_before_it_is_needed():
    """So that `gtpipe --help` stays quick."""
    look = (
        "import sys, gtpipe.suggest.scoring, gtpipe.cli.suggest; "
        "print([name for name in ('numpy', 'scipy', 'sklearn', 'spacy') if name in sys.modules])"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", look], capture_output=True, text=True, check=True
        ).stdout
        == "[]\n"
    )
