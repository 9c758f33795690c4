"""Which lines of the audit trail are of the files that a claim came from."""

import json
from typing import Any

import polars as pl

from analytics.database import Database
from analytics.fact import text

SCHEMA = {
    "entry_no": pl.Int64,
    "done_at": pl.String,
    "done_by": pl.String,
    "command": pl.String,
    "file_names": pl.String,
}


def lines(db: Database, files: pl.DataFrame) -> pl.DataFrame:
    """One row per line that loaded some of `files`, with the names of those alone."""
    names = files["file_name"].to_list()
    found = db.sql(text("evidence", "trail"), names=names or [""])  # pyright: ignore[reportArgumentType]
    rows = [_row(line, files) for line in found.iter_rows(named=True)]
    return pl.DataFrame([row for row in rows if row], schema=SCHEMA)


def _row(line: dict[str, Any], files: pl.DataFrame) -> dict[str, Any] | None:
    """The line, where it loaded any: a name may have been loaded twice, with another content."""
    first = json.loads(line["detail"]).get("first_file_id", 0)
    last = first + len(line["file_names"]) - 1
    own = files.filter(
        pl.col("file_id").is_between(first, last) & pl.col("file_name").is_in(line["file_names"])
    )
    if own.is_empty():
        return None
    kept = {name: line[name] for name in ("entry_no", "done_at", "done_by", "command")}
    return kept | {"file_names": ", ".join(own["file_name"].to_list())}
