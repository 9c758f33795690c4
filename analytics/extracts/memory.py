"""DuckDB's memory while an extract is read: bounded, whatever the size of the file."""

import re
from collections.abc import Generator
from contextlib import contextmanager

import duckdb

_MOST = 1_500_000_000
_UNITS = {"bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
          "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}  # fmt: skip


@contextmanager
def bounded(connection: duckdb.DuckDBPyConnection) -> Generator[None]:
    """Let DuckDB put on disk what does not fit; a database in memory keeps what it has."""
    limit, is_file = connection.execute(
        "SELECT current_setting('memory_limit'), bool_or(path IS NOT NULL AND NOT internal) "
        "FROM duckdb_databases()"
    ).fetchall()[0]
    if not is_file or _bytes(limit) <= _MOST:
        yield
        return
    connection.execute(f"SET memory_limit = '{_MOST}B'")
    try:
        yield
    finally:
        connection.execute(f"SET memory_limit = '{_bytes(limit):.0f}B'")


def _bytes(said: str) -> float:
    """The bytes of a size; DuckDB cuts it to one decimal, so half of one is added."""
    found = re.fullmatch(r"([\d.]+) ?(\w+)", said)
    return (float(found[1]) + 0.05) * _UNITS.get(found[2], 1) if found else 0.0
