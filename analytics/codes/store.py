"""The maps a database holds: each whole, with its version and the file it came from."""

from collections.abc import Sequence
from hashlib import sha256

import duckdb
import polars as pl

from analytics.codes.shipped import MAPS, shipped, shipped_version, version_of
from analytics.duck import now, once

HELD = "SELECT map_name, file_name, version FROM code_map ORDER BY map_name"


def put(
    connection: duckdb.DuckDBPyConnection, name: str, rows: pl.DataFrame, file_name: str | None
) -> str:
    """Replace a map, in the caller's transaction; gives back its version.

    `file_name` is None for a map that came with the library.
    """
    version = version_of(name, rows)
    connection.execute(f"DELETE FROM {name}")
    known = rows.select(c if c in MAPS[name].columns else pl.lit(None).alias(c)
                        for c in connection.table(name).columns)  # fmt: skip
    once(connection, known).insert_into(name)
    connection.execute("DELETE FROM code_map WHERE map_name = $name", {"name": name})
    connection.execute(
        "INSERT INTO code_map VALUES ($name, $file, $version, $count, $now)",
        {
            "name": name,
            "file": file_name,
            "version": version,
            "count": len(rows),
            "now": now(),
        },
    )
    return version


def refresh(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring the maps that no user replaced to those of this version of the library."""
    held = {name: (file, version) for name, file, version in connection.execute(HELD).fetchall()}
    for name in MAPS:
        file, version = held.get(name, (None, ""))
        if file is None and version != shipped_version(name):
            put(connection, name, shipped(name), None)


def in_use(connection: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    """The maps the next build uses: one hash over all of them, and words that name each."""
    told = [
        (name, file, version if file else shipped_version(name))
        for name, file, version in connection.execute(HELD).fetchall()
    ]
    return described(told)


def described(told: Sequence[tuple[str, str | None, str]]) -> tuple[str, str]:
    """Maps by name, file and version: one hash over all of them, and words that name each."""
    whole = sha256("".join(f"{name} {version}\n" for name, _, version in told).encode())
    key = whole.hexdigest()[:12]
    if not any(file for _, file, _ in told):
        return key, f"as shipped ({key})"
    each = [f"{name} {f'from {file}' if file else 'as shipped'} ({v})" for name, file, v in told]
    return key, ", ".join(each)
