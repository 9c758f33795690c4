"""What a purge would do: the dry run, and the hash by which it is confirmed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

import duckdb
import polars as pl

from analytics import schema
from analytics.auditing.entry import canonical
from analytics.database import Database
from analytics.errors import AnalyticsError
from analytics.retention.hanging import EMPTIED, FREE_TEXTS, removed
from analytics.retention.leaving import gone
from analytics.retention.rules import Rules, read_rules

_GROUPS = """
SELECT
    record.kind, record.payer_name, CAST(year(record.last_day) AS INTEGER) AS record_year,
    count(*) AS n,
    count(*) FILTER (WHERE gone_unit.unit IS NOT NULL) AS removed,
    count(*) FILTER (WHERE unit.keep_until < $today AND unit.is_held) AS held,
    count(*) FILTER (WHERE gone_unit.unit IS NULL
        AND NOT coalesce(unit.keep_until < $today AND unit.is_held, FALSE)) AS kept
FROM retention_record AS record
JOIN retention_unit AS unit ON unit.unit = record.unit
LEFT JOIN gone_unit ON gone_unit.unit = record.unit
GROUP BY ALL
ORDER BY ALL
"""
_HOLDS = """
SELECT hold, count(*) FROM (
    SELECT unnest(holds) AS hold FROM retention_unit WHERE keep_until < $today AND is_held
) AS stopped
GROUP BY ALL ORDER BY ALL
"""
_SPAN = """
SELECT min(first_day), max(last_day) FROM retention_record
WHERE unit IN (FROM gone_unit) AND kind <> 'rejected'
"""
_SHARED = """
SELECT count(DISTINCT remit_id) FROM gone_remit_claim
WHERE remit_id NOT IN (FROM gone_remit)
"""
_MONEY = """
SELECT coalesce(sum(billed_amount), 0.00), coalesce(sum(paid_amount), 0.00) FROM gone_total
"""
# Which units go, in any order; how much of them, the counts beside it say.
_UNITS = "SELECT count(*), CAST(bit_xor(md5_number(unit)) AS VARCHAR) FROM gone_unit"
_MENTIONS = """
SELECT count(DISTINCT said.place) FROM (
    SELECT rowid AS place, unnest(list_append(
        string_split_regex(upper({column}), '[^A-Z0-9]+'), upper(trim({column})))) AS word
    FROM {table}
    WHERE NOT coalesce({goes}, FALSE) AND NOT coalesce({emptied}, FALSE)
) AS said
JOIN gone_mark ON gone_mark.word = said.word
"""
# A rule for a payer misspelt, or renamed by a payer map, keeps nothing; so does one for a line that
# no record has, unless the library's own rules know it: there may be none of it yet.
_NOBODYS = """
SELECT DISTINCT rule, 'payer' AS what, name
FROM (SELECT rule, unnest(payers) AS name FROM retention_rule) AS said
WHERE name NOT IN (SELECT payer_name FROM retention_record WHERE payer_name IS NOT NULL)
UNION
SELECT DISTINCT rule, 'line of business', name
FROM (SELECT rule, unnest(lines_of_business) AS name FROM retention_rule) AS said
WHERE name NOT IN (SELECT unnest($lines)) AND name NOT IN (
    SELECT line_of_business FROM retention_record WHERE line_of_business IS NOT NULL)
ORDER BY ALL
"""
_HELD_TEXT = """
SELECT count(*) FROM rejected WHERE raw IS NOT NULL AND file_id IN (FROM gone_file)
    AND file_id NOT IN (FROM gone_text)
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a purge removes, what a hold stops and what stays; amounts are dollars.

    `groups` has a row per kind of record, payer and year: ``n`` records, of these ``removed``,
    ``held`` (past their time, and a hold stops it) and ``kept``.  `tables` counts the rows removed
    by core table, `emptied` texts taken out of rows that stay, `holds` units that each hold stops;
    `payments_in_part` are payments of which some claims go, `texts_left` texts of rejected records
    that a hold or a rule keeps in files that lose records.  `mentions` counts, by column, texts
    left that have a word (last name, member or control number) by which only those are known who
    go: in the records of others, names of files, reasons of holds.  `nobodys` are rules with a
    payer or line of business that no record has: misspelt, they keep nothing.  `digest` names what
    would be done.
    """

    today: dt.date
    rules: str
    groups: pl.DataFrame
    units: int
    tables: Mapping[str, int]
    emptied: Mapping[str, int]
    holds: Mapping[int, int]
    billed_amount: Decimal
    paid_amount: Decimal
    first_day: dt.date | None
    last_day: dt.date | None
    payments_in_part: int
    texts_left: int
    mentions: Mapping[str, int]
    nobodys: Sequence[tuple[str, str, str]]
    digest: str

    @property
    def row_count(self) -> int:
        """The rows removed, of all tables."""
        return sum(self.tables.values())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.units

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values; amounts as text, so that no cent is lost."""
        return {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}


def plan(db: Database, rules: Rules, today: dt.date | None = None) -> Plan:
    """What `purge` would do on that day, changing nothing.

    Raises AnalyticsError for a day to come.
    """
    day = checked_day(today)
    with gone(db.connection, rules, day):
        return found(db.connection, rules, day)


def checked_day(today: dt.date | None) -> dt.date:
    """The day asked for, or today.  Raises AnalyticsError for one to come."""
    real = dt.datetime.now().astimezone().date()
    if today and today > real:
        raise AnalyticsError(f"{today} is yet to come: what is due then is not due now")
    return today or real


def found(connection: duckdb.DuckDBPyConnection, rules: Rules, today: dt.date) -> Plan:
    """The plan of what is in the tables of `gone`."""
    run = connection.execute
    ((units, which),) = run(_UNITS).fetchall()
    ((billed, paid),) = run(_MONEY).fetchall()
    ((first, last),) = run(_SPAN).fetchall()
    tables = _counted(connection, removed()) if units else {}
    emptied = {f"{table}.{column}": (table, rule) for table, (column, rule) in EMPTIED.items()}
    texts = {
        name: count
        for name, (table, rule) in emptied.items()
        if units and (count := _count(connection, table, _left(table, rule)))
    }
    said = rules_hash(rules)
    told = [str(which), units, said, tables, texts, str(billed), str(paid), schema.version()]
    return Plan(
        today=today,
        rules=said,
        groups=connection.sql(_GROUPS, params={"today": today}).pl(),
        units=units,
        tables=tables,
        emptied=texts,
        holds=dict(run(_HOLDS, {"today": today}).fetchall()),
        billed_amount=billed,
        paid_amount=paid,
        first_day=first,
        last_day=last,
        payments_in_part=run(_SHARED).fetchall()[0][0],
        texts_left=run(_HELD_TEXT).fetchall()[0][0],
        mentions=_mentions(connection) if units else {},
        nobodys=run(_NOBODYS, {"lines": _lines()}).fetchall(),
        digest=sha256(canonical(told).encode()).hexdigest()[:16],
    )


def _lines() -> list[str]:
    """Lines of business that the library's rules name."""
    return sorted({line for rule in read_rules().rules for line in rule["lines_of_business"]})


def rules_hash(rules: Rules) -> str:
    """Which rules: 16 letters of SHA-256 of what they say."""
    return sha256(canonical(asdict(rules)).encode()).hexdigest()[:16]


def _left(table: str, rule: str) -> str:
    """The rows that a rule empties, of those that stay."""
    goes = removed().get(table)
    return f"({rule}) AND NOT coalesce({goes}, FALSE)" if goes else rule


def _mentions(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    counts: dict[str, int] = {}
    for table, column in FREE_TEXTS:
        goes, emptied = removed().get(table, "FALSE"), "FALSE"
        if EMPTIED.get(table, ("", ""))[0] == column:
            emptied = EMPTIED[table][1]
        text = _MENTIONS.format(table=table, column=column, goes=goes, emptied=emptied)
        counts[f"{table}.{column}"] = connection.execute(text).fetchall()[0][0]
    return {name: count for name, count in counts.items() if count}


def _counted(connection: duckdb.DuckDBPyConnection, rules: Mapping[str, str]) -> dict[str, int]:
    counts = {table: _count(connection, table, rule) for table, rule in rules.items()}
    return {table: count for table, count in counts.items() if count}


def _count(connection: duckdb.DuckDBPyConnection, table: str, rule: str) -> int:
    ((count,),) = connection.execute(f"SELECT count(*) FROM {table} WHERE {rule}").fetchall()
    return int(count)


def _plain(value: Any) -> Any:
    if isinstance(value, pl.DataFrame):
        return value.to_dicts()
    if isinstance(value, Decimal | dt.date):
        return str(value)
    return dict(value) if isinstance(value, Mapping) else value  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
