"""A frame turned on its side: few periods and many amounts read better down than across."""

import polars as pl

from analytics import formats


def turned(frame: pl.DataFrame, head: str) -> pl.DataFrame:
    """A row per column of `frame` under the name `head`, a column per ``period``.

    The columns besides the period hold one kind of number; a frame of no rows stays as it is.
    """
    if frame.is_empty():
        return frame
    days = frame["period"].to_list()
    every = formats.every_of(days)
    amounts = frame.drop("period").rename(formats.heading)
    # `transpose` of polars loses the scale of decimals: $1.50 would be $150.00.
    columns = {
        formats.period(day, every): pl.Series(row, dtype=amounts.dtypes[0])
        for day, row in zip(days, amounts.rows(), strict=True)
    }
    return pl.DataFrame({head: amounts.columns, **columns})
