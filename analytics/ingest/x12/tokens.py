"""X12 text as columns, without a loop over segments.

One pass finds the delimiters; an element is then a pair of positions in the chunk's own bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from analytics.ingest.x12.delimiters import Delimiters
from analytics.ingest.x12.numbers import Numbers, numbers
from analytics.ingest.x12.spans import (
    PAD,
    Bytes,
    Integers,
    Mask,
    Positions,
    Span,
    absent,
    nulls,
    series,
    strings,
    stripped,
    words,
)

Element: TypeAlias = int | Positions  # which element, the same of all rows or one for each

_SPACES = b"\0\t\n\r "
_CODES = np.array([0, 0xFF, 0xFFFF, 0xFFFFFF], np.uint64)  # how much of a word a code takes
_ID_LENGTHS = (2, 3)


@dataclass(frozen=True)
class Segments:
    """A chunk of X12 cut into segments and elements."""

    data: Bytes  # the text and `PAD` zeros
    delimiters: Delimiters
    cut: Positions  # where each element ends
    start: Positions  # segment -> where its text starts
    first: Positions  # segment -> index in `cut` of the end of its first element, the segment id
    width: Positions  # segment -> number of elements, the id counted
    code: NDArray[np.uint32]  # segment -> its id, packed into a number
    record_no: Integers  # segment -> its position in the file, from 1
    padded: Mask | None = None  # element -> whether blanks stand at its ends; None: nowhere
    context: int = 0  # the first so many segments repeat earlier ones: they were counted before
    _found: dict[tuple[str, ...], Positions] = field(
        default_factory=dict[tuple[str, ...], Positions], repr=False
    )

    def __len__(self) -> int:
        return len(self.start)

    def of(self, *names: str) -> Positions:
        """Positions of the segments with one of these ids, in order."""
        if names not in self._found:
            found = self.code == packed(names[0])
            for name in names[1:]:
                found |= self.code == packed(name)
            self._found[names] = np.flatnonzero(found).astype(np.int32)
        return self._found[names]

    def new(self, *names: str) -> Positions:
        """Like `of`, without the context that was read before."""
        rows = self.of(*names)
        return rows[np.searchsorted(rows, self.context) :]

    def span(self, rows: Positions, element: Element) -> Span:
        """Where one element (from 1) of the given segments stands, blanks around it left out.

        A row of -1 is no segment and 0 no element: what stands there is absent.
        """
        there = (rows >= 0) & (np.asarray(element) > 0)
        if there.all():
            return self._span(rows, element)
        whole, present = absent(len(rows)), np.flatnonzero(there)
        which = element if isinstance(element, int) else element[present]
        found = self._span(rows[present], which)
        whole.start[present], whole.length[present] = found.start, found.length
        return whole

    def _span(self, rows: Positions, element: Element) -> Span:
        if not len(rows):
            return absent(0)
        at = self.first[rows] + np.asarray(element, np.int32)
        there = self.width[rows] > element
        if not there.all():
            at = np.where(there, at, 0)
        start = self.cut[at - 1] + np.int32(1)
        length = self.cut[at] - start
        if not there.all():
            length = np.where(there, length, 0)
        whole = Span(start, length)
        return whole if self.padded is None else self._stripped(whole, self.padded[at] & there)

    def _stripped(self, whole: Span, todo: Mask) -> Span:
        """The same places, stripped where `todo` says so."""
        rows = np.flatnonzero(todo)
        if len(rows):
            bare = stripped(self.data, whole.where(rows), self._blank)
            whole.start[rows], whole.length[rows] = bare.start, bare.length
        return whole

    @cached_property
    def _blank(self) -> Mask:
        return blanks(self.delimiters)

    def components(self, whole: Span, count: int) -> list[Span]:
        """The first so many components of composite elements."""
        cuts, none = self._component_cuts, absent(len(whole.start))
        if not len(cuts):
            return [whole, *[none] * (count - 1)][:count]
        end = whole.start + whole.length
        at = np.searchsorted(cuts, whole.start).astype(np.int32)
        left, found = whole.start, list[Span]()
        for number in range(count):
            right = _at(cuts, at + np.int32(number))
            there = (whole.length > 0) & (left <= end)
            length = np.where(there, np.minimum(right, end) - left, 0)
            found.append(self._bare(Span(np.where(there, left, whole.start), length)))
            left = right + np.int32(1)
        return found

    def component(self, whole: Span, number: int) -> Span:
        """One component (from 0) of composite elements."""
        return self.components(whole, number + 1)[number]

    def _bare(self, part: Span) -> Span:
        """A component without blanks around it."""
        if not self._has_padded_components:
            return part
        return self._stripped(part, part.length > 0)

    @cached_property
    def _component_cuts(self) -> Positions:
        return np.flatnonzero(self.data == self.delimiters.component).astype(np.int32)

    @cached_property
    def _has_padded_components(self) -> bool:
        cuts = self._component_cuts
        after, blank = self.data[cuts + 1], blanks(Delimiters(0, 0, 0))
        beside = blank[self.data[cuts - 1]] | (blank[after] & (after != self.delimiters.terminator))
        return bool(beside.any())

    @cached_property
    def _has_lower_case(self) -> bool:
        """Whether any byte is not what upper case would leave alone."""
        lower = (self.data >= ord("a")) & (self.data <= ord("z"))
        return bool(lower.any() or (self.data >= 0x80).any())

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
            _found={},
        )

    def within(self, inside: Mask) -> "Segments":
        """The same segments, those not inside hidden from `of`."""
        if inside.all():
            return self
        return replace(self, code=np.where(inside, self.code, 0).astype(np.uint32), _found={})

    def qualifier(self, rows: Positions, element: int = 1) -> NDArray[np.uint32]:
        """Short codes of up to three bytes as numbers, to compare with `packed`."""
        return self.codes(self.span(rows, element))

    def codes(self, span: Span) -> NDArray[np.uint32]:
        """The codes at these places, to compare with `packed`; 0 where longer than three bytes."""
        return _codes(self.data, span)

    def ids(self, rows: Positions) -> pl.Series:
        """The ids of these segments, in upper case."""
        length = self.cut[self.first[rows]] - self.start[rows]
        bare = stripped(self.data, Span(self.start[rows], length), self._blank)
        return self.strings(bare).str.to_uppercase()

    def text(self, rows: Positions, element: int, component: int | None = None) -> pl.Series:
        """An element (or one component of it) of the given segments; null where absent or empty."""
        span = self.span(rows, element)
        return self.strings(span if component is None else self.component(span, component))

    def strings(self, span: Span, *, upper: bool = False) -> pl.Series:
        """The strings at these places as a polars series; null where the length is 0."""
        found = strings(self.data, span)
        return found.str.to_uppercase() if upper and self._has_lower_case else found

    def numbers(self, span: Span, kind: str) -> Numbers:
        """The amounts, quantities or days at these places."""
        return numbers(self.data, span, kind)

    def records(self, rows: Positions) -> pl.Series:
        """Record numbers of these segments; null where the row is -1."""
        if not len(self.record_no):
            return nulls(len(rows), pl.Int64)
        return series(pa.int64(), rows >= 0, self.record_no[rows])

    def repeats(self, rows: Positions, *, first: int, step: int, most: int) -> int:
        """How often a group of elements repeats in the longest of these segments; at least once."""
        longest = int(self.width[rows].max()) if len(rows) else 0
        return max(1, min(most, -(-(longest - first) // step)))

    def raw(self, rows: Positions, limit: int = 2000) -> pl.Series:
        """The whole text of the given segments, cut at `limit` bytes."""
        end = self.cut[self.first[rows] + self.width[rows] - 1]
        length = np.minimum(end - self.start[rows], np.int32(limit))
        for _ in range(3):  # not inside a character
            inside = (self.data[self.start[rows] + length] & 0xC0) == 0x80
            length = length - inside.astype(np.int32)
        return strings(self.data, Span(self.start[rows], length))


def packed(name: str) -> int:
    """A code of up to three letters as a number, comparable for all segments at once."""
    a, b, c = name.encode().ljust(3, b"\0")
    return a | b << 8 | c << 16


def blanks(delimiters: Delimiters) -> Mask:
    """Which bytes are blanks: white space and control characters.

    A component separator that is a control character is none: an empty first component counts.
    """
    blank = np.arange(256) <= ord(" ")
    blank[delimiters.component] &= delimiters.component in _SPACES
    return blank


def segments(text: bytes, delimiters: Delimiters, first_record: int = 1) -> Segments:
    """Cut a chunk, which must end with a terminator, into segments.  Copies the text once."""
    size = len(text)
    data = np.zeros(size + PAD, np.uint8)
    data[:size] = np.frombuffer(text, np.uint8)
    is_end, is_element = data == delimiters.terminator, data == delimiters.element
    is_end[size:] = is_element[size:] = False
    is_cut = is_end | is_element
    cut = np.flatnonzero(is_cut).astype(np.int32)
    last = np.flatnonzero(is_end[cut]).astype(np.int32)
    first = np.concatenate((np.zeros(1, np.int32), last[:-1] + 1)).astype(np.int32)[: len(last)]
    start = np.where(first == 0, 0, cut[np.maximum(first - 1, 0)] + 1).astype(np.int32)
    blank = blanks(delimiters)
    body = Span(start, cut[last] - start)
    if blank[data[start]].any():
        body = stripped(data, body, blank)
    kept = body.length > 0
    if not kept.all():
        body, first, last = body.where(kept), first[kept], last[kept]
    return Segments(
        data,
        delimiters,
        cut,
        body.start,
        first,
        last - first + 1,
        _ids(data, Span(body.start, cut[first] - body.start), blank),
        np.arange(first_record, first_record + len(first), dtype=np.int64),
        _padded(data, cut, is_cut, is_element, delimiters),
    )


def _padded(
    data: Bytes, cut: Positions, is_cut: Mask, is_element: Mask, delimiters: Delimiters
) -> Mask | None:
    """Per element whether a blank stands at one of its ends; None where there is none at all.

    Blanks before a segment, mostly line ends, are no part of an element.
    """
    blank = (data <= ord(" ")) & (data != delimiters.component)
    if delimiters.component in _SPACES:
        blank = data <= ord(" ")
    beside = np.zeros(len(data), np.bool_)
    beside[1:] = blank[1:] & is_element[:-1]
    beside[:-1] |= blank[:-1] & is_cut[1:]
    marks = np.flatnonzero(beside & ~is_cut)
    if not len(marks):
        return None
    padded = np.zeros(len(cut), np.bool_)
    padded[np.minimum(np.searchsorted(cut, marks), len(cut) - 1)] = True
    return padded


def merged(chunks: Sequence[Segments]) -> Segments:
    """Several whole files with the same delimiters as one chunk."""
    if len(chunks) == 1:
        return chunks[0]
    shift = np.cumsum([0, *(len(c.data) for c in chunks)]).astype(np.int32)
    cuts = np.cumsum([0, *(len(c.cut) for c in chunks)]).astype(np.int32)
    none = [np.zeros(len(c.cut), np.bool_) if c.padded is None else c.padded for c in chunks]
    return Segments(
        np.concatenate([c.data for c in chunks]),
        chunks[0].delimiters,
        np.concatenate([c.cut + s for c, s in zip(chunks, shift, strict=False)]),
        np.concatenate([c.start + s for c, s in zip(chunks, shift, strict=False)]),
        np.concatenate([c.first + s for c, s in zip(chunks, cuts, strict=False)]),
        np.concatenate([c.width for c in chunks]),
        np.concatenate([c.code for c in chunks]),
        np.concatenate([c.record_no for c in chunks]),
        np.concatenate(none),
    )


def _at(cuts: Positions, index: Positions) -> Positions:
    """``cuts[index]``, and a place beyond every text where the index is beyond the last cut."""
    beyond = np.int32(np.iinfo(np.int32).max - 1)
    found = cuts[np.minimum(index, len(cuts) - 1)]
    return np.where(index < len(cuts), found, beyond)


def _codes(data: Bytes, span: Span, shortest: int = 1) -> NDArray[np.uint32]:
    """Codes of up to three bytes as numbers, upper case; 0 where shorter or longer."""
    usable = (span.length >= shortest) & (span.length <= 3)
    word = words(data, "<u4", span.start) & _CODES[np.where(usable, span.length, 0)]
    letters = np.uint64(0x404040)
    return (word & ~(((word & letters) >> np.uint64(1)) & word)).astype(np.uint32)


def _ids(data: Bytes, span: Span, blank: Mask) -> NDArray[np.uint32]:
    """Segment ids as numbers; blanks before the first delimiter are rare, and left out."""
    code = _codes(data, span, shortest=2)
    odd = np.flatnonzero((code == 0) & (span.length > 0))
    if len(odd):
        code[odd] = _codes(data, stripped(data, span.where(odd), blank), shortest=2)
    return code
