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


def band(expected: Floats, found: Floats, last: int, level: float) -> tuple[Floats, Floats]:
    """By periods ahead, the low and high ends about the forecast made in period `last`.

    NaN where the past is too short for the level.  No low end is below 0 where no period forecast
    so far came to less: payments less what is taken back can, and a band that stops at 0
    nevertheless holds less than it says.
    """
    value, width = expected[last], half_widths(expected, found, last, level)
    return np.maximum(value - width, np.minimum(value, _floor(found, last))), value + width


def half_widths(expected: Floats, found: Floats, last: int, level: float) -> Floats:
    """By periods ahead, how far what comes may be off the forecast made in period `last`.

    Of the forecasts of as many periods ahead that had come true by then, the distance that the
    share `level` of them, rounded up by one more, did not exceed.  NaN where they are too few for
    the level: 95 % needs 19 of them.
    Williams & Goodman (1971), JASA 66:752; Lei et al. (2018), JASA 113:1094 (finite samples).
    """
    width = np.full(expected.shape[1], np.nan)
    for at in range(expected.shape[1]):
        then, came = _come_true(expected, found, last, at)
        rank = math.ceil(level * (len(then) + 1) - 1e-9)
        if 0 < rank <= len(then) and not np.isnan(expected[last, at]):
            usual = float(np.abs(then).mean())
            distances = np.sort(np.abs(came - then) / _spread(then, usual))
            width[at] = distances[rank - 1] * float(_spread(expected[last, at], usual))
    return width


def _spread(expected: Floats | np.float64, usual: float) -> Floats:
    """What distances are measured in: as the spread of a total grows (over-dispersed Poisson).

    The `usual` size of such forecasts is added, as what was not expected comes too: where little,
    or less than nothing, is expected the band would else have no width.
    """
    return np.sqrt(np.maximum(expected, 0.0) + usual) if usual > 0 else np.ones_like(expected)


def _floor(found: Floats, last: int) -> float:
    """0 where no period forecast had come to less by `last`, else minus infinity."""
    known = [found[: max(last - at, 0), at] for at in range(found.shape[1])]
    return 0.0 if np.nanmin(np.concatenate(known), initial=0.0) >= 0 else -math.inf


def known(expected: Floats, found: Floats, last: int) -> list[int]:
    """By periods ahead, how many past forecasts a band rests on."""
    return [len(_come_true(expected, found, last, at)[0]) for at in range(expected.shape[1])]


def _come_true(expected: Floats, found: Floats, last: int, at: int) -> tuple[Floats, Floats]:
    """The forecasts that had come true by `last`, and what came."""
    before = max(last - at, 0)  # a forecast of at + 1 periods ahead made later is still open
    then, came = expected[:before, at], found[:before, at]
    is_known = ~np.isnan(came) & ~np.isnan(then)
    return then[is_known], came[is_known]
