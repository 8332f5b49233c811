"""The form of a source as a person declares it, in `pipeline.yaml` or `data/shapes.yaml`."""

from __future__ import annotations

import codecs

from gtpipe.model.problems import Problem, error
from gtpipe.model.shape import ABOVE, BELOW, SPLIT, WORDS, Shape
from gtpipe.text import yamltext
from gtpipe.text.yamltext import Mapping, Node, Pair, Scalar, Sequence

FIELDS = tuple(
    "label time time-applies unlabelled bold-is labels-within same notices line-numbers "
    "encoding".split()
)


def shape_of(name: str, fields: dict[str, Pair], path: str, problems: list[Problem]) -> Shape:
    """One shape, from its fields by name (`FIELDS`); what is wrong goes to `problems`."""

    def text(field: str) -> str:
        return yamltext.text_of(fields.get(field), path, problems)

    def one_of(field: str, *allowed: str) -> str:
        value = text(field)
        if value and value not in allowed:
            problems.append(
                error(
                    path,
                    fields[field][1].line,
                    f'"{field}" is "{value}"',
                    f"Write `{field}: {'` or `'.join(allowed)}`",
                )
            )
        return value

    encoding = text("encoding")
    if encoding and not is_encoding(encoding):
        problems.append(
            error(
                path,
                fields["encoding"][1].line,
                f'no encoding is called "{encoding}"',
                "Like windows-1250, shift_jis or utf-16",
            )
        )
    label = "\n".join(line.strip() for line in text("label").split("\n") if line.strip())
    if label and label not in ("bold", "cue-name") and not {"NAME", "INITIAL"} & _words(label):
        problems.append(
            error(
                path,
                fields["label"][1].line,
                f'this example of a label has no NAME in it: "{label}"',
                "Write NAME where the speaker stands, like `[TIME] - NAME`",
            )
        )
    return Shape(
        name,
        label,
        text("time"),
        one_of("time-applies", ABOVE, BELOW),
        text("unlabelled"),
        text("bold-is"),
        one_of("labels-within", SPLIT, WORDS),
        _same(fields.get("same"), path, problems),
        tuple(line.strip() for line in text("notices").split("\n") if line.strip()),
        one_of("line-numbers", "true", "false") == "true",
        encoding,
    )


def _words(label: str) -> set[str]:
    return {word for word in ("NAME", "INITIAL") if word in label}


def is_encoding(name: str) -> bool:
    """Whether Python knows an encoding of text by this name."""
    try:
        codecs.lookup(name)
        return isinstance("".encode(name), bytes)
    except (LookupError, ValueError, TypeError, AttributeError):
        return False


def _same(
    pair: Pair | None, path: str, problems: list[Problem]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if pair is None:
        return ()
    node = pair[1]
    if isinstance(node, Scalar) and not node.value.strip():
        return ()
    if not isinstance(node, Mapping):
        problems.append(
            error(
                path,
                node.line,
                '"same" must say which labels are one speaker\'s',
                "Like `same: {INT: [Int., Interviewer]}`",
            )
        )
        return ()
    return tuple((key.value.strip(), tuple(_labels(value))) for key, value in node.pairs)


def _labels(node: Node) -> list[str]:
    nodes = node.items if isinstance(node, Sequence) else (node,)
    return [item.value.strip() for item in nodes if isinstance(item, Scalar) and item.value.strip()]
