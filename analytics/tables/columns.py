"""The columns of a table: what stands in each cell, read by unit, name and type."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from analytics import formats, suppression

# Sums a metric carries so that its parts add up; a reader wants the value made of them.
INNER = {
    *("top", "bottom", "tt", "tb", "bb", "low", "high", "amount", "is_mature", "p50"),
    *formats.ASKED,  # the title says it
    *(suppression.FEW, suppression.DEEP),
    # A table has room for one interval: that of the value, the median.
    *(f"p{share}_{end}" for share in (25, 50, 75, 90) for end in ("low", "high")),
}

COUNTS = ("events", "waiting")  # what `n` is made of
# Kinds of column, as the style sheet knows them: of texts, those that need room and names of one
# word, which are not broken at a hyphen.
NUMBER, DATE, BAR, WORDS, NAME = "num", "date", "bar", "words", "name"
_LONG_TEXT, _LONGEST_NAME = 28, 24  # letters
YOUNG = " *"  # behind a period whose numbers still move


@dataclass(frozen=True, slots=True)
class Values:
    """A column for a spreadsheet: its heading, what its cells hold, and the unit of numbers."""

    head: str
    cells: Sequence[Any]
    unit: str | Sequence[str] = ""  # one for all, or for each cell its own

    def without(self, hidden: Sequence[bool]) -> "Values":
        """The same with nothing in the hidden rows."""
        cells = [None if h else c for c, h in zip(self.cells, hidden, strict=True)]
        return Values(self.head, cells, self.unit)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its heading, its cells as text, and what kind they are.

    `values` are the same cells for a spreadsheet: an interval is two columns there.
    """

    head: str
    cells: Sequence[str]
    kind: str = ""
    values: tuple[Values, ...] = ()

    @property
    def for_sheet(self) -> tuple[Values, ...]:
        """The columns of a spreadsheet that say the same; none for drawings."""
        if self.kind == BAR:
            return ()
        return self.values or (Values(self.head, self.cells),)

    def without(self, hidden: Sequence[bool]) -> "Column":
        """The same with a dash in the hidden rows, and nothing there for a spreadsheet."""
        cells = [formats.NOTHING if h else c for c, h in zip(self.cells, hidden, strict=True)]
        values = tuple(of.without(hidden) for of in self.for_sheet)
        return Column(self.head, cells, self.kind, values)


def group_columns(frame: pl.DataFrame) -> list[str]:
    """What the frame is grouped by, the period last."""
    period = ["period"] if "period" in frame.columns else []
    return [*formats.groups_of(frame), *period]


def key_columns(rows: pl.DataFrame, young: Sequence[bool]) -> list[Column]:
    """The columns grouped by; periods not settled yet have a mark, in a sheet a column."""
    columns = [column(rows, name) for name in group_columns(rows)]
    if "period" not in rows.columns or not any(young):
        return columns
    period = columns.pop()
    cells = [
        f"{c}{YOUNG}" if is_young else c for c, is_young in zip(period.cells, young, strict=True)
    ]
    settled = Values(formats.heading("is_mature"), ["no" if one else "yes" for one in young])
    return [*columns, Column(period.head, cells, period.kind, (*period.for_sheet, settled))]


def column(
    frame: pl.DataFrame, name: str, unit: str | None = None, head: str | None = None
) -> Column:
    """A column read by its unit, else by what its name and type say."""
    series = frame[name]
    head = head or formats.heading(name)
    unit = unit or _unit_of(name, series.dtype)
    if unit:
        return _numbers(head, series, unit)
    if isinstance(series.dtype, pl.Date):
        every = formats.every_of(series.drop_nulls().to_list()) if name == "period" else "day"
        days = _each(series, lambda day: formats.period(day, every))
        return Column(head, days, DATE, (Values(head, series.to_list(), "date"),))
    if series.dtype.is_integer():
        whole = (Values(head, series.to_list(), "number" if name.endswith("_no") else "n"),)
        is_place = name.endswith("_no")  # a record's number is looked for as it is written
        cells = _each(series, str if is_place else lambda n: formats.bare(n, "count"))
        return Column(head, cells, NUMBER, whole)
    if series.dtype.is_numeric():
        return _numbers(head, series, "count")
    return _texts(head, [as_text(cell) for cell in series])


def measures(
    rows: pl.DataFrame,
    metric: formats.Described,
    hidden: Sequence[bool],
    small: int,
    drawn: Column | None = None,
) -> list[Column]:
    """Value, interval, both as they are `drawn`, what else the metric gives, then n.

    `hidden` rows show none of them, and running sums end at the first: two would give it away.
    """
    after = [any(hidden[: i + 1]) for i in range(len(hidden))]
    columns = [_numbers(metric.title, rows["value"], metric.unit).without(hidden)]
    if any(end in rows.columns and rows[end].is_not_null().any() for end in ("low", "high")):
        columns.append(_interval(rows, metric.unit).without(hidden))
    columns += [drawn] if drawn else []
    known = {*group_columns(rows), *INNER, "n", "hits", "value"}
    parts = [c for c in rows.columns if c not in known and c in COUNTS]
    columns += [_part(rows, name, parts, hidden, small) for name in parts]
    for name in [name for name in rows.columns if name not in {*known, *parts}]:
        unit = metric.unit if name[:1] == "p" and name[1:].isdigit() else None
        own = column(rows, name, unit, _quantile(name))
        columns.append(own.without(after if name.startswith("cumulative") else hidden))
    if "n" in rows.columns:
        columns.append(count_column("n", rows["n"], hidden))
    return columns


def count_column(head: str, series: pl.Series, hidden: Sequence[bool]) -> Column:
    """Counts as text and as numbers, those of hidden rows as `counts` says."""
    shown = counts(series, hidden)
    pairs = zip(series, shown, hidden, strict=True)
    values = [text if h else n or 0 for n, text, h in pairs]
    return Column(head, shown, NUMBER, (Values(head, values, "n"),))


def counts(series: pl.Series, hidden: Sequence[bool]) -> list[str]:
    """Counts as text; small ones and those hidden for their sake look alike."""
    return [formats.HIDDEN if h else f"{n or 0:,}" for n, h in zip(series, hidden, strict=True)]


def _part(
    rows: pl.DataFrame, name: str, parts: Sequence[str], hidden: Sequence[bool], small: int
) -> Column:
    """A part of `n`; where one is small, the others would tell it, so none is shown."""
    few = rows.select(pl.any_horizontal(pl.col(parts).is_between(1, small)).alias("few"))["few"]
    out = few.fill_null(value=False).to_list()
    return count_column(formats.heading(name), rows[name], out).without(hidden)


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


def _texts(head: str, cells: Sequence[str]) -> Column:
    """A column of texts; its kind says how much room they need."""
    longest = max(map(len, cells), default=0)
    is_name = longest <= _LONGEST_NAME and not any(" " in cell for cell in cells)
    return Column(head, cells, NAME if is_name else WORDS if longest > _LONG_TEXT else "")


def _quantile(name: str) -> str | None:
    return f"{name[1:]}% done by" if name[:1] == "p" and name[1:].isdigit() else None


def _unit_of(name: str, dtype: pl.DataType) -> str | None:
    if name.endswith("_amount") or isinstance(dtype, pl.Decimal):
        return "dollars"
    if name.endswith(("share", "_rate")):
        return "share"
    return None


def _numbers(head: str, series: pl.Series, unit: str) -> Column:
    cells = _each(series, lambda number: formats.value(number, unit))
    return Column(head, cells, NUMBER, (Values(head, series.to_list(), unit),))


def _interval(rows: pl.DataFrame, unit: str) -> Column:
    """Both ends as one text, and as two columns of a sheet."""
    ends = zip(rows["low"], rows["high"], strict=True)
    cells = [formats.interval(low, high, unit) for low, high in ends]
    low, high = (Values(f"95% {end}", rows[end].to_list(), unit) for end in ("low", "high"))
    return Column("95% interval", cells, NUMBER, (low, high))


def _each(series: pl.Series, read: Callable[[Any], str]) -> list[str]:
    return [formats.NOTHING if cell is None else read(cell) for cell in series]
