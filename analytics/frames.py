"""Tables as a caller has them: of polars, lazy or not, pandas or pyarrow."""

from typing import Any, Protocol, TypeAlias, cast

import polars as pl

from analytics.errors import AnalyticsError


class _Columns(Protocol):
    """A frame of pandas or pyarrow, or what else hands its columns over."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


Frame: TypeAlias = pl.DataFrame | pl.LazyFrame | _Columns


class FrameError(AnalyticsError):
    """What is given as a table is none."""


def read_frame(given: Frame, name: str, error: type[AnalyticsError] = FrameError) -> pl.DataFrame:
    """The table in polars; NaN of pandas, which has no other word for it, is null.

    Raises `error`, which names the table as `name`, for what is no table.
    """
    if isinstance(given, pl.DataFrame):
        return given
    if isinstance(given, pl.LazyFrame):
        return given.collect()
    table: Any = given
    is_table = hasattr(table, "columns") and hasattr(table, "__arrow_c_stream__")
    try:
        if is_table and hasattr(table, "iloc"):
            return cast("Any", pl).from_pandas(table)
        if is_table:
            return pl.DataFrame(table)
    except (TypeError, ValueError, NotImplementedError, pl.exceptions.PolarsError):
        raise error(f"{name} cannot be read: has a column values of several types?") from None
    raise error(
        f"{name} must be a frame of polars, pandas or pyarrow, and is a {type(table).__name__}; "
        "polars.DataFrame(...) makes one of a list of dicts or a dict of columns"
    )


def require_flat(
    frame: pl.DataFrame, name: str, columns: tuple[str, ...], error: type[AnalyticsError]
) -> None:
    """Raise `error` where a column holds lists, structs, bytes or objects instead of values."""
    kinds = {one: frame.schema[one] for one in columns if one in frame.columns}
    odd = [
        n
        for n, kind in kinds.items()
        if kind.is_nested() or isinstance(kind, pl.Object | pl.Binary)
    ]
    if odd:
        raise error(f"{name} must have text, numbers or dates in {', '.join(odd)}")
