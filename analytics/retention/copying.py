"""A new database file of what stays: rows that go are never written to it, nor are old facts.

Rows deleted leave their bytes in a file; so does a fact dropped from it.
"""

import datetime as dt
from collections.abc import Mapping

import duckdb

from analytics import schema
from analytics.building import MARK
from analytics.duck import transaction
from analytics.errors import DatabaseError
from analytics.query import identifier
from analytics.retention.hanging import EMPTIED, removed

_FACTS = """
SELECT 'TABLE', schema_name, table_name FROM duckdb_tables()
WHERE database_name = $name AND comment = $mark
UNION ALL
SELECT 'VIEW', schema_name, view_name FROM duckdb_views()
WHERE database_name = $name AND comment = $mark
"""
_TABLES = """
SELECT schema_name, table_name FROM duckdb_tables()
WHERE database_name = $name AND NOT internal AND NOT temporary
"""
_PURGED = """
INSERT INTO {new}.main.purged BY NAME
SELECT $number AS purge_no, $now AS purged_at, * FROM gone_total
"""
_NOT_COPIED = "build_info"  # there are no facts in the new file until they are built there


def copy_rest(
    connection: duckdb.DuckDBPyConnection,
    old: str,
    new: str,
    *,
    gone: Mapping[str, int],
    number: int,
    now: dt.datetime,
) -> dict[str, int]:
    """Copy from one attached database to another, empty one, all but what goes and facts.

    `gone` says how many rows go of each core table; a copy that is short of more or fewer raises
    DatabaseError.  Gives the user's own tables with their rows: copied whole, not looked into.
    """
    with transaction(connection):  # what it drops never reaches the file
        connection.execute(f"COPY FROM DATABASE {old} TO {new} (SCHEMA)")
        found = connection.execute(_FACTS, {"name": new, "mark": MARK}).fetchall()
        for kind, *place in found:
            connection.execute(f"DROP {kind} {_place(new, *place)}")
    theirs: dict[str, int] = {}
    for home, table in connection.execute(_TABLES, {"name": new}).fetchall():
        is_core = home == "main" and table in schema.tables()
        if is_core and table == _NOT_COPIED:
            continue
        places = _place(old, home, table), _place(new, home, table)
        copied = _copy(connection, *places, core=table if is_core else None)
        if not is_core:
            theirs[table] = copied
        elif copied + gone.get(table, 0) != _count(connection, places[0]):
            raise DatabaseError(f"the copy is not whole ({table}): nothing was changed")
    connection.execute(_PURGED.format(new=new), {"number": number, "now": now})
    return theirs


def _copy(connection: duckdb.DuckDBPyConnection, old: str, new: str, core: str | None) -> int:
    """Copy the rows that stay, of a core table by its rules; gives their number."""
    goes = removed().get(core) if core else None
    where = f" WHERE NOT coalesce({goes}, FALSE)" if goes else ""
    items = "*"
    if core and core in EMPTIED:
        column, rule = EMPTIED[core]
        items = f"* REPLACE (CASE WHEN {rule} THEN NULL ELSE {column} END AS {column})"
    ((count,),) = connection.execute(
        f"INSERT INTO {new} SELECT {items} FROM {old}{where}"
    ).fetchall()
    return int(count)


def _place(catalog: str, home: str, table: str) -> str:
    return ".".join(map(identifier, (catalog, home, table)))


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    ((count,),) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    return int(count)
