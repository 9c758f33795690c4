"""Segments that repeat a group of elements: CAS, HI, PLB."""

import numpy as np

from analytics.ingest.x12.spans import Positions
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
