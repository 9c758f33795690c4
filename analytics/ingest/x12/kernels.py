"""The reader's innermost loops, compiled, over segments: each takes and fills arrays."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

from analytics.ingest.x12.kernels_memory import word4

_F = TypeVar("_F", bound=Callable[..., Any])
_waiting: list[tuple[Any, str]] = []


# The text, its cuts, per segment its first cut and its width, `bare`, what is blank, and some rows.
WHERE = "u1[::1], i4[::1], i4[::1], i4[::1], i8, b1[::1], i8[::1]"


def compiled(function: _F) -> _F:
    """The function as machine code, kept between runs, that other threads can run beside."""
    return cast("_F", cast("Any", numba).njit(nogil=True, cache=True)(function))


def ready(kinds: str) -> Callable[[_F], _F]:
    """The same, which `start` makes ready for arguments of these kinds, the call for others."""

    def made(function: _F) -> _F:
        found = compiled(function)
        _waiting.append((found, f"({kinds})"))
        return found

    return made


def start() -> None:
    """Compile what is waiting, or fetch it from earlier runs: half a second, mostly numba's own."""
    while _waiting:
        function, kinds = _waiting.pop()
        function.compile(kinds)


@ready("u4[::1], u4[::1], i4[::1], i4[::1], u4[::1], i8[::1], i8[::1]")
def grouped(
    code: Any, slots: Any, numbers: Any, which: Any, names: Any, counts: Any, order: Any
) -> int:
    """Fill in the ids there are, how often, and where, one id after the other; -1: too many."""
    found = 0
    for place in range(len(code)):
        if code[place] == 0:
            continue
        slot = (np.uint64(code[place]) * np.uint64(2654435761) >> np.uint64(20)) & np.uint64(4095)
        while slots[slot] != 0 and slots[slot] != code[place]:
            slot = (slot + np.uint64(1)) & np.uint64(4095)
        if slots[slot] == 0:
            if found == len(names):
                return -1
            slots[slot], numbers[slot], names[found] = code[place], found, code[place]
            found += 1
        which[place] = numbers[slot]
        counts[which[place]] += 1
    begins = np.cumsum(counts) - counts
    for place in range(len(code)):
        if code[place] != 0:
            order[begins[which[place]]] = place
            begins[which[place]] += 1
    return found


@compiled
def short_code(at: Any, length: Any) -> Any:
    """A string of up to three bytes as a number, in upper case; 0 where it is longer."""
    if length > np.uint64(3) or length < np.uint64(1):
        return np.uint32(0)
    word = word4(at) & (np.uint64(1) << (length << np.uint64(3))) - np.uint64(1)
    return np.uint32(word & ~((word & np.uint64(0x404040)) >> np.uint64(1) & word))


@ready("i8[::1], i8, i4[::1], i1[::1], i4[::1]")
def deeper(anchors: Any, level: int, latest: Any, depth: Any, owner: Any) -> None:
    """Fill in, per segment, which anchor of one more level it is under; see `loops.Places`."""
    at = following = 0
    current = -1
    for place in range(len(owner) - 1):
        if following < len(anchors) and anchors[following] == place:
            at, current = place, following
            following += 1
        if current >= 0:
            if latest[place] > at:
                current = -1
            else:
                latest[place], depth[place] = at, level
        owner[place] = current


@ready("i8[::1], u4[::1], u4[::1], i4[::1], i1[::1], i8, i8[::1]")
def first(
    rows: Any, qualifiers: Any, wanted: Any, owners: Any, depth: Any, level: int, found: Any
) -> None:
    """Fill in for each loop its first row with a wanted qualifier; `level` -1: at any depth."""
    for place in range(len(rows)):
        is_wanted = len(wanted) == 0
        for code in wanted:
            is_wanted = is_wanted or qualifiers[place] == code
        if not is_wanted:
            continue
        owner = owners[rows[place]]
        if owner >= 0 and found[owner] < 0 and (level < 0 or depth[rows[place]] == level):
            found[owner] = rows[place]
