"""The reader's innermost loops, compiled, that find delimiters and interchanges in a text."""

from typing import Any

import numpy as np

from analytics.ingest.x12.kernels import compiled, ready, short_code
from analytics.ingest.x12.kernels_memory import (
    at_most,
    byte,
    count_bits,
    equal,
    lowest,
    place4,
    put4,
)

_STEP = 4096  # bytes looked at together
_LOWER = np.uint8(32)
_NONE, _ONE, _TWO, _FOUR, _EIGHT = (np.uint64(number) for number in (0, 1, 2, 4, 8))
_ALL, _WORD, _TOP = np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(64), np.uint64(63)
_SPACE = np.uint64(32)


@ready("u1[::1], i8, i8, i8")
def counts(data: Any, size: int, element: int, terminator: int) -> tuple[Any, Any]:
    """How many bytes end an element, and how many a segment."""
    text, cuts, ends = np.uint64(data.ctypes.data), _NONE, _NONE
    for low in range(0, size, 64):
        at = text + np.uint64(low)
        kept = _kept(size - low)
        closes = equal(at, np.uint64(terminator)) & kept
        ends += count_bits(closes)
        cuts += count_bits(equal(at, np.uint64(element)) & kept | closes)
    return np.int64(cuts), np.int64(ends)


@ready("u1[::1], i8, i8, i8, b1[::1], i4[::1], i4[::1], i4[::1], i4[::1], u4[::1], u4[::1]")
def cut(
    data: Any, size: int, element: int, terminator: int, blank: Any,
    cuts: Any, start: Any, first: Any, width: Any, code: Any, lead: Any,
) -> tuple[int, Any]:  # fmt: skip
    """Fill in where elements end, and per segment its start, first element, width, id and lead.

    `cuts` has room for eight more than there are.  Returned are the number of segments, and a place
    behind which no element has blanks at its ends.
    """
    text, found = np.uint64(data.ctypes.data), np.uint64(cuts.ctypes.data)
    number = opened = begin = bare = _NONE
    was_cut = was_blank = _NONE
    count = 0
    for low in range(0, size, 64):
        base = np.uint64(low)
        kept = _kept(size - low)
        ends = equal(text + base, np.uint64(terminator)) & kept
        opens = equal(text + base, np.uint64(element)) & kept & ~ends
        blanks = at_most(text + base, _SPACE) & kept
        marks = opens | ends
        beside = marks >> _ONE | opens << _ONE | was_cut
        if blanks & beside | (was_blank & marks):
            bare = base + _TOP
        was_cut, was_blank = opens >> _TOP, blanks >> _TOP
        _listed(marks, base, found + number * _FOUR)
        while ends:
            lower = lowest(ends)
            ends &= ends - _ONE
            place = base + lower
            following = number + count_bits(marks << _TOP - lower)
            while begin < place and blank[byte(text + begin)]:
                begin += _ONE
            if begin < place:
                id_end = place4(found + opened * _FOUR)
                has_lead = _FOUR if following > opened + _ONE else _NONE
                lead_end = place4(found + opened * _FOUR + has_lead)
                start[count], first[count] = begin, opened
                width[count] = following - opened
                code[count] = _id(text, begin, id_end, blank)
                lead[count] = _lead(text, id_end + _ONE, lead_end, blank)
                count += 1
            begin, opened = place + _ONE, following
        number += count_bits(marks)
    return count, np.int64(bare)


@compiled
def _kept(left: int) -> Any:
    """Bits for the bytes that are left of a text, 64 at most."""
    return _ALL if left >= 64 else (_ONE << np.uint64(left)) - _ONE


@compiled
def _listed(marks: Any, base: Any, at: Any) -> None:
    """Write the places of the bits, eight at a time: of the last eight some may be none."""
    while marks:
        for _ in range(8):
            put4(at, base + lowest(marks))
            marks &= marks - _ONE
            at += _FOUR


@compiled
def _id(text: Any, begin: Any, end: Any, blank: Any) -> Any:
    """Two or three bytes as a number, in upper case; 0 for other lengths."""
    while end > begin and blank[byte(text + end - _ONE)]:
        end -= _ONE
    return short_code(text + begin, end - begin) if end > begin + _ONE else np.uint32(0)


@compiled
def _lead(text: Any, begin: Any, end: Any, blank: Any) -> Any:
    """An element of up to three bytes without blanks, as a number."""
    if begin >= end:
        return np.uint32(0)
    while begin < end and blank[byte(text + begin)]:
        begin += _ONE
    while begin < end and blank[byte(text + end - _ONE)]:
        end -= _ONE
    return short_code(text + begin, end - begin)


@compiled
def interchanges(data: Any, low: int, found: Any) -> int:
    """Fill in where ISA stands, in letters of any case; how many, -1: more than there is room."""
    count = 0
    for begin in range(low, len(data) - 2, _STEP):
        end = min(begin + _STEP, len(data) - 2)
        i, s, a = data[begin:end], data[begin + 1 : end + 1], data[begin + 2 : end + 2]
        hits = 0
        for place in range(len(i)):
            hits += _is_isa(i[place], s[place], a[place])
        for place in range(len(i) if hits else 0):
            if _is_isa(i[place], s[place], a[place]):
                if count == len(found):
                    return -1
                found[count] = begin + place
                count += 1
    return count


@compiled
def _is_isa(i: Any, s: Any, a: Any) -> Any:
    return (i | _LOWER == 105) & (s | _LOWER == 115) & (a | _LOWER == 97)
