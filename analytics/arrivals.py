"""What all files need on their way into the database: a number, and their own row."""

from dataclasses import dataclass

import polars as pl

from analytics.database import Database
from analytics.duck import now, transaction
from analytics.ingest.files import Source
from analytics.load_report import FileReport, file_reports
from analytics.writer import Writer

# Files of this load have the highest numbers.  Of X12 a row is a claim, line, payment or answer.
_LOADED = """
SELECT
    CAST(sum(record_count) AS BIGINT),
    CAST(sum(CASE
        WHEN format = 'x12'
            THEN claim_count + claim_line_count + remit_claim_count + acknowledgement_count
        WHEN format = 'unreadable' THEN 0
        ELSE record_count - rejected_count
    END) AS BIGINT),
    CAST(sum(rejected_count) AS BIGINT),
    count(*) FILTER (WHERE format = 'unreadable')
FROM source_file
WHERE file_id >= $first
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file to read: not yet in the database, or kept out in part by an option of then."""

    source: Source
    sha256: str
    byte_count: int
    earlier: int | None = None  # its number from the reading that this one replaces


def note_problem(db: Database, arrival: Arrival, problem: str) -> dict[Source, FileReport]:
    """Note a file that cannot be read."""
    first = next_file(db)
    with transaction(db.connection):
        finish(db, Writer(db.connection, first), {first: arrival}, {}, {first: problem}, "")
    return {arrival.source: file_reports(db, [first], "loaded")[0]}


def next_file(db: Database) -> int:
    """The number of the next file."""
    return int(db.sql("SELECT coalesce(max(file_id), 0) + 1 AS n FROM source_file").item())


def finish(
    db: Database,
    writer: Writer,
    numbered: dict[int, Arrival],
    counts: dict[int, int],
    problems: dict[int, str],
    kind: str,
) -> None:
    """Write the rows of `source_file`, readable or not, and a line of the audit trail."""
    writer.note_unreadable(problems, [arrival.sha256 for arrival in numbered.values()])
    at = now()
    rows = [
        (f, a.source.name, a.sha256, "unreadable" if f in problems else kind, a.byte_count, at)
        for f, a in numbered.items()
    ]
    names = ("file_id", "file_name", "sha256", "format", "byte_count", "loaded_at")
    frame = pl.DataFrame(rows, schema=names, orient="row")
    found = pl.Series("record_count", [counts.get(f, 0) for f in numbered], dtype=pl.Int64)
    writer.finish(frame.with_columns(found))
    _note(db, min(numbered), [a.source.name for a in numbered.values()])


def _note(db: Database, first: int, names: list[str]) -> None:
    ((read, loaded, rejected, unreadable),) = db.connection.execute(
        _LOADED, {"first": first}
    ).fetchall()
    db.trail.note(
        "load", files=names, rows=loaded, rejected=rejected,
        first_file_id=first, records=read, unreadable_files=unreadable,
    )  # fmt: skip
