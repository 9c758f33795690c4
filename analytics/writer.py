"""Writes the extracts of a batch of files to the core tables, in the caller's transaction."""

from typing import Any, cast

import duckdb
import polars as pl

from analytics import duplicates, rows, schema
from analytics.ingest.extract import RECORDS_PER_FILE, Extract, Findings
from analytics.ingest.rules import REASONS
from analytics.ingest.x12.verdict import Verdict

IDENTITY = (
    "member_id",
    "last_name",
    "first_name",
    "birth_date",
    "sex_code",
    "postal_code",
    "state_code",
    "death_date",
)
PAYER = ("payer_code", "payer_name")
_NAMED_APART = ("patient", "payer", "provider")
_MAPS = ("payer_map", "provider_map")
# Columns that arrive as the record that names someone, and the table where that one has an id.
PEOPLE = (
    "patient_id",
    "subscriber_id",
    "corrected_patient_id",
    "other_subscriber_id",
    "previous_patient_id",
)
_MAPPED = dict.fromkeys(PEOPLE, "patient") | {"payer_id": "payer"}


class Writer:
    """The way of some files into the database.

    Frames arrive with ids that already hold the number of the file (see `Extract`).
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, first_file: int) -> None:
        self.connection = connection
        self.first_file = first_file  # the files of this batch have this number or a higher one
        # The ids of those the chunk at hand names, by table and record.
        self._named: dict[str, pl.DataFrame] = {}

    def add(self, extract: Extract) -> None:
        """Write a chunk: people, payers and providers first, then the rows that refer to them."""
        self._named.clear()
        for name, key in (("patient", IDENTITY), ("payer", PAYER)):
            if name in extract.tables:
                self._named[name] = rows.ids(self.connection, name, key, extract.tables[name])
        if "provider" in extract.tables:
            self._add_providers(extract.tables["provider"])
        for name, frame in extract.tables.items():
            if name not in _NAMED_APART:
                self._insert(name, frame)
        self._insert("rejected", extract.rejected)

    def replace_or_add(self, extract: Extract, table: str) -> None:
        """Write a side table; a map replaces the one before it, as there is one truth at a time."""
        if table in _MAPS:
            self.connection.execute(f"DELETE FROM {table}")
        self.add(extract)

    def judge(self, verdict: Verdict) -> None:
        """Write the transaction sets, and take out what belongs to rejected ones."""
        self._insert("transaction_set", verdict.sets)
        self._insert("rejected", verdict.rejected)
        self._take_out(verdict.dropped, "set_rejected")
        first = {"first_file": self.first_file}
        self.connection.execute(duplicates.CONTENT, first)
        repeated = self.connection.sql(duplicates.FIND, params=first).pl()
        if len(repeated):
            self._take_out(repeated, "duplicate_transaction")
            for statement in duplicates.MARK:
                self.connection.execute(statement, first)

    def note_unreadable(self, problems: dict[int, str], hashes: list[str]) -> None:
        """Keep a finding on each file that cannot be read, in place of one from an earlier try."""
        earlier = (
            "SELECT file_id FROM source_file WHERE format = 'unreadable' AND sha256 IN $hashes"
        )
        for table in ("rejected", "source_file"):
            text = f"DELETE FROM {table} WHERE file_id IN ({earlier})"
            self.connection.execute(text, {"hashes": hashes})
        for file, reason in problems.items():
            findings = Findings()
            records = pl.Series([file * RECORDS_PER_FILE + 1])
            findings.add(records, "source_file", "file_unreadable", reason)
            self._insert("rejected", findings.frame())

    def finish(self, files: pl.DataFrame) -> None:
        """Write the files' own rows, with counts and totals taken from what was loaded."""
        self._register(files)
        self.connection.execute(_FILES, {"first_file": self.first_file})

    def _insert(self, table: str, frame: pl.DataFrame) -> None:
        """Append a frame; the records that name someone become ids."""
        if not len(frame):
            return
        for column in set(frame.columns) & _MAPPED.keys():
            if (ids := self._named.get(_MAPPED[column])) is not None:
                frame = (
                    frame.join(
                        ids.rename({"record_no": column}),
                        on=column,
                        how="left",
                        maintain_order="left",
                    )
                    .with_columns(pl.col("id").alias(column))
                    .drop("id")
                )
        rows.append(self.connection, table, frame)

    def _register(self, frame: pl.DataFrame) -> None:
        self.connection.register("arriving", cast("Any", frame).to_arrow())

    def _add_providers(self, frame: pl.DataFrame) -> None:
        """Add the providers that are not yet known by their NPI, and taxonomies not yet known."""
        if "taxonomy_code" not in frame.columns:
            frame = frame.with_columns(taxonomy_code=pl.lit(None, pl.String))
        self._register(
            frame.group_by("npi", maintain_order=True).agg(
                pl.col("record_no", "provider_name").first(),
                pl.col("taxonomy_code").drop_nulls().first(),
            )
        )
        self.connection.execute(
            f"""
            INSERT INTO provider BY NAME
            SELECT arriving.* REPLACE (record_no % {RECORDS_PER_FILE} AS record_no),
                record_no // {RECORDS_PER_FILE} AS file_id
            FROM arriving
            WHERE NOT EXISTS (SELECT 1 FROM provider AS known WHERE known.npi = arriving.npi)
            """
        )
        self.connection.execute(
            """
            UPDATE provider SET taxonomy_code = arriving.taxonomy_code FROM arriving
            WHERE arriving.npi = provider.npi AND provider.taxonomy_code IS NULL
              AND arriving.taxonomy_code IS NOT NULL
            """
        )

    def _take_out(self, ranges: pl.DataFrame, rule: str) -> None:
        """Move all rows whose record number lies in these ranges (first, last) to `rejected`."""
        if not len(ranges):
            return
        self.connection.register("dropped", cast("Any", ranges).to_arrow())
        for table in _taken_tables():
            inside = _INSIDE.format(table=table)
            self.connection.execute(
                f"""
                INSERT INTO rejected BY NAME
                SELECT file_id, record_no, $table AS table_name, 'rejected' AS severity,
                    $rule AS rule, $reason AS reason
                FROM {table} WHERE {inside}
                """,
                {"table": table, "rule": rule, "reason": REASONS[rule]} | self._first(inside),
            )
            self.connection.execute(f"DELETE FROM {table} WHERE {inside}", self._first(inside))
        self.connection.execute(_forget_people(), {"first_file": self.first_file})

    def _first(self, text: str) -> dict[str, int]:
        return {"first_file": self.first_file} if "$first_file" in text else {}


def _taken_tables() -> list[str]:
    """The tables whose rows belong to a transaction set."""
    apart = {"source_file", "transaction_set", "rejected", *_NAMED_APART}
    return [
        name
        for name, table in schema.tables().items()
        if name not in apart and {"file_id", "record_no"} <= set(table.column_names)
    ]


# Ranges lie apart: a row can only be in the one that begins last before it.  As a sort, because
# each row against each range would take hours for a file of a million rejected sets.
_INSIDE = f"""rowid IN (
    SELECT place
    FROM (
        SELECT place, id, max("last") OVER (
            ORDER BY id, place IS NOT NULL ROWS UNBOUNDED PRECEDING) AS until
        FROM (
            SELECT rowid AS place, file_id * {RECORDS_PER_FILE} + record_no AS id, NULL AS "last"
            FROM {{table}} WHERE file_id >= $first_file
            UNION ALL SELECT NULL, "first", "last" FROM dropped
        ) AS marked
    ) AS found
    WHERE place IS NOT NULL AND id <= until)"""


def _forget_people() -> str:
    """Nobody is remembered only because of a transaction that was not loaded."""
    named = [
        f"SELECT {column} FROM {name} WHERE {column} IS NOT NULL"
        for name, table in schema.tables().items()
        for column in table.column_names
        if column in PEOPLE and name != "patient"
    ]
    return f"""
        DELETE FROM patient WHERE file_id >= $first_file
          AND patient_id NOT IN ({" UNION ".join(named)})
        """


_FILES = """
WITH kept_out AS (
    SELECT file_id, count(*) AS rejected_count FROM rejected
    WHERE file_id >= $first_file AND severity = 'rejected' GROUP BY file_id
), claims AS (
    SELECT file_id, count(*) AS claim_count, sum(billed_amount) AS billed_amount FROM claim
    WHERE file_id >= $first_file GROUP BY file_id
), lines AS (
    SELECT file_id, count(*) AS claim_line_count FROM claim_line
    WHERE file_id >= $first_file GROUP BY file_id
), payments AS (
    SELECT file_id, count(*) AS remit_claim_count, sum(paid_amount) AS paid_amount
    FROM remit_claim WHERE file_id >= $first_file GROUP BY file_id
), acknowledgements AS (
    SELECT file_id, count(*) AS acknowledgement_count FROM acknowledgement
    WHERE file_id >= $first_file GROUP BY file_id
)
INSERT INTO source_file BY NAME
SELECT arriving.*,
    coalesce(rejected_count, 0) AS rejected_count, coalesce(claim_count, 0) AS claim_count,
    coalesce(claim_line_count, 0) AS claim_line_count,
    coalesce(remit_claim_count, 0) AS remit_claim_count,
    coalesce(acknowledgement_count, 0) AS acknowledgement_count,
    coalesce(billed_amount, 0) AS billed_amount, coalesce(paid_amount, 0) AS paid_amount
FROM arriving
LEFT JOIN kept_out USING (file_id) LEFT JOIN claims USING (file_id)
LEFT JOIN lines USING (file_id) LEFT JOIN payments USING (file_id)
LEFT JOIN acknowledgements USING (file_id)
"""
