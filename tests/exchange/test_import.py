"""`gtpipe import`: real files of other programs, through the real command line into an empty study;
each coding at the words that its program says.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from refi import archive, code, project, selection, text_source

from gtpipe.store.layout import Study
from gtpipe.study import load

SAMPLES = Path(__file__).parent / "samples"
SPEAKERS = ("--interviewer", "Interviewer", "--participant", "*", "--unlabelled", "above")
CODERS = ("--coder", "ana=PM", "--coder", "ben=KR", "--coder", "AQDA User=PM")
TALK = "I: How was it?\nP: It was late, and I went home.\nI: And then?\nP: Nothing. It was late.\n"
QDA = "{urn:QDA-XML:project:1.0}"

# What AQDA and qualitative-coding, which write no words beside places, show of their projects.
SHOWN = {
    "aqda-0.5.0.qdpx": {
        ("2026-p1", "Keeping head above water", "keep my head above water", "PM"),
        ("2026-p1", "Hiding", "hiding the café bills", "PM"),
        ("2026-p1", "Hiding", "nobody & nothing", "PM"),
    },
    "qc-1.7.8.qdpx": {
        ("p1-interview", "Keeping head above water", "How did it start?", "PM"),
        ("p1-interview", "Hiding", "How did it start?", "PM"),
        ("p1-interview", "Managing appearances", "How did it start?", "PM"),
        ("p2-interview", "Telling everyone", "I told everyone.", "PM"),
        ("p2-interview", "Hiding", "I told everyone.", "PM"),
    },
}


def codings(study) -> set[tuple[str, str, str, str]]:
    """Interview, code, words and coder of each coding, the words as the transcript has them."""
    corpus = load(Study(study.root))
    assert not [one for one in corpus.problems if one.is_error], corpus.problems
    return {
        (
            one.interview,
            one.code,
            corpus.material.interviews[one.interview].words(one.turn, one.span),
            one.coder,
        )
        for one in corpus.codings
    }


def quoted(path: Path) -> set[tuple[str, str, str, str]]:
    """The same as the file itself quotes it: the names of its selections."""
    with zipfile.ZipFile(path) as file:
        root = ElementTree.fromstring(file.read("project.qde"))
    names = {one.get("guid"): one.get("name") for one in root.iter(f"{QDA}Code")}
    people = {one.get("guid"): one.get("name") for one in root.iter(f"{QDA}User")}
    return {
        (
            source.get("name").lower().replace(" ", "-"),
            names[reference.get("targetGUID")],
            stretch.get("name"),
            {"ana": "PM", "ben": "KR"}[people[coding.get("creatingUser")]],
        )
        for source in root.iter(f"{QDA}TextSource")
        for stretch in source.iter(f"{QDA}PlainTextSelection")
        for coding in stretch.iter(f"{QDA}Coding")
        for reference in coding.iter(f"{QDA}CodeRef")
    }


def people_files(study) -> dict[str, str]:
    return {path: hash for path, hash in study.hashes().items() if path != "data/log.jsonl"}


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.qdpx")))
def test_each_coding_of_a_real_export_comes_to_the_words_that_its_program_says(empty, name):
    sample = SAMPLES / name
    empty.ok("import", str(sample), *SPEAKERS, *CODERS)
    assert codings(empty) == (SHOWN.get(name) or quoted(sample))


@pytest.mark.parametrize("parents", [(), ("--parents", "category")])
@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.qd*")))
def test_a_second_import_changes_nothing(empty, name, parents):
    command = ("import", str(SAMPLES / name), *SPEAKERS, *CODERS, *parents)
    empty.ok(*command)
    first = empty.hashes()
    assert "nothing to do" in empty.ok(*command)
    assert empty.hashes() == first


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.qd*")))
def test_what_is_imported_leaves_nothing_wrong_in_the_study(empty, name):
    empty.ok("import", str(SAMPLES / name), *SPEAKERS, *CODERS, "--parents", "category")
    assert "error" not in empty.ok("check")


def test_a_dry_run_shows_the_plan_and_writes_nothing(empty):
    before = empty.hashes()
    sample = str(SAMPLES / "qualcoder-4.0beta.qdpx")
    shown = empty.ok("import", sample, *SPEAKERS, *CODERS, "--dry-run")
    assert shown.startswith("would import rich.qda, of QualCoder headless\n  2 interviews\n")
    assert empty.hashes() == before


def test_who_speaks_is_asked_as_ingest_asks_it(empty):
    ran = empty("import", str(SAMPLES / "qualcoder-4.0beta.qdpx"), *CODERS)
    assert ran.code == 1
    assert 'P1 interview:1: unknown speaker "Interviewer" (2 of 4 turns' in ran.err
    assert not (empty.root / "data").exists()


def test_everything_of_a_project_has_its_place(empty):
    sample = str(SAMPLES / "qualcoder-4.0beta.qdpx")
    empty.ok("import", sample, *SPEAKERS, *CODERS)
    assert empty.read("data/codebook.yaml") == (
        "- code: Losing control\n"
        "  definition: focused category\n\n"
        "- code: Keeping head above water\n"
        "  definition: |-\n    under: Losing control\n    in vivo\n\n"
        '- code: Hiding\n  definition: "under: Losing control"\n\n'
        '- code: Managing appearances\n  definition: "under: Losing control > Hiding"\n'
    )
    assert empty.read("data/participants.csv") == (
        "participant,age,role,description\nP1,41,carer,first participant\nP2,,,\n"
    )
    transcript = empty.read("data/transcripts/p1-interview.md")
    assert "speakers: {Interviewer: interviewer, P1: P1}\n" in transcript
    assert "Wave 1: Wave 1\nsite: north\n---\n" in transcript
    assert 'Hiding <- "keep my head above water"\n      second coder\n' in empty.read(
        "data/initial-codes/p1-interview.KR.yaml"
    )
    assert "about: |\n  p1-interview 1\n---\n\na bare annotation\n" in empty.read(
        "data/memos/2026-03-01-a-bare-annotation.md"
    )


def test_parents_become_focused_codes_and_categories_where_a_person_says_so(empty):
    sample = str(SAMPLES / "qualcoder-3.8.2.qdpx")
    empty.ok("import", sample, *SPEAKERS, *CODERS, "--parents", "category")
    assert empty.read("data/focused-codes.yaml") == (
        "- focused: Hiding\n  by: PM\n  takes-up: |\n    Hiding\n    Managing appearances\n"
    )
    assert empty.read("data/theory.yaml") == (
        "categories:\n- category: Losing control\n  definition: focused category\n"
        "  focused: |\n    Hiding\n"
    )


def test_strict_makes_a_loss_an_error(empty):
    sample = str(SAMPLES / "qualcoder-4.0beta.qdpx")
    ran = empty("import", sample, *SPEAKERS, *CODERS, "--strict")
    assert ran.code == 1
    assert "would be lost: colour of a code (4)" in ran.err
    assert not (empty.root / "data").exists()


def test_a_coder_who_is_nobody_here_is_told_with_the_line_to_add(empty):
    ran = empty("import", str(SAMPLES / "qualcoder-4.0beta.qdpx"), *SPEAKERS, "--coder", "ana=PM")
    assert ran.code == 1
    assert (
        '"ben" coded in it, and is nobody under `researchers` in pipeline.yaml. Add a line '
        "`B: ben` there, or say who it is: --coder ben=PM."
    ) in ran.err


def one_source(empty, *inside: str, text: str | bytes = TALK, codes: str = "", **more) -> str:
    """An archive with one interview in it; its path."""
    codes = codes or code("c1", "being late") + code("c2", "going home")
    xml = project(codes, text_source("t1", "Jim", *inside), **more)
    return str(archive(empty.root / "in/demo.qdpx", xml, {"t1": text}))


def test_a_stretch_over_turns_is_one_coding_for_each_and_is_told(empty):
    file = one_source(empty, selection(TALK.index("went"), TALK.index(". It was"), "c2"))
    ran = empty("import", file)
    assert "1 coding over several turns: one for each turn.\n" in ran.err
    assert "1 coding at turns of the interviewer, which count for no participant.\n" in ran.err
    assert codings(empty) == {
        ("jim", "going home", "went home.", "PM"),
        ("jim", "going home", "And then?", "PM"),
        ("jim", "going home", "Nothing", "PM"),
    }


def test_words_that_stand_twice_in_a_turn_are_told_apart_by_more_words(empty):
    text = "I: So?\nP: It was late. Really, it was late.\n"
    second = text.rindex("was late")
    file = one_source(empty, selection(second, second + 8, "c1"), text=text)
    ran = empty("import", file)
    assert codings(empty) == {("jim", "being late", "it was late", "PM")}
    assert "1 × exact stretch of a coding: it was made wider, to be one place" in ran.err


def test_a_coding_on_white_space_or_a_label_is_told(empty):
    end = TALK.index("\nP:")
    file = one_source(empty, selection(end, end + 1, "c1"), selection(0, 2, "c2"))
    ran = empty("import", file)
    assert "1 × coding of white space: being late" in ran.err
    assert "1 × coding of what is nobody's words here: a label, a heading, a time" in ran.err
    assert codings(empty) == set()
    assert "- code: being late" not in empty.read("data/transcripts/jim.md")


def test_an_interview_that_stands_gets_codings_in_a_coders_sheet_that_is_not_there(study):
    jim = (study.root / "in/jim.txt").read_text()
    start = jim.index("around the ward")
    inside = selection(start, start + 15, "c1", name="around the ward", by="u2")
    users = '<User guid="u2" name="Kit Rowe"/>'
    file = one_source(study, inside, text=jim, users=users)
    before = people_files(study)
    study.ok("import", file)
    after = people_files(study)
    assert {path: after[path] for path in before} == before
    assert 'being late <- "around the ward"' in study.read("data/initial-codes/jim.KR.yaml")


def test_a_sheet_with_codes_is_not_changed_but_refused_with_what_to_type(coded):
    jim = (coded.root / "in/jim.txt").read_text()
    start = jim.index("around the ward")
    file = one_source(coded, selection(start, start + 15, "c1"), text=jim)
    before = coded.hashes()
    ran = coded("import", file)
    assert ran.code == 1 and coded.hashes() == before
    assert (
        "data/initial-codes/jim.yaml: this sheet stands already, and lacks 1 coding of the file, "
        'the first "being late" at jim 2 "around the ward". Sheets are not changed by an import: '
        "give them to another coder with --coder 'Pat Morgan=INITIALS'"
    ) in ran.err
    coded.ok("import", file, "--coder", "Pat Morgan=KR")
    assert 'being late <- "around the ward"' in coded.read("data/initial-codes/jim.KR.yaml")


def test_an_interview_of_the_same_name_and_other_words_is_refused(study):
    file = one_source(study, selection(18, 29, "c1"))
    before = study.hashes()
    ran = study("import", file)
    assert ran.code == 1 and study.hashes() == before
    assert 'Jim: an interview "jim" was ingested before, from other content' in ran.err
    assert "Have it as another interview with --as Jim=jim-2." in ran.err
    study.ok("import", file, "--as", "Jim=jim-2")
    assert codings(study) == {("jim-2", "being late", "It was late", "PM")}


def test_definitions_that_stand_are_never_overwritten(coded):
    codes = code("c1", "meeting around the ward", definition="something else") + code(
        "c2", "noticing the pay", definition="what it costs"
    )
    xml = project(codes)
    file = str(archive(coded.root / "in/demo.qdpx", xml, {}))
    ran = coded("import", file)
    assert "1 × definition of a code that is defined otherwise here: meeting" in ran.err
    book = coded.read("data/codebook.yaml")
    assert "first contact outside any appointment" in book and "something else" not in book
    assert "- code: noticing the pay\n  definition: what it costs\n" in book


def test_values_of_participants_that_stand_are_never_overwritten(empty):
    empty.write("data/participants.csv", "participant;age\r\nJim;40\r\nEve;\r\n")
    cases = "".join(
        f'<Case guid="{id}" name="{name}"><VariableValue><VariableRef targetGUID="v1"/>'
        f"<IntegerValue>{age}</IntegerValue></VariableValue><VariableValue>"
        f'<VariableRef targetGUID="v2"/><TextValue>a; "b"</TextValue></VariableValue></Case>'
        for id, name, age in (("x1", "Jim", 41), ("x2", "Eve", 50), ("x3", "Zoe", 30))
    )
    before = (
        '<Variables><Variable guid="v1" name="age" typeOfVariable="Integer"/>'
        '<Variable guid="V2" name="role" typeOfVariable="Text"/></Variables>'
        f"<Cases>{cases}</Cases>"
    )
    ran = empty("import", one_source(empty, before=before))
    assert "1 × age of a participant, which is another one here: Jim" in ran.err
    assert empty.read("data/participants.csv") == (
        'participant;age;role\r\nJim;40;"a; ""b"""\r\nEve;50;"a; ""b"""\r\n'
        'jim;;\r\nZoe;30;"a; ""b"""\r\n'
    )


def test_codes_of_one_name_are_kept_apart_and_told(empty):
    codes = code("w", "Work", code("c1", "Hope")) + code("h", "Home", code("c2", "Hope"))
    file = one_source(empty, selection(18, 29, "c1", "c2"), codes=codes)
    ran = empty("import", file)
    assert codings(empty) == {
        ("jim", "Hope", "It was late", "PM"),
        ("jim", "Hope (Home)", "It was late", "PM"),
    }
    assert 'Several codes are called so: "Hope", "Hope (Home)" are kept apart.' in ran.err


def test_two_codes_of_one_name_at_one_place_are_one_and_listed(empty):
    codes = code("c1", "Hope") + code("c2", "Hope", definition="what comes")
    file = one_source(empty, selection(18, 29, "c1", "c2"), codes=codes)
    ran = empty("import", file)
    assert codings(empty) == {("jim", "Hope", "It was late", "PM")}
    assert "1 × code of the same name at the same place: Hope" in ran.err


def test_sources_of_one_name_are_interviews_of_their_own_and_empty_ones_are_listed(empty):
    sources = "".join(
        text_source(id, "Jim.docx", *inside)
        for id, inside in (
            ("t1", [selection(18, 29, "c1")]),
            ("t2", [selection(18, 20, "c1")]),
            ("t3", [selection(0, 0, "c1")]),
        )
    )
    texts = {"t1": TALK, "t2": TALK.replace("late", "early"), "t3": "\ufeff\r\n"}
    xml = project(code("c1", "being late"), sources)
    file = str(archive(empty.root / "in/demo.qdpx", xml, texts))
    ran = empty("import", file)
    assert codings(empty) == {
        ("jim", "being late", "It was late", "PM"),
        ("jim-2", "being late", "It", "PM"),
    }
    assert "1 × coding of a source without words" in ran.err
    first = empty.hashes()
    empty.ok("import", file)
    assert empty.hashes() == first


def test_a_file_of_nvivo_comes_to_its_words(empty):
    """A byte order mark, CR and LF as two, and UTF-16 units: 😀 is two as well."""
    text = "I: How? 😀\r\nP: Late, naïve 😀 and ill.\r\nI: So?\r\nP: Home 😀 again.\r\n"
    said = {"naïve 😀 and": "c1", "Home 😀": "c2"}
    inside = (
        selection(
            *(len(text[:at].encode("utf-16-le")) // 2 for at in (start, start + len(words))), id
        )
        for words, id in said.items()
        for start in (text.index(words),)
    )
    file = one_source(empty, *inside, text=b"\xef\xbb\xbf" + text.encode(), origin="NVivo")
    ran = empty("import", file)
    assert codings(empty) == {
        ("jim", "being late", "naïve 😀 and", "PM"),
        ("jim", "going home", "Home 😀", "PM"),
    }
    assert "Places count UTF-16 units, a line end as 2" in ran.err


def test_places_that_nothing_explains_stop_it_and_nothing_is_written(empty):
    wrong = (selection(at, at + 4, "c1") for at in (4, 19, 22, 33, 41, 50))
    before = empty.hashes()
    file = one_source(empty, *wrong, text="I: Somewhere?\nP: Everybody remembered everything.\n")
    given = empty.hashes()
    ran = empty("import", file)
    assert ran.code == 1 and "o way of counting explains the places" in ran.err
    assert empty.hashes() == given and before.keys() < given.keys()


def test_undo_takes_an_import_back(study):
    jim = (study.root / "in/jim.txt").read_text()
    start = jim.index("around the ward")
    file = one_source(
        study,
        selection(start, start + 15, "c1", by="u2"),
        text=jim,
        users='<User guid="u2" name="Kit Rowe"/>',
    )
    before = people_files(study)
    study.ok("import", file)
    study.ok("undo", "--why", "too early")
    assert people_files(study) == before


def test_who_speaks_throughout_is_said_of_texts_that_name_nobody(empty):
    texts = {"t1": TALK, "t2": "I kept notes.\n\nIt was late.\n\nNote: ask.\n"}
    sources = text_source("t1", "Jim", selection(18, 29, "c1")) + text_source(
        "t2", "Diary", selection(15, 26, "c1")
    )
    file = str(archive(empty.root / "x.qdpx", project(code("c1", "being late"), sources), texts))
    empty.ok("import", file, "--monologue", "P", "--not-a-speaker", "Note")
    assert codings(empty) == {
        ("jim", "being late", "It was late", "PM"),
        ("diary", "being late", "It was late", "PM"),
    }


def test_a_transcript_corrected_since_gets_codings_where_the_words_still_stand(study):
    jim = (study.root / "in/jim.txt").read_text()
    path = "data/transcripts/jim.md"
    study.write(path, study.read(path).replace("Well, er, I met him", "Well, I met [Tom]"))
    start = jim.index("around the ward")
    file = one_source(
        study,
        selection(start, start + 15, "c1", by="u2"),
        text=jim,
        users='<User guid="u2" name="Kit Rowe"/>',
    )
    ran = study("import", file)
    assert 'being late <- "around the ward"' in study.read("data/initial-codes/jim.KR.yaml")
    assert "jim has other words by now than the file" in ran.err


def test_a_project_that_is_asked_of_wrongly_is_refused(empty):
    file = one_source(empty)
    assert empty("import", file, "--parents", "themes").code == 2
    assert empty("import", file, "--coder", "Ana").code == 2
    ran = empty("import", file, "--coder", "Ana=XY")
    assert ran.code == 1 and "Add a line `XY: Ana` there" in ran.err


def test_a_sheet_that_nobody_coded_in_gets_the_codings_line_by_line(study):
    jim, path = (study.root / "in/jim.txt").read_text(), "data/initial-codes/jim.yaml"
    study.write(path, "# mine\n" + study.read(path))
    start = jim.index("around the ward")
    study.ok("import", one_source(study, selection(start, start + 15, "c1"), text=jim))
    assert study.read(path).startswith("# mine\n# jim: write your codes")
    assert codings(study) == {("jim", "being late", "around the ward", "PM")}


def test_what_comes_from_a_private_file_stays_private(empty):
    note = "<Description>first line\n\n  second line</Description>"
    file = one_source(empty, selection(18, 29, "c1", more=note))
    Path(file).chmod(0o600)
    empty.ok("import", file)
    for path in ("sources/Jim.txt", "transcripts/jim.md", "initial-codes/jim.yaml"):
        assert (empty.root / "data" / path).stat().st_mode & 0o077 == 0
    sheet = empty.read("data/initial-codes/jim.yaml")
    assert 'being late <- "It was late"\n      first line\n\n        second line\n' in sheet


def test_a_case_is_the_participant_who_stands_under_its_name(empty):
    empty.write("data/participants.csv", "participant\njim-b\n")
    case = '<Cases><Case guid="x" name="Jim B."><SourceRef targetGUID="t1"/></Case></Cases>'
    empty.ok("import", one_source(empty, before=case))
    assert empty.read("data/participants.csv") == "participant\njim-b\n"
    assert "speakers: {I: interviewer, P: jim-b}" in empty.read("data/transcripts/jim.md")


def test_a_label_that_only_sources_have_which_stand_already_is_no_mistake(empty):
    texts = {"t1": TALK.replace("I:", "Ann:"), "t2": "P: It was late.\n"}
    sources = [text_source("t1", "Jim", selection(22, 33, "c1"))]
    for times in (1, 2):
        xml = project(code("c1", "being late"), "".join(sources))
        file = str(archive(empty.root / "x.qdpx", xml, texts))
        empty.ok("import", file, "--interviewer", "Ann")
        sources.append(text_source("t2", "Eve", selection(3, 14, "c1")))
        assert len(codings(empty)) == times
    xml = project(code("c1", "being late"), text_source("t3", "Ray"))
    file = str(archive(empty.root / "x.qdpx", xml, {"t3": "P: Home.\n"}))
    ran = empty("import", file, "--interviewer", "Zoe")
    assert ran.code == 1 and 'no turn is labelled "Zoe"' in ran.err


def test_one_text_is_one_interview_whatever_it_is_called(study):
    jim = (study.root / "in/jim.txt").read_text()
    file = one_source(study, text=jim)
    ran = study("import", file, "--as", "Jim=james")
    assert ran.code == 1 and "Without --as it is that one." in ran.err


def test_a_code_renamed_since_is_the_same_code(empty):
    file = one_source(empty, selection(18, 29, "c1"))
    empty.ok("import", file)
    empty.ok("codes", "rename", "being late", "coming home late", "--why", "shorter")
    before = empty.hashes()
    assert "nothing to do" in empty.ok("import", file)
    assert empty.hashes() == before


def test_a_stretch_whose_place_strayed_goes_to_the_words_it_quotes(empty):
    inside = (
        selection(18, 29, "c1", name="It was late"),
        selection(TALK.index("went"), TALK.index("went") + 9, "c2", name="went home"),
        selection(0, 900, "c2", name="Nothing"),
    )
    ran = empty("import", one_source(empty, *inside))
    assert codings(empty) == {
        ("jim", "being late", "It was late", "PM"),
        ("jim", "going home", "went home", "PM"),
        ("jim", "going home", "Nothing", "PM"),
    }
    assert "1 of 3 stretches quote other words than stand at their places" in ran.err
