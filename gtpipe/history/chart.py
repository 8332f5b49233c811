"""Numbers over time, drawn in plain characters: for any terminal, with or without colour. Pure."""

from __future__ import annotations


def chart(points: list[tuple[str, int]], width: int, height: int = 6) -> list[str]:
    """The number of codes over time in plain characters, `width` columns at most: one column a
    commit, or the last of several.
    """
    most = max((number for _, number in points), default=0)
    if len(points) < 2 or not most:
        return []
    margin = len(f"{most:,}") + 2
    columns = max(
        min(width - margin, len(points) * max(1, min(3, (width - margin) // len(points)))), 10
    )
    shown = [
        points[min(len(points) - 1, (column * len(points)) // columns)][1]
        for column in range(columns)
    ]
    lines = []
    for row in range(height, 0, -1):
        mark = (
            f"{most:,}" if row == height else f"{round(most / 2):,}" if row == height // 2 else ""
        )
        bars = "".join(
            "#" if number * height > most * (row - 1) + most * 0.5 - 0.5 else " "
            for number in shown
        )
        lines.append(f"{mark:>{margin - 2}} |{bars}".rstrip())
    lines.append(f"{'0':>{margin - 2}} +{'-' * columns}")
    first, last = points[0][0], points[-1][0]
    gap = columns - len(first) - len(last)
    lines.append(" " * margin + (f"{first}{' ' * gap}{last}" if gap > 0 else f"{first} to {last}"))
    return lines
