"""Studies of Taguette, QualCoder, qualitative-coding and ATLAS.ti, and tables of coded words, by
`gtpipe import`: what these programs say the words are is what the sheets hold.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import PIPELINE, StudyFolder
from exchange import test_atlas_reader, test_qc_reader, test_qualcoder_reader, test_taguette_reader
from exchange.databases import database

from gtpipe.formats import sheets

SAMPLES = Path(__file__).parent / "taguette"
SPEAKERS = ("--interviewer", "I", "--participant", "P=Jim")


def codings(study: StudyFolder) -> list[tuple[str, str, str, str]]:
    """Sheet, turn, label and words (the whole turn where a coding is tied to no words)."""
    found = []
    for path in sorted((study.root / "data/initial-codes").glob("*.yaml")):
        entries, wrong = sheets.loads(path.read_text(encoding="utf-8"), path.name)
        assert not wrong
        for entry in entries:
            for code in entry.codes:
                found.append((path.stem, entry.turn, code.label, code.words or "the turn"))
    return found


def imported(study: StudyFolder, *arguments: str) -> None:
    """A dry run writes nothing, the import passes `check`, and a second one changes nothing."""
    before = study.hashes()
    study.ok("import", *arguments, "--dry-run")
    assert study.hashes() == before
    study.ok("import", *arguments)
    study.ok("check")
    after = study.hashes()
    assert "nothing to do" in study.ok("import", *arguments)
    assert study.hashes() == after


def test_a_database_of_taguette_and_its_tables(empty: StudyFolder) -> None:
    """Each export of one project says the same; a code book defines what is not defined."""
    imported(
        empty,
        *(str(SAMPLES / "taguette-project.sqlite3"), "--interviewer", "Interviewer"),
        *("--participant", "P1", "--coder", "admin=KR"),
    )
    of_the_database = codings(empty)
    assert of_the_database == [
        ("p1-interview.KR", "2", "Keeping head above water", "keep my head above water"),
        ("p1-interview.KR", "4", "Keeping head above water", "hiding the café bills"),
        ("p1-interview.KR", "4", "Hiding", "hiding the café bills"),
        ("p1-interview.KR", "4", "Telling everyone", "nobody & nothing"),
    ]
    book = empty.read("data/codebook.yaml")
    assert "under: Losing control" in book
    assert "concealing, from others" in book
    empty.ok("import", str(SAMPLES / "taguette-codebook.csv"))
    assert "- code: Telling everyone" in empty.read("data/codebook.yaml")
    for ending in ("csv", "xlsx", "html"):
        assert "nothing to do" in empty.ok("import", str(SAMPLES / f"taguette-codebook.{ending}"))
    imported(empty, str(SAMPLES / "taguette-highlights.csv"))
    assert codings(empty) == [
        *of_the_database,
        *(("p1-interview", *rest) for _, *rest in of_the_database),
    ]
    for ending in ("xlsx", "html"):
        ran = empty("import", str(SAMPLES / f"taguette-highlights.{ending}"), "--strict")
        assert ran.code == 0
        assert "nothing to do" in ran.out


def test_a_folder_of_qualcoder(empty: StudyFolder) -> None:
    folder = empty.root / "in/ward.qda"
    database(folder / "data.qda", test_qualcoder_reader.LAYOUT, test_qualcoder_reader.rows())
    imported(empty, str(folder), *SPEAKERS, "--coder", "ana=PM", "--coder", "ben=KR")
    assert codings(empty) == [
        ("p1.KR", "4", "Hiding bills", "hiding the café bills"),
        ("p1", "2", "Hiding", "keeping my head above water"),
        ("p1", "4", "Hiding", "hiding the café bills"),
    ]
    assert empty.read("data/participants.csv") == "participant,age\nJim,41\n"
    assert 'p1 4 "Nobody noticed"' in "".join(
        path.read_text(encoding="utf-8") for path in (empty.root / "data/memos").iterdir()
    )


def test_a_folder_of_qualitative_coding(empty: StudyFolder) -> None:
    folder = empty.root / "in/ward"
    test_qc_reader.project(folder, [(1, 1, "ana", "no"), (2, 3, "ana", "Hiding")])
    imported(empty, str(folder), *SPEAKERS, "--coder", "ana=PM", "--coder", "ben=KR")
    assert codings(empty) == [("p1", "2", "no", "the turn"), ("p1", "4", "Hiding", "the turn")]


def test_an_archive_of_atlas_ti(empty: StudyFolder, tmp_path: Path) -> None:
    test_atlas_reader.read(tmp_path)
    imported(
        empty,
        *(str(tmp_path / "ward.atlproj"), *SPEAKERS, "--coder", "Ana=PM", "--coder", "Ben=KR"),
    )
    assert codings(empty) == [
        ("p1.KR", "2", "Hiding", "above water."),
        ("p1.KR", "3", "Hiding", "the turn"),
        ("p1", "2", "Keeping head above water", "head above water"),
    ]


SEGMENTS = """\
Document name;Code;Segment;Author
jim;Starting > by chance;it went from there;Ana
jim;The pay;Him being paid and that. <laughs>;Ana
eve;Starting > by chance;She just sat down. No form, nothing.;Ana
eve;The pay;words that nobody said;Ana
"""


def test_segments_of_maxqda_go_to_interviews_that_stand(study: StudyFolder) -> None:
    before = study.hashes()
    study.write("in/segments.csv", SEGMENTS)
    refused = study("import", "in/segments.csv", "--coder", "Ana=KR", "--strict")
    assert refused.code == 1
    assert "would be lost" in refused.err
    imported(study, "in/segments.csv", "--coder", "Ana=KR")
    assert [one for one in codings(study) if one[0].endswith(".KR")] == [
        ("eve.KR", "2", "by chance", "the turn"),
        ("jim.KR", "2", "by chance", "it went from there"),
        ("jim.KR", "4", "The pay", "Him being paid and that. <laughs>"),
    ]
    assert {path: study.hashes()[path] for path in before if path.startswith("data/tr")} == {
        path: before[path] for path in before if path.startswith("data/tr")
    }


def test_a_table_by_its_columns_needs_its_interviews(study: StudyFolder) -> None:
    study.write("in/table.csv", "Who,Theme,Quote\njimm,The pay,Him being paid\n")
    unclear = study("import", "in/table.csv")
    assert unclear.code == 1
    assert "--columns interview=NAME,code=NAME,words=NAME" in unclear.err
    columns = ("--columns", "interview=Who,code=Theme,words=Quote")
    missing = study("import", "in/table.csv", *columns)
    assert missing.code == 1
    assert 'Did you mean "jim"?' in missing.err
    imported(study, "in/table.csv", *columns, "--as", "jimm=jim")
    assert codings(study) == [("jim", "4", "The pay", "Him being paid")]


def test_nothing_is_half_imported(empty: StudyFolder) -> None:
    """A database of which a part cannot be read leaves the study as it was."""
    file = database(
        empty.root / "in/ward.qda/data.qda",
        test_qualcoder_reader.LAYOUT,
        test_qualcoder_reader.rows() | {"project": [("v11", "", "x" * 20_000, "", "ana")]},
    )
    file.write_bytes(file.read_bytes()[:-4096])
    before = empty.hashes()
    refused = empty("import", "in/ward.qda", *SPEAKERS)
    assert refused.code == 1
    assert "was not copied to its end" in refused.err
    assert empty.hashes() == before


def test_a_project_of_several_in_one_database_is_named(empty: StudyFolder) -> None:
    rows = test_taguette_reader.rows()
    rows["projects"] = [*rows["projects"], (2, "Home", "", test_taguette_reader.DAY)]
    database(empty.root / "in/taguette.sqlite3", test_taguette_reader.LAYOUT, rows)
    refused = empty("import", "in/taguette.sqlite3", *SPEAKERS)
    assert "Say which with --columns project=NUMBER" in refused.err
    imported(
        empty, *("in/taguette.sqlite3", "--columns", "project=1", *SPEAKERS, "--coder", "ana=PM")
    )
    assert ("p1", "2", "head", "keeping my head") in codings(empty)


def test_a_database_that_gtpipe_wrote_for_taguette_comes_back(
    coded: StudyFolder, tmp_path: Path
) -> None:
    """The codings that it sends out are those that come in, at the same words."""
    coded.ok("export", "taguette", "--output", str(tmp_path / "out.sqlite3"))
    sent = codings(coded)
    other = StudyFolder(tmp_path / "other", coded._capsys, coded._monkeypatch)
    other.write("pipeline.yaml", PIPELINE)
    imported(other, str(tmp_path / "out.sqlite3"), *SPEAKERS)
    assert sent == codings(other)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_that_gtpipe_wrote_goes_to_interviews_that_stand(
    coded: StudyFolder, tmp_path: Path, kind: str
) -> None:
    """Where the codings are all there, nothing is to do; in a study without them they come back."""
    file = str(tmp_path / f"codings.{kind}")
    coded.ok("export", kind, "--output", file)
    sent = codings(coded)
    assert "nothing to do" in coded.ok("import", file)
    for sheet in (coded.root / "data/initial-codes").iterdir():
        sheet.unlink()
    imported(coded, file)
    assert codings(coded) == sent
