"""The reader's innermost loops, compiled, that find where the elements of segments stand.

Places are looked up in blocks of rows, in loops so short that the processor waits for many places
of memory at once, not for one after the other.
"""

from typing import Any

import numpy as np

from analytics.ingest.x12.kernels import WHERE, compiled, ready
from analytics.ingest.x12.kernels_memory import place4, word8

BLOCK = 256  # rows looked up together: a multiple of 64
_ANY_WIDTH = 1 << 40
_NONE, _ONE, _TWO, _THREE, _FOUR = (np.uint64(number) for number in range(5))


@compiled
def segments_of(
    cuts: Any, first: Any, width: Any, rows: Any, end: Any, low: Any, at: Any, wide: Any
) -> tuple[Any, Any]:
    """Fill in where the cuts of a block of rows begin, and how many elements each has.

    `rows` is where the numbers of the rows stand in memory, `end` where the last of them ends.

    Returned are the number of rows in the block, and the most elements that one of them has.
    """
    size = min(BLOCK, end - low)
    ends = np.uint64(cuts.ctypes.data)
    widest = np.int64(0)
    for place in range(size):
        row = np.int64(word8(rows + (np.uint64(low + place) << _THREE)))
        known = np.uint64(row if row >= 0 else 0)
        at[place] = ends + (np.uint64(first[known]) << _TWO)
        wide[place] = np.int64(width[known]) if row >= 0 else np.int64(0)
        widest = max(widest, wide[place])
    return size, widest


@compiled
def element_of(
    data: Any, bare: int, blank: Any, at: Any, wide: Any, size: int, widest: Any, element: int,
    begins: Any, lengths: Any,
) -> None:  # fmt: skip
    """Fill in where one element of a block of rows begins, and its length; not there: both 0.

    Where all stand behind `bare`, none has blanks at its ends.
    """
    if not 0 < element < widest:
        begins[:size] = 0
        lengths[:size] = 0
        return
    behind, lowest = np.uint64(element) << _TWO, np.int64(_ANY_WIDTH)
    for place in range(size):
        there = wide[place] > element
        end = at[place] + (behind if there else _NONE)
        begin = np.int64(place4(end - (_FOUR if there else _NONE)) + _ONE) if there else 0
        begins[place] = begin
        lengths[place] = np.int64(place4(end)) - begin if there else 0
        lowest = min(lowest, begin if there else lowest)
    if lowest <= bare:
        strip(data, blank, size, begins, lengths)


@compiled
def strip(data: Any, blank: Any, size: int, begins: Any, lengths: Any) -> None:
    """Leave out the blanks around the strings at these places."""
    for place in range(size):
        begin = np.uint64(begins[place])
        end = begin + np.uint64(lengths[place])
        if begin < end and (data[begin] <= 32 or data[end - _ONE] <= 32):  # may be a blank
            while begin < end and blank[data[begin]]:
                begin += _ONE
            while begin < end and blank[data[end - _ONE]]:
                end -= _ONE
            begins[place], lengths[place] = np.int64(begin), np.int64(end - begin)


@ready(WHERE + ", i8[::1], i8[:, ::1], i8[:, ::1]")
def locate(
    data: Any, cuts: Any, first: Any, width: Any, bare: int, blank: Any,
    rows: Any, elements: Any, start: Any, length: Any,
) -> None:  # fmt: skip
    """Fill in where an element of each row and those behind it stand, blanks left out."""
    at, wide = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.int64)
    numbers = np.uint64(rows.ctypes.data)
    for low in range(0, len(rows), BLOCK):
        size, widest = segments_of(cuts, first, width, numbers, len(rows), low, at, wide)
        if len(elements) != 1:  # each row has its own
            widest = np.int64(_ANY_WIDTH)
            for place in range(size):
                before = elements[low + place] - 1
                wide[place] = wide[place] - before if before >= 0 else 0
                at[place] += np.uint64(before << 2) if wide[place] > 0 else _NONE
        for number in range(len(start)):
            element = number + (elements[0] if len(elements) == 1 else 1)
            element_of(
                data, bare, blank, at, wide, size, widest, element,
                start[number, low:], length[number, low:],
            )  # fmt: skip


@compiled
def fetch(data: Any, begins: Any) -> int:
    """Never below 0: summed so that all these places are fetched before one is needed."""
    touched = 0
    for place in range(len(begins)):
        touched += data[begins[place]]
    return touched


@ready("u1[::1], i8, b1[::1], i8[::1], i8[::1], i8[:, ::1], i8[:, ::1]")
def split(
    data: Any, separator: int, blank: Any, begins: Any, lengths: Any, start: Any, length: Any
) -> None:
    """Fill in where the first components of each composite stand."""
    for low in range(0, len(begins), BLOCK):
        high = min(low + BLOCK, len(begins))
        if fetch(data, begins[low:high]) < 0:
            return
        for row in range(low, high):
            begin = np.uint64(begins[row])
            stop = begin + np.uint64(lengths[row])
            for number in range(len(start) if lengths[row] else 0):
                end = begin
                while end < stop and data[end] != separator:
                    end += _ONE
                left, right = begin, end
                while left < right and blank[data[left]]:
                    left += _ONE
                while left < right and blank[data[right - _ONE]]:
                    right -= _ONE
                start[number, row] = np.int64(left)
                length[number, row] = np.int64(right - left)
                if end >= stop:
                    break
                begin = end + _ONE
