"""`data/codebook.yaml`: what a person wrote about their codes. No stage writes it; `codes define` edits the lines asked for."""

from __future__ import annotations

from gtpipe.errors import Problem, UserError, error
from gtpipe.files import naming, yamltext
from gtpipe.files.lines import Lines
from gtpipe.files.yamltext import Mapping, Scalar, Sequence
from gtpipe.model import Code, Where
from gtpipe.study import CODEBOOK

FIELDS = ("code", "definition", "include", "exclude", *naming.LINEAGE, "parked")


def loads(text: str) -> tuple[dict[str, Code], list[Problem]]:
    """Codes by label, in the order of the file, and what is wrong with it. Raises UserError where it is not YAML."""
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
            problems.append(error(CODEBOOK, line, "a label is one line" if label else "this entry names no code",
                                  'Write `- code: LABEL`, in quotes if it begins with # or holds a colon: "why: because"'))
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
    """`text` of the code book with the fields in `values` of code `label` set; an entry is added at the end if it has none.

    Only the lines of those fields change. Raises UserError when the file has errors or cannot be edited by lines.
    """
    before, problems = loads(text)
    if problems:
        raise UserError(*problems)
    edited = text
    try:
        for name, value in values.items():
            edited = _set(edited, label, name, value)
        after, problems = loads(edited)
    except UserError as exc:
        after, problems = {}, list(exc.problems)
    expected = {**{known: _content(code) for known, code in before.items()}}
    expected[label] = {**expected.get(label, _content(Code(label, Where(CODEBOOK, 0)))), **values}
    if problems or {known: _content(code) for known, code in after.items()} != expected:
        raise UserError(error(CODEBOOK, None, f'the entry of "{label}" cannot be changed without touching other lines',
                              "Change it by hand"))
    return edited


def _content(code: Code) -> dict[str, object]:
    return {"definition": code.definition, "include": code.include, "exclude": code.exclude,
            "parked": code.parked, "was": code.was, "merged-from": code.merged_from, "split-from": code.split_from}


def _set(text: str, label: str, name: str, value: str) -> str:
    node = yamltext.parse(text, CODEBOOK)
    items = node.items if isinstance(node, Sequence) else ()
    entry = next((item for item in items if isinstance(item, Mapping) and any(
        k.value == "code" and isinstance(v, Scalar) and v.value.strip() == label for k, v in item.pairs)), None)
    lines = Lines(text)
    if entry is None:
        block = f"- code: {yamltext.field_value(label, '    ')}\n  {name}: {yamltext.field_value(value, '    ')}\n"
        lines.insert_entry(len(lines.lines), True, block, lines.column(node.start) if items else 0)
        return lines.text
    column = lines.column(entry.pairs[0][0].start)
    written = yamltext.field_value(value, " " * (column + 2))
    pair = next(((k, v) for k, v in entry.pairs if k.value == name), None)
    if pair is None:
        earlier = [(k, v) for k, v in entry.pairs if k.value in FIELDS[: FIELDS.index(name)]]
        lines.insert(_last_line(max(earlier, key=lambda pair: pair[0].line), lines, column),
                     f"{' ' * column}{name}: {written}".split("\n"))
        return lines.text
    key, old = pair
    start, end = old.start, old.end
    if isinstance(old, Scalar) and old.style in ("|", ">"):
        end = lines.end_of(lines.block(old, column)[0])
        head = text[start : (text + "\n").index("\n", start)].rstrip()
        if "#" in head:  # a remark behind the `|` stays behind the new value's first line
            first, newline, rest = written.partition("\n")
            written = f"{first}  {head[head.index('#') :]}{newline}{rest}"
    elif isinstance(old, Scalar) and not old.value and old.style is None:
        start = end = text.index(":", key.end) + 1
    gap = "" if text[start - 1] == " " else " "
    return text[:start] + gap + written.replace("\n", lines.newline) + text[end:]


def _last_line(pair: tuple[Scalar, yamltext.Node], lines: Lines, column: int) -> int:
    """The last line of a field: below it another may begin."""
    return lines.last_of_entry(pair[0].line, column + 1)
