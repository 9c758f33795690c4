"""Totals that come with a file, held against what was read."""

import io
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from analytics.errors import UnreadableFileError
from analytics.extracts import money
from analytics.extracts.names import key
from analytics.extracts.reading import Opened
from analytics.ingest.files import Source
from analytics.maps import FileMap

_TAIL = 1 << 16
_AMOUNT = "DECIMAL(14,2)"


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
    cells = _trailer(held.path, file, held.delimiter) if controls.trailer else _beside(source, file)
    if controls.rows is not None:
        said = _number(cells, controls.rows)
        if said != rows:
            yield Difference("control_rows_differ", None, said, Decimal(rows))
    for name, place in controls.sums.items():
        said, found = _number(cells, place), _sum(connection, held, file, name)
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


def _trailer(path: str, file: FileMap, delimiter: str) -> dict[str | int, str]:
    """The cells of the last line, by place."""
    with Path(path).open("rb") as stream:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(max(size - _TAIL, 0))
        lines = stream.read().decode("utf-8", "replace").split("\n")
    told = [line.strip("\r ") for line in lines if line.strip("\r ")]
    if not told or not told[-1].lstrip('"').startswith(file.controls.trailer):
        raise UnreadableFileError(
            f"its last line does not begin with {file.controls.trailer}: it was cut off, or has "
            "no trailer"
        )
    row = _table(told[-1].encode(), delimiter, header=False).row(0)
    return {place: str(cell or "") for place, cell in enumerate(row, 1)}


def _beside(source: Source, file: FileMap) -> dict[str | int, str]:
    """The cells of the first row of the file beside, by name and place."""
    stem = Path(source.name.rsplit("/", 1)[-1]).name.split(".")[0]
    path = source.path.parent / file.controls.file.replace("{stem}", stem)
    try:
        content = path.read_bytes()
    except OSError:
        raise UnreadableFileError(f"its control file {path.name} is not there") from None
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


def _number(cells: dict[str | int, str], place: int | str) -> Decimal:
    found = cells.get(place if isinstance(place, int) else key(place))
    if found is None:
        raise UnreadableFileError(f"its control totals have no {place}")
    try:
        return Decimal(found.replace(",", "").replace("$", "").strip())
    except InvalidOperation:
        raise UnreadableFileError(f"its control total {place} is no number") from None
