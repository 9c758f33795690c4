"""What came first, by day: shares of outcomes that rule each other out, stacked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from analytics import formats
from analytics.plots import panels, style
from analytics.plots.given import checked
from analytics.plots.groups import lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

_MOST = 6  # panels
_ORDER = ("paid", "patient_only", "no_pay_other", "denied")
_UNSEEN, _OPEN = "not shown apart", "not answered yet"
# Hatches tell them apart in a grey print.
_NAMES = {"patient_only": "left to the patient", "no_pay_other": "nothing paid, other"}
_LOOKS: dict[str, dict[str, Any]] = {
    "paid": {"facecolor": style.PALETTE[2]},
    "patient_only": {"facecolor": style.PALETTE[5], "hatch": ".."},
    "no_pay_other": {"facecolor": style.PALETTE[4], "hatch": "\\\\"},
    "denied": {"facecolor": style.PALETTE[1], "hatch": "///"},
    _UNSEEN: {"facecolor": style.MUTED, "hatch": "xx"},
    _OPEN: {"facecolor": style.GRID},
}


class _Outcomes:
    title, unit, better = "First outcomes", "share", "lower"
    definition = "Claims by what their first answer said, and by the days from first sending them."


def outcomes(
    frame: pl.DataFrame,
    *,
    by: str | Sequence[str] | None = None,
    ax: Axes | None = None,
    small: int = formats.SMALL,
    caption: str | None = None,
    title: str | None = None,
) -> Axes:
    """The shares of claims first paid, denied ... and not answered yet by each day, stacked.

    `frame` is that of `outcome_curve`.  A panel per group, the 6 largest; at the right of each,
    bars for the 95% intervals of the shares, about where their areas end.  Groups of 1 to `small`
    are left out, and outcomes so rare in a group, with those that would tell them, are one.
    Of a day without a row of an outcome, as in a frame filtered by hand, its last share holds.
    Raises `BadQueryError` for another frame.
    """
    needed = ["outcome", "days", "share", "low", "high", "at_risk", "ended"]
    checked(frame, "outcome_curve", needed, by)
    before = frame.columns[: frame.columns.index("outcome")]
    keys = [by] if isinstance(by, str) else list(by or before)
    sized = frame.with_columns(n=pl.col("ended"))
    groups = [(name, rows) for name, rows in lines_of(sized, keys) if rows["at_risk"].max()]
    kept = [(name, rows) for name, rows in groups if int(rows["at_risk"].max()) > small]  # type: ignore[arg-type]
    shown = [(name, _joined(rows, small)) for name, rows in kept[:_MOST]]
    columns = min(len(shown), 2)
    ax, ours = style.canvas(ax, 3.4 if columns < 2 else 0.95 + 1.5 * -(-len(shown) // 2))
    notes = [style.left_out(len(groups) - len(kept), small), style.cut(len(shown), len(kept))]
    caption = style.captioned(caption, *notes)
    if not shown:
        return style.empty(ax, ours, _Outcomes(), caption)

    horizon = max(_horizon(rows) for _, rows in shown)
    own = [ax]
    if columns > 1:
        own = panels.split(ax, len(shown), 2, left=0.1, gap=0.06, below=0.08, head=0.05)
        _named(own, [name for name, _ in shown])
    for panel, (_, rows) in zip(own, shown, strict=True):
        _draw(panel, rows, horizon)
    _key(ax, [rows for _, rows in shown])
    label = "Days from submission"
    if columns < 2:
        ax.set_xlabel(label, fontsize=style.TEXT, color=style.MUTED)
    any_band = any(rows["low"].count() for _, rows in shown)
    bars = "Bars: 95% interval of the share that ends there." if any_band else ""
    caption = style.captioned(caption, f"Across: {label.lower()}." if columns > 1 else "", bars)
    told = [(name, _told(rows, horizon)) for name, rows in shown]
    alt = "; ".join(f"{name}: {_words(shares)}" for name, shares in told)
    found = title or _finding(told, horizon)
    return style.finish(ax, ours, found, "Share of claims sent", caption, f"{alt}.")


def _joined(rows: pl.DataFrame, small: int) -> pl.DataFrame:
    """The outcomes of a group by day, those too rare to stand alone made one without interval."""
    sums = rows.group_by("outcome").agg(n=pl.col("ended").sum()).filter(pl.col("n") > 0)
    hidden = sums.filter(formats.withheld(sums, small))["outcome"].to_list()
    rows = rows.filter(pl.col("outcome").is_in(sums["outcome"].to_list()))
    rows = _every_day(rows.select("days", "outcome", "share", "low", "high"))
    inside = pl.col("outcome").is_in(hidden)
    pool = rows.filter(inside).group_by("days").agg(pl.col("share").sum())
    nothing = pl.lit(None, pl.Float64)
    pool = pool.select("days", outcome=pl.lit(_UNSEEN), share="share", low=nothing, high=nothing)
    alone = rows.filter(~inside)
    return pl.concat([alone, pool.select(alone.columns)]).sort("days")


def _every_day(rows: pl.DataFrame) -> pl.DataFrame:
    """A row for each day and outcome: what has no row of its own is as on the day before, else 0.

    Areas are stacked day by day, so that each must have them all.
    """
    grid = rows.select(pl.col("days").unique()).join(
        rows.select(pl.col("outcome").unique(maintain_order=True)), how="cross"
    )
    held = pl.col("share", "low", "high").forward_fill().over("outcome", order_by="days")
    full = grid.join(rows, on=["days", "outcome"], how="left", maintain_order="left")
    return full.with_columns(held).with_columns(pl.col("share").fill_null(0.0))


def _name(outcome: str) -> str:
    return _NAMES.get(outcome) or formats.words(outcome)


def _ordered(rows: pl.DataFrame) -> list[str]:
    there = rows["outcome"].unique(maintain_order=True).to_list()
    known = [name for name in (*_ORDER, _UNSEEN) if name in there]
    return [*known, *(name for name in there if name not in known)]


def _horizon(rows: pl.DataFrame) -> float:
    """The last day worth drawing: a little after 97% of what was ever answered."""
    done = rows.group_by("days").agg(pl.col("share").sum()).sort("days")
    most = float(done["share"].max() or 0)  # type: ignore[arg-type]
    return float(done.filter(pl.col("share") >= 0.97 * most)["days"].min() or 1) * 1.25 + 1  # type: ignore[arg-type]


def _draw(ax: Axes, rows: pl.DataFrame, horizon: float) -> None:
    names = _ordered(rows)
    parts = [rows.filter(outcome=name) for name in names]
    days = [0.0, *(map(float, parts[0]["days"]) if parts else ()), horizon]
    base = [0.0] * len(days)
    for name, part in [*zip(names, parts, strict=True), (_OPEN, None)]:
        shares = [] if part is None else [0.0, *part["share"], float(part["share"][-1])]
        top = [a + b for a, b in zip(base, shares, strict=True)] if shares else [1.0] * len(days)
        look: dict[str, Any] = {"edgecolor": style.PAPER, "lw": 0, **_LOOKS.get(name, {})}
        ax.fill_between(days, base, top, step="post", **look)
        base = top
    _intervals(ax, parts, horizon)
    ax.set(xlim=(0, horizon), ylim=(0, 1))
    style.in_unit(ax.yaxis, "share")
    ax.set_axisbelow(False)
    ax.grid(visible=True, color=style.PAPER, linewidth=0.5, alpha=0.5)


def _intervals(ax: Axes, parts: list[pl.DataFrame], horizon: float) -> None:
    """At the last day drawn, the ends of each share's interval about where its area ends."""
    below = 0.0
    for place, part in enumerate(parts):
        last = part.filter(pl.col("days") <= horizon).tail(1)
        if last.height:
            share, low, high = last.select("share", "low", "high").row(0)
            x = horizon * (1 - 0.035 * (len(parts) - place))
            if low is not None and high is not None:
                ends = [[share - low], [high - share]]
                look: dict[str, Any] = {"ecolor": style.INK, "elinewidth": 1.2, "capsize": 2}
                ax.errorbar([x], [below + share], yerr=ends, fmt="none", **look)
            below += share


def _named(own: list[Axes], names: list[str]) -> None:
    for place, (panel, name) in enumerate(zip(own, names, strict=True)):
        panel.set_title(
            formats.folded(name, 30, lines=1), loc="left", fontsize=style.SMALL_TEXT, pad=3,
            color=style.INK,
        )  # fmt: skip
        panel.tick_params(labelsize=style.SMALL_TEXT - 1)
        if place % 2:
            panel.tick_params(labelleft=False)


def _key(ax: Axes, shown: list[pl.DataFrame]) -> None:
    from matplotlib.patches import Patch

    there = {name for rows in shown for name in _ordered(rows)}
    names = [name for name in _LOOKS if name in there or name == _OPEN]
    plain: dict[str, Any] = {"lw": 0, "edgecolor": style.PAPER}
    style.key_above(ax, [Patch(label=_name(n), **(plain | _LOOKS[n])) for n in names])


def _told(rows: pl.DataFrame, horizon: float) -> dict[str, float]:
    """The share of each outcome by the last day drawn."""
    last = rows.filter(pl.col("days") <= horizon).group_by("outcome").agg(pl.col("share").last())
    shares = dict(last.iter_rows())
    return {name: shares[name] for name in _ordered(rows) if name in shares}


def _words(shares: dict[str, float]) -> str:
    told = (f"{_name(name)} {formats.value(share, 'share')}" for name, share in shares.items())
    return ", ".join(told) or "nobody answered yet"


def _finding(told: list[tuple[str, dict[str, float]]], horizon: float) -> str:
    """What the figure shows: of one group all shares, of several the most and least denied."""
    days = f"within {int(horizon)} days"
    if len(told) == 1:
        main = {name: told[0][1][name] for name in ("paid", "denied") if name in told[0][1]}
        return f"First outcomes {days}: {_words(main)}" if main else "First outcomes by day"
    denied = [(shares["denied"], name) for name, shares in told if "denied" in shares]
    if len(denied) < 2:
        return "First outcomes by day"
    (least, best), (most, worst) = min(denied), max(denied)
    ends = [
        f"{formats.value(share, 'share')} ({formats.folded(name, 24, lines=1)})"
        for share, name in ((least, best), (most, worst))
    ]
    return f"Denied first {days}: from {ends[0]} to {ends[1]}"
