"""The reader's innermost loops, compiled, over the elements of segments: each fills arrays.

Places are looked up in blocks of rows, in loops so short that the processor waits for many places
of memory at once, not for one after the other.
"""

from typing import Any

import numpy as np

from analytics.ingest.x12.kernels import compiled, short_code

BLOCK = 256  # rows looked up together


@compiled
def element_ends(
    cuts: Any, first: Any, width: Any, rows: Any, elements: Any, step: int, begins: Any, ends: Any
) -> None:  # fmt: skip
    """Fill in where elements of some rows begin and end; nothing there: both 0.

    `elements` are those of all rows, or, with a step of 1, that of each row and those behind it.
    Such short loops let the processor wait for many places of memory at once, not one by one.
    """
    count = len(rows)
    at, wide = np.empty(count, np.int64), np.empty(count, np.int64)
    for place in range(count):
        row = max(rows[place], 0)
        at[place] = first[row]
        wide[place] = width[row] if rows[place] >= 0 else 0
    for number in range(len(begins)):
        for place in range(count):
            element = elements[place] + number if step else elements[number]
            there = 0 < element < wide[place]
            end = at[place] + element if there else 1
            begins[number, place] = np.int64(cuts[end - 1]) + 1 if there else 0
            ends[number, place] = np.int64(cuts[end]) if there else 0


@compiled
def fetch(data: Any, begins: Any) -> int:
    """Never below 0: summed so that all these places are fetched before one is needed."""
    touched = 0
    for place in range(len(begins)):
        touched += data[begins[place]]
    return touched


@compiled
def strip(data: Any, blank: Any, begins: Any, ends: Any) -> None:
    """Leave out the blanks around the strings between these places."""
    if fetch(data, begins) < 0:
        return
    for place in range(len(begins)):
        begin, end = begins[place], ends[place]
        while begin < end and data[begin] <= 32 and blank[data[begin]]:
            begin += 1
        while begin < end and data[end - 1] <= 32 and blank[data[end - 1]]:
            end -= 1
        begins[place], ends[place] = begin, end


@compiled
def locate(
    data: Any, cuts: Any, first: Any, width: Any, blank: Any,
    rows: Any, elements: Any, start: Any, length: Any,
) -> None:  # fmt: skip
    """Fill in where an element of each row and those behind it stand, blanks left out."""
    count, size = start.shape
    step = 0 if len(elements) == 1 else 1
    same = np.arange(len(start))
    same += np.int64(elements[0])
    for low in range(0, size, BLOCK):
        high = min(low + BLOCK, size)
        begins, ends = start[:, low:high], length[:, low:high]
        some, which = rows[low:high], elements[low:high] if step else same
        element_ends(cuts, first, width, some, which, step, begins, ends)
        for number in range(count):
            strip(data, blank, begins[number], ends[number])
            for place in range(high - low):
                ends[number, place] -= begins[number, place]


@compiled
def looked_up(
    data: Any, cuts: Any, first: Any, width: Any, blank: Any, rows: Any, low: int, elements: Any,
    begins: Any, ends: Any,
) -> int:  # fmt: skip
    """Fill in where elements of the rows from `low` on, a block, stand; how many rows it has."""
    size = min(BLOCK, len(rows) - low)
    some = rows[low : low + size]
    element_ends(cuts, first, width, some, elements, 0, begins[:, :size], ends[:, :size])
    for number in range(len(elements)):
        strip(data, blank, begins[number, :size], ends[number, :size])
    return size


@compiled
def texts(
    data: Any, cuts: Any, first: Any, width: Any, blank: Any, rows: Any, elements: Any,
    upper: bool, four: Any, eight: Any, keep4: Any, keep8: Any, views: Any, valid: Any, found: Any,
) -> None:  # fmt: skip
    """Fill in the views of some elements, side by side, as they stand near each other.

    `found` has of each the longest, how many there are, and whether some need more.
    """
    begins, ends = np.empty((2, len(elements), BLOCK), np.int64)
    for low in range(0, len(rows), BLOCK):
        size = looked_up(data, cuts, first, width, blank, rows, low, elements, begins, ends)
        for number in range(len(elements)):
            view = views[number]
            for place in range(size):
                begin, length = begins[number, place], ends[number, place] - begins[number, place]
                found[number, 0] = max(found[number, 0], length)
                _view(four, eight, keep4, keep8, begin, length, view, low + place)
                if length:
                    found[number, 1] += 1
                    valid[number, low + place >> 3] |= np.uint8(1 << (low + place & 7))
                    if upper and _has_letters(view, low + place, length):
                        found[number, 2] |= _raise(data, begin, length, view, low + place)


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


@compiled
def views(
    data: Any, four: Any, eight: Any, keep4: Any, keep8: Any, start: Any, length: Any, upper: bool,
    views: Any, valid: Any,
) -> tuple[Any, int, bool]:  # fmt: skip
    """Fill in the views of strings; longest, how many, and whether some need more."""
    longest: Any = 0
    present, left = 0, False
    for low in range(0, len(start), BLOCK):
        high = min(low + BLOCK, len(start))
        if fetch(data, start[low:high]) < 0:
            return longest, present, left
        for row in range(low, high):
            size = length[row]
            longest = max(longest, size)
            _view(four, eight, keep4, keep8, start[row], size, views, row)
            if size:
                present += 1
                valid[row >> 3] |= np.uint8(1 << (row & 7))
                if upper and _has_letters(views, row, size):
                    left = _raise(data, start[row], size, views, row) or left
    return longest, present, left


@compiled
def _view(
    four: Any, eight: Any, keep4: Any, keep8: Any, begin: Any, size: Any, views: Any, row: int
) -> None:
    views[row, 0] = size
    views[row, 1] = four[begin] & keep4[min(size, 4)]
    if size <= 12:
        rest = eight[begin + 4] & keep8[size]
        views[row, 2], views[row, 3] = rest & 0xFFFFFFFF, rest >> 32
    else:
        views[row, 2], views[row, 3] = 0, begin


@compiled
def _has_letters(views: Any, row: int, size: Any) -> bool:
    """Whether a view may hold bytes that upper case changes: from 0x60 on."""
    if size > 12:
        return True
    every = views[row, 1] | views[row, 2] | views[row, 3]
    if every & 0x80808080:
        return True
    for part in range(1, 4):
        word = views[row, part]
        if word & (word >> 1) & 0x20202020:
            return True
    return False


@compiled
def _raise(data: Any, begin: Any, size: Any, views: Any, row: int) -> bool:
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


@compiled
def qualifier(
    data: Any, cuts: Any, first: Any, width: Any, blank: Any, rows: Any, element: int, four: Any,
    found: Any,
) -> None:  # fmt: skip
    """Fill in one element of each row as a number."""
    which, (begins, ends) = np.array([element]), np.empty((2, 1, BLOCK), np.int64)
    for low in range(0, len(rows), BLOCK):
        size = looked_up(data, cuts, first, width, blank, rows, low, which, begins, ends)
        for place in range(size):
            found[low + place] = short_code(
                four, begins[0, place], ends[0, place] - begins[0, place]
            )


@compiled
def codes(data: Any, four: Any, start: Any, length: Any, found: Any) -> None:
    """Fill in strings of up to three bytes as numbers."""
    for low in range(0, len(start), BLOCK):
        high = min(low + BLOCK, len(start))
        if fetch(data, start[low:high]) < 0:
            return
        for row in range(low, high):
            found[row] = short_code(four, start[row], length[row])
