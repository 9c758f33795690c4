"""The reader's innermost loops, compiled, over elements that hold codes in components."""

from typing import Any

import numpy as np

from analytics.ingest.x12.kernels import WHERE, compiled, ready, short_code
from analytics.ingest.x12.kernels_memory import count_bits, equal, lowest
from analytics.ingest.x12.kernels_places import BLOCK

_NONE, _ONE = np.uint64(0), np.uint64(1)
_MOST = np.uint64(64)  # bytes of a composite that are compared at once

# What is noted of each composite: rows of `found`.
WHICH, START, LENGTH, QUALIFIER, QUALIFIER_LENGTH, CODE, CODE_LENGTH = range(7)


@compiled
def _bare(data: Any, blank: Any, begin: Any, end: Any) -> Any:
    """Where a component begins and ends without blanks around it."""
    if begin < end and (data[begin] <= 32 or data[end - _ONE] <= 32):  # may be a blank
        while begin < end and blank[data[begin]]:
            begin += _ONE
        while begin < end and blank[data[end - _ONE]]:
            end -= _ONE
    return begin, end


@compiled
def _fetched(data: Any, cuts: Any, first: Any, rows: Any) -> int:
    """Never below 0: summed so that all these segments are fetched before one is needed."""
    touched = 0
    for place in range(len(rows)):
        touched += data[np.uint64(cuts[np.uint64(first[np.uint64(rows[place])])])]
    return touched


@ready(WHERE + ", i8, i8, i8[:, ::1], u4[::1]")
def composites(
    data: Any, cuts: Any, first: Any, width: Any, bare: int, blank: Any, rows: Any,
    separator: int, most: int, found: Any, told: Any,
) -> tuple[int, Any]:  # fmt: skip
    """Fill in the first so many elements of segments that hold a qualifier and a code behind it.

    Returned are how many there are, -1 where one is too long for a word of bits, and the most
    components that one of them has.
    """
    count, widest = 0, _ONE
    text, apart = np.uint64(data.ctypes.data), np.uint64(separator)
    for low in range(0, len(rows), BLOCK):
        high = min(low + BLOCK, len(rows))
        if _fetched(data, cuts, first, rows[low:high]) < 0:
            return -1, 0
        for which in range(low, high):
            row = np.uint64(rows[which])
            cut, last = np.uint64(first[row]), np.uint64(min(np.int64(width[row]), most + 1))
            for element in range(_ONE, last):
                begin = np.uint64(cuts[cut + element - _ONE]) + _ONE
                end = np.uint64(cuts[cut + element])
                if np.int64(begin) <= bare:
                    begin, end = _bare(data, blank, begin, end)
                size = end - begin
                if size >= _MOST:
                    return -1, 0
                marks = equal(text + begin, apart) & ((_ONE << size) - _ONE)
                if marks == _NONE:
                    continue
                middle, rest = begin + lowest(marks), marks & (marks - _ONE)
                left, right = _bare(data, blank, begin, middle)
                code = begin + lowest(rest) if rest else end
                code_begin, code_end = _bare(data, blank, middle + _ONE, code)
                at = np.uint64(count)
                found[WHICH, at], found[START, at], found[LENGTH, at] = which, begin, size
                found[QUALIFIER, at], found[QUALIFIER_LENGTH, at] = left, right - left
                found[CODE, at], found[CODE_LENGTH, at] = code_begin, code_end - code_begin
                told[at] = short_code(text + left, right - left)
                count += code_end > code_begin
                widest = max(widest, count_bits(marks) + _ONE)
    return count, np.int64(widest)


@ready("u1[::1], i8, i8[::1], i8[::1], i4[::1], i8[::1], i8[::1]")
def pointers(
    data: Any, separator: int, start: Any, length: Any,
    listed: Any, count: Any, highest: Any,
) -> int:  # fmt: skip
    """Fill in the pointers of composites, four at most each, how many they are, and the highest.

    Returned is how many there are in all, -1 where one is no single digit, which others read.
    """
    total, apart = 0, np.uint8(separator)
    for row in range(len(start)):
        begin, size = np.uint64(start[row]), length[row]
        if size > 7 or (size > 0 and size & 1 == 0):
            return -1
        most = np.int64(0)
        for place in range(0, size, 2):
            at = begin + np.uint64(place)
            digit = np.int64(data[at]) - 48
            if not 0 <= digit <= 9 or (place + 1 < size and data[at + _ONE] != apart):
                return -1
            listed[total] = digit
            most = max(most, digit)
            total += 1
        count[row], highest[row] = (size + 1) >> 1, most
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
