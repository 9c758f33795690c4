"""Totals that come with a file, held against what was read."""

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from analytics.errors import UnreadableFileError
from analytics.extracts import money
from analytics.extracts.reading import Opened
from analytics.ingest.files import Source
from analytics.maps import FileMap
from analytics.proposing.header import key

_TAIL = 1 << 16
_AMOUNT = "DECIMAL(14,2)"
_TOTAL = "DECIMAL(30,10)"  # of amounts and of rows


class Difference(NamedTuple):
    """A total that is not what was read."""

    rule: str
    column: str | None
    said: Decimal
    found: Decimal


def differences(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    file: FileMap,
    held: Opened,
    rows: int,
) -> Iterator[Difference]:
    """The totals that differ.  Raises `UnreadableFileError` where they cannot be found."""
    controls = file.controls
    if not (controls.trailer or controls.file):
        return
    cells = _trailer(connection, held, file) if controls.trailer else _beside(source, file)
    if controls.rows is not None:
        said = _number(connection, cells, controls.rows, file.decimal, 0)
        if said != rows:
            yield Difference("control_rows_differ", None, said, Decimal(rows))
    for name, place in controls.sums.items():
        said = _number(connection, cells, place, file.decimal, 2)
        found = _sum(connection, held, file, name)
        if said != found:
            yield Difference("control_total_differs", name, said, found)


def _sum(connection: duckdb.DuckDBPyConnection, held: Opened, file: FileMap, name: str) -> Decimal:
    """The sum of a column over all rows as read; of the cells that are no amount nothing."""
    cell = f"trim(c{held.named.places[name][0]})"
    wide = money.parsed(cell, _AMOUNT, file.decimal)
    apart = " WHERE NOT coalesce(starts_with(c0, $trailer), FALSE)" if file.controls.trailer else ""
    given = {"trailer": file.controls.trailer} if apart else {}
    found = connection.execute(
        f"SELECT coalesce(CAST(sum({wide}) AS DECIMAL(38,2)), 0) FROM {held.raw.relation}{apart}",
        given,
    ).fetchall()
    return Decimal(found[0][0])


def _trailer(
    connection: duckdb.DuckDBPyConnection, held: Opened, file: FileMap
) -> dict[str | int, str]:
    """The cells of the last line, by place."""
    if held.is_text:
        last = _last_line(held.path)
        begins = last.lstrip('"')
        row = _table(last.encode(), held.delimiter, header=False).row(0) if begins else ()
    else:
        row = _last_row(connection, held)
        begins = str(row[0] or "") if row else ""
    if not begins.startswith(file.controls.trailer):
        raise UnreadableFileError(
            f"its last line does not begin with {file.controls.trailer}: it was cut off, or has "
            "no trailer"
        )
    return {place: str(cell or "") for place, cell in enumerate(row, 1)}


def _last_line(path: str) -> str:
    """The last line of a text that is not blank."""
    with Path(path).open("rb") as stream:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(max(size - _TAIL, 0))
        lines = stream.read().decode("utf-8", "replace").replace("\r", "\n").split("\n")
    return next((line.strip(" ") for line in reversed(lines) if line.strip(" ")), "")


def _last_row(connection: duckdb.DuckDBPyConnection, held: Opened) -> tuple[object, ...]:
    """The last row that is not blank, of a workbook or Parquet."""
    cells = ", ".join(f"c{place}" for place in range(held.raw.width))
    found = connection.execute(
        f"SELECT {cells} FROM (SELECT row_number() OVER () AS no, * FROM {held.raw.relation}) "
        f"WHERE coalesce({cells}) IS NOT NULL ORDER BY no DESC LIMIT 1"
    ).fetchall()
    return found[0] if found else ()


def _beside(source: Source, file: FileMap) -> dict[str | int, str]:
    """The cells of the first row of the file beside, by name and place."""
    stem = Path(source.name.rsplit("/", 1)[-1]).name.split(".")[0]
    path = source.path.parent / file.controls.file.replace("{stem}", stem)
    try:
        content = path.read_bytes() if path.is_file() else None
    except OSError:
        content = None
    if content is None:
        raise UnreadableFileError(f"its control file {path.name} is not there")
    table = _table(content, ",", header=True)
    if not table.height:
        raise UnreadableFileError(f"its control file {path.name} has no row")
    cells = [str(cell or "") for cell in table.row(0)]
    return dict(enumerate(cells, 1)) | {
        key(n): c for n, c in zip(table.columns, cells, strict=True)
    }


def _table(content: bytes, delimiter: str, *, header: bool) -> pl.DataFrame:
    try:
        return pl.read_csv(
            io.BytesIO(content), separator=delimiter, has_header=header, infer_schema=False
        )
    except pl.exceptions.PolarsError:
        raise UnreadableFileError("its control totals cannot be read") from None


def _number(
    connection: duckdb.DuckDBPyConnection,
    cells: dict[str | int, str],
    place: int | str,
    decimal: str,
    decimals: int,
) -> Decimal:
    """A total, written as amounts of the file are, with as many decimals if that is all of it."""
    found = cells.get(place if isinstance(place, int) else key(place))
    if found is None:
        raise UnreadableFileError(f"its control totals have no {place}")
    said = money.parsed("said", _TOTAL, decimal)
    number = connection.execute(
        f"SELECT {said} FROM (SELECT trim($said) AS said)", {"said": found}
    ).fetchall()[0][0]
    if number is None:
        raise UnreadableFileError(f"its control total {place} is no number")
    short = round(Decimal(number), decimals)
    return short if short == number else Decimal(number)
