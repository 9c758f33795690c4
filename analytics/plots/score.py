"""Payers side by side: a column for each measure, a row for each payer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from analytics import formats
from analytics.plots import panels, style
from analytics.plots.given import checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes


class Measure(NamedTuple):
    """A measure of `payer_scorecard` as the figure names it."""

    name: str
    head: str
    unit: str
    better: str


MEASURES = (
    Measure("denial_rate", "Denied first", "share", "lower"),
    Measure("first_pass_rate", "First pass", "share", "higher"),
    Measure("lag_p50", "Days, half done", "days", "lower"),
    Measure("lag_p90", "Days, 90 % done", "days", "lower"),
    Measure("aged_share", "A/R over 90 days", "share", "lower"),
    Measure("underpaid", "Underpaid lines", "share", "lower"),
)
_BETTER = {"lower": "\N{LEFTWARDS ARROW} better", "higher": "better \N{RIGHTWARDS ARROW}"}
_ACROSS = 3  # columns beside each other
_NAMES = 0.29  # of the width, for the names of the rows


class _Scorecard:
    title, unit, better = "Payer scorecard", "share", "lower"
    definition = "Payers side by side."


def scorecard(
    frame: pl.DataFrame,
    *,
    by: str | Sequence[str] | None = None,
    ax: Axes | None = None,
    limit: int = 20,
    small: int = formats.SMALL,
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """One column per measure: the value of each payer with its 95% interval, the best one dark.

    `frame` is that of `payer_scorecard`; its first `limit` rows are drawn, the most claims first.
    Each column has its own scale, and says which side of it is better.  Dark are the payers whose
    rank may be the first: no other surely does better.  Groups of 1 to `small` claims, and those
    that would tell them, are left out.
    Raises `BadQueryError` for another frame.
    """
    ends = [f"{one.name}{end}" for one in MEASURES for end in ("", "_low", "_high", "_rank_low")]
    checked(frame, "payer_scorecard", ["n", *ends], by)
    keys = [by] if isinstance(by, str) else list(by or formats.groups_of(frame))
    hidden = formats.withheld(frame, small)
    known = frame.filter(~hidden)
    rows = known.head(limit)
    names = [formats.group(key) for key in rows.select(keys).iter_rows()]
    shown = [one for one in MEASURES if rows[one.name].count()]
    lines = -(-len(shown) // _ACROSS)
    row = 0.95 + style.row_height(names) * len(names)
    ax, ours = style.canvas(ax, max(2.1, 0.9 + row * lines))
    notes = [style.left_out(int(hidden.sum()), small), style.cut(rows.height, known.height)]
    caption = style.captioned(caption, *notes)
    if not shown:
        return style.empty(ax, ours, _Scorecard(), caption)

    below, head = 0.5 / (row * lines), 0.4 / (row * lines)
    own = panels.split(ax, len(shown), _ACROSS, left=_NAMES, gap=0.04, below=below, head=head)
    for place, (panel, one) in enumerate(zip(own, shown, strict=True)):
        _column(panel, rows, one)
        style.name_rows(panel, [""] * len(names) if place % _ACROSS else names)
    note = "Line: 95% interval. Dark: may be the best, by its interval. Grey: some other surely is."
    caption = style.captioned(caption, note)
    words = "; ".join(_words(one, rows, names) for one in shown)
    found = title or _finding(rows, shown)
    return style.finish(ax, ours, found, "Measures by payer", caption, f"{words}.")


def _column(ax: Axes, rows: pl.DataFrame, one: Measure) -> None:
    values, low, high = (rows[f"{one.name}{end}"].cast(pl.Float64) for end in ("", "_low", "_high"))
    most = float(pl.concat([values, high]).drop_nulls().max() or 1)  # type: ignore[arg-type]
    for place, value in enumerate(values):
        if value is None:
            ax.text(0, place, formats.NOTHING, va="center", color=style.MUTED)
            continue
        is_best = rows[f"{one.name}_rank_low"][place] == 1
        color = style.PALETTE[0] if is_best else style.MUTED
        # An end that is not known is beyond the data: the line goes to the edge.
        start = value if low[place] is None else low[place]
        end = most * 1.12 if high[place] is None else high[place]
        ax.hlines(place, start, end, colors=color, lw=2, alpha=0.55)
        # A dot at 0 is whole, though the axis begins there.
        ax.plot(value, place, "o" if is_best else "s", color=color, markersize=5, clip_on=False)
    ax.set_xlim(0, most * 1.12 or 1)
    ax.locator_params(axis="x", nbins=3)
    style.in_unit(ax.xaxis, one.unit)
    ax.tick_params(axis="x", labelsize=style.SMALL_TEXT - 1)
    ax.set_title(one.head, fontsize=style.SMALL_TEXT, color=style.INK, pad=4)
    ax.set_xlabel(_BETTER[one.better], fontsize=style.SMALL_TEXT - 1, color=style.MUTED)


def _finding(rows: pl.DataFrame, shown: list[Measure]) -> str:
    """In how many measures payers differ.

    Who "may be the best" most often is no finding: wide intervals, those of few claims, lead there.
    """
    ranks = [rows[f"{one.name}_rank_low"] for one in shown]
    told = sum(bool((rank > 1).any()) for rank in ranks)
    if not told:
        return f"{_Scorecard.title}: chance may explain all differences"
    return f"{_Scorecard.title}: differences beyond chance in {told} of {len(shown)} measures"


def _words(one: Measure, rows: pl.DataFrame, names: list[str]) -> str:
    told = zip(names[:12], rows[one.name], strict=False)
    return f"{one.head}: " + ", ".join(f"{name} {formats.value(v, one.unit)}" for name, v in told)
