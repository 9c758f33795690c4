"""How one provider's services share out over levels, beside those of peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from analytics import formats
from analytics.errors import BadQueryError
from analytics.plots import style
from analytics.plots.given import checked

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def levels(
    frame: pl.DataFrame,
    metric: formats.Described,
    *,
    level: str = "em_level",
    ax: Axes | None = None,
    small: int = formats.SMALL,
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """One bar per level, the share at it with its 95% interval, and a mark for the peers' share.

    `frame` is what `em_level_index` gave, filtered to one provider and family.  Levels of 1 to
    `small` lines, and those that would tell them, have a dash for their share.  Raises
    `BadQueryError` for a frame of several.
    """
    checked(frame, "em_level_index", [level, "value", "hits", "peer_share"])
    rows = frame.sort(level)
    if rows[level].n_unique() < rows.height:
        raise BadQueryError("filter the frame to one provider and one family: a row per level")
    hidden = formats.withheld(rows.select(n="hits"), small)
    names = [f"level {formats.group(one)}" for one in rows[level]]
    ax, ours = style.canvas(ax, max(2.3, 1.75 + 0.36 * rows.height))
    if rows.is_empty():
        return style.empty(ax, ours, metric, caption)
    notes = [f"Line: 95% interval. {rows['n'][0]:,} services in all.", _peers(rows)]
    few = f"{formats.NOTHING}: too few (1{formats.DASH}{small}), or would tell those."
    caption = style.captioned(caption, *notes, few if hidden.any() else "")

    _bars(ax, rows, hidden)
    _figures(ax, rows, hidden, metric.unit)
    style.name_rows(ax, names)
    style.in_unit(ax.xaxis, metric.unit)
    style.key_above(ax)
    label = style.axis_label(metric)
    ax.set_xlabel(label, fontsize=style.TEXT, color=style.MUTED)
    found = title or _finding(rows.filter(~hidden), metric)
    alt = "; ".join(_told(row, metric) for row in rows.filter(~hidden).iter_rows(named=True))
    return style.finish(ax, ours, found, label, caption, f"Shares: {alt}.")


def _bars(ax: Axes, rows: pl.DataFrame, hidden: pl.Series) -> None:
    places = pl.Series(range(rows.height))
    shown, at = rows.filter(~hidden), places.filter(~hidden).to_list()
    name = "this provider"
    ax.barh(at, shown["value"], height=0.6, color=style.PALETTE[0], alpha=0.6, label=name)
    ax.hlines(at, shown["low"], shown["high"], colors=style.INK, lw=1.4)
    known = rows.with_columns(place=places).drop_nulls("peer_share")
    if known.height:
        look = {"color": style.PALETTE[1], "ms": 8, "mec": style.PAPER, "ls": ""}
        ax.plot(known["peer_share"], known["place"], "D", label="peers", **look)  # pyright: ignore[reportArgumentType]
    most = pl.concat([shown["high"], known["peer_share"]]).drop_nulls().max()
    ax.set_xlim(0, min(1.02, float(most or 1) * 1.08))  # type: ignore[arg-type]


def _figures(ax: Axes, rows: pl.DataFrame, hidden: pl.Series, unit: str) -> None:
    """Both shares in columns at the right, so that the numbers need no guessing."""
    style.beside(ax, -0.75, 56, "share")
    style.beside(ax, -0.75, 104, "peers", style.MUTED)
    for place, is_hidden in enumerate(hidden):
        own = formats.NOTHING if is_hidden else formats.value(rows["value"][place], unit)
        style.beside(ax, place, 56, own)
        style.beside(ax, place, 104, formats.value(rows["peer_share"][place], unit), style.MUTED)


def _peers(rows: pl.DataFrame) -> str:
    return "No peers to compare with." if rows["peer_share"].null_count() == rows.height else ""


def _finding(rows: pl.DataFrame, metric: formats.Described) -> str:
    """The level furthest from the peers, where chance does not explain it."""
    beyond = rows.drop_nulls("signal").sort(pl.col("z").abs(), descending=True)
    if beyond.is_empty():
        return f"{metric.title}: no level beyond what chance explains"
    row = beyond.row(0, named=True)
    share, peers = (formats.value(row[name], metric.unit) for name in ("value", "peer_share"))
    level = formats.group(row[beyond.columns[beyond.columns.index("n") - 1]])
    family = f" of {formats.group(row['em_family'])}" if "em_family" in row else ""
    return f"Level {level}{family}: {share}, peers {peers}"


def _told(row: dict[str, float | None], metric: formats.Described) -> str:
    names = list(row)
    level = formats.group(row[names[names.index("n") - 1]])
    peers = formats.value(row["peer_share"], metric.unit)
    return f"level {level} {formats.value(row['value'], metric.unit)} (peers {peers})"
