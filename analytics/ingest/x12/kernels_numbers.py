"""The reader's innermost loops, compiled, over amounts and dates, read eight digits at a time."""

from typing import Any

import numpy as np

from analytics.ingest.x12.kernels import compiled
from analytics.ingest.x12.kernels_memory import byte, word8

_ZEROS = np.uint64(0x3030303030303030)
_OVER_NINE = np.uint64(0x7676767676767676)
_HIGH_BITS = np.uint64(0x8080808080808080)
_DOT, _LOW = np.uint64(ord(".") ^ ord("0")), np.uint64(0xFF)
_BYTE, _ALL = np.uint64(8), np.uint64(0xFFFFFFFFFFFFFFFF)
_MINUS, _PLUS = np.uint64(45), np.uint64(43)
_MOST = 100_000_000_000_000
_MOST_SCALE = 3  # of what is read eight digits at a time
_FOUR, _FIVE, _SIX, _SEVEN = (np.uint64(8 * byte) for byte in (4, 5, 6, 7))  # bits to shift


@compiled
def decimals_at(
    data: Any, start: Any, length: Any, size: int, scale: int,
    words: Any, digits: Any, values: Any, valid: Any,
) -> None:  # fmt: skip
    """Fill in a block of them: eight bytes at once, then the few that are longer."""
    text, longest, signs = np.uint64(data.ctypes.data), 0, 0
    for place in range(size):
        begin, count = start[place], length[place]
        end = begin + count
        letter = byte(text + np.uint64(begin))
        is_negative = letter == _MINUS
        count -= is_negative | (letter == _PLUS)
        words[place] = word8(text + np.uint64(max(end - 8, 0)))
        digits[place] = count
        signs += is_negative
        longest = max(longest, count if end >= 8 else 9)
    _at_once(words, digits, size, scale, values, valid)
    for place in range(size if signs else 0):
        if byte(text + np.uint64(start[place])) == _MINUS:
            values[place] = -values[place]
    if longest > 8 or scale > _MOST_SCALE:
        for place in range(size):
            begin = start[place]
            end = begin + length[place]
            if digits[place] > 8 or end < 8 or scale > _MOST_SCALE:
                value, valid[place] = _by_digit(data, end - max(digits[place], 0), end, scale)
                values[place] = -value if byte(text + np.uint64(begin)) == _MINUS else value


@compiled
def _at_once(words: Any, digits: Any, size: int, scale: int, values: Any, valid: Any) -> None:
    """Numbers without sign out of the eight bytes that end with each, moved over the dot."""
    three = scale >= 3
    for place in range(size):
        count = digits[place]
        kept = _ALL << np.uint64(64 - 8 * count) if count > 0 else np.uint64(0)
        word = (words[place] ^ _ZEROS) & kept
        dot = np.uint64(64)
        dot = _FOUR if three and word >> _FOUR & _LOW == _DOT else dot
        dot = _FIVE if word >> _FIVE & _LOW == _DOT else dot
        dot = _SIX if word >> _SIX & _LOW == _DOT else dot
        dot = _SEVEN if word >> _SEVEN == _DOT else dot
        dotted = dot < np.uint64(64)
        before = (np.uint64(1) << dot) - np.uint64(1) if dotted else _ALL
        behind = ~(before | _LOW << dot) if dotted else np.uint64(0)
        word = (word & before) << (_BYTE if dotted else np.uint64(0)) | word & behind
        wrong = ((word + _OVER_NINE) | word) & _HIGH_BITS
        sound = (wrong == np.uint64(0)) & (count > dotted) & (count <= 8)
        missing = scale - (np.int64(_SEVEN - dot) >> 3 if dotted else 0)
        times = 1 if missing == 0 else 10 if missing == 1 else 100 if missing == 2 else 1000
        values[place] = np.int64(_eights(word)) * times if sound else 0
        valid[place] = sound


@compiled
def _by_digit(data: Any, begin: Any, end: Any, scale: int) -> tuple[Any, Any]:
    """The same without sign, of up to fifteen digits."""
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
        value *= 10 if value < _MOST else 1
    return (value, True) if value < _MOST else (0, False)


@compiled
def _eights(word: Any) -> Any:
    """Eight digits, their code taken off, as a number."""
    pairs = (word * np.uint64(10) + (word >> _BYTE)) & np.uint64(0x00FF00FF00FF00FF)
    fours = pairs * np.uint64(6553601) >> np.uint64(16) & np.uint64(0x0000FFFF0000FFFF)
    return fours * np.uint64(42949672960001) >> np.uint64(32)


@compiled
def days_at(
    data: Any, start: Any, length: Any, size: int, before: Any, lengths: Any, first_year: int,
    values: Any, valid: Any,
) -> None:  # fmt: skip
    """Fill in a block of dates."""
    text = np.uint64(data.ctypes.data)
    for place in range(size):
        values[place], valid[place] = _day(
            text + np.uint64(start[place]), length[place], before, lengths, first_year
        )


@compiled
def _day(at: Any, length: Any, before: Any, lengths: Any, first_year: int) -> tuple[Any, Any]:
    word = word8(at) ^ _ZEROS
    pairs = (word * np.uint64(10) + (word >> _BYTE)) & np.uint64(0x00FF00FF00FF00FF)
    year = np.int64(pairs & _LOW) * 100 + np.int64(pairs >> np.uint64(16) & _LOW)
    month, day = np.int64(pairs >> np.uint64(32) & _LOW), np.int64(pairs >> np.uint64(48))
    slot = (year - first_year) * 16 + month
    sound = ((word + _OVER_NINE) | word) & _HIGH_BITS == np.uint64(0)
    sound = sound & (length == 8) & (month < 16) & (slot >= 0) & (slot < len(before)) & (day > 0)
    known = np.uint64(slot if sound else 0)
    sound = sound & (day <= lengths[known])
    return np.int64(before[known] + day) if sound else 0, sound
