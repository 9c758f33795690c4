"""Extracts on their way into the database, by a column map."""

import zlib
from collections.abc import Callable
from dataclasses import replace

import duckdb
import polars as pl

from analytics import extracts
from analytics.arrivals import Arrival, finish, next_file, note_problem, transaction
from analytics.database import Database
from analytics.errors import DatabaseError, UnreadableFileError
from analytics.ingest.files import Source
from analytics.load_report import FileReport, file_reports
from analytics.maps import FileMap
from analytics.reread import forget
from analytics.watching import watched
from analytics.writer import Writer

_SMALL = 1 << 20  # bytes; a file of fewer is loaded before a bar could move


def load_extract(
    db: Database,
    source: Source,
    file: FileMap,
    accept_columns: bool,
    tell: Callable[[float], None] | None = None,
) -> FileReport:
    """Load a file as a map says, in one transaction; `tell` is told the share that is done."""
    try:
        sha256 = source.sha256()
    except (OSError, UnreadableFileError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        return FileReport(source.name, "unreadable", problem=problem)
    known, is_same = extracts.same_bytes(db.connection, sha256, file)
    if known is not None and is_same:
        return replace(file_reports(db, [known], "already loaded")[0], name=source.name)
    named = replace(source, member=file.sheet) if file.sheet and not source.places else source
    arrival = Arrival(named, sha256, source.byte_count, known)
    number = next_file(db)
    try:
        with (
            watched(db.connection, tell if source.byte_count > _SMALL else None),
            extracts.ready(
                db.connection, source, file, number, earlier=known, accept_columns=accept_columns
            ) as ready,
            transaction(db),
        ):
            if known is not None:
                forget(db.connection, {known: number})
            ready.write()
            writer = Writer(db.connection, number)
            finish(db, writer, {number: arrival}, {number: ready.read}, {}, "extract")
    except UnreadableFileError as error:
        return note_problem(db, arrival, str(error))[named]
    except (OSError, EOFError, zlib.error, pl.exceptions.PolarsError) as error:
        problem = getattr(error, "strerror", None) or f"not readable ({type(error).__name__})"
        return note_problem(db, arrival, problem)[named]
    except duckdb.Error as error:
        raise DatabaseError(f"{db.path} cannot be written: {type(error).__name__}") from error
    return replace(file_reports(db, [number], "loaded")[0], replaced_rows=ready.replaced)
