"""Claims that a feed's blocks, or its order, told in pieces: put together, or taken out whole."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

import duckdb
import polars as pl

from analytics import schema
from analytics.ingest.extract import RECORDS_PER_FILE
from analytics.ingest.rules import REASONS

_CODES = ("payer_claim_diagnosis", "payer_claim_procedure")
_AMOUNTS = tuple(name for name in schema.polars_schema("payer_claim") if name.endswith("_amount"))


def combine(
    connection: duckdb.DuckDBPyConnection,
    file: int,
    faulty: Sequence[pl.Series],
    *,
    sums: bool,
    records: Iterable[pl.DataFrame] | None = None,
) -> None:
    """Settle the claims of a file just written, in the caller's transaction.

    Claims of the numbers in `faulty` leave for `rejected`, whichever block they came in; a claim
    that came in several blocks becomes one, its amounts added where `sums`.  A line that is told
    twice in the very same words counts once.  `records` tells all
    records of the file where a line is put together of several: each of them leaves.
    """
    numbers = pl.concat([pl.Series("claim_number", [], dtype=pl.String), *faulty]).unique()
    if len(numbers):
        connection.register("faulty_claim", cast("Any", numbers.to_frame()).to_arrow())
        for told in records or ():
            _reject_records(connection, file, told)
        _take_out(connection, file)
        connection.unregister("faulty_claim")
    again = connection.execute(_IN_PIECES, {"file": file}).fetchall()[0][0]
    if again:
        _join(connection, file, sums=sums)
    if connection.execute(_LINE_TWICE, {"file": file}).fetchall()[0][0]:
        _once(connection, file, sums=sums)


def _reject_records(connection: duckdb.DuckDBPyConnection, file: int, told: pl.DataFrame) -> None:
    """Note the records of the claims that leave, of which a line bears the number of the first."""
    rule = "claim_rejected"
    connection.register("told_record", cast("Any", told).to_arrow())
    connection.execute(
        _REJECT.format(records=_TOLD), {"file": file, "rule": rule, "reason": REASONS[rule]}
    )
    connection.unregister("told_record")


def _take_out(connection: duckdb.DuckDBPyConnection, file: int) -> None:
    rule = "claim_rejected"
    connection.execute(
        _REJECT.format(records=_LINES), {"file": file, "rule": rule, "reason": REASONS[rule]}
    )
    for table in ("payer_claim", "payer_claim_line", *_CODES):
        connection.execute(
            f"DELETE FROM {table} WHERE file_id = $file "
            "AND claim_number IN (SELECT claim_number FROM faulty_claim)",
            {"file": file},
        )


def _join(connection: duckdb.DuckDBPyConnection, file: int, *, sums: bool) -> None:
    connection.execute(_PIECES, {"file": file})
    if sums:
        added = ", ".join(f"sum({name}) AS {name}" for name in _AMOUNTS)
        put = ", ".join(f"{name} = total.{name}" for name in _AMOUNTS)
        connection.execute(_ADD.format(added=added, put=put), {"file": file})
    for table in _CODES:
        connection.execute(
            f"DELETE FROM {table} WHERE payer_claim_id IN (SELECT piece_id FROM piece)"
        )
    connection.execute(_MOVE, {"file": file})
    connection.execute(
        "DELETE FROM payer_claim WHERE payer_claim_id IN (SELECT piece_id FROM piece)"
    )
    connection.execute("DROP TABLE piece")


def _once(connection: duckdb.DuckDBPyConnection, file: int, *, sums: bool) -> None:
    """Take out the lines that repeat another of their claim in all they say."""
    said = [name for name in schema.polars_schema("payer_claim_line") if name not in _OWN]
    connection.execute(_REPEATED.format(said=", ".join(said)), {"file": file})
    rule = "line_repeated"
    connection.execute(
        _REJECT.format(records="SELECT record_no FROM repeated"),
        {"file": file, "rule": rule, "reason": REASONS[rule]},
    )
    connection.execute(
        "DELETE FROM payer_claim_line WHERE payer_claim_line_id IN "
        "(SELECT payer_claim_line_id FROM repeated)"
    )
    if sums:
        of_lines = [name for name in _AMOUNTS if name in said]
        added = ", ".join(f"sum({name}) AS {name}" for name in of_lines)
        put = ", ".join(f"{name} = total.{name}" for name in of_lines)
        connection.execute(_ADD_LINES.format(added=added, put=put))
    connection.execute("DROP TABLE repeated")


_OWN = ("payer_claim_line_id", "record_no")

_IN_PIECES = """
SELECT count(*) - count(DISTINCT (claim_number, claim_key, adjustment_code))
FROM payer_claim WHERE file_id = $file
"""

_LINE_TWICE = """
SELECT count(*) - count(DISTINCT (payer_claim_id, line_no))
FROM payer_claim_line WHERE file_id = $file AND payer_claim_id IS NOT NULL
"""

_REPEATED = """
CREATE OR REPLACE TEMP TABLE repeated AS
SELECT payer_claim_line_id, payer_claim_id, record_no
FROM (
    SELECT payer_claim_line_id, payer_claim_id, record_no,
        row_number() OVER (PARTITION BY {said} ORDER BY record_no) AS place
    FROM payer_claim_line
    WHERE file_id = $file AND payer_claim_id IN (
        SELECT payer_claim_id FROM payer_claim_line
        WHERE file_id = $file AND payer_claim_id IS NOT NULL
        GROUP BY payer_claim_id, line_no HAVING count(*) > 1
    )
)
WHERE place > 1
"""

_ADD_LINES = """
UPDATE payer_claim SET {put}
FROM (
    SELECT payer_claim_id, {added} FROM payer_claim_line
    WHERE payer_claim_id IN (SELECT payer_claim_id FROM repeated)
    GROUP BY payer_claim_id
) AS total
WHERE total.payer_claim_id = payer_claim.payer_claim_id
"""

# A record is rejected once, whatever else is wrong with it.
_REJECT = """
INSERT INTO rejected BY NAME
SELECT $file AS file_id, record_no, 'payer_claim_line' AS table_name, 'rejected' AS severity,
    $rule AS rule, $reason AS reason
FROM ({records})
WHERE record_no NOT IN (
    SELECT record_no FROM rejected WHERE file_id = $file AND severity = 'rejected'
)
"""

_LINES = """
SELECT DISTINCT record_no FROM payer_claim_line
WHERE file_id = $file AND claim_number IN (SELECT claim_number FROM faulty_claim)
"""

_TOLD = f"""
SELECT record_no % {RECORDS_PER_FILE} AS record_no FROM told_record
WHERE claim_number IN (SELECT claim_number FROM faulty_claim)
"""

_PIECES = """
CREATE OR REPLACE TEMP TABLE piece AS
SELECT payer_claim_id AS piece_id, first_id
FROM (
    SELECT payer_claim_id,
        min(payer_claim_id) OVER (
            PARTITION BY claim_number, claim_key, adjustment_code
        ) AS first_id
    FROM payer_claim WHERE file_id = $file
)
WHERE payer_claim_id <> first_id
"""

_ADD = """
UPDATE payer_claim SET {put}
FROM (
    SELECT coalesce(piece.first_id, held.payer_claim_id) AS whole_id, {added}
    FROM payer_claim AS held
    LEFT JOIN piece ON piece.piece_id = held.payer_claim_id
    WHERE held.file_id = $file
    GROUP BY whole_id
    HAVING count(*) > 1
) AS total
WHERE total.whole_id = payer_claim.payer_claim_id
"""

_MOVE = """
UPDATE payer_claim_line SET payer_claim_id = piece.first_id FROM piece
WHERE piece.piece_id = payer_claim_line.payer_claim_id AND payer_claim_line.file_id = $file
"""
