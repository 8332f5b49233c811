"""`data/shapes.yaml`: the forms of sources that ingest was told, an entry each; a person's file, to
which `gtpipe ingest --ask` adds.
"""

from __future__ import annotations

from gtpipe.model.problems import Problem, error
from gtpipe.model.shape import Shape
from gtpipe.store import shapes
from gtpipe.store.layout import SHAPES
from gtpipe.text import entry_edits, yamltext


def loads(text: str) -> tuple[tuple[Shape, ...], list[Problem]]:
    """The shapes in the order of the file, and what is wrong, line by line.

    Raises UserError where the file is no YAML.
    """
    problems: list[Problem] = []
    found: dict[str, Shape] = {}
    node = yamltext.parse(text, SHAPES)
    for entry in yamltext.mappings(node):
        fields = yamltext.fields(entry, ("shape", *shapes.FIELDS), SHAPES, "a shape", problems)
        name = yamltext.text_of(fields.get("shape"), SHAPES, problems)
        if not name or name in found:
            what = f'the shape "{name}" stands twice' if name else "this shape has no name"
            problems.append(error(SHAPES, entry.line, what, "Give each a name: `- shape: my-lab`"))
            continue
        found[name] = shapes.shape_of(name, fields, SHAPES, problems)
    return tuple(found.values()), problems


def add(text: str, shape: Shape) -> str:
    """`text` with one shape more at its end."""
    values = [
        ("shape", shape.name),
        ("label", shape.label),
        ("time", shape.time),
        ("time-applies", shape.time_applies),
        ("unlabelled", shape.unlabelled),
        ("bold-is", shape.bold),
        ("labels-within", shape.within),
        ("notices", "\n".join(shape.notices)),
        ("line-numbers", "true" if shape.line_numbers else ""),
        ("encoding", shape.encoding),
    ]
    entry = entry_edits.block((name, value) for name, value in values if value)
    if shape.same:
        entry += "  same:\n" + "".join(
            f"    {yamltext.inline(first)}: [{', '.join(map(yamltext.quoted, others))}]\n"
            for first, others in shape.same
        )
    return text + ("\n" if text.strip() else "") + entry
