"""The reader's innermost loops, compiled, over texts and codes: each fills arrays.

A view is two words: the length and four bytes, and eight bytes more or the place in the chunk.
"""

from typing import Any

import numpy as np

from analytics.ingest.x12.kernels import compiled, short_code
from analytics.ingest.x12.kernels_places import BLOCK, element_of, fetch, segments_of

_FULL = np.uint64(12)  # bytes that a view holds itself


@compiled
def texts(
    data: Any, cuts: Any, first: Any, width: Any, blank: Any, rows: Any, elements: Any,
    upper: bool, four: Any, eight: Any, keep4: Any, keep8: Any, views: Any, valid: Any, found: Any,
) -> None:  # fmt: skip
    """Fill in the views of some elements, block by block, as they stand near each other.

    `found` has of each the longest, how many there are, and whether some need more.
    """
    at, wide = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    begins, ends = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    for low in range(0, len(rows), BLOCK):
        size, widest = segments_of(first, width, rows, low, at, wide)
        for number in range(len(elements)):
            if not 0 < elements[number] < widest:
                views[number, low : low + size] = 0
                valid[number, low >> 6 : (low + size + 63) >> 6] = 0
                continue
            element_of(data, cuts, blank, at, wide, size, widest, elements[number], begins, ends)
            for place in range(size):
                ends[place] -= begins[place]
            _views(
                data, four, eight, keep4, keep8, begins, ends, 0, low, size, upper,
                views[number], valid[number], found[number],
            )  # fmt: skip


@compiled
def views(
    data: Any, four: Any, eight: Any, keep4: Any, keep8: Any, start: Any, length: Any, upper: bool,
    views: Any, valid: Any, found: Any,
) -> None:  # fmt: skip
    """Fill in the views of strings; `found` is as for `texts`."""
    for low in range(0, len(start), BLOCK):
        size = min(BLOCK, len(start) - low)
        if fetch(data, start[low : low + size]) < 0:
            return
        _views(
            data, four, eight, keep4, keep8, start, length, low, low, size, upper,
            views, valid, found,
        )  # fmt: skip


@compiled
def _views(
    data: Any, four: Any, eight: Any, keep4: Any, keep8: Any, start: Any, length: Any, shift: int,
    low: int, count: int, upper: bool, views: Any, valid: Any, found: Any,
) -> None:  # fmt: skip
    """Fill in the views of a block from row `low` on, whose places begin at `shift`."""
    longest, present = found[0], found[1]
    for base in range(0, count, 64):
        bits = np.uint64(0)
        for place in range(base, min(base + 64, count)):
            begin, size = start[shift + place], length[shift + place]
            head = np.uint64(four[begin] & keep4[min(size, 4)])
            rest = eight[begin + 4] & keep8[min(size, 13)]
            behind = np.uint64(begin) << np.uint64(32) if size > 12 else np.uint64(0)
            views[low + place, 0] = np.uint64(size) | head << np.uint64(32)
            views[low + place, 1] = rest | behind
            longest = max(longest, size)
            present += size > 0
            bits |= np.uint64(size > 0) << np.uint64(place - base)
            if upper and _has_letters(head | rest, size):
                found[2] |= _raise(data, begin, size, views, low + place)
        valid[low + base >> 6] = bits
    found[0], found[1] = longest, present


@compiled
def _has_letters(word: Any, size: Any) -> bool:
    """Whether a view may hold bytes that upper case changes: from 0x60 on."""
    letters = word & (word >> np.uint64(1)) & np.uint64(0x2020202020202020)
    return size > 12 or letters | word & np.uint64(0x8080808080808080) != 0


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
            word, at = (place + 4) >> 3, np.uint64((place + 4) & 7)
            views[row, word] -= np.uint64(32) << np.uint64(8) * at
    return left


@compiled
def qualifier(
    data: Any, cuts: Any, first: Any, width: Any, blank: Any, rows: Any, element: int, four: Any,
    found: Any,
) -> None:  # fmt: skip
    """Fill in one element of each row as a number."""
    at, wide = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    begins, ends = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    for low in range(0, len(rows), BLOCK):
        size, widest = segments_of(first, width, rows, low, at, wide)
        element_of(data, cuts, blank, at, wide, size, widest, element, begins, ends)
        for place in range(size):
            found[low + place] = short_code(four, begins[place], ends[place] - begins[place])


@compiled
def holds(data: Any, start: Any, length: Any, byte: int) -> bool:
    """Whether a byte stands anywhere in these strings."""
    for row in range(len(start)):
        for place in range(start[row], start[row] + length[row]):
            if data[place] == byte:
                return True
    return False


@compiled
def codes(data: Any, four: Any, start: Any, length: Any, found: Any) -> None:
    """Fill in strings of up to three bytes as numbers."""
    for low in range(0, len(start), BLOCK):
        high = min(low + BLOCK, len(start))
        if fetch(data, start[low:high]) < 0:
            return
        for row in range(low, high):
            found[row] = short_code(four, start[row], length[row])
