"""A ratio by two groups, as a table of colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from analytics import formats
from analytics.plots import style
from analytics.plots.given import checked
from analytics.plots.heat import fill, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDE = 8  # columns that fit beside each other
_DARKEST = 2.0  # times what is expected: the darkest colour begins here


def grid(
    frame: pl.DataFrame,
    *,
    rows: str = "procedure_code",
    columns: str = "payer_name",
    ax: Axes | None = None,
    small: int = formats.SMALL,
    limit: int = 20,
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """One row per group of `rows`, one column per group of `columns`, darker the higher the ratio.

    `frame` is one of `denial_ratios`: it has both groups, ``value`` (denied over expected), ``n``,
    ``denied`` and ``expected``.  The `limit` rows with most denials beyond expectation in one cell
    are shown, that one on top, and the 8 columns of most lines.  A dash stands for no value, a dot
    for cells of none, of 1 to `small`, and those that would tell these.
    """
    checked(frame, "denial_ratios", [rows, columns, "value", "n", "denied", "expected"])
    ax, ours = style.canvas(ax, 2.0)
    cells = _cells(frame, rows, columns, small)
    described = _Ratio()
    if not cells["shown"].count():
        return style.empty(ax, ours, described, caption)
    names, heads = _ordered(cells)
    kept = names[:limit]
    if ours:
        height = 1.9 + style.row_height(kept) * len(kept)
        ax.get_figure(root=True).set_size_inches(style.WIDTH, height)  # type: ignore[union-attr]
    shown = cells.filter(pl.col("row").is_in(kept), pl.col("column").is_in(heads))
    _draw(ax, shown, kept, heads)
    style.name_rows(ax, kept)
    _columns(ax, heads)
    caption = style.captioned(
        caption,
        style.cut(len(kept), len(names)),
        "1.0 is as expected of lines of the same payer, kind of claim and service, and month.",
        f"Dot: none, 1{formats.DASH}{small} lines, or what would tell."
        if cells["is_small"].any()
        else "",
    )
    words = f"{len(kept)} rows, {len(heads)} columns."
    return style.finish(ax, ours, title or _extreme(shown), described.title, caption, words)


class _Ratio:
    """What the figure shows, for axes that have nothing to show."""

    title, unit, better = "Denials over expected", "ratio", "lower"
    definition = "Denied lines over those expected."


def _cells(frame: pl.DataFrame, rows: str, columns: str, small: int) -> pl.DataFrame:
    """``row, column, n, shown, excess, is_small``; `shown` is null where nothing is."""
    is_small = formats.hidden(frame.select(rows, columns, "n"), small).rows
    shown = pl.when(~is_small).then(pl.col("value").cast(pl.Float64))
    return frame.select(
        pl.col(rows).cast(pl.String).fill_null(formats.NOT_STATED).alias("row"),
        pl.col(columns).cast(pl.String).fill_null(formats.NOT_STATED).alias("column"),
        pl.col("n").cast(pl.Int64).alias("n"),
        shown.alias("shown"),
        pl.when(~is_small).then(pl.col("denied") - pl.col("expected")).alias("excess"),
        is_small.alias("is_small"),
    )


def _ordered(cells: pl.DataFrame) -> tuple[list[str], list[str]]:
    """The rows, that with most denials beyond expectation first; the columns shown, by name."""
    rows = cells.group_by("row").agg(pl.col("excess").max())
    rows = rows.sort("excess", "row", descending=[True, False], nulls_last=True)
    columns = cells.group_by("column").agg(pl.col("n").sum())
    most = columns.sort("n", "column", descending=[True, False]).head(_WIDE)
    return rows["row"].to_list(), sorted(most["column"].to_list())


def _columns(ax: Axes, heads: list[str]) -> None:
    labels = [formats.folded(head, 12, lines=3) for head in heads]
    ax.set_xticks(range(len(heads)), labels, fontsize=style.SMALL_TEXT - 1, rotation=90)
    ax.tick_params(axis="x", length=0)


def _extreme(cells: pl.DataFrame) -> str:
    known = cells.drop_nulls("excess")
    if known.is_empty():
        return _Ratio.title
    top = known.sort("excess", descending=True).row(0, named=True)
    row, column = (formats.folded(top[name], 24, lines=1) for name in ("row", "column"))
    return f"{_Ratio.title}: {top['shown']:.1f} times as many, {row} at {column}"


def _draw(ax: Axes, cells: pl.DataFrame, names: list[str], heads: list[str]) -> None:
    wanted = cells.select("row", "column", "shown", "is_small")
    missing = bool(cells["is_small"].any())  # what is not there looks like what is small
    known = {(row, head): (shown, small) for row, head, shown, small in wanted.iter_rows()}
    most = len(style.STEPS) - 1
    for down, name in enumerate(names):
        for across, head in enumerate(heads):
            value, is_small = known.get((name, head), (None, missing))
            if value is None:
                write(ax, (across, down), "·" if is_small else formats.DASH, style.MUTED)
                continue
            step = min(int(value / _DARKEST * most), most)
            fill(ax, (across, down), step, is_mature=True)
            color = style.PAPER if step > most // 2 else style.INK
            write(ax, (across, down), f"{value:.1f}", color)
    ax.grid(visible=False)
    ax.set_xlim(-0.5, len(heads) - 0.5)
