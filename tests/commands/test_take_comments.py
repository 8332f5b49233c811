"""A reader's comments come back from Word and LibreOffice: each at its place, once, and nothing
else of the document.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
from libreoffice import LibreOffice, needs

from gtpipe.model.level import CodeRef, Level
from gtpipe.render.word import interviews
from gtpipe.render.word.document import Document
from gtpipe.store.layout import Study
from gtpipe.study import load

KITS = "data/comments.KR.yaml"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"


def exported(study, name="coded.docx") -> Path:
    """The coded interviews of a study as they go out."""
    return study.write(name, interviews.content(load(Study(study.root))))


def edited(path: Path, edit, part="word/document.xml") -> Path:
    """The document with one of its parts changed."""
    before = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name).decode() if name.endswith(("xml", "rels")) else None
            after.writestr(name, edit(content) if name == part else (content or before.read(name)))
    path.write_bytes(out.getvalue())
    return path


def remarked(path: Path, words: str, text: str, author="Kit Rowe") -> Path:
    """The document with a comment that python-docx put on the run that holds `words`."""
    document = docx.Document(str(path))
    run = next(
        run
        for p in document.paragraphs
        if "\t" in p.text
        for run in p.runs[2:]
        if words in run.text
    )
    document.add_comment(run, text=text, author=author, initials="x")
    document.save(str(path))
    return path


def commented(path: Path, id: str, text: str) -> Path:
    """The document with a comment of Kit's; what marks its place is elsewhere."""
    new = (
        f'<w:comment w:id="{id}" w:author="KR"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:comment>'
    )

    def with_it(xml: str) -> str:
        opened = f"{xml.removesuffix('/>')}></w:comments>" if xml.endswith("/>") else xml
        return opened.replace("</w:comments>", f"{new}</w:comments>")

    return edited(path, with_it, "word/comments.xml")


def taken(study, path: Path, *options: str):
    return study("comments", "--from", str(path), *options)


def test_a_comment_comes_back_at_its_place(coded):
    path = remarked(exported(coded), "She just sat down", "Who\nmoves?")
    ran = taken(coded, path)
    assert ran.code == 0, ran.err
    assert ran.out == f'{KITS}: a comment (KR), on eve 2 "She just sat down"\n'
    assert coded.read(KITS) == (
        '- about: eve 2 "She just sat down"\n  by: KR\n  comment: |-\n    Who\n    moves?\n'
    )
    assert "Who" not in coded.read("data/log.jsonl")


def test_a_comment_on_all_words_is_about_the_turn(coded):
    taken(coded, remarked(exported(coded), "How did you meet?", "a leading question?"))
    assert "- about: eve 1\n" in coded.read(KITS)


def test_what_is_ours_is_not_taken(coded):
    ran = taken(coded, exported(coded))
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "No new comment.\n"


def test_each_is_taken_once(coded):
    path = remarked(exported(coded), "She just sat down", "Who moves?")
    assert taken(coded, path).code == 0
    before = coded.hashes()
    ran = taken(coded, path)
    assert (ran.code, ran.out, ran.err) == (0, "", "No new comment.\n1 comment taken before.\n")
    assert coded.hashes() == before


@pytest.mark.parametrize("then", ["reworded", "answered", "taken out"])
def test_one_that_a_person_changed_since_does_not_come_back(coded, then):
    path = remarked(exported(coded), "She just sat down", "Who moves?")
    taken(coded, path)
    if then == "answered":
        coded.ok("comments", "answer", "1", "She does.")
    else:
        new = coded.read(KITS).replace("Who moves?", "Who moves here?")
        coded.write(KITS, new if then == "reworded" else "")
    before = coded.read(KITS)
    assert taken(coded, path).out == ""
    assert coded.read(KITS) == before


def test_undo_takes_it_back_and_it_can_be_taken_again(coded):
    path = remarked(exported(coded), "She just sat down", "Who moves?")
    taken(coded, path)
    coded.ok("undo", "--by", "KR")
    assert not (coded.root / KITS).exists()
    assert taken(coded, path).out


def test_a_dry_run_writes_nothing(coded):
    path = remarked(exported(coded), "She just sat down", "Who moves?")
    before = coded.hashes()
    ran = taken(coded, path, "--dry-run")
    assert ran.code == 0 and "+  comment: Who moves?" in ran.out
    assert "Nothing was written." in ran.err and coded.hashes() == before


def test_one_that_was_typed_in_already_is_not_added(coded):
    path = remarked(exported(coded), "She just sat down", "Who moves?")
    coded.ok("comments", "add", 'eve 2 "She just sat down"', "Who moves?", "--by", "KR")
    assert taken(coded, path).out == ""


def test_it_is_no_option_of_another_command(coded):
    path = remarked(exported(coded), "She just sat down", "Who moves?")
    ran = taken(coded, path, "list")
    assert ran.code == 2 and "--from stands alone" in ran.err
    assert not (coded.root / KITS).exists()


# --- who ------------------------------------------------------------------------------------------


def test_a_reader_whom_the_study_does_not_know_has_to_be_named(coded):
    path = remarked(exported(coded), "She just sat down", "Who moves?", author="S. Pervis")
    before = coded.hashes()
    ran = taken(coded, path)
    assert ran.code == 1 and coded.hashes() == before
    assert '"S. Pervis" commented, and is nobody under `researchers`' in ran.err
    ran = taken(coded, path, "--by", "SUP")
    assert ran.code == 1 and "Add a line `SUP: Full Name` there" in ran.err
    assert taken(coded, path, "--by", "KR").out.startswith(f"{KITS}: a comment (KR)")


def test_two_such_readers_are_not_one(coded):
    path = remarked(exported(coded), "She just sat down", "Who moves?", author="S. Pervis")
    remarked(path, "And now?", "Now?", author="E. Xaminer")
    ran = taken(coded, path, "--by", "KR")
    assert ran.code == 1 and '"S. Pervis", "E. Xaminer" commented' in ran.err


def test_names_that_a_program_took_out_do_not_make_our_codes_a_readers(coded):
    """Word's "remove personal information" calls everybody Author."""
    path = remarked(exported(coded), "She just sat down", "Who moves?")
    edited(
        path, lambda xml: re.sub('w:author="[^"]*"', 'w:author="Author"', xml), "word/comments.xml"
    )
    assert taken(coded, path, "--by", "KR").out == (
        f'{KITS}: a comment (KR), on eve 2 "She just sat down"\n'
    )


def test_a_coder_may_say_elsewhere_what_a_code_of_theirs_says(coded):
    path = remarked(exported(coded), "And now?", "noticing the pay", author="Pat Morgan")
    assert taken(coded, path).out == "data/comments.yaml: a comment (PM), on eve 3\n"


# --- replies --------------------------------------------------------------------------------------


def replied(path: Path) -> Path:
    """A reply in Word to our comment on `it went from there`, and one to that reply."""
    xml = zipfile.ZipFile(path).read("word/comments.xml").decode()
    number = re.search(r'w:id="(\d+)"[^>]*>(?:(?!</w:comment>).)*it went from there', xml)[1]

    def in_comments(xml):
        parts = xml.split("</w:comment>")
        at = next(i for i, part in enumerate(parts) if f'w:id="{number}"' in part)
        head, _, last = parts[at].rpartition("<w:p>")
        parts[at] = f'{head}<w:p w14:paraId="00000001">{last}'
        new = "".join(
            f'<w:comment w:id="{id}" w:author="Kit Rowe"><w:p w14:paraId="0000000{n}"><w:r><w:t>'
            f"{said}</w:t></w:r></w:p></w:comment>"
            for id, n, said in ((900, 2, "Not passive to me."), (901, 3, "And still."))
        )
        return "</w:comment>".join(parts).replace("</w:comments>", f"{new}</w:comments>")

    def in_document(xml):
        for kind in ("commentRangeStart", "commentRangeEnd", "commentReference"):
            mark = f'<w:{kind} w:id="{number}"/>'
            more = "".join(f'<w:{kind} w:id="{id}"/>' for id in (900, 901))
            if kind == "commentReference":
                mark, more = f"{mark}</w:r>", f"</w:r><w:r>{more}</w:r>"
                xml = xml.replace(mark, mark.removesuffix("</w:r>") + more)
            else:
                xml = xml.replace(mark, mark + more)
        return xml

    edited(path, in_comments, "word/comments.xml")
    edited(path, in_document)
    extended = (
        f'<w15:commentsEx xmlns:w15="{W15}"><w15:commentEx w15:paraId="00000001"/>'
        '<w15:commentEx w15:paraId="00000002" w15:paraIdParent="00000001"/>'
        '<w15:commentEx w15:paraId="00000003" w15:paraIdParent="00000001"/></w15:commentsEx>'
    )
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("word/commentsExtended.xml", extended)
    relation = (
        '<Relationship Id="rIdExtended" Target="commentsExtended.xml" '
        'Type="http://schemas.microsoft.com/office/2011/relationships/commentsExtended"/>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.commentsExtended+xml"
    override = f'<Override PartName="/word/commentsExtended.xml" ContentType="{kind}"/>'
    edited(
        path,
        lambda xml: xml.replace("</Relationships>", f"{relation}</Relationships>"),
        "word/_rels/document.xml.rels",
    )
    return edited(
        path, lambda xml: xml.replace("</Types>", f"{override}</Types>"), "[Content_Types].xml"
    )


def test_a_reply_is_about_the_incident_and_names_the_code(coded):
    path = replied(exported(coded))
    ran = taken(coded, path)
    assert ran.out == f'{KITS}: a comment (KR), on jim 2 "it went from there"\n' * 2
    assert 'comment: |-\n    To "it went from there":\n    Not passive to me.\n' in coded.read(KITS)
    assert "And still." in coded.read(KITS)
    assert taken(coded, path).out == ""


@pytest.mark.parametrize("author", ["Pat Morgan", "Kit Rowe"])
def test_words_that_a_reader_typed_into_our_comment_are_not_taken_for_anybodys(coded, author):
    def typed(xml):
        parts = xml.split("<w:comment ")
        at = next(i for i, part in enumerate(parts) if "passive? ask again" in part)
        new = parts[at].replace("</w:comment>", "<w:p><w:r><w:t>no!</w:t></w:r></w:p></w:comment>")
        parts[at] = new.replace("Pat Morgan", author)
        return "<w:comment ".join(parts)

    ran = taken(coded, edited(exported(coded), typed, "word/comments.xml"))
    assert ran.code == 1 and ran.out == ""
    assert (
        f'the comment of {author}, "it went from there passive? ask again no!", '
        "has no place: it is one of the study's own, with other words" in ran.err
    )


# --- places ---------------------------------------------------------------------------------------


def test_a_comment_under_a_heading_that_names_a_code_is_about_it(analysed):
    document = Document("book")
    document.heading(1, "Code book")
    document.paragraph("what it is for")
    document.heading(2, "easy beginnings", CodeRef(Level.FOCUSED, "easy beginnings"))
    document.heading(3, "Definition")
    document.paragraph("a start that nobody arranged")
    path = analysed.write("book.docx", document.content())
    word = docx.Document(str(path))
    for number, said in ((4, "Nobody?"), (1, "For whom?")):
        word.add_comment(word.paragraphs[number].runs[0], text=said, author="Kit Rowe")
    word.save(str(path))
    ran = taken(analysed, path)
    assert ran.code == 1
    assert ran.out == f"{KITS}: a comment (KR), on easy beginnings\n"
    assert '"For whom?", has no place: it stands on no turn, and under no code' in ran.err


def test_words_that_stand_there_twice_get_their_neighbours(study):
    study.write("in/ada.txt", "I: Well?\n\nP: I ran and I ran and then home.\n")
    study.ok("ingest", "in/ada.txt", "--date", "2026-03-10")
    study.ok("initial-code")
    path = exported(study)
    begin, end = '<w:commentRangeStart w:id="7"/>', '<w:commentRangeEnd w:id="7"/>'
    end += '<w:r><w:commentReference w:id="7"/></w:r>'
    marked = "".join(
        f'</w:t></w:r>{mark}<w:r><w:t xml:space="preserve">{words}'
        for mark, words in ((begin, "I ran"), (end, " and then home."))
    )
    whole = "I ran and I ran and then home."
    edited(path, lambda xml: xml.replace(whole, f"I ran and {marked}"))
    commented(path, "7", "again")
    assert taken(study, path).out == f'{KITS}: a comment (KR), on ada 2 "and I ran and"\n'


def test_where_no_few_neighbours_tell_it_is_about_the_turn(study):
    """Of a thousand times the same word nobody would count which is meant."""
    said = " ".join(["yes"] * 1000)
    study.write("in/ada.txt", f"I: Well?\n\nP: {said} and home.\n")
    study.ok("ingest", "in/ada.txt", "--date", "2026-03-10")
    study.ok("initial-code")
    path = exported(study)
    edited(path, lambda xml: xml.replace(said, f"{said[:1999]}</w:t></w:r>{{}}{said[1999:]}"))
    again = '<w:commentRangeStart w:id="7"/><w:r><w:t xml:space="preserve">'
    edited(path, lambda xml: xml.replace("{}", again))
    edited(
        path,
        lambda xml: xml.replace(
            f"{said[1999:]} and home.</w:t></w:r>",
            (
                f"{said[1999:2002]}</w:t></w:r>"
                '<w:commentRangeEnd w:id="7"/><w:r><w:commentReference w:id="7"/></w:r>'
                f'<w:r><w:t xml:space="preserve">{said[2002:]} and home.</w:t></w:r>'
            ),
        ),
    )
    commented(path, "7", "which?")
    assert taken(study, path).out == f"{KITS}: a comment (KR), on ada 2\n"


@pytest.mark.parametrize("run", [0, 1])
def test_a_comment_on_the_number_or_the_speaker_of_a_turn_is_about_the_turn(coded, run):
    path = exported(coded)
    document = docx.Document(str(path))
    (turn,) = (p for p in document.paragraphs if "I met him around the ward" in p.text)
    document.add_comment(turn.runs[run], text="Who?", author="Kit Rowe", initials="KR")
    document.save(str(path))
    assert taken(coded, path).out == f"{KITS}: a comment (KR), on jim 2\n"


def test_a_comment_in_a_footnote_is_told(coded):
    """Such a one hangs on nothing in the interviews; it is not lost in silence."""
    path = commented(exported(coded), "7", "Who wrote this?")
    ran = taken(coded, path)
    assert (
        ran.code == 1
        and ('"Who wrote this?", has no place: it stands on no text of the interviews or chapters')
        in ran.err
    )
    assert not (coded.root / KITS).exists()


def test_a_comment_over_turns_is_about_them_all(coded):
    path = exported(coded)
    word = docx.Document(str(path))
    runs = [run for p in word.paragraphs for run in p.runs]
    first = next(run for run in runs if run.text == "it went from there")
    last = next(run for run in runs if "awkward" in run.text)
    word.add_comment([first, last], text="slowly", author="Kit Rowe")
    question = next(run for run in runs if "And then?" in run.text)
    word.add_comment([question, last], text="asked?", author="Kit Rowe")
    word.save(str(path))
    assert taken(coded, path).out == (
        f'{KITS}: a comment (KR), on jim 2 "it went from" - 4\n{KITS}: a comment (KR), on jim 3-4\n'
    )
    assert "error" not in coded("check").out
    assert coded.ok("comments", "list", "jim 3").count("asked?") == 1


def test_bookmarks_that_end_behind_their_paragraph(coded):
    path = remarked(exported(coded), "She just sat down", "Who moves?")
    remarked(path, "She goes home at five", "Every day?")
    moved = edited(path, lambda xml: re.sub(r"(<w:bookmarkEnd [^>]*/>)</w:p>", r"</w:p>\1", xml))
    ran = taken(coded, moved)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f'{KITS}: a comment (KR), on eve 2 "She just sat down"\n{KITS}: a comment (KR), on eve 4\n'
    )


# --- words that changed ---------------------------------------------------------------------------


def test_changed_words_are_told_and_not_taken_over(coded):
    path = edited(exported(coded), lambda xml: xml.replace("No form, nothing", "No forms at all"))
    before = coded.read("data/transcripts/eve.md")
    ran = taken(coded, path)
    assert ran.code == 0 and coded.read("data/transcripts/eve.md") == before
    assert "the words of eve 2 were changed: " in ran.err
    assert "[-form, nothing.-] {+forms at all.+}" in ran.err


def test_tracked_changes_are_told_and_do_not_move_a_comment(coded):
    path = remarked(exported(coded), "She goes home at five", "every day?")

    def track(xml):
        added = '<w:ins w:id="990" w:author="Kit Rowe"><w:r><w:t>Always </w:t></w:r></w:ins>'
        run = re.search(r"<w:r>(?:(?!<w:r>).)*She goes home at five", xml)[0]
        return xml.replace(run, added + run)

    ran = taken(coded, edited(path, track))
    assert ran.out == f"{KITS}: a comment (KR), on eve 4\n"
    assert "the words of eve 4 were changed: {+Always+} She goes" in ran.err


def test_a_transcript_that_was_corrected_since(coded):
    path = remarked(exported(coded), "She just sat down", "Who moves?")
    remarked(path, "No form, nothing.", "Which form?")
    transcript = coded.read("data/transcripts/eve.md")
    coded.write("data/transcripts/eve.md", transcript.replace("No form,", "No forms,"))
    ran = taken(coded, path)
    assert ran.out == f'{KITS}: a comment (KR), on eve 2 "She just sat down"\n'
    assert (
        ran.code == 1 and 'eve 2 says no more, or not only once, ". No form, nothing."' in ran.err
    )
    assert "eve 2 was corrected since this document was made" in ran.err
    assert "were changed" not in ran.err


# --- documents that are none ----------------------------------------------------------------------


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * (300 * 2**20))
    return out.getvalue()


def test_what_is_no_document_of_ours_is_refused(coded):
    ours = exported(coded).read_bytes()
    word = io.BytesIO()
    docx.Document().save(word)
    hostile = edited(
        exported(coded, "hostile.docx"),
        lambda xml: xml.replace("<w:document ", '<!DOCTYPE x [<!ENTITY a "b">]><w:document '),
    ).read_bytes()
    for content, message in (
        (word.getvalue(), "was not made by gtpipe"),
        (b"%PDF-1.7", "this is no Word document"),
        (ours[: len(ours) // 2], "is damaged or was not saved to its end"),
        (hostile, "declares a document type or entities"),
        (bomb(), "would unpack to 300 MB"),
    ):
        coded.write("other.docx", content)
        before = coded.hashes()
        ran = coded("comments", "--from", "other.docx")
        assert ran.code == 1 and message in ran.err, ran.err
        assert coded.hashes() == before
    assert "there is no such file" in coded("comments", "--from", "gone.docx").err


def test_so_is_one_whose_interviews_are_called_the_same(coded):
    path = remarked(exported(coded), "awkward", "Who?")
    for transcript in (coded.root / "data/transcripts").glob("*.md"):
        head, front, turns = transcript.read_text(encoding="utf-8").split("---\n", 2)
        other = re.sub(r"^(\[.*?\] \w+: )", r"\1Elsewhere: ", turns, flags=re.MULTILINE)
        transcript.write_text(f"{head}---\n{front}---\n{other}", encoding="utf-8")
    ran = taken(coded, path)
    assert ran.code == 1 and "nothing that this document was made of is in this study" in ran.err
    assert not (coded.root / KITS).exists()


def test_a_document_of_another_study_is_refused(coded):
    path = remarked(exported(coded), "She just sat down", "Who moves?")
    for name in ("eve", "jim"):
        coded.ok("ingest", f"in/{name}.{'md' if name == 'eve' else 'txt'}", "--as", f"{name}-x")
    for place in coded.root.glob("data/*/*"):
        if place.stem in ("eve", "jim"):
            place.unlink()
    ran = taken(coded, path)
    assert ran.code == 1 and "nothing that this document was made of is in this study" in ran.err


# --- LibreOffice ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def libreoffice(tmp_path_factory) -> LibreOffice:
    return LibreOffice(tmp_path_factory.mktemp("libreoffice"))


@needs
def test_a_save_by_libreoffice_adds_nothing(coded, libreoffice, tmp_path):
    coded.ok("code", "jim", "2-4", "getting to know him", "--by", "KR")
    path = libreoffice.save(exported(coded), tmp_path / "saved.docx")
    ran = taken(coded, path)
    assert (ran.code, ran.out, ran.err) == (0, "", "No new comment.\n")


@needs
def test_comments_that_libreoffice_adds_come_back(coded, libreoffice, tmp_path):
    path = libreoffice.save(
        exported(coded),
        tmp_path / "saved.docx",
        'Call AddComment(document, "met him around", True, "Kit Rowe", "By chance?")',
        'Call AddComment(document, "No form", False, "Kit Rowe", "What form?")',
        # The form of its own replies, where it has no other.
        'Call AddComment(document, "it went from there", False, "Kit Rowe", "Reply to Pat Morgan '
        '(01/01/2000, 00:00): ""it went from there|passive? ask again""|Not to me.")',
        'Call ReplaceWords(document, "awkward", "odd")',
    )
    ran = taken(coded, path)
    assert ran.code == 0, ran.err
    assert ran.out.splitlines() == [
        f'{KITS}: a comment (KR), on jim 2 "met him around"',
        f'{KITS}: a comment (KR), on jim 2 "it went from there"',
        f"{KITS}: a comment (KR), on eve 2",
    ]
    assert '    To "it went from there":\n    Not to me.\n' in coded.read(KITS)
    assert "the words of jim 4 were changed" in ran.err and "{+odd.+}" in ran.err
    again = libreoffice.save(path, tmp_path / "again.docx")
    assert taken(coded, again).out == ""
