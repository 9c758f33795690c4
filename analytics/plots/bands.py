"""A funnel of members and cost: how few members most of the cost is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics import formats
from analytics.errors import BadQueryError
from analytics.plots import style
from analytics.plots.given import checked

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes

_COLUMNS = ("band", "n", "member_share", "cost_share", "reach")
_APART = 0.16  # room between the two sides, for nothing: shares of 1
_TITLE = "Members and their cost"


def cost_bands(
    frame: pl.DataFrame,
    *,
    ax: Axes | None = None,
    small: int = formats.SMALL,
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """Each band of members with its share of all members, left, and of the dollars, right.

    The costliest stand at the top.  `frame` is that of `member_cost`, of one group.  Bands of 1 to
    `small` members, and those that would tell them, keep their row without bars.  Raises
    `BadQueryError` for several groups.
    """
    checked(frame, "member_cost", _COLUMNS)
    if frame["band"].is_duplicated().any():
        raise BadQueryError("filter the frame to one group: a row per band")
    ax, ours = style.canvas(ax, 2.9)
    rows = frame.drop_nulls("cost_share")
    if rows.is_empty():
        return style.empty(ax, ours, _Cost(), caption)
    hidden = formats.withheld(rows, small).to_list()
    for place, (row, is_hidden) in enumerate(zip(rows.to_dicts(), hidden, strict=True)):
        if is_hidden:
            style.mark_hidden(ax, place, "not shown")
            continue
        for share, side, color in (
            (row["member_share"], -1, style.STEPS[1]), (row["cost_share"], 1, style.PALETTE[0]),
        ):  # fmt: skip
            ax.barh(place, side * share, left=side * _APART / 2, color=color, height=0.72)
            at = side * (share + _APART / 2 + 0.02)
            ax.text(
                at, place, formats.value(share, "share"), va="center",
                ha="left" if side > 0 else "right", fontsize=style.SMALL_TEXT, color=style.INK,
            )  # fmt: skip
    _dress(ax, rows["band"].to_list())
    found = title or _finding(rows, hidden)
    note = "Bands of members by their cost, the costliest first."
    few = f"Bands of 1{formats.DASH}{small}, and one that would tell them, show no shares."
    caption = style.captioned(caption, note, few if any(hidden) else "")
    words = "; ".join(
        f"{band} of members, {formats.value(share, 'share')} of dollars"
        for (band, share), is_hidden in zip(
            rows.select("band", "cost_share").iter_rows(), hidden, strict=True
        )
        if not is_hidden
    )
    return style.finish(ax, ours, found, _TITLE, caption, f"{words}.")


def _dress(ax: Axes, bands: list[str]) -> None:
    style.name_rows(ax, bands)
    ax.set_xlim(-1, 1)
    ax.set_xticks([])
    ax.grid(visible=False)
    ax.spines["bottom"].set_visible(False)
    for side, text in ((-1, "Share of members"), (1, "Share of dollars")):
        ax.text(
            side * 0.5, -0.62, text, ha="center", va="bottom", fontsize=style.TEXT,
            color=style.MUTED,
        )  # fmt: skip
    ax.set_ylim(len(bands) - 0.5, -1.0)


def _finding(rows: pl.DataFrame, hidden: list[bool]) -> str:
    """How much of the cost the first bands have, where that tells nothing of a small one."""
    for place, row in enumerate(rows[:-1].to_dicts()):  # of all members it is no news
        is_safe = not any(hidden[:place]) or not any(hidden[place:])
        if is_safe and not hidden[place] and (row["reach"] >= 0.2 or place):
            share = float(rows["member_share"][: place + 1].sum())
            reach = formats.value(row["reach"], "share")
            return f"{formats.value(share, 'share')} of members have {reach} of the dollars"
    return _TITLE


class _Cost:
    title = _TITLE
    definition = "The share of dollars that bands of members have, from the costliest on."
    unit = "share"
    better = "lower"
