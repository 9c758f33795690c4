"""A file as rows of text cells in DuckDB: delimited text, Parquet, or a sheet of a workbook."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import polars as pl

from analytics.duck import keep
from analytics.errors import UnreadableFileError
from analytics.extracts.copies import is_plain, readable
from analytics.extracts.header import header, plain_names
from analytics.extracts.names import Named, held_against
from analytics.extracts.plain import nothing
from analytics.extracts.sql import MOST_ROWS, is_one_of
from analytics.extracts.stage import Raw
from analytics.extracts.workbook import sheet
from analytics.ingest.files import Source
from analytics.maps import FileMap
from analytics.query import identifier, literal

RAW, NUMBERED = "extract_raw", "extract_raw_numbered"
REJECTS, SCANS = "extract_reject", "extract_scan"
_LONGEST_ROW = 8 << 20  # bytes; a row of a claims extract has some hundreds
_WORKBOOKS, _PARQUET = (".xlsx", ".xlsm"), (".parquet", ".pq")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file ready to be read: its cells, the names of its columns, and the map's among them."""

    raw: Raw
    columns: tuple[str, ...]
    named: Named
    path: str = ""
    delimiter: str = ","
    is_text: bool = False


@contextmanager
def opened(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    file: FileMap,
    before: Sequence[str] | None = None,
    *,
    even: bool = False,
) -> Generator[Opened]:
    """The file's cells as a relation; `before`: columns that a file of its kind had last time.

    Raises `UnreadableFileError`, which says what to do.
    """
    if source.kind == ".xls":
        raise UnreadableFileError("it is an old .xls workbook: save it as .xlsx")
    is_text = source.kind not in (*_WORKBOOKS, *_PARQUET)
    # Quotes above the names would make the reader count lines otherwise than they are.
    is_evened = is_text and (even or file.header_row > 1)
    even_after = file.header_row if is_evened else None
    with readable(source, file.encoding if is_text else None, even_after=even_after) as path:
        if source.kind in _WORKBOOKS:
            yield _workbook(connection, path, file, before)
        elif source.kind in _PARQUET:
            yield _parquet(connection, path, file, before)
        else:
            yield _text(path, file, before)


def _text(path: str, file: FileMap, before: Sequence[str] | None) -> Opened:
    found = header(path, file)
    places = held_against(found.names, file, before)
    width = len(found.names)
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width))
    quote = literal(file.quote)
    relation = f"""read_csv({literal(path)}, columns = {{{columns}}}, header = true,
        skip = {file.header_row - 1}, auto_detect = false, delim = {literal(found.delimiter)},
        quote = {quote}, escape = {quote}, compression = 'none', max_line_size = {_LONGEST_ROW},
        nullstr = [{", ".join(map(literal, ("", *nothing(file))))}],
        store_rejects = true, rejects_table = '{REJECTS}', rejects_scan = '{SCANS}')"""
    raw = Raw(relation, width, is_plain=is_plain(path, found.delimiter, file.quote))
    return Opened(raw, found.names, places, path, found.delimiter, is_text=True)


def _parquet(
    connection: duckdb.DuckDBPyConnection,
    path: str,
    file: FileMap,
    before: Sequence[str] | None,
) -> Opened:
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(path)})")
        found = [(str(row[0]), str(row[1])) for row in described.fetchall()]
    except duckdb.Error:
        raise UnreadableFileError("it is no readable Parquet file") from None
    columns = plain_names(_own_names(path) or [name for name, _ in found])
    places = held_against(columns, file, before)
    used = {place for each in places.places.values() for place in each}
    nested = [columns[p] for p in sorted(used) if found[p][1].endswith("]") or ("(" in found[p][1]
              and not found[p][1].startswith("DECIMAL"))]  # fmt: skip
    if nested:
        raise UnreadableFileError(f"columns that hold more than one value: {', '.join(nested)}")
    cells = ", ".join(
        f"{_cell(identifier(name), file)} AS c{place}"
        for place, (name, _) in enumerate(found[: len(columns)])
    )
    relation = f"(SELECT {cells} FROM read_parquet({literal(path)}))"
    return Opened(Raw(relation, len(columns)), columns, places)


def _own_names(path: str) -> list[str]:
    """The names as the file has them: DuckDB numbers those that differ in case alone."""
    try:
        return list(pl.read_parquet_schema(path))
    except (pl.exceptions.PolarsError, OSError):
        return []


def _cell(name: str, file: FileMap) -> str:
    """A value as text; words for nothing as null."""
    text = f"CAST({name} AS VARCHAR)"
    return f"CASE WHEN NOT {is_one_of(text, ('', *nothing(file)))} THEN {text} END"


def _workbook(
    connection: duckdb.DuckDBPyConnection,
    path: str,
    file: FileMap,
    before: Sequence[str] | None,
) -> Opened:
    found = sheet(path, file.sheet)
    if found.cells.height < file.header_row:
        raise UnreadableFileError(f"its sheet has no row {file.header_row} with names of columns")
    columns = plain_names(found.cells.row(file.header_row - 1))
    places = held_against(columns, file, before)
    used = {place for each in places.places.values() for place in each}
    merged = [
        (top, left, bottom, right)
        for top, left, bottom, right in found.merged
        if bottom >= file.header_row - 1 and any(left <= place <= right for place in used)
    ]
    if merged:
        told = ", ".join(
            f"{_name(a + found.left)}{b + 1}:{_name(c + found.left)}{d + 1}"
            for b, a, d, c in merged[:5]
        )
        more = f" and {len(merged) - 5} more" if len(merged) > 5 else ""
        raise UnreadableFileError(
            f"cells are merged in its columns ({told}{more}): only the first of them has a value; "
            "unmerge them and fill in what they mean"
        )
    rows = found.cells.slice(file.header_row)
    rows = rows.select(
        pl.when(~pl.col(name).is_in(["", *nothing(file)])).then(pl.col(name)).alias(f"c{place}")
        for place, name in enumerate(rows.columns[: len(columns)])
    )
    keep(connection, RAW, rows)
    return Opened(Raw(RAW, len(columns), marked=True), columns, places)


def _name(place: int) -> str:
    """The letters of a column of a sheet."""
    text, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def in_parts(connection: duckdb.DuckDBPyConnection, raw: Raw) -> Raw:
    """The same cells written down with the number of their row, to be read several times."""
    cells = ", ".join(f"c{place}" for place in range(raw.width))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {NUMBERED} AS SELECT {cells} FROM {raw.relation}"
    )
    return raw._replace(
        relation=f"(SELECT rowid + 1 AS record_no, * FROM {NUMBERED})", record="record_no"
    )


def check_size(rows: int) -> None:
    """Refuse a file of more rows than ids have room for."""
    if rows >= MOST_ROWS:
        raise UnreadableFileError(f"it has more than {MOST_ROWS:,} rows: split it")
