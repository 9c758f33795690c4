"""What many do with a DuckDB connection: a transaction, frames as rows or tables, the time."""

import datetime as dt
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any, cast

import duckdb
import polars as pl

from analytics.errors import NotWrittenError

# What the engine says of its surroundings, and what it means; all else may quote a value.
_WHY = {
    "no space left": "the disk is full",
    "file too large": "no file may grow as large",
    "disk quota": "the disk quota is used up",
    "read-only file system": "the file system is read-only",
    "permission denied": "there is no permission to",
    "conflict": "something else changed it meanwhile",
    "out of memory": "it needs more memory than it may have",
    "max_temp_directory_size": "it needs more room for what memory does not hold",
}


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Generator[None]:
    """All or nothing.  Raises `NotWrittenError` where it cannot be written."""
    connection.execute("BEGIN TRANSACTION")
    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        with suppress(duckdb.Error):  # what went wrong may have ended it
            connection.execute("ROLLBACK")
        if (reason := why(error)) in _WHY.values():
            raise NotWrittenError(reason) from None
        raise
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    try:
        connection.execute("COMMIT")
    except duckdb.Error as error:  # DuckDB has taken it back: there is nothing more to take back
        raise NotWrittenError(why(error)) from None


def why(error: duckdb.Error) -> str:
    """What an error of the engine comes of, in words that quote no value; else its kind."""
    said = str(error).lower()
    return next((words for mark, words in _WHY.items() if mark in said), type(error).__name__)


def is_open(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether statements share a transaction.  To begin another would spoil it."""
    number = "SELECT txid_current()"
    try:
        first, second = (connection.execute(number).fetchall() for _ in range(2))
    except duckdb.TransactionException:  # one that has failed, and waits for its ROLLBACK
        return True
    return first == second


def once(connection: duckdb.DuckDBPyConnection, frame: pl.DataFrame) -> duckdb.DuckDBPyRelation:
    """A frame as rows to read once.

    As a stream: tables of pyarrow go through its own scanner and threads, which takes a tenth more
    and half a second to import.
    """
    return connection.from_arrow(cast("Any", frame).__arrow_c_stream__())


def keep(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Write a frame down as a temporary table."""
    connection.register("frame_arriving", cast("Any", frame).to_arrow())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM frame_arriving")
    connection.unregister("frame_arriving")


def now() -> dt.datetime:
    """The time as tables hold it: UTC, without a zone."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)
