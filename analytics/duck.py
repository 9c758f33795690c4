"""What many do with a DuckDB connection: a transaction, frames as rows or tables, the time."""

import datetime as dt
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

import duckdb
import polars as pl


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Generator[None]:
    """All or nothing."""
    connection.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    # One that fails is taken back by DuckDB, and there is nothing more to take back.
    connection.execute("COMMIT")


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
