"""ATLAS.ti's archive becomes a project as far as it holds text quotations; the rest is told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from gtpipe.exchange import registry
from gtpipe.exchange.records import Loss, Project
from gtpipe.model.problems import UserError

PAGE = """\
<!DOCTYPE html [<!ENTITY nbsp " ">]>
<html><head><title>P1</title></head><body><style>p {color: red}</style>
<p id="0"><span id="1">I: How did it start?</span></p>
<p id="2"><span id="3">P: Honestly 😀 keeping my head above water.</span></p>
<p id="4"><span id="5">P: Nobody &amp; nothing&nbsp;noticed.</span></p>
</body></html>
"""
QUOTATIONS = """\
<quotation id="q_1" owner="usr_1"><location><segmentedTextLoc sSegment="3" sOffset="{head}"
  eSegment="3" eOffset="{water}"/></location><comment><p>in vivo?</p></comment></quotation>
<quotation id="q_2"><location><segmentedTextLoc sSegment="3" sOffset="{above}" eSegment="5"
  eOffset="-1"/></location></quotation>
"""
PROJECT = """\
<?xml version="1.0" encoding="utf-8"?>
<project name="Ward">
  <users><user id="usr_1" name="Ana"/><user id="usr_2" name="Ben"/></users>
  <contents><content id="cnt_1" loc="AB12"/><content id="cnt_2" loc="CD34"/></contents>
  <media><medium id="med_1" name="P1.docx" content="cnt_1"/>
    <medium id="med_2" name="ward.png" content="cnt_2"/></media>
  <tags><tag id="tag_1" name="Keeping head above water"><comment>her words</comment></tag>
    <tag id="tag_2" name="Hiding"/></tags>
  <tagGroups><tagGroup id="g" name="Losing control"><item id="tag_1"/></tagGroup>
    <tagGroup id="h" name="Coping"><item id="tag_1"/></tagGroup></tagGroups>
  <documents><document id="doc_1" name="P1" medium="med_1"><layer>{quotations}</layer></document>
    <document id="doc_2" name="ward" medium="med_2"/></documents>
  <memos><memo id="m_1" name="On hiding" cUser="usr_1"><comment>It began.</comment></memo></memos>
  <links><tagQuotLink source="tag_1" target="q_1" cUser="usr_1"/>
    <tagQuotLink source="tag_2" target="q_2" cUser="usr_2"/>
    <tagTagLink source="tag_1" target="tag_2"/></links>
</project>
"""
SPEECH = "P: Honestly 😀 keeping my head above water."


def quotations(wide: int) -> str:
    """The places with an emoji that is so many units wide."""
    return QUOTATIONS.format(
        head=SPEECH.index("head") + wide - 1,
        water=SPEECH.index("water") + 5 + wide - 1,
        above=SPEECH.index("above") + wide - 1,
    )


def read(tmp_path: Path, project: str = "", quoted: str = "", page: str = PAGE) -> Project:
    path = tmp_path / "ward.atlproj"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "project.aprx", project or PROJECT.format(quotations=quoted or quotations(2))
        )
        archive.writestr("contents/AB12/content", page)
        archive.writestr("contents/CD34/content", b"\x89PNG\r\n\x1a\n\0\0")
    return registry.read(path)


@pytest.mark.parametrize("wide", [1, 2])
def test_quotations_come_to_their_words(tmp_path: Path, wide: int) -> None:
    """An emoji counts one or two, which word bounds tell; one goes to the end of its segment."""
    project = read(tmp_path, quoted=quotations(wide))
    text = project.sources[0].text
    assert text == f"I: How did it start?\n{SPEECH}\nP: Nobody & nothing\xa0noticed."
    assert [(text[c.start : c.end], c.code, c.by, c.note) for c in project.codings] == [
        ("head above water", "tag_1", "usr_1", "in vivo?"),
        ("above water.\nP: Nobody & nothing\xa0noticed.", "tag_2", "usr_2", ""),
    ]
    assert [person.name for person in project.people] == ["Ana", "Ben"]


def test_codes_stand_under_their_group(tmp_path: Path) -> None:
    project = read(tmp_path)
    assert [(code.name, code.definition, code.parent, code.is_group) for code in project.codes] == [
        ("Losing control", "", "", True),
        ("Coping", "", "", True),
        ("Keeping head above water", "her words", "group Losing control", False),
        ("Hiding", "", "", False),
    ]
    assert [(memo.title, memo.text) for memo in project.memos] == [("On hiding", "It began.")]


def test_what_is_no_text_quotation_is_told(tmp_path: Path) -> None:
    more = """\
<quotation id="q_3"><location><imageLoc x="1"/></location></quotation>
<quotation id="q_4"><location><segmentedTextLoc sSegment="99" sOffset="0" eSegment="99"
  eOffset="2"/></location></quotation>
<quotation id="q_5"><location><segmentedTextLoc sSegment="1" sOffset="3" eSegment="1"
  eOffset="6"/></location></quotation>
"""
    assert read(tmp_path, quoted=quotations(2) + more).losses == (
        Loss("document that is no text", "ward"),
        Loss("second group of a code", "Keeping head above water, in Coping"),
        Loss("quotation of what is no text", "P1, quotation q_3"),
        Loss("quotation at a place that is not there", "P1, quotation q_4"),
        Loss("quotation without a code", 'P1: "How"'),
        Loss("link that gives no code to a quotation", "tag_1, tag_2"),
    )


def test_another_version_names_its_documents_otherwise(tmp_path: Path) -> None:
    project = (
        PROJECT.replace("quotation", "q")
        .replace("{qs}", quotations(2).replace("quotation", "q"))
        .replace('medium="med_1"', 'loc="data_1"')
        .replace(
            "<media>", '<dataSources><dataSource id="data_1" loc="AB12"/></dataSources><media>'
        )
    )
    assert len(read(tmp_path, project).codings) == 2


def test_entities_and_a_broken_archive_are_refused(tmp_path: Path) -> None:
    bomb = PROJECT.replace("<project", '<!DOCTYPE project [<!ENTITY a "aa">]><project')
    with pytest.raises(UserError, match="declares a document type"):
        read(tmp_path, bomb)
    path = tmp_path / "ward.atlproj"
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(UserError, match="damaged, or was not saved to its end"):
        registry.read(path)
