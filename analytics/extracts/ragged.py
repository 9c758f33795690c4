"""Rows that the reader of delimited text could not take apart: kept out, with their place."""

from pathlib import Path

import duckdb

from analytics.errors import UnreadableFileError
from analytics.extracts.reading import REJECTS, SCANS
from analytics.extracts.stage import TABLE
from analytics.ingest.rules import REASONS
from analytics.maps import FileMap
from analytics.query import literal

_RULES = {
    "MISSING COLUMNS": "columns_differ",
    "TOO MANY COLUMNS": "columns_differ",
    "INVALID ENCODING": "text_undecodable",
    "LINE SIZE OVER MAXIMUM": "row_too_long",
    "UNQUOTED VALUE": "quote_misplaced",
}
_FOUND = "extract_ragged"


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop what an earlier read noted."""
    for name in (REJECTS, SCANS, _FOUND):
        connection.execute(f"DROP TABLE IF EXISTS {name}")


def is_any(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether there are such rows."""
    return bool(connection.execute(f"SELECT count(*) FROM {REJECTS}").fetchall()[0][0])


def collect(
    connection: duckdb.DuckDBPyConnection, file: FileMap, path: str, staged: int
) -> tuple[int, bool]:
    """Note the rows in `extract_ragged` by their number, from 1 after the header.

    Gives how many, and whether the trailer was one of those lines and was left out.
    Raises `UnreadableFileError` where a quote that is not closed hides the rest of the file.
    """
    cases = " ".join(f"WHEN '{said}' THEN '{rule}'" for said, rule in _RULES.items())
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {_FOUND} AS
        SELECT line - {file.header_row} AS no, min(CASE CAST(error_type AS VARCHAR) {cases}
            ELSE 'row_unreadable' END) AS rule, min(line_byte_position) AS begins
        FROM {REJECTS} WHERE line > {file.header_row} GROUP BY line
        """
    )
    rows = connection.execute(f"SELECT count(*), max(no) FROM {_FOUND}").fetchall()[0]
    _check_end(connection, path, staged + int(rows[0]))
    is_trailer = _drop_trailer(connection, file, path)
    return int(rows[0]) - is_trailer, is_trailer


def _check_end(connection: duckdb.DuckDBPyConnection, path: str, total: int) -> None:
    """The last row, if a quote in it is not closed, must be one line."""
    found = connection.execute(
        f"SELECT no, begins FROM {_FOUND} WHERE rule IN ('quote_misplaced', 'row_too_long') "
        "AND no >= $total",
        {"total": total},
    ).fetchall()
    for number, begins in found:
        with Path(path).open("rb") as stream:
            stream.seek(max(int(begins) - 1, 0))
            rest = stream.read(64 << 20)
        if b"\n" in rest.strip():
            raise UnreadableFileError(
                f"a quote in row {number} is not closed, and hides the rows after it: "
                'mend it, or say quote = "" in the map where quotes mean nothing'
            )


def _drop_trailer(connection: duckdb.DuckDBPyConnection, file: FileMap, path: str) -> bool:
    """The last line of a file with a trailer is no row; gives whether it was among them."""
    if not file.controls.trailer:
        return False
    last = connection.execute(
        f"SELECT no, begins FROM {_FOUND} ORDER BY no DESC LIMIT 1"
    ).fetchall()
    for number, begins in last:
        with Path(path).open("rb") as stream:
            stream.seek(max(int(begins) - 1, 0))
            text = stream.read(len(file.controls.trailer.encode()) + 4).decode("utf-8", "replace")
        if text.lstrip('\n\r"').startswith(file.controls.trailer):
            connection.execute(f"DELETE FROM {_FOUND} WHERE no = {int(number)}")
            return True
    return False


def make_room(connection: duckdb.DuckDBPyConnection, table: str = TABLE) -> str:
    """Number the rows so that those not taken apart have their place; gives the column."""
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT staged.*, staged.own + coalesce(before.count, 0) AS record_no
        FROM (SELECT rowid + 1 AS own, * FROM {table}) AS staged
        ASOF LEFT JOIN (
            SELECT no - place AS after, max(place) AS count
            FROM (SELECT no, row_number() OVER (ORDER BY no) AS place FROM {_FOUND})
            GROUP BY after
        ) AS before ON staged.own > before.after
        """
    )
    connection.execute(f"ALTER TABLE {table} DROP COLUMN own")
    return "record_no"


def statement(file_id: int, table: str) -> str:
    """What appends them to `rejected`."""
    cases = " ".join(
        f"WHEN '{rule}' THEN {literal(REASONS[rule])}"
        for rule in (*dict.fromkeys(_RULES.values()), "row_unreadable")
    )
    return f"""
        INSERT INTO rejected BY NAME
        SELECT {file_id} AS file_id, no AS record_no, '{table}' AS table_name,
            'rejected' AS severity, rule, CASE rule {cases} END AS reason
        FROM {_FOUND}
        """
