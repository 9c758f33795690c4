"""The reader's innermost loops as machine code, for large files; needs the extra ``fast``.

Each function does what its namesake in arrays of numpy does, a value at a time and so in one pass.
"""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from analytics.ingest.x12 import kernels, kernels_numbers, kernels_places, kernels_text
from analytics.ingest.x12.spans import (
    INLINE,
    KEEP4,
    KEEP8,
    Bytes,
    Integers,
    Mask,
    Positions,
    Span,
    nulls,
)

_MOST_IDS = 1000


def cut(
    data: Bytes, cuts: Positions, terminator: int, blank: Mask
) -> tuple[Positions, Positions, Positions, NDArray[np.uint32], NDArray[np.uint32]]:
    """Per segment its start, first element, width, id and first qualifier."""
    most = np.count_nonzero(data == terminator)
    start, first, width = (np.empty(most, np.int32) for _ in range(3))
    code, lead = (np.empty(most, np.uint32) for _ in range(2))
    four = _words(data, "<u4")
    count = kernels.cut(data, four, terminator, blank, cuts, start, first, width, code, lead)
    return start[:count], first[:count], width[:count], code[:count], lead[:count]


def grouped(code: NDArray[np.uint32]) -> dict[int, Positions] | None:
    """The segments of each id, in order; None where there are too many ids."""
    slots, numbers = np.zeros(4096, np.uint32), np.empty(4096, np.int32)
    names, counts = np.empty(_MOST_IDS, np.uint32), np.zeros(_MOST_IDS, np.int64)
    which, order = np.empty(len(code), np.int32), np.empty(len(code), np.int64)
    found = kernels.grouped(code, slots, numbers, which, names, counts, order)
    if found < 0:
        return None
    ends = np.cumsum(counts[:found]).tolist()
    begins = [0, *ends[:-1]]
    return {
        name: order[begin:end]
        for name, begin, end in zip(names[:found].tolist(), begins, ends, strict=False)
    }


def deeper(anchors: Positions, level: int, latest: Positions, depth: Positions) -> Positions:
    """Per segment which anchor of one more level it is under; `latest` and `depth` are changed."""
    owner = np.full(len(latest), -1, np.int32)
    kernels.deeper(anchors, level, latest, depth, owner)
    return owner


def located(
    data: Bytes, cuts: Positions, first: Positions, width: Positions, blank: Mask,
    rows: Positions, element: int | Positions, count: int,
) -> list[Span]:  # fmt: skip
    """Where one element of segments `rows`, and those behind it, stand, blanks left out."""
    elements = np.atleast_1d(np.asarray(element, np.int64))
    start, length = (np.empty((count, len(rows)), np.int64) for _ in range(2))
    kernels_places.locate(data, cuts, first, width, blank, rows, elements, start, length)
    return [Span(start[number], length[number]) for number in range(count)]


def texts(
    data: Bytes, cuts: Positions, first: Positions, width: Positions, blank: Mask,
    rows: Positions, elements: Sequence[int], *, upper: bool = False,
) -> list[pl.Series]:  # fmt: skip
    """Some elements of segments `rows` as strings; null where one is absent or empty."""
    count = len(elements)
    views = np.empty((count, len(rows), 2), np.uint64)
    valid = np.empty((count, (len(rows) + 63) // 64), np.uint64)
    four, eight = _words(data, "<u4"), _words(data, "<u8")
    found = np.zeros((count, 3), np.int64)  # the longest, how many, whether some need more
    kernels_text.texts(
        data, cuts, first, width, blank, rows, np.array(elements, np.int64), upper, four, eight,
        KEEP4, KEEP8, views, valid, found,
    )  # fmt: skip
    return [
        _column(data, views[number], valid[number], *said)
        for number, said in enumerate(found.tolist())
    ]


def amounts(
    data: Bytes, cuts: Positions, first: Positions, width: Positions, blank: Mask,
    rows: Positions, elements: Sequence[int], scale: int,
) -> list[tuple[Integers, Mask, Mask]]:  # fmt: skip
    """Some elements as whole numbers of their smallest unit: values, which are sound, are there."""
    shape = len(elements), len(rows)
    values = np.empty(shape, np.int64)
    valid, there = (np.empty(shape, np.bool_) for _ in range(2))
    which = np.array(elements, np.int64)
    kernels_numbers.amounts(
        data, cuts, first, width, blank, rows, which, scale, _words(data, "<u8"),
        values, valid, there,
    )  # fmt: skip
    return [(values[n], valid[n], there[n]) for n in range(len(elements))]


def components(data: Bytes, separator: int, blank: Mask, whole: Span, count: int) -> list[Span]:
    """The first so many components of composite elements."""
    start = np.zeros((count, len(whole.start)), np.int64)
    length = np.zeros((count, len(whole.start)), np.int64)
    kernels_places.split(data, separator, blank, whole.start, whole.length, start, length)
    return [Span(start[number], length[number]) for number in range(count)]


def strings(data: Bytes, span: Span, *, upper: bool = False) -> pl.Series:
    """The strings at these places, in upper case if asked for; null where the length is 0."""
    count = len(span.start)
    views, valid = np.empty((count, 2), np.uint64), np.empty((count + 63) // 64, np.uint64)
    four, eight = _words(data, "<u4"), _words(data, "<u8")
    found = np.zeros(3, np.int64)  # as in `texts`
    kernels_text.views(
        data, four, eight, KEEP4, KEEP8, span.start, span.length, upper, views, valid, found
    )
    return _column(data, views, valid, *found.tolist())


def _column(
    data: Bytes, views: Any, valid: Any, longest: int, present: int, left: int
) -> pl.Series:
    """The views as a column of strings; in upper case where letters are `left` that are not."""
    count = len(views)
    if not present:
        return nulls(count, pl.String)
    buffers: list[Any] = [None if present == count else pa.py_buffer(valid), pa.py_buffer(views)]
    if longest > INLINE:
        buffers.append(pa.py_buffer(data))
    kind = cast("Any", pa).string_view()
    found = pl.Series(values=cast("Any", pa.Array).from_buffers(kind, count, buffers))
    return found.str.to_uppercase() if left else found


def _words(data: Bytes, kind: str) -> NDArray[Any]:
    return np.ndarray(len(data) - np.dtype(kind).itemsize + 1, kind, data, strides=(1,))


def first_in_loop(
    rows: Positions, qualifiers: NDArray[np.uint32], wanted: NDArray[np.uint32],
    owners: Positions, depth: Positions, level: int, count: int,
) -> Positions:  # fmt: skip
    """For each of `count` loops its first row with one of the wanted qualifiers, or -1."""
    found = np.full(count, -1)
    kernels.first(rows, qualifiers, wanted, owners, depth, level, found)
    return found


def qualifier(
    data: Bytes, cuts: Positions, first: Positions, width: Positions, blank: Mask,
    rows: Positions, element: int,
) -> NDArray[np.uint32]:  # fmt: skip
    """One element of segments `rows` as numbers; 0 where it is longer than three bytes."""
    found = np.empty(len(rows), np.uint32)
    four = _words(data, "<u4")
    kernels_text.qualifier(data, cuts, first, width, blank, rows, element, four, found)
    return found


def codes(data: Bytes, span: Span) -> NDArray[np.uint32]:
    """Codes of up to three bytes as numbers, upper case; 0 where longer."""
    found = np.empty(len(span.start), np.uint32)
    kernels_text.codes(data, _words(data, "<u4"), span.start, span.length, found)
    return found


def decimals(data: Bytes, span: Span, scale: int) -> tuple[Integers, Mask]:
    """A sign, digits, and up to `scale` digits behind a dot."""
    values, valid = np.empty(len(span.start), np.int64), np.empty(len(span.start), np.bool_)
    kernels_numbers.decimals(
        data, span.start, span.length, scale, _words(data, "<u8"), values, valid
    )
    return values, valid


def days(
    data: Bytes, span: Span, before: NDArray[np.int32], lengths: NDArray[np.int32], first_year: int
) -> tuple[Integers, Mask]:
    """Dates CCYYMMDD; `before` and `lengths` are the calendar by year and slot of sixteen."""
    values, valid = np.zeros(len(span.start), np.int64), np.zeros(len(span.start), np.bool_)
    kernels_numbers.days(
        data, span.start, span.length, before, lengths, first_year, _words(data, "<u8"),
        values, valid,
    )  # fmt: skip
    return values, valid
