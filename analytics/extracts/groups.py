"""Rows put together: one row per claim, line and payment, with what its rows say of it.

A level has a relation `head`: `k` (the hash of its key, the row itself where a row is one), `id`
(the number of its first row) and what is said of it, in columns named table__column or, for what a
row may hold several times, table__column__number.
"""

import duckdb

from analytics.extracts.layout import Field
from analytics.extracts.levels import Level
from analytics.extracts.required import answers, of_group
from analytics.extracts.stage import Stage


def column(field: Field) -> str:
    """The name of a field's value in a head."""
    number = f"__{field.number}" if field.number > 1 else ""
    return f"{field.table}__{field.column}{number}"


def key_of(level: Level) -> str:
    """The column of `Stage.rows` that says which thing of a level a row is of."""
    return level.key or "no"


def put_together(connection: duckdb.DuckDBPyConnection, stage: Stage) -> None:
    """Find the first row of each thing, of rows that break no rule."""
    for level in stage.levels.values():
        if level.key is not None:
            connection.execute(_first(stage, level))


def head(stage: Stage, table: str) -> str:
    """The relation of a level."""
    level = stage.levels[table]
    if level.key is not None:
        return f"head_{table}"
    said = [f"{f.name} AS {column(f)}" for f in level.fields]
    cells = ", ".join(["no AS k", "no AS id", *_above(stage, level), *said])
    paying = f" WHERE {answers(stage.layout)}" if table.startswith("remit") else ""
    return f"(SELECT {cells} FROM {stage.sound}{paying})"


def make_heads(connection: duckdb.DuckDBPyConnection, stage: Stage) -> None:
    """Write down what is said of things put together of several rows."""
    for level in stage.levels.values():
        if level.key is not None:
            connection.execute(_head(stage, level))


def drop(connection: duckdb.DuckDBPyConnection, stage: Stage) -> None:
    """Forget them."""
    for table in stage.levels:
        for name in (f"extract_{table}", f"head_{table}"):
            connection.execute(f"DROP TABLE IF EXISTS {name}")


def _first(stage: Stage, level: Level) -> str:
    needed = [f.name for f in of_group(stage.layout, level.table)]
    lacking = " OR ".join(f"count({name}) = 0" for name in needed) or "FALSE"
    sums = "".join(
        f", CAST(sum({f.name}) AS {f.reader.of_type}) AS {f.name}"
        for f in level.fields
        if f.reader.value.sum
    )
    return f"""
        CREATE OR REPLACE TEMP TABLE extract_{level.table} AS
        SELECT {level.key} AS k, min(no) AS id, min(h_{level.table}) = max(h_{level.table})
            AS is_same, {lacking} AS is_lacking{sums}
        FROM {stage.sound} WHERE {level.key} IS NOT NULL GROUP BY {level.key}
        """


def _head(stage: Stage, level: Level) -> str:
    """Of most things the first row says all; where others say more, that too."""
    first = [_said(f, f"row_.{f.name}") for f in level.fields]
    merged = [_said(f, f"max(row_.{f.name})") for f in level.fields]
    above = _above(stage, level)
    # What of a line is above it, is so in its first row.
    first += [f"row_.{name} AS {name}" for name in above]
    merged += [f"arg_min(row_.{name}, row_.no) AS {name}" for name in above]
    return f"""
        CREATE OR REPLACE TEMP TABLE head_{level.table} AS
        SELECT {", ".join(["found.k", "found.id", *first])}
        FROM {stage.sound} AS row_
        JOIN extract_{level.table} AS found ON found.id = row_.no
        WHERE found.is_same
        UNION ALL
        SELECT {", ".join(["found.k", "found.id", *merged])}
        FROM {stage.sound} AS row_
        JOIN extract_{level.table} AS found ON found.k = row_.{level.key}
        WHERE NOT found.is_same
        GROUP BY found.k, found.id
        """


def _said(field: Field, value: str) -> str:
    total = f"any_value(found.{field.name})" if value.startswith("max") else f"found.{field.name}"
    return f"{total if field.reader.value.sum else value} AS {column(field)}"


def _above(stage: Stage, level: Level) -> list[str]:
    """The keys of what a thing of this level is part of."""
    tables = {
        "claim_line": ("claim",),
        "remit_claim": ("remit",),
        "remit_line": ("remit_claim",),
    }.get(level.table, ())
    return [key for table in tables if (key := stage.levels[table].key)]
