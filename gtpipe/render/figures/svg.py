"""A drawing as SVG: a file that stands for itself, or a part of an HTML page.

In a page a colour is a variable of the page's style sheet with that of light paper behind it, as in
`fill="var(--hue-1, #0b6e99)"`: where the page says nothing, the figure is as on paper. The page may
also say `svg.figure { max-width: 100%; height: auto }`. No `style` attribute, no script.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape, quoteattr

from gtpipe.render import palette
from gtpipe.render.figures import letters
from gtpipe.render.figures.drawing import Box, Curve, Drawing, Flag, Part, Point, Together, Words

FONT = 'Arial, "Liberation Sans", Helvetica, sans-serif'
COLOURS = {
    "paper": palette.PAPER,
    "ink": palette.INK,
    "soft": palette.SOFT,
    "rule": palette.RULE,
    **{f"hue-{number}": colour for number, colour in enumerate(palette.COLOURS, 1)},
}
"""By the name that a drawing gives a colour, and a page's style sheet its variable."""
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'
_HALF = 3.5  # half the breadth of an arrowhead

_Colour = Callable[[str], str]


def standalone(drawing: Drawing, paper: str = palette.PAPER) -> str:
    """A file of its own, on light paper; links lead nowhere from it and are left away."""
    colours = {**COLOURS, "paper": paper}
    ground = Box(0, 0, drawing.width, drawing.height, line="", inside="paper")
    return _HEAD + _svg(drawing, "", (ground, *drawing.parts), colours.__getitem__, _NAMESPACE)


def inline(drawing: Drawing, prefix: str) -> str:
    """For an HTML page; ids begin with `prefix`, which no other figure of the page has."""

    def variable(name: str) -> str:
        return f"var(--{name}, {COLOURS[name]})"

    return _svg(drawing, f"{prefix}-", drawing.parts, variable, "")


def _svg(
    drawing: Drawing, prefix: str, parts: tuple[Part, ...], colour: _Colour, namespace: str
) -> str:
    links = not namespace
    role = (
        "group" if links and _has_links(parts) else "img"
    )  # what is in an image is read by nobody
    width, height = _number(math.ceil(drawing.width)), _number(math.ceil(drawing.height))
    lines = [
        f'<svg{namespace} class="figure" role="{role}" '
        f'aria-labelledby="{prefix}title {prefix}desc" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family={quoteattr(FONT)}>',
        f'<title id="{prefix}title">{_text(drawing.title)}</title>',
        f'<desc id="{prefix}desc">{_text(drawing.description)}</desc>',
        *(line for part in parts for line in _part(part, colour, links)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _has_links(parts: tuple[Part, ...]) -> bool:
    return any(
        isinstance(part, Together) and (part.link or _has_links(part.parts)) for part in parts
    )


def _part(part: Part, colour: _Colour, links: bool) -> Iterator[str]:
    match part:
        case Words():
            yield _words(part, colour)
        case Box():
            yield _box(part, colour)
        case Curve():
            yield from _curve(part, colour)
        case Flag():
            yield _flag(part, colour)
        case Together():
            is_link = links and part.link
            name = quoteattr(letters.clean(part.title))
            yield f"<a href={_address(part.link)} aria-label={name}>" if is_link else "<g>"
            if part.title:
                yield f"<title>{_text(part.title)}</title>"
            for inner in part.parts:
                yield from _part(inner, colour, links)
            yield "</a>" if is_link else "</g>"


def _words(words: Words, colour: _Colour) -> str:
    text = letters.clean(words.text)
    attributes = f'x="{_number(words.x)}" y="{_number(words.y)}" font-size="{_number(words.size)}"'
    attributes += f' fill="{colour(words.colour)}"'
    if words.anchor != "start":
        attributes += f' text-anchor="{words.anchor}"'
    if words.bold:
        attributes += ' font-weight="bold"'
    if words.italic:
        attributes += ' font-style="italic"'
    if letters.is_known(text) and len(text) > 1:  # a wider font of the machine is drawn narrower
        wide = _number(letters.width(text, words.size, words.bold))
        attributes += f' textLength="{wide}" lengthAdjust="spacingAndGlyphs"'
    return f"<text {attributes}>{escape(text)}</text>"


def _box(box: Box, colour: _Colour) -> str:
    attributes = (
        f'x="{_number(box.x)}" y="{_number(box.y)}" '
        f'width="{_number(box.width)}" height="{_number(box.height)}"'
    )
    if box.round:
        attributes += f' rx="{_number(box.round)}"'
    attributes += f' fill="{colour(box.inside) if box.inside else "none"}"'
    if box.shade != 1:
        attributes += f' fill-opacity="{_number(box.shade)}"'
    if box.line:
        attributes += f' stroke="{colour(box.line)}" stroke-width="{_number(box.thick)}"'
        attributes += f' stroke-dasharray="{box.dash}"' if box.dash else ""
    return f"<rect {attributes}/>"


def _curve(curve: Curve, colour: _Colour) -> Iterator[str]:
    first, *rest = curve.points
    if curve.straight:
        path = f"M{_point(first)}" + "".join(f"L{_point(point)}" for point in rest)
    else:
        threes = [rest[index : index + 3] for index in range(0, len(rest), 3)]
        path = f"M{_point(first)}" + "".join(f"C{' '.join(map(_point, at))}" for at in threes)
    dash = f' stroke-dasharray="{curve.dash}" stroke-linecap="round"' if curve.dash else ""
    yield (
        f'<path d="{path}" fill="none" stroke="{colour(curve.colour)}" '
        f'stroke-width="{_number(curve.thick)}"{dash}/>'
    )
    if curve.tip:
        yield f'<path d="{_arrow(curve.points[-1], curve.tip)}" fill="{colour(curve.colour)}"/>'


def _arrow(foot: Point, tip: Point) -> str:
    """A head from where its line ends to its tip."""
    across, down = tip[0] - foot[0], tip[1] - foot[1]
    length = math.hypot(across, down) or 1
    side = (-down * _HALF / length, across * _HALF / length)
    corners = (tip, (foot[0] + side[0], foot[1] + side[1]), (foot[0] - side[0], foot[1] - side[1]))
    return "M" + "L".join(map(_point, corners)) + "Z"


def _flag(flag: Flag, colour: _Colour) -> str:
    """A pole with a pennant."""
    top, across = flag.y - flag.size, flag.size * 0.75
    path = (
        f"M{_point((flag.x, flag.y))}L{_point((flag.x, top))}"
        f"L{_point((flag.x + across, top + flag.size * 0.28))}"
        f"L{_point((flag.x, top + flag.size * 0.56))}"
    )
    ink = colour("ink")
    return f'<path d="{path}" fill="{ink}" stroke="{ink}" stroke-width="1.2"/>'


def _text(text: str) -> str:
    return escape(letters.clean(text))


def _address(link: str) -> str:
    return quoteattr(letters.clean(link))


def _point(point: Point) -> str:
    return f"{_number(point[0])},{_number(point[1])}"


def _number(value: float) -> str:
    """To a tenth of a pixel, a hundredth below 1; no `-0`, no zeros behind."""
    text = f"{value:.2f}" if abs(value) < 1 else f"{value:.1f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
