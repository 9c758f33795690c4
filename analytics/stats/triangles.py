"""What is still to come of periods not yet complete: chain ladder and Bornhuetter-Ferguson.

A triangle is an array of increments by origin (rows) and lag (columns), both counted in periods:
origin `i` at lag `j` was seen in period `i + j`.  Only what was seen up to a `last` period is used,
so a past forecast is made by giving an earlier `last`.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
YOUNG = 0.5  # an origin of which less than this share has come is expected by its exposure


class Completion(NamedTuple):
    """The state of each origin in the `last` period, and how origins develop."""

    paid: Floats  # by origin: come so far
    exposure: Floats  # by origin
    share: Floats  # by lag: the share of all that has come by the end of it
    ratio: float  # all that comes over exposure
    is_young: npt.NDArray[np.bool_]  # by origin: expected by exposure, not by what came
    ultimate: Floats  # by origin: come and still to come
    pace: Floats  # by origin: what its increments are shares of


def link_ratios(triangle: Floats, last: int) -> tuple[Floats, Floats]:
    """For each lag but the last, the totals of origins seen at the lag after: by it, by the next.

    The second over the first is the volume-weighted link ratio.
    """
    seen = triangle[: last + 1, : last + 1]
    added = seen.cumsum(axis=1)
    both = _period(last + 1)[:, :-1] < last
    return (added[:, :-1] * both).sum(axis=0), (added[:, 1:] * both).sum(axis=0)


def _period(size: int) -> npt.NDArray[np.int64]:
    """The period in which each cell of a triangle was seen."""
    return np.arange(size)[:, None] + np.arange(size)[None, :]


def shares(triangle: Floats, last: int) -> Floats:
    """By lag, the share of all that has come by its end; 1 at the oldest lag seen.

    Where nothing had come by a lag its share is 0, for which there is no link ratio.
    """
    before, after = link_ratios(triangle, last)
    steps = np.divide(before, after, out=np.ones_like(before), where=after > 0)
    return np.append(steps[::-1].cumprod()[::-1], 1.0)


def complete(triangle: Floats, exposure: Floats, last: int, young: float = YOUNG) -> Completion:
    """Each origin completed: by chain ladder, by Bornhuetter-Ferguson where it is young.

    `exposure` is a triangle too: what of it was known by `last` counts.  What a young origin is
    expected to come to is its exposure times the ratio of all origins to the exposure used up (the
    Cape Cod method).  No tail is added beyond the oldest lag seen.
    Mack (1993), ASTIN Bulletin 23:213; Bornhuetter & Ferguson (1972), PCAS 59:181; Stanard (1985).
    """
    size = last + 1
    seen = _period(size) <= last
    paid = (triangle[:size, :size] * seen).sum(axis=1)
    known = (exposure[:size, :size] * seen).sum(axis=1)
    share = shares(triangle, last)
    now = share[::-1]  # origin i has reached lag last - i
    used = float((known * now).sum())
    ratio = float(paid.sum()) / used if used > 0 else 0.0
    is_young = now < young
    laddered = np.divide(paid, now, out=np.zeros_like(paid), where=now > 0)
    ultimate = np.where(is_young, paid + ratio * known * (1 - now), laddered)
    pace = np.where(is_young, ratio * known, laddered)
    return Completion(paid, known, share, ratio, is_young, ultimate, pace)


def ahead(done: Completion, periods: int) -> Floats:
    """What is expected in each of the next `periods`, of the origins known by now."""
    steps = np.append(np.diff(done.share), np.zeros(periods))
    last = len(done.share) - 1
    age = last - np.arange(last + 1)
    return np.array([(done.pace * steps[age + k]).sum() for k in range(periods)])


def came(triangle: Floats, last: int, periods: int) -> Floats:
    """What came in each of the next `periods` of the origins known by `last`; NaN where unseen."""
    size = len(triangle)
    origin = np.arange(last + 1)
    found = np.full(periods, np.nan)
    for k in range(1, min(periods, size - 1 - last) + 1):
        found[k - 1] = triangle[origin, last + k - origin].sum()
    return found
