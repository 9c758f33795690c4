"""Tables and lists as HTML.  Every value is escaped: names come from files of strangers."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple, Protocol

import polars as pl

from analytics import formats, suppression
from analytics.tables import sheets, styled
from analytics.tables.bars import bar_column
from analytics.tables.columns import (
    BAR,
    DATE,
    NUMBER,
    Column,
    as_text,
    column,
    count_column,
    key_columns,
    measures,
)

# Columns above which paper needs a smaller type, rows above which a table may go on overleaf.
_MANY, _LONG = 7, 15
_YOUNG_NOTE = "* Not settled yet: these numbers still move."
_YOUNG_ROW = ' class="young"'


class Documented(formats.Described, Protocol):
    """A metric with its source, for the list of definitions."""

    @property
    def source(self) -> str:
        """Whose definition it is."""
        ...

    @property
    def denominator(self) -> str:
        """What it counts in all."""
        ...

    @property
    def date_basis(self) -> str:
        """Which date places a row in time."""
        ...

    @property
    def notes(self) -> str:
        """Where it departs from its source, and why."""
        ...


@dataclass(frozen=True, slots=True)
class Html:
    """Markup that shows itself, and the same numbers for a spreadsheet."""

    html: str
    sheet: sheets.Sheet | None = None

    @property
    def outputs(self) -> dict[str, Any]:
        """What a notebook shows and keeps, by type; dressed where no page does that."""
        shown = {"text/html": styled.dressed(self.html)}
        return shown | ({sheets.MIME: self.sheet} if self.sheet else {})

    def _repr_html_(self) -> str:
        return styled.dressed(self.html)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return self.outputs


class Layout(NamedTuple):
    """A table before it is markup: columns, what stands above and below, which rows still move."""

    columns: Sequence[Column]
    caption: str
    note: str = ""
    young: Sequence[bool] = ()


def metric_table(
    frame: pl.DataFrame,
    metric: formats.Described,
    *,
    caption: str | None = None,
    limit: int | None = None,
    small: int = formats.SMALL,
    note: str = "",
    bars: bool = False,
) -> Html:
    """A metric's frame with value, interval and n in its unit, under the metric's definition.

    Groups of 1 to `small`, and those that would tell them, keep their row but show no numbers.
    At most `limit` rows.  Periods not settled yet have a mark.  `note` is said below, after the
    definition.  With `bars` each value is drawn too.
    """
    return _shown(laid_out(frame, metric, caption, limit, small, note, bars=bars))


def laid_out(
    frame: pl.DataFrame,
    metric: formats.Described,
    caption: str | None,
    limit: int | None,
    small: int,
    note: str,
    *,
    bars: bool,
) -> Layout:
    """What `metric_table` shows, before it is markup."""
    metric = formats.as_asked(frame, metric)
    frame, withheld, found = formats.listed(formats.guarded(frame), small)
    rows = frame.head(limit) if limit else frame
    hidden = withheld[: rows.height].to_list()
    young = formats.is_young(rows).to_list()
    drawn = bar_column(rows, metric.unit, hidden) if bars else None
    columns = [*key_columns(rows, young), *measures(rows, metric, hidden, small, drawn)]
    notes = [metric.definition, *([note] if note else [])]
    if any(young):
        notes.append(_YOUNG_NOTE)
    if any(hidden) or not found.are_listed:
        notes.append(hidden_note(small, are_listed=found.are_listed))
    if rows.height < frame.height:
        notes.append(f"First {rows.height} of {frame.height:,} rows.")
    return Layout(columns, caption or metric.title, " ".join(notes), young)


def table(
    frame: pl.DataFrame,
    caption: str,
    *,
    units: Mapping[str, str] | None = None,
    heads: Mapping[str, str] | None = None,
    note: str = "",
    small: int = 0,
    hidden: Sequence[bool] | None = None,
) -> Html:
    """Any small frame as a table; units come from `units`, else from names and types.

    Rows whose `n` is 1 to `small`, and those that would tell them, show no numbers; by default all
    do.  `hidden` says which show none where that goes by more than the rows themselves.
    """
    units, heads = units or {}, heads or {}
    if hidden is None:
        frame, withheld, found = formats.listed(formats.guarded(frame), small)
        hidden = withheld.to_list()
        left = "" if found.are_listed else hidden_note(small, are_listed=False)
        note = f"{note} {left}".strip()
    frame = frame.drop(suppression.FEW, suppression.DEEP, strict=False)
    columns = [column(frame, name, units.get(name), heads.get(name)) for name in frame.columns]
    if any(hidden):
        named = zip(frame.columns, columns, strict=True)
        columns = [_without(name, c, frame["n"], hidden) for name, c in named]
        note = f"{note} {hidden_note(small)}".strip()
    return _shown(Layout(columns, caption, note))


def _shown(told: Layout) -> Html:
    return Html(_table(told), sheets.of_columns(told.caption, told.columns, told.note))


def hidden_note(small: int, *, are_listed: bool = True) -> str:
    """Why rows of a metric's table show no numbers, or are not there."""
    few = f"of 1{formats.DASH}{small}"
    if not are_listed:
        return f"What is not listed has none, is {few}, or would tell those."
    return f"Groups {few}, and those that would tell them, show no numbers."


def _without(name: str, column: Column, n: pl.Series, hidden: Sequence[bool]) -> Column:
    """The column without the numbers of hidden rows."""
    if column.kind != NUMBER:
        return column
    if name == "n":
        return count_column(column.head, n, hidden)
    return column.without(hidden)


def facts(items: Mapping[str, Any], *, alert: Sequence[str] = ()) -> Html:
    """Names and values as a list, for the head of a report; those in `alert` stand out."""

    def part(name: str, value: Any) -> str:
        loud = ' class="alert"' if name in alert else ""
        return f"<div{loud}><dt>{escape(name)}</dt><dd>{escape(as_text(value))}</dd></div>"

    html = f'<dl class="facts">{"".join(part(*item) for item in items.items())}</dl>'
    return Html(html, sheets.of_facts(items))


def definitions(metrics: Iterable[Documented]) -> Html:
    """Every metric's definition, what it is over, its date, notes and source, as a list."""
    rows = [_definition(metric) for metric in metrics]
    html = f'<dl class="definitions">{"".join(_defined(**row) for row in rows)}</dl>'
    told = [{name.capitalize(): text for name, text in row.items()} for row in rows]
    return Html(html, sheets.of_rows(sheets.DEFINITIONS, "Definitions", told))


def _definition(metric: Documented) -> dict[str, str]:
    basis = f"Over {metric.denominator}, by {metric.date_basis}."
    text = " ".join(part for part in (metric.definition, basis, metric.notes) if part)
    return {"metric": metric.title, "definition": text, "source": metric.source}


def _defined(metric: str, definition: str, source: str) -> str:
    return (
        f"<dt>{escape(metric)}</dt>"
        f"<dd>{marked(definition)} <cite>Source: {escape(source)}</cite></dd>"
    )


def marked(text: str) -> str:
    """The text escaped; what stands between backticks is shown as code."""
    return re.sub("`([^`<>]+)`", r"<code>\1</code>", escape(text))


def _table(told: Layout) -> str:
    """The markup.  The first column heads its row, so that a reader can be told where it is."""
    columns, caption = told.columns, escape(told.caption)
    heads = "".join(f'<th scope="col"{_align(c)}>{escape(c.head)}</th>' for c in columns)
    rows = list(zip(*(_inner(c) for c in columns), strict=True))
    young = told.young or [False] * len(rows)
    body = "".join(
        f"<tr{_YOUNG_ROW if is_young else ''}>{_row(cells, columns)}</tr>"
        for cells, is_young in zip(rows, young, strict=True)
    )
    if not body:
        return f'<div class="table"><p class="note"><b>{caption}:</b> none.</p></div>'
    below = f'<p class="note">{marked(told.note)}</p>' if told.note else ""
    long = " long" if len(rows) > _LONG else ""
    many = ' class="many"' if len(columns) > _MANY else ""
    return (
        f'<div class="table{long}"><div class="scroll" role="region" tabindex="0"'
        f' aria-label="{caption}">'
        f"<table{many}><caption><span>{caption}</span></caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>{below}</div>"
    )


def _row(cells: Sequence[str], columns: Sequence[Column]) -> str:
    first, *rest = ((_align(column), cell) for cell, column in zip(cells, columns, strict=True))
    others = "".join(f"<td{align}>{text}</td>" for align, text in rest)
    return f'<th scope="row"{first[0]}>{first[1]}</th>{others}'


def _inner(column: Column) -> list[str]:
    """The markup in each cell; a period is also told as the day it begins with, to sort by."""
    if column.kind == BAR:
        return list(column.cells)  # markup already
    if column.kind != DATE:
        return [marked(cell) for cell in column.cells]
    days = column.for_sheet[0].cells
    return [
        f'<time datetime="{day}">{escape(text)}</time>' if day else escape(text)
        for day, text in zip(days, column.cells, strict=True)
    ]


def _align(column: Column) -> str:
    return f' class="{column.kind}"' if column.kind else ""
