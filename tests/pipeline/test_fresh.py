"""Same files in, same bytes out; what is fresh is skipped; what is stale says why."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil

import pytest
from conftest import ROOT, STAGES, command, hashes

from gtpipe.pipeline import initial_code, memo, theoretical_code
from gtpipe.pipeline.freshness import LAYOUT_VERSION
from gtpipe.pipeline.initial_code import outcome
from gtpipe.pipeline.stages import FIRST_LINES
from gtpipe.render import pages
from gtpipe.store.derived import write_derived
from gtpipe.store.layout import DERIVED, Study
from gtpipe.study import load

LAYOUT = ROOT / "tests/golden" / "layout.txt"
RAISE_IT = (
    "What is laid out of the same files changed: raise LAYOUT_VERSION in gtpipe/pipeline/"
    "freshness.py, so that every study is laid out anew, then run gtpipe here"
)


def derived(root) -> dict[str, str]:
    return hashes(root / "data/derived")


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "77"},
        {"LC_ALL": "C"},
        {"TZ": "Asia/Kathmandu"},
        {"PYTHONUTF8": "0", "LC_ALL": "POSIX"},
    ],
    ids=lambda env: "-".join(f"{k}={v}" for k, v in env.items()),
)
def test_derived_files_come_back_byte_for_byte(analysed, env):
    coded = analysed
    coded.ok("code", "jim", "2", "ошибка")
    coded.ok("code", "jim", "4", "Ähnlich, “so”")
    coded.ok("run")
    before = coded.hashes()
    shutil.rmtree(coded.root / "data/derived")
    shutil.rmtree(coded.root / ".gtpipe")
    ran = command("run", cwd=coded.root / "data/transcripts", env=env)
    assert ran.returncode == 0, ran.stderr
    assert coded.hashes() == before


def test_the_place_of_the_study_does_not_matter(coded, tmp_path):
    shutil.copytree(coded.root, tmp_path / "elsewhere/deeper")
    shutil.rmtree(tmp_path / "elsewhere/deeper/.gtpipe")
    shutil.rmtree(tmp_path / "elsewhere/deeper/data/derived")
    assert command("run", cwd=tmp_path / "elsewhere/deeper").returncode == 0
    assert derived(tmp_path / "elsewhere/deeper") == derived(coded.root)


def test_a_second_run_changes_nothing_and_says_so(coded):
    before = coded.hashes()
    assert coded.ok("run") == "".join(f"{stage}: fresh\n" for stage in STAGES)
    assert coded.hashes() == before


def test_a_page_hangs_on_what_is_coded_at_its_own_turns(coded):
    made_of = []
    for label in ("a new code", "another one"):
        coded.ok("code", "jim", "4", label)
        corpus = load(Study(coded.root))
        made_of.append({path: page.made_of for path, page in outcome(corpus).pages})
    there = {one.code for one in corpus.codings if (one.interview, one.turn) == ("jim", "4")}
    assert 2 < len(there) < len(made_of[1])
    names = pages.names([*there])
    assert {path for path, of in made_of[1].items() if of != made_of[0].get(path)} == {
        f"compare/{name}" for name in names.values()
    }


@pytest.mark.parametrize("written", [b"", b"# Memos\r\n" * 900, None], ids=["", "other", "gone"])
@pytest.mark.parametrize(
    ("name", "stage"),
    [("memos.md", memo), ("theory.md", theoretical_code), ("codebook.csv", initial_code)],
)
def test_a_page_that_somebody_writes_while_a_stage_runs_is_laid_out_whole(
    analysed, monkeypatch, name, stage, written
):
    coded, page = analysed, analysed.root / DERIVED / name
    coded.write("data/memos/2026-03-01-one.md", "---\ntitle: One\n---\nIt is one.\n")
    coded.ok("run")
    coded.ok("code", "jim", "4", "a new one")
    lay_out = stage.outcome

    def outcome(*told):
        page.unlink() if written is None else page.write_bytes(written)
        return lay_out(*told)

    with monkeypatch.context() as patched:
        patched.setattr(stage, "outcome", outcome)
        coded.ok("run")
    coded.ok("run")  # a page that was not to be laid out is looked at again
    before = derived(coded.root)
    shutil.rmtree(coded.root / DERIVED)
    shutil.rmtree(coded.root / ".gtpipe")
    coded.ok("run")
    assert derived(coded.root) == before


def test_where_a_page_cannot_be_laid_out_all_stand_as_they_were(coded):
    coded.ok("run")
    before = derived(coded.root)
    path = f"{DERIVED}/codebook.csv"

    def files():
        yield path, b"new"
        yield f"{DERIVED}/compare/new.md", b"new"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_derived(Study(coded.root), files(), [f"{DERIVED}/uncoded.csv"])
    assert derived(coded.root) == before


def test_a_page_that_comes_in_parts_is_left_where_it_is_the_same_and_keeps_its_mode(coded):
    coded.ok("run")
    study, path = Study(coded.root), f"{DERIVED}/memos.md"
    page = study.path(path)
    page.chmod(0o440)
    before = page.stat()

    def written(*parts: bytes) -> tuple[str, ...]:
        return write_derived(study, [(path, iter(parts))])

    assert written(*page.read_bytes().splitlines(keepends=True)) == ()
    assert page.stat() == before
    assert written(b"one ", b"and two\n") == (path,)
    assert page.read_bytes() == b"one and two\n"
    assert page.stat().st_mode == before.st_mode
    assert not [*page.parent.glob(".*")]


def test_status_tells_why_a_stage_is_stale_in_words(coded):
    def why() -> str:
        return next(line for line in coded.ok("status").split("\n") if "initial-code" in line)

    assert why().split() == ["initial-code", "fresh"]
    coded.ok("code", "jim", "4", "new")
    assert "stale: jim 4 recoded" in why()
    coded.ok("run")
    coded.write(
        "data/initial-codes/jim.yaml", coded.read("data/initial-codes/jim.yaml") + "\n# a remark\n"
    )
    assert "the sheet of jim was edited, its codes are the same" in why()
    coded.ok("codes", "define", "new", "something")
    assert 'code "new" was defined' in why()
    coded.ok("run")
    coded.ok("codes", "define", "new", "something else")
    assert 'stale: code "new" redefined' in why()
    coded.ok("run")
    coded.write("data/derived/codebook.csv", "edited")
    assert "data/derived/codebook.csv is not as gtpipe wrote it" in why()
    coded.ok("run")
    assert "edited" not in coded.read("data/derived/codebook.csv")
    coded.write(
        "data/transcripts/jim.md", coded.read("data/transcripts/jim.md").replace("A bit.", "A lot.")
    )
    assert "the transcript of jim changed" in why()
    shutil.rmtree(coded.root / ".gtpipe")
    assert "missing: not run on this computer yet" in why()


def test_a_code_that_was_renamed_or_merged_is_one_reason_said_once(analysed):
    """The sheets have the new label too: that is the same change, and is not told again."""
    analysed.ok("codes", "define", "meeting around the ward", "no appointment")
    memo = "---\ntitle: Wards\ndate: 2026-03-25\n---\n\nMore on meeting around the ward.\n"
    analysed.write("data/memos/2026-03-25-wards.md", memo)
    analysed.ok("run")
    renamed = '"meeting around the ward" was renamed to "meeting on the ward"'
    analysed.ok("codes", "rename", "meeting around the ward", "meeting on the ward", "--why", "w")
    assert f"initial-code     stale: {renamed}\n" in analysed.ok("status")
    run = analysed.ok("run")
    assert f"changed ({renamed})\n" in run and run.count("was renamed") == 1 < run.count(" changed")
    analysed.ok(
        *("codes", "merge", "meeting on the ward", "noticing the pay"),
        *("--into", "noticing the pay", "--why", "w"),
    )
    merged = 'stale: "meeting on the ward" was merged into "noticing the pay"'
    assert f"initial-code     {merged}\n" in analysed.ok("status")
    analysed.ok("run")
    analysed.ok("code", "jim", "4", "new")
    analysed.ok("code", "eve", "4", "new")
    analysed.ok("codes", "define", "new", "something")
    analysed.ok("codes", "define", "noticing the pay", "of others")
    assert "; 1 other change\n" in analysed.ok("status")


def test_a_first_run_says_that_it_is_the_first(coded):
    """What a clone brings was made elsewhere; what is missing is made here."""
    shutil.rmtree(coded.root / ".gtpipe")
    shutil.rmtree(coded.root / "data/derived/compare")
    run = coded.ok("run")
    assert " made (first run on this computer)\n" in run
    assert "focused-code: nothing changed\n" in run


def test_the_study_here_is_laid_out_as_its_derived_files_stand(tmp_path):
    """Whoever changes a layout forgets no study that was laid out before: see LAYOUT_VERSION."""
    study = tmp_path / "study"
    shutil.copytree(ROOT / "data", study / "data", ignore=shutil.ignore_patterns("derived"))
    shutil.copy(ROOT / "pipeline.yaml", study)
    ran = command("run", cwd=study)
    assert ran.returncode == 0, ran.stderr
    made, kept = derived(study), hashes(ROOT / "data/derived")
    tracked = {path: digest for path, digest in made.items() if "/" not in path}
    assert tracked == {path: kept.get(path) for path in tracked}, RAISE_IT


def test_a_layout_changes_only_together_with_its_version(analysed):
    """`layout.txt` keeps the version and a hash of what it lays out of the study of the tests."""
    made = json.dumps(derived(analysed.root), sort_keys=True)
    line = f"{LAYOUT_VERSION} {hashlib.sha256(made.encode()).hexdigest()}\n"
    assert LAYOUT.read_text() == line, f"{RAISE_IT}; and {LAYOUT.name} holds: {line}"


@pytest.mark.parametrize(
    ("part", "value", "reason"),
    [
        ("version", "gtpipe 0.0.1, layout 0", "made by another version of gtpipe"),
        ("inputs", {"data/memos/gone.md": "x"}, "the memo gone is gone"),
        ("made", {"paths": ["data/derived/without.csv"]}, "data/derived/without.csv is missing"),
    ],
)
def test_a_record_that_does_not_hold_makes_a_stage_stale(coded, part, value, reason):
    """Files that another gtpipe made, inputs and outputs that are gone: each alone is a reason."""
    state = coded.root / ".gtpipe/state.json"
    records = json.loads(state.read_text())
    record = records["initial-code"]
    if part == "made":
        rows = base64.b64decode(record["made"]["rows"])
        value = {
            "paths": [*record["made"]["paths"], *value["paths"]],
            "rows": base64.b64encode(rows + bytes(48)).decode(),
        }
    record[part] = {**record[part], **value} if isinstance(value, dict) else value
    state.write_text(json.dumps(records))
    status = coded.ok("status")
    assert f"initial-code     stale: {reason}\n" in status
    assert "focused-code     fresh\n" in status
    assert "initial-code: " in coded.ok("run") and "stale" not in coded.ok("status")


def test_records_of_versions_before_go(coded):
    left = coded.write(".gtpipe/sources.json", "{}"), coded.write(".gtpipe/seen-derived-1.json", "")
    coded.ok("run")
    assert not any(one.exists() for one in left)


def test_what_a_command_made_stale_is_told_with_what_to_type(coded):
    """Nothing else waits, and still something is to do."""
    coded.ok("codes", "define", "noticing the pay", "she is paid to be there")
    told = coded.ok("status")
    assert 'stale: code "noticing the pay" was defined\n' in told
    assert "`gtpipe run` brings the stages up to date." in told
    assert 'code "noticing the pay" was defined' in coded.ok("run")
    assert "gtpipe run" not in coded.ok("status")


def test_status_lists_what_waits(study):
    out = study.ok("status", "--all")
    assert "jim: 2 of 2 participant turns uncoded: 2, 4  (gtpipe code jim)" in out
    assert "eve came in while jim was uncoded" in out
    study.ok("code", "jim", "2", "x")
    out = study.ok("status", "--all")
    assert (
        "jim: 1 of 2" in out and "came in while" not in out and "1 code without a definition" in out
    )
    told = json.loads(study.ok("status", "--format", "json"))
    assert {"kind": "stage", "name": "ingest", "state": "fresh", "why": []} in told


def test_status_asks_for_nothing_that_nobody_asked_to_be_reminded_of(analysed):
    """Bare turns, codes without definition or support are for who looks with `--all`."""
    analysed.write(
        "data/diary/2026-03-22.md",
        "---\ndate: 2026-03-22\nre-read: jim, eve\nreason: I liked Jim too much\n"
        "due: 2026-05-01\n---\n\nPrivate thoughts.\n",
    )
    analysed.write("data/comments.yaml", "- about: jim 4\n  by: KR\n  comment: Is it the pay?\n")
    analysed.ok("sampling", "add", "a refuser", "--why", "everybody so far took it")
    analysed.ok("codes", "drop", "noticing the pay", "--at", "eve 4", "--why", "not the pay")
    told = analysed.ok("status").partition("\nWaiting for you:\n")[2]
    assert (
        told
        == """\
  1 comment without an answer: KR on jim 4  (gtpipe comments --unanswered)
  to seek next: a refuser  (gtpipe sampling)
  re-read jim, eve (by 2026-05-01): I liked Jim too much  (when done, add "closed: what came of \
it" to data/diary/2026-03-22.md)
"""
    )
    left = analysed.ok("status", "--all").partition("\nNot complete, and need not be:\n")[2]
    assert (
        left
        == """\
  eve: 1 of 2 participant turns uncoded: 4  (gtpipe code eve)
  2 codes without a definition  (gtpipe codes list --undefined)
  1 initial code not taken up  (data/derived/not-taken-up.csv)
  "minding the money slows becoming believable" has no support yet  (data/theory.yaml:23)
  sufficiency not judged for eve, the last interview  (data/theory.yaml)
"""
    )
    assert analysed.ok("check").splitlines()[-1] == (
        "Left as it is: 1 participant turn without a code, 2 codes without a definition, "
        "1 initial code not taken up. `gtpipe status --all` says which; nothing has to be complete."
    )


def test_status_tells_incidents_whose_words_are_gone(analysed):
    """A correction by hand took Eve's words from under a code and a focused code's incident."""
    path = "data/transcripts/eve.md"
    analysed.write(path, analysed.read(path).replace("She just sat down", "She was sitting there"))
    assert (
        '  1 incident of which the turn or the words are gone: eve 2 "She just sat down"  '
        "(gtpipe check)\n" in analysed.ok("status")
    )


def test_the_study_here_is_not_told_to_code_more():
    """At most five lines wait, and none asks for codes."""
    ran = command("status", cwd=ROOT)
    waiting = ran.stdout.partition("Waiting for you:\n")[2].splitlines()
    assert 1 <= len(waiting) <= 5
    assert not any(word in ran.stdout for word in ("uncoded", "definition", "not taken up"))


def test_a_table_that_is_written_no_longer_goes_where_gtpipe_wrote_it(coded):
    """A clone has it from git, and no record of who made it: its first line says so."""
    shutil.rmtree(coded.root / ".gtpipe")
    old = coded.write(
        "data/derived/usage.csv", "code,incidents,interviews,participants\nnoticing the pay,2,2,2\n"
    )
    coded.ok("run")
    assert not old.exists()
    own = coded.write("data/derived/usage.csv", "what I use gtpipe for\n")
    coded.ok("run")
    coded.ok("initial-code")
    assert own.read_text() == "what I use gtpipe for\n"


def test_every_derived_table_begins_as_it_is_known_by():
    for name, first in FIRST_LINES.items():
        path = ROOT / "data/derived" / name
        is_here = name not in ("usage.csv", "framework.md")  # no longer; where codes are numbered
        assert not is_here or path.read_text().startswith(first)


def test_a_study_without_interviews_says_what_comes_first(empty):
    assert "no interview yet: `gtpipe ingest FILE`" in empty.ok("status")


@pytest.mark.parametrize("damage", ["garbage", "empty", "folder"])
def test_a_damaged_cache_is_no_cache(coded, damage):
    before = coded.hashes()
    for name in ("parsed.sqlite", "state.json", "coding.json"):
        target = coded.root / ".gtpipe" / name
        target.unlink(missing_ok=True)
        if damage == "folder":
            target.mkdir()
        else:
            target.write_bytes(b"garbage" * 100 if damage == "garbage" else b"")
    assert coded("status").code == 0
    assert coded("run").code == 0
    assert coded.hashes() == before


def test_an_unchanged_sheet_is_not_parsed_again(coded, monkeypatch):
    from gtpipe.formats import sheets

    parsed = []
    loads = sheets.loads
    monkeypatch.setattr(
        sheets, "loads", lambda text, path: parsed.append(path) or loads(text, path)
    )
    coded.ok("status")
    assert parsed == []
    coded.write(
        "data/initial-codes/eve.yaml", coded.read("data/initial-codes/eve.yaml") + "# remark\n"
    )
    coded.ok("status")
    assert parsed == ["data/initial-codes/eve.yaml"]
