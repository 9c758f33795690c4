"""Forecasts made in the past, what became of them, and the bands that their errors give the next.

Arrays by period in which a forecast was made (rows) and periods ahead (columns, 1 the first).
"""

import math

import numpy as np

from analytics.stats import triangles
from analytics.stats.triangles import Floats

LEAST = 16  # periods to learn from before the first forecast


def made(triangle: Floats, exposure: Floats, periods: int) -> tuple[Floats, Floats]:
    """What would have been forecast in every period from what was known then, and what came.

    NaN where there was too little to learn from, or what was forecast is still to come.
    """
    size = len(triangle)
    expected = np.full((size, periods), np.nan)
    found = np.full((size, periods), np.nan)
    for last in range(LEAST, size):
        expected[last] = triangles.ahead(triangles.complete(triangle, exposure, last), periods)
        found[last] = triangles.came(triangle, last, periods)
    return expected, found


def half_widths(expected: Floats, found: Floats, last: int, level: float) -> Floats:
    """By periods ahead, how far what comes may be off the forecast made in period `last`.

    Of the forecasts of as many periods ahead that had come true by then, the distance that the
    share `level` of them, rounded up by one more, did not exceed.  Distances are in roots of what
    was expected, as the spread of a total grows (over-dispersed Poisson).  NaN where they are too
    few for the level: 95 % needs 19 of them.
    Williams & Goodman (1971), JASA 66:752; Lei et al. (2018), JASA 113:1094 (finite samples).
    """
    width = np.full(expected.shape[1], np.nan)
    for at in range(expected.shape[1]):
        distances = _distances(expected, found, last, at)
        rank = math.ceil(level * (len(distances) + 1) - 1e-9)
        if 0 < rank <= len(distances):
            width[at] = distances[rank - 1] * math.sqrt(max(expected[last, at], 0.0))
    return width


def known(expected: Floats, found: Floats, last: int) -> list[int]:
    """By periods ahead, how many past forecasts a band rests on."""
    return [len(_distances(expected, found, last, at)) for at in range(expected.shape[1])]


def _distances(expected: Floats, found: Floats, last: int, at: int) -> Floats:
    """The distances of forecasts that had come true by `last`, the least first."""
    before = max(last - at, 0)  # a forecast of at + 1 periods ahead made later is still open
    then, came = expected[:before, at], found[:before, at]
    is_known = ~np.isnan(came) & (np.nan_to_num(then) > 0)
    return np.sort(np.abs(came[is_known] - then[is_known]) / np.sqrt(then[is_known]))
