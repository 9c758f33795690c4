"""How long until something happens, where for some it has not happened yet."""

from collections.abc import Sequence

import polars as pl

from analytics.stats.intervals import Z95


def kaplan_meier(waits: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Share still waiting after each day, from a histogram ``days, ended, waiting``.

    Adds ``at_risk``, ``still`` (the share) and its 95% log-log interval ``low, high``, which is
    null while nobody or everybody has finished.  A day on which nobody is left to wait changes
    nothing: the share stays what it was, and is 1 where nobody ever waited.
    Kaplan & Meier (1958), JASA 53:457; interval: Kalbfleisch & Prentice (1980).
    """

    def within(e: pl.Expr) -> pl.Expr:
        return e.over(by) if by else e

    leaving = pl.col("ended") + pl.col("waiting")
    ended, still = pl.col("ended"), pl.col("still")
    at_risk = pl.when(pl.col("at_risk") > 0).then(pl.col("at_risk"))
    left = (1 - ended / at_risk).fill_null(1.0)
    gone = (ended / (at_risk * (at_risk - ended))).fill_null(0.0)
    spread = Z95 * pl.col("greenwood").sqrt() / still.log().abs()
    defined = still.is_between(0, 1, closed="none")
    return (
        waits.sort([*by, "days"])
        .with_columns(at_risk=within(leaving.sum() - leaving.cum_sum()) + leaving)
        .with_columns(
            still=within(left.cum_prod()),
            greenwood=within(gone.cum_sum()),
        )
        .with_columns(
            low=pl.when(defined).then(still.pow(spread.exp())),
            high=pl.when(defined).then(still.pow((-spread).exp())),
        )
        .drop("greenwood")
    )


def wait_quantiles(curve: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """The first day on which a quarter, half, three quarters, nine tenths are done.

    As ``n, value, low, high``, then ``p25, p25_low, p25_high`` and so on to ``p90``, ``events,
    waiting``; `value` is the median.  Intervals are the days on which the 95% band of the curve
    crosses the share (Brookmeyer & Crowley 1982, Biometrics 38:29).  Null where the data end
    before that share is done, or before the band is past it.
    """

    def first_day(column: str, still: float) -> pl.Expr:
        # Shares are products of fractions: a hair above the mark is on it.
        return pl.col("days").filter(pl.col(column) <= still + 1e-9).min().cast(pl.Float64)

    def quantile(still: float, name: str, low: str, high: str) -> tuple[pl.Expr, ...]:
        # Where nobody waits any longer the band has no width, and its lower edge is nothing.
        ends = first_day("edge", still).alias(low), first_day("high", still).alias(high)
        return (first_day("still", still).alias(name), *ends)

    done = {"p25": 0.75, "p50": 0.5, "p75": 0.25, "p90": 0.1}
    summary = (
        (pl.col("ended").sum() + pl.col("waiting").sum()).alias("n"),
        *quantile(0.5, "value", "low", "high"),
        *(one for p, left in done.items() for one in quantile(left, p, f"{p}_low", f"{p}_high")),
        pl.col("ended").sum().alias("events"),
        pl.col("waiting").sum(),
    )
    curve = curve.with_columns(edge=pl.when(pl.col("still") > 0).then("low").otherwise(0.0))
    return curve.group_by(by, maintain_order=True).agg(summary) if by else curve.select(summary)
