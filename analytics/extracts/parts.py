"""One part of an extract: staged with all that is known before writing, then written."""

from collections.abc import Callable, Sequence

import duckdb

from analytics.duck import keep
from analytics.errors import UnreadableFileError
from analytics.extracts import balances, claims, history, people, ragged, remits, sharing, side_rows
from analytics.extracts.groups import drop, make_heads, put_together
from analytics.extracts.layout import layout
from analytics.extracts.order import check_order
from analytics.extracts.reading import Opened
from analytics.extracts.settle import settle
from analytics.extracts.stage import TABLE, Raw, Stage, staged
from analytics.maps import FileMap


def staged_part(
    connection: duckdb.DuckDBPyConnection,
    raw: Raw,
    file: FileMap,
    number: int,
    held: Opened,
    own: Sequence[int | None],
    where: str | None,
    set_aside: Callable[[int], bool] | None,
) -> tuple[Stage, list[str]]:
    """Read a part and work out who and what is in it; gives what adds people not known.

    `own`: the file's number and that of its earlier reading.  `set_aside` is told how many rows
    were read, and says whether others could not be.
    """
    found = layout(file, file.parts[number], held.named)
    stage = staged(connection, raw, file, found, held.named, where)
    if set_aside is not None:
        count = connection.execute(f"SELECT count(*) FROM {TABLE}").fetchall()[0][0]
        if set_aside(count):
            stage.no = ragged.make_room(connection)
            if found.has("contract"):
                sharing.refuse_ragged()
    _check_constants(connection, stage)
    check_order(connection, stage, held, file)
    side_rows.check(connection, stage)
    if file.period:
        put_together(connection, stage)
        history.place_in_periods(connection, stage)
    history.find_replaced(connection, file, own)
    settle(connection, stage, history.known_keys(file, own[1]))
    if file.period:
        history.check_replaced(connection)
    make_heads(connection, stage)
    adding = people.who(connection, stage, int(own[0] or 0))
    for statement in remits.prepare(stage):
        connection.execute(statement)
    return stage, adding


def write_part(
    connection: duckdb.DuckDBPyConnection, stage: Stage, adding: list[str], file_id: int
) -> tuple[int, int]:
    """Append what is staged, in the caller's transaction; gives rows read and rows loaded."""
    for statement in (
        *adding,
        *claims.statements(stage, file_id),
        *remits.statements(stage, file_id),
        *side_rows.statements(stage, file_id),
        *history.statements(stage, file_id),
        *balances.warnings(stage, file_id),
    ):
        connection.execute(statement)
    _note_rejected(connection, stage, file_id)
    read, loaded = connection.execute(
        f"SELECT count(*), count(*) FILTER (WHERE fault IS NULL) FROM {TABLE} "
        f"WHERE coalesce(fault, 0) NOT IN ({stage.blank}, {stage.trailer or stage.blank})"
    ).fetchall()[0]
    drop(connection, stage)
    remits.forget(connection)
    for statement in side_rows.forget(stage):
        connection.execute(statement)
    return read, loaded


def _check_constants(connection: duckdb.DuckDBPyConnection, stage: Stage) -> None:
    """A constant of the map that cannot be read is a mistake in the map."""
    fixed = [f for f in stage.layout.fields if f.reader.value.kind == "constant" and not f.is_list]
    for f in fixed:
        text = f.reader.text([])
        parsed = f.reader.parsed("said")
        value = f.reader.settled("parsed")
        query = f"SELECT {value} FROM (SELECT {parsed} AS parsed FROM (SELECT {text} AS said))"
        if connection.execute(query).fetchall()[0][0] is None:
            raise UnreadableFileError(
                f"the constant of {f.table}.{f.column} in the map cannot be read as such a value"
            )


def _note_rejected(connection: duckdb.DuckDBPyConnection, stage: Stage, file_id: int) -> None:
    keep(connection, "extract_fault", stage.faults.frame())
    connection.execute(
        f"""
        INSERT INTO rejected BY NAME
        SELECT {file_id} AS file_id, row_.no AS record_no,
            coalesce(nullif(fault.table_name, ''), '{stage.layout.part.main}') AS table_name,
            fault.severity, fault.rule, fault.reason, fault.column_name
        FROM (
            SELECT {stage.no} AS no, fault FROM {TABLE}
            WHERE fault NOT IN ({stage.blank}, {stage.trailer or stage.blank})
        ) AS row_
        JOIN extract_fault AS fault ON fault.fault = row_.fault
        """
    )
