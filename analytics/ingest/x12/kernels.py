"""The reader's innermost loops, compiled: each takes and fills arrays, a value at a time."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

_BLOCK = 256  # rows looked up together

_F = TypeVar("_F", bound=Callable[..., Any])


def _compiled(function: _F) -> _F:
    """The function as machine code, kept between runs, that other threads can run beside."""
    return cast("_F", cast("Any", numba).njit(nogil=True, cache=True)(function))


@_compiled
def cut(
    data: Any, four: Any, size: int, element: int, terminator: int, blank: Any,
    cuts: Any, start: Any, first: Any, width: Any, code: Any, lead: Any,
) -> tuple[int, int]:  # fmt: skip
    """Fill in where elements end, and per segment its start, first element, width, id and lead.

    Without a branch that depends on the text, which would be guessed wrong again and again.
    """
    found = count = begin = opened = 0
    for place in range(size):
        cuts[found] = place
        found += (data[place] == element) | (data[place] == terminator)
    for number in range(found):
        place = np.int64(cuts[number])
        if data[place] != terminator:
            continue
        while begin < place and blank[data[begin]]:
            begin += 1
        if begin < place:
            start[count], first[count], width[count] = begin, opened, number + 1 - opened
            count += 1
        begin, opened = place + 1, number + 1
    for number in range(count):
        opened = first[number]
        code[number] = _id(data, four, start[number], cuts[opened], blank)
        begin, end = cuts[opened] + 1, cuts[opened + (width[number] > 1)]
        lead[number] = _qualifier(data, four, begin, end, blank)
    return found, count


@_compiled
def _id(data: Any, four: Any, begin: Any, end: Any, blank: Any) -> Any:
    """Two or three bytes as a number, in upper case; 0 for other lengths."""
    while end > begin and blank[data[end - 1]]:
        end -= 1
    return _code(four, begin, end - begin) if end - begin > 1 else 0


@_compiled
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


@_compiled
def _qualifier(data: Any, four: Any, begin: Any, end: Any, blank: Any) -> Any:
    """An element of up to three bytes without blanks, as a number."""
    while begin < end and data[begin] <= 32 and blank[data[begin]]:
        begin += 1
    while begin < end and data[end - 1] <= 32 and blank[data[end - 1]]:
        end -= 1
    return _code(four, begin, end - begin)


@_compiled
def _code(four: Any, begin: Any, length: Any) -> Any:
    """A string of up to three bytes as a number, in upper case; 0 where it is longer."""
    if length > 3 or length < 1:
        return np.uint32(0)
    word = four[begin] & np.uint32((1 << 8 * length) - 1)
    return word & ~((word & np.uint32(0x404040)) >> np.uint32(1) & word)


@_compiled
def _ends(
    cuts: Any, first: Any, width: Any, rows: Any, elements: Any, step: int, begins: Any, ends: Any
) -> None:  # fmt: skip
    """Fill in where elements of some rows begin and end; nothing there: both 0.

    `elements` are those of all rows, or, with a step of 1, that of each row and those behind it.
    Such short loops let the processor wait for many places of memory at once, not one by one.
    """
    count = len(rows)
    at, wide = np.empty(count, np.int64), np.empty(count, np.int64)
    for place in range(count):
        row = max(rows[place], 0)
        at[place] = first[row]
        wide[place] = width[row] if rows[place] >= 0 else 0
    for number in range(len(begins)):
        for place in range(count):
            element = elements[place] + number if step else elements[number]
            there = 0 < element < wide[place]
            end = at[place] + element if there else 1
            begins[number, place] = np.int64(cuts[end - 1]) + 1 if there else 0
            ends[number, place] = np.int64(cuts[end]) if there else 0


@_compiled
def _fetch(data: Any, begins: Any) -> int:
    """Never below 0: summed so that all these places are fetched before one is needed."""
    touched = 0
    for place in range(len(begins)):
        touched += data[begins[place]]
    return touched


@_compiled
def _strip(data: Any, blank: Any, begins: Any, ends: Any) -> None:
    """Leave out the blanks around the strings between these places."""
    if _fetch(data, begins) < 0:
        return
    for place in range(len(begins)):
        begin, end = begins[place], ends[place]
        while begin < end and data[begin] <= 32 and blank[data[begin]]:
            begin += 1
        while begin < end and data[end - 1] <= 32 and blank[data[end - 1]]:
            end -= 1
        begins[place], ends[place] = begin, end


@_compiled
def locate(
    data: Any, cuts: Any, first: Any, width: Any, blank: Any,
    rows: Any, elements: Any, start: Any, length: Any,
) -> None:  # fmt: skip
    """Fill in where an element of each row and those behind it stand, blanks left out."""
    count, size = start.shape
    step = 0 if len(elements) == 1 else 1
    same = elements[0] + np.arange(count)
    for low in range(0, size, _BLOCK):
        high = min(low + _BLOCK, size)
        begins, ends = start[:, low:high], length[:, low:high]
        which = elements[low:high] if step else same
        _ends(cuts, first, width, rows[low:high], which, step, begins, ends)
        for number in range(count):
            _strip(data, blank, begins[number], ends[number])
            for place in range(high - low):
                ends[number, place] -= begins[number, place]


@_compiled
def texts(
    data: Any, cuts: Any, first: Any, width: Any, blank: Any, rows: Any, elements: Any,
    upper: bool, four: Any, eight: Any, keep4: Any, keep8: Any, views: Any, valid: Any, found: Any,
) -> None:  # fmt: skip
    """Fill in the views of some elements, side by side, as they stand near each other.

    `found` has of each the longest, how many there are, and whether some need more.
    """
    begins, ends = np.empty((2, len(elements), _BLOCK), np.int64)
    for low in range(0, len(rows), _BLOCK):
        size = min(_BLOCK, len(rows) - low)
        some = rows[low : low + size]
        _ends(cuts, first, width, some, elements, 0, begins[:, :size], ends[:, :size])
        for number in range(len(elements)):
            _strip(data, blank, begins[number, :size], ends[number, :size])
            view = views[number]
            for place in range(size):
                begin, length = begins[number, place], ends[number, place] - begins[number, place]
                found[number, 0] = max(found[number, 0], length)
                _view(four, eight, keep4, keep8, begin, length, view, low + place)
                if length:
                    found[number, 1] += 1
                    valid[number, low + place >> 3] |= np.uint8(1 << (low + place & 7))
                    if upper and _has_letters(view, low + place, length):
                        found[number, 2] |= _raise(data, begin, length, view, low + place)


@_compiled
def amounts(
    data: Any, cuts: Any, first: Any, width: Any, blank: Any, rows: Any, elements: Any, scale: int,
    values: Any, valid: Any, there: Any,
) -> None:  # fmt: skip
    """Fill in some elements as whole numbers of their smallest unit, and which are there."""
    begins, ends = np.empty((2, len(elements), _BLOCK), np.int64)
    for low in range(0, len(rows), _BLOCK):
        size = min(_BLOCK, len(rows) - low)
        some = rows[low : low + size]
        _ends(cuts, first, width, some, elements, 0, begins[:, :size], ends[:, :size])
        for number in range(len(elements)):
            _strip(data, blank, begins[number, :size], ends[number, :size])
            for place in range(size):
                begin, end = begins[number, place], ends[number, place]
                there[number, low + place] = begin < end
                value, sound = _decimal(data, begin, end, scale)
                values[number, low + place], valid[number, low + place] = value, sound


@_compiled
def split(
    data: Any, separator: int, blank: Any, begins: Any, lengths: Any, start: Any, length: Any
) -> None:
    """Fill in where the first components of each composite stand."""
    for low in range(0, len(begins), _BLOCK):
        high = min(low + _BLOCK, len(begins))
        if _fetch(data, begins[low:high]) < 0:
            return
        for row in range(low, high):
            begin = begins[row]
            stop = begin + lengths[row]
            for number in range(len(start) if lengths[row] else 0):
                end = begin
                while end < stop and data[end] != separator:
                    end += 1
                left, right = begin, end
                while left < right and blank[data[left]]:
                    left += 1
                while left < right and blank[data[right - 1]]:
                    right -= 1
                start[number, row], length[number, row] = left, right - left
                if end >= stop:
                    break
                begin = end + 1


@_compiled
def views(
    data: Any, four: Any, eight: Any, keep4: Any, keep8: Any, start: Any, length: Any, upper: bool,
    views: Any, valid: Any,
) -> tuple[Any, int, bool]:  # fmt: skip
    """Fill in the views of strings; longest, how many, and whether some need more."""
    longest: Any = 0
    present, left = 0, False
    for low in range(0, len(start), _BLOCK):
        high = min(low + _BLOCK, len(start))
        if _fetch(data, start[low:high]) < 0:
            return longest, present, left
        for row in range(low, high):
            size = length[row]
            longest = max(longest, size)
            _view(four, eight, keep4, keep8, start[row], size, views, row)
            if size:
                present += 1
                valid[row >> 3] |= np.uint8(1 << (row & 7))
                if upper and _has_letters(views, row, size):
                    left = _raise(data, start[row], size, views, row) or left
    return longest, present, left


@_compiled
def _view(
    four: Any, eight: Any, keep4: Any, keep8: Any, begin: Any, size: Any, views: Any, row: int
) -> None:
    views[row, 0] = size
    views[row, 1] = four[begin] & keep4[min(size, 4)]
    if size <= 12:
        rest = eight[begin + 4] & keep8[size]
        views[row, 2], views[row, 3] = rest & 0xFFFFFFFF, rest >> 32
    else:
        views[row, 2], views[row, 3] = 0, begin


@_compiled
def _has_letters(views: Any, row: int, size: Any) -> bool:
    """Whether a view may hold bytes that upper case changes: from 0x60 on."""
    if size > 12:
        return True
    every = views[row, 1] | views[row, 2] | views[row, 3]
    if every & 0x80808080:
        return True
    for part in range(1, 4):
        word = views[row, part]
        if word & (word >> 1) & 0x20202020:
            return True
    return False


@_compiled
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
            views[row, 1 + (place >> 2)] -= np.uint32(32 << 8 * (place & 3))
    return left


@_compiled
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


@_compiled
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


@_compiled
def qualifier(
    data: Any, cuts: Any, first: Any, width: Any, blank: Any, rows: Any, element: int, four: Any,
    found: Any,
) -> None:  # fmt: skip
    """Fill in one element of each row as a number."""
    begins, ends = np.empty((2, 1, _BLOCK), np.int64)
    for low in range(0, len(rows), _BLOCK):
        size = min(_BLOCK, len(rows) - low)
        some, which = rows[low : low + size], np.array([element])
        _ends(cuts, first, width, some, which, 0, begins[:, :size], ends[:, :size])
        _strip(data, blank, begins[0, :size], ends[0, :size])
        for place in range(size):
            found[low + place] = _code(four, begins[0, place], ends[0, place] - begins[0, place])


@_compiled
def codes(data: Any, four: Any, start: Any, length: Any, found: Any) -> None:
    """Fill in strings of up to three bytes as numbers."""
    for low in range(0, len(start), _BLOCK):
        high = min(low + _BLOCK, len(start))
        if _fetch(data, start[low:high]) < 0:
            return
        for row in range(low, high):
            found[row] = _code(four, start[row], length[row])


@_compiled
def decimals(data: Any, start: Any, length: Any, scale: int, values: Any, valid: Any) -> None:
    """Fill in amounts as whole numbers of their smallest unit, and whether they can be read."""
    for low in range(0, len(start), _BLOCK):
        high = min(low + _BLOCK, len(start))
        if _fetch(data, start[low:high]) < 0:
            return
        for row in range(low, high):
            values[row], valid[row] = _decimal(data, start[row], start[row] + length[row], scale)


@_compiled
def _decimal(data: Any, begin: Any, end: Any, scale: int) -> tuple[Any, bool]:
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


@_compiled
def days(
    data: Any, start: Any, length: Any, before: Any, lengths: Any, first_year: int,
    values: Any, valid: Any,
) -> None:  # fmt: skip
    """Fill in dates CCYYMMDD as days since 1970, and whether they are days of the calendar."""
    for low in range(0, len(start), _BLOCK):
        high = min(low + _BLOCK, len(start))
        if _fetch(data, start[low:high]) < 0:
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
