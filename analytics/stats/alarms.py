"""Which of many control charts tell of a change, with false alarms held to a stated rate."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from analytics.stats import control, exact
from analytics.stats.multiple import benjamini_hochberg

# Moving ranges of m points tell a spread as well as so many free values per range: Wheeler (1995),
# Advanced Topics in Statistical Process Control, table of d2*.
_FREEDOM = 0.62
_NEAR = 1.0  # sigmas: of some points one so near is nothing, however it came about
_NO_SIZE = 0.05  # of a beta distribution as wide as one can be


def alarms(
    points: pl.DataFrame, hits: str, n: str, by: Sequence[str], *, least: int = 8
) -> pl.DataFrame:
    """One row per chart: its runs, ``p_value`` and ``q_value``.

    `points` is what `chart` gave.  The p value is the chance, had nothing changed, of a point so
    far out or of so few runs: twice the smaller of both, the points' being that of the farthest
    times their number (Bonferroni).  A point's chance is the largest of the exact binomial one,
    that of a beta distribution as spread as the chart, and that of Student's t at its distance: so
    few hits, skew, and a spread known from few periods raise no alarms.

    The q value is Benjamini-Hochberg's over the charts: taking q < r as an alarm, the share of
    false alarms is at most r, and so is the chance of any when nothing changed.
    Charts of fewer than `least` points have no p value.
    """
    known = points.filter(pl.col("z").is_not_null())
    counted = known.with_columns(points=pl.len().over(by).cast(pl.Int64))
    far = counted.filter(pl.col("z").abs() > _NEAR)
    far = far.select(*by, chance=_chances(far, hits, n)).group_by(by).agg(pl.col("chance").min())
    farthest = (
        counted.group_by(by, maintain_order=True)
        .agg(pl.col("points").first())
        .join(far, on=by, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(far=(pl.col("chance").fill_null(1.0) * pl.col("points")).clip(0, 1))
        .drop("chance")
    )
    value = pl.col(hits) / pl.col(n)
    sided = control.runs(known.with_columns(value=value), "value", "centre", by)
    found = farthest.join(sided, on=by, how="left", nulls_equal=True, maintain_order="left")
    either = 2 * pl.min_horizontal("far", pl.col("run_p_value").fill_null(1.0))
    judged = found.with_columns(
        p_value=pl.when(pl.col("points") >= least).then(either.clip(0, 1))
    ).drop("far", "useful", "above", "run_p_value")
    return judged.with_columns(q_value=benjamini_hochberg(judged["p_value"]))


def _chances(points: pl.DataFrame, hits: str, n: str) -> pl.Series:
    """The two-sided chance of each point."""
    spread = pl.max_horizontal("spread", pl.lit(1.0))  # shares vary at least as draws do
    frame = points.select(
        pl.col(hits, n),
        pl.col("centre"),
        far=pl.col("z") * pl.col("spread") / spread,
        freedom=((pl.col("points") - 1) * _FREEDOM).clip(1),
        size=(pl.col(n) / spread**2 - 1).clip(_NO_SIZE),
    )
    k, m, c, far, freedom, size = (column.to_numpy().astype(np.float64) for column in frame)
    drawn = _smaller(*exact.binomial_tails(k, m, c))
    below = exact.beta_share(np.clip(k / m, 1e-12, 1 - 1e-12), c * size, (1 - c) * size)
    skewed = np.where(k > 0, _smaller(below, 1 - below), 1)
    return pl.Series(np.max([drawn, skewed, exact.t_tails(far, freedom)], axis=0), dtype=pl.Float64)


def _smaller(low: exact.Floats, high: exact.Floats) -> exact.Floats:
    return np.minimum(1, 2 * np.minimum(low, high))
