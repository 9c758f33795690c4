"""Side tables out of an extract: statements that append them, and the rules of their own."""

import duckdb

from analytics import schema
from analytics.duck import keep
from analytics.extracts import codes, people, sharing
from analytics.extracts.groups import column
from analytics.extracts.required import is_there
from analytics.extracts.sql import id_of, insert
from analytics.extracts.stage import TABLE, Stage
from analytics.ingest import side
from analytics.maps.targets import SIDE

_MAPS = ("payer_map", "provider_map")
_FILLED = {("acknowledgement", "source"): "'277CA'", ("acknowledgement", "level"): "'claim'"}


def tables(stage: Stage) -> list[str]:
    """The side tables that a part fills."""
    return [table for table in SIDE if stage.layout.has(table)]


def check(connection: duckdb.DuckDBPyConnection, stage: Stage) -> None:
    """Hold rows against the rules of their table, and bring codes to its form."""
    if stage.layout.has("contract"):
        sharing.check(connection, stage)
    for table in tables(stage):
        if table not in side.RULED:
            continue
        names = {f.column: f.name for f in stage.layout.of(table)}
        cells = ", ".join(f"{name} AS {ours}" for ours, name in names.items())
        there = is_there(stage.layout, table)
        query = f"SELECT no, {cells} FROM {stage.sound} WHERE {there}"
        frame = side.ruled(connection.sql(query).pl(), table)
        keep(connection, f"extract_formed_{table}", frame.drop("fault"))
        for rule in frame["fault"].drop_nulls().unique().sort().to_list():
            number = stage.faults.number(rule, table)
            keep(connection, "extract_faulty", frame.filter(frame["fault"] == rule).select("no"))
            connection.execute(
                f"UPDATE {TABLE} SET fault = {number} WHERE {stage.no} IN "
                "(SELECT no FROM extract_faulty)"
            )


def statements(stage: Stage, file: int) -> list[str]:
    """What appends the side tables of a stage; a map replaces the one before it."""
    found: list[str] = []
    for table in tables(stage):
        if table in _MAPS:
            found.append(f"DELETE FROM {table}")
        is_contract = table == "contract"
        found.append(sharing.statement(file) if is_contract else _insert(stage, table, file))
    return found


def forget(stage: Stage) -> list[str]:
    """What drops the temporary tables."""
    return [f"DROP TABLE IF EXISTS extract_formed_{table}" for table in tables(stage)]


def _insert(stage: Stage, table: str, file: int) -> str:
    fields = stage.layout.of(table)
    known = set(schema.table(table).column_names)
    said: dict[str, str] = {}
    if "file_id" in known:
        said = {"file_id": str(file), "record_no": "r.no"}
    if f"{table}_id" in known:
        said[f"{table}_id"] = id_of(file, 0, "r.no")
    owner = "f" if table in side.RULED else "r"
    for f in fields:
        said[f.column] = f"f.{f.column}" if owner == "f" else f"r.{f.name}"
    for (of, name), value in _FILLED.items():
        if of == table:
            said[name] = f"coalesce({said[name]}, {value})" if name in said else value
    if table == "charge" and "modifier_key" in said:
        said["modifier_key"] = codes.modifier_key(codes.code_list([said["modifier_key"]]))
    if table == "appeal" and "decision_code" in said:
        said["decision_code"] = f"upper({said['decision_code']})"
    patients = stage.layout.of("patient")
    cells = "".join(f", {f.name} AS {column(f)}" for f in patients)
    source = f"(SELECT *{cells} FROM {stage.sound} WHERE {is_there(stage.layout, table)}) AS r"
    if owner == "f":
        source += f" JOIN extract_formed_{table} AS f ON f.no = r.no"
    if "patient_id" in known:
        said["patient_id"] = people.id_of_join(stage, "patient")
        source += people.id_join(stage, "patient", "r")
    return insert(table, said, source)
