"""The reader's innermost loops, compiled, over texts and codes: each fills arrays.

A view is two words: the length and four bytes, and eight bytes more or the place in the chunk.
"""

from typing import Any

import numpy as np

from analytics.ingest.x12.kernels import WHERE, compiled, ready, short_code
from analytics.ingest.x12.kernels_memory import lowest, put8, word4, word8
from analytics.ingest.x12.kernels_places import BLOCK, element_of, fetch, segments_of

_FULL = np.uint64(12)  # bytes that a view holds itself
_NONE, _ONE, _THREE, _FOUR, _EIGHT = (np.uint64(number) for number in (0, 1, 3, 4, 8))
_HALF, _LAST, _ALL = np.uint64(32), np.uint64(63), np.uint64(0xFFFFFFFFFFFFFFFF)
_LETTERS, _FOREIGN = np.uint64(0x2020202020202020), np.uint64(0x8080808080808080)


@compiled
def views_at(
    data: Any, start: Any, length: Any, low: int, count: int, upper: bool,
    views: Any, valid: Any, found: Any,
) -> None:  # fmt: skip
    """Fill in the views of a block from row `low` on."""
    text, longest, present = np.uint64(data.ctypes.data), found[0], found[1]
    target = np.uint64(views.ctypes.data) + (np.uint64(low) << _FOUR)
    for base in range(0, count, 64):
        bits = lower = _NONE
        for place in range(base, min(base + 64, count)):
            begin, size = np.uint64(start[place]), np.uint64(length[place])
            short = min(size, _FOUR)
            head = word4(text + begin) & (_ONE << (short << _THREE)) - _ONE
            kept = _ALL >> (_LAST + _ONE - (size - short << _THREE)) if size > _FOUR else _NONE
            rest = word8(text + begin + _FOUR) & kept if size <= _FULL else begin << _HALF
            at = target + (np.uint64(place) << _FOUR)
            put8(at, size | head << _HALF)
            put8(at + _EIGHT, rest)
            longest = max(longest, np.int64(size))
            bits |= np.uint64(size > _NONE) << np.uint64(place - base)
            present += size > _NONE
            if upper:
                lower |= _may_be_lower(head, rest, size) << np.uint64(place - base)
        valid[low + base >> 6] = bits
        while lower:
            place = base + np.int64(lowest(lower))
            begin, size = np.uint64(start[place]), length[place]
            found[2] |= _raise(text + begin, size, views, low + place)
            lower &= lower - _ONE
    found[0], found[1] = longest, present


@compiled
def _may_be_lower(head: Any, rest: Any, size: Any) -> Any:
    """1 where a view may hold bytes that upper case changes, from 0x60 on; else 0."""
    letters = head & (head >> _ONE) | rest & (rest >> _ONE)
    found = letters & _LETTERS | (head | rest) & _FOREIGN
    return np.uint64((size > _FULL) | (found != _NONE))


@compiled
def _raise(at: Any, size: Any, views: Any, row: Any) -> bool:
    """Put the letters of a view into upper case; whether there are some that it cannot."""
    left = False
    for place in range(size):
        letter = word4(at + np.uint64(place)) & np.uint64(255)
        if letter < np.uint64(97):
            continue
        if letter > np.uint64(127) or (size > 12 and letter < np.uint64(123)):
            left = True
        elif letter < np.uint64(123):
            word, shift = (place + 4) >> 3, np.uint64((place + 4) & 7)
            views[row, word] -= np.uint64(32) << np.uint64(8) * shift
    return left


@ready(WHERE + ", i8, u4[::1]")
def qualifier(
    data: Any, cuts: Any, first: Any, width: Any, bare: int, blank: Any, rows: Any, element: int,
    found: Any,
) -> None:  # fmt: skip
    """Fill in one element of each row as a number."""
    text = np.uint64(data.ctypes.data)
    at, wide = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.int64)
    begins, lengths = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    numbers = np.uint64(rows.ctypes.data)
    for low in range(0, len(rows), BLOCK):
        size, widest = segments_of(cuts, first, width, numbers, len(rows), low, at, wide)
        element_of(data, bare, blank, at, wide, size, widest, element, begins, lengths)
        for place in range(size):
            found[low + place] = short_code(
                text + np.uint64(begins[place]), np.uint64(lengths[place])
            )


@ready("u1[::1], i8[::1], i8[::1], i8")
def holds(data: Any, start: Any, length: Any, byte: int) -> bool:
    """Whether a byte stands anywhere in these strings."""
    for row in range(len(start)):
        for place in range(start[row], start[row] + length[row]):
            if data[place] == byte:
                return True
    return False


@ready("u1[::1], i8[::1], i8[::1], u4[::1]")
def codes(data: Any, start: Any, length: Any, found: Any) -> None:
    """Fill in strings of up to three bytes as numbers."""
    text = np.uint64(data.ctypes.data)
    for low in range(0, len(start), BLOCK):
        high = min(low + BLOCK, len(start))
        if fetch(data, start[low:high]) < 0:
            return
        for row in range(low, high):
            found[row] = short_code(text + np.uint64(start[row]), np.uint64(length[row]))
