"""The reader's innermost loop, compiled, that fills in all columns asked for at once.

A text is gone through in strips that the processor keeps at hand: in each strip the rows of every
group of columns that stand there are read, as far as they fill words of 64 bits.
"""

from typing import Any

import numpy as np

from analytics.ingest.x12.kernels import compiled, ready
from analytics.ingest.x12.kernels_memory import word8
from analytics.ingest.x12.kernels_numbers import days_at, decimals_at
from analytics.ingest.x12.kernels_places import BLOCK, element_of, segments_of
from analytics.ingest.x12.kernels_text import views_at

STRIP = 4096  # segments

# What a group of columns is, and what a column is: places in their rows of numbers.
ROWS, COUNT, COLUMNS, FIRST_COLUMN = range(4)
KIND, ELEMENT, SPECIAL, TARGET, BITS = range(5)
TEXT, UPPER, AMOUNT, DAY = range(4)  # kinds; what is special is the scale of an amount


@compiled
def _row(rows: Any, place: Any) -> Any:
    return np.int64(word8(rows + (np.uint64(place) << np.uint64(3))))


@ready(
    "u1[::1], i4[::1], i4[::1], i4[::1], i8, b1[::1], i8[:, ::1], i8[:, ::1], "
    "u8[:, ::1], u8[::1], i8[:, ::1], i8[::1], b1[::1], b1[::1], i4[::1], i4[::1], i8"
)
def run(
    data: Any, cuts: Any, first: Any, width: Any, bare: int, blank: Any, groups: Any,
    columns: Any, views: Any, bits: Any, found: Any, values: Any, valid: Any, there: Any,
    before: Any, lengths: Any, first_year: int,
) -> None:  # fmt: skip
    """Fill in the columns of all groups: of texts their views, bits and what was `found`."""
    done = np.zeros(len(groups), np.int64)
    at, wide = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.int64)
    begins, sizes = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    words, digits = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.int64)
    for strip in range(0, max(len(first), 1), STRIP):
        stop = strip + STRIP
        for group in range(len(groups)):
            count = groups[group, COUNT]
            rows = np.uint64(groups[group, ROWS])
            end = done[group]
            while end + 64 <= count and _row(rows, end + 63) < stop:
                end += 64
            end = count if stop >= len(first) else end
            for low in range(done[group], end, BLOCK):
                most = segments_of(cuts, first, width, rows, end, low, at, wide)
                for number in range(groups[group, COLUMNS]):
                    column = columns[groups[group, FIRST_COLUMN] + number]
                    element_of(
                        data, bare, blank, at, wide, most[0], most[1], column[ELEMENT],
                        begins, sizes,
                    )  # fmt: skip
                    target = column[TARGET]
                    if column[KIND] <= UPPER:
                        views_at(
                            data, begins, sizes, 0, low, most[0], column[KIND] == UPPER,
                            views[target:], bits[column[BITS] :], found[column[SPECIAL]],
                        )  # fmt: skip
                        continue
                    target += low
                    for place in range(most[0]):
                        there[target + place] = sizes[place] > 0
                    if column[KIND] == AMOUNT:
                        decimals_at(
                            data, begins, sizes, 0, most[0], column[SPECIAL], words, digits,
                            values[target:], valid[target:],
                        )  # fmt: skip
                    else:
                        days_at(
                            data, begins, sizes, most[0], before, lengths, first_year,
                            values[target:], valid[target:],
                        )  # fmt: skip
            done[group] = end
