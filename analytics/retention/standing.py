"""What is held, by kind, payer and year: until when it is kept, by which rule, and what is due."""

import datetime as dt
from collections.abc import Generator
from contextlib import contextmanager

import duckdb
import polars as pl

from analytics.database import Database
from analytics.duck import keep
from analytics.fact import text
from analytics.facts_ties import known_payer, person
from analytics.retention.rules import Rules

_TABLES = ("retention_unit", "retention_record", "retention_rule", "retention_state")
_STATUS = """
SELECT
    record.kind, record.payer_name, record.line_of_business,
    CAST(year(record.last_day) AS INTEGER) AS record_year, count(*) AS n,
    unit.rule, min(unit.keep_until) AS first_until_date, max(unit.keep_until) AS keep_until_date,
    count(*) FILTER (WHERE unit.keep_until < $today AND NOT unit.is_held) AS due,
    count(*) FILTER (WHERE unit.is_held) AS on_hold
FROM retention_record AS record
JOIN retention_unit AS unit ON unit.unit = record.unit
GROUP BY ALL
ORDER BY ALL
"""
_RULE = pl.Schema(
    {
        "rule": pl.String(),
        "records": pl.List(pl.String()),
        "years": pl.Int32(),
        "is_from_year_end": pl.Boolean(),
        "lines_of_business": pl.List(pl.String()),
        "payers": pl.List(pl.String()),
    }
)
_STATE = pl.Schema({"state_code": pl.String(), "majority": pl.Int32(), "years": pl.Int32()})


def status(db: Database, rules: Rules, today: dt.date) -> pl.DataFrame:
    """A row per kind of record, payer, year of its last day, and rule; `n` counts records.

    `keep_until_date` is the last day the last of them has to be kept, null where no rule reaches it
    or no day is known; `due` counts those past their day on `today`, `on_hold` those a hold stops.
    """
    with units(db.connection, rules):
        return db.sql(_STATUS, today=today)


@contextmanager
def units(connection: duckdb.DuckDBPyConnection, rules: Rules) -> Generator[None]:
    """The tables `retention_record` and `retention_unit`, for a while."""
    run = connection.execute
    _forget(connection)
    try:
        keep(connection, "retention_rule", _rules(rules))
        keep(connection, "retention_state", _states(rules))
        run(f"CREATE TEMP TABLE retention_record AS {_sql('records')}")
        run(
            f"CREATE TEMP TABLE retention_unit AS {_sql('units')}",
            {"unknown_is_minor": rules.unknown_is_minor},
        )
        yield
    finally:
        _forget(connection)


def _sql(name: str) -> str:
    """The SQL of a table, with that of the facts it reads, which may not be built."""
    sql = text("retention", name).replace("{known_payer}", known_payer.sql)
    return sql.replace("{person}", person.sql)


def _rules(rules: Rules) -> pl.DataFrame:
    rows = [
        {**rule, "rule": rule["name"], "is_from_year_end": rule["from"] == "year_end"}
        for rule in rules.rules
    ]
    return pl.DataFrame([{name: row[name] for name in _RULE} for row in rows], schema=_RULE)


def _states(rules: Rules) -> pl.DataFrame:
    rows = [
        {"state_code": name, "majority": one["majority"], "years": one["years"]}
        for name, one in rules.states.items()
    ]
    return pl.DataFrame(rows, schema=_STATE)


def _forget(connection: duckdb.DuckDBPyConnection) -> None:
    for table in _TABLES:
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
