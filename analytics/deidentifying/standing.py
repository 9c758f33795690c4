"""What stands in a database: its tables and columns, and what of them is not the library's."""

from collections.abc import Mapping

import duckdb

from analytics import built_from, facts, schema
from analytics.deidentifying.declared import columns
from analytics.errors import DatabaseError

_COLUMNS = """
SELECT schema_name || '.' || table_name, list([column_name, data_type] ORDER BY column_index)
FROM duckdb_columns()
WHERE database_name = $name AND NOT internal
GROUP BY ALL
"""
# What tells of the original's facts what they were built of is not copied: no file is loaded after.
_LEFT = frozenset(fact.name for fact in facts.ALL if fact.is_view) | {built_from.TABLE}


def standing(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, dict[str, str]]:
    """The types of the columns of every table and view attached under a name."""
    found = connection.execute(_COLUMNS, {"name": name}).fetchall()
    return {table.removeprefix("main."): dict(listed) for table, listed in found}


def unknown(found: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Tables, views and columns of which nothing is declared, by name."""
    declared, names = columns(), list[str]()
    for table, held in found.items():
        if table in declared:
            names += [f"{table}.{column}" for column in held if column not in declared[table]]
        elif table not in _LEFT:
            names.append(table)
    return sorted(names)


def check(found: Mapping[str, Mapping[str, str]], *, drop: bool) -> list[str]:
    """What is left out of a copy.

    Raises DatabaseError where there is something that is to be neither declared nor dropped, and
    where a table or fact of the library is missing.
    """
    extra = unknown(found)
    if extra and not drop:
        raise DatabaseError(
            f"{extra[0]} is not of this library, and what it holds is not known"
            f"{f' ({len(extra)} such in all)' if len(extra) > 1 else ''}: "
            "drop it, or leave all such out by --drop-unknown"
        )
    wanted = {*schema.tables(), *facts.NAMES}
    if missing := wanted - set(found):
        raise DatabaseError(f"{min(missing)} is missing: run revcycle build")
    return extra
