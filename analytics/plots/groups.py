"""What figures of groups share: order, names, looks, whether there is a band, numbers beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analytics import formats
from analytics.plots import style

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl
    from matplotlib.axes import Axes

NAMED = len(style.PALETTE)  # more lines than this cannot be told apart; the rest are drawn grey


def names_of(rows: pl.DataFrame, keys: list[str]) -> list[str]:
    """The name of each row by its groups; of rows of no group that they are all."""
    if not keys:
        return ["all"] * rows.height
    return [formats.group(key) for key in rows.select(keys).iter_rows()]


def lines_of(rows: pl.DataFrame, keys: list[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Each group's rows under its name, the largest groups first: those get a colour."""
    if not keys:
        yield "all", rows
        return
    parts = rows.partition_by(keys, as_dict=True, maintain_order=True)
    counted = "n" in rows.columns
    for key in sorted(parts, key=lambda k: -float(parts[k]["n"].sum()) if counted else 0.0):
        yield formats.group(key), parts[key]


def look_of(place: int) -> dict[str, Any]:
    """Colour, dashes and width of the line at `place`; grey beyond those that are named."""
    if place >= NAMED:
        return {"color": style.GRID, "lw": 1.0, "zorder": 1}
    return {"color": style.PALETTE[place], "ls": style.DASHES[place], "lw": 1.8}


def has_band(rows: pl.DataFrame) -> bool:
    """Whether any row has an interval."""
    ends = {"low", "high"} <= set(rows.columns)
    return ends and rows["low"].is_not_null().any() and rows["high"].is_not_null().any()


def figures_beside(ax: Axes, rows: pl.DataFrame, value: str, unit: str) -> None:
    """A value and the count in columns at the right, so that the numbers need no guessing."""
    for place, number in enumerate(rows[value]):
        style.beside(ax, place, 56, formats.value(number, unit))
    if "n" in rows.columns:
        style.beside(ax, -0.75, 96, "n", style.MUTED)
        for place, n in enumerate(rows["n"]):
            style.beside(ax, place, 96, f"{n:,}", style.MUTED)
