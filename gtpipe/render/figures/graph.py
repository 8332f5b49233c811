"""Where the boxes and lines of a graph stand: laid out by Graphviz (`dot`, Gansner et al. 1993).

It is given sizes and numbers alone, no text, so that it asks for no font and reads nothing as
markup: the positions are the same on every machine.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from gtpipe.render.figures.drawing import Point

Size = tuple[float, float]  # width and height


PAGE: Size = (640, 880)
"""What A4 holds between its margins."""


class Line(NamedTuple):
    """From one box to another, by their numbers; `room` is what its label needs. One that leads
    `back` has its end in front of its start.
    """

    start: int
    end: int
    room: Size = (0, 0)
    arrow: bool = False
    back: bool = False


class LaidLine(NamedTuple):
    """Bézier curves as in `drawing.Curve`; `label` is the middle of its label's room."""

    points: tuple[Point, ...]
    tip: Point | None
    label: Point | None


class Layout(NamedTuple):
    """`boxes` are the upper left corners."""

    size: Size
    boxes: tuple[Point, ...]
    lines: tuple[LaidLine, ...]


_NO_TEXT = (
    '<<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="0" FIXEDSIZE="TRUE" '
    'WIDTH="{:.0f}" HEIGHT="{:.0f}"><TR><TD></TD></TR></TABLE>>'
)


def lay_out(boxes: Sequence[Size], lines: Sequence[Line], margin: float) -> Layout:
    """From the left to the right or from above down, whichever a page holds in the greater size;
    a margin around.
    """
    layouts = [_laid(boxes, lines, margin, direction) for direction in ("LR", "TB")]
    return min(layouts, key=lambda layout: max(layout.size[0] / PAGE[0], layout.size[1] / PAGE[1]))


def _laid(boxes: Sequence[Size], lines: Sequence[Line], margin: float, direction: str) -> Layout:
    from pygraphviz import AGraph

    across = direction == "LR"
    graph = AGraph(
        directed=True,
        strict=False,
        rankdir=direction,
        nodesep="0.28" if across else "0.35",
        ranksep="0.55" if across else "0.4",
    )
    for number, (width, height) in enumerate(boxes):
        graph.add_node(
            f"n{number}",
            label="",
            shape="box",
            fixedsize="true",
            width=f"{width / 72:.4f}",
            height=f"{height / 72:.4f}",
        )
    for number, line in enumerate(lines):
        first, second = (line.end, line.start) if line.back else (line.start, line.end)
        graph.add_edge(
            f"n{first}",
            f"n{second}",
            key=f"e{number}",
            comment=str(number),
            label=_NO_TEXT.format(*line.room) if line.room[0] else "",
            dir=("back" if line.back else "forward") if line.arrow else "none",
        )
    laid = json.loads(graph.draw(format="json0", prog="dot"))
    return _read(laid, boxes, len(lines), margin)


def _read(laid: dict[str, object], boxes: Sequence[Size], lines: int, margin: float) -> Layout:
    _, _, width, height = _numbers(laid["bb"])

    def point(text: str) -> Point:
        """Graphviz counts from below."""
        x, y = _numbers(text)
        return x + margin, height - y + margin

    corners: dict[str, Point] = {}
    for node in _list(laid.get("objects")):
        (x, y), box = point(str(node["pos"])), boxes[int(str(node["name"])[1:])]
        corners[str(node["name"])] = (x - box[0] / 2, y - box[1] / 2)
    found: dict[int, LaidLine] = {}
    for edge in _list(laid.get("edges")):
        words = str(edge["pos"]).split()
        tips = [point(word[2:]) for word in words if word[0] in "se"]
        points = [point(word) for word in words if word[0] not in "se"]
        if words[0].startswith("s,"):
            points.reverse()
        label = point(str(edge["lp"])) if "lp" in edge else None
        found[int(str(edge["comment"]))] = LaidLine(tuple(points), tips[0] if tips else None, label)
    return Layout(
        (width + 2 * margin, height + 2 * margin),
        tuple(corners[f"n{number}"] for number in range(len(boxes))),
        tuple(found[number] for number in range(lines)),
    )


def _list(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []


def _numbers(value: object) -> list[float]:
    return [float(number) for number in str(value).split(",")]
