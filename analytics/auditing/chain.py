"""Appending to the trail, in the transaction of what is told of: both are there, or neither."""

import duckdb

from analytics.auditing.entry import START, Entry, chained
from analytics.errors import DatabaseError
from analytics.query import identifier


def begin(connection: duckdb.DuckDBPyConnection) -> None:
    """Make a new database's trail ready: no line yet."""
    connection.execute("INSERT INTO audit_head VALUES (0, $start)", {"start": START})


def append(connection: duckdb.DuckDBPyConnection, entry: Entry, catalog: str | None = None) -> None:
    """Append a line in the caller's transaction, to the database attached under that name.

    The row of `audit_head` is changed first: of two transactions that would both be the next line
    DuckDB refuses the second, so that the chain never forks.
    """
    # In full: a fact's build hides names of the database by temporary ones.
    home = catalog or connection.execute("SELECT current_database()").fetchall()[0][0]
    place = f"{identifier(home)}.main."
    ends = connection.execute(f"FROM {place}audit_head").fetchall()
    if len(ends) != 1:
        raise DatabaseError("the end of the audit trail is missing: run revcycle audit verify")
    ((count, previous),) = ends
    row = entry.row(count + 1)
    row |= {"previous_hash": previous, "entry_hash": chained(row, previous)}
    connection.execute(
        f"UPDATE {place}audit_head SET entry_count = $count, entry_hash = $hash",
        {"count": count + 1, "hash": row["entry_hash"]},
    )
    names = ", ".join(row)
    values = ", ".join(f"${name}" for name in row)
    connection.execute(f"INSERT INTO {place}audit_log ({names}) VALUES ({values})", row)
