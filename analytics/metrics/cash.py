"""How much of what is sent comes back within a fortnight, a month, two months."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import polars as pl

from analytics import stats
from analytics.metrics._metric import Every, Metric, Where, listed
from analytics.metrics._parts import grouped
from analytics.metrics._wait import Clock, Wait, as_wait, counts_of
from analytics.metrics.lag import days_submission_to_payment
from analytics.query import Engine

_LAST_DAYS = (15, 30, 45, 60)
BANDS = ("0-15", "16-30", "31-45", "46-60", ">60")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed(Wait):
    """A wait that also adds up the dollars of its rows."""

    @property
    def sums(self) -> tuple[str, ...]:
        amount = self.fact.amount
        total = f"coalesce(sum({amount}) FILTER (WHERE {{}}), 0)"
        square = f"CAST({amount} AS DOUBLE) * CAST({amount} AS DOUBLE)"
        return (
            *counts_of(self.ended),
            f"CAST({total.format(self.ended)} AS DECIMAL(18, 2)) AS ended_amount",
            f"CAST({total.format(f'NOT ({self.ended})')} AS DECIMAL(18, 2)) AS waiting_amount",
            f"CAST(coalesce(sum({square}), 0) AS DOUBLE) AS square_amount",
        )


def cash_curve(
    engine: Engine,
    metric: Metric | str = days_submission_to_payment,
    by: str | Sequence[str] = (),
    *,
    every: Every | None = None,
    where: Where | None = None,
    clock: Clock | None = None,
) -> pl.DataFrame:
    """The share of claims, and of dollars billed, paid within 0-15, 16-30 ... days of sending.

    Of any metric of days: `days_submission_to_answer` gives the share first answered.  One row per
    group and ``band`` (0-15, 16-30, 31-45, 46-60 days, and >60: later or never): by, ``period``
    where `every` is given, ``band, n`` (claims of the group), ``value`` (the share of them done
    within the band) with its 95% log-log interval ``low, high``, ``within`` (the share done by
    the end of the band), ``ended`` (claims seen to be done in it); ``amount`` (dollars billed on
    the claims of the group), ``dollar_value, dollar_low, dollar_high`` and ``dollar_within`` (the
    same for each dollar billed, counted as done, whatever was paid of it, when its claim is).
    Claims still open are no part of the sum: each counts as waiting for as long as it has waited
    (Kaplan-Meier), so young periods need not mature, and a band that no claim is old enough to
    tell of is null.  Bands of a group add up to 1.  No rows for groups without claims.
    Raises `BadQueryError` for a metric that is no wait, `UnknownNameError` for unknown names.
    Sources: AMA National Health Insurer Report Card (claims by days to payment); Kaplan & Meier
    (1958); Xie & Liu (2005), Statistics in Medicine 24:3089, for dollars.
    """
    keys = [*listed(by), *(["period"] if every else [])]
    wait = as_wait(metric, clock)
    parts = engine.fetch(_weighed(wait).query(by, every=every, where=where))
    claims = parts.with_columns(squares=pl.col("ended") + pl.col("waiting"))
    dollars = parts.select(
        *keys,
        "days",
        pl.col("ended_amount").cast(pl.Float64).alias("ended"),
        pl.col("waiting_amount").cast(pl.Float64).alias("waiting"),
        pl.col("square_amount").alias("squares"),
    )
    by_dollars = stats.done_in_bands(dollars, _LAST_DAYS, keys).rename(
        {name: f"dollar_{name}" for name in ("value", "low", "high", "within")}
    )
    frame = _joined(stats.done_in_bands(claims, _LAST_DAYS, keys), by_dollars, [*keys, "band"])
    frame = _joined(frame, _seen(parts, keys), [*keys, "band"])
    return wait.told(_named(_joined(frame, _whole(parts, keys), keys), keys))


def _weighed(metric: Wait) -> _Weighed:
    return _Weighed(**{one.name: getattr(metric, one.name) for one in fields(Wait)})


def _seen(parts: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Claims seen to be done, by group and band."""
    later = [(pl.col("days") > last).cast(pl.Int64) for last in _LAST_DAYS]
    banded = parts.with_columns(band=pl.sum_horizontal(later))
    return banded.group_by(*keys, "band").agg(pl.col("ended").sum())


def _whole(parts: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Claims and dollars of each group."""
    n = (pl.col("ended") + pl.col("waiting")).sum().alias("n")
    amount = (pl.col("ended_amount") + pl.col("waiting_amount")).sum().alias("amount")
    return grouped(parts, keys, n, amount)


def _joined(frame: pl.DataFrame, other: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    if not on:
        return frame.join(other, how="cross")
    return frame.join(other, on=on, how="left", nulls_equal=True, maintain_order="left")


def _named(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The columns in order, the bands by name."""
    names = dict(enumerate(BANDS))
    return frame.select(
        *keys,
        pl.col("band").replace_strict(names, return_dtype=pl.String),
        "n",
        "value",
        "low",
        "high",
        "within",
        pl.col("ended").fill_null(0),
        pl.col("amount").cast(pl.Decimal(18, 2)),
        "dollar_value",
        "dollar_low",
        "dollar_high",
        "dollar_within",
    ).filter(pl.col("n") > 0)
