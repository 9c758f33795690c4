"""Tables as a spreadsheet needs them: real numbers with their units, beside the markup.

A notebook carries them as outputs of a type of their own (`MIME`), which no page shows.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from analytics.tables.columns import Column, Values, as_text

MIME = "application/vnd.revcycle.table+json"
TABLE, CARDS, FACTS, DEFINITIONS = "table", "cards", "facts", "definitions"
_DIGITS = 12  # that count: sums of floats differ in the last ones from run to run
_UNITS = ((bool, ""), (int, "n"), (Decimal, "dollars"), (dt.datetime, ""), (dt.date, "date"))

Sheet: TypeAlias = dict[str, Any]  # what JSON holds: kind, title, note, columns


def sheet(kind: str, title: str, columns: Iterable[Values], note: str = "") -> Sheet:
    """A table: its columns each with `head`, `unit` and `cells`; what is hidden is hidden here.

    Amounts are text of decimals and days ISO text, so that no cent is lost on the way.  A unit is
    that of a metric, ``n`` or ``date``, one for a column or a list with one for each cell.
    """
    told = [
        {
            "head": of.head,
            "unit": of.unit if isinstance(of.unit, str) else list(of.unit),
            "cells": [_held(cell) for cell in of.cells],
        }
        for of in columns
    ]
    return {"kind": kind, "title": title, "note": note, "columns": told}


def of_columns(title: str, columns: Sequence[Column], note: str) -> Sheet:
    """The sheet of a table's columns."""
    return sheet(TABLE, title, [of for column in columns for of in column.for_sheet], note)


def of_rows(kind: str, title: str, rows: Sequence[Mapping[str, Any]]) -> Sheet:
    """The sheet of rows of texts, all with the same keys."""
    heads = list(rows[0]) if rows else []
    return sheet(kind, title, [Values(head, [row[head] for row in rows]) for head in heads])


def of_facts(items: Mapping[str, Any]) -> Sheet:
    """The sheet of names and values, each value in its own unit."""
    units = [next((u for kind, u in _UNITS if isinstance(v, kind)), "") for v in items.values()]
    cells = [v if u else as_text(v) for v, u in zip(items.values(), units, strict=True)]
    columns = [Values("Name", list(items)), Values("Value", cells, units)]
    return sheet(FACTS, "Facts", columns)


def _held(cell: Any) -> Any:
    """A value as JSON holds it."""
    match cell:
        case float():
            return float(f"{cell:.{_DIGITS}g}") if math.isfinite(cell) else None
        case Decimal() | dt.date():
            return str(cell)
        case bool() | int() | str() | None:
            return cell
        case _:
            return str(cell)
