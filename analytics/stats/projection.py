"""What a year will cost: its months gone by completed, its months to come by those before.

A triangle is an array of increments by month of service (rows) and months until they were known
(columns), as in `triangles`; exposure is member months by month of service.
"""

from typing import NamedTuple

import numpy as np

from analytics.stats.exact import beta_quantile, t_tails
from analytics.stats.triangles import Completion, Floats, complete

LEAST = 6  # months to learn from before the first completion of the past that is judged
SETTLED = 0.95  # the share known from which a month tells how far its completion was off
YEAR = 12
_STEEPEST = 1.5  # times as dear in a year: more is no trend
_FEWEST = 3  # completions of the past that make a spread


class Estimate(NamedTuple):
    """Dollars, and how far off they may be as a share of them (1 standard deviation)."""

    amount: float
    spread: float  # NaN where the past is too short to tell
    freedom: float  # degrees of freedom of the spread


class Coming(NamedTuple):
    """What months to come are expected to cost."""

    estimate: Estimate
    trend: float  # from a year to the next
    method: str  # seasonal, level or none


def completed(triangle: Floats, exposure: Floats) -> Completion:
    """The triangle completed as of its last month, exposure known at once."""
    size = len(triangle)
    known = np.zeros((size, size))
    known[:, 0] = exposure
    return complete(triangle, known, size - 1)


def gone(triangle: Floats, exposure: Floats, first: int, after: int) -> Estimate:
    """What the months from `first` up to before `after` will have cost once all is known.

    Its spread is earned: the same stretch of months is completed anew as of every earlier month,
    from what was known then, and held against what of it is known by now (root mean square, of
    those whose newest month is settled by now).
    """
    done = completed(triangle, exposure)
    total = float(done.ultimate[first:after].sum())
    errors = _past_errors(done, _earlier(triangle, exposure), first, after)
    spread = _spread(errors) if total > 0 else np.nan
    return Estimate(total, 0.0 if first == after else spread, float(len(errors)))


def bands(triangle: Floats, exposure: Floats, level: float) -> Floats:
    """By month of service, the ends of what it will have cost: two columns; NaN where unknown."""
    done, earlier = completed(triangle, exposure), _earlier(triangle, exposure)
    found = np.full((len(triangle), 2), np.nan)
    for row, amount in enumerate(done.ultimate):
        errors = _past_errors(done, earlier, row, row + 1)
        found[row] = band(Estimate(float(amount), _spread(errors), float(len(errors))), level)
    return found


def _earlier(triangle: Floats, exposure: Floats) -> list[Floats]:
    """What all months were expected to come to, one month ago, two months ago ..."""
    size = len(triangle)
    return [
        completed(triangle[:last, :last], exposure[:last]).ultimate
        for last in range(size - 1, LEAST - 1, -1)
    ]


def _past_errors(done: Completion, earlier: list[Floats], first: int, after: int) -> Floats:
    """How far off the months at the same ages were then, as shares of what is known now."""
    size = len(done.ultimate)
    found: list[float] = []
    for back, then in enumerate(earlier, 1):
        start, end = max(first - back, 0), after - back
        if end <= start or done.share[size - end] < SETTLED:
            continue
        now, expected = done.ultimate[start:end].sum(), then[start:end].sum()
        if now > 0:
            found.append(float(expected / now - 1))
    return np.array(found)


def _spread(errors: Floats) -> float:
    return float(np.sqrt(np.mean(errors**2))) if len(errors) >= _FEWEST else np.nan


def coming(
    done: Completion, exposure: Floats, ahead: Floats, start: int, trend: float | None = None
) -> Coming:
    """What months of service from row `start` on will cost, `ahead` being their member months.

    With two years of months of which at least half is known (``seasonal``), each month costs per
    member what the same month cost a year before, times the trend: the last twelve such months over
    the twelve before, unless `trend` (0.05 for 5 % a year) is given.  Of a shorter past, and where
    cost rose or fell by more than a half (other people or claims that were not loaded, no trend),
    they cost what the last twelve months or fewer did on average (``level``), with no trend unless
    given.  Less than three months tell nothing (``none``).

    The spread has three parts: months to come differ from what is expected of them as months of the
    past did, so did the months they are copied from, and the trend is drawn from such months too.
    Months count as independent: a change of level to come is in no spread.
    """
    if not len(ahead):
        return Coming(Estimate(0.0, 0.0, 1.0), 0.0 if trend is None else trend, "none")
    cost = np.divide(done.ultimate, exposure, out=np.zeros_like(exposure), where=exposure > 0)
    settled = np.flatnonzero(~done.is_young & (exposure > 0))
    recent = settled[-2 * YEAR :]
    is_whole = len(recent) == 2 * YEAR and recent[-1] - recent[0] == 2 * YEAR - 1
    if is_whole and (cost[recent] > 0).all() and (cost[recent[-1] :] > 0).all():
        told = _seasonal(cost, settled, ahead, start, trend)
        if trend is not None or 1 / _STEEPEST <= 1 + told.trend <= _STEEPEST:
            return told
    return _level(cost, settled, ahead, start, trend)


def _seasonal(
    cost: Floats, settled: np.ndarray, ahead: Floats, start: int, trend: float | None
) -> Coming:
    size, last = len(cost), settled[-1]
    new, old = slice(last - YEAR + 1, last + 1), slice(last - 2 * YEAR + 1, last - YEAR + 1)
    growth = cost[new].sum() / cost[old].sum() if trend is None else 1 + trend
    rows = start + np.arange(len(ahead))
    years = np.maximum(-(-(rows - size + 1) // YEAR), 1)
    expected = ahead * cost[rows - YEAR * years] * growth**years
    weight = expected / expected.sum()
    pull = np.zeros(size)  # how the sum moves with the noise of each month of the past
    np.add.at(pull, rows - YEAR * years, weight)
    if trend is None:
        pull[new] += (weight * years).sum() / YEAR
        pull[old] -= (weight * years).sum() / YEAR
    pairs = np.array([h for h in settled if h >= YEAR and cost[h] > 0 and cost[h - YEAR] > 0])
    noise = np.log(cost[pairs] / cost[pairs - YEAR]).var(ddof=1) / 2
    spread = float(np.sqrt(noise * ((pull**2).sum() + (weight**2).sum())))
    told = Estimate(float(expected.sum()), spread, float(len(pairs) - 1))
    return Coming(told, float(growth - 1), "seasonal")


def _level(
    cost: Floats, settled: np.ndarray, ahead: Floats, start: int, trend: float | None
) -> Coming:
    used = settled[-YEAR:]
    growth = 0.0 if trend is None else trend
    if len(used) < 3 or cost[used].mean() <= 0:
        return Coming(Estimate(np.nan, np.nan, 1.0), growth, "none")
    mean = cost[used].mean()
    distance = start + np.arange(len(ahead)) - used.mean()
    expected = ahead * mean * (1 + growth) ** (distance / YEAR)
    weight = expected / expected.sum()
    noise = (cost[used] / mean).var(ddof=1)
    spread = float(np.sqrt(noise * (1 / len(used) + (weight**2).sum())))
    told = Estimate(float(expected.sum()), spread, float(len(used) - 1))
    return Coming(told, growth, "level")


def added(one: Estimate, other: Estimate) -> Estimate:
    """Both together, their errors independent; freedom by Welch and Satterthwaite."""
    amount = one.amount + other.amount
    parts = [(e.amount * e.spread) ** 2 for e in (one, other)]
    below = sum(p**2 / max(e.freedom, 1.0) for p, e in zip(parts, (one, other), strict=True))
    freedom = sum(parts) ** 2 / below if below > 0 else 1.0
    spread = float(np.sqrt(sum(parts))) / amount if amount > 0 else np.nan
    return Estimate(amount, spread, freedom)


def band(estimate: Estimate, level: float) -> tuple[float, float]:
    """The ends between which the amount lies with the chance `level`, on a log scale.

    Both NaN where the spread is unknown.
    """
    if np.isnan(estimate.spread) or not estimate.amount > 0:
        return np.nan, np.nan
    share = beta_quantile(1 - level, estimate.freedom / 2, 0.5)[0]
    t = np.sqrt(estimate.freedom * (1 - share) / share)
    reach = float(np.exp(t * estimate.spread))
    return estimate.amount / reach, estimate.amount * reach


def chance_below(estimate: Estimate, limit: float) -> float:
    """The chance that the amount comes to no more than `limit`; NaN where the spread is unknown."""
    if np.isnan(estimate.spread) or not estimate.amount > 0:
        return np.nan
    if limit <= 0:
        return 0.0
    distance = float(np.log(limit / estimate.amount))
    if estimate.spread == 0:
        return float(distance >= 0)
    tail = float(t_tails(distance / estimate.spread, estimate.freedom)[0]) / 2
    return 1 - tail if distance > 0 else tail
