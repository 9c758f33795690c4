"""How long groups wait: the median, the middle half, and when nine of ten are done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from analytics import formats
from analytics.plots import style
from analytics.plots.given import checked
from analytics.plots.groups import figures_beside, names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

_QUANTILES = ("p25", "p50", "p75", "p90")
_NOTE = (
    "Dot: half are done; thick: a quarter to three quarters; thin: nine of ten. An arrow: so many "
    "are not done yet."
)


def spread(
    frame: pl.DataFrame,
    metric: formats.Described,
    *,
    by: str | Sequence[str] | None = None,
    ax: Axes | None = None,
    limit: int = 40,
    small: int = formats.SMALL,
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """One row per group: its median as a dot, its middle half thick, up to the 90th percentile.

    `frame` is what calling a wait gave: ``n, p25, p50, p75, p90``.  What is not reached yet ends in
    an arrow at the edge.  The slowest are at the top, at most `limit`; groups of 1 to `small`,
    those that would tell them, and those of which not a quarter is done are counted in the caption.
    """
    checked(frame, "a frame of a wait", ["n", *_QUANTILES], by)
    metric = formats.as_asked(frame, metric)
    keys = [by] if isinstance(by, str) else list(by or formats.groups_of(frame))
    frame = formats.guarded(frame)
    hidden = formats.withheld(frame, small)
    shown = frame.filter(~hidden)
    known = shown.drop_nulls("p25").sort(
        "p50", "p75", "p90", "p25", descending=True, nulls_last=False, maintain_order=True
    )
    rows = known.head(limit)
    names = names_of(rows, keys)
    ax, ours = style.canvas(ax, max(2.3, 1.6 + style.row_height(names) * rows.height))
    slow = shown.height - known.height
    caption = style.captioned(
        caption,
        style.left_out(int(hidden.sum()), small),
        f"Not a quarter done: {slow} of {shown.height} groups." if slow else "",
        style.cut(rows.height, known.height),
    )
    if rows.is_empty():
        return style.empty(ax, ours, metric, caption)

    horizon = _horizon(rows)
    _draw(ax, rows, horizon)
    style.name_rows(ax, names)
    figures_beside(ax, rows, "p50", metric.unit)
    ax.set_xlim(min(0, _least(rows) * 1.05), horizon)
    style.in_unit(ax.xaxis, metric.unit)
    label = style.axis_label(metric)
    ax.set_xlabel(label, fontsize=style.TEXT, color=style.MUTED)
    found = title or _finding(rows, names, metric)
    alt = "; ".join(
        f"{name} {_half(row['p50'])}, nine of ten {formats.value(row['p90'], 'days')}"
        for name, row in zip(names[:12], rows.head(12).iter_rows(named=True), strict=True)
    )
    caption = style.captioned(caption, _NOTE)
    return style.finish(ax, ours, found, label, caption, f"Half within: {alt}.")


def _horizon(rows: pl.DataFrame) -> float:
    """The right edge: a little beyond the last day that any group reached."""
    return float(rows.select(pl.max_horizontal(*_QUANTILES).max()).item()) * 1.08 + 1


def _least(rows: pl.DataFrame) -> float:
    return float(rows["p25"].min() or 0)  # type: ignore[arg-type]


def _draw(ax: Axes, rows: pl.DataFrame, horizon: float) -> None:
    color = style.PALETTE[0]
    for place, (p25, p50, p75, p90) in enumerate(rows.select(_QUANTILES).iter_rows()):
        for end, wide, alpha in ((p90, 1.6, 0.8), (p75, 6.0, 0.45)):
            right = horizon if end is None else end
            ax.hlines(place, p25, right, color=color, lw=wide, alpha=alpha)
        if p90 is None:
            ax.plot([horizon], [place], ">", color=color, markersize=6, clip_on=False)
        if p50 is not None:
            ax.plot([p50], [place], "o", color=color, markersize=6)


def _half(day: float | None) -> str:
    return "not half yet" if day is None else formats.value(day, "days")


def _finding(rows: pl.DataFrame, names: list[str], metric: formats.Described) -> str:
    """When half are done, where that is first and where last."""
    names = [formats.folded(name, 24, lines=1) for name in names]
    slow, fast = rows.row(0, named=True), rows.row(-1, named=True)
    if rows.height == 1 and slow["p50"] is not None:
        return f"{metric.title}: half within {_half(slow['p50'])}"
    if fast["p50"] is None:
        return f"{metric.title}: more than half are still waiting"
    if slow["p50"] is None:
        waiting = rows["p50"].null_count()
        return f"{metric.title}: not half yet in {waiting} of {rows.height} groups"
    ends = f"{formats.bare(fast['p50'], 'days')} ({names[-1]}) to {_half(slow['p50'])} ({names[0]})"
    return f"{metric.title}: half within {ends}"
