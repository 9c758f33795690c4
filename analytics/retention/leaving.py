"""What a purge would remove, as temporary tables: units past their time that no hold stops."""

import datetime as dt
from collections.abc import Generator
from contextlib import contextmanager

import duckdb

from analytics.fact import text
from analytics.facts_ties import acknowledgement_tie
from analytics.retention.hanging import REMOVED, SIDES, person_columns
from analytics.retention.rules import Rules
from analytics.retention.standing import units

_TABLES = (
    "unit", "tie", "number", "claim", "remit_claim", "payer_claim", "cover", "remit", "set",
    "acknowledgement", "feed_claim", "word", "reference", "person", "mark", "link", "file", "text",
    "hold", "total",
)  # fmt: skip
# The audit trail stays, whatever a rule says: each of its lines holds the hash of the one before.
_UNITS = """
CREATE TEMP TABLE gone_unit AS
SELECT unit FROM retention_unit
WHERE keep_until < $today AND NOT is_held AND NOT starts_with(unit, 'audit_log ')
"""
# As if today were the last day there is: what an acknowledgement is of, whatever the facts' day.
_TIE = f"""
CREATE TEMP TABLE build_info AS SELECT DATE '9999-12-31' AS as_of;
CREATE TEMP TABLE gone_tie AS {acknowledgement_tie.sql};
DROP TABLE temp.build_info
"""
# What a hold keeps, or a rule that has not run out, keeps its text; else that goes with any record
# of its file, as what is kept out of a file can name those who are in it.
_TEXT = """
CREATE TEMP TABLE gone_text AS
SELECT DISTINCT record.record_id AS file_id
FROM retention_record AS record
JOIN retention_unit AS unit ON unit.unit = record.unit
WHERE record.kind = 'rejected' AND NOT unit.is_held AND (
    unit.unit IN (SELECT unit FROM gone_unit)
    OR unit.keep_until IS NULL AND record.record_id IN (SELECT file_id FROM gone_file))
"""
# What says that two numbers are of one person, when all else of both has gone.
_LINK = """
CREATE TEMP TABLE gone_link AS
SELECT rowid AS place FROM member_link
WHERE patient_id NOT IN (FROM kept_person) AND previous_patient_id NOT IN (FROM kept_person)
    AND (patient_id IN (FROM gone_person) OR previous_patient_id IN (FROM gone_person))
"""
# Words by which only those are known who go: their numbers and last names.
_MARK = """
CREATE TEMP TABLE gone_mark AS
SELECT number AS word FROM gone_number
UNION
SELECT upper(trim(word)) FROM (
    SELECT patient_id, unnest([member_id, last_name]) AS word FROM patient
) AS said
LEFT JOIN kept_person ON kept_person.patient_id = said.patient_id
WHERE length(trim(word)) > 2
GROUP BY ALL HAVING count(kept_person.patient_id) = 0
"""
_HOLD = """
CREATE TEMP TABLE gone_hold AS
SELECT hold_id FROM (SELECT hold_id, unnest(patient_ids) AS patient_id FROM legal_hold
    WHERE released_at IS NOT NULL) AS named
LEFT JOIN patient ON patient.patient_id = named.patient_id
    AND patient.patient_id IN (FROM kept_person)
GROUP BY hold_id HAVING count(patient.patient_id) = 0
"""
_HELD = "SELECT unnest(patient_ids) FROM legal_hold WHERE released_at IS NULL"
_NOTHING = "0 AS claim_count, 0 AS line_count, 0 AS paid_count, 0 AS answer_count, 0 AS other_count"
_NO_MONEY = "0 AS billed_amount, 0 AS paid_amount"


@contextmanager
def gone(connection: duckdb.DuckDBPyConnection, rules: Rules, today: dt.date) -> Generator[None]:
    """The tables `gone_...` and `kept_person`, for a while, beside those of `units`."""
    _forget(connection)
    try:
        with units(connection, rules):
            connection.execute(_UNITS, {"today": today})
            connection.execute(_TIE)
            connection.execute(text("retention", "gone"))
            _persons(connection)
            _files(connection)
            connection.execute(_TEXT)
            connection.execute(_HOLD)
            connection.execute(_MARK)
            _totals(connection)
            yield
    finally:
        _forget(connection)


def _persons(connection: duckdb.DuckDBPyConnection) -> None:
    """Who is referred to by what goes, and by what stays; holds in force keep whom they name."""
    for name, stays, more in (("gone_person", "", ""), ("kept_person", "NOT", f" UNION {_HELD}")):
        told = " UNION ".join(
            f"SELECT {column} AS patient_id FROM {table} "
            f"WHERE {column} IS NOT NULL AND {stays} coalesce({REMOVED[table]}, FALSE)"
            for table, column in person_columns()
        )
        connection.execute(f"CREATE TEMP TABLE {name} AS {told}{more}")
    connection.execute(_LINK)
    for column in ("patient_id", "previous_patient_id"):
        connection.execute(
            f"INSERT INTO kept_person SELECT DISTINCT {column} FROM member_link "
            f"WHERE {column} IS NOT NULL AND rowid NOT IN (SELECT place FROM gone_link)"
        )


def _files(connection: duckdb.DuckDBPyConnection) -> None:
    told = " UNION ".join(f"SELECT file_id FROM {t} WHERE {rule}" for t, rule in REMOVED.items())
    connection.execute(f"CREATE TEMP TABLE gone_file AS {told}")


def _totals(connection: duckdb.DuckDBPyConnection) -> None:
    """What is removed of each file and transaction, for the table `purged`."""
    parts = [
        _part("claim", "transaction_id", "claim_count", "billed_amount"),
        _part(
            "(SELECT line.file_id, line.claim_id, gone.transaction_id FROM claim_line AS line "
            "JOIN gone_claim AS gone ON gone.claim_id = line.claim_id)",
            "transaction_id", "line_count", rule="TRUE",
        ),
        _part("remit_claim", "remit_id", "paid_count", "paid_amount"),
        _part("acknowledgement", "transaction_id", "answer_count"),
        *(_part(table, "NULL", "other_count") for table in SIDES),
    ]  # fmt: skip
    connection.execute(
        "CREATE TEMP TABLE gone_total AS SELECT file_id, CAST(transaction_id AS BIGINT) AS "
        "transaction_id, sum(claim_count) AS claim_count, sum(line_count) AS claim_line_count, "
        "sum(paid_count) AS remit_claim_count, sum(answer_count) AS acknowledgement_count, "
        "sum(other_count) AS other_count, sum(billed_amount) AS billed_amount, "
        f"sum(paid_amount) AS paid_amount FROM ({' UNION ALL '.join(parts)}) AS part "
        "GROUP BY ALL ORDER BY ALL"
    )


def _part(table: str, of: str, count: str, amount: str = "", rule: str = "") -> str:
    """The rows that go of a table, counted in one column and added up in another."""
    counts = _NOTHING.replace(f"0 AS {count}", f"1 AS {count}")
    given = f"coalesce({amount}, 0) AS {amount}"
    amounts = _NO_MONEY.replace(f"0 AS {amount}", given) if amount else _NO_MONEY
    where = rule or REMOVED[table]
    return f"SELECT file_id, {of} AS transaction_id, {counts}, {amounts} FROM {table} WHERE {where}"


def _forget(connection: duckdb.DuckDBPyConnection) -> None:
    for name in (*(f"gone_{table}" for table in _TABLES), "kept_person", "build_info"):
        connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
