"""Cash to come of the claims already sent, week by week, and how such forecasts did before."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from analytics import stats
from analytics.errors import BadQueryError
from analytics.metrics._metric import Where, listed
from analytics.metrics._parts import DAY
from analytics.metrics._triangle import Triangles, framed, triangles
from analytics.query import Engine
from analytics.stats import forecasts
from analytics.stats.triangles import Floats

_LEVELS = {80: 0.80, 95: 0.95}
_BANDS = ("low_80", "high_80", "low_95", "high_95")
_FORECAST = {
    "period": pl.Date(), "week": pl.Int64(), "n": pl.Int64(), "value": pl.Float64(),
    **dict.fromkeys(_BANDS, pl.Float64()),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Past:
    """The forecasts of one group, made in every week, and what came."""

    key: tuple[Any, ...]
    expected: Floats
    found: Floats

    def made(self, row: int) -> Iterator[tuple[int, float, int, list[float | None]]]:
        """Week ahead (from 1), what is expected, past forecasts, and the ends of both bands."""
        known = forecasts.known(self.expected, self.found, row)
        bands = [forecasts.band(self.expected, self.found, row, x) for x in _LEVELS.values()]
        ends = np.array([end for band in bands for end in band]).T
        for at, value in enumerate(self.expected[row]):
            told = [None if np.isnan(end) else float(end) for end in ends[at]]
            yield at + 1, float(value), known[at], told


def expected_cash(
    engine: Engine,
    by: str | Sequence[str] = (),
    *,
    weeks: int = 8,
    where: Where | None = None,
    at: dt.date | None = None,
) -> pl.DataFrame:
    """What payers are expected to pay in each of the next weeks on the claims sent so far.

    One row per group and week: by, ``period`` (first day of the week; the first week begins the
    day after the as-of date, or `at`), ``week`` (from 1), ``n`` (past forecasts of as many weeks
    ahead the bands rest on), ``value`` (dollars) and the bands ``low_80, high_80, low_95,
    high_95``.  Claims still to be sent are not in it.

    Payments are completed by payer on triangles of weeks, as `completed_payments` does by month,
    and spread over the weeks as payments of the past were.  Amounts are net of what payers take
    back: a completion factor can be above 1 or below, and ``value`` and ``low_80`` below 0, in
    weeks in which more is taken back than paid.  The bands are how far such forecasts of as many
    weeks ahead, made in every week before from what was known then, were off: null where these are
    too few (80 % needs 4, 95 % needs 19, after 16 weeks to learn from).  A low end stops at 0 only
    where no week forecast so far came to less.
    With `at`, from the movements up to that day.  No rows for fewer than 17 weeks of data.
    Raises `BadQueryError` for `at` after the as-of date or `weeks` out of 1 to 52.
    Sources: Mack (1993); Bornhuetter & Ferguson (1972); Williams & Goodman (1971), JASA 66:752.
    """
    found, past = _past(engine, by, weeks, where, at)
    rows: list[tuple[Any, ...]] = []
    for one in past:
        last = len(one.expected) - 1
        for week, value, known, ends in one.made(last):
            start = found.first_day(last + week) if found else dt.date.min
            rows.append((*one.key, start, week, known, value, *ends))
    return framed(rows, listed(by), _FORECAST).drop_nulls("value")


def backtest_cash(
    engine: Engine,
    by: str | Sequence[str] = (),
    *,
    weeks: int = 8,
    where: Where | None = None,
    detail: bool = False,
) -> pl.DataFrame:
    """How the forecasts of `expected_cash`, made in every past week, compare to what came.

    One row per group and week ahead: by, ``week``, ``n`` forecasts, ``expected`` and ``came``
    (dollars over all of them), ``bias`` (came over expected, less 1), ``error`` (the mean distance
    over the mean expected; both null where no more than 0 was expected) and, of the ``n_80`` that
    had a band, the share ``covered_80`` that came within it, with its 95% interval
    ``covered_80_low, covered_80_high``, and ``is_short_80``: even the high end is below 80 %, so
    the band is narrower than it says, and not by chance (null without any band); the same for 95 %.
    With `detail` one row per forecast: by,
    ``made_on`` (the day it stands on), ``period, week, n, value, low_80, high_80, low_95, high_95``
    as of `expected_cash`, ``came`` and ``is_within_80, is_within_95``.
    Each forecast and its bands use only movements up to the day it was made on.
    Raises `BadQueryError` for `weeks` out of 1 to 52 or a `detail` that is not true or false.
    Source: Wilson (1927), JASA 22:209, for the interval.
    """
    if not isinstance(detail, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise BadQueryError("detail is true or false")
    found, past = _past(engine, by, weeks, where, None)
    rows: list[tuple[Any, ...]] = []
    for one in past:
        for row in range(len(one.expected) - 1):
            day = found.first_day(row + 1) - dt.timedelta(days=1) if found else dt.date.min
            for week, value, known, ends in one.made(row):
                start, came = day + dt.timedelta(days=7 * week - 6), one.found[row, week - 1]
                rows.append((*one.key, day, start, week, known, value, *ends, float(came)))
    schema = {"made_on": pl.Date(), **_FORECAST, "came": pl.Float64()}
    each = framed(rows, listed(by), schema).drop_nulls(["value", "came"])
    each = each.with_columns(
        pl.col("came").is_between(f"low_{level}", f"high_{level}").alias(f"is_within_{level}")
        for level in _LEVELS
    )
    return each if detail else summed(each, [*listed(by), "week"])


def summed(each: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The record of the forecasts of each group and week ahead."""
    value, came = pl.col("value"), pl.col("came")
    expected = pl.when(value.sum() > 0).then(value.sum())  # of nothing nothing is a share
    summed = each.group_by(keys, maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("n"),
        value.sum().alias("expected"),
        came.sum(),
        (came.sum() / expected - 1).alias("bias"),
        ((came - value).abs().sum() / expected).alias("error"),
        *(pl.col(f"low_{x}").count().cast(pl.Int64).alias(f"n_{x}") for x in _LEVELS),
        *(pl.col(f"is_within_{x}").sum().cast(pl.Int64) for x in _LEVELS),
    )
    covered = [one for level in _LEVELS for one in _covered(level)]
    return summed.select(pl.exclude("^is_within_.*$"), *covered)


def _covered(level: int) -> list[pl.Expr]:
    """The share within the band of a level, its interval, and whether that is below the level."""
    share, low, high = stats.wilson(f"is_within_{level}", f"n_{level}")
    name = f"covered_{level}"
    # Without any band the high end is 1, which is no interval.
    high = pl.when(pl.col(f"n_{level}") > 0).then(high)
    return [
        share.alias(name),
        pl.when(pl.col(f"n_{level}") > 0).then(low).alias(f"{name}_low"),
        high.alias(f"{name}_high"),
        (high < _LEVELS[level]).alias(f"is_short_{level}"),
    ]


def _past(
    engine: Engine,
    by: str | Sequence[str],
    weeks: int,
    where: Where | None,
    at: dt.date | None,
) -> tuple[Triangles | None, list[_Past]]:
    """The forecasts of every week, by payer and added up to the groups asked for."""
    if type(weeks) is not int or not 1 <= weeks <= 52:
        raise BadQueryError(f"ask for 1 to 52 weeks, not {weeks}")
    if at is not None and type(at) is not dt.date:
        raise BadQueryError(f"a forecast stands on one day: {DAY}")
    groups = listed(by)
    split = [*groups, *({"payer_name"} - set(groups))]
    found = triangles(engine, split, "week", where, at)
    sums: dict[tuple[Any, ...], list[Floats]] = {}
    for key, paid in (found.paid if found else {}).items():
        made = forecasts.made(paid, found.charged[key] if found else paid, weeks)
        before = sums.get(key[: len(groups)])
        sums[key[: len(groups)]] = (
            [a + b for a, b in zip(before, made, strict=True)] if before else [*made]
        )
    return found, [_Past(key, *arrays) for key, arrays in sums.items()]
