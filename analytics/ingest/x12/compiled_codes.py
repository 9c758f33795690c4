"""Codes in components of large files, read by machine code."""

from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analytics.ingest.x12 import kernels_codes
from analytics.ingest.x12.spans import Bytes, Column, Integers, Positions, Span


def composites(
    where: tuple[Any, ...], separator: int, rows: Positions, most: int
) -> tuple[Positions, list[Span], NDArray[np.uint32], int] | None:
    """The same as `repeated.composites`; None where one is very long."""
    rows = np.ascontiguousarray(rows, np.int64)
    room = int(np.clip(where[3].take(rows) - 1, 0, most).sum())  # by their widths
    found, told = np.empty((7, room + 1), np.int64), np.empty(room + 1, np.uint32)
    data, cuts, first, width, bare, blank = where
    count, widest = kernels_codes.composites(
        data, cuts, first, width, bare, blank, rows, separator, most, found, told
    )
    if count < 0:
        return None
    which, *places = (part[:count] for part in found)
    spans = [Span(*places[at : at + 2]) for at in (0, 2, 4)]
    return which, spans, told[:count], widest


def pointers(
    data: Bytes, separator: int, whole: Span
) -> tuple[Positions, Integers, Integers] | None:
    """All pointers in composites, how many each has, and the highest; None if longer ones are."""
    size = len(whole.start)
    listed, count = np.empty(4 * size, np.int32), np.empty(size, np.int64)
    highest = np.empty(size, np.int64)
    place = data, separator, whole.start, whole.length
    total = kernels_codes.pointers(*place, listed, count, highest)
    return None if total < 0 else (listed[:total], count, highest)


def first_of_each(texts: Column, said: Integers) -> tuple[Positions, Positions] | None:
    """The first row of each text, in order, and its first row where `said` is not 0, or -1.

    None where a text is long, or the column no Arrow array.
    """
    count = len(texts)
    if not count or not isinstance(texts, cast("Any", pa).StringViewArray):
        return None
    views = np.frombuffer(texts.buffers()[1], np.uint64).reshape(-1, 2)[:count]
    slots = np.zeros(1 << (2 * count).bit_length(), np.int32)
    first, first_said = np.empty(count, np.int64), np.empty(count, np.int64)
    found = kernels_codes.first_of_each(views, said, slots, first, first_said)
    return None if found < 0 else (first[:found], first_said[:found])
