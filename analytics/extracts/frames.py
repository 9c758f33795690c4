"""Polars frames as temporary tables."""

from typing import Any, cast

import duckdb
import polars as pl


def keep(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Write a frame down as a temporary table."""
    connection.register("extract_arriving", cast("Any", frame).to_arrow())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM extract_arriving")
    connection.unregister("extract_arriving")
