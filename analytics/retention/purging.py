"""The purge: a new file of what stays, its facts and its certificate, put in the old one's place.

The old file is only read.  Killed at any moment, the one or the other is there, and whole.
"""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import file_digest
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from analytics.connection import attach, connect, owners_only, remove, said
from analytics.database import Database
from analytics.duck import now
from analytics.errors import AnalyticsError, DatabaseError
from analytics.progress import Progress
from analytics.retention.copying import copy_rest
from analytics.retention.leaving import gone
from analytics.retention.plan import Plan, checked_day, found
from analytics.retention.rules import Rules
from analytics.rewriting import put_in_place

_OLD, _NEW = "old", "new"
_NUMBER = "SELECT coalesce(max(purge_no), 0) + 1 FROM purged"


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge did: its number, as in the table `purged`, what was planned, and sizes in bytes.

    `own_tables` are tables of the user's own with their rows: they were copied, not looked into.
    """

    number: int
    plan: Plan
    own_tables: dict[str, int]
    bytes_before: int
    bytes_after: int


@dataclass(frozen=True, slots=True)
class _Before:
    """The old database: the hash of its file, and the day of its facts where it has any."""

    sha256: str
    byte_count: int
    as_of: date | None
    is_built: bool


def purge(
    path: str | Path,
    rules: Rules,
    confirm: str,
    *,
    key: str | None = None,
    today: date | None = None,
    progress: Progress | bool | None = None,
) -> Purged:
    """Remove for good what is past its time on that day and no hold stops.

    `confirm` is the digest of the plan, as the dry run (`plan`) gave it.  Facts are built anew for
    the day they stood for, where there were any.  The new file is whole and on disk before it
    takes the place of the old one; room for both is needed.  The line `purge` of its audit trail
    is the certificate.  `progress` is that of the build.

    Raises AnalyticsError where nothing is due, something else is due than was confirmed, or the
    day is to come, and DatabaseError where the database is in use or the disk is full; nothing is
    changed then.
    """
    day, old = checked_day(today), Path(path).resolve()  # the file itself, not a link to it
    if not old.is_file():
        raise DatabaseError(f"no database at {path}")
    if old.stat().st_nlink > 1:
        raise DatabaseError(f"{path} has another name (a hard link), which keeps it: remove that")
    Database(path, key=key).close()  # of this library and shape; lines that wait are taken in
    part = old.with_name(f"{old.name}.part")
    remove(part)
    try:
        with ExitStack() as stack:
            stack.enter_context(owners_only())
            connection = stack.enter_context(_attached(old, key))
            before = _before(connection, old)
            with gone(connection, rules, day):
                planned = _confirmed(found(connection, rules, day), confirm)
                number, own = _copied(connection, part, key, planned)
            _finish(part, key, before, (number, planned, own), progress)
            done = Purged(number, planned, own, before.byte_count, part.stat().st_size)
            put_in_place(part, old)
        return done
    except duckdb.Error as error:
        raise DatabaseError(said(str(path), str(error), encrypted=key is not None)) from None
    except OSError as error:
        raise DatabaseError(f"{path} cannot be replaced: {error.strerror}") from None
    finally:
        remove(part)


@contextmanager
def _attached(old: Path, key: str | None) -> Generator[duckdb.DuckDBPyConnection]:
    """The old database, held open so that none else writes to it, and all of it in its file."""
    connection = connect(":memory:")
    try:
        attach(connection, str(old), _OLD, key=key)
        connection.execute("SET temp_directory = $folder", {"folder": f"{old}.tmp"})
        connection.execute(f"USE {_OLD}")
        # A log left beside it would be taken for that of the new file.
        connection.execute(f"CHECKPOINT {_OLD}")
        if old.with_name(f"{old.name}.wal").exists():
            raise DatabaseError(f"{old} has a log that is not in it yet: open and close it first")
        yield connection
    finally:
        connection.close()


def _before(connection: duckdb.DuckDBPyConnection, old: Path) -> _Before:
    with old.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    built = connection.execute("SELECT as_of FROM build_info").fetchall()
    as_of = built[0][0] if built else None
    return _Before(digest, old.stat().st_size, as_of, bool(built))


def _confirmed(planned: Plan, confirm: str) -> Plan:
    if planned.is_empty:
        raise AnalyticsError("nothing is past its time: nothing was changed")
    if planned.digest != confirm.strip().lower():
        raise AnalyticsError(
            "what is due is not what was confirmed (records, holds, rules or the day are others): "
            "nothing was changed; look at it again without --confirm"
        )
    return planned


def _copied(
    connection: duckdb.DuckDBPyConnection, part: Path, key: str | None, planned: Plan
) -> tuple[int, dict[str, int]]:
    """Write what stays to the new file and close it; the number of the purge, and own tables."""
    ((number,),) = connection.execute(_NUMBER).fetchall()
    attach(connection, str(part), _NEW, key=key)
    own = copy_rest(connection, _OLD, _NEW, gone=planned.tables, number=number, now=now())
    connection.execute(f"CHECKPOINT {_NEW}")
    connection.execute(f"DETACH {_NEW}")
    return number, own


def _finish(
    part: Path,
    key: str | None,
    before: _Before,
    did: tuple[int, Plan, dict[str, int]],
    progress: Progress | bool | None,
) -> None:
    """Write the certificate and build the facts in the new file."""
    number, planned, own = did
    with Database(part, key=key) as db:
        db.trail.note("purge", rows=planned.row_count, **_told(number, planned, own, before))
        if before.is_built:
            db.build(before.as_of, progress=progress)
        db.connection.execute("CHECKPOINT")


def _told(number: int, planned: Plan, own: dict[str, int], before: _Before) -> dict[str, Any]:
    """What the certificate says beside who, when and how many rows: never a value of a patient."""
    said = planned.to_dict()
    for name in ("groups", "digest"):
        del said[name]
    counts = ("removed", "held", "kept")
    groups = planned.groups.group_by("kind").agg(pl.col(counts).sum()).sort("kind")
    return said | {
        "purge": number,
        "plan": planned.digest,
        "kinds": {row["kind"]: {n: row[n] for n in counts} for row in groups.to_dicts()},
        "own_tables": len(own),
        "sha256_before": before.sha256,
        "bytes_before": before.byte_count,
    }
