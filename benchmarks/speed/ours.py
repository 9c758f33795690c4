"""What the project does with files: to frames, into a DuckDB file, into one with its facts."""

import json
import os
import time
from contextlib import suppress
from pathlib import Path

import duckdb
import polars as pl

import analytics.loader
from analytics import Database, load, schema
from analytics.ingest.files import Source
from analytics.ingest.x12.read import Reader

# Imports are no part of the time.  Where nothing is compiled yet, importing this is what takes it.
if "NUMBA_CACHE_DIR" not in os.environ:
    with suppress(ImportError):
        import analytics.ingest.x12.compiled  # noqa: F401

TABLES = {
    "claims": ("claim", "remit_claim"),
    "lines": ("claim_line", "remit_line"),
    "adjustments": ("adjustment", "claim_other_payer_adjustment"),
}


def read(path: str) -> dict[str, int]:
    """Typed frames of all tables, chunk by chunk, and the verdict on the sets."""
    reader = Reader(expected_bytes=Path(path).stat().st_size)
    found = dict.fromkeys(TABLES, 0)
    for extract in reader.extracts([(1, Source(Path(path)).open)]):
        for name, tables in TABLES.items():
            found[name] += sum(len(extract.tables.get(table, ())) for table in tables)
    reader.verdict()
    return found


def load_only(*paths: str) -> dict[str, int]:
    """Into a new DuckDB file."""
    with Database("load.duckdb") as db:
        report = load(db, list(paths), progress=False)
        return {"claims": report.total("claims") + report.total("remit_claims")}


def load_and_build(database: str, *paths: str) -> dict[str, float]:
    """Into a new DuckDB file, and the facts made of it."""
    start = time.perf_counter()
    for old in (Path(database), Path(f"{database}.wal")):
        old.unlink(missing_ok=True)
    with Database(database) as db:
        load(db, list(paths), progress=False)
        loaded = time.perf_counter()
        db.build(progress=False)
    return {"load_seconds": loaded - start, "build_seconds": time.perf_counter() - loaded}


def export(database: str, folder: str) -> dict[str, int]:
    """Writes every core table that holds rows to CSV, with the types of its columns beside it."""
    rows, types = 0, {}
    with duckdb.connect(database, read_only=True) as connection:
        for name, table in schema.tables().items():
            count = connection.sql(f"SELECT count(*) FROM {name}").fetchall()[0][0]
            if count:
                rows += count
                types[name] = {column.name: column.type for column in table.columns}
                connection.sql(f"COPY {name} TO '{folder}/{name}.csv' (HEADER)")
    (Path(folder) / "types.json").write_text(json.dumps(types))
    size = sum(path.stat().st_size for path in Path(folder).glob("*.csv"))
    return {"rows": rows, "bytes": size, "tables": len(types)}


def threads() -> dict[str, int]:
    """How many threads the engines below use."""
    with duckdb.connect() as connection:
        found = connection.execute("SELECT current_setting('threads')").fetchall()[0][0]
    return {"polars": pl.thread_pool_size(), "duckdb": int(found)}


STEPS = {
    "read": read,
    "load": load_only,
    "load and build": load_and_build,
    "export": export,
    "threads": threads,
}
