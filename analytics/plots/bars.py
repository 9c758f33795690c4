"""Amounts: which few groups make most of a total."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from analytics import formats
from analytics.plots import style
from analytics.plots.given import checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

MOST = 0.8  # Pareto's own share
_HIDDEN = "is_hidden"
_TOGETHER = "not shown, together"


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of the figure; no amount where it would give a small group away."""

    name: str
    amount: float | None
    note: str = ""  # what stands where the amount would
    is_pool: bool = False
    share: float | None = None  # of the total
    so_far: float | None = None  # the same with all rows above; none once one above is hidden


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

    The groups that make up the first 80% are dark.  Groups of 1 to `small`, and those that would
    tell them, keep their place and name, without an amount, where groups do not cross; below stand
    those beyond `limit`, and what the hidden ones make together.  Negative amounts are
    drawn but take no part in the shares.
    """
    checked(frame, "a frame of a metric", [value], by)
    metric = formats.as_asked(frame, metric)
    keys = [by] if isinstance(by, str) else list(by or formats.groups_of(frame))
    frame = formats.guarded(frame)
    found = formats.hidden(frame, small)
    rows = frame.with_columns(found.rows.alias(_HIDDEN)).drop_nulls(value)
    rows = rows.filter(pl.col(value) != 0).sort(value, descending=True, maintain_order=True)
    bars = _shared(_bars(rows, keys, value, limit, small, are_listed=found.are_listed))
    ax, ours = style.canvas(
        ax, max(2.1, 1.3 + style.row_height([bar.name for bar in bars]) * len(bars))
    )
    if not bars:
        return style.empty(ax, ours, metric, caption)

    _draw(ax, bars, metric.unit)
    label = style.axis_label(metric)
    ax.set_xlabel(label, fontsize=style.TEXT, color=style.MUTED)
    negative = "Negative amounts take no part in the shares."
    caption = style.captioned(
        caption,
        _on_hidden(rows, small, are_listed=found.are_listed),
        negative if any((bar.amount or 0) < 0 for bar in bars) else "",
    )
    words = "; ".join(
        f"{b.name} {b.note if b.amount is None else formats.value(b.amount, metric.unit)}"
        for b in bars[:8]
    )
    said = title or _few(bars, rows.height, metric)
    return style.finish(ax, ours, said, label, caption, f"From largest: {words}.")


def _bars(
    rows: pl.DataFrame, keys: list[str], value: str, limit: int, small: int, *, are_listed: bool
) -> list[Bar]:
    """The first groups in order, then those beyond `limit`, then the hidden ones together."""
    unseen = rows.filter(_HIDDEN)
    rows = rows if are_listed else rows.filter(~pl.col(_HIDDEN))
    bars: list[Bar] = []
    for *key, amount, is_hidden in rows.head(limit).select(*keys, value, _HIDDEN).iter_rows():
        shown = None if is_hidden else float(amount)
        bars.append(Bar(formats.group(tuple(key)), shown, style.UNSEEN if is_hidden else ""))
    rest = rows.slice(limit).filter(~pl.col(_HIDDEN))
    if rest.height:
        bars.append(Bar(_counted(rest.height, "other"), float(rest[value].sum()), is_pool=True))
    if unseen.height > 1 and unseen["n"].sum() > small:
        count = f"{unseen.height} " if are_listed else ""
        bars.append(Bar(count + _TOGETHER, float(unseen[value].sum()), is_pool=True))
    elif unseen.height:  # without their sum nothing can be a share of the total
        bars.append(Bar(_counted(unseen.height, "small group"), None, style.UNSEEN, True))
    return bars


def _shared(bars: list[Bar]) -> list[Bar]:
    """The bars with their shares of the total, as far as these give nothing away."""
    if any(bar.is_pool and bar.amount is None for bar in bars):
        return [bar for bar in bars if not (bar.is_pool and bar.amount is None)]
    total = sum(max(bar.amount or 0.0, 0.0) for bar in bars)
    shared: list[Bar] = []
    so_far: float | None = 0.0
    for place, bar in enumerate(bars):
        share = None if bar.amount is None or not total else max(bar.amount, 0.0) / total
        so_far = None if so_far is None or share is None else so_far + share
        if place == len(bars) - 1 and total:
            so_far = 1.0
        shared.append(replace(bar, share=share, so_far=so_far))
    return shared


def _draw(ax: Axes, bars: list[Bar], unit: str) -> None:
    dark, light = style.PALETTE[0], style.PALETTE[5]
    before: float | None = 0.0
    for place, bar in enumerate(bars):
        if bar.amount is None:
            style.mark_hidden(ax, place, bar.note)
        else:
            is_dark = before is not None and before < MOST and bar.amount > 0
            look: dict[str, Any] = {"color": dark if is_dark else light}
            if bar.is_pool:
                look = {"facecolor": "none", "edgecolor": style.MUTED, "hatch": "///"}
            ax.barh(place, bar.amount, height=0.68, lw=0.6, **look)
            style.beside(ax, place, 62, formats.whole(bar.amount, unit))
        before = bar.so_far
        if bar.so_far is not None:
            style.beside(ax, place, 98, _percent(bar.so_far), style.MUTED)
    if any(bar.so_far is not None for bar in bars):
        style.beside(ax, -0.75, 98, "so far", style.MUTED)
    style.name_rows(ax, [bar.name for bar in bars])
    ax.locator_params(axis="x", nbins=4)
    style.in_unit(ax.xaxis, unit)


def _few(bars: list[Bar], groups: int, metric: formats.Described) -> str:
    """What is known for certain: nothing is called largest where a hidden group may be larger."""
    first = bars[0]
    few = next((i + 1 for i, bar in enumerate(bars) if (bar.so_far or 0) >= MOST), len(bars))
    if groups > 1 and few < len(bars) and not any(bar.is_pool for bar in bars[:few]):
        share = _percent(bars[few - 1].so_far or 0)
        return f"{few} of {groups} groups make {share} of {_in_sentence(metric.title)}"
    held = next((bar for bar in bars if bar.name.endswith(_TOGETHER)), None)
    rest = ""
    if held and held.share is not None:
        count = held.name.removesuffix(_TOGETHER)
        rest = f"; {count}groups not shown hold {_percent(held.share)} together"
    if first.amount is not None:
        return f"{metric.title}: largest is {_short(first.name)}{rest}"
    shown = next((bar for bar in bars if bar.amount is not None and not bar.is_pool), None)
    if shown is None:
        return f"{metric.title}: every group is too small to show its amount"
    share = f", {_percent(shown.share)}" if shown.share is not None else ""
    return f"{metric.title}: largest shown is {_short(shown.name)}{share}{rest}"


def _on_hidden(rows: pl.DataFrame, small: int, *, are_listed: bool) -> str:
    """Why amounts are missing; blank when none is."""
    few = f"of 1{formats.DASH}{small}"
    if not rows[_HIDDEN].any():
        return ""
    if not are_listed:
        return f"What has no bar has none, is {few}, or would tell those."
    return f"Groups {few}, and those that would tell them, stand in their place without an amount."


def _counted(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"


def _short(name: str) -> str:
    """The name in a title; "largest is not stated" would say that of the largest."""
    return formats.folded("the group " * (name == formats.NOT_STATED) + name, 40, lines=1)


def _percent(share: float) -> str:
    return f"{share * 100:.0f}{formats.GAP}%"


def _in_sentence(title: str) -> str:
    return title if title[:2].isupper() else title[0].lower() + title[1:]
