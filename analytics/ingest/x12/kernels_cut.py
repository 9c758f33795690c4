"""The reader's innermost loops, compiled, that find delimiters and interchanges in a text."""

from typing import Any, cast

import numba
import numpy as np
from numba.extending import intrinsic

from analytics.ingest.x12.kernels import compiled, qualifier_of, segment_id

_STEP = 4096  # bytes looked at together
_LOWER = np.uint8(32)
_numba: Any = numba


@cast("Any", intrinsic)
def _lowest(_context: Any, _word: Any) -> Any:
    """The number of the lowest bit that is set, which the processor knows."""

    def generated(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], _numba.core.cgutils.false_bit)

    return _numba.types.uint64(_numba.types.uint64), generated


@compiled
def cut(
    data: Any, four: Any, blank: Any, marks: Any, terminators: Any,
    cuts: Any, start: Any, first: Any, width: Any, code: Any, lead: Any,
) -> int:  # fmt: skip
    """Fill in where elements end, and per segment its start, first element, width, id and lead.

    `marks` has a bit for every byte that ends an element, `terminators` for those that end a
    segment.
    """
    number = count = begin = opened = 0
    for at in range(len(marks)):
        bits, ends = marks[at], terminators[at]
        while bits != 0:
            lowest = _lowest(bits)
            place = at * 64 + np.int64(lowest)
            cuts[number] = place
            number += 1
            bits &= bits - np.uint64(1)
            if ends >> lowest & np.uint64(1):
                while begin < place and blank[data[begin]]:
                    begin += 1
                if begin < place:
                    start[count], first[count], width[count] = begin, opened, number - opened
                    id_end = np.int64(cuts[opened])
                    lead_end = np.int64(cuts[opened + (number > opened + 1)])
                    code[count] = segment_id(data, four, begin, id_end, blank)
                    lead[count] = qualifier_of(data, four, id_end + 1, lead_end, blank)
                    count += 1
                begin, opened = place + 1, number
    return count


@compiled
def interchanges(text: Any, low: int, found: Any) -> int:
    """Fill in where ISA stands, in letters of any case; how many, -1: more than there is room."""
    count = 0
    for begin in range(low, len(text) - 2, _STEP):
        end = min(begin + _STEP, len(text) - 2)
        i, s, a = text[begin:end], text[begin + 1 : end + 1], text[begin + 2 : end + 2]
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
