"""What is owed at each month end, by age, with credits apart below the line."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import polars as pl

from analytics import formats
from analytics.plots import style
from analytics.plots.given import checked
from analytics.plots.trend import periods_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CREDIT, _UNDATED, _UNSEEN = "credit", "no date", "ages not shown"


def aging(
    frame: pl.DataFrame,
    metric: formats.Described,
    *,
    over: str | None = None,
    ax: Axes | None = None,
    small: int = formats.SMALL,
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """One bar per day, of what is owed by age, the youngest at the bottom; credits hang below 0.

    `frame` is that of `ar_aging` over time: a column `period` or `day`, ``age_bucket, n, value``;
    of several groups, what they owe together is drawn.
    Days on which 1 to `small` claims are owed are left out; parts so small, and those that would
    tell them, are joined within their bar.
    """
    metric = formats.as_asked(frame, metric)
    time = over or ("day" if "day" in frame.columns else "period")
    over_time = "ar_aging over time, asked with every= or several days in at="
    checked(frame, over_time, [time, "age_bucket", "value"])
    rows = _summed(frame.drop_nulls([time, "value"]), time)
    owed, credit = (
        rows.filter((pl.col("age_bucket") == _CREDIT) == is_it) for is_it in (False, True)
    )
    tiny = _too_few(owed, time, small)
    owed = owed.filter(~pl.col(time).is_in(tiny))
    credit = credit.filter(~formats.is_small(credit, small), ~pl.col(time).is_in(tiny))
    ax, ours = style.canvas(ax, 3.9)
    caption = style.captioned(caption, style.left_out(len(tiny), small))
    if owed.is_empty():
        return style.empty(ax, ours, metric, caption)
    days: list[Any] = owed[time].unique().sort().to_list()
    buckets = _in_order(frame["age_bucket"].unique().to_list())
    width = _width(days)
    joined = _joined(owed, time, small)
    _draw(ax, joined, days, buckets, width, time)
    _draw_credit(ax, credit, width, time)
    ax.axhline(0, color=style.MUTED, lw=0.8)
    periods_axis(ax, days)
    style.in_unit(ax.yaxis, metric.unit)
    ax.grid(visible=False, axis="x")
    style.key_above(ax)
    label = style.axis_label(metric)
    ax.set_ylabel(label, fontsize=style.TEXT, color=style.MUTED)
    hidden = joined.filter(pl.col("age_bucket") == _UNSEEN)["value"].len() > 0
    caption = style.captioned(
        caption,
        "Credit balances hang below the line." if credit.height else "",
        f"Ages of 1{formats.DASH}{small} claims are joined in their bar." if hidden else "",
    )
    found = title or _change(owed, metric, time)
    return style.finish(
        ax, ours, found, label, caption, _words(joined, buckets, credit, metric, time)
    )


def _summed(rows: pl.DataFrame, time: str) -> pl.DataFrame:
    """One row per day and age, of all groups."""
    sums = [pl.col(name).sum() for name in ("n", "value") if name in rows.columns]
    return rows.group_by(time, "age_bucket", maintain_order=True).agg(sums)


def _too_few(owed: pl.DataFrame, time: str, small: int) -> list[Any]:
    if "n" not in owed.columns:
        return []
    sums = owed.group_by(time).agg(pl.col("n").sum())
    return sums.filter(pl.col("n").is_between(1, small))[time].to_list()


def _joined(owed: pl.DataFrame, time: str, small: int) -> pl.DataFrame:
    """The parts, of each day the small ones and those that would tell them made one."""
    if "n" not in owed.columns:
        return owed.select(time, "age_bucket", "value")
    days = owed.partition_by(time, maintain_order=True)
    hidden = pl.concat([formats.withheld(day, small) for day in days])
    name = pl.when(hidden).then(pl.lit(_UNSEEN)).otherwise("age_bucket")
    parts = pl.concat(days).select(time, name.alias("age_bucket"), "value")
    return parts.group_by(time, "age_bucket", maintain_order=True).agg(pl.col("value").sum())


def _in_order(names: list[str]) -> list[str]:
    """Ages from the youngest to the oldest, then those without date, then those not shown."""
    ages = [name for name in names if name not in (_CREDIT, _UNDATED)]
    ages.sort(key=lambda name: (name.startswith(">"), int(name.lstrip(">").split("-")[0])))
    return [*ages, *([_UNDATED] if _UNDATED in names else []), _UNSEEN]


def _draw(
    ax: Axes, parts: pl.DataFrame, days: list[Any], buckets: list[str], width: float, time: str
) -> None:
    base = dict.fromkeys(days, 0.0)
    ages = len(buckets) - 1
    for place, bucket in enumerate(buckets):
        own = dict(parts.filter(age_bucket=bucket).select(time, "value").iter_rows())
        if not own:
            continue
        color = style.GRID if bucket == _UNSEEN else _shade(place, ages)
        label = f"{bucket} days" if bucket[0] in ">0123456789" else bucket
        at = list(own)
        ax.bar(
            at, [float(own[day]) for day in at], width, [base[day] for day in at], color=color,
            edgecolor=style.PAPER, linewidth=0.6, label=label,
        )  # fmt: skip
        for day in at:
            base[day] += float(own[day])


def _shade(place: int, of: int) -> str:
    """Light to dark over all the steps, however many ages there are."""
    steps = style.STEPS
    return steps[round(place * (len(steps) - 1) / max(of - 1, 1))]


def _draw_credit(ax: Axes, credit: pl.DataFrame, width: float, time: str) -> None:
    if credit.is_empty():
        return
    at, values = credit[time].to_list(), credit["value"].cast(pl.Float64).to_list()
    ax.bar(
        at, values, width, color=style.PALETTE[1], edgecolor=style.PAPER, linewidth=0.6,
        hatch="///", label="credit",
    )  # fmt: skip


def _width(days: list[Any]) -> float:
    gaps = [(later - day).days for day, later in itertools.pairwise(days)]
    return 0.8 * min(gaps, default=30)


def _totals(rows: pl.DataFrame, time: str) -> pl.DataFrame:
    return rows.group_by(time).agg(pl.col("value").cast(pl.Float64).sum()).sort(time)


def _change(owed: pl.DataFrame, metric: formats.Described, time: str) -> str:
    sums = _totals(owed, time)
    first, last = sums.row(0), sums.row(-1)
    if sums.height < 2:
        return f"{metric.title}: {formats.whole(last[1], metric.unit)}"
    every = formats.every_of(sums[time].to_list())
    at = "on" if every == "day" else "in"
    ends = [
        f"{formats.whole(v, metric.unit)} {at} {formats.period(d, every)}" for d, v in (first, last)
    ]
    return f"{metric.title}: from {ends[0]} to {ends[1]}"


def _words(
    parts: pl.DataFrame,
    buckets: list[str],
    credit: pl.DataFrame,
    metric: formats.Described,
    time: str,
) -> str:
    """The parts of the last bar as they are drawn, the youngest first."""
    last = parts[time].max()
    own = dict(parts.filter(pl.col(time) == last).select("age_bucket", "value").iter_rows())
    own["credits"] = credit.filter(pl.col(time) == last)["value"].sum() or None
    told = [
        f"{name} {formats.whole(float(own[name]), metric.unit)}"
        for name in (*buckets, "credits")
        if own.get(name) is not None
    ]
    return f"At the last: {'; '.join(told)}."
