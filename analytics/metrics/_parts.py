"""What studies need of a metric: its two totals; and the day the facts stand as of."""

import datetime as dt
from collections.abc import Sequence

import polars as pl

from analytics.errors import BadQueryError
from analytics.metrics._kinds import Proportion, Ratio
from analytics.metrics._metric import Every, Metric, Where, listed
from analytics.metrics._named import named
from analytics.metrics._trailing import TRAILED, Trailing
from analytics.query import Engine, Query

DAY = "a day is a date, as datetime.date(2026, 1, 31) is, without a time"
LENGTHS = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}


def grouped(frame: pl.DataFrame, by: Sequence[str], *sums: pl.Expr) -> pl.DataFrame:
    """The sums by group, in the order of the groups; one row of all where none are named."""
    if not by:
        return frame.select(*sums)
    return frame.group_by(by).agg(*sums).sort(by, nulls_last=True)


def totals(
    engine: Engine,
    metric: Metric | str,
    by: str | Sequence[str] = (),
    *,
    every: Every | None = None,
    where: Where | None = None,
    include_duplicates: bool = False,
) -> pl.DataFrame:
    """The metric with what stands above and below its line as doubles ``top, bottom``.

    Raises `BadQueryError` for a metric that is no share and no ratio.
    """
    metric = named(metric)
    if not isinstance(metric, Proportion | Ratio | Trailing):
        raise BadQueryError(f"{metric.name} is no share or ratio of two totals")
    frame = metric(engine, by, every=every, where=where, include_duplicates=include_duplicates)
    above, below = ("top", "bottom") if isinstance(metric, Ratio) else ("hits", "n")
    mean = TRAILED if isinstance(metric, Trailing) else 1
    return frame.with_columns(
        top=pl.col(above).cast(pl.Float64), bottom=pl.col(below).cast(pl.Float64) / mean
    )


def shares(
    engine: Engine,
    metric: Metric | str,
    by: str | Sequence[str],
    *,
    every: Every | None = None,
    where: Where | None = None,
) -> pl.DataFrame:
    """A share metric by groups.  Raises `BadQueryError` for a metric of another kind."""
    metric = named(metric)
    if not isinstance(metric, Proportion):
        raise BadQueryError(f"{metric.name} is no share of things counted")
    if not listed(by):
        raise BadQueryError("name at least one dimension to compare by")
    return metric(engine, by, every=every, where=where)


def as_of(engine: Engine) -> dt.date | None:
    """The day up to which the facts know the world; None where nothing was loaded."""
    found = engine.fetch(Query("SELECT as_of FROM build_info"))
    day = found["as_of"].max() if found.height else None
    return day if isinstance(day, dt.date) else None
