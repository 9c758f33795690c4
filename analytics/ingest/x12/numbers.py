"""Amounts, quantities and days read from their bytes, eight digits at a time.

What is written in any usual way is read here by arithmetic on whole columns; the few texts that are
not are given to the slower and stricter patterns of `columns`, which decide.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from analytics.ingest.x12 import columns
from analytics.ingest.x12.spans import (
    Bytes,
    Column,
    Integers,
    Mask,
    Positions,
    Span,
    column,
    series,
    strings,
    words,
)

_Words = NDArray[np.uint64]

_ZEROS = np.uint64(0x3030303030303030)
_OVER_NINE = np.uint64(0x7676767676767676)
_HIGH_BITS = np.uint64(0x8080808080808080)
_BYTE = np.uint64(8)
_MOST_DIGITS = 8
_PLUS, _MINUS = ord("+"), ord("-")
_TENS = np.array([1, 10, 100, 1000], np.int64)

# Of eight bytes, the last so many; by how many stand behind it, the byte that may be a dot, what it
# is where it is one, and what stands behind it.
_LAST = np.array([((1 << 8 * n) - 1) << 8 * (8 - n) for n in range(9)], np.uint64)
_BYTE_AT = np.array([0xFF << 8 * (7 - n) for n in range(4)], np.uint64)
_DOT_AT = np.array([(ord(".") ^ ord("0")) << 8 * (7 - n) for n in range(4)], np.uint64)
_BEHIND = np.array([((1 << 8 * n) - 1) << 8 * (8 - n) for n in range(4)], np.uint64)

_FIRST_YEAR, _YEARS = 1800, 400
_MONTH_SLOTS = 16  # of which 1 to 12 are months
_NO_DAYS = 0


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of whole numbers (cents, thousandths, millionths or days since 1970)."""

    kind: str  # money, quantity, rate or day
    values: Integers
    valid: Mask
    unread: Mask  # text is there, but no value

    def where(self, rows: Mask) -> "Numbers":
        """Some of the rows."""
        return Numbers(self.kind, self.values[rows], self.valid[rows], self.unread[rows])

    def beyond(self, most: int) -> Mask:
        """Which are larger than this, with either sign."""
        return (self.values > most) | (self.values < -most)

    def without(self, rows: Mask) -> "Numbers":
        """The same with no value in these rows."""
        values = np.where(rows, 0, self.values)
        return Numbers(self.kind, values, self.valid & ~rows, self.unread)

    def filled(self, value: int) -> "Numbers":
        """The same with a value where none is there."""
        everywhere = np.ones(len(self.valid), np.bool_)
        values = np.where(self.valid, self.values, value)
        return Numbers(self.kind, values, everywhere, self.unread)

    def otherwise(self, other: "Numbers") -> "Numbers":
        """The same, its gaps filled from another column."""
        values = np.where(self.valid, self.values, other.values)
        return Numbers(self.kind, values, self.valid | other.valid, self.unread)

    def unless_said(self, other: "Numbers") -> "Numbers":
        """The same; where nothing was written, the other column."""
        said = self.valid | self.unread
        return Numbers(
            self.kind,
            np.where(said, self.values, other.values),
            np.where(said, self.valid, other.valid),
            np.where(said, self.unread, other.unread),
        )

    def column(self, fast: Any = None) -> Column:
        """As a column; `fast` may be the module `compiled`."""
        is_day, kept = self.kind == "day", (self.values, self.valid)
        if fast:
            return fast.day_column(*kept) if is_day else fast.decimal_column(*kept, self.scale)
        if is_day:
            return column(pa.date32(), self.valid, self.values.astype(np.int32))
        return column(pa.decimal128(14, self.scale), self.valid, _wide(self.values))

    def series(self) -> pl.Series:
        """As a polars series."""
        return pl.Series(values=self.column())

    @property
    def scale(self) -> int:
        """How many digits stand behind the dot."""
        return SCALES[self.kind]


def total_series(cents: Integers) -> pl.Series:
    """Sums of amounts as a polars column; a sum may have more digits than an amount."""
    return series(pa.decimal128(38, 2), None, _wide(cents))


def _wide(values: Integers) -> Integers:
    """The numbers with their sign drawn out to 128 bits."""
    wide = np.empty((len(values), 2), np.int64)
    wide[:, 0], wide[:, 1] = values, values >> 63
    return wide


SCALES = {"money": 2, "quantity": 3, "rate": 6}
_FEW = ("rate",)  # so rare that the patterns may read them all, without machine code


def numbers(data: Bytes, span: Span, kind: str) -> Numbers:
    """The numbers of one kind at these places."""
    there = span.length > 0
    values, valid = np.zeros(len(there), np.int64), np.zeros(len(there), np.bool_)
    if not there.any():
        return Numbers(kind, values, valid, valid)
    if kind == "day":
        values, valid = _day(data, span)
    elif kind not in _FEW:
        values, valid = _decimal(data, span, SCALES[kind])
    return settled(kind, values, valid & there, there, lambda odd: strings(data, span.where(odd)))


def settled(
    kind: str, values: Integers, valid: Mask, there: Mask, texts: Callable[[Positions], pl.Series]
) -> Numbers:
    """The numbers; the `texts` of those that are there and not yet read are tried by pattern."""
    odd = np.flatnonzero(there & ~valid)
    if len(odd):
        values[odd], valid[odd] = _by_pattern(texts(odd), kind)
    return Numbers(kind, values, valid, there & ~valid)


def _decimal(data: Bytes, span: Span, scale: int) -> tuple[Integers, Mask]:
    """A sign, digits, and up to `scale` digits behind a dot: eight bytes at most without the sign.

    The eight bytes that end with the text are moved together over the dot.
    """
    first = data.take(span.start)
    minus = first == _MINUS
    length = span.length - (minus | (first == _PLUS))
    end = span.start + span.length
    word = cast("_Words", words(data, "<u8", np.maximum(end - _MOST_DIGITS, 0)) ^ _ZEROS)
    word &= cast("_Words", _LAST.take(length, mode="clip"))
    decimals = np.zeros(len(length), np.int64)
    for behind in range(scale + 1):
        dotted = ((word & _BYTE_AT[behind]) == _DOT_AT[behind]) & (decimals == 0)
        if dotted.any():
            before = word & ~(_BEHIND[behind] | _BYTE_AT[behind])
            joined = (before << _BYTE) | (word & _BEHIND[behind])
            word = cast("_Words", np.where(dotted, joined, word))
            decimals[dotted] = behind + 1
    digits = length - (decimals > 0)
    value, valid = _digits(word)
    valid &= (length <= _MOST_DIGITS) & (digits > 0) & (end >= _MOST_DIGITS)
    value *= _TENS[scale + 1 - np.maximum(decimals, 1)]
    return np.where(minus, -value, value), valid


def _digits(word: _Words) -> tuple[Integers, Mask]:
    """Eight bytes, from which the code of 0 was taken, as a number, and whether all are digits."""
    valid = ((word + _OVER_NINE) | word) & _HIGH_BITS == 0
    fours = (_pairs(word) & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(6553601) >> np.uint64(16)
    eights = (fours & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(42949672960001) >> np.uint64(32)
    return eights.view(np.int64), valid


def _pairs(word: _Words) -> _Words:
    """Eight digits as four numbers of two digits, each in its own 16 bits."""
    return (word & np.uint64(0x0F0F0F0F0F0F0F0F)) * np.uint64(2561) >> _BYTE


def _calendar() -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """For each year and month slot the day before its first, since 1970, and its number of days."""
    months = np.arange(f"{_FIRST_YEAR}-01", f"{_FIRST_YEAR + _YEARS}-01", dtype="datetime64[M]")
    begins = months.astype("datetime64[D]").astype(np.int32)
    lengths = (months + 1).astype("datetime64[D]").astype(np.int32) - begins
    before = np.zeros((_YEARS, _MONTH_SLOTS), np.int32)
    days = np.full((_YEARS, _MONTH_SLOTS), _NO_DAYS, np.int32)
    before[:, 1:13], days[:, 1:13] = begins.reshape(-1, 12) - 1, lengths.reshape(-1, 12)
    return before.ravel(), days.ravel()


_BEFORE, _DAYS = _calendar()
CALENDAR = (_BEFORE, _DAYS, _FIRST_YEAR)


def _day(data: Bytes, span: Span) -> tuple[Integers, Mask]:
    """A date CCYYMMDD; other lengths are left to the pattern."""
    word = words(data, "<u8", span.start) ^ _ZEROS
    valid = (span.length == _MOST_DIGITS) & (((word + _OVER_NINE) | word) & _HIGH_BITS == 0)
    pairs = _pairs(word)
    century, year, month, day = (
        (pairs >> np.uint64(16 * i) & np.uint64(0xFF)).view(np.int64) for i in range(4)
    )
    slot = (century * 100 + year - _FIRST_YEAR) * _MONTH_SLOTS + month
    valid &= (slot >= 0) & (slot < len(_DAYS)) & (month < _MONTH_SLOTS) & (day > 0)
    slot[~valid] = 0
    valid &= day <= _DAYS.take(slot)
    return _BEFORE[slot] + day, valid


def _by_pattern(text: pl.Series, kind: str) -> tuple[Integers, Mask]:
    """The same by the patterns of `columns`."""
    found = text.to_frame("text").select(_PATTERNS[kind]("text"))["text"]
    if kind == "day":
        whole = found.to_physical().cast(pl.Int64)
    else:  # written with all its decimals, so that the dot can be left out
        whole = found.cast(pl.String).str.replace(".", "", literal=True).cast(pl.Int64)
    valid = found.is_not_null().to_numpy()
    return whole.fill_null(0).to_numpy(), valid


_PATTERNS: dict[str, Callable[[str], pl.Expr]] = {
    "money": columns.money,
    "quantity": columns.quantity,
    "rate": columns.rate,
    "day": columns.day,
}
