"""Lines of what only reads a database: a report takes no lock from others to tell of itself.

Each waits as a file of its own in the folder ``DATABASE.audit`` until the database is next opened
to write, and is then appended.  Files appear whole or not at all, and the key of a line keeps one
from being appended twice, so that processes need no lock and may be killed at any moment.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb

from analytics.auditing.chain import append
from analytics.auditing.entry import Entry, canonical
from analytics.duck import transaction

_ENDING = ".json"


def leave(connection: duckdb.DuckDBPyConnection, path: Path, entry: Entry) -> None:
    """Leave a line beside the database file, readable by its owner only.  Raises OSError."""
    place = _place(path)
    place.mkdir(mode=0o700, exist_ok=True)
    text = canonical({"database": _own(connection), "entry": json.loads(entry.text())})
    part = place / f"{entry.entry_key}.part"
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(part.with_suffix(_ENDING))


def waiting(path: Path) -> int:
    """How many lines wait beside a database file."""
    return sum(1 for _ in _files(path))


def take_in(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Append the lines that wait, oldest first, and then take their files away.

    One of another database, as of an older one of this name, or that cannot be read, stays.
    """
    own, found = "", list[tuple[Entry, Path]]()
    for file in _files(path):
        own = own or _own(connection)
        if entry := _read(file, own):
            found.append((entry, file))
    if not found:
        return
    known = set(connection.execute("SELECT entry_key FROM audit_log").fetchall())
    with transaction(connection):
        for entry, _ in sorted(found, key=lambda one: one[0].done_at):
            if (entry.entry_key,) not in known:
                append(connection, entry)
    for _, file in found:
        file.unlink(missing_ok=True)


def _place(path: Path) -> Path:
    return path.with_name(f"{path.name}.audit")


def _files(path: Path) -> Iterator[Path]:
    return _place(path).glob(f"*{_ENDING}")


def _own(connection: duckdb.DuckDBPyConnection) -> str:
    """What tells a database from another: when it was made."""
    ((made,),) = connection.execute("SELECT created_at FROM schema_info").fetchall()
    return str(made)


def _read(file: Path, own: str) -> Entry | None:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        return Entry.read(said["entry"]) if said["database"] == own else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
