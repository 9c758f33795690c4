"""Writes the extracts of a batch of files to the core tables, in the caller's transaction."""

from typing import Any, cast

import duckdb
import polars as pl

from analytics import schema
from analytics.ingest.extract import RECORDS_PER_FILE, Extract, Findings
from analytics.ingest.rules import REASONS
from analytics.ingest.x12.verdict import Verdict

_IDENTITY = (
    "member_id",
    "last_name",
    "first_name",
    "birth_date",
    "sex_code",
    "postal_code",
    "state_code",
)
_PAYER = ("payer_code", "payer_name")
_NAMED_APART = ("patient", "payer", "provider")
_MAPS = ("payer_map", "provider_map")
_MAPPED = {"patient_id": "patient", "payer_id": "payer"}


class Writer:
    """The way of some files into the database.

    Frames arrive with ids that already hold the number of the file (see `Extract`).
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, first_file: int) -> None:
        self.connection = connection
        self.first_file = first_file  # the files of this batch have this number or a higher one
        self._named: set[str] = set()  # what the chunk at hand names, by table

    def add(self, extract: Extract) -> None:
        """Write a chunk: people, payers and providers first, then the rows that refer to them."""
        self._named.clear()
        for name, key in (("patient", _IDENTITY), ("payer", _PAYER)):
            if name in extract.tables:
                self._add_named(name, extract.tables[name], key)
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
        self.connection.execute(_CONTENT, first)
        duplicates = self.connection.sql(_DUPLICATES, params=first).pl()
        if len(duplicates):
            self._take_out(duplicates, "duplicate_transaction")
            for statement in _MARK_DUPLICATES:
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
        """Append a frame; its record numbers become ids."""
        if not len(frame):
            return
        known = schema.table(table).column_names
        columns = [c for c in frame.columns if c in known]
        self._register(frame.select(columns))
        shown, joins = [self._shown(c, apart="file_id" in known) for c in columns], ""
        if "file_id" in known and "file_id" not in columns:
            shown.append(f"arriving.record_no // {RECORDS_PER_FILE} AS file_id")
        for other in sorted(self._named & {_MAPPED.get(c, "") for c in columns}):
            joins += f" LEFT JOIN named_{other} ON named_{other}.record_no = arriving.{other}_id"
        self.connection.execute(
            f"INSERT INTO {table} BY NAME SELECT {', '.join(shown)} FROM arriving{joins}"
        )

    def _shown(self, column: str, *, apart: bool) -> str:
        """How an arriving column is written."""
        if _MAPPED.get(column) in self._named:
            return f"named_{_MAPPED[column]}.id AS {column}"
        if column == "record_no" and apart:
            return f"arriving.record_no % {RECORDS_PER_FILE} AS record_no"
        return f"arriving.{column}"

    def _register(self, frame: pl.DataFrame) -> None:
        self.connection.register("arriving", cast("Any", frame).to_arrow())

    def _add_named(self, table: str, frame: pl.DataFrame, key: tuple[str, ...]) -> None:
        """Add what is not yet known by these columns, and note which id each record stands for."""
        kinds = {c.name: c.polars for c in schema.table(table).columns}
        columns = [
            pl.col(c) if c in frame.columns else pl.lit(None, kinds[c]).alias(c) for c in key
        ]
        named = frame.select("record_no", *columns)
        named = named.filter(~pl.all_horizontal(pl.col(key).is_null()))
        self._register(named)
        same = " AND ".join(f"known.{c} IS NOT DISTINCT FROM arriving.{c}" for c in key)
        listed = ", ".join(f"arriving.{c}" for c in key)
        self.connection.execute(
            f"""
            INSERT INTO {table} BY NAME
            SELECT min(record_no) AS {table}_id, min(record_no) // {RECORDS_PER_FILE} AS file_id,
                min(record_no) % {RECORDS_PER_FILE} AS record_no, {listed}
            FROM arriving
            WHERE NOT EXISTS (SELECT 1 FROM {table} AS known WHERE {same})
            GROUP BY {listed}
            """
        )
        self.connection.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE named_{table} AS
            SELECT arriving.record_no, known.{table}_id AS id
            FROM arriving JOIN {table} AS known ON {same}
            """
        )
        self._named.add(table)

    def _add_providers(self, frame: pl.DataFrame) -> None:
        """Add the providers that are not yet known by their NPI."""
        wanted = ("npi", "record_no", "provider_name", "taxonomy_code")
        frame = frame.unique("npi", keep="first", maintain_order=True)
        self._register(frame.select([c for c in wanted if c in frame.columns]))
        self.connection.execute(
            f"""
            INSERT INTO provider BY NAME
            SELECT arriving.* REPLACE (record_no % {RECORDS_PER_FILE} AS record_no),
                record_no // {RECORDS_PER_FILE} AS file_id
            FROM arriving
            WHERE NOT EXISTS (SELECT 1 FROM provider AS known WHERE known.npi = arriving.npi)
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
        self.connection.execute(_FORGET_PEOPLE, {"first_file": self.first_file})

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

# Nobody is remembered only because of a transaction that was not loaded.
_FORGET_PEOPLE = """
DELETE FROM patient WHERE file_id >= $first_file
  AND patient_id NOT IN (
    SELECT patient_id FROM claim WHERE patient_id IS NOT NULL
    UNION SELECT patient_id FROM remit_claim WHERE patient_id IS NOT NULL
    UNION SELECT patient_id FROM eligibility WHERE patient_id IS NOT NULL)
"""

# Two sets are the same transaction when payer, trace, date and amount (835) or sender and
# reference (837) agree and so do their claims, in order.  Control numbers repeat in practice.
_CONTENT = """
WITH content AS (
    SELECT remit.remit_id AS transaction_id,
        concat_ws('|', 'remit', remit.payer_id, remit.trace_number, remit.payment_date,
            remit.payment_amount,
            string_agg(concat_ws('|', patient_control_number, status_code, charge_amount,
                paid_amount, payer_claim_number), '~' ORDER BY remit_claim.record_no)) AS body
    FROM remit
    JOIN remit_claim ON remit_claim.remit_id = remit.remit_id
    WHERE remit.file_id >= $first_file
    GROUP BY remit.remit_id, remit.payer_id, remit.trace_number, remit.payment_date,
        remit.payment_amount
    UNION ALL
    SELECT transaction_set.transaction_id,
        concat_ws('|', 'claim', sender_code, reference_number,
            string_agg(concat_ws('|', patient_control_number, billing_npi, payer_sequence_code,
                frequency_code, billed_amount, service_from_date, submission_date), '~'
                ORDER BY claim.record_no)) AS body
    FROM transaction_set
    JOIN claim ON claim.transaction_id = transaction_set.transaction_id
    WHERE transaction_set.file_id >= $first_file
    GROUP BY transaction_set.transaction_id, sender_code, reference_number
)
UPDATE transaction_set SET content_hash = md5(content.body)
FROM content WHERE content.transaction_id = transaction_set.transaction_id
"""

_SAME_AS_EARLIER = """arrived.file_id >= $first_file AND arrived.status = 'loaded'
    AND arrived.transaction_id > (
        SELECT min(earlier.transaction_id) FROM transaction_set AS earlier
        WHERE earlier.content_hash = arrived.content_hash AND earlier.status = 'loaded')"""

_DUPLICATES = f"""
SELECT transaction_id AS "first", transaction_id + segment_count - 1 AS "last"
FROM transaction_set AS arrived WHERE {_SAME_AS_EARLIER}
"""

_MARK_DUPLICATES = (
    f"""
    INSERT INTO rejected BY NAME
    SELECT file_id, record_no, 'transaction_set' AS table_name, 'rejected' AS severity,
        'duplicate_transaction' AS rule, '{REASONS["duplicate_transaction"]}' AS reason
    FROM transaction_set AS arrived WHERE {_SAME_AS_EARLIER}
    """,
    f"UPDATE transaction_set AS arrived SET status = 'rejected' WHERE {_SAME_AS_EARLIER}",
)

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
