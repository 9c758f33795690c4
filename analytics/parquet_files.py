"""Which Parquet files hold the rows of each table of a folder, as its manifest says."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analytics import schema
from analytics.query import literal


def named(told: Mapping[str, Any], table: str) -> list[str]:
    """The places of a table's rows within the folder: files, or folders of files.

    `told` is what `tables.json` says; a folder that was exported has one file a table.
    """
    files: Mapping[str, Sequence[str]] = told.get("files") or {}
    return list(files.get(table, [f"{table}.parquet"]))


def read(folder: Path, told: Mapping[str, Any], table: str) -> str:
    """SQL of DuckDB for the rows of a table."""
    columns = schema.table(table).columns
    paths = [folder / name for name in named(told, table)]
    found = [
        f for path in paths for f in (sorted(path.glob("*.parquet")) if path.is_dir() else [path])
    ]
    if not found:
        empty = ", ".join(f"CAST(NULL AS {c.type}) AS {c.name}" for c in columns)
        return f"SELECT {empty} WHERE FALSE"
    listed = ", ".join(literal(str(file)) for file in found)
    names = ", ".join(c.name for c in columns)
    return f"SELECT {names} FROM read_parquet([{listed}], hive_partitioning = false)"
