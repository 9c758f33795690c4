"""The columns of large files, read by machine code: texts, amounts, days and record numbers.

Each function does what its namesake in arrays of numpy does, a value at a time and so in one pass.
"""

from typing import Any, cast

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from analytics.ingest.x12 import kernels_columns, kernels_modifiers
from analytics.ingest.x12.spans import (
    INLINE,
    Bytes,
    Column,
    Integers,
    Mask,
    Positions,
    Span,
)

_STRINGS = cast("Any", pa).string_view()


def text_column(
    data: Bytes, views: Any, valid: Any, longest: int, present: int, left: int
) -> Column:
    """The views as a column of strings; in upper case where letters are `left` that are not."""
    count = len(views)
    buffers: list[Any] = [None if present == count else pa.py_buffer(valid), pa.py_buffer(views)]
    if longest > INLINE:
        buffers.append(pa.py_buffer(data))
    found = cast("Any", pa).Array.from_buffers(_STRINGS, count, buffers)
    return pl.Series(values=found).str.to_uppercase() if left else found


def modifiers(
    data: Bytes, separator: int, blank: Mask, whole: Span
) -> tuple[Column, Column] | None:
    """The modifiers of procedures as lists, and sorted as one text; None where some are odd."""
    count = len(whole.start)
    views, keys = np.empty((4 * count, 2), np.uint64), np.empty((count, 2), np.uint64)
    offsets = np.empty(count + 1, np.int64)
    place = data, separator, blank, whole.start, whole.length
    if not kernels_modifiers.modifiers(*place, views, offsets, keys):
        return None
    arrow, total = cast("Any", pa), int(offsets[-1])
    values = text_column(data, views[:total], None, 0, total, 0)
    buffers: list[Any] = [None, pa.py_buffer(offsets)]
    kind = arrow.large_list(_STRINGS)
    lists = arrow.Array.from_buffers(kind, count, buffers, children=[values])
    return lists, text_column(data, keys, None, 0, count, 0)


def decimal_column(values: Integers, valid: Mask, scale: int) -> Column:
    """Whole numbers of the smallest unit as a column of amounts."""
    found, bits = np.empty((len(values), 2), np.int64), _room_for_bits(len(values))
    count = kernels_columns.wide(values, valid, found, bits)
    return _numbers(pa.decimal128(14, scale), found, bits, count)


def day_column(values: Integers, valid: Mask) -> Column:
    """Days since 1970 as a column."""
    found, bits = np.empty(len(values), np.int32), _room_for_bits(len(values))
    count = kernels_columns.narrow(values, valid, found, bits)
    return _numbers(pa.date32(), found, bits, count)


def record_column(record_no: Integers, rows: Positions) -> Column:
    """Record numbers of segments as a column; null where the row is -1."""
    found, bits = np.empty(len(rows), np.int64), _room_for_bits(len(rows))
    count = kernels_columns.records(record_no, rows, found, bits)
    return _numbers(pa.int64(), found, bits, count)


def _numbers(kind: Any, values: Any, bits: Any, present: int) -> Column:
    count, arrow = len(values), cast("Any", pa)
    buffers: list[Any] = [None if present == count else pa.py_buffer(bits), pa.py_buffer(values)]
    return arrow.Array.from_buffers(kind, count, buffers)


def _room_for_bits(count: int) -> NDArray[np.uint64]:
    return np.empty((count + 63) // 64, np.uint64)
