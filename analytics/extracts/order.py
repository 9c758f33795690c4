"""Columns of days in two orders: refused with how many rows each order reads."""

import duckdb

from analytics.errors import UnreadableFileError
from analytics.extracts import days
from analytics.extracts.layout import Field
from analytics.extracts.plain import plain
from analytics.extracts.reading import Opened
from analytics.extracts.stage import TABLE, Stage, counted
from analytics.maps import FileMap

_OTHER = {"MDY": "DMY", "DMY": "MDY"}
_WORDS = {"MDY": "month first", "DMY": "day first"}


def check_order(
    connection: duckdb.DuckDBPyConnection, stage: Stage, held: Opened, file: FileMap
) -> None:
    """Raise `UnreadableFileError` where days can only be read in an order that was not chosen."""
    found = counted(connection, [*stage.other_order, 0])
    if not found or file.mixed_dates == "reject":
        return
    told = [_told(connection, stage, held, file, number) for number in sorted(found)]
    raise UnreadableFileError("; ".join(told))


def _told(
    connection: duckdb.DuckDBPyConnection, stage: Stage, held: Opened, file: FileMap, number: int
) -> str:
    """Both readings of a column, in words."""
    field = stage.other_order[number]
    chosen = field.reader.date if field else file.date or "MDY"
    source = field.source if field else str(file.period)
    first = connection.execute(
        f"SELECT min({stage.no}) FROM {TABLE} WHERE fault = {number}"
    ).fetchall()[0][0]
    fails, fits, both = _readings(connection, _text(field, held, file), chosen, held)
    advice = (
        'it has days of two orders: mend it, or keep those rows out with mixed_dates = "reject"'
        if fits
        else f'say date = "{_OTHER[chosen]}" in the map'
    )
    return (
        f"column {source}: read {_WORDS[chosen]} {fails:,} rows are no date (the first is "
        f"row {first:,}), read {_WORDS[_OTHER[chosen]]} {fits:,} are none, {both:,} can be read "
        f"both ways; {advice}"
    )


def _text(field: Field | None, held: Opened, file: FileMap) -> str:
    """The text that is read as a day: SQL over raw cells."""
    if field is None:
        return plain(f"c{held.named.places[str(file.period)][0]}")
    return field.reader.text([plain(f"c{place}") for place in field.places])


def _readings(
    connection: duckdb.DuckDBPyConnection, text: str, order: str, held: Opened
) -> tuple[int, int, int]:
    """Rows that only the other order reads, only the chosen one, and both."""
    chosen, other = (days.other("said", each) for each in (_OTHER[order], order))
    rows = connection.execute(
        f"""
        SELECT count(*) FILTER (WHERE chosen IS NULL AND other IS NOT NULL),
            count(*) FILTER (WHERE chosen IS NOT NULL AND other IS NULL),
            count(*) FILTER (WHERE chosen IS NOT NULL AND other IS NOT NULL)
        FROM (
            SELECT {chosen} AS chosen, {other} AS other
            FROM (SELECT {text} AS said FROM {held.raw.relation})
        )
        """
    ).fetchall()
    return rows[0][0], rows[0][1], rows[0][2]
