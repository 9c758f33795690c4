"""A database's core tables as a folder of Parquet files, and back."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from analytics import schema, words
from analytics.duck import transaction, why
from analytics.errors import DatabaseError
from analytics.query import literal

MANIFEST = "tables.json"  # written last: a folder without it is not whole
# What a database says of itself, not of what was loaded into it.
OWN = ("schema_info", "build_info", "audit_log", "audit_head")


def kept() -> list[str]:
    """The core tables that a folder holds."""
    return [name for name in schema.tables() if name not in OWN]


def copy(connection: duckdb.DuckDBPyConnection, name: str, part: Path) -> int:
    """Write the rows of a table, fact or view to a file that is there; gives their number.

    Raises OSError where it cannot be written, without a value of a row.
    """
    found = words.spelled(connection.sql(f'FROM "{name}"'))
    return copied(connection, found.sql_query(), part, "FORMAT parquet, COMPRESSION zstd")


def copied(connection: duckdb.DuckDBPyConnection, sql: str, part: Path, form: str) -> int:
    """Write the rows of a query to a file that is there, in this form of DuckDB's COPY."""
    try:
        # Without USE_TMP_FILE the file stays the one made for its owner alone.
        found = connection.execute(
            f"COPY ({sql}) TO {literal(str(part))} ({form}, USE_TMP_FILE false)"
        )
        return int(found.fetchall()[0][0])
    except duckdb.Error as error:
        raise OSError(None, why(error)) from None


def manifest(rows: Mapping[str, int]) -> str:
    """What the folder says of itself: the shape of its tables and the rows of each, as JSON."""
    return json.dumps({"schema_version": schema.version(), "rows": dict(rows)}, indent=2) + "\n"


def fill(connection: duckdb.DuckDBPyConnection, folder: Path, note: Callable[[int], None]) -> None:
    """Fill the empty core tables of a database from a folder.  All or nothing.

    `note` is told the rows of all tables, in the same transaction.

    Raises DatabaseError where the folder is not whole, of another shape, or was changed since.
    """
    try:
        said = (folder / MANIFEST).read_text(encoding="utf-8")
    except (OSError, ValueError):
        said = ""
    rows = rows_of(said, folder)
    try:
        with transaction(connection):
            for name in kept():
                connection.execute(f"DELETE FROM {name}")  # a new one has the shipped code maps
                file = folder / f"{name}.parquet"
                sql = f"INSERT INTO {name} BY NAME FROM read_parquet({literal(str(file))})"
                ((count,),) = connection.execute(sql).fetchall()
                if count != rows.get(name):
                    raise DatabaseError(f"{file} does not hold the rows that {MANIFEST} tells of")
            note(sum(rows.values()))
    except duckdb.Error:
        raise DatabaseError(f"{folder} cannot be read: a file is missing or damaged") from None


def rows_of(said: str, folder: str | Path) -> dict[str, int]:
    """The rows of each table, by what the manifest says.

    Raises DatabaseError where the folder cannot be of this library.
    """
    try:
        told: Any = json.loads(said)
        version, rows = told["schema_version"], dict(told["rows"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise DatabaseError(
            f"{folder} is not a whole Parquet export: {MANIFEST} is missing or damaged"
        ) from None
    if version != schema.version():
        raise DatabaseError(
            f"{folder} was written by another version of this library: load the files anew"
        )
    return rows
