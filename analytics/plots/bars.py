"""Amounts: which few groups make most of a total, and what a total is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from analytics import formats
from analytics.plots import style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

MOST = 0.8  # Pareto's own share


def pareto(
    frame: pl.DataFrame,
    metric: formats.Described,
    *,
    by: str | Sequence[str] | None = None,
    value: str = "value",
    ax: Axes | None = None,
    limit: int = 15,
    small: int = formats.SMALL,
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """One bar per group, largest first, with the share of the total reached so far.

    The groups that make up the first 80% are dark.  Beyond `limit` groups, and those of 1 to
    `small`, are pooled in a last bar.  Negative amounts are drawn but take no part in the shares.
    """
    keys = [by] if isinstance(by, str) else list(by or formats.groups_of(frame))
    rows = frame.drop_nulls(value).filter(pl.col(value) != 0).sort(value, descending=True)
    bars = _bars(rows, keys, value, limit, small)
    ax, ours = style.canvas(
        ax, max(2.1, 1.3 + style.row_height([bar[0] for bar in bars]) * len(bars))
    )
    if not bars:
        return style.empty(ax, ours, metric, caption)

    total = sum(max(amount, 0.0) for _, amount, _ in bars)
    so_far = _running([amount for _, amount, _ in bars], total)
    _draw(ax, bars, so_far, metric.unit)
    label = style.axis_label(metric)
    ax.set_xlabel(label, fontsize=style.TEXT, color=style.MUTED)
    negative = "Negative amounts take no part in the shares."
    caption = style.captioned(caption, negative if any(a < 0 for _, a, _ in bars) else "")
    words = "; ".join(
        f"{name} {formats.value(amount, metric.unit)}" for name, amount, _ in bars[:8]
    )
    found = title or _few(bars, so_far, rows.height, metric)
    return style.finish(ax, ours, found, label, caption, f"From largest: {words}.")


def stacked(
    frame: pl.DataFrame,
    metric: formats.Described,
    *,
    parts: str,
    by: str | None = None,
    value: str = "value",
    ax: Axes | None = None,
    limit: int = 20,
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """One bar per group, made of its `parts` in the order the frame first names them.

    For receivables by age.  Parts below zero are left out and named in the caption: credits are
    never netted.
    """
    positive = frame.drop_nulls(value).filter(pl.col(value) > 0)
    credit = frame.drop_nulls(value).filter(pl.col(value) < 0)
    names: list[Any] = positive[parts].unique(maintain_order=True).to_list()
    groups = _totals(positive, by, value).head(limit)
    ax, ours = style.canvas(ax, max(2.4, 1.7 + 0.34 * groups.height))
    note = f"Amounts below zero ({credit.height}) are left out." if credit.height else ""
    caption = style.captioned(caption, note)
    if groups.is_empty():
        return style.empty(ax, ours, metric, caption)

    left = [0.0] * groups.height
    for place, name in enumerate(names):
        sizes = _sizes(positive.filter(pl.col(parts) == name), groups, by, value)
        ax.barh(range(groups.height), sizes, left=left, **_shade(place, len(names)), label=name)
        left = [start + size for start, size in zip(left, sizes, strict=True)]
    labels = [formats.group(key) for key in groups[by]] if by else ["all"]
    style.name_rows(ax, labels)
    for place, total in enumerate(left):
        style.beside(ax, place, 66, formats.whole(total, metric.unit))
    ax.locator_params(axis="x", nbins=5)
    style.in_unit(ax.xaxis, metric.unit)
    label = style.axis_label(metric)
    ax.set_xlabel(label, fontsize=style.TEXT, color=style.MUTED)
    style.key_above(ax)
    whole = sum(left)
    shares = [float(positive.filter(pl.col(parts) == name)[value].sum()) / whole for name in names]
    alt = "; ".join(
        f"{name} {formats.value(share, 'share')}" for name, share in zip(names, shares, strict=True)
    )
    most = max(range(len(names)), key=shares.__getitem__)
    found = title or f"{metric.title}: {formats.value(shares[most], 'share')} is {names[most]}"
    return style.finish(ax, ours, found, label, caption, f"Of the total: {alt}.")


def _bars(
    rows: pl.DataFrame, keys: list[str], value: str, limit: int, small: int
) -> list[tuple[str, float, bool]]:
    """Name, amount and whether it is the pool of the rest, for each bar."""
    hidden = formats.is_small(rows, small)
    shown = rows.filter(~hidden)
    rest = pl.concat([shown.slice(limit), rows.filter(hidden)])
    bars = [
        (formats.group(row[:-1]), float(row[-1]), False)
        for row in shown.head(limit).select(*keys, value).iter_rows()
    ]
    if rest.height:
        bars.append(
            (f"{rest.height} other{'s' if rest.height > 1 else ''}", float(rest[value].sum()), True)
        )
    return bars


def _running(amounts: list[float], total: float) -> list[float]:
    shares, so_far = list[float](), 0.0
    for amount in amounts:
        so_far += max(amount, 0.0)
        shares.append(so_far / total if total else 0.0)
    return shares


def _draw(ax: Axes, bars: list[tuple[str, float, bool]], so_far: list[float], unit: str) -> None:
    dark, light = style.PALETTE[0], style.PALETTE[5]
    for place, ((_, amount, is_rest), share) in enumerate(zip(bars, so_far, strict=True)):
        before = so_far[place - 1] if place else 0.0
        look: dict[str, Any] = {"color": dark if before < MOST and amount > 0 else light}
        if is_rest:
            look = {"facecolor": "none", "edgecolor": style.MUTED, "hatch": "///"}
        ax.barh(place, amount, height=0.68, lw=0.6, **look)
        style.beside(ax, place, 62, formats.whole(amount, unit))
        style.beside(ax, place, 98, f"{share * 100:.0f}{formats.GAP}%", style.MUTED)
    style.beside(ax, -0.75, 98, "so far", style.MUTED)
    style.name_rows(ax, [name for name, _, _ in bars])
    ax.locator_params(axis="x", nbins=4)
    style.in_unit(ax.xaxis, unit)


def _few(
    bars: list[tuple[str, float, bool]], so_far: list[float], groups: int, metric: formats.Described
) -> str:
    few = next((i + 1 for i, share in enumerate(so_far) if share >= MOST), len(bars))
    if groups == 1 or bars[few - 1][2]:
        return f"{metric.title}: largest is {bars[0][0]}"
    share = f"{so_far[few - 1] * 100:.0f}{formats.GAP}%"
    return f"{few} of {groups} groups make {share} of {_in_sentence(metric.title)}"


def _in_sentence(title: str) -> str:
    return title if title[:2].isupper() else title[0].lower() + title[1:]


def _totals(rows: pl.DataFrame, by: str | None, value: str) -> pl.DataFrame:
    if by is None:
        return rows.select(pl.col(value).sum()).filter(pl.col(value) > 0)
    return (
        rows.group_by(by, maintain_order=True)
        .agg(pl.col(value).sum())
        .sort(value, descending=True, maintain_order=True)
    )


def _sizes(rows: pl.DataFrame, groups: pl.DataFrame, by: str | None, value: str) -> list[float]:
    """The part's amount in each group, in the groups' order; 0 where a group lacks it."""
    if by is None:
        return [float(rows[value].sum())]
    amounts = rows.group_by(by).agg(pl.col(value).sum())
    lined_up = groups.select(by).join(
        amounts, on=by, how="left", nulls_equal=True, maintain_order="left"
    )
    return [float(amount or 0) for amount in lined_up[value]]


def _shade(place: int, of: int) -> dict[str, Any]:
    """From light to dark over `of` parts."""
    step = round(place * (len(style.STEPS) - 1) / max(of - 1, 1))
    return {"color": style.STEPS[step], "height": 0.68, "edgecolor": style.PAPER, "lw": 0.5}
