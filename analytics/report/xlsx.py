"""A report as an XLSX workbook: what it is, a list of its tables, each table, the definitions."""

import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analytics.exporting import Table, sheet_names, write_sheets
from analytics.report.found import Found
from analytics.tables import sheets

_ALWAYS = ("About", "Contents", "Definitions")
_LIST = ("Sheet", "Title", "Section", "Rows", "Note")


def xlsx(title: str, tables: Sequence[Found], as_of: dt.date | None, cells: str = "") -> bytes:
    """The workbook; the same tables give the same bytes.

    Raises AnalyticsError where the extra `excel` is not installed.
    """
    shown = [t for t in tables if t.kind != sheets.DEFINITIONS and not t.is_head]
    names = sheet_names([*_ALWAYS, *map(_title, shown)])[len(_ALWAYS) :]
    every = [
        Table("About", _about(title, tables, cells)),
        Table("Contents", _contents(names, shown)),
    ]
    every += [Table(name, t.sheet["columns"]) for name, t in zip(names, shown, strict=True)]
    every.append(Table("Definitions", _definitions(tables)))
    with tempfile.TemporaryDirectory(prefix="rc-") as folder:
        path = Path(folder) / "report.xlsx"
        write_sheets(every, path, as_of)
        return path.read_bytes()


def _title(table: Found) -> str:
    return table.section if table.kind == sheets.FACTS else str(table.sheet["title"])


def _about(title: str, tables: Sequence[Found], cells: str) -> list[dict[str, Any]]:
    """What the head of the report says, name by value."""
    names, values, units = ["Report"], [title], [""]
    for table in (t for t in tables if t.is_head and t.kind == sheets.FACTS):
        name, value = table.sheet["columns"]
        names, values = [*names, *name["cells"]], [*values, *value["cells"]]
        units += value["unit"]
    if cells:
        names, values, units = [*names, "Small cells"], [*values, cells], [*units, ""]
    return [
        {"head": "Name", "unit": "", "cells": names},
        {"head": "Value", "unit": units, "cells": values},
    ]


def _contents(names: Sequence[str], shown: Sequence[Found]) -> list[dict[str, Any]]:
    rows = [
        (name, _title(table), table.section, table.rows, table.sheet["note"])
        for name, table in zip(names, shown, strict=True)
    ]
    return [
        {"head": head, "unit": "n" if head == "Rows" else "", "cells": [row[i] for row in rows]}
        for i, head in enumerate(_LIST)
    ]


def _definitions(tables: Sequence[Found]) -> list[dict[str, Any]]:
    """The definitions the notebook tells, each metric once."""
    rows = dict[str, tuple[str, ...]]()
    for table in (t for t in tables if t.kind == sheets.DEFINITIONS):
        for row in zip(*(column["cells"] for column in table.sheet["columns"]), strict=True):
            rows.setdefault(row[0], row)
    heads = ("Metric", "Definition", "Source")
    return [
        {"head": head, "unit": "", "cells": [row[i] for row in rows.values()]}
        for i, head in enumerate(heads)
    ]
