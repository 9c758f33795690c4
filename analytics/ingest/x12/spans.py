"""Strings as places in a chunk's own bytes, and Arrow columns made of such places.

A column is made by writing Arrow string views: short strings are copied into the view, long ones
stay where they are, and blanks or components cost nothing but other positions.
"""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Positions = NDArray[np.signedinteger[Any]]
Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]
Column = Any  # an Arrow array, which costs less than a polars series, or where need be a series

PAD = 64  # zero bytes after the text, so that so many can be read from any position

INLINE = 12  # Arrow keeps strings up to this length inside the view
_FIRST = 4  # bytes of text in the first half of a view
_STEPS = 64  # blanks skipped one at a time before long runs are searched one by one
# How much of a word belongs to a string, by its length.
KEEP4 = np.array([(1 << 8 * n) - 1 for n in range(5)], dtype=np.uint32)
KEEP8 = np.array([(1 << 8 * max(n - _FIRST, 0)) - 1 for n in range(13)] + [0], dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Span:
    """Where strings stand in a chunk: ``data[start : start + length]``; length 0 is absent."""

    start: Positions
    length: Positions

    def where(self, rows: Mask | Positions | slice) -> "Span":
        """Some of the places."""
        return Span(self.start[rows], self.length[rows])

    def scattered(self, rows: Positions, count: int) -> "Span":
        """These places as `rows` of so many, the others absent."""
        every = absent(count)
        every.start[rows], every.length[rows] = self.start, self.length
        return every

    def otherwise(self, other: "Span") -> "Span":
        """The same places; where nothing stands, those of the other."""
        return self.replaced(other, self.length == 0)

    def replaced(self, other: "Span", among: Mask) -> "Span":
        """The places of the other where `among`."""
        return Span(
            np.where(among, other.start, self.start), np.where(among, other.length, self.length)
        )

    @staticmethod
    def joined(spans: "list[Span]") -> "Span":
        """The places of several columns, one behind the other."""
        return Span(
            np.concatenate([span.start for span in spans]),
            np.concatenate([span.length for span in spans]),
        )

    def part(self, first: int, length: int, among: Mask) -> "Span":
        """The bytes from `first` on where `among`, the whole elsewhere."""
        return Span(
            np.where(among, self.start + first, self.start),
            np.where(among, length, self.length),
        )


def gathered(found: list[Positions]) -> Positions:
    """The places of all, in order."""
    every = np.concatenate([np.zeros(0, np.int64), *found])
    return np.sort(every, kind="stable")  # runs are in order


def absent(count: int) -> Span:
    """So many strings that are not there."""
    return Span(np.zeros(count, np.int64), np.zeros(count, np.int64))


def words(data: Bytes, kind: str, at: Positions) -> NDArray[Any]:
    """The bytes from each place on as one little-endian number: ``<u4`` or ``<u8``."""
    size = len(data) - np.dtype(kind).itemsize + 1
    return np.ndarray(size, kind, data, strides=(1,))[at]


def strings(data: Bytes, span: Span) -> pl.Series:
    """The strings at these places; null where the length is 0."""
    return pl.Series(values=texts(data, span))


def texts(data: Bytes, span: Span) -> Column:
    """The strings at these places; null where the length is 0."""
    start, length = span.start, span.length
    longest = int(length.max(initial=0))
    views = np.zeros((len(start), 4), np.uint32)
    views[:, 0] = length
    views[:, 1] = words(data, "<u4", start) & KEEP4.take(length, mode="clip")
    if longest > _FIRST:
        rest = words(data, "<u8", start + _FIRST) & KEEP8.take(length, mode="clip")
        views.view(np.uint64)[:, 1] = rest
    if longest > INLINE:
        long = np.flatnonzero(length > INLINE)
        views[long, 2], views[long, 3] = 0, start[long]
    buffers = [views, data] if longest > INLINE else [views]
    return column(cast("Any", pa).string_view(), length > 0, *buffers)


def series(kind: Any, valid: Mask | None, *buffers: NDArray[Any]) -> pl.Series:
    """A polars series of Arrow type `kind` over these buffers, without a copy."""
    return pl.Series(values=column(kind, valid, *buffers))


def column(kind: Any, valid: Mask | None, *buffers: NDArray[Any]) -> Column:
    """An Arrow array of type `kind` over these buffers, without a copy."""
    return _array(kind, len(buffers[0]), valid, [pa.py_buffer(buffer) for buffer in buffers])


def integers(values: NDArray[Any]) -> Column:
    """A column of 32-bit whole numbers."""
    return column(pa.int32(), None, values.astype(np.int32))


def truths(values: Mask, valid: Mask | None = None) -> Column:
    """A column of truth values."""
    return _array(pa.bool_(), len(values), valid, [pa.py_buffer(_bits(values))])


def booleans(values: Mask, valid: Mask | None = None) -> pl.Series:
    """A polars series of truth values."""
    return pl.Series(values=truths(values, valid))


def _array(kind: Any, count: int, valid: Mask | None, buffers: list[Any]) -> Column:
    return cast("Any", pa).Array.from_buffers(kind, count, [bitmap(valid), *buffers])


def bitmap(valid: Mask | None) -> Any:
    """Bits for what is there; None where all is."""
    return None if valid is None or valid.all() else cast("Any", pa).py_buffer(_bits(valid))


def nulls(count: int, kind: pl.DataType | type[pl.DataType]) -> pl.Series:
    """A column of so many nulls."""
    return pl.Series(values=[None], dtype=kind).new_from_index(0, count)


def _bits(values: Mask) -> Bytes:
    return np.packbits(values, bitorder="little")


def stripped(data: Bytes, span: Span, blank: Mask) -> Span:
    """The same places without the bytes that `blank` marks at either end."""
    start, length = span.start.copy(), span.length.copy()
    for at_start in (True, False):
        todo = np.flatnonzero(length > 0)
        for _ in range(_STEPS):
            edge = start[todo] if at_start else start[todo] + length[todo] - 1
            todo = todo[blank[data[edge]]]
            if not len(todo):
                break
            start[todo] += at_start
            length[todo] -= 1
            todo = todo[length[todo] > 0]
        else:
            _strip_long(data, start, length, todo, blank)
    return Span(start, length)


def _strip_long(
    data: Bytes, start: Positions, length: Positions, rows: Positions, blank: Mask
) -> None:
    """Strip the few strings that have long runs of blanks, in place."""
    for row in rows.tolist():
        text = np.flatnonzero(~blank[data[start[row] : start[row] + length[row]]])
        low, high = (text[0], text[-1] + 1) if len(text) else (0, 0)
        start[row], length[row] = start[row] + low, high - low
