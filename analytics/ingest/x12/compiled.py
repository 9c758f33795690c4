"""The reader's innermost loops as machine code, for large files; needs the extra ``fast``.

Each function does what its namesake in arrays of numpy does, a value at a time and so in one pass.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
import polars as pl
import pyarrow as pa
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

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

_F = TypeVar("_F", bound=Callable[..., Any])


def _compiled(function: _F) -> _F:
    """The function as machine code, kept between runs, that other threads can run beside."""
    return cast("_F", cast("Any", numba).njit(nogil=True, cache=True)(function))


def cut(
    data: Bytes, size: int, ends: tuple[int, int], blank: Mask
) -> tuple[Positions, Positions, Positions, Positions, NDArray[np.uint32]]:
    """Where elements end; per segment its start, first element, width and id.

    `ends` are the element separator and the terminator.
    """
    most = size + 1
    cuts = np.empty(most, np.int32)
    start, first, width = (np.empty(most // 2 + 1, np.int64) for _ in range(3))
    code = np.empty(most // 2 + 1, np.uint32)
    found, count = _cut(data, size, *ends, blank, cuts, start, first, width, code)
    return cuts[:found], start[:count], first[:count], width[:count], code[:count]


@_compiled
def _cut(
    data: Any, size: int, element: int, terminator: int, blank: Any,
    cuts: Any, start: Any, first: Any, width: Any, code: Any,
) -> tuple[int, int]:  # fmt: skip
    found = count = begin = opened = 0
    for place in range(size):
        byte = data[place]
        if byte != element and byte != terminator:
            continue
        cuts[found] = place
        found += 1
        if byte != terminator:
            continue
        while begin < place and blank[data[begin]]:
            begin += 1
        if begin < place:
            start[count], first[count], width[count] = begin, opened, found - opened
            code[count] = _id(data, begin, cuts[opened], blank)
            count += 1
        begin, opened = place + 1, found
    return found, count


@_compiled
def _id(data: Any, begin: int, end: int, blank: Any) -> int:
    """Two or three bytes as a number, in upper case; 0 for other lengths."""
    while end > begin and blank[data[end - 1]]:
        end -= 1
    return _code(data, begin, end - begin) if end - begin > 1 else 0


@_compiled
def _code(data: Any, begin: int, length: int) -> int:
    code = 0
    if 0 < length <= 3:
        for place in range(length):
            byte = np.int64(data[begin + place])
            code |= (byte & ~((byte & 0x40) >> 1 & byte)) << 8 * place
    return code


def located(
    data: Bytes, cuts: Positions, first: Positions, width: Positions, blank: Mask,
    rows: Positions, element: int | Positions,
) -> Span:  # fmt: skip
    """Where one element of segments `rows` stands, blanks left out."""
    elements = np.atleast_1d(np.asarray(element, np.int64))
    found = Span(np.empty(len(rows), np.int64), np.empty(len(rows), np.int64))
    _locate(data, cuts, first, width, blank, rows, elements, found.start, found.length)
    return found


@_compiled
def _locate(
    data: Any, cuts: Any, first: Any, width: Any, blank: Any,
    rows: Any, elements: Any, start: Any, length: Any,
) -> None:  # fmt: skip
    step = 0 if len(elements) == 1 else 1
    for place in range(len(rows)):
        row, element = rows[place], elements[place * step]
        start[place] = length[place] = 0
        if row < 0 or element <= 0 or width[row] <= element:
            continue
        at = first[row] + element
        begin, end = np.int64(cuts[at - 1]) + 1, np.int64(cuts[at])
        while begin < end and blank[data[begin]]:
            begin += 1
        while begin < end and blank[data[end - 1]]:
            end -= 1
        start[place], length[place] = begin, end - begin


def text(
    data: Bytes, cuts: Positions, first: Positions, width: Positions, blank: Mask,
    rows: Positions, element: int, *, upper: bool = False,
) -> pl.Series:  # fmt: skip
    """One element of segments `rows` as strings; null where it is absent or empty."""
    views = np.empty((len(rows), 4), np.uint32)
    valid = np.zeros((len(rows) + 7) // 8, np.uint8)
    four, eight = _words(data, "<u4"), _words(data, "<u8")
    longest, present, left = _text(
        data, cuts, first, width, blank, rows, element, upper, four, eight, KEEP4, KEEP8,
        views, valid,
    )  # fmt: skip
    return _column(data, views, valid, longest, present, raised=not left)


@_compiled
def _text(
    data: Any, cuts: Any, first: Any, width: Any, blank: Any, rows: Any, element: int, upper: bool,
    four: Any, eight: Any, keep4: Any, keep8: Any, views: Any, valid: Any,
) -> tuple[int, int, bool]:  # fmt: skip
    longest, present, left = 0, 0, False
    for place in range(len(rows)):
        row = rows[place]
        if row < 0 or width[row] <= element:
            views[place, 0] = views[place, 1] = views[place, 2] = views[place, 3] = 0
            continue
        at = first[row] + element
        begin, end = np.int64(cuts[at - 1]) + 1, np.int64(cuts[at])
        while begin < end and blank[data[begin]]:
            begin += 1
        while begin < end and blank[data[end - 1]]:
            end -= 1
        size = end - begin
        longest = max(longest, size)
        _view(four, eight, keep4, keep8, begin, size, views, place)
        if size:
            present += 1
            valid[place >> 3] |= np.uint8(1 << (place & 7))
            if upper and _raise(data, begin, size, views, place):
                left = True
    return longest, present, left


def components(data: Bytes, separator: int, blank: Mask, whole: Span, count: int) -> list[Span]:
    """The first so many components of composite elements."""
    start = np.zeros((count, len(whole.start)), np.int64)
    length = np.zeros((count, len(whole.start)), np.int64)
    _split(data, separator, blank, whole.start, whole.length, start, length)
    return [Span(start[number], length[number]) for number in range(count)]


@_compiled
def _split(
    data: Any, separator: int, blank: Any, begins: Any, lengths: Any, start: Any, length: Any
) -> None:
    for row in range(len(begins)):
        begin = begins[row]
        stop = begin + lengths[row]
        for number in range(len(start) if lengths[row] else 0):
            end = begin
            while end < stop and data[end] != separator:
                end += 1
            left, right = begin, end
            while left < right and blank[data[left]]:
                left += 1
            while left < right and blank[data[right - 1]]:
                right -= 1
            start[number, row], length[number, row] = left, right - left
            if end >= stop:
                break
            begin = end + 1


def strings(data: Bytes, span: Span, *, upper: bool = False) -> pl.Series:
    """The strings at these places, in upper case if asked for; null where the length is 0."""
    count = len(span.start)
    views = np.empty((count, 4), np.uint32)
    valid = np.zeros((count + 7) // 8, np.uint8)
    four, eight = _words(data, "<u4"), _words(data, "<u8")
    longest, present, left = _views(
        data, four, eight, KEEP4, KEEP8, span.start, span.length, upper, views, valid
    )
    return _column(data, views, valid, longest, present, raised=not left)


def _column(
    data: Bytes, views: Any, valid: Bytes, longest: int, present: int, *, raised: bool
) -> pl.Series:
    """The views as a column of strings."""
    count = len(views)
    if not present:
        return nulls(count, pl.String)
    buffers: list[Any] = [None if present == count else pa.py_buffer(valid), pa.py_buffer(views)]
    if longest > INLINE:
        buffers.append(pa.py_buffer(data))
    kind = cast("Any", pa).string_view()
    found = pl.Series(values=cast("Any", pa.Array).from_buffers(kind, count, buffers))
    return found if raised else found.str.to_uppercase()


def _words(data: Bytes, kind: str) -> NDArray[Any]:
    size = np.dtype(kind).itemsize
    return as_strided(data[:size].view(kind), shape=(len(data) - size + 1,), strides=(1,))


@_compiled
def _views(
    data: Any, four: Any, eight: Any, keep4: Any, keep8: Any, start: Any, length: Any, upper: bool,
    views: Any, valid: Any,
) -> tuple[int, int, bool]:  # fmt: skip
    longest, present, left = 0, 0, False
    for row in range(len(start)):
        size = length[row]
        longest = max(longest, size)
        _view(four, eight, keep4, keep8, start[row], size, views, row)
        if size:
            present += 1
            valid[row >> 3] |= np.uint8(1 << (row & 7))
            if upper and _raise(data, start[row], size, views, row):
                left = True
    return longest, present, left


@_compiled
def _view(
    four: Any, eight: Any, keep4: Any, keep8: Any, begin: int, size: int, views: Any, row: int
) -> None:
    views[row, 0] = size
    views[row, 1] = four[begin] & keep4[min(size, 4)]
    if size <= 12:
        rest = eight[begin + 4] & keep8[size]
        views[row, 2], views[row, 3] = rest & 0xFFFFFFFF, rest >> 32
    else:
        views[row, 2], views[row, 3] = 0, begin


@_compiled
def _raise(data: Any, begin: int, size: int, views: Any, row: int) -> bool:
    """Put the letters of a view into upper case; whether there are some that it cannot."""
    left = False
    for place in range(size):
        byte = data[begin + place]
        if byte < 97:
            continue
        if byte > 127 or (size > 12 and byte < 123):
            left = True
        elif byte < 123:
            views[row, 1 + (place >> 2)] -= np.uint32(32 << 8 * (place & 3))
    return left


def first_in_loop(
    rows: Positions, qualifiers: NDArray[np.uint32], wanted: NDArray[np.uint32],
    latest: Positions, outer: Positions | None, deeper: Positions | None, index: Positions,
    count: int,
) -> Positions:  # fmt: skip
    """For each of `count` loops its first row with one of the wanted qualifiers, or -1."""
    found = np.full(count, -1)
    none = latest[:0]
    _first(
        rows, qualifiers, wanted, latest, none if outer is None else outer,
        none if deeper is None else deeper, index, found,
    )  # fmt: skip
    return found


@_compiled
def _first(
    rows: Any, qualifiers: Any, wanted: Any, latest: Any, outer: Any, deeper: Any, index: Any,
    found: Any,
) -> None:  # fmt: skip
    for place in range(len(rows)):
        is_wanted = len(wanted) == 0
        for code in wanted:
            is_wanted = is_wanted or qualifiers[place] == code
        row = rows[place]
        anchor = latest[row]
        if not is_wanted or anchor < 0:
            continue
        if (len(outer) and outer[row] > anchor) or (len(deeper) and deeper[row] > anchor):
            continue
        owner = index[anchor]
        if found[owner] < 0:
            found[owner] = row


def codes(data: Bytes, span: Span) -> NDArray[np.uint32]:
    """Codes of up to three bytes as numbers, upper case; 0 where longer."""
    found = np.empty(len(span.start), np.uint32)
    _codes(data, span.start, span.length, found)
    return found


@_compiled
def _codes(data: Any, start: Any, length: Any, found: Any) -> None:
    for row in range(len(start)):
        found[row] = _code(data, start[row], length[row])


def decimals(data: Bytes, span: Span, scale: int) -> tuple[Integers, Mask]:
    """A sign, digits, and up to `scale` digits behind a dot."""
    values, valid = np.empty(len(span.start), np.int64), np.empty(len(span.start), np.bool_)
    _decimals(data, span.start, span.length, scale, values, valid)
    return values, valid


@_compiled
def _decimals(data: Any, start: Any, length: Any, scale: int, values: Any, valid: Any) -> None:
    for row in range(len(start)):
        begin, end = start[row], start[row] + length[row]
        sign = 1
        if begin < end and (data[begin] == 45 or data[begin] == 43):
            sign = -1 if data[begin] == 45 else 1
            begin += 1
        value, digits, behind, sound = 0, 0, -1, True
        for place in range(begin, end):
            byte = np.int64(data[place])
            if 48 <= byte <= 57:
                value = value * 10 + (byte - 48)
                digits += 1
                behind += behind >= 0
            elif byte == 46 and behind < 0:
                behind = 0
            else:
                sound = False
                break
        behind = max(behind, 0)
        sound = sound and 0 < digits <= 15 and behind <= scale
        if sound:
            for _ in range(scale - behind):
                value *= 10
            sound = value < 100_000_000_000_000
        values[row], valid[row] = sign * value, sound


def days(
    data: Bytes, span: Span, before: NDArray[np.int32], lengths: NDArray[np.int32], first_year: int
) -> tuple[Integers, Mask]:
    """Dates CCYYMMDD; `before` and `lengths` are the calendar by year and slot of sixteen."""
    values, valid = np.zeros(len(span.start), np.int64), np.zeros(len(span.start), np.bool_)
    _days(data, span.start, span.length, before, lengths, first_year, values, valid)
    return values, valid


@_compiled
def _days(
    data: Any, start: Any, length: Any, before: Any, lengths: Any, first_year: int,
    values: Any, valid: Any,
) -> None:  # fmt: skip
    for row in range(len(start)):
        if length[row] != 8:
            continue
        number, sound = 0, True
        for place in range(start[row], start[row] + 8):
            byte = np.int64(data[place])
            sound = sound and 48 <= byte <= 57
            number = number * 10 + (byte - 48)
        month, day = number // 100 % 100, number % 100
        slot = (number // 10000 - first_year) * 16 + month
        if sound and month < 16 and 0 <= slot < len(before) and 0 < day <= lengths[slot]:
            values[row], valid[row] = before[slot] + day, True
