"""Cost per member by month: as known, and as it will be once all claims are."""

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

_COLUMNS = (
    "period",
    "n",
    "value",
    "completed_pmpm",
    "completed_low",
    "completed_high",
    "is_run_out",
)
_UNIT = "dollars_per_member_month"
_LABEL = "Allowed per member per month"


def completed(
    frame: pl.DataFrame,
    *,
    ax: Axes | None = None,
    small: int = formats.SMALL,
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """Dollars per member month over months of service; those whose claims still come are shaded.

    `frame` is that of `completed_pmpm`, of one group.  The solid line is what is known.  In shaded
    months, less than three months over, the dashed line is what they will come to, in its 95% band.
    Months of 1 to `small`, and those that would tell them, are left out.  Raises `BadQueryError`
    for several groups.
    """
    checked(frame, "completed_pmpm", _COLUMNS)
    if frame["period"].is_duplicated().any():
        raise BadQueryError("filter the frame to one group: a row per month")
    hidden = formats.withheld(frame, small)
    rows = frame.filter(~hidden).drop_nulls("value").sort("period")
    ax, ours = style.canvas(ax, 3.3)
    caption = style.captioned(caption, style.left_out(int(hidden.sum()), small))
    if rows.is_empty():
        return style.empty(ax, ours, _Cost(), caption)
    days: list[dt.date] = rows["period"].to_list()
    _known(ax, rows)
    young = rows.filter(~pl.col("is_run_out"))
    _shade(ax, young)
    _expected(ax, rows, young)
    periods_axis(ax, days)
    ax.set_ylim(0, ax.get_ylim()[1] * 1.03)
    style.in_unit(ax.yaxis, _UNIT)
    ax.set_ylabel(formats.folded(_LABEL, 24), fontsize=style.TEXT, color=style.MUTED)
    style.key_above(ax)
    note = "Shaded: claims still come, less than three months have passed." if len(young) else ""
    if len(young) and young["completed_pmpm"].null_count():
        note += " Without days on which claims were known nothing is completed."
    caption = style.captioned(caption, note)
    return style.finish(ax, ours, title or _finding(rows), _LABEL, caption, _words(rows))


def _known(ax: Axes, rows: pl.DataFrame) -> None:
    days, values = rows["period"].to_list(), rows["value"].to_list()
    color = style.PALETTE[0]
    ax.plot(days, values, color=color, lw=1.8, marker="o", ms=4.5, label="known")
    young = rows.filter(~pl.col("is_run_out"))
    ax.plot(
        young["period"].to_list(), young["value"].to_list(), "o", ms=4.5, mfc=style.PAPER,
        mec=color,
    )  # fmt: skip


def _shade(ax: Axes, young: pl.DataFrame) -> None:
    if young.is_empty():
        return
    start, end = (young["period"].dt.offset_by(step) for step in ("-15d", "15d"))
    ax.axvspan(start.min(), end.max(), color=style.GRID, alpha=0.55, lw=0, zorder=0)  # type: ignore[arg-type]


def _expected(ax: Axes, rows: pl.DataFrame, young: pl.DataFrame) -> None:
    """The young months completed, from the last that is not, so that the line has no gap."""
    told = young.drop_nulls("completed_pmpm")
    if told.is_empty():
        return
    joined = pl.concat([rows.filter("is_run_out").tail(1), told])
    color = style.PALETTE[1]
    ax.plot(
        joined["period"].to_list(), joined["completed_pmpm"].to_list(), ls="--", marker="s", ms=4.5,
        label="completed", color=color, lw=1.8,
    )  # fmt: skip
    banded = joined.drop_nulls(["completed_low", "completed_high"])
    if banded.height > 1:
        low, high = (banded[f"completed_{end}"].to_numpy() for end in ("low", "high"))
        ax.fill_between(
            banded["period"].to_list(), low, high, color=color, alpha=0.18, lw=0,
            label=f"95{formats.GAP}% band",
        )  # fmt: skip


def _finding(rows: pl.DataFrame) -> str:
    """The last twelve run-out months against the twelve before, where there are as many.

    Else the last of them.
    """
    ripe = rows.filter("is_run_out")
    if ripe.is_empty():
        return _LABEL
    if ripe.height < 24:
        return _last(ripe)
    mean = (pl.col("value") * pl.col("n")).sum() / pl.col("n").sum()
    new, old = (part.select(mean).item() for part in (ripe.tail(12), ripe.tail(24).head(12)))
    if not old or abs(new / old - 1) > 1:  # the first year has not all its claims
        return _last(ripe)
    ends = " to ".join(formats.whole(x, _UNIT) for x in (old, new))
    return f"{_LABEL}: {ends} from year to year ({_signed(new / old - 1)})"


def _last(ripe: pl.DataFrame) -> str:
    day, value = ripe.select("period", "value").row(-1)
    month = formats.period(day, "month")
    return f"{_LABEL}: {formats.whole(value, _UNIT)} in {month}, the last month run out"


def _signed(change: float) -> str:
    return ("+" if change > 0 else "") + formats.value(change, "share")


def _words(rows: pl.DataFrame) -> str:
    last = rows.row(-1, named=True)
    first = rows.row(0, named=True)
    ends = [
        f"{formats.period(row['period'], 'month')} {formats.whole(row['value'], _UNIT)}"
        for row in (first, last)
    ]
    done = last["completed_pmpm"]
    more = f", completed {formats.whole(done, _UNIT)}" if done is not None else ""
    return f"From {ends[0]} to {ends[1]}{more}."


class _Cost:
    title = _LABEL
    definition = "Dollars allowed on claims of covered members over the months of cover."
    unit = _UNIT
    better = "lower"
