"""Rates that changed more than they do by themselves."""

from collections.abc import Sequence

import polars as pl

from analytics import stats
from analytics.errors import BadQueryError
from analytics.metrics._metric import Every, Metric, Where, listed
from analytics.metrics._parts import LENGTHS, as_of, shares
from analytics.metrics.denials import initial_denial_rate
from analytics.query import Engine

_KEPT = (
    "period", "n", "value", "low", "high", "hits", "centre", "low_limit", "high_limit", "spread",
    "z", "is_outside", "points", "longest_run", "longest_run_max", "crossings", "crossings_min",
    "is_run", "p_value", "q_value", "is_alert",
)  # fmt: skip


def denial_alerts(
    engine: Engine,
    metric: Metric | str = initial_denial_rate,
    by: str | Sequence[str] = "payer_name",
    *,
    every: Every = "week",
    where: Where | None = None,
    false_alarms: float = 0.05,
) -> pl.DataFrame:
    """Control charts of a share metric by group, and which of them tell of a change.

    One row per group and period: by, ``period, n, value, low, high, hits`` as the metric gives
    them; Laney's p' chart: ``centre``, ``low_limit, high_limit`` (three sigma), ``spread`` (sigma
    z, 1 where draws alone vary the shares), ``z``, ``is_outside``; and, the same for all periods
    of the group, ``points``, its runs ``longest_run`` (at most ``longest_run_max``), ``crossings``
    (at least ``crossings_min``) and ``is_run``, ``p_value``, ``q_value`` and ``is_alert``.

    Points outside and runs are what charts show; of many charts some do by chance.  ``is_alert``
    is a q value below `false_alarms`: of alerts no more than that share is false, and where
    nothing changed any alert at all has no more than that chance (Benjamini-Hochberg over groups).
    Periods not over, or not settled (``is_mature``) where the metric says so, are left out; groups
    of fewer than 8 periods are drawn and never alerted.
    Raises `BadQueryError` for a metric that is no share, `UnknownNameError` for unknown names.
    Sources: Laney (2002), Quality Engineering 14:531; Anhoej & Olesen (2014), PLoS ONE 9:e113825;
    Benjamini & Hochberg (1995), JRSS B 57:289.
    """
    if not 0 < false_alarms < 1:
        raise BadQueryError(f"a rate of false alarms is within 0 and 1, not {false_alarms}")
    keys = listed(by)
    frame = shares(engine, metric, by, every=every, where=where)
    if "is_mature" in frame.columns:
        frame = frame.filter("is_mature")
    over = pl.col("period").dt.offset_by(LENGTHS[every])
    last = pl.lit(as_of(engine), dtype=pl.Date)
    done = frame.filter(over.dt.offset_by("-1d") <= last, pl.col("n") > 0)
    points = stats.chart(done.sort(*keys, "period", nulls_last=True), "hits", "n", keys)
    verdicts = stats.alarms(points, "hits", "n", keys)
    told = points.join(verdicts, on=keys, how="left", nulls_equal=True, maintain_order="left")
    alert = (pl.col("q_value") < false_alarms).fill_null(value=False)
    return told.with_columns(is_alert=alert, is_run=pl.col("is_run").fill_null(value=False)).select(
        *keys, *_KEPT
    )
