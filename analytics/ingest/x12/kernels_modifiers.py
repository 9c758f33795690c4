"""The reader's innermost loop, compiled, over the modifiers of procedures."""

from typing import Any

import numpy as np

from analytics.ingest.x12.kernels import compiled, ready
from analytics.ingest.x12.kernels_memory import word4

_FIRST, _END = 2, 6  # components that are modifiers, from 0
_SHORT = 4  # bytes of a modifier that is read here; of the guides' own, two
_NONE, _ONE, _BYTE = np.uint64(0), np.uint64(1), np.uint64(8)
_HALF = np.uint64(32)
_FULL = 12  # bytes that a view holds itself
_HIGH = np.uint64(0x80808080)
_FROM_A, _BEHIND_Z = np.uint64(0x1F1F1F1F), np.uint64(0x05050505)  # what is missing to 0x80


@ready("u1[::1], i8, b1[::1], i8[::1], i8[::1], u8[:, ::1], i8[::1], u8[:, ::1]")
def modifiers(
    data: Any, separator: int, blank: Any, start: Any, length: Any, views: Any, offsets: Any,
    keys: Any,
) -> bool:  # fmt: skip
    """Fill in all modifiers, where those of each row begin, and per row all of them sorted.

    False where one is so long, or has letters so rare, that this is left to others.
    """
    text, total = np.uint64(data.ctypes.data), 0
    sorted_ = np.empty(_END - _FIRST, np.uint64)
    for row in range(len(start)):
        offsets[row] = total
        begin = np.uint64(start[row])
        stop = begin + np.uint64(length[row])
        for number in range(_END if length[row] else 0):
            end = begin
            while end < stop and data[end] != separator:
                end += _ONE
            left, right = begin, end
            while left < right and blank[data[left]]:
                left += _ONE
            while left < right and blank[data[right - _ONE]]:
                right -= _ONE
            if number >= _FIRST and left < right:
                size = right - left
                word = word4(text + left)
                if size > np.uint64(_SHORT) or word & _HIGH & _kept(size):
                    return False
                word = _raised(word & _kept(size))
                views[total, 0], views[total, 1] = size | word << _HALF, _NONE
                total += 1
            if end >= stop:
                break
            begin = end + _ONE
        if not _join(views, offsets[row], total, sorted_, keys, row):
            return False
    offsets[len(start)] = total
    return True


@compiled
def _kept(size: Any) -> Any:
    """The bits of so many bytes, eight at most."""
    return (_ONE << size * _BYTE) - _ONE


@compiled
def _raised(word: Any) -> Any:
    """Four bytes of ASCII in upper case."""
    lower = (word + _FROM_A) & ~(word + _BEHIND_Z) & _HIGH
    return word ^ lower >> np.uint64(2)


@compiled
def _join(views: Any, low: Any, high: Any, ranks: Any, keys: Any, row: Any) -> Any:
    """Fill in the key of a row: its modifiers sorted, by commas; False where it is too long."""
    count = high - low
    if count < 2:
        keys[row, 0] = views[low, 0] if count else _NONE
        keys[row, 1] = _NONE
        return True
    for number in range(count):  # by their bytes from the first on, the shorter of equal ones first
        head, size = views[low + number, 0] >> _HALF, views[low + number, 0] & np.uint64(255)
        rank = size
        for place in range(_SHORT):
            rank |= (head >> np.uint64(8 * place) & np.uint64(255)) << np.uint64(32 - 8 * place)
        ranks[number] = rank
    order = np.sort(ranks[:count])
    length = _NONE
    first, rest = _NONE, _NONE  # the first four bytes, and those behind
    for number in range(count):
        size = order[number] & np.uint64(255)
        for place in range(np.int64(size) + (number < count - 1)):
            shift = np.uint64(32 - 8 * place) if place < _SHORT else _NONE
            letter = order[number] >> shift & np.uint64(255)
            letter = letter if np.uint64(place) < size else np.uint64(44)
            if length < np.uint64(_SHORT):
                first |= letter << length * _BYTE
            elif length < np.uint64(_FULL):
                rest |= letter << (length - np.uint64(_SHORT)) * _BYTE
            length += _ONE
    keys[row, 0], keys[row, 1] = length | first << _HALF, rest
    return length <= np.uint64(_FULL)
