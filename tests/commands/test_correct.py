"""A transcript is corrected after coding has begun: ids, codes and corrections by hand stay, and
what is touched is told.
"""

from __future__ import annotations

import pytest
from conftest import git
from hypothesis import given
from hypothesis import strategies as st

from gtpipe.analysis.correction import AsRead, correct, new_id
from gtpipe.formats.sheets import hash_words
from gtpipe.model.records import Interview, Turn
from gtpipe.readers.reading import SourceTurn

BEFORE = """\
I: So how did you get started?

P: Well, er, I met him around the ward (laugh) and it went from there.

I: And then?

P: A bit. It was, like, a bit awkward. Him being paid and that.

I: Paid?

P: Yeah. I mean you wouldn't, would you, if they were a mate.

I: And the weather?

P: It rained. We walked anyway, twice round the pond.

I: Thanks.

P: No bother.
"""
# Three turns changed (2, 4, 10), two inserted (3a, 8a), one gone (7).
AFTER = """\
I: So how did you get started?

P: Well, er, I met him on the ward (laugh) and it went from there.

I: And then?

I: Was it odd?

P: A bit. It was, like, a bit awkward. Him getting paid and that.

I: Paid?

P: Yeah. I mean you wouldn't, would you, if they were a mate.

P: It rained. We walked anyway, twice round the pond.

P: And home.

I: Thanks.

P: No bother at all.
"""


@pytest.fixture
def walk(empty):
    """Ten turns, three of them coded, turn 6 corrected by hand, all in git."""
    empty.write("in/walk.txt", BEFORE)
    empty.ok("ingest", "in/walk.txt", "--date", "2026-03-02")
    empty.ok("initial-code")
    empty.ok("code", "walk", "4", "minding the pay", "--words", "Him being paid")
    empty.ok("code", "walk", "6", "not like a mate")
    empty.ok("code", "walk", "7", "asking about rain")
    hand = empty.read("data/transcripts/walk.md").replace("I mean you", "I mean, like, you")
    empty.write("data/transcripts/walk.md", hand)
    git("init", "-q", cwd=empty.root)
    git("add", "-A", cwd=empty.root)
    git("commit", "-qm", "before", cwd=empty.root)
    return empty


def diff(study, path: str) -> str:
    return git("diff", "-U0", "--", path, cwd=study.root).stdout


def test_a_corrected_source_comes_in_and_everything_else_stays(walk):
    walk.write("in/walk.txt", AFTER)
    ran = walk("ingest", "--correct", "in/walk.txt")
    assert ran.code == 0, ran.err
    assert (
        ran.out
        == """\
ingest: walk corrected from in/walk.txt
  2 corrected: Well, er, I met him [-around-] {+on+} the ward (laugh) and it went …
  4 corrected: … was, like, a bit awkward. Him [-being-] {+getting+} paid and that.
  10 corrected: No [-bother.-] {+bother at all.+}
  3a inserted: I: Was it odd?
  8a inserted: P: And home.
  6 kept as corrected by hand
  7 is in the source no more: kept; --remove takes it out
"""
    )
    assert (
        'turn 4, which carries "minding the pay", was corrected: … was, like, a bit awkward. '
        "Him [-being-] {+getting+}" in ran.err
    )
    assert 'turn 4 of walk does not contain "Him being paid"' in ran.err
    assert 'turn 7 is in the source no more, and carries "asking about rain"' in ran.err
    assert diff(walk, "data/initial-codes") == "" and diff(walk, "data/participants.csv") == ""
    changed = [
        line
        for line in diff(walk, "data/transcripts").split("\n")
        if line.startswith(("+", "-")) and line[:2] not in ("++", "--")
    ]
    assert sorted(changed) == sorted(
        [
            "-[2] P: Well, er, I met him around the ward (laugh) and it went from there.",
            "+[2] P: Well, er, I met him on the ward (laugh) and it went from there.",
            "+[3a] I: Was it odd?",
            "+",
            "-[4] P: A bit. It was, like, a bit awkward. Him being paid and that.",
            "+[4] P: A bit. It was, like, a bit awkward. Him getting paid and that.",
            "+[8a] P: And home.",
            "+",
            "-[10] P: No bother.",
            "+[10] P: No bother at all.",
        ]
    )
    assert "I mean, like, you wouldn't" in walk.read("data/transcripts/walk.md")


def test_check_tells_the_same_until_the_sheet_is_put_right(walk):
    walk.write("in/walk.txt", AFTER)
    walk.ok("ingest", "--correct", "in/walk.txt")
    ran = walk("check")
    assert ran.code == 1 and ran.out.count("turn 4 of walk does not contain") == 1
    assert 'turn 4, which carries "minding the pay", was corrected: … was, like' in ran.out
    assert (
        'turn 6, which carries "not like a mate", was corrected: Yeah. I [-mean-] {+mean, '
        "like,+} you" in ran.out
    )
    assert "put `codes: |`" not in ran.out
    sheet = walk.read("data/initial-codes/walk.yaml").replace(
        '<- "Him being paid"', '<- "Him getting paid"'
    )
    walk.write("data/initial-codes/walk.yaml", sheet)
    walk.ok("initial-code", "--refresh-text")
    assert "was corrected" not in walk("check").out


def test_a_hand_edit_gets_the_same_report(walk):
    text = (
        walk.read("data/transcripts/walk.md")
        .replace("Him being paid and that", "And that")
        .replace("[5] I: Paid?", "[5] I: Paid? Him being paid?")
    )
    walk.write("data/transcripts/walk.md", text)
    ran = walk("check")
    assert 'turn 4, which carries "minding the pay", was corrected: ' in ran.out
    assert 'turn 4 of walk does not contain "Him being paid". It is in turn 5.' in ran.out


def test_twice_is_once_and_the_old_source_is_kept(walk):
    walk.write("in/walk.txt", AFTER)
    walk.ok("ingest", "--correct", "in/walk.txt")
    before = walk.hashes()
    assert "nothing to correct" in walk.ok("ingest", "--correct", "in/walk.txt")
    assert "nothing to do" in walk.ok("ingest", "in/walk.txt")
    assert walk.ok("ingest") == "ingest: fresh\n"
    assert walk.hashes() == before
    earlier = list((walk.root / "data/sources/earlier").iterdir())
    assert [path.read_text() for path in earlier] == [BEFORE]
    assert walk.read("data/sources/walk.txt") == AFTER


def test_a_source_corrected_in_its_place_is_told_and_taken(walk):
    walk.write("data/sources/walk.txt", AFTER)
    ran = walk("check")
    assert "`gtpipe ingest --correct data/sources/walk.txt`" in ran.out
    walk.ok("ingest", "--correct", "data/sources/walk.txt")
    assert "[3a] I: Was it odd?" in walk.read("data/transcripts/walk.md")
    assert walk.ok("ingest") == "ingest: fresh\n"


def test_new_content_under_a_known_name_names_the_command(walk):
    walk.write("in/walk.txt", AFTER)
    ran = walk("ingest", "in/walk.txt")
    assert ran.code == 1 and "`gtpipe ingest --correct in/walk.txt`" in ran.err
    walk.write("in/new name.txt", AFTER)
    ran = walk("ingest", "in/new name.txt", "--as", "walk")
    assert "`gtpipe ingest --correct 'in/new name.txt' --as walk`" in ran.err
    walk.ok("ingest", "--correct", "in/new name.txt", "--as", "walk")
    assert "source: walk.txt\n" in walk.read("data/transcripts/walk.md")
    assert walk.read("data/sources/walk.txt") == AFTER and walk.ok("ingest") == "ingest: fresh\n"
    git(
        "checkout", "-q", "data", cwd=walk.root
    )  # sources are not in git: going back makes no second interview of the new one
    walk("run")
    assert [path.name for path in (walk.root / "data/transcripts").iterdir()] == ["walk.md"]


def test_a_turn_changed_here_and_there_is_a_persons_to_decide(walk):
    walk.write("in/walk.txt", AFTER.replace("I mean you wouldn't", "I mean, you wouldn't"))
    before = walk.hashes()
    ran = walk("ingest", "--correct", "in/walk.txt")
    assert ran.code == 1 and walk.hashes() == before
    assert "turn 6 was changed by hand and in the source." in ran.err
    assert "transcript: P: Yeah. I mean, like, you wouldn't" in ran.err
    assert "source: P: Yeah. I mean, you wouldn't" in ran.err
    assert "as read before: Yeah. I mean you wouldn't" in ran.err
    assert "--take 6=source or --take 6=transcript" in ran.err
    walk.ok("ingest", "--correct", "in/walk.txt", "--take", "6=source")
    assert "[6] P: Yeah. I mean, you wouldn't" in walk.read("data/transcripts/walk.md")


def test_what_was_decided_for_the_transcript_is_not_asked_again(walk):
    walk.write("in/walk.txt", AFTER.replace("I mean you wouldn't", "I mean, you wouldn't"))
    walk.ok("ingest", "--correct", "in/walk.txt", "--take", "transcript")
    assert "I mean, like, you" in walk.read("data/transcripts/walk.md")
    assert "nothing to correct" in walk.ok("ingest", "--correct", "in/walk.txt")


def test_a_turn_gone_from_the_source_goes_when_asked_and_only_without_codes(walk):
    walk.write("in/walk.txt", AFTER)
    before = walk.hashes()
    ran = walk("ingest", "--correct", "in/walk.txt", "--remove")
    assert ran.code == 1 and 'turn 7 is to be removed, and carries "asking about rain"' in ran.err
    assert walk.hashes() == before
    sheet = walk.read("data/initial-codes/walk.yaml").replace("    asking about rain\n", "")
    walk.write("data/initial-codes/walk.yaml", sheet)
    walk.ok("ingest", "--correct", "in/walk.txt", "--remove")
    assert "[7]" not in walk.read("data/transcripts/walk.md")
    assert "7," not in walk.read("data/ingested/walk.csv").replace("earlier 7,", "")
    assert "[8] P: It rained." in walk.read("data/transcripts/walk.md")


def test_a_turn_that_focused_codes_or_theory_name_is_not_removed(analysed):
    analysed.write(
        "in/eve.md",
        "**I:** How did you meet?\n\n**P:** \\[00:12\\] She just sat down. No form, "
        "nothing.\n\n**I:** And now?\n",
    )
    sheet = analysed.read("data/initial-codes/eve.yaml").replace("    noticing the pay\n", "")
    analysed.write("data/initial-codes/eve.yaml", sheet)
    ran = analysed("ingest", "--correct", "in/eve.md", "--remove")
    assert (
        ran.code == 1
        and "data/theory.yaml" in ran.err
        and "turn 4 of eve is to be removed, and is named here" in ran.err
    )


def test_dry_run_writes_nothing(walk):
    walk.write("in/walk.txt", AFTER)
    before = walk.hashes()
    ran = walk("ingest", "--correct", "in/walk.txt", "--dry-run")
    assert ran.code == 0 and "would correct walk" in ran.out and "3a inserted" in ran.out
    assert walk.hashes() == before


def test_a_speaker_corrected_in_the_source_is_taken_and_a_new_one_asked_for(walk):
    walk.write("in/walk.txt", BEFORE.replace("I: And the weather?", "P: And the weather?"))
    out = walk.ok("ingest", "--correct", "in/walk.txt")
    assert "7 corrected: spoken by I before, by P now" in out
    walk.write("in/walk.txt", BEFORE.replace("I: And the weather?", "Nurse: And the weather?"))
    ran = walk("ingest", "--correct", "in/walk.txt")
    assert ran.code == 1 and 'unknown speaker "Nurse"' in ran.err
    walk.ok("ingest", "--correct", "in/walk.txt", "--participant", "Nurse=nurse-1")
    assert "speakers: {I: interviewer, P: walk, Nurse: nurse-1}" in walk.read(
        "data/transcripts/walk.md"
    )
    assert "nurse-1" in walk.read("data/participants.csv")


def test_wrong_words_of_the_command_are_told(walk):
    assert walk("ingest", "--correct").code == 2
    assert walk("ingest", "in/walk.txt", "--remove").code == 2
    assert walk("ingest", "--correct", "in/walk.txt", "--take", "maybe").code == 2
    walk.write("in/other.txt", BEFORE)
    ran = walk("ingest", "--correct", "in/other.txt")
    assert ran.code == 1 and 'no interview "other" was ingested' in ran.err


def test_windows_line_ends_comments_and_spacing_of_a_transcript_survive(walk):
    text = (
        walk.read("data/transcripts/walk.md")
        .replace("source: walk.txt", "source: walk.txt\n# read twice")
        .replace("\n\n[9]", "\n\n\n[9]")
        .replace("\n", "\r\n")
    )
    walk.write("data/transcripts/walk.md", text)
    walk.write("in/walk.txt", AFTER)
    walk.ok("ingest", "--correct", "in/walk.txt")
    after = walk.read("data/transcripts/walk.md")
    assert (
        "# read twice\r\n" in after
        and "\r\n\r\n\r\n[8a]" in after
        and "\n" not in after.replace("\r\n", "")
    )


@pytest.mark.parametrize(
    ("after", "used", "id"),
    [
        ("2", {"2", "3"}, "2a"),
        ("2", {"2", "2a"}, "2b"),
        ("2a", {"2a", "2b"}, "2aa"),
        ("", {"1"}, "0a"),
        ("2z", {"2z"}, "2za"),
        ("2a", {"2a"}, "2b"),
    ],
)
def test_an_inserted_turn_gets_an_id_that_nothing_had(after, used, id):
    assert new_id(after, used) == id


words = st.lists(
    st.sampled_from("well er I met him around the ward and then home again".split()),
    min_size=1,
    max_size=8,
).map(" ".join)
spoken = st.lists(st.tuples(st.sampled_from("IP"), words), min_size=1, max_size=12)


@given(spoken, spoken, st.data())
def test_whatever_changed_ids_stand_in_order_and_hand_corrections_stay(old, new, data):
    """For any two versions: the source's words are the transcript's where no hand was, and no id
    stands for two turns.
    """
    turns = tuple(Turn(str(n), "", label, text, 0) for n, (label, text) in enumerate(old, 1))
    hand = data.draw(st.sampled_from(turns))
    standing = tuple(
        turn._replace(text="by hand " + turn.text) if turn is hand else turn for turn in turns
    )
    interview = Interview("x", "x.md", "", {"I": "interviewer", "P": "x"}, standing)
    read = [AsRead(t.id, hash_words(t.text), SourceTurn(t.label, "", t.text, 1, "")) for t in turns]
    source = [SourceTurn(label, "", text, n, "") for n, (label, text) in enumerate(new)]
    made = correct(interview, read, source, hash_words, {"*": "transcript"})
    ids = [turn.id for turn in made.turns]
    assert len(set(ids)) == len(ids) and not made.undecided
    assert [id for id in ids if id in {t.id for t in turns}] == [t.id for t in turns]
    by_id = {turn.id: turn for turn in made.turns}
    assert by_id[hand.id].text == "by hand " + hand.text
    assert len(made.recorded) == len(source)
    for id, said in zip(made.recorded, source, strict=True):
        assert id == hand.id or (by_id[id].label, by_id[id].text) == (said.label, said.text)
    again = correct(
        Interview("x", "x.md", "", interview.speakers, made.turns),
        [AsRead(id, hash_words(s.text), s) for id, s in zip(made.recorded, source, strict=True)],
        source,
        hash_words,
    )
    assert not again.changed and not again.inserted and not again.undecided


def test_a_turn_changed_by_hand_goes_only_when_a_person_says_so(walk):
    """Of what the source has no more, too: what a hand wrote there is not in any other file."""
    walk.write(
        "data/initial-codes/walk.yaml",
        walk.read("data/initial-codes/walk.yaml").replace("    asking about rain\n", ""),
    )
    walk.write(
        "data/transcripts/walk.md",
        walk.read("data/transcripts/walk.md").replace(
            "And the weather?", "And the weather, that day?"
        ),
    )
    walk.write("in/walk.txt", AFTER)
    before = walk.hashes()
    ran = walk("ingest", "--correct", "in/walk.txt", "--remove")
    assert ran.code == 1 and "turn 7 was changed by hand, and is in the source no more" in ran.err
    assert walk.hashes() == before
    walk.ok("ingest", "--correct", "in/walk.txt", "--remove", "--take", "7=transcript")
    assert "[7] I: And the weather, that day?" in walk.read("data/transcripts/walk.md")
    walk.ok("ingest", "--correct", "in/walk.txt", "--remove", "--take", "7=source")
    assert "[7]" not in walk.read("data/transcripts/walk.md")
    assert walk("check").code == 1 and "turn 7" not in walk("check").out.replace(
        "has no turn 7, and this entry holds no code", ""
    )


def test_paragraphs_made_by_hand_and_close_turns_stay_as_they_are(walk):
    text = (
        walk.read("data/transcripts/walk.md")
        .replace("\n\n[", "\n[")
        .replace("like, a bit awkward. Him", "like, a bit awkward.\n\nHim")
    )
    text = text.replace("source: walk.txt", "source: walk.txt  # second tape only")
    walk.write("data/transcripts/walk.md", text)
    walk.write("in/other.txt", BEFORE.replace("Him being paid", "Him getting paid"))
    walk.ok("ingest", "--correct", "in/other.txt", "--as", "walk")
    assert walk.read("data/transcripts/walk.md") == text.replace(
        "Him being paid", "Him getting paid"
    )
