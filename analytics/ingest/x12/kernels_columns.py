"""The reader's innermost loops, compiled, that make columns of numbers: values, and bits for gaps.

Each gives back how many values there are; `bits` has one for each of them.
"""

from typing import Any

import numpy as np

from analytics.ingest.x12.kernels import compiled, ready


@ready("i8[::1], b1[::1], i8[:, ::1], u8[::1]")
def wide(values: Any, valid: Any, found: Any, bits: Any) -> int:
    """Whole numbers with their sign drawn out to 128 bits."""
    for row in range(len(values)):
        found[row, 0], found[row, 1] = values[row], values[row] >> 63
    return packed(valid, bits)


@ready("i8[::1], b1[::1], i4[::1], u8[::1]")
def narrow(values: Any, valid: Any, found: Any, bits: Any) -> int:
    """Whole numbers in fewer bits."""
    for row in range(len(values)):
        found[row] = values[row]
    return packed(valid, bits)


@compiled
def packed(valid: Any, bits: Any) -> int:
    """Truth values in bits."""
    count = 0
    for base in range(0, len(valid), 64):
        word = np.uint64(0)
        for row in range(base, min(base + 64, len(valid))):
            word |= np.uint64(valid[row]) << np.uint64(row - base)
            count += valid[row]
        bits[base >> 6] = word
    return count


@ready("i8[::1], i8[::1], i8[::1], u8[::1]")
def records(record_no: Any, rows: Any, found: Any, bits: Any) -> int:
    """The record numbers of segments; a row of -1 is none."""
    count = 0
    for base in range(0, len(rows), 64):
        word = np.uint64(0)
        for place in range(base, min(base + 64, len(rows))):
            row = rows[place]
            found[place] = record_no[max(row, 0)]
            word |= np.uint64(row >= 0) << np.uint64(place - base)
            count += row >= 0
        bits[base >> 6] = word
    return count
