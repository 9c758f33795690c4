"""The reader's innermost loop, compiled, that fills in all columns asked for at once.

A text is gone through in strips that the processor keeps at hand: in each strip the rows of every
group of columns that stand there are read, as far as they fill words of 64 bits.
"""

from typing import Any

import numpy as np

from analytics.ingest.x12.kernels import compiled, ready, short_code
from analytics.ingest.x12.kernels_memory import word8
from analytics.ingest.x12.kernels_numbers import days_at, decimals_at
from analytics.ingest.x12.kernels_places import BLOCK, element_of, segments_of
from analytics.ingest.x12.kernels_text import views_at
from analytics.ingest.x12.packing import packed

STRIP = 4096  # segments
_ALL = 1 << 48  # more than there are bytes

# What a group of columns is, and what a column is: places in their rows of numbers.
# A group is of segments or, where it has lengths, of places in the text.
ROWS, COUNT, COLUMNS, FIRST_COLUMN, LENGTHS = range(5)
KIND, ELEMENT, SPECIAL, TARGET, BITS = range(5)
# Kinds of columns; an NPI is a text where the element before it says so.  What is special is the
# scale of an amount, or the number of a text.
TEXT, UPPER, NPI, AMOUNT, DAY = range(5)
_XX = np.uint32(packed("XX"))
_THREE = np.uint64(3)


@compiled
def _leave_npis(data: Any, begins: Any, lengths: Any, size: int, found: Any) -> None:
    """Leave out what is no NPI by the qualifiers at these places: its length becomes 0."""
    text = np.uint64(data.ctypes.data)
    for place in range(size):
        code = short_code(text + np.uint64(begins[place]), np.uint64(lengths[place]))
        found[place] *= code == _XX


@compiled
def _row(rows: Any, place: Any) -> Any:
    return np.int64(word8(rows + (np.uint64(place) << _THREE)))


@compiled
def _copy(numbers: Any, low: Any, size: Any, found: Any) -> None:
    for place in range(size):
        found[place] = _row(numbers, low + place)


@compiled
def _end_of(rows: Any, begin: Any, count: Any, limit: Any) -> Any:
    """How many rows of a group to read now: words of 64 of them, each up to a row below a limit."""
    end = begin
    while end + 64 <= count and _row(rows, end + 63) < limit:
        end += 64
    return end


@compiled
def _place(
    data: Any, bare: int, blank: Any, at: Any, wide: Any, size: Any, widest: Any, column: Any,
    begins: Any, lengths: Any, other_begins: Any, other_lengths: Any,
) -> None:  # fmt: skip
    """Fill in where the element of a column stands in a block of segments."""
    element_of(data, bare, blank, at, wide, size, widest, column[ELEMENT], begins, lengths)
    if column[KIND] == NPI:
        before = column[ELEMENT] - 1
        element_of(data, bare, blank, at, wide, size, widest, before, other_begins, other_lengths)
        _leave_npis(data, other_begins, other_lengths, size, lengths)


@compiled
def _read_numbers(
    data: Any, begins: Any, lengths: Any, size: Any, column: Any, target: Any, words: Any,
    digits: Any, values: Any, valid: Any, there: Any, before: Any, days: Any, first_year: int,
) -> None:  # fmt: skip
    """Fill in a block of amounts or dates."""
    for place in range(size):
        there[target + place] = lengths[place] > 0
    if column[KIND] == AMOUNT:
        decimals_at(
            data, begins, lengths, size, column[SPECIAL], words, digits,
            values[target:], valid[target:],
        )  # fmt: skip
    else:
        days_at(
            data, begins, lengths, size, before, days, first_year, values[target:], valid[target:]
        )


@ready(
    "u1[::1], i4[::1], i4[::1], i4[::1], i8, b1[::1], i8[:, ::1], i8[:, ::1], "
    "u8[:, ::1], u8[::1], i8[:, ::1], i8[::1], b1[::1], b1[::1], i4[::1], i4[::1], i8"
)
def run(
    data: Any, cuts: Any, first: Any, width: Any, bare: int, blank: Any, groups: Any,
    columns: Any, views: Any, bits: Any, found: Any, values: Any, valid: Any, there: Any,
    before: Any, days: Any, first_year: int,
) -> None:  # fmt: skip
    """Fill in the columns of all groups: of texts their views, bits and what was `found`."""
    done = np.zeros(len(groups), np.int64)
    at, wide = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.int64)
    begins, lengths = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    other_begins, other_lengths = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    words, digits = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.int64)
    for stop in range(STRIP, len(first) + STRIP, STRIP):
        is_last = stop >= len(first)
        in_text = _ALL if is_last else np.int64(cuts[np.uint64(first[stop])])
        for group in range(len(groups)):
            count, rows = groups[group, COUNT], np.uint64(groups[group, ROWS])
            places = np.uint64(groups[group, LENGTHS])
            limit = in_text if places else stop
            end = count if is_last else _end_of(rows, done[group], count, limit)
            for low in range(done[group], end, BLOCK):
                size, widest = min(BLOCK, end - low), np.int64(0)
                if not places:
                    size, widest = segments_of(cuts, first, width, rows, end, low, at, wide)
                for number in range(groups[group, COLUMNS]):
                    column = columns[groups[group, FIRST_COLUMN] + number]
                    if places:
                        _copy(rows, low, size, begins)
                        _copy(places, low, size, lengths)
                    else:
                        _place(
                            data, bare, blank, at, wide, size, widest, column,
                            begins, lengths, other_begins, other_lengths,
                        )  # fmt: skip
                    target = column[TARGET]
                    if column[KIND] <= NPI:
                        views_at(
                            data, begins, lengths, low, size, column[KIND] == UPPER,
                            views[target:], bits[column[BITS] :], found[column[SPECIAL]],
                        )  # fmt: skip
                    else:
                        _read_numbers(
                            data, begins, lengths, size, column, target + low, words, digits,
                            values, valid, there, before, days, first_year,
                        )  # fmt: skip
            done[group] = end
