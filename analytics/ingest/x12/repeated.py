"""Segments that repeat a group of elements: CAS, HI, PLB."""

import numpy as np
from numpy.typing import NDArray

from analytics.ingest.x12.spans import Positions, Span
from analytics.ingest.x12.tokens import Segments


def repeated(
    found: Segments, rows: Positions, *, first: int, step: int, most: int
) -> tuple[Positions, Positions]:
    """One entry per group that fits into a segment: which of `rows` it is of, and its number.

    In the order of the file; `first` is the group's first element, numbers count from 0.
    """
    counts = np.clip(-((first - found.width[rows]) // step), 0, most)
    which = np.repeat(np.arange(len(rows)), counts)
    begins = np.cumsum(counts) - counts
    return which, np.arange(len(which)) - begins[which]


def composites(
    found: Segments, rows: Positions, most: int
) -> tuple[Positions, list[Span], NDArray[np.uint32], int]:
    """The first elements of segments, so many at most, that hold a qualifier and a code behind it.

    Which of `rows` each is of; where it, its qualifier and its code stand; its qualifier as a
    number; and the most components that one of them has, or more.
    """
    separator = found.delimiters.component
    if read := found.fast and found.fast.composites(found.placed, separator, rows, most):
        return read
    which, number = repeated(found, rows, first=1, step=1, most=most)
    whole = found.span(rows[which], 1 + number)
    qualifier, code = found.components(whole, 2)
    there = code.length > 0
    spans = [part.where(there) for part in (whole, qualifier, code)]
    return which[there], spans, found.codes(spans[1]), _ANY


_ANY = 1 << 30  # more components than a composite has
