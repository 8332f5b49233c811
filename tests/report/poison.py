"""A study in which everything that anybody can write tries to be markup, script or an address."""

from __future__ import annotations

from pathlib import Path

HIT = "<script>window.hit = 1</script>"
IMAGE = "<img src=https://example.org/x.png onerror=window.hit=1>"
TURN = (
    f'Well {HIT} and {IMAGE} </p></main></body> ]]> "] &amp; &lt; <!-- {{{{ 7*7 }}}} {{% raw %}} '
    "<a href=javascript:window.hit=1 onclick=window.hit=1>here</a> <style>*{display:none}</style> "
    "\u202egnidnats\u202c \u2066שלום\u2069 مرحبا \u0007\u0085\ufffe\U0001f600 "
    "<iframe src=//example.org>"
)
# What can be a label in a sheet, one a line; an initial code each.
LABELS = (
    HIT,
    IMAGE,
    '"] onmouseover=window.hit=1 x="',
    "'><svg onload=window.hit=1>",
    "]]> --> </script> </mark> </main>",
    "a & b &lt; &amp; c",
    "javascript:window.hit=1",
    "{{ 7*7 }} {% endblock %} {# no",
    "../../index",
    "index",
    "con",
    "Case",
    "case",
    "שלום \u202eabc",
    "مرحبا بالعالم",
    "e\u0301",
    "\u00e9",
    "?a=b#c%20d",
    "\u200b\u200b",
    "long " * 400 + "end",
    "x" * 2000,
)
NAMES = "index", "Index", "a b#c%20d", "con-1", "e\u0301", "\u00e9", "é&x"


def write(root: Path) -> Path:
    """The study, by hand where gtpipe would have refused a name."""
    files = {
        "pipeline.yaml": (
            f'study: "S {HIT}"\nquestion: "Q {IMAGE}"\n'
            f'researchers:\n  PM: "P {IMAGE}"\n  KR: Kit\n'
            "speakers:\n  interviewer: [I]\n  participant: [P]\n"
        ),
        "data/codebook.yaml": "".join(
            f"- code: {_quoted(label)}\n  definition: {_quoted('D ' + IMAGE)}\n"
            for label in LABELS[:4]
        ),
        "data/focused-codes.yaml": "".join(
            f"- focused: {_quoted('f ' + label[:100])}\n  definition: {_quoted('D ' + HIT)}\n"
            f"  because: {_quoted(IMAGE)}\n  by: PM\n  takes-up: |\n    {label}\n"
            "  incidents: |\n    index 4\n  does-not-fit: |\n    con-1 4\n"
            for label in LABELS[:12]
        ),
        "data/theory.yaml": (
            f"categories:\n- category: {_quoted('c ' + HIT)}\n  definition: {_quoted(IMAGE)}\n"
            f"  focused: |\n    f {HIT}\n    f {IMAGE}\n\n"
            f"relations:\n- from: {_quoted('f ' + HIT)}\n  kind: {_quoted(IMAGE)}\n"
            f"  to: {_quoted('c ' + HIT)}\n  hypothesis: {_quoted(HIT)}\n"
            "  support: |\n    index 4\n  contradict: |\n    con-1 4\n\n"
            f"negative-cases:\n- incident: con-1 4\n  contradicts: {_quoted('c ' + HIT)}\n"
            f"  led-to: left\n  note: {_quoted(IMAGE)}\n  by: PM\n\n"
            f"sufficiency:\n- interview: index\n  judgement: {_quoted(HIT + IMAGE)}\n  by: PM\n"
        ),
        "data/memos/2026-03-21-x.md": (
            f"---\ntitle: {_quoted('M ' + HIT)}\ndate: 2026-03-21\nby: PM\nkind: code\n"
            f"about: |\n  {IMAGE}\n  index 4\n---\n\n# {HIT}\n\n{IMAGE}\n\n{TURN}\n"
        ),
        "data/comments.yaml": (
            f"- about: |\n    {IMAGE}\n  by: {_quoted(IMAGE)}\n  comment: |\n    {HIT} {IMAGE}\n"
        ),
        "data/schedule/v1.md": f"---\nversion: v1\ndate: 2026-02-01\n---\n\n- {HIT}{IMAGE}?\n",
        "data/participants.csv": (
            f"participant,{_cell(IMAGE)}\n"
            + "".join(f"{_cell(name)},{_cell(HIT)}\n" for name in NAMES)
        ),
    }
    for number, name in enumerate(NAMES):
        files[f"data/transcripts/{name}.md"] = (
            f"---\ninterview: {_quoted(name)}\ndate: 2026-03-0{number + 1}\n"
            f"speakers: {{I: interviewer, P: {_quoted(name)}}}\nsource: x.txt\n---\n\n"
            f"[1] I: And {HIT}?\n\n[2] P: {TURN}\n\n[3 00:01] I: {IMAGE}\n\n"
            "[4] P: It ended there.\n"
        )
        for coder in ("", ".KR"):
            files[f"data/initial-codes/{name}{coder}.yaml"] = (
                "- turn: 2\n  codes: |\n"
                + "".join(f"    {label}\n" for label in LABELS)
                + f'    tied to words <- "{HIT} and {IMAGE}"\n'
                + f'    across the tie <- "and {IMAGE} </p>"\n'
                + f"      {HIT} {IMAGE}\n"
            )
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    return root


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
