"""Commands of the audit trail: audit show, audit verify."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from analytics import auditing
from analytics.cli.console import (
    DEFAULT_DATABASE,
    FINDINGS,
    AsCsv,
    AsJson,
    DatabasePath,
    app,
    opened,
    opened_to_build,
    write,
    write_json,
)
from analytics.database import Database
from analytics.errors import DatabaseError

audit = typer.Typer(no_args_is_help=True, help="Who did what to the database, and when.")
app.add_typer(audit, name="audit")

_SHOWN = """
SELECT entry_no, CAST(done_at AS VARCHAR) AS done_at, done_by, command,
    array_to_string(file_names, ', ') AS file_names, row_count, rejected_count, detail,
    key_fingerprint, entry_hash
FROM audit_log
ORDER BY entry_no
"""
# For the eye: to the second, and of many files the first.
_IN_SHORT = """
SELECT entry_no, strftime(done_at, '%Y-%m-%d %H:%M:%S') AS done_at, done_by, command,
    CASE WHEN len(file_names) > 2
        THEN format('{} and {:,} more', file_names[1], len(file_names) - 1)
        ELSE array_to_string(file_names, ', ') END AS file_names, row_count, rejected_count, detail
FROM audit_log
ORDER BY entry_no
"""


@audit.command("show")
def show(
    database: DatabasePath = DEFAULT_DATABASE, as_json: AsJson = False, as_csv: AsCsv = False
) -> None:
    """List the lines of the trail; times are UTC.  --json and --csv name every file and hash."""
    with _taken_in(database) as db:
        frame = db.sql(_SHOWN if as_json or as_csv else _IN_SHORT)
    write(frame, as_json=as_json, as_csv=as_csv)
    _tell_waiting(database)


@audit.command("verify")
def verify(
    database: DatabasePath = DEFAULT_DATABASE,
    head: Annotated[
        str | None,
        typer.Option("--head", help="A hash that an earlier verify gave, kept elsewhere."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check the chain of hashes.  Exit code 1, and which line, if one was changed or is missing.

    That the end was cut off, or all of it written anew, shows only against a head kept elsewhere.
    """
    with _taken_in(database) as db:
        found = auditing.verify(db.connection, head.strip().lower() if head else None)
    if as_json:
        told = {"lines": found.count, "head": found.head, "is_whole": found.is_whole}
        told |= {"line": found.line, "problem": found.problem}
        write_json(told | {"waiting": auditing.waiting(database)})
    elif found.is_whole:
        typer.echo(f"{found.count:,} lines, whole; head {found.head}")
    else:
        typer.echo(f"line {found.line}: {found.problem}")
    _tell_waiting(database)
    if not found.is_whole:
        raise typer.Exit(FINDINGS)


def _taken_in(database: Path) -> Database:
    """The database, lines that waited appended; to be read only where it cannot be written."""
    if not auditing.waiting(database):
        return opened(database)
    with suppress(DatabaseError):  # in use, or not ours to write: what can be read is told of
        opened_to_build(database).close()
    return opened(database)


def _tell_waiting(database: Path) -> None:
    if count := auditing.waiting(database):
        typer.echo(
            f"{count:,} lines wait in {database}.audit until the database can be written", err=True
        )
