"""REFI-QDA files as they come, whole and broken: a clear error or a listed loss, and never half an
import.
"""

from __future__ import annotations

import struct
import zipfile

import pytest
from refi import archive, code, project, selection, text_source

from gtpipe.exchange import refi_reader, registry
from gtpipe.model.problems import UserError

TALK = "I: How was it?\nP: It was late 😀, and I went home.\n"
LATE = (TALK.index("It was late"), TALK.index(" 😀"))
CODES = code("c1", "being late")


def losses(read) -> dict[str, int]:
    found: dict[str, int] = {}
    for loss in read.losses:
        found[loss.kind] = found.get(loss.kind, 0) + 1
    return found


def words(read) -> list[str]:
    texts = {source.id: source.text for source in read.sources}
    return [texts[one.source][one.start : one.end] for one in read.codings]


@pytest.fixture
def made(tmp_path):
    """A project of these codes and sources, read."""

    def make(codes=CODES, sources=None, texts=None, rest="", **more):
        inside = selection(*LATE, "c1", name="It was late")
        sources = text_source("t1", "Jim", inside) if sources is None else sources
        texts = {"t1": TALK} if texts is None else texts
        return registry.read(
            archive(tmp_path / "x.bin", project(codes, sources, rest, **more), texts)
        )

    return make


def refused(path) -> str:
    with pytest.raises(UserError) as raised:
        registry.read(path)
    return " ".join(one.what for one in raised.value.problems)


def test_it_is_known_by_what_it_holds_and_ids_and_names_go_without_capitals(made):
    read = made()
    assert words(read) == ["It was late"]
    assert read.people[0].name == "Pat Morgan"


@pytest.mark.parametrize("namespace", ["urn:QDA-XML:project:1.5", "urn:QDA-XML:project:0.9"])
def test_other_versions_of_the_standard_are_read_and_told(made, namespace):
    read = made(namespace=namespace)
    assert words(read) == ["It was late"]
    assert f"It is of another version of the standard: {namespace}" in read.told


def test_what_departs_from_the_schema_is_read_and_told(made):
    read = made(rest='<Notes><Note guid="n1" name="A thought" mood="good"/></Notes>')
    assert [memo.title for memo in read.memos] == ["A thought"]
    assert "It departs from the schema of the standard" in read.told[0]


@pytest.mark.parametrize(
    "text", ["\ufeff" + TALK.replace("\n", "\r\n"), TALK.replace("\n", "\r\n"), "\ufeff" + TALK]
)
def test_marks_and_line_ends_are_no_part_of_a_text(made, text):
    read = made(texts={"t1": text})
    assert words(read) == ["It was late"] and read.sources[0].text == TALK


def test_a_text_in_utf_16_and_one_in_an_old_code_page_are_read(made):
    assert words(made(texts={"t1": TALK.encode("utf-16")})) == ["It was late"]
    old = made(
        sources=text_source("t1", "Jim", selection(0, 4, "c1")),
        texts={"t1": "café".encode("cp1252")},
    )
    assert words(old) == ["café"] and any("Windows-1252" in told for told in old.told)


def test_a_text_inside_the_xml_is_one_too(made):
    inline = f'<TextSource guid="t1" name="Jim"><PlainTextContent>{TALK}</PlainTextContent>'
    read = made(sources=f"{inline}{selection(*LATE, 'c1')}</TextSource>", texts={})
    assert words(read) == ["It was late"]


def test_a_transcript_of_a_recording_is_a_text_its_places_are_sync_points(made):
    start, end = LATE
    audio = (
        '<AudioSource guid="a1" name="Jim"><Transcript guid="t1" plainTextPath="internal://t1.txt">'
        f'<SyncPoint guid="p1" position="{start}"/><SyncPoint guid="p2" position="{end}"/>'
        '<TranscriptSelection guid="s1" fromSyncPoint="p1" toSyncPoint="p2"><Coding guid="k1">'
        '<CodeRef targetGUID="c1"/></Coding></TranscriptSelection></Transcript>'
        '<AudioSelection guid="s2" begin="0" end="9"><Coding guid="k2"><CodeRef targetGUID="c1"/>'
        "</Coding></AudioSelection></AudioSource>"
    )
    read = made(sources=audio)
    assert words(read) == ["It was late"]
    assert losses(read) == {
        "recording itself, its text is kept": 1,
        "coding of a part of a recording": 1,
    }


def test_what_points_nowhere_is_listed(made):
    inside = (
        selection(*LATE, "c1", "gone")
        + selection(2, 9000, "c1")
        + selection(9, 3, "c1")
        + '<NoteRef targetGUID="gone"/>'
    )
    case = '<Cases><Case guid="x" name="Jim"><SourceRef targetGUID="gone"/></Case></Cases>'
    read = made(
        sources=text_source("t1", "Jim", inside) + text_source("t2", "Eve", selection(0, 3, "c1")),
        rest='<Notes><Note guid="n1" name="A thought"/></Notes><Links><Link guid="l1" '
        'originGUID="n1" targetGUID="gone"/></Links>',
        before=case,
    )
    assert words(read) == ["It was late"]
    assert losses(read) == {
        "coding with a code that is not in the file": 1,
        "coding or passage that reaches beyond its text": 1,
        "coding or passage whose place is no place": 1,
        "source whose text is missing": 1,
        "coding of a source whose text is missing": 1,
        "source of a case that is not in the file": 1,
        "note that is not in the file": 1,
        "what a memo is about, which is not in the file": 1,
    }


def test_a_code_that_stands_in_itself_is_listed(made):
    read = made(codes=code("c1", "one", code("c2", "two", code("C1", "one"))))
    assert [one.name for one in read.codes] == ["one", "two"]
    assert losses(read) == {"code that stands twice in the tree": 1}


def test_sets_graphs_pictures_and_codings_of_wholes_are_listed(made):
    whole = '<Coding guid="k9"><CodeRef targetGUID="c1"/></Coding>'
    read = made(
        sources=text_source("t1", "Jim", whole) + '<PictureSource guid="p1" name="A ward"/>',
        rest='<Sets><Set guid="e" name="A"/></Sets><Graphs><Graph guid="g" name="B"/></Graphs>',
    )
    assert losses(read) == {"coding of a whole source": 1, "picture": 1, "set": 1, "graph": 1}


def test_a_name_that_leads_out_of_the_archive_is_refused(tmp_path):
    path = archive(tmp_path / "x.qdpx", project(CODES), {"t1": TALK, "../../evil": "x"})
    assert "names a place outside itself" in refused(path)


def test_a_bomb_and_two_gigabytes_declared_are_refused_before_they_are_unpacked(tmp_path):
    xml = project(CODES, text_source("t1", "Jim"))
    assert "would unpack to 60 MB" in refused(
        archive(tmp_path / "bomb.qdpx", xml, {"t1": b"a" * (60 * 2**20)})
    )
    path = archive(tmp_path / "declared.qdpx", xml, {"t1": TALK})
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02")  # that of the text: its size as the directory says it
    content[entry + 24 : entry + 28] = struct.pack("<I", 2**31)
    path.write_bytes(content)
    assert "would unpack to 2,048 MB" in refused(path)


def test_hours_of_video_beside_the_texts_are_not_read(made, tmp_path):
    read = made(texts={"t1": TALK, "film": b"\0" * (60 * 2**20)})
    assert words(read) == ["It was late"]


@pytest.mark.parametrize("declaration", ['<!DOCTYPE a [<!ENTITY x "y">]>', "<!DOCTYPE a>"])
def test_entities_are_refused(tmp_path, declaration):
    xml = project(CODES).replace("<Project", f"{declaration}<Project", 1)
    assert "declares a document type or entities" in refused(archive(tmp_path / "x", xml, {}))


def test_a_file_that_broke_off_is_told(tmp_path):
    whole = archive(tmp_path / "whole.qdpx", project(CODES), {"t1": TALK}).read_bytes()
    (tmp_path / "half.qdpx").write_bytes(whole[: len(whole) // 2])
    assert "is damaged, or was not saved to its end" in refused(tmp_path / "half.qdpx")
    (tmp_path / "half.qdc").write_text(project(CODES)[:200])
    assert "its XML is damaged" in refused(tmp_path / "half.qdc")


def test_what_no_program_writes_is_told_with_what_can_be_read(tmp_path):
    (tmp_path / "notes.txt").write_text("I: Hello")
    assert "no program is known that writes such a file" in refused(tmp_path / "notes.txt")
    with zipfile.ZipFile(tmp_path / "empty.qdpx", "w"):
        pass
    assert "no program is known" in refused(tmp_path / "empty.qdpx")
    assert "no such file" in refused(tmp_path / "gone.qdpx")


def test_a_tree_of_a_thousand_levels_does_not_end_the_program(tmp_path):
    deep = CODES
    for level in range(1000):
        deep = code(f"d{level}", f"level {level}", deep)
    assert "its XML is damaged" in refused(archive(tmp_path / "x", project(deep), {}))


def test_looking_never_raises(tmp_path):
    for content in (b"", b"PK\x03\x04", b"\xff" * 100, b"<CodeBook"):
        (tmp_path / "x").write_bytes(content)
        refi_reader.READER.shows(tmp_path / "x")
    refi_reader.READER.shows(tmp_path)
