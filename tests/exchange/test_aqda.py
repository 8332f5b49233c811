"""What AQDA exports today comes in: every coding at the words that AQDA was told."""

from __future__ import annotations

import json
import os
import subprocess

import pytest
from other_programs import python_with

from gtpipe.store.layout import Study
from gtpipe.study import load

pytestmark = pytest.mark.xdist_group("other programs")  # which are installed once

TEXT = """\
I: How 😀 did it start?

P: I was <just> trying & trying, the café said.
Then I hid it.

I: So?

P: e\u0301h 👩‍👩‍👧, no.
"""
CODED = (
    ("trying & trying", "keeping on"),
    ("the café said.\nThen I hid it.", "hiding"),
    ("Then I hid it.", "keeping on"),
    ("e\u0301h 👩‍👩‍👧", "refusing 😀"),
)
DEFINED = {"keeping on": "when <it> & that", "hiding": "", "refusing 😀": "no"}

# Typed into AQDA's own web application, without a server.
DRIVE = """\
import json, sys
from fastapi.testclient import TestClient
from aqda.app import app

text, coded, defined, place = json.loads(sys.argv[1])
with TestClient(app, base_url="http://127.0.0.1") as client:
    def post(path, **more):
        answer = client.post(path, **more)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    project = post("/api/projects", json={"name": "Fresh"})
    files = {"file": ("ann.txt", text.encode(), "text/plain")}
    document = post("/api/documents", data={"project_id": project}, files=files)
    codes = {
        name: post("/api/codes", json={"project_id": project, "name": name, "description": said})
        for name, said in defined.items()
    }
    for words, name in coded:
        at = text.index(words)
        coding = {"document_id": document, "code_id": codes[name], "selected_text": words}
        post("/api/codings", json=coding | {"start_pos": at, "end_pos": at + len(words)})
    content = client.get(f"/api/export/{project}/qdpx").content
open(place, "wb").write(content)
"""


@pytest.fixture(scope="session")
def aqda(pytestconfig) -> str:
    """A Python with AQDA."""
    return python_with("aqda==0.5.0", "GTPIPE_AQDA", pytestconfig)


def test_a_fresh_export_of_aqda_comes_in(aqda, empty, tmp_path):
    place = tmp_path / "fresh.qdpx"
    told = json.dumps([TEXT, CODED, DEFINED, str(place)])
    home = {"HOME": str(tmp_path), "AQDA_DATA_DIR": str(tmp_path / "aqda")}
    ran = subprocess.run(
        [aqda, "-c", DRIVE, told], env={**os.environ, **home}, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    empty.ok("import", str(place), "--coder", "AQDA User=PM")
    corpus = load(Study(empty.root))
    assert not corpus.errors()
    found = set()
    for one in corpus.codings:
        text = corpus.material.interviews[one.interview].at(one.turn).text
        found.add((text[slice(*one.span)] if one.span else text, one.code))
    assert found == {*CODED}
    defined = {label: code.definition for label, code in corpus.material.codebook.items()}
    assert defined == {label: said for label, said in DEFINED.items() if said}
