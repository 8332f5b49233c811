"""A label that a code had before never stands silently for the code it became, in a command that
changes something.
"""

from __future__ import annotations

import pytest

SHEET = "data/initial-codes/jim.yaml"


@pytest.fixture
def renamed(analysed):
    """A study in which "noticing the pay" is called "minding wages" now, and a focused code has an
    old label too.
    """
    analysed.ok("codes", "rename", "noticing the pay", "minding wages", "--why", "theirs")
    analysed.ok(
        "codes", "rename", "easy beginnings", "unarranged beginnings", "--why", "more exact"
    )
    return analysed


@pytest.mark.parametrize(
    "typed",
    [
        ("codes", "drop", "noticing the pay", "--why", "x"),
        ("codes", "park", "noticing the pay", "--why", "x"),
        ("codes", "unpark", "noticing the pay", "--why", "x"),
        ("codes", "rename", "noticing the pay", "earning", "--why", "x"),
        ("codes", "merge", "noticing the pay", "it went from there", "--into", "new", "--why", "x"),
        ("codes", "merge", "it went from there", "--into", "noticing the pay", "--why", "x"),
        ("codes", "split", "noticing the pay"),
        ("codes", "define", "noticing the pay", "money"),
        ("codes", "define", "noticing the pay", "money", "--new"),
        ("codes", "focused", "take-up", "minding the money", "noticing the pay"),
        ("codes", "focused", "add", "f", "--takes-up", "noticing the pay"),
        ("negative", "jim 2", "--contradicts", "noticing the pay", "--led-to", "left"),
        ("sampling", "add", "a nurse", "--for", "noticing the pay"),
        ("comments", "add", "noticing the pay", "hm"),
        ("memo", "new", "Wages", "--about", "noticing the pay"),
        ("compare", "noticing the pay", "it went from there", "--note", "Two"),
        ("codes", "recode", "jim", "4", "noticing the pay", "earning"),
        ("codes", "recode", "jim", "2", "it went from there", "noticing the pay"),
        ("codes", "tie", "jim", "4", "noticing the pay", "A bit."),
        ("codes", "drop", "noticing the pay", "--at", "jim 4", "--why", "x"),
    ],
)
def test_an_old_label_is_refused_where_something_would_change(renamed, typed):
    before = renamed.hashes()
    ran = renamed(*typed)
    assert ran.code == 1, ran.out
    assert ran.err.startswith(
        '"noticing the pay" is called "minding wages" now. Name "minding wages": `gtpipe '
    )
    assert "'minding wages'" in ran.err.partition("`")[2] and renamed.hashes() == before


@pytest.mark.parametrize(
    "typed",
    [
        ("codes", "drop", "easy beginnings", "--why", "x"),
        ("codes", "focused", "take-up", "easy beginnings", "it went from there"),
        ("codes", "focused", "add", "easy beginnings", "--because", "x"),
        ("codes", "define", "focused: easy beginnings", "x"),
        ("negative", "jim 2", "--contradicts", "easy beginnings", "--led-to", "left"),
    ],
)
def test_so_is_an_old_label_of_a_focused_code(renamed, typed):
    before = renamed.hashes()
    ran = renamed(*typed)
    assert (
        ran.code == 1
        and '"easy beginnings" is called "unarranged beginnings" now. Name "unarranged beginnings"'
        in ran.err
    )
    assert renamed.hashes() == before


def test_what_is_still_written_so_is_named_and_brought_under_the_new_label_or_taken_out_alone(
    renamed,
):
    renamed.ok("code", "jim", "2", "noticing the pay", "--note", "a second thought")
    ran = renamed("codes", "drop", "noticing the pay", "--why", "wrong turn")
    assert ran.err == (
        '"noticing the pay" is called "minding wages" now. Name "minding wages": '
        "`gtpipe codes drop 'minding wages' --why \"…\"`. "
        "jim 2 is still written \"noticing the pay\": `gtpipe codes rename 'noticing the pay' "
        "'minding wages' --why \"…\"` brings that under "
        "\"minding wages\"; `gtpipe codes drop 'noticing the pay' --at 'jim 2' --why \"…\"` takes "
        "one out.\n"
    )
    before = renamed.read(SHEET)
    renamed.ok("codes", "drop", "noticing the pay", "--at", "jim 2", "--why", "wrong turn")
    assert renamed.read(SHEET) == before.replace(
        "    noticing the pay\n      a second thought\n",
        "# dropped: wrong turn\n#     noticing the pay\n#       a second thought\n",
    )
    assert "2 incidents" in renamed.ok("codes", "show", "minding wages")


def test_a_code_given_under_an_old_label_is_told_at_once_with_what_to_type(renamed):
    ran = renamed("code", "eve", "2", "noticing the pay")
    assert ran.code == 0 and ran.err == (
        'note: "noticing the pay" is called "minding wages" now, and counts so. To have "minding '
        'wages" written here: '
        "`gtpipe codes recode eve 2 'noticing the pay' 'minding wages'`\n"
    )
    renamed.ok("codes", "recode", "eve", "2", "noticing the pay", "minding wages")
    assert "noticing the pay" not in renamed.read("data/initial-codes/eve.yaml")


def test_looking_commands_lead_on_and_say_so(renamed):
    for typed in (("codes", "show"), ("compare",), ("who",), ("codes", "notes"), ("trace",)):
        ran = renamed(*typed, "noticing the pay")
        assert ran.code == 0 and '"noticing the pay" is called "minding wages" now' in ran.err, (
            typed
        )


def test_codes_that_are_taken_up_and_related_by_their_old_labels_are_merged(renamed):
    renamed.ok("codes", "rename", "it went from there", "drifting into it", "--why", "x")
    focused = renamed.read("data/focused-codes.yaml").replace(
        "    minding wages\n", "    noticing the pay\n    it went from there\n"
    )
    renamed.write("data/focused-codes.yaml", focused)
    theory = (
        renamed.read("data/theory.yaml")
        .replace("from: minding the money\n", "from: noticing the pay\n")
        .replace("looked-for: keeping hours", "looked-for: it went from there")
    )
    renamed.write("data/theory.yaml", theory)
    assert renamed("check").code == 1
    renamed.ok(
        "codes",
        "merge",
        "minding wages",
        "drifting into it",
        "--into",
        "money: on the side",
        "--why",
        "one thing",
    )
    assert "  takes-up: |\n    money: on the side\n" in renamed.read("data/focused-codes.yaml")
    theory = renamed.read("data/theory.yaml")
    assert (
        '- from: "money: on the side"\n' in theory
        and '- looked-for: "money: on the side"\n' in theory
    )
    assert renamed("check").code == 0


def test_a_code_that_is_taken_up_by_its_old_label_is_dropped_from_there_too(renamed):
    focused = renamed.read("data/focused-codes.yaml").replace(
        "    minding wages\n", "    noticing the pay\n"
    )
    renamed.write("data/focused-codes.yaml", focused)
    renamed.ok("codes", "drop", "minding wages", "--why", "x")
    assert renamed.read("data/focused-codes.yaml") == focused.replace(
        "    noticing the pay\n", ""
    ).replace("    jim 4\n    eve 4\n", "")


def test_an_old_label_that_is_still_written_is_not_given_to_another_code(renamed):
    renamed.ok("code", "jim", "2", "noticing the pay")
    before = renamed.hashes()
    for typed in (
        ("rename", "it went from there", "noticing the pay"),
        ("merge", "it went from there", "--into", "noticing the pay"),
    ):
        ran = renamed("codes", *typed, "--why", "x")
        assert ran.code == 1 and '"noticing the pay" is called "minding wages" now' in ran.err
    assert renamed.hashes() == before


@pytest.mark.parametrize(
    ("label", "definition", "path", "after"),
    [
        (
            "keeping hours",
            "the clock as a frame: five, sharp",
            "data/theory.yaml",
            '- category: keeping hours\n  definition: "the clock as a frame: five, sharp"\n  '
            "part-of: becoming believable\n",
        ),
        (
            "becoming believable",
            "slowly",
            "data/theory.yaml",
            "- category: becoming believable\n  definition: slowly\n  focused: |\n",
        ),
        (
            "minding the money",
            "what it costs",
            "data/focused-codes.yaml",
            "- focused: minding the money\n  definition: what it costs\n  because: ",
        ),
        (
            "taking turns at the kettle",
            "not seen yet, asked about next",
            "data/codebook.yaml",
            "- code: taking turns at the kettle\n  definition: not seen yet, asked about next\n",
        ),
    ],
)
def test_a_category_a_focused_code_and_a_code_not_in_use_yet_are_defined(
    analysed, label, definition, path, after
):
    before = analysed.read(path)
    out = analysed.ok("codes", "define", label, definition)
    assert after in analysed.read(path) and f'{path}: "{label}" defined' in out
    gone = set(before.split("\n")) - set(analysed.read(path).split("\n"))
    assert (
        gone <= {"  definition: how a paid stranger comes to be believed"}
        and analysed("check").code == 0
    )


def test_a_definition_of_what_is_nearly_a_code_is_asked_about(analysed):
    before = analysed.hashes()
    ran = analysed("codes", "define", "noticing the pai", "money")
    assert ran.err == (
        'No code "noticing the pai" in this study. Did you mean "noticing the pay"? '
        "If it is a code that is not in use yet, add --new.\n"
    )
    assert analysed("codes", "define", "keeping hours", "--include", "x").code == 1
    assert analysed.hashes() == before
    analysed.ok("codes", "define", "noticing the pai", "money", "--new")


def test_advice_on_a_field_can_be_typed_as_it_stands(analysed):
    """Behind `from: ` a label with a colon needs quotes, and the advice brings them."""
    analysed.write(
        "data/codebook.yaml",
        '- code: "why: because"\n  was: |\n    becoming paid\n\n- code: easy beginnings\n',
    )
    analysed.write(
        "data/theory.yaml",
        "relations:\n- from: becoming paid\n  kind: slows\n  to: easy beginnings\n",
    )
    analysed.write("data/comments.yaml", "- about: becoming paid\n  by: KR\n  comment: hm\n")
    out = analysed("check").out
    assert 'It is called "why: because" now: write `"why: because"` here, quotes and all' in out
    assert 'Write `"focused: easy beginnings"` or `"initial: easy beginnings"`' in out
    assert 'Write `about: "why: because"`' in out
    analysed.write(
        "data/theory.yaml",
        'relations:\n- from: "why: because"\n  kind: slows\n  to: "initial: easy beginnings"\n',
    )
    analysed.write("data/comments.yaml", '- about: "why: because"\n  by: KR\n  comment: hm\n')
    assert analysed("check").code == 0
