"""Amounts: what each of them is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from analytics import formats
from analytics.plots import style
from analytics.plots.given import checked

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UNSEEN = "not shown by part"  # the parts of a bar that hold too few to stand alone


def stacked(
    frame: pl.DataFrame,
    metric: formats.Described,
    *,
    parts: str,
    by: str | None = None,
    value: str = "value",
    ax: Axes | None = None,
    limit: int = 20,
    small: int = formats.SMALL,
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """One bar per group, made of its `parts` in the order the frame first names them.

    For receivables by age.  Groups beyond `limit` are one bar.  Parts of 1 to `small`, and those
    that would tell them, are joined within their bar; groups so small stand without an amount.
    Parts below zero are left out and counted in the caption: credits are never netted.
    """
    checked(frame, "a frame of a metric", [value, parts], by)
    metric = formats.as_asked(frame, metric)
    positive = frame.drop_nulls(value).filter(pl.col(value) > 0)
    credit = frame.drop_nulls(value).filter(pl.col(value) < 0)
    cells, groups = _pooled(_cells(positive, by, parts, value), limit)
    sums = _sums(cells, "group")
    tiny = sums.filter(formats.withheld(sums, small))["group"].to_list()
    drawn = _joined(cells.filter(~pl.col("group").is_in(tiny)), small)
    ax, ours = style.canvas(ax, max(2.4, 1.7 + style.row_height(groups) * len(groups)))
    caption = style.captioned(
        caption,
        "Amounts below zero (credits) are left out." if credit.height else "",
        _on_parts(small) if UNSEEN in drawn["part"] else "",
        f"Groups of 1{formats.DASH}{small} show no amount." if tiny else "",
    )
    if not groups:
        return style.empty(ax, ours, metric, caption)

    names = cells["part"].unique(maintain_order=True).to_list()
    lengths = _draw(ax, drawn, groups, names)
    for place, (group, length) in enumerate(zip(groups, lengths, strict=True)):
        if group in tiny:
            style.mark_hidden(ax, place, "too few, amount not shown")
        else:
            style.beside(ax, place, 66, formats.whole(length, metric.unit))
    style.name_rows(ax, groups)
    ax.locator_params(axis="x", nbins=5)
    style.in_unit(ax.xaxis, metric.unit)
    label = _label(metric)
    ax.set_xlabel(label, fontsize=style.TEXT, color=style.MUTED)
    if ax.get_legend_handles_labels()[1]:
        style.key_above(ax)
    shares = _shares(cells, small)
    texts = [(_named(name, parts), formats.value(share, "share")) for name, share in shares]
    most = max(range(len(shares)), key=lambda i: shares[i][1], default=None)
    found = title or metric.title
    if most is not None and not title:
        found = f"{metric.title}: {texts[most][1]} is {texts[most][0]}"
    alt = "; ".join(f"{name} {share}" for name, share in texts)
    return style.finish(ax, ours, found, label, caption, f"Of the total: {alt}.")


def _cells(rows: pl.DataFrame, by: str | None, parts: str, value: str) -> pl.DataFrame:
    """Columns ``group, part, n, value``; `n` is null where the frame does not count."""
    names = [formats.group(key) for key in rows[by]] if by else ["all"] * rows.height
    counted = rows["n"] if "n" in rows.columns else pl.Series([None] * rows.height)
    return pl.DataFrame(
        {
            "group": pl.Series(names, dtype=pl.String),
            "part": pl.Series([formats.group(part) for part in rows[parts]], dtype=pl.String),
            "n": counted.cast(pl.Int64),
            "value": rows[value].cast(pl.Float64),
        }
    )


def _sums(cells: pl.DataFrame, key: str) -> pl.DataFrame:
    """``n, value`` by one key, the largest first; a count not known stays null."""
    n = pl.when(pl.col("n").count() > 0).then(pl.col("n").sum()).alias("n")
    sums = cells.group_by(key, maintain_order=True).agg(n, pl.col("value").sum())
    return sums.sort("value", descending=True, maintain_order=True)


def _pooled(cells: pl.DataFrame, limit: int) -> tuple[pl.DataFrame, list[str]]:
    """The cells, those of groups beyond `limit` under one name, and the groups, that one last."""
    names = _sums(cells, "group")["group"].to_list()
    rest = names[limit:]
    if not rest:
        return cells, names
    others = f"{len(rest)} other{'' if len(rest) == 1 else 's'}"
    inside = pl.col("group").is_in(rest)
    pool = cells.filter(inside).group_by("part", maintain_order=True)
    pool = pool.agg(pl.col("n").sum(), pl.col("value").sum())
    cells = pl.concat([cells.filter(~inside), pool.select(pl.lit(others).alias("group"), pl.all())])
    return cells, [*names[:limit], others]


def _joined(cells: pl.DataFrame, small: int) -> pl.DataFrame:
    """The cells, in each bar the small ones and those that would tell them made one part.

    A cell can be worked out along its bar and along its part, so both must hide enough.
    """
    hidden = formats.is_small(cells, small)
    while True:
        before = hidden
        for key in ("group", "part"):
            hidden = _withheld_within(cells, key, hidden, small)
        if (before == hidden).all():
            break
    unseen = pl.when(hidden).then(pl.lit(UNSEEN)).otherwise("part")
    return cells.select("group", unseen.alias("part"), "value")


def _withheld_within(cells: pl.DataFrame, key: str, hidden: pl.Series, small: int) -> pl.Series:
    marked = cells.with_row_index("row").with_columns(hidden.alias("hidden"))
    found = [
        part.select("row", formats.withheld(part, small, part["hidden"]).alias("hidden"))
        for part in marked.partition_by(key)
    ]
    return pl.concat(found).sort("row")["hidden"] if found else hidden


def _draw(ax: Axes, cells: pl.DataFrame, groups: list[str], names: list[str]) -> list[float]:
    """Draws the bars; gives back how long each is."""
    left = [0.0] * len(groups)
    for place, name in enumerate([*names, UNSEEN]):
        part = cells.filter(pl.col("part") == name)
        sizes = dict(part.group_by("group").agg(pl.col("value").sum()).iter_rows())
        if not sizes:
            continue
        look = _shade(place, len(names)) if name != UNSEEN else HATCHED
        bars = [sizes.get(group, 0.0) for group in groups]
        ax.barh(range(len(groups)), bars, left=left, height=0.68, lw=0.5, label=name, **look)
        left = [start + size for start, size in zip(left, bars, strict=True)]
    return left


HATCHED: dict[str, Any] = {"facecolor": "none", "edgecolor": style.MUTED, "hatch": "///"}


def _shade(place: int, of: int) -> dict[str, Any]:
    """From light to dark over `of` parts."""
    step = round(place * (len(style.STEPS) - 1) / max(of - 1, 1))
    return {"color": style.STEPS[step], "edgecolor": style.PAPER}


def _shares(cells: pl.DataFrame, small: int) -> list[tuple[str, float]]:
    """What each part makes of all that is owed, in the order of the frame; the small ones not."""
    sums, total = _sums(cells, "part"), float(cells["value"].sum())
    shown = dict(sums.filter(~formats.withheld(sums, small)).select("part", "value").iter_rows())
    order = cells["part"].unique(maintain_order=True).to_list()
    return [(name, shown[name] / total) for name in order if name in shown]


def _named(part: str, column: str) -> str:
    """A part as a sentence says it: an age in days, its sign as a word."""
    if not column.startswith("age") or not any(letter.isdigit() for letter in part):
        return part
    return f"{part.replace('>', 'over ')} days old"


def _label(metric: formats.Described) -> str:
    label = style.axis_label(metric)
    is_said = not formats.is_dollars(metric.unit) or "dollar" in label.lower()
    return label if is_said else f"{label}, dollars"


def _on_parts(small: int) -> str:
    few = f"1{formats.DASH}{small}"
    return f"Hatched: parts of {few}, and parts that would tell them, joined."
