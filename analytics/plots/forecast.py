"""Cash to come by week, with its bands, beside what came before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from analytics import formats
from analytics.errors import BadQueryError
from analytics.plots import style
from analytics.plots.given import checked
from analytics.plots.trend import periods_axis

if TYPE_CHECKING:
    import datetime as dt

    from matplotlib.axes import Axes

_UNIT = "dollars"
_ENDS = ("low_80", "high_80", "low_95", "high_95")


def forecast(
    frame: pl.DataFrame,
    *,
    came: pl.DataFrame | None = None,
    ax: Axes | None = None,
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """What is expected in each week as a line in its 80 % and 95 % bands.

    `frame` is that of `expected_cash`, of one group.  `came` (``period, value``), where given, are
    weeks gone by, or the same weeks once they are: drawn as dots.  Raises `BadQueryError` for a
    frame of several groups: their weeks are no line.
    """
    checked(frame, "expected_cash", ["period", "n", "value", *_ENDS])
    if frame["period"].is_duplicated().any():
        raise BadQueryError("filter the frame to one group: a row per week")
    rows = frame.drop_nulls("value").sort("period")
    ax, ours = style.canvas(ax, 3.4)
    label = "Cash in the week"
    if rows.is_empty():
        return style.empty(ax, ours, _Cash(), caption)
    color = style.PALETTE[0]
    for level, shade in ((95, 0.13), (80, 0.24)):
        known = rows.drop_nulls(f"high_{level}")
        low, high = (known[f"{end}_{level}"].to_numpy() for end in ("low", "high"))
        at = known["period"].to_list()
        name = f"{level}{formats.GAP}% band"
        ax.fill_between(at, low, high, color=color, alpha=shade, lw=0, label=name)
    ax.plot(
        rows["period"].to_list(), rows["value"].to_list(), color=color, lw=1.8, marker="o", ms=5,
        label="expected",
    )  # fmt: skip
    days: list[dt.date] = rows["period"].to_list()
    if came is not None and came.height:
        seen = came.drop_nulls("value").sort("period")
        ax.plot(
            seen["period"].to_list(), seen["value"].cast(pl.Float64).to_list(), "s", ms=5,
            mfc=style.PAPER, mec=style.PALETTE[1], label="came",
        )  # fmt: skip
        days = sorted({*days, *seen["period"].to_list()})
    least = rows.select(pl.min_horizontal("value", "low_95").min()).item()
    if float(least or 0) < 0:
        ax.axhline(0, color=style.MUTED, lw=0.8)
    periods_axis(ax, days)
    ax.set_ylim(bottom=min(0.0, float(least or 0)))
    style.in_unit(ax.yaxis, _UNIT)
    ax.set_ylabel(label, fontsize=style.TEXT, color=style.MUTED)
    style.key_above(ax)
    total = formats.whole(float(rows["value"].sum()), _UNIT)
    weeks = f"{rows.height} week{'' if rows.height == 1 else 's'}"
    found = title or f"{total} expected in {weeks}"
    fewest = int(rows["n"].min())  # pyright: ignore[reportArgumentType]
    rest = f"Bands: how far {fewest} or more such forecasts were off." if fewest else ""
    below = "Below 0: more taken back than paid." if float(least or 0) < 0 else ""
    rest = style.captioned("On claims already sent.", rest, below) or ""
    words = "; ".join(
        f"{formats.period(day, 'week')} {formats.whole(value, _UNIT)}"
        for day, value in rows.select("period", "value").iter_rows()
    )
    return style.finish(ax, ours, found, label, style.captioned(caption, rest), f"{words}.")


class _Cash:
    title = "Cash expected"
    definition = "What payers are expected to pay on claims already sent."
    unit = _UNIT
    better = "higher"
