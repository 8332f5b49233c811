"""Tables: which column says who speaks and what, and that no cell is lost. As text with separators,
and as workbooks."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from gtpipe.analysis.coverage import lost_words
from gtpipe.analysis.speakers import Roles, interview_of
from gtpipe.formats import transcripts
from gtpipe.model.problems import UserError
from gtpipe.readers import registry
from gtpipe.readers.reading import Columns, Hints, Reader, Reading
from gtpipe.readers.tables.columns import Row, letter, turns_in_table
from gtpipe.readers.tables.separated import READER as SEPARATED
from gtpipe.readers.tables.workbook import READER as WORKBOOK

NOBODY = Hints()
TALK = (
    'Speaker,Text,Start\nAna,"So, ""where"" were\nyou?",0:05\nBo,At the harbour.,0:09\n'
    'Bo,"All day, er.",0:12\nAna,Why?,0:15\n'
)
TALKED = [
    ("Ana", "0:05", 'So, "where" were\nyou?'),
    ("Bo", "0:09", "At the harbour.\nAll day, er."),
    ("Ana", "0:15", "Why?"),
]


def read(reader: Reader, content: str | bytes, hints: Hints = NOBODY) -> Reading:
    """The reading, after the check that no word of the file is missing in it."""
    content = content.encode() if isinstance(content, str) else content
    reading = reader.read(content, "x", hints)
    assert lost(reader, reading, content) == ""
    return reading


def lost(reader: Reader, reading: Reading, content: bytes) -> str:
    interview, _ = interview_of(reading, "x", "data/transcripts/x.md", Roles((), ("*",)))
    stored, _ = transcripts.loads(transcripts.dumps(interview), "data/transcripts/x.md")
    return lost_words(reading, stored, reader.control_text(content))


def turns(reading) -> list[tuple[str, str, str]]:
    return [(turn.label, turn.time, turn.text) for turn in reading.turns]


def asides(reading) -> list[tuple[int, str, str]]:
    return [tuple(aside) for aside in reading.asides]


def table(*rows: tuple[str, ...]) -> list[Row]:
    return [Row(number, cells) for number, cells in enumerate(rows, 1)]


def workbook(sheets: dict[str, list[list]], change=lambda book: None) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("rows", "hints", "columns"),
    [
        (
            [("Speaker", "Text", "Start"), ("Ana", "So?", "0:05"), ("Bo", "No.", "0:07")],
            NOBODY,
            'speaker in column "Speaker", words in "Text", time in "Start"',
        ),
        (
            [
                ("Nr.", "Zeit", "Sprecher:in", "Inhalt"),
                ("1", "0:05", "Ana", "So?"),
                ("2", "0:07", "Bo", "Nein."),
            ],
            NOBODY,
            'speaker in column "Sprecher:in", words in "Inhalt", time in "Zeit"',
        ),
        (
            [("texte", "locuteur"), ("Alors ?", "Ana"), ("Non.", "Bo")],
            NOBODY,
            'speaker in column "locuteur", words in "texte"',
        ),
        (
            [("Name", "Utterance"), ("Ana", "So?"), ("Bo", "No.")],
            NOBODY,
            'speaker in column "Name", words in "Utterance"',
        ),
        (
            [("I", "So?"), ("P", "At the harbour.")],
            Hints(frozenset("IP")),
            'speaker in column "A", words in "B"',
        ),
        (
            [
                ("0:01", "Ana", "Where were you then?"),
                ("0:02", "Bo", "Well, out."),
                ("0:03", "Ana", "Where?"),
            ],
            NOBODY,
            'speaker in column "B", words in "C", time in "A"',
        ),
        (
            [("Ana:", "Where were you all day?"), ("Bo:", "Well, at the harbour, mostly.")],
            NOBODY,
            'speaker in column "A", words in "B"',
        ),
        (
            [("Name", "Line"), ("Ana", "So where?"), ("Bo", "At the harbour"), ("Ana", "Why?")],
            Hints(columns=Columns("name", "LINE")),
            'speaker in column "Name", words in "Line"',
        ),
        (
            [("ab", "cd", "Ana", "So?"), ("ef", "gh", "Bo", "No.")],
            Hints(columns=Columns("c", "4")),
            'speaker in column "C", words in "D"',
        ),
        (
            [("Transcript",), ("So I went.",), ("Then home.",)],
            Hints(monologue="Ana"),
            'words in column "Transcript"',
        ),
    ],
)
def test_columns_are_found_by_name_by_heading_or_by_content(rows, hints, columns):
    found = turns_in_table(table(*rows), "x", hints)
    assert found.columns == columns == found.remarks[0]
    assert len(found.turns) == len(rows) - bool(
        found.asides and found.asides[0].what == "header row"
    )


@pytest.mark.parametrize(
    "rows",
    [
        [("Name", "Age"), ("Ana", "41"), ("Bo", "39")],
        [("Age:", "34"), ("Town:", "Leeds")],
        [("What was said",), ("So?",)],
        [("", ""), ("", "")],
        [],
    ],
)
def test_a_table_in_which_nobody_speaks_is_none(rows):
    assert turns_in_table(table(*rows), "x", NOBODY) is None


def test_the_speaker_before_goes_on_where_nobody_is_named():
    found = turns_in_table(
        table(
            ("Who", "Words", "Note"),
            ("Ana:", "So?", "slow"),
            ("", "Well?", ""),
            ("Bo", "No.", ""),
            ("Bo", "No!", ""),
        ),
        "x",
        NOBODY,
    )
    assert turns(found) == [("Ana", "", "So?\nWell?"), ("Bo", "", "No.\nNo!")]
    assert [turn.lead for turn in found.turns] == ["Ana: ", "Bo "]
    assert asides(found) == [
        (1, "header row", "Who Words Note"),
        (2, 'column "Note"', "slow"),
        (5, "repeated label", "Bo"),
    ]


def test_words_above_the_table_and_before_the_first_speaker_are_left_out():
    found = turns_in_table(
        table(("Interview 3", ""), ("Who", "Words"), ("", "(music)"), ("Ana", "So?")), "x", NOBODY
    )
    assert found.left_out == ((1, "Interview 3"), (3, "(music)")) and turns(found) == [
        ("Ana", "", "So?")
    ]


def test_what_a_person_says_is_no_speaker_is_words():
    rows = table(
        ("Who", "Words"), ("Ana", "So?"), ("Note", "a gull"), ("Part 2", ""), ("Bo", "No.")
    )
    found = turns_in_table(rows, "x", Hints(not_speakers=frozenset({"Note", "Part 2"})))
    assert turns(found) == [("Ana", "", "So?\nNote a gull"), ("Bo", "", "No.")]
    assert (4, 'column "Who"', "Part 2") in asides(found)
    again = turns_in_table(rows, "x", Hints(frozenset({"Ana", "Bo"}), only_known=True))
    assert again.turns == found.turns


def test_a_label_is_no_heading_though_it_is_called_like_one():
    rows = table(("Participant", "Yes, I did."), ("Interviewer", "So?"), ("Participant", "No."))
    assert [turn.label for turn in turns_in_table(rows, "x", NOBODY).turns] == [
        "Participant",
        "Interviewer",
        "Participant",
    ]


@pytest.mark.parametrize(
    ("written", "time", "lead"),
    [
        ("00:01:05.250", "00:01:05.250", "Ana 00:01:05.250 "),
        ("65.2", "00:01:05", "Ana 65.2 "),
        ("[1:05]", "1:05", "Ana [1:05] "),
        ("0:05 - 0:07", "0:05", "Ana 0:05 - 0:07 "),
        ("noon", "", "Ana "),
        ("10:05 am", "10:05", "Ana "),
    ],
)
def test_times_are_kept_as_written_and_seconds_counted_out(written, time, lead):
    found = turns_in_table(
        table(("Speaker", "Text", "Start"), ("Ana", "So?", written)), "x", NOBODY
    )
    assert (found.turns[0].time, found.turns[0].lead) == (time, lead)
    assert ((2, 'column "Start"', written) in asides(found)) == (written not in lead)


def test_a_time_beside_the_label_is_the_turns():
    found = turns_in_table(
        table(("Ana [0:05]:", "Where were you all day?"), ("0:09 Bo", "At the harbour, mostly.")),
        "x",
        Hints(frozenset({"Ana", "Bo"})),
    )
    assert [(turn.label, turn.time) for turn in found.turns] == [("Ana", "0:05"), ("Bo", "0:09")]


def test_a_named_column_that_is_not_there_is_an_error_with_the_nearest():
    with pytest.raises(UserError) as raised:
        turns_in_table(
            table(("Quien", "Dicho"), ("Ana", "Hola.")),
            "x",
            Hints(columns=Columns("Qien", "Dicho")),
        )
    assert (
        raised.value.problems[0].what
        == 'this table has no column "Qien"; its first row is "Quien", "Dicho"'
    )
    assert raised.value.problems[0].do == 'did you mean "Quien"?'


def test_columns_have_letters_like_in_a_spreadsheet():
    assert [letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@pytest.mark.parametrize(
    "written",
    [
        TALK,
        "\ufeff" + TALK.replace("\n", "\r\n"),
        TALK + "\n,,\n\n",
        'Speaker;Text;Start\nAna;"So, ""where"" were\nyou?";0:05\nBo;At the harbour.;0:09\n'
        ";All day, er.;0:12\nAna;Why?;0:15\n",
        'Speaker\tText\tStart\nAna\t"So, ""where"" were\nyou?"\t0:05\nBo\tAt the harbour.\t0:09\n'
        "Bo\tAll day, er.\t0:12\nAna\tWhy?\t0:15\n",
        'Speaker|Text|Start\nAna|"So, ""where"" were\nyou?"|0:05\nBo|At the harbour.|0:09\n'
        "Bo|All day, er.|0:12\nAna|Why?|0:15\n",
    ],
)
def test_commas_semicolons_tabs_and_bars_part_the_cells(written):
    reading = read(SEPARATED, written)
    assert turns(reading) == TALKED
    assert [turn.line for turn in reading.turns] == [2, 4, 6]
    assert SEPARATED.shows(written.encode())


def test_old_encodings_are_read_and_told():
    reading = SEPARATED.read("Speaker;Text\nZoë;Ça va – “oui”.\n".encode("cp1252"), "x", NOBODY)
    assert (
        turns(reading) == [("Zoë", "", "Ça va – “oui”.")] and "Windows-1252" in reading.remarks[0]
    )


def test_quotation_marks_of_a_recognisers_table_are_characters_and_milliseconds_are_counted():
    reading = read(
        SEPARATED,
        'start\tend\ttext\n0\t5200\t"Well," she said\n65200\t66000\tso.\n',
        Hints(monologue="Ana"),
    )
    assert turns(reading) == [("Ana", "00:00:00", '"Well," she said'), ("Ana", "00:01:05", "so.")]
    assert "times in milliseconds are written as hours, minutes and seconds" in reading.remarks


def test_a_list_of_lines_is_no_table_of_its_commas():
    reading = read(SEPARATED, "Text\nwell, you know,\nI went, then, home\n", Hints(monologue="Ana"))
    assert [turn.text for turn in reading.turns] == ["well, you know,", "I went, then, home"]


@pytest.mark.parametrize(
    ("written", "line", "says"),
    [
        ("Who,What\nAna,So, where?\nBo,Out.\nAna,Why?\n", 2, "3 cells where the others have 2"),
        ("Who,What,Code\nAna,So?,x\nBo\nAna,Why?,y\n", 3, "1 cells where the others have 3"),
        ('Who,What\n"Ana,So?\nBo,Out.\n', 2, "quotation mark"),
        ('Who,What\nAna,"So"? Where?\n', 2, "quotation mark"),
        ("Town,Size\nLeeds,5\nHull,7\n", 1, "A: Town; B: Size"),
        ("So I went.\nThen home.\n", 1, "--columns speaker=NAME,words=NAME"),
        ("Who,What\n", 1, "which columns"),
        (",,\n,,\n", None, "holds no words"),
    ],
)
def test_what_is_no_table_of_speech_is_told_with_its_line(written, line, says):
    with pytest.raises(UserError) as raised:
        SEPARATED.read(written.encode(), "x", NOBODY)
    problem = raised.value.problems[0]
    assert says in problem.what + problem.do and problem.line == line


def test_a_monologue_in_a_table_that_names_speakers_is_refused():
    with pytest.raises(UserError, match='here is the speaker in column "Speaker"'):
        SEPARATED.read(TALK.encode(), "x", Hints(monologue="Ana"))


SHEET = [
    ["No", "Time", "Who", "Words", None],
    [1, datetime.time(0, 1, 5), "Ana", "So, where\nwere you?", "slow"],
    [2, datetime.timedelta(minutes=2), None, "All day?", None],
    [3, datetime.time(0, 2, 9), "Bo", 5, None],
    [4, datetime.datetime(2026, 3, 2, 10, 5), "Ana", True, 0.25],
]


def test_a_workbook_is_read_with_its_times_and_its_other_words_told():
    def change(book):
        book["Talk"]["D2"].comment = Comment("check this", "PM")

    reading = read(WORKBOOK, workbook({"About": [["made by", "PM"]], "Talk": SHEET}, change))
    assert turns(reading) == [
        ("Ana", "00:01:05", "So, where\nwere you?\nAll day?"),
        ("Bo", "00:02:09", "5"),
        ("Ana", "", "TRUE"),
    ]
    assert (
        reading.remarks
        == ('sheet "Talk"', 'speaker in column "Who", words in "Words", time in "Time"')
        and reading.unit == "row"
    )
    for aside in [
        (1, 'sheet "About"', "made by PM"),
        (2, "comment", "check this"),
        (2, 'column "E"', "slow"),
        (5, 'column "E"', "0.25"),
        (3, "time within a turn", "00:02:00"),
        (5, 'column "Time"', "2026-03-02 10:05:00"),
    ]:
        assert aside in asides(reading)


def test_a_merged_cell_goes_on_for_the_speaker():
    def change(book):
        book["Talk"].merge_cells("A2:A3")

    content = workbook(
        {"Talk": [["Who", "Words"], ["Ana", "So?"], [None, "Well?"], ["Bo", "No."]]}, change
    )
    assert turns(read(WORKBOOK, content)) == [("Ana", "", "So?\nWell?"), ("Bo", "", "No.")]


def test_words_in_several_styles_are_one_cells_words():
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    words = CellRichText("I was ", TextBlock(InlineFont(b=True), "never"), " there.")
    assert turns(read(WORKBOOK, workbook({"Talk": [["Who", "Words"], ["Ana", words]]}))) == [
        ("Ana", "", "I was never there.")
    ]


def _with(content: bytes, name: str, change) -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for other in old.namelist():
            new.writestr(other, change(old.read(other)) if other == name else old.read(other))
    return file.getvalue()


GOOD = workbook({"Talk": [["Who", "Words"], ["Ana", "So?"], ["Bo", "No."]]})
PART = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (GOOD[: len(GOOD) // 2], "damaged"),
        (_with(GOOD, PART, lambda xml: xml[:-40]), "damaged"),
        (_with(GOOD, PART, lambda xml: b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml), "entities"),
        (_with(GOOD, PART, lambda xml: xml.replace(b'r="B2"', b'r="XFD2"')), "702 columns"),
        (
            _with(
                GOOD,
                PART,
                lambda xml: (
                    re.sub(rb'<row r="3"', b'<row r="1048576"', xml)
                    .replace(b'r="A3"', b'r="A1048576"')
                    .replace(b'r="B3"', b'r="B1048576"')
                ),
            ),
            "200,000 rows",
        ),
        (_with(GOOD, PART, lambda xml: xml + b" " * 70_000_000), "too much"),
        (workbook({"Talk": [[]]}), "no words"),
        (workbook({"Towns": [["Town", "Size"], ["Leeds", 5]]}), "which columns"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_a_workbook_that_cannot_be_read_is_told_quickly(content, says):
    with pytest.raises(UserError, match=says):
        WORKBOOK.read(content, "x", NOBODY)


@given(st.data())
@settings(max_examples=60)
def test_damaged_files_end_in_words_not_in_a_traceback(data):
    reader, good = data.draw(
        st.sampled_from([(SEPARATED, TALK.encode()), (WORKBOOK, GOOD), (WORKBOOK, GOOD)])
    )
    content = bytearray(good)
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
        content[at] = data.draw(st.integers(0, 255))
    damaged = bytes(content[: data.draw(st.integers(len(content) // 2, len(content)))])
    refusal = None
    try:
        reader.shows(damaged)
        reading = reader.read(damaged, "x", NOBODY)
    except UserError as exc:
        refusal = exc
    if refusal:
        assert refusal.problems[0].what
    else:
        assert reading.turns or reading.left_out


@given(st.data())
@settings(max_examples=80)
def test_a_workbook_with_damaged_sheets_ends_in_words(data):
    """The archive is whole, what is in it is not."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as package:
        name = data.draw(st.sampled_from(package.namelist()))

    def change(xml: bytes) -> bytes:
        found = bytearray(xml)
        for at in data.draw(st.lists(st.integers(0, len(found) - 1), min_size=1, max_size=5)):
            found[at] = data.draw(st.sampled_from(b'<>"/ 0az'))
        return bytes(found)

    refusal = None
    try:
        reading = WORKBOOK.read(_with(GOOD, name, change), "x", NOBODY)
    except UserError as exc:
        refusal = exc
    if refusal:
        assert refusal.problems[0].what
    else:
        assert reading.turns or reading.left_out


CELL = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp"),
        exclude_characters="\ufeff\ufffe\uffff",
    ),
    min_size=1,
    max_size=40,
).filter(
    lambda cell: (
        cell.strip() and not cell.startswith("=") and not re.search("_x[0-9A-Fa-f]{4}_", cell)
    )
)
NOTE = st.one_of(st.just(""), CELL)
SPEECH = st.lists(
    st.tuples(
        st.sampled_from(["Ana", "Bo", "Dr. Cy Mbeki"]),
        st.one_of(CELL, st.tuples(CELL, CELL).map("\n".join)),
        NOTE,
    ),
    min_size=1,
    max_size=6,
)


def separated(separator: str):
    def written(rows: list[list[str]]) -> bytes:
        file = io.StringIO()
        csv.writer(file, delimiter=separator).writerows(rows)
        return file.getvalue().encode()

    return written


@given(
    SPEECH,
    st.sampled_from(
        [
            (SEPARATED, separated(",")),
            (SEPARATED, separated(";")),
            (SEPARATED, separated("\t")),
            (SEPARATED, separated("|")),
            (WORKBOOK, lambda rows: workbook({"Talk": rows})),
        ]
    ),
)
@settings(max_examples=150)
def test_words_in_are_words_out_and_speakers_in_are_speakers_out(spoken, layout):
    reader, written = layout
    content = written([["Speaker", "Words", "Notes"], *map(list, spoken)])
    reading = read(reader, content)
    expected: list[tuple[str, list[str]]] = []
    for who, said, _ in spoken:
        if expected and expected[-1][0] == who:
            expected[-1][1].extend(said.split())
        else:
            expected.append((who, said.split()))
    assert [(turn.label, turn.text.split()) for turn in reading.turns] == expected
    assert [aside.words.split() for aside in reading.asides if aside.what == 'column "Notes"'] == [
        note.split() for _, _, note in spoken if note.strip()
    ]
    again = reader.read(content, "x", Hints(frozenset(reading.labels()), only_known=True))
    assert again.turns == reading.turns


def test_a_lost_cell_is_noticed():
    """The second extraction sees what the first would lose."""
    assert "big" in lost(
        SEPARATED,
        read(SEPARATED, TALK),
        TALK.replace("At the harbour", "At the big harbour").encode(),
    )
    other = workbook({"Talk": [["Who", "Words"], ["Ana", "So what?"], ["Bo", "No."]]})
    assert "what?" in lost(WORKBOOK, read(WORKBOOK, GOOD), other)


def test_a_table_is_known_by_its_headings_only():
    assert not SEPARATED.shows(b"I: So, where were you?\nP: Out.\n") and not SEPARATED.shows(
        b"Town,Text\n"
    )
    assert WORKBOOK.shows(GOOD) and not WORKBOOK.shows(b"PK\x03\x04....")


def refusal(content: str, path: str = "a.csv", hints: Hints = NOBODY):
    with pytest.raises(UserError) as raised:
        registry.read(content.encode(), path, hints)
    return raised.value.problems[0]


@pytest.mark.parametrize(
    ("written", "line", "shown"),
    [
        (
            "speaker,timestamp,words,tags,,,\nNora,0:03,So?,,,,\n"
            "Ben,0:07,It was a place. My dog, and I, we went there.,,,\n",
            3,
            "Ben | 0:07 | It was a place. My dog | and I | we went there.",
        ),
        ("speaker,words\nNora,Well, so?\nBen,Yes, we did.\nNora,Ah, yes.\n", 2, "Well | so?"),
        ("who,words,notes\nNora,So?,slow\nBen,A place, and dogs.\nNora,Why?,\n", 3, "and dogs."),
        (
            "who;words;;\nNora;So?;;\nBen;A place;and a dog;\nNora;Why?;;\n",
            3,
            "A place | and a dog",
        ),
        ("Nora:,So where?,,\nBen:,A place,and dogs,\nNora:,So why?,,\nBen:,No.,,\n", 2, "and dogs"),
    ],
)
def test_words_that_a_comma_carried_beyond_their_column_are_refused(written, line, shown):
    problem = refusal(written)
    assert problem.line == line and shown in problem.excerpt and "Quote the cell" in problem.do
    assert "--columns" not in problem.do


@pytest.mark.parametrize(
    "written",
    [
        'who,words,notes\nNora,So?,slow\nBen,"A place, and dogs.",\n',
        "who, words, notes\nNora, So?, slow\nBen, A place, and dogs\n",
        "who,words,,\nNora,So?,,\nBen,A place,,3.5\n",
    ],
)
def test_quoted_commas_and_cells_with_blanks_everywhere_are_no_spill(written):
    assert turns(read(SEPARATED, written))[1][2].startswith("A place")


ELAN = (
    "I\t\t00:00:03.000\t3.0\t00:00:06.000\t6.0\t00:00:03.000\t3.0\tSo what did it mean to you?\n"
    "B\t\t00:00:07.000\t7.0\t00:00:11.000\t11.0\t00:00:04.000\t4.0\tWell, somewhere: the dog.\n"
    "I\t\t00:00:12.000\t12.0\t00:00:13.000\t13.0\t00:00:01.000\t1.0\tHmm.\n"
)
REZONATOR = (
    "1\t3.0\t6.0\tNORA:\tSo what did it mean?\n2\t7.0\t8.5\tBEN:\tWell, only somewhere\n"
    "3\t8.5\t11.0\t\tto put the dog.\n4\t12.0\t13.0\tNORA:\tHmm.\n"
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            ELAN,
            [
                ("I", "00:00:03.000", "So what did it mean to you?"),
                ("B", "00:00:07.000", "Well, somewhere: the dog."),
                ("I", "00:00:12.000", "Hmm."),
            ],
        ),
        (
            REZONATOR,
            [
                ("NORA", "00:00:03", "So what did it mean?"),
                ("BEN", "00:00:07", "Well, only somewhere\nto put the dog."),
                ("NORA", "00:00:12", "Hmm."),
            ],
        ),
        (
            "I\t3000\t6000\tSo where?\nB\t7000\t11000\tOut.\nI\t12000\t13000\tHm.\n",
            [("I", "00:00:03", "So where?"), ("B", "00:00:07", "Out."), ("I", "00:00:12", "Hm.")],
        ),
        (
            "1\t0:03\tNora:\tSo where?\n2\t0:07\tBen:\tOut.\n3\t0:09\tNora:\tHm.\n",
            [("Nora", "0:03", "So where?"), ("Ben", "0:07", "Out."), ("Nora", "0:09", "Hm.")],
        ),
        (
            "Tier\tBegin Time - hh:mm:ss.ms\tAnnotation\n"
            "I\t00:00:03.000\tSo what did it mean?\nB\t00:00:07.000\tA place for the dog.\n"
            "I\t00:00:12.000\tHmm.\n",
            [
                ("I", "00:00:03.000", "So what did it mean?"),
                ("B", "00:00:07.000", "A place for the dog."),
                ("I", "00:00:12.000", "Hmm."),
            ],
        ),
    ],
)
def test_a_text_of_as_many_tabs_in_each_line_is_a_table(written, expected):
    reading = registry.read(written.encode(), "a.txt", NOBODY)
    assert turns(reading) == expected and reading.format == "table"
    assert lost(SEPARATED, reading, written.encode()) == ""
    again = Hints(frozenset(reading.labels()), only_known=True)
    assert registry.read(written.encode(), "a.txt", again).turns == reading.turns


@pytest.mark.parametrize(
    "written",
    [
        "Nora\tSo what?\nBen\tWell, out.\nNora\tHm.\n",
        "\t\tNora: So what?\n\t\tBen: Well.\n",
        "Nora: So\twhat\tnow?\nBen: Well.\n",
    ],
)
def test_other_tabs_make_no_table(written):
    assert registry.reader_of(written.encode(), "a.txt").name == "text"


def test_columns_make_any_text_a_table():
    hints = Hints(columns=Columns("A", "B"))
    written = b"Nora\tSo what?\nBen\tWell, out.\nNora\tHm.\n"
    assert turns(registry.read(written, "a.txt", hints)) == [
        ("Nora", "", "So what?"),
        ("Ben", "", "Well, out."),
        ("Nora", "", "Hm."),
    ]
    assert registry.control_text(written, "a.txt", hints).split("\n")[1] == "So what?"


@pytest.mark.parametrize(
    ("path", "content", "says"),
    [
        ("a.txt", "Nora: So what?\nBen: Out.\n", 'this table has no column "B"'),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Nora>So?\n", "this file is vtt"),
        ("a.html", "<html><body><p>Nora: So?</p><p>Ben: No.</p></body></html>", "holds none"),
    ],
)
def test_columns_without_a_table_are_refused(path, content, says):
    assert says in refusal(content, path, Hints(columns=Columns("A", "B"))).what


def test_a_table_of_one_tier_after_the_other_is_refused():
    written = (
        "I\t0:03\t0:05\tSo where?\nI\t0:12\t0:13\tHm.\nB\t0:07\t0:11\tOut.\nB\t0:14\t0:15\tYes.\n"
    )
    problem = refusal(written, "a.txt")
    assert "sorted by speaker" in problem.what and problem.line == 3
