"""What comes first, of several things that may end a wait."""

from collections.abc import Sequence

import polars as pl

from analytics.stats.intervals import Z95


def aalen_johansen(
    waits: pl.DataFrame, outcomes: Sequence[str], by: Sequence[str] = ()
) -> pl.DataFrame:
    """Share that each outcome has ended by each day, from a histogram ``days, waiting, *outcomes``.

    One row per group, outcome and day: by, ``outcome, days, share, low, high, at_risk, ended``,
    where `ended` counts the waits that this outcome ended on that day.  The 95% log-log interval
    is null while no wait, or every one, has ended so.  Outcomes of one day stand side by side: the
    shares of a day and the share still waiting add up to 1.  A day on which nobody is left to wait
    changes nothing: shares stay what they were, and are 0 where nobody ever waited.
    Aalen & Johansen (1978), Scandinavian Journal of Statistics 5:141; variance by the delta
    method: Marubini & Valsecchi (1995), Analysing Survival Data, section 10.2.
    """
    rows = _at_risk(waits, outcomes, by).unpivot(
        outcomes,
        index=[*by, "days", "at_risk", "done", "before"],
        variable_name="outcome",
        value_name="ended",
    )
    series = [*by, "outcome"]
    curves = _with_variance(rows.sort([*series, "days"], maintain_order=True), series)
    share, error = pl.col("share"), pl.col("variance").clip(0).sqrt()
    spread = Z95 * error / (share * share.log()).abs()
    defined = share.is_between(1e-12, 1 - 1e-12)
    return curves.with_columns(
        low=pl.when(defined).then(share.pow(spread.exp())),
        high=pl.when(defined).then(share.pow((-spread).exp())),
    ).select(*by, "outcome", "days", "share", "low", "high", "at_risk", "ended")


def _at_risk(waits: pl.DataFrame, outcomes: Sequence[str], by: Sequence[str]) -> pl.DataFrame:
    """With ``done`` (ended that day, however), ``at_risk`` and the share waiting ``before`` it."""

    def within(e: pl.Expr) -> pl.Expr:
        return e.over(by) if by else e

    leaving = pl.col("done") + pl.col("waiting")
    at_risk = pl.when(pl.col("at_risk") > 0).then(pl.col("at_risk"))
    left = (1 - pl.col("done") / at_risk).fill_null(1.0)
    return (
        waits.sort([*by, "days"])
        .with_columns(done=pl.sum_horizontal(*outcomes))
        .with_columns(at_risk=within(leaving.sum() - leaving.cum_sum()) + leaving)
        .with_columns(before=within(left.cum_prod().shift(1, fill_value=1.0)))
    )


def _with_variance(rows: pl.DataFrame, series: list[str]) -> pl.DataFrame:
    """With ``share`` and ``variance``, whose sums over earlier days are expanded into totals."""

    def so_far(e: pl.Expr) -> pl.Expr:
        return e.fill_null(0.0).cum_sum().over(series)

    ended, done, before = (pl.col(c) for c in ("ended", "done", "before"))
    n = pl.when(pl.col("at_risk") > 0).then(pl.col("at_risk"))
    share, square = pl.col("share"), pl.col("share") ** 2
    # On the day on which the last wait ends nothing lies beyond: the term is 0, not infinite.
    all_ends = pl.when(done < n).then(done / (n * (n - done))).otherwise(0.0)
    one_ends = before * ended / n**2
    return (
        rows.with_columns(share=so_far(before * ended / n))
        .with_columns(
            all_ends=so_far(all_ends),
            all_moment=so_far(share * all_ends),
            all_square=so_far(square * all_ends),
            own=so_far(before**2 * ended * (n - ended) / n.cast(pl.Float64) ** 3),
            one_ends=so_far(one_ends),
            one_moment=so_far(share * one_ends),
        )
        .with_columns(
            variance=square * pl.col("all_ends")
            - 2 * share * pl.col("all_moment")
            + pl.col("all_square")
            + pl.col("own")
            - 2 * (share * pl.col("one_ends") - pl.col("one_moment"))
        )
    )
