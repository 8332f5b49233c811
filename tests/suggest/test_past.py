"""How right the learner was is kept between commands, and never believed where it is not what a
replay would say now."""

from __future__ import annotations

import json
import shutil
import sqlite3

import pytest
from conftest import StudyFolder
from test_suggestions import allotment, made_once  # noqa: F401

from gtpipe.store.layout import Study
from gtpipe.study import load
from gtpipe.suggest import past
from gtpipe.suggest.past import Past
from gtpipe.suggest.scoring import score


def rows(study: StudyFolder) -> list[tuple[str, str, str]]:
    """Hash, of and content of all that is kept."""
    with sqlite3.connect(study.root / ".gtpipe" / "parsed.sqlite") as connection:
        return connection.execute(
            "select hash, of, content from parsed where kind like 'past-%' order by of, hash"
        ).fetchall()


def as_replayed_now(study: StudyFolder, only: frozenset[str] | None = None) -> None:
    """What the cache and a replay say is the same, whichever interviews are asked for."""
    read = load(Study(study.root))
    kept = Past(read.material, read.codings, only=only, study=read.study)
    assert kept._items == Past(read.material, read.codings, only=only)._items
    if only is None:
        again = Past(read.material, read.codings, study=read.study)
        assert again._items == kept._items
        assert [strengths for _, strengths in again._items] == [
            [(strength, right) for strength, _, right in item.suggested]
            for item in score(read.material, read.codings).items
        ]


EDITS = (
    ("code", "cleo", "2", "carrying water"),
    ("code", "bo", "2", "walking far", "--words", "two in each hand"),
    ("codes", "rename", "carrying water", "hauling water", "--why", "nearer"),
    ("code", "ada", "6", "giving and taking"),
    ("codes", "merge", "giving and taking", "--into", "swapping over the fence", "--why", "same"),
)


def test_after_any_edit_what_is_kept_is_what_a_replay_says(allotment):  # noqa: F811
    as_replayed_now(allotment)
    for edit in EDITS:
        allotment.ok(*edit)
        as_replayed_now(allotment, frozenset({"cleo"}))
        as_replayed_now(allotment)
    transcript = allotment.read("data/transcripts/ada.md")
    sheet = allotment.read("data/initial-codes/bo.yaml")
    allotment.write("data/initial-codes/bo.yaml", sheet.replace("being governed", "being ruled"))
    as_replayed_now(allotment)
    allotment.write("data/initial-codes/bo.yaml", sheet)
    as_replayed_now(allotment, frozenset({"bo"}))
    allotment.write("data/transcripts/ada.md", transcript.replace("watering cans", "buckets"))
    as_replayed_now(allotment)


def test_only_what_comes_behind_a_change_is_replayed(allotment, monkeypatch):  # noqa: F811
    as_replayed_now(allotment)
    allotment.ok("code", "bo", "6", "giving things away")
    replayed: list[int] = []
    real = past.replay_turns

    def watched(turns, learner, taken, wanted):
        replayed.extend(wanted)
        return real(turns, learner, taken, wanted)

    monkeypatch.setattr(past, "replay_turns", watched)
    read = load(Study(allotment.root))
    Past(read.material, read.codings, study=read.study)
    assert sorted(replayed) == [3, 4, 5]
    Past(read.material, read.codings, study=read.study)
    assert len(replayed) == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: "nonsense",
        lambda kept: json.dumps(kept)[:-3],
        lambda kept: json.dumps([kept[0]]),
        lambda kept: json.dumps({"key": kept[0]}),
        lambda kept: json.dumps(["0" * 64, [[[9.0, True]] for _ in kept[1]]]),
        lambda kept: json.dumps([kept[0], kept[1][:-1]]),
        lambda kept: json.dumps([kept[0], [[[float("nan"), True]] for _ in kept[1]]]),
        lambda kept: json.dumps([kept[0], [[[1e999, True]] for _ in kept[1]]]),
        lambda kept: json.dumps([kept[0], [[["9", 1]] for _ in kept[1]]]),
        lambda kept: json.dumps([kept[0], [[[0.5, True]] * 6 for _ in kept[1]]]),
        lambda kept: json.dumps([kept[0], ["no" for _ in kept[1]]]),
    ],
)
def test_what_is_nothing_of_the_kind_is_replayed(allotment, change):  # noqa: F811
    as_replayed_now(allotment)
    assert rows(allotment)
    with sqlite3.connect(allotment.root / ".gtpipe" / "parsed.sqlite") as connection:
        for hash, _, content in rows(allotment):
            connection.execute(
                "update parsed set content = ? where hash = ?", [change(json.loads(content)), hash]
            )
    as_replayed_now(allotment)


def test_a_truncated_cache_or_one_of_another_folder_is_not_believed(allotment):  # noqa: F811
    as_replayed_now(allotment)
    place = allotment.root / ".gtpipe" / "parsed.sqlite"
    place.write_bytes(place.read_bytes()[:5000])
    as_replayed_now(allotment)
    (allotment.root / ".gtpipe" / "id").write_text("0" * 32)
    as_replayed_now(allotment)


def test_it_holds_no_words_and_goes_with_its_interview(allotment):  # noqa: F811
    as_replayed_now(allotment)
    kept = rows(allotment)
    assert [of for _, of, _ in kept] == ["data/transcripts/ada.md", "data/transcripts/bo.md"]
    assert not any("water" in content or "letter" in content for _, _, content in kept)
    for path in ("transcripts/bo.md", "initial-codes/bo.yaml", "ingested/bo.csv"):
        (allotment.root / "data" / path).unlink(missing_ok=True)
    shutil.rmtree(allotment.root / "data" / "sources", ignore_errors=True)
    allotment("run")
    assert [of for _, of, _ in rows(allotment)] == ["data/transcripts/ada.md"]


def test_what_a_learner_of_other_weights_said_is_not_taken(allotment, monkeypatch):  # noqa: F811
    as_replayed_now(allotment)
    before = rows(allotment)
    monkeypatch.setattr(past, "WEIGHTS", past.WEIGHTS._replace(often=0.03))
    as_replayed_now(allotment)
    assert [content for *_, content in rows(allotment)] != [content for *_, content in before]
