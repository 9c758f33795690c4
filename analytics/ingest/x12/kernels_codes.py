"""The reader's innermost loops, compiled, over elements that hold codes in components."""

from typing import Any

import numpy as np

from analytics.ingest.x12.kernels import WHERE, compiled, ready, short_code
from analytics.ingest.x12.kernels_places import strip

_NONE, _ONE = np.uint64(0), np.uint64(1)

# What is noted of each composite: rows of `found`.
WHICH, START, LENGTH, QUALIFIER, QUALIFIER_LENGTH, CODE, CODE_LENGTH = range(7)


@compiled
def _component(data: Any, separator: int, blank: Any, begin: Any, stop: Any) -> Any:
    """The bare component that begins here: its start, its length, and where it ends."""
    end = begin
    while end < stop and data[end] != separator:
        end += _ONE
    left, right = begin, end
    while left < right and blank[data[left]]:
        left += _ONE
    while left < right and blank[data[right - _ONE]]:
        right -= _ONE
    return np.int64(left), np.int64(right - left), end


@ready(WHERE + ", i8, i8, i8[:, ::1], u4[::1]")
def composites(
    data: Any, cuts: Any, first: Any, width: Any, bare: int, blank: Any, rows: Any,
    separator: int, most: int, found: Any, told: Any,
) -> tuple[int, int]:  # fmt: skip
    """Fill in the first so many elements of segments that hold a qualifier and a code behind it.

    Returned are how many there are, and the most components that one of them has.
    """
    count, widest = 0, 0
    begins, lengths = np.empty(1, np.int64), np.empty(1, np.int64)
    text = np.uint64(data.ctypes.data)
    for which in range(len(rows)):
        row = np.uint64(rows[which])
        for element in range(1, min(most + 1, np.int64(width[row]))):
            cut = np.uint64(first[row] + element)
            begins[0] = np.int64(cuts[cut - _ONE]) + 1
            lengths[0] = np.int64(cuts[cut]) - begins[0]
            if begins[0] <= bare:
                strip(data, blank, 1, begins, lengths)
            begin = np.uint64(begins[0])
            stop = begin + np.uint64(lengths[0])
            left, size, end = _component(data, separator, blank, begin, stop)
            if end >= stop:
                continue
            code, code_size, end = _component(data, separator, blank, end + _ONE, stop)
            if code_size == 0:
                continue
            found[WHICH, count] = which
            found[START, count], found[LENGTH, count] = begins[0], lengths[0]
            found[QUALIFIER, count], found[QUALIFIER_LENGTH, count] = left, size
            found[CODE, count], found[CODE_LENGTH, count] = code, code_size
            told[count] = short_code(text + np.uint64(left), np.uint64(size))
            count += 1
            parts = 2
            while end < stop:
                parts += data[end] == separator
                end += _ONE
            widest = max(widest, parts)
    return count, widest


@ready("u1[::1], i8, b1[::1], i8[::1], i8[::1], i4[::1], i8[::1], i8[::1]")
def pointers(
    data: Any, separator: int, blank: Any, start: Any, length: Any,
    listed: Any, count: Any, highest: Any,
) -> int:  # fmt: skip
    """Fill in the pointers of composites, four at most each, how many they are, and the highest.

    Returned is how many there are in all, -1 where one is longer than a digit, which others read.
    """
    total = 0
    for row in range(len(start)):
        count[row] = highest[row] = 0
        begin = np.uint64(start[row])
        stop = begin + np.uint64(length[row])
        for _ in range(4 if length[row] else 0):
            left, size, end = _component(data, separator, blank, begin, stop)
            if size > 1:
                return -1
            digit = np.int64(data[np.uint64(left)]) - 48
            if size == 1 and 0 <= digit <= 9:
                listed[total] = digit
                highest[row] = max(highest[row], digit)
                count[row] += 1
                total += 1
            if end >= stop:
                break
            begin = end + _ONE
    return total


@ready("u8[:, ::1], i8[::1], i4[::1], i8[::1], i8[::1]")
def first_of_each(views: Any, said: Any, slots: Any, first: Any, first_said: Any) -> int:
    """Fill in the first row of each text, and its first row where `said` is not 0, or -1.

    Returned is how many texts there are, -1 where one is too long to stand in its view.  `slots`
    are zeros: more than there are rows, a power of two.
    """
    count, last = 0, np.uint64(len(slots) - 1)
    for row in range(len(views)):
        head, rest = views[row, 0], views[row, 1]
        size = head & np.uint64(0xFFFFFFFF)
        if size > np.uint64(12):
            return -1
        if size == _NONE:
            continue
        mixed = (head ^ (rest * np.uint64(0x9E3779B97F4A7C15))) * np.uint64(0xD6E8FEB86659FD93)
        slot = (mixed >> np.uint64(32)) & last
        while slots[slot] != 0:
            known = first[slots[slot] - 1]
            if views[known, 0] == head and views[known, 1] == rest:
                break
            slot = (slot + _ONE) & last
        if slots[slot] == 0:
            first[count], first_said[count] = row, -1
            count += 1
            slots[slot] = count
        number = slots[slot] - 1
        if first_said[number] < 0 and said[row] != 0:
            first_said[number] = row
    return count
