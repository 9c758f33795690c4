"""The reader's innermost loops, compiled, over amounts and dates."""

from typing import Any

import numpy as np

from analytics.ingest.x12.kernels import compiled
from analytics.ingest.x12.kernels_text import BLOCK, fetch, looked_up


@compiled
def amounts(
    data: Any, cuts: Any, first: Any, width: Any, blank: Any, rows: Any, elements: Any, scale: int,
    values: Any, valid: Any, there: Any,
) -> None:  # fmt: skip
    """Fill in some elements as whole numbers of their smallest unit, and which are there."""
    begins, ends = np.empty((2, len(elements), BLOCK), np.int64)
    for low in range(0, len(rows), BLOCK):
        size = looked_up(data, cuts, first, width, blank, rows, low, elements, begins, ends)
        for number in range(len(elements)):
            for place in range(size):
                begin, end = begins[number, place], ends[number, place]
                there[number, low + place] = begin < end
                value, sound = _decimal(data, begin, end, scale)
                values[number, low + place], valid[number, low + place] = value, sound


@compiled
def decimals(data: Any, start: Any, length: Any, scale: int, values: Any, valid: Any) -> None:
    """Fill in amounts as whole numbers of their smallest unit, and whether they can be read."""
    for low in range(0, len(start), BLOCK):
        high = min(low + BLOCK, len(start))
        if fetch(data, start[low:high]) < 0:
            return
        for row in range(low, high):
            values[row], valid[row] = _decimal(data, start[row], start[row] + length[row], scale)


@compiled
def _decimal(data: Any, begin: Any, end: Any, scale: int) -> tuple[Any, Any]:
    sign = 1
    if begin < end and (data[begin] == 45 or data[begin] == 43):
        sign = -1 if data[begin] == 45 else 1
        begin += 1
    value, digits, behind = 0, 0, -1
    for place in range(begin, end):
        byte = np.int64(data[place])
        if 48 <= byte <= 57:
            value = value * 10 + (byte - 48)
            digits += 1
            behind += behind >= 0
        elif byte == 46 and behind < 0:
            behind = 0
        else:
            return 0, False
    behind = max(behind, 0)
    if not 0 < digits <= 15 or behind > scale:
        return 0, False
    for _ in range(scale - behind):
        value *= 10
    return sign * value, value < 100_000_000_000_000


@compiled
def days(
    data: Any, start: Any, length: Any, before: Any, lengths: Any, first_year: int,
    values: Any, valid: Any,
) -> None:  # fmt: skip
    """Fill in dates CCYYMMDD as days since 1970, and whether they are days of the calendar."""
    for low in range(0, len(start), BLOCK):
        high = min(low + BLOCK, len(start))
        if fetch(data, start[low:high]) < 0:
            return
        for row in range(low, high):
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
