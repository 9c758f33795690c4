"""The columns of a table: what stands in each cell, read by unit, name and type."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from analytics import formats

# Sums a metric carries so that its parts add up; a reader wants the value made of them.
INNER = {
    *("top", "bottom", "tt", "tb", "bb", "low", "high", "amount", "is_mature", "p50"),
    *formats.ASKED,  # the title says it
    # A table has room for one interval: that of the value, the median.
    *(f"p{share}_{end}" for share in (25, 50, 75, 90) for end in ("low", "high")),
}

COUNTS = ("events", "waiting")  # what `n` is made of
NUMBER, DATE = "num", "date"  # kinds of column, as the style sheet knows them


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its heading, its cells as text, and what kind they are."""

    head: str
    cells: Sequence[str]
    kind: str = ""


def group_columns(frame: pl.DataFrame) -> list[str]:
    """What the frame is grouped by, the period last."""
    period = ["period"] if "period" in frame.columns else []
    return [*formats.groups_of(frame), *period]


def column(
    frame: pl.DataFrame, name: str, unit: str | None = None, head: str | None = None
) -> Column:
    """A column read by its unit, else by what its name and type say."""
    series = frame[name]
    head = head or formats.heading(name)
    unit = unit or _unit_of(name, series.dtype)
    if unit:
        return Column(head, _in(series, unit), NUMBER)
    if isinstance(series.dtype, pl.Date):
        every = formats.every_of(series.drop_nulls().to_list()) if name == "period" else "day"
        return Column(head, _each(series, lambda day: formats.period(day, every)), DATE)
    if series.dtype.is_integer():
        return Column(head, _each(series, lambda n: f"{n:,}"), NUMBER)
    if series.dtype.is_numeric():
        return Column(head, _in(series, "count"), NUMBER)
    return Column(head, [as_text(cell) for cell in series])


def measures(
    rows: pl.DataFrame, metric: formats.Described, hidden: Sequence[bool], small: int
) -> list[Column]:
    """Value, interval, what else the metric gives, then n.

    `hidden` rows show none of them, and running sums end at the first: two would give it away.
    """
    after = [any(hidden[: i + 1]) for i in range(len(hidden))]

    def shown(head: str, cells: Iterable[str], out: Sequence[bool] = hidden) -> Column:
        kept = [formats.NOTHING if h else c for c, h in zip(cells, out, strict=True)]
        return Column(head, kept, NUMBER)

    columns = [shown(metric.title, _in(rows["value"], metric.unit))]
    if any(end in rows.columns and rows[end].is_not_null().any() for end in ("low", "high")):
        ends = zip(rows["low"], rows["high"], strict=True)
        columns.append(
            shown("95% interval", [formats.interval(a, b, metric.unit) for a, b in ends])
        )
    known = {*group_columns(rows), *INNER, "n", "hits", "value"}
    parts = [c for c in rows.columns if c not in known and c in COUNTS]
    columns += [
        Column(formats.heading(name), _parts(rows, name, parts, hidden, small), NUMBER)
        for name in parts
    ]
    for name in [name for name in rows.columns if name not in {*known, *parts}]:
        unit = metric.unit if name[:1] == "p" and name[1:].isdigit() else None
        own = column(rows, name, unit)
        out = after if name.startswith("cumulative") else hidden
        columns.append(shown(_quantile(name) or own.head, own.cells, out))
    if "n" in rows.columns:
        columns.append(Column("n", counts(rows["n"], hidden, small), NUMBER))
    return columns


def counts(series: pl.Series, hidden: Sequence[bool], small: int) -> list[str]:
    """Counts as text: a small one as a range, one hidden for another's sake as a dash."""
    few = f"1{formats.DASH}{small}"
    return [
        (few if n <= small else formats.NOTHING) if h else f"{n or 0:,}"
        for n, h in zip(series, hidden, strict=True)
    ]


def _parts(
    rows: pl.DataFrame, name: str, parts: Sequence[str], hidden: Sequence[bool], small: int
) -> list[str]:
    """A part of `n` as text; where one is small, the others would tell it, so none is shown."""
    few = rows.select(pl.any_horizontal(pl.col(parts).is_between(1, small)).alias("few"))["few"]
    shown = counts(rows[name], few.fill_null(value=False).to_list(), small)
    return [formats.NOTHING if h else text for h, text in zip(hidden, shown, strict=True)]


def as_text(value: Any) -> str:
    """One value as text, read by its type."""
    match value:
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return formats.bare(value, "count")
        case Decimal():
            return formats.value(value, "dollars")
        case dt.datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case _:
            return formats.group(value)


def _quantile(name: str) -> str | None:
    return f"{name[1:]}% done by" if name[:1] == "p" and name[1:].isdigit() else None


def _unit_of(name: str, dtype: pl.DataType) -> str | None:
    if name.endswith("_amount") or isinstance(dtype, pl.Decimal):
        return "dollars"
    if name.endswith(("share", "_rate")):
        return "share"
    return None


def _in(series: pl.Series, unit: str) -> list[str]:
    return _each(series, lambda number: formats.value(number, unit))


def _each(series: pl.Series, read: Callable[[Any], str]) -> list[str]:
    return [formats.NOTHING if cell is None else read(cell) for cell in series]
