"""Old Word documents are read by the programs that are installed, and compared."""

from __future__ import annotations

import pytest

from gtpipe.model.problems import UserError
from gtpipe.readers import archive, registry
from gtpipe.readers.documents import doc
from gtpipe.readers.reading import Hints

OLD = archive.OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le")


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Puts programs on an otherwise empty PATH that print what they are told."""
    monkeypatch.setenv("PATH", str(tmp_path))
    doc._texts.cache_clear()

    def install(name: str, body: str) -> None:
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)

    return install


def test_the_first_program_reads_and_the_second_agrees(installed):
    installed("antiword", "printf 'I: So?\\n\\nP: Naïve.\\n'")
    installed("catdoc", "printf 'I: So?\\nP:  Naïve.\\n'")
    reading = registry.read(OLD, "x; rm -rf.doc", Hints())
    assert [(turn.label, turn.text) for turn in reading.turns] == [("I", "So?"), ("P", "Naïve.")]
    assert "read by antiword and catdoc" in reading.remarks[0] and reading.doubts == ()
    assert registry.control_text(OLD, "x.doc", Hints()) == "I: So?\n\nP: Naïve.\n"


def test_two_programs_that_differ_leave_a_doubt(installed):
    installed("antiword", "printf 'I: So?\\nP: Not at all.\\n'")
    installed("catdoc", "printf 'I: So?\\nP: Not all.\\n'")
    doubt = registry.read(OLD, "x.doc", Hints()).doubts[0]
    assert '"So P Not at all", "So P Not all"' in doubt.what and ".docx" in doubt.do


def test_libreoffice_writes_into_a_folder_of_its_own(installed):
    installed(
        "soffice",
        'while [ "$1" != --outdir ]; do shift; done; printf "I: So?\\nP: No.\\n" > "$2/source.txt"',
    )
    assert "soffice" in registry.read(OLD, "x.doc", Hints()).remarks[0]


@pytest.mark.parametrize("body", [None, "exit 1", "printf '\\377'", "true"])
def test_without_a_program_that_reads_it_the_advice_is_given(installed, body):
    if body:
        installed("antiword", body)
    with pytest.raises(UserError, match="an old Word document"):
        registry.read(OLD, "x.doc", Hints())
