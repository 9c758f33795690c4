"""The reader's innermost loops, compiled, that find where the elements of segments stand.

Places are looked up in blocks of rows, in loops so short that the processor waits for many places
of memory at once, not for one after the other.
"""

from typing import Any

import numpy as np

from analytics.ingest.x12.kernels import compiled

BLOCK = 256  # rows looked up together: a multiple of 64
_ANY_WIDTH = 1 << 40


@compiled
def segments_of(first: Any, width: Any, rows: Any, low: int, at: Any, wide: Any) -> tuple[int, Any]:
    """Fill in where the segments of a block of rows begin, and how many elements each has.

    Returned are the number of rows in the block, and the most elements that one of them has.
    """
    size = min(BLOCK, len(rows) - low)
    widest = np.int64(0)
    for place in range(size):
        row = max(rows[low + place], 0)
        at[place] = first[row]
        wide[place] = width[row] if rows[low + place] >= 0 else 0
        widest = max(widest, wide[place])
    return size, widest


@compiled
def element_of(
    data: Any, cuts: Any, blank: Any, at: Any, wide: Any, size: int, widest: Any, element: int,
    begins: Any, ends: Any,
) -> None:  # fmt: skip
    """Fill in where one element of a block of rows begins and ends; nothing there: both 0."""
    if not 0 < element < widest:
        begins[:size] = 0
        ends[:size] = 0
        return
    for place in range(size):
        there = 0 < element < wide[place]
        end = at[place] + element if there else 1
        begins[place] = np.int64(cuts[end - 1]) + 1 if there else 0
        ends[place] = np.int64(cuts[end]) if there else 0
    strip(data, blank, size, begins, ends)


@compiled
def strip(data: Any, blank: Any, size: int, begins: Any, ends: Any) -> None:
    """Leave out the blanks around the strings between these places."""
    for place in range(size):
        begin, end = begins[place], ends[place]
        if data[begin] <= 32 or data[max(end, 1) - 1] <= 32:  # may be a blank
            while begin < end and blank[data[begin]]:
                begin += 1
            while begin < end and blank[data[end - 1]]:
                end -= 1
            begins[place], ends[place] = begin, end


@compiled
def locate(
    data: Any, cuts: Any, first: Any, width: Any, blank: Any,
    rows: Any, elements: Any, start: Any, length: Any,
) -> None:  # fmt: skip
    """Fill in where an element of each row and those behind it stand, blanks left out."""
    at, wide = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    begins, ends = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    for low in range(0, len(rows), BLOCK):
        size, widest = segments_of(first, width, rows, low, at, wide)
        if len(elements) != 1:  # each row has its own
            widest = np.int64(_ANY_WIDTH)
            for place in range(size):
                wide[place] -= elements[low + place] - 1
                at[place] += elements[low + place] - 1
                wide[place] *= elements[low + place] > 0
        for number in range(len(start)):
            element = number + (elements[0] if len(elements) == 1 else 1)
            element_of(data, cuts, blank, at, wide, size, widest, element, begins, ends)
            for place in range(size):
                start[number, low + place] = begins[place]
                length[number, low + place] = ends[place] - begins[place]


@compiled
def fetch(data: Any, begins: Any) -> int:
    """Never below 0: summed so that all these places are fetched before one is needed."""
    touched = 0
    for place in range(len(begins)):
        touched += data[begins[place]]
    return touched


@compiled
def split(
    data: Any, separator: int, blank: Any, begins: Any, lengths: Any, start: Any, length: Any
) -> None:
    """Fill in where the first components of each composite stand."""
    for low in range(0, len(begins), BLOCK):
        high = min(low + BLOCK, len(begins))
        if fetch(data, begins[low:high]) < 0:
            return
        for row in range(low, high):
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
