"""Extracts on their way into the database, by a column map."""

import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import duckdb
import polars as pl

from analytics import extracts
from analytics.arrivals import Arrival, finish, next_file, note_problem
from analytics.database import Database
from analytics.duck import transaction, why
from analytics.errors import DatabaseError, UnreadableFileError
from analytics.ingest.files import Source
from analytics.load_report import FileReport, file_reports
from analytics.maps import FileMap
from analytics.reread import forget, is_purged
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
    with ThreadPoolExecutor(1) as pool:
        hashing = pool.submit(source.sha256)
        try:
            known, is_same = None, False
            # The first file of a map cannot be there already: it is read while it is hashed.
            if not extracts.is_new(db.connection, file):
                known, is_same = extracts.same_bytes(db.connection, hashing.result(), file)
            if known is not None and (is_same or is_purged(db.connection, known)):
                return replace(file_reports(db, [known], "already loaded")[0], name=source.name)
            return _loaded(db, source, file, hashing.result, known, accept_columns, tell)
        except (OSError, UnreadableFileError) as error:
            problem = getattr(error, "strerror", None) or str(error)
            return FileReport(source.name, "unreadable", problem=problem)


def _loaded(
    db: Database,
    source: Source,
    file: FileMap,
    sha256: Callable[[], str],
    known: int | None,
    accept_columns: bool,
    tell: Callable[[float], None] | None,
) -> FileReport:
    """Read and write it.  Raises OSError or UnreadableFileError where it cannot be hashed."""
    named = replace(source, member=file.sheet) if file.sheet and not source.places else source
    number = next_file(db)

    def arrival() -> Arrival:
        return Arrival(named, sha256(), source.byte_count, known)

    try:
        with (
            watched(db.connection, tell if source.byte_count > _SMALL else None),
            extracts.ready(
                db.connection, source, file, number, earlier=known, accept_columns=accept_columns
            ) as ready,
            transaction(db.connection),
        ):
            if known is not None:
                forget(db.connection, {known: number})
            ready.write()
            writer = Writer(db.connection, number)
            finish(db, writer, {number: arrival()}, {number: ready.read}, {}, "extract")
    except UnreadableFileError as error:
        return note_problem(db, arrival(), str(error))[named]
    except (OSError, EOFError, zlib.error, pl.exceptions.PolarsError) as error:
        problem = getattr(error, "strerror", None) or f"not readable ({type(error).__name__})"
        return note_problem(db, arrival(), problem)[named]
    except duckdb.Error as error:
        raise DatabaseError(f"{db.path} cannot be written: {why(error)}") from None
    return replace(file_reports(db, [number], "loaded")[0], replaced_rows=ready.replaced)
