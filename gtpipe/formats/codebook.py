"""`data/codebook.yaml`: what a person wrote about their codes.

No stage writes it; `codes define` edits the lines asked for.
"""

from __future__ import annotations

from dataclasses import replace

from gtpipe.formats import edits, naming
from gtpipe.model.problems import Problem, UserError, error
from gtpipe.model.records import Code, Where
from gtpipe.store.layout import CODEBOOK
from gtpipe.text import entry_edits, yamltext
from gtpipe.text.yamltext import Mapping

FIELDS = ("code", "definition", "include", "exclude", *naming.LINEAGE, "parked")


def loads(text: str) -> tuple[dict[str, Code], list[Problem]]:
    """Codes by label, in the order of the file, and what is wrong with it.

    Raises UserError where it is not YAML.
    """
    codes, problems = naming.labelled(text, CODEBOOK, "code", "- code: LABEL", _code)
    return codes, problems + naming.clashes(codes, CODEBOOK)


def _code(item: yamltext.Node, text: str, problems: list[Problem]) -> Code | None:
    found = yamltext.fields(item, FIELDS, CODEBOOK, "an entry of the code book", problems)

    def get(name: str) -> str:
        return yamltext.text_of(found.get(name), CODEBOOK, problems)

    label = get("code")
    if not label or "\n" in label:
        if isinstance(item, Mapping):
            line = found["code"][0].line if "code" in found else item.line
            problems.append(
                error(
                    CODEBOOK,
                    line,
                    "a label is one line" if label else "this entry names no code",
                    "Write `- code: LABEL`, in quotes if it begins with # or holds a colon: "
                    '"why: because"',
                )
            )
        return None
    return Code(
        label=label,
        where=Where(CODEBOOK, found["code"][0].line),
        definition=get("definition"),
        include=get("include"),
        exclude=get("exclude"),
        **naming.lineage(found, text, CODEBOOK, problems),
    )


def define(text: str, label: str, values: dict[str, str]) -> str:
    """`text` of the code book with the fields in `values` of code `label` set.

    An entry is added at the end if it has none. Only the lines of those fields change. Raises
    UserError when the file has errors or cannot be edited by lines.
    """
    before = edits.whole(loads(text))
    code = before.get(label, Code(label, Where(CODEBOOK, 0)))
    code = replace(
        code,
        definition=values.get("definition", code.definition),
        include=values.get("include", code.include),
        exclude=values.get("exclude", code.exclude),
    )
    what = f'the entry of "{label}" cannot be changed without touching other lines'
    refusal = error(CODEBOOK, None, what, "Change it by hand")
    edited = text
    try:
        for name, value in values.items():
            edited = _set(edited, label, name, value)
    except UserError:
        raise UserError(refusal) from None
    return edits.proved(edited, loads, {**before, label: code}, refusal)


def _set(text: str, label: str, name: str, value: str) -> str:
    item = entry_edits.entry(text, CODEBOOK, "code", label)
    if item is None:
        fields = (("code", label), (name, value))
        block = entry_edits.block(fields)
        return entry_edits.append(text, CODEBOOK, block)
    return entry_edits.set_value(text, CODEBOOK, item, name, value, FIELDS)
