"""Changes of a rate: from one definition to the next, and by what moved it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from analytics import formats
from analytics.plots import style
from analytics.plots.given import checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

_EFFECTS = (("rate_effect", "its own rate", 0), ("mix_effect", "its weight in the mix", 5))


def effects(
    frame: pl.DataFrame,
    metric: formats.Described,
    *,
    by: str | Sequence[str] | None = None,
    ax: Axes | None = None,
    limit: int = 12,
    small: int = formats.SMALL,
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """Two bars per group: how its rate, and how its weight, moved the rate of all.

    `frame` is what `rate_drivers` of `metric` gave.  At most `limit` groups are drawn, the largest
    effects.  Groups that count 1 to `small` in either period, and those that would tell them, are
    left out and counted in the caption.
    """
    checked(
        frame, "rate_drivers", ["n_before", "n_after", "rate_effect", "mix_effect", "effect"], by
    )
    columns = frame.columns
    keys = [by] if isinstance(by, str) else list(by or columns[: columns.index("n_before")])
    hidden = formats.withheld(frame.with_columns(n=_least()), small)
    known = frame.filter(~hidden)
    rows = known.head(limit)
    names = [formats.group(key) for key in rows.select(keys).iter_rows()]
    ax, ours = style.canvas(ax, max(2.3, 1.5 + 1.3 * style.row_height(names) * rows.height))
    notes = style.left_out(int(hidden.sum()), small), style.cut(rows.height, known.height)
    caption = style.captioned(caption, *notes)
    if rows.is_empty():
        return style.empty(ax, ours, metric, caption)

    for (column, label, color), shift in zip(_EFFECTS, (-0.19, 0.19), strict=True):
        places = [place + shift for place in range(rows.height)]
        ax.barh(places, rows[column], height=0.36, color=style.PALETTE[color], label=label)
    ax.axvline(0, color=style.MUTED, lw=1)
    style.name_rows(ax, names)
    for place, effect in enumerate(rows["effect"]):
        style.beside(ax, place, 56, _points(effect, metric.unit))
    _in_points(ax.xaxis, metric.unit)
    ax.locator_params(axis="x", nbins=5)
    style.key_above(ax)
    points = ", points" if metric.unit == "share" else ""
    label = f"What moved: {metric.title}{points}"
    ax.set_xlabel(label, fontsize=style.TEXT, color=style.MUTED)
    whole = float(frame["effect"].sum())
    largest = f"most moved by {names[0]} ({_points(rows['effect'][0], metric.unit)})"
    found = title or f"{metric.title}: {_points(whole, metric.unit)}, {largest}"
    alt = "; ".join(
        f"{name} {_points(effect, metric.unit)}"
        for name, effect in zip(names, rows["effect"], strict=True)
    )
    return style.finish(ax, ours, found, label, caption, f"By group: {alt}.")


def bridge(
    frame: pl.DataFrame,
    metric: formats.Described,
    *,
    names: Sequence[str] | None = None,
    ax: Axes | None = None,
    small: int = formats.SMALL,
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """One row per definition: its rate, and the step that leads to it from the one above.

    `frame` is what `denial_bridge` gave; `names` are those of its rows, their metrics' if None.
    Rates of 1 to `small` things are left out.
    """
    checked(frame, "denial_bridge", ["name", "after", "include_duplicates"])
    hidden = formats.is_small(frame, small)
    named = frame.with_columns(row=pl.Series(names or _own_names(frame), dtype=pl.String))
    rows = named.filter(~hidden).drop_nulls("after")
    texts = rows["row"].to_list()
    ax, ours = style.canvas(ax, max(2.3, 1.3 + style.row_height(texts) * rows.height))
    caption = style.captioned(caption, style.left_out(int(hidden.sum()), small))
    if rows.is_empty():
        return style.empty(ax, ours, metric, caption)

    places, rates = list(range(rows.height)), rows["after"].to_list()
    for place, (before, after) in enumerate(pairwise(rates), start=1):
        color = style.PALETTE[1] if after > before else style.PALETTE[0]
        ax.barh(place, after - before, left=before, height=0.5, color=color, alpha=0.6)
        ax.vlines(before, place - 1, place + 0.25, colors=style.MUTED, lw=0.8)
    ax.plot(rates, places, "o", color=style.INK, markersize=5)
    style.name_rows(ax, texts)
    for place, rate in enumerate(rates):
        style.beside(ax, place, 56, formats.value(rate, metric.unit))
    style.in_unit(ax.xaxis, metric.unit)
    ax.set_xlim(0, max(rates) * 1.08 or 1)
    label = "Rate by definition"
    ax.set_xlabel(label, fontsize=style.TEXT, color=style.MUTED)
    least, most = (formats.value(end, metric.unit) for end in (min(rates), max(rates)))
    found = title or f"The same denials: from {least} to {most}, by definition"
    said = zip(texts, rates, strict=True)
    alt = "; ".join(f"{text} {formats.value(rate, metric.unit)}" for text, rate in said)
    return style.finish(ax, ours, found, label, caption, f"In order: {alt}.")


def _own_names(frame: pl.DataFrame) -> list[str]:
    rows = frame.select("name", "include_duplicates").iter_rows()
    return [f"{formats.words(name)}{', duplicates too' if dup else ''}" for name, dup in rows]


def _least() -> pl.Expr:
    """The smaller count of both periods, of those in which the group is."""
    counts = [pl.when(pl.col(n) > 0).then(pl.col(n)) for n in ("n_before", "n_after")]
    return pl.min_horizontal(counts).fill_null(0)


def _in_points(axis: Axis, unit: str) -> None:
    """Ticks of changes: of a share percentage points, for it changes by them and not by percent."""
    if unit == "share":
        axis.set_major_formatter(lambda x, _: f"{x * 100:.4g}".replace("-", formats.MINUS))
    else:
        style.in_unit(axis, unit)


def _points(effect: float, unit: str) -> str:
    """A change in the metric's unit, signed; of a share in percentage points."""
    if unit == "share":
        sign = formats.MINUS if effect < 0 else "+"
        return f"{sign}{abs(effect) * 100:.1f} pts"
    return f"{'+' if effect >= 0 else ''}{formats.value(effect, unit)}"
