"""How long until something happens, where for some it has not happened yet."""

from collections.abc import Sequence

import polars as pl

from analytics.stats.intervals import Z95


def kaplan_meier(waits: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Share still waiting after each day, from a histogram ``days, ended, waiting``.

    Adds ``at_risk``, ``still`` (the share) and its 95% log-log interval ``low, high``, which is
    null while nobody or everybody has finished.
    Kaplan & Meier (1958), JASA 53:457; interval: Kalbfleisch & Prentice (1980).
    """

    def within(e: pl.Expr) -> pl.Expr:
        return e.over(by) if by else e

    leaving = pl.col("ended") + pl.col("waiting")
    ended, at_risk, still = pl.col("ended"), pl.col("at_risk"), pl.col("still")
    spread = Z95 * pl.col("greenwood").sqrt() / still.log().abs()
    defined = still.is_between(0, 1, closed="none")
    return (
        waits.sort([*by, "days"])
        .with_columns(at_risk=within(leaving.sum() - leaving.cum_sum()) + leaving)
        .with_columns(
            still=within((1 - ended / at_risk).cum_prod()),
            greenwood=within((ended / (at_risk * (at_risk - ended))).cum_sum()),
        )
        .with_columns(
            low=pl.when(defined).then(still.pow(spread.exp())),
            high=pl.when(defined).then(still.pow((-spread).exp())),
        )
        .drop("greenwood")
    )


def wait_quantiles(curve: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """The first day on which a quarter, half, three quarters, nine tenths are done.

    As ``n, value, low, high, p25, p50, p75, p90, events, waiting``; `value` is the median with its
    95% interval, the days on which the band of the curve crosses one half (Brookmeyer & Crowley
    1982, Biometrics 38:29).  Null where the data end before that share is done.
    """

    def first_day(column: str, still: float) -> pl.Expr:
        # Shares are products of fractions: a hair above the mark is on it.
        return pl.col("days").filter(pl.col(column) <= still + 1e-9).min().cast(pl.Float64)

    done = {"p25": 0.75, "p50": 0.5, "p75": 0.25, "p90": 0.1}
    summary = (
        (pl.col("ended").sum() + pl.col("waiting").sum()).alias("n"),
        first_day("still", 0.5).alias("value"),
        first_day("low", 0.5).alias("low"),
        first_day("high", 0.5).alias("high"),
        *(first_day("still", left).alias(name) for name, left in done.items()),
        pl.col("ended").sum().alias("events"),
        pl.col("waiting").sum(),
    )
    return curve.group_by(by, maintain_order=True).agg(summary) if by else curve.select(summary)
