"""An XLSX workbook of several tables: a sheet each, real numbers in their unit, frozen headers."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from analytics.errors import AnalyticsError
from analytics.exporting import excel

_FORMATS = {"share": "0.0%", "dollars": "$#,##0.00", "number": "0", "date": "yyyy-mm-dd"}
_WHOLE, _PART, _FINE = "#,##0", "#,##0.0", "#,##0.00"
_WHOLE_WHERE_WHOLE = ("days", "count")
_NAME = 31  # letters of a sheet's name (Excel specifications and limits)
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_DIGITS = 15  # of a number that Excel keeps
_SOME_DAY = dt.date(2000, 1, 1)
_WIDEST, _NARROWEST = 60, 8  # letters


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its name, cut to what Excel allows, and columns of `head`, `unit` and `cells`."""

    name: str
    columns: Sequence[Mapping[str, Any]]


def write_sheets(tables: Iterable[Table], path: Path, made: dt.date | None = None) -> None:
    """Write a workbook of them.

    The same tables and day `made` give the same bytes.  Raises AnalyticsError where a table is too
    long or the extra `excel` is not installed.
    """
    tables = list(tables)
    excel.check(max((len(c["cells"]) for t in tables for c in t.columns), default=0))
    names = sheet_names(table.name for table in tables)
    with excel.workbook(path) as book:
        book.set_properties({"created": dt.datetime.combine(made or _SOME_DAY, dt.time())})
        forms = _Forms(book)
        for name, table in zip(names, tables, strict=True):
            _sheet(book.add_worksheet(name), table, forms)


def sheet_names(titles: Iterable[str]) -> list[str]:
    """Names Excel takes: short, without its signs, each once whatever its case."""
    names: list[str] = []
    for title in titles:
        plain = " ".join(title.translate(_FORBIDDEN).split()).strip("'") or "Table"
        name, taken = _shortened(plain), {known.lower() for known in names}
        for number in range(2, len(taken) + 3):
            if name.lower() not in taken | {"history"}:
                break
            end = f" ({number})"
            name = plain[: _NAME - len(end)].strip() + end
        names.append(name)
    return names


def _shortened(text: str) -> str:
    """What Excel has room for, without half a word at its end where it has one before."""
    cut = text[:_NAME].strip()
    if len(text) > _NAME and text[_NAME] != " " and " " in cut:
        cut = cut.rpartition(" ")[0]
    return cut.rstrip(" ,;:") if len(text) > _NAME else cut


class _Forms:
    """A workbook's formats, each made once."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._book, self._made = book, dict[str, Any]()

    def of(self, form: str) -> Any:
        """The format of numbers, or of text for an empty one."""
        if form not in self._made:
            how = {"num_format": form} if form else {"text_wrap": True, "valign": "top"}
            self._made[form] = self._book.add_format(how)
        return self._made[form]


def _sheet(sheet: Any, table: Table, forms: _Forms) -> None:
    for place, column in enumerate(table.columns):
        cells = column["cells"]
        units = [column["unit"]] * len(cells) if isinstance(column["unit"], str) else column["unit"]
        held = [_read(cell, unit) for cell, unit in zip(cells, units, strict=True)]
        longest = max((len(str(cell)) for cell in held if cell is not None), default=0)
        width = max(longest, min(len(column["head"]), 2 * _NARROWEST), _NARROWEST)
        sheet.set_column(place, place, min(width, _WIDEST) + 2)
        sheet.write_string(0, place, column["head"], forms.head)
        for row, (cell, unit) in enumerate(zip(held, units, strict=True), 1):
            _write(sheet, row, place, cell, forms.of(_form(unit, held, cell)))
    rows = len(table.columns[0]["cells"]) if table.columns else 0
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, rows, len(table.columns) - 1)


def _write(sheet: Any, row: int, place: int, cell: Any, form: Any) -> None:
    match cell:
        case None:
            return
        case dt.date():
            sheet.write_datetime(row, place, dt.datetime.combine(cell, dt.time()), form)
        case int() | float() | Decimal():
            sheet.write_number(row, place, cell, form)
        case _ if len(cell) > excel.LETTERS:
            raise AnalyticsError(f"a text of {len(cell):,} letters is more than an XLSX cell holds")
        case _:
            sheet.write_string(row, place, cell, form)


def _read(cell: Any, unit: str) -> Any:
    """What a cell holds, of JSON; a text under `n` stands for a small count and stays one."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int) and abs(cell) >= 10**_DIGITS:
        return str(cell)
    if not isinstance(cell, str) or unit in ("", "n"):
        return cell
    return dt.date.fromisoformat(cell) if unit == "date" else Decimal(cell)


def _form(unit: str, cells: Sequence[Any], cell: Any) -> str:
    """Excel's number format of a unit; a column of whole days has no decimals."""
    if unit == "" or isinstance(cell, str):
        return ""
    if unit == "n" or unit in _WHOLE_WHERE_WHOLE:
        numbers = [of for of in cells if isinstance(of, int | float | Decimal)]
        return _WHOLE if unit == "n" or all(of == int(of) for of in numbers) else _PART
    return _FORMATS.get("dollars" if unit.startswith("dollars") else unit, _FINE)
