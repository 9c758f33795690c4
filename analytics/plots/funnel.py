"""Groups against what is expected of them, and how far chance may take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from analytics import formats
from analytics.errors import BadQueryError
from analytics.plots import style
from analytics.plots.given import checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

_NAMED = 8  # more names than this run into each other
_LIMITS = (("95", ":", "95%"), ("998", "--", "99.8%"))


def funnel(
    frame: pl.DataFrame,
    metric: formats.Described,
    *,
    by: str | Sequence[str] | None = None,
    ax: Axes | None = None,
    small: int = formats.SMALL,
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """One dot per group: observed over expected, against how much was expected.

    `frame` is what `payer_comparison` of `metric` gave, or `em_level_index` or `modifier_index`,
    filtered to one level or modifier: the limits are its own.  The dotted and dashed lines are the
    95% and 99.8% limits of chance; groups beyond the latter are dark and named.  Groups of 1 to
    `small`, and those that would tell them, are left out and counted in the caption.
    Raises `BadQueryError` for other frames, and for several levels.
    """
    checked(
        frame,
        "payer_comparison or an index of providers",
        ["ratio", "expected", "high_998", "signal"],
        by,
    )
    keys = [by] if isinstance(by, str) else list(by or formats.groups_of(frame))
    if "em_level" in frame.columns and frame["em_level"].n_unique() > 1:
        raise BadQueryError("filter the frame to one em_level: the limits of each are its own")
    hidden = formats.withheld(frame, small)
    rows = frame.filter(~hidden).drop_nulls("ratio").sort("expected")
    ax, ours = style.canvas(ax, 3.4)
    caption = style.captioned(caption, style.left_out(int(hidden.sum()), small))
    if rows.is_empty():
        return style.empty(ax, ours, metric, caption)

    names = [formats.group(key) for key in rows.select(keys).iter_rows()]
    _limits(ax, rows)
    _dots(ax, rows, names)
    style.key_above(ax)
    label = f"{metric.title}: observed / expected"
    ax.set_ylabel("Observed / expected", fontsize=style.TEXT, color=style.MUTED)
    ax.set_xlabel("Expected", fontsize=style.TEXT, color=style.MUTED)
    found = title or _finding(rows, names, metric)
    caption = style.captioned(caption, "Lines: limits of chance around what is expected.")
    alt = "; ".join(
        f"{name} {ratio:.2f}" for name, ratio in zip(names[-12:], rows["ratio"][-12:], strict=True)
    )
    return style.finish(ax, ours, found, label, caption, f"Ratios: {alt}.")


def _limits(ax: Axes, rows: pl.DataFrame) -> None:
    ax.axhline(1, color=style.MUTED, lw=1)
    for ends, dash, name in _LIMITS:
        look: dict[str, Any] = {"color": style.MUTED, "ls": dash, "lw": 1.2}
        ax.plot(rows["expected"], rows[f"high_{ends}"], label=f"{name} limits", **look)
        ax.plot(rows["expected"], rows[f"low_{ends}"], **look)


def _dots(ax: Axes, rows: pl.DataFrame, names: list[str]) -> None:
    beyond = rows["signal"].is_not_null()
    for is_beyond, color, marker in ((False, style.PALETTE[5], "o"), (True, style.PALETTE[1], "s")):
        part = rows.filter(beyond == is_beyond)
        ax.plot(part["expected"], part["ratio"], marker, color=color, markersize=6)
    highest = rows.select(pl.max_horizontal("ratio", "high_998").max()).item()
    ax.set_ylim(0, 1.15 * float(highest))  # room for the name of the uppermost
    named = [place for place, signal in enumerate(beyond) if signal]
    for place in named[-_NAMED:]:
        at = (rows["expected"][place], rows["ratio"][place])
        is_right = at[0] > float(rows["expected"].max()) / 2  # type: ignore[arg-type]
        ax.annotate(
            formats.folded(names[place], style.LONG_NAME, lines=1),
            xy=at,
            xytext=(-6 if is_right else 6, 5),
            textcoords="offset points",
            ha="right" if is_right else "left",
            fontsize=style.SMALL_TEXT,
            color=style.INK,
        )


def _finding(rows: pl.DataFrame, names: list[str], metric: formats.Described) -> str:
    """Which groups chance and mix do not explain."""
    beyond = [(name, signal) for name, signal in zip(names, rows["signal"], strict=True) if signal]
    if not beyond:
        return f"{metric.title}: no group beyond what chance and mix explain"
    if len(beyond) == 1:
        name, signal = beyond[0]
        side = "above" if signal == "high" else "below"
        return f"{metric.title}: {formats.folded(name, 30, lines=1)} is {side} expectation"
    return f"{metric.title}: {len(beyond)} of {rows.height} groups beyond what chance explains"
