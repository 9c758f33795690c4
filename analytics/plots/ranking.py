"""Groups in order, each with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from analytics import formats
from analytics.plots import style
from analytics.plots.given import checked
from analytics.plots.groups import figures_beside, has_band, names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes


def ranked(
    frame: pl.DataFrame,
    metric: formats.Described,
    *,
    by: str | Sequence[str] | None = None,
    ax: Axes | None = None,
    limit: int = 40,
    small: int = formats.SMALL,
    reference: float | None = None,
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """One dot per group with its 95% interval, if any, worst at the top; value and n beside it.

    `frame` is what calling `metric` gave back.  At most `limit` groups are drawn, the worst;
    groups of 1 to `small`, those that would tell them, and those without a value (as waits that
    are not half over have none) are named in the caption only.
    `reference` is a value to hold the groups against, such as that of all together.
    """
    checked(frame, "a frame of a metric", ["value", "low", "high"], by)
    metric = formats.as_asked(frame, metric)
    keys = [by] if isinstance(by, str) else list(by or formats.groups_of(frame))
    frame = formats.guarded(frame)
    found = formats.hidden(frame, small)
    hidden = found.rows
    known = frame.filter(~hidden).drop_nulls("value")
    rows = known.sort("value", descending=metric.better == "lower", maintain_order=True)
    rows = rows.head(limit)
    names = names_of(rows, keys)
    ax, ours = style.canvas(ax, max(2.1, 1.35 + style.row_height(names) * rows.height))
    unseen = names_of(frame.filter(hidden), keys)
    unknown = frame.filter(~hidden, pl.col("value").is_null())
    no_value = style.some_named("Without a value", names_of(unknown, keys))
    few = _unseen(unseen, small, are_listed=found.are_listed)
    notes = [few, no_value, style.cut(rows.height, known.height)]
    caption = style.captioned(caption, *notes)
    if rows.is_empty():
        return style.empty(ax, ours, metric, caption)

    _dots(ax, rows, metric.unit)
    style.name_rows(ax, names)
    figures_beside(ax, rows, "value", metric.unit)
    if reference is not None:
        _reference(ax, reference)
    _limits(ax, rows, metric.unit)
    label = style.axis_label(metric)
    line = ", line: 95% interval" if has_band(rows) else ""
    ax.set_xlabel(f"{label}{line}", fontsize=style.TEXT, color=style.MUTED)
    said = title or _finding(rows, names, metric) + (", of those shown" if unseen else "")
    alt = "; ".join(
        f"{name} {formats.value(row['value'], metric.unit)}"
        for name, row in zip(names[:12], rows.head(12).iter_rows(named=True), strict=True)
    )
    return style.finish(ax, ours, said, label, caption, f"From worst: {alt}.")


def _dots(ax: Axes, rows: pl.DataFrame, unit: str) -> None:
    places = list(range(rows.height))
    low, high = (rows[end].fill_null(rows["value"]) for end in ("low", "high"))
    ax.hlines(places, low, high, colors=style.PALETTE[0], lw=2.2, alpha=0.55)
    # A dot at 0 is whole, though the axis begins there.
    ax.plot(rows["value"], places, "o", color=style.PALETTE[0], markersize=6, clip_on=False)
    style.in_unit(ax.xaxis, unit)


def _reference(ax: Axes, reference: float) -> None:
    ax.axvline(reference, color=style.MUTED, lw=1, ls="--", zorder=1)
    ax.annotate(
        "all",
        xy=(reference, 1),
        xycoords=("data", "axes fraction"),
        xytext=(0, 1),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=style.SMALL_TEXT,
        color=style.MUTED,
    )


def _limits(ax: Axes, rows: pl.DataFrame, unit: str) -> None:
    """Start at zero where nothing is negative: a dot far right then means large."""
    ends = pl.concat([rows["value"], rows["low"], rows["high"]]).cast(pl.Float64).drop_nulls()
    least, most = float(ends.min() or 0), float(ends.max() or 0)  # type: ignore[arg-type]
    if least >= 0:
        top = most * 1.06 or 1
        ax.set_xlim(0, min(top, 1.02) if unit == "share" and most <= 1 else top)


def _unseen(names: list[str], small: int, *, are_listed: bool) -> str:
    """The groups that are too few to show, by name where they keep a place; blank for none."""
    few = f"too few (1{formats.DASH}{small}), or would tell those"
    if names and not are_listed:
        return f"Not shown: what has none, is {few}."
    return style.some_named(f"Not shown, being {few}", names)


def _finding(rows: pl.DataFrame, names: list[str], metric: formats.Described) -> str:
    """What the figure shows, no more than its intervals bear out."""
    first, last = rows.row(0, named=True), rows.row(-1, named=True)
    names = [formats.folded(name, 30, lines=1) for name in names]
    worst = formats.value(first["value"], metric.unit)
    if rows.height == 1:
        return f"{metric.title}: {worst} for {names[0]}"
    if _apart(first, last) is False:
        return f"{metric.title}: no clear difference between groups"
    if _apart(first, rows.row(1, named=True)):
        end = "highest" if metric.better == "lower" else "lowest"
        return f"{metric.title} is {end} for {names[0]}: {worst}"
    best = formats.value(last["value"], metric.unit)
    return f"{metric.title} from {best} ({names[-1]}) to {worst} ({names[0]})"


def _apart(one: dict[str, float | None], other: dict[str, float | None]) -> bool | None:
    """Whether two intervals do not touch: a stricter test than a 5% one, and easier to see.

    None where an end is not known.
    """
    ends = (one["low"], one["high"], other["low"], other["high"])
    if any(end is None for end in ends):
        return None
    low, high, other_low, other_high = (float(end or 0) for end in ends)
    return low > other_high or high < other_low
