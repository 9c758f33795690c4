"""A frame as an XLSX workbook: real numbers with formats, frozen headers, nothing that runs."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from analytics.errors import AnalyticsError

_ROWS = 1_048_575  # of a sheet, without the header (Excel specifications and limits)
LETTERS = 32_767  # of a cell
_WHOLE, _MONEY = "#,##0", "#,##0.00"
# Text is text: no formulas, no links.  Parts of a sheet are put into no file of their own, which a
# process that is killed would leave in the folder for temporary ones.
_SAFE = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
    "in_memory": True,
}


def check(rows: int) -> None:
    """Raise AnalyticsError where a sheet cannot hold as many, or nothing here writes one."""
    if find_spec("xlsxwriter") is None:
        raise AnalyticsError('XLSX needs the extra `excel`: pip install "revcycle[excel]"')
    if rows > _ROWS:
        raise AnalyticsError(
            f"{rows:,} rows are more than the {_ROWS:,} of an XLSX sheet: write .parquet or .csv"
        )


def write(
    frame: pl.DataFrame, path: Path, formats: Mapping[str, str], about: Mapping[str, str]
) -> None:
    """Write the frame to a sheet `data`, and `about` to another; raises as `check` does."""
    check(len(frame))
    shown = frame.with_columns(*joined(frame), *_written_out(frame))
    _check_letters(shown)
    with workbook(path) as book:
        _sheet(book, "data", shown, {**_formats(shown), **formats})
        if about:
            told = pl.DataFrame({"name": list(about), "text": list(about.values())})
            _sheet(book, "definition", told, {})


@contextmanager
def workbook(path: Path) -> Generator[Any]:
    """A new workbook that runs nothing.  Raises OSError where it cannot be written."""
    from xlsxwriter import Workbook  # an extra

    content = BytesIO()
    with Workbook(content, _SAFE) as book:
        yield book
    path.write_bytes(content.getbuffer())


def joined(frame: pl.DataFrame) -> list[pl.Expr]:
    """Lists of texts as one text each."""
    return [
        pl.col(name).cast(pl.List(pl.String)).list.join(", ").alias(name)
        for name, kind in frame.schema.items()
        if isinstance(kind, pl.List)
    ]


def _written_out(frame: pl.DataFrame) -> list[pl.Expr]:
    """Ids as text: Excel keeps 15 digits of a number."""
    return [
        pl.col(name).cast(pl.String)
        for name, kind in frame.schema.items()
        if name.endswith("_id") and kind.is_integer()
    ]


def _formats(frame: pl.DataFrame) -> dict[str, str]:
    return {
        name: _WHOLE if kind.is_integer() else _MONEY
        for name, kind in frame.schema.items()
        if kind.is_integer() or isinstance(kind, pl.Decimal)
    }


def _check_letters(frame: pl.DataFrame) -> None:
    """Raise for a text that a cell cannot hold: it would be left out without a word."""
    for name, kind in frame.schema.items():
        longest = frame[name].str.len_chars().max() if kind == pl.String else None
        if isinstance(longest, int) and longest > LETTERS:
            raise AnalyticsError(
                f"{name} has a text of {longest:,} letters, an XLSX cell holds {LETTERS:,}: "
                "write .parquet or .csv"
            )


def _sheet(book: Any, name: str, frame: pl.DataFrame, formats: Mapping[str, str]) -> None:
    frame.write_excel(
        book,
        name,
        column_formats={column: formats[column] for column in frame.columns if column in formats},
        freeze_panes=(1, 0),
        autofit=True,
        autofilter=bool(len(frame)),
    )
