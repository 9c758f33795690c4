"""Appends rows to core tables, and finds the id of whom a record names."""

import duckdb
import polars as pl

from analytics import schema
from analytics.duck import once
from analytics.ingest.extract import RECORDS_PER_FILE

_RECORD = "record_no"


def append(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Append rows; their record numbers become places in their file.

    Columns that the frame does not have stay empty.  No name is registered for it: that would keep
    every frame of a transaction in memory until its end.
    """
    kinds = schema.polars_schema(table)
    shown = [
        _shown(column, kind, frame, apart="file_id" in kinds) for column, kind in kinds.items()
    ]
    once(connection, frame.select(shown)).insert_into(table)


def _shown(name: str, kind: pl.DataType, frame: pl.DataFrame, *, apart: bool) -> pl.Expr:
    """How a column is written."""
    if name in frame.columns:
        column = pl.col(name)
        return column % RECORDS_PER_FILE if apart and name.endswith(_RECORD) else column
    if name == "file_id":
        return (pl.col(_RECORD) // RECORDS_PER_FILE).alias(name)
    return pl.lit(None, kind).alias(name)


def ids(
    connection: duckdb.DuckDBPyConnection, table: str, key: tuple[str, ...], frame: pl.DataFrame
) -> pl.DataFrame:
    """The id each record (`record_no`) stands for; who is not known by these columns is added.

    A record that says nothing names nobody, and is not in the answer.
    """
    kinds = schema.polars_schema(table)
    columns = [pl.col(c) if c in frame.columns else pl.lit(None, kinds[c]).alias(c) for c in key]
    named = frame.select("record_no", *columns)
    named = named.filter(~pl.all_horizontal(pl.col(key).is_null())).with_columns(
        first_no=pl.col("record_no").min().over(key)
    )
    distinct = named.filter(pl.col("record_no") == pl.col("first_no"))
    same = " AND ".join(f"known.{c} IS NOT DISTINCT FROM arriving.{c}" for c in key)
    arriving = once(connection, distinct).set_alias("arriving")
    known = (
        arriving.join(connection.table(table).set_alias("known"), same)
        .project(f"arriving.first_no, known.{table}_id AS id")
        .pl()
    )
    fresh = distinct.join(known, on="first_no", how="anti")
    append(connection, table, fresh.with_columns(pl.col(_RECORD).alias(f"{table}_id")))
    known = pl.concat([known, fresh.select("first_no", id="record_no")])
    return named.select("record_no", "first_no").join(known, on="first_no").drop("first_no")
