"""Where records of delimited text begin and end, and which have as many columns as the header.

Line ends and separators inside quotes are none, so that no record is cut and no column shifts
where a quoted name holds a comma; found on arrays of bytes, not line by line.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

_Numbers: TypeAlias = NDArray[np.int64]
_QUOTE, _NEWLINE, _RETURN = ord('"'), ord("\n"), ord("\r")


class Sorted(NamedTuple):
    """The text of the sound records of a block, and the places (from 0) of both kinds in it."""

    text: bytes
    sound: _Numbers
    ragged: _Numbers


def by_columns(block: bytes, separator: str, count: int) -> Sorted:
    """Records of `count` columns apart from the others; empty lines are no records."""
    if not block.endswith(b"\n"):
        block += b"\n"
    held = np.frombuffer(block, np.uint8)
    outside = ~np.logical_xor.accumulate(held == _QUOTE)
    is_separator = outside & (held == ord(separator))
    ends = np.flatnonzero(outside & (held == _NEWLINE))
    if not len(ends) or ends[-1] != len(held) - 1:
        ends = np.append(ends, len(held) - 1)
    starts = np.concatenate(([0], ends[:-1] + 1))
    before = np.cumsum(is_separator)
    found = before[ends] - np.concatenate(([0], before[ends[:-1]])) + 1
    last = np.maximum(ends - 1 - ((ends > starts) & (held[ends - 1] == _RETURN)), 0)
    # As CCW writes: a separator more, at the very end.
    found = found - ((found == count + 1) & is_separator[last])
    is_record = last >= starts
    is_sound = is_record & (found == count)
    kept = np.repeat(is_sound, ends - starts + 1)
    places = np.cumsum(is_record) - 1
    return Sorted(held[kept].tobytes(), places[is_sound], places[is_record & ~is_sound])
