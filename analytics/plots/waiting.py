"""Shares still waiting, by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from analytics import formats
from analytics.plots import style
from analytics.plots.given import checked
from analytics.plots.groups import NAMED, has_band, lines_of, look_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

_WIDE, _HIGH = 3.9, 2.0  # inches of the axes in a figure of its own, about
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
    checked(frame, "lag_curve (outcomes draws outcome_curve)", ["days", "still"], by)
    metric = formats.as_asked(frame, metric)
    keys = [by] if isinstance(by, str) else list(by or _left_of_days(frame))
    rows = frame.drop_nulls(["days", "still"])
    tiny = _tiny(rows, keys, small)
    rows = rows.join(tiny, on=keys, how="anti", nulls_equal=True) if keys and tiny.height else rows
    lines = sorted(lines_of(rows, keys), key=lambda line: _median(line[1]) or NEVER)
    ax, ours = style.canvas(ax, 3.4)
    caption = style.captioned(caption, style.left_out(tiny.height))
    if rows.is_empty() or (not keys and tiny.height):
        return style.empty(ax, ours, metric, caption)

    limits = [_limit(legal_day, name) for name, _ in lines]
    days = sorted({day for day in limits if day is not None})
    ends = [*range(NAMED // 2), *range(len(lines) - NAMED // 2, len(lines))]
    for i, (name, line) in enumerate(lines):
        crowded = len(lines) > NAMED
        place = (ends.index(i) if i in ends else NAMED) if crowded else i
        _waiting(ax, line, _label(name, line, limits[i], days), place)
    ax.axhline(0.5, color=style.MUTED, lw=0.8, ls=":", zorder=1)
    horizon = max(_horizon([line for _, line in lines]), 1.05 * max(days, default=0))
    _mark(ax, days, horizon)
    ax.set(ylim=(0, 1.02), xlim=(0, horizon))
    style.in_unit(ax.yaxis, "share")
    ax.set_xlabel(style.axis_label(metric), fontsize=style.TEXT, color=style.MUTED)
    ax.set_ylabel("Share still waiting", fontsize=style.TEXT, color=style.MUTED)
    if keys:
        _key(ax, [line for _, line in lines], horizon, ours=ours)
    extremes = f"The fastest and slowest of {len(lines)} groups are named."
    note = extremes if len(lines) > NAMED else ""
    medians = [(name, _median(line)) for name, line in lines]
    dot = "Dot: the day half are done." if any(day is not None for _, day in medians) else ""
    caption = style.captioned(caption, note, dot, _on_limit(days), _beyond(rows, horizon))
    late = [_late(line, limit) for (_, line), limit in zip(lines, limits, strict=True)]
    told = zip(medians[:12], late, strict=False)
    words = "; ".join(f"{name} {_days(day)}{after}" for (name, day), after in told)
    found = title or _speed(medians, metric)
    return style.finish(ax, ours, found, "Share still waiting by day", caption, f"Half: {words}.")


def _label(name: str, line: pl.DataFrame, limit: int | None, days: list[int]) -> str:
    """The name, the day half are done, and what waits after the legal day, told where several."""
    late = None if limit is None else _still(line, limit)
    after = f" after {limit}" if len(days) > 1 else ""
    waits = "" if late is None else f", {formats.value(late, 'share')}{after}"
    return f"{formats.folded(name, 40, lines=1)}: {_days(_median(line))}{waits}"


def _waiting(ax: Axes, line: pl.DataFrame, label: str, place: int) -> None:
    line = line.sort("days")
    look, days = look_of(place), [0, *line["days"].to_list()]
    day, named = _median(line), label if place < NAMED else None
    ax.step(days, [1.0, *line["still"].to_list()], where="post", label=named, **look)
    if place < NAMED and has_band(line):
        low, high = (line[end].fill_null(line["still"]).to_numpy() for end in ("low", "high"))
        ax.fill_between(
            line["days"].to_list(), low, high, step="post", color=look["color"], alpha=0.12, lw=0
        )
    if place < NAMED and day is not None:
        ax.plot(day, 0.5, style.MARKERS[place], color=look["color"], markersize=6)


def _mark(ax: Axes, days: list[int], horizon: float) -> None:
    """One dashed line for each legal day, however many groups have it; near ones share a label."""
    labels: list[list[int]] = []
    for day in days:
        ax.axvline(day, color=style.INK, lw=1, ls="--", zorder=1)
        if labels and day - labels[-1][-1] < 0.05 * horizon:
            labels[-1].append(day)
        else:
            labels.append([day])
    for near in labels:
        ax.annotate(
            ", ".join(map(str, near)),
            xy=(sum(near) / len(near), 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=style.SMALL_TEXT,
            color=style.INK,
        )


def _key(ax: Axes, lines: list[pl.DataFrame], horizon: float, *, ours: bool) -> None:
    """The legend in the empty corner above the curves, else, where they run there, below."""
    labels = ax.get_legend_handles_labels()[1]
    wide = (max(map(len, labels)) * 0.56 + 3.2) * style.SMALL_TEXT / 72  # inches
    high = len(labels) * 1.3 * style.SMALL_TEXT / 72 + 0.1
    left, bottom = (1 - wide / _WIDE) * horizon, 1 - high / _HIGH
    is_free = ours and left > 0 and all((_still(one, int(left)) or 0) < bottom for one in lines)
    if is_free:
        style.key_within(ax)
    else:
        style.key_below(ax, grow=high if ours else 0)


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


def _on_limit(days: list[int]) -> str:
    if not days:
        return ""
    which = f"the legal day, {days[0]}" if len(days) == 1 else "the legal days"
    return f"Dashed: {which}; beside the names, what waits longer."


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
    waiting = len(medians) - len(known)
    others = f", not half yet in {waiting} of {len(medians)} groups" if waiting else ""
    if len(known) == 1:
        return f"{metric.title}: half within {_days(fast)} ({fastest}){others}"
    if fast == slow:
        where = others or " in every group"
        return f"{metric.title}: half within {_days(fast)}{where}"
    return f"{metric.title}: half within {fast} ({fastest}) to {slow} ({slowest}){others}"
