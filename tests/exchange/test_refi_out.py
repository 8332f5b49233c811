"""What goes out as REFI-QDA: it is as the schema wants it, the same each time, and others read it
as it was meant.
"""

from __future__ import annotations

import io
import tempfile
import time
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT, SHARED
from hypothesis import HealthCheck, given, settings
from lxml import etree
from studies import studies, write

from gtpipe.commands import export
from gtpipe.exchange import refi_writer, registry
from gtpipe.exchange.records import Code, Memo, Project
from gtpipe.store.layout import Study
from gtpipe.study import load

SCHEMAS = SHARED / "data/refi"
needs_schemas = pytest.mark.skipif(
    not SCHEMAS.is_dir(), reason="the schemas of REFI-QDA are not beside this folder"
)
NAMES = {"q": "urn:QDA-XML:project:1.0"}


def of(root: Path, *only: str, **request: bool) -> Project:
    return export.project_of(load(Study(root)), export.Request(only, **request))


def xml(content: bytes) -> etree._Element:
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("project.qde"))


def check(element: etree._Element, schema: str) -> None:
    etree.XMLSchema(file=str(SCHEMAS / schema)).assertValid(element)


def read_back(project: Project, place: Path) -> Project:
    place.write_bytes(refi_writer.project(project))
    return registry.read(place)


def exported(study, kind: str, name: str, *more: str) -> bytes:
    study.ok("export", kind, "--output", name, *more)
    return (study.root / name).read_bytes()


@needs_schemas
def test_the_root_study_is_as_the_schemas_want_it(tmp_path):
    project = of(ROOT)
    check(xml(refi_writer.project(project)), "Project.xsd")
    check(etree.fromstring(refi_writer.codebook(project)), "Codebook.xsd")


@needs_schemas
@pytest.mark.parametrize("more", [(), ("--flat",), ("--without-words",), ("--only", "jim")])
def test_every_kind_of_export_is_as_the_schema_wants_it(analysed, more):
    check(xml(exported(analysed, "qdpx", "x.qdpx", *more)), "Project.xsd")


@needs_schemas
def test_a_study_without_anything_is_as_the_schema_wants_it(empty):
    check(xml(exported(empty, "qdpx", "x.qdpx")), "Project.xsd")
    ran = empty("export", "qdc", "--output", "x.qdc")
    assert ran.code == 1 and "No code yet" in ran.err and not (empty.root / "x.qdc").exists()


@pytest.mark.parametrize(("kind", "name"), [("qdpx", "x.qdpx"), ("qdc", "x.qdc")])
def test_the_same_study_gives_the_same_bytes(analysed, kind, name):
    first = exported(analysed, kind, name)
    assert exported(analysed, kind, f"again-{name}") == first


def test_the_tree_of_codes_and_what_stands_under_it(analysed):
    """A category holds a focused code, that an initial code; incidents that a focused code has of
    its own are codings of it.
    """
    root = xml(exported(analysed, "qdpx", "x.qdpx"))
    codes = root.findall(".//q:CodeBook//q:Code", NAMES)
    paths = {
        tuple(one.get("name") for one in reversed([code, *code.iterancestors("{*}Code")])): code
        for code in codes
    }
    assert list(paths) == [
        ("becoming believable",),
        ("becoming believable", "keeping hours"),
        ("becoming believable", "keeping hours", "minding the money"),
        ("becoming believable", "keeping hours", "minding the money", "noticing the pay"),
        ("becoming believable", "easy beginnings"),
        ("becoming believable", "easy beginnings", "meeting around the ward"),
        ("it went from there",),
    ]
    codable = {path[-1]: code.get("isCodable") for path, code in paths.items()}
    assert codable["becoming believable"] == codable["minding the money"] == "false"
    assert codable["easy beginnings"] == codable["noticing the pay"] == "true"
    easy = paths["becoming believable", "easy beginnings"]
    assert easy.findtext("q:Description", namespaces=NAMES) == (
        "a start that nobody arranged\nBecause: holds in both accounts"
    )
    own = root.findall(f".//q:CodeRef[@targetGUID='{easy.get('guid')}']", NAMES)
    assert [one.getparent().getparent().get("name") for one in own] == ["She just sat down"]


def test_flat_puts_codes_side_by_side(analysed):
    root = xml(exported(analysed, "qdpx", "x.qdpx", "--flat"))
    assert len(root.findall(".//q:Codes/q:Code", NAMES)) == 7
    assert not root.findall(".//q:Code/q:Code", NAMES)


def test_a_relation_is_a_link_with_its_hypothesis_and_stands_in_the_graph(analysed):
    root = xml(exported(analysed, "qdpx", "x.qdpx"))
    code = {one.get("guid"): one.get("name") for one in root.iter("{*}Code")}
    note = {one.get("guid"): one.get("name") for one in root.iter("{*}Note")}
    links = [one for one in root.iter("{*}Link") if one.get("originGUID") in code]
    assert [
        (code[one.get("originGUID")], one.get("name"), code[one.get("targetGUID")]) for one in links
    ] == [
        ("easy beginnings", "opens the way to", "becoming believable"),
        ("minding the money", "slows", "becoming believable"),
    ]
    (reference,) = [one.get("targetGUID") for one in root.findall(".//q:Link/q:NoteRef", NAMES)]
    assert note[reference] == "Hypothesis: easy beginnings opens the way to becoming believable"
    drawn = {one.get("representedGUID") for one in root.iter("{*}Edge", "{*}Vertex")}
    assert {one.get("guid") for one in links} <= drawn


def test_no_code_carries_a_note(analysed):
    """QualCoder drops such a code, and its codings."""
    root = xml(exported(analysed, "qdpx", "x.qdpx"))
    assert root.findall(".//q:Note", NAMES) and not root.findall(".//q:Code/q:NoteRef", NAMES)


def test_texts_have_line_feeds_and_no_mark_and_places_are_words(analysed):
    content = exported(analysed, "qdpx", "x.qdpx")
    archive, root = zipfile.ZipFile(io.BytesIO(content)), xml(content)
    for source in root.iter("{*}TextSource"):
        path = source.get("plainTextPath").removeprefix("internal://")
        text = archive.read(f"sources/{path}").decode()
        assert "\r" not in text and not text.startswith("\ufeff")
        for one in source.findall("q:PlainTextSelection", NAMES):
            words = text[int(one.get("startPosition")) : int(one.get("endPosition"))]
            assert " ".join(words.split()) == one.get("name")


def test_without_words_nothing_a_participant_said_is_in_it(analysed):
    """No text, no coding, no note, no memo, no reason; labels and definitions stay."""
    content = exported(analysed, "qdpx", "x.qdpx", "--without-words")
    archive = zipfile.ZipFile(io.BytesIO(content))
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    for words in ("sat down", "awkward", "passive?", "Jim minds the pay", "holds in both"):
        assert words not in everything
    assert "meeting around the ward" in everything and "first contact" in everything


def test_only_an_interview_or_a_code(analysed):
    only = of(analysed.root, "jim")
    assert [one.name for one in only.sources] == ["jim"] == [one.name for one in only.cases]
    names = {code.name for code in only.codes}
    assert "it went from there" in names and "becoming believable" in names
    assert not only.memos  # they are about codes, and eve
    assert [one.title for one in of(analysed.root, "eve").memos] == ["Paid to be nice"]
    assert "it went from there" not in {code.name for code in of(analysed.root, "eve").codes}
    only = of(analysed.root, "easy beginnings")
    names = {code.id: code.name for code in only.codes}
    assert {names[one.code] for one in only.codings if one.code} == {
        "meeting around the ward",
        "easy beginnings",
    }
    ran = analysed("export", "qdpx", "--output", "x.qdpx", "--only", "easy begin")
    assert ran.code == 1 and 'Did you mean "easy beginnings"' in ran.err
    ran = analysed("export", "qdpx", "--output", "x.qdpx", "--only", "Jim")
    assert 'No code and no interview "Jim" in this study. Did you mean "jim"?' in ran.err


def test_what_cannot_be_held_is_told(analysed):
    ran = analysed("export", "qdpx", "--output", "x.qdpx")
    assert "x.qdpx: 2 interviews, 7 codes, 6 codings, 2 memos" in ran.out
    assert "Not in it: " in ran.err and "negative cases (1)" in ran.err


def test_a_file_that_stands_and_the_studys_own_folders_are_left_alone(coded):
    exported(coded, "qdpx", "x.qdpx")
    ran = coded("export", "qdpx", "--output", "x.qdpx")
    assert ran.code == 1 and "add --replace" in ran.err
    assert coded("export", "qdpx", "--output", "x.qdpx", "--replace").code == 0
    ran = coded("export", "qdpx", "--output", "data/x.qdpx")
    assert ran.code == 1 and not (coded.root / "data/x.qdpx").exists()
    ran = coded("export", "qdpx", "--output", "x.txt")
    assert ran.code == 2 and "ends in .qdpx" in ran.err


def test_one_label_on_two_levels_is_told_apart(coded):
    coded.write(
        "data/focused-codes.yaml",
        "- focused: noticing the pay\n  takes-up: |\n    noticing the pay\n",
    )
    names = [code.name for code in of(coded.root).codes]
    assert names.count("noticing the pay") == 1 and "noticing the pay (focused code)" in names


def test_codes_that_lead_round_do_not_hang():
    code = Code("1d4ee2d0-8d1e-4b1c-8f5f-000000000001", "a", parent="nowhere")
    root = etree.fromstring(refi_writer.codebook(Project("x", "y", codes=(code,))))
    assert [one.get("name") for one in root.iter("{*}Code")] == ["a"]


# --- others read it -------------------------------------------------------------------------------


def test_a_model_of_the_standard_reads_it(analysed, tmp_path):
    pyrefiqda = pytest.importorskip("pyrefiqda", reason="no pyrefiqda: pip install it")
    exported(analysed, "qdpx", "x.qdpx")
    read = pyrefiqda.RefiProject.load(analysed.root / "x.qdpx", extract_dir=str(tmp_path / "out"))
    made = of(analysed.root)
    assert read.name == made.name and read.origin == "gtpipe"
    assert [one.name for one in read.users.user] == [one.name for one in made.people]
    assert [one.name for one in read.cases.case] == [one.name for one in made.cases]
    assert [one.name for one in read.notes.note] == [one.title for one in made.memos]
    found = set()
    for source in read.sources.text_source:
        path = pyrefiqda.RefiProject.resolve_source_path(source.plain_text_path, tmp_path / "out")
        text = path.read_bytes().decode()
        for one in source.plain_text_selection:
            found |= {
                (
                    source.name,
                    text[one.start_position : one.end_position],
                    each.code_ref.target_guid,
                )
                for each in one.coding
            }
    sources = {one.id: one.name for one in made.sources}
    assert found == {(sources[one.source], one.words, one.code) for one in made.codings if one.code}


def test_a_model_of_the_standard_reads_the_code_book(analysed):
    pyrefiqda = pytest.importorskip("pyrefiqda", reason="no pyrefiqda: pip install it")
    exported(analysed, "qdc", "x.qdc")
    read = pyrefiqda.RefiCodebook.load(analysed.root / "x.qdc")
    (top, alone) = read.codes.code
    assert (top.name, alone.name) == ("becoming believable", "it went from there")
    assert {code.name: [one.name for one in code.code] for code in top.code} == {
        "easy beginnings": ["meeting around the ward"],
        "keeping hours": ["minding the money"],
    }


def test_a_program_of_statistics_reads_it(analysed):
    qdapy = pytest.importorskip("qdapy", reason="no qdaPy: pip install it")
    exported(analysed, "qdpx", "x.qdpx")
    rows = qdapy.read_qdpx(analysed.root / "x.qdpx", warn=False).fragments
    made = of(analysed.root)
    sources = {one.id: one.name for one in made.sources}
    people = {one.id: one.name for one in made.people}
    expected = {
        (sources[one.source], str(one.start), str(one.end), one.code, people[one.by], one.words)
        for one in made.codings
        if one.code
    }
    columns = ["title", "positionStart", "positionEnd", "codeId", "codedBy", "text"]
    coded = rows[rows["code"] != ""][columns].astype(str)
    found = {*coded.itertuples(index=False, name=None)}
    assert found == expected


# --- how long it takes ---------------------------------------------------------------------------


def test_a_large_study_goes_out_in_seconds(empty):
    """300 interviews, 12,000 codings by two people, on any computer that is not very old."""
    turns = "".join(
        f"\n[{n}] {'PI'[n % 2]}: {'She sat down with tea and said nothing of it. ' * (3 - n % 2)}\n"
        for n in range(1, 81)
    )
    for number in range(300):
        name = f"p{number}"
        head = (
            f"---\ninterview: {name}\ndate: 2026-03-02\nspeakers: {{I: interviewer, P: {name}}}\n"
        )
        empty.write(f"data/transcripts/{name}.md", f"{head}---\n{turns}")
        for start, path in ((2, name), (4, f"{name}.KR")):
            entries = (
                f"- turn: {turn}\n  codes: |\n    doing {(number + turn) % 400}\n"
                for turn in range(start, 81, 4)
            )
            empty.write(f"data/initial-codes/{path}.yaml", "\n".join(entries))
    for kind, name in (("qdpx", "x.qdpx"), ("taguette", "x.db")):
        begun = time.process_time()
        said = empty.ok("export", kind, "--output", name)
        assert time.process_time() - begun < 10
        assert "300 interviews" in said and "12,000 codings" in said


# --- and we do ------------------------------------------------------------------------------------


def same(made: Project, read: Project) -> None:
    """Everything that a project holds came back."""

    days = {memo.id: memo.created for memo in made.memos}

    def told(memo: Memo) -> tuple[object, ...]:
        day = memo.created[:10] if days.get(memo.id) else ""
        return memo.id, memo.title, memo.text, {*memo.about}, memo.by, day

    assert {*read.codes} == {*made.codes}
    assert [one[:4] + one[5:] for one in read.sources] == [
        one[:4] + one[5:] for one in made.sources
    ]
    places = [
        sorted((*one[1:5], one.by if one.code else "", one.note) for one in of.codings)
        for of in (read, made)
    ]
    assert places[0] == places[1]
    assert [*map(told, read.memos)] == [*map(told, made.memos)]
    assert (read.people, read.cases) == (made.people, made.cases)
    assert read.relations == made.relations
    assert {loss.kind for loss in read.losses} <= {"graph"}


def test_the_root_study_comes_back(tmp_path):
    made = of(ROOT)
    same(made, read_back(made, tmp_path / "x.qdpx"))


@given(study=studies())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_generated_studies_come_back(study):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(study, root)
        corpus = load(Study(root))
        assert not [one for one in corpus.problems if one.is_error]
        made = export.project_of(corpus, export.Request())
        applied = sum(len(interview.applied) for interview in study.interviews)
        assert sum(bool(one.code) for one in made.codings) == applied
        for one in made.codings:
            source = next(source for source in made.sources if source.id == one.source)
            assert source.text[one.start : one.end] == one.words
        same(made, read_back(made, root / "x.qdpx"))
