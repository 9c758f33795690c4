"""Which rows of a stage are loaded.

Not those known before, nor claims of which a row is at fault or rows say different things.
"""

import duckdb

from analytics.extracts.faults import Faults
from analytics.extracts.groups import put_together
from analytics.extracts.levels import Level
from analytics.extracts.required import of_group
from analytics.extracts.stage import TABLE, Stage

# Rows left out for these take nothing along: the rest of their claim is whole.
_ALONE = ("row_blank", "row_not_mapped", "row_repeated", "row_loaded_before")


def settle(connection: duckdb.DuckDBPyConnection, stage: Stage, known: str | None) -> None:
    """Give every row that is not loaded its fault, and put the others together (`groups`).

    `known`: SQL that gives the keys of rows loaded before, in files that stay; None without keys.
    """
    if known is not None:
        _repeated(connection, stage, known)
    _spread(connection, stage)
    put_together(connection, stage)
    if _differing(connection, stage):
        _spread(connection, stage)
        put_together(connection, stage)


def _repeated(connection: duckdb.DuckDBPyConnection, stage: Stage, known: str) -> None:
    """Rows whose key was there before: in this file, or in one loaded earlier."""
    before = stage.faults.number("row_loaded_before", "")
    again = stage.faults.number("row_repeated", "")
    connection.execute(
        f"UPDATE {TABLE} SET fault = {before} WHERE fault IS NULL AND row_key IN ({known})"
    )
    connection.execute(
        f"""
        UPDATE {TABLE} SET fault = {again}
        FROM (
            SELECT row_key, min({stage.no}) AS first FROM {TABLE} WHERE fault IS NULL
            GROUP BY row_key HAVING count(*) > 1
        ) AS kept
        WHERE {TABLE}.fault IS NULL AND {TABLE}.row_key = kept.row_key
          AND {stage.no.replace("rowid", f"{TABLE}.rowid")} > kept.first
        """
    )
    # Part of a claim was loaded before: what is new of it would be a claim of its own.
    rule = stage.faults.number("claim_loaded_in_part", "claim")
    for level in _units(stage):
        connection.execute(
            f"UPDATE {TABLE} SET fault = {rule} WHERE fault IS NULL AND {level.key} IN "
            f"(SELECT {level.key} FROM {TABLE} WHERE fault = {before})"
        )


def _units(stage: Stage) -> list[Level]:
    """What is loaded whole or not at all."""
    found = [stage.levels.get(table) for table in ("claim", "remit_claim")]
    return [level for level in found if level is not None and level.key is not None]


def _spread(connection: duckdb.DuckDBPyConnection, stage: Stage) -> None:
    """A row at fault takes its claim along, and the claim its payments."""
    alone = ", ".join(map(str, [*stage.faults.of(*_ALONE), 0]))
    units = _units(stage)
    if not units or not _count(connection, f"fault NOT IN ({alone})"):
        return
    rule = stage.faults.number("claim_rejected", units[0].table)
    _of_number(connection, stage, rule)
    changed = True
    while changed:
        before = _count(connection, f"fault = {rule}")
        for level in units:
            connection.execute(
                f"UPDATE {TABLE} SET fault = {rule} WHERE fault IS NULL AND {level.key} IN "
                f"(SELECT {level.key} FROM {TABLE} WHERE fault NOT IN ({alone}))"
            )
        changed = len(units) > 1 and _count(connection, f"fault = {rule}") > before


def _of_number(connection: duckdb.DuckDBPyConnection, stage: Stage, rule: int) -> None:
    """Where a column by which claims are told apart is at fault, all of their number go along."""
    keys = {f.source for table in stage.levels for f in stage.levels[table].fields}
    numbers = [n for n, fault in enumerate(stage.faults.known, 1) if fault.column in keys]
    number = stage.layout.name("claim", "patient_control_number") or stage.layout.name(
        "remit_claim", "patient_control_number"
    )
    if number and numbers:
        connection.execute(
            f"UPDATE {TABLE} SET fault = {rule} WHERE fault IS NULL AND upper({number}) IN "
            f"(SELECT upper({number}) FROM {TABLE} WHERE list_contains($numbers, fault))",
            {"numbers": numbers},
        )


def _count(connection: duckdb.DuckDBPyConnection, condition: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {TABLE} WHERE {condition}").fetchall()
    return int(found[0][0])


def _differing(connection: duckdb.DuckDBPyConnection, stage: Stage) -> bool:
    """Note claims and payments whose rows say different things of them, or lack one thing."""
    found = False
    for table, level in stage.levels.items():
        if level.key is None:
            continue
        cases = _cases(stage.faults, stage, level)
        doubtful = f"SELECT k FROM extract_{table} WHERE NOT is_same OR is_lacking"
        if not cases or not _any(connection, doubtful):
            continue
        connection.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE extract_differing AS
            SELECT {level.key} AS k, CASE {" ".join(cases)} END AS fault
            FROM {stage.sound} WHERE {level.key} IN ({doubtful}) GROUP BY {level.key}
            """
        )
        connection.execute("DELETE FROM extract_differing WHERE fault IS NULL")
        if _any(connection, "SELECT k FROM extract_differing"):
            found = True
            connection.execute(
                f"UPDATE {TABLE} SET fault = found.fault FROM extract_differing AS found "
                f"WHERE {TABLE}.fault IS NULL AND {TABLE}.{level.key} = found.k"
            )
    return found


def _cases(faults: Faults, stage: Stage, level: Level) -> list[str]:
    needed = {f.name for f in of_group(stage.layout, level.table)}
    cases: list[str] = []
    for f in level.fields:
        if f.reader.value.sum or not f.places:
            continue
        if f.name in needed:
            number = faults.number("value_missing", level.table, f.source)
            cases.append(f"WHEN count({f.name}) = 0 THEN {number}")
        number = faults.number("claim_values_differ", level.table, f.source)
        cases.append(f"WHEN count(DISTINCT {f.name}) > 1 THEN {number}")
    return cases


def _any(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    return bool(connection.execute(f"SELECT count(*) FROM ({query} LIMIT 1)").fetchall()[0][0])
