"""A value by group and period, as a table of colours."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import polars as pl

from analytics import formats
from analytics.plots import style
from analytics.plots.given import checked

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from matplotlib.axes import Axes

_WRITTEN = 14  # periods beside each other in which a number can still be read
_UNITS = {"share": "In percent.", "dollars": "In dollars."}  # what the cells leave unsaid


def heatmap(
    frame: pl.DataFrame,
    metric: formats.Described,
    *,
    by: str | Sequence[str] | None = None,
    ax: Axes | None = None,
    small: int = formats.SMALL,
    limit: int = 20,
    hatched: str = "not settled yet",
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """One row per group, one column per period, the darker the higher; the worst group on top.

    `frame` has `period`, `value` and where known `n`, which weighs a group's periods.  The
    youngest 14 periods and the worst `limit` groups are shown.  A dash stands for no
    value, a dot for periods of none, of 1 to `small`, and those that would tell these.  Where the
    frame has `is_mature`, the other periods are hatched, which the caption explains as `hatched`.
    """
    over = "a metric over time, asked with every="
    checked(frame, over, ["period", "value"], by)
    metric = formats.as_asked(frame, metric)
    keys = [by] if isinstance(by, str) else list(by or formats.groups_of(frame))
    ax, ours = style.canvas(ax, 2.0)
    rows = _cells(formats.guarded(frame).drop_nulls("period"), keys, small)
    if not rows["shown"].count():
        return style.empty(ax, ours, metric, caption)
    names = _ordered(rows, worst_high=metric.better == "lower")
    days: list[dt.date] = rows["period"].unique().sort().to_list()
    dropped, days = len(days) > _WRITTEN, days[-_WRITTEN:]
    kept = names[:limit]
    rows = rows.filter(pl.col("group").is_in(kept), pl.col("period").is_in(days))
    if ours:
        ax.get_figure(root=True).set_size_inches(  # type: ignore[union-attr]
            style.WIDTH, 1.5 + style.row_height(kept) * len(kept)
        )
    _draw(ax, rows, kept, days, metric)
    caption = style.captioned(
        caption,
        style.cut(len(kept), len(names)),
        _UNITS.get(metric.unit, ""),
        f"The last {_WRITTEN} periods." if dropped else "",
        _signs(rows, small, hatched),
    )
    style.name_rows(ax, kept)
    _columns(ax, days)
    found = title or _extreme(rows, metric, formats.every_of(days))
    label = f"{metric.title} by group and period"
    return style.finish(ax, ours, found, label, caption, _words(rows, metric))


def _cells(frame: pl.DataFrame, keys: list[str], small: int) -> pl.DataFrame:
    """``group, period, n, shown, is_small, is_mature``; `shown` is null where nothing is."""
    named = [formats.group(row) for row in frame.select(keys).rows()]
    is_small = formats.withheld(frame, small)
    return frame.select(
        pl.Series("group", named if keys else ["all"] * frame.height, dtype=pl.String),
        "period",
        (pl.col("n") if "n" in frame.columns else pl.lit(1)).cast(pl.Float64).alias("n"),
        pl.when(~is_small).then(pl.col("value").cast(pl.Float64)).alias("shown"),
        is_small.alias("is_small"),
        ("is_mature" if "is_mature" in frame.columns else pl.lit(value=True).alias("is_mature")),
    )


def _ordered(rows: pl.DataFrame, *, worst_high: bool) -> list[str]:
    """The groups, the worst first; those without any value last."""
    known = pl.col("shown").is_not_null()
    mean = (pl.col("shown") * pl.col("n")).sum() / pl.col("n").filter(known).sum()
    means = rows.group_by("group", maintain_order=True).agg(mean.fill_nan(None).alias("mean"))
    ordered = means.sort("mean", descending=worst_high, nulls_last=True, maintain_order=True)
    return ordered["group"].to_list()


def _draw(
    ax: Axes, rows: pl.DataFrame, names: list[str], days: list[dt.date], metric: formats.Described
) -> None:
    """Colours, numbers and signs of the cells."""
    known = rows["shown"].drop_nulls().to_list()
    low, span = min(known), (max(known) - min(known)) or 1.0
    across, down = {day: i for i, day in enumerate(days)}, {name: i for i, name in enumerate(names)}
    for group, period, value, small, mature in rows.select(
        "group", "period", "shown", "is_small", "is_mature"
    ).iter_rows():
        place = across[period], down[group]
        if value is None:
            write(ax, place, "·" if small else formats.DASH, style.MUTED)
        else:
            step = round((value - low) / span * (len(style.STEPS) - 1))
            fill(ax, place, step, is_mature=mature)
            is_dark = step >= len(style.STEPS) // 2
            write(ax, place, _short(value, metric.unit), style.PAPER if is_dark else style.INK)
    if rows["is_small"].any():  # what is not there looks like what is small
        there = set(rows.select("group", "period").iter_rows())
        for group, period in product(down, across):
            if (group, period) not in there:
                write(ax, (across[period], down[group]), "·", style.MUTED)
    ax.grid(visible=False)
    ax.set_xlim(-0.5, len(days) - 0.5)


def fill(ax: Axes, place: tuple[int, int], step: int, *, is_mature: bool) -> None:
    """Colours a cell (column, row); hatched where it is not settled."""
    look: dict[str, Any] = {"color": style.STEPS[step], "edgecolor": style.PAPER, "lw": 0.8}
    hatch = None if is_mature else "///"
    ax.bar(place[0], 1, width=1, bottom=place[1] - 0.5, hatch=hatch, **look)


def write(ax: Axes, place: tuple[int, int], text: str, color: str) -> None:
    """Writes into a cell (column, row)."""
    ax.text(*place, text, ha="center", va="center", fontsize=style.SMALL_TEXT - 1, color=color)


def _short(value: float, unit: str) -> str:
    """A number as a cell has room for it: the unit stands in the title."""
    if unit == "share":
        return f"{value * 100:.0f}"
    if formats.is_dollars(unit):
        return formats.short_dollars(value).removeprefix("$")
    return f"{value:.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.1f}"


def _columns(ax: Axes, days: list[dt.date]) -> None:
    """Each period by name, the year where it changes; every other one where there are many."""
    every = formats.every_of(days)
    step = 1 if every != "day" and len(days) <= _WRITTEN else 1 + len(days) // 6
    labels: list[str] = []
    for i, day in enumerate(days[::step]):
        head, _, year = formats.period(day, every).partition(" ")
        is_new = not i or days[::step][i - 1].year != day.year
        labels.append(f"{head}\n{year}" if year and is_new else head)
    ax.set_xticks(range(0, len(days), step), labels, fontsize=style.SMALL_TEXT - 1)
    ax.tick_params(axis="x", length=0)


def _signs(rows: pl.DataFrame, small: int, hatched: str) -> str:
    """What the signs in the cells stand for, as far as there are any."""
    empty = rows["shown"].is_null() & ~rows["is_small"]
    return " ".join(
        text
        for text, is_there in (
            (f"{formats.DASH}: no value yet.", empty.any()),
            (f"Dot: none, 1{formats.DASH}{small}, or what would tell.", rows["is_small"].any()),
            (f"Hatched: {hatched}.", not rows.drop_nulls("shown")["is_mature"].all()),
        )
        if is_there
    )


def _extreme(rows: pl.DataFrame, metric: formats.Described, every: str) -> str:
    """The worst settled cell."""
    settled = rows.filter("is_mature").drop_nulls("shown")
    if settled.is_empty():
        return metric.title
    worst = settled.sort("shown", descending=metric.better == "lower").row(0, named=True)
    value = formats.value(worst["shown"], metric.unit)
    when, name = formats.period(worst["period"], every), formats.folded(worst["group"], 24, lines=1)
    return f"{metric.title}: {value} at worst, {name} in {when}"


def _words(rows: pl.DataFrame, metric: formats.Described) -> str:
    known = rows["shown"].drop_nulls()
    ends = [formats.value(float(end), metric.unit) for end in (known.min(), known.max())]  # type: ignore[arg-type]
    return f"{rows['group'].n_unique()} groups, values from {ends[0]} to {ends[1]}."
