"""Which figure says what a metric's frame holds: chosen by its columns and its unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from analytics import formats, plots

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

_AGE = "age_bucket"


def drawn(frame: pl.DataFrame, metric: formats.Described, **how: Any) -> Axes:
    """A trend over periods, bars of dollars, quantiles of waits, else groups with intervals."""
    if "day" in frame.columns and "period" not in frame.columns:
        frame = frame.rename({"day": "period"})
    if _AGE in frame.columns:
        return _aged(frame, metric, **how)
    return _figure(frame, metric)(frame, metric, **how)


def _figure(frame: pl.DataFrame, metric: formats.Described) -> Callable[..., Axes]:
    if "period" in frame.columns:
        return plots.trend
    if "p90" in frame.columns:
        return plots.spread
    is_total = metric.unit == "dollars" and formats.groups_of(frame)
    return plots.pareto if is_total else plots.ranked


def _aged(frame: pl.DataFrame, metric: formats.Described, **how: Any) -> Axes:
    """Receivables by age: over time, else a bar for each group."""
    if "period" in frame.columns:
        return plots.aging(frame, metric, over="period", **how)
    keys = [name for name in formats.groups_of(frame) if name != _AGE]
    if len(keys) < 2:
        return plots.stacked(frame, metric, by=keys[0] if keys else None, parts=_AGE, **how)
    names = pl.Series("group", [formats.group(key) for key in frame.select(keys).iter_rows()])
    return plots.stacked(frame.with_columns(names), metric, by="group", parts=_AGE, **how)
