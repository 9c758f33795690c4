"""A database written anew into a file of its own: under another key, or without what was deleted.

DuckDB marks deleted rows and reuses their blocks some day; until then their bytes stay in the file.
"""

import os
from pathlib import Path

import duckdb

from analytics.auditing import Entry, append
from analytics.connection import attach, connect, lock_down, private, remove, said
from analytics.duck import transaction
from analytics.errors import DatabaseError
from analytics.query import identifier

_OLD, _NEW = "old", "new"
_TABLES = """
SELECT table_name FROM duckdb_tables()
WHERE database_name = $name AND NOT internal AND NOT temporary
"""


def rewrite(
    path: str | Path, key: str | None, new_key: str | None, entry: Entry | None = None
) -> int:
    """Replace a database by a copy of what it holds, encrypted with `new_key`; its rows in all.

    Whole or not at all: the old file stays until the copy is complete, checked and on disk, and no
    other process can write to it meanwhile.  Needs room for both.  `entry` is a line for the new
    file's audit trail.  Raises `DatabaseError`.
    """
    old = Path(path).resolve()  # the file itself, not a link to it
    part = old.with_name(f"{old.name}.part")
    remove(part)
    connection = connect(":memory:")
    try:
        with private(str(part)):
            rows = _copied(connection, old, part, (key, new_key), entry)
        put_in_place(part, old)
        return rows
    except duckdb.Error as error:
        raise DatabaseError(said(str(path), str(error), encrypted=key is not None)) from None
    except OSError as error:
        raise DatabaseError(f"{path} cannot be replaced: {error.strerror}") from None
    finally:
        connection.close()
        remove(part)


def put_in_place(part: Path, old: Path) -> None:
    """Let a whole, closed file take the place of the old one: the one moment of change, kept."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(old)
    if os.name == "posix":  # that it was replaced outlasts a power cut
        folder = os.open(old.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _copied(
    connection: duckdb.DuckDBPyConnection,
    old: Path,
    part: Path,
    keys: tuple[str | None, str | None],
    entry: Entry | None,
) -> int:
    """Copy all to a new file and close it; the old stays open, so that none else writes to it."""
    if not old.is_file():
        raise DatabaseError(f"no database at {old}")
    attach(connection, str(old), _OLD, key=keys[0])
    # A log left beside it would be taken for that of the new file.
    connection.execute(f"CHECKPOINT {_OLD}")
    attach(connection, str(part), _NEW, key=keys[1])
    # After that: what is spilled is encrypted where one of both is.
    connection.execute("SET temp_directory = $folder", {"folder": f"{old}.tmp"})
    lock_down(connection)  # views come along, whatever they would read
    connection.execute(f"COPY FROM DATABASE {_OLD} TO {_NEW}")
    before, after = _rows(connection, _OLD), _rows(connection, _NEW)
    if before != after:
        raise DatabaseError(f"the copy of {old} is not whole: nothing was changed")
    if entry and "audit_log" in after:  # none in a database of an older version
        with transaction(connection):
            append(connection, entry, _NEW)
    connection.execute(f"CHECKPOINT {_NEW}")
    connection.execute(f"DETACH {_NEW}")
    return sum(after.values())


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, int]:
    """The rows of each table, counted."""
    found: dict[str, int] = {}
    for (table,) in connection.execute(_TABLES, {"name": name}).fetchall():
        count = f"SELECT count(*) FROM {name}.{identifier(table)}"
        ((found[table],),) = connection.execute(count).fetchall()
    return found
