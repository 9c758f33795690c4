"""The reader's innermost loops as machine code, for large files; needs the extra ``fast``.

Each function does what its namesake in arrays of numpy does, a value at a time and so in one pass.
"""

import numpy as np
from numpy.typing import NDArray

from analytics.ingest.x12 import kernels, kernels_cut, kernels_places, kernels_text
from analytics.ingest.x12.compiled_codes import composites, first_of_each, pointers
from analytics.ingest.x12.compiled_columns import (
    day_column,
    decimal_column,
    modifiers,
    record_column,
)
from analytics.ingest.x12.delimiters import Delimiters
from analytics.ingest.x12.plan import Plan
from analytics.ingest.x12.spans import Bytes, Mask, Positions, Span

__all__ = [
    "Plan",
    "codes",
    "components",
    "composites",
    "cut",
    "day_column",
    "decimal_column",
    "deeper",
    "first_in_loop",
    "first_of_each",
    "grouped",
    "holds",
    "interchanges",
    "located",
    "modifiers",
    "pointers",
    "qualifier",
    "record_column",
]

kernels.start()  # here, so that an import is all that makes the reader wait

_MOST_IDS, _MOST_INTERCHANGES = 1000, 1000
_SPARE = 8


def cut(
    data: Bytes, size: int, delimiters: Delimiters, blank: Mask
) -> tuple[Positions, Positions, Positions, Positions, NDArray[np.uint32], NDArray[np.uint32], int]:
    """Where elements end; per segment its start, first element, width, id and first qualifier.

    The last is a place in the text behind which no element has blanks at its ends.
    """
    ends = delimiters.element, delimiters.terminator
    count, most = kernels_cut.counts(data, size, *ends)
    cuts = np.empty(count + _SPARE, np.int32)
    start, first, width = (np.empty(most, np.int32) for _ in range(3))
    code, lead = (np.empty(most, np.uint32) for _ in range(2))
    found, bare = kernels_cut.cut(
        data, size, *ends, blank, cuts, start, first, width, code, lead
    )  # fmt: skip
    return (
        cuts[:count], start[:found], first[:found], width[:found], code[:found], lead[:found], bare
    )  # fmt: skip


def interchanges(text: Bytes, start: int) -> Positions | None:
    """Where ISA stands, in letters of any case; None where it stands too often to be listed."""
    found = np.empty(_MOST_INTERCHANGES, np.int64)
    count = kernels_cut.interchanges(text, start, found)
    return None if count < 0 else found[:count]


def grouped(code: NDArray[np.uint32]) -> dict[int, Positions] | None:
    """The segments of each id, in order; None where there are too many ids."""
    slots, numbers = np.zeros(4096, np.uint32), np.empty(4096, np.int32)
    names, counts = np.empty(_MOST_IDS, np.uint32), np.zeros(_MOST_IDS, np.int64)
    which, order = np.empty(len(code), np.int32), np.empty(len(code), np.int64)
    found = kernels.grouped(code, slots, numbers, which, names, counts, order)
    if found < 0:
        return None
    ends = np.cumsum(counts[:found]).tolist()
    begins = [0, *ends[:-1]]
    return {
        name: order[begin:end]
        for name, begin, end in zip(names[:found].tolist(), begins, ends, strict=False)
    }


def deeper(anchors: Positions, level: int, latest: Positions, depth: Positions) -> Positions:
    """Per segment which anchor of one more level it is under; `latest` and `depth` are changed."""
    owner = np.empty(len(latest), np.int32)
    owner[-1:] = -1  # of no segment
    kernels.deeper(anchors, level, latest, depth, owner)
    return owner


def located(
    data: Bytes, cuts: Positions, first: Positions, width: Positions, bare: int, blank: Mask,
    rows: Positions, element: int | Positions, count: int,
) -> list[Span]:  # fmt: skip
    """Where one element of segments `rows`, and those behind it, stand, blanks left out."""
    elements = np.ascontiguousarray(np.atleast_1d(np.asarray(element, np.int64)))
    start, length = (np.empty((count, len(rows)), np.int64) for _ in range(2))
    kernels_places.locate(data, cuts, first, width, bare, blank, rows, elements, start, length)
    return [Span(start[number], length[number]) for number in range(count)]


def components(data: Bytes, separator: int, blank: Mask, whole: Span, count: int) -> list[Span]:
    """The first so many components of composite elements."""
    start = np.zeros((count, len(whole.start)), np.int64)
    length = np.zeros((count, len(whole.start)), np.int64)
    kernels_places.split(data, separator, blank, whole.start, whole.length, start, length)
    return [Span(start[number], length[number]) for number in range(count)]


def first_in_loop(
    rows: Positions, qualifiers: NDArray[np.uint32], wanted: NDArray[np.uint32],
    owners: Positions, depth: Positions, level: int, count: int,
) -> Positions:  # fmt: skip
    """For each of `count` loops its first row with one of the wanted qualifiers, or -1."""
    found = np.full(count, -1)
    kernels.first(rows, qualifiers, wanted, owners, depth, level, found)
    return found


def qualifier(
    data: Bytes, cuts: Positions, first: Positions, width: Positions, bare: int, blank: Mask,
    rows: Positions, element: int,
) -> NDArray[np.uint32]:  # fmt: skip
    """One element of segments `rows` as numbers; 0 where it is longer than three bytes."""
    found = np.empty(len(rows), np.uint32)
    kernels_text.qualifier(data, cuts, first, width, bare, blank, rows, element, found)
    return found


def codes(data: Bytes, span: Span) -> NDArray[np.uint32]:
    """Codes of up to three bytes as numbers, upper case; 0 where longer."""
    found = np.empty(len(span.start), np.uint32)
    kernels_text.codes(data, span.start, span.length, found)
    return found


def holds(data: Bytes, span: Span, byte: int) -> bool:
    """Whether a byte stands anywhere in these strings."""
    return bool(kernels_text.holds(data, span.start, span.length, byte))
