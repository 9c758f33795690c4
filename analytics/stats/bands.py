"""How much is done within each band of days, where part of it is not done yet."""

from collections.abc import Sequence

import polars as pl

from analytics.stats.intervals import Z95


def done_in_bands(
    waits: pl.DataFrame, last_days: Sequence[int], by: Sequence[str] = ()
) -> pl.DataFrame:
    """Share done in each band of days, from a histogram ``days, ended, waiting, squares``.

    `ended` and `waiting` are sums of weights (1 for each, or dollars), `squares` of their squares.
    Band ``i`` reaches from the day after ``last_days[i - 1]`` (0 for the first) to
    ``last_days[i]``; the one after the last holds what takes longer, or never ends.  One row per
    group and band: by, ``band`` (from 0), ``value`` with its 95% log-log interval ``low, high``,
    and ``within``, the share done by the end of the band, null for the last.  What still waits is
    censored (Kaplan-Meier), so the bands add up to 1; null where the data do not reach the end of
    the band, or nothing has weight.  The interval is null where nothing or all is done in a band.
    Weighted curve and its variance: Xie & Liu (2005), Statistics in Medicine 24:3089.
    """
    curve = _weighted_curve(waits, by)
    edges = [one for edge in last_days for one in _edge(edge)]
    ends = curve.group_by(by, maintain_order=True).agg(edges) if by else curve.select(edges)
    bands = [_band(ends, by, band, last_days) for band in range(len(last_days) + 1)]
    return pl.concat(bands).sort(*by, "band", nulls_last=True, maintain_order=True)


def _weighted_curve(waits: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """With ``still``, and ``spread``: the variance of its logarithm."""

    def within(e: pl.Expr) -> pl.Expr:
        return e.over(by) if by else e

    def at_risk(e: pl.Expr) -> pl.Expr:
        return within(e.cum_sum(reverse=True))

    weight = pl.col("ended") + pl.col("waiting")
    # Where only weights of 0 are left nothing more can end: a hazard of 0.
    hazard = pl.when(pl.col("weight") > 0).then(pl.col("ended") / pl.col("weight")).otherwise(0.0)
    gain = pl.col("hazard") / (1 - pl.col("hazard")) * pl.col("square") / pl.col("weight") ** 2
    grows = (pl.col("hazard") < 1) & (pl.col("weight") > 0)
    return (
        waits.sort([*by, "days"])
        .with_columns(weight=at_risk(weight), square=at_risk(pl.col("squares")))
        .with_columns(hazard=hazard)
        .with_columns(
            still=within((1 - pl.col("hazard")).cum_prod()),
            spread=within(pl.when(grows).then(gain).otherwise(0.0).cum_sum()),
        )
    )


def _edge(last: int) -> tuple[pl.Expr, ...]:
    """Curve and spread at the end of a day, null where the data do not reach it."""
    days, past = pl.col("days"), pl.col("days") <= last
    still = pl.col("still").filter(past).last().fill_null(1.0)
    known = ((days.max() >= last) | (still <= _NOTHING)) & (pl.col("weight").max() > 0)
    return (
        pl.when(known).then(still).alias(f"still_{last}"),
        pl.col("spread").filter(past).last().fill_null(0.0).alias(f"spread_{last}"),
    )


_NOTHING = 1e-12  # a share below this is 0, but for how floats are added up


def _band(
    ends: pl.DataFrame, by: Sequence[str], band: int, last_days: Sequence[int]
) -> pl.DataFrame:
    """The rows of one band: from what waits before it to what waits after it."""
    sure, none = pl.lit(1.0), pl.lit(0.0)
    before, spread = _columns(last_days[band - 1]) if band else (sure, none)
    after, later = _columns(last_days[band]) if band < len(last_days) else (none, none)
    value, added = before - after, later - spread
    variance = value**2 * spread + after**2 * added
    error = Z95 * variance.clip(0).sqrt() / (value * value.log()).abs()
    defined = value.is_between(_NOTHING, 1 - _NOTHING)
    return ends.select(
        *by,
        pl.lit(band, dtype=pl.Int64).alias("band"),
        pl.when(value > _NOTHING).then(value).when(value.is_not_null()).then(0.0).alias("value"),
        pl.when(defined).then(value.pow(error.exp())).alias("low"),
        pl.when(defined).then(value.pow((-error).exp())).alias("high"),
        (1 - after if band < len(last_days) else pl.lit(None, dtype=pl.Float64)).alias("within"),
    )


def _columns(last: int) -> tuple[pl.Expr, pl.Expr]:
    return pl.col(f"still_{last}"), pl.col(f"spread_{last}")
