"""X12 text as columns, without a loop over segments.

One pass finds the delimiters; an element is then a pair of positions in the chunk's own bytes.  A
column is made by writing Arrow string views from such pairs: short strings are copied into the
view, long ones stay where they are, and blanks or components cost nothing but other positions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from analytics.ingest.x12.delimiters import Delimiters

Positions = NDArray[np.int32]
Mask = NDArray[np.bool_]

_PAD = 16  # zero bytes after the text, so that twelve bytes can be read from any position
_KEEP = np.array([0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF], dtype=np.uint32)
_INLINE = 12  # Arrow keeps strings up to this length inside the view
_SPACES = b"\0\t\n\r "
_STEPS = 64  # blanks skipped one at a time before giving the few long runs to bytes.strip


@dataclass(frozen=True, slots=True)
class Span:
    """Where strings stand in a chunk: ``data[start : start + length]``; length 0 is absent."""

    start: Positions
    length: Positions


@dataclass(frozen=True)
class Segments:
    """A chunk of X12 cut into segments and elements."""

    data: NDArray[np.uint8]  # the text and `_PAD` zeros
    delimiters: Delimiters
    cut: Positions  # where each element ends
    start: Positions  # segment -> where its text starts
    first: Positions  # segment -> index in `cut` of the end of its first element, the segment id
    width: Positions  # segment -> number of elements, the id counted
    code: NDArray[np.uint32]  # segment -> its id, packed into a number
    record_no: NDArray[np.int64]  # segment -> its position in the file, from 1
    context: int = 0  # the first so many segments repeat earlier ones: they were counted before

    def __len__(self) -> int:
        return len(self.start)

    def of(self, *names: str) -> Positions:
        """Positions of the segments with one of these ids, in order."""
        found = self.code == packed(names[0])
        for name in names[1:]:
            found |= self.code == packed(name)
        return np.flatnonzero(found).astype(np.int32)

    def new(self, *names: str) -> Positions:
        """Like `of`, without the context that was read before."""
        rows = self.of(*names)
        return rows[rows >= self.context]

    def span(self, rows: Positions, element: int) -> Span:
        """Where one element of the given segments stands, blanks around it left out.

        A row of -1 is no segment: its element is absent.
        """
        if not len(self.start):
            return Span(np.zeros_like(rows), np.zeros_like(rows))
        at = np.minimum(self.first[rows] + element, len(self.cut) - 1)
        start = self.start[rows] if element == 0 else self.cut[at - 1] + 1
        length = np.where((self.width[rows] > element) & (rows >= 0), self.cut[at] - start, 0)
        whole = Span(start.astype(np.int32), length.astype(np.int32))
        return stripped(self.data, whole, self.delimiters.component)

    def component(self, whole: Span, number: int) -> Span:
        """One component (from 0) of composite elements."""
        cuts = self._component_cuts
        if not len(cuts):
            return whole if number == 0 else Span(whole.start, np.zeros_like(whole.length))
        end = whole.start + whole.length
        at = np.searchsorted(cuts, whole.start).astype(np.int32) + number
        left = _at(cuts, at - 1) + 1 if number else whole.start
        there = (whole.length > 0) & (left <= end)
        start = np.where(there, left, whole.start)
        length = np.where(there, np.minimum(_at(cuts, at), end) - start, 0)
        return stripped(self.data, Span(start.astype(np.int32), length.astype(np.int32)))

    @cached_property
    def _component_cuts(self) -> Positions:
        return np.flatnonzero(self.data == self.delimiters.component).astype(np.int32)

    def head(self, count: int) -> "Segments":
        """The first so many segments."""
        part = slice(0, count)
        return replace(
            self,
            start=self.start[part],
            first=self.first[part],
            width=self.width[part],
            code=self.code[part],
            record_no=self.record_no[part],
        )

    def within(self, inside: Mask) -> "Segments":
        """The same segments, those not inside hidden from `of`."""
        return self if inside.all() else replace(self, code=np.where(inside, self.code, 0))

    def qualifier(self, rows: Positions, element: int = 1) -> NDArray[np.uint32]:
        """Short codes of up to three bytes as numbers, to compare with `packed`."""
        span = self.span(rows, element)
        return _codes(self.data, span.start, span.length, shortest=1)

    def text(self, rows: Positions, element: int, component: int | None = None) -> pl.Series:
        """An element (or one component of it) of the given segments; null where absent or empty."""
        span = self.span(rows, element)
        return self.strings(span if component is None else self.component(span, component))

    def strings(self, span: Span) -> pl.Series:
        """The strings at these places as a polars series; null where the length is 0."""
        views = _views(self.data, span)
        valid = np.packbits(span.length > 0, bitorder="little")
        buffers: list[Any] = [pa.py_buffer(valid), pa.py_buffer(views)]
        if (span.length > _INLINE).any():
            buffers.append(pa.py_buffer(self.data))
        make = cast("Any", pa.Array.from_buffers)
        return pl.Series(
            values=make(cast("Any", pa).string_view(), len(span.start), buffers), dtype=pl.String
        )

    def records(self, rows: Positions) -> pl.Series:
        """Record numbers of these segments; null where the row is -1."""
        if not len(self.record_no):
            return pl.Series(values=[None] * len(rows), dtype=pl.Int64)
        numbers = pl.Series(values=self.record_no[rows], dtype=pl.Int64)
        return numbers.zip_with(pl.Series(values=rows >= 0), pl.Series([None], dtype=pl.Int64))

    def repeats(self, rows: Positions, *, first: int, step: int, most: int) -> int:
        """How often a group of elements repeats in the longest of these segments; at least once."""
        longest = int(self.width[rows].max()) if len(rows) else 0
        return max(1, min(most, -(-(longest - first) // step)))

    def raw(self, rows: Positions, limit: int = 2000) -> pl.Series:
        """The whole text of the given segments, cut at `limit` bytes."""
        end = self.cut[self.first[rows] + self.width[rows] - 1]
        text = self.data.tobytes() if len(rows) else b""
        shown = [
            text[a : min(b, a + limit)].decode("utf-8", "replace")
            for a, b in zip(self.start[rows].tolist(), end.tolist(), strict=True)
        ]
        return pl.Series(values=shown, dtype=pl.String)


def packed(name: str) -> int:
    """A code of up to three letters as a number, comparable for all segments at once."""
    a, b, c = name.encode().ljust(3, b"\0")
    return a | b << 8 | c << 16


def segments(text: bytes, delimiters: Delimiters, first_record: int = 1) -> Segments:
    """Cut a chunk, which must end with a terminator, into segments.  Copies the text once."""
    data = np.zeros(len(text) + _PAD, np.uint8)
    data[: len(text)] = np.frombuffer(text, np.uint8)
    is_end = data[: len(text)] == delimiters.terminator
    cut = np.flatnonzero(is_end | (data[: len(text)] == delimiters.element)).astype(np.int32)
    last = np.flatnonzero(is_end[cut]).astype(np.int32)
    first = np.concatenate((np.zeros(1, np.int32), last[:-1] + 1)).astype(np.int32)[: len(last)]
    start = np.where(first == 0, 0, cut[np.maximum(first - 1, 0)] + 1).astype(np.int32)
    body = stripped(data, Span(start, cut[last] - start))
    kept = body.length > 0
    start, first, last = body.start[kept], first[kept], last[kept]
    return Segments(
        data,
        delimiters,
        cut,
        start,
        first,
        last - first + 1,
        _ids(data, Span(start, cut[first] - start)),
        np.arange(first_record, first_record + len(start), dtype=np.int64),
    )


def merged(chunks: Sequence[Segments]) -> Segments:
    """Several whole files with the same delimiters as one chunk."""
    if len(chunks) == 1:
        return chunks[0]
    shift = np.cumsum([0, *(len(c.data) for c in chunks)]).astype(np.int32)
    cuts = np.cumsum([0, *(len(c.cut) for c in chunks)]).astype(np.int32)
    return Segments(
        np.concatenate([c.data for c in chunks]),
        chunks[0].delimiters,
        np.concatenate([c.cut + s for c, s in zip(chunks, shift, strict=False)]),
        np.concatenate([c.start + s for c, s in zip(chunks, shift, strict=False)]),
        np.concatenate([c.first + s for c, s in zip(chunks, cuts, strict=False)]),
        np.concatenate([c.width for c in chunks]),
        np.concatenate([c.code for c in chunks]),
        np.concatenate([c.record_no for c in chunks]),
    )


def stripped(data: NDArray[np.uint8], span: Span, component: int = 0) -> Span:
    """The same places without blanks, line ends and control characters at either end.

    A component separator that is a control character stays: an empty first component counts.
    """
    start, length = span.start.copy(), span.length.copy()
    blank = np.arange(256) <= ord(" ")
    blank[component] &= component in _SPACES
    for at_start in (True, False):
        todo = np.flatnonzero(length > 0)
        for _ in range(_STEPS):
            edge = start[todo] if at_start else start[todo] + length[todo] - 1
            todo = todo[blank[data[edge]] & (length[todo] > 0)]
            if not len(todo):
                break
            start[todo] += at_start
            length[todo] -= 1
            todo = todo[length[todo] > 0]
        else:
            _strip_long(data, start, length, todo.astype(np.int32), blank)
    return Span(start, length)


def _strip_long(
    data: NDArray[np.uint8], start: Positions, length: Positions, rows: Positions, blank: Mask
) -> None:
    """Strip the few strings that have long runs of blanks, in place."""
    for row in rows.tolist():
        text = np.flatnonzero(~blank[data[start[row] : start[row] + length[row]]])
        low, high = (text[0], text[-1] + 1) if len(text) else (0, 0)
        start[row], length[row] = start[row] + low, high - low


def _at(cuts: Positions, index: Positions) -> Positions:
    """``cuts[index]``, and a place beyond every text where the index is beyond the last cut."""
    beyond = np.iinfo(np.int32).max - 1
    return np.where(index < len(cuts), cuts[np.clip(index, 0, len(cuts) - 1)], beyond)


def _codes(
    data: NDArray[np.uint8], start: Positions, length: Positions, shortest: int = 2
) -> NDArray[np.uint32]:
    """Codes of up to three bytes as numbers, upper case; 0 where shorter or longer."""
    code = np.zeros(len(start), np.uint32)
    for place in range(3):
        byte = data[start + place].astype(np.uint32)
        byte = np.where((byte >= 97) & (byte <= 122), byte - 32, byte)
        code |= np.where(length > place, byte, 0).astype(np.uint32) << np.uint32(8 * place)
    return np.where((length >= shortest) & (length <= 3), code, 0).astype(np.uint32)


def _ids(data: NDArray[np.uint8], span: Span) -> NDArray[np.uint32]:
    """Segment ids as numbers; blanks before the first delimiter are rare, and left out."""
    code = _codes(data, span.start, span.length)
    odd = np.flatnonzero((code == 0) & (span.length > 0))
    trimmed = stripped(data, Span(span.start[odd], span.length[odd]))
    code[odd] = _codes(data, trimmed.start, trimmed.length)
    return code


def _views(data: NDArray[np.uint8], span: Span) -> NDArray[np.uint32]:
    """Arrow string views: length, then twelve bytes of text, or a prefix and where the rest is."""
    start, length = span.start, span.length
    words = as_strided(data[:4].view("<u4"), shape=(len(data) - 3,), strides=(1,))
    views = np.empty((len(start), 4), np.uint32)
    views[:, 0] = length
    for word in range(3):
        keep = _KEEP[np.clip(length - 4 * word, 0, 4)]
        views[:, word + 1] = words[start + 4 * word] & keep
    long = np.flatnonzero(length > _INLINE)
    views[long, 2] = 0
    views[long, 3] = start[long]
    return views
