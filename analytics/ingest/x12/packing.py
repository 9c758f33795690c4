"""Short codes as numbers, comparable for all segments at once."""

import numpy as np
from numpy.typing import NDArray

from analytics.ingest.x12.delimiters import Delimiters
from analytics.ingest.x12.spans import Bytes, Mask, Span, words

_SPACES = b"\0\t\n\r "
# How much of a word a code takes, by its length; of one to three bytes, or of two or three.
_CODES = np.array([[0, 0xFF, 0xFFFF, 0xFFFFFF, 0], [0, 0, 0xFFFF, 0xFFFFFF, 0]], np.uint32)
_LETTERS, _ONE = np.uint32(0x404040), np.uint32(1)


def packed(name: str) -> int:
    """A code of up to three letters as a number, comparable for all segments at once."""
    a, b, c = name.encode().ljust(3, b"\0")
    return a | b << 8 | c << 16


def blanks(delimiters: Delimiters) -> Mask:
    """Which bytes are blanks: white space and control characters.

    A component separator that is a control character is none: an empty first component counts.
    """
    blank = np.arange(256) <= ord(" ")
    blank[delimiters.component] &= delimiters.component in _SPACES
    return blank


def codes(data: Bytes, span: Span, shortest: int = 1) -> NDArray[np.uint32]:
    """Codes of up to three bytes as numbers, upper case; 0 where shorter or longer."""
    word: NDArray[np.uint32] = words(data, "<u4", span.start)
    word &= _CODES[shortest - 1].take(span.length, mode="clip")
    return word & ~(((word & _LETTERS) >> _ONE) & word)
