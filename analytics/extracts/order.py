"""Columns of days in two orders: refused with how many rows each order reads."""

import duckdb

from analytics.errors import UnreadableFileError
from analytics.extracts import days
from analytics.extracts.layout import Field
from analytics.extracts.reading import Opened
from analytics.extracts.stage import TABLE, Stage, counted, plain
from analytics.maps import FileMap

_WORDS = {"MDY": "month first", "DMY": "day first"}


def check_order(
    connection: duckdb.DuckDBPyConnection, stage: Stage, held: Opened, file: FileMap
) -> None:
    """Raise `UnreadableFileError` where days can only be read in an order that was not chosen."""
    found = counted(connection, [*stage.other_order, 0])
    if not found or file.mixed_dates == "reject":
        return
    told = [_told(connection, stage, held, number) for number in sorted(found)]
    raise UnreadableFileError("; ".join(told))


def _told(connection: duckdb.DuckDBPyConnection, stage: Stage, held: Opened, number: int) -> str:
    """Both readings of a column, in words."""
    field = stage.other_order[number]
    chosen = field.reader.date
    other = "DMY" if chosen == "MDY" else "MDY"
    first = connection.execute(
        f"SELECT min({stage.no}) FROM {TABLE} WHERE fault = {number}"
    ).fetchall()[0][0]
    fails, fits, both = _readings(connection, field, held)
    advice = (
        'it has days of two orders: mend it, or keep those rows out with mixed_dates = "reject"'
        if fits
        else f'say date = "{other}" in the map'
    )
    return (
        f"column {field.source}: read {_WORDS[chosen]} {fails:,} rows are no date (the first is "
        f"row {first:,}), read {_WORDS[other]} {fits:,} are none, {both:,} can be read both ways; "
        f"{advice}"
    )


def _readings(
    connection: duckdb.DuckDBPyConnection, field: Field, held: Opened
) -> tuple[int, int, int]:
    """Rows that only the other order reads, only the chosen one, and both."""
    text = field.reader.text([plain(f"c{place}") for place in field.places])
    chosen, other = (
        days.other("said", order)
        for order in ({"MDY": "DMY", "DMY": "MDY"}[field.reader.date], field.reader.date)
    )
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
