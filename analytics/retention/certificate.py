"""The certificate of a purge: its line of the audit trail, read and put into words."""

import json
from collections.abc import Iterator
from typing import Any

from analytics.database import Database
from analytics.errors import AnalyticsError

_LINES = """
SELECT entry_no, CAST(done_at AS VARCHAR) AS done_at, done_by, row_count, detail, entry_hash
FROM audit_log WHERE command = 'purge' ORDER BY entry_no
"""
_REACH = (
    "What copies, backups, exports and files loaded hold was not in its reach, nor tables of the "
    "user's own, nor what a disk keeps of files that were deleted."
)


def certificates(db: Database) -> list[dict[str, Any]]:
    """The purges of this database, oldest first, as the audit trail tells of them.

    Each has ``purge`` (its number), ``done_at`` (UTC), ``done_by``, ``row_count``, the hash of its
    line, and what the line says: the day, rules and plan, rows by table, records by kind, dollars,
    holds, and the SHA-256 of the file before.  None has a value of a patient.
    """
    rows = db.sql(_LINES).to_dicts()
    return [{**row, **json.loads(row.pop("detail"))} for row in rows]


def certificate(db: Database, number: int | None = None) -> dict[str, Any]:
    """The certificate of that purge, of the latest by default.  Raises AnalyticsError for none."""
    found = [one for one in certificates(db) if number in (None, one["purge"])]
    if not found:
        which = "there was no purge" if number is None else f"there was no purge {number}"
        raise AnalyticsError(f"{which} of this database")
    return found[-1]


def in_words(said: dict[str, Any]) -> str:
    """A certificate as a page of text."""
    return "\n".join(_lines(said)) + "\n"


def _lines(said: dict[str, Any]) -> Iterator[str]:
    yield f"Certificate of purge {said['purge']}"
    yield ""
    yield _told("Done", f"{said['done_at']} UTC by {said['done_by']}")
    yield _told("Day", f"{said['today']}: what was to be kept until a day before")
    yield _told("Rules, plan", f"{said['rules']}, {said['plan']} (hashes)")
    yield _told("Days of records", f"{said['first_day']} to {said['last_day']}")
    yield _told("Dollars", f"{said['billed_amount']} billed, {said['paid_amount']} paid")
    yield _told("Rows removed", f"{said['row_count']:,}")
    for table, count in said["tables"].items():
        yield f"    {table:<32}{count:>14,}"
    for column, count in said["emptied"].items():
        yield _told("Texts emptied", f"{column} {count:,}")
    yield _told("Payments in part", f"{said['payments_in_part']:,}")
    yield from _stays(said)
    yield _told("File before", f"SHA-256 {said['sha256_before']}, {said['bytes_before']:,} bytes")
    yield _told("Audit trail", f"line {said['entry_no']}, {said['entry_hash']}")
    yield ""
    yield _REACH


def _stays(said: dict[str, Any]) -> Iterator[str]:
    for kind, counts in said["kinds"].items():
        told = ", ".join(f"{counts[name]:,} {name}" for name in ("removed", "held", "kept"))
        yield _told(f"Records: {kind}", told)
    for hold, count in said["holds"].items():
        yield _told(f"Hold {hold}", f"stopped {count:,} units: control numbers and all of theirs")
    if said["texts_left"]:
        yield _told("Texts left", f"{said['texts_left']:,} of rejected records, held or not due")
    for column, count in said["mentions"].items():
        yield _told("Still named", f"{column}: {count:,} texts left have a word of who has gone")
    if said["own_tables"]:
        yield _told("Not looked into", f"{said['own_tables']} tables of the user's own")


def _told(name: str, value: str) -> str:
    return f"{name:<24}{value}"
