"""A small drawing beside each value: where it lies, and how far its interval reaches."""

from collections.abc import Callable, Sequence

import polars as pl

from analytics import formats
from analytics.tables.columns import BAR, Column

_WIDE, _HIGH = 96, 12  # pixels
_ENDS = ("value", "low", "high")


def bar_column(rows: pl.DataFrame, unit: str, hidden: Sequence[bool]) -> Column | None:
    """One drawing a row, all on a scale from 0 on that the heading tells; none for a row alone.

    A dot on its interval, or a bar where no row has one.  The numbers stand beside it, so those
    who hear the table miss nothing.  The cells are markup, made of numbers only.
    """
    numbers = rows.select(
        pl.when(pl.col(name).cast(pl.Float64).is_finite()).then(name).alias(name) for name in _ENDS
    ).cast(pl.Float64)
    shown = numbers.filter(~pl.Series(hidden, dtype=pl.Boolean)).drop_nulls("value")
    least, most = _span(shown)
    if shown.height < 2 or least == most:
        return None
    is_interval = bool(shown["low"].count() + shown["high"].count())
    placed = numbers.select((pl.col(_ENDS) - least) / (most - least) * _WIDE)
    drawn = _dot if is_interval else _bar(-least / (most - least) * _WIDE)
    cells = [
        "" if is_hidden or ends[0] is None else drawn(*ends)
        for ends, is_hidden in zip(placed.iter_rows(), hidden, strict=True)
    ]
    return Column(formats.interval(least, most, unit), cells, BAR)


def _span(shown: pl.DataFrame) -> tuple[float, float]:
    """The ends of the scale: 0 and what lies farthest from it."""
    ends = shown.select(
        pl.min_horizontal(*_ENDS).min().alias("least"),
        pl.max_horizontal(*_ENDS).max().alias("most"),
    ).row(0)
    return min(ends[0] or 0.0, 0.0), max(ends[1] or 0.0, 0.0)


def _dot(value: float, low: float | None, high: float | None) -> str:
    """An end that is not known is that of the scale: the wait may take for ever."""
    left, right = 0.0 if low is None else low, float(_WIDE) if high is None else high
    middle = _HIGH / 2
    line = f'<line x1="{left:.1f}" x2="{right:.1f}" y1="{middle}" y2="{middle}" '
    line += 'stroke="currentColor" stroke-width="3" stroke-opacity=".45"/>'
    return _svg(f'{line}<circle cx="{value:.1f}" cy="{middle}" r="3.5" fill="currentColor"/>')


def _bar(zero: float) -> Callable[..., str]:
    """What draws a bar from the place of `zero` to that of a value."""

    def drawn(value: float, *_: float | None) -> str:
        left, width = min(zero, value), abs(value - zero)
        size = f'x="{left:.1f}" width="{width:.1f}" y="1" height="{_HIGH - 2}"'
        return _svg(f'<rect {size} fill="currentColor" fill-opacity=".7"/>')

    return drawn


def _svg(inside: str) -> str:
    size = f'width="{_WIDE}" height="{_HIGH}" viewBox="0 0 {_WIDE} {_HIGH}"'
    return f'<svg {size} aria-hidden="true" focusable="false">{inside}</svg>'
