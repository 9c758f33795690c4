"""How seconds and memory grow with the size of the file, and whether along a straight line."""

from statistics import linear_regression
from typing import Any

MEASURES = {"seconds": "s", "peak_mb": "MB"}


def lines(measured: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """For each job and measure: points by size in MB, the fitted line and how far they are off.

    `slope` is per 100 MB of file.  `off` is the largest distance of a point from the line, as a
    part of the largest value.
    """
    found: list[dict[str, Any]] = []
    for name in measured[0]:
        for measure in MEASURES:
            points = [(r[name]["bytes"] / 1e6, r[name][measure]) for r in measured]
            found.append({"job": name, "measure": measure, "points": points} | _fit(points))
    return found


def _fit(points: list[tuple[float, float]]) -> dict[str, float]:
    if len({x for x, _ in points}) < 2:
        return {}
    slope, start = linear_regression(*zip(*points, strict=True))
    off = max(abs(y - start - slope * x) for x, y in points) / max(y for _, y in points)
    return {"slope": slope * 100, "start": start, "off": off}
