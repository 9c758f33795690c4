"""Values over time."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from analytics import formats
from analytics.plots import style
from analytics.plots.given import checked
from analytics.plots.groups import NAMED, has_band, lines_of, look_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes


def trend(
    frame: pl.DataFrame,
    metric: formats.Described,
    *,
    by: str | Sequence[str] | None = None,
    ax: Axes | None = None,
    small: int = formats.SMALL,
    hatched: str = "not settled yet",
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """One line per group over `period`, with its 95% band; a point alone has a bar for its band.

    A period without rows breaks the line.  Where the frame has `is_mature`, the other periods
    are hatched, which the caption explains as `hatched`, their dots hollow, and the title does
    not compare them.  Periods of 1 to `small`, and those that would tell them, are left out.
    """
    over = "a metric over time, asked with every="
    checked(frame, over, ["period", "value"], by)
    metric = formats.as_asked(frame, metric)
    keys = [by] if isinstance(by, str) else list(by or formats.groups_of(frame))
    frame = formats.guarded(frame)
    hidden = formats.withheld(frame, small)
    rows = frame.filter(~hidden).drop_nulls(["value", "period"]).sort("period")
    ax, ours = style.canvas(ax, 3.7 if keys else 3.1)
    nothing = _without_value(frame.filter(~hidden), keys)
    caption = style.captioned(caption, style.left_out(int(hidden.sum()), small), nothing)
    if rows.is_empty():
        return style.empty(ax, ours, metric, caption)

    days: list[dt.date] = rows["period"].unique().sort().to_list()
    lines = list(lines_of(rows, keys))
    for place, (name, line) in enumerate(lines):
        _line(ax, _unbroken(line, formats.every_of(days)), name, place)
    _unsettled(ax, rows)
    periods_axis(ax, days)
    style.in_unit(ax.yaxis, metric.unit)
    _from_zero(ax, rows)
    if keys:
        style.key_above(ax)
        caption = style.captioned(caption, _named(len(lines)))
    label = style.axis_label(metric)
    ax.set_ylabel(formats.folded(label, 24), fontsize=style.TEXT, color=style.MUTED)
    found = title or (_change(rows, metric) if not keys else f"{metric.title} by group and period")
    band = f"{'Band' if len(days) > 1 else 'Bar'}: 95% interval." if has_band(rows) else ""
    unsettled = f"Hatched: {hatched}." if not _mature(rows).all() else ""
    caption = style.captioned(caption, band, unsettled)
    return style.finish(ax, ours, found, label, caption, _range_words(rows, metric.unit))


def _without_value(rows: pl.DataFrame, keys: list[str]) -> str:
    """A note on groups that have no value in any period; blank for none."""
    if not keys:
        return ""
    ever = rows.group_by(keys, maintain_order=True).agg(pl.col("value").is_not_null().any())
    names = ever.filter(~pl.col("value")).select(keys).iter_rows()
    return style.some_named("Without a value", [formats.group(key) for key in names])


def _line(ax: Axes, line: pl.DataFrame, name: str, place: int) -> None:
    look = look_of(place)
    label = formats.folded(name, 40, lines=1) if place < NAMED else None
    days, values = line["period"].to_list(), line["value"].to_list()
    ax.plot(days, [float("nan") if v is None else v for v in values], label=label, **look)
    if place >= NAMED:
        return
    if has_band(line):
        low, high = (line[end].cast(pl.Float64).to_numpy() for end in ("low", "high"))
        ax.fill_between(days, low, high, color=look["color"], alpha=0.15, lw=0)
        alone = _alone(line)
        ax.vlines(alone["period"], alone["low"], alone["high"], colors=look["color"], lw=1.4)
    for settled, face in ((True, look["color"]), (False, style.PAPER)):
        dots = line.drop_nulls("value").filter(_mature(line.drop_nulls("value")) == settled)
        if dots.is_empty():
            continue
        ax.plot(
            dots["period"].to_list(),
            dots["value"].to_list(),
            style.MARKERS[place],
            mfc=face,
            mec=look["color"],
            markersize=5,
            ls="",
            clip_on=False,  # a dot at 0 is whole
        )


def _unbroken(line: pl.DataFrame, every: str) -> pl.DataFrame:
    """The line with a null row for each period it lacks, so that gaps show as gaps."""
    step = {"month": "1mo", "quarter": "3mo", "year": "1y"}.get(every)
    if step is None:
        return line
    first, last = line["period"].min(), line["period"].max()
    whole = pl.select(period=pl.date_range(first, last, step))  # type: ignore[arg-type]
    return whole.join(line, on="period", how="left", maintain_order="left")


def _alone(line: pl.DataFrame) -> pl.DataFrame:
    """The points with no neighbour, which no band can be drawn between."""
    known = pl.col("value").is_not_null()
    near = [known.shift(step, fill_value=False) for step in (1, -1)]
    return line.filter(known & ~near[0] & ~near[1]).drop_nulls(["low", "high"])


def _mature(rows: pl.DataFrame) -> pl.Series:
    if "is_mature" not in rows.columns:
        return pl.Series([True] * rows.height, dtype=pl.Boolean)
    return rows["is_mature"].fill_null(value=True)


def _unsettled(ax: Axes, rows: pl.DataFrame) -> None:
    half = _half_step(rows["period"].unique().sort().to_list())
    for day in rows.filter(~_mature(rows))["period"].unique():
        ax.axvspan(
            day - half,
            day + half,
            facecolor="none",
            edgecolor=style.GRID,
            hatch="///",
            lw=0,
            zorder=0,
        )


def _half_step(days: list[dt.date]) -> dt.timedelta:
    steps = [later - day for day, later in pairwise(days)]
    return min(steps, default=dt.timedelta(days=30)) / 2


def periods_axis(ax: Axes, days: list[dt.date]) -> None:
    """At most seven ticks, each on a period; the year stands below where it changes."""
    every = formats.every_of(days)
    shown = _spread(days)
    labels: list[str] = []
    for i, day in enumerate(shown):
        new_year = i == 0 or shown[i - 1].year != day.year
        text = formats.period(day, every)
        if every != "year":
            head = text.split(" ")[0] if every in ("month", "quarter") else f"{day.day} {day:%b}"
            text = f"{head}\n{day.year}" if new_year else head
        labels.append(text)
    ax.set_xticks(shown, labels)  # type: ignore[arg-type]


def _spread(days: list[dt.date]) -> list[dt.date]:
    """Days far enough apart for their labels, even where most periods are missing."""
    room = (days[-1] - days[0]) / 7.5
    shown = days[:1]
    for day in days[1:]:
        if day - shown[-1] >= room:
            shown.append(day)
    return shown


def _from_zero(ax: Axes, rows: pl.DataFrame) -> None:
    if float(rows.select(pl.min_horizontal("value", "low").min()).item() or 0) >= 0:
        ax.set_ylim(0, ax.get_ylim()[1] * 1.03)


def _named(lines: int) -> str:
    return f"The {NAMED} largest of {lines} groups are named." if lines > NAMED else ""


def _change(rows: pl.DataFrame, metric: formats.Described) -> str:
    """First against last settled period, no more than their intervals bear out."""
    settled = rows.filter(_mature(rows))
    if settled.height < 2:
        return metric.title
    first, last = settled.row(0, named=True), settled.row(-1, named=True)
    every = formats.every_of(settled["period"].to_list())
    ends = [
        f"{formats.value(row['value'], metric.unit)} in {formats.period(row['period'], every)}"
        for row in (first, last)
    ]
    verb = "went from"
    if None not in (first["low"], first["high"], last["low"], last["high"]):
        rose, fell = last["low"] > first["high"], last["high"] < first["low"]
        verb = "rose from" if rose else "fell from" if fell else "did not clearly change:"
    return f"{metric.title} {verb} {ends[0]} to {ends[1]}".replace(": ", ": from ")


def _range_words(rows: pl.DataFrame, unit: str) -> str:
    days = rows["period"].unique().sort().to_list()
    every = formats.every_of(days)
    values = rows["value"].to_list()
    least, most = formats.value(min(values), unit), formats.value(max(values), unit)
    return (
        f"{formats.period(days[0], every)} to {formats.period(days[-1], every)}, "
        f"values from {least} to {most}."
    )
