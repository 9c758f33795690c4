"""Shares still waiting, by day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from analytics import formats
from analytics.errors import BadQueryError
from analytics.plots import style
from analytics.plots.groups import NAMED, has_band, lines_of, look_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

NEVER = 10**9  # sorts a group that has no median after all that have one


def curve(
    frame: pl.DataFrame,
    metric: formats.Described,
    *,
    by: str | Sequence[str] | None = None,
    ax: Axes | None = None,
    legal_day: int | Mapping[str, int] | None = None,
    small: int = formats.SMALL,
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """The share still waiting after each day, per group, with the median marked.

    `frame` has `days` and `still`, and where known `low, high, at_risk`: a Kaplan-Meier curve.
    `legal_day` is the last day on which a payer may answer, for all groups or by the name of each;
    what still waits after it is said.  Groups of 1 to `small` are left out.  Raises
    `BadQueryError` for other frames, such as that of `outcome_curve`.
    """
    if not {"days", "still"} <= set(frame.columns):
        raise BadQueryError("this draws a frame of lag_curve: one with columns days and still")
    keys = [by] if isinstance(by, str) else list(by or _left_of_days(frame))
    rows = frame.drop_nulls(["days", "still"])
    tiny = _tiny(rows, keys, small)
    rows = rows.join(tiny, on=keys, how="anti", nulls_equal=True) if keys and tiny.height else rows
    lines = sorted(lines_of(rows, keys), key=lambda line: _median(line[1]) or NEVER)
    ax, ours = style.canvas(ax, 3.1 + (0.17 * min(len(lines), NAMED) if keys else 0))
    caption = style.captioned(caption, style.left_out(tiny.height))
    if rows.is_empty() or (not keys and tiny.height):
        return style.empty(ax, ours, metric, caption)

    limits = [_limit(legal_day, name) for name, _ in lines]
    ends = [*range(NAMED // 2), *range(len(lines) - NAMED // 2, len(lines))]
    for i, (name, line) in enumerate(lines):
        crowded = len(lines) > NAMED
        place = (ends.index(i) if i in ends else NAMED) if crowded else i
        _waiting(ax, line, name, place, limits[i])
        if isinstance(legal_day, Mapping) and place < NAMED:
            _mark(ax, line, limits[i], style.PALETTE[place])
    ax.axhline(0.5, color=style.MUTED, lw=0.8, ls=":", zorder=1)
    horizon = max(_horizon([line for _, line in lines]), *(1.05 * (day or 0) for day in limits))
    if isinstance(legal_day, int):
        ax.axvline(legal_day, color=style.INK, lw=1, ls="--", zorder=1)
    ax.set(ylim=(0, 1.02), xlim=(0, horizon))
    style.in_unit(ax.yaxis, "share")
    ax.set_xlabel(style.axis_label(metric), fontsize=style.TEXT, color=style.MUTED)
    ax.set_ylabel("Share still waiting", fontsize=style.TEXT, color=style.MUTED)
    if keys:
        style.key_above(ax)
    extremes = f"The fastest and slowest of {len(lines)} groups are named."
    note = extremes if len(lines) > NAMED else ""
    marks = ["Dot: the day half are done.", _on_limit(limits, legal_day)]
    caption = style.captioned(caption, note, *marks, _beyond(rows, horizon))
    medians = [(name, _median(line)) for name, line in lines]
    late = [_late(line, limit) for (_, line), limit in zip(lines, limits, strict=True)]
    told = zip(medians[:12], late, strict=False)
    words = "; ".join(f"{name} {_days(day)}{after}" for (name, day), after in told)
    found = title or _speed(medians, metric)
    return style.finish(ax, ours, found, "Share still waiting by day", caption, f"Half: {words}.")


def _waiting(ax: Axes, line: pl.DataFrame, name: str, place: int, limit: int | None) -> None:
    line = line.sort("days")
    look, days = look_of(place), [0, *line["days"].to_list()]
    day = _median(line)
    named = f"{formats.folded(name, 34, lines=1)}: {_days(day)}{_late(line, limit)}"
    label = named if place < NAMED else None
    ax.step(days, [1.0, *line["still"].to_list()], where="post", label=label, **look)
    if place < NAMED and has_band(line):
        low, high = (line[end].fill_null(line["still"]).to_numpy() for end in ("low", "high"))
        ax.fill_between(
            line["days"].to_list(), low, high, step="post", color=look["color"], alpha=0.12, lw=0
        )
    if place < NAMED and day is not None:
        ax.plot(day, 0.5, style.MARKERS[place], color=look["color"], markersize=6)


def _mark(ax: Axes, line: pl.DataFrame, limit: int | None, color: str) -> None:
    """An upright mark across a line on the legal day of its group."""
    height = None if limit is None else _still(line, limit)
    if limit is not None and height is not None:
        ax.plot(limit, height, "|", color=color, markersize=14, mew=2.2, clip_on=False)


def _limit(legal_day: int | Mapping[str, int] | None, name: str) -> int | None:
    """The legal day of a group, by the name its line bears."""
    if legal_day is None or isinstance(legal_day, int):
        return legal_day
    return {formats.group(key): day for key, day in legal_day.items()}.get(name)


def _still(line: pl.DataFrame, day: int) -> float | None:
    """The share still waiting after a day; None where the line ends before it, not done."""
    before = line.filter(pl.col("days") <= day).sort("days")["still"]
    still = float(before[-1]) if len(before) else 1.0
    days = line["days"].max()
    return still if not still or (isinstance(days, int) and days >= day) else None


def _late(line: pl.DataFrame, limit: int | None) -> str:
    """What still waits after the legal day, as its label says it."""
    late = None if limit is None else _still(line, limit)
    return "" if late is None else f", {formats.value(late, 'share')} after {limit}"


def _on_limit(limits: list[int | None], legal_day: int | Mapping[str, int] | None) -> str:
    if isinstance(legal_day, int):
        return f"Dashed: the legal day, {legal_day}; beside the names, what waits longer."
    mark = "Upright mark: the legal day of the group; beside its name, what waits longer."
    return mark if any(limits) else ""


def _left_of_days(frame: pl.DataFrame) -> list[str]:
    return frame.columns[: frame.columns.index("days")] if "days" in frame.columns else []


def _tiny(rows: pl.DataFrame, keys: list[str], small: int) -> pl.DataFrame:
    """The groups (their keys) that never had more than `small` waiting."""
    if "at_risk" not in rows.columns or rows.is_empty():
        return pl.DataFrame(schema={key: rows.schema[key] for key in keys} or {"at_risk": pl.Int64})
    most = pl.col("at_risk").max()
    sizes = rows.group_by(keys, maintain_order=True).agg(most) if keys else rows.select(most)
    return sizes.filter(pl.col("at_risk").is_between(1, small)).select(keys or ["at_risk"])


def _median(line: pl.DataFrame) -> int | None:
    day = line.filter(pl.col("still") <= 0.5)["days"].min()
    return None if day is None else int(day)  # type: ignore[arg-type]


def _horizon(lines: list[pl.DataFrame]) -> float:
    """The last day worth drawing: a little after each group has seen 97% of its ends."""
    days = [
        line.filter(pl.col("still") <= 1 - 0.97 * (1 - pl.col("still").min()))["days"].min()
        for line in lines
    ]
    return max((float(day) for day in days if day is not None), default=1.0) * 1.25 + 1  # type: ignore[arg-type]


def _beyond(rows: pl.DataFrame, horizon: float) -> str:
    return "Days further right are not drawn." if (rows["days"] > horizon).any() else ""


def _days(day: int | None) -> str:
    return "not half yet" if day is None else formats.value(day, "days")


def _speed(medians: list[tuple[str, int | None]], metric: formats.Described) -> str:
    known = [(day, name) for name, day in medians if day is not None]
    if not known:
        return f"{metric.title}: more than half are still waiting"
    if len(medians) == 1:
        return f"{metric.title}: half within {_days(known[0][0])}"
    (fast, fastest), (slow, slowest) = min(known), max(known)
    fastest, slowest = (formats.folded(name, 24, lines=1) for name in (fastest, slowest))
    if fast == slow:
        return f"{metric.title}: half within {_days(fast)} in every group"
    return f"{metric.title}: half within {fast} ({fastest}) to {slow} ({slowest})"
